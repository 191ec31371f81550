//! The ways in which a class shares a line with other traffic, one function for each [`Model`].
//!
//! Goes in: a [`Hop`] that has been checked, and its loads. Comes out: the wait, the loss in the buffer and the
//! model. What can go wrong: a load of 1 and more with an endless queue ([`OutOfDomain`]).

use super::{FULL, Hop, Load, Model, Part, Wait};
use crate::quality::bursts::Bursts;
use crate::quality::finite::mg1k;
use crate::quality::{OutOfDomain, Value, within};

/// The wait, the loss in the buffer and the model.
type Outcome = Result<(Wait, f64, Model), OutOfDomain>;

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
        // One packet is in transmission, half of it gone on average, and one is not there until its last bit is.
        let waiting = (f64::from(places) - 1.0).max(0.5);
        let buffer = waiting * self.packet_in_bursts(smooth, bursts);
        let full = buffer / self.line;
        let packets_lost = Wait::new(vec![packet.clone()]).exceeds(full)?;
        if smooth.first >= FULL {
            // Nothing is left to the bursts: always full.
            let tail = vec![1.0; 2];
            let wait = Wait::new(vec![Part::Table { tail, step: full }]);
            return Ok((wait, bursts.excess(beside, self.line), Model::Saturated));
        }
        let held = bursts.held(capacity, buffer)?;
        let lost = held.loss_beside(beside);
        let (tail, bits) = held.tail(POINTS);
        let step = bits / self.line;
        if step <= 0.0 {
            return Ok((Wait::new(vec![packet]), packets_lost, Model::Burst));
        }
        let wait = Wait::new(vec![Part::Table { tail, step }, packet]);
        Ok((
            wait,
            1.0 - (1.0 - lost) * (1.0 - packets_lost),
            Model::Burst,
        ))
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
