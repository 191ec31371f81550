//! The drawing library's way onto a [`Canvas`]. In: the shapes of plotters in tenths of a point. Out: SVG elements.
//!
//! The stock SVG backend rounds to whole pixels and guesses text widths; this one keeps tenths of a point and measures text
//! with the embedded font, so that axes, labels and titles stand where plotters believes they stand. Nothing can fail here.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle, FontTransform,
};

use crate::canvas::{Canvas, Run, Tenths, decimal, hex, tenth};
use crate::font::{self, Weight};

/// A canvas as a backend of plotters.
pub struct Surface<'a>(pub &'a mut Canvas);

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

impl Surface<'_> {
    /// A filled or stroked shape whose attributes are ready made.
    pub fn element(&mut self, tag: &str, attributes: &str, title: &str) {
        self.0.element(tag, attributes, title);
    }

    /// One line of text whose anchor point is `at`.
    pub fn text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) {
        let (weight, size) = face(style);
        let width = font::width(text, weight, style.size());
        let along = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -width / 2.0,
            HPos::Right => -width,
        };
        let up = match style.anchor().v_pos {
            VPos::Top => font::ASCENT,
            VPos::Center => (font::ASCENT - font::DESCENT) / 2.0,
            VPos::Bottom => -font::DESCENT,
        };
        let (dx, dy) = style
            .transform()
            .transform(round(along), round(up * style.size()));
        let rotation = match style.transform() {
            FontTransform::None => 0,
            FontTransform::Rotate90 => 90,
            FontTransform::Rotate180 => 180,
            FontTransform::Rotate270 => 270,
        };
        let run = Run {
            at: (at.0 + dx, at.1 + dy),
            rotation,
            size,
            weight,
            colour: style.color().rgb,
        };
        self.0.text(text, run);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "text is a few thousand tenths wide"
)]
fn round(value: f64) -> Tenths {
    value.round() as Tenths
}

/// Weight and size in points of a plotters text style, whose sizes are tenths of a point.
fn face<S: BackendTextStyle>(style: &S) -> (Weight, f64) {
    let weight = if matches!(style.style(), FontStyle::Bold) {
        Weight::Bold
    } else {
        Weight::Regular
    };
    (weight, style.size() / 10.0)
}

/// SVG attributes of a fill.
pub fn fill_of(colour: BackendColor) -> String {
    format!("fill=\"{}\"{}", hex(colour.rgb), opacity("fill", colour))
}

/// SVG attributes of a stroke of `width` tenths.
pub fn stroke_of(colour: BackendColor, width: u32) -> String {
    let width = decimal(f64::from(width) / 10.0, 1);
    format!(
        "fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"{}",
        hex(colour.rgb),
        opacity("stroke", colour)
    )
}

fn opacity(kind: &str, colour: BackendColor) -> String {
    if colour.alpha < 1.0 {
        format!(" {kind}-opacity=\"{}\"", decimal(colour.alpha, 3))
    } else {
        String::new()
    }
}

/// Path data of straight lines through `points`.
pub fn path_data(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut data = String::new();
    for (index, (x, y)) in points.into_iter().enumerate() {
        let _ = write!(
            data,
            "{}{} {}",
            if index == 0 { 'M' } else { 'L' },
            tenth(x),
            tenth(y)
        );
    }
    data
}

impl DrawingBackend for Surface<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.0.size();
        (width.unsigned_abs(), height.unsigned_abs())
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Outcome {
        self.draw_rect((x, y), (x + 1, y + 1), &colour, true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        let stroke = stroke_of(style.color(), style.stroke_width());
        self.element("path", &format!("d=\"{}\" {stroke}", path_data(path)), "");
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome {
        let paint = if fill {
            fill_of(style.color())
        } else {
            stroke_of(style.color(), style.stroke_width())
        };
        self.element("rect", &format!("{} {paint}", rect_of(from, to)), "");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome {
        let paint = if fill {
            fill_of(style.color())
        } else {
            stroke_of(style.color(), style.stroke_width())
        };
        let radius = decimal(f64::from(radius) / 10.0, 1);
        self.element(
            "circle",
            &format!(
                "cx=\"{}\" cy=\"{}\" r=\"{radius}\" {paint}",
                tenth(x),
                tenth(y)
            ),
            "",
        );
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Outcome {
        self.element(
            "path",
            &format!("d=\"{}Z\" {}", path_data(points), fill_of(style.color())),
            "",
        );
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Outcome {
        self.text(text, style, at);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let (weight, _) = face(style);
        Ok((
            round(font::width(text, weight, style.size())).unsigned_abs(),
            round(style.size()).unsigned_abs(),
        ))
    }
}

/// SVG attributes of a rectangle between two opposite corners.
pub fn rect_of((x0, y0): BackendCoord, (x1, y1): BackendCoord) -> String {
    let (x, y, width, height) = (x0.min(x1), y0.min(y1), (x1 - x0).abs(), (y1 - y0).abs());
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        tenth(x),
        tenth(y),
        tenth(width),
        tenth(height)
    )
}
