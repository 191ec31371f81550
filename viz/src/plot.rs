//! An upright scale of utilisation for lines. In: its place on the page, the ratios it must hold. Out: grid, limits, lines.
//! What lies beyond the scale is drawn at its upper edge; [`cut_off`] tells whether anything does.

use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Options, Width};
use crate::error::VizError;
use crate::mark::{LEADING, Trace, Type, at, text};
use crate::page::Area;
use crate::palette::{GRID, INK, Stroke};
use crate::track::{LONGEST, end_of, ratio_ticks, ticks, whole_percent};
use crate::words::{Lang, Pick as _};

/// Room for the percentages left of a plot, in points.
pub const SIDE: f64 = 31.0;

/// Where lines are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Left edge in points.
    pub left: f64,
    /// Upper edge in points.
    pub top: f64,
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// Ratio at the upper edge.
    pub end: f64,
}

/// Height of a plot in points.
pub fn height(options: &Options) -> f64 {
    match options.width {
        Width::Half => 112.0,
        Width::Full => 150.0,
    }
}

/// No scale that is made longer for what would else be hidden ends beyond this ratio.
const FARTHEST: f64 = 20.0;

/// The end of a scale for lines of which several figures may lie beyond [`LONGEST`]: drawn at the edge, two of them could not
/// be told apart, so the scale is then made long enough for all, up to 2000 %. One alone stays cut.
pub fn end_for(ratios: impl Iterator<Item = f64>) -> f64 {
    let ratios: Vec<f64> = ratios.filter(|ratio| ratio.is_finite()).collect();
    let beyond = ratios.iter().filter(|ratio| **ratio > LONGEST).count();
    let most = ratios.iter().copied().fold(0.0, f64::max);
    match beyond {
        0 | 1 => end(ratios.into_iter()),
        _ => (most * 1.04).min(FARTHEST),
    }
}

/// Whether any of these ratios lies beyond the longest scale.
pub fn cut_off(ratios: impl Iterator<Item = f64>) -> bool {
    beyond(LONGEST, ratios)
}

/// Whether any of these ratios lies beyond the end of its scale.
pub fn beyond(end: f64, mut ratios: impl Iterator<Item = f64>) -> bool {
    ratios.any(|ratio| ratio > end)
}

/// The footnote on what is cut off at the end of a scale.
pub fn cut_remark(end: f64, lang: Lang) -> String {
    let end = whole_percent(end);
    lang.pick(
        format!("{end}を超える部分は上端に描く（値は表とCSVにある）"),
        format!("what exceeds {end} is drawn at the upper edge; table and CSV have the figures"),
    )
}

/// The end of the scale that holds these ratios.
pub fn end(ratios: impl Iterator<Item = f64>) -> f64 {
    // A peak beyond the scale still has to end at its edge, not short of it.
    end_of(ratios.map(|ratio| ratio.min(LONGEST)))
}

impl Plot {
    /// Height of a ratio on the page.
    pub fn y(&self, ratio: f64) -> f64 {
        let share = if ratio.is_nan() {
            0.0
        } else {
            ratio / self.end
        };
        self.top + self.height * (1.0 - share.clamp(0.0, 1.0))
    }

    /// Place at a share of the width.
    pub fn x(&self, share: f64) -> f64 {
        self.left + self.width * share
    }

    /// Grid, percentages at the left, the base line.
    pub fn grid(&self, area: &Area<'_>) -> Result<(), VizError> {
        let look = Type::BODY.anchor(HPos::Right, VPos::Center);
        for tick in self.ticks() {
            let y = self.y(tick);
            self.level(area, tick, (GRID, 4, &[]))?;
            area.draw(&text(self.left - 4.0, y, whole_percent(tick), look))?;
        }
        let upright = vec![
            at(self.left, self.top),
            at(self.left, self.top + self.height),
        ];
        area.draw(&Trace::new(upright, INK, 6))?;
        self.level(area, 0.0, (INK, 6, &[]))
    }

    /// The percentages beside the plot: 100 % is always one of them, and none touches it.
    fn ticks(&self) -> Vec<f64> {
        if self.end <= LONGEST {
            return ratio_ticks(self.end, self.height / self.end > 4.0 * LEADING);
        }
        let apart = |tick: &f64| (self.y(*tick) - self.y(1.0)).abs() >= LEADING;
        let mut found = ticks(0.0, self.end, self.height / (2.5 * LEADING));
        found.retain(apart);
        found.push(1.0);
        found
    }

    /// The solid line of capacity and the dashed ones of thresholds.
    pub fn limits(&self, area: &Area<'_>, thresholds: &[f64]) -> Result<(), VizError> {
        self.level(area, 1.0, (INK, 8, &[]))?;
        for threshold in thresholds {
            if (0.0..=self.end).contains(threshold) {
                self.level(area, *threshold, (INK, 9, &[18, 12]))?;
            }
        }
        Ok(())
    }

    fn level(
        &self,
        area: &Area<'_>,
        ratio: f64,
        (colour, width, dash): (plotters::style::RGBColor, u32, &[i32]),
    ) -> Result<(), VizError> {
        let y = self.y(ratio);
        let line = vec![at(self.left, y), at(self.left + self.width, y)];
        area.draw(&Trace::new(line, colour, width).pattern(dash))?;
        Ok(())
    }

    /// A line through points given as share of the width and ratio.
    pub fn line(
        &self,
        area: &Area<'_>,
        points: impl Iterator<Item = (f64, f64)>,
        stroke: Stroke,
        title: &str,
    ) -> Result<(), VizError> {
        let mut places = Vec::new();
        for (share, ratio) in points {
            let place = at(self.x(share), self.y(ratio));
            if let [.., before, last] = places[..] {
                let (a, b, c): ((i32, i32), (i32, i32), (i32, i32)) = (before, last, place);
                // The middle one of three in a row says nothing: a year of hours stays a short path.
                if (a.0 == b.0 && b.0 == c.0) || (a.1 == b.1 && b.1 == c.1) {
                    places.pop();
                }
            }
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        let trace = Trace::new(places, stroke.colour, stroke.width).pattern(stroke.dash);
        area.draw(&trace.title(title))?;
        Ok(())
    }
}
