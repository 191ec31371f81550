//! How a load divides, against following every single way.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::collections::{BTreeMap, BTreeSet};
use utsushi_model::finding::Packet;
use utsushi_sim::plane::spread::{Spread, answers, spread};
use utsushi_sim::plane::step::{Denials, Exit, through};
use utsushi_sim::plane::trace::{Disposition, MOST_WAYS, trace};
use utsushi_sim::plane::{LinkWay, NodeIx, Peer, Plane, PortIx, SegmentIx};

/// More than the rounding of a few hundred additions.
const NEARLY: f64 = 1e-9;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < NEARLY
}

fn lost(spread: &Spread) -> f64 {
    spread.lost.iter().map(|(_, share)| share).sum()
}

/// What following every way adds up to.
#[derive(Default)]
struct Sum {
    links: BTreeMap<LinkWay, f64>,
    nodes: BTreeMap<NodeIx, f64>,
    arrived: BTreeMap<(SegmentIx, Packet), f64>,
    lost: f64,
}

/// Follows one way after the other, each with its share; nothing is merged.
fn follow(plane: &Plane, port: PortIx, packet: Packet, share: f64, sum: &mut Sum) {
    let node = plane.ports[port.0].node;
    *sum.nodes.entry(node).or_default() += share;
    for way in through(plane, port, packet, None, Denials::End) {
        let share = share * way.share;
        let Exit::Out(out, packet) = way.exit else {
            sum.lost += share;
            continue;
        };
        match plane.ports[out.0].peer {
            Peer::Port(there, link) => {
                *sum.links.entry(link).or_default() += share;
                follow(plane, there, packet, share, sum);
            }
            Peer::Segment(segment) if home(plane, segment, &packet) => {
                *sum.arrived.entry((segment, packet)).or_default() += share;
            }
            Peer::Segment(_) => sum.lost += share,
        }
    }
}

fn home(plane: &Plane, segment: SegmentIx, packet: &Packet) -> bool {
    let members = &plane.segments[segment.0].members;
    members.iter().any(|r| r.contains(packet.dst))
}

/// All of a load arrives or is lost; without loops it takes every way by its share.
pub(crate) fn shares(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    for packet in packets {
        let load = spread(plane, from, *packet, &[]);
        prop_assert!(
            near(load.arriving() + lost(&load), 1.0),
            "{packet:?} from {from:?}: {load:?}"
        );
        let back = answers(plane, &load);
        prop_assert!(
            near(back.arriving() + lost(&back), load.arriving()),
            "answers to {packet:?} from {from:?}: {back:?}"
        );
        let paths = trace(plane, from, *packet);
        let loops = |d: Disposition| matches!(d, Disposition::Loop(_));
        if paths.len() < MOST_WAYS && !paths.iter().any(|p| loops(p.disposition)) {
            each_way(plane, from, *packet, &load)?;
        }
    }
    Ok(())
}

fn each_way(plane: &Plane, from: SegmentIx, packet: Packet, load: &Spread) -> Outcome {
    let gateways = &plane.segments[from.0].gateways;
    if home(plane, from, &packet) || gateways.is_empty() {
        return Ok(());
    }
    let mut sum = Sum::default();
    #[expect(clippy::cast_precision_loss, reason = "a handful of gateways")]
    let part = 1.0 / gateways.len() as f64;
    for gateway in gateways {
        follow(plane, *gateway, packet, part, &mut sum);
    }
    let mut arrived: BTreeMap<(SegmentIx, Packet), f64> = BTreeMap::new();
    for (segment, header, share) in &load.arrived {
        *arrived.entry((*segment, *header)).or_default() += share;
    }
    prop_assert!(near(sum.lost, lost(load)), "lost of {packet:?}");
    same(&sum.links, &load.links)?;
    same(&sum.nodes, &load.nodes)?;
    same(&sum.arrived, &arrived)
}

fn same<K: Ord + std::fmt::Debug>(a: &BTreeMap<K, f64>, b: &BTreeMap<K, f64>) -> Outcome {
    let keys = |m: &BTreeMap<K, f64>| m.keys().map(|k| format!("{k:?}")).collect::<BTreeSet<_>>();
    prop_assert_eq!(keys(a), keys(b));
    for (key, share) in a {
        prop_assert!(near(*share, b[key]), "{key:?}: {share} and {}", b[key]);
    }
    Ok(())
}

/// Where doubt splits a way, what perhaps passes counts in full and what is perhaps lost counts too.
pub(crate) fn no_more_than_sent(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    for packet in packets {
        let load = spread(plane, from, *packet, &[]);
        let arriving = load.arriving();
        prop_assert!(
            arriving < 1.0 + NEARLY,
            "{packet:?} from {from:?}: {load:?}"
        );
        prop_assert!(
            arriving + lost(&load) > 1.0 - NEARLY,
            "{packet:?} from {from:?}: {load:?}"
        );
    }
    Ok(())
}
