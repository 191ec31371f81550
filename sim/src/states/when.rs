//! The states within a step in which the conditions of a rule hold.
//!
//! Goes in: a step, its schedule and conditions. Comes out: the places at which they hold. What can go
//! wrong: more units of the step bear on conditions than can be combined.

use super::Full;
use crate::plane::window::axes::Axes;
use crate::space::{Set, Space};
use utsushi_model::condition::Condition;
use utsushi_model::migration::{Schedule, Step};
use utsushi_model::network::Network;

/// The most combinations of units that bear on the conditions of a rule.
const MOST: usize = 2_048;

/// The places at which all conditions hold.
///
/// # Errors
/// The arena is full, or too many combinations of units bear on the conditions.
pub(super) fn places(
    space: &mut Space,
    axes: &Axes,
    (step, schedule, before): (&Step, &Schedule, &Network),
    conditions: &[Condition],
) -> Result<Set, Full> {
    if conditions.is_empty() {
        return Ok(Set::FULL);
    }
    let bears = |unit: &usize| {
        let mut changes = schedule.units[*unit].iter().map(|c| &step.changes[*c]);
        changes.any(|change| conditions.iter().any(|c| c.concerns(change, before)))
    };
    let units: Vec<usize> = (0..schedule.units.len()).filter(bears).collect();
    let mut all = Set::EMPTY;
    for chosen in choices(schedule, &units)? {
        let mut done = vec![false; schedule.units.len()];
        for (unit, _) in units.iter().zip(&chosen).filter(|(_, c)| **c) {
            for (there, needed) in done.iter_mut().zip(schedule.earliest(*unit)) {
                *there |= needed;
            }
        }
        let (network, _) = schedule.network(step, before, &done);
        if !conditions.iter().all(|c| c.holds(&network)) {
            continue;
        }
        let mut place = Set::FULL;
        for (unit, chosen) in units.iter().zip(&chosen) {
            let half = axes.unit(space, *unit, *chosen)?;
            place = space.intersection(place, half)?;
        }
        all = space.union(all, place)?;
    }
    Ok(all)
}

/// Which of some units can be done together: every choice that holds with each unit those of them it waits for.
fn choices(schedule: &Schedule, units: &[usize]) -> Result<Vec<Vec<bool>>, Full> {
    let mut all: Vec<Vec<bool>> = vec![Vec::new()];
    for unit in units {
        let needed = schedule.earliest(*unit);
        let mut next = Vec::with_capacity(all.len());
        for chosen in all {
            let mut waits = units.iter().zip(&chosen);
            if waits.all(|(earlier, chosen)| *chosen || !needed[*earlier]) {
                next.push([chosen.as_slice(), &[true]].concat());
            }
            next.push([chosen.as_slice(), &[false]].concat());
        }
        if next.len() > MOST {
            return Err(Full::Parts(MOST));
        }
        all = next;
    }
    Ok(all)
}
