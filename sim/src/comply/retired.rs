//! References to what was retired (I-TX-08), and new blocks that take old addresses (I-TX-01).

use super::literals::literals;
use super::{Seen, cause};
use utsushi_model::address::AddressRange;
use utsushi_model::finding::Code;
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::{Network, ZoneRole};
use utsushi_model::resolve::{every_address, merged, without};
use utsushi_model::wellformed::leavings;

fn claimed(network: &Network) -> Vec<AddressRange> {
    let inner = network.segments.iter().filter(|s| !s.external);
    merged(
        inner
            .flat_map(|s| s.prefixes.iter().map(AddressRange::prefix))
            .collect(),
    )
}

/// Addresses that were claimed in an earlier state and are not any more.
fn gone(migration: &Migration, state: &State) -> Vec<AddressRange> {
    let before = migration.states[..state.index]
        .iter()
        .flat_map(|s| claimed(&s.network))
        .collect();
    without(merged(before), &claimed(&state.network))
}

fn lies_in(range: AddressRange, set: &[AddressRange]) -> bool {
    set.iter().any(|r| r.covers(range))
}

/// Names that mean nothing any more, and literal addresses that lie entirely in what was retired.
pub(super) fn check(migration: &Migration, state: &State) -> Vec<Seen> {
    let mut out = names(state);
    let gone = gone(migration, state);
    if gone.is_empty() {
        return out;
    }
    for literal in literals(&state.network) {
        if !lies_in(literal.address, &gone)
            || super::moved::is_old_address(migration, state, literal.address)
        {
            continue;
        }
        let fact = cause(
            format!(
                "{} が、廃止されたアドレス {} をまだ参照している",
                literal.holder.ja, literal.address
            ),
            format!(
                "{} still names {}, which is retired",
                literal.holder.en, literal.address
            ),
            &literal.place,
        );
        out.push(Seen::facts(
            Code::RetiredReference,
            literal.holder,
            &literal.place,
            vec![fact],
        ));
    }
    out
}

/// Names of segments, hosts, nodes, zones or interfaces that were there and are not any more.
fn names(state: &State) -> Vec<Seen> {
    let left = leavings(&state.network).into_iter();
    left.map(|left| {
        let (holder, name) = (&left.holder, &left.name);
        let fact = cause(
            format!(
                "{} が、廃止された名前 `{name}` をまだ参照している",
                holder.ja
            ),
            format!("{} still names `{name}`, which is retired", holder.en),
            &left.place,
        );
        Seen::facts(Code::RetiredReference, left.holder, &left.place, vec![fact])
    })
    .collect()
}

/// Segments that came into a zone of the role after the start, on addresses that were in use before.
pub(super) fn new_blocks(migration: &Migration, state: &State, role: ZoneRole) -> Vec<Seen> {
    let mut out = Vec::new();
    for segment in state.network.segments.iter() {
        let in_role = state
            .network
            .zones
            .get(&segment.zone)
            .is_some_and(|z| z.role == role);
        let since = migration
            .states
            .iter()
            .position(|s| s.network.segments.contains(&segment.id));
        let Some(since) = since.filter(|s| in_role && *s > 0) else {
            continue;
        };
        let old = migration.states[..since]
            .iter()
            .flat_map(|s| claimed(&s.network))
            .collect();
        let old = merged(old);
        let shared: Vec<AddressRange> = segment
            .prefixes
            .iter()
            .map(AddressRange::prefix)
            .flat_map(|p| common(p, &old))
            .collect();
        if shared.is_empty() {
            continue;
        }
        let list = shared
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ");
        let fact = cause(
            format!(
                "新しいセグメント `{}` のアドレス {list} は、それ以前から使われている",
                segment.id
            ),
            format!(
                "new segment `{}` takes {list}, which was in use before",
                segment.id
            ),
            &segment.place,
        );
        out.push(Seen::facts(
            Code::BlockOverlap,
            segment.label.clone(),
            &segment.place,
            vec![fact],
        ));
    }
    out
}

fn common(range: AddressRange, set: &[AddressRange]) -> Vec<AddressRange> {
    let outside = without(every_address().to_vec(), set);
    without(vec![range], &outside)
}
