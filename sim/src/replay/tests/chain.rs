//! Whole conversations with the figures of a prefecture of 8,000 terminals.
//!
//! ```text
//!                        vdi                        LBO: 2 × 1 Gbit/s
//!                         │                    ┌─────── lbo ────── isp ─┐
//!  terms ── core ─ 10 G ─ fw ─────────────────┤                        ix ─┬ world
//!  8,000                  │                    └─ sc-line, 1 Gbit/s ─ sc ─┘ └ m365
//!                         dmz: proxy ×2
//! ```
//!
//! Both ways out hide the terminals: the security cloud behind 198.51.100.10, the firewall behind
//! 203.0.113.10, to which the provider alone routes.
//!
//! α: terminal → VDI → proxy → security cloud. β': terminal → the same proxy → security cloud, and with
//! local breakout terminal → m365 over the provider's lines.

use super::ask::*;
use super::build::*;
use utsushi_model::demand::ResourceKind::{Link, NatPorts, Pixels, Seats, Sessions, Throughput};
use utsushi_model::finding::{Code, Severity};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::*;
use utsushi_model::policy::*;
use utsushi_model::report::LoadRow;
use utsushi_model::units::{BitRate, Seats as SeatCount, Sessions as SessionCount};

fn proxy() -> NodeKind {
    NodeKind::Proxy(Proxy {
        units: 2,
        sessions: SessionCount::new(40_000.0),
        rules: vec![rule("allow inside 10.64.0.0/12+172.20.0.0/19 any tcp/443")],
    })
}

fn screens() -> NodeKind {
    NodeKind::ScreenRelay(ScreenRelay {
        method: ScreenMethod::Vdi,
        seats: SeatCount::new(3_200.0),
        bandwidth: Some(BitRate::gbps(4.0)),
        clipboard: Clipboard::Blocked,
        publishes: Addresses::any(),
    })
}

/// Hides everything that leaves by an interface behind an address.
fn hidden(net: Net, node: &str, out: &str, address: &str, addresses_of_pool: u32) -> Net {
    let rule = NatRule {
        name: "hide".into(),
        incoming: Interfaces::default(),
        outgoing: Interfaces::of(vec![out.into()]),
        source: addresses("any"),
        destination: addresses("any"),
        service: Services::any(),
        conditions: Vec::new(),
        translation: Translation::Source(vec![range(address)]),
        place: place("hide"),
    };
    net.edit(node, |n| {
        n.forwarding.nat.push(rule);
        n.forwarding.nat_ports = Some(NatPool {
            addresses: addresses_of_pool,
            ports_per_address: 60_000,
        });
    })
}

fn route(net: Net, node: &str, to: &str, via: &str) -> Net {
    net.edit(node, |n| {
        n.forwarding.statics.push(StaticRoute {
            vrf: "".into(),
            prefix: to.parse().unwrap(),
            via: vec![Hop::Node(Id::new(via))],
            place: place("static"),
        });
    })
}

fn prefecture() -> Net {
    let net = Net::default()
        .routers("core isp ix")
        .node(node("fw", NodeKind::Firewall))
        .node(node("sc", NodeKind::SecurityCloud))
        .segment("terms", "10.64.0.0/18", "core")
        .segment("vdi-pool", "172.20.0.0/19", "fw")
        .segment("dmz", "172.20.64.0/26", "fw")
        .segment("m365", "52.96.0.0/14", "ix")
        .segment("world", "0.0.0.0/0", "ix")
        .segment("sc-public", "198.51.100.0/24", "sc")
        .segment("fw-public", "203.0.113.0/24", "fw")
        .link("core-fw", ("core", "fw"), 10_000.0)
        .link("sc-line", ("fw", "sc"), 1_000.0)
        .link("lbo", ("fw", "isp"), 1_000.0)
        .link("sc-ix", ("sc", "ix"), 10_000.0)
        .link("isp-ix", ("isp", "ix"), 10_000.0)
        .edit_link("lbo", |l| (l.cost, l.members) = (100, 2))
        .node(relay("vdi", screens(), "vdi-pool", "172.20.0.10"))
        .node(relay("proxy", proxy(), "dmz", "172.20.64.10-172.20.64.11"))
        .group(group("staff", "terms", 8_000))
        .access("vdi-way", &[("any", "proxy")])
        .asks("vdi", "vdi-way")
        .edit("fw", |n| n.throughput = Some(BitRate::gbps(10.0)))
        .edit("fw", |n| n.sessions = Some(SessionCount::new(2e6)));
    let net = net.policy(
        "fw",
        &[
            "allow screens terms vdi tcp/443",
            "allow vdi-out vdi proxy tcp/8080",
            "allow browse terms proxy tcp/8080",
            "allow proxy-out proxy any tcp/443",
            "allow breakout terms m365 tcp/443",
        ],
    );
    let net = hidden(net, "sc", "sc-ix", "198.51.100.10", 1);
    let net = hidden(net, "fw", "lbo", "203.0.113.10", 2);
    let net = route(net, "ix", "203.0.113.10/32", "isp");
    route(net, "isp", "203.0.113.10/32", "fw")
}

fn alpha() -> Net {
    prefecture()
        .access("pac", &[("any", "vdi")])
        .asks("staff", "pac")
}

fn beta_prime() -> Net {
    prefecture()
        .access("pac", &[("any", "proxy")])
        .asks("staff", "pac")
}

fn with_breakout() -> Net {
    let breakout = PolicyRoute {
        name: "lbo".into(),
        incoming: Interfaces::default(),
        source: addresses("terms"),
        destination: addresses("m365"),
        service: Services::any(),
        via: vec![Hop::Node(Id::new("isp"))],
        place: place("lbo-route"),
    };
    prefecture()
        .access("pac", &[("m365", "direct"), ("any", "proxy")])
        .asks("staff", "pac")
        .edit("fw", |n| n.forwarding.policies.push(breakout))
}

/// Fixtures D1.5: 8,000 staff, of whom 80 % browse (half of it Microsoft 365), 4 % are in meetings;
/// before the move 30 % browse on 2,400 virtual desktops.
fn work() -> Requirements {
    let mut browse = application("browse", "tcp/443");
    browse.screen = Some(usage(0.3, 20.0, (0.15, 0.03), 1.0));
    browse.direct = Some(usage(0.8, 17.5, (0.075, 0.015), 0.0));
    let mut saas = application("saas", "tcp/443");
    saas.direct = Some(usage(0.8, 17.5, (0.075, 0.015), 0.0));
    let mut meeting = application("meeting", "tcp/443");
    meeting.direct = Some(usage(0.04, 0.0, (1.5, 1.5), 0.0));
    needs(
        vec![browse, saas, meeting],
        vec![
            demand("staff", "browse", "world"),
            demand("staff", "saas", "m365"),
            demand("staff", "meeting", "m365"),
        ],
    )
}

fn of_node(
    loads: &crate::replay::Loads,
    kind: utsushi_model::demand::ResourceKind,
    name: &str,
) -> (f64, f64) {
    at_peak(row(loads, kind, name, ""))
}

fn percent(row: &LoadRow) -> f64 {
    row.busiest().1.percent()
}

#[test]
fn alpha_spends_screens_and_few_sessions() {
    let loads = run(&alpha(), &work());
    assert_eq!(
        told(&loads),
        [],
        "nothing is above 80 %: the pool is exactly there"
    );
    assert_eq!(of_node(&loads, Seats, "vdi"), (2_400.0, 3_200.0));
    assert_eq!(of_node(&loads, Pixels, "vdi"), (2.4e9, 4e9));
    assert_eq!(of_node(&loads, Sessions, "proxy"), (48_000.0, 80_000.0));
    assert_eq!(of_node(&loads, NatPorts, "sc"), (48_000.0, 60_000.0));
    near(mbps(&loads, "core-fw", "core"), 2_400.0);
    near(mbps(&loads, "core-fw", "fw"), 240.0);
    near(mbps(&loads, "sc-line", "fw"), 360.0);
    near(mbps(&loads, "sc-line", "sc"), 72.0);
    // One screen session each, then 20 behind the VDI, once to the proxy and once beyond it.
    near(of_node(&loads, Sessions, "fw").0, 2_400.0 + 2.0 * 48_000.0);
    // Pixels both ways, then raw both ways on two legs.
    near(
        of_node(&loads, Throughput, "fw").0,
        1e6 * (2_640.0 + 2.0 * 432.0),
    );
}

#[test]
fn beta_prime_spends_sessions_and_the_line_is_too_small() {
    let loads = run(&beta_prime(), &work());
    assert_eq!(
        told(&loads),
        [
            (Code::LinkLoad, "line sc-line"),
            (Code::SessionLoad, "the proxy"),
            (Code::NatLoad, "the sc"),
        ]
    );
    assert!(loads.findings.iter().all(|f| f.severity == Severity::Error));
    assert_eq!(of_node(&loads, Seats, "vdi"), (0.0, 3_200.0));
    near(of_node(&loads, Sessions, "proxy").0, 224_000.0);
    near(of_node(&loads, NatPorts, "sc").0, 224_000.0);
    near(mbps(&loads, "sc-line", "fw"), 1_440.0);
    near(percent(row(&loads, Link, "sc-line", "fw")), 144.0);
    near(mbps(&loads, "lbo", "fw"), 0.0);
    let parts: Vec<&str> = row(&loads, Link, "sc-line", "fw")
        .parts
        .iter()
        .map(|p| p.application.en.as_str())
        .collect();
    assert_eq!(
        parts,
        ["browse", "saas", "meeting"],
        "equal parts keep the applications' order"
    );
}

#[test]
fn local_breakout_brings_the_line_below_half() {
    let loads = run(&with_breakout(), &work());
    near(percent(row(&loads, Link, "sc-line", "fw")), 48.0);
    near(mbps(&loads, "lbo", "fw"), 960.0);
    near(percent(row(&loads, Link, "lbo", "fw")), 48.0);
    near(of_node(&loads, Sessions, "proxy").0, 112_000.0);
    near(of_node(&loads, NatPorts, "sc").0, 112_000.0);
    assert_eq!(of_node(&loads, NatPorts, "fw"), (112_000.0, 120_000.0));
    assert_eq!(
        told(&loads),
        [
            (Code::SessionLoad, "the proxy"),
            (Code::NatLoad, "the fw"),
            (Code::NatLoad, "the sc")
        ]
    );
    let severities: Vec<Severity> = loads.findings.iter().map(|f| f.severity).collect();
    assert_eq!(
        severities,
        [Severity::Error, Severity::Warning, Severity::Error]
    );
}
