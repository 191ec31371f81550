//! Files and messages that wait too long, in words.
//!
//! In: a finding of a queue, or a queue of the report. Out: its headline, what shows it, and a line for a table. Nothing can
//! go wrong.

use super::{Context, Label, Note, circumstance, clock, ja};
use crate::model::circumstance::Circumstance;
use crate::model::finding::{Evidence, Finding};
use crate::model::id::Id;
use crate::model::network::NodeKind;
use crate::model::report::{LoadRow, Waiting};
use crate::model::text::Lang;
use crate::model::units::{Latency, grouped};
use crate::sim::sizing;

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
    let (most, limit) = apart(met.most, *limit, lang);
    let at = clock(met.hour);
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
            "at {at} the wait for {subject} is at most {most} for 95 of 100{under_en}, {limit} is allowed"
        ),
    )
}

/// A wait and what is allowed, with as many decimals as it takes to tell them apart: 10.04 s of 10 s allowed is not
/// printed as 10 s.
#[must_use]
pub fn apart(most: Latency, limit: Latency, lang: Lang) -> (String, String) {
    let told = (most.told(lang), limit.told(lang));
    let differ = most.get().is_finite() && limit.get().is_finite() && most != limit;
    if told.0 != told.1 || !differ {
        return told;
    }
    let unit = told
        .0
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let scale = match unit.trim() {
        "ms" | "ミリ秒" => 1e-3,
        "s" | "秒" => 1.0,
        "min" | "分" => 60.0,
        _ => 3_600.0,
    };
    let fine = |time: Latency, places: usize| {
        let number = format!("{:.places$}", time.get() / scale);
        let number = number.trim_end_matches('0').trim_end_matches('.');
        format!("{number}{unit}")
    };
    let mut finer = (1..7).map(|places| (fine(most, places), fine(limit, places)));
    finer.find(|(a, b)| a != b).unwrap_or(told)
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
                "計算モデル: ランダム到着（M/D/1、長めに見積もる）と、処理しきれない分の繰越し。処理そのものの時間は含まない",
                "model: arrivals at random (M/D/1, on the long side), and what is left over is carried on; the work itself is not counted",
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

/// The fewest workers, or messages an hour, with which nobody waits too long on an ordinary day with everything up; nothing
/// where it takes something else for it to be too long.
pub(super) fn enough(finding: &Finding, context: &Context<'_>) -> Option<String> {
    let Evidence::Wait {
        resource,
        limit,
        circumstance: under,
        ..
    } = &finding.evidence
    else {
        return None;
    };
    let loads = context.report.loads.iter();
    let mut loads = loads.filter(|row| row.queue.is_some() && row.state == finding.first);
    let row = loads.find(|row| row.resource == *resource)?;
    let network = &context.state(finding)?.network;
    let node = network.nodes.get(&Id::new(resource.as_str()))?;
    if *under != Circumstance::default() {
        return None;
    }
    if let NodeKind::Sanitiser(cdr) = &node.kind {
        let one = row.capacity / f64::from(cdr.workers);
        let number = grouped(sizing::fewest(&row.offered, one, *limit)?.into());
        return Some(context.pick(
            format!("並列数が{number}あれば上限以内に収まる（すべてが動いている通常の日）"),
            format!("{number} workers keep it within that (on an ordinary day with everything up)"),
        ));
    }
    let number = grouped(sizing::fewest(&row.offered, 1.0, *limit)?.into());
    Some(context.pick(
        format!("1時間に{number}件を処理できれば上限以内に収まる（すべてが動いている通常の日）"),
        format!(
            "{number} messages an hour keep it within that (on an ordinary day with everything up)"
        ),
    ))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Code;
    use crate::model::migration::Migration;
    use crate::model::report::Report;
    use crate::sim::replay::Failures;
    use std::sync::Arc;

    #[test]
    fn a_wait_never_reads_as_what_is_allowed() {
        let words = |most, limit, lang| {
            let (most, limit) = apart(Latency::new(most), Latency::new(limit), lang);
            format!("{most} of {limit}")
        };
        for (most, limit, wanted) in [
            (40.0, 10.0, "40 s of 10 s"),
            (10.4, 10.0, "10.4 s of 10 s"),
            (10.04, 10.0, "10.04 s of 10 s"),
            (0.5004, 0.5, "500.4 ms of 500 ms"),
            (300.6, 300.0, "5.01 min of 5 min"),
            (36_001.0, 36_000.0, "10.0003 h of 10 h"),
            (10.0, 10.0, "10 s of 10 s"),
        ] {
            assert_eq!(words(most, limit, Lang::En), wanted);
        }
        assert_eq!(words(300.6, 300.0, Lang::Ja), "5.01分 of 5分");
        assert_eq!(words(10.04, 10.0, Lang::Ja), "10.04秒 of 10秒");
    }

    /// The shipped α with so many workers, at which files wait ten seconds at most.
    fn alpha(workers: u32) -> Migration {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/alpha");
        let Ok(plan) = crate::scenarios::load(folder) else {
            panic!("the plan is sound");
        };
        let mut migration = plan.migration;
        for state in &mut migration.states {
            let network = Arc::make_mut(&mut state.network);
            let nodes = network.nodes.iter();
            let cdrs = nodes.filter(|node| matches!(node.kind, NodeKind::Sanitiser(_)));
            let names: Vec<_> = cdrs.map(|node| node.id.clone()).collect();
            for name in names {
                network.nodes.edit(&name, |node| {
                    if let NodeKind::Sanitiser(cdr) = &mut node.kind {
                        (cdr.workers, cdr.wait) = (workers, Some(Latency::new(10.0)));
                    }
                });
            }
        }
        migration
    }

    fn report(migration: &Migration) -> Report {
        crate::sim::run::capacity(migration, Failures::None, &[], 0)
    }

    fn is_late(report: &Report) -> Option<&Finding> {
        report.findings.iter().find(|f| f.code == Code::LongWait)
    }

    #[test]
    fn the_number_named_is_the_least_that_is_enough() {
        let migration = alpha(2);
        let told = report(&migration);
        let finding = is_late(&told).expect("ten seconds are too few");
        let context = Context {
            report: &told,
            requirements: &migration.requirements,
            lang: Lang::En,
        };
        let words = enough(finding, &context).expect("a number");
        let number: u32 = words
            .split(' ')
            .next()
            .and_then(|n| n.parse().ok())
            .expect("a number");
        assert!(number > 2, "{words}");
        assert!(is_late(&report(&alpha(number))).is_none(), "{words}");
        assert!(is_late(&report(&alpha(number - 1))).is_some(), "{words}");
    }
}
