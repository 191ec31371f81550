//! Looking names up in a network: which addresses and services a configured set means in this state.
//!
//! Goes in: [`Addresses`] and [`Services`] of a well-formed network. Comes out: ranges and terms,
//! sorted, together with what cannot be judged offline. Names that mean nothing give nothing here;
//! [`crate::wellformed`] has reported them before.

use crate::address::AddressRange;
use crate::id::Id;
use crate::network::{Network, Segment};
use crate::policy::{AddressTerm, Addresses, Name, ServiceTerm, Services};
use crate::service::Service;
use std::sync::Arc;

/// What a configured set means, as far as can be judged offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<T> {
    /// The decidable members; *not yet* negated.
    pub items: Vec<T>,
    /// Members that cannot be judged offline.
    pub undecided: Vec<Name>,
    /// Whether everything but the members is meant.
    pub negated: bool,
}

/// Sorted ranges without overlaps or gaps of nothing between neighbours.
#[must_use]
pub fn merged(mut ranges: Vec<AddressRange>) -> Vec<AddressRange> {
    ranges.sort();
    let mut out: Vec<AddressRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.first() <= last.last().saturating_add(1) => {
                if let Some(grown) =
                    AddressRange::between(last.first(), last.last().max(range.last()))
                {
                    *last = grown;
                }
            }
            _ => out.push(range),
        }
    }
    out
}

/// The parts of `from` that no range of `minus` covers; sorted and merged.
#[must_use]
pub fn without(from: Vec<AddressRange>, minus: &[AddressRange]) -> Vec<AddressRange> {
    let minus = merged(minus.to_vec());
    let mut out = Vec::new();
    for range in merged(from) {
        let mut next = Some(range.first());
        for hole in minus.iter().filter(|hole| hole.overlaps(range)) {
            if let Some(first) = next
                && first < hole.first()
            {
                out.extend(AddressRange::between(first, hole.first() - 1));
            }
            next = hole.last().checked_add(1);
        }
        if let Some(first) = next {
            out.extend(AddressRange::between(first, range.last()));
        }
    }
    out
}

/// The addresses that both have; sorted and merged.
#[must_use]
pub fn common(some: &[AddressRange], others: &[AddressRange]) -> Vec<AddressRange> {
    let (some, others) = (merged(some.to_vec()), merged(others.to_vec()));
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (some.get(i), others.get(j)) {
        let (first, last) = (a.first().max(b.first()), a.last().min(b.last()));
        if first <= last {
            out.extend(AddressRange::between(first, last));
        }
        match a.last() < b.last() {
            true => i += 1,
            false => j += 1,
        }
    }
    out
}

impl Network {
    /// The addresses of a segment's members: its prefixes, and for an external one only what nothing
    /// else claims: no other segment, and no node that announces a part of it as its own (such as the
    /// global addresses of a translator).
    #[must_use]
    pub fn segment_addresses(&self, segment: &Segment) -> Vec<AddressRange> {
        let own: Vec<_> = segment.prefixes.iter().map(AddressRange::prefix).collect();
        if !segment.external {
            return merged(own);
        }
        let segments = self
            .segments
            .iter()
            .filter(|other| !other.external && other.id != segment.id);
        let elsewhere = segments.flat_map(|other| other.prefixes.iter().map(AddressRange::prefix));
        let announced = self.nodes.iter().flat_map(|n| {
            n.forwarding
                .originates
                .iter()
                .map(|(_, p)| AddressRange::prefix(p))
        });
        let claimed: Vec<_> = elsewhere
            .chain(announced.filter(|p| !own.contains(p)))
            .collect();
        without(own, &claimed)
    }

    /// The addresses of a name of any kind, or `None` if nothing bears it.
    #[must_use]
    pub fn named_addresses(&self, name: &Name) -> Option<Resolved<AddressRange>> {
        self.lookup(name, 0)
    }

    fn lookup(&self, name: &Name, depth: u32) -> Option<Resolved<AddressRange>> {
        let plain = |items| {
            Some(Resolved {
                items,
                undecided: Vec::new(),
                negated: false,
            })
        };
        if let Some(object) = self.objects.get(&Id::new(Arc::clone(name))) {
            return (depth < 32).then(|| self.flatten(&object.addresses, depth + 1));
        }
        if let Some(segment) = self.segments.get(&Id::new(Arc::clone(name))) {
            return plain(self.segment_addresses(segment));
        }
        if let Some(group) = self.groups.get(&Id::new(Arc::clone(name))) {
            return plain(self.group_addresses(group));
        }
        if let Some(system) = self.systems.get(&Id::new(Arc::clone(name))) {
            return plain(merged(system.addresses.clone()));
        }
        if let Some(node) = self.nodes.get(&Id::new(Arc::clone(name))) {
            return plain(merged(
                node.endpoint
                    .iter()
                    .flat_map(|e| e.addresses.clone())
                    .collect(),
            ));
        }
        self.zones.get(&Id::new(Arc::clone(name)))?;
        let members = self
            .segments
            .iter()
            .filter(|s| s.zone.as_str() == &**name)
            .flat_map(|s| self.segment_addresses(s));
        plain(merged(members.collect()))
    }

    /// The addresses of a host group: its own, or its whole segment's.
    #[must_use]
    pub fn group_addresses(&self, group: &crate::network::HostGroup) -> Vec<AddressRange> {
        if group.addresses.is_empty() {
            self.segments
                .get(&group.segment)
                .map(|s| self.segment_addresses(s))
                .unwrap_or_default()
        } else {
            merged(group.addresses.clone())
        }
    }

    /// What a configured set of addresses means in this state.
    #[must_use]
    pub fn addresses(&self, addresses: &Addresses) -> Resolved<AddressRange> {
        self.flatten(addresses, 0)
    }

    fn flatten(&self, addresses: &Addresses, depth: u32) -> Resolved<AddressRange> {
        let mut items = Vec::new();
        let mut undecided = Vec::new();
        for term in &addresses.terms {
            match term {
                AddressTerm::Any => items.extend(every_address()),
                AddressTerm::Range(range) => items.push(*range),
                AddressTerm::HostName(name) => undecided.push(Arc::clone(name)),
                AddressTerm::Named(name) => {
                    let Some(found) = self.lookup(name, depth) else {
                        continue;
                    };
                    // CORRECTNESS: of a negated object with an undecided member nothing is certain,
                    // so it gives no item; the undecided name makes the whole set "perhaps anything".
                    let certain = found.undecided.is_empty();
                    undecided.extend(found.undecided);
                    match (found.negated, certain) {
                        (false, _) => items.extend(found.items),
                        (true, true) => {
                            items.extend(without(every_address().to_vec(), &found.items));
                        }
                        (true, false) => {}
                    }
                }
            }
        }
        undecided.sort();
        undecided.dedup();
        Resolved {
            items: merged(items),
            undecided,
            negated: addresses.negated,
        }
    }

    /// What a configured set of services means in this state.
    #[must_use]
    pub fn service_terms(&self, services: &Services) -> Resolved<Service> {
        let mut items = Vec::new();
        let mut undecided = Vec::new();
        self.flatten_services(services, 0, &mut items, &mut undecided);
        items.sort();
        items.dedup();
        undecided.sort();
        undecided.dedup();
        Resolved {
            items,
            undecided,
            negated: services.negated,
        }
    }

    fn flatten_services(
        &self,
        services: &Services,
        depth: u32,
        items: &mut Vec<Service>,
        undecided: &mut Vec<Name>,
    ) {
        for term in &services.terms {
            match term {
                ServiceTerm::Service(service) => items.push(*service),
                ServiceTerm::Application(name) => undecided.push(Arc::clone(name)),
                ServiceTerm::Named(name) => {
                    if let Some(object) = self.services.get(&Id::new(Arc::clone(name)))
                        && depth < 32
                    {
                        self.flatten_services(&object.services, depth + 1, items, undecided);
                    }
                }
            }
        }
    }
}

/// The whole common address space.
#[must_use]
pub fn every_address() -> [AddressRange; 1] {
    AddressRange::between(0, u128::MAX).map_or([AddressRange::V4], |all| [all])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(texts: &[&str]) -> Vec<AddressRange> {
        texts.iter().map(|t| t.parse().expect("a range")).collect()
    }

    #[test]
    fn neighbours_and_overlaps_merge() {
        assert_eq!(
            merged(ranges(&["10.0.1.0/24", "10.0.0.0/24", "10.0.0.128/25"])),
            ranges(&["10.0.0.0/23"])
        );
    }

    #[test]
    fn holes_are_cut_out() {
        let left = without(
            ranges(&["10.0.0.0/24"]),
            &ranges(&["10.0.0.0-10.0.0.9", "10.0.0.20", "10.0.0.250-10.0.1.5"]),
        );
        assert_eq!(
            left,
            ranges(&["10.0.0.10-10.0.0.19", "10.0.0.21-10.0.0.249"])
        );
        assert_eq!(without(every_address().to_vec(), &every_address()), vec![]);
    }
}
