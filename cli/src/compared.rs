//! Two states of a plan compared: as text for people, as JSON and CSV for programs.
//!
//! In: what `sim::diff` and `sim::comply` found. Out: text that ends with a line feed. What can go wrong: nothing
//! but the writers' own errors.
//!
//! Modules in reading order: `text`, `json` (schema `utsushi.diff/1`), `csv`.

mod csv;
mod json;
mod text;

pub use json::SCHEMA;

use crate::model::migration::State;
use crate::model::text::{Lang, Text};
use crate::sim::comply::Readdressed;
use crate::sim::diff::{Difference, Kind, Traffic};
use crate::wording::pick;

/// Two states and what is different between them.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Title of the scenario.
    pub title: &'a Text,
    /// The state to start from.
    pub before: &'a State,
    /// The state to end at.
    pub after: &'a State,
    /// What traffic is treated differently.
    pub traffic: &'a Difference,
    /// What has other addresses.
    pub addresses: &'a [Readdressed],
    /// The reader's language.
    pub lang: Lang,
}

impl Compared<'_> {
    /// Picks one of two wordings.
    fn pick<T>(&self, ja: T, en: T) -> T {
        pick(self.lang, ja, en)
    }

    /// What people call one of the states.
    fn step(&self, state: &State) -> String {
        match state.index {
            0 => self.pick("現状", "today").to_owned(),
            _ => self.pick(
                format!("ステップ{}", state.step),
                format!("step {}", state.step),
            ),
        }
    }

    /// The rows of a kind.
    fn of(&self, kind: Kind) -> impl Iterator<Item = &Traffic> {
        self.traffic.traffic.iter().filter(move |t| t.kind == kind)
    }

    /// The word for a kind.
    fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Allowed => self.pick("新たに許可", "newly allowed"),
            Kind::Denied => self.pick("新たに遮断", "newly denied"),
            Kind::Rerouted => self.pick("経路変更", "re-routed"),
        }
    }

    /// The changes behind a row in one line, each with its place.
    fn causes(&self, traffic: &Traffic) -> String {
        let told = traffic.causes.iter().map(|cause| {
            let what = cause.what.get(self.lang);
            if !cause.place.is_somewhere() {
                return what.to_owned();
            }
            let at = format!("{}:{}", cause.place.file, cause.place.line);
            self.pick(format!("{what}（{at}）"), format!("{what} ({at})"))
        });
        let told: Vec<String> = told.collect();
        let told = told.join(self.pick("、", ", "));
        match self.before.index > self.after.index {
            true => self.pick(format!("取消し：{told}"), format!("undoing {told}")),
            false => told,
        }
    }
}

/// Every kind of difference, in the order of the report.
const KINDS: [Kind; 3] = [Kind::Allowed, Kind::Denied, Kind::Rerouted];

/// Names in one line.
fn list<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}
