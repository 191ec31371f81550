//! The report as JUnit XML, for build servers that show tests.
//!
//! In: a report with its context. Out: XML with one suite for each state. A suite holds one case for each rule
//! that applies (broken: failed; undetermined: skipped) and one for each kind of other finding, so that
//! cases keep their names from run to run. What can go wrong: the XML writer's own error.

use crate::model::finding::{Code, Finding, Severity};
use crate::model::migration::State;
use crate::model::report::{RuleRow, Verdict};
use crate::wording::{self, Context};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

/// The report as XML text. `strict` counts warnings as failures.
///
/// # Errors
/// The XML writer's own.
pub fn text(context: &Context<'_>, strict: bool) -> Result<String, SerializeError> {
    let mut report = Report::new(context.report.title.get(context.lang));
    for state in &context.report.states {
        report.add_test_suite(suite(context, state, strict));
    }
    report.to_string()
}

fn suite(context: &Context<'_>, state: &State, strict: bool) -> TestSuite {
    let name = format!(
        "{}: {}",
        wording::step(context, state.index),
        state.label.get(context.lang)
    );
    let mut suite = TestSuite::new(name);
    for rule in &context.report.rules {
        if let Some(verdict) = rule.verdicts.get(state.index).copied().flatten() {
            suite.add_test_case(rule_case(context, rule, verdict, state.index, strict));
        }
    }
    for code in Code::ALL.iter().filter(|code| !is_rule_or_problem(**code)) {
        suite.add_test_case(code_case(context, *code, state.index, strict));
    }
    suite
}

/// Whether a code is told by the case of its rule, or stops the run before there is a report.
fn is_rule_or_problem(code: Code) -> bool {
    code.as_str().starts_with("ISO-")
        || code.as_str().starts_with("SCN-")
        || matches!(code, Code::Dump | Code::Published)
}

fn rule_case(
    context: &Context<'_>,
    rule: &RuleRow,
    verdict: Verdict,
    state: usize,
    strict: bool,
) -> TestCase {
    let concerns =
        |f: &&Finding| f.rule.as_ref() == Some(&rule.id) || also(f).contains(&rule.id.as_str());
    let found: Vec<_> = shown(context, state).filter(concerns).collect();
    let status = match verdict {
        Verdict::Proved | Verdict::Attested => TestCaseStatus::success(),
        Verdict::Undetermined => TestCaseStatus::skipped(),
        // A broken rule fails even if nothing is left to point at.
        Verdict::Broken if found.is_empty() => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Broken => status(&found, strict),
    };
    let name = format!("{} {}", rule.id, rule.label.get(context.lang));
    case(
        context,
        name,
        context.pick("分離", "isolation"),
        status,
        &found,
    )
}

fn code_case(context: &Context<'_>, code: Code, state: usize, strict: bool) -> TestCase {
    let found: Vec<_> = shown(context, state).filter(|f| f.code == code).collect();
    let name = format!("{code} {}", wording::title(code, context.lang));
    let class = match code.as_str().split('-').next() {
        Some("CAP") => context.pick("容量", "capacity"),
        Some("DEM") => context.pick("業務通信", "demands"),
        _ => context.pick("移行", "migration"),
    };
    case(context, name, class, status(&found, strict), &found)
}

fn shown<'a>(context: &Context<'a>, state: usize) -> impl Iterator<Item = &'a Finding> {
    context
        .report
        .findings
        .iter()
        .filter(move |f| f.first <= state && state <= f.last)
}

/// Ids of the other rules that a finding's packets break.
fn also(finding: &Finding) -> Vec<&str> {
    match &finding.evidence {
        crate::model::finding::Evidence::Packets { also, .. }
        | crate::model::finding::Evidence::Chain { also, .. } => {
            also.iter().map(|id| id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

fn status(found: &[&Finding], strict: bool) -> TestCaseStatus {
    let limit = if strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    if found.iter().any(|f| f.severity >= limit) {
        TestCaseStatus::non_success(NonSuccessKind::Failure)
    } else {
        TestCaseStatus::success()
    }
}

/// A case with the findings behind it as message, description and output.
fn case(
    context: &Context<'_>,
    name: String,
    class: &str,
    mut status: TestCaseStatus,
    found: &[&Finding],
) -> TestCase {
    let told: Vec<_> = found.iter().map(|f| tell(context, f)).collect();
    if let Some(first) = found.first() {
        let headline = wording::of(first, context).headline;
        status
            .set_message(format!("{}: {headline}", first.code))
            .set_type(first.code.as_str());
        status.set_description(told.join("\n"));
    }
    let passed = matches!(status, TestCaseStatus::Success { .. });
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    // What is only a warning does not fail the case, but is told all the same.
    if passed && !told.is_empty() {
        case.set_system_out(told.join("\n"));
    }
    case
}

/// A finding as plain lines.
fn tell(context: &Context<'_>, finding: &Finding) -> String {
    let words = wording::of(finding, context);
    let mut text = format!(
        "{}[{}]: {}\n",
        wording::severity(finding.severity, context.lang),
        finding.code,
        words.headline
    );
    if finding.place.is_somewhere() {
        text.push_str(&format!("  --> {}\n", finding.place));
    }
    for note in &words.notes {
        text.push_str(&format!(
            "  = {}: {}\n",
            note.label.word(context.lang),
            note.text
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;
    use crate::sample::sample;

    fn counts(xml: &str, suite: usize) -> (usize, usize) {
        let suite = xml.split("<testsuite ").nth(suite + 1).unwrap();
        let number = |key: &str| {
            let at = suite.find(&format!(" {key}=\"")).unwrap() + key.len() + 3;
            suite[at..].split('"').next().unwrap().parse().unwrap()
        };
        (number("tests"), number("failures"))
    }

    #[test]
    fn each_state_is_a_suite_and_fails_where_something_is_wrong() {
        let sample = sample();
        let xml = text(&sample.context(Lang::En), false).unwrap();
        // Two rules and twenty-seven kinds of other findings; in the last state one rule does not apply.
        assert_eq!(counts(&xml, 0), (29, 0), "{xml}");
        assert_eq!(counts(&xml, 1), (29, 1), "{xml}");
        assert_eq!(counts(&xml, 2), (28, 3), "{xml}");
        assert!(
            xml.contains("ISO-112: rule `payroll-batch` of `fw-mn` now lets"),
            "{xml}"
        );
    }

    #[test]
    fn warnings_fail_only_when_strict() {
        let sample = sample();
        let context = sample.context(Lang::Ja);
        let relaxed = text(&context, false).unwrap();
        let strict = text(&context, true).unwrap();
        assert_eq!(counts(&relaxed, 1).1 + 1, counts(&strict, 1).1);
        assert!(relaxed.contains("<system-out>警告[MIG-201]"), "{relaxed}");
    }
}
