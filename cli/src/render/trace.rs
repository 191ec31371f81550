//! A packet's way, station by station, with the rule and place that decided.

use super::{Align, Columns, Paint};
use crate::model::finding::{Decision, HopRecord};
use crate::wording::{self, Context};

/// One line for each station.
#[must_use]
pub fn hops(context: &Context<'_>, hops: &[HopRecord], paint: Paint) -> String {
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("番号", "hop"), Align::Right),
        (pick("機器・セグメント", "node"), Align::Left),
        (pick("段", "stage"), Align::Left),
        (pick("判定", "decision"), Align::Left),
        (pick("ルール・経路", "rule or route"), Align::Left),
        (pick("記述箇所", "written at"), Align::Left),
    ]);
    for (number, hop) in (1..).zip(hops) {
        let number: usize = number;
        columns.row(vec![
            number.to_string(),
            hop.node.clone(),
            wording::stage(hop.stage, context.lang).to_owned(),
            wording::decision(&hop.decision, context.lang),
            hop.rule.clone().unwrap_or_default(),
            hop.place
                .as_ref()
                .filter(|p| p.is_somewhere())
                .map_or_else(String::new, ToString::to_string),
        ]);
    }
    columns.draw(paint, |index, place| {
        match hops.get(index).map(|hop| &hop.decision) {
            Some(Decision::Denied | Decision::NoRoute | Decision::Discarded | Decision::Loop) => {
                paint.bad(place)
            }
            _ => place.to_owned(),
        }
    })
}

/// One line for each point that would block; each with the words for the part of the conversation it is on.
#[must_use]
pub fn blocks(context: &Context<'_>, points: &[(String, &HopRecord)], paint: Paint) -> String {
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("区間", "part"), Align::Left),
        (pick("機器・セグメント", "node"), Align::Left),
        (pick("段", "stage"), Align::Left),
        (pick("判定", "decision"), Align::Left),
        (pick("ルール・経路", "rule or route"), Align::Left),
        (pick("記述箇所", "written at"), Align::Left),
    ]);
    for (part, hop) in points {
        columns.row(vec![
            part.clone(),
            hop.node.clone(),
            wording::stage(hop.stage, context.lang).to_owned(),
            wording::decision(&hop.decision, context.lang),
            hop.rule.clone().unwrap_or_default(),
            hop.place
                .as_ref()
                .filter(|p| p.is_somewhere())
                .map_or_else(String::new, ToString::to_string),
        ]);
    }
    columns.draw(paint, |_, place| place.to_owned())
}
