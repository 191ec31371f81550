//! Links by hour in one state.

use super::alike::{figure, folded, wordless};
use super::{Drawing, caption, end, is_link, ratios, sources};
use crate::model::report::LoadRow;
use crate::viz::data::{Caption, HeatRow, Heatmap};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};
use std::ops::Range;

/// Office hours: the hours whose columns are marked.
const OFFICE: Range<u8> = 8..18;

/// Rows that fit on half a page, and so few if no more carry a load worth a row.
const MOST: usize = 16;
const FEWEST: usize = 6;

/// A row is worth it from this utilisation on.
const MATTERS: f64 = 0.1;

/// The chart of one state: both directions of every link, branches alike in one row.
#[must_use]
pub fn heatmap(context: &Context<'_>, state: usize) -> Heatmap {
    let rows = context
        .report
        .loads
        .iter()
        .filter(|row| row.state == state && is_link(row));
    let title = context.pick("回線の時間帯別使用率", "Utilisation of links by hour");
    let mut caption = caption(context, title, Some(state));
    caption.notes.extend(sources::of(context, rows.clone()));
    let rows = rows.map(|row| heat_row(context, row));
    let rows = folded(context, rows, look, |row| &mut row.label);
    let matter = rows.iter().filter(|row| peak(row) >= MATTERS).count();
    Heatmap {
        caption,
        office_hours: OFFICE,
        top: matter.clamp(FEWEST, MOST),
        rows,
    }
}

fn peak(row: &HeatRow) -> f64 {
    row.hours.into_iter().fold(0.0, f64::max)
}

fn look(row: &HeatRow) -> String {
    let hours: Vec<String> = row.hours.iter().map(|load| figure(*load)).collect();
    format!("{} {}", wordless(&row.detail), hours.join(" "))
}

fn heat_row(context: &Context<'_>, row: &LoadRow) -> HeatRow {
    HeatRow {
        label: row.label.get(context.lang).to_owned(),
        // Half a page has no room for both ends; a link has two, so the one it leads to tells the rows apart.
        detail: row.direction.as_ref().map_or_else(String::new, |(_, to)| {
            format!("→ {}", end(context, row.state, to))
        }),
        threshold: row.warn.get(),
        hours: ratios(row),
    }
}

impl Drawing for Heatmap {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::heatmap(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let fullest = self
            .rows
            .iter()
            .reduce(|best, row| if peak(row) > peak(best) { row } else { best });
        let Some(row) = fullest.filter(|row| peak(row) > 0.0) else {
            return context
                .pick("負荷のある回線はない", "no link carries any load")
                .to_owned();
        };
        let (label, most) = (
            &row.label,
            super::per_cent(peak(row), &[row.threshold, 1.0]),
        );
        let hour = (0u8..).zip(row.hours).find(|(_, load)| *load >= peak(row));
        let hour = wording::clock(hour.map_or(0, |(hour, _)| hour));
        context.pick(
            format!("最も混む回線は{label}で、{hour}台に {most}"),
            format!("the fullest link is {label}: {most} in the hour from {hour}"),
        )
    }
}
