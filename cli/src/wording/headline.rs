//! The fact in one line: who reaches whom, what is left, how much is asked of what.

use super::amount::{number, per_cent, quantity};
use super::when::{clock, span, step};
use super::who::place_of;
use super::{Context, title};
use crate::model::demand::ResourceKind;
use crate::model::finding::{Code, Decision, Evidence, Finding, HopRecord, Packet};
use crate::model::service::PortRange;
use crate::model::units::{Utilisation, grouped};

/// The fact in one line.
pub(super) fn headline(finding: &Finding, context: &Context<'_>) -> String {
    // A move of addresses is an event, not a condition: its sentence names its step.
    if finding.code == Code::Referrers {
        return plain(finding, context);
    }
    let fact = match &finding.evidence {
        Evidence::Packets {
            witness, from, to, ..
        } => traffic(
            finding,
            context,
            &Ends::of(finding, context, witness, from, to),
        ),
        Evidence::Demand { .. } => demand(finding, context),
        Evidence::Load { .. } => load(finding, context),
        Evidence::Referrers { .. } | Evidence::Facts { .. } => plain(finding, context),
    };
    let span = span(context, finding.first, finding.last);
    context.pick(format!("{fact}（{span}）"), format!("{fact}, {span}"))
}

/// The two ends of some traffic and what it asks for, in words.
struct Ends {
    src: String,
    dst: String,
    service: String,
    rule: String,
}

impl Ends {
    fn of(
        finding: &Finding,
        context: &Context<'_>,
        witness: &Packet,
        from: &str,
        to: &str,
    ) -> Self {
        let network = context.state(finding).map(|s| &s.network);
        let name = |address, segment: &str| match network {
            Some(network) => place_of(context, network, address, segment),
            None => format!("`{segment}`"),
        };
        let port = PortRange::one(witness.dst_port);
        Self {
            src: name(witness.src, from),
            dst: name(witness.dst, to),
            service: if witness.protocol.has_ports() {
                format!("{}/{port}", witness.protocol)
            } else {
                witness.protocol.to_string()
            },
            rule: finding.rule.as_ref().map_or("-", |r| r.as_str()).to_owned(),
        }
    }
}

fn traffic(finding: &Finding, context: &Context<'_>, ends: &Ends) -> String {
    let Ends {
        src,
        dst,
        service,
        rule,
    } = ends;
    match finding.code {
        Code::Bypass => context.pick(
            format!("{src} から{dst} への {service} が、`{rule}` の経由すべき機器を通らずに届く"),
            format!("{src} reaches {dst} on {service} without passing the waypoint of `{rule}`"),
        ),
        Code::Unreached => context.pick(
            format!("`{rule}` が求める {src} から{dst} への {service} が成立しない"),
            format!("{src} does not get {service} of {dst}, which `{rule}` requires"),
        ),
        Code::Undetermined => context.pick(
            format!("{src} から{dst} へ {service} が届くかどうかを机上では判定できない"),
            format!("whether {src} reaches {dst} on {service} cannot be judged offline"),
        ),
        Code::StaleException => {
            let (ja, en) = exception(finding);
            context.pick(
                format!("{ja}が、{src} から{dst} へ {service} を通すようになる"),
                format!("{en} now lets {src} reach {dst} on {service}"),
            )
        }
        _ => context.pick(
            format!("{src} から{dst} へ、`{rule}` が禁じる {service} が届く"),
            format!("{src} reaches {dst} on {service}, which `{rule}` forbids"),
        ),
    }
}

/// The rule that lets a stale exception's packet through, by name and node.
fn exception(finding: &Finding) -> (String, String) {
    let hops = match &finding.evidence {
        Evidence::Packets { hops, .. } => hops.as_slice(),
        _ => &[],
    };
    let allowed = |hop: &&HopRecord| hop.decision == Decision::Allowed && hop.rule.is_some();
    match hops.iter().rev().find(allowed) {
        Some(HopRecord {
            node,
            rule: Some(rule),
            ..
        }) => (
            format!("`{node}` のルール `{rule}` "),
            format!("rule `{rule}` of `{node}`"),
        ),
        _ => ("残っている例外".to_owned(), "a stale exception".to_owned()),
    }
}

fn demand(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Demand {
        group,
        application,
        leg,
        users,
        hops,
        ..
    } = &finding.evidence
    else {
        return plain(finding, context);
    };
    let application = application.get(context.lang);
    let users = grouped(f64::from(*users));
    let stop = deciding(hops).map(|hop| hop.node.as_str());
    let (ja, en) = match (finding.code, stop) {
        (Code::Blocked, Some(node)) => (
            format!("`{node}` が区間{leg}を拒否"),
            format!("`{node}` denies leg {leg}"),
        ),
        (Code::Blocked, None) => (
            format!("区間{leg}が拒否される"),
            format!("leg {leg} is refused"),
        ),
        (Code::NoAnswer, _) => (
            format!("区間{leg}の戻りが届かない"),
            format!("answers on leg {leg} do not return"),
        ),
        (_, _) => (
            format!("区間{leg}の経路がない"),
            format!("leg {leg} has no way"),
        ),
    };
    context.pick(
        format!("`{group}` の{users}人が「{application}」を使えない：{ja}"),
        format!("{users} users of `{group}` cannot use {application}: {en}"),
    )
}

/// The station at which a packet's way ends badly.
pub(super) fn deciding(hops: &[HopRecord]) -> Option<&HopRecord> {
    hops.iter().rev().find(|hop| {
        matches!(
            hop.decision,
            Decision::Denied | Decision::NoRoute | Decision::Discarded | Decision::Loop
        )
    })
}

fn load(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Load {
        resource_kind,
        hour,
        offered,
        capacity,
        utilisation,
        threshold,
        direction,
        ..
    } = &finding.evidence
    else {
        return plain(finding, context);
    };
    let (kind, lang) = (*resource_kind, context.lang);
    let subject = quoted(finding, context);
    let towards = direction.as_ref().map_or_else(String::new, |(a, b)| {
        context.pick(format!("（{a} → {b}）"), format!(" ({a} → {b})"))
    });
    let planned = *utilisation <= Utilisation::new(1.0);
    let share = per_cent(*utilisation, &[*threshold, Utilisation::new(1.0)]);
    let limit = per_cent(*threshold, &[]);
    let at = clock(*hour);
    let (ja, en) = if planned {
        (
            format!("{share}、しきい値 {limit}"),
            format!("{share}, planning limit {limit}"),
        )
    } else {
        (share.clone(), share)
    };
    context.pick(
        format!(
            "{subject}{towards}{}が {at} に {}、容量 {} の {ja}",
            ja_noun(kind),
            quantity(kind, *offered, lang),
            quantity(kind, *capacity, lang)
        ),
        format!(
            "{subject}{towards} {} {} of {} ({en}) at {at}",
            en_verb(kind),
            number(kind, *offered),
            quantity(kind, *capacity, lang)
        ),
    )
}

const fn ja_noun(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Link => "の通信量",
        ResourceKind::Throughput => "の処理量",
        ResourceKind::Sessions => "の同時セッション",
        ResourceKind::NatPorts => "のNATポート使用",
        ResourceKind::Seats => "の同時利用",
        ResourceKind::Pixels => "の画面転送量",
        ResourceKind::Files => "の処理件数",
    }
}

const fn en_verb(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Link => "carries",
        ResourceKind::Throughput => "handles",
        ResourceKind::Sessions | ResourceKind::NatPorts | ResourceKind::Seats => "needs",
        ResourceKind::Pixels => "sends",
        ResourceKind::Files => "is handed",
    }
}

/// The sentence of findings that are told by their subject.
fn plain(finding: &Finding, context: &Context<'_>) -> String {
    let subject = quoted(finding, context);
    let (ja, en) = match finding.code {
        Code::DataOut => (
            "が、見せている側のデータを持ち出せる設定になっている",
            "lets data out of the side it shows",
        ),
        Code::MixedSegment => ("に2つの系のホストが混在する", "has members of two zones"),
        Code::TemporaryRule => (
            "は暫定ルールなのに、期限がないか期限後も残っている",
            "is temporary, but has no end or is still there after it",
        ),
        Code::RetiredReference => (
            "は廃止済みなのに、まだ参照されている",
            "was retired but is still referred to",
        ),
        Code::Changed => (
            "は変更対象外なのに、計画が変更している",
            "must stay as it was, but the plan changes it",
        ),
        Code::BlockOverlap => (
            "が既存のアドレスと重なる",
            "shares addresses with what was there before",
        ),
        Code::WideException => (
            "は「限定」の条件を満たさない例外である",
            "is an exception that fails the limitation test",
        ),
        Code::ReusedPrefix => (
            "がNATの内側の複数箇所で使われている",
            "is used in more than one place behind translation",
        ),
        Code::ProxyRules => (
            "の許可設定は変わる（セキュリティクラウドの設定は変わらない）",
            "gets other rules, while the security cloud's configuration stays",
        ),
        Code::Referrers => return referrers(finding, context, &subject),
        code => (
            title(code, crate::model::text::Lang::Ja),
            title(code, crate::model::text::Lang::En),
        ),
    };
    context.pick(format!("{subject} {ja}"), format!("{subject} {en}"))
}

fn referrers(finding: &Finding, context: &Context<'_>, subject: &str) -> String {
    let count = match &finding.evidence {
        Evidence::Referrers { referrers, .. } => referrers.len(),
        _ => 0,
    };
    let moves = step(context, finding.first);
    context.pick(
        format!("{subject} のアドレスが{moves}で変わり、旧アドレスの参照が{count}件残る"),
        match count {
            1 => {
                format!("{subject} changes its address in {moves}; 1 place still holds the old one")
            }
            n => format!(
                "{subject} changes its address in {moves}; {n} places still hold the old one"
            ),
        },
    )
}

/// The subject in backticks, unless it brings its own.
pub(super) fn quoted(finding: &Finding, context: &Context<'_>) -> String {
    let subject = finding.subject.get(context.lang);
    if subject.contains('`') {
        subject.to_owned()
    } else {
        format!("`{subject}`")
    }
}
