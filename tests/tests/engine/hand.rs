//! Small networks made by hand, in a few words each.

use super::run::day;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::attestation::Assurance;
use utsushi_model::finding::Packet;
use utsushi_model::id::Id;
use utsushi_model::network::{
    Forwarding, Gateway, Lane, Link, Network, Node, NodeKind, Port, Segment, Site, SiteKind, Zone,
    ZoneRole,
};
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, AddressTerm, Addresses, Filter, FilterPoint, Hop, Interfaces, Name, NatRule,
    PolicyRoute, Services, StaticRoute, Translation,
};
use utsushi_model::service::Protocol;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency, Share};
use utsushi_model::wellformed;
use utsushi_sim::plane::{Plane, SegmentIx};

/// A network under construction. Routers `a`, `b`, … compute routes; an interface bears the name of
/// what it leads to.
pub(crate) struct Hand(Network);

impl Hand {
    /// Routers of these names, without links.
    pub(crate) fn routers(names: &[&str]) -> Self {
        let mut network = Network::default();
        network.sites.put(Site {
            id: Id::new("site"),
            label: Text::same("site"),
            kind: SiteKind::Headquarters,
            place: Place::nowhere(),
        });
        network.zones.put(Zone {
            id: Id::new("zone"),
            label: Text::same("zone"),
            role: ZoneRole::Lgwan,
            place: Place::nowhere(),
        });
        for name in names {
            network.nodes.put(Node {
                id: Id::new(*name),
                label: Text::same(*name),
                site: Id::new("site"),
                kind: NodeKind::Router,
                throughput: None,
                sessions: None,
                machines: Default::default(),
                logs: None,
                forwarding: Forwarding {
                    computed: true,
                    ..Forwarding::default()
                },
                endpoint: None,
                assurance: Assurance::default(),
                place: Place::nowhere(),
            });
        }
        Self(network)
    }

    /// A segment with these prefixes at these routers.
    pub(crate) fn segment(mut self, id: &str, prefixes: &[&str], at: &[&str]) -> Self {
        let gateway = |node: &&str| Gateway {
            node: Id::new(*node),
            vrf: Name::from(""),
            interface: Name::from(id),
            standby: false,
        };
        self.0.segments.put(Segment {
            id: Id::new(id),
            label: Text::same(id),
            zone: Id::new("zone"),
            site: Id::new("site"),
            vlan: None,
            prefixes: prefixes
                .iter()
                .map(|p| p.parse().expect("a prefix"))
                .collect(),
            gateways: at.iter().map(gateway).collect(),
            external: false,
            reused: false,
            place: Place::nowhere(),
        });
        self
    }

    /// A link of cost 1.
    pub(crate) fn link(mut self, a: &str, b: &str) -> Self {
        let port = |to: &str| Port {
            vrf: Name::from(""),
            interface: Name::from(to),
        };
        self.0.links.put(Link {
            id: Id::new(format!("{a}-{b}")),
            label: Text::same(format!("{a}-{b}")),
            a: Id::new(a),
            b: Id::new(b),
            rate_ab: BitRate::mbps(100.0),
            rate_ba: BitRate::mbps(100.0),
            delay: Latency::ZERO,
            loss: Share::default(),
            members: 1,
            cost: 1,
            risks: Vec::new(),
            lanes: vec![Lane {
                vlan: None,
                a: port(b),
                b: port(a),
            }],
            place: Place::nowhere(),
        });
        self
    }

    fn edit(mut self, node: &str, change: impl FnOnce(&mut Forwarding)) -> Self {
        let id = Id::new(node);
        let mut node = self.0.nodes.get(&id).expect("a router").clone();
        change(&mut node.forwarding);
        self.0.nodes.put(node);
        self
    }

    /// A static route of a router, to a neighbour or, for `None`, nowhere.
    pub(crate) fn route(self, node: &str, prefix: &str, to: Option<&str>) -> Self {
        self.edit(node, |f| {
            f.statics.push(StaticRoute {
                vrf: Name::from(""),
                prefix: prefix.parse().expect("a prefix"),
                via: vec![to.map_or(Hop::Discard, |to| Hop::Node(Id::new(to)))],
                place: Place::nowhere(),
            });
        })
    }

    /// A prefix that a router announces as its own.
    pub(crate) fn announces(self, node: &str, prefix: &str) -> Self {
        let prefix = prefix.parse().expect("a prefix");
        self.edit(node, |f| f.originates.push((Name::from(""), prefix)))
    }

    /// A policy route of a router for sources, which drops them.
    pub(crate) fn discards(self, node: &str, source: Addresses) -> Self {
        self.edit(node, |f| {
            f.policies.push(PolicyRoute {
                name: Name::from("discard"),
                incoming: Interfaces::default(),
                source,
                destination: Addresses::any(),
                service: Services::any(),
                via: vec![Hop::Discard],
                place: Place::nowhere(),
            });
        })
    }

    /// A translation of a router for what goes from some addresses to others.
    pub(crate) fn translates(
        self,
        node: &str,
        (source, destination): (Addresses, Addresses),
        translation: Translation,
    ) -> Self {
        self.edit(node, |f| {
            f.nat.push(NatRule {
                name: Name::from(format!("nat{}", f.nat.len())),
                incoming: Interfaces::default(),
                outgoing: Interfaces::default(),
                source,
                destination,
                service: Services::any(),
                conditions: Vec::new(),
                translation,
                place: Place::nowhere(),
            });
        })
    }

    /// A stateful filter of a router that lets nothing in by an interface but answers.
    pub(crate) fn answers_only(self, node: &str, interface: &str) -> Self {
        self.edit(node, |f| {
            f.filters.push(Filter {
                point: FilterPoint::In(Name::from(interface)),
                rules: Vec::new(),
                chains: Vec::new(),
                default: Action::Deny,
                stateful: true,
                place: Place::nowhere(),
            });
        })
    }

    /// The compiled network.
    pub(crate) fn compile(self) -> Plane {
        assert_eq!(wellformed::check(&self.0), []);
        Plane::compile(Arc::new(self.0), day())
    }
}

/// A range or address.
pub(crate) fn range(text: &str) -> AddressRange {
    text.parse().expect("a range")
}

/// Some addresses.
pub(crate) fn only(text: &str) -> Addresses {
    Addresses::range(range(text))
}

/// Addresses that cannot be judged offline.
pub(crate) fn perhaps() -> Addresses {
    Addresses {
        terms: vec![AddressTerm::HostName(Name::from("somewhere.example"))],
        negated: false,
    }
}

/// A TCP packet between two ports that no rule tells from others.
pub(crate) fn packet(src: &str, dst: &str) -> Packet {
    Packet {
        src: src.parse().expect("an address"),
        dst: dst.parse().expect("an address"),
        protocol: Protocol::TCP,
        src_port: 50_000,
        dst_port: 443,
    }
}

/// A segment of a plane.
pub(crate) fn segment(plane: &Plane, id: &str) -> SegmentIx {
    plane.segment(&Id::new(id)).expect("a segment")
}
