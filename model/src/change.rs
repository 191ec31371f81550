//! The verbs of a migration, and what each does to a network.
//!
//! Goes in: a network. Comes out: the network after the change, sharing what it did not touch; or every
//! reason why the change does not apply (a name that is not there, a name that is there already, a
//! segment that still has members), with a way out.

use crate::access::AccessId;
use crate::address::AddressRange;
use crate::network::{
    Endpoint, Gateway, GroupId, HostGroup, Lane, Link, LinkId, Measures, Network, Node, NodeId,
    NodeKind, Reference, Segment, SegmentId, Site, System, SystemId, Zone, ZoneId,
};
use crate::place::Place;
use crate::policy::{
    AddressObject, Addresses, FilterPoint, FilterRule, Name, NatRule, PolicyRoute, ServiceObject,
    StaticRoute,
};
use crate::problem::Problem;
use crate::units::{BitRate, Latency, Seats, Sessions};
use ipnet::IpNet;

mod apply;
mod rules;
mod trouble;
mod words;

#[cfg(test)]
mod tests;

/// Anything that can be added to a network under a name.
#[derive(Debug, Clone)]
pub enum Item {
    /// A zone.
    Zone(Zone),
    /// A site.
    Site(Site),
    /// A segment.
    Segment(Segment),
    /// A node.
    Node(Box<Node>),
    /// A link.
    Link(Link),
    /// A host group.
    Group(HostGroup),
    /// A business system.
    System(System),
    /// An address object.
    Object(AddressObject),
    /// A service object.
    Service(ServiceObject),
    /// An access table.
    Access(crate::access::AccessTable),
    /// A literal address held elsewhere.
    Reference(Reference),
}

/// The kinds of things a network knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A zone.
    Zone,
    /// A site.
    Site,
    /// A segment.
    Segment,
    /// A node.
    Node,
    /// A link.
    Link,
    /// A host group.
    Group,
    /// A business system.
    System,
    /// An address object.
    Object,
    /// A service object.
    Service,
    /// An access table.
    Access,
    /// A literal address held elsewhere.
    Reference,
}

/// An ordered list of filter rules on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleList {
    /// The node.
    pub node: NodeId,
    /// Which of its lists.
    pub at: ListAt,
}

/// Which ordered list of a node is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListAt {
    /// The own list of a filter of a forwarding node.
    Filter(FilterPoint),
    /// A chain of such a filter.
    Chain(FilterPoint, Name),
    /// A proxy's own rules.
    Proxy,
}

/// Where in an ordered list a rule goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Before everything.
    First,
    /// After everything.
    Last,
    /// Just before the named rule.
    Before(Name),
    /// Just after the named rule.
    After(Name),
}

/// New capacities of a node; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Capacities {
    /// Throughput.
    pub throughput: Option<BitRate>,
    /// Concurrent sessions: of a stateful node, or of one machine of a proxy.
    pub sessions: Option<Sessions>,
    /// Machines of a proxy.
    pub units: Option<u32>,
    /// Seats of a screen-transfer relay.
    pub seats: Option<Seats>,
    /// Workers of a sanitiser.
    pub workers: Option<u32>,
    /// Time a sanitiser takes for a file.
    pub per_file: Option<Latency>,
    /// Global addresses of an address translator.
    pub nat_addresses: Option<u32>,
}

/// New measures of a host group; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MeasureChange {
    /// See [`Measures::edr`].
    pub edr: Option<bool>,
    /// See [`Measures::patched`].
    pub patched: Option<bool>,
    /// See [`Measures::two_factors`].
    pub two_factors: Option<bool>,
    /// See [`Measures::media_blocked`].
    pub media_blocked: Option<bool>,
}

impl MeasureChange {
    fn on(&self, old: Measures) -> Measures {
        Measures {
            edr: self.edr.unwrap_or(old.edr),
            patched: self.patched.unwrap_or(old.patched),
            two_factors: self.two_factors.unwrap_or(old.two_factors),
            media_blocked: self.media_blocked.unwrap_or(old.media_blocked),
        }
    }
}

/// Who an access table is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Client {
    /// A host group.
    Group(GroupId),
    /// A relay.
    Node(NodeId),
}

/// What a change does.
#[derive(Debug, Clone)]
pub enum Verb {
    /// Adds a thing under a new name.
    Add(Item),
    /// Puts a thing in the place of the one of the same name.
    Replace(Item),
    /// Takes a thing out (retires a segment, removes a node, …). Nothing may hang on it.
    Remove(Kind, Name),
    /// Puts a segment into another zone, keeping its addresses (読み替え).
    Relabel(SegmentId, ZoneId),
    /// Gives a segment other networks; hosts that had addresses of their own must be moved first.
    Renumber(SegmentId, Vec<IpNet>),
    /// Moves a host group to a segment, with its addresses there (empty: the whole segment).
    MoveGroup(GroupId, SegmentId, Vec<AddressRange>),
    /// Changes how many hosts a group has.
    SetCount(GroupId, u32),
    /// Moves a business system to a segment and addresses.
    MoveSystem(SystemId, SegmentId, Vec<AddressRange>),
    /// Moves a relay to another place on the network.
    MoveNode(NodeId, Endpoint),
    /// Adds a rule to an ordered list.
    AddRule(RuleList, Box<FilterRule>, Position),
    /// Removes a rule.
    RemoveRule(RuleList, Name),
    /// Moves a rule within its list.
    MoveRule(RuleList, Name, Position),
    /// Puts a rule in the place of the one of the same name.
    ReplaceRule(RuleList, Box<FilterRule>),
    /// Adds an address translation rule at the end or where said.
    AddNat(NodeId, Box<NatRule>, Position),
    /// Removes an address translation rule.
    RemoveNat(NodeId, Name),
    /// Gives a link other rates (a to b, b to a, of one member) and members; `None` stays.
    ResizeLink(LinkId, Option<BitRate>, Option<BitRate>, Option<u32>),
    /// Gives a link other VLANs.
    SetLanes(LinkId, Vec<Lane>),
    /// Gives a node other capacities.
    Resize(NodeId, Capacities),
    /// Adds a static route.
    AddRoute(NodeId, StaticRoute),
    /// Removes the static route of a VRF and prefix.
    RemoveRoute(NodeId, Name, IpNet),
    /// Adds a policy route at the end.
    AddPolicy(NodeId, Box<PolicyRoute>),
    /// Removes a policy route.
    RemovePolicy(NodeId, Name),
    /// Makes a node route for a segment.
    AddGateway(SegmentId, Gateway),
    /// Ends that.
    RemoveGateway(SegmentId, NodeId),
    /// Gives a client another access table (a PAC file), or none.
    SetAccess(Client, Option<AccessId>),
    /// Changes what a screen-transfer relay may open.
    Publish(NodeId, Addresses),
    /// Changes measures on the hosts of a group.
    SetMeasures(GroupId, MeasureChange),
}

/// One change of a step.
#[derive(Debug, Clone)]
pub struct Change {
    /// What it does.
    pub verb: Verb,
    /// Where it is written.
    pub place: Place,
}

impl Change {
    /// The network after this change.
    ///
    /// # Errors
    /// Every reason why it does not apply; the network is then unchanged.
    pub fn apply(&self, network: &Network) -> Result<Network, Vec<Problem>> {
        let mut next = network.clone();
        self.apply_to(&mut next).map(|()| next)
    }

    /// The same where the network stands.
    ///
    /// # Errors
    /// Every reason why it does not apply; nothing but the order of a list may then have changed.
    pub fn apply_to(&self, network: &mut Network) -> Result<(), Vec<Problem>> {
        apply::apply(&self.verb, network, &self.place)
    }
}

/// Changes the capacities that a kind of node has; the names of those it does not have.
fn set_capacities(node: &mut Node, new: &Capacities) -> Vec<&'static str> {
    let mut strange = Vec::new();
    if new.throughput.is_some() {
        node.throughput = new.throughput;
    }
    match (&mut node.kind, new.sessions) {
        (_, None) => {}
        (NodeKind::Proxy(proxy), Some(sessions)) => proxy.sessions = sessions,
        (kind, Some(sessions)) if !kind.is_relay() => node.sessions = Some(sessions),
        _ => strange.push("sessions"),
    }
    match (&mut node.kind, new.units) {
        (_, None) => {}
        (NodeKind::Proxy(proxy), Some(units)) => proxy.units = units,
        _ => strange.push("units"),
    }
    match (&mut node.kind, new.seats) {
        (_, None) => {}
        (NodeKind::ScreenRelay(relay), Some(seats)) => relay.seats = seats,
        _ => strange.push("seats"),
    }
    match (&mut node.kind, new.workers, new.per_file) {
        (_, None, None) => {}
        (NodeKind::Sanitiser(sanitiser), workers, per_file) => {
            sanitiser.workers = workers.unwrap_or(sanitiser.workers);
            sanitiser.per_file = per_file.unwrap_or(sanitiser.per_file);
        }
        _ => strange.push("workers"),
    }
    match (&mut node.forwarding.nat_ports, new.nat_addresses) {
        (_, None) => {}
        (Some(pool), Some(addresses)) => pool.addresses = addresses,
        (None, Some(_)) => strange.push("nat_addresses"),
    }
    strange
}
