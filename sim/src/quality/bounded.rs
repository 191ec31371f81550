//! The fluid queue of on/off sources before a finite buffer, at any load.
//!
//! Goes in: N sources, their activity, the capacity in peak rates of one source, the buffer in peak rate × mean
//! on-time. Comes out: for every number of sources on, the share of time with a full buffer, and how likely the
//! backlog exceeds a given volume. The callers keep the figures in their domain.
//!
//! Spectral solution with both boundaries (Tucker, IEEE Transactions on Communications 36(10), 1988): the
//! distribution is Σ aⱼ·φⱼ·e^(zⱼ·x) over all N + 1 eigenvalues, the aⱼ such that a backlog of 0 is impossible with
//! more sources on than the capacity and a full buffer with fewer. The terms have signs, so losses below about
//! 10⁻¹⁰ are noise. Terms that grow with x are measured from the full buffer, and the states are scaled
//! by the roots of their probabilities, which makes the chain symmetric.

use super::fluid::Queue;
use super::gamma::ln_gamma;

/// More sources than this are replaced by fewer: the effort grows with their cube.
pub(super) const MOST: u32 = 100;

/// The stationary backlog in a finite buffer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bounded {
    /// For every number of sources on, the share of time with so many on and a full buffer.
    pub(super) full: Vec<f64>,
    modes: Vec<Mode>,
    buffer: f64,
}

/// One term of P(backlog ≤ x).
#[derive(Debug, Clone, PartialEq)]
struct Mode {
    /// Eigenvalue z, per unit of x.
    growth: f64,
    /// The eigenvector, scaled.
    shape: Vec<f64>,
    /// Sum over the states with its coefficient.
    weight: f64,
}

impl Mode {
    /// e^(z·x), measured from the end where it is largest.
    fn at(&self, x: f64, buffer: f64) -> f64 {
        let from = if self.growth > 0.0 { buffer } else { 0.0 };
        (self.growth * (x - from)).exp()
    }
}

impl Bounded {
    /// Solves the queue of `sources` (at most [`MOST`]); nothing if the equations are singular.
    pub(super) fn new(sources: u32, activity: f64, capacity: f64, buffer: f64) -> Option<Self> {
        let queue = Queue::new(
            sources,
            activity,
            off_the_singular(sources, activity, capacity),
        );
        let chain = Chain::new(&queue);
        let mut modes: Vec<Mode> = queue.growths().map(|z| chain.mode(z)).collect();
        let size = modes.len();
        let mut equations = Vec::with_capacity(size);
        for i in 0..size {
            let below = chain.drift[i] < 0.0;
            let x = if below { buffer } else { 0.0 };
            let mut row: Vec<f64> = modes.iter().map(|m| m.shape[i] * m.at(x, buffer)).collect();
            row.push(if below { chain.root[i] } else { 0.0 });
            equations.push(row);
        }
        let coefficients = solve(equations)?;
        let held = |i: usize| {
            let terms = modes.iter().zip(&coefficients);
            terms
                .map(|(m, a)| a * m.shape[i] * m.at(buffer, buffer))
                .sum::<f64>()
        };
        let full = |i: usize| {
            let gap = chain.root[i] * (chain.root[i] - held(i));
            if chain.drift[i] < 0.0 {
                0.0
            } else {
                gap.max(0.0)
            }
        };
        let full = (0..size).map(full).collect();
        for (mode, a) in modes.iter_mut().zip(coefficients) {
            let sum: f64 = mode.shape.iter().zip(&chain.root).map(|(y, r)| y * r).sum();
            mode.weight = a * sum;
        }
        Some(Self {
            full,
            modes,
            buffer,
        })
    }

    /// Mean backlog: the area under [`Bounded::exceeds`].
    pub(super) fn mean(&self) -> f64 {
        let area = |mode: &Mode| {
            let steep = mode.growth.abs() * self.buffer;
            let width = if steep > 0.0 {
                -(-steep).exp_m1() / steep
            } else {
                1.0
            };
            mode.weight * width
        };
        let below: f64 = self.modes.iter().map(area).sum();
        (self.buffer * (1.0 - below)).clamp(0.0, self.buffer)
    }

    /// Share of time in which the backlog exceeds `x`, below the buffer.
    pub(super) fn exceeds(&self, x: f64) -> f64 {
        let terms = self.modes.iter().map(|m| m.weight * m.at(x, self.buffer));
        (1.0 - terms.sum::<f64>()).clamp(0.0, 1.0)
    }
}

/// A capacity that is a whole number of sources, or just the mean, makes two terms fall together: a little less does
/// not, and changes the result by about as little.
fn off_the_singular(sources: u32, activity: f64, capacity: f64) -> f64 {
    let mean = f64::from(sources) * activity;
    let near = |value: f64| (capacity - value).abs() < 1e-6 * value.max(1.0);
    let moved = if near(mean) {
        mean - 2e-6 * mean.max(1.0)
    } else {
        capacity
    };
    if (moved - moved.round()).abs() < 1e-6 {
        moved.round() - 1e-6
    } else {
        moved
    }
}

/// The symmetric birth-and-death chain of the number of sources on.
struct Chain {
    /// Roots of the stationary probabilities.
    root: Vec<f64>,
    /// What flows in more than out, in peak rates.
    drift: Vec<f64>,
    /// How fast a state is left.
    leave: Vec<f64>,
    /// Geometric mean of the rates between a state and the next.
    link: Vec<f64>,
}

impl Chain {
    fn new(queue: &Queue) -> Self {
        let Queue { n, odds, c } = *queue;
        let states = queue.states();
        let log_off = n * odds.ln_1p();
        let log = |i: f64| {
            ln_gamma(n + 1.0) - ln_gamma(i + 1.0) - ln_gamma(n - i + 1.0) + i * odds.ln() - log_off
        };
        Self {
            root: states.iter().map(|i| (log(*i) / 2.0).exp()).collect(),
            drift: states.iter().map(|i| i - c).collect(),
            leave: states.iter().map(|i| (n - i) * odds + i).collect(),
            link: states
                .iter()
                .map(|i| ((n - i) * odds * (i + 1.0)).sqrt())
                .collect(),
        }
    }

    /// The eigenvector of z, by the twisted factorisation (Fernando 1997), which starts where it is largest.
    fn mode(&self, growth: f64) -> Mode {
        let size = self.root.len();
        let pivot = |i: usize| -self.leave[i] - growth * self.drift[i];
        let mut down = vec![pivot(0)];
        for i in 1..size {
            down.push(pivot(i) - self.link[i - 1].powi(2) / apart(down[i - 1]));
        }
        let mut up = vec![pivot(size - 1); size];
        for i in (0..size - 1).rev() {
            up[i] = pivot(i) - self.link[i].powi(2) / apart(up[i + 1]);
        }
        let twist = |i: &usize| (down[*i] + up[*i] - pivot(*i)).abs();
        let start = (0..size)
            .min_by(|i, j| twist(i).total_cmp(&twist(j)))
            .unwrap_or(0);
        let mut shape = vec![0.0; size];
        shape[start] = 1.0;
        for i in start + 1..size {
            shape[i] = -self.link[i - 1] * shape[i - 1] / apart(up[i]);
        }
        for i in (0..start).rev() {
            shape[i] = -self.link[i] * shape[i + 1] / apart(down[i]);
        }
        let largest = shape.iter().fold(0.0f64, |most, y| most.max(y.abs()));
        shape.iter_mut().for_each(|y| *y /= largest);
        Mode {
            growth,
            shape,
            weight: 0.0,
        }
    }
}

/// A number that can be divided by.
fn apart(x: f64) -> f64 {
    if x.abs() < 1e-150 { 1e-150 } else { x }
}

/// Gauss elimination with row pivots; the last column is the right-hand side.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|i, j| rows[*i][column].abs().total_cmp(&rows[*j][column].abs()))?;
        rows.swap(column, pivot);
        let (above, below) = rows.split_at_mut(column + 1);
        let head = &above[column];
        if head[column] == 0.0 || !head[column].is_finite() {
            return None;
        }
        for row in below {
            let factor = row[column] / head[column];
            for (value, top) in row.iter_mut().zip(head).skip(column) {
                *value -= factor * top;
            }
        }
    }
    let mut solution = vec![0.0; size];
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|j| rows[i][j] * solution[j]).sum();
        solution[i] = (rows[i][size] - known) / rows[i][i];
    }
    solution.iter().all(|x| x.is_finite()).then_some(solution)
}
