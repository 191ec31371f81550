//! How many lines of each ordered list could go, or let less pass.

use super::{Align, Columns, Paint};
use crate::model::finding::{Code, Evidence, ListKind};
use crate::wording::{self, Context};

/// The codes by which lines are told of, one column each.
const CODES: [Code; 4] = [Code::Shadowed, Code::Redundant, Code::Dead, Code::OverWide];

/// One row for each list with a finding, in the order of the findings' nodes.
#[must_use]
pub fn lists(context: &Context<'_>, paint: Paint) -> String {
    let mut rows: Vec<(&str, ListKind, [usize; CODES.len()])> = Vec::new();
    for finding in &context.report.findings {
        let Evidence::Line { node, list, .. } = &finding.evidence else {
            continue;
        };
        let known = rows.iter().position(|(n, l, _)| n == node && l == list);
        let at = known.unwrap_or(rows.len());
        if known.is_none() {
            rows.push((node, *list, [0; CODES.len()]));
        }
        for (count, code) in rows[at].2.iter_mut().zip(CODES) {
            *count += usize::from(code == finding.code);
        }
    }
    rows.sort();
    let titles = CODES.map(|code| head(code, context));
    let mut heads = vec![
        (context.pick("機器", "node"), Align::Left),
        (context.pick("一覧", "list"), Align::Left),
    ];
    heads.extend(titles.iter().map(|title| (*title, Align::Right)));
    let mut columns = Columns::new(&heads);
    for (node, list, counts) in rows {
        let mut cells = vec![
            node.to_owned(),
            wording::noun(list, context.lang).to_owned(),
        ];
        cells.extend(counts.map(|count| count.to_string()));
        columns.row(cells);
    }
    columns.draw(paint, |_, cell| cell.to_owned())
}

/// A code in one word.
fn head(code: Code, context: &Context<'_>) -> &'static str {
    match code {
        Code::Shadowed => context.pick("逆の判定が先", "shadowed"),
        Code::Redundant => context.pick("不要", "redundant"),
        Code::Dead => context.pick("該当通信なし", "dead"),
        _ => context.pick("広すぎる", "over-wide"),
    }
}
