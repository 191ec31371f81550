//! Whether people can talk, each by one change to a network on which they can.
//!
//! ```text
//!  users ──── left ──── fw ──── right ──── servers        10 talk: 10 Mbit/s up, 20 down, of 100
//! ```

use super::ask::*;
use super::blocked::line;
use super::build::*;
use super::failures::run_all;
use crate::replay::Loads;
use utsushi_model::demand::{Bursts, Packets, Realtime};
use utsushi_model::finding::{Code, Evidence};
use utsushi_model::id::Id;
use utsushi_model::migration::Requirements;
use utsushi_model::network::{NodeKind, Site, SiteKind};
use utsushi_model::policy::{Action, Filter, FilterPoint};
use utsushi_model::report::{GateBeyond, GateHour, GatePart, GateVerdict};
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency, Share};

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

/// [`open`] with some nodes outside the body.
///
/// ```text
///  users ──── w ──── left ──── fw ──── right ──── e ──── servers
/// ```
fn partly_outside(nodes: &[&str]) -> Net {
    let mut net = open();
    net.0.sites.put(Site {
        id: Id::new("world"),
        label: Text::same("outside"),
        kind: SiteKind::Outside,
        place: place("world"),
    });
    nodes.iter().fold(net, |net, node| {
        net.edit(node, |n| n.site = Id::new("world"))
    })
}

#[test]
fn beyond_the_own_edge_limits_are_tighter() {
    let met = |outside: &[&str], link: &str, ms: f64, loss: f64| {
        let net = partly_outside(outside).edit_link(link, |l| {
            l.delay = Latency::new(ms / 1e3);
            l.loss = Share::new(loss).expect("a share");
        });
        met(&run(&net, &talk(false, None))).1
    };
    // 35 ms are within 50 of the whole way, but not within the 30 from the own edge on; so is 0.5 % against 1 % and 0.1 %.
    for (ms, loss, limit) in [(35.0, 0.0, "delay"), (1.0, 0.005, "loss")] {
        let late = met(&["e"], "right", ms, loss);
        assert_eq!(late.verdict, GateVerdict::Strained, "{late:?}");
        assert_eq!(
            (late.strict.part, late.strict.limit),
            (GatePart::EdgeToEdge, limit)
        );
        assert!(late.strict.used > 1.0 && late.beyond.delay < late.delay);
        // The same within the body is not beyond its edge, nor is a carrier's node between two of its sites.
        for outside in [&["e"][..], &["fw"]] {
            let near = met(outside, "left", ms, loss);
            assert_eq!(near.verdict, GateVerdict::Pass, "{near:?}");
            assert_eq!(near.strict.part, GatePart::ClientToEdge);
        }
        assert_eq!(
            met(&["fw"], "right", ms, loss).beyond,
            GateBeyond::default()
        );
        // Where everything from the first line on stands outside, the edge is before it.
        let all = met(&["fw", "e"], "left", ms, loss);
        assert_eq!(all.strict.part, GatePart::EdgeToEdge, "{all:?}");
    }
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

/// 20 Mbit/s of talk and 5 of pages on ever smaller lines, through the points where all of it is too much, and talk alone: talk
/// never loses less.
#[test]
fn a_smaller_line_never_loses_less_talk_to_bursts() {
    let bursts = Some(Bursts {
        peak: BitRate::mbps(20.0),
        on: Latency::new(0.5),
    });
    let mut before = 0.0;
    for tenths in (80..330).rev().step_by(3) {
        let rate = f64::from(tenths) / 10.0;
        let net = open().edit_link("left", |l| l.rate_ba = BitRate::mbps(rate));
        let found = met(&run(&net, &talk(false, bursts))).1;
        let (loss, name) = (found.loss, format!("{rate} Mbit/s: {found:?}"));
        let model = if rate > 20.0 { "burst" } else { "saturated" };
        assert_eq!(found.model, model, "{name}");
        assert!(loss >= before, "{before}, then {name}");
        before = loss;
    }
}

#[test]
fn what_does_not_come_through_is_not_judged() {
    let net = line().policy("fw", &["deny all any any any"]);
    let loads = run(&net, &talk(false, None));
    assert!(loads.gates.is_empty());
}

/// Two ways of 100 Mbit/s, one of them at rest; talk and pages take the near one.
///
/// ```text
///              ┌─ up, 100 Mbit/s ── n ─ un ┐
///  users ── w ─┤                           ├─ e ── servers
///              └─ lo,  32 Mbit/s ── s ─ ls ┘        costs more
/// ```
fn two_ways() -> Net {
    let mut net = square().edit_link("lo", |l| {
        let rate = BitRate::new(32e6);
        (l.rate_ab, l.rate_ba, l.cost) = (rate, rate, 100);
    });
    net.0.sites.put(Site {
        id: Id::new("site"),
        label: Text::same("the hall"),
        kind: SiteKind::Headquarters,
        place: place("site"),
    });
    net
}

/// The worst circumstance by its failure, and what is met; with the network built without what failed beside it.
#[test]
fn a_failure_that_puts_talk_on_a_small_line_is_told() {
    let bursts = Some(Bursts {
        peak: BitRate::mbps(20.0),
        on: Latency::new(0.5),
    });
    let needs = talk(false, bursts);
    let loads = run_all(&two_ways(), &needs);
    let (_, ever) = met(&loads);
    assert_eq!(ever.verdict, GateVerdict::Pass);
    let case = loads.gates[0].worse.clone().expect("talk gets worse");
    let failure = case.circumstance.failure.map(|f| f.key());
    assert_eq!(failure.as_deref(), Some("link up"));
    assert_eq!(case.met.hop, "lo");
    assert_eq!(case.met.verdict, GateVerdict::Fail, "{:?}", case.met);
    // No breach, as everything fits with everything up.
    assert_eq!(spoiled(&loads), [""; 0]);
    // Exactly what is met where the line was never there.
    let mut without = two_ways();
    without.0.links.remove(&Id::new("up"));
    let (hour, built) = met(&run(&without, &needs));
    assert_eq!((hour, built), (case.hour, case.met));
    // The two ends are all anybody has, and the hall is where they stand.
    let cut = loads.gates[0]
        .cut
        .clone()
        .expect("some failures cut talk off");
    assert_eq!((cut.failures, cut.first.key()), (3, "node w".to_owned()));
    // Without failures nothing of it is looked at.
    let plain = run(&two_ways(), &needs);
    assert_eq!((&plain.gates[0].worse, &plain.gates[0].cut), (&None, &None));
}

/// A failure elsewhere that sends others over the lines of talk counts, though talk keeps its way: without `ls` the
/// 90 Mbit/s of visitors at `s` go round by `up` and `un`.
#[test]
fn what_others_bring_along_counts() {
    let net = two_ways()
        .segment("guests", "10.5.0.0/24", "s")
        .group(group("visitors", "guests", 10));
    let mut needs = talk(false, None);
    let mut heavy = application("heavy", "tcp/9000");
    heavy.direct = Some(usage(1.0, 1.0, (9.0, 0.1), 0.0));
    needs.applications.put(heavy);
    needs.demands.put(demand("visitors", "heavy", "files"));
    let loads = run_all(&net, &needs);
    let row = &loads.gates[0];
    assert_eq!(row.worst().unwrap().1.verdict, GateVerdict::Pass);
    let worse = row.worse.as_ref().unwrap();
    let failure = worse.circumstance.failure.as_ref().unwrap();
    assert_eq!(
        (&*failure.key(), worse.met.verdict),
        ("link ls", GateVerdict::Fail)
    );
    assert!(["up", "un"].contains(&&*worse.met.hop), "{worse:?}");
}

#[test]
fn a_busy_day_counts_with_everything_up() {
    use utsushi_model::circumstance::DayType;
    use utsushi_model::demand::DayUse;
    let mut needs = talk(false, None);
    needs.days = vec![DayType::Disaster];
    let mut pages = needs.applications.iter().nth(1).unwrap().clone();
    pages.direct = Some(usage(0.1, 10.0, (9.0, 0.1), 0.0));
    pages.nature.days = vec![DayUse {
        day: DayType::Disaster,
        times: 10.0,
        curve: None,
    }];
    needs.applications.put(pages);
    let loads = run_all(&open(), &needs);
    let case = loads.gates[0].worse.as_ref().unwrap();
    assert_eq!(case.circumstance.day, DayType::Disaster);
    assert_eq!(case.circumstance.failure, None);
    assert!(case.met.key() > loads.gates[0].worst().unwrap().1.key());
}
