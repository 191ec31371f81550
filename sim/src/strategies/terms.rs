//! Addresses, services and the names for them, as rules of a random network use them.
//!
//! Goes in: a network and raw numbers. Comes out: sets of addresses and services whose every name
//! means something. Ranges are drawn from few places, so that rules overlap, nest and touch.

use super::Size;
use super::choices::{Choices, Raw};
use super::topology::{name, v4, v6};
use ipnet::IpNet;
use utsushi_model::address::AddressRange;
use utsushi_model::id::Id;
use utsushi_model::network::{Network, ZoneId};
use utsushi_model::place::Place;
use utsushi_model::policy::{
    AddressObject, AddressTerm, Addresses, Name, ServiceObject, ServiceTerm, Services,
};
use utsushi_model::service::{PortRange, Protocol, Service};

/// What terms are made of.
#[derive(Debug)]
pub(super) struct Terms {
    /// Prefixes worth a route.
    pub(super) prefixes: Vec<IpNet>,
    /// Names of segments, zones, host groups, business systems and objects.
    pub(super) names: Vec<Name>,
    /// Names of service objects.
    pub(super) services: Vec<Name>,
    undecided: bool,
    exact: bool,
}

/// Addresses that translators show to the outside.
const SHOWN: [u8; 4] = [198, 51, 100, 0];
/// Addresses that source translators use.
const POOL: [u8; 4] = [203, 0, 113, 0];

impl Terms {
    /// Terms about what a network holds so far.
    pub(super) fn of(network: &Network, size: &Size) -> Self {
        let mut prefixes = vec![v4(SHOWN, 28)];
        let own = network.segments.iter().flat_map(|s| &s.prefixes);
        prefixes.extend(own.clone());
        for prefix in own {
            prefixes.extend(prefix.supernet());
            let halves = prefix.subnets(prefix.prefix_len() + 1).into_iter();
            prefixes.extend(halves.flatten());
        }
        prefixes.extend([v4([0; 4], 0), v6([0; 8], 0), v6([u16::MAX; 8], 120)]);
        Self {
            prefixes,
            names: named(network),
            services: network.services.ids().map(|id| name(id.as_str())).collect(),
            undecided: size.undecided,
            exact: size.exact,
        }
    }

    /// One address of a translator, distinct for distinct numbers below 256, or of IPv6.
    pub(super) fn pool(&self, number: u8, four: bool) -> AddressRange {
        let [a, b, c, _] = POOL;
        let prefix = if four {
            v4([a, b, c, number], 32)
        } else {
            let last = u16::from(number);
            v6([0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, last], 128)
        };
        AddressRange::prefix(&prefix)
    }

    /// A range: a prefix, its first, last or another host, or the hosts but the first.
    pub(super) fn range(&self, choices: &mut Choices<'_>) -> AddressRange {
        let prefix = choices.of(&self.prefixes).copied();
        let whole = AddressRange::prefix(&prefix.unwrap_or_else(|| v4(SHOWN, 28)));
        let inner = whole.size().clamp(1, 200);
        let offset = u128::try_from(choices.below(200)).unwrap_or(0) % inner;
        let between = |first, last| AddressRange::between(first, last).unwrap_or(whole);
        match choices.below(8) {
            0..=3 => whole,
            4 => between(whole.first(), whole.first()),
            5 => between(whole.last(), whole.last()),
            6 => between(whole.first() + offset, whole.first() + offset),
            _ => between(whole.first() + offset, whole.last()),
        }
    }

    fn address(&self, choices: &mut Choices<'_>) -> AddressTerm {
        if self.undecided && choices.percent(12) {
            return AddressTerm::HostName(name(["a.example", "b.example"][choices.below(2)]));
        }
        match (choices.percent(40), choices.of(&self.names)) {
            (true, Some(known)) => AddressTerm::Named(name(known)),
            _ => AddressTerm::Range(self.range(choices)),
        }
    }

    /// A set of addresses: often any, sometimes everything but something.
    pub(super) fn addresses(&self, choices: &mut Choices<'_>) -> Addresses {
        if !choices.percent(60) {
            return Addresses::any();
        }
        self.some_addresses(choices)
    }

    fn some_addresses(&self, choices: &mut Choices<'_>) -> Addresses {
        let negated = choices.percent(15);
        let count = 1 + choices.below(2);
        Addresses {
            terms: (0..count).map(|_| self.address(choices)).collect(),
            negated,
        }
    }

    /// Ports. Exact networks have no range with an end above 1023, except the very last port.
    fn ports(&self, choices: &mut Choices<'_>) -> PortRange {
        let bounds: &[(u16, u16)] = if self.exact {
            &[
                (443, 443),
                (80, 80),
                (0, 1023),
                (1024, u16::MAX),
                (22, 443),
                (500, u16::MAX),
            ]
        } else {
            &[
                (443, 443),
                (80, 80),
                (0, 1023),
                (8080, 8080),
                (1024, 5000),
                (3389, u16::MAX),
            ]
        };
        let (first, last) = choices.of(bounds).copied().unwrap_or((443, 443));
        PortRange { first, last }
    }

    /// The port that a translator sets.
    pub(super) fn port(&self, choices: &mut Choices<'_>) -> u16 {
        [443, 80, 8443, 0, u16::MAX][choices.below(5)]
    }

    /// Two ranges of one size, of one family: what a translator shows and what stands behind it.
    pub(super) fn blocks(&self, choices: &mut Choices<'_>) -> (AddressRange, AddressRange) {
        let (a, b) = (self.range(choices), self.range(choices));
        let most = u128::try_from(2 + choices.below(8)).unwrap_or(2);
        let b = if AddressRange::V4.covers(a) == AddressRange::V4.covers(b) {
            b
        } else {
            a
        };
        let size = a.size().min(b.size()).min(most);
        let begin = |r: AddressRange| AddressRange::between(r.first(), r.first() + (size - 1));
        (begin(a).unwrap_or(a), begin(b).unwrap_or(b))
    }

    /// Conditions that cannot be judged offline, seldom.
    pub(super) fn conditions(&self, choices: &mut Choices<'_>) -> Vec<Name> {
        if self.undecided && choices.percent(12) {
            vec![name(["staff", "healthy"][choices.below(2)])]
        } else {
            Vec::new()
        }
    }

    fn service(&self, choices: &mut Choices<'_>) -> ServiceTerm {
        if self.undecided && choices.percent(12) {
            return ServiceTerm::Application(name(["video", "mail"][choices.below(2)]));
        }
        if let (true, Some(known)) = (choices.percent(25), choices.of(&self.services)) {
            return ServiceTerm::Named(name(known));
        }
        let protocols = [
            Protocol::TCP,
            Protocol::UDP,
            Protocol::ICMP,
            Protocol::ICMPV6,
            Protocol(132),
            Protocol(47),
        ];
        let protocol = choices.of(&protocols[..]).copied().unwrap_or(Protocol::TCP);
        if !protocol.has_ports() {
            return ServiceTerm::Service(Service {
                protocol: Some(protocol),
                ..Service::ANY
            });
        }
        let ports = match choices.percent(80) {
            true => self.ports(choices),
            false => PortRange::ALL,
        };
        let source_ports = match choices.percent(20) {
            true => self.ports(choices),
            false => PortRange::ALL,
        };
        ServiceTerm::Service(Service {
            protocol: Some(protocol),
            ports,
            source_ports,
        })
    }

    /// A set of services: often any, sometimes everything but something.
    pub(super) fn services(&self, choices: &mut Choices<'_>) -> Services {
        if !choices.percent(60) {
            return Services::any();
        }
        let negated = choices.percent(12);
        let count = 1 + choices.below(2);
        Services {
            terms: (0..count).map(|_| self.service(choices)).collect(),
            negated,
        }
    }

    /// Address objects; later ones may hold earlier ones.
    pub(super) fn address_objects(&mut self, raws: &[Raw]) -> Vec<AddressObject> {
        let mut out = Vec::new();
        for (i, raw) in raws.iter().enumerate() {
            let id = name(format!("addresses{i}"));
            out.push(AddressObject {
                id: Id::new(id.clone()),
                addresses: self.some_addresses(&mut Choices::new(raw)),
                place: Place::nowhere(),
            });
            self.names.push(id);
        }
        out
    }

    /// Service objects; later ones may hold earlier ones. None is negated.
    pub(super) fn service_objects(&mut self, raws: &[Raw]) -> Vec<ServiceObject> {
        let mut out = Vec::new();
        for (i, raw) in raws.iter().enumerate() {
            let mut choices = Choices::new(raw);
            let count = 1 + choices.below(3);
            let id = name(format!("services{i}"));
            out.push(ServiceObject {
                id: Id::new(id.clone()),
                services: Services {
                    terms: (0..count).map(|_| self.service(&mut choices)).collect(),
                    negated: false,
                },
                place: Place::nowhere(),
            });
            self.services.push(id);
        }
        out
    }
}

/// The names of everything that holds an address.
pub(super) fn named(network: &Network) -> Vec<Name> {
    let zones = network.zones.ids().map(ZoneId::as_str);
    let inhabited = zones.filter(|z| network.segments.iter().any(|s| s.zone.as_str() == *z));
    let segments = network.segments.ids().map(Id::as_str);
    let groups = network.groups.ids().map(Id::as_str);
    let systems = network.systems.ids().map(Id::as_str);
    let objects = network.objects.ids().map(Id::as_str);
    segments
        .chain(inhabited)
        .chain(groups)
        .chain(systems)
        .chain(objects)
        .map(name)
        .collect()
}
