//! Links by hour in one state.

use super::{caption, is_link};
use crate::model::demand::HOURS;
use crate::model::report::LoadRow;
use crate::viz::data::{HeatRow, Heatmap};
use crate::wording::Context;
use std::ops::Range;

/// Office hours: the hours whose columns are marked.
const OFFICE: Range<u8> = 8..18;

/// Rows that fit on half a page.
const TOP: usize = 16;

/// The chart of one state: both directions of every link.
#[must_use]
pub fn heatmap(context: &Context<'_>, state: usize) -> Heatmap {
    let rows = context
        .report
        .loads
        .iter()
        .filter(|row| row.state == state && is_link(row));
    let title = context.pick("回線の時間帯別使用率", "Utilisation of links by hour");
    Heatmap {
        caption: caption(context, title, Some(state)),
        office_hours: OFFICE,
        top: TOP,
        rows: rows.map(|row| heat_row(context, row)).collect(),
    }
}

fn heat_row(context: &Context<'_>, row: &LoadRow) -> HeatRow {
    let mut hours = [0.0; HOURS];
    for (ratio, load) in hours.iter_mut().zip(row.offered) {
        *ratio = match (load > 0.0, row.capacity > 0.0) {
            (_, true) => load / row.capacity,
            (true, false) => f64::INFINITY,
            (false, false) => 0.0,
        };
    }
    HeatRow {
        label: row.label.get(context.lang).to_owned(),
        // Half a page has no room for both ends; a link has two, so the one it leads to tells the rows apart.
        detail: row
            .direction
            .as_ref()
            .map_or_else(String::new, |(_, to)| format!("→ {to}")),
        threshold: row.warn.get(),
        hours,
    }
}
