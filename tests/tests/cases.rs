//! Cases in which a verdict or its evidence was once wrong, each with the sentence that says why.
//!
//! In: a scenario written here, read from memory. What can go wrong again is named by the test.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use utsushi_model::finding::Evidence;
use utsushi_model::report::{Report, Verdict};
use utsushi_scenarios::{Memory, load_from};
use utsushi_sim::run::Outgrown;

fn report(text: &str) -> Report {
    let files = Memory::new([("scenario.ron", text)]);
    let loaded = match load_from(&files, "scenario.ron") {
        Ok(loaded) => loaded,
        Err(failed) => panic!("{:#?}", failed.problems),
    };
    utsushi_sim::run(&loaded.migration).expect("packet sets fit their arena")
}

fn verdict(report: &Report, rule: &str) -> Option<Verdict> {
    let row = report
        .rules
        .iter()
        .find(|r| r.id.as_str() == rule)
        .expect("the rule is reported");
    row.verdicts[0]
}

/// ```text
///   a (10.1.0.0/24) ─ fw ─ b (10.2.0.0/24, reused)
///                      └─── g2 ─ c (10.2.0.0/24, reused)
/// ```
const REUSED: &str = r#"(
 title: "t", start: (label: "a", model: Alpha, date: "2023-04-01"),
 zones: [(name: "mn", role: MyNumber), (name: "lg", role: Lgwan), (name: "other", role: Independent)],
 sites: [(name: "hq", kind: Headquarters)],
 segments: [
  (name: "a", zone: "lg", site: "hq", prefixes: ["10.1.0.0/24"], gateways: [(node: "fw", interface: "ia")]),
  (name: "b", zone: "mn", site: "hq", prefixes: ["10.2.0.0/24"], gateways: [(node: "fw", interface: "ib")], reused: true),
  (name: "c", zone: "other", site: "hq", prefixes: ["10.2.0.0/24"], gateways: [(node: "g2", interface: "ic")], reused: true),
 ],
 nodes: [
  (name: "fw", site: "hq", kind: Firewall, filters: [(at: Forward, default: Deny, stateful: true,
    rules: [Allow(name: "o", in: ["l", "ia"], from: ["any"], to: ["any"])])]),
  (name: "g2", site: "hq", kind: Router),
 ],
 links: [(name: "l", ends: ("fw", "g2"), rate: "1 Gbps")],
 rules: [
  (id: "FROM", must: Never(from: [Zone("other", All)], to: [Names(["a"])], service: ["any"]), level: Must, source: "x", provenance: Assumed),
  (id: "TO", must: Never(from: [Names(["a"])], to: [Zone("mn", All)], service: ["any"]), level: Must, source: "x", provenance: Assumed),
  (id: "B", must: Never(from: [Names(["b"])], to: [Names(["a"])], service: ["any"]), level: Must, source: "x", provenance: Assumed),
 ],
 exceptions: [
  (name: "e", rules: ["FROM"], from: [Names(["b"])], to: [Names(["a"])], service: ["any"], owner: "x", reason: "y"),
  (name: "f", rules: ["TO"], from: [Names(["a"])], to: [Names(["c"])], service: ["any"], owner: "x", reason: "y"),
 ],
)"#;

/// An exception for one segment excused the traffic of another that uses the same addresses.
#[test]
fn an_exception_keeps_to_its_segment_where_addresses_are_reused() {
    let report = report(REUSED);
    assert_eq!(verdict(&report, "FROM"), Some(Verdict::Broken));
    assert_eq!(verdict(&report, "TO"), Some(Verdict::Broken));
}

/// A rule about one segment was broken by another that uses the same addresses.
#[test]
fn a_name_means_its_own_segment_where_addresses_are_reused() {
    assert_eq!(verdict(&report(REUSED), "B"), Some(Verdict::Proved));
}

/// ```text
///   a ─ fw ─┬─ f1 ─┬─ r ─ b       two ways of equal cost, one of them past the waypoint
///           └─ f2 ─┘
/// ```
const TWO_WAYS: &str = r#"(
 title: "t", start: (label: "a", model: Alpha, date: "2023-04-01"),
 zones: [(name: "lg", role: Lgwan), (name: "int", role: Internet)],
 sites: [(name: "hq", kind: Headquarters)],
 segments: [
  (name: "a", zone: "lg", site: "hq", prefixes: ["10.1.0.0/24"], gateways: [(node: "fw")]),
  (name: "b", zone: "int", site: "hq", prefixes: ["10.2.0.0/24"], gateways: [(node: "r")]),
 ],
 nodes: [(name: "fw", site: "hq", kind: Router), (name: "f1", site: "hq", kind: Router), (name: "f2", site: "hq", kind: Router), (name: "r", site: "hq", kind: Router)],
 links: [(name: "x1", ends: ("fw", "f1"), rate: "1 Gbps"), (name: "x2", ends: ("fw", "f2"), rate: "1 Gbps"),
         (name: "y1", ends: ("f1", "r"), rate: "1 Gbps"), (name: "y2", ends: ("f2", "r"), rate: "1 Gbps")],
 rules: [(id: "O", must: OnlyThrough(from: [Names(["a"])], to: [Names(["b"])], service: ["any"], through: Node("f1")), level: Must, source: "x", provenance: Assumed)],
)"#;

/// The way shown for a bypass was one that passes the waypoint.
#[test]
fn a_bypass_shows_a_way_that_bypasses() {
    let report = report(TWO_WAYS);
    assert_eq!(verdict(&report, "O"), Some(Verdict::Broken));
    let Evidence::Packets { hops, .. } = &report.findings[0].evidence else {
        panic!("a breach is told by packets");
    };
    assert!(hops.iter().any(|h| h.node == "f2") && !hops.iter().any(|h| h.node == "f1"));
}

/// Twelve routers that may be set up in any order: more combinations than are looked at.
#[test]
fn too_many_orders_are_told_as_such_and_not_as_too_large_sets() {
    let routers: Vec<String> = (0..12)
        .map(|i| format!("AddNode((name: \"r{i}\", site: \"hq\", kind: Router))"))
        .collect();
    let step = format!(
        " steps: [(id: \"1\", model: Alpha, date: \"2023-05-01\", order: Any, changes: [{}])],\n zones:",
        routers.join(", ")
    );
    let text = REUSED.replacen(" zones:", &step, 1);
    let files = Memory::new([("scenario.ron", text.as_str())]);
    let loaded = match load_from(&files, "scenario.ron") {
        Ok(loaded) => loaded,
        Err(failed) => panic!("{:#?}", failed.problems),
    };
    let refused = utsushi_sim::run(&loaded.migration).err();
    let told = refused.map(|r| (r.what, r.state));
    assert_eq!(told, Some((Outgrown::Between, 1)));
}
