//! Steps.
//!
//! Goes in: a value of a piece. Comes out: a step with its changes. What can go wrong: see [`crate::say`];
//! a change that cannot be read is left out, so that the other changes of the step are still looked at.

use crate::lower::Today;
use crate::lower::verb;
use crate::raw::{self, Val, plan};
use crate::read::Reader;
use utsushi_model::date::Date;
use utsushi_model::id::Id;
use utsushi_model::migration::{Model, Order, Step};
use utsushi_model::text::Text;

const MODELS: &[(&str, Model)] = &[
    ("Alpha", Model::Alpha),
    ("AlphaPrime", Model::AlphaPrime),
    ("Beta", Model::Beta),
    ("BetaPrime", Model::BetaPrime),
];
const ORDERS: &[(&str, Order)] = &[
    ("Together", Order::Together),
    ("InOrder", Order::InOrder),
    ("Any", Order::Any),
];

/// What a scenario says of today beside the network.
pub(crate) fn start<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Today> {
    let raw: raw::Start<'_> = reader.fields(value)?;
    let label = reader.or(raw.label, Text::new("現状", "today"), |value| {
        reader.text(value)
    });
    let model = model(reader, raw.model);
    let date = reader.date(raw.date);
    Some(Today {
        label: label?,
        model: model?,
        date: date?,
        place: reader.place(raw.date),
    })
}

fn model<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Model> {
    reader.word(value, ("モデル", "a model"), MODELS)
}

/// A step. One whose model or date cannot be read counts as done on the day `before`, so that its changes
/// are not missed by later ones.
pub(crate) fn step<'a>(reader: &Reader<'a>, value: Val<'a>, before: Date) -> Option<Step> {
    let raw: plan::Step<'_> = reader.fields(value)?;
    let id = reader.name(raw.id);
    let label = reader.label(raw.label, id.as_ref());
    let model = model(reader, raw.model);
    let date = reader.date(raw.date);
    let order = reader.or(raw.order, Order::InOrder, |value| {
        reader.word(value, ("変更の順序", "an order of changes"), ORDERS)
    });
    let changes = reader.most_changes(&raw.changes, |value| verb::changes(reader, value));
    Some(Step {
        id: Id::new(id?),
        label: label.unwrap_or_default(),
        model: model.unwrap_or(Model::Alpha),
        date: date.unwrap_or(before),
        order: order.unwrap_or(Order::InOrder),
        changes: changes.into_iter().flatten().collect(),
        place: reader.place(raw.id),
    })
}
