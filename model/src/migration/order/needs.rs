//! What a change waits for by what it does: nothing is used before it is made or after it is taken away.
//!
//! Goes in: the changes in the order of a schedule. Comes out: more waiting: a change that names a thing
//! waits for the change before it that makes the thing, and one that takes a thing away waits for those
//! before it that name it; an address range is given out again only after it was given up. What can go
//! wrong: two changes set the same thing and neither waits for the other, so that the outcome hangs on
//! chance.

use super::super::Step;
use super::Schedule;
use crate::access::Way;
use crate::address::AddressRange;
use crate::change::{Change, Client, Item, Kind, ListAt, Position, RuleList, Verb};
use crate::finding::Code;
use crate::id::Id;
use crate::network::{Link, Network, Node, NodeKind, Segment};
use crate::policy::{
    AddressTerm, Addresses, FilterPoint, FilterRule, Hop, Interfaces, Name, ServiceTerm, Services,
};
use crate::problem::Problem;
use crate::text::Text;
use ipnet::IpNet;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Something a change makes, takes away, sets or needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// What rules can name: zones, segments, nodes, groups, systems, address objects.
    Name(Name),
    /// Everything else with a name, by kind.
    Other(Kind, Name),
    /// A filter rule, by node, list and name.
    Rule(Name, String, Name),
    Nat(Name, Name),
    Policy(Name, Name),
    Route(Name, Name, IpNet),
    /// An interface of a node.
    Port(Name, Name),
    /// That a node has a line to another.
    Line(Name, Name),
    /// One property of a thing.
    Part(&'static str, Name),
}

/// Adds to a schedule what its changes wait for.
pub(super) fn add(
    step: &Step,
    before: &Network,
    schedule: &mut Schedule,
    problems: &mut Vec<Problem>,
) {
    let mut walk = Walk {
        before,
        refs: HashMap::new(),
        objects: before
            .objects
            .ids()
            .map(|o| Arc::from(o.as_str()))
            .collect(),
        lanes: HashMap::new(),
        states: HashMap::new(),
        freed: Vec::new(),
        unit: 0,
        waits: schedule
            .after
            .iter()
            .map(|a| a.iter().copied().collect())
            .collect(),
        set: Vec::new(),
        known: HashMap::new(),
    };
    for (unit, changes) in schedule.units.iter().enumerate() {
        walk.unit = unit;
        for change in changes {
            walk.change(&step.changes[*change], *change);
        }
    }
    let chance = walk.by_chance();
    schedule.after = walk
        .waits
        .into_iter()
        .map(|w| w.into_iter().collect())
        .collect();
    problems.extend(
        chance
            .into_iter()
            .map(|(a, b)| by_chance(&step.changes[a], &step.changes[b])),
    );
}

fn by_chance(first: &Change, second: &Change) -> Problem {
    Problem::new(
        Code::Orders,
        &second.place,
        Text::new(
            "順序の決まっていない 2 つの変更が同じものを設定し、結果がどちらになるか決まらない",
            "two changes in no order set the same thing, so the outcome hangs on chance",
        ),
    )
    .see(
        &first.place,
        Text::new("もう一方の変更", "the other change"),
    )
    .help(Text::new(
        "一方を `after` で後にするか、`Together` でまとめる",
        "let one wait with `after`, or put both into `Together`",
    ))
}

/// What has happened to a thing so far.
#[derive(Default)]
struct Past {
    /// The unit that made it or took it away last.
    turned: Option<usize>,
    /// The units that have used it since.
    used: Vec<usize>,
}

struct Walk<'n> {
    before: &'n Network,
    /// What things made or moved by changes refer to now.
    refs: HashMap<Key, Vec<Key>>,
    /// The names that are address objects: no device lets go of one in use.
    objects: HashSet<Name>,
    lanes: HashMap<Name, Vec<Key>>,
    states: HashMap<Key, Past>,
    /// Address ranges given up, and the unit that did.
    freed: Vec<(AddressRange, usize)>,
    unit: usize,
    waits: Vec<BTreeSet<usize>>,
    /// Who sets what: the change, its unit, and the same for the one before.
    set: Vec<((usize, usize), (usize, usize))>,
    known: HashMap<Key, (usize, usize)>,
}

impl Walk<'_> {
    fn wait(&mut self, first: Option<usize>) {
        if let Some(first) = first.filter(|f| *f != self.unit) {
            self.waits[self.unit].insert(first);
        }
    }

    /// The thing must be there.
    fn need(&mut self, key: Key) {
        let past = self.states.entry(key).or_default();
        let turned = past.turned;
        if past.used.last() != Some(&self.unit) {
            past.used.push(self.unit);
        }
        self.wait(turned);
    }

    /// The thing is made or taken away.
    fn turn(&mut self, key: Key) {
        let past = self.states.entry(key).or_default();
        let (used, turned) = (
            std::mem::take(&mut past.used),
            past.turned.replace(self.unit),
        );
        for first in used.into_iter().map(Some).chain([turned]) {
            self.wait(first);
        }
    }

    fn make(&mut self, key: Key, refs: Vec<Key>) {
        self.turn(key.clone());
        refs.iter().for_each(|r| self.need(r.clone()));
        self.refs.insert(key, refs);
    }

    fn take(&mut self, key: Key) {
        let refs = self.references(&key);
        let loose = matches!(key, Key::Rule(..) | Key::Nat(..) | Key::Policy(..));
        for named in refs {
            // What a rule leaves behind of other names is for rule I-TX-08 to find.
            let strict = match &named {
                Key::Name(name) => !loose || self.objects.contains(name),
                _ => true,
            };
            if strict {
                self.need(named);
            }
        }
        self.turn(key);
    }

    /// The thing gets other references.
    fn edit(&mut self, key: Key, refs: Vec<Key>) {
        for named in self.references(&key) {
            self.need(named);
        }
        refs.iter().for_each(|r| self.need(r.clone()));
        self.need(key.clone());
        self.refs.insert(key, refs);
    }

    /// A property is set, by the change at a position.
    fn set(&mut self, key: Key, change: usize) {
        let now = (change, self.unit);
        if let Some(there) = self.known.insert(key, now)
            && there.1 != now.1
        {
            self.set.push((there, now));
        }
    }

    /// Pairs of changes that set the same thing although neither waits for the other.
    fn by_chance(&self) -> Vec<(usize, usize)> {
        let free = self.set.iter().filter(|(a, b)| !self.is_behind(a.1, b.1));
        free.map(|(a, b)| (a.0, b.0)).collect()
    }

    /// Whether `then` waits for `first`, perhaps through others.
    fn is_behind(&self, first: usize, then: usize) -> bool {
        let mut open = vec![then];
        let mut seen = HashSet::new();
        while let Some(unit) = open.pop() {
            if unit == first {
                return true;
            }
            let earlier = self.waits[unit].iter().copied().filter(|u| *u >= first);
            open.extend(earlier.filter(|u| seen.insert(*u)));
        }
        false
    }

    fn references(&self, key: &Key) -> Vec<Key> {
        self.refs
            .get(key)
            .cloned()
            .unwrap_or_else(|| at_first(self.before, key))
    }

    fn change(&mut self, change: &Change, at: usize) {
        match &change.verb {
            Verb::Add(item) => self.add(item),
            Verb::Replace(item) => self.replace(item, at),
            Verb::Remove(kind, name) => self.remove(*kind, name),
            Verb::Relabel(segment, zone) => {
                let own = key(segment);
                let mut refs = self.references(&own);
                let old = self.before.segments.get(segment).map(|s| key(&s.zone));
                refs.retain(|r| Some(r) != old.as_ref());
                refs.push(key(zone));
                self.edit(own, refs);
                self.set(Key::Part("zone", name(segment)), at);
            }
            Verb::Renumber(segment, prefixes) => {
                self.need(key(segment));
                self.turn(Key::Part("prefixes", name(segment)));
                if let Some(old) = self.before.segments.get(segment) {
                    self.give_up(&old.prefixes);
                }
                self.claim(prefixes);
            }
            Verb::MoveGroup(group, segment, _) => {
                let own = key(group);
                let mut refs: Vec<Key> = self.references(&own);
                refs.retain(|r| !self.is_segment(r));
                refs.extend(in_segment(segment));
                self.edit(own, refs);
                self.set(Key::Part("segment", name(group)), at);
            }
            Verb::MoveSystem(system, segment, _) => {
                self.edit(key(system), in_segment(segment).to_vec());
                self.set(Key::Part("segment", name(system)), at);
            }
            Verb::MoveNode(node, endpoint) => {
                let mut refs = in_segment(&endpoint.segment).to_vec();
                refs.extend(endpoint.access.as_ref().map(|a| other(Kind::Access, a)));
                self.edit(key(node), refs);
                self.set(Key::Part("segment", name(node)), at);
                self.set(Key::Part("access", name(node)), at);
            }
            Verb::SetCount(group, _) => self.property(key(group), "count", at),
            Verb::SetMeasures(group, _) => self.property(key(group), "measures", at),
            Verb::SetAccess(client, table) => {
                let own = match client {
                    Client::Group(group) => key(group),
                    Client::Node(node) => key(node),
                };
                let mut refs = self.references(&own);
                refs.retain(|r| !matches!(r, Key::Other(Kind::Access, _)));
                refs.extend(table.as_ref().map(|t| other(Kind::Access, t)));
                self.edit(own.clone(), refs);
                self.property(own, "access", at);
            }
            Verb::ResizeLink(link, ..) => self.property(other(Kind::Link, link), "rate", at),
            Verb::Resize(node, _) => self.property(key(node), "capacity", at),
            Verb::Publish(node, to) => {
                terms(to).into_iter().for_each(|r| self.need(r));
                self.property(key(node), "publishes", at);
            }
            Verb::SetLanes(link, lanes) => {
                let ends = self.before.links.get(link).map(|l| Link {
                    lanes: lanes.clone(),
                    ..l.clone()
                });
                self.need(other(Kind::Link, link));
                self.set(Key::Part("lanes", name(link)), at);
                if let Some(new) = ends {
                    self.lay(&name(link), ports_of(&new));
                }
            }
            Verb::AddGateway(segment, gateway) => {
                self.need(key(segment));
                self.need(key(&gateway.node));
                self.turn(Key::Port(
                    name(&gateway.node),
                    Arc::clone(&gateway.interface),
                ));
                self.turn(Key::Line(name(segment), name(&gateway.node)));
            }
            Verb::RemoveGateway(segment, node) => {
                self.need(key(segment));
                self.turn(Key::Line(name(segment), name(node)));
            }
            _ => self.lists(&change.verb, at),
        }
    }

    fn lists(&mut self, verb: &Verb, at: usize) {
        match verb {
            Verb::AddRule(list, rule, position) => {
                self.need(key(&list.node));
                self.position(list, position);
                let refs = self.rule_refs(&list.node, rule);
                self.make(rule_key(list, &rule.name), refs);
            }
            Verb::RemoveRule(list, rule) => self.take(rule_key(list, rule)),
            Verb::MoveRule(list, rule, position) => {
                self.position(list, position);
                self.need(rule_key(list, rule));
                self.set(Key::Part("position", whole(list, rule)), at);
            }
            Verb::ReplaceRule(list, rule) => {
                let refs = self.rule_refs(&list.node, rule);
                self.edit(rule_key(list, &rule.name), refs);
                self.set(Key::Part("rule", whole(list, &rule.name)), at);
            }
            Verb::AddNat(node, rule, position) => {
                self.need(key(node));
                if let Position::Before(n) | Position::After(n) = position {
                    self.need(Key::Nat(name(node), Arc::clone(n)));
                }
                let mut refs = terms(&rule.source);
                refs.extend(terms(&rule.destination));
                refs.extend(services(&rule.service));
                refs.extend(self.ports(node, &[&rule.incoming, &rule.outgoing]));
                self.make(Key::Nat(name(node), Arc::clone(&rule.name)), refs);
            }
            Verb::RemoveNat(node, rule) => self.take(Key::Nat(name(node), Arc::clone(rule))),
            Verb::AddPolicy(node, route) => {
                self.need(key(node));
                let mut refs = terms(&route.source);
                refs.extend(terms(&route.destination));
                refs.extend(services(&route.service));
                refs.extend(self.ports(node, &[&route.incoming]));
                refs.extend(hops(node, &route.via));
                self.make(Key::Policy(name(node), Arc::clone(&route.name)), refs);
            }
            Verb::RemovePolicy(node, route) => {
                self.take(Key::Policy(name(node), Arc::clone(route)));
            }
            Verb::AddRoute(node, route) => {
                self.need(key(node));
                let own = Key::Route(name(node), Arc::clone(&route.vrf), route.prefix);
                self.make(own, hops(node, &route.via));
            }
            Verb::RemoveRoute(node, vrf, prefix) => {
                self.take(Key::Route(name(node), Arc::clone(vrf), *prefix));
            }
            _ => {}
        }
    }

    fn property(&mut self, own: Key, part: &'static str, at: usize) {
        if let Key::Name(name) | Key::Other(_, name) = &own {
            self.set(Key::Part(part, Arc::clone(name)), at);
        }
        self.need(own);
    }

    fn position(&mut self, list: &RuleList, position: &Position) {
        if let Position::Before(n) | Position::After(n) = position {
            self.need(rule_key(list, n));
        }
    }

    fn add(&mut self, item: &Item) {
        let own = item_key(item);
        if let Item::Object(object) = item {
            self.objects.insert(name(&object.id));
        }
        if let Item::Segment(segment) = item {
            self.claim(&segment.prefixes);
            self.turn(Key::Part("prefixes", name(&segment.id)));
            for gateway in &segment.gateways {
                self.turn(Key::Port(
                    name(&gateway.node),
                    Arc::clone(&gateway.interface),
                ));
                self.turn(Key::Line(name(&segment.id), name(&gateway.node)));
            }
        }
        if let Item::Link(link) = item {
            self.lay(&name(&link.id), ports_of(link));
        }
        self.make(own, item_refs(item));
    }

    fn replace(&mut self, item: &Item, at: usize) {
        let own = item_key(item);
        if matches!(item, Item::Node(_) | Item::Segment(_) | Item::Link(_)) {
            // What hangs on it may need the old or the new one: the order as written holds.
            self.make(own, item_refs(item));
        } else {
            self.edit(own.clone(), item_refs(item));
            self.property(own, "content", at);
        }
    }

    fn remove(&mut self, kind: Kind, of: &Name) {
        match kind {
            Kind::Segment => {
                let id = Id::new(Arc::clone(of));
                if let Some(old) = self.before.segments.get(&id) {
                    self.give_up(&old.prefixes);
                }
                self.turn(Key::Part("prefixes", Arc::clone(of)));
            }
            Kind::Link => self.lay(of, Vec::new()),
            _ => {}
        }
        self.take(kind_key(kind, of));
    }

    /// A line has these interfaces now; those that come or go are turned.
    fn lay(&mut self, link: &Name, new: Vec<Key>) {
        let old = self.lanes.get(link).cloned().unwrap_or_else(|| {
            let there = self.before.links.get(&Id::new(Arc::clone(link)));
            there.map(ports_of).unwrap_or_default()
        });
        for port in &old {
            if !new.contains(port) {
                self.turn(port.clone());
            }
        }
        for port in &new {
            if !old.contains(port) {
                self.turn(port.clone());
            }
        }
        self.lanes.insert(Arc::clone(link), new);
    }

    fn give_up(&mut self, prefixes: &[IpNet]) {
        let unit = self.unit;
        self.freed
            .extend(prefixes.iter().map(|p| (AddressRange::prefix(p), unit)));
    }

    fn claim(&mut self, prefixes: &[IpNet]) {
        let wanted: Vec<AddressRange> = prefixes.iter().map(AddressRange::prefix).collect();
        let freed = self.freed.iter();
        let first: Vec<usize> = freed
            .filter(|(range, _)| wanted.iter().any(|w| w.overlaps(*range)))
            .map(|(_, unit)| *unit)
            .collect();
        first.into_iter().for_each(|u| self.wait(Some(u)));
    }

    fn is_segment(&self, reference: &Key) -> bool {
        match reference {
            Key::Part("prefixes", _) => true,
            Key::Name(name) => {
                let prefixes = Key::Part("prefixes", Arc::clone(name));
                self.states.contains_key(&prefixes)
                    || self.before.segments.contains(&Id::new(Arc::clone(name)))
            }
            _ => false,
        }
    }

    fn rule_refs(&self, node: &Id<Node>, rule: &FilterRule) -> Vec<Key> {
        let mut refs = rule_names(rule);
        refs.extend(self.ports(node, &[&rule.incoming, &rule.outgoing]));
        refs
    }

    /// The interfaces that a rule of a node names, one by one or by a device's own zone.
    fn ports(&self, node: &Id<Node>, named: &[&Interfaces]) -> Vec<Key> {
        ports(self.before.nodes.get(node), node, named)
    }
}

fn ports(at: Option<&Node>, node: &Id<Node>, named: &[&Interfaces]) -> Vec<Key> {
    let zones = at
        .map(|n| n.forwarding.zones.as_slice())
        .unwrap_or_default();
    let mut out = Vec::new();
    for interface in named.iter().flat_map(|i| &i.0) {
        match zones.iter().find(|(zone, _)| zone == interface) {
            // A device's zone stands for those of its interfaces that are there.
            Some(_) => {}
            None => out.push(Key::Port(name(node), Arc::clone(interface))),
        }
    }
    out
}

fn name<T>(id: &Id<T>) -> Name {
    Arc::from(id.as_str())
}

fn key<T>(id: &Id<T>) -> Key {
    Key::Name(name(id))
}

fn other<T>(kind: Kind, id: &Id<T>) -> Key {
    Key::Other(kind, name(id))
}

fn kind_key(kind: Kind, of: &Name) -> Key {
    match kind {
        Kind::Zone | Kind::Segment | Kind::Node | Kind::Group | Kind::System | Kind::Object => {
            Key::Name(Arc::clone(of))
        }
        Kind::Site | Kind::Link | Kind::Service | Kind::Access | Kind::Reference => {
            Key::Other(kind, Arc::clone(of))
        }
    }
}

fn whole(list: &RuleList, rule: &Name) -> Name {
    Arc::from(format!("{} {} {rule}", list.node, list_word(&list.at)))
}

fn list_word(at: &ListAt) -> String {
    match at {
        ListAt::Proxy => "proxy".to_owned(),
        ListAt::Filter(FilterPoint::Forward) => "forward".to_owned(),
        ListAt::Filter(FilterPoint::In(port)) => format!("in {port}"),
        ListAt::Filter(FilterPoint::Out(port)) => format!("out {port}"),
    }
}

fn rule_key(list: &RuleList, rule: &Name) -> Key {
    Key::Rule(name(&list.node), list_word(&list.at), Arc::clone(rule))
}

fn terms(set: &Addresses) -> Vec<Key> {
    let named = set.terms.iter().filter_map(|t| match t {
        AddressTerm::Named(name) => Some(Key::Name(Arc::clone(name))),
        _ => None,
    });
    named.collect()
}

fn services(set: &Services) -> Vec<Key> {
    let named = set.terms.iter().filter_map(|t| match t {
        ServiceTerm::Named(name) => Some(Key::Other(Kind::Service, Arc::clone(name))),
        _ => None,
    });
    named.collect()
}

fn rule_names(rule: &FilterRule) -> Vec<Key> {
    let mut refs = terms(&rule.source);
    refs.extend(terms(&rule.destination));
    refs.extend(services(&rule.service));
    refs
}

fn hops(node: &Id<Node>, via: &[Hop]) -> Vec<Key> {
    let to = via.iter().filter_map(|hop| match hop {
        Hop::Node(next) => Some(Key::Line(name(node), name(next))),
        Hop::Interface(port) => Some(Key::Port(name(node), Arc::clone(port))),
        Hop::Discard => None,
    });
    to.collect()
}

fn in_segment(segment: &Id<Segment>) -> [Key; 2] {
    [key(segment), Key::Part("prefixes", name(segment))]
}

fn ports_of(link: &Link) -> Vec<Key> {
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

fn item_key(item: &Item) -> Key {
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

fn item_refs(item: &Item) -> Vec<Key> {
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
                if let Way::Via(node) = &entry.way {
                    refs.push(key(node));
                }
            }
            refs
        }
    }
}

fn segment_refs(segment: &Segment) -> Vec<Key> {
    let mut refs = vec![key(&segment.zone), other(Kind::Site, &segment.site)];
    refs.extend(segment.gateways.iter().map(|g| key(&g.node)));
    refs
}

fn node_refs(node: &Node) -> Vec<Key> {
    let mut refs = vec![other(Kind::Site, &node.site)];
    if let Some(endpoint) = &node.endpoint {
        refs.extend(in_segment(&endpoint.segment));
        refs.extend(endpoint.access.as_ref().map(|a| other(Kind::Access, a)));
    }
    let f = &node.forwarding;
    refs.extend(f.filters.iter().flat_map(|l| &l.rules).flat_map(rule_names));
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
fn at_first(network: &Network, of: &Key) -> Vec<Key> {
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
            let here = filters.filter(|f| list_word(&ListAt::Filter(f.point.clone())) == *list);
            let mut rules = here.flat_map(|f| &f.rules).chain(own);
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
