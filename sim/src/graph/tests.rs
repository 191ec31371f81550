//! Loads on random graphs: what enters leaves or is lost, and a failure is the graph without the edge.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "tests")]

use super::{Edge, Engine, Graph, Loads, NoGraph, Volume};
use proptest::prelude::*;

fn edge(from: usize, to: usize, weight: u64) -> Edge {
    let capacity = 100.0;
    Edge {
        from,
        to,
        weight,
        capacity,
    }
}

fn volume(from: usize, to: usize, volume: f64) -> Volume {
    Volume { from, to, volume }
}

/// Nodes, edges with few different weights (many ties), and volumes.
fn cases() -> impl Strategy<Value = (usize, Vec<Edge>, Vec<Volume>)> {
    (2usize..12).prop_flat_map(|nodes| {
        let edge = (0..nodes, 0..nodes, 1u64..4).prop_map(|(a, b, w)| edge(a, b, w));
        let sent = (0..nodes, 0..nodes, 1u32..100);
        let sent = sent.prop_map(|(a, b, v)| volume(a, b, f64::from(v)));
        (
            Just(nodes),
            prop::collection::vec(edge, 0..40),
            prop::collection::vec(sent, 0..40),
        )
    })
}

fn loads(nodes: usize, edges: Vec<Edge>, volumes: &[Volume]) -> Loads {
    let graph = Graph::new(nodes, edges).unwrap();
    Engine::new(&graph, volumes).unwrap().base().clone()
}

/// Loads by walking each unit of volume on its own: distances by Bellman and Ford, shares by recursion.
fn plain(nodes: usize, edges: &[Edge], volumes: &[Volume]) -> Loads {
    let mut out = Loads {
        edges: vec![0.0; edges.len()],
        lost: 0.0,
    };
    for to in 0..nodes {
        let mut distance = vec![u64::MAX; nodes];
        distance[to] = 0;
        for _ in 0..nodes {
            for e in edges {
                let next = distance[e.to].saturating_add(e.weight);
                distance[e.from] = distance[e.from].min(next);
            }
        }
        for v in volumes.iter().filter(|v| v.to == to && v.from != to) {
            if distance[v.from] == u64::MAX {
                out.lost += v.volume;
            } else {
                walk(edges, &distance, v.from, v.volume, &mut out.edges);
            }
        }
    }
    out
}

fn walk(edges: &[Edge], distance: &[u64], at: usize, volume: f64, loads: &mut [f64]) {
    let tight = |e: &Edge| e.from == at && distance[e.to].saturating_add(e.weight) == distance[at];
    let next: Vec<usize> = (0..edges.len()).filter(|e| tight(&edges[*e])).collect();
    if distance[at] == 0 {
        return;
    }
    for e in &next {
        let share = volume / next.len() as f64;
        loads[*e] += share;
        walk(edges, distance, edges[*e].to, share, loads);
    }
}

proptest! {
    #[test]
    fn loads_are_those_of_walking_each_demand((nodes, edges, volumes) in cases()) {
        let found = loads(nodes, edges.clone(), &volumes);
        let plain = plain(nodes, &edges, &volumes);
        prop_assert!((found.lost - plain.lost).abs() < 1e-9);
        for (a, b) in found.edges.iter().zip(&plain.edges) {
            prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
        }
    }

    /// At every node, what is sent and what comes in is what goes out, what is meant for it, and what is lost.
    #[test]
    fn nothing_is_made_and_nothing_vanishes((nodes, edges, volumes) in cases()) {
        let found = loads(nodes, edges.clone(), &volumes);
        let total: f64 = volumes.iter().filter(|v| v.from != v.to).map(|v| v.volume).sum();
        let mut net = vec![0.0; nodes];
        for (e, load) in edges.iter().zip(&found.edges) {
            net[e.to] += load;
            net[e.from] -= load;
        }
        let arrived: f64 = (0..nodes)
            .map(|n| {
                let sent: f64 = volumes.iter().filter(|v| v.from == n && v.to != n).map(|v| v.volume).sum();
                net[n] + sent
            })
            .sum();
        prop_assert!((arrived - total).abs() < 1e-6);
        let meant = |n: usize| -> f64 {
            volumes.iter().filter(|v| v.to == n && v.from != n).map(|v| v.volume).sum()
        };
        let sent = |n: usize| -> f64 {
            volumes.iter().filter(|v| v.from == n && v.to != n).map(|v| v.volume).sum()
        };
        let missing: f64 = (0..nodes).map(|n| meant(n) - sent(n) - net[n]).filter(|m| *m > 1e-6).sum();
        let kept: f64 = (0..nodes).map(|n| meant(n) - sent(n) - net[n]).filter(|m| *m < -1e-6).sum();
        prop_assert!(missing + kept < 1e-6);
        prop_assert!(missing <= found.lost + 1e-6, "{missing} of {}", found.lost);
    }

    #[test]
    fn a_failure_is_the_graph_without_the_edges(
        (nodes, edges, volumes) in cases(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        prop_assume!(!edges.is_empty());
        let gone: Vec<usize> = picks.iter().map(|p| p.index(edges.len())).collect();
        let graph = Graph::new(nodes, edges.clone()).unwrap();
        let engine = Engine::new(&graph, &volumes).unwrap();
        let failed = engine.without(&gone);
        let left = |at: &usize| !gone.contains(at);
        let rest: Vec<Edge> = (0..edges.len()).filter(left).map(|at| edges[at]).collect();
        let alone = loads(nodes, rest, &volumes);
        prop_assert_eq!(failed.lost.to_bits(), alone.lost.to_bits());
        let kept: Vec<u64> = (0..edges.len()).filter(left).map(|at| failed.edges[at].to_bits()).collect();
        let alone: Vec<u64> = alone.edges.iter().map(|l| l.to_bits()).collect();
        prop_assert_eq!(kept, alone);
        prop_assert!(gone.iter().all(|at| failed.edges[*at] == 0.0));
    }

    #[test]
    fn one_thread_and_many_say_the_same((nodes, edges, volumes) in cases()) {
        let graph = Graph::new(nodes, edges).unwrap();
        let links = graph.links();
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let engine = Engine::new(&graph, &volumes).unwrap();
                (engine.base().clone(), engine.failures(&links))
            })
        };
        prop_assert_eq!(run(1), run(4));
    }
}

#[test]
fn what_is_no_graph_is_refused() {
    assert_eq!(
        Graph::new(2, vec![edge(0, 2, 1)]).unwrap_err(),
        NoGraph::Edge(0)
    );
    assert_eq!(
        Graph::new(2, vec![edge(0, 1, 1), edge(0, 1, 0)]).unwrap_err(),
        NoGraph::Weight(1)
    );
    let graph = Graph::new(2, vec![edge(0, 1, 1)]).unwrap();
    let strange = Engine::new(&graph, &[volume(0, 5, 1.0)]).map(|_| ());
    assert_eq!(strange.unwrap_err(), NoGraph::Volume(0));
}

#[test]
fn edges_pair_up_as_links() {
    let edges = vec![
        edge(0, 1, 1),
        edge(0, 1, 1),
        edge(1, 0, 1),
        edge(1, 2, 1),
        edge(1, 0, 1),
    ];
    let graph = Graph::new(3, edges).unwrap();
    assert_eq!(graph.links(), [vec![0, 2], vec![1, 4], vec![3]]);
}
