//! Who sits in a segment over a window.
//!
//! Goes in: a segment and what is asked of those who sit there. Comes out: their addresses, as sets whose
//! points are headers in states. What can go wrong: the arena is full.

use super::region::Region;
use crate::plane::SegmentIx;
use crate::plane::sets::Sets;
use crate::space::{Field, Set, SpaceFull};
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::network::{HostGroup, Node, System};
use utsushi_model::resolve::merged;

/// Somebody who sits in a segment.
#[derive(Debug, Clone, Copy)]
pub enum Who<'n> {
    /// A host group.
    Group(&'n HostGroup),
    /// A business system.
    System(&'n System),
    /// A relay.
    Relay(&'n Node),
}

impl Sets<'_> {
    /// The addresses of those who sit in a segment and are so, in the states in which they do.
    ///
    /// # Errors
    /// The arena is full.
    pub fn who(
        &mut self,
        segment: SegmentIx,
        field: Field,
        so: &dyn Fn(Who<'_>) -> bool,
    ) -> Result<Set, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(Set::EMPTY);
        };
        let plane = self.plane;
        let (network, id) = (&plane.network, &plane.segments[segment.0].id);
        let mut fixed: Vec<AddressRange> = Vec::new();
        let mut all = Set::EMPTY;
        let mut whole: Vec<Region> = Vec::new();
        let mut open: Vec<(Vec<AddressRange>, Region)> = Vec::new();
        let mut add = |addresses: Vec<AddressRange>, region: Region| match region.is_empty() {
            true => fixed.extend(addresses),
            false => open.push((addresses, region)),
        };
        // What no change touches and sits elsewhere is passed over at once.
        let versions = &window.versions;
        for group in network.groups.iter() {
            if group.segment != *id && !versions.groups.contains_key(&group.id) {
                continue;
            }
            for (version, region) in versions.group(network, &group.id) {
                let Some(group) = version.filter(|g| g.segment == *id && so(Who::Group(g))) else {
                    continue;
                };
                match group.addresses.is_empty() {
                    true => whole.push(region),
                    false => add(group.addresses.clone(), region),
                }
            }
        }
        for system in network.systems.iter() {
            if system.segment != *id && !versions.systems.contains_key(&system.id) {
                continue;
            }
            for (version, region) in versions.system(network, &system.id) {
                if let Some(s) = version.filter(|s| s.segment == *id && so(Who::System(s))) {
                    add(s.addresses.clone(), region);
                }
            }
        }
        for node in network.nodes.iter().filter(|n| n.kind.is_relay()) {
            for (version, region) in versions.node(network, &node.id) {
                let here = |n: &Arc<Node>| n.endpoint.as_ref().is_some_and(|e| e.segment == *id);
                if let Some(n) = version.filter(|n| here(n) && so(Who::Relay(n))) {
                    let own = n
                        .endpoint
                        .iter()
                        .flat_map(|e| e.addresses.clone())
                        .collect();
                    add(own, region);
                }
            }
        }
        let fixed = self.ranges(field, &merged(fixed))?;
        all = self.space.union(all, fixed)?;
        for (addresses, region) in open {
            let own = self.ranges(field, &merged(addresses))?;
            let here = self.region(&region)?;
            let own = self.space.intersection(own, here)?;
            all = self.space.union(all, own)?;
        }
        if !whole.is_empty() {
            let here = self.when(&whole)?;
            let members = self.members(segment, field)?;
            let own = self.space.intersection(members, here)?;
            all = self.space.union(all, own)?;
        }
        Ok(all)
    }
}
