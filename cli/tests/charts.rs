//! The charts of the shipped scenarios: none is higher than a page, and the options of `utsushi chart` do what they say.
//!
//! In: the library and the command. What can go wrong: a chart grows beyond A4 with its rows or footnotes; figures of a
//! state that was not asked for are drawn; an empty folder looks like success.

#![expect(clippy::expect_used, reason = "a test tells what failed by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use utsushi::figures::{self, Figure, View};
use utsushi::model::text::Lang;
use utsushi::viz::Options;
use utsushi::wording::Context;
use utsushi::{scenarios, sim};

/// The most that a chart may be high, mm.
const HIGHEST: f64 = 240.0;

fn library() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/library")
}

/// The folders of the library, in order.
fn shipped() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(library()).expect("the library");
    let folders = entries.map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Height in millimetres, as the drawing says.
fn height(svg: &str) -> f64 {
    let rest = svg.split_once("height=\"").expect("a height").1;
    let number = rest.split_once("mm").expect("millimetres").0;
    number.parse().expect("a number")
}

#[test]
fn no_chart_of_the_library_is_higher_than_a_page() {
    let mut count = 0;
    for folder in shipped() {
        let migration = scenarios::load(&folder).expect("it loads").migration;
        let mut report = sim::run(&migration).expect("it fits");
        let states: Vec<usize> = (0..report.states.len()).collect();
        let requirements = &migration.requirements;
        for lang in [Lang::Ja, Lang::En] {
            let causes = {
                let context = Context {
                    report: &report,
                    requirements,
                    lang,
                };
                let of = |state: &usize| {
                    let explained = figures::explained(&context, *state);
                    sim::causes::causes(&migration, *state, &explained)
                };
                states.iter().flat_map(of).collect()
            };
            report.causes = causes;
            let context = Context {
                report: &report,
                requirements,
                lang,
            };
            let all = figures::all(Figure::ALL, &states).into_iter();
            let sheets = all.flat_map(|(f, state)| figures::sheets(&View::of(context), f, state));
            for sheet in sheets {
                let chart = sheet.drawing.draw(&Options::half(lang)).expect("a chart");
                let (mm, name) = (height(&chart.svg), sheet.name(&context, &chart));
                assert!(
                    mm <= HIGHEST,
                    "{} {lang:?} {name}: {mm} mm",
                    folder.display()
                );
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count} charts");
}

/// Runs `utsushi chart` on the Mie-like plan.
fn chart(out: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_utsushi"))
        .args(["--lang", "en", "chart"])
        .arg(library().join("mie"))
        .arg("--out")
        .arg(out)
        .args(more)
        .output()
        .expect("the command runs")
}

#[test]
fn only_the_state_asked_for_is_in_the_charts() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("charts");
    assert_eq!(chart(&out, &["--step", "2"]).status.code(), Some(0));
    for (file, column) in [("utilisation", 0), ("gate", 2), ("pools", 1)] {
        let text = std::fs::read(out.join(format!("{file}.csv"))).expect("a table");
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let mut table = csv::Reader::from_reader(text);
        let rows: Vec<_> = table.records().map(|row| row.expect("a row")).collect();
        assert!(!rows.is_empty(), "{file}");
        for row in rows {
            assert_eq!(row.get(column), Some("step 2"), "{file}: {row:?}");
        }
    }
    let headroom = std::fs::read_to_string(out.join("headroom.csv")).expect("a table");
    assert!(!headroom.contains("step 1") && !headroom.contains("step 3"));
}

#[test]
fn a_chart_of_nothing_is_a_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    for (words, why) in [
        (
            ["--figure", "waterfall", "--step", "0"],
            "no state before it",
        ),
        (
            ["--figure", "waterfall", "--step", "1"],
            "changes the verdict",
        ),
        (
            ["--figure", "gate", "--step", "0"],
            "no site at which people talk",
        ),
        (["--figure", "heatmap", "--years", "3"], "utilisation alone"),
    ] {
        let out = chart(&folder.path().join("charts"), &words);
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{words:?}: {told}");
        assert!(told.contains(why), "{words:?}: {told}");
        assert!(!folder.path().join("charts").exists(), "{words:?}");
    }
}

#[test]
fn years_to_come_are_one_column_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("charts");
    let run = chart(&out, &["--figure", "utilisation", "--years", "5"]);
    assert_eq!(run.status.code(), Some(0));
    let table = std::fs::read_to_string(out.join("utilisation.csv")).expect("a table");
    let (later, today): (Vec<&str>, Vec<&str>) = table
        .lines()
        .skip(1)
        .partition(|line| line.ends_with("projection"));
    assert!(!later.is_empty() && !today.is_empty());
    assert!(
        later
            .iter()
            .all(|line| line.starts_with("step 3 (+5 years),"))
    );
    assert!(
        today
            .iter()
            .all(|line| line.ends_with("today") && !line.contains("years"))
    );
}
