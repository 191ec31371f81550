//! Which sessions come about: packets that arrive, and whose answers come home.
//!
//! Goes in: what became of a segment's packets. Comes out: those answered on some way, and those whose
//! answer is lost on some way; a session that comes about for certain is in the first set only.

use super::SegmentIx;
use super::flow::{self, Delivery, Reach};
use super::sets::Sets;
use super::view::View;
use crate::space::{Set, SpaceFull};

/// What becomes of the answers to some packets, in terms of the packets as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sessions {
    /// Some way brings an answer back to the sender, as the answer to what was sent.
    pub answered: Set,
    /// Some way of an answer ends otherwise: dropped, elsewhere, or with another header.
    pub unanswered: Set,
}

/// Follows the answers to every delivery of packets in `wanted` that members of `from` sent.
///
/// # Errors
/// The arena is full.
pub fn sessions(
    sets: &mut Sets<'_>,
    from: SegmentIx,
    reach: &Reach,
    wanted: Set,
) -> Result<Sessions, SpaceFull> {
    let (mut answered, mut unanswered) = (Set::EMPTY, Set::EMPTY);
    for delivery in &reach.delivered {
        let set = sets.space.intersection(delivery.set, wanted)?;
        if set == Set::EMPTY {
            continue;
        }
        let part = Delivery {
            set,
            ..delivery.clone()
        };
        let back = flow::answers(sets, &part, &reach.memories)?;
        unanswered = sets.space.union(unanswered, back.dropped.0)?;
        for arrival in &back.delivered {
            let home = match arrival.segment == from {
                true => arrival.view.agreement(&View::start(), &mut sets.space)?,
                false => Set::EMPTY,
            };
            let own = sets.space.intersection(arrival.set, home)?;
            let astray = match arrival.view.chooses() {
                true => arrival.set,
                false => sets.space.difference(arrival.set, home)?,
            };
            answered = sets.space.union(answered, own)?;
            unanswered = sets.space.union(unanswered, astray)?;
        }
    }
    Ok(Sessions {
        answered,
        unanswered,
    })
}
