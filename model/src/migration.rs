//! A migration: today's network, an ordered list of steps, and what must hold on the way.
//!
//! A [`Migration`] can only be made by [`Migration::new`], which applies every change of every step to
//! a well-formed network and keeps every state; so whoever holds one knows that each step applies.

use crate::change::Change;
use crate::circumstance::DayType;
use crate::date::Date;
use crate::demand::{Application, Demand, Source, Thresholds};
use crate::id::{Id, Named, Table};
use crate::network::{Logging, Network, NodeId};
use crate::place::Place;
use crate::policy::Name;
use crate::problem::Problem;
use crate::rule::{Check, Exception, Period, Rule, Undecided};
use crate::text::Text;
use crate::wellformed;
use journey::Journey;
use std::sync::Arc;

mod back;
mod journey;
mod order;

pub use back::Back;
pub use order::{Block, Order, Schedule};

/// The id of a step, as written (`1`, `2b`, …).
pub type StepId = Id<Step>;

/// The models of the Ministry's guideline that a state can be built after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// α.
    Alpha,
    /// α'.
    AlphaPrime,
    /// β.
    Beta,
    /// β'.
    BetaPrime,
}

impl Model {
    /// The Greek name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Alpha => "α",
            Self::AlphaPrime => "α'",
            Self::Beta => "β",
            Self::BetaPrime => "β'",
        }
    }
}

/// Rules of a node that a step confirms as they are (I-TX-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The node.
    pub node: NodeId,
    /// Names of its filter rules, a proxy's own among them, translations and policy routes.
    pub rules: Vec<Name>,
    /// Where it is written.
    pub place: Place,
}

/// What is done to go back from the state after a step.
#[derive(Debug, Clone, Default)]
pub struct Undo {
    /// The changes; they happen in the order of the step.
    pub changes: Vec<Change>,
    /// Parts of them with a name or an order of their own.
    pub blocks: Vec<Block>,
}

/// A step of a migration.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// What people call it.
    pub label: Text,
    /// The model the state after it is built after.
    pub model: Model,
    /// The day on which it is done.
    pub date: Date,
    /// How its changes happen.
    pub order: Order,
    /// What is changed.
    pub changes: Vec<Change>,
    /// Parts of the changes with a name or an order of their own, in the order of the changes.
    pub blocks: Vec<Block>,
    /// The step it goes back from, where it is a way back.
    pub undoes: Option<StepId>,
    /// What is done to go back; `None` undoes the changes, the last first.
    pub rollback: Option<Undo>,
    /// Rules that somebody looked at again: they are meant to stay although zones around them change.
    pub confirms: Vec<Confirmed>,
    /// Where it is written.
    pub place: Place,
}

impl Named for Step {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Step {
    /// What it is called in sentences.
    #[must_use]
    pub fn words(&self) -> Text {
        match &self.undoes {
            None => Text::new(format!("ステップ{}", self.id), format!("step {}", self.id)),
            Some(id) => Text::new(
                format!("ステップ{id}の切戻し"),
                format!("the way back from step {id}"),
            ),
        }
    }
}

/// The network as it stands after a step.
#[derive(Debug, Clone)]
pub struct State {
    /// 0 is today; `n` is after the n-th step.
    pub index: usize,
    /// The id of the step it follows; `0` for today.
    pub step: StepId,
    /// What people call it.
    pub label: Text,
    /// The model it is built after.
    pub model: Model,
    /// The day on which it begins.
    pub date: Date,
    /// The network.
    pub network: Arc<Network>,
    /// Where it is written.
    pub place: Place,
}

/// Everything a scenario says beside network and steps.
#[derive(Debug, Clone, Default)]
pub struct Requirements {
    /// Isolation rules.
    pub rules: Table<Rule>,
    /// Exceptions from them.
    pub exceptions: Table<Exception>,
    /// Rows of the catalogue that its packs cannot decide.
    pub undecided: Table<Undecided>,
    /// Checks that are made before something begins.
    pub checks: Table<Check>,
    /// Applications.
    pub applications: Table<Application>,
    /// Demands.
    pub demands: Table<Demand>,
    /// What marks in the sources of applications stand for.
    pub sources: Table<Source>,
    /// How full a resource may be.
    pub thresholds: Thresholds,
    /// Kinds of days to be looked at beside the ordinary one.
    pub days: Vec<DayType>,
    /// What a host under EDR (端末挙動監視) reports in a day, and for how long that is kept, where it is said.
    pub edr_logs: Option<Logging>,
    /// The day of which the figures of demands and applications are, from which growth counts: that of the start of the
    /// migration, which [`Migration::new`] puts here. `None`: the day of each state.
    pub since: Option<Date>,
}

/// The start of a migration.
#[derive(Debug, Clone)]
pub struct Start {
    /// What people call today's state.
    pub label: Text,
    /// The model it is built after.
    pub model: Model,
    /// Today.
    pub date: Date,
    /// Today's network.
    pub network: Network,
    /// Where it is written.
    pub place: Place,
}

/// A migration whose every step applies.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its title.
    pub title: Text,
    /// What must hold and what is needed.
    pub requirements: Requirements,
    /// The steps.
    pub steps: Vec<Step>,
    /// Today and the state after every step.
    pub states: Vec<State>,
}

impl Migration {
    /// Applies every step to today's network.
    ///
    /// The network must be well formed today and after every change (after the last one where a step's
    /// changes happen together; a change written once for many things counts as one). A name that a
    /// change leaves behind in a rule, object or access table is no problem here: whether something still
    /// refers to what was retired is what rule I-TX-08 looks for.
    ///
    /// # Errors
    /// Every way in which today's network or a later one is not well formed, dates are out of order, a
    /// change does not apply, or requirements do not fit. After a change that does not apply the rest of
    /// the plan is applied to the network as it was before it, so that later problems are found too.
    pub fn new(
        title: Text,
        start: Start,
        steps: Vec<Step>,
        mut requirements: Requirements,
    ) -> Result<Self, Vec<Problem>> {
        requirements.since = Some(start.date);
        let mut journey = Journey::begin(&start.network);
        let mut states = vec![State {
            index: 0,
            step: StepId::new("0"),
            label: start.label,
            model: start.model,
            date: start.date,
            network: Arc::new(start.network),
            place: start.place,
        }];
        for step in &steps {
            let next = journey.after(&states[states.len() - 1], step);
            states.push(next);
        }
        let mut problems = journey.problems;
        problems.extend(wellformed::check_requirements(
            &requirements,
            &steps,
            &states,
        ));
        if problems.is_empty() {
            Ok(Self {
                title,
                requirements,
                steps,
                states,
            })
        } else {
            Err(problems)
        }
    }

    /// Whether a period covers a state: it lies between its steps, and all conditions hold in it.
    #[must_use]
    pub fn covers(&self, period: &Period, state: &State) -> bool {
        self.spans(period, state) && period.whenever.iter().all(|c| c.holds(&state.network))
    }

    /// Whether a state lies between the steps of a period, whether or not its conditions hold.
    #[must_use]
    pub fn spans(&self, period: &Period, state: &State) -> bool {
        covers(
            &self.states,
            period.from.as_ref(),
            period.until.as_ref(),
            state.index,
        )
    }

    /// How the changes of the step at a position (0 is the first) may happen.
    ///
    /// # Panics
    /// Never for a position in [`Migration::steps`].
    #[must_use]
    pub fn schedule(&self, step: usize) -> Schedule {
        Schedule::of(&self.steps[step], &self.states[step].network).0
    }

    /// Whether a demand exists in a state.
    #[must_use]
    pub fn demanded(&self, demand: &Demand, state: &State) -> bool {
        covers(
            &self.states,
            demand.from.as_ref(),
            demand.until.as_ref(),
            state.index,
        )
    }
}

fn covers(states: &[State], from: Option<&StepId>, until: Option<&StepId>, index: usize) -> bool {
    let position = |id: &StepId| states.iter().position(|s| s.step == *id);
    from.is_none_or(|id| position(id).is_some_and(|p| p <= index))
        && until.is_none_or(|id| position(id).is_none_or(|p| index < p))
}
