//! How much of anything can be meant: ranges that hold wherever a figure is written, in a scenario or on the command
//! line, and the words for what is outside them.
//!
//! Goes in: what was found. Comes out: what to tell. Nothing can go wrong.

use crate::text::Text;
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Members of a line.
pub const MEMBERS: RangeInclusive<u32> = 1..=1024;

/// Hosts of a group.
pub const HOSTS: RangeInclusive<u32> = 0..=10_000_000;

/// Machines, sessions, addresses, workers.
pub const SEVERAL: RangeInclusive<u32> = 1..=1_000_000_000;

/// Seats, of which there may be none.
pub const SEATS: RangeInclusive<u32> = 0..=*SEVERAL.end();

/// Growth per year in per cent: what is used may shrink, but not to nothing.
pub const GROWTH: RangeInclusive<f64> = -90.0..=1000.0;

/// No line carries more, and no sum of loads comes near it, bit/s: a petabit a second.
pub const MOST_RATE: f64 = 1e15;

/// [`MOST_RATE`] as it can be written.
pub const MOST_RATE_WORDS: &str = "1000000 Gbps";

/// A whole number outside a range.
#[must_use]
pub fn out_of_range<T: Display>(found: &str, range: &RangeInclusive<T>) -> Text {
    let (low, high) = (range.start(), range.end());
    Text::new(
        format!("{found} は範囲外（{low} から {high} まで）"),
        format!("{found} is out of range ({low} to {high})"),
    )
}

/// A quantity that is larger than anything that can be meant.
#[must_use]
pub fn too_much(found: &str, most: &str) -> Text {
    Text::new(
        format!("`{found}` は大きすぎる（上限は {most}）"),
        format!("`{found}` is too large (at most {most})"),
    )
}

/// Nothing where something has to be.
#[must_use]
pub fn nothing() -> Text {
    Text::new("0 より大きい値が必要", "a value above 0 is needed here")
}

/// What growth looks like.
pub const GROWTH_WORDS: (&str, &str) = (
    "年間の増加率（`10 %` など、-90 % から 1000 % まで）",
    "growth per year such as `10 %`, between -90 % and 1000 %",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::BitRate;

    #[test]
    fn limits_can_be_written() {
        let most: BitRate = MOST_RATE_WORDS.parse().expect("a rate");
        assert!((most.get() - MOST_RATE).abs() < 1.0);
        let (low, high) = (GROWTH.start(), GROWTH.end());
        assert!(
            GROWTH_WORDS
                .1
                .contains(&format!("between {low} % and {high} %"))
        );
    }
}
