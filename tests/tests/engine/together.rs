//! Segments followed together in one walk against each of them followed alone.

use super::compare::reach as alone;
use super::run::Outcome;
use proptest::prop_assert_eq;
use std::collections::BTreeMap;
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::flow::{Question, Reach};
use utsushi_sim::plane::sessions::sessions;
use utsushi_sim::plane::sets::Sets;
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::space::{Field, Set};
use utsushi_sim::verify::Reached;

/// What of everything a walk found concerns the headers in `own`, in one comparable form.
fn part(sets: &mut Sets<'_>, reach: &Reach, own: Set) -> BTreeMap<String, Set> {
    let mut all = vec![("dropped".to_owned(), reach.dropped.0)];
    let delivered = reach.delivered.iter();
    all.extend(delivered.map(|d| (format!("{:?} {:?}", d.segment, d.view), d.set)));
    let memories = reach.memories.iter();
    all.extend(memories.map(|m| (format!("{:?} {:?} {:?}", m.node, m.before, m.after), m.set)));
    let cut = all.into_iter().map(|(name, set)| {
        let set = sets.space.intersection(set, own).expect("room");
        (name, set)
    });
    cut.filter(|(_, set)| *set != Set::EMPTY).collect()
}

/// Every segment's part of its round is what it reaches alone, and so are the answers to it.
pub(crate) fn rounds_are_sums(plane: &Plane) -> Outcome {
    let mut reached = Reached::new(plane, Bound::May, Question::default());
    let mut followed = Vec::new();
    for (i, round) in reached.rounds().to_vec().into_iter().enumerate() {
        let together = reached.reach(i).expect("room");
        let answers = sessions(&mut reached.sets, &round, &together, Set::FULL).expect("room");
        for from in round {
            let sets = &mut reached.sets;
            let own = sets.members(from, Field::Src).expect("room");
            let single = alone(sets, from);
            prop_assert_eq!(
                part(sets, &together, own),
                part(sets, &single, Set::FULL),
                "{:?} in round {}",
                from,
                i
            );
            let single = sessions(sets, &[from], &single, Set::FULL).expect("room");
            let mut mine = |set| sets.space.intersection(set, own).expect("room");
            prop_assert_eq!(mine(answers.answered), single.answered);
            prop_assert_eq!(mine(answers.unanswered), single.unanswered);
            followed.push(from);
        }
    }
    followed.sort();
    let all: Vec<SegmentIx> = (0..plane.segments.len()).map(SegmentIx).collect();
    prop_assert_eq!(followed, all);
    Ok(())
}
