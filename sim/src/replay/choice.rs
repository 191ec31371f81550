//! Which of several relays a client takes: the first that answers it.
//!
//! Goes in: the conversations that may come about, as clients prefer them, and whether a leg's addressee answers. Comes out:
//! the one that does come about. Nothing can go wrong: where no relay answers it is the first, and what becomes of it
//! says why.
//!
//! ```text
//!  pac: Via(["a", "b"])      group ──▶ a ──▶ target       a answers
//!                            group ──▶ b ──▶ target       a does not, b does
//!                            group ──▶ a ✗                neither does
//! ```
//!
//! A client knows of a relay whether it can connect to it, and nothing of what lies behind it (decision 0015). So a relay
//! that is reached and cannot get on is kept, and what goes to it is lost.

use super::conversation::Conversation;

/// The position of the conversation that comes about. `answers` says of a leg of a conversation whether its addressee is
/// reached by any of its senders, there and back.
///
/// PRECONDITION: there is at least one; conversations that divide at a client stand in the order of its table.
pub(super) fn chosen(ways: &[&Conversation], answers: &dyn Fn(usize, usize) -> bool) -> usize {
    let mut left: Vec<usize> = (0..ways.len()).collect();
    for at in 0.. {
        // Those left share their legs so far.
        let next = |way: usize| ways[way].legs.get(at).map(|leg| (leg.relay, &leg.course));
        let first = left[0];
        if left.iter().any(|way| next(*way) != next(first)) {
            let answering = |way: &usize| next(*way).is_some() && answers(*way, at);
            let taken = left.iter().copied().find(answering).unwrap_or(first);
            left.retain(|way| next(*way) == next(taken));
        }
        if left.len() < 2 || next(left[0]).is_none() {
            break;
        }
    }
    left[0]
}
