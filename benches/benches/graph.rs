//! Loads on graphs: base loads and single failures, by nodes; as large as published topologies are.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use utsushi_sim::graph::{Edge, Engine, Graph, Volume};

/// A ring of nodes with chords, and a volume between every pair; the same in every run.
fn ring(nodes: usize, links: usize) -> (Graph, Vec<Volume>) {
    let mut dice = 1u64;
    let mut below = |n: usize| {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap_or(0) % n
    };
    let mut edges = Vec::new();
    for at in 0..links {
        let from = at % nodes;
        let to = if at < nodes {
            (at + 1) % nodes
        } else {
            below(nodes)
        };
        let weight = u64::try_from(1 + below(20)).unwrap_or(1);
        if from == to {
            continue;
        }
        for (from, to) in [(from, to), (to, from)] {
            let capacity = 1e6;
            edges.push(Edge {
                from,
                to,
                weight,
                capacity,
            });
        }
    }
    let pairs = (0..nodes).flat_map(|from| (0..nodes).map(move |to| (from, to)));
    let volumes = pairs.filter(|(a, b)| a != b).map(|(from, to)| Volume {
        from,
        to,
        volume: 10.0,
    });
    let volumes = volumes.collect();
    match Graph::new(nodes, edges) {
        Ok(graph) => (graph, volumes),
        Err(why) => unreachable!("a graph: {why}"),
    }
}

fn engine<'g>(graph: &'g Graph, volumes: &[Volume]) -> Engine<'g> {
    match Engine::new(graph, volumes) {
        Ok(engine) => engine,
        Err(why) => unreachable!("volumes: {why}"),
    }
}

fn loads(c: &mut Criterion) {
    let mut group = c.benchmark_group("graph");
    group.sample_size(10);
    for (nodes, links) in [(25, 50), (50, 100), (150, 300), (315, 972)] {
        let (graph, volumes) = ring(nodes, links);
        let demands = u64::try_from(volumes.len()).unwrap_or(0);
        group.throughput(Throughput::Elements(demands));
        group.bench_with_input(BenchmarkId::new("base", nodes), &volumes, |b, volumes| {
            b.iter(|| engine(&graph, volumes));
        });
        let engine = engine(&graph, &volumes);
        let failures = graph.links();
        let count = u64::try_from(failures.len()).unwrap_or(0);
        group.throughput(Throughput::Elements(count));
        group.bench_with_input(BenchmarkId::new("failures", nodes), &failures, |b, all| {
            b.iter(|| engine.failures(all));
        });
    }
    group.finish();
}

/// Growth in demands on one graph, and in failures.
fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("graph-growth");
    group.sample_size(10);
    let (graph, volumes) = ring(150, 300);
    for share in [1, 4, 16] {
        let some: Vec<Volume> = volumes.iter().step_by(16 / share).copied().collect();
        let demands = u64::try_from(some.len()).unwrap_or(0);
        group.throughput(Throughput::Elements(demands));
        group.bench_with_input(BenchmarkId::new("demands", some.len()), &some, |b, some| {
            b.iter(|| engine(&graph, some));
        });
    }
    let engine = engine(&graph, &volumes);
    let links = graph.links();
    for count in [75, 150, 300] {
        let some: Vec<Vec<usize>> = links.iter().take(count).cloned().collect();
        group.throughput(Throughput::Elements(u64::try_from(some.len()).unwrap_or(0)));
        group.bench_with_input(BenchmarkId::new("failures", count), &some, |b, some| {
            b.iter(|| engine.failures(some));
        });
    }
    group.finish();
}

criterion_group!(benches, loads, growth);
criterion_main!(benches);
