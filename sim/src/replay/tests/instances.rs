//! Seven networks with known loads: every node becomes a router with a segment, every demand a measured
//! demand of that segment's group.
//!
//! ```text
//!  group g0, segment s0: 10.0.0.0/24 ── n0 ──┐
//!  group g1, segment s1: 10.0.1.0/24 ── n1 ──┼── links with the costs and rates of the instance
//!  …                                         ┘
//! ```
//!
//! The instances are text in the format of public graph collections (`sim/tests/data/loads/README.md`);
//! their edges come in pairs, one for each direction.

use super::ask::*;
use super::build::*;
use crate::replay::Loads;
use std::collections::BTreeMap;
use utsushi_model::demand::{Amount, HOURS, Measured, ResourceKind};
use utsushi_model::finding::{Code, Evidence};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::LinkId;
use utsushi_model::units::BitRate;

struct Instance {
    name: &'static str,
    graph: &'static str,
    demands: &'static str,
    expected: &'static str,
}

macro_rules! instance {
    ($name:literal) => {
        Instance {
            name: $name,
            graph: include_str!(concat!("../../../tests/data/loads/", $name, ".graph")),
            demands: include_str!(concat!("../../../tests/data/loads/", $name, ".demands")),
            expected: include_str!(concat!(
                "../../../tests/data/loads/",
                $name,
                ".expected.json"
            )),
        }
    };
}

const INSTANCES: [Instance; 7] = [
    instance!("diamond-uneven"),
    instance!("islands"),
    instance!("leaf-spine"),
    instance!("parallel"),
    instance!("random24"),
    instance!("random90"),
    instance!("square-tie"),
];

fn words<'t>(text: &'t str, first: &'static str) -> impl Iterator<Item = Vec<&'t str>> {
    text.lines()
        .filter(move |l| l.starts_with(first))
        .map(|l| l.split_whitespace().collect())
}

/// Fractions of `"key": value` lines.
fn number(line: &str) -> Option<(&str, f64)> {
    let (key, value) = line.trim().trim_end_matches(',').split_once(": ")?;
    Some((key.trim_matches('"'), value.parse().ok()?))
}

impl Instance {
    /// The network, and for each edge the link and the node it leads to.
    fn network(&self) -> (Net, BTreeMap<String, (String, String)>) {
        let mut net = Net::default();
        for (i, _) in words(self.graph, "n").enumerate() {
            let (router, segment) = (format!("n{i}"), format!("s{i}"));
            net = net
                .routers(&router)
                .segment(&segment, &format!("10.0.{i}.0/24"), &router)
                .group(group(&format!("g{i}"), &segment, 1));
        }
        let mut edges = BTreeMap::new();
        let all: Vec<Vec<&str>> = words(self.graph, "edge_").collect();
        for pair in all.chunks(2) {
            let [there, back] = pair else {
                panic!("{}: an edge without its twin", self.name)
            };
            assert_eq!((there[1], there[2]), (back[2], back[1]), "{}", self.name);
            let ends = (format!("n{}", there[1]), format!("n{}", there[2]));
            net = net
                .link(there[0], (&ends.0, &ends.1), 0.0)
                .edit_link(there[0], |l| {
                    l.cost = there[3].parse().unwrap();
                    l.rate_ab = BitRate::kbps(there[4].parse().unwrap());
                    l.rate_ba = BitRate::kbps(back[4].parse().unwrap());
                });
            edges.insert(there[0].to_owned(), (there[0].to_owned(), ends.1));
            edges.insert(back[0].to_owned(), (there[0].to_owned(), ends.0));
        }
        (net, edges)
    }

    fn needs(&self) -> Requirements {
        let demands = words(self.demands, "demand_").map(|line| {
            let mut flow = demand(&format!("g{}", line[1]), "flow", &format!("s{}", line[2]));
            flow.id = Id::new(line[0]);
            let hour = Measured {
                up: BitRate::kbps(line[3].parse().unwrap()),
                ..Measured::default()
            };
            flow.amount = Amount::Measured(Box::new([hour; HOURS]));
            flow
        });
        needs(vec![application("flow", "tcp/443")], demands.collect())
    }

    /// Volume of the demands that a run could not deliver, in kbit/s.
    fn lost(&self, loads: &Loads) -> f64 {
        let volumes: BTreeMap<&str, f64> = words(self.demands, "demand_")
            .map(|l| (l[0], l[3].parse().unwrap()))
            .collect();
        let gone = loads
            .findings
            .iter()
            .filter(|f| matches!(f.evidence, Evidence::Demand { .. }));
        gone.map(|f| {
            assert_eq!(f.code, Code::NoWay);
            volumes[f.subject.en.as_str()]
        })
        .sum()
    }

    /// The value of a key outside the lists.
    fn value(&self, key: &str) -> f64 {
        let found = self
            .expected
            .lines()
            .filter_map(number)
            .find(|(k, _)| *k == key);
        found.unwrap_or_else(|| panic!("{}: no {key}", self.name)).1
    }

    /// For every link that fails: its first edge, the highest utilisation, the volume lost.
    fn failures(&self) -> Vec<(String, f64, f64)> {
        let (_, list) = self
            .expected
            .split_once("\"single_link_failures\"")
            .unwrap();
        let mut found = Vec::new();
        for item in list.split("\"fail\": [").skip(1) {
            let edge = item.split('"').nth(1).unwrap().to_owned();
            let value = |key| {
                item.lines()
                    .filter_map(number)
                    .find(|(k, _)| *k == key)
                    .unwrap()
                    .1
            };
            found.push((edge, value("utilisation"), value("lost")));
        }
        found
    }
}

/// Expected values are written with nine decimals.
#[track_caller]
fn close(got: f64, wanted: f64, what: &str) {
    assert!(
        (got - wanted).abs() <= 1e-6 * wanted.abs().max(1.0),
        "{what}: {got} is not {wanted}"
    );
}

fn highest(loads: &Loads) -> f64 {
    let links = loads.rows.iter().filter(|r| r.kind == ResourceKind::Link);
    links.map(|r| r.busiest().1.get()).fold(0.0, f64::max)
}

#[test]
fn loads_and_losses_come_out() {
    for instance in &INSTANCES {
        let (net, edges) = instance.network();
        let loads = run(&net, &instance.needs());
        let mut seen = 0;
        for (edge, wanted) in instance.expected.lines().filter_map(number) {
            let Some((link, to)) = edges.get(edge) else {
                continue;
            };
            let what = format!("{} {edge}", instance.name);
            close(mbps(&loads, link, to) * 1e3, wanted, &what);
            seen += 1;
        }
        assert_eq!(
            seen,
            edges.len(),
            "{}: every edge is compared",
            instance.name
        );
        close(instance.lost(&loads), instance.value("lost"), instance.name);
        close(
            highest(&loads),
            instance.value("utilisation"),
            instance.name,
        );
    }
}

#[test]
fn a_link_that_fails_moves_its_load() {
    for instance in INSTANCES.iter().filter(|i| !i.name.starts_with("random")) {
        let (net, _) = instance.network();
        let failures = instance.failures();
        assert_eq!(failures.len(), net.0.links.len(), "{}", instance.name);
        for (edge, utilisation, lost) in failures {
            let mut net = net.clone();
            net.0.links.remove(&LinkId::new(edge.as_str())).unwrap();
            let loads = run(&net, &instance.needs());
            let what = format!("{} without {edge}", instance.name);
            close(highest(&loads), utilisation, &what);
            close(instance.lost(&loads), lost, &what);
        }
    }
}
