//! Rules that must hold and demands that people have, for a given network.
//!
//! Goes in: a network and raw numbers. Comes out: rules of every kind whose zones, names and waypoints
//! exist, applications, and demands between host groups and what they can reach by name.

use super::Size;
use super::choices::{Choices, Raw, elements};
use super::terms::{Terms, named};
use super::topology::{name, small};
use proptest::prelude::Strategy;
use utsushi_model::condition::Condition;
use utsushi_model::demand::{Amount, Application, Curve, Demand, FileUse, HOURS, Measured, Use};
use utsushi_model::id::{Id, Table};
use utsushi_model::migration::Model;
use utsushi_model::network::{HostClass, Network, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressTerm, Addresses};
use utsushi_model::rule::{
    End, Flow, Hosts, Level, Limit, Measure, Period, Protected, Provenance, RelayKind, Rule,
    RuleId, Spec, Through,
};
use utsushi_model::service::Service;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Sessions, Share};

/// At most so many isolation rules about a network. Their periods are open.
pub fn rules(network: &Network, most: usize) -> impl Strategy<Value = Table<Rule>> + use<> {
    let network = network.clone();
    elements(0..=most).prop_map(move |raws| make_rules(&network, &raws))
}

/// At most so many demands on a network, with the applications that they use.
pub fn demands(
    network: &Network,
    most: usize,
) -> impl Strategy<Value = (Table<Application>, Table<Demand>)> + use<> {
    let network = network.clone();
    (elements(1..=3), elements(0..=most)).prop_map(move |(applications, raws)| {
        let applications = make_applications(&applications);
        let demands = make_demands(&network, &applications, &raws);
        (applications, demands)
    })
}

pub(super) fn make_rules(network: &Network, raws: &[Raw]) -> Table<Rule> {
    let terms = Terms::of(network, &Size::default());
    let mut table = Table::default();
    for (i, raw) in raws.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let known: Vec<RuleId> = table.ids().cloned().collect();
        let rule = Rule {
            id: Id::new(format!("R-{i}")),
            label: Text::same(format!("R-{i}")),
            spec: spec(network, &terms, &known, &mut choices),
            level: match choices.below(3) {
                0 => Level::Must,
                1 => Level::Should,
                _ => Level::Advice,
            },
            edition: None,
            source: "made up".to_owned(),
            provenance: Provenance::Assumed,
            period: Period {
                whenever: whenever(network, &mut choices),
                ..Period::default()
            },
            place: Place::nowhere(),
        };
        table.put(rule);
    }
    table
}

/// Now and then a condition; conditions draw last, so that rules without them stay as they were.
fn whenever(network: &Network, choices: &mut Choices<'_>) -> Vec<Condition> {
    if !choices.percent(25) {
        return Vec::new();
    }
    let segments: Vec<_> = network.segments.ids().collect();
    let half = choices
        .of(&segments)
        .map(|id| Condition::HalfMoved((*id).clone()));
    let role = role(choices);
    let condition = match (choices.below(3), half) {
        (0, Some(half)) => half,
        (1, _) => Condition::NoHostsIn(HostClass::General, role),
        _ => Condition::HostsIn(HostClass::General, role),
    };
    vec![condition]
}

const ROLES: [ZoneRole; 6] = [
    ZoneRole::Lgwan,
    ZoneRole::Internet,
    ZoneRole::MyNumber,
    ZoneRole::Management,
    ZoneRole::World,
    ZoneRole::Saas,
];

fn role(choices: &mut Choices<'_>) -> ZoneRole {
    choices.of(&ROLES).copied().unwrap_or(ZoneRole::Lgwan)
}

fn spec(network: &Network, terms: &Terms, known: &[RuleId], choices: &mut Choices<'_>) -> Spec {
    let kind = choices.below(25);
    let flow = flow(network, terms, choices);
    match kind {
        0..=2 => Spec::Never {
            flow,
            except: Vec::new(),
        },
        3 => Spec::Never {
            flow,
            except: vec![self::flow(network, terms, choices)],
        },
        4 => Spec::OnlyThrough {
            flow,
            through: through(network, choices),
        },
        5..=6 => Spec::MustReach { flow },
        7 => Spec::NoDataOut {
            role: role(choices),
        },
        8 => Spec::NoStaleException {
            role: role(choices),
        },
        9 => Spec::NoMixedSegment,
        10 => Spec::TemporaryRulesEnd,
        11 => Spec::NothingRetired,
        12 => Spec::NewBlockDisjoint {
            role: role(choices),
        },
        13 => Spec::ZonePairsKept,
        14 => Spec::HostMeasures {
            roles: vec![role(choices)],
            hosts: Hosts::Terminals,
            needs: vec![Measure::Edr, Measure::TwoFactors],
        },
        15 => Spec::NoResidentInformation {
            roles: vec![role(choices)],
        },
        16 => Spec::SeatsBeforeMove,
        17 => Spec::ProxyOfOwnZone,
        18 => Spec::ModelFits,
        19 => Spec::NoBridgingHost,
        20 => Spec::DistributionReaches,
        21 => Spec::FullySeparated {
            between: (role(choices), role(choices)),
        },
        22 => Spec::CheckedBefore {
            models: vec![Model::Alpha],
        },
        23 => Spec::Logged {
            flow,
            unless: through(network, choices),
        },
        _ => match known {
            [] => Spec::Unchanged {
                what: Protected::Role(role(choices)),
            },
            [first, ..] => Spec::LimitedExceptions {
                rules: vec![first.clone()],
                most: u32::from(small(choices.below(64))),
                needs: vec![Limit::Logged, Limit::Bound, Limit::Ends],
                services: None,
            },
        },
    }
}

fn through(network: &Network, choices: &mut Choices<'_>) -> Through {
    let nodes: Vec<_> = network
        .nodes
        .iter()
        .filter(|n| !n.kind.is_relay())
        .collect();
    match (choices.percent(50), choices.of(&nodes)) {
        (true, Some(node)) => Through::Node(node.id.clone()),
        _ => Through::Kind(name(["Firewall", "SecurityCloud"][choices.below(2)])),
    }
}

fn flow(network: &Network, terms: &Terms, choices: &mut Choices<'_>) -> Flow {
    Flow {
        from: vec![end(network, terms, choices)],
        to: vec![end(network, terms, choices)],
        services: terms.services(choices),
        both: choices.percent(20),
    }
}

fn end(network: &Network, terms: &Terms, choices: &mut Choices<'_>) -> End {
    let hosts = [
        Hosts::All,
        Hosts::Terminals,
        Hosts::Others,
        Hosts::Relays,
        Hosts::Relay(RelayKind::Proxy),
        Hosts::Class(HostClass::General),
        Hosts::LgwanDependent,
    ];
    let hosts = choices.of(&hosts).cloned().unwrap_or(Hosts::All);
    let inhabited = |id: &str| network.segments.iter().any(|s| s.zone.as_str() == id);
    let zones: Vec<_> = network
        .zones
        .ids()
        .filter(|z| inhabited(z.as_str()))
        .collect();
    match (choices.below(4), choices.of(&zones)) {
        (0 | 1, _) => End::Role(role(choices), hosts),
        (2, Some(zone)) => End::Zone((*zone).clone(), hosts),
        _ => {
            let known = named(network);
            let by_name = choices.of(&known).map(|n| AddressTerm::Named(name(n)));
            let range = AddressTerm::Range(terms.range(choices));
            End::Addresses(Addresses {
                terms: vec![by_name.filter(|_| choices.percent(70)).unwrap_or(range)],
                negated: false,
            })
        }
    }
}

pub(super) fn make_applications(raws: &[Raw]) -> Table<Application> {
    let mut table = Table::default();
    for (i, raw) in raws.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let services = [
            Service::tcp(443),
            Service::tcp(80),
            Service::tcp(8443),
            Service::ANY,
        ];
        let mut curve = Curve::flat();
        if choices.percent(50) {
            curve.0 = std::array::from_fn(|_| share(&mut choices));
        }
        let mut spends = |screen: bool| Use {
            active: share(&mut choices),
            sessions: f64::from(small(choices.below(10))),
            down: BitRate::kbps(f64::from(small(choices.below(5_000)))),
            up: BitRate::kbps(f64::from(small(choices.below(500)))),
            pixels_down: BitRate::kbps(if screen { 150.0 } else { 0.0 }),
            pixels_up: BitRate::kbps(if screen { 10.0 } else { 0.0 }),
        };
        table.put(Application {
            id: Id::new(format!("application{i}")),
            label: Text::same(format!("application{i}")),
            direct: Some(spends(false)),
            screen: Some(spends(true)),
            service: services[i % services.len()],
            curve,
            nature: Default::default(),
            source: "made up".to_owned(),
            place: Place::nowhere(),
        });
    }
    table
}

fn share(choices: &mut Choices<'_>) -> Share {
    Share::new(f64::from(small(choices.below(101))) / 100.0).unwrap_or_default()
}

pub(super) fn make_demands(
    network: &Network,
    applications: &Table<Application>,
    raws: &[Raw],
) -> Table<Demand> {
    let groups: Vec<_> = network.groups.ids().collect();
    let used: Vec<_> = applications.ids().collect();
    let targets = named(network);
    let targets: Vec<_> = targets
        .iter()
        .filter(|n| !network.objects.contains(&Id::new(name(n))))
        .collect();
    let mut table = Table::default();
    for (i, raw) in raws.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let parties = (choices.of(&groups), choices.of(&used), choices.of(&targets));
        let (Some(group), Some(application), Some(to)) = parties else {
            continue;
        };
        table.put(Demand {
            id: Id::new(format!("demand{i}")),
            group: (*group).clone(),
            application: (*application).clone(),
            to: name(to),
            amount: amount(&mut choices),
            nearby: None,
            from: None,
            until: None,
            place: Place::nowhere(),
        });
    }
    table
}

fn amount(choices: &mut Choices<'_>) -> Amount {
    match choices.below(4) {
        0 | 1 => Amount::Users,
        2 => Amount::Files(FileUse {
            per_day: f64::from(small(choices.below(10_000))),
            bytes: 1e6,
        }),
        _ => {
            let down = BitRate::mbps(f64::from(small(choices.below(1_000))));
            let measured = Measured {
                down,
                up: down * 0.1,
                sessions: Sessions::new(f64::from(small(choices.below(1_000)))),
            };
            Amount::Measured(Box::new([measured; HOURS]))
        }
    }
}
