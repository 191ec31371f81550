//! The simulation against itself and against what is known exactly.

use super::{Arrivals, Flow, Line, Run, Size, run};

fn flow(arrivals: Arrivals, route: &[usize]) -> Flow {
    let sizes = vec![Size {
        bits: 1000.0,
        weight: 1.0,
    }];
    Flow {
        arrivals,
        sizes,
        priority: 0,
        route: route.to_vec(),
    }
}

const LINE: Line = Line {
    rate: 1000.0,
    delay: 0.5,
    places: None,
};
const SHORT: Run = Run {
    seed: 3,
    packets: 20_000,
    warm_up: 100,
};

#[test]
fn the_same_seed_gives_the_same_and_another_seed_another() {
    let flows = [flow(Arrivals::Poisson { rate: 0.7 }, &[0])];
    let first = run(&[LINE], &flows, SHORT).expect("sound");
    assert_eq!(Ok(&first), run(&[LINE], &flows, SHORT).as_ref());
    let other = run(&[LINE], &flows, Run { seed: 4, ..SHORT }).expect("sound");
    assert_ne!(first, other);
}

#[test]
fn a_lonely_beat_never_waits_and_only_pays_for_the_line() {
    let flows = [flow(Arrivals::Periodic { period: 1.5 }, &[0, 1])];
    let seen = run(&[LINE, LINE], &flows, SHORT).expect("sound").remove(0);
    assert_eq!((seen.whole.lost, seen.whole.waits.longest()), (0, 0.0));
    // Twice one second of transmission and half a second of propagation.
    assert!((seen.whole.sojourns.mean() - 3.0).abs() < 1e-9);
    assert_eq!(seen.whole.offered, SHORT.packets - SHORT.warm_up);
    assert_eq!(seen.hops[1].sojourns.count(), seen.whole.offered);
}

#[test]
fn bursts_keep_their_mean_rate_and_packets_are_conserved() {
    let arrivals = Arrivals::OnOff {
        peak: 2500.0,
        on: 1.1,
        off: 3.3,
    };
    let line = Line {
        places: Some(4),
        ..LINE
    };
    let beat = flow(Arrivals::Periodic { period: 2.0 }, &[0]);
    let run = run(
        &[line],
        &[flow(arrivals, &[0]), beat],
        Run {
            packets: 400_000,
            ..SHORT
        },
    );
    let seen = run.expect("sound");
    // 0.625 packets per second against 0.5.
    let ratio = seen[0].whole.offered as f64 / seen[1].whole.offered as f64;
    assert!((ratio / 1.25 - 1.0).abs() < 0.02, "{ratio}");
    for seen in &seen {
        assert!(seen.whole.lost > 0);
        assert_eq!(
            seen.whole.offered,
            seen.whole.lost + seen.whole.sojourns.count()
        );
        assert_eq!(seen.whole.lost, seen.hops[0].lost);
    }
}

#[test]
fn who_goes_first_is_served_first_and_sizes_follow_their_weights() {
    let mut first = flow(Arrivals::Poisson { rate: 0.3 }, &[0]);
    let mut last = first.clone();
    last.priority = 1;
    last.sizes.push(Size {
        bits: 2000.0,
        weight: 3.0,
    });
    first.sizes.insert(
        0,
        Size {
            bits: 500.0,
            weight: 1.0,
        },
    );
    let seen = run(&[LINE], &[first, last], SHORT).expect("sound");
    let service = |i: usize| seen[i].whole.sojourns.mean() - seen[i].whole.waits.mean() - 0.5;
    assert!((service(0) - 0.75).abs() < 0.01 && (service(1) - 1.75).abs() < 0.02);
    assert!(seen[0].whole.waits.mean() * 2.0 < seen[1].whole.waits.mean());
}

#[test]
fn percentiles_come_from_the_histogram() {
    let mut times = super::Times::default();
    for i in 1..=1000 {
        times.add(f64::from(i));
    }
    let at = |level| times.percentile(level).expect("a level");
    assert!((at(0.99) / 990.0 - 1.0).abs() < 1.0 / 128.0);
    assert!((at(0.5) / 500.0 - 1.0).abs() < 1.0 / 128.0);
    assert!((times.above(900.0) - 0.1).abs() < 0.01);
    assert!((times.deviation() - 288.67).abs() < 0.1);
    assert_eq!(times.longest(), 1000.0);
    assert!(times.percentile(1.0).is_err());
    let none = super::Times::default();
    assert_eq!(
        (none.mean(), none.above(1.0), none.percentile(0.5)),
        (0.0, 0.0, Ok(0.0))
    );
}

#[test]
fn what_cannot_run_is_refused() {
    let good = flow(Arrivals::Poisson { rate: 1.0 }, &[0]);
    let refused =
        |lines: &[Line], flow: &Flow| run(lines, std::slice::from_ref(flow), SHORT).is_err();
    assert!(!refused(&[LINE], &good));
    assert!(refused(&[], &good));
    assert!(refused(&[Line { rate: 0.0, ..LINE }], &good));
    assert!(refused(
        &[Line {
            places: Some(0),
            ..LINE
        }],
        &good
    ));
    assert!(refused(
        &[Line {
            delay: f64::NAN,
            ..LINE
        }],
        &good
    ));
    for arrivals in [
        Arrivals::Poisson { rate: 0.0 },
        Arrivals::Periodic { period: -1.0 },
        Arrivals::OnOff {
            peak: 1.0,
            on: 1.0,
            off: 0.0,
        },
    ] {
        assert!(refused(&[LINE], &flow(arrivals, &[0])));
    }
    assert!(refused(&[LINE], &flow(good.arrivals, &[])));
    assert!(refused(
        &[LINE],
        &Flow {
            sizes: Vec::new(),
            ..good.clone()
        }
    ));
    assert!(refused(
        &[LINE],
        &Flow {
            priority: 64,
            ..good
        }
    ));
}
