//! Names instead of addresses: which system, group, relay or segment an address belongs to.

use super::Context;
use crate::model::address::AddressRange;
use crate::model::id::Id;
use crate::model::network::{Network, Node};
use crate::model::text::Text;
use std::net::IpAddr;

/// What an address is called in a state: the id of a system, relay or host group, with its label and the
/// label of its zone behind; the segment where no host is known, the bare address where nothing is.
#[must_use]
pub fn place_of(
    context: &Context<'_>,
    network: &Network,
    address: IpAddr,
    segment: &str,
) -> String {
    let zone = zone(context, network, segment);
    match host(network, address) {
        Some((id, label)) => described(context, id, label.get(context.lang), zone),
        None if segment.is_empty() => format!("`{address}`"),
        None => described(context, segment, segment, zone),
    }
}

/// A name with label and zone: ``payroll`（人事給与、インターネット接続系）``.
fn described(context: &Context<'_>, id: &str, label: &str, zone: Option<&str>) -> String {
    let about: Vec<&str> = [
        Some(label).filter(|label| *label != id && !label.is_empty()),
        zone,
    ]
    .into_iter()
    .flatten()
    .collect();
    if about.is_empty() {
        return format!("`{id}`");
    }
    context.pick(
        format!("`{id}`（{}）", about.join("、")),
        format!("`{id}` ({})", about.join(", ")),
    )
}

fn zone<'a>(context: &Context<'_>, network: &'a Network, segment: &str) -> Option<&'a str> {
    let segment = network.segments.get(&Id::new(segment))?;
    Some(network.zones.get(&segment.zone)?.label.get(context.lang))
}

/// Id and label of the system, relay or host group with that address, most telling first.
fn host(network: &Network, address: IpAddr) -> Option<(&str, &Text)> {
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
