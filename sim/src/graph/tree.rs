//! What goes to one destination: distances, and how it divides over the edges.
//!
//! Goes in: a graph, a destination, and what each node sends there. Comes out: a [`Tree`], or the tree
//! once some edges are gone, which begins from the one before and looks again only at nodes whose
//! distance changes. Nothing can go wrong; nodes that cannot reach the destination lose what they send.

use super::{Graph, Volume};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No way.
const FAR: u64 = u64::MAX;

/// What goes to one destination.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The distance of every node; [`u64::MAX`] where there is no way.
    distance: Vec<u64>,
    /// Nodes with a way, the farthest first, equal ones in the order of the graph.
    order: Vec<u32>,
    /// The load of every edge that carries some of it, by edge as it was divided.
    pub(super) flows: Vec<(u32, f64)>,
    /// What is lost.
    pub(super) lost: f64,
}

/// Room for calculations, used again and again.
#[derive(Debug, Default)]
pub struct Room {
    held: Vec<f64>,
    distance: Vec<u64>,
    order: Vec<u32>,
    /// Nodes whose distance is open, and whether a node is one.
    open: Vec<u32>,
    is_open: Vec<bool>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    /// What the last calculation found.
    pub(super) flows: Vec<(u32, f64)>,
    pub(super) lost: f64,
}

impl Tree {
    /// Everything that goes to a node. `sent`: what is sent there, by sender.
    #[must_use]
    pub fn new(graph: &Graph, to: usize, sent: &[Volume], room: &mut Room) -> Self {
        let mut distance = vec![FAR; graph.nodes()];
        distance[to] = 0;
        room.heap.clear();
        room.heap.push(Reverse((0, index(to))));
        settle(graph, &mut distance, &mut room.heap, |_| true, |_| false);
        let mut order: Vec<u32> = (0..index(graph.nodes()))
            .filter(|n| distance[*n as usize] != FAR)
            .collect();
        order.sort_unstable_by_key(|n| (Reverse(distance[*n as usize]), *n));
        divide(graph, &distance, &order, sent, |_| false, room);
        Self {
            distance,
            order,
            flows: room.flows.clone(),
            lost: room.lost,
        }
    }

    /// The same without some edges; the result is left in the room.
    pub(super) fn without(&self, graph: &Graph, sent: &[Volume], gone: &[usize], room: &mut Room) {
        let is_gone = |edge: usize| gone.contains(&edge);
        self.cut_off(graph, gone, room);
        if room.open.is_empty() {
            divide(graph, &self.distance, &self.order, sent, is_gone, room);
            return;
        }
        let mut distance = std::mem::take(&mut room.distance);
        distance.clone_from(&self.distance);
        self.reconnect(graph, &mut distance, is_gone, room);
        let mut order = std::mem::take(&mut room.order);
        self.reorder(&distance, &mut order, room);
        for node in &room.open {
            room.is_open[*node as usize] = false;
        }
        divide(graph, &distance, &order, sent, is_gone, room);
        (room.distance, room.order) = (distance, order);
    }

    /// Whether an edge begins a way of least weight.
    fn is_tight(&self, graph: &Graph, edge: usize) -> bool {
        let edge = &graph.edges[edge];
        let rest = self.distance[edge.to];
        rest != FAR && rest.saturating_add(edge.weight) == self.distance[edge.from]
    }

    /// Finds the nodes that lose every way of least weight, the nearest first.
    fn cut_off(&self, graph: &Graph, gone: &[usize], room: &mut Room) {
        room.open.clear();
        room.is_open.resize(graph.nodes(), false);
        room.heap.clear();
        for edge in gone.iter().filter(|e| self.is_tight(graph, **e)) {
            let from = graph.edges[*edge].from;
            room.heap.push(Reverse((self.distance[from], index(from))));
        }
        while let Some(Reverse((_, node))) = room.heap.pop() {
            if room.is_open[node as usize] {
                continue;
            }
            // CORRECTNESS: weights are at least 1, so whatever a tight edge leads to was decided before.
            let holds = graph.leaving.of(node as usize).iter().any(|e| {
                let edge = *e as usize;
                !gone.contains(&edge)
                    && self.is_tight(graph, edge)
                    && !room.is_open[graph.edges[edge].to]
            });
            if holds {
                continue;
            }
            room.is_open[node as usize] = true;
            room.open.push(node);
            for e in graph.entering.of(node as usize) {
                if self.is_tight(graph, *e as usize) {
                    let from = graph.edges[*e as usize].from;
                    room.heap.push(Reverse((self.distance[from], index(from))));
                }
            }
        }
    }

    /// New distances of the nodes that lost theirs.
    fn reconnect(
        &self,
        graph: &Graph,
        distance: &mut [u64],
        is_gone: impl Fn(usize) -> bool,
        room: &mut Room,
    ) {
        for node in &room.open {
            distance[*node as usize] = FAR;
        }
        room.heap.clear();
        for node in &room.open {
            let ways = graph.leaving.of(*node as usize).iter();
            let best = ways
                .filter(|e| !is_gone(**e as usize))
                .map(|e| &graph.edges[*e as usize])
                .filter(|e| distance[e.to] != FAR && !room.is_open[e.to])
                .map(|e| distance[e.to].saturating_add(e.weight))
                .min();
            if let Some(best) = best {
                room.heap.push(Reverse((best, *node)));
            }
        }
        // Only the new distances are written down when they are final.
        let open = &room.is_open;
        settle_open(graph, distance, &mut room.heap, |n| open[n], is_gone);
    }

    /// Nodes by their new distances: those that kept theirs as they were, the others between them.
    fn reorder(&self, distance: &[u64], order: &mut Vec<u32>, room: &mut Room) {
        let key = |n: &u32| (Reverse(distance[*n as usize]), *n);
        room.open.sort_unstable_by_key(key);
        let moved = room.open.iter().copied();
        let mut moved = moved.filter(|n| distance[*n as usize] != FAR).peekable();
        order.clear();
        for node in &self.order {
            if room.is_open[*node as usize] {
                continue;
            }
            while let Some(next) = moved.next_if(|n| key(n) < key(node)) {
                order.push(next);
            }
            order.push(*node);
        }
        order.extend(moved);
    }
}

/// Final distances of nodes, the nearest first, from those in the heap.
fn settle(
    graph: &Graph,
    distance: &mut [u64],
    heap: &mut BinaryHeap<Reverse<(u64, u32)>>,
    may: impl Fn(usize) -> bool,
    is_gone: impl Fn(usize) -> bool,
) {
    while let Some(Reverse((far, node))) = heap.pop() {
        if far > distance[node as usize] {
            continue;
        }
        for e in graph.entering.of(node as usize) {
            let edge = &graph.edges[*e as usize];
            let next = far.saturating_add(edge.weight);
            if next < distance[edge.from] && may(edge.from) && !is_gone(*e as usize) {
                distance[edge.from] = next;
                heap.push(Reverse((next, index(edge.from))));
            }
        }
    }
}

/// The same where the heap holds distances that are not written down yet.
fn settle_open(
    graph: &Graph,
    distance: &mut [u64],
    heap: &mut BinaryHeap<Reverse<(u64, u32)>>,
    may: impl Fn(usize) -> bool,
    is_gone: impl Fn(usize) -> bool,
) {
    for Reverse((far, node)) in heap.iter() {
        distance[*node as usize] = *far;
    }
    settle(graph, distance, heap, may, is_gone);
}

/// Divides what is sent over the edges, the farthest node first.
fn divide(
    graph: &Graph,
    distance: &[u64],
    order: &[u32],
    sent: &[Volume],
    is_gone: impl Fn(usize) -> bool,
    room: &mut Room,
) {
    room.flows.clear();
    room.lost = 0.0;
    room.held.clear();
    room.held.resize(graph.nodes(), 0.0);
    for volume in sent {
        match distance[volume.from] {
            FAR => room.lost += volume.volume,
            _ => room.held[volume.from] += volume.volume,
        }
    }
    for node in order.iter().map(|n| *n as usize) {
        let held = room.held[node];
        if held == 0.0 || distance[node] == 0 {
            continue;
        }
        let first = room.flows.len();
        for e in graph.leaving.of(node) {
            let edge = &graph.edges[*e as usize];
            let rest = distance[edge.to];
            if rest != FAR
                && rest.saturating_add(edge.weight) == distance[node]
                && !is_gone(*e as usize)
            {
                room.flows.push((*e, 0.0));
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a node has few next hops")]
        let share = held / (room.flows.len() - first) as f64;
        for (edge, flow) in &mut room.flows[first..] {
            *flow = share;
            room.held[graph.edges[*edge as usize].to] += share;
        }
    }
}

/// A position as it is kept.
///
/// CORRECTNESS: [`Graph::new`] refuses graphs with more nodes than this can tell apart.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn index(at: usize) -> u32 {
    at as u32
}
