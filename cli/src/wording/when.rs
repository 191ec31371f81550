//! Steps and hours in words.

use super::Context;
use crate::model::text::Lang;

/// An hour of the day, such as `10:00`.
#[must_use]
pub fn clock(hour: u8) -> String {
    format!("{hour:02}:00")
}

/// What people call one state of the plan: `step 2`, or `today`.
#[must_use]
pub fn step(context: &Context<'_>, index: usize) -> String {
    let id = context.report.states.get(index).map(|s| s.step.as_str());
    match (index, context.lang) {
        (0, Lang::Ja) => "現状".to_owned(),
        (0, Lang::En) => "today".to_owned(),
        (_, Lang::Ja) => format!("ステップ{}", id.unwrap_or("?")),
        (_, Lang::En) => format!("step {}", id.unwrap_or("?")),
    }
}

/// From which state to which something shows, as the end of a sentence.
#[must_use]
pub fn span(context: &Context<'_>, first: usize, last: usize) -> String {
    let end = context.report.states.len().saturating_sub(1);
    let from = step(context, first);
    let until = step(context, last);
    match (first == 0, last >= end, first == last, context.lang) {
        // Without a plan there is nothing but today.
        (true, true, true, _) => from,
        (true, true, _, Lang::Ja) => "全ステップ".to_owned(),
        (true, true, _, Lang::En) => "at every step".to_owned(),
        (_, false, true, Lang::Ja) => format!("{from}のみ"),
        (true, _, true, Lang::En) => "today only".to_owned(),
        (_, false, true, Lang::En) => format!("in {from} only"),
        (_, true, _, Lang::Ja) => format!("{from}以降"),
        (_, true, _, Lang::En) => format!("from {from} on"),
        (_, _, _, Lang::Ja) => format!("{from}から{until}まで"),
        (_, _, _, Lang::En) => format!("from {from} to {until}"),
    }
}
