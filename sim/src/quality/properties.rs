//! What must hold for whatever figures: no value that is none, no step in the wrong direction, agreement of two
//! ways to the same figure.

use proptest::prelude::*;

use super::bursts::Bursts;
use super::finite::mg1k;
use super::hop::{Class, Cross, Hop, Model};
use super::path::{CLIENT_TO_EDGE, EDGE_TO_EDGE, Held, Most, WEB_MEETING, path};
use super::periodic::{nddd1_exceeds, nddd1_mean_wait, nddd1_wait_exceeds};

fn magnitude() -> impl Strategy<Value = f64> {
    (-14.0f64..20.0).prop_map(|exponent| 10f64.powf(exponent))
}

fn share() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.0f64..1.0,
        (-12.0f64..0.0).prop_map(|e| 10f64.powf(e)),
        Just(0.0),
        Just(1.0)
    ]
}

fn any_bursts() -> impl Strategy<Value = Bursts> {
    (1u32..20_000, magnitude(), magnitude(), share()).prop_map(|(sources, peak, on, activity)| {
        Bursts {
            sources,
            peak,
            on,
            activity,
        }
    })
}

fn any_hop() -> impl Strategy<Value = Hop> {
    let class = (0.0f64..2.0, magnitude(), proptest::option::of(0u32..10_001));
    let cross = (
        0.0f64..2.0,
        proptest::option::of((any_bursts(), 0.0f64..2.0)),
        magnitude(),
        0.0f64..101.0,
    );
    let line = (
        magnitude(),
        share(),
        proptest::option::of(0u32..300),
        any::<bool>(),
    );
    (class, cross, line).prop_map(
        |((load, packet, streams), (smooth, bursts, bulk, variation), line)| {
            let (line, line_loss, places, priority) = line;
            // Bursts of any size would hardly ever load the line: scale them to it.
            let scaled = |(bursts, rho): (Bursts, f64)| {
                let peak = rho * line / (f64::from(bursts.sources) * bursts.activity.max(1e-12));
                Bursts { peak, ..bursts }
            };
            Hop {
                line,
                propagation: packet * 1e-9,
                line_loss,
                places,
                class: Class {
                    rate: load * line,
                    packet,
                    streams,
                },
                cross: Cross {
                    smooth: smooth * line,
                    bursts: bursts.map(scaled),
                    packet: bulk,
                    variation,
                },
                priority,
            }
        },
    )
}

fn bursts(sources: u32, load: f64, activity: f64) -> Bursts {
    let peak = load / (f64::from(sources) * activity);
    Bursts {
        sources,
        peak,
        on: 1.0,
        activity,
    }
}

const HOP: Hop = Hop {
    line: 1e8,
    propagation: 1e-3,
    line_loss: 1e-4,
    places: Some(100),
    class: Class {
        rate: 1e6,
        packet: 1600.0,
        streams: None,
    },
    cross: Cross {
        smooth: 5e7,
        bursts: None,
        packet: 8000.0,
        variation: 0.5,
    },
    priority: false,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_comes_in_numbers_come_out_or_a_refusal(hop in any_hop(), level in share()) {
        let Ok(passage) = hop.passage() else { return Ok(()) };
        prop_assert!(passage.delay().is_finite() && passage.delay() >= 0.0, "{passage:?}");
        prop_assert!((0.0..=1.0).contains(&passage.loss), "{}", passage.loss);
        let Ok(path) = path(&[passage.clone(), passage], level) else { return Ok(()) };
        prop_assert!(path.jitter.is_finite() && path.jitter >= 0.0, "{path:?}");
        prop_assert!(path.jitter <= path.jitter_bound && (0.0..=1.0).contains(&path.loss), "{path:?}");
    }

    #[test]
    fn more_load_never_waits_or_loses_less(low in 0.05f64..1.5, more in 0.01f64..0.5, priority: bool, places in 2u32..200) {
        let at = |load: f64| {
            let smooth = load * HOP.line;
            let hop = Hop { cross: Cross { smooth, ..HOP.cross }, places: Some(places), priority, ..HOP };
            hop.passage().expect("in the domain")
        };
        let (less, more) = (at(low), at(low + more));
        prop_assert!(more.loss >= less.loss - 1e-12, "{} {}", less.loss, more.loss);
        prop_assert!(more.delay() >= less.delay() * (1.0 - 1e-9));
    }

    #[test]
    fn more_bursts_never_wait_or_lose_less(sources in 1u32..150, load in 0.1f64..1.3, activity in 0.02f64..0.9, buffer in 0.01f64..3.0) {
        let at = |load: f64| {
            let bursts = bursts(sources, load, activity);
            (bursts.held(1.0, buffer).expect("in the domain"), bursts.backlog(1.0))
        };
        let ((less, wait), (more, longer)) = (at(load), at(load * 1.05));
        prop_assert!(more.loss() >= less.loss() - 1e-8, "{} {}", less.loss(), more.loss());
        prop_assert!(more.mean() >= less.mean() - 1e-8, "{} {}", less.mean(), more.mean());
        if let (Ok(wait), Ok(longer)) = (wait, longer) {
            prop_assert!(longer.wait() >= wait.wait() * (1.0 - 1e-9));
            let level = |b: &super::bursts::Backlog| b.quantile(0.99).expect("a level");
            prop_assert!(level(&longer) >= level(&wait) * (1.0 - 1e-6));
            // A buffer never holds more than an endless queue.
            prop_assert!(less.mean() <= wait.mean() * (1.0 + 1e-2) + 1e-8);
            prop_assert!(less.loss() <= wait.exceeds(0.0).expect("bits") / load + 1e-8);
        }
    }

    #[test]
    fn more_sources_of_the_same_total_are_smoother(sources in 2u32..200, load in 0.2f64..0.95, activity in 0.02f64..0.6) {
        let wait = |n| bursts(n, load, activity).backlog(1.0).expect("stable").wait();
        prop_assert!(wait(sources * 2) <= wait(sources) * (1.0 + 1e-9));
    }

    #[test]
    fn more_places_lose_less(rho in 0.05f64..3.0, variation in 0.0f64..4.0, places in 1u32..300) {
        let (few, many) = (mg1k(rho, variation, places).expect("sound"), mg1k(rho, variation, places + 7).expect("sound"));
        prop_assert!(many.loss <= few.loss + 1e-12 && many.wait >= few.wait - 1e-9);
        prop_assert!(few.loss >= 1.0 - 1.0 / rho - 1e-9);
    }

    #[test]
    fn beats_agree_with_their_sum_of_binomials(streams in 2u32..200, more in 1u32..100, wait in 0u32..20) {
        let slots = streams + more;
        let sum = nddd1_exceeds(streams, slots, wait).expect("fits");
        let real = nddd1_wait_exceeds(streams, f64::from(slots), f64::from(wait)).expect("fits");
        prop_assert!((sum - real).abs() < 1e-9, "{sum} {real}");
    }
}

#[test]
fn ten_thousand_sources_are_no_matter() {
    for load in [0.3, 0.9, 0.999] {
        let passage = |sources: u32| {
            let cross = Cross {
                smooth: 0.0,
                bursts: Some(Bursts {
                    on: 0.01,
                    ..bursts(sources, load * 9e7, 0.1)
                }),
                ..HOP.cross
            };
            Hop { cross, ..HOP }.passage().expect("stable")
        };
        let (few, many) = (passage(300), passage(10_000));
        assert_eq!(many.model, Model::Burst);
        assert!(
            many.delay() <= few.delay() * 1.001 && many.loss <= few.loss + 1e-9,
            "{} {}",
            few.loss,
            many.loss
        );
        let beat = nddd1_mean_wait(10_000, 10_000.0 / load).expect("fits");
        let random = super::waiting::mg1_wait(load, 0.0).expect("stable");
        assert!(beat > 0.0 && beat < random * 1.01, "{beat} {random}");
    }
    assert!(mg1k(0.999, 1.0, 10_000).expect("sound").loss < 1e-6);
    assert!((mg1k(1.0, 1.0, 10_000).expect("sound").loss * 10_001.0 - 1.0).abs() < 1e-6);
}

#[test]
fn the_sources_that_stand_for_many_wait_as_long() {
    // The spectrum itself has no limit: hold the replacement against it.
    for (sources, load, activity) in [(1000, 0.9, 0.1), (1000, 0.95, 0.3), (2000, 0.9, 0.02)] {
        let many = bursts(sources, load, activity);
        let volume = many.peak * many.on;
        let terms = super::fluid::spectrum(sources, activity, 1.0 / many.peak);
        let exact: f64 = terms.iter().map(|t| t.weight / t.decay).sum::<f64>() * volume;
        let replaced = many.backlog(1.0).expect("stable").mean();
        assert!(
            (replaced / exact - 1.0).abs() < 0.05,
            "{replaced} for {exact}"
        );
    }
}

#[test]
fn one_source_and_the_limits_of_the_fluid_are_as_known() {
    // One source has one term, with the decay (1 + λ − λ/c)/(1 − c), c = C/r.
    let one = Bursts {
        sources: 1,
        peak: 2.0,
        on: 1.0,
        activity: 0.3,
    };
    let backlog = one.backlog(1.0).expect("stable");
    let odds = 0.3 / 0.7;
    let decay = (1.0 + odds - odds / 0.5) / 0.5 / 2.0;
    // The line is busy whenever there is a backlog: P(backlog > 0) = p·r/C.
    let some = 0.3 * 2.0;
    assert!((backlog.exceeds(0.0).expect("bits") - some).abs() < 1e-12);
    assert!((backlog.mean() - some / decay).abs() < 1e-12);
    assert!((backlog.quantile(0.9).expect("a level") - (some / 0.1).ln() / decay).abs() < 1e-9);
    assert!((backlog.delay() - backlog.wait() / 0.6).abs() < 1e-12);
    // Everything fits: no backlog, and no loss.
    let fits = bursts(10, 0.5, 0.6).backlog(1.0).expect("stable");
    assert_eq!(
        (fits.mean(), fits.loss(0.0), fits.quantile(0.999)),
        (0.0, Ok(0.0), Ok(0.0))
    );
    assert_eq!(
        bursts(10, 0.5, 0.6).held(1.0, 1.0).expect("sound").loss(),
        0.0
    );
    // A large buffer is as good as an endless one, and the estimate of the loss is near.
    let busy = bursts(30, 0.7, 0.2);
    let (held, endless) = (
        busy.held(1.0, 2.0).expect("sound"),
        busy.backlog(1.0).expect("stable"),
    );
    let (exact, estimate) = (held.loss(), endless.loss(2.0).expect("bits"));
    assert!(
        exact > 1e-7 && (estimate / exact - 1.0).abs() < 0.3,
        "{estimate} for {exact}"
    );
    assert!((held.mean() / endless.mean() - 1.0).abs() < 0.01);
}

#[test]
fn a_path_adds_up_and_is_judged() {
    let good = HOP.passage().expect("sound");
    let far = Hop {
        propagation: 0.06,
        ..HOP
    }
    .passage()
    .expect("sound");
    let lossy = Hop {
        line_loss: 0.02,
        ..HOP
    }
    .passage()
    .expect("sound");
    let whole = path(&[good.clone(), far, lossy], 0.99).expect("a level");
    assert_eq!(
        whole.most,
        Some(Most {
            delay: 1,
            jitter: 0,
            loss: 2
        })
    );
    assert!((whole.loss - (1.0 - (1.0 - good.loss) * (1.0 - good.loss) * 0.98)).abs() < 1e-6);
    let verdict = WEB_MEETING.judge(&whole);
    assert_eq!(
        (verdict.loss, verdict.jitter, verdict.delay),
        (Held::Broken, Held::Kept, Held::Kept)
    );
    assert_eq!(verdict.all(), Held::Broken);
    assert_eq!(CLIENT_TO_EDGE.judge(&whole).delay, Held::Broken);
    let short = path(&[good], 0.99).expect("a level");
    assert_eq!(EDGE_TO_EDGE.judge(&short).all(), Held::Kept);
    let nothing = path(&[], 0.99).expect("a level");
    assert_eq!(
        (nothing.delay, nothing.jitter, nothing.loss, nothing.most),
        (0.0, 0.0, 0.0, None)
    );
    // The limit itself: good for the ministry, not for Microsoft.
    let edge = super::path::Path {
        delay: 0.05,
        jitter: 0.03,
        loss: 0.01,
        ..nothing
    };
    assert_eq!(WEB_MEETING.judge(&edge).all(), Held::Kept);
    let verdict = CLIENT_TO_EDGE.judge(&edge);
    assert_eq!(
        (verdict.loss, verdict.jitter, verdict.delay),
        (Held::Broken, Held::Broken, Held::Broken)
    );
}

#[test]
fn an_overloaded_hop_loses_the_rest_or_says_that_it_has_no_delay() {
    let over = |places, priority| {
        let cross = Cross {
            smooth: 1.99e8,
            variation: 0.0,
            ..HOP.cross
        };
        Hop {
            line_loss: 0.0,
            cross,
            places,
            priority,
            ..HOP
        }
        .passage()
    };
    let full = over(Some(50), false).expect("has a buffer");
    assert_eq!(full.model, Model::Saturated);
    assert!((full.loss - 0.5).abs() < 0.001 && (full.utilisation - 2.0).abs() < 1e-12);
    assert_eq!(
        over(None, false).map_err(|e| e.argument),
        Err("utilisation")
    );
    let spared = over(None, true).expect("goes first");
    assert_eq!(spared.model, Model::Priority);
    // Half a bulk packet, and a little of its own.
    assert!(
        (spared.wait.mean() / 4e-5 - 1.0).abs() < 0.03,
        "{}",
        spared.wait.mean()
    );
    assert!(over(Some(0), false).is_err());
}
