//! What a rule matches, in the words of the model.
//!
//! In: a typed match. Out: interfaces, addresses, services, session and conditions, or that nothing can
//! match. Clauses that the model cannot express become conditions; none is dropped.

use super::dump::{Clause, Family, Flags, Match, Side, State};
use super::values::{common, without};
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::policy::{
    AddressTerm, Addresses, Interfaces, Name, ServiceTerm, Services, SessionMatch,
};
use utsushi_model::service::{PortRange, Protocol, Service};

/// What a rule matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) incoming: Interfaces,
    pub(super) outgoing: Interfaces,
    pub(super) source: Addresses,
    pub(super) destination: Addresses,
    pub(super) service: Services,
    pub(super) session: SessionMatch,
    pub(super) conditions: Vec<Name>,
}

/// The header of a match; `None` if no packet can match. `untracked` tells whether the dump exempts
/// packets from connection tracking, so that their state is not known.
pub(super) fn header(of: &Match, family: Family, untracked: bool) -> Option<Header> {
    let mut conditions: Vec<Name> = of.doubts.iter().map(|d| Arc::from(d.as_str())).collect();
    let incoming = interface(of.incoming.as_ref())?;
    let outgoing = interface(of.outgoing.as_ref())?;
    let source = addresses(&of.source, family)?;
    let destination = addresses(&of.destination, family)?;
    let service = service(of, &mut conditions)?;
    let session = session(of, untracked, &mut conditions)?;
    conditions.dedup();
    Some(Header {
        incoming,
        outgoing,
        source,
        destination,
        service,
        session,
        conditions,
    })
}

fn interface(clause: Option<&Clause<String>>) -> Option<Interfaces> {
    let Some(clause) = clause else {
        return Some(Interfaces::default());
    };
    match (clause.of.as_str(), clause.negated) {
        ("+", true) => None,
        ("+", false) => Some(Interfaces::default()),
        (name, negated) => Some(Interfaces {
            names: vec![Arc::from(name)],
            negated,
        }),
    }
}

/// The conjunction of clauses on one end.
fn addresses(clauses: &[Clause<Vec<AddressRange>>], family: Family) -> Option<Addresses> {
    let terms = |ranges: &[AddressRange]| ranges.iter().map(|r| AddressTerm::Range(*r)).collect();
    let whole = family.addresses();
    match clauses {
        [] => Some(Addresses::any()),
        [one] if one.of == whole => (!one.negated).then(Addresses::any),
        [one] => Some(Addresses {
            terms: terms(&one.of),
            negated: one.negated,
        }),
        many => {
            let ranges = many.iter().fold(whole, |left, clause| {
                let of = match clause.negated {
                    true => without(&clause.of, family),
                    false => clause.of.clone(),
                };
                common(&left, &of)
            });
            (!ranges.is_empty()).then(|| Addresses {
                terms: terms(&ranges),
                negated: false,
            })
        }
    }
}

/// Boxes of destination and source ports.
type Ports = Vec<(PortRange, PortRange)>;

fn service(of: &Match, conditions: &mut Vec<Name>) -> Option<Services> {
    let Some(clause) = &of.protocol else {
        if !of.ports.is_empty() {
            conditions.push(Arc::from("ports of an unknown protocol"));
        }
        return Some(Services::any());
    };
    let protocol = Protocol(clause.of);
    let plain = Service {
        protocol: Some(protocol),
        ..Service::ANY
    };
    if of.ports.is_empty() || clause.negated || !protocol.has_ports() {
        if !of.ports.is_empty() {
            conditions.push(Arc::from("ports of a protocol without ports"));
        }
        return Some(Services {
            negated: clause.negated,
            ..Services::one(plain)
        });
    }
    let mut boxes: Ports = vec![(PortRange::ALL, PortRange::ALL)];
    for (side, clause) in &of.ports {
        boxes = meet(&boxes, &clause_boxes(*side, clause));
    }
    let terms = boxes.iter().map(|(ports, source_ports)| {
        ServiceTerm::Service(Service {
            protocol: Some(protocol),
            ports: *ports,
            source_ports: *source_ports,
        })
    });
    (!boxes.is_empty()).then(|| Services {
        terms: terms.collect(),
        negated: false,
    })
}

/// The boxes that one clause asks for.
fn clause_boxes(side: Side, clause: &Clause<Vec<PortRange>>) -> Ports {
    let ranges = match clause.negated {
        true => other_ports(&clause.of),
        false => clause.of.clone(),
    };
    let all = PortRange::ALL;
    let destination = ranges.iter().map(|r| (*r, all));
    let source = ranges.iter().map(|r| (all, *r));
    match (side, clause.negated) {
        (Side::Destination, _) => destination.collect(),
        (Side::Source, _) => source.collect(),
        (Side::Either, false) => destination.chain(source).collect(),
        (Side::Either, true) => meet(
            &destination.collect::<Vec<_>>(),
            &source.collect::<Vec<_>>(),
        ),
    }
}

fn meet(a: &Ports, b: &Ports) -> Ports {
    let range = |x: PortRange, y: PortRange| {
        let (first, last) = (x.first.max(y.first), x.last.min(y.last));
        (first <= last).then_some(PortRange { first, last })
    };
    let both = |x: &(PortRange, PortRange), y: &(PortRange, PortRange)| {
        Some((range(x.0, y.0)?, range(x.1, y.1)?))
    };
    a.iter()
        .flat_map(|x| b.iter().filter_map(move |y| both(x, y)))
        .collect()
}

/// The ports in none of the ranges.
fn other_ports(ranges: &[PortRange]) -> Vec<PortRange> {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut out = Vec::new();
    let mut next = 0_u32;
    for range in &sorted {
        if let (Ok(first), Some(last)) = (u16::try_from(next), range.first.checked_sub(1))
            && first <= last
        {
            out.push(PortRange { first, last });
        }
        next = next.max(u32::from(range.last) + 1);
    }
    if let Ok(first) = u16::try_from(next) {
        out.push(PortRange {
            first,
            last: u16::MAX,
        });
    }
    out
}

/// Which packets of a session match: the first has state NEW and flag SYN, the answer to it ESTABLISHED
/// and SYN, ACK.
fn session(of: &Match, untracked: bool, conditions: &mut Vec<Name>) -> Option<SessionMatch> {
    let (mut new, mut known) = (true, true);
    for clause in &of.states {
        let has = |state| clause.of.contains(&state) != clause.negated;
        new &= has(State::New);
        known &= has(State::Established);
        let doubtful = clause.of.contains(&State::Translated)
            || (untracked && has(State::Untracked) != has(State::New));
        if doubtful {
            conditions.push(Arc::from("the state of the connection"));
            (new, known) = (true, true);
        }
    }
    let tcp = |p: &Clause<u8>| p.of == Protocol::TCP.0 && !p.negated;
    for clause in &of.flags {
        if !of.protocol.as_ref().is_some_and(tcp) {
            conditions.push(Arc::from("flags of an unknown protocol"));
            continue;
        }
        new &= set(clause, 0x02);
        known &= set(clause, 0x12);
    }
    match (new, known) {
        (true, true) => Some(SessionMatch::Any),
        (true, false) => Some(SessionMatch::New),
        (false, true) => Some(SessionMatch::Known),
        (false, false) => None,
    }
}

/// Whether a packet with these flags matches.
const fn set(clause: &Clause<Flags>, flags: u8) -> bool {
    ((flags & clause.of.mask) == clause.of.set) != clause.negated
}
