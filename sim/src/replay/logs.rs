//! What nodes write of logs.
//!
//! Goes in: what a state spends with everything up. Comes out: for each node that says what a record takes (`logs`) the bytes
//! of every hour: records of an application for each session or file (`records`) × the sessions and files that pass it ×
//! bytes of a record. Nothing can go wrong; an application that does not say how many records it makes adds none.

use super::amount::Hours;
use super::spend::{Gone, kept};
use super::worst::Base;
use std::collections::BTreeMap;
use utsushi_model::report::LogRow;

/// The rows of a state, in the order of the network.
pub(super) fn logs(base: &Base<'_>, state: usize) -> Vec<LogRow> {
    let prepared = base.prepared;
    let mut records: BTreeMap<usize, Hours> = BTreeMap::new();
    for talk in prepared.active() {
        let passages: Vec<_> = talk
            .courses
            .iter()
            .map(|c| &prepared.passages[*c])
            .collect();
        let Some((others, whole)) = kept(prepared, talk, &passages, Gone::NONE) else {
            continue;
        };
        let legs = talk.conversation.legs.iter().zip(passages);
        for ((leg, passage), others) in legs.zip(others) {
            let made = talk.spending[0].logged(leg.carries);
            let mut add = |node: usize, share: f64| {
                let there = records.entry(node).or_default();
                there.add(&made, share * talk.part);
            };
            for (node, share) in &passage.there.nodes {
                add(prepared.plane.nodes[node.0].position, share * others);
            }
            if let Some(relay) = leg.relay {
                add(relay, whole);
            }
        }
    }
    let nodes = prepared.nodes.iter().enumerate();
    let rows = nodes.filter_map(|(at, node)| {
        let logging = node.logs?;
        let records = records.get(&at).copied().unwrap_or_default();
        Some(LogRow {
            state,
            resource: node.id.to_string(),
            label: node.label.clone(),
            by_hour: records.0.map(|n| n * logging.bytes),
            days: logging.days,
        })
    });
    rows.collect()
}
