//! How long files and messages wait for sanitisers and mail relays, and where that is too long.
//!
//! Goes in: what arrives in each hour and the capacity. Comes out: the wait of every hour ([`crate::quality::queue`]: by
//! chance, and behind a backlog that is carried over), and a finding for each node that says how long one may wait
//! (`wait`) and lets wait longer: an error with everything up, a warning where only a failure or another day makes it
//! so. Nothing can go wrong: with no capacity left nothing is handled, and there is no wait to tell.

use super::amount::Hours;
use super::ledger::Ledger;
use crate::quality::queue::day;
use utsushi_model::circumstance::Circumstance;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Evidence, Finding, Severity};
use utsushi_model::network::{Node, NodeKind};
use utsushi_model::report::{LoadRow, WAIT_LEVEL, Waiting};
use utsushi_model::units::Latency;

/// Sums of fractions miss a limit by less than this.
const NOISE: f64 = 1e-9;

/// How long one may wait for a node, where it says so.
pub(super) const fn limit(kind: ResourceKind, node: &Node) -> Option<Latency> {
    match (kind, &node.kind) {
        (ResourceKind::Files, NodeKind::Sanitiser(cdr)) => cdr.wait,
        (ResourceKind::Files, NodeKind::MailRelay(relay)) => relay.wait,
        _ => None,
    }
}

/// The wait of every hour, of what has a queue.
pub(super) fn waits(kind: ResourceKind, offered: &Hours, capacity: f64) -> Option<Vec<Waiting>> {
    if kind != ResourceKind::Files {
        return None;
    }
    let hours = day(&offered.0, capacity, WAIT_LEVEL).ok()?;
    let waiting = (0u8..).zip(hours).map(|(hour, waited)| Waiting {
        hour,
        mean: Latency::new(waited.mean),
        most: Latency::new(waited.most),
        backlog: waited.backlog,
    });
    Some(waiting.collect())
}

/// The finding on the row of a resource, by position.
pub(super) fn finding(row: &LoadRow, ledger: &Ledger, at: usize) -> Option<Finding> {
    let queue = row.queue.as_ref()?;
    let limit = queue.limit?;
    let plain = Waiting::longest(&queue.hours).map(|met| (met, Circumstance::default()));
    let others = row.worst.iter();
    let others = others.filter_map(|case| Some((case.waiting?, case.circumstance.clone())));
    let late = |(met, _): &(Waiting, Circumstance)| met.most.get() > limit.get() * (1.0 + NOISE);
    let longer = |best: (Waiting, Circumstance), other: (Waiting, Circumstance)| {
        if other.0.most > best.0.most {
            other
        } else {
            best
        }
    };
    let (met, circumstance) = plain
        .filter(late)
        .or_else(|| others.filter(late).reduce(longer))?;
    let severity = match circumstance == Circumstance::default() {
        true => Code::LongWait.severity(),
        false => Severity::Warning,
    };
    Some(Finding {
        code: Code::LongWait,
        severity,
        first: row.state,
        last: row.state,
        rule: None,
        subject: ledger.subject(at),
        place: ledger.resources[at].place.clone(),
        evidence: Evidence::Wait {
            resource: row.resource.clone(),
            met,
            limit,
            circumstance,
        },
    })
}
