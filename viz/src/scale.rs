//! A linear axis with ticks where the chart wants them. In: its end, its ticks, the wording of a tick. Out: a coordinate
//! of plotters (whose own axes choose their ticks themselves).

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// An axis from 0 to `end`.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Value at the far end.
    pub end: f64,
    /// Values that get a tick and a number.
    pub ticks: Vec<f64>,
    /// A number in words.
    pub words: fn(f64) -> String,
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "pixels of a page; rounding is what is asked for"
    )]
    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        limit.0 + (value / self.end * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        0.0..self.end
    }
}

impl ValueFormatter<f64> for Scale {
    fn format_ext(&self, value: &f64) -> String {
        (self.words)(*value)
    }
}
