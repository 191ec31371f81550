//! Sizes of the chart of answers. In: its lines and values. Out: columns, rows and lines of text, in points.
//! Names stand left of their figures on a full page and above them on half of one.

use crate::chart::{Level, Options, Width};
use crate::data::{AnswerLine, Answers};
use crate::font::Weight;
use crate::mark::BODY;
use crate::page::{MARGIN, badge_width, inner};
use crate::plot::{self, SIDE};
use crate::rows::{lines_height, stacked, total};
use crate::text::wrap_to;
use crate::words::percent;

use super::{load_at, name};

/// Width of a line's sample.
pub const SAMPLE: f64 = 24.0;
/// Width of the names on a full page.
const NAMES: f64 = 150.0;
/// No column is wider, however few the values.
const WIDEST: f64 = 90.0;

/// Sizes in points.
pub struct Layout {
    /// Left edge of the first column.
    pub left: f64,
    column: f64,
    columns: usize,
    /// Only one of so many columns has its words and figures.
    pub every: usize,
    /// Values of the parameter; empty where a column has no words.
    pub heads: Vec<Vec<String>>,
    /// Name of the parameter.
    pub parameter: Vec<String>,
    /// Names of the lines.
    pub names: Vec<Vec<String>>,
    /// Tops and heights of the rows of the table.
    pub rows: Vec<(f64, f64)>,
    /// Whether figures stand below the names.
    pub figures_below: bool,
    plot: f64,
}

impl Layout {
    /// Height of a line of figures.
    pub const FIGURES: f64 = 12.0;

    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn of(figure: &Answers, lines: &[&AnswerLine], values: &[&str], options: &Options) -> Self {
        let figures_below = options.width == Width::Half;
        // A scale may end beyond 1000 %.
        let side = if figures_below { SIDE + 6.0 } else { NAMES };
        let room = inner(*options) - side;
        let column = (room / values.len().max(1) as f64).min(WIDEST);
        let every = every(lines, values, column);
        let width = column * every as f64 - 3.0;
        let heads = values.iter().enumerate().map(|(place, value)| {
            if shows(place, every, values.len()) {
                wrap_to(value, Weight::Regular, BODY, width, 3)
            } else {
                Vec::new()
            }
        });
        let name_room = if figures_below {
            inner(*options)
        } else {
            side - 8.0
        } - SAMPLE
            - 6.0;
        let names: Vec<_> = lines
            .iter()
            .map(|line| {
                let words = name(line, options.lang);
                wrap_to(&words, Weight::Regular, BODY, name_room, 3)
            })
            .collect();
        let rows = stacked(names.iter().map(|name| {
            let name = lines_height(name.len());
            4.0 + if figures_below {
                name + Self::FIGURES
            } else {
                name.max(Self::FIGURES)
            }
        }));
        Self {
            left: MARGIN + side,
            column,
            columns: values.len(),
            every,
            heads: heads.collect(),
            parameter: wrap_to(&figure.parameter, Weight::Bold, BODY, room, 2),
            names,
            rows,
            figures_below,
            plot: plot::height(options),
        }
    }

    /// Width of the plot.
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn width(&self) -> f64 {
        self.column * self.columns.max(1) as f64
    }

    /// The middle of a column as a share of the width.
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn share(&self, column: usize) -> f64 {
        (column as f64 + 0.5) / self.columns.max(1) as f64
    }

    /// The middle of a column on the page.
    pub fn middle(&self, column: usize) -> f64 {
        self.left + self.width() * self.share(column)
    }

    /// Whether a column has its words and figures.
    pub fn shows(&self, column: usize) -> bool {
        shows(column, self.every, self.columns)
    }

    /// Height of a name.
    pub fn name_height(&self, name: &[String]) -> f64 {
        lines_height(name.len())
    }

    /// Height of the values of the parameter.
    pub fn heads_height(&self) -> f64 {
        lines_height(self.heads.iter().map(Vec::len).max().unwrap_or(0))
    }

    /// Height of the plot with all words below it.
    pub fn plot_height(&self) -> f64 {
        self.plot + 3.0 + self.heads_height() + lines_height(self.parameter.len()) + 6.0
    }

    /// Height of the whole chart.
    pub fn height(&self) -> f64 {
        self.plot_height() + total(&self.rows) + 2.0
    }
}

/// One of every few columns, but none so near the end that its words would leave the page.
fn shows(column: usize, every: usize, columns: usize) -> bool {
    column.is_multiple_of(every) && 2 * column + 1 + every <= 2 * columns
}

/// How many columns share one figure, so that none touches the next.
fn every(lines: &[&AnswerLine], values: &[&str], column: f64) -> usize {
    let figures = lines.iter().flat_map(|line| {
        values.iter().filter_map(|value| {
            let load = load_at(line, value)?;
            let level = Level::of(load, line.threshold);
            Some(badge_width(&percent(load, line.threshold), level))
        })
    });
    let widest = figures.fold(20.0, f64::max) + 2.0;
    (1..=values.len().max(1))
        .zip((1_u32..).map(f64::from))
        .find(|(_, wide): &(usize, f64)| column * wide >= widest)
        .map_or(values.len().max(1), |(every, _)| every)
}
