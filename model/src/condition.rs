//! Conditions on a network that a rule can wait for: where hosts stand, whether a segment is half moved.
//!
//! Goes in: a network, at any moment of a plan. Comes out: whether the condition holds. Nothing can go wrong;
//! that the things it names exist is checked where a scenario is read.

use crate::change::{Change, Item, Kind, Verb};
use crate::network::{HostClass, HostGroup, Network, SegmentId, ZoneRole};

/// Something that is so or is not so in a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Hosts of this class belong to a zone of this role.
    HostsIn(HostClass, ZoneRole),
    /// No host of this class belongs to a zone of this role.
    NoHostsIn(HostClass, ZoneRole),
    /// Hosts on this segment belong to a zone of another role than it does (I-TX-02).
    HalfMoved(SegmentId),
}

impl Condition {
    /// Whether it is so.
    #[must_use]
    pub fn holds(&self, network: &Network) -> bool {
        let any = |class: HostClass, role: ZoneRole| {
            let mut groups = network.groups.iter();
            groups.any(|g| g.class == class && g.count > 0 && role_of(network, g) == Some(role))
        };
        match self {
            Self::HostsIn(class, role) => any(*class, *role),
            Self::NoHostsIn(class, role) => !any(*class, *role),
            Self::HalfMoved(id) => network.segments.get(id).is_some_and(|segment| {
                let own = network.zones.get(&segment.zone).map(|z| z.role);
                let mut here = network.groups.iter().filter(|g| g.segment == *id);
                here.any(|g| g.count > 0 && role_of(network, g) != own)
            }),
        }
    }

    /// Whether a change can make it true or untrue in a network that the change meets, or in one near to it.
    #[must_use]
    pub fn concerns(&self, change: &Change, before: &Network) -> bool {
        let class = match self {
            Self::HostsIn(class, _) | Self::NoHostsIn(class, _) => Some(*class),
            Self::HalfMoved(_) => None,
        };
        // A group that is not there before may be made by another change: it counts.
        let group = |name: &str| {
            let id = crate::id::Id::new(name);
            let known = before.groups.get(&id).map(|g| g.class);
            known.zip(class).is_none_or(|(known, class)| known == class)
        };
        match &change.verb {
            Verb::Add(Item::Group(g)) => class.is_none_or(|class| g.class == class),
            Verb::Replace(Item::Group(g)) => {
                class.is_none_or(|class| g.class == class) || group(g.id.as_str())
            }
            Verb::Remove(Kind::Group, name) => group(name),
            Verb::MoveGroup(id, ..) | Verb::SetCount(id, _) => group(id.as_str()),
            Verb::Replace(Item::Zone(_) | Item::Segment(_)) | Verb::Relabel(..) => true,
            // A zone or segment that comes or goes holds no hosts yet, or no longer.
            _ => false,
        }
    }
}

/// The role of the zone a group belongs to: its own, or its segment's.
fn role_of(network: &Network, group: &HostGroup) -> Option<ZoneRole> {
    let segment = network.segments.get(&group.segment);
    let zone = group.zone.as_ref().or(segment.map(|s| &s.zone))?;
    network.zones.get(zone).map(|z| z.role)
}
