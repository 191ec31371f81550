//! Which problems are told, and in which order.
//!
//! Goes in: every problem that was found. Comes out: those that do not merely follow from others, by file
//! and line; what the members of a series or list all share is told once. Nothing can go wrong.

use crate::read::{Lost, stands_for};
use crate::say::Said;
use crate::source::Sources;
use std::collections::BTreeMap;
use utsushi_model::finding::Code;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

/// How many problems are told of one scenario.
const MOST: usize = 1_000;

/// Whether a problem of the whole only follows from text that could not be read.
pub(super) fn follows(problem: &Problem, lost: &Lost, incomplete: bool) -> bool {
    let suspects = match problem.code {
        // Names are missed that were defined in what could not be read.
        Code::UnknownName | Code::Change => &lost.defined,
        // Interfaces and members are missed that were only mentioned there.
        Code::Topology | Code::Empty | Code::Outside => &lost.mentioned,
        _ => return false,
    };
    let among = |word: &str| suspects.iter().any(|text| stands_for(text, word));
    incomplete || quoted(&problem.message.en).any(among)
}

/// The words of a message that stand in backticks.
pub(super) fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

/// Problems in the order of files and lines; what several members of one list share is told once.
pub(super) fn ordered(problems: Vec<Problem>, sources: &Sources) -> Vec<Problem> {
    let mut keyed: Vec<_> = problems
        .into_iter()
        .map(|problem| {
            let file = sources.position(&problem.place.file);
            ((file, problem.place.line, problem.place.column), problem)
        })
        .collect();
    keyed.sort_by_key(|(at, _)| *at);
    let mut seen: BTreeMap<(Code, Place, String), usize> = BTreeMap::new();
    let mut kept: Vec<(Problem, usize)> = Vec::new();
    for (_, problem) in keyed {
        let masked = masked(&problem.message.en);
        let key = (problem.code, problem.place.clone(), masked);
        match seen.get(&key) {
            Some(at) if kept[*at].0.message != problem.message => kept[*at].1 += 1,
            Some(_) => {}
            None => {
                seen.insert(key, kept.len());
                kept.push((problem, 0));
            }
        }
    }
    let more = kept.len().saturating_sub(MOST);
    kept.truncate(MOST);
    let mut out: Vec<Problem> = kept.into_iter().map(counted).collect();
    if more > 0 {
        let said = Said::new(
            Code::File,
            format!("問題がほかに {more} 件ある"),
            format!("there are {more} more problems"),
        );
        out.push(said.at(&Place::nowhere()));
    }
    out
}

/// A problem that stands for others like it says so.
fn counted((problem, others): (Problem, usize)) -> Problem {
    if others == 0 {
        return problem;
    }
    let place = problem.place.clone();
    problem.see(
        &place,
        Text::new(
            format!("同じ箇所から生じる同様の問題がほかに {others} 件ある"),
            format!("and {others} more like it from the same words"),
        ),
    )
}

/// The message without the name of the thing it is about, and with every run of digits made alike: two
/// problems that are then the same, at one place, come from one list or series.
fn masked(message: &str) -> String {
    let alone = quoted(message).nth(1).is_none();
    let about = quoted(message).next().filter(|_| !alone);
    let about = about.map_or(0, str::len);
    let start = message.find('`').map_or(0, |at| at + 1);
    let mut out = String::with_capacity(message.len());
    out.push_str(&message[..start]);
    for letter in message[start + about..].chars() {
        if !letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u32, message: &str) -> Problem {
        let place = Place {
            file: "a.ron".into(),
            line,
            column: 1,
            length: 1,
        };
        Problem::new(Code::UnknownName, &place, Text::same(message))
    }

    #[test]
    fn members_of_a_series_are_told_once() {
        let mut sources = Sources::default();
        sources.push("a.ron", "");
        let all = vec![
            problem(2, "there is no zone `a-2`"),
            problem(1, "later"),
            problem(2, "there is no zone `a-13`"),
            problem(2, "there is no site `a-13`"),
            problem(2, "there is no site `a-13`"),
            problem(3, "group `a` names the zone `x`"),
            problem(3, "group `b` names the zone `x`"),
            problem(3, "group `b` names the zone `y`"),
        ];
        let told: Vec<_> = ordered(all, &sources)
            .iter()
            .map(|p| (p.message.en.clone(), p.related.len()))
            .collect();
        let wanted = [
            ("later", 0),
            ("there is no zone `a-2`", 1),
            ("there is no site `a-13`", 0),
            ("group `a` names the zone `x`", 1),
            ("group `b` names the zone `y`", 0),
        ];
        assert_eq!(told, wanted.map(|(text, more)| (text.to_owned(), more)));
    }
}
