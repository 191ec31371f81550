//! Full queues behind bursts against the packets: a class at random beside sources whose packets have one size, two, or
//! exponential ones, on a line whose queue counts places.
//!
//! Within 5 % of the mean delay and a tenth of the loss where that holds ([`PLAIN`]), and nowhere more than a tenth too
//! small ([`HARD`]: few sources, bursts of ten packets, few places, for which the model is too large).

use super::{LINE, LONG, RATE, bursts, exponential_sizes, near, one_size, poisson};
use crate::quality::hop::{Class, Cross, Hop, Model, Passage};
use crate::quality::packets::{Arrivals, Flow, Line, Run, Seen, Size, run};

/// Sources, activity, load of all, c² of sizes, places, packets of a burst, the class's share of the line and the
/// size of its packets in mean packets of the sources; a million packets so many times.
struct Case(u32, f64, f64, f64, u32, f64, (f64, f64), u64);

const PLAIN: [Case; 12] = [
    Case(30, 0.1, 0.85, 0.0, 50, 50.0, (0.009, 0.25), 8),
    Case(4, 0.35, 1.1, 0.0, 100, 30.0, (0.03, 1.0), 2),
    Case(60, 0.05, 0.85, 0.0, 100, 10.0, (0.009, 1.0), 4),
    Case(8, 0.1, 1.1, 0.0, 100, 100.0, (0.03, 0.25), 4),
    Case(8, 0.1, 0.85, 0.3, 100, 30.0, (0.025, 0.25), 4),
    Case(30, 0.05, 1.1, 0.3, 200, 20.0, (0.01, 1.0), 4),
    Case(60, 0.1, 0.7, 0.6, 100, 100.0, (0.07, 0.25), 12),
    Case(8, 0.1, 0.85, 0.6, 200, 200.0, (0.085, 1.0), 12),
    Case(60, 0.1, 1.0, 0.6, 100, 30.0, (0.03, 1.0), 4),
    Case(8, 0.2, 1.1, 1.0, 200, 20.0, (0.03, 1.0), 4),
    // Lines that are too full.
    Case(30, 0.1, 1.2, 0.6, 100, 50.0, (0.03, 1.0), 4),
    Case(60, 0.1, 1.5, 0.6, 100, 100.0, (0.05, 1.0), 2),
];

const HARD: [Case; 10] = [
    Case(4, 0.5, 0.85, 0.6, 50, 10.0, (0.009, 1.0), 4),
    Case(4, 0.05, 0.85, 0.3, 500, 50.0, (0.025, 0.25), 4),
    Case(8, 0.1, 0.85, 1.0, 50, 10.0, (0.085, 1.0), 2),
    Case(8, 0.35, 0.7, 1.0, 50, 50.0, (0.07, 1.0), 4),
    Case(4, 0.05, 0.85, 0.6, 50, 150.0, (0.025, 1.0), 4),
    Case(30, 0.35, 1.1, 0.6, 100, 10.0, (0.1, 1.0), 2),
    Case(7, 0.13, 1.15, 0.6, 100, 200.0, (0.05, 1.0), 8),
    // Packets of 64 and 1,494 bytes with a mean of 200.
    Case(60, 0.1, 0.7, 4.4, 100, 100.0, (0.07, 1.0), 8),
    Case(30, 0.1, 0.85, 4.4, 100, 100.0, (0.05, 1.0), 4),
    // A main line.
    Case(400, 0.1, 0.82, 0.0, 200, 200.0, (0.05, 1.0), 16),
];

/// Packets of 1500 and of fewer bytes, for c² of 4.4 of 64 and 1,494, scaled to a mean of one packet time.
fn sizes(variation: f64) -> Vec<Size> {
    let large = 1500.0 / 850.0;
    let small = 1.0 - variation / (large - 1.0);
    let share = (1.0 - small) / (large - small);
    let size = |bits: f64, weight| Size {
        bits: bits * RATE,
        weight,
    };
    let (tiny, huge) = (64.0 / 200.0, 1_494.0 / 200.0);
    let seldom = (1.0 - tiny) / (huge - tiny);
    match variation {
        0.0 => one_size(RATE),
        1.0 => exponential_sizes(),
        4.4 => vec![size(huge, seldom), size(tiny, 1.0 - seldom)],
        _ => vec![size(large, share), size(small, 1.0 - share)],
    }
}

impl Case {
    fn hop(&self) -> Hop {
        let Self(sources, activity, load, variation, places, volume, (share, size), _) = *self;
        Hop {
            line: RATE,
            propagation: 0.0,
            line_loss: 0.0,
            places: Some(places),
            class: Class {
                rate: share * RATE,
                packet: size * RATE,
                streams: None,
            },
            cross: Cross {
                smooth: 0.0,
                bursts: Some(bursts(sources, activity, load - share, volume)),
                packet: RATE,
                variation,
            },
            priority: false,
        }
    }

    /// The same as packets: what the class meets.
    fn seen(&self) -> Seen {
        let Self(sources, _, _, variation, places, _, (share, size), millions) = *self;
        let of = self.hop().cross.bursts.expect("bursts");
        let source = Flow {
            arrivals: Arrivals::OnOff {
                peak: of.peak,
                on: of.on,
                off: of.on * (1.0 - of.activity) / of.activity,
            },
            sizes: sizes(variation),
            priority: 0,
            route: vec![0],
        };
        let mut flows = vec![poisson(share, one_size(size * RATE), 0)];
        flows.extend(vec![source; sources as usize]);
        let line = Line {
            places: Some(places),
            ..LINE
        };
        let long = Run {
            packets: millions * 1_000_000,
            ..LONG
        };
        run(&[line], &flows, long).expect("sound").remove(0)
    }

    fn passage(&self) -> Passage {
        let passage = self.hop().passage().expect("in the domain");
        assert_eq!(passage.model, Model::Burst);
        passage
    }

    fn name(&self) -> String {
        let Self(sources, activity, load, variation, places, volume, class, _) = self;
        format!(
            "{sources} at {activity}, {load}, c² {variation}, {places} places, {volume}, {class:?}"
        )
    }
}

#[test]
fn full_queues_lose_and_delay_a_class_as_packets_do() {
    for case in PLAIN {
        let (said, seen, name) = (case.passage(), case.seen(), case.name());
        assert!(seen.whole.loss() > 1e-3, "{name}");
        near(&format!("loss, {name}"), said.loss, seen.whole.loss(), 0.1);
        let sojourn = seen.whole.sojourns.mean();
        near(&format!("delay, {name}"), said.delay(), sojourn, 0.05);
    }
}

#[test]
fn where_it_is_not_exact_a_full_queue_is_said_to_lose_too_much() {
    for case in HARD {
        let (said, seen, name) = (case.passage(), case.seen(), case.name());
        let loss = said.loss / seen.whole.loss();
        assert!((0.9..2.2).contains(&loss), "loss, {name}: {loss} times");
        let delay = said.delay() / seen.whole.sojourns.mean();
        assert!((0.8..1.12).contains(&delay), "delay, {name}: {delay} times");
    }
}

/// The line of an office with 10 Mbit/s: 52 users who load pages at 5 Mbit/s for a second beside talk and other traffic, as a
/// scenario of the library has it. Pages are of 850 bytes, c² 0.6.
#[test]
fn the_line_of_an_office_loses_talk_as_packets_do() {
    // 50 ms of packets of 1000 bytes.
    for (line, places) in [(10e6, 62), (14e6, 87)] {
        let times = RATE / line;
        let (class, smooth, packet) = (1.98e6 * times, 0.4e6 * times, RATE);
        let pages = super::Bursts {
            sources: 52,
            peak: 5e6 * times,
            on: line / 6800.0,
            activity: 0.015,
        };
        let places = Some(places);
        let hop = Hop {
            line: RATE,
            propagation: 0.0,
            line_loss: 0.0,
            places,
            class: Class {
                rate: class,
                packet: packet * 8000.0 / 6800.0,
                streams: None,
            },
            cross: Cross {
                smooth,
                bursts: Some(pages),
                packet,
                variation: 0.6,
            },
            priority: false,
        };
        let mut flows = vec![
            poisson(class / RATE, one_size(hop.class.packet), 0),
            poisson(smooth / RATE, sizes(0.6), 0),
        ];
        let mut users = super::in_bursts(pages, 0);
        users.iter_mut().for_each(|user| user.sizes = sizes(0.6));
        flows.extend(users);
        let long = Run {
            packets: 25_000_000,
            ..LONG
        };
        let seen = run(&[Line { places, ..LINE }], &flows, long).expect("sound");
        let said = hop.passage().expect("in the domain");
        near("office, loss", said.loss, seen[0].whole.loss(), 0.1);
        let sojourn = seen[0].whole.sojourns.mean();
        near("office, delay", said.delay(), sojourn, 0.1);
    }
}
