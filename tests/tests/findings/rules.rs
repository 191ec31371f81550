//! Every row of the catalogue of isolation rules is judged or is listed with the reason why not.
//!
//! In: the rows (`tests/findings/rows.txt`), the packs, the pages. Out: a complaint for a row that nobody speaks
//! of, a rule without an example, and a `docs/rules.md` that differs from the packs.

use super::{checkout, pages};
use std::collections::BTreeSet;
use utsushi::catalogue::{Decided, entries, markdown};
use utsushi_tests::golden::assert_expected;
use utsushi_tests::tree::root;

/// Entries that stand for no row, beside the seven risks (RK-1 to RK-7): the limitation test of the catalogue, and what spared model case 1 an adjustment.
const OWN: [&str; 2] = ["I-LIMIT", "MC-1"];

/// Rules without an example of their own: they say of another pair of zones, or of another risk, what a rule with
/// an example says; the engine behind them is held against the trace.
const LIKE_OTHERS: [&str; 9] = [
    "I-LI-09-mail",
    "I-MN-01-info",
    "I-MN-02-info",
    "RK-2",
    "RK-3",
    "RK-4",
    "RK-5",
    "RK-6",
    "RK-7",
];

fn rows() -> BTreeSet<String> {
    let tree = checkout();
    let file = tree.get("tests/findings/rows.txt").and_then(|f| f.text());
    file.unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_row_is_judged_or_listed_with_the_reason() {
    let wanted = rows();
    assert!(wanted.len() >= 59, "only {} rows", wanted.len());
    let all = entries(None);
    let told = all.iter().map(|e| e.row().to_owned());
    let own = |row: &String| OWN.contains(&row.as_str()) || row.starts_with("RK-");
    let told: BTreeSet<String> = told.filter(|row| !own(row)).collect();
    assert_eq!(told, wanted);
}

#[test]
fn every_rule_has_an_example_that_breaks_it() {
    let pages = pages(&checkout());
    let lines = pages
        .iter()
        .flat_map(|p| &p.examples)
        .flat_map(|e| &e.expected);
    let shown: BTreeSet<&str> = lines.filter_map(|l| l.rsplit(' ').next()).collect();
    let all = entries(None);
    let rules = all.iter().filter(|e| matches!(e.decided, Decided::By(_)));
    let lacking: Vec<&str> = rules
        .map(|e| e.id.as_str())
        .filter(|id| !shown.contains(id) && !LIKE_OTHERS.contains(id))
        .collect();
    assert!(lacking.is_empty(), "no example breaks {lacking:?}");
}

#[test]
fn the_page_of_rules_is_made_from_the_packs() {
    assert_expected(&root().join("docs/rules.md"), &markdown());
}
