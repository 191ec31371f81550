//! What is lost when something fails, state by state, the most people first.

use super::{Align, Columns, Paint};
use crate::model::report::Outage;
use crate::model::units::grouped;
use crate::wording::{self, Context};

/// The `top` gravest failures of one state; empty where nothing is lost.
#[must_use]
pub fn outages(context: &Context<'_>, state: usize, top: usize, paint: Paint) -> String {
    let of = |o: &&Outage| o.state == state;
    let mut rows: Vec<&Outage> = context.report.outages.iter().filter(of).collect();
    if rows.is_empty() {
        return String::new();
    }
    // A stable sort: equals stay in the order of the scenario.
    rows.sort_by(|a, b| a.graver(b));
    let left_out = rows.len().saturating_sub(top);
    rows.truncate(top);
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("故障", "failure"), Align::Left),
        (pick("影響する利用者", "users"), Align::Right),
        (pick("失われる通信", "traffic lost"), Align::Right),
        (pick("使えなくなるもの", "what is lost"), Align::Left),
    ]);
    for row in &rows {
        let labels: Vec<&str> = row
            .applications
            .iter()
            .map(|a| a.get(context.lang))
            .collect();
        columns.row(vec![
            wording::on_paper(&wording::failure(&row.failure, context.lang), context.lang),
            grouped(row.users.round()),
            row.rate.to_string(),
            labels.join(pick("、", ", ")),
        ]);
    }
    let mut out = columns.draw(paint, |_, mark| mark.to_owned());
    if left_out > 0 {
        out.push_str(&context.pick(
            format!("  他に{left_out}件（`--top` で増やせる）\n"),
            format!("  and {left_out} more (see `--top`)\n"),
        ));
    }
    out
}
