//! A campus backbone of the size of Stanford's, by which verifiers are compared: 16 routers, 1,300
//! interfaces, 2,000 filter lines, 4,000 routes. Made by arithmetic, the same in every run.
//!
//! ```text
//!   zone 0 ═╗                 two routers in the middle, each joined to all others;
//!   zone 1 ═╬═ bb-a ── bb-b   every other router leads a zone 10.z.0.0/16 of many segments, reaches
//!   …      ═╝                 the other zones by either middle, and shields its own by filters
//! ```

use crate::{add, day, link, node, segment, site, zone};
use std::sync::Arc;
use utsushi_model::address::{AddressRange, parse_prefix};
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, Model, Requirements, Start};
use utsushi_model::network::{Network, Node, NodeKind, Site, SiteKind, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, Addresses, Filter, FilterPoint, FilterRule, Hop, Interfaces, Name, Schedule,
    ServiceTerm, Services, SessionMatch, StaticRoute,
};
use utsushi_model::rule::{End, Flow, Hosts, Level, Period, Provenance, Rule, Spec};
use utsushi_model::service::{PortRange, Protocol, Service};
use utsushi_model::text::Text;

/// How large a backbone is made.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Routers that lead a zone; two more stand in the middle.
    pub zones: u16,
    /// Segments of all zones together.
    pub segments: u16,
    /// Lists of filter lines at segments, in every zone; half of them on what comes in.
    pub lists: u16,
    /// Lines in each of these lists.
    pub lines: u16,
    /// Routes set by hand on every router that leads a zone.
    pub statics: u16,
}

/// 16 routers, 1,300 interfaces, 2,000 filter lines and 4,000 routes.
pub const STANFORD: Scale = Scale {
    zones: 14,
    segments: 1_242,
    lists: 8,
    lines: 16,
    statics: 195,
};

/// Lines on what comes in from each middle router, and lines on each middle router.
const UPLINK_LINES: u16 = 7;
const MIDDLE_LINES: u16 = 6;

/// Ports that no zone lets in from another.
const SHIELDED: [u16; 4] = [23, 135, 139, 445];

/// A small generator of repeatable numbers (xorshift64*).
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    /// Numbers that follow from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9))
    }

    /// A number below another, which is not 0.
    pub fn below(&mut self, end: u16) -> u16 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 48;
        u16::try_from(high).unwrap_or(0) % end
    }
}

fn router(z: u16) -> String {
    format!("z{z}")
}

fn area(z: u16) -> String {
    format!("zone-{z}")
}

fn range(text: &str) -> Addresses {
    text.parse::<AddressRange>()
        .map_or_else(|_| Addresses::any(), Addresses::range)
}

fn line(
    name: String,
    action: Action,
    source: Addresses,
    destination: Addresses,
    service: Services,
) -> FilterRule {
    FilterRule {
        name: Arc::from(name),
        action: action.into(),
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source,
        destination,
        service,
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: Vec::new(),
        note: None,
        place: Place::nowhere(),
    }
}

fn shielded() -> Services {
    let one = |port: &u16| ServiceTerm::Service(Service::tcp(*port));
    Services {
        terms: SHIELDED.iter().map(one).collect(),
        negated: false,
    }
}

/// A line as access lists of a campus have them: a host, a segment or a zone, one or more ports of TCP or
/// UDP, or everything; two thirds of them let pass.
fn any_line(name: String, scale: Scale, numbers: &mut Numbers) -> FilterRule {
    let mut end = || {
        let (z, x) = (numbers.below(scale.zones), numbers.below(per_zone(scale)));
        match numbers.below(8) {
            0 => Addresses::any(),
            1 | 2 => range(&format!("10.{z}.0.0/16")),
            3..=5 => range(&format!("10.{z}.{x}.0/24")),
            _ => range(&format!("10.{z}.{x}.{}", 1 + numbers.below(254))),
        }
    };
    let (source, destination) = (end(), end());
    let first = 1 + numbers.below(9_000);
    let last = first + [0, 0, 0, 20, 1_000][usize::from(numbers.below(5))];
    let service = match numbers.below(6) {
        0 => Services::any(),
        n => {
            let protocol = Protocol(if n == 1 { 17 } else { 6 });
            Services::one(Service {
                protocol: Some(protocol),
                ports: PortRange { first, last },
                ..Service::ANY
            })
        }
    };
    let action = match numbers.below(3) {
        0 => Action::Deny,
        _ => Action::Allow,
    };
    line(name, action, source, destination, service)
}

fn per_zone(scale: Scale) -> u16 {
    (scale.segments / scale.zones).max(1)
}

/// A list at a segment: at its head the shielded ports are denied, so that the zones stay apart whatever
/// the lines behind say.
fn list(point: FilterPoint, name: &str, scale: Scale, numbers: &mut Numbers) -> Filter {
    let shield = line(
        format!("{name}-0"),
        Action::Deny,
        Addresses::any(),
        Addresses::any(),
        shielded(),
    );
    let others = (1..scale.lines).map(|i| any_line(format!("{name}-{i}"), scale, numbers));
    Filter {
        point,
        rules: std::iter::once(shield).chain(others).collect(),
        chains: Vec::new(),
        default: Action::Allow,
        stateful: false,
        place: Place::nowhere(),
    }
}

/// What a zone lets in from a middle router: nothing on the shielded ports, nothing that claims to come
/// from the zone itself, and a few lines more.
fn uplink(z: u16, middle: &str, scale: Scale, numbers: &mut Numbers) -> Filter {
    let (name, own) = (format!("up-{z}-{middle}"), format!("10.{z}.0.0/16"));
    let mut rules = vec![
        line(
            format!("{name}-0"),
            Action::Deny,
            Addresses::any(),
            Addresses::any(),
            shielded(),
        ),
        line(
            format!("{name}-1"),
            Action::Deny,
            range(&own),
            Addresses::any(),
            Services::any(),
        ),
    ];
    let more = rules.len();
    let others = more..usize::from(UPLINK_LINES);
    rules.extend(others.map(|i| any_line(format!("{name}-{i}"), scale, numbers)));
    Filter {
        point: FilterPoint::In(Arc::from(format!("{}-{middle}", router(z)))),
        rules,
        chains: Vec::new(),
        default: Action::Allow,
        stateful: false,
        place: Place::nowhere(),
    }
}

fn route(prefix: &str, via: &[&str]) -> Option<StaticRoute> {
    Some(StaticRoute {
        vrf: Name::from(""),
        prefix: parse_prefix(prefix).ok()?,
        via: via.iter().map(|v| Hop::Node(Id::new(*v))).collect(),
        place: Place::nowhere(),
    })
}

/// Everything else by both middles, each zone by one of them, some segments by the other.
fn statics(z: u16, scale: Scale, numbers: &mut Numbers) -> Vec<StaticRoute> {
    let middle = |n: u16| ["bb-a", "bb-b"][usize::from(n % 2)];
    let mut routes: Vec<StaticRoute> = route("0.0.0.0/0", &["bb-a", "bb-b"]).into_iter().collect();
    let others = (0..scale.zones).filter(|y| *y != z);
    routes.extend(others.filter_map(|y| route(&format!("10.{y}.0.0/16"), &[middle(y + z)])));
    let wanted = usize::from(scale.statics);
    let mut at = numbers.below(scale.zones);
    let mut x = 0;
    while routes.len() < wanted {
        at = (at + 1) % scale.zones;
        x = (x + 1) % 256;
        if at != z {
            let prefix = format!("10.{at}.{x}.0/24");
            routes.extend(route(&prefix, &[middle(numbers.below(2))]));
        }
    }
    routes.sort_by_key(|r| r.prefix);
    routes.dedup_by_key(|r| r.prefix);
    routes
}

fn leader(z: u16, scale: Scale, numbers: &mut Numbers) -> Node {
    let mut made = node(&router(z), NodeKind::Router);
    made.forwarding.computed = false;
    made.forwarding.statics = statics(z, scale, numbers);
    for l in 0..scale.lists {
        let at = Arc::from(format!("s{z}-{}", l * per_zone(scale) / scale.lists));
        let (point, name) = match l % 2 {
            0 => (FilterPoint::In(at), format!("in-{z}-{l}")),
            _ => (FilterPoint::Out(at), format!("out-{z}-{l}")),
        };
        let filter = list(point, &name, scale, numbers);
        made.forwarding.filters.push(filter);
    }
    for middle in ["bb-a", "bb-b"] {
        let filter = uplink(z, middle, scale, numbers);
        made.forwarding.filters.push(filter);
    }
    made
}

fn middle(name: &str, scale: Scale, numbers: &mut Numbers) -> Node {
    let mut made = node(name, NodeKind::L3Switch);
    made.forwarding.computed = false;
    let zones = 0..scale.zones;
    made.forwarding.statics = zones
        .filter_map(|z| route(&format!("10.{z}.0.0/16"), &[&router(z)]))
        .collect();
    let lines = 0..MIDDLE_LINES;
    made.forwarding.filters.push(Filter {
        point: FilterPoint::Forward,
        rules: lines
            .map(|i| any_line(format!("{name}-{i}"), scale, numbers))
            .collect(),
        chains: Vec::new(),
        default: Action::Allow,
        stateful: false,
        place: Place::nowhere(),
    });
    made
}

/// The network of the drawing.
#[must_use]
pub fn network(scale: Scale) -> Network {
    let numbers = &mut Numbers::new(1);
    let mut n = Network::default();
    add(
        &mut n.sites,
        Site {
            id: site(),
            label: Text::same("site"),
            kind: SiteKind::Headquarters,
            place: Place::nowhere(),
        },
    );
    for name in ["bb-a", "bb-b"] {
        add(&mut n.nodes, middle(name, scale, numbers));
    }
    add(&mut n.links, link("bb-a-bb-b", "bb-a", "bb-b"));
    for z in 0..scale.zones {
        let name = router(z);
        add(&mut n.zones, zone(&area(z), ZoneRole::Internet));
        add(&mut n.nodes, leader(z, scale, numbers));
        for middle in ["bb-a", "bb-b"] {
            add(
                &mut n.links,
                link(&format!("{name}-{middle}"), &name, middle),
            );
        }
        let more = u16::from(z < scale.segments % scale.zones);
        for x in 0..scale.segments / scale.zones + more {
            let prefix = format!("10.{z}.{x}.0/24");
            let segment = segment(&format!("s{z}-{x}"), &area(z), &prefix, &name);
            add(&mut n.segments, segment);
        }
    }
    n
}

/// For every zone: nothing from any other zone on the shielded ports; and its segments that are shielded
/// by a list of their own are reached on them from nowhere else.
fn rules(scale: Scale) -> Vec<Rule> {
    let all = |z: u16| End::Zone(Id::new(area(z)), Hosts::All);
    let rule = |z: u16| Rule {
        id: Id::new(format!("r-{z}")),
        label: Text::same("shielded ports"),
        spec: Spec::Never {
            flow: Flow {
                from: (0..scale.zones).filter(|y| *y != z).map(all).collect(),
                to: vec![all(z)],
                services: shielded(),
                both: false,
            },
            except: Vec::new(),
        },
        level: Level::Must,
        edition: None,
        source: String::new(),
        provenance: Provenance::Assumed,
        period: Period::default(),
        place: Place::nowhere(),
    };
    (0..scale.zones).map(rule).collect()
}

/// One state of the backbone, with a rule for every zone, which together speak of every pair of segments
/// in different zones.
///
/// # Panics
/// If the network is not well formed, which would be a mistake in this file.
#[must_use]
pub fn migration(scale: Scale) -> Migration {
    let start = Start {
        label: Text::same("today"),
        model: Model::Alpha,
        date: day(),
        network: network(scale),
        place: Place::nowhere(),
    };
    let mut requirements = Requirements::default();
    for rule in rules(scale) {
        add(&mut requirements.rules, rule);
    }
    match Migration::new(Text::same("backbone"), start, Vec::new(), requirements) {
        Ok(migration) => migration,
        Err(problems) => unreachable!("{problems:?}"),
    }
}
