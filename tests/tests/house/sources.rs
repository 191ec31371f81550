//! Length, opening lines and forbidden words of source files.
//!
//! In: every `.rs` file, for the marks of unfinished work also `.ron` and `.toml`
//! files. Out: a complaint with path and line. The needles are put together from parts,
//! so that this file does not complain about itself.

use utsushi_tests::tree::{File, Tree};

use crate::{assert_caught, assert_kept};

/// No Rust file has more lines than this.
const LONGEST: usize = 600;

/// A `//!` has to appear within so many lines.
const OPENING: usize = 3;

/// Text that must not appear in a Rust file.
const FORBIDDEN: [&str; 4] = [
    concat!("#[", "ignore"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("db", "g!("),
];

/// Words that mark unfinished work, in any source.
const UNFINISHED: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];

fn length(tree: &Tree) -> Vec<String> {
    let too_long = tree.with_extension("rs").filter_map(|file| {
        let lines = file.lines().count();
        let path = &file.path;
        (lines > LONGEST).then(|| format!("{path}: {lines} lines, at most {LONGEST}"))
    });
    too_long.collect()
}

fn opening(tree: &Tree) -> Vec<String> {
    let silent = tree.with_extension("rs").filter(|file| {
        let mut lines = file.lines().take(OPENING);
        !lines.any(|(_, line)| line.starts_with("//!"))
    });
    silent
        .map(|file| format!("{}: no `//!` in the first {OPENING} lines", file.path))
        .collect()
}

fn forbidden(tree: &Tree) -> Vec<String> {
    let sources = tree
        .files
        .iter()
        .filter(|file| ["rs", "ron", "toml"].contains(&file.extension()));
    sources.flat_map(forbidden_in).collect()
}

fn forbidden_in(file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in file.lines() {
        let texts = FORBIDDEN
            .iter()
            .filter(|text| file.extension() == "rs" && line.contains(**text));
        let words = UNFINISHED.iter().filter(|word| has_word(line, word));
        for found in texts.chain(words) {
            complaints.push(format!("{}:{number}: `{found}`", file.path));
        }
    }
    complaints
}

/// Whether `word` stands in `line` on its own, not as part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|found| found == word)
}

#[test]
fn no_source_is_too_long() {
    assert_kept(length);
    let long = "x\n".repeat(LONGEST + 1);
    assert_caught(length, &[("sim/src/a.rs", &long)], "601 lines");
    let short = "x\n".repeat(LONGEST);
    assert!(length(&Tree::of(&[("a.rs", &short), ("a.txt", &long)])).is_empty());
}

#[test]
fn every_source_opens_by_saying_what_it_is() {
    assert_kept(opening);
    assert_caught(
        opening,
        &[("sim/src/a.rs", "use x;\n\n\n//! late")],
        "no `//!`",
    );
    assert!(opening(&Tree::of(&[("a.rs", "#![cfg(unix)]\n\n//! What it is.")])).is_empty());
}

#[test]
fn nothing_is_left_unfinished() {
    assert_kept(forbidden);
    for text in FORBIDDEN {
        assert_caught(forbidden, &[("a.rs", &format!("\n    {text})"))], "a.rs:2");
    }
    for word in UNFINISHED {
        assert_caught(
            forbidden,
            &[("a.ron", &format!("// {word}: later"))],
            "a.ron:1",
        );
        assert!(forbidden(&Tree::of(&[("a.rs", &format!("let MY_{word} = 1;"))])).is_empty());
    }
}
