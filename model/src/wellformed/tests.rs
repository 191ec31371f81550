//! Each check raises exactly its problem on a network with one thing wrong, and nothing on the sound one.

mod forms;
mod names;
mod plan;
mod ranges;
mod requirements;
mod sets;

use super::check;
use crate::network::Network;
use crate::problem::Problem;
use crate::sample::sound;

/// A problem as one line: code, place, message, help.
fn line(problem: &Problem) -> String {
    let help = problem.help.as_ref().map_or("-", |h| &h.en);
    format!(
        "{} {}: {} | {help}",
        problem.code, problem.place.file, problem.message.en
    )
}

/// The problems of the sound network after one edit are exactly these.
#[track_caller]
fn raises(edit: impl FnOnce(&mut Network), expected: &[&str]) {
    let mut network = sound();
    edit(&mut network);
    let found: Vec<String> = check(&network).iter().map(line).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_sound_network_raises_nothing() {
    raises(|_| {}, &[]);
}

#[test]
fn every_problem_speaks_both_languages_and_offers_a_way_out() {
    let mut network = sound();
    crate::sample::edit(&mut network.segments, "terms", |s| {
        s.zone = crate::id::Id::new("lgw");
        s.vlan = Some(0);
        s.prefixes.push(crate::sample::prefix("10.72.1.0/24"));
    });
    let problems = check(&network);
    assert_eq!(problems.len(), 3);
    for problem in problems {
        assert!(
            problem.message.ja.starts_with("セグメント `"),
            "{problem:?}"
        );
        assert!(problem.help.is_some(), "{problem:?}");
        assert!(!problem.message.en.ends_with('.'), "{problem:?}");
    }
}
