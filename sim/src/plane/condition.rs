//! What a rule, route or translation matches, with every name resolved.
//!
//! Three-valued: a condition with members that cannot be judged offline (host names, applications,
//! users) matches some packets *perhaps*. [`Bound`] says which way a caller wants the doubt resolved.

use crate::plane::PortIx;
use std::net::IpAddr;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::Packet;
use utsushi_model::place::Place;
use utsushi_model::policy::{Name, SessionMatch};
use utsushi_model::resolve::Resolved;
use utsushi_model::service::Service;

/// Which way doubt is resolved when sets are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Everything that perhaps passes is counted as passing.
    May,
    /// Only what certainly passes is counted.
    Must,
}

/// Whether a packet matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It does not.
    No,
    /// It hangs on something that cannot be judged offline.
    Perhaps,
    /// It does.
    Yes,
}

/// A match on interfaces and header.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Interfaces it may have come in by; `None` is any.
    pub incoming: Option<Vec<PortIx>>,
    /// Interfaces it may go out by; `None` is any.
    pub outgoing: Option<Vec<PortIx>>,
    /// Source addresses.
    pub source: Resolved<AddressRange>,
    /// Destination addresses.
    pub destination: Resolved<AddressRange>,
    /// Protocol and ports.
    pub service: Resolved<Service>,
    /// Further conditions that cannot be judged offline.
    pub others: Vec<Name>,
    /// Where the states are told in which it is there and means what, in a plane of many states.
    pub lifted: Option<usize>,
}

fn judge<T>(set: &Resolved<T>, holds: impl Fn(&T) -> bool) -> Match {
    let inside = set.items.iter().any(holds);
    match (inside, set.undecided.is_empty(), set.negated) {
        (true, _, false) | (false, true, true) => Match::Yes,
        (true, _, true) | (false, true, false) => Match::No,
        (false, false, _) => Match::Perhaps,
    }
}

impl Condition {
    /// Whether nothing in it is beyond offline judgement.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.others.is_empty()
            && self.source.undecided.is_empty()
            && self.destination.undecided.is_empty()
            && self.service.undecided.is_empty()
    }

    /// What in it cannot be judged offline.
    pub fn doubts(&self) -> impl Iterator<Item = &Name> {
        self.others
            .iter()
            .chain(&self.source.undecided)
            .chain(&self.destination.undecided)
            .chain(&self.service.undecided)
    }

    /// Whether the interfaces fit. An unknown outgoing interface fits only a condition that asks for none.
    #[must_use]
    pub fn fits(&self, incoming: PortIx, outgoing: Option<PortIx>) -> bool {
        self.incoming
            .as_ref()
            .is_none_or(|list| list.contains(&incoming))
            && self
                .outgoing
                .as_ref()
                .is_none_or(|list| outgoing.is_some_and(|port| list.contains(&port)))
    }

    /// Whether a packet matches.
    #[must_use]
    pub fn judge(&self, packet: &Packet, incoming: PortIx, outgoing: Option<PortIx>) -> Match {
        if !self.fits(incoming, outgoing) {
            return Match::No;
        }
        let address =
            |set: &Resolved<AddressRange>, at: IpAddr| judge(set, |range| range.contains(at));
        let parts = [
            address(&self.source, packet.src),
            address(&self.destination, packet.dst),
            judge(&self.service, |s| {
                s.matches(packet.protocol, packet.src_port, packet.dst_port)
            }),
        ];
        if parts.contains(&Match::No) {
            Match::No
        } else if parts.contains(&Match::Perhaps) || !self.others.is_empty() {
            Match::Perhaps
        } else {
            Match::Yes
        }
    }
}

/// What a rule does with a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Lets it pass.
    Allow,
    /// Drops it.
    Deny,
    /// Asks the chain at this position, then goes on.
    Jump(usize),
    /// Asks the chain at this position instead of what follows in the list.
    Goto(usize),
    /// Leaves the list.
    Return,
}

/// One rule of an ordered filter.
#[derive(Debug, Clone)]
pub struct RuleStep {
    /// Its name.
    pub name: Name,
    /// What it does.
    pub act: Act,
    /// Which packets of a session it matches.
    pub session: SessionMatch,
    /// What it matches.
    pub condition: Condition,
    /// Where it is written.
    pub place: Place,
}

/// One policy route.
#[derive(Debug, Clone)]
pub struct PolicyStep {
    /// Its name.
    pub name: Name,
    /// What it matches.
    pub condition: Condition,
    /// Where it sends a match; empty drops it.
    pub via: Vec<PortIx>,
    /// Where it is written.
    pub place: Place,
}

/// What a translation does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rewrite {
    /// Source becomes any of these addresses, with a port the device chooses.
    Source(Vec<AddressRange>),
    /// Destination becomes this one address, and this port if given.
    Address(AddressRange, Option<u16>),
    /// Destination moves from the first range to the second, address by address.
    Block(AddressRange, AddressRange),
    /// Nothing; later translations are not looked at.
    Keep,
}

/// One translation.
#[derive(Debug, Clone)]
pub struct NatStep {
    /// Its name.
    pub name: Name,
    /// What it matches.
    pub condition: Condition,
    /// What it does.
    pub rewrite: Rewrite,
    /// Where it is written.
    pub place: Place,
}
