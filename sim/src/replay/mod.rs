//! Traffic replay: what people need, run through one compiled state.
//!
//! Goes in: a [`Plane`] and the demands that exist in its state. Comes out: [`Loads`]: the load on
//! everything that has a capacity, hour by hour and application by application, what is above its limit,
//! and which demands do not come through. Nothing can go wrong: a demand that makes no sense in the state
//! is a finding.
//!
//! ```text
//!  demand ─▶ conversation ─▶ legs ─▶ cells ─▶ passage (shares there and back)
//!    │         access tables           one packet for all that fare alike │
//!    └────▶ spending per hour ──────────────────────────────▶ ledger ◀────┘ ─▶ rows ─▶ findings
//! ```
//!
//! Which way a packet takes and what is allowed is asked of [`crate::plane`] alone. A demand counts as
//! blocked if any packet of it is: of any sender of the group (exactly, see [`cells`]) and any port of the
//! service, to the first address of the target. What does not come through loads nothing on any leg; the rest is
//! spent, also where equal ways divide and only some of them get through. What hangs on conditions that cannot be judged offline counts as allowed.
//!
//! With a [`Scope`] the same is done on other kinds of days, years of growth on, and when anything fails
//! ([`worst`]); what each resource's worst circumstances are is kept with it.
//!
//! The result is the same on one thread and on many: courses are routed in parallel, each by itself, and
//! spent one after the other in the order of the demands.
//!
//! Modules in reading order: [`conversation`], [`ends`], [`public`], [`tables`], [`chain`], [`choice`], [`cells`],
//! [`passage`], [`amount`], [`prepared`], [`ledger`], [`spend`], [`crowd`], [`logs`], [`failures`], [`worst`], [`gate`], [`share`], [`felt`], [`judge`], [`queue`], [`blocked`].

mod amount;
mod blocked;
mod cells;
mod chain;
mod choice;
pub mod conversation;
mod crowd;
mod ends;
mod failures;
mod felt;
mod gate;
mod judge;
mod ledger;
mod logs;
mod passage;
mod prepared;
mod public;
mod queue;
mod share;
mod spend;
mod tables;
mod worst;

#[cfg(test)]
mod tests;

pub use failures::Failures;

use crate::plane::Plane;
use conversation::Conversation;
use felt::Feeling;
use gate::Gate;
use ledger::Ledger;
use prepared::{Prepared, Talk};
use tables::Tables;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::Demand;
use utsushi_model::finding::Finding;
use utsushi_model::migration::{Requirements, State};
use utsushi_model::report::{GateRow, LoadRow, LogRow, Outage};
use utsushi_model::units::Share;
use worst::Base;

/// What the demands of a state add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loads {
    /// Every resource with a capacity, by kind, then in the order of the network's tables.
    pub rows: Vec<LoadRow>,
    /// Demands that do not come through, in their order; then resources above a limit, in that of `rows`.
    pub findings: Vec<Finding>,
    /// What is lost when something fails, in the order of the failures.
    pub outages: Vec<Outage>,
    /// Whether people can talk, by site and application.
    pub gates: Vec<GateRow>,
    /// What nodes log, in the order of the network.
    pub logs: Vec<LogRow>,
    /// How many failures were looked at.
    pub failures: usize,
}

/// Under which circumstances loads are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scope<'s> {
    /// What may fail.
    pub failures: Failures,
    /// The kind of day that rows are of.
    pub day: DayType,
    /// Kinds of days beside it.
    pub days: &'s [DayType],
    /// Years of growth after the state's date.
    pub years: u32,
    /// The share that keeps its direct way of what leaves directly for the Internet or a cloud service although a later
    /// entry of its access table would send it to a relay; the rest takes the way of the last such entry.
    /// `None`: as the tables say, which is all of it.
    pub breakout: Option<Share>,
    /// Whether only loads are asked for: talk is then not judged, and nobody asks who feels what is too full.
    pub loads_only: bool,
}

/// Runs demands through a state. `demands` are those that exist in it
/// ([`utsushi_model::migration::Migration::demanded`]).
#[must_use]
pub fn replay(
    plane: &Plane,
    state: &State,
    requirements: &Requirements,
    demands: &[&Demand],
    scope: Scope<'_>,
) -> Loads {
    let prepared = Prepared::new(plane, state, requirements, demands, scope);
    let ledger = Ledger::new(&plane.network);
    let base = Base::new(&prepared, &ledger);
    let mut rows = base.rows(state, requirements);
    let mut loads = Loads::default();
    let talk = !scope.loads_only;
    let gate = talk.then(|| Gate::plain(&base, state)).flatten();
    let mut gate = gate.map(|gate| {
        let worst = gate.other_days(state, scope.years);
        (gate, worst)
    });
    if scope.failures != Failures::None || prepared.days.len() > 1 {
        let failures = failures::all(plane, scope.failures);
        let when = (state.index, scope.years);
        let (worst, outages, count) = base.circumstances(when, failures, &mut gate);
        for (row, worst) in rows.iter_mut().zip(worst) {
            row.worst = worst;
        }
        (loads.outages, loads.failures) = (outages, count);
    }
    loads.findings = prepared
        .active()
        .filter_map(|talk| stopped(&prepared, talk))
        .collect();
    let mut feeling = Feeling::new(&base);
    let full = judge::findings(&rows, &ledger, &mut |resource, hour, under| {
        // Who only asks for loads does not read findings.
        match scope.loads_only {
            true => Vec::new(),
            false => feeling.felt(resource, hour, under),
        }
    });
    loads.findings.extend(full);
    let waits = rows.iter().enumerate();
    let late = waits.filter_map(|(at, row)| queue::finding(row, &ledger, at));
    loads.findings.extend(late);
    loads.logs = logs::logs(&base, state.index, requirements.edr_logs);
    if let Some((gate, worst)) = gate {
        let (gates, spoiled) = gate.judged(worst);
        loads.gates = gates;
        loads.findings.extend(spoiled);
    }
    loads.rows = rows;
    loads
}

/// The loads of [`replay`] on an ordinary day with everything up, and nothing else.
#[must_use]
pub fn loads(
    plane: &Plane,
    state: &State,
    requirements: &Requirements,
    demands: &[&Demand],
) -> Vec<LoadRow> {
    let prepared = Prepared::new(plane, state, requirements, demands, Scope::default());
    let ledger = Ledger::new(&plane.network);
    Base::new(&prepared, &ledger).rows(state, requirements)
}

/// Whether anything leaves a state directly for the Internet or a cloud service although its access table would otherwise
/// send it to a relay: whether [`Scope::breakout`] makes a difference.
#[must_use]
pub fn breaks_out(plane: &Plane, requirements: &Requirements, demands: &[&Demand]) -> bool {
    let tables = Tables::new(plane);
    let applications = &requirements.applications;
    demands.iter().any(|demand| {
        let application = applications.get(&demand.application);
        application
            .is_some_and(|a| chain::brought_back(plane, &tables, (demand, &demand.to), a).is_some())
    })
}

/// The finding where a talk does not come through.
fn stopped(prepared: &Prepared<'_>, talk: &Talk<'_>) -> Option<Finding> {
    let Conversation { legs, stop, .. } = &talk.conversation;
    for (i, (leg, course)) in legs.iter().zip(&talk.courses).enumerate() {
        let passage = &prepared.passages[*course];
        if let Some(failure) = &passage.failure {
            return Some(talk.about.lost(prepared.plane, i + 1, leg, failure));
        }
        let goes_on = i + 1 < legs.len() || stop.is_some();
        if goes_on && let Some((sent, share, no)) = prepared.unrelayed(leg, passage, talk) {
            let refused = (sent, share, &no);
            return Some(talk.about.refused(prepared.plane, i + 1, leg, refused));
        }
    }
    stop.as_ref()
        .map(|stop| talk.about.stopped(legs.len(), stop))
}
