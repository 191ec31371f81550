//! The order of the changes of a step: what happens at once, and what waits for what.
//!
//! Goes in: a step and the network before it. Comes out: a [`Schedule`]: *units* of changes that happen at
//! once, and for each the units it waits for. What a step passes through are the sets of units that hold
//! with each unit everything it waits for. What can go wrong: a block that waits for a name nothing
//! bears, for itself in a circle, or two changes that set the same thing in no order.
//!
//! The network in between is made by the changes that were done, *in the order of the schedule*, whatever
//! the order in which they were typed: a rule goes where the finished list has it.
//!
//! Beside what is written, a change waits for what it needs: one that names a thing for the change that
//! makes it, one that takes a thing away for those before it that name it ([`needs`]).

mod keys;
mod needs;

use super::Step;
use crate::finding::Code;
use crate::network::Network;
use crate::place::Place;
use crate::policy::Name;
use crate::problem::Problem;
use crate::text::Text;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::ops::Range;

/// How the changes of a step, or of a block of it, happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// All at once.
    Together,
    /// One after the other, as written.
    InOrder,
    /// In any order.
    Any,
}

/// Consecutive changes of a step with a name or an order of their own.
#[derive(Debug, Clone)]
pub struct Block {
    /// By what other blocks of the step wait for it.
    pub name: Option<Name>,
    /// The blocks it waits for, each with the place where its name stands.
    pub after: Vec<(Name, Place)>,
    /// How its changes happen.
    pub order: Order,
    /// Which changes of the step.
    pub changes: Range<usize>,
    /// Why it cannot be undone, if it cannot (such as the first write to a new store of data).
    pub irreversible: Option<Text>,
    /// Where it is written.
    pub place: Place,
}

/// The changes of a step by what happens at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// Positions in the step's changes, in an order that keeps every constraint.
    pub units: Vec<Vec<usize>>,
    /// For every unit the units it waits for; all of them are earlier ones.
    pub after: Vec<Vec<usize>>,
}

impl Schedule {
    /// The schedule of a step that begins with a network, and what is wrong with it.
    #[must_use]
    pub fn of(step: &Step, before: &Network) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let (units, edges) = written(step, &mut problems);
        let Some(sorted) = sorted(units.len(), &edges) else {
            problems.push(circle(step));
            return (Self::one_by_one(step), problems);
        };
        let mut place = vec![0; units.len()];
        for (at, unit) in sorted.iter().enumerate() {
            place[*unit] = at;
        }
        let mut own: Vec<Option<Vec<usize>>> = units.into_iter().map(Some).collect();
        let units: Vec<Vec<usize>> = sorted.iter().filter_map(|u| own[*u].take()).collect();
        let mut after = vec![BTreeSet::new(); units.len()];
        for (first, then) in edges {
            after[place[then]].insert(place[first]);
        }
        let mut schedule = Self {
            units,
            after: after.into_iter().map(|a| a.into_iter().collect()).collect(),
        };
        if step.has_freedom() {
            let chance = needs::add(step, before, &mut schedule);
            let told =
                |(a, b): (usize, usize)| needs::by_chance(&step.changes[a], &step.changes[b]);
            problems.extend(chance.into_iter().map(told));
        }
        (schedule, problems)
    }

    /// Pairs of changes of a step that set the same thing although neither waits for the other.
    #[must_use]
    pub fn by_chance(step: &Step, before: &Network) -> Vec<(usize, usize)> {
        let (mut schedule, _) = Self::of(step, before);
        // What waits already waits on; only the pairs are new.
        needs::add(step, before, &mut schedule)
    }

    fn one_by_one(step: &Step) -> Self {
        let units = (0..step.changes.len()).map(|c| vec![c]).collect();
        let after = (0..step.changes.len()).map(|c| c.checked_sub(1).into_iter().collect());
        Self {
            units,
            after: after.collect(),
        }
    }

    /// The unit of every change.
    #[must_use]
    pub fn unit_of(&self) -> Vec<usize> {
        let most = self.units.iter().flatten().max().map_or(0, |m| m + 1);
        let mut out = vec![0; most];
        for (unit, changes) in self.units.iter().enumerate() {
            for change in changes {
                out[*change] = unit;
            }
        }
        out
    }

    /// The units that a unit waits for, through others too, and itself (true: in it).
    #[must_use]
    pub fn earliest(&self, unit: usize) -> Vec<bool> {
        let mut done = vec![false; self.units.len()];
        let mut open = vec![unit];
        while let Some(unit) = open.pop() {
            if !std::mem::replace(&mut done[unit], true) {
                open.extend(&self.after[unit]);
            }
        }
        done
    }

    /// Every unit but a unit and those that wait for it, through others too (true: in it).
    #[must_use]
    pub fn latest(&self, unit: usize) -> Vec<bool> {
        let mut done = vec![true; self.units.len()];
        done[unit] = false;
        // CORRECTNESS: a unit waits for earlier ones only.
        for later in unit + 1..self.units.len() {
            done[later] = self.after[later].iter().all(|first| done[*first]);
        }
        done
    }

    /// The network after some units of a step, done in the order of the schedule, and every reason why one
    /// of their changes did not apply.
    #[must_use]
    pub fn network(&self, step: &Step, before: &Network, done: &[bool]) -> (Network, Vec<Problem>) {
        let mut network = before.clone();
        let mut problems = Vec::new();
        let units = self.units.iter().zip(done).filter(|(_, done)| **done);
        for change in units.flat_map(|(unit, _)| unit) {
            if let Err(found) = step.changes[*change].apply_to(&mut network) {
                problems.extend(found);
            }
        }
        (network, problems)
    }

    /// Whether a set of units (true: done) holds with each everything it waits for.
    #[must_use]
    pub fn allows(&self, done: &[bool]) -> bool {
        let fits = |unit: usize| !done[unit] || self.after[unit].iter().all(|first| done[*first]);
        (0..self.units.len()).all(fits)
    }
}

impl Step {
    /// Whether its changes may happen in more than one order.
    #[must_use]
    pub fn has_freedom(&self) -> bool {
        self.order == Order::Any || self.blocks.iter().any(|b| b.order == Order::Any)
    }

    /// Why a change cannot be undone, if it cannot.
    #[must_use]
    pub fn irreversible(&self, change: usize) -> Option<&Block> {
        let holds = |b: &&Block| b.irreversible.is_some() && b.changes.contains(&change);
        self.blocks.iter().find(holds)
    }
}

type Edges = Vec<(usize, usize)>;

/// An item of a step: a block, or a run of changes outside blocks.
struct Item<'s> {
    block: Option<&'s Block>,
    order: Order,
    changes: Range<usize>,
}

fn items(step: &Step) -> Vec<Item<'_>> {
    let mut out = Vec::new();
    let mut next = 0;
    let plain = |out: &mut Vec<Item<'_>>, from: usize, to: usize| {
        if from < to {
            out.push(Item {
                block: None,
                order: step.order,
                changes: from..to,
            });
        }
    };
    for block in &step.blocks {
        plain(&mut out, next, block.changes.start);
        out.push(Item {
            block: Some(block),
            order: block.order,
            changes: block.changes.clone(),
        });
        next = block.changes.end;
    }
    plain(&mut out, next, step.changes.len());
    out
}

/// The units as written, in the order of the text, and which waits for which.
fn written(step: &Step, problems: &mut Vec<Problem>) -> (Vec<Vec<usize>>, Edges) {
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut edges = Edges::new();
    let mut named: HashMap<&str, Range<usize>> = HashMap::new();
    let mut spans: Vec<(Item<'_>, Range<usize>)> = Vec::new();
    for item in items(step) {
        let from = units.len();
        match (item.order, step.order) {
            // What happens at once with all the rest is no unit of its own.
            (_, Order::Together) => match units.first_mut() {
                Some(all) => all.extend(item.changes.clone()),
                None => units.push(item.changes.clone().collect()),
            },
            (Order::Together, _) => units.push(item.changes.clone().collect()),
            (Order::Any, _) => units.extend(item.changes.clone().map(|c| vec![c])),
            (Order::InOrder, _) => {
                units.extend(runs(step, item.changes.clone()));
                edges.extend((from + 1..units.len()).map(|u| (u - 1, u)));
            }
        }
        let span = from..units.len();
        if step.order == Order::InOrder
            && let Some((_, last)) = spans.last()
        {
            follow(&mut edges, last, &span);
        }
        if let Some(name) = item.block.and_then(|b| b.name.as_ref()) {
            named.insert(name, span.clone());
        }
        spans.push((item, span));
    }
    for (item, span) in &spans {
        for (name, place) in item.block.iter().flat_map(|b| &b.after) {
            match named.get(&**name) {
                Some(first) => follow(&mut edges, first, span),
                None => problems.push(unknown(name, place, named.keys().copied())),
            }
        }
    }
    (units, edges)
}

fn follow(edges: &mut Edges, first: &Range<usize>, then: &Range<usize>) {
    edges.extend(
        first
            .clone()
            .flat_map(|a| then.clone().map(move |b| (a, b))),
    );
}

/// Changes by what was written as one: for many things at the same place.
fn runs(step: &Step, changes: Range<usize>) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for change in changes {
        let here = &step.changes[change].place;
        match out.last_mut() {
            Some(run)
                if here.is_somewhere()
                    && run
                        .last()
                        .is_some_and(|last| step.changes[*last].place == *here) =>
            {
                run.push(change);
            }
            _ => out.push(vec![change]),
        }
    }
    out
}

/// The vertices in an order that keeps the edges, otherwise as they are; `None` if there is a circle.
fn sorted(count: usize, edges: &Edges) -> Option<Vec<usize>> {
    let mut waits = vec![0usize; count];
    let mut next = vec![Vec::new(); count];
    for (first, then) in edges {
        waits[*then] += 1;
        next[*first].push(*then);
    }
    let free = (0..count).filter(|v| waits[*v] == 0).map(Reverse);
    let mut free: BinaryHeap<Reverse<usize>> = free.collect();
    let mut out = Vec::with_capacity(count);
    while let Some(Reverse(vertex)) = free.pop() {
        out.push(vertex);
        for then in &next[vertex] {
            waits[*then] -= 1;
            if waits[*then] == 0 {
                free.push(Reverse(*then));
            }
        }
    }
    (out.len() == count).then_some(out)
}

fn unknown<'n>(name: &Name, place: &Place, known: impl Iterator<Item = &'n str>) -> Problem {
    let mut known: Vec<String> = known.map(|n| format!("`{n}`")).collect();
    known.sort();
    let problem = Problem::new(
        Code::UnknownName,
        place,
        Text::new(
            format!("`{name}` という名前の変更のまとまりは、このステップにない"),
            format!("no changes of this step are named `{name}`"),
        ),
    );
    if known.is_empty() {
        return problem.help(Text::new(
            "待つ相手を `Together(name: …, changes: […])` のように書いて名前を付ける",
            "name what it waits for: `Together(name: …, changes: […])`",
        ));
    }
    problem.help(Text::new(
        format!("使えるのは {}", known.join("、")),
        format!("possible are {}", known.join(", ")),
    ))
}

fn circle(step: &Step) -> Problem {
    let waiting = step.blocks.iter().find(|b| !b.after.is_empty());
    let place = waiting
        .and_then(|b| b.after.first())
        .map_or(&step.place, |(_, place)| place);
    Problem::new(
        Code::Cycle,
        place,
        Text::new(
            format!(
                "ステップ `{}` の `after` が循環していて、どの変更も始められない",
                step.id
            ),
            format!(
                "the `after` of step `{}` lead back to themselves: no change can be first",
                step.id
            ),
        ),
    )
    .help(Text::new(
        "どれかの `after` を外す",
        "take one of the `after` away",
    ))
}
