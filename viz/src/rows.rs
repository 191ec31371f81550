//! Rows of a chart: their labels, their places, and which of them are drawn when there are too many.
//! In: rows with a name and a load. Out: lines of text, tops and heights, the chosen rows and a remark on the others.

use crate::data::{Caption, Note, NoteKind};
use crate::font::Weight;
use crate::mark::{BODY, LEADING, Type};
use crate::text::wrap_to;
use crate::words::{Lang, Pick as _};

/// The name in at most three lines; the detail follows on the last one where there is room, else on one or two of its own,
/// an arrow never alone.
pub fn label_lines(label: &str, detail: &str, width: f64) -> Vec<String> {
    let mut lines = wrap_to(label, Weight::Regular, BODY, width, 3);
    if !detail.is_empty() {
        match lines.last_mut() {
            Some(last) if Type::BODY.width(&format!("{last} {detail}")) <= width => {
                *last = format!("{last} {detail}");
            }
            _ if Type::BODY.width(detail) <= width => lines.push(detail.to_owned()),
            _ => {
                let detail = detail.replacen("→ ", "→", 1);
                lines.extend(wrap_to(&detail, Weight::Regular, BODY, width, 2));
            }
        }
    }
    lines
}

/// Height of so many lines of body text.
#[expect(clippy::cast_precision_loss, reason = "a page has few lines")]
pub fn lines_height(lines: usize) -> f64 {
    lines as f64 * LEADING
}

/// Top and height of rows one below the other.
pub fn stacked(heights: impl IntoIterator<Item = f64>) -> Vec<(f64, f64)> {
    let mut y = 0.0;
    let place = |height: f64| {
        y += height;
        (y - height, height)
    };
    heights.into_iter().map(place).collect()
}

/// Where the last row ends.
pub fn total(rows: &[(f64, f64)]) -> f64 {
    rows.last().map_or(0.0, |(top, height)| top + height)
}

/// Rows with the highest load first; rows of one load keep their order, those without a figure come last.
pub fn worst_first<T>(rows: &[T], load: impl Fn(&T) -> f64) -> Vec<&T> {
    let figure = |row: &T| {
        let load = load(row);
        if load.is_nan() { f64::MIN } else { load }
    };
    let mut sorted: Vec<&T> = rows.iter().collect();
    sorted.sort_by(|a, b| figure(b).total_cmp(&figure(a)));
    sorted
}

/// The caption with a footnote if only the busiest of all rows are drawn.
pub fn with_remark(caption: &Caption, shown: usize, all: usize, lang: Lang) -> Caption {
    let mut caption = caption.clone();
    if all > shown {
        remark(
            &mut caption,
            lang.pick(
                format!("負荷の高い順に{shown}件を示す（全{all}件、残りはCSVにある）"),
                format!("the {shown} busiest of {all} are shown; the CSV has all"),
            ),
        );
    }
    caption
}

/// Adds a footnote of the chart's own.
pub fn remark(caption: &mut Caption, text: String) {
    caption.notes.push(Note {
        kind: NoteKind::Remark,
        text,
    });
}
