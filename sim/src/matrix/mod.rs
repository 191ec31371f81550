//! Who may talk to whom.
//!
//! Goes in: a filter, or a compiled state, and a service. Comes out: [`Groups`], the smallest partition of
//! the addresses into groups with equal rights, with what each group may ask of each other; or
//! [`Segments`], the same by segment, as packets really travel. Both bounds are computed wherever something
//! cannot be judged offline. What can go wrong: the arena is full.
//!
//! The partition is that of fffuu ("service matrix"): two addresses are in one group exactly if they may send
//! the same packets of the service to the same addresses and receive the same from the same. It falls out of
//! the diagrams: the first level of a set cuts the destinations into ranges with equal rights, and that of
//! the set with its ends exchanged cuts the sources; addresses that fall into the same ranges of both, under
//! both bounds, are one group.

mod groups;
mod segments;

pub use groups::{Group, Groups, Wires, of_filter};
pub use segments::{Segments, of_plane};

/// What one end may ask of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// Nothing.
    None,
    /// Some of the packets.
    Part,
    /// All packets of the service.
    All,
    /// It hangs on what cannot be judged offline: between nothing and all.
    Undetermined,
}

impl Right {
    /// The right that two bounds come to: how many packets perhaps pass, and how many certainly do, as
    /// none, part or all; `same` tells whether the two bounds are equal.
    const fn between(may: Extent, must: Extent, same: bool) -> Self {
        match (may, must, same) {
            (Extent::None, _, _) => Self::None,
            (_, Extent::All, _) => Self::All,
            (_, _, false) => Self::Undetermined,
            (_, _, true) => Self::Part,
        }
    }
}

/// How much of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    None,
    Part,
    All,
}
