//! Who a rule speaks of: the ends of its flows as segments and addresses of one state.
//!
//! `Terminals`, `Relays` and `Others` partition the addresses of a segment: relays first, then servers
//! of business systems (never terminals, even where a host group stands for the whole segment), then
//! the terminals, and the rest.

use crate::plane::{Plane, SegmentIx};
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::id::Id;
use utsushi_model::network::{Network, NodeKind, Segment, ZoneRole};
use utsushi_model::policy::{AddressTerm, Addresses};
use utsushi_model::resolve::{common, every_address, merged, without};
use utsushi_model::rule::{End, Hosts, RelayKind};

/// Addresses of members of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// The segment.
    pub segment: SegmentIx,
    /// The addresses, sorted and merged; never empty.
    pub addresses: Vec<AddressRange>,
}

/// The members that any of the ends means in this state, by segment.
#[must_use]
pub fn members(plane: &Plane, ends: &[End]) -> Vec<Members> {
    let network = &plane.network;
    let mut out = Vec::new();
    for (i, segment) in network.segments.iter().enumerate() {
        let meant = ends
            .iter()
            .flat_map(|end| meant(plane, segment, SegmentIx(i), end));
        let addresses = merged(meant.collect());
        if !addresses.is_empty() {
            out.push(Members {
                segment: SegmentIx(i),
                addresses,
            });
        }
    }
    out
}

/// The role of the zone that a segment is in.
#[must_use]
pub fn role(network: &Network, segment: &Segment) -> Option<ZoneRole> {
    network.zones.get(&segment.zone).map(|z| z.role)
}

fn meant(plane: &Plane, segment: &Segment, at: SegmentIx, end: &End) -> Vec<AddressRange> {
    let network = &plane.network;
    let all = &plane.segments[at.0].members;
    match end {
        End::Role(wanted, hosts) if role(network, segment) == Some(*wanted) => {
            of_hosts(network, segment, all, hosts)
        }
        End::Zone(zone, hosts) if segment.zone == *zone => of_hosts(network, segment, all, hosts),
        End::Role(..) | End::Zone(..) => Vec::new(),
        End::Addresses(set) if set.negated => {
            let found = network.addresses(set);
            common(all, &without(every_address().to_vec(), &found.items))
        }
        End::Addresses(set) => {
            let terms = set.terms.iter();
            let here = terms.filter(|t| stands_in(network, t, segment)).cloned();
            let here = Addresses {
                terms: here.collect(),
                negated: false,
            };
            common(all, &network.addresses(&here).items)
        }
    }
}

/// Whether a term can mean members of a segment: what has a segment of its own means members of that one
/// only, even where the same addresses are used elsewhere too.
fn stands_in(network: &Network, term: &AddressTerm, segment: &Segment) -> bool {
    let AddressTerm::Named(name) = term else {
        return true;
    };
    if network.objects.contains(&Id::new(Arc::clone(name))) {
        return true;
    }
    if network.segments.contains(&Id::new(Arc::clone(name))) {
        return segment.id.as_str() == &**name;
    }
    if let Some(group) = network.groups.get(&Id::new(Arc::clone(name))) {
        return group.segment == segment.id;
    }
    if let Some(system) = network.systems.get(&Id::new(Arc::clone(name))) {
        return system.segment == segment.id;
    }
    if let Some(node) = network.nodes.get(&Id::new(Arc::clone(name))) {
        return node
            .endpoint
            .as_ref()
            .is_some_and(|e| e.segment == segment.id);
    }
    segment.zone.as_str() == &**name
}

fn of_hosts(
    network: &Network,
    segment: &Segment,
    all: &[AddressRange],
    hosts: &Hosts,
) -> Vec<AddressRange> {
    let chosen = match hosts {
        Hosts::All => all.to_vec(),
        Hosts::Relays => relays(network, segment, None),
        Hosts::Relay(kind) => relays(network, segment, Some(*kind)),
        Hosts::Terminals => terminals(network, segment),
        Hosts::Others => {
            let mut taken = relays(network, segment, None);
            taken.extend(terminals(network, segment));
            without(all.to_vec(), &taken)
        }
        Hosts::Class(class) => {
            let groups = network
                .groups
                .iter()
                .filter(|g| g.segment == segment.id && g.class == *class);
            groups.flat_map(|g| network.group_addresses(g)).collect()
        }
        Hosts::System(function) => {
            let systems = network
                .systems
                .iter()
                .filter(|s| s.segment == segment.id && s.function == Some(*function));
            systems.flat_map(|s| s.addresses.clone()).collect()
        }
        Hosts::LgwanDependent => {
            let systems = network
                .systems
                .iter()
                .filter(|s| s.segment == segment.id && s.lgwan_dependent);
            systems.flat_map(|s| s.addresses.clone()).collect()
        }
    };
    common(all, &merged(chosen))
}

fn relays(network: &Network, segment: &Segment, kind: Option<RelayKind>) -> Vec<AddressRange> {
    let wanted = |k: &NodeKind| match (k, kind) {
        (NodeKind::Proxy(_), Some(RelayKind::Proxy))
        | (NodeKind::ScreenRelay(_), Some(RelayKind::ScreenRelay))
        | (NodeKind::Sanitiser(_), Some(RelayKind::Sanitiser))
        | (NodeKind::MailRelay(_), Some(RelayKind::MailRelay)) => true,
        (_, Some(_)) => false,
        (k, None) => k.is_relay(),
    };
    let nodes = network.nodes.iter().filter(|n| wanted(&n.kind));
    let endpoints = nodes
        .filter_map(|n| n.endpoint.as_ref())
        .filter(|e| e.segment == segment.id);
    endpoints.flat_map(|e| e.addresses.clone()).collect()
}

fn terminals(network: &Network, segment: &Segment) -> Vec<AddressRange> {
    let groups = network
        .groups
        .iter()
        .filter(|g| g.segment == segment.id && g.class.is_terminal());
    let seats: Vec<AddressRange> = groups.flat_map(|g| network.group_addresses(g)).collect();
    let mut servers = relays(network, segment, None);
    let systems = network.systems.iter().filter(|s| s.segment == segment.id);
    servers.extend(systems.flat_map(|s| s.addresses.clone()));
    without(seats, &servers)
}
