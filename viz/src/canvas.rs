//! One SVG under construction. In: shapes in tenths of a point, in drawing order. Out: the document, byte for byte the same
//! for the same shapes, and the characters for which the font had no glyph.
//!
//! Text becomes `<use>` of glyph outlines kept once in `<defs>`; each run carries its words as `aria-label`. Glyph ids name
//! the face and glyph (`r345`), so several charts can stand in one HTML page: equal ids always mean equal outlines.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::font::{self, Face, Glyph, Weight};

/// Tenths of a point: the integer coordinates of the drawing library.
pub type Tenths = i32;

/// Converts points to the nearest tenth.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a drawing is a few thousand points wide; rounding is what is asked for"
)]
pub fn tenths(points: f64) -> Tenths {
    (points * 10.0).round() as Tenths
}

/// Millimetres in one point.
const MM_PER_POINT: f64 = 25.4 / 72.0;

/// How a text run is placed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// Left end of the baseline.
    pub at: (Tenths, Tenths),
    /// Clockwise rotation about `at` in degrees: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Size of one em in points.
    pub size: f64,
    /// Stroke weight.
    pub weight: Weight,
    /// Red, green, blue.
    pub colour: (u8, u8, u8),
}

/// The shapes drawn so far.
#[derive(Debug, Default)]
pub struct Canvas {
    size: (Tenths, Tenths),
    body: String,
    glyphs: BTreeSet<Glyph>,
    missing: BTreeSet<char>,
}

impl Canvas {
    /// An empty canvas of `width` by `height` points.
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            size: (tenths(width), tenths(height)),
            ..Self::default()
        }
    }

    /// Width and height.
    pub fn size(&self) -> (Tenths, Tenths) {
        self.size
    }

    /// Adds one element: `<path` or another tag with its attributes, and a tooltip when `title` is not empty.
    pub fn element(&mut self, tag: &str, attributes: &str, title: &str) {
        let _ = if title.is_empty() {
            writeln!(self.body, "<{tag} {attributes}/>")
        } else {
            writeln!(
                self.body,
                "<{tag} {attributes}><title>{}</title></{tag}>",
                escape(title)
            )
        };
    }

    /// Adds one line of text as glyph outlines.
    pub fn text(&mut self, text: &str, run: Run) {
        if text.trim().is_empty() {
            return;
        }
        let turn = if run.rotation == 0 {
            String::new()
        } else {
            format!(" rotate({})", run.rotation)
        };
        let _ = write!(
            self.body,
            "<g role=\"img\" aria-label=\"{}\" fill=\"{}\" transform=\"translate({} {}){turn} scale({})\">",
            escape(text),
            hex(run.colour),
            tenth(run.at.0),
            tenth(run.at.1),
            decimal(run.size / font::UNITS_PER_EM, 6),
        );
        let mut pen = 0.0;
        for character in text.chars() {
            let glyph = font::glyph(character, run.weight);
            if glyph.face == Face::Missing {
                self.missing.insert(character);
            }
            self.glyphs.insert(glyph);
            let _ = write!(
                self.body,
                "<use xlink:href=\"#{}\" x=\"{pen}\"/>",
                glyph_name(glyph)
            );
            pen += font::advance(character, run.weight);
        }
        self.body.push_str("</g>\n");
    }

    /// The finished document and the characters that were drawn as crossed boxes.
    pub fn finish(self, title: &str, description: &str) -> (String, Vec<char>) {
        let mut svg = String::new();
        let mm = |t: Tenths| decimal(f64::from(t) / 10.0 * MM_PER_POINT, 2);
        let (width, height) = self.size;
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {} {}\" role=\"img\">",
            mm(width),
            mm(height),
            tenth(width),
            tenth(height)
        );
        let _ = writeln!(
            svg,
            "<title>{}</title>\n<desc>{}</desc>\n<defs>",
            escape(title),
            escape(description)
        );
        for glyph in self.glyphs {
            let _ = writeln!(
                svg,
                "<path id=\"{}\" d=\"{}\"/>",
                glyph_name(glyph),
                font::outline(glyph)
            );
        }
        let _ = writeln!(
            svg,
            "</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>",
            self.body
        );
        (svg, self.missing.into_iter().collect())
    }
}

fn glyph_name(glyph: Glyph) -> String {
    let face = match glyph.face {
        Face::Regular => 'r',
        Face::Bold => 'b',
        Face::Missing => 'm',
    };
    format!("{face}{}", glyph.id)
}

/// A coordinate in points with at most one decimal, as short as it goes.
pub fn tenth(value: Tenths) -> String {
    decimal(f64::from(value) / 10.0, 1)
}

/// A number with at most `places` decimals, without trailing zeros and without a negative zero.
pub fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// `#rrggbb`.
pub fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text made safe for XML content and attributes; characters that XML forbids become U+FFFD.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_negative_zero() {
        for (value, places, text) in [
            (12.0, 1, "12"),
            (12.34, 1, "12.3"),
            (-0.01, 1, "0"),
            (0.00390625, 6, "0.003906"),
            (100.0, 0, "100"),
        ] {
            assert_eq!(decimal(value, places), text);
        }
    }

    #[test]
    fn text_is_escaped_and_a_missing_character_is_reported() {
        let mut canvas = Canvas::new(100.0, 20.0);
        let run = Run {
            at: (10, 100),
            rotation: 0,
            size: 8.0,
            weight: Weight::Regular,
            colour: (0, 0, 0),
        };
        canvas.text("<𠮷&\u{1}\">", run);
        let (svg, missing) = canvas.finish("a & b", "");
        assert!(
            svg.contains("aria-label=\"&lt;𠮷&amp;\u{fffd}&quot;&gt;\"")
                && svg.contains("a &amp; b"),
            "{svg}"
        );
        assert_eq!(missing, ['\u{1}', '𠮷']);
        assert!(svg.contains("<path id=\"m0\""), "the crossed box is drawn");
    }
}
