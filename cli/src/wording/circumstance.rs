//! Failures and other circumstances in words.

use crate::model::circumstance::{Broken, BrokenKind, Circumstance, DayType, Failure};
use crate::model::text::Lang;

/// What has failed, as a noun phrase: `loss of "security-cloud line"`.
#[must_use]
pub fn failure(failure: &Failure, lang: Lang) -> String {
    let parts: Vec<String> = failure.broken.iter().map(|b| broken(b, lang)).collect();
    match lang {
        Lang::Ja => parts.join("と"),
        Lang::En => parts.join(" and "),
    }
}

fn broken(broken: &Broken, lang: Lang) -> String {
    let label = broken.label.get(lang);
    // Many nodes of a series bear no label of their own; then the name says as much.
    let name = if label.is_empty() {
        &broken.name
    } else {
        label
    };
    let (ja, en) = match broken.kind {
        BrokenKind::Link => (format!("`{name}` の断"), format!("loss of `{name}`")),
        BrokenKind::Member => (
            format!("`{name}` の1本断"),
            format!("loss of one member of `{name}`"),
        ),
        BrokenKind::Node => (format!("`{name}` の停止"), format!("loss of `{name}`")),
        BrokenKind::Machine => (
            format!("`{name}` の1台停止"),
            format!("loss of one machine of `{name}`"),
        ),
        BrokenKind::RiskGroup => (
            format!("共有リスク `{name}` による断"),
            format!("loss of everything at risk `{name}`"),
        ),
        BrokenKind::Site => (
            format!("拠点 `{name}` の停止"),
            format!("loss of the site `{name}`"),
        ),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// A circumstance in words; empty for an ordinary day of today with everything up.
#[must_use]
pub fn circumstance(circumstance: &Circumstance, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(what) = &circumstance.failure {
        parts.push(failure(what, lang));
    }
    if circumstance.day != DayType::Ordinary {
        parts.push(circumstance.day.label().get(lang).to_owned());
    }
    if circumstance.years > 0 {
        let years = circumstance.years;
        parts.push(match lang {
            Lang::Ja => format!("{years}年後"),
            Lang::En if years == 1 => "a year on".to_owned(),
            Lang::En => format!("{years} years on"),
        });
    }
    match lang {
        Lang::Ja => parts.join("、"),
        Lang::En => parts.join(", "),
    }
}
