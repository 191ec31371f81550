//! Headlines about loads: how much is asked of what, when.

use super::super::amount::{number, per_cent, quantity};
use super::super::when::clock;
use super::super::{self as words, Context};
use super::{plain, quoted};
use crate::model::demand::ResourceKind;
use crate::model::finding::{Evidence, Finding};
use crate::model::units::Utilisation;

/// The fact about a resource that is too small.
pub(super) fn load(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Load {
        resource_kind,
        hour,
        offered,
        capacity,
        utilisation,
        threshold,
        direction,
        circumstance,
        ..
    } = &finding.evidence
    else {
        return plain(finding, context);
    };
    let (kind, lang) = (*resource_kind, context.lang);
    let subject = quoted(finding, context);
    let towards = direction.as_ref().map_or_else(String::new, |(a, b)| {
        context.pick(format!("（{a} → {b}）"), format!(" ({a} → {b})"))
    });
    let planned = *utilisation <= Utilisation::new(1.0);
    let share = per_cent(*utilisation, &[*threshold, Utilisation::new(1.0)]);
    let limit = per_cent(*threshold, &[]);
    let at = clock(*hour);
    let (ja, en) = if planned {
        (
            format!("{share}、しきい値 {limit}"),
            format!("{share}, planning limit {limit}"),
        )
    } else {
        (share.clone(), share)
    };
    let subject = format!("{subject}{towards}");
    let (load, full) = (
        quantity(kind, *offered, lang),
        quantity(kind, *capacity, lang),
    );
    let under = words::circumstance(circumstance, lang);
    let (under_ja, under_en) = match under.is_empty() {
        true => (String::new(), String::new()),
        false => (words::ja(&under, "では、"), format!(" under {under}")),
    };
    context.pick(
        format!(
            "{under_ja}{}が {at} に {load}、容量 {}",
            words::ja(&subject, ja_noun(kind)),
            words::ja(&full, &format!("の {ja}"))
        ),
        format!(
            "{subject} {} {} of {full} ({en}) at {at}{under_en}",
            en_verb(kind),
            number(kind, *offered)
        ),
    )
}

const fn ja_noun(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Link => "の通信量",
        ResourceKind::Throughput => "の処理量",
        ResourceKind::Sessions => "の同時セッション",
        ResourceKind::NatPorts => "のNATポート使用",
        ResourceKind::Seats => "の同時利用",
        ResourceKind::Pixels => "の画面転送量",
        ResourceKind::Files => "の処理件数",
    }
}

const fn en_verb(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Link => "carries",
        ResourceKind::Throughput => "handles",
        ResourceKind::Sessions | ResourceKind::NatPorts | ResourceKind::Seats => "needs",
        ResourceKind::Pixels => "sends",
        ResourceKind::Files => "is handed",
    }
}
