//! The report for other programs: one JSON document, versioned, described field by field in
//! `docs/report-schema.md`.
//!
//! In: a report with its context. Out: text that ends with a line feed; the same report gives the same
//! bytes. What can go wrong: nothing but the JSON writer itself, whose error is passed on.
//! Numbers that are infinite (load without capacity) are `null`; figures keep nine significant digits.

mod evidence;
mod gate;
pub(crate) mod load;
#[cfg(test)]
mod tests;

use evidence::Evidence;
use gate::Gate;
use load::{Load, Logged, Lost};

use crate::model::attestation::Control;
use crate::model::finding::{Code, Decision, HopRecord, Packet, Severity, Stage};
use crate::model::migration::Model;
use crate::model::place::Place;
use crate::model::report::{StateRow, Verdict};
use crate::model::risk::{AttackRow, Risk};
use crate::model::rule::{Level, Provenance};
use crate::model::text::Lang;
use crate::wording::{self, Context};
use serde::Serialize;

/// Name and version of the document's shape. Within a version fields are only added.
pub const SCHEMA: &str = "utsushi.report/1";

/// The whole document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    lang: Lang,
    scenario: &'a str,
    terminals: u64,
    steps: Vec<Step<'a>>,
    rules: Vec<Rule<'a>>,
    between: Vec<Between>,
    attacks: Vec<Attacked<'a>>,
    findings: Vec<Finding<'a>>,
    loads: Vec<Load<'a>>,
    outages: Vec<Lost<'a>>,
    gates: Vec<Gate<'a>>,
    logs: Vec<Logged<'a>>,
}

#[derive(Debug, Serialize)]
struct Step<'a> {
    id: String,
    name: &'a str,
    state: usize,
    model: Model,
    date: String,
}

/// How many states a step passes through; the number may be larger than one of JSON, so it is a text.
#[derive(Debug, Serialize)]
struct Between {
    state: usize,
    states: String,
    parts: usize,
    back: bool,
}

#[derive(Debug, Serialize)]
struct Rule<'a> {
    id: &'a str,
    label: &'a str,
    level: Level,
    source: &'a str,
    provenance: Provenance,
    place: Option<&'a Place>,
    verdicts: &'a [Option<Verdict>],
}

/// Attack paths of a rule about a risk in a state.
#[derive(Debug, Serialize)]
struct Attacked<'a> {
    state: usize,
    rule: &'a str,
    risk: Risk,
    paths: usize,
    hops: Option<usize>,
    missing: Vec<Missing<'a>>,
}

#[derive(Debug, Serialize)]
struct Missing<'a> {
    control: Control,
    mandatory: bool,
    on: &'a [String],
}

#[derive(Debug, Serialize)]
struct Finding<'a> {
    code: Code,
    severity: Severity,
    step: &'a str,
    state: usize,
    last_state: usize,
    rule: Option<&'a str>,
    subject: &'a str,
    message: String,
    notes: Vec<Note>,
    place: Option<&'a Place>,
    evidence: Evidence<'a>,
}

#[derive(Debug, Serialize)]
struct Note {
    label: &'static str,
    text: String,
    place: Option<Place>,
}

/// One station of a packet's way.
#[derive(Debug, Serialize)]
pub struct Hop<'a> {
    node: &'a str,
    stage: Stage,
    decision: &'static str,
    to: Option<&'a str>,
    packet: Option<Header>,
    rule: Option<&'a str>,
    place: Option<&'a Place>,
}

/// One packet header.
#[derive(Debug, Serialize)]
pub struct Header {
    src: String,
    dst: String,
    protocol: String,
    src_port: u16,
    dst_port: u16,
}

impl From<&Packet> for Header {
    fn from(packet: &Packet) -> Self {
        Self {
            src: packet.src.to_string(),
            dst: packet.dst.to_string(),
            protocol: packet.protocol.to_string(),
            src_port: packet.src_port,
            dst_port: packet.dst_port,
        }
    }
}

impl<'a> From<&'a HopRecord> for Hop<'a> {
    fn from(hop: &'a HopRecord) -> Self {
        let (decision, to, packet) = match &hop.decision {
            Decision::Allowed => ("allowed", None, None),
            Decision::Denied => ("denied", None, None),
            Decision::Undecided => ("undecided", None, None),
            Decision::Answer => ("answer", None, None),
            Decision::Sent(to) => ("sent", Some(to.as_str()), None),
            Decision::Rewritten(packet) => ("rewritten", None, Some(packet.into())),
            Decision::NoRoute => ("no-route", None, None),
            Decision::Discarded => ("discarded", None, None),
            Decision::Loop => ("loop", None, None),
            Decision::Delivered(to) => ("delivered", Some(to.as_str()), None),
        };
        let rule = hop.rule.as_deref();
        Self {
            node: &hop.node,
            stage: hop.stage,
            decision,
            to,
            packet,
            rule,
            place: somewhere(hop.place.as_ref()),
        }
    }
}

/// A place, if the thing stands in a file.
fn somewhere(place: Option<&Place>) -> Option<&Place> {
    place.filter(|place| place.is_somewhere())
}

impl<'a> Document<'a> {
    /// The document of a report.
    #[must_use]
    pub fn new(context: &Context<'a>) -> Self {
        let report = context.report;
        Self {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            lang: context.lang,
            scenario: report.title.get(context.lang),
            terminals: report.terminals,
            steps: report
                .rows()
                .zip(&report.states)
                .map(|(row, s)| step(&row, s.label.get(context.lang)))
                .collect(),
            rules: report.rules.iter().map(|row| rule(row, context)).collect(),
            between: report.between.iter().map(between).collect(),
            attacks: report.attacks.iter().map(attacked).collect(),
            findings: report
                .findings
                .iter()
                .map(|f| finding(f, context))
                .collect(),
            loads: report
                .loads
                .iter()
                .map(|row| Load::new(row, context))
                .collect(),
            gates: report.gates.iter().map(|g| Gate::new(g, context)).collect(),
            logs: report
                .logs
                .iter()
                .map(|l| Logged::new(l, context))
                .collect(),
            outages: report
                .outages
                .iter()
                .map(|o| Lost::new(o, context))
                .collect(),
        }
    }

    /// The document as text, indented by two blanks, with a line feed at the end.
    ///
    /// # Errors
    /// The JSON writer's own.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

fn step<'a>(row: &StateRow, name: &'a str) -> Step<'a> {
    Step {
        id: row.step.to_string(),
        name,
        state: row.index,
        model: row.model,
        date: row.date.to_string(),
    }
}

fn between(step: &crate::model::report::StepStates) -> Between {
    Between {
        state: step.state,
        states: step.states.to_string(),
        parts: step.parts,
        back: step.back,
    }
}

fn attacked(row: &AttackRow) -> Attacked<'_> {
    let missing = row.missing.iter().map(|measure| Missing {
        control: measure.control,
        mandatory: measure.mandatory,
        on: &measure.on,
    });
    Attacked {
        state: row.state,
        rule: row.rule.as_str(),
        risk: row.risk,
        paths: row.paths,
        hops: row.hops,
        missing: missing.collect(),
    }
}

fn rule<'a>(row: &'a crate::model::report::RuleRow, context: &Context<'a>) -> Rule<'a> {
    Rule {
        id: row.id.as_str(),
        label: row.label.get(context.lang),
        level: row.level,
        source: &row.source,
        provenance: row.provenance,
        place: somewhere(
            context
                .requirements
                .rules
                .get(&row.id)
                .map(|rule| &rule.place),
        ),
        verdicts: &row.verdicts,
    }
}

fn finding<'a>(finding: &'a crate::model::finding::Finding, context: &Context<'a>) -> Finding<'a> {
    let words = wording::of(finding, context);
    let notes = words.notes.into_iter().map(|note| Note {
        label: note.label.word(context.lang),
        text: note.text,
        place: note.place,
    });
    Finding {
        code: finding.code,
        severity: finding.severity,
        step: context
            .report
            .states
            .get(finding.first)
            .map_or("", |state| state.step.as_str()),
        state: finding.first,
        last_state: finding.last,
        rule: finding.rule.as_ref().map(|id| id.as_str()),
        subject: finding.subject.get(context.lang),
        message: words.headline,
        notes: notes.collect(),
        place: somewhere(Some(&finding.place)),
        evidence: Evidence::new(&finding.evidence, context),
    }
}
