//! The formulas against the packets: within 5 % on mean delay and 10 % on loss, unless a test says otherwise.
//!
//! Every case is a hop as [`super::hop`] takes it, built again as lines and flows of [`super::packets`].

mod places;

use super::bursts::Bursts;
use super::hop::{Class, Cross, Hop, Model, Passage};
use super::packets::{Arrivals, Flow, Line, Run, Seen, Size, run};
use super::path::path;
use super::periodic::nddd1_wait_exceeds;
use super::waiting::{PriorityClass, md1_wait_quantile, mg1_wait, priority_waits};

/// One packet time is 1 s: bulk packets of 1000 bits on a line of 1000 bit/s.
const RATE: f64 = 1000.0;
const LINE: Line = Line {
    rate: RATE,
    delay: 0.0,
    places: None,
};
const LONG: Run = Run {
    seed: 1,
    packets: 600_000,
    warm_up: 20_000,
};

/// Within so much, relative.
fn near(what: &str, formula: f64, packets: f64, tolerance: f64) {
    let off = formula / packets - 1.0;
    assert!(
        off.abs() <= tolerance,
        "{what}: {formula} against {packets}"
    );
}

fn one_size(bits: f64) -> Vec<Size> {
    vec![Size { bits, weight: 1.0 }]
}

/// Exponential sizes with a mean of one packet time: the means of 256 equally likely intervals.
fn exponential_sizes() -> Vec<Size> {
    let cells = 256;
    // ∫ of −ln u over (a, b] is −b·ln b + b + a·ln a − a.
    let area = |u: f64| if u > 0.0 { u - u * u.ln() } else { 0.0 };
    let mean = |i: i32| {
        let (from, to) = (
            f64::from(i) / f64::from(cells),
            f64::from(i + 1) / f64::from(cells),
        );
        (area(to) - area(from)) / (to - from)
    };
    let size = |i| Size {
        bits: RATE * mean(i),
        weight: 1.0,
    };
    (0..cells).map(size).collect()
}

fn poisson(rho: f64, sizes: Vec<Size>, priority: usize) -> Flow {
    let weights: f64 = sizes.iter().map(|s| s.weight).sum();
    let mean = sizes.iter().map(|s| s.bits * s.weight).sum::<f64>() / weights;
    Flow {
        arrivals: Arrivals::Poisson {
            rate: rho * RATE / mean,
        },
        sizes,
        priority,
        route: vec![0],
    }
}

fn in_bursts(bursts: Bursts, priority: usize) -> Vec<Flow> {
    let off = bursts.on * (1.0 - bursts.activity) / bursts.activity;
    let flow = Flow {
        arrivals: Arrivals::OnOff {
            peak: bursts.peak,
            on: bursts.on,
            off,
        },
        sizes: one_size(RATE),
        priority,
        route: vec![0],
    };
    vec![flow; bursts.sources as usize]
}

/// Sources that fill `rho` of the line with bursts of `packets` packets each.
fn bursts(sources: u32, activity: f64, rho: f64, packets: f64) -> Bursts {
    let peak = rho * RATE / (f64::from(sources) * activity);
    Bursts {
        sources,
        peak,
        on: packets * RATE / peak,
        activity,
    }
}

/// A small class at random beside nothing: 2 % of the line in packets of a tenth.
fn hop() -> Hop {
    Hop {
        line: RATE,
        propagation: 0.0,
        line_loss: 0.0,
        places: None,
        class: Class {
            rate: 0.02 * RATE,
            packet: 0.1 * RATE,
            streams: None,
        },
        cross: Cross {
            smooth: 0.0,
            bursts: None,
            packet: RATE,
            variation: 0.0,
        },
        priority: false,
    }
}

/// The same hop as flows, the class first.
fn flows(hop: &Hop) -> Vec<Flow> {
    let behind = usize::from(hop.priority);
    let mut flows = vec![poisson(
        hop.class.rate / RATE,
        one_size(hop.class.packet),
        0,
    )];
    if hop.cross.smooth > 0.0 {
        flows.push(poisson(hop.cross.smooth / RATE, one_size(RATE), behind));
    }
    flows.extend(
        hop.cross
            .bursts
            .into_iter()
            .flat_map(|b| in_bursts(b, behind)),
    );
    flows
}

fn measured(hop: &Hop, length: Run) -> Vec<Seen> {
    let line = Line {
        places: hop.places,
        ..LINE
    };
    run(&[line], &flows(hop), length).expect("sound")
}

fn passage(hop: &Hop, model: Model) -> Passage {
    let passage = hop.passage().expect("in the domain");
    assert_eq!(passage.model, model);
    passage
}

/// Loss and mean wait over flows, weighted by packets.
fn together(seen: &[Seen]) -> (f64, f64) {
    let sum = |of: &dyn Fn(&Seen) -> f64| seen.iter().map(of).sum::<f64>();
    let arrived = sum(&|s| s.whole.waits.count() as f64);
    let waited = sum(&|s| s.whole.waits.mean() * s.whole.waits.count() as f64);
    let lost = sum(&|s| s.whole.lost as f64);
    (lost / sum(&|s| s.whole.offered as f64), waited / arrived)
}

#[test]
fn packets_of_one_two_and_many_sizes_wait_as_pollaczek_and_khinchine_say() {
    let two = vec![
        Size {
            bits: 0.25 * RATE,
            weight: 4.0,
        },
        Size {
            bits: 4.0 * RATE,
            weight: 1.0,
        },
    ];
    let squares = (4.0 * 0.0625 + 16.0) / 5.0;
    for (name, sizes, variation) in [
        ("M/D/1", one_size(RATE), 0.0),
        ("M/M/1", exponential_sizes(), 1.0),
        ("M/G/1", two, squares - 1.0),
    ] {
        let seen = run(&[LINE], &[poisson(0.8, sizes, 0)], LONG).expect("sound");
        let sojourn = 1.0 + mg1_wait(0.8, variation).expect("stable");
        near(name, sojourn, seen[0].whole.sojourns.mean(), 0.05);
        let hop = Hop {
            class: Class {
                rate: 1e-6,
                ..hop().class
            },
            cross: Cross {
                smooth: 0.8 * RATE,
                variation,
                ..hop().cross
            },
            ..hop()
        };
        let wait = passage(&hop, Model::Poisson).wait;
        near(name, wait.mean(), seen[0].whole.waits.mean(), 0.05);
        let tail = |level| seen[0].whole.waits.percentile(level).expect("a level");
        near(
            name,
            wait.percentile(0.99).expect("a level"),
            tail(0.99),
            0.07,
        );
    }
}

#[test]
fn the_gamma_law_gives_the_percentiles_of_fixed_packets() {
    for rho in [0.5, 0.7, 0.8, 0.9, 0.95] {
        for (level, tolerance) in [(0.95, 0.02), (0.99, 0.02), (0.999, 0.05)] {
            let hop = Hop {
                class: Class {
                    rate: 1e-6,
                    ..hop().class
                },
                cross: Cross {
                    smooth: rho * RATE,
                    ..hop().cross
                },
                ..hop()
            };
            let wait = passage(&hop, Model::Poisson)
                .wait
                .percentile(level)
                .expect("a level");
            let exact = md1_wait_quantile(rho, level).expect("stable");
            near(&format!("M/D/1 at {rho}, {level}"), wait, exact, tolerance);
        }
    }
}

#[test]
fn few_places_lose_as_the_chain_says() {
    for (rho, places) in [(0.9, 20), (0.95, 21), (1.0, 20)] {
        for (name, sizes, variation) in [
            ("M/D/1/K", one_size(RATE), 0.0),
            ("M/M/1/K", exponential_sizes(), 1.0),
        ] {
            let line = Line {
                places: Some(places),
                ..LINE
            };
            let seen = run(
                &[line],
                &[poisson(rho, sizes, 0)],
                Run {
                    packets: 1_000_000,
                    ..LONG
                },
            )
            .expect("sound");
            let queue = super::finite::mg1k(rho, variation, places).expect("in the domain");
            near(name, queue.loss, seen[0].whole.loss(), 0.1);
            near(
                name,
                1.0 + queue.wait,
                1.0 + seen[0].whole.waits.mean(),
                0.05,
            );
        }
    }
}

#[test]
fn who_goes_first_waits_as_cobham_says_at_any_load_of_the_others() {
    for cross in [0.5, 1.3] {
        let mut hop = Hop {
            priority: true,
            ..hop()
        };
        hop.class.rate = 0.3 * RATE;
        hop.cross.smooth = cross * RATE;
        let seen = measured(&hop, LONG);
        let wait = passage(&hop, Model::Priority).wait;
        near(
            "first in line",
            wait.mean(),
            seen[0].whole.waits.mean(),
            0.05,
        );
        let tail = seen[0].whole.waits.percentile(0.99).expect("a level");
        near(
            "first in line, 99 %",
            wait.percentile(0.99).expect("a level"),
            tail,
            0.05,
        );
        let class = |rate, service| PriorityClass {
            rate,
            service,
            variation: 0.0,
        };
        if let Ok(waits) = priority_waits(&[class(3.0, 0.1), class(cross, 1.0)]) {
            near("Cobham, first", waits[0], seen[0].whole.waits.mean(), 0.05);
            near("Cobham, second", waits[1], seen[1].whole.waits.mean(), 0.05);
        }
    }
}

#[test]
fn streams_with_a_beat_wait_as_the_average_over_all_phases_says() {
    let beat = Flow {
        arrivals: Arrivals::Periodic { period: 100.0 },
        ..poisson(0.5, one_size(RATE), 0)
    };
    let streams = vec![beat; 80];
    let (mut wait, mut above, times) = (0.0, 0.0, 8000u32);
    for seed in 0..times {
        let short = Run {
            seed: u64::from(seed),
            packets: 160,
            warm_up: 80,
        };
        let seen = run(&[LINE], &streams, short).expect("sound");
        wait += together(&seen).1 / f64::from(times);
        let many: f64 = seen.iter().map(|s| s.whole.waits.above(5.0)).sum();
        above += many / 80.0 / f64::from(times);
    }
    let hop = Hop {
        class: Class {
            rate: 0.8 * RATE,
            packet: RATE,
            streams: Some(80),
        },
        ..hop()
    };
    near(
        "N·D/D/1",
        passage(&hop, Model::Periodic).wait.mean(),
        wait,
        0.05,
    );
    let formula = nddd1_wait_exceeds(79, 100.0, 5.0).expect("fits");
    near("N·D/D/1 above 5", formula, above, 0.1);
}

#[test]
fn bursts_wait_as_the_fluid_says_and_five_times_as_long_as_at_random() {
    for (bursts, times) in [
        (bursts(40, 0.05, 0.6, 15.0), 5.0),
        (bursts(20, 0.1, 0.7, 10.0), 5.0),
        (bursts(50, 0.1, 0.7, 10.0), 4.0),
        (bursts(5, 0.3, 0.6, 10.0), 3.0),
    ] {
        let hop = Hop {
            cross: Cross {
                bursts: Some(bursts),
                ..hop().cross
            },
            ..hop()
        };
        let seen = measured(
            &hop,
            Run {
                packets: 1_000_000,
                ..LONG
            },
        );
        let wait = passage(&hop, Model::Burst).wait;
        let class = &seen[0].whole.waits;
        near("class behind bursts", wait.mean(), class.mean(), 0.05);
        let tail = class.percentile(0.99).expect("a level");
        near(
            "class behind bursts, 99 %",
            wait.percentile(0.99).expect("a level"),
            tail,
            0.12,
        );
        let alone = run(&[LINE], &in_bursts(bursts, 0), LONG).expect("sound");
        let own = bursts.own_wait(RATE, RATE).expect("stable");
        near(
            "bursts themselves",
            own + 1.0,
            together(&alone).1 + 1.0,
            0.05,
        );
        let random = mg1_wait(0.02 + bursts.mean() / RATE, 0.0).expect("stable");
        assert!(
            class.mean() > times * random,
            "{} is not {times} × {random}",
            class.mean()
        );
    }
}

#[test]
fn full_buffers_lose_bursts_as_the_fluid_says_at_any_load() {
    for (bursts, places) in [
        (bursts(20, 0.1, 0.7, 10.0), 50),
        (bursts(50, 0.1, 0.8, 10.0), 60),
        (bursts(20, 0.1, 1.2, 10.0), 50),
    ] {
        let hop = Hop {
            places: Some(places),
            cross: Cross {
                bursts: Some(bursts),
                ..hop().cross
            },
            ..hop()
        };
        let seen = measured(&hop, LONG);
        let passage = passage(&hop, Model::Burst);
        near(
            "class before a full buffer",
            passage.loss,
            seen[0].whole.loss(),
            0.25,
        );
        near(
            "wait in a short buffer",
            passage.wait.mean(),
            seen[0].whole.waits.mean(),
            0.12,
        );
        let held = bursts
            .held(RATE, f64::from(places - 1) * RATE)
            .expect("in the domain");
        let line = Line {
            places: Some(places),
            ..LINE
        };
        let alone = run(&[line], &in_bursts(bursts, 0), LONG).expect("sound");
        near(
            "bursts before a full buffer",
            held.loss(),
            together(&alone).0,
            0.1,
        );
    }
}

#[test]
fn priority_spares_a_class_from_bursts_that_overload_the_line() {
    let hop = Hop {
        priority: true,
        places: Some(50),
        cross: Cross {
            bursts: Some(bursts(20, 0.1, 1.4, 10.0)),
            ..hop().cross
        },
        ..hop()
    };
    let seen = measured(&hop, LONG);
    let passage = passage(&hop, Model::Priority);
    near(
        "spared",
        passage.wait.mean(),
        seen[0].whole.waits.mean(),
        0.05,
    );
    assert!(passage.loss < 1e-9 && seen[0].whole.lost == 0);
}

#[test]
fn one_set_of_sources_stands_for_several_kinds() {
    let kinds = [bursts(10, 0.1, 0.35, 10.0), bursts(30, 0.2, 0.35, 10.0)];
    let both = Bursts::blended(&kinds).expect("sound");
    let hop = Hop {
        cross: Cross {
            bursts: Some(both),
            ..hop().cross
        },
        ..hop()
    };
    let mut all = flows(&Hop {
        cross: Cross {
            bursts: None,
            ..hop.cross
        },
        ..hop
    });
    all.extend(kinds.iter().flat_map(|kind| in_bursts(*kind, 0)));
    let seen = run(&[LINE], &all, LONG).expect("sound");
    let wait = passage(&hop, Model::Burst).wait.mean();
    near("two kinds", wait, seen[0].whole.waits.mean(), 0.1);
}

#[test]
fn delays_of_three_hops_add_up() {
    let random = Hop {
        cross: Cross {
            smooth: 0.7 * RATE,
            ..hop().cross
        },
        propagation: 2.0,
        ..hop()
    };
    let ahead = Hop {
        priority: true,
        ..random
    };
    let bursty = Hop {
        cross: Cross {
            bursts: Some(bursts(20, 0.1, 0.5, 5.0)),
            ..hop().cross
        },
        ..random
    };
    let hops = [random, ahead, bursty];
    let line = Line { delay: 2.0, ..LINE };
    let mut all = vec![Flow {
        route: vec![0, 1, 2],
        ..flows(&random).remove(0)
    }];
    for (at, hop) in hops.iter().enumerate() {
        let mut cross = flows(hop).split_off(1);
        // Where the class does not go before the others, they share the first queue.
        cross.iter_mut().for_each(|flow| {
            flow.route = vec![at];
            flow.priority = usize::from(hop.priority);
        });
        all.extend(cross);
    }
    let seen = run(
        &[line; 3],
        &all,
        Run {
            packets: 2_000_000,
            ..LONG
        },
    )
    .expect("sound");
    let passages: Vec<Passage> = hops
        .iter()
        .map(|hop| hop.passage().expect("sound"))
        .collect();
    let path = path(&passages, 0.99).expect("a level");
    let whole = &seen[0].whole;
    near("three hops", path.delay, whole.sojourns.mean(), 0.05);
    near(
        "three hops, jitter",
        path.jitter,
        whole.waits.percentile(0.99).expect("a level"),
        0.1,
    );
    assert!(path.jitter < path.jitter_bound);
}
