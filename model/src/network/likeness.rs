//! What two networks do not have alike, wherever it was written.
//!
//! Goes in: two networks. Comes out: the things whose place in the network, addresses, rules, routes, access
//! tables or settings that decide what gets over differ. Labels, notes, evidence, measures on hosts, capacities and
//! numbers of hosts do not count, except for whether there are any. Lists in which order says nothing are compared
//! sorted. Nothing can go wrong.

use super::{Gateway, HostGroup, Link, Network, Node, NodeKind, Segment, System};
use crate::access::AccessTable;
use crate::address::AddressRange;
use crate::change::Kind;
use crate::id::{Named, Table};
use crate::place::Place;
use crate::policy::{FilterRule, Name, NatRule, PolicyRoute};
use std::sync::Arc;

impl Network {
    /// Kind and name of everything that another network lacks, has beside, or has otherwise.
    #[must_use]
    pub fn unlike(&self, other: &Self) -> Vec<(Kind, Name)> {
        let mut out = Vec::new();
        differing(&mut out, Kind::Zone, &self.zones, &other.zones, |a, b| {
            a.role == b.role
        });
        let alike = segments;
        differing(
            &mut out,
            Kind::Segment,
            &self.segments,
            &other.segments,
            alike,
        );
        differing(&mut out, Kind::Link, &self.links, &other.links, links);
        differing(
            &mut out,
            Kind::Node,
            &self.nodes,
            &other.nodes,
            Node::is_like,
        );
        differing(&mut out, Kind::Group, &self.groups, &other.groups, groups);
        differing(
            &mut out,
            Kind::System,
            &self.systems,
            &other.systems,
            systems,
        );
        differing(
            &mut out,
            Kind::Object,
            &self.objects,
            &other.objects,
            |a, b| a.addresses == b.addresses,
        );
        differing(
            &mut out,
            Kind::Service,
            &self.services,
            &other.services,
            |a, b| a.services == b.services,
        );
        let alike = |a: &AccessTable, b: &AccessTable| entries(a) == entries(b);
        differing(&mut out, Kind::Access, &self.access, &other.access, alike);
        differing(
            &mut out,
            Kind::Reference,
            &self.references,
            &other.references,
            |a, b| a.address == b.address,
        );
        out
    }
}

fn differing<T: Named>(
    out: &mut Vec<(Kind, Name)>,
    kind: Kind,
    one: &Table<T>,
    other: &Table<T>,
    alike: impl Fn(&T, &T) -> bool,
) {
    let name = |thing: &T| (kind, Arc::from(thing.id().as_str()));
    let kept = |thing: &&T| other.get(thing.id()).is_some_and(|o| alike(thing, o));
    out.extend(one.iter().filter(|t| !kept(t)).map(name));
    out.extend(other.iter().filter(|t| !one.contains(t.id())).map(name));
}

fn entries(table: &AccessTable) -> Vec<crate::access::AccessEntry> {
    let mut entries = table.entries.clone();
    for entry in &mut entries {
        entry.place = Place::nowhere();
    }
    entries
}

/// A list in an order of its own.
fn sorted<T: Clone + Ord>(list: &[T]) -> Vec<T> {
    let mut list = list.to_vec();
    list.sort();
    list
}

fn addresses(ranges: &[AddressRange]) -> Vec<AddressRange> {
    crate::resolve::merged(ranges.to_vec())
}

fn gateways(segment: &Segment) -> Vec<Gateway> {
    let mut list = segment.gateways.clone();
    list.sort_by(|a, b| (&a.node, &a.vrf, &a.interface).cmp(&(&b.node, &b.vrf, &b.interface)));
    list
}

fn segments(a: &Segment, b: &Segment) -> bool {
    (&a.zone, a.vlan, a.external, a.reused) == (&b.zone, b.vlan, b.external, b.reused)
        && sorted(&a.prefixes) == sorted(&b.prefixes)
        && gateways(a) == gateways(b)
}

fn links(a: &Link, b: &Link) -> bool {
    (&a.a, &a.b, &a.lanes, a.cost) == (&b.a, &b.b, &b.lanes, b.cost)
}

fn groups(a: &HostGroup, b: &HostGroup) -> bool {
    (&a.segment, &a.zone, &a.access, &a.also, a.class)
        == (&b.segment, &b.zone, &b.access, &b.also, b.class)
        && (a.count == 0) == (b.count == 0)
        && addresses(&a.addresses) == addresses(&b.addresses)
}

fn systems(a: &System, b: &System) -> bool {
    (&a.segment, &a.services, &a.also, a.function) == (&b.segment, &b.services, &b.also, b.function)
        && a.lgwan_dependent == b.lgwan_dependent
        && a.resident_information == b.resident_information
        && addresses(&a.addresses) == addresses(&b.addresses)
}

/// A node without the places where its parts are written; routes in an order of their own.
fn bare(node: &Node) -> Node {
    let mut node = node.clone();
    let rule = |rule: &mut FilterRule| {
        rule.place = Place::nowhere();
        rule.note = None;
    };
    if let NodeKind::Proxy(proxy) = &mut node.kind {
        proxy.rules.iter_mut().for_each(rule);
    }
    let forwarding = &mut node.forwarding;
    for filter in &mut forwarding.filters {
        filter.place = Place::nowhere();
        filter.rules.iter_mut().for_each(rule);
        for chain in &mut filter.chains {
            chain.place = Place::nowhere();
            chain.rules.iter_mut().for_each(rule);
        }
    }
    for nat in &mut forwarding.nat {
        nat.place = Place::nowhere();
    }
    for policy in &mut forwarding.policies {
        policy.place = Place::nowhere();
    }
    for route in &mut forwarding.statics {
        route.place = Place::nowhere();
    }
    for route in &mut forwarding.statics {
        route.via.sort();
    }
    let key = |r: &crate::policy::StaticRoute| (r.vrf.clone(), r.prefix);
    forwarding.statics.sort_by_key(key);
    node
}

impl Node {
    /// Whether another node is configured alike, wherever that is written; capacities do not count.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let (a, b) = (bare(self), bare(other));
        let (f, g) = (&a.forwarding, &b.forwarding);
        let kinds = match (&a.kind, &b.kind) {
            (NodeKind::Proxy(p), NodeKind::Proxy(q)) => p.rules == q.rules,
            (NodeKind::ScreenRelay(p), NodeKind::ScreenRelay(q)) => {
                p.clipboard == q.clipboard && p.publishes == q.publishes
            }
            (NodeKind::Sanitiser(p), NodeKind::Sanitiser(q)) => p.passes == q.passes,
            (NodeKind::MailRelay(p), NodeKind::MailRelay(q)) => p.sanitises == q.sanitises,
            (x, y) => x.word() == y.word(),
        };
        kinds
            && a.endpoint == b.endpoint
            && f.computed == g.computed
            && f.statics == g.statics
            && f.policies == g.policies
            && f.originates == g.originates
            && f.filters == g.filters
            && f.nat == g.nat
            && f.zones == g.zones
    }

    /// Names and places of the filter rules, a proxy's own among them, translations and policy routes that one
    /// of two nodes lacks or has otherwise; the place is the other's where it has one of the name.
    #[must_use]
    pub fn rules_unlike(&self, other: &Self) -> Vec<(Name, Place)> {
        let bare = [bare(self), bare(other)];
        let (mine, theirs) = (lines(&bare[0]), lines(&bare[1]));
        let mut out: Vec<(Name, Place)> = Vec::new();
        for (line, written) in theirs.iter().zip(lines(other)) {
            if !mine.contains(line) {
                out.push((Name::clone(line.name()), written.place().clone()));
            }
        }
        for (line, written) in mine.iter().zip(lines(self)) {
            if !theirs.iter().any(|l| l.name() == line.name()) {
                out.push((Name::clone(line.name()), written.place().clone()));
            }
        }
        out
    }
}

/// A line of one of a node's lists.
#[derive(PartialEq)]
enum Line<'n> {
    Rule(&'n FilterRule),
    Nat(&'n NatRule),
    Policy(&'n PolicyRoute),
}

impl Line<'_> {
    fn name(&self) -> &Name {
        match self {
            Self::Rule(rule) => &rule.name,
            Self::Nat(rule) => &rule.name,
            Self::Policy(route) => &route.name,
        }
    }

    fn place(&self) -> &Place {
        match self {
            Self::Rule(rule) => &rule.place,
            Self::Nat(rule) => &rule.place,
            Self::Policy(route) => &route.place,
        }
    }
}

/// Every line of a node's lists.
fn lines(node: &Node) -> Vec<Line<'_>> {
    let own = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    let forwarding = &node.forwarding;
    let filters = forwarding.filters.iter();
    let rules = filters.flat_map(|f| f.all_rules()).chain(own);
    let nat = forwarding.nat.iter().map(Line::Nat);
    let policies = forwarding.policies.iter().map(Line::Policy);
    rules.map(Line::Rule).chain(nat).chain(policies).collect()
}
