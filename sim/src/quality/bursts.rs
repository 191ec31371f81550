//! Bursts: sources that send at their peak rate for a while and then are silent.
//!
//! Goes in: how many on/off sources, their peak rate, mean on-time and share of time on ([`Bursts`]), and the
//! capacity left to them. Comes out: the [`Backlog`] that bursts build up: how likely it exceeds x bits, its
//! mean, what that means in delay, and an estimate of the loss in a finite buffer. Where arrivals come in
//! bursts, the formulas for arrivals at random ([`super::waiting`]) are too small by a factor of five and more.
//!
//! What can go wrong: figures without meaning, or sources whose mean fills the capacity ([`OutOfDomain`]).
//!
//! The model is a fluid: packets are infinitely small. What single packets add (a few packet times) is
//! [`Bursts::packet_wait`].

use super::bounded::{self, Bounded};
use super::fluid::{Term, spectrum};
use super::periodic::nddd1_mean_wait;
use super::wait::Part;
use super::{OutOfDomain, Value, burst, chance, not_negative, positive, within};

/// Up to so many sources the fluid queue is solved exactly; more are replaced by so many that are alike.
pub const EXACT: u32 = 500;

/// On/off sources that are alike, with exponential on- and off-times, independent of one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// How many, at least 1.
    pub sources: u32,
    /// Rate of one source while it is on, bit/s.
    pub peak: f64,
    /// Mean on-time, s.
    pub on: f64,
    /// Share of time that a source is on, above 0 and below 1.
    pub activity: f64,
}

impl Bursts {
    /// Mean rate of all sources, bit/s.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.peak() * self.activity
    }

    /// Rate when all are on, bit/s.
    #[must_use]
    pub fn peak(&self) -> f64 {
        f64::from(self.sources) * self.peak
    }

    /// Variance of the rate, (bit/s)².
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.mean() * self.peak * (1.0 - self.activity)
    }

    /// Time in which the covariance of the rate falls to 1/e, s: 1/(1/on + 1/off).
    #[must_use]
    pub fn correlation(&self) -> f64 {
        self.on * (1.0 - self.activity)
    }

    /// # Errors
    /// No source, a rate or time that is not positive or outside 10⁻¹²…10¹⁸, an activity that is not strictly
    /// between 0 and 1.
    pub(super) fn check(&self) -> Result<(), OutOfDomain> {
        within(
            "sources",
            f64::from(self.sources),
            self.sources > 0,
            "at least 1",
        )?;
        super::measure("peak", self.peak)?;
        super::measure("on", self.on)?;
        let holds = self.activity >= 1e-9 && self.activity <= 1.0 - 1e-9;
        within(
            "activity",
            self.activity,
            holds,
            "between 10⁻⁹ and 1 − 10⁻⁹",
        )
        .map(drop)
    }

    /// At most [`EXACT`] sources with the same mean, variance and correlation time of the rate.
    ///
    /// The total peak rate shrinks towards the mean plus `EXACT` × variance / mean, and skewness and everything
    /// above are a little larger.
    #[must_use]
    pub fn reduced(self) -> Self {
        self.reduced_to(EXACT)
    }

    pub(super) fn reduced_to(self, most: u32) -> Self {
        if self.sources <= most {
            return self;
        }
        Self::matching(self.mean(), self.variance(), self.correlation(), most)
    }

    fn matching(mean: f64, variance: f64, correlation: f64, sources: u32) -> Self {
        let each = mean / f64::from(sources);
        let peak = variance / mean + each;
        // Billions of sources hardly vary at all.
        let activity = (each / peak).min(1.0 - 1e-12);
        Self {
            sources,
            peak,
            on: correlation / (1.0 - activity),
            activity,
        }
    }

    /// One set of sources in place of several kinds: matched in mean, variance and total peak rate, and in the
    /// correlation time weighted by variance (so that the covariance has the same area).
    ///
    /// Holds while the kinds' on-times are of one order of magnitude; with on-times far apart the long ones
    /// decide, and the mean backlog is off by tens of per cent.
    ///
    /// # Errors
    /// No kinds at all, or one without meaning.
    pub fn blended(kinds: &[Self]) -> Result<Self, OutOfDomain> {
        positive("kinds", kinds.len() as f64)?;
        let (mut mean, mut variance, mut peak, mut area) = (0.0, 0.0, 0.0, 0.0);
        for kind in kinds {
            kind.check()?;
            mean += kind.mean();
            variance += kind.variance();
            peak += kind.peak();
            area += kind.variance() * kind.correlation();
        }
        let sources = ((peak - mean) * mean / variance).round().clamp(1.0, 1e9);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and 10⁹"
        )]
        let sources = sources as u32;
        Ok(Self::matching(mean, variance, area / variance, sources))
    }

    /// The backlog that builds up before a line that leaves `capacity` bit/s to these sources.
    ///
    /// N·r at most the capacity: no backlog at all. Up to [`EXACT`] sources exact for a fluid (Anick, Mitra and
    /// Sondhi, Bell System Technical Journal 61(8), 1982); more sources are [`Bursts::reduced`] first.
    ///
    /// # Errors
    /// Sources without meaning, or a capacity not above their mean rate.
    pub fn backlog(&self, capacity: f64) -> Result<Backlog, OutOfDomain> {
        self.check()?;
        let rho = self.mean() / super::measure("capacity", capacity)?;
        within(
            "utilisation",
            rho,
            rho < 1.0 - 1e-9,
            "below 1 (nothing settles above)",
        )?;
        let few = self.reduced();
        // Rates in peak rates and volumes in what a source sends in a mean on-time.
        let volume = few.peak * few.on;
        let mut terms = spectrum(few.sources, few.activity, capacity / few.peak);
        terms.iter_mut().for_each(|term| term.decay /= volume);
        Ok(Backlog {
            overflow: few.overflow(0.0, capacity),
            terms,
            capacity,
            rho,
        })
    }

    /// What happens before a line that leaves `capacity` bit/s to these sources and holds `buffer` bits, at any load.
    ///
    /// Up to 100 sources exact for a fluid (spectral solution with both ends of the buffer); more sources are
    /// replaced as by [`Bursts::reduced`]. Losses below about 10⁻¹⁰ are noise; there [`Backlog::loss`] is better.
    ///
    /// # Errors
    /// Sources without meaning, a capacity or buffer outside 10⁻¹²…10¹⁸.
    pub fn held(&self, capacity: f64, buffer: f64) -> Result<Held, OutOfDomain> {
        self.check()?;
        super::measure("capacity", capacity)?;
        super::measure("buffer", buffer)?;
        let few = self.reduced_to(bounded::MOST);
        let volume = few.peak * few.on;
        let fits = capacity >= few.peak();
        let fluid = if fits {
            None
        } else {
            let (capacity, buffer) = (capacity / few.peak, buffer / volume);
            Bounded::new(few.sources, few.activity, capacity, buffer)
        };
        Ok(Held {
            sources: few,
            capacity,
            buffer,
            fluid,
        })
    }

    /// Share of the sources' own fluid lost without a buffer: E\[(R − C)⁺\]/E\[R\].
    fn overflow(&self, smooth: f64, line: f64) -> f64 {
        let over = |on: f64| (smooth + on * self.peak - line).max(0.0);
        self.average(over) / self.mean()
    }

    /// Mean rate while it exceeds `capacity`, bit/s; the peak rate if it never does.
    pub(super) fn beyond(&self, capacity: f64) -> f64 {
        let above = |on: f64| if on * self.peak > capacity { 1.0 } else { 0.0 };
        let share = self.average(above);
        if share > 0.0 {
            self.average(|on| above(on) * on * self.peak) / share
        } else {
            self.peak()
        }
    }

    /// Mean over the number of sources that are on (binomial), outwards from the most likely number.
    fn average(&self, value: impl Fn(f64) -> f64) -> f64 {
        let n = f64::from(self.sources);
        let odds = self.activity / (1.0 - self.activity);
        let middle = (n * self.activity).floor();
        let (mut sum, mut total) = (value(middle), 1.0);
        let (mut weight, mut k) = (1.0, middle);
        while k < n && weight > 1e-20 {
            weight *= (n - k) / (k + 1.0) * odds;
            k += 1.0;
            sum += weight * value(k);
            total += weight;
        }
        (weight, k) = (1.0, middle);
        while k > 0.0 && weight > 1e-20 {
            weight *= k / ((n - k + 1.0) * odds);
            k -= 1.0;
            sum += weight * value(k);
            total += weight;
        }
        sum / total
    }

    /// What packets being packets adds to the wait of somebody who comes at a random time, in packet times: with i
    /// sources on, packets come as from i periodic streams (N·D/D/1; beyond 30 streams the heavy-traffic limit
    /// ρᵢ·√i/2·m((1 − ρᵢ)·√i) of the Brownian bridge, m the ratio of Mills; Roberts, Mocci and Virtamo, Broadband
    /// Network Teletraffic, 1996), averaged over i. Where ρᵢ is 1 or more the fluid builds up and packets add the rest
    /// of the one in transmission and a little of their own: three quarters, fitted to packets. For packets
    /// of one size; `smooth` is other traffic, bit/s.
    ///
    /// # Errors
    /// Sources without meaning, or no line.
    pub fn packet_wait(&self, smooth: f64, line: f64) -> Value {
        self.check()?;
        let line = super::measure("line", line)?;
        let smooth = not_negative("smooth", smooth)?;
        let few = self.reduced();
        Ok(few.average(|on| streams_wait(on, (smooth + on * few.peak) / line)))
    }

    /// Mean wait of the bursts' own packets, s, all of `packet` bits, on a line of `line` bit/s with endless queue and
    /// nothing else: V/ρ − S/2, V the mean wait of somebody who comes at a random time (Brumelle 1971: V = ρ·W + ρ·S/2).
    ///
    /// # Errors
    /// Sources without meaning, or a mean rate not below the line's.
    pub fn own_wait(&self, packet: f64, line: f64) -> Value {
        let service = super::measure("packet", packet)? / super::measure("line", line)?;
        let backlog = self.backlog(line)?;
        let all = backlog.wait() + self.packet_wait(0.0, line)? * service;
        Ok((all / backlog.rho - service / 2.0).max(0.0))
    }
}

/// Mean wait in packet times behind `on` periodic streams that fill the share `rho` of the line.
fn streams_wait(on: f64, rho: f64) -> f64 {
    if rho >= 1.0 {
        return 0.75;
    }
    if on < 1.0 || rho < 1e-9 {
        return rho / (2.0 * (1.0 - rho));
    }
    if on > 30.0 {
        let root = on.sqrt();
        return rho * root / 2.0 * burst::mills((1.0 - rho) * root);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number between 1 and 30"
    )]
    let streams = on as u32;
    // CORRECTNESS: fewer streams than slots, as ρ is below 1.
    nddd1_mean_wait(streams, on / rho).unwrap_or(0.75)
}

/// Bursts before a finite buffer, in the long run.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    sources: Bursts,
    capacity: f64,
    buffer: f64,
    /// None if all fit.
    fluid: Option<Bounded>,
}

impl Held {
    /// Mean over the time with a full buffer of what a rate (bit/s, of all sources) is worth.
    fn when_full(&self, worth: impl Fn(f64) -> f64) -> f64 {
        let full = self.fluid.iter().flat_map(|fluid| (0..).zip(&fluid.full));
        full.map(|(on, share)| share * worth(f64::from(on) * self.sources.peak))
            .sum()
    }

    /// Share of the bursts' own bits that are lost.
    #[must_use]
    pub fn loss(&self) -> f64 {
        let lost = self.when_full(|rate| (rate - self.capacity).max(0.0));
        lost / self.sources.mean()
    }

    /// P(backlog > i·step) for i up to `points`, and the step in bits: as far as the buffer or as anything is to be
    /// seen. The step is stretched a little so that straight lines between the points have the right mean.
    pub(super) fn tail(&self, points: u32) -> (Vec<f64>, f64) {
        let Some(fluid) = &self.fluid else {
            return (vec![0.0], 0.0);
        };
        let mut end = self.buffer / self.volume();
        while fluid.exceeds(end / 2.0) < 1e-9 && end > 1e-12 {
            end /= 2.0;
        }
        let step = end / f64::from(points);
        let mut tail: Vec<f64> = (0..=points)
            .map(|i| fluid.exceeds(f64::from(i) * step))
            .collect();
        for i in 1..tail.len() {
            tail[i] = tail[i].min(tail[i - 1]);
        }
        let pairs = tail.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
        let area = pairs.sum::<f64>() * step;
        let stretch = if area > 0.0 {
            (fluid.mean() / area).clamp(0.9, 1.0)
        } else {
            1.0
        };
        (tail, step * stretch * self.volume())
    }

    /// What one source sends in a mean on-time, bits.
    fn volume(&self) -> f64 {
        self.sources.peak * self.sources.on
    }

    /// Mean backlog, bits.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.fluid.as_ref().map_or(0.0, Bounded::mean) * self.volume()
    }
}

/// What bursts build up before a line, in the long run.
#[derive(Debug, Clone, PartialEq)]
pub struct Backlog {
    /// P(backlog > x) = Σ weight·e^(−decay·x), all weights positive; none if no backlog ever builds up.
    pub(super) terms: Vec<Term>,
    capacity: f64,
    rho: f64,
    overflow: f64,
}

impl Backlog {
    /// Share of time in which the backlog exceeds `bits`.
    ///
    /// # Errors
    /// Negative bits.
    pub fn exceeds(&self, bits: f64) -> Value {
        let bits = not_negative("bits", bits)?;
        let sum: f64 = self.terms.iter().map(|t| t.above(bits)).sum();
        Ok(sum.min(1.0))
    }

    /// Mean backlog, bits.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.terms.iter().map(|t| t.weight / t.decay).sum()
    }

    /// The backlog that is not exceeded for the share `level` of time, bits.
    ///
    /// # Errors
    /// A level not strictly between 0 and 1.
    pub fn quantile(&self, level: f64) -> Value {
        Ok(self.reaches(1.0 - chance("level", level)?))
    }

    /// Mean delay of the bursts' own bits, s: mean backlog by mean rate (Little).
    #[must_use]
    pub fn delay(&self) -> f64 {
        self.mean() / (self.rho * self.capacity)
    }

    /// Mean delay that a visitor would meet who comes at a random time, s: mean backlog by capacity.
    #[must_use]
    pub fn wait(&self) -> f64 {
        self.mean() / self.capacity
    }

    /// The delay that the share `level` of the bursts' own bits does not exceed, s. Bits meet a backlog above x
    /// with P(backlog > x)/ρ, since sources send at the mean rate `capacity` in every state of decay.
    ///
    /// # Errors
    /// A level not strictly between 0 and 1.
    pub fn delay_quantile(&self, level: f64) -> Value {
        let above = (1.0 - chance("level", level)?) * self.rho;
        Ok(self.reaches(above) / self.capacity)
    }

    /// Share of the bursts' bits that a buffer of `bits` loses, estimated from the endless queue:
    /// loss(0)·P(backlog > bits)/P(backlog > 0), loss(0) = E\[(R − C)⁺\]/E\[R\]
    /// (Kim and Shroff, IEEE/ACM Transactions on Networking 9(6), 2001). Exact without a buffer, near the truth
    /// for small losses; at loads above 0.9 with large buffers it is too high, up to a multiple.
    ///
    /// # Errors
    /// Negative bits.
    pub fn loss(&self, bits: f64) -> Value {
        Ok((self.overflow * self.reduction(bits)?).min(1.0))
    }

    /// What a buffer takes off the loss: P(backlog > bits)/P(backlog > 0).
    pub(super) fn reduction(&self, bits: f64) -> Value {
        let some = self.exceeds(0.0)?;
        Ok(if some > 0.0 {
            (self.exceeds(bits)? / some).min(1.0)
        } else {
            0.0
        })
    }

    /// The wait that the backlog is to others on a line of `line` bit/s.
    pub(super) fn per_second(&self, line: f64) -> Part {
        let mut terms = self.terms.clone();
        // What the smallest terms add to any percentile does not show.
        terms.retain(|term| term.weight > 1e-13);
        terms.iter_mut().for_each(|term| term.decay *= line);
        Part::Decay(terms)
    }

    /// The backlog exceeded with `probability`: Newton's method on the logarithm, which is convex, so that the
    /// steps come from below and never overshoot.
    fn reaches(&self, probability: f64) -> f64 {
        let mut bits = 0.0;
        for _ in 0..200 {
            let (mut above, mut slope) = (0.0, 0.0);
            for term in &self.terms {
                let part = term.above(bits);
                above += part;
                slope += part * term.decay;
            }
            if above <= probability * (1.0 + 1e-12) || slope <= 0.0 {
                break;
            }
            bits += (above / probability).ln() * above / slope;
        }
        bits
    }
}
