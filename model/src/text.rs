//! A sentence in the two languages of every report.
//!
//! Goes in: two strings. Comes out: the one the reader asked for. Nothing can go wrong.

use serde::Serialize;

/// The language of a message, a report or a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese (日本語).
    #[default]
    Ja,
    /// English.
    En,
}

/// The same text in Japanese and English.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two wordings.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ja: ja.into(),
            en: en.into(),
        }
    }

    /// A text that reads the same in both languages, such as a name.
    pub fn same(both: impl Into<String>) -> Self {
        let both = both.into();
        Self {
            ja: both.clone(),
            en: both,
        }
    }

    /// The wording in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}
