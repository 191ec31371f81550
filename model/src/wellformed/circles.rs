//! Objects, services and relays that lead back to themselves, and objects nested too deep.
//!
//! Goes in: a network. What can go wrong: an object that holds itself through others; a destination that
//! relays hand on to one another in a circle; a chain of objects longer than [`NESTING`].

use super::Found;
use super::say::Thing;
use crate::address::{AddressRange, V4_FIRST, address_at};
use crate::change::Kind;
use crate::finding::Code;
use crate::id::{Id, Named, Table};
use crate::network::{Network, Node, NodeId};
use crate::place::Place;
use crate::policy::{AddressTerm, Addresses, Name, ServiceTerm};
use crate::problem::Problem;
use crate::resolve::{every_address, without};
use crate::service::{PortRange, Service};
use crate::text::Text;
use std::sync::Arc;

/// How deep objects may be nested; [`crate::resolve`] looks no deeper.
pub(super) const NESTING: usize = 32;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    let objects = |o: &crate::policy::AddressObject| -> Vec<Name> {
        let names = o.addresses.terms.iter().filter_map(|t| match t {
            AddressTerm::Named(name) => Some(Arc::clone(name)),
            _ => None,
        });
        names.collect()
    };
    let services = |o: &crate::policy::ServiceObject| -> Vec<Name> {
        let names = o.services.terms.iter().filter_map(|t| match t {
            ServiceTerm::Named(name) => Some(Arc::clone(name)),
            _ => None,
        });
        names.collect()
    };
    nested(&network.objects, Kind::Object, objects, |o| &o.place, found);
    nested(
        &network.services,
        Kind::Service,
        services,
        |o| &o.place,
        found,
    );
    relays(network, found);
}

/// Objects that hold one another.
fn nested<T: Named>(
    table: &Table<T>,
    kind: Kind,
    inner: impl Fn(&T) -> Vec<Name>,
    place: impl Fn(&T) -> &Place,
    found: &mut Vec<Found>,
) {
    let items: Vec<&T> = table.iter().collect();
    let next = items.iter().map(|item| {
        let names = inner(item).into_iter();
        names.filter_map(|n| table.position(&Id::new(n))).collect()
    });
    let next: Vec<Vec<usize>> = next.collect();
    let walk = Walk::over(&next);
    let thing = |at: usize| Thing::known(kind, items[at].id().as_str(), place(items[at]));
    for circle in &walk.circles {
        let names = circle.iter().map(|at| items[*at].id().as_str());
        found.push(leads_back(&thing(circle[0]), names).into());
    }
    for (at, height) in walk.heights.iter().enumerate() {
        if *height == Some(NESTING + 1) {
            found.push(too_deep(&thing(at)).into());
        }
    }
}

pub(super) fn leads_back<'a>(thing: &Thing<'_>, names: impl Iterator<Item = &'a str>) -> Problem {
    let mut way: Vec<String> = names.map(|n| format!("`{n}`")).collect();
    way.extend(way.first().cloned());
    let way = way.join(" → ");
    thing
        .problem(
            Code::Cycle,
            format_args!("は自分自身に戻る: {way}"),
            format_args!("leads back to itself: {way}"),
        )
        .help(Text::new(
            "どこか一か所の参照を外す",
            "take one of these references away",
        ))
}

fn too_deep(thing: &Thing<'_>) -> Problem {
    thing
        .problem(
            Code::Quantity,
            format_args!("は {NESTING} 段より深く入れ子になっている"),
            format_args!("is nested more than {NESTING} deep"),
        )
        .help(Text::new(
            "途中の段をまとめる",
            "flatten some of the objects it holds",
        ))
}

/// A walk over a graph: every circle it meets, and how long the chain below each vertex is.
pub(super) struct Walk<'g> {
    next: &'g [Vec<usize>],
    pub(super) heights: Vec<Option<usize>>,
    path: Vec<usize>,
    pub(super) circles: Vec<Vec<usize>>,
}

impl<'g> Walk<'g> {
    pub(super) fn over(next: &'g [Vec<usize>]) -> Self {
        let mut walk = Self {
            next,
            heights: vec![None; next.len()],
            path: Vec::new(),
            circles: Vec::new(),
        };
        for at in 0..next.len() {
            walk.descend(at);
        }
        walk
    }

    fn descend(&mut self, at: usize) -> usize {
        if let Some(height) = self.heights[at] {
            return height;
        }
        if let Some(begin) = self.path.iter().position(|p| *p == at) {
            self.circles.push(self.path[begin..].to_vec());
            return 0;
        }
        self.path.push(at);
        let next = self.next;
        let below = next[at].iter().map(|n| self.descend(*n)).max();
        self.path.pop();
        let height = 1 + below.unwrap_or(0);
        self.heights[at] = Some(height);
        height
    }
}

/// Destinations that relays hand on in a circle.
fn relays(network: &Network, found: &mut Vec<Found>) {
    let relays: Vec<&Node> = network.nodes.iter().filter(|n| n.kind.is_relay()).collect();
    let position = |id: &NodeId| relays.iter().position(|r| r.id == *id);
    let ways = relays.iter().map(|relay| {
        let entries = entries(network, relay).iter();
        entries
            .flat_map(|e| e.way.relays())
            .filter_map(position)
            .collect()
    });
    let ways: Vec<Vec<usize>> = ways.collect();
    let walk = Walk::over(&ways);
    // CORRECTNESS: a circle of destinations is a circle of the graph, so without one there is nothing
    // to look for; the exact and dearer search is made only where the graph has one.
    if walk.circles.is_empty() {
        return;
    }
    for (first, relay) in relays.iter().enumerate() {
        let mut chase = Chase {
            network,
            relays: &relays,
            path: vec![first],
            circle: None,
        };
        chase.follow(relay, every_address().to_vec(), &[Service::ANY]);
        if let Some((circle, to)) = chase.circle {
            found.push(hands_back(&relays, &circle, to).into());
        }
    }
}

fn entries<'n>(network: &'n Network, relay: &Node) -> &'n [crate::access::AccessEntry] {
    let access = relay.endpoint.as_ref().and_then(|e| e.access.as_ref());
    access
        .and_then(|id| network.access.get(id))
        .map_or(&[], |table| &table.entries)
}

fn hands_back(relays: &[&Node], circle: &[usize], to: AddressRange) -> Problem {
    let first = relays[circle[0]];
    let thing = Thing::known(Kind::Node, first.id.as_str(), &first.place);
    let mut problem = leads_back(&thing, circle.iter().map(|at| relays[*at].id.as_str()));
    let to = address_at(to.first().max(V4_FIRST.min(to.last())));
    problem
        .message
        .ja
        .push_str(&format!("（例えば宛先 `{to}`）"));
    problem
        .message
        .en
        .push_str(&format!(" (for example to `{to}`)"));
    problem.help(Text::new(
        "どれか 1 台のアクセス表で、その宛先を `Direct` とする",
        "let the access table of one of them send it `Direct`",
    ))
}

/// Follows what a relay hands on until it comes back to the relay it began with.
struct Chase<'n> {
    network: &'n Network,
    relays: &'n [&'n Node],
    path: Vec<usize>,
    circle: Option<(Vec<usize>, AddressRange)>,
}

impl Chase<'_> {
    fn follow(&mut self, relay: &Node, mut left: Vec<AddressRange>, services: &[Service]) {
        for entry in entries(self.network, relay) {
            let to = common(&left, &entry.to, self.network);
            let asked = common_services(services, &entry.service, self.network);
            let decided = self.network.addresses(&entry.to).undecided.is_empty();
            if decided && entry.service.is_any() {
                left = without(left, &to);
            }
            if to.is_empty() || asked.is_empty() || self.circle.is_some() {
                continue;
            }
            for id in entry.way.relays() {
                if self.circle.is_none()
                    && let Some(next) = self.relays.iter().position(|r| r.id == *id)
                {
                    self.enter(next, to.clone(), &asked);
                }
            }
        }
    }

    fn enter(&mut self, next: usize, to: Vec<AddressRange>, services: &[Service]) {
        if next == self.path[0] {
            self.circle = Some((self.path.clone(), to[0]));
        } else if next > self.path[0] && !self.path.contains(&next) {
            // Circles through an earlier relay were found from there.
            self.path.push(next);
            self.follow(self.relays[next], to, services);
            self.path.pop();
        }
    }
}

/// What of `left` the set perhaps means.
fn common(left: &[AddressRange], set: &Addresses, network: &Network) -> Vec<AddressRange> {
    let meaning = network.addresses(set);
    let outside = without(left.to_vec(), &meaning.items);
    match (meaning.undecided.is_empty(), meaning.negated) {
        (false, _) => left.to_vec(),
        (true, true) => outside,
        (true, false) => without(left.to_vec(), &outside),
    }
}

/// What of `asked` the set perhaps means.
fn common_services(
    asked: &[Service],
    set: &crate::policy::Services,
    network: &Network,
) -> Vec<Service> {
    let meaning = network.service_terms(set);
    if meaning.negated || !meaning.undecided.is_empty() {
        return asked.to_vec();
    }
    let pairs = asked
        .iter()
        .flat_map(|a| meaning.items.iter().map(move |b| (a, b)));
    pairs.filter_map(|(a, b)| both(a, b)).collect()
}

fn both(a: &Service, b: &Service) -> Option<Service> {
    let protocol = match (a.protocol, b.protocol) {
        (Some(p), Some(q)) if p != q => return None,
        (p, q) => p.or(q),
    };
    let ports = |a: PortRange, b: PortRange| {
        let (first, last) = (a.first.max(b.first), a.last.min(b.last));
        (first <= last).then_some(PortRange { first, last })
    };
    Some(Service {
        protocol,
        ports: ports(a.ports, b.ports)?,
        source_ports: ports(a.source_ports, b.source_ports)?,
    })
}
