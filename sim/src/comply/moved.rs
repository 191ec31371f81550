//! Hosts whose address changed, and everything that still holds the old one (手順書: 参照しているあらゆるシステム).

use super::Seen;
use super::literals::literals;
use utsushi_model::address::AddressRange;
use utsushi_model::change::{Change, Verb};
use utsushi_model::finding::{Code, Evidence, Referrer};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::Network;
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Translation};
use utsushi_model::text::Text;

/// A host that moved.
struct Moved {
    label: Text,
    name: String,
    old: Vec<AddressRange>,
    new: Vec<AddressRange>,
    place: Place,
}

/// Moves of systems and relays up to a state: the addresses they had before and do not have now.
fn moves(migration: &Migration, state: &State) -> Vec<Moved> {
    let mut out = Vec::new();
    for step in &migration.steps[..state.index] {
        for change in &step.changes {
            out.extend(moved_by(migration, state, change));
        }
    }
    out
}

fn moved_by(migration: &Migration, state: &State, change: &Change) -> Option<Moved> {
    let (name, label) = match &change.verb {
        Verb::MoveSystem(id, _, _) => {
            (id.to_string(), state.network.systems.get(id)?.label.clone())
        }
        Verb::MoveNode(id, _) => (id.to_string(), state.network.nodes.get(id)?.label.clone()),
        _ => return None,
    };
    let now = addresses(&state.network, &name)?;
    let before = migration.states[..state.index]
        .iter()
        .filter_map(|s| addresses(&s.network, &name));
    let mut old: Vec<AddressRange> = before.flatten().filter(|a| !now.contains(a)).collect();
    old.sort();
    old.dedup();
    (!old.is_empty()).then(|| Moved {
        label,
        name,
        old,
        new: now,
        place: change.place.clone(),
    })
}

fn addresses(network: &Network, name: &str) -> Option<Vec<AddressRange>> {
    if let Some(system) = network.systems.get(&utsushi_model::id::Id::new(name)) {
        return Some(system.addresses.clone());
    }
    network
        .nodes
        .get(&utsushi_model::id::Id::new(name))?
        .endpoint
        .as_ref()
        .map(|e| e.addresses.clone())
}

/// Whether an address belonged to a host that moved away from it.
pub(super) fn is_old_address(migration: &Migration, state: &State, address: AddressRange) -> bool {
    moves(migration, state)
        .iter()
        .any(|m| m.old.iter().any(|old| old.covers(address)))
}

/// Findings for every moved host whose old address somebody still holds.
pub(super) fn referrers(migration: &Migration, state: &State) -> Vec<Seen> {
    let mut out = Vec::new();
    for host in moves(migration, state) {
        let referrers = holders(&state.network, &host.old);
        if referrers.is_empty() {
            continue;
        }
        out.push(Seen {
            code: Code::Referrers,
            subject: host.label,
            place: host.place,
            evidence: Evidence::Referrers {
                subject: host.name,
                before: host.old,
                after: host.new,
                referrers,
            },
        });
    }
    out
}

/// Everything that names one of these addresses, and everything outside that names the global address
/// which exactly one of them is translated to.
fn holders(network: &Network, old: &[AddressRange]) -> Vec<Referrer> {
    let within = |range: AddressRange, set: &[AddressRange]| set.iter().any(|o| o.covers(range));
    let published = translated(network, old);
    literals(network)
        .into_iter()
        .filter(|l| within(l.address, old) || within(l.address, &published))
        .map(|l| Referrer {
            holder: l.holder,
            address: l.address,
            place: l.place,
        })
        .collect()
}

/// The pools of source translations whose only sources are among these addresses.
fn translated(network: &Network, old: &[AddressRange]) -> Vec<AddressRange> {
    let inside = |term: &AddressTerm| matches!(term, AddressTerm::Range(r) if old.iter().any(|o| o.covers(*r)));
    let rules = network.nodes.iter().flat_map(|n| &n.forwarding.nat);
    rules
        .filter(|r| {
            !r.source.negated && !r.source.terms.is_empty() && r.source.terms.iter().all(inside)
        })
        .filter_map(|r| match &r.translation {
            Translation::Source(pool) => Some(pool.clone()),
            Translation::Destination(..) | Translation::None => None,
        })
        .flatten()
        .collect()
}
