//! The ways in which a class shares a line with other traffic, one function for each [`Model`].
//!
//! Goes in: a [`Hop`] that has been checked, and its loads. Comes out: the wait, the loss in the buffer and the
//! model. What can go wrong: a load of 1 and more with an endless queue ([`OutOfDomain`]).

use super::{FULL, Hop, Load, Model, Part, Wait};
use crate::quality::bursts::Bursts;
use crate::quality::finite::mg1k;
use crate::quality::places::Places;
use crate::quality::{OutOfDomain, Value, within};

/// The wait, the loss in the buffer and the model.
type Outcome = Result<(Wait, f64, Model), OutOfDomain>;

/// Sizes that vary more than this (c²) lose no more behind bursts than these: the chain of places takes them for a
/// random walk of small steps, which a packet of many times the mean is not.
const VARIED: f64 = 1.0;

/// Points of a tabulated wait.
const POINTS: u32 = 400;

impl Hop {
    /// The class as periodic streams, as one of its packets meets the others.
    pub(super) fn beat(&self, class: Load) -> Option<Part> {
        let streams = self
            .class
            .streams
            .filter(|n| *n > 0 && class.first < FULL)?;
        (class.first > 0.0).then(|| Part::Beat {
            streams: streams - 1,
            slots: f64::from(streams) / class.first,
            service: class.service(),
        })
    }

    /// Nothing but periodic streams.
    pub(super) fn periodic(&self, beat: Part, class: Load) -> Outcome {
        let wait = Wait::new(vec![beat]);
        let lost = self.overflow(&wait, class.service())?;
        Ok((wait, lost, Model::Periodic))
    }

    /// The class goes first: M/G/1 of the class alone (or its beat) and, independently, what is left of a packet of
    /// the others. Exact for arrivals at random: the transform of Cobham's wait is the product of the two.
    pub(super) fn first_in_line(&self, class: Load, others: Load) -> Outcome {
        let idle = 1.0 - class.first;
        let behind = self.beat(class).unwrap_or_else(|| class.wait());
        let residual = Part::Residual {
            busy: others.first.min(idle) / idle,
            service: self.cross.packet / self.line,
            variation: self.cross.variation,
        };
        let wait = Wait::new(vec![behind, residual]);
        // While one waits, as many of the own class come as their rate says (Little).
        let lost = self.overflow(&wait, class.service() / class.first.max(1e-12))?;
        Ok((wait, lost, Model::Priority))
    }

    /// How likely a packet finds no place, estimated by a wait as long as the places take to fill.
    fn overflow(&self, wait: &Wait, each: f64) -> Value {
        match self.places {
            Some(places) if each > 0.0 => wait.exceeds(f64::from(places - 1) * each),
            _ => Ok(0.0),
        }
    }

    /// One queue, everything at random.
    pub(super) fn at_random(&self, all: Load) -> Outcome {
        let settles = all.first < FULL;
        let model = if settles {
            Model::Poisson
        } else {
            Model::Saturated
        };
        let Some(places) = self.places else {
            bounded(all.first)?;
            return Ok((Wait::new(vec![all.wait()]), 0.0, model));
        };
        let queue = mg1k(all.first, all.variation().min(100.0), places)?;
        // Whoever finds n waits between n − 1 and n services, stretched to the mean by Little's law.
        let mut tail: Vec<f64> = Vec::with_capacity(queue.finds.len());
        let mut above = 0.0f64;
        for finds in queue.finds.iter().rev() {
            tail.push(above.min(1.0));
            above += finds;
        }
        tail.reverse();
        let area: f64 = tail.windows(2).map(|p| f64::midpoint(p[0], p[1])).sum();
        let stretch = if area > 0.0 { queue.wait / area } else { 1.0 };
        let step = all.service() * stretch;
        let wait = if step > 0.0 {
            vec![Part::Table { tail, step }]
        } else {
            Vec::new()
        };
        Ok((Wait::new(wait), queue.loss, model))
    }

    /// One queue with bursts: the backlog of the fluid, and what packets add.
    pub(super) fn behind_bursts(&self, smooth: Load, all: Load, bursts: Bursts) -> Outcome {
        let packet = self.packet_part(smooth, all, bursts)?;
        let beside = smooth.first * self.line;
        let capacity = self.line - beside;
        let Some(places) = self.places else {
            bounded(all.first)?;
            let backlog = bursts.backlog(capacity)?;
            let parts = vec![backlog.per_second(self.line), packet];
            return Ok((Wait::new(parts), 0.0, Model::Burst));
        };
        let waiting = (f64::from(places) - 1.0).max(0.5);
        let mean = self.packet_in_bursts(smooth, bursts);
        let buffer = waiting * mean;
        let queue = Places {
            bursts,
            packet: self.cross.packet,
            variation: self.cross.variation.min(VARIED),
            smooth: beside,
            rate: smooth.rate,
            mean,
            line: self.line,
            places: f64::from(places),
        };
        if smooth.first >= FULL {
            // Nothing is left to the bursts: always full.
            let full = buffer / self.line;
            let tail = vec![1.0; 2];
            let wait = Wait::new(vec![Part::Table { tail, step: full }]);
            return Ok((wait, queue.lost().share, Model::Saturated));
        }
        // Sources without meaning are refused here.
        let held = bursts.held(capacity, buffer)?;
        let lost = queue.lost();
        let (mut tail, bits) = held.tail(POINTS);
        // Whoever finds the queue full does not wait.
        tail.iter_mut()
            .for_each(|above| *above = ((*above - lost.share) / (1.0 - lost.share)).max(0.0));
        let step = bits / self.line * lost.larger;
        let mut parts = vec![packet];
        if step > 0.0 {
            parts.insert(0, Part::Table { tail, step });
        }
        Ok((Wait::new(parts), lost.share, Model::Burst))
    }

    /// Mean size, bits, of the packets that come while bursts exceed the line: these fill a buffer.
    fn packet_in_bursts(&self, smooth: Load, bursts: Bursts) -> f64 {
        let rate = bursts.beyond(self.line * (1.0 - smooth.first));
        let packets = smooth.rate + rate / self.cross.packet;
        (smooth.first * self.line + rate) / packets
    }

    /// The wait that comes of packets being packets, exponential with the mean of [`Bursts::packet_wait`].
    fn packet_part(&self, smooth: Load, all: Load, bursts: Bursts) -> Result<Part, OutOfDomain> {
        let waits = bursts.packet_wait(smooth.first * self.line, self.line)?;
        let mean = waits * all.service() * (1.0 + all.variation());
        let busy = all.first.min(1.0);
        Ok(Part::of_moments(
            busy,
            mean,
            2.0 * mean * mean / busy.max(1e-300),
        ))
    }
}

/// An endless queue must settle.
fn bounded(utilisation: f64) -> Value {
    let must = "below 1 where the queue has no end";
    within("utilisation", utilisation, utilisation < FULL, must)
}
