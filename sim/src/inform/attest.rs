//! What verdicts rely on though no packet shows it, and how far the evidence for it goes.

use super::function::is_attested;
use super::hops::Reliance;
use crate::plane::Plane;
use std::collections::{BTreeMap, BTreeSet};
use utsushi_model::attestation::{Attestation, Standing, standing};
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Severity};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::Node;
use utsushi_model::place::Place;
use utsushi_model::report::Verdict;
use utsushi_model::rule::{Level, Rule, RuleId};
use utsushi_model::text::Text;

/// What the rules of one state rely on.
#[derive(Debug, Clone, Default)]
pub(super) struct Relied(BTreeMap<Reliance, Vec<(RuleId, Level)>>);

impl Relied {
    /// Notes what a rule relies on; gives its verdict.
    pub(super) fn add(&mut self, rule: &Rule, on: &BTreeSet<Reliance>, plane: &Plane) -> Verdict {
        let vouched = |by: &&Reliance| match by {
            Reliance::Node(at) => node(plane, *at).is_some_and(|n| is_attested(&n.kind)),
            Reliance::Exception(_) => true,
        };
        let mut verdict = Verdict::Proved;
        for by in on.iter().filter(vouched) {
            let rules = self.0.entry(*by).or_default();
            if !rules.iter().any(|(id, _)| *id == rule.id) {
                rules.push((rule.id.clone(), rule.level));
            }
            verdict = Verdict::Attested;
        }
        verdict
    }

    /// One finding for each component whose evidence is not good in this state.
    pub(super) fn findings<'r>(
        &'r self,
        migration: &'r Migration,
        plane: &'r Plane,
        state: &'r State,
    ) -> impl Iterator<Item = Finding> + 'r {
        self.0.iter().filter_map(move |(by, rules)| {
            let (label, evidence, place) = match by {
                Reliance::Node(at) => {
                    let node = node(plane, *at)?;
                    (
                        node.label.clone(),
                        node.assurance.evidence.as_ref(),
                        &node.place,
                    )
                }
                Reliance::Exception(at) => {
                    let exception = migration.requirements.exceptions.iter().nth(*at)?;
                    let label = Text::same(exception.id.to_string());
                    (label, exception.evidence.as_ref(), &exception.place)
                }
            };
            let code = match standing(evidence, state.date) {
                Standing::Good => return None,
                Standing::Missing => Code::NoEvidence,
                Standing::Expired | Standing::NotYet => Code::ExpiredEvidence,
            };
            Some(finding(code, label, (evidence, place), rules, state))
        })
    }
}

fn node(plane: &Plane, at: usize) -> Option<&Node> {
    plane.network.nodes.iter().nth(at)
}

fn finding(
    code: Code,
    subject: Text,
    (evidence, component): (Option<&Attestation>, &Place),
    rules: &[(RuleId, Level)],
    state: &State,
) -> Finding {
    let place = evidence.map_or(component, |e| &e.place);
    let advice = rules.iter().all(|(_, level)| *level == Level::Advice);
    let ids: Vec<&str> = rules.iter().map(|(id, _)| id.as_str()).collect();
    let mut facts = vec![Cause {
        what: Text::new(
            format!("この装置・通信の働きに頼るルール：{}", ids.join("、")),
            format!("rules that rely on it: {}", ids.join(", ")),
        ),
        place: component.clone(),
    }];
    facts.extend(evidence.map(|e| said(e, state)));
    Finding {
        code,
        severity: match advice {
            true => Severity::Note,
            false => code.severity(),
        },
        first: state.index,
        last: state.index,
        rule: rules.first().map(|(id, _)| id.clone()),
        subject,
        place: place.clone(),
        evidence: Evidence::Facts { facts },
    }
}

fn said(evidence: &Attestation, state: &State) -> Cause {
    let (by, document, day) = (&evidence.by, &evidence.document, state.date);
    let (ja, en) = match evidence.expires {
        Some(last) if last < day => (
            format!("{by}「{document}」は {last} までで、{day} には切れている"),
            format!("`{document}` of {by} is good until {last}, not on {day}"),
        ),
        _ => (
            format!(
                "{by}「{document}」は {} からで、{day} にはまだない",
                evidence.date
            ),
            format!(
                "`{document}` of {by} is dated {}, after {day}",
                evidence.date
            ),
        ),
    };
    Cause {
        what: Text::new(ja, en),
        place: evidence.place.clone(),
    }
}
