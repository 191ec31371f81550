//! What labels alone tell: two zones in one prefix, addresses used twice, a relay that lets data out.

use super::{Seen, cause};
use std::collections::BTreeMap;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::State;
use utsushi_model::network::{Clipboard, Network, NodeKind, Segment, ZoneId, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::report::Verdict;
use utsushi_model::text::Text;

/// Segments whose members belong to zones of different roles (I-TX-02): what is switched is not filtered.
pub(super) fn mixed(state: &State) -> Vec<Seen> {
    let network = &state.network;
    let mut out = Vec::new();
    for segment in network.segments.iter() {
        let strangers: Vec<Cause> = network
            .groups
            .iter()
            .filter(|g| g.segment == segment.id)
            .filter_map(|g| g.zone.as_ref().map(|zone| (g, zone)))
            .filter(|(_, zone)| role_of(network, zone) != role_of(network, &segment.zone))
            .map(|(group, zone)| {
                let (own, theirs) = (label(network, &segment.zone), label(network, zone));
                cause(
                    format!(
                        "「{}」のセグメントに「{}」の端末群 `{}`（{} 台）がある",
                        own.ja, theirs.ja, group.id, group.count
                    ),
                    format!(
                        "host group `{}` ({} hosts) belongs to {} while its segment belongs to {}",
                        group.id, group.count, theirs.en, own.en
                    ),
                    &group.place,
                )
            })
            .collect();
        if let Some(first) = strangers.first() {
            let place = first.place.clone();
            out.push(Seen::facts(
                Code::MixedSegment,
                segment.label.clone(),
                &place,
                strangers,
            ));
        }
    }
    out
}

fn role_of(network: &Network, zone: &ZoneId) -> Option<ZoneRole> {
    network.zones.get(zone).map(|z| z.role)
}

fn label(network: &Network, zone: &ZoneId) -> Text {
    network
        .zones
        .get(zone)
        .map(|z| z.label.clone())
        .unwrap_or_default()
}

/// Addresses that several segments use behind translation.
pub(super) fn reused(state: &State) -> Vec<Seen> {
    let network = &state.network;
    let mut groups: BTreeMap<AddressRange, Vec<&Segment>> = BTreeMap::new();
    let inner = || network.segments.iter().filter(|s| !s.external);
    for segment in inner() {
        for prefix in segment.prefixes.iter().map(AddressRange::prefix) {
            let others = inner().filter(|o| {
                o.id != segment.id
                    && o.prefixes
                        .iter()
                        .any(|p| AddressRange::prefix(p).overlaps(prefix))
            });
            let mut all: Vec<&Segment> = others.collect();
            if !all.is_empty() {
                all.push(segment);
                all.sort_by_key(|s| network.segments.position(&s.id));
                let group = groups.entry(prefix).or_default();
                group.extend(all);
                group.sort_by_key(|s| network.segments.position(&s.id));
                group.dedup_by_key(|s| s.id.clone());
            }
        }
    }
    let nested: Vec<(AddressRange, Vec<&Segment>)> =
        groups.iter().map(|(p, m)| (*p, m.clone())).collect();
    groups
        .into_iter()
        .filter(|(prefix, members)| !told_by_parts(*prefix, members, &nested))
        .map(|(prefix, members)| overlap(network, prefix, &members))
        .collect()
}

/// Whether the prefixes inside a wider one tell of all its members already.
fn told_by_parts(
    wide: AddressRange,
    members: &[&Segment],
    all: &[(AddressRange, Vec<&Segment>)],
) -> bool {
    let inside = all.iter().filter(|(p, _)| *p != wide && wide.covers(*p));
    let told: Vec<_> = inside.flat_map(|(_, m)| m.iter().map(|s| &s.id)).collect();
    members.iter().all(|s| told.contains(&&s.id))
}

fn overlap(network: &Network, prefix: AddressRange, members: &[&Segment]) -> Seen {
    let facts: Vec<Cause> = members
        .iter()
        .map(|s| {
            let site = network
                .sites
                .get(&s.site)
                .map(|site| site.label.clone())
                .unwrap_or_default();
            cause(
                format!("`{}`（{}）が {prefix} を使っている", s.id, site.ja),
                format!("`{}` ({}) uses {prefix}", s.id, site.en),
                &s.place,
            )
        })
        .collect();
    let place = facts
        .get(1)
        .map_or_else(Place::nowhere, |f| f.place.clone());
    Seen::facts(
        Code::ReusedPrefix,
        Text::same(prefix.to_string()),
        &place,
        facts,
    )
}

/// Whether screen-transfer relays of a role let data out. No packet shows it, so at best it is attested.
pub(super) fn no_data_out(state: &State, role: ZoneRole) -> (Verdict, Vec<Seen>) {
    let network = &state.network;
    let mut relays = 0usize;
    let mut out = Vec::new();
    for node in network.nodes.iter() {
        let (NodeKind::ScreenRelay(relay), Some(endpoint)) = (&node.kind, &node.endpoint) else {
            continue;
        };
        let zone = network
            .segments
            .get(&endpoint.segment)
            .and_then(|s| role_of(network, &s.zone));
        if zone != Some(role) {
            continue;
        }
        relays += 1;
        if matches!(relay.clipboard, Clipboard::Outward | Clipboard::Open) {
            let fact = cause(
                format!(
                    "画面転送 `{}` のクリップボード設定が `{:?}` で、公開側のデータを端末へ持ち出せる",
                    node.id, relay.clipboard
                ),
                format!(
                    "the clipboard of screen-transfer relay `{}` is `{:?}`: data leaves the published side",
                    node.id, relay.clipboard
                ),
                &node.place,
            );
            out.push(Seen::facts(
                Code::DataOut,
                node.label.clone(),
                &node.place,
                vec![fact],
            ));
        }
    }
    let verdict = match (out.is_empty(), relays) {
        (false, _) => Verdict::Broken,
        (true, 0) => Verdict::Proved,
        (true, _) => Verdict::Attested,
    };
    (verdict, out)
}
