//! The states of going back from a step that says what is done for it.
//!
//! Goes in: a migration and its compiled states. Comes out: how many states the way back passes through, and
//! breaches of rules about packets in them, its end among them, that are there neither before the step nor
//! after it. What can go wrong: packet sets, or the parts of the way back, are more than may be held.
//!
//! Before the step means on the day of the state before it; everything else is judged on the day of the step.

use super::between::{Told, concerns, is_new, of_step as look_between};
use super::concrete::judge_last;
use super::look::{Packets, look};
use crate::plane::Plane;
use crate::space::{Set, Space, SpaceFull};
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Moment};
use utsushi_model::migration::{Back, Migration, Order, Step};
use utsushi_model::rule::RuleId;
use utsushi_model::text::Text;

/// What is told of the way back from the state after a step; `None` where the step says nothing of it, or where
/// it does not apply, which rule I-TX-15 tells of.
pub(super) fn of_step(
    migration: &Migration,
    planes: &[Plane],
    step: usize,
) -> Result<Option<Told>, SpaceFull> {
    let Some(back) = migration.back(step).filter(|b| b.problems.is_empty()) else {
        return Ok(None);
    };
    let id = &migration.steps[step].id;
    let when = Text::new(
        format!("ステップ{id}の切戻しの途中"),
        format!("on the way back from step {id}"),
    );
    let (mut states, mut findings) = look_between(&back.migration, planes, step + 1, &when)?;
    (states.state, states.back) = (step + 1, true);
    findings.extend(at_the_end(migration, planes, step, &back)?);
    for finding in &mut findings {
        finding.code = match finding.code {
            Code::Between => Code::BackForbidden,
            Code::Interrupted => Code::BackInterrupted,
            other => other,
        };
        // The network it happens in is none of the plan's; the state it starts from is the nearest.
        (finding.first, finding.last) = (step + 1, step + 1);
        if let Evidence::Packets { causes, moment, .. } = &mut finding.evidence {
            *moment = Moment::Back;
            for Text { ja, en } in causes.iter_mut().map(|c| &mut c.what) {
                *ja = ja.replace(
                    &format!("ステップ {id} rollback "),
                    &format!("ステップ{id}の切戻し"),
                );
                *en = en.replace(
                    &format!("step {id} rollback"),
                    &format!("going back from step {id}"),
                );
            }
        }
        let Text { ja, en } = &mut finding.subject;
        *ja = format!("{ja}（ステップ{id}の切戻し）");
        *en = format!("{en} (going back from step {id})");
    }
    Ok(Some((states, findings)))
}

/// What breaks a rule once all is gone back, and broke it neither before the step nor after it.
fn at_the_end(
    migration: &Migration,
    planes: &[Plane],
    step: usize,
    back: &Back,
) -> Result<Vec<Finding>, SpaceFull> {
    let mut looked = look(&back.migration, step + 1)?;
    let (old, standing) = standing(migration, step)?;
    let mut new: Vec<(RuleId, Packets)> = Vec::new();
    for broken in std::mem::take(&mut looked.broken) {
        let mut known = broken.first;
        for (_, there) in standing.iter().filter(|(rule, _)| *rule == broken.rule) {
            let there = Packets {
                perhaps: looked.space.adopt(&old, there.perhaps)?,
                certain: looked.space.adopt(&old, there.certain)?,
            };
            known = known.union(there, &mut looked.space)?;
        }
        let mut is_new = false;
        for certain in [true, false] {
            let (last, known) = (broken.last.of(certain), known.of(certain));
            is_new |= looked.space.difference(last, known)? != Set::EMPTY;
        }
        if is_new {
            new.push((broken.rule, known));
        }
    }
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let verified = judge_last(&back.migration, planes)?.unwrap_or_default();
    let id = &migration.steps[step].id;
    let once = Cause {
        what: Text::new(
            format!("ステップ{id}の切戻しを終えた後"),
            format!("once step {id} is gone back from"),
        ),
        place: migration.steps[step].place.clone(),
    };
    let mut out = Vec::new();
    for mut finding in verified.findings {
        let mut told = None;
        for (rule, known) in new.iter().filter(|(rule, _)| concerns(&finding, rule)) {
            let known = known.of(finding.code != Code::Undetermined);
            if is_new(&mut looked.space, &finding, known)? {
                told = Some(rule);
            }
        }
        let (Some(rule), Evidence::Packets { causes, .. }) = (told, &mut finding.evidence) else {
            continue;
        };
        causes.insert(0, once.clone());
        finding.rule = Some(rule.clone());
        finding.code = match finding.code {
            Code::Unreached => Code::BackInterrupted,
            Code::Undetermined => Code::Undetermined,
            _ => Code::BackForbidden,
        };
        out.push(finding);
    }
    Ok(out)
}

/// What breaks which rule in the state before a step, on its own day.
fn standing(
    migration: &Migration,
    step: usize,
) -> Result<(Space, Vec<(RuleId, Packets)>), SpaceFull> {
    let state = &migration.states[step];
    let mut still = migration.clone();
    still.steps.truncate(step);
    still.steps.push(Step {
        order: Order::Together,
        changes: Vec::new(),
        blocks: Vec::new(),
        rollback: None,
        date: state.date,
        ..migration.steps[step].clone()
    });
    still.states.truncate(step + 1);
    still.states.push(state.clone());
    let looked = look(&still, step)?;
    let broken = looked.broken.into_iter().map(|b| (b.rule, b.first));
    Ok((looked.space, broken.collect()))
}
