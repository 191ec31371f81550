//! Which sessions come about: packets that arrive, and whose answers come home.
//!
//! Goes in: what became of the packets of some segments. Comes out: those answered on some way, and those whose
//! answer is lost on some way; a session that comes about for certain is in the first set only.

use super::SegmentIx;
use super::flow::{self, Delivery, Question, Reach};
use super::sets::Sets;
use super::view::View;
use crate::space::{Field, Set, SpaceFull};

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
/// PRECONDITION: the segments are in order, and no two of them share addresses, so that a source address
/// tells the sender.
///
/// # Errors
/// The arena is full.
pub fn sessions(
    sets: &mut Sets<'_>,
    from: &[SegmentIx],
    reach: &Reach,
    wanted: Set,
) -> Result<Sessions, SpaceFull> {
    let mut arrived = Vec::new();
    for delivery in &reach.delivered {
        let set = sets.space.intersection(delivery.set, wanted)?;
        if set != Set::EMPTY {
            arrived.push(Delivery {
                set,
                ..delivery.clone()
            });
        }
    }
    let back = flow::answers(sets, &arrived, &reach.memories, &Question::default())?;
    let (mut answered, mut unanswered) = (Vec::new(), vec![back.dropped.0]);
    for arrival in &back.delivered {
        let home = match from.binary_search(&arrival.segment).is_ok() {
            true => {
                let sent = sets.members(arrival.segment, Field::Src)?;
                let same = arrival.view.agreement(&View::start(), &mut sets.space)?;
                sets.space.intersection(sent, same)?
            }
            false => Set::EMPTY,
        };
        answered.push(sets.space.intersection(arrival.set, home)?);
        unanswered.push(match arrival.view.chooses() {
            true => arrival.set,
            false => sets.space.difference(arrival.set, home)?,
        });
    }
    Ok(Sessions {
        answered: sets.space.union_all(&answered)?,
        unanswered: sets.space.union_all(&unanswered)?,
    })
}
