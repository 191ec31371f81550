//! The last line: how many findings, how much was decided, what was written where.

use super::Paint;
use super::header::plural;
use crate::model::finding::Severity;
use crate::model::report::Verdict;
use crate::model::units::grouped;
use crate::wording::{self, Context};
use std::time::Duration;

/// What a run left behind beside its text.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    /// How many charts were written.
    pub charts: usize,
    /// The folder they are in, as given on the command line.
    pub folder: Option<String>,
    /// How long the run took; left out where output is compared or kept.
    pub took: Option<Duration>,
}

/// The last line of `check`.
#[must_use]
pub fn footer(context: &Context<'_>, outputs: &Outputs, paint: Paint) -> String {
    let mut line = findings(context, paint);
    line.push_str(&format!(" · {}", decided(context)));
    if let Some(took) = outputs.took {
        let seconds = format!("{:.2}", took.as_secs_f64());
        line.push_str(&context.pick(format!("（{seconds} 秒）"), format!(" in {seconds} s")));
    }
    if let Some(folder) = &outputs.folder {
        let charts = outputs.charts;
        line.push_str(&context.pick(
            format!(" · 図{charts}点を {folder} に出力"),
            format!(" · {charts} chart{} in {folder}", plural(charts)),
        ));
    }
    line.push('\n');
    line
}

/// How many findings there are, by severity, as a line.
#[must_use]
pub fn tally(context: &Context<'_>, paint: Paint) -> String {
    findings(context, paint) + "\n"
}

fn findings(context: &Context<'_>, paint: Paint) -> String {
    let total = context.report.findings.len();
    if total == 0 {
        return paint.good(context.pick("指摘なし", "no findings"));
    }
    let parts: Vec<_> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .filter(|severity| context.report.count(*severity) > 0)
        .map(|severity| {
            let (count, word) = (
                context.report.count(severity),
                wording::severity(severity, context.lang),
            );
            context.pick(
                format!("{word}{count}件"),
                format!("{count} {word}{}", plural(count)),
            )
        })
        .collect();
    let text = context.pick(
        format!("指摘{total}件（{}）", parts.join("・")),
        format!("{total} finding{}: {}", plural(total), parts.join(", ")),
    );
    if context.report.count(Severity::Error) > 0 {
        paint.bad(&text)
    } else {
        paint.doubtful(&text)
    }
}

/// How many of the rule × state pairs were decided, and how.
fn decided(context: &Context<'_>) -> String {
    let verdicts: Vec<_> = context
        .report
        .rules
        .iter()
        .flat_map(|r| r.verdicts.iter().flatten())
        .collect();
    let number = |count: usize| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "rules times states are far below 2^52"
        )]
        let count = count as f64;
        grouped(count)
    };
    let total = verdicts.len();
    let open = verdicts
        .iter()
        .filter(|v| ***v == Verdict::Undetermined)
        .count();
    let kinds: Vec<_> = [
        Verdict::Proved,
        Verdict::Attested,
        Verdict::Broken,
        Verdict::Undetermined,
    ]
    .into_iter()
    .map(|kind| (kind, verdicts.iter().filter(|v| ***v == kind).count()))
    .filter(|(_, count)| *count > 0)
    .map(|(kind, count)| format!("{} {}", wording::verdict(kind, context.lang), number(count)))
    .collect();
    let (done, all) = (number(total - open), number(total));
    let kinds = if kinds.is_empty() {
        String::new()
    } else {
        context.pick(
            format!("（{}）", kinds.join("・")),
            format!(" ({})", kinds.join(", ")),
        )
    };
    let between = between(context);
    context.pick(
        format!("ルール×状態 {all}件中{done}件を判定{kinds}{between}"),
        format!("decided {done} of {all} rule × state pairs{kinds}{between}"),
    )
}

/// How many states lie between those of the table, and in how many parts they were looked at.
fn between(context: &Context<'_>) -> String {
    let report = context.report;
    let between = report.states_between();
    if between == 0 || report.rules.is_empty() {
        return String::new();
    }
    let parts: usize = report.between.iter().map(|s| s.parts).sum();
    let (least_ja, least_en) = match between {
        u128::MAX => ("以上", "at least "),
        _ => ("", ""),
    };
    let (states, between) = (report.states.len(), thousands(between));
    let (s, p) = (plural(states), plural(parts));
    context.pick(
        format!(" · {states}状態と、その途中の{between}状態{least_ja}を証明（{parts}区分）"),
        format!(" · in {states} state{s} and {least_en}{between} between ({parts} part{p})"),
    )
}

/// A number with its thousands set apart.
fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
