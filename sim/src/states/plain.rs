//! Every state of a step one by one: slow and obvious, the oracle of the quick way.
//!
//! Goes in: a migration and a step. Comes out: every set of units that the schedule allows, and the rules
//! that are broken or undetermined in it. What can go wrong: packet sets outgrow their arena. There are up
//! to 2ⁿ sets of n units, so this is for tests and for steps of a few units.

use super::concrete::{ending_in, judge_last};
use crate::plane::Plane;
use crate::space::SpaceFull;
use std::collections::BTreeMap;
use std::sync::Arc;
use utsushi_model::migration::{Migration, Schedule};
use utsushi_model::report::Verdict;
use utsushi_model::rule::RuleId;

/// The rules that do not hold for certain in a state, by what is made of them.
pub type Breaches = BTreeMap<RuleId, Verdict>;

/// Every set of units that a schedule allows, the empty and the whole one too; `None` beyond `most`.
#[must_use]
pub fn allowed(schedule: &Schedule, most: usize) -> Option<Vec<Vec<bool>>> {
    let mut sets = vec![Vec::with_capacity(schedule.units.len())];
    for after in &schedule.after {
        let mut next = Vec::with_capacity(sets.len());
        for set in sets {
            if after.iter().all(|first| set[*first]) {
                let mut with = set.clone();
                with.push(true);
                next.push(with);
            }
            let mut without = set;
            without.push(false);
            next.push(without);
        }
        if next.len() > most {
            return None;
        }
        sets = next;
    }
    Some(sets)
}

/// What breaks in each of the states in which these units of a step are done.
///
/// # Errors
/// The packet sets of a state need more memory than an arena may hold.
pub fn breaches(
    migration: &Migration,
    step: usize,
    schedule: &Schedule,
    sets: &[Vec<bool>],
) -> Result<Vec<Breaches>, SpaceFull> {
    let earlier = migration.states[..=step].iter();
    let before: Vec<Plane> = earlier
        .map(|s| Plane::compile(Arc::clone(&s.network), s.date))
        .collect();
    let one = |done: &Vec<bool>| {
        let cut = ending_in(migration, step, schedule, done);
        let verified = judge_last(&cut, &before)?;
        let rules = verified.verdicts.into_iter();
        let broken = rules.filter_map(|(rule, verdict)| match verdict {
            Some(verdict @ (Verdict::Broken | Verdict::Undetermined)) => Some((rule, verdict)),
            _ => None,
        });
        Ok(broken.collect())
    };
    sets.iter().map(one).collect()
}
