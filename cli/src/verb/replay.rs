//! `utsushi replay`: the load on every resource, step by step, busiest first.

use super::published;
use crate::args::{Failures, Plain, Replay};
use crate::engine;
use crate::failure::Failure;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::model::finding::{Finding, Severity};
use utsushi::model::report::Report;
use utsushi::wording::{self, Context};
use utsushi::{json, render};

/// Reads, runs, keeps what was asked for, prints.
pub(super) fn run(args: &Replay, session: &Session) -> Result<Exit, Failure> {
    if let Some(file) = published::file(&args.scenario.scenario) {
        return published::run(args, file, session);
    }
    if args.failures != Failures::None {
        return Err(Failure::asked(
            "故障は、取り込んだトポロジーのフォルダについてのみ計算できる",
            "failures are computed for folders of imported topologies only",
        )
        .help(
            "`utsushi import graph` で作ったフォルダを指定する",
            "name a folder made by `utsushi import graph`",
        ));
    }
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.step.as_ref())?;
    progress.next("通信を流している", "replaying traffic");
    let report = capacity(engine::run(&ready.migration)?, &states);
    drop(progress);
    let context = session.context(&report, &ready.migration);
    let text = match args.format {
        Plain::Json => json::Document::new(&context)
            .text()
            .map_err(|error| Failure::Fault(error.to_string()))?,
        Plain::Text => {
            let mut text = render::header(&context, session.paint) + "\n";
            for state in &states {
                text += &loads(&context, session, *state, args.top);
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
    report.attacks.clear();
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
