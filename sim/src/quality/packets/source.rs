//! Where packets come from: at random, with a beat, or in bursts.
//!
//! Goes in: a [`Flow`]. Comes out: the time and size of one packet after another.

use super::random::Dice;
use super::{Arrivals, Flow, Size};

/// A flow with its state.
#[derive(Debug)]
pub(super) struct Source<'a> {
    flow: &'a Flow,
    dice: Dice,
    /// Time of the last packet, s.
    now: f64,
    /// What is left of the on-time, s; for bursts only.
    on: f64,
    /// Weights of the sizes, summed up.
    weights: Vec<f64>,
}

impl<'a> Source<'a> {
    /// A source in its stationary state at time 0: a beat has a random phase, a burst may be under way.
    pub(super) fn new(flow: &'a Flow, mut dice: Dice) -> Self {
        let (mut now, mut on) = (0.0, 0.0);
        match flow.arrivals {
            Arrivals::Poisson { .. } => {}
            Arrivals::Periodic { period } => now = -period * dice.uniform(),
            Arrivals::OnOff {
                peak,
                on: mean,
                off,
            } => {
                let runs = dice.uniform() * (mean + off) < mean;
                on = if runs { dice.exponential(mean) } else { 0.0 };
                // Part of the first packet has been made already.
                let made = flow.mean_bits() / peak * dice.uniform();
                on += made;
                now -= made;
            }
        }
        let summed = |sum: &mut f64, size: &Size| {
            *sum += size.weight;
            Some(*sum)
        };
        Self {
            flow,
            dice,
            now,
            on,
            weights: flow.sizes.iter().scan(0.0, summed).collect(),
        }
    }

    /// Time in s and size in bits of the next packet.
    pub(super) fn next(&mut self) -> (f64, f64) {
        let bits = self.size();
        match self.flow.arrivals {
            Arrivals::Poisson { rate } => self.now += self.dice.exponential(1.0 / rate),
            Arrivals::Periodic { period } => self.now += period,
            Arrivals::OnOff { peak, on, off } => self.run(bits / peak, on, off),
        }
        (self.now, bits)
    }

    /// Lets the clock run until the source has been on for `needed` seconds more: a packet leaves when its
    /// last bit is there, and what a burst leaves unfinished goes on with the next, so that the mean rate is
    /// exactly the peak rate times the share of on-time.
    fn run(&mut self, mut needed: f64, on: f64, off: f64) {
        while self.on < needed {
            needed -= self.on;
            self.now += self.on + self.dice.exponential(off);
            self.on = self.dice.exponential(on);
        }
        self.on -= needed;
        self.now += needed;
    }

    fn size(&mut self) -> f64 {
        let Some(whole) = self.weights.last() else {
            return 0.0; // CORRECTNESS: `Flow::check` refuses a flow without sizes.
        };
        if self.weights.len() == 1 {
            return self.flow.sizes[0].bits;
        }
        let draw = self.dice.uniform() * whole;
        let drawn = self.weights.partition_point(|sum| *sum <= draw);
        self.flow.sizes[drawn.min(self.weights.len() - 1)].bits
    }
}
