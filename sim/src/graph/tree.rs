//! What goes to one destination: distances, and how it divides over the edges.
//!
//! Goes in: a graph, a destination, and what each node sends there. Comes out: a [`Tree`], or what becomes
//! of it once some edges are gone, where only nodes are looked at whose distance or share changes. Nothing
//! can go wrong; nodes that cannot reach the destination lose what they send.

use super::{Graph, Hop, Volume, index};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No way.
const FAR: u64 = u64::MAX;

/// What goes to one destination.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The distance of every node; [`u64::MAX`] where there is no way.
    distance: Vec<u64>,
    /// What every node gives to each of its next hops.
    share: Vec<f64>,
    /// What every node sends itself.
    sent: Vec<f64>,
    /// What is lost.
    pub(super) lost: f64,
}

/// Which edges are gone.
#[derive(Debug, Default)]
pub struct Gone {
    edges: Vec<usize>,
    /// By edge; shorter than the edges where nothing behind is gone.
    is_gone: Vec<bool>,
}

impl Gone {
    /// Says anew which edges are gone.
    pub(super) fn set(&mut self, edges: &[usize]) {
        for edge in self.edges.drain(..) {
            self.is_gone[edge] = false;
        }
        for edge in edges {
            if self.is_gone.len() <= *edge {
                self.is_gone.resize(*edge + 1, false);
            }
            self.is_gone[*edge] = true;
        }
        self.edges.extend_from_slice(edges);
    }

    fn has(&self, hop: &Hop) -> bool {
        self.is_gone.get(hop.edge as usize) == Some(&true)
    }
}

/// Room for calculations, used again and again.
#[derive(Debug, Default)]
pub struct Room {
    distance: Vec<u64>,
    share: Vec<f64>,
    /// Nodes that lost all their ways of least weight, and whether a node is one.
    open: Vec<u32>,
    is_open: Vec<bool>,
    nearest: BinaryHeap<Reverse<(u64, u32)>>,
    /// Nodes whose share may change, the farthest first, and which are or were among them.
    farthest: BinaryHeap<(u64, u32)>,
    marked: Vec<u32>,
    is_marked: Vec<bool>,
    /// What the last calculation found: edges that carry another amount, and what is lost.
    pub(super) changes: Vec<(u32, f64)>,
    pub(super) lost: f64,
}

/// Distances and shares of some moment.
#[derive(Clone, Copy)]
struct Moment<'a> {
    graph: &'a Graph,
    distance: &'a [u64],
    gone: &'a Gone,
}

impl Moment<'_> {
    /// Whether a hop away from a node begins a way of least weight.
    fn is_next(&self, node: u32, hop: &Hop) -> bool {
        is_tight(self.distance, node, hop.node, hop.weight) && !self.gone.has(hop)
    }

    /// What a node has, of what it sends and what comes in by the edges in their order, for each of its next hops.
    fn share(&self, shares: &[f64], sent: &[f64], node: u32) -> f64 {
        let own = self.distance[node as usize];
        if own == FAR || own == 0 {
            return 0.0;
        }
        let mut held = sent[node as usize];
        for hop in self.graph.entering.of(node) {
            let share = shares[hop.node as usize];
            let comes = share != 0.0 && is_tight(self.distance, hop.node, node, hop.weight);
            if comes && !self.gone.has(hop) {
                held += share;
            }
        }
        if held == 0.0 {
            return 0.0;
        }
        let next = self.graph.leaving.of(node).iter();
        let next = next.filter(|hop| self.is_next(node, hop)).count();
        #[expect(clippy::cast_precision_loss, reason = "a node has few next hops")]
        let next = next as f64;
        held / next
    }

    /// What the nodes without a way send.
    fn lost(&self, sent: &[f64]) -> f64 {
        let all = self.distance.iter().zip(sent);
        let lost: f64 = all.filter(|(far, _)| **far == FAR).map(|(_, s)| s).sum();
        // The sum of nothing is -0.
        lost + 0.0
    }
}

/// Whether an edge from one node to another begins a way of least weight.
fn is_tight(distance: &[u64], from: u32, to: u32, weight: u64) -> bool {
    let rest = distance[to as usize];
    rest != FAR && rest.saturating_add(weight) == distance[from as usize]
}

impl Tree {
    /// Everything that goes to a node. `sent`: what is sent there.
    #[must_use]
    pub fn new(graph: &Graph, to: usize, volumes: &[Volume], room: &mut Room) -> Self {
        let mut distance = vec![FAR; graph.nodes()];
        distance[to] = 0;
        room.nearest.clear();
        room.nearest.push(Reverse((0, index(to))));
        settle(graph, &mut distance, &mut room.nearest, |_| true);
        let mut sent = vec![0.0; graph.nodes()];
        for volume in volumes {
            sent[volume.from] += volume.volume;
        }
        let mut order: Vec<u32> = (0..index(graph.nodes()))
            .filter(|n| distance[*n as usize] != FAR)
            .collect();
        order.sort_unstable_by_key(|n| Reverse(distance[*n as usize]));
        let moment = Moment {
            graph,
            distance: &distance,
            gone: &Gone::default(),
        };
        let mut share = vec![0.0; graph.nodes()];
        for node in order {
            share[node as usize] = moment.share(&share, &sent, node);
        }
        Self {
            lost: moment.lost(&sent),
            distance,
            share,
            sent,
        }
    }

    /// Every edge that carries something, and how much.
    pub(super) fn flows<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = (u32, f64)> + 'a {
        let givers = (0u32..).zip(&self.share).filter(|(_, s)| **s != 0.0);
        givers.flat_map(move |(node, share)| {
            let next = graph.leaving.of(node).iter();
            next.filter(move |hop| is_tight(&self.distance, node, hop.node, hop.weight))
                .map(|hop| (hop.edge, *share))
        })
    }

    /// What changes without some edges; the result is left in the room.
    pub(super) fn without(&self, graph: &Graph, gone: &Gone, room: &mut Room) {
        room.changes.clear();
        room.lost = self.lost;
        let mut distance = std::mem::take(&mut room.distance);
        distance.clone_from(&self.distance);
        self.cut_off(graph, gone, room);
        self.reconnect(graph, &mut distance, gone, room);
        let moment = Moment {
            graph,
            distance: &distance,
            gone,
        };
        self.redivide(moment, room);
        let is_cut_off = |node: &u32| distance[*node as usize] == FAR;
        if room.open.iter().any(is_cut_off) {
            room.lost = moment.lost(&self.sent);
        }
        for node in room.open.drain(..) {
            room.is_open[node as usize] = false;
        }
        room.distance = distance;
    }

    /// Whether a hop away from a node began a way of least weight before anything was gone.
    fn was_next(&self, node: u32, hop: &Hop) -> bool {
        is_tight(&self.distance, node, hop.node, hop.weight)
    }

    /// Finds the nodes that lose every way of least weight, the nearest first.
    fn cut_off(&self, graph: &Graph, gone: &Gone, room: &mut Room) {
        room.is_open.resize(graph.nodes(), false);
        room.nearest.clear();
        for edge in gone.edges.iter().map(|e| &graph.edges[*e]) {
            let (from, to) = (index(edge.from), index(edge.to));
            if is_tight(&self.distance, from, to, edge.weight) {
                room.nearest.push(Reverse((self.distance[edge.from], from)));
            }
        }
        while let Some(Reverse((_, node))) = room.nearest.pop() {
            if room.is_open[node as usize] {
                continue;
            }
            // CORRECTNESS: weights are at least 1, so whatever a tight edge leads to was decided before.
            let holds = graph.leaving.of(node).iter().any(|hop| {
                self.was_next(node, hop) && !gone.has(hop) && !room.is_open[hop.node as usize]
            });
            if holds {
                continue;
            }
            room.is_open[node as usize] = true;
            room.open.push(node);
            for hop in graph.entering.of(node) {
                if is_tight(&self.distance, hop.node, node, hop.weight) {
                    let far = self.distance[hop.node as usize];
                    room.nearest.push(Reverse((far, hop.node)));
                }
            }
        }
    }

    /// New distances of the nodes that lost theirs.
    fn reconnect(&self, graph: &Graph, distance: &mut [u64], gone: &Gone, room: &mut Room) {
        for node in &room.open {
            distance[*node as usize] = FAR;
        }
        room.nearest.clear();
        for node in &room.open {
            let ways = graph.leaving.of(*node).iter();
            let best = ways
                .filter(|hop| !gone.has(hop) && !room.is_open[hop.node as usize])
                .filter(|hop| distance[hop.node as usize] != FAR)
                .map(|hop| distance[hop.node as usize].saturating_add(hop.weight))
                .min();
            if let Some(best) = best {
                room.nearest.push(Reverse((best, *node)));
            }
        }
        for Reverse((far, node)) in room.nearest.iter() {
            distance[*node as usize] = *far;
        }
        let open = &room.is_open;
        settle(graph, distance, &mut room.nearest, |hop| {
            open[hop.node as usize] && !gone.has(hop)
        });
    }

    /// New shares, the farthest node first: of nodes that lose a next hop, and of those that get more or less for it.
    fn redivide(&self, now: Moment<'_>, room: &mut Room) {
        let mut shares = std::mem::take(&mut room.share);
        shares.clone_from(&self.share);
        room.is_marked.resize(shares.len(), false);
        for edge in &now.gone.edges {
            mark(room, now.distance, index(now.graph.edges[*edge].from));
        }
        for at in 0..room.open.len() {
            let node = room.open[at];
            mark(room, now.distance, node);
            for hop in now.graph.entering.of(node) {
                if is_tight(&self.distance, hop.node, node, hop.weight) {
                    mark(room, now.distance, hop.node);
                }
            }
        }
        // CORRECTNESS: whoever gives to a node is farther away than it, so what comes in is final when the node is looked
        // at. Who gets something else is nearer than the giver, or its distance changed and it was marked above.
        while let Some((_, node)) = room.farthest.pop() {
            let was = self.share[node as usize];
            let is = now.share(&shares, &self.sent, node);
            shares[node as usize] = is;
            for hop in now.graph.leaving.of(node) {
                let was = if self.was_next(node, hop) { was } else { 0.0 };
                let is = if now.is_next(node, hop) { is } else { 0.0 };
                if was.to_bits() != is.to_bits() {
                    room.changes.push((hop.edge, is));
                    mark(room, now.distance, hop.node);
                }
            }
        }
        room.share = shares;
        for node in room.marked.drain(..) {
            room.is_marked[node as usize] = false;
        }
    }
}

/// Remembers a node whose share may change.
fn mark(room: &mut Room, distance: &[u64], node: u32) {
    let is_marked = &mut room.is_marked[node as usize];
    if !std::mem::replace(is_marked, true) {
        room.marked.push(node);
        room.farthest.push((distance[node as usize], node));
    }
}

/// Final distances of nodes, the nearest first, from those in the heap, over the hops that may be used.
fn settle(
    graph: &Graph,
    distance: &mut [u64],
    heap: &mut BinaryHeap<Reverse<(u64, u32)>>,
    may: impl Fn(&Hop) -> bool,
) {
    while let Some(Reverse((far, node))) = heap.pop() {
        if far > distance[node as usize] {
            continue;
        }
        for hop in graph.entering.of(node) {
            let next = far.saturating_add(hop.weight);
            if next < distance[hop.node as usize] && may(hop) {
                distance[hop.node as usize] = next;
                heap.push(Reverse((next, hop.node)));
            }
        }
    }
}
