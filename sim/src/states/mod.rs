//! Every state that a plan passes through between the state before a step and the one after it.
//!
//! Goes in: a migration. Comes out: the smallest partial states ([`Clause`]) in which a rule about packets
//! does not hold. What can go wrong: packet sets outgrow their arena.
//!
//! The states of a step are the sets of units of its [`Schedule`](utsushi_model::migration::Schedule) that hold with each unit everything it
//! waits for. `Migration::schedule` gives it: the constraints that every order of the changes keeps.
//!
//! Modules in reading order: [`concrete`] (one such state), [`plain`] (all of them, one by one: the oracle),
//! [`ends`], [`over`] (rules over many states at once), [`when`] (conditions of rules), [`look`] (a step), [`between`](mod@between) (what is told),
//! [`back`] (the states of going back).

mod back;
mod between;
pub mod concrete;
mod ends;
pub mod look;
mod over;
pub mod plain;
mod when;

pub use between::{Between, TooMany, between};

use crate::space::SpaceFull;
use std::collections::BTreeSet;
use utsushi_model::migration::Migration;
use utsushi_model::report::Verdict;
use utsushi_model::rule::RuleId;

/// Why the states of a step cannot be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// Packet sets need more memory than an arena may hold.
    Sets(SpaceFull),
    /// More parts of the step, or combinations of changes that bear on conditions, than this.
    Parts(usize),
}

impl From<SpaceFull> for Full {
    fn from(full: SpaceFull) -> Self {
        Self::Sets(full)
    }
}

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
    /// The most clauses of one rule and verdict.
    pub clauses: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { clauses: 10_000 }
    }
}

/// The smallest partial states of a step (0 is the first) in which rules about packets do not hold; the
/// states before and after the step count too. Sorted by rule.
///
/// # Errors
/// Packet sets, or the parts of the step, are more than may be held.
pub fn unsafe_cubes(
    migration: &Migration,
    step: usize,
    limits: &Limits,
) -> Result<Vec<Clause>, Full> {
    let mut looked = look::look(migration, step)?;
    let mut out = BTreeSet::new();
    for broken in std::mem::take(&mut looked.broken) {
        let doubtful = looked.space.difference(broken.perhaps, broken.certain)?;
        for (verdict, bad) in [
            (Verdict::Broken, broken.certain),
            (Verdict::Undetermined, doubtful),
        ] {
            for bounds in looked.space.place_boxes(bad, limits.clauses) {
                let (done, open) = looked.reduced(bounds, bad)?;
                out.insert(Clause {
                    rule: broken.rule.clone(),
                    verdict,
                    done,
                    open,
                });
            }
        }
    }
    Ok(out.into_iter().collect())
}
