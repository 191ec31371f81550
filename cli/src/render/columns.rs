//! Columns that align by display width: a kanji takes two cells, a letter one.

use super::Paint;
use unicode_width::UnicodeWidthStr;

/// Cells between two columns.
const GAP: &str = "  ";

/// The number of terminal cells of a text.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// To which side of its column a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// To the left.
    Left,
    /// To the right: numbers.
    Right,
}

/// A table in the making. Cells are plain; colour is put on when a line is finished.
#[derive(Debug)]
pub struct Columns {
    heads: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// A table with these columns.
    #[must_use]
    pub fn new(heads: &[(&str, Align)]) -> Self {
        Self {
            heads: heads
                .iter()
                .map(|(head, align)| ((*head).to_owned(), *align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table: heads, a rule, the rows; each line indented by two cells. `last` colours the last cell
    /// of a row, by its index.
    #[must_use]
    pub fn draw(&self, paint: Paint, last: impl Fn(usize, &str) -> String) -> String {
        let widths = self.widths();
        let heads: Vec<_> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        let mut out = format!(
            "  {}\n",
            paint.strong(self.line(&heads, &widths).trim_end())
        );
        let rule: Vec<_> = widths.iter().map(|w| "─".repeat(*w)).collect();
        out.push_str(&format!("  {}\n", paint.faint(&rule.join(GAP))));
        for (index, row) in self.rows.iter().enumerate() {
            let (body, end) = row.split_at(row.len().min(self.heads.len() - 1));
            let end = end.first().map_or("", String::as_str);
            let line = format!(
                "{}{}",
                self.line(body, &widths[..body.len()]),
                last(index, end)
            );
            out.push_str(&format!("  {}\n", line.trim_end()));
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let cell = |row: &Vec<String>, i: usize| row.get(i).map_or(0, |c| width(c));
        let widest = |(i, (head, _)): (usize, &(String, Align))| {
            self.rows
                .iter()
                .map(|row| cell(row, i))
                .fold(width(head), usize::max)
        };
        self.heads.iter().enumerate().map(widest).collect()
    }

    /// The cells padded to their columns, with a gap behind each.
    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let padded = cells
            .iter()
            .zip(widths)
            .zip(&self.heads)
            .map(|((cell, wide), (_, align))| {
                let pad = " ".repeat(wide.saturating_sub(width(cell)));
                match align {
                    Align::Left => format!("{cell}{pad}{GAP}"),
                    Align::Right => format!("{pad}{cell}{GAP}"),
                }
            });
        padded.collect()
    }
}
