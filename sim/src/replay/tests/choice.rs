//! Tables that name several relays: which of them carries, and what is lost when one of them fails.
//!
//! ```text
//!  users ── w ─┬─ la ── a ── dmz-a: first  10.3.0.10 ─┐
//!              ├─ lb ── b ── dmz-b: second 10.4.0.10 ─┴ sessions go back to w
//!              └─ le ── e ── servers: files 10.2.0.10
//! ```

use super::ask::*;
use super::build::*;
use super::failures::{as_if_built_without, run_all};
use super::properties::{Drawn, drawn, network, requirements};
use crate::replay::Loads;
use crate::replay::conversation::Conversation;
use proptest::prelude::*;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::network::{Clipboard, NodeKind, Proxy, ScreenMethod, ScreenRelay};
use utsushi_model::units::{Seats, Sessions};

fn proxy() -> NodeKind {
    NodeKind::Proxy(Proxy {
        units: 1,
        sessions: Sessions::new(1_000.0),
        rules: vec![rule("allow all any any any")],
    })
}

fn screen() -> NodeKind {
    NodeKind::ScreenRelay(ScreenRelay {
        method: ScreenMethod::Vdi,
        seats: Seats::new(20.0),
        bandwidth: None,
        clipboard: Clipboard::Blocked,
        publishes: addresses("any"),
    })
}

fn two(table: &str) -> Net {
    Net::default()
        .routers("w a b e")
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .segment("dmz-a", "10.3.0.0/24", "a")
        .segment("dmz-b", "10.4.0.0/24", "b")
        .link("la", ("w", "a"), 100.0)
        .link("lb", ("w", "b"), 100.0)
        .link("le", ("w", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("files", "servers", "10.2.0.10")
        .node(relay("first", proxy(), "dmz-a", "10.3.0.10"))
        .node(relay("second", proxy(), "dmz-b", "10.4.0.10"))
        .access("pac", &[("any", table)])
        .asks("staff", "pac")
}

/// Sessions on the two relays.
fn held(loads: &Loads) -> (f64, f64) {
    let of = |name| at_peak(row(loads, ResourceKind::Sessions, name, "")).0;
    (of("first"), of("second"))
}

/// The failures that fill a proxy, and those that lose anything.
fn failed(loads: &Loads, proxy: &str) -> (Vec<String>, Vec<String>) {
    let worst = row(loads, ResourceKind::Sessions, proxy, "").worst.iter();
    let worst = worst.map(|c| c.circumstance.failure.as_ref().unwrap().key());
    let lost = loads.outages.iter().map(|o| o.failure.key());
    (worst.collect(), lost.collect())
}

#[test]
fn the_second_carries_all_when_the_first_is_gone() {
    let loads = run_all(&two("first second"), &reading());
    assert_eq!(told(&loads), []);
    assert_eq!(held(&loads), (100.0, 0.0));
    let (fills, loses) = failed(&loads, "second");
    assert_eq!(fills, ["link la", "node a", "node first"]);
    // Without `e` nobody can read; without `le` neither. Of the first relay nobody is left without.
    assert_eq!(loses, ["link le", "node w", "node e"]);
    // 30 Mbit/s to the second and 30 from it to the servers.
    let lb = row(&loads, ResourceKind::Link, "lb", "b");
    near(lb.worst[0].offered / 1e6, 30.0);
}

#[test]
fn alone_the_first_takes_everything_with_it() {
    let loads = run_all(&two("first"), &reading());
    let (_, loses) = failed(&loads, "first");
    assert_eq!(
        loses,
        [
            "link la",
            "link le",
            "node w",
            "node a",
            "node e",
            "node first"
        ]
    );
}

/// A client knows whether it is connected to a relay, and not what lies behind it.
#[test]
fn a_relay_that_does_not_get_on_is_kept() {
    let net = two("first second").policy("e", &["allow second dmz-b servers any"]);
    let loads = run(&net, &reading());
    assert_eq!(told(&loads), [(Code::Blocked, "read/staff")]);
    assert_eq!(shown(&loads.findings[0]).1, ("first", "files"));
    assert_eq!(held(&loads), (0.0, 0.0));
}

/// Clients that are not let through to the first relay come to the second, in loads and in a trace alike.
#[test]
fn a_relay_that_nobody_reaches_is_passed_over() {
    let net = two("first second").policy("a", &["allow no dmz-b dmz-a any"]);
    let loads = run(&net, &reading());
    assert_eq!(told(&loads), []);
    assert_eq!(held(&loads), (0.0, 100.0));
    let needs = reading();
    let demand = needs.demands.iter().next().unwrap();
    let application = needs.applications.iter().next().unwrap();
    let way = Conversation::of(&net.plane(), demand, application);
    assert_eq!(way.legs[0].to, "second");
    let all = Conversation::all(&net.plane(), demand, application);
    let firsts: Vec<&str> = all.iter().map(|way| &*way.legs[0].to).collect();
    assert_eq!(firsts, ["first", "second"]);
}

#[test]
fn where_none_answers_the_first_is_told_of() {
    let net = two("first second").policy("w", &[]);
    let loads = run(&net, &reading());
    assert_eq!(told(&loads), [(Code::Blocked, "read/staff")]);
    assert_eq!(shown(&loads.findings[0]).1, ("staff", "first"));
}

/// A relay carries on by a table with several relays in its turn.
#[test]
fn relays_choose_too() {
    let net = two("front")
        .node(relay("front", proxy(), "servers", "10.2.0.20"))
        .access("next", &[("any", "first second")])
        .asks("front", "next");
    let loads = run_all(&net, &reading());
    assert_eq!(told(&loads), []);
    assert_eq!(held(&loads), (100.0, 0.0));
    assert_eq!(
        failed(&loads, "second").0,
        ["link la", "node a", "node first"]
    );
}

/// An application that is not used by a screen spends nothing when only the screen is left, and the other way round.
#[test]
fn what_is_spent_is_that_of_the_way_that_is_left() {
    let net = two("first second").edit("second", |n| n.kind = screen());
    let mut needs = reading();
    let mut read = application("read", "tcp/445");
    read.screen = Some(usage(0.5, 1.0, (2.0, 1.0), 4.0));
    needs.applications.put(read);
    let loads = run_all(&net, &needs);
    let seats = row(&loads, ResourceKind::Seats, "second", "");
    assert_eq!(at_peak(seats).0, 0.0);
    assert_eq!(seats.worst[0].offered, 5.0);
}

/// Who cannot use an application by the relay that is left is cut off, and that is told.
#[test]
fn who_cannot_use_it_by_what_is_left_is_cut_off() {
    let net = two("first second").edit("second", |n| n.kind = screen());
    let loads = run_all(&net, &reading());
    let outages = loads.outages.iter();
    let cut: Vec<_> = outages
        .filter(|o| o.failure.key() == "node first")
        .collect();
    assert!(matches!(&cut[..], [one] if one.users > 0.0), "{cut:?}");
}

/// A drawn network with two proxies, by which everybody goes.
fn by_proxies(drawn: &Drawn, (first, second): (usize, usize), table: &str) -> Net {
    let mut net = network(drawn);
    let many = net.0.groups.iter().count();
    for (name, at) in [("first", first % many), ("second", second % many)] {
        let address = format!("10.0.{at}.{}", if name == "first" { 200 } else { 201 });
        net = net.node(relay(name, proxy(), &format!("s{at}"), &address));
    }
    net = net.access("pac", &[("any", table)]);
    (0..many).fold(net, |net, i| net.asks(&format!("g{i}"), "pac"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// With the first relay failed, loads are those of the scenario written with the second alone.
    #[test]
    fn a_failed_relay_leaves_the_next(drawn in drawn(), at in (0_usize..8, 0_usize..8)) {
        let needs = requirements(&drawn);
        let both = by_proxies(&drawn, at, "first second");
        let second = by_proxies(&drawn, at, "second");
        let plain = run_all(&both, &needs);
        let alone = run(&second, &needs);
        for (row, alone) in plain.rows.iter().zip(&alone.rows) {
            let failed = row.worst.iter().find(|c| {
                c.circumstance.failure.as_ref().is_some_and(|f| f.key() == "node first")
            });
            let (was, is) = (row.offered[12], alone.offered[12]);
            match failed {
                Some(case) => prop_assert!((case.offered - is).abs() < 1e-3, "{}", row.resource),
                // Not told: no fuller than before, or ten others are worse.
                None => prop_assert!(is < was + 1e-3 || row.worst.len() >= 10, "{}", row.resource),
            }
        }
        // The same where it is not there from the beginning.
        let mut without = both;
        without.0.nodes.remove(&Id::new("first"));
        let gone = run(&without, &needs);
        let findings = |loads: &Loads| -> Vec<String> {
            // A relay that is not there is no way, one that nobody reaches may be denied.
            loads.findings.iter().map(|f| f.subject.en.clone()).collect()
        };
        prop_assert_eq!(findings(&gone), findings(&alone));
        for row in &gone.rows {
            let same = alone.rows.iter().find(|r| {
                (r.kind, &r.resource, &r.direction) == (row.kind, &row.resource, &row.direction)
            });
            let pairs = row.offered.iter().zip(&same.unwrap().offered);
            for (a, b) in pairs {
                // A relay that is still drawn makes other cells of the same headers, whose shares are added up in another order.
                prop_assert!((a - b).abs() <= 1e-9 * b.abs(), "{}: {a} {b}", row.resource);
            }
        }
    }

    /// Whatever fails, clients choose as in the network built without it.
    #[test]
    fn choices_are_those_of_the_network_without_it(drawn in drawn(), at in (0_usize..8, 0_usize..8)) {
        as_if_built_without(&by_proxies(&drawn, at, "first second"), &drawn)?;
    }
}
