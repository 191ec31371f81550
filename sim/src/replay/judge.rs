//! Which resources are too small.
//!
//! Goes in: the rows of a state. Comes out: one finding for each resource above its planning limit (a
//! warning) or its hard limit (an error); for a link, of its two directions the worse. A resource that is
//! exactly at a limit is not above it.

use super::ledger::Ledger;
use utsushi_model::circumstance::Circumstance;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Evidence, Felt, Finding, Severity};
use utsushi_model::report::LoadRow;
use utsushi_model::units::Utilisation;

/// Who feels it that a resource, by position, is too full in an hour under a circumstance.
pub(super) type Feels<'f> = dyn FnMut(usize, u8, Option<&Circumstance>) -> Vec<Felt> + 'f;

/// Sums of fractions miss a limit by less than this.
const NOISE: f64 = 1e-9;

const fn code(kind: ResourceKind) -> Code {
    match kind {
        ResourceKind::Link => Code::LinkLoad,
        ResourceKind::Throughput => Code::NodeLoad,
        ResourceKind::Sessions => Code::SessionLoad,
        ResourceKind::NatPorts => Code::NatLoad,
        ResourceKind::Seats => Code::SeatLoad,
        ResourceKind::Pixels => Code::PixelLoad,
        ResourceKind::Files => Code::FileLoad,
    }
}

/// The limit that a utilisation is above, the hard one first.
fn crossed(row: &LoadRow, at: Utilisation) -> Option<(Severity, Utilisation)> {
    let above = |limit: Utilisation| at.get() > limit.get() + NOISE;
    if above(row.full) {
        Some((Severity::Error, row.full))
    } else if above(row.warn) {
        Some((Severity::Warning, row.warn))
    } else {
        None
    }
}

/// The findings on the rows of a ledger, in their order.
///
/// `felt` says who feels that a resource, by position, is too full in an hour: on the first day with everything up, or
/// under another circumstance.
pub(super) fn findings(rows: &[LoadRow], ledger: &Ledger, felt: &mut Feels<'_>) -> Vec<Finding> {
    let mut worst: Vec<(usize, Utilisation)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let (_, now) = row.busiest();
        match worst.last_mut() {
            Some((there, most)) if same(&rows[*there], row) => {
                if now.get() > most.get() {
                    (*there, *most) = (i, now);
                }
            }
            _ => worst.push((i, now)),
        }
    }
    let mut found = Vec::new();
    for (i, at) in worst {
        let crossed = crossed(&rows[i], at);
        let beyond = crossed.is_some_and(|(severity, _)| severity == Severity::Error);
        if let Some(crossed) = crossed {
            let mut told = finding(&rows[i], ledger, i, crossed);
            if let Evidence::Load {
                felt: list, hour, ..
            } = &mut told.evidence
                && beyond
                && rows[i].kind == ResourceKind::Link
            {
                *list = felt(i, *hour, None);
            }
            found.push(told);
        }
        // What does not fit as it is need not be told of once more.
        if !beyond {
            found.extend(degraded(rows, ledger, i, felt));
        }
    }
    found
}

/// The finding where a resource does not fit under another circumstance: with something failed the hard limit holds, on
/// another day the planning limit.
fn degraded(rows: &[LoadRow], ledger: &Ledger, at: usize, felt: &mut Feels<'_>) -> Option<Finding> {
    let own = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| same(&rows[at], row));
    let cases = own.flat_map(|(i, row)| row.worst.iter().map(move |case| (i, case)));
    let over = cases.filter_map(|(i, case)| {
        let limit = rows[i].limit(&case.circumstance);
        (case.utilisation().get() > limit.get() + NOISE).then_some((i, case, limit))
    });
    let (i, case, threshold) = over.reduce(|best, other| {
        if other.1.utilisation() > best.1.utilisation() {
            other
        } else {
            best
        }
    })?;
    let row = &rows[i];
    // Between the planning limit and the hard one everybody still gets what is wanted.
    let short = row.kind == ResourceKind::Link && case.utilisation().get() > row.full.get() + NOISE;
    let felt = short.then(|| felt(i, case.hour, Some(&case.circumstance)));
    Some(Finding {
        code: Code::DegradedLoad,
        severity: Code::DegradedLoad.severity(),
        first: row.state,
        last: row.state,
        rule: None,
        subject: ledger.subject(i),
        place: ledger.resources[i].place.clone(),
        evidence: Evidence::Load {
            resource: row.resource.clone(),
            resource_kind: row.kind,
            direction: row.direction.clone(),
            hour: case.hour,
            offered: case.offered,
            capacity: case.capacity,
            utilisation: case.utilisation(),
            threshold,
            parts: Vec::new(),
            circumstance: case.circumstance.clone(),
            felt: felt.unwrap_or_default(),
        },
    })
}

/// Whether two rows are the two directions of one link.
fn same(a: &LoadRow, b: &LoadRow) -> bool {
    a.kind == b.kind && a.resource == b.resource
}

fn finding(
    row: &LoadRow,
    ledger: &Ledger,
    position: usize,
    (severity, threshold): (Severity, Utilisation),
) -> Finding {
    let (hour, utilisation) = row.busiest();
    Finding {
        code: code(row.kind),
        severity,
        first: row.state,
        last: row.state,
        rule: None,
        subject: ledger.subject(position),
        place: ledger.resources[position].place.clone(),
        evidence: Evidence::Load {
            resource: row.resource.clone(),
            resource_kind: row.kind,
            direction: row.direction.clone(),
            hour,
            offered: row.offered[usize::from(hour)],
            capacity: row.capacity,
            utilisation,
            threshold,
            parts: row.parts.clone(),
            circumstance: Circumstance::default(),
            felt: Vec::new(),
        },
    }
}
