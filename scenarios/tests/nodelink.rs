//! Node-link JSON: what is read, what is told, and that nothing it holds makes the reader fall.
//!
//! In: files as networkx writes them, with one thing changed. Out: topologies that are the same as their own text,
//! or problems with places. What can go wrong: an edge that is lost, a direction that is swapped, a place that
//! marks something else.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

use proptest::prelude::*;
use utsushi_model::topology::Topology;
use utsushi_model::units::BitRate;
use utsushi_scenarios::topology::{Given, Published, published, topology};

const TOWN: &str = include_str!("../../tests/loads/town.json");

fn read(text: &str) -> Result<Published, Vec<String>> {
    read_with(text, &Given::default())
}

/// The topology, or what is marked of the text with what is said of it.
fn read_with(text: &str, given: &Given) -> Result<Published, Vec<String>> {
    published(&[("town.json", text.as_bytes())], given).map_err(|refused| {
        let told = refused.problems.iter().map(|problem| {
            let place = &problem.place;
            let line = text
                .lines()
                .nth(place.line as usize - 1)
                .unwrap_or_default();
            let letters = line.chars().skip(place.column as usize - 1);
            let marked: String = letters.take(place.length as usize).collect();
            assert!(problem.help.is_some(), "no way out: {problem:?}");
            assert!(!problem.message.ja.is_empty());
            format!("{marked}: {}", problem.message.en)
        });
        told.collect()
    })
}

/// The one thing told of the town after an edit.
fn told(from: &str, to: &str) -> String {
    assert!(TOWN.contains(from), "{from}");
    let told = read(&TOWN.replacen(from, to, 1)).expect_err(to);
    assert_eq!(told.len(), 1, "{to}: {told:#?}");
    told.into_iter().next().unwrap_or_default()
}

fn edges(topology: &Topology) -> Vec<String> {
    let node = |at: usize| topology.nodes[at].as_str();
    let edge = topology.edges.iter().map(|e| {
        let (from, to) = (node(e.from), node(e.to));
        format!(
            "{} {from} {to} {} {}",
            e.name,
            e.weight,
            e.capacity.as_kbps()
        )
    });
    edge.collect()
}

#[test]
fn an_undirected_edge_stands_for_both_directions() {
    let read = read(TOWN).expect("a topology");
    assert_eq!(read.topology.nodes, ["Tsu", "Ise", "Owase"]);
    assert_eq!(
        edges(&read.topology),
        [
            "Tsu>Ise Tsu Ise 10000000 1000000",
            "Ise>Tsu Ise Tsu 10000000 1000000",
            "Ise>Owase Ise Owase 10000000 100000",
            "Owase>Ise Owase Ise 10000000 100000",
            "Tsu>Owase Tsu Owase 25000000 200000",
            "Owase>Tsu Owase Tsu 25000000 200000",
        ]
    );
    let demands = read.topology.demands.iter();
    let demands: Vec<String> = demands
        .map(|d| format!("{} {} {} {}", d.name, d.from, d.to, d.rate.as_kbps()))
        .collect();
    assert_eq!(
        demands,
        [
            "Tsu>Ise 0 1 120000",
            "Tsu>Owase 0 2 80000",
            "Ise>Tsu 1 0 400000",
            "Ise>Owase 1 2 40000",
            "Owase>Tsu 2 0 90000",
        ]
    );
    assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
}

#[test]
fn what_is_written_reads_as_the_same() {
    let read = read(TOWN).expect("a topology");
    let text = read.text();
    let again = topology(&[("topology.graph", text.as_bytes())]).expect("text");
    assert_eq!(again, read.topology);
}

#[test]
fn directed_parallel_and_named_edges_are_kept_apart() {
    let text = r#"{"directed": true, "multigraph": true, "graph": [["name", "x"], ["demands", {"1": {"b c": 5}}]],
        "nodes": [{"id": 1}, {"id": "b  c"}, {"id": [2, "d"]}],
        "links": [{"source": 1, "target": "b c", "key": 0, "bw": 5, "cost": 2.5},
                  {"source": 1, "target": "b c", "key": "spare", "bw": 5, "cost": 1e0, "weight": 1},
                  {"source": [2, "d"], "target": 1, "key": 0, "name": "up link", "bandwidth": "1 Mbps", "metric": 0.3333333333}]}"#;
    let read = read(text).expect("a topology");
    assert_eq!(read.topology.nodes, ["1", "b c", "2,d"]);
    assert_eq!(
        edges(&read.topology),
        [
            "1>b_c 1 b c 2500000 5",
            "1>b_c#spare 1 b c 1000000 5",
            "up_link 2,d 1 333333 1000"
        ]
    );
    assert_eq!(read.topology.demands.len(), 1);
    let notes: Vec<&str> = read.notes.iter().map(|n| n.en.as_str()).collect();
    assert_eq!(notes, ["1 weights were rounded to six decimals"]);
}

#[test]
fn old_exports_say_positions() {
    let text = r#"{"directed": true, "multigraph": false, "graph": [], "nodes": [{"id": "a"}, {"id": "b"}],
        "links": [{"source": 1, "target": 0, "bw": 5}]}"#;
    let read = read(text).expect("a topology");
    assert_eq!(edges(&read.topology), ["b>a b a 1000000 5"]);
    let notes: Vec<&str> = read.notes.iter().map(|n| n.en.as_str()).collect();
    assert_eq!(
        notes,
        [
            "the ends of edges are taken as positions of nodes, counted from 0",
            "no edge has a weight: 1 is taken for each",
        ]
    );
}

#[test]
fn what_edges_do_not_say_can_be_given() {
    let text = r#"{"nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "edges": [
        {"source": "a", "target": "b", "dist": 132.40}, {"source": "b", "target": "c", "dist": 2, "bw": 7}]}"#;
    let given = Given {
        capacity: Some(BitRate::gbps(1.0)),
        weight: Some("dist".to_owned()),
    };
    let read = read_with(text, &given).expect("a topology");
    let found = edges(&read.topology);
    assert_eq!(found[0], "a>b a b 132400000 1000000");
    assert_eq!(found[2], "b>c b c 2000000 7");
    assert_eq!(read.notes.len(), 2);
}

#[test]
fn a_demand_file_may_stand_beside() {
    let demands = "DEMANDS 1\nlabel src dest bw\nd0 2 1 7\n";
    let town = TOWN.replacen("demands", "needs", 1);
    let files: [(&str, &[u8]); 2] = [("a", town.as_bytes()), ("b", demands.as_bytes())];
    let read = topology(&files).expect("a topology");
    assert_eq!((read.demands[0].from, read.demands[0].to), (2, 1));
    let twice: [(&str, &[u8]); 2] = [("a", TOWN.as_bytes()), ("b", demands.as_bytes())];
    assert!(topology(&twice).is_err());
}

#[test]
fn every_mistake_is_told_at_its_place() {
    for (from, to, expected) in [
        (
            r#""directed": false"#,
            r#""directed": 0"#,
            "0: `directed` is either true or false",
        ),
        (
            r#""directed": false"#,
            r#""directed": NaN"#,
            "N: `NaN` is no number of JSON",
        ),
        (
            r#""name": "town","#,
            r#""name": "town""#,
            "\": this is not JSON from here on",
        ),
        (
            r#""name": "town""#,
            r#""Demands": {}"#,
            "\"Demands\": `Demands` is not read",
        ),
        (
            r#""id": "Ise""#,
            r#""id": "Tsu ""#,
            "\"Tsu \": there are two nodes `Tsu`",
        ),
        (
            r#""id": "Tsu", "#,
            r#""id": "Tsu", "id": "U", "#,
            "\"id\": `id` is given twice",
        ),
        (
            "\"weight\": 25",
            "\"weight\": 0",
            "0: `0` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": -3",
            "-3: `-3` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": 1e-9",
            "1e-9: `1e-9` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": 1e99",
            "1e99: `1e99` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": 1e999",
            "1e999: `1e999` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": null",
            "null: `null` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"weight\": [25]",
            "[: `[` is no number for this place",
        ),
        (
            "\"weight\": 25",
            "\"wieght\": 25",
            "\"wieght\": `wieght` is not read",
        ),
        (
            "\"weight\": 25",
            "\"weight\": 25, \"cost\": 26",
            "26: `weight` and `cost` say different things",
        ),
        ("\"weight\": 25, ", "", "{: this edge has no `weight`"),
        (
            ", \"capacity\": 200000",
            "",
            "{: this edge does not say what it can carry",
        ),
        ("200000", "0", "0: `0` is no number for this place"),
        (
            "200000",
            "\"200\"",
            "\"200\": `\"200\"` is no number for this place",
        ),
        (
            "200000",
            "1e400",
            "1e400: `1e400` is no number for this place",
        ),
        (
            "\"Tsu\", \"target\": \"Owase\"",
            "\"Owase\", \"target\": \"Owase\"",
            "{: an edge that ends where it begins carries nothing",
        ),
        (
            "\"Tsu\", \"target\": \"Owase\"",
            "\"Ise\", \"target\": \"Tsu\"",
            "{: there are two edges between the same nodes",
        ),
        (
            "\"target\": \"Owase\"",
            "\"target\": \"Owasi\"",
            "\"Owasi\": there is no node `Owasi`",
        ),
        (
            "\"target\": \"Owase\"",
            "\"target\": {}",
            "{: `{` is no id of a node",
        ),
        (", \"target\": \"Owase\"", "", "{: an edge has no `target`"),
        (
            "\"Owase\": 40000",
            "\"Owase\": -1",
            "-1: `-1` is no number for this place",
        ),
        (
            "\"Owase\": 40000",
            "\"Tsu\": 40000",
            "\"Tsu\": `Tsu` is given twice",
        ),
        (
            "\"Owase\": {\"Tsu\": 90000}",
            "\"Owase\": 7",
            "7: an object is needed here",
        ),
        (
            "\"Owase\": {\"Tsu\": 90000}",
            "\"Nabari\": {}",
            "\"Nabari\": there is no node `Nabari`",
        ),
        (
            "\"multigraph\": false",
            "\"links\": []",
            "\"links\": there are both `edges` and `links`",
        ),
        (
            "\"multigraph\": false",
            "\"adjacency\": []",
            "\"adjacency\": `adjacency` is not understood here",
        ),
    ] {
        let found = told(from, to);
        assert_eq!(found, expected, "{from} → {to}");
    }
}

#[test]
fn what_is_missing_is_told_once() {
    let none = TOWN.replace("capacity", "size");
    assert_eq!(
        read(&none).expect_err("no capacity"),
        ["[: no edge says what it can carry"]
    );
    assert_eq!(
        read("{}").expect_err("nothing"),
        [
            "{: there are no `nodes`",
            "{: there are no `edges` or `links`"
        ]
    );
    assert_eq!(
        read("[]").expect_err("a list"),
        ["[: an object is needed here"]
    );
    assert_eq!(
        read("{\"nodes\": [").expect_err("cut"),
        ["[: the JSON is cut short"]
    );
    assert_eq!(
        read("\u{feff} {\"nodes\": 7, \"edges\": []}")
            .expect_err("7")
            .len(),
        1
    );
}

#[test]
fn deep_and_long_texts_are_survived() {
    let deep = format!(
        "{{\"nodes\": {}{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    assert!(read(&deep).is_err());
    let deep = format!("{{\"graph\": {}", "{\"demands\":".repeat(200_000));
    assert!(read(&deep).is_err());
    let deep = TOWN.replacen("25", &"[".repeat(100_000), 1);
    assert!(read(&deep).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_edit_is_survived(at in 0.0..1.0_f64, out in 0..40_usize, put in prop::sample::select(vec![
        "", "{", "}", "[", "]", "\"", ",", ":", "null", "1e400", "-1", "NaN", "\\ud800", "\\u0000", "\"id\"", "漢", "0", "true", "\u{feff}",
    ])) {
        let letters: Vec<char> = TOWN.chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a short text")]
        let from = (letters.len() as f64 * at) as usize;
        let until = (from + out).min(letters.len());
        let mut text: String = letters[..from].iter().collect();
        text += put;
        text.extend(&letters[until..]);
        if let Ok(read) = read(&text) {
            let again = topology(&[("topology.graph", read.text().as_bytes())]);
            prop_assert_eq!(again.map_err(|r| r.problems).expect("what was written"), read.topology);
        }
    }
}
