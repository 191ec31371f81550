//! `utsushi what-if`: the same plan with other figures, and how full everything is for each of them.

use crate::args::{Table, WhatIf};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::sim::whatif::{Base, Extent};
use utsushi::viz;
use utsushi::what_if::Told;

/// Reads, asks, keeps what was asked for, prints. A limit that is passed is an answer, and no finding.
pub(super) fn run(args: &WhatIf, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    let base = Base::new(&ready.migration);
    let question = base.read(&args.set).map_err(Failure::Several)?;
    let folder = args.out.as_deref().map(Folder::prepare).transpose()?;
    let cases = question.choices().len();
    progress.count(
        cases,
        "数値を変えて計算している",
        "computing with other figures",
    );
    let extent = Extent {
        failures: args.failing.failures.into(),
        states: &states,
    };
    let answer = base.answer(&question, extent, &|| progress.one());
    drop(progress);
    let told = Told {
        migration: &ready.migration,
        question: &question,
        answer: &answer,
        failures: extent.failures,
        state: args
            .only
            .step
            .is_some()
            .then(|| states.first().copied())
            .flatten(),
        top: args.top,
        lang: session.lang,
    };
    if let Some(folder) = folder {
        keep(&told, folder)?;
    }
    print(&match args.form.format {
        Table::Text => told.text(session.paint),
        Table::Markdown => told.markdown(),
        Table::Csv => csv(&told)?,
        Table::Json => json(&told)?,
    });
    Ok(Exit::Clean)
}

fn csv(told: &Told<'_>) -> Result<String, Failure> {
    told.csv().map_err(|e| Failure::Fault(e.to_string()))
}

fn json(told: &Told<'_>) -> Result<String, Failure> {
    told.json().map_err(|e| Failure::Fault(e.to_string()))
}

/// Writes the table, and the chart with its figures.
fn keep(told: &Told<'_>, mut folder: Folder) -> Result<(), Failure> {
    folder.add_sheet("what-if.csv", &csv(told)?)?;
    folder.add("what-if.json", json(told)?.as_bytes())?;
    let options = viz::Options::full(told.lang);
    let chart = viz::answers(&told.chart(), &options).map_err(|e| engine::undrawn(&e))?;
    folder.add("answers.svg", chart.svg.as_bytes())?;
    folder.add("answers.png", &engine::png(&chart)?)?;
    folder.add_sheet("answers.csv", &chart.csv)?;
    folder.publish()
}
