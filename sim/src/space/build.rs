//! Making sets: from ranges, boxes, many sets, and rule lists.
//!
//! In: intervals, boxes, sets in order. Out: one set. What can go wrong: the
//! space is full.

use super::apply::Op;
use super::{Cube, Field, Interval, Set, Space, SpaceFull};

impl Space {
    /// Packets whose `field` lies in one of the intervals, in any order and
    /// overlapping or not. Values beyond the field's domain do not exist.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn field(&mut self, field: Field, intervals: &[Interval]) -> Result<Set, SpaceFull> {
        self.split(field, intervals, Set::FULL)
    }

    /// Packets in the box.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn cube(&mut self, cube: &Cube) -> Result<Set, SpaceFull> {
        (0..Field::COUNT).rev().try_fold(Set::FULL, |below, level| {
            let field = self.arena.field(level);
            self.split(field, cube.get(field), below)
        })
    }

    /// Packets whose two addresses are of one family: both IPv4 or both IPv6.
    /// Intersect with it before asking for a witness a person shall believe.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn same_family(&mut self) -> Result<Set, SpaceFull> {
        let both = |family: &[Interval]| {
            let ends = Cube::any().with(Field::Dst, family.to_vec());
            ends.with(Field::Src, family.to_vec())
        };
        let v4 = self.cube(&both(&[Interval::V4]))?;
        let v6 = self.cube(&both(&Interval::V6))?;
        self.union(v4, v6)
    }

    /// `below` where `field` lies in the intervals, nothing elsewhere.
    ///
    /// PRECONDITION: `below` decides only fields after `field`.
    pub(super) fn split(
        &mut self,
        field: Field,
        intervals: &[Interval],
        below: Set,
    ) -> Result<Set, SpaceFull> {
        let base = self.scratch.len();
        for interval in Interval::normalise(field, intervals) {
            if let Some(gap) = interval.lo.checked_sub(1) {
                self.push(base, gap, Set::EMPTY);
            }
            self.push(base, interval.hi, below);
        }
        self.end_with(field, base, Set::EMPTY)
    }

    /// Makes the node whose ranges start at `base`, with `rest` from the last
    /// range to the top of the field.
    pub(super) fn end_with(
        &mut self,
        field: Field,
        base: usize,
        rest: Set,
    ) -> Result<Set, SpaceFull> {
        let last = self.scratch[base..].last().map(|range| range.0);
        if last != Some(field.max()) {
            self.push(base, field.max(), rest);
        }
        self.finish(self.arena.level_of(field), base)
    }

    /// Packets in any of the sets.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn union_all(&mut self, sets: &[Set]) -> Result<Set, SpaceFull> {
        self.fold(Op::Union, sets)
    }

    /// What an ordered rule list accepts: each packet is decided by the first
    /// rule whose set contains it, `true` accepting and `false` denying; a
    /// packet in no rule is denied.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn first_match(&mut self, rules: &[(Set, bool)]) -> Result<Set, SpaceFull> {
        let mut decided = Vec::with_capacity(rules.len());
        for &(set, accept) in rules {
            decided.push(match accept {
                true => set,
                false => self.apply(Op::Intersection, set, Set::DENY)?,
            });
        }
        // A diagram with the ends undecided (empty), accept (full) and deny
        // carries "accepted" and "matched" together, so that one override does
        // the work of two unions and a difference.
        let decisions = self.fold(Op::Override, &decided)?;
        self.apply(Op::Settle, decisions, Set::EMPTY)
    }

    /// Combines neighbours, then neighbours of the results, and so on: small
    /// diagrams meet small ones and large ones are walked seldom.
    pub(super) fn fold(&mut self, op: Op, sets: &[Set]) -> Result<Set, SpaceFull> {
        let mut sets = sets.to_vec();
        while sets.len() > 1 {
            let mut merged = Vec::with_capacity(sets.len().div_ceil(2));
            for pair in sets.chunks(2) {
                merged.push(match *pair {
                    [a, b] => self.apply(op, a, b)?,
                    _ => pair[0],
                });
            }
            sets = merged;
        }
        Ok(sets.first().copied().unwrap_or(Set::EMPTY))
    }
}
