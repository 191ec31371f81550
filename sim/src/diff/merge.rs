//! Few boxes for people: differences with one cause are put together over segments.
//!
//! CORRECTNESS: segments are only put together where their addresses tell them apart; a segment whose
//! addresses are used elsewhere too stands for itself. Every listed sender sends some of the traffic to
//! every listed receiver.

use super::cause::{Attributed, Journey};
use super::{Kind, Traffic, segments};
use crate::plane::boxes::{MOST_BOXES, believable, boxes};
use crate::plane::view::with_ports;
use crate::space::{Field, Set, Space, SpaceFull};
use std::collections::BTreeMap;
use std::collections::HashMap;
use utsushi_model::address::AddressRange;
use utsushi_model::network::{Network, SegmentId};

/// What must be alike to be put together: kind, doubt, and cause.
type Like = (Kind, bool, (usize, usize));
/// A segment that is put together with no other.
type Alone = Option<usize>;
/// Positions of segments, and all the traffic.
type Row = (Vec<usize>, Set);

/// Differences with their causes as few rows of boxes.
///
/// # Errors
/// The arena is full.
pub fn merged(
    space: &mut Space,
    parts: &[Attributed],
    networks: [&Network; 2],
    journey: &Journey<'_>,
) -> Result<Vec<Traffic>, SpaceFull> {
    let order = segments(networks);
    let position: HashMap<&SegmentId, usize> =
        order.iter().enumerate().map(|(i, id)| (id, i)).collect();
    let alone = |at: usize| {
        let reused = |n: &&Network| n.segments.get(&order[at]).is_some_and(|s| s.reused);
        networks.iter().any(reused).then_some(at)
    };
    let mut by_target: BTreeMap<(Like, usize, Alone), Row> = BTreeMap::new();
    for Attributed { part, by } in parts {
        let like = (part.kind, !part.certain, (by.start, by.end));
        let (from, to) = (position[&part.from], position[&part.to]);
        let row = by_target
            .entry((like, to, alone(from)))
            .or_insert_with(empty);
        row.0.push(from);
        row.1 = space.union(row.1, part.set)?;
    }
    let mut rows: BTreeMap<(Like, Vec<usize>, Alone, Set), Row> = BTreeMap::new();
    for ((like, to, _), (mut from, set)) in by_target {
        from.sort_unstable();
        from.dedup();
        let mut service = space.forget(set, Field::Src)?;
        service = space.forget(service, Field::Dst)?;
        let row = rows
            .entry((like, from, alone(to), service))
            .or_insert_with(empty);
        row.0.push(to);
        row.1 = space.union(row.1, set)?;
    }
    let mut out = Vec::with_capacity(rows.len());
    for ((like, from, _, _), (to, set)) in rows {
        let prefixes = prefixes(networks, from.iter().chain(&to).map(|at| &order[*at]));
        let Some(witness) = believable(space, set, &prefixes)? else {
            continue;
        };
        let shown = without_ports(space, set)?;
        let (boxes, left_out) = boxes(space, shown, MOST_BOXES);
        let names = |at: Vec<usize>| at.into_iter().map(|i| order[i].clone()).collect();
        out.push(Traffic {
            kind: like.0,
            certain: !like.1,
            from: names(from),
            to: names(to),
            boxes,
            left_out,
            witness,
            causes: journey.causes(&(like.2.0..like.2.1)),
        });
    }
    Ok(out)
}

/// The same packets, where those without ports have any: boxes are then not told apart by what is not there.
fn without_ports(space: &mut Space, set: Set) -> Result<Set, SpaceFull> {
    let ported = space.field(Field::Protocol, &with_ports())?;
    let mut plain = space.difference(set, ported)?;
    for field in [Field::SrcPort, Field::DstPort] {
        plain = space.forget(plain, field)?;
    }
    space.union(set, plain)
}

/// The networks of some segments in either state.
fn prefixes<'a>(
    networks: [&Network; 2],
    segments: impl Iterator<Item = &'a SegmentId>,
) -> Vec<AddressRange> {
    let found = segments.flat_map(|id| networks.map(|n| n.segments.get(id)));
    let prefixes = found.flatten().flat_map(|s| &s.prefixes);
    prefixes.map(AddressRange::prefix).collect()
}

const fn empty() -> Row {
    (Vec::new(), Set::EMPTY)
}
