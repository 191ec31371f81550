//! Compiled rules against the rules as written.
//!
//! Both engines read the same compiled tables, so a mistake in compiling them would escape a comparison
//! of the two. Here every rule is judged once more from the network itself: names looked up on the spot,
//! prefixes compared bit by bit, schedules by the day; nothing is shared with compiling.

use super::fib::holds;
use super::run::{Case, Outcome, day};
use proptest::{prop_assert, prop_assert_eq};
use std::net::IpAddr;
use utsushi_model::finding::Packet;
use utsushi_model::id::Id;
use utsushi_model::network::{Network, Node, Segment};
use utsushi_model::policy::{
    AddressTerm, Addresses, FilterPoint, FilterRule, Interfaces, Name, ServiceTerm, Services,
    Translation,
};
use utsushi_model::service::Service;
use utsushi_sim::plane::condition::{Condition, Match};
use utsushi_sim::plane::{FilterPlane, NodePlane, Plane, PortIx, SegmentIx};

/// Whether something holds; `None` if that cannot be judged offline.
type Judged = Option<bool>;

/// One of them holds.
fn any(parts: impl Iterator<Item = Judged>) -> Judged {
    let parts: Vec<Judged> = parts.collect();
    match (parts.contains(&Some(true)), parts.contains(&None)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// All of them hold.
fn all(parts: impl Iterator<Item = Judged>) -> Judged {
    any(parts.map(|p| p.map(|p| !p))).map(|p| !p)
}

fn inside(network: &Network, segment: &Segment, at: IpAddr) -> bool {
    let own = |s: &Segment| s.prefixes.iter().any(|p| holds(p, at));
    let claimed = || {
        let others = network.segments.iter().filter(|s| !s.external);
        let mut announced = network.nodes.iter().flat_map(|n| &n.forwarding.originates);
        others.into_iter().any(own)
            || announced.any(|(_, p)| holds(p, at) && !segment.prefixes.contains(p))
    };
    own(segment) && !(segment.external && claimed())
}

fn named(network: &Network, name: &Name, at: IpAddr) -> Judged {
    if let Some(object) = network.objects.get(&Id::new(name.clone())) {
        return addresses(network, &object.addresses, at);
    }
    let by_name = |s: &&Segment| *s.id.as_str() == **name || *s.zone.as_str() == **name;
    let mut segments = network.segments.iter().filter(by_name);
    if segments.any(|s| inside(network, s, at)) {
        return Some(true);
    }
    if let Some(group) = network.groups.get(&Id::new(name.clone())) {
        let segment = network.segments.get(&group.segment);
        let whole = group.addresses.is_empty();
        return Some(
            (whole && segment.is_some_and(|s| inside(network, s, at)))
                || group.addresses.iter().any(|r| r.contains(at)),
        );
    }
    let system = network.systems.get(&Id::new(name.clone()));
    Some(system.is_some_and(|s| s.addresses.iter().any(|r| r.contains(at))))
}

fn addresses(network: &Network, set: &Addresses, at: IpAddr) -> Judged {
    let found = any(set.terms.iter().map(|term| match term {
        AddressTerm::Any => Some(true),
        AddressTerm::Range(range) => Some(
            range.first_address() <= at
                && at <= range.last_address()
                && range.first_address().is_ipv4() == at.is_ipv4(),
        ),
        AddressTerm::Named(name) => named(network, name, at),
        AddressTerm::HostName(_) => None,
    }));
    found.map(|found| found != set.negated)
}

fn service(asked: &Service, packet: &Packet) -> bool {
    let Some(protocol) = asked.protocol else {
        return true;
    };
    let within = |r: utsushi_model::service::PortRange, port| r.first <= port && port <= r.last;
    protocol == packet.protocol
        && (!matches!(protocol.0, 6 | 17 | 33 | 132)
            || within(asked.ports, packet.dst_port) && within(asked.source_ports, packet.src_port))
}

fn services(network: &Network, set: &Services, packet: &Packet) -> Judged {
    let found = any(set.terms.iter().map(|term| match term {
        ServiceTerm::Service(asked) => Some(service(asked, packet)),
        ServiceTerm::Application(_) => None,
        ServiceTerm::Named(name) => {
            let object = network.services.get(&Id::new(name.clone()));
            object.map_or(Some(false), |o| services(network, &o.services, packet))
        }
    }));
    found.map(|found| found != set.negated)
}

/// Whether one of the names is the interface's, or that of a device zone it is in.
fn by(node: &Node, interfaces: &Interfaces, interface: Option<&Name>) -> bool {
    let zones = &node.forwarding.zones;
    let meant = |wanted: &Name, own: &Name| {
        wanted == own
            || zones
                .iter()
                .any(|(zone, members)| zone == wanted && members.contains(own))
    };
    interfaces.names.is_empty()
        || interface.is_some_and(|own| {
            interfaces.names.iter().any(|wanted| meant(wanted, own)) != interfaces.negated
        })
}

/// A packet between two interfaces of a node; the second is not known everywhere.
struct Passing<'p> {
    plane: &'p Plane,
    node: &'p Node,
    packet: &'p Packet,
    incoming: PortIx,
    outgoing: Option<PortIx>,
}

impl Passing<'_> {
    fn judge(
        &self,
        (incoming, outgoing): (&Interfaces, &Interfaces),
        (source, destination, service): (&Addresses, &Addresses, &Services),
    ) -> Judged {
        let network = &self.plane.network;
        let name = |port: PortIx| &self.plane.ports[port.0].name;
        let parts = [
            Some(by(self.node, incoming, Some(name(self.incoming)))),
            Some(by(self.node, outgoing, self.outgoing.map(name))),
            addresses(network, source, self.packet.src),
            addresses(network, destination, self.packet.dst),
            services(network, service, self.packet),
        ];
        all(parts.into_iter())
    }

    /// The compiled condition says the same; of a negated object with a host name in it, it may know less.
    fn same(&self, condition: &Condition, written: Judged) -> Outcome {
        let compiled = match condition.judge(self.packet, self.incoming, self.outgoing) {
            Match::Yes => Some(true),
            Match::No => Some(false),
            Match::Perhaps => None,
        };
        let objects = self.plane.network.objects.iter();
        let vague = !condition.is_certain() && objects.into_iter().any(|o| o.addresses.negated);
        prop_assert!(
            compiled == written || (vague && compiled.is_none()),
            "compiled {compiled:?}, written {written:?}: {:?} at `{}`\n{condition:?}",
            self.packet,
            self.node.id
        );
        Ok(())
    }

    fn filter(&self, compiled: &FilterPlane, rules: &[FilterRule]) -> Outcome {
        let active = |r: &&FilterRule| {
            r.enabled
                && r.schedule.from.is_none_or(|from| from <= day())
                && r.schedule.until.is_none_or(|until| day() <= until)
        };
        let rules: Vec<&FilterRule> = rules.iter().filter(active).collect();
        let names = |r: &FilterRule| {
            (
                r.name.clone(),
                r.action == utsushi_model::policy::Action::Allow,
            )
        };
        let written: Vec<_> = rules.iter().map(|r| names(r)).collect();
        let there: Vec<_> = compiled
            .rules
            .iter()
            .map(|r| {
                (
                    r.name.clone(),
                    r.act == utsushi_sim::plane::condition::Act::Allow,
                )
            })
            .collect();
        prop_assert_eq!(there, written);
        for (step, rule) in compiled.rules.iter().zip(rules) {
            let header = (&rule.source, &rule.destination, &rule.service);
            let header = self.judge((&rule.incoming, &rule.outgoing), header);
            let others = rule.conditions.iter().map(|_| None);
            self.same(&step.condition, all(others.chain([header])))?;
        }
        Ok(())
    }

    fn translations(&self, compiled: &NodePlane) -> Outcome {
        for rule in &self.node.forwarding.nat {
            let header = (&rule.source, &rule.destination, &rule.service);
            let header = self.judge((&rule.incoming, &rule.outgoing), header);
            let steps = match rule.translation {
                Translation::Source(_) => vec![&compiled.source_nat],
                Translation::Destination(..) => vec![&compiled.destination_nat],
                Translation::None => vec![&compiled.source_nat, &compiled.destination_nat],
            };
            for steps in steps {
                let mut own = steps.iter().filter(|s| s.name == rule.name);
                let step = own.next();
                prop_assert!(
                    step.is_some() && own.next().is_none(),
                    "`{}` is not there once",
                    rule.name
                );
                if let Some(step) = step {
                    self.same(&step.condition, header)?;
                }
            }
        }
        Ok(())
    }

    fn policies(&self, compiled: &NodePlane) -> Outcome {
        let policies = &self.node.forwarding.policies;
        prop_assert_eq!(compiled.policies.len(), policies.len());
        for (step, route) in compiled.policies.iter().zip(policies) {
            let header = (&route.source, &route.destination, &route.service);
            let header = self.judge((&route.incoming, &Interfaces::default()), header);
            prop_assert_eq!(&step.name, &route.name);
            self.same(&step.condition, header)?;
        }
        Ok(())
    }
}

/// Every rule of every node says of every packet between any two of its interfaces what is written.
pub(crate) fn rules(case: &Case) -> Outcome {
    let plane = &case.plane;
    let packets: Vec<Packet> = (0..plane.segments.len())
        .flat_map(|s| case.packets(SegmentIx(s)))
        .collect();
    for (i, packet) in packets.iter().enumerate() {
        for (position, compiled) in plane.nodes.iter().enumerate() {
            let Some(node) = plane.network.nodes.get(&compiled.id) else {
                continue;
            };
            let ports = (0..plane.ports.len()).map(PortIx);
            let own: Vec<PortIx> = ports
                .filter(|p| plane.ports[p.0].node.0 == position)
                .collect();
            let mut pairs = own
                .iter()
                .cycle()
                .skip(i)
                .zip(own.iter().cycle().skip(i / 3 + 1));
            let Some((incoming, outgoing)) = pairs.next() else {
                continue;
            };
            between(plane, (node, compiled), packet, (*incoming, *outgoing))?;
        }
    }
    Ok(())
}

fn between(
    plane: &Plane,
    (node, compiled): (&Node, &NodePlane),
    packet: &Packet,
    (incoming, outgoing): (PortIx, PortIx),
) -> Outcome {
    let known = Passing {
        plane,
        node,
        packet,
        incoming,
        outgoing: Some(outgoing),
    };
    let entering = Passing {
        outgoing: None,
        ..known
    };
    let written = |point: &FilterPoint| {
        let own = node.forwarding.filters.iter().find(|f| f.point == *point);
        own.map(|f| f.rules.as_slice())
    };
    let (into, out) = (&plane.ports[incoming.0], &plane.ports[outgoing.0]);
    let points = [
        (FilterPoint::Forward, compiled.forward, &known),
        (FilterPoint::In(into.name.clone()), into.ingress, &entering),
        (FilterPoint::Out(out.name.clone()), out.egress, &known),
    ];
    for (point, filter, passing) in points {
        let rules = written(&point);
        prop_assert_eq!(
            filter.is_some(),
            rules.is_some(),
            "{:?} of `{}`",
            point,
            node.id
        );
        if let (Some(filter), Some(rules)) = (filter, rules) {
            passing.filter(&plane.filters[filter], rules)?;
        }
    }
    known.translations(compiled)?;
    entering.policies(compiled)
}
