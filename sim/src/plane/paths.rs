//! Shortest ways between routing tables, by the costs of links.
//!
//! Goes in: a plane, and which of its tables take part in computed routing. Comes out: for tables that
//! announce something, by which interfaces every other table sends towards the nearest of them
//! ([`Paths::towards`]); and the same when interfaces go down, where only tables are looked at whose ways change
//! ([`Cut::again`]). Nothing can go wrong.

use super::{Peer, Plane, PortIx};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

/// Interfaces that a route sends by, evenly.
pub type Ways = Arc<[PortIx]>;

/// What a search from some tables finds, for every table.
#[derive(Debug)]
struct Search {
    /// The cost of the way to the nearest of them; `None` where there is no way.
    distance: Vec<Option<u64>>,
    /// The interfaces on shortest ways.
    ways: Vec<Ways>,
}

/// For every table, the interfaces on shortest ways to the nearest of some tables.
///
/// PRECONDITION: who asks leaves those tables themselves out. Most hold nothing there, but one that has a single
/// neighbour holds the way to it, since it shares the search of that neighbour.
#[derive(Debug, Clone)]
pub(super) struct Towards {
    search: Arc<Search>,
    /// The neighbour of a table that has no other, with its last step to it.
    last: Option<(usize, Ways)>,
    /// Tables where it is otherwise since something went down, in order.
    others: Arc<[(usize, Ways)]>,
}

impl Towards {
    pub(super) fn at(&self, table: usize) -> &Ways {
        if let Some((_, ways)) = self.last.as_ref().filter(|(at, _)| *at == table) {
            return ways;
        }
        match self.others.binary_search_by_key(&table, |(at, _)| *at) {
            Ok(found) => &self.others[found].1,
            Err(_) => &self.search.ways[table],
        }
    }

    /// Every list of interfaces in it.
    pub(super) fn lists(&self) -> impl Iterator<Item = &Ways> {
        let last = self.last.iter().map(|(_, ways)| ways);
        let others = self.others.iter().map(|(_, ways)| ways);
        self.search.ways.iter().chain(others).chain(last)
    }

    /// The tables at which it is otherwise than it was, in order.
    pub(super) fn unlike(&self, before: &Self) -> Vec<usize> {
        let other = |t: &usize| {
            let (now, then) = (self.at(*t), before.at(*t));
            !Arc::ptr_eq(now, then) && now != then
        };
        if !Arc::ptr_eq(&self.search, &before.search) {
            return (0..self.search.ways.len()).filter(other).collect();
        }
        let listed = self.others.iter().chain(&*before.others);
        let last = self.last.iter().chain(&before.last);
        let tables: BTreeSet<usize> = listed.chain(last).map(|(t, _)| *t).collect();
        tables.into_iter().filter(other).collect()
    }
}

/// The tables that take part, and the VLANs between them.
#[derive(Debug)]
pub(super) struct Paths<'p> {
    plane: &'p Plane,
    /// Every edge with its cost and the interface it leaves by.
    graph: DiGraph<(), (u64, PortIx)>,
    known: BTreeMap<Vec<usize>, Arc<Search>>,
}

impl<'p> Paths<'p> {
    /// `part` says which tables take part.
    pub(super) fn new(plane: &'p Plane, part: &[bool]) -> Self {
        let mut graph = DiGraph::with_capacity(part.len(), plane.ports.len());
        for _ in part {
            graph.add_node(());
        }
        for (p, port) in plane.ports.iter().enumerate() {
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
        let others = Arc::new([]);
        if let [table] = tables
            && let Some(before) = self.only_neighbour(*table)
        {
            // CORRECTNESS: every way to a table with one neighbour ends with the step from that neighbour, so
            // everywhere else the ways to both are the same. Offices are such tables; one search serves all.
            let last = Some((before, self.last_step(*table, |_| true)));
            let search = self.known(&[before]);
            return Towards {
                search,
                last,
                others,
            };
        }
        Towards {
            search: self.known(tables),
            last: None,
            others,
        }
    }

    fn only_neighbour(&self, table: usize) -> Option<usize> {
        let mut neighbours = self.graph.neighbors(NodeIndex::new(table));
        let first = neighbours.next()?;
        let only = first.index() != table && neighbours.all(|other| other == first);
        only.then(|| first.index())
    }

    /// The cheapest interfaces of the only neighbour of a table towards it, of those that are up.
    fn last_step(&self, table: usize, is_up: impl Fn(PortIx) -> bool) -> Ways {
        let edges = || {
            let edges = self.graph.edges(NodeIndex::new(table)).map(|e| *e.weight());
            edges.filter(|(_, port)| is_up(*port))
        };
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

    fn known(&mut self, tables: &[usize]) -> Arc<Search> {
        if let Some(search) = self.known.get(tables) {
            return Arc::clone(search);
        }
        let search = Arc::new(self.search(tables));
        self.known.insert(tables.to_vec(), Arc::clone(&search));
        search
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

    fn search(&self, tables: &[usize]) -> Search {
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
        Search {
            distance,
            ways: ways.into_iter().map(Ways::from).collect(),
        }
    }

    /// The interface at the other end of an edge, which leads back.
    fn back(&self, port: PortIx) -> Option<PortIx> {
        match self.plane.ports[port.0].peer {
            Peer::Port(there, _) => Some(there),
            Peer::Segment(_) => None,
        }
    }
}

/// Interfaces that are down, and what has been found out since.
pub(super) struct Cut<'c, 'p> {
    paths: &'c Paths<'p>,
    /// The interfaces, and by interface whether it is one.
    lost: &'c [usize],
    is_down: &'c [bool],
    /// No way from anywhere.
    nowhere: Arc<Search>,
    /// By where the search is kept.
    known: BTreeMap<*const Search, Arc<[(usize, Ways)]>>,
}

impl<'c, 'p> Cut<'c, 'p> {
    pub(super) fn new(paths: &'c Paths<'p>, lost: &'c [usize], is_down: &'c [bool]) -> Self {
        let tables = paths.graph.node_count();
        let nowhere = Search {
            distance: vec![None; tables],
            ways: vec![Arc::new([]); tables],
        };
        Self {
            paths,
            lost,
            is_down,
            nowhere: Arc::new(nowhere),
            known: BTreeMap::new(),
        }
    }

    /// The ways towards `tables` again. `silent`: those of them that announce nothing any more; all interfaces of
    /// theirs are down.
    pub(super) fn again(
        &mut self,
        before: &Towards,
        tables: &[usize],
        silent: &[usize],
    ) -> Towards {
        let nowhere = || Towards {
            search: Arc::clone(&self.nowhere),
            last: None,
            others: Arc::new([]),
        };
        if silent.len() == tables.len() {
            return nowhere();
        }
        let mut last = None;
        if let (Some((neighbour, _)), [table]) = (&before.last, tables) {
            let step = self.paths.last_step(*table, |port| !self.is_down[port.0]);
            if step.is_empty() {
                return nowhere();
            }
            last = Some((*neighbour, step));
        }
        let key = Arc::as_ptr(&before.search);
        // CORRECTNESS: only a search from several tables can lose some of them, and one such serves one announcement.
        let known = self.known.get(&key).filter(|_| silent.is_empty());
        let others = known.cloned().unwrap_or_else(|| {
            let others = self.others(&before.search, silent).into();
            self.known.insert(key, Arc::clone(&others));
            others
        });
        Towards {
            search: Arc::clone(&before.search),
            last,
            others,
        }
    }

    /// The tables whose ways are otherwise now, in order.
    fn others(&self, before: &Search, silent: &[usize]) -> Vec<(usize, Ways)> {
        let (mut open, suspects) = self.cut_off(before, silent);
        self.reconnect(before, &mut open);
        let mut tables: BTreeSet<usize> = open.keys().copied().collect();
        tables.extend(suspects);
        let ways = tables.into_iter().map(|t| (t, self.ways(before, &open, t)));
        ways.filter(|(t, ways)| *ways != before.ways[*t]).collect()
    }

    /// Tables that lose all their shortest ways, and others that lose some of them. The nearest is looked at first.
    ///
    /// CORRECTNESS: costs are at least 1, so whatever a shortest way leads to was looked at before.
    fn cut_off(&self, before: &Search, silent: &[usize]) -> (Open, BTreeSet<usize>) {
        let table = |port: usize| self.paths.plane.ports[port].table.0;
        let mut heap: BinaryHeap<Reverse<(Option<u64>, usize)>> = BinaryHeap::new();
        for port in self.lost {
            let t = table(*port);
            if before.ways[t].contains(&PortIx(*port)) {
                heap.push(Reverse((before.distance[t], t)));
            }
        }
        heap.extend(silent.iter().map(|t| Reverse((Some(0), *t))));
        let (mut open, mut suspects) = (Open::new(), BTreeSet::new());
        while let Some(Reverse((_, t))) = heap.pop() {
            if open.contains_key(&t) {
                continue;
            }
            let leads = |port: &PortIx| {
                let there = self.paths.back(*port).map(|there| table(there.0));
                !self.is_down[port.0] && there.is_some_and(|there| !open.contains_key(&there))
            };
            if before.ways[t].iter().any(leads) {
                suspects.insert(t);
                continue;
            }
            open.insert(t, None);
            for edge in self.paths.graph.edges(NodeIndex::new(t)) {
                let from = edge.target().index();
                let back = self.paths.back(edge.weight().1);
                if back.is_some_and(|port| before.ways[from].contains(&port)) {
                    heap.push(Reverse((before.distance[from], from)));
                }
            }
        }
        (open, suspects)
    }

    /// New distances of the tables that lost theirs.
    fn reconnect(&self, before: &Search, open: &mut Open) {
        let mut heap: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
        for t in open.keys() {
            let edges = self
                .up(*t)
                .filter(|(_, _, there)| !open.contains_key(there));
            let ways = edges.filter_map(|(cost, _, there)| Some(before.distance[there]? + cost));
            heap.extend(ways.min().map(|distance| Reverse((distance, *t))));
        }
        while let Some(Reverse((distance, t))) = heap.pop() {
            match open.get_mut(&t) {
                Some(far @ None) => *far = Some(distance),
                _ => continue,
            }
            // Whatever leads there leads back at the same cost, and both are up or down.
            for (cost, _, from) in self.up(t) {
                if open.get(&from) == Some(&None) {
                    heap.push(Reverse((distance + cost, from)));
                }
            }
        }
    }

    /// The interfaces of a table on shortest ways now.
    fn ways(&self, before: &Search, open: &Open, t: usize) -> Ways {
        let distance = |t: usize| open.get(&t).copied().unwrap_or(before.distance[t]);
        let on_the_way = |(cost, _, there): &(u64, PortIx, usize)| {
            let rest = distance(*there).map(|rest| rest + cost);
            rest.is_some() && rest == distance(t)
        };
        let mut ways: Vec<PortIx> = self.up(t).filter(on_the_way).map(|(_, p, _)| p).collect();
        ways.sort();
        ways.into()
    }

    /// The edges of a table that are up: cost, interface and table behind it.
    fn up(&self, t: usize) -> impl Iterator<Item = (u64, PortIx, usize)> {
        let edges = self.paths.graph.edges(NodeIndex::new(t));
        let edges = edges.map(|e| (e.weight().0, e.weight().1, e.target().index()));
        edges.filter(|(_, port, _)| !self.is_down[port.0])
    }
}

/// Tables that lost their distance, with the new one where there is one.
type Open = BTreeMap<usize, Option<u64>>;
