//! How a load divides over equal routes on its way, and on the way of the answers.
//!
//! Goes in: a packet that stands for the load. Comes out: the share of it on every link direction and
//! through every node, what arrives, and what is lost where. Shares of one place and header are merged
//! hop by hop, so the work grows with the network and not with the number of ways.

use super::step::{Denials, Exit, Session, answer};
use super::trace::{Disposition, known_ways};
use super::{LinkWay, NodeIx, Peer, Plane, PortIx, SegmentIx, TableIx};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use utsushi_model::finding::Packet;

/// No way is longer than this; what is still on its way then is going round in a loop.
const MOST_HOPS: usize = 255;

/// Shares of a load; each adds up over what it describes.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    /// On each direction of a link.
    pub links: BTreeMap<LinkWay, f64>,
    /// Through each node.
    pub nodes: BTreeMap<NodeIx, f64>,
    /// Through each node that translates the source.
    pub translated: BTreeMap<NodeIx, f64>,
    /// What arrives: segment, header at the end, share.
    pub arrived: Vec<(SegmentIx, Packet, f64)>,
    /// What does not: why, and share.
    pub lost: Vec<(Disposition, f64)>,
    /// What nodes remember of it.
    pub sessions: Vec<(NodeIx, Session)>,
    /// The tables that were asked, and for which destinations; a table that no way on was found in stands without one.
    pub asked: BTreeSet<(TableIx, Option<IpAddr>)>,
    /// The segments that sent it on its way.
    pub left: BTreeSet<SegmentIx>,
}

impl Spread {
    /// The share that arrives.
    #[must_use]
    pub fn arriving(&self) -> f64 {
        self.arrived.iter().map(|(_, _, share)| share).sum()
    }
}

/// The way of a packet from a segment. `known` is what nodes remember of the session it answers.
#[must_use]
pub fn spread(
    plane: &Plane,
    from: SegmentIx,
    packet: Packet,
    known: &[(NodeIx, Session)],
) -> Spread {
    let mut out = Spread::default();
    let segment = &plane.segments[from.0];
    if segment.members.iter().any(|r| r.contains(packet.dst)) {
        out.arrived.push((from, packet, 1.0));
        return out;
    }
    out.left.insert(from);
    if segment.gateways.is_empty() {
        out.lost.push((Disposition::NoGateway(from), 1.0));
        return out;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of gateways")]
    let part = 1.0 / segment.gateways.len() as f64;
    let mut layer: BTreeMap<(PortIx, Packet), f64> = segment
        .gateways
        .iter()
        .map(|g| ((*g, packet), part))
        .collect();
    for _ in 0..MOST_HOPS {
        if layer.is_empty() {
            return out;
        }
        layer = advance(plane, &layer, known, &mut out);
    }
    for ((port, _), share) in layer {
        out.lost
            .push((Disposition::Loop(plane.ports[port.0].node), share));
    }
    out
}

/// The way of the answers to everything that arrived.
#[must_use]
pub fn answers(plane: &Plane, forward: &Spread) -> Spread {
    let mut all = Spread::default();
    for (segment, packet, share) in &forward.arrived {
        let back = spread(plane, *segment, answer(packet), &forward.sessions);
        for (link, part) in back.links {
            *all.links.entry(link).or_default() += part * share;
        }
        for (node, part) in back.nodes {
            *all.nodes.entry(node).or_default() += part * share;
        }
        all.arrived.extend(
            back.arrived
                .into_iter()
                .map(|(s, p, part)| (s, p, part * share)),
        );
        all.asked.extend(back.asked);
        all.left.extend(back.left);
        all.lost
            .extend(back.lost.into_iter().map(|(d, part)| (d, part * share)));
    }
    all
}

fn advance(
    plane: &Plane,
    layer: &BTreeMap<(PortIx, Packet), f64>,
    known: &[(NodeIx, Session)],
    out: &mut Spread,
) -> BTreeMap<(PortIx, Packet), f64> {
    let mut next = BTreeMap::new();
    for ((port, packet), share) in layer {
        let (node, table) = (plane.ports[port.0].node, plane.ports[port.0].table);
        *out.nodes.entry(node).or_default() += share;
        let session = known
            .iter()
            .any(|(n, s)| *n == node && answer(&s.after) == *packet);
        for way in known_ways(plane, *port, *packet, known, Denials::Untold) {
            let part = share * way.share;
            let asked = match &way.exit {
                Exit::Out(_, after) => Some(after.dst),
                _ => None,
            };
            out.asked.insert((table, asked));
            match way.exit {
                Exit::Denied => out.lost.push((Disposition::Denied(node), part)),
                Exit::NoRoute => out.lost.push((Disposition::NoRoute(node), part)),
                Exit::Discarded => out.lost.push((Disposition::Discarded(node), part)),
                Exit::Out(leave, after) => {
                    if after.src != packet.src && !session {
                        *out.translated.entry(node).or_default() += part;
                    }
                    let memory = (
                        node,
                        Session {
                            before: *packet,
                            after,
                        },
                    );
                    if !out.sessions.contains(&memory) {
                        out.sessions.push(memory);
                    }
                    leave_by(plane, (leave, after), part, &mut next, out);
                }
            }
        }
    }
    next
}

fn leave_by(
    plane: &Plane,
    (port, packet): (PortIx, Packet),
    part: f64,
    next: &mut BTreeMap<(PortIx, Packet), f64>,
    out: &mut Spread,
) {
    match plane.ports[port.0].peer {
        Peer::Port(there, way) => {
            *out.links.entry(way).or_default() += part;
            *next.entry((there, packet)).or_default() += part;
        }
        Peer::Segment(segment) => {
            if plane.segments[segment.0]
                .members
                .iter()
                .any(|r| r.contains(packet.dst))
            {
                out.arrived.push((segment, packet, part));
            } else {
                out.lost.push((Disposition::LeftTheModel(segment), part));
            }
        }
    }
}
