//! Rows of a chart that say the same: eighty branch lines with one load become one row.
//!
//! In: rows with a name and with what tells them from others. Out: the first of those alike, under a name that says how
//! many more there are. Nothing can go wrong.

use super::ratio;
use crate::model::report::LoadRow;
use crate::wording::{self, Context};
use std::collections::HashMap;

/// The loads of each resource, in the order of their first appearance.
pub(super) fn by_resource<'a>(
    loads: impl IntoIterator<Item = &'a LoadRow>,
) -> Vec<Vec<&'a LoadRow>> {
    let mut places = HashMap::new();
    let mut out: Vec<Vec<&LoadRow>> = Vec::new();
    for row in loads {
        let place = *places
            .entry((row.kind, row.resource.as_str()))
            .or_insert(out.len());
        if place == out.len() {
            out.push(Vec::new());
        }
        out[place].push(row);
    }
    out
}

/// The fullest of some loads, the first of equals.
pub(super) fn fullest<'a>(rows: &[&'a LoadRow]) -> Option<&'a LoadRow> {
    let worse = |best: &'a LoadRow, row: &'a LoadRow| {
        if ratio(row) > ratio(best) { row } else { best }
    };
    rows.iter().copied().reduce(worse)
}

/// One row for those that look alike: the same words but for numbers, and the same figures.
pub(super) fn folded<T>(
    context: &Context<'_>,
    rows: impl IntoIterator<Item = T>,
    look: impl Fn(&T) -> String,
    label: impl Fn(&mut T) -> &mut String,
) -> Vec<T> {
    let mut places = HashMap::new();
    let mut out: Vec<(T, usize)> = Vec::new();
    for mut row in rows {
        let key = (wordless(label(&mut row)), look(&row));
        let place = *places.entry(key).or_insert(out.len());
        match out.get_mut(place) {
            Some((_, more)) => *more += 1,
            None => out.push((row, 0)),
        }
    }
    let named = |(mut row, more): (T, usize)| {
        let name = label(&mut row);
        *name = and_more(context, name, more);
        row
    };
    out.into_iter().map(named).collect()
}

/// A name that stands for so many more.
fn and_more(context: &Context<'_>, name: &str, more: usize) -> String {
    match more {
        0 => name.to_owned(),
        _ => context.pick(
            format!("{name}ほか{more}件"),
            format!("{name} and {more} more"),
        ),
    }
}

/// A name without the numbers that tell it from its namesakes.
pub(super) fn wordless(name: &str) -> String {
    name.chars().filter(|c| !c.is_numeric()).collect()
}

/// A figure with six significant digits: what differs less looks alike.
pub(super) fn figure(value: f64) -> String {
    format!("{value:.5e}")
}

/// What a resource is called on a chart.
pub(super) fn label(context: &Context<'_>, row: &LoadRow) -> String {
    let label = wording::resource(&row.label, row.kind, context.lang);
    if label.is_empty() {
        row.resource.clone()
    } else {
        label
    }
}
