//! Networks of any size for the benches.
//!
//! ```text
//!   office 0 ─┐                       ┌─ servers (Lgwan)
//!   office 1 ─┼─ core ─── firewall ───┤
//!   …        ─┘   (Internet)          └─ vault (MyNumber)
//! ```

pub mod backbone;
pub mod dump;
pub mod free;
pub mod once;
pub mod provider;

use std::sync::Arc;
use utsushi_model::address::{AddressRange, parse_prefix};
use utsushi_model::attestation::Assurance;
use utsushi_model::date::Date;
use utsushi_model::demand::{Amount, Application, Curve, Demand, HOURS, Measured};
use utsushi_model::id::{Id, Named, Table};
use utsushi_model::migration::{Migration, Model, Order, Requirements, Start, Step};
use utsushi_model::network::{
    Forwarding, Gateway, HostClass, HostGroup, Lane, Link, Measures, Network, Node, NodeKind, Port,
    Segment, Site, SiteKind, Zone, ZoneRole,
};
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, Addresses, Filter, FilterPoint, FilterRule, Interfaces, RuleAction, Schedule, Services,
    SessionMatch,
};
use utsushi_model::rule::{End, Flow, Hosts, Level, Period, Provenance, Rule, Spec};
use utsushi_model::service::Service;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Latency, Sessions, Share};

/// How large a network is made.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Offices, each with a router, a line and a segment.
    pub offices: u16,
    /// Rules on the firewall.
    pub rules: u16,
    /// Steps of the plan; each changes one rule.
    pub steps: u16,
    /// Hours of the day in which there is load.
    pub hours: usize,
}

fn add<T: Named>(table: &mut Table<T>, item: T) {
    assert!(table.insert(item).is_ok(), "names are unique");
}

fn day() -> Date {
    Date::new(2026, 4, 1).unwrap_or_else(|| unreachable!("the first of April exists"))
}

fn site() -> Id<Site> {
    Id::new("site")
}

fn zone(name: &str, role: ZoneRole) -> Zone {
    Zone {
        id: Id::new(name),
        label: Text::same(name),
        role,
        place: Place::nowhere(),
    }
}

fn segment(name: &str, zone: &str, prefix: &str, node: &str) -> Segment {
    Segment {
        id: Id::new(name),
        label: Text::same(name),
        zone: Id::new(zone),
        site: site(),
        vlan: None,
        prefixes: parse_prefix(prefix).into_iter().collect(),
        gateways: vec![Gateway {
            node: Id::new(node),
            vrf: Arc::from(""),
            interface: Arc::from(name),
            standby: false,
        }],
        external: false,
        reused: false,
        place: Place::nowhere(),
    }
}

fn node(name: &str, kind: NodeKind) -> Node {
    Node {
        id: Id::new(name),
        label: Text::same(name),
        site: site(),
        kind,
        throughput: None,
        sessions: None,
        machines: Default::default(),
        logs: None,
        forwarding: Forwarding {
            computed: true,
            ..Forwarding::default()
        },
        endpoint: None,
        assurance: Assurance::default(),
        place: Place::nowhere(),
    }
}

fn link(name: &str, a: &str, b: &str) -> Link {
    let port = || Port {
        vrf: Arc::from(""),
        interface: Arc::from(name),
    };
    Link {
        id: Id::new(name),
        label: Text::same(name),
        a: Id::new(a),
        b: Id::new(b),
        rate_ab: BitRate::gbps(1.0),
        rate_ba: BitRate::gbps(1.0),
        delay: Latency::ZERO,
        loss: Share::default(),
        members: 1,
        cost: 10,
        risks: Vec::new(),
        lanes: vec![Lane {
            vlan: None,
            a: port(),
            b: port(),
        }],
        place: Place::nowhere(),
    }
}

/// A rule like those of a town: one host of an office to one server on one port, or a deny in between.
fn rule(i: u16, offices: u16) -> FilterRule {
    let range = |text: String| {
        text.parse::<AddressRange>()
            .map_or_else(|_| Addresses::any(), Addresses::range)
    };
    FilterRule {
        name: Arc::from(format!("r{i}")),
        action: if i.is_multiple_of(7) {
            RuleAction::Deny
        } else {
            RuleAction::Allow
        },
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source: range(format!("10.64.{}.{}", i % offices, i % 200 + 1)),
        destination: range(format!("10.128.0.{}", i % 250 + 1)),
        service: Services::one(Service::tcp(1024 + i)),
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: true,
        temporary: false,
        expires: None,
        conditions: Vec::new(),
        note: None,
        place: Place::nowhere(),
    }
}

/// The network of the drawing.
#[must_use]
pub fn network(size: Size) -> Network {
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
    for (name, role) in [
        ("int", ZoneRole::Internet),
        ("lg", ZoneRole::Lgwan),
        ("mn", ZoneRole::MyNumber),
    ] {
        add(&mut n.zones, zone(name, role));
    }
    let mut firewall = node("fw", NodeKind::Firewall);
    firewall.forwarding.filters.push(Filter {
        point: FilterPoint::Forward,
        rules: (0..size.rules).map(|i| rule(i, size.offices)).collect(),
        chains: Vec::new(),
        default: Action::Deny,
        stateful: true,
        place: Place::nowhere(),
    });
    add(&mut n.nodes, firewall);
    add(&mut n.nodes, node("core", NodeKind::L3Switch));
    add(&mut n.links, link("core-fw", "core", "fw"));
    add(
        &mut n.segments,
        segment("servers", "lg", "10.128.0.0/20", "fw"),
    );
    add(
        &mut n.segments,
        segment("vault", "mn", "10.16.0.0/20", "fw"),
    );
    for i in 0..size.offices {
        let (router, office) = (format!("rt-{i}"), format!("office-{i}"));
        add(&mut n.nodes, node(&router, NodeKind::Router));
        add(&mut n.links, link(&format!("wan-{i}"), "core", &router));
        add(
            &mut n.segments,
            segment(
                &office,
                "int",
                &format!("10.{}.{}.0/24", 64 + i / 256, i % 256),
                &router,
            ),
        );
        add(
            &mut n.groups,
            HostGroup {
                id: Id::new(format!("staff-{i}")),
                label: Text::same(format!("staff-{i}")),
                segment: Id::new(office),
                addresses: Vec::new(),
                count: 30,
                class: HostClass::General,
                zone: None,
                measures: Measures::default(),
                access: None,
                assurance: Assurance::default(),
                also: Vec::new(),
                place: Place::nowhere(),
            },
        );
    }
    n
}

fn requirements(size: Size) -> Requirements {
    let mut r = Requirements::default();
    let all = |role| vec![End::Role(role, Hosts::All)];
    for (id, from, to) in [
        ("r-mn", ZoneRole::Internet, ZoneRole::MyNumber),
        ("r-lg", ZoneRole::Lgwan, ZoneRole::Internet),
    ] {
        add(
            &mut r.rules,
            Rule {
                id: Id::new(id),
                label: Text::same(id),
                spec: Spec::Never {
                    flow: Flow {
                        from: all(from),
                        to: all(to),
                        services: Services::any(),
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
            },
        );
    }
    add(
        &mut r.applications,
        Application {
            id: Id::new("app"),
            label: Text::same("app"),
            service: Service::tcp(1025),
            curve: Curve::flat(),
            direct: None,
            screen: None,
            nature: Default::default(),
            source: String::new(),
            place: Place::nowhere(),
        },
    );
    for i in 0..size.offices {
        let mut hours = [Measured::default(); HOURS];
        for hour in hours.iter_mut().take(size.hours) {
            *hour = Measured {
                down: BitRate::mbps(2.0),
                up: BitRate::mbps(1.0),
                sessions: Sessions::new(30.0),
            };
        }
        add(
            &mut r.demands,
            Demand {
                id: Id::new(format!("d{i}")),
                group: Id::new(format!("staff-{i}")),
                application: Id::new("app"),
                to: Arc::from("office-0"),
                amount: Amount::Measured(Box::new(hours)),
                nearby: None,
                from: None,
                until: None,
                place: Place::nowhere(),
            },
        );
    }
    r
}

/// A plan over the network of the drawing; every step puts one rule to the front of the firewall's.
///
/// # Panics
/// If the network is not well formed, which would be a mistake in this file.
#[must_use]
pub fn migration(size: Size) -> Migration {
    use utsushi_model::change::{Change, ListAt, Position, RuleList, Verb};
    let step = |i: u16| Step {
        id: Id::new(format!("{}", i + 1)),
        label: Text::same("step"),
        model: Model::BetaPrime,
        date: day(),
        order: Order::InOrder,
        blocks: Vec::new(),
        rollback: None,
        undoes: None,
        confirms: Vec::new(),
        changes: vec![Change {
            verb: Verb::MoveRule(
                RuleList {
                    node: Id::new("fw"),
                    at: ListAt::Filter(FilterPoint::Forward),
                },
                Arc::from(format!("r{}", i % size.rules.max(1))),
                Position::First,
            ),
            place: Place::nowhere(),
        }],
        place: Place::nowhere(),
    };
    let start = Start {
        label: Text::same("today"),
        model: Model::Alpha,
        date: day(),
        network: network(size),
        place: Place::nowhere(),
    };
    let made = Migration::new(
        Text::same("bench"),
        start,
        (0..size.steps).map(step).collect(),
        requirements(size),
    );
    match made {
        Ok(migration) => migration,
        Err(problems) => unreachable!("{problems:?}"),
    }
}
