//! Everything in a network that holds a configured set: rules, translations, routes, objects, tables.
//!
//! Goes in: a network. Comes out: each set once, with the thing that holds it, in the order of the
//! tables. Nothing can go wrong.

use super::say::{DESTINATION, DEVICE_ZONE, FILTER, NAT, POLICY, RULE, SOURCE, Thing, Words};
use crate::change::Kind;
use crate::network::{Network, Node, NodeKind};
use crate::policy::{AddressTerm, Addresses, FilterPoint, FilterRule, Name, Services};

/// One configured set, with the word for the part it plays.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'n> {
    /// Addresses.
    Addresses(Words, &'n Addresses),
    /// Services.
    Services(&'n Services),
    /// Interfaces or device zones of a node; empty means any.
    Interfaces(&'n Node, &'n [Name]),
}

/// Whether the set names `name` as something with addresses, or as an interface.
pub(super) fn holds(part: &Part<'_>, name: &Name) -> bool {
    match part {
        Part::Addresses(_, set) => set
            .terms
            .iter()
            .any(|t| matches!(t, AddressTerm::Named(n) if n == name)),
        Part::Interfaces(_, names) => names.contains(name),
        Part::Services(_) => false,
    }
}

/// A filter point as people write it.
pub(super) fn point(point: &FilterPoint) -> String {
    match point {
        FilterPoint::Forward => "forward".to_owned(),
        FilterPoint::In(name) => format!("in {name}"),
        FilterPoint::Out(name) => format!("out {name}"),
    }
}

/// Shows every set of the network to `see`.
pub(super) fn visit<'n>(network: &'n Network, see: &mut impl FnMut(&Thing<'n>, Part<'n>)) {
    for node in network.nodes.iter() {
        forwarding(node, see);
        relay(node, see);
    }
    for object in network.objects.iter() {
        let thing = Thing::known(Kind::Object, object.id.as_str(), &object.place);
        see(
            &thing,
            Part::Addresses(("アドレス", "address"), &object.addresses),
        );
    }
    for object in network.services.iter() {
        let thing = Thing::known(Kind::Service, object.id.as_str(), &object.place);
        see(&thing, Part::Services(&object.services));
    }
    for table in network.access.iter() {
        for entry in &table.entries {
            let thing = Thing::known(Kind::Access, table.id.as_str(), &entry.place);
            see(&thing, Part::Addresses(DESTINATION, &entry.to));
            see(&thing, Part::Services(&entry.service));
        }
    }
}

fn forwarding<'n>(node: &'n Node, see: &mut impl FnMut(&Thing<'n>, Part<'n>)) {
    let id = node.id.as_str();
    for (name, members) in &node.forwarding.zones {
        let thing = Thing::new(DEVICE_ZONE, &**name, &node.place).on(id);
        see(&thing, Part::Interfaces(node, members));
    }
    for filter in &node.forwarding.filters {
        if let FilterPoint::In(name) | FilterPoint::Out(name) = &filter.point {
            let thing = Thing::new(FILTER, point(&filter.point), &filter.place).on(id);
            see(&thing, Part::Interfaces(node, std::slice::from_ref(name)));
        }
        for r in filter.all_rules() {
            rule(node, r, see);
        }
    }
    for r in &node.forwarding.nat {
        let thing = Thing::new(NAT, &*r.name, &r.place).on(id);
        see(&thing, Part::Interfaces(node, &r.incoming.names));
        see(&thing, Part::Interfaces(node, &r.outgoing.names));
        see(&thing, Part::Addresses(SOURCE, &r.source));
        see(&thing, Part::Addresses(DESTINATION, &r.destination));
        see(&thing, Part::Services(&r.service));
    }
    for r in &node.forwarding.policies {
        let thing = Thing::new(POLICY, &*r.name, &r.place).on(id);
        see(&thing, Part::Interfaces(node, &r.incoming.names));
        see(&thing, Part::Addresses(SOURCE, &r.source));
        see(&thing, Part::Addresses(DESTINATION, &r.destination));
        see(&thing, Part::Services(&r.service));
    }
}

fn relay<'n>(node: &'n Node, see: &mut impl FnMut(&Thing<'n>, Part<'n>)) {
    match &node.kind {
        NodeKind::Proxy(proxy) => {
            for r in &proxy.rules {
                rule(node, r, see);
            }
        }
        NodeKind::ScreenRelay(relay) => {
            let thing = Thing::known(Kind::Node, node.id.as_str(), &node.place);
            see(
                &thing,
                Part::Addresses(("公開先", "published target"), &relay.publishes),
            );
        }
        _ => {}
    }
}

fn rule<'n>(node: &'n Node, rule: &'n FilterRule, see: &mut impl FnMut(&Thing<'n>, Part<'n>)) {
    let thing = Thing::new(RULE, &*rule.name, &rule.place).on(node.id.as_str());
    see(&thing, Part::Interfaces(node, &rule.incoming.names));
    see(&thing, Part::Interfaces(node, &rule.outgoing.names));
    see(&thing, Part::Addresses(SOURCE, &rule.source));
    see(&thing, Part::Addresses(DESTINATION, &rule.destination));
    see(&thing, Part::Services(&rule.service));
}
