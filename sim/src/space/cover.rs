//! Questions about many sets at once: is a set covered by others together, by
//! which, and what would the rest of a rule list make of it.
//!
//! In: a set and lists of sets. Out: yes or no, or the positions of a cover.
//! Nothing of the answer is stored in the arena: the sets are walked side by
//! side, and the walk ends at the first packet that says no, so that asking about
//! every line of a long list costs little more than making its accept set. What
//! can go wrong: making a [`Block`] or a cover builds sets and may report
//! [`SpaceFull`]; a walk cannot fail.

use rustc_hash::FxHashSet;

use super::apply::Op;
use super::arena::Cursor;
use super::{Set, Space, SpaceFull};

/// Some rules of an ordered list, with what each packet is decided as by the
/// first of them that matches it. It belongs to the space that made it.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Block(Set);

/// A part of a question: packets, sets that excuse them, and blocks that decide
/// what is not excused, the last of them an end.
#[derive(Clone, Eq, PartialEq, Hash)]
struct Part {
    packets: Set,
    excuses: Vec<Set>,
    blocks: Vec<Set>,
}

impl Block {
    /// Rules that decide nothing.
    pub const EMPTY: Self = Self(Set::EMPTY);

    const fn all(accept: bool) -> Set {
        if accept { Set::FULL } else { Set::DENY }
    }
}

impl Part {
    /// The answer where it is known without looking inside: every packet is
    /// excused or decided as `wanted`, or one certainly is not. Drops what has
    /// no say.
    fn settle(&mut self, wanted: Set) -> Option<bool> {
        let packets = self.packets;
        let excused = |e: &Set| *e == Set::FULL || *e == packets;
        if packets == Set::EMPTY || self.excuses.iter().any(excused) {
            return Some(true);
        }
        self.excuses.retain(|e| *e != Set::EMPTY);
        self.blocks.retain(|b| *b != Set::EMPTY);
        let end = self.blocks.iter().position(|b| b.is_end());
        self.blocks.truncate(end.map_or(usize::MAX, |at| at + 1));
        match (end, self.excuses.as_slice()) {
            (Some(0), _) if self.blocks[0] == wanted => Some(true),
            (Some(0), []) => Some(false),
            _ => None,
        }
    }
}

impl Space {
    /// A block of one rule.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn block(&mut self, rule: Set, accept: bool) -> Result<Block, SpaceFull> {
        self.apply(Op::Intersection, rule, Block::all(accept))
            .map(Block)
    }

    /// The rules of `first` with those of `then` behind them.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn chain(&mut self, first: Block, then: Block) -> Result<Block, SpaceFull> {
        self.apply(Op::Override, first.0, then.0).map(Block)
    }

    /// Whether every packet of `a` is in one of the `others`.
    pub fn is_covered(&mut self, a: Set, others: &[Set]) -> bool {
        self.is_excused_or_decided(a, others, &[], (true, false))
    }

    /// Whether every packet of `a` is in one of the sets `excuses`, or is
    /// decided as `accept` says by the first of the blocks that decides it, and
    /// by `default` if none does.
    pub fn is_excused_or_decided(
        &mut self,
        a: Set,
        excuses: &[Set],
        blocks: &[Block],
        (accept, default): (bool, bool),
    ) -> bool {
        let blocks = blocks.iter().map(|block| block.0);
        let part = Part {
            packets: a,
            excuses: excuses.to_vec(),
            blocks: blocks.chain([Block::all(default)]).collect(),
        };
        self.holds(part, Block::all(accept), &mut FxHashSet::default())
    }

    /// Whether the answer is yes for every packet of the part. `proved` are
    /// parts of which that is known; a no ends the whole walk.
    fn holds(&mut self, mut part: Part, wanted: Set, proved: &mut FxHashSet<Part>) -> bool {
        if let Some(answer) = part.settle(wanted) {
            return answer;
        }
        if let ([one], true) = (part.excuses.as_slice(), part.blocks[0].is_end()) {
            return self.is_subset(part.packets, *one);
        }
        part.excuses.sort_unstable();
        part.excuses.dedup();
        if proved.contains(&part) {
            return true;
        }
        let yes = self.holds_inside(&part, wanted, proved);
        if yes {
            proved.insert(part);
        }
        yes
    }

    /// [`Space::holds`] range by range.
    fn holds_inside(&mut self, part: &Part, wanted: Set, proved: &mut FxHashSet<Part>) -> bool {
        let all = || part.excuses.iter().chain(&part.blocks);
        let levels = all().chain([&part.packets]).map(|s| self.arena.level(*s));
        let Some(level) = levels.min() else {
            return true;
        };
        let mut packets = self.arena.cursor(part.packets, level);
        let cursors = |sets: &[Set]| -> Vec<Cursor> {
            sets.iter().map(|s| self.arena.cursor(*s, level)).collect()
        };
        let (mut excuses, mut blocks) = (cursors(&part.excuses), cursors(&part.blocks));
        let children = |cursors: &[Cursor]| cursors.iter().map(|c| c.child).collect();
        loop {
            let inner = Part {
                packets: packets.child,
                excuses: children(&excuses),
                blocks: children(&blocks),
            };
            let hi = reach(&packets, &excuses, &blocks);
            if !self.holds(inner, wanted, proved) {
                return false;
            }
            if hi == self.arena.top(level) {
                return true;
            }
            let others = excuses.iter_mut().chain(&mut blocks);
            for cursor in others.chain([&mut packets]) {
                self.arena.seek(cursor, hi + 1);
            }
        }
    }
}

/// How far the question at these cursors stays the same: to the end of the
/// nearest range, or of the range that alone answers it.
fn reach(packets: &Cursor, excuses: &[Cursor], blocks: &[Cursor]) -> u128 {
    if packets.child == Set::EMPTY {
        return packets.hi;
    }
    let whole = excuses.iter().filter(|c| c.child == Set::FULL);
    if let Some(far) = whole.map(|c| c.hi).max() {
        return far;
    }
    let nearest = excuses.iter().chain(blocks).map(|c| c.hi).min();
    nearest.map_or(packets.hi, |near| near.min(packets.hi))
}
