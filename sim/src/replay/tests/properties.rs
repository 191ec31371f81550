//! What holds on any network: what enters a node leaves it, and threads do not matter.
//!
//! ```text
//!  3 to 8 routers in a ring with chords, a segment with a group at each, costs 1 to 3 so that there are
//!  ties, some routers deny some segments, some do not take part in routing
//! ```

use super::ask::*;
use super::build::*;
use crate::replay::{Failures, Loads, Scope, replay};
use proptest::prelude::*;
use std::collections::BTreeMap;
use utsushi_model::demand::{Amount, Demand, HOURS, Measured, ResourceKind};
use utsushi_model::finding::{Evidence, Finding};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::NodeKind;
use utsushi_model::policy::{Action, Filter, FilterPoint};
use utsushi_model::units::{BitRate, Sessions};

/// Routers, chords with costs, denials (router, from, to), routers that do not route, demands with Mbit/s.
#[derive(Debug, Clone)]
pub(super) struct Drawn {
    costs: Vec<u32>,
    chords: Vec<(usize, usize, u32)>,
    denials: Vec<(usize, usize, usize)>,
    silent: Option<usize>,
    flows: Vec<(usize, usize, u32, u32)>,
}

pub(super) fn drawn() -> impl Strategy<Value = Drawn> {
    (3usize..8).prop_flat_map(|n| {
        (
            prop::collection::vec(1u32..4, n),
            prop::collection::vec((0..n, 0..n, 1u32..4), 0..6),
            prop::collection::vec((0..n, 0..n, 0..n), 0..3),
            prop::option::weighted(0.2, 0..n),
            prop::collection::vec((0..n, 0..n, 0u32..9, 0u32..9), 1..12),
        )
            .prop_map(|(costs, chords, denials, silent, flows)| Drawn {
                costs,
                chords: chords.into_iter().filter(|(a, b, _)| a != b).collect(),
                denials,
                silent,
                flows,
            })
    })
}

pub(super) fn network(drawn: &Drawn) -> Net {
    let n = drawn.costs.len();
    let mut net = Net::default();
    for i in 0..n {
        let (router, segment) = (format!("n{i}"), format!("s{i}"));
        net = net
            .node(node(&router, NodeKind::Router))
            .edit(&router, |r| {
                r.throughput = Some(BitRate::gbps(1.0));
                r.sessions = Some(Sessions::new(1e6));
                r.forwarding.computed = drawn.silent != Some(i);
            })
            .segment(&segment, &format!("10.0.{i}.0/24"), &router)
            .group(group(&format!("g{i}"), &segment, 1));
    }
    let ring = drawn
        .costs
        .iter()
        .enumerate()
        .map(|(i, cost)| (i, (i + 1) % n, *cost));
    for (k, (a, b, cost)) in ring.chain(drawn.chords.iter().copied()).enumerate() {
        let ends = (format!("n{a}"), format!("n{b}"));
        let id = format!("l{k}");
        net = net
            .link(&id, (&ends.0, &ends.1), 100.0)
            .edit_link(&id, |l| l.cost = cost);
    }
    for (router, from, to) in &drawn.denials {
        let filter = Filter {
            point: FilterPoint::Forward,
            rules: vec![rule(&format!("deny no s{from} s{to} any"))],
            chains: Vec::new(),
            default: Action::Allow,
            stateful: true,
            place: place("filter"),
        };
        net = net.edit(&format!("n{router}"), |r| {
            r.forwarding.filters = vec![filter];
        });
    }
    net
}

pub(super) fn requirements(drawn: &Drawn) -> Requirements {
    let demands = drawn
        .flows
        .iter()
        .enumerate()
        .map(|(k, (from, to, up, down))| {
            let mut flow = demand(&format!("g{from}"), "flow", &format!("s{to}"));
            flow.id = Id::new(format!("f{k}"));
            let hour = Measured {
                up: BitRate::mbps(f64::from(*up)),
                down: BitRate::mbps(f64::from(*down)),
                sessions: Sessions::new(1.0),
            };
            flow.amount = Amount::Measured(Box::new([hour; HOURS]));
            flow
        });
    needs(vec![application("flow", "tcp/443")], demands.collect())
}

/// The routers at the ends of demands of which something is lost: how much enters there is told by `partial`.
fn unsure(drawn: &Drawn, loads: &Loads) -> Vec<String> {
    let lost = |k: usize| {
        let about = |f: &&Finding| matches!(f.evidence, Evidence::Demand { .. });
        let mut told = loads.findings.iter().filter(about);
        told.any(|f| f.subject.en == format!("f{k}"))
    };
    let flows = drawn.flows.iter().enumerate();
    flows
        .filter(|(k, _)| lost(*k))
        .flat_map(|(_, (from, to, ..))| [format!("n{from}"), format!("n{to}")])
        .collect()
}

/// What is left of Mbit/s that enter each router, over what leaves it: from links, from its segment.
fn balance(drawn: &Drawn, loads: &Loads) -> BTreeMap<String, f64> {
    let mut left: BTreeMap<String, f64> = BTreeMap::new();
    for (from, to, up, down) in &drawn.flows {
        if from != to {
            *left.entry(format!("n{from}")).or_default() += f64::from(*up) - f64::from(*down);
            *left.entry(format!("n{to}")).or_default() += f64::from(*down) - f64::from(*up);
        }
    }
    for row in loads.rows.iter().filter(|r| r.kind == ResourceKind::Link) {
        let (a, b) = row.direction.clone().unwrap();
        *left.entry(b).or_default() += row.offered[0] / 1e6;
        *left.entry(a).or_default() -= row.offered[0] / 1e6;
    }
    let unsure = unsure(drawn, loads);
    left.retain(|router, _| !unsure.contains(router));
    left
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_enters_a_node_leaves_it(drawn in drawn()) {
        let loads = run(&network(&drawn), &requirements(&drawn));
        for (node, left) in balance(&drawn, &loads) {
            prop_assert!(left.abs() < 1e-6, "{node} keeps {left} Mbit/s");
        }
    }

    /// Through a node goes what comes in by its links and what its segment sends.
    #[test]
    fn throughput_is_what_comes_in(drawn in drawn()) {
        let loads = run(&network(&drawn), &requirements(&drawn));
        let unsure = unsure(&drawn, &loads);
        for i in 0..drawn.costs.len() {
            let name = format!("n{i}");
            if unsure.contains(&name) {
                continue;
            }
            let links: f64 = loads.rows.iter()
                .filter(|r| r.direction.as_ref().is_some_and(|(_, to)| *to == name))
                .map(|r| r.offered[0] / 1e6).sum();
            let sent: f64 = drawn.flows.iter()
                .filter(|(from, to, ..)| from != to)
                .map(|(from, to, up, down)| {
                    f64::from(if *from == i { *up } else { 0 })
                        + f64::from(if *to == i { *down } else { 0 })
                }).sum();
            let through = row(&loads, ResourceKind::Throughput, &name, "").offered[0] / 1e6;
            prop_assert!((through - links - sent).abs() < 1e-6, "{name}: {through}");
        }
    }

    #[test]
    fn one_thread_and_many_give_the_same(drawn in drawn()) {
        let (net, needs) = (network(&drawn), requirements(&drawn));
        let demands: Vec<&Demand> = needs.demands.iter().collect();
        let scope = Scope {
            failures: Failures::Single,
            ..Scope::default()
        };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let loads = pool.install(|| replay(&net.plane(), &state(&net), &needs, &demands, scope));
            format!("{loads:?}")
        };
        prop_assert_eq!(on(1), on(4));
    }
}
