//! What cannot be judged offline: the lower and the upper bound, against the trace and against every
//! doubt settled one way or the other.

use super::compare::{arrivals, point, reach, some_way_drops};
use super::run::{Outcome, day};
use proptest::prop_assert;
use std::sync::Arc;
use utsushi_model::finding::Packet;
use utsushi_model::network::Network;
use utsushi_model::policy::{AddressTerm, Addresses, FilterRule, Name, ServiceTerm, Services};
use utsushi_model::service::Service;
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::flow::Reach;
use utsushi_sim::plane::sets::Sets;
use utsushi_sim::plane::trace::{Disposition, MOST_WAYS, trace};
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::space::{Set, Space};

fn delivered(sets: &mut Sets<'_>, reach: &Reach, to: SegmentIx) -> Set {
    let there = reach.delivered.iter().filter(|d| d.segment == to);
    let parts: Vec<Set> = there.map(|d| d.set).collect();
    sets.space.union_all(&parts).expect("room")
}

/// The bounds hold the trace between them.
///
/// May-delivered is exactly what some way of the trace delivers. Must-delivered holds every packet that
/// some way delivers on which nothing hung on doubt (and perhaps more: two ways through a doubt that
/// both pass), and lies within May-delivered. Must-dropped holds every packet of which some way, certain or
/// not, is not delivered; what May calls dropped some way of the trace drops.
pub(crate) fn bounds(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    let (mut may, mut must) = (Sets::new(plane, Bound::May), Sets::new(plane, Bound::Must));
    let (most, least) = (reach(&mut may, from), reach(&mut must, from));
    let segments = || (0..plane.segments.len()).map(SegmentIx);
    let upper: Vec<Set> = segments()
        .map(|to| delivered(&mut may, &most, to))
        .collect();
    let lower: Vec<Set> = segments()
        .map(|to| delivered(&mut must, &least, to))
        .collect();
    for (upper, lower) in upper.iter().zip(&lower) {
        prop_assert!(
            within(&mut may.space, (&must.space, *lower), *upper),
            "must, but may not: {from:?}"
        );
    }
    for packet in packets {
        let paths = trace(plane, from, *packet);
        if paths.len() >= MOST_WAYS {
            continue;
        }
        let at = point(packet);
        let perhaps = arrivals(&paths);
        for to in segments() {
            let perhaps = perhaps.iter().any(|(segment, _)| *segment == to);
            let certainly = paths
                .iter()
                .any(|p| p.certain && p.disposition == Disposition::Delivered(to));
            let upper = may.space.contains(upper[to.0], &at);
            let lower = must.space.contains(lower[to.0], &at);
            prop_assert!(
                upper == perhaps,
                "may {upper}, traced {perhaps}: {packet:?} {from:?} to {to:?}"
            );
            prop_assert!(
                lower || !certainly,
                "certain, not in must: {packet:?} {from:?} to {to:?}\n{paths:?}"
            );
        }
        let dropped = some_way_drops(&paths);
        prop_assert!(
            must.space.contains(least.dropped.0, &at) || !dropped,
            "some way drops, must holds it safe: {packet:?} {from:?}\n{paths:?}"
        );
        prop_assert!(
            dropped || !may.space.contains(most.dropped.0, &at),
            "no way drops, may says dropped: {packet:?} {from:?}\n{paths:?}"
        );
    }
    Ok(())
}

/// However doubts are settled, what comes about lies between the bounds.
pub(crate) fn settled(doubtful: &Plane, clear: &Plane, from: SegmentIx) -> Outcome {
    let mut may = Sets::new(doubtful, Bound::May);
    let mut must = Sets::new(doubtful, Bound::Must);
    let mut exact = Sets::new(clear, Bound::May);
    let (most, least) = (reach(&mut may, from), reach(&mut must, from));
    let reach = reach(&mut exact, from);
    for to in (0..doubtful.segments.len()).map(SegmentIx) {
        let upper = delivered(&mut may, &most, to);
        let lower = delivered(&mut must, &least, to);
        let set = delivered(&mut exact, &reach, to);
        prop_assert!(
            within(&mut may.space, (&exact.space, set), upper),
            "comes about, not in may: {from:?} to {to:?}"
        );
        prop_assert!(
            within(&mut exact.space, (&must.space, lower), set),
            "does not come about, in must: {from:?} to {to:?}"
        );
    }
    prop_assert!(
        within(
            &mut must.space,
            (&exact.space, reach.dropped.0),
            least.dropped.0
        ),
        "dropped, must holds it safe: {from:?}"
    );
    Ok(())
}

fn within(space: &mut Space, (other, inner): (&Space, Set), outer: Set) -> bool {
    let inner = space.adopt(other, inner).expect("room");
    space.is_subset(inner, outer)
}

/// A network with every doubt settled: a host name is one address, an application one service, and a
/// condition on people or devices holds for all or for none, as the bits of `choice` say.
pub(crate) fn settle(network: &Network, choice: u8) -> Plane {
    let mut clear = network.clone();
    let settling = Settling { network, choice };
    for object in network.objects.iter() {
        let mut object = object.clone();
        settling.addresses(&mut object.addresses);
        clear.objects.put(object);
    }
    for object in network.services.iter() {
        let mut object = object.clone();
        settling.services(&mut object.services);
        clear.services.put(object);
    }
    for node in network.nodes.iter() {
        let mut node = node.clone();
        let forwarding = &mut node.forwarding;
        let rules = forwarding.filters.iter_mut().flat_map(|f| &mut f.rules);
        rules.for_each(|rule| settling.rule(rule));
        for rule in &mut forwarding.nat {
            settling.triple(&mut rule.source, &mut rule.destination, &mut rule.service);
        }
        for rule in &mut forwarding.policies {
            settling.triple(&mut rule.source, &mut rule.destination, &mut rule.service);
        }
        clear.nodes.put(node);
    }
    Plane::compile(Arc::new(clear), day())
}

struct Settling<'n> {
    network: &'n Network,
    choice: u8,
}

impl Settling<'_> {
    /// A number that goes with a name.
    fn number(&self, name: &Name) -> usize {
        let bytes = name.bytes().chain([self.choice]).map(usize::from);
        bytes.fold(0, |sum, byte| sum * 31 + byte)
    }

    fn rule(&self, rule: &mut FilterRule) {
        self.triple(&mut rule.source, &mut rule.destination, &mut rule.service);
        let holds = |c: &Name| self.number(c).is_multiple_of(2);
        rule.enabled &= rule.conditions.iter().all(holds);
        rule.conditions.clear();
    }

    fn triple(&self, source: &mut Addresses, destination: &mut Addresses, service: &mut Services) {
        self.addresses(source);
        self.addresses(destination);
        self.services(service);
    }

    fn addresses(&self, addresses: &mut Addresses) {
        for term in &mut addresses.terms {
            if let AddressTerm::HostName(name) = term {
                let segments = self.network.segments.iter();
                let ranges: Vec<_> = segments
                    .flat_map(|s| self.network.segment_addresses(s))
                    .collect();
                *term = AddressTerm::Range(ranges[self.number(name) % ranges.len()]);
            }
        }
    }

    fn services(&self, services: &mut Services) {
        let known = ["tcp/443", "udp", "icmp", "tcp/1-1023", "any"];
        for term in &mut services.terms {
            if let ServiceTerm::Application(name) = term {
                let text = known[self.number(name) % known.len()];
                let service: Service = text.parse().expect("a service");
                *term = ServiceTerm::Service(service);
            }
        }
    }
}
