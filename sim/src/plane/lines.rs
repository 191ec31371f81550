//! The lines that a packet crosses, way by way.
//!
//! Goes in: a packet that stands for a load, and what nodes remember where it is an answer. Comes out: for every equal way on
//! which it arrives the directions of links in the order in which it crosses them. Nothing can go wrong: at most
//! [`MOST_WAYS`] ways are followed, each at most as long as there are interfaces.

use super::step::{Denials, Exit, Session};
use super::trace::known_ways;
use super::{LinkWay, NodeIx, Peer, Plane, PortIx, SegmentIx};
use utsushi_model::finding::Packet;

/// So many ways stand for all.
pub const MOST_WAYS: usize = 16;

/// The ways of a packet from a segment.
#[must_use]
pub fn lines(
    plane: &Plane,
    from: SegmentIx,
    packet: Packet,
    known: &[(NodeIx, Session)],
) -> Vec<Vec<LinkWay>> {
    let segment = &plane.segments[from.0];
    if segment.members.iter().any(|r| r.contains(packet.dst)) {
        return vec![Vec::new()];
    }
    let mut walk = Walk {
        plane,
        known,
        found: Vec::new(),
        been: Vec::new(),
    };
    for gateway in &segment.gateways {
        walk.enter(*gateway, packet, &mut Vec::new());
    }
    walk.found
}

struct Walk<'p> {
    plane: &'p Plane,
    known: &'p [(NodeIx, Session)],
    found: Vec<Vec<LinkWay>>,
    been: Vec<(PortIx, Packet)>,
}

impl Walk<'_> {
    fn enter(&mut self, port: PortIx, packet: Packet, crossed: &mut Vec<LinkWay>) {
        let full = self.found.len() >= MOST_WAYS || crossed.len() > self.plane.ports.len();
        if full || self.been.contains(&(port, packet)) {
            return;
        }
        self.been.push((port, packet));
        for way in known_ways(self.plane, port, packet, self.known, Denials::Untold) {
            let Exit::Out(leave, after) = way.exit else {
                continue;
            };
            match self.plane.ports[leave.0].peer {
                Peer::Port(there, line) => {
                    crossed.push(line);
                    self.enter(there, after, crossed);
                    crossed.pop();
                }
                Peer::Segment(segment) => {
                    let members = &self.plane.segments[segment.0].members;
                    let new = !self.found.contains(crossed);
                    if new && members.iter().any(|r| r.contains(after.dst)) {
                        self.found.push(crossed.clone());
                    }
                }
            }
        }
        self.been.pop();
    }
}
