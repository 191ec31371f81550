//! The way back from the state after a step, where the step says what is done for it.
//!
//! Goes in: a migration and one of its steps. Comes out: a migration whose last step goes back, and what of
//! it does not apply. A step that says nothing is undone change by change, the last first, through the
//! states in which it was done; for it there is nothing to look at.

use super::journey::Journey;
use super::{Migration, Step, StepId};
use crate::id::Table;
use crate::problem::Problem;
use crate::rule::{Period, Rule};

/// A way back.
#[derive(Debug, Clone)]
pub struct Back {
    /// The migration up to the state after the step, and one more step that goes back. Of its rules those
    /// that hold before the step hold in its last state; those that hold after the step too hold on
    /// the way there.
    pub migration: Migration,
    /// What of the way back does not apply, or leaves a network that is not well formed.
    pub problems: Vec<Problem>,
}

impl Migration {
    /// The way back from the state after the step at a position (0 is the first); `None` if the step does
    /// not say what is done for it.
    ///
    /// # Panics
    /// Never for a position in [`Migration::steps`].
    #[must_use]
    pub fn back(&self, position: usize) -> Option<Back> {
        let step = &self.steps[position];
        let undo = step.rollback.clone()?;
        let (before, after) = (&self.states[position], &self.states[position + 1]);
        let back = Step {
            id: StepId::new(format!("{} rollback", step.id)),
            model: before.model,
            changes: undo.changes,
            blocks: undo.blocks,
            rollback: None,
            undoes: Some(step.id.clone()),
            confirms: Vec::new(),
            ..step.clone()
        };
        let mut journey = Journey::begin(&after.network);
        // What retired things left behind was told of the plan, or is no problem there.
        journey.problems.clear();
        let last = journey.after(after, &back);
        let mut states = self.states[..=position + 1].to_vec();
        states.push(last);
        let mut steps = self.steps[..=position].to_vec();
        let mut requirements = self.requirements.clone();
        requirements.rules = Table::default();
        let rules = self.requirements.rules.iter();
        for rule in rules.filter(|rule| self.spans(&rule.period, before)) {
            let both = self.spans(&rule.period, after);
            let period = Period {
                from: (!both).then(|| back.id.clone()),
                until: None,
                whenever: rule.period.whenever.clone(),
            };
            requirements.rules.put(Rule {
                period,
                ..rule.clone()
            });
        }
        steps.push(back);
        Some(Back {
            migration: Self {
                title: self.title.clone(),
                requirements,
                steps,
                states,
            },
            problems: journey.problems,
        })
    }
}
