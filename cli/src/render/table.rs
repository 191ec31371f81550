//! The table per step: what holds, what is fullest, and whether the state is fit.

use super::{Align, Columns, Paint, width};
use crate::model::finding::Severity;
use crate::model::report::{LoadRow, Verdict};
use crate::wording::{self, Context};

/// One row for each state of the plan.
#[must_use]
pub fn table(context: &Context<'_>, paint: Paint) -> String {
    let states = context.report.states.len();
    let busiest: Vec<_> = (0..states).map(|state| fullest(context, state)).collect();
    let names = busiest
        .iter()
        .flatten()
        .map(|(name, _, _)| width(name))
        .max()
        .unwrap_or(0);
    let shares = busiest
        .iter()
        .flatten()
        .map(|(_, share, _)| share.len())
        .max()
        .unwrap_or(0);
    let mut columns = Columns::new(&heads(context));
    for (state, busiest) in context.report.states.iter().zip(&busiest) {
        let (resource, hour) = match busiest {
            Some((name, share, hour)) => {
                let pad = " ".repeat(names - width(name));
                (format!("{name}{pad}  {share:>shares$}"), hour.clone())
            }
            None => ("–".to_owned(), String::new()),
        };
        columns.row(vec![
            state.step.to_string(),
            state.label.get(context.lang).to_owned(),
            isolation(context, state.index),
            resource,
            hour,
            mark(context, state.index).to_owned(),
        ]);
    }
    columns.draw(paint, |row, mark| match worst(context, row) {
        Some(Severity::Error) => paint.bad(mark),
        Some(Severity::Warning) => paint.doubtful(mark),
        Some(Severity::Note) | None => paint.good(mark),
    })
}

fn heads(context: &Context<'_>) -> [(&'static str, Align); 6] {
    let pick = |ja, en| context.pick(ja, en);
    [
        (pick("段階", "step"), Align::Right),
        (pick("内容", "what"), Align::Left),
        (pick("分離", "isolation"), Align::Left),
        (pick("最も混む資源", "busiest resource"), Align::Left),
        (pick("時刻", "hour"), Align::Left),
        (pick("判定", "state"), Align::Left),
    ]
}

/// How many rules hold, or how many do not.
fn isolation(context: &Context<'_>, state: usize) -> String {
    let count = |wanted: Verdict| {
        let verdicts = context
            .report
            .rules
            .iter()
            .filter_map(|r| *r.verdicts.get(state)?);
        verdicts.filter(|v| *v == wanted).count()
    };
    let wanted: &[Verdict] = if count(Verdict::Broken) > 0 {
        &[Verdict::Broken, Verdict::Undetermined]
    } else {
        &[Verdict::Proved, Verdict::Attested, Verdict::Undetermined]
    };
    let parts: Vec<_> = wanted
        .iter()
        .filter(|v| count(**v) > 0)
        .map(|v| format!("{} {}", wording::verdict(*v, context.lang), count(*v)))
        .collect();
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join(context.pick("・", ", "))
    }
}

/// Name, utilisation and hour of the fullest resource of a state.
fn fullest(context: &Context<'_>, state: usize) -> Option<(String, String, String)> {
    let rows = context.report.loads.iter().filter(|row| row.state == state);
    // The first of equals wins: `max_by` would take the last.
    let row: &LoadRow = rows.reduce(|best, row| {
        if row.busiest().1.get() > best.busiest().1.get() {
            row
        } else {
            best
        }
    })?;
    let (hour, utilisation) = row.busiest();
    Some((
        wording::resource(&row.label, row.kind, context.lang),
        wording::per_cent(utilisation, &[row.warn, row.full]),
        wording::clock(hour),
    ))
}

/// The gravest finding that shows in a state.
fn worst(context: &Context<'_>, state: usize) -> Option<Severity> {
    let findings = context.report.findings.iter();
    findings
        .filter(|f| f.first <= state && state <= f.last)
        .map(|f| f.severity)
        .max()
}

fn mark(context: &Context<'_>, state: usize) -> &'static str {
    match worst(context, state) {
        Some(Severity::Error) => context.pick("NG", "✗"),
        Some(Severity::Warning) => context.pick("要確認", "!"),
        Some(Severity::Note) | None => context.pick("OK", "ok"),
    }
}
