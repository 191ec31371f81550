//! Fewer boxes for the same packets.
//!
//! In: disjoint boxes. Out: disjoint boxes with the same packets, as few as two
//! simple means find: joining boxes that differ in one field only, and cutting
//! the set along another order of fields. Nothing can go wrong.

use std::collections::BTreeMap;

use super::{Cube, Field, Interval, Space};

/// Boxes beyond which other orders of the fields are not tried: nobody reads
/// so many, and each order costs as much as building the set once more.
const READABLE: usize = 1 << 11;

/// Orders in which to look at a set, beside the usual one: by source, by
/// service first, and by service between the addresses.
const ORDERS: [[Field; Field::COUNT]; 5] = {
    use Field::{Dst, DstPort, Protocol, Src, SrcPort};
    [
        [Src, Dst, Protocol, DstPort, SrcPort],
        [Dst, Protocol, DstPort, SrcPort, Src],
        [Src, Protocol, DstPort, SrcPort, Dst],
        [Protocol, DstPort, SrcPort, Dst, Src],
        [Protocol, DstPort, SrcPort, Src, Dst],
    ]
};

/// The boxes with the same packets, fewest first tried, sorted.
pub(super) fn compact(mut cubes: Vec<Cube>) -> Vec<Cube> {
    let readable = cubes.len() <= READABLE;
    join(&mut cubes);
    if readable && cubes.len() > 1 {
        let others = ORDERS.iter().filter_map(|order| recut(&cubes, *order));
        cubes = others.fold(cubes.clone(), |best, other| {
            if weight(&other) < weight(&best) {
                other
            } else {
                best
            }
        });
    }
    cubes
}

/// What a reader has to read: boxes first, then intervals.
fn weight(cubes: &[Cube]) -> (usize, usize) {
    let intervals = |cube: &Cube| Field::ALL.map(|f| cube.get(f).len()).iter().sum::<usize>();
    (cubes.len(), cubes.iter().map(intervals).sum())
}

/// The boxes of the same set along another order of fields; nothing if that
/// order needs too much memory.
fn recut(cubes: &[Cube], order: [Field; Field::COUNT]) -> Option<Vec<Cube>> {
    let mut space = Space::ordered(Space::DEFAULT_LIMIT / 16, order);
    let sets: Result<Vec<_>, _> = cubes.iter().map(|cube| space.cube(cube)).collect();
    let all = space.union_all(&sets.ok()?).ok()?;
    let mut cubes = space.paths(all, READABLE + 1);
    if cubes.len() > READABLE {
        return None;
    }
    join(&mut cubes);
    Some(cubes)
}

/// Joins boxes that differ in one field only, until there are none, and leaves
/// them sorted.
///
/// CORRECTNESS: such boxes are disjoint in that field, so the joined box holds
/// the packets of both and stays disjoint from all others.
fn join(cubes: &mut Vec<Cube>) {
    loop {
        let before = cubes.len();
        for field in Field::ALL {
            let mut joined: BTreeMap<Cube, Vec<Interval>> = BTreeMap::new();
            for mut cube in cubes.drain(..) {
                let values = std::mem::take(cube.get_mut(field));
                joined.entry(cube).or_default().extend(values);
            }
            // CORRECTNESS: the map is sorted by all fields but this one, and the
            // last field to pass here weighs least, so the boxes end up sorted.
            cubes.extend(joined.into_iter().map(|(cube, values)| {
                let values = Interval::normalise(field, &values);
                cube.with(field, values)
            }));
        }
        if cubes.len() == before {
            return;
        }
    }
}
