//! A proof kept up to date against a new proof after every edit, and destination classes against look-ups.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::collections::BTreeSet;
use utsushi_model::address::address_at;
use utsushi_model::migration::Migration;
use utsushi_model::report::Verdict;
use utsushi_model::rule::{RuleId, Spec};
use utsushi_sim::plane::classes::{Classes, Sent};
use utsushi_sim::plane::condition::{Act, RuleStep};
use utsushi_sim::plane::routes::Origin;
use utsushi_sim::plane::{Plane, TableIx};
use utsushi_sim::run::planes;
use utsushi_sim::verify::live::{Edit, Live};
use utsushi_sim::verify::verify;

/// Edits of one plane in a row.
const EDITS: usize = 12;

/// A small generator of repeatable numbers (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }
}

/// A line somewhere in the plane, as it is or turned round.
fn some_line(plane: &Plane, numbers: &mut Numbers) -> Option<RuleStep> {
    let lines = plane.filters.iter().flat_map(|f| &f.rules);
    // A chain is known by its position in its own filter only.
    let decides = |l: &&RuleStep| matches!(l.act, Act::Allow | Act::Deny | Act::Return);
    let lines: Vec<&RuleStep> = lines.filter(decides).collect();
    let mut line = (*lines.get(numbers.below(lines.len()))?).clone();
    if numbers.below(2) == 0 {
        line.act = match line.act {
            Act::Allow => Act::Deny,
            Act::Deny => Act::Allow,
            other => other,
        };
    }
    Some(line)
}

fn some_edit(plane: &Plane, filter: usize, numbers: &mut Numbers) -> Option<Edit> {
    let at = numbers.below(plane.filters[filter].rules.len() + 1);
    Some(match numbers.below(3) {
        0 => Edit::Remove(at),
        1 => Edit::Insert(at, some_line(plane, numbers)?),
        _ => Edit::Replace(at, some_line(plane, numbers)?),
    })
}

/// The rules decided by a live proof that a whole run does not prove in a state.
fn not_proved(migration: &Migration, planes: &[Plane], state: usize) -> BTreeSet<RuleId> {
    let live = |id: &RuleId| {
        let spec = migration.requirements.rules.get(id).map(|r| &r.spec);
        matches!(spec, Some(Spec::Never { .. } | Spec::OnlyThrough { .. }))
    };
    let verdicts = verify(migration, planes)
        .expect("room")
        .verdicts
        .into_iter();
    verdicts
        .filter(|(id, of)| live(id) && of[state].is_some_and(|v| v != Verdict::Proved))
        .map(|(id, _)| id)
        .collect()
}

/// After every edit the proof says what a new one says.
pub(crate) fn stays_right(migration: &Migration) -> Outcome {
    let mut planes = planes(migration);
    let state = migration.states.last().expect("today");
    let plane = planes[state.index].clone();
    let numbers = &mut Numbers(plane.filters.len() as u64 * 77 + plane.ports.len() as u64 + 1);
    let mut live = Live::new(migration, state, plane).expect("room");
    for i in 0..EDITS {
        let broken: BTreeSet<RuleId> = live.broken().cloned().collect();
        if i % 4 == 0 {
            planes[state.index] = live.plane().clone();
            prop_assert_eq!(&broken, &not_proved(migration, &planes, state.index));
        }
        let fresh = Live::new(migration, state, live.plane().clone()).expect("room");
        for rule in migration.requirements.rules.iter() {
            let (kept, new) = (live.violating(&rule.id), fresh.violating(&rule.id));
            prop_assert_eq!(kept, new, "{} after {} edits", rule.id, i);
        }
        let filter = numbers.below(live.plane().filters.len());
        if live.plane().filters.is_empty() {
            break;
        }
        if let Some(edit) = some_edit(live.plane(), filter, numbers) {
            live.edit(filter, &edit).expect("room");
        }
    }
    Ok(())
}

/// Every table sends every class as it sends the addresses in it; other classes it sends otherwise.
pub(crate) fn classes_are_look_ups(plane: &Plane) -> Outcome {
    let classes = Classes::new(plane);
    let mut next = Some(0);
    for (range, class) in &classes.pieces {
        prop_assert_eq!(Some(range.first()), next);
        next = range.last().checked_add(1);
        for at in [range.first(), range.last()] {
            let address = address_at(at);
            prop_assert_eq!(classes.of(address), Some(*class));
            for (t, table) in plane.tables.iter().enumerate() {
                let sent = classes.sent(*class, TableIx(t));
                match table.lookup(address).filter(|r| r.origin != Origin::Own) {
                    Some(route) => prop_assert_eq!(sent, Sent::By(route.via)),
                    None => prop_assert_eq!(sent, Sent::Nowhere),
                }
            }
        }
    }
    prop_assert_eq!(next, None);
    let tables = || (0..plane.tables.len()).map(TableIx);
    for a in 0..classes.len() {
        for b in 0..a {
            prop_assert!(tables().any(|t| classes.sent(a, t) != classes.sent(b, t)));
        }
    }
    Ok(())
}
