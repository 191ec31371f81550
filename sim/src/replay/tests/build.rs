//! Small networks in a few lines.
//!
//! Everything is in one zone at one site unless a test says otherwise. Addresses, services and objects are
//! written as in scenario files: `any`, `10.0.0.0/8`, a name, `tcp/443`.

use crate::plane::Plane;
use std::sync::Arc;
use utsushi_model::access::{AccessEntry, AccessTable, Way};
use utsushi_model::address::AddressRange;
use utsushi_model::attestation::Assurance;
use utsushi_model::id::Id;
use utsushi_model::network::*;
use utsushi_model::place::Place;
use utsushi_model::policy::*;
use utsushi_model::service::Service;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency, Share};

/// A place that says what it is the place of.
pub(super) fn place(what: &str) -> Place {
    Place {
        file: what.into(),
        line: 1,
        column: 1,
        length: 1,
    }
}

pub(super) fn range(text: &str) -> AddressRange {
    text.parse().unwrap()
}

pub(super) fn service(text: &str) -> Service {
    text.parse().unwrap()
}

pub(super) fn addresses(text: &str) -> Addresses {
    let term = |word: &str| match (word, word.parse()) {
        ("any", _) => AddressTerm::Any,
        (_, Ok(range)) => AddressTerm::Range(range),
        (name, _) => AddressTerm::Named(name.into()),
    };
    Addresses {
        terms: text.split_whitespace().map(term).collect(),
        negated: false,
    }
}

/// `allow NAME FROM TO SERVICE` or `deny …`; several addresses of one end are joined by `+`.
pub(super) fn rule(text: &str) -> FilterRule {
    let words: Vec<&str> = text.split_whitespace().collect();
    FilterRule {
        name: words[1].into(),
        action: if words[0] == "allow" {
            RuleAction::Allow
        } else {
            RuleAction::Deny
        },
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source: addresses(&words[2].replace('+', " ")),
        destination: addresses(&words[3].replace('+', " ")),
        service: Services::one(service(words[4])),
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: Vec::new(),
        note: None,
        place: place(words[1]),
    }
}

pub(super) fn node(id: &str, kind: NodeKind) -> Node {
    Node {
        id: Id::new(id),
        label: Text::same(format!("the {id}")),
        site: Id::new("site"),
        kind,
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
        place: place(id),
    }
}

pub(super) fn relay(id: &str, kind: NodeKind, segment: &str, address: &str) -> Node {
    Node {
        endpoint: Some(Endpoint {
            segment: Id::new(segment),
            addresses: vec![range(address)],
            listens: Vec::new(),
            access: None,
            also: Vec::new(),
        }),
        ..node(id, kind)
    }
}

pub(super) fn group(id: &str, segment: &str, count: u32) -> HostGroup {
    HostGroup {
        id: Id::new(id),
        label: Text::same(id),
        segment: Id::new(segment),
        addresses: Vec::new(),
        count,
        class: HostClass::General,
        zone: None,
        measures: Measures::default(),
        access: None,
        assurance: Assurance::default(),
        also: Vec::new(),
        place: place(id),
    }
}

/// A network that grows by calls.
#[derive(Clone, Default)]
pub(super) struct Net(pub(super) Network);

impl Net {
    /// A segment with the nodes that route for it.
    pub(super) fn segment(mut self, id: &str, prefixes: &str, gateways: &str) -> Self {
        let gateway = |node: &str| Gateway {
            node: Id::new(node),
            vrf: "".into(),
            interface: id.into(),
            standby: false,
        };
        self.0.segments.put(Segment {
            id: Id::new(id),
            label: Text::same(id),
            zone: Id::new("zone"),
            site: Id::new("site"),
            vlan: None,
            prefixes: prefixes
                .split_whitespace()
                .map(|p| p.parse().unwrap())
                .collect(),
            gateways: gateways.split_whitespace().map(gateway).collect(),
            external: prefixes.starts_with("0.0.0.0/0"),
            reused: false,
            place: place(id),
        });
        self
    }

    pub(super) fn node(mut self, node: Node) -> Self {
        self.0.nodes.put(node);
        self
    }

    pub(super) fn routers(self, ids: &str) -> Self {
        let one = |net: Self, id| net.node(node(id, NodeKind::Router));
        ids.split_whitespace().fold(self, one)
    }

    /// A link of that many Mbit/s in both directions, cost 10.
    pub(super) fn link(mut self, id: &str, (a, b): (&str, &str), mbps: f64) -> Self {
        let port = || Port {
            vrf: "".into(),
            interface: id.into(),
        };
        self.0.links.put(Link {
            id: Id::new(id),
            label: Text::same(format!("line {id}")),
            a: Id::new(a),
            b: Id::new(b),
            rate_ab: BitRate::mbps(mbps),
            rate_ba: BitRate::mbps(mbps),
            delay: Latency::ZERO,
            loss: Share::default(),
            members: 1,
            cost: 10,
            risks: Vec::new(),
            lanes: vec![Lane {
                vlan: None,
                a: port(),
                b: port(),
            }],
            place: place(id),
        });
        self
    }

    pub(super) fn group(mut self, group: HostGroup) -> Self {
        self.0.groups.put(group);
        self
    }

    pub(super) fn system(mut self, id: &str, segment: &str, address: &str) -> Self {
        self.0.systems.put(System {
            id: Id::new(id),
            label: Text::same(id),
            segment: Id::new(segment),
            addresses: vec![range(address)],
            services: Vec::new(),
            pattern: Pattern::Outside,
            confidentiality: Confidentiality::One,
            resident_information: false,
            lgwan_dependent: false,
            screen_transfer: true,
            assurance: Assurance::default(),
            function: None,
            also: Vec::new(),
            place: place(id),
        });
        self
    }

    /// An access table; entries are `(destinations, way)` with `direct`, `refused` or relays' names in order.
    pub(super) fn access(mut self, id: &str, entries: &[(&str, &str)]) -> Self {
        let entry = |(to, way): &(&str, &str)| AccessEntry {
            to: addresses(to),
            service: Services::any(),
            way: match *way {
                "direct" => Way::Direct,
                "refused" => Way::Refused,
                nodes => Way::Via(nodes.split_whitespace().map(Id::new).collect()),
            },
            place: place(id),
        };
        self.0.access.put(AccessTable {
            id: Id::new(id),
            entries: entries.iter().map(entry).collect(),
            place: place(id),
        });
        self
    }

    /// Changes one node.
    pub(super) fn edit(mut self, id: &str, change: impl FnOnce(&mut Node)) -> Self {
        let mut node = self.0.nodes.get(&Id::new(id)).unwrap().clone();
        change(&mut node);
        self.0.nodes.put(node);
        self
    }

    /// Changes one link.
    pub(super) fn edit_link(mut self, id: &str, change: impl FnOnce(&mut Link)) -> Self {
        let mut link = self.0.links.get(&Id::new(id)).unwrap().clone();
        change(&mut link);
        self.0.links.put(link);
        self
    }

    /// Changes one group.
    pub(super) fn edit_group(mut self, id: &str, change: impl FnOnce(&mut HostGroup)) -> Self {
        let mut group = self.0.groups.get(&Id::new(id)).unwrap().clone();
        change(&mut group);
        self.0.groups.put(group);
        self
    }

    /// Gives a node a policy on what it forwards; `default: deny`, stateful.
    pub(super) fn policy(self, id: &str, rules: &[&str]) -> Self {
        let filter = Filter {
            point: FilterPoint::Forward,
            rules: rules.iter().map(|r| rule(r)).collect(),
            chains: Vec::new(),
            default: Action::Deny,
            stateful: true,
            place: place("default"),
        };
        self.edit(id, |n| n.forwarding.filters.push(filter))
    }

    /// Sends a relay's or group's questions to a table.
    pub(super) fn asks(self, id: &str, table: &str) -> Self {
        if self.0.groups.contains(&Id::new(id)) {
            return self.edit_group(id, |g| g.access = Some(Id::new(table)));
        }
        self.edit(id, |n| {
            n.endpoint.as_mut().unwrap().access = Some(Id::new(table));
        })
    }

    pub(super) fn plane(&self) -> Plane {
        Plane::compile(Arc::new(self.0.clone()), "2024-04-01".parse().unwrap())
    }
}

/// Two equal ways.
///
/// ```text
///              ┌─ up ── n ─ un ┐
///  users ── w ─┤               ├─ e ── servers        10 users: 10 Mbit/s up, 20 down
///              └─ lo ── s ─ ls ┘
/// ```
pub(super) fn square() -> Net {
    Net::default()
        .routers("w n s e")
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .link("up", ("w", "n"), 100.0)
        .link("un", ("n", "e"), 100.0)
        .link("lo", ("w", "s"), 100.0)
        .link("ls", ("s", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("files", "servers", "10.2.0.10")
}
