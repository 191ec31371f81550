//! The parts of the house behind the verbs: one function for each thing a verb asks of them.
//!
//! In: paths and migrations. Out: what the parts give, with their errors turned into [`Failure`]s.

use crate::args::{Scenario, Template};
use crate::failure::Failure;
use std::path::Path;
use utsushi::model::migration::Migration;
use utsushi::model::report::Report;
use utsushi::scenarios::templates::{NotWritten, write_template};
use utsushi::scenarios::{self, Failed, Loaded};
use utsushi::viz::{self, VizError};

/// Reads a scenario.
pub(crate) fn load(scenario: &Scenario) -> Result<Loaded, Failure> {
    scenarios::load(&scenario.scenario).map_err(|Failed { problems, sources }| Failure::Scenario {
        problems,
        sources: Box::new(sources),
    })
}

/// Answers both questions for every state.
pub(crate) fn run(migration: &Migration) -> Result<Report, Failure> {
    utsushi::sim::run(migration).map_err(|full| Failure::Fault(full.to_string()))
}

/// Writes a scenario to start from.
pub(crate) fn write(template: Template, dir: &Path) -> Result<(), Failure> {
    let name = match template {
        Template::Alpha => "alpha",
        Template::AlphaPrime => "alpha-prime",
        Template::Beta => "beta",
        Template::BetaPrime => "beta-prime",
        Template::Mie => "mie",
        Template::Town => "town",
    };
    let path = dir.display();
    write_template(name, dir).map_err(|why| match why {
        NotWritten::Unknown => Failure::Fault(format!("the scenario `{name}` is not built in")),
        NotWritten::NotEmpty => Failure::asked(
            format!("`{path}` は空ではない"),
            format!("`{path}` is not empty"),
        )
        .help(
            "別の名前を指定するか、先に移動する",
            "choose another name, or move it away first",
        ),
        NotWritten::Disk(error) => Failure::file(dir, &error),
    })
}

/// A chart as PNG.
pub(crate) fn png(chart: &viz::Chart) -> Result<Vec<u8>, Failure> {
    viz::png(chart).map_err(|error| undrawn(&error))
}

/// A chart that could not be drawn is a fault of ours: its data are made by us.
pub(crate) fn undrawn(error: &VizError) -> Failure {
    Failure::Fault(error.to_string())
}
