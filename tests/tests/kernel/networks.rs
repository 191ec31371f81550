//! Random networks with a filter, a translator and three zones, and packets of which some should arrive.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utsushi_lab::Probe;
use utsushi_lab::expect::{Expect, Expected};
use utsushi_model::date::Date;
use utsushi_model::network::Network;
use utsushi_model::policy::Translation;
use utsushi_model::service::Protocol;
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::strategies::{self, Corners, Size};

/// The day on which schedules are judged.
pub(crate) fn day() -> Date {
    Date::new(2026, 6, 1).expect("a day of the calendar")
}

pub(crate) struct Networks(TestRunner);

impl Networks {
    pub(crate) fn new(seed: usize) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    /// A network, and packets of which a part ought to be answered and a part ought not.
    pub(crate) fn case(&mut self, wanted: usize) -> (Network, Vec<Probe>) {
        let size = Size {
            nodes: 2..=6,
            segments: 3..=7,
            links: 3,
            filters: 4,
            rules: 16,
            routes: 4,
            translations: 5,
            ..Size::default()
        };
        loop {
            let network = self.draw(strategies::network(size.clone()));
            if !has_all(&network) {
                continue;
            }
            let probes = self.probes(&network, wanted);
            if probes.len() == wanted {
                return (network, probes);
            }
        }
    }

    fn draw<S: Strategy>(&mut self, strategy: S) -> S::Value {
        let tree = strategy
            .new_tree(&mut self.0)
            .expect("strategies reject nothing");
        tree.current()
    }

    /// Packets, as many of them answered as not if there are that many; fewer than wanted if the network is
    /// all open or all closed.
    fn probes(&mut self, network: &Network, wanted: usize) -> Vec<Probe> {
        let plane = Plane::compile(Arc::new(network.clone()), day());
        let corners = Corners::of(network);
        let segments: Vec<_> = network.segments.iter().cloned().collect();
        let mut ports = BTreeMap::new();
        let (mut yes, mut no, mut open) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for number in 0..wanted * 24 {
            let from = number % segments.len();
            let raw = self.draw(strategies::probe());
            let Some(mut packet) = corners.packet(network, &segments[from], &raw) else {
                continue;
            };
            if !matches!(packet.protocol, Protocol::TCP | Protocol::UDP) {
                packet.protocol = if number % 3 == 0 {
                    Protocol::UDP
                } else {
                    Protocol::TCP
                };
                packet.dst_port = [443, 80, 22, 8443][number % 4];
            }
            // A source port of its own: in the low ranges that rules tell apart, or high.
            let next: &mut u16 = ports.entry(packet.src).or_insert(0);
            *next += 1;
            packet.src_port = match number % 5 {
                0 => 100 + *next % 300,
                1 => 600 + *next % 300,
                _ => 20_000 + *next,
            };
            let probe = Probe {
                from: SegmentIx(from),
                packet,
            };
            let key = (packet.src, packet.src_port);
            let taken = [443, 80, 22, 8443].contains(&packet.src_port);
            if !probe.can_be_tried() || taken || seen.contains(&key) {
                continue;
            }
            let expected = Expected::of(&plane, &probe);
            if expected.arrivals.iter().any(|(_, at)| at.dst_port == 0) {
                continue;
            }
            seen.insert(key);
            match expected.answered {
                Expect::Yes => yes.push(probe),
                Expect::No => no.push(probe),
                Expect::Either(_) => open.push(probe),
            }
        }
        open.truncate(wanted / 8);
        let half = (wanted - open.len()) / 2;
        yes.truncate(half.max((wanted - open.len()).saturating_sub(no.len())));
        no.truncate(wanted - open.len() - yes.len());
        if yes.len() < wanted / 4 || no.len() < wanted / 5 {
            return Vec::new();
        }
        [yes, no, open].concat()
    }
}

/// A filter with rules, a translation and three zones that have segments.
fn has_all(network: &Network) -> bool {
    let mut devices = network.nodes.iter().map(|node| &node.forwarding);
    let zones: BTreeSet<_> = network.segments.iter().map(|s| s.zone.as_str()).collect();
    let mut translations = network.nodes.iter().flat_map(|node| &node.forwarding.nat);
    devices.any(|device| device.filters.iter().any(|filter| !filter.rules.is_empty()))
        && translations.any(|rule| rule.translation != Translation::None)
        && zones.len() >= 3
}
