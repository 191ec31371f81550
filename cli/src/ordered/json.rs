//! The order as one JSON document, described in `docs/report-schema.md`.

use super::Answer;
use crate::json::{Header, Hop};
use crate::model::finding::Evidence;
use crate::model::place::Place;
use crate::model::text::Lang;
use crate::sim::order::step::{Conflict, Found};
use serde::Serialize;

/// Name and version of the document's shape. Within a version fields are only added.
pub const SCHEMA: &str = "utsushi.order/1";

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    lang: Lang,
    scenario: &'a str,
    step: &'a str,
    safe: bool,
    as_written: bool,
    order: Vec<Change<'a>>,
    interrupted_states: usize,
    interrupted_rules: Vec<&'a str>,
    shortest: bool,
    conflicts: Vec<Clash<'a>>,
    units: usize,
    clauses: usize,
    undetermined: usize,
    written: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Change<'a> {
    position: usize,
    text: String,
    place: Option<&'a Place>,
}

#[derive(Debug, Serialize)]
struct Clash<'a> {
    rule: &'a str,
    done: Vec<Change<'a>>,
    open: Vec<Change<'a>>,
    message: String,
    witness: Option<Header>,
    hops: Vec<Hop<'a>>,
}

impl<'a> Answer<'a> {
    /// The document as text, indented by two blanks, with a line feed at the end.
    ///
    /// # Errors
    /// The JSON writer's own.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let ordered = self.ordered;
        let mut document = Document {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            lang: self.lang,
            scenario: self.migration.title.get(self.lang),
            step: self.step.id.as_str(),
            safe: false,
            as_written: ordered.as_written,
            order: Vec::new(),
            interrupted_states: 0,
            interrupted_rules: Vec::new(),
            shortest: true,
            conflicts: Vec::new(),
            units: ordered.units,
            clauses: ordered.clauses,
            undetermined: ordered.undetermined,
            written: self.written.map(|(file, _)| file),
        };
        match &ordered.found {
            Found::Ordered {
                order,
                interrupted,
                broken,
                shortest,
                ..
            } => {
                document.safe = true;
                document.order = self.changes(order);
                document.interrupted_states = *interrupted;
                document.interrupted_rules = broken.iter().map(|r| r.as_str()).collect();
                document.shortest = *shortest;
            }
            Found::Impossible(conflicts) => {
                document.conflicts = conflicts.iter().map(|c| self.clash(c)).collect();
            }
        }
        serde_json::to_string_pretty(&document).map(|text| text + "\n")
    }

    fn changes(&self, positions: &[usize]) -> Vec<Change<'a>> {
        let step = self.step;
        let change = |at: &usize| Change {
            position: *at,
            text: self.change(*at),
            place: Some(&step.changes[*at].place).filter(|p| p.is_somewhere()),
        };
        positions.iter().map(change).collect()
    }

    fn clash(&self, conflict: &'a Conflict) -> Clash<'a> {
        let shown = conflict.shown.as_ref().map(|f| &f.evidence);
        let (witness, hops) = match shown {
            Some(Evidence::Packets { witness, hops, .. }) => {
                (Some(witness.into()), hops.iter().map(Hop::from).collect())
            }
            _ => (None, Vec::new()),
        };
        Clash {
            rule: conflict.rule.as_str(),
            done: self.changes(&conflict.done),
            open: self.changes(&conflict.open),
            message: self.conflict(conflict),
            witness,
            hops,
        }
    }
}
