//! The parts of the house behind the verbs: one function for each thing a verb asks of them.
//!
//! In: paths and migrations. Out: what the parts give, with their errors turned into [`Failure`]s.

use crate::args::{Scenario, Template};
use crate::failure::Failure;
use std::path::Path;
use utsushi::model::migration::Migration;
use utsushi::model::report::Report;
use utsushi::model::units::grouped;
use utsushi::scenarios::templates::{NotWritten, write_template};
use utsushi::scenarios::{self, Failed, Loaded};
use utsushi::sim::diff::{self, Difference};
use utsushi::sim::order::{self, step::Ordered};
use utsushi::sim::run::{Outgrown, TooLarge};
use utsushi::sim::space::SpaceFull;
use utsushi::viz::{self, VizError};

/// What the file in a folder of an imported topology is called.
pub(crate) const TOPOLOGY: &str = "topology.graph";

/// Reads a scenario.
pub(crate) fn load(scenario: &Scenario) -> Result<Loaded, Failure> {
    let folder = &scenario.scenario;
    if folder.join(TOPOLOGY).is_file() && !folder.join("scenario.ron").exists() {
        let shown = folder.display();
        return Err(Failure::asked(
            format!("`{shown}` は取り込んだトポロジーで、シナリオではない"),
            format!("`{shown}` is an imported topology, not a scenario"),
        )
        .help(
            format!("負荷と単一故障は `utsushi replay {shown} --failures single` で調べる。ゾーンやルールを調べるにはシナリオを書く（`utsushi new`）"),
            format!("`utsushi replay {shown} --failures single` tells its loads and failures; zones and rules need a scenario (`utsushi new`)"),
        ));
    }
    scenarios::load(&scenario.scenario).map_err(|Failed { problems, sources }| Failure::Scenario {
        problems,
        sources: Box::new(sources),
    })
}

/// Answers both questions for every state.
pub(crate) fn run(migration: &Migration) -> Result<Report, Failure> {
    utsushi::sim::run(migration).map_err(|full| too_large(migration, full))
}

/// Looks for lines that could go, in every state.
pub(crate) fn hygiene(migration: &Migration) -> Result<Report, Failure> {
    utsushi::sim::run::hygiene(migration).map_err(|full| too_large(migration, full))
}

/// Packet sets of one state that do not fit.
pub(crate) fn full(migration: &Migration, state: usize, full: SpaceFull) -> Failure {
    let what = Outgrown::Sets;
    let limit = full.limit;
    too_large(migration, TooLarge { what, state, limit })
}

/// The states of a step are more than can be looked at.
fn too_many(step: &str, limit: usize) -> Failure {
    Failure::asked(
        format!("ステップ `{step}` の途中の状態が多すぎて調べきれない（上限 {limit}）"),
        format!("the states of step `{step}` are more than can be looked at (limit {limit})"),
    )
    .help(
        "変更を `Together(…)` でまとめるか、ステップを分ける",
        "put changes into `Together(…)`, or divide the step",
    )
}

/// A scenario whose packet sets do not fit: neither a mistake in it nor a fault, but a limit.
fn too_large(migration: &Migration, full: TooLarge) -> Failure {
    let step = migration.states.get(full.state);
    let step = step.map_or("0", |s| s.step.as_str());
    if full.what == Outgrown::Between {
        return too_many(step, full.limit);
    }
    // A limit fits 32 bits, as the ids in an arena do.
    let limit = grouped(u32::try_from(full.limit).map_or(f64::INFINITY, f64::from));
    Failure::asked(
        format!("ステップ `{step}` の状態のパケット集合が、上限（節と区間を合わせて {limit} 個）に収まらない"),
        format!("the packet sets of the state after step `{step}` need more than {limit} nodes and ranges, the limit"),
    )
    .help(
        "その状態のフィルタの行を減らすか（`utsushi hygiene` が不要な行を示す）、広い範囲が重なり合う行をまとめる",
        "take lines out of the filters of that state (`utsushi hygiene` shows those not needed), or join lines whose wide ranges overlap",
    )
}

/// What two states treat differently.
pub(crate) fn difference(
    migration: &Migration,
    from: usize,
    to: usize,
) -> Result<Difference, Failure> {
    diff::between(migration, from, to).map_err(|limit| full(migration, to, limit))
}

/// A safe order of the changes of a step (0 is the first).
pub(crate) fn ordered(migration: &Migration, step: usize) -> Result<Ordered, Failure> {
    order::step::step(migration, step)
        .map_err(|full| too_large(migration, TooLarge::of_step(step, full)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_with_its_step_and_a_way_out() {
        let scenario = Scenario {
            scenario: concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/town-b").into(),
        };
        let loaded = load(&scenario).unwrap_or_else(|_| panic!("a shipped scenario is sound"));
        let mut large = TooLarge {
            what: Outgrown::Sets,
            state: 2,
            limit: 33_554_432,
        };
        let Failure::Asked { fact, help } = too_large(&loaded.migration, large) else {
            panic!("a limit is no fault");
        };
        assert!(
            fact.en.contains("step `2`") && fact.en.contains("33,554,432"),
            "{fact:?}"
        );
        assert!(help.is_some_and(|h| h.ja.contains("utsushi hygiene")));
        large.what = Outgrown::Between;
        let Failure::Asked { help, .. } = too_large(&loaded.migration, large) else {
            panic!("a limit is no fault");
        };
        assert!(help.is_some_and(|h| h.en.contains("divide the step")));
    }
}
