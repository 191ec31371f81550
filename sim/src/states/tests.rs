//! Windows against every state one by one.

use super::look::look;
use super::plain;
use crate::strategies::{Size, migration};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use utsushi_model::migration::{Migration, Order};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{RuleId, Spec};

/// The same plan with all changes in one step, in any order.
fn freed(plan: &Migration) -> Option<Migration> {
    let mut steps = plan.steps.clone();
    let mut first = steps.first()?.clone();
    first.changes = steps.drain(..).flat_map(|s| s.changes).collect();
    first.order = Order::Any;
    let today = &plan.states[0];
    let start = utsushi_model::migration::Start {
        label: today.label.clone(),
        model: today.model,
        date: today.date,
        network: (*today.network).clone(),
        place: today.place.clone(),
    };
    Migration::new(
        plan.title.clone(),
        start,
        vec![first],
        plan.requirements.clone(),
    )
    .ok()
}

#[expect(clippy::expect_used, reason = "a test tells what failed by panicking")]
fn agree(plan: &Migration) -> Result<(), TestCaseError> {
    let Some(plan) = freed(plan) else {
        return Ok(());
    };
    let schedule = plan.schedule(0);
    let Some(sets) = plain::allowed(&schedule, 128) else {
        return Ok(());
    };
    let each = plain::breaches(&plan, 0, &schedule, &sets).expect("room");
    let looked = look(&plan, 0).expect("room");
    prop_assert_eq!(looked.states(), sets.len() as u128);
    for (set, expected) in sets.iter().zip(&each) {
        let place = looked.axes.place(set);
        let mut found: BTreeMap<RuleId, Verdict> = BTreeMap::new();
        for broken in &looked.broken {
            if looked.space.holds_place(broken.certain, &place) {
                found.insert(broken.rule.clone(), Verdict::Broken);
            } else if looked.space.holds_place(broken.perhaps, &place) {
                found.insert(broken.rule.clone(), Verdict::Undetermined);
            }
        }
        let packets = |rule: &RuleId| {
            let rule = plan.requirements.rules.get(rule);
            rule.is_some_and(|r| !matches!(r.spec, Spec::NoStaleException { .. }))
        };
        let expected: BTreeMap<RuleId, Verdict> = expected
            .iter()
            .filter(|(r, _)| packets(r))
            .map(|(r, v)| (r.clone(), *v))
            .collect();
        let changes: Vec<_> = plan.steps[0].changes.iter().map(|c| &c.verb).collect();
        prop_assert_eq!(
            &found,
            &expected,
            "state {:?} of {:?}\n{:#?}",
            set,
            schedule,
            changes
        );
    }
    Ok(())
}

fn run(size: Size, cases: u32) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_global_rejects: 100_000,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&migration(size), |plan| agree(&plan));
    assert!(
        outcome.is_ok(),
        "{}",
        outcome.err().map(|e| e.to_string()).unwrap_or_default()
    );
}

#[test]
fn windows_say_what_each_state_says() {
    run(Size::small(), 60);
}

#[test]
fn windows_say_so_under_doubt() {
    run(Size::small().undecided(), 30);
}
