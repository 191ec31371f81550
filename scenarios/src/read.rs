//! Reading single values: from raw text to names, numbers, words and lists, with every problem noted.
//!
//! Goes in: a [`Val`] of a piece. Comes out: what it means, or `None` after the problem has been noted with
//! its place. Reading goes on after a mistake: whoever combines values gives up only at the end.

mod address;
mod measure;
mod pattern;

use crate::raw::{self, Mirror, Val};
use crate::say::{self, Noun, Said};
use crate::scan;
use crate::source::{Piece, Sources};
use ron::error::{Error, SpannedError};
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;
use utsushi_model::finding::Code;
use utsushi_model::limits;
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

/// How many names and addresses patterns may write out in one scenario.
const MOST_WRITTEN_OUT: usize = 1_000_000;

/// Everything that is noted while a scenario is read.
#[derive(Debug, Default)]
pub(crate) struct Log {
    problems: RefCell<Vec<Problem>>,
    lost: RefCell<Lost>,
    written_out: Cell<usize>,
}

/// What stood in text that gave nothing because of a mistake.
#[derive(Debug, Default)]
pub(crate) struct Lost {
    /// Names that it would have defined.
    pub(crate) defined: Vec<String>,
    /// Every string in it.
    pub(crate) mentioned: Vec<String>,
}

impl Log {
    /// Notes a problem.
    pub(crate) fn note(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes that this text gives nothing, so that what it says is not missed elsewhere.
    pub(crate) fn lose(&self, text: &str) {
        let mut lost = self.lost.borrow_mut();
        let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
        lost.defined.extend(owned(scan::defined(text)));
        lost.mentioned.extend(owned(scan::strings(text)));
    }

    /// Notes that this change or step gives nothing, so that whatever it would have done to the things it
    /// names is not missed in later changes.
    pub(crate) fn lose_change(&self, text: &str) {
        self.lose(text);
        let strings = scan::strings(text).into_iter().map(str::to_owned);
        self.lost.borrow_mut().defined.extend(strings);
    }

    /// Whether a name was defined in what could not be read.
    pub(crate) fn is_lost(&self, name: &str) -> bool {
        let lost = self.lost.borrow();
        lost.defined.iter().any(|text| stands_for(text, name))
    }

    /// The problems, and what was lost.
    pub(crate) fn finish(self) -> (Vec<Problem>, Lost) {
        (self.problems.into_inner(), self.lost.into_inner())
    }
}

/// Whether a text with braces may stand for a name: `office-{n}` for any `office-…`.
pub(crate) fn stands_for(text: &str, name: &str) -> bool {
    let Some((before, rest)) = text.split_once('{') else {
        return text == name;
    };
    let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
    name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
}

fn in_quotes(said: Said, text: &str) -> Said {
    said.help(
        format!("`\"{text}\"` と書く"),
        format!("write `\"{text}\"`"),
    )
}

/// The mistake with a way out if the text between the quotes would have been right without them.
fn without_quotes(said: Said, text: &str) -> Said {
    let inside = scan::inside(text);
    if inside.len() < text.len() && inside.parse::<f64>().is_ok() && !inside.contains('.') {
        let (ja, en) = (
            format!("`{inside}` と引用符なしで書く"),
            format!("write `{inside}` without quotes"),
        );
        return said.help(ja, en);
    }
    said
}

/// The largest number that anything here can be meant to have.
pub(crate) const MOST: f64 = 1e15;
const MOST_WORDS: &str = "10^15";

/// Reads values of one piece.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// Every text.
    pub(crate) sources: &'a Sources,
    /// The one that is read.
    pub(crate) piece: &'a Piece,
    /// Where problems go.
    pub(crate) log: &'a Log,
}

impl<'a> Reader<'a> {
    /// The place of a slice of the piece.
    pub(crate) fn place_of(&self, slice: &str) -> Place {
        self.sources
            .place(self.piece.file, self.piece.origin(slice))
    }

    /// The place of a value: its first token.
    pub(crate) fn place(&self, value: Val<'_>) -> Place {
        self.place_of(value.head())
    }

    /// Notes a mistake at a value.
    pub(crate) fn note<T>(&self, value: Val<'_>, said: Said) -> Option<T> {
        self.log.note(said.at(&self.place(value)));
        None
    }

    /// Parses the fields of a struct.
    pub(crate) fn fields<T: Deserialize<'a> + Mirror>(&self, value: Val<'a>) -> Option<T> {
        let parsed = raw::parse(value.0);
        let about_fields = matches!(
            &parsed,
            Err(SpannedError {
                code: Error::NoSuchStructField { .. }
                    | Error::MissingStructField { .. }
                    | Error::DuplicateStructField { .. },
                ..
            })
        );
        if about_fields && crate::recover::fields::<T>(self, value) {
            return None;
        }
        self.parsed(value, parsed)
    }

    /// Parses anything else.
    fn parse<T: Deserialize<'a>>(&self, value: Val<'a>) -> Option<T> {
        self.parsed(value, raw::parse(value.0))
    }

    fn parsed<T>(&self, value: Val<'a>, parsed: Result<T, SpannedError>) -> Option<T> {
        parsed
            .map_err(|error| {
                let problem = crate::recover::problem(self, value.0, &error);
                self.log.note(problem);
            })
            .ok()
    }

    /// Parses the values in the brackets behind a kind, such as `Role(MyNumber, All)`.
    pub(crate) fn pair(&self, value: Val<'a>) -> Option<(Val<'a>, Val<'a>)> {
        self.parse(value)
    }

    /// Parses the one value in the brackets behind a kind, such as `Via("vdi")`.
    pub(crate) fn single(&self, value: Val<'a>) -> Option<Val<'a>> {
        self.parse::<(Val<'a>,)>(value).map(|(only,)| only)
    }

    /// Parses a list.
    pub(crate) fn list(&self, value: Val<'a>) -> Option<Vec<Val<'a>>> {
        self.parse(value)
    }

    /// Reads an optional value; `Some(None)` if it is not there.
    /// Outside: whether reading worked; inside: whether there is a value.
    pub(crate) fn maybe<T>(
        &self,
        value: Option<Val<'a>>,
        read: impl FnOnce(Val<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        value.map_or(Some(None), |value| read(value).map(Some))
    }

    /// Reads an optional value that has a default.
    pub(crate) fn or<T>(
        &self,
        value: Option<Val<'a>>,
        default: T,
        read: impl FnOnce(Val<'a>) -> Option<T>,
    ) -> Option<T> {
        value.map_or(Some(default), read)
    }

    /// Reads every value; `None` if any cannot be read, after all of them were tried.
    pub(crate) fn all<T>(
        &self,
        values: &[Val<'a>],
        read: impl Fn(Val<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = values.iter().map(|value| read(*value)).collect();
        read.into_iter().collect()
    }

    /// Reads what can be read; the rest is noted as lost.
    pub(crate) fn most<T>(
        &self,
        values: &[Val<'a>],
        read: impl Fn(Val<'a>) -> Option<T>,
    ) -> Vec<T> {
        self.most_or(values, read, Log::lose)
    }

    /// The same for changes and steps.
    pub(crate) fn most_changes<T>(
        &self,
        values: &[Val<'a>],
        read: impl Fn(Val<'a>) -> Option<T>,
    ) -> Vec<T> {
        self.most_or(values, read, Log::lose_change)
    }

    fn most_or<T>(
        &self,
        values: &[Val<'a>],
        read: impl Fn(Val<'a>) -> Option<T>,
        lose: impl Fn(&Log, &str),
    ) -> Vec<T> {
        let one = |value: &Val<'a>| {
            let item = read(*value);
            if item.is_none() {
                lose(self.log, value.0);
            }
            item
        };
        values.iter().filter_map(one).collect()
    }

    /// A text in quotes.
    pub(crate) fn string(&self, value: Val<'a>) -> Option<String> {
        if !self.is_text(value) {
            let said = say::wrong_type(value.head(), ("`\"` で囲んだ文字列", "a text in quotes"));
            let plain = value.head().chars().all(char::is_alphanumeric);
            return self.note(
                value,
                if plain {
                    in_quotes(said, value.head())
                } else {
                    said
                },
            );
        }
        self.parse(value)
    }

    /// Whether the value is a text in quotes.
    pub(crate) fn is_text(&self, value: Val<'_>) -> bool {
        scan::tokens(value.0)
            .next()
            .is_some_and(|token| token.kind == scan::Kind::Text)
    }

    /// A name: a text that is not empty and begins and ends with a visible character.
    pub(crate) fn name(&self, value: Val<'a>) -> Option<Name> {
        let name = self.string(value)?;
        let visible = name == name.trim() && !name.chars().any(char::is_control);
        if name.is_empty() || !visible {
            let said = Said::new(
                Code::Syntax,
                "名前が空か、前後に空白がある",
                "the name is empty or begins or ends with a blank",
            );
            return self.note(value, said);
        }
        Some(Arc::from(name))
    }

    /// A text in both languages: `(ja: …, en: …)`, or one string for both.
    pub(crate) fn text(&self, value: Val<'a>) -> Option<Text> {
        if self.is_text(value) {
            return self.string(value).map(Text::same);
        }
        let both: raw::Text = self.fields(value)?;
        let (ja, en) = (self.string(both.ja), self.string(both.en));
        Some(Text::new(ja?, en?))
    }

    /// A label, or the name if there is none.
    pub(crate) fn label(&self, value: Option<Val<'a>>, name: Option<&Name>) -> Option<Text> {
        let default = Text::same(name.map(ToString::to_string).unwrap_or_default());
        self.or(value, default, |value| self.text(value))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, value: Val<'a>) -> Option<bool> {
        match value.head() {
            "true" => Some(true),
            "false" => Some(false),
            other => self.note(
                value,
                say::wrong_type(other, ("`true` か `false`", "`true` or `false`")),
            ),
        }
    }

    /// A whole number in a range; inside a series also a text such as `"{1100+n}"`.
    pub(crate) fn whole<T>(&self, value: Val<'a>, range: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + std::fmt::Display,
    {
        let digits = self.digits(value).replace('_', "");
        let number = digits.parse::<i64>();
        let plain = digits.strip_prefix('-').unwrap_or(&digits);
        let whole = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit());
        if number.is_err() && !whole {
            let said = say::wrong_type(value.head(), ("整数", "a whole number"));
            return self.note(value, without_quotes(said, value.head()));
        }
        let number = number.ok().and_then(|n| T::try_from(n).ok());
        if let Some(number) = number.filter(|n| range.contains(n)) {
            return Some(number);
        }
        let said = limits::out_of_range(&digits, &range);
        self.note(value, Said::of(Code::Quantity, said))
    }

    /// The digits of a number: as they are, or out of a text that a series has written.
    fn digits(&self, value: Val<'a>) -> &'a str {
        match self.is_text(value) && self.piece.is_written_out() {
            true => scan::inside(value.head()),
            false => value.head(),
        }
    }

    /// A number that is not negative.
    pub(crate) fn number(&self, value: Val<'a>) -> Option<f64> {
        let digits = self.digits(value).replace('_', "");
        match digits.parse::<f64>() {
            Ok(number) if number > MOST => self.note(value, say::too_much(&digits, MOST_WORDS)),
            Ok(number) if number.is_finite() && number >= 0.0 => Some(number),
            _ => {
                let noun = ("0 以上の数", "a number of 0 or more");
                let said = say::wrong_type(value.head(), noun);
                self.note(value, without_quotes(said, value.head()))
            }
        }
    }

    /// One of a closed list of words.
    pub(crate) fn word<T: Clone>(
        &self,
        value: Val<'a>,
        noun: Noun,
        words: &[(&str, T)],
    ) -> Option<T> {
        let (found, body) = self.variant(value)?;
        let known = words.iter().find(|(word, _)| *word == found);
        match (known, body) {
            (Some((_, meaning)), None) => Some(meaning.clone()),
            _ => self.strange(
                value,
                noun,
                &words.iter().map(|(w, _)| *w).collect::<Vec<_>>(),
            ),
        }
    }

    /// Notes a word that is none of those possible here.
    pub(crate) fn strange<T>(&self, value: Val<'a>, noun: Noun, words: &[&str]) -> Option<T> {
        self.note(value, say::unknown_word(value.head(), noun, words))
    }

    /// A kind and what stands in the brackets behind it, brackets included.
    pub(crate) fn variant(&self, value: Val<'a>) -> Option<(&'a str, Option<Val<'a>>)> {
        let Range { start, end } = scan::first(value.0);
        let (word, rest) = (&value.0[start..end], Val::new(&value.0[end..]));
        let named = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if !named || self.is_text(value) {
            let said = say::wrong_type(word, ("種別の名前", "the name of a kind"));
            return self.note(value, said);
        }
        Some((word, rest.0.starts_with('(').then_some(rest)))
    }

    /// What stands in the brackets behind a kind, which must be there.
    pub(crate) fn body(&self, value: Val<'a>, body: Option<Val<'a>>) -> Option<Val<'a>> {
        body.or_else(|| {
            let word = value.head();
            let said = Said::new(
                Code::Shape,
                format!("`{word}` の後に `( … )` が必要"),
                format!("`{word}` needs `( … )` behind it"),
            );
            self.note(value, said)
        })
    }

    /// Counts names written out by patterns; `None` after a problem when there are too many.
    pub(crate) fn spend(&self, value: Val<'_>, names: usize) -> Option<()> {
        let total = self.log.written_out.get().saturating_add(names);
        if total > MOST_WRITTEN_OUT {
            let said = say::series(
                format!("範囲の展開が多すぎる（全体で {MOST_WRITTEN_OUT} 件まで）"),
                format!("patterns write out too many names (at most {MOST_WRITTEN_OUT} in all)"),
            );
            return self.note(value, said);
        }
        self.log.written_out.set(total);
        Some(())
    }
}
