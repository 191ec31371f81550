//! What may change, and what is alike: rules that compare states, on random plans.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::sync::Arc;
use utsushi_model::finding::Evidence;
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::network::SegmentId;
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Addresses, Services};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{End, Flow, Level, Period, Provenance, Rule, Spec};
use utsushi_model::text::Text;
use utsushi_sim::diff::between;
use utsushi_sim::diff::only::{Kept, only};
use utsushi_sim::plane::Plane;
use utsushi_sim::plane::trace::{Disposition, trace};

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
        let difference = between(plan, state - 1, state).expect("room");
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
    let difference = between(&plan, 0, last).expect("room");
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
