//! A state made ready to be loaded: every conversation resolved, every distinct course routed once.
//!
//! Goes in: a compiled state, its demands, and the days to look at. Comes out: [`Prepared`]: talks (a demand, or the
//! part of it that stays in the house, or that no longer leaves directly; one for each alternative where access tables name
//! several relays) with what they spend on each day, and the passage
//! of every course. Nothing can go wrong: an application that is not used this way, or a group that is not there, makes
//! no talk.

use super::Scope;
use super::amount::{On, Spending};
use super::blocked::About;
use super::cells::Borders;
use super::chain;
use super::choice;
use super::conversation::{Conversation, Course, Leg};
use super::ends::target_end;
use super::passage::Passage;
use super::spend::Gone;
use super::tables::{Relayed, Tables};
use crate::plane::Plane;
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::{Application, Demand};
use utsushi_model::finding::Packet;
use utsushi_model::migration::{Requirements, State};
use utsushi_model::network::Node;
use utsushi_model::policy::Name;

/// A demand, or a part of it, with everything that the state makes of it.
#[derive(Debug)]
pub(super) struct Talk<'a> {
    pub(super) about: About<'a>,
    /// Position of the application.
    pub(super) application: usize,
    /// The part of the demand.
    pub(super) part: f64,
    /// Which of how many alternatives it is: they stand one after the other as clients prefer them, and one of them
    /// comes about ([`super::choice`]).
    pub(super) alternative: (usize, usize),
    /// Whether the application is used this way: without a screen or on one. Else nothing of it comes about.
    pub(super) used: bool,
    pub(super) conversation: Conversation,
    /// For each leg the position of its course.
    pub(super) courses: Vec<usize>,
    /// What the whole demand spends, for each day.
    pub(super) spending: Vec<Spending>,
}

/// A state made ready.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    pub(super) plane: &'a Plane,
    pub(super) tables: Tables,
    pub(super) borders: Borders,
    pub(super) nodes: Vec<&'a Node>,
    pub(super) applications: Vec<&'a Application>,
    /// The days, first the one that rows are of.
    pub(super) days: Vec<DayType>,
    pub(super) talks: Vec<Talk<'a>>,
    pub(super) courses: Vec<Course>,
    /// What becomes of each course with everything up.
    pub(super) passages: Vec<Passage>,
}

impl<'a> Prepared<'a> {
    /// Resolves and routes.
    pub(super) fn new(
        plane: &'a Plane,
        state: &State,
        requirements: &'a Requirements,
        demands: &[&'a Demand],
        scope: Scope<'_>,
    ) -> Self {
        let tables = Tables::new(plane);
        let borders = Borders::new(plane, &tables);
        let others = scope.days.iter().copied().filter(|d| *d != scope.day);
        let days: Vec<DayType> = std::iter::once(scope.day).chain(others).collect();
        let make = Make {
            plane,
            tables: &tables,
            state,
            requirements,
            days: &days,
            scope,
        };
        let mut talks: Vec<Talk<'a>> = demands
            .par_iter()
            .flat_map_iter(|demand| make.talks(demand))
            .collect();
        let courses = number(&mut talks);
        let passages = courses
            .par_iter()
            .map(|course| Passage::of(plane, &borders, course))
            .collect();
        Self {
            plane,
            nodes: plane.network.nodes.iter().collect(),
            applications: requirements.applications.iter().collect(),
            tables,
            borders,
            days,
            talks,
            courses,
            passages,
        }
    }

    /// The alternatives that a talk is one of.
    pub(super) fn family(&self, at: usize) -> Range<usize> {
        let (nth, all) = self.talks[at].alternative;
        at - nth..at - nth + all
    }

    /// Which of the alternatives comes about where something is gone, by what becomes of each course then.
    pub(super) fn chosen<'s>(
        &'s self,
        family: Range<usize>,
        passage: impl Fn(usize) -> &'s Passage,
        gone: Gone<'_>,
    ) -> usize {
        let talks = &self.talks[family.clone()];
        let ways: Vec<&Conversation> = talks.iter().map(|t| &t.conversation).collect();
        let answers = |way: usize, leg: usize| {
            let talk = &talks[way];
            let there = !gone.takes(&talk.conversation.legs[leg]);
            there && passage(talk.courses[leg]).delivered > 0.0
        };
        family.start + choice::chosen(&ways, &answers)
    }

    /// Whether a talk comes about with everything up.
    pub(super) fn is_active(&self, at: usize) -> bool {
        self.chosen(self.family(at), |c| &self.passages[c], Gone::NONE) == at
    }

    /// The talks that come about with everything up.
    pub(super) fn active(&self) -> impl Iterator<Item = &Talk<'a>> {
        let talks = self.talks.iter().enumerate();
        talks
            .filter(|(at, _)| self.is_active(*at))
            .map(|(_, talk)| talk)
    }

    /// The first packet whose session the relay at the end of a leg does not carry on, with the share of
    /// senders of such packets.
    pub(super) fn unrelayed(
        &self,
        leg: &Leg,
        passage: &Passage,
        talk: &Talk<'_>,
    ) -> Option<(Packet, f64, Relayed)> {
        let asks = talk.conversation.asks?;
        let node = self.nodes[leg.relay?];
        let ports = self.borders.ports(&talk.about.application.service);
        let mut first: Option<(Packet, f64, Relayed)> = None;
        let mut counted = None;
        for arrival in &passage.arrived {
            let no = ports.iter().find_map(|port| {
                let asked = Packet {
                    src: arrival.seen.src,
                    dst_port: *port,
                    ..asks
                };
                Some(self.tables.relayed(node, &asked)).filter(|r| *r != Relayed::Yes)
            });
            let Some(no) = no else { continue };
            let (_, share, _) = first.get_or_insert((arrival.sent, 0.0, no));
            // Arrivals of one part of the senders follow one another.
            if counted.replace(arrival.senders.0) != Some(arrival.senders.0) {
                *share += arrival.senders.1;
            }
        }
        first
    }
}

/// Gives every distinct course a number, in the order in which they are first used.
fn number(talks: &mut [Talk<'_>]) -> Vec<Course> {
    let mut known: HashMap<Course, usize> = HashMap::new();
    let mut courses = Vec::new();
    for talk in talks {
        for leg in &talk.conversation.legs {
            let at = *known.entry(leg.course.clone()).or_insert_with(|| {
                courses.push(leg.course.clone());
                courses.len() - 1
            });
            talk.courses.push(at);
        }
    }
    courses
}

/// What talks are made from.
struct Make<'m, 'a> {
    plane: &'a Plane,
    tables: &'m Tables,
    state: &'m State,
    requirements: &'a Requirements,
    days: &'m [DayType],
    scope: Scope<'m>,
}

impl<'a> Make<'_, 'a> {
    /// What a state makes of a demand: nothing where nothing is used (the application is not used this way, the group
    /// has no members or is not there; whether it should be is checked with the scenario).
    fn talks(&self, demand: &'a Demand) -> Vec<Talk<'a>> {
        let stays = demand.nearby.as_ref();
        let stays = stays.filter(|n| target_end(self.plane, &n.to).is_some());
        let parts = match stays {
            Some(nearby) => vec![
                (&nearby.to, nearby.share.get()),
                (&demand.to, 1.0 - nearby.share.get()),
            ],
            None => vec![(&demand.to, 1.0)],
        };
        let used = parts.into_iter().filter(|(_, part)| *part > 0.0);
        used.flat_map(|part| self.ways(demand, part)).collect()
    }

    /// One talk; two where a part of what breaks out is brought back.
    fn ways(&self, demand: &'a Demand, (to, part): (&'a Name, f64)) -> Vec<Talk<'a>> {
        let Some(application) = self.requirements.applications.get(&demand.application) else {
            return Vec::new();
        };
        let whole = (demand, to);
        let resolved = chain::resolve(self.plane, self.tables, whole, application);
        let kept = self.scope.breakout.map(|kept| kept.get());
        let back = kept.filter(|kept| *kept < 1.0).and_then(|kept| {
            let back = chain::brought_back(self.plane, self.tables, whole, application)?;
            Some((kept, back))
        });
        let ways = match back {
            Some((kept, back)) => vec![(resolved, part * kept), (back, part * (1.0 - kept))],
            None => vec![(resolved, part)],
        };
        let used = ways.into_iter().filter(|(_, part)| *part > 0.0);
        used.filter_map(|way| self.alternatives((demand, to), application, way))
            .flatten()
            .collect()
    }

    /// One talk for each alternative; none where the application is used by none of them.
    fn alternatives(
        &self,
        whole: (&'a Demand, &'a Name),
        application: &'a Application,
        (conversations, part): (Vec<Conversation>, f64),
    ) -> Option<Vec<Talk<'a>>> {
        let all = conversations.len();
        let spent = conversations
            .iter()
            .map(|way| self.spending(whole.0, application, way));
        let spent: Vec<Option<Vec<Spending>>> = spent.collect();
        if spent.iter().all(Option::is_none) {
            return None;
        }
        let ways = conversations.into_iter().zip(spent).enumerate();
        let nothing = || vec![Spending::default(); self.days.len()];
        ways.map(|(nth, (way, spent))| {
            let used = spent.is_some();
            let spent = spent.unwrap_or_else(nothing);
            let talk = self.talk(whole, application, (way, part, (nth, all), spent))?;
            Some(Talk { used, ..talk })
        })
        .collect()
    }

    /// What a demand spends on each day; `None` where the application is not used this way.
    fn spending(
        &self,
        demand: &Demand,
        application: &Application,
        conversation: &Conversation,
    ) -> Option<Vec<Spending>> {
        let group = self.plane.network.groups.get(&demand.group)?;
        let screen = conversation.has_screen();
        let date = self.state.date;
        let when = (self.requirements.since.unwrap_or(date), date);
        let days = self.days.iter().map(|day| {
            let on = On::new(application, when, *day, self.scope.years);
            Spending::of(demand, application, group, (screen, on))
        });
        days.collect()
    }

    fn talk(
        &self,
        (demand, to): (&'a Demand, &'a Name),
        application: &'a Application,
        (conversation, part, alternative, spending): (
            Conversation,
            f64,
            (usize, usize),
            Vec<Spending>,
        ),
    ) -> Option<Talk<'a>> {
        let applications = &self.requirements.applications;
        let group = self.plane.network.groups.get(&demand.group)?;
        Some(Talk {
            about: About {
                demand,
                application,
                to,
                members: group.count,
                state: self.state.index,
            },
            application: applications.position(&demand.application)?,
            part,
            alternative,
            used: true,
            courses: Vec::with_capacity(conversation.legs.len()),
            conversation,
            spending,
        })
    }
}
