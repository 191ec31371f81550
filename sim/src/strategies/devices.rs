//! What the devices of a random network are configured with: filters, translations, routes.
//!
//! Goes in: a [`Frame`] and raw numbers. Comes out: the frame with devices configured. Every name,
//! interface and neighbour exists; translators announce the addresses they answer for.

use super::blueprint::Blueprint;
use super::choices::Choices;
use super::terms::Terms;
use super::topology::{Device, Frame, name};
use ipnet::IpNet;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::date::Date;
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, Addresses, Chain, Filter, FilterPoint, FilterRule, Hop, Interfaces, Name, NatRule,
    PolicyRoute, RuleAction, Schedule, Services, SessionMatch, StaticRoute, Translation,
};

/// Configures the devices of a frame.
pub(super) fn configure(frame: &mut Frame, terms: &Terms, blueprint: &Blueprint, choosing: bool) {
    if frame.devices.is_empty() {
        return;
    }
    filters(frame, terms, blueprint);
    for (i, raw) in blueprint.translations.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let at = choices.below(frame.devices.len());
        let device = &mut frame.devices[at];
        let (rule, announced) = translation(device, terms, i, choosing, &mut choices);
        device.node.forwarding.nat.push(rule);
        for entry in announced {
            let there = &mut device.node.forwarding.originates;
            if !there.contains(&entry) {
                there.push(entry);
            }
        }
    }
    for raw in &blueprint.routes {
        let mut choices = Choices::new(raw);
        let at = choices.below(frame.devices.len());
        let device = &mut frame.devices[at];
        if let Some(route) = static_route(device, terms, &mut choices) {
            device.node.forwarding.statics.push(route);
        }
    }
    for (i, raw) in blueprint.policies.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let at = choices.below(frame.devices.len());
        let device = &mut frame.devices[at];
        let route = policy_route(device, terms, i, &mut choices);
        device.node.forwarding.policies.push(route);
    }
}

fn action(choices: &mut Choices<'_>) -> Action {
    match choices.percent(40) {
        true => Action::Deny,
        false => Action::Allow,
    }
}

fn filters(frame: &mut Frame, terms: &Terms, blueprint: &Blueprint) {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for raw in &blueprint.filters {
        let mut choices = Choices::new(raw);
        let at = choices.below(frame.devices.len());
        let device = &mut frame.devices[at];
        let filter = Filter {
            point: point(device, &mut choices),
            rules: Vec::new(),
            chains: Vec::new(),
            default: action(&mut choices),
            stateful: choices.percent(60),
            place: Place::nowhere(),
        };
        let there = &mut device.node.forwarding.filters;
        if !there.iter().any(|f| f.point == filter.point) {
            places.push((at, there.len()));
            there.push(filter);
        }
    }
    for (i, raw) in blueprint.rules.iter().enumerate() {
        let mut choices = Choices::new(raw);
        let Some((at, filter)) = choices.of(&places).copied() else {
            return;
        };
        let device = &frame.devices[at];
        let incoming = !matches!(
            device.node.forwarding.filters[filter].point,
            FilterPoint::In(_)
        );
        let mut rule = rule(device, terms, i, incoming, &mut choices);
        let filter = &mut frame.devices[at].node.forwarding.filters[filter];
        place_rule(filter, &mut rule, &mut choices).push(rule);
    }
}

/// Where a new rule goes: mostly to the end of the filter's own list, sometimes to that of a chain, which
/// asks only chains behind itself.
fn place_rule<'f>(
    filter: &'f mut Filter,
    rule: &mut FilterRule,
    choices: &mut Choices<'_>,
) -> &'f mut Vec<FilterRule> {
    let (own, count) = (choices.percent(70), filter.chains.len());
    let list = (!own && count > 0).then(|| choices.below(count));
    let behind = list.map_or(0, |at| at + 1);
    match choices.below(10) {
        kind @ 0..=2 => {
            let at = behind + choices.below(count - behind + 1);
            let chain = name(format!("chain{at}"));
            if at == count {
                filter.chains.push(Chain {
                    name: Arc::clone(&chain),
                    rules: Vec::new(),
                    place: Place::nowhere(),
                });
            }
            rule.action = match kind {
                0 => RuleAction::Goto(chain),
                _ => RuleAction::Jump(chain),
            };
        }
        3 => rule.action = RuleAction::Return,
        _ => {}
    }
    match list {
        Some(at) => &mut filter.chains[at].rules,
        None => &mut filter.rules,
    }
}

fn point(device: &Device, choices: &mut Choices<'_>) -> FilterPoint {
    let kind = choices.below(4);
    let interface = choices.of(&device.interfaces).map(|i| Arc::clone(&i.name));
    match (kind, interface) {
        (2, Some(name)) => FilterPoint::In(name),
        (3, Some(name)) => FilterPoint::Out(name),
        _ => FilterPoint::Forward,
    }
}

/// Any interface, or one or two interfaces or device zones.
fn interfaces(device: &Device, choices: &mut Choices<'_>) -> Interfaces {
    let own = device.interfaces.iter().map(|i| Arc::clone(&i.name));
    let zones = device.node.forwarding.zones.iter();
    let names: Vec<Name> = zones.map(|(z, _)| Arc::clone(z)).chain(own).collect();
    let wanted = choices.percent(30);
    let (first, second) = (choices.of(&names), choices.of(&names));
    match (wanted, first, second) {
        (true, Some(a), Some(b)) if a == b => Interfaces::of(vec![Arc::clone(a)]),
        (true, Some(a), Some(b)) => Interfaces::of(vec![Arc::clone(a), Arc::clone(b)]),
        _ => Interfaces::default(),
    }
}

/// A filter rule; `outgoing` says whether the filter knows the outgoing interface.
pub(super) fn rule(
    device: &Device,
    terms: &Terms,
    number: usize,
    outgoing: bool,
    choices: &mut Choices<'_>,
) -> FilterRule {
    let day = |month| Date::new(2026, month, 1);
    let action = action(choices);
    let incoming = interfaces(device, choices);
    let outgoing = match (outgoing, interfaces(device, choices)) {
        (true, interfaces) => interfaces,
        (false, _) => Interfaces::default(),
    };
    let source = terms.addresses(choices);
    let destination = terms.addresses(choices);
    let service = terms.services(choices);
    FilterRule {
        name: name(format!("rule{number}")),
        action: action.into(),
        incoming,
        outgoing,
        source,
        destination,
        service,
        session: match choices.below(10) {
            0 => SessionMatch::New,
            1 => SessionMatch::Known,
            _ => SessionMatch::Any,
        },
        enabled: !choices.percent(8),
        schedule: Schedule {
            from: day(3).filter(|_| choices.percent(10)),
            until: day(9).filter(|_| choices.percent(10)),
        },
        log: false,
        temporary: false,
        expires: None,
        conditions: terms.conditions(choices),
        note: None,
        place: Place::nowhere(),
    }
}

/// A rule of an address translator, and what its node shall announce for it.
pub(super) fn translation(
    device: &Device,
    terms: &Terms,
    number: usize,
    choosing: bool,
    choices: &mut Choices<'_>,
) -> (NatRule, Vec<(Name, IpNet)>) {
    let kind = choices.below(8);
    let vrf = choices.of(&device.vrfs).cloned();
    let incoming = interfaces(device, choices);
    let outgoing = interfaces(device, choices);
    let source = terms.addresses(choices);
    let mut rule = NatRule {
        name: name(format!("nat{number}")),
        incoming,
        outgoing: Interfaces::default(),
        source,
        destination: Addresses::any(),
        service: Services::any(),
        conditions: Vec::new(),
        translation: Translation::None,
        place: Place::nowhere(),
    };
    let announced = match kind {
        0..=2 => {
            rule.outgoing = outgoing;
            rule.destination = terms.addresses(choices);
            rule.service = terms.services(choices);
            let pool = pool(terms, number, choosing, choices);
            rule.translation = Translation::Source(pool.clone());
            pool
        }
        3..=4 => {
            let shown = terms.range(choices);
            rule.destination = Addresses::range(shown);
            rule.service = terms.services(choices);
            let to = AddressRange::host(terms.range(choices).first_address());
            let port = terms.port(choices);
            let port = choices.percent(40).then_some(port);
            rule.translation = Translation::Destination(to, port);
            vec![shown]
        }
        5 => {
            rule.destination = terms.addresses(choices);
            let to = AddressRange::host(terms.range(choices).last_address());
            rule.translation = Translation::Destination(to, None);
            Vec::new()
        }
        6 => {
            let (shown, to) = terms.blocks(choices);
            rule.destination = Addresses::range(shown);
            rule.translation = Translation::Destination(to, None);
            vec![shown]
        }
        _ => {
            rule.outgoing = outgoing;
            rule.destination = terms.addresses(choices);
            rule.service = terms.services(choices);
            Vec::new()
        }
    };
    let vrf = vrf.filter(|_| choices.percent(70));
    let hosts = announced.iter().map(|r| IpNet::from(r.first_address()));
    let entries = hosts.filter_map(|host| vrf.clone().map(|vrf| (vrf, host)));
    (rule, entries.collect())
}

/// The addresses of a source translator: one, or several ranges where it may choose.
fn pool(
    terms: &Terms,
    number: usize,
    choosing: bool,
    choices: &mut Choices<'_>,
) -> Vec<AddressRange> {
    let number = u8::try_from(number % 64).unwrap_or(0) * 4;
    let four = !choices.percent(25);
    let first = terms.pool(number, four);
    if !choosing {
        return vec![first];
    }
    let count = choices.below(3);
    let last = terms.pool(number + u8::try_from(count).unwrap_or(0), four);
    let range = AddressRange::between(first.first(), last.first()).unwrap_or(first);
    match choices.percent(30) {
        true => vec![range, terms.pool(number + 3, !four)],
        false => vec![range],
    }
}

/// Hops out of one table, or out of any: one, two, or nowhere on purpose.
fn hops(device: &Device, vrf: Option<&Name>, choices: &mut Choices<'_>) -> Vec<Hop> {
    let own = device
        .interfaces
        .iter()
        .filter(|i| vrf.is_none_or(|vrf| i.vrf == *vrf));
    let all: Vec<_> = own.collect();
    let mut out = Vec::new();
    let count = 1 + usize::from(choices.percent(25));
    let discard = choices.percent(20);
    for _ in 0..count {
        let by_name = choices.percent(40);
        if let Some(interface) = choices.of(&all) {
            let hop = match (&interface.peer, by_name) {
                (Some(peer), false) => Hop::Node(peer.clone()),
                _ => Hop::Interface(Arc::clone(&interface.name)),
            };
            if !out.contains(&hop) {
                out.push(hop);
            }
        }
    }
    if out.is_empty() || discard {
        vec![Hop::Discard]
    } else {
        out
    }
}

/// A static route, unless the device has one for the prefix.
pub(super) fn static_route(
    device: &Device,
    terms: &Terms,
    choices: &mut Choices<'_>,
) -> Option<StaticRoute> {
    let vrf = choices.of(&device.vrfs).cloned()?;
    let prefix = choices.of(&terms.prefixes).copied()?;
    let via = hops(device, Some(&vrf), choices);
    let mut there = device.node.forwarding.statics.iter();
    if there.any(|r| r.vrf == vrf && r.prefix == prefix) {
        return None;
    }
    Some(StaticRoute {
        vrf,
        prefix,
        via,
        place: Place::nowhere(),
    })
}

/// A policy route.
pub(super) fn policy_route(
    device: &Device,
    terms: &Terms,
    number: usize,
    choices: &mut Choices<'_>,
) -> PolicyRoute {
    PolicyRoute {
        name: name(format!("policy{number}")),
        incoming: interfaces(device, choices),
        source: terms.addresses(choices),
        destination: terms.addresses(choices),
        service: terms.services(choices),
        via: hops(device, None, choices),
        place: Place::nowhere(),
    }
}
