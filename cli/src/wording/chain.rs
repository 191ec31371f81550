//! Chains of legs in words: classes of information, relays to pass, one line for each leg.

use super::{Context, pick};
use crate::model::finding::{Evidence, Finding, LegRecord};
use crate::model::information::{Carried, Information};
use crate::model::rule::{RelayKind, Waypoint};
use crate::model::service::Protocol;
use crate::model::text::Lang;

/// What a class of information is called.
#[must_use]
pub const fn class(class: Information, lang: Lang) -> &'static str {
    let (ja, en) = match class {
        Information::Raw => ("生データ", "raw data"),
        Information::Pixels => ("画面", "pixels"),
        Information::Keystrokes => ("キー操作", "keystrokes"),
        Information::SanitisedFile => ("無害化済みファイル", "sanitised files"),
        Information::PlainTextMail => ("テキスト化メール", "plain-text mail"),
        Information::IdentitySync => ("ID連携", "identity sync"),
        Information::Log => ("ログ", "logs"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// What a relay that a chain must pass is called.
const fn waypoint(waypoint: Waypoint, lang: Lang) -> &'static str {
    let (ja, en) = match waypoint {
        Waypoint::Relay(RelayKind::Proxy) => ("プロキシ", "a proxy"),
        Waypoint::Relay(RelayKind::ScreenRelay) => ("画面転送", "screen transfer"),
        Waypoint::Relay(RelayKind::Sanitiser) => ("無害化", "a sanitiser"),
        Waypoint::Relay(RelayKind::MailRelay) => ("メール中継", "a mail relay"),
        Waypoint::MailSanitiser => ("メール無害化", "a mail sanitiser"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// What is left of information.
#[must_use]
pub fn carried(carried: Carried, lang: Lang) -> String {
    let names: Vec<_> = carried
        .classes()
        .into_iter()
        .map(|c| class(c, lang))
        .collect();
    names.join(" ∧ ")
}

/// The fact in one line.
pub(super) fn headline(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Chain {
        legs,
        carried: left,
        through,
        ..
    } = &finding.evidence
    else {
        return String::new();
    };
    let ends = legs.first().zip(legs.last());
    let (from, to) = ends.map_or(("", ""), |(first, last)| (&first.from, &last.to));
    let number = legs.len();
    if through.is_empty() {
        let left = carried(*left, context.lang);
        return context.pick(
            format!("`{from}` の情報が「{left}」で `{to}` に渡る（{number}区間）"),
            match number {
                1 => format!("information of `{from}` gets to `{to}` as {left}, over 1 leg"),
                n => format!("information of `{from}` gets to `{to}` as {left}, over {n} legs"),
            },
        );
    }
    let names = through.iter().map(|w| waypoint(*w, context.lang));
    let names: Vec<_> = names.collect();
    context.pick(
        format!(
            "`{from}` の情報が、{}を{}通らずに `{to}` に渡る",
            names.join("→"),
            if names.len() > 1 { "この順に" } else { "" },
        ),
        format!(
            "information of `{from}` gets to `{to}` without passing {}{}",
            names.join(", then "),
            if names.len() > 1 {
                " in this order"
            } else {
                ""
            },
        ),
    )
}

/// One leg: who, to whom, by which service, what is left, which rule lets it.
#[must_use]
pub fn leg(at: usize, leg: &LegRecord, lang: Lang) -> String {
    let packet = &leg.witness;
    let service = match packet.protocol {
        p if p.has_ports() => format!("{p}/{}", packet.dst_port),
        p => Protocol(p.0).to_string(),
    };
    let arrow = match leg.pushed {
        true => "→",
        false => "⇢",
    };
    let left = carried(leg.carries, lang);
    let number = at + 1;
    let mut text = format!(
        "{number}. {} {arrow} {}  {service}  {left}",
        leg.from, leg.to
    );
    if let Some(relay) = &leg.relay {
        text.push_str(&format!("  {relay}"));
    }
    let by = match &leg.rule {
        Some(rule) => pick(lang, format!("  ルール {rule}"), format!("  rule {rule}")),
        None => pick(lang, "  フィルタなし", "  no filter").to_owned(),
    };
    text + &by
}
