//! Whether nodes, filters and translations have the form that their kind asks for.
//!
//! Goes in: a network. What can go wrong: a relay that stands nowhere or is configured like a router; a
//! forwarding node that stands in a segment like a host; a rule that asks for an interface which is not
//! yet known where it sits; a translation whose two sides do not fit.

use super::Found;
use super::holders::point;
use super::say::{DESTINATION, NAT, POLICY, ROUTE, RULE, Thing, Words, none};
use crate::address::AddressRange;
use crate::change::Kind;
use crate::finding::Code;
use crate::network::{Endpoint, Forwarding, Network, Node};
use crate::policy::{Filter, FilterPoint, Hop, NatRule, Translation};
use crate::problem::Problem;
use crate::text::Text;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    for node in network.nodes.iter() {
        let thing = Thing::known(Kind::Node, node.id.as_str(), &node.place);
        if node.kind.is_relay() {
            relay(&thing, node, found);
        } else if let Some(endpoint) = &node.endpoint {
            found.push(stands_like_a_host(&thing, node, endpoint).into());
        }
        for filter in &node.forwarding.filters {
            direction(node, filter, found);
        }
        for rule in &node.forwarding.nat {
            translation(network, node, rule, found);
        }
        hops(node, found);
    }
}

fn relay(thing: &Thing<'_>, node: &Node, found: &mut Vec<Found>) {
    let word = node.kind.word();
    if node.endpoint.is_none() {
        let problem = thing.problem(
            Code::Topology,
            format_args!("（{word}）がどのセグメントにも置かれていない"),
            format_args!("({word}) stands in no segment"),
        );
        let help = Text::new(
            "`at: (segment: …, addresses: […])` を加える",
            "add `at: (segment: …, addresses: […])`",
        );
        found.push(problem.help(help).into());
    }
    for part in router_parts(&node.forwarding) {
        let problem = thing.problem(
            Code::Topology,
            format_args!("（{word}）は転送装置ではないのに{}を持つ", part.0),
            format_args!(
                "({word}) has {} although it does not forward packets",
                part.1
            ),
        );
        let help = Text::new(
            "その設定は、前段の転送装置に書く",
            "write them on the forwarding node in front of it",
        );
        found.push(problem.help(help).into());
    }
}

/// What only a forwarding node has.
fn router_parts(forwarding: &Forwarding) -> Vec<Words> {
    let parts = [
        (
            !forwarding.statics.is_empty(),
            ("静的経路", "static routes"),
        ),
        (
            !forwarding.policies.is_empty(),
            ("ポリシールート", "policy routes"),
        ),
        (
            !forwarding.originates.is_empty(),
            ("広告経路", "announced routes"),
        ),
        (!forwarding.filters.is_empty(), ("フィルタ", "filters")),
        (!forwarding.nat.is_empty(), ("アドレス変換", "translations")),
        (
            forwarding.nat_ports.is_some(),
            ("変換プール", "a translation pool"),
        ),
        (!forwarding.zones.is_empty(), ("装置ゾーン", "device zones")),
    ];
    let there = parts.into_iter().filter(|(there, _)| *there);
    there.map(|(_, words)| words).collect()
}

fn stands_like_a_host(thing: &Thing<'_>, node: &Node, endpoint: &Endpoint) -> Problem {
    let (word, segment) = (node.kind.word(), &endpoint.segment);
    thing
        .problem(
            Code::Topology,
            format_args!(
                "（{word}）は転送装置なのに、ホストとしてセグメント `{segment}` に置かれている"
            ),
            format_args!(
                "({word}) forwards packets but stands in the segment `{segment}` like a host"
            ),
        )
        .help(Text::new(
            "`at` を消し、セグメントの `gateways` に書く",
            "remove `at`, and name the node in the segment's `gateways`",
        ))
}

/// On the way in the outgoing interface is not known yet.
fn direction(node: &Node, filter: &Filter, found: &mut Vec<Found>) {
    if !matches!(filter.point, FilterPoint::In(_)) {
        return;
    }
    for rule in filter.all_rules().filter(|r| !r.outgoing.is_any()) {
        let thing = Thing::new(RULE, &*rule.name, &rule.place).on(node.id.as_str());
        let at = point(&filter.point);
        let problem = thing.problem(
            Code::Topology,
            format_args!("は `{at}` にあるのに出側を指定しており、決して当たらない"),
            format_args!("asks for the outgoing interface at `{at}`, where it is not known yet"),
        );
        let help = Text::new(
            "`out` を消すか、ルールを `Forward` に移す",
            "remove `out`, or move the rule to `Forward`",
        );
        found.push(problem.help(help).into());
    }
}

fn translation(network: &Network, node: &Node, rule: &NatRule, found: &mut Vec<Found>) {
    let thing = Thing::new(NAT, &*rule.name, &rule.place).on(node.id.as_str());
    match &rule.translation {
        Translation::Source(pool) if pool.is_empty() => {
            found.push(none(&thing, ("変換後アドレス", "address to translate to")).into());
        }
        Translation::Destination(to, port) => {
            if !rule.outgoing.is_any() {
                found.push(too_early(&thing).into());
            }
            if to.size() > 1 && !fits(network, rule, *to) {
                found.push(other_size(&thing, *to).into());
            }
            if to.size() > 1 && port.is_some() {
                found.push(block_with_port(&thing).into());
            }
        }
        Translation::Source(_) | Translation::None => {}
    }
}

/// The matched destination is one range of the same size.
fn fits(network: &Network, rule: &NatRule, to: AddressRange) -> bool {
    let matched = network.addresses(&rule.destination);
    !matched.negated
        && matched.undecided.is_empty()
        && matches!(matched.items.as_slice(), [one] if one.size() == to.size())
}

fn too_early(thing: &Thing<'_>) -> Problem {
    thing
        .problem(
            Code::Topology,
            "は宛先の変換なのに出側を指定しており、決して当たらない",
            "asks for the outgoing interface, which is not known yet when a destination is translated",
        )
        .help(Text::new("`out` を消す", "remove `out`"))
}

fn other_size(thing: &Thing<'_>, to: AddressRange) -> Problem {
    thing
        .problem(
            Code::Quantity,
            format_args!(
                "の変換先 `{to}` は、変換前の{}と大きさが違う",
                DESTINATION.0
            ),
            format_args!(
                "translates to `{to}`, which is not as large as the {} it matches",
                DESTINATION.1
            ),
        )
        .help(Text::new(
            "変換前の宛先を同じ大きさの一つの範囲にするか、変換先を一つのアドレスにする",
            "match one range of the same size, or translate to one address",
        ))
}

fn block_with_port(thing: &Thing<'_>) -> Problem {
    thing
        .problem(
            Code::Shape,
            "は範囲ごとの変換なのに `port` を持つ",
            "translates a whole range and has a `port`",
        )
        .help(Text::new(
            "`port` を消すか、変換先を一つのアドレスにする",
            "remove `port`, or translate to one address",
        ))
}

/// Routes lead somewhere: to hops, or on purpose to none.
fn hops(node: &Node, found: &mut Vec<Found>) {
    let id = node.id.as_str();
    let statics = node.forwarding.statics.iter().map(|r| {
        let thing = Thing::new(ROUTE, r.prefix.to_string(), &r.place).on(id);
        (thing, &r.via)
    });
    let policies = node.forwarding.policies.iter().map(|r| {
        let thing = Thing::new(POLICY, &*r.name, &r.place).on(id);
        (thing, &r.via)
    });
    for (thing, via) in statics.chain(policies) {
        if via.is_empty() {
            let problem = thing.problem(Code::Empty, "に行き先がない", "leads nowhere");
            let help = Text::new(
                "`via` に隣の装置か `Discard` を書く",
                "write a neighbour or `Discard` in `via`",
            );
            found.push(problem.help(help).into());
        } else if via.len() > 1 && via.contains(&Hop::Discard) {
            let problem = thing.problem(
                Code::Shape,
                "は廃棄しつつ送り出すことになっている",
                "discards and sends on at the same time",
            );
            let help = Text::new(
                "`Discard` か、ほかの行き先を消す",
                "remove `Discard` or the other hops",
            );
            found.push(problem.help(help).into());
        }
    }
}
