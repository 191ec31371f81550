//! What the twin saw: a closed list of codes, and findings with typed evidence.
//!
//! Wording lives apart ([`crate::report`] only carries values; sentences are made by `utsushi`'s
//! message tables), so a finding means the same in Japanese, English, JSON and SARIF.

mod felt;
mod hop;
mod moment;

pub use felt::{Felt, FeltAt};
pub use hop::{Decision, HopRecord, Stage};
pub use moment::Moment;

use crate::address::AddressRange;
use crate::circumstance::Circumstance;
use crate::demand::ResourceKind;
use crate::information::{Carried, Information};
use crate::place::Place;
use crate::report::{GateHour, Waiting};
use crate::rule::{RuleId, Waypoint};
use crate::service::{PortRange, Protocol};
use crate::text::Text;
use crate::units::{Latency, Utilisation};
use serde::{Serialize, Serializer};
use std::fmt;
use std::net::IpAddr;

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident = $text:literal, $severity:ident; )*) => {
        /// The code of a finding or problem. Each has a page in `docs/findings`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $( $(#[$doc])* $name, )* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[ $(Self::$name,)* ];

            /// The code as printed, such as `ISO-101`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How grave it is unless the rule behind it says otherwise.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The text is not RON, or a value has the wrong type.
    Syntax = "SCN-001", Error;
    /// A field or variant that does not exist, or one that is missing.
    Shape = "SCN-002", Error;
    /// A file cannot be read.
    File = "SCN-003", Error;
    /// A name that nothing bears.
    UnknownName = "SCN-004", Error;
    /// Two things of one kind bear the same name.
    DuplicateName = "SCN-005", Error;
    /// Not an address, or a range that runs backwards.
    Address = "SCN-006", Error;
    /// A prefix with host bits set.
    HostBits = "SCN-007", Error;
    /// Two segments claim the same addresses.
    Overlap = "SCN-008", Error;
    /// An address outside the segment it is said to be in.
    Outside = "SCN-009", Error;
    /// A quantity without its unit, or out of its range.
    Quantity = "SCN-010", Error;
    /// Not a service, or an empty range of ports.
    Service = "SCN-011", Error;
    /// Not a date.
    Date = "SCN-012", Error;
    /// Dates out of order.
    DateOrder = "SCN-013", Error;
    /// A cycle: objects, access tables or includes that lead back to themselves.
    Cycle = "SCN-014", Error;
    /// A change that does not apply to the network it meets.
    Change = "SCN-015", Error;
    /// An interface, neighbour or filter point that the node does not have.
    Topology = "SCN-016", Error;
    /// A row of a traffic matrix that cannot be used.
    Matrix = "SCN-017", Error;
    /// A series that cannot be written out.
    Series = "SCN-018", Error;
    /// One name for two kinds of things, so that a rule naming it is ambiguous.
    Ambiguous = "SCN-019", Error;
    /// A set that holds nothing: a rule or range that names nothing.
    Empty = "SCN-020", Error;
    /// Changes in an order left open that do not give the same, sound network in every order.
    Orders = "SCN-021", Error;
    /// A line of an imported rule set that is not understood, or that the model has no words for.
    Dump = "IMP-401", Error;
    /// A line of a published topology or traffic matrix that cannot be used.
    Published = "IMP-402", Error;

    /// Packets that a rule forbids are delivered.
    Forbidden = "ISO-101", Error;
    /// Packets are delivered without passing the waypoint.
    Bypass = "ISO-102", Error;
    /// Traffic that a rule requires does not arrive, or its answers do not.
    Unreached = "ISO-103", Error;
    /// A screen-transfer relay lets data out of the side it shows.
    DataOut = "ISO-104", Error;
    /// A verdict hangs on something that cannot be judged offline.
    Undetermined = "ISO-105", Warning;
    /// An exception became a forbidden path because its addresses were relabelled.
    StaleException = "ISO-112", Error;
    /// A prefix has members of two zones.
    MixedSegment = "ISO-121", Error;
    /// A temporary rule without an end, or still there after it.
    TemporaryRule = "ISO-122", Error;
    /// Something still refers to what was retired.
    RetiredReference = "ISO-123", Error;
    /// A protected object was changed.
    Changed = "ISO-124", Error;
    /// A new block shares addresses with what was there before.
    BlockOverlap = "ISO-125", Error;
    /// An exception fails the limitation test.
    WideException = "ISO-126", Error;
    /// Information gets over in another class than it may.
    Leak = "ISO-130", Error;
    /// Information gets over without passing the relays it should, in their order.
    Detour = "ISO-131", Error;
    /// A rule holds only by what somebody vouches for, and there is no evidence.
    NoEvidence = "ISO-132", Warning;
    /// A rule holds only by what somebody vouches for, and the evidence has run out or is not in force yet.
    ExpiredEvidence = "ISO-133", Warning;
    /// A measure against a risk is not in force on a path that the network leaves open to it.
    MeasureAbsent = "ISO-134", Error;
    /// A device's rule joins other zones than before the step, and the step neither replaced nor confirmed it.
    ZonePair = "ISO-150", Warning;
    /// A measure that a rule asks for is not in force on hosts.
    MissingMeasure = "ISO-151", Error;
    /// A system with information on residents stands in a zone where none may be kept.
    ResidentInformation = "ISO-152", Error;
    /// Terminals leave the LGWAN zone before its virtual environment has the seats they then need.
    SeatsTooLate = "ISO-153", Error;
    /// Terminals are sent to a proxy of another zone.
    WrongProxy = "ISO-154", Error;
    /// A state is said to be built after another model than its hosts and systems show.
    OtherModel = "ISO-155", Note;
    /// A host is connected to zones that must be apart, and is no listed waypoint.
    Bridge = "ISO-156", Error;
    /// A model goes into operation without an external check and its report before.
    CheckMissing = "ISO-157", Error;
    /// Nothing at all is delivered between two zones.
    Separated = "ISO-158", Note;
    /// Traffic that must be logged passes no device that logs it.
    NotLogged = "ISO-159", Error;
    /// An exception had run out before the plan begins and is still written.
    ExpiredException = "ISO-160", Warning;

    /// Literal addresses elsewhere still name a system's old address.
    Referrers = "MIG-201", Warning;
    /// The same addresses are used in more than one place behind translation.
    ReusedPrefix = "MIG-202", Warning;
    /// A proxy's own rules change in a step while the security cloud's configuration stays.
    ProxyRules = "MIG-203", Note;
    /// Packets that a rule forbids are delivered in a state within a step, and neither before nor after it.
    Between = "MIG-204", Error;
    /// Traffic that a rule requires is interrupted in a state within a step, and neither before nor after it.
    Interrupted = "MIG-205", Error;
    /// What a step says is done to go back does not apply, or does not lead back.
    NoWayBack = "MIG-206", Error;
    /// A part of a step cannot be undone, and the step does not say what is done instead.
    NoReturn = "MIG-207", Note;
    /// Packets that a rule forbids are delivered on the way back, and neither before nor after the step.
    BackForbidden = "MIG-208", Error;
    /// Traffic that a rule requires is interrupted on the way back, and neither before nor after the step.
    BackInterrupted = "MIG-209", Error;
    /// A step lets other traffic through, stops it or leads it elsewhere than what may change in it.
    OtherChange = "MIG-210", Error;

    /// A line of an ordered list that never decides, where others decide some of its packets otherwise.
    Shadowed = "HYG-401", Warning;
    /// A line of an ordered list without which every packet is decided alike.
    Redundant = "HYG-402", Note;
    /// A line of an ordered list that decides nothing that can arrive there.
    Dead = "HYG-403", Note;
    /// A line that is open for services, or for both ends, and lets far more pass than is needed.
    OverWide = "HYG-404", Warning;

    /// A demand is stopped by a rule.
    Blocked = "DEM-301", Error;
    /// A demand has no way: no route, a loop, a destination that is not there.
    NoWay = "DEM-302", Error;
    /// A demand's answers do not come back.
    NoAnswer = "DEM-303", Error;

    /// A link is too small.
    LinkLoad = "CAP-201", Error;
    /// A node's throughput is too small.
    NodeLoad = "CAP-202", Error;
    /// Too many concurrent sessions.
    SessionLoad = "CAP-203", Error;
    /// Too few global addresses for the translated sessions.
    NatLoad = "CAP-204", Error;
    /// Too few screen-transfer seats.
    SeatLoad = "CAP-205", Error;
    /// Too little pixel bandwidth on a screen-transfer relay.
    PixelLoad = "CAP-206", Error;
    /// Too many files or messages for a sanitiser or mail relay.
    FileLoad = "CAP-207", Error;
    /// Files or messages wait longer for a sanitiser or mail relay than the scenario allows.
    LongWait = "CAP-208", Error;
    /// Talk is lost, late or uneven on its way.
    MeetingGate = "CAP-221", Error;
    /// A resource that fits on an ordinary day with everything up, and does not under another circumstance.
    DegradedLoad = "CAP-211", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Code {
    /// The code printed so, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|c| c.as_str().eq_ignore_ascii_case(text))
    }
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be decided by a person.
    Warning,
    /// Must be mended.
    Error,
}

/// One concrete packet header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Packet {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Protocol.
    pub protocol: Protocol,
    /// Source port; 0 where the protocol has none.
    pub src_port: u16,
    /// Destination port; 0 where the protocol has none.
    pub dst_port: u16,
}

/// A box of packets: every combination of its members. Boxes of one list are disjoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PacketBox {
    /// Source addresses.
    pub src: Vec<AddressRange>,
    /// Destination addresses.
    pub dst: Vec<AddressRange>,
    /// Protocols, as ranges of numbers.
    pub protocol: Vec<ProtocolRange>,
    /// Source ports.
    pub src_ports: Vec<PortRange>,
    /// Destination ports.
    pub dst_ports: Vec<PortRange>,
}

/// An inclusive range of protocol numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProtocolRange {
    /// First protocol.
    pub first: u8,
    /// Last protocol.
    pub last: u8,
}

impl fmt::Display for ProtocolRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (0, 255) => f.write_str("any"),
            (first, last) if first == last => write!(f, "{}", Protocol(first)),
            (first, last) => write!(f, "ip/{first}-{last}"),
        }
    }
}

impl Serialize for ProtocolRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a load consists of: one application's part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadPart {
    /// The application's label.
    pub application: Text,
    /// Its part, in the unit of the resource.
    pub offered: f64,
}

/// Who holds a literal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Referrer {
    /// What holds it: an object, rule, route, access table or outside reference.
    pub holder: Text,
    /// The address it holds.
    pub address: AddressRange,
    /// Where that is written.
    pub place: Place,
}

/// An ordered list of lines, of which the first that matches decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListKind {
    /// What a node does with everything it forwards.
    ForwardFilter,
    /// The access list of an interface, for what comes in.
    IngressFilter,
    /// The access list of an interface, for what goes out.
    EgressFilter,
    /// Destination translations.
    DestinationNat,
    /// Source translations.
    SourceNat,
    /// Policy routes.
    PolicyRoutes,
    /// A proxy's own access rules.
    ProxyRules,
}

/// A line of an ordered list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineRecord {
    /// Its name.
    pub name: String,
    /// Whether it lets a match pass; `None` for translations and policy routes.
    pub allow: Option<bool>,
    /// Where it is written.
    pub place: Place,
}

/// Packets that evidence speaks of: how many, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PacketCount {
    /// The exact number of headers, as decimal digits: there may be up to 2^296.
    pub headers: String,
    /// Which, as disjoint boxes.
    pub boxes: Vec<PacketBox>,
    /// Whether the boxes are all of them; else there were too many to list.
    pub complete: bool,
}

/// Why a line decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Idle {
    /// Its names and ranges hold no address, service or interface.
    Nothing,
    /// No packet that matches it arrives there.
    NoTraffic,
    /// Packets that match it arrive, but lines before it take all of them.
    TakenBefore,
}

/// One leg of a chain by which information gets on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegRecord {
    /// Who passes it on: a relay, system, host group or segment.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// Whether the one that passes it on opens the leg; otherwise the other one fetches it.
    pub pushed: bool,
    /// A packet that opens the leg.
    pub witness: Packet,
    /// The kind of the relay it leads to, or comes from where it leads to none.
    pub relay: Option<String>,
    /// What this leg makes of the information; `Raw` where it leaves it as it is.
    pub carries: Carried,
    /// The rule that lets the leg come about: of those that decided, the one that speaks of the fewest
    /// addresses. Without one nothing filters the leg.
    pub rule: Option<String>,
    /// Where that is written.
    pub place: Option<Place>,
}

/// Why a finding appears in a state and not before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What happened.
    pub what: Text,
    /// Where it is written.
    pub place: Place,
}

/// The evidence behind a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// Packets that are delivered, or are not, against a rule.
    Packets {
        /// All of them, as disjoint boxes.
        violating: Vec<PacketBox>,
        /// Boxes left out of the list above because there were too many.
        left_out: usize,
        /// The smallest of them.
        witness: Packet,
        /// Its way, station by station.
        hops: Vec<HopRecord>,
        /// Segment it starts from.
        from: String,
        /// Segment it ends in or was meant for.
        to: String,
        /// When it is so.
        moment: Moment,
        /// What made it so, where it was not so before.
        causes: Vec<Cause>,
        /// Other rules that the same packets break.
        also: Vec<RuleId>,
        /// Conditions that could not be judged offline.
        undecided: Vec<String>,
    },
    /// A demand that does not come through.
    Demand {
        /// Who needs it.
        group: String,
        /// What they use.
        application: Text,
        /// What they want to reach.
        to: String,
        /// Which leg of the conversation fails, from 1.
        leg: usize,
        /// The ends of that leg.
        ends: (String, String),
        /// A packet of it.
        witness: Option<Packet>,
        /// Its way, station by station.
        hops: Vec<HopRecord>,
        /// Users concerned.
        users: u32,
    },
    /// A resource above its threshold.
    Load {
        /// The resource's name.
        resource: String,
        /// Its kind.
        resource_kind: ResourceKind,
        /// For links: the node it comes from and the node it goes to.
        direction: Option<(String, String)>,
        /// Busiest hour, 0 to 23.
        hour: u8,
        /// Load in the unit of the kind.
        offered: f64,
        /// Capacity in the same unit.
        capacity: f64,
        /// Load divided by capacity.
        utilisation: Utilisation,
        /// The threshold that was crossed.
        threshold: Utilisation,
        /// By application, largest first.
        parts: Vec<LoadPart>,
        /// The circumstance that makes it so.
        circumstance: Circumstance,
        /// Who feels it, of links that are too full: the application that loses most first.
        felt: Vec<Felt>,
    },
    /// Files or messages that wait too long.
    Wait {
        /// The node's name.
        resource: String,
        /// The hour with the longest wait.
        met: Waiting,
        /// The wait that the scenario allows.
        limit: Latency,
        /// The circumstance that makes it so.
        circumstance: Circumstance,
    },
    /// Talk that is not good enough, at sites whose way is spoiled by the same link.
    Gate {
        /// The application's label.
        application: Text,
        /// Labels of the sites, that where it is worst first.
        sites: Vec<Text>,
        /// Terminals there.
        users: u32,
        /// The link.
        hop: String,
        /// The hour in which the first of the sites has it worst, 0 to 23.
        hour: u8,
        /// What that site meets.
        met: GateHour,
    },
    /// Things that hold a literal address.
    Referrers {
        /// What moved.
        subject: String,
        /// Its address before.
        before: Vec<AddressRange>,
        /// Its address now.
        after: Vec<AddressRange>,
        /// Who still holds the old one.
        referrers: Vec<Referrer>,
    },
    /// A line of an ordered list that could go, or let less pass.
    Line {
        /// The node that holds the list.
        node: String,
        /// Which of its lists.
        list: ListKind,
        /// The line.
        line: LineRecord,
        /// The packets concerned: decided otherwise by others (shadowed), alike without it (redundant),
        /// matched (dead), let pass of what arrives (over-wide).
        traffic: PacketCount,
        /// The lines that are the cause, in their order: no one of them can be left out.
        causes: Vec<LineRecord>,
        /// Whether the default of the list is a cause too.
        by_default: bool,
        /// Why it decides nothing; dead lines only.
        idle: Option<Idle>,
        /// What demands and requirements need of the traffic; over-wide lines only.
        needed: Option<PacketCount>,
    },
    /// Information that gets somewhere over a chain of legs.
    Chain {
        /// The legs, in the order in which information passes them.
        legs: Vec<LegRecord>,
        /// What is left of it at the end.
        carried: Carried,
        /// The classes in which it might have got there.
        classes: Vec<Information>,
        /// The relays it should have passed, in this order; empty if the rule asks for none.
        through: Vec<Waypoint>,
        /// Other rules that the same chain breaks.
        also: Vec<RuleId>,
    },
    /// Names and places that speak for themselves.
    Facts {
        /// Facts in words, with the place of each.
        facts: Vec<Cause>,
    },
}

/// Something the twin saw.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// Index of the first state in which it shows.
    pub first: usize,
    /// Index of the last state in which it shows without a break.
    pub last: usize,
    /// The rule behind it, if any.
    pub rule: Option<RuleId>,
    /// What it is about, for people and for telling findings apart.
    pub subject: Text,
    /// The place to look at first.
    pub place: Place,
    /// What it rests on.
    pub evidence: Evidence,
}
