//! Colours and hatches. In: a place in a list, a zone's role, a load. Out: a [`Look`] or [`Stroke`] that differs from its neighbours in
//! colour, in lightness and in pattern, so that a black-and-white copy can still be read.
//!
//! Colours: Okabe and Ito, "Color Universal Design" (2008). [`BREACH`] is their vermilion, darkened until white text on it
//! reaches a contrast of 5.6; it is used for nothing but what exceeds capacity or a limit.

use plotters::style::RGBColor;

use crate::data::ZoneRole;

/// Text and axes.
pub const INK: RGBColor = RGBColor(0, 0, 0);
/// Secondary text: contrast 7.4 on white.
pub const SOFT: RGBColor = RGBColor(84, 84, 84);
/// Lines without a figure.
pub const FAINT: RGBColor = RGBColor(140, 140, 140);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(205, 205, 205);
/// Paper.
pub const PAPER: RGBColor = RGBColor(255, 255, 255);
/// What exceeds capacity, or a limit of meetings, and nothing else.
pub const BREACH: RGBColor = RGBColor(184, 58, 0);
/// What exceeds the threshold and not capacity: navy, contrast 12.6 on white.
pub const NEAR: RGBColor = RGBColor(8, 48, 107);

const BLUE: RGBColor = RGBColor(0, 114, 178);
const SKY: RGBColor = RGBColor(86, 180, 233);
const GREEN: RGBColor = RGBColor(0, 158, 115);
const YELLOW: RGBColor = RGBColor(240, 228, 66);
const ORANGE: RGBColor = RGBColor(230, 159, 0);
const PURPLE: RGBColor = RGBColor(204, 121, 167);
const GREY: RGBColor = RGBColor(150, 150, 150);

/// The pattern drawn over a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hatch {
    /// No pattern.
    Plain,
    /// Lines from lower left to upper right, this many tenths of a point apart.
    Rising(i32),
    /// Lines from upper left to lower right.
    Falling(i32),
    /// Both diagonals.
    Cross(i32),
    /// Level lines.
    Level(i32),
    /// Upright lines.
    Upright(i32),
    /// Dots on a grid.
    Dots(i32),
}

/// Fill and pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Fill colour.
    pub fill: RGBColor,
    /// Pattern over it.
    pub hatch: Hatch,
    /// Colour of the pattern.
    pub lines: RGBColor,
}

const fn look(fill: RGBColor, hatch: Hatch) -> Look {
    Look {
        fill,
        hatch,
        lines: INK,
    }
}

/// Looks of the parts of a stacked bar, in order; [`OTHERS`] is for what is left over.
pub const PARTS: [Look; 7] = [
    look(BLUE, Hatch::Plain),
    look(YELLOW, Hatch::Plain),
    look(GREEN, Hatch::Rising(26)),
    look(SKY, Hatch::Dots(22)),
    look(PURPLE, Hatch::Falling(26)),
    look(ORANGE, Hatch::Upright(26)),
    look(GREY, Hatch::Plain),
];
/// The remaining parts of a stacked bar taken together.
pub const OTHERS: Look = look(PAPER, Hatch::Cross(26));
/// A bar without parts.
pub const WHOLE: Look = look(SKY, Hatch::Plain);
/// A bar of the state after a failure; [`WHOLE`] is that of normal operation beside it.
pub const DEGRADED: Look = look(ORANGE, Hatch::Rising(26));
/// A demand taken as a whole: before and after a change.
pub const TOTAL: Look = look(BLUE, Hatch::Plain);
/// What is added to a demand.
pub const MORE: Look = look(ORANGE, Hatch::Rising(26));
/// What is taken away from a demand.
pub const LESS: Look = look(PAPER, Hatch::Dots(22));
/// A warning that is no breach.
pub const WARNING: RGBColor = YELLOW;

/// The same look washed out: half way to paper, with a pattern in grey.
pub fn pale(look: Look) -> Look {
    let light = |channel: u8| u8::midpoint(channel, 255);
    let wash = |colour: RGBColor| RGBColor(light(colour.0), light(colour.1), light(colour.2));
    Look {
        fill: wash(wash(look.fill)),
        hatch: look.hatch,
        lines: wash(look.lines),
    }
}

/// How a line of a plot looks: colour, dashes in tenths of a point, and the mark at its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    /// Colour of line and marks.
    pub colour: RGBColor,
    /// Thickness in tenths of a point.
    pub width: u32,
    /// Dashes and gaps in turn; empty for a solid line.
    pub dash: &'static [i32],
    /// The mark.
    pub marker: Marker,
}

/// Shapes of the marks at the points of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A circle.
    Disc,
    /// A square on its side.
    Square,
    /// A triangle on its base.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle on its tip.
    Tip,
    /// A hexagon.
    Hexagon,
    /// A narrow upright bar.
    Bar,
}

const fn stroke(colour: RGBColor, width: u32, dash: &'static [i32], marker: Marker) -> Stroke {
    Stroke {
        colour,
        width,
        dash,
        marker,
    }
}

/// Looks of the lines of a plot, in order. Yellow is too light for a line on paper.
pub const STROKES: [Stroke; 7] = [
    stroke(BLUE, 16, &[], Marker::Disc),
    stroke(ORANGE, 18, &[60, 20], Marker::Square),
    stroke(GREEN, 16, &[14, 14], Marker::Triangle),
    stroke(PURPLE, 18, &[70, 16, 14, 16], Marker::Diamond),
    stroke(SKY, 22, &[28, 14], Marker::Tip),
    stroke(SOFT, 12, &[60, 14, 14, 14, 14, 14], Marker::Hexagon),
    stroke(GREY, 20, &[6, 12], Marker::Bar),
];

/// The same line washed out.
pub fn pale_stroke(stroke: Stroke) -> Stroke {
    let fill = look(stroke.colour, Hatch::Plain);
    Stroke {
        colour: pale(Look {
            lines: stroke.colour,
            ..fill
        })
        .lines,
        ..stroke
    }
}

/// A cell of the heat map above its threshold.
pub const CROWDED: Look = Look {
    fill: NEAR,
    hatch: Hatch::Rising(24),
    lines: PAPER,
};
/// A cell of the heat map above capacity.
pub const EXCESS: Look = Look {
    fill: PAPER,
    hatch: Hatch::Cross(20),
    lines: BREACH,
};

/// Lightness steps of the heat map below the threshold, from idle to busy: one hue, evenly darker.
pub const HEAT: [RGBColor; 5] = [
    RGBColor(247, 251, 255),
    RGBColor(208, 225, 242),
    RGBColor(148, 196, 223),
    RGBColor(74, 152, 201),
    RGBColor(23, 100, 171),
];

/// The look of a zone: the fill is light enough for text, the hatch is drawn in the strip at its edge.
pub fn zone(role: ZoneRole) -> (Look, RGBColor) {
    let strip = |fill, hatch, tint| {
        (
            Look {
                fill,
                hatch,
                lines: INK,
            },
            tint,
        )
    };
    match role {
        ZoneRole::Outside => strip(PAPER, Hatch::Dots(24), RGBColor(247, 247, 247)),
        ZoneRole::SecurityCloud => strip(PURPLE, Hatch::Falling(28), RGBColor(249, 238, 245)),
        ZoneRole::Internet => strip(SKY, Hatch::Rising(28), RGBColor(231, 244, 252)),
        ZoneRole::Lgwan => strip(GREEN, Hatch::Level(24), RGBColor(226, 244, 238)),
        ZoneRole::MyNumber => strip(ORANGE, Hatch::Cross(28), RGBColor(253, 243, 222)),
        ZoneRole::Closed => strip(PAPER, Hatch::Upright(24), RGBColor(247, 247, 247)),
        ZoneRole::Other => strip(GREY, Hatch::Plain, RGBColor(238, 238, 238)),
    }
}
