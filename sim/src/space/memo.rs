//! Remembered results of operations.
//!
//! In: an operation and its two sets. Out: the result, if it is still
//! remembered. A newer result may displace an older one, so memory is bounded
//! and a forgotten result costs time, never correctness.

use super::{Set, apply::Op};

/// Slots at the start, chosen so that a small space is cheap to make.
const FEWEST: usize = 1 << 10;
/// Slots at most: 64 MB.
const MOST: usize = 1 << 22;

#[derive(Copy, Clone, Debug)]
struct Slot {
    op: Option<Op>,
    a: Set,
    b: Set,
    result: Set,
}

const VACANT: Slot = Slot {
    op: None,
    a: Set::EMPTY,
    b: Set::EMPTY,
    result: Set::EMPTY,
};

/// A table with one place per hash value.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    slots: Vec<Slot>,
}

impl Memo {
    /// The remembered result of `op` on `a` and `b`.
    pub(super) fn get(&self, op: Op, a: Set, b: Set) -> Option<Set> {
        let slot = self.slots.get(self.place(op, a, b))?;
        (slot.op == Some(op) && slot.a == a && slot.b == b).then_some(slot.result)
    }

    /// Remembers a result. `nodes` is the number of nodes in the space, with
    /// which the table grows.
    pub(super) fn put(&mut self, op: Op, a: Set, b: Set, result: Set, nodes: usize) {
        if self.slots.len() < MOST && self.slots.len() < (2 * nodes).max(FEWEST) {
            self.grow();
        }
        let op_slot = Some(op);
        let place = self.place(op, a, b);
        self.slots[place] = Slot {
            op: op_slot,
            a,
            b,
            result,
        };
    }

    fn grow(&mut self) {
        let slots = (2 * self.slots.len()).max(FEWEST);
        let old = std::mem::replace(&mut self.slots, vec![VACANT; slots]);
        for slot in old {
            if let Some(op) = slot.op {
                let place = self.place(op, slot.a, slot.b);
                self.slots[place] = slot;
            }
        }
    }

    /// Where a result belongs; 0 in a table without slots.
    fn place(&self, op: Op, a: Set, b: Set) -> usize {
        let key = (u64::from(a.0) << 32 | u64::from(b.0)) ^ ((op as u64) << 61);
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed >> 40) as usize & self.slots.len().saturating_sub(1)
    }
}
