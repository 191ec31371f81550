//! The load on one resource in one direction and state, as JSON.

use crate::model::circumstance::{Circumstance, DayType, Failure};
use crate::model::demand::ResourceKind;
use crate::model::finding::{Felt, FeltAt, LoadPart};
use crate::model::report::{Case, LoadRow, LogRow, Outage, Queue, Waiting};
use crate::wording::Context;
use serde::Serialize;

/// One row of `loads`: its busiest hour, and the whole day beside it.
#[derive(Debug, Serialize)]
pub(super) struct Load<'a> {
    step: &'a str,
    state: usize,
    resource: &'a str,
    label: &'a str,
    kind: ResourceKind,
    direction: Option<Direction<'a>>,
    hour: u8,
    offered: Option<f64>,
    capacity: Option<f64>,
    unit: &'static str,
    utilisation: Option<f64>,
    warn: Option<f64>,
    full: Option<f64>,
    failure: Option<&'a str>,
    worst: Vec<Worse>,
    by_application: Vec<Part<'a>>,
    by_hour: Vec<Option<f64>>,
    queue: Option<Queued>,
}

/// How long files wait in one hour, in seconds.
#[derive(Debug, Serialize)]
pub(super) struct Waits {
    hour: u8,
    mean_s: Option<f64>,
    p95_s: Option<f64>,
    backlog: Option<f64>,
}

impl From<&Waiting> for Waits {
    fn from(met: &Waiting) -> Self {
        Self {
            hour: met.hour,
            mean_s: number(met.mean.get()),
            p95_s: number(met.most.get()),
            backlog: number(met.backlog),
        }
    }
}

/// The queue of a sanitiser or mail relay: its longest wait, and the whole day.
#[derive(Debug, Serialize)]
struct Queued {
    limit_s: Option<f64>,
    longest: Option<Waits>,
    by_hour: Vec<Waits>,
}

impl From<&Queue> for Queued {
    fn from(queue: &Queue) -> Self {
        Self {
            limit_s: queue.limit.and_then(|limit| number(limit.get())),
            longest: Waiting::longest(&queue.hours).as_ref().map(Waits::from),
            by_hour: queue.hours.iter().map(Waits::from).collect(),
        }
    }
}

/// A circumstance: the kind of day, years of growth, and what has failed (`link sc-line`).
#[derive(Debug, Serialize)]
pub(super) struct Under {
    day: DayType,
    years: u32,
    failure: Option<String>,
}

impl From<&Circumstance> for Under {
    fn from(circumstance: &Circumstance) -> Self {
        Self {
            day: circumstance.day,
            years: circumstance.years,
            failure: circumstance.failure.as_ref().map(Failure::key),
        }
    }
}

/// What people get of links that are too full.
#[derive(Debug, Serialize)]
pub(super) struct Feels<'a> {
    application: &'a str,
    people: Option<f64>,
    gets: Option<f64>,
    least: Option<f64>,
    sites: Vec<FeelsAt<'a>>,
    more_sites: usize,
}

/// What people at a site get of links that are too full.
#[derive(Debug, Serialize)]
struct FeelsAt<'a> {
    site: &'a str,
    people: Option<f64>,
    gets: Option<f64>,
}

impl<'a> Feels<'a> {
    pub(super) fn new(felt: &'a Felt, context: &Context<'a>) -> Self {
        let at = |at: &'a FeltAt| FeelsAt {
            site: at.site.get(context.lang),
            people: number(at.people),
            gets: number(at.gets),
        };
        Self {
            application: felt.application.get(context.lang),
            people: number(felt.people),
            gets: number(felt.gets),
            least: number(felt.least),
            sites: felt.sites.iter().map(at).collect(),
            more_sites: felt.more,
        }
    }
}

/// The load under a circumstance.
#[derive(Debug, Serialize)]
pub(super) struct Worse {
    #[serde(flatten)]
    under: Under,
    hour: u8,
    offered: Option<f64>,
    capacity: Option<f64>,
    utilisation: Option<f64>,
    wait: Option<Waits>,
}

impl From<&Case> for Worse {
    fn from(case: &Case) -> Self {
        Self {
            under: (&case.circumstance).into(),
            hour: case.hour,
            offered: number(case.offered),
            capacity: number(case.capacity),
            utilisation: number(case.utilisation().get()),
            wait: case.waiting.as_ref().map(Waits::from),
        }
    }
}

/// What is lost when something fails.
#[derive(Debug, Serialize)]
pub(super) struct Lost<'a> {
    step: &'a str,
    state: usize,
    failure: String,
    users: Option<f64>,
    rate: Option<f64>,
    applications: Vec<&'a str>,
}

impl<'a> Lost<'a> {
    pub(super) fn new(outage: &'a Outage, context: &Context<'a>) -> Self {
        let state = context.report.states.get(outage.state);
        let labels = outage.applications.iter();
        Self {
            step: state.map_or("", |s| s.step.as_str()),
            state: outage.state,
            failure: outage.failure.key(),
            users: number(outage.users),
            rate: number(outage.rate.get()),
            applications: labels.map(|a| a.get(context.lang)).collect(),
        }
    }
}

/// What a node logs, in bytes.
#[derive(Debug, Serialize)]
pub(super) struct Logged<'a> {
    step: &'a str,
    state: usize,
    resource: &'a str,
    label: &'a str,
    per_day: Option<f64>,
    days: Option<u32>,
    storage: Option<f64>,
    by_hour: Vec<Option<f64>>,
    without_records: Vec<&'a str>,
}

impl<'a> Logged<'a> {
    pub(super) fn new(row: &'a LogRow, context: &Context<'a>) -> Self {
        let state = context.report.states.get(row.state);
        Self {
            step: state.map_or("", |s| s.step.as_str()),
            state: row.state,
            resource: &row.resource,
            label: row.label.get(context.lang),
            per_day: number(row.per_day()),
            days: row.days,
            storage: row.storage().and_then(number),
            by_hour: row.by_hour.iter().copied().map(number).collect(),
            without_records: context.without_records(),
        }
    }
}

/// From which node to which.
#[derive(Debug, Serialize)]
pub(super) struct Direction<'a> {
    from: &'a str,
    to: &'a str,
}

/// One application's part of a load.
#[derive(Debug, Serialize)]
pub(super) struct Part<'a> {
    application: &'a str,
    offered: Option<f64>,
}

impl<'a> Load<'a> {
    pub(super) fn new(row: &'a LoadRow, context: &Context<'a>) -> Self {
        let (hour, utilisation) = row.busiest();
        let step = context
            .report
            .states
            .get(row.state)
            .map_or("", |state| state.step.as_str());
        Self {
            step,
            state: row.state,
            resource: &row.resource,
            label: row.label.get(context.lang),
            kind: row.kind,
            direction: direction(row.direction.as_ref()),
            hour,
            offered: row.offered.get(usize::from(hour)).copied().and_then(number),
            capacity: number(row.capacity),
            unit: row.kind.unit(),
            utilisation: number(utilisation.get()),
            warn: number(row.warn.get()),
            full: number(row.full.get()),
            // The row itself is that of an ordinary day with everything up.
            failure: None,
            worst: row.worst.iter().map(Worse::from).collect(),
            by_application: parts(&row.parts, context),
            by_hour: row.offered.iter().copied().map(number).collect(),
            queue: row.queue.as_ref().map(Queued::from),
        }
    }
}

pub(super) fn direction(ends: Option<&(String, String)>) -> Option<Direction<'_>> {
    ends.map(|(from, to)| Direction { from, to })
}

pub(super) fn parts<'a>(parts: &'a [LoadPart], context: &Context<'a>) -> Vec<Part<'a>> {
    let part = |p: &'a LoadPart| Part {
        application: p.application.get(context.lang),
        offered: number(p.offered),
    };
    parts.iter().map(part).collect()
}

/// A figure with nine significant digits, so that the last bits of a sum do not show; `None` if it is
/// infinite or not a number.
pub(crate) fn number(value: f64) -> Option<f64> {
    value
        .is_finite()
        .then(|| format!("{value:.8e}").parse().unwrap_or(value))
}
