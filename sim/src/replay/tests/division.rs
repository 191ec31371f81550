//! How a load divides: equal routes, parallel links, members of a bundle, translated sessions.

use super::ask::*;
use super::build::*;
use utsushi_model::demand::ResourceKind;
use utsushi_model::id::Id;
use utsushi_model::network::NatPool;
use utsushi_model::policy::{
    Hop, Interfaces, NatRule, PolicyRoute, Services, StaticRoute, Translation,
};

#[test]
fn equal_routes_carry_half_each() {
    let loads = run(&square(), &reading());
    assert_eq!(told(&loads), []);
    for (link, to, wanted) in [
        ("up", "n", 5.0),
        ("un", "e", 5.0),
        ("lo", "s", 5.0),
        ("ls", "e", 5.0),
        ("up", "w", 10.0),
        ("un", "n", 10.0),
        ("lo", "w", 10.0),
        ("ls", "s", 10.0),
    ] {
        near(mbps(&loads, link, to), wanted);
    }
}

#[test]
fn the_shorter_way_carries_all() {
    let net = square().edit_link("ls", |l| l.cost = 11);
    let loads = run(&net, &reading());
    near(mbps(&loads, "up", "n"), 10.0);
    near(mbps(&loads, "lo", "s"), 0.0);
}

/// ```text
///           ╔══ a ══╗
///  users ─ w═══ b ═══e ─ servers        three links side by side, one of them a bundle of two
///           ╚══ c ══╝
/// ```
#[test]
fn parallel_links_count_each_and_members_add_capacity() {
    let mut net = Net::default()
        .routers("w e")
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .group(group("staff", "users", 30))
        .system("files", "servers", "10.2.0.10");
    for id in ["a", "b", "c"] {
        net = net.link(id, ("w", "e"), 100.0);
    }
    let net = net.edit_link("c", |l| l.members = 2);
    let loads = run(&net, &reading());
    for id in ["a", "b", "c"] {
        near(mbps(&loads, id, "e"), 10.0);
        near(mbps(&loads, id, "w"), 20.0);
    }
    near(row(&loads, ResourceKind::Link, "a", "e").capacity, 100e6);
    near(row(&loads, ResourceKind::Link, "c", "e").capacity, 200e6);
}

#[test]
fn rates_differ_by_direction() {
    let net = square().edit_link("up", |l| {
        l.rate_ba = utsushi_model::units::BitRate::mbps(8.0);
    });
    let loads = run(&net, &reading());
    near(row(&loads, ResourceKind::Link, "up", "n").capacity, 100e6);
    near(row(&loads, ResourceKind::Link, "up", "w").capacity, 8e6);
    // 10 Mbit/s come down by a direction of 8.
    assert_eq!(
        told(&loads),
        [(utsushi_model::finding::Code::LinkLoad, "line up")]
    );
}

/// The lower half of the users' addresses has a policy route of its own: so has half of their load.
#[test]
fn a_group_divides_where_its_addresses_do() {
    let route = PolicyRoute {
        name: "lower".into(),
        incoming: Interfaces::default(),
        source: addresses("10.1.0.0/25"),
        destination: addresses("any"),
        service: Services::any(),
        via: vec![Hop::Node(Id::new("s"))],
        place: place("lower"),
    };
    let net = square()
        .edit_link("un", |l| l.cost = 1)
        .edit("w", |n| n.forwarding.policies.push(route));
    let loads = run(&net, &reading());
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "up", "n"), 5.0);
    near(mbps(&loads, "lo", "s"), 5.0);
    near(mbps(&loads, "un", "n"), 20.0);
}

/// Both families at once, and only IPv6 in common: the leg is made in IPv6.
#[test]
fn a_leg_is_made_in_the_family_that_both_ends_have() {
    let net = square()
        .segment("users", "10.1.0.0/24 2001:db8:1::/64", "w")
        .segment("servers", "2001:db8:2::/64", "e")
        .system("files", "servers", "2001:db8:2::10");
    let loads = run(&net, &reading());
    assert_eq!(told(&loads), []);
    near(mbps(&loads, "up", "n"), 5.0);
}

fn hide(from: &str) -> NatRule {
    NatRule {
        name: "hide".into(),
        incoming: Interfaces::default(),
        outgoing: Interfaces::of(vec!["wan".into()]),
        source: addresses(from),
        destination: addresses("any"),
        service: Services::any(),
        conditions: Vec::new(),
        translation: Translation::Source(vec![range("203.0.113.10")]),
        place: place("hide"),
    }
}

/// ```text
///  users ──┐
///  (10)    ├─ w ── wan ── isp ── world        w hides users behind one address, not guests
///  guests ─┘
///  (5)
/// ```
#[test]
fn only_translated_sessions_need_ports() {
    let net = Net::default()
        .routers("w isp")
        .segment("users", "10.1.0.0/24", "w")
        .segment("guests", "198.51.100.0/24", "w")
        .segment("public", "203.0.113.0/24", "isp")
        .segment("world", "0.0.0.0/0", "isp")
        .link("wan", ("w", "isp"), 100.0)
        .group(group("staff", "users", 10))
        .group(group("guests-all", "guests", 5))
        .edit("w", |n| {
            n.forwarding.nat.push(hide("10.0.0.0/8"));
            n.forwarding.statics.push(StaticRoute {
                vrf: "".into(),
                prefix: "203.0.113.10/32".parse().unwrap(),
                via: vec![Hop::Discard],
                place: place("pool"),
            });
            n.forwarding.nat_ports = Some(NatPool {
                addresses: 1,
                ports_per_address: 60_000,
            });
        })
        .edit("isp", |n| {
            n.forwarding.statics.push(StaticRoute {
                vrf: "".into(),
                prefix: "203.0.113.10/32".parse().unwrap(),
                via: vec![Hop::Node(Id::new("w"))],
                place: place("pool"),
            });
        });
    let loads = run(
        &net,
        &needs(
            vec![application("web", "tcp/443")],
            vec![
                demand("staff", "web", "world"),
                demand("guests-all", "web", "world"),
            ],
        ),
    );
    assert_eq!(told(&loads), []);
    assert_eq!(
        at_peak(row(&loads, ResourceKind::NatPorts, "w", "")),
        (100.0, 60_000.0)
    );
    near(mbps(&loads, "wan", "w"), 30.0);
    near(mbps(&loads, "wan", "isp"), 15.0);
}
