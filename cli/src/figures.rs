//! A report as the data of charts: which resources matter, which boxes stand for many.
//!
//! In: a report with its context. Out: the plain structures that [`crate::viz`] draws. Nothing can go wrong:
//! what a report does not hold is simply not in the chart.
//!
//! Modules in reading order: [`utilisation`], [`heatmap`], [`picture`]; below the last one `fold`, which
//! finds boxes that look alike.

mod fold;
mod gate;
mod heatmap;
mod picture;
#[cfg(test)]
mod tests;
mod utilisation;

pub use gate::gate;
pub use heatmap::heatmap;
pub use picture::picture;
pub use utilisation::utilisation;

use crate::model::demand::ResourceKind;
use crate::model::report::LoadRow;
use crate::viz::data::{Caption, Note, NoteKind};
use crate::wording::{self, Context};

/// Title of the scenario and of the state, and the rule by which loads are judged.
fn caption(context: &Context<'_>, title: &str, state: Option<usize>) -> Caption {
    let scenario = context.report.title.get(context.lang);
    let subtitle = match state.and_then(|index| context.report.states.get(index)) {
        Some(row) => {
            format!(
                "{scenario} · {} {}",
                wording::step(context, row.index),
                row.label.get(context.lang)
            )
        }
        None => scenario.to_owned(),
    };
    Caption {
        title: title.to_owned(),
        subtitle,
        notes: limits(context).into_iter().collect(),
    }
}

/// The limits in force, if there is any load to judge.
fn limits(context: &Context<'_>) -> Option<Note> {
    let row = context.report.loads.first()?;
    let (warn, full) = (
        wording::per_cent(row.warn, &[]),
        wording::per_cent(row.full, &[]),
    );
    let text = context.pick(
        format!("しきい値は容量の {warn}、上限は {full}。負荷は各状態で最も混む1時間の値"),
        format!("planning limit {warn} of capacity, hard limit {full}; loads are those of the busiest hour of a day"),
    );
    Some(Note {
        kind: NoteKind::Remark,
        text,
    })
}

/// What tells a resource from all others, without its direction.
fn same_resource(a: &LoadRow, b: &LoadRow) -> bool {
    a.kind == b.kind && a.resource == b.resource
}

/// The direction of a link in words; empty for anything else.
fn direction(row: &LoadRow) -> String {
    row.direction
        .as_ref()
        .map_or_else(String::new, |(a, b)| format!("{a} → {b}"))
}

/// Whether a row is a direction of a link.
fn is_link(row: &LoadRow) -> bool {
    row.kind == ResourceKind::Link
}
