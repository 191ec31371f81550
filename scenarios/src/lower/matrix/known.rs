//! What a matrix may name: host groups, destinations and applications, and who holds an address.
//!
//! Goes in: what was gathered of a scenario; what steps add counts too. Comes out: names, the uses of
//! applications, and for an address the one group or destination that holds it. What can go wrong: nobody holds an
//! address, or several do.

use crate::lower::Gathered;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use utsushi_model::address::AddressRange;
use utsushi_model::change::{Item, Verb};
use utsushi_model::demand::{Application, Curve};
use utsushi_model::network::{HostGroup, Node, Segment, System};
use utsushi_model::units::Sessions;

/// The names a matrix may use: today's and those that steps add.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Host groups.
    pub(super) groups: BTreeSet<String>,
    /// Systems, segments and nodes.
    pub(super) targets: BTreeSet<String>,
    /// Applications.
    pub(super) applications: BTreeMap<String, Spent>,
    held_by_group: Vec<Held>,
    held_by_target: Vec<Held>,
    /// The networks of segments.
    segments: BTreeMap<String, Vec<AddressRange>>,
    outside: Vec<String>,
}

/// How use of an application runs through the day.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    /// Share of the busiest hour in each hour.
    pub(super) curve: Curve,
    /// Sessions of one user of the group in the busiest hour, where the application says it.
    pub(super) sessions: Sessions,
}

/// Addresses with the name of their holder; of several holders the one with the highest rank counts.
#[derive(Debug)]
struct Held {
    name: String,
    ranges: Vec<AddressRange>,
    /// The segment that is held as a whole.
    segment: Option<String>,
    rank: u8,
}

/// Who holds an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Holder<'k> {
    /// Nobody.
    Nobody,
    /// One of this name.
    One(&'k str),
    /// Several, equally well.
    Several(Vec<&'k str>),
}

/// A segment that holds an address through its prefix; longer prefixes rank higher.
const SEGMENT: u8 = 0;
/// A holder of a whole segment.
const WHOLE: u8 = 200;
/// A node that stands at the address.
const NODE: u8 = 210;
/// A holder of the very address.
const OWN: u8 = 220;

impl Known {
    /// What was gathered.
    pub(crate) fn of(gathered: &Gathered) -> Self {
        let mut known = Self::default();
        let net = &gathered.network;
        net.segments.iter().for_each(|s| known.segment(s));
        net.groups.iter().for_each(|g| known.group(g));
        net.systems.iter().for_each(|s| known.system(s));
        net.nodes.iter().for_each(|n| known.node(n));
        for change in gathered.steps.iter().flat_map(|step| &step.changes) {
            match &change.verb {
                Verb::Add(Item::Group(group)) => known.group(group),
                Verb::Add(Item::System(system)) => known.system(system),
                Verb::Add(Item::Segment(segment)) => known.segment(segment),
                Verb::Add(Item::Node(node)) => known.node(node),
                _ => {}
            }
        }
        for application in gathered.requirements.applications.iter() {
            let name = application.id.to_string();
            known.applications.insert(name, Spent::of(application));
        }
        known
    }

    fn segment(&mut self, segment: &Segment) {
        let name = segment.id.to_string();
        let ranges: Vec<AddressRange> = segment.prefixes.iter().map(AddressRange::prefix).collect();
        for (prefix, range) in segment.prefixes.iter().zip(&ranges) {
            self.held_by_target.push(Held {
                name: name.clone(),
                ranges: vec![*range],
                segment: None,
                rank: SEGMENT + prefix.prefix_len(),
            });
        }
        if segment.external {
            self.outside.push(name.clone());
        }
        self.segments.insert(name.clone(), ranges);
        self.targets.insert(name);
    }

    fn group(&mut self, group: &HostGroup) {
        let whole = group.addresses.is_empty();
        self.held_by_group.push(Held {
            name: group.id.to_string(),
            ranges: group.addresses.clone(),
            segment: whole.then(|| group.segment.to_string()),
            rank: if whole { WHOLE } else { OWN },
        });
        self.groups.insert(group.id.to_string());
    }

    fn system(&mut self, system: &System) {
        self.held_by_target.push(Held {
            name: system.id.to_string(),
            ranges: system.addresses.clone(),
            segment: None,
            rank: OWN,
        });
        self.targets.insert(system.id.to_string());
    }

    fn node(&mut self, node: &Node) {
        if let Some(endpoint) = &node.endpoint {
            self.held_by_target.push(Held {
                name: node.id.to_string(),
                ranges: endpoint.addresses.clone(),
                segment: None,
                rank: NODE,
            });
        }
        self.targets.insert(node.id.to_string());
    }

    /// The host group that holds an address: by its own addresses, else by its whole segment.
    pub(super) fn group_at(&self, address: IpAddr) -> Holder<'_> {
        self.holder(&self.held_by_group, address)
    }

    /// The destination that holds an address: a system, else a node, else the segment with the longest prefix,
    /// else what is outside.
    pub(super) fn target_at(&self, address: IpAddr) -> Holder<'_> {
        match self.holder(&self.held_by_target, address) {
            Holder::Nobody => one(self.outside.iter().map(String::as_str).collect()),
            holder => holder,
        }
    }

    fn holder<'k>(&'k self, held: &'k [Held], address: IpAddr) -> Holder<'k> {
        let holds = |held: &Held| {
            let segment = held.segment.as_ref().and_then(|s| self.segments.get(s));
            let ranges = held.ranges.iter().chain(segment.into_iter().flatten());
            ranges.into_iter().any(|range| range.contains(address))
        };
        let all: Vec<&Held> = held.iter().filter(|held| holds(held)).collect();
        let best = all.iter().map(|held| held.rank).max();
        let best = all.iter().filter(|held| Some(held.rank) == best);
        one(best.map(|held| held.name.as_str()).collect())
    }
}

fn one(mut names: Vec<&str>) -> Holder<'_> {
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => Holder::Nobody,
        [only] => Holder::One(only),
        _ => Holder::Several(names),
    }
}

impl Spent {
    fn of(application: &Application) -> Self {
        let direct = application.direct.as_ref();
        let sessions = direct.map_or(0.0, |u| u.active.get() * u.sessions);
        Self {
            curve: application.curve.clone(),
            sessions: Sessions::new(sessions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(name: &str, range: &str, rank: u8) -> Held {
        Held {
            name: name.to_owned(),
            ranges: vec![range.parse().unwrap()],
            segment: None,
            rank,
        }
    }

    #[test]
    fn the_closest_holder_of_an_address_is_found() {
        let known = Known {
            held_by_target: vec![
                held("all", "10.0.0.0/8", 8),
                held("a", "10.1.0.0/16", 16),
                held("b", "10.1.0.0/16", 16),
                held("c", "10.2.0.0/16", 16),
                held("c-db", "10.2.0.9", OWN),
            ],
            outside: vec!["world".to_owned()],
            ..Known::default()
        };
        let at = |text: &str| known.target_at(text.parse().unwrap());
        assert_eq!(at("10.9.0.1"), Holder::One("all"));
        assert_eq!(at("10.1.0.1"), Holder::Several(vec!["a", "b"]));
        assert_eq!(at("10.2.0.8"), Holder::One("c"));
        assert_eq!(at("10.2.0.9"), Holder::One("c-db"));
        assert_eq!(at("192.0.2.1"), Holder::One("world"));
        assert_eq!(known.group_at("10.2.0.9".parse().unwrap()), Holder::Nobody);
    }
}
