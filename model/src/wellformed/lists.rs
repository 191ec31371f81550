//! Names and prefixes that must be unique within one node.
//!
//! Goes in: a network. What can go wrong: two rules of one list, two translations, policy routes, device
//! zones or routes of one node with the same name; a rule whose dates run backwards.

use super::Found;
use super::say::{DEVICE_ZONE, NAT, POLICY, ROUTE, RULE, Thing, Words, first_here};
use crate::date::Date;
use crate::finding::Code;
use crate::network::{Network, Node, NodeKind};
use crate::place::Place;
use crate::policy::FilterRule;
use crate::problem::Problem;
use crate::text::Text;
use std::collections::HashMap;
use std::hash::Hash;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    for node in network.nodes.iter() {
        for filter in &node.forwarding.filters {
            list(node, filter.all_rules(), found);
        }
        if let NodeKind::Proxy(proxy) = &node.kind {
            list(node, proxy.rules.iter(), found);
        }
        others(node, found);
    }
}

fn list<'n>(
    node: &Node,
    rules: impl Iterator<Item = &'n FilterRule> + Clone,
    found: &mut Vec<Found>,
) {
    let items = rules.clone().map(|r| (&*r.name, &r.place));
    unique(node, RULE, items, |name| (*name).to_owned(), found);
    for rule in rules {
        let thing = Thing::new(RULE, &*rule.name, &rule.place).on(node.id.as_str());
        let schedule = rule.schedule;
        let wrong = backwards(&thing, schedule.from, schedule.until)
            .or_else(|| backwards(&thing, schedule.from, rule.expires));
        found.extend(wrong.map(Found::from));
    }
}

/// A period that ends before it begins.
pub(super) fn backwards(
    thing: &Thing<'_>,
    from: Option<Date>,
    until: Option<Date>,
) -> Option<Problem> {
    let (from, until) = (from?, until?);
    (until < from).then(|| {
        thing
            .problem(
                Code::DateOrder,
                format_args!("の終わり {until} が始まり {from} より早い"),
                format_args!("ends on {until}, before it begins on {from}"),
            )
            .help(Text::new("日付の順を直す", "put the dates in order"))
    })
}

fn others(node: &Node, found: &mut Vec<Found>) {
    let own = &node.forwarding;
    let nat = own.nat.iter().map(|r| (&*r.name, &r.place));
    unique(node, NAT, nat, |name| (*name).to_owned(), found);
    let policies = own.policies.iter().map(|r| (&*r.name, &r.place));
    unique(node, POLICY, policies, |name| (*name).to_owned(), found);
    let zones = own.zones.iter().map(|(name, _)| (&**name, &node.place));
    unique(node, DEVICE_ZONE, zones, |name| (*name).to_owned(), found);
    let statics = own.statics.iter().map(|r| ((&*r.vrf, r.prefix), &r.place));
    unique(
        node,
        ROUTE,
        statics,
        |(_, prefix)| prefix.to_string(),
        found,
    );
    let announced = own
        .originates
        .iter()
        .map(|(v, p)| ((&**v, *p), &node.place));
    let words = ("広告経路", "announced route");
    unique(
        node,
        words,
        announced,
        |(_, prefix)| prefix.to_string(),
        found,
    );
}

fn unique<'n, K: Hash + Eq>(
    node: &Node,
    kind: Words,
    items: impl Iterator<Item = (K, &'n Place)>,
    name: impl Fn(&K) -> String,
    found: &mut Vec<Found>,
) {
    let mut seen: HashMap<K, &Place> = HashMap::new();
    for (key, place) in items {
        let Some(first) = seen.get(&key) else {
            seen.insert(key, place);
            continue;
        };
        let problem = Thing::new(kind, name(&key), place)
            .on(node.id.as_str())
            .problem(Code::DuplicateName, "が二つある", "is there twice")
            .see(first, first_here());
        let help = Text::new(
            "どちらかを消すか、別の名前にする",
            "remove one of them or give it another name",
        );
        found.push(problem.help(help).into());
    }
}
