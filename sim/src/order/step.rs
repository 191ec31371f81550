//! The changes of a step of a plan put into a safe order.
//!
//! Goes in: a migration and a step. Comes out: its units in an order in which every rule about packets holds in
//! every state, sessions that must come about being interrupted as shortly as can be; or the changes that
//! cannot be ordered, each pair with the rule that the state between breaks and a packet that shows it.
//! What can go wrong: packet sets, or states, are more than may be held.
//!
//! The order as written counts for nothing but as the one to stay near to; blocks with an order of their own,
//! `after`, and what changes need of each other are kept. All smallest unsafe partial states are known
//! before the first order is tried ([`unsafe_cubes`]), so none is tried twice.

use super::{Clause, interruptions};
use crate::plane::Plane;
use crate::space::SpaceFull;
use crate::states::concrete::{ending_in, judge_last};
use crate::states::{Full, Limits, unsafe_cubes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utsushi_model::finding::Finding;
use utsushi_model::migration::{Block, Migration, Order, Schedule, Step};
use utsushi_model::policy::Name;
use utsushi_model::report::Verdict;
use utsushi_model::rule::{RuleId, Spec};

/// Why changes must not be in between: while all of `done` are done and none of `open` is, the rule is broken.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// The rule.
    pub rule: RuleId,
    /// Positions of changes of the step that are done.
    pub done: Vec<usize>,
    /// Positions of changes of the step that are not.
    pub open: Vec<usize>,
    /// What is seen in the smallest such state: packet and way.
    pub shown: Option<Finding>,
}

/// What became of a step.
#[derive(Debug, Clone)]
pub enum Found {
    /// An order of all changes in which no rule is broken but those named.
    Ordered {
        /// Positions of changes in the step; those of one unit stand together.
        order: Vec<usize>,
        /// In how many states, the first and the last among them, a session that must come about does not, or a
        /// rule is still broken that was broken on the day of the step before anything was done.
        interrupted: usize,
        /// The rules that are then broken.
        broken: Vec<RuleId>,
        /// Those of them that forbid something and are still broken after the first unit.
        lasting: Vec<RuleId>,
        /// Whether no order has fewer such states.
        shortest: bool,
    },
    /// No order is safe; these are the fewest conflicts that show it.
    Impossible(Vec<Conflict>),
}

/// An answer with how it was come by.
#[derive(Debug, Clone)]
pub struct Ordered {
    /// What was found.
    pub found: Found,
    /// Whether the changes as written are in a safe order with as few interruptions.
    pub as_written: bool,
    /// Units: changes that happen at once count once.
    pub units: usize,
    /// The smallest unsafe partial states of the step.
    pub clauses: usize,
    /// Verdicts that hang on what cannot be judged offline; an order does not look at them.
    pub undetermined: usize,
}

/// Orders the changes of a step; 0 is the first.
///
/// # Errors
/// Packet sets, or the states of the step, are more than may be held.
pub fn step(migration: &Migration, step: usize) -> Result<Ordered, Full> {
    let free = freed(migration, step);
    let schedule = free.schedule(step);
    let cubes = unsafe_cubes(&free, step, &Limits::default())?;
    let mut must = BTreeMap::new();
    let mut should = BTreeMap::new();
    let mut undetermined = 0;
    for cube in cubes {
        if cube.verdict != Verdict::Broken {
            undetermined += 1;
            continue;
        }
        let rule = migration.requirements.rules.get(&cube.rule);
        let interrupts = rule.is_some_and(|r| matches!(r.spec, Spec::MustReach { .. }));
        let clause = Clause::new(cube.done, cube.open);
        // What is broken before anything is done no order can avoid, only end.
        let interrupts = interrupts || clause.done.is_empty();
        let kind = if interrupts { &mut should } else { &mut must };
        kind.entry(clause).or_insert(cube.rule);
    }
    let (hard, soft) = (keys(&must), keys(&should));
    let clauses = hard.len() + soft.len();
    let found = match interruptions(&schedule.after, &hard, &soft) {
        Ok(found) => {
            let rules = |met: &dyn Fn(&Clause) -> bool| -> Vec<RuleId> {
                let own = should.iter().filter(|(clause, _)| met(clause));
                let rules: BTreeSet<RuleId> = own.map(|(_, rule)| rule.clone()).collect();
                rules.into_iter().collect()
            };
            let first = found.order.first();
            let lasts =
                |c: &Clause| c.done.is_empty() && !first.is_some_and(|u| c.open.contains(u));
            Found::Ordered {
                order: positions(&schedule, &found.order),
                interrupted: found.states,
                broken: rules(&|clause| is_met(clause, &found.order)),
                lasting: rules(&lasts),
                shortest: found.proved,
            }
        }
        Err(conflict) => Found::Impossible(told(&free, step, &schedule, &conflict, &must)?),
    };
    let as_written = match &found {
        Found::Ordered { order, .. } => order.is_sorted(),
        Found::Impossible(_) => false,
    };
    Ok(Ordered {
        found,
        as_written,
        units: schedule.units.len(),
        clauses,
        undetermined,
    })
}

/// The plan with the changes of a step in any order, unless they happen at once; of two that set the same
/// thing the later still comes later.
fn freed(migration: &Migration, step: usize) -> Migration {
    let mut free = migration.clone();
    let own = &mut free.steps[step];
    if own.order != Order::InOrder {
        return free;
    }
    own.order = Order::Any;
    for (first, then) in Schedule::by_chance(own, &migration.states[step].network) {
        let name = name_of(own, first);
        let later = block_of(own, then);
        let waits = (name, own.place.clone());
        own.blocks[later].after.push(waits);
    }
    free
}

/// The block that holds a change; one of its own where it is in none.
fn block_of(step: &mut Step, change: usize) -> usize {
    let holds = |b: &Block| b.changes.contains(&change);
    if let Some(there) = step.blocks.iter().position(holds) {
        return there;
    }
    let at = step.blocks.partition_point(|b| b.changes.start < change);
    let block = Block {
        name: None,
        after: Vec::new(),
        order: Order::Any,
        changes: change..change + 1,
        irreversible: None,
        place: step.changes[change].place.clone(),
    };
    step.blocks.insert(at, block);
    at
}

/// The name of the block that holds a change; one that no file can hold where it has none.
fn name_of(step: &mut Step, change: usize) -> Name {
    let at = block_of(step, change);
    let name = Name::from(format!("\0{change}"));
    Name::clone(step.blocks[at].name.get_or_insert(name))
}

fn keys(map: &BTreeMap<Clause, RuleId>) -> Vec<Clause> {
    map.keys().cloned().collect()
}

/// Whether an order passes through a state that meets a clause.
fn is_met(clause: &Clause, order: &[usize]) -> bool {
    let place = |unit: &usize| order.iter().position(|u| u == unit);
    let last = clause.done.iter().filter_map(place).max();
    let first = clause.open.iter().filter_map(place).min();
    match (last, first) {
        (Some(last), Some(first)) => last < first,
        _ => true,
    }
}

/// The changes of units in order.
fn positions(schedule: &Schedule, order: &[usize]) -> Vec<usize> {
    let units = order.iter().map(|unit| &schedule.units[*unit]);
    units.flatten().copied().collect()
}

/// Conflicts with the packet that shows each.
fn told(
    migration: &Migration,
    step: usize,
    schedule: &Schedule,
    clauses: &[Clause],
    rules: &BTreeMap<Clause, RuleId>,
) -> Result<Vec<Conflict>, SpaceFull> {
    let states = migration.states[..=step].iter();
    let planes: Vec<Plane> = states
        .map(|s| Plane::compile(Arc::clone(&s.network), s.date))
        .collect();
    let mut out = Vec::new();
    for clause in clauses {
        let Some(rule) = rules.get(clause) else {
            continue;
        };
        let mut done = vec![false; schedule.units.len()];
        for unit in &clause.done {
            for (at, early) in schedule.earliest(*unit).into_iter().enumerate() {
                done[at] |= early;
            }
        }
        let between = ending_in(migration, step, schedule, &done);
        let judged = judge_last(&between, &planes)?;
        let breaches = judged.breaches.into_iter();
        let mut own = breaches.filter(|b| b.rules.contains(rule));
        out.push(Conflict {
            rule: rule.clone(),
            done: positions(schedule, &clause.done),
            open: positions(schedule, &clause.open),
            shown: own.next().map(|b| b.finding),
        });
    }
    Ok(out)
}
