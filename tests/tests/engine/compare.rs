//! The comparisons.

pub(crate) use super::header::point;
use super::header::shows;
use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::collections::BTreeSet;
use utsushi_model::finding::Packet;
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::flow::{self, Question, Reach};
use utsushi_sim::plane::sessions::sessions;
use utsushi_sim::plane::sets::{Sets, intervals};
use utsushi_sim::plane::trace::{Disposition, MOST_WAYS, Path, exchange, trace};
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::space::{Field, Set};

/// Everything that members of a segment can send, with true source addresses.
fn start(sets: &mut Sets<'_>, from: SegmentIx) -> Set {
    let members = intervals(&sets.plane.segments[from.0].members);
    let headers = sets.headers().expect("room");
    let own = sets.space.field(Field::Src, &members).expect("room");
    sets.space.intersection(headers, own).expect("room")
}

/// What becomes of everything that members of a segment can send.
pub(crate) fn reach(sets: &mut Sets<'_>, from: SegmentIx) -> Reach {
    let start = start(sets, from);
    flow::forward(sets, from, start, &Question::default()).expect("room")
}

/// Where ways end at a member of a segment, with the header there.
pub(crate) fn arrivals(paths: &[Path]) -> BTreeSet<(SegmentIx, Packet)> {
    paths
        .iter()
        .filter_map(|p| match p.disposition {
            Disposition::Delivered(segment) => Some((segment, p.packet)),
            _ => None,
        })
        .collect()
}

/// Whether some way ends elsewhere.
pub(crate) fn some_way_drops(paths: &[Path]) -> bool {
    !paths
        .iter()
        .all(|p| matches!(p.disposition, Disposition::Delivered(_)))
}

/// What arrives where with which header, and what some way drops.
pub(crate) fn forward(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    let mut sets = Sets::new(plane, Bound::May);
    let reach = reach(&mut sets, from);
    for packet in packets {
        let at = point(packet);
        let paths = trace(plane, from, *packet);
        if paths.len() >= MOST_WAYS {
            continue;
        }
        let deliveries: Vec<_> = reach
            .delivered
            .iter()
            .filter(|d| sets.space.contains(d.set, &at))
            .collect();
        let arrivals = arrivals(&paths);
        for (segment, header) in &arrivals {
            prop_assert!(
                deliveries
                    .iter()
                    .any(|d| d.segment == *segment && shows(&d.view, packet, header)),
                "traced to {segment:?} as {header:?}, not in the sets: {packet:?} from {from:?}\n{deliveries:?}"
            );
        }
        for delivery in &deliveries {
            prop_assert!(
                arrivals
                    .iter()
                    .any(|(s, h)| *s == delivery.segment && shows(&delivery.view, packet, h)),
                "in the sets, not traced: {packet:?} from {from:?}\n{delivery:?}\n{arrivals:?}"
            );
        }
        prop_assert_eq!(
            sets.space.contains(reach.dropped.0, &at),
            some_way_drops(&paths),
            "dropped: {:?} from {:?}\n{:?}",
            packet,
            from,
            paths
        );
    }
    Ok(())
}

/// What of a segment's packets is answered on some way, and what is not on some way.
fn answered(sets: &mut Sets<'_>, from: SegmentIx, reach: &Reach) -> (Set, Set) {
    let all = sessions(sets, &[from], reach, Set::FULL).expect("room");
    (all.answered, all.unanswered)
}

/// Which sessions come about on some way, and which do on every way.
pub(crate) fn answers(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    let mut sets = Sets::new(plane, Bound::May);
    let reach = reach(&mut sets, from);
    let (home, lost) = answered(&mut sets, from, &reach);
    for packet in packets {
        let exchange = exchange(plane, from, *packet);
        if exchange.forward.len().max(exchange.answers.len()) >= MOST_WAYS {
            continue;
        }
        prop_assert_eq!(
            sets.space.contains(home, &point(packet)),
            exchange.answered(),
            "answered (sets, trace): {:?} from {:?}\n{:?}",
            packet,
            from,
            exchange
        );
        prop_assert_eq!(
            sets.space.contains(lost, &point(packet)),
            exchange.answers.iter().any(|p| !exchange.comes_home(p)),
            "answer lost on some way (sets, trace): {:?} from {:?}\n{:?}",
            packet,
            from,
            exchange
        );
    }
    Ok(())
}

/// Where translators choose, the trace makes one choice and the sets hold all: what the trace sees,
/// the sets know to be possible.
pub(crate) fn one_choice_among_all(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    let mut sets = Sets::new(plane, Bound::May);
    let reach = reach(&mut sets, from);
    let (home, lost) = answered(&mut sets, from, &reach);
    for packet in packets {
        let exchange = exchange(plane, from, *packet);
        if exchange.forward.len().max(exchange.answers.len()) >= MOST_WAYS {
            continue;
        }
        let at = point(packet);
        for (segment, header) in arrivals(&exchange.forward) {
            let possible = reach.delivered.iter().any(|d| {
                d.segment == segment
                    && sets.space.contains(d.set, &at)
                    && shows(&d.view, packet, &header)
            });
            prop_assert!(
                possible,
                "traced to {segment:?} as {header:?}: {packet:?} from {from:?}"
            );
        }
        let seen = [
            (
                reach.dropped.0,
                some_way_drops(&exchange.forward),
                "dropped",
            ),
            (home, exchange.answered(), "answered"),
            (
                lost,
                exchange.answers.iter().any(|p| !exchange.comes_home(p)),
                "answer lost",
            ),
        ];
        for (set, traced, what) in seen {
            prop_assert!(
                sets.space.contains(set, &at) || !traced,
                "{what}, not in the sets: {packet:?} from {from:?}\n{exchange:?}"
            );
        }
    }
    Ok(())
}
