//! Rows with one bar for normal operation and one for the state after a failure, on one scale.
//! In: names, ratios, words about them. Out: marks on the page. Used by headroom and pools.
//!
//! ```text
//! line to centre  ▇▇▇▇▇▇¦  |          48%   words beside the bars on a full page, below them on half of one
//! 1 Gbit/s        ▨▨▨▨▨▨¦▨▨|▨▨▨▨▨▨▨ [144%]
//! ```

use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Level, Options, Width};
use crate::data::Caption;
use crate::error::VizError;
use crate::font::Weight;
use crate::keys::{breaches, key, limits_at};
use crate::mark::{BODY, LEADING, Trace, Type, at, text};
use crate::page::{Area, Key, MARGIN, Page, Sample, badge, badge_width, block, fitting, inner};
use crate::palette::{DEGRADED, GRID, Look, SOFT, WHOLE};
use crate::rows::{label_lines, lines_height, stacked, total, with_remark};
use crate::text::wrap;
use crate::track::{AXIS, BAR, Track, ratio_ticks, whole_percent};
use crate::words::{Lang, Pick as _, percent};

/// From one bar of a pair to the next, in points.
const PITCH: f64 = 11.0;
/// Width of the figures.
const FIGURE: f64 = 42.0;
/// From the bars down to the words below them.
const GAP: f64 = 2.0;

/// The page with the first of some rows, as many as it holds, and what drawing needs; `head` as in [`Layout::of`],
/// `degraded` what the second bar is called.
pub fn page<T>(
    caption: &Caption,
    rows: &[&T],
    pair: impl Fn(&T) -> Pair,
    (head, degraded): (&str, &str),
    options: &Options,
) -> (Page, (Vec<Pair>, Layout)) {
    fitting(rows.len().min(most(options)), |shown| {
        let caption = with_remark(caption, shown, rows.len(), options.lang);
        let pairs: Vec<Pair> = rows.iter().take(shown).map(|row| pair(row)).collect();
        let page = Page::new(&caption, legend(&pairs, degraded, options.lang), *options);
        let layout = Layout::of(&pairs, head, options);
        (page, layout.height(), (pairs, layout))
    })
}

/// At most so many rows are drawn, where they fit on a page.
fn most(options: &Options) -> usize {
    match options.width {
        Width::Half => 15,
        Width::Full => 20,
    }
}

/// One row.
pub struct Pair {
    pub label: String,
    pub detail: String,
    pub threshold: f64,
    pub normal: f64,
    pub degraded: Option<f64>,
    /// What stands instead of the second bar where there is none; may be empty.
    pub unexamined: &'static str,
    /// Paragraphs beside or below the bars.
    pub words: Vec<String>,
    /// What stands between two paragraphs that share a line, where they have room to; `None` for a line each.
    pub joint: Option<&'static str>,
}

impl Pair {
    /// The worse of the two ratios.
    pub fn worst(&self) -> f64 {
        self.normal.max(self.degraded.unwrap_or(self.normal))
    }

    fn bars(&self) -> f64 {
        let second = self.degraded.is_some() || !self.unexamined.is_empty();
        if second { 2.0 * PITCH } else { PITCH }
    }

    fn levels(&self) -> impl Iterator<Item = Level> {
        let ratios = [Some(self.normal), self.degraded].into_iter().flatten();
        ratios.map(|ratio| Level::of(ratio, self.threshold))
    }
}

/// The legend: the two bars, the limits, the breaches that occur.
fn legend(pairs: &[Pair], degraded: &str, lang: Lang) -> Vec<Key> {
    let mut keys = vec![key(
        Sample::Patch(WHOLE, None),
        lang.pick("通常時", "normal"),
    )];
    if pairs.iter().any(|pair| pair.degraded.is_some()) {
        keys.push(key(Sample::Patch(DEGRADED, None), degraded));
    }
    keys.extend(limits_at(pairs.iter().map(|pair| pair.threshold), lang));
    keys.extend(breaches(pairs.iter().flat_map(Pair::levels), lang));
    keys
}

/// Sizes in points.
pub struct Layout {
    track: Track,
    /// Left end and width of the words, and whether they stand below the bars.
    words: (f64, f64, bool),
    head: Vec<String>,
    names: Vec<Vec<String>>,
    texts: Vec<Vec<String>>,
    rows: Vec<(f64, f64)>,
}

impl Layout {
    /// Breaks all text; `head`, if not empty, says above them what the words are.
    pub fn of(pairs: &[Pair], head: &str, options: &Options) -> Self {
        let width = inner(*options);
        let (label, track, below) = match options.width {
            Width::Half => (80.0, width - 80.0 - FIGURE, true),
            Width::Full => (126.0, 150.0, false),
        };
        let ratios = pairs.iter().map(Pair::worst);
        let track = Track::of_ratios(MARGIN + label, track - 6.0, ratios);
        let words = if below {
            (track.left, MARGIN + width - track.left, true)
        } else {
            let left = track.left + track.width + 6.0 + FIGURE;
            (left, MARGIN + width - left, false)
        };
        let names: Vec<_> = pairs
            .iter()
            .map(|pair| label_lines(&pair.label, &pair.detail, label - 6.0))
            .collect();
        let texts: Vec<_> = pairs.iter().map(|pair| paragraphs(pair, words.1)).collect();
        let heights = pairs
            .iter()
            .zip(&names)
            .zip(&texts)
            .map(|((pair, name), text)| {
                let (bars, text) = (pair.bars(), lines_height(text.len()));
                let right = if below {
                    bars + GAP + text
                } else {
                    bars.max(text)
                };
                right.max(lines_height(name.len())) + 5.0
            });
        let rows = stacked(heights);
        let head = if head.is_empty() {
            Vec::new()
        } else {
            wrap(head, Weight::Bold, BODY, words.1)
        };
        Self {
            track,
            words,
            head,
            names,
            texts,
            rows,
        }
    }

    fn head_height(&self) -> f64 {
        lines_height(self.head.len()) + 3.0
    }

    /// Height of all rows with the axis.
    pub fn height(&self) -> f64 {
        self.head_height() + total(&self.rows) + AXIS
    }
}

/// Paragraphs in lines; one joins the line before where the row allows it and there is room.
fn paragraphs(pair: &Pair, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for words in pair.words.iter().filter(|words| !words.is_empty()) {
        if let (Some(last), Some(joint)) = (lines.last_mut(), pair.joint) {
            let together = format!("{last}{joint}{words}");
            if Type::BODY.width(&together) <= width {
                *last = together;
                continue;
            }
        }
        lines.extend(wrap(words, Weight::Regular, BODY, width));
    }
    lines
}

/// Draws all rows and the axis below them.
pub fn draw(area: &Area<'_>, pairs: &[Pair], layout: &Layout, top: f64) -> Result<(), VizError> {
    let mut y = top;
    for line in &layout.head {
        area.draw(&text(layout.words.0, y, line, Type::BODY.bold()))?;
        y += LEADING;
    }
    let top = top + layout.head_height();
    for (place, pair) in pairs.iter().enumerate() {
        draw_row(area, pair, layout, place, top)?;
    }
    let y = top + total(&layout.rows);
    let ticks = ratio_ticks(layout.track.to, layout.track.width > 110.0);
    layout.track.axis(area, y, &ticks, whole_percent)
}

fn draw_row(
    area: &Area<'_>,
    pair: &Pair,
    layout: &Layout,
    place: usize,
    top: f64,
) -> Result<(), VizError> {
    let (y, height) = layout.rows[place];
    let (x, width, below) = layout.words;
    let line = vec![at(MARGIN, top + y), at(x + width, top + y)];
    area.draw(&Trace::new(line, GRID, 4))?;
    let middle = top + y + height / 2.0;
    block(area, MARGIN, middle, &layout.names[place], Type::BODY)?;
    let texts = &layout.texts[place];
    let text_height = lines_height(texts.len());
    let bars = pair.bars();
    let upper = middle
        - if below {
            bars + GAP + text_height
        } else {
            bars
        } / 2.0;
    draw_bars(area, pair, layout, upper)?;
    let words_middle = if below {
        upper + bars + GAP + text_height / 2.0
    } else {
        middle
    };
    block(area, x, words_middle, texts, Type::BODY)
}

fn draw_bars(area: &Area<'_>, pair: &Pair, layout: &Layout, upper: f64) -> Result<(), VizError> {
    let track = &layout.track;
    let first = upper + (PITCH - BAR) / 2.0;
    draw_bar(area, pair, layout, (pair.normal, WHOLE, first))?;
    let mut last = first + BAR;
    if let Some(degraded) = pair.degraded {
        draw_bar(area, pair, layout, (degraded, DEGRADED, first + PITCH))?;
        last += PITCH;
    } else if !pair.unexamined.is_empty() {
        let look = Type::BODY.colour(SOFT).anchor(HPos::Left, VPos::Center);
        let y = first + PITCH + BAR / 2.0;
        area.draw(&text(track.left + 2.0, y, pair.unexamined, look))?;
    }
    track.limits(area, (first - 1.5, last + 1.5), pair.threshold)
}

fn draw_bar(
    area: &Area<'_>,
    pair: &Pair,
    layout: &Layout,
    (ratio, look, top): (f64, Look, f64),
) -> Result<(), VizError> {
    let track = &layout.track;
    let level = Level::of(ratio, pair.threshold);
    let words = percent(ratio, pair.threshold);
    let title = format!("{} {words}", pair.label);
    track.bar(area, (top, BAR), (0.0, ratio), (look, level, &title))?;
    let left = track.left + track.width + 5.0;
    let x = left + badge_width(&words, level) / 2.0;
    badge(area, x, top + BAR / 2.0, &words, level)
}
