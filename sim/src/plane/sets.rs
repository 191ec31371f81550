//! Filters, routes and translations of a plane as exact sets, compiled when first asked for.
//!
//! One [`Sets`] holds one arena; it serves one thread and one state. Every table is available for
//! packets going forward and, with the ends exchanged, for the answers to them.

use super::condition::{Bound, Condition, Rewrite, RuleStep};
use super::faces::{Faces, Side};
use super::routes::Origin;
use super::view::{View, translated_ports, with_ports};
use super::{Plane, PortIx, SegmentIx, TableIx};
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use utsushi_model::address::AddressRange;
use utsushi_model::resolve::Resolved;
use utsushi_model::service::Service;

/// Which way packets run, seen from the sender of the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// From the sender of the session's first packet.
    Forward,
    /// Back to it: the header on the wire is the answer's.
    Answer,
}

/// A routing table as disjoint sets of headers on the wire.
#[derive(Debug)]
pub struct RouteSets {
    /// Headers by the interfaces they are sent out of; an empty list drops them on purpose.
    pub ways: Vec<(Vec<PortIx>, Set)>,
    /// Headers without a route, or whose route ends at the node itself.
    pub none: Set,
}

/// A plane's tables as sets.
#[derive(Debug)]
pub struct Sets<'p> {
    /// The plane.
    pub plane: &'p Plane,
    /// The arena.
    pub space: Space,
    /// Which way doubt is resolved.
    pub bound: Bound,
    faces: Faces<'p>,
    filters: HashMap<(usize, Side, Side, Way, bool), Set>,
    routes: HashMap<(TableIx, Way), Rc<RouteSets>>,
    members: HashMap<(SegmentIx, Field), Set>,
    headers: Option<Set>,
}

/// Ranges as intervals.
#[must_use]
pub fn intervals(ranges: &[AddressRange]) -> Vec<Interval> {
    ranges
        .iter()
        .map(|r| Interval::new(r.first(), r.last()))
        .collect()
}

impl<'p> Sets<'p> {
    /// Tables of a plane in a fresh arena.
    #[must_use]
    pub fn new(plane: &'p Plane, bound: Bound) -> Self {
        Self::within(plane, bound, Space::new())
    }

    /// Tables of a plane in an arena that other states have used before: equal sets of all of them
    /// have equal ids, so that two states can be compared.
    #[must_use]
    pub fn within(plane: &'p Plane, bound: Bound, space: Space) -> Self {
        Self {
            plane,
            space,
            bound,
            faces: Faces::new(plane),
            filters: HashMap::new(),
            routes: HashMap::new(),
            members: HashMap::new(),
            headers: None,
        }
    }

    /// Headers that exist: both addresses of one family, ports only where the protocol has them.
    ///
    /// # Errors
    /// The arena is full.
    pub fn headers(&mut self) -> Result<Set, SpaceFull> {
        if let Some(set) = self.headers {
            return Ok(set);
        }
        let family = |all: AddressRange| {
            let all = vec![Interval::new(all.first(), all.last())];
            Cube::any()
                .with(Field::Src, all.clone())
                .with(Field::Dst, all)
        };
        let v4 = self.space.cube(&family(AddressRange::V4))?;
        let v6 = self.space.cube(&family(AddressRange::V6))?;
        let families = self.space.union(v4, v6)?;
        let ported = self.space.field(Field::Protocol, &with_ports())?;
        let zero = vec![Interval::point(0)];
        let none = Cube::any()
            .with(Field::SrcPort, zero.clone())
            .with(Field::DstPort, zero);
        let none = self.space.cube(&none)?;
        let shape = self.space.union(ported, none)?;
        let set = self.space.intersection(families, shape)?;
        self.headers = Some(set);
        Ok(set)
    }

    /// The interface that stands for all interfaces of its node by which what comes in is treated alike,
    /// once it is past their own filters.
    #[must_use]
    pub fn alike(&self, port: PortIx) -> PortIx {
        self.faces.alike(port)
    }

    /// The headers whose field is the address of a member of a segment.
    ///
    /// # Errors
    /// The arena is full.
    pub fn members(&mut self, segment: SegmentIx, field: Field) -> Result<Set, SpaceFull> {
        if let Some(set) = self.members.get(&(segment, field)) {
            return Ok(*set);
        }
        let members = intervals(&self.plane.segments[segment.0].members);
        let set = self.space.field(field, &members)?;
        self.members.insert((segment, field), set);
        Ok(set)
    }

    /// The headers on the wire that a condition matches under a bound, interfaces aside.
    ///
    /// # Errors
    /// The arena is full.
    pub fn condition(&mut self, condition: &Condition, bound: Bound) -> Result<Set, SpaceFull> {
        if bound == Bound::Must && !condition.others.is_empty() {
            return Ok(Set::EMPTY);
        }
        let service = self.service(&condition.service, bound)?;
        let source = self.addresses(Field::Src, &condition.source, bound)?;
        let destination = self.addresses(Field::Dst, &condition.destination, bound)?;
        let ends = self.space.intersection(source, destination)?;
        self.space.intersection(ends, service)
    }

    fn addresses(
        &mut self,
        field: Field,
        set: &Resolved<AddressRange>,
        bound: Bound,
    ) -> Result<Set, SpaceFull> {
        let inside = self.space.field(field, &intervals(&set.items))?;
        self.bounded(inside, set.undecided.is_empty(), set.negated, bound)
    }

    /// The headers that ask for a set of services, under a bound.
    ///
    /// # Errors
    /// The arena is full.
    pub fn service(&mut self, set: &Resolved<Service>, bound: Bound) -> Result<Set, SpaceFull> {
        let mut parts = Vec::with_capacity(set.items.len());
        for service in &set.items {
            parts.push(self.one_service(service)?);
        }
        let inside = self.space.union_all(&parts)?;
        self.bounded(inside, set.undecided.is_empty(), set.negated, bound)
    }

    fn one_service(&mut self, service: &Service) -> Result<Set, SpaceFull> {
        let Some(protocol) = service.protocol else {
            return Ok(Set::FULL);
        };
        let mut cube = Cube::any().with(
            Field::Protocol,
            vec![Interval::point(u128::from(protocol.0))],
        );
        if protocol.has_ports() {
            let ports = |range: utsushi_model::service::PortRange| {
                vec![Interval::new(
                    u128::from(range.first),
                    u128::from(range.last),
                )]
            };
            cube = cube
                .with(Field::DstPort, ports(service.ports))
                .with(Field::SrcPort, ports(service.source_ports));
        }
        self.space.cube(&cube)
    }

    /// What a set with unknown further members holds at most or at least.
    fn bounded(
        &mut self,
        inside: Set,
        certain: bool,
        negated: bool,
        bound: Bound,
    ) -> Result<Set, SpaceFull> {
        let positive = match (certain, negated, bound) {
            (true, _, _) | (false, false, Bound::Must) | (false, true, Bound::May) => inside,
            (false, false, Bound::May) | (false, true, Bound::Must) => Set::FULL,
        };
        if negated {
            self.space.complement(positive)
        } else {
            Ok(positive)
        }
    }

    /// The headers on the wire that a filter lets pass between two interfaces; `known` tells whether its
    /// node knows the session.
    ///
    /// # Errors
    /// The arena is full.
    pub fn filter(
        &mut self,
        filter: usize,
        incoming: PortIx,
        outgoing: Option<PortIx>,
        way: Way,
        known: bool,
    ) -> Result<Set, SpaceFull> {
        let sides = self.faces.sides(filter, incoming, outgoing);
        let key = (filter, sides.0, sides.1, way, known);
        if let Some(set) = self.filters.get(&key) {
            return Ok(*set);
        }
        let set = match way {
            Way::Forward => self.accepted(filter, incoming, outgoing, known)?,
            Way::Answer => {
                let forward = self.filter(filter, incoming, outgoing, Way::Forward, known)?;
                self.space.swap_ends(forward)?
            }
        };
        self.filters.insert(key, set);
        Ok(set)
    }

    fn accepted(
        &mut self,
        filter: usize,
        incoming: PortIx,
        outgoing: Option<PortIx>,
        known: bool,
    ) -> Result<Set, SpaceFull> {
        let plane = self.plane;
        let filter = &plane.filters[filter];
        let here = |r: &RuleStep| r.session.holds(known) && r.condition.fits(incoming, outgoing);
        self.passes(filter, self.bound, &here)
    }

    /// Where a table sends destinations, as sets of headers on the wire.
    ///
    /// # Errors
    /// The arena is full.
    pub fn routes(&mut self, table: TableIx, way: Way) -> Result<Rc<RouteSets>, SpaceFull> {
        if let Some(sets) = self.routes.get(&(table, way)) {
            return Ok(Rc::clone(sets));
        }
        let fib = &self.plane.tables[table.0];
        let mut groups: BTreeMap<&[PortIx], Vec<Interval>> = BTreeMap::new();
        for (piece, route) in &fib.pieces {
            let route = &fib.routes[*route];
            if route.origin != Origin::Own {
                groups
                    .entry(&route.via)
                    .or_default()
                    .push(Interval::new(piece.first(), piece.last()));
            }
        }
        let field = if way == Way::Forward {
            Field::Dst
        } else {
            Field::Src
        };
        let mut ways = Vec::with_capacity(groups.len());
        for (via, pieces) in groups {
            ways.push((via.to_vec(), self.space.field(field, &pieces)?));
        }
        let routed: Vec<Set> = ways.iter().map(|(_, set)| *set).collect();
        let routed = self.space.union_all(&routed)?;
        let none = self.space.complement(routed)?;
        let sets = Rc::new(RouteSets { ways, none });
        self.routes.insert((table, way), Rc::clone(&sets));
        Ok(sets)
    }

    /// The original headers whose header on the wire lies in `wire`.
    ///
    /// # Errors
    /// The arena is full.
    pub fn before(&mut self, view: &View, wire: Set) -> Result<Set, SpaceFull> {
        if view.is_start() {
            Ok(wire)
        } else {
            view.before(&mut self.space, wire)
        }
    }

    /// The headers on the wire that a translation leaves as they are (where it chooses: can leave).
    ///
    /// # Errors
    /// The arena is full.
    pub fn unchanged(&mut self, rewrite: &Rewrite) -> Result<Set, SpaceFull> {
        let (field, addresses, ports) = match rewrite {
            Rewrite::Keep => return Ok(Set::FULL),
            Rewrite::Source(pool) => {
                let ports = (Field::SrcPort, translated_ports());
                (Field::Src, intervals(pool), Some(ports))
            }
            Rewrite::Address(to, port) => {
                let port = port.map(|p| (Field::DstPort, Interval::point(u128::from(p))));
                (Field::Dst, vec![Interval::point(to.first())], port)
            }
            Rewrite::Block(from, to) if from == to => (Field::Dst, intervals(&[*from]), None),
            Rewrite::Block(..) => return Ok(Set::EMPTY),
        };
        let set = self.space.field(field, &addresses)?;
        let Some((field, ports)) = ports else {
            return Ok(set);
        };
        let ported = self.space.field(Field::Protocol, &with_ports())?;
        let portless = self.space.complement(ported)?;
        let ports = self.space.field(field, &[ports])?;
        let ports = self.space.union(ports, portless)?;
        self.space.intersection(set, ports)
    }

    /// A set of headers on the wire, given as a forward header, turned for the way packets run.
    ///
    /// # Errors
    /// The arena is full.
    pub fn turned(&mut self, wire: Set, way: Way) -> Result<Set, SpaceFull> {
        match way {
            Way::Forward => Ok(wire),
            Way::Answer => self.space.swap_ends(wire),
        }
    }
}
