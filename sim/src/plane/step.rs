//! One packet through one node: the stations in order, each with what it decides.
//!
//! Goes in: a header, the interface it comes in by, and whether the node knows the session. Comes out:
//! every way on (equal-cost routes and undecided conditions make several), or why there is none.

use super::ask::decisions;
use super::condition::{Match, NatStep, Rewrite};
use super::routes::Origin;
use super::{FilterPlane, NodePlane, Plane, PortIx};
use utsushi_model::address::{address_at, position};
use utsushi_model::finding::{Decision, HopRecord, Packet, Stage};
use utsushi_model::place::Place;

/// How a packet leaves a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    /// Out by this interface, with this header.
    Out(PortIx, Packet),
    /// Denied by a filter.
    Denied,
    /// No route, or a route that ends at the node itself.
    NoRoute,
    /// Dropped on purpose by a route.
    Discarded,
}

/// One way of a packet through a node.
#[derive(Debug, Clone)]
pub struct Through {
    /// What was decided, station by station.
    pub hops: Vec<HopRecord>,
    /// How it leaves.
    pub exit: Exit,
    /// Whether nothing on the way hung on what cannot be judged offline.
    pub certain: bool,
    /// Which part of the packets takes this way where routes share evenly (1 for a single way).
    pub share: f64,
}

/// What a node remembers of a session: the header as it came in first, and as it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// As it came in.
    pub before: Packet,
    /// As it left.
    pub after: Packet,
}

/// The header of an answer.
#[must_use]
pub fn answer(packet: &Packet) -> Packet {
    Packet {
        src: packet.dst,
        dst: packet.src,
        protocol: packet.protocol,
        src_port: packet.dst_port,
        dst_port: packet.src_port,
    }
}

/// What a denial does to the packet that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denials {
    /// It ends there, as on a real network.
    End,
    /// It is noted, and the packet goes on as if it had been allowed: what else would block it?
    Noted,
    /// It ends there, and nothing is told of any station: for loads, where only shares count.
    Untold,
}

struct Partial {
    packet: Packet,
    hops: Vec<HopRecord>,
    certain: bool,
    share: f64,
    denials: Denials,
}

impl Partial {
    fn copy(&self) -> Self {
        Self {
            hops: self.hops.clone(),
            ..*self
        }
    }

    /// Notes what a station decided, unless nobody wants to know.
    fn note(&mut self, record: impl FnOnce() -> HopRecord) {
        if self.denials != Denials::Untold {
            self.hops.push(record());
        }
    }
}

/// Every way of a packet through the node it enters by `port`. `session` is what the node remembers if
/// the packet is an answer in a session it knows. `denials` says whether a denial ends the way.
#[must_use]
pub fn through(
    plane: &Plane,
    port: PortIx,
    packet: Packet,
    session: Option<&Session>,
    denials: Denials,
) -> Vec<Through> {
    let node = plane.node(port);
    let start = Partial {
        packet,
        hops: Vec::new(),
        certain: true,
        share: 1.0,
        denials,
    };
    let mut done = Vec::new();
    let ingress = plane.ports[port.0].ingress.map(|f| &plane.filters[f]);
    for entered in filtered(
        node,
        start,
        ingress,
        Stage::IngressFilter,
        (port, None),
        session.is_some(),
        &mut done,
    ) {
        for translated in destination(node, entered, port, session) {
            for (sent, out) in routed(plane, &translated, port, &mut done) {
                let forward = node.forward.map(|f| &plane.filters[f]);
                let stage = Stage::ForwardFilter;
                for passed in filtered(
                    node,
                    sent,
                    forward,
                    stage,
                    (port, Some(out)),
                    session.is_some(),
                    &mut done,
                ) {
                    for rewritten in source(node, passed, port, out, session) {
                        leave(
                            plane,
                            node,
                            rewritten,
                            (port, out),
                            session.is_some(),
                            &mut done,
                        );
                    }
                }
            }
        }
    }
    done
}

fn leave(
    plane: &Plane,
    node: &NodePlane,
    packet: Partial,
    (port, out): (PortIx, PortIx),
    known: bool,
    done: &mut Vec<Through>,
) {
    let egress = plane.ports[out.0].egress.map(|f| &plane.filters[f]);
    for left in filtered(
        node,
        packet,
        egress,
        Stage::EgressFilter,
        (port, Some(out)),
        known,
        done,
    ) {
        done.push(Through {
            exit: Exit::Out(out, left.packet),
            hops: left.hops,
            certain: left.certain,
            share: left.share,
        });
    }
}

fn record(
    node: &NodePlane,
    stage: Stage,
    decision: Decision,
    rule: Option<(&str, &Place)>,
) -> HopRecord {
    HopRecord {
        node: node.id.to_string(),
        stage,
        decision,
        // A filter's default has a place and no name.
        rule: rule.and_then(|(name, _)| (!name.is_empty()).then(|| name.to_owned())),
        place: rule.map(|(_, place)| place.clone()),
    }
}

/// What passes a filter; what it denies goes to `done`.
fn filtered(
    node: &NodePlane,
    packet: Partial,
    filter: Option<&FilterPlane>,
    stage: Stage,
    (incoming, outgoing): (PortIx, Option<PortIx>),
    known: bool,
    done: &mut Vec<Through>,
) -> Vec<Partial> {
    let Some(filter) = filter else {
        return vec![packet];
    };
    if known && filter.stateful {
        let mut packet = packet;
        packet.note(|| record(node, stage, Decision::Answer, None));
        return vec![packet];
    }
    let mut passed = Vec::new();
    let mut decide = |at: &Partial, allow: bool, certain: bool, rule: Option<(&str, &Place)>| {
        let decision = match (allow, certain) {
            (true, true) => Decision::Allowed,
            (false, true) => Decision::Denied,
            (_, false) => Decision::Undecided,
        };
        let mut next = at.copy();
        next.note(|| record(node, stage, decision, rule));
        next.certain &= certain;
        if allow || at.denials == Denials::Noted {
            passed.push(next);
        } else {
            done.push(Through {
                hops: next.hops,
                exit: Exit::Denied,
                certain: next.certain,
                share: at.share,
            });
        }
    };
    let decided = decisions(filter, |rule| match rule.session.holds(known) {
        true => rule.condition.judge(&packet.packet, incoming, outgoing),
        false => Match::No,
    });
    for decided in decided {
        let rule = decided.rule.map(|rule| (&*rule.name, &rule.place));
        let rule = rule.or(Some(("", &filter.place)));
        decide(&packet, decided.allow, decided.certain, rule);
    }
    share_evenly(passed)
}

/// The header after destination translation; for an answer, the undoing of source translation.
fn destination(
    node: &NodePlane,
    packet: Partial,
    port: PortIx,
    session: Option<&Session>,
) -> Vec<Partial> {
    if let Some(session) = session {
        let back = answer(&session.before);
        let undone = Packet {
            dst: back.dst,
            dst_port: back.dst_port,
            ..packet.packet
        };
        return vec![rewritten(node, packet, undone, Stage::DestinationNat, None)];
    }
    translated(
        node,
        packet,
        &node.destination_nat,
        (port, None),
        Stage::DestinationNat,
    )
}

/// The header after source translation; for an answer, the undoing of destination translation.
fn source(
    node: &NodePlane,
    packet: Partial,
    port: PortIx,
    out: PortIx,
    session: Option<&Session>,
) -> Vec<Partial> {
    if let Some(session) = session {
        let back = answer(&session.before);
        let undone = Packet {
            src: back.src,
            src_port: back.src_port,
            ..packet.packet
        };
        return vec![rewritten(node, packet, undone, Stage::SourceNat, None)];
    }
    translated(
        node,
        packet,
        &node.source_nat,
        (port, Some(out)),
        Stage::SourceNat,
    )
}

fn rewritten(
    node: &NodePlane,
    mut packet: Partial,
    now: Packet,
    stage: Stage,
    rule: Option<(&str, &Place)>,
) -> Partial {
    if packet.packet != now {
        packet.note(|| record(node, stage, Decision::Rewritten(now), rule));
        packet.packet = now;
    }
    packet
}

fn translated(
    node: &NodePlane,
    packet: Partial,
    rules: &[NatStep],
    (port, out): (PortIx, Option<PortIx>),
    stage: Stage,
) -> Vec<Partial> {
    let mut ways = Vec::new();
    let mut sure = packet.certain;
    for rule in rules {
        let matched = rule.condition.judge(&packet.packet, port, out);
        if matched == Match::No {
            continue;
        }
        let certain = sure && matched == Match::Yes;
        let headers = rewrites(&rule.rewrite, &packet.packet);
        if headers.is_empty() {
            // A pool without an address of the packet's family cannot translate it.
            continue;
        }
        for now in headers {
            let mut copy = packet.copy();
            copy.certain = certain;
            ways.push(rewritten(
                node,
                copy,
                now,
                stage,
                Some((&rule.name, &rule.place)),
            ));
        }
        if matched == Match::Yes {
            return share_evenly(ways);
        }
        sure = false;
    }
    ways.push(Partial {
        certain: sure,
        ..packet
    });
    share_evenly(ways)
}

/// Several ways out of one station share what came in.
fn share_evenly(mut ways: Vec<Partial>) -> Vec<Partial> {
    #[expect(clippy::cast_precision_loss, reason = "a handful of ways")]
    let count = ways.len() as f64;
    for way in &mut ways {
        way.share /= count;
    }
    ways
}

/// The headers a translation can make of one. A pool of several ranges gives the first address of each,
/// with the lowest port a translator uses; the exact set is the business of [`super::sets`].
fn rewrites(rewrite: &Rewrite, packet: &Packet) -> Vec<Packet> {
    let ports = packet.protocol.has_ports();
    match rewrite {
        Rewrite::Keep => vec![*packet],
        Rewrite::Source(pool) => {
            let same_family = pool
                .iter()
                .filter(|r| r.first_address().is_ipv4() == packet.src.is_ipv4());
            same_family
                .map(|range| Packet {
                    src: range.first_address(),
                    src_port: if ports {
                        packet.src_port.max(FIRST_TRANSLATED_PORT)
                    } else {
                        0
                    },
                    ..*packet
                })
                .collect()
        }
        Rewrite::Address(to, _) if to.first_address().is_ipv4() != packet.dst.is_ipv4() => {
            Vec::new()
        }
        Rewrite::Address(to, port) => vec![Packet {
            dst: to.first_address(),
            dst_port: port.filter(|_| ports).unwrap_or(packet.dst_port),
            ..*packet
        }],
        Rewrite::Block(from, _) if !from.contains(packet.dst) => Vec::new(),
        Rewrite::Block(from, to) => {
            let offset = position(packet.dst) - from.first();
            vec![Packet {
                dst: address_at(to.first() + offset),
                ..*packet
            }]
        }
    }
}

/// The lowest port that a port translator hands out (RFC 4787 keeps the well-known ones apart).
pub const FIRST_TRANSLATED_PORT: u16 = 1024;

/// Where routes send a packet; what they drop goes to `done`.
fn routed(
    plane: &Plane,
    packet: &Partial,
    port: PortIx,
    done: &mut Vec<Through>,
) -> Vec<(Partial, PortIx)> {
    let node = plane.node(port);
    let mut ways: Vec<(Partial, PortIx)> = Vec::new();
    let mut sure = packet.certain;
    for policy in &node.policies {
        let matched = policy.condition.judge(&packet.packet, port, None);
        if matched == Match::No {
            continue;
        }
        let rule = Some((&*policy.name, &policy.place));
        send(
            plane,
            node,
            packet,
            (&policy.via, sure && matched == Match::Yes),
            rule,
            &mut ways,
            done,
        );
        if matched == Match::Yes {
            return no_more_than(packet.share, ways);
        }
        sure = false;
    }
    let table = &plane.tables[plane.ports[port.0].table.0];
    match table.lookup(packet.packet.dst) {
        Some(route) if route.origin != Origin::Own => {
            let rule = route.place.map(|place| ("route", place));
            send(
                plane,
                node,
                packet,
                (route.via, sure),
                rule,
                &mut ways,
                done,
            );
        }
        _ => stop(
            node,
            packet,
            sure,
            Decision::NoRoute,
            Exit::NoRoute,
            None,
            done,
        ),
    }
    no_more_than(packet.share, ways)
}

/// Routes that only perhaps apply share with those behind them, in proportion, what came in.
fn no_more_than(whole: f64, mut ways: Vec<(Partial, PortIx)>) -> Vec<(Partial, PortIx)> {
    let sum: f64 = ways.iter().map(|(way, _)| way.share).sum();
    if sum > whole && ways.iter().any(|(way, _)| !way.certain) {
        ways.iter_mut()
            .for_each(|(way, _)| way.share *= whole / sum);
    }
    ways
}

fn send(
    plane: &Plane,
    node: &NodePlane,
    packet: &Partial,
    (via, certain): (&[PortIx], bool),
    rule: Option<(&str, &Place)>,
    ways: &mut Vec<(Partial, PortIx)>,
    done: &mut Vec<Through>,
) {
    if via.is_empty() {
        stop(
            node,
            packet,
            certain,
            Decision::Discarded,
            Exit::Discarded,
            rule,
            done,
        );
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of interfaces")]
    let count = via.len() as f64;
    for out in via {
        let mut way = packet.copy();
        way.note(|| {
            let sent = Decision::Sent(peer_name(plane, *out));
            record(node, Stage::Route, sent, rule)
        });
        way.certain = certain;
        way.share /= count;
        ways.push((way, *out));
    }
}

fn stop(
    node: &NodePlane,
    packet: &Partial,
    certain: bool,
    decision: Decision,
    exit: Exit,
    rule: Option<(&str, &Place)>,
    done: &mut Vec<Through>,
) {
    let mut stopped = packet.copy();
    stopped.note(|| record(node, Stage::Route, decision, rule));
    done.push(Through {
        hops: stopped.hops,
        exit,
        certain,
        share: packet.share,
    });
}

/// The name of what an interface leads to.
#[must_use]
pub fn peer_name(plane: &Plane, port: PortIx) -> String {
    match plane.ports[port.0].peer {
        super::Peer::Port(there, _) => plane.node(there).id.to_string(),
        super::Peer::Segment(segment) => plane.segments[segment.0].id.to_string(),
    }
}
