//! Sizes of the chart of meetings. In: its rows and steps. Out: bands of columns, rows and lines of text, in points.

use crate::chart::{Options, Width};
use crate::data::{Gate, GateRow};
use crate::font::Weight;
use crate::mark::BODY;
use crate::page::{MARGIN, inner};
use crate::rows::{label_lines, lines_height, stacked, total};
use crate::text::wrap_to;

use super::in_print;

/// Height of a symbol with the gap below it.
pub const SYMBOL: f64 = 11.0;
/// No column is wider, however few the steps.
const WIDEST: f64 = 90.0;

/// Sizes in points.
pub struct Layout {
    pub options: Options,
    /// Whether cells have their figures.
    pub figures: bool,
    pub label: f64,
    /// Width of a column.
    pub panel: f64,
    /// Height of the names of the steps.
    pub header: f64,
    pub names: Vec<Vec<String>>,
    pub rows: Vec<(f64, f64)>,
    pub steps: Vec<Vec<String>>,
    pub bands: Vec<Vec<usize>>,
}

impl Layout {
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn of(figure: &Gate, rows: &[&GateRow], figures: bool, options: &Options) -> Self {
        let (narrowest, columns) = match options.width {
            Width::Half => (78.0, 4),
            Width::Full => (116.0, 6),
        };
        let steps = figure.steps.len().max(1);
        // Bands of equal length look calmer than a full one and a remainder.
        let columns = steps.div_ceil(steps.div_ceil(columns));
        let panel = ((inner(*options) - narrowest) / columns as f64).min(WIDEST);
        let label = inner(*options) - panel * columns as f64;
        let names: Vec<_> = rows
            .iter()
            .map(|row| label_lines(&row.label, &times(row.count), label.min(170.0) - 5.0))
            .collect();
        let steps: Vec<_> = figure
            .steps
            .iter()
            .map(|step| wrap_to(step, Weight::Bold, BODY, panel - 4.0, 4))
            .collect();
        let header = lines_height(steps.iter().map(Vec::len).max().unwrap_or(0)) + 3.0;
        let all: Vec<usize> = (0..figure.steps.len()).collect();
        let mut layout = Self {
            options: *options,
            figures,
            label,
            panel,
            header,
            names,
            rows: Vec::new(),
            steps,
            bands: all.chunks(columns).map(<[usize]>::to_vec).collect(),
        };
        layout.rows = stacked(rows.iter().zip(&layout.names).map(|(row, name)| {
            let name = lines_height(name.len()) + 4.0;
            name.max(layout.cells_height(figure, row))
        }));
        layout
    }

    /// Height that the highest cell of a row needs.
    fn cells_height(&self, figure: &Gate, row: &GateRow) -> f64 {
        if !self.figures {
            return SYMBOL + 4.0;
        }
        let cells = row.cells.iter().flatten();
        let lines = cells.map(|cell| {
            let words = in_print(figure, cell, self.options.lang);
            self.figure(&words).len()
        });
        SYMBOL + lines_height(lines.max().unwrap_or(0)) + 5.0
    }

    /// A binding figure in lines: its name, and the amount.
    pub fn figure(&self, words: &str) -> Vec<String> {
        wrap_to(words, Weight::Regular, BODY, self.panel - 4.0, 2)
    }

    /// Left edge of a column.
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    pub fn left(&self, column: usize) -> f64 {
        MARGIN + self.label + column as f64 * self.panel
    }

    /// Height of one band of columns.
    pub fn band_height(&self) -> f64 {
        self.header + total(&self.rows) + 6.0
    }

    /// Height of all bands.
    pub fn height(&self) -> f64 {
        self.bands.iter().map(|_| self.band_height()).sum()
    }
}

/// How many sites a row stands for, if more than one.
fn times(count: u32) -> String {
    if count > 1 {
        format!("×{count}")
    } else {
        String::new()
    }
}
