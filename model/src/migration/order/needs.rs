//! What a change waits for by what it does: nothing is used before it is made or after it is taken away.
//!
//! Goes in: the changes in the order of a schedule. Comes out: more waiting: a change that names a thing
//! waits for the change before it that makes the thing, and one that takes a thing away waits for those
//! before it that name it; an address range is given out again only after it was given up. What can go
//! wrong: two changes set the same thing and neither waits for the other, so that the outcome hangs on
//! chance.

use super::super::Step;
use super::Schedule;
use super::keys::{
    Key, at_first, hops, in_segment, item_key, item_refs, key, kind_key, name, other, ports,
    ports_of, rule_key, rule_names, services, terms, whole,
};
use crate::address::AddressRange;
use crate::change::{Change, Client, Item, Kind, Position, RuleList, Verb};
use crate::finding::Code;
use crate::id::Id;
use crate::network::{Link, Network, Node};
use crate::policy::{FilterRule, Interfaces, Name};
use crate::problem::Problem;
use crate::text::Text;
use ipnet::IpNet;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Adds to a schedule what its changes wait for; gives pairs of changes, as written, that set the same thing
/// although neither waits for the other.
pub(super) fn add(step: &Step, before: &Network, schedule: &mut Schedule) -> Vec<(usize, usize)> {
    let mut walk = Walk {
        before,
        refs: HashMap::new(),
        objects: before
            .objects
            .ids()
            .map(|o| Arc::from(o.as_str()))
            .collect(),
        lanes: HashMap::new(),
        lasting: lasting(step, before),
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
    chance
}

/// The pairs of nodes that have a line which no change of the step lays, takes away, replaces or gives other
/// VLANs, and which joins the same VRFs as all lines between them that some change does.
fn lasting(step: &Step, before: &Network) -> HashSet<Key> {
    let mut touched: HashSet<Name> = HashSet::new();
    let mut moved: Vec<Link> = Vec::new();
    for change in &step.changes {
        match &change.verb {
            Verb::Add(Item::Link(link)) | Verb::Replace(Item::Link(link)) => {
                touched.insert(name(&link.id));
                moved.push(link.clone());
            }
            Verb::Remove(Kind::Link, id) => {
                touched.insert(Arc::clone(id));
            }
            Verb::SetLanes(id, lanes) => {
                touched.insert(name(id));
                let there = before.links.get(id).cloned();
                moved.extend(there.map(|link| Link {
                    lanes: lanes.clone(),
                    ..link
                }));
            }
            _ => {}
        }
    }
    let is_touched = |link: &&Link| touched.contains(link.id.as_str());
    moved.extend(before.links.iter().filter(is_touched).cloned());
    let mut out = HashSet::new();
    for kept in before.links.iter().filter(|l| !is_touched(l)) {
        let ends = [(&kept.a, &kept.b), (&kept.b, &kept.a)];
        let same = moved.iter().filter(|m| ends.contains(&(&m.a, &m.b)));
        if same
            .flat_map(joined)
            .all(|pair| joined(kept).contains(&pair))
        {
            out.extend(ends.map(|(a, b)| Key::Line(name(a), name(b))));
        }
    }
    out
}

/// The VRFs that a line joins, by node.
fn joined(link: &Link) -> Vec<[(Name, Name); 2]> {
    let lanes = link.lanes.iter();
    let mut pairs: Vec<[(Name, Name); 2]> = lanes
        .map(|lane| {
            let mut ends = [
                (name(&link.a), Arc::clone(&lane.a.vrf)),
                (name(&link.b), Arc::clone(&lane.b.vrf)),
            ];
            ends.sort();
            ends
        })
        .collect();
    pairs.sort();
    pairs.dedup();
    pairs
}

/// The problem that two changes of a step make.
pub(super) fn by_chance(first: &Change, second: &Change) -> Problem {
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
    /// Pairs of nodes that keep a line throughout: no other line between them matters to who needs one.
    lasting: HashSet<Key>,
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
        if self.lasting.contains(&key) {
            return;
        }
        let past = self.states.entry(key).or_default();
        let turned = past.turned;
        if past.used.last() != Some(&self.unit) {
            past.used.push(self.unit);
        }
        self.wait(turned);
    }

    /// The thing is made or taken away.
    fn turn(&mut self, key: Key) {
        if self.lasting.contains(&key) {
            return;
        }
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
