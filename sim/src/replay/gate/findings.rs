//! Links that spoil the talk of sites, as findings.
//!
//! Goes in: the rows of the gate with everything up on an ordinary day. Comes out: CAP-221, one for each application and
//! link. What failures and other days do to talk is told with the rows ([`super::after`]) and raises nothing: planning rules
//! speak of the ordinary hour, and a body that wants more writes the failed network as a step. Nothing can go wrong.

use super::Gate;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use utsushi_model::finding::{Code, Evidence, Finding};
use utsushi_model::report::{GateRow, GateVerdict};
use utsushi_model::text::Text;

impl Gate<'_> {
    /// One finding for each application and link that spoils the talk of sites.
    pub(super) fn findings(&self, rows: &[GateRow]) -> Vec<Finding> {
        let mut spoiled: BTreeMap<(String, String), Vec<&GateRow>> = BTreeMap::new();
        for row in rows {
            if let Some((_, met)) = row.worst()
                && met.verdict == GateVerdict::Fail
            {
                let key = (met.hop.clone(), row.application.en.clone());
                spoiled.entry(key).or_default().push(row);
            }
        }
        let found = spoiled.into_iter();
        found
            .filter_map(|((hop, _), rows)| self.finding(&hop, rows))
            .collect()
    }

    /// The figures are those of the site where they are worst, which stands first.
    fn finding(&self, hop: &str, mut rows: Vec<&GateRow>) -> Option<Finding> {
        let link = self.links.iter().find(|l| l.id.as_str() == hop)?;
        let met = |row: &&GateRow| row.worst().map(|(_, met)| met.key());
        // A stable sort: equals stay in the order of the scenario.
        rows.sort_by(|a, b| met(b).partial_cmp(&met(a)).unwrap_or(Ordering::Equal));
        let first = rows.first()?;
        let (hour, met) = first.worst()?;
        Some(Finding {
            code: Code::MeetingGate,
            severity: Code::MeetingGate.severity(),
            first: first.state,
            last: first.state,
            rule: None,
            subject: link.label.clone(),
            place: link.place.clone(),
            evidence: Evidence::Gate {
                application: first.application.clone(),
                sites: rows.iter().map(|r| named(r)).collect(),
                users: rows.iter().map(|r| r.users).sum(),
                hop: hop.to_owned(),
                hour,
                met: met.clone(),
            },
        })
    }
}

/// A site by its label, or its name where it has none.
fn named(row: &GateRow) -> Text {
    match row.label.en.is_empty() {
        true => Text::same(row.site.as_str()),
        false => row.label.clone(),
    }
}
