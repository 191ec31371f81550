//! A trace for other programs: one JSON document, described in `docs/report-schema.md`.

use super::points::Point;
use serde::Serialize;
use utsushi::json::{Header, Hop};
use utsushi::model::finding::Packet;
use utsushi::sim::plane::Plane;
use utsushi::sim::plane::trace::{Disposition, Exchange, Path};
use utsushi::sim::replay::conversation::{Conversation, Information};

/// Name and version of the document's shape. Within a version fields are only added.
const SCHEMA: &str = "utsushi.trace/1";

#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    step: &'a str,
    permit_all: bool,
    packet: Header,
    there: Vec<Way<'a>>,
    back: Vec<Way<'a>>,
    conversation: Option<Legs<'a>>,
    blocks: Vec<Block<'a>>,
}

#[derive(Debug, Serialize)]
struct Way<'a> {
    outcome: &'static str,
    at: &'a str,
    certain: bool,
    packet: Header,
    hops: Vec<Hop<'a>>,
}

#[derive(Debug, Serialize)]
struct Legs<'a> {
    legs: Vec<Leg<'a>>,
    stop: Option<Stop<'a>>,
}

#[derive(Debug, Serialize)]
struct Leg<'a> {
    from: &'a str,
    to: &'a str,
    service: String,
    carries: &'static str,
}

#[derive(Debug, Serialize)]
struct Stop<'a> {
    at: &'a str,
    next: &'a str,
    table: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Block<'a> {
    part: &'static str,
    leg: Option<usize>,
    #[serde(flatten)]
    hop: Hop<'a>,
}

/// What the document is made of.
pub(super) struct Told<'a> {
    pub(super) plane: &'a Plane,
    pub(super) step: &'a str,
    pub(super) permit_all: bool,
    pub(super) packet: Packet,
    pub(super) walked: &'a Exchange,
    pub(super) conversation: Option<&'a Conversation>,
    pub(super) points: &'a [Point],
}

impl<'a> Document<'a> {
    pub(super) fn new(told: &Told<'a>) -> Self {
        let ways = |paths: &'a [Path]| paths.iter().map(|path| way(told.plane, path)).collect();
        Self {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            step: told.step,
            permit_all: told.permit_all,
            packet: (&told.packet).into(),
            there: ways(&told.walked.forward),
            back: ways(&told.walked.answers),
            conversation: told.conversation.map(legs),
            blocks: told.points.iter().map(block).collect(),
        }
    }
}

fn way<'a>(plane: &'a Plane, path: &'a Path) -> Way<'a> {
    let node = |at: utsushi::sim::plane::NodeIx| plane.nodes[at.0].id.as_str();
    let segment = |at: utsushi::sim::plane::SegmentIx| plane.segments[at.0].id.as_str();
    let (outcome, at) = match path.disposition {
        Disposition::Delivered(at) => ("delivered", segment(at)),
        Disposition::LeftTheModel(at) => ("left-the-model", segment(at)),
        Disposition::Denied(at) => ("denied", node(at)),
        Disposition::NoRoute(at) => ("no-route", node(at)),
        Disposition::Discarded(at) => ("discarded", node(at)),
        Disposition::Loop(at) => ("loop", node(at)),
        Disposition::NoGateway(at) => ("no-gateway", segment(at)),
    };
    Way {
        outcome,
        at,
        certain: path.certain,
        packet: (&path.packet).into(),
        hops: path.hops.iter().map(Hop::from).collect(),
    }
}

fn legs(conversation: &Conversation) -> Legs<'_> {
    Legs {
        legs: conversation
            .legs
            .iter()
            .map(|leg| Leg {
                from: &leg.from,
                to: &leg.to,
                service: leg.course.service.to_string(),
                carries: match leg.carries {
                    Information::Raw => "raw",
                    Information::Pixels => "pixels",
                },
            })
            .collect(),
        stop: conversation.stop.as_ref().map(|stop| Stop {
            at: &stop.at,
            next: &stop.next,
            table: stop.table.as_deref(),
        }),
    }
}

fn block(point: &Point) -> Block<'_> {
    let (part, leg) = point.part.key();
    Block {
        part,
        leg,
        hop: Hop::from(&point.hop),
    }
}
