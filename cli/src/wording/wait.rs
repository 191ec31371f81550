//! Files and messages that wait too long, in words.
//!
//! In: a finding of a queue, or a queue of the report. Out: its headline, what shows it, and a line for a table. Nothing can
//! go wrong.

use super::{Context, Label, Note, circumstance, clock, ja};
use crate::model::finding::{Evidence, Finding};
use crate::model::report::{LoadRow, Waiting};
use crate::model::units::grouped;

/// The fact: how long, when, and what was allowed.
pub(super) fn headline(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Wait {
        met,
        limit,
        circumstance: under,
        ..
    } = &finding.evidence
    else {
        return String::new();
    };
    let lang = context.lang;
    let subject = format!("`{}`", finding.subject.get(lang));
    let (most, limit, at) = (met.most.told(lang), limit.told(lang), clock(met.hour));
    let under = circumstance(under, lang);
    let (under_ja, under_en) = match under.is_empty() {
        true => (String::new(), String::new()),
        false => (ja(&under, "では、"), format!(" under {under}")),
    };
    context.pick(
        format!(
            "{under_ja}{} {at} に長い（95 %が {most} 以内、上限 {limit}）",
            ja(&subject, "の待ちが")
        ),
        format!(
            "at {at} the wait for {subject} is {most} for 95 of 100{under_en}, {limit} is allowed"
        ),
    )
}

/// The mean, what is left over, and the model behind the figures.
pub(super) fn notes(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    let Evidence::Wait { met, .. } = &finding.evidence else {
        return Vec::new();
    };
    let note = |text: String| Note {
        label: Label::Fact,
        text,
        place: None,
    };
    let mean = met.mean.told(context.lang);
    let mut notes = vec![note(context.pick(
        format!("平均の待ち: {mean}"),
        format!("on the mean they wait {mean}"),
    ))];
    notes.extend(left_over(met, context).map(note));
    notes.push(note(
        context
            .pick(
                "計算モデル: ランダム到着（M/D/1、複数台は上界）と、処理しきれない分の繰越し",
                "model: arrivals at random (M/D/1, a bound for several machines), and what is left over is carried on",
            )
            .to_owned(),
    ));
    notes
}

fn left_over(met: &Waiting, context: &Context<'_>) -> Option<String> {
    let left = grouped(met.backlog.ceil());
    let text = context.pick(
        format!("その時間の終わりに未処理 {left}件"),
        format!("{left} left over at the end of that hour"),
    );
    (met.backlog >= 0.5).then_some(text)
}

/// How long one waits for what has a queue: one line below a table. Nothing where nobody comes.
#[must_use]
pub fn waits(row: &LoadRow, context: &Context<'_>) -> Option<String> {
    let longest = Waiting::longest(&row.queue.as_ref()?.hours)?;
    let (lang, at) = (context.lang, clock(longest.hour));
    let what = super::resource(&row.label, row.kind, lang);
    let (mean, most) = (longest.mean.told(lang), longest.most.told(lang));
    let left = left_over(&longest, context);
    let left = left.map_or_else(String::new, |l| {
        context.pick(format!("、{l}"), format!(", {l}"))
    });
    (longest.most.get() > 0.0).then(|| {
        context.pick(
            format!("{what}の待ち: {at} に平均 {mean}、95 %が {most} 以内{left}"),
            format!(
                "wait for {what}: at {at} {mean} on the mean, {most} at most for 95 of 100{left}"
            ),
        )
    })
}
