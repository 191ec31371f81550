//! What changed the demand on one resource from one step to the next: a bar before, one for each cause, a bar after.
//! In: [`Waterfall`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//!                     capacity
//! step 1    ▇▇▇▇▇▇       |        360
//! cause A         ▨▨▨▨▨▨▨|▨▨▨  +1,130     each bar begins where the one above ends
//! cause B              ░░|░░░     −50
//! step 2    ▇▇▇▇▇▇▇▇▇▇▇▇▇|     [1,440]
//! ```

mod bars;

use plotters::style::text_anchor::{HPos, VPos};

use crate::canvas::decimal;
use crate::chart::{Chart, Level, Options, Width, table};
use crate::data::{Caption, Waterfall};
use crate::error::VizError;
use crate::font::Weight;
use crate::keys::{breaches, key};
use crate::mark::{BODY, LEADING, Trace, Type, at, text};
use crate::page::{Area, Key, MARGIN, Page, Sample, badge, badge_width, block, fitting, inner};
use crate::palette::{GRID, INK, LESS, MORE, SOFT, TOTAL};
use crate::rows::{lines_height, remark, stacked, total};
use crate::text::wrap_to;
use crate::track::{AXIS, Track, ticks};
use crate::words::{Lang, Pick as _, amount};

use bars::{Bar, Kind, all_bars, drawn_bars};

/// Height of a bar in points.
const BAR: f64 = 9.0;
/// Least width of the figures.
const FIGURE: f64 = 38.0;
/// So many lines of a cause: what tells it from others may stand at its end.
const NAME: usize = 6;

/// Draws what changed a demand, cause by cause.
///
/// # Errors
/// Only failures of the libraries below.
pub fn waterfall(figure: &Waterfall, options: &Options) -> Result<Chart, VizError> {
    let lang = options.lang;
    let (page, (bars, layout)) = fitting(figure.causes.len().min(bars::MOST), |most| {
        let bars = drawn_bars(figure, most, lang);
        let caption = with_remark(figure, most, lang);
        let page = Page::new(&caption, legend(figure, &bars, lang), *options);
        let layout = Layout::of(figure, &bars, options);
        (page, layout.height(), (bars, layout))
    });
    let (svg, missing) = page.render(layout.height(), |area, top| {
        draw(area, figure, &bars, (&layout, lang), top)
    })?;
    Ok(Chart {
        name: "waterfall",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure, lang)?,
        missing,
    })
}

fn with_remark(figure: &Waterfall, most: usize, lang: Lang) -> Caption {
    let mut caption = figure.caption.clone();
    if figure.causes.len() > most {
        remark(
            &mut caption,
            lang.pick(
                "小さい要因は合計して1本で示す（内訳はCSVにある）",
                "the smallest causes are drawn as one; the CSV has each",
            )
            .to_owned(),
        );
    }
    caption
}

/// How the demand of a bar compares with capacity; changes are no breach of anything.
fn level(figure: &Waterfall, bar: &Bar) -> Level {
    match (figure.capacity, bar.kind) {
        (Some(capacity), Kind::Before | Kind::After) if bar.value > 0.0 => {
            Level::of(bar.value / capacity.max(0.0), f64::INFINITY)
        }
        _ => Level::Within,
    }
}

fn legend(figure: &Waterfall, bars: &[Bar], lang: Lang) -> Vec<Key> {
    let any = |wanted: fn(&Bar) -> bool| bars.iter().any(wanted);
    let mut keys = vec![key(Sample::Patch(TOTAL, None), lang.pick("合計", "total"))];
    if any(|bar| bar.is_change() && bar.value > 0.0) {
        keys.push(key(
            Sample::Patch(MORE, None),
            lang.pick("増加", "increase"),
        ));
    }
    if any(|bar| bar.is_change() && bar.value < 0.0) {
        keys.push(key(
            Sample::Patch(LESS, None),
            lang.pick("減少", "decrease"),
        ));
    }
    if figure.capacity.is_some() {
        keys.push(key(
            Sample::Line(INK, 8, None),
            lang.pick("容量", "capacity"),
        ));
    }
    keys.extend(breaches(bars.iter().map(|bar| level(figure, bar)), lang));
    keys
}

/// Sizes in points.
struct Layout {
    track: Track,
    names: Vec<Vec<String>>,
    rows: Vec<(f64, f64)>,
    right: f64,
}

impl Layout {
    fn of(figure: &Waterfall, bars: &[Bar], options: &Options) -> Self {
        let label = match options.width {
            Width::Half => 100.0,
            Width::Full => 190.0,
        };
        let names: Vec<_> = bars
            .iter()
            .map(|bar| wrap_to(&bar.label, Weight::Regular, BODY, label - 6.0, NAME))
            .collect();
        let heights = names
            .iter()
            .map(|name| (lines_height(name.len()) + 4.0).max(BAR + 6.0));
        let rows = stacked(heights);
        let ends = bars.iter().flat_map(|bar| [bar.from, bar.to]);
        let finite = || {
            let all = ends.clone().chain(figure.capacity);
            all.filter(|value| value.is_finite())
        };
        let (least, most) = (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max));
        let span = if most > least { most - least } else { 1.0 };
        let width = inner(*options);
        let figures = bars
            .iter()
            .map(|bar| badge_width(&bar.words(figure.capacity), level(figure, bar)) + 8.0)
            .fold(FIGURE, f64::max);
        let track = Track {
            left: MARGIN + label,
            width: width - label - figures,
            from: if least < 0.0 {
                least - 0.04 * span
            } else {
                0.0
            },
            to: most.max(least + span) + 0.04 * span,
        };
        Self {
            track,
            names,
            rows,
            right: MARGIN + width,
        }
    }

    /// Height of the line that names unit and capacity.
    const HEAD: f64 = LEADING + 4.0;

    fn height(&self) -> f64 {
        Self::HEAD + total(&self.rows) + AXIS
    }
}

fn draw(
    area: &Area<'_>,
    figure: &Waterfall,
    bars: &[Bar],
    (layout, lang): (&Layout, Lang),
    top: f64,
) -> Result<(), VizError> {
    draw_head(area, figure, (layout, lang), top)?;
    let rows = top + Layout::HEAD;
    let bottom = rows + total(&layout.rows);
    for (bar, (name, (y, height))) in bars.iter().zip(layout.names.iter().zip(&layout.rows)) {
        let y = rows + y;
        let line = vec![at(MARGIN, y), at(layout.right, y)];
        area.draw(&Trace::new(line, GRID, 4))?;
        let look = match bar.kind {
            Kind::Before | Kind::After => Type::BODY.bold(),
            Kind::Cause | Kind::Others | Kind::Remainder => Type::BODY,
        };
        block(area, MARGIN, y + height / 2.0, name, look)?;
        draw_bar(area, figure, bar, layout, y + height / 2.0)?;
    }
    draw_joints(area, bars, layout, rows)?;
    let track = &layout.track;
    track.upright(area, 0.0, (rows, bottom), (INK, 6, &[]))?;
    if let Some(capacity) = figure.capacity.filter(|capacity| capacity.is_finite()) {
        track.upright(area, capacity, (rows - 2.0, bottom), (INK, 8, &[]))?;
    }
    let values = ticks(track.from, track.to, track.width / 42.0);
    track.axis(area, bottom, &values, amount)
}

/// The unit at the left; the capacity above its line.
fn draw_head(
    area: &Area<'_>,
    figure: &Waterfall,
    (layout, lang): (&Layout, Lang),
    top: f64,
) -> Result<(), VizError> {
    let look = Type::BODY.colour(SOFT);
    let unit = lang.pick(
        format!("単位：{}", figure.unit),
        format!("unit: {}", figure.unit),
    );
    let room = layout.track.left - MARGIN - 4.0;
    let unit = wrap_to(&unit, Weight::Regular, BODY, room, 1).concat();
    if !figure.unit.is_empty() {
        area.draw(&text(MARGIN, top, unit, look))?;
    }
    let Some(capacity) = figure.capacity else {
        return Ok(());
    };
    let words = format!("{} {}", lang.pick("容量", "capacity"), amount(capacity));
    let half = Type::BODY.width(&words) / 2.0;
    let middle = layout
        .track
        .x(capacity)
        .min(layout.right - half)
        .max(layout.track.left + half);
    let look = Type::BODY.anchor(HPos::Center, VPos::Top);
    area.draw(&text(middle, top, words, look))?;
    Ok(())
}

fn draw_bar(
    area: &Area<'_>,
    figure: &Waterfall,
    bar: &Bar,
    layout: &Layout,
    middle: f64,
) -> Result<(), VizError> {
    let look = match bar.kind {
        Kind::Before | Kind::After => TOTAL,
        _ if bar.value < 0.0 => LESS,
        _ => MORE,
    };
    let level = level(figure, bar);
    let words = bar.words(figure.capacity);
    let title = format!("{} {words} {}", bar.label, figure.unit);
    let place = (middle - BAR / 2.0, BAR);
    let track = &layout.track;
    track.bar(area, place, (bar.from, bar.to), (look, level, &title))?;
    let x = layout.right - badge_width(&words, level) / 2.0;
    badge(area, x, middle, &words, level)
}

/// Thin lines from the end of each bar down to the beginning of the next.
fn draw_joints(area: &Area<'_>, bars: &[Bar], layout: &Layout, top: f64) -> Result<(), VizError> {
    let middles = layout.rows.iter().map(|(y, height)| top + y + height / 2.0);
    let middles: Vec<f64> = middles.collect();
    for (bar, pair) in bars.iter().zip(middles.windows(2)) {
        let y = (pair[0] + BAR / 2.0, pair[1] - BAR / 2.0);
        layout.track.upright(area, bar.to, y, (SOFT, 5, &[8, 8]))?;
    }
    Ok(())
}

/// Before, every cause, what they leave unexplained, after.
fn twin(figure: &Waterfall, lang: Lang) -> Result<String, VizError> {
    let capacity = figure
        .capacity
        .map_or(String::new(), |capacity| decimal(capacity, 4));
    let bars = all_bars(figure, lang);
    let lines = bars.iter().map(|bar| {
        let value = decimal(bar.value, 4);
        let running = decimal(bar.to, 4);
        let level = match bar.kind {
            Kind::Before | Kind::After => level(figure, bar).code(),
            Kind::Cause | Kind::Others | Kind::Remainder => "",
        };
        let fields = [
            bar.kind.code(),
            &bar.label,
            &value,
            &running,
            &figure.unit,
            &capacity,
            level,
        ];
        fields.map(str::to_owned).to_vec()
    });
    table(
        &[
            "kind", "label", "amount", "running", "unit", "capacity", "level",
        ],
        lines,
    )
}
