//! Rule lists that ask other lists: decisions instead of sets.
//!
//! In: sets with what is decided on them. Out: [`Decisions`], which are put one behind another, limited
//! to a set, and at last settled into the set that passes. What can go wrong: the space is full.
//!
//! # Doubt
//!
//! Whether a packet matches can be unknown. Doubt is always resolved in favour of [`Decision::Pass`], so
//! decisions give an upper bound of what passes; the lower bound is the complement of the upper bound of
//! what is stopped, for which the caller exchanges the two. Choosing freely at every doubtful rule, the
//! best that can come of a packet is: to pass; else to be undecided or to leave the list, which come to
//! the same for whoever asked the list; to be stopped is the worst. Hence a doubtful rule that passes
//! counts and one that stops does not; a doubtful jump counts where its list passes a packet; and a
//! doubtful return counts only where what follows does not pass the packet: [`Decision::PerhapsReturn`].

use super::apply::Op;
use super::{Set, Space, SpaceFull};

/// What a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The packet passes.
    Pass,
    /// It is stopped.
    Stop,
    /// It leaves the list.
    Return,
    /// It leaves the list unless what follows lets it pass.
    PerhapsReturn,
}

impl Decision {
    const fn end(self) -> Set {
        match self {
            Self::Pass => Set::FULL,
            Self::Stop => Set::DENY,
            Self::Return => Set::RETURN,
            Self::PerhapsReturn => Set::PERHAPS,
        }
    }
}

/// What a list decides on every packet, if anything: an id in the [`Space`] that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decisions(Set);

impl Decisions {
    /// Nothing is decided.
    pub const NONE: Self = Self(Set::EMPTY);
}

impl Space {
    /// The same decision on every packet of a set.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn decide(&mut self, on: Set, decision: Decision) -> Result<Decisions, SpaceFull> {
        self.apply(Op::Intersection, on, decision.end())
            .map(Decisions)
    }

    /// Lists one behind another: each decides on what those before left undecided.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn decide_in_turn(&mut self, lists: &[Decisions]) -> Result<Decisions, SpaceFull> {
        let sets: Vec<Set> = lists.iter().map(|list| list.0).collect();
        self.fold(Op::Override, &sets).map(Decisions)
    }

    /// A list that is asked about the packets of a set only, and left when it returns.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn jump(&mut self, list: Decisions, about: Set) -> Result<Decisions, SpaceFull> {
        let left = self.apply(Op::Leave, list.0, Set::EMPTY)?;
        self.intersection(left, about).map(Decisions)
    }

    /// As [`Space::jump`]; what the list does not decide leaves the asking list as well.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn goto(&mut self, list: Decisions, about: Set) -> Result<Decisions, SpaceFull> {
        let left = self.apply(Op::Leave, list.0, Set::EMPTY)?;
        let left = self.apply(Op::Override, left, Set::RETURN)?;
        self.intersection(left, about).map(Decisions)
    }

    /// A list that is perhaps asked about the packets of a set.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn perhaps_jump(&mut self, list: Decisions, about: Set) -> Result<Decisions, SpaceFull> {
        let passing = self.settle(list)?;
        self.intersection(passing, about).map(Decisions)
    }

    /// As [`Space::perhaps_jump`]; where the list decides nothing it perhaps leaves the asking list.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn perhaps_goto(&mut self, list: Decisions, about: Set) -> Result<Decisions, SpaceFull> {
        let left = self.apply(Op::Leave, list.0, Set::EMPTY)?;
        let decided = self.apply(Op::Decided, left, Set::EMPTY)?;
        let open = self.complement(decided)?;
        let perhaps = self.intersection(open, Set::PERHAPS)?;
        let passing = self.settle(list)?;
        let both = self.apply(Op::Override, passing, perhaps)?;
        self.intersection(both, about).map(Decisions)
    }

    /// The packets that a list lets pass.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn settle(&mut self, list: Decisions) -> Result<Set, SpaceFull> {
        self.apply(Op::Settle, list.0, Set::EMPTY)
    }

    /// The packets on which a list decides nothing, those that leave it among them.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn undecided(&mut self, list: Decisions) -> Result<Set, SpaceFull> {
        let left = self.apply(Op::Leave, list.0, Set::EMPTY)?;
        let decided = self.apply(Op::Decided, left, Set::EMPTY)?;
        self.complement(decided)
    }
}
