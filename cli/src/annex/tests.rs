//! Indexes of the hand-made report.

use super::*;
use crate::model::text::Lang;
use crate::sample::sample;
use crate::viz::data::Note;

fn entry(figure: Figure, name: &str) -> Entry {
    Entry {
        figure,
        name: name.to_owned(),
        caption: Caption {
            title: "A < B".to_owned(),
            subtitle: "plan · step 2".to_owned(),
            notes: vec![Note {
                kind: NoteKind::Assumption,
                text: "4 % [A]".to_owned(),
            }],
        },
        sees: "a|b".to_owned(),
    }
}

#[test]
fn kinds_are_lettered_in_the_order_of_the_annex_without_gaps() {
    let sample = sample();
    let context = sample.context(Lang::En);
    let entries = [
        entry(Figure::Picture, "picture-step2"),
        entry(Figure::Headroom, "headroom"),
    ];
    let letters: Vec<_> = sections(&context, &entries)
        .into_iter()
        .map(|s| (s.letter, s.entries[0].name.clone()))
        .collect();
    let wanted = [("(a)", "headroom"), ("(b)", "picture-step2")];
    assert_eq!(letters, wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[test]
fn both_forms_name_every_file_and_say_what_is_assumed() {
    let sample = sample();
    let entries = [entry(Figure::Headroom, "headroom")];
    for lang in [Lang::Ja, Lang::En] {
        let context = sample.context(lang);
        for page in [markdown(&context, &entries), html(&context, &entries)] {
            for kind in ["svg", "png", "csv"] {
                assert!(page.contains(&format!("headroom.{kind}")), "{page}");
            }
            assert!(page.contains(context.pick("出典の記載なし", "no source stated")));
            assert!(page.contains(context.pick("仮定：", "Assumed: ")));
        }
    }
}

#[test]
fn words_of_a_scenario_are_no_markup() {
    let sample = sample();
    let context = sample.context(Lang::En);
    let entries = [entry(Figure::Headroom, "headroom")];
    assert!(html(&context, &entries).contains("A &lt; B"));
    assert!(markdown(&context, &entries).contains("a\\|b"));
}
