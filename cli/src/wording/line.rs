//! Notes on lines of ordered lists: the packets concerned, the lines behind it, the way out.

use super::notes::boxes;
use super::{Context, Label, Note, ja};
use crate::model::finding::{Code, Evidence, Finding, Idle, LineRecord, PacketCount};
use crate::model::units::grouped;

/// Causes printed in a text report; the JSON report holds all of them.
const CAUSES: usize = 6;

/// Digits up to which a number is printed as it is.
const READABLE: usize = 15;

/// A number of headers as people read it: whole up to a quadrillion, then as a power of ten.
#[must_use]
pub fn headers(digits: &str) -> String {
    let value: f64 = digits.parse().unwrap_or(f64::INFINITY);
    if digits.len() <= READABLE {
        return grouped(value);
    }
    let (first, rest) = digits.split_at(1);
    let cut: String = rest.chars().take(2).collect();
    format!("{first}.{cut}×10^{}", digits.len() - 1)
}

/// The notes of a line's finding, without the way out.
pub(super) fn notes(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    let Evidence::Line {
        traffic,
        causes,
        by_default,
        needed,
        ..
    } = &finding.evidence
    else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    if !traffic.boxes.is_empty() {
        notes.push(plain(Label::Extent, counted(traffic, context)));
    }
    if let Some(needed) = needed {
        notes.push(plain(Label::Needed, need(needed, context)));
    }
    notes.extend(causes.iter().take(CAUSES).map(|c| cause(c, context)));
    if causes.len() > CAUSES {
        let more = causes.len() - CAUSES;
        let text = context.pick(format!("他に{more}件"), format!("and {more} more"));
        notes.push(plain(Label::Cause, text));
    }
    if *by_default {
        let text = context.pick("既定の動作", "the default of the list");
        notes.push(plain(Label::Cause, text.to_owned()));
    }
    notes
}

fn plain(label: Label, text: String) -> Note {
    Note {
        label,
        text,
        place: None,
    }
}

fn cause(line: &LineRecord, context: &Context<'_>) -> Note {
    let does = match line.allow {
        Some(true) => context.pick("（許可）", " (allow)"),
        Some(false) => context.pick("（拒否）", " (deny)"),
        None => "",
    };
    Note {
        label: Label::Cause,
        text: format!("`{}`{does}", line.name),
        place: line.place.is_somewhere().then(|| line.place.clone()),
    }
}

/// Boxes with the number of headers behind them.
fn counted(count: &PacketCount, context: &Context<'_>) -> String {
    let number = headers(&count.headers);
    let list = boxes(&count.boxes, usize::from(!count.complete), context);
    context.pick(
        format!("{list}\nヘッダ数 {number}"),
        format!("{list}\n{number} headers"),
    )
}

fn need(count: &PacketCount, context: &Context<'_>) -> String {
    if count.boxes.is_empty() {
        let none = "none of it is needed by a demand or a rule";
        return context
            .pick("需要・ルールが必要とする通信は含まれない", none)
            .to_owned();
    }
    counted(count, context)
}

/// The way out.
pub(super) fn remedy(finding: &Finding, context: &Context<'_>) -> String {
    let Evidence::Line { causes, idle, .. } = &finding.evidence else {
        return String::new();
    };
    let first = causes.first().map_or("", |c| c.name.as_str());
    match (finding.code, idle) {
        (Code::Shadowed, _) => {
            let before = ja(&format!("`{first}`"), "の前へ移すか、不要なら削除する");
            context.pick(
                before,
                format!("move it before `{first}` if it is meant, or delete it"),
            )
        }
        (Code::Redundant, _) => context.pick(
            "削除する（今回不要と示した行をすべて同時に削除しても、通信の扱いは変わらない）"
                .to_owned(),
            "delete it; all lines shown as shadowed or redundant can go together without a change"
                .to_owned(),
        ),
        (Code::Dead, Some(Idle::Nothing)) => context.pick(
            "名前の指す中身を確かめ、不要なら削除する".to_owned(),
            "check what its names should hold, or delete it".to_owned(),
        ),
        (Code::Dead, _) => context.pick(
            "経路や前段のフィルタの誤りでないか確かめ、不要なら削除する".to_owned(),
            "check that no route or earlier filter is wrong, then delete it".to_owned(),
        ),
        (_, _) => context.pick(
            "送信元・宛先・サービスを、必要な範囲に絞る".to_owned(),
            "narrow its source, destination and service to what is needed".to_owned(),
        ),
    }
}
