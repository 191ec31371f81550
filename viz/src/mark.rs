//! Marks: the plotters elements all charts are made of. In: corner points in any coordinate system of plotters, a look.
//! Out: SVG. They add to the stock elements what print needs: hatches, dashes, round corners, tooltips, haloed text.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters::element::{Drawable, PointCollection, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, TextStyle};
use plotters_backend::{BackendColor, BackendCoord, DrawingErrorKind};

use crate::canvas::{tenth, tenths};
use crate::font::{self, Weight};
use crate::palette::{Hatch, INK, Look};
use crate::surface::{Surface, fill_of, path_data, rect_of, stroke_of};

/// Thickness of hatch lines in tenths of a point.
const HATCH_LINE: u32 = 5;

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

fn backend(colour: RGBColor) -> BackendColor {
    BackendColor {
        alpha: 1.0,
        rgb: (colour.0, colour.1, colour.2),
    }
}

/// A rectangle between two corners: fill, hatch, outline, rounded corners, tooltip.
#[derive(Debug, Clone)]
pub struct Patch<C> {
    corners: [C; 2],
    look: Option<Look>,
    outline: Option<(RGBColor, u32)>,
    radius: i32,
    title: String,
}

impl<C> Patch<C> {
    /// A rectangle that draws nothing yet.
    pub fn new(from: C, to: C) -> Self {
        Self {
            corners: [from, to],
            look: None,
            outline: None,
            radius: 0,
            title: String::new(),
        }
    }

    /// Fills it plainly.
    pub fn fill(self, fill: RGBColor) -> Self {
        self.look(Look {
            fill,
            hatch: Hatch::Plain,
            lines: fill,
        })
    }

    /// Fills and hatches it.
    pub fn look(mut self, look: Look) -> Self {
        self.look = Some(look);
        self
    }

    /// Draws its border, `width` tenths of a point thick.
    pub fn outline(mut self, colour: RGBColor, width: u32) -> Self {
        self.outline = Some((colour, width));
        self
    }

    /// Rounds its corners by so many tenths of a point.
    pub fn radius(mut self, radius: i32) -> Self {
        self.radius = radius;
        self
    }

    /// Words shown by a viewer that supports tooltips.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

impl<'a, C: 'a> PointCollection<'a, C> for &'a Patch<C> {
    type Point = &'a C;
    type IntoIter = std::slice::Iter<'a, C>;

    fn point_iter(self) -> Self::IntoIter {
        self.corners.iter()
    }
}

impl<C> Drawable<Surface<'_>> for Patch<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        surface: &mut Surface<'_>,
        _: (u32, u32),
    ) -> Outcome {
        let (Some(from), Some(to)) = (points.next(), points.next()) else {
            return Ok(());
        };
        let round = if self.radius > 0 {
            format!(" rx=\"{}\"", tenth(self.radius))
        } else {
            String::new()
        };
        let frame = format!("{}{round}", rect_of(from, to));
        if let Some(look) = self.look {
            surface.element(
                "rect",
                &format!("{frame} {}", fill_of(backend(look.fill))),
                &self.title,
            );
            let lines = hatch_lines(look.hatch, from, to);
            if !lines.is_empty() {
                let caps = if matches!(look.hatch, Hatch::Dots(_)) {
                    " stroke-linecap=\"round\""
                } else {
                    ""
                };
                let width = if caps.is_empty() {
                    HATCH_LINE
                } else {
                    2 * HATCH_LINE
                };
                surface.element(
                    "path",
                    &format!(
                        "d=\"{lines}\" {}{caps}",
                        stroke_of(backend(look.lines), width)
                    ),
                    "",
                );
            }
        }
        if let Some((colour, width)) = self.outline {
            surface.element(
                "rect",
                &format!("{frame} {}", stroke_of(backend(colour), width)),
                "",
            );
        }
        Ok(())
    }
}

/// Path data of a hatch clipped to a rectangle; lines keep their place on the page, so neighbours join.
fn hatch_lines(hatch: Hatch, a: BackendCoord, b: BackendCoord) -> String {
    let (x0, x1, y0, y1) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), a.1.max(b.1));
    let mut path = String::new();
    let mut line = |from: BackendCoord, to: BackendCoord| path.push_str(&path_data([from, to]));
    match hatch {
        Hatch::Plain => {}
        Hatch::Rising(step) => inside(x0 + y0, x1 + y1, step).for_each(|k| {
            line(
                (x0.max(k - y1), (k - x0).min(y1)),
                (x1.min(k - y0), (k - x1).max(y0)),
            );
        }),
        Hatch::Falling(step) => inside(x0 - y1, x1 - y0, step).for_each(|k| {
            line(
                (x0.max(k + y0), y0.max(x0 - k)),
                (x1.min(k + y1), y1.min(x1 - k)),
            );
        }),
        Hatch::Cross(step) => {
            return hatch_lines(Hatch::Rising(step), a, b)
                + &hatch_lines(Hatch::Falling(step), a, b);
        }
        Hatch::Level(step) => inside(y0, y1, step).for_each(|y| line((x0, y), (x1, y))),
        Hatch::Upright(step) => inside(x0, x1, step).for_each(|x| line((x, y0), (x, y1))),
        Hatch::Dots(step) => {
            for y in inside(y0 + 4, y1 - 4, step) {
                inside(x0 + 4, x1 - 4, step).for_each(|x| {
                    let _ = write!(path, "M{} {}h0", tenth(x), tenth(y));
                });
            }
        }
    }
    path
}

/// Multiples of `step` strictly between two bounds.
fn inside(from: i32, to: i32, step: i32) -> impl Iterator<Item = i32> {
    (from.div_euclid(step) + 1..)
        .map(move |k| k * step)
        .take_while(move |k| *k < to)
}

/// A line through points: thickness and dashes in tenths of a point.
#[derive(Debug, Clone)]
pub struct Trace<C> {
    points: Vec<C>,
    colour: RGBColor,
    width: u32,
    dash: Vec<i32>,
    title: String,
}

impl<C> Trace<C> {
    /// A solid line.
    pub fn new(points: Vec<C>, colour: RGBColor, width: u32) -> Self {
        Self {
            points,
            colour,
            width,
            dash: Vec::new(),
            title: String::new(),
        }
    }

    /// Dashes of `on` tenths with gaps of `off` tenths.
    pub fn dashed(self, on: i32, off: i32) -> Self {
        self.pattern(&[on, off])
    }

    /// Dashes and gaps in turn, in tenths; none for a solid line.
    pub fn pattern(mut self, dash: &[i32]) -> Self {
        self.dash = dash.to_vec();
        self
    }

    /// Words shown by a viewer that supports tooltips.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

impl<'a, C: 'a> PointCollection<'a, C> for &'a Trace<C> {
    type Point = &'a C;
    type IntoIter = std::slice::Iter<'a, C>;

    fn point_iter(self) -> Self::IntoIter {
        self.points.iter()
    }
}

impl<C> Drawable<Surface<'_>> for Trace<C> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        surface: &mut Surface<'_>,
        _: (u32, u32),
    ) -> Outcome {
        let lengths: Vec<String> = self.dash.iter().map(|length| tenth(*length)).collect();
        let dash = if lengths.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
        };
        let stroke = stroke_of(backend(self.colour), self.width);
        let attributes = format!(
            "d=\"{}\" {stroke} stroke-linejoin=\"round\"{dash}",
            path_data(points)
        );
        surface.element("path", &attributes, &self.title);
        Ok(())
    }
}

/// Size of body text in points: the smallest that appears at native size.
pub const BODY: f64 = 8.0;
/// Distance between the baselines of body text in points.
pub const LEADING: f64 = 9.6;

/// How a text looks and which of its points stands at the given place.
#[derive(Clone, Copy)]
pub struct Type {
    /// Size in points.
    pub size: f64,
    /// Stroke weight.
    pub weight: Weight,
    /// Colour.
    pub colour: RGBColor,
    /// Horizontal anchor.
    pub h: HPos,
    /// Vertical anchor.
    pub v: VPos,
}

impl Type {
    /// Black body text anchored at its upper left corner.
    pub const BODY: Self = Self {
        size: BODY,
        weight: Weight::Regular,
        colour: INK,
        h: HPos::Left,
        v: VPos::Top,
    };

    /// The same in bold.
    pub const fn bold(self) -> Self {
        Self {
            weight: Weight::Bold,
            ..self
        }
    }

    /// The same in another colour.
    pub const fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }

    /// The same anchored elsewhere.
    pub const fn anchor(self, h: HPos, v: VPos) -> Self {
        Self { h, v, ..self }
    }

    /// Width in points of `text` set this way.
    pub fn width(self, text: &str) -> f64 {
        font::width(text, self.weight, self.size)
    }

    /// The plotters style, with sizes in tenths of a point.
    pub fn style(self) -> TextStyle<'static> {
        let style = if self.weight == Weight::Bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let font = FontDesc::new(FontFamily::Name("Utsushi Gothic"), self.size * 10.0, style);
        TextStyle {
            font,
            color: backend(self.colour),
            pos: Pos::new(self.h, self.v),
        }
    }
}

/// A place on the page, from points.
pub fn at(x: f64, y: f64) -> BackendCoord {
    (tenths(x), tenths(y))
}

/// A rectangle on the page from its upper left corner and its size in points.
pub fn patch(x: f64, y: f64, width: f64, height: f64) -> Patch<BackendCoord> {
    Patch::new(at(x, y), at(x + width, y + height))
}

/// One line of text on the page, at a place in points.
pub fn text(
    x: f64,
    y: f64,
    words: impl Into<String>,
    look: Type,
) -> Text<'static, BackendCoord, String> {
    Text::new(words.into(), at(x, y), look.style())
}
