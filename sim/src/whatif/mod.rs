//! What if: the same plan with other figures, every combination of them, and how full everything is then.
//!
//! Goes in: a migration, and settings such as `terminals=8000,23000` as people type them. Comes out: an [`Answer`], for
//! every combination the peak of every resource with everything up and after the worst single failure. What can go
//! wrong: a key or value that means nothing in this plan; all such mistakes are told at once.
//!
//! ```text
//!  texts ─ read ─▶ question: keys × values ─ choices ─▶ settings ─ apply ─▶ figures ─ replay ─▶ rows ─ fold ─▶ peaks
//! ```
//!
//! Figures are those of use (how many, how much, on which day, in how many years) and of capacity. None of them
//! decides where a packet goes, so states are compiled once and every combination is replayed on the same planes.
//!
//! Answers stand in the order of the values, the last key fastest, on one thread as on many.
//!
//! Modules in reading order: [`key`], [`setting`], [`question`], [`apply`], [`peak`], [`idle`].

mod apply;
mod idle;
mod key;
mod peak;
mod question;
mod setting;

pub use idle::Idle;
pub use key::{Key, OfApplication, OfLink, OfNode};
pub use peak::{Busiest, Peak};
pub use question::{MOST, Mistake, Question, Sweep, Value};
pub use setting::Setting;

use crate::plane::Plane;
use crate::replay::{self, Failures, Loads, Scope};
use apply::Figures;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;
use utsushi_model::demand::{Demand, ResourceKind};
use utsushi_model::migration::{Migration, State};
use utsushi_model::text::Text;
use utsushi_model::units::Utilisation;

/// From this utilisation on a resource that a question bears on comes before all that it does not bear on.
const MATTERS: f64 = 0.5;

/// Utilisations that differ by less are the same.
const NOISE: f64 = 1e-9;

/// A plan whose states are compiled, ready to be asked.
#[derive(Debug)]
pub struct Base<'m> {
    migration: &'m Migration,
    planes: Vec<Plane>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Extent<'e> {
    /// What may fail.
    pub failures: Failures,
    /// Indices of the states.
    pub states: &'e [usize],
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The plan as it is written, in today's use on an ordinary day.
    pub written: Outcome,
    /// One for each combination of values, in the order of [`Question::choices`].
    pub outcomes: Vec<Outcome>,
    /// Keys, or kinds of days, that change nothing.
    pub idle: Vec<Idle>,
}

/// How full everything is with one combination of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// For each key the position of its value.
    pub choice: Vec<usize>,
    /// Every resource with a capacity, in the order in which states name them.
    pub peaks: Vec<Peak>,
    /// Demands that do not come through, and so load nothing, with the index of the state.
    pub blocked: Vec<(usize, Text)>,
}

impl Outcome {
    /// The peak of a resource.
    #[must_use]
    pub fn peak(&self, kind: ResourceKind, resource: &str) -> Option<&Peak> {
        let mut peaks = self.peaks.iter();
        peaks.find(|p| p.kind == kind && p.resource == resource)
    }
}

impl<'m> Base<'m> {
    /// Compiles every state.
    #[must_use]
    pub fn new(migration: &'m Migration) -> Self {
        let states = migration.states.par_iter();
        let compile = |s: &State| Plane::compile(Arc::clone(&s.network), s.date);
        Self {
            migration,
            planes: states.map(compile).collect(),
        }
    }

    /// Reads a question: texts such as `terminals=8000,23000`.
    ///
    /// # Errors
    /// Every key and value that means nothing in this plan.
    pub fn read(&self, texts: &[impl AsRef<str>]) -> Result<Question, Vec<Mistake>> {
        let (question, mut mistakes) = question::read(self.migration, texts);
        let asks = |key: &Key| question.sweeps.iter().any(|s| s.key == *key);
        if asks(&Key::Breakout) && !self.breaks_out() {
            mistakes.push(question::no_breakout());
        }
        if mistakes.is_empty() {
            Ok(question)
        } else {
            Err(mistakes)
        }
    }

    /// Whether anything breaks out locally in any state.
    fn breaks_out(&self) -> bool {
        let mut states = self.migration.states.iter();
        states.any(|state| self.breaks_out_in(state))
    }

    fn breaks_out_in(&self, state: &State) -> bool {
        let requirements = &self.migration.requirements;
        let demands = self.demands(&requirements.demands, state);
        replay::breaks_out(&self.planes[state.index], requirements, &demands)
    }

    fn demands<'d>(
        &self,
        all: &'d utsushi_model::id::Table<Demand>,
        state: &State,
    ) -> Vec<&'d Demand> {
        let demands = all.iter();
        demands
            .filter(|d| self.migration.demanded(d, state))
            .collect()
    }

    /// Answers a question; `done` is called once for every combination, from any thread.
    #[must_use]
    pub fn answer(
        &self,
        question: &Question,
        extent: Extent<'_>,
        done: &(dyn Fn() + Sync),
    ) -> Answer {
        let choices = question.choices().into_par_iter();
        let outcomes = choices.map(|choice| {
            let outcome = self.outcome(question, choice, extent);
            done();
            outcome
        });
        let written = || self.outcome(&Question::default(), Vec::new(), extent);
        let (written, outcomes) = rayon::join(written, || outcomes.collect::<Vec<_>>());
        let idle = idle::idle(self, question, &outcomes, extent);
        Answer {
            written,
            outcomes,
            idle,
        }
    }

    fn outcome(&self, question: &Question, choice: Vec<usize>, extent: Extent<'_>) -> Outcome {
        let figures = Figures::with(self.migration, question.settings(&choice));
        let states = extent.states.par_iter();
        let loads: Vec<Loads> = states
            .map(|state| self.loads(*state, &figures, extent.failures))
            .collect();
        let mut blocked = Vec::new();
        for finding in loads.iter().flat_map(|l| &l.findings) {
            if finding.code.as_str().starts_with("DEM-") {
                blocked.push((finding.first, finding.subject.clone()));
            }
        }
        Outcome {
            choice,
            peaks: peak::fold(&loads, extent.failures != Failures::None),
            blocked,
        }
    }

    fn loads(&self, index: usize, figures: &Figures, failures: Failures) -> Loads {
        let mut plane = Cow::Borrowed(&self.planes[index]);
        let state = &self.migration.states[index];
        if let Some(networks) = &figures.networks {
            // CORRECTNESS: `Figures` changes counts and capacities alone, of which a compiled state holds nothing else.
            plane.to_mut().network = Arc::clone(&networks[index]);
        }
        let demands = self.demands(&figures.requirements.demands, state);
        let scope = Scope {
            failures,
            day: figures.day,
            days: &[],
            years: figures.years,
            breakout: figures.breakout,
            loads_only: true,
        };
        replay::replay(&plane, state, &figures.requirements, &demands, scope)
    }
}

impl Answer {
    /// The resources that matter most: first those that the question bears on and that get half full, then the others, the
    /// fullest first; equals in the order of the plan.
    #[must_use]
    pub fn foremost(&self, top: usize) -> Vec<&Peak> {
        let first = self.outcomes.first().unwrap_or(&self.written);
        let mut ranked: Vec<(bool, f64, &Peak)> =
            first.peaks.iter().map(|p| self.rank(p)).collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
        let chosen = ranked.into_iter().take(top);
        chosen.map(|(_, _, peak)| peak).collect()
    }

    /// Whether the question bears on a resource, and how full it gets: whether it is as full as in the plan as written
    /// with every combination.
    fn rank<'p>(&'p self, peak: &'p Peak) -> (bool, f64, &'p Peak) {
        let share = |o: &Outcome| {
            let peak = o.peak(peak.kind, &peak.resource)?;
            Some(peak.fullest().utilisation().get())
        };
        let written = share(&self.written);
        let loads: Vec<f64> = self.outcomes.iter().filter_map(share).collect();
        let most = loads.iter().copied().fold(0.0, f64::max);
        let moves = |load: &f64| written.is_none_or(|w| (load - w).abs() > NOISE);
        let matters = most.max(written.unwrap_or_default()) >= MATTERS;
        (matters && loads.iter().any(moves), most, peak)
    }

    /// The state in which a resource hangs most on the question although its peak, which is in another, does not at all: index
    /// of the state, and the least and most of its load by capacity there. `None` where the peak tells it.
    #[must_use]
    pub fn elsewhere(&self, peak: &Peak) -> Option<(usize, Utilisation, Utilisation)> {
        let outcomes = self.outcomes.iter();
        let peaks = outcomes.filter_map(|o| o.peak(peak.kind, &peak.resource));
        let peaks: Vec<&Peak> = peaks.collect();
        let span = |loads: &mut dyn Iterator<Item = f64>| {
            loads.fold((f64::INFINITY, 0.0_f64), |(least, most), load| {
                (least.min(load), most.max(load))
            })
        };
        let (least, most) = span(&mut peaks.iter().map(|p| p.normal.utilisation().get()));
        if most - least > NOISE {
            return None;
        }
        let of = |state: usize| {
            let states = peaks.iter().flat_map(|p| &p.states);
            let loads = states.filter(|(of, _)| *of == state);
            let (least, most) = span(&mut loads.map(|(_, load)| load.get()));
            (state, least, most)
        };
        let states = peak.states.iter().map(|(state, _)| of(*state));
        let moves = states.filter(|(_, least, most)| most - least > NOISE);
        let found = moves.max_by(|a, b| (a.2 - a.1).total_cmp(&(b.2 - b.1)))?;
        let (state, least, most) = found;
        Some((state, Utilisation::new(least), Utilisation::new(most)))
    }

    /// Demands that come through in the plan as written and not with a combination, with the index of the state.
    #[must_use]
    pub fn newly_blocked<'o>(&'o self, outcome: &'o Outcome) -> Vec<&'o (usize, Text)> {
        let blocked = outcome.blocked.iter();
        blocked
            .filter(|b| !self.written.blocked.contains(b))
            .collect()
    }
}
