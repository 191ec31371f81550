//! Every kind of mistake a scenario can hold, and what is said of it.
//!
//! In: the folders under `mistakes`, each a scenario with one kind of mistake on top of `base.ron`. Out:
//! every problem with its place, the marked text, code, message and way out in both languages, compared
//! with `expected/problems.txt` beside it. What can go wrong: a mistake that is not told, told twice, told at
//! the wrong place or in other words.

use std::fs;
use std::path::Path;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;
use utsushi_scenarios::{Sources, load};
use utsushi_tests::golden::assert_expected;

/// Folders with mistakes, by name.
#[expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its cases has to fail"
)]
fn folders() -> Vec<String> {
    let entries = fs::read_dir("mistakes").unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The problems as text: what a reviewer compares with the scenario beside it.
fn told(problems: &[Problem], sources: &Sources) -> String {
    let mut lines = Vec::new();
    for problem in problems {
        let Problem { code, place, .. } = problem;
        lines.push(format!("{place}: {code}"));
        let marked = marked(place, sources);
        lines.extend(marked.map(|marked| format!("  marks  {marked}")));
        lines.push(format!("  en     {}", problem.message.en));
        lines.push(format!("  ja     {}", problem.message.ja));
        if let Some(help) = &problem.help {
            lines.push(format!("  try    {}", help.en));
            lines.push(format!("  解決   {}", help.ja));
        }
        for (place, label) in &problem.related {
            let Text { ja, en } = label;
            lines.push(format!("  see    {place}: {en} / {ja}"));
        }
        lines.push(String::new());
    }
    lines.join("\n")
}

/// The characters that a place marks.
fn marked(place: &Place, sources: &Sources) -> Option<String> {
    let count = |number: u32| usize::try_from(number).ok();
    let line = count(place.line)?.checked_sub(1)?;
    let text = sources.get(&place.file)?.lines().nth(line)?;
    let letters = text.chars().skip(count(place.column)? - 1);
    Some(letters.take(count(place.length)?).collect())
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
