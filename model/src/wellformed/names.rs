//! Whether everything that a thing stands in, hangs on or leads to is there, and can play its part.
//!
//! Goes in: a network. What can go wrong: a zone, site, segment, node or access table that does not
//! exist; a gateway or link end that relays instead of forwarding; a way through a node that is no relay.

use super::Found;
use super::index::Index;
use super::say::{Thing, Words, none, unknown};
use crate::access::Way;
use crate::change::Kind;
use crate::finding::Code;
use crate::id::{Id, Table};
use crate::network::{Link, Network, Node, NodeId, Segment};
use crate::problem::Problem;
use crate::text::Text;

pub(super) fn check(network: &Network, index: &Index<'_>, found: &mut Vec<Found>) {
    let mut look = Look {
        network,
        index,
        found,
    };
    network.segments.iter().for_each(|s| look.segment(s));
    network.nodes.iter().for_each(|n| look.node(n));
    network.links.iter().for_each(|l| look.link(l));
    for group in network.groups.iter() {
        let thing = Thing::known(Kind::Group, group.id.as_str(), &group.place);
        look.exists(&thing, Kind::Segment, &group.segment, &network.segments);
        if let Some(zone) = &group.zone {
            look.exists(&thing, Kind::Zone, zone, &network.zones);
        }
        if let Some(access) = &group.access {
            look.exists(&thing, Kind::Access, access, &network.access);
        }
        for also in &group.also {
            look.exists(&thing, Kind::Segment, &also.segment, &network.segments);
        }
    }
    for system in network.systems.iter() {
        let thing = Thing::known(Kind::System, system.id.as_str(), &system.place);
        look.exists(&thing, Kind::Segment, &system.segment, &network.segments);
        for also in &system.also {
            look.exists(&thing, Kind::Segment, &also.segment, &network.segments);
        }
    }
    look.ways();
}

struct Look<'a, 'n> {
    network: &'n Network,
    index: &'a Index<'n>,
    found: &'a mut Vec<Found>,
}

impl<'n> Look<'_, 'n> {
    fn exists<T>(
        &mut self,
        thing: &Thing<'_>,
        kind: Kind,
        id: &Id<T>,
        table: &'n Table<T>,
    ) -> bool {
        let there = table.contains(id);
        if !there {
            let problem = unknown(
                thing,
                kind.words(),
                id.as_str(),
                table.ids().map(Id::as_str),
            );
            let other = self.index.kind(id.as_str()).filter(|other| *other != kind);
            let problem = match other {
                Some(other) => problem.help(Text::new(
                    format!("`{id}` は{}の名前である", other.words().0),
                    format!("`{id}` is the name of a {}", other.words().1),
                )),
                None => problem,
            };
            self.found.push(problem.into());
        }
        there
    }

    fn segment(&mut self, segment: &'n Segment) {
        let thing = Thing::known(Kind::Segment, segment.id.as_str(), &segment.place);
        self.exists(&thing, Kind::Zone, &segment.zone, &self.network.zones);
        self.exists(&thing, Kind::Site, &segment.site, &self.network.sites);
        for gateway in &segment.gateways {
            self.forwards(&thing, ("ゲートウェイ", "gateway"), &gateway.node);
        }
    }

    fn node(&mut self, node: &'n Node) {
        let thing = Thing::known(Kind::Node, node.id.as_str(), &node.place);
        self.exists(&thing, Kind::Site, &node.site, &self.network.sites);
        if let Some(endpoint) = &node.endpoint {
            self.exists(
                &thing,
                Kind::Segment,
                &endpoint.segment,
                &self.network.segments,
            );
            for also in &endpoint.also {
                self.exists(&thing, Kind::Segment, &also.segment, &self.network.segments);
            }
            if let Some(access) = &endpoint.access {
                self.exists(&thing, Kind::Access, access, &self.network.access);
            }
        }
    }

    fn link(&mut self, link: &'n Link) {
        let thing = Thing::known(Kind::Link, link.id.as_str(), &link.place);
        self.forwards(&thing, ("端", "end"), &link.a);
        if link.a == link.b {
            let problem = thing.problem(
                Code::Topology,
                format_args!("は `{}` から同じ装置に戻る", link.a),
                format_args!("leads from `{}` to itself", link.a),
            );
            let help = Text::new("別々の 2 台を両端に書く", "give it two different ends");
            self.found.push(problem.help(help).into());
        } else {
            self.forwards(&thing, ("端", "end"), &link.b);
        }
    }

    /// The node is there and forwards packets.
    fn forwards(&mut self, thing: &Thing<'_>, part: Words, id: &NodeId) {
        if !self.exists(thing, Kind::Node, id, &self.network.nodes) {
            return;
        }
        if let Some(node) = self.network.nodes.get(id).filter(|n| n.kind.is_relay()) {
            self.found.push(not_forwarding(thing, part, node).into());
        }
    }

    fn ways(&mut self) {
        for table in self.network.access.iter() {
            for entry in &table.entries {
                let Way::Via(relays) = &entry.way else {
                    continue;
                };
                let thing = Thing::known(Kind::Access, table.id.as_str(), &entry.place);
                if relays.is_empty() {
                    self.found.push(none(&thing, RELAY).into());
                }
                for (at, id) in relays.iter().enumerate() {
                    self.relay(&thing, id);
                    if relays[..at].contains(id) {
                        self.found.push(again(&thing, id).into());
                    }
                }
            }
        }
    }

    /// The node is there and relays.
    fn relay(&mut self, thing: &Thing<'_>, id: &NodeId) {
        if self.exists(thing, Kind::Node, id, &self.network.nodes)
            && let Some(node) = self.network.nodes.get(id).filter(|n| !n.kind.is_relay())
        {
            self.found.push(not_relaying(thing, node).into());
        }
    }
}

/// What an entry of an access table sends by.
const RELAY: Words = ("経由先", "relay to send by");

fn again(thing: &Thing<'_>, id: &NodeId) -> Problem {
    thing
        .problem(
            Code::DuplicateName,
            format_args!("は同じ行で `{id}` を二度経由先にしている"),
            format_args!("names `{id}` twice in one entry"),
        )
        .help(Text::new("一方を消す", "remove one of them"))
}

fn not_forwarding(thing: &Thing<'_>, part: Words, node: &Node) -> Problem {
    let (id, word) = (&node.id, node.kind.word());
    thing
        .problem(
            Code::Topology,
            format_args!("の{} `{id}`（{word}）はパケットを転送しない", part.0),
            format_args!(
                "has the {} `{id}` ({word}), which does not forward packets",
                part.1
            ),
        )
        .help(Text::new(
            "中継・代理の装置は `at` でセグメントに置き、転送装置につなぐ",
            "put a relay into a segment with `at`, and connect forwarding nodes only",
        ))
}

fn not_relaying(thing: &Thing<'_>, node: &Node) -> Problem {
    let (id, word) = (&node.id, node.kind.word());
    thing
        .problem(
            Code::Topology,
            format_args!("が経由させる `{id}`（{word}）は中継・代理の装置ではない"),
            format_args!("sends via `{id}` ({word}), which is no relay"),
        )
        .help(Text::new(
            "Proxy、ScreenRelay、Sanitiser、MailRelay のいずれかを書くか、`Direct` とする",
            "name a Proxy, ScreenRelay, Sanitiser or MailRelay, or write `Direct`",
        ))
}
