//! What a whole run says about a random migration, against the trace.

use super::run::Outcome;
use proptest::{prop_assert, prop_assert_eq};
use std::sync::Arc;
use utsushi_model::finding::{Code, Evidence, Finding, Packet};
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::report::Verdict;
use utsushi_model::rule::Spec;
use utsushi_model::service::Protocol;
use utsushi_sim::plane::trace::{Disposition, exchange, trace};
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::run::run;

/// Every witness does what its finding says; every rule has a verdict for every state it covers; a
/// second run says the same.
pub(crate) fn borne_out(migration: &Migration) -> Outcome {
    let report = run(migration).expect("room");
    for row in &report.rules {
        prop_assert_eq!(row.verdicts.len(), migration.states.len());
        let rule = migration.requirements.rules.get(&row.id);
        // Whether zones are fully separated is a fact: where they are not, there is nothing to judge.
        let fact = rule.is_some_and(|r| matches!(r.spec, Spec::FullySeparated { .. }));
        for (verdict, state) in row.verdicts.iter().zip(&migration.states) {
            let asked = rule.is_some_and(|r| migration.covers(&r.period, state));
            prop_assert!(
                fact || verdict.is_some() == asked,
                "{}: {verdict:?} in state {}, asked: {asked}",
                row.id,
                state.index
            );
        }
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
        if finding.code == Code::Separated {
            prop_assert_eq!(crossing(migration, finding), None, "{:#?}", finding);
        }
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

/// A packet that the trace delivers between zones said to be fully separated: corners of every pair of
/// segments, a few services.
fn crossing(migration: &Migration, finding: &Finding) -> Option<Packet> {
    let rule = migration.requirements.rules.get(finding.rule.as_ref()?)?;
    let Spec::FullySeparated { between: (a, b) } = rule.spec else {
        return None;
    };
    let state = migration.states.get(finding.first)?;
    let plane = Plane::compile(Arc::clone(&state.network), state.date);
    let role = |i: usize| {
        let segment = state.network.segments.get(&plane.segments[i].id)?;
        Some(state.network.zones.get(&segment.zone)?.role)
    };
    let services = [(6, 443), (6, 22), (17, 53), (1, 0)];
    for i in 0..plane.segments.len() {
        for j in 0..plane.segments.len() {
            let (from, to) = (role(i), role(j));
            let apart = (from, to) == (Some(a), Some(b)) || (from, to) == (Some(b), Some(a));
            let corners = |i: usize| {
                let members = plane.segments[i].members.iter();
                members.flat_map(|m| [m.first_address(), m.last_address()])
            };
            for (src, dst) in corners(i).flat_map(|s| corners(j).map(move |d| (s, d))) {
                let packets = services.iter().map(|(protocol, port)| Packet {
                    src,
                    dst,
                    protocol: Protocol(*protocol),
                    src_port: if *port == 0 { 0 } else { 50_000 },
                    dst_port: *port,
                });
                let arrives = |p: &Packet| {
                    trace(&plane, SegmentIx(i), *p)
                        .iter()
                        .any(|path| path.disposition == Disposition::Delivered(SegmentIx(j)))
                };
                if let Some(packet) = packets
                    .filter(|_| apart && src.is_ipv4() == dst.is_ipv4())
                    .find(arrives)
                {
                    return Some(packet);
                }
            }
        }
    }
    None
}
