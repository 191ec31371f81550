//! A condition of the plane as what `nft` matches.
//!
//! Goes in: a condition that can be judged offline. Comes out: [`Alternative`]s, one for each family and
//! service, any of which makes the condition match; none if it never matches.

use crate::Lab;
use crate::route::Family;
use std::collections::BTreeMap;
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
        for (protocol, ports) in &services {
            let parts = interfaces.iter().chain(&addresses).chain(ports);
            out.push(Alternative {
                family,
                protocol: *protocol,
                parts: parts.cloned().collect(),
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

/// What is asked of protocol and ports.
type Asked = (Option<u8>, Vec<String>);

/// Source and destination ports.
type Ports = [PortRange; 2];

/// Ports of every packet.
const EVERY: Ports = [PortRange::ALL; 2];

fn services(set: &Resolved<Service>) -> Vec<Asked> {
    let any = set.items.iter().any(|service| service.protocol.is_none());
    match (any, set.negated) {
        (true, true) => Vec::new(),
        (true, false) => vec![(None, Vec::new())],
        (false, false) => {
            let asked = |service: &Service| (service.protocol.map(|p| p.0), words(ports(service)));
            set.items.iter().map(asked).collect()
        }
        (false, true) => others(&set.items),
    }
}

/// Everything but some services: what their protocols leave over, and all other protocols.
fn others(services: &[Service]) -> Vec<Asked> {
    let mut left: BTreeMap<u8, Vec<Ports>> = BTreeMap::new();
    for service in services {
        let Some(protocol) = service.protocol else {
            continue;
        };
        let there = left.entry(protocol.0).or_insert_with(|| vec![EVERY]);
        let minus = ports(service);
        *there = there
            .iter()
            .flat_map(|from| without(*from, minus))
            .collect();
    }
    let known: Vec<String> = left.keys().map(ToString::to_string).collect();
    let rest = match known.as_slice() {
        [] => Vec::new(),
        some => vec![format!("meta l4proto != {{ {} }}", some.join(", "))],
    };
    let own = left
        .into_iter()
        .flat_map(|(protocol, boxes)| boxes.into_iter().map(move |b| (Some(protocol), words(b))));
    own.chain([(None, rest)]).collect()
}

/// What a service asks of ports; protocols without ports have every one.
fn ports(service: &Service) -> Ports {
    if service.protocol.is_some_and(|p| p.has_ports()) {
        [service.source_ports, service.ports]
    } else {
        EVERY
    }
}

/// The parts of a box of ports that lie outside another one, disjoint.
fn without([sources, targets]: Ports, minus: Ports) -> Vec<Ports> {
    let beside = |range: PortRange, hole: PortRange| {
        let below = hole
            .first
            .checked_sub(1)
            .map(|last| (range.first, last.min(range.last)));
        let above = hole
            .last
            .checked_add(1)
            .map(|first| (first.max(range.first), range.last));
        let both = [below, above].into_iter().flatten();
        both.filter(|(first, last)| first <= last)
            .map(|(first, last)| PortRange { first, last })
            .collect::<Vec<_>>()
    };
    let inside = PortRange {
        first: sources.first.max(minus[0].first),
        last: sources.last.min(minus[0].last),
    };
    let mut out: Vec<Ports> = beside(sources, minus[0])
        .into_iter()
        .map(|part| [part, targets])
        .collect();
    if inside.first <= inside.last {
        out.extend(
            beside(targets, minus[1])
                .into_iter()
                .map(|part| [inside, part]),
        );
    }
    out
}

fn words([sources, targets]: Ports) -> Vec<String> {
    let sides = [("sport", sources), ("dport", targets)];
    let asked = sides
        .into_iter()
        .filter(|(_, range)| *range != PortRange::ALL);
    asked
        .map(|(side, range)| format!("th {side} {range}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Boxes of ports by trying the corners: each is in the rest or in what was taken away, and never in two.
    #[test]
    fn what_is_left_of_ports_is_everything_else_once() {
        let range = |first, last| PortRange { first, last };
        let minus = [
            [range(0, u16::MAX), range(443, 443)],
            [range(1024, u16::MAX), range(0, 80)],
            [range(22, 443), range(0, u16::MAX)],
        ];
        let mut left = vec![EVERY];
        for hole in minus {
            left = left
                .into_iter()
                .flat_map(|from| without(from, hole))
                .collect();
        }
        let corners = [0, 1, 21, 22, 80, 81, 442, 443, 444, 1023, 1024, u16::MAX];
        let holds = |b: &Ports, s, d| b[0].contains(s) && b[1].contains(d);
        for source in corners {
            for target in corners {
                let taken = minus.iter().any(|hole| holds(hole, source, target));
                let count = left.iter().filter(|b| holds(b, source, target)).count();
                assert_eq!(count, usize::from(!taken), "{source} {target}");
            }
        }
    }
}
