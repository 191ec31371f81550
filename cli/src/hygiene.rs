//! Findings on lines of ordered lists as CSV: one row for each, for a spreadsheet.
//!
//! In: a report with its context. Out: UTF-8 text with a header row in English, RFC 4180. What can go wrong:
//! nothing but the CSV writer itself, whose error is passed on.

use crate::model::finding::{Evidence, Finding, LineRecord, PacketCount};
use crate::wording::{self, Context};

/// The columns.
const HEADS: [&str; 14] = [
    "code",
    "severity",
    "first_step",
    "last_step",
    "node",
    "list",
    "line",
    "action",
    "file",
    "row",
    "causes",
    "headers",
    "needed_headers",
    "traffic",
];

/// The table.
///
/// # Errors
/// The CSV writer's own.
pub fn table(context: &Context<'_>) -> Result<String, csv::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(HEADS)?;
    for finding in &context.report.findings {
        if let Some(row) = row(finding, context) {
            out.write_record(row)?;
        }
    }
    let bytes = out.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(finding: &Finding, context: &Context<'_>) -> Option<[String; HEADS.len()]> {
    let Evidence::Line {
        node,
        list,
        line,
        traffic,
        causes,
        by_default,
        needed,
        ..
    } = &finding.evidence
    else {
        return None;
    };
    let step = |state: usize| {
        let state = context.report.states.get(state);
        state.map_or_else(String::new, |s| s.step.to_string())
    };
    let mut causes: Vec<&str> = causes.iter().map(|c| c.name.as_str()).collect();
    causes.extend(by_default.then_some("(default)"));
    Some([
        finding.code.to_string(),
        wording::severity(finding.severity, context.lang).to_owned(),
        step(finding.first),
        step(finding.last),
        node.clone(),
        wording::noun(*list, context.lang).to_owned(),
        line.name.clone(),
        action(line).to_owned(),
        line.place.file.to_string(),
        line.place.line.to_string(),
        causes.join(" "),
        traffic.headers.clone(),
        needed
            .as_ref()
            .map(|n| n.headers.clone())
            .unwrap_or_default(),
        boxes(traffic),
    ])
}

fn action(line: &LineRecord) -> &'static str {
    match line.allow {
        Some(true) => "allow",
        Some(false) => "deny",
        None => "",
    }
}

/// The boxes, one to a line of the cell.
fn boxes(count: &PacketCount) -> String {
    let mut lines: Vec<String> = count.boxes.iter().map(wording::extent).collect();
    lines.extend((!count.complete).then(|| "…".to_owned()));
    lines.join("\n")
}
