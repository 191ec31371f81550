//! Loads on plain graphs of weighted edges, as public topologies and traffic matrices come.
//!
//! Goes in: nodes, directed edges with a weight and a capacity, and volumes from node to node. Comes out: the
//! load of every edge, and of every edge whatever fails, with what is lost. What can go wrong: an edge or
//! demand names no node, or a weight is zero.
//!
//! Traffic takes the ways of least weight; where several edges begin such a way, a node divides what it
//! has evenly among them (per next hop, as routers do, not per way). Parallel edges of equal weight are
//! separate next hops. What has no way is lost, and loads nothing.
//!
//! ```text
//!   for each destination:   distances ─▶ nodes, the farthest first ─▶ shares of each edge
//!   for each failure:       of destinations whose traffic used what failed, the nodes whose share changes
//! ```
//!
//! A node adds up what comes in by edge in one order whatever happened, and an edge what it carries in whole numbers
//! that have no order: so a result does not depend on threads, and the loads after a failure are bit for bit
//! those of the graph without the edge.
//!
//! Modules in reading order: `exact` (sums without order), `ranks` (nodes to look at), [`tree`] (one destination),
//! [`engine`] (all of them, and failures).

pub mod engine;
mod exact;
mod ranks;
pub mod tree;

#[cfg(test)]
mod tests;

pub use engine::{Engine, Loads, Worst};

use utsushi_model::topology::Topology;

/// A directed edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What going over it costs; at least 1.
    pub weight: u64,
    /// What it can carry, in the unit of the volumes.
    pub capacity: f64,
}

/// A volume from one node to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Volume {
    /// Where it begins.
    pub from: usize,
    /// Where it is meant for.
    pub to: usize,
    /// How much.
    pub volume: f64,
}

/// Why something is no graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoGraph {
    /// An edge, by position, begins or ends nowhere.
    Edge(usize),
    /// An edge, by position, has weight 0: ways of least weight could then go round in circles.
    Weight(usize),
    /// A volume, by position, begins or ends nowhere.
    Volume(usize),
    /// A volume, by position, is negative or not finite; or with this one all together are not.
    Amount(usize),
    /// More nodes or edges than 32 bits count.
    Size,
}

impl std::fmt::Display for NoGraph {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edge(at) => write!(out, "edge {at} begins or ends at no node"),
            Self::Weight(at) => write!(out, "edge {at} has weight 0"),
            Self::Volume(at) => write!(out, "demand {at} begins or ends at no node"),
            Self::Amount(at) => write!(out, "demand {at} is no amount: negative or not finite"),
            Self::Size => write!(out, "more nodes or edges than 32 bits count"),
        }
    }
}

/// A graph, with its edges by node.
#[derive(Debug, Clone)]
pub struct Graph {
    edges: Vec<Edge>,
    leaving: Lists,
    entering: Lists,
}

/// An edge as one of its ends sees it.
#[derive(Debug, Clone, Copy, Default)]
struct Hop {
    edge: u32,
    /// The other end.
    node: u32,
    weight: u64,
}

/// For every node its hops in the order of the edges, one node behind the other.
#[derive(Debug, Clone)]
struct Lists {
    starts: Vec<u32>,
    hops: Vec<Hop>,
}

impl Lists {
    /// `ends`: whose hop an edge is, and the other end.
    fn new(nodes: usize, edges: &[Edge], ends: impl Fn(&Edge) -> (usize, usize)) -> Self {
        let mut starts = vec![0u32; nodes + 1];
        for edge in edges {
            starts[ends(edge).0 + 1] += 1;
        }
        for at in 0..nodes {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut hops = vec![Hop::default(); edges.len()];
        for (at, edge) in (0u32..).zip(edges) {
            let (own, other) = ends(edge);
            let place = &mut next[own];
            hops[*place as usize] = Hop {
                edge: at,
                node: index(other),
                weight: edge.weight,
            };
            *place += 1;
        }
        Self { starts, hops }
    }

    fn of(&self, node: u32) -> &[Hop] {
        let at = node as usize;
        &self.hops[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

impl Graph {
    /// A graph of so many nodes.
    ///
    /// # Errors
    /// The first edge that begins or ends at no node, or has weight 0.
    pub fn new(nodes: usize, edges: Vec<Edge>) -> Result<Self, NoGraph> {
        if u32::try_from(nodes).is_err() || u32::try_from(edges.len()).is_err() {
            return Err(NoGraph::Size);
        }
        if let Some(at) = edges.iter().position(|e| e.from.max(e.to) >= nodes) {
            return Err(NoGraph::Edge(at));
        }
        if let Some(at) = edges.iter().position(|e| e.weight == 0) {
            return Err(NoGraph::Weight(at));
        }
        Ok(Self {
            leaving: Lists::new(nodes, &edges, |e| (e.from, e.to)),
            entering: Lists::new(nodes, &edges, |e| (e.to, e.from)),
            edges,
        })
    }

    /// The graph of a published topology, and its volumes; capacities and volumes are in kbit/s.
    ///
    /// # Errors
    /// The first edge that begins or ends at no node, or has weight 0.
    pub fn of(topology: &Topology) -> Result<(Self, Vec<Volume>), NoGraph> {
        let edges = topology.edges.iter().map(|e| Edge {
            from: e.from,
            to: e.to,
            weight: e.weight,
            capacity: e.capacity.as_kbps(),
        });
        let volumes = topology.demands.iter().map(|d| Volume {
            from: d.from,
            to: d.to,
            volume: d.rate.as_kbps(),
        });
        let graph = Self::new(topology.nodes.len(), edges.collect())?;
        Ok((graph, volumes.collect()))
    }

    /// How many nodes it has.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.leaving.starts.len() - 1
    }

    /// Its edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges as two-way links: of the edges between two nodes the n-th one way belongs to the n-th the
    /// other way; an edge without such a partner is a link of its own. In the order of the first edge of each.
    #[must_use]
    pub fn links(&self) -> Vec<Vec<usize>> {
        let mut waiting: std::collections::HashMap<(usize, usize), Vec<usize>> =
            std::collections::HashMap::new();
        let mut links: Vec<Vec<usize>> = Vec::new();
        for (at, edge) in self.edges.iter().enumerate() {
            let partners = waiting.get_mut(&(edge.to, edge.from));
            let first = partners.filter(|p| !p.is_empty()).map(|p| p.remove(0));
            if let Some(link) = first {
                links[link].push(at);
            } else {
                waiting
                    .entry((edge.from, edge.to))
                    .or_default()
                    .push(links.len());
                links.push(vec![at]);
            }
        }
        links
    }
}

/// A position as it is kept.
///
/// CORRECTNESS: [`Graph::new`] refuses graphs with more nodes than this can tell apart.
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn index(at: usize) -> u32 {
    at as u32
}
