//! What the packets of one segment do in one state: what is delivered where, and over which interfaces.
//!
//! Goes in: a plane and segments by name, each with the headers that matter. Comes out: a [`Manner`] each,
//! all in one arena, in terms that mean the same in every state (names rather than positions).

use crate::plane::condition::Bound;
use crate::plane::flow::{self, Question, Reach};
use crate::plane::sets::{Sets, intervals};
use crate::plane::view::View;
use crate::plane::{Peer, Plane, PortIx, SegmentIx};
use crate::space::{Field, Set, Space, SpaceFull};
use std::collections::BTreeMap;
use utsushi_model::network::{NodeId, SegmentId};
use utsushi_model::policy::Name;

/// A mark that a packet leaves on its way, by names that last from state to state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It left a node by an interface towards a link or segment.
    Crossed(NodeId, Name, String),
    /// It arrived in a segment.
    Arrived(SegmentId),
}

/// What leaves which mark, by what has become of its header there.
pub type Marks = BTreeMap<Mark, BTreeMap<View, Set>>;

/// What the packets of a segment do in one state. Sets hold headers as sent.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// Delivered at most: every doubt resolved towards passing.
    pub may: Gathered,
    /// Delivered at least: every doubt resolved towards not passing.
    pub must: Gathered,
    /// Delivered at most, by segment of arrival.
    pub to: BTreeMap<SegmentId, Set>,
    /// Delivered at least, by segment of arrival.
    pub to_must: BTreeMap<SegmentId, Set>,
    /// What leaves which mark, at most.
    pub may_marks: Marks,
    /// What leaves which mark, at least.
    pub must_marks: Marks,
}

pub use crate::plane::flow::Gathered;

/// The manners of some segments in one state; of all that their members can send, or of the headers given.
/// A segment that the state does not have sends nothing.
///
/// # Errors
/// The arena is full; what it held is then lost with it.
pub fn manners(
    space: &mut Space,
    plane: &Plane,
    asked: &[(SegmentId, Option<Set>)],
) -> Result<Vec<Manner>, SpaceFull> {
    let mut out = vec![Manner::default(); asked.len()];
    for (manner, bound) in each(space, plane, asked, Bound::May)?
        .into_iter()
        .zip(&mut out)
    {
        (bound.may, bound.to, bound.may_marks) = manner;
    }
    let lower = match plane.has_undecided() {
        true => each(space, plane, asked, Bound::Must)?,
        false => out
            .iter()
            .map(|m| (m.may, m.to.clone(), m.may_marks.clone()))
            .collect(),
    };
    for (manner, bound) in lower.into_iter().zip(&mut out) {
        (bound.must, bound.to_must, bound.must_marks) = manner;
    }
    Ok(out)
}

type OneBound = (Gathered, BTreeMap<SegmentId, Set>, Marks);

fn each(
    space: &mut Space,
    plane: &Plane,
    asked: &[(SegmentId, Option<Set>)],
    bound: Bound,
) -> Result<Vec<OneBound>, SpaceFull> {
    let mut sets = Sets::within(plane, bound, std::mem::take(space));
    let mut out = Vec::with_capacity(asked.len());
    for (segment, headers) in asked {
        out.push(match plane.segment(segment) {
            Some(at) => one(&mut sets, at, *headers)?,
            None => OneBound::default(),
        });
    }
    *space = sets.space;
    Ok(out)
}

fn one(sets: &mut Sets<'_>, segment: SegmentIx, only: Option<Set>) -> Result<OneBound, SpaceFull> {
    let plane = sets.plane;
    let headers = sets.headers()?;
    let members = intervals(&plane.segments[segment.0].members);
    let own = sets.space.field(Field::Src, &members)?;
    let mut start = sets.space.intersection(headers, own)?;
    if let Some(only) = only {
        start = sets.space.intersection(start, only)?;
    }
    let question = Question {
        crossings: true,
        deliveries_only: true,
        ..Question::default()
    };
    let reach = flow::forward(sets, segment, start, &question)?;
    told(sets, reach)
}

fn told(sets: &mut Sets<'_>, reach: Reach) -> Result<OneBound, SpaceFull> {
    let (plane, space) = (sets.plane, &mut sets.space);
    let (mut all, mut to, mut marks) = OneBound::default();
    for delivery in reach.delivered {
        let id = &plane.segments[delivery.segment.0].id;
        all.0 = space.union(all.0, delivery.set)?;
        gather(space, &mut to, id.clone(), delivery.set)?;
        let there = marks.entry(Mark::Arrived(id.clone())).or_default();
        gather(space, there, delivery.view, delivery.set)?;
    }
    for (out, view, set) in reach.crossed {
        let there = marks.entry(crossed(plane, out)).or_default();
        gather(space, there, view, set)?;
    }
    Ok((all, to, marks))
}

fn gather<K: Ord>(
    space: &mut Space,
    map: &mut BTreeMap<K, Set>,
    key: K,
    set: Set,
) -> Result<(), SpaceFull> {
    let there = map.entry(key).or_insert(Set::EMPTY);
    *there = space.union(*there, set)?;
    Ok(())
}

fn crossed(plane: &Plane, out: PortIx) -> Mark {
    let port = &plane.ports[out.0];
    let next = match port.peer {
        Peer::Segment(segment) => plane.segments[segment.0].id.to_string(),
        Peer::Port(_, way) => {
            let link = plane.network.links.ids().nth(way.link);
            link.map(ToString::to_string).unwrap_or_default()
        }
    };
    let node = plane.nodes[port.node.0].id.clone();
    Mark::Crossed(node, port.name.clone(), next)
}
