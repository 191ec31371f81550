//! What was seen: counts, means and percentiles.
//!
//! Goes in: one time after another. Comes out: mean, variance and percentiles, these from a histogram whose
//! cells are 1/128 wide relative to the time, so that memory does not grow with the run.

use super::super::{Value, chance};

/// Bits of the mantissa that do not tell cells apart: 7 of 52 do, 128 cells per doubling.
const BLURRED: u32 = 45;
/// The cell of 2⁻⁵⁰ s, about 10⁻¹⁵; shorter times count as none.
const SHORTEST: u64 = (1023 - 50) << (52 - BLURRED);

/// Times in seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Times {
    count: u64,
    sum: f64,
    squares: f64,
    longest: f64,
    /// Times that count as none, then one cell after another.
    cells: Vec<u64>,
}

impl Times {
    pub(super) fn add(&mut self, time: f64) {
        self.count += 1;
        self.sum += time;
        self.squares += time * time;
        self.longest = self.longest.max(time);
        let cell = cell(time);
        if self.cells.len() <= cell {
            self.cells.resize(cell + 1, 0);
        }
        self.cells[cell] += 1;
    }

    /// How many times were seen.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean, s; 0 if nothing was seen.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 {
            0.0
        } else {
            self.sum / self.count as f64
        }
    }

    /// Standard deviation, s; 0 if nothing was seen.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let mean = self.mean();
        (self.squares / self.count as f64 - mean * mean)
            .max(0.0)
            .sqrt()
    }

    /// Longest time, s.
    #[must_use]
    pub fn longest(&self) -> f64 {
        self.longest
    }

    /// The time that the share `level` does not exceed, s, at most 1/128 too large; 0 if nothing was seen.
    ///
    /// # Errors
    /// A level not strictly between 0 and 1.
    pub fn percentile(&self, level: f64) -> Value {
        let wanted = chance("level", level)? * self.count as f64;
        let mut seen = 0.0;
        for (cell, count) in self.cells.iter().enumerate() {
            seen += *count as f64;
            if seen >= wanted {
                return Ok(upper_end(cell).min(self.longest));
            }
        }
        Ok(self.longest)
    }

    /// Share of times above `limit` seconds, exact to one part in 128 of the limit.
    #[must_use]
    pub fn above(&self, limit: f64) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let more: u64 = self.cells.iter().skip(cell(limit) + 1).sum();
        more as f64 / self.count as f64
    }
}

/// The exponent and the first bits of the mantissa of a time are its cell.
fn cell(time: f64) -> usize {
    let cell = (time.max(0.0).to_bits() >> BLURRED).saturating_sub(SHORTEST);
    usize::try_from(cell).unwrap_or(usize::MAX)
}

fn upper_end(cell: usize) -> f64 {
    if cell == 0 {
        return 0.0;
    }
    f64::from_bits((SHORTEST + cell as u64 + 1) << BLURRED)
}

/// What packets of one flow met at one line, or all the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Packets that came.
    pub offered: u64,
    /// Packets that found no place.
    pub lost: u64,
    /// Waiting before the transmission, s; all the way: the sum over the lines. Of those that were not lost.
    pub waits: Times,
    /// From arrival to the end of the transmission, s; all the way: with propagation.
    pub sojourns: Times,
}

impl Tally {
    /// Share of packets lost; 0 if none came.
    #[must_use]
    pub fn loss(&self) -> f64 {
        if self.offered == 0 {
            0.0
        } else {
            self.lost as f64 / self.offered as f64
        }
    }
}
