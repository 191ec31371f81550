//! What the segments of a state may ask of one another, as packets really travel: routes, filters and
//! translations of every node on the way.

use super::{Extent, Right};
use crate::plane::condition::Bound;
use crate::plane::flow::{Question, forward};
use crate::plane::sets::{Sets, intervals};
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, SpaceFull};
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

/// What was delivered from one segment to each, and what could have been.
struct Row {
    reached: Vec<Set>,
    dropped: Set,
}

/// The rights between the segments of a compiled state.
///
/// A packet has a right if it is delivered to a member of the segment, translated or not. `All` means that
/// every packet of the service from any member to any member's own address is.
///
/// # Errors
/// The arena is full.
pub fn of_plane(plane: &Plane, service: Service) -> Result<Segments, SpaceFull> {
    let mut may = Sets::new(plane, Bound::May);
    let mut must = Sets::new(plane, Bound::Must);
    let open = plane.has_undecided();
    let mut rights = Vec::with_capacity(plane.segments.len());
    for from in 0..plane.segments.len() {
        let upper = row(&mut may, SegmentIx(from), service)?;
        let lower = if open {
            Some(row(&mut must, SegmentIx(from), service)?)
        } else {
            None
        };
        let mut out = Vec::with_capacity(plane.segments.len());
        for to in 0..plane.segments.len() {
            let all = between(&mut may, (from, to), service)?;
            let reached = upper.reached[to];
            let high = extent(&mut may, reached, Set::EMPTY, all)?;
            let (low, same) = match &lower {
                None => (extent(&mut may, reached, upper.dropped, all)?, true),
                Some(lower) => {
                    let all = between(&mut must, (from, to), service)?;
                    let certain = must.space.difference(lower.reached[to], lower.dropped)?;
                    let back = may.space.adopt(&must.space, certain)?;
                    let sure = may.space.difference(reached, upper.dropped)?;
                    (
                        extent(&mut must, lower.reached[to], lower.dropped, all)?,
                        back == sure,
                    )
                }
            };
            out.push(Right::between(high, low, same));
        }
        rights.push(out);
    }
    Ok(Segments {
        service,
        names: plane.segments.iter().map(|s| s.id.clone()).collect(),
        rights,
    })
}

/// The packets of the service that members of a segment can send.
fn sent(sets: &mut Sets<'_>, from: SegmentIx, service: Service) -> Result<Set, SpaceFull> {
    let about = sets.plane.network.service_terms(&Services::one(service));
    let about = sets.service(&about, sets.bound)?;
    let headers = sets.headers()?;
    let about = sets.space.intersection(about, headers)?;
    let members = intervals(&sets.plane.segments[from.0].members);
    let members = sets.space.field(Field::Src, &members)?;
    sets.space.intersection(about, members)
}

fn between(
    sets: &mut Sets<'_>,
    (from, to): (usize, usize),
    service: Service,
) -> Result<Set, SpaceFull> {
    let sent = sent(sets, SegmentIx(from), service)?;
    let members = intervals(&sets.plane.segments[to].members);
    let members = sets.space.field(Field::Dst, &members)?;
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

/// How much of `all` is delivered and never dropped.
fn extent(sets: &mut Sets<'_>, reached: Set, dropped: Set, all: Set) -> Result<Extent, SpaceFull> {
    let reached = sets.space.difference(reached, dropped)?;
    if reached == Set::EMPTY {
        return Ok(Extent::None);
    }
    match all != Set::EMPTY && sets.space.is_subset(all, reached) {
        true => Ok(Extent::All),
        false => Ok(Extent::Part),
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
        let plain =
            |row: Vec<Option<Right>>| row.into_iter().map(|r| r.unwrap_or(Right::None)).collect();
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
