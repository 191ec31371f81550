//! What becomes of a leg: how its load divides over links and nodes, or which packet does not get through.
//!
//! Goes in: a course and a compiled state. Comes out: a [`Passage`]: shares of the load there and back of what is
//! delivered and answered, weighted over the cells of the course, and how much that is; the first cell of which something
//! is not; and what decided the way, so that one knows what must change for it to change.
//!
//! Where equal ways divide a cell and some of them lead nowhere, there or back, the part on those is lost and loads
//! nothing, and the rest does load. A session takes one of the ways there and one of the ways back, each by itself, so
//! shares of both multiply.

use super::cells::{Borders, Cell};
use super::conversation::Course;
use crate::plane::spread::{Spread, answers, spread};
use crate::plane::step::answer;
use crate::plane::{LinkWay, NodeIx, Plane, SegmentIx, TableIx};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use utsushi_model::finding::Packet;

/// So many packets stand for those that get through where ways are asked for one by one.
const EXAMPLES: usize = 16;

/// A share is whole if it misses less than this.
const NEARLY: f64 = 1e-9;

/// Shares of a load; 1 is all of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shares {
    /// On each direction of a link.
    pub(super) links: BTreeMap<LinkWay, f64>,
    /// Through each node.
    pub(super) nodes: BTreeMap<NodeIx, f64>,
    /// Through each node that translates the source.
    pub(super) translated: BTreeMap<NodeIx, f64>,
}

impl Shares {
    fn add(&mut self, spread: &Spread, weight: f64) {
        let sum = |into: &mut BTreeMap<NodeIx, f64>, from: &BTreeMap<NodeIx, f64>| {
            from.iter()
                .for_each(|(at, share)| *into.entry(*at).or_default() += share * weight);
        };
        sum(&mut self.nodes, &spread.nodes);
        sum(&mut self.translated, &spread.translated);
        for (way, share) in &spread.links {
            *self.links.entry(*way).or_default() += share * weight;
        }
    }

    fn divide(&mut self, total: f64) {
        let nodes = self.nodes.values_mut().chain(self.translated.values_mut());
        nodes
            .chain(self.links.values_mut())
            .for_each(|share| *share /= total);
    }
}

/// Which way a packet is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is not delivered, or not in full.
    There,
    /// It is, but the answer to it is not.
    Back,
}

/// A packet that does not get through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    /// The smallest such packet.
    pub(super) packet: Packet,
    /// Which way it is lost.
    pub(super) lost: Lost,
    /// Share of the senders with such packets.
    pub(super) senders: f64,
}

/// A packet that arrives, as it was sent and as its addressee sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arrival {
    /// As sent.
    pub(super) sent: Packet,
    /// As seen: translations may have changed it.
    pub(super) seen: Packet,
    /// The part of the senders it is from, as position and share.
    pub(super) senders: (usize, f64),
}

/// What becomes of a leg.
#[derive(Debug, Clone, Default)]
pub(super) struct Passage {
    /// The way of the packets.
    pub(super) there: Shares,
    /// The way of the answers.
    pub(super) back: Shares,
    /// What arrives, each header that is seen there once for each part of the senders.
    pub(super) arrived: Vec<Arrival>,
    /// The share that gets through, there and back.
    pub(super) delivered: f64,
    /// What does not get through.
    pub(super) failure: Option<Failure>,
    /// A packet of each of the first cells of which something gets through, at most [`EXAMPLES`].
    pub(super) examples: Vec<Packet>,
    /// What decided its way: tables with the destinations they were asked for.
    pub(super) asked: BTreeSet<(TableIx, Option<IpAddr>)>,
    /// What decided its way: segments that sent it off.
    pub(super) left: BTreeSet<SegmentIx>,
}

impl Passage {
    /// Routes one course.
    pub(super) fn of(plane: &Plane, borders: &Borders, course: &Course) -> Self {
        let cells = borders.cells(course);
        let total: f64 = cells.iter().map(|c| c.size).sum();
        let senders: f64 = distinct(&cells).map(|(_, size)| size).sum();
        let mut out = Self::default();
        let mut failing: BTreeMap<usize, f64> = BTreeMap::new();
        for cell in &cells {
            let there = spread(plane, course.from, cell.packet, &[]);
            let back = answers(plane, &there);
            let lost = if !delivered(&there, course, &cell.packet) {
                Some(Lost::There)
            } else if !answered(&back, course, &cell.packet) {
                Some(Lost::Back)
            } else {
                None
            };
            let (asked, left) = (there.asked.iter(), there.left.iter());
            out.asked.extend(asked.chain(&back.asked));
            out.left.extend(left.chain(&back.left));
            let Some(lost) = lost else {
                out.carry((&there, &back), 1.0, (cell, senders));
                continue;
            };
            failing.insert(cell.senders.0, cell.senders.1);
            out.failure.get_or_insert(Failure {
                packet: cell.packet,
                lost,
                senders: 0.0,
            });
            // What does not get through loads nothing: it is lost.
            let (there, back) = kept(plane, course, &cell.packet, &there);
            let part = there.arriving();
            if part > NEARLY {
                out.carry((&there, &back), part, (cell, senders));
            }
        }
        out.there.divide(total);
        out.back.divide(total);
        out.delivered /= total;
        if let Some(failure) = &mut out.failure {
            failure.senders = failing.values().sum::<f64>() / senders;
        }
        out
    }

    /// Counts the part of a cell that gets through.
    fn carry(
        &mut self,
        (there, back): (&Spread, &Spread),
        part: f64,
        (cell, senders): (&Cell, f64),
    ) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(cell.packet);
        }
        self.delivered += cell.size * part;
        self.there.add(there, cell.size);
        self.back.add(back, cell.size);
        self.note_arrivals(there, cell, senders);
    }

    fn note_arrivals(&mut self, there: &Spread, cell: &Cell, senders: f64) {
        for (_, seen, _) in &there.arrived {
            let (part, size) = cell.senders;
            let known = |a: &Arrival| a.senders.0 == part && a.seen == *seen;
            if !self.arrived.iter().any(known) {
                self.arrived.push(Arrival {
                    sent: cell.packet,
                    seen: *seen,
                    senders: (part, size / senders),
                });
            }
        }
    }
}

/// Each part of the senders once, with its number of addresses.
fn distinct(cells: &[Cell]) -> impl Iterator<Item = (usize, f64)> + '_ {
    let mut last = None;
    cells
        .iter()
        .map(|c| c.senders)
        .filter(move |(part, _)| last.replace(*part) != Some(*part))
}

/// Whether it arrives where it is meant to. What arrives under the address it was sent to has to arrive in the target's
/// segment; a translated address may lie anywhere.
fn is_there(course: &Course, sent: &Packet, (segment, arrived): (SegmentIx, &Packet)) -> bool {
    arrived.dst != sent.dst || segment == course.to
}

/// Whether an answer comes back to the sender as the answer to what it sent.
fn is_home(course: &Course, sent: &Packet, (segment, arrived): (SegmentIx, &Packet)) -> bool {
    segment == course.from && *arrived == answer(sent)
}

/// The share that ends well.
fn share(of: &Spread, well: impl Fn((SegmentIx, &Packet)) -> bool) -> f64 {
    let well = of.arrived.iter().filter(|(s, p, _)| well((*s, p)));
    well.map(|(_, _, share)| share).sum()
}

/// Whether all of it arrives where it is meant to.
fn delivered(there: &Spread, course: &Course, packet: &Packet) -> bool {
    share(there, |end| is_there(course, packet, end)) > 1.0 - NEARLY
}

/// Whether all answers come back.
fn answered(back: &Spread, course: &Course, packet: &Packet) -> bool {
    share(back, |end| is_home(course, packet, end)) > 1.0 - NEARLY
}

/// Of a packet and the answers to it what goes by ways on which both arrive.
fn kept(plane: &Plane, course: &Course, packet: &Packet, there: &Spread) -> (Spread, Spread) {
    let mut back = Spread::default();
    let mut answered: BTreeMap<(SegmentIx, Packet), f64> = BTreeMap::new();
    for (segment, seen, share) in &there.arrived {
        if !is_there(course, packet, (*segment, seen)) {
            continue;
        }
        let all = spread(plane, *segment, answer(seen), &there.sessions);
        let home = all.kept(plane, |to, p| f64::from(is_home(course, packet, (to, p))));
        answered.insert((*segment, *seen), home.arriving());
        back.add(home, *share);
    }
    let there = there.kept(plane, |to, p| {
        answered.get(&(to, *p)).copied().unwrap_or(0.0)
    });
    (there, back)
}
