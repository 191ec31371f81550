//! The box form of a set: disjoint boxes that people can read.
//!
//! In: a set. Out: boxes that together contain exactly its packets, few rather
//! than many, in rising order. Nothing can go wrong, but the boxes of a set can
//! be many: ask for a limited number where a person reads them.

use rustc_hash::FxHashMap;

use super::{Cube, Set, Space, compact};

/// Boxes that [`Space::cubes_limited`] compacts as a whole.
const WHOLE: usize = 1 << 14;
/// Beyond [`WHOLE`], how many of the first boxes it compacts.
const SOME: usize = 1 << 11;

impl Space {
    /// Disjoint boxes that together contain exactly the packets of `a`, in
    /// rising order, and the same in every run. The number is small, not always
    /// the least possible.
    #[must_use]
    pub fn cubes(&self, a: Set) -> Vec<Cube> {
        compact::compact(self.paths(a, usize::MAX))
    }

    /// At most `max` of the boxes of `a`, and whether there are more.
    #[must_use]
    pub fn cubes_limited(&self, a: Set, max: usize) -> (Vec<Cube>, bool) {
        let total = self.count_paths(a, &mut FxHashMap::default());
        if total > max.max(WHOLE) {
            let mut cubes = compact::compact(self.paths(a, max.max(SOME)));
            cubes.truncate(max);
            return (cubes, true);
        }
        let mut cubes = self.cubes(a);
        let truncated = cubes.len() > max;
        cubes.truncate(max);
        (cubes, truncated)
    }

    /// The first `max` boxes as the diagram has them: one for each way down to
    /// "full", where ranges of a node with the same child are one way. Two ways
    /// part at some node into different ranges, so the boxes are disjoint.
    pub(super) fn paths(&self, a: Set, max: usize) -> Vec<Cube> {
        let mut found = Vec::new();
        self.walk(a, Cube::any(), max, &mut found);
        found
    }

    fn walk(&self, a: Set, so_far: Cube, max: usize, found: &mut Vec<Cube>) {
        if found.len() >= max || a == Set::EMPTY {
            return;
        }
        if a.is_end() {
            found.push(so_far);
            return;
        }
        let field = self.arena.field(self.arena.level(a));
        for (intervals, child) in self.groups(a, field) {
            let narrower = so_far.clone().with(field, intervals);
            self.walk(child, narrower, max, found);
        }
    }

    /// How many boxes [`Space::paths`] would find.
    fn count_paths(&self, a: Set, known: &mut FxHashMap<Set, usize>) -> usize {
        if a.is_end() {
            return usize::from(a == Set::FULL);
        }
        if let Some(&count) = known.get(&a) {
            return count;
        }
        let mut count: usize = 0;
        let field = self.arena.field(self.arena.level(a));
        for (_, child) in self.groups(a, field) {
            count = count.saturating_add(self.count_paths(child, known));
        }
        known.insert(a, count);
        count
    }
}
