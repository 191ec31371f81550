//! Sums that do not depend on the order of what is added.
//!
//! Goes in: amounts of which all together are known beforehand. Comes out: whole numbers ([`Scale::whole`]) that add up
//! and cancel exactly, and amounts again ([`Scale::amount`]). Nothing can go wrong; what is less than 2⁻¹²⁰ of all
//! together is nothing.
//!
//! So what changes on an edge is taken from its load and added to it, instead of adding up anew whatever it carries, and
//! the load is still bit for bit what a sum from scratch gives, on however many threads.

/// By which power of two amounts are scaled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    up: f64,
    down: f64,
}

/// Bits of all together.
const BITS: i32 = 120;

impl Scale {
    /// For amounts whose sum, in whatever order, is at most `all`: finite, not negative.
    pub(super) fn new(all: f64) -> Self {
        // CORRECTNESS: both powers are normal numbers. Where all together is below 2⁻⁸⁸⁰, less than 120 bits are left.
        let exponent = if all > 0.0 { all.log2().ceil() } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, reason = "between −1,100 and 1,024")]
        let power = (BITS - exponent as i32).min(1_000);
        Self {
            up: 2f64.powi(power),
            down: 2f64.powi(-power),
        }
    }

    /// An amount as a whole number of the smallest amounts told apart.
    #[expect(clippy::cast_possible_truncation, reason = "what is less is nothing")]
    pub(super) fn whole(self, amount: f64) -> i128 {
        (amount * self.up) as i128
    }

    /// And back, rounded to the nearest.
    #[expect(clippy::cast_precision_loss, reason = "rounded")]
    pub(super) fn amount(self, whole: i128) -> f64 {
        whole as f64 * self.down
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;
    use proptest::prelude::*;

    proptest! {
        /// An amount survives, unless it is tiny beside all; and a sum is that of its exact terms.
        #[test]
        fn amounts_come_back(amounts in prop::collection::vec((0.0f64..1.0, -250i32..300), 1..20)) {
            let amounts: Vec<f64> = amounts.iter().map(|(a, e)| a * 10f64.powi(*e)).collect();
            let all: f64 = amounts.iter().sum();
            let scale = Scale::new(all);
            for amount in &amounts {
                let back = scale.amount(scale.whole(*amount));
                prop_assert!((back - amount).abs() <= all * 2f64.powi(-119) + 1e-290, "{amount} {back}");
                prop_assert!(*amount < all * 1e-15 || back == *amount, "{amount} {back}");
            }
            let sum: i128 = amounts.iter().map(|a| scale.whole(*a)).sum();
            prop_assert!((scale.amount(sum) - all).abs() <= all * 1e-14 + 1e-290);
            let back: i128 = amounts.iter().rev().map(|a| scale.whole(*a)).sum();
            prop_assert_eq!(sum, back);
        }
    }

    #[test]
    fn nothing_and_the_ends_of_numbers_have_a_scale() {
        for all in [0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX] {
            let scale = Scale::new(all);
            assert_eq!(scale.amount(scale.whole(0.0)).to_bits(), 0);
            let back = scale.amount(scale.whole(all));
            assert!((all - back).abs() <= 1e-290, "{all} {back}");
        }
    }
}
