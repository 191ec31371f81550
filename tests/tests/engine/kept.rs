//! What may change, and what is alike: rules that compare states, on random plans.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::collections::BTreeMap;
use std::sync::Arc;
use utsushi_model::finding::{Code, Evidence, Moment};
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, Order, Undo};
use utsushi_model::network::SegmentId;
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Addresses, Services};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{End, Flow, Level, Period, Provenance, Rule, RuleId, Spec};
use utsushi_model::text::Text;
use utsushi_sim::diff;
use utsushi_sim::diff::only::{Kept, only};
use utsushi_sim::plane::Plane;
use utsushi_sim::plane::trace::{Disposition, trace};
use utsushi_sim::states::{between, plain};
use utsushi_sim::verify::verify_state;

/// A plan with the one rule that only these flows change.
fn with(plan: &Migration, flows: Vec<Flow>) -> Migration {
    let mut plan = plan.clone();
    plan.requirements.rules = utsushi_model::id::Table::default();
    plan.requirements.rules.put(Rule {
        id: Id::new("only"),
        label: Text::same("only"),
        spec: Spec::OnlyChange { flows },
        level: Level::Must,
        edition: None,
        source: "made up".to_owned(),
        provenance: Provenance::Assumed,
        period: Period::default(),
        place: Place::nowhere(),
    });
    plan
}

fn kept(plan: &Migration, flows: Vec<Flow>) -> Kept {
    let plan = with(plan, flows);
    let compile =
        |s: &utsushi_model::migration::State| Plane::compile(Arc::clone(&s.network), s.date);
    let planes: Vec<Plane> = plan.states.iter().map(compile).collect();
    only(&plan, &planes).expect("room")
}

fn named(segment: &SegmentId) -> Vec<End> {
    vec![End::Addresses(Addresses {
        terms: vec![AddressTerm::Named(Arc::from(segment.as_str()))],
        negated: false,
    })]
}

fn anything(from: &SegmentId, to: &SegmentId) -> Flow {
    Flow {
        from: named(from),
        to: named(to),
        services: Services::any(),
        both: false,
    }
}

/// Without flows every difference is told; with a flow for each pair of segments none is; with all pairs
/// but one, what is told is of that pair, and single packets show it.
pub(crate) fn only_what_may(plan: &Migration) -> Outcome {
    let last = plan.states.len() - 1;
    let told = kept(plan, Vec::new());
    for state in 1..=last {
        let difference = diff::between(plan, state - 1, state).expect("room");
        let findings = told.findings.iter().filter(|f| f.first == state).count();
        prop_assert_eq!(findings, difference.traffic.len(), "state {}", state);
    }
    let mut segments: Vec<SegmentId> = Vec::new();
    for id in plan.states.iter().flat_map(|s| s.network.segments.ids()) {
        if !segments.contains(id) {
            segments.push(id.clone());
        }
    }
    let pairs: Vec<(&SegmentId, &SegmentId)> = segments
        .iter()
        .flat_map(|a| segments.iter().map(move |b| (a, b)))
        .collect();
    let all = |but: usize| -> Vec<Flow> {
        let others = pairs.iter().enumerate().filter(|(at, _)| *at != but);
        others.map(|(_, (a, b))| anything(a, b)).collect()
    };
    let none = kept(plan, all(usize::MAX));
    prop_assert!(none.findings.is_empty(), "{:?}", none.findings);
    for (_, verdicts) in &none.verdicts {
        prop_assert!(verdicts[1..].iter().all(|v| *v == Some(Verdict::Proved)));
    }
    for but in (0..pairs.len()).step_by(7) {
        for finding in kept(plan, all(but)).findings {
            let Evidence::Packets {
                from, to, witness, ..
            } = &finding.evidence
            else {
                continue;
            };
            prop_assert_eq!(
                (from.as_str(), to.as_str()),
                (pairs[but].0.as_str(), pairs[but].1.as_str())
            );
            let arrives = |state: usize| {
                let state = &plan.states[state];
                let plane = Plane::compile(Arc::clone(&state.network), state.date);
                plane.segment(pairs[but].0).is_some_and(|at| {
                    let mut ways = trace(&plane, at, *witness).into_iter();
                    ways.any(|p| matches!(p.disposition, Disposition::Delivered(_)))
                })
            };
            let seen = (arrives(finding.first - 1), arrives(finding.first));
            prop_assert!(seen != (false, false), "nothing arrives: {finding:?}");
        }
    }
    Ok(())
}

/// Networks that are alike let the same through, in the same way; and a network is like itself.
pub(crate) fn alike_is_treated_alike(plan: &Migration) -> Outcome {
    let last = plan.states.len() - 1;
    let networks = [&plan.states[0].network, &plan.states[last].network];
    prop_assert!(networks[1].unlike(networks[1]).is_empty());
    let mut plan = plan.clone();
    plan.states[last].date = plan.states[0].date;
    let difference = diff::between(&plan, 0, last).expect("room");
    let (unlike, back) = (
        networks[0].unlike(networks[1]),
        networks[1].unlike(networks[0]),
    );
    prop_assert_eq!(unlike.is_empty(), back.is_empty());
    prop_assert!(
        difference.traffic.is_empty() || !unlike.is_empty(),
        "traffic changes between networks that are alike: {:?}",
        difference.traffic
    );
    Ok(())
}

/// The first step of a plan goes back by the changes of the second one, whatever they do. What is told of the way back
/// is what its states show one by one and the states of the plan do not.
pub(crate) fn the_way_back_is_its_states(plan: &Migration, dice: u64) -> Outcome {
    let mut plan = plan.clone();
    if plan.steps.len() < 2 {
        return Ok(());
    }
    let undo = Undo {
        changes: plan.steps[1].changes.clone(),
        blocks: Vec::new(),
    };
    plan.steps[0].rollback = Some(undo);
    plan.steps[0].order =
        [Order::InOrder, Order::Any, Order::Together][usize::try_from(dice % 3).expect("small")];
    let Some(back) = plan.back(0).filter(|b| b.problems.is_empty()) else {
        return Ok(());
    };
    let schedule = back.migration.schedule(1);
    let Some(sets) = plain::allowed(&schedule, 200) else {
        return Ok(());
    };
    let broken = plain::breaches(&back.migration, 1, &schedule, &sets).expect("room");
    let compile =
        |s: &utsushi_model::migration::State| Plane::compile(Arc::clone(&s.network), s.date);
    let planes: Vec<Plane> = plan.states.iter().map(compile).collect();
    let refs: Vec<&Plane> = planes.iter().collect();
    let mut known: BTreeMap<RuleId, Verdict> = BTreeMap::new();
    for state in &plan.states[..2] {
        for (rule, verdict) in verify_state(&plan, &refs, state).expect("room").verdicts {
            let verdict = verdict.unwrap_or(Verdict::Proved);
            let worst = known.entry(rule).or_insert(verdict);
            *worst = verdict.max(*worst);
        }
    }
    let found = between(&plan, &planes).expect("room");
    let back: Vec<_> = found
        .findings
        .iter()
        .filter(|f| {
            matches!(
                &f.evidence,
                Evidence::Packets {
                    moment: Moment::Back,
                    ..
                }
            )
        })
        .collect();
    let told = |rule: &RuleId, codes: &[Code]| {
        let mut own = back.iter().filter(|f| codes.contains(&f.code));
        own.any(|f| f.rule.as_ref() == Some(rule))
    };
    let asked = |rule: &&Rule| {
        matches!(
            rule.spec,
            Spec::Never { .. } | Spec::OnlyThrough { .. } | Spec::MustReach { .. }
        )
    };
    for rule in plan.requirements.rules.iter().filter(asked) {
        let worst = broken.iter().filter_map(|b| b.get(&rule.id)).max();
        let before = known.get(&rule.id).copied().unwrap_or(Verdict::Proved);
        let sure = told(&rule.id, &[Code::BackForbidden, Code::BackInterrupted]);
        let any = sure || told(&rule.id, &[Code::Undetermined]);
        // Broken on the way and sound where the plan stands: it is told. Sound on the way: nothing is.
        match (worst, before) {
            (Some(Verdict::Broken), before) if before < Verdict::Undetermined => {
                prop_assert!(sure, "{} is broken on the way back and not told", rule.id);
            }
            (Some(Verdict::Undetermined), before) if before < Verdict::Undetermined => {
                prop_assert!(any && !sure, "{} is in doubt on the way back", rule.id);
            }
            (None, _) => prop_assert!(!any, "{} is told: {:#?}", rule.id, back),
            _ => {}
        }
    }
    Ok(())
}
