//! The frame around every chart: title, subtitle, the chart itself, a legend below it, footnotes.
//! In: a caption, a legend, the height the chart needs. Out: the finished SVG. All text wraps inside the page.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::canvas::Canvas;
use crate::chart::{Level, Options};
use crate::data::{Caption, GateVerdict, NodeKind};
use crate::error::VizError;
use crate::font::Weight;
use crate::mark::{BODY, LEADING, Trace, Type, at, patch, text};
use crate::palette::{BREACH, GRID, INK, Look, NEAR, PAPER, SOFT, pale};
use crate::shape::{dashed_outline, verdict};
use crate::surface::Surface;
use crate::text::{wrap, wrap_to};
use crate::words;

/// Where marks are drawn.
pub type Area<'a> = DrawingArea<Surface<'a>, Shift>;

/// White border around everything, in points.
pub const MARGIN: f64 = 6.0;
const TITLE: Type = Type {
    size: 9.5,
    ..Type::BODY
}
.bold();
const TITLE_LEADING: f64 = 11.6;
/// Width of a legend sample and the gap after it.
const SAMPLE: f64 = 15.0;
const SAMPLE_GAP: f64 = 3.0;
/// How far the further lines of a footnote hang below its first, in points.
const HANG: f64 = 8.0;

/// The most that a chart may be high, in points: 240 mm. A4 prints on 257 mm, and a caption needs its own room.
pub const HIGHEST: f64 = 240.0 / 25.4 * 72.0;

/// One entry of a legend.
pub struct Key {
    /// The sample.
    pub sample: Sample,
    /// What it means.
    pub words: String,
}

/// A legend's sample of a mark.
pub enum Sample {
    /// A piece of a bar or cell, with its outline if it has one.
    Patch(Look, Option<RGBColor>),
    /// A line: thickness and dash in tenths of a point.
    Line(RGBColor, u32, Option<(i32, i32)>),
    /// A piece of a bar that is a projection.
    Projected(Look),
    /// A framed or filled figure.
    Badge(Level),
    /// The symbol of what comes of a meeting.
    Verdict(GateVerdict),
    /// A box of the network picture.
    Box(NodeKind),
}

/// The frame of one chart.
pub struct Page {
    options: Options,
    caption: Caption,
    title: Vec<String>,
    subtitle: Vec<String>,
    legend: Vec<Vec<Key>>,
    notes: Vec<(f64, String)>,
}

/// The page with the most rows, and what `of` made besides, that is no higher than [`HIGHEST`]; with one row where none is.
///
/// `of` makes a page with so many rows, the height of its chart, and whatever drawing needs. More rows make no chart lower.
pub fn fitting<T>(most: usize, mut of: impl FnMut(usize) -> (Page, f64, T)) -> (Page, T) {
    let (page, height, made) = of(most);
    if most <= 1 || page.holds(height) {
        return (page, made);
    }
    let (mut best, mut too_many) = (None, most);
    let mut fewest = 1;
    while fewest < too_many {
        let rows = usize::midpoint(fewest, too_many);
        let (page, height, made) = of(rows);
        if rows == 1 || page.holds(height) {
            fewest = rows + 1;
            best = Some((page, made));
        } else {
            too_many = rows;
        }
    }
    best.unwrap_or((page, made))
}

/// Width between the margins, in points.
pub fn inner(options: Options) -> f64 {
    options.width.points() - 2.0 * MARGIN
}

impl Page {
    /// Breaks all text into lines.
    pub fn new(caption: &Caption, legend: Vec<Key>, options: Options) -> Self {
        let width = inner(options);
        let subtitle = if caption.subtitle.is_empty() {
            Vec::new()
        } else {
            wrap(&caption.subtitle, Weight::Regular, BODY, width)
        };
        Self {
            options,
            caption: caption.clone(),
            title: wrap_to(&caption.title, TITLE.weight, TITLE.size, width, 4),
            subtitle,
            legend: flow(legend, width),
            notes: footnotes(caption, options),
        }
    }

    /// Whether a chart of this height, with all around it, is no higher than [`HIGHEST`].
    pub fn holds(&self, height: f64) -> bool {
        self.head() + height + self.foot() <= HIGHEST
    }

    fn head(&self) -> f64 {
        MARGIN + count(&self.title) * TITLE_LEADING + count(&self.subtitle) * LEADING + 4.0
    }

    fn foot(&self) -> f64 {
        let legend = if self.legend.is_empty() {
            0.0
        } else {
            5.0 + count(&self.legend) * (LEADING + 2.0)
        };
        let notes = if self.notes.is_empty() {
            0.0
        } else {
            7.0 + count(&self.notes) * LEADING
        };
        legend + notes + MARGIN
    }

    /// Draws the frame and, between head and foot, `height` points of chart; `draw` is told where its top is.
    pub fn render(
        &self,
        height: f64,
        draw: impl FnOnce(&Area<'_>, f64) -> Result<(), VizError>,
    ) -> Result<(String, Vec<char>), VizError> {
        let (head, foot) = (self.head(), self.foot());
        let mut canvas = Canvas::new(self.options.width.points(), head + height + foot);
        {
            let area = Surface(&mut canvas).into_drawing_area();
            self.draw_head(&area)?;
            draw(&area, head)?;
            self.draw_foot(&area, head + height)?;
        }
        let notes: Vec<&str> = self
            .caption
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        let description = [&[self.caption.subtitle.as_str()], &notes[..]]
            .concat()
            .join(" / ");
        Ok(canvas.finish(&self.caption.title, &description))
    }

    fn draw_head(&self, area: &Area<'_>) -> Result<(), VizError> {
        let mut y = MARGIN;
        for line in &self.title {
            area.draw(&text(MARGIN, y, line, TITLE))?;
            y += TITLE_LEADING;
        }
        for line in &self.subtitle {
            area.draw(&text(MARGIN, y, line, Type::BODY.colour(SOFT)))?;
            y += LEADING;
        }
        Ok(())
    }

    fn draw_foot(&self, area: &Area<'_>, top: f64) -> Result<(), VizError> {
        let mut y = top + if self.legend.is_empty() { 0.0 } else { 5.0 };
        for row in &self.legend {
            let mut x = MARGIN;
            for key in row {
                sample(area, x, y, &key.sample)?;
                area.draw(&text(x + SAMPLE + SAMPLE_GAP, y, &key.words, Type::BODY))?;
                x += key_width(key);
            }
            y += LEADING + 2.0;
        }
        if self.notes.is_empty() {
            return Ok(());
        }
        let right = self.options.width.points() - MARGIN;
        area.draw(&Trace::new(
            vec![at(MARGIN, y + 3.0), at(right, y + 3.0)],
            GRID,
            5,
        ))?;
        y += 7.0;
        for (indent, line) in &self.notes {
            area.draw(&text(MARGIN + indent, y, line, Type::BODY.colour(SOFT)))?;
            y += LEADING;
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a page has far fewer than 2^52 lines"
)]
fn count<T>(items: &[T]) -> f64 {
    items.len() as f64
}

fn key_width(key: &Key) -> f64 {
    SAMPLE + SAMPLE_GAP + Type::BODY.width(&key.words) + 9.0
}

/// Sets legend entries in rows; words longer than a whole row end in an ellipsis (the CSV twin has them in full).
fn flow(keys: Vec<Key>, width: f64) -> Vec<Vec<Key>> {
    let mut rows: Vec<Vec<Key>> = Vec::new();
    let mut used = f64::INFINITY;
    for Key { sample, words } in keys {
        let words = wrap_to(
            &words,
            Weight::Regular,
            BODY,
            width - SAMPLE - SAMPLE_GAP,
            1,
        )
        .concat();
        let key = Key { sample, words };
        let wanted = key_width(&key) - 9.0;
        if used + wanted > width {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += wanted + 9.0;
        if let Some(row) = rows.last_mut() {
            row.push(key);
        }
    }
    rows
}

/// Footnotes as lines with their indent: the lines after the first hang a little, so that each leading word stands out.
fn footnotes(caption: &Caption, options: Options) -> Vec<(f64, String)> {
    let mut lines = Vec::new();
    for note in &caption.notes {
        let word = words::note(note.kind, options.lang);
        let text = format!("{word}{}", note.text);
        let wrapped = wrap(&text, Weight::Regular, BODY, inner(options) - HANG);
        for (index, line) in wrapped.into_iter().enumerate() {
            lines.push((if index == 0 { 0.0 } else { HANG }, line));
        }
    }
    lines
}

fn sample(area: &Area<'_>, x: f64, y: f64, sample: &Sample) -> Result<(), VizError> {
    let middle = y + 4.0;
    match sample {
        Sample::Patch(look, outline) => {
            let piece = patch(x, y + 0.5, SAMPLE, 7.0).look(*look);
            area.draw(&piece.outline(
                outline.unwrap_or(INK),
                if outline.is_some() { 12 } else { 3 },
            ))?;
        }
        Sample::Line(colour, width, dash) => {
            let line = Trace::new(vec![at(x, middle), at(x + SAMPLE, middle)], *colour, *width);
            area.draw(&match dash {
                Some((on, off)) => line.dashed(*on, *off),
                None => line,
            })?;
        }
        Sample::Projected(look) => {
            area.draw(&patch(x, y + 0.5, SAMPLE, 7.0).look(pale(*look)))?;
            dashed_outline(area, (x, y + 0.5, SAMPLE, 7.0))?;
        }
        Sample::Badge(level) => badge(area, x + SAMPLE / 2.0, middle, "%", *level)?,
        Sample::Verdict(found) => verdict(area, x + SAMPLE / 2.0, middle, *found)?,
        Sample::Box(kind) => {
            crate::picture::outline(area, (x, y + 0.2, SAMPLE, 7.6), *kind, (PAPER, INK), false)?;
        }
    }
    Ok(())
}

/// Half the height of a badge in points.
pub const BADGE: f64 = 4.6;

/// A figure centred at a point: plain within its threshold, framed (navy) above it, filled (red) above capacity.
pub fn badge(area: &Area<'_>, x: f64, y: f64, words: &str, level: Level) -> Result<(), VizError> {
    let look = Type::BODY.anchor(HPos::Center, VPos::Center);
    let (frame, look) = match level {
        Level::Within => (None, look),
        Level::OverThreshold => (Some((PAPER, NEAR)), look.bold().colour(NEAR)),
        Level::OverCapacity => (Some((BREACH, BREACH)), look.bold().colour(PAPER)),
    };
    if let Some((fill, line)) = frame {
        let half = badge_width(words, level) / 2.0;
        area.draw(
            &patch(x - half, y - BADGE, 2.0 * half, 2.0 * BADGE)
                .fill(fill)
                .outline(line, 8)
                .radius(12),
        )?;
    }
    area.draw(&text(x, y, words, look))?;
    Ok(())
}

/// Width of a badge in points.
pub fn badge_width(words: &str, level: Level) -> f64 {
    match level {
        Level::Within => Type::BODY.width(words),
        Level::OverThreshold | Level::OverCapacity => Type::BODY.bold().width(words) + 3.0,
    }
}

/// Words broken to a width and centred or set left as a block around the height `middle`.
pub fn block(
    area: &Area<'_>,
    x: f64,
    middle: f64,
    lines: &[String],
    look: Type,
) -> Result<(), VizError> {
    let top = middle - count(lines) * LEADING / 2.0 + (LEADING - BODY) / 2.0;
    let mut y = top + BODY / 2.0;
    for line in lines {
        area.draw(&text(x, y, line, look.anchor(look.h, VPos::Center)))?;
        y += LEADING;
    }
    Ok(())
}
