//! Lines that are said to do nothing, against the trace: taken away they are not missed, and what is said to
//! decide nothing decides nothing.

use super::run::{Case, Outcome, day};
use proptest::{prop_assert, prop_assert_eq};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use utsushi_model::finding::{Code, Finding, HopRecord, Packet};
use utsushi_model::network::{Network, Node};
use utsushi_model::place::Place;
use utsushi_sim::hygiene;
use utsushi_sim::plane::trace::{Exchange, MOST_WAYS, Path, exchange};
use utsushi_sim::plane::{Plane, SegmentIx};

/// Gives every line a place of its own, so that hops and findings name it alike.
fn placed(network: &Network) -> Network {
    let mut network = network.clone();
    let mut next = 0;
    let mut place = || {
        next += 1;
        Place {
            file: Arc::from("random"),
            line: next,
            column: 1,
            length: 1,
        }
    };
    edit(&mut network, |node| {
        for filter in &mut node.forwarding.filters {
            filter.place = place();
            let chains = filter.chains.iter_mut().flat_map(|c| &mut c.rules);
            for rule in filter.rules.iter_mut().chain(chains) {
                rule.place = place();
            }
        }
        node.forwarding
            .nat
            .iter_mut()
            .for_each(|r| r.place = place());
        node.forwarding
            .policies
            .iter_mut()
            .for_each(|r| r.place = place());
    });
    network
}

fn edit(network: &mut Network, mut change: impl FnMut(&mut Node)) {
    let nodes: Vec<Node> = network.nodes.iter().cloned().collect();
    for mut node in nodes {
        change(&mut node);
        network.nodes.put(node);
    }
}

/// The network without these places.
fn without(network: &Network, gone: &BTreeSet<Place>) -> Network {
    let mut network = network.clone();
    edit(&mut network, |node| {
        let forwarding = &mut node.forwarding;
        for filter in &mut forwarding.filters {
            filter.rules.retain(|r| !gone.contains(&r.place));
            for chain in &mut filter.chains {
                chain.rules.retain(|r| !gone.contains(&r.place));
            }
        }
        forwarding.nat.retain(|r| !gone.contains(&r.place));
        forwarding.policies.retain(|r| !gone.contains(&r.place));
    });
    network
}

fn places(findings: &[Finding], codes: &[Code]) -> BTreeSet<Place> {
    let told = findings.iter().filter(|f| codes.contains(&f.code));
    told.map(|f| f.place.clone()).collect()
}

/// What becomes of a packet and its answers, whoever decides it.
fn fate(exchange: &Exchange) -> Vec<(String, Packet)> {
    let ends = |path: &Path| (format!("{:?}", path.disposition), path.packet);
    let ways = exchange.forward.iter().chain(&exchange.answers);
    let fates: BTreeSet<_> = ways.map(ends).collect();
    fates.into_iter().collect()
}

/// Holds every claim against the packets of a case; adds up how many lines were spoken of.
pub(crate) fn borne_out(case: &Case, told: &Cell<usize>) -> Outcome {
    let network = placed(&case.plane.network);
    let plane = Plane::compile(Arc::new(network.clone()), day());
    let findings = hygiene::network(&plane).expect("room");
    told.set(told.get() + findings.len());
    let useless = places(&findings, &[Code::Shadowed, Code::Redundant]);
    let cleaned = Plane::compile(Arc::new(without(&network, &useless)), day());
    let dead = places(&findings, &[Code::Dead]);
    let shadowed = places(&findings, &[Code::Shadowed]);
    for from in (0..plane.segments.len()).map(SegmentIx) {
        for packet in case.packets(from) {
            let (before, after) = (
                exchange(&plane, from, packet),
                exchange(&cleaned, from, packet),
            );
            if before.forward.len() >= MOST_WAYS || before.answers.len() >= MOST_WAYS {
                continue;
            }
            let certain = before
                .forward
                .iter()
                .chain(&before.answers)
                .all(|p| p.certain);
            if certain {
                prop_assert_eq!(
                    fate(&before),
                    fate(&after),
                    "{:?} without {:?}",
                    packet,
                    useless
                );
            }
            for hop in before
                .forward
                .iter()
                .chain(&before.answers)
                .flat_map(|p| &p.hops)
            {
                if let Some(place) = deciding(hop) {
                    prop_assert!(!dead.contains(place), "{hop:?} of {packet:?} is dead");
                    prop_assert!(
                        !shadowed.contains(place),
                        "{hop:?} of {packet:?} is shadowed"
                    );
                }
            }
        }
    }
    Ok(())
}

/// The line that decided at a hop.
fn deciding(hop: &HopRecord) -> Option<&Place> {
    hop.rule.as_ref().and(hop.place.as_ref())
}
