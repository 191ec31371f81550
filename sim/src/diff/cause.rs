//! Which change made a difference: the plan is replayed between the two states, halving the stretch in
//! which a packet comes to be treated as in the later state until one change is left.
//!
//! A packet that a change allows, a later one denies and a third allows again is put down to one of
//! those that allow it. Where the network between two changes is not whole (they happen together, or one list
//! wrote them), they are the cause together.

use super::Found;
use super::compare::{Part, disagreement};
use super::manner::manners;
use crate::plane::Plane;
use crate::space::{Set, Space, SpaceFull};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use utsushi_model::date::Date;
use utsushi_model::finding::Cause;
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::{Network, SegmentId};
use utsushi_model::text::Text;
use utsushi_model::wellformed;

/// Something that happens between two states.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// The day of the state after this step begins.
    Day(usize),
    /// A change: the index of its step, and its own.
    Change(usize, usize),
}

/// The way from one state to a later one, event by event.
#[derive(Debug)]
pub struct Journey<'m> {
    migration: &'m Migration,
    first: usize,
    events: Vec<Event>,
    /// Networks after so many events, as far as they were needed.
    known: BTreeMap<usize, Arc<Network>>,
}

/// A part of a difference with the events that brought it about.
#[derive(Debug, Clone)]
pub struct Attributed {
    /// What is different.
    pub part: Part,
    /// Positions of the events; see [`Journey::causes`].
    pub by: Range<usize>,
}

/// Parts on the way to their cause.
type Items = Vec<(usize, Set)>;

impl<'m> Journey<'m> {
    /// From the state `first` to the state `last`.
    #[must_use]
    pub fn new(migration: &'m Migration, first: usize, last: usize) -> Self {
        let mut events = Vec::new();
        for step in first..last {
            if migration.states[step].date != migration.states[step + 1].date {
                events.push(Event::Day(step));
            }
            let changes = 0..migration.steps[step].changes.len();
            events.extend(changes.map(|change| Event::Change(step, change)));
        }
        let start = Arc::clone(&migration.states[first].network);
        Self {
            migration,
            first,
            events,
            known: BTreeMap::from([(0, start)]),
        }
    }

    /// Every part with its cause; one that has several is divided.
    ///
    /// # Errors
    /// The arena is full.
    pub fn attributed(
        &mut self,
        space: &mut Space,
        found: &Found,
    ) -> Result<Vec<Attributed>, SpaceFull> {
        let items = found.parts.iter().enumerate().map(|(i, p)| (i, p.set));
        let mut out = Vec::new();
        let mut open: Vec<(Range<usize>, Items)> = vec![(0..self.events.len(), items.collect())];
        while let Some((range, items)) = open.pop() {
            if items.is_empty() {
                continue;
            }
            let Some((middle, network)) = self.middle(&range) else {
                out.extend(items.into_iter().map(|(i, set)| Attributed {
                    part: Part {
                        set,
                        ..found.parts[i].clone()
                    },
                    by: range.clone(),
                }));
                continue;
            };
            let plane = Plane::compile(network, self.day(middle));
            let (late, early) = divided(space, &plane, found, items)?;
            open.push((middle..range.end, late));
            open.push((range.start..middle, early));
        }
        Ok(out)
    }

    /// A position strictly inside where the network is whole, as near to the middle as can be.
    fn middle(&mut self, range: &Range<usize>) -> Option<(usize, Arc<Network>)> {
        let middle = range.start + range.len() / 2;
        let candidates = (middle..range.end).chain((range.start..middle).rev());
        candidates
            .filter(|at| *at > range.start)
            .find_map(|at| self.network(at).map(|network| (at, network)))
    }

    /// The network after so many events; `None` if it is not whole.
    fn network(&mut self, at: usize) -> Option<Arc<Network>> {
        if let Some(known) = self.known.get(&at) {
            return Some(Arc::clone(known));
        }
        let (from, start) = self.known.range(..at).next_back()?;
        let mut network = Network::clone(start);
        for event in &self.events[*from..at] {
            if let Event::Change(step, change) = event {
                network = self.migration.steps[*step].changes[*change]
                    .apply(&network)
                    .ok()?;
            }
        }
        if !wellformed::check(&network).is_empty() {
            return None;
        }
        let network = Arc::new(network);
        self.known.insert(at, Arc::clone(&network));
        Some(network)
    }

    /// The day after so many events.
    fn day(&self, at: usize) -> Date {
        let step = self.events[..at]
            .iter()
            .rev()
            .find_map(|event| match event {
                Event::Day(step) => Some(*step + 1),
                Event::Change(..) => None,
            });
        self.migration.states[step.unwrap_or(self.first)].date
    }

    /// What happened, for people.
    #[must_use]
    pub fn causes(&self, by: &Range<usize>) -> Vec<Cause> {
        let events = self.events[by.clone()].iter();
        let mut causes: Vec<Cause> = events.map(|event| self.told(*event)).collect();
        causes.dedup();
        causes
    }

    fn told(&self, event: Event) -> Cause {
        match event {
            Event::Day(step) => {
                let state: &State = &self.migration.states[step + 1];
                let (id, day) = (&state.step, state.date);
                Cause {
                    what: Text::new(
                        format!("ステップ{id}の日付 {day} になる"),
                        format!("step {id} begins on {day}"),
                    ),
                    place: state.place.clone(),
                }
            }
            Event::Change(step, change) => {
                let (id, change) = (
                    &self.migration.steps[step].id,
                    &self.migration.steps[step].changes[change],
                );
                let what = change.words();
                Cause {
                    what: Text::new(
                        format!("ステップ{id}：{}", what.ja),
                        format!("step {id}: {}", what.en),
                    ),
                    place: change.place.clone(),
                }
            }
        }
    }
}

/// Divides items by whether a state between treats them as the later state does (early) or not (late).
fn divided(
    space: &mut Space,
    plane: &Plane,
    found: &Found,
    items: Items,
) -> Result<(Items, Items), SpaceFull> {
    let mut wanted: BTreeMap<&SegmentId, Set> = BTreeMap::new();
    for (i, set) in &items {
        let there = wanted.entry(&found.parts[*i].from).or_insert(Set::EMPTY);
        *there = space.union(*there, *set)?;
    }
    let asked: Vec<_> = wanted
        .iter()
        .map(|(id, set)| ((*id).clone(), Some(*set)))
        .collect();
    let here = manners(space, plane, &asked)?;
    let here: BTreeMap<&SegmentId, _> = asked.iter().map(|(id, _)| id).zip(&here).collect();
    let end: BTreeMap<&SegmentId, _> = found.after.iter().map(|(id, m)| (id, m)).collect();
    let (mut late, mut early) = (Vec::new(), Vec::new());
    for (i, set) in items {
        let part = &found.parts[i];
        let open = match (here.get(&part.from), end.get(&part.from)) {
            (Some(here), Some(end)) => disagreement(space, part.kind, here, end)?,
            // CORRECTNESS: both maps hold every segment that a part starts from.
            _ => Set::FULL,
        };
        let not_yet = space.intersection(set, open)?;
        let already = space.difference(set, open)?;
        late.extend((not_yet != Set::EMPTY).then_some((i, not_yet)));
        early.extend((already != Set::EMPTY).then_some((i, already)));
    }
    Ok((late, early))
}
