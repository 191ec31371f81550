//! One state between two others, as a migration that ends in it.
//!
//! Goes in: a migration, a step, and which units of its schedule are done. Comes out: the same migration
//! cut off there, whose last step does only what is done; so everything that judges states judges this one
//! too. Nothing can go wrong: what the schedule allows applies.

use crate::plane::Plane;
use crate::space::SpaceFull;
use crate::verify::{self, Standing};
use std::sync::Arc;
use utsushi_model::change::Change;
use utsushi_model::id::Table;
use utsushi_model::migration::{Migration, Order, Schedule, State, Step};
use utsushi_model::rule::{Period, Rule};

/// A migration that ends in the state in which of a step (0 is the first) these units are done.
#[must_use]
pub fn ending_in(
    migration: &Migration,
    step: usize,
    schedule: &Schedule,
    done: &[bool],
) -> Migration {
    let (before, after) = (&migration.states[step], &migration.states[step + 1]);
    let whole = &migration.steps[step];
    let (network, _) = schedule.network(whole, &before.network, done);
    let units = schedule.units.iter().zip(done).filter(|(_, d)| **d);
    let mut positions: Vec<usize> = units.flat_map(|(unit, _)| unit).copied().collect();
    positions.sort_unstable();
    let changes: Vec<Change> = positions
        .iter()
        .map(|c| whole.changes[*c].clone())
        .collect();
    let mut requirements = migration.requirements.clone();
    requirements.rules = Table::default();
    for rule in rules(migration, step) {
        requirements.rules.put(Rule {
            period: Period {
                whenever: rule.period.whenever.clone(),
                ..Period::default()
            },
            ..rule.clone()
        });
    }
    let mut steps = migration.steps[..step].to_vec();
    steps.push(Step {
        order: Order::Together,
        changes,
        blocks: Vec::new(),
        ..whole.clone()
    });
    let mut states = migration.states[..=step].to_vec();
    states.push(State {
        network: Arc::new(network),
        ..after.clone()
    });
    Migration {
        title: migration.title.clone(),
        requirements,
        steps,
        states,
    }
}

/// The rules that hold between the state before a step and the one after it: those whose period spans
/// both. Whether their conditions hold is a question of each state.
pub fn rules(migration: &Migration, step: usize) -> impl Iterator<Item = &Rule> {
    let ends = [&migration.states[step], &migration.states[step + 1]];
    let all = migration.requirements.rules.iter();
    all.filter(move |rule| ends.iter().all(|s| migration.spans(&rule.period, s)))
}

/// Judges the last state of a migration; `before` are its other states, compiled.
///
/// # Errors
/// The packet sets of the state need more memory than an arena may hold.
pub fn judge_last(migration: &Migration, before: &[Plane]) -> Result<Standing, SpaceFull> {
    let Some(state) = migration.states.last() else {
        return Ok(Standing::default());
    };
    let plane = Plane::compile(Arc::clone(&state.network), state.date);
    let mut planes: Vec<&Plane> = before.iter().take(state.index).collect();
    planes.push(&plane);
    verify::verify_state(migration, &planes, state)
}
