//! Whether the chains that rules of a filter ask are there, once each, and never ask one another in a circle.
//!
//! Goes in: a network. What can go wrong: a chain that does not exist, or twice; chains in a circle or
//! nested too deep; a proxy's rule that asks a chain.

use super::Found;
use super::circles::{NESTING, Walk, leads_back};
use super::say::{RULE, Thing, Words, first_here, unknown};
use crate::finding::Code;
use crate::network::{Network, Node, NodeKind};
use crate::policy::{Chain, Filter, FilterRule, RuleAction};
use crate::problem::Problem;
use crate::text::Text;

const CHAIN: Words = ("チェーン", "chain");

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    for node in network.nodes.iter() {
        for filter in &node.forwarding.filters {
            twice(node, filter, found);
            missing(node, filter, found);
            circles(node, filter, found);
        }
        if let NodeKind::Proxy(proxy) = &node.kind {
            let plain = |r: &&FilterRule| matches!(r.action, RuleAction::Allow | RuleAction::Deny);
            let odd = proxy.rules.iter().filter(|r| !plain(r));
            found.extend(odd.map(|rule| Found::from(of_proxy(node, rule))));
        }
    }
}

fn thing<'n>(node: &'n Node, chain: &'n Chain) -> Thing<'n> {
    Thing::new(CHAIN, &*chain.name, &chain.place).on(node.id.as_str())
}

fn twice(node: &Node, filter: &Filter, found: &mut Vec<Found>) {
    for (i, chain) in filter.chains.iter().enumerate() {
        let Some(first) = filter.chains[..i].iter().find(|c| c.name == chain.name) else {
            continue;
        };
        let problem =
            thing(node, chain).problem(Code::DuplicateName, "が二つある", "is there twice");
        let help = Text::new("どちらかの名前を変える", "rename one of them");
        found.push(problem.see(&first.place, first_here()).help(help).into());
    }
}

fn missing(node: &Node, filter: &Filter, found: &mut Vec<Found>) {
    for rule in filter.all_rules() {
        let Some(name) = rule.action.chain() else {
            continue;
        };
        if !filter.chains.iter().any(|c| c.name == *name) {
            let thing = Thing::new(RULE, &*rule.name, &rule.place).on(node.id.as_str());
            let known = filter.chains.iter().map(|c| &*c.name);
            found.push(unknown(&thing, CHAIN, name, known).into());
        }
    }
}

fn circles(node: &Node, filter: &Filter, found: &mut Vec<Found>) {
    let position = |rule: &FilterRule| {
        let name = rule.action.chain()?;
        filter.chains.iter().position(|c| c.name == *name)
    };
    let next = filter.chains.iter().map(|chain| {
        let mut asked: Vec<usize> = chain.rules.iter().filter_map(position).collect();
        asked.sort_unstable();
        asked.dedup();
        asked
    });
    let next: Vec<Vec<usize>> = next.collect();
    let walk = Walk::over(&next);
    for circle in &walk.circles {
        let names = circle.iter().map(|at| &*filter.chains[*at].name);
        found.push(leads_back(&thing(node, &filter.chains[circle[0]]), names).into());
    }
    for (at, height) in walk.heights.iter().enumerate() {
        if *height == Some(NESTING + 1) {
            found.push(too_deep(&thing(node, &filter.chains[at])).into());
        }
    }
}

fn too_deep(thing: &Thing<'_>) -> Problem {
    thing
        .problem(
            Code::Quantity,
            format_args!("から {NESTING} 段より深くチェーンが続く"),
            format_args!("asks chains more than {NESTING} deep"),
        )
        .help(Text::new(
            "途中のチェーンをまとめる",
            "put some of the chains together",
        ))
}

fn of_proxy(node: &Node, rule: &FilterRule) -> Problem {
    Thing::new(RULE, &*rule.name, &rule.place)
        .on(node.id.as_str())
        .problem(
            Code::Shape,
            "はプロキシのルールなのに許可でも拒否でもない",
            "is a proxy's rule and neither allows nor denies",
        )
        .help(Text::new(
            "`Allow` か `Deny` にする",
            "make it `Allow` or `Deny`",
        ))
}
