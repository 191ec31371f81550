//! A set of small numbers that is asked for its lowest and its highest, a bit for each.
//!
//! Goes in: numbers below the room that was made for them. Comes out: one end of the set after the other. What can go
//! wrong: nothing as long as [`Ranks::fit`] made room.

/// Bits of a word.
const BITS: u32 = u64::BITS;

/// A set of numbers.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    words: Vec<u64>,
    /// The words that may hold any: from the first to before the second.
    from: usize,
    to: usize,
}

impl Ranks {
    /// Makes room for the numbers below `count`. The set is empty before and after.
    pub(super) fn fit(&mut self, count: usize) {
        self.words.resize(count / BITS as usize + 1, 0);
        (self.from, self.to) = (self.words.len(), 0);
    }

    /// Puts one in.
    pub(super) fn add(&mut self, rank: u32) {
        let at = (rank / BITS) as usize;
        self.words[at] |= 1 << (rank % BITS);
        self.from = self.from.min(at);
        self.to = self.to.max(at + 1);
    }

    /// Takes out the lowest.
    pub(super) fn take_lowest(&mut self) -> Option<u32> {
        while self.from < self.to {
            let word = &mut self.words[self.from];
            if *word != 0 {
                let bit = word.trailing_zeros();
                *word &= *word - 1;
                return Some(number(self.from, bit));
            }
            self.from += 1;
        }
        (self.from, self.to) = (self.words.len(), 0);
        None
    }

    /// The highest.
    pub(super) fn highest(&mut self) -> Option<u32> {
        while self.from < self.to {
            let word = self.words[self.to - 1];
            if word != 0 {
                return Some(number(self.to - 1, word.ilog2()));
            }
            self.to -= 1;
        }
        (self.from, self.to) = (self.words.len(), 0);
        None
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, rank: u32) {
        self.words[(rank / BITS) as usize] &= !(1 << (rank % BITS));
    }
}

/// The number of a bit.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whatever is added has 32 bits"
)]
fn number(word: usize, bit: u32) -> u32 {
    word as u32 * BITS + bit
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Ranks;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn both_ends_are_those_of_a_sorted_set(steps in prop::collection::vec((0u32..200, 0u8..4), 0..300)) {
            let (mut ranks, mut sorted) = (Ranks::default(), BTreeSet::new());
            ranks.fit(200);
            for (rank, what) in steps {
                match what {
                    0 => prop_assert_eq!(ranks.take_lowest(), sorted.pop_first()),
                    1 => {
                        let highest = ranks.highest();
                        prop_assert_eq!(highest, sorted.last().copied());
                        if let Some(rank) = highest {
                            ranks.remove(rank);
                            sorted.pop_last();
                        }
                    }
                    _ => {
                        ranks.add(rank);
                        sorted.insert(rank);
                    }
                }
            }
            prop_assert_eq!(std::iter::from_fn(|| ranks.take_lowest()).collect::<Vec<_>>(), Vec::from_iter(sorted));
        }
    }
}
