//! Links that spoil the talk of sites, as findings.
//!
//! Goes in: the rows of the gate with everything up on an ordinary day. Comes out: CAP-221, one for each application and
//! link. What failures and other days do to talk is told with the rows ([`super::after`]) and raises nothing: planning rules
//! speak of the ordinary hour, and a body that wants more writes the failed network as a step. Nothing can go wrong.

use super::{Gate, worse};
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
            .filter_map(|((hop, _), rows)| self.finding(&hop, &rows))
            .collect()
    }

    fn finding(&self, hop: &str, rows: &[&GateRow]) -> Option<Finding> {
        let link = self.links.iter().find(|l| l.id.as_str() == hop)?;
        let first = rows.first()?;
        let all = rows.iter().filter_map(|row| row.worst());
        let (hour, met) = all.reduce(|a, b| if worse(b.1, a.1) { b } else { a })?;
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
