//! Going on after text that cannot be parsed.
//!
//! Goes in: the text of a file. Comes out: the same text in which every smallest part that cannot be parsed
//! has become blanks, so that the rest can be read and everything keeps its place; each mistake noted.
//! What can go wrong: brackets that do not match leave nothing to go on with.

use crate::raw::{self, File, Mirror, Val};
use crate::read::{Log, Reader};
use crate::say::{self, Said};
use crate::scan;
use crate::source::{Piece, Sources};
use ron::error::{Error, Position, SpannedError};
use utsushi_model::finding::Code;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

/// How many mistakes of syntax are told of one file.
const MOST_MISTAKES: usize = 50;

/// The piece with what cannot be parsed made blank; `None` if nothing is left to go on with.
pub(crate) fn mend(mut piece: Piece, sources: &Sources, log: &Log) -> Option<Piece> {
    for _ in 0..MOST_MISTAKES {
        let Err(error) = raw::parse::<File<'_>>(&piece.text) else {
            return Some(piece);
        };
        let reader = Reader {
            sources,
            piece: &piece,
            log,
        };
        log.note(problem(&reader, &piece.text, &error));
        let at = offset(&piece.text, error.span.start);
        let Some(range) = scan::removable(&piece.text, at).filter(|range| !range.is_empty()) else {
            break;
        };
        let part = &piece.text[range.clone()];
        // A kind with brackets, such as `Relabel(…)`, or a whole step.
        let change = scan::tokens(part).any(|token| &part[token.at] == "changes")
            || part.trim_start().starts_with(char::is_alphabetic);
        match change {
            true => log.lose_change(part),
            false => log.lose(part),
        }
        piece.text = scan::blanked(&piece.text, &range);
    }
    log.lose(&piece.text);
    None
}

/// The problem behind an error of the parser over `text`, a slice of the reader's piece.
pub(crate) fn problem(reader: &Reader<'_>, text: &str, error: &SpannedError) -> Problem {
    let from = offset(text, error.span.start);
    let until = offset(text, error.span.end).max(from);
    if let Some(problem) = brackets(reader, text, from, &error.code) {
        return problem;
    }
    if let Error::MissingStructField { field, .. } = &error.code {
        return missing(reader, text, field);
    }
    let slice = match text[from..until].trim() {
        "" => Val::new(&text[from..]).head(),
        marked => &text[from + text[from..].find(marked).unwrap_or(0)..][..marked.len()],
    };
    let said = say::ron::said(&error.code);
    // A full-width character is the mistake, whatever the parser makes of what is behind it.
    let wide = slice.chars().next().filter(|c| say::is_full_width(*c));
    match wide {
        Some(wide) => {
            let said = said.instead(say::full_width(slice));
            said.at(&reader.place_of(&slice[..wide.len_utf8()]))
        }
        None => said.at(&reader.place_of(slice)),
    }
}

/// Notes every field of a struct that is unknown, given twice or missing, where the parser stops at the
/// first; whether there was any.
pub(crate) fn fields<T: Mirror>(reader: &Reader<'_>, value: Val<'_>) -> bool {
    let plain = |field: &&'static str| field.trim_start_matches("r#");
    let must: Vec<&str> = T::MUST.iter().map(plain).collect();
    let mut known = must.clone();
    known.extend(T::MAY.iter().map(plain));
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for (key, _) in scan::fields(value.0) {
        let place = reader.place_of(key);
        if !known.contains(&key) {
            problems.push(say::unknown_field(key, &known).at(&place));
        } else if seen.contains(&key) {
            problems.push(say::double_field(key).at(&place));
        }
        seen.push(key);
    }
    // A field that is there under a misspelt name is not missing as well.
    let strangers = seen.iter().filter(|key| !known.contains(key));
    let misspelt = |field: &str| {
        let mut meant = strangers
            .clone()
            .map(|key| say::closest(key, known.iter().copied()));
        meant.any(|meant| meant == Some(field))
    };
    let absent = must.iter().copied();
    let absent = absent.filter(|field| !seen.contains(field) && !misspelt(field));
    problems.extend(absent.map(|field| missing(reader, value.0, field)));
    let told = !problems.is_empty();
    problems
        .into_iter()
        .for_each(|problem| reader.log.note(problem));
    told
}

/// A field that is missing; the name of the thing, or else its beginning, is the place to look at.
fn missing(reader: &Reader<'_>, text: &str, field: &str) -> Problem {
    let named = scan::fields(text).into_iter().find_map(|(key, value)| {
        let named = ["name", "id"].contains(&key) && value.kind == scan::Kind::Text;
        named.then(|| scan::inside(&text[value.at]))
    });
    let at = named.unwrap_or_else(|| Val::new(text).head());
    say::missing_field(field, named).at(&reader.place_of(at))
}

/// Brackets that do not match, where the parser stumbles over them only later.
fn brackets(reader: &Reader<'_>, text: &str, from: usize, code: &Error) -> Option<Problem> {
    if matches!(code, Error::ExpectedStringEnd | Error::UnclosedBlockComment) {
        return None;
    }
    let (open, close) = scan::unbalanced(text)?;
    if from < open {
        return None;
    }
    let at = |offset: usize| reader.place_of(&text[offset..=offset]);
    let (first, help) = (
        &text[open..=open],
        (
            "括弧の過不足を探す",
            "look for a bracket too many or too few",
        ),
    );
    let said = |ja: String, en: String| Said::new(Code::Syntax, ja, en).help(help.0, help.1);
    Some(match close {
        Some(close) => {
            let last = &text[close..=close];
            let label = Text::new("開いている括弧", "the bracket that is open");
            said(
                format!("`{first}` が `{last}` で閉じられている"),
                format!("`{first}` is closed by `{last}`"),
            )
            .at(&at(close))
            .see(&at(open), label)
        }
        None if ")]}".contains(first) => said(
            format!("`{first}` に対応する開き括弧がない"),
            format!("`{first}` closes nothing"),
        )
        .at(&at(open)),
        None => said(
            format!("`{first}` が閉じられていない"),
            format!("`{first}` is never closed"),
        )
        .at(&at(open)),
    })
}

/// The byte offset of a position that counts lines and characters from 1.
fn offset(text: &str, position: Position) -> usize {
    let mut at = 0;
    for _ in 1..position.line {
        at += text[at..].find('\n').map_or(0, |end| end + 1);
    }
    let column = position.col.saturating_sub(1);
    let letters = text[at..].char_indices().nth(column);
    letters.map_or(text.len(), |(behind, _)| at + behind)
}
