//! The page that describes the format, held against the loader.
//!
//! In: `docs/scenario-format.md`. Its blocks are the files of one scenario; it must load, and every verb, kind,
//! role and word of the format must appear in it.

use crate::lower::verb::VERBS;
use crate::lower::{network, node, offer, rules};
use crate::raw::{self, File};
use crate::{Memory, catalogue, load_from};

const PAGE: &str = include_str!("../../docs/scenario-format.md");

/// The fenced blocks of a language: the name in the first line, and the text.
fn blocks(language: &str) -> Vec<(&'static str, &'static str)> {
    let opening = format!("```{language}\n");
    let behind = PAGE.split(opening.as_str()).skip(1);
    let texts = behind.filter_map(|rest| rest.split("\n```").next());
    let named = |text: &'static str| {
        let first = text.lines().next().unwrap_or_default();
        let name = first.trim_start_matches(['/', '#', ' ']);
        (name.split(':').next().unwrap_or_default(), text)
    };
    texts.map(named).collect()
}

#[test]
fn every_block_is_a_file() {
    let blocks = blocks("ron");
    assert!(blocks.len() >= 10, "only {} blocks", blocks.len());
    for (name, text) in blocks {
        assert!(name.ends_with(".ron"), "a block begins with `{name}`");
        let parsed = raw::parse::<File<'_>>(text);
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err());
    }
}

#[test]
fn the_blocks_together_are_a_scenario() {
    let files = blocks("ron").into_iter().chain(blocks("csv"));
    let loaded = load_from(&Memory::new(files), "scenario.ron");
    let told = loaded.err().map(|failed| {
        let lines = failed.problems.iter().map(|problem| {
            let (place, code, text) = (&problem.place, problem.code, &problem.message.en);
            format!("{place}: {code} {text}")
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    assert_eq!(told.as_deref(), None);
}

#[test]
fn the_catalogue_can_be_read_and_has_every_kind_of_piece() {
    let read = catalogue::from(&Memory::new(blocks("ron")), "catalogue.ron");
    let read = read.unwrap_or_else(|failed| panic!("{:#?}", failed.problems));
    let mut kinds: Vec<_> = read
        .catalogue
        .offers
        .iter()
        .map(|offer| std::mem::discriminant(&offer.piece))
        .collect();
    kinds.dedup();
    assert_eq!(kinds.len(), offer::PIECES.len());
}

#[test]
fn every_word_of_the_format_is_on_the_page() {
    let words: Vec<&str> = VERBS
        .into_iter()
        .chain(node::KINDS)
        .chain(rules::SPECS)
        .chain(offer::PIECES)
        .chain(network::ROLES.iter().map(|(word, _)| *word))
        .chain(network::CLASSES.iter().map(|(word, _)| *word))
        .collect();
    let is_word = |letter: char| !letter.is_ascii_alphanumeric();
    for word in words {
        assert!(PAGE.split(is_word).any(|found| found == word), "{word}");
    }
}
