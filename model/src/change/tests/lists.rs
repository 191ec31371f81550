//! Verbs on ordered lists, translations and routes.

use super::{after, fw, of, refused, then};
use crate::change::{ListAt, Position, RuleList, Verb};
use crate::id::Id;
use crate::network::{Link, Network, NodeKind};
use crate::policy::{Action, Chain, FilterPoint, Hop, Translation};
use crate::sample::{at, lane, name, nat, policy, prefix, route, rule};
use crate::units::BitRate;

fn list(point: FilterPoint) -> RuleList {
    RuleList {
        node: Id::new("fw"),
        at: ListAt::Filter(point),
    }
}

fn forward() -> RuleList {
    list(FilterPoint::Forward)
}

fn own_rules_of(node: &str) -> RuleList {
    RuleList {
        node: Id::new(node),
        at: ListAt::Proxy,
    }
}

/// The names of the firewall's forward rules.
fn order(network: &Network) -> Vec<&str> {
    let rules = &fw(network).forwarding.filters[0].rules;
    rules.iter().map(|r| &*r.name).collect()
}

#[test]
fn add_rule() {
    let new = || Box::new(rule("new", "any", "any", "any"));
    let put = |position| after(Verb::AddRule(forward(), new(), position));
    assert_eq!(order(&put(Position::First)), ["new", "web", "out", "last"]);
    assert_eq!(order(&put(Position::Last)), ["web", "out", "last", "new"]);
    assert_eq!(
        order(&put(Position::Before(name("last")))),
        ["web", "out", "new", "last"]
    );
    assert_eq!(
        order(&put(Position::After(name("web")))),
        ["web", "new", "out", "last"]
    );
    let beside = Verb::AddRule(forward(), new(), Position::Before(name("lost")));
    refused(beside, &["there is no rule `lost` at this point"]);
    let again = Box::new(rule("web", "any", "any", "any"));
    let again = Verb::AddRule(forward(), again, Position::Last);
    refused(again, &["there is a rule `web` already"]);
    let elsewhere = list(FilterPoint::Out(name("up")));
    let elsewhere = Verb::AddRule(elsewhere, new(), Position::Last);
    refused(elsewhere, &["`fw` (Firewall) has no rule list `out up`"]);
}

/// The sound network with a chain `web` on the firewall, and its list.
fn with_chain() -> (Network, RuleList) {
    let mut network = after(Verb::RemoveRule(forward(), name("out")));
    let place = at("chain");
    let web = rule("inner", "any", "any", "any");
    let done = network.nodes.edit(&Id::new("fw"), |node| {
        node.forwarding.filters[0].chains.push(Chain {
            name: name("web"),
            rules: vec![web],
            place,
        });
    });
    assert!(done.is_some());
    let at = ListAt::Chain(FilterPoint::Forward, name("web"));
    let node = Id::new("fw");
    (network, RuleList { node, at })
}

#[test]
fn rules_of_a_chain() {
    let (network, web) = with_chain();
    let of_chain = |network: &Network| -> Vec<String> {
        let rules = &fw(network).forwarding.filters[0].chains[0].rules;
        rules.iter().map(|r| r.name.to_string()).collect()
    };
    let new = Box::new(rule("new", "any", "any", "any"));
    let added = then(
        &network,
        Verb::AddRule(web.clone(), new, Position::Before(name("inner"))),
    );
    assert_eq!(of_chain(&added), ["new", "inner"]);
    assert_eq!(order(&added), ["web", "last"]);
    let moved = then(
        &added,
        Verb::MoveRule(web.clone(), name("new"), Position::Last),
    );
    assert_eq!(of_chain(&moved), ["inner", "new"]);
    let removed = then(&moved, Verb::RemoveRule(web.clone(), name("inner")));
    assert_eq!(of_chain(&removed), ["new"]);
    let lost = super::change(Verb::RemoveRule(forward(), name("new"))).apply(&moved);
    let help = lost.err().and_then(|found| found[0].help.clone());
    let wanted = "if the rule of chain `web` is meant, write `chain: \"web\"`";
    assert_eq!(help.map(|help| help.en), Some(wanted.to_owned()));
    let said = Verb::RemoveRule(web.clone(), name("inner")).words();
    assert_eq!(said.ja, "`fw` のチェーン `web` のルール `inner` の削除");
    refused(
        Verb::RemoveRule(web, name("inner")),
        &["`fw` (Firewall) has no rule list `forward / web`"],
    );
}

#[test]
fn rules_of_a_proxy() {
    let new = || Box::new(rule("new", "any", "any", "any"));
    let next = after(Verb::AddRule(own_rules_of("proxy"), new(), Position::First));
    let NodeKind::Proxy(proxy) = &of(&next.nodes, "proxy").kind else {
        panic!("the proxy is still a proxy");
    };
    assert_eq!(
        proxy.rules.iter().map(|r| &*r.name).collect::<Vec<_>>(),
        ["new", "all"]
    );
    refused(
        Verb::AddRule(own_rules_of("vdi"), new(), Position::First),
        &["`vdi` (ScreenRelay) has no rule list `proxy`"],
    );
}

#[test]
fn remove_rule() {
    let next = after(Verb::RemoveRule(forward(), name("out")));
    assert_eq!(order(&next), ["web", "last"]);
    refused(
        Verb::RemoveRule(forward(), name("x")),
        &["there is no rule `x` at this point"],
    );
}

#[test]
fn move_rule() {
    let shift = |id: &str, to| Verb::MoveRule(forward(), name(id), to);
    assert_eq!(
        order(&after(shift("last", Position::First))),
        ["last", "web", "out"]
    );
    assert_eq!(
        order(&after(shift("web", Position::After(name("out"))))),
        ["out", "web", "last"]
    );
    refused(
        shift("x", Position::First),
        &["there is no rule `x` at this point"],
    );
    refused(
        shift("web", Position::After(name("x"))),
        &["there is no rule `x` at this point"],
    );
}

#[test]
fn replace_rule() {
    let mut stop = rule("out", "any", "any", "any");
    stop.action = Action::Deny.into();
    let next = after(Verb::ReplaceRule(forward(), Box::new(stop)));
    assert_eq!(order(&next), ["web", "out", "last"]);
    assert_eq!(
        fw(&next).forwarding.filters[0].rules[1].action,
        Action::Deny
    );
    let odd = Box::new(rule("x", "any", "any", "any"));
    refused(
        Verb::ReplaceRule(forward(), odd),
        &["there is no rule `x` at this point"],
    );
}

#[test]
fn add_and_remove_translations() {
    let new = |id: &str| Box::new(nat(id, "any", "any", Translation::None));
    let at_fw = |rule, position| Verb::AddNat(Id::new("fw"), rule, position);
    let names = |n: &Network| -> Vec<String> {
        let rules = fw(n).forwarding.nat.iter();
        rules.map(|r| r.name.to_string()).collect()
    };
    let next = after(at_fw(new("keep"), Position::Before(name("publish"))));
    assert_eq!(names(&next), ["hide", "keep", "publish"]);
    refused(
        at_fw(new("hide"), Position::Last),
        &["there is a rule `hide` already"],
    );
    let next = after(Verb::RemoveNat(Id::new("fw"), name("hide")));
    assert_eq!(names(&next), ["publish"]);
    refused(
        Verb::RemoveNat(Id::new("fw"), name("x")),
        &["there is no rule `x` at this point"],
    );
}

#[test]
fn resize_link() {
    let next = after(Verb::ResizeLink(
        Id::new("up"),
        Some(BitRate::gbps(2.0)),
        None,
        Some(3),
    ));
    let Link {
        rate_ab,
        rate_ba,
        members,
        ..
    } = of(&next.links, "up");
    assert_eq!(
        (*rate_ab, *rate_ba, *members),
        (BitRate::gbps(2.0), BitRate::gbps(1.0), 3)
    );
    refused(
        Verb::ResizeLink(Id::new("x"), None, None, None),
        &["there is no link `x` at this point"],
    );
}

#[test]
fn set_lanes() {
    let lanes = vec![lane(Some(10), "core-10"), lane(Some(20), "core-20")];
    let next = after(Verb::SetLanes(Id::new("core"), lanes.clone()));
    assert_eq!(of(&next.links, "core").lanes, lanes);
    refused(
        Verb::SetLanes(Id::new("x"), lanes),
        &["there is no link `x` at this point"],
    );
}

#[test]
fn add_and_remove_routes() {
    let new = |to: &str| route(to, Hop::Discard);
    let next = after(Verb::AddRoute(Id::new("fw"), new("10.0.0.0/8")));
    let prefixes = |n: &Network| -> Vec<String> {
        let routes = fw(n).forwarding.statics.iter();
        routes.map(|r| r.prefix.to_string()).collect()
    };
    assert_eq!(prefixes(&next), ["0.0.0.0/0", "10.0.0.0/8"]);
    refused(
        Verb::AddRoute(Id::new("fw"), new("0.0.0.0/0")),
        &["there is a route `0.0.0.0/0` already"],
    );
    let away = |vrf: &str, to: &str| Verb::RemoveRoute(Id::new("fw"), name(vrf), prefix(to));
    assert_eq!(
        prefixes(&then(&next, away("", "0.0.0.0/0"))),
        ["10.0.0.0/8"]
    );
    refused(
        away("lg", "0.0.0.0/0"),
        &["there is no route `0.0.0.0/0` at this point"],
    );
}

#[test]
fn add_and_remove_policy_routes() {
    let new = |id: &str| Box::new(policy(id, "any", "any", Hop::Discard));
    let next = after(Verb::AddPolicy(Id::new("fw"), new("new")));
    let names = |n: &Network| -> Vec<String> {
        let routes = fw(n).forwarding.policies.iter();
        routes.map(|r| r.name.to_string()).collect()
    };
    assert_eq!(names(&next), ["lbo", "new"]);
    refused(
        Verb::AddPolicy(Id::new("fw"), new("lbo")),
        &["there is a policy route `lbo` already"],
    );
    let away = |id: &str| Verb::RemovePolicy(Id::new("fw"), name(id));
    assert_eq!(names(&then(&next, away("lbo"))), ["new"]);
    refused(away("x"), &["there is no policy route `x` at this point"]);
}
