//! What became of sets of packets on their ways.
//!
//! Goes in: nothing; values only, which [`super::flow`] fills. Nothing can go wrong.

use super::met::Meeting;
use super::view::View;
use super::{NodeIx, PortIx, SegmentIx};
use crate::space::Set;

/// A part of the set that was delivered.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where.
    pub segment: SegmentIx,
    /// What has become of the header.
    pub view: View,
    /// Which of the waypoint groups it has passed, as bits (see [`super::question::Question::waypoints`]).
    pub passed: u32,
    /// The headers as sent.
    pub set: Set,
}

/// What a node remembers of sessions.
#[derive(Debug, Clone)]
pub struct Memory {
    /// The node.
    pub node: NodeIx,
    /// The header's fields when it came in.
    pub before: View,
    /// And when it left.
    pub after: View,
    /// The headers as sent.
    pub set: Set,
}

/// What became of a set.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// What was delivered, in the order of the segments.
    pub delivered: Vec<Delivery>,
    /// What some way drops: denied, without route, in a loop, lost outside the model.
    pub dropped: Gathered,
    /// What nodes remember.
    pub memories: Vec<Memory>,
    /// What comes to every ordered list; only where [`super::question::Question::lists`] asks for it.
    pub met: Vec<Meeting>,
    /// What left by which interface, with its header there, delivered in the end or not; only where asked for.
    pub crossed: Vec<(PortIx, View, Set)>,
}

/// A set that begins empty and only grows.
#[derive(Debug, Clone, Copy)]
pub struct Gathered(pub Set);

impl Default for Gathered {
    fn default() -> Self {
        Self(Set::EMPTY)
    }
}

impl Reach {
    /// What was delivered in a segment.
    #[must_use]
    pub fn to(&self, segment: SegmentIx) -> &[Delivery] {
        let first = self.delivered.partition_point(|d| d.segment < segment);
        let here = &self.delivered[first..];
        &here[..here.partition_point(|d| d.segment == segment)]
    }
}
