//! Small shapes: marks of a line, symbols of a verdict, dashed outlines, samples of lines. In: a place in points and a
//! look. Out: marks on the page. Every shape can be told from the others without colour.

use plotters::element::{Circle, Polygon};
use plotters::style::{Color, RGBColor};
use plotters_backend::BackendCoord;

use crate::canvas::tenths;
use crate::data::GateVerdict;
use crate::error::VizError;
use crate::mark::{Trace, at, patch};
use crate::page::Area;
use crate::palette::{BREACH, INK, Marker, PAPER, Stroke, WARNING};

/// Half the size of a mark in points.
const MARK: f64 = 2.3;
/// Half the size of a symbol in points.
const SYMBOL: f64 = 4.4;

/// A dashed outline: what it holds is not of today.
pub fn dashed_outline(
    area: &Area<'_>,
    (x, y, width, height): (f64, f64, f64, f64),
) -> Result<(), VizError> {
    let (right, bottom) = (x + width, y + height);
    let corners = vec![
        at(x, y),
        at(right, y),
        at(right, bottom),
        at(x, bottom),
        at(x, y),
    ];
    area.draw(&Trace::new(corners, INK, 7).dashed(16, 10))?;
    Ok(())
}

/// The symbol of a verdict: an open circle, a triangle, a filled box with a cross.
pub fn verdict(area: &Area<'_>, x: f64, y: f64, verdict: GateVerdict) -> Result<(), VizError> {
    match verdict {
        GateVerdict::Pass => disc(area, (x, y), SYMBOL - 0.6, (PAPER, INK, 10)),
        GateVerdict::Strained => {
            let corners = around((x, y + 0.6), SYMBOL + 0.4, 3, 0.0);
            outlined(area, corners, (WARNING, INK, 9))
        }
        GateVerdict::Fail => {
            let box_ = patch(x - SYMBOL, y - SYMBOL, 2.0 * SYMBOL, 2.0 * SYMBOL);
            area.draw(&box_.fill(BREACH).radius(10))?;
            let arm = SYMBOL - 1.9;
            for slope in [1.0, -1.0] {
                let line = vec![at(x - arm, y - arm * slope), at(x + arm, y + arm * slope)];
                area.draw(&Trace::new(line, PAPER, 14))?;
            }
            Ok(())
        }
    }
}

/// A mark of a line: full, or hollow where the figure is a projection.
pub fn marker(
    area: &Area<'_>,
    place: (f64, f64),
    stroke: Stroke,
    hollow: bool,
) -> Result<(), VizError> {
    let fill = if hollow { PAPER } else { stroke.colour };
    let look = (fill, if hollow { stroke.colour } else { INK }, 5);
    let (x, y) = place;
    match stroke.marker {
        Marker::Disc => disc(area, place, MARK, look),
        Marker::Square => outlined(area, around(place, MARK * 1.3, 4, 0.5), look),
        Marker::Triangle => outlined(area, around(place, MARK * 1.4, 3, 0.0), look),
        Marker::Diamond => outlined(area, around(place, MARK * 1.4, 4, 0.0), look),
        Marker::Tip => outlined(area, around(place, MARK * 1.4, 3, 0.5), look),
        Marker::Hexagon => outlined(area, around(place, MARK * 1.2, 6, 0.0), look),
        Marker::Bar => {
            let bar = patch(x - 1.1, y - MARK * 1.3, 2.2, MARK * 2.6).fill(look.0);
            Ok(area.draw(&bar.outline(look.1, look.2))?)
        }
    }
}

/// A sample of a line with its mark.
pub fn line_sample(
    area: &Area<'_>,
    (x, y): (f64, f64),
    width: f64,
    stroke: Stroke,
    hollow: bool,
) -> Result<(), VizError> {
    let line = vec![at(x, y), at(x + width, y)];
    area.draw(&Trace::new(line, stroke.colour, stroke.width).pattern(stroke.dash))?;
    marker(area, (x + width / 2.0, y), stroke, hollow)
}

/// Fill, outline and its thickness in tenths.
type Paint = (RGBColor, RGBColor, u32);

fn disc(area: &Area<'_>, (x, y): (f64, f64), radius: f64, paint: Paint) -> Result<(), VizError> {
    let (fill, line, width) = paint;
    let radius = tenths(radius);
    area.draw(&Circle::new(at(x, y), radius, fill.filled()))?;
    area.draw(&Circle::new(at(x, y), radius, line.stroke_width(width)))?;
    Ok(())
}

fn outlined(
    area: &Area<'_>,
    mut corners: Vec<BackendCoord>,
    (fill, line, width): Paint,
) -> Result<(), VizError> {
    area.draw(&Polygon::new(corners.clone(), fill.filled()))?;
    // One corner more than the first closes the outline with a round joint.
    corners.extend_from_within(..2);
    area.draw(&Trace::new(corners, line, width))?;
    Ok(())
}

/// Corners of a regular polygon; the first is straight up, or `turn` of a side further.
fn around((x, y): (f64, f64), radius: f64, corners: u32, turn: f64) -> Vec<BackendCoord> {
    let angle =
        |corner: u32| (f64::from(corner) + turn) / f64::from(corners) * std::f64::consts::TAU;
    let corner = |corner| {
        let (sin, cos) = angle(corner).sin_cos();
        at(x + radius * sin, y - radius * cos)
    };
    (0..corners).map(corner).collect()
}
