//! The words charts add of their own accord. In: a language. Out: text; every word exists in both languages.

use crate::canvas::decimal;
use crate::chart::Level;
use crate::data::{GateVerdict, NodeKind, NoteKind};

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
        Level::OverThreshold => {
            lang.pick("しきい値超過（容量内）", "above threshold, within capacity")
        }
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

/// What happens to whoever finds none free.
#[must_use]
pub fn blocked(waiting: bool, lang: Lang) -> &'static str {
    if waiting {
        lang.pick("待ちが生じる確率", "has to wait")
    } else {
        lang.pick("接続できない確率", "turned away")
    }
}

/// What comes of a meeting, in a legend.
#[must_use]
pub fn verdict(verdict: GateVerdict, lang: Lang) -> &'static str {
    match verdict {
        GateVerdict::Pass => lang.pick("良好", "good"),
        GateVerdict::Strained => lang.pick("注意（目標値を超過）", "strained (beyond target)"),
        GateVerdict::Fail => lang.pick("不可（限度値を超過）", "fails (beyond limit)"),
    }
}

/// The largest ratio printed as it is: beyond it a figure would leave its column and say nothing more.
const MOST_PRINTED: f64 = 99.99;

/// A load as a percentage for print: whole per cent, with as many decimals more as it takes not to change the level.
///
/// So 0.8004 with a threshold of 0.8 is `80.04%`, not `80%`. What is not a number is `—`, what is beyond all bounds `∞`,
/// and what is more than a hundredfold `>9999%`.
#[must_use]
pub fn percent(utilisation: f64, threshold: f64) -> String {
    if utilisation.is_nan() {
        return "—".to_owned();
    }
    if utilisation.is_infinite() {
        return "∞".to_owned();
    }
    if utilisation > MOST_PRINTED {
        return format!(">{:.0}%", MOST_PRINTED * 100.0);
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

/// A probability or share of time as a percentage for print, with two significant digits where it is small.
///
/// It is `0%` only if it is nothing at all, and `100%` only if it is everything.
#[must_use]
pub fn chance(share: f64) -> String {
    let percent = share * 100.0;
    if percent.is_nan() {
        "—".to_owned()
    } else if percent <= 0.0 {
        "0%".to_owned()
    } else if percent < 0.01 {
        "<0.01%".to_owned()
    } else if percent >= 100.0 {
        "100%".to_owned()
    } else if percent > 99.0 {
        ">99%".to_owned()
    } else {
        let places = match percent {
            p if p < 0.095 => 2,
            p if p < 9.95 => 1,
            _ => 0,
        };
        format!("{}%", decimal(percent, places))
    }
}

/// An amount for print: thousands set apart, about three significant digits where it is small.
#[must_use]
pub fn amount(value: f64) -> String {
    if value.is_nan() {
        return "—".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return format!("{sign}∞");
    }
    let size = value.abs();
    let places = match size {
        s if s < 9.995 => 2,
        s if s < 99.95 => 1,
        _ => 0,
    };
    let text = decimal(size, places);
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let sign = if text == "0" { "" } else { sign };
    format!("{sign}{}{rest}", thousands(whole))
}

/// A change of an amount for print, always with its sign.
#[must_use]
pub fn change(value: f64) -> String {
    let text = amount(value);
    if value.is_nan() || text == "0" || text.starts_with('−') {
        text
    } else {
        format!("+{text}")
    }
}

/// Digits with a comma before every third from the right.
fn thousands(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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
            (1e9, ">9999%"),
            (f64::NAN, "—"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(percent(load, 0.8), text, "{load}");
        }
    }

    #[test]
    fn a_chance_is_nought_or_certain_only_if_it_is() {
        for (share, text) in [
            (0.0, "0%"),
            (0.000_02, "<0.01%"),
            (0.000_31, "0.03%"),
            (0.003, "0.3%"),
            (0.0995, "10%"),
            (0.12, "12%"),
            (0.999_9, ">99%"),
            (1.0, "100%"),
            (f64::NAN, "—"),
        ] {
            assert_eq!(chance(share), text, "{share}");
        }
    }

    #[test]
    fn amounts_are_grouped_and_changes_signed() {
        for (value, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (1.444, "+1.44"),
            (36.04, "+36"),
            (999.6, "+1,000"),
            (-1_234_567.8, "−1,234,568"),
            (f64::INFINITY, "+∞"),
        ] {
            assert_eq!(change(value), text, "{value}");
        }
    }
}
