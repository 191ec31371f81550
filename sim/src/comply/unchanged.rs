//! Objects that stay as they were at the start (I-MN-11, MC-1), and proxies that change while the
//! security cloud does not (MC-1, second half).

use super::temporary::rules;
use super::{Seen, cause};
use std::collections::BTreeMap;
use utsushi_model::change::{Client, Verb};
use utsushi_model::finding::{Cause, Code};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::{
    HostGroup, Measures, Network, Node, NodeKind, Segment, System, ZoneRole,
};
use utsushi_model::place::Place;
use utsushi_model::policy::{Action, FilterRule};
use utsushi_model::rule::Protected;
use utsushi_model::text::Text;

/// What differs from the start although it is protected.
pub(super) fn check(migration: &Migration, state: &State, what: &Protected) -> Vec<Seen> {
    let Some(start) = migration.states.first() else {
        return Vec::new();
    };
    let facts = match what {
        Protected::Role(role) => of_role(&start.network, &state.network, *role),
        Protected::Kind(word) => of_kind(&start.network, &state.network, word),
    };
    facts
        .into_iter()
        .map(|difference| {
            let change = changed_by(migration, state, &difference.name);
            let place = change.unwrap_or(&difference.fact.place).clone();
            Seen::facts(
                Code::Changed,
                difference.subject,
                &place,
                vec![difference.fact],
            )
        })
        .collect()
}

/// Something that is not as it was at the start.
struct Difference {
    subject: Text,
    /// The name by which changes speak of it.
    name: String,
    fact: Cause,
}

/// The place of the first change up to a state that speaks of a thing which was there already.
fn changed_by<'m>(migration: &'m Migration, state: &State, name: &str) -> Option<&'m Place> {
    let steps = migration.steps.iter().take(state.index);
    let mut changes = steps.flat_map(|step| &step.changes);
    let change = changes.find(|change| about(&change.verb) == Some(name));
    change.map(|change| &change.place)
}

/// The name of the thing that a change alters or takes out; nothing where it brings its own, or where it
/// is a capacity, which is no change in this sense.
fn about(verb: &Verb) -> Option<&str> {
    match verb {
        Verb::Add(_) | Verb::Replace(_) | Verb::Resize(_, _) => None,
        Verb::Remove(_, name) => Some(name),
        Verb::Relabel(segment, _)
        | Verb::Renumber(segment, _)
        | Verb::AddGateway(segment, _)
        | Verb::RemoveGateway(segment, _) => Some(segment.as_str()),
        Verb::MoveGroup(group, _, _)
        | Verb::SetCount(group, _)
        | Verb::SetMeasures(group, _)
        | Verb::SetAccess(Client::Group(group), _) => Some(group.as_str()),
        Verb::MoveSystem(system, _, _) => Some(system.as_str()),
        Verb::ResizeLink(link, _, _, _) | Verb::SetLanes(link, _) => Some(link.as_str()),
        Verb::AddRule(list, _, _)
        | Verb::RemoveRule(list, _)
        | Verb::MoveRule(list, _, _)
        | Verb::ReplaceRule(list, _) => Some(list.node.as_str()),
        Verb::MoveNode(node, _)
        | Verb::AddNat(node, _, _)
        | Verb::RemoveNat(node, _)
        | Verb::AddRoute(node, _)
        | Verb::RemoveRoute(node, _, _)
        | Verb::AddPolicy(node, _)
        | Verb::RemovePolicy(node, _)
        | Verb::Publish(node, _)
        | Verb::SetAccess(Client::Node(node), _) => Some(node.as_str()),
    }
}

fn differs(kind: (&str, &str), name: &str, label: &Text, place: &Place) -> Difference {
    let fact = cause(
        format!("{} `{name}` が移行前と異なる", kind.0),
        format!("{} `{name}` differs from what it was at the start", kind.1),
        place,
    );
    Difference {
        subject: label.clone(),
        name: name.to_owned(),
        fact,
    }
}

/// Compares the things of two states by name; `same` tells whether a pair is equal.
fn compare<'n, T: 'n>(
    before: impl Iterator<Item = (&'n str, &'n T)>,
    after: impl Iterator<Item = (&'n str, &'n T)>,
    kind: (&str, &str),
    facts: impl Fn(&T) -> (Text, Place),
    same: impl Fn(&T, &T) -> bool,
) -> Vec<Difference> {
    let before: BTreeMap<&str, &T> = before.collect();
    let after: BTreeMap<&str, &T> = after.collect();
    let mut out = Vec::new();
    for (name, new) in &after {
        if before.get(name).is_none_or(|old| !same(old, new)) {
            let (label, place) = facts(new);
            out.push(differs(kind, name, &label, &place));
        }
    }
    for (name, old) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        let (label, place) = facts(old);
        out.push(differs(kind, name, &label, &place));
    }
    out
}

fn of_role(before: &Network, after: &Network, role: ZoneRole) -> Vec<Difference> {
    let mut out = compare(
        segments(before, role).map(|s| (s.id.as_str(), s)),
        segments(after, role).map(|s| (s.id.as_str(), s)),
        ("セグメント", "segment"),
        |s: &Segment| (s.label.clone(), s.place.clone()),
        |a, b| {
            a.zone == b.zone
                && a.vlan == b.vlan
                && a.prefixes == b.prefixes
                && a.gateways == b.gateways
        },
    );
    fn groups(network: &Network, role: ZoneRole) -> impl Iterator<Item = (&str, &HostGroup)> {
        let here = move |g: &&HostGroup| segments(network, role).any(|s| s.id == g.segment);
        network
            .groups
            .iter()
            .filter(here)
            .map(|g| (g.id.as_str(), g))
    }
    out.extend(compare(
        groups(before, role),
        groups(after, role),
        ("端末群", "host group"),
        |g: &HostGroup| (g.label.clone(), g.place.clone()),
        |a, b| {
            a.segment == b.segment
                && a.addresses == b.addresses
                && a.count == b.count
                && a.also == b.also
                && !worse(a.measures, b.measures)
        },
    ));
    fn systems(network: &Network, role: ZoneRole) -> impl Iterator<Item = (&str, &System)> {
        let here = move |y: &&System| segments(network, role).any(|s| s.id == y.segment);
        network
            .systems
            .iter()
            .filter(here)
            .map(|y| (y.id.as_str(), y))
    }
    out.extend(compare(
        systems(before, role),
        systems(after, role),
        ("業務システム", "system"),
        |y: &System| (y.label.clone(), y.place.clone()),
        |a, b| {
            a.segment == b.segment
                && a.addresses == b.addresses
                && a.services == b.services
                && a.also == b.also
        },
    ));
    out.extend(loosened(before, after, role));
    out
}

fn segments(network: &Network, role: ZoneRole) -> impl Iterator<Item = &Segment> {
    network
        .segments
        .iter()
        .filter(move |s| network.zones.get(&s.zone).is_some_and(|z| z.role == role))
}

fn worse(before: Measures, after: Measures) -> bool {
    (before.edr && !after.edr)
        || (before.patched && !after.patched)
        || (before.two_factors && !after.two_factors)
        || (before.media_blocked && !after.media_blocked)
}

/// Allow rules on the nodes that route for a role which were not there at the start; removing one, or
/// adding a deny, is tightening and no change in the sense of the rule.
fn loosened(before: &Network, after: &Network, role: ZoneRole) -> Vec<Difference> {
    let routes_for =
        |node: &&Node| segments(after, role).any(|s| s.gateways.iter().any(|g| g.node == node.id));
    let mut out = Vec::new();
    for node in after.nodes.iter().filter(routes_for) {
        let old: Vec<&FilterRule> = before
            .nodes
            .get(&node.id)
            .into_iter()
            .flat_map(rules)
            .collect();
        for rule in rules(node).filter(|r| r.action != Action::Deny && r.enabled) {
            if !old.iter().any(|o| same_rule(o, rule)) {
                let name = format!("{} / {}", node.id, rule.name);
                out.push(differs(
                    ("ルール", "rule"),
                    &name,
                    &Text::same(name.clone()),
                    &rule.place,
                ));
            }
        }
        let same_nat = before
            .nodes
            .get(&node.id)
            .is_some_and(|o| o.forwarding.nat == node.forwarding.nat);
        if !same_nat {
            out.push(differs(
                ("アドレス変換", "address translation of"),
                node.id.as_str(),
                &node.label,
                &node.place,
            ));
        }
    }
    out
}

/// Whether two rules do the same, wherever they are written.
fn same_rule(a: &FilterRule, b: &FilterRule) -> bool {
    FilterRule {
        place: b.place.clone(),
        note: b.note.clone(),
        ..a.clone()
    } == *b
}

fn of_kind(before: &Network, after: &Network, word: &str) -> Vec<Difference> {
    let of = |network: &'_ Network| -> Vec<Node> {
        network
            .nodes
            .iter()
            .filter(|n| n.kind.word() == word)
            .cloned()
            .collect()
    };
    let (old, new) = (of(before), of(after));
    compare(
        old.iter().map(|n| (n.id.as_str(), n)),
        new.iter().map(|n| (n.id.as_str(), n)),
        ("ノード", "node"),
        |n: &Node| (n.label.clone(), n.place.clone()),
        Node::is_like,
    )
}

/// Proxies whose own rules change in the step that leads to a state, while no security cloud does.
pub(super) fn proxy_rules(migration: &Migration, state: &State) -> Vec<Seen> {
    let Some(before) = state
        .index
        .checked_sub(1)
        .map(|i| &migration.states[i].network)
    else {
        return Vec::new();
    };
    let after = &state.network;
    let has_cloud = after
        .nodes
        .iter()
        .any(|n| matches!(n.kind, NodeKind::SecurityCloud));
    if !has_cloud || !of_kind(before, after, NodeKind::SecurityCloud.word()).is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for node in after.nodes.iter() {
        let (NodeKind::Proxy(new), Some(NodeKind::Proxy(old))) =
            (&node.kind, before.nodes.get(&node.id).map(|n| &n.kind))
        else {
            continue;
        };
        let mut facts = Vec::new();
        for rule in new
            .rules
            .iter()
            .filter(|r| !old.rules.iter().any(|o| same_rule(o, r)))
        {
            facts.push(cause(
                format!("ルール `{}` が加わった", rule.name),
                format!("rule `{}` is new", rule.name),
                &rule.place,
            ));
        }
        for rule in old
            .rules
            .iter()
            .filter(|r| !new.rules.iter().any(|n| same_rule(r, n)))
        {
            facts.push(cause(
                format!("ルール `{}` がなくなった", rule.name),
                format!("rule `{}` is gone", rule.name),
                &rule.place,
            ));
        }
        if let Some(first) = facts.first() {
            let place = first.place.clone();
            out.push(Seen::facts(
                Code::ProxyRules,
                node.label.clone(),
                &place,
                facts,
            ));
        }
    }
    out
}
