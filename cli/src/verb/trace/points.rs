//! Every point that would block a packet, its answer, or a leg of the conversation.
//!
//! In: an exchange that went on past each denial, and the conversation. Out: [`Point`]s in the order in
//! which they are met, each once for each part of the conversation.

use std::net::IpAddr;
use utsushi::model::finding::{Decision, HopRecord, Stage};
use utsushi::sim::plane::Plane;
use utsushi::sim::plane::trace::{Disposition, Exchange, Path, blocks, exchange_past_denials};
use utsushi::sim::replay::conversation::{Conversation, StopReason};
use utsushi::wording::Context;

/// Which part of a conversation is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The packet that was asked about.
    There,
    /// The answer to it.
    Back,
    /// The packets of a leg, counted from 1.
    Leg(usize),
    /// The answers on a leg.
    LegBack(usize),
    /// What the relay at the end of a leg carries on.
    Relay(usize),
    /// What the access table at the beginning of a leg says.
    Table(usize),
}

impl Part {
    /// Its words.
    pub(super) fn words(self, context: &Context<'_>) -> String {
        let (ja, en) = match self {
            Self::There => ("往路".to_owned(), "there".to_owned()),
            Self::Back => ("復路".to_owned(), "back".to_owned()),
            Self::Leg(n) => (format!("区間{n} 往路"), format!("leg {n} there")),
            Self::LegBack(n) => (format!("区間{n} 復路"), format!("leg {n} back")),
            Self::Relay(n) => (format!("区間{n} 中継"), format!("leg {n} relay")),
            Self::Table(n) => (
                format!("区間{n} アクセス表"),
                format!("leg {n} access table"),
            ),
        };
        context.pick(ja, en)
    }

    /// Its word and the leg in JSON.
    pub(super) const fn key(self) -> (&'static str, Option<usize>) {
        match self {
            Self::There => ("there", None),
            Self::Back => ("back", None),
            Self::Leg(n) => ("there", Some(n)),
            Self::LegBack(n) => ("back", Some(n)),
            Self::Relay(n) => ("relay", Some(n)),
            Self::Table(n) => ("access-table", Some(n)),
        }
    }
}

/// A point that would block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) part: Part,
    pub(super) hop: HopRecord,
}

/// Every point of an exchange and of the legs of a conversation.
pub(super) fn points(
    plane: &Plane,
    walked: &Exchange,
    conversation: Option<&Conversation>,
) -> Vec<Point> {
    let mut out = Vec::new();
    put(&mut out, plane, Part::There, &walked.forward);
    put(&mut out, plane, Part::Back, &walked.answers);
    let Some(conversation) = conversation else {
        return out;
    };
    for (i, leg) in conversation.legs.iter().enumerate() {
        let Some(packet) = Conversation::packet(leg) else {
            continue;
        };
        let own = exchange_past_denials(plane, leg.course.from, packet);
        // A client that goes straight there sends the packet that was asked about; it is told already.
        if own.sent != walked.sent {
            put(&mut out, plane, Part::Leg(i + 1), &own.forward);
            put(&mut out, plane, Part::LegBack(i + 1), &own.answers);
        }
        let mut seen: Vec<IpAddr> = own.forward.iter().map(|p| p.packet.src).collect();
        if seen.is_empty() {
            seen.push(packet.src);
        }
        seen.sort_unstable();
        seen.dedup();
        for source in seen {
            if let Some(hop) = conversation.refusal(plane, i, source) {
                let point = Point {
                    part: Part::Relay(i + 1),
                    hop,
                };
                if !out.contains(&point) {
                    out.push(point);
                }
            }
        }
    }
    out.extend(stopped(conversation));
    out
}

fn put(out: &mut Vec<Point>, plane: &Plane, part: Part, paths: &[Path]) {
    let hops = blocks(paths).into_iter().chain(astray(plane, paths));
    out.extend(hops.map(|hop| Point { part, hop }));
}

/// The ends of ways that no station decides: segments that do not hold the receiver, or that nothing leaves.
fn astray(plane: &Plane, paths: &[Path]) -> Vec<HopRecord> {
    let mut out: Vec<HopRecord> = Vec::new();
    for path in paths {
        let (Disposition::LeftTheModel(at) | Disposition::NoGateway(at)) = path.disposition else {
            continue;
        };
        let hop = HopRecord {
            node: plane.segments[at.0].id.to_string(),
            stage: Stage::Arrival,
            decision: Decision::NoRoute,
            rule: None,
            place: None,
        };
        if !out.contains(&hop) {
            out.push(hop);
        }
    }
    out
}

/// Where the access tables do not lead on.
fn stopped(conversation: &Conversation) -> Option<Point> {
    let stop = conversation.stop.as_ref()?;
    let decision = match stop.reason {
        StopReason::Refused => Decision::Denied,
        StopReason::Circle => Decision::Loop,
        StopReason::NoTarget | StopReason::NoAddress => Decision::NoRoute,
    };
    Some(Point {
        part: Part::Table(conversation.legs.len() + 1),
        hop: HopRecord {
            node: stop.at.clone(),
            stage: Stage::Start,
            decision,
            rule: stop.table.clone(),
            place: stop.place.clone(),
        },
    })
}
