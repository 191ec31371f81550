//! What is told of the states between: breaches that no state before or after a step shows.
//!
//! Goes in: a migration and its compiled states. Comes out: how many states every step passes through, and a
//! finding for each way in which a rule about packets fails in between only, told in the smallest such
//! state, with the changes that must be done and those that must still be open for it. What can go wrong:
//! packet sets, or the parts of a step, are more than may be held.

use super::back;
use super::concrete::{ending_in, judge_last};
use super::look::{BrokenRule, Looked, Shown, look};
use super::when::MOST;
use crate::plane::Plane;
use crate::plane::sets::intervals;
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull};
use rayon::prelude::*;
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Moment, PacketBox, Severity};
use utsushi_model::migration::{Migration, Step};
use utsushi_model::report::StepStates;
use utsushi_model::rule::RuleId;
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
    /// Whether it is parts of the step that are too many; otherwise its packet sets are too large.
    pub parts: bool,
    /// What may be held: parts of a step, or nodes and ranges of packet sets.
    pub limit: usize,
}

/// Whether what is full is no arena: parts of a step, or combinations of changes that bear on conditions.
#[must_use]
pub const fn is_of_parts(full: SpaceFull) -> bool {
    full.limit <= MOST
}

/// Looks at every state of every step.
///
/// # Errors
/// Packet sets, or the parts of a step, are more than may be held.
pub fn between(migration: &Migration, planes: &[Plane]) -> Result<Between, TooMany> {
    let both = |step| {
        let forth = of_step(migration, planes, step, &forth(&migration.steps[step]))?;
        Ok((forth, back::of_step(migration, planes, step)?))
    };
    let steps: Vec<Result<(Told, Option<Told>), SpaceFull>> = (0..migration.steps.len())
        .into_par_iter()
        .map(both)
        .collect();
    let mut out = Between::default();
    for (step, looked) in steps.into_iter().enumerate() {
        let (forth, back) = looked.map_err(|full| TooMany {
            step,
            parts: is_of_parts(full),
            limit: full.limit,
        })?;
        for (states, findings) in std::iter::once(forth).chain(back) {
            out.steps.push(states);
            out.findings.extend(findings);
        }
    }
    Ok(out)
}

/// What is told of a step: its states, and what is found in between.
pub(super) type Told = (StepStates, Vec<Finding>);

/// When something is seen, in words: while a step is done.
fn forth(step: &Step) -> Text {
    let id = &step.id;
    Text::new(format!("ステップ{id}の途中"), format!("during step {id}"))
}

/// Looks at the states of one step; `when` says what is going on.
pub(super) fn of_step(
    migration: &Migration,
    planes: &[Plane],
    step: usize,
    when: &Text,
) -> Result<Told, SpaceFull> {
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
            for finding in told(migration, planes, (step, when), &mut looked, (rule, shown))? {
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
    (step, when): (usize, &Text),
    looked: &mut Looked,
    (rule, shown): (&BrokenRule, &Shown),
) -> Result<Vec<Finding>, SpaceFull> {
    let cut = ending_in(migration, step, &looked.schedule, &shown.done);
    let Some(verified) = judge_last(&cut, planes)? else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for mut finding in verified.findings {
        let lasting = rule.first.union(rule.last, &mut looked.space)?;
        let doubtful = finding.code == Code::Undetermined;
        if (shown.certain && doubtful)
            || !concerns(&finding, &rule.rule)
            || !is_new(&mut looked.space, &finding, lasting.of(shown.certain))?
        {
            continue;
        }
        if !shown.certain {
            // What is certain of it lasts; new is only what hangs on a doubt.
            finding.code = Code::Undetermined;
            finding.severity = finding.severity.min(Severity::Warning);
        }
        let Evidence::Packets { causes, moment, .. } = &mut finding.evidence else {
            continue;
        };
        *moment = Moment::Between;
        let mut why = because((&migration.steps[step], when), looked, shown);
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

pub(super) fn concerns(finding: &Finding, rule: &RuleId) -> bool {
    let also = match &finding.evidence {
        Evidence::Packets { also, .. } => also.contains(rule),
        _ => false,
    };
    also || finding.rule.as_ref() == Some(rule)
}

/// Whether a finding holds packets that break the rule neither before the step nor after it. One that had to
/// leave boxes out may hold them there: it counts, for some are known to be somewhere.
pub(super) fn is_new(
    space: &mut Space,
    finding: &Finding,
    lasting: Set,
) -> Result<bool, SpaceFull> {
    let Evidence::Packets {
        violating,
        left_out,
        ..
    } = &finding.evidence
    else {
        return Ok(false);
    };
    if *left_out > 0 {
        return Ok(true);
    }
    for part in violating {
        let set = space.cube(&cube(part))?;
        if space.difference(set, lasting)? != Set::EMPTY {
            return Ok(true);
        }
    }
    Ok(false)
}

fn cube(part: &PacketBox) -> Cube {
    let ports = |ranges: &[utsushi_model::service::PortRange]| {
        let one = |r: &utsushi_model::service::PortRange| {
            Interval::new(u128::from(r.first), u128::from(r.last))
        };
        ranges.iter().map(one).collect()
    };
    let protocols = part.protocol.iter();
    let protocols = protocols.map(|p| Interval::new(u128::from(p.first), u128::from(p.last)));
    Cube::any()
        .with(Field::Src, intervals(&part.src))
        .with(Field::Dst, intervals(&part.dst))
        .with(Field::Protocol, protocols.collect())
        .with(Field::SrcPort, ports(&part.src_ports))
        .with(Field::DstPort, ports(&part.dst_ports))
}

/// The state in words: what must be done for it, and what must still be open.
fn because((step, when): (&Step, &Text), looked: &Looked, shown: &Shown) -> Vec<Cause> {
    let (done, open) = &shown.because;
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
                    format!("{}、{ja}の後", when.ja),
                    format!("{}, after {en}", when.en),
                ),
                false => Text::new(
                    format!("{}、{ja}の前", when.ja),
                    format!("{}, before {en}", when.en),
                ),
            },
            place: first.map_or_else(|| step.place.clone(), |c| c.place.clone()),
        }
    };
    let done = done.iter().map(|unit| cause(*unit, true));
    done.chain(open.iter().map(|unit| cause(*unit, false)))
        .collect()
}
