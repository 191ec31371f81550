//! Every way in which a demand does not come through, each by one change to a network where it does.
//!
//! ```text
//!  users ──── w ──── fw ──── e ──── servers: files 10.2.0.10
//!  10.1.0.0/24
//! ```

use super::build::*;
use crate::replay::Loads;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Decision, Evidence, Packet};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::*;
use utsushi_model::policy::*;
use utsushi_model::units::{Seats, Sessions};

fn line() -> Net {
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

fn reading(asks: &str) -> Requirements {
    needs(
        vec![application("read", asks)],
        vec![demand("staff", "read", "files")],
    )
}

/// The only finding of a run, on the demand, and that no load is left.
#[track_caller]
fn only(loads: &Loads, code: Code) -> &utsushi_model::finding::Finding {
    assert_eq!(told(loads), [(code, "read/staff")]);
    assert!(
        loads.rows.iter().all(|r| at_peak(r).0 == 0.0),
        "a blocked demand spends nothing"
    );
    &loads.findings[0]
}

fn witness(finding: &utsushi_model::finding::Finding) -> Packet {
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
    let finding = only(&loads, Code::Blocked);
    assert_eq!(witness(finding).src.to_string(), "10.1.0.128");
    assert_eq!(shown(finding).2, 5, "half of ten people");
}

#[test]
fn a_single_host_in_the_middle_is_found() {
    let net = line().policy(
        "fw",
        &["deny one 10.1.0.77 any any", "allow all any any any"],
    );
    let loads = run(&net, &reading("tcp/445"));
    let finding = only(&loads, Code::Blocked);
    assert_eq!(witness(finding).src.to_string(), "10.1.0.77");
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
    assert_eq!(witness(only(&loads, Code::Blocked)).dst_port, 3479);
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
        incoming: Interfaces(vec!["left".into()]),
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
    assert_eq!(finding.place, place("demand"));
}

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

fn with_proxy(rules: &[&str]) -> Net {
    let proxy = NodeKind::Proxy(Proxy {
        units: 1,
        sessions: Sessions::new(1_000.0),
        rules: rules.iter().map(|r| rule(r)).collect(),
    });
    line()
        .segment("dmz", "10.3.0.0/24", "fw")
        .node(relay("proxy", proxy, "dmz", "10.3.0.10"))
        .access("pac", &[("any", "proxy")])
        .asks("staff", "pac")
}

#[test]
fn tables_that_lead_in_a_circle() {
    let net = with_proxy(&["allow all any any any"]).asks("proxy", "pac");
    let loads = run(&net, &reading("tcp/445"));
    let (leg, ends, _, last) = shown(&loads.findings[0]);
    assert_eq!(told(&loads), [(Code::NoWay, "read/staff")]);
    assert_eq!(
        (leg, ends, &last.decision),
        (2, ("proxy", "proxy"), &Decision::Loop)
    );
    // The leg into the proxy is made and spends.
    near(mbps(&loads, "left", "fw"), 10.0);
}

#[test]
fn a_proxy_has_rules_of_its_own() {
    let through = run(
        &with_proxy(&["allow staff users files tcp/445"]),
        &reading("tcp/445"),
    );
    assert_eq!(told(&through), []);
    assert_eq!(
        at_peak(row(&through, ResourceKind::Sessions, "proxy", "")),
        (100.0, 1_000.0)
    );
    for (rules, deciding, users) in [
        (&["allow web users files tcp/80"][..], "", 10),
        (
            &["deny files any files any", "allow all any any any"][..],
            "files",
            10,
        ),
        (&["allow half 10.1.0.0/25 files tcp/445"][..], "", 5),
    ] {
        let loads = run(&with_proxy(rules), &reading("tcp/445"));
        let finding = only(&loads, Code::Blocked);
        let (leg, ends, concerned, last) = shown(finding);
        assert_eq!((leg, ends, concerned), (1, ("staff", "proxy"), users));
        assert_eq!(
            (last.node.as_str(), last.rule.as_deref()),
            ("proxy", (!deciding.is_empty()).then_some(deciding))
        );
        assert_eq!(witness(finding).dst_port, 8080);
    }
}

#[test]
fn a_screen_shows_what_it_publishes_and_the_leg_behind_it_counts() {
    let screens = |publishes: &str| {
        let kind = NodeKind::ScreenRelay(ScreenRelay {
            method: ScreenMethod::Sbc,
            seats: Seats::new(100.0),
            bandwidth: None,
            clipboard: Clipboard::Blocked,
            publishes: addresses(publishes),
        });
        line()
            .segment("dmz", "10.3.0.0/24", "fw")
            .node(relay("sbc", kind, "dmz", "10.3.0.10"))
            .access("pac", &[("any", "sbc")])
            .asks("staff", "pac")
    };
    let mut needs = reading("tcp/445");
    let mut read = application("read", "tcp/445");
    read.screen = Some(usage(0.5, 3.0, (2.0, 1.0), 0.4));
    needs.applications.put(read);

    let loads = run(&screens("10.9.0.0/16"), &needs);
    let last = shown(only(&loads, Code::Blocked)).3;
    assert_eq!((last.node.as_str(), last.rule.as_deref()), ("sbc", None));

    // Published, but the relay itself may not go on: the screens are used, the rest is not.
    let net = screens("files").policy("fw", &["allow screens users sbc tcp/443"]);
    let loads = run(&net, &needs);
    let (leg, ends, ..) = shown(&loads.findings[0]);
    assert_eq!((leg, ends), (2, ("sbc", "files")));
    assert_eq!(
        at_peak(row(&loads, ResourceKind::Seats, "sbc", "")),
        (5.0, 100.0)
    );
    near(mbps(&loads, "left", "w"), 2.0);
    near(mbps(&loads, "right", "e"), 0.0);
}
