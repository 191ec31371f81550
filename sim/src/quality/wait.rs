//! How long a packet waits, as a distribution: a sum of independent [`Part`]s.
//!
//! Goes in: parts, made by [`super::hop`]. Comes out: the mean, a percentile, and how likely a wait exceeds a
//! time, all in seconds. What can go wrong: a level that is no probability ([`super::OutOfDomain`]).

use super::fluid::Term;
use super::gamma::gamma_tail;
use super::periodic::{nddd1_mean_wait, nddd1_wait_exceeds};
use super::{OutOfDomain, Value, not_negative, within};

/// Cells of the lattice on which sums are formed: a percentile is exact to about 1/500 of itself.
const CELLS: usize = 600;

/// A wait that is none or follows a law.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Gamma distributed with probability `busy`, else none.
    Gamma { busy: f64, shape: f64, scale: f64 },
    /// What is left of a service under way with probability `busy`: the mean `service` and c² of services.
    Residual {
        busy: f64,
        service: f64,
        variation: f64,
    },
    /// Behind bursts: a sum of exponential terms per second.
    Decay(Vec<Term>),
    /// Behind periodic streams.
    Beat {
        streams: u32,
        slots: f64,
        service: f64,
    },
    /// P(wait > i·step), linear in between, none above the last.
    Table { tail: Vec<f64>, step: f64 },
}

impl Part {
    /// A gamma part by its mean and second moment, P(wait > 0) = `busy`.
    pub(super) fn of_moments(busy: f64, mean: f64, second: f64) -> Self {
        if busy <= 0.0 || mean <= 0.0 {
            return Self::Decay(Vec::new());
        }
        let (mean, second) = (mean / busy, second / busy);
        let shape = mean * mean / (second - mean * mean).max(mean * mean * 1e-3);
        let scale = mean / shape;
        Self::Gamma { busy, shape, scale }
    }

    /// P(wait > x).
    fn exceeds(&self, x: f64) -> f64 {
        match self {
            Self::Gamma { busy, shape, scale } => busy * gamma_tail(*shape, x / scale),
            Self::Residual {
                busy,
                service,
                variation,
            } => busy * residual_tail(x / service, *variation),
            Self::Decay(terms) => terms.iter().map(|t| t.above(x)).sum::<f64>().min(1.0),
            // CORRECTNESS: `hop` makes no beat with as many streams as slots.
            Self::Beat {
                streams,
                slots,
                service,
            } => nddd1_wait_exceeds(*streams, *slots, x / service).unwrap_or(1.0),
            Self::Table { tail, step } => interpolated(tail, x / step),
        }
    }

    fn mean(&self) -> f64 {
        match self {
            Self::Gamma { busy, shape, scale } => busy * shape * scale,
            Self::Residual {
                busy,
                service,
                variation,
            } => busy * service * (1.0 + variation) / 2.0,
            Self::Decay(terms) => terms.iter().map(|t| t.weight / t.decay).sum(),
            Self::Beat {
                streams,
                slots,
                service,
            } => nddd1_mean_wait(*streams, *slots).unwrap_or(0.0) * service,
            Self::Table { tail, step } => {
                let pairs = tail.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
                pairs.sum::<f64>() * step
            }
        }
    }

    /// The wait exceeded with `probability`, by bisection.
    fn reaches(&self, probability: f64) -> f64 {
        let mut far = self.mean();
        if far <= 0.0 || self.exceeds(0.0) <= probability {
            return 0.0;
        }
        let mut near = 0.0;
        while self.exceeds(far) > probability {
            near = far;
            far *= 2.0;
        }
        for _ in 0..50 {
            let middle = f64::midpoint(near, far);
            if self.exceeds(middle) > probability {
                near = middle;
            } else {
                far = middle;
            }
        }
        far
    }

    /// Probabilities of the multiples of `step`, each for what lies nearest to it.
    fn cells(&self, step: f64) -> Vec<f64> {
        let mut above = 1.0;
        let mut cells = Vec::with_capacity(CELLS + 1);
        for i in 0..=CELLS {
            let next = self.exceeds((i as f64 + 0.5) * step).min(above);
            cells.push(above - next);
            above = next;
        }
        cells
    }
}

/// P(what is left > x mean services): uniform for services of one length, else with gamma services.
fn residual_tail(x: f64, variation: f64) -> f64 {
    if variation < 1e-3 {
        return (1.0 - x).clamp(0.0, 1.0);
    }
    let shape = 1.0 / variation;
    let scaled = x * shape;
    (gamma_tail(shape + 1.0, scaled) - x * gamma_tail(shape, scaled)).clamp(0.0, 1.0)
}

fn interpolated(tail: &[f64], at: f64) -> f64 {
    if at >= tail.len() as f64 - 1.0 {
        return 0.0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative and below the length"
    )]
    let i = at as usize;
    tail[i] + (tail[i + 1] - tail[i]) * (at - i as f64)
}

/// A wait: the sum of independent parts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wait {
    parts: Vec<Part>,
}

impl Wait {
    pub(super) fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// Mean wait, s.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.parts.iter().map(Part::mean).sum()
    }

    /// This wait and then `other`, taken as independent of one another.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.parts.extend(other.parts.iter().cloned());
        self
    }

    /// The wait that the share `level` of packets does not exceed, s.
    ///
    /// The parts are convolved on a lattice that reaches to Σ of their (1 − (1 − level)/n) percentiles, which the
    /// sum of n parts exceeds with at most 1 − level, whether they are independent or not.
    ///
    /// # Errors
    /// A level outside 0…0.999999.
    pub fn percentile(&self, level: f64) -> Value {
        let level = check(level)?;
        let end = self.bound(level)?;
        if self.parts.len() < 2 || end <= 0.0 {
            return Ok(end);
        }
        let step = end / CELLS as f64;
        let mut below = 0.0;
        for (i, cell) in self.cells(step).into_iter().enumerate() {
            if cell > 0.0 && below + cell >= level {
                let inside = (level - below) / cell - 0.5;
                return Ok(((i as f64 + inside) * step).clamp(0.0, end));
            }
            below += cell;
        }
        Ok(end)
    }

    /// A bound of [`Wait::percentile`] that holds even if the parts depend on one another, s.
    ///
    /// # Errors
    /// A level outside 0…0.999999.
    pub fn bound(&self, level: f64) -> Value {
        let each = (1.0 - check(level)?) / self.parts.len().max(1) as f64;
        Ok(self.parts.iter().map(|part| part.reaches(each)).sum())
    }

    /// The share of packets that wait longer than `seconds`.
    ///
    /// # Errors
    /// Negative seconds.
    pub fn exceeds(&self, seconds: f64) -> Value {
        let seconds = not_negative("seconds", seconds)?;
        if let [part] = self.parts.as_slice() {
            return Ok(part.exceeds(seconds));
        }
        if self.parts.is_empty() {
            return Ok(0.0);
        }
        // The last cell reaches half a step further.
        let step = (seconds / (CELLS as f64 + 0.5)).max(1e-300);
        let below: f64 = self.cells(step).iter().sum();
        Ok((1.0 - below).clamp(0.0, 1.0))
    }

    fn cells(&self, step: f64) -> Vec<f64> {
        let mut parts = self.parts.iter().map(|part| part.cells(step));
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |sum, part| convolved(&sum, &part))
    }
}

fn check(level: f64) -> Result<f64, OutOfDomain> {
    let holds = (0.0..=0.999_999).contains(&level);
    within("level", level, holds, "between 0 and 0.999999")
}

/// The sum of two, up to the end of the lattice.
fn convolved(one: &[f64], two: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; one.len()];
    for (i, a) in one.iter().enumerate() {
        for (cell, b) in sum[i..].iter_mut().zip(two) {
            *cell += a * b;
        }
    }
    sum
}
