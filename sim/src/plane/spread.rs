//! How a load divides over equal routes on its way, and on the way of the answers.
//!
//! Goes in: a packet that stands for the load. Comes out: the share of it on every link direction and
//! through every node, what arrives, and what is lost where. Shares of one place and header are merged
//! hop by hop, so the work grows with the network and not with the number of ways. Where only some ways lead to a good
//! end, [`Spread::kept`] gives what goes by those alone.

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
    /// Every step of it, hop by hop.
    steps: Vec<Step>,
}

/// What of a load takes one way through one node.
#[derive(Debug, Clone)]
struct Step {
    /// How many hops were before.
    hop: usize,
    at: (PortIx, Packet),
    /// The part of what comes in there at this hop that takes this way.
    part: f64,
    /// The share of the whole load.
    share: f64,
    /// Whether the source is translated.
    translated: bool,
    next: Next,
}

/// Where a step leads.
#[derive(Debug, Clone, Copy)]
enum Next {
    On(LinkWay, (PortIx, Packet)),
    Arrived(SegmentIx, Packet),
    Lost,
}

impl Spread {
    /// The share that arrives.
    #[must_use]
    pub fn arriving(&self) -> f64 {
        self.arrived.iter().map(|(_, _, share)| share).sum()
    }

    /// What goes by ways with a good end only: `worth` says which part of what arrives in a segment with a header is to
    /// be kept. What is lost on its way, or not kept, is on no link and through no node.
    #[must_use]
    pub fn kept(&self, plane: &Plane, worth: impl Fn(SegmentIx, &Packet) -> f64) -> Self {
        let mut out = Self::default();
        if self.steps.is_empty() {
            let arrived = self.arrived.iter();
            out.arrived = arrived
                .map(|(to, packet, share)| (*to, *packet, share * worth(*to, packet)))
                .collect();
            return out;
        }
        // Backwards: what a way is worth is known behind a step before it is asked for.
        let mut behind: BTreeMap<(usize, (PortIx, Packet)), f64> = BTreeMap::new();
        for step in self.steps.iter().rev() {
            let good = match step.next {
                Next::On(_, there) => behind.get(&(step.hop + 1, there)).copied().unwrap_or(0.0),
                Next::Arrived(to, packet) => worth(to, &packet),
                Next::Lost => 0.0,
            };
            if good <= 0.0 {
                continue;
            }
            *behind.entry((step.hop, step.at)).or_default() += step.part * good;
            let share = step.share * good;
            let node = plane.ports[step.at.0.0].node;
            *out.nodes.entry(node).or_default() += share;
            if step.translated {
                *out.translated.entry(node).or_default() += share;
            }
            match step.next {
                Next::On(line, _) => *out.links.entry(line).or_default() += share,
                Next::Arrived(to, packet) => out.arrived.push((to, packet, share)),
                Next::Lost => {}
            }
        }
        out.arrived.reverse();
        out
    }

    /// Adds the way of answers to a share of a load.
    pub fn add(&mut self, back: Self, share: f64) {
        for (link, part) in back.links {
            *self.links.entry(link).or_default() += part * share;
        }
        for (node, part) in back.nodes {
            *self.nodes.entry(node).or_default() += part * share;
        }
        let arrived = back.arrived.into_iter();
        self.arrived
            .extend(arrived.map(|(s, p, part)| (s, p, part * share)));
        self.asked.extend(back.asked);
        self.left.extend(back.left);
        let lost = back.lost.into_iter();
        self.lost.extend(lost.map(|(d, part)| (d, part * share)));
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
    for hop in 0..MOST_HOPS {
        if layer.is_empty() {
            return out;
        }
        layer = advance(plane, (hop, &layer), known, &mut out);
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
        all.add(back, *share);
    }
    all
}

fn advance(
    plane: &Plane,
    (hop, layer): (usize, &BTreeMap<(PortIx, Packet), f64>),
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
            let mut step = Step {
                hop,
                at: (*port, *packet),
                part: way.share,
                share: part,
                translated: false,
                next: Next::Lost,
            };
            match way.exit {
                Exit::Denied => out.lost.push((Disposition::Denied(node), part)),
                Exit::NoRoute => out.lost.push((Disposition::NoRoute(node), part)),
                Exit::Discarded => out.lost.push((Disposition::Discarded(node), part)),
                Exit::Out(leave, after) => {
                    step.translated = after.src != packet.src && !session;
                    if step.translated {
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
                    step.next = leave_by(plane, (leave, after), part, &mut next, out);
                }
            }
            out.steps.push(step);
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
) -> Next {
    match plane.ports[port.0].peer {
        Peer::Port(there, way) => {
            *out.links.entry(way).or_default() += part;
            *next.entry((there, packet)).or_default() += part;
            Next::On(way, (there, packet))
        }
        Peer::Segment(segment) => {
            if plane.segments[segment.0]
                .members
                .iter()
                .any(|r| r.contains(packet.dst))
            {
                out.arrived.push((segment, packet, part));
                Next::Arrived(segment, packet)
            } else {
                out.lost.push((Disposition::LeftTheModel(segment), part));
                Next::Lost
            }
        }
    }
}
