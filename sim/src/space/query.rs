//! Questions about a set: its packets, values, size, and smallest packet.
//!
//! In: a set. Out: plain values. Nothing can go wrong.

use num_bigint::BigUint;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Field, Interval, Point, Set, Space};

impl Space {
    /// Whether no packet is in `a`.
    #[must_use]
    pub fn is_empty(&self, a: Set) -> bool {
        a == Set::EMPTY
    }

    /// Whether the packet `point` is in `a`.
    #[must_use]
    pub fn contains(&self, a: Set, point: &Point) -> bool {
        let mut at = a;
        while !at.is_end() {
            let level = self.arena.level(at);
            let value = point.get(self.arena.field(level));
            let mut cursor = self.arena.cursor(at, level);
            self.arena.seek(&mut cursor, value);
            at = cursor.child;
        }
        at == Set::FULL
    }

    /// The values of `field` that occur in `a`, sorted and merged.
    #[must_use]
    pub fn project(&self, a: Set, field: Field) -> Vec<Interval> {
        let mut values = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![a];
        while let Some(at) = open.pop() {
            if at == Set::EMPTY || !seen.insert(at) {
                continue;
            }
            // CORRECTNESS: a set that is not the empty id has a packet, so every
            // range of `field` that leads to one has values that occur.
            if self.arena.level(at) < self.arena.level_of(field) {
                open.extend(self.arena.ranges(at).map(|(_, child)| child));
            } else {
                let groups = self.groups(at, field);
                values.extend(groups.into_iter().flat_map(|(intervals, _)| intervals));
            }
        }
        Interval::normalise(field, &values)
    }

    /// The smallest packet of `a` in the order of [`Point`], or nothing if `a`
    /// is empty.
    #[must_use]
    pub fn smallest(&self, a: Set) -> Option<Point> {
        let mut values = [0; Field::COUNT];
        let mut at = a;
        while !at.is_end() {
            let field = self.arena.field(self.arena.level(at));
            let mut ranges = self.arena.ranges(at);
            let (hi, first) = ranges.next()?;
            // Neighbours differ, so at most one empty range comes first.
            (values[field as usize], at) = match first {
                Set::EMPTY => (hi + 1, ranges.next()?.1),
                _ => (0, first),
            };
        }
        (at == Set::FULL).then(|| Point::from_values(values))
    }

    /// The exact number of packets in `a`. There are 2^296 in all, so it does not
    /// fit a built-in type.
    #[must_use]
    pub fn cardinality(&self, a: Set) -> BigUint {
        let skipped = self.combinations(0, self.arena.level(a));
        self.cardinality_below(a, &mut FxHashMap::default()) << skipped
    }

    /// Packets of `a` over the fields from its own level on, exactly.
    fn cardinality_below(&self, a: Set, known: &mut FxHashMap<Set, BigUint>) -> BigUint {
        if a.is_end() {
            return BigUint::from(u8::from(a == Set::FULL));
        }
        if let Some(count) = known.get(&a) {
            return count.clone();
        }
        let level = self.arena.level(a);
        let mut next = 0;
        let mut count = BigUint::ZERO;
        for (hi, child) in self.arena.ranges(a) {
            if child != Set::EMPTY {
                // A node has at least two ranges, so a width never overflows.
                let width = BigUint::from(hi - next + 1);
                let skipped = self.combinations(level + 1, self.arena.level(child));
                count += (width << skipped) * self.cardinality_below(child, known);
            }
            next = hi.wrapping_add(1);
        }
        known.insert(a, count.clone());
        count
    }

    /// Combinations of values of the fields of the levels `from..to`, as a power
    /// of two: every domain has a power of two of values.
    fn combinations(&self, from: usize, to: usize) -> u32 {
        let bits = |level| u128::BITS - self.arena.top(level).leading_zeros();
        (from..to).map(bits).sum()
    }

    /// The number of packets in `a`. Exact while it and its parts need at most
    /// 53 binary digits, as does any product of powers of two; else rounded.
    #[must_use]
    pub fn count(&self, a: Set) -> f64 {
        let skipped = self.values_between(0, self.arena.level(a));
        skipped * self.count_below(a, &mut FxHashMap::default())
    }

    /// Packets of `a` counted over the fields from its own level on.
    fn count_below(&self, a: Set, known: &mut FxHashMap<Set, f64>) -> f64 {
        if a.is_end() {
            return if a == Set::FULL { 1.0 } else { 0.0 };
        }
        if let Some(&count) = known.get(&a) {
            return count;
        }
        let level = self.arena.level(a);
        let mut next = 0;
        let mut count = 0.0;
        for (hi, child) in self.arena.ranges(a) {
            // A node has at least two ranges, so a width never overflows.
            let width = (hi - next + 1) as f64;
            let skipped = self.values_between(level + 1, self.arena.level(child));
            count += width * skipped * self.count_below(child, known);
            next = hi.wrapping_add(1);
        }
        known.insert(a, count);
        count
    }

    /// Combinations of values of the fields of the levels `from..to`.
    fn values_between(&self, from: usize, to: usize) -> f64 {
        let values = |level| self.arena.top(level) as f64 + 1.0;
        (from..to).map(values).product()
    }

    /// The values of `field` in `a` by what they lead to: each child that is
    /// not empty, with the intervals leading to it, in order of the first.
    ///
    /// PRECONDITION: `a` decides only `field` and later fields.
    pub(super) fn groups(&self, a: Set, field: Field) -> Vec<(Vec<Interval>, Set)> {
        if a == Set::EMPTY {
            return Vec::new();
        }
        if self.arena.level(a) != self.arena.level_of(field) {
            return vec![(vec![field.all()], a)];
        }
        let mut groups: Vec<(Vec<Interval>, Set)> = Vec::new();
        let mut place = FxHashMap::default();
        let mut lo = 0;
        for (hi, child) in self.arena.ranges(a) {
            if child != Set::EMPTY {
                let at = *place.entry(child).or_insert(groups.len());
                if at == groups.len() {
                    groups.push((Vec::new(), child));
                }
                groups[at].0.push(Interval::new(lo, hi));
            }
            lo = hi.wrapping_add(1);
        }
        groups
    }
}
