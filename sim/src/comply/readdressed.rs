//! Hosts and segments whose addresses differ between two states, with everything that refers to them.

use super::literals::{literals, names};
use utsushi_model::address::AddressRange;
use utsushi_model::change::Kind;
use utsushi_model::finding::Referrer;
use utsushi_model::network::Network;
use utsushi_model::text::Text;

/// Something that has other addresses in another state.
#[derive(Debug, Clone, PartialEq)]
pub struct Readdressed {
    /// What kind of thing.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: Text,
    /// Its addresses before; empty where it is new.
    pub before: Vec<AddressRange>,
    /// Its addresses after; empty where it is gone.
    pub after: Vec<AddressRange>,
    /// What in the later state still holds one of the addresses that it no longer has.
    pub stale: Vec<Referrer>,
    /// What in the later state refers to it by name, and so follows it. Each with its first new address.
    pub following: Vec<Referrer>,
}

/// One thing with addresses.
struct Holder {
    kind: Kind,
    name: String,
    label: Text,
    addresses: Vec<AddressRange>,
}

/// Everything whose addresses two states differ in, in the order of the tables: segments, host groups,
/// systems, relays.
#[must_use]
pub fn readdressed(before: &Network, after: &Network) -> Vec<Readdressed> {
    let (old, new) = (holders(before), holders(after));
    let find = |all: &[Holder], like: &Holder| {
        let same = |h: &&Holder| h.kind == like.kind && h.name == like.name;
        all.iter().find(same).map(|h| h.addresses.clone())
    };
    let mut out = Vec::new();
    for holder in &old {
        let now = find(&new, holder).unwrap_or_default();
        if now != holder.addresses {
            out.push(told(after, holder, holder.addresses.clone(), now));
        }
    }
    for holder in new.iter().filter(|h| find(&old, h).is_none()) {
        out.push(told(after, holder, Vec::new(), holder.addresses.clone()));
    }
    out.retain(|r| !(r.before.is_empty() && r.after.is_empty()));
    out
}

fn told(
    network: &Network,
    holder: &Holder,
    before: Vec<AddressRange>,
    after: Vec<AddressRange>,
) -> Readdressed {
    let gone: Vec<AddressRange> = before
        .iter()
        .filter(|old| !after.iter().any(|new| new.covers(**old)))
        .copied()
        .collect();
    let stale = literals(network)
        .into_iter()
        .filter(|l| gone.iter().any(|old| old.covers(l.address)))
        .map(|l| Referrer {
            holder: l.holder,
            address: l.address,
            place: l.place,
        });
    let stale = stale.collect();
    let moved = !before.is_empty();
    let named = names(network);
    let mut following: Vec<Referrer> = after
        .first()
        .filter(|_| moved)
        .into_iter()
        .flat_map(|first| {
            let own = named.iter().filter(|n| *n.name == *holder.name);
            own.map(|n| Referrer {
                holder: n.holder.clone(),
                address: *first,
                place: n.place.clone(),
            })
        })
        .collect();
    following.dedup();
    Readdressed {
        kind: holder.kind,
        name: holder.name.clone(),
        label: holder.label.clone(),
        before,
        after,
        stale,
        following,
    }
}

fn holders(network: &Network) -> Vec<Holder> {
    let mut out = Vec::new();
    let mut push = |kind, name: &dyn ToString, label: &Text, mut addresses: Vec<AddressRange>| {
        addresses.sort();
        out.push(Holder {
            kind,
            name: name.to_string(),
            label: label.clone(),
            addresses,
        });
    };
    for segment in network.segments.iter() {
        let prefixes = segment.prefixes.iter().map(AddressRange::prefix);
        push(
            Kind::Segment,
            &segment.id,
            &segment.label,
            prefixes.collect(),
        );
    }
    for group in network.groups.iter().filter(|g| !g.addresses.is_empty()) {
        push(
            Kind::Group,
            &group.id,
            &group.label,
            group.addresses.clone(),
        );
    }
    for system in network.systems.iter() {
        push(
            Kind::System,
            &system.id,
            &system.label,
            system.addresses.clone(),
        );
    }
    for node in network.nodes.iter() {
        if let Some(endpoint) = &node.endpoint {
            push(
                Kind::Node,
                &node.id,
                &node.label,
                endpoint.addresses.clone(),
            );
        }
    }
    out
}
