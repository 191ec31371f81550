//! Whether every quantity of a network is in its range.
//!
//! Goes in: a network. What can go wrong: a VLAN number outside 1 to 4094 or twice on a link, a link
//! without members, lanes or rate, a capacity of nothing, a number that is not finite.

use super::Found;
use super::say::{Thing, Words, none};
use crate::change::Kind;
use crate::finding::Code;
use crate::network::{Link, Network, Node, NodeKind};
use crate::text::Text;

const RATE: Words = ("速度", "rate");
const VLANS: std::ops::RangeInclusive<u16> = 1..=4094;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    for segment in network.segments.iter() {
        let thing = Thing::known(Kind::Segment, segment.id.as_str(), &segment.place);
        vlan(&thing, segment.vlan, found);
    }
    network.nodes.iter().for_each(|n| node(n, found));
    network.links.iter().for_each(|l| link(l, found));
}

/// A number that must be above zero and finite.
pub(super) fn positive(thing: &Thing<'_>, what: Words, value: f64, found: &mut Vec<Found>) {
    if value.is_finite() && value > 0.0 {
        return;
    }
    let problem = thing.problem(
        Code::Quantity,
        format_args!("の{} {value} は 0 より大きくなければならない", what.0),
        format_args!("has {value} as its {}, which must be above 0", what.1),
    );
    let help = Text::new("0 より大きい値を書く", "give it a value above 0");
    found.push(problem.help(help).into());
}

/// A number that must not be below zero, and finite.
pub(super) fn not_negative(thing: &Thing<'_>, what: Words, value: f64, found: &mut Vec<Found>) {
    if value.is_finite() && value >= 0.0 {
        return;
    }
    let problem = thing.problem(
        Code::Quantity,
        format_args!("の{} {value} は 0 以上でなければならない", what.0),
        format_args!("has {value} as its {}, which must not be below 0", what.1),
    );
    let help = Text::new("0 以上の値を書く", "give it 0 or more");
    found.push(problem.help(help).into());
}

fn vlan(thing: &Thing<'_>, vlan: Option<u16>, found: &mut Vec<Found>) {
    let Some(vlan) = vlan.filter(|v| !VLANS.contains(v)) else {
        return;
    };
    let problem = thing.problem(
        Code::Quantity,
        format_args!("の VLAN 番号 {vlan} は 1 から 4094 の外にある"),
        format_args!("has the VLAN number {vlan}, which is not between 1 and 4094"),
    );
    let help = Text::new("1 から 4094 の番号を書く", "use a number from 1 to 4094");
    found.push(problem.help(help).into());
}

fn link(link: &Link, found: &mut Vec<Found>) {
    let thing = Thing::known(Kind::Link, link.id.as_str(), &link.place);
    positive(&thing, RATE, link.rate_ab.get(), found);
    if link.rate_ba.get().to_bits() != link.rate_ab.get().to_bits() {
        positive(
            &thing,
            ("逆方向の速度", "rate back"),
            link.rate_ba.get(),
            found,
        );
    }
    not_negative(&thing, ("遅延", "delay"), link.delay.get(), found);
    positive(
        &thing,
        ("本数", "number of members"),
        link.members.into(),
        found,
    );
    positive(&thing, ("コスト", "cost"), link.cost.into(), found);
    if link.lanes.is_empty() {
        found.push(none(&thing, ("VLAN", "lane")).into());
    }
    for (i, lane) in link.lanes.iter().enumerate() {
        vlan(&thing, lane.vlan, found);
        if let Some(number) = lane.vlan
            && link.lanes[..i].iter().any(|l| l.vlan == lane.vlan)
        {
            let problem = thing.problem(
                Code::Topology,
                format_args!("が VLAN {number} を二度運ぶ"),
                format_args!("carries VLAN {number} twice"),
            );
            let help = Text::new("どちらかの番号を変える", "change one of the numbers");
            found.push(problem.help(help).into());
        }
    }
}

fn node(node: &Node, found: &mut Vec<Found>) {
    let thing = Thing::known(Kind::Node, node.id.as_str(), &node.place);
    let mut known = |what: Words, value: Option<f64>| {
        if let Some(value) = value {
            positive(&thing, what, value, found);
        }
    };
    known(("処理能力", "throughput"), node.throughput.map(|t| t.get()));
    known(SESSIONS, node.sessions.map(|s| s.get()));
    known(
        ("ログ1件のバイト数", "number of bytes of a log record"),
        node.logs.map(|logs| logs.bytes),
    );
    if let Some(pool) = &node.forwarding.nat_ports {
        known(
            ("変換アドレス数", "number of global addresses"),
            Some(pool.addresses.into()),
        );
        known(
            ("アドレス当たりのポート数", "number of ports per address"),
            Some(pool.ports_per_address.into()),
        );
    }
    match &node.kind {
        NodeKind::Proxy(proxy) => {
            known(("台数", "number of units"), Some(proxy.units.into()));
            known(SESSIONS, Some(proxy.sessions.get()));
        }
        NodeKind::ScreenRelay(relay) => {
            known(("同時利用数", "number of seats"), Some(relay.seats.get()));
            known(("画面帯域", "bandwidth"), relay.bandwidth.map(|b| b.get()));
        }
        NodeKind::Sanitiser(sanitiser) => {
            known(
                ("並列数", "number of workers"),
                Some(sanitiser.workers.into()),
            );
            known(
                ("1 件の時間", "time per file"),
                Some(sanitiser.per_file.get()),
            );
            known(WAIT, sanitiser.wait.map(|w| w.get()));
        }
        NodeKind::MailRelay(relay) => {
            known(
                ("毎時の件数", "number of messages an hour"),
                relay.per_hour.map(|p| p.get()),
            );
            known(WAIT, relay.wait.map(|w| w.get()));
        }
        NodeKind::Router
        | NodeKind::L3Switch
        | NodeKind::Firewall
        | NodeKind::LgwanEdge
        | NodeKind::SecurityCloud
        | NodeKind::Carrier
        | NodeKind::Gateway => {}
    }
}

const WAIT: Words = ("待ち時間の上限", "limit of the wait");

const SESSIONS: Words = ("同時セッション数", "number of sessions");
