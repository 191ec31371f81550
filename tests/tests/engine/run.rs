//! Random networks with packets, and how many of them.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::sync::Arc;
use utsushi_model::date::Date;
use utsushi_model::finding::Packet;
use utsushi_model::migration::Migration;
use utsushi_model::network::Network;
use utsushi_model::wellformed;
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::strategies::{Corners, Probe, Size, migration, network, probe};

/// Whether a property holds.
pub(crate) type Outcome = Result<(), TestCaseError>;

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |text| {
        text.parse().expect("the variable holds a number")
    })
}

/// A compiled random network with packets.
pub(crate) struct Case {
    pub(crate) plane: Plane,
    probes: Vec<Probe>,
    corners: Corners,
}

impl Case {
    pub(crate) fn new(network: Network, probes: Vec<Probe>) -> Self {
        let corners = Corners::of(&network);
        Self {
            plane: Plane::compile(Arc::new(network), day()),
            probes,
            corners,
        }
    }

    /// The packets that members of a segment send: an even part of all probes.
    pub(crate) fn packets(&self, from: SegmentIx) -> Vec<Packet> {
        let network = &self.plane.network;
        let Some(segment) = network.segments.iter().nth(from.0) else {
            return Vec::new();
        };
        let own = self.probes.iter().skip(from.0);
        own.step_by(self.plane.segments.len())
            .filter_map(|probe| self.corners.packet(network, segment, probe))
            .collect()
    }

    /// Holds a property against every segment with its packets.
    pub(crate) fn each_segment(
        &self,
        holds: impl Fn(&Plane, SegmentIx, &[Packet]) -> Outcome,
    ) -> Outcome {
        for from in (0..self.plane.segments.len()).map(SegmentIx) {
            holds(&self.plane, from, &self.packets(from))?;
        }
        Ok(())
    }
}

/// The day on which schedules are judged.
pub(crate) fn day() -> Date {
    Date::new(2026, 6, 1).expect("a day of the calendar")
}

fn networks() -> usize {
    number("UTSUSHI_NETWORKS", 40)
}

/// The same cases in every run, unless another seed is asked for.
fn runner() -> TestRunner {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("UTSUSHI_SEED", 0).to_le_bytes());
    let config = Config {
        cases: u32::try_from(networks()).expect("not that many networks"),
        max_shrink_iters: 100_000,
        max_shrink_time: 60_000,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    TestRunner::new_with_rng(config, rng)
}

/// Holds a property against random migrations of networks of a size.
pub(crate) fn on_migrations(size: Size, holds: impl Fn(&Migration) -> Outcome) {
    let outcome = runner().run(&migration(size), |migration| holds(&migration));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, plan)) => {
            let changes = plan.steps.iter().flat_map(|s| &s.changes);
            let changes: Vec<_> = changes.map(|c| &c.verb).collect();
            let rules: Vec<_> = plan.requirements.rules.iter().map(|r| &r.spec).collect();
            let today = Shown(Network::clone(&plan.states[0].network));
            panic!("{reason}\n{today:?}{changes:#?}\n{rules:#?}");
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Holds a property against random migrations of networks of a size, with numbers for packets.
pub(crate) fn on_plans(size: Size, holds: impl Fn(&Migration, &[Probe]) -> Outcome) {
    let packets = number("UTSUSHI_PACKETS", 2_000).div_ceil(networks());
    let cases = (vec(probe(), packets), migration(size));
    let outcome = runner().run(&cases, |(probes, plan)| holds(&plan, &probes));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (_, plan))) => {
            let changes = plan.steps.iter().flat_map(|s| &s.changes);
            let changes: Vec<_> = changes.map(|c| &c.verb).collect();
            let today = Shown(Network::clone(&plan.states[0].network));
            panic!("{reason}\n{today:?}{changes:#?}");
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Holds a property against random networks of a size.
pub(crate) fn on_networks(size: Size, holds: impl Fn(&Case) -> Outcome) {
    let packets = number("UTSUSHI_PACKETS", 2_000).div_ceil(networks());
    let mut runner = runner();
    let cases = (vec(probe(), packets), network(size));
    let cases = cases.prop_map(|(probes, network)| (probes, Shown(network)));
    let outcome = runner.run(&cases, |(probes, network)| {
        let problems = wellformed::check(&network.0);
        if let Some(problem) = problems.first() {
            return Err(TestCaseError::fail(format!("not well formed: {problem:?}")));
        }
        holds(&Case::new(network.0, probes))
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (_, network))) => panic!("{reason}\n{network:?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// A network that shows itself in a few lines.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Network);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let network = &self.0;
        for s in network.segments.iter() {
            let gateways: Vec<String> = s
                .gateways
                .iter()
                .map(|g| format!("{}[{}].{}", g.node, g.vrf, g.interface))
                .collect();
            writeln!(
                f,
                "{} {:?} external={} reused={} at {gateways:?}",
                s.id, s.prefixes, s.external, s.reused
            )?;
        }
        for l in network.links.iter() {
            let lanes: Vec<String> = l
                .lanes
                .iter()
                .map(|l| {
                    format!(
                        "[{}].{} - [{}].{}",
                        l.a.vrf, l.a.interface, l.b.vrf, l.b.interface
                    )
                })
                .collect();
            writeln!(f, "{} {} -- {} cost {} {lanes:?}", l.id, l.a, l.b, l.cost)?;
        }
        for o in network.objects.iter() {
            writeln!(f, "{} {:?}", o.id, o.addresses)?;
        }
        for o in network.services.iter() {
            writeln!(f, "{} {:?}", o.id, o.services)?;
        }
        for n in network.nodes.iter() {
            let w = &n.forwarding;
            writeln!(
                f,
                "{} computed={} zones={:?} originates={:?}",
                n.id, w.computed, w.zones, w.originates
            )?;
            for r in &w.statics {
                writeln!(f, "   route [{}] {} via {:?}", r.vrf, r.prefix, r.via)?;
            }
            for p in &w.policies {
                writeln!(
                    f,
                    "   policy in {:?} {:?} -> {:?} {:?} via {:?}",
                    p.incoming.names, p.source, p.destination, p.service, p.via
                )?;
            }
            for x in &w.filters {
                writeln!(
                    f,
                    "   filter {:?} default {:?} stateful {}",
                    x.point, x.default, x.stateful
                )?;
                for r in &x.rules {
                    writeln!(
                        f,
                        "      {:?} enabled={} in {:?} out {:?} {:?} -> {:?} {:?} {:?} {:?}",
                        r.action,
                        r.enabled,
                        r.incoming.names,
                        r.outgoing.names,
                        r.source,
                        r.destination,
                        r.service,
                        r.schedule,
                        r.conditions
                    )?;
                }
            }
            for r in &w.nat {
                writeln!(
                    f,
                    "   nat in {:?} out {:?} {:?} -> {:?} {:?} becomes {:?}",
                    r.incoming.names,
                    r.outgoing.names,
                    r.source,
                    r.destination,
                    r.service,
                    r.translation
                )?;
            }
        }
        Ok(())
    }
}
