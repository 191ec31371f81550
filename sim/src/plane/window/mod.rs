//! All states of a step at once: one plane in which everything carries the states it is there in.
//!
//! Goes in: the network before a step, its changes and their schedule. Comes out: a [`Window`]: a plane
//! that holds whatever is there in any state of the step, and for rules, translations, routes,
//! interfaces and names the states in which they are there. [`Sets`](super::sets::Sets) over a window are
//! sets of points, each a packet *in a state*, so one walk ([`super::flow`]) follows every packet in every
//! state. What can go wrong: more parts than may be looked at ([`MOST_WINDOWS`]).
//!
//! States are places on [axes](crate::space::Space::axis): units that wait for one another make a chain,
//! and how many of a chain are done is one number. What a name means, who sits where, which rules stand in
//! a list is decided state by state within one window. Lines and forwarding nodes are not: where a step
//! changes them it has a window for each way in which they can stand.
//!
//! Modules in reading order: [`region`] (parts of the states), [`axes`] (schedules as axes), [`versions`]
//! (what things are in which states), [`lists`] (rules in lists), then what sets mean over
//! a window: [`names`], [`ways`].

pub mod axes;
mod lists;
mod names;
pub mod region;
mod versions;
mod ways;
mod who;

use super::condition::Condition;
use super::{Plane, PortIx};
use axes::Axes;
use lists::Lists;
use region::{Region, When};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use utsushi_model::change::{Item, Kind, Verb};
use utsushi_model::date::Date;
use utsushi_model::migration::{Schedule, Step};
use utsushi_model::network::{Gateway, Network, SegmentId};
use utsushi_model::policy::{
    AddressTerm, Addresses, Filter, FilterRule, Name, ServiceTerm, Services, Translation,
};
use versions::Versions;

pub use names::Meaning;
pub(super) use ways::Ways;
pub use who::Who;

/// Windows of one step beyond which it is not looked at.
pub const MOST_WINDOWS: usize = 2_048;

/// What a rule, translation or policy route matches, where that differs between states.
#[derive(Debug, Clone, Default)]
pub struct Lifted {
    /// The states in which it stands in its list.
    pub(super) when: When,
    pub(super) source: Option<Addresses>,
    pub(super) destination: Option<Addresses>,
    pub(super) service: Option<Services>,
}

/// A part of the states of a step, compiled.
#[derive(Debug)]
pub struct Window {
    /// Everything that is there in any of the states.
    pub plane: Plane,
    /// The axes of the step, and how far each reaches in this window.
    pub axes: Axes,
    /// The part of the states that this window is for.
    pub bounds: Region,
    versions: Versions,
    pub(super) conditions: Vec<Lifted>,
    pub(super) present: HashMap<PortIx, When>,
    pub(super) ways: Ways,
    /// Whether which addresses a segment has differs between states.
    pub(super) moving: bool,
}

impl Window {
    /// All windows of a step: together they hold every state that the schedule allows.
    ///
    /// `None`: there would be more than [`MOST_WINDOWS`].
    #[must_use]
    pub fn all(before: &Network, step: &Step, schedule: &Schedule) -> Option<Vec<Self>> {
        let axes = Axes::of(schedule);
        let mut hard: HashSet<usize> = HashSet::new();
        for (unit, changes) in schedule.units.iter().enumerate() {
            if changes
                .iter()
                .any(|c| is_hard(&step.changes[*c].verb, before))
            {
                hard.insert(unit);
            }
        }
        loop {
            let parts = axes.parts(&hard, MOST_WINDOWS)?;
            let built: Result<Vec<Self>, usize> = parts
                .into_iter()
                .map(|bounds| Self::build(before, step, schedule, &axes, bounds))
                .collect();
            match built {
                Ok(windows) => return Some(windows),
                // What this unit changes is looked at apart too.
                Err(unit) => hard.insert(unit),
            };
        }
    }

    /// One window; or a unit that must be looked at apart.
    fn build(
        before: &Network,
        step: &Step,
        schedule: &Schedule,
        axes: &Axes,
        bounds: Region,
    ) -> Result<Self, usize> {
        let mut versions = Versions::new(before);
        let mut lists = Lists::default();
        for (unit, changes) in schedule.units.iter().enumerate() {
            let done = axes.done(unit, &bounds);
            for change in changes.iter().map(|c| &step.changes[*c]) {
                if let Some(region) = &done {
                    lists.note(&change.verb, region);
                    versions.apply(change, region);
                }
            }
        }
        let names = versions.varying();
        let day = step.date;
        let (network, listed) = lists.united(versions.united(), day);
        let (network, gateways) = versions.gateways(network);
        let free = |unit| axes.done(unit, &bounds).is_some_and(|r| !r.is_empty());
        if let Some(unit) = crossed(&network, &names, &versions, (step, schedule), free) {
            return Err(unit);
        }
        let mut window = Self {
            ways: Ways::default(),
            plane: Plane::compile(Arc::new(network), day),
            axes: axes.clone(),
            bounds,
            conditions: Vec::new(),
            present: HashMap::new(),
            moving: versions.moving(),
            versions,
        };
        window.mark(&listed, &names, day);
        window.admit(&gateways);
        window.ways = Ways::of(&window.plane, &window.versions, &gateways, &listed);
        Ok(window)
    }

    /// Ties conditions to the states their rules stand in and to names that change their meaning.
    fn mark(&mut self, listed: &lists::Listed, names: &HashSet<Name>, day: Date) {
        let Self {
            plane,
            conditions,
            versions,
            ..
        } = self;
        let network = Arc::clone(&plane.network);
        let mut filter = 0;
        let filters = Arc::make_mut(&mut plane.filters);
        for node in Arc::make_mut(&mut plane.nodes) {
            let Some(written) = network.nodes.get(&node.id) else {
                continue;
            };
            let f = &written.forwarding;
            let here = listed.of(&node.id);
            let mut lift = |condition: &mut Condition,
                            when: Option<&When>,
                            (source, destination, service): (&Addresses, &Addresses, &Services)| {
                let when = when.cloned().unwrap_or_else(region::always);
                let vary = |set: &Addresses| versions.addresses_vary(set, names).then(|| set.clone());
                let lifted = Lifted {
                    source: vary(source),
                    destination: vary(destination),
                    service: versions.services_vary(service).then(|| service.clone()),
                    when,
                };
                let same = lifted.source.is_none()
                    && lifted.destination.is_none()
                    && lifted.service.is_none()
                    && region::is_always(&lifted.when);
                if !same {
                    condition.lifted = Some(conditions.len());
                    conditions.push(lifted);
                }
            };
            for (l, list) in f.filters.iter().enumerate() {
                let compiled = &mut filters[filter];
                filter += 1;
                let known = |r: &&FilterRule| {
                    chain_is_there(list, r) && r.enabled && r.schedule.active(day)
                };
                let when = here.and_then(|h| h.filters.get(l));
                for (r, rule) in list.rules.iter().filter(known).enumerate() {
                    let parts = (&rule.source, &rule.destination, &rule.service);
                    lift(
                        &mut compiled.rules[r].condition,
                        when.and_then(|w| w.own.get(r)),
                        parts,
                    );
                }
                for (c, (chain, steps)) in list.chains.iter().zip(&mut compiled.chains).enumerate()
                {
                    let when = when.and_then(|w| w.chains.get(c));
                    for (r, rule) in chain.rules.iter().filter(known).enumerate() {
                        let parts = (&rule.source, &rule.destination, &rule.service);
                        lift(&mut steps[r].condition, when.and_then(|w| w.get(r)), parts);
                    }
                }
            }
            let (mut to, mut from) = (0, 0);
            for (r, rule) in f.nat.iter().enumerate() {
                let when = here.and_then(|h| h.nat.get(r));
                let parts = (&rule.source, &rule.destination, &rule.service);
                let (arriving, leaving) = match rule.translation {
                    Translation::Source(_) => (false, true),
                    Translation::Destination(..) => (true, false),
                    Translation::None => (true, true),
                };
                if arriving {
                    lift(&mut node.destination_nat[to].condition, when, parts);
                    to += 1;
                }
                if leaving {
                    lift(&mut node.source_nat[from].condition, when, parts);
                    from += 1;
                }
            }
            for (r, rule) in f.policies.iter().enumerate() {
                let when = here.and_then(|h| h.policies.get(r));
                let parts = (&rule.source, &rule.destination, &rule.service);
                lift(&mut node.policies[r].condition, when, parts);
            }
        }
    }

    /// Notes the interfaces that are there in some states only.
    fn admit(&mut self, gateways: &HashMap<(SegmentId, usize), When>) {
        // CORRECTNESS: the plane makes the interfaces of segments first, gateway by gateway in order.
        let mut port = 0;
        for segment in self.plane.network.segments.iter() {
            for at in 0..segment.gateways.len() {
                if !self.has_node(&segment.gateways[at]) {
                    continue;
                }
                if let Some(when) = gateways.get(&(segment.id.clone(), at)) {
                    self.present.insert(PortIx(port), when.clone());
                }
                port += 1;
            }
        }
    }

    fn has_node(&self, gateway: &Gateway) -> bool {
        let node = self.plane.network.nodes.get(&gateway.node);
        node.is_some_and(|n| !n.kind.is_relay())
    }

    /// Whether anything in it cannot be judged offline in some state, so that sets have two bounds.
    #[must_use]
    pub fn has_undecided(&self) -> bool {
        self.plane.has_undecided() || self.versions.undecided()
    }
}

/// Whether a rule is compiled: one that asks a chain which is not there is left out.
fn chain_is_there(list: &Filter, rule: &FilterRule) -> bool {
    let asked = rule.action.chain();
    asked.is_none_or(|name| list.chains.iter().any(|c| c.name == *name))
}

/// Whether a change makes another frame of lines and forwarding nodes.
fn is_hard(verb: &Verb, before: &Network) -> bool {
    match verb {
        Verb::Add(Item::Link(_)) | Verb::Replace(Item::Link(_)) | Verb::SetLanes(..) => true,
        Verb::Add(Item::Node(node)) | Verb::Replace(Item::Node(node)) => {
            let old = before.nodes.get(&node.id);
            !node.kind.is_relay() || old.is_some_and(|n| !n.kind.is_relay())
        }
        Verb::Remove(Kind::Link, _) => true,
        Verb::Remove(Kind::Node, name) => {
            let old = before
                .nodes
                .get(&utsushi_model::id::Id::new(Arc::clone(name)));
            old.is_none_or(|n| !n.kind.is_relay())
        }
        Verb::AddGateway(segment, gateway) => gateway.standby || stands_by(before, segment),
        Verb::RemoveGateway(segment, _) => stands_by(before, segment),
        Verb::Replace(Item::Segment(segment)) => {
            segment.gateways.iter().any(|g| g.standby) || stands_by(before, &segment.id)
        }
        _ => false,
    }
}

/// Whether which of a segment's gateways works may hang on which others are there.
fn stands_by(before: &Network, segment: &SegmentId) -> bool {
    let known = before.segments.get(segment);
    known.is_none_or(|s| s.gateways.iter().any(|g| g.standby))
}

/// A unit that gives another meaning to the destination of a destination translation: how such a rule
/// translates hangs on that. `free` are the units that are done in some of the states only.
fn crossed(
    network: &Network,
    names: &HashSet<Name>,
    versions: &Versions,
    (step, schedule): (&Step, &Schedule),
    free: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut rules = network.nodes.iter().flat_map(|n| &n.forwarding.nat);
    rules.find(|r| {
        matches!(r.translation, Translation::Destination(..))
            && versions.addresses_vary(&r.destination, names)
    })?;
    // Any unit that changes what a name means; the next round finds out whether another is left.
    let mut units = schedule.units.iter().enumerate();
    let unit = units.find(|(unit, changes)| {
        free(*unit)
            && changes
                .iter()
                .any(|c| versions::renames(&step.changes[*c].verb))
    });
    unit.map(|(unit, _)| unit)
}

/// Whether a term names something.
pub(super) fn named(term: &AddressTerm) -> Option<&Name> {
    match term {
        AddressTerm::Named(name) => Some(name),
        AddressTerm::Any | AddressTerm::Range(_) | AddressTerm::HostName(_) => None,
    }
}

/// Whether a term names a service object.
pub(super) fn named_service(term: &ServiceTerm) -> Option<&Name> {
    match term {
        ServiceTerm::Named(name) => Some(name),
        ServiceTerm::Service(_) | ServiceTerm::Application(_) => None,
    }
}
