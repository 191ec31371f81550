//! All states of one step, looked at window by window.
//!
//! Goes in: a migration and a step. Comes out: how many states there are, for each rule about packets the
//! states that break it, and the smallest states that break it with packets that break it neither before
//! the step nor after it. What can go wrong: packet sets, or the windows, are more than may be held.

use super::over::Over;
use super::{Full, concrete, when};
use crate::plane::window::axes::Axes;
use crate::plane::window::{MOST_WINDOWS, Window};
use crate::space::{Set, Space, SpaceFull};
use crate::verify;
use std::collections::HashMap;
use utsushi_model::condition::Condition;
use utsushi_model::migration::{Migration, Schedule};
use utsushi_model::rule::{Exception, Rule, RuleId, Spec};

/// The most states shown for one rule in one step.
const MOST_SHOWN: usize = 8;

/// What was seen of a step.
pub struct Looked {
    /// The schedule whose units the states are sets of.
    pub schedule: Schedule,
    /// The axes of [`Looked::space`].
    pub axes: Axes,
    /// The space of all sets below.
    pub space: Space,
    /// The states that the schedule allows.
    pub allowed: Set,
    /// Windows that were looked at.
    pub windows: usize,
    /// For every rule that does not hold everywhere, in which states.
    pub broken: Vec<BrokenRule>,
}

/// A rule that does not hold in every state of a step.
pub struct BrokenRule {
    /// The rule.
    pub rule: RuleId,
    /// The states in which it perhaps does not hold.
    pub perhaps: Set,
    /// The states in which it does not hold for certain.
    pub certain: Set,
    /// The packets that break it before the step.
    pub first: Packets,
    /// The packets that break it after the step.
    pub last: Packets,
    /// What breaks it in between only.
    pub shown: Vec<Shown>,
}

/// Packets that break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packets {
    /// At most these.
    pub perhaps: Set,
    /// For certain these.
    pub certain: Set,
}

impl Packets {
    const NONE: Self = Self {
        perhaps: Set::EMPTY,
        certain: Set::EMPTY,
    };

    /// Those of either.
    ///
    /// # Errors
    /// The arena is full.
    pub fn union(self, other: Self, space: &mut Space) -> Result<Self, SpaceFull> {
        Ok(Self {
            perhaps: space.union(self.perhaps, other.perhaps)?,
            certain: space.union(self.certain, other.certain)?,
        })
    }

    /// Those known for certain, or at most.
    #[must_use]
    pub const fn of(self, certain: bool) -> Set {
        match certain {
            true => self.certain,
            false => self.perhaps,
        }
    }
}

/// A smallest state that breaks a rule with packets that break it neither before nor after the step.
pub struct Shown {
    /// Which units are done.
    pub done: Vec<bool>,
    /// Whether it breaks it for certain, with packets that do so neither before nor after; otherwise perhaps,
    /// with packets that do not even perhaps do so.
    pub certain: bool,
    /// The packets, in the arena of all sets.
    packets: Set,
    /// Units that must be done for it, and units that must be open: whatever else is done, some of the
    /// same packets break the rule.
    pub because: (Vec<usize>, Vec<usize>),
}

/// Looks at every state of a step (0 is the first).
///
/// # Errors
/// Packet sets, or the windows, are more than may be held.
pub fn look(migration: &Migration, step: usize) -> Result<Looked, Full> {
    let schedule = migration.schedule(step);
    let before = &migration.states[step].network;
    let windows =
        Window::all(before, &migration.steps[step], &schedule).ok_or(Full::Parts(MOST_WINDOWS))?;
    let axes = Axes::of(&schedule);
    let mut space = Space::with_axes(&axes.tops);
    let allowed = axes.allowed(&mut space)?;
    let mut looked = Looked {
        schedule,
        axes,
        space,
        allowed,
        windows: windows.len(),
        broken: Vec::new(),
    };
    let rules: Vec<&Rule> = concrete::rules(migration, step)
        .filter(|r| is_asked(r))
        .collect();
    let exceptions: Vec<&Exception> = migration.requirements.exceptions.iter().collect();
    let day = migration.steps[step].date;
    let mut known: HashMap<&[Condition], Set> = HashMap::new();
    let mut held = Vec::with_capacity(rules.len());
    for conditions in rules.iter().map(|r| r.period.whenever.as_slice()) {
        let set = match known.get(conditions) {
            Some(set) => *set,
            None => {
                let course = (&migration.steps[step], &looked.schedule, before.as_ref());
                when::places(&mut looked.space, &looked.axes, course, conditions)?
            }
        };
        known.insert(conditions, set);
        held.push(set);
    }
    let mut suspects: Vec<Suspect<'_>> = Vec::new();
    for window in &windows {
        let mut over = Over::new(window, &rules);
        let points = over.points(window)?;
        let mut found = Vec::new();
        for (rule, held) in rules.iter().zip(&held) {
            let Some(broken) = over.rule(rule, &exceptions, day)? else {
                continue;
            };
            let own = over.space();
            let held = own.adopt(&looked.space, *held)?;
            let points = own.intersection(points, held)?;
            let perhaps = own.intersection(broken.perhaps, points)?;
            let certain = own.intersection(broken.certain, points)?;
            if perhaps != Set::EMPTY {
                found.push((rule.id.clone(), perhaps, certain));
            }
        }
        if !found.is_empty() {
            suspects.push(Suspect { over, found });
        }
    }
    looked.gather(&mut suspects)?;
    Ok(looked)
}

/// Whether the rule is decided over windows. What follows from breaches of others, or states a fact, is not
/// asked itself; and who distributes to whom is another question in each state, which is not asked in between.
fn is_asked(rule: &Rule) -> bool {
    verify::decides(&rule.spec)
        && !matches!(
            rule.spec,
            Spec::NoStaleException { .. } | Spec::FullySeparated { .. } | Spec::DistributionReaches
        )
}

/// A window in which some rule does not hold everywhere.
struct Suspect<'w> {
    over: Over<'w>,
    found: Vec<(RuleId, Set, Set)>,
}

impl Looked {
    /// How many states the schedule allows, the one before and the one after the step among them;
    /// `u128::MAX` stands for that many or more.
    #[must_use]
    pub fn states(&self) -> u128 {
        self.space.count_places(self.allowed)
    }

    fn gather(&mut self, suspects: &mut [Suspect<'_>]) -> Result<(), SpaceFull> {
        let mut rules: Vec<&RuleId> = Vec::new();
        for (rule, ..) in suspects.iter().flat_map(|s| &s.found) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        let rules: Vec<RuleId> = rules.into_iter().cloned().collect();
        for rule in rules {
            let mut broken = BrokenRule {
                rule: rule.clone(),
                perhaps: Set::EMPTY,
                certain: Set::EMPTY,
                first: Packets::NONE,
                last: Packets::NONE,
                shown: Vec::new(),
            };
            let first = vec![0; self.axes.tops.len()];
            for suspect in &mut *suspects {
                let Some((_, perhaps, certain)) = suspect.of(&rule) else {
                    continue;
                };
                let own = suspect.over.space();
                let places = [own.places(perhaps)?, own.places(certain)?];
                let tops = self.axes.tops.clone();
                for (there, at) in [(&mut broken.first, &first), (&mut broken.last, &tops)] {
                    let sets = [own.at(perhaps, at)?, own.at(certain, at)?];
                    let found = Packets {
                        perhaps: self.space.adopt(own, sets[0])?,
                        certain: self.space.adopt(own, sets[1])?,
                    };
                    *there = there.union(found, &mut self.space)?;
                }
                let perhaps = self.space.adopt(own, places[0])?;
                broken.perhaps = self.space.union(broken.perhaps, perhaps)?;
                let certain = self.space.adopt(own, places[1])?;
                broken.certain = self.space.union(broken.certain, certain)?;
            }
            let lasting = broken.first.union(broken.last, &mut self.space)?;
            for certain in [true, false] {
                self.show(&mut broken, (certain, lasting), suspects)?;
            }
            self.broken.push(broken);
        }
        Ok(())
    }

    /// Looks for smallest states until every packet that breaks the rule in between is explained: for
    /// certain, or perhaps.
    fn show(
        &mut self,
        broken: &mut BrokenRule,
        (certain, lasting): (bool, Packets),
        suspects: &mut [Suspect<'_>],
    ) -> Result<(), SpaceFull> {
        let mut explained = lasting.of(certain);
        for shown in &broken.shown {
            explained = self.space.union(explained, shown.packets)?;
        }
        while broken.shown.len() < MOST_SHOWN {
            let mut best: Option<(u64, Vec<u16>, usize)> = None;
            for (at, suspect) in suspects.iter_mut().enumerate() {
                let Some(rest) = suspect.rest((&broken.rule, certain), &self.space, explained)?
                else {
                    continue;
                };
                let own = suspect.over.space();
                let places = own.places(rest)?;
                let Some(place) = own.nearest(places) else {
                    continue;
                };
                let sum = place.iter().map(|v| u64::from(*v)).sum();
                if best.as_ref().is_none_or(|(s, ..)| sum < *s) {
                    best = Some((sum, place, at));
                }
            }
            let Some((_, place, at)) = best else { break };
            let Some(rest) = suspects[at].rest((&broken.rule, certain), &self.space, explained)?
            else {
                break;
            };
            let own = suspects[at].over.space();
            let packets = own.at(rest, &place)?;
            let packets = self.space.adopt(own, packets)?;
            let because = self.because((&broken.rule, certain), &place, packets, suspects)?;
            broken.shown.push(Shown {
                done: self.axes.state(&place),
                certain,
                packets,
                because,
            });
            explained = self.space.union(explained, packets)?;
        }
        Ok(())
    }

    /// What must be done and what must be open so that some of the packets break the rule.
    fn because(
        &mut self,
        (rule, certain): (&RuleId, bool),
        place: &[u16],
        packets: Set,
        suspects: &mut [Suspect<'_>],
    ) -> Result<(Vec<usize>, Vec<usize>), SpaceFull> {
        let mut bad = Set::EMPTY;
        for suspect in suspects {
            let Some(breaks) = suspect.breaks(rule, certain) else {
                continue;
            };
            let own = suspect.over.space();
            let packets = own.adopt(&self.space, packets)?;
            let same = own.intersection(breaks, packets)?;
            let places = own.places(same)?;
            let places = self.space.adopt(own, places)?;
            bad = self.space.union(bad, places)?;
        }
        let whole = place
            .iter()
            .enumerate()
            .map(|(axis, v)| (axis, (*v, *v)))
            .collect();
        self.reduced(whole, bad)
    }

    /// A box of states with as few bounds as possible such that every allowed state in it is bad: the units
    /// that are done and those that are open.
    pub(super) fn reduced(
        &mut self,
        mut bounds: Vec<(usize, (u16, u16))>,
        bad: Set,
    ) -> Result<(Vec<usize>, Vec<usize>), SpaceFull> {
        let good = self.space.difference(self.allowed, bad)?;
        for at in 0..bounds.len() {
            let top = self.axes.tops[bounds[at].0];
            for upwards in [true, false] {
                self.widen(&mut bounds, at, (upwards, top), good)?;
            }
        }
        let unit =
            |axis: usize, value: u16| self.axes.units.iter().position(|u| *u == (axis, value));
        let done = bounds.iter().filter(|(_, (lo, _))| *lo > 0);
        let done = done
            .filter_map(|(axis, (lo, _))| unit(*axis, *lo))
            .collect();
        let open = bounds
            .iter()
            .filter(|(axis, (_, hi))| *hi < self.axes.tops[*axis]);
        let open = open
            .filter_map(|(axis, (_, hi))| unit(*axis, hi + 1))
            .collect();
        Ok((done, open))
    }

    /// Moves one bound as far outwards as no good state comes in.
    fn widen(
        &mut self,
        bounds: &mut [(usize, (u16, u16))],
        at: usize,
        (upwards, top): (bool, u16),
        good: Set,
    ) -> Result<(), SpaceFull> {
        loop {
            let (lo, hi) = bounds[at].1;
            let next = match (upwards, lo.checked_sub(1)) {
                (true, _) if hi < top => (lo, hi + 1),
                (false, Some(lower)) => (lower, hi),
                _ => return Ok(()),
            };
            bounds[at].1 = next;
            if self.meets(bounds, good)? {
                bounds[at].1 = (lo, hi);
                return Ok(());
            }
        }
    }

    fn meets(&mut self, bounds: &[(usize, (u16, u16))], good: Set) -> Result<bool, SpaceFull> {
        let mut inside = good;
        for (axis, stretch) in bounds {
            if *stretch != (0, self.axes.tops[*axis]) {
                let one = self.space.axis(*axis, &[*stretch])?;
                inside = self.space.intersection(inside, one)?;
            }
        }
        Ok(inside != Set::EMPTY)
    }
}

impl Suspect<'_> {
    fn of(&self, rule: &RuleId) -> Option<(RuleId, Set, Set)> {
        self.found.iter().find(|(id, ..)| id == rule).cloned()
    }

    /// The points that break a rule, for certain or at most.
    fn breaks(&self, rule: &RuleId, certain: bool) -> Option<Set> {
        let (_, perhaps, sure) = self.of(rule)?;
        Some(if certain { sure } else { perhaps })
    }

    /// The points that break a rule with packets that are not explained yet.
    fn rest(
        &mut self,
        (rule, certain): (&RuleId, bool),
        whole: &Space,
        explained: Set,
    ) -> Result<Option<Set>, SpaceFull> {
        let Some(breaks) = self.breaks(rule, certain) else {
            return Ok(None);
        };
        let own = self.over.space();
        let explained = own.adopt(whole, explained)?;
        let rest = own.difference(breaks, explained)?;
        Ok((rest != Set::EMPTY).then_some(rest))
    }
}
