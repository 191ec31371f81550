//! The text report as a whole, and its alignment.

use super::*;
use crate::model::finding::Code;
use crate::model::problem::Problem;
use crate::model::text::{Lang, Text};
use crate::sample::{Files, place, sample};

/// Compares with a file beside this one, or writes it when blessing.
fn compare(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/render/samples")
        .join(name);
    if std::env::var_os("UTSUSHI_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn a_finding_points_at_its_line_and_ends_with_a_way_out() {
    let sample = sample();
    let text = finding(
        &sample.report.findings[0],
        &sample.context(Lang::En),
        &Files,
        Paint::Plain,
    );
    compare("finding.en.txt", &text);
}

#[test]
fn the_report_reads_from_top_to_bottom() {
    let sample = sample();
    for (lang, expected) in [(Lang::En, "check.en.txt"), (Lang::Ja, "check.ja.txt")] {
        let context = sample.context(lang);
        let text = check(&context, &Files, Paint::Plain)
            + &footer(&context, &Outputs::default(), Paint::Plain);
        compare(expected, &text);
    }
}

#[test]
fn the_last_column_begins_at_the_same_cell_in_every_row() {
    let sample = sample();
    let text = table(&sample.context(Lang::Ja), Paint::Plain);
    let marks = ["判定", "要確認", "OK", "NG"];
    let starts: Vec<_> = text
        .lines()
        .filter_map(|line| {
            marks
                .iter()
                .find_map(|mark| line.find(mark))
                .map(|at| width(&line[..at]))
        })
        .collect();
    assert_eq!(starts.len(), 4, "{text}");
    assert!(starts.iter().all(|at| *at == starts[0]), "{text}");
}

#[test]
fn colours_change_no_letter() {
    let sample = sample();
    let context = sample.context(Lang::En);
    let coloured = check(&context, &Files, Paint::Colour);
    assert!(coloured.contains('\u{1b}'));
    let plain = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(plain, check(&context, &Files, Paint::Plain));
}

#[test]
fn problems_point_at_both_places_and_are_counted() {
    let found = Problem::new(
        Code::UnknownName,
        &place("firewalls/fw-mn.ron", 3, 54, 6),
        Text::new("`tax-db` という名前はない", "nothing is called `tax-db`"),
    )
    .see(
        &place("firewalls/fw-mn.ron", 2, 3, 5),
        Text::new("この一覧", "in this list"),
    )
    .help(Text::new("綴りを確認する", "check the spelling"));
    let missing = Problem::new(
        Code::File,
        &place("gone.ron", 0, 0, 0),
        Text::new("読めない", "cannot be read"),
    );
    let text = problems(&[found, missing], &Files, Lang::Ja, Paint::Plain);
    compare("problems.ja.txt", &text);
}
