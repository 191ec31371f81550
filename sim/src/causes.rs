//! What changes the load on a resource from one state to the next, line of the plan by line of the plan.
//!
//! Goes in: a migration, a state, and resources. Comes out: for each resource the causes in the order of the plan, with
//! what each adds to its peak. Nothing can go wrong: what cannot be told apart is one cause.
//!
//! ```text
//!  state before ─▶ date and demands of the state after ─▶ line 1 ─▶ line 2 ─▶ … ─▶ state after
//!        │                        │                         │         │               │
//!      peak 0  ─── difference ─ peak 1 ─────────────────── peak 2 … each replayed with everything up
//! ```
//!
//! A line of the plan is all that one line of the scenario writes: a change, or a series of them. Where the network behind
//! a line is not whole, because changes happen together, that line and the next are one cause. Each cause is the
//! difference of two peaks, so that all of them add up to the difference of the two states whatever the loads are; which
//! of two lines gets what needs both hangs on their order, which is that of the plan. The walk is halved: a stretch over
//! which no peak changes is not looked into, so that what cancels out within it does not show.

use crate::plane::Plane;
use crate::replay::loads;
use std::ops::Range;
use std::sync::Arc;
use utsushi_model::demand::{Demand, ResourceKind};
use utsushi_model::migration::{Migration, State, Step};
use utsushi_model::network::Network;
use utsushi_model::report::{CauseRow, LoadRow};
use utsushi_model::text::Text;
use utsushi_model::wellformed;

/// A resource, of a link one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its kind.
    pub kind: ResourceKind,
    /// Name of the link or node.
    pub name: String,
    /// For links: from which node to which.
    pub direction: Option<(String, String)>,
}

impl Resource {
    /// That of a row of loads.
    #[must_use]
    pub fn of(row: &LoadRow) -> Self {
        Self {
            kind: row.kind,
            name: row.resource.clone(),
            direction: row.direction.clone(),
        }
    }

    fn is(&self, row: &LoadRow) -> bool {
        row.kind == self.kind && row.resource == self.name && row.direction == self.direction
    }
}

/// The causes of the step that leads to a state, a row for each resource; none for today.
#[must_use]
pub fn causes(migration: &Migration, state: usize, resources: &[Resource]) -> Vec<CauseRow> {
    let Some(before) = state.checked_sub(1) else {
        return Vec::new();
    };
    let walk = Walk::new(migration, before, resources);
    let last = walk.networks.len() - 1;
    let ends = rayon::join(|| walk.peaks(0), || walk.peaks(last));
    let found = walk.divide(0..last, ends);
    let rows = resources.iter().enumerate().map(|(at, resource)| CauseRow {
        state,
        kind: resource.kind,
        resource: resource.name.clone(),
        direction: resource.direction.clone(),
        causes: found
            .iter()
            .map(|(words, adds)| (words.clone(), adds[at]))
            .filter(|(_, adds)| *adds != 0.0)
            .collect(),
    });
    rows.collect()
}

/// The way from a state to the next.
struct Walk<'w> {
    migration: &'w Migration,
    resources: &'w [Resource],
    before: &'w State,
    after: &'w State,
    step: &'w Step,
    /// The changes of each line.
    lines: Vec<Range<usize>>,
    /// The network at each position: before anything, with the needs of the state after, behind each line; `None` where
    /// it is not whole.
    networks: Vec<Option<Arc<Network>>>,
}

impl<'w> Walk<'w> {
    fn new(migration: &'w Migration, before: usize, resources: &'w [Resource]) -> Self {
        let step = &migration.steps[before];
        let (before, after) = (&migration.states[before], &migration.states[before + 1]);
        let lines = lines(step);
        let start = Some(Arc::clone(&before.network));
        let mut networks = vec![start.clone(), start];
        let mut network = Network::clone(&before.network);
        let mut applies = true;
        for line in &lines {
            let changes = &mut step.changes[line.clone()].iter();
            applies = applies && changes.all(|c| c.apply_to(&mut network).is_ok());
            let whole = applies && wellformed::check(&network).is_empty();
            networks.push(whole.then(|| Arc::new(network.clone())));
        }
        // The last is the state itself, whatever became of those between.
        networks.pop();
        networks.push(Some(Arc::clone(&after.network)));
        Self {
            migration,
            resources,
            before,
            after,
            step,
            lines,
            networks,
        }
    }

    /// The peaks of the resources at a position, in the units of their kinds; 0 for what is not there.
    fn peaks(&self, at: usize) -> Vec<f64> {
        let needs = if at == 0 { self.before } else { self.after };
        let network = self.networks[at].as_ref().unwrap_or(&needs.network);
        let state = State {
            network: Arc::clone(network),
            ..needs.clone()
        };
        let plane = Plane::compile(Arc::clone(network), needs.date);
        let requirements = &self.migration.requirements;
        let demands = requirements.demands.iter();
        let demands: Vec<&Demand> = demands
            .filter(|d| self.migration.demanded(d, needs))
            .collect();
        let rows = loads(&plane, &state, requirements, &demands);
        let peak = |resource: &Resource| {
            let row = rows.iter().find(|row| resource.is(row));
            row.map_or(0.0, |row| row.offered.iter().copied().fold(0.0, f64::max))
        };
        self.resources.iter().map(peak).collect()
    }

    /// What happens over a stretch, with the peaks at its ends; the halves are looked at side by side.
    fn divide(
        &self,
        range: Range<usize>,
        (first, last): (Vec<f64>, Vec<f64>),
    ) -> Vec<(Text, Vec<f64>)> {
        if first == last {
            return Vec::new();
        }
        let Some(middle) = self.middle(&range) else {
            let adds = last.iter().zip(&first).map(|(last, first)| last - first);
            return vec![(self.words(&range), adds.collect())];
        };
        let between = self.peaks(middle);
        let (mut found, later) = rayon::join(
            || self.divide(range.start..middle, (first, between.clone())),
            || self.divide(middle..range.end, (between.clone(), last)),
        );
        found.extend(later);
        found
    }

    /// A position strictly inside at which the network is whole, as near to the middle as can be.
    fn middle(&self, range: &Range<usize>) -> Option<usize> {
        let middle = range.start + range.len() / 2;
        let mut candidates = (middle..range.end).chain((range.start + 1..middle).rev());
        candidates.find(|at| *at > range.start && self.networks[*at].is_some())
    }

    /// What happens over a stretch that cannot be divided.
    fn words(&self, range: &Range<usize>) -> Text {
        if range.start == 0 && range.end == 1 {
            return Text::new("需要と日付", "demands and date");
        }
        let first = range.start.max(1) - 1;
        let lines = &self.lines[first..range.end - 1];
        let changes = lines[0].start..lines[lines.len() - 1].end;
        let words = self.step.changes[changes.start].words();
        match changes.len() - 1 {
            0 => words,
            more => Text::new(
                format!("{}件の変更（{}など）", more + 1, words.ja),
                format!("{} changes ({} and others)", more + 1, words.en),
            ),
        }
    }
}

/// The changes of a step by the line that writes them.
fn lines(step: &Step) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    for (at, change) in step.changes.iter().enumerate() {
        match lines.last_mut() {
            Some(line) if step.changes[line.start].place == change.place => line.end = at + 1,
            _ => lines.push(at..at + 1),
        }
    }
    lines
}
