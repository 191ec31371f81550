//! Every finding code has its page and its expected output.
//!
//! In: the list of codes and the checkout. Out: a complaint for every code without a
//! page `docs/findings/CODE.md`, for every page whose first line does not name its code,
//! for every page without a code, and for every code that no expected output shows:
//! what no example raises, nobody has seen work.

use utsushi_model::finding::Code;
use utsushi_tests::tree::{File, Tree};

use crate::assert_kept;

/// Where the pages are kept.
const PAGES: &str = "docs/findings/";

fn pages(codes: &[&str], tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for code in codes {
        let path = format!("{PAGES}{code}.md");
        match tree.get(&path).and_then(File::text) {
            None => complaints.push(format!("{path}: missing")),
            Some(text) if !text.lines().next().unwrap_or_default().contains(code) => {
                complaints.push(format!("{path}: the first line does not name `{code}`"));
            }
            Some(_) => {}
        }
    }
    let named = tree
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(PAGES)?.strip_suffix(".md"));
    let strange = named.filter(|name| *name != "README" && !codes.contains(name));
    complaints.extend(strange.map(|name| format!("{PAGES}{name}.md: there is no such code")));
    complaints
}

fn examples(codes: &[&str], tree: &Tree) -> Vec<String> {
    let expected = tree.files.iter().filter(|file| file.lies_under("expected"));
    let shown: String = expected.filter_map(File::text).collect();
    let unseen = codes.iter().filter(|code| !has_code(&shown, code));
    unseen
        .map(|code| format!("`{code}` appears in no file under an `expected` folder"))
        .collect()
}

/// Whether `code` stands in `text` on its own: `ISO-10` is not shown by `ISO-101`.
fn has_code(text: &str, code: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    words.any(|word| word == code)
}

/// The codes as they are printed.
fn codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.as_str()).collect()
}

#[test]
fn every_code_has_its_page() {
    assert_kept(|tree| pages(&codes(), tree));
}

#[test]
fn every_code_is_seen_in_an_expected_output() {
    assert_kept(|tree| examples(&codes(), tree));
}

#[test]
fn no_two_findings_share_a_code() {
    let mut sorted = codes();
    sorted.sort_unstable();
    let count = sorted.len();
    sorted.dedup();
    assert_eq!(sorted.len(), count);
}

#[test]
fn a_missing_strange_or_wrong_page_is_caught() {
    let check = |files: &[(&str, &str)]| pages(&["ISO-101"], &Tree::of(files)).join("\n");
    let good = (
        "docs/findings/ISO-101.md",
        "# ISO-101: a packet gets through",
    );
    assert_eq!(check(&[good, ("docs/findings/README.md", "# Index")]), "");
    assert_eq!(check(&[]), "docs/findings/ISO-101.md: missing");
    let strange = ("docs/findings/ISO-999.md", "# ISO-999");
    assert_eq!(
        check(&[good, strange]),
        "docs/findings/ISO-999.md: there is no such code"
    );
    let wrong = check(&[("docs/findings/ISO-101.md", "# ISO-110")]);
    assert_eq!(
        wrong,
        "docs/findings/ISO-101.md: the first line does not name `ISO-101`"
    );
}

#[test]
fn a_code_no_example_raises_is_caught() {
    let check = |files: &[(&str, &str)]| examples(&["ISO-10"], &Tree::of(files)).len();
    assert_eq!(
        check(&[("scenarios/library/x/expected/check.txt", "error[ISO-10]: …")]),
        0
    );
    assert_eq!(
        check(&[(
            "scenarios/library/x/expected/check.txt",
            "error[ISO-101]: …"
        )]),
        1
    );
    assert_eq!(check(&[("docs/findings/ISO-10.md", "error[ISO-10]: …")]), 1);
}
