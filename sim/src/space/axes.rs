//! Axes: further numbers beside the fields of a packet, for sets of packets in many situations at once.
//!
//! In: how far each axis reaches. Out: sets of points, each a packet and a value on every axis; which
//! packets are in such a set anywhere or at one place, and at which places it has any. What can go wrong:
//! the space is full. An axis is a level below all fields, so every operation on sets works on such
//! sets too; questions about packets (`count`, `cubes`, `smallest`, …) are for sets without axes.

use rustc_hash::FxHashMap;

use super::{Field, Set, Space, SpaceFull};

/// Values on one axis, both included.
pub type Stretch = (u16, u16);

impl Space {
    /// An empty space with the default limit whose axes reach from 0 to these values.
    #[must_use]
    pub fn with_axes(tops: &[u16]) -> Self {
        let mut space = Self::new();
        space.arena = super::arena::Arena::new(Self::DEFAULT_LIMIT, Field::ALL, tops.to_vec());
        space
    }

    /// The points whose value on an axis lies in one of the stretches, which are sorted and disjoint.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn axis(&mut self, axis: usize, stretches: &[Stretch]) -> Result<Set, SpaceFull> {
        let level = Field::COUNT + axis;
        let top = self.arena.top(level);
        let base = self.scratch.len();
        for &(lo, hi) in stretches.iter().filter(|s| u128::from(s.0) <= top) {
            if let Some(gap) = u128::from(lo).checked_sub(1) {
                self.push(base, gap, Set::EMPTY);
            }
            self.push(base, u128::from(hi).min(top), Set::FULL);
        }
        if self.scratch[base..].last().map(|range| range.0) != Some(top) {
            self.push(base, top, Set::EMPTY);
        }
        self.finish(level, base)
    }

    /// The packets that are in `a` at some place.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn somewhere(&mut self, a: Set) -> Result<Set, SpaceFull> {
        self.axes_replaced(a, &mut |_, below| match below {
            Set::EMPTY => Set::EMPTY,
            _ => Set::FULL,
        })
    }

    /// The packets that are in `a` at one place.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn at(&mut self, a: Set, place: &[u16]) -> Result<Set, SpaceFull> {
        self.axes_replaced(a, &mut |space, below| space.follow(below, place))
    }

    /// Whether a set that decides only axes holds a place.
    #[must_use]
    pub fn holds_place(&self, a: Set, place: &[u16]) -> bool {
        self.follow(a, place) == Set::FULL
    }

    /// What a set that decides only axes holds at a place.
    fn follow(&self, mut at: Set, place: &[u16]) -> Set {
        while !at.is_end() {
            let level = self.arena.level(at);
            let value = place.get(level - Field::COUNT).copied().unwrap_or(0);
            let mut cursor = self.arena.cursor(at, level);
            self.arena.seek(&mut cursor, value.into());
            at = cursor.child;
        }
        at
    }

    fn axes_replaced(
        &mut self,
        a: Set,
        change: &mut impl FnMut(&Self, Set) -> Set,
    ) -> Result<Set, SpaceFull> {
        let mut known = FxHashMap::default();
        self.replaced(a, &mut known, change)
    }

    fn replaced(
        &mut self,
        a: Set,
        known: &mut FxHashMap<Set, Set>,
        change: &mut impl FnMut(&Self, Set) -> Set,
    ) -> Result<Set, SpaceFull> {
        if self.arena.level(a) >= Field::COUNT {
            return Ok(change(self, a));
        }
        if let Some(&there) = known.get(&a) {
            return Ok(there);
        }
        let ranges: Vec<(u128, Set)> = self.arena.ranges(a).collect();
        let base = self.scratch.len();
        for (hi, child) in ranges {
            let child = self.replaced(child, known, change)?;
            self.push(base, hi, child);
        }
        let made = self.finish(self.arena.level(a), base)?;
        known.insert(a, made);
        Ok(made)
    }

    /// The places at which `a` has any packet, as a set that decides only axes.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn places(&mut self, a: Set) -> Result<Set, SpaceFull> {
        let mut ends = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut open = vec![a];
        while let Some(at) = open.pop() {
            if at == Set::EMPTY || !seen.insert(at) {
                continue;
            }
            match self.arena.level(at) >= Field::COUNT {
                true => ends.push(at),
                false => open.extend(self.arena.ranges(at).map(|(_, child)| child)),
            }
        }
        ends.sort_unstable();
        self.union_all(&ends)
    }

    /// How many places a set that decides only axes holds; `u128::MAX` stands for that many or more.
    #[must_use]
    pub fn count_places(&self, a: Set) -> u128 {
        let skipped = self.places_between(Field::COUNT, self.arena.level(a).max(Field::COUNT));
        skipped.saturating_mul(self.places_below(a, &mut FxHashMap::default()))
    }

    fn places_between(&self, from: usize, to: usize) -> u128 {
        let values = (from..to).map(|level| self.arena.top(level) + 1);
        values.fold(1, u128::saturating_mul)
    }

    fn places_below(&self, a: Set, known: &mut FxHashMap<Set, u128>) -> u128 {
        if a.is_end() {
            return u128::from(a == Set::FULL);
        }
        if let Some(&count) = known.get(&a) {
            return count;
        }
        let level = self.arena.level(a);
        let (mut next, mut count) = (0, 0u128);
        for (hi, child) in self.arena.ranges(a) {
            let skipped = self.places_between(level + 1, self.arena.level(child));
            let below = skipped.saturating_mul(self.places_below(child, known));
            count = count.saturating_add(below.saturating_mul(hi - next + 1));
            next = hi + 1;
        }
        known.insert(a, count);
        count
    }

    /// The place of a set that decides only axes whose values have the smallest sum; of equals, the one
    /// with the smaller value on the first axis that differs. `None` if the set is empty.
    #[must_use]
    pub fn nearest(&self, a: Set) -> Option<Vec<u16>> {
        let mut known = FxHashMap::default();
        self.sum(a, &mut known)?;
        let mut place = vec![0; self.arena.axes()];
        let mut at = a;
        while !at.is_end() {
            let best = self.sum(at, &mut known)?;
            let axis = self.arena.level(at) - Field::COUNT;
            let mut lo = 0;
            for (hi, child) in self.arena.ranges(at) {
                if self
                    .sum(child, &mut known)
                    .is_some_and(|rest| rest + lo == best)
                {
                    place[axis] = u16::try_from(lo).ok()?;
                    at = child;
                    break;
                }
                lo = hi + 1;
            }
        }
        Some(place)
    }

    fn sum(&self, a: Set, known: &mut FxHashMap<Set, Option<u128>>) -> Option<u128> {
        if a.is_end() {
            return (a == Set::FULL).then_some(0);
        }
        if let Some(&sum) = known.get(&a) {
            return sum;
        }
        let mut lo = 0;
        let mut best: Option<u128> = None;
        for (hi, child) in self.arena.ranges(a) {
            let sum = self.sum(child, known).map(|rest| rest + lo);
            best = best.into_iter().chain(sum).min();
            lo = hi + 1;
        }
        known.insert(a, best);
        best
    }

    /// Disjoint boxes that together make a set that decides only axes, at most `most` of them: for each
    /// the axes it restricts and to what. Every axis left out is free.
    #[must_use]
    pub fn place_boxes(&self, a: Set, most: usize) -> Vec<Vec<(usize, Stretch)>> {
        let mut found = Vec::new();
        self.box_walk(a, &mut Vec::new(), most, &mut found);
        found
    }

    fn box_walk(
        &self,
        a: Set,
        so_far: &mut Vec<(usize, Stretch)>,
        most: usize,
        found: &mut Vec<Vec<(usize, Stretch)>>,
    ) {
        if a == Set::EMPTY || found.len() >= most {
            return;
        }
        if a.is_end() {
            found.push(so_far.clone());
            return;
        }
        let axis = self.arena.level(a) - Field::COUNT;
        let narrow = |v: u128| u16::try_from(v).unwrap_or(u16::MAX);
        let mut lo = 0;
        for (hi, child) in self.arena.ranges(a) {
            so_far.push((axis, (narrow(lo), narrow(hi))));
            self.box_walk(child, so_far, most, found);
            so_far.pop();
            lo = hi + 1;
        }
    }
}
