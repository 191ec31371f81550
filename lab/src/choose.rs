//! Hosts that stand for a state's groups, systems and relays, and packets that exercise what it is configured
//! with.
//!
//! Goes in: a plane, and how many packets there may be. Comes out: hosts and [`Probe`]s: every host asks every
//! other for what that one offers; and for every filter rule and every translation whose ends have hosts, a
//! packet that it is about. If there are more, an even choice of them. The same state gives the same packets.

use crate::{Probe, usable};
use std::collections::BTreeSet;
use std::net::IpAddr;
use utsushi_model::address::{AddressRange, address_at};
use utsushi_model::finding::Packet;
use utsushi_model::resolve::Resolved;
use utsushi_model::service::{Protocol, Service};
use utsushi_sim::plane::condition::{Condition, Rewrite};
use utsushi_sim::plane::{Plane, SegmentIx};

/// A host of the lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Where it is.
    pub segment: SegmentIx,
    /// Its address.
    pub address: IpAddr,
    /// What it offers; empty for terminals.
    pub offers: Vec<Service>,
}

/// What is asked of a host that offers nothing: file sharing, which terminals do offer in real life and
/// which no plan wants between zones.
const OF_TERMINALS: Service = Service::tcp(445);

/// The first source port of probes; each probe of a host takes the next one.
const FIRST_PORT: u16 = 20_000;

/// At most this many packets exercise one rule.
const PER_RULE: usize = 4;

/// The hosts of a state: the first address of every group and relay, every single address of systems, and
/// for a segment without any of them its first usable address.
#[must_use]
pub fn hosts(plane: &Plane) -> Vec<Host> {
    let network = &plane.network;
    let mut out: Vec<Host> = Vec::new();
    let mut put = |segment: Option<SegmentIx>, address: Option<IpAddr>, offers: &[Service]| {
        let (Some(segment), Some(address)) = (segment, address) else {
            return;
        };
        match out
            .iter_mut()
            .find(|h| h.segment == segment && h.address == address)
        {
            Some(there) => there.offers.extend_from_slice(offers),
            None => out.push(Host {
                segment,
                address,
                offers: offers.to_vec(),
            }),
        }
    };
    for system in network.systems.iter() {
        for range in &system.addresses {
            put(
                plane.segment(&system.segment),
                first(&[*range]),
                &system.services,
            );
        }
    }
    for node in network.nodes.iter() {
        if let Some(endpoint) = &node.endpoint {
            let address = first(&endpoint.addresses);
            put(plane.segment(&endpoint.segment), address, &node.listens());
        }
    }
    for group in network.groups.iter() {
        let address = first(&network.group_addresses(group));
        put(plane.segment(&group.segment), address, &[]);
    }
    for (i, segment) in plane.segments.iter().enumerate() {
        if !out.iter().any(|host| host.segment.0 == i) {
            out.extend(first(&segment.members).map(|address| Host {
                segment: SegmentIx(i),
                address,
                offers: Vec::new(),
            }));
        }
    }
    out.sort_by_key(|host| (host.segment, host.address));
    out
}

/// The first address of some ranges that a host can have; of a prefix not the network itself.
fn first(ranges: &[AddressRange]) -> Option<IpAddr> {
    let well_known = [[198, 51, 100, 1], [203, 0, 113, 1], [192, 0, 2, 1]].map(IpAddr::from);
    let inside = |at: &IpAddr| ranges.iter().any(|range| range.contains(*at));
    let whole = |range: &AddressRange| range.size() > 2;
    let own = ranges.iter().map(|range| match whole(range) {
        true => address_at(range.first() + 1),
        false => range.first_address(),
    });
    // The Internet begins at 0.0.0.0, where nobody is.
    let outside = well_known.into_iter().filter(inside);
    let large = ranges.iter().any(|range| range.size() > 1 << 24);
    let candidates: Vec<IpAddr> = match large {
        true => outside.chain(own).collect(),
        false => own.chain(outside).collect(),
    };
    candidates.into_iter().find(|at| usable(*at))
}

/// Packets of a state, at most so many.
#[must_use]
pub fn probes(plane: &Plane, hosts: &[Host], most: usize) -> Vec<Probe> {
    let mut wishes = Wishes {
        hosts,
        seen: BTreeSet::new(),
        rules: Vec::new(),
        pairs: Vec::new(),
    };
    for condition in plane
        .filters
        .iter()
        .flat_map(|f| f.all_rules().map(|r| &r.condition))
    {
        wishes.rule(condition);
    }
    for step in plane.nodes.iter().flat_map(|node| &node.destination_nat) {
        if matches!(step.rewrite, Rewrite::Address(..) | Rewrite::Block(..)) {
            wishes.translation(&step.condition);
        }
    }
    for from in hosts {
        for to in hosts.iter().filter(|to| to.segment != from.segment) {
            let offers = to.offers.first().copied().unwrap_or(OF_TERMINALS);
            wishes.pair(from, to, &offers);
        }
    }
    // Rules first: each is there for a reason, while pairs are many and alike.
    let rules = evenly(&wishes.rules, most);
    let pairs = evenly(&wishes.pairs, most - rules.len());
    let mut all: Vec<Probe> = rules.into_iter().chain(pairs).collect();
    numbered(&mut all);
    all
}

/// An even choice of at most so many.
fn evenly(all: &[Probe], most: usize) -> Vec<Probe> {
    let count = all.len().min(most);
    (0..count).map(|i| all[i * all.len() / count]).collect()
}

/// Gives each packet of a sender a source port of its own.
fn numbered(probes: &mut [Probe]) {
    let mut next = std::collections::BTreeMap::new();
    for probe in probes {
        let port = next
            .entry((probe.from, probe.packet.src))
            .or_insert(FIRST_PORT);
        probe.packet.src_port = *port;
        *port = port.saturating_add(1);
    }
}

/// Packets as they are wished for.
struct Wishes<'h> {
    hosts: &'h [Host],
    seen: BTreeSet<(SegmentIx, Packet)>,
    rules: Vec<Probe>,
    pairs: Vec<Probe>,
}

/// Whether an address is meant by a set that can be judged offline.
fn meant(set: &Resolved<AddressRange>, address: IpAddr) -> bool {
    set.items.iter().any(|range| range.contains(address)) != set.negated
}

impl Wishes<'_> {
    fn wish(&mut self, from: &Host, to: IpAddr, service: &Service) -> Option<Probe> {
        let protocol = service.protocol.unwrap_or(Protocol::TCP);
        let dst_port = match service.ports.first {
            0 => 443,
            port => port,
        };
        let packet = Packet {
            src: from.address,
            dst: to,
            protocol,
            src_port: FIRST_PORT,
            dst_port,
        };
        let probe = Probe {
            from: from.segment,
            packet,
        };
        let same = from.address.is_ipv4() == to.is_ipv4();
        let new = same && probe.can_be_tried() && self.seen.insert((from.segment, packet));
        new.then_some(probe)
    }

    fn pair(&mut self, from: &Host, to: &Host, service: &Service) {
        let probe = self.wish(from, to.address, service);
        self.pairs.extend(probe);
    }

    /// Packets that a filter rule is about: its services between its ends.
    fn rule(&mut self, condition: &Condition) {
        if !condition.is_certain() {
            return;
        }
        let hosts = self.hosts;
        let any = [Service::tcp(443)];
        let wanted = match condition.service.items.as_slice() {
            [] => &any,
            some => some,
        };
        let senders = hosts
            .iter()
            .filter(|host| meant(&condition.source, host.address));
        let mut count = 0;
        for from in senders {
            let receivers = hosts.iter().filter(|to| to.segment != from.segment);
            for to in receivers.filter(|to| meant(&condition.destination, to.address)) {
                let service = wanted[count % wanted.len()];
                let probe = self.wish(from, to.address, &service);
                if let Some(probe) = probe {
                    self.rules.push(probe);
                    count += 1;
                }
                if count >= PER_RULE {
                    return;
                }
            }
        }
    }

    /// Packets to the addresses that a translation shows.
    fn translation(&mut self, condition: &Condition) {
        if !condition.is_certain() || condition.destination.negated {
            return;
        }
        let hosts = self.hosts;
        let Some(shown) = first(&condition.destination.items) else {
            return;
        };
        let service = condition
            .service
            .items
            .first()
            .copied()
            .unwrap_or(Service::tcp(443));
        let senders = hosts
            .iter()
            .filter(|host| meant(&condition.source, host.address));
        for from in senders.take(PER_RULE) {
            let probe = self.wish(from, shown, &service);
            self.rules.extend(probe);
        }
    }
}
