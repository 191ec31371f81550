//! What two networks do not have alike, wherever it was written.
//!
//! Goes in: two networks. Comes out: the things whose place in the network, addresses, rules or routes
//! differ. Labels, notes, capacities and attested settings do not count. Nothing can go wrong.

use super::{HostGroup, Link, Network, Node, NodeKind, Segment, System};
use crate::change::Kind;
use crate::id::{Named, Table};
use crate::place::Place;
use crate::policy::{FilterRule, Name};
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
        differing(&mut out, Kind::Node, &self.nodes, &other.nodes, nodes);
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

fn segments(a: &Segment, b: &Segment) -> bool {
    (&a.zone, a.vlan, &a.prefixes, &a.gateways, a.external)
        == (&b.zone, b.vlan, &b.prefixes, &b.gateways, b.external)
}

fn links(a: &Link, b: &Link) -> bool {
    (&a.a, &a.b, &a.lanes, a.cost) == (&b.a, &b.b, &b.lanes, b.cost)
}

fn groups(a: &HostGroup, b: &HostGroup) -> bool {
    (&a.segment, &a.addresses, &a.zone, &a.access, &a.also)
        == (&b.segment, &b.addresses, &b.zone, &b.access, &b.also)
}

fn systems(a: &System, b: &System) -> bool {
    (&a.segment, &a.addresses, &a.services, &a.also)
        == (&b.segment, &b.addresses, &b.services, &b.also)
}

fn nodes(a: &Node, b: &Node) -> bool {
    let (a, b) = (bare(a), bare(b));
    let (f, g) = (&a.forwarding, &b.forwarding);
    let kinds = match (&a.kind, &b.kind) {
        (NodeKind::Proxy(p), NodeKind::Proxy(q)) => p.rules == q.rules,
        (NodeKind::ScreenRelay(p), NodeKind::ScreenRelay(q)) => {
            p.clipboard == q.clipboard && p.publishes == q.publishes
        }
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
    let key = |r: &crate::policy::StaticRoute| (r.vrf.clone(), r.prefix);
    forwarding.statics.sort_by_key(key);
    node
}
