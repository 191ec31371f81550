//! The states of going back from a step that says what is done for it.
//!
//! Goes in: a migration and its compiled states. Comes out: how many states the way back passes through, and
//! breaches of rules about packets in them, its end among them, that are there neither before the step nor
//! after it. What can go wrong: packet sets, or the parts of the way back, are more than may be held.

use super::between::{Told, cube, is_new, of_step as look_between};
use super::concrete::judge_last;
use crate::plane::Plane;
use crate::space::{Set, Space, SpaceFull};
use crate::verify;
use utsushi_model::finding::{Code, Evidence, Finding};
use utsushi_model::migration::{Back, Migration};
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
    findings.extend(at_the_end(migration, planes, step, &back)?);
    (states.state, states.back) = (step + 1, true);
    for finding in &mut findings {
        finding.code = match finding.code {
            Code::Between => Code::BackForbidden,
            Code::Interrupted => Code::BackInterrupted,
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
    let (before, after) = (&migration.states[step], &migration.states[step + 1]);
    let end = back.migration.states.last();
    if end.is_none_or(|end| before.network.unlike(&end.network).is_empty()) {
        return Ok(Vec::new());
    }
    let Some(verified) = judge_last(&back.migration, planes)? else {
        return Ok(Vec::new());
    };
    let refs: Vec<&Plane> = planes.iter().collect();
    let mut known = verify::verify_state(migration, &refs, before)?.findings;
    known.extend(verify::verify_state(migration, &refs, after)?.findings);
    let mut space = Space::new();
    let mut out = Vec::new();
    for mut finding in verified.findings {
        let mut there = Set::EMPTY;
        for earlier in known.iter().filter(|f| f.rule == finding.rule) {
            let Evidence::Packets { violating, .. } = &earlier.evidence else {
                continue;
            };
            for part in violating {
                let part = space.cube(&cube(part))?;
                there = space.union(there, part)?;
            }
        }
        if is_new(&mut space, &finding, there)? {
            finding.code = match finding.code {
                Code::Unreached => Code::BackInterrupted,
                Code::Undetermined => Code::Undetermined,
                _ => Code::BackForbidden,
            };
            out.push(finding);
        }
    }
    Ok(out)
}
