//! Storage of diagrams: every node once, its ranges in one place.
//!
//! In: the ranges of a node, already merged. Out: the id of the one node with
//! these ranges. What can go wrong: the arena is full.
//!
//! A range costs 20 bytes at an address level and 6 at the others; a node costs
//! 16 and its ranges lie side by side, without an allocation of their own.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

use super::{Field, Set, SpaceFull};

/// Axes beyond this number do not exist.
const MOST_AXES: usize = 60_000;

/// A node: its ranges are `first..first + count` of its level's list.
#[derive(Copy, Clone, Debug)]
struct Node {
    first: u32,
    count: u32,
    hash: u32,
    level: u16,
}

/// Ranges as two columns: the largest value of each, and where it leads. The
/// smallest value is one above the previous range's largest.
#[derive(Clone, Debug, Default)]
struct Ranges<V> {
    hi: Vec<V>,
    child: Vec<Set>,
}

/// A place among the ranges of a node, with the range there; or a set seen as
/// one range over the whole domain of a level it does not decide.
#[derive(Debug)]
pub(super) struct Cursor {
    /// The largest value of the range.
    pub(super) hi: u128,
    /// Where the range leads.
    pub(super) child: Set,
    place: Place,
}

/// Where a cursor's range is stored, and the end of its node's ranges.
#[derive(Copy, Clone, Debug)]
enum Place {
    /// Nowhere; it is the whole domain.
    Whole,
    /// Among the ranges over addresses.
    Wide(usize, usize),
    /// Among the ranges over protocols and ports.
    Narrow(usize, usize),
}

/// All nodes of one space.
#[derive(Clone, Debug)]
pub(super) struct Arena {
    limit: usize,
    /// The field of each level, and the level of each field.
    order: [Field; Field::COUNT],
    levels: [usize; Field::COUNT],
    /// The largest value of each axis; axes are the levels below all fields.
    tops: Vec<u16>,
    nodes: Vec<Node>,
    wide: Ranges<u128>,
    narrow: Ranges<u16>,
    index: HashTable<u32>,
}

impl Arena {
    /// An arena with only the ends.
    pub(super) fn new(limit: usize, order: [Field; Field::COUNT], mut tops: Vec<u16>) -> Self {
        tops.truncate(MOST_AXES);
        let mut levels = [0; Field::COUNT];
        for (level, &field) in order.iter().enumerate() {
            levels[field as usize] = level;
        }
        let end = Node {
            first: 0,
            count: 0,
            hash: 0,
            level: u16::try_from(Field::COUNT + tops.len()).unwrap_or(u16::MAX),
        };
        Self {
            // Ids and indices are 32 bits wide.
            limit: limit.min(u32::MAX as usize),
            order,
            levels,
            tops,
            nodes: vec![end; Set::LAST.0 as usize + 1],
            wide: Ranges::default(),
            narrow: Ranges::default(),
            index: HashTable::new(),
        }
    }

    /// Nodes and ranges held, without the ends.
    pub(super) fn size(&self) -> usize {
        let nodes = self.nodes.len() - (Set::LAST.0 as usize + 1);
        nodes + self.wide.hi.len() + self.narrow.hi.len()
    }

    /// Number of nodes, for sizing the memo.
    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// How many axes there are.
    pub(super) fn axes(&self) -> usize {
        self.tops.len()
    }

    /// The level a set decides first, or the number of fields and axes for an end.
    pub(super) fn level(&self, set: Set) -> usize {
        self.nodes[set.0 as usize].level.into()
    }

    /// The field decided at a level.
    pub(super) fn field(&self, level: usize) -> Field {
        self.order[level]
    }

    /// The level that decides a field.
    pub(super) fn level_of(&self, field: Field) -> usize {
        self.levels[field as usize]
    }

    /// The largest value at a level.
    pub(super) fn top(&self, level: usize) -> u128 {
        match self.order.get(level) {
            Some(&field) => field.max(),
            None => self.tops[level - Field::COUNT].into(),
        }
    }

    fn is_wide(&self, level: usize) -> bool {
        matches!(self.order.get(level), Some(Field::Dst | Field::Src))
    }

    /// The first range of `set` seen from `level`, which is not below the
    /// set's own.
    pub(super) fn cursor(&self, set: Set, level: usize) -> Cursor {
        let node = self.nodes[set.0 as usize];
        if usize::from(node.level) != level {
            return Cursor {
                hi: self.top(level),
                child: set,
                place: Place::Whole,
            };
        }
        let (first, end) = (node.first as usize, (node.first + node.count) as usize);
        if self.is_wide(level) {
            self.wide_at(first, end)
        } else {
            self.narrow_at(first, end)
        }
    }

    fn wide_at(&self, i: usize, end: usize) -> Cursor {
        Cursor {
            hi: self.wide.hi[i],
            child: self.wide.child[i],
            place: Place::Wide(i, end),
        }
    }

    fn narrow_at(&self, i: usize, end: usize) -> Cursor {
        Cursor {
            hi: self.narrow.hi[i].into(),
            child: self.narrow.child[i],
            place: Place::Narrow(i, end),
        }
    }

    /// Moves the cursor forward to the range that contains `value`, unless it
    /// is there already.
    #[inline]
    pub(super) fn seek(&self, cursor: &mut Cursor, value: u128) {
        if value <= cursor.hi {
            return;
        }
        match cursor.place {
            Place::Whole => {}
            Place::Wide(i, end) => {
                let skipped = gallop(&self.wide.hi[i + 1..end], |&hi| hi < value);
                *cursor = self.wide_at(i + 1 + skipped, end);
            }
            Place::Narrow(i, end) => {
                let less = |&hi: &u16| u128::from(hi) < value;
                let skipped = gallop(&self.narrow.hi[i + 1..end], less);
                *cursor = self.narrow_at(i + 1 + skipped, end);
            }
        }
    }

    /// All ranges of a node, in rising order; none for an end.
    pub(super) fn ranges(&self, set: Set) -> impl Iterator<Item = (u128, Set)> + '_ {
        let node = self.nodes[set.0 as usize];
        let (first, end) = (node.first as usize, (node.first + node.count) as usize);
        let wide = self.is_wide(node.level.into());
        (first..end).map(move |i| match wide {
            true => (self.wide.hi[i], self.wide.child[i]),
            false => (self.narrow.hi[i].into(), self.narrow.child[i]),
        })
    }

    /// The id of the node with these ranges, made if it does not exist.
    ///
    /// PRECONDITION: at least two ranges, rising, no two neighbours with the
    /// same child, the last ending at the top of the level.
    pub(super) fn intern(
        &mut self,
        level: usize,
        ranges: &[(u128, Set)],
    ) -> Result<Set, SpaceFull> {
        let hash = hash(level, ranges);
        let same = |&id: &u32| {
            let node = self.nodes[id as usize];
            (node.hash, usize::from(node.level), node.count as usize) == (hash, level, ranges.len())
                && self.ranges(Set(id)).eq(ranges.iter().copied())
        };
        if let Some(&id) = self.index.find(spread(hash), same) {
            return Ok(Set(id));
        }
        if self.size() + 1 + ranges.len() > self.limit {
            return Err(SpaceFull { limit: self.limit });
        }
        Ok(self.store(level, hash, ranges))
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the limit keeps ids and indices below 2^32, and a narrow level has values below 2^16"
    )]
    fn store(&mut self, level: usize, hash: u32, ranges: &[(u128, Set)]) -> Set {
        let children = ranges.iter().map(|&(_, child)| child);
        let first = if self.is_wide(level) {
            self.wide.hi.extend(ranges.iter().map(|&(hi, _)| hi));
            self.wide.child.extend(children);
            self.wide.hi.len() - ranges.len()
        } else {
            self.narrow
                .hi
                .extend(ranges.iter().map(|&(hi, _)| hi as u16));
            self.narrow.child.extend(children);
            self.narrow.hi.len() - ranges.len()
        };
        let id = self.nodes.len() as u32;
        self.nodes.push(Node {
            first: first as u32,
            count: ranges.len() as u32,
            hash,
            level: level as u16,
        });
        let nodes = &self.nodes;
        self.index
            .insert_unique(spread(hash), id, |&id| spread(nodes[id as usize].hash));
        Set(id)
    }
}

/// How many leading items satisfy `less`, which holds for a prefix: by strides
/// that double, so that a near answer is found in few steps.
fn gallop<V>(items: &[V], less: impl Fn(&V) -> bool) -> usize {
    if items.first().is_none_or(|first| !less(first)) {
        return 0;
    }
    let mut stride = 1;
    while stride < items.len() && less(&items[stride]) {
        stride *= 2;
    }
    let from = stride / 2;
    from + items[from..items.len().min(stride)].partition_point(less)
}

fn hash(level: usize, ranges: &[(u128, Set)]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_usize(level);
    for &(hi, child) in ranges {
        hasher.write_u128(hi);
        hasher.write_u32(child.0);
    }
    (hasher.finish() >> 32) as u32
}

/// A 64-bit hash for the table from the 32 bits kept in the node; the table
/// uses the top and the bottom bits.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
