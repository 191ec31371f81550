//! From chains of hops to findings: each leg with a packet that opens it and the rule that lets it.

use super::function::{Entered, Way, is_attested};
use super::hops::Hop;
use super::legs::Legs;
use super::parties::Party;
use super::search::{Told, Wanted};
use crate::plane::Plane;
use crate::plane::trace::{Disposition, trace};
use crate::space::SpaceFull;
use std::net::IpAddr;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{
    Code, Decision, Evidence, Finding, HopRecord, LegRecord, Packet, PacketBox, Severity,
};
use utsushi_model::information::Carried;
use utsushi_model::migration::State;
use utsushi_model::network::{Network, NodeKind};
use utsushi_model::place::Place;
use utsushi_model::rule::{Level, Rule};
use utsushi_model::text::Text;

/// What is to blame for a chain: chains with the same blame are one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Guilt {
    /// A relay that lets over what it should reduce.
    Relay(usize),
    /// A filter rule, by its place.
    Rule(Place),
    /// Nothing filters between these segments.
    Open(usize, usize),
}

/// What is to blame for a chain, and the hop that is not looked at again.
pub(super) fn guilt(
    legs: &mut Legs<'_>,
    parties: &[Party],
    chain: &[Hop],
) -> Result<(Guilt, Told), SpaceFull> {
    let plane = legs.plane();
    // A sanitiser that does not sanitise was entered, or is asked, by something else than its service.
    let beside = |h: &Hop| {
        let node = parties[h.from].node(plane);
        let screen = node.is_some_and(|n| matches!(n.kind, NodeKind::ScreenRelay(_)));
        let reduces = node.is_some_and(|n| is_attested(&n.kind));
        reduces && !screen && h.made.is_empty()
    };
    let machine = chain
        .iter()
        .find(|h| h.entered == Entered::Machine || beside(h));
    let reduces = |h: &&Hop| {
        parties[h.from]
            .node(plane)
            .is_some_and(|n| is_attested(&n.kind))
    };
    let relay = chain.iter().rev().find(reduces);
    if let (None, Some(hop)) = (machine, relay)
        && let Some(node) = parties[hop.from].relay
    {
        return Ok((Guilt::Relay(node), Told::Relay(node, hop.way)));
    }
    // The leg between two zones is the one that a rule can cut.
    let crosses = |h: &&Hop| parties[h.from].zone(plane) != parties[h.to].zone(plane);
    let first = chain.iter().find(crosses).or(chain.first());
    let Some(hop) = machine.or(first) else {
        return Ok((Guilt::Open(0, 0), Told::Pair(0, 0)));
    };
    let record = record(legs, parties, hop)?;
    let place = record.and_then(|r| r.place);
    let (from, to) = (parties[hop.from].segment.0, parties[hop.to].segment.0);
    let guilt = place.map_or(Guilt::Open(from, to), Guilt::Rule);
    Ok((guilt, Told::Pair(hop.from, hop.to)))
}

/// One leg as a report tells it; none where the hop has no header.
///
/// # Errors
/// The arena is full.
pub fn record(
    legs: &mut Legs<'_>,
    parties: &[Party],
    hop: &Hop,
) -> Result<Option<LegRecord>, SpaceFull> {
    let plane = legs.plane();
    let (from, to) = (&parties[hop.from], &parties[hop.to]);
    let (opener, asked) = match hop.way {
        Way::Up => (from, to),
        Way::Down => (to, from),
    };
    let Some(witness) = legs.typical(hop.headers, [opener, asked])? else {
        return Ok(None);
    };
    let ways = trace(plane, opener.segment, witness);
    let arrived = ways
        .iter()
        .find(|p| p.disposition == Disposition::Delivered(asked.segment));
    let seen = arrived.map_or(witness.dst, |p| p.packet.dst);
    let deciding = arrived.and_then(|p| narrowest(plane, &p.hops));
    let (sender, receiver) = match hop.way {
        Way::Up => (name(plane, from, witness.src), name(plane, to, seen)),
        Way::Down => (name(plane, from, seen), name(plane, to, witness.src)),
    };
    let relay = to.node(plane).or(from.node(plane));
    Ok(Some(LegRecord {
        from: sender,
        to: receiver,
        pushed: hop.way == Way::Up,
        witness,
        relay: relay.map(|n| n.kind.word().to_owned()),
        carries: hop.carried(),
        rule: deciding.as_ref().map(|(rule, _)| rule.clone()),
        place: deciding.map(|(_, place)| place),
    }))
}

/// The smallest thing with a name that an address belongs to.
fn name(plane: &Plane, party: &Party, address: IpAddr) -> String {
    let network: &Network = &plane.network;
    if let Some(node) = party.node(plane) {
        return node.id.to_string();
    }
    let segment = &plane.segments[party.segment.0].id;
    let holds = |ranges: &[AddressRange]| ranges.iter().any(|r| r.contains(address));
    let mut systems = network.systems.iter();
    let system = systems.find(|s| s.segment == *segment && holds(&s.addresses));
    let group = || {
        let mut groups = network.groups.iter();
        groups.find(|g| g.segment == *segment && holds(&network.group_addresses(g)))
    };
    system
        .map(|s| s.id.to_string())
        .or_else(|| group().map(|g| g.id.to_string()))
        .unwrap_or_else(|| segment.to_string())
}

/// Of the named rules that let a packet pass, the one that speaks of the fewest addresses.
fn narrowest(plane: &Plane, hops: &[HopRecord]) -> Option<(String, Place)> {
    let allowed = hops
        .iter()
        .filter(|h| matches!(h.decision, Decision::Allowed | Decision::Undecided));
    let named = allowed.filter_map(|h| match (&h.rule, &h.place) {
        (Some(rule), Some(place)) if !rule.is_empty() => Some((rule.clone(), place.clone())),
        _ => None,
    });
    let breadth = |place: &Place| {
        let mut rules = plane.filters.iter().flat_map(|f| &f.rules);
        let rule = rules.find(|r| r.place == *place);
        let size = |set: &utsushi_model::resolve::Resolved<AddressRange>| match set.negated {
            true => u128::MAX,
            false => set
                .items
                .iter()
                .fold(0, |n: u128, r| n.saturating_add(r.size())),
        };
        rule.map_or(u128::MAX, |r| {
            size(&r.condition.source).saturating_mul(size(&r.condition.destination))
        })
    };
    named.min_by_key(|(_, place)| breadth(place))
}

/// A chain as a finding.
pub(super) fn finding(
    legs: &mut Legs<'_>,
    parties: &[Party],
    (rule, wanted, certain): (&Rule, Wanted<'_>, bool),
    chain: &[Hop],
    guilt: &Guilt,
    state: &State,
) -> Result<Finding, SpaceFull> {
    let plane = legs.plane();
    let mut records = Vec::with_capacity(chain.len());
    for hop in chain {
        records.extend(record(legs, parties, hop)?);
    }
    let place = match guilt {
        Guilt::Relay(at) => plane.network.nodes.iter().nth(*at).map(|n| n.place.clone()),
        Guilt::Rule(place) => Some(place.clone()),
        Guilt::Open(..) => None,
    };
    let segment = |party: usize| {
        let id = &plane.segments[parties[party].segment.0].id;
        plane.network.segments.get(id)
    };
    let ends = chain.first().zip(chain.last());
    let from = ends.and_then(|(first, _)| segment(first.from));
    let to = ends.and_then(|(_, last)| segment(last.to));
    let label = |s: Option<&utsushi_model::network::Segment>| {
        s.map(|s| s.label.clone()).unwrap_or_default()
    };
    let (from_label, to_label) = (label(from), label(to));
    let each = chain.iter().map(Hop::carried);
    Ok(Finding {
        code: code(wanted, certain),
        severity: severity(rule.level, certain),
        first: state.index,
        last: state.index,
        rule: Some(rule.id.clone()),
        subject: Text::new(
            format!("{} → {}", from_label.ja, to_label.ja),
            format!("{} → {}", from_label.en, to_label.en),
        ),
        place: place
            .or_else(|| from.map(|s| s.place.clone()))
            .unwrap_or_else(Place::nowhere),
        evidence: Evidence::Chain {
            legs: records,
            carried: each.fold(Carried::RAW, Carried::then),
            classes: wanted.classes.to_vec(),
            through: wanted.through.to_vec(),
            also: Vec::new(),
        },
    })
}

fn code(wanted: Wanted<'_>, certain: bool) -> Code {
    match (certain, wanted.through.is_empty()) {
        (false, _) => Code::Undetermined,
        (true, true) => Code::Leak,
        (true, false) => Code::Detour,
    }
}

fn severity(level: Level, certain: bool) -> Severity {
    match (level, certain) {
        (Level::Must, true) => Severity::Error,
        (Level::Advice, _) => Severity::Note,
        (Level::Must | Level::Should, _) => Severity::Warning,
    }
}

/// Whether a finding already tells what a chain shows.
pub(super) fn tells(told: &Finding, chain: &Finding, legs: &[LegRecord]) -> bool {
    match &told.evidence {
        Evidence::Packets { violating, .. } => {
            matches!(
                told.code,
                Code::Forbidden | Code::StaleException | Code::Bypass | Code::Undetermined
            ) && legs
                .iter()
                .any(|leg| violating.iter().any(|b| holds(b, &leg.witness)))
        }
        Evidence::Facts { .. } => told.code == Code::DataOut && told.place == chain.place,
        Evidence::Chain { .. } => told.place == chain.place,
        _ => false,
    }
}

fn holds(set: &PacketBox, packet: &Packet) -> bool {
    let address = |ranges: &[AddressRange], a: IpAddr| ranges.iter().any(|r| r.contains(a));
    let number = packet.protocol.0;
    address(&set.src, packet.src)
        && address(&set.dst, packet.dst)
        && set
            .protocol
            .iter()
            .any(|p| (p.first..=p.last).contains(&number))
        && set.src_ports.iter().any(|p| p.contains(packet.src_port))
        && set.dst_ports.iter().any(|p| p.contains(packet.dst_port))
}
