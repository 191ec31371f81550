//! Exact sets of packets.
//!
//! A packet is a point of five fields: destination and source address,
//! protocol, destination port and source port. A [`Set`] is any set of such
//! points, however ragged: everything a rule base admits, what two rule bases
//! admit differently, what may come back. A [`Space`] is the arena the sets
//! live in; its methods are the algebra.
//!
//! What goes in: [`Interval`]s per field, and sets. What comes out: sets, exact
//! answers (`is_subset`, `project`, `count`), the smallest packet of a set as a
//! witness, and disjoint boxes ([`Cube`]) for people to read. What can go
//! wrong: one thing, [`SpaceFull`], when a set would need more memory than the
//! arena was given. No operation approximates, and none panics.
//!
//! # How it works
//!
//! A set is an *interval decision diagram*, one level per field:
//!
//! ```text
//! dst       [ ..10.0.0.255 ─┐ 10.1.0.255 ─┐ ..max ─┐ ]     "10.1.0.0/24 may be asked
//!                         empty           │      empty      for tcp/443, by anybody"
//! protocol                     [ ..5 ─┐ 6 ─┐ ..255 ─┐ ]
//!                                   empty  │      empty    (src is free: its level is
//! dst port                     [ ..442 ─┐ 443 ─┐ ..65535 ─┐ ]             skipped)
//!                                     empty   full      empty
//! ```
//!
//! A node cuts the whole domain of its field into ranges, each leading to a
//! diagram over the later fields. Three habits make the form *canonical*:
//! neighbouring ranges with the same child are one range, a node of a single
//! range is replaced by its child, and equal nodes are stored once. Hence two
//! sets of one arena are equal exactly if their ids are equal, and comparing
//! the packets of two firewalls is comparing two integers.
//!
//! This module knows nothing of networks, and no other module of the crate.
//!
//! ```
//! use utsushi_sim::space::{Cube, Field, Interval, Space};
//!
//! let mut space = Space::new();
//! let terminals = Interval::prefix("10.1.0.0".parse()?, 16);
//! let web = Cube::any()
//!     .with(Field::Src, terminals)
//!     .with(Field::Protocol, vec![Interval::point(6)])
//!     .with(Field::DstPort, vec![Interval::new(80, 80), Interval::new(443, 443)]);
//! let web = space.cube(&web)?;
//! let secure = space.field(Field::DstPort, &[Interval::point(443)])?;
//! let plain = space.difference(web, secure)?;
//!
//! let witness = space.smallest(plain).ok_or("web contains port 80")?;
//! assert_eq!((witness.protocol, witness.dst_port), (6, 80));
//! assert_eq!(space.project(plain, Field::DstPort), [Interval::point(80)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod apply;
mod arena;
mod axes;
mod build;
mod compact;
mod cover;
mod cubes;
mod decide;
mod field;
mod image;
mod memo;
mod packet;
mod query;

#[cfg(test)]
mod tests;

pub use axes::Stretch;
pub use cover::Block;
pub use decide::{Decision, Decisions};
pub use field::{Field, Interval, address, ip};
pub use packet::{Cube, Point};

use arena::Arena;
use memo::Memo;

/// A set of packets, as the id of a diagram in the [`Space`] that made it.
///
/// Within one space, equal sets have equal ids. An id means nothing in another
/// space: carry a set over with [`Space::adopt`]. The order of ids is the order
/// of creation, the same in every run.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct Set(u32);

impl Set {
    /// No packet; the same in every space.
    pub const EMPTY: Self = Self(0);
    /// Every packet; the same in every space.
    pub const FULL: Self = Self(1);
    /// The third end of a diagram, "decided: no", known only inside
    /// [`Space::first_match`] and [`Decisions`]; no public method returns a set containing it.
    const DENY: Self = Self(2);
    /// A further end, "leave this list", known only inside [`Decisions`].
    const RETURN: Self = Self(3);
    /// A further end, "perhaps leave this list", known only inside [`Decisions`].
    const PERHAPS: Self = Self(4);
    /// The last of the ends.
    const LAST: Self = Self::PERHAPS;

    const fn is_end(self) -> bool {
        self.0 <= Self::LAST.0
    }
}

/// A set needed more nodes and ranges than its [`Space`] may hold.
///
/// The space stays usable and every set made before stays right; only the
/// operation that reports this has no result.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct SpaceFull {
    /// The limit that was reached, in nodes and ranges together.
    pub limit: usize,
}

impl std::fmt::Display for SpaceFull {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "packet sets need more than the {} nodes and ranges allowed",
            self.limit
        )
    }
}

impl std::error::Error for SpaceFull {}

/// The arena in which sets live, and their algebra.
///
/// Use one space per thread and per state of the network; sets of different
/// spaces must not be mixed. Nodes are never freed while the space lives;
/// to drop intermediate results, [`adopt`](Self::adopt) the sets worth keeping
/// into a fresh space. A clone has the same sets under the same ids.
#[derive(Clone, Debug)]
pub struct Space {
    arena: Arena,
    memo: Memo,
    /// Ranges of the nodes under construction, outermost first.
    scratch: Vec<(u128, Set)>,
}

impl Default for Space {
    fn default() -> Self {
        Self::new()
    }
}

impl Space {
    /// Nodes and ranges a space made by [`Space::new`] may hold: at most about
    /// 700 MB, and far beyond any rule base of a town.
    pub const DEFAULT_LIMIT: usize = 1 << 25;

    /// An empty space with the [default limit](Self::DEFAULT_LIMIT).
    #[must_use]
    pub fn new() -> Self {
        Self::with_limit(Self::DEFAULT_LIMIT)
    }

    /// An empty space that may hold `nodes` nodes and ranges together (6 to 20
    /// bytes each). Beyond that every operation reports [`SpaceFull`].
    #[must_use]
    pub fn with_limit(nodes: usize) -> Self {
        Self::ordered(nodes, Field::ALL)
    }

    /// A space whose levels are in another order than the usual one, used to
    /// look for shorter box forms.
    fn ordered(limit: usize, order: [Field; Field::COUNT]) -> Self {
        Self {
            arena: Arena::new(limit, order, Vec::new()),
            memo: Memo::default(),
            scratch: Vec::new(),
        }
    }

    /// Number of nodes and ranges held, the quantity that is limited.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.arena.size()
    }

    /// Forgets remembered results of operations. Sets stay valid; the next
    /// operations are slower. Frees at most some 64 MB.
    pub fn clear_memo(&mut self) {
        self.memo = Memo::default();
    }

    /// The set `a` of the space `from`, in this space.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit of this space is reached.
    pub fn adopt(&mut self, from: &Self, a: Set) -> Result<Set, SpaceFull> {
        let mut known = rustc_hash::FxHashMap::default();
        self.adopt_known(from, a, &mut known)
    }

    fn adopt_known(
        &mut self,
        from: &Self,
        a: Set,
        known: &mut rustc_hash::FxHashMap<Set, Set>,
    ) -> Result<Set, SpaceFull> {
        if a.is_end() {
            return Ok(a);
        }
        if let Some(&own) = known.get(&a) {
            return Ok(own);
        }
        let base = self.scratch.len();
        for (hi, child) in from.arena.ranges(a) {
            let child = self.adopt_known(from, child, known)?;
            self.push(base, hi, child);
        }
        let own = self.finish(from.arena.level(a), base)?;
        known.insert(a, own);
        Ok(own)
    }

    /// Appends the range up to `hi` to the node whose ranges start at `base`.
    fn push(&mut self, base: usize, hi: u128, child: Set) {
        // CORRECTNESS: neighbours with one child become one range, which is
        // half of being canonical.
        match self.scratch[base..].last_mut() {
            Some(last) if last.1 == child => last.0 = hi,
            _ => self.scratch.push((hi, child)),
        }
    }

    /// Makes the node whose ranges start at `base`, and drops them.
    fn finish(&mut self, level: usize, base: usize) -> Result<Set, SpaceFull> {
        // CORRECTNESS: a node with one range decides nothing and is skipped,
        // which is the other half of being canonical.
        let made = match self.scratch[base..] {
            [(_, only)] => Ok(only),
            ref ranges => self.arena.intern(level, ranges),
        };
        match made {
            Ok(_) => self.scratch.truncate(base),
            // The whole operation is abandoned, so no caller needs its ranges.
            Err(_) => self.scratch.clear(),
        }
        made
    }
}
