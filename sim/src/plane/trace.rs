//! The way of one concrete packet, station by station, and of the answer to it.
//!
//! Shares no code with `space`: this is the oracle that the exact sets are held against, and what a
//! person reads beside a finding. Where routes are equal or conditions cannot be judged offline, every
//! way is followed, up to [`MOST_WAYS`].

use super::step::{Denials, Exit, Session, Through, answer, through};
use super::{NodeIx, Peer, Plane, PortIx, SegmentIx};
use utsushi_model::finding::{Decision, HopRecord, Packet, Stage};

/// The most ways that are followed for one packet; further ones are not looked at.
pub const MOST_WAYS: usize = 1024;

/// What becomes of a packet. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// Arrives in the segment whose member the destination is.
    Delivered(SegmentIx),
    /// Arrives in an external segment, which does not hold the destination: lost outside the model.
    LeftTheModel(SegmentIx),
    /// A filter of the node denies it.
    Denied(NodeIx),
    /// The node has no route, or the route ends at the node itself.
    NoRoute(NodeIx),
    /// A route of the node drops it on purpose.
    Discarded(NodeIx),
    /// It comes by an interface a second time with the same header.
    Loop(NodeIx),
    /// Its segment has no gateway, and the destination is elsewhere.
    NoGateway(SegmentIx),
}

/// One way of a packet.
#[derive(Debug, Clone)]
pub struct Path {
    /// The stations, each with what it decided.
    pub hops: Vec<HopRecord>,
    /// What becomes of the packet.
    pub disposition: Disposition,
    /// The header at the end.
    pub packet: Packet,
    /// Whether nothing on the way hung on what cannot be judged offline.
    pub certain: bool,
    /// What every node on the way remembers of the session.
    pub sessions: Vec<(NodeIx, Session)>,
    /// The nodes on the way.
    pub nodes: Vec<NodeIx>,
}

/// A packet and the answers to it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The packet, and the segment whose member sent it.
    pub sent: (SegmentIx, Packet),
    /// Every way of the packet.
    pub forward: Vec<Path>,
    /// Every way of an answer to a delivered packet.
    pub answers: Vec<Path>,
}

impl Exchange {
    /// Whether some way delivers the packet.
    #[must_use]
    pub fn delivered(&self) -> bool {
        self.forward
            .iter()
            .any(|p| matches!(p.disposition, Disposition::Delivered(_)))
    }

    /// Whether some way brings an answer to a delivered packet back to the sender, as the answer to what
    /// was sent.
    #[must_use]
    pub fn answered(&self) -> bool {
        self.answers.iter().any(|path| self.comes_home(path))
    }

    /// Whether this way of an answer ends at the sender, as the answer to what was sent.
    ///
    /// An answer that a node takes for a new session and translates is no answer any more, even if a
    /// later translation happens to give it the right header again.
    #[must_use]
    pub fn comes_home(&self, path: &Path) -> bool {
        let (from, packet) = &self.sent;
        let new = |h: &HopRecord| matches!(h.decision, Decision::Rewritten(_)) && h.rule.is_some();
        path.disposition == Disposition::Delivered(*from)
            && path.packet == answer(packet)
            && !path.hops.iter().any(new)
    }
}

/// Every way of a packet through the node it enters by `port`, where `known` is what nodes remember.
///
/// Headers of one session can leave a node alike though they came in differently (by another way, already
/// translated); then each of them may be the one that the node remembers.
pub(super) fn known_ways(
    plane: &Plane,
    port: PortIx,
    packet: Packet,
    known: &[(NodeIx, Session)],
    denials: Denials,
) -> Vec<Through> {
    let node = plane.ports[port.0].node;
    let mut sessions: Vec<&Session> = Vec::new();
    for (at, session) in known {
        if *at == node && answer(&session.after) == packet && !sessions.contains(&session) {
            sessions.push(session);
        }
    }
    if sessions.is_empty() {
        return through(plane, port, packet, None, denials);
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of sessions")]
    let count = sessions.len() as f64;
    let mut ways = Vec::new();
    for session in sessions {
        let share = |way: Through| Through {
            share: way.share / count,
            ..way
        };
        ways.extend(
            through(plane, port, packet, Some(session), denials)
                .into_iter()
                .map(share),
        );
    }
    ways
}

struct Walker<'p> {
    plane: &'p Plane,
    known: &'p [(NodeIx, Session)],
    denials: Denials,
    paths: Vec<Path>,
}

/// Every way of a packet that a member of a segment sends.
///
/// PRECONDITION: the source address is a member of the segment; spoofed sources are not modelled.
#[must_use]
pub fn trace(plane: &Plane, from: SegmentIx, packet: Packet) -> Vec<Path> {
    follow(plane, from, packet, &[], Denials::End)
}

/// Every way of a packet and of the answers to it: one for each segment and header of delivery.
///
/// Nodes on equal ways are taken to share what they remember, as redundant pairs do: a node knows the
/// session if some way of the packet led through it.
#[must_use]
pub fn exchange(plane: &Plane, from: SegmentIx, packet: Packet) -> Exchange {
    exchanged(plane, from, packet, Denials::End)
}

/// The same as if every filter let everything pass that it denies: the hops note each denial and go on.
/// What has no route, loops or is dropped by a route ends there all the same.
#[must_use]
pub fn exchange_past_denials(plane: &Plane, from: SegmentIx, packet: Packet) -> Exchange {
    exchanged(plane, from, packet, Denials::Noted)
}

/// The stations of some ways at which a packet would be stopped, each once, in the order in which they are
/// met: denials, and routes that lead nowhere. Where it hangs on what cannot be judged offline, the decision is
/// [`Decision::Undecided`].
#[must_use]
pub fn blocks(paths: &[Path]) -> Vec<HopRecord> {
    let mut out: Vec<HopRecord> = Vec::new();
    for hop in paths.iter().flat_map(|path| &path.hops) {
        let stops = matches!(
            hop.decision,
            Decision::Denied
                | Decision::Undecided
                | Decision::NoRoute
                | Decision::Discarded
                | Decision::Loop
        );
        if stops && !out.contains(hop) {
            out.push(hop.clone());
        }
    }
    out
}

fn exchanged(plane: &Plane, from: SegmentIx, packet: Packet, denials: Denials) -> Exchange {
    let forward = follow(plane, from, packet, &[], denials);
    let known: Vec<(NodeIx, Session)> = forward
        .iter()
        .flat_map(|p| p.sessions.iter().copied())
        .collect();
    let mut arrived = Vec::new();
    for path in &forward {
        if let Disposition::Delivered(to) = path.disposition
            && !arrived.contains(&(to, path.packet))
        {
            arrived.push((to, path.packet));
        }
    }
    let answers = arrived
        .iter()
        .flat_map(|(to, packet)| follow(plane, *to, answer(packet), &known, denials))
        .collect();
    Exchange {
        sent: (from, packet),
        forward,
        answers,
    }
}

/// Every way of an answer to one way of a packet, where each node remembers only what that way taught it:
/// nodes on equal ways share nothing, as devices that stand alone do. Empty where the way delivers nothing.
#[must_use]
pub fn answers_alone(plane: &Plane, path: &Path) -> Vec<Path> {
    match path.disposition {
        Disposition::Delivered(to) => follow(
            plane,
            to,
            answer(&path.packet),
            &path.sessions,
            Denials::End,
        ),
        _ => Vec::new(),
    }
}

fn follow(
    plane: &Plane,
    from: SegmentIx,
    packet: Packet,
    known: &[(NodeIx, Session)],
    denials: Denials,
) -> Vec<Path> {
    let segment = &plane.segments[from.0];
    let start = Path {
        hops: vec![HopRecord {
            node: segment.id.to_string(),
            stage: Stage::Start,
            decision: Decision::Sent(packet.dst.to_string()),
            rule: None,
            place: None,
        }],
        disposition: Disposition::NoGateway(from),
        packet,
        certain: true,
        sessions: Vec::new(),
        nodes: Vec::new(),
    };
    let mut walker = Walker {
        plane,
        known,
        denials,
        paths: Vec::new(),
    };
    if segment.members.iter().any(|r| r.contains(packet.dst)) {
        walker.arrive(start, from);
    } else if segment.gateways.is_empty() {
        walker.paths.push(start);
    } else {
        for gateway in &segment.gateways {
            walker.enter(start.clone(), *gateway, &mut Vec::new());
        }
    }
    walker.paths
}

impl Walker<'_> {
    fn arrive(&mut self, mut path: Path, segment: SegmentIx) {
        let home = self.plane.segments[segment.0]
            .members
            .iter()
            .any(|r| r.contains(path.packet.dst));
        path.disposition = if home {
            Disposition::Delivered(segment)
        } else {
            Disposition::LeftTheModel(segment)
        };
        path.hops.push(HopRecord {
            node: self.plane.segments[segment.0].id.to_string(),
            stage: Stage::Arrival,
            decision: Decision::Delivered(path.packet.dst.to_string()),
            rule: None,
            place: None,
        });
        self.paths.push(path);
    }

    fn enter(&mut self, path: Path, port: PortIx, been: &mut Vec<(PortIx, Packet)>) {
        if self.paths.len() >= MOST_WAYS {
            return;
        }
        let node = self.plane.ports[port.0].node;
        let here = (port, path.packet);
        if been.contains(&here) {
            return self.end(path, Decision::Loop, Disposition::Loop(node), node);
        }
        been.push(here);
        for way in known_ways(self.plane, port, path.packet, self.known, self.denials) {
            let mut next = path.clone();
            next.hops.extend(way.hops);
            next.certain &= way.certain;
            next.nodes.push(node);
            match way.exit {
                Exit::Denied => self.stop(next, Disposition::Denied(node)),
                Exit::NoRoute => self.stop(next, Disposition::NoRoute(node)),
                Exit::Discarded => self.stop(next, Disposition::Discarded(node)),
                Exit::Out(out, packet) => {
                    next.sessions.push((
                        node,
                        Session {
                            before: path.packet,
                            after: packet,
                        },
                    ));
                    next.packet = packet;
                    match self.plane.ports[out.0].peer {
                        Peer::Segment(segment) => self.arrive(next, segment),
                        Peer::Port(there, _) => self.enter(next, there, been),
                    }
                }
            }
        }
        been.pop();
    }

    fn stop(&mut self, mut path: Path, disposition: Disposition) {
        path.disposition = disposition;
        self.paths.push(path);
    }

    fn end(&mut self, mut path: Path, decision: Decision, disposition: Disposition, node: NodeIx) {
        path.hops.push(HopRecord {
            node: self.plane.nodes[node.0].id.to_string(),
            stage: Stage::Route,
            decision,
            rule: None,
            place: None,
        });
        self.stop(path, disposition);
    }
}
