//! `utsushi verify`: isolation only. Verdicts per rule and step, then every breach with its packet's way.

use crate::args::{Plain, Verify};
use crate::engine;
use crate::failure::Failure;
use crate::names;
use crate::session::{Exit, Session, print};
use utsushi::json;
use utsushi::model::finding::{Code, Evidence, Finding};
use utsushi::model::report::Report;
use utsushi::render::{self, Outputs};

/// Reads, runs, keeps what was asked for, prints.
pub(super) fn run(args: &Verify, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let ready = engine::load(&args.scenario)?;
    let states = names::steps(&ready.migration.states, args.only.step.as_ref())?;
    progress.next("分離を検査している", "proving isolation");
    let report = isolation(
        engine::run(&ready.migration)?,
        &states,
        args.rule.as_deref(),
    )?;
    drop(progress);
    let context = session.context(&report, &ready.migration);
    let text = match args.form.format {
        Plain::Json => json::Document::new(&context)
            .text()
            .map_err(|error| Failure::Fault(error.to_string()))?,
        Plain::Text => {
            let mut text = render::header(&context, session.paint) + "\n";
            text += &render::verdicts(&context, &report.rules, &states, session.paint);
            text.push('\n');
            for finding in &report.findings {
                text += &render::finding(finding, &context, &ready.sources, session.paint);
                text.push('\n');
                if let Evidence::Packets { hops, .. } = &finding.evidence {
                    text += &render::hops(&context, hops, session.paint);
                    text.push('\n');
                }
            }
            text + &render::footer(&context, &Outputs::default(), session.paint)
        }
    };
    print(&text);
    Ok(Exit::of(&report.findings, args.strict))
}

/// Whether a finding is about what gets through, or about a rule that is judged: after a step, in between, or
/// on the way back.
fn is_isolation(code: Code) -> bool {
    code.as_str().starts_with("ISO-")
        || matches!(
            code,
            Code::Between
                | Code::Interrupted
                | Code::NoWayBack
                | Code::NoReturn
                | Code::BackForbidden
                | Code::BackInterrupted
                | Code::OtherChange
        )
}

/// The report cut down to isolation, to the states asked for and to one rule if one was named.
fn isolation(mut report: Report, states: &[usize], rule: Option<&str>) -> Result<Report, Failure> {
    report.loads.clear();
    report.outages.clear();
    report.gates.clear();
    report.logs.clear();
    if let Some(id) = rule {
        let wanted = names::rule(&report, id)?.id.clone();
        report.rules.retain(|row| row.id == wanted);
        report.attacks.retain(|row| row.rule == wanted);
        report.findings.retain(|finding| {
            let also = match &finding.evidence {
                Evidence::Packets { also, .. } | Evidence::Chain { also, .. } => {
                    also.contains(&wanted)
                }
                _ => false,
            };
            also || finding.rule.as_ref() == Some(&wanted)
        });
    }
    for row in &mut report.rules {
        for (state, verdict) in row.verdicts.iter_mut().enumerate() {
            if !states.contains(&state) {
                *verdict = None;
            }
        }
    }
    report.attacks.retain(|row| states.contains(&row.state));
    let shows = |f: &Finding| {
        states
            .iter()
            .any(|state| f.first <= *state && *state <= f.last)
    };
    report.findings.retain(|f| is_isolation(f.code) && shows(f));
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use utsushi::sim::replay::Failures;

    /// Of isolation are neither loads nor talk, outages nor logs.
    #[test]
    fn nothing_but_isolation_is_kept() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
        let Ok(plan) = utsushi::scenarios::load(folder) else {
            panic!("the plan is sound");
        };
        let mut report = utsushi::sim::run::capacity(&plan.migration, Failures::None, &[], 0);
        let label = utsushi::model::text::Text::same("fw");
        report.logs.push(utsushi::model::report::LogRow {
            state: 0,
            resource: "fw".to_owned(),
            label,
            by_hour: [1.0; utsushi::model::demand::HOURS],
            days: None,
        });
        assert!(!report.loads.is_empty() && !report.gates.is_empty());
        let Ok(report) = isolation(report, &[0], None) else {
            panic!("no rule is named");
        };
        let left = (report.loads, report.gates, report.outages, report.logs);
        assert!(left.0.is_empty() && left.1.is_empty(), "{left:?}");
        assert!(left.2.is_empty() && left.3.is_empty(), "{left:?}");
    }
}
