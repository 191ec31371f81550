//! What any two states of a plan let through differently: traffic newly allowed, newly denied, or
//! re-routed, as exact sets, with the change that brings each about.
//!
//! Goes in: a migration and two of its states. Comes out: a [`Difference`]: disjoint boxes of packets with
//! the segments they run between, and their causes. What can go wrong: the arena of packet sets is full.
//!
//! Both states are compiled into one arena, so that "allowed now and not before" is a difference of two
//! sets. *Allowed* is delivered on some way. *Re-routed* is delivered in both states, but over other
//! interfaces, translated otherwise, or into another segment. What hangs on conditions that cannot be
//! judged offline has two bounds; see [`Traffic::certain`].
//!
//! Modules in reading order: [`manner`] (what a segment's packets do in one state), [`compare`] (two such
//! manners), [`cause`] (which change made the difference), [`merge`] (few boxes for people), [`only`] (rules
//! that say what may change).

pub mod cause;
pub mod compare;
pub mod manner;
pub mod merge;
pub mod only;

use crate::plane::Plane;
use crate::space::{Space, SpaceFull};
use cause::Journey;
use manner::{Manner, manners};
use std::sync::Arc;
use utsushi_model::finding::{Cause, Packet, PacketBox};
use utsushi_model::migration::Migration;
use utsushi_model::network::{Network, SegmentId};

pub use compare::{Kind, Part, parts};

/// Traffic that two states treat differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// What is different.
    pub kind: Kind,
    /// Whether it is so for certain; if not, it hangs on a condition that cannot be judged offline.
    pub certain: bool,
    /// The segments whose members send it, in the order of the network.
    pub from: Vec<SegmentId>,
    /// The segments it arrives in: afterwards, or for what is newly denied, before.
    pub to: Vec<SegmentId>,
    /// All of it, as disjoint boxes of headers as sent; packets without ports lie in boxes of any ports.
    pub boxes: Vec<PacketBox>,
    /// Boxes left out because there were too many.
    pub left_out: usize,
    /// A packet of it.
    pub witness: Packet,
    /// The change that brings it about: the first, in the order of the plan, after which it is as in the later
    /// state and before which it is not. Several where no state between them is whole.
    pub causes: Vec<Cause>,
}

/// Everything that two states treat differently.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Newly allowed first, then newly denied, then re-routed; by cause and segment.
    pub traffic: Vec<Traffic>,
    /// Pairs of segments between which something is in doubt in both states: whether that changed
    /// cannot be told.
    pub doubtful: Vec<(SegmentId, SegmentId)>,
}

/// The difference between two states of a migration, `before` and `after`, with its causes.
///
/// Where `after` is the earlier one, it is the difference that undoing the plan makes, and the causes are
/// the changes that are undone. Traffic from an outside segment to itself is left out.
///
/// # Errors
/// The arena is full.
pub fn between(
    migration: &Migration,
    before: usize,
    after: usize,
) -> Result<Difference, SpaceFull> {
    let (first, last) = (before.min(after), before.max(after));
    let states = [&migration.states[first], &migration.states[last]];
    let planes = states.map(|s| Plane::compile(Arc::clone(&s.network), s.date));
    let mut space = Space::new();
    let mut found = inside(&mut space, planes.each_ref())?;
    if before > after {
        for part in &mut found.parts {
            part.kind = part.kind.reversed();
        }
    }
    let traffic = traffic(&mut space, migration, (first, last), &found)?;
    Ok(Difference {
        traffic,
        doubtful: found.doubtful,
    })
}

/// What was found between two states with its causes, in few boxes.
fn traffic(
    space: &mut Space,
    migration: &Migration,
    (first, last): (usize, usize),
    found: &Found,
) -> Result<Vec<Traffic>, SpaceFull> {
    let mut journey = Journey::new(migration, first, last);
    let parts = journey.attributed(space, found)?;
    let networks = [first, last].map(|s| migration.states[s].network.as_ref());
    merge::merged(space, &parts, networks, &journey)
}

/// Compares two states, without what goes on inside an outside segment: no device of the body sees it.
fn inside(space: &mut Space, planes: [&Plane; 2]) -> Result<Found, SpaceFull> {
    let mut found = difference(space, planes)?;
    let networks = planes.map(|p| p.network.as_ref());
    found
        .parts
        .retain(|p| p.from != p.to || !is_outside(networks, &p.from));
    Ok(found)
}

/// Whether a segment stands for what is outside the body in one of two states.
fn is_outside(networks: [&Network; 2], id: &SegmentId) -> bool {
    let mut found = networks.iter().filter_map(|n| n.segments.get(id));
    found.any(|s| s.external)
}

/// Two states compared, not yet attributed.
#[derive(Debug, Clone)]
pub struct Found {
    /// Every difference, by sender and receiver.
    pub parts: Vec<Part>,
    /// See [`Difference::doubtful`].
    pub doubtful: Vec<(SegmentId, SegmentId)>,
    /// The later state, by segment.
    after: Vec<(SegmentId, Manner)>,
}

/// Compares two states in one arena.
///
/// # Errors
/// The arena is full.
pub fn difference(space: &mut Space, planes: [&Plane; 2]) -> Result<Found, SpaceFull> {
    let sources = segments(planes.map(|p| p.network.as_ref()));
    let asked: Vec<_> = sources.iter().map(|id| (id.clone(), None)).collect();
    let old = manners(space, planes[0], &asked)?;
    let new = manners(space, planes[1], &asked)?;
    let (mut all, mut doubtful) = (Vec::new(), Vec::new());
    for ((source, old), new) in sources.iter().zip(&old).zip(&new) {
        all.extend(parts(space, source, old, new)?);
        let both = compare::doubtful(space, old, new)?;
        doubtful.extend(both.into_iter().map(|to| (source.clone(), to)));
    }
    Ok(Found {
        parts: all,
        doubtful,
        after: sources.into_iter().zip(new).collect(),
    })
}

/// The segments of two networks, those of the first one first.
#[must_use]
pub fn segments(networks: [&Network; 2]) -> Vec<SegmentId> {
    let [old, new] = networks;
    let added = new.segments.ids().filter(|id| !old.segments.contains(id));
    old.segments.ids().chain(added).cloned().collect()
}
