//! Every kind of mistake a scenario can hold, and what is said of it.
//!
//! In: the folders under `mistakes`, each a scenario with one kind of mistake on top of `base.ron`. Out:
//! every problem with its place, the marked text, code, message and way out in both languages, compared
//! with `expected/problems.txt` beside it. What can go wrong: a mistake that is not told, told twice, told at
//! the wrong place or in other words.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;
use utsushi_scenarios::{Sources, load};
use utsushi_tests::golden::assert_expected;

/// Folders with mistakes, by name.
fn folders() -> Vec<String> {
    let entries = fs::read_dir("mistakes").unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn told(problems: &[Problem], sources: &Sources) -> String {
    let mut out = String::new();
    for problem in problems {
        let Problem { code, place, .. } = problem;
        writeln!(out, "{place}: {code}").unwrap();
        if let Some(marked) = marked(place, sources) {
            writeln!(out, "  marks  {marked}").unwrap();
        }
        both(&mut out, "en", "ja", &problem.message);
        if let Some(help) = &problem.help {
            both(&mut out, "try", "解決", help);
        }
        for (place, label) in &problem.related {
            writeln!(out, "  see    {place}: {} / {}", label.en, label.ja).unwrap();
        }
        out.push('\n');
    }
    out
}

fn both(out: &mut String, en: &str, ja: &str, text: &Text) {
    let pad = |word: &str| {
        " ".repeat(
            7 - word
                .chars()
                .map(|c| 1 + usize::from(!c.is_ascii()))
                .sum::<usize>(),
        )
    };
    writeln!(out, "  {en}{}{}", pad(en), text.en).unwrap();
    writeln!(out, "  {ja}{}{}", pad(ja), text.ja).unwrap();
}

/// The characters that a place marks.
fn marked(place: &Place, sources: &Sources) -> Option<String> {
    let line = usize::try_from(place.line).unwrap().checked_sub(1)?;
    let text = sources.get(&place.file)?.lines().nth(line)?;
    let letters = text
        .chars()
        .skip(usize::try_from(place.column).unwrap() - 1);
    let length = usize::try_from(place.length).unwrap();
    Some(letters.take(length).collect())
}

#[test]
fn every_mistake_is_told_as_expected() {
    let folders = folders();
    assert!(folders.len() >= 20, "only {} mistakes", folders.len());
    for folder in folders {
        let path = Path::new("mistakes").join(&folder);
        let failed = load(&path).expect_err(&folder);
        let shown = told(&failed.problems, &failed.sources);
        assert_expected(&path.join("expected/problems.txt"), &shown);
    }
}

#[test]
fn what_the_mistakes_are_made_on_is_sound() {
    let head =
        r#"(title: "base", start: (model: Alpha, date: "2023-04-01"), include: ["base.ron"])"#;
    let base = fs::read_to_string("mistakes/base.ron").unwrap();
    let files = utsushi_scenarios::Memory::new([("scenario.ron", head), ("base.ron", &base)]);
    let loaded = utsushi_scenarios::load_from(&files, "scenario.ron");
    assert!(
        loaded.is_ok(),
        "{:?}",
        loaded.map_err(|failed| failed.problems)
    );
}
