//! The way out of a finding: what a person could change, with figures where figures decide.

use super::amount::{per_cent, quantity, shows};
use super::headline::{deciding, is_unfiltered};
use super::{Context, is_load, ja};
use crate::model::circumstance::Sharing;
use crate::model::demand::ResourceKind;
use crate::model::finding::{Code, Decision, Evidence, Finding, LoadPart};
use crate::model::id::Id;
use crate::model::network::{Network, NodeKind, SegmentId, ZoneId, ZoneRole};
use crate::model::report::LoadRow;
use crate::model::text::Text;
use crate::model::units::Utilisation;

/// The ways out, most fitting first.
pub(super) fn remedy(finding: &Finding, context: &Context<'_>) -> Vec<String> {
    if is_load(finding.code) {
        return load(finding, context);
    }
    if matches!(finding.evidence, Evidence::Line { .. }) {
        return vec![super::line::remedy(finding, context)];
    }
    let mut ways: Vec<String> = super::wait::enough(finding, context).into_iter().collect();
    let (ja, en) = advice(finding);
    if !ja.is_empty() {
        ways.push(context.pick(ja, en).to_owned());
    }
    ways
}

fn advice(finding: &Finding) -> (&'static str, &'static str) {
    match finding.code {
        Code::Forbidden if is_unfiltered(finding) => (
            "経路上にフィルタを置くか、この接続を取り除く",
            "put a filter on the way, or take the connection away",
        ),
        Code::Between => (
            "挙げた変更の順序を入れ替えるか（`after`）、ひとまとめに行う（`Together`）",
            "put the changes named above into another order (`after`), or make them at once (`Together`)",
        ),
        Code::Interrupted => (
            "代わりの許可・経路を先に置いてから古いものを外すか（`after`）、ひとまとめに行う（`Together`）",
            "put the new rule or route there before the old one goes (`after`), or make both at once (`Together`)",
        ),
        Code::BackForbidden | Code::BackInterrupted => (
            "切戻し手順（`rollback`）の順序を見直すか、ステップを `order: Together` にして一度に戻す",
            "put the changes of `rollback` into another order, or go back at once (`order: Together`)",
        ),
        Code::OtherChange => (
            "意図した変化なら `OnlyChange` の通信に加え、そうでなければ挙げた変更を直す",
            "if it is meant, add it to the flows of `OnlyChange`; otherwise mend the change named above",
        ),
        Code::NoWayBack => (
            "`rollback` をステップの前の状態に戻す手順に直すか、省いて逆順に取り消す",
            "let `rollback` lead back to the state before the step, or leave it out to undo the changes",
        ),
        Code::LongWait => (
            "並列数や処理能力を増やすか、一件の時間を短くするか、混む時刻の件数を他の時刻へ分ける（上限 `wait` の見直しも含む）",
            "add workers or capacity, take less time for each, or spread what comes in the busy hours (or allow a longer `wait`)",
        ),
        Code::MeetingGate if is_late(finding) => (
            "その区間を通らない経路にするか、会議をその経路から外す（ローカルブレイクアウト、庁内の会議中継）",
            "take a shorter way, or take meetings off it (local breakout, a meeting relay in the house)",
        ),
        Code::MeetingGate => (
            "その回線を増速するか、会議のパケットを優先制御し、会議をその回線から外す（ローカルブレイクアウト、庁内の会議中継）",
            "give that line more, let devices send meeting packets first, or take meetings off it (local breakout, a meeting relay in the house)",
        ),
        Code::NoReturn => (
            "その前に判断点を置くか、`rollback` に代わりの手順を書く",
            "decide before it, or write in `rollback` what is done instead",
        ),
        Code::ExpiredException => (
            "例外を外すか、責任者が更新する",
            "take it out, or have its owner renew it",
        ),
        Code::Forbidden => (
            "許可しているルールを必要な送信元・宛先・ポートに絞るか、正当な通信なら責任者と期限を付けて例外に登録する",
            "narrow the rule that lets it through, or, if it is meant to be, record it as an exception with owner and end",
        ),
        Code::Bypass => (
            "経由すべき機器へ向ける経路・ポリシーにするか、直接の経路を塞ぐ",
            "route it by way of the waypoint, or close the direct way",
        ),
        Code::Unreached => unreached(finding),
        Code::DataOut => (
            "クリップボード・ドライブ転送を禁止するか、取り込み方向のみに変更する",
            "block the clipboard, or allow the inward direction only",
        ),
        Code::Undetermined => (
            "条件をアドレスとポートで書き直すか、実機で確認する",
            "write the condition as addresses and ports, or have it confirmed on the device",
        ),
        Code::StaleException => (
            "この例外を削除するか、対象を読替え前に新しいLGWAN接続系へ移す",
            "delete the exception, or move the host to the new LGWAN zone before the step that relabels it",
        ),
        Code::MixedSegment => (
            "どちらかの系の機器を別セグメント（別VLAN）へ移す。同一セグメント内の通信はL3のファイアウォールでは止められない",
            "move the members of one zone to a segment of their own: a layer-3 firewall cannot separate one prefix",
        ),
        Code::TemporaryRule => (
            "期限を定め、最終ステップまでに削除する変更を計画に入れる",
            "give it an end and add a change that removes it by the last step",
        ),
        Code::RetiredReference => (
            "参照している設定を、廃止と同じステップで削除または書き換える",
            "remove or rewrite the reference in the step that retires it",
        ),
        Code::Changed => (
            "この変更を計画から外すか、変更対象外とする範囲を見直す",
            "take the change out of the plan, or say why the object is not protected",
        ),
        Code::BlockOverlap => (
            "重ならないアドレス範囲を割り当てる",
            "choose a block that is free",
        ),
        Code::WideException => (
            "送信元・宛先をホスト単位に、サービスをポート番号まで限定し、責任者と理由を記録する",
            "name hosts and ports instead of ranges, and record owner and reason",
        ),
        Code::Leak => (
            "この区間を塞ぐか、画面転送・無害化などの中継に担わせる。正当な通信なら例外にこのルールも加える",
            "close this leg or let a screen relay or sanitiser do it; if it is meant to be, let the exception name this rule too",
        ),
        Code::Detour => (
            "この区間を塞ぎ、定められた中継の順に流す。正当な通信なら例外にこのルールも加える",
            "close this leg, so that the relays are passed in order; if it is meant to be, let the exception name this rule too",
        ),
        Code::NoEvidence => (
            "設定を確認した人・日付・文書を `evidence: (by: …, date: …, document: …)` として書き加える",
            "add who confirmed it, when and where: `evidence: (by: …, date: …, document: …)`",
        ),
        Code::ExpiredEvidence => (
            "再確認し、新しい日付と期限を書く",
            "have it confirmed again, and write the new date and end",
        ),
        Code::MeasureAbsent => (
            "対策を講じて `controls`（端末は `measures` でもよい）に書くか、この経路を塞ぐ",
            "take the measure and write it into `controls` (or `measures` of terminals), or close the path",
        ),
        Code::ZonePair => (
            "同じステップでルールを消すか書き換える。残してよいなら、ステップの `confirms` に書く",
            "remove or rewrite the rule in the same step; if it is meant to stay, name it in the step's `confirms`",
        ),
        Code::MissingMeasure => (
            "その系に入る前のステップで対策を導入する（`SetMeasures`）",
            "put the measure in force in a step before these hosts join the zone (`SetMeasures`)",
        ),
        Code::ResidentInformation => (
            "LGWAN接続系へ移すか、一時的な取扱いなら責任者・理由・期限を付けて例外に登録する",
            "move it to the LGWAN zone; if it is handled there for a time only, record an exception with owner, reason and end",
        ),
        Code::SeatsTooLate => (
            "端末が移る前のステップで、仮想環境と席を用意する",
            "build the virtual environment with enough seats in a step before terminals move",
        ),
        Code::WrongProxy => (
            "端末群に自分の系のPACを割り当てる（`SetAccess`）",
            "give the host groups the access table of their own zone (`SetAccess`)",
        ),
        Code::OtherModel => (
            "`model` を配置に合わせるか、途中の状態として、その日数は示されたモデルの条件を満たす",
            "let `model` say what is built, or accept the conditions of the model shown for as long as it lasts",
        ),
        Code::Bridge => (
            "一方の接続を外す。必要なら、経由点として例外に登録し、責任者・理由・期限を記録する",
            "take one connection away; if it is needed, record it as a waypoint in an exception with owner, reason and end",
        ),
        Code::CheckMissing => (
            "外部確認とJ-LISへの報告を、このステップより前の日付で計画する",
            "plan the external check and its report to J-LIS before the date of this step",
        ),
        Code::NotLogged => (
            "このルールで記録を有効にする（`log: true`）",
            "let this rule log what it matches (`log: true`)",
        ),
        Code::Referrers => (
            "アドレス変更と同じステップで、上記すべてを新アドレスへ書き換える",
            "change all of these in the step in which the address changes",
        ),
        Code::ReusedPrefix => (
            "統合前に一方を付け替えるか、NATの内側から出ないことを確かめる",
            "renumber one of them before they meet, or make sure neither leaves its translator",
        ),
        Code::ProxyRules => (
            "切替手順書にプロキシの設定変更を入れ、許可対象の端末アドレスを確かめる",
            "put the proxy's new rules on the cutover list and check whom they admit",
        ),
        Code::Blocked => match &finding.evidence {
            Evidence::Demand { hops, .. } if deciding(hops).is_some() => (
                "上の経路で拒否している機器に、必要な送信元・宛先・ポートの許可を追加する",
                "allow these ends and this port on the device that denies them",
            ),
            _ => (
                "アクセス表（PAC等）の経路を見直す",
                "give its access table a way to the destination",
            ),
        },
        Code::NoWay => no_way(finding),
        Code::NoAnswer => (
            "戻りの経路と、ステートレスなフィルタの戻り許可を確かめる",
            "check the way back, and stateless filters on it",
        ),
        _ => ("", ""),
    }
}

fn no_way(finding: &Finding) -> (&'static str, &'static str) {
    let last = match &finding.evidence {
        Evidence::Demand { hops, .. } => deciding(hops).map(|hop| &hop.decision),
        _ => None,
    };
    match last {
        Some(Decision::Denied) => (
            "アクセス表（PAC等）の経路を見直す",
            "give its access table a way to the destination",
        ),
        Some(Decision::Discarded) => (
            "宛先を廃棄している経路を取り除くか、より詳しい経路を追加する",
            "take the discarding route away, or add a more specific one",
        ),
        Some(Decision::Loop) => (
            "互いに送り合っている機器の経路を直す",
            "mend the routes of the nodes that send to each other",
        ),
        _ => ("宛先までの経路を追加する", "add a route to the destination"),
    }
}

/// Whether talk comes late because of how far it has to go, which no larger line mends.
fn is_late(finding: &Finding) -> bool {
    matches!(&finding.evidence, Evidence::Gate { met, .. } if met.spent == "delay")
}

fn unreached(finding: &Finding) -> (&'static str, &'static str) {
    match &finding.evidence {
        Evidence::Packets { hops, .. } if deciding(hops).is_some() => (
            "上の経路で止めている機器に、許可または経路を追加する",
            "allow it, or add the route, on the device where it stops",
        ),
        _ => ("戻りの経路を確かめる", "check the way back"),
    }
}

fn load(finding: &Finding, context: &Context<'_>) -> Vec<String> {
    let Evidence::Load {
        resource_kind: kind,
        offered,
        capacity,
        threshold,
        parts,
        ..
    } = &finding.evidence
    else {
        return Vec::new();
    };
    let limit = row(finding, context).map_or(*threshold, |row| row.warn);
    if finding.code == Code::DegradedLoad {
        // What must be left, not what must be bought: that hangs on how many machines share the work.
        let left = quantity(*kind, round_up(*offered / limit.get()), context.lang);
        let limit = per_cent(limit, &[]);
        return vec![context.pick(
            format!(
                "その状態で {}残れば {limit} 以内に収まる（購入の単位は `utsushi size` が示す）",
                ja(&left, "以上が")
            ),
            format!(
                "{left} left in that state keep it within {limit} (`utsushi size` says what to buy)"
            ),
        )];
    }
    let mut ways = vec![grow(finding, context, *kind, *offered, limit)];
    if *kind == ResourceKind::Link {
        ways.extend(breakout(
            finding, context, *offered, *capacity, limit, parts,
        ));
    }
    ways
}

/// The load row behind a load finding, for its planning limit.
fn row<'a>(finding: &Finding, context: &Context<'a>) -> Option<&'a LoadRow> {
    let Evidence::Load {
        resource,
        resource_kind,
        direction,
        ..
    } = &finding.evidence
    else {
        return None;
    };
    context.report.loads.iter().find(|row| {
        row.state == finding.first
            && row.resource == *resource
            && row.kind == *resource_kind
            && row.direction == *direction
    })
}

/// How large it would have to be.
fn grow(
    finding: &Finding,
    context: &Context<'_>,
    kind: ResourceKind,
    offered: f64,
    limit: Utilisation,
) -> String {
    let needed = offered / limit.get();
    let units = units(finding, context, kind, needed);
    // What pieces are counted from, where they are: 2,300 beside two machines of 1,130 would not add up.
    let amount = match &units {
        Some(_) => whole(needed),
        None => round_up(needed),
    };
    let amount = quantity(kind, amount, context.lang);
    let limit = per_cent(limit, &[]);
    let units = units.map_or_else(String::new, |units| {
        context.pick(format!("（{units}）"), format!(" ({units})"))
    });
    context.pick(
        format!(
            "{}あれば {limit} 以内に収まる",
            ja(&format!("{amount}{units}"), "以上")
        ),
        format!("at least {amount}{units} keeps it within {limit}"),
    )
}

/// The same in the pieces one can buy, counted from what is needed before it is rounded up: machines of a proxy, addresses
/// of a translator.
fn units(
    finding: &Finding,
    context: &Context<'_>,
    kind: ResourceKind,
    needed: f64,
) -> Option<String> {
    let Evidence::Load { resource, .. } = &finding.evidence else {
        return None;
    };
    let node = context
        .state(finding)?
        .network
        .nodes
        .get(&Id::new(resource.as_str()))?;
    let pool = node.forwarding.nat_ports.as_ref();
    match (kind, &node.kind, pool) {
        (ResourceKind::Sessions, NodeKind::Proxy(proxy), _) if proxy.sessions.get() > 0.0 => {
            Some(machines(
                context,
                needed / proxy.sessions.get(),
                node.machines.sharing,
            ))
        }
        (ResourceKind::NatPorts, _, Some(pool)) if pool.ports_per_address > 0 => {
            let count = whole(needed / f64::from(pool.ports_per_address));
            Some(context.pick(
                format!("グローバルアドレス{count:.0}個"),
                format!("{count:.0} global addresses"),
            ))
        }
        _ => None,
    }
}

/// So many machines as are enough with all of them up, and with one of them failed, as `utsushi size` counts them. Of
/// machines that stand by only one works, so that no number of them is enough.
fn machines(context: &Context<'_>, needed: f64, sharing: Sharing) -> String {
    let count = whole(needed);
    match sharing {
        Sharing::ActiveStandby => {
            let times = whole(needed * 10.0) / 10.0;
            context.pick(
                format!("現行機の{times:.1}倍の能力"),
                format!("{times:.1} times a machine of today's kind"),
            )
        }
        Sharing::LoadShared => {
            let spare = count + 1.0;
            context.pick(
                format!("現行機で{count:.0}台、1台の停止にも備えるなら{spare:.0}台"),
                format!(
                    "{count:.0} machines of today's kind with all of them up, {spare:.0} if one may fail"
                ),
            )
        }
    }
}

/// What local breakout would leave: all parts that lead to approved cloud services taken off the line, if
/// there are any and the rest then fits.
fn breakout(
    finding: &Finding,
    context: &Context<'_>,
    offered: f64,
    capacity: f64,
    limit: Utilisation,
    parts: &[LoadPart],
) -> Option<String> {
    let network = &context.state(finding)?.network;
    let leads_out =
        |part: &&LoadPart| leads_to(context, network, &part.application, ZoneRole::Saas);
    let moved: Vec<&LoadPart> = parts
        .iter()
        .filter(|p| shows(p, offered))
        .filter(leads_out)
        .collect();
    let rest = offered - moved.iter().map(|p| p.offered).sum::<f64>();
    let fits = rest <= capacity * limit.get();
    if moved.is_empty() || !fits || rest <= 0.0 || capacity <= 0.0 {
        return None;
    }
    let names: Vec<_> = moved
        .iter()
        .map(|p| p.application.get(context.lang))
        .collect();
    let amount = quantity(ResourceKind::Link, rest, context.lang);
    let share = per_cent(Utilisation::new(rest / capacity), &[limit]);
    Some(context.pick(
        format!(
            "または「{}」をローカルブレイクアウトすれば {amount}（{share}）に下がる",
            names.join("」「")
        ),
        format!(
            "or local breakout for {}, which leaves {amount} ({share})",
            names.join(" and ")
        ),
    ))
}

/// Whether every demand for an application is bound for zones of a role in this state.
fn leads_to(context: &Context<'_>, network: &Network, application: &Text, role: ZoneRole) -> bool {
    let named = context
        .requirements
        .applications
        .iter()
        .filter(|a| a.label == *application);
    let ids: Vec<_> = named.map(|a| &a.id).collect();
    let mut demands = context
        .requirements
        .demands
        .iter()
        .filter(|d| ids.contains(&&d.application))
        .peekable();
    demands.peek().is_some() && demands.all(|d| role_of(network, &d.to) == Some(role))
}

/// The role of the zone that something named stands in.
fn role_of(network: &Network, name: &str) -> Option<ZoneRole> {
    let zone = |id: &ZoneId| network.zones.get(id).map(|zone| zone.role);
    let segment = |id: &SegmentId| {
        network
            .segments
            .get(id)
            .and_then(|segment| zone(&segment.zone))
    };
    let system = network
        .systems
        .get(&Id::new(name))
        .map(|system| &system.segment);
    let node = network
        .nodes
        .get(&Id::new(name))
        .and_then(|node| node.endpoint.as_ref());
    let stands = system.or(node.map(|endpoint| &endpoint.segment));
    zone(&Id::new(name))
        .or_else(|| segment(&Id::new(name)))
        .or_else(|| segment(stands?))
}

/// So many whole pieces as are enough; a hair of binary arithmetic above a whole number buys no other.
fn whole(pieces: f64) -> f64 {
    (pieces - pieces.abs() * 1e-9).ceil()
}

/// Rounded up to two significant digits, as capacities are bought.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10f64.powf(value.log10().floor() - 1.0);
    // CORRECTNESS: 1440 / 0.8 is a hair above 1800 in binary; that hair must not buy another hundred.
    (value / unit - 1e-6).ceil() * unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;
    use crate::sample::{Sample, proxy, sample};
    use std::sync::Arc;

    /// The way out where a proxy of machines of 1,130 sessions is offered so many at a limit of 80 %.
    fn way_out(sharing: Sharing, wanted: f64, lang: Lang) -> String {
        let Sample {
            mut report,
            requirements,
        } = sample();
        let mut node = proxy(1, 1130.0);
        node.machines.sharing = sharing;
        let state = &mut report.states[2];
        Arc::make_mut(&mut state.network).nodes.put(node);
        let mut finding = report.findings[1].clone();
        finding.code = Code::SessionLoad;
        finding.evidence = Evidence::Load {
            resource: "proxy".to_owned(),
            resource_kind: ResourceKind::Sessions,
            direction: None,
            hour: 10,
            offered: wanted,
            capacity: 1130.0,
            utilisation: Utilisation::new(wanted / 1130.0),
            threshold: Utilisation::new(0.8),
            parts: Vec::new(),
            circumstance: Default::default(),
            felt: Vec::new(),
        };
        let context = Context {
            report: &report,
            requirements: &requirements,
            lang,
        };
        remedy(&finding, &context).concat()
    }

    #[test]
    fn machines_are_counted_from_what_is_needed_before_it_is_rounded() {
        // 1,800 / 0.8 = 2,250, which two machines hold; 2,300 would take three.
        let text = way_out(Sharing::LoadShared, 1800.0, Lang::En);
        assert!(
            text.contains("at least 2,250 sessions (2 machines of today's kind"),
            "{text}"
        );
        let text = way_out(Sharing::LoadShared, 1130.0 * 0.8 * 3.0, Lang::Ja);
        assert!(text.contains("現行機で3台"), "{text}");
        // 2.04 times as much is not within the limit with 2.0 times.
        let text = way_out(Sharing::ActiveStandby, 1130.0 * 0.8 * 2.04, Lang::En);
        assert!(text.contains("(2.1 times"), "{text}");
        let text = way_out(Sharing::ActiveStandby, 1130.0 * 0.8 * 2.1, Lang::Ja);
        assert!(text.contains("2.1倍"), "{text}");
    }

    #[test]
    fn needs_round_up_to_what_is_bought() {
        assert_eq!(round_up(1440e6 / 0.8), 1.8e9);
        assert_eq!(round_up(177.2), 180.0);
        assert_eq!(round_up(280_000.0), 280_000.0);
        assert_eq!(round_up(0.0), 0.0);
    }
}
