//! Raw numbers that a builder turns into choices.
//!
//! Goes in: numbers that proptest made. Comes out: choices, each smallest where the number is 0, so that
//! shrinking a number makes the network simpler. Nothing can go wrong: numbers that are wanting count as 0.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use std::ops::RangeInclusive;

/// The numbers of one element, such as a link or a rule.
pub(super) type Raw = Vec<u16>;

/// How many numbers one element has; no element asks for more.
const LENGTH: usize = 32;

/// Lists of elements.
pub(super) fn elements(count: RangeInclusive<usize>) -> impl Strategy<Value = Vec<Raw>> {
    vec(vec(0..256_u16, LENGTH), count)
}

/// The choices that the numbers of an element make, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Choices<'r> {
    left: std::slice::Iter<'r, u16>,
}

impl<'r> Choices<'r> {
    pub(super) fn new(raw: &'r [u16]) -> Self {
        Self { left: raw.iter() }
    }

    fn number(&mut self) -> usize {
        usize::from(self.left.next().copied().unwrap_or(0))
    }

    /// A number below `count`, or 0 if that is 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.number().checked_rem(count).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a hundred; 0 is never.
    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) + chance >= 100
    }

    /// One of the items.
    pub(super) fn of<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        let at = self.below(items.len());
        items.get(at)
    }

    /// Some of the items: each with the same chance.
    pub(super) fn some<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mask = self.number();
        items
            .iter()
            .enumerate()
            .filter(|(i, _)| mask >> (i % 8) & 1 == 1)
            .map(|(_, item)| item.clone())
            .collect()
    }
}
