//! A network on one day: zones, sites, segments, links, nodes, host groups, business systems.
//!
//! Values only. A [`Network`] that came out of [`crate::wellformed::check`] without problems is what
//! every other part of utsushi takes for granted. Sources of the terms: the Ministry's β' procedure
//! (総務省 手順書, 2024-03-29) and the glossary in `docs/glossary.md`.

mod hosts;
mod likeness;

pub use hosts::{
    Attachment, Confidentiality, Connection, HostClass, HostGroup, Measures, Pattern, Reference,
    ReferenceKind, System, SystemFunction,
};

use crate::access::{AccessId, AccessTable};
use crate::address::AddressRange;
use crate::attestation::Assurance;
use crate::circumstance::Machines;
use crate::id::{Id, Named, Table};
use crate::place::Place;
use crate::policy::{
    AddressObject, Addresses, Filter, FilterRule, Name, NatRule, PolicyRoute, ServiceObject,
    StaticRoute,
};
use crate::service::Service;
use crate::text::Text;
use crate::units::{BitRate, Latency, Seats, Sessions, Share};
use ipnet::IpNet;

/// The name of a zone.
pub type ZoneId = Id<Zone>;
/// The name of a site.
pub type SiteId = Id<Site>;
/// The name of a segment.
pub type SegmentId = Id<Segment>;
/// The name of a link.
pub type LinkId = Id<Link>;
/// The name of a node.
pub type NodeId = Id<Node>;
/// The name of a host group.
pub type GroupId = Id<HostGroup>;
/// The name of a business system.
pub type SystemId = Id<System>;

/// What a zone (系) is for; rule packs speak of roles, so that a body may have any number of zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ZoneRole {
    /// マイナンバー利用事務系.
    MyNumber,
    /// LGWAN接続系.
    Lgwan,
    /// インターネット接続系.
    Internet,
    /// 独自ネットワーク beside the three.
    Independent,
    /// Management of devices.
    Management,
    /// Prefectural security cloud (自治体情報セキュリティクラウド).
    SecurityCloud,
    /// The LGWAN itself with its ASP services.
    LgwanNetwork,
    /// Approved cloud services.
    Saas,
    /// Government cloud, the part that belongs to the LGWAN zone.
    GovernmentCloud,
    /// Government cloud, the part that belongs to the My Number zone.
    GovernmentCloudMyNumber,
    /// 住基ネット and 中間サーバ: public bodies' closed systems beyond the My Number zone.
    PublicBody,
    /// The Internet at large.
    World,
}

/// A zone (系): a label and a role.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its name.
    pub id: ZoneId,
    /// What people call it.
    pub label: Text,
    /// What it is for.
    pub role: ZoneRole,
    /// Where it is written.
    pub place: Place,
}

/// What kind of place a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteKind {
    /// 本庁.
    Headquarters,
    /// 出先・支所.
    Branch,
    /// データセンター.
    DataCentre,
    /// Telework and taken-out terminals.
    Remote,
    /// Outside the body: security cloud, LGWAN, carriers.
    Outside,
}

/// A place with equipment.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name.
    pub id: SiteId,
    /// What people call it.
    pub label: Text,
    /// What kind of place.
    pub kind: SiteKind,
    /// Where it is written.
    pub place: Place,
}

/// Where a segment meets a forwarding node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// The node.
    pub node: NodeId,
    /// In which of its VRFs (empty name: the only one).
    pub vrf: Name,
    /// Name of the node's interface.
    pub interface: Name,
    /// Whether it only takes over when those that do not stand by are gone (VRRP backup); the others share evenly.
    pub standby: bool,
}

/// A subnet: hosts in it reach each other without passing a filter.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its name.
    pub id: SegmentId,
    /// What people call it.
    pub label: Text,
    /// The zone it belongs to.
    pub zone: ZoneId,
    /// The site it is at.
    pub site: SiteId,
    /// VLAN number, where it has one.
    pub vlan: Option<u16>,
    /// Its networks, IPv4 and IPv6.
    pub prefixes: Vec<IpNet>,
    /// The nodes that route for it.
    pub gateways: Vec<Gateway>,
    /// Whether it stands for everything outside that no other segment claims (the Internet).
    pub external: bool,
    /// Whether its addresses are deliberately used elsewhere too, hidden behind translation.
    pub reused: bool,
    /// Where it is written.
    pub place: Place,
}

/// One VLAN of a link: a pair of interfaces that meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// VLAN number, where it has one.
    pub vlan: Option<u16>,
    /// The interface at the link's first end.
    pub a: Port,
    /// The interface at the link's second end.
    pub b: Port,
}

/// An interface of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// In which VRF of the node (empty name: the only one).
    pub vrf: Name,
    /// Its name on the node.
    pub interface: Name,
}

/// A line between two nodes.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its name.
    pub id: LinkId,
    /// What people call it.
    pub label: Text,
    /// First end.
    pub a: NodeId,
    /// Second end.
    pub b: NodeId,
    /// Rate from the first end to the second, of one member.
    pub rate_ab: BitRate,
    /// Rate from the second end to the first, of one member.
    pub rate_ba: BitRate,
    /// One-way delay.
    pub delay: Latency,
    /// Share of packets lost.
    pub loss: Share,
    /// Parallel members (link aggregation); load spreads evenly over them.
    pub members: u32,
    /// Cost for computed routes; the sum along a way is made smallest.
    pub cost: u32,
    /// Shared-risk groups: what fails together.
    pub risks: Vec<Name>,
    /// The VLANs it carries.
    pub lanes: Vec<Lane>,
    /// Where it is written.
    pub place: Place,
}

/// What a node that forwards packets does with them.
#[derive(Debug, Clone, Default)]
pub struct Forwarding {
    /// Whether it takes part in computed shortest-path routing.
    pub computed: bool,
    /// Routes set by hand.
    pub statics: Vec<StaticRoute>,
    /// Routes that look at more than the destination.
    pub policies: Vec<PolicyRoute>,
    /// Prefixes it announces though no segment holds them (such as a default route), with the VRF.
    pub originates: Vec<(Name, IpNet)>,
    /// Its filters.
    pub filters: Vec<Filter>,
    /// Its address translation rules.
    pub nat: Vec<NatRule>,
    /// Global addresses' ports it can translate at once, for the load on its pool; `None`: not an edge.
    pub nat_ports: Option<NatPool>,
    /// The device's own zones: names for groups of interfaces.
    pub zones: Vec<(Name, Vec<Name>)>,
}

/// A pool of global addresses for translation.
#[derive(Debug, Clone, PartialEq)]
pub struct NatPool {
    /// How many global addresses.
    pub addresses: u32,
    /// Ports that one address can give (Microsoft's rule: 64,000 less 4,000 kept back).
    pub ports_per_address: u32,
}

/// How a screen reaches the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScreenMethod {
    /// Virtual desktop (VDI).
    Vdi,
    /// Server-based computing (SBC).
    Sbc,
    /// Virtual or isolated browser.
    VirtualBrowser,
    /// Application wrapping.
    AppWrap,
}

/// What a screen-transfer relay lets through beside pixels and keys. An attested setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clipboard {
    /// Nothing.
    Blocked,
    /// From the user's terminal into the published side only.
    Inward,
    /// From the published side to the user's terminal only.
    Outward,
    /// Both ways.
    Open,
}

/// A forward proxy.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Machines that share the work.
    pub units: u32,
    /// Concurrent sessions of one machine.
    pub sessions: Sessions,
    /// Its own access rules: client address to final destination.
    pub rules: Vec<FilterRule>,
}

/// A screen-transfer relay (画面転送).
#[derive(Debug, Clone)]
pub struct ScreenRelay {
    /// How it works.
    pub method: ScreenMethod,
    /// Concurrent users of all machines together.
    pub seats: Seats,
    /// Pixel bandwidth it can send, where the product has such a limit.
    pub bandwidth: Option<BitRate>,
    /// What else crosses.
    pub clipboard: Clipboard,
    /// What its sessions may open.
    pub publishes: Addresses,
}

/// A sanitiser (無害化) or file exchange.
#[derive(Debug, Clone)]
pub struct Sanitiser {
    /// Files worked on at once.
    pub workers: u32,
    /// Time for one file.
    pub per_file: Latency,
    /// How long a file may wait before work on it begins, if that is limited.
    pub wait: Option<Latency>,
    /// Between zones of which roles it hands files on; empty: any. An attested setting.
    pub passes: Vec<(ZoneRole, ZoneRole)>,
}

/// A mail relay: a station of a mail chain.
#[derive(Debug, Clone)]
pub struct MailRelay {
    /// Whether it turns mail into plain text or strips attachments (メール無害化).
    pub sanitises: bool,
    /// Messages an hour it can handle, where known.
    pub per_hour: Option<crate::units::FilesPerHour>,
    /// How long a message may wait before work on it begins, if that is limited; only where `per_hour` is known.
    pub wait: Option<Latency>,
}

/// What a node writes down of what passes it, or a host under EDR of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logging {
    /// Bytes of one record; of a host under EDR bytes a day.
    pub bytes: f64,
    /// For how many days records are kept, where that is said.
    pub days: Option<u32>,
}

/// What a node does.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// A router.
    Router,
    /// A layer-3 switch.
    L3Switch,
    /// A firewall or UTM.
    Firewall,
    /// The LGWAN edge (LGWAN-SS, 接続ルータ).
    LgwanEdge,
    /// The prefectural security cloud.
    SecurityCloud,
    /// A carrier's or the Internet's own routing.
    Carrier,
    /// A VPN or zero-trust gateway that forwards packets.
    Gateway,
    /// A forward proxy.
    Proxy(Proxy),
    /// A screen-transfer relay.
    ScreenRelay(ScreenRelay),
    /// A sanitiser or file exchange.
    Sanitiser(Sanitiser),
    /// A mail relay.
    MailRelay(MailRelay),
}

impl NodeKind {
    /// The word for it in scenario files and reports.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Router => "Router",
            Self::L3Switch => "L3Switch",
            Self::Firewall => "Firewall",
            Self::LgwanEdge => "LgwanEdge",
            Self::SecurityCloud => "SecurityCloud",
            Self::Carrier => "Carrier",
            Self::Gateway => "Gateway",
            Self::Proxy(_) => "Proxy",
            Self::ScreenRelay(_) => "ScreenRelay",
            Self::Sanitiser(_) => "Sanitiser",
            Self::MailRelay(_) => "MailRelay",
        }
    }

    /// Whether it ends legs and begins new ones (a relay), rather than forwarding packets.
    #[must_use]
    pub const fn is_relay(&self) -> bool {
        matches!(
            self,
            Self::Proxy(_) | Self::ScreenRelay(_) | Self::Sanitiser(_) | Self::MailRelay(_)
        )
    }

    /// What clients ask a relay of this kind for where the scenario does not say: `tcp/8080` of a
    /// proxy, `tcp/443` of a screen-transfer relay or sanitiser, `tcp/25` of a mail relay. `None` for
    /// nodes that forward packets.
    #[must_use]
    pub const fn usual_service(&self) -> Option<Service> {
        match self {
            Self::Proxy(_) => Some(Service::tcp(8080)),
            Self::ScreenRelay(_) | Self::Sanitiser(_) => Some(Service::tcp(443)),
            Self::MailRelay(_) => Some(Service::tcp(25)),
            _ => None,
        }
    }
}

/// Where a relay stands on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The segment it is in.
    pub segment: SegmentId,
    /// Its addresses there.
    pub addresses: Vec<AddressRange>,
    /// What its clients ask it for, such as `tcp/8080`; empty: [`NodeKind::usual_service`].
    pub listens: Vec<Service>,
    /// The access table by which it carries on; without one it goes direct.
    pub access: Option<AccessId>,
    /// Where else it is connected.
    pub also: Vec<Attachment>,
}

/// A device or service: it forwards packets ([`Node::forwarding`]) or relays conversations ([`Node::endpoint`]).
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name.
    pub id: NodeId,
    /// What people call it.
    pub label: Text,
    /// The site it is at.
    pub site: SiteId,
    /// What it does.
    pub kind: NodeKind,
    /// Bits a second it can handle, both directions together, in the inspection mode in use.
    pub throughput: Option<BitRate>,
    /// Concurrent sessions it can hold (stateful devices).
    pub sessions: Option<Sessions>,
    /// The machines it is made of. Its capacities are those of all that work; a proxy says how many it has itself.
    pub machines: Machines,
    /// What it logs; `None`: nothing, or not known.
    pub logs: Option<Logging>,
    /// How it forwards; unused for relays.
    pub forwarding: Forwarding,
    /// Where it stands; relays only.
    pub endpoint: Option<Endpoint>,
    /// What is said of it that no packet can show.
    pub assurance: Assurance,
    /// Where it is written.
    pub place: Place,
}

impl Node {
    /// The machines it is made of: of a proxy its units; `machines` only says how they share the work.
    #[must_use]
    pub fn made_of(&self) -> Machines {
        match &self.kind {
            NodeKind::Proxy(proxy) => Machines {
                count: proxy.units.max(1),
                sharing: self.machines.sharing,
            },
            _ => self.machines,
        }
    }

    /// What clients ask this relay for, the foremost first: what its endpoint says, else the usual
    /// service of its kind. Empty for nodes that forward packets.
    #[must_use]
    pub fn listens(&self) -> Vec<Service> {
        match &self.endpoint {
            Some(endpoint) if !endpoint.listens.is_empty() => endpoint.listens.clone(),
            _ => self.kind.usual_service().into_iter().collect(),
        }
    }
}

macro_rules! named {
    ($($t:ty),*) => { $(impl Named for $t { fn id(&self) -> &Id<Self> { &self.id } })* };
}
named!(
    Zone, Site, Segment, Link, Node, HostGroup, System, Reference
);

/// A network on one day. Cloning is cheap: states of a plan share what did not change.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Zones (系).
    pub zones: Table<Zone>,
    /// Sites.
    pub sites: Table<Site>,
    /// Segments.
    pub segments: Table<Segment>,
    /// Nodes.
    pub nodes: Table<Node>,
    /// Links.
    pub links: Table<Link>,
    /// Host groups.
    pub groups: Table<HostGroup>,
    /// Business systems.
    pub systems: Table<System>,
    /// Address objects.
    pub objects: Table<AddressObject>,
    /// Service objects.
    pub services: Table<ServiceObject>,
    /// Access tables.
    pub access: Table<AccessTable>,
    /// Literal addresses held elsewhere.
    pub references: Table<Reference>,
}

impl Network {
    /// What people call the group, system, node, segment, line, zone or site of that name.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&Text> {
        let group = || Some(&self.groups.get(&Id::new(name))?.label);
        let system = || Some(&self.systems.get(&Id::new(name))?.label);
        let node = || Some(&self.nodes.get(&Id::new(name))?.label);
        let segment = || Some(&self.segments.get(&Id::new(name))?.label);
        let link = || Some(&self.links.get(&Id::new(name))?.label);
        let zone = || Some(&self.zones.get(&Id::new(name))?.label);
        let site = || Some(&self.sites.get(&Id::new(name))?.label);
        group()
            .or_else(system)
            .or_else(node)
            .or_else(segment)
            .or_else(link)
            .or_else(zone)
            .or_else(site)
    }
}
