//! Where the text of a chart stands. In: an SVG. Out: its lines with the boxes they cover, or a failed test.
//!
//! The widths here are taken from the font files afresh, not from the code that drew the charts.

use ab_glyph::{Font, FontRef};
use utsushi_viz::{Chart, Width};

/// One line of text as drawn: words, and the box it covers (left, top, right, bottom) in points.
pub struct Line {
    /// The words.
    pub words: String,
    /// The box.
    pub frame: [f64; 4],
}

/// Reads the lines of text of an SVG.
pub fn lines(svg: &str) -> Vec<Line> {
    let regular =
        FontRef::try_from_slice(include_bytes!("../../assets/UtsushiGothic-Regular.ttf")).unwrap();
    let bold =
        FontRef::try_from_slice(include_bytes!("../../assets/UtsushiGothic-Bold.ttf")).unwrap();
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from)
            .and_then(|(_, rest)| rest.split_once(to))
            .map(|(inside, _)| inside.to_owned())
            .unwrap()
    };
    let mut found = Vec::new();
    for group in svg
        .lines()
        .filter(|line| line.starts_with("<g role=\"img\" aria-label="))
    {
        let at: Vec<f64> = between(group, "translate(", ")")
            .split(' ')
            .map(|n| n.parse().unwrap())
            .collect();
        assert!(
            !group.contains("rotate("),
            "no chart turns text yet; measure it here when one does"
        );
        let size = between(group, "scale(", ")").parse::<f64>().unwrap() * 2048.0;
        let (_, last) = group.rsplit_once("xlink:href=\"#").unwrap();
        let glyph = between(&format!("#{last}"), "#", "\"");
        let face = if glyph.starts_with('b') {
            &bold
        } else {
            &regular
        };
        let id: u16 = glyph[1..].parse().unwrap();
        let end = between(last, "x=\"", "\"").parse::<f64>().unwrap()
            + f64::from(face.h_advance_unscaled(ab_glyph::GlyphId(id)));
        let right = at[0] + end * size / 2048.0;
        found.push(Line {
            words: between(group, "aria-label=\"", "\""),
            frame: [at[0], at[1] - 0.72 * size, right, at[1] + 0.06 * size],
        });
    }
    found
}

/// Fails unless all text is inside the page, clear of other text, and of 8 points or more.
pub fn assert_legible(name: &str, chart: &Chart, width: Width) {
    let found = lines(&chart.svg);
    let size = chart.svg.split("viewBox=\"0 0 ").nth(1);
    let height = size.and_then(|size| size.split([' ', '"']).nth(1));
    let height: f64 = height.unwrap().parse().unwrap();
    for (i, one) in found.iter().enumerate() {
        let [left, top, right, bottom] = one.frame;
        let inside = left >= 3.0 && top >= 3.0 && right <= width.points() - 3.0;
        assert!(
            inside && bottom <= height - 3.0,
            "{name}: `{}` at {:?}",
            one.words,
            one.frame
        );
        for two in &found[..i] {
            let [left_of, above, right_of, below] = two.frame;
            assert!(
                left >= right_of || left_of >= right || top >= below || above >= bottom,
                "{name}: `{}` over `{}`",
                one.words,
                two.words
            );
        }
    }
    for scale in chart.svg.split(" scale(").skip(1) {
        let size = scale.split(')').next().unwrap().parse::<f64>().unwrap() * 2048.0;
        assert!(size > 7.99, "{name}: {size}");
    }
}
