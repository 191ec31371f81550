//! What fails, by hand and against the same network built without it.

use super::ask::*;
use super::build::*;
use super::properties::{Drawn, drawn, network, requirements};
use crate::plane::Plane;
use crate::plane::failed::{Down, Losing};
use crate::plane::{NodeIx, TableIx};
use crate::replay::worst::gravest;
use crate::replay::{Failures, Loads, Scope, replay};
use proptest::prelude::*;
use utsushi_model::circumstance::{BrokenKind, DayType, Failure, Machines, Sharing};
use utsushi_model::demand::{Demand, ResourceKind};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::{Network, NodeKind, Proxy};
use utsushi_model::report::{LoadRow, Outage};
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Sessions};

pub(super) fn run_all(net: &Net, needs: &Requirements) -> Loads {
    let demands: Vec<&Demand> = needs.demands.iter().collect();
    let scope = Scope {
        failures: Failures::Single,
        days: &needs.days,
        ..Scope::default()
    };
    replay(&net.plane(), &state(net), needs, &demands, scope)
}

/// Two ways, of which one line is small.
fn uneven() -> Net {
    square().edit_link("up", |l| {
        let rate = BitRate::new(15e6);
        (l.rate_ab, l.rate_ba) = (rate, rate);
    })
}

/// The failures under which a resource is fuller, with its load then.
fn worst(row: &LoadRow) -> Vec<(String, f64)> {
    let cases = row.worst.iter();
    cases
        .map(|c| {
            let failure = c.circumstance.failure.as_ref();
            (
                failure.map_or_else(String::new, |f| f.key()),
                c.offered / 1e6,
            )
        })
        .collect()
}

#[test]
fn what_is_left_carries_all() {
    let loads = run_all(&uneven(), &reading());
    let up = row(&loads, ResourceKind::Link, "up", "w");
    let named = |names: [&str; 3]| names.map(|n| (n.to_owned(), 20.0)).to_vec();
    assert_eq!(worst(up), named(["link lo", "link ls", "node s"]));
    // 20 of 15 Mbit/s: it fits with everything up, and not when the other way is gone.
    assert_eq!(told(&loads), [(Code::DegradedLoad, "line up")]);
    // The two ends are all anybody has.
    let lost: Vec<(String, f64)> = loads
        .outages
        .iter()
        .map(|o| (o.failure.key(), o.users))
        .collect();
    assert_eq!(
        lost,
        [("node w".to_owned(), 10.0), ("node e".to_owned(), 10.0)]
    );
    assert_eq!(loads.outages[0].rate.as_mbps(), 30.0);
}

#[test]
fn a_member_or_a_machine_takes_its_part_of_the_capacity() {
    let proxy = NodeKind::Proxy(Proxy {
        units: 4,
        sessions: Sessions::new(30.0),
        rules: vec![rule("allow all any any any")],
    });
    let net = uneven()
        .edit_link("un", |l| l.members = 2)
        .edit("e", |n| {
            n.sessions = Some(Sessions::new(150.0));
            n.machines = Machines {
                count: 3,
                sharing: Sharing::LoadShared,
            };
        })
        .edit("w", |n| {
            n.sessions = Some(Sessions::new(101.0));
            n.machines = Machines {
                count: 2,
                sharing: Sharing::ActiveStandby,
            };
        })
        .node(relay("proxy", proxy, "servers", "10.2.0.20"))
        .access("pac", &[("any", "proxy")])
        .asks("staff", "pac");
    let loads = run_all(&net, &reading());
    let of = |kind, name: &str, to: &str| {
        let row = row(&loads, kind, name, to);
        let cases = row.worst.iter();
        let cases = cases.map(|c| (c.circumstance.failure.as_ref().unwrap().key(), c.capacity));
        cases.collect::<Vec<_>>()
    };
    let sessions = of(ResourceKind::Sessions, "proxy", "");
    assert_eq!(sessions, [("machine proxy".to_owned(), 90.0)]);
    assert!(of(ResourceKind::Link, "un", "n").contains(&("member un".to_owned(), 100e6)));
    assert_eq!(
        of(ResourceKind::Sessions, "e", ""),
        [("machine e".to_owned(), 100.0)]
    );
    // One that stands by takes over: nothing is lost, nothing is fuller.
    assert_eq!(of(ResourceKind::Sessions, "w", ""), []);
    assert!(loads.outages.iter().all(|o| o.failure.key() != "node w"));
}

#[test]
fn what_fails_together_fails_at_once() {
    let net = uneven()
        .edit_link("up", |l| l.risks = vec!["duct".into()])
        .edit_link("lo", |l| l.risks = vec!["duct".into()]);
    let loads = run_all(&net, &reading());
    let lost: Vec<String> = loads.outages.iter().map(|o| o.failure.key()).collect();
    assert_eq!(lost, ["node w", "node e", "risk duct"]);
}

#[test]
fn a_gateway_that_stands_by_takes_over() {
    let mut net = uneven().routers("v").link("vn", ("v", "n"), 100.0);
    net.0.segments.edit(&Id::new("users"), |s| {
        let mut other = s.gateways[0].clone();
        (other.node, other.standby) = (Id::new("v"), true);
        s.gateways.push(other);
    });
    let loads = run_all(&net, &reading());
    // It forwards nothing while the other one does; both are known to the rest as ways to the segment, so that half of
    // what comes back by the north comes by it.
    near(mbps(&loads, "vn", "n"), 0.0);
    near(mbps(&loads, "vn", "v"), mbps(&loads, "up", "w"));
    assert!(loads.outages.iter().all(|o| o.failure.key() != "node w"));
    let vn = row(&loads, ResourceKind::Link, "vn", "n");
    assert_eq!(worst(vn)[0], ("node w".to_owned(), 10.0));
}

/// The way out where the pair does not share what comes back: a line of a higher cost towards the one that stands by.
#[test]
fn a_higher_cost_keeps_answers_off_a_gateway_that_stands_by() {
    let mut net = uneven()
        .routers("v")
        .link("vn", ("v", "n"), 100.0)
        .edit_link("vn", |l| l.cost = 20);
    net.0.segments.edit(&Id::new("users"), |s| {
        let mut other = s.gateways[0].clone();
        (other.node, other.standby) = (Id::new("v"), true);
        s.gateways.push(other);
    });
    let loads = run_all(&net, &reading());
    near(mbps(&loads, "vn", "v"), 0.0);
    near(mbps(&loads, "up", "w"), mbps(&loads, "lo", "w"));
    // And it takes over all the same.
    assert!(loads.outages.iter().all(|o| o.failure.key() != "node w"));
}

#[test]
fn another_kind_of_day_counts() {
    use utsushi_model::demand::DayUse;
    let mut needs = reading();
    needs.days = vec![DayType::PatchDay];
    // One of ten is active on an ordinary day, nine on this one: 20 and 180 Mbit/s down.
    let mut read = application("read", "tcp/445");
    read.direct = Some(usage(0.1, 10.0, (20.0, 10.0), 0.0));
    let on_patch_day = |times| DayUse {
        day: DayType::PatchDay,
        times,
        curve: None,
    };
    read.nature.days = vec![on_patch_day(9.0)];
    needs.applications.put(read.clone());
    let loads = run_all(&uneven(), &needs);
    let lo = row(&loads, ResourceKind::Link, "lo", "w");
    let first = &lo.worst[0];
    assert_eq!(first.circumstance.day, DayType::PatchDay);
    assert_eq!(
        first.circumstance.failure.as_ref().map(|f| f.key()),
        Some("link up".into())
    );
    near(first.offered / 1e6, 180.0);
    let plain = |loads: &Loads| {
        let row = row(loads, ResourceKind::Link, "lo", "w");
        let found = row.worst.iter().find(|c| c.circumstance.failure.is_none());
        found.unwrap().offered / 1e6
    };
    near(plain(&loads), 90.0);
    // More than all of them are active on no day: each of the ten then does nine times as much.
    read.nature.days = vec![on_patch_day(90.0)];
    needs.applications.put(read);
    near(plain(&run_all(&uneven(), &needs)), 900.0);
}

/// A network without a link, or without a node and its links.
fn without(net: &Net, kind: BrokenKind, name: &str) -> Network {
    let mut network = net.0.clone();
    match kind {
        BrokenKind::Link => drop(network.links.remove(&Id::new(name))),
        _ => drop(network.nodes.remove(&Id::new(name))),
    }
    network
}

/// Mbit/s at noon on every row that is left, by kind, name and direction.
fn figures(loads: &Loads) -> Vec<(String, f64)> {
    let rows = loads.rows.iter();
    rows.map(|r| {
        let key = format!("{:?} {} {:?}", r.kind, r.resource, r.direction);
        (key, r.offered[12])
    })
    .collect()
}

/// Compares the worst cases of a run with what comes out when each link and node is really not there.
pub(super) fn as_if_built_without(net: &Net, drawn: &Drawn) -> Result<(), TestCaseError> {
    let needs = requirements(drawn);
    let loads = run_all(net, &needs);
    let plain = figures(&loads);
    let mut expected: Vec<Vec<(f64, String)>> = vec![Vec::new(); plain.len()];
    let links = net
        .0
        .links
        .iter()
        .map(|l| (BrokenKind::Link, l.id.to_string()));
    let nodes = net
        .0
        .nodes
        .iter()
        .map(|n| (BrokenKind::Node, n.id.to_string()));
    for (kind, name) in links.chain(nodes) {
        let left = Net(without(net, kind, &name));
        let then = figures(&run(&left, &needs));
        let word = if kind == BrokenKind::Link {
            "link"
        } else {
            "node"
        };
        for (at, (key, before)) in plain.iter().enumerate() {
            let now = then.iter().find(|(k, _)| k == key).map_or(0.0, |(_, v)| *v);
            if now > before + 1e-3 {
                expected[at].push((now, format!("{word} {name}")));
            }
        }
    }
    for (row, expected) in loads.rows.iter().zip(&expected) {
        let mut found: Vec<(f64, String)> = row
            .worst
            .iter()
            .map(|c| (c.offered, c.circumstance.failure.as_ref().unwrap().key()))
            .collect();
        let most = expected.iter().map(|(v, _)| *v).fold(0.0, f64::max);
        let first = found.first().map_or(0.0, |(v, _)| *v);
        prop_assert!(
            (most - first).abs() < 1e-3,
            "{}: {first} instead of {most}",
            row.resource
        );
        if expected.len() <= 10 {
            let mut expected: Vec<&String> = expected.iter().map(|(_, n)| n).collect();
            expected.sort();
            found.sort_by(|a, b| a.1.cmp(&b.1));
            let names: Vec<&String> = found.iter().map(|(_, n)| n).collect();
            prop_assert_eq!(names, expected, "{}", row.resource);
        }
    }
    Ok(())
}

/// The routes of a plane that has lost something are those of the network without it.
fn routes_alike(net: &Net) -> Result<(), TestCaseError> {
    let plane = net.plane();
    let losing = Losing::new(&plane);
    for (position, link) in net.0.links.iter().enumerate() {
        let down = Down {
            links: vec![position],
            nodes: Vec::new(),
        };
        let left = Net(without(net, BrokenKind::Link, link.id.as_str())).plane();
        alike(&losing.without(&down).plane, &left)?;
    }
    for at in 0..plane.nodes.len() {
        let mut down = Down {
            links: Vec::new(),
            nodes: vec![NodeIx(at)],
        };
        let name = plane.nodes[at].id.as_str();
        let left = Net(without(net, BrokenKind::Node, name));
        alike(&losing.without(&down).plane, &left.plane())?;
        // And with a link that is elsewhere.
        for (position, link) in net.0.links.iter().enumerate() {
            let id = link.id.as_str();
            if left.0.links.iter().any(|l| l.id.as_str() == id) {
                down.links = vec![position];
                let left = Net(without(&left, BrokenKind::Link, id)).plane();
                alike(&losing.without(&down).plane, &left)?;
            }
        }
    }
    Ok(())
}

/// By node and destination the neighbours that a packet is sent to.
fn ways(plane: &Plane) -> Vec<(String, u8, Vec<String>)> {
    let mut out = Vec::new();
    for (t, table) in plane.tables.iter().enumerate() {
        let Some(port) = plane.ports.iter().find(|p| p.table == TableIx(t)) else {
            continue;
        };
        for i in 0..8u8 {
            let address = [10, 0, i, 9].into();
            let route = table.lookup(address);
            let fib = table.fib();
            let whole = fib.lookup(address).map(|at| &fib.routes[at]);
            assert_eq!(route.map(|r| r.via), whole.map(|r| &r.via));
            let via = route.map_or(&[][..], |r| r.via);
            let mut names: Vec<String> = via
                .iter()
                .map(|p| crate::plane::step::peer_name(plane, *p))
                .collect();
            names.sort();
            if !names.is_empty() {
                out.push((plane.nodes[port.node.0].id.to_string(), i, names));
            }
        }
    }
    out.sort();
    out
}

fn alike(lost: &Plane, left: &Plane) -> Result<(), TestCaseError> {
    // A node that is gone still has a place in the plane, and nothing leads to it.
    let there = |name: &String| left.nodes.iter().any(|n| n.id.as_str() == name);
    let lost: Vec<_> = ways(lost).into_iter().filter(|(n, ..)| there(n)).collect();
    prop_assert_eq!(lost, ways(left));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_failure_is_the_network_without_it(drawn in drawn()) {
        let net = network(&drawn);
        routes_alike(&net)?;
        as_if_built_without(&net, &drawn)?;
    }
}

proptest! {
    /// Whatever is kept, nothing that is left out is graver; what is kept stays in its order.
    #[test]
    fn of_many_outages_the_gravest_are_kept(
        drawn in prop::collection::vec((0_u8..4, 0_u8..3), 0..40),
        most in 0_usize..20,
    ) {
        let all: Vec<Outage> = drawn.iter().enumerate().map(|(i, (users, rate))| outage(i, *users, *rate)).collect();
        let mut kept = all.clone();
        gravest(&mut kept, most);
        prop_assert_eq!(kept.len(), all.len().min(most));
        prop_assert!(kept.windows(2).all(|two| two[0].state < two[1].state));
        for out in all.iter().filter(|o| !kept.contains(o)) {
            for one in &kept {
                let weight = |o: &Outage| (o.users, o.rate.get());
                prop_assert!(weight(one) >= weight(out), "{one:?} was kept, {out:?} was not");
            }
        }
    }
}

/// An outage that is told from others by its state.
fn outage(state: usize, users: u8, rate: u8) -> Outage {
    Outage {
        state,
        failure: Failure::of(BrokenKind::Node, format!("n{state}"), Text::same("n")),
        users: f64::from(users),
        applications: Vec::new(),
        rate: BitRate::new(f64::from(rate)),
    }
}
