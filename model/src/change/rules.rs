//! Changes to ordered lists and routes of a node.

use super::apply::{Done, edit_node};
use super::trouble::{absent, other, present};
use super::{ListAt, Position, RuleList};
use crate::network::{Network, Node, NodeId, NodeKind};
use crate::place::Place;
use crate::policy::{FilterPoint, FilterRule, Name, NatRule, PolicyRoute, StaticRoute};
use crate::problem::Problem;
use crate::text::Text;
use ipnet::IpNet;

const RULE: (&str, &str) = ("ルール", "rule");

/// The ordered list that is meant, or why there is none.
fn list<'n>(
    node: &'n mut Node,
    at: &ListAt,
    place: &Place,
) -> Result<&'n mut Vec<FilterRule>, Vec<Problem>> {
    let id = node.id.clone();
    let word = node.kind.word();
    let found = match at {
        ListAt::Proxy => match &mut node.kind {
            NodeKind::Proxy(proxy) => Some(&mut proxy.rules),
            _ => None,
        },
        ListAt::Filter(point) => node
            .forwarding
            .filters
            .iter_mut()
            .find(|f| f.point == *point)
            .map(|f| &mut f.rules),
        ListAt::Chain(point, name) => node
            .forwarding
            .filters
            .iter_mut()
            .filter(|f| f.point == *point)
            .flat_map(|f| &mut f.chains)
            .find(|c| c.name == *name)
            .map(|c| &mut c.rules),
    };
    found.ok_or_else(|| {
        vec![other(
            place,
            Text::new(
                format!(
                    "変更を適用できない: `{id}`（{word}）に {} というルールリストはない",
                    point_name(at)
                ),
                format!(
                    "change does not apply: `{id}` ({word}) has no rule list {}",
                    point_name(at)
                ),
            ),
            Text::new(
                "ノードの `filters` とその `chains` にある名前を使う",
                "use one that stands in the node's `filters`, or in their `chains`",
            ),
        )]
    })
}

fn point_name(at: &ListAt) -> String {
    match at {
        ListAt::Proxy => "`proxy`".to_owned(),
        ListAt::Filter(point) => format!("`{}`", filter_name(point)),
        ListAt::Chain(point, chain) => format!("`{} / {chain}`", filter_name(point)),
    }
}

fn filter_name(point: &FilterPoint) -> String {
    match point {
        FilterPoint::Forward => "forward".to_owned(),
        FilterPoint::In(i) => format!("in {i}"),
        FilterPoint::Out(i) => format!("out {i}"),
    }
}

/// The index at which to insert, or the name that is missing.
fn index<T>(
    items: &[T],
    at: &Position,
    name: impl Fn(&T) -> &Name,
    place: &Place,
) -> Result<usize, Vec<Problem>> {
    let find = |wanted: &Name| {
        items
            .iter()
            .position(|i| name(i) == wanted)
            .ok_or_else(|| vec![absent(place, RULE, wanted)])
    };
    match at {
        Position::First => Ok(0),
        Position::Last => Ok(items.len()),
        Position::Before(wanted) => find(wanted),
        Position::After(wanted) => find(wanted).map(|i| i + 1),
    }
}

pub(super) fn add(
    network: &mut Network,
    to: &RuleList,
    rule: &FilterRule,
    at: &Position,
    place: &Place,
) -> Done {
    edit_node(network, &to.node, place, |node| {
        let rules = list(node, &to.at, place)?;
        if let Some(there) = rules.iter().find(|r| r.name == rule.name) {
            return Err(vec![present(place, RULE, &rule.name, &there.place)]);
        }
        let index = index(rules, at, |r| &r.name, place)?;
        rules.insert(index, rule.clone());
        Ok(())
    })
}

pub(super) fn remove(network: &mut Network, from: &RuleList, name: &Name, place: &Place) -> Done {
    edit_node(network, &from.node, place, |node| {
        let elsewhere = chain_with(node, name);
        let taken = take(list(node, &from.at, place)?, name, place).map(|_| ());
        taken.map_err(|found| hinted(found, elsewhere))
    })
}

/// The first chain of a node that holds a rule of that name.
fn chain_with(node: &Node, name: &Name) -> Option<Name> {
    let mut chains = node.forwarding.filters.iter().flat_map(|f| &f.chains);
    let chain = chains.find(|chain| chain.rules.iter().any(|r| r.name == *name))?;
    Some(chain.name.clone())
}

/// Problems of a rule that is not in its list, but in a chain.
fn hinted(found: Vec<Problem>, chain: Option<Name>) -> Vec<Problem> {
    let Some(chain) = chain else { return found };
    let help = Text::new(
        format!("チェーン `{chain}` のルールなら `chain: \"{chain}\"` を書く"),
        format!("if the rule of chain `{chain}` is meant, write `chain: \"{chain}\"`"),
    );
    found.into_iter().map(|p| p.help(help.clone())).collect()
}

fn take(
    rules: &mut Vec<FilterRule>,
    name: &Name,
    place: &Place,
) -> Result<FilterRule, Vec<Problem>> {
    match rules.iter().position(|r| r.name == *name) {
        Some(i) => Ok(rules.remove(i)),
        None => Err(vec![absent(place, RULE, name)]),
    }
}

pub(super) fn shift(
    network: &mut Network,
    within: &RuleList,
    name: &Name,
    to: &Position,
    place: &Place,
) -> Done {
    edit_node(network, &within.node, place, |node| {
        let elsewhere = chain_with(node, name);
        let rules = list(node, &within.at, place)?;
        let rule = take(rules, name, place).map_err(|found| hinted(found, elsewhere))?;
        match index(rules, to, |r| &r.name, place) {
            Ok(index) => rules.insert(index, rule),
            Err(found) => {
                // The list is another now, but a plan with a problem is not simulated anyway.
                rules.push(rule);
                return Err(found);
            }
        }
        Ok(())
    })
}

pub(super) fn replace(
    network: &mut Network,
    within: &RuleList,
    rule: &FilterRule,
    place: &Place,
) -> Done {
    edit_node(network, &within.node, place, |node| {
        let elsewhere = chain_with(node, &rule.name);
        let rules = list(node, &within.at, place)?;
        match rules.iter_mut().find(|r| r.name == rule.name) {
            Some(there) => {
                *there = rule.clone();
                Ok(())
            }
            None => Err(hinted(vec![absent(place, RULE, &rule.name)], elsewhere)),
        }
    })
}

pub(super) fn add_nat(
    network: &mut Network,
    node: &NodeId,
    rule: &NatRule,
    at: &Position,
    place: &Place,
) -> Done {
    edit_node(network, node, place, |node| {
        let rules = &mut node.forwarding.nat;
        if let Some(there) = rules.iter().find(|r| r.name == rule.name) {
            return Err(vec![present(place, RULE, &rule.name, &there.place)]);
        }
        let index = index(rules, at, |r| &r.name, place)?;
        rules.insert(index, rule.clone());
        Ok(())
    })
}

pub(super) fn remove_nat(network: &mut Network, node: &NodeId, name: &Name, place: &Place) -> Done {
    edit_node(network, node, place, |node| {
        let before = node.forwarding.nat.len();
        node.forwarding.nat.retain(|r| r.name != *name);
        if node.forwarding.nat.len() == before {
            Err(vec![absent(place, RULE, name)])
        } else {
            Ok(())
        }
    })
}

pub(super) fn add_route(
    network: &mut Network,
    node: &NodeId,
    route: &StaticRoute,
    place: &Place,
) -> Done {
    edit_node(network, node, place, |node| {
        let there = node
            .forwarding
            .statics
            .iter()
            .find(|r| r.vrf == route.vrf && r.prefix == route.prefix);
        if let Some(there) = there {
            return Err(vec![present(
                place,
                ("経路", "route"),
                &route.prefix.to_string(),
                &there.place,
            )]);
        }
        node.forwarding.statics.push(route.clone());
        Ok(())
    })
}

pub(super) fn remove_route(
    network: &mut Network,
    node: &NodeId,
    vrf: &Name,
    prefix: &IpNet,
    place: &Place,
) -> Done {
    edit_node(network, node, place, |node| {
        let before = node.forwarding.statics.len();
        node.forwarding
            .statics
            .retain(|r| r.vrf != *vrf || r.prefix != *prefix);
        if node.forwarding.statics.len() == before {
            return Err(vec![absent(place, ("経路", "route"), &prefix.to_string())]);
        }
        Ok(())
    })
}

pub(super) fn add_policy(
    network: &mut Network,
    node: &NodeId,
    route: &PolicyRoute,
    place: &Place,
) -> Done {
    edit_node(network, node, place, |node| {
        if let Some(there) = node
            .forwarding
            .policies
            .iter()
            .find(|r| r.name == route.name)
        {
            return Err(vec![present(
                place,
                ("ポリシールート", "policy route"),
                &route.name,
                &there.place,
            )]);
        }
        node.forwarding.policies.push(route.clone());
        Ok(())
    })
}

pub(super) fn remove_policy(
    network: &mut Network,
    node: &NodeId,
    name: &Name,
    place: &Place,
) -> Done {
    edit_node(network, node, place, |node| {
        let before = node.forwarding.policies.len();
        node.forwarding.policies.retain(|r| r.name != *name);
        if node.forwarding.policies.len() == before {
            return Err(vec![absent(
                place,
                ("ポリシールート", "policy route"),
                name,
            )]);
        }
        Ok(())
    })
}
