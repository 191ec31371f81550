//! One state of a network, compiled: the only notion of "path" and "allowed" in utsushi.
//!
//! Goes in: a well-formed network and a day. Comes out: a [`Plane`]: interfaces, forwarding tables,
//! filters and translations with every name resolved. It is walked in two ways that share these tables
//! and nothing else: [`trace`] follows one concrete packet, [`flow`] follows exact sets of packets.
//! Property tests hold one against the other.
//!
//! The order of stations within a node, for both:
//!
//! ```text
//!  in ─▶ ingress filter ─▶ destination NAT ─▶ policy route / route ─▶ forward filter ─▶ source NAT ─▶ egress filter ─▶ out
//!        (access list)                        (longest prefix, ECMP)  (firewall policy)              (access list)
//! ```
//!
//! Modules in reading order: [`condition`] (what a rule matches), [`compile`], [`routes`], [`table`],
//! [`step`] (one packet through one node), [`trace`], [`spread`] (how a load divides), [`lines`] (what it crosses), [`failed`] (what is left when something fails), [`sets`],
//! [`view`], [`flow`], [`entry`], [`sessions`], [`outcome`], [`met`], [`boxes`], [`rounds`] (what is followed
//! together), [`classes`], [`ends`] (who a rule speaks of), [`window`] (many states at once).

mod ask;
pub mod boxes;
pub mod classes;
pub mod compile;
pub mod condition;
pub mod ends;
pub mod entry;
mod faces;
pub mod failed;
pub mod flow;
pub mod lines;
mod lists;
pub mod met;
pub mod outcome;
mod paths;
mod question;
pub mod rounds;
pub mod routes;
pub mod sessions;
pub mod sets;
pub mod spread;
pub mod step;
pub mod table;
pub mod trace;
pub mod view;
pub mod window;

use crate::plane::condition::{NatStep, PolicyStep, RuleStep};
use crate::plane::table::Table;
use std::collections::HashMap;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::date::Date;
use utsushi_model::network::{Network, NodeId, SegmentId};
use utsushi_model::place::Place;
use utsushi_model::policy::Name;

/// Position of a node in [`Plane::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeIx(pub usize);

/// Position of an interface in [`Plane::ports`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortIx(pub usize);

/// Position of a segment in [`Plane::segments`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentIx(pub usize);

/// Position of a routing table (a VRF of a node) in [`Plane::tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableIx(pub usize);

/// One direction of a link: the position of the link and whether it runs from its first end to its second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkWay {
    /// Position of the link in the network's table.
    pub link: usize,
    /// From the first end to the second.
    pub forward: bool,
}

/// What an interface leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The interface at the other end of a VLAN of a link.
    Port(PortIx, LinkWay),
    /// A segment.
    Segment(SegmentIx),
}

/// An interface of a forwarding node.
#[derive(Debug, Clone)]
pub struct Port {
    /// The node.
    pub node: NodeIx,
    /// The routing table it belongs to.
    pub table: TableIx,
    /// Its name on the node.
    pub name: Name,
    /// What it leads to.
    pub peer: Peer,
    /// Filters for what comes in by it.
    pub ingress: Option<usize>,
    /// Filters for what goes out by it.
    pub egress: Option<usize>,
}

/// A segment with its members.
#[derive(Debug, Clone)]
pub struct SegmentPlane {
    /// Its name.
    pub id: SegmentId,
    /// The addresses of its members.
    pub members: Vec<AddressRange>,
    /// The addresses that routers know it by (its prefixes).
    pub prefixes: Vec<AddressRange>,
    /// The interfaces that route for it.
    pub gateways: Vec<PortIx>,
    /// Interfaces that stand by: they route for it when all of `gateways` are gone.
    pub spare: Vec<PortIx>,
}

/// An ordered filter with every name resolved.
#[derive(Debug, Clone)]
pub struct FilterPlane {
    /// The rules that are in force on the day, in order.
    pub rules: Vec<RuleStep>,
    /// The lists that [`condition::Act::Jump`] and [`condition::Act::Goto`] ask, never in a circle.
    pub chains: Vec<Vec<RuleStep>>,
    /// Whether a packet that matches none passes.
    pub default_allow: bool,
    /// Whether answers in known sessions pass without a rule.
    pub stateful: bool,
    /// Where it is written.
    pub place: Place,
}

impl FilterPlane {
    /// Every rule, those of the chains behind the filter's own.
    pub fn all_rules(&self) -> impl Iterator<Item = &RuleStep> {
        self.rules.iter().chain(self.chains.iter().flatten())
    }
}

/// A forwarding node.
#[derive(Debug, Clone)]
pub struct NodePlane {
    /// Its name.
    pub id: NodeId,
    /// Position in the network's table.
    pub position: usize,
    /// Its policy on forwarded packets.
    pub forward: Option<usize>,
    /// Policy routes in order.
    pub policies: Vec<PolicyStep>,
    /// Destination translations in order.
    pub destination_nat: Vec<NatStep>,
    /// Source translations in order.
    pub source_nat: Vec<NatStep>,
    /// Its kind's word, for waypoint rules.
    pub kind: &'static str,
}

/// A compiled state.
#[derive(Debug, Clone)]
pub struct Plane {
    /// The network it was made from.
    pub network: Arc<Network>,
    /// The day on which schedules were judged.
    pub day: Date,
    /// Forwarding nodes.
    pub nodes: Arc<[NodePlane]>,
    /// Interfaces.
    pub ports: Arc<[Port]>,
    /// Segments, in the order of the network.
    pub segments: Arc<[SegmentPlane]>,
    /// Routing tables.
    pub tables: Vec<Table>,
    /// Filters; nodes and interfaces hold positions in this list.
    pub filters: Arc<[FilterPlane]>,
    link_costs: Arc<[u64]>,
    segment_names: Arc<HashMap<SegmentId, SegmentIx>>,
    /// What is known of each table without its routes.
    seeds: Arc<[compile::TableSeed]>,
}

impl Plane {
    /// The position of a segment.
    #[must_use]
    pub fn segment(&self, id: &SegmentId) -> Option<SegmentIx> {
        self.segment_names.get(id).copied()
    }

    /// Whether a segment's addresses are deliberately used elsewhere too.
    #[must_use]
    pub fn is_reused(&self, segment: SegmentIx) -> bool {
        let id = &self.segments[segment.0].id;
        self.network.segments.get(id).is_some_and(|s| s.reused)
    }

    /// Whether anything in it cannot be judged offline, so that sets have two bounds.
    #[must_use]
    pub fn has_undecided(&self) -> bool {
        let open = |c: &condition::Condition| !c.is_certain();
        self.filters
            .iter()
            .any(|f| f.all_rules().any(|r| open(&r.condition)))
            || self.nodes.iter().any(|n| {
                n.policies.iter().any(|p| open(&p.condition))
                    || n.destination_nat
                        .iter()
                        .chain(&n.source_nat)
                        .any(|n| open(&n.condition))
            })
    }

    fn node(&self, port: PortIx) -> &NodePlane {
        &self.nodes[self.ports[port.0].node.0]
    }
}
