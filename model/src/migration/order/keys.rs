//! What changes make, take away, set and need, as keys; and what each thing refers to.
//!
//! Goes in: things of a network, or what a change brings. Comes out: keys. Nothing can go wrong; what is
//! not there refers to nothing.

use crate::change::{Item, Kind, ListAt, RuleList};
use crate::id::Id;
use crate::network::{Link, Network, Node, NodeKind, Segment};
use crate::policy::{
    AddressTerm, Addresses, Filter, FilterPoint, FilterRule, Hop, Interfaces, Name, ServiceTerm,
    Services, pattern,
};
use ipnet::IpNet;
use std::sync::Arc;

/// Something a change makes, takes away, sets or needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// What rules can name: zones, segments, nodes, groups, systems, address objects.
    Name(Name),
    /// Everything else with a name, by kind.
    Other(Kind, Name),
    /// A filter rule, by node, list and name.
    Rule(Name, String, Name),
    /// A translation, by node and name.
    Nat(Name, Name),
    /// A policy route, by node and name.
    Policy(Name, Name),
    /// A static route, by node, VRF and prefix.
    Route(Name, Name, IpNet),
    /// An interface of a node.
    Port(Name, Name),
    /// That a node has a line to another.
    Line(Name, Name),
    /// One property of a thing.
    Part(&'static str, Name),
}

pub(super) fn ports(at: Option<&Node>, node: &Id<Node>, named: &[&Interfaces]) -> Vec<Key> {
    let zones = at
        .map(|n| n.forwarding.zones.as_slice())
        .unwrap_or_default();
    let mut out = Vec::new();
    for interface in named.iter().flat_map(|i| &i.names) {
        match zones.iter().find(|(zone, _)| zone == interface) {
            // A device's zone, or a pattern, stands for those interfaces that are there.
            Some(_) => {}
            None if pattern(interface).is_some() => {}
            None => out.push(Key::Port(name(node), Arc::clone(interface))),
        }
    }
    out
}

pub(super) fn name<T>(id: &Id<T>) -> Name {
    Arc::from(id.as_str())
}

pub(super) fn key<T>(id: &Id<T>) -> Key {
    Key::Name(name(id))
}

pub(super) fn other<T>(kind: Kind, id: &Id<T>) -> Key {
    Key::Other(kind, name(id))
}

pub(super) fn kind_key(kind: Kind, of: &Name) -> Key {
    match kind {
        Kind::Zone | Kind::Segment | Kind::Node | Kind::Group | Kind::System | Kind::Object => {
            Key::Name(Arc::clone(of))
        }
        Kind::Site | Kind::Link | Kind::Service | Kind::Access | Kind::Reference => {
            Key::Other(kind, Arc::clone(of))
        }
    }
}

pub(super) fn whole(list: &RuleList, rule: &Name) -> Name {
    Arc::from(format!("{} {} {rule}", list.node, list_word(&list.at)))
}

pub(super) fn list_word(at: &ListAt) -> String {
    match at {
        ListAt::Proxy => "proxy".to_owned(),
        ListAt::Filter(point) => point_word(point),
        ListAt::Chain(point, chain) => format!("{} / {chain}", point_word(point)),
    }
}

fn point_word(point: &FilterPoint) -> String {
    match point {
        FilterPoint::Forward => "forward".to_owned(),
        FilterPoint::In(port) => format!("in {port}"),
        FilterPoint::Out(port) => format!("out {port}"),
    }
}

/// The lists of a filter by their words: its own, then its chains.
fn lists_of(filter: &Filter) -> impl Iterator<Item = (String, &[FilterRule])> {
    let point = &filter.point;
    let own = (point_word(point), filter.rules.as_slice());
    let chains = filter.chains.iter().map(move |chain| {
        let at = ListAt::Chain(point.clone(), Arc::clone(&chain.name));
        (list_word(&at), chain.rules.as_slice())
    });
    std::iter::once(own).chain(chains)
}

pub(super) fn rule_key(list: &RuleList, rule: &Name) -> Key {
    Key::Rule(name(&list.node), list_word(&list.at), Arc::clone(rule))
}

pub(super) fn terms(set: &Addresses) -> Vec<Key> {
    let named = set.terms.iter().filter_map(|t| match t {
        AddressTerm::Named(name) => Some(Key::Name(Arc::clone(name))),
        _ => None,
    });
    named.collect()
}

pub(super) fn services(set: &Services) -> Vec<Key> {
    let named = set.terms.iter().filter_map(|t| match t {
        ServiceTerm::Named(name) => Some(Key::Other(Kind::Service, Arc::clone(name))),
        _ => None,
    });
    named.collect()
}

pub(super) fn rule_names(rule: &FilterRule) -> Vec<Key> {
    let mut refs = terms(&rule.source);
    refs.extend(terms(&rule.destination));
    refs.extend(services(&rule.service));
    refs
}

pub(super) fn hops(node: &Id<Node>, via: &[Hop]) -> Vec<Key> {
    let to = via.iter().filter_map(|hop| match hop {
        Hop::Node(next) => Some(Key::Line(name(node), name(next))),
        Hop::Interface(port) => Some(Key::Port(name(node), Arc::clone(port))),
        Hop::Discard => None,
    });
    to.collect()
}

pub(super) fn in_segment(segment: &Id<Segment>) -> [Key; 2] {
    [key(segment), Key::Part("prefixes", name(segment))]
}

pub(super) fn ports_of(link: &Link) -> Vec<Key> {
    let mut out = vec![
        Key::Line(name(&link.a), name(&link.b)),
        Key::Line(name(&link.b), name(&link.a)),
    ];
    for lane in &link.lanes {
        out.push(Key::Port(name(&link.a), Arc::clone(&lane.a.interface)));
        out.push(Key::Port(name(&link.b), Arc::clone(&lane.b.interface)));
    }
    out
}

pub(super) fn item_key(item: &Item) -> Key {
    match item {
        Item::Zone(i) => key(&i.id),
        Item::Site(i) => other(Kind::Site, &i.id),
        Item::Segment(i) => key(&i.id),
        Item::Node(i) => key(&i.id),
        Item::Link(i) => other(Kind::Link, &i.id),
        Item::Group(i) => key(&i.id),
        Item::System(i) => key(&i.id),
        Item::Object(i) => key(&i.id),
        Item::Service(i) => other(Kind::Service, &i.id),
        Item::Access(i) => other(Kind::Access, &i.id),
        Item::Reference(i) => other(Kind::Reference, &i.id),
    }
}

pub(super) fn item_refs(item: &Item) -> Vec<Key> {
    match item {
        Item::Zone(_) | Item::Site(_) | Item::Reference(_) => Vec::new(),
        Item::Segment(s) => segment_refs(s),
        Item::Node(n) => node_refs(n),
        Item::Link(l) => vec![key(&l.a), key(&l.b)],
        Item::Group(g) => {
            let mut refs = in_segment(&g.segment).to_vec();
            refs.extend(g.access.as_ref().map(|a| other(Kind::Access, a)));
            refs.extend(g.zone.as_ref().map(key));
            refs
        }
        Item::System(s) => in_segment(&s.segment).to_vec(),
        Item::Object(o) => terms(&o.addresses),
        Item::Service(s) => services(&s.services),
        Item::Access(a) => {
            let mut refs = Vec::new();
            for entry in &a.entries {
                refs.extend(terms(&entry.to));
                refs.extend(services(&entry.service));
                refs.extend(entry.way.relays().iter().map(key));
            }
            refs
        }
    }
}

pub(super) fn segment_refs(segment: &Segment) -> Vec<Key> {
    let mut refs = vec![key(&segment.zone), other(Kind::Site, &segment.site)];
    refs.extend(segment.gateways.iter().map(|g| key(&g.node)));
    refs
}

pub(super) fn node_refs(node: &Node) -> Vec<Key> {
    let mut refs = vec![other(Kind::Site, &node.site)];
    if let Some(endpoint) = &node.endpoint {
        refs.extend(in_segment(&endpoint.segment));
        refs.extend(endpoint.access.as_ref().map(|a| other(Kind::Access, a)));
    }
    let f = &node.forwarding;
    refs.extend(
        f.filters
            .iter()
            .flat_map(|l| l.all_rules())
            .flat_map(rule_names),
    );
    refs.extend(
        f.nat
            .iter()
            .flat_map(|r| [terms(&r.source), terms(&r.destination)].concat()),
    );
    refs.extend(
        f.policies
            .iter()
            .flat_map(|r| [terms(&r.source), terms(&r.destination)].concat()),
    );
    match &node.kind {
        NodeKind::Proxy(proxy) => refs.extend(proxy.rules.iter().flat_map(rule_names)),
        NodeKind::ScreenRelay(relay) => refs.extend(terms(&relay.publishes)),
        _ => {}
    }
    refs
}

/// What a thing of the network before the step refers to.
pub(super) fn at_first(network: &Network, of: &Key) -> Vec<Key> {
    match of {
        Key::Name(n) => {
            let found = network
                .segments
                .get(&Id::new(Arc::clone(n)))
                .map(segment_refs);
            let item = |item: Option<Item>| item.map(|i| item_refs(&i));
            found
                .or_else(|| {
                    item(
                        network
                            .groups
                            .get(&Id::new(Arc::clone(n)))
                            .cloned()
                            .map(Item::Group),
                    )
                })
                .or_else(|| {
                    item(
                        network
                            .systems
                            .get(&Id::new(Arc::clone(n)))
                            .cloned()
                            .map(Item::System),
                    )
                })
                .or_else(|| network.nodes.get(&Id::new(Arc::clone(n))).map(node_refs))
                .or_else(|| {
                    item(
                        network
                            .objects
                            .get(&Id::new(Arc::clone(n)))
                            .cloned()
                            .map(Item::Object),
                    )
                })
                .unwrap_or_default()
        }
        Key::Other(Kind::Link, n) => {
            let link = network.links.get(&Id::new(Arc::clone(n)));
            link.map(|l| vec![key(&l.a), key(&l.b)]).unwrap_or_default()
        }
        Key::Other(Kind::Access, n) => {
            let table = network.access.get(&Id::new(Arc::clone(n))).cloned();
            table
                .map(|t| item_refs(&Item::Access(t)))
                .unwrap_or_default()
        }
        Key::Other(Kind::Service, n) => {
            let object = network.services.get(&Id::new(Arc::clone(n)));
            object.map(|o| services(&o.services)).unwrap_or_default()
        }
        Key::Rule(node, list, rule) => {
            let id = Id::new(Arc::clone(node));
            let Some(node) = network.nodes.get(&id) else {
                return Vec::new();
            };
            let own = match &node.kind {
                NodeKind::Proxy(proxy) if list == "proxy" => proxy.rules.as_slice(),
                _ => &[],
            };
            let filters = node.forwarding.filters.iter();
            let here = filters.flat_map(lists_of).filter(|(word, _)| word == list);
            let mut rules = here.flat_map(|(_, rules)| rules).chain(own);
            let found = rules.find(|r| r.name == *rule);
            found
                .map(|r| {
                    let mut refs = rule_names(r);
                    refs.extend(ports(Some(node), &id, &[&r.incoming, &r.outgoing]));
                    refs
                })
                .unwrap_or_default()
        }
        Key::Nat(node, rule) => {
            let found = network.nodes.get(&Id::new(Arc::clone(node)));
            let found = found.and_then(|n| n.forwarding.nat.iter().find(|r| r.name == *rule));
            let found = found.map(|r| [terms(&r.source), terms(&r.destination)].concat());
            found.unwrap_or_default()
        }
        Key::Policy(node, route) => {
            let found = network.nodes.get(&Id::new(Arc::clone(node)));
            let found = found.and_then(|n| n.forwarding.policies.iter().find(|r| r.name == *route));
            let found = found.map(|r| [terms(&r.source), terms(&r.destination)].concat());
            found.unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
