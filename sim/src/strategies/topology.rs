//! Nodes, segments and links of a random network, with their interfaces.
//!
//! Goes in: a blueprint. Comes out: a [`Frame`]: a tree of nodes with extra links, segments at their
//! gateways, every interface with a name of its own. No prefix is claimed twice unless it is marked as
//! reused and kept in different VRFs.

use super::blueprint::Blueprint;
use super::choices::Choices;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use utsushi_model::attestation::Assurance;
use utsushi_model::id::Id;
use utsushi_model::network::{
    Forwarding, Gateway, Lane, Link, Network, Node, NodeId, NodeKind, Port, Segment, Site,
    SiteKind, Zone, ZoneRole,
};
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency, Share};

/// An interface of a node.
#[derive(Debug, Clone)]
pub(super) struct Interface {
    pub(super) name: Name,
    pub(super) vrf: Name,
    /// The node it leads to, unless it leads to a segment.
    pub(super) peer: Option<NodeId>,
}

/// A forwarding node under construction.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) node: Node,
    pub(super) vrfs: Vec<Name>,
    pub(super) interfaces: Vec<Interface>,
}

/// The parts of a network that everything else refers to.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) zones: Vec<Zone>,
    pub(super) sites: Vec<Site>,
    pub(super) devices: Vec<Device>,
    pub(super) segments: Vec<Segment>,
    pub(super) links: Vec<Link>,
}

/// A short name.
pub(super) fn name(text: impl AsRef<str>) -> Name {
    Arc::from(text.as_ref())
}

pub(super) const SITES: [(&str, SiteKind); 3] = [
    ("hq", SiteKind::Headquarters),
    ("dc", SiteKind::DataCentre),
    ("branch", SiteKind::Branch),
];

pub(super) const ROLES: [(&str, ZoneRole); 4] = [
    ("lgwan-zone", ZoneRole::Lgwan),
    ("internet-zone", ZoneRole::Internet),
    ("number-zone", ZoneRole::MyNumber),
    ("management-zone", ZoneRole::Management),
];

pub(super) const WORLD: &str = "world-zone";

impl Frame {
    pub(super) fn build(blueprint: &Blueprint) -> Self {
        let mut frame = Self::default();
        for (id, kind) in SITES {
            frame.sites.push(Site {
                id: Id::new(id),
                label: Text::same(id),
                kind,
                place: Place::nowhere(),
            });
        }
        for (i, raw) in blueprint.nodes.iter().enumerate() {
            frame.devices.push(node(i, &mut Choices::new(raw)));
        }
        for (i, raw) in blueprint.segments.iter().enumerate() {
            frame.segment(i, &mut Choices::new(raw));
        }
        for (i, raw) in blueprint.nodes.iter().enumerate().skip(1) {
            // The first numbers of a node's element have made the node.
            let mut choices = Choices::new(raw.get(8..).unwrap_or(&[]));
            let parent = choices.below(i);
            frame.link((parent, i), &mut choices);
        }
        for raw in &blueprint.links {
            let mut choices = Choices::new(raw);
            let count = frame.devices.len();
            let a = choices.below(count);
            let b = (a + 1 + choices.below(count.saturating_sub(1))) % count.max(1);
            if a != b {
                frame.link((a, b), &mut choices);
            }
        }
        for (raw, device) in blueprint.nodes.iter().zip(&mut frame.devices) {
            device.device_zones(&mut Choices::new(raw.get(20..).unwrap_or(&[])));
        }
        frame
    }

    fn interface(&mut self, at: usize, vrf: &Name, peer: Option<NodeId>) -> Name {
        let interfaces = &mut self.devices[at].interfaces;
        let name = name(format!("e{}", interfaces.len()));
        interfaces.push(Interface {
            name: Arc::clone(&name),
            vrf: Arc::clone(vrf),
            peer,
        });
        name
    }

    fn vrf(&self, at: usize, choices: &mut Choices<'_>) -> Name {
        let found = choices.of(&self.devices[at].vrfs).cloned();
        found.unwrap_or_else(|| name(""))
    }

    fn segment(&mut self, i: usize, choices: &mut Choices<'_>) {
        let external = choices.percent(20) && !self.segments.iter().any(|s| s.external);
        let gateways = self.gateways(choices);
        let reused = !external && choices.percent(12) && self.free_for_reuse(&gateways);
        let prefixes = match (external, reused) {
            (true, _) => outside(choices),
            (_, true) => vec![v4([192, 168, 0, 0], 24)],
            _ => inside(i, choices),
        };
        let (zone, role) = match external {
            true => (WORLD, ZoneRole::World),
            false => choices.of(&ROLES).copied().unwrap_or(ROLES[0]),
        };
        if !self.zones.iter().any(|z| z.id.as_str() == zone) {
            self.zones.push(Zone {
                id: Id::new(zone),
                label: Text::same(zone),
                role,
                place: Place::nowhere(),
            });
        }
        let gateways = gateways
            .into_iter()
            .map(|(at, vrf)| Gateway {
                node: self.devices[at].node.id.clone(),
                interface: self.interface(at, &vrf, None),
                vrf,
                standby: false,
            })
            .collect();
        self.segments.push(Segment {
            id: Id::new(format!("seg{i}")),
            label: Text::same(format!("seg{i}")),
            zone: Id::new(zone),
            site: Id::new(SITES[choices.below(SITES.len())].0),
            vlan: choices.percent(50).then_some(100 + small(i)),
            prefixes,
            gateways,
            external,
            reused,
            place: Place::nowhere(),
        });
    }

    /// One gateway, seldom two on different nodes or none.
    fn gateways(&self, choices: &mut Choices<'_>) -> Vec<(usize, Name)> {
        let count = self.devices.len();
        if count == 0 {
            return Vec::new();
        }
        let first = choices.below(count);
        let mut out = vec![(first, self.vrf(first, choices))];
        if choices.percent(20) && count > 1 {
            let second = (first + 1 + choices.below(count - 1)) % count;
            out.push((second, self.vrf(second, choices)));
        } else if choices.percent(4) {
            out.clear();
        }
        out
    }

    /// Whether no routing table would know the reused prefix twice.
    fn free_for_reuse(&self, gateways: &[(usize, Name)]) -> bool {
        let taken = self.segments.iter().filter(|s| s.reused);
        !taken.flat_map(|s| &s.gateways).any(|g| {
            gateways
                .iter()
                .any(|(at, vrf)| self.devices[*at].node.id == g.node && *vrf == g.vrf)
        })
    }

    fn link(&mut self, (a, b): (usize, usize), choices: &mut Choices<'_>) {
        let i = self.links.len();
        let lanes = 1 + choices.below(2);
        let cost = 1 + choices.below(3);
        let members = 1 + choices.below(2);
        let lanes = (0..lanes).map(|lane| {
            let mut end = |frame: &mut Self, at: usize, peer: usize| {
                let vrf = frame.vrf(at, choices);
                let peer = frame.devices[peer].node.id.clone();
                Port {
                    interface: frame.interface(at, &vrf, Some(peer)),
                    vrf,
                }
            };
            Lane {
                vlan: (lane > 0).then(|| 10 + small(lane)),
                a: end(self, a, b),
                b: end(self, b, a),
            }
        });
        let lanes = lanes.collect();
        self.links.push(Link {
            id: Id::new(format!("link{i}")),
            label: Text::same(format!("link{i}")),
            a: self.devices[a].node.id.clone(),
            b: self.devices[b].node.id.clone(),
            rate_ab: BitRate::mbps(100.0),
            rate_ba: BitRate::gbps(1.0),
            delay: Latency::new(0.002),
            loss: Share::default(),
            members: u32::from(small(members)),
            cost: u32::from(small(cost)),
            risks: Vec::new(),
            lanes,
            place: Place::nowhere(),
        });
    }
}

impl Device {
    /// A device of a finished network.
    pub(super) fn of(network: &Network, node: &Node) -> Self {
        let own = |id: &NodeId| *id == node.id;
        let mut interfaces = Vec::new();
        for gateway in network.segments.iter().flat_map(|s| &s.gateways) {
            if own(&gateway.node) {
                interfaces.push(Interface {
                    name: Arc::clone(&gateway.interface),
                    vrf: Arc::clone(&gateway.vrf),
                    peer: None,
                });
            }
        }
        for link in network.links.iter() {
            for lane in &link.lanes {
                let ends = [(&link.a, &lane.a, &link.b), (&link.b, &lane.b, &link.a)];
                for (_, port, peer) in ends.into_iter().filter(|(id, ..)| own(id)) {
                    interfaces.push(Interface {
                        name: Arc::clone(&port.interface),
                        vrf: Arc::clone(&port.vrf),
                        peer: Some(peer.clone()),
                    });
                }
            }
        }
        let mut vrfs: Vec<Name> = interfaces.iter().map(|i| Arc::clone(&i.vrf)).collect();
        vrfs.sort();
        vrfs.dedup();
        Self {
            node: node.clone(),
            vrfs,
            interfaces,
        }
    }

    /// A device zone of some interfaces.
    fn device_zones(&mut self, choices: &mut Choices<'_>) {
        if !choices.percent(35) {
            return;
        }
        let names: Vec<Name> = self
            .interfaces
            .iter()
            .map(|i| Arc::clone(&i.name))
            .collect();
        let members = choices.some(&names);
        if !members.is_empty() {
            self.node.forwarding.zones.push((name("inside"), members));
        }
    }
}

/// A small count as a number of the width that the model has for it.
pub(super) fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn node(i: usize, choices: &mut Choices<'_>) -> Device {
    let kinds = [
        NodeKind::Router,
        NodeKind::L3Switch,
        NodeKind::Firewall,
        NodeKind::LgwanEdge,
        NodeKind::SecurityCloud,
        NodeKind::Carrier,
        NodeKind::Gateway,
    ];
    let kind = choices.of(&kinds).cloned().unwrap_or(NodeKind::Router);
    let vrfs = if choices.percent(20) {
        vec![name("red"), name("blue")]
    } else {
        vec![name("")]
    };
    let node = Node {
        id: Id::new(format!("node{i}")),
        label: Text::same(format!("node{i}")),
        site: Id::new(SITES[choices.below(SITES.len())].0),
        kind,
        throughput: choices.percent(50).then(|| BitRate::gbps(1.0)),
        sessions: None,
        machines: Default::default(),
        logs: None,
        forwarding: Forwarding {
            computed: !choices.percent(10),
            ..Forwarding::default()
        },
        endpoint: None,
        assurance: Assurance::default(),
        place: Place::nowhere(),
    };
    Device {
        node,
        vrfs,
        interfaces: Vec::new(),
    }
}

/// An IPv4 prefix; bits behind the length are cleared.
pub(super) fn v4(octets: [u8; 4], length: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::from(octets), length.min(32)).trunc())
}

/// An IPv6 prefix; bits behind the length are cleared.
pub(super) fn v6(parts: [u16; 8], length: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::from(parts), length.min(128)).trunc())
}

/// The prefixes of a segment of its own: IPv4, IPv6 or both; they differ from number to number.
fn inside(i: usize, choices: &mut Choices<'_>) -> Vec<IpNet> {
    let small = small(i);
    let number = u32::from(small);
    let ten = |second: u8, offset: u32, length| {
        let first = u32::from_be_bytes([10, second, 0, 0]);
        v4((first + offset).to_be_bytes(), length)
    };
    let four = match choices.below(5) {
        0 => ten(0, number << 8, 24),
        1 => ten(64, (number << 8) + 64, 26),
        2 => ten(128, number << 12, 20),
        3 => ten(192, number << 3, 29),
        _ => ten(224, number, 32),
    };
    let six = match choices.below(2) {
        0 => v6([0x2001, 0xdb8, small, 0, 0, 0, 0, 0], 64),
        _ => v6([0xfd00, 0, 0, 0, 0, 0, small >> 14, small << 2], 126),
    };
    match choices.below(10) {
        0..=5 => vec![four],
        6..=8 => vec![four, six],
        _ => vec![six],
    }
}

/// The prefixes of the segment that stands for everything outside.
fn outside(choices: &mut Choices<'_>) -> Vec<IpNet> {
    let (four, six) = (v4([0; 4], 0), v6([0; 8], 0));
    match choices.below(4) {
        0 | 1 => vec![four],
        2 => vec![four, six],
        _ => vec![six],
    }
}
