//! What two states let through differently, against a walk of single packets in both.

use super::compare::point;
use super::run::Outcome;
use proptest::prop_assert;
use std::collections::BTreeSet;
use std::sync::Arc;
use utsushi_model::finding::Packet;
use utsushi_model::migration::Migration;
use utsushi_model::network::{Network, SegmentId};
use utsushi_sim::diff::{Kind, Part, between, difference, segments};
use utsushi_sim::plane::boxes::packet;
use utsushi_sim::plane::step::{Denials, Exit, through};
use utsushi_sim::plane::{Peer, Plane, PortIx};
use utsushi_sim::space::{Field, Point, Space};
use utsushi_sim::strategies::{Corners, Probe};

/// More points than this on a walk: too many ways to compare.
const MOST: usize = 4_000;

/// What a walk through one state saw.
#[derive(Debug, Default, PartialEq, Eq)]
struct Walked {
    /// Segments of arrival, with the header there.
    arrived: BTreeSet<(SegmentId, Packet)>,
    /// Node, interface, and what it leads to, with the header as it left.
    crossed: BTreeSet<(String, String, String, Packet)>,
}

/// Every interface that a packet leaves by, and where it arrives; nothing where the segment does not exist or
/// does not hold the sender, and `None` where there are too many ways.
fn walk(plane: &Plane, from: &SegmentId, packet: Packet) -> Option<Walked> {
    let mut seen = Walked::default();
    let Some(at) = plane.segment(from) else {
        return Some(seen);
    };
    let segment = &plane.segments[at.0];
    if !segment.members.iter().any(|r| r.contains(packet.src)) {
        return Some(seen);
    }
    if segment.members.iter().any(|r| r.contains(packet.dst)) {
        seen.arrived.insert((from.clone(), packet));
        return Some(seen);
    }
    let mut open: Vec<(PortIx, Packet)> = segment.gateways.iter().map(|g| (*g, packet)).collect();
    let mut been = BTreeSet::new();
    while let Some((port, packet)) = open.pop() {
        if !been.insert((port, packet)) {
            continue;
        }
        if been.len() > MOST {
            return None;
        }
        for way in through(plane, port, packet, None, Denials::End) {
            let Exit::Out(out, packet) = way.exit else {
                continue;
            };
            let port = &plane.ports[out.0];
            let node = plane.nodes[port.node.0].id.to_string();
            let next = match port.peer {
                Peer::Segment(segment) => {
                    let segment = &plane.segments[segment.0];
                    if segment.members.iter().any(|r| r.contains(packet.dst)) {
                        seen.arrived.insert((segment.id.clone(), packet));
                    }
                    segment.id.to_string()
                }
                Peer::Port(there, way) => {
                    open.push((there, packet));
                    let link = plane.network.links.ids().nth(way.link);
                    link.expect("a link").to_string()
                }
            };
            let crossed = (node, port.name.to_string(), next, packet);
            seen.crossed.insert(crossed);
        }
    }
    Some(seen)
}

/// Packets at the corners of both networks and of the differences found.
fn packets(
    space: &Space,
    networks: [&Network; 2],
    from: &SegmentId,
    probes: &[Probe],
    parts: &[&Part],
) -> Vec<Packet> {
    let mut out = Vec::new();
    for network in networks {
        let corners = Corners::of(network);
        if let Some(segment) = network.segments.get(from) {
            out.extend(
                probes
                    .iter()
                    .filter_map(|p| corners.packet(network, segment, p)),
            );
        }
    }
    for part in parts {
        for cube in space.cubes(part.set).iter().take(4) {
            let ends = |field| {
                let all = cube.get(field);
                [all[0].lo, all[all.len() - 1].hi]
            };
            for bits in 0..32_usize {
                let value = |i: usize, field| ends(field)[bits >> i & 1];
                out.push(packet(Point {
                    src: value(0, Field::Src),
                    dst: value(1, Field::Dst),
                    protocol: u8::try_from(value(2, Field::Protocol)).expect("a protocol"),
                    src_port: u16::try_from(value(3, Field::SrcPort)).expect("a port"),
                    dst_port: u16::try_from(value(4, Field::DstPort)).expect("a port"),
                }));
            }
        }
    }
    out
}

/// Newly allowed, newly denied and re-routed hold exactly the packets that the walk sees treated so.
pub(crate) fn exact(plan: &Migration, probes: &[Probe]) -> Outcome {
    let states = [&plan.states[0], &plan.states[plan.states.len() - 1]];
    let networks = states.map(|s| s.network.as_ref());
    let planes = states.map(|s| Plane::compile(Arc::clone(&s.network), s.date));
    let mut space = Space::new();
    let found = difference(&mut space, planes.each_ref()).expect("room");
    let all = segments(networks);
    for (i, from) in all.iter().enumerate() {
        let parts: Vec<&Part> = found.parts.iter().filter(|p| p.from == *from).collect();
        let own: Vec<Probe> = probes.iter().skip(i).step_by(all.len()).cloned().collect();
        for packet in packets(&space, networks, from, &own, &parts) {
            let (Some(old), Some(new)) = (
                walk(&planes[0], from, packet),
                walk(&planes[1], from, packet),
            ) else {
                continue;
            };
            let told: BTreeSet<Kind> = parts
                .iter()
                .filter(|p| space.contains(p.set, &point(&packet)))
                .map(|p| p.kind)
                .collect();
            let seen = match (old.arrived.is_empty(), new.arrived.is_empty()) {
                (true, false) => BTreeSet::from([Kind::Allowed]),
                (false, true) => BTreeSet::from([Kind::Denied]),
                (false, false) if old != new => BTreeSet::from([Kind::Rerouted]),
                _ => BTreeSet::new(),
            };
            prop_assert!(
                told == seen,
                "told {told:?}, walked {seen:?}: {packet:?} from {from}\n{old:?}\n{new:?}"
            );
        }
    }
    Ok(())
}

/// Replays the plan change by change: right after the cause a witness is treated as at the end (for
/// allowed and denied), and right before it is not. Every difference has a cause.
pub(crate) fn causes(plan: &Migration, _: &[Probe]) -> Outcome {
    let last = plan.states.len() - 1;
    let told = between(plan, 0, last).expect("room");
    let mut networks = vec![(Network::clone(&plan.states[0].network), plan.states[0].date)];
    for (step, state) in plan.steps.iter().zip(&plan.states[1..]) {
        for change in &step.changes {
            let (before, _) = &networks[networks.len() - 1];
            let after = change.apply(before).expect("a change that applies");
            networks.push((after, state.date));
        }
    }
    let places: Vec<_> = plan.steps.iter().flat_map(|s| &s.changes).collect();
    for traffic in &told.traffic {
        prop_assert!(!traffic.causes.is_empty(), "no cause: {traffic:?}");
        if traffic.kind == Kind::Rerouted || traffic.causes.len() > 1 {
            continue;
        }
        let cause = &traffic.causes[0].what.en;
        let arrives = |at: usize, from: &SegmentId| {
            let (network, day) = &networks[at];
            let plane = Plane::compile(Arc::new(network.clone()), *day);
            walk(&plane, from, traffic.witness).is_some_and(|w| !w.arrived.is_empty())
        };
        let wanted = traffic.kind == Kind::Allowed;
        let flips = (0..places.len()).any(|i| {
            let named = cause.ends_with(places[i].words().en.as_str());
            let turned = |from| arrives(i, from) != wanted && arrives(i + 1, from) == wanted;
            named && traffic.from.iter().any(turned)
        });
        prop_assert!(
            flips || cause.contains("begins on"),
            "not by {cause}: {traffic:?}"
        );
    }
    let reversed = between(plan, last, 0).expect("room");
    let count = |d: &utsushi_sim::diff::Difference, kind| {
        d.traffic.iter().filter(|t| t.kind == kind).count()
    };
    prop_assert!(
        (count(&told, Kind::Allowed) == 0) == (count(&reversed, Kind::Denied) == 0),
        "seen from the other side"
    );
    Ok(())
}
