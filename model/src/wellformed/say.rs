//! Wording shared by the checks: what a problem is about, and which name was probably meant.
//!
//! Goes in: things and names. Comes out: problems in both languages. Nothing can go wrong.

use crate::change::Kind;
use crate::finding::Code;
use crate::place::Place;
use crate::problem::Problem;
use crate::text::Text;
use std::borrow::Cow;
use std::fmt::Display;

/// A word in Japanese and English.
pub(super) type Words = (&'static str, &'static str);

pub(super) const SOURCE: Words = ("送信元", "source");
pub(super) const DESTINATION: Words = ("宛先", "destination");
pub(super) const SERVICE: Words = ("サービス", "service");
pub(super) const RULE: Words = ("ルール", "rule");
pub(super) const NAT: Words = ("アドレス変換", "translation");
pub(super) const ROUTE: Words = ("経路", "route");
pub(super) const POLICY: Words = ("ポリシールート", "policy route");
pub(super) const FILTER: Words = ("フィルタ", "filter");
pub(super) const DEVICE_ZONE: Words = ("装置ゾーン", "device zone");
pub(super) const STEP: Words = ("ステップ", "step");

/// What a problem is about: a kind of thing, its name, the node it is on, its place.
#[derive(Debug, Clone)]
pub(super) struct Thing<'a> {
    kind: Words,
    name: Cow<'a, str>,
    of: Option<&'a str>,
    pub(super) place: &'a Place,
}

impl<'a> Thing<'a> {
    pub(super) fn new(kind: Words, name: impl Into<Cow<'a, str>>, place: &'a Place) -> Self {
        Self {
            kind,
            name: name.into(),
            of: None,
            place,
        }
    }

    /// One of the things a network knows by name.
    pub(super) fn known(kind: Kind, name: &'a str, place: &'a Place) -> Self {
        Self::new(kind.words(), name, place)
    }

    /// The same, on a node.
    pub(super) fn on(mut self, node: &'a str) -> Self {
        self.of = Some(node);
        self
    }

    /// How people call it.
    pub(super) fn text(&self) -> Text {
        let (kind, name) = (self.kind, &self.name);
        match self.of {
            Some(of) => Text::new(
                format!("`{of}` の{} `{name}`", kind.0),
                format!("{} `{name}` of `{of}`", kind.1),
            ),
            None => Text::new(
                format!("{} `{name}`", kind.0),
                format!("{} `{name}`", kind.1),
            ),
        }
    }

    /// A problem with it: its name, then what is said of it.
    pub(super) fn problem(&self, code: Code, ja: impl Display, en: impl Display) -> Problem {
        let Text {
            ja: who_ja,
            en: who_en,
        } = self.text();
        Problem::new(
            code,
            self.place,
            Text::new(format!("{who_ja} {ja}"), format!("{who_en} {en}")),
        )
    }
}

/// A name that nothing bears, with the nearest of the `known` ones.
pub(super) fn unknown<'k>(
    thing: &Thing<'_>,
    what: Words,
    name: &str,
    known: impl Iterator<Item = &'k str>,
) -> Problem {
    thing
        .problem(
            Code::UnknownName,
            format_args!("が指す{} `{name}` は存在しない", what.0),
            format_args!("names the {} `{name}`, which does not exist", what.1),
        )
        .help(meant(name, known))
}

/// Which name was probably meant, as a way out.
pub(super) fn meant<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Text {
    match nearest(name, known) {
        Some(near) => Text::new(
            format!("似た名前に `{near}` がある"),
            format!("a similar name is `{near}`"),
        ),
        None => Text::new(
            "名前を直すか、その定義を加える",
            "correct the name, or define it",
        ),
    }
}

/// The nearest known name by edit distance, if it is near at all: at most a third of the letters
/// differ, of a short name one, and never all of them.
fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let letters = name.chars().count();
    let most = (letters / 3).max(1).min(letters.saturating_sub(1));
    known
        .map(|k| (strsim::osa_distance(name, k), k))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// A list without an entry.
pub(super) fn none(thing: &Thing<'_>, what: Words) -> Problem {
    thing
        .problem(
            Code::Empty,
            format_args!("には{}が一つもない", what.0),
            format_args!("has no {}", what.1),
        )
        .help(Text::new("少なくとも一つ書く", "give it at least one"))
}

/// The label of the first of two things that exclude each other.
pub(super) fn first_here() -> Text {
    Text::new("先にある定義", "the first is here")
}
