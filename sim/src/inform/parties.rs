//! Who can begin or end a leg: the relays of a state one by one, and the other hosts of each segment.
//!
//! Hosts of one segment reach one another without passing a filter, so what one of them has all of them
//! can have: a segment is divided only where a rule (or the question) tells its members apart.

use crate::plane::ends::{self, Members};
use crate::plane::{Plane, SegmentIx};
use utsushi_model::address::AddressRange;
use utsushi_model::network::{Node, NodeKind, ZoneId, ZoneRole};
use utsushi_model::resolve::{common, merged, without};
use utsushi_model::rule::{RelayKind, Waypoint};

/// One that can begin or end a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The segment it is in.
    pub segment: SegmentIx,
    /// Its addresses; never empty.
    pub addresses: Vec<AddressRange>,
    /// Position of the relay it is in the network's table of nodes; `None` for other hosts.
    pub relay: Option<usize>,
    /// Which of the questions asked for it is among, as bits: the first is bit 0.
    pub among: u64,
}

/// The parties of a state, told apart by any number (at most 64) of lists of members.
#[must_use]
pub fn parties(plane: &Plane, questions: &[&[Members]]) -> Vec<Party> {
    let mut out = Vec::new();
    for at in 0..plane.segments.len() {
        let segment = SegmentIx(at);
        let mut rest = plane.segments[at].members.clone();
        for (position, node) in plane.network.nodes.iter().enumerate() {
            let endpoint = node.endpoint.as_ref();
            let here = endpoint.filter(|e| e.segment == plane.segments[at].id);
            let Some(addresses) = here.map(|e| merged(e.addresses.clone())) else {
                continue;
            };
            rest = without(rest, &addresses);
            out.push(Party {
                segment,
                among: among(questions, segment, &addresses),
                addresses,
                relay: Some(position),
            });
        }
        out.extend(hosts(questions, segment, rest));
    }
    out
}

/// The questions that mean any of the addresses.
fn among(questions: &[&[Members]], segment: SegmentIx, addresses: &[AddressRange]) -> u64 {
    let meant = |members: &&[Members]| {
        let mut own = members.iter().filter(|m| m.segment == segment);
        own.any(|m| !common(addresses, &m.addresses).is_empty())
    };
    let asked = questions.iter().enumerate().filter(|(_, q)| meant(q));
    asked.fold(0, |bits, (i, _)| bits | 1 << i)
}

fn hosts(
    questions: &[&[Members]],
    segment: SegmentIx,
    all: Vec<AddressRange>,
) -> impl Iterator<Item = Party> {
    let mut parts = vec![(all, 0u64)];
    for (i, question) in questions.iter().enumerate() {
        for members in question.iter().filter(|m| m.segment == segment) {
            let mut next = Vec::new();
            for (part, bits) in parts {
                next.push((common(&part, &members.addresses), bits | 1 << i));
                next.push((without(part, &members.addresses), bits));
            }
            parts = next;
        }
    }
    parts.retain(|(part, _)| !part.is_empty());
    parts.into_iter().map(move |(addresses, among)| Party {
        segment,
        addresses,
        relay: None,
        among,
    })
}

impl Party {
    /// Whether the question of that number means it.
    #[must_use]
    pub fn is_among(&self, question: usize) -> bool {
        self.among & (1 << question) != 0
    }

    /// The relay it is, if it is one.
    #[must_use]
    pub fn node<'p>(&self, plane: &'p Plane) -> Option<&'p Node> {
        let mut nodes = plane.network.nodes.iter_shared();
        nodes.nth(self.relay?).map(AsRef::as_ref)
    }

    /// The zone of its segment.
    #[must_use]
    pub fn zone<'p>(&self, plane: &'p Plane) -> Option<&'p ZoneId> {
        let segment = plane
            .network
            .segments
            .get(&plane.segments[self.segment.0].id);
        segment.map(|s| &s.zone)
    }

    /// The role of that zone.
    #[must_use]
    pub fn role(&self, plane: &Plane) -> Option<ZoneRole> {
        let segment = plane
            .network
            .segments
            .get(&plane.segments[self.segment.0].id)?;
        ends::role(&plane.network, segment)
    }

    /// Whether it can carry information on. Relays do; hosts do where the body runs them: what hosts of
    /// the Internet, of the LGWAN, of clouds and of other public bodies do with what they are given is theirs,
    /// and the keepers of the management zone, who can get everywhere, are trusted.
    #[must_use]
    pub fn carries_on(&self, plane: &Plane) -> bool {
        self.relay.is_some()
            || matches!(
                self.role(plane),
                Some(
                    ZoneRole::MyNumber
                        | ZoneRole::Lgwan
                        | ZoneRole::Internet
                        | ZoneRole::Independent
                        | ZoneRole::GovernmentCloud
                )
            )
    }
}

/// Whether a relay is a waypoint of this kind.
#[must_use]
pub fn is_waypoint(kind: &NodeKind, waypoint: Waypoint) -> bool {
    match (waypoint, kind) {
        (Waypoint::Relay(RelayKind::Proxy), NodeKind::Proxy(_))
        | (Waypoint::Relay(RelayKind::ScreenRelay), NodeKind::ScreenRelay(_))
        | (Waypoint::Relay(RelayKind::Sanitiser), NodeKind::Sanitiser(_))
        | (Waypoint::Relay(RelayKind::MailRelay), NodeKind::MailRelay(_)) => true,
        (Waypoint::MailSanitiser, NodeKind::MailRelay(mail)) => mail.sanitises,
        _ => false,
    }
}
