//! One station of a packet's way, and what was decided there.

use super::Packet;
use crate::place::Place;
use serde::Serialize;

/// A part of a packet's way through one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Leaves its segment.
    Start,
    /// Access list of the interface it comes in by.
    IngressFilter,
    /// Destination translation.
    DestinationNat,
    /// Route lookup.
    Route,
    /// The node's forwarding policy.
    ForwardFilter,
    /// Source translation.
    SourceNat,
    /// Access list of the interface it goes out by.
    EgressFilter,
    /// Arrives in a segment.
    Arrival,
}

/// What was decided at a stage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Allowed by the named rule, or by the default where `rule` is empty.
    Allowed,
    /// Denied by the named rule, or by the default where `rule` is empty.
    Denied,
    /// Perhaps allowed: the rule's condition cannot be judged offline.
    Undecided,
    /// Allowed as an answer in a session the node knows.
    Answer,
    /// Sent on towards the named node or segment.
    Sent(String),
    /// Rewritten to these addresses and ports.
    Rewritten(Packet),
    /// No route.
    NoRoute,
    /// Dropped on purpose by a route.
    Discarded,
    /// Has been at this point before.
    Loop,
    /// Arrived in the named segment.
    Delivered(String),
}

/// One station of a packet's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HopRecord {
    /// Node or segment.
    pub node: String,
    /// Stage within it.
    pub stage: Stage,
    /// What was decided.
    pub decision: Decision,
    /// The rule or route that decided, where one did.
    pub rule: Option<String>,
    /// Where that is written.
    pub place: Option<Place>,
}
