//! What can arrive at every ordered list.
//!
//! In: who sends what. Out: for every list and pair of interfaces the exact set of headers on the wire,
//! after translation, first packets and answers alike; doubt counts as passing. What can go wrong: the arena
//! of packet sets is full.

use super::lists::{Key, Pair};
use crate::plane::condition::Bound;
use crate::plane::flow::{self, Delivery, Question, Reach};
use crate::plane::sets::{Sets, Way, intervals};
use crate::plane::view::{Now, View, with_ports};
use crate::plane::{FilterPlane, Plane, SegmentIx};
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull};
use crate::verify::Reached;
use std::collections::BTreeMap;
use utsushi_model::network::{Node, NodeKind};
use utsushi_model::policy::SessionMatch;
use utsushi_model::resolve::Resolved;

/// What arrives where.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    at: BTreeMap<(Key, Pair), Set>,
}

impl Meetings {
    /// What arrives at a list: the headers on the wire by interfaces and sessions.
    pub(super) fn of(&self, key: Key) -> impl Iterator<Item = (Pair, Set)> + '_ {
        let from = (key, (None, None, false));
        let own = self
            .at
            .range(from..)
            .take_while(move |((at, _), _)| *at == key);
        own.map(|((_, pair), set)| (*pair, *set))
    }

    fn add(&mut self, space: &mut Space, at: (Key, Pair), set: Set) -> Result<(), SpaceFull> {
        let there = self.at.entry(at).or_insert(Set::EMPTY);
        *there = space.union(*there, set)?;
        Ok(())
    }
}

/// What arrives where if members of segments send these headers.
///
/// # Errors
/// The arena is full.
pub(super) fn meetings(
    sets: &mut Sets<'_>,
    starts: &BTreeMap<SegmentIx, Set>,
) -> Result<Meetings, SpaceFull> {
    let question = Question {
        lists: true,
        ..Question::default()
    };
    let mut meetings = Meetings::default();
    let together = Reached::new(sets.plane, Bound::May, Question::default());
    for round in together.rounds() {
        let own = round.iter().filter_map(|s| Some((*s, *starts.get(s)?)));
        let own: Vec<(SegmentIx, Set)> = own.collect();
        let reach = flow::together(sets, &own, &question)?;
        noted(sets, &mut meetings, &reach, Way::Forward)?;
        for arrived in &reach.delivered {
            proxied(sets, &mut meetings, arrived)?;
        }
        if answers_matter(sets.plane) {
            let back = flow::answers(sets, &reach.delivered, &reach.memories, &question)?;
            noted(sets, &mut meetings, &back, Way::Answer)?;
        }
    }
    Ok(meetings)
}

/// Whether an answer can come to a list where no first packet with the same header does: it passes what
/// remembers its session, and is then held against a list that remembers nothing.
fn answers_matter(plane: &Plane) -> bool {
    let asks = |f: &FilterPlane| f.all_rules().any(|r| r.session != SessionMatch::Any);
    if plane.filters.iter().any(asks) {
        return true;
    }
    let remembers = plane.filters.iter().any(|f| f.stateful)
        || plane
            .nodes
            .iter()
            .any(|n| !n.source_nat.is_empty() || !n.destination_nat.is_empty());
    let forgets = plane.filters.iter().any(|f| !f.stateful)
        || plane.nodes.iter().any(|n| !n.policies.is_empty());
    remembers && forgets
}

/// Notes what came to the lists of a reach, as headers on the wire.
fn noted(
    sets: &mut Sets<'_>,
    meetings: &mut Meetings,
    reach: &Reach,
    way: Way,
) -> Result<(), SpaceFull> {
    for met in &reach.met {
        let shown = shown(&mut sets.space, &met.view, met.set)?;
        let wire = sets.turned(shown, way)?;
        let at = (Key::Passed(met.list), (Some(met.port), met.out, met.known));
        meetings.add(&mut sets.space, at, wire)?;
    }
    Ok(())
}

/// Clients that reach a proxy may ask it for anything.
fn proxied(
    sets: &mut Sets<'_>,
    meetings: &mut Meetings,
    arrived: &Delivery,
) -> Result<(), SpaceFull> {
    let plane = sets.plane;
    let here = &plane.segments[arrived.segment.0].id;
    for (at, node) in plane.network.nodes.iter().enumerate() {
        let stands = node.endpoint.as_ref().filter(|e| e.segment == *here);
        let (NodeKind::Proxy(_), Some(endpoint)) = (&node.kind, stands) else {
            continue;
        };
        let asked = asked(sets, node, &endpoint.addresses)?;
        let wire = shown(&mut sets.space, &arrived.view, arrived.set)?;
        let asked = sets.space.intersection(wire, asked)?;
        let clients = sets.space.project(asked, Field::Src);
        let clients = sets.space.cube(&Cube::any().with(Field::Src, clients))?;
        let headers = sets.headers()?;
        let clients = sets.space.intersection(clients, headers)?;
        if clients != Set::EMPTY {
            let at = (Key::Proxy(at), (None, None, false));
            meetings.add(&mut sets.space, at, clients)?;
        }
    }
    Ok(())
}

/// The headers by which clients ask a relay.
fn asked(
    sets: &mut Sets<'_>,
    node: &Node,
    addresses: &[utsushi_model::address::AddressRange],
) -> Result<Set, SpaceFull> {
    let listens = Resolved {
        items: node.listens(),
        undecided: Vec::new(),
        negated: false,
    };
    let service = sets.service(&listens, sets.bound)?;
    let there = sets.space.field(Field::Dst, &intervals(addresses))?;
    sets.space.intersection(service, there)
}

/// The headers on the wire that headers as sent have become: the image of a view, where
/// [`View::before`] is the inverse image.
fn shown(space: &mut Space, view: &View, set: Set) -> Result<Set, SpaceFull> {
    let mut wire = set;
    for (field, now) in [
        (Field::Src, &view.src),
        (Field::Dst, &view.dst),
        (Field::SrcPort, &view.src_port),
        (Field::DstPort, &view.dst_port),
    ] {
        wire = match now {
            Now::Same => wire,
            Now::Moved(from, to) => space.shift(wire, field, *from, *to)?,
            Now::Any(values) => chosen(space, wire, field, values)?,
        };
    }
    Ok(wire)
}

/// The headers with a field changed to any of the values; a packet without ports gets none.
fn chosen(
    space: &mut Space,
    wire: Set,
    field: Field,
    values: &[Interval],
) -> Result<Set, SpaceFull> {
    if matches!(field, Field::Src | Field::Dst) {
        return space.assign(wire, field, values);
    }
    let ported = space.field(Field::Protocol, &with_ports())?;
    let portless = space.difference(wire, ported)?;
    let ported = space.intersection(wire, ported)?;
    let ported = space.assign(ported, field, values)?;
    space.union(ported, portless)
}
