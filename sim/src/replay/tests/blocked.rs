//! Demands that a rule stops, each by one change to a network where they come through.
//!
//! ```text
//!  users ──── w ──── fw ──── e ──── servers: files 10.2.0.10
//!  10.1.0.0/24
//! ```

use super::ask::*;
use super::build::*;
use crate::replay::Loads;
use utsushi_model::finding::{Code, Decision, Evidence, Finding, Packet};
use utsushi_model::migration::Requirements;
use utsushi_model::network::NodeKind;
use utsushi_model::policy::*;

pub(super) fn line() -> Net {
    Net::default()
        .routers("w e")
        .node(node("fw", NodeKind::Firewall))
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .link("left", ("w", "fw"), 100.0)
        .link("right", ("fw", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("files", "servers", "10.2.0.10")
}

pub(super) fn reading(asks: &str) -> Requirements {
    needs(
        vec![application("read", asks)],
        vec![demand("staff", "read", "files")],
    )
}

/// The only finding of a run, on the demand, and that no load is left.
#[track_caller]
pub(super) fn only(loads: &Loads, code: Code) -> &Finding {
    assert_eq!(told(loads), [(code, "read/staff")]);
    assert!(
        loads.rows.iter().all(|r| at_peak(r).0 == 0.0),
        "a blocked demand spends nothing"
    );
    &loads.findings[0]
}

/// The only finding of a run, on a demand of which a part comes through.
#[track_caller]
pub(super) fn partly(loads: &Loads, code: Code) -> &Finding {
    assert_eq!(told(loads), [(code, "read/staff")]);
    &loads.findings[0]
}

pub(super) fn witness(finding: &Finding) -> Packet {
    match &finding.evidence {
        Evidence::Demand { witness, .. } => witness.expect("a witness"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn with_a_rule_it_comes_through() {
    let net = line().policy("fw", &["allow read users files tcp/445"]);
    let loads = run(&net, &reading("tcp/445"));
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "left", "fw"), 10.0);
    near(mbps(&loads, "right", "fw"), 20.0);
}

#[test]
fn a_rule_denies() {
    let net = line().policy(
        "fw",
        &["deny closed users files tcp/445", "allow all any any any"],
    );
    let loads = run(&net, &reading("tcp/445"));
    let finding = only(&loads, Code::Blocked);
    let (leg, ends, users, last) = shown(finding);
    assert_eq!((leg, ends, users), (1, ("staff", "files"), 10));
    assert_eq!(
        (last.node.as_str(), last.rule.as_deref()),
        ("fw", Some("closed"))
    );
    assert_eq!(finding.place, place("closed"));
    assert_eq!((finding.first, finding.last), (3, 3));
    assert_eq!(witness(finding).src.to_string(), "10.1.0.1");
    assert_eq!(
        (witness(finding).src_port, witness(finding).dst_port),
        (50_000, 445)
    );
}

#[test]
fn the_default_denies() {
    let net = line().policy("fw", &["allow other users files tcp/80"]);
    let loads = run(&net, &reading("tcp/445"));
    let finding = only(&loads, Code::Blocked);
    assert_eq!(shown(finding).3.rule.as_deref(), None);
    assert_eq!(finding.place, place("default"));
}

#[test]
fn half_of_a_group_is_enough_to_block() {
    let net = line().policy("fw", &["allow half 10.1.0.0/25 files tcp/445"]);
    let loads = run(&net, &reading("tcp/445"));
    let finding = partly(&loads, Code::Blocked);
    assert_eq!(witness(finding).src.to_string(), "10.1.0.128");
    // 127 of 254 hosts are in the lower half: they go on working.
    near(mbps(&loads, "right", "e"), 5.0);
    assert_eq!(shown(finding).2, 5, "half of ten people");
}

#[test]
fn a_single_host_in_the_middle_is_found() {
    let net = line().policy(
        "fw",
        &["deny one 10.1.0.77 any any", "allow all any any any"],
    );
    let loads = run(&net, &reading("tcp/445"));
    let finding = partly(&loads, Code::Blocked);
    assert_eq!(witness(finding).src.to_string(), "10.1.0.77");
    near(mbps(&loads, "right", "e"), 10.0 * 253.0 / 254.0);
    assert_eq!(shown(finding).2, 1);
}

#[test]
fn addresses_that_no_member_has_do_not_count() {
    // Neither the subnet's own and broadcast addresses nor the printer's are a member's.
    let net = line().system("printer", "users", "10.1.0.200").policy(
        "fw",
        &[
            "deny printer 10.1.0.200 any any",
            "allow hosts 10.1.0.1-10.1.0.254 files tcp/445",
        ],
    );
    assert_eq!(told(&run(&net, &reading("tcp/445"))), []);
}

#[test]
fn one_port_of_a_range_is_enough_to_block() {
    let net = line().policy("fw", &["allow first users files udp/3478"]);
    let loads = run(&net, &reading("udp/3478-3481"));
    assert_eq!(witness(partly(&loads, Code::Blocked)).dst_port, 3479);
    // A quarter of the ports is open.
    near(mbps(&loads, "right", "e"), 2.5);
}

#[test]
fn what_cannot_be_judged_offline_counts_as_allowed() {
    let mut doubtful = rule("allow named users files tcp/445");
    doubtful.conditions.push("user:staff".into());
    let net = line()
        .policy("fw", &[])
        .edit("fw", |n| n.forwarding.filters[0].rules.push(doubtful));
    let loads = run(&net, &reading("tcp/445"));
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "right", "e"), 10.0);
}

#[test]
fn doubt_does_not_double_a_load() {
    // Whether the first rule matches or the second: it is one load. Whether the route holds or not: the
    // two ways share it.
    let doubtful = FilterRule {
        conditions: vec!["user:staff".into()],
        ..rule("allow named users files tcp/445")
    };
    let net = line()
        .policy("fw", &["allow all any any any"])
        .edit("fw", |n| {
            n.forwarding.filters[0].rules.insert(0, doubtful);
        });
    let loads = run(&net, &reading("tcp/445"));
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "right", "e"), 10.0);

    let route = PolicyRoute {
        name: "perhaps".into(),
        incoming: Interfaces::of(vec!["left".into()]),
        source: addresses("any"),
        destination: Addresses {
            terms: vec![AddressTerm::HostName("files.example".into())],
            negated: false,
        },
        service: Services::any(),
        via: vec![Hop::Interface("second".into())],
        place: place("perhaps"),
    };
    let net = line()
        .link("second", ("fw", "e"), 100.0)
        .edit_link("second", |l| l.cost = 20)
        .edit("fw", |n| n.forwarding.policies.push(route));
    let loads = run(&net, &reading("tcp/445"));
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "right", "e"), 5.0);
    near(mbps(&loads, "second", "e"), 5.0);
    near(mbps(&loads, "right", "fw"), 20.0);
}

#[test]
fn answers_that_a_stateless_filter_drops() {
    let net = line()
        .policy("fw", &["allow there users files tcp/445"])
        .edit("fw", |n| n.forwarding.filters[0].stateful = false);
    let loads = run(&net, &reading("tcp/445"));
    let finding = only(&loads, Code::NoAnswer);
    assert_eq!(shown(finding).3.decision, Decision::Denied);
    assert_eq!(finding.place, place("default"));
}
