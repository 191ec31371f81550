//! One line with few places and arrivals at random: M/G/1/K.
//!
//! Goes in: utilisation (also above 1), the squared coefficient of variation c² of packet sizes and the places,
//! the one in service included. Comes out: loss, mean wait, and how many a packet finds that is let in. Only
//! two moments of the size are known, so sizes are taken as gamma distributed: exact for fixed (c² = 0) and for
//! exponential sizes (c² = 1).

use super::{OutOfDomain, not_negative, within};

/// The most places that are computed.
pub const MOST_PLACES: u32 = 20_000;

/// A queue with few places. Times are in mean service times.
#[derive(Debug, Clone, PartialEq)]
pub struct Finite {
    /// Share of packets that find no place.
    pub loss: f64,
    /// Mean wait of the packets let in.
    pub wait: f64,
    /// Probability that a packet that is let in finds 0, 1, … places − 1 others.
    pub finds: Vec<f64>,
}

/// M/G/1/K with gamma sizes, from the chain embedded at departures: loss = 1 − 1/(π₀ + ρ), the wait by
/// Little's law (Takagi, Queueing Analysis, vol. 2). The arrivals in one service time are negative binomial.
///
/// # Errors
/// Load or c² outside 0…100, or places outside 1…20,000.
pub fn mg1k(rho: f64, variation: f64, places: u32) -> Result<Finite, OutOfDomain> {
    let holds = (0.0..=100.0).contains(&rho);
    let rho = within("rho", rho, holds, "between 0 and 100")?;
    let variation = not_negative("variation", variation)?;
    within("variation", variation, variation <= 100.0, "at most 100")?;
    let holds = (1..=MOST_PLACES).contains(&places);
    within("places", f64::from(places), holds, "between 1 and 20,000")?;
    let finds = left_behind(rho, variation, places as usize);
    // After a departure 0 … K−1 are left, and as many does a packet find that is let in.
    let arrived = finds[0] + rho;
    let loss = (1.0 - 1.0 / arrived).max(0.0);
    let with_some: f64 = (0..).zip(&finds).map(|(n, p)| f64::from(n) * p).sum();
    let mean = with_some / arrived + loss * f64::from(places);
    let wait = if rho > 0.0 {
        mean * arrived / rho - 1.0
    } else {
        0.0
    };
    Ok(Finite {
        loss,
        wait: wait.max(0.0),
        finds,
    })
}

/// Crossings upwards over n balance those downwards from n + 1, which only adds.
fn left_behind(rho: f64, variation: f64, places: usize) -> Vec<f64> {
    let arrivals = Arrivals::new(rho, variation, places);
    let mut left = vec![1.0f64];
    let mut sum = 1.0f64;
    for n in 0..places - 1 {
        let near = n.saturating_sub(arrivals.more.len()) + 1;
        let mut up = left[0] * arrivals.more_than(n);
        for (i, probability) in left.iter().enumerate().skip(near) {
            up += probability * arrivals.more_than(n + 1 - i);
        }
        let next = up / arrivals.none;
        left.push(next);
        sum += next;
        if sum > 1e200 {
            left.iter_mut().for_each(|p| *p /= sum);
            sum = 1.0;
        }
    }
    left.iter_mut().for_each(|p| *p /= sum);
    left
}

/// Arrivals in one service time.
struct Arrivals {
    none: f64,
    /// P(more than m), as far as it matters.
    more: Vec<f64>,
}

impl Arrivals {
    /// Smaller tails change nothing.
    const NOTHING: f64 = 1e-80;

    fn new(rho: f64, variation: f64, count: usize) -> Self {
        // Negative binomial with mean ρ and variance ρ + ρ²c², which is Poisson at c² = 0.
        let spread = rho * variation;
        let none = if spread < 1e-9 {
            (-rho).exp()
        } else {
            (-spread.ln_1p() / variation).exp()
        };
        let mut chances = vec![none];
        let mut term = none;
        let mut k = 0.0;
        while (term > Self::NOTHING || k < rho) && chances.len() < 200_000 {
            term *= (rho + spread * k) / ((1.0 + spread) * (k + 1.0));
            k += 1.0;
            chances.push(term);
        }
        let mut more = vec![0.0; chances.len()];
        let mut sum = 0.0;
        for m in (0..chances.len() - 1).rev() {
            sum += chances[m + 1];
            more[m] = sum;
        }
        more.truncate(count);
        Self { none, more }
    }

    fn more_than(&self, m: usize) -> f64 {
        self.more.get(m).copied().unwrap_or(0.0)
    }
}
