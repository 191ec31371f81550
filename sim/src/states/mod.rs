//! Every state that a plan passes through between the state before a step and the one after it.
//!
//! Goes in: a migration. Comes out: the smallest partial states ([`Clause`]) in which a rule about packets
//! does not hold. What can go wrong: packet sets outgrow their arena.
//!
//! The states of a step are the sets of units of its [`Schedule`] that hold with each unit everything it
//! waits for. `Migration::schedule` gives it: the constraints that every order of the changes keeps.
//!
//! Modules in reading order: [`concrete`] (one such state), [`plain`] (all of them, one by one).

pub mod concrete;
pub mod plain;

use crate::space::SpaceFull;
use std::collections::BTreeSet;
use utsushi_model::migration::{Migration, Schedule};
use utsushi_model::report::Verdict;
use utsushi_model::rule::RuleId;

/// A smallest partial state that breaks a rule: whenever these units of the step's schedule are done and
/// those are open, whatever else was done, the rule does not hold. Taking a unit out of either list
/// would make that untrue for some state that the schedule allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clause {
    /// The rule.
    pub rule: RuleId,
    /// Whether it is broken or cannot be decided offline.
    pub verdict: Verdict,
    /// Units that are done.
    pub done: Vec<usize>,
    /// Units that are open.
    pub open: Vec<usize>,
}

/// How much is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most clauses of one rule.
    pub clauses: usize,
    /// The most states that are looked at one by one.
    pub states: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clauses: 10_000,
            states: 4_096,
        }
    }
}

/// The smallest partial states of a step (0 is the first) in which rules about packets do not hold; the
/// states before and after the step count too. Sorted by rule.
///
/// # Errors
/// Packet sets, or the states, are more than may be held.
pub fn unsafe_cubes(
    migration: &Migration,
    step: usize,
    limits: &Limits,
) -> Result<Vec<Clause>, SpaceFull> {
    let schedule = migration.schedule(step);
    let full = SpaceFull {
        limit: limits.states,
    };
    let sets = plain::allowed(&schedule, limits.states).ok_or(full)?;
    let breaches = plain::breaches(migration, step, &schedule, &sets)?;
    let rules: BTreeSet<(&RuleId, Verdict)> = breaches
        .iter()
        .flatten()
        .map(|(rule, verdict)| (rule, *verdict))
        .collect();
    let mut out = Vec::new();
    for (rule, verdict) in rules {
        let bad: Vec<bool> = breaches
            .iter()
            .map(|b| b.get(rule) == Some(&verdict))
            .collect();
        let cubes = smallest(&schedule, &sets, &bad);
        out.extend(
            cubes
                .into_iter()
                .take(limits.clauses)
                .map(|(done, open)| Clause {
                    rule: rule.clone(),
                    verdict,
                    done,
                    open,
                }),
        );
    }
    Ok(out)
}

/// Cubes that together hold every bad set and no other, none of whose literals can go.
fn smallest(
    schedule: &Schedule,
    sets: &[Vec<bool>],
    bad: &[bool],
) -> BTreeSet<(Vec<usize>, Vec<usize>)> {
    let mut out = BTreeSet::new();
    for (set, _) in sets.iter().zip(bad).filter(|(_, bad)| **bad) {
        let mut fixed: Vec<Option<bool>> = set.iter().map(|done| Some(*done)).collect();
        for unit in 0..schedule.units.len() {
            let kept = fixed[unit].take();
            let fits = |s: &Vec<bool>| s.iter().zip(&fixed).all(|(v, f)| f.is_none_or(|f| f == *v));
            let spoilt = sets.iter().zip(bad).any(|(s, bad)| !bad && fits(s));
            if spoilt {
                fixed[unit] = kept;
            }
        }
        let which = |wanted: bool| {
            let units = fixed
                .iter()
                .enumerate()
                .filter(|(_, f)| **f == Some(wanted));
            units.map(|(unit, _)| unit).collect::<Vec<usize>>()
        };
        out.insert((which(true), which(false)));
    }
    out
}
