//! A schedule as axes: units that wait for one another in a row make a chain, and a chain is an axis whose
//! value is how many of its units are done.
//!
//! Goes in: a schedule. Comes out: axes, and the region in which a unit is done. Nothing can go wrong.

use super::region::{Region, both};
use crate::space::{Set, Space, SpaceFull};
use std::collections::{BTreeMap, HashSet};
use utsushi_model::migration::Schedule;

/// Where the units of a schedule stand.
#[derive(Debug, Clone)]
pub struct Axes {
    /// For every unit its axis, and the value from which on it is done.
    pub units: Vec<(usize, u16)>,
    /// The largest value of every axis: how many units it has.
    pub tops: Vec<u16>,
    /// Pairs of units on different axes of which the second waits for the first.
    pub waits: Vec<(usize, usize)>,
}

impl Axes {
    /// The axes of a schedule.
    #[must_use]
    pub fn of(schedule: &Schedule) -> Self {
        let chains = chains(schedule);
        let mut units = vec![(0, 0); schedule.units.len()];
        let mut tops = Vec::with_capacity(chains.len());
        for (axis, chain) in chains.iter().enumerate() {
            let mut value = 0;
            for unit in chain {
                value += 1;
                units[*unit] = (axis, value);
            }
            tops.push(value);
        }
        let pairs = schedule.after.iter().enumerate();
        let waits = pairs.flat_map(|(then, first)| first.iter().map(move |f| (*f, then)));
        let waits = waits
            .filter(|(first, then)| units[*first].0 != units[*then].0)
            .collect();
        Self { units, tops, waits }
    }

    /// The region of some bounds in which a unit is done; `None` if there is none.
    #[must_use]
    pub fn done(&self, unit: usize, bounds: &Region) -> Option<Region> {
        let (axis, value) = self.units[unit];
        let (low, high) = bound(bounds, axis, self.tops[axis]);
        if value <= low {
            return Some(Region::new());
        }
        (value <= high).then(|| vec![(axis, (value, u16::MAX))])
    }

    /// The states that the schedule allows, as a set over the axes.
    ///
    /// # Errors
    /// The arena is full.
    pub fn allowed(&self, space: &mut Space) -> Result<Set, SpaceFull> {
        let mut all = Set::FULL;
        for (first, then) in &self.waits {
            let open = self.unit(space, *first, false)?;
            let done = self.unit(space, *then, true)?;
            let wrong = space.intersection(open, done)?;
            all = space.difference(all, wrong)?;
        }
        Ok(all)
    }

    /// The states in which a unit is done, or is not.
    ///
    /// # Errors
    /// The arena is full.
    pub fn unit(&self, space: &mut Space, unit: usize, done: bool) -> Result<Set, SpaceFull> {
        let (axis, value) = self.units[unit];
        match done {
            true => space.axis(axis, &[(value, self.tops[axis])]),
            false => space.axis(axis, &[(0, value - 1)]),
        }
    }

    /// The place at which these units are done.
    #[must_use]
    pub fn place(&self, done: &[bool]) -> Vec<u16> {
        let mut place = vec![0; self.tops.len()];
        for ((axis, value), _) in self.units.iter().zip(done).filter(|(_, done)| **done) {
            place[*axis] = place[*axis].max(*value);
        }
        place
    }

    /// Which units are done at a place.
    #[must_use]
    pub fn state(&self, place: &[u16]) -> Vec<bool> {
        self.units
            .iter()
            .map(|(axis, value)| place[*axis] >= *value)
            .collect()
    }

    /// The bounds of parts in each of which every unit of `hard` is done throughout or nowhere; `None`
    /// beyond `most`.
    pub(super) fn parts(&self, hard: &HashSet<usize>, most: usize) -> Option<Vec<Region>> {
        let mut cuts: BTreeMap<usize, Vec<u16>> = BTreeMap::new();
        for unit in hard {
            let (axis, value) = self.units[*unit];
            cuts.entry(axis).or_default().push(value);
        }
        let mut parts = vec![Region::new()];
        for (axis, mut values) in cuts {
            values.sort_unstable();
            values.push(self.tops[axis] + 1);
            let mut next = Vec::new();
            for part in &parts {
                let mut low = 0;
                for value in &values {
                    if low < *value {
                        next.extend(both(part, &vec![(axis, (low, value - 1))]));
                    }
                    low = *value;
                }
            }
            parts = next;
            if parts.len() > most {
                return None;
            }
        }
        parts.retain(|part| self.is_allowed(part));
        Some(parts)
    }

    /// Whether single waits leave any state in a part.
    fn is_allowed(&self, part: &Region) -> bool {
        self.waits.iter().all(|(first, then)| {
            let ((a, first), (b, then)) = (self.units[*first], self.units[*then]);
            let open = bound(part, a, self.tops[a]).1 < first;
            let done = bound(part, b, self.tops[b]).0 >= then;
            !(open && done)
        })
    }
}

fn bound(bounds: &Region, axis: usize, top: u16) -> (u16, u16) {
    let found = bounds.iter().find(|(a, _)| *a == axis);
    found.map_or((0, top), |(_, stretch)| *stretch)
}

/// Chains of units in which each waits for the one before; those that touch one another side by side.
fn chains(schedule: &Schedule) -> Vec<Vec<usize>> {
    let mut chains: Vec<Vec<usize>> = Vec::new();
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    let mut groups: Vec<usize> = (0..schedule.units.len()).collect();
    for (unit, first) in schedule.after.iter().enumerate() {
        for earlier in first {
            let (a, b) = (root(&mut groups, *earlier), root(&mut groups, unit));
            groups[a.max(b)] = a.min(b);
        }
        let before = first
            .iter()
            .rev()
            .find_map(|f| ends.remove(f).map(|chain| (*f, chain)));
        match before {
            Some((_, chain)) if chains[chain].len() < usize::from(u16::MAX) - 1 => {
                chains[chain].push(unit);
                ends.insert(unit, chain);
            }
            _ => {
                ends.insert(unit, chains.len());
                chains.push(vec![unit]);
            }
        }
    }
    chains.sort_by_key(|chain| (root(&mut groups, chain[0]), chain[0]));
    chains
}

fn root(groups: &mut [usize], mut unit: usize) -> usize {
    while groups[unit] != unit {
        groups[unit] = groups[groups[unit]];
        unit = groups[unit];
    }
    unit
}
