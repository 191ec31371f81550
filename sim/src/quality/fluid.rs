//! The spectrum of the fluid queue of on/off sources (Anick, Mitra and Sondhi, Stochastic Theory of a
//! Data-Handling System with Multiple Sources, Bell System Technical Journal 61(8), 1982).
//!
//! Goes in: N sources, their activity, and the capacity in peak rates of one source. Comes out: the terms of
//! P(backlog > x), x in peak rate × mean on-time. All terms are positive, so nothing cancels; coefficients are
//! products of up to N factors and are kept as logarithms. The callers keep the load below 1.

/// One term weight·e^(−decay·x).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub(super) weight: f64,
    /// Per unit of x, above 0.
    pub(super) decay: f64,
}

impl Term {
    pub(super) fn above(&self, x: f64) -> f64 {
        self.weight * (-self.decay * x).exp()
    }
}

/// The terms of P(backlog > x), one for every number of sources above the capacity; none if all together fit.
pub(super) fn spectrum(sources: u32, activity: f64, capacity: f64) -> Vec<Term> {
    let queue = Queue::new(sources, activity, capacity);
    let decays: Vec<f64> = queue.decays().collect();
    let term = |(k, decay): (usize, &f64)| {
        let log = queue.log_sum(k as f64, *decay) + log_product(&decays, k);
        Term {
            weight: log.exp(),
            decay: *decay,
        }
    };
    let terms = decays.iter().enumerate().map(term);
    terms
        .filter(|t| t.weight > 0.0 && t.decay.is_finite())
        .collect()
}

/// Sources, odds of being on (λ, the off→on rate in on-times) and capacity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Queue {
    pub(super) n: f64,
    pub(super) odds: f64,
    pub(super) c: f64,
}

impl Queue {
    pub(super) fn new(sources: u32, activity: f64, capacity: f64) -> Self {
        Self {
            n: f64::from(sources),
            odds: activity / (1.0 - activity),
            c: capacity,
        }
    }

    /// 0, 1, … N sources on.
    pub(super) fn states(&self) -> Vec<f64> {
        let up = std::iter::successors(Some(0.0), |i| Some(i + 1.0));
        up.take_while(|i| *i <= self.n).collect()
    }

    /// −z of all roots z below 0, at a load below 1.
    fn decays(&self) -> impl Iterator<Item = f64> {
        let last = self.n - self.c.floor();
        let numbers = self.states().into_iter().take_while(move |k| *k < last);
        numbers.map(|k| -self.growth(k, -1.0))
    }

    /// All N + 1 roots at any load, for a capacity that is no whole number.
    pub(super) fn growths(&self) -> impl Iterator<Item = f64> {
        let last = self.n - self.c.floor();
        let numbers = self.states().into_iter().take_while(|k| *k < self.n);
        let roots = numbers.map(move |k| self.growth(k, if k < last { -1.0 } else { 1.0 }));
        std::iter::once(0.0).chain(roots)
    }

    /// Root z number k, of the given sign: it solves
    /// z·(N/2 − c) + N·(1 + λ)/2 = (N/2 − k)·√((z + 1 − λ)² + 4λ),
    /// whose square is A·z² + B·z + C = 0 (equations 14 to 17 of the paper). Number 0 is below 0 when the load
    /// is below 1; its other root is 0.
    fn growth(&self, k: f64, sign: f64) -> f64 {
        let Self { n, odds, c } = *self;
        if k == 0.0 {
            return -(1.0 + odds - n * odds / c) / (1.0 - c / n);
        }
        // A and C as products: differences of squares lose digits.
        let a = (c - k) * (n - k - c);
        let b = 2.0 * (1.0 - odds) * (n / 2.0 - k).powi(2) - n * (1.0 + odds) * (n / 2.0 - c);
        let constant = -(1.0 + odds).powi(2) * k * (n - k);
        let root = (b * b - 4.0 * a * constant).max(0.0).sqrt();
        let q = -(b + root.copysign(b)) / 2.0;
        let candidates = [q / a, constant / q].into_iter();
        let fitting = candidates.filter(|z| z * sign > 0.0 && z.is_finite());
        let best = fitting.min_by(|x, y| self.error(k, *x).total_cmp(&self.error(k, *y)));
        best.unwrap_or(f64::INFINITY.copysign(sign))
    }

    /// How far z is from solving the equation before squaring, relative.
    fn error(&self, k: f64, z: f64) -> f64 {
        let left = z * (self.n / 2.0 - self.c) + self.n * (1.0 + self.odds) / 2.0;
        let right = (self.n / 2.0 - k) * self.root(z);
        (left - right).abs() / (left.abs() + right.abs() + 1e-300)
    }

    fn root(&self, z: f64) -> f64 {
        ((z + 1.0 - self.odds).powi(2) + 4.0 * self.odds).sqrt()
    }

    /// ln of (λ/(1+λ))ᴺ·|1ᵀφ|: the eigenvector, scaled to end with 1, sums up to (1−r₁)ᵏ·(1−r₂)ᴺ⁻ᵏ with r₁ and r₂
    /// the roots of λx² + (z + 1 − λ)x − 1, and (r₁ − 1)(1 − r₂) = −z/λ.
    fn log_sum(&self, k: f64, decay: f64) -> f64 {
        let Self { n, odds, .. } = *self;
        let middle = 1.0 - odds - decay;
        let root = self.root(-decay);
        // λ·(1 − r₂) = λ + (middle + root)/2, without cancelling where middle is negative.
        let half = if middle >= 0.0 {
            (middle + root) / 2.0
        } else {
            2.0 * odds / (root - middle)
        };
        let second = 1.0 + half / odds;
        let first = decay / odds / second;
        let all_on = n * (odds.ln() - odds.ln_1p());
        all_on + k * first.ln() + (n - k) * second.ln()
    }
}

/// Σ over i ≠ k of ln(zᵢ/|zᵢ − z_k|).
fn log_product(decays: &[f64], k: usize) -> f64 {
    let own = decays[k];
    let (mut log, mut product) = (0.0, 1.0f64);
    for (i, decay) in decays.iter().enumerate() {
        if i == k {
            continue;
        }
        product *= decay / (decay - own).abs();
        // A logarithm now and then is cheaper than one for every factor.
        if !(1e-100..1e100).contains(&product) {
            log += product.ln();
            product = 1.0;
        }
    }
    log + product.ln()
}
