//! Every state within a step at once against every state one by one, on random plans of up to twelve
//! changes with random blocks.

use super::run::Outcome;
use proptest::prop_assert_eq;
use std::collections::BTreeMap;
use std::sync::Arc;
use utsushi_model::migration::{Block, Migration, Order};
use utsushi_model::place::Place;
use utsushi_model::report::Verdict;
use utsushi_model::rule::{RuleId, Spec};
use utsushi_sim::states::look::look;
use utsushi_sim::states::plain;

/// The same plan with all changes in one step; how they are bound to one another follows from a number.
fn bound(plan: &Migration, mut dice: u64) -> Option<Migration> {
    let mut steps = plan.steps.clone();
    let mut first = steps.first()?.clone();
    first.changes = steps.drain(..).flat_map(|s| s.changes).collect();
    let mut below = |n: u64| {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % n
    };
    first.order = [Order::Any, Order::Any, Order::InOrder][usize::try_from(below(3)).ok()?];
    let mut from = 0;
    while from < first.changes.len() {
        let to = (from + 1 + usize::try_from(below(3)).ok()?).min(first.changes.len());
        let earlier = first.blocks.iter().filter_map(|b| b.name.clone());
        let after = earlier
            .filter(|_| below(4) == 0)
            .map(|name| (name, Place::nowhere()))
            .collect();
        first.blocks.push(Block {
            name: Some(Arc::from(format!("block {from}"))),
            after,
            order: [Order::Any, Order::Any, Order::InOrder, Order::Together]
                [usize::try_from(below(4)).ok()?],
            changes: from..to,
            irreversible: None,
            place: Place::nowhere(),
        });
        from = to;
    }
    let today = &plan.states[0];
    let start = utsushi_model::migration::Start {
        label: today.label.clone(),
        model: today.model,
        date: today.date,
        network: (*today.network).clone(),
        place: today.place.clone(),
    };
    let title = plan.title.clone();
    Migration::new(title, start, vec![first], plan.requirements.clone()).ok()
}

/// Whether both say the same of every state, for a few ways of binding the changes to one another.
pub(crate) fn agree(plan: &Migration) -> Outcome {
    (0..4).try_for_each(|dice| agrees(plan, dice))
}

fn agrees(plan: &Migration, dice: u64) -> Outcome {
    let Some(plan) = bound(plan, dice) else {
        return Ok(());
    };
    let schedule = plan.schedule(0);
    let Some(sets) = plain::allowed(&schedule, 400) else {
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
