//! Packets at the corners of what a network is configured with.
//!
//! Goes in: a network and raw numbers. Comes out: packets whose addresses and ports lie at, just inside
//! or just outside the ends of the ranges that occur in it, where mistakes live.

use super::choices::Choices;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use std::collections::BTreeSet;
use utsushi_model::address::{AddressRange, address_at};
use utsushi_model::finding::Packet;
use utsushi_model::network::{Network, Segment};
use utsushi_model::policy::{AddressTerm, Addresses, ServiceTerm, Services, Translation};
use utsushi_model::service::Protocol;

/// Raw numbers from which [`Corners::packet`] makes a packet. They know nothing of a network, so that
/// networks and probes shrink independently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe(Vec<u16>);

/// Probes.
pub fn probe() -> impl Strategy<Value = Probe> {
    vec(any::<u16>(), 9).prop_map(Probe)
}

/// The ends of all ranges of addresses and ports in a network.
#[derive(Debug, Clone)]
pub struct Corners {
    addresses: Vec<u128>,
    ports: Vec<u16>,
    inhabited: Vec<AddressRange>,
    shown: Vec<AddressRange>,
}

impl Corners {
    /// The corners of a network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        let mut found = Found::default();
        found.network(network);
        let mut addresses = BTreeSet::new();
        for range in &found.ranges {
            for end in [range.first(), range.last()] {
                addresses.extend([end.saturating_sub(1), end, end.saturating_add(1)]);
            }
        }
        let mut ports = BTreeSet::from([0, 1, 1023, 1024, u16::MAX]);
        for port in &found.ports {
            ports.extend([port.saturating_sub(1), *port, port.saturating_add(1)]);
        }
        Self {
            addresses: addresses.into_iter().collect(),
            ports: ports.into_iter().collect(),
            inhabited: network
                .segments
                .iter()
                .flat_map(|s| s.prefixes.iter().map(AddressRange::prefix))
                .collect(),
            shown: shown(network),
        }
    }

    /// A packet that a member of the segment sends; `None` for a segment without members.
    #[must_use]
    pub fn packet(&self, network: &Network, from: &Segment, probe: &Probe) -> Option<Packet> {
        let mut choices = Choices::new(&probe.0);
        let members = network.segment_addresses(from);
        let corner = choices.percent(60);
        let src = self.within(&members, corner, &mut choices)?;
        let family = [AddressRange::V4, AddressRange::V6]
            .into_iter()
            .find(|all| all.first() <= src && src <= all.last())?;
        let own = |ranges: &[AddressRange]| -> Vec<AddressRange> {
            let inside = ranges.iter().copied().filter(|r| family.covers(*r));
            inside.collect()
        };
        let (inhabited, shown) = (own(&self.inhabited), own(&self.shown));
        let dst = match choices.below(10) {
            0..=3 => self.within(&[family], true, &mut choices),
            4..=6 if !shown.is_empty() => self.within(&shown, false, &mut choices),
            _ => self.within(&inhabited, false, &mut choices),
        }?;
        let protocols = [6, 6, 6, 17, 1, 58, 47, 132, 0, 255].map(Protocol);
        let protocol = choices.of(&protocols).copied()?;
        let mut port = || match protocol.has_ports() {
            true => choices.of(&self.ports).copied().unwrap_or(0),
            false => 0,
        };
        Some(Packet {
            src: address_at(src),
            dst: address_at(dst),
            protocol,
            dst_port: port(),
            src_port: port(),
        })
    }

    /// An address in the ranges, at a corner if there is one and it is wanted.
    fn within(
        &self,
        ranges: &[AddressRange],
        corner: bool,
        choices: &mut Choices<'_>,
    ) -> Option<u128> {
        let inside = |at: &u128| ranges.iter().any(|r| r.first() <= *at && *at <= r.last());
        let corners: Vec<u128> = self.addresses.iter().copied().filter(inside).collect();
        if let (true, Some(at)) = (corner, choices.of(&corners)) {
            return Some(*at);
        }
        let range = choices.of(ranges)?;
        let spread = u128::try_from(choices.below(1 << 16)).unwrap_or(0);
        let span = range.last() - range.first();
        // A number that is odd and larger than 2^112 scatters small numbers over ranges of any size.
        let scattered = spread.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let offset = match span.checked_add(1) {
            Some(count) => scattered % count,
            None => scattered,
        };
        Some(range.first() + offset)
    }
}

/// What translators of destinations answer for.
fn shown(network: &Network) -> Vec<AddressRange> {
    let rules = network.nodes.iter().flat_map(|n| &n.forwarding.nat);
    let wanted = rules.filter(|r| {
        matches!(r.translation, Translation::Destination(..)) && !r.destination.is_any()
    });
    wanted
        .flat_map(|r| network.addresses(&r.destination).items)
        .collect()
}

/// Ranges and ports as they are met.
#[derive(Default)]
struct Found {
    ranges: BTreeSet<AddressRange>,
    ports: BTreeSet<u16>,
}

impl Found {
    fn network(&mut self, network: &Network) {
        let segments = network.segments.iter().flat_map(|s| &s.prefixes);
        self.ranges.extend(segments.map(AddressRange::prefix));
        self.ranges
            .extend(network.groups.iter().flat_map(|g| g.addresses.clone()));
        self.ranges
            .extend(network.systems.iter().flat_map(|s| s.addresses.clone()));
        network
            .objects
            .iter()
            .for_each(|o| self.addresses(&o.addresses));
        network
            .services
            .iter()
            .for_each(|s| self.services(&s.services));
        for forwarding in network.nodes.iter().map(|n| &n.forwarding) {
            let statics = forwarding.statics.iter().map(|r| &r.prefix);
            let own = forwarding.originates.iter().map(|(_, prefix)| prefix);
            self.ranges
                .extend(statics.chain(own).map(AddressRange::prefix));
            for rule in forwarding.filters.iter().flat_map(|f| f.all_rules()) {
                self.triple(&rule.source, &rule.destination, &rule.service);
            }
            for rule in &forwarding.policies {
                self.triple(&rule.source, &rule.destination, &rule.service);
            }
            for rule in &forwarding.nat {
                self.triple(&rule.source, &rule.destination, &rule.service);
                match &rule.translation {
                    Translation::Source(pool) => self.ranges.extend(pool),
                    Translation::Destination(to, port) => {
                        self.ranges.insert(*to);
                        self.ports.extend(port);
                    }
                    Translation::None => {}
                }
            }
        }
    }

    fn triple(&mut self, source: &Addresses, destination: &Addresses, service: &Services) {
        self.addresses(source);
        self.addresses(destination);
        self.services(service);
    }

    fn addresses(&mut self, addresses: &Addresses) {
        for term in &addresses.terms {
            if let AddressTerm::Range(range) = term {
                self.ranges.insert(*range);
            }
        }
    }

    fn services(&mut self, services: &Services) {
        for term in &services.terms {
            if let ServiceTerm::Service(service) = term {
                let ranges = [service.ports, service.source_ports];
                self.ports
                    .extend(ranges.into_iter().flat_map(|r| [r.first, r.last]));
            }
        }
    }
}
