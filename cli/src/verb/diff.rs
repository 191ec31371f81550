//! `utsushi diff`: the traffic that any two states treat differently, with the change behind each
//! difference; and the addresses that changed.

use crate::args::{Diff, Plain};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::compared::Compared;
use utsushi::sim::comply::readdressed;

/// Reads, compares, prints, writes.
pub(super) fn run(args: &Diff, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let migration = &ready.migration;
    let from = names::step(&migration.states, &args.from_step)?;
    let to = match &args.to_step {
        Some(id) => names::step(&migration.states, id)?,
        None => migration.states.len() - 1,
    };
    progress.next("二つの状態を比べている", "comparing two states");
    let traffic = engine::difference(migration, from, to)?;
    let (before, after) = (&migration.states[from], &migration.states[to]);
    let addresses = readdressed(&before.network, &after.network);
    drop(progress);
    let compared = Compared {
        title: &migration.title,
        before,
        after,
        traffic: &traffic,
        addresses: &addresses,
        lang: session.lang,
    };
    let fault = |error: &dyn std::fmt::Display| Failure::Fault(error.to_string());
    let json = compared.json().map_err(|error| fault(&error))?;
    if let Some(out) = &args.out {
        let csv = compared.csv().map_err(|error| fault(&error))?;
        let mut folder = Folder::prepare(out)?;
        folder.add_sheet("diff.csv", &String::from_utf8_lossy(&csv))?;
        folder.add("diff.json", json.as_bytes())?;
        folder.publish()?;
    }
    print(&match args.form.format {
        Plain::Json => json,
        Plain::Text => compared.text(session.paint),
    });
    // A comparison tells and does not judge: what may change is for rules (`OnlyChange`) to say.
    Ok(Exit::Clean)
}
