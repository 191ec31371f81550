//! Whether people can talk, each by one change to a network on which they can.
//!
//! ```text
//!  users ──── left ──── fw ──── right ──── servers        10 talk: 10 Mbit/s up, 20 down, of 100
//! ```

use super::ask::*;
use super::blocked::line;
use super::build::*;
use crate::replay::Loads;
use utsushi_model::demand::{Bursts, Packets, Realtime};
use utsushi_model::finding::{Code, Evidence};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::{NodeKind, Site, SiteKind};
use utsushi_model::policy::{Action, Filter, FilterPoint};
use utsushi_model::report::{GateHour, GateVerdict};
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency};

fn open() -> Net {
    let mut net = line();
    net.0.sites.put(Site {
        id: Id::new("site"),
        label: Text::same("the hall"),
        kind: SiteKind::Headquarters,
        place: place("site"),
    });
    net.edit("fw", |n| {
        n.kind = NodeKind::Firewall;
        n.forwarding.filters = vec![Filter {
            point: FilterPoint::Forward,
            rules: Vec::new(),
            chains: Vec::new(),
            default: Action::Allow,
            stateful: true,
            place: place("default"),
        }];
    })
}

/// Talk, and pages of which everybody loads 0.5 Mbit/s on the mean.
fn talk(priority: bool, bursts: Option<Bursts>) -> Requirements {
    let mut calls = application("calls", "udp/3478");
    calls.nature.realtime = Some(Realtime { priority });
    calls.nature.packets = Some(Packets {
        bytes: 1000.0,
        variation: 0.0,
    });
    let mut pages = application("pages", "tcp/443");
    pages.direct = Some(usage(1.0, 10.0, (0.5, 0.1), 0.0));
    pages.nature.bursts = bursts;
    needs(
        vec![calls, pages],
        vec![
            demand("staff", "calls", "files"),
            demand("staff", "pages", "files"),
        ],
    )
}

fn met(loads: &Loads) -> (u8, GateHour) {
    let rows = &loads.gates;
    assert_eq!(rows.len(), 1, "one site talks by one application");
    let (hour, met) = rows[0].worst().expect("people talk");
    (hour, met.clone())
}

fn spoiled(loads: &Loads) -> Vec<&str> {
    let of = |f: &utsushi_model::finding::Finding| f.code == Code::MeetingGate;
    let found = loads.findings.iter().filter(|f| of(f));
    found
        .map(|f| match &f.evidence {
            Evidence::Gate { hop, .. } => hop.as_str(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn short_lines_with_room_are_good() {
    let loads = run(&open(), &talk(false, None));
    let (_, met) = met(&loads);
    assert_eq!(met.verdict, GateVerdict::Pass, "{met:?}");
    assert!(met.loss < 1e-6 && met.delay.get() < 0.001, "{met:?}");
    assert_eq!(spoiled(&loads), [""; 0]);
    assert_eq!(loads.gates[0].hours.iter().flatten().count(), 24);
}

#[test]
fn a_long_line_is_late() {
    let far = |ms: f64| {
        let net = open().edit_link("right", |l| l.delay = Latency::new(ms / 1e3));
        run(&net, &talk(false, None))
    };
    assert_eq!(met(&far(60.0)).1.verdict, GateVerdict::Strained);
    let late = far(151.0);
    let (_, m) = met(&late);
    assert_eq!(
        (m.verdict, m.spent, m.hop.as_str()),
        (GateVerdict::Fail, "delay", "right")
    );
    assert_eq!(spoiled(&late), ["right"]);
}

#[test]
fn an_overloaded_line_loses_what_does_not_fit() {
    // 20 Mbit/s of talk and 5 of pages on 20.
    let net = open().edit_link("left", |l| l.rate_ba = BitRate::mbps(20.0));
    let (_, m) = met(&run(&net, &talk(false, None)));
    assert_eq!((m.verdict, m.spent), (GateVerdict::Fail, "loss"));
    assert!((m.loss - 0.2).abs() < 0.02, "a fifth is too much: {m:?}");
    // Talk alone fits exactly; in front of pages it is spared what they lose, not what it fills itself.
    let net = open().edit_link("left", |l| l.rate_ba = BitRate::mbps(23.0));
    let last = met(&run(&net, &talk(false, None))).1;
    let first = met(&run(&net, &talk(true, None))).1;
    assert!(first.loss < last.loss / 5.0, "{first:?} {last:?}");
    assert_eq!(first.model, "priority");
}

/// Ten people whose pages come at 20 Mbit/s for half a second: a quarter of a line of 32 Mbit/s is free on the mean, and talk stumbles
/// all the same. At random the same mean does nothing.
#[test]
fn pages_in_bursts_spoil_talk_on_a_small_line() {
    let net = open().edit_link("left", |l| l.rate_ba = BitRate::mbps(32.0));
    let random = met(&run(&net, &talk(false, None))).1;
    assert_eq!(
        (random.verdict, random.model),
        (GateVerdict::Pass, "poisson")
    );
    let bursts = Bursts {
        peak: BitRate::mbps(20.0),
        on: Latency::new(0.5),
    };
    let loads = run(&net, &talk(false, Some(bursts)));
    let bursty = met(&loads).1;
    assert_eq!((bursty.verdict, bursty.model), (GateVerdict::Fail, "burst"));
    assert!(
        bursty.jitter.get() > 5.0 * random.jitter.get(),
        "{bursty:?} {random:?}"
    );
    assert_eq!(spoiled(&loads), ["left"]);
    // Priority takes talk out of it.
    let first = met(&run(&net, &talk(true, Some(bursts)))).1;
    assert_eq!(first.verdict, GateVerdict::Pass, "{first:?}");
}

#[test]
fn what_does_not_come_through_is_not_judged() {
    let net = line().policy("fw", &["deny all any any any"]);
    let loads = run(&net, &talk(false, None));
    assert!(loads.gates.is_empty());
}
