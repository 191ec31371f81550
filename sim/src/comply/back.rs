//! Whether every step can be gone back (I-TX-15): what it says is done for it applies, and leads back.
//!
//! Goes in: a migration and the state after a step. Comes out: what of the way back does not apply, what is not
//! as it was before the step, and, where the step says nothing, its parts that cannot be undone.

use super::{Seen, cause};
use utsushi_model::finding::{Cause, Code};
use utsushi_model::id::Id;
use utsushi_model::migration::{Back, Migration, State, Step};
use utsushi_model::policy::Name;
use utsushi_model::report::Verdict;

/// Lines named for one node.
const MOST_LINES: usize = 8;

/// Judges the step that leads to a state.
pub(super) fn check(migration: &Migration, state: &State) -> (Verdict, Vec<Seen>) {
    let Some(position) = state.index.checked_sub(1) else {
        return (Verdict::Proved, Vec::new());
    };
    let step = &migration.steps[position];
    let Some(back) = migration.back(position) else {
        let lasting = lasting(step);
        // That it cannot be undone is known and meant: the plan itself says so.
        let verdict = match lasting.is_empty() {
            true => Verdict::Proved,
            false => Verdict::Attested,
        };
        return (verdict, lasting);
    };
    let facts = match back.problems.is_empty() {
        true => left(migration, position, &back),
        false => refused(&back),
    };
    if facts.is_empty() {
        return (Verdict::Proved, Vec::new());
    }
    let place = facts
        .first()
        .map_or(&step.place, |fact| &fact.place)
        .clone();
    let seen = Seen::facts(Code::NoWayBack, step.label.clone(), &place, facts);
    (Verdict::Broken, vec![seen])
}

/// Parts of a step that cannot be undone.
fn lasting(step: &Step) -> Vec<Seen> {
    let blocks = step.blocks.iter();
    let told = blocks.filter_map(|block| {
        let why = block.irreversible.as_ref()?;
        let fact = cause(
            format!("ここから先は元に戻せない: {}", why.ja),
            format!("from here on there is no way back: {}", why.en),
            &block.place,
        );
        Some(Seen::facts(
            Code::NoReturn,
            step.label.clone(),
            &block.place,
            vec![fact],
        ))
    });
    told.collect()
}

fn refused(back: &Back) -> Vec<Cause> {
    let problems = back.problems.iter();
    problems
        .map(|problem| Cause {
            what: problem.message.clone(),
            place: problem.place.clone(),
        })
        .collect()
}

/// What is not as it was before the step once it is gone back.
fn left(migration: &Migration, position: usize, back: &Back) -> Vec<Cause> {
    let (before, step) = (&migration.states[position], &migration.steps[position]);
    let Some(end) = back.migration.states.last() else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (kind, name) in before.network.unlike(&end.network) {
        let (ja, en) = kind.words();
        out.push(cause(
            format!("{ja} `{name}` がステップの前と異なる"),
            format!("{en} `{name}` is not as it was before the step"),
            &step.place,
        ));
        let id = Id::new(Name::clone(&name));
        let nodes = [&before.network, &end.network].map(|n| n.nodes.get(&id));
        let [Some(was), Some(is)] = nodes else {
            continue;
        };
        let lines = was.rules_unlike(is);
        out.extend(lines.into_iter().take(MOST_LINES).map(|(rule, place)| {
            cause(
                format!("`{name}` のルール `{rule}` がステップの前と異なる"),
                format!("rule `{rule}` of `{name}` is not as it was before the step"),
                &place,
            )
        }));
    }
    out
}
