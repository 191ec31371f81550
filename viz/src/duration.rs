//! For which share of the time resources are how full: an average hides peaks, and a peak does not tell how long it lasts.
//! In: [`Duration`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//! 150% ┃▔▔╲
//! 100% ┃───▔╲────── capacity      the hours of each line, the fullest first
//!      ┃┄┄┄┄┄▔╲┄┄┄┄ threshold
//!   0% ┗━━━━━━━━━━━
//!      0%   50%  100% of the time
//! ── line to centre   [144%]  21%  17%    peak, time above threshold, time above capacity
//! ```

use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Chart, Level, Options, Width, ratio, table};
use crate::data::{Duration, DurationLine};
use crate::error::VizError;
use crate::font::Weight;
use crate::keys::{breaches, limits_at};
use crate::mark::{BODY, LEADING, Trace, Type, at, text};
use crate::page::{Area, MARGIN, Page, badge, block, fitting, inner};
use crate::palette::{GRID, INK, STROKES};
use crate::plot::{self, Plot, SIDE, cut_off, cut_remark};
use crate::rows::{label_lines, lines_height, remark, stacked, total, with_remark, worst_first};
use crate::shape::{line_sample, marker};
use crate::text::wrap_to;
use crate::track::LONGEST;
use crate::words::{Lang, Pick as _, chance, percent};

/// At most so many resources are drawn.
const MOST: usize = 5;
/// Percentages and words below the plot, in points.
const AXIS: f64 = 12.0 + LEADING + 6.0;
/// Width of a line's sample in the table.
const SAMPLE: f64 = 24.0;

/// Draws the duration curves of the fullest resources, with a table of their peaks and times above the limits.
///
/// # Errors
/// Only failures of the libraries below.
pub fn duration(figure: &Duration, options: &Options) -> Result<Chart, VizError> {
    let lang = options.lang;
    let curves: Vec<Curve> = figure
        .lines
        .iter()
        .map(|line| Curve::of(line, figure.threshold))
        .collect();
    let sorted = worst_first(&curves, Curve::peak);
    let csv = twin(&sorted, figure.threshold)?;
    let (page, (shown, layout)) = fitting(sorted.len().min(MOST), |most| {
        let shown = &sorted[..most];
        let mut caption = with_remark(&figure.caption, most, sorted.len(), lang);
        if cut_off(shown.iter().map(|curve| curve.peak())) {
            remark(&mut caption, cut_remark(LONGEST, lang));
        }
        let mut legend = limits_at(std::iter::once(figure.threshold), lang);
        let levels = shown
            .iter()
            .map(|curve| Level::of(curve.peak(), figure.threshold));
        legend.extend(breaches(levels, lang));
        let page = Page::new(&caption, legend, *options);
        let layout = Layout::of(shown, figure.threshold, options);
        (page, layout.height(options), (shown, layout))
    });
    let (svg, missing) = page.render(layout.height(options), |area, top| {
        draw_plot(area, figure, shown, options, top)?;
        let top = top + plot::height(options) + AXIS;
        draw_table(area, figure.threshold, shown, &layout, top)
    })?;
    Ok(Chart {
        name: "duration",
        title: figure.caption.title.clone(),
        svg,
        csv,
        missing,
    })
}

/// One resource with its hours sorted.
struct Curve<'a> {
    line: &'a DurationLine,
    /// The fullest first; hours without a figure are left out.
    hours: Vec<f64>,
    over_threshold: f64,
    over_capacity: f64,
}

impl<'a> Curve<'a> {
    fn of(line: &'a DurationLine, threshold: f64) -> Self {
        let figures = line.hours.iter().copied().filter(|hour| !hour.is_nan());
        let mut hours: Vec<f64> = figures.collect();
        hours.sort_by(|a, b| b.total_cmp(a));
        let over = |limit: f64| {
            let above = |hour: &&f64| Level::of(**hour, limit) > Level::Within;
            share(hours.iter().filter(above).count(), hours.len())
        };
        let (over_threshold, over_capacity) = (over(threshold), over(1.0));
        Self {
            line,
            hours,
            over_threshold,
            over_capacity,
        }
    }

    fn peak(&self) -> f64 {
        self.hours.first().copied().unwrap_or(f64::NAN)
    }

    /// The ratio at a share of the time.
    fn at(&self, part: f64) -> Option<f64> {
        let all = self.hours.len();
        let mut hours = self.hours.iter().enumerate();
        let found = hours.find(|(place, _)| share(place + 1, all) > part);
        found.map(|(_, hour)| *hour)
    }

    /// The curve as steps: share of time, ratio.
    fn steps(&self) -> impl Iterator<Item = (f64, f64)> {
        let all = self.hours.len();
        self.hours
            .iter()
            .enumerate()
            .flat_map(move |(place, hour)| {
                [(share(place, all), *hour), (share(place + 1, all), *hour)]
            })
    }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 hours")]
fn share(part: usize, all: usize) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}

/// Where the curve at this place in the list carries its mark: each elsewhere, so that close curves keep theirs apart.
fn marked(place: usize) -> impl Iterator<Item = f64> {
    let first = 0.05 + 0.035 * share(place, 1);
    [0.0, 0.2, 0.4, 0.6].into_iter().map(move |on| first + on)
}

/// Sizes of the table in points.
struct Layout {
    head: [Vec<String>; 3],
    /// Middles of the three columns of figures.
    columns: [f64; 3],
    names: Vec<Vec<String>>,
    rows: Vec<(f64, f64)>,
    right: f64,
}

impl Layout {
    fn of(curves: &[&Curve<'_>], threshold: f64, options: &Options) -> Self {
        let lang = options.lang;
        let column = match options.width {
            Width::Half => 41.0,
            Width::Full => 74.0,
        };
        let right = MARGIN + inner(*options);
        // No column of half a page is as wide as the word "threshold".
        let limit = percent(threshold, threshold);
        let words = [
            lang.pick("最大", "peak").to_owned(),
            lang.pick(
                "しきい値を超える時間".to_owned(),
                format!("time above {limit}"),
            ),
            lang.pick("容量超の時間", "time above capacity").to_owned(),
        ];
        let head = words.map(|words| wrap_to(&words, Weight::Regular, BODY, column - 3.0, 3));
        let room = inner(*options) - 3.0 * column - SAMPLE - 8.0;
        let names: Vec<_> = curves
            .iter()
            .map(|curve| label_lines(&curve.line.label, &curve.line.detail, room))
            .collect();
        let heights = names
            .iter()
            .map(|name| (lines_height(name.len()) + 3.0).max(13.0));
        let rows = stacked(heights);
        Self {
            head,
            columns: [2.5, 1.5, 0.5].map(|place| right - place * column),
            names,
            rows,
            right,
        }
    }

    fn head_height(&self) -> f64 {
        let lines = self.head.iter().map(Vec::len).max();
        lines_height(lines.unwrap_or(0)) + 3.0
    }

    fn height(&self, options: &Options) -> f64 {
        plot::height(options) + AXIS + self.head_height() + total(&self.rows) + 2.0
    }
}

fn draw_plot(
    area: &Area<'_>,
    figure: &Duration,
    curves: &[&Curve<'_>],
    options: &Options,
    top: f64,
) -> Result<(), VizError> {
    let peaks = curves.iter().map(|curve| curve.peak());
    let plot = Plot {
        left: MARGIN + SIDE,
        top: top + 5.0,
        width: inner(*options) - SIDE - 10.0,
        height: plot::height(options) - 5.0,
        end: plot::end(peaks),
    };
    plot.grid(area)?;
    // The fullest is drawn last, above the others.
    for (curve, stroke) in curves.iter().zip(STROKES).rev() {
        plot.line(area, curve.steps(), stroke, &curve.line.label)?;
    }
    plot.limits(area, &[figure.threshold])?;
    for (place, (curve, stroke)) in curves.iter().zip(STROKES).enumerate().rev() {
        for share in marked(place) {
            if let Some(hour) = curve.at(share) {
                marker(area, (plot.x(share), plot.y(hour)), stroke, false)?;
            }
        }
    }
    draw_axis(area, &plot, options.lang)
}

fn draw_axis(area: &Area<'_>, plot: &Plot, lang: Lang) -> Result<(), VizError> {
    let bottom = plot.top + plot.height;
    let look = Type::BODY.anchor(HPos::Center, VPos::Top);
    for (share, words) in [
        (0.0, "0%"),
        (0.25, "25%"),
        (0.5, "50%"),
        (0.75, "75%"),
        (1.0, "100%"),
    ] {
        let x = plot.x(share);
        let tick = vec![at(x, bottom), at(x, bottom + 2.0)];
        area.draw(&Trace::new(tick, INK, 6))?;
        area.draw(&text(x, bottom + 3.0, words, look))?;
    }
    let words = lang.pick(
        "時間の割合（混雑する時間から順に）",
        "share of time, the busiest first",
    );
    area.draw(&text(plot.x(0.5), bottom + 3.0 + LEADING, words, look))?;
    Ok(())
}

fn draw_table(
    area: &Area<'_>,
    threshold: f64,
    curves: &[&Curve<'_>],
    layout: &Layout,
    top: f64,
) -> Result<(), VizError> {
    let centred = Type::BODY.anchor(HPos::Center, VPos::Top);
    let head = layout.head_height();
    for (words, x) in layout.head.iter().zip(layout.columns) {
        block(area, x, top + head / 2.0, words, centred)?;
    }
    let rows = layout.names.iter().zip(&layout.rows);
    for ((curve, stroke), (name, (y, height))) in curves.iter().zip(STROKES).zip(rows) {
        let y = top + head + y;
        let middle = y + height / 2.0;
        let line = vec![at(MARGIN, y), at(layout.right, y)];
        area.draw(&Trace::new(line, GRID, 4))?;
        line_sample(area, (MARGIN, middle), SAMPLE, stroke, false)?;
        block(area, MARGIN + SAMPLE + 5.0, middle, name, Type::BODY)?;
        let level = Level::of(curve.peak(), threshold);
        let [peak, above, beyond] = layout.columns;
        badge(area, peak, middle, &percent(curve.peak(), threshold), level)?;
        let look = centred.anchor(HPos::Center, VPos::Center);
        area.draw(&text(above, middle, chance(curve.over_threshold), look))?;
        area.draw(&text(beyond, middle, chance(curve.over_capacity), look))?;
    }
    Ok(())
}

/// Every hour of every line, the fullest first: for which share of the time it is at least that full.
fn twin(curves: &[&Curve<'_>], threshold: f64) -> Result<String, VizError> {
    let lines = curves.iter().flat_map(|curve| {
        let all = curve.hours.len();
        let hours = curve.hours.iter().enumerate();
        hours.map(move |(place, hour)| {
            vec![
                curve.line.label.clone(),
                curve.line.detail.clone(),
                ratio(share(place + 1, all)),
                ratio(*hour),
                ratio(threshold),
                Level::of(*hour, threshold).code().to_owned(),
                ratio(curve.over_threshold),
                ratio(curve.over_capacity),
            ]
        })
    });
    table(
        &[
            "resource",
            "detail",
            "share_of_time",
            "utilisation",
            "threshold",
            "level",
            "time_above_threshold",
            "time_above_capacity",
        ],
        lines,
    )
}
