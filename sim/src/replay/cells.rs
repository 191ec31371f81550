//! Which packets of a leg have to be looked at, so that nothing is missed.
//!
//! Everything a state decides, it decides by ranges: of a rule, a route, a translation, an access table.
//! Between two borders of those ranges all packets fare alike, so one packet of each *cell* tells of all:
//!
//! ```text
//!  group's addresses   ├──────────────────────────────────────┤
//!  a rule's source                    ├────────────────────────────▶
//!  a route              ◀──────────────────────────┤
//!  cells               ├──────────────┼────────────┼──────────┤
//! ```
//!
//! Goes in: a compiled state and a leg's course. Comes out: one packet for each cell of senders ×
//! addressees × ports, with how many packets it stands for. So a leg is judged exactly over the
//! addresses of its ends and the ports of its service. One source port stands for all
//! ([`super::conversation::CLIENT_PORT`]), and behind a translation that moves a block of addresses
//! cells are cut by the borders before it only.

use super::conversation::{Course, header};
use super::tables::Tables;
use crate::plane::Plane;
use crate::plane::condition::{Condition, Rewrite};
use std::collections::BTreeSet;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::Packet;
use utsushi_model::service::{PortRange, Service};

/// Where anything changes: the first position of everything that is decided differently.
#[derive(Debug, Default)]
pub(super) struct Borders {
    addresses: Vec<u128>,
    ports: Vec<u16>,
}

/// Packets that fare alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// One of them: the smallest.
    pub(super) packet: Packet,
    /// Which part of the senders it is among, as position and number of addresses.
    pub(super) senders: (usize, f64),
    /// How many packets it stands for.
    pub(super) size: f64,
}

impl Borders {
    /// The borders of a state.
    pub(super) fn new(plane: &Plane, tables: &Tables) -> Self {
        let mut found = Found::default();
        tables.conditions().for_each(|c| found.condition(c));
        for filter in plane.filters.iter() {
            filter
                .rules
                .iter()
                .for_each(|r| found.condition(&r.condition));
        }
        for node in plane.nodes.iter() {
            node.policies
                .iter()
                .for_each(|p| found.condition(&p.condition));
            for nat in node.destination_nat.iter().chain(&node.source_nat) {
                found.condition(&nat.condition);
                if let Rewrite::Block(from, _) = nat.rewrite {
                    found.address(from);
                }
            }
        }
        for table in &plane.tables {
            let fib = table.fib();
            fib.pieces
                .iter()
                .for_each(|(range, _)| found.address(*range));
        }
        Self {
            addresses: found.addresses.into_iter().collect(),
            ports: found.ports.into_iter().collect(),
        }
    }

    fn cut(&self, range: AddressRange) -> Vec<AddressRange> {
        let from = self.addresses.partition_point(|b| *b <= range.first());
        let until = self.addresses.partition_point(|b| *b <= range.last());
        let starts =
            std::iter::once(range.first()).chain(self.addresses[from..until].iter().copied());
        let ends = self.addresses[from..until]
            .iter()
            .map(|b| b - 1)
            .chain([range.last()]);
        starts
            .zip(ends)
            .filter_map(|(a, b)| AddressRange::between(a, b))
            .collect()
    }

    fn cut_ports(&self, service: &Service) -> Vec<PortRange> {
        let PortRange { first, last } = service.ports;
        if !service
            .protocol
            .is_none_or(utsushi_model::service::Protocol::has_ports)
        {
            return vec![PortRange::one(0)];
        }
        let inner: Vec<u16> = self
            .ports
            .iter()
            .copied()
            .filter(|b| first < *b && *b <= last)
            .collect();
        let starts = std::iter::once(first).chain(inner.iter().copied());
        let ends = inner.iter().map(|b| b - 1).chain([last]);
        starts
            .zip(ends)
            .map(|(first, last)| PortRange { first, last })
            .collect()
    }

    /// The ports of a service that stand for all of them.
    pub(super) fn ports(&self, service: &Service) -> Vec<u16> {
        self.cut_ports(service).iter().map(|p| p.first).collect()
    }

    /// The cells of a course, in the order of senders, addressees, ports.
    pub(super) fn cells(&self, course: &Course) -> Vec<Cell> {
        let cut = |ranges: &[AddressRange]| -> Vec<AddressRange> {
            ranges.iter().flat_map(|r| self.cut(*r)).collect()
        };
        let (targets, ports) = (cut(&course.targets), self.cut_ports(&course.service));
        let mut cells = Vec::new();
        for (sender, source) in cut(&course.sources).into_iter().enumerate() {
            for target in &targets {
                for port in &ports {
                    let packet = Packet {
                        dst_port: port.first,
                        ..header(source, *target, &course.service)
                    };
                    let wide = f64::from(port.last) - f64::from(port.first) + 1.0;
                    cells.push(Cell {
                        packet,
                        senders: (sender, size(source)),
                        size: size(source) * size(*target) * wide,
                    });
                }
            }
        }
        cells
    }
}

/// How many addresses a range holds; beyond 2^53 only nearly.
fn size(range: AddressRange) -> f64 {
    range.size() as f64
}

#[derive(Default)]
struct Found {
    addresses: BTreeSet<u128>,
    ports: BTreeSet<u16>,
}

impl Found {
    fn address(&mut self, range: AddressRange) {
        self.addresses.insert(range.first());
        self.addresses.extend(range.last().checked_add(1));
    }

    fn condition(&mut self, condition: &Condition) {
        let both = condition
            .source
            .items
            .iter()
            .chain(&condition.destination.items);
        both.for_each(|r| self.address(*r));
        for service in &condition.service.items {
            self.ports.insert(service.ports.first);
            self.ports.extend(service.ports.last.checked_add(1));
        }
    }
}
