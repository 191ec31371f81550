//! A condition of the plane as what `nft` matches.
//!
//! Goes in: a condition that can be judged offline. Comes out: [`Alternative`]s, one for each family and
//! service, any of which makes the condition match; none if it never matches.

use crate::Lab;
use crate::route::Family;
use utsushi_model::address::AddressRange;
use utsushi_model::resolve::Resolved;
use utsushi_model::service::{PortRange, Service};
use utsushi_sim::plane::PortIx;
use utsushi_sim::plane::condition::Condition;

/// What is known of a packet at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    /// The interface it came in by.
    Arriving,
    /// And the one it will go out by.
    Leaving,
}

/// One way to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    /// The family; `None` where both are alike.
    pub(super) family: Option<Family>,
    /// The protocol, where it asks for one.
    pub(super) protocol: Option<u8>,
    /// What is matched beside family and protocol.
    pub(super) parts: Vec<String>,
    /// Services that do not match.
    pub(super) except: Vec<String>,
}

impl Alternative {
    /// The match in the words of `nft`.
    pub(super) fn text(&self) -> String {
        let family = self.family.map(|family| match family {
            Family::V4 => "meta nfproto ipv4".to_owned(),
            Family::V6 => "meta nfproto ipv6".to_owned(),
        });
        let protocol = self.protocol.map(|p| format!("meta l4proto {p}"));
        let all = family.into_iter().chain(protocol).chain(self.parts.clone());
        all.collect::<Vec<_>>().join(" ")
    }
}

/// Every way to match a condition at a station.
pub(super) fn matches(lab: &Lab<'_>, condition: &Condition, point: Point) -> Vec<Alternative> {
    // An outgoing interface that is not known yet fits no condition that asks for one.
    if point == Point::Arriving && condition.outgoing.is_some() {
        return Vec::new();
    }
    let Some(interfaces) = interfaces(lab, condition) else {
        return Vec::new();
    };
    let services = services(&condition.service);
    let mut out = Vec::new();
    for (family, addresses) in addresses(condition) {
        for (protocol, ports, except) in &services {
            let parts = interfaces.iter().chain(&addresses).chain(ports);
            out.push(Alternative {
                family,
                protocol: *protocol,
                parts: parts.cloned().collect(),
                except: except.clone(),
            });
        }
    }
    out
}

/// What is asked of the interfaces; `None` if none fits.
fn interfaces(lab: &Lab<'_>, condition: &Condition) -> Option<Vec<String>> {
    let sides = [
        ("iifname", &condition.incoming),
        ("oifname", &condition.outgoing),
    ];
    let mut parts = Vec::new();
    for (word, wanted) in sides {
        let Some(ports) = wanted else { continue };
        if ports.is_empty() {
            return None;
        }
        let name = |port: &PortIx| format!("\"{}\"", lab.layout.port(*port));
        let names: Vec<String> = ports.iter().map(name).collect();
        parts.push(format!("{word} {{ {} }}", names.join(", ")));
    }
    Some(parts)
}

/// What is asked of the addresses, family by family; one entry for both where nothing is asked.
fn addresses(condition: &Condition) -> Vec<(Option<Family>, Vec<String>)> {
    let asked = Family::ALL.map(|family| {
        let source = address("saddr", &condition.source, family)?;
        let destination = address("daddr", &condition.destination, family)?;
        Some((
            family,
            source.into_iter().chain(destination).collect::<Vec<_>>(),
        ))
    });
    let nothing =
        |a: &Option<(Family, Vec<String>)>| matches!(a, Some((_, parts)) if parts.is_empty());
    if asked.iter().all(nothing) {
        return vec![(None, Vec::new())];
    }
    let own = asked.into_iter().flatten();
    own.map(|(family, parts)| (Some(family), parts)).collect()
}

/// What asks for a receiver in some ranges; `None` if none of them is of the family.
pub(super) fn within(ranges: &[AddressRange], family: Family) -> Option<String> {
    let set = Resolved {
        items: ranges.to_vec(),
        undecided: Vec::new(),
        negated: false,
    };
    let every = match family {
        Family::V4 => "meta nfproto ipv4",
        Family::V6 => "meta nfproto ipv6",
    };
    address("daddr", &set, family).map(|asked| asked.unwrap_or_else(|| every.to_owned()))
}

/// What is asked of an address: `None` if no address of the family will do, nothing if every one will.
fn address(side: &str, set: &Resolved<AddressRange>, family: Family) -> Option<Option<String>> {
    let whole = family.whole();
    let inside = set.items.iter().filter_map(|range| {
        AddressRange::between(
            range.first().max(whole.first()),
            range.last().min(whole.last()),
        )
    });
    let inside: Vec<AddressRange> = inside.collect();
    let (none, all) = (inside.is_empty(), inside.contains(&whole));
    if (none && !set.negated) || (all && set.negated) {
        return None;
    }
    if none || all {
        return Some(None);
    }
    let header = if family == Family::V4 { "ip" } else { "ip6" };
    let not = if set.negated { " !=" } else { "" };
    Some(Some(format!("{header} {side}{not} {}", listed(&inside))))
}

/// Ranges as a set of `nft`.
fn listed(ranges: &[AddressRange]) -> String {
    let texts: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    format!("{{ {} }}", texts.join(", "))
}

/// What is asked of protocol and ports: protocol, ports, exceptions.
type Asked = (Option<u8>, Vec<String>, Vec<String>);

fn services(set: &Resolved<Service>) -> Vec<Asked> {
    let any = |service: &Service| service.protocol.is_none();
    match (set.items.iter().any(any), set.negated) {
        (true, true) => Vec::new(),
        (true, false) => vec![(None, Vec::new(), Vec::new())],
        (false, false) => set
            .items
            .iter()
            .map(|service| (service.protocol.map(|p| p.0), ports(service), Vec::new()))
            .collect(),
        (false, true) => {
            let except = set.items.iter().map(|service| {
                let protocol = service.protocol.map(|p| format!("meta l4proto {}", p.0));
                protocol
                    .into_iter()
                    .chain(ports(service))
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            vec![(None, Vec::new(), except.collect())]
        }
    }
}

fn ports(service: &Service) -> Vec<String> {
    if !service.protocol.is_some_and(|p| p.has_ports()) {
        return Vec::new();
    }
    let sides = [("sport", service.source_ports), ("dport", service.ports)];
    let asked = sides
        .into_iter()
        .filter(|(_, range)| *range != PortRange::ALL);
    asked
        .map(|(side, range)| format!("th {side} {range}"))
        .collect()
}
