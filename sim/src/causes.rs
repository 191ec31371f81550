//! What changes the load on a resource from one state to the next, line of the plan by line of the plan.
//!
//! Goes in: a migration, a state, and resources. Comes out: for each resource the causes in the order in which they were
//! tried, with what each adds to its peak. Nothing can go wrong: what cannot be told apart is one cause.
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
//! of two lines gets what needs both hangs on their order. Lines that only add go first and lines that only take away
//! last, so that users who move find their way open and bring their demand with them; in the order of the plan a rule
//! that comes last would bring everything. That order is kept only where it ends in the same loads; else it is the plan's
//! ([`CauseOrder`]). The walk is halved: a stretch over which no peak changes is not looked
//! into, so that what cancels out within it does not show.

use crate::plane::Plane;
use crate::replay::loads;
use std::ops::Range;
use std::sync::Arc;
use utsushi_model::change::Verb;
use utsushi_model::demand::{Demand, ResourceKind};
use utsushi_model::migration::{Migration, State, Step};
use utsushi_model::network::Network;
use utsushi_model::report::{CauseOrder, CauseRow, LoadRow};
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
    let plan = lines(&migration.steps[before]);
    let gentle = added_first(
        &migration.states[before].network,
        &migration.steps[before],
        &plan,
    );
    let in_plan = || Walk::new(migration, before, resources, plan.clone());
    let (mut walk, mut order) = match gentle {
        Some(gentle) => {
            let walk = Walk::new(migration, before, resources, gentle);
            (walk, CauseOrder::AddedFirst)
        }
        None => (in_plan(), CauseOrder::Plan),
    };
    let ends = || {
        rayon::join(
            || walk.peaks(&walk.before.network, walk.before),
            || walk.peaks(&walk.after.network, walk.after),
        )
    };
    let own = || {
        let own = walk.own.as_ref().filter(|_| order != CauseOrder::Plan);
        own.map(|network| walk.peaks(network, walk.after))
    };
    let (ends, own) = rayon::join(ends, own);
    if order != CauseOrder::Plan && !own.is_some_and(|own| alike(&own, &ends.1)) {
        (walk, order) = (in_plan(), CauseOrder::Plan);
    }
    let found = walk.divide(0..walk.networks.len() - 1, ends);
    let rows = resources.iter().enumerate().map(|(at, resource)| CauseRow {
        state,
        kind: resource.kind,
        resource: resource.name.clone(),
        direction: resource.direction.clone(),
        order,
        causes: found
            .iter()
            .map(|(words, adds)| (words.clone(), adds[at]))
            .filter(|(_, adds)| *adds != 0.0)
            .collect(),
    });
    rows.collect()
}

/// The lines with those first that only add, and those last that only take away; nothing if that is the order they are in.
/// What cannot be added before something else is taken away stays behind it.
fn added_first(network: &Network, step: &Step, plan: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
    let verbs = |line: &Range<usize>| step.changes[line.clone()].iter().map(|c| &c.verb);
    let mut network = network.clone();
    let mut first: Vec<Range<usize>> = Vec::new();
    let mut others: Vec<Range<usize>> = Vec::new();
    // The lines in `others` up to the last addition that had to wait.
    let mut waits = 0;
    for line in plan {
        let additive = verbs(line).all(adds);
        let more = additive.then(|| after(&network, step, line)).flatten();
        if let Some(more) = more {
            network = more;
            first.push(line.clone());
        } else {
            others.push(line.clone());
            waits = if additive { others.len() } else { waits };
        }
    }
    let free = others.split_off(waits);
    let (last, middle): (Vec<_>, Vec<_>) = free
        .into_iter()
        .partition(|line| verbs(line).all(takes_away));
    let lines = [first, others, middle, last].concat();
    (lines != plan).then_some(lines)
}

/// The network behind a line, if it is whole.
fn after(network: &Network, step: &Step, line: &Range<usize>) -> Option<Network> {
    let mut network = network.clone();
    let mut changes = step.changes[line.clone()].iter();
    let applies = changes.all(|c| c.apply_to(&mut network).is_ok());
    (applies && wellformed::check(&network).is_empty()).then_some(network)
}

fn adds(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Add(_)
            | Verb::AddRule(..)
            | Verb::AddNat(..)
            | Verb::AddRoute(..)
            | Verb::AddPolicy(..)
            | Verb::AddGateway(..)
    )
}

fn takes_away(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Remove(..)
            | Verb::RemoveRule(..)
            | Verb::RemoveNat(..)
            | Verb::RemoveRoute(..)
            | Verb::RemovePolicy(..)
            | Verb::RemoveGateway(..)
    )
}

/// Whether loads are the same but for the order in which they were added up.
fn alike(one: &[f64], other: &[f64]) -> bool {
    let mut both = one.iter().zip(other);
    both.all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()))
}

/// The way from a state to the next.
struct Walk<'w> {
    migration: &'w Migration,
    resources: &'w [Resource],
    before: &'w State,
    after: &'w State,
    step: &'w Step,
    /// The changes of each line, in the order in which they are tried.
    lines: Vec<Range<usize>>,
    /// The network at each position: before anything, with the needs of the state after, behind each line; `None` where
    /// it is not whole.
    networks: Vec<Option<Arc<Network>>>,
    /// The network that all lines make in this order, if they apply and it is whole.
    own: Option<Arc<Network>>,
}

impl<'w> Walk<'w> {
    fn new(
        migration: &'w Migration,
        before: usize,
        resources: &'w [Resource],
        lines: Vec<Range<usize>>,
    ) -> Self {
        let step = &migration.steps[before];
        let (before, after) = (&migration.states[before], &migration.states[before + 1]);
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
        let own = networks.pop().flatten();
        networks.push(Some(Arc::clone(&after.network)));
        Self {
            migration,
            resources,
            before,
            after,
            step,
            lines,
            networks,
            own,
        }
    }

    /// The peaks of the resources in a network with the needs of a state, in the units of their kinds; 0 for what is not
    /// there.
    fn peaks(&self, network: &Arc<Network>, needs: &State) -> Vec<f64> {
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
        let network = self.networks[middle].as_ref();
        let between = self.peaks(network.unwrap_or(&self.after.network), self.after);
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
        let words = self.step.changes[lines[0].start].words();
        match lines.iter().map(ExactSizeIterator::len).sum::<usize>() - 1 {
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
