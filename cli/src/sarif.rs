//! The report as SARIF 2.1.0 (OASIS), for code review tools: one result for each finding, at its line.
//!
//! In: a report with its context. Out: JSON text. A packet's way becomes a code flow, so that a
//! reviewer can step through the stations. What can go wrong: the JSON writer's own error.

mod log;

use crate::model::finding::{Code, Evidence, Finding, HopRecord, Severity};
use crate::model::place::Place;
use crate::model::text::Lang;
use crate::wording::{self, Context};
use log::{
    Artifact, Configuration, Descriptor, Driver, Flow, Location, Log, Message, Outcome, Physical,
    Region, Run, Station, Thread, Tool,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The report as SARIF text.
///
/// # Errors
/// The JSON writer's own.
pub fn text(context: &Context<'_>) -> Result<String, serde_json::Error> {
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: driver(context.lang),
            },
            column_kind: "unicodeCodePoints",
            language: context.pick("ja", "en"),
            results: context
                .report
                .findings
                .iter()
                .map(|f| outcome(f, context))
                .collect(),
        }],
    };
    serde_json::to_string_pretty(&log).map(|text| text + "\n")
}

fn driver(lang: Lang) -> Driver {
    let rules = Code::ALL.iter().map(|code| Descriptor {
        id: code.as_str(),
        short_description: Message {
            text: wording::title(*code, lang).to_owned(),
        },
        default_configuration: Configuration {
            level: level(code.severity()),
        },
    });
    Driver {
        name: "utsushi",
        version: env!("CARGO_PKG_VERSION"),
        rules: rules.collect(),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn outcome(finding: &Finding, context: &Context<'_>) -> Outcome {
    let words = wording::of(finding, context);
    let mut message = words.headline;
    for note in &words.notes {
        message.push_str(&format!(
            "\n{}: {}",
            note.label.word(context.lang),
            note.text
        ));
    }
    let related = words.notes.iter().filter_map(|note| {
        let physical = physical(note.place.as_ref()?)?;
        Some(Location {
            physical_location: Some(physical),
            message: Some(Message {
                text: note.text.clone(),
            }),
        })
    });
    Outcome {
        rule_id: finding.code.as_str(),
        rule_index: Code::ALL
            .iter()
            .position(|code| *code == finding.code)
            .unwrap_or_default(),
        level: level(finding.severity),
        message: Message { text: message },
        locations: physical(&finding.place)
            .map(|physical| Location {
                physical_location: Some(physical),
                message: None,
            })
            .into_iter()
            .collect(),
        related_locations: related.collect(),
        code_flows: flow(&finding.evidence, context).into_iter().collect(),
    }
}

fn physical(place: &Place) -> Option<Physical> {
    place.is_somewhere().then(|| Physical {
        artifact_location: Artifact {
            uri: uri(&place.file),
        },
        region: Region {
            start_line: place.line,
            start_column: place.column.max(1),
            end_column: place.column.max(1) + place.length,
        },
    })
}

/// A file name as a relative URI: everything but unreserved characters and slashes in per cent.
fn uri(file: &str) -> String {
    let mut out = String::new();
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn flow(evidence: &Evidence, context: &Context<'_>) -> Option<Flow> {
    let hops = match evidence {
        Evidence::Packets { hops, .. } | Evidence::Demand { hops, .. } => hops,
        Evidence::Chain { .. }
        | Evidence::Load { .. }
        | Evidence::Wait { .. }
        | Evidence::Gate { .. }
        | Evidence::Referrers { .. }
        | Evidence::Facts { .. }
        | Evidence::Line { .. } => return None,
    };
    let locations: Vec<_> = hops
        .iter()
        .map(|hop| Station {
            location: station(hop, context),
        })
        .collect();
    (!locations.is_empty()).then_some(Flow {
        thread_flows: [Thread { locations }],
    })
}

fn station(hop: &HopRecord, context: &Context<'_>) -> Location {
    let stage = wording::stage(hop.stage, context.lang);
    let decision = wording::decision(&hop.decision, context.lang);
    let rule = hop
        .rule
        .as_ref()
        .map_or_else(String::new, |rule| format!(" [{rule}]"));
    Location {
        physical_location: hop.place.as_ref().and_then(physical),
        message: Some(Message {
            text: format!("{}: {stage}: {decision}{rule}", hop.node),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;
    use serde_json::Value;

    #[test]
    fn results_point_at_rules_lines_and_stations() {
        let sample = sample();
        let log: Value = serde_json::from_str(&text(&sample.context(Lang::En)).unwrap()).unwrap();
        let run = &log["runs"][0];
        let stale = &run["results"][0];
        let index = usize::try_from(stale["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "ISO-112");
        let region = &stale["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (
                &region["startLine"],
                &region["startColumn"],
                &region["endColumn"]
            ),
            (&3.into(), &5.into(), &10.into())
        );
        let stations = stale["codeFlows"][0]["threadFlows"][0]["locations"]
            .as_array()
            .unwrap();
        assert_eq!(stations.len(), 5);
        assert_eq!(
            stations[2]["location"]["message"]["text"],
            "fw-mn: forward policy: allowed [payroll-batch]"
        );
        assert_eq!(stale["relatedLocations"].as_array().map(Vec::len), Some(2));
        assert_eq!(run["results"].as_array().map(Vec::len), Some(5));
    }

    #[test]
    fn file_names_become_uris() {
        assert_eq!(uri("fw/本庁 1.ron"), "fw/%E6%9C%AC%E5%BA%81%201.ron");
    }
}
