//! Every page of `docs/findings` is carried out: its example raises what the page says, and nothing else.
//!
//! In: the pages, the shipped scenarios and the migration under `tests/findings`. Out: a complaint for
//! every example that raises something else at another place, and for every text that differs from
//! `tests/findings/expected` (`cargo xtask bless` writes those files; read them before committing).
//! What can go wrong: a page that cannot be read, or a change that does not fit its file.
//!
//! In reading order: [`page`] reads a page, [`change`] applies its changes to files, [`outcome`] runs the
//! scenario and tells what was seen.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a checkout that cannot be read, or a page that is none, ends the test"
)]

mod change;
mod outcome;
mod page;
mod rules;

use change::Folder;
use outcome::Outcome;
use page::Page;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use utsushi::wording::title;
use utsushi_model::finding::Code;
use utsushi_model::text::Lang;
use utsushi_tests::golden::{assert_expected, compare};
use utsushi_tests::tree::{Tree, root};

/// Where the pages are kept.
const PAGES: &str = "docs/findings/";

/// Scenarios that are sound as they stand; every example breaks one of them.
const SOUND: [&str; 6] = [
    "scenarios/library/alpha/scenario.ron",
    "scenarios/library/alpha-prime/scenario.ron",
    "scenarios/library/beta/scenario.ron",
    "scenarios/library/beta-prime/scenario.ron",
    "tests/findings/migration/scenario.ron",
    "tests/findings/move/scenario.ron",
];

fn pages(tree: &Tree) -> Vec<Page> {
    let files = tree.files.iter();
    let named = files.filter_map(|f| Some((f, f.path.strip_prefix(PAGES)?.strip_suffix(".md")?)));
    named
        .filter(|(_, name)| *name != "README")
        .map(|(file, name)| Page::read(name, file.text().unwrap_or_default()))
        .collect::<Result<_, _>>()
        .unwrap_or_else(|problem| panic!("{problem}"))
}

fn checkout() -> Tree {
    Tree::read().expect("the checkout can be read")
}

#[test]
fn sound_scenarios_raise_nothing() {
    let folder = Folder::of(&checkout());
    for entry in SOUND {
        let seen = Outcome::of(&folder, entry);
        assert!(seen.lines().is_empty(), "{entry}:\n{}", seen.in_full());
    }
}

#[test]
fn the_lists_of_a_sound_scenario_hold_one_wide_line() {
    let seen = Outcome::of_lists(&Folder::of(&checkout()), SOUND[0]);
    let wide = "warning[HYG-404] scenarios/library/alpha/scenario.ron:95:21";
    assert_eq!(seen.lines(), [wide], "{}", seen.in_full());
}

#[test]
fn every_example_raises_exactly_what_its_page_says() {
    let tree = checkout();
    let folder = Folder::of(&tree);
    let mut complaints = String::new();
    for page in pages(&tree) {
        for (number, example) in (1..).zip(&page.examples) {
            let outcome = example.carried_out(&folder, &page.code);
            let told = outcome.and_then(|seen| {
                example.compare(&seen.lines())?;
                looks_as_expected(&root().join(page.expected(number)), &seen.in_full())
            });
            if let Err(problem) = told {
                let _ = writeln!(
                    complaints,
                    "{PAGES}{}.md:{}: {problem}",
                    page.code, example.line
                );
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// Compares with the expected text, or writes it when blessing.
fn looks_as_expected(file: &Path, text: &str) -> Result<(), String> {
    if std::env::var_os("UTSUSHI_BLESS").is_some() {
        assert_expected(file, text);
    }
    compare(file, text)
}

#[test]
fn every_expected_text_belongs_to_an_example() {
    let tree = checkout();
    let pages = pages(&tree);
    let wanted: BTreeSet<String> = pages
        .iter()
        .flat_map(|page| (1..=page.examples.len()).map(|number| page.expected(number)))
        .collect();
    let there = tree.files.iter().map(|file| file.path.clone());
    let there: BTreeSet<String> = there
        .filter(|path| path.starts_with(page::EXPECTED))
        .collect();
    assert_eq!(there, wanted);
}

#[test]
fn every_code_has_an_example_that_raises_it() {
    let pages = pages(&checkout());
    let shown: BTreeSet<&str> = pages
        .iter()
        .filter(|page| page.examples.iter().any(|e| e.raises(&page.code)))
        .map(|page| page.code.as_str())
        .collect();
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(shown, all);
    for page in &pages {
        let strange = page.examples.iter().find(|e| !e.raises(&page.code));
        assert!(strange.is_none(), "{}: {strange:?}", page.code);
    }
}

#[test]
fn thirty_and_more_examples_change_one_line_and_raise_one_finding() {
    let pages = pages(&checkout());
    let of_findings = pages.iter().filter(|page| !page.code.starts_with("SCN-"));
    let small = |e: &&page::Example| e.lines_changed() == 1 && e.expected.len() == 1;
    let count = of_findings
        .flat_map(|page| &page.examples)
        .filter(small)
        .count();
    assert!(count >= 30, "only {count}");
}

#[test]
fn every_page_is_laid_out_alike_under_the_title_that_reports_use() {
    for page in pages(&checkout()) {
        let code = Code::parse(&page.code).expect("a page is named after a code");
        let (en, ja) = (title(code, Lang::En), title(code, Lang::Ja));
        assert_eq!(page.title, format!("{en} / {ja}"), "{code}");
        let sections = ["English", "日本語", "Example / 例"];
        assert_eq!(page.sections, sections, "{code}");
    }
}

#[test]
fn the_index_lists_every_page_with_its_title() {
    let tree = checkout();
    let index = tree
        .get(&format!("{PAGES}README.md"))
        .and_then(|f| f.text());
    let index = index.unwrap_or_default();
    for page in pages(&tree) {
        let (code, title) = (&page.code, &page.title);
        let entry = format!("[{code}]({code}.md) | {title} |");
        assert!(index.contains(&entry), "no `{entry}`");
    }
}
