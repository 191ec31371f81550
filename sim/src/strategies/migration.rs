//! Random migrations: changes that apply, one after the other.
//!
//! Goes in: a [`Size`]. Comes out: a strategy of [`Migration`]s. Each change is proposed for the network as
//! it then is, and kept only if the plan with it is one that [`Migration::new`] accepts.

use super::blueprint::{Blueprint, blueprint};
use super::choices::{Choices, Raw, elements};
use super::terms::{Terms, named};
use super::topology::{Device, SITES, name, small, v4};
use super::{Size, build, devices, hosts, needs};
use proptest::prelude::Strategy;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::change::{
    Capacities, Change, Item, Kind, ListAt, MeasureChange, Position, RuleList, Verb,
};
use utsushi_model::date::Date;
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, Model, Order, Requirements, Start, Step};
use utsushi_model::network::{Gateway, Network, Segment};
use utsushi_model::place::Place;
use utsushi_model::policy::{Filter, FilterPoint, FilterRule, Name};
use utsushi_model::text::Text;
use utsushi_model::units::BitRate;

/// The most steps of a random migration; there are as many months left in the year.
const MOST_STEPS: usize = 6;

/// The numbers from which a migration is made.
#[derive(Debug, Clone)]
struct Plan {
    network: Blueprint,
    changes: Vec<Raw>,
    rules: Vec<Raw>,
    applications: Vec<Raw>,
    demands: Vec<Raw>,
}

/// Migrations of networks of a size: up to twelve changes in up to six steps, with rules and demands.
pub fn migration(size: Size) -> impl Strategy<Value = Migration> {
    let plan = (
        blueprint(&size),
        elements(0..=12),
        elements(0..=4),
        elements(1..=3),
        elements(0..=size.hosts),
    );
    plan.prop_filter_map("a plan that applies", move |parts| {
        let (network, changes, rules, applications, demands) = parts;
        let plan = Plan {
            network,
            changes,
            rules,
            applications,
            demands,
        };
        plan.build(&size)
    })
}

impl Plan {
    fn build(&self, size: &Size) -> Option<Migration> {
        let today = build(&self.network, size);
        let applications = needs::make_applications(&self.applications);
        let requirements = Requirements {
            rules: needs::make_rules(&today, &self.rules),
            demands: needs::make_demands(&today, &applications, &self.demands),
            applications,
            ..Requirements::default()
        };
        let mut steps = Vec::new();
        let mut reached = plan(&today, &steps, &Requirements::default())?;
        for (i, raw) in self.changes.iter().enumerate() {
            let mut choices = Choices::new(raw);
            let fresh = choices.percent(40);
            let state = reached.states.last()?;
            let proposed = verb(&state.network, i, size, &mut choices);
            let Some(next) = proposed.and_then(|verb| with(&steps, verb, fresh)) else {
                continue;
            };
            if let Some(further) = plan(&today, &next, &Requirements::default()) {
                (steps, reached) = (next, further);
            }
        }
        plan(&today, &steps, &requirements)
    }
}

fn plan(today: &Network, steps: &[Step], requirements: &Requirements) -> Option<Migration> {
    let start = Start {
        label: Text::new("現状", "today"),
        model: Model::Alpha,
        date: Date::new(2026, 6, 1)?,
        network: today.clone(),
        place: Place::nowhere(),
    };
    let title = Text::same("made up");
    Migration::new(title, start, steps.to_vec(), requirements.clone()).ok()
}

/// The steps with one more change, at the end of the last one or in a new one.
fn with(steps: &[Step], verb: Verb, fresh: bool) -> Option<Vec<Step>> {
    let change = Change {
        verb,
        place: Place::nowhere(),
    };
    let mut steps = steps.to_vec();
    let full = steps.len() == MOST_STEPS;
    match steps.last_mut() {
        Some(last) if !fresh || full => last.changes.push(change),
        _ => {
            let number = steps.len() + 1;
            let month = i8::try_from(6 + number).ok()?;
            steps.push(Step {
                id: Id::new(number.to_string()),
                label: Text::same(format!("step {number}")),
                model: Model::Alpha,
                date: Date::new(2026, month, 1)?,
                order: Order::InOrder,
                blocks: Vec::new(),
                rollback: None,
                undoes: None,
                confirms: Vec::new(),
                changes: vec![change],
                place: Place::nowhere(),
            });
        }
    }
    Some(steps)
}

/// A change that may apply to a network; `number` keeps the names of new things apart.
fn verb(network: &Network, number: usize, size: &Size, choices: &mut Choices<'_>) -> Option<Verb> {
    match choices.below(4) {
        0 => about_rules(network, number, size, choices),
        1 => about_ways(network, number, size, choices),
        2 => about_hosts(network, choices),
        _ => about_frame(network, number, choices),
    }
}

/// The rules of filters and translators.
fn about_rules(
    network: &Network,
    number: usize,
    size: &Size,
    choices: &mut Choices<'_>,
) -> Option<Verb> {
    let terms = Terms::of(network, size);
    let nodes: Vec<_> = network
        .nodes
        .iter()
        .filter(|n| !n.kind.is_relay())
        .collect();
    let node = choices.of(&nodes)?;
    let device = Device::of(network, node);
    let number = 1000 + number;
    if choices.percent(30) {
        let there: Vec<&Name> = node.forwarding.nat.iter().map(|r| &r.name).collect();
        return Some(match choices.of(&there).filter(|_| choices.percent(50)) {
            Some(rule) => Verb::RemoveNat(node.id.clone(), Arc::clone(rule)),
            None => {
                let (rule, _) = devices::translation(&device, &terms, number, !size.exact, choices);
                Verb::AddNat(node.id.clone(), Box::new(rule), Position::Last)
            }
        });
    }
    let filter: &Filter = choices.of(&node.forwarding.filters)?;
    let chain = choices.of(&filter.chains).filter(|_| choices.percent(50));
    let point = filter.point.clone();
    let (at, rules) = match chain {
        Some(chain) => (ListAt::Chain(point, Arc::clone(&chain.name)), &chain.rules),
        None => (ListAt::Filter(point), &filter.rules),
    };
    let list = RuleList {
        node: node.id.clone(),
        at,
    };
    let there = choices.of(rules).map(|r| Arc::clone(&r.name));
    let kind = choices.below(4);
    let outgoing = !matches!(filter.point, FilterPoint::In(_));
    let fresh = devices::rule(&device, &terms, number, outgoing, choices);
    Some(match (kind, there) {
        (1, Some(name)) => Verb::RemoveRule(list, name),
        (2, Some(name)) => Verb::MoveRule(list, name, Position::First),
        (3, Some(name)) => Verb::ReplaceRule(list, Box::new(FilterRule { name, ..fresh })),
        (0, Some(name)) => Verb::AddRule(list, Box::new(fresh), Position::Before(name)),
        _ => Verb::AddRule(list, Box::new(fresh), Position::Last),
    })
}

/// Routes, gateways and lines.
fn about_ways(
    network: &Network,
    number: usize,
    size: &Size,
    choices: &mut Choices<'_>,
) -> Option<Verb> {
    let terms = Terms::of(network, size);
    let nodes: Vec<_> = network
        .nodes
        .iter()
        .filter(|n| !n.kind.is_relay())
        .collect();
    let node = choices.of(&nodes)?;
    let device = Device::of(network, node);
    let id = node.id.clone();
    let segments: Vec<_> = network.segments.iter().collect();
    match choices.below(6) {
        0 => devices::static_route(&device, &terms, choices).map(|r| Verb::AddRoute(id, r)),
        1 => {
            let route = choices.of(&node.forwarding.statics)?;
            Some(Verb::RemoveRoute(id, Arc::clone(&route.vrf), route.prefix))
        }
        2 => {
            let route = devices::policy_route(&device, &terms, 1000 + number, choices);
            Some(Verb::AddPolicy(id, Box::new(route)))
        }
        3 => {
            let route = choices.of(&node.forwarding.policies)?;
            Some(Verb::RemovePolicy(id, Arc::clone(&route.name)))
        }
        4 => {
            let segment = choices.of(&segments)?;
            let gateway = Gateway {
                node: id,
                vrf: choices.of(&device.vrfs).cloned()?,
                interface: name(format!("x{number}")),
                standby: false,
            };
            Some(Verb::AddGateway(segment.id.clone(), gateway))
        }
        _ => {
            let segment = choices.of(&segments)?;
            let gateway = choices.of(&segment.gateways)?;
            Some(Verb::RemoveGateway(
                segment.id.clone(),
                gateway.node.clone(),
            ))
        }
    }
}

/// Host groups and business systems.
fn about_hosts(network: &Network, choices: &mut Choices<'_>) -> Option<Verb> {
    let groups: Vec<_> = network.groups.iter().collect();
    let systems: Vec<_> = network.systems.iter().collect();
    let inside: Vec<_> = network.segments.iter().filter(|s| !s.external).collect();
    let kind = choices.below(5);
    let group = choices.of(&groups);
    let segment = choices.of(&inside);
    match kind {
        0 => Some(Verb::SetCount(
            group?.id.clone(),
            u32::from(small(1 + choices.below(500))),
        )),
        1 => Some(Verb::MoveGroup(
            group?.id.clone(),
            segment?.id.clone(),
            Vec::new(),
        )),
        2 => Some(Verb::SetMeasures(
            group?.id.clone(),
            MeasureChange {
                edr: Some(choices.percent(50)),
                ..MeasureChange::default()
            },
        )),
        3 => {
            let host = hosts::addresses(segment?, choices)?.first_address();
            let system = choices.of(&systems)?;
            let addresses = vec![AddressRange::host(host)];
            Some(Verb::MoveSystem(
                system.id.clone(),
                segment?.id.clone(),
                addresses,
            ))
        }
        _ => {
            let known = named(network);
            let system = choices.of(&systems)?;
            let retired = known.iter().find(|n| ***n == *system.id.as_str())?;
            Some(Verb::Remove(Kind::System, Arc::clone(retired)))
        }
    }
}

/// Segments, lines and nodes.
fn about_frame(network: &Network, number: usize, choices: &mut Choices<'_>) -> Option<Verb> {
    let segments: Vec<_> = network.segments.iter().filter(|s| !s.external).collect();
    let zones: Vec<_> = network.zones.ids().collect();
    let links: Vec<_> = network.links.iter().collect();
    let nodes: Vec<_> = network.nodes.iter().collect();
    let fresh = v4([10, 250, small(number).to_be_bytes()[1], 0], 24);
    match choices.below(7) {
        0 => Some(Verb::Relabel(
            choices.of(&segments)?.id.clone(),
            (*choices.of(&zones)?).clone(),
        )),
        1 => Some(Verb::Renumber(
            choices.of(&segments)?.id.clone(),
            vec![fresh],
        )),
        2 => Some(Verb::Remove(
            Kind::Segment,
            name(choices.of(&segments)?.id.as_str()),
        )),
        3 => {
            let link = choices.of(&links)?.id.clone();
            let rate = BitRate::mbps(f64::from(small(1 + choices.below(1_000))));
            Some(Verb::ResizeLink(link, Some(rate), None, Some(1)))
        }
        4 => Some(Verb::Remove(
            Kind::Link,
            name(choices.of(&links)?.id.as_str()),
        )),
        5 => {
            let node = choices.of(&nodes)?.id.clone();
            let throughput = Some(BitRate::mbps(f64::from(small(1 + choices.below(1_000)))));
            let capacities = Capacities {
                throughput,
                ..Capacities::default()
            };
            Some(Verb::Resize(node, capacities))
        }
        _ => {
            let id = format!("new{number}");
            let node = choices.of(&nodes)?;
            let device = Device::of(network, node);
            Some(Verb::Add(Item::Segment(Segment {
                id: Id::new(name(&id)),
                label: Text::same(&*id),
                zone: (*choices.of(&zones)?).clone(),
                site: Id::new(SITES[0].0),
                vlan: None,
                prefixes: vec![fresh],
                gateways: vec![Gateway {
                    node: node.id.clone(),
                    vrf: choices.of(&device.vrfs).cloned()?,
                    interface: name(format!("y{number}")),
                    standby: false,
                }],
                external: false,
                reused: false,
                place: Place::nowhere(),
            })))
        }
    }
}
