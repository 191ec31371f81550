//! What devices hold: filters, address translation, objects, schedules, routes.
//!
//! Everything here is as configured. Names inside ([`AddressTerm::Named`]) are looked up in the state
//! of the network at hand: a literal address stays what it is when its host moves, a name follows it.
//! Whether every name means something is checked by [`crate::wellformed`].

use crate::address::AddressRange;
use crate::date::Date;
use crate::id::{Id, Named};
use crate::network::NodeId;
use crate::place::Place;
use crate::service::Service;
use ipnet::IpNet;
use std::sync::Arc;

/// A short name that is unique only where it is used: a rule of one filter, an interface, a VRF.
pub type Name = Arc<str>;

/// One way to say which addresses are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AddressTerm {
    /// Every address.
    Any,
    /// A literal range; it stays when hosts move.
    Range(AddressRange),
    /// An object, segment, host group, system, node or zone of the network.
    Named(Name),
    /// A host name that only a resolver can turn into addresses: cannot be judged offline.
    HostName(Name),
}

/// A set of addresses as configured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Addresses {
    /// The union of these.
    pub terms: Vec<AddressTerm>,
    /// Whether everything *but* them is meant.
    pub negated: bool,
}

impl Addresses {
    /// Every address.
    #[must_use]
    pub fn any() -> Self {
        Self {
            terms: vec![AddressTerm::Any],
            negated: false,
        }
    }
    /// The addresses of something the network knows by name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            terms: vec![AddressTerm::Named(Arc::from(name))],
            negated: false,
        }
    }
    /// A literal range.
    #[must_use]
    pub fn range(range: AddressRange) -> Self {
        Self {
            terms: vec![AddressTerm::Range(range)],
            negated: false,
        }
    }
    /// Whether it is literally every address.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.negated && self.terms.contains(&AddressTerm::Any)
    }
}

/// One way to say which services are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ServiceTerm {
    /// Literal protocol and ports.
    Service(Service),
    /// A service object.
    Named(Name),
    /// An application that only deep inspection can tell: cannot be judged offline.
    Application(Name),
}

/// A set of services as configured.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Services {
    /// The union of these.
    pub terms: Vec<ServiceTerm>,
    /// Whether everything *but* them is meant.
    pub negated: bool,
}

impl Services {
    /// Every service.
    #[must_use]
    pub fn any() -> Self {
        Self {
            terms: vec![ServiceTerm::Service(Service::ANY)],
            negated: false,
        }
    }
    /// One literal service.
    #[must_use]
    pub fn one(service: Service) -> Self {
        Self {
            terms: vec![ServiceTerm::Service(service)],
            negated: false,
        }
    }
    /// Whether it is literally every service.
    #[must_use]
    pub fn is_any(&self) -> bool {
        !self.negated && self.terms.contains(&ServiceTerm::Service(Service::ANY))
    }
}

/// A named set of addresses (FortiOS `address`/`addrgrp`, ASA `object network`, …).
#[derive(Debug, Clone)]
pub struct AddressObject {
    /// Its name.
    pub id: Id<AddressObject>,
    /// What it holds.
    pub addresses: Addresses,
    /// Where it is written.
    pub place: Place,
}

impl Named for AddressObject {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// A named set of services.
#[derive(Debug, Clone)]
pub struct ServiceObject {
    /// Its name.
    pub id: Id<ServiceObject>,
    /// What it holds.
    pub services: Services,
    /// Where it is written.
    pub place: Place,
}

impl Named for ServiceObject {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// What a filter does with a packet that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Lets it pass.
    Allow,
    /// Drops it.
    Deny,
}

/// The days on which a device lets a rule match; open ends mean always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Schedule {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl Schedule {
    /// Whether the rule matches on that day.
    #[must_use]
    pub fn active(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// What a rule of a filter does with a packet that matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RuleAction {
    /// Lets it pass.
    Allow,
    /// Drops it.
    Deny,
    /// Asks the rules of a chain of the filter; what they leave undecided goes on behind this rule.
    Jump(Name),
    /// Asks the rules of a chain instead of all that follow here; what they leave undecided goes on
    /// where this list was asked from.
    Goto(Name),
    /// Leaves the chain; in the filter's own list: the default decides.
    Return,
}

impl From<Action> for RuleAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Allow => Self::Allow,
            Action::Deny => Self::Deny,
        }
    }
}

impl PartialEq<Action> for RuleAction {
    fn eq(&self, other: &Action) -> bool {
        matches!(
            (self, other),
            (Self::Allow, Action::Allow) | (Self::Deny, Action::Deny)
        )
    }
}

impl RuleAction {
    /// The chain that it asks.
    #[must_use]
    pub const fn chain(&self) -> Option<&Name> {
        match self {
            Self::Jump(chain) | Self::Goto(chain) => Some(chain),
            Self::Allow | Self::Deny | Self::Return => None,
        }
    }
}

/// Which packets of a session a rule matches, where the device follows sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SessionMatch {
    /// All.
    #[default]
    Any,
    /// Those that the device knows no session for, such as the first one.
    New,
    /// Those of a session that the device knows, such as the answers.
    Known,
}

impl SessionMatch {
    /// Whether it matches a packet of a known session, or one without.
    #[must_use]
    pub const fn holds(self, known: bool) -> bool {
        match self {
            Self::Any => true,
            Self::New => !known,
            Self::Known => known,
        }
    }
}

/// Which interfaces are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Interfaces {
    /// Names of interfaces or of the device's own zones; a name that ends in `+` means every interface
    /// that begins so. Empty means any.
    pub names: Vec<Name>,
    /// Whether every interface *but* these is meant.
    pub negated: bool,
}

impl Interfaces {
    /// These.
    #[must_use]
    pub const fn of(names: Vec<Name>) -> Self {
        Self {
            names,
            negated: false,
        }
    }

    /// Whether every interface is meant.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.names.is_empty()
    }
}

/// The beginning that a name of interfaces asks for, if it is a pattern such as `eth1.+`.
#[must_use]
pub fn pattern(name: &str) -> Option<&str> {
    name.strip_suffix('+')
}

/// One rule of an ordered filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterRule {
    /// Its name, unique in its filter.
    pub name: Name,
    /// What happens on a match.
    pub action: RuleAction,
    /// Where the packet came in.
    pub incoming: Interfaces,
    /// Where the packet will go out.
    pub outgoing: Interfaces,
    /// Source addresses.
    pub source: Addresses,
    /// Destination addresses.
    pub destination: Addresses,
    /// Protocol and ports.
    pub service: Services,
    /// Which packets of a session.
    pub session: SessionMatch,
    /// Days on which the device lets it match.
    pub schedule: Schedule,
    /// Whether it is switched on at all.
    pub enabled: bool,
    /// Whether matches are logged.
    pub log: bool,
    /// Whether it is meant for the time of the migration only (rule I-TX-09).
    pub temporary: bool,
    /// The day by which it must be gone (administrative; the device does not know).
    pub expires: Option<Date>,
    /// Conditions that cannot be judged offline (users, device posture, …), as reasons.
    pub conditions: Vec<Name>,
    /// Who answers for it and why.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// Where on a forwarding node a filter sits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FilterPoint {
    /// On everything that is forwarded, after the route is known (a firewall's policy).
    Forward,
    /// On what comes in by an interface, before anything else (an access list).
    In(Name),
    /// On what goes out by an interface, after address translation.
    Out(Name),
}

/// A named list of rules that rules of the same filter can ask (iptables: a user-defined chain).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Its name, unique in its filter.
    pub name: Name,
    /// The rules in order.
    pub rules: Vec<FilterRule>,
    /// Where it is written.
    pub place: Place,
}

/// An ordered list of rules; the first match decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Where it sits.
    pub point: FilterPoint,
    /// The rules in order.
    pub rules: Vec<FilterRule>,
    /// Lists that the rules can ask. They never ask one another in a circle.
    pub chains: Vec<Chain>,
    /// What happens when none matches: the vendor's own default.
    pub default: Action,
    /// Whether answers to allowed sessions pass without a rule.
    pub stateful: bool,
    /// Where it is written.
    pub place: Place,
}

impl Filter {
    /// Every rule, those of the chains behind the filter's own.
    pub fn all_rules(&self) -> impl Iterator<Item = &FilterRule> + Clone {
        let chains = self.chains.iter().flat_map(|chain| &chain.rules);
        self.rules.iter().chain(chains)
    }
}

/// What an address translation rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Translation {
    /// The source becomes one of these addresses, with a port chosen by the device.
    Source(Vec<AddressRange>),
    /// The destination range becomes this range of the same size, address by address,
    /// or this one address; with another port if given.
    Destination(AddressRange, Option<u16>),
    /// The packet is left as it is and later rules are not looked at.
    None,
}

/// One rule of an address translator; the first match of its kind decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatRule {
    /// Its name, unique on its node.
    pub name: Name,
    /// Where the packet came in.
    pub incoming: Interfaces,
    /// Where it will go out (only known, and only looked at, for source translation).
    pub outgoing: Interfaces,
    /// Source addresses before translation.
    pub source: Addresses,
    /// Destination addresses before translation.
    pub destination: Addresses,
    /// Protocol and ports before translation.
    pub service: Services,
    /// Conditions that cannot be judged offline, as reasons.
    pub conditions: Vec<Name>,
    /// What is done.
    pub translation: Translation,
    /// Where it is written.
    pub place: Place,
}

/// Where a packet is sent next.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hop {
    /// To an adjacent node, over all links to it.
    Node(NodeId),
    /// Out by one interface.
    Interface(Name),
    /// Nowhere: dropped on purpose.
    Discard,
}

/// A route set by hand. It wins against a computed one of the same prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaticRoute {
    /// In which VRF (empty name: the only one).
    pub vrf: Name,
    /// For which destinations.
    pub prefix: IpNet,
    /// Where to; several share evenly.
    pub via: Vec<Hop>,
    /// Where it is written.
    pub place: Place,
}

/// A route that looks at more than the destination; it is asked before all other routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRoute {
    /// Its name, unique on its node.
    pub name: Name,
    /// Where the packet came in.
    pub incoming: Interfaces,
    /// Source addresses.
    pub source: Addresses,
    /// Destination addresses.
    pub destination: Addresses,
    /// Protocol and ports.
    pub service: Services,
    /// Where to; several share evenly.
    pub via: Vec<Hop>,
    /// Where it is written.
    pub place: Place,
}
