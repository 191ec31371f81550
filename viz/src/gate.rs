//! Whether Web meetings work: rows are sites, columns steps, each cell a symbol and what comes closest to its limit.
//! In: [`Gate`]. Out: a chart. Can fail with [`VizError::Ragged`] when a row has not one cell for each step.
//!
//! ```text
//!                    step 0     step 1        ○ good, △ beyond the target, ✗ in a filled box: beyond the limit
//! small office ×80     △          ✗
//!                  jitter 24 ms  loss 1.8%    where all rows have room for it
//! ```

mod layout;

use plotters::style::text_anchor::{HPos, VPos};

use crate::canvas::decimal;
use crate::chart::{Chart, Options, table};
use crate::data::{Caption, Gate, GateCell, GateLimits, GateRow, GateVerdict};
use crate::error::VizError;
use crate::keys::key;
use crate::mark::{LEADING, Trace, Type, at, patch, text};
use crate::page::{Area, Key, MARGIN, Page, Sample, block, fitting};
use crate::palette::{GRID, PAPER, SOFT};
use crate::rows::{lines_height, remark};
use crate::shape::verdict;
use crate::words::{self, Lang, Pick as _, amount, chance};

use layout::{Layout, SYMBOL};

/// At most so many rows are drawn.
const MOST: usize = 30;

/// Draws what comes of Web meetings, site by site and step by step.
///
/// # Errors
/// [`VizError::Ragged`] when a row's cells do not match the steps; otherwise only failures of the libraries below.
pub fn gate(figure: &Gate, options: &Options) -> Result<Chart, VizError> {
    let mut rows = figure.rows.iter();
    if let Some(row) = rows.find(|row| row.cells.len() != figure.steps.len()) {
        return Err(VizError::Ragged(row.label.clone()));
    }
    let of = |rows: usize, figures: bool| {
        let shown = worst_in_order(&figure.rows, rows);
        let caption = with_remarks(figure, shown.len(), options.lang);
        let page = Page::new(&caption, legend(&shown, options.lang), *options);
        let layout = Layout::of(figure, &shown, figures, options);
        (page, layout.height(), (shown, layout))
    };
    let most = figure.rows.len().min(MOST);
    let with_figures = of(most, true);
    // Every site with its mark says more than some of them with their figures.
    let (page, (shown, layout)) = if most <= 1 || with_figures.0.holds(with_figures.1) {
        (with_figures.0, with_figures.2)
    } else {
        fitting(most, |rows| of(rows, false))
    };
    let (svg, missing) = page.render(layout.height(), |area, top| {
        let mut y = top;
        for band in &layout.bands {
            draw_band(area, (figure, &shown), &layout, band, y)?;
            y += layout.band_height();
        }
        Ok(())
    })?;
    Ok(Chart {
        name: "gate",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure)?,
        missing,
    })
}

/// The rows with the worst cells, in the order given: a failure is never among those left out while a fit is shown.
fn worst_in_order(rows: &[GateRow], most: usize) -> Vec<&GateRow> {
    let worst = |place: &usize| {
        let cells = rows[*place].cells.iter().flatten();
        cells.map(|cell| cell.verdict).max()
    };
    let mut places: Vec<usize> = (0..rows.len()).collect();
    places.sort_by_key(|place| std::cmp::Reverse(worst(place)));
    places.truncate(most);
    places.sort_unstable();
    places.into_iter().map(|place| &rows[place]).collect()
}

/// Says what the limits are, and how many rows were left out.
fn with_remarks(figure: &Gate, shown: usize, lang: Lang) -> Caption {
    let mut caption = figure.caption.clone();
    let none = GateLimits::default();
    let lines = [
        (figure.limits, lang.pick("限度値", "limits")),
        (figure.strict, lang.pick("目標値", "targets")),
        (
            figure.edge,
            lang.pick("庁外区間の目標値", "targets beyond the own edge"),
        ),
    ];
    let known = lines.into_iter().filter(|(limits, _)| *limits != none);
    let words: Vec<String> = known
        .map(|(limits, name)| limits_in_words(limits, name, lang))
        .collect();
    if !words.is_empty() {
        remark(&mut caption, words.join(lang.pick("。", "; ")));
    }
    let all = figure.rows.len();
    if all > shown {
        let words = lang.pick(
            format!("判定の悪い{shown}行を示す（全{all}行、残りはCSVにある）"),
            format!("the worst {shown} of {all} rows are shown; the CSV has all"),
        );
        remark(&mut caption, words);
    }
    caption
}

fn limits_in_words(limits: GateLimits, name: &str, lang: Lang) -> String {
    let loss = chance(limits.loss);
    let (jitter, delay) = (amount(limits.jitter_ms), amount(limits.delay_ms));
    lang.pick(
        format!("{name}は損失 {loss}、ゆらぎ {jitter} ms、遅延 {delay} ms"),
        format!("{name}: loss {loss}, jitter {jitter} ms, delay {delay} ms"),
    )
}

fn legend(rows: &[&GateRow], lang: Lang) -> Vec<Key> {
    let cells = || rows.iter().flat_map(|row| row.cells.iter().flatten());
    [GateVerdict::Pass, GateVerdict::Strained, GateVerdict::Fail]
        .into_iter()
        .filter(|found| cells().any(|cell| cell.verdict == *found))
        .map(|found| key(Sample::Verdict(found), words::verdict(found, lang)))
        .collect()
}

/// One of the three quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Loss,
    Jitter,
    Delay,
}

/// The part of the way that figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// Beyond the body's own edge.
    Beyond,
}

/// The quantity that comes closest to its limit or goes furthest beyond: a failure is measured by the limits, else the
/// stricter targets are what binds, of the whole way or of the part beyond the edge. A limit of nothing is no limit.
fn binding(figure: &Gate, cell: &GateCell) -> (Part, Quantity) {
    let parts: &[(Part, GateLimits)] = if cell.verdict == GateVerdict::Fail {
        &[(Part::Whole, figure.limits)]
    } else {
        &[(Part::Whole, figure.strict), (Part::Beyond, figure.edge)]
    };
    let share = |value: f64, limit: f64| if limit > 0.0 { value / limit } else { 0.0 };
    let shares = parts.iter().flat_map(|(part, most)| {
        let met = part.met(cell);
        [
            (Quantity::Loss, share(met.loss, most.loss)),
            (Quantity::Jitter, share(met.jitter_ms, most.jitter_ms)),
            (Quantity::Delay, share(met.delay_ms, most.delay_ms)),
        ]
        .map(|(quantity, share)| ((*part, quantity), share))
    });
    let first = ((Part::Whole, Quantity::Loss), f64::MIN);
    shares
        .fold(
            first,
            |best, next| if next.1 > best.1 { next } else { best },
        )
        .0
}

/// What binds, and its figure, in print.
fn in_print(figure: &Gate, cell: &GateCell, lang: Lang) -> String {
    let (part, quantity) = binding(figure, cell);
    part.words(quantity, cell, lang)
}

impl Part {
    fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Beyond => "beyond-edge",
        }
    }

    /// What is met on this part.
    fn met(self, cell: &GateCell) -> GateLimits {
        match self {
            Self::Whole => GateLimits {
                loss: cell.loss,
                jitter_ms: cell.jitter_ms,
                delay_ms: cell.delay_ms,
            },
            Self::Beyond => cell.beyond,
        }
    }

    /// Name and figure in print.
    fn words(self, quantity: Quantity, cell: &GateCell, lang: Lang) -> String {
        let words = quantity.words(self.met(cell), lang);
        match self {
            Self::Whole => words,
            Self::Beyond => lang.pick(format!("庁外 {words}"), format!("outside {words}")),
        }
    }
}

impl Quantity {
    fn code(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Jitter => "jitter",
            Self::Delay => "delay",
        }
    }

    /// Name and figure in print.
    fn words(self, met: GateLimits, lang: Lang) -> String {
        match self {
            Self::Loss => format!("{} {}", lang.pick("損失", "loss"), chance(met.loss)),
            Self::Jitter => {
                let figure = amount(met.jitter_ms);
                format!("{} {figure} ms", lang.pick("ゆらぎ", "jitter"))
            }
            Self::Delay => {
                let figure = amount(met.delay_ms);
                format!("{} {figure} ms", lang.pick("遅延", "delay"))
            }
        }
    }
}

fn draw_band(
    area: &Area<'_>,
    (figure, rows): (&Gate, &[&GateRow]),
    layout: &Layout,
    steps: &[usize],
    top: f64,
) -> Result<(), VizError> {
    let bold = Type::BODY.bold().anchor(HPos::Center, VPos::Bottom);
    let right = layout.left(steps.len());
    for (column, step) in steps.iter().enumerate() {
        let mut y = top + layout.header - 3.0;
        for line in layout.steps[*step].iter().rev() {
            let x = layout.left(column) + layout.panel / 2.0;
            area.draw(&text(x, y, line, bold))?;
            y -= LEADING;
        }
    }
    let rows_top = top + layout.header;
    for (row, (name, (y, height))) in rows.iter().zip(layout.names.iter().zip(&layout.rows)) {
        let y = rows_top + y;
        let line = vec![at(MARGIN, y), at(right, y)];
        area.draw(&Trace::new(line, GRID, 4))?;
        block(area, MARGIN, y + height / 2.0, name, Type::BODY)?;
        for (column, step) in steps.iter().enumerate() {
            let frame = (layout.left(column), y, layout.panel, *height);
            let Some(cell) = &row.cells[*step] else {
                let look = Type::BODY.colour(SOFT).anchor(HPos::Center, VPos::Center);
                let (x, middle) = (frame.0 + frame.2 / 2.0, y + height / 2.0);
                area.draw(&text(x, middle, "—", look))?;
                continue;
            };
            draw_cell(area, figure, (row, cell), layout, frame)?;
        }
    }
    Ok(())
}

/// The symbol, and where there is room for it the binding figure below.
fn draw_cell(
    area: &Area<'_>,
    figure: &Gate,
    (row, cell): (&GateRow, &GateCell),
    layout: &Layout,
    (x, y, width, height): (f64, f64, f64, f64),
) -> Result<(), VizError> {
    let lang = layout.options.lang;
    let quantity = in_print(figure, cell, lang);
    let title = [&row.label, &quantity, &cell.worst, &cell.when].map(String::as_str);
    let piece = patch(x + 0.5, y + 0.5, width - 1.0, height - 1.0);
    area.draw(&piece.fill(PAPER).title(title.join(" ").trim_end()))?;
    let middle = (x + width / 2.0, y + height / 2.0);
    if !layout.figures {
        return verdict(area, middle.0, middle.1, cell.verdict);
    }
    let lines = layout.figure(&quantity);
    let words = lines_height(lines.len());
    let top = middle.1 - (SYMBOL + words) / 2.0;
    verdict(area, middle.0, top + SYMBOL / 2.0, cell.verdict)?;
    let look = Type::BODY.anchor(HPos::Center, VPos::Top);
    block(area, middle.0, top + SYMBOL + words / 2.0, &lines, look)
}

/// Every cell with all its figures.
fn twin(figure: &Gate) -> Result<String, VizError> {
    let mut lines = Vec::new();
    for row in &figure.rows {
        for (step, cell) in figure.steps.iter().zip(&row.cells) {
            let Some(cell) = cell else { continue };
            let (part, quantity) = binding(figure, cell);
            lines.push(vec![
                row.label.clone(),
                row.count.to_string(),
                step.clone(),
                code(cell.verdict).to_owned(),
                decimal(cell.loss, 8),
                decimal(cell.jitter_ms, 3),
                decimal(cell.delay_ms, 3),
                quantity.code().to_owned(),
                part.code().to_owned(),
                decimal(cell.beyond.loss, 8),
                decimal(cell.beyond.jitter_ms, 3),
                decimal(cell.beyond.delay_ms, 3),
                cell.worst.clone(),
                cell.when.clone(),
            ]);
        }
    }
    table(
        &[
            "site",
            "count",
            "step",
            "verdict",
            "loss",
            "jitter_ms",
            "delay_ms",
            "binding",
            "part",
            "beyond_loss",
            "beyond_jitter_ms",
            "beyond_delay_ms",
            "worst_hop",
            "when",
        ],
        lines,
    )
}

fn code(verdict: GateVerdict) -> &'static str {
    match verdict {
        GateVerdict::Pass => "pass",
        GateVerdict::Strained => "strained",
        GateVerdict::Fail => "fail",
    }
}
