//! Demands without a way: routes, addresses and tables that lead nowhere. The network is that of
//! [`super::blocked`].

use super::ask::*;
use super::blocked::{line, only, reading};
use super::build::*;
use utsushi_model::finding::{Code, Decision};
use utsushi_model::id::Id;
use utsushi_model::policy::{Hop, StaticRoute};

fn static_route(net: Net, node: &str, to: &str, via: Hop) -> Net {
    net.edit(node, |n| {
        n.forwarding.statics.push(StaticRoute {
            vrf: "".into(),
            prefix: to.parse().unwrap(),
            via: vec![via],
            place: place("static"),
        });
    })
}

#[test]
fn ways_that_lead_nowhere() {
    let to_w = Hop::Node(Id::new("w"));
    let cases = [
        (
            line().edit("e", |n| n.forwarding.computed = false),
            Decision::NoRoute,
        ),
        (
            static_route(line(), "fw", "10.2.0.0/24", Hop::Discard),
            Decision::Discarded,
        ),
        (
            static_route(line(), "fw", "10.2.0.0/24", to_w),
            Decision::Loop,
        ),
    ];
    for (net, decision) in cases {
        let loads = run(&net, &reading("tcp/445"));
        assert_eq!(shown(only(&loads, Code::NoWay)).3.decision, decision);
    }
}

#[test]
fn a_segment_without_a_gateway() {
    let net = line().segment("users", "10.1.0.0/24", "");
    only(&run(&net, &reading("tcp/445")), Code::NoWay);
}

#[test]
fn a_packet_that_leaves_the_model() {
    // The servers' router announces nothing, so the default route takes the packet outside.
    let net = line()
        .segment("world", "0.0.0.0/0", "w")
        .edit("e", |n| n.forwarding.computed = false);
    only(&run(&net, &reading("tcp/445")), Code::NoWay);
}

#[test]
fn the_same_addresses_in_the_wrong_place() {
    // ```text
    //  users ── w ── near: 192.168.10.0/24        the demand means the far one
    //           └─ fw ── e ── far: 192.168.10.0/24
    // ```
    let net = line()
        .segment("near", "192.168.10.0/24", "w")
        .segment("far", "192.168.10.0/24", "e")
        .system("files", "far", "192.168.10.5");
    only(&run(&net, &reading("tcp/445")), Code::NoWay);
}

#[test]
fn a_target_that_is_gone() {
    let mut net = line();
    net.0.systems.remove(&Id::new("files"));
    let loads = run(&net, &reading("tcp/445"));
    let (leg, ends, ..) = shown(only(&loads, Code::NoWay));
    assert_eq!((leg, ends), (1, ("staff", "files")));
}

#[test]
fn no_address_family_in_common() {
    let net = line().system("files", "servers", "2001:db8::10");
    only(&run(&net, &reading("tcp/445")), Code::NoWay);
}

#[test]
fn a_table_refuses() {
    let net = line()
        .access("pac", &[("files", "refused")])
        .asks("staff", "pac");
    let loads = run(&net, &reading("tcp/445"));
    let last = shown(only(&loads, Code::NoWay)).3;
    assert_eq!(
        (last.rule.as_deref(), &last.decision),
        (Some("pac"), &Decision::Denied)
    );
}
