//! Going on after text that cannot be parsed.
//!
//! Goes in: the text of a file. Comes out: the same text in which every smallest part that cannot be parsed
//! has become blanks, so that the rest can be read and everything keeps its place; each mistake noted.
//! What can go wrong: brackets that do not match leave nothing to go on with.

use crate::raw::{self, File, Val};
use crate::read::{Log, Reader};
use crate::say;
use crate::scan;
use crate::source::{Piece, Sources};
use ron::error::{Error, Position, SpannedError};
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
        log.lose(&piece.text[range.clone()]);
        piece.text = scan::blanked(&piece.text, &range);
    }
    log.lose(&piece.text);
    None
}

/// The problem behind an error of the parser over `text`, a slice of the reader's piece.
pub(crate) fn problem(reader: &Reader<'_>, text: &str, error: &SpannedError) -> Problem {
    let from = offset(text, error.span.start);
    let until = offset(text, error.span.end).max(from);
    let slice = match error.code {
        // The parser only knows the end of the struct; its beginning says more.
        Error::MissingStructField { .. } => Val::new(text).head(),
        _ if until > from => &text[from..until],
        _ => &text[from..from + scan::first(&text[from..]).end],
    };
    let named = match error.code {
        Error::MissingStructField { field, .. } => {
            let name = scan::defined(text).into_iter().next();
            name.map(|name| missing_in(field, name))
        }
        _ => None,
    };
    let said = named.unwrap_or_else(|| say::ron::said(&error.code));
    let said = said.or_help(say::full_width(
        &text[from..until.max(next_char(text, from))],
    ));
    let problem = said.at(&reader.place_of(slice));
    match scan::unbalanced(text) {
        Some((open, _)) => problem.see(
            &reader.place_of(&text[open..=open]),
            Text::new(
                "この括弧に対応する括弧がない",
                "this bracket has no partner",
            ),
        ),
        None => problem,
    }
}

fn missing_in(field: &str, name: &str) -> say::Said {
    say::Said::new(
        utsushi_model::finding::Code::Shape,
        format!("`{name}` に項目 `{field}` がない"),
        format!("`{name}` has no field `{field}`"),
    )
    .help(
        format!("`{field}: …` を書き加える"),
        format!("add `{field}: …`"),
    )
}

fn next_char(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
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
