//! Hosts that are connected to zones of two roles (I-TX-11), and shared hypervisors whose management plane is
//! within reach of what they separate (I-TX-10).
//!
//! No packet of the model passes from one side of such a host to the other: hosts do not route. Whoever
//! takes one over is on both sides at once, so only relays that are made for it may stand there.

use super::exceptions::excused;
use super::{Seen, cause};
use std::collections::BTreeSet;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::{Attachment, Connection, Network, NodeKind, SegmentId, Zone, ZoneId};
use utsushi_model::place::Place;
use utsushi_model::rule::Rule;
use utsushi_model::text::Text;

/// Anything that is connected to more than one segment.
struct Host<'n> {
    name: &'n str,
    label: &'n Text,
    zone: Option<&'n ZoneId>,
    segment: &'n SegmentId,
    addresses: Vec<AddressRange>,
    also: &'n [Attachment],
    /// A relay that is made to stand between zones.
    waypoint: bool,
    place: &'n Place,
}

fn hosts(network: &Network) -> impl Iterator<Item = Host<'_>> {
    let groups = network.groups.iter().map(|g| Host {
        name: g.id.as_str(),
        label: &g.label,
        zone: g.zone.as_ref(),
        segment: &g.segment,
        addresses: network.group_addresses(g),
        also: &g.also,
        waypoint: false,
        place: &g.place,
    });
    let systems = network.systems.iter().map(|s| Host {
        name: s.id.as_str(),
        label: &s.label,
        zone: None,
        segment: &s.segment,
        addresses: s.addresses.clone(),
        also: &s.also,
        waypoint: false,
        place: &s.place,
    });
    let relays = network.nodes.iter().filter_map(|n| {
        let endpoint = n.endpoint.as_ref()?;
        Some(Host {
            name: n.id.as_str(),
            label: &n.label,
            zone: None,
            segment: &endpoint.segment,
            addresses: endpoint.addresses.clone(),
            also: &endpoint.also,
            waypoint: matches!(
                n.kind,
                NodeKind::ScreenRelay(_) | NodeKind::Sanitiser(_) | NodeKind::MailRelay(_)
            ),
            place: &n.place,
        })
    });
    let all = groups.chain(systems).chain(relays);
    all.filter(|host| !host.also.is_empty())
}

fn zone_of<'n>(network: &'n Network, segment: &SegmentId) -> Option<&'n Zone> {
    let segment = network.segments.get(segment)?;
    network.zones.get(&segment.zone)
}

fn home<'n>(network: &'n Network, host: &Host<'_>) -> Option<&'n Zone> {
    match host.zone {
        Some(zone) => network.zones.get(zone),
        None => zone_of(network, host.segment),
    }
}

/// Hosts with a foot in zones of two roles that are no listed waypoint.
pub(super) fn bridging(migration: &Migration, state: &State, rule: &Rule) -> Vec<Seen> {
    let network = &state.network;
    let mut out = Vec::new();
    for host in hosts(network).filter(|h| !h.waypoint) {
        let Some(own) = home(network, &host) else {
            continue;
        };
        let feet = host.also.iter().filter(|a| a.by != Connection::PortGroup);
        let facts: Vec<Cause> = feet
            .filter_map(|a| Some((a, zone_of(network, &a.segment)?)))
            .filter(|(_, zone)| zone.role != own.role)
            .map(|(a, zone)| foot(&host, a, own, zone))
            .collect();
        if !facts.is_empty() && !excused(migration, state, rule, &host.addresses) {
            out.push(Seen::facts(
                Code::Bridge,
                host.label.clone(),
                host.place,
                facts,
            ));
        }
    }
    out
}

fn foot(host: &Host<'_>, at: &Attachment, own: &Zone, other: &Zone) -> Cause {
    let (ja, en) = match at.by {
        Connection::Nic | Connection::PortGroup => ("別のポート", "a second port"),
        Connection::Tether => ("USBテザリング", "a USB tether"),
        Connection::Vpn => ("VPN", "a VPN tunnel"),
    };
    cause(
        format!(
            "「{}」の `{}` が、{ja}で「{}」の `{}` にもつながっている",
            own.label.ja, host.name, other.label.ja, at.segment
        ),
        format!(
            "`{}` of {} is also connected to `{}` of {} by {en}",
            host.name, own.label.en, at.segment, other.label.en
        ),
        host.place,
    )
}

/// Shared hypervisors that are managed from a zone of one of their own guests.
pub(super) fn hypervisors(migration: &Migration, state: &State, rule: &Rule) -> Vec<Seen> {
    let network = &state.network;
    let mut out = Vec::new();
    for host in hosts(network) {
        let groups = host.also.iter().filter(|a| a.by == Connection::PortGroup);
        let guests: Vec<&Zone> = groups
            .filter_map(|a| zone_of(network, &a.segment))
            .collect();
        let roles: BTreeSet<_> = guests.iter().map(|z| z.role).collect();
        let Some(plane) = home(network, &host).filter(|z| roles.contains(&z.role)) else {
            continue;
        };
        if roles.len() < 2 || excused(migration, state, rule, &host.addresses) {
            continue;
        }
        let others = guests.iter().filter(|z| z.role != plane.role);
        let facts = others.map(|zone| {
            cause(
                format!(
                    "共用基盤 `{}` の管理系は「{}」にあり、「{}」の仮想サーバも載せている",
                    host.name, plane.label.ja, zone.label.ja
                ),
                format!(
                    "shared host `{}` is managed from {} and carries guests of {}",
                    host.name, plane.label.en, zone.label.en
                ),
                host.place,
            )
        });
        let facts: Vec<Cause> = facts.collect();
        out.push(Seen::facts(
            Code::Bridge,
            host.label.clone(),
            host.place,
            facts,
        ));
    }
    out
}
