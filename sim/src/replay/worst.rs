//! What every other circumstance does to the loads: other kinds of days, and everything that can fail.
//!
//! Goes in: a state made ready, and failures. Comes out: for each resource the circumstances under which it is
//! fullest, and for each failure what is lost. Nothing can go wrong.
//!
//! Only what a failure can touch is done again: courses whose way asked a table for a destination for which it has another
//! route now, that left by gateways that are gone, or passed other policy routes; the talks on them; and the
//! sums of the resources that these talks use, before or after. Sums run over talks and legs in their order whatever has
//! failed, so a result is that of the network without what has failed, on one thread as on many.

use super::amount::Hours;
use super::conversation::Leg;
use super::crowd::Sum;
use super::failures::Struck;
use super::gate::{Fate, Gate, Seat, Worst};
use super::ledger::Ledger;
use super::passage::Passage;
use super::prepared::{Prepared, Talk};
use super::queue;
use super::spend::{Carried, Gone, spent};
use crate::plane::failed::{Failed, Losing};
use crate::plane::{PortIx, TableIx};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use utsushi_model::address::position;
use utsushi_model::circumstance::{Circumstance, Failure};
use utsushi_model::demand::ResourceKind;
use utsushi_model::migration::{Requirements, State};
use utsushi_model::report::{Case, LoadRow, Outage, WORST, Waiting};
use utsushi_model::text::Text;
use utsushi_model::units::BitRate;

/// So many failures are looked at before the worst of them are kept, and of so many it is told what is lost.
const AT_ONCE: usize = 4_096;

/// Shares that differ by less are the same.
const NOISE: f64 = 1e-9;

/// A part that a resource carries, and the talk it is of.
pub(super) type Part = (u32, Carried);

/// What a talk spends that does not come about.
const NOTHING: (Vec<Carried>, f64) = (Vec::new(), 0.0);

/// What some talks spend after a failure, and the part of them that comes through.
pub(super) type Others = BTreeMap<u32, (Vec<Carried>, f64)>;

/// What all talks spend with everything up.
#[derive(Debug)]
pub(super) struct Base<'a> {
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) ledger: &'a Ledger,
    /// What each talk spends, and the part of it that comes through.
    pub(super) talks: Vec<(Vec<Carried>, f64)>,
    /// What is spent on each resource, in the order of the talks.
    pub(super) parts: Vec<Vec<Part>>,
    /// Whether a resource carries users who are active by chance.
    by_chance: Vec<bool>,
    /// The talks on a course.
    on: Vec<Vec<usize>>,
    asked: HashMap<TableIx, Asked>,
    /// The courses that left a segment.
    left: HashMap<usize, Vec<usize>>,
}

/// The courses whose way asked a table, by destination; those that found no way on stand apart.
#[derive(Debug, Default)]
struct Asked {
    for_destination: BTreeMap<u128, Vec<usize>>,
    for_any: Vec<usize>,
}

/// A state after a failure.
#[derive(Debug, Default)]
pub(super) struct After {
    /// What some talks spend now.
    pub(super) others: Others,
    /// The plane as it forwards now; `None` where no way can be another.
    pub(super) failed: Option<Failed>,
    /// What becomes of the courses that the failure can have touched.
    pub(super) again: HashMap<usize, Passage>,
}

/// What a failure does.
struct Effect {
    /// By resource.
    cases: Vec<(usize, Case)>,
    outage: Option<Outage>,
    /// To talk, by site and application.
    talk: Vec<(Seat, Fate)>,
}

impl<'a> Base<'a> {
    /// Spends every talk.
    pub(super) fn new(prepared: &'a Prepared<'a>, ledger: &'a Ledger) -> Self {
        let whole = |at: usize| {
            if !prepared.is_active(at) {
                return NOTHING;
            }
            let talk = &prepared.talks[at];
            let passages: Vec<&Passage> = talk
                .courses
                .iter()
                .map(|c| &prepared.passages[*c])
                .collect();
            spent(prepared, ledger, talk, &passages, Gone::NONE)
        };
        let all = 0..prepared.talks.len();
        let talks: Vec<(Vec<Carried>, f64)> = all.into_par_iter().map(whole).collect();
        let mut out = Self {
            prepared,
            ledger,
            parts: vec![Vec::new(); ledger.resources.len()],
            by_chance: vec![false; ledger.resources.len()],
            on: vec![Vec::new(); prepared.courses.len()],
            asked: HashMap::new(),
            left: HashMap::new(),
            talks,
        };
        out.index();
        out
    }

    fn index(&mut self) {
        for (at, (carried, _)) in (0u32..).zip(&self.talks) {
            let spending = &self.prepared.talks[at as usize].spending;
            let by_chance = spending.iter().any(|s| s.crowd.is_some());
            for part in carried {
                self.parts[part.resource].push((at, *part));
                self.by_chance[part.resource] |= by_chance;
            }
        }
        for (at, talk) in self.prepared.talks.iter().enumerate() {
            for course in &talk.courses {
                self.on[*course].push(at);
            }
        }
        for (course, passage) in self.prepared.passages.iter().enumerate() {
            for (table, destination) in &passage.asked {
                let asked = self.asked.entry(*table).or_default();
                match destination {
                    Some(to) => asked.note(*to, course),
                    None => asked.for_any.push(course),
                }
            }
            for segment in &passage.left {
                self.left.entry(segment.0).or_default().push(course);
            }
        }
    }

    /// The rows of the first day with everything up.
    pub(super) fn rows(&self, state: &State, requirements: &Requirements) -> Vec<LoadRow> {
        self.ledger.rows(
            state.index,
            &self.by_application(),
            &requirements.applications,
            &requirements.thresholds,
        )
    }

    /// What is spent on each resource on the first day, by position of the application.
    pub(super) fn by_application(&self) -> Vec<BTreeMap<usize, Hours>> {
        let of = |parts: &Vec<Part>| {
            let mut spent: BTreeMap<usize, Sum> = BTreeMap::new();
            for part in parts {
                let talk = &self.prepared.talks[part.0 as usize];
                let sum = spent.entry(talk.application).or_default();
                sum.add(part, talk, &talk.spending[0]);
            }
            let sums = spent.into_iter();
            sums.map(|(application, sum)| (application, sum.total()))
                .collect()
        };
        self.parts.iter().map(of).collect()
    }

    /// What is spent on a resource on a day by the talks that spend as ever, and by others as given, both in the order of
    /// the talks.
    fn total(&self, resource: usize, day: usize, others: &Others, now: &[Part]) -> Hours {
        let mut sum = Sum::default();
        let mut now = now.iter().peekable();
        let mut add = |part: &Part| {
            let talk = &self.prepared.talks[part.0 as usize];
            sum.add(part, talk, &talk.spending[day]);
        };
        for part in &self.parts[resource] {
            if others.contains_key(&part.0) {
                continue;
            }
            while let Some(earlier) = now.next_if(|p| p.0 < part.0) {
                add(earlier);
            }
            add(part);
        }
        now.for_each(add);
        sum.total()
    }

    fn case(
        &self,
        day: usize,
        years: u32,
        failure: Option<&Failure>,
        (sum, capacity): (&Hours, f64),
    ) -> Case {
        let (hour, offered) = sum.busiest();
        Case {
            circumstance: Circumstance {
                day: self.prepared.days[day],
                years,
                failure: failure.cloned(),
            },
            hour,
            offered,
            capacity,
            waiting: None,
        }
    }

    /// The longest wait that comes of it, of what has a queue.
    fn waiting(&self, resource: usize, sum: &Hours, capacity: f64) -> Option<Waiting> {
        let (kind, ..) = self.ledger.resources[resource].key;
        Waiting::longest(&queue::waits(kind, sum, capacity)?)
    }

    /// For each resource the circumstances under which it is fuller than on the first day with everything up, the worst
    /// first; and what is lost, in the order of the failures. What they do to talk is noted with the gate.
    pub(super) fn circumstances(
        &self,
        (state, years): (usize, u32),
        failures: impl IntoIterator<Item = Struck>,
        gate: &mut Option<(Gate<'_>, Worst)>,
    ) -> (Vec<Vec<Case>>, Vec<Outage>, usize) {
        let nothing = Others::new();
        let plain: Vec<Vec<Case>> = (0..self.ledger.resources.len())
            .into_par_iter()
            .map(|resource| {
                let days = 0..self.prepared.days.len();
                let sum = |day| {
                    let sum = self.total(resource, day, &nothing, &[]);
                    let capacity = self.ledger.resources[resource].capacity;
                    let mut case = self.case(day, years, None, (&sum, capacity));
                    case.waiting = self.waiting(resource, &sum, capacity);
                    case
                };
                days.map(sum).collect()
            })
            .collect();
        let losing = Losing::new(self.prepared.plane);
        let mut worst: Vec<Vec<Case>> = plain.iter().map(|days| days[1..].to_vec()).collect();
        let (mut outages, mut count) = (Vec::new(), 0);
        let mut failures = failures.into_iter();
        loop {
            // Some at a time, so that what is kept does not grow with the number of pairs.
            let some: Vec<Struck> = failures.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                break;
            }
            count += some.len();
            let effects: Vec<Effect> = some
                .par_iter()
                .map(|struck| {
                    let gate = gate.as_ref().map(|(gate, _)| gate);
                    self.effect((state, years), &losing, struck, (&plain, gate))
                })
                .collect();
            for (effect, struck) in effects.into_iter().zip(&some) {
                if let Some((_, worst)) = gate {
                    let day = (self.prepared.days[0], years);
                    worst.failed(day, &struck.failure, effect.talk);
                }
                for (resource, case) in effect.cases {
                    worst[resource].push(case);
                    if worst[resource].len() > 4 * WORST {
                        keep(&mut worst[resource], &plain[resource][0]);
                    }
                }
                outages.extend(effect.outage);
            }
            gravest(&mut outages, AT_ONCE);
        }
        for (cases, plain) in worst.iter_mut().zip(&plain) {
            keep(cases, &plain[0]);
        }
        (worst, outages, count)
    }

    fn effect(
        &self,
        (state, years): (usize, u32),
        losing: &Losing<'_>,
        struck: &Struck,
        (plain, gate): (&[Vec<Case>], Option<&Gate<'_>>),
    ) -> Effect {
        let after = self.after(losing, struck);
        let otherwise = &after.others;
        let mut cases = Vec::new();
        let mut note = |resource: usize, day: usize, sum: &Hours, capacity: f64| {
            let mut case = self.case(day, years, Some(&struck.failure), (sum, capacity));
            let full = case.utilisation().get();
            // Fuller than with everything up, on that day as on the first.
            let plain = |day: usize| plain[resource][day].utilisation().get();
            if full > plain(0) && full > plain(day) * (1.0 + NOISE) {
                case.waiting = self.waiting(resource, sum, case.capacity);
                cases.push((resource, case));
            }
        };
        let touched = self.touched(otherwise);
        for (&resource, now) in &touched {
            let capacity = self.left_of(resource, struck);
            if capacity >= self.ledger.resources[resource].capacity && !self.may_grow(resource, now)
            {
                continue;
            }
            for day in 0..self.prepared.days.len() {
                let sum = self.total(resource, day, otherwise, now);
                note(resource, day, &sum, capacity);
            }
        }
        let (reduced, nothing) = (self.reduced(struck).into_iter(), Others::new());
        for resource in reduced.filter(|r| !touched.contains_key(r)) {
            let capacity = self.left_of(resource, struck);
            for day in 0..self.prepared.days.len() {
                let sum = self.total(resource, day, &nothing, &[]);
                note(resource, day, &sum, capacity);
            }
        }
        Effect {
            cases,
            outage: self.outage(state, struck, otherwise),
            talk: gate.map_or_else(Vec::new, |gate| gate.after(struck, &after, &touched)),
        }
    }

    /// Whether a resource can carry more at any hour: not where no talk spends more on it than ever. Only means add up;
    /// of users who are active by chance a smaller crowd has higher peaks for each of them.
    fn may_grow(&self, resource: usize, now: &[Part]) -> bool {
        self.by_chance[resource]
            || now.chunk_by(|a, b| a.0 == b.0).any(|parts| {
                let ever = self.talks[parts[0].0 as usize].0.iter();
                let ever = ever.filter(|part| part.resource == resource);
                let share = |of: &Carried, all: &mut dyn Iterator<Item = &Carried>| -> f64 {
                    let key = (of.information, of.what);
                    let alike = all.filter(|part| (part.information, part.what) == key);
                    alike.map(|part| part.share).sum()
                };
                parts.iter().any(|(_, part)| {
                    let now = share(part, &mut parts.iter().map(|(_, part)| part));
                    now > share(part, &mut ever.clone())
                })
            })
    }

    /// What is different after a failure.
    pub(super) fn after(&self, losing: &Losing<'_>, struck: &Struck) -> After {
        if !struck.changes_ways() {
            return After::default();
        }
        let failed = losing.without(&struck.down);
        let courses = self.courses(&failed);
        let again: HashMap<usize, Passage> = courses
            .into_iter()
            .map(|c| {
                let course = &self.prepared.courses[c];
                (
                    c,
                    Passage::of(&failed.plane, &self.prepared.borders, course),
                )
            })
            .collect();
        let gone = Gone {
            relays: &struck.relays,
            segments: &struck.segments,
        };
        let mut talks: BTreeSet<usize> = again
            .keys()
            .flat_map(|c| self.on[*c].iter().copied())
            .collect();
        if !struck.relays.is_empty() || !struck.segments.is_empty() {
            let hit = |talk: &Talk<'_>| talk.conversation.legs.iter().any(|l: &Leg| gone.takes(l));
            let all = self.prepared.talks.iter().enumerate();
            talks.extend(all.filter(|(_, t)| hit(t)).map(|(at, _)| at));
        }
        let passage = |c: usize| again.get(&c).unwrap_or(&self.prepared.passages[c]);
        // Where clients can choose, all they can choose from is looked at.
        let families: BTreeSet<usize> = talks
            .into_iter()
            .map(|t| self.prepared.family(t).start)
            .collect();
        let mut out = Others::new();
        for first in families {
            let family = self.prepared.family(first);
            let chosen = self.prepared.chosen(family.clone(), passage, gone);
            for at in family {
                let talk = &self.prepared.talks[at];
                let passages: Vec<&Passage> = talk.courses.iter().map(|c| passage(*c)).collect();
                let now = match at == chosen {
                    true => spent(self.prepared, self.ledger, talk, &passages, gone),
                    false => NOTHING,
                };
                if now != self.talks[at]
                    && let Ok(key) = u32::try_from(at)
                {
                    out.insert(key, now);
                }
            }
        }
        After {
            others: out,
            failed: Some(failed),
            again,
        }
    }

    /// The courses that a failure can have touched.
    fn courses(&self, failed: &Failed) -> BTreeSet<usize> {
        let mut out = BTreeSet::new();
        for (table, ranges) in &failed.tables {
            let Some(asked) = self.asked.get(table) else {
                continue;
            };
            out.extend(&asked.for_any);
            for range in ranges {
                let within = asked.for_destination.range(range.first()..=range.last());
                out.extend(within.flat_map(|(_, courses)| courses));
            }
        }
        for segment in &failed.segments {
            out.extend(self.left.get(&segment.0).into_iter().flatten());
        }
        if !failed.nodes.is_empty() {
            let of = |table: &TableIx| {
                let ports = failed.plane.ports.iter().enumerate();
                let own = ports
                    .filter(|(_, p)| p.table == *table)
                    .map(|(p, _)| PortIx(p));
                let mut own = own.map(|p| failed.plane.ports[p.0].node);
                own.next().is_some_and(|node| failed.nodes.contains(&node))
            };
            for (_, asked) in self.asked.iter().filter(|(table, _)| of(table)) {
                out.extend(&asked.for_any);
                out.extend(asked.for_destination.values().flatten());
            }
        }
        out
    }

    /// Resources whose load may not be the same, each with what others spend on it now.
    pub(super) fn touched(&self, others: &Others) -> BTreeMap<usize, Vec<Part>> {
        let mut out: BTreeMap<usize, Vec<Part>> = BTreeMap::new();
        for (at, (now, _)) in others {
            for part in now {
                out.entry(part.resource).or_default().push((*at, *part));
            }
            for part in &self.talks[*at as usize].0 {
                out.entry(part.resource).or_default();
            }
        }
        out
    }

    /// Resources of which a part of the capacity is gone.
    fn reduced(&self, struck: &Struck) -> Vec<usize> {
        let links = struck.links_left.iter().flat_map(|(link, _)| {
            [true, false].map(|forward| (ResourceKind::Link, *link, forward))
        });
        let nodes = struck.nodes_left.iter().flat_map(|(node, _)| {
            let kinds = ResourceKind::ALL
                .iter()
                .filter(|k| **k != ResourceKind::Link);
            kinds.map(|kind| (*kind, *node, true))
        });
        links
            .chain(nodes)
            .filter_map(|key| self.ledger.position(key))
            .collect()
    }

    /// What is left of a resource's capacity.
    pub(super) fn left_of(&self, resource: usize, struck: &Struck) -> f64 {
        let it = &self.ledger.resources[resource];
        let (kind, at, _) = it.key;
        let parts = match kind {
            ResourceKind::Link => &struck.links_left,
            // Translated ports belong to addresses, which the machines that are left have too.
            ResourceKind::NatPorts => return it.capacity,
            _ => &struck.nodes_left,
        };
        let left = parts.iter().filter(|(p, _)| *p == at).map(|(_, left)| left);
        it.capacity * left.product::<f64>()
    }

    /// What a failure loses.
    fn outage(&self, state: usize, struck: &Struck, others: &Others) -> Option<Outage> {
        let mut users: BTreeMap<&str, f64> = BTreeMap::new();
        let mut applications: BTreeMap<usize, Text> = BTreeMap::new();
        let mut rate = Hours::default();
        let mut parts: BTreeMap<(&str, &str), f64> = BTreeMap::new();
        // What comes through by another alternative is not lost.
        let mut less: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for (at, (_, now)) in others {
            let at = *at as usize;
            let (lost_by, lost) = less.entry(self.prepared.family(at).start).or_default();
            *lost += self.talks[at].1 - now;
            if self.talks[at].1 > 0.0 {
                *lost_by = at;
            }
        }
        for (at, lost) in less.into_values() {
            let talk = &self.prepared.talks[at];
            let lost = lost * talk.part;
            if lost <= NOISE {
                continue;
            }
            let demand = talk.about.demand;
            *parts
                .entry((demand.group.as_str(), demand.id.as_str()))
                .or_default() += lost * f64::from(talk.about.members);
            applications
                .entry(talk.application)
                .or_insert_with(|| talk.about.application.label.clone());
            let raw = talk.spending[0].traffic(super::conversation::Information::Raw);
            rate.add(&raw.up, lost);
            rate.add(&raw.down, lost);
        }
        for ((group, _), lost) in parts {
            let most = users.entry(group).or_default();
            *most = most.max(lost);
        }
        (!applications.is_empty()).then(|| Outage {
            state,
            failure: struck.failure.clone(),
            users: users.values().sum(),
            applications: applications.into_values().collect(),
            rate: BitRate::new(rate.busiest().1.max(0.0)),
        })
    }
}

impl Asked {
    fn note(&mut self, to: IpAddr, course: usize) {
        let courses = self.for_destination.entry(position(to)).or_default();
        if courses.last() != Some(&course) {
            courses.push(course);
        }
    }
}

/// Keeps the `most` gravest, in the order in which they were found; of equals the first.
pub(super) fn gravest(outages: &mut Vec<Outage>, most: usize) {
    let mut order: Vec<usize> = (0..outages.len()).collect();
    order.sort_by(|a, b| outages[*a].graver(&outages[*b]));
    order.truncate(most);
    let kept: BTreeSet<usize> = order.into_iter().collect();
    let mut at = 0..;
    outages.retain(|_| at.next().is_some_and(|i| kept.contains(&i)));
}

/// The worst that are fuller than `plain`, the worst first; equals in the order in which they were found.
fn keep(cases: &mut Vec<Case>, plain: &Case) {
    cases.retain(|c| c.utilisation().get() > plain.utilisation().get() * (1.0 + NOISE));
    cases.sort_by(|a, b| b.utilisation().get().total_cmp(&a.utilisation().get()));
    // Other days with everything up are few, and other limits hold for them: they are all kept.
    let mut failed = 0;
    cases.retain(|c| {
        failed += usize::from(c.circumstance.failure.is_some());
        c.circumstance.failure.is_none() || failed <= WORST
    });
}
