//! The first line: which scenario, from which model to which, and how much of it.

use super::Paint;
use crate::model::units::grouped;
use crate::wording::Context;

/// One line that says what was looked at.
#[must_use]
pub fn header(context: &Context<'_>, paint: Paint) -> String {
    let report = context.report;
    let mut models: Vec<&str> = report.states.iter().map(|s| s.model.label()).collect();
    models.dedup();
    let states = report.states.len();
    let steps = states.saturating_sub(1);
    let rules = report.rules.len();
    #[expect(
        clippy::cast_precision_loss,
        reason = "terminals of one body are far below 2^52"
    )]
    let terminals = grouped(report.terminals as f64);
    let scope = context.pick(
        format!("{steps}ステップ・{states}状態 · ルール{rules}件 · 端末{terminals}台 · 24時間"),
        format!(
            "{steps} step{}, {states} state{} · {rules} rule{} · {terminals} terminals · 24 h",
            plural(steps),
            plural(states),
            plural(rules)
        ),
    );
    let title = paint.strong(report.title.get(context.lang));
    format!("{title} · {} · {scope}\n", models.join(" → "))
}

/// The ending of an English noun.
pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
