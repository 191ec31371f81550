//! Who may talk to whom: rows are senders, columns receivers, numbered alike.
//! In: [`Matrix`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//!                    1  2  3      from row to column
//! 1 offices          █  ▒         dark: everything; striped: part; empty: nothing
//! 2 servers             █  ╳      crossed: cannot be judged offline
//! ```

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::{Chart, Options, table};
use crate::data::{Matrix, MatrixCell, Note, NoteKind};
use crate::error::VizError;
use crate::font::Weight;
use crate::mark::{BODY, LEADING, Trace, Type, at, patch, text};
use crate::page::{Area, Key, MARGIN, Page, Sample, block, inner};
use crate::palette::{FAINT, GRID, Hatch, INK, Look, PAPER};
use crate::text::wrap_to;
use crate::words::{Lang, Pick as _};

/// Height of the numbers above the cells, in points.
const HEAD: f64 = 13.0;
/// Widest cell.
const WIDEST: f64 = 22.0;

const fn look(fill: RGBColor, hatch: Hatch) -> Look {
    Look {
        fill,
        hatch,
        lines: INK,
    }
}

/// Dark, striped, crossed, empty: told apart without colour.
const fn look_of(cell: MatrixCell) -> Look {
    match cell {
        MatrixCell::All => look(RGBColor(8, 48, 107), Hatch::Plain),
        MatrixCell::Part => look(RGBColor(158, 202, 225), Hatch::Rising(26)),
        MatrixCell::Undetermined => look(PAPER, Hatch::Cross(30)),
        MatrixCell::None => look(PAPER, Hatch::Plain),
    }
}

/// Draws who may talk to whom.
///
/// # Errors
/// Only failures of the libraries below.
pub fn matrix(figure: &Matrix, options: &Options) -> Result<Chart, VizError> {
    let mut caption = figure.caption.clone();
    if figure.all > figure.labels.len() {
        let (shown, all) = (figure.labels.len(), figure.all);
        caption.notes.push(Note {
            kind: NoteKind::Remark,
            text: options.lang.pick(
                format!("先頭の{shown}件を示す（全{all}件、残りはCSVにある）"),
                format!("the first {shown} of {all} are shown; the CSV has all"),
            ),
        });
    }
    let layout = Layout::of(figure, options);
    let page = Page::new(&caption, legend(options.lang), *options);
    let (svg, missing) = page.render(HEAD + layout.height(), |area, top| {
        draw(area, figure, &layout, top)
    })?;
    Ok(Chart {
        name: "matrix",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure)?,
        missing,
    })
}

/// Sizes in points.
struct Layout {
    label: f64,
    cell: f64,
    names: Vec<Vec<String>>,
    /// Top and height of each row, from the first row's top.
    rows: Vec<(f64, f64)>,
}

impl Layout {
    #[expect(clippy::cast_precision_loss, reason = "a page has few rows")]
    fn of(figure: &Matrix, options: &Options) -> Self {
        let count = figure.labels.len().max(1) as f64;
        let width = inner(*options);
        let label = (width * 0.42).min(width - count * 6.0);
        let cell = ((width - label) / count).min(WIDEST);
        let numbered = figure.labels.iter().enumerate();
        let names = numbered.map(|(i, name)| {
            let name = format!("{} {name}", i + 1);
            wrap_to(&name, Weight::Regular, BODY, label - 4.0, 2)
        });
        let names: Vec<Vec<String>> = names.collect();
        let mut y = 0.0;
        let rows = names.iter().map(|lines| {
            let height = (lines.len() as f64 * LEADING + 3.0).max(12.0);
            y += height;
            (y - height, height)
        });
        let rows = rows.collect();
        Self {
            label,
            cell,
            rows,
            names,
        }
    }

    fn height(&self) -> f64 {
        self.rows.last().map_or(0.0, |(top, height)| top + height)
    }

    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    fn left(&self, column: usize) -> f64 {
        MARGIN + self.label + column as f64 * self.cell
    }
}

fn draw(area: &Area<'_>, figure: &Matrix, layout: &Layout, top: f64) -> Result<(), VizError> {
    let numbers = Type::BODY.anchor(HPos::Center, VPos::Bottom);
    // Numbers that would touch are left out, but one of every few stays.
    let every = if layout.cell < 13.0 { 5 } else { 1 };
    for column in 0..figure.labels.len() {
        if column == 0 || (column + 1) % every == 0 {
            let middle = layout.left(column) + layout.cell / 2.0;
            let number = (column + 1).to_string();
            area.draw(&text(middle, top + HEAD - 2.0, number, numbers))?;
        }
    }
    for (row, (y, height)) in layout.rows.iter().enumerate() {
        let y = top + HEAD + y;
        let line = vec![at(MARGIN, y), at(layout.left(0), y)];
        area.draw(&Trace::new(line, GRID, 4))?;
        block(
            area,
            MARGIN,
            y + height / 2.0,
            &layout.names[row],
            Type::BODY,
        )?;
        for (column, cell) in figure.cells[row].iter().enumerate() {
            let title = format!("{} → {}", figure.labels[row], figure.labels[column]);
            let shape = || patch(layout.left(column), y, layout.cell, *height);
            area.draw(&shape().look(look_of(*cell)).title(title))?;
            area.draw(&shape().outline(FAINT, 4))?;
        }
    }
    Ok(())
}

fn legend(lang: Lang) -> Vec<Key> {
    let key = |cell, ja: &str, en: &str| Key {
        sample: Sample::Patch(look_of(cell), Some(FAINT)),
        words: lang.pick(ja, en).to_owned(),
    };
    vec![
        key(MatrixCell::All, "すべて通る", "everything passes"),
        key(MatrixCell::Part, "一部が通る", "some passes"),
        key(
            MatrixCell::Undetermined,
            "机上では判定できない",
            "cannot be judged offline",
        ),
        key(
            MatrixCell::None,
            "通らない（行から列へ）",
            "nothing passes (from row to column)",
        ),
    ]
}

/// Every pair that is shown.
fn twin(figure: &Matrix) -> Result<String, VizError> {
    let rows = figure.labels.iter().zip(&figure.cells);
    let lines = rows.flat_map(|(from, row)| {
        figure.labels.iter().zip(row).map(move |(to, cell)| {
            let right = match cell {
                MatrixCell::None => "none",
                MatrixCell::Part => "part",
                MatrixCell::All => "all",
                MatrixCell::Undetermined => "undetermined",
            };
            vec![from.clone(), to.clone(), right.to_owned()]
        })
    });
    table(&["from", "to", "right"], lines)
}
