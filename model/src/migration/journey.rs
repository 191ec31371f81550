//! From today through every change of every step, collecting what goes wrong on the way.
//!
//! Goes in: today's network, then step after step. Comes out: the state after each, and every problem
//! once: where it first shows, with the change that brought it about.

use super::{Order, State, Step};
use crate::change::{Change, Verb};
use crate::finding::Code;
use crate::network::Network;
use crate::place::Place;
use crate::problem::Problem;
use crate::text::Text;
use crate::wellformed::{self, Found};
use std::collections::HashSet;
use std::sync::Arc;

/// What went wrong so far.
pub(super) struct Journey {
    /// Every problem, in the order in which it showed.
    pub(super) problems: Vec<Problem>,
    /// What was told, so that it is told once; also what a change left behind.
    told: HashSet<(Code, Place, String)>,
}

impl Journey {
    /// Begins with today's network.
    pub(super) fn begin(today: &Network) -> Self {
        let mut journey = Self {
            problems: Vec::new(),
            told: HashSet::new(),
        };
        for found in wellformed::look(today) {
            if journey.is_new(&found.problem) {
                journey.problems.push(found.problem);
            }
        }
        journey
    }

    fn is_new(&mut self, problem: &Problem) -> bool {
        let message = problem.message.en.clone();
        self.told
            .insert((problem.code, problem.place.clone(), message))
    }

    /// The state after one more step.
    pub(super) fn after(&mut self, last: &State, step: &Step) -> State {
        if step.date < last.date {
            self.problems.push(too_early(last, step));
        }
        State {
            index: last.index + 1,
            step: step.id.clone(),
            label: step.label.clone(),
            model: step.model,
            date: step.date,
            network: Arc::new(self.walk(&last.network, step)),
            place: step.place.clone(),
        }
    }

    /// Applies the changes of a step one by one.
    fn walk(&mut self, start: &Network, step: &Step) -> Network {
        let mut network = start.clone();
        let mut sound = start.clone();
        let mut unchecked = false;
        for (i, change) in step.changes.iter().enumerate() {
            match change.apply(&network) {
                Ok(next) => {
                    network = next;
                    unchecked |= can_break(&change.verb);
                }
                Err(found) => self.problems.extend(found),
            }
            if unchecked && is_whole(step, i) {
                self.compare(&sound, &network, step, change);
                sound = network.clone();
                unchecked = false;
            }
        }
        network
    }

    /// Tells what is wrong with a network and was not with the one before.
    fn compare(&mut self, before: &Network, now: &Network, step: &Step, change: &Change) {
        for found in wellformed::look(now) {
            if self.is_new(&found.problem) && !wellformed::left_behind(&found, before) {
                self.problems.push(explained(found, step, change));
            }
        }
    }
}

/// Whether the network after the change at `i` is one that the plan passes through: a change that was
/// written once for many things is whole when all of them have it.
fn is_whole(step: &Step, i: usize) -> bool {
    let here = &step.changes[i].place;
    match step.changes.get(i + 1) {
        None => true,
        Some(_) if step.order == Order::Together => false,
        Some(next) => !here.is_somewhere() || next.place != *here,
    }
}

/// Whether a change can make a well-formed network ill formed.
fn can_break(verb: &Verb) -> bool {
    // CORRECTNESS: nothing refers to a rule, translation, route or policy route, their order is free,
    // and no check looks at how many hosts a group has or which measures are in force on them.
    !matches!(
        verb,
        Verb::SetCount(..)
            | Verb::SetMeasures(..)
            | Verb::RemoveRule(..)
            | Verb::MoveRule(..)
            | Verb::RemoveNat(..)
            | Verb::RemoveRoute(..)
            | Verb::RemovePolicy(..)
    )
}

/// Whether a change only alters what is written elsewhere, so that the mistake stands in the change.
fn alters(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Relabel(..)
            | Verb::Renumber(..)
            | Verb::MoveGroup(..)
            | Verb::MoveSystem(..)
            | Verb::MoveNode(..)
            | Verb::ResizeLink(..)
            | Verb::SetLanes(..)
            | Verb::Resize(..)
            | Verb::AddGateway(..)
            | Verb::SetAccess(..)
            | Verb::Publish(..)
    )
}

/// A new problem with the change or step that brought it about.
fn explained(found: Found, step: &Step, change: &Change) -> Problem {
    let mut problem = found.problem;
    if step.order == Order::Together {
        return problem.see(
            &step.place,
            Text::new("このステップの後", "after this step"),
        );
    }
    if alters(&change.verb) {
        let thing = std::mem::replace(&mut problem.place, change.place.clone());
        return problem.see(
            &thing,
            Text::new("ここで定義されたもの", "it is defined here"),
        );
    }
    if problem.place == change.place {
        return problem;
    }
    problem.see(
        &change.place,
        Text::new("この変更の後", "after this change"),
    )
}

fn too_early(last: &State, step: &Step) -> Problem {
    let (id, date, before) = (&step.id, step.date, last.date);
    let problem = Problem::new(
        Code::DateOrder,
        &step.place,
        Text::new(
            format!("ステップ `{id}` の日付 {date} が、その前の状態の日付 {before} より早い"),
            format!("step `{id}` is dated {date}, before the state it follows ({before})"),
        ),
    );
    problem
        .see(&last.place, Text::new("前の状態", "the state before"))
        .help(Text::new("日付の順を直す", "put the dates in order"))
}
