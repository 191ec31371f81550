//! A deterministic stream of pseudo-random numbers: xoshiro256++ (Blackman and Vigna 2018), its state filled
//! by `SplitMix64` (Steele, Lea and Flood 2014).
//!
//! Goes in: a seed. Comes out: the same draws on every machine. Nothing can go wrong; not for secrets.

/// A seeded generator.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    state: [u64; 4],
}

impl Dice {
    /// The generator of a seed; nearby seeds give unrelated draws.
    pub(super) fn new(seed: u64) -> Self {
        let mut mixed = seed;
        Self {
            state: std::array::from_fn(|_| split_mix(&mut mixed)),
        }
    }

    /// Another generator, unrelated to the draws that follow.
    pub(super) fn split(&mut self) -> Self {
        Self::new(self.next())
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let out = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        out
    }

    /// Uniform, at least 0 and below 1, a multiple of 2⁻⁵³.
    pub(super) fn uniform(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
        (self.next() >> 11) as f64 * UNIT
    }

    /// Exponential with the given mean, in the unit of the mean.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        // 1 − u is never 0.
        -mean * (1.0 - self.uniform()).ln()
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn draws_are_those_of_the_published_generator() {
        // The reference implementation in C from the state 1, 2, 3, 4.
        let mut dice = Dice {
            state: [1, 2, 3, 4],
        };
        let first: Vec<u64> = (0..4).map(|_| dice.next()).collect();
        assert_eq!(
            first,
            [
                41_943_041,
                58_720_359,
                3_588_806_011_781_223,
                3_591_011_842_654_386
            ]
        );
        // SplitMix64 from 0.
        assert_eq!(Dice::new(0).state[0], 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn draws_have_the_mean_they_should() {
        let mut dice = Dice::new(7);
        let count = 200_000;
        let sum: f64 = (0..count).map(|_| dice.exponential(2.0)).sum();
        assert!((sum / f64::from(count) - 2.0).abs() < 0.02);
    }
}
