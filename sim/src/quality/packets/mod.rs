//! A small simulation, packet by packet: the truth that the formulas are held against.
//!
//! Goes in: [`Line`]s (one direction each) and [`Flow`]s with a route over them, a seed and how many packets to
//! send. Comes out: for every flow and line of its route, and for all its way, loss, waits and sojourns. The
//! same input gives the same output to the last bit. What can go wrong: a figure without meaning, or a
//! route over a line that does not exist ([`OutOfDomain`]).
//!
//! ```text
//! source ──▶ [queue of priority 0] ─┐
//! source ──▶ [queue of priority 1] ─┴▶ (transmission, bits / rate) ──▶ propagation ──▶ next line …
//! ```
//!
//! Every priority of a line has its own queue; the first queue that is not empty goes next, a transmission is
//! never interrupted. Not modelled: anything that answers (TCP), shaping, queues that share places.

mod line;
mod random;
mod source;
mod tally;

#[cfg(test)]
mod tests;

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

pub use tally::{Tally, Times};

use self::line::{Packet, Server};
use self::random::Dice;
use self::source::Source;
use super::{OutOfDomain, not_negative, positive, within};

/// One direction of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Rate, bit/s.
    pub rate: f64,
    /// Propagation delay, s.
    pub delay: f64,
    /// Places for packets of one priority, the one in transmission (of whichever priority) included: with one
    /// priority this is the K of M/D/1/K. None for an endless queue.
    pub places: Option<u32>,
}

/// When packets come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arrivals {
    /// Independently of one another.
    Poisson {
        /// Packets per second.
        rate: f64,
    },
    /// One per period, with a phase drawn once.
    Periodic {
        /// Seconds.
        period: f64,
    },
    /// Exponential on- and off-times; while on, bits come at the peak rate, and a packet when its last bit does.
    OnOff {
        /// Bit/s while on.
        peak: f64,
        /// Mean on-time, s.
        on: f64,
        /// Mean off-time, s.
        off: f64,
    },
}

/// A size that packets have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Bits.
    pub bits: f64,
    /// Share of packets with this size, relative to the other sizes.
    pub weight: f64,
}

/// Packets of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// When they come.
    pub arrivals: Arrivals,
    /// How large they are, at least one size.
    pub sizes: Vec<Size>,
    /// 0 goes first.
    pub priority: usize,
    /// Positions of the lines it goes over, at least one.
    pub route: Vec<usize>,
}

impl Flow {
    /// Mean size, bits.
    fn mean_bits(&self) -> f64 {
        let sum: f64 = self.sizes.iter().map(|s| s.bits * s.weight).sum();
        sum / self.weights()
    }

    fn weights(&self) -> f64 {
        self.sizes.iter().map(|s| s.weight).sum()
    }

    fn check(&self, lines: usize) -> Result<(), OutOfDomain> {
        match self.arrivals {
            Arrivals::Poisson { rate } => positive("rate", rate)?,
            Arrivals::Periodic { period } => positive("period", period)?,
            Arrivals::OnOff { peak, on, off } => {
                positive("peak", peak)?;
                positive("on", on)?;
                positive("off", off)?
            }
        };
        for size in &self.sizes {
            positive("bits", size.bits)?;
            not_negative("weight", size.weight)?;
        }
        positive("sum of weights", self.weights())?;
        let priority = self.priority as f64;
        within("priority", priority, self.priority < 64, "below 64")?;
        positive("lines of a route", self.route.len() as f64)?;
        for line in &self.route {
            within(
                "line of a route",
                *line as f64,
                *line < lines,
                "a position in the list of lines",
            )?;
        }
        Ok(())
    }
}

/// How long to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Of the random numbers.
    pub seed: u64,
    /// Packets to send, all flows together.
    pub packets: u64,
    /// Of these, the first that do not count, for the queues to settle.
    pub warm_up: u64,
}

/// What one flow met.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// All the way: offered at the first line, lost anywhere, waits and sojourns of those that arrived.
    pub whole: Tally,
    /// At each line of its route.
    pub hops: Vec<Tally>,
}

/// Sends packets of `flows` over `lines`; for each flow what it met.
///
/// # Errors
/// A figure without meaning, or a route over a line that is not in the list.
pub fn run(lines: &[Line], flows: &[Flow], run: Run) -> Result<Vec<Seen>, OutOfDomain> {
    for line in lines {
        positive("rate of a line", line.rate)?;
        not_negative("delay of a line", line.delay)?;
        if let Some(places) = line.places {
            positive("places", f64::from(places))?;
        }
    }
    for flow in flows {
        flow.check(lines.len())?;
    }
    Ok(World::new(lines, flows, run).play())
}

/// What happens next.
#[derive(Debug)]
enum Happening {
    /// A source sends a packet of so many bits.
    Sends { flow: usize, bits: f64 },
    /// The packet that left a line first has crossed it.
    Crosses { line: usize },
    /// A line has transmitted a packet.
    Ends { line: usize },
}

/// Something that happens at a time; of two at the same time, the one that was foreseen first.
#[derive(Debug)]
struct Event {
    time: f64,
    number: u64,
    what: Happening,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        let time = self.time.total_cmp(&other.time);
        time.then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

struct World<'a> {
    lines: &'a [Line],
    flows: &'a [Flow],
    run: Run,
    sources: Vec<Source<'a>>,
    servers: Vec<Server<'a>>,
    events: BinaryHeap<Reverse<Event>>,
    foreseen: u64,
    sent: u64,
    seen: Vec<Seen>,
}

impl<'a> World<'a> {
    fn new(lines: &'a [Line], flows: &'a [Flow], run: Run) -> Self {
        let priorities = flows.iter().map(|f| f.priority + 1).max().unwrap_or(1);
        let mut seed = Dice::new(run.seed);
        let sources = flows.iter().map(|flow| Source::new(flow, seed.split()));
        let nothing = |flow: &Flow| Seen {
            whole: Tally::default(),
            hops: vec![Tally::default(); flow.route.len()],
        };
        Self {
            lines,
            flows,
            run,
            sources: sources.collect(),
            servers: lines.iter().map(|l| Server::new(l, priorities)).collect(),
            events: BinaryHeap::new(),
            foreseen: 0,
            sent: 0,
            seen: flows.iter().map(nothing).collect(),
        }
    }

    fn play(mut self) -> Vec<Seen> {
        for flow in 0..self.flows.len() {
            self.foresee_packet(flow);
        }
        while let Some(Reverse(event)) = self.events.pop() {
            match event.what {
                Happening::Sends { flow, bits } => self.send(event.time, flow, bits),
                Happening::Crosses { line } => self.cross(line),
                Happening::Ends { line } => self.end(event.time, line),
            }
        }
        self.seen
    }

    fn foresee(&mut self, time: f64, what: Happening) {
        let number = self.foreseen;
        self.foreseen += 1;
        self.events.push(Reverse(Event { time, number, what }));
    }

    fn foresee_packet(&mut self, flow: usize) {
        let (time, bits) = self.sources[flow].next();
        self.foresee(time, Happening::Sends { flow, bits });
    }

    fn send(&mut self, now: f64, flow: usize, bits: f64) {
        if self.sent >= self.run.packets {
            return;
        }
        self.sent += 1;
        let counts = self.sent > self.run.warm_up;
        if counts {
            self.seen[flow].whole.offered += 1;
        }
        self.foresee_packet(flow);
        self.come(Packet {
            flow,
            hop: 0,
            bits,
            born: now,
            came: now,
            began: now,
            waited: 0.0,
            counts,
        });
    }

    fn come(&mut self, packet: Packet) {
        let flow = &self.flows[packet.flow];
        let line = flow.route[packet.hop];
        let taken = self.servers[line].take(packet, flow.priority);
        if packet.counts {
            let seen = &mut self.seen[packet.flow];
            seen.hops[packet.hop].offered += 1;
            if taken.is_err() {
                seen.hops[packet.hop].lost += 1;
                seen.whole.lost += 1;
            }
        }
        if let Ok(Some(end)) = taken {
            self.foresee(end, Happening::Ends { line });
        }
    }

    fn end(&mut self, now: f64, line: usize) {
        let (done, next) = self.servers[line].end(now);
        if let Some(end) = next {
            self.foresee(end, Happening::Ends { line });
        }
        if let Some(packet) = done {
            self.leave(packet, now, line);
        }
    }

    fn leave(&mut self, packet: Packet, now: f64, line: usize) {
        let there = now + self.lines[line].delay;
        let seen = &mut self.seen[packet.flow];
        if packet.counts {
            let tally = &mut seen.hops[packet.hop];
            tally.waits.add(packet.began - packet.came);
            tally.sojourns.add(now - packet.came);
        }
        let hop = packet.hop + 1;
        if hop < self.flows[packet.flow].route.len() {
            let came = there;
            let packet = Packet {
                hop,
                came,
                ..packet
            };
            // Every packet takes as long to cross a line, so that they arrive as they left.
            self.servers[line].crossing.push_back(packet);
            self.foresee(there, Happening::Crosses { line });
        } else if packet.counts {
            seen.whole.waits.add(packet.waited);
            seen.whole.sojourns.add(there - packet.born);
        }
    }

    fn cross(&mut self, line: usize) {
        if let Some(packet) = self.servers[line].crossing.pop_front() {
            self.come(packet);
        }
    }
}
