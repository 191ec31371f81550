//! Steps.
//!
//! Goes in: a value of a piece. Comes out: a step with its changes. What can go wrong: see [`crate::say`];
//! a change that cannot be read is left out, so that the other changes of the step are still looked at.

use crate::lower::Today;
use crate::lower::verb;
use crate::raw::{self, Val, plan};
use crate::read::Reader;
use crate::say;
use utsushi_model::change::Change;
use utsushi_model::date::Date;
use utsushi_model::id::Id;
use utsushi_model::migration::{Block, Confirmed, Model, Order, Step, Undo};
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

pub(crate) fn model<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Model> {
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
    let order = order.unwrap_or(Order::InOrder);
    let rollback = reader.maybe(raw.rollback, |value| {
        let values = reader.list(value)?;
        let parts = reader.most_changes(&values, |value| part(reader, value, order));
        let (changes, blocks) = joined(reader, parts);
        Some(Undo { changes, blocks })
    });
    let parts = reader.most_changes(&raw.changes, |value| part(reader, value, order));
    let (changes, blocks) = joined(reader, parts);
    let confirms = reader.all(&raw.confirms, |value| confirmed(reader, value));
    Some(Step {
        id: Id::new(id?),
        label: label.unwrap_or_default(),
        model: model.unwrap_or(Model::Alpha),
        date: date.unwrap_or(before),
        order,
        changes,
        blocks,
        rollback: rollback.flatten(),
        undoes: None,
        confirms: confirms.unwrap_or_default(),
        place: reader.place(raw.id),
    })
}

/// A part of a step's changes: a block whose range counts from its own first change, or plain changes.
struct Part {
    changes: Vec<Change>,
    block: Option<Block>,
}

fn part<'a>(reader: &Reader<'a>, value: Val<'a>, order: Order) -> Option<Part> {
    let (word, body) = reader.variant(value)?;
    if let Some((_, order)) = ORDERS.iter().find(|(name, _)| *name == word) {
        return block(reader, value, reader.body(value, body)?, *order);
    }
    let changes = verb::changes(reader, value)?;
    // One verb for a list of names is one change when changes follow one another.
    let together = order == Order::InOrder && changes.len() > 1;
    let block = together.then(|| Block {
        name: None,
        after: Vec::new(),
        order: Order::Together,
        changes: 0..changes.len(),
        irreversible: None,
        place: reader.place(value),
    });
    Some(Part { changes, block })
}

fn block<'a>(reader: &Reader<'a>, value: Val<'a>, body: Val<'a>, order: Order) -> Option<Part> {
    let raw: plan::Block<'_> = reader.fields(body)?;
    let name = reader.maybe(raw.name, |value| reader.name(value));
    let after = reader.all(&raw.after, |value| {
        reader.name(value).map(|name| (name, reader.place(value)))
    });
    let irreversible = reader.maybe(raw.irreversible, |value| reader.text(value));
    let values = reader.list(raw.changes)?;
    let changes = reader.most_changes(&values, |value| verb::changes(reader, value));
    let changes: Vec<Change> = changes.into_iter().flatten().collect();
    let block = Block {
        name: name?,
        after: after?,
        order,
        changes: 0..changes.len(),
        irreversible: irreversible?,
        place: reader.place(value),
    };
    let block = Some(block);
    Some(Part { changes, block })
}

/// The changes of all parts, one after the other; a name that two blocks bear is noted.
fn joined(reader: &Reader<'_>, parts: Vec<Part>) -> (Vec<Change>, Vec<Block>) {
    let (mut changes, mut blocks) = (Vec::new(), Vec::<Block>::new());
    for part in parts {
        let from = changes.len();
        changes.extend(part.changes);
        let Some(mut block) = part.block else {
            continue;
        };
        block.changes = from..changes.len();
        let same = |b: &&Block| b.name.is_some() && b.name == block.name;
        if let (Some(name), Some(first)) = (&block.name, blocks.iter().find(same)) {
            let label = Text::new("最初の定義", "it is first defined here");
            let noun = ("変更のまとまり", "block of changes");
            let said = say::duplicate(noun, name).at(&block.place);
            reader.log.note(said.see(&first.place, label));
        }
        blocks.push(block);
    }
    (changes, blocks)
}

/// Rules of a node that a step confirms as they are.
fn confirmed<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Confirmed> {
    let raw: plan::Confirmed<'_> = reader.fields(value)?;
    let node = reader.name(raw.node);
    let rules = reader.all(&raw.rules, |value| reader.name(value));
    Some(Confirmed {
        node: Id::new(node?),
        rules: rules?,
        place: reader.place(raw.node),
    })
}
