//! The limitation test (限定) for exceptions: named ends, listed ports, an owner and a reason.

use super::{Seen, cause};
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::Network;
use utsushi_model::resolve::{every_address, merged, without};
use utsushi_model::rule::{End, Exception, Hosts, RuleId};
use utsushi_model::service::PortRange;
use utsushi_model::text::Text;

/// Exceptions from the given rules that fail the test in a state in which they hold.
pub(super) fn check(
    migration: &Migration,
    state: &State,
    rules: &[RuleId],
    most: u32,
) -> Vec<Seen> {
    let exceptions = migration.requirements.exceptions.iter();
    let concerned =
        exceptions.filter(|e| e.holds(state.date) && e.rules.iter().any(|r| rules.contains(r)));
    let mut out = Vec::new();
    for exception in concerned {
        let facts = reasons(&state.network, exception, most);
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

fn lists_ports(network: &Network, exception: &Exception) -> bool {
    let services = network.service_terms(&exception.flow.services);
    let listed = |s: &utsushi_model::service::Service| {
        s.protocol.is_some_and(|p| p.has_ports()) && s.ports != PortRange::ALL
    };
    !services.negated
        && services.undecided.is_empty()
        && !services.items.is_empty()
        && services.items.iter().all(listed)
}

/// The addresses an end of an exception means; a role's or zone's hosts are looked up segment by segment.
fn addresses(network: &Network, end: &End) -> Vec<AddressRange> {
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
