//! The answer to one what-if question: how full resources are for each value of one parameter.
//! In: [`Answers`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//! 100% ┃────────●──  a line for each resource, marked at the values that were computed
//!      ┃┄┄┄┄●┄┄┄┄┄┄
//!   0% ┗━━━━━━━━━━━
//!       160  320  480    participants
//! ─●─ line to centre
//!       72%  [96%] [144%]  figures below their points
//! ```

mod layout;

use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Chart, Level, Options, ratio, table};
use crate::data::{AnswerLine, Answers};
use crate::error::VizError;
use crate::keys::{breaches, limits_at};
use crate::mark::{LEADING, Trace, Type, at, text};
use crate::page::{Area, MARGIN, Page, badge, block, inner};
use crate::palette::{GRID, INK, STROKES, Stroke, pale_stroke};
use crate::plot::{self, Plot, cut_off, cut_remark};
use crate::rows::{remark, with_remark, worst_first};
use crate::shape::{line_sample, marker};
use crate::words::{Lang, Pick as _, percent};

use layout::{Layout, SAMPLE};

/// At most so many resources are drawn.
const MOST: usize = STROKES.len();

/// Draws utilisation over the values of a parameter.
///
/// # Errors
/// Only failures of the libraries below.
pub fn answers(figure: &Answers, options: &Options) -> Result<Chart, VizError> {
    let lang = options.lang;
    let sorted = worst_first(&figure.resources, peak);
    let shown = &sorted[..sorted.len().min(MOST)];
    let mut caption = with_remark(&figure.caption, MOST, sorted.len(), lang);
    if cut_off(shown.iter().map(|line| peak(line))) {
        remark(&mut caption, cut_remark(lang));
    }
    let values = values(&figure.resources);
    let layout = Layout::of(figure, shown, &values, options);
    if layout.every > 1 {
        let words = lang.pick(
            "一部の値だけ数字を示す（残りはCSVにある）",
            "not every value has its figure here; the CSV has all",
        );
        remark(&mut caption, words.to_owned());
    }
    let mut legend = limits_at(shown.iter().map(|line| line.threshold), lang);
    let levels = shown.iter().flat_map(|line| {
        let points = line.points.iter();
        points.map(|(_, load)| Level::of(*load, line.threshold))
    });
    legend.extend(breaches(levels, lang));
    let page = Page::new(&caption, legend, *options);
    let (svg, missing) = page.render(layout.height(), |area, top| {
        let drawing = Drawing {
            area,
            lines: shown,
            values: &values,
            layout: &layout,
            options,
        };
        drawing.plot(top)?;
        drawing.table(top + layout.plot_height())
    })?;
    Ok(Chart {
        name: "answers",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure, &sorted)?,
        missing,
    })
}

/// The highest load of a line; NaN for a line without figures.
fn peak(line: &AnswerLine) -> f64 {
    let loads = line.points.iter().map(|(_, load)| *load);
    loads.fold(f64::NAN, f64::max)
}

/// All values of the parameter in order of first appearance.
fn values(lines: &[AnswerLine]) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (value, _) in lines.iter().flat_map(|line| &line.points) {
        if !found.contains(&value.as_str()) {
            found.push(value);
        }
    }
    found
}

/// The load of a line at a value.
fn load_at(line: &AnswerLine, value: &str) -> Option<f64> {
    let mut points = line.points.iter();
    points.find(|(at, _)| at == value).map(|(_, load)| *load)
}

/// Everything that drawing needs.
struct Drawing<'a, 'b> {
    area: &'a Area<'b>,
    lines: &'a [&'a AnswerLine],
    values: &'a [&'a str],
    layout: &'a Layout,
    options: &'a Options,
}

impl Drawing<'_, '_> {
    fn plot(&self, top: f64) -> Result<(), VizError> {
        let (area, layout) = (self.area, self.layout);
        let plot = Plot {
            left: layout.left,
            top: top + 5.0,
            width: layout.width(),
            height: plot::height(self.options) - 5.0,
            end: plot::end(self.lines.iter().map(|line| peak(line))),
        };
        plot.grid(area)?;
        let mut thresholds: Vec<f64> = self.lines.iter().map(|line| line.threshold).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        plot.limits(area, &thresholds)?;
        // The fullest is drawn last, above the others.
        for (line, stroke) in self.lines.iter().zip(STROKES).rev() {
            self.line(&plot, line, stroke)?;
        }
        self.axis(plot.top + plot.height)
    }

    fn line(&self, plot: &Plot, line: &AnswerLine, stroke: Stroke) -> Result<(), VizError> {
        let stroke = look(line, stroke);
        let mut points = Vec::new();
        for (column, value) in self.values.iter().enumerate() {
            if let Some(load) = load_at(line, value).filter(|load| !load.is_nan()) {
                points.push((self.layout.share(column), load));
            }
        }
        plot.line(self.area, points.iter().copied(), stroke, &line.label)?;
        for (share, load) in points {
            let place = (plot.x(share), plot.y(load));
            marker(self.area, place, stroke, line.projected)?;
        }
        Ok(())
    }

    /// Values of the parameter and its name below the plot.
    fn axis(&self, bottom: f64) -> Result<(), VizError> {
        let (area, layout) = (self.area, self.layout);
        let look = Type::BODY.anchor(HPos::Center, VPos::Center);
        for (column, words) in layout.heads.iter().enumerate() {
            let x = layout.middle(column);
            let tick = vec![at(x, bottom), at(x, bottom + 2.0)];
            area.draw(&Trace::new(tick, INK, 6))?;
            block(
                area,
                x,
                bottom + 3.0 + layout.heads_height() / 2.0,
                words,
                look,
            )?;
        }
        let words = Type::BODY.bold();
        let mut y = bottom + 4.0 + layout.heads_height();
        for line in &layout.parameter {
            let half = words.width(line) / 2.0;
            let x = (layout.left + layout.width() / 2.0).max(MARGIN + half);
            area.draw(&text(x, y, line, words.anchor(HPos::Center, VPos::Top)))?;
            y += LEADING;
        }
        Ok(())
    }

    /// Names with their samples, and the figures below the points.
    fn table(&self, top: f64) -> Result<(), VizError> {
        let rows = self.layout.rows.iter().zip(&self.layout.names);
        for ((line, stroke), ((y, _), name)) in self.lines.iter().zip(STROKES).zip(rows) {
            let y = top + y;
            let right = MARGIN + inner(*self.options);
            let rule = vec![at(MARGIN, y), at(right, y)];
            self.area.draw(&Trace::new(rule, GRID, 4))?;
            self.row(line, look(line, stroke), name, y + 2.0)?;
        }
        Ok(())
    }

    fn row(
        &self,
        line: &AnswerLine,
        stroke: Stroke,
        name: &[String],
        top: f64,
    ) -> Result<(), VizError> {
        let (area, layout) = (self.area, self.layout);
        let height = layout.name_height(name);
        let beside = if layout.figures_below {
            height
        } else {
            height.max(Layout::FIGURES)
        };
        let middle = top + beside / 2.0;
        let sample = (MARGIN, middle);
        line_sample(area, sample, SAMPLE, stroke, line.projected)?;
        block(area, MARGIN + SAMPLE + 4.0, middle, name, Type::BODY)?;
        let figures = if layout.figures_below {
            top + height + Layout::FIGURES / 2.0
        } else {
            middle
        };
        for (column, value) in self.values.iter().enumerate() {
            let Some(load) = load_at(line, value).filter(|_| layout.shows(column)) else {
                continue;
            };
            let level = Level::of(load, line.threshold);
            let words = percent(load, line.threshold);
            badge(area, layout.middle(column), figures, &words, level)?;
        }
        Ok(())
    }
}

fn look(line: &AnswerLine, stroke: Stroke) -> Stroke {
    if line.projected {
        pale_stroke(stroke)
    } else {
        stroke
    }
}

/// The name of a line; a projection says that it is one.
fn name(line: &AnswerLine, lang: Lang) -> String {
    if line.projected {
        let words = lang.pick("（増加見込み）", " (projected)");
        format!("{}{words}", line.label)
    } else {
        line.label.clone()
    }
}

/// One row for each point of each line.
fn twin(figure: &Answers, lines: &[&AnswerLine]) -> Result<String, VizError> {
    let rows = lines.iter().flat_map(|line| {
        line.points.iter().map(|(value, load)| {
            vec![
                figure.parameter.clone(),
                value.clone(),
                line.label.clone(),
                ratio(*load),
                ratio(line.threshold),
                Level::of(*load, line.threshold).code().to_owned(),
                if line.projected {
                    "projection"
                } else {
                    "today"
                }
                .to_owned(),
            ]
        })
    });
    table(
        &[
            "parameter",
            "value",
            "resource",
            "utilisation",
            "threshold",
            "level",
            "basis",
        ],
        rows,
    )
}
