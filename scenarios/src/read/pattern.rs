//! Name patterns: `office-{0..=79}` stands for eighty names.
//!
//! Goes in: texts with at most one pair of braces. Comes out: the texts it stands for. What can go wrong: a
//! pattern that is none, that runs backwards, or that stands for too many.

use super::Reader;
use crate::raw::Val;
use crate::say;
use utsushi_model::place::Place;
use utsushi_model::policy::Name;

/// How many texts one pattern may stand for.
const MOST: usize = 10_000;

/// Why a text with braces is no pattern.
#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Form,
    Backwards,
    Long,
}

/// The texts that `text` stands for.
fn written_out(text: &str) -> Result<Vec<String>, Wrong> {
    let Some((before, rest)) = text.split_once('{') else {
        return match text.contains('}') {
            true => Err(Wrong::Form),
            false => Ok(vec![text.to_owned()]),
        };
    };
    let (range, after) = rest.split_once('}').ok_or(Wrong::Form)?;
    if after.contains(['{', '}']) {
        return Err(Wrong::Form);
    }
    let (from, to) = range.split_once("..=").ok_or(Wrong::Form)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| Wrong::Form);
    let (from, to) = (number(from)?, number(to)?);
    match to.checked_sub(from) {
        None => Err(Wrong::Backwards),
        Some(steps) if usize::try_from(steps).map_or(true, |steps| steps >= MOST) => {
            Err(Wrong::Long)
        }
        Some(_) => Ok((from..=to).map(|n| format!("{before}{n}{after}")).collect()),
    }
}

impl<'a> Reader<'a> {
    /// The texts a string stands for.
    pub(crate) fn pattern(&self, value: Val<'a>) -> Option<Vec<String>> {
        let text = self.string(value)?;
        match written_out(&text) {
            Ok(texts) => self.spend(value, texts.len()).map(|()| texts),
            Err(wrong) => self.note(value, wrong.said(&text)),
        }
    }

    /// The names a list stands for, each with its place; `None` if any cannot be read.
    pub(crate) fn names(&self, values: &[Val<'a>]) -> Option<Vec<(Name, Place)>> {
        let each = self.all(values, |value| {
            self.name(value)?;
            let place = self.place(value);
            let names = self.pattern(value)?.into_iter();
            Some(names.map(move |name| (Name::from(name), place.clone())))
        })?;
        Some(each.into_iter().flatten().collect())
    }
}

impl Wrong {
    fn said(&self, text: &str) -> say::Said {
        match self {
            Self::Form => say::series(
                format!("`{text}` の波括弧が解釈できない"),
                format!("the braces in `{text}` cannot be read"),
            )
            .help(
                "番号の範囲は `office-{0..=79}` のように書く",
                "write a range of numbers like `office-{0..=79}`",
            ),
            Self::Backwards => say::series(
                format!("`{text}` の範囲が逆順"),
                format!("the range in `{text}` runs backwards"),
            )
            .help(
                "小さい番号から大きい番号へ書く",
                "write the lower number first",
            ),
            Self::Long => say::series(
                format!("`{text}` の範囲が長すぎる（{MOST} 件まで）"),
                format!("the range in `{text}` is too long (at most {MOST})"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_its_numbers() {
        assert_eq!(
            written_out("a-{8..=10}/24").unwrap(),
            ["a-8/24", "a-9/24", "a-10/24"]
        );
        assert_eq!(written_out("plain").unwrap(), ["plain"]);
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        assert_eq!(written_out("a-{n}"), Err(Wrong::Form));
        assert_eq!(written_out("a-{1..=2}-{1..=2}"), Err(Wrong::Form));
        assert_eq!(written_out("a-1}"), Err(Wrong::Form));
        assert_eq!(written_out("a-{2..=1}"), Err(Wrong::Backwards));
        assert_eq!(written_out("a-{0..=4294967295}"), Err(Wrong::Long));
        assert_eq!(written_out("a-{0..=9999}").map(|all| all.len()), Ok(10_000));
        assert_eq!(written_out("a-{0..=10000}"), Err(Wrong::Long));
    }
}
