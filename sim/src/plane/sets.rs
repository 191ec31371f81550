//! Filters, routes and translations of a plane as exact sets, compiled when first asked for.
//!
//! One [`Sets`] holds one arena; it serves one thread and one state. Every table is available for
//! packets going forward and, with the ends exchanged, for the answers to them.

use super::condition::{Bound, Condition, Rewrite, RuleStep};
use super::faces::{Faces, Side};
use super::routes::Origin;
use super::view::{View, translated_ports, with_ports};
use super::window::Meaning;
use super::window::Window;
use super::{Plane, PortIx, SegmentIx, TableIx};
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use utsushi_model::address::AddressRange;
use utsushi_model::policy::Name;
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
    /// The destinations in order, each with the position of its way; empty where that differs from state
    /// to state.
    pub(super) spans: Vec<(Interval, usize)>,
}

/// More values than this, and looking for their ways costs more than asking all ways.
const FEW: usize = 8;

impl RouteSets {
    /// The ways that any of some destinations is sent; all of them if the destinations are many.
    #[must_use]
    pub fn towards(&self, destinations: &[Interval]) -> Vec<usize> {
        if destinations.len() > FEW || self.spans.is_empty() {
            return (0..self.ways.len()).collect();
        }
        let mut ways: Vec<usize> = Vec::new();
        for values in destinations {
            let first = self.spans.partition_point(|(span, _)| span.hi < values.lo);
            let met = self.spans[first..]
                .iter()
                .take_while(|(span, _)| span.lo <= values.hi);
            ways.extend(met.map(|(_, way)| way));
        }
        ways.sort_unstable();
        ways.dedup();
        ways
    }
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
    /// The window whose plane it is, if sets are sets of packets in states.
    pub window: Option<&'p Window>,
    pub(super) meanings: HashMap<(Name, Field), Meaning>,
    known: Known,
}

/// What has been compiled so far.
#[derive(Debug, Default)]
struct Known {
    faces: Faces,
    filters: HashMap<usize, HashMap<Seen, Set>>,
    routes: HashMap<(TableIx, Way), Rc<RouteSets>>,
    members: HashMap<(SegmentIx, Field), Set>,
    headers: Option<Set>,
}

/// How a filter is asked: the interfaces, which way packets run, and whether its node knows the session.
type Seen = (Side, Side, Way, bool);

/// Tables and arena laid aside, so that the plane may be changed in between.
#[derive(Debug)]
pub struct Aside {
    space: Space,
    bound: Bound,
    known: Known,
}

impl Default for Aside {
    fn default() -> Self {
        Self {
            space: Space::new(),
            bound: Bound::May,
            known: Known::default(),
        }
    }
}

impl Aside {
    /// The arena.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Takes the tables up again.
    ///
    /// PRECONDITION: the plane is the one they were made for; of filters that have changed since,
    /// [`Sets::filter_changed`] must be told before they are asked for.
    #[must_use]
    pub fn resume(self, plane: &Plane) -> Sets<'_> {
        Sets {
            plane,
            space: self.space,
            bound: self.bound,
            window: None,
            meanings: HashMap::new(),
            known: self.known,
        }
    }
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
            window: None,
            meanings: HashMap::new(),
            known: Known {
                faces: Faces::new(plane),
                ..Known::default()
            },
        }
    }

    /// Tables of a window in a fresh arena: its sets are sets of packets in states.
    #[must_use]
    pub fn over(window: &'p Window, bound: Bound) -> Self {
        Self {
            space: Space::with_axes(&window.axes.tops),
            window: Some(window),
            ..Self::new(&window.plane, bound)
        }
    }

    /// Lays tables and arena of one state aside.
    #[must_use]
    pub fn aside(self) -> Aside {
        Aside {
            space: self.space,
            bound: self.bound,
            known: self.known,
        }
    }

    /// Takes notice that a filter has changed: the headers that it decides anew, and those of them that pass
    /// now; or `None` if its rules name interfaces, so that it is compiled anew. Says whether interfaces are
    /// still treated alike as before; if not, everything must be compiled anew.
    ///
    /// # Errors
    /// The arena is full.
    pub fn filter_changed(
        &mut self,
        filter: usize,
        decided: Option<(Set, Set)>,
    ) -> Result<bool, SpaceFull> {
        let before = self.known.filters.remove(&filter).unwrap_or_default();
        let Some((decided, passing)) = decided else {
            return Ok(self.known.faces.hold(self.plane, filter));
        };
        for (key, set) in before
            .into_iter()
            .filter(|(key, _)| key.2 == Way::Forward && !key.3)
        {
            let kept = self.space.difference(set, decided)?;
            let set = self.space.union(kept, passing)?;
            let sets = self.known.filters.entry(filter).or_default();
            sets.insert(key, set);
        }
        Ok(true)
    }

    /// Headers that exist: both addresses of one family, ports only where the protocol has them.
    ///
    /// # Errors
    /// The arena is full.
    pub fn headers(&mut self) -> Result<Set, SpaceFull> {
        if let Some(set) = self.known.headers {
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
        self.known.headers = Some(set);
        Ok(set)
    }

    /// The interface that stands for all interfaces of its node by which what comes in is treated alike,
    /// once it is past their own filters.
    #[must_use]
    pub fn alike(&self, port: PortIx) -> PortIx {
        self.known.faces.alike(port)
    }

    /// The headers whose field is the address of a member of a segment.
    ///
    /// # Errors
    /// The arena is full.
    pub fn members(&mut self, segment: SegmentIx, field: Field) -> Result<Set, SpaceFull> {
        if let Some(set) = self.known.members.get(&(segment, field)) {
            return Ok(*set);
        }
        let set = match self.members_over(segment, field)? {
            Some(set) => set,
            None => {
                let members = intervals(&self.plane.segments[segment.0].members);
                self.space.field(field, &members)?
            }
        };
        self.known.members.insert((segment, field), set);
        Ok(set)
    }

    /// The headers on the wire that a condition matches under a bound, interfaces aside.
    ///
    /// # Errors
    /// The arena is full.
    pub fn condition(&mut self, condition: &Condition, bound: Bound) -> Result<Set, SpaceFull> {
        let window = self.window.zip(condition.lifted);
        if let Some(lifted) = window.and_then(|(w, at)| w.conditions.get(at)) {
            return self.condition_over(condition, lifted, bound);
        }
        if bound == Bound::Must && !condition.others.is_empty() {
            return Ok(Set::EMPTY);
        }
        let service = self.service(&condition.service, bound)?;
        let source = self.addresses(Field::Src, &condition.source, bound)?;
        let destination = self.addresses(Field::Dst, &condition.destination, bound)?;
        let ends = self.space.intersection(source, destination)?;
        self.space.intersection(ends, service)
    }

    pub(super) fn addresses(
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

    pub(super) fn one_service(&mut self, service: &Service) -> Result<Set, SpaceFull> {
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
        let sides = self.known.faces.sides(filter, incoming, outgoing);
        let key = (sides.0, sides.1, way, known);
        let there = self.known.filters.get(&filter);
        if let Some(set) = there.and_then(|sets| sets.get(&key)) {
            return Ok(*set);
        }
        let set = match way {
            Way::Forward => self.accepted(filter, incoming, outgoing, known)?,
            Way::Answer => {
                let forward = self.filter(filter, incoming, outgoing, Way::Forward, known)?;
                self.space.swap_ends(forward)?
            }
        };
        self.known
            .filters
            .entry(filter)
            .or_default()
            .insert(key, set);
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
        self.passes(filter, self.bound, &here, Set::FULL)
    }

    /// Where a table sends destinations, as sets of headers on the wire.
    ///
    /// # Errors
    /// The arena is full.
    pub fn routes(&mut self, table: TableIx, way: Way) -> Result<Rc<RouteSets>, SpaceFull> {
        if let Some(sets) = self.known.routes.get(&(table, way)) {
            return Ok(Rc::clone(sets));
        }
        if let Some(sets) = self.routes_over(table, way)? {
            let sets = Rc::new(sets);
            self.known.routes.insert((table, way), Rc::clone(&sets));
            return Ok(sets);
        }
        let fib = self.plane.tables[table.0].fib();
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
        let mut spans = Vec::with_capacity(fib.pieces.len());
        for (via, pieces) in groups {
            spans.extend(pieces.iter().map(|p| (*p, ways.len())));
            ways.push((via.to_vec(), self.space.field(field, &pieces)?));
        }
        spans.sort_unstable();
        let routed: Vec<Set> = ways.iter().map(|(_, set)| *set).collect();
        let routed = self.space.union_all(&routed)?;
        let none = self.space.complement(routed)?;
        let sets = Rc::new(RouteSets { ways, none, spans });
        self.known.routes.insert((table, way), Rc::clone(&sets));
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
