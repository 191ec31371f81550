//! Talk that is not good enough, in words.
//!
//! In: a finding of the meeting gate. Out: its headline, and what shows it. Nothing can go wrong.

use super::{Context, Label, Note, clock, ja, pick};
use crate::model::finding::{Evidence, Finding};
use crate::model::report::{GateHour, GatePart, GateStrict};
use crate::model::text::Lang;
use crate::model::units::grouped;

/// So many sites are named.
const NAMED: usize = 5;

/// The fact: which sites, what they meet, where.
pub(super) fn headline(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Gate {
        application,
        sites,
        hour,
        met,
        ..
    } = &finding.evidence
    else {
        return String::new();
    };
    let lang = context.lang;
    let (subject, application) = (finding.subject.get(lang), application.get(lang));
    let (at, what) = (clock(*hour), figures(met, lang));
    let cause = match met.spent {
        "delay" => "を通る経路の遅延",
        "loss" => "での損失",
        _ => "の混雑",
    };
    let cause = ja(&format!("`{subject}`"), cause);
    match sites.as_slice() {
        [only] => {
            let site = only.get(lang);
            context.pick(
                format!(
                    "{site}で「{application}」の品質が限度を超える：{at} に {what}（{cause}による）"
                ),
                format!("{application} of {site} meet {what} at {at} because of `{subject}`"),
            )
        }
        many => {
            let (count, worst) = (many.len(), many.first().map_or("", |site| site.get(lang)));
            context.pick(
                format!(
                    "{count}拠点で「{application}」の品質が限度を超える：最も悪い{worst}では {at} に {what}（{cause}による）"
                ),
                format!(
                    "{application} of {count} sites are not good enough because of `{subject}`: at worst ({worst}) they meet {what} at {at}"
                ),
            )
        }
    }
}

/// Loss, jitter and delay.
#[must_use]
pub fn figures(met: &GateHour, lang: Lang) -> String {
    // One more decimal near the limits, so that what is beyond one does not read as the limit itself.
    let milliseconds = |seconds: f64| match seconds * 1e3 {
        ms if ms < 99.5 => format!("{ms:.1}"),
        ms => format!("{ms:.0}"),
    };
    let (jitter, delay) = (
        milliseconds(met.jitter.get()),
        milliseconds(met.delay.get()),
    );
    let loss = match met.loss * 100.0 {
        percent if percent < 9.95 => format!("{percent:.2}"),
        percent => format!("{percent:.1}"),
    };
    pick(
        lang,
        format!("損失 {loss} %、ゆらぎ {jitter} ms、遅延 {delay} ms"),
        format!("{loss} % loss, {jitter} ms jitter and {delay} ms delay"),
    )
}

/// The sites, the limits, and the model behind the figures.
pub(super) fn notes(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    let Evidence::Gate {
        sites, users, met, ..
    } = &finding.evidence
    else {
        return Vec::new();
    };
    let lang = context.lang;
    let note = |text: String| Note {
        label: Label::Fact,
        text,
        place: None,
    };
    let mut names: Vec<&str> = sites.iter().take(NAMED).map(|s| s.get(lang)).collect();
    let rest = sites.len().saturating_sub(NAMED);
    let more = context.pick(format!("ほか{rest}拠点"), format!("{rest} more"));
    if rest > 0 {
        names.push(&more);
    }
    let names = names.join(context.pick("、", ", "));
    vec![
        note(context.pick(
            format!("対象: {names}（端末{}台）", grouped(f64::from(*users))),
            format!("at {names} ({} terminals)", grouped(f64::from(*users))),
        )),
        note(
            context
                .pick(
                    "限度: 損失 1 %、ゆらぎ 30 ms、遅延 150 ms（WQ-1）",
                    "limits: 1 % loss, 30 ms jitter, 150 ms delay (WQ-1)",
                )
                .to_owned(),
        ),
        note(microsoft(&met.strict, lang)),
        note(context.pick(
            format!("その回線の計算モデル: {}", model(met.model, lang)),
            format!("model for that line: {}", model(met.model, lang)),
        )),
    ]
}

/// Which of Microsoft's limits is furthest spent, and how far.
fn microsoft(strict: &GateStrict, lang: Lang) -> String {
    let used = match strict.used {
        times if times < 9.95 => format!("{times:.1}"),
        times => format!("{times:.0}"),
    };
    let limit = match strict.limit {
        "loss" => pick(lang, "損失", "loss"),
        "jitter" => pick(lang, "ゆらぎ", "jitter"),
        _ => pick(lang, "遅延", "delay"),
    };
    let part = match strict.part {
        GatePart::ClientToEdge => pick(lang, "全経路", "the whole way"),
        GatePart::EdgeToEdge => pick(lang, "自庁の出口から先", "the way beyond the own edge"),
    };
    pick(
        lang,
        format!("Microsoftの推奨値で最も厳しいのは{part}の{limit}（限度の{used}倍）"),
        format!(
            "of what Microsoft asks for, {limit} of {part} is furthest spent: {used} times its limit"
        ),
    )
}

/// The model of a line in words.
#[must_use]
pub fn model(word: &str, lang: Lang) -> &'static str {
    match word {
        "priority" => pick(
            lang,
            "優先制御（M/G/1優先権つき）",
            "priority (M/G/1 with priorities)",
        ),
        "periodic" => pick(
            lang,
            "周期ストリーム（N·D/D/1）",
            "periodic streams (N·D/D/1)",
        ),
        "burst" => pick(
            lang,
            "バースト（オン・オフ源の待ち行列）",
            "bursts (queue of on/off sources)",
        ),
        "saturated" => pick(lang, "飽和（M/G/1/K）", "saturated (M/G/1/K)"),
        _ => pick(lang, "ランダム到着（M/G/1）", "arrivals at random (M/G/1)"),
    }
}
