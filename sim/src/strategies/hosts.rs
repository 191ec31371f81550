//! Host groups and business systems of a random network.
//!
//! Goes in: a network with segments, and raw numbers. Comes out: groups and systems at addresses inside
//! their segments, no two systems at the same address.

use super::blueprint::Blueprint;
use super::choices::Choices;
use super::topology::small;
use std::collections::BTreeSet;
use utsushi_model::address::AddressRange;
use utsushi_model::attestation::Assurance;
use utsushi_model::id::Id;
use utsushi_model::network::{
    Confidentiality, HostClass, HostGroup, Measures, Network, Pattern, Segment, System,
};
use utsushi_model::place::Place;
use utsushi_model::service::Service;
use utsushi_model::text::Text;

const CLASSES: [HostClass; 7] = [
    HostClass::General,
    HostClass::MyNumber,
    HostClass::Dedicated,
    HostClass::InternetOnly,
    HostClass::Telework,
    HostClass::Device,
    HostClass::Server,
];

/// Adds groups and systems to a network that has its segments.
pub(super) fn add(blueprint: &Blueprint, network: &mut Network) {
    let segments: Vec<Segment> = network.segments.iter().cloned().collect();
    for (i, raw) in blueprint.groups.iter().enumerate() {
        if let Some(group) = group(&segments, i, &mut Choices::new(raw)) {
            network.groups.put(group);
        }
    }
    let mut taken = BTreeSet::new();
    for (i, raw) in blueprint.systems.iter().enumerate() {
        if let Some(system) = system(&segments, i, &mut taken, &mut Choices::new(raw)) {
            network.systems.put(system);
        }
    }
}

/// Some first addresses of a segment.
pub(super) fn addresses(segment: &Segment, choices: &mut Choices<'_>) -> Option<AddressRange> {
    let whole = AddressRange::prefix(choices.of(&segment.prefixes)?);
    let begin = u128::try_from(choices.below(4)).ok()?.min(whole.size() - 1);
    let more = u128::try_from(choices.below(6)).ok()?;
    let first = whole.first() + begin;
    AddressRange::between(first, (first + more).min(whole.last()))
}

fn group(segments: &[Segment], i: usize, choices: &mut Choices<'_>) -> Option<HostGroup> {
    let segment = choices.of(segments)?;
    let range = addresses(segment, choices);
    Some(HostGroup {
        id: Id::new(format!("group{i}")),
        label: Text::same(format!("group{i}")),
        segment: segment.id.clone(),
        addresses: range
            .filter(|_| !segment.external && choices.percent(50))
            .into_iter()
            .collect(),
        count: u32::from(small(1 + choices.below(300))),
        class: choices.of(&CLASSES).copied()?,
        zone: None,
        measures: Measures::default(),
        access: None,
        assurance: Assurance::default(),
        also: Vec::new(),
        place: Place::nowhere(),
    })
}

fn system(
    segments: &[Segment],
    i: usize,
    taken: &mut BTreeSet<AddressRange>,
    choices: &mut Choices<'_>,
) -> Option<System> {
    let inside: Vec<&Segment> = segments.iter().filter(|s| !s.external).collect();
    let segment = choices.of(&inside)?;
    let first = addresses(segment, choices)?.first_address();
    let host = AddressRange::host(first);
    if !taken.insert(host) {
        return None;
    }
    Some(System {
        id: Id::new(format!("system{i}")),
        label: Text::same(format!("system{i}")),
        segment: segment.id.clone(),
        addresses: vec![host],
        services: vec![Service::tcp(443)],
        pattern: Pattern::Convert,
        confidentiality: Confidentiality::Two,
        resident_information: choices.percent(30),
        lgwan_dependent: choices.percent(30),
        screen_transfer: choices.percent(50),
        assurance: Assurance::default(),
        function: None,
        also: Vec::new(),
        place: Place::nowhere(),
    })
}
