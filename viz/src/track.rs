//! A level scale for bars. In: its place on the page and the values it must hold. Out: bars, limits and an axis on it.
//!
//! ```text
//! ▇▇▇▇▇▇▇▇¦▇▇|▇▇▇▇//▇    ¦ threshold, | capacity; a bar beyond the scale is broken
//! 0%      50%   100%     axis
//! ```

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::Level;
use crate::error::VizError;
use crate::mark::{Trace, Type, at, patch, text};
use crate::page::Area;
use crate::palette::{BREACH, INK, Look, NEAR, PAPER};

/// Height of a bar in points.
pub const BAR: f64 = 8.0;
/// Height of the axis in points.
pub const AXIS: f64 = 12.0;
/// Bars beyond this ratio are cut; their figure tells the rest.
pub const LONGEST: f64 = 2.0;

/// A scale from `from` at its left to `to` at its right.
#[derive(Debug, Clone, Copy)]
pub struct Track {
    /// Left end in points.
    pub left: f64,
    /// Length in points.
    pub width: f64,
    /// Value at the left end.
    pub from: f64,
    /// Value at the right end.
    pub to: f64,
}

/// The end of a common scale of ratios: past capacity, past most values, never past [`LONGEST`].
pub fn end_of(ratios: impl Iterator<Item = f64>) -> f64 {
    let most = ratios.filter(|ratio| ratio.is_finite()).fold(0.0, f64::max);
    (most * 1.04).clamp(1.2, LONGEST)
}

/// Round values over a range, at most so many: 1, 2 or 5 times a power of ten apart.
pub fn ticks(from: f64, to: f64, most: f64) -> Vec<f64> {
    let least = (to - from) / most.max(1.0);
    if !least.is_finite() || least <= 0.0 {
        return vec![from];
    }
    let power = 10.0_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let step = steps
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(10.0 * power);
    let mut values = Vec::new();
    let mut place = (from / step).ceil();
    while place * step <= to * (1.0 + 1e-9) {
        values.push(place * step + 0.0);
        place += 1.0;
    }
    values
}

/// Ratios to be marked on a scale that ends at `to`: halves where there is room for them, else whole ones.
pub fn ratio_ticks(to: f64, room_for_halves: bool) -> Vec<f64> {
    let all = [0.0, 0.5, 1.0, 1.5, 2.0];
    all.into_iter()
        .filter(|ratio| *ratio <= to && (room_for_halves || ratio.fract() == 0.0))
        .collect()
}

impl Track {
    /// A scale of ratios from nothing.
    pub fn of_ratios(left: f64, width: f64, ratios: impl Iterator<Item = f64>) -> Self {
        Self {
            left,
            width,
            from: 0.0,
            to: end_of(ratios),
        }
    }

    /// Where a value lies on the page; beyond the scale at its end.
    pub fn x(&self, value: f64) -> f64 {
        let share = (value - self.from) / (self.to - self.from);
        self.left
            + self.width
                * if share.is_nan() {
                    0.0
                } else {
                    share.clamp(0.0, 1.0)
                }
    }

    /// A bar between two values, outlined by its level, broken if it leaves the scale.
    pub fn bar(
        &self,
        area: &Area<'_>,
        (top, height): (f64, f64),
        (from, to): (f64, f64),
        (look, level, title): (Look, Level, &str),
    ) -> Result<(), VizError> {
        let (a, b) = (self.x(from), self.x(to));
        let piece = || patch(a.min(b), top, (b - a).abs(), height);
        area.draw(&piece().look(look).outline(INK, 3).title(title))?;
        if let Some((colour, width)) = outline_of(level) {
            area.draw(&piece().outline(colour, width))?;
        }
        if from.max(to) > self.to {
            self.break_at_end(area, (top, height))?;
        }
        Ok(())
    }

    /// Two strokes of paper across the end of a bar.
    fn break_at_end(&self, area: &Area<'_>, (top, height): (f64, f64)) -> Result<(), VizError> {
        let right = self.left + self.width;
        for shift in [9.0, 4.5] {
            let cut = vec![
                at(right - shift - 1.5, top + height + 1.5),
                at(right - shift + 1.5, top - 1.5),
            ];
            area.draw(&Trace::new(cut, PAPER, 16))?;
        }
        Ok(())
    }

    /// Nought, threshold and capacity as upright strokes between two heights.
    pub fn limits(&self, area: &Area<'_>, y: (f64, f64), threshold: f64) -> Result<(), VizError> {
        self.upright(area, 0.0, y, (INK, 6, &[]))?;
        self.upright(area, 1.0, y, (INK, 8, &[]))?;
        if (0.0..=self.to).contains(&threshold) {
            self.upright(area, threshold, y, (INK, 9, &[18, 12]))?;
        }
        Ok(())
    }

    /// An upright stroke at a value: colour, thickness and dashes in tenths of a point.
    pub fn upright(
        &self,
        area: &Area<'_>,
        value: f64,
        (top, bottom): (f64, f64),
        (colour, width, dash): (RGBColor, u32, &[i32]),
    ) -> Result<(), VizError> {
        let line = vec![at(self.x(value), top), at(self.x(value), bottom)];
        area.draw(&Trace::new(line, colour, width).pattern(dash))?;
        Ok(())
    }

    /// The axis below the bars.
    pub fn axis(
        &self,
        area: &Area<'_>,
        y: f64,
        ticks: &[f64],
        words: impl Fn(f64) -> String,
    ) -> Result<(), VizError> {
        let right = self.left + self.width;
        area.draw(&Trace::new(vec![at(self.left, y), at(right, y)], INK, 6))?;
        let look = Type::BODY.anchor(HPos::Center, VPos::Top);
        let mut free_from = f64::MIN;
        for tick in ticks {
            self.upright(area, *tick, (y, y + 2.0), (INK, 6, &[]))?;
            let (x, words) = (self.x(*tick), words(*tick));
            let half = look.width(&words) / 2.0;
            // A number that would touch the one before is left out.
            if x - half >= free_from {
                area.draw(&text(x, y + 3.0, words, look))?;
                free_from = x + half + 4.0;
            }
        }
        Ok(())
    }
}

/// The outline that tells the level of a bar, with its thickness in tenths of a point: red above capacity alone.
pub const fn outline_of(level: Level) -> Option<(RGBColor, u32)> {
    match level {
        Level::Within => None,
        Level::OverThreshold => Some((NEAR, 10)),
        Level::OverCapacity => Some((BREACH, 14)),
    }
}

/// A ratio as a tick of an axis.
pub fn whole_percent(ratio: f64) -> String {
    format!("{:.0}%", ratio * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(0.0, 1440.0, 4.0), [0.0, 500.0, 1000.0]);
        assert_eq!(ticks(-30.0, 70.0, 5.0), [-20.0, 0.0, 20.0, 40.0, 60.0]);
        assert_eq!(ticks(0.0, 0.0, 4.0), [0.0]);
        assert_eq!(ticks(0.0, f64::INFINITY, 4.0), [0.0]);
    }

    #[test]
    fn what_is_no_number_stays_on_the_page() {
        let track = Track::of_ratios(10.0, 100.0, [f64::INFINITY, 0.5].into_iter());
        assert!((track.to - 1.2).abs() < 1e-9);
        for (value, x) in [(f64::INFINITY, 110.0), (f64::NAN, 10.0), (-1.0, 10.0)] {
            assert!((track.x(value) - x).abs() < 1e-9, "{value}");
        }
    }
}
