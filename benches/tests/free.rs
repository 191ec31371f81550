//! Many changes in any order: as many states as there are subsets, all of them looked at, and what is wrong in
//! one of them is found.

#![allow(clippy::expect_used, reason = "a test that cannot be set up fails")]

use utsushi_benches::free::with_free;
use utsushi_model::change::{Change, Verb};
use utsushi_model::migration::Migration;
use utsushi_model::policy::{Action, Addresses, Services};
use utsushi_sim::states::look::look;

fn mie() -> Migration {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
    utsushi_scenarios::load(folder)
        .expect("a shipped scenario")
        .migration
}

#[test]
fn sixty_free_changes_have_two_to_the_sixty_one_states() {
    let migration = with_free(&mie(), 60).expect("the changes apply");
    let looked = look(&migration, 0).expect("room");
    assert_eq!(looked.states(), 1 << 61);
    assert!(looked.broken.iter().all(|b| b.shown.is_empty()), "sound");
}

/// One of the sixty lets everything pass, and another one at its side takes it out again.
#[test]
fn the_one_state_of_sixty_changes_that_leaks_is_found() {
    let mie = mie();
    let mut migration = with_free(&mie, 60).expect("the changes apply");
    let step = &mut migration.steps[0];
    let own = step.changes.len() - 60;
    let first = step.changes[own].clone();
    let Verb::AddRule(list, mut rule, position) = first.verb else {
        panic!("a line");
    };
    rule.action = Action::Allow.into();
    rule.source = Addresses::any();
    rule.destination = Addresses::any();
    rule.service = Services::any();
    rule.name = "night".into();
    let open = Verb::AddRule(list.clone(), rule, position);
    let close = Verb::RemoveRule(list, "night".into());
    for (at, verb) in [(own + 17, open), (own + 18, close)] {
        let place = step.changes[at].place.clone();
        step.changes[at] = Change { verb, place };
    }
    let looked = look(&migration, 0).expect("room");
    let shown: Vec<_> = looked.broken.iter().flat_map(|b| &b.shown).collect();
    let changes = |units: &[usize]| -> Vec<usize> {
        let units = units.iter().flat_map(|u| &looked.schedule.units[*u]);
        units.copied().collect()
    };
    let told: Vec<_> = shown.iter().map(|s| &s.because).collect();
    let told: Vec<_> = told
        .iter()
        .map(|(done, open)| (changes(done), changes(open)))
        .collect();
    assert!(told.contains(&(vec![own + 17], vec![own + 18])), "{told:?}");
    // What else is told may need what the step builds, but never another of the sixty.
    for (done, open) in told {
        assert_eq!(open, [own + 18]);
        assert!(done.iter().all(|c| *c < own || *c == own + 17), "{done:?}");
    }
}
