//! The states of going back from a step that says what is done for it.
//!
//! Goes in: a migration and its compiled states. Comes out: how many states the way back passes through, and
//! breaches of rules about packets in them, its end among them, that are there neither before the step nor
//! after it. What can go wrong: packet sets, or the parts of the way back, are more than may be held.
//!
//! Before the step means on the day of the state before it; everything else is judged on the day of the step.
//! At the end the rules hold that hold before the step; on the way there those of them that hold after it too.

use super::Full;
use super::between::{Told, of_step as look_between};
use super::concrete::judge_last;
use crate::plane::Plane;
use crate::space::{Set, SpaceFull};
use crate::verify::{Breach, Standing, verify_state};
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Moment};
use utsushi_model::migration::{Back, Migration};
use utsushi_model::report::Verdict;
use utsushi_model::text::Text;

/// What is told of the way back from the state after a step; `None` where the step says nothing of it, or where
/// it does not apply, which rule I-TX-15 tells of.
pub(super) fn of_step(
    migration: &Migration,
    planes: &[Plane],
    step: usize,
) -> Result<Option<Told>, Full> {
    let Some(back) = migration.back(step).filter(|b| b.problems.is_empty()) else {
        return Ok(None);
    };
    let (mut states, mut findings) = look_between(&back.migration, planes, step + 1)?;
    (states.state, states.back) = (step + 1, true);
    findings.extend(at_the_end(migration, planes, step, &back)?);
    for finding in &mut findings {
        if let Evidence::Packets { moment, .. } = &mut finding.evidence {
            *moment = Moment::Back;
        }
        finding.code = match finding.code {
            Code::Between | Code::Forbidden | Code::Bypass | Code::StaleException => {
                Code::BackForbidden
            }
            Code::Interrupted | Code::Unreached => Code::BackInterrupted,
            other => other,
        };
        // The network it happens in is none of the plan's; the state it starts from is the nearest.
        (finding.first, finding.last) = (step + 1, step + 1);
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
    let mut end = judge_last(&back.migration, planes)?;
    let breaches = std::mem::take(&mut end.breaches);
    if breaches.iter().all(|b| b.packets == Set::EMPTY) {
        return Ok(Vec::new());
    }
    let planes: Vec<&Plane> = planes.iter().collect();
    let around = &migration.states[step..=step + 1];
    let around = around.iter().map(|s| verify_state(migration, &planes, s));
    let around: Vec<Standing> = around.collect::<Result<_, _>>()?;
    let whole = &migration.steps[step];
    let id = &whole.id;
    let once = Cause {
        what: Text::new(
            format!("ステップ{id}の切戻しを終えた後"),
            format!("once step {id} is gone back from"),
        ),
        place: whole.place.clone(),
    };
    let mut out = Vec::new();
    for breach in breaches {
        let mut new = breach.packets;
        for known in &around {
            for same in known.breaches.iter().filter(|k| is_known(k, &breach)) {
                let same = end.space.adopt(&known.space, same.packets)?;
                new = end.space.difference(new, same)?;
            }
        }
        let mut finding = breach.finding;
        if let (true, Evidence::Packets { causes, .. }) = (new != Set::EMPTY, &mut finding.evidence)
        {
            causes.insert(0, once.clone());
            out.push(finding);
        }
    }
    Ok(out)
}

/// Whether a breach is one of the same rule, and as certain.
fn is_known(known: &Breach, breach: &Breach) -> bool {
    let certain = known.verdict == Verdict::Broken || breach.verdict != Verdict::Broken;
    certain && known.rules.iter().any(|rule| breach.rules.contains(rule))
}
