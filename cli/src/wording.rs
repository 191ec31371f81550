//! Findings in words, Japanese and English: what is the matter, what shows it, what to do.
//!
//! In: a finding and the report it belongs to. Out: a headline, a label for the marked source text,
//! and notes in reading order (facts first, the way out last). Nothing can go wrong: what a scenario
//! does not know by name is shown as it is written. Every sentence is chosen by a closed `match` over
//! [`Code`], so a code without words does not compile.
//!
//! Modules in reading order: [`title`] names the codes, `headline` says the fact, `notes` lays out the
//! evidence (`line` that of lines of lists, `chain` that of legs of information), `remedy` the way out; below them
//! `who` (names instead of addresses), `way` (a packet's
//! stations in one line), `circumstance` (what has failed), `gate` (talk that is not good enough), `wait` (files that wait),
//! `felt` (who feels it),
//! `amount` (quantities with units) and `when` (steps and hours).

mod amount;
mod chain;
mod circumstance;
mod felt;
mod gate;
mod headline;
pub mod lab;
mod line;
mod marker;
mod notes;
mod remedy;
mod title;
mod wait;
mod way;
mod when;
mod who;

#[cfg(test)]
mod tests;

pub use amount::{bytes, money, per_cent, quantity, resource, scaled, unit};
pub use chain::{carried, class, leg};
pub use circumstance::{circumstance, failure};
pub use gate::figures as met;
pub use headline::line::noun;
pub use line::headers;
pub use title::title;
pub use wait::{apart, waits};
pub use way::{decision, extent, packet, stage, stations};
pub use when::{clock, span, step};
pub use who::place_of;

use crate::model::finding::{Code, Finding, Severity};
use crate::model::migration::{Requirements, State};
use crate::model::place::Place;
use crate::model::report::{Report, Verdict};
use crate::model::rule::Provenance;
use crate::model::text::Lang;

/// What words are chosen by: the report, the rules behind it, and the reader's language.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The report that holds the findings.
    pub report: &'a Report,
    /// What must hold and what is needed, for places, sources and where demands lead.
    pub requirements: &'a Requirements,
    /// The reader's language.
    pub lang: Lang,
}

impl<'a> Context<'a> {
    /// Picks one of two wordings.
    #[must_use]
    pub fn pick<T>(&self, ja: T, en: T) -> T {
        pick(self.lang, ja, en)
    }

    /// Applications that do not say how many log records they make: none of theirs are counted.
    pub(crate) fn without_records(&self) -> Vec<&'a str> {
        let all = self.requirements.applications.iter();
        let silent = all.filter(|a| a.nature.records.is_none());
        silent.map(|a| a.label.get(self.lang)).collect()
    }

    /// The first state in which a finding shows.
    pub(crate) fn state(&self, finding: &Finding) -> Option<&'a State> {
        self.report.states.get(finding.first)
    }
}

/// Picks one of two wordings.
#[must_use]
pub fn pick<T>(lang: Lang, ja: T, en: T) -> T {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// A Japanese phrase and what follows it: a space keeps Latin letters and names in backticks apart from kana.
pub(crate) fn ja(phrase: &str, rest: &str) -> String {
    let space = if phrase.ends_with(|c: char| c.is_ascii()) {
        " "
    } else {
        ""
    };
    format!("{phrase}{space}{rest}")
}

/// A number of things in English: `1 node`, `2 nodes`.
#[must_use]
pub fn things(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Words about names in backticks as people would say them on paper and in the cells of a table.
#[must_use]
pub fn on_paper(words: &str, lang: Lang) -> String {
    match lang {
        Lang::En => words.replace('`', ""),
        Lang::Ja => {
            let mut out = String::new();
            for (at, piece) in words.split('`').enumerate() {
                match at % 2 {
                    0 => out.push_str(piece.trim()),
                    _ => out.push_str(&format!("「{piece}」")),
                }
            }
            out
        }
    }
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The fact in one line.
    pub headline: String,
    /// What the marked piece of the scenario has to do with it.
    pub marker: String,
    /// Evidence and way out, in reading order.
    pub notes: Vec<Note>,
}

/// One line of evidence or advice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What kind of line.
    pub label: Label,
    /// Its text, without the label.
    pub text: String,
    /// Where it can be looked up.
    pub place: Option<Place>,
}

/// Kinds of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// The smallest packet that shows it.
    Packet,
    /// Every packet concerned, as boxes.
    Extent,
    /// The packet's way, station by station.
    Way,
    /// One leg of a chain by which information gets on.
    Leg,
    /// What it consists of.
    Parts,
    /// What of it is needed.
    Needed,
    /// The line of a list behind it.
    Cause,
    /// Who holds the literal address.
    Holder,
    /// A fact that speaks for itself.
    Fact,
    /// What could not be judged offline.
    Open,
    /// The rule behind it and how far that can be relied on.
    Rule,
    /// Other rules the same packets break.
    Also,
    /// Why it shows now and not before.
    WhyNow,
    /// A way out.
    Try,
}

impl Label {
    /// The word in front of the note.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        let (ja, en) = match self {
            Self::Packet => ("パケット", "packet"),
            Self::Extent => ("該当範囲", "all of it"),
            Self::Way => ("経路", "way"),
            Self::Leg => ("区間", "leg"),
            Self::Parts => ("内訳", "by application"),
            Self::Needed => ("必要な範囲", "needed"),
            Self::Cause => ("原因", "cause"),
            Self::Holder => ("参照元", "held by"),
            Self::Fact => ("事実", "fact"),
            Self::Open => ("判定不能", "open"),
            Self::Rule => ("ルール", "rule"),
            Self::Also => ("併せて抵触", "also breaks"),
            Self::WhyNow => ("きっかけ", "why now"),
            Self::Try => ("対処", "try"),
        };
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

/// The words for a finding.
#[must_use]
pub fn of(finding: &Finding, context: &Context<'_>) -> Wording {
    Wording {
        headline: headline::headline(finding, context),
        marker: marker::marker(finding, context.lang).to_owned(),
        notes: notes::notes(finding, context),
    }
}

/// The word for a severity.
#[must_use]
pub const fn severity(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (Severity::Error, Lang::Ja) => "エラー",
        (Severity::Warning, Lang::Ja) => "警告",
        (Severity::Note, Lang::Ja) => "参考",
        (Severity::Error, Lang::En) => "error",
        (Severity::Warning, Lang::En) => "warning",
        (Severity::Note, Lang::En) => "note",
    }
}

/// The word for a verdict.
#[must_use]
pub const fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (Verdict::Proved, Lang::Ja) => "証明",
        (Verdict::Attested, Lang::Ja) => "申告",
        (Verdict::Undetermined, Lang::Ja) => "判定不能",
        (Verdict::Broken, Lang::Ja) => "違反",
        (Verdict::Proved, Lang::En) => "proved",
        (Verdict::Attested, Lang::En) => "attested",
        (Verdict::Undetermined, Lang::En) => "undetermined",
        (Verdict::Broken, Lang::En) => "broken",
    }
}

/// How far a rule's wording can be relied on.
#[must_use]
pub const fn provenance(provenance: Provenance, lang: Lang) -> &'static str {
    match (provenance, lang) {
        (Provenance::Sourced, Lang::Ja) => "出典あり",
        (Provenance::Unconfirmed, Lang::Ja) => "原文未確認",
        (Provenance::Derived, Lang::Ja) => "出典からの導出",
        (Provenance::Assumed, Lang::Ja) => "例としての仮定",
        (Provenance::Sourced, Lang::En) => "sourced",
        (Provenance::Unconfirmed, Lang::En) => "text not confirmed",
        (Provenance::Derived, Lang::En) => "derived from sources",
        (Provenance::Assumed, Lang::En) => "assumed for the example",
    }
}

/// Whether a code says that something is too small.
#[must_use]
pub(crate) const fn is_load(code: Code) -> bool {
    matches!(
        code,
        Code::LinkLoad
            | Code::NodeLoad
            | Code::SessionLoad
            | Code::NatLoad
            | Code::SeatLoad
            | Code::PixelLoad
            | Code::FileLoad
            | Code::DegradedLoad
    )
}
