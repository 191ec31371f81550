//! Relays that stop a conversation: a proxy's rules, what a screen-transfer relay publishes, circles.
//!
//! ```text
//!  users ──── w ──── fw ──── e ──── servers: files 10.2.0.10
//!                    └ dmz: the relay, 10.3.0.10
//! ```

use super::ask::*;
use super::blocked::{line, only, partly, reading, witness};
use super::build::*;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Decision};
use utsushi_model::network::*;
use utsushi_model::units::{Seats, Sessions};

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
    // Nobody talks to a proxy that leads nowhere.
    near(mbps(&loads, "left", "fw"), 0.0);
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
        let finding = partly(&loads, Code::Blocked);
        let left = 10.0 - f64::from(users);
        near(mbps(&loads, "right", "e"), left);
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

    // Published, but the relay itself may not go on: there is nothing to be shown.
    let net = screens("files").policy("fw", &["allow screens users sbc tcp/443"]);
    let loads = run(&net, &needs);
    let (leg, ends, ..) = shown(&loads.findings[0]);
    assert_eq!((leg, ends), (2, ("sbc", "files")));
    assert_eq!(
        at_peak(row(&loads, ResourceKind::Seats, "sbc", "")),
        (0.0, 100.0)
    );
    near(mbps(&loads, "left", "w"), 0.0);
    near(mbps(&loads, "right", "e"), 0.0);
}
