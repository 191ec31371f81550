//! The states within a step in which the conditions of a rule hold.
//!
//! Goes in: a step, its schedule and conditions. Comes out: the places at which they hold. What can go
//! wrong: more units of the step bear on conditions than can be combined.

use crate::plane::window::axes::Axes;
use crate::space::{Set, Space, SpaceFull};
use utsushi_model::condition::Condition;
use utsushi_model::migration::{Schedule, Step};
use utsushi_model::network::Network;

/// The most combinations of units that bear on conditions.
const MOST: usize = 2_048;

/// The places at which all conditions hold.
///
/// # Errors
/// The arena is full, or too many units bear on conditions.
pub(super) fn places(
    space: &mut Space,
    axes: &Axes,
    (step, schedule, before): (&Step, &Schedule, &Network),
    conditions: &[Condition],
) -> Result<Set, SpaceFull> {
    if conditions.is_empty() {
        return Ok(Set::FULL);
    }
    let bears = |unit: &usize| {
        let mut changes = schedule.units[*unit].iter();
        changes.any(|change| Condition::concerns(&step.changes[*change]))
    };
    let units: Vec<usize> = (0..schedule.units.len()).filter(bears).collect();
    if units.len() >= usize::BITS as usize || 1 << units.len() > MOST {
        return Err(SpaceFull { limit: MOST });
    }
    let mut all = Set::EMPTY;
    for choice in 0..1usize << units.len() {
        let chosen = |at: usize| choice >> at & 1 == 1;
        let mut done = vec![false; schedule.units.len()];
        for (_, unit) in units.iter().enumerate().filter(|(at, _)| chosen(*at)) {
            let needed = schedule.earliest(*unit).into_iter();
            for (there, needed) in done.iter_mut().zip(needed) {
                *there |= needed;
            }
        }
        if units
            .iter()
            .enumerate()
            .any(|(at, unit)| done[*unit] != chosen(at))
        {
            continue; // No state of the step has just these done.
        }
        let (network, _) = schedule.network(step, before, &done);
        if !conditions.iter().all(|c| c.holds(&network)) {
            continue;
        }
        let mut place = Set::FULL;
        for (at, unit) in units.iter().enumerate() {
            let half = axes.unit(space, *unit, chosen(at))?;
            place = space.intersection(place, half)?;
        }
        all = space.union(all, place)?;
    }
    Ok(all)
}
