//! The limitation test (限定) for exceptions: named ends, listed ports, an owner and a reason; where the rule asks
//! for it a device that logs, ends bound to MAC addresses or named host by host, a last day, certain services.

use super::logged::unlogged;
use super::{Seen, cause};
use crate::plane::Plane;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::Network;
use utsushi_model::policy::{AddressTerm, Name, Services};
use utsushi_model::resolve::{every_address, merged, without};
use utsushi_model::rule::{End, Exception, Hosts, Limit, Rule, RuleId};
use utsushi_model::service::{PortRange, Service};
use utsushi_model::text::Text;

/// What an exception is tested for.
pub(super) struct Test<'r> {
    /// The rules whose exceptions are looked at.
    pub(super) rules: &'r [RuleId],
    /// The most addresses on either side.
    pub(super) most: u32,
    /// What else they need.
    pub(super) needs: &'r [Limit],
    /// The only services they may name.
    pub(super) services: Option<&'r Services>,
}

/// Exceptions from the given rules that fail the test in a state in which they hold.
pub(super) fn check(
    migration: &Migration,
    state: &State,
    test: &Test<'_>,
    plane: &Plane,
) -> Vec<Seen> {
    let exceptions = migration.requirements.exceptions.iter();
    let concerned = exceptions
        .filter(|e| e.holds(state.date) && e.rules.iter().any(|r| test.rules.contains(r)));
    let mut out = Vec::new();
    for exception in concerned {
        let mut facts = reasons(&state.network, exception, test.most);
        facts.extend(further(&state.network, exception, test, plane));
        if !facts.is_empty() {
            out.push(Seen::facts(
                Code::WideException,
                Text::same(exception.id.as_str()),
                &exception.place,
                facts,
            ));
        }
    }
    out
}

/// Exceptions that had run out before the plan begins and are still written. One that ends on the way is
/// what an end is for; traffic that goes on after it breaks the rule, and is told with the exception.
pub(super) fn expired(migration: &Migration) -> Vec<Seen> {
    let Some(today) = migration.states.first() else {
        return Vec::new();
    };
    let exceptions = migration.requirements.exceptions.iter();
    let told = exceptions.filter_map(|exception| {
        let last = exception.until.filter(|last| *last < today.date)?;
        let fact = cause(
            format!("{last} に期限が切れており、もう何も認めない"),
            format!("it ran out on {last} and excuses nothing any more"),
            &exception.place,
        );
        Some(Seen::facts(
            Code::ExpiredException,
            Text::same(exception.id.as_str()),
            &exception.place,
            vec![fact],
        ))
    });
    told.collect()
}

/// Whether an exception from the rule that holds in this state speaks of all these addresses.
pub(super) fn excused(
    migration: &Migration,
    state: &State,
    rule: &Rule,
    hosts: &[AddressRange],
) -> bool {
    let mut own = migration
        .requirements
        .exceptions
        .iter()
        .filter(|e| e.holds(state.date) && e.rules.contains(&rule.id));
    own.any(|e| {
        let ends = e.flow.from.iter().chain(&e.flow.to);
        let meant: Vec<_> = ends
            .flat_map(|end| addresses(&state.network, end))
            .collect();
        !hosts.is_empty() && without(hosts.to_vec(), &meant).is_empty()
    })
}

fn reasons(network: &Network, exception: &Exception, most: u32) -> Vec<Cause> {
    let mut out = Vec::new();
    let mut say = |ja: String, en: String| out.push(cause(ja, en, &exception.place));
    for (ends, ja, en) in [
        (&exception.flow.from, "送信元", "source"),
        (&exception.flow.to, "宛先", "destination"),
    ] {
        let size = merged(ends.iter().flat_map(|e| addresses(network, e)).collect())
            .iter()
            .fold(0u128, |sum, r| sum.saturating_add(r.size()));
        if size > u128::from(most) {
            say(
                format!("{ja}が {most} アドレスを超えている"),
                format!("the {en} holds more than {most} addresses"),
            );
        }
    }
    if !lists_ports(network, exception) {
        say(
            "サービスが tcp/udp のポート番号で限定されていない".to_owned(),
            "the service is not limited to listed TCP or UDP ports".to_owned(),
        );
    }
    if exception.owner.trim().is_empty() {
        say(
            "責任者の記録がない".to_owned(),
            "no owner is recorded".to_owned(),
        );
    }
    if exception.reason.trim().is_empty() {
        say(
            "理由の記録がない".to_owned(),
            "no reason is recorded".to_owned(),
        );
    }
    out
}

/// What an exception lacks of what its rule asks for beyond the common test.
fn further(network: &Network, exception: &Exception, test: &Test<'_>, plane: &Plane) -> Vec<Cause> {
    let mut out = Vec::new();
    let mut say = |ja: String, en: String| out.push(cause(ja, en, &exception.place));
    if test.needs.contains(&Limit::Ends) && exception.until.is_none() {
        say("期限がない".to_owned(), "it has no last day".to_owned());
    }
    let ends = exception.flow.from.iter().chain(&exception.flow.to);
    let listed = ends.into_iter().all(|end| host_by_host(network, end));
    if test.needs.contains(&Limit::Bound) && !exception.mac_bound && !listed {
        say(
            "MACアドレスで限定されておらず、ホストの一覧でもない".to_owned(),
            "its ends are neither bound to MAC addresses nor listed host by host".to_owned(),
        );
    }
    if test.needs.contains(&Limit::Logged) {
        for (packet, _) in unlogged(plane, &exception.flow, None).into_iter().take(1) {
            let (src, dst, protocol) = (packet.src, packet.dst, packet.protocol);
            let port = packet.dst_port;
            say(
                format!("{src} → {dst} {protocol}/{port} を通す機器が、どれも記録していない"),
                format!("no device that lets {src} → {dst} {protocol}/{port} pass logs it"),
            );
        }
    }
    if let Some(services) = test.services {
        let may = network.service_terms(services).items;
        let asked = network.service_terms(&exception.flow.services).items;
        let within = |s: &Service| may.iter().any(|m| covers(m, s));
        for service in asked.iter().filter(|s| !within(s)) {
            say(
                format!("{service} は、認められたサービスではない"),
                format!("{service} is not among the services that are allowed"),
            );
        }
    }
    out
}

fn covers(wide: &Service, narrow: &Service) -> bool {
    (wide.protocol.is_none() || wide.protocol == narrow.protocol)
        && wide.ports.first <= narrow.ports.first
        && narrow.ports.last <= wide.ports.last
}

/// Whether an end names hosts rather than whole segments or zones.
fn host_by_host(network: &Network, end: &End) -> bool {
    let End::Addresses(set) = end else {
        return false;
    };
    let whole = |name: &Name| {
        let group = network.groups.get(&Id::new(Name::clone(name)));
        network.segments.contains(&Id::new(Name::clone(name)))
            || network.zones.contains(&Id::new(Name::clone(name)))
            || group.is_some_and(|g| g.addresses.is_empty())
    };
    !set.negated
        && set.terms.iter().all(|term| match term {
            AddressTerm::Range(_) => true,
            AddressTerm::Named(name) => !whole(name),
            AddressTerm::Any | AddressTerm::HostName(_) => false,
        })
}

fn lists_ports(network: &Network, exception: &Exception) -> bool {
    let services = network.service_terms(&exception.flow.services);
    let listed =
        |s: &Service| s.protocol.is_some_and(|p| p.has_ports()) && s.ports != PortRange::ALL;
    !services.negated
        && services.undecided.is_empty()
        && !services.items.is_empty()
        && services.items.iter().all(listed)
}

/// The addresses an end of an exception means; a role's or zone's hosts are looked up segment by segment.
pub(super) fn addresses(network: &Network, end: &End) -> Vec<AddressRange> {
    let of_zone = |belongs: &dyn Fn(&utsushi_model::network::Segment) -> bool,
                   hosts: &Hosts|
     -> Vec<AddressRange> {
        let segments = network.segments.iter().filter(|s| belongs(s));
        segments.flat_map(|s| hosts_of(network, s, hosts)).collect()
    };
    match end {
        End::Role(role, hosts) => of_zone(
            &|s| network.zones.get(&s.zone).is_some_and(|z| z.role == *role),
            hosts,
        ),
        End::Zone(zone, hosts) => of_zone(&|s| s.zone == *zone, hosts),
        End::Addresses(set) => {
            let found = network.addresses(set);
            if found.negated {
                without(every_address().to_vec(), &found.items)
            } else {
                found.items
            }
        }
    }
}

fn hosts_of(
    network: &Network,
    segment: &utsushi_model::network::Segment,
    hosts: &Hosts,
) -> Vec<AddressRange> {
    match hosts {
        Hosts::Relays | Hosts::Relay(_) => {
            let here = network
                .nodes
                .iter()
                .filter_map(|n| n.endpoint.as_ref())
                .filter(|e| e.segment == segment.id);
            here.flat_map(|e| e.addresses.clone()).collect()
        }
        Hosts::LgwanDependent => {
            let here = network
                .systems
                .iter()
                .filter(|s| s.segment == segment.id && s.lgwan_dependent);
            here.flat_map(|s| s.addresses.clone()).collect()
        }
        Hosts::System(function) => {
            let here = network
                .systems
                .iter()
                .filter(|s| s.segment == segment.id && s.function == Some(*function));
            here.flat_map(|s| s.addresses.clone()).collect()
        }
        Hosts::Class(class) => {
            let here = network
                .groups
                .iter()
                .filter(|g| g.segment == segment.id && g.class == *class);
            here.flat_map(|g| network.group_addresses(g)).collect()
        }
        Hosts::All | Hosts::Terminals | Hosts::Others => network.segment_addresses(segment),
    }
}
