//! Where a conversation begins and ends: segment and addresses of groups, relays and targets.
//!
//! Goes in: names of a network. Comes out: [`End`]s. A name that nothing bears, or that has no address,
//! gives none. Addresses are those that hosts can have: a subnet's own address and its broadcast address
//! are left out, since rules that list hosts leave them out too.

use super::public::first_public;
use crate::plane::{Plane, SegmentIx};
use utsushi_model::address::AddressRange;
use utsushi_model::id::Id;
use utsushi_model::network::{HostGroup, Node, Segment};
use utsushi_model::policy::Name;
use utsushi_model::resolve::{every_address, merged, without};

/// One end of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// The group's, node's or target's name.
    pub(super) name: String,
    /// The segment it is in.
    pub(super) segment: SegmentIx,
    /// Its addresses in order, IPv4 first.
    pub(super) addresses: Vec<AddressRange>,
}

impl End {
    fn new(name: &str, segment: Option<SegmentIx>, addresses: Vec<AddressRange>) -> Option<Self> {
        (!addresses.is_empty()).then_some(Self {
            name: name.to_owned(),
            segment: segment?,
            addresses,
        })
    }

    /// The same end, reduced to the first address of each family.
    fn foremost(mut self) -> Self {
        self.addresses = foremost(&self.addresses);
        self
    }
}

fn foremost(ranges: &[AddressRange]) -> Vec<AddressRange> {
    let first = |family: AddressRange| {
        let mut members = ranges.iter().filter(move |r| family.covers(**r));
        members
            .next()
            .map(|r| AddressRange::host(r.first_address()))
    };
    [AddressRange::V4, AddressRange::V6]
        .into_iter()
        .filter_map(first)
        .collect()
}

/// The addresses that hosts of a segment can have. For an external segment one public address of each
/// family stands for the rest.
fn hosts(plane: &Plane, segment: &Segment) -> Vec<AddressRange> {
    if segment.external {
        return first_public(&plane.network.segment_addresses(segment));
    }
    let usable = |prefix: &ipnet::IpNet| {
        let all = AddressRange::prefix(prefix);
        let spare = u32::from(prefix.max_prefix_len()) - u32::from(prefix.prefix_len());
        let (skip_first, skip_last) = (spare > 1, spare > 1 && prefix.addr().is_ipv4());
        AddressRange::between(
            all.first() + u128::from(skip_first),
            all.last() - u128::from(skip_last),
        )
    };
    merged(segment.prefixes.iter().filter_map(usable).collect())
}

/// What other groups, systems and relays of the segment have for themselves.
fn claimed(plane: &Plane, group: &HostGroup) -> Vec<AddressRange> {
    let network = &plane.network;
    let groups = network
        .groups
        .iter()
        .filter(|g| g.segment == group.segment && g.id != group.id);
    let systems = network
        .systems
        .iter()
        .filter(|s| s.segment == group.segment);
    let relays = network.nodes.iter().filter_map(|n| n.endpoint.as_ref());
    groups
        .flat_map(|g| g.addresses.iter())
        .chain(systems.flat_map(|s| s.addresses.iter()))
        .chain(
            relays
                .filter(|e| e.segment == group.segment)
                .flat_map(|e| e.addresses.iter()),
        )
        .copied()
        .collect()
}

/// The hosts of a group: its own addresses, or those of its segment that nothing else there has.
pub(super) fn group_end(plane: &Plane, group: &HostGroup) -> Option<End> {
    let segment = plane.network.segments.get(&group.segment)?;
    let addresses = if group.addresses.is_empty() {
        let hosts = hosts(plane, segment);
        let left = without(hosts.clone(), &claimed(plane, group));
        if left.is_empty() { hosts } else { left }
    } else {
        merged(group.addresses.clone())
    };
    End::new(group.id.as_str(), plane.segment(&group.segment), addresses)
}

/// A relay on the network.
pub(super) fn relay_end(plane: &Plane, node: &Node) -> Option<End> {
    let endpoint = node.endpoint.as_ref()?;
    let addresses = merged(endpoint.addresses.clone());
    End::new(
        node.id.as_str(),
        plane.segment(&endpoint.segment),
        addresses,
    )
}

/// What a demand reaches: the first address of each family stands for all.
pub(super) fn target_end(plane: &Plane, name: &Name) -> Option<End> {
    let network = &plane.network;
    let id = || Name::clone(name);
    if network.objects.contains(&Id::new(id())) {
        return object_end(plane, name);
    }
    if let Some(segment) = network.segments.get(&Id::new(id())) {
        return segment_end(plane, name, segment);
    }
    if let Some(group) = network.groups.get(&Id::new(id())) {
        return group_end(plane, group).map(End::foremost);
    }
    if let Some(system) = network.systems.get(&Id::new(id())) {
        let addresses = merged(system.addresses.clone());
        return End::new(name, plane.segment(&system.segment), addresses).map(End::foremost);
    }
    if let Some(node) = network.nodes.get(&Id::new(id())) {
        return relay_end(plane, node).map(End::foremost);
    }
    let mut members = network
        .segments
        .iter()
        .filter(|s| s.zone.as_str() == &**name);
    members.find_map(|segment| segment_end(plane, name, segment))
}

fn segment_end(plane: &Plane, name: &str, segment: &Segment) -> Option<End> {
    End::new(name, plane.segment(&segment.id), hosts(plane, segment)).map(End::foremost)
}

fn object_end(plane: &Plane, name: &Name) -> Option<End> {
    let found = plane.network.named_addresses(name)?;
    let items = if found.negated && found.undecided.is_empty() {
        without(every_address().to_vec(), &found.items)
    } else {
        found.items
    };
    let addresses = foremost(&items);
    let first = addresses.first()?.first_address();
    let holds = |s: &&Segment| {
        let members = plane.network.segment_addresses(s);
        members.iter().any(|r| r.contains(first))
    };
    let segment = plane.network.segments.iter().find(holds)?;
    End::new(name, plane.segment(&segment.id), addresses)
}

/// The addresses of both ends in a family that they share, IPv4 first; `None` if they share none.
pub(super) fn common(from: &End, to: &End) -> Option<(Vec<AddressRange>, Vec<AddressRange>)> {
    let of = |end: &End, family: AddressRange| -> Vec<AddressRange> {
        end.addresses
            .iter()
            .copied()
            .filter(|r| family.covers(*r))
            .collect()
    };
    [AddressRange::V4, AddressRange::V6]
        .into_iter()
        .map(|family| (of(from, family), of(to, family)))
        .find(|(from, to)| !from.is_empty() && !to.is_empty())
}
