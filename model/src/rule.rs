//! What must hold: isolation rules, exceptions from them, and the packs they come in.
//!
//! Rules are data: they speak of zone roles and kinds of hosts, so that one pack fits every body.
//! Each carries its level, its edition and where it comes from; a source that was not read is marked
//! [`Provenance::Unconfirmed`] and must be printed so.

use crate::attestation::Attestation;
use crate::condition::Condition;
use crate::date::Date;
use crate::id::{Id, Named};
use crate::information::Information;
use crate::migration::{Model, StepId};
use crate::network::{HostClass, SystemFunction, ZoneId, ZoneRole};
use crate::place::Place;
use crate::policy::{Addresses, Name, Services};
use crate::risk::Risk;
use crate::text::Text;
use serde::Serialize;

/// The id of a rule, such as `I-MN-02`.
pub type RuleId = Id<Rule>;

/// How far a rule's wording can be relied on (domain marks S, P / M / C / A).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Read in a public document.
    Sourced,
    /// General knowledge of a guideline whose text was not consulted (未確認).
    Unconfirmed,
    /// Derived from sourced statements.
    Derived,
    /// Assumed for the example.
    Assumed,
}

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A breach is an error.
    Must,
    /// A breach is a warning.
    Should,
    /// A breach is a note.
    Advice,
}

/// Relays by what they do, as rules speak of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelayKind {
    /// Forward proxies.
    Proxy,
    /// Screen-transfer relays.
    ScreenRelay,
    /// Sanitisers and file exchanges.
    Sanitiser,
    /// Mail relays.
    MailRelay,
}

/// Which hosts of a zone a rule speaks of. `Terminals`, `Relays` and `Others` partition `All`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Hosts {
    /// Every address of the zone's segments.
    All,
    /// The addresses of host groups people sit in front of.
    Terminals,
    /// The addresses of relays of any kind.
    Relays,
    /// Everything that is neither terminal nor relay: servers, devices, unused addresses.
    Others,
    /// The addresses of relays of this kind.
    Relay(RelayKind),
    /// The addresses of host groups of this class.
    Class(HostClass),
    /// The addresses of business systems that stay LGWAN-dependent (LGWAN-ASP, LGWAN mail).
    LgwanDependent,
    /// The addresses of systems with this function.
    System(SystemFunction),
}

/// One end of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Hosts of every zone with this role.
    Role(ZoneRole, Hosts),
    /// Hosts of one zone.
    Zone(ZoneId, Hosts),
    /// Something the network knows by name, or a literal range.
    Addresses(Addresses),
}

/// Traffic from any of some ends to any of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Where it begins.
    pub from: Vec<End>,
    /// Where it ends.
    pub to: Vec<End>,
    /// What it asks for.
    pub services: Services,
    /// Whether the opposite direction is meant as well (with services on the side of `to` and of `from`).
    pub both: bool,
}

/// Forwarding nodes a waypoint rule accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// Any node of this kind, by its word in scenario files (`SecurityCloud`, `Firewall`, …).
    Kind(Name),
    /// One node.
    Node(crate::network::NodeId),
}

/// Relays that a chain of legs must pass, as rules name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(into = "&'static str")]
pub enum Waypoint {
    /// A relay of this kind.
    Relay(RelayKind),
    /// A mail relay that sanitises (メール無害化).
    MailSanitiser,
}

impl Waypoint {
    /// The word for it in scenario files and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Relay(RelayKind::Proxy) => "Proxy",
            Self::Relay(RelayKind::ScreenRelay) => "ScreenRelay",
            Self::Relay(RelayKind::Sanitiser) => "Sanitiser",
            Self::Relay(RelayKind::MailRelay) => "MailRelay",
            Self::MailSanitiser => "MailSanitiser",
        }
    }
}

impl From<Waypoint> for &'static str {
    fn from(waypoint: Waypoint) -> Self {
        waypoint.word()
    }
}

/// What a protection rule keeps as it was at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protected {
    /// Zones of a role: their segments, prefixes, VLANs, hosts and systems; and no new or changed rule on
    /// the nodes that route for them. Removing an allow rule is tightening and no change in this sense.
    Role(ZoneRole),
    /// The configuration of every node of a kind (capacities aside).
    Kind(Name),
}

/// What the limitation test asks of an exception beside hosts, ports, owner and reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// A device on the way logs what it excuses.
    Logged,
    /// Ends are bound to MAC addresses, or named host by host.
    Bound,
    /// It carries its last day.
    Ends,
}

/// A row of the catalogue of rules that nothing in a scenario decides, and why not.
#[derive(Debug, Clone)]
pub struct Undecided {
    /// The row, such as `I-MN-08`.
    pub id: Id<Undecided>,
    /// What it says, for people.
    pub label: Text,
    /// How binding.
    pub level: Level,
    /// First guideline edition it belongs to, where that matters.
    pub edition: Option<String>,
    /// Where it comes from, in words.
    pub source: String,
    /// How far that can be relied on.
    pub provenance: Provenance,
    /// Why it is not decided.
    pub why: Text,
    /// Where it is written.
    pub place: Place,
}

impl Named for Undecided {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// Who looked at what is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckKind {
    /// Somebody outside the body (外部確認).
    External,
    /// The body itself.
    Internal,
}

/// A check of security measures that was made or is planned (SR-O2).
#[derive(Debug, Clone)]
pub struct Check {
    /// Its name.
    pub id: Id<Check>,
    /// Who makes it.
    pub kind: CheckKind,
    /// The day it is done.
    pub date: Date,
    /// The day its result is reported to J-LIS.
    pub reported: Option<Date>,
    /// Where it is written.
    pub place: Place,
}

impl Named for Check {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// A measure on hosts that a rule can ask for; see [`crate::network::Measures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Endpoint detection and response.
    Edr,
    /// Patches are applied.
    Patched,
    /// Two factors at log-on.
    TwoFactors,
    /// Removable media are blocked.
    MediaBlocked,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spec {
    /// No packet of the flow is delivered, unless it belongs to one of the listed flows.
    Never {
        /// The forbidden traffic.
        flow: Flow,
        /// What is allowed all the same.
        except: Vec<Flow>,
    },
    /// Every packet of the flow that is delivered has passed one of these nodes.
    OnlyThrough {
        /// The traffic.
        flow: Flow,
        /// The waypoints.
        through: Through,
    },
    /// Sessions of the flow come about: the packet arrives and the answer returns.
    MustReach {
        /// The traffic.
        flow: Flow,
    },
    /// Screen-transfer relays in zones of this role let no data out of the published side.
    NoDataOut {
        /// Role of the zone that is shown.
        role: ZoneRole,
    },
    /// No exception in a filter names, as the source towards this role, addresses that a step relabelled
    /// into a role from which traffic is forbidden (I-MN-12).
    NoStaleException {
        /// Role of the protected zone.
        role: ZoneRole,
    },
    /// No prefix has members of two zones on the same day (I-TX-02).
    NoMixedSegment,
    /// Temporary rules carry an end, and are gone after it (I-TX-09).
    TemporaryRulesEnd,
    /// Nothing refers to what was retired (I-TX-08).
    NothingRetired,
    /// Segments that join a zone of this role share no address with what was there before (I-TX-01).
    NewBlockDisjoint {
        /// Role of the zone that is built new.
        role: ZoneRole,
    },
    /// Objects stay as they were at the start (I-MN-11, MC-1).
    Unchanged {
        /// Which.
        what: Protected,
    },
    /// Whatever information gets from one end to the other, over however many legs the network lets come
    /// about, is nothing but information of these classes.
    InformationOnly {
        /// Where the information is and where it may get to; only legs that can ask for one of its services
        /// are looked at, such as `tcp/25` for mail.
        flow: Flow,
        /// The classes; none: no information gets there at all.
        classes: Vec<Information>,
        /// Exceptions from these rules are exceptions from this one too.
        honours: Vec<RuleId>,
    },
    /// Whatever information gets from one end to the other has passed these relays, in this order.
    InformationThrough {
        /// Where the information is and where it may get to; services as for [`Spec::InformationOnly`].
        flow: Flow,
        /// Information of these classes need not pass them.
        unless: Vec<Information>,
        /// The relays.
        through: Vec<Waypoint>,
        /// As for [`Spec::InformationOnly`].
        honours: Vec<RuleId>,
    },
    /// Whatever an attacker gets hold of by this risk, the mandatory measures against it are in force on
    /// the way.
    Guarded {
        /// The risk.
        risk: Risk,
    },
    /// A device's rule that stays as it is keeps the pair of zones it joins, unless the step confirms it
    /// (I-TX-03).
    ZonePairsKept,
    /// Host groups of these zones have these measures in force. An attested setting (I-MN-07, I-IN-06, I-IN-09).
    HostMeasures {
        /// Roles of the zones the hosts belong to.
        roles: Vec<ZoneRole>,
        /// Which of their hosts: all, terminals, or those of a class.
        hosts: Hosts,
        /// What must be in force.
        needs: Vec<Measure>,
    },
    /// No system that holds information on residents stands in zones of these roles (I-LI-19).
    NoResidentInformation {
        /// The roles.
        roles: Vec<ZoneRole>,
    },
    /// When terminals leave the LGWAN zone, its virtual environment has stood since the state before, with
    /// the seats that are asked for afterwards (I-TX-04).
    SeatsBeforeMove,
    /// The access tables of terminals name proxies of the terminals' own zone only (I-TX-06).
    ProxyOfOwnZone,
    /// The model that a state is said to be built after is the one that its hosts and systems show
    /// (I-TX-14, M-01 and M-03).
    ModelFits,
    /// A host that is connected to zones of two roles is a listed waypoint: a screen-transfer relay, sanitiser
    /// or mail relay, or named in an exception from the rule (I-TX-11).
    NoBridgingHost,
    /// A shared hypervisor whose port groups belong to zones of two roles is managed from none of them
    /// (I-TX-10).
    ManagementApart,
    /// Before the first state built after one of these models there was an external check, and its report
    /// (I-TX-12), unless zones are computed to be fully separated (I-TX-13).
    CheckedBefore {
        /// The models.
        models: Vec<Model>,
    },
    /// Whether nothing at all is delivered between zones of two roles, told as a fact (I-TX-13). Where something
    /// is, the rule has no verdict.
    FullySeparated {
        /// The two roles.
        between: (ZoneRole, ZoneRole),
    },
    /// Terminals reach the distribution systems of their own zone on the services these offer (I-TX-07).
    DistributionReaches,
    /// Of traffic that is delivered without passing such a node, some device on the way logs it (I-IN-03).
    Logged {
        /// The traffic.
        flow: Flow,
        /// Nodes that log for themselves.
        unless: Through,
    },
    /// What a step says is done to go back applies, and leads back to addresses, rules and routes as they
    /// were (I-TX-15).
    CanGoBack,
    /// A step changes how traffic of these flows fares, and of no other: what is newly let through, newly
    /// stopped or led elsewhere lies in one of them.
    OnlyChange {
        /// What may change.
        flows: Vec<Flow>,
    },
    /// Exceptions from the named rules pass the limitation test (限定): no `any`, listed TCP/UDP ports,
    /// at most so many addresses on either side, owner and reason recorded; and more where asked for.
    LimitedExceptions {
        /// The rules whose exceptions are looked at.
        rules: Vec<RuleId>,
        /// The most addresses on either side.
        most: u32,
        /// What else they need.
        needs: Vec<Limit>,
        /// The only services they may name; `None`: any listed ports.
        services: Option<Services>,
    },
}

/// From which step until which a rule applies; open ends mean always. `from` is the first state
/// in which it applies, `until` the first in which it no longer does; between them it applies whenever all
/// conditions hold, in states within a step too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period {
    /// First step after which it applies.
    pub from: Option<StepId>,
    /// First step after which it no longer applies.
    pub until: Option<StepId>,
    /// What must be so in a state for the rule to apply in it.
    pub whenever: Vec<Condition>,
}

/// An isolation rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, such as `I-MN-02`.
    pub id: RuleId,
    /// What it says, for people.
    pub label: Text,
    /// What must hold.
    pub spec: Spec,
    /// How binding.
    pub level: Level,
    /// First guideline edition it belongs to, where that matters.
    pub edition: Option<String>,
    /// Where it comes from, in words.
    pub source: String,
    /// How far that can be relied on.
    pub provenance: Provenance,
    /// When it applies.
    pub period: Period,
    /// Where it is written.
    pub place: Place,
}

impl Named for Rule {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// Traffic that a body allows in spite of a rule, and answers for.
#[derive(Debug, Clone)]
pub struct Exception {
    /// Its name.
    pub id: Id<Exception>,
    /// The rules it is an exception from.
    pub rules: Vec<RuleId>,
    /// The traffic.
    pub flow: Flow,
    /// Who answers for it.
    pub owner: String,
    /// Why it is needed.
    pub reason: String,
    /// What the traffic is said to carry, for rules about information; without it the traffic is excused
    /// from those of `rules` as a whole.
    pub carries: Option<Information>,
    /// Evidence for what it is said to carry.
    pub evidence: Option<Attestation>,
    /// Whether devices bind its ends to MAC addresses. An attested setting.
    pub mac_bound: bool,
    /// First day, if it does not hold from the start.
    pub from: Option<Date>,
    /// Last day; afterwards it excuses nothing.
    pub until: Option<Date>,
    /// Where it is written.
    pub place: Place,
}

impl Named for Exception {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Exception {
    /// Whether it excuses traffic on that day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}
