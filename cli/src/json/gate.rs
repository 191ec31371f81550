//! Whether people can talk, as JSON.

use super::load::{Under, number};
use crate::model::report::{
    GateBeyond, GateCase, GateCut, GateHour, GatePart, GateRow, GateStrict, GateVerdict,
};
use crate::wording::Context;
use serde::Serialize;

/// What talk meets in one hour: loss as a share, jitter and delay in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Met<'a> {
    verdict: GateVerdict,
    loss: Option<f64>,
    jitter_ms: Option<f64>,
    delay_ms: Option<f64>,
    worst_hop: &'a str,
    spent: &'static str,
    model: &'static str,
    beyond_edge: Beyond,
    microsoft: Strict,
}

/// What is met of it beyond the body's own edge.
#[derive(Debug, Serialize)]
struct Beyond {
    loss: Option<f64>,
    jitter_ms: Option<f64>,
    delay_ms: Option<f64>,
}

impl From<GateBeyond> for Beyond {
    fn from(beyond: GateBeyond) -> Self {
        Self {
            loss: number(beyond.loss),
            jitter_ms: number(beyond.jitter.get() * 1e3),
            delay_ms: number(beyond.delay.get() * 1e3),
        }
    }
}

/// The limit of Microsoft's profile that is furthest spent.
#[derive(Debug, Serialize)]
struct Strict {
    part: GatePart,
    limit: &'static str,
    used: Option<f64>,
}

impl From<GateStrict> for Strict {
    fn from(strict: GateStrict) -> Self {
        Self {
            part: strict.part,
            limit: strict.limit,
            used: number(strict.used),
        }
    }
}

impl<'a> From<&'a GateHour> for Met<'a> {
    fn from(met: &'a GateHour) -> Self {
        Self {
            verdict: met.verdict,
            loss: number(met.loss),
            jitter_ms: number(met.jitter.get() * 1e3),
            delay_ms: number(met.delay.get() * 1e3),
            worst_hop: &met.hop,
            spent: met.spent,
            model: met.model,
            beyond_edge: met.beyond.into(),
            microsoft: met.strict.into(),
        }
    }
}

/// What talk meets under another circumstance.
#[derive(Debug, Serialize)]
pub(super) struct Worse<'a> {
    #[serde(flatten)]
    under: Under,
    hour: u8,
    met: Met<'a>,
}

impl<'a> From<&'a GateCase> for Worse<'a> {
    fn from(case: &'a GateCase) -> Self {
        Self {
            under: (&case.circumstance).into(),
            hour: case.hour,
            met: (&case.met).into(),
        }
    }
}

/// Failures that cut talk off.
#[derive(Debug, Serialize)]
pub(super) struct Cut {
    failures: usize,
    first: String,
}

impl From<&GateCut> for Cut {
    fn from(cut: &GateCut) -> Self {
        Self {
            failures: cut.failures,
            first: cut.first.key(),
        }
    }
}

/// One site and application: its worst hour, and the whole day beside it.
#[derive(Debug, Serialize)]
pub(super) struct Gate<'a> {
    step: &'a str,
    state: usize,
    site: &'a str,
    label: &'a str,
    application: &'a str,
    users: u32,
    hour: Option<u8>,
    worst: Option<Met<'a>>,
    by_hour: Vec<Option<Met<'a>>>,
    worse: Option<Worse<'a>>,
    cut_off: Option<Cut>,
}

impl<'a> Gate<'a> {
    pub(super) fn new(row: &'a GateRow, context: &Context<'a>) -> Self {
        let worst = row.worst();
        let state = context.report.states.get(row.state);
        Self {
            step: state.map_or("", |s| s.step.as_str()),
            state: row.state,
            site: &row.site,
            label: row.label.get(context.lang),
            application: row.application.get(context.lang),
            users: row.users,
            hour: worst.map(|(hour, _)| hour),
            worst: worst.map(|(_, met)| met.into()),
            by_hour: row
                .hours
                .iter()
                .map(|m| m.as_ref().map(Met::from))
                .collect(),
            worse: row.worse.as_ref().map(Worse::from),
            cut_off: row.cut.as_ref().map(Cut::from),
        }
    }
}
