//! Series: parts of a file written out once for each value of a variable.
//!
//! Goes in: `(var: "n", from: 0, to: 79, of: ( … ))`. Comes out: one piece for each value, in which `{n}`,
//! `{n+1}`, `{16*n+1}` inside strings have become numbers, with a map back to the text as written. What can
//! go wrong: an expression that cannot be read, numbers out of range, too many or too long pieces.

use crate::raw::{self, Val};
use crate::read::Reader;
use crate::say::{self, Said};
use crate::scan::{self, Kind};
use crate::source::{Piece, Stretch};
use std::ops::Range;

/// How many pieces one series may become.
const MOST_PIECES: usize = 10_000;
/// How many bytes all pieces of one series may have.
const MOST_BYTES: usize = 64 << 20;

/// A part of the text between `{` and `}` that holds an expression.
struct Hole {
    /// The bytes with both braces, in the text of `of`.
    at: Range<usize>,
    terms: Vec<Term>,
}

/// A product with its sign: a number, times the variable or not.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    factor: i64,
    power: u32,
}

/// The pieces a series becomes; nothing after a problem.
pub(crate) fn written_out<'a>(reader: &Reader<'a>, value: Val<'a>) -> Vec<Piece> {
    let pieces = read(reader, value);
    if pieces.is_none() {
        reader.log.lose(value.0);
    }
    pieces.unwrap_or_default()
}

fn read<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<Piece>> {
    let raw: raw::Series<'_> = reader.fields(value)?;
    let var = variable(reader, raw.var);
    let from: Option<i64> = reader.whole(raw.from, 0..=1_000_000_000);
    let to: Option<i64> = reader.whole(raw.to, 0..=1_000_000_000);
    let skip: Option<Vec<i64>> =
        reader.all(&raw.skip, |value| reader.whole(value, 0..=1_000_000_000));
    let holes = holes(reader, raw.of, &var?);
    let (from, to, skip, holes) = (from?, to?, skip?, holes?);
    if to < from {
        let said = say::series(
            format!("連番の終わり {to} が始まり {from} より小さい"),
            format!("the series ends at {to}, before it begins at {from}"),
        )
        .help("`from` と `to` を入れ替える", "swap `from` and `to`");
        return reader.note(raw.to, said);
    }
    let count = usize::try_from(to - from).map_or(usize::MAX, |steps| steps + 1);
    if count > MOST_PIECES || count.saturating_mul(raw.of.0.len()) > MOST_BYTES {
        let said = say::series(
            format!("連番が長すぎる（{MOST_PIECES} 件、展開後 64 MiB まで）"),
            format!("the series is too long (at most {MOST_PIECES} times and 64 MiB written out)"),
        );
        return reader.note(raw.to, said);
    }
    (from..=to)
        .filter(|number| !skip.contains(number))
        .map(|number| piece(reader, raw.of, &holes, number))
        .collect()
}

/// Too much text in all series together.
pub(crate) fn too_long() -> Said {
    say::series(
        "連番の展開が全体で大きすぎる（64 MiB まで）",
        "all series together are too long (at most 64 MiB written out)",
    )
}

fn variable<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<String> {
    let name = reader.string(value)?;
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        return Some(name);
    }
    let said = say::series(
        format!("`{name}` は変数名として使えない"),
        format!("`{name}` cannot be a variable"),
    )
    .help(
        "英字で始まる英数字にする（例 `n`）",
        "use letters and digits, a letter first, such as `n`",
    );
    reader.note(value, said)
}

/// Every expression in the strings of `of`; name patterns such as `{0..=79}` are left alone.
fn holes<'a>(reader: &Reader<'a>, of: Val<'a>, var: &str) -> Option<Vec<Hole>> {
    let mut found = Vec::new();
    let mut right = true;
    for token in scan::tokens(of.0).filter(|token| token.kind == Kind::Text) {
        for at in braces(&of.0[token.at.clone()]) {
            let at = token.at.start + at.start..token.at.start + at.end;
            let inside = &of.0[at.start + 1..at.end - 1];
            if inside.contains("..") {
                continue;
            }
            match terms(inside, var) {
                Some(terms) => found.push(Hole { at, terms }),
                None => {
                    right = false;
                    let problem = strange(inside, var).at(&reader.place_of(&of.0[at]));
                    reader.log.note(problem);
                }
            }
        }
    }
    right.then_some(found)
}

fn strange(inside: &str, var: &str) -> Said {
    say::series(
        format!("`{{{inside}}}` は `{var}` の式として読めない"),
        format!("`{{{inside}}}` is not an expression of `{var}`"),
    )
    .help(
        format!("`{{{var}}}`、`{{{var}+1}}`、`{{16*{var}+1}}` のように整数と + - * で書く"),
        format!(
            "write `{{{var}}}`, `{{{var}+1}}` or `{{16*{var}+1}}` with whole numbers and + - *"
        ),
    )
}

/// The bytes of each `{…}` in a string token; an escape such as `\u{3042}` is none.
fn braces(token: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    let mut letters = token.char_indices();
    let raw = scan::is_raw(token);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if !raw => skip_escape(&mut letters),
            '{' => open = Some(at),
            '}' => found.extend(open.take().map(|from| from..at + 1)),
            _ => {}
        }
    }
    found
}

/// Passes over what follows a backslash: one letter, or `u{…}`.
fn skip_escape(letters: &mut std::str::CharIndices<'_>) {
    if let Some((_, 'u')) = letters.next() {
        letters.by_ref().find(|(_, letter)| *letter == '}');
    }
}

/// The terms of a sum of products of whole numbers and the variable.
fn terms(text: &str, var: &str) -> Option<Vec<Term>> {
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let mut rest = text.as_str();
    let mut all = Vec::new();
    let mut sign = 1;
    loop {
        let end = rest.find(['+', '-']).unwrap_or(rest.len());
        let mut term = Term {
            factor: sign,
            power: 0,
        };
        for part in rest[..end].split('*') {
            if part == var {
                term.power += 1;
            } else {
                let digits = part.bytes().all(|byte| byte.is_ascii_digit());
                let number: i64 = part.parse().ok().filter(|_| digits)?;
                term.factor = term.factor.checked_mul(number)?;
            }
        }
        all.push(term);
        let Some(operator) = rest[end..].chars().next() else {
            return Some(all);
        };
        sign = if operator == '-' { -1 } else { 1 };
        rest = &rest[end + 1..];
    }
}

/// The value of an expression; `None` if it leaves the numbers a computer counts with.
fn value(terms: &[Term], number: i64) -> Option<i64> {
    terms.iter().try_fold(0_i64, |sum, term| {
        let power = number.checked_pow(term.power)?;
        sum.checked_add(term.factor.checked_mul(power)?)
    })
}

fn piece<'a>(reader: &Reader<'a>, of: Val<'a>, holes: &[Hole], number: i64) -> Option<Piece> {
    let base = reader.piece.origin(of.0).start;
    let mut text = String::with_capacity(of.0.len());
    let mut stretches = Vec::with_capacity(2 * holes.len() + 1);
    let mut behind = 0;
    let mut push = |text: &mut String, from: Range<usize>, put: &str, copied| {
        if !put.is_empty() {
            stretches.push(Stretch {
                at: text.len(),
                from: base + from.start..base + from.end,
                copied,
            });
            text.push_str(put);
        }
    };
    for hole in holes {
        let Some(result) = value(&hole.terms, number) else {
            let said = say::series("計算結果が大きすぎる", "the result is too large");
            reader
                .log
                .note(said.at(&reader.place_of(&of.0[hole.at.clone()])));
            return None;
        };
        push(
            &mut text,
            behind..hole.at.start,
            &of.0[behind..hole.at.start],
            true,
        );
        push(&mut text, hole.at.clone(), &result.to_string(), false);
        behind = hole.at.end;
    }
    push(&mut text, behind..of.0.len(), &of.0[behind..], true);
    Some(Piece {
        file: reader.piece.file,
        text,
        stretches,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn computed(text: &str, number: i64) -> Option<i64> {
        value(&terms(text, "n")?, number)
    }

    #[test]
    fn expressions_are_computed() {
        assert_eq!(computed("n", 7), Some(7));
        assert_eq!(computed("n+1", 7), Some(8));
        assert_eq!(computed("16*n", 7), Some(112));
        assert_eq!(computed("1100 + 2*n - 1", 7), Some(1113));
        assert_eq!(computed("n*n-n", 7), Some(42));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "m",
            "n+",
            "n/2",
            "-n",
            "1.5",
            "n n",
            "99999999999999999999",
            "+1",
        ] {
            assert_eq!(computed(text, 7), None, "{text}");
        }
        assert_eq!(computed("9223372036854775807*n", 2), None);
    }

    #[test]
    fn escapes_are_no_holes() {
        assert_eq!(braces(r#""a{n}\u{3042}{n+1}""#), [2..5, 13..18]);
        assert_eq!(braces(r#"r"\u{n}""#).first(), Some(&(4..7)));
    }
}
