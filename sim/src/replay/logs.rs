//! What nodes write of logs.
//!
//! Goes in: what a state spends with everything up. Comes out: for each node that says what a record takes (`logs`) the bytes
//! of every hour: records of an application for each session or file (`records`) × the sessions and files that pass it ×
//! bytes of a record; and for all hosts under EDR together what each of them reports in a day (`edr_logs`), evenly over the
//! day. Nothing can go wrong; an application that does not say how many records it makes adds none.

use super::amount::Hours;
use super::spend::{Gone, kept};
use super::worst::Base;
use std::collections::BTreeMap;
use utsushi_model::demand::HOURS;
use utsushi_model::network::Logging;
use utsushi_model::report::{EDR, LogRow};
use utsushi_model::text::Text;
use utsushi_model::units::grouped;

/// The rows of a state, in the order of the network; behind them what all hosts under EDR report, if `host` says how much one
/// of them does.
pub(super) fn logs(base: &Base<'_>, state: usize, host: Option<Logging>) -> Vec<LogRow> {
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
    let hosts = host.and_then(|host| edr(base, state, host));
    rows.chain(hosts).collect()
}

/// What the hosts under EDR report, if there are any.
fn edr(base: &Base<'_>, state: usize, logging: Logging) -> Option<LogRow> {
    let groups = base.prepared.plane.network.groups.iter();
    let hosts: f64 = groups
        .filter(|group| group.measures.edr)
        .map(|group| f64::from(group.count))
        .sum();
    let number = grouped(hosts);
    (hosts > 0.0).then(|| LogRow {
        state,
        resource: EDR.to_owned(),
        label: Text::new(
            format!("EDR（{number}台）"),
            format!("EDR of {number} hosts"),
        ),
        by_hour: [hosts * logging.bytes / HOURS as f64; HOURS],
        days: logging.days,
    })
}
