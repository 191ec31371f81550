//! The algebra: operations on two sets, node by node.
//!
//! In: two sets. Out: their union, intersection, difference, or whether one
//! lies in the other. What can go wrong: the space is full.

use super::arena::Cursor;
use super::{Set, Space, SpaceFull};

/// An operation on two diagrams, defined by its effect on the ends.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Op {
    /// In either.
    Union,
    /// In both.
    Intersection,
    /// In the left, not in the right.
    Difference,
    /// The left where it decides anything, else the right. Where the left "perhaps returns", the right
    /// counts if it is full; another decision of it cannot be relied on and becomes "return".
    Override,
    /// The left with every end but "full" made empty; the right is not used.
    Settle,
    /// The left with "return" and "perhaps return" made empty; the right is not used.
    Leave,
    /// Full where the left is not empty; the right is not used.
    Decided,
}

impl Op {
    /// `a op b` where it is known without looking inside.
    ///
    /// CORRECTNESS: every pair of ends that occurs has its result here, so that
    /// the recursion ends at the ends. Ends beyond "full" occur in the last four operations and as one
    /// side of an intersection with a plain set, which marks where a rule decides.
    #[inline]
    fn shortcut(self, a: Set, b: Set) -> Option<Set> {
        const EMPTY: Set = Set::EMPTY;
        const FULL: Set = Set::FULL;
        match self {
            Self::Union if a == b || b == EMPTY => Some(a),
            Self::Union if a == EMPTY => Some(b),
            Self::Union if a == FULL || b == FULL => Some(FULL),
            Self::Intersection if a == b || b == FULL => Some(a),
            Self::Intersection if a == FULL => Some(b),
            Self::Intersection if a == EMPTY || b == EMPTY => Some(EMPTY),
            Self::Difference if a == b || a == EMPTY || b == FULL => Some(EMPTY),
            Self::Difference if b == EMPTY => Some(a),
            Self::Override if a == EMPTY => Some(b),
            Self::Override if a == b || b == EMPTY => Some(a),
            Self::Override if a == Set::PERHAPS => match b {
                FULL => Some(FULL),
                Set::DENY | Set::RETURN => Some(Set::RETURN),
                _ => None,
            },
            Self::Override if a.is_end() => Some(a),
            Self::Settle if a == FULL => Some(FULL),
            Self::Settle if a.is_end() => Some(EMPTY),
            Self::Leave if a == Set::RETURN || a == Set::PERHAPS => Some(EMPTY),
            Self::Leave if a.is_end() => Some(a),
            Self::Decided if a == EMPTY => Some(EMPTY),
            Self::Decided if a.is_end() => Some(FULL),
            _ => None,
        }
    }

    /// The sets in the order in which the result is remembered.
    fn arranged(self, a: Set, b: Set) -> (Set, Set) {
        match self {
            Self::Union | Self::Intersection => (a.min(b), a.max(b)),
            Self::Difference | Self::Override | Self::Settle | Self::Leave | Self::Decided => {
                (a, b)
            }
        }
    }

    /// Whether `a op b` is the same for every `b`.
    fn ignores_right(self, a: Set) -> bool {
        match self {
            Self::Union => a == Set::FULL,
            Self::Intersection | Self::Difference => a == Set::EMPTY,
            Self::Override => a.is_end() && a != Set::EMPTY && a != Set::PERHAPS,
            Self::Settle | Self::Leave | Self::Decided => true,
        }
    }

    /// Whether `a op b` is the same for every `a`.
    fn ignores_left(self, b: Set) -> bool {
        match self {
            Self::Union | Self::Difference => b == Set::FULL,
            Self::Intersection => b == Set::EMPTY,
            Self::Override | Self::Settle | Self::Leave | Self::Decided => false,
        }
    }

    /// How far the result at two cursors is the same: to the end of the nearer
    /// range, or of the range that alone decides.
    #[inline]
    fn reach(self, left: &Cursor, right: &Cursor) -> u128 {
        let by_left = self.ignores_right(left.child);
        let by_right = self.ignores_left(right.child);
        match (by_left, by_right) {
            (true, true) => left.hi.max(right.hi),
            (true, false) => left.hi,
            (false, true) => right.hi,
            (false, false) => left.hi.min(right.hi),
        }
    }
}

impl Space {
    /// Packets in `a` or in `b`.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn union(&mut self, a: Set, b: Set) -> Result<Set, SpaceFull> {
        self.apply(Op::Union, a, b)
    }

    /// Packets in both `a` and `b`.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn intersection(&mut self, a: Set, b: Set) -> Result<Set, SpaceFull> {
        self.apply(Op::Intersection, a, b)
    }

    /// Packets in `a` but not in `b`.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn difference(&mut self, a: Set, b: Set) -> Result<Set, SpaceFull> {
        self.apply(Op::Difference, a, b)
    }

    /// Packets not in `a`.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn complement(&mut self, a: Set) -> Result<Set, SpaceFull> {
        self.apply(Op::Difference, Set::FULL, a)
    }

    #[inline]
    pub(super) fn apply(&mut self, op: Op, a: Set, b: Set) -> Result<Set, SpaceFull> {
        match op.shortcut(a, b) {
            Some(result) => Ok(result),
            None => self.apply_inside(op, a, b),
        }
    }

    /// `a op b`, range by range.
    fn apply_inside(&mut self, op: Op, a: Set, b: Set) -> Result<Set, SpaceFull> {
        let (a, b) = op.arranged(a, b);
        if let Some(result) = self.memo.get(op, a, b) {
            return Ok(result);
        }
        let level = self.arena.level(a).min(self.arena.level(b));
        let top = self.arena.top(level);
        let base = self.scratch.len();
        let mut left = self.arena.cursor(a, level);
        let mut right = self.arena.cursor(b, level);
        loop {
            let hi = op.reach(&left, &right);
            let child = self.apply(op, left.child, right.child)?;
            self.push(base, hi, child);
            if hi == top {
                break;
            }
            self.arena.seek(&mut left, hi + 1);
            self.arena.seek(&mut right, hi + 1);
        }
        let result = self.finish(level, base)?;
        self.memo.put(op, a, b, result, self.arena.nodes());
        Ok(result)
    }

    /// Whether every packet of `a` is in `b`. Needs no memory in the arena.
    pub fn is_subset(&mut self, a: Set, b: Set) -> bool {
        self.leaves_nothing(Op::Difference, a, b)
    }

    /// Whether no packet is in both `a` and `b`. Needs no memory in the arena.
    pub fn is_disjoint(&mut self, a: Set, b: Set) -> bool {
        self.leaves_nothing(Op::Intersection, a, b)
    }

    /// Whether `a op b` is empty, without making it: stops at the first part
    /// that is not.
    fn leaves_nothing(&mut self, op: Op, a: Set, b: Set) -> bool {
        if let Some(result) = op.shortcut(a, b) {
            return result == Set::EMPTY;
        }
        let (a, b) = op.arranged(a, b);
        if let Some(result) = self.memo.get(op, a, b) {
            return result == Set::EMPTY;
        }
        let level = self.arena.level(a).min(self.arena.level(b));
        let mut left = self.arena.cursor(a, level);
        let mut right = self.arena.cursor(b, level);
        loop {
            let hi = op.reach(&left, &right);
            if !self.leaves_nothing(op, left.child, right.child) {
                return false;
            }
            if hi == self.arena.top(level) {
                break;
            }
            self.arena.seek(&mut left, hi + 1);
            self.arena.seek(&mut right, hi + 1);
        }
        self.memo.put(op, a, b, Set::EMPTY, self.arena.nodes());
        true
    }
}
