//! The embedded font: which glyph draws a character, how wide it is, and its outline.
//!
//! In: characters. Out: glyphs, widths in font units, outlines as SVG path data with y downwards. A character without a
//! glyph gets [`Face::Missing`], a crossed box one em wide, so that it is never lost silently.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef, GlyphId, OutlineCurve, Point};

/// Font units in one em of both files.
pub const UNITS_PER_EM: f64 = 2048.0;
/// From the baseline up to the top of a line, in ems.
pub const ASCENT: f64 = 0.88;
/// From the baseline down to the bottom of a line, in ems.
pub const DESCENT: f64 = 0.12;

/// Stroke weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Body text.
    Regular,
    /// Titles and breaches. Kanji beyond JIS level 1 are drawn in Regular.
    Bold,
}

/// The file a glyph is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// `UtsushiGothic-Regular.ttf`.
    Regular,
    /// `UtsushiGothic-Bold.ttf`.
    Bold,
    /// Neither file has the character: a crossed box is drawn.
    Missing,
}

/// One glyph of one face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glyph {
    /// Where its outline is.
    pub face: Face,
    /// Its number in that file (0 for [`Face::Missing`]).
    pub id: u16,
}

struct Faces {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

#[expect(
    clippy::expect_used,
    reason = "both files are compiled in and read by every test of this crate"
)]
static FACES: LazyLock<Faces> = LazyLock::new(|| Faces {
    regular: FontRef::try_from_slice(include_bytes!("../assets/UtsushiGothic-Regular.ttf"))
        .expect("a font"),
    bold: FontRef::try_from_slice(include_bytes!("../assets/UtsushiGothic-Bold.ttf"))
        .expect("a font"),
});

/// The glyph that draws `character`; bold falls back to regular, regular to the crossed box.
#[must_use]
pub fn glyph(character: char, weight: Weight) -> Glyph {
    let character = stand_in(character);
    let bold = FACES.bold.glyph_id(character).0;
    let regular = FACES.regular.glyph_id(character).0;
    match (weight, bold, regular) {
        (Weight::Bold, 1.., _) => Glyph {
            face: Face::Bold,
            id: bold,
        },
        (_, _, 1..) => Glyph {
            face: Face::Regular,
            id: regular,
        },
        (_, _, 0) => Glyph {
            face: Face::Missing,
            id: 0,
        },
    }
}

/// White space becomes a blank and the modifier prime the prime it looks like; everything else stays itself.
fn stand_in(character: char) -> char {
    match character {
        '\n' | '\t' | '\r' => ' ',
        '\u{2b9}' => '′',
        other => other,
    }
}

/// Advance width of one character in font units.
///
/// Primes are set narrow: the font gives ′ a full em, which tears β′ apart.
#[must_use]
pub fn advance(character: char, weight: Weight) -> f64 {
    let glyph = glyph(character, weight);
    let id = GlyphId(glyph.id);
    match (stand_in(character), glyph.face) {
        ('′', Face::Regular | Face::Bold) => return 600.0,
        ('″', Face::Regular | Face::Bold) => return 930.0,
        _ => {}
    }
    match glyph.face {
        Face::Regular => f64::from(FACES.regular.h_advance_unscaled(id)),
        Face::Bold => f64::from(FACES.bold.h_advance_unscaled(id)),
        Face::Missing => UNITS_PER_EM,
    }
}

/// Width of `text` set in one line, in the unit of `size` (the em).
#[must_use]
pub fn width(text: &str, weight: Weight, size: f64) -> f64 {
    text.chars().map(|c| advance(c, weight)).sum::<f64>() * size / UNITS_PER_EM
}

/// The outline of a glyph as SVG path data in font units, origin on the baseline, y downwards; empty for a blank.
#[must_use]
pub fn outline(glyph: Glyph) -> String {
    let id = GlyphId(glyph.id);
    let outline = match glyph.face {
        Face::Regular => FACES.regular.outline(id),
        Face::Bold => FACES.bold.outline(id),
        Face::Missing => return MISSING_BOX.to_owned(),
    };
    let mut path = PathData::default();
    for curve in outline.map(|o| o.curves).unwrap_or_default() {
        match curve {
            OutlineCurve::Line(from, to) => path.segment(from, 'l', &[to]),
            OutlineCurve::Quad(from, control, to) => path.segment(from, 'q', &[control, to]),
            OutlineCurve::Cubic(from, c1, c2, to) => path.segment(from, 'c', &[c1, c2, to]),
        }
    }
    path.0
}

/// A crossed box, drawn as thin bars because outlines are filled.
const MISSING_BOX: &str = "M150 150V-1650H1898V150ZM290 -40L924 -750 290 -1460ZM390 10H1658L1024 -650ZM1758 -40V-1460L1124 -750ZM1658 -1510H390L1024 -850Z";

/// Path data under construction and the point its pen is at.
#[derive(Default)]
struct PathData(String, Option<Point>);

impl PathData {
    /// Adds one curve with coordinates relative to its start; begins a new contour when the pen is elsewhere.
    fn segment(&mut self, from: Point, command: char, points: &[Point]) {
        if self.1 != Some(from) {
            let close = if self.0.is_empty() { "" } else { "z" };
            let _ = write!(self.0, "{close}M{} {}", from.x, -from.y);
        }
        self.0.push(command);
        for (index, point) in points.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            let _ = write!(self.0, "{gap}{} {}", point.x - from.x, from.y - point.y);
        }
        self.1 = points.last().copied();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_municipalities_and_models_have_glyphs() {
        let wanted = "α β β' β′ β’ β‘ β´ → ⇔ ↑ ≥ ≦ × ・ 髙﨑辻①㈱ 〜～ − ー 祗園 葛城 飛驒 鷗 ㎞ ｱｲｳ ％ % 令和８年";
        for character in wanted.chars() {
            assert_ne!(
                glyph(character, Weight::Regular).face,
                Face::Missing,
                "{character} U+{:04X}",
                character as u32
            );
        }
        assert_eq!(
            glyph('𠮷', Weight::Regular).face,
            Face::Missing,
            "outside the font"
        );
    }

    #[test]
    fn bold_falls_back_to_regular_for_rare_kanji() {
        assert_eq!(glyph('回', Weight::Bold).face, Face::Bold);
        assert_eq!(glyph('髙', Weight::Bold).face, Face::Regular);
        assert_eq!(glyph('𠮷', Weight::Bold).face, Face::Missing);
    }

    #[test]
    fn widths_add_up() {
        assert!(
            (width("回線", Weight::Regular, 8.0) - 16.0).abs() < 1e-9,
            "kanji are one em wide"
        );
        let parts = width("1", Weight::Regular, 8.0) * 2.0 + width("4", Weight::Regular, 8.0);
        assert!((width("141", Weight::Regular, 8.0) - parts).abs() < 1e-9);
    }

    #[test]
    fn outlines_are_closed_and_relative() {
        let path = outline(glyph('口', Weight::Regular));
        assert!(
            path.starts_with('M') && path.matches('M').count() == 2,
            "a square ring has two contours: {path}"
        );
        assert_eq!(outline(glyph(' ', Weight::Regular)), "");
    }
}
