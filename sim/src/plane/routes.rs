//! Forwarding tables: connected, static and computed routes, looked up by longest prefix.
//!
//! Computed routes are shortest paths by link cost among the nodes that take part, VRF by VRF along the
//! VLANs of links; of equal costs every next interface is used evenly, parallel links counting each
//! (`capacity.md` §5: ties split per next hop). A static route wins against a connected or computed one
//! of the same prefix, a connected one against a computed one.

use super::compile::{TableSeed, hops};
use super::{Peer, Plane, PortIx, TableIx};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
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
#[derive(Debug, Clone)]
pub struct Route {
    /// Its destinations.
    pub prefix: AddressRange,
    /// How it came about.
    pub origin: Origin,
    /// The interfaces it sends by, evenly; empty drops the packet.
    pub via: Vec<PortIx>,
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
    /// The route for a destination, by longest prefix.
    #[must_use]
    pub fn lookup(&self, destination: IpAddr) -> Option<&Route> {
        let at = position(destination);
        let piece = self.pieces.partition_point(|(range, _)| range.last() < at);
        self.pieces
            .get(piece)
            .filter(|(range, _)| range.first() <= at)
            .map(|(_, route)| &self.routes[*route])
    }
}

type Found = BTreeMap<AddressRange, Route>;

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
pub(super) fn compute(plane: &Plane, seeds: &[TableSeed]) -> Vec<Fib> {
    let mut found: Vec<Found> = seeds
        .iter()
        .map(|seed| by_hand(plane, seeds, seed))
        .collect();
    let announced = announcements(plane, seeds);
    let graph = topology(plane, seeds);
    let distances = Distances::new(&graph, &announced);
    for (t, seed) in seeds.iter().enumerate() {
        if takes_part(plane, seed) {
            for (prefix, speakers) in &announced {
                let via = distances.next(plane, seed, TableIx(t), speakers);
                if !via.is_empty() {
                    offer(
                        &mut found[t],
                        Route {
                            prefix: *prefix,
                            origin: Origin::Computed,
                            via,
                            place: None,
                        },
                    );
                }
            }
        }
    }
    found.into_iter().map(finish).collect()
}

fn takes_part(plane: &Plane, seed: &TableSeed) -> bool {
    let node = &plane.nodes[seed.node.0];
    plane
        .network
        .nodes
        .get(&node.id)
        .is_some_and(|n| n.forwarding.computed)
}

/// Static, connected and own routes of one table.
fn by_hand(plane: &Plane, seeds: &[TableSeed], seed: &TableSeed) -> Found {
    let mut found = Found::new();
    for &port in &seed.ports {
        if let Peer::Segment(segment) = plane.ports[port.0].peer {
            for prefix in &plane.segments[segment.0].prefixes {
                offer(
                    &mut found,
                    Route {
                        prefix: *prefix,
                        origin: Origin::Connected,
                        via: vec![port],
                        place: None,
                    },
                );
            }
        }
    }
    let Some(node) = plane.network.nodes.get(&plane.nodes[seed.node.0].id) else {
        return found;
    };
    let table = seeds
        .iter()
        .position(|s| std::ptr::eq(s, seed))
        .map(TableIx);
    for route in node.forwarding.statics.iter().filter(|r| r.vrf == seed.vrf) {
        offer(
            &mut found,
            Route {
                prefix: AddressRange::prefix(&route.prefix),
                origin: Origin::Static,
                via: hops(&plane.ports, &plane.nodes, seed.node, table, &route.via),
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
                via: Vec::new(),
                place: None,
            },
        );
    }
    found
}

/// Which tables announce which prefixes.
fn announcements(plane: &Plane, seeds: &[TableSeed]) -> BTreeMap<AddressRange, Vec<usize>> {
    let mut announced: BTreeMap<AddressRange, Vec<usize>> = BTreeMap::new();
    for (t, seed) in seeds
        .iter()
        .enumerate()
        .filter(|(_, s)| takes_part(plane, s))
    {
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

/// The tables that take part, and the VLANs between them with the costs of their links.
fn topology(plane: &Plane, seeds: &[TableSeed]) -> DiGraph<(), u64> {
    let mut graph = DiGraph::with_capacity(seeds.len(), plane.ports.len());
    for _ in seeds {
        graph.add_node(());
    }
    for port in &plane.ports {
        if let Peer::Port(there, way) = port.peer {
            let (a, b) = (port.table.0, plane.ports[there.0].table.0);
            if takes_part(plane, &seeds[a]) && takes_part(plane, &seeds[b]) {
                graph.add_edge(
                    NodeIndex::new(a),
                    NodeIndex::new(b),
                    plane.link_costs[way.link],
                );
            }
        }
    }
    graph
}

/// Distances from every table to every announcing one.
struct Distances {
    costs: HashMap<usize, Vec<Option<u64>>>,
}

impl Distances {
    fn new(graph: &DiGraph<(), u64>, announced: &BTreeMap<AddressRange, Vec<usize>>) -> Self {
        let mut speakers: Vec<usize> = announced.values().flatten().copied().collect();
        speakers.sort_unstable();
        speakers.dedup();
        // CORRECTNESS: a link's cost is the same both ways, so the distance from a speaker is the
        // distance to it.
        let costs = speakers
            .into_iter()
            .map(|speaker| {
                let mut row = vec![None; graph.node_count()];
                for (table, cost) in dijkstra(graph, NodeIndex::new(speaker), None, |e| *e.weight())
                {
                    row[table.index()] = Some(cost);
                }
                (speaker, row)
            })
            .collect();
        Self { costs }
    }

    fn to(&self, from: usize, speaker: usize) -> Option<u64> {
        self.costs.get(&speaker)?[from]
    }

    /// The interfaces of a table that lie on a shortest way to the nearest speakers.
    fn next(
        &self,
        plane: &Plane,
        seed: &TableSeed,
        table: TableIx,
        speakers: &[usize],
    ) -> Vec<PortIx> {
        if speakers.contains(&table.0) {
            return Vec::new();
        }
        let Some(best) = speakers.iter().filter_map(|s| self.to(table.0, *s)).min() else {
            return Vec::new();
        };
        let nearest: Vec<usize> = speakers
            .iter()
            .copied()
            .filter(|s| self.to(table.0, *s) == Some(best))
            .collect();
        let on_the_way = |port: &&PortIx| {
            let Peer::Port(there, way) = plane.ports[port.0].peer else {
                return false;
            };
            let next = plane.ports[there.0].table.0;
            let cost = plane.link_costs[way.link];
            nearest
                .iter()
                .any(|s| self.to(next, *s).is_some_and(|rest| rest + cost == best))
        };
        seed.ports.iter().filter(on_the_way).copied().collect()
    }
}

/// Cuts the address space into disjoint pieces, each with the longest prefix that holds it.
///
/// CORRECTNESS: prefixes nest or are disjoint, so in order of (first, longest last) the open ones form a
/// stack whose top is the longest that holds the current address.
fn finish(found: Found) -> Fib {
    let mut routes: Vec<Route> = found.into_values().collect();
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
