//! The conversation that a state gives a demand: a chain of legs from the group to the target.
//!
//! ```text
//!  group ──leg 1──▶ screen-transfer relay ──leg 2──▶ proxy ──leg 3──▶ target
//!    its access table         its access table         no table: direct
//! ```
//!
//! Goes in: a demand and a compiled state. Comes out: the legs in order, each with the packets it is made
//! of and what it carries, and, where the chain does not reach the target, why not. Every client asks its
//! access table about the *final* target and the application's service; a leg into a relay asks for the
//! relay's own service. A table may name several relays in order: then a demand may come about as one of several
//! conversations, by the first relay that answers ([`super::choice`]).

use super::cells::Borders;
use super::chain;
use super::choice::chosen;
use super::passage::Passage;
use super::tables::{Relayed, Tables};
use crate::plane::{Plane, SegmentIx};
use std::cell::OnceCell;
use std::net::IpAddr;
use utsushi_model::address::AddressRange;
use utsushi_model::demand::{Application, Demand};
use utsushi_model::finding::{Decision, HopRecord, Packet, Stage};
use utsushi_model::place::Place;
use utsushi_model::service::{Protocol, Service};

/// No conversation has more legs.
pub const MOST_LEGS: usize = 16;

/// Of the ways that access tables leave to a client so many are looked at, those that it prefers.
pub const MOST_WAYS: usize = 64;

/// The source port that stands for all a client may choose: the first round number of the dynamic
/// ports (RFC 6335 §6: 49152 to 65535).
pub const CLIENT_PORT: u16 = 50_000;

/// What crosses on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Information {
    /// What the application itself sends.
    Raw,
    /// Pixels and keys: a screen-transfer relay follows on the way to the target.
    Pixels,
}

/// Everything by which packets of a leg are routed; legs that share it share their way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Course {
    /// The segment it begins in.
    pub from: SegmentIx,
    /// Addresses of its senders.
    pub sources: Vec<AddressRange>,
    /// The segment it is meant for.
    pub to: SegmentIx,
    /// Addresses it is sent to, of the same family.
    pub targets: Vec<AddressRange>,
    /// What it asks for.
    pub service: Service,
}

/// One leg: from a client to a relay, from a relay to the next, or to the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// Name of the group or relay it begins at.
    pub from: String,
    /// Name of the relay or target it ends at.
    pub to: String,
    /// Its packets.
    pub course: Course,
    /// What crosses on it.
    pub carries: Information,
    /// The relay it ends at: position in the network's table of nodes.
    pub relay: Option<usize>,
}

/// Why a conversation ends before its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// The access table refuses.
    Refused,
    /// The access tables lead back to a relay that was there before, or over [`MOST_LEGS`] legs.
    Circle,
    /// The target is not in this state, or has no address.
    NoTarget,
    /// The group or relay is not in this state, has no address, or shares no address family with the
    /// next end.
    NoAddress,
}

/// Where and why a conversation ends before its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: StopReason,
    /// The group or relay that does not get further.
    pub at: String,
    /// What it would have reached next.
    pub next: String,
    /// The access table that decided, if one did.
    pub table: Option<String>,
    /// Where that is written, if it is.
    pub place: Option<Place>,
}

/// A chain of legs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// The legs in order.
    pub legs: Vec<Leg>,
    /// Why it does not reach the target, where it does not.
    pub stop: Option<Stop>,
    /// What the relays on the way are asked for: a header with the target's address and the
    /// application's first port. Its source is to be replaced.
    pub asks: Option<Packet>,
}

impl Conversation {
    /// The conversation of a demand in a state: by the first relay that answers, where access tables name several.
    #[must_use]
    pub fn of(plane: &Plane, demand: &Demand, application: &Application) -> Self {
        let mut all = Self::all(plane, demand, application);
        let ways: Vec<&Self> = all.iter().collect();
        let borders = OnceCell::new();
        let answers = |way: usize, leg: usize| {
            let borders = borders.get_or_init(|| Borders::new(plane, &Tables::new(plane)));
            Passage::of(plane, borders, &ways[way].legs[leg].course).delivered > 0.0
        };
        let chosen = chosen(&ways, &answers);
        all.swap_remove(chosen)
    }

    /// Every conversation that may come about, also those by relays that are tried when others do not answer; at least
    /// one, in the order in which clients prefer them.
    #[must_use]
    pub fn all(plane: &Plane, demand: &Demand, application: &Application) -> Vec<Self> {
        let tables = Tables::new(plane);
        chain::resolve(plane, &tables, (demand, &demand.to), application)
    }

    /// Which leg's relay (counted from 0) would not carry on what arrives there under the address `seen`, as a
    /// station that denies; `None` where it carries on, or where nothing is to be carried on.
    #[must_use]
    pub fn refusal(&self, plane: &Plane, leg: usize, seen: IpAddr) -> Option<HopRecord> {
        let goes_on = leg + 1 < self.legs.len() || self.stop.is_some();
        let asks = self.asks.filter(|_| goes_on)?;
        let node = plane.network.nodes.iter().nth(self.legs.get(leg)?.relay?)?;
        let asked = Packet { src: seen, ..asks };
        let Relayed::No { rule, place } = Tables::new(plane).relayed(node, &asked) else {
            return None;
        };
        Some(HopRecord {
            node: node.id.to_string(),
            stage: Stage::ForwardFilter,
            decision: Decision::Denied,
            rule: (!rule.is_empty()).then_some(rule),
            place: Some(place),
        })
    }

    /// The header that stands for a leg.
    #[must_use]
    pub fn packet(leg: &Leg) -> Option<Packet> {
        let course = &leg.course;
        let (source, target) = (course.sources.first()?, course.targets.first()?);
        Some(header(*source, *target, &course.service))
    }

    /// Whether a screen-transfer relay is on the way.
    #[must_use]
    pub fn has_screen(&self) -> bool {
        self.legs
            .iter()
            .any(|leg| leg.carries == Information::Pixels)
    }
}

/// The header that stands for a service. A service of any protocol is taken to be TCP.
pub(super) fn header(src: AddressRange, dst: AddressRange, service: &Service) -> Packet {
    let protocol = service.protocol.unwrap_or(Protocol::TCP);
    let ports = match (protocol.has_ports(), service.source_ports) {
        (false, _) => (0, 0),
        (true, all) if all.contains(CLIENT_PORT) => (CLIENT_PORT, service.ports.first),
        (true, some) => (some.first, service.ports.first),
    };
    Packet {
        src: src.first_address(),
        dst: dst.first_address(),
        protocol,
        src_port: ports.0,
        dst_port: ports.1,
    }
}
