//! Equal ways of which some lead nowhere: what is lost, and what the rest loads.
//!
//! ```text
//!              ┌─ up ── n ─ un ┐
//!  users ── w ─┤               ├─ e ── servers        10 users: 10 Mbit/s up, 20 down
//!              └─ lo ── s ─ ls ┘
//! ```
//!
//! The oracle knows nothing of planes: it walks every way of a small graph with its probability, there and back.

use super::ask::*;
use super::build::*;
use super::failures::run_all;
use proptest::prelude::*;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::policy::{Hop, StaticRoute};
use utsushi_model::units::Sessions;

fn route(net: Net, node: &str, to: &str, via: Vec<Hop>) -> Net {
    net.edit(node, |n| {
        n.forwarding.statics.push(StaticRoute {
            vrf: "".into(),
            prefix: to.parse().unwrap(),
            via,
            place: place("static"),
        });
    })
}

/// Half of the sessions are lost at `n` on their way there; answers to the other half take both ways.
#[test]
fn what_does_not_fall_into_a_hole_arrives_and_loads() {
    let net = route(square(), "n", "10.2.0.0/24", vec![Hop::Discard]);
    let loads = run_all(&net, &reading());
    assert_eq!(told(&loads), [(Code::NoWay, "read/staff")]);
    for (link, to, wanted) in [
        ("up", "n", 0.0),
        ("lo", "s", 5.0),
        ("ls", "e", 5.0),
        ("un", "n", 5.0),
        ("up", "w", 5.0),
        ("lo", "w", 5.0),
    ] {
        near(mbps(&loads, link, to), wanted);
    }
    // Without the way that is left the other half is lost too.
    let lost: Vec<(String, f64)> = loads
        .outages
        .iter()
        .map(|o| (o.failure.key(), o.users))
        .collect();
    assert!(lost.contains(&("link lo".into(), 5.0)), "{lost:?}");
    assert!(lost.contains(&("node s".into(), 5.0)), "{lost:?}");
    // Without the hole nothing is.
    assert!(!lost.iter().any(|(f, _)| f == "node n"), "{lost:?}");
}

/// `w` sends half to `n` by hand, whatever becomes of the line behind.
#[test]
fn a_failure_may_lose_a_part() {
    let to = |node: &str| Hop::Node(Id::new(node));
    let net = route(square(), "w", "10.2.0.0/24", vec![to("n"), to("s")]);
    let net = route(net, "n", "10.2.0.0/24", vec![to("e")]);
    let net = net.edit("n", |n| n.forwarding.computed = false);
    let net = route(net, "n", "10.1.0.0/24", vec![to("w")]);
    let loads = run_all(&net, &reading());
    assert_eq!(told(&loads), []);
    let un = loads.outages.iter().find(|o| o.failure.key() == "link un");
    let un = un.unwrap();
    near(un.users, 5.0);
    near(un.rate.as_mbps(), 15.0);
}

/// A small graph: 0 is where the users are, the last is where the servers are.
#[derive(Debug, Clone)]
struct Graph {
    nodes: usize,
    links: Vec<(usize, usize)>,
    /// Nodes that drop what is meant for the servers, and for the users.
    holes: [Vec<usize>; 2],
}

fn graph() -> impl Strategy<Value = Graph> {
    (3_usize..8).prop_flat_map(|nodes| {
        let hole = || prop::collection::vec(1..nodes - 1, 0..3);
        let link = (0..nodes, 0..nodes);
        (prop::collection::vec(link, 3..16), hole(), hole()).prop_map(
            move |(links, there, back)| Graph {
                nodes,
                links: links.into_iter().filter(|(a, b)| a != b).collect(),
                holes: [there, back],
            },
        )
    })
}

/// A way: directions of links, and its probability.
type Way = (Vec<(usize, bool)>, f64);

impl Graph {
    /// Links from a node: position, whether forward, the other end.
    fn from(&self, at: usize) -> Vec<(usize, bool, usize)> {
        let links = self.links.iter().enumerate();
        links
            .filter_map(|(i, (a, b))| match at {
                at if at == *a => Some((i, true, *b)),
                at if at == *b => Some((i, false, *a)),
                _ => None,
            })
            .collect()
    }

    /// Links to a node, by breadth.
    fn far(&self, to: usize) -> Vec<usize> {
        let mut far = vec![usize::MAX; self.nodes];
        far[to] = 0;
        for round in 0..self.nodes {
            for at in (0..self.nodes)
                .filter(|at| far[*at] == round)
                .collect::<Vec<_>>()
            {
                for (_, _, next) in self.from(at) {
                    far[next] = far[next].min(round + 1);
                }
            }
        }
        far
    }

    /// The ways that arrive.
    fn ways(&self, from: usize, to: usize, holes: &[usize]) -> Vec<Way> {
        let far = self.far(to);
        let mut open = vec![(from, (Vec::new(), 1.0))];
        let mut out = Vec::new();
        while let Some((at, (crossed, part))) = open.pop() {
            if at == to {
                out.push((crossed, part));
                continue;
            }
            let nearer = |next: &usize| far[*next] < far[at];
            let next: Vec<_> = self.from(at);
            let next: Vec<_> = next.into_iter().filter(|(_, _, n)| nearer(n)).collect();
            if holes.contains(&at) {
                continue;
            }
            for (link, forward, there) in &next {
                let crossed = [&crossed[..], &[(*link, *forward)]].concat();
                open.push((*there, (crossed, part / next.len() as f64)));
            }
        }
        out
    }

    fn net(&self) -> Net {
        let last = self.nodes - 1;
        let mut net = Net::default();
        for i in 0..self.nodes {
            net = net.routers(&format!("n{i}"));
        }
        net = net
            .segment("users", "10.1.0.0/24", "n0")
            .segment("servers", "10.2.0.0/24", &format!("n{last}"))
            .group(group("staff", "users", 10))
            .system("files", "servers", "10.2.0.10")
            .edit("n0", |n| n.sessions = Some(Sessions::new(1e6)));
        for (i, (a, b)) in self.links.iter().enumerate() {
            let ends = (format!("n{a}"), format!("n{b}"));
            net = net.link(&format!("l{i}"), (&ends.0, &ends.1), 100.0);
        }
        for (holes, prefix) in self.holes.iter().zip(["10.2.0.0/24", "10.1.0.0/24"]) {
            for at in holes {
                let name = format!("n{at}");
                let known = |n: &StaticRoute| n.prefix.to_string() == prefix;
                let node = net.0.nodes.get(&Id::new(&*name)).unwrap();
                if !node.forwarding.statics.iter().any(known) {
                    net = route(net, &name, prefix, vec![Hop::Discard]);
                }
            }
        }
        net
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Loads and what is lost are those of every way with its probability.
    #[test]
    fn loads_are_those_of_every_way(graph in graph()) {
        let last = graph.nodes - 1;
        let there = graph.ways(0, last, &graph.holes[0]);
        let back = graph.ways(last, 0, &graph.holes[1]);
        let sum = |ways: &[Way]| -> f64 { ways.iter().map(|(_, part)| part).sum() };
        // A session takes one way there and one back, each by itself.
        let whole = sum(&there) * sum(&back);
        let mut expected = vec![[0.0; 2]; graph.links.len()];
        for (ways, other, rate) in [(&there, sum(&back), 10.0), (&back, sum(&there), 20.0)] {
            for (crossed, part) in ways {
                for (link, forward) in crossed {
                    expected[*link][usize::from(*forward)] += part * other * rate;
                }
            }
        }
        let loads = run(&graph.net(), &reading());
        for (i, (a, b)) in graph.links.iter().enumerate() {
            for (to, forward) in [(b, 1), (a, 0)] {
                near(mbps(&loads, &format!("l{i}"), &format!("n{to}")), expected[i][forward]);
            }
        }
        near(at_peak(row(&loads, ResourceKind::Sessions, "n0", "")).0, 100.0 * whole);
        // That something does not arrive is told as ever.
        prop_assert_eq!(told(&loads).is_empty(), whole > 1.0 - 1e-9, "{:?}", told(&loads));
    }
}
