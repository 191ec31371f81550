//! Loads on published topologies: seven instances with their answers, single failures among them.
//!
//! In: `tests/loads`: a graph, its demands and what is expected, worked out by another program. Out: nothing
//! but agreement: loads and losses to a millionth, the same edge as the fullest.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use serde_json::Value;
use utsushi_model::topology::Topology;
use utsushi_scenarios::topology::topology;
use utsushi_sim::graph::{Engine, Graph, Worst};

const INSTANCES: [&str; 7] = [
    "diamond-uneven",
    "islands",
    "leaf-spine",
    "parallel",
    "random24",
    "random90",
    "square-tie",
];

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/loads/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read(name: &str) -> Topology {
    let (graph, demands) = (format!("{name}.graph"), format!("{name}.demands"));
    let (a, b) = (file(&graph), file(&demands));
    let files: [(&str, &[u8]); 2] = [(&graph, &a), (&demands, &b)];
    topology(&files).unwrap_or_else(|refused| panic!("{name}: {:#?}", refused.problems))
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

/// The failures of a list: which edges, the highest utilisation, what is lost.
fn listed(expected: &Value, topology: &Topology) -> Vec<(Vec<usize>, f64, f64)> {
    let position = |name: &Value| {
        let name = name.as_str().expect("a name");
        let edges = topology.edges.iter();
        edges.clone().position(|e| e.name == name).expect("an edge")
    };
    let items = expected
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![expected.clone()]);
    items
        .iter()
        .map(|item| {
            let fail = match &item["fail"] {
                Value::Array(names) => names.iter().map(position).collect(),
                name => vec![position(name)],
            };
            let number = |key: &str| item[key].as_f64().expect("a number");
            (fail, number("utilisation"), number("lost"))
        })
        .collect()
}

fn agrees(name: &str, fail: &[usize], worst: &Worst, utilisation: f64, lost: f64) {
    assert!(
        near(worst.utilisation, utilisation) && near(worst.lost, lost),
        "{name} without {fail:?}: {worst:?}, expected {utilisation} and {lost} lost"
    );
}

#[test]
fn loads_losses_and_single_failures_are_those_worked_out_elsewhere() {
    for name in INSTANCES {
        let topology = read(name);
        let expected = file(&format!("{name}.expected.json"));
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        let (graph, volumes) = Graph::of(&topology).expect("a graph");
        let engine = Engine::new(&graph, &volumes).expect("volumes");
        for (edge, load) in topology.edges.iter().zip(&engine.base().edges) {
            let wanted = expected["loads"][&edge.name].as_f64().expect("a load");
            assert!(
                near(*load, wanted),
                "{name} {}: {load}, expected {wanted}",
                edge.name
            );
        }
        let lost = expected["lost"].as_f64().expect("a number");
        assert!(near(engine.base().lost, lost), "{name}: lost");
        let highest = &expected["highest"];
        let worst = engine.worst();
        assert!(near(
            worst.utilisation,
            highest["utilisation"].as_f64().expect("a number")
        ));
        // Several edges may be as full; the one that is named elsewhere is one of them.
        let named = topology.edges.iter();
        let at = named
            .clone()
            .position(|e| Some(e.name.as_str()) == highest["edge"].as_str());
        let at = at.expect("an edge");
        let full = engine.base().edges[at] / topology.edges[at].capacity.as_kbps();
        assert!(near(full, worst.utilisation), "{name}: {full}, {worst:?}");
        for list in ["single_edge_failures", "single_link_failures"] {
            let listed = listed(&expected[list], &topology);
            assert!(!listed.is_empty(), "{name}: {list}");
            let fails: Vec<Vec<usize>> = listed.iter().map(|(fail, ..)| fail.clone()).collect();
            let found = engine.failures(&fails);
            for ((fail, utilisation, lost), worst) in listed.iter().zip(&found) {
                agrees(name, fail, worst, *utilisation, *lost);
            }
            if listed.len() > 1 && list == "single_link_failures" {
                assert_eq!(fails, graph.links(), "{name}: links");
            }
        }
    }
}

/// For the large instance only the worst failure is written down; no other is worse.
#[test]
fn no_failure_is_worse_than_the_worst() {
    let topology = read("random90");
    let expected: Value = serde_json::from_slice(&file("random90.expected.json")).expect("JSON");
    let (graph, volumes) = Graph::of(&topology).expect("a graph");
    let engine = Engine::new(&graph, &volumes).expect("volumes");
    let found = engine.failures(&graph.links());
    let highest = found.iter().map(|w| w.utilisation).fold(0.0, f64::max);
    let listed = listed(&expected["single_link_failures"], &topology);
    assert!(
        listed
            .iter()
            .any(|(_, utilisation, _)| near(*utilisation, highest))
    );
}

#[test]
fn every_problem_of_a_topology_is_told_with_its_line() {
    let graph = "NODES 2\nlabel x y\nTsu 1 2\nIse 1 2\nEDGES 3\nlabel src dest weight bw delay\n\
                 a 0 1 1 100 1\nb 0 7 1 100 1\nc 0 1 0 100 1\n";
    let demands = "DEMANDS 2\nlabel src dest bw\nd0 0 9 1\nd1 0 1 x\n";
    let files: [(&str, &[u8]); 2] = [("g", graph.as_bytes()), ("d", demands.as_bytes())];
    let refused = topology(&files).expect_err("problems");
    let told: Vec<String> = refused
        .problems
        .iter()
        .map(|p| p.place.to_string())
        .collect();
    assert_eq!(told, ["d:3:6", "d:4:8", "g:8:5", "g:9:7"]);
}

/// A node may be called like the word that begins the line of heads.
#[test]
fn only_the_line_of_heads_is_passed_over() {
    let graph = "NODES 2\nlabel x y\nlabel 1 2\nTsu 1 2\nEDGES 1\nlabel src dest weight bw delay\na 0 1 1 100 1\n";
    let read = topology(&[("g", graph.as_bytes())]);
    let nodes = read.map(|t| t.nodes).unwrap_or_default();
    assert_eq!(nodes, ["label", "Tsu"]);
}

/// What is more than any line carries is a mistake with its place: sums of such numbers are no numbers.
#[test]
fn what_no_line_carries_is_no_volume() {
    let graph = "NODES 2\nlabel x y\nA 0 0\nB 1 1\nEDGES 1\nlabel src dest weight bw delay\ne 0 1 1 1000 1\n";
    let demands = "DEMANDS 2\nlabel src dest bw\nmost 0 1 1e12\nmore 0 1 1e308\n";
    let files: [(&str, &[u8]); 2] = [
        ("a.graph", graph.as_bytes()),
        ("a.demands", demands.as_bytes()),
    ];
    let Err(refused) = topology(&files) else {
        panic!("nothing carries 1e308 kbit/s");
    };
    let places: Vec<(u32, u32)> = refused
        .problems
        .iter()
        .map(|p| (p.place.line, p.place.column))
        .collect();
    assert_eq!(places, [(4, 10)], "{:#?}", refused.problems);
}
