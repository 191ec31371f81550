//! `utsushi lab`: a state as a lab of Linux network namespaces.

use crate::args::Lab;
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use std::sync::Arc;
use utsushi::lab::script::RUN;
use utsushi::lab::{self, choose};
use utsushi::sim::plane::Plane;
use utsushi::wording;

/// Reads, compiles one state, chooses what to try, writes.
pub(super) fn run(args: &Lab, session: &Session) -> Result<Exit, Failure> {
    let ready = engine::load(&args.scenario)?;
    let index = names::step(&ready.migration.states, &args.after.step)?;
    let state = &ready.migration.states[index];
    let dir = args.out.display();
    if args.out.join(RUN).exists() {
        return Err(Failure::asked(
            format!("`{dir}` のラボは起動している"),
            format!("the lab in `{dir}` is up"),
        )
        .help("先にその `down` を実行する", "run its `down` first"));
    }
    let plane = Plane::compile(Arc::clone(&state.network), state.date);
    let hosts = choose::hosts(&plane);
    let probes = choose::probes(&plane, &hosts, args.probes);
    let present: Vec<_> = hosts
        .iter()
        .map(|host| (host.segment, host.address))
        .collect();
    let lab = lab::Lab::new(&plane, &probes, &present);
    let page = wording::lab::Page {
        title: ready.migration.title.get(session.lang),
        step: state.step.as_str(),
        label: state.label.get(session.lang),
        lang: session.lang,
        lab: &lab,
    };
    let mut folder = Folder::prepare(&args.out)?;
    for file in lab.files() {
        match file.script {
            true => folder.add_script(&file.path, file.text.as_bytes())?,
            false => folder.add(&file.path, file.text.as_bytes())?,
        }
    }
    folder.add("README.md", page.text().as_bytes())?;
    folder.publish()?;
    print(&page.summary(&dir.to_string()));
    Ok(Exit::Clean)
}
