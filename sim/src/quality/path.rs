//! From hops to a path, and whether it is good enough.
//!
//! Goes in: the [`Passage`]s of the hops in order, and the share of packets that a percentile speaks of. Comes out:
//! delay, jitter and loss of the whole path, which hop takes most of each, and a [`Verdict`] against [`Limits`].
//! What can go wrong: a level that is no probability ([`OutOfDomain`]).
//!
//! Delays add. Losses combine as 1 − Π(1 − p). Jitter is a percentile of the sum of the waits, which are taken as
//! independent and convolved ([`Wait::percentile`]): far below the sum of the percentiles. Real waits of one
//! packet at successive hops depend a little on one another; [`Path::jitter_bound`] holds even so.

use super::OutOfDomain;
use super::hop::Passage;
use super::wait::Wait;
use utsushi_model::report::{MEETING_DELAY, MEETING_JITTER, MEETING_LOSS, furthest};

/// What a packet meets on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Mean one-way delay, s.
    pub delay: f64,
    /// What the share `level` of packets waits at most, s: the delay beyond the shortest possible.
    pub jitter: f64,
    /// A bound of the jitter that needs no independence, s.
    pub jitter_bound: f64,
    /// Share of packets lost.
    pub loss: f64,
    /// Which hops take most; None for a path without hops.
    pub most: Option<Most>,
}

/// The position of the hop that takes most of a budget; the first of equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Of the mean delay.
    pub delay: usize,
    /// Of the waiting, by the percentile.
    pub jitter: usize,
    /// Of the loss.
    pub loss: usize,
}

/// Puts hops together; `level` is the share of packets that jitter speaks of, as 0.99.
///
/// # Errors
/// A level outside 0…0.999999.
pub fn path(hops: &[Passage], level: f64) -> Result<Path, OutOfDomain> {
    let wait = hops
        .iter()
        .fold(Wait::default(), |sum, hop| sum.and(&hop.wait));
    let delays: Vec<f64> = hops.iter().map(Passage::delay).collect();
    let jitters = hops.iter().map(|hop| hop.wait.percentile(level));
    let jitters = jitters.collect::<Result<Vec<f64>, OutOfDomain>>()?;
    let losses: Vec<f64> = hops.iter().map(|hop| hop.loss).collect();
    let most = largest(&delays)
        .zip(largest(&jitters))
        .zip(largest(&losses));
    Ok(Path {
        delay: delays.iter().sum(),
        jitter: wait.percentile(level)?,
        jitter_bound: wait.bound(level)?,
        loss: 1.0 - losses.iter().map(|loss| 1.0 - loss).product::<f64>(),
        most: most.map(|((delay, jitter), loss)| Most {
            delay,
            jitter,
            loss,
        }),
    })
}

fn largest(values: &[f64]) -> Option<usize> {
    let best = values
        .iter()
        .enumerate()
        .rev()
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map(|(position, _)| position)
}

/// What a path may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Share of packets lost.
    pub loss: f64,
    /// Jitter, s.
    pub jitter: f64,
    /// One-way delay, s.
    pub delay: f64,
    /// Whether a limit itself is still good.
    pub edge: Edge,
}

/// Whether a limit itself is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// At most.
    Good,
    /// Below.
    Bad,
}

/// Web meetings: loss ≤ 1 %, jitter ≤ 30 ms, delay ≤ 150 ms (requirement WQ-1 of the ministry's guide).
pub const WEB_MEETING: Limits = Limits {
    loss: MEETING_LOSS,
    jitter: MEETING_JITTER,
    delay: MEETING_DELAY,
    edge: Edge::Good,
};

/// From a client to the edge of Microsoft's network: one way < 50 ms, loss < 1 % and jitter < 30 ms in any
/// 15 s (Microsoft, Teams, "Prepare your organization's network": prepare-network).
pub const CLIENT_TO_EDGE: Limits = Limits {
    loss: 0.01,
    jitter: 0.030,
    delay: 0.050,
    edge: Edge::Bad,
};

/// From the customer's edge to the edge of Microsoft's network: one way < 30 ms, loss < 0.1 % and jitter
/// < 15 ms in any 15 s (as [`CLIENT_TO_EDGE`]).
pub const EDGE_TO_EDGE: Limits = Limits {
    loss: 0.001,
    jitter: 0.015,
    delay: 0.030,
    edge: Edge::Bad,
};

/// Whether a limit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The value is within the limit.
    Kept,
    /// It is not.
    Broken,
}

/// A path against limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Share of packets lost.
    pub loss: Held,
    /// Jitter.
    pub jitter: Held,
    /// Mean one-way delay.
    pub delay: Held,
}

impl Verdict {
    /// Kept when all three are.
    #[must_use]
    pub fn all(&self) -> Held {
        let broken = [self.loss, self.jitter, self.delay].contains(&Held::Broken);
        if broken { Held::Broken } else { Held::Kept }
    }
}

impl Limits {
    /// Holds a path against the limits.
    #[must_use]
    pub fn judge(&self, path: &Path) -> Verdict {
        Verdict {
            loss: self.held(path.loss, self.loss),
            jitter: self.held(path.jitter, self.jitter),
            delay: self.held(path.delay, self.delay),
        }
    }

    /// Which of loss, jitter and delay uses most of its limit (`loss`, `jitter` or `delay`, the first of equals), and by how many
    /// times that is.
    #[must_use]
    pub fn furthest(&self, path: &Path) -> (&'static str, f64) {
        furthest(
            [path.loss, path.jitter, path.delay],
            [self.loss, self.jitter, self.delay],
        )
    }

    fn held(&self, value: f64, limit: f64) -> Held {
        let good = match self.edge {
            Edge::Good => value <= limit,
            Edge::Bad => value < limit,
        };
        if good { Held::Kept } else { Held::Broken }
    }
}
