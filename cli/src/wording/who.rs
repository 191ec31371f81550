//! Names instead of addresses: which system, group, relay or segment an address belongs to.

use super::Context;
use crate::model::address::AddressRange;
use crate::model::id::Id;
use crate::model::network::{Network, Node};
use crate::model::text::Text;
use std::net::IpAddr;

/// What an address is called in a state: a system, relay, host group or the segment named `segment`,
/// with the label of its zone in front; the bare address where nothing is known.
#[must_use]
pub fn place_of(
    context: &Context<'_>,
    network: &Network,
    address: IpAddr,
    segment: &str,
) -> String {
    let host = host(network, address).map(|(id, label)| named(label.get(context.lang), id));
    let name = host.unwrap_or_else(|| {
        if segment.is_empty() {
            format!("`{address}`")
        } else {
            format!("`{segment}`")
        }
    });
    match zone(context, network, segment) {
        Some(zone) => context.pick(joined(zone, &name), format!("{zone} {name}")),
        None => name,
    }
}

/// A segment with the label of its zone, such as ``LGWAN接続系の`hq-terms` ``.
#[must_use]
pub fn segment(context: &Context<'_>, network: &Network, name: &str) -> String {
    match zone(context, network, name) {
        Some(zone) => context.pick(format!("{zone}の `{name}`"), format!("{zone} `{name}`")),
        None => format!("`{name}`"),
    }
}

fn zone<'a>(context: &Context<'_>, network: &'a Network, segment: &str) -> Option<&'a str> {
    let segment = network.segments.get(&Id::new(segment))?;
    Some(network.zones.get(&segment.zone)?.label.get(context.lang))
}

/// Zone and name in Japanese; a bare name keeps a space before its backtick.
fn joined(zone: &str, name: &str) -> String {
    let space = if name.starts_with('`') { " " } else { "" };
    format!("{zone}の{space}{name}")
}

/// Id and label of the system, relay or host group with that address, most telling first.
fn host<'a>(network: &'a Network, address: IpAddr) -> Option<(&'a str, &'a Text)> {
    let has = |ranges: &[AddressRange]| ranges.iter().any(|range| range.contains(address));
    let system = network.systems.iter().find(|s| has(&s.addresses));
    let stands = |n: &&Node| n.endpoint.as_ref().is_some_and(|e| has(&e.addresses));
    let relay = network.nodes.iter().find(stands);
    let group = network
        .groups
        .iter()
        .find(|g| has(&network.group_addresses(g)));
    system
        .map(|s| (s.id.as_str(), &s.label))
        .or_else(|| relay.map(|n| (n.id.as_str(), &n.label)))
        .or_else(|| group.map(|g| (g.id.as_str(), &g.label)))
}

/// The id of the system, relay or host group with that address.
pub(super) fn short(network: &Network, address: IpAddr) -> Option<&str> {
    host(network, address).map(|(id, _)| id)
}

/// A label with its id, or the id alone where they are the same.
fn named(label: &str, id: &str) -> String {
    if label == id || label.is_empty() {
        format!("`{id}`")
    } else {
        format!("{label} `{id}`")
    }
}
