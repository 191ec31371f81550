//! The fact in one line: who reaches whom, what is left, how much is asked of what.

mod demand;
pub(crate) mod line;
mod load;
mod traffic;

use super::when::{span, step};
use super::{Context, title};
use crate::model::finding::{Code, Decision, Evidence, Finding, HopRecord, Moment};
use crate::model::text::Lang;
use demand::demand;
use line::line;
use load::load;
use traffic::{Ends, traffic};

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
        Evidence::Chain { .. } => super::chain::headline(finding, context),
        Evidence::Load { .. } => load(finding, context),
        Evidence::Wait { .. } => super::wait::headline(finding, context),
        Evidence::Gate { .. } => super::gate::headline(finding, context),
        Evidence::Line { .. } => line(finding, context),
        Evidence::Referrers { .. } | Evidence::Facts { .. } => plain(finding, context),
    };
    let moment = match &finding.evidence {
        Evidence::Packets { moment, .. } => *moment,
        _ => Moment::Standing,
    };
    if moment == Moment::Between {
        let step = step(context, finding.first);
        return context.pick(
            format!("{fact}（{step}の途中のみ）"),
            format!("{fact}, only in between during {step}"),
        );
    }
    if moment == Moment::Back {
        let step = step(context, finding.first);
        return context.pick(
            format!("{fact}（{step}の切戻し）"),
            format!("{fact}, in going back from {step}"),
        );
    }
    if matches!(
        finding.code,
        Code::NoWayBack | Code::NoReturn | Code::OtherChange
    ) {
        let step = step(context, finding.first);
        return context.pick(format!("{fact}（{step}）"), format!("{fact}, in {step}"));
    }
    let span = span(context, finding.first, finding.last);
    context.pick(format!("{fact}（{span}）"), format!("{fact}, {span}"))
}

/// Whether forbidden packets get through although no rule on their way lets them.
pub(super) fn is_unfiltered(finding: &Finding) -> bool {
    let Evidence::Packets { hops, .. } = &finding.evidence else {
        return false;
    };
    let ruled = |hop: &HopRecord| hop.rule.is_some() && hop.decision == Decision::Allowed;
    matches!(finding.code, Code::Forbidden | Code::Bypass) && !hops.iter().any(ruled)
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
            "が、廃止済みのアドレスをまだ参照している",
            "still refers to what was retired",
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
        Code::ExpiredException => (
            "は期限の切れた例外なのに、まだ書かれている",
            "has run out and is still written",
        ),
        Code::NoWayBack => (
            "の切戻しが成り立たない",
            "has a way back that does not lead back",
        ),
        Code::NoReturn => ("には戻れない変更がある", "has a point of no return"),
        Code::MeasureAbsent => (
            "が、攻撃経路があるのに講じられていない",
            "is absent although an attack path leads there",
        ),
        Code::NoEvidence => (
            "の働きに頼るルールがあるが、その証跡がない",
            "is relied on by rules, but there is no evidence for what it does",
        ),
        Code::ExpiredEvidence => (
            "の働きに頼るルールがあるが、証跡が期限外である",
            "is relied on by rules, but the evidence for what it does is out of date",
        ),
        Code::ZonePair => (
            "に、変更していないのに別の系をつなぐことになったルールがある",
            "has rules that nobody changed and that join other zones now",
        ),
        Code::MissingMeasure => (
            "に、ルールが求める対策が欠けている",
            "lacks a measure that a rule asks for",
        ),
        Code::ResidentInformation => (
            "は住民に関する情報を持つのに、保存できない系にある",
            "holds information on residents in a zone where none may be kept",
        ),
        Code::SeatsTooLate => (
            "の席が、端末が移る前にそろっていない",
            "lacks the seats before terminals move that they need afterwards",
        ),
        Code::WrongProxy => (
            "が、端末を別の系のプロキシへ向けている",
            "sends terminals to a proxy of another zone",
        ),
        Code::OtherModel => (
            "のモデルが、端末と業務システムの配置に合わない",
            "is not built after the model it names",
        ),
        Code::Bridge => (
            "が、経由点として登録されずに二つの系につながっている",
            "is connected to two zones and is no listed waypoint",
        ),
        Code::CheckMissing => (
            "の前に、外部確認とその報告が済んでいない",
            "begins before an external check is done and reported",
        ),
        Code::Separated => ("：計算の結果、成り立つ", "holds by computation"),
        Code::NotLogged => (
            "が、記録すべき通信を記録していない",
            "lets traffic pass that must be logged",
        ),
        Code::ReusedPrefix => (
            "がNATの内側の複数箇所で使われている",
            "is used in more than one place behind translation",
        ),
        Code::ProxyRules => (
            "の許可設定が変わる。セキュリティクラウドの設定は変わらない",
            "gets other rules, while the security cloud's configuration stays",
        ),
        Code::Referrers => return referrers(finding, context, &subject),
        code => (title(code, Lang::Ja), title(code, Lang::En)),
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
