//! `utsushi replay`: the load on every resource, step by step, busiest first.

use super::published;
use crate::args::{Plain, Replay};
use crate::engine;
use crate::failure::Failure;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::model::finding::{Finding, Severity};
use utsushi::model::report::Report;
use utsushi::wording::{self, Context};
use utsushi::{json, render, sim};

/// Reads, runs, keeps what was asked for, prints.
pub(super) fn run(args: &Replay, session: &Session) -> Result<Exit, Failure> {
    if let Some(file) = published::file(&args.scenario.scenario) {
        return published::run(args, file, session);
    }
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    progress.next("通信を流している", "replaying traffic");
    let days = &ready.migration.requirements.days;
    let report = sim::run::capacity(
        &ready.migration,
        args.failing.failures.into(),
        days,
        args.years,
    );
    let report = capacity(report, &states);
    drop(progress);
    let context = session.context(&report, &ready.migration);
    let text = match args.form.format {
        Plain::Json => json::Document::new(&context)
            .text()
            .map_err(|error| Failure::Fault(error.to_string()))?,
        Plain::Text => {
            let mut text = render::header(&context, session.paint) + "\n";
            for state in &states {
                text += &loads(&context, session, *state, args.top);
                text += &logs(&context, session, *state);
                text += &lost(&context, session, *state, args.top);
                text += &talk(&context, session, *state, args.top);
            }
            text += &render::findings(&context, &ready.sources, session.paint, &report.findings);
            text + &tally(&context)
        }
    };
    print(&text);
    Ok(Exit::of(&report.findings, args.strict))
}

/// The report cut down to demands and loads of the states asked for.
fn capacity(mut report: Report, states: &[usize]) -> Report {
    let shows = |f: &Finding| {
        states
            .iter()
            .any(|state| f.first <= *state && *state <= f.last)
    };
    let ours =
        |f: &Finding| f.code.as_str().starts_with("CAP-") || f.code.as_str().starts_with("DEM-");
    report.findings.retain(|f| ours(f) && shows(f));
    report.loads.retain(|row| states.contains(&row.state));
    report.logs.retain(|row| states.contains(&row.state));
    report.outages.retain(|o| states.contains(&o.state));
    report.gates.retain(|row| states.contains(&row.state));
    report
}

fn loads(context: &Context<'_>, session: &Session, state: usize, top: usize) -> String {
    let label = context
        .report
        .states
        .get(state)
        .map_or("", |row| row.label.get(context.lang));
    let title = format!("{}: {label}", wording::step(context, state));
    format!(
        "{}\n\n{}\n",
        session.paint.strong(&title),
        render::loads(context, state, top, session.paint)
    )
}

/// What nodes log; nothing where none says so.
fn logs(context: &Context<'_>, session: &Session, state: usize) -> String {
    let table = render::logs(context, state, session.paint);
    if table.is_empty() {
        return table;
    }
    let title = context.pick("ログの量", "logs");
    format!("{}\n\n{table}\n", session.paint.strong(title))
}

/// What is lost when something fails; nothing where failures were not asked for.
fn lost(context: &Context<'_>, session: &Session, state: usize, top: usize) -> String {
    let table = render::outages(context, state, top, session.paint);
    if table.is_empty() {
        return table;
    }
    let title = context.pick("故障時に途絶する通信", "lost when something fails");
    format!("{}\n\n{table}\n", session.paint.strong(title))
}

/// Whose talk gets worse; nothing where only an ordinary day with everything up was asked for.
fn talk(context: &Context<'_>, session: &Session, state: usize, top: usize) -> String {
    let table = render::talk(context, state, top, session.paint);
    if table.is_empty() {
        return table;
    }
    let title = context.pick(
        "故障時や繁忙日に悪化する会議",
        "talk that gets worse when something fails, or on other days",
    );
    format!("{}\n\n{table}\n", session.paint.strong(title))
}

/// How many findings there are.
fn tally(context: &Context<'_>) -> String {
    let (errors, warnings) = (
        context.report.count(Severity::Error),
        context.report.count(Severity::Warning),
    );
    context.pick(
        format!("エラー{errors}件・警告{warnings}件\n"),
        format!("errors: {errors}, warnings: {warnings}\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use utsushi::sim::replay::Failures;

    /// What is kept of a plan is of the states asked for, in JSON too.
    #[test]
    fn only_states_asked_for_are_kept() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
        let Ok(plan) = utsushi::scenarios::load(folder) else {
            panic!("the plan is sound");
        };
        let report = sim::run::capacity(&plan.migration, Failures::None, &[], 0);
        let talked = report.gates[0].state;
        let other = usize::from(talked == 0);
        let states = |asked: usize| {
            let report = capacity(report.clone(), &[asked]);
            let loads = report.loads.iter().any(|row| row.state != asked);
            let gates = report.gates.iter().any(|row| row.state != asked);
            (loads || gates, !report.gates.is_empty())
        };
        assert_eq!(states(talked), (false, true));
        assert!(!states(other).0);
    }
}
