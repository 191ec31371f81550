//! What a whole run says about a random migration, against the trace.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::sync::Arc;
use utsushi_model::finding::{Code, Evidence, Packet};
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::report::Verdict;
use utsushi_sim::plane::Plane;
use utsushi_sim::plane::trace::{Disposition, exchange};
use utsushi_sim::run::run;

/// Every witness does what its finding says; every rule has a verdict for every state it covers; a
/// second run says the same.
pub(crate) fn borne_out(migration: &Migration) -> Outcome {
    let report = run(migration).expect("room");
    for row in &report.rules {
        prop_assert_eq!(row.verdicts.len(), migration.states.len());
        prop_assert!(
            row.verdicts.iter().all(Option::is_some),
            "{} has no verdict",
            row.id
        );
    }
    let broken = |v: &Option<Verdict>| *v == Some(Verdict::Broken);
    let breaks = report.rules.iter().flat_map(|r| &r.verdicts).any(broken);
    let errors = report
        .findings
        .iter()
        .any(|f| f.code.as_str().starts_with("ISO-"));
    prop_assert!(
        errors || !breaks,
        "a rule is broken, no finding says by what"
    );
    for finding in &report.findings {
        let Evidence::Packets {
            witness,
            from,
            hops,
            to,
            ..
        } = &finding.evidence
        else {
            continue;
        };
        let Some(state) = migration.states.get(finding.first) else {
            continue;
        };
        let plane = Plane::compile(Arc::clone(&state.network), state.date);
        let ends = (from.as_str(), to.as_str());
        let outcome = seen(&plane, ends, *witness);
        prop_assert!(!hops.is_empty(), "no way shown: {finding:?}");
        let fits = match finding.code {
            Code::Forbidden | Code::Bypass => outcome.arrives,
            Code::Unreached => outcome.fails,
            _ => true,
        };
        prop_assert!(fits, "{outcome:?}\n{finding:#?}");
    }
    let again = run(migration).expect("room");
    prop_assert_eq!(
        format!("{:?}", report.findings),
        format!("{:?}", again.findings)
    );
    Ok(())
}

/// What the trace sees of a witness.
#[derive(Debug)]
struct Seen {
    arrives: bool,
    fails: bool,
}

fn seen(plane: &Plane, (from, to): (&str, &str), witness: Packet) -> Seen {
    let position = |name: &str| plane.segment(&Id::new(name)).expect("a segment");
    let exchange = exchange(plane, position(from), witness);
    let to = position(to);
    let home = |d| d == Disposition::Delivered(to);
    Seen {
        arrives: exchange.forward.iter().any(|p| home(p.disposition)),
        fails: !exchange.answered()
            || !exchange.forward.iter().all(|p| home(p.disposition))
            || !exchange.answers.iter().all(|p| exchange.comes_home(p)),
    }
}
