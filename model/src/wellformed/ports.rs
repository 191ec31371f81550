//! Whether interfaces, device zones, filter points and next hops exist on their node.
//!
//! Goes in: a network. What can go wrong: one interface that leads to two places; a rule, zone or filter
//! at an interface that the node does not have; a route via a node that is no neighbour.

use super::Found;
use super::holders::{Part, point, visit};
use super::say::{DEVICE_ZONE, FILTER, POLICY, ROUTE, Thing, first_here, meant, none, unknown};
use crate::change::Kind;
use crate::finding::Code;
use crate::id::Id;
use crate::network::{Network, Node, NodeId};
use crate::policy::{Filter, FilterPoint, Hop, Name, pattern};
use crate::problem::Problem;
use crate::text::Text;
use std::collections::HashMap;
use std::sync::Arc;

/// An interface of a node and what it leads to.
struct Port<'n> {
    vrf: &'n Name,
    interface: &'n Name,
    /// The node at the other end of a link; `None` for a segment.
    neighbour: Option<&'n NodeId>,
    /// The segment or link.
    leads_to: Thing<'n>,
}

type Ports<'n> = HashMap<&'n NodeId, Vec<Port<'n>>>;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    let ports = collect(network);
    for node in network.nodes.iter() {
        let own = ports.get(&node.id).map_or(&[][..], Vec::as_slice);
        twice(node, own, found);
        zones(node, own, found);
        filters(node, own, found);
        hops(network, node, own, found);
    }
    visit(network, &mut |thing, part| {
        if let Part::Interfaces(node, names) = part {
            let own = ports.get(&node.id).map_or(&[][..], Vec::as_slice);
            for name in names.iter().filter(|n| !is_known(node, own, n)) {
                found.push(Found {
                    problem: no_interface(thing, node, own, name),
                    reference: Some(Arc::clone(name)),
                });
            }
        }
    });
}

fn collect(network: &Network) -> Ports<'_> {
    let mut ports: Ports<'_> = HashMap::new();
    for segment in network.segments.iter() {
        for gateway in &segment.gateways {
            ports.entry(&gateway.node).or_default().push(Port {
                vrf: &gateway.vrf,
                interface: &gateway.interface,
                neighbour: None,
                leads_to: Thing::known(Kind::Segment, segment.id.as_str(), &segment.place),
            });
        }
    }
    for link in network.links.iter() {
        for lane in &link.lanes {
            for (here, there, port) in [(&link.a, &link.b, &lane.a), (&link.b, &link.a, &lane.b)] {
                ports.entry(here).or_default().push(Port {
                    vrf: &port.vrf,
                    interface: &port.interface,
                    neighbour: Some(there),
                    leads_to: Thing::known(Kind::Link, link.id.as_str(), &link.place),
                });
            }
        }
    }
    ports
}

/// One interface leads to one segment or one lane.
fn twice(node: &Node, own: &[Port<'_>], found: &mut Vec<Found>) {
    let mut seen: HashMap<&Name, &Port<'_>> = HashMap::new();
    for port in own {
        let Some(first) = seen.insert(port.interface, port) else {
            continue;
        };
        let (id, name) = (&node.id, port.interface);
        let problem = port.leads_to.problem(
            Code::Topology,
            format_args!("が使う `{id}` のインタフェース `{name}` は既に使われている"),
            format_args!("uses the interface `{name}` of `{id}`, which is in use already"),
        );
        let help = Text::new(
            "インタフェース名を分ける（1 つの名前は 1 つのセグメントか 1 本の VLAN にだけつながる）",
            "give it an interface name of its own: one name leads to one segment or one VLAN of a link",
        );
        let problem = problem.see(first.leads_to.place, first_here());
        found.push(problem.help(help).into());
    }
}

fn is_known(node: &Node, own: &[Port<'_>], name: &Name) -> bool {
    let zone = || node.forwarding.zones.iter().any(|(zone, _)| zone == name);
    own.iter().any(|p| p.interface == name) || zone() || pattern(name).is_some()
}

fn no_interface(thing: &Thing<'_>, node: &Node, own: &[Port<'_>], name: &Name) -> Problem {
    let zones = node.forwarding.zones.iter().map(|(zone, _)| &**zone);
    let known = own.iter().map(|p| &**p.interface).chain(zones);
    let id = &node.id;
    thing
        .problem(
            Code::Topology,
            format_args!("が指す `{name}` というインタフェースも装置ゾーンも `{id}` にない"),
            format_args!("names `{name}`, but `{id}` has no such interface or device zone"),
        )
        .help(meant(name, known))
}

fn zones(node: &Node, own: &[Port<'_>], found: &mut Vec<Found>) {
    for (name, members) in &node.forwarding.zones {
        let thing = Thing::new(DEVICE_ZONE, &**name, &node.place).on(node.id.as_str());
        let is_zone = |n: &&Name| node.forwarding.zones.iter().any(|(zone, _)| zone == *n);
        let is_port = |n: &Name| own.iter().any(|p| p.interface == n);
        if members.is_empty() {
            found.push(none(&thing, ("インタフェース", "interface")).into());
        }
        if is_port(name) && members.as_slice() != [Arc::clone(name)] {
            let problem = thing.problem(
                Code::Ambiguous,
                "と同じ名前のインタフェースがあり、ルールがどちらを指すか決まらない",
                "shares its name with an interface, so a rule naming it is ambiguous",
            );
            let help = Text::new("どちらかの名前を変える", "rename one of them");
            found.push(problem.help(help).into());
        }
        for inner in members.iter().filter(is_zone).filter(|n| !is_port(n)) {
            let problem = thing.problem(
                Code::Topology,
                format_args!("に別の装置ゾーン `{inner}` が入っている"),
                format_args!("holds the device zone `{inner}`"),
            );
            let help = Text::new(
                "装置ゾーンにはインタフェースだけを書く",
                "list interfaces only",
            );
            found.push(problem.help(help).into());
        }
    }
}

/// At most one filter at a point: at an interface, one on the way in and one on the way out.
fn filters(node: &Node, own: &[Port<'_>], found: &mut Vec<Found>) {
    let mut seen: Vec<(Vec<FilterPoint>, &Filter)> = Vec::new();
    for filter in &node.forwarding.filters {
        let points = points(node, own, &filter.point);
        let first = seen
            .iter()
            .find(|(other, _)| other.iter().any(|p| points.contains(p)));
        if let Some((_, first)) = first {
            let thing = Thing::new(FILTER, point(&filter.point), &filter.place);
            let problem = thing.on(node.id.as_str()).problem(
                Code::DuplicateName,
                "と同じ場所に別のフィルタがある",
                "sits where another filter sits already",
            );
            let help = Text::new(
                "ルールを一つの並びにまとめる",
                "put the rules into one list",
            );
            let problem = problem.see(&first.place, first_here());
            found.push(problem.help(help).into());
        }
        seen.push((points, filter));
    }
}

/// The points at single interfaces that a point means.
fn points(node: &Node, own: &[Port<'_>], point: &FilterPoint) -> Vec<FilterPoint> {
    let spread = |name: &Name| -> Vec<Name> {
        let zone = node.forwarding.zones.iter().find(|(zone, _)| zone == name);
        match zone {
            Some((_, members)) if !own.iter().any(|p| p.interface == name) => members.clone(),
            _ => match pattern(name) {
                Some(start) => own
                    .iter()
                    .filter(|p| p.interface.starts_with(start))
                    .map(|p| Arc::clone(p.interface))
                    .collect(),
                None => vec![Arc::clone(name)],
            },
        }
    };
    match point {
        FilterPoint::Forward => vec![FilterPoint::Forward],
        FilterPoint::In(name) => spread(name).into_iter().map(FilterPoint::In).collect(),
        FilterPoint::Out(name) => spread(name).into_iter().map(FilterPoint::Out).collect(),
    }
}

/// Next hops are interfaces and neighbours, in the route's VRF.
fn hops(network: &Network, node: &Node, own: &[Port<'_>], found: &mut Vec<Found>) {
    let id = node.id.as_str();
    for route in &node.forwarding.statics {
        let thing = Thing::new(ROUTE, route.prefix.to_string(), &route.place).on(id);
        for hop in &route.via {
            found.extend(leads_to(network, &thing, own, Some(&route.vrf), hop));
        }
    }
    for route in &node.forwarding.policies {
        let thing = Thing::new(POLICY, &*route.name, &route.place).on(id);
        for hop in &route.via {
            found.extend(leads_to(network, &thing, own, None, hop));
        }
    }
}

fn leads_to(
    network: &Network,
    thing: &Thing<'_>,
    own: &[Port<'_>],
    vrf: Option<&Name>,
    hop: &Hop,
) -> Option<Found> {
    let usable = || own.iter().filter(|p| vrf.is_none_or(|v| v == p.vrf));
    match hop {
        Hop::Discard => None,
        Hop::Node(id) if !network.nodes.contains(id) => {
            let known = network.nodes.ids().map(Id::as_str);
            Some(unknown(thing, Kind::Node.words(), id.as_str(), known).into())
        }
        Hop::Node(id) => {
            let near = |p: &Port<'_>| p.neighbour == Some(id);
            let known = usable().filter_map(|p| p.neighbour.map(Id::as_str));
            (!usable().any(near)).then(|| not_there(thing, id.as_str(), vrf, known).into())
        }
        Hop::Interface(name) => {
            let known = usable().map(|p| &**p.interface);
            let there = usable().any(|p| p.interface == name);
            (!there).then(|| not_there(thing, name, vrf, known).into())
        }
    }
}

fn not_there<'k>(
    thing: &Thing<'_>,
    hop: &str,
    vrf: Option<&Name>,
    known: impl Iterator<Item = &'k str>,
) -> Problem {
    let (ja, en) = match vrf.filter(|v| !v.is_empty()) {
        Some(vrf) => (format!("（VRF `{vrf}`）"), format!(" in VRF `{vrf}`")),
        None => (String::new(), String::new()),
    };
    let mut known: Vec<String> = known.map(|k| format!("`{k}`")).collect();
    known.dedup();
    let help = if known.is_empty() {
        Text::new(
            "先に回線かセグメントをつなぐ",
            "connect a link or segment first",
        )
    } else {
        Text::new(
            format!("使えるのは {} である", known.join("、")),
            format!("it can use {}", known.join(", ")),
        )
    };
    thing
        .problem(
            Code::Topology,
            format_args!("の行き先 `{hop}` は隣の装置でも自分のインタフェースでもない{ja}"),
            format_args!("goes via `{hop}`, which is no neighbour or interface of the node{en}"),
        )
        .help(help)
}
