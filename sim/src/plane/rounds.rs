//! Which segments can be followed together: a source address tells whose packet it is.
//!
//! Goes in: a plane. Comes out: rounds of segments, one round unless addresses are used in several places.

use super::{Plane, SegmentIx};
use std::collections::BTreeMap;

/// Segments whose addresses differ, together; each in the first round that has none of its addresses.
#[must_use]
pub fn rounds(plane: &Plane) -> Vec<Vec<SegmentIx>> {
    // For every round the addresses taken, first to last; they never overlap.
    let mut taken: Vec<BTreeMap<u128, u128>> = Vec::new();
    let mut rounds: Vec<Vec<SegmentIx>> = Vec::new();
    for (i, segment) in plane.segments.iter().enumerate() {
        let free = |taken: &BTreeMap<u128, u128>| {
            segment.members.iter().all(|range| {
                let before = taken.range(..=range.last()).next_back();
                before.is_none_or(|(_, last)| *last < range.first())
            })
        };
        let round = taken.iter().position(free).unwrap_or(taken.len());
        if round == taken.len() {
            taken.push(BTreeMap::new());
            rounds.push(Vec::new());
        }
        taken[round].extend(segment.members.iter().map(|r| (r.first(), r.last())));
        rounds[round].push(SegmentIx(i));
    }
    rounds
}
