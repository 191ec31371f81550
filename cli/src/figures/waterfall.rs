//! What changes the demand on a resource from one state to the next, by cause: what a line of the plan adds. Where nobody
//! asked for causes, by application.
//!
//! Of each kind of resource the one is shown whose verdict changes and that grows most; where no verdict changes,
//! the one resource that grows most.

use super::alike::label;
use super::{Drawing, caption, direction, ratio, sources};
use crate::model::demand::ResourceKind;
use crate::model::report::{CauseOrder, LoadRow};
use crate::sim::causes::Resource;
use crate::viz::data::{Caption, Waterfall};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};
use std::cmp::Ordering;
use std::collections::HashMap;

/// At most so many charts of one step.
const MOST: usize = 3;

/// Growth below this share of capacity is none.
const NOTHING: f64 = 0.005;

/// A change below this share of the load is none.
const NOISE: f64 = 1e-6;

/// The charts of the step that leads to a state, each with the kind of its resource; none for today, or if nothing grows.
#[must_use]
pub fn waterfalls(context: &Context<'_>, state: usize) -> Vec<(ResourceKind, Waterfall)> {
    let moves = moves(context, state);
    chosen(&moves)
        .into_iter()
        .map(|m| (m.after.kind, waterfall(context, m)))
        .collect()
}

/// The resources of these charts: those whose causes have to be known.
#[must_use]
pub fn explained(context: &Context<'_>, state: usize) -> Vec<Resource> {
    let moves = moves(context, state);
    let chosen = chosen(&moves).into_iter();
    chosen.map(|m| Resource::of(m.after)).collect()
}

/// Whether the step that leads to a state changes a verdict.
#[must_use]
pub fn changes_verdict(context: &Context<'_>, state: usize) -> bool {
    moves(context, state)
        .iter()
        .any(|m| m.turn() != Ordering::Equal)
}

/// One resource before and after a step.
struct Move<'a> {
    /// `None` where it is new.
    before: Option<&'a LoadRow>,
    after: &'a LoadRow,
}

impl Move<'_> {
    fn growth(&self) -> f64 {
        let growth = ratio(self.after) - self.before.map_or(0.0, ratio);
        // From no capacity to no capacity nothing grows.
        if growth.is_nan() { 0.0 } else { growth }
    }

    /// Whether the verdict on it becomes worse (greater) or better (less).
    fn turn(&self) -> Ordering {
        verdict(self.after).cmp(&self.before.map_or(0, verdict))
    }
}

/// 0 within the planning limit, 1 above it, 2 above the hard limit.
fn verdict(row: &LoadRow) -> u8 {
    let (_, load) = row.busiest();
    u8::from(load > row.warn) + u8::from(load > row.full)
}

/// Every resource that there is after the step, in the order of the report.
fn moves<'a>(context: &Context<'a>, state: usize) -> Vec<Move<'a>> {
    let Some(earlier) = state.checked_sub(1) else {
        return Vec::new();
    };
    let key = |row: &'a LoadRow| (row.kind, row.resource.as_str(), row.direction.as_ref());
    let of = |wanted| {
        context
            .report
            .loads
            .iter()
            .filter(move |row| row.state == wanted)
    };
    let before: HashMap<_, _> = of(earlier).map(|row| (key(row), row)).collect();
    let found = |after| Move {
        before: before.get(&key(after)).copied(),
        after,
    };
    of(state).map(found).collect()
}

/// Those that are worth a chart.
fn chosen<'m, 'a>(moves: &'m [Move<'a>]) -> Vec<&'m Move<'a>> {
    for turn in [Ordering::Greater, Ordering::Less] {
        let turned: Vec<_> = moves.iter().filter(|m| m.turn() == turn).collect();
        if !turned.is_empty() {
            return first_of_kinds(turned);
        }
    }
    let growing = moves.iter().filter(|m| m.growth() > NOTHING).collect();
    first_of_kinds(growing).into_iter().take(1).collect()
}

/// Of each kind the one that changes most, the largest changes first.
fn first_of_kinds<'m, 'a>(mut moves: Vec<&'m Move<'a>>) -> Vec<&'m Move<'a>> {
    moves.sort_by(|a, b| b.growth().abs().total_cmp(&a.growth().abs()));
    let mut out: Vec<&Move<'a>> = Vec::new();
    for m in moves {
        if out.iter().all(|other| other.after.kind != m.after.kind) {
            out.push(m);
        }
    }
    out.truncate(MOST);
    out
}

fn waterfall(context: &Context<'_>, m: &Move<'_>) -> Waterfall {
    let (kind, state) = (m.after.kind, m.after.state);
    let earlier = state.saturating_sub(1);
    let name = label(context, m.after);
    let title = context.pick(
        format!("{name}：需要の増減と要因"),
        format!("{name}: what changes the demand"),
    );
    let mut caption = caption(context, &title, Some(state));
    caption.notes = vec![sources::remark(hours(context, m))];
    let known = known(context, m);
    if let Some((_, order)) = known {
        caption.notes.push(sources::remark(match order {
            CauseOrder::AddedFirst => context.pick(
                "要因は計画の各行を追加、変更、撤去の順に適用したときの差",
                "each cause is what a line of the plan adds: additions first, removals last",
            ),
            CauseOrder::Plan => context.pick(
                "要因は計画の順に1行ずつ適用したときの差",
                "each cause is what a line of the plan adds, in the order of the plan",
            ),
        }));
    }
    let rows = m.before.into_iter().chain([m.after]);
    caption.notes.extend(sources::of(context, rows));
    let total = |state, row: Option<&LoadRow>| {
        let amount = row.map_or(0.0, |row| peak(row).1);
        (wording::step(context, state), wording::scaled(kind, amount))
    };
    Waterfall {
        caption,
        unit: wording::unit(kind, context.lang).to_owned(),
        capacity: Some(wording::scaled(kind, m.after.capacity)),
        before: total(earlier, m.before),
        causes: known.map_or_else(|| by_application(context, m), |(causes, _)| causes),
        after: total(state, Some(m.after)),
    }
}

/// The busiest hour and the load in it.
fn peak(row: &LoadRow) -> (u8, f64) {
    let (hour, _) = row.busiest();
    let load = row.offered.get(usize::from(hour)).copied();
    (hour, load.unwrap_or_default())
}

/// What each line of the plan adds or takes away, and in which order, where that was asked.
fn known(context: &Context<'_>, m: &Move<'_>) -> Option<(Vec<(String, f64)>, CauseOrder)> {
    let row = context.report.causes.iter().find(|row| {
        row.state == m.after.state
            && row.kind == m.after.kind
            && row.resource == m.after.resource
            && row.direction == m.after.direction
    })?;
    let least = NOISE * peak(m.after).1.max(m.before.map_or(0.0, |row| peak(row).1));
    let causes = row.causes.iter().filter(|(_, adds)| adds.abs() > least);
    let told = causes.map(|(what, adds)| {
        let what = labelled(context, m.after.state, what.get(context.lang));
        let what = wording::on_paper(&what, context.lang);
        (what, wording::scaled(m.after.kind, *adds))
    });
    Some((told.collect(), row.order))
}

/// Words with labels in place of the names that have one, in backticks as they were.
fn labelled(context: &Context<'_>, state: usize, words: &str) -> String {
    let states = [Some(state), state.checked_sub(1)].into_iter().flatten();
    let states = states.filter_map(|at| context.report.states.get(at));
    let label = |name: &str| {
        let mut found = states.clone().filter_map(|s| s.network.label(name));
        found.next().map(|label| label.get(context.lang).to_owned())
    };
    let pieces = words.split('`').enumerate().map(|(at, piece)| {
        let label = (at % 2 == 1).then(|| label(piece)).flatten();
        label.unwrap_or_else(|| piece.to_owned())
    });
    pieces.collect::<Vec<_>>().join("`")
}

/// What each application adds or takes away, the largest change first.
fn by_application(context: &Context<'_>, m: &Move<'_>) -> Vec<(String, f64)> {
    let mut out: Vec<(String, f64)> = Vec::new();
    let before = m.before.into_iter().flat_map(|row| &row.parts);
    let signed = before
        .map(|part| (part, -1.0))
        .chain(m.after.parts.iter().map(|part| (part, 1.0)));
    for (part, sign) in signed {
        let name = part.application.get(context.lang);
        let amount = sign * wording::scaled(m.after.kind, part.offered);
        match out.iter_mut().find(|(known, _)| known == name) {
            Some((_, sum)) => *sum += amount,
            None => out.push((name.to_owned(), amount)),
        }
    }
    let least = NOISE * wording::scaled(m.after.kind, peak(m.after).1);
    out.retain(|(_, amount)| amount.abs() > least);
    out.sort_by(|a, b| b.1.total_cmp(&a.1));
    out
}

/// Which hours are compared, in which direction, and whether the capacity is another.
fn hours(context: &Context<'_>, m: &Move<'_>) -> String {
    let after = wording::clock(peak(m.after).0);
    let before = m
        .before
        .map_or_else(|| after.clone(), |row| wording::clock(peak(row).0));
    let hours = if before == after {
        after
    } else {
        format!("{before} → {after}")
    };
    let mut text = context.pick(
        format!("最も混む1時間の値：{hours}"),
        format!("demand in the busiest hour: {hours}"),
    );
    let way = direction(context, m.after);
    if !way.is_empty() {
        text.push_str(&context.pick(format!("（{way}）"), format!(" ({way})")));
    }
    if let Some(row) = m.before.filter(|row| row.capacity != m.after.capacity) {
        let old = wording::quantity(row.kind, row.capacity, context.lang);
        text.push_str(&context.pick(
            format!("。容量は変更後の値（変更前は{old}）"),
            format!("; capacity as it is afterwards, {old} before"),
        ));
    }
    text
}

impl Drawing for Waterfall {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::waterfall(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let amount = |value: f64| crate::model::units::grouped(value);
        let ((from, before), (to, after), unit) = (&self.before, &self.after, &self.unit);
        let (before, after) = (amount(*before), amount(*after));
        let largest = self
            .causes
            .iter()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let cause = largest.map_or("", |(name, _)| name.as_str());
        context.pick(
            format!("{from}の{before} {unit}が{to}で{after} {unit}になる。最大の要因は{cause}"),
            format!("{before} {unit} ({from}) become {after} ({to}), most of it by {cause}"),
        )
    }
}
