//! Quantities in words: `1,440 Mbit/s`, `224,000 sessions`, `144 %`.

use super::pick;
use crate::model::demand::ResourceKind;
use crate::model::finding::LoadPart;
use crate::model::text::{Lang, Text};
use crate::model::units::{Utilisation, grouped};

/// A load or capacity with the unit people use for that kind of resource.
#[must_use]
pub fn quantity(kind: ResourceKind, value: f64, lang: Lang) -> String {
    let number = grouped(scaled(kind, value));
    format!(
        "{number}{}{}",
        pick(lang, space(kind), " "),
        unit(kind, lang)
    )
}

/// The number alone, in the unit of [`unit`].
pub(super) fn number(kind: ResourceKind, value: f64) -> String {
    grouped(scaled(kind, value))
}

/// The unit people use for that kind of resource.
#[must_use]
pub const fn unit(kind: ResourceKind, lang: Lang) -> &'static str {
    let (ja, en) = match kind {
        ResourceKind::Link | ResourceKind::Throughput | ResourceKind::Pixels => {
            ("Mbit/s", "Mbit/s")
        }
        ResourceKind::Sessions => ("セッション", "sessions"),
        ResourceKind::NatPorts => ("ポート", "ports"),
        ResourceKind::Seats => ("席", "seats"),
        ResourceKind::Files => ("件/時", "files/h"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// A Japanese counter follows its number without a space, a unit symbol does not.
const fn space(kind: ResourceKind) -> &'static str {
    if is_rate(kind) { " " } else { "" }
}

const fn is_rate(kind: ResourceKind) -> bool {
    matches!(
        kind,
        ResourceKind::Link | ResourceKind::Throughput | ResourceKind::Pixels
    )
}

/// A load or capacity in the unit of [`unit()`].
#[must_use]
pub fn scaled(kind: ResourceKind, value: f64) -> f64 {
    if is_rate(kind) { value / 1e6 } else { value }
}

/// A price with its thousands apart, to the hundredth where it is not whole.
#[must_use]
pub fn money(value: f64) -> String {
    let whole = grouped(value.trunc());
    let rest = format!("{:.2}", value.fract());
    let rest = rest.trim_start_matches('0').trim_end_matches('0');
    match rest {
        "." => whole,
        // What rounds up to the next whole.
        "1." => grouped(value.round()),
        rest => whole + rest,
    }
}

/// Bytes in units of a thousand: `480 MB`, `1.2 TB`.
#[must_use]
pub fn bytes(value: f64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = value;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    let places = usize::from(unit > 0 && value < 9.95);
    match places {
        0 => format!("{} {}", grouped(value.round()), UNITS[unit]),
        _ => format!("{value:.1} {}", UNITS[unit]),
    }
}

/// A percentage with as many decimals as it takes to stay on its side of a limit: 79.96 % of a
/// limit of 80 % is not printed as 80 %.
#[must_use]
pub fn per_cent(utilisation: Utilisation, limits: &[Utilisation]) -> String {
    let exact = utilisation.percent();
    if !exact.is_finite() {
        return "∞ %".to_owned();
    }
    let honest = |places: &usize| {
        let shown: f64 = format!("{exact:.places$}").parse().unwrap_or(exact);
        limits
            .iter()
            .all(|limit| (shown > limit.percent()) == (exact > limit.percent() + 1e-9))
    };
    let places = (0..4).find(honest).unwrap_or(3);
    format!("{exact:.places$} %")
}

/// What a resource is called: its label, and what of it is meant where it is not a link.
#[must_use]
pub fn resource(label: &Text, kind: ResourceKind, lang: Lang) -> String {
    let label = label.get(lang);
    let aspect = match kind {
        ResourceKind::Link => return label.to_owned(),
        ResourceKind::Throughput => pick(lang, "の処理能力", " throughput"),
        ResourceKind::Sessions => pick(lang, "の同時セッション", " sessions"),
        ResourceKind::NatPorts => pick(lang, "のNATポート", " NAT ports"),
        ResourceKind::Seats => pick(lang, "の同時利用数", " seats"),
        ResourceKind::Pixels => pick(lang, "の画面転送帯域", " pixel bandwidth"),
        ResourceKind::Files => pick(lang, "のファイル処理", " files"),
    };
    format!("{label}{aspect}")
}

/// Whether a part of a load is worth a word: at least one per mille of the whole.
pub(super) fn shows(part: &LoadPart, whole: f64) -> bool {
    part.offered >= whole / 1000.0 && part.offered > 0.0
}
