//! What the segments of a state may ask of one another, as packets really travel: routes, filters and
//! translations of every node on the way.

use super::{Extent, Groups, Right};
use crate::plane::condition::Bound;
use crate::plane::flow::{Question, forward};
use crate::plane::sets::Sets;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, SpaceFull};
use utsushi_model::address::AddressRange;
use utsushi_model::network::SegmentId;
use utsushi_model::policy::Services;
use utsushi_model::service::Service;

/// The rights between the segments of a state, for one service.
#[derive(Debug, Clone)]
pub struct Segments {
    /// The service that was asked about.
    pub service: Service,
    /// The segments, in the order of the network.
    pub names: Vec<SegmentId>,
    /// Row by row, what a segment may ask of each.
    pub rights: Vec<Vec<Right>>,
}

/// What was delivered from one segment to each, and what some way drops.
struct Row {
    reached: Vec<Set>,
    dropped: Set,
}

/// The rights between the segments of a compiled state, and the smallest partition of all their members
/// into groups with equal rights.
///
/// A packet has a right if it is delivered to a member of the segment, translated or not. `All` means that
/// every packet of the service from any member to any member's own address is.
///
/// # Errors
/// The arena is full.
pub fn of_plane(plane: &Plane, service: Service) -> Result<(Segments, Groups), SpaceFull> {
    let mut may = Sets::new(plane, Bound::May);
    let mut must = plane.has_undecided().then(|| Sets::new(plane, Bound::Must));
    let mut rights = Vec::with_capacity(plane.segments.len());
    // What is delivered anywhere: perhaps, certainly; and what can be sent to members at all.
    let mut whole = (Set::EMPTY, Set::EMPTY, Set::EMPTY);
    for from in (0..plane.segments.len()).map(SegmentIx) {
        let upper = row(&mut may, from, service)?;
        let lower = match &mut must {
            Some(must) => Some(row(must, from, service)?),
            None => None,
        };
        let mut out = Vec::with_capacity(plane.segments.len());
        for to in 0..plane.segments.len() {
            let all = between(&mut may, from, SegmentIx(to), service)?;
            let reached = upper.reached[to];
            let sure = may.space.difference(reached, upper.dropped)?;
            let certain = match (&mut must, &lower) {
                (Some(must), Some(lower)) => {
                    let there = must.space.difference(lower.reached[to], lower.dropped)?;
                    may.space.adopt(&must.space, there)?
                }
                _ => sure,
            };
            let (high, low) = (
                extent(&mut may, reached, all),
                extent(&mut may, certain, all),
            );
            out.push(Right::between(high, low, certain == sure));
            whole.0 = may.space.union(whole.0, reached)?;
            whole.1 = may.space.union(whole.1, certain)?;
            whole.2 = may.space.union(whole.2, all)?;
        }
        rights.push(out);
    }
    let members = plane.segments.iter().flat_map(|s| s.members.clone());
    let groups = Groups::new(may.space, service, whole, &joined(members.collect()))?;
    let names = plane.segments.iter().map(|s| s.id.clone()).collect();
    let segments = Segments {
        service,
        names,
        rights,
    };
    Ok((segments, groups))
}

/// The same addresses in disjoint ranges, in rising order.
fn joined(mut ranges: Vec<AddressRange>) -> Vec<AddressRange> {
    ranges.sort_unstable();
    let mut out: Vec<AddressRange> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if last.last() >= range.first() => {
                let both = AddressRange::between(last.first(), last.last().max(range.last()));
                *last = both.unwrap_or(*last);
            }
            _ => out.push(range),
        }
    }
    out
}

/// The packets of the service that members of a segment can send.
fn sent(sets: &mut Sets<'_>, from: SegmentIx, service: Service) -> Result<Set, SpaceFull> {
    let about = sets.plane.network.service_terms(&Services::one(service));
    let about = sets.service(&about, sets.bound)?;
    let headers = sets.headers()?;
    let about = sets.space.intersection(about, headers)?;
    let members = sets.members(from, Field::Src)?;
    sets.space.intersection(about, members)
}

fn between(
    sets: &mut Sets<'_>,
    from: SegmentIx,
    to: SegmentIx,
    service: Service,
) -> Result<Set, SpaceFull> {
    let sent = sent(sets, from, service)?;
    let members = sets.members(to, Field::Dst)?;
    sets.space.intersection(sent, members)
}

fn row(sets: &mut Sets<'_>, from: SegmentIx, service: Service) -> Result<Row, SpaceFull> {
    let start = sent(sets, from, service)?;
    let reach = forward(sets, from, start, &Question::default())?;
    let mut reached = vec![Set::EMPTY; sets.plane.segments.len()];
    for delivery in &reach.delivered {
        let there = &mut reached[delivery.segment.0];
        *there = sets.space.union(*there, delivery.set)?;
    }
    Ok(Row {
        reached,
        dropped: reach.dropped.0,
    })
}

/// How much of `all` is reached.
fn extent(sets: &mut Sets<'_>, reached: Set, all: Set) -> Extent {
    match (reached, all) {
        (Set::EMPTY, _) => Extent::None,
        (_, Set::EMPTY) => Extent::Part,
        _ if sets.space.is_subset(all, reached) => Extent::All,
        _ => Extent::Part,
    }
}

impl Segments {
    /// The rights between groups of segments: each is all, or nothing, only if it is so for every pair.
    /// `group` gives the position of the group of each segment; `None` leaves it out.
    #[must_use]
    pub fn grouped(&self, count: usize, group: &[Option<usize>]) -> Vec<Vec<Right>> {
        let mut out: Vec<Vec<Option<Right>>> = vec![vec![None; count]; count];
        for (from, row) in self.rights.iter().enumerate() {
            for (to, right) in row.iter().enumerate() {
                let (Some(a), Some(b)) = (group[from], group[to]) else {
                    continue;
                };
                out[a][b] = Some(match out[a][b] {
                    None => *right,
                    Some(before) => together(before, *right),
                });
            }
        }
        let plain = |row: Vec<Option<Right>>| {
            let known = row.into_iter().map(|r| r.unwrap_or(Right::None));
            known.collect()
        };
        out.into_iter().map(plain).collect()
    }
}

/// What two pairs come to.
fn together(a: Right, b: Right) -> Right {
    match (a, b) {
        (a, b) if a == b => a,
        // Something passes for certain, and not all of it.
        (Right::Part | Right::All, _) | (_, Right::Part | Right::All) => Right::Part,
        _ => Right::Undetermined,
    }
}
