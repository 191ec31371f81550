//! The whole run on one screen: compile every state, verify, check, replay, report.
//!
//! Goes in: a migration. Comes out: a [`Report`]. What can go wrong: packet sets outgrow their arena.

use crate::diff::only::only;
use crate::plane::Plane;
use crate::replay::Failures;
use crate::space::SpaceFull;
use crate::states::Full;
use crate::{attack, comply, hygiene, inform, replay, states, verify};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::Demand;
use utsushi_model::finding::{Code, Evidence, Finding, Moment};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::HostClass;
use utsushi_model::place::Place;
use utsushi_model::report::{Report, RuleRow, Verdict};
use utsushi_model::rule::RuleId;

/// What of a migration is more than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outgrown {
    /// The packet sets of a state.
    Sets,
    /// What lies between the state before and the state after a step.
    Between,
}

/// Packet sets, or the states of a step, are more than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// What is.
    pub what: Outgrown,
    /// Index of the first such state; for what lies in between, of the state after the step.
    pub state: usize,
    /// What may be held: nodes and ranges of packet sets, or parts of a step.
    pub limit: usize,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, state, limit } = self;
        match what {
            Outgrown::Sets => write!(
                out,
                "the packet sets of state {state} need more than {limit} nodes and ranges"
            ),
            Outgrown::Between => write!(
                out,
                "what lies between state {state} and the one before is more than {limit} parts"
            ),
        }
    }
}

impl std::error::Error for TooLarge {}

impl TooLarge {
    /// What is more than may be held of the states of a step; 0 is the first.
    #[must_use]
    pub const fn of_step(step: usize, full: Full) -> Self {
        let (what, limit) = match full {
            Full::Sets(full) => (Outgrown::Sets, full.limit),
            Full::Parts(limit) => (Outgrown::Between, limit),
        };
        Self {
            what,
            state: step + 1,
            limit,
        }
    }

    /// The first state that does not fit, by going through them one after the other: which one failed in
    /// parallel may differ from run to run.
    fn found(migration: &Migration, planes: &[Plane], full: SpaceFull) -> Self {
        let planes: Vec<&Plane> = planes.iter().collect();
        let fails = |s: &&State| {
            verify::verify_state(migration, &planes, s).is_err()
                || inform::state(migration, planes[s.index], s).is_err()
        };
        let first = migration.states.iter().find(fails);
        Self {
            what: Outgrown::Sets,
            state: first.map_or(0, |s| s.index),
            limit: full.limit,
        }
    }
}

/// Answers both questions for every state of a migration.
///
/// # Errors
/// The packet sets of a state, or the states of a step, are more than may be held.
pub fn run(migration: &Migration) -> Result<Report, TooLarge> {
    let planes = planes(migration);
    let scope = replay::Scope {
        failures: Failures::Single,
        days: &migration.requirements.days,
        ..replay::Scope::default()
    };
    let large = |full| TooLarge::found(migration, &planes, full);
    // All at once, so that the last state of one question does not keep the others waiting.
    let ((verified, informed), ((guarded, replayed), (between, kept))) = rayon::join(
        || {
            rayon::join(
                || verify::verify(migration, &planes),
                || inform::inform(migration, &planes),
            )
        },
        || {
            rayon::join(
                || {
                    rayon::join(
                        || attack::guarded(migration, &planes),
                        || replayed(migration, &planes, scope),
                    )
                },
                || {
                    rayon::join(
                        || states::between(migration, &planes),
                        || only(migration, &planes),
                    )
                },
            )
        },
    );
    let (verified, informed) = (verified.map_err(large)?, informed.map_err(large)?);
    let guarded = guarded.map_err(large)?;
    let between = between.map_err(|many| TooLarge::of_step(many.step, many.full))?;
    let kept = kept.map_err(|(state, full)| TooLarge {
        what: Outgrown::Sets,
        state,
        limit: full.limit,
    })?;
    let replayed = gathered(replayed);
    let known = comply::Known {
        planes: &planes,
        loads: &replayed.rows,
        crossings: &verified.crossings,
    };
    let complied = comply::comply(migration, &known);
    let mut findings = verified.findings;
    findings.extend(complied.findings);
    inform::join(&mut findings, informed.findings);
    findings.extend(guarded.findings);
    findings.extend(between.findings);
    findings.extend(kept.findings);
    findings.extend(replayed.findings);
    Ok(Report {
        title: migration.title.clone(),
        states: migration.states.clone(),
        rules: rule_rows(
            migration,
            &verified
                .verdicts
                .into_iter()
                .chain(informed.verdicts)
                .chain(guarded.verdicts)
                .chain(kept.verdicts)
                .chain(complied.verdicts)
                .collect(),
        ),
        between: between.steps,
        attacks: guarded.rows,
        findings: merged(once(findings)),
        loads: replayed.rows,
        outages: replayed.outages,
        gates: replayed.gates,
        logs: replayed.logs,
        causes: Vec::new(),
        failures: replayed.failures,
        terminals: terminals(migration),
    })
}

/// Loads alone, without isolation: every state under the circumstances asked for. `years` of growth count from the date
/// of each state.
#[must_use]
pub fn capacity(migration: &Migration, failures: Failures, days: &[DayType], years: u32) -> Report {
    under(
        migration,
        replay::Scope {
            failures,
            days,
            years,
            ..replay::Scope::default()
        },
    )
}

/// Loads alone, after every single failure, without the quality of talk and without who feels what is too full: what
/// [`crate::sizing::size`] reads.
#[must_use]
pub fn to_size(migration: &Migration, years: u32) -> Report {
    under(
        migration,
        replay::Scope {
            failures: Failures::Single,
            days: &migration.requirements.days,
            years,
            loads_only: true,
            ..replay::Scope::default()
        },
    )
}

fn under(migration: &Migration, scope: replay::Scope<'_>) -> Report {
    let planes = planes(migration);
    let all = gathered(replayed(migration, &planes, scope));
    let rules = migration.requirements.rules.iter();
    let unjudged = rules.map(|r| (r.id.clone(), vec![None; migration.states.len()]));
    Report {
        rules: rule_rows(migration, &unjudged.collect()),
        findings: merged(all.findings),
        loads: all.rows,
        outages: all.outages,
        gates: all.gates,
        logs: all.logs,
        failures: all.failures,
        terminals: terminals(migration),
        ..Report::unasked(migration)
    }
}

/// The loads of all states, one behind the other.
fn gathered(states: Vec<replay::Loads>) -> replay::Loads {
    let mut all = replay::Loads::default();
    for state in states {
        all.rows.extend(state.rows);
        all.findings.extend(state.findings);
        all.outages.extend(state.outages);
        all.gates.extend(state.gates);
        all.logs.extend(state.logs);
        all.failures += state.failures;
    }
    all
}

/// The lines of ordered lists that could go, or let less pass, in every state.
///
/// # Errors
/// The packet sets of a state need more memory than an arena may hold.
pub fn hygiene(migration: &Migration) -> Result<Report, TooLarge> {
    let planes = planes(migration);
    let of_state = |state: &State| {
        hygiene::state(migration, &planes[state.index], state).map_err(|full| TooLarge {
            what: Outgrown::Sets,
            state: state.index,
            limit: full.limit,
        })
    };
    let findings: Vec<Result<Vec<Finding>, TooLarge>> =
        migration.states.par_iter().map(of_state).collect();
    let findings: Vec<Vec<Finding>> = findings.into_iter().collect::<Result<_, _>>()?;
    let rules = migration.requirements.rules.iter();
    let unjudged = rules.map(|r| (r.id.clone(), vec![None; migration.states.len()]));
    let unjudged = unjudged.collect();
    Ok(Report {
        rules: rule_rows(migration, &unjudged),
        findings: merged(findings.into_iter().flatten().collect()),
        terminals: terminals(migration),
        ..Report::unasked(migration)
    })
}

/// Every state, compiled.
#[must_use]
pub fn planes(migration: &Migration) -> Vec<Plane> {
    migration
        .states
        .par_iter()
        .map(|s| Plane::compile(Arc::clone(&s.network), s.date))
        .collect()
}

/// The loads of every state, in order.
fn replayed(
    migration: &Migration,
    planes: &[Plane],
    scope: replay::Scope<'_>,
) -> Vec<replay::Loads> {
    let states = migration.states.par_iter();
    states
        .map(|state| {
            let demands = migration.requirements.demands.iter();
            let demands: Vec<&Demand> = demands.filter(|d| migration.demanded(d, state)).collect();
            replay::replay(
                &planes[state.index],
                state,
                &migration.requirements,
                &demands,
                scope,
            )
        })
        .collect()
}

fn rule_rows(
    migration: &Migration,
    verdicts: &BTreeMap<RuleId, Vec<Option<Verdict>>>,
) -> Vec<RuleRow> {
    let rules = migration.requirements.rules.iter();
    let row = |rule: &utsushi_model::rule::Rule| RuleRow {
        id: rule.id.clone(),
        label: rule.label.clone(),
        level: rule.level,
        source: rule.source.clone(),
        provenance: rule.provenance,
        verdicts: verdicts.get(&rule.id).cloned().unwrap_or_default(),
    };
    rules.map(row).collect()
}

/// What is told twice is told once: an exception that has run out is told with the traffic that goes on without
/// it, where there is any; a rule that joins other zones now (I-TX-03) and thereby lets forbidden
/// packets through is told as the stale exception that it is, which names I-TX-03 as broken too.
fn once(mut findings: Vec<Finding>) -> Vec<Finding> {
    let told: Vec<(Place, usize)> = findings
        .iter()
        .filter(|f| f.code == Code::StaleException)
        .map(|f| (f.place.clone(), f.first))
        .collect();
    let mut both: Vec<((Place, usize), Option<RuleId>)> = Vec::new();
    for finding in findings.iter_mut().filter(|f| f.code == Code::ZonePair) {
        let (first, rule) = (finding.first, finding.rule.clone());
        let Evidence::Facts { facts } = &mut finding.evidence else {
            continue;
        };
        facts.retain(|fact| {
            let key = (fact.place.clone(), first);
            let twice = told.contains(&key);
            if twice {
                both.push((key, rule.clone()));
            }
            !twice
        });
        if let Some(fact) = facts.first() {
            finding.place = fact.place.clone();
        }
    }
    findings.retain(|f| !matches!(&f.evidence, Evidence::Facts { facts } if facts.is_empty()));
    let named: BTreeSet<Place> = findings
        .iter()
        .filter_map(|f| match &f.evidence {
            Evidence::Packets { causes, .. } => Some(causes),
            _ => None,
        })
        .flatten()
        .map(|cause| cause.place.clone())
        .collect();
    findings.retain(|f| f.code != Code::ExpiredException || !named.contains(&f.place));
    for finding in findings
        .iter_mut()
        .filter(|f| f.code == Code::StaleException)
    {
        let key = (finding.place.clone(), finding.first);
        if let Evidence::Packets { also, .. } = &mut finding.evidence {
            let rules = both.iter().filter(|(k, _)| *k == key);
            also.extend(rules.filter_map(|(_, rule)| rule.clone()));
        }
    }
    findings
}

/// One finding for what shows in consecutive states; errors first, then by state, code and place.
fn merged(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| {
            (
                f.code,
                f.rule.clone(),
                f.subject.en.clone(),
                f.place.clone(),
                aspect(f),
                f.first,
            )
        };
        key(a).cmp(&key(b))
    });
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |f: &&mut Finding| {
            f.code == finding.code
                && f.rule == finding.rule
                && f.subject == finding.subject
                && f.place == finding.place
                && f.severity == finding.severity
                && moment(f) == moment(&finding)
                && aspect(f) == aspect(&finding)
                && f.last + 1 == finding.first
        };
        match out.last_mut().filter(same) {
            Some(there) => {
                there.last = finding.last;
                if is_worse(&finding.evidence, &there.evidence) {
                    there.evidence = finding.evidence;
                }
            }
            None => out.push(finding),
        }
    }
    out.sort_by(|a, b| {
        let key = |f: &Finding| (Reverse(f.severity), f.first, f.code, f.place.clone());
        key(a).cmp(&key(b))
    });
    out
}

/// What of its subject a finding is about, where one subject has several sides.
fn aspect(finding: &Finding) -> String {
    match &finding.evidence {
        Evidence::Load { resource_kind, .. } => format!("{resource_kind:?}"),
        Evidence::Gate { application, .. } => application.en.clone(),
        Evidence::Demand { to, .. } => to.clone(),
        _ => String::new(),
    }
}

/// Whether what a later state shows is worse: a finding over several states shows the worst of them.
fn is_worse(new: &Evidence, old: &Evidence) -> bool {
    match (new, old) {
        (
            Evidence::Load {
                utilisation: new, ..
            },
            Evidence::Load {
                utilisation: old, ..
            },
        ) => new.get() > old.get() * (1.0 + 1e-9),
        (Evidence::Wait { met: new, .. }, Evidence::Wait { met: old, .. }) => {
            new.most.get() > old.most.get() * (1.0 + 1e-9)
        }
        (
            Evidence::Gate {
                sites: new,
                met: worse,
                ..
            },
            Evidence::Gate {
                sites: old, met, ..
            },
        ) => (new.len(), worse.key()) > (old.len(), met.key()),
        _ => false,
    }
}

/// When what a finding tells is so.
fn moment(finding: &Finding) -> Moment {
    match &finding.evidence {
        Evidence::Packets { moment, .. } => *moment,
        _ => Moment::Standing,
    }
}

/// General business terminals (一般事務用端末) of today: what the move is about.
fn terminals(migration: &Migration) -> u64 {
    let today = migration.states.first();
    let groups = today.into_iter().flat_map(|s| s.network.groups.iter());
    groups
        .filter(|g| g.class == HostClass::General)
        .map(|g| u64::from(g.count))
        .sum()
}
