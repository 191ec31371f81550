//! `utsushi hygiene`: lines of filters and other ordered lists that could go, or let less pass.

use crate::args::{Hygiene, Plain};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::model::finding::Finding;
use utsushi::render;
use utsushi::wording::Context;
use utsushi::{hygiene, json};

/// Reads, looks, keeps what was asked for, prints.
pub(super) fn run(args: &Hygiene, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    let folder = args.out.as_deref().map(Folder::prepare).transpose()?;
    progress.next("各行の要否を調べている", "looking at every line");
    let mut report = engine::hygiene(&ready.migration)?;
    let shows = |f: &Finding| states.iter().any(|s| f.first <= *s && *s <= f.last);
    report.findings.retain(shows);
    let context = session.context(&report, &ready.migration);
    if let Some(mut folder) = folder {
        folder.add_sheet("hygiene.csv", &table(&context)?)?;
        folder.add("hygiene.json", document(&context)?.as_bytes())?;
        folder.publish()?;
    }
    drop(progress);
    let text = match args.form.format {
        Plain::Json => document(&context)?,
        Plain::Text => {
            let mut text = render::header(&context, session.paint) + "\n";
            if !report.findings.is_empty() {
                text += &render::lists(&context, session.paint);
                text.push('\n');
            }
            text += &render::findings(&context, &ready.sources, session.paint, &report.findings);
            text + &render::tally(&context, session.paint)
        }
    };
    print(&text);
    Ok(Exit::of(&report.findings, args.strict))
}

fn table(context: &Context<'_>) -> Result<String, Failure> {
    hygiene::table(context).map_err(|error| Failure::Fault(error.to_string()))
}

fn document(context: &Context<'_>) -> Result<String, Failure> {
    json::Document::new(context)
        .text()
        .map_err(|error| Failure::Fault(error.to_string()))
}
