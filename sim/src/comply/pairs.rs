//! Rules of devices that join other zones than before a step, although nobody touched them (I-TX-03).
//!
//! A rule can be bound to interfaces, to names or to literal addresses, and a relabelling moves each of them
//! differently. So the pair of zone roles a rule joins is worked out anew in every state: the zones of the
//! segments whose addresses it names, of those only the ones behind the interfaces it names. "Behind" means
//! without passing another node that filters what it forwards.

use super::{Seen, cause};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, State, Step};
use utsushi_model::network::{Network, Node, NodeId, NodeKind, SegmentId, ZoneId, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::{Addresses, Filter, FilterPoint, Interfaces, Name, pattern};
use utsushi_model::resolve::{every_address, without};
use utsushi_model::text::Text;

/// The zones at one end of a rule; `None` where it names neither addresses nor interfaces that say so.
type Zones = Option<BTreeSet<ZoneId>>;

/// What the zones at one end are for.
type Roles = Option<BTreeSet<ZoneRole>>;

/// What of a rule, translation or policy route decides which zones it joins.
#[derive(PartialEq, Eq)]
struct Ends<'n> {
    incoming: &'n Interfaces,
    outgoing: Option<&'n Interfaces>,
    source: &'n Addresses,
    destination: &'n Addresses,
}

/// Rules whose pair of zones differs from the state before, by node.
pub(super) fn check(migration: &Migration, state: &State) -> Vec<Seen> {
    let Some(index) = state.index.checked_sub(1) else {
        return Vec::new();
    };
    let (step, before) = (&migration.steps[index], &migration.states[index].network);
    let (mut old, mut new) = (Look::new(before), Look::new(&state.network));
    let nodes = state.network.nodes.iter();
    nodes
        .filter_map(|node| {
            let earlier = before.nodes.get(&node.id)?;
            let facts = changed(step, (&mut old, earlier), (&mut new, node));
            let place = facts.first()?.place.clone();
            Some(Seen::facts(
                Code::ZonePair,
                node.label.clone(),
                &place,
                facts,
            ))
        })
        .collect()
}

fn changed<'n>(
    step: &Step,
    (old, earlier): (&mut Look<'n>, &'n Node),
    (new, node): (&mut Look<'n>, &'n Node),
) -> Vec<Cause> {
    let was: BTreeMap<_, _> = ends(earlier)
        .map(|(kind, name, e, _)| ((kind, name), e))
        .collect();
    let mut out = Vec::new();
    for (kind, name, now, place) in ends(node) {
        let Some(then) = was.get(&(kind, name)).filter(|then| **then == now) else {
            continue;
        };
        if confirmed(step, &node.id, name) {
            continue;
        }
        let pairs = (old.pair(earlier, then), new.pair(node, &now));
        if idle(&pairs.1) {
            continue;
        }
        if old.roles(&pairs.0) != new.roles(&pairs.1) {
            let (a, b) = (old.words(&pairs.0), new.words(&pairs.1));
            out.push(cause(
                format!("`{name}` は「{}」から「{}」に変わった", a.ja, b.ja),
                format!("`{name}` joined {} and now joins {}", a.en, b.en),
                place,
            ));
        }
    }
    out
}

/// Whether one end means nobody any more: a leftover (I-TX-08), which joins nothing.
fn idle((from, to): &(Zones, Zones)) -> bool {
    [from, to]
        .iter()
        .any(|zones| zones.as_ref().is_some_and(BTreeSet::is_empty))
}

fn confirmed(step: &Step, node: &NodeId, name: &Name) -> bool {
    let mut own = step.confirms.iter().filter(|c| c.node == *node);
    own.any(|c| c.rules.contains(name))
}

/// Everything of a node that is bound to interfaces and addresses and lets something happen.
fn ends(node: &Node) -> impl Iterator<Item = (u8, &Name, Ends<'_>, &Place)> {
    let proxy = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    let filters = node.forwarding.filters.iter().flat_map(Filter::all_rules);
    let rules = filters.chain(proxy).filter(|r| r.enabled).map(|r| {
        let ends = Ends {
            incoming: &r.incoming,
            outgoing: Some(&r.outgoing),
            source: &r.source,
            destination: &r.destination,
        };
        (0, &r.name, ends, &r.place)
    });
    let nat = node.forwarding.nat.iter().map(|r| {
        let ends = Ends {
            incoming: &r.incoming,
            outgoing: Some(&r.outgoing),
            source: &r.source,
            destination: &r.destination,
        };
        (1, &r.name, ends, &r.place)
    });
    let routes = node.forwarding.policies.iter().map(|r| {
        let ends = Ends {
            incoming: &r.incoming,
            outgoing: None,
            source: &r.source,
            destination: &r.destination,
        };
        (2, &r.name, ends, &r.place)
    });
    rules.chain(nat).chain(routes)
}

/// A network, with what was found out about its sets so far.
struct Look<'n> {
    network: &'n Network,
    members: Vec<(&'n SegmentId, &'n ZoneId, Vec<AddressRange>)>,
    meant: HashMap<&'n Addresses, BTreeSet<usize>>,
}

impl<'n> Look<'n> {
    fn new(network: &'n Network) -> Self {
        let segments = network.segments.iter();
        Self {
            network,
            members: segments
                .map(|s| (&s.id, &s.zone, network.segment_addresses(s)))
                .collect(),
            meant: HashMap::new(),
        }
    }

    fn pair(&mut self, node: &Node, ends: &Ends<'n>) -> (Zones, Zones) {
        let from = self.zones(node, ends.source, Some(ends.incoming));
        (from, self.zones(node, ends.destination, ends.outgoing))
    }

    fn zones(
        &mut self,
        node: &Node,
        addresses: &'n Addresses,
        interfaces: Option<&Interfaces>,
    ) -> Zones {
        let behind = interfaces.and_then(|i| behind(self.network, node, i));
        if addresses.is_any() && behind.is_none() {
            return None;
        }
        let named = self.named(addresses).clone();
        let here = named.into_iter().map(|i| &self.members[i]);
        let here = here.filter(|(id, _, _)| behind.as_ref().is_none_or(|b| b.contains(id)));
        Some(here.map(|(_, zone, _)| (*zone).clone()).collect())
    }

    /// The segments whose addresses a set names.
    fn named(&mut self, addresses: &'n Addresses) -> &BTreeSet<usize> {
        let (network, members) = (self.network, &self.members);
        self.meant.entry(addresses).or_insert_with(|| {
            let found = network.addresses(addresses);
            let ranges = match found.negated {
                true => without(every_address().to_vec(), &found.items),
                false => found.items,
            };
            let meets = |own: &[AddressRange]| {
                own.iter()
                    .any(|o| ranges.iter().any(|range| range.overlaps(*o)))
            };
            let indices = members.iter().enumerate();
            indices
                .filter(|(_, (_, _, own))| meets(own))
                .map(|(i, _)| i)
                .collect()
        })
    }

    /// What the zones of a pair are for: a host that moves from the old LGWAN zone to the new one changes
    /// its zone, but not what may reach it.
    fn roles(&self, pair: &(Zones, Zones)) -> (Roles, Roles) {
        let of = |zones: &Zones| {
            let zones = zones.as_ref()?.iter();
            let known = zones.filter_map(|z| self.network.zones.get(z));
            Some(known.map(|z| z.role).collect())
        };
        (of(&pair.0), of(&pair.1))
    }

    /// A pair of zones as people read it.
    fn words(&self, pair: &(Zones, Zones)) -> Text {
        let (from, to) = (self.end(&pair.0), self.end(&pair.1));
        Text::new(
            format!("{} → {}", from.ja, to.ja),
            format!("{} → {}", from.en, to.en),
        )
    }

    fn end(&self, zones: &Zones) -> Text {
        let Some(zones) = zones else {
            return Text::new("すべて", "anything");
        };
        if zones.is_empty() {
            return Text::new("該当なし", "nothing");
        }
        let labels = zones.iter().filter_map(|z| self.network.zones.get(z));
        let labels: Vec<&Text> = labels.map(|z| &z.label).collect();
        let list = |pick: fn(&Text) -> &str, comma: &str| {
            labels
                .iter()
                .map(|l| pick(l))
                .collect::<Vec<_>>()
                .join(comma)
        };
        Text::new(list(|l| &l.ja, "・"), list(|l| &l.en, " and "))
    }
}

/// The segments behind some interfaces; `None` where none is named or nothing is known to be there.
fn behind(network: &Network, node: &Node, interfaces: &Interfaces) -> Option<BTreeSet<SegmentId>> {
    if interfaces.names.is_empty() {
        return None;
    }
    let meant = |port: &Name| named(node, interfaces, port) != interfaces.negated;
    let mut found = BTreeSet::new();
    let mut todo = Vec::new();
    for segment in network.segments.iter() {
        let own = |g: &utsushi_model::network::Gateway| g.node == node.id && meant(&g.interface);
        if segment.gateways.iter().any(own) {
            found.insert(segment.id.clone());
        }
    }
    for (here, there) in lanes(network) {
        if here.0 == &node.id && meant(here.2) {
            todo.push((there.0, there.1));
        }
    }
    walk(network, &node.id, todo, &mut found);
    (!found.is_empty()).then_some(found)
}

/// Whether some interfaces name a port: by its name, by a device zone it is in, or by how it begins (`eth+`).
fn named(node: &Node, interfaces: &Interfaces, port: &Name) -> bool {
    let zones = &node.forwarding.zones;
    interfaces.names.iter().any(|name| {
        let begins = pattern(name);
        let zone = zones.iter().find(|(zone, _)| zone == name);
        name == port
            || begins.is_some_and(|start| port.starts_with(start))
            || zone.is_some_and(|(_, members)| members.contains(port))
    })
}

/// One end of a lane: node, VRF and interface.
type LaneEnd<'n> = (&'n NodeId, &'n Name, &'n Name);

/// Every lane of every link, from either end.
fn lanes(network: &Network) -> impl Iterator<Item = (LaneEnd<'_>, LaneEnd<'_>)> {
    network.links.iter().flat_map(|link| {
        link.lanes.iter().flat_map(|lane| {
            let a = (&link.a, &lane.a.vrf, &lane.a.interface);
            let b = (&link.b, &lane.b.vrf, &lane.b.interface);
            [(a, b), (b, a)]
        })
    })
}

/// Collects the segments that are reached without passing `origin` or a node that filters.
fn walk<'n>(
    network: &'n Network,
    origin: &NodeId,
    mut todo: Vec<(&'n NodeId, &'n Name)>,
    found: &mut BTreeSet<SegmentId>,
) {
    let mut seen = BTreeSet::new();
    while let Some((node, vrf)) = todo.pop() {
        if node == origin || !seen.insert((node, vrf)) || filters(network, node) {
            continue;
        }
        let own = |g: &utsushi_model::network::Gateway| g.node == *node && g.vrf == *vrf;
        let segments = network.segments.iter();
        let attached = segments.filter(|s| s.gateways.iter().any(own));
        found.extend(attached.map(|s| s.id.clone()));
        todo.extend(
            lanes(network)
                .filter(|(here, _)| here.0 == node && here.1 == vrf)
                .map(|(_, there)| (there.0, there.1)),
        );
    }
}

fn filters(network: &Network, node: &NodeId) -> bool {
    let forwarding = network.nodes.get(node).map(|n| &n.forwarding);
    forwarding.is_some_and(|f| f.filters.iter().any(|f| f.point == FilterPoint::Forward))
}
