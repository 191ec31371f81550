//! All destinations, and what happens to their loads when edges fail.
//!
//! Goes in: a graph and volumes. Comes out: the loads as they are ([`Engine::base`]), without some edges
//! ([`Engine::without`]), and the worst of many failures ([`Engine::failures`]), in parallel. What can go
//! wrong: a volume begins or ends at no node.

use super::exact::Scale;
use super::tree::{Gone, Room, Sent, Tree};
use super::{Graph, NoGraph, Volume, index};
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

/// Into how many parts the destinations are divided, to be worked on side by side.
const PARTS: usize = 64;

/// A graph with volumes, ready to be asked what happens when edges fail.
#[derive(Debug)]
pub struct Engine<'g> {
    graph: &'g Graph,
    /// What goes to each destination that anything is sent to.
    trees: Vec<Tree>,
    scale: Scale,
    /// By edge what it carries, and what is lost, whole numbers of the scale.
    carried: Vec<i128>,
    lost: i128,
    base: Loads,
}

/// Room for one failure after another.
#[derive(Debug, Default)]
struct Bench {
    gone: Gone,
    room: Room,
    loads: Loads,
}

impl<'g> Engine<'g> {
    /// Divides all volumes over the graph.
    ///
    /// # Errors
    /// The first volume that begins or ends at no node, or is no amount.
    pub fn new(graph: &'g Graph, volumes: &[Volume]) -> Result<Self, NoGraph> {
        let ends = ByEnd::new(graph.nodes(), volumes)?;
        let scale = Scale::new(ends.all);
        let nodes: Vec<usize> = (0..graph.nodes())
            .filter(|n| !ends.of(*n).is_empty())
            .collect();
        let each = nodes.len().div_ceil(PARTS).max(1);
        let parts = nodes.par_chunks(each).map(|nodes| {
            let (mut room, mut trees) = (Room::default(), Vec::with_capacity(nodes.len()));
            room.loads.resize(graph.edges().len(), 0);
            for node in nodes {
                trees.push(Tree::new(graph, *node, ends.of(*node), scale, &mut room));
            }
            (trees, room.loads, room.lost)
        });
        let parts: Vec<(Vec<Tree>, Vec<i128>, i128)> = parts.collect();
        let mut trees = Vec::with_capacity(nodes.len());
        let (mut carried, mut lost) = (vec![0; graph.edges().len()], 0);
        for (some, carries, loses) in parts {
            trees.extend(some);
            carried
                .iter_mut()
                .zip(carries)
                .for_each(|(c, more)| *c += more);
            lost += loses;
        }
        let base = Loads {
            edges: carried.iter().map(|c| scale.amount(*c)).collect(),
            lost: scale.amount(lost),
        };
        Ok(Self {
            graph,
            trees,
            scale,
            carried,
            lost,
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
        let room = &mut bench.room;
        room.loads.clone_from(&self.carried);
        room.lost = self.lost;
        for tree in &self.trees {
            let edges = self.graph.edges();
            if gone.iter().any(|edge| tree.uses(*edge, edges[*edge].from)) {
                tree.without(self.graph, &bench.gone, self.scale, room);
            }
        }
        bench.loads.clone_from(&self.base);
        let loads = room.loads.iter().zip(&self.carried);
        for (load, (is, was)) in bench.loads.edges.iter_mut().zip(loads) {
            if is != was {
                *load = self.scale.amount(*is);
            }
        }
        bench.loads.lost = self.scale.amount(room.lost);
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

/// Volumes by the node where they end.
struct ByEnd {
    sent: Vec<Sent>,
    /// Where those of each node begin.
    starts: Vec<usize>,
    /// All of them.
    all: f64,
}

impl ByEnd {
    /// Volumes of nothing, and from a node to itself, are left out.
    fn new(nodes: usize, volumes: &[Volume]) -> Result<Self, NoGraph> {
        let counts = |v: &Volume| v.from != v.to && v.volume != 0.0;
        let mut starts = vec![0; nodes + 1];
        let mut all = 0.0;
        for (at, volume) in volumes.iter().enumerate() {
            if volume.from.max(volume.to) >= nodes {
                return Err(NoGraph::Volume(at));
            }
            all += volume.volume;
            if volume.volume < 0.0 || !all.is_finite() {
                return Err(NoGraph::Amount(at));
            }
            starts[volume.to + 1] += usize::from(counts(volume));
        }
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut sent = vec![Sent::default(); starts[nodes]];
        for volume in volumes.iter().filter(|v| counts(v)) {
            sent[next[volume.to]] = Sent {
                from: index(volume.from),
                volume: volume.volume,
            };
            next[volume.to] += 1;
        }
        Ok(Self { sent, starts, all })
    }

    fn of(&self, node: usize) -> &[Sent] {
        &self.sent[self.starts[node]..self.starts[node + 1]]
    }
}
