//! A report as the data of charts: which resources matter, which boxes stand for many.
//!
//! In: a report with its context. Out: the plain structures that [`crate::viz`] draws, and as [`Sheet`]s all of them
//! alike. Nothing can go wrong: what a report does not hold is simply not in the chart.
//!
//! Modules in reading order: [`sheet`], then the charts in the order of a capacity annex: [`utilisation`], [`heatmap`],
//! [`headroom`], [`duration`], [`waterfall`](waterfalls), [`pools`], [`gate`], [`picture`]; below them `sources` (footnotes), `alike`
//! (rows that say the same) and `fold` (boxes that look alike).

mod alike;
mod duration;
mod fold;
mod gate;
mod headroom;
mod heatmap;
mod picture;
mod pools;
mod sheet;
mod sources;
#[cfg(test)]
mod tests;
mod utilisation;
mod waterfall;

pub use duration::duration;
pub use gate::gate;
pub use headroom::headroom;
pub use heatmap::heatmap;
pub use picture::picture;
pub use pools::pools;
pub use sheet::{Drawing, Figure, Sheet, View, all, sheets, that_matter};
pub use sources::marks;
pub(crate) use sources::{footnotes, spelt_out};
pub use utilisation::{Later, utilisation};
pub use waterfall::{changes_verdict, explained, waterfalls};

use crate::model::demand::{HOURS, ResourceKind};
use crate::model::id::Id;
use crate::model::migration::State;
use crate::model::network::{Network, Node, Site, SiteKind};
use crate::model::report::LoadRow;
use crate::model::units::Utilisation as Load;
use crate::viz::data::{Amount, Caption};
use crate::wording::{self, Context};
use std::collections::BTreeSet;

/// Title of the scenario and of the state, and the rule by which loads are judged.
fn caption(context: &Context<'_>, title: &str, state: Option<usize>) -> Caption {
    let scenario = context.report.title.get(context.lang);
    let subtitle = match state.and_then(|index| context.report.states.get(index)) {
        Some(row) => {
            let (step, label) = (
                wording::step(context, row.index),
                row.label.get(context.lang),
            );
            let date = row.date;
            // What stands today has a name of its own.
            let named = match row.index == 0 && !label.is_empty() {
                true => label.to_owned(),
                false => format!("{step} {label}"),
            };
            context.pick(
                format!("{scenario} · {named}（{date}）"),
                format!("{scenario} · {named} ({date})"),
            )
        }
        None => scenario.to_owned(),
    };
    Caption {
        title: title.to_owned(),
        subtitle,
        notes: sources::limits(context).into_iter().collect(),
    }
}

/// The states that a report tells of: those with loads or talk. All of them where there are none at all: a plan without
/// demands still has its steps.
fn told_of<'a>(context: &Context<'a>) -> Vec<&'a State> {
    let report = context.report;
    let loads = report.loads.iter().map(|row| row.state);
    let told: BTreeSet<usize> = loads
        .chain(report.gates.iter().map(|row| row.state))
        .collect();
    let states = report.states.iter();
    let found = states.filter(|state| told.is_empty() || told.contains(&state.index));
    found.collect()
}

/// What tells a resource from all others, without its direction.
fn same_resource(a: &LoadRow, b: &LoadRow) -> bool {
    a.kind == b.kind && a.resource == b.resource
}

/// The direction of a link by the labels of its ends; empty for anything else.
fn direction(context: &Context<'_>, row: &LoadRow) -> String {
    let Some((from, to)) = &row.direction else {
        return String::new();
    };
    format!(
        "{} → {}",
        end(context, row.state, from),
        end(context, row.state, to)
    )
}

/// What people call a node; that of its site where a series of branches gave it none; else its name.
fn end<'a>(context: &Context<'a>, state: usize, name: &'a str) -> &'a str {
    let state = context.report.states.get(state);
    let found = state.and_then(|s| Some((&s.network, s.network.nodes.get(&Id::new(name))?)));
    found.map_or(name, |(network, node)| match branch(network, node) {
        Some(site) => site.label.get(context.lang),
        None => node.label.get(context.lang),
    })
}

/// The branch at which a node stands that has no label of its own.
fn branch<'a>(network: &'a Network, node: &Node) -> Option<&'a Site> {
    let unnamed = node.label.ja == node.id.as_str() || node.label.ja.is_empty();
    let site = network.sites.get(&node.site)?;
    (unnamed && site.kind == SiteKind::Branch).then_some(site)
}

/// Whether a row is a direction of a link.
fn is_link(row: &LoadRow) -> bool {
    row.kind == ResourceKind::Link
}

/// Load by capacity in the busiest hour.
fn ratio(row: &LoadRow) -> f64 {
    row.busiest().1.get()
}

/// Load by capacity; infinite where there is load and no capacity.
fn share(load: f64, capacity: f64) -> f64 {
    Load::of(load, capacity).get()
}

/// What a ratio is the ratio of, in the unit people use.
fn amount(context: &Context<'_>, kind: ResourceKind, offered: f64, capacity: f64) -> Amount {
    Amount {
        offered: wording::scaled(kind, offered),
        capacity: wording::scaled(kind, capacity),
        unit: wording::unit(kind, context.lang).to_owned(),
    }
}

/// Load by capacity, hour by hour.
fn ratios(row: &LoadRow) -> [f64; HOURS] {
    row.offered.map(|load| share(load, row.capacity))
}

/// A ratio as a percentage that stays on its side of the limits.
fn per_cent(ratio: f64, limits: &[f64]) -> String {
    let limits: Vec<Load> = limits.iter().map(|limit| Load::new(*limit)).collect();
    wording::per_cent(Load::new(ratio), &limits)
}
