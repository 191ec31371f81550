//! A safe order of a step's changes, or why there is none: as text for people, as JSON for programs.
//!
//! In: what `sim::order` found. Out: text that ends with a line feed. What can go wrong: nothing but the JSON
//! writer's own errors.
//!
//! Modules in reading order: `text`, `json` (schema `utsushi.order/1`).

mod json;
mod text;

pub use json::SCHEMA;

use crate::model::migration::{Migration, Step};
use crate::model::text::Lang;
use crate::sim::order::step::{Conflict, Ordered};
use crate::wording::pick;

/// A step with its changes in order.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The plan.
    pub migration: &'a Migration,
    /// The step.
    pub step: &'a Step,
    /// What was found.
    pub ordered: &'a Ordered,
    /// The file into which the order was written, if it was asked for, and whether that changed it.
    pub written: Option<(&'a str, bool)>,
    /// The reader's language.
    pub lang: Lang,
}

impl Answer<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        pick(self.lang, ja, en)
    }

    /// What the change at a position does.
    fn change(&self, at: usize) -> String {
        let change = &self.step.changes[at];
        change.words().get(self.lang).to_owned()
    }

    /// The same with its place.
    fn placed(&self, at: usize) -> String {
        let (what, place) = (self.change(at), &self.step.changes[at].place);
        match place.is_somewhere() {
            true => format!("{what} ({}:{})", place.file, place.line),
            false => what,
        }
    }

    /// What a conflict says: which changes must not be done while which are open, and what that breaks.
    fn conflict(&self, conflict: &Conflict) -> String {
        let rule = &conflict.rule;
        match (conflict.done.is_empty(), conflict.open.is_empty()) {
            (true, _) => self.pick(
                format!("このステップの前の状態がすでに `{rule}` に違反している"),
                format!("the state before the step breaks `{rule}` already"),
            ),
            (_, true) => self.pick(
                format!("これらを行った後は、順序によらず `{rule}` に違反する"),
                format!("once these are done `{rule}` is broken, in every order"),
            ),
            _ => self.pick(
                format!("前者を済ませて後者が残っている間、`{rule}` に違反する"),
                format!("while the former are done and the latter are not, `{rule}` is broken"),
            ),
        }
    }
}
