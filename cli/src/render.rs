//! The text report: what a person reads in a terminal.
//!
//! In: a report with its context, the sources of the scenario and how to draw. Out: text with line feeds,
//! aligned by East-Asian widths, with colours only where asked for. Nothing can go wrong: a place whose
//! file is not at hand is shown without an excerpt.
//!
//! Modules in reading order: `header` and `table` (what was looked at, state by state), `finding` and
//! [`problem`] (one entry each), `footer` (the count), `verdicts` (rule by state), `loads`, `outages` and `talk`; below them
//! `excerpt` (source lines with markers), `columns` (alignment) and [`paint`] (colours).

mod columns;
mod excerpt;
mod finding;
mod footer;
mod header;
mod lists;
mod loads;
mod logs;
mod outages;
pub mod paint;
mod problem;
mod table;
mod talk;
#[cfg(test)]
mod tests;
mod trace;
mod verdicts;

pub use columns::{Align, Columns, width};
pub use finding::finding;
pub use footer::{Outputs, footer, tally};
pub use header::header;
pub use lists::lists;
pub use loads::loads;
pub use logs::logs;
pub use outages::outages;
pub use paint::Paint;
pub use problem::{problem, problems};
pub use table::table;
pub use talk::{spoiled, talk};
pub use trace::{blocks, hops};
pub use verdicts::verdicts;

use crate::model::finding::Finding;
use crate::model::migration::Migration;
use crate::model::report::Report;
use crate::model::text::Lang;
use crate::wording::Context;

/// The texts of a scenario's files, by the name used in places.
pub trait Sources {
    /// The whole text of a file, or `None` if it is not at hand.
    fn text(&self, file: &str) -> Option<&str>;
}

impl Sources for crate::scenarios::Sources {
    fn text(&self, file: &str) -> Option<&str> {
        self.get(file)
    }
}

/// The whole report as `check` prints it into a file: no colours, no time, no charts.
#[must_use]
pub fn report(migration: &Migration, report: &Report, sources: &dyn Sources, lang: Lang) -> String {
    let context = Context {
        report,
        requirements: &migration.requirements,
        lang,
    };
    let outputs = Outputs::default();
    check(&context, sources, Paint::Plain) + &footer(&context, &outputs, Paint::Plain)
}

/// So many sites whose talk gets worse are told of by `check`.
const SITES: usize = 10;

/// Everything `check` prints before the footer: header, table, findings.
#[must_use]
pub fn check(context: &Context<'_>, sources: &dyn Sources, paint: Paint) -> String {
    let mut out = header(context, paint);
    out.push('\n');
    out.push_str(&table(context, paint));
    out.push('\n');
    let spoiled = spoiled(context, SITES, paint);
    if !spoiled.is_empty() {
        let title = context.pick(
            "故障時や繁忙日に悪化する会議",
            "talk that gets worse when something fails, or on other days",
        );
        out.push_str(&format!("{}\n\n{spoiled}\n", paint.strong(title)));
    }
    out.push_str(&findings(context, sources, paint, &context.report.findings));
    out
}

/// Findings one after another, with an empty line behind each.
#[must_use]
pub fn findings<'a>(
    context: &Context<'_>,
    sources: &dyn Sources,
    paint: Paint,
    findings: impl IntoIterator<Item = &'a Finding>,
) -> String {
    let mut out = String::new();
    for item in findings {
        out.push_str(&finding(item, context, sources, paint));
        out.push('\n');
    }
    out
}
