//! `utsushi check`: both questions, at every state of the plan.

use super::chart;
use crate::args::{Check, Format, Image};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::session::{Exit, Session, print, watched};
use std::path::Path;
use std::time::Instant;
use utsushi::figures::View;
use utsushi::render::{self, Outputs};
use utsushi::scenarios::Loaded;
use utsushi::wording::Context;
use utsushi::{annex, figures, json, junit, sarif};

/// Reads, runs, draws, prints.
pub(super) fn run(args: &Check, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let started = Instant::now();
    let ready = engine::load(&args.scenario)?;
    let folder = args.out.as_deref().map(Folder::prepare).transpose()?;
    progress.next("全状態を検査している", "checking every state");
    let mut report = engine::run(&ready.migration)?;
    let took = started.elapsed();
    if folder.is_some() {
        let context = session.context(&report, &ready.migration);
        let wanted = figures::that_matter(&context);
        report.causes = chart::causes(&context, &ready.migration, &wanted);
    }
    let context = session.context(&report, &ready.migration);
    progress.next("図を描いている", "drawing charts");
    let charts = folder.map(|folder| outputs(&context, folder)).transpose()?;
    let outputs = Outputs {
        charts: charts.unwrap_or_default(),
        folder: args
            .out
            .as_deref()
            .map(Path::display)
            .map(|path| path.to_string()),
        // Output that is kept or compared holds no time: the same input gives the same bytes.
        took: watched().then_some(took),
    };
    drop(progress);
    print(&text(args, session, &ready, &context, &outputs)?);
    Ok(Exit::of(&report.findings, args.strict))
}

/// The report in the form asked for.
fn text(
    args: &Check,
    session: &Session,
    ready: &Loaded,
    context: &Context<'_>,
    outputs: &Outputs,
) -> Result<String, Failure> {
    match args.format {
        Format::Text => Ok(render::check(context, &ready.sources, session.paint)
            + &render::footer(context, outputs, session.paint)),
        Format::Json => document(context),
        Format::Junit => {
            junit::text(context, args.strict).map_err(|error| Failure::Fault(error.to_string()))
        }
        Format::Sarif => sarif::text(context).map_err(|error| Failure::Fault(error.to_string())),
    }
}

/// The JSON report.
fn document(context: &Context<'_>) -> Result<String, Failure> {
    json::Document::new(context)
        .text()
        .map_err(|error| Failure::Fault(error.to_string()))
}

/// Writes the charts that matter, their index and the JSON report; how many charts there are.
fn outputs(context: &Context<'_>, mut folder: Folder) -> Result<usize, Failure> {
    let wanted = figures::that_matter(context);
    let forms = [Image::Svg, Image::Png];
    let entries = chart::draw(&View::of(*context), &wanted, &forms, &mut folder)?;
    folder.add("index.md", annex::markdown(context, &entries).as_bytes())?;
    folder.add("index.html", annex::html(context, &entries).as_bytes())?;
    folder.add("report.json", document(context)?.as_bytes())?;
    folder.publish()?;
    Ok(entries.len())
}
