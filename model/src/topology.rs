//! A plain topology with a traffic matrix, as researchers and operators publish them: nodes, directed edges with
//! weights and capacities, and volumes from node to node. It knows no zones, addresses or rules.

use crate::units::BitRate;

/// A directed edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Its name.
    pub name: String,
    /// The node where it begins, by position.
    pub from: usize,
    /// The node where it ends, by position.
    pub to: usize,
    /// What going over it costs; at least 1.
    pub weight: u64,
    /// What it can carry.
    pub capacity: BitRate,
}

/// A volume from one node to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Where it begins, by position.
    pub from: usize,
    /// Where it is meant for, by position.
    pub to: usize,
    /// How much.
    pub rate: BitRate,
}

/// Nodes, edges and volumes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Topology {
    /// Names of the nodes.
    pub nodes: Vec<String>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// Volumes.
    pub demands: Vec<Volume>,
}
