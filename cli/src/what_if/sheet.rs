//! The answer for a spreadsheet and for other programs.

use super::Told;
use super::words::Passes;
use crate::json::load::number as figure;
use crate::model::circumstance::Failure;
use crate::model::demand::ResourceKind;
use crate::model::text::Lang;
use crate::sim::replay::Failures;
use crate::sim::whatif::{Busiest, Outcome, Peak, Sweep};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    lang: Lang,
    scenario: &'a str,
    step: Option<&'a str>,
    failures: &'static str,
    keys: Vec<KeyRow<'a>>,
    written: CaseRow<'a>,
    cases: Vec<CaseRow<'a>>,
}

#[derive(Serialize)]
struct KeyRow<'a> {
    key: &'a str,
    label: String,
    values: Vec<&'a str>,
    idle: Vec<&'a str>,
    why_idle: Option<&'a str>,
}

#[derive(Serialize)]
struct CaseRow<'a> {
    values: BTreeMap<&'a str, &'a str>,
    resources: Vec<ResourceRow<'a>>,
    blocked: Vec<BlockedRow<'a>>,
}

#[derive(Serialize)]
struct BlockedRow<'a> {
    step: &'a str,
    demand: &'a str,
}

#[derive(Serialize)]
struct ResourceRow<'a> {
    resource: &'a str,
    label: &'a str,
    kind: ResourceKind,
    unit: &'static str,
    warn: Option<f64>,
    full: Option<f64>,
    normal: BusiestRow<'a>,
    degraded: Option<BusiestRow<'a>>,
}

#[derive(Serialize)]
struct BusiestRow<'a> {
    step: &'a str,
    hour: u8,
    direction: Option<Direction<'a>>,
    offered: Option<f64>,
    capacity: Option<f64>,
    utilisation: Option<f64>,
    passes: &'static str,
    failure: Option<String>,
}

#[derive(Serialize)]
struct Direction<'a> {
    from: &'a str,
    to: &'a str,
}

impl<'a> Told<'a> {
    /// For other programs: `utsushi.what-if/1`.
    ///
    /// # Errors
    /// The writer's own.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let sweeps = self.question.sweeps.iter().zip(self.keys()).enumerate();
        let key = |(at, (sweep, label)): (usize, (&'a Sweep, String))| {
            let idle = self.answer.idle.iter().find(|idle| idle.key == at);
            KeyRow {
                key: &sweep.name,
                label,
                values: sweep.values.iter().map(|v| v.text.as_str()).collect(),
                idle: idle.map_or_else(Vec::new, |idle| self.idle_values(idle)),
                why_idle: idle.map(|idle| idle.why.get(self.lang)),
            }
        };
        let document = Document {
            schema: "utsushi.what-if/1",
            version: env!("CARGO_PKG_VERSION"),
            lang: self.lang,
            scenario: self.migration.title.get(self.lang),
            step: self.state.map(|state| self.step_of(state)),
            failures: match self.failures {
                Failures::None => "none",
                Failures::Single => "single",
                Failures::Pairs => "pairs",
            },
            keys: sweeps.map(key).collect(),
            written: self.case(&self.answer.written),
            cases: self.answer.outcomes.iter().map(|o| self.case(o)).collect(),
        };
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }

    fn case(&self, outcome: &'a Outcome) -> CaseRow<'a> {
        let names = self.question.sweeps.iter().map(|s| s.name.as_str());
        let blocked = outcome.blocked.iter();
        let blocked = blocked.map(|(state, demand)| BlockedRow {
            step: self.step_of(*state),
            demand: demand.get(self.lang),
        });
        CaseRow {
            values: names.zip(self.values(outcome)).collect(),
            resources: self.shown(outcome).map(|p| self.resource(p)).collect(),
            blocked: blocked.collect(),
        }
    }

    /// The peaks of the resources that are shown.
    fn shown(&self, outcome: &'a Outcome) -> impl Iterator<Item = &'a Peak> {
        let resources = self.resources().into_iter();
        resources.filter_map(|of| outcome.peak(of.kind, &of.resource))
    }

    fn step_of(&self, state: usize) -> &'a str {
        let state = self.migration.states.get(state);
        state.map_or("", |s| s.step.as_str())
    }

    fn resource(&self, peak: &'a Peak) -> ResourceRow<'a> {
        ResourceRow {
            resource: &peak.resource,
            label: peak.label.get(self.lang),
            kind: peak.kind,
            unit: peak.kind.unit(),
            warn: figure(peak.warn.get()),
            full: figure(peak.full.get()),
            normal: self.busiest(peak, &peak.normal),
            degraded: peak.degraded.as_ref().map(|b| self.busiest(peak, b)),
        }
    }

    fn busiest(&self, peak: &Peak, busiest: &'a Busiest) -> BusiestRow<'a> {
        let direction = busiest.direction.as_ref();
        BusiestRow {
            step: self.step_of(busiest.state),
            hour: busiest.hour,
            direction: direction.map(|(from, to)| Direction { from, to }),
            offered: figure(busiest.offered),
            capacity: figure(busiest.capacity),
            utilisation: figure(busiest.utilisation().get()),
            passes: Passes::of(peak, busiest).word(),
            failure: busiest.failure.as_ref().map(Failure::key),
        }
    }

    /// For a spreadsheet: a line for each combination, resource and side, figures in the units of the kinds.
    ///
    /// # Errors
    /// The writer's own.
    pub fn csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let names = self.question.sweeps.iter().map(|s| s.name.as_str());
        writer.write_record(names.chain([
            "resource",
            "label",
            "kind",
            "when",
            "offered",
            "capacity",
            "unit",
            "utilisation",
            "warn",
            "full",
            "passes",
            "step",
            "hour",
            "from",
            "to",
            "failure",
        ]))?;
        for outcome in &self.answer.outcomes {
            for peak in self.shown(outcome) {
                let degraded = peak.degraded.as_ref().map(|b| ("degraded", b));
                for (when, busiest) in [("normal", &peak.normal)].into_iter().chain(degraded) {
                    writer.write_record(self.record(outcome, peak, (when, busiest)))?;
                }
            }
        }
        let bytes = writer.into_inner().map_err(|e| e.into_error().into());
        bytes.map(|b| String::from_utf8_lossy(&b).into_owned())
    }

    fn record(
        &self,
        outcome: &'a Outcome,
        peak: &Peak,
        (when, busiest): (&str, &Busiest),
    ) -> Vec<String> {
        let values = self.values(outcome).into_iter().map(str::to_owned);
        let (from, to) = busiest.direction.clone().unwrap_or_default();
        let number = |value: f64| figure(value).map_or_else(String::new, |v| v.to_string());
        let own = [
            peak.resource.clone(),
            peak.label.get(self.lang).to_owned(),
            peak.kind.word().to_owned(),
            when.to_owned(),
            number(busiest.offered),
            number(busiest.capacity),
            peak.kind.unit().to_owned(),
            number(busiest.utilisation().get()),
            number(peak.warn.get()),
            number(peak.full.get()),
            Passes::of(peak, busiest).word().to_owned(),
            self.step_of(busiest.state).to_owned(),
            busiest.hour.to_string(),
            from,
            to,
            busiest
                .failure
                .as_ref()
                .map(Failure::key)
                .unwrap_or_default(),
        ];
        values.chain(own).collect()
    }
}
