//! All destinations, and what happens to their loads when edges fail.
//!
//! Goes in: a graph and volumes. Comes out: the loads as they are ([`Engine::base`]), without some edges
//! ([`Engine::without`]), and the worst of many failures ([`Engine::failures`]), in parallel. What can go
//! wrong: a volume begins or ends at no node.

use super::tree::{Gone, Room, Tree};
use super::{Graph, NoGraph, Volume};
use rayon::prelude::*;

/// The loads of all edges.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Loads {
    /// By edge, in the unit of the volumes.
    pub edges: Vec<f64>,
    /// What has no way to where it is meant for.
    pub lost: f64,
}

/// The worst that a failure makes of the loads.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Worst {
    /// The highest load over capacity, of edges that did not fail; 0 if nothing is loaded.
    pub utilisation: f64,
    /// The first edge that has it.
    pub edge: Option<usize>,
    /// What has no way to where it is meant for.
    pub lost: f64,
}

/// A graph with volumes, ready to be asked what happens when edges fail.
#[derive(Debug)]
pub struct Engine<'g> {
    graph: &'g Graph,
    /// What goes to each destination that anything is sent to.
    trees: Vec<Tree>,
    /// For every edge what it carries, by destination, in their order.
    carries: Vec<Vec<(u32, f64)>>,
    base: Loads,
}

/// Room for one failure after another.
#[derive(Debug, Default)]
struct Bench {
    gone: Gone,
    room: Room,
    /// For every edge what it carries instead, by destination, in their order; and which edges those are.
    instead: Vec<Vec<(u32, f64)>>,
    touched: Vec<u32>,
    loads: Loads,
}

impl<'g> Engine<'g> {
    /// Divides all volumes over the graph.
    ///
    /// # Errors
    /// The first volume that begins or ends at no node.
    pub fn new(graph: &'g Graph, volumes: &[Volume]) -> Result<Self, NoGraph> {
        let nodes = graph.nodes();
        if let Some(at) = volumes.iter().position(|v| v.from.max(v.to) >= nodes) {
            return Err(NoGraph::Volume(at));
        }
        let mut by_end: Vec<Vec<Volume>> = vec![Vec::new(); nodes];
        for volume in volumes.iter().filter(|v| v.from != v.to && v.volume != 0.0) {
            by_end[volume.to].push(*volume);
        }
        let sent: Vec<Vec<Volume>> = by_end.into_iter().filter(|s| !s.is_empty()).collect();
        let trees: Vec<Tree> = sent
            .par_iter()
            .map_init(Room::default, |room, own| {
                Tree::new(graph, own[0].to, own, room)
            })
            .collect();
        let mut carries = vec![Vec::new(); graph.edges().len()];
        for (at, tree) in (0u32..).zip(&trees) {
            for (edge, flow) in tree.flows(graph) {
                carries[edge as usize].push((at, flow));
            }
        }
        let base = Loads {
            edges: carries.iter().map(|c| sum(c, &[])).collect(),
            lost: sum(&lost(&trees), &[]),
        };
        Ok(Self {
            graph,
            trees,
            carries,
            base,
        })
    }

    /// The loads with nothing failed.
    #[must_use]
    pub fn base(&self) -> &Loads {
        &self.base
    }

    /// The loads without some edges.
    #[must_use]
    pub fn without(&self, gone: &[usize]) -> Loads {
        let mut bench = Bench::default();
        self.fail(gone, &mut bench);
        bench.loads
    }

    /// What is the worst with nothing failed.
    #[must_use]
    pub fn worst(&self) -> Worst {
        self.worst_of(&self.base, &[])
    }

    /// The worst of each of many failures, each a set of edges that fail at once; in their order.
    #[must_use]
    pub fn failures(&self, failures: &[Vec<usize>]) -> Vec<Worst> {
        failures
            .par_iter()
            .map_init(Bench::default, |bench, gone| {
                self.fail(gone, bench);
                self.worst_of(&bench.loads, gone)
            })
            .collect()
    }

    /// Leaves the loads without some edges on the bench.
    fn fail(&self, gone: &[usize], bench: &mut Bench) {
        bench.gone.set(gone);
        bench.instead.resize(self.carries.len(), Vec::new());
        bench.loads.clone_from(&self.base);
        let carried = gone.iter().flat_map(|e| &self.carries[*e]);
        let mut hit: Vec<u32> = carried.map(|(tree, _)| *tree).collect();
        hit.sort_unstable();
        hit.dedup();
        let mut other: Vec<(u32, f64)> = Vec::new();
        for at in hit {
            let tree = &self.trees[at as usize];
            tree.without(self.graph, &bench.gone, &mut bench.room);
            for (edge, flow) in &bench.room.changes {
                let instead = &mut bench.instead[*edge as usize];
                if instead.is_empty() {
                    bench.touched.push(*edge);
                }
                instead.push((at, *flow));
            }
            if bench.room.lost.to_bits() != tree.lost.to_bits() {
                other.push((at, bench.room.lost));
            }
        }
        for edge in bench.touched.drain(..).map(|e| e as usize) {
            bench.loads.edges[edge] = sum(&self.carries[edge], &bench.instead[edge]);
            bench.instead[edge].clear();
        }
        if !other.is_empty() {
            bench.loads.lost = sum(&lost(&self.trees), &other);
        }
    }

    fn worst_of(&self, loads: &Loads, gone: &[usize]) -> Worst {
        let mut worst = Worst {
            lost: loads.lost,
            ..Worst::default()
        };
        let edges = loads.edges.iter().zip(self.graph.edges()).enumerate();
        for (at, (load, edge)) in edges.filter(|(_, (load, _))| **load > 0.0) {
            let utilisation = load / edge.capacity;
            if utilisation > worst.utilisation && !gone.contains(&at) {
                (worst.utilisation, worst.edge) = (utilisation, Some(at));
            }
        }
        worst
    }
}

/// What is lost, by destination.
fn lost(trees: &[Tree]) -> Vec<(u32, f64)> {
    (0..).zip(trees.iter().map(|t| t.lost)).collect()
}

/// A sum over destinations in their order, of which some have another amount instead.
fn sum(all: &[(u32, f64)], instead: &[(u32, f64)]) -> f64 {
    let plain = |sum: f64, some: &[(u32, f64)]| some.iter().fold(sum, |sum, (_, a)| sum + a);
    let (mut sum, mut rest) = (0.0, all);
    for (at, amount) in instead {
        let (before, behind) = rest.split_at(rest.partition_point(|(i, _)| i < at));
        sum = plain(sum, before) + amount;
        let is_other = behind.first().is_some_and(|(i, _)| i == at);
        rest = &behind[usize::from(is_other)..];
    }
    plain(sum, rest)
}
