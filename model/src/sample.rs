//! A small sound network for the tests of this crate, and a way to change one thing in it.
//!
//! ```text
//!                    world 0.0.0.0/0 (zone world)
//!                          │ wan
//!                       ┌──┴──┐
//!                       │ isp │ Carrier
//!                       └──┬──┘
//!                          │ up (1 Gbit/s)
//!  dmz 172.20.65.0/24   ┌──┴──┐  filters: forward, in up
//!  proxy .10  vdi .20 ──┤ fw  │  translations: hide, publish
//!  cdr   .30  mta .40   └──┬──┘  zones Z_IN, Z_DMZ; route 0.0.0.0/0 via isp
//!     (zone int)           │ core (10 Gbit/s)
//!                       ┌──┴──┐
//!                       │ sw  │ L3Switch
//!                       └┬───┬┘
//!   terms 10.64.0.0/18 ──┘   └── servers 10.72.0.0/20 (zone lg)
//!   staff: 2,600                 payroll 10.72.3.10
//! ```
//!
//! Every thing stands at a place whose file is its kind and name, such as `segment/terms`, so that a
//! test can say where a problem must point.

use crate::access::{AccessEntry, AccessTable, Way};
use crate::address::AddressRange;
use crate::attestation::Assurance;
use crate::id::{Id, Named, Table};
use crate::network::*;
use crate::place::Place;
use crate::policy::*;
use crate::service::Service;
use crate::text::Text;
use crate::units::{BitRate, FilesPerHour, Latency, Seats, Sessions, Share};
use ipnet::IpNet;
use std::sync::Arc;

/// The place of a thing: its kind and name as the file.
pub(crate) fn at(file: &str) -> Place {
    Place {
        file: Arc::from(file),
        line: 1,
        column: 1,
        length: 1,
    }
}

pub(crate) fn range(text: &str) -> AddressRange {
    text.parse().expect("an address range")
}

pub(crate) fn prefix(text: &str) -> IpNet {
    text.parse().expect("a prefix")
}

pub(crate) fn name(text: &str) -> Name {
    Arc::from(text)
}

/// Addresses: `any`, a name, or a literal range.
pub(crate) fn addresses(terms: &[&str]) -> Addresses {
    let term = |text: &&str| match text.parse() {
        _ if *text == "any" => AddressTerm::Any,
        Ok(range) => AddressTerm::Range(range),
        Err(_) => AddressTerm::Named(name(text)),
    };
    Addresses {
        terms: terms.iter().map(term).collect(),
        negated: false,
    }
}

/// Services: a literal one or a name.
pub(crate) fn services(terms: &[&str]) -> Services {
    let term = |text: &&str| match text.parse::<Service>() {
        Ok(service) => ServiceTerm::Service(service),
        Err(_) => ServiceTerm::Named(name(text)),
    };
    Services {
        terms: terms.iter().map(term).collect(),
        negated: false,
    }
}

pub(crate) fn zone(id: &str, role: ZoneRole) -> Zone {
    Zone {
        id: Id::new(id),
        label: Text::same(id),
        role,
        place: at(&format!("zone/{id}")),
    }
}

pub(crate) fn site(id: &str) -> Site {
    Site {
        id: Id::new(id),
        label: Text::same(id),
        kind: SiteKind::Headquarters,
        place: at(&format!("site/{id}")),
    }
}

/// A segment at `hq` with a gateway whose interface bears the segment's name.
pub(crate) fn segment(id: &str, zone: &str, networks: &str, gateway: &str) -> Segment {
    Segment {
        id: Id::new(id),
        label: Text::same(id),
        zone: Id::new(zone),
        site: Id::new("hq"),
        vlan: None,
        prefixes: vec![prefix(networks)],
        gateways: vec![Gateway {
            node: Id::new(gateway),
            vrf: name(""),
            interface: name(id),
            standby: false,
        }],
        external: false,
        reused: false,
        place: at(&format!("segment/{id}")),
    }
}

pub(crate) fn node(id: &str, kind: NodeKind) -> Node {
    Node {
        id: Id::new(id),
        label: Text::same(id),
        site: Id::new("hq"),
        kind,
        throughput: None,
        sessions: None,
        machines: Default::default(),
        logs: None,
        forwarding: Forwarding::default(),
        endpoint: None,
        assurance: Assurance::default(),
        place: at(&format!("node/{id}")),
    }
}

pub(crate) fn endpoint(segment: &str, address: &str, access: Option<&str>) -> Endpoint {
    Endpoint {
        segment: Id::new(segment),
        addresses: vec![range(address)],
        listens: Vec::new(),
        access: access.map(Id::new),
        also: Vec::new(),
    }
}

/// A relay in the `dmz`.
pub(crate) fn relay(id: &str, kind: NodeKind, address: &str, access: Option<&str>) -> Node {
    Node {
        endpoint: Some(endpoint("dmz", address, access)),
        ..node(id, kind)
    }
}

pub(crate) fn lane(vlan: Option<u16>, interface: &str) -> Lane {
    let port = || Port {
        vrf: name(""),
        interface: name(interface),
    };
    Lane {
        vlan,
        a: port(),
        b: port(),
    }
}

pub(crate) fn link(id: &str, a: &str, b: &str, rate: BitRate) -> Link {
    Link {
        id: Id::new(id),
        label: Text::same(id),
        a: Id::new(a),
        b: Id::new(b),
        rate_ab: rate,
        rate_ba: rate,
        delay: Latency::new(0.001),
        loss: Share::default(),
        members: 1,
        cost: 10,
        risks: Vec::new(),
        lanes: vec![lane(None, id)],
        place: at(&format!("link/{id}")),
    }
}

pub(crate) fn group(id: &str, segment: &str) -> HostGroup {
    HostGroup {
        id: Id::new(id),
        label: Text::same(id),
        segment: Id::new(segment),
        addresses: Vec::new(),
        count: 2600,
        class: HostClass::General,
        zone: None,
        measures: Measures::default(),
        access: None,
        assurance: Assurance::default(),
        also: Vec::new(),
        place: at(&format!("group/{id}")),
    }
}

pub(crate) fn system(id: &str, segment: &str, address: &str) -> System {
    System {
        id: Id::new(id),
        label: Text::same(id),
        segment: Id::new(segment),
        addresses: vec![range(address)],
        services: vec![Service::tcp(443)],
        pattern: Pattern::Convert,
        confidentiality: Confidentiality::Two,
        resident_information: false,
        lgwan_dependent: false,
        screen_transfer: true,
        assurance: Assurance::default(),
        function: None,
        also: Vec::new(),
        place: at(&format!("system/{id}")),
    }
}

pub(crate) fn object(id: &str, terms: &[&str]) -> AddressObject {
    AddressObject {
        id: Id::new(id),
        addresses: addresses(terms),
        place: at(&format!("object/{id}")),
    }
}

pub(crate) fn service(id: &str, terms: &[&str]) -> ServiceObject {
    ServiceObject {
        id: Id::new(id),
        services: services(terms),
        place: at(&format!("service/{id}")),
    }
}

/// An access table: destination and way (`Direct`, or the relays to go by in order, parted by blanks).
pub(crate) fn access(id: &str, entries: &[(&str, &str)]) -> AccessTable {
    let place = at(&format!("access/{id}"));
    let entry = |(to, way): &(&str, &str)| AccessEntry {
        to: addresses(&[*to]),
        service: Services::any(),
        way: match *way {
            "Direct" => Way::Direct,
            relays => Way::Via(relays.split_whitespace().map(Id::new).collect()),
        },
        place: place.clone(),
    };
    AccessTable {
        id: Id::new(id),
        entries: entries.iter().map(entry).collect(),
        place: place.clone(),
    }
}

/// An allow rule.
pub(crate) fn rule(id: &str, from: &str, to: &str, service: &str) -> FilterRule {
    FilterRule {
        name: name(id),
        action: Action::Allow.into(),
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source: addresses(&[from]),
        destination: addresses(&[to]),
        service: services(&[service]),
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: Vec::new(),
        note: None,
        place: at(&format!("rule/{id}")),
    }
}

pub(crate) fn filter(point: FilterPoint, rules: Vec<FilterRule>) -> Filter {
    let place = at("filter/fw");
    Filter {
        point,
        rules,
        chains: Vec::new(),
        default: Action::Deny,
        stateful: true,
        place,
    }
}

pub(crate) fn nat(id: &str, from: &str, to: &str, translation: Translation) -> NatRule {
    NatRule {
        name: name(id),
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source: addresses(&[from]),
        destination: addresses(&[to]),
        service: Services::any(),
        conditions: Vec::new(),
        translation,
        place: at(&format!("nat/{id}")),
    }
}

pub(crate) fn route(to: &str, via: Hop) -> StaticRoute {
    StaticRoute {
        vrf: name(""),
        prefix: prefix(to),
        via: vec![via],
        place: at(&format!("route/{to}")),
    }
}

pub(crate) fn policy(id: &str, from: &str, to: &str, via: Hop) -> PolicyRoute {
    PolicyRoute {
        name: name(id),
        incoming: Interfaces::default(),
        source: addresses(&[from]),
        destination: addresses(&[to]),
        service: Services::any(),
        via: vec![via],
        place: at(&format!("policy/{id}")),
    }
}

/// Changes one thing of a table.
pub(crate) fn edit<T: Named + Clone>(table: &mut Table<T>, id: &str, change: impl FnOnce(&mut T)) {
    let mut copy = table
        .get(&Id::new(id))
        .expect("a thing of that name")
        .clone();
    change(&mut copy);
    table.put(copy);
}

fn firewall() -> Node {
    let mut fw = node("fw", NodeKind::Firewall);
    fw.throughput = Some(BitRate::gbps(5.0));
    fw.sessions = Some(Sessions::new(100_000.0));
    let own = &mut fw.forwarding;
    own.computed = true;
    own.zones = vec![
        (name("Z_IN"), vec![name("core")]),
        (name("Z_DMZ"), vec![name("dmz")]),
    ];
    let mut web = rule("web", "staff", "dmz", "web");
    web.incoming = Interfaces::of(vec![name("Z_IN")]);
    own.filters = vec![
        filter(
            FilterPoint::Forward,
            vec![
                web,
                rule("out", "proxy", "any", "tcp/443"),
                rule("last", "office", "payroll", "any"),
            ],
        ),
        filter(
            FilterPoint::In(name("up")),
            vec![rule("answers", "world", "203.0.113.0/24", "any")],
        ),
    ];
    let mut hide = nat(
        "hide",
        "dmz",
        "any",
        Translation::Source(vec![range("203.0.113.10")]),
    );
    hide.outgoing = Interfaces::of(vec![name("up")]);
    let publish = Translation::Destination(range("172.20.65.10"), Some(8080));
    own.nat = vec![hide, nat("publish", "any", "203.0.113.80", publish)];
    own.nat_ports = Some(NatPool {
        addresses: 1,
        ports_per_address: 60_000,
    });
    own.statics = vec![route("0.0.0.0/0", Hop::Node(Id::new("isp")))];
    own.policies = vec![policy(
        "lbo",
        "proxy",
        "198.51.100.0/24",
        Hop::Interface(name("up")),
    )];
    fw
}

fn relays() -> [Node; 4] {
    let proxy = Proxy {
        units: 2,
        sessions: Sessions::new(40_000.0),
        rules: vec![rule("all", "vdi", "any", "any")],
    };
    let screen = ScreenRelay {
        method: ScreenMethod::Vdi,
        seats: Seats::new(3200.0),
        bandwidth: None,
        clipboard: Clipboard::Blocked,
        publishes: addresses(&["any"]),
    };
    let sanitiser = Sanitiser {
        workers: 24,
        per_file: Latency::new(40.0),
        wait: Some(Latency::new(300.0)),
        passes: Vec::new(),
    };
    let mail = MailRelay {
        sanitises: true,
        per_hour: Some(FilesPerHour::new(3000.0)),
        wait: None,
    };
    [
        relay("proxy", NodeKind::Proxy(proxy), "172.20.65.10", None),
        relay(
            "vdi",
            NodeKind::ScreenRelay(screen),
            "172.20.65.20",
            Some("vdi-way"),
        ),
        relay("cdr", NodeKind::Sanitiser(sanitiser), "172.20.65.30", None),
        relay("mta", NodeKind::MailRelay(mail), "172.20.65.40", None),
    ]
}

fn fill<T: Named, const N: usize>(table: &mut Table<T>, items: [T; N]) {
    for item in items {
        table
            .insert(item)
            .map_err(|there| there.id().to_string())
            .expect("a new name");
    }
}

/// The network of the picture above.
pub(crate) fn sound() -> Network {
    let mut n = Network::default();
    fill(
        &mut n.zones,
        [
            zone("lg", ZoneRole::Lgwan),
            zone("int", ZoneRole::Internet),
            zone("outside", ZoneRole::World),
        ],
    );
    fill(&mut n.sites, [site("hq")]);
    let world = Segment {
        external: true,
        ..segment("world", "outside", "0.0.0.0/0", "isp")
    };
    fill(
        &mut n.segments,
        [
            segment("terms", "lg", "10.64.0.0/18", "sw"),
            segment("servers", "lg", "10.72.0.0/20", "sw"),
            segment("dmz", "int", "172.20.65.0/24", "fw"),
            world,
        ],
    );
    fill(
        &mut n.nodes,
        [
            node("isp", NodeKind::Carrier),
            firewall(),
            node("sw", NodeKind::L3Switch),
        ],
    );
    fill(&mut n.nodes, relays());
    fill(
        &mut n.links,
        [
            link("up", "isp", "fw", BitRate::gbps(1.0)),
            link("core", "fw", "sw", BitRate::gbps(10.0)),
        ],
    );
    fill(
        &mut n.groups,
        [HostGroup {
            access: Some(Id::new("pac")),
            ..group("staff", "terms")
        }],
    );
    fill(&mut n.systems, [system("payroll", "servers", "10.72.3.10")]);
    fill(
        &mut n.objects,
        [
            object("office", &["terms", "servers"]),
            object("wide", &["office", "10.0.0.0/8"]),
        ],
    );
    fill(
        &mut n.services,
        [
            service("web", &["tcp/80", "tcp/443"]),
            service("more", &["web", "udp/443"]),
        ],
    );
    fill(
        &mut n.access,
        [
            access("pac", &[("office", "Direct"), ("any", "proxy")]),
            access("vdi-way", &[("any", "proxy")]),
        ],
    );
    n
}
