//! Shortest ways between routing tables, by the costs of links.
//!
//! Goes in: a plane, and which of its tables take part in computed routing. Comes out: for tables that
//! announce something, by which interfaces every other table sends towards the nearest of them. Nothing can
//! go wrong.

use super::{Peer, Plane, PortIx};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// Interfaces that a route sends by, evenly.
pub type Ways = Arc<[PortIx]>;

/// For every table, the interfaces on shortest ways to the nearest of some tables.
///
/// PRECONDITION: who asks leaves those tables themselves out. Most hold nothing there, but one that has a single
/// neighbour holds the way to it, since it shares the search of that neighbour.
#[derive(Debug, Clone)]
pub(super) struct Towards {
    all: Arc<Vec<Ways>>,
    /// The table where it is otherwise.
    but: Option<(usize, Ways)>,
}

impl Towards {
    pub(super) fn at(&self, table: usize) -> &Ways {
        match &self.but {
            Some((at, ways)) if *at == table => ways,
            _ => &self.all[table],
        }
    }

    /// Every list of interfaces in it.
    pub(super) fn lists(&self) -> impl Iterator<Item = &Ways> {
        let but = self.but.iter().map(|(_, ways)| ways);
        self.all.iter().chain(but)
    }

    /// The tables at which it is otherwise than another.
    pub(super) fn unlike(&self, other: &Self) -> Vec<usize> {
        let same = |a: &Ways, b: &Ways| Arc::ptr_eq(a, b) || a == b;
        let alike = Arc::ptr_eq(&self.all, &other.all) && self.but.is_none() && other.but.is_none();
        let tables = 0..if alike { 0 } else { self.all.len() };
        tables
            .filter(|t| !same(self.at(*t), other.at(*t)))
            .collect()
    }
}

/// The tables that take part, and the VLANs between them.
pub(super) struct Paths<'p> {
    plane: &'p Plane,
    /// Every edge with its cost and the interface it leaves by.
    graph: DiGraph<(), (u64, PortIx)>,
    known: BTreeMap<Vec<usize>, Arc<Vec<Ways>>>,
}

impl<'p> Paths<'p> {
    /// `part` says which tables take part, `down` which interfaces do not.
    pub(super) fn new(plane: &'p Plane, part: &[bool], down: &[bool]) -> Self {
        let mut graph = DiGraph::with_capacity(part.len(), plane.ports.len());
        for _ in part {
            graph.add_node(());
        }
        for (p, port) in plane.ports.iter().enumerate().filter(|(p, _)| !down[*p]) {
            if let Peer::Port(there, way) = port.peer {
                let (a, b) = (port.table.0, plane.ports[there.0].table.0);
                if part[a] && part[b] {
                    let cost = plane.link_costs[way.link];
                    graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), (cost, PortIx(p)));
                }
            }
        }
        Self {
            plane,
            graph,
            known: BTreeMap::new(),
        }
    }

    /// The ways towards some tables.
    pub(super) fn towards(&mut self, tables: &[usize]) -> Towards {
        if let [table] = tables
            && let Some(before) = self.only_neighbour(*table)
        {
            // CORRECTNESS: every way to a table with one neighbour ends with the step from that neighbour, so
            // everywhere else the ways to both are the same. Offices are such tables; one search serves all.
            let but = Some((before, self.last_step(*table)));
            let all = self.known(&[before]);
            return Towards { all, but };
        }
        let all = self.known(tables);
        Towards { all, but: None }
    }

    fn only_neighbour(&self, table: usize) -> Option<usize> {
        let mut neighbours = self.graph.neighbors(NodeIndex::new(table));
        let first = neighbours.next()?;
        let only = first.index() != table && neighbours.all(|other| other == first);
        only.then(|| first.index())
    }

    /// The cheapest interfaces of the only neighbour of a table towards it.
    fn last_step(&self, table: usize) -> Ways {
        let edges = || self.graph.edges(NodeIndex::new(table)).map(|e| *e.weight());
        let best = edges().map(|(cost, _)| cost).min();
        let cheap = edges().filter(|(cost, _)| Some(*cost) == best);
        // CORRECTNESS: an edge is an interface of the table itself; what it leads to is the neighbour's.
        let there = cheap.filter_map(|(_, port)| match self.plane.ports[port.0].peer {
            Peer::Port(there, _) => Some(there),
            Peer::Segment(_) => None,
        });
        let mut there: Vec<PortIx> = there.collect();
        there.sort();
        there.into()
    }

    fn known(&mut self, tables: &[usize]) -> Arc<Vec<Ways>> {
        if let Some(ways) = self.known.get(tables) {
            return Arc::clone(ways);
        }
        let ways = Arc::new(self.search(tables));
        self.known.insert(tables.to_vec(), Arc::clone(&ways));
        ways
    }

    /// The cost from every table to the nearest of some, by Dijkstra from all of them at once.
    fn distances(&self, tables: &[usize]) -> Vec<Option<u64>> {
        let mut distance: Vec<Option<u64>> = vec![None; self.graph.node_count()];
        let mut open: BinaryHeap<Reverse<(u64, usize)>> =
            tables.iter().map(|t| Reverse((0, *t))).collect();
        while let Some(Reverse((cost, table))) = open.pop() {
            if distance[table].is_some() {
                continue;
            }
            distance[table] = Some(cost);
            for edge in self.graph.edges(NodeIndex::new(table)) {
                let there = edge.target().index();
                if distance[there].is_none() {
                    open.push(Reverse((cost + edge.weight().0, there)));
                }
            }
        }
        distance
    }

    fn search(&self, tables: &[usize]) -> Vec<Ways> {
        // CORRECTNESS: a link's cost is the same both ways, so the distance from a table is the distance to
        // it; and an interface lies on a shortest way to one of the nearest if and only if the table behind
        // it is nearer to its own nearest one by the cost of the link.
        let distance = self.distances(tables);
        let mut ways = vec![Vec::new(); self.graph.node_count()];
        for edge in self.graph.edge_references() {
            let (cost, port) = *edge.weight();
            let (here, there) = (edge.source().index(), edge.target().index());
            let on_the_way = distance[here]
                .zip(distance[there])
                .is_some_and(|(all, rest)| rest + cost == all);
            if on_the_way {
                ways[here].push(port);
            }
        }
        ways.into_iter().map(Ways::from).collect()
    }
}
