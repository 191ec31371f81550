//! A quick look at RON text: strings, comments and brackets, nothing more.
//!
//! Goes in: any text, RON or not. Comes out: its tokens with their byte ranges, and answers that need only
//! brackets (which list item surrounds an offset, which bracket is never closed, which names are defined).
//! Nothing can go wrong: what is no RON gives strange tokens, and an open string runs to the end.

use std::ops::Range;

/// What a token is, as far as this module tells tokens apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// A string with its quotes.
    Text,
    /// Anything else without white space: identifiers, numbers, stray characters.
    Word,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its bytes.
    pub(crate) at: Range<usize>,
}

/// The tokens of a text, comments and white space left out.
pub(crate) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// See [`tokens`].
#[derive(Debug, Clone)]
pub(crate) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at = self.text.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                self.at += block_comment(trimmed);
            } else {
                return;
            }
        }
    }

    fn length(&self, kind: Kind) -> usize {
        let rest = self.rest();
        match kind {
            Kind::Text => string_end(rest),
            Kind::Word => word_end(rest),
            _ => 1,
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_blank();
        let kind = match self.rest().chars().next()? {
            '(' | '[' | '{' => Kind::Open,
            ')' | ']' | '}' => Kind::Close,
            ',' => Kind::Comma,
            ':' => Kind::Colon,
            _ if string_start(self.rest()).is_some() => Kind::Text,
            _ => Kind::Word,
        };
        let from = self.at;
        self.at += self.length(kind).max(1);
        Some(Token {
            kind,
            at: from..self.at,
        })
    }
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// Where the quoted part of a string begins, and how many `#` a raw one has (`None`: not raw).
fn string_start(text: &str) -> Option<(usize, Option<usize>)> {
    let body = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - body.len();
    if body.starts_with('"') {
        return Some((prefix + 1, None));
    }
    let hashes = body.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    hashes[count..]
        .starts_with('"')
        .then_some((prefix + 1 + count + 1, Some(count)))
}

/// The end of the string that begins here; the end of the text if it is never closed.
fn string_end(text: &str) -> usize {
    match string_start(text) {
        Some((start, Some(hashes))) => {
            let close = format!("\"{}", "#".repeat(hashes));
            text[start..]
                .find(&close)
                .map_or(text.len(), |at| start + at + close.len())
        }
        Some((start, None)) => {
            let mut letters = text[start..].char_indices();
            while let Some((at, letter)) = letters.next() {
                match letter {
                    '\\' => drop(letters.next()),
                    '"' => return start + at + 1,
                    _ => {}
                }
            }
            text.len()
        }
        None => 0,
    }
}

/// The end of a word; a character literal such as `'('` is one word.
fn word_end(text: &str) -> usize {
    if let Some(inner) = text.strip_prefix('\'') {
        let mut letters = inner.chars();
        let first = letters.next();
        let second = if first == Some('\\') {
            letters.next()
        } else {
            None
        };
        if first.is_some() && letters.next() == Some('\'') {
            let escaped = second.map_or(0, char::len_utf8);
            return 2 + first.map_or(0, char::len_utf8) + escaped;
        }
    }
    let mut letters = text.char_indices();
    letters.next();
    letters
        .find(|(at, letter)| {
            letter.is_whitespace()
                || "()[]{},:\"".contains(*letter)
                || text[*at..].starts_with("//")
                || text[*at..].starts_with("/*")
        })
        .map_or(text.len(), |(at, _)| at)
}

/// The first token; an empty range at the end when there is none.
pub(crate) fn first(text: &str) -> Range<usize> {
    tokens(text)
        .next()
        .map_or(text.len()..text.len(), |token| token.at)
}

/// The text up to the bracket that closes the one it begins with.
pub(crate) fn outermost(text: &str) -> &str {
    let mut depth = 0_usize;
    for token in tokens(text) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &text[..token.at.end];
        }
    }
    text
}

/// What stands between the quotes of a string token, as written.
pub(crate) fn inside(text: &str) -> &str {
    match string_start(text) {
        Some((start, hashes)) => {
            let close = 1 + hashes.unwrap_or(0);
            text.get(start..text.len().saturating_sub(close))
                .unwrap_or_default()
        }
        None => text,
    }
}

/// Whether a string token ends with its closing quote.
fn is_closed(token: &str) -> bool {
    // Closed or not, a token ends where its string does: one letter more would be outside.
    let end = string_end(token);
    let probe = format!("{token} ");
    end == token.len() && string_end(&probe) == end
}

/// Whether the token is a raw string, in which a backslash is an ordinary character.
pub(crate) fn is_raw(text: &str) -> bool {
    matches!(string_start(text), Some((_, Some(_))))
}

/// The values of fields called `name` or `id`: what is defined in this piece of text.
pub(crate) fn defined(text: &str) -> Vec<&str> {
    let all: Vec<Token> = tokens(text).collect();
    let fields = all.windows(3).filter(|window| {
        window[0].kind == Kind::Word
            && window[1].kind == Kind::Colon
            && window[2].kind == Kind::Text
            && ["name", "id"].contains(&&text[window[0].at.clone()])
    });
    fields
        .map(|window| inside(&text[window[2].at.clone()]))
        .collect()
}

/// The fields of a struct: each name, and the first token behind its colon.
pub(crate) fn fields(text: &str) -> Vec<(&str, Token)> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut key: Option<Token> = None;
    let mut colon = false;
    for token in tokens(text) {
        if depth == 1
            && colon
            && let Some(key) = key.take()
        {
            found.push((&text[key.at], token.clone()));
        }
        colon = depth == 1 && token.kind == Kind::Colon;
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Word if depth == 1 => key = Some(token),
            _ => {}
        }
    }
    found
}

/// The fields of a struct: each name, and the bytes of its whole value.
pub(crate) fn values(text: &str) -> Vec<(&str, Range<usize>)> {
    let starts = fields(text);
    let mut depth = 0_usize;
    let mut ends = Vec::new();
    for token in tokens(text) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let last = token.kind == Kind::Close && depth == 0;
        if last || (depth == 1 && token.kind == Kind::Comma) {
            ends.push(token.at.start);
        }
    }
    let end = |start: usize| ends.iter().copied().find(|end| *end >= start);
    let whole = starts.into_iter().map(|(key, first)| {
        let start = first.at.start;
        (key, start..end(start).unwrap_or(text.len()))
    });
    whole.collect()
}

/// What every string of this piece of text says, as written.
pub(crate) fn strings(text: &str) -> Vec<&str> {
    tokens(text)
        .filter(|token| token.kind == Kind::Text)
        .map(|token| inside(&text[token.at]))
        .collect()
}

/// A bracket that is never closed, or closed by another kind: its offset, and that of what closes it.
/// Nothing if a string is never closed: then brackets say nothing.
pub(crate) fn unbalanced(text: &str) -> Option<(usize, Option<usize>)> {
    let mut open: Vec<usize> = Vec::new();
    let mut first = None;
    for token in tokens(text) {
        match token.kind {
            Kind::Text if !is_closed(&text[token.at.clone()]) => return None,
            _ if first.is_some() => {}
            Kind::Open => open.push(token.at.start),
            Kind::Close => match open.pop() {
                Some(start) if matches(text, start, token.at.start) => {}
                Some(start) => first = Some((start, Some(token.at.start))),
                None => first = Some((token.at.start, None)),
            },
            _ => {}
        }
    }
    first.or_else(|| open.pop().map(|start| (start, None)))
}

fn matches(text: &str, open: usize, close: usize) -> bool {
    let pair = (&text[open..=open], &text[close..=close]);
    [("(", ")"), ("[", "]"), ("{", "}")].contains(&pair)
}

/// The smallest thing around `offset` that can be left out while the rest stays readable: an item of a
/// list that holds brackets of its own, else a field of the outermost struct. With the comma behind it.
/// `None` if brackets do not match.
pub(crate) fn removable(text: &str, offset: usize) -> Option<Range<usize>> {
    let open = tokens(text).any(|t| t.kind == Kind::Text && !is_closed(&text[t.at]));
    if open || unbalanced(text).is_some() {
        return None;
    }
    // The brackets around the offset, each with the start and the bracket count of its current item.
    let mut around: Vec<(usize, usize, bool)> = Vec::new();
    let all: Vec<Token> = tokens(text).collect();
    let target = all
        .iter()
        .position(|token| token.at.end > offset)
        .unwrap_or(all.len());
    for token in &all[..target] {
        match token.kind {
            Kind::Open => around.push((token.at.start, token.at.end, false)),
            Kind::Close => drop(around.pop()),
            Kind::Comma => {
                if let Some(last) = around.last_mut() {
                    last.1 = token.at.end;
                }
            }
            _ => {}
        }
    }
    let lists = around
        .iter()
        .rev()
        .filter(|(open, _, _)| text[*open..].starts_with('['));
    let mut candidates: Vec<usize> = lists.map(|(_, start, _)| *start).collect();
    candidates.extend(around.first().map(|(_, start, _)| *start));
    let outermost = candidates.len().checked_sub(1)?;
    candidates.iter().enumerate().find_map(|(rank, start)| {
        let item = item_from(text, *start);
        let brackets = tokens(&text[item.clone()]).any(|token| token.kind == Kind::Open);
        let useful = !text[item.clone()].trim().is_empty();
        (useful && (brackets || rank == outermost)).then_some(item)
    })
}

/// From `start` to behind the next comma of the same depth, or to before the bracket that closes.
fn item_from(text: &str, start: usize) -> Range<usize> {
    let mut depth = 0_usize;
    for token in tokens(&text[start..]) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return start..start + token.at.start,
            Kind::Close => depth -= 1,
            Kind::Comma if depth == 0 => return start..start + token.at.end,
            _ => {}
        }
    }
    start..text.len()
}

/// The text with this range turned into blanks; every other byte keeps its offset.
pub(crate) fn blanked(text: &str, range: &Range<usize>) -> String {
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..range.start]);
    for letter in text[range.clone()].chars() {
        if letter == '\n' {
            out.push('\n');
        } else {
            out.extend(std::iter::repeat_n(' ', letter.len_utf8()));
        }
    }
    out.push_str(&text[range.end..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|token| &text[token.at]).collect()
    }

    #[test]
    fn strings_and_comments_hide_brackets() {
        assert_eq!(
            words("(a: \"(\\\"\", /* ) /* ] */ */ b: r#\"\"[\"#, // )\n c: '(')"),
            [
                "(",
                "a",
                ":",
                "\"(\\\"\"",
                ",",
                "b",
                ":",
                "r#\"\"[\"#",
                ",",
                "c",
                ":",
                "'('",
                ")"
            ]
        );
    }

    #[test]
    fn an_open_string_runs_to_the_end() {
        assert_eq!(words("a \"b ) "), ["a", "\"b ) "]);
        assert_eq!(words("r#\"b\" "), ["r#\"b\" "]);
        assert_eq!(words("/* "), Vec::<&str>::new());
    }

    #[test]
    fn the_smallest_item_with_brackets_can_be_left_out() {
        let text = "(zones: [(name: \"a\"), (name \"b\"), (name: \"c\")], title: 3)";
        let cut = |needle: &str| {
            let range = removable(text, text.find(needle).unwrap()).unwrap();
            text[range].trim()
        };
        assert_eq!(cut("\"b\""), "(name \"b\"),");
        assert_eq!(cut("\"c\""), "(name: \"c\")");
        assert_eq!(cut("3"), "title: 3");
        assert_eq!(removable("(a: [(b)", 5), None);
    }

    #[test]
    fn brackets_that_do_not_match_are_found() {
        assert_eq!(unbalanced("(a: [1)"), Some((4, Some(6))));
        assert_eq!(unbalanced("(a: (1)"), Some((0, None)));
        assert_eq!(unbalanced("(a: \")\")"), None);
        assert_eq!(unbalanced(")"), Some((0, None)));
        assert_eq!(unbalanced("(a: \"b)"), None);
    }

    #[test]
    fn fields_are_those_of_the_outermost_struct() {
        let text = "Node(name: \"a\", at: (name: \"b\", x: 1), kind: Proxy(y: 2), last: [z])";
        let found: Vec<_> = fields(text).into_iter().map(|(key, _)| key).collect();
        assert_eq!(found, ["name", "at", "kind", "last"]);
    }

    #[test]
    fn names_can_be_read_off_text_that_is_wrong() {
        assert_eq!(defined("(name: \"a\", x: (id: \"b\" )) ("), ["a", "b"]);
    }
}
