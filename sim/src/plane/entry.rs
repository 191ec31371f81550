//! The first hop apart from the rest: what enters a network, and where it goes from there.
//!
//! Goes in: segments and the headers their members send. Comes out: what is past the filters by which it
//! came in, and what becomes of it. Who keeps the first can ask the second of any part of it, which is how a
//! proof is kept up to date ([`crate::verify::live`]). What can go wrong: the arena is full.

use super::flow::{At, MOST_HOPS, Question, Reach, Walk};
use super::sets::{Sets, Way};
use super::view::View;
use super::{PortIx, SegmentIx};
use crate::space::{Field, Set, SpaceFull};

/// What members of a segment send out of it and past the filters of its gateways: for every gateway, the
/// interface that stands for it ([`Sets::alike`]) and the headers.
///
/// # Errors
/// The arena is full.
pub fn entries(
    sets: &mut Sets<'_>,
    from: SegmentIx,
    start: Set,
) -> Result<Vec<(PortIx, Set)>, SpaceFull> {
    let plane = sets.plane;
    let own = sets.members(from, Field::Dst)?;
    let rest = sets.space.difference(start, own)?;
    let mut out = Vec::new();
    for gateway in &plane.segments[from.0].gateways {
        let open = match plane.ports[gateway.0].ingress {
            Some(filter) => sets.filter(filter, *gateway, None, Way::Forward, false)?,
            None => Set::FULL,
        };
        let set = sets.space.intersection(rest, open)?;
        out.push((sets.alike(*gateway), set));
    }
    Ok(out)
}

/// Follows what has entered a network.
///
/// # Errors
/// The arena is full.
pub fn onward(
    sets: &mut Sets<'_>,
    entries: &[(PortIx, Set)],
    question: &Question,
) -> Result<Reach, SpaceFull> {
    let plane = sets.plane;
    let mut walk = Walk::new(sets, Way::Forward, &[], question);
    for &(port, set) in entries.iter().filter(|(_, set)| *set != Set::EMPTY) {
        let node = plane.ports[port.0].node;
        let passed = question.waypoints.get(node.0).copied().unwrap_or(0);
        let at = At {
            view: View::start(),
            set,
            session: None,
        };
        walk.stations(port, passed, at)?;
    }
    walk.hops(MOST_HOPS - 1)?;
    walk.finish()
}
