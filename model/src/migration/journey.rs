//! From today through every change of every step, collecting what goes wrong on the way.
//!
//! Goes in: today's network, then step after step. Comes out: the state after each, and every problem
//! once: where it first shows, with the change that brought it about.

use super::{Order, Schedule, State, Step};
use crate::change::{Change, Item, Kind, Verb};
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

    /// Applies the changes of a step, unit by unit.
    fn walk(&mut self, start: &Network, step: &Step) -> Network {
        let (schedule, problems) = Schedule::of(step, start);
        self.problems.extend(problems);
        let before = self.problems.len();
        let dense = step.changes.len() <= MOST_LOOKS;
        let network = self.pass(start, step, &schedule, dense);
        if !dense && self.news(start, &network) {
            // Once more, to find the change behind each problem; the same things are told once.
            self.problems.truncate(before);
            return self.pass(start, step, &schedule, true);
        }
        if step.has_freedom() && self.problems.len() == before {
            self.corners(start, step, &schedule);
        }
        network
    }

    /// Applies the changes and looks at the network after each unit (`dense`), or where only a look in
    /// between can tell.
    fn pass(&mut self, start: &Network, step: &Step, schedule: &Schedule, dense: bool) -> Network {
        let mut network = start.clone();
        let mut sound = start.clone();
        for unit in &schedule.units {
            let mut unchecked = None;
            for change in unit.iter().map(|c| &step.changes[*c]) {
                if let Err(found) = change.apply_to(&mut network) {
                    self.problems.extend(found);
                } else if can_break(&change.verb) && (dense || is_frame(&change.verb)) {
                    unchecked = Some(change);
                }
            }
            if let Some(change) = unchecked {
                self.compare(&sound, &network, step, change);
                sound = network.clone();
            }
        }
        network
    }

    /// Whether anything is wrong with a network that was not told yet.
    fn news(&self, before: &Network, now: &Network) -> bool {
        wellformed::look(now).iter().any(|found| {
            let (problem, message) = (&found.problem, found.problem.message.en.clone());
            let told = self
                .told
                .contains(&(problem.code, problem.place.clone(), message));
            !told && !wellformed::left_behind(found, before)
        })
    }

    /// Looks at each change of the frame where it comes as early and where it comes as late as the
    /// schedule allows: two changes that do not bear one another meet in one of these networks.
    fn corners(&mut self, start: &Network, step: &Step, schedule: &Schedule) {
        for (unit, changes) in schedule.units.iter().enumerate() {
            let frame = |c: &&usize| is_frame(&step.changes[**c].verb);
            let Some(change) = changes.iter().find(frame).map(|c| &step.changes[*c]) else {
                continue;
            };
            for done in [schedule.earliest(unit), schedule.latest(unit)] {
                let (between, refused) = schedule.network(step, start, &done);
                let refused = refused.into_iter().next();
                let wrong = wellformed::look(&between).into_iter().find(|found| {
                    let (problem, message) = (&found.problem, found.problem.message.en.clone());
                    let told = (problem.code, problem.place.clone(), message);
                    !self.told.contains(&told) && !wellformed::left_behind(found, start)
                });
                if let Some(problem) = refused.or(wrong.map(|w| w.problem)) {
                    self.problems.push(unordered(change, &problem));
                    return;
                }
            }
        }
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

/// Changes of a step up to which the network is looked at after each of them. A look costs as much as the
/// network is large, so beyond this only what a last look cannot show is looked for in between.
const MOST_LOOKS: usize = 256;

/// Whether a change can make a network ill formed for a while only: until something else goes or comes.
fn is_frame(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Add(Item::Segment(_) | Item::Link(_) | Item::Node(_))
            | Verb::Replace(Item::Segment(_) | Item::Link(_) | Item::Node(_))
            | Verb::Remove(Kind::Segment | Kind::Link | Kind::Node, _)
            | Verb::Renumber(..)
            | Verb::SetLanes(..)
            | Verb::AddGateway(..)
            | Verb::RemoveGateway(..)
    )
}

fn unordered(change: &Change, wrong: &Problem) -> Problem {
    let Text { ja, en } = &wrong.message;
    Problem::new(
        Code::Orders,
        &change.place,
        Text::new(
            format!("この変更は、許された順序によっては成り立たない: {ja}"),
            format!("this change does not stand in every order that is allowed: {en}"),
        ),
    )
    .see(
        &wrong.place,
        Text::new("問題になる箇所", "what is wrong then"),
    )
    .help(Text::new(
        "先に済ませる変更を `after` で指定するか、`Together` でまとめる",
        "say with `after` what comes first, or put both into `Together`",
    ))
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
