//! Pointing at the word that is wrong, rather than at the thing it stands in.
//!
//! Goes in: a problem whose place is the name of a thing, such as the segment that names an unknown zone.
//! Comes out: the same problem at the word its message quotes, where the thing's own text holds that word.
//! Nothing can go wrong: without such a word the place stays.

use super::order::quoted;
use crate::read::stands_for;
use crate::scan::{self, Kind, Token};
use crate::source::Sources;
use std::ops::Range;
use utsushi_model::problem::Problem;

/// The problem at the word that is wrong.
pub(super) fn sharpened(mut problem: Problem, sources: &Sources) -> Problem {
    let Some(file) = sources.position(&problem.place.file) else {
        return problem;
    };
    let Some(at) = sources.offset(file, &problem.place) else {
        return problem;
    };
    let text = sources.text(file);
    let Some(thing) = surroundings(text, at) else {
        return problem;
    };
    if let Some(word) = culprit(text, at, thing, &problem.message.en) {
        let place = sources.place(file, word);
        let here = problem.related.iter_mut();
        here.filter(|(other, _)| *other == problem.place)
            .for_each(|(other, _)| other.clone_from(&place));
        problem.place = place;
    }
    problem
}

/// The brackets behind the word at `at`, if it is a kind such as `Relabel`, else the struct around it.
fn surroundings(text: &str, at: usize) -> Option<Range<usize>> {
    let mut ahead = scan::tokens(text.get(at..)?);
    let (word, next) = (ahead.next()?, ahead.next());
    let called = next.filter(|next| word.kind == Kind::Word && next.kind == Kind::Open);
    if let Some(open) = called {
        let start = at + open.at.start;
        return Some(start..start + scan::outermost(&text[start..]).len());
    }
    let mut open = Vec::new();
    for token in scan::tokens(text).take_while(|token| token.at.start <= at) {
        match token.kind {
            Kind::Open => open.push(token.at.start),
            Kind::Close => drop(open.pop()),
            _ => {}
        }
    }
    let start = open
        .into_iter()
        .rev()
        .find(|open| text[*open..].starts_with('('))?;
    Some(start..start + scan::outermost(&text[start..]).len())
}

/// The first string of the thing that the message quotes, its own name aside.
fn culprit(text: &str, at: usize, thing: Range<usize>, message: &str) -> Option<Range<usize>> {
    let own = scan::inside(&text[at..][scan::first(&text[at..])]);
    let mut words: Vec<&str> = quoted(message).collect();
    if words.first().is_some_and(|word| stands_for(own, word)) {
        words.remove(0);
        // "rule `web` of `fw` …": the holder is no culprit either.
        let holder = words.first().map(|holder| format!("` of `{holder}`"));
        if holder.is_some_and(|holder| message.contains(&holder)) {
            words.remove(0);
        }
    }
    let all: Vec<Token> = scan::tokens(&text[thing.clone()]).collect();
    let strings = all.iter().enumerate().filter(|(_, t)| t.kind == Kind::Text);
    let strings: Vec<(usize, Range<usize>)> = strings
        .map(|(rank, t)| (rank, thing.start + t.at.start..thing.start + t.at.end))
        .collect();
    let names_thing = |rank: usize| {
        let key = rank.checked_sub(2).and_then(|key| all.get(key));
        key.is_some_and(|key| ["name", "id"].contains(&&text[thing.clone()][key.at.clone()]))
    };
    let find = |word: &str, names: bool| {
        let mut there = strings
            .iter()
            .filter(|(rank, _)| names_thing(*rank) == names);
        there
            .find(|(_, at)| stands_for(scan::inside(&text[at.clone()]), word))
            .map(|(_, at)| at.clone())
    };
    words
        .iter()
        .find_map(|word| find(word, false))
        .or_else(|| words.iter().find_map(|word| find(word, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointed_at<'a>(text: &'a str, at: &str, message: &str) -> Option<&'a str> {
        let at = text.find(at)?;
        let thing = surroundings(text, at)?;
        culprit(text, at, thing, message).map(|range| &text[range])
    }

    #[test]
    fn the_word_in_the_message_is_found_in_the_thing() {
        let text =
            r#"(segments: [(name: "web", zone: "lgx", gateways: [(node: "web")])], x: "lgx")"#;
        let message = "segment `web` names the zone `lgx`, which does not exist";
        assert_eq!(pointed_at(text, "\"web\"", message), Some("\"lgx\""));
        let message = "segment `web` names the node `web`, which does not exist";
        assert_eq!(pointed_at(text, "\"web\"", message), Some("\"web\""));
        assert_eq!(
            pointed_at(text, "\"web\"", "segment `web` has no prefix"),
            None
        );
    }

    #[test]
    fn members_of_a_series_are_found_by_their_pattern() {
        let text = r#"(name: "office-{n}", zone: "z{n+1}", of: "10.66.{n}.0/24")"#;
        let message = "segment `office-12` names the zone `z13`, which does not exist";
        assert_eq!(pointed_at(text, "\"office", message), Some("\"z{n+1}\""));
        let message = "segment `office-12` claims `10.66.12.0/24`, which overlaps `10.0.0.0/8`";
        assert_eq!(
            pointed_at(text, "\"office", message),
            Some("\"10.66.{n}.0/24\"")
        );
    }

    #[test]
    fn a_verb_is_searched_in_its_own_brackets() {
        let text =
            r#"(id: "1", changes: [RemoveNode("old"), Relabel(segments: ["a"], zone: "z")])"#;
        let message = "change does not apply: there is no node `old` at this point";
        assert_eq!(pointed_at(text, "RemoveNode", message), Some("\"old\""));
        let message = "change does not apply: there is no zone `z` at this point";
        assert_eq!(pointed_at(text, "\"a\"", message), Some("\"z\""));
    }

    #[test]
    fn the_holder_of_a_rule_is_no_culprit() {
        let text = r#"Allow(name: "web", in: ["upp"], to: ["fw"])"#;
        let message = "rule `web` of `fw` names `upp`, but `fw` has no such interface";
        assert_eq!(pointed_at(text, "\"web\"", message), Some("\"upp\""));
    }
}
