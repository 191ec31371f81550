//! All destinations, and what happens to their loads when edges fail.
//!
//! Goes in: a graph and volumes. Comes out: the loads as they are ([`Engine::base`]), without some edges
//! ([`Engine::without`]), and the worst of many failures ([`Engine::failures`]), in parallel. What can go
//! wrong: a volume begins or ends at no node.

use super::tree::{Room, Tree};
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
    /// What is sent to each destination that anything is sent to.
    sent: Vec<Vec<Volume>>,
    trees: Vec<Tree>,
    /// For every edge the destinations whose traffic it carries.
    carries: Vec<Vec<u32>>,
    base: Loads,
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
        let mut base = Loads {
            edges: vec![0.0; graph.edges().len()],
            lost: 0.0,
        };
        for (at, tree) in (0u32..).zip(&trees) {
            base.add(&tree.flows, tree.lost);
            for (edge, _) in &tree.flows {
                carries[*edge as usize].push(at);
            }
        }
        Ok(Self {
            graph,
            sent,
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
        let mut loads = Loads::default();
        self.fail(gone, &mut Room::default(), &mut loads);
        loads
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
            .map_init(
                || (Room::default(), Loads::default()),
                |(room, loads), gone| {
                    self.fail(gone, room, loads);
                    self.worst_of(loads, gone)
                },
            )
            .collect()
    }

    fn fail(&self, gone: &[usize], room: &mut Room, loads: &mut Loads) {
        loads.edges.clear();
        loads.edges.resize(self.base.edges.len(), 0.0);
        loads.lost = 0.0;
        let mut hit: Vec<u32> = gone
            .iter()
            .flat_map(|e| &self.carries[*e])
            .copied()
            .collect();
        hit.sort_unstable();
        hit.dedup();
        let mut hit = hit.into_iter().peekable();
        for (at, (tree, sent)) in (0u32..).zip(self.trees.iter().zip(&self.sent)) {
            if hit.next_if_eq(&at).is_some() {
                tree.without(self.graph, sent, gone, room);
                loads.add(&room.flows, room.lost);
            } else {
                loads.add(&tree.flows, tree.lost);
            }
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

impl Loads {
    fn add(&mut self, flows: &[(u32, f64)], lost: f64) {
        for (edge, flow) in flows {
            self.edges[*edge as usize] += flow;
        }
        self.lost += lost;
    }
}
