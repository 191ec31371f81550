//! What rules ask of hosts and systems themselves: measures in force (I-MN-07, I-IN-06, I-IN-09), no information
//! on residents where none may be kept (I-LI-19), a proxy of their own zone (I-TX-06).

use super::exceptions::excused;
use super::{Seen, cause};
use std::collections::BTreeMap;
use utsushi_model::access::AccessTable;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::{HostGroup, Measures, Network, Node, NodeKind, ZoneRole};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{Hosts, Measure, Rule};
use utsushi_model::text::Text;

/// The role of the zone that a host group belongs to, its own or its segment's.
pub(super) fn role_of(network: &Network, group: &HostGroup) -> Option<ZoneRole> {
    let segment = network.segments.get(&group.segment);
    let zone = group.zone.as_ref().or(segment.map(|s| &s.zone))?;
    network.zones.get(zone).map(|z| z.role)
}

/// Host groups without a measure that the rule asks for; at best it is attested that all have it.
pub(super) fn measures(
    state: &State,
    roles: &[ZoneRole],
    hosts: &Hosts,
    needs: &[Measure],
) -> (Verdict, Vec<Seen>) {
    let network = &state.network;
    let mut asked = 0usize;
    let mut out = Vec::new();
    for group in network.groups.iter() {
        let here = role_of(network, group).is_some_and(|role| roles.contains(&role));
        if !here || !meant(group, hosts) || group.count == 0 {
            continue;
        }
        asked += 1;
        let missing: Vec<Measure> = needs
            .iter()
            .copied()
            .filter(|need| !in_force(group.measures, *need))
            .collect();
        if !missing.is_empty() {
            out.push(without(group, &missing));
        }
    }
    let verdict = match (out.is_empty(), asked) {
        (false, _) => Verdict::Broken,
        (true, 0) => Verdict::Proved,
        (true, _) => Verdict::Attested,
    };
    (verdict, out)
}

fn meant(group: &HostGroup, hosts: &Hosts) -> bool {
    match hosts {
        Hosts::All => true,
        Hosts::Terminals => group.class.is_terminal(),
        Hosts::Others => !group.class.is_terminal(),
        Hosts::Class(class) => group.class == *class,
        Hosts::Relays | Hosts::Relay(_) | Hosts::LgwanDependent | Hosts::System(_) => false,
    }
}

fn in_force(measures: Measures, need: Measure) -> bool {
    match need {
        Measure::Edr => measures.edr,
        Measure::Patched => measures.patched,
        Measure::TwoFactors => measures.two_factors,
        Measure::MediaBlocked => measures.media_blocked,
    }
}

fn without(group: &HostGroup, missing: &[Measure]) -> Seen {
    let facts = missing.iter().map(|need| {
        let (ja, en) = match need {
            Measure::Edr => (
                "EDRが導入されていない",
                "have no endpoint detection and response",
            ),
            Measure::Patched => ("パッチが適用されていない", "are not patched"),
            Measure::TwoFactors => ("多要素認証になっていない", "log on without a second factor"),
            Measure::MediaBlocked => ("外部媒体が禁止されていない", "accept removable media"),
        };
        cause(
            format!("端末群 `{}`（{} 台）で{ja}", group.id, group.count),
            format!("the {} hosts of group `{}` {en}", group.count, group.id),
            &group.place,
        )
    });
    let facts: Vec<Cause> = facts.collect();
    Seen::facts(
        Code::MissingMeasure,
        group.label.clone(),
        &group.place,
        facts,
    )
}

/// Systems with information on residents in zones of these roles that no exception speaks of.
pub(super) fn residents(
    migration: &Migration,
    state: &State,
    rule: &Rule,
    roles: &[ZoneRole],
) -> Vec<Seen> {
    let network = &state.network;
    let mut out = Vec::new();
    for system in network.systems.iter().filter(|s| s.resident_information) {
        let zone = network.segments.get(&system.segment).map(|s| &s.zone);
        let Some(zone) = zone.and_then(|z| network.zones.get(z)) else {
            continue;
        };
        if !roles.contains(&zone.role) || excused(migration, state, rule, &system.addresses) {
            continue;
        }
        let fact = cause(
            format!("業務システム `{}` は「{}」にある", system.id, zone.label.ja),
            format!("system `{}` stands in the {}", system.id, zone.label.en),
            &system.place,
        );
        out.push(Seen::facts(
            Code::ResidentInformation,
            system.label.clone(),
            &system.place,
            vec![fact],
        ));
    }
    out
}

/// Access tables that send terminals to a proxy of another zone than their own.
pub(super) fn proxies(state: &State) -> Vec<Seen> {
    let network = &state.network;
    let mut out = Vec::new();
    for table in network.access.iter() {
        let users = network
            .groups
            .iter()
            .filter(|g| g.class.is_terminal() && g.access.as_ref() == Some(&table.id));
        let mut by_role: BTreeMap<ZoneRole, Vec<&HostGroup>> = BTreeMap::new();
        for group in users {
            if let Some(role) = role_of(network, group) {
                by_role.entry(role).or_default().push(group);
            }
        }
        for (role, groups) in by_role {
            out.extend(strange(network, table, role, &groups));
        }
    }
    out
}

fn strange(
    network: &Network,
    table: &AccessTable,
    role: ZoneRole,
    groups: &[&HostGroup],
) -> Option<Seen> {
    let place_of = |node: &Node| {
        let endpoint = node.endpoint.as_ref()?;
        let zone = &network.segments.get(&endpoint.segment)?.zone;
        network.zones.get(zone)
    };
    // Every relay that is named counts, also one that is tried only when those before it do not answer.
    let ways = table.entries.iter();
    let mut ways = ways.flat_map(|entry| entry.way.relays().iter().map(move |id| (entry, id)));
    let (entry, node, zone) = ways.find_map(|(entry, id)| {
        let node = network.nodes.get(id)?;
        let zone = place_of(node)?;
        let wrong = matches!(node.kind, NodeKind::Proxy(_)) && zone.role != role;
        wrong.then_some((entry, node, zone))
    })?;
    let hosts: u64 = groups.iter().map(|g| u64::from(g.count)).sum();
    let first = groups.first()?;
    let fact = cause(
        format!(
            "端末群 `{}` など {hosts} 台を、「{}」のプロキシ `{}` へ向けている",
            first.id, zone.label.ja, node.id
        ),
        format!(
            "it sends {hosts} hosts (`{}` first) to proxy `{}` in the {}",
            first.id, node.id, zone.label.en
        ),
        &first.place,
    );
    let subject = Text::same(table.id.as_str());
    Some(Seen::facts(
        Code::WrongProxy,
        subject,
        &entry.place,
        vec![fact],
    ))
}
