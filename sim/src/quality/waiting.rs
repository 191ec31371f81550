//! Waiting behind one line: means and percentiles, in service times of one packet.
//!
//! Goes in: utilisation ρ (0 ≤ ρ < 1) and the squared coefficient of variation of packet sizes. Comes out:
//! times as multiples of the mean service time S (packet bits / line bit/s). Arrivals are taken as
//! Poisson: for bursty sources these figures are too small, see [`super::burst`].

use super::{OutOfDomain, Value, chance, not_negative, stable};

/// Mean time in an M/M/1 system, waiting and service: 1 / (1 − ρ).
///
/// # Errors
/// ρ outside 0 ≤ ρ < 1.
pub fn mm1_sojourn(rho: f64) -> Value {
    Ok(1.0 / (1.0 - stable("rho", rho)?))
}

/// Mean wait of M/G/1 (Pollaczek–Khinchine): ρ·(1 + c²) / (2·(1 − ρ)).
///
/// # Errors
/// ρ outside 0 ≤ ρ < 1, or a negative `variation` (c²).
pub fn mg1_wait(rho: f64, variation: f64) -> Value {
    let rho = stable("rho", rho)?;
    let variation = not_negative("variation", variation)?;
    Ok(rho * (1.0 + variation) / (2.0 * (1.0 - rho)))
}

/// The wait that the share `level` of packets of fixed size does not exceed (M/D/1).
///
/// Franx 2001 ("A simple solution for the M/D/c waiting time distribution"): for (k−1) ≤ x < k,
/// P(W ≤ x) = e^(−ρ(k−x)) · Σ Q(k−1−j)·(ρ(k−x))ʲ/j! with Q the distribution of the number waiting: only positive terms,
/// unlike Crommelin's alternating sum.
///
/// # Errors
/// ρ outside 0 ≤ ρ < 1 or above 0.999; a level not strictly between 0 and 1 or above 1 − 10⁻⁹.
pub fn md1_wait_quantile(rho: f64, level: f64) -> Value {
    let rho = super::within(
        "rho",
        rho,
        (0.0..=0.999).contains(&rho),
        "between 0 and 0.999",
    )?;
    let level = chance("level", level)?;
    let level = super::within("level", level, level <= 1.0 - 1e-9, "at most 0.999999999")?;
    if 1.0 - rho >= level {
        return Ok(0.0);
    }
    let mut queue = Queue::new(rho);
    let mut whole = 1usize;
    while queue.below(whole, 0.0) < level {
        whole += 1;
    }
    // The quantile lies less than one service time before `whole`; bisection to below what a clock tells.
    let (mut near, mut far) = (0.0f64, 1.0f64);
    for _ in 0..60 {
        let gap = f64::midpoint(near, far);
        if queue.below(whole, gap) < level {
            far = gap;
        } else {
            near = gap;
        }
    }
    Ok(whole as f64 - near)
}

/// The number waiting in M/D/1, cumulated, computed as far as asked.
struct Queue {
    rho: f64,
    /// Probability of n in the system.
    system: Vec<f64>,
    /// Probability of at most n waiting.
    waiting: Vec<f64>,
    /// Probability of n arrivals in one service time.
    arrivals: Vec<f64>,
}

impl Queue {
    fn new(rho: f64) -> Self {
        Self {
            rho,
            system: vec![1.0 - rho],
            waiting: Vec::new(),
            arrivals: vec![(-rho).exp()],
        }
    }

    /// P(W ≤ k − gap) for 0 ≤ gap ≤ 1, in service times.
    fn below(&mut self, k: usize, gap: f64) -> f64 {
        self.extend(k);
        let x = self.rho * gap;
        let mut term = (-x).exp();
        let mut sum = 0.0;
        for j in 0..k {
            sum += self.waiting[k - 1 - j] * term;
            let next = (j + 1) as f64;
            term *= x / next;
            if term < 1e-300 {
                break;
            }
        }
        sum
    }

    /// Makes `waiting` hold the first `count` values.
    fn extend(&mut self, count: usize) {
        while self.waiting.len() < count {
            let n = self.waiting.len();
            while self.system.len() <= n + 1 {
                self.next_state();
            }
            // At most n waiting is at most n + 1 in the system.
            let before = if n == 0 {
                self.system[0]
            } else {
                self.waiting[n - 1]
            };
            self.waiting.push((before + self.system[n + 1]).min(1.0));
        }
    }

    /// Balance of the chain embedded at departures, as crossings of a level, which only adds:
    /// p(n+1)·a₀ = p₀·A(n) + Σ p(i)·A(n+1−i) for i from 1 to n, A(m) = P(more than m arrivals).
    fn next_state(&mut self) {
        let n = self.system.len() - 1;
        let mut up = self.system[0] * self.more_than(n);
        for i in 1..=n {
            up += self.system[i] * self.more_than(n + 1 - i);
        }
        let next = up / self.arrivals[0];
        self.system.push(next);
    }

    /// P(more than m arrivals in a service time), from its own tail so that nothing cancels.
    fn more_than(&mut self, m: usize) -> f64 {
        let mut k = m + 1;
        let mut term = self.arrival(k);
        let mut sum = term;
        while term > sum * 1e-18 && term > 0.0 {
            k += 1;
            let count = k as f64;
            term *= self.rho / count;
            sum += term;
        }
        sum
    }

    fn arrival(&mut self, k: usize) -> f64 {
        while self.arrivals.len() <= k {
            let count = self.arrivals.len() as f64;
            let next = self.arrivals[self.arrivals.len() - 1] * self.rho / count;
            self.arrivals.push(next);
        }
        self.arrivals[k]
    }
}

/// One priority class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriorityClass {
    /// Packets per second.
    pub rate: f64,
    /// Mean service time, s.
    pub service: f64,
    /// Squared coefficient of variation of the service time.
    pub variation: f64,
}

/// Mean waits, in seconds, of classes served in order of priority without interruption (Cobham 1954):
/// Wₖ = R₀ / ((1 − σₖ₋₁)(1 − σₖ)), R₀ = Σ λ·E\[S²\]/2.
///
/// # Errors
/// A negative rate or time, or classes that together saturate the line.
pub fn priority_waits(classes: &[PriorityClass]) -> Result<Vec<f64>, OutOfDomain> {
    let mut residual = 0.0;
    for class in classes {
        let rate = not_negative("rate", class.rate)?;
        let service = not_negative("service", class.service)?;
        let variation = not_negative("variation", class.variation)?;
        residual += rate * service * service * (1.0 + variation) / 2.0;
    }
    let mut before = 0.0;
    let mut waits = Vec::with_capacity(classes.len());
    for class in classes {
        let until = stable("load of the classes", before + class.rate * class.service)?;
        waits.push(residual / ((1.0 - before) * (1.0 - until)));
        before = until;
    }
    Ok(waits)
}
