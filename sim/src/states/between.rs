//! What is told of the states between: breaches that no state before or after a step shows.
//!
//! Goes in: a migration and its compiled states. Comes out: how many states every step passes through, and a
//! finding for each way in which a rule about packets fails in between only, told in the smallest such
//! state, with the changes that must be done and those that must still be open for it. What can go wrong:
//! packet sets, or the parts of a step, are more than may be held.

use super::concrete::{ending_in, judge_last};
use super::look::{BrokenRule, Looked, Shown, look};
use super::{Full, back};
use crate::plane::Plane;
use crate::space::Set;
use rayon::prelude::*;
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Moment, Severity};
use utsushi_model::migration::{Migration, Step};
use utsushi_model::report::{StepStates, Verdict};
use utsushi_model::text::Text;

/// What was seen between the states of a migration.
#[derive(Debug, Default)]
pub struct Between {
    /// Breaches in between only.
    pub findings: Vec<Finding>,
    /// How many states each step passes through.
    pub steps: Vec<StepStates>,
}

/// The states of a step, or their packet sets, are more than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Position of the first such step, 0 is the first.
    pub step: usize,
    /// What is more than may be held.
    pub full: Full,
}

/// Looks at every state of every step.
///
/// # Errors
/// Packet sets, or the parts of a step, are more than may be held.
pub fn between(migration: &Migration, planes: &[Plane]) -> Result<Between, TooMany> {
    let both = |step| {
        let forth = of_step(migration, planes, step)?;
        Ok((forth, back::of_step(migration, planes, step)?))
    };
    let steps: Vec<Result<(Told, Option<Told>), Full>> = (0..migration.steps.len())
        .into_par_iter()
        .map(both)
        .collect();
    let mut out = Between::default();
    for (step, looked) in steps.into_iter().enumerate() {
        let (forth, back) = looked.map_err(|full| TooMany { step, full })?;
        for (states, findings) in std::iter::once(forth).chain(back) {
            out.steps.push(states);
            out.findings.extend(findings);
        }
    }
    Ok(out)
}

/// What is told of a step: its states, and what is found in between.
pub(super) type Told = (StepStates, Vec<Finding>);

/// Looks at the states of one step.
pub(super) fn of_step(migration: &Migration, planes: &[Plane], step: usize) -> Result<Told, Full> {
    if migration.schedule(step).units.len() < 2 {
        // Nothing lies between the state before the step and the one after it.
        let states = StepStates {
            state: step + 1,
            states: 2,
            parts: 1,
            back: false,
        };
        return Ok((states, Vec::new()));
    }
    let mut looked = look(migration, step)?;
    let states = StepStates {
        state: step + 1,
        states: looked.states(),
        parts: looked.windows,
        back: false,
    };
    let mut findings: Vec<Finding> = Vec::new();
    let broken = std::mem::take(&mut looked.broken);
    for rule in &broken {
        for shown in &rule.shown {
            for finding in told(migration, planes, step, &mut looked, (rule, shown))? {
                // The same rule of a device is told once, in the smallest state in which it fails.
                let same = |f: &Finding| {
                    (f.code, &f.rule, &f.place) == (finding.code, &finding.rule, &finding.place)
                };
                if !findings.iter().any(same) {
                    findings.push(finding);
                }
            }
        }
    }
    Ok((states, findings))
}

/// The findings of one state about one rule whose packets break it in between only.
fn told(
    migration: &Migration,
    planes: &[Plane],
    step: usize,
    looked: &mut Looked,
    (rule, shown): (&BrokenRule, &Shown),
) -> Result<Vec<Finding>, Full> {
    let cut = ending_in(migration, step, &looked.schedule, &shown.done);
    let standing = judge_last(&cut, planes)?;
    let lasting = rule.first.union(rule.last, &mut looked.space)?;
    let lasting = lasting.of(shown.certain);
    let mut out = Vec::new();
    for breach in standing.breaches {
        if (shown.certain && breach.verdict != Verdict::Broken)
            || !breach.rules.contains(&rule.rule)
        {
            continue;
        }
        // Only what holds packets that break the rule neither before the step nor after it.
        let packets = looked.space.adopt(&standing.space, breach.packets)?;
        if looked.space.difference(packets, lasting)? == Set::EMPTY {
            continue;
        }
        let mut finding = breach.finding;
        if !shown.certain {
            // What is certain of it lasts; new is only what hangs on a doubt.
            finding.code = Code::Undetermined;
            finding.severity = finding.severity.min(Severity::Warning);
        }
        let Evidence::Packets { causes, moment, .. } = &mut finding.evidence else {
            continue;
        };
        *moment = Moment::Between;
        let mut why = because(&migration.steps[step], looked, shown);
        why.append(causes);
        *causes = why;
        finding.code = match finding.code {
            Code::Unreached => Code::Interrupted,
            Code::Undetermined => Code::Undetermined,
            _ => Code::Between,
        };
        finding.rule = Some(rule.rule.clone());
        out.push(finding);
    }
    Ok(out)
}

/// The state in words: what must be done for it, and what must still be open.
fn because(step: &Step, looked: &Looked, shown: &Shown) -> Vec<Cause> {
    let (done, open) = &shown.because;
    let when = step.words();
    let cause = |unit: usize, done: bool| {
        let changes = &looked.schedule.units[unit];
        let first = changes.first().map(|c| &step.changes[*c]);
        let words = first.map(|c| c.verb.words()).unwrap_or_default();
        let more = changes.len().saturating_sub(1);
        let (ja, en) = match more {
            0 => (words.ja, words.en),
            n => (
                format!("{}ほか{n}件", words.ja),
                format!("{} and {n} more", words.en),
            ),
        };
        Cause {
            what: match done {
                true => Text::new(
                    format!("{}の途中、{ja}の後", when.ja),
                    format!("during {}, after {en}", when.en),
                ),
                false => Text::new(
                    format!("{}の途中、{ja}の前", when.ja),
                    format!("during {}, before {en}", when.en),
                ),
            },
            place: first.map_or_else(|| step.place.clone(), |c| c.place.clone()),
        }
    };
    let done = done.iter().map(|unit| cause(*unit, true));
    done.chain(open.iter().map(|unit| cause(*unit, false)))
        .collect()
}
