//! What the things of a network are in which states of a step.
//!
//! Goes in: changes, one by one, each with the region in which it is done. Comes out: for every thing that
//! any of them touches its versions, each with its region; the regions of one thing are disjoint. Lists
//! of rules on nodes are kept apart ([`super::lists`]), for they have as many versions as subsets.

use super::region::{Region, When, always, both, open};
use super::{named, named_service};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use utsushi_model::change::{Change, Item, Kind, Verb};
use utsushi_model::id::{Id, Named, Table};
use utsushi_model::network::{Gateway, HostGroup, Network, Node, Segment, SegmentId, System, Zone};
use utsushi_model::policy::{
    AddressObject, AddressTerm, Addresses, Name, ServiceObject, ServiceTerm, Services,
};

/// The versions of one thing; `None`: not there.
pub(super) type Of<T> = Vec<(Option<Arc<T>>, Region)>;

/// Everything that some change of the step touches.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// The network with everything that was done so far.
    now: Network,
    /// The network of the state in which nothing free is done.
    first: Network,
    pub(super) zones: HashMap<Id<Zone>, Of<Zone>>,
    pub(super) segments: HashMap<SegmentId, Of<Segment>>,
    pub(super) nodes: HashMap<Id<Node>, Of<Node>>,
    pub(super) groups: HashMap<Id<HostGroup>, Of<HostGroup>>,
    pub(super) systems: HashMap<Id<System>, Of<System>>,
    pub(super) objects: HashMap<Id<AddressObject>, Of<AddressObject>>,
    pub(super) services: HashMap<Id<ServiceObject>, Of<ServiceObject>>,
}

/// What a change is about, where that bears on packets.
enum Target {
    Zone(Id<Zone>),
    Segment(SegmentId),
    /// A relay's place on the network.
    Relay(Id<Node>),
    Group(Id<HostGroup>),
    System(Id<System>),
    Object(Id<AddressObject>),
    Service(Id<ServiceObject>),
}

/// Whether a change gives a name another meaning as a set of addresses.
pub(super) fn renames(verb: &Verb) -> bool {
    matches!(
        target(verb, &Network::default()),
        Some(
            Target::Segment(_)
                | Target::Group(_)
                | Target::System(_)
                | Target::Object(_)
                | Target::Zone(_)
        )
    ) || matches!(verb, Verb::MoveNode(..))
}

fn target(verb: &Verb, network: &Network) -> Option<Target> {
    let relay = |id: &Id<Node>| network.nodes.get(id).is_some_and(|n| n.kind.is_relay());
    match verb {
        Verb::Add(item) | Verb::Replace(item) => match item {
            Item::Zone(i) => Some(Target::Zone(i.id.clone())),
            Item::Segment(i) => Some(Target::Segment(i.id.clone())),
            Item::Node(i) => i.kind.is_relay().then(|| Target::Relay(i.id.clone())),
            Item::Group(i) => Some(Target::Group(i.id.clone())),
            Item::System(i) => Some(Target::System(i.id.clone())),
            Item::Object(i) => Some(Target::Object(i.id.clone())),
            Item::Service(i) => Some(Target::Service(i.id.clone())),
            Item::Site(_) | Item::Link(_) | Item::Access(_) | Item::Reference(_) => None,
        },
        Verb::Remove(kind, name) => {
            let name = Arc::clone(name);
            match kind {
                Kind::Zone => Some(Target::Zone(Id::new(name))),
                Kind::Segment => Some(Target::Segment(Id::new(name))),
                Kind::Node => Some(Id::new(name)).filter(relay).map(Target::Relay),
                Kind::Group => Some(Target::Group(Id::new(name))),
                Kind::System => Some(Target::System(Id::new(name))),
                Kind::Object => Some(Target::Object(Id::new(name))),
                Kind::Service => Some(Target::Service(Id::new(name))),
                Kind::Site | Kind::Link | Kind::Access | Kind::Reference => None,
            }
        }
        Verb::Relabel(s, _)
        | Verb::Renumber(s, _)
        | Verb::AddGateway(s, _)
        | Verb::RemoveGateway(s, _) => Some(Target::Segment(s.clone())),
        Verb::MoveGroup(g, ..) => Some(Target::Group(g.clone())),
        Verb::MoveSystem(s, ..) => Some(Target::System(s.clone())),
        Verb::MoveNode(n, _) => Some(Target::Relay(n.clone())),
        _ => None,
    }
}

/// Splits the versions of a thing by whether a change is done.
fn split<T: Named + Clone>(
    of: &mut HashMap<Id<T>, Of<T>>,
    id: &Id<T>,
    (now, table): (&Network, fn(&mut Network) -> &mut Table<T>),
    change: &Change,
    done: &Region,
) {
    let mut now = now.clone();
    let there = table(&mut now).shared(id).cloned();
    let old = of
        .entry(id.clone())
        .or_insert_with(|| vec![(there, Region::new())]);
    let mut next = Of::new();
    for (version, region) in old.drain(..) {
        if let Some(rest) = open(done).and_then(|o| both(&region, &o)) {
            next.push((version.clone(), rest));
        }
        let Some(here) = both(&region, done) else {
            continue;
        };
        let mut network = now.clone();
        let own = table(&mut network);
        match &version {
            Some(item) => own.put((**item).clone()),
            None => drop(own.remove(id)),
        }
        // Where a change does not apply the schedule does not allow the state.
        if change.apply_to(&mut network).is_ok() {
            next.push((table(&mut network).shared(id).cloned(), here));
        }
    }
    *old = next;
}

impl Versions {
    pub(super) fn new(before: &Network) -> Self {
        Self {
            now: before.clone(),
            first: before.clone(),
            ..Self::default()
        }
    }

    /// One more change, done in a region.
    pub(super) fn apply(&mut self, change: &Change, done: &Region) {
        let fixed = done.is_empty();
        if !fixed && let Some(target) = target(&change.verb, &self.now) {
            let now = &self.now;
            match target {
                Target::Zone(id) => {
                    split(&mut self.zones, &id, (now, |n| &mut n.zones), change, done);
                }
                Target::Segment(id) => split(
                    &mut self.segments,
                    &id,
                    (now, |n| &mut n.segments),
                    change,
                    done,
                ),
                Target::Relay(id) => {
                    split(&mut self.nodes, &id, (now, |n| &mut n.nodes), change, done);
                }
                Target::Group(id) => split(
                    &mut self.groups,
                    &id,
                    (now, |n| &mut n.groups),
                    change,
                    done,
                ),
                Target::System(id) => split(
                    &mut self.systems,
                    &id,
                    (now, |n| &mut n.systems),
                    change,
                    done,
                ),
                Target::Object(id) => split(
                    &mut self.objects,
                    &id,
                    (now, |n| &mut n.objects),
                    change,
                    done,
                ),
                Target::Service(id) => split(
                    &mut self.services,
                    &id,
                    (now, |n| &mut n.services),
                    change,
                    done,
                ),
            }
        } else if fixed && let Some(target) = target(&change.verb, &self.now) {
            // Done throughout, but perhaps on something of which there are several versions.
            let now = &self.now;
            match target {
                Target::Zone(id) if self.zones.contains_key(&id) => {
                    split(&mut self.zones, &id, (now, |n| &mut n.zones), change, done);
                }
                Target::Segment(id) if self.segments.contains_key(&id) => {
                    split(
                        &mut self.segments,
                        &id,
                        (now, |n| &mut n.segments),
                        change,
                        done,
                    );
                }
                Target::Relay(id) if self.nodes.contains_key(&id) => {
                    split(&mut self.nodes, &id, (now, |n| &mut n.nodes), change, done);
                }
                Target::Group(id) if self.groups.contains_key(&id) => {
                    split(
                        &mut self.groups,
                        &id,
                        (now, |n| &mut n.groups),
                        change,
                        done,
                    );
                }
                Target::System(id) if self.systems.contains_key(&id) => {
                    split(
                        &mut self.systems,
                        &id,
                        (now, |n| &mut n.systems),
                        change,
                        done,
                    );
                }
                Target::Object(id) if self.objects.contains_key(&id) => {
                    split(
                        &mut self.objects,
                        &id,
                        (now, |n| &mut n.objects),
                        change,
                        done,
                    );
                }
                Target::Service(id) if self.services.contains_key(&id) => {
                    split(
                        &mut self.services,
                        &id,
                        (now, |n| &mut n.services),
                        change,
                        done,
                    );
                }
                _ => {}
            }
        }
        if fixed {
            // What is done throughout is there in the first state too.
            drop(change.apply_to(&mut self.first));
        }
        drop(change.apply_to(&mut self.now));
    }

    /// Whether which addresses a segment has differs between states.
    pub(super) fn moving(&self) -> bool {
        self.segments.values().any(|of| {
            let first = of
                .first()
                .and_then(|(s, _)| s.as_ref())
                .map(|s| &s.prefixes);
            of.iter()
                .any(|(s, _)| s.as_ref().map(|s| &s.prefixes) != first)
        })
    }

    /// Whether an object has members in some state that cannot be judged offline.
    pub(super) fn undecided(&self) -> bool {
        let hosts = |o: &Arc<AddressObject>| {
            o.addresses
                .terms
                .iter()
                .any(|t| matches!(t, AddressTerm::HostName(_)))
        };
        let applications = |o: &Arc<ServiceObject>| {
            o.services
                .terms
                .iter()
                .any(|t| matches!(t, ServiceTerm::Application(_)))
        };
        self.objects
            .values()
            .flatten()
            .any(|(o, _)| o.as_ref().is_some_and(hosts))
            || self
                .services
                .values()
                .flatten()
                .any(|(o, _)| o.as_ref().is_some_and(applications))
    }

    /// The names whose meaning as addresses differs between states.
    pub(super) fn varying(&self) -> HashSet<Name> {
        fn name<T>(id: &Id<T>) -> Name {
            Arc::from(id.as_str())
        }
        let mut out: HashSet<Name> = HashSet::new();
        out.extend(self.zones.keys().map(name));
        for (id, of) in &self.segments {
            out.insert(name(id));
            out.extend(of.iter().flat_map(|(s, _)| s).map(|s| name(&s.zone)));
        }
        out.extend(self.nodes.keys().map(name));
        out.extend(self.groups.keys().map(name));
        out.extend(self.systems.keys().map(name));
        out.extend(self.objects.keys().map(name));
        if self.moving() {
            // A group may stand for its whole segment, a zone for all of its own.
            out.extend(
                self.now
                    .groups
                    .ids()
                    .chain(self.first.groups.ids())
                    .map(name),
            );
            for network in [&self.first, &self.now] {
                out.extend(
                    network
                        .segments
                        .iter()
                        .filter(|s| s.external)
                        .flat_map(|s| [name(&s.id), name(&s.zone)]),
                );
            }
        }
        out
    }

    /// Whether a set of addresses means other addresses in other states.
    pub(super) fn addresses_vary(&self, set: &Addresses, names: &HashSet<Name>) -> bool {
        self.vary(set, names, 0)
    }

    fn vary(&self, set: &Addresses, names: &HashSet<Name>, depth: u32) -> bool {
        depth > 32
            || set.terms.iter().filter_map(named).any(|name| {
                let object = Id::new(Arc::clone(name));
                let object = self
                    .first
                    .objects
                    .get(&object)
                    .or_else(|| self.now.objects.get(&object));
                names.contains(name)
                    || object.is_some_and(|o| self.vary(&o.addresses, names, depth + 1))
            })
    }

    /// Whether a set of services means other services in other states.
    pub(super) fn services_vary(&self, set: &Services) -> bool {
        self.vary_service(set, 0)
    }

    fn vary_service(&self, set: &Services, depth: u32) -> bool {
        depth > 32
            || set.terms.iter().filter_map(named_service).any(|name| {
                let id = Id::new(Arc::clone(name));
                let object = self.first.services.get(&id);
                self.services.contains_key(&id)
                    || object.is_some_and(|o| self.vary_service(&o.services, depth + 1))
            })
    }

    /// One network in which everything is there that is there in some state; which version of a thing does
    /// not matter, for what differs is looked up by state.
    pub(super) fn united(&self) -> Network {
        fn unite<T: Named + Clone>(
            table: &mut Table<T>,
            of: &HashMap<Id<T>, Of<T>>,
            order: &Table<T>,
        ) {
            let known = |id: &Id<T>| order.position(id).unwrap_or(usize::MAX);
            let mut ids: Vec<&Id<T>> = of.keys().collect();
            ids.sort_by_key(|id| (known(id), id.as_str().to_owned()));
            for id in ids {
                if let Some(item) = of[id].iter().find_map(|(item, _)| item.as_ref()) {
                    table.put((**item).clone());
                }
            }
        }
        let mut out = self.first.clone();
        unite(&mut out.zones, &self.zones, &self.now.zones);
        unite(&mut out.segments, &self.segments, &self.now.segments);
        unite(&mut out.nodes, &self.nodes, &self.now.nodes);
        unite(&mut out.groups, &self.groups, &self.now.groups);
        unite(&mut out.systems, &self.systems, &self.now.systems);
        unite(&mut out.objects, &self.objects, &self.now.objects);
        unite(&mut out.services, &self.services, &self.now.services);
        // Relays whose access table or attributes change are no other things for packets.
        for node in self.now.nodes.iter().filter(|n| !n.kind.is_relay()) {
            if !out.nodes.contains(&node.id) {
                out.nodes.put(node.clone());
            }
        }
        out
    }

    /// The network with every gateway of every version of its segments and all their addresses, and the
    /// states in which gateways are there that are not always: by segment and position.
    pub(super) fn gateways(
        &self,
        mut network: Network,
    ) -> (Network, HashMap<(SegmentId, usize), When>) {
        let mut when: HashMap<(SegmentId, usize), When> = HashMap::new();
        for (id, of) in &self.segments {
            let mut gateways: Vec<(Gateway, When)> = Vec::new();
            let mut prefixes = Vec::new();
            for (segment, region) in of {
                let Some(segment) = segment else { continue };
                for gateway in &segment.gateways {
                    match gateways.iter_mut().find(|(g, _)| g == gateway) {
                        Some((_, when)) => when.push(region.clone()),
                        None => gateways.push((gateway.clone(), vec![region.clone()])),
                    }
                }
                for prefix in &segment.prefixes {
                    if !prefixes.contains(prefix) {
                        prefixes.push(*prefix);
                    }
                }
            }
            for (at, (_, w)) in gateways.iter().enumerate() {
                if w.len() != of.len() {
                    when.insert((id.clone(), at), w.clone());
                }
            }
            network.segments.edit(id, |segment| {
                segment.gateways = gateways.into_iter().map(|(g, _)| g).collect();
                segment.prefixes = prefixes;
            });
        }
        (network, when)
    }

    /// The versions of a segment of a network.
    pub(super) fn segment(&self, united: &Network, id: &SegmentId) -> Of<Segment> {
        look(&self.segments, &united.segments, id)
    }

    /// The states in which a zone of that name is there, with it.
    pub(super) fn zone(&self, united: &Network, id: &Id<Zone>) -> Of<Zone> {
        look(&self.zones, &united.zones, id)
    }

    /// The versions of a node.
    pub(super) fn node(&self, united: &Network, id: &Id<Node>) -> Of<Node> {
        look(&self.nodes, &united.nodes, id)
    }

    /// The versions of a group.
    pub(super) fn group(&self, united: &Network, id: &Id<HostGroup>) -> Of<HostGroup> {
        look(&self.groups, &united.groups, id)
    }

    /// The versions of a system.
    pub(super) fn system(&self, united: &Network, id: &Id<System>) -> Of<System> {
        look(&self.systems, &united.systems, id)
    }

    /// The versions of an address object.
    pub(super) fn object(&self, united: &Network, id: &Id<AddressObject>) -> Of<AddressObject> {
        look(&self.objects, &united.objects, id)
    }

    /// The versions of a service object.
    pub(super) fn service(&self, united: &Network, id: &Id<ServiceObject>) -> Of<ServiceObject> {
        look(&self.services, &united.services, id)
    }
}

fn look<T: Named>(of: &HashMap<Id<T>, Of<T>>, united: &Table<T>, id: &Id<T>) -> Of<T> {
    match of.get(id) {
        Some(versions) => versions.clone(),
        None => vec![(united.shared(id).cloned(), Region::new())],
    }
}

/// The states of a version.
pub(super) fn states(region: &Region) -> When {
    match region.is_empty() {
        true => always(),
        false => vec![region.clone()],
    }
}
