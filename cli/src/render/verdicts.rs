//! Every rule with its verdict in every state.

use super::{Align, Columns, Paint};
use crate::model::report::{RuleRow, Verdict};
use crate::wording::{self, Context};

/// One row for each rule, one column for each state of `states`.
#[must_use]
pub fn verdicts<'a>(
    context: &Context<'_>,
    rules: impl IntoIterator<Item = &'a RuleRow>,
    states: &[usize],
    paint: Paint,
) -> String {
    let names: Vec<String> = states.iter().map(|s| wording::step(context, *s)).collect();
    let mut heads = vec![(context.pick("ルール", "rule"), Align::Left)];
    heads.extend(names.iter().map(|name| (name.as_str(), Align::Left)));
    heads.push((context.pick("内容", "what"), Align::Left));
    let mut columns = Columns::new(&heads);
    for rule in rules {
        let mut cells = vec![rule.id.to_string()];
        cells.extend(states.iter().map(|s| word(rule, *s, context)));
        cells.push(rule.label.get(context.lang).to_owned());
        columns.row(cells);
    }
    columns.draw(paint, |_, label| label.to_owned())
}

fn word(rule: &RuleRow, state: usize, context: &Context<'_>) -> String {
    let verdict: Option<Verdict> = rule.verdicts.get(state).copied().flatten();
    verdict
        .map_or("–", |v| wording::verdict(v, context.lang))
        .to_owned()
}
