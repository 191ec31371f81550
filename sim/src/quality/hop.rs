//! What one hop, a direction of a line, does to a class of real-time packets.
//!
//! Goes in: the line, the class, the traffic beside it ([`Hop`]). Comes out: delay, the distribution of the wait,
//! loss, and the [`Model`] that gave them ([`Passage`]). What can go wrong: a figure without meaning, or an
//! overloaded line whose buffer has no end, for which there is no delay ([`OutOfDomain`]).
//!
//! ```text
//! class ─▶ [ priority queue ]──┐
//! cross ─▶ [ other queue    ]──┴▶ line, bit/s ──▶ propagation, s        with priority
//! both  ─▶ [ one queue      ]───▶ line, bit/s ──▶ propagation, s        without (FIFO)
//! ```

mod shared;

use super::bursts::Bursts;
use super::finite::MOST_PLACES;
use super::wait::{Part, Wait};
use super::{OutOfDomain, measure, not_negative, probability, within};

/// A direction of a line with the traffic on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop {
    /// Rate, bit/s.
    pub line: f64,
    /// Propagation delay, s.
    pub propagation: f64,
    /// Share of packets that the line itself loses.
    pub line_loss: f64,
    /// Places for packets, the one in transmission included, of one queue; None for an endless queue. 1 … 20,000.
    pub places: Option<u32>,
    /// The packets in question.
    pub class: Class,
    /// Everything else.
    pub cross: Cross,
    /// Whether the class goes before everything else (without interrupting a transmission).
    pub priority: bool,
}

/// A class of real-time packets of one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Rate of the whole class, bit/s.
    pub rate: f64,
    /// Size of a packet, bits.
    pub packet: f64,
    /// How many periodic streams (one packet per period each) it is made of; None for arrivals at random.
    pub streams: Option<u32>,
}

/// The traffic beside a class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cross {
    /// Traffic at random (Poisson), bit/s.
    pub smooth: f64,
    /// Traffic in bursts, in addition.
    pub bursts: Option<Bursts>,
    /// Mean size of a packet, bits.
    pub packet: f64,
    /// Squared coefficient of variation of the size, 0 … 100.
    pub variation: f64,
}

/// Which formula gave the figures. ρ is the utilisation of the line by all traffic.
///
/// Deviations are those measured against the packets of [`super::packets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// One queue, ρ < 1, no bursts: M/G/1 by Pollaczek and Khinchine, its percentile from a gamma law with P(wait >
    /// 0) = ρ and the first two moments; with few places M/G/1/K with gamma sizes. Means within 1 %, losses within
    /// 5 % (of classes with different sizes: 7 %), percentiles up to 99 % within 2 % for fixed sizes, 5 % else; with
    /// few places and different sizes the percentiles are up to a fifth too small. Too small for bursts,
    /// too large for periodic arrivals.
    Poisson,
    /// The class goes first and fills less than the line: Cobham's mean wait (the other traffic only counts with what is
    /// left of one packet), also when ρ ≥ 1. Means within 1 %, whatever the other traffic's bursts, percentiles
    /// within 2 %. The loss is an upper value, up to 2.2 times what is lost, and for four sources with bursts longer than the
    /// queue waits are up to 18 % too short; where it exceeds 1 %, the wait does not know of it and is up to a third too
    /// large.
    Priority,
    /// Periodic streams alone on the line: N·D/D/1, exact for streams of one period, on average over their phases; one
    /// set of phases, which stays, may be much better or worse. The loss is an upper value.
    Periodic,
    /// One queue with bursts: fluid queue of on/off sources and a term for packets. Means within 5 % for
    /// exponential on- and off-times and waits of five packet times and more, within a tenth below; percentiles
    /// within 12 %. For long-tailed bursts too small. With few places, at any ρ, losses above 10⁻³ by a chain of places
    /// ([`super::places`]), whatever the sizes (c² above 1 counts as 1 there): nine of ten within 15 % and mean waits within 8 %, no loss more than a tenth
    /// too small; for up to 8 sources with bursts no longer than the queue up to 2.2 times what is lost; for four with longer
    /// ones waits up to 18 % too short.
    Burst,
    /// ρ ≥ 1 without priority and without bursts, or traffic at random that fills the line alone: M/G/1/K, behind bursts
    /// the chain of places, whose
    /// loss goes to 1 − 1/ρ and whose delay to a full buffer.
    Saturated,
}

/// What a packet meets at a hop.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Propagation and the packet's own transmission, s.
    pub fixed: f64,
    /// Waiting before the transmission.
    pub wait: Wait,
    /// Share of packets lost, in the buffer or on the line.
    pub loss: f64,
    /// Utilisation by all traffic, may exceed 1.
    pub utilisation: f64,
    /// Which formula gave the figures.
    pub model: Model,
}

impl Passage {
    /// Mean delay, s: propagation, transmission and waiting.
    #[must_use]
    pub fn delay(&self) -> f64 {
        self.fixed + self.wait.mean()
    }
}

/// Packets that come at random: sums of their rate times the moments of their service time.
#[derive(Debug, Clone, Copy)]
struct Load {
    /// Packets per second.
    rate: f64,
    /// λ·E\[S\], the utilisation.
    first: f64,
    /// λ·E\[S²\], s.
    second: f64,
    /// λ·E\[S³\], s².
    third: f64,
}

impl Load {
    /// Gamma sizes with the given c²: E\[S³\] = S³·(1 + c²)(1 + 2c²).
    fn new(bits_per_second: f64, packet: f64, variation: f64, line: f64) -> Self {
        let (rho, service) = (bits_per_second / line, packet / line);
        let second = rho * service * (1.0 + variation);
        Self {
            rate: bits_per_second / packet,
            first: rho,
            second,
            third: second * service * (1.0 + 2.0 * variation),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            rate: self.rate + other.rate,
            first: self.first + other.first,
            second: self.second + other.second,
            third: self.third + other.third,
        }
    }

    /// Mean service time, s.
    fn service(&self) -> f64 {
        if self.rate > 0.0 {
            self.first / self.rate
        } else {
            0.0
        }
    }

    /// c² of the service time.
    fn variation(&self) -> f64 {
        if self.first > 0.0 {
            (self.second * self.rate / (self.first * self.first) - 1.0).max(0.0)
        } else {
            0.0
        }
    }

    /// Wait of M/G/1: E\[W\] = λE\[S²\]/(2(1 − ρ)), E\[W²\] = 2E\[W\]² + λE\[S³\]/(3(1 − ρ)) (Takács 1962).
    fn wait(&self) -> Part {
        let idle = 1.0 - self.first;
        let mean = self.second / (2.0 * idle);
        let second = 2.0 * mean * mean + self.third / (3.0 * idle);
        Part::of_moments(self.first, mean, second)
    }
}

/// Loads nearer to 1 count as 1.
const FULL: f64 = 1.0 - 1e-9;

impl Hop {
    /// What the class meets.
    ///
    /// # Errors
    /// A figure without meaning (rates, times and sizes outside 10⁻¹²…10¹⁸, shares that are none), more than
    /// 100 times the line, or a load of 1 and more with an endless queue.
    pub fn passage(&self) -> Result<Passage, OutOfDomain> {
        self.check()?;
        let class = Load::new(self.class.rate, self.class.packet, 0.0, self.line);
        let smooth = Load::new(
            self.cross.smooth,
            self.cross.packet,
            self.cross.variation,
            self.line,
        );
        let bursty = self.cross.bursts.map_or(0.0, |b| b.mean());
        let bursty = Load::new(bursty, self.cross.packet, self.cross.variation, self.line);
        let all = class.and(smooth).and(bursty);
        within("utilisation", all.first, all.first <= 100.0, "at most 100")?;
        let alone = smooth.first + bursty.first <= 0.0;
        let (wait, lost, model) = if let Some(beat) = self.beat(class).filter(|_| alone) {
            self.periodic(beat, class)?
        } else if self.priority && class.first < FULL {
            self.first_in_line(class, smooth.and(bursty))?
        } else if self.priority {
            self.at_random(class)?
        } else if let Some(bursts) = self.cross.bursts {
            self.behind_bursts(class.and(smooth), all, bursts)?
        } else {
            self.at_random(all)?
        };
        Ok(Passage {
            fixed: self.propagation + self.class.packet / self.line,
            wait,
            loss: 1.0 - (1.0 - lost) * (1.0 - self.line_loss),
            utilisation: all.first,
            model,
        })
    }

    fn check(&self) -> Result<(), OutOfDomain> {
        measure("line", self.line)?;
        not_negative("propagation", self.propagation)?;
        probability("line_loss", self.line_loss)?;
        let places = self.places.unwrap_or(1);
        let holds = (1..=MOST_PLACES).contains(&places);
        within("places", f64::from(places), holds, "between 1 and 20,000")?;
        not_negative("rate of the class", self.class.rate)?;
        measure("packet of the class", self.class.packet)?;
        not_negative("smooth", self.cross.smooth)?;
        measure("packet of the cross traffic", self.cross.packet)?;
        let holds = (0.0..=100.0).contains(&self.cross.variation);
        within(
            "variation",
            self.cross.variation,
            holds,
            "between 0 and 100",
        )?;
        self.cross.bursts.map_or(Ok(()), |bursts| bursts.check())
    }
}
