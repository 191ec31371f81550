//! When each link is full: rows are links, the worst first, columns the hours of a day, each cell one hour's utilisation.
//! In: [`Heatmap`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//!                 ├─office hours─┤        0…24 o'clock; dashed lines carry the office hours down
//! line to centre  ░░▒▒▓▓▓██╳╳▓▓▒▒░  [95%]  lightness: load; striped: above threshold; crossed red: above capacity
//! ```

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::Cartesian2d;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Chart, Level, Options, Width, ratio, table};
use crate::data::{HeatRow, Heatmap};
use crate::error::VizError;
use crate::mark::{LEADING, Patch, Trace, Type, at, text};
use crate::page::{Area, Key, MARGIN, Page, Sample, badge, badge_width, block, fitting, inner};
use crate::palette::{BREACH, CROWDED, EXCESS, GRID, HEAT, Hatch, INK, Look};
use crate::rows::{label_lines, with_remark};
use crate::scale::Scale;
use crate::surface::Surface;
use crate::words::{Lang, Pick as _, percent};

/// Height of the office-hours bracket and the gap below it, in points.
const BRACKET: f64 = 15.0;
/// Height of the hours below the cells.
const AXIS: f64 = 12.0;

/// Draws a heat map of link by hour, the worst row first.
///
/// # Errors
/// Only failures of the libraries below.
pub fn heatmap(figure: &Heatmap, options: &Options) -> Result<Chart, VizError> {
    let mut rows: Vec<&HeatRow> = figure.rows.iter().collect();
    rows.sort_by(|a, b| {
        peak(b)
            .1
            .total_cmp(&peak(a).1)
            .then_with(|| (&a.label, &a.detail).cmp(&(&b.label, &b.detail)))
    });
    let csv = twin(&rows)?;
    let (page, (rows, layout)) = fitting(rows.len().min(figure.top), |top| {
        let caption = with_remark(&figure.caption, top, rows.len(), options.lang);
        let shown = &rows[..top];
        let page = Page::new(&caption, legend(shown, options.lang), *options);
        let layout = Layout::of(shown, options);
        (page, layout.height(), (shown, layout))
    });
    let (svg, missing) = page.render(layout.height(), |area, top| {
        draw_bracket(area, figure, &layout, top, options.lang)?;
        draw_labels(area, rows, &layout, top + BRACKET)?;
        draw_cells(area, figure, rows, &layout, top + BRACKET)
    })?;
    Ok(Chart {
        name: "heatmap",
        title: figure.caption.title.clone(),
        svg,
        csv,
        missing,
    })
}

/// Busiest hour and its load; hours without a figure count as idle.
fn peak(row: &HeatRow) -> (usize, f64) {
    let worst = |best: (usize, f64), (hour, load): (usize, &f64)| {
        if *load > best.1 { (hour, *load) } else { best }
    };
    row.hours.iter().enumerate().fold((0, 0.0), worst)
}

/// Sizes in points.
struct Layout {
    label: f64,
    cell: f64,
    /// Top and height of each row, from the first row's top.
    rows: Vec<(f64, f64)>,
    names: Vec<Vec<String>>,
    hour_shown: bool,
}

impl Layout {
    #[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
    fn of(rows: &[&HeatRow], options: &Options) -> Self {
        let (label, figures) = match options.width {
            Width::Half => (78.0, 33.0),
            Width::Full => (140.0, 58.0),
        };
        let names: Vec<Vec<String>> = rows
            .iter()
            .map(|row| label_lines(&row.label, &row.detail, label - 4.0))
            .collect();
        let mut tops = Vec::new();
        let mut y = 0.0;
        for name in &names {
            let height = (name.len() as f64 * LEADING + 3.0).max(13.0);
            tops.push((y, height));
            y += height;
        }
        let hour_shown = options.width == Width::Full;
        Self {
            label,
            cell: (inner(*options) - label - figures) / 24.0,
            rows: tops,
            names,
            hour_shown,
        }
    }

    fn height(&self) -> f64 {
        BRACKET + self.rows_height() + AXIS
    }

    fn rows_height(&self) -> f64 {
        self.rows.last().map_or(0.0, |(top, height)| top + height)
    }

    /// Left edge of an hour's cells.
    fn hour(&self, hour: f64) -> f64 {
        MARGIN + self.label + hour * self.cell
    }
}

fn draw_bracket(
    area: &Area<'_>,
    figure: &Heatmap,
    layout: &Layout,
    top: f64,
    lang: Lang,
) -> Result<(), VizError> {
    let hours = &figure.office_hours;
    let (left, right) = (
        layout.hour(f64::from(hours.start)),
        layout.hour(f64::from(hours.end)),
    );
    let y = top + BRACKET - 2.5;
    area.draw(&Trace::new(
        vec![
            at(left, y + 2.5),
            at(left, y),
            at(right, y),
            at(right, y + 2.5),
        ],
        INK,
        8,
    ))?;
    let words = lang.pick("執務時間", "office hours");
    area.draw(&text(
        (left + right) / 2.0,
        y - 1.0,
        words,
        Type::BODY.anchor(HPos::Center, VPos::Bottom),
    ))?;
    let most = Type::BODY.anchor(HPos::Left, VPos::Bottom);
    area.draw(&text(
        layout.hour(24.0) + 3.0,
        y - 1.0,
        lang.pick("最大", "peak"),
        most,
    ))?;
    Ok(())
}

fn draw_labels(
    area: &Area<'_>,
    rows: &[&HeatRow],
    layout: &Layout,
    top: f64,
) -> Result<(), VizError> {
    for ((row, name), (y, height)) in rows.iter().zip(&layout.names).zip(&layout.rows) {
        let middle = top + y + height / 2.0;
        area.draw(&Trace::new(
            vec![at(MARGIN, top + y), at(layout.hour(0.0), top + y)],
            GRID,
            4,
        ))?;
        block(area, MARGIN, middle, name, Type::BODY)?;
        let (hour, load) = peak(row);
        let level = Level::of(load, row.threshold);
        let words = percent(load, row.threshold);
        badge(
            area,
            layout.hour(24.0) + 3.0 + badge_width(&words, level) / 2.0,
            middle,
            &words,
            level,
        )?;
        if layout.hour_shown {
            let look = Type::BODY.anchor(HPos::Left, VPos::Center);
            area.draw(&text(
                layout.hour(24.0) + 33.0,
                middle,
                format!("{hour}:00"),
                look,
            ))?;
        }
    }
    Ok(())
}

type Grid<'a, 'b> = ChartContext<'b, Surface<'a>, Cartesian2d<Scale, RangedCoordf64>>;

fn draw_cells(
    area: &Area<'_>,
    figure: &Heatmap,
    rows: &[&HeatRow],
    layout: &Layout,
    top: f64,
) -> Result<(), VizError> {
    let height = layout.rows_height();
    let (left, upper) = at(layout.hour(0.0), top);
    let (right, lower) = at(layout.hour(24.0), top + height + AXIS);
    let frame = area
        .clone()
        .shrink((left, upper), (right - left, lower - upper));
    let hours = Scale {
        end: 24.0,
        ticks: vec![0.0, 6.0, 12.0, 18.0, 24.0],
        words: |hour| format!("{hour:.0}"),
    };
    let mut grid = ChartBuilder::on(&frame)
        .x_label_area_size(at(AXIS, 0.0).0)
        .build_cartesian_2d(hours, height..0.0)?;
    for (row, (y, height)) in rows.iter().zip(&layout.rows) {
        draw_row(&mut grid, row, *y, *height)?;
    }
    grid.configure_mesh()
        .disable_mesh()
        .disable_y_axis()
        .axis_style(INK.stroke_width(6))
        .x_label_style(Type::BODY.style())
        .set_all_tick_mark_size(15)
        .draw()?;
    for hour in [figure.office_hours.start, figure.office_hours.end] {
        let line = vec![(f64::from(hour), 0.0), (f64::from(hour), height)];
        grid.plotting_area()
            .draw(&Trace::new(line, INK, 6).dashed(20, 14))?;
    }
    Ok(())
}

/// One link: its cells, then a red frame around each run of hours above capacity.
fn draw_row(grid: &mut Grid<'_, '_>, row: &HeatRow, y: f64, height: f64) -> Result<(), VizError> {
    let (top, bottom) = (y + 0.6, y + height - 0.6);
    let mut x = 0.0;
    for (hour, load) in row.hours.iter().enumerate() {
        let title = format!("{} {hour}:00 {}", row.label, percent(*load, row.threshold));
        // Cells reach under their right neighbour: no hairline of paper shows between two of one colour.
        let cell = Patch::new((x, top), ((x + 1.08_f64).min(24.0), bottom))
            .look(cell_look(*load, row.threshold))
            .title(title);
        grid.plotting_area().draw(&cell)?;
        x += 1.0;
    }
    let whole = Patch::new((0.0, top), (24.0, bottom)).outline(GRID, 3);
    grid.plotting_area().draw(&whole)?;
    for (from, to) in runs(row) {
        grid.plotting_area()
            .draw(&Patch::new((from, top), (to, bottom)).outline(BREACH, 12))?;
    }
    Ok(())
}

/// Unbroken runs of hours above capacity: first hour, and the hour after the last.
fn runs(row: &HeatRow) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    let mut x = 0.0;
    for load in row.hours {
        if Level::of(load, row.threshold) == Level::OverCapacity {
            match found.last_mut() {
                Some(last) if last.1.total_cmp(&x).is_eq() => last.1 = x + 1.0,
                _ => found.push((x, x + 1.0)),
            }
        }
        x += 1.0;
    }
    found
}

fn cell_look(load: f64, threshold: f64) -> Look {
    match Level::of(load, threshold) {
        Level::OverCapacity => EXCESS,
        Level::OverThreshold => CROWDED,
        Level::Within => {
            let bin = [0.2, 0.4, 0.6, 0.8]
                .iter()
                .filter(|edge| load >= **edge)
                .count();
            Look {
                fill: HEAT[bin],
                hatch: Hatch::Plain,
                lines: INK,
            }
        }
    }
}

fn legend(rows: &[&HeatRow], lang: Lang) -> Vec<Key> {
    let plain = |fill| Look {
        fill,
        hatch: Hatch::Plain,
        lines: INK,
    };
    let edges = [
        "0–20%",
        "20–40%",
        "40–60%",
        lang.pick("60%～しきい値", "60%–threshold"),
        lang.pick("80%～しきい値", "80%–threshold"),
    ];
    let loads = || {
        rows.iter()
            .flat_map(|row| row.hours.iter().map(|load| (*load, row.threshold)))
    };
    let mut keys: Vec<Key> = HEAT
        .iter()
        .zip(edges)
        .enumerate()
        // The last step of lightness exists only where a threshold lies above 80 %.
        .filter(|(bin, _)| {
            *bin < 4
                || loads().any(|(load, threshold)| cell_look(load, threshold) == plain(HEAT[4]))
        })
        .map(|(_, (fill, words))| Key {
            sample: Sample::Patch(plain(*fill), Some(GRID)),
            words: words.to_owned(),
        })
        .collect();
    for (look, level, frame) in [
        (CROWDED, Level::OverThreshold, GRID),
        (EXCESS, Level::OverCapacity, BREACH),
    ] {
        if loads().any(|(load, threshold)| Level::of(load, threshold) == level) {
            keys.push(Key {
                sample: Sample::Patch(look, Some(frame)),
                words: crate::words::level(level, lang).to_owned(),
            });
        }
    }
    keys
}

/// All rows, one line for each hour, the worst row first.
fn twin(rows: &[&HeatRow]) -> Result<String, VizError> {
    let lines = rows.iter().flat_map(|row| {
        row.hours.iter().enumerate().map(|(hour, load)| {
            let level = Level::of(*load, row.threshold).code();
            [
                &row.label,
                &row.detail,
                &hour.to_string(),
                &ratio(*load),
                &ratio(row.threshold),
                level,
            ]
            .map(|field| field.to_owned())
            .to_vec()
        })
    });
    table(
        &[
            "resource",
            "detail",
            "hour",
            "utilisation",
            "threshold",
            "level",
        ],
        lines,
    )
}
