//! The comparison as one JSON document, described in `docs/report-schema.md`.

use super::Compared;
use crate::json::Header;
use crate::model::finding::{Cause, PacketBox, Referrer};
use crate::model::place::Place;
use crate::model::text::Lang;
use crate::sim::comply::Readdressed;
use crate::sim::diff::{Kind, Traffic};
use serde::Serialize;

/// Name and version of the document's shape. Within a version fields are only added.
pub const SCHEMA: &str = "utsushi.diff/1";

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    lang: Lang,
    scenario: &'a str,
    from_step: &'a str,
    to_step: &'a str,
    traffic: Vec<Row<'a>>,
    doubtful: Vec<[&'a str; 2]>,
    addresses: Vec<Address<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    change: &'static str,
    certain: bool,
    from: Vec<&'a str>,
    to: Vec<&'a str>,
    boxes: &'a [PacketBox],
    left_out: usize,
    witness: Header,
    causes: Vec<Fact<'a>>,
}

#[derive(Debug, Serialize)]
struct Fact<'a> {
    text: &'a str,
    place: Option<&'a Place>,
}

#[derive(Debug, Serialize)]
struct Address<'a> {
    kind: &'static str,
    name: &'a str,
    label: &'a str,
    before: Vec<String>,
    after: Vec<String>,
    stale: Vec<Fact<'a>>,
    following: Vec<Fact<'a>>,
}

/// The word for a kind in JSON and CSV.
pub(super) const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Allowed => "allowed",
        Kind::Denied => "denied",
        Kind::Rerouted => "rerouted",
    }
}

impl Compared<'_> {
    /// The document as text, indented by two blanks, with a line feed at the end.
    ///
    /// # Errors
    /// The JSON writer's own.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let doubtful = self.traffic.doubtful.iter();
        let document = Document {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            lang: self.lang,
            scenario: self.title.get(self.lang),
            from_step: self.before.step.as_str(),
            to_step: self.after.step.as_str(),
            traffic: self.traffic.traffic.iter().map(|t| self.row(t)).collect(),
            doubtful: doubtful.map(|(a, b)| [a.as_str(), b.as_str()]).collect(),
            addresses: self.addresses.iter().map(|a| self.readdressed(a)).collect(),
        };
        serde_json::to_string_pretty(&document).map(|text| text + "\n")
    }

    fn row<'t>(&self, row: &'t Traffic) -> Row<'t> {
        Row {
            change: word(row.kind),
            certain: row.certain,
            from: row.from.iter().map(|s| s.as_str()).collect(),
            to: row.to.iter().map(|s| s.as_str()).collect(),
            boxes: &row.boxes,
            left_out: row.left_out,
            witness: (&row.witness).into(),
            causes: row.causes.iter().map(|c| self.fact(c)).collect(),
        }
    }

    fn fact<'t>(&self, cause: &'t Cause) -> Fact<'t> {
        Fact {
            text: cause.what.get(self.lang),
            place: Some(&cause.place).filter(|p| p.is_somewhere()),
        }
    }

    fn readdressed<'t>(&self, thing: &'t Readdressed) -> Address<'t> {
        let facts = |all: &'t [Referrer]| {
            let fact = |r: &'t Referrer| Fact {
                text: r.holder.get(self.lang),
                place: Some(&r.place).filter(|p| p.is_somewhere()),
            };
            all.iter().map(fact).collect()
        };
        Address {
            kind: thing.kind.words().1,
            name: &thing.name,
            label: thing.label.get(self.lang),
            before: thing.before.iter().map(ToString::to_string).collect(),
            after: thing.after.iter().map(ToString::to_string).collect(),
            stale: facts(&thing.stale),
            following: facts(&thing.following),
        }
    }
}
