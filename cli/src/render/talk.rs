//! Talk that gets worse on other kinds of days or when something fails: one line for each site and application.
//!
//! In: the rows of the meeting gate. Out: a table, the worst first; nothing where nothing gets worse.

use super::{Align, Columns, Paint};
use crate::model::report::GateRow;
use crate::wording::{self, Context};

/// Of one state the `top` lines: what is met at worst, and how many failures cut talk off.
#[must_use]
pub fn talk(context: &Context<'_>, state: usize, top: usize, paint: Paint) -> String {
    let rows = context.report.gates.iter();
    let here = rows.filter(|r| r.state == state && (r.worse.is_some() || r.cut.is_some()));
    let mut rows: Vec<&GateRow> = here.collect();
    // A stable sort: equals stay in the order of the scenario, those that are only cut off behind.
    let key = |row: &GateRow| row.worse.as_ref().map(|case| case.met.key());
    rows.sort_by(|a, b| {
        key(b)
            .partial_cmp(&key(a))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    draw(context, &rows, top, paint)
}

/// Of a whole plan the first `top` sites whose verdict gets worse, each in the first state in which it does.
#[must_use]
pub fn spoiled(context: &Context<'_>, top: usize, paint: Paint) -> String {
    let mut rows: Vec<&GateRow> = Vec::new();
    for row in &context.report.gates {
        let ever = row.worst().map(|(_, met)| met.verdict);
        let then = row.worse.as_ref().map(|case| case.met.verdict);
        let known = |r: &&GateRow| r.site == row.site && r.application == row.application;
        if then > ever && !rows.iter().any(known) {
            rows.push(row);
        }
    }
    draw(context, &rows, top, paint)
}

fn draw(context: &Context<'_>, rows: &[&GateRow], top: usize, paint: Paint) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("ステップ", "step"), Align::Right),
        (pick("拠点", "site"), Align::Left),
        (pick("アプリケーション", "application"), Align::Left),
        (pick("悪化する状況", "worst"), Align::Left),
        (pick("時刻", "hour"), Align::Right),
        (pick("品質", "what is met"), Align::Left),
        (pick("通話できなくなる故障", "cut off by"), Align::Left),
    ]);
    for row in rows.iter().take(top) {
        columns.row(cells(context, row));
    }
    let mut out = columns.draw(paint, |_, cut| cut.to_owned());
    let left_out = rows.len().saturating_sub(top);
    if left_out > 0 {
        out.push_str(&context.pick(
            format!("  他に{left_out}件（`replay --failures single --top` で増やせる）\n"),
            format!("  and {left_out} more (see `replay --failures single --top`)\n"),
        ));
    }
    out
}

fn cells(context: &Context<'_>, row: &GateRow) -> Vec<String> {
    let lang = context.lang;
    let site = match row.label.get(lang) {
        "" => row.site.as_str(),
        label => label,
    };
    let plain = |text: String| wording::on_paper(&text, lang);
    let (when, hour, met) = match &row.worse {
        Some(case) => (
            plain(wording::circumstance(&case.circumstance, lang)),
            wording::clock(case.hour),
            wording::met(&case.met, lang),
        ),
        None => (String::new(), String::new(), String::new()),
    };
    let cut = row.cut.as_ref().map_or_else(String::new, |cut| {
        let first = plain(wording::failure(&cut.first, lang));
        match cut.failures - 1 {
            0 => first,
            more => context.pick(
                format!("{first}など{}件", more + 1),
                format!("{first} and {more} more"),
            ),
        }
    });
    vec![
        wording::step(context, row.state),
        site.to_owned(),
        row.application.get(lang).to_owned(),
        when,
        hour,
        met,
        cut,
    ]
}
