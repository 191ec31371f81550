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
use crate::data::{AnswerLine, AnswerPoint, Answers};
use crate::error::VizError;
use crate::keys::{breaches, limits_at};
use crate::mark::{LEADING, Trace, Type, at, text};
use crate::page::{Area, Key, MARGIN, Page, badge, block, fitting, inner};
use crate::palette::{GRID, INK, STROKES, Stroke, pale_stroke};
use crate::plot::{self, Plot, beyond, cut_remark};
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
    let values = values(&figure.resources);
    let (page, (shown, layout)) = fitting(sorted.len().min(MOST), |most| {
        let shown = &sorted[..most];
        let layout = Layout::of(figure, shown, &values, options);
        let mut caption = with_remark(&figure.caption, most, sorted.len(), lang);
        remarks(shown, &layout, lang)
            .into_iter()
            .for_each(|text| remark(&mut caption, text));
        let page = Page::new(&caption, legend(shown, lang), *options);
        (page, layout.height(), (shown, layout))
    });
    let (svg, missing) = page.render(layout.height(), |area, top| {
        let drawing = Drawing {
            area,
            lines: shown,
            values: &values,
            joined: figure.joined,
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

/// What a reader has to know of the drawing.
fn remarks(shown: &[&AnswerLine], layout: &Layout, lang: Lang) -> Vec<String> {
    let mut remarks = Vec::new();
    let end = end(shown);
    if beyond(end, loads(shown)) {
        remarks.push(cut_remark(end, lang));
    }
    if layout.every > 1 {
        let words = lang.pick(
            "一部の値だけ数字を示す（残りはCSVにある）",
            "not every value has its figure here; the CSV has all",
        );
        remarks.push(words.to_owned());
    }
    if shown
        .iter()
        .flat_map(|line| &line.points)
        .any(|p| p.projected)
    {
        let words = lang.pick(
            "白抜きの印は増加見込み（推計）",
            "hollow marks are projections of growth",
        );
        remarks.push(words.to_owned());
    }
    remarks
}

/// The end of the scale for these lines.
fn end(lines: &[&AnswerLine]) -> f64 {
    plot::end_for(loads(lines))
}

/// Every load of these lines.
fn loads(lines: &[&AnswerLine]) -> impl Iterator<Item = f64> {
    let points = lines.iter().flat_map(|line| &line.points);
    points.map(|point| point.utilisation)
}

fn legend(shown: &[&AnswerLine], lang: Lang) -> Vec<Key> {
    let mut legend = limits_at(shown.iter().map(|line| line.threshold), lang);
    let levels = shown.iter().flat_map(|line| {
        let points = line.points.iter();
        points.map(|point| Level::of(point.utilisation, line.threshold))
    });
    legend.extend(breaches(levels, lang));
    legend
}

/// The highest load of a line; NaN for a line without figures.
fn peak(line: &AnswerLine) -> f64 {
    let loads = line.points.iter().map(|point| point.utilisation);
    loads.fold(f64::NAN, f64::max)
}

/// All values of the parameter in order of first appearance.
fn values(lines: &[AnswerLine]) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for point in lines.iter().flat_map(|line| &line.points) {
        if !found.contains(&point.value.as_str()) {
            found.push(&point.value);
        }
    }
    found
}

/// The point of a line at a value.
fn point_at<'p>(line: &'p AnswerLine, value: &str) -> Option<&'p AnswerPoint> {
    line.points.iter().find(|point| point.value == value)
}

/// The load of a line at a value.
fn load_at(line: &AnswerLine, value: &str) -> Option<f64> {
    point_at(line, value).map(|point| point.utilisation)
}

/// Whether nothing about a line is of today.
fn all_projected(line: &AnswerLine) -> bool {
    !line.points.is_empty() && line.points.iter().all(|point| point.projected)
}

/// Everything that drawing needs.
struct Drawing<'a, 'b> {
    area: &'a Area<'b>,
    lines: &'a [&'a AnswerLine],
    values: &'a [&'a str],
    /// Whether points are joined by lines.
    joined: bool,
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
            end: end(self.lines),
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
        let mut points: Vec<(f64, &AnswerPoint)> = Vec::new();
        for (column, value) in self.values.iter().enumerate() {
            let point = point_at(line, value).filter(|point| !point.utilisation.is_nan());
            points.extend(point.map(|point| (self.layout.share(column), point)));
        }
        if self.joined {
            self.joints(plot, &points, stroke, &line.label)?;
        }
        for (share, point) in points {
            let place = (plot.x(share), plot.y(point.utilisation));
            let stroke = look(point.projected, stroke);
            marker(self.area, place, stroke, point.projected)?;
        }
        Ok(())
    }

    /// Lines between points, those that lead to a projection pale.
    fn joints(
        &self,
        plot: &Plot,
        points: &[(f64, &AnswerPoint)],
        stroke: Stroke,
        title: &str,
    ) -> Result<(), VizError> {
        let place = |(share, point): &(f64, &AnswerPoint)| (*share, point.utilisation);
        let mut from = 0;
        for to in 1..points.len() {
            let projected = points[to].1.projected;
            let next = points.get(to + 1);
            if next.is_none_or(|(_, point)| point.projected != projected) {
                let run = points[from..=to].iter().map(place);
                plot.line(self.area, run, look(projected, stroke), title)?;
                from = to;
            }
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
            self.row(line, stroke, name, y + 2.0)?;
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
        let projected = all_projected(line);
        line_sample(area, sample, SAMPLE, look(projected, stroke), projected)?;
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

fn look(projected: bool, stroke: Stroke) -> Stroke {
    if projected {
        pale_stroke(stroke)
    } else {
        stroke
    }
}

/// The name of a line; a projection says that it is one.
fn name(line: &AnswerLine, lang: Lang) -> String {
    if all_projected(line) {
        let words = lang.pick("（増加見込み）", " (projected)");
        format!("{}{words}", line.label)
    } else {
        line.label.clone()
    }
}

/// One row for each point of each line.
fn twin(figure: &Answers, lines: &[&AnswerLine]) -> Result<String, VizError> {
    let rows = lines.iter().flat_map(|line| {
        line.points.iter().map(|point| {
            vec![
                figure.parameter.clone(),
                point.value.clone(),
                line.label.clone(),
                ratio(point.utilisation),
                ratio(line.threshold),
                Level::of(point.utilisation, line.threshold)
                    .code()
                    .to_owned(),
                if point.projected {
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
