//! The words charts add of their own accord. In: a language. Out: text; every word exists in both languages.

use crate::chart::Level;
use crate::data::{NodeKind, NoteKind};

pub use utsushi_model::text::Lang;

/// Choice between two wordings.
pub trait Pick {
    /// The one in this language.
    #[must_use]
    fn pick<T>(self, ja: T, en: T) -> T;
}

impl Pick for Lang {
    fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

/// The word in front of a footnote.
#[must_use]
pub fn note(kind: NoteKind, lang: Lang) -> &'static str {
    match kind {
        NoteKind::Source => lang.pick("出典：", "Source: "),
        NoteKind::Assumption => lang.pick("仮定：", "Assumed: "),
        NoteKind::Remark => lang.pick("注：", "Note: "),
    }
}

/// A level of load in a legend.
#[must_use]
pub fn level(level: Level, lang: Lang) -> &'static str {
    match level {
        Level::Within => lang.pick("しきい値以下", "within threshold"),
        Level::OverThreshold => lang.pick("しきい値超過", "above threshold"),
        Level::OverCapacity => lang.pick("容量超過", "above capacity"),
    }
}

/// A kind of box in a legend.
#[must_use]
pub fn kind(kind: NodeKind, lang: Lang) -> &'static str {
    match kind {
        NodeKind::Device => lang.pick("機器", "equipment"),
        NodeKind::Firewall => lang.pick("ファイアウォール", "firewall"),
        NodeKind::Service => lang.pick("中継・プロキシ等", "relay, proxy"),
        NodeKind::Segment => lang.pick("セグメント", "segment"),
        NodeKind::Hosts => lang.pick("端末・サーバ", "terminals, servers"),
        NodeKind::Cloud => lang.pick("外部", "outside"),
    }
}

/// A load as a percentage for print: whole per cent, with as many decimals more as it takes not to change the level.
///
/// So 0.8004 with a threshold of 0.8 is `80.04%`, not `80%`. What is not a number is `—`, what is beyond all bounds `∞`.
#[must_use]
pub fn percent(utilisation: f64, threshold: f64) -> String {
    if utilisation.is_nan() {
        return "—".to_owned();
    }
    if utilisation.is_infinite() {
        return "∞".to_owned();
    }
    let level = Level::of(utilisation, threshold);
    let scale = [1.0, 10.0, 100.0, 1000.0];
    let honest = |places: &usize| {
        Level::of(
            (utilisation * 100.0 * scale[*places]).round() / (100.0 * scale[*places]),
            threshold,
        ) == level
    };
    let places = (0..scale.len()).find(honest).unwrap_or(3);
    format!("{:.places$}%", utilisation.max(0.0) * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_never_cross_a_limit_by_rounding() {
        for (load, text) in [
            (0.0, "0%"),
            (0.123, "12%"),
            (0.7996, "80%"),
            (0.8, "80%"),
            (0.8004, "80.04%"),
            (0.795, "80%"),
            (1.0, "100%"),
            (1.004, "100.4%"),
            (1.44, "144%"),
            (f64::NAN, "—"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(percent(load, 0.8), text, "{load}");
        }
    }
}
