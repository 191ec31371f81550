//! Isolation rules about packets, proved or broken in every state.
//!
//! Goes in: a migration and its compiled planes. Comes out: for every rule of a kind decided here
//! (never, only through, must reach, no stale exception, full separation) a verdict per state, and for every breach the
//! complete violating set, its smallest packet and that packet's way. What can go wrong: the arena of
//! packet sets is full, which is an error and never a verdict.
//!
//! Who a rule speaks of is told by [`ends`]. Modules in reading order: [`reach`] (what each segment's packets
//! reach), [`judge`] (one rule in one state), [`days`] (later days of
//! a state, where something runs out), [`screen`] (which sources can break it
//! at all), [`separation`] (whether anything crosses), [`stale`] (exceptions that a relabelling turned into
//! breaches), [`evidence`]; and [`live`] (a proof kept up to date while filters change).

pub use crate::plane::ends;
mod days;
mod evidence;
mod judge;
pub mod live;
mod reach;
mod screen;
mod separation;
mod stale;

pub use reach::Reached;

use crate::plane::Plane;
use crate::space::{Space, SpaceFull};
pub use judge::Breach;

use judge::Judged;
use rayon::prelude::*;
use utsushi_model::finding::{Cause, Finding};
use utsushi_model::migration::{Migration, State};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{Rule, RuleId, Spec};

/// What was found out about the rules decided here.
#[derive(Debug, Clone, Default)]
pub struct Verified {
    /// For every rule, one verdict per state; `None` where it does not apply.
    pub verdicts: Vec<(RuleId, Vec<Option<Verdict>>)>,
    /// Breaches and undetermined verdicts, state by state.
    pub findings: Vec<Finding>,
    /// For every state what is delivered between zones that a rule asks to know fully separated.
    pub crossings: Vec<Option<Vec<Cause>>>,
}

/// Whether a rule is decided here rather than from the configuration alone.
#[must_use]
pub fn decides(spec: &Spec) -> bool {
    matches!(
        spec,
        Spec::Never { .. }
            | Spec::OnlyThrough { .. }
            | Spec::MustReach { .. }
            | Spec::NoStaleException { .. }
            | Spec::FullySeparated { .. }
            | Spec::DistributionReaches
    )
}

/// Judges every rule about packets in every state.
///
/// # Errors
/// The packet sets of a state need more memory than an arena may hold.
pub fn verify(migration: &Migration, planes: &[Plane]) -> Result<Verified, SpaceFull> {
    let planes: Vec<&Plane> = planes.iter().collect();
    let judged: Vec<Judged> = migration
        .states
        .par_iter()
        .map(|state| days::judged(migration, &planes, state))
        .collect::<Result<_, _>>()?;
    let rules = migration
        .requirements
        .rules
        .iter()
        .filter(|r| decides(&r.spec));
    let verdicts = rules
        .map(|rule| {
            let of_state = |state: &State| verdict(migration, &judged[state.index], rule, state);
            (
                rule.id.clone(),
                migration.states.iter().map(of_state).collect(),
            )
        })
        .collect();
    let crossings = judged.iter().map(|j| j.crossings.clone()).collect();
    let findings = judged
        .into_iter()
        .flat_map(|j| j.breaches.into_iter().map(|b: Breach| b.finding))
        .collect();
    Ok(Verified {
        verdicts,
        findings,
        crossings,
    })
}

/// What was found out about the rules decided here in one state.
#[derive(Debug, Default)]
pub struct Standing {
    /// The verdict on every rule; `None` where it does not apply.
    pub verdicts: Vec<(RuleId, Option<Verdict>)>,
    /// Breaches and doubts.
    pub breaches: Vec<Breach>,
    /// The space of their packets.
    pub space: Space,
}

/// Judges every rule about packets in one state of a migration, on the state's first day; `planes` are its states
/// up to that one.
///
/// # Errors
/// The packet sets of the state need more memory than an arena may hold.
pub fn verify_state(
    migration: &Migration,
    planes: &[&Plane],
    state: &State,
) -> Result<Standing, SpaceFull> {
    let judged = judge::state(migration, planes, state)?;
    let rules = migration.requirements.rules.iter();
    let verdicts = rules.filter(|r| decides(&r.spec)).map(|rule| {
        let verdict = verdict(migration, &judged, rule, state);
        (rule.id.clone(), verdict)
    });
    Ok(Standing {
        verdicts: verdicts.collect(),
        breaches: judged.breaches,
        space: judged.space,
    })
}

fn verdict(migration: &Migration, judged: &Judged, rule: &Rule, state: &State) -> Option<Verdict> {
    if !migration.covers(&rule.period, state) {
        return None;
    }
    let crossed = judged.crossings.as_ref().is_some_and(|c| !c.is_empty());
    if matches!(rule.spec, Spec::FullySeparated { .. }) && crossed {
        return None;
    }
    let concerns = |b: &&Breach| b.rules.contains(&rule.id);
    let worst = judged
        .breaches
        .iter()
        .filter(concerns)
        .map(|b| b.verdict)
        .max();
    Some(worst.unwrap_or(Verdict::Proved))
}
