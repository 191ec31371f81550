//! Address translation as rules of `nft`.
//!
//! Goes in: the translations of a node. Comes out: the two chains of type `nat`. A translation applies to the
//! first packet of a session; Linux undoes it for the answers at the same two stations.

use super::matching::{Alternative, Point, matches};
use super::{LEFT_OUT, Table, comment, rules};
use crate::Lab;
use crate::route::Family;
use std::fmt::Write;
use utsushi_model::address::{AddressRange, address_at};
use utsushi_sim::plane::NodePlane;
use utsushi_sim::plane::condition::{NatStep, Rewrite};
use utsushi_sim::plane::step::FIRST_TRANSLATED_PORT;

/// The largest block that is written address by address where its ends are no prefixes.
pub(crate) const LARGEST_BLOCK: u128 = 4096;

impl Table {
    pub(super) fn destination(&mut self, lab: &Lab<'_>, device: &NodePlane) {
        let body = steps(lab, &device.destination_nat, Point::Arriving);
        if !device.destination_nat.is_empty() {
            self.hook("receiver", "nat", "prerouting", -100, &body);
        }
    }

    pub(super) fn source(&mut self, lab: &Lab<'_>, device: &NodePlane) {
        let body = steps(lab, &device.source_nat, Point::Leaving);
        if !device.source_nat.is_empty() {
            self.hook("sender", "nat", "postrouting", 100, &body);
        }
    }
}

/// The translations of one kind, in order.
fn steps(lab: &Lab<'_>, steps: &[NatStep], point: Point) -> String {
    let mut body = String::new();
    for step in steps {
        let _ = writeln!(body, "    # {}", comment(&step.name));
        if !step.condition.is_certain() {
            body += LEFT_OUT;
            continue;
        }
        // A block moves its own addresses only, so a condition on all others never translates.
        if matches!(step.rewrite, Rewrite::Block(..)) && step.condition.destination.negated {
            continue;
        }
        let found: Vec<Alternative> = matches(lab, &step.condition, point)
            .into_iter()
            .flat_map(|alternative| for_each_family(alternative, &step.rewrite))
            .collect();
        rules(&mut body, &found, |alternative| {
            actions(alternative, &step.rewrite)
        });
    }
    body
}

/// An alternative for each family in which the translation has an address; it passes the other by.
fn for_each_family(alternative: Alternative, rewrite: &Rewrite) -> Vec<Alternative> {
    if *rewrite == Rewrite::Keep {
        return vec![alternative];
    }
    let wanted = |family: &Family| {
        let own = alternative.family.is_none_or(|own| own == *family);
        own && target(rewrite, *family).is_some()
    };
    let families = Family::ALL.into_iter().filter(wanted);
    families
        .map(|family| Alternative {
            family: Some(family),
            ..alternative.clone()
        })
        .collect()
}

/// The addresses that a translation has in a family. Of a pool the lab uses the first address: the choice is
/// the device's, and this is one it may make.
fn target(rewrite: &Rewrite, family: Family) -> Option<AddressRange> {
    let own = |range: &AddressRange| family.whole().covers(*range);
    match rewrite {
        Rewrite::Source(pool) => pool.iter().copied().find(own),
        Rewrite::Address(to, _) | Rewrite::Block(_, to) => Some(*to).filter(own),
        Rewrite::Keep => None,
    }
}

/// What is done with a match. TCP and UDP are told apart from the rest where ports are at stake.
fn actions(alternative: &Alternative, rewrite: &Rewrite) -> Vec<String> {
    let Some((family, to)) = alternative
        .family
        .and_then(|f| Some((f, target(rewrite, f)?)))
    else {
        return vec!["accept".to_owned()];
    };
    let (ip, address) = match family {
        Family::V4 => ("ip", to.first_address().to_string()),
        Family::V6 => ("ip6", format!("[{}]", to.first_address())),
    };
    let bare = to.first_address();
    match rewrite {
        Rewrite::Keep => vec!["accept".to_owned()],
        Rewrite::Source(_) => with_ports(
            alternative,
            &format!("snat {ip} to {address}:{FIRST_TRANSLATED_PORT}-65535"),
            &format!("snat {ip} to {bare}"),
        ),
        Rewrite::Address(_, None) => vec![format!("dnat {ip} to {bare}")],
        Rewrite::Address(_, Some(port)) => with_ports(
            alternative,
            &format!("dnat {ip} to {address}:{port}"),
            &format!("dnat {ip} to {bare}"),
        ),
        Rewrite::Block(from, to) => block(ip, *from, *to).into_iter().collect(),
    }
}

/// One action for protocols with ports, another for those without.
fn with_ports(alternative: &Alternative, ported: &str, bare: &str) -> Vec<String> {
    match alternative.protocol {
        Some(6 | 17) => vec![ported.to_owned()],
        Some(_) => vec![bare.to_owned()],
        None => vec![
            format!("meta l4proto {{ tcp, udp }} {ported}"),
            format!("meta l4proto != {{ tcp, udp }} {bare}"),
        ],
    }
}

/// A block moved to another: as prefixes where both are, else address by address.
fn block(ip: &str, from: AddressRange, to: AddressRange) -> Option<String> {
    let aligned = |range: AddressRange| {
        let size = range.size();
        size.is_power_of_two() && range.first() & (size - 1) == 0
    };
    if aligned(from) && aligned(to) {
        return Some(format!(
            "dnat {ip} prefix to {ip} daddr map {{ {from} : {to} }}"
        ));
    }
    if from.size() > LARGEST_BLOCK {
        return None;
    }
    let pairs = (0..from.size()).map(|offset| {
        let [a, b] = [from, to].map(|range| address_at(range.first() + offset));
        format!("{a} : {b}")
    });
    let pairs: Vec<String> = pairs.collect();
    Some(format!(
        "dnat {ip} to {ip} daddr map {{ {} }}",
        pairs.join(", ")
    ))
}

/// Whether the lab can show a translation of a block.
pub(crate) fn can_show(rewrite: &Rewrite) -> bool {
    match rewrite {
        Rewrite::Block(from, to) => block("ip", *from, *to).is_some(),
        _ => true,
    }
}
