//! What goes to one destination: distances, and how it divides over the edges.
//!
//! Goes in: a graph, a destination, and what each node sends there. Comes out: a [`Tree`], or what becomes
//! of it once some edges are gone, where only nodes are looked at whose distance or share changes. Nothing
//! can go wrong; nodes that cannot reach the destination lose what they send.
//!
//! Nodes are ranked by distance once. Which of them are still to be looked at is a bit for each rank, so that the
//! nearest or the farthest is found without a heap; only nodes whose distance changes are searched again with one.

use super::exact::Scale;
use super::ranks::Ranks;
use super::{Graph, Hop, index};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// No way.
const FAR: u64 = u64::MAX;

/// No rank.
const NONE: u32 = u32::MAX;

/// What goes to one destination.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The distance of every node; [`u64::MAX`] where there is no way.
    distance: Vec<u64>,
    /// The nodes that have a way, the nearest first, and the rank of every node among them.
    order: Vec<u32>,
    rank: Vec<u32>,
    /// Whether an edge begins a way of least weight.
    tight: Vec<bool>,
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

/// What a node sends to the destination of a tree.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sent {
    pub(super) from: u32,
    pub(super) volume: f64,
}

/// Room for calculations, used again and again.
#[derive(Debug, Default)]
pub struct Room {
    distance: Vec<u64>,
    tight: Vec<bool>,
    share: Vec<f64>,
    /// Nodes that lost all their ways of least weight, and those that lost some.
    open: Vec<u32>,
    fewer: Vec<u32>,
    /// Edges to next hops, and room for more.
    next: Vec<u32>,
    /// The open nodes that have a way again, the nearest first.
    again: Vec<u32>,
    nearest: Nearest,
    /// Nodes to look at.
    ranks: Ranks,
    /// Where changes are added: by edge what it carries, and what is lost, whole numbers of the scale.
    pub(super) loads: Vec<i128>,
    pub(super) lost: i128,
}

/// Nodes by the least distance found so far.
type Nearest = BinaryHeap<Reverse<(u64, u32)>>;

impl Tree {
    /// Everything that goes to a node; adds what the edges carry, and what is lost, to the loads of the room. `sent`: what is
    /// sent there.
    pub(super) fn new(
        graph: &Graph,
        to: usize,
        sent: &[Sent],
        scale: Scale,
        room: &mut Room,
    ) -> Self {
        let nodes = graph.nodes();
        let mut tree = Self {
            distance: vec![FAR; nodes],
            order: Vec::with_capacity(nodes),
            rank: vec![NONE; nodes],
            tight: vec![false; graph.edges.len()],
            share: vec![0.0; nodes],
            sent: vec![0.0; nodes],
            lost: 0.0,
        };
        tree.distance[to] = 0;
        room.nearest.clear();
        room.nearest.push(Reverse((0, index(to))));
        let nearest = &mut room.nearest;
        settle(graph, &mut tree.distance, nearest, &mut tree.order, |_| {
            true
        });
        for (at, node) in (0u32..).zip(&tree.order) {
            tree.rank[*node as usize] = at;
        }
        for one in sent {
            tree.sent[one.from as usize] += one.volume;
        }
        for at in (0..tree.order.len()).rev() {
            tree.divide(tree.order[at], graph, scale, room);
        }
        tree.lost = lost(&tree.distance, &tree.sent);
        room.lost += scale.whole(tree.lost);
        tree
    }

    /// Finds the next hops of a node, what each of them gets, and adds that to the loads of the room. Nodes that are
    /// farther away have been divided.
    fn divide(&mut self, node: u32, graph: &Graph, scale: Scale, room: &mut Room) {
        let leaving = graph.leaving.of(node);
        room.next.resize(room.next.len().max(leaving.len()), 0);
        let own = self.distance[node as usize];
        let mut count = 0;
        for hop in leaving {
            let begins = self.distance[hop.node as usize].saturating_add(hop.weight) == own;
            self.tight[hop.edge as usize] = begins;
            // Without a branch: most edges begin no way of least weight, but which do cannot be guessed.
            room.next[count] = hop.edge;
            count += usize::from(begins);
        }
        let Some(next) = room.next.get(..count).filter(|next| !next.is_empty()) else {
            return;
        };
        let share = held(graph, &self.tight, &self.share, &self.sent, node) / count_of(count);
        self.share[node as usize] = share;
        let whole = scale.whole(share);
        for edge in next {
            room.loads[*edge as usize] += whole;
        }
    }

    /// Whether anything goes over an edge.
    pub(super) fn uses(&self, edge: usize, from: usize) -> bool {
        self.tight[edge] && self.share[from] != 0.0
    }

    /// Adds what changes without some edges to the loads of the room.
    pub(super) fn without(&self, graph: &Graph, gone: &Gone, scale: Scale, room: &mut Room) {
        room.ranks.fit(self.order.len());
        room.tight.clone_from(&self.tight);
        self.cut_off(graph, gone, room);
        if room.open.is_empty() {
            self.redivide(graph, &self.distance, scale, room);
            return;
        }
        let mut distance = std::mem::take(&mut room.distance);
        distance.clone_from(&self.distance);
        reconnect(graph, &mut distance, gone, room);
        let cut_off = room.again.len() < room.open.len();
        self.redivide(graph, &distance, scale, room);
        if cut_off {
            room.lost += scale.whole(lost(&distance, &self.sent)) - scale.whole(self.lost);
        }
        room.distance = distance;
    }

    /// Finds the nodes that lose ways of least weight, the nearest first: all of them, or some.
    fn cut_off(&self, graph: &Graph, gone: &Gone, room: &mut Room) {
        room.open.clear();
        room.fewer.clear();
        for edge in &gone.edges {
            if std::mem::take(&mut room.tight[*edge]) {
                room.ranks.add(self.rank[graph.edges[*edge].from]);
            }
        }
        // CORRECTNESS: weights are at least 1, so whatever a tight edge leads to is of lower rank and was decided before.
        while let Some(rank) = room.ranks.take_lowest() {
            let node = self.order[rank as usize];
            let mut next = graph.leaving.of(node).iter();
            if next.any(|hop| room.tight[hop.edge as usize]) {
                room.fewer.push(node);
                continue;
            }
            room.open.push(node);
            for hop in graph.entering.of(node) {
                if std::mem::take(&mut room.tight[hop.edge as usize]) {
                    room.ranks.add(self.rank[hop.node as usize]);
                }
            }
        }
    }

    /// New shares, the farthest node first: of nodes that lose a next hop, and of those that get more or less for it.
    fn redivide(&self, graph: &Graph, distance: &[u64], scale: Scale, room: &mut Room) {
        room.share.clone_from(&self.share);
        while let Some(node) = room.fewer.pop() {
            room.ranks.add(self.rank[node as usize]);
        }
        let open = std::mem::take(&mut room.open);
        let cut_off = open.iter().filter(|n| distance[**n as usize] == FAR);
        cut_off.for_each(|node| self.look_at(*node, graph, distance, scale, room));
        room.open = open;
        // CORRECTNESS: whoever gives to a node is farther away than it, so what comes in is final when the node is looked
        // at. Who gets something else is nearer than the giver, or its distance changed and it is open.
        loop {
            let highest = room.ranks.highest();
            let by_rank = highest.map(|rank| self.order[rank as usize]);
            let far = by_rank.map(|node| distance[node as usize]);
            let open = room
                .again
                .pop_if(|node| far <= Some(distance[*node as usize]));
            if let (None, Some(rank)) = (open, highest) {
                room.ranks.remove(rank);
            }
            let Some(node) = open.or(by_rank) else { break };
            self.look_at(node, graph, distance, scale, room);
        }
    }

    /// The new share of a node, and what changes by it.
    fn look_at(&self, node: u32, graph: &Graph, distance: &[u64], scale: Scale, room: &mut Room) {
        let was = self.share[node as usize];
        let is = share(graph, &room.tight, &room.share, &self.sent, node);
        room.share[node as usize] = is;
        let is_same = was.to_bits() == is.to_bits();
        let (was, is) = (scale.whole(was), scale.whole(is));
        for hop in graph.leaving.of(node) {
            let edge = hop.edge as usize;
            let (had, has) = (self.tight[edge], room.tight[edge]);
            if had == has && (is_same || !has) {
                continue;
            }
            let was = if had { was } else { 0 };
            let is = if has { is } else { 0 };
            room.loads[edge] += is - was;
            let to = hop.node as usize;
            if distance[to] == self.distance[to] {
                room.ranks.add(self.rank[to]);
            }
        }
    }
}

/// What a node gives to each of its next hops.
fn share(graph: &Graph, tight: &[bool], shares: &[f64], sent: &[f64], node: u32) -> f64 {
    let next = graph.leaving.of(node).iter();
    let next: usize = next.map(|hop| usize::from(tight[hop.edge as usize])).sum();
    if next == 0 {
        return 0.0;
    }
    held(graph, tight, shares, sent, node) / count_of(next)
}

/// What a node has, of what it sends and what comes in by the edges in their order.
fn held(graph: &Graph, tight: &[bool], shares: &[f64], sent: &[f64], node: u32) -> f64 {
    let mut held = sent[node as usize];
    for hop in graph.entering.of(node) {
        let comes = shares[hop.node as usize];
        held += if tight[hop.edge as usize] { comes } else { 0.0 };
    }
    held
}

/// A number of next hops.
#[expect(clippy::cast_precision_loss, reason = "a node has few next hops")]
fn count_of(next: usize) -> f64 {
    next as f64
}

/// What the nodes without a way send.
fn lost(distance: &[u64], sent: &[f64]) -> f64 {
    let all = distance.iter().zip(sent);
    let lost: f64 = all.filter(|(far, _)| **far == FAR).map(|(_, s)| s).sum();
    // The sum of nothing is -0.
    lost + 0.0
}

/// Whether an edge from one node to another begins a way of least weight.
fn is_tight(distance: &[u64], from: usize, to: usize, weight: u64) -> bool {
    let own = distance[from];
    own != FAR && distance[to].saturating_add(weight) == own
}

/// New distances of the nodes that lost theirs, and the edges that now begin their ways.
fn reconnect(graph: &Graph, distance: &mut [u64], gone: &Gone, room: &mut Room) {
    let stays = |hop: &Hop| !gone.has(hop);
    for node in &room.open {
        distance[*node as usize] = FAR;
    }
    room.nearest.clear();
    for node in &room.open {
        let ways = graph.leaving.of(*node).iter();
        let best = ways
            .filter(|hop| stays(hop))
            .map(|hop| distance[hop.node as usize].saturating_add(hop.weight))
            .min();
        if let Some(best) = best.filter(|best| *best != FAR) {
            room.nearest.push(Reverse((best, *node)));
        }
    }
    for Reverse((far, node)) in &room.nearest {
        distance[*node as usize] = *far;
    }
    room.again.clear();
    settle(graph, distance, &mut room.nearest, &mut room.again, stays);
    for node in &room.again {
        for hop in graph.leaving.of(*node) {
            let begins = is_tight(distance, *node as usize, hop.node as usize, hop.weight);
            room.tight[hop.edge as usize] = begins && stays(hop);
        }
    }
}

/// Final distances of nodes, the nearest first (`order`), from those in the heap, over the hops that may be used.
fn settle(
    graph: &Graph,
    distance: &mut [u64],
    nearest: &mut Nearest,
    order: &mut Vec<u32>,
    may: impl Fn(&Hop) -> bool,
) {
    while let Some(Reverse((far, node))) = nearest.pop() {
        if far > distance[node as usize] {
            continue;
        }
        order.push(node);
        for hop in graph.entering.of(node) {
            let next = far.saturating_add(hop.weight);
            if next < distance[hop.node as usize] && may(hop) {
                distance[hop.node as usize] = next;
                nearest.push(Reverse((next, hop.node)));
            }
        }
    }
}
