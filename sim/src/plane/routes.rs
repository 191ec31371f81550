//! Forwarding tables: connected, static and computed routes, looked up by longest prefix.
//!
//! Computed routes are shortest paths by link cost among the nodes that take part, VRF by VRF along the
//! VLANs of links; of equal costs every next interface is used evenly, parallel links counting each
//! (`capacity.md` §5: ties split per next hop). A static route wins against a connected or computed one
//! of the same prefix, a connected one against a computed one.

use super::compile::{TableSeed, hops};
use super::paths::{Paths, Towards, Ways};
use super::table::Table;
use super::{Peer, Plane};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::address::{AddressRange, position};
use utsushi_model::place::Place;

/// How a route came about; earlier wins for the same prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Set by hand.
    Static,
    /// A segment at one of the table's own interfaces.
    Connected,
    /// Announced by this node although no segment holds it: packets end here.
    Own,
    /// Computed as a shortest path.
    Computed,
}

/// One route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its destinations.
    pub prefix: AddressRange,
    /// How it came about.
    pub origin: Origin,
    /// The interfaces it sends by, evenly; empty drops the packet.
    pub via: Ways,
    /// Where it is written, for routes set by hand.
    pub place: Option<Place>,
}

/// A forwarding table: routes in address order, each list of equal prefixes reduced to its winner.
#[derive(Debug, Clone, Default)]
pub struct Fib {
    /// Longest prefixes first; among equals by address.
    pub routes: Vec<Route>,
    /// Disjoint pieces of the address space in order, each with the position of its route.
    pub pieces: Vec<(AddressRange, usize)>,
}

impl Fib {
    /// The position of the route for a destination, by longest prefix.
    #[must_use]
    pub fn lookup(&self, destination: IpAddr) -> Option<usize> {
        let at = position(destination);
        let piece = self.pieces.partition_point(|(range, _)| range.last() < at);
        self.pieces
            .get(piece)
            .filter(|(range, _)| range.first() <= at)
            .map(|(_, route)| *route)
    }
}

pub(super) type Found = BTreeMap<AddressRange, Route>;

/// Keeps a route unless a better one for the same prefix is there.
fn offer(found: &mut Found, route: Route) {
    match found.get(&route.prefix) {
        Some(there) if there.origin <= route.origin => {}
        _ => {
            found.insert(route.prefix, route);
        }
    }
}

/// All tables of a plane.
pub(super) fn compute(plane: &Plane) -> Vec<Table> {
    let up = Up::all(plane);
    let spoken = Spoken::new(plane, &up, &mut Paths::new(plane, &up.part));
    let tables = 0..plane.seeds.len();
    let table = |t| Table::new(spoken.table(plane, &up, t));
    tables.map(table).collect()
}

/// What of a plane works: which interfaces are down, and which tables take part in computed routing.
#[derive(Debug, Clone)]
pub(super) struct Up {
    pub(super) down: Vec<bool>,
    pub(super) part: Vec<bool>,
}

impl Up {
    /// Everything.
    pub(super) fn all(plane: &Plane) -> Self {
        let part = plane.seeds.iter().map(|seed| takes_part(plane, seed));
        Self {
            down: vec![false; plane.ports.len()],
            part: part.collect(),
        }
    }
}

/// What tables announce, and the ways towards it.
#[derive(Debug)]
pub(super) struct Spoken {
    /// Prefixes in order, each with the position of its announcers.
    pub(super) prefixes: Arc<[(AddressRange, usize)]>,
    /// Announcers that announce something together.
    pub(super) speakers: Vec<Arc<[usize]>>,
    /// The ways towards each of them.
    pub(super) towards: Vec<Towards>,
}

impl Spoken {
    /// What is announced with everything up.
    pub(super) fn new(plane: &Plane, up: &Up, paths: &mut Paths<'_>) -> Self {
        let announced = announcements(plane, &plane.seeds, &up.part);
        // What the same tables announce is reached the same way.
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        let mut prefixes = Vec::with_capacity(announced.len());
        let (mut all, mut towards) = (Vec::new(), Vec::new());
        for (prefix, speakers) in announced {
            let at = known.get(&speakers).copied().unwrap_or_else(|| {
                towards.push(paths.towards(&speakers));
                all.push(speakers.clone().into());
                known.insert(speakers, towards.len() - 1);
                towards.len() - 1
            });
            prefixes.push((prefix, at));
        }
        Self {
            prefixes: prefixes.into(),
            speakers: all,
            towards,
        }
    }

    /// The ways from a table towards a prefix that is announced.
    pub(super) fn ways(&self, prefix: AddressRange, table: usize) -> Option<&Ways> {
        let found = self.prefixes.binary_search_by_key(&prefix, |(p, _)| *p);
        let (_, at) = self.prefixes[found.ok()?];
        Some(self.towards[at].at(table))
    }

    /// The routes of one table.
    pub(super) fn table(&self, plane: &Plane, up: &Up, t: usize) -> Fib {
        let reached = self.prefixes.iter().filter(|(_, at)| {
            up.part[t] && !self.towards[*at].at(t).is_empty() && !self.speakers[*at].contains(&t)
        });
        let computed = reached.map(|(prefix, at)| (*prefix, self.towards[*at].at(t)));
        finish(joined(by_hand(plane, &plane.seeds[t], &up.down), computed))
    }
}

/// The routes set by hand and the computed ones, which yield where the prefix is the same; both in order.
fn joined<'w>(
    by_hand: Found,
    computed: impl Iterator<Item = (AddressRange, &'w Ways)>,
) -> Vec<Route> {
    let mut by_hand = by_hand.into_values().peekable();
    let mut routes = Vec::new();
    for (prefix, via) in computed {
        while let Some(route) = by_hand.next_if(|r| r.prefix < prefix) {
            routes.push(route);
        }
        if by_hand.peek().is_none_or(|r| r.prefix != prefix) {
            routes.push(Route {
                prefix,
                origin: Origin::Computed,
                via: Arc::clone(via),
                place: None,
            });
        }
    }
    routes.extend(by_hand);
    routes
}

fn takes_part(plane: &Plane, seed: &TableSeed) -> bool {
    let node = &plane.nodes[seed.node.0];
    plane
        .network
        .nodes
        .get(&node.id)
        .is_some_and(|n| n.forwarding.computed)
}

/// Static, connected and own routes of one table. A route set by hand over interfaces that are all down is
/// withdrawn, as devices do.
pub(super) fn by_hand(plane: &Plane, seed: &TableSeed, down: &[bool]) -> Found {
    let mut found = Found::new();
    for &port in seed.ports.iter().filter(|p| !down[p.0]) {
        if let Peer::Segment(segment) = plane.ports[port.0].peer {
            for prefix in &plane.segments[segment.0].prefixes {
                offer(
                    &mut found,
                    Route {
                        prefix: *prefix,
                        origin: Origin::Connected,
                        via: Arc::new([port]),
                        place: None,
                    },
                );
            }
        }
    }
    let Some(node) = plane.network.nodes.get(&plane.nodes[seed.node.0].id) else {
        return found;
    };
    for route in node.forwarding.statics.iter().filter(|r| r.vrf == seed.vrf) {
        let mut via = hops(&plane.ports, &plane.nodes, &seed.ports, &route.via);
        let meant = via.len();
        via.retain(|p| !down[p.0]);
        if via.is_empty() && meant > 0 {
            continue;
        }
        offer(
            &mut found,
            Route {
                prefix: AddressRange::prefix(&route.prefix),
                origin: Origin::Static,
                via: via.into(),
                place: Some(route.place.clone()),
            },
        );
    }
    for (_, prefix) in node
        .forwarding
        .originates
        .iter()
        .filter(|(vrf, _)| *vrf == seed.vrf)
    {
        offer(
            &mut found,
            Route {
                prefix: AddressRange::prefix(prefix),
                origin: Origin::Own,
                via: Arc::new([]),
                place: None,
            },
        );
    }
    found
}

/// Which tables announce which prefixes.
fn announcements(
    plane: &Plane,
    seeds: &[TableSeed],
    part: &[bool],
) -> BTreeMap<AddressRange, Vec<usize>> {
    let mut announced: BTreeMap<AddressRange, Vec<usize>> = BTreeMap::new();
    for (t, seed) in seeds.iter().enumerate().filter(|(t, _)| part[*t]) {
        let mut own: Vec<AddressRange> = Vec::new();
        for port in &seed.ports {
            if let Peer::Segment(segment) = plane.ports[port.0].peer {
                own.extend(&plane.segments[segment.0].prefixes);
            }
        }
        if let Some(node) = plane.network.nodes.get(&plane.nodes[seed.node.0].id) {
            let matching = node
                .forwarding
                .originates
                .iter()
                .filter(|(vrf, _)| *vrf == seed.vrf);
            own.extend(matching.map(|(_, p)| AddressRange::prefix(p)));
        }
        own.sort();
        own.dedup();
        for prefix in own {
            announced.entry(prefix).or_default().push(t);
        }
    }
    announced
}

/// Cuts the address space into disjoint pieces, each with the longest prefix that holds it.
///
/// CORRECTNESS: prefixes nest or are disjoint, so in order of (first, longest last) the open ones form a
/// stack whose top is the longest that holds the current address.
pub(super) fn finish(mut routes: Vec<Route>) -> Fib {
    routes.sort_by_key(|r| (r.prefix.first(), std::cmp::Reverse(r.prefix.last())));
    let prefixes: Vec<AddressRange> = routes.iter().map(|r| r.prefix).collect();
    let pieces = cut(&prefixes);
    Fib { routes, pieces }
}

/// The same for prefixes in any order: each piece with the position of the longest that holds it.
pub(super) fn pieces(prefixes: &[AddressRange]) -> Vec<(AddressRange, usize)> {
    let mut order: Vec<usize> = (0..prefixes.len()).collect();
    order.sort_by_key(|i| (prefixes[*i].first(), std::cmp::Reverse(prefixes[*i].last())));
    let sorted: Vec<AddressRange> = order.iter().map(|i| prefixes[*i]).collect();
    let pieces = cut(&sorted).into_iter();
    pieces.map(|(range, at)| (range, order[at])).collect()
}

/// The pieces of prefixes that are sorted by first address, of equals the longer range first.
fn cut(routes: &[AddressRange]) -> Vec<(AddressRange, usize)> {
    let mut pieces: Vec<(AddressRange, usize)> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    // `None` once the last address of the space has been given away.
    let mut next = Some(0u128);
    let mut emit = |from: Option<u128>, to: u128, route: usize| {
        if let Some(range) = from.and_then(|from| AddressRange::between(from, to)) {
            pieces.push((range, route));
        }
    };
    for (i, route) in routes.iter().enumerate() {
        while let Some(&top) = open.last() {
            let end = routes[top].last();
            if end >= route.first() {
                break;
            }
            emit(next, end, top);
            next = end.checked_add(1);
            open.pop();
        }
        if let (Some(&top), Some(before)) = (open.last(), route.first().checked_sub(1)) {
            emit(next, before, top);
        }
        next = Some(route.first());
        open.push(i);
    }
    while let Some(top) = open.pop() {
        let end = routes[top].last();
        emit(next, end, top);
        next = next.zip(end.checked_add(1)).map(|(a, b)| a.max(b));
    }
    pieces
}
