//! What a change does, in a few words for people.
//!
//! Goes in: a change. Comes out: a phrase in Japanese and English that names what it touches. Nothing can
//! go wrong.

use super::{Change, Client, Item, Kind, RuleList, Verb};
use crate::text::Text;
use std::fmt::Display;

impl Item {
    /// Its kind and name.
    #[must_use]
    pub fn named(&self) -> (Kind, &str) {
        match self {
            Self::Zone(i) => (Kind::Zone, i.id.as_str()),
            Self::Site(i) => (Kind::Site, i.id.as_str()),
            Self::Segment(i) => (Kind::Segment, i.id.as_str()),
            Self::Node(i) => (Kind::Node, i.id.as_str()),
            Self::Link(i) => (Kind::Link, i.id.as_str()),
            Self::Group(i) => (Kind::Group, i.id.as_str()),
            Self::System(i) => (Kind::System, i.id.as_str()),
            Self::Object(i) => (Kind::Object, i.id.as_str()),
            Self::Service(i) => (Kind::Service, i.id.as_str()),
            Self::Access(i) => (Kind::Access, i.id.as_str()),
            Self::Reference(i) => (Kind::Reference, i.id.as_str()),
        }
    }
}

impl Change {
    /// What it does, such as ``add rule `web` on `fw` ``.
    #[must_use]
    pub fn words(&self) -> Text {
        words(&self.verb)
    }
}

fn words(verb: &Verb) -> Text {
    match verb {
        Verb::Add(item) => item_words("を追加する", "add", item.named()),
        Verb::Replace(item) => item_words("を置き換える", "replace", item.named()),
        Verb::Remove(kind, name) => item_words("を撤去する", "remove", (*kind, name)),
        Verb::Relabel(segment, zone) => Text::new(
            format!("セグメント `{segment}` を `{zone}` に読み替える"),
            format!("relabel segment `{segment}` as `{zone}`"),
        ),
        Verb::Renumber(segment, _) => one(
            "セグメント",
            "のアドレスを変える",
            "renumber segment",
            segment,
        ),
        Verb::MoveGroup(group, to, _) => moved("端末群", "host group", group, to),
        Verb::SetCount(group, count) => Text::new(
            format!("端末群 `{group}` を {count} 台にする"),
            format!("make host group `{group}` {count} hosts"),
        ),
        Verb::MoveSystem(system, to, _) => moved("業務システム", "system", system, to),
        Verb::MoveNode(node, to) => moved("ノード", "node", node, &to.segment),
        Verb::AddRule(list, rule, _) => in_list("を追加する", "add", &rule.name, list),
        Verb::RemoveRule(list, name) => in_list("を削除する", "remove", name, list),
        Verb::MoveRule(list, name, _) => in_list("の位置を変える", "move", name, list),
        Verb::ReplaceRule(list, rule) => in_list("を置き換える", "replace", &rule.name, list),
        Verb::ResizeLink(link, ..) => one("回線", "の帯域を変える", "resize link", link),
        Verb::SetLanes(link, _) => one("回線", "のVLANを変える", "set the VLANs of link", link),
        Verb::Resize(node, _) => one("ノード", "の容量を変える", "resize node", node),
        Verb::Publish(node, _) => one(
            "画面転送",
            "の公開先を変える",
            "change what is published by",
            node,
        ),
        Verb::SetMeasures(group, _) => {
            one("端末群", "の対策を変える", "change the measures on", group)
        }
        Verb::SetAccess(client, table) => access(client, table.as_ref().map(ToString::to_string)),
        Verb::AddGateway(segment, gateway) => Text::new(
            format!(
                "セグメント `{segment}` に `{}` のゲートウェイを追加する",
                gateway.node
            ),
            format!("add gateway `{}` to segment `{segment}`", gateway.node),
        ),
        Verb::RemoveGateway(segment, node) => Text::new(
            format!("セグメント `{segment}` から `{node}` のゲートウェイを外す"),
            format!("remove gateway `{node}` from segment `{segment}`"),
        ),
        _ => on_node(verb),
    }
}

/// Translations, routes and policy routes.
fn on_node(verb: &Verb) -> Text {
    let told = |ja: &str, en: &str, name: &dyn Display, node: &dyn Display| {
        let (what, does) = ja.split_once('|').unwrap_or((ja, ""));
        Text::new(
            format!("`{node}` の{what} `{name}` {does}"),
            format!("{en} `{name}` on `{node}`"),
        )
    };
    match verb {
        Verb::AddNat(node, rule, _) => told(
            "アドレス変換|を追加する",
            "add translation",
            &rule.name,
            node,
        ),
        Verb::RemoveNat(node, name) => {
            told("アドレス変換|を削除する", "remove translation", name, node)
        }
        Verb::AddRoute(node, route) => told(
            "静的経路|を追加する",
            "add static route",
            &route.prefix,
            node,
        ),
        Verb::RemoveRoute(node, _, prefix) => {
            told("静的経路|を削除する", "remove static route", prefix, node)
        }
        Verb::AddPolicy(node, route) => told(
            "ポリシールート|を追加する",
            "add policy route",
            &route.name,
            node,
        ),
        Verb::RemovePolicy(node, name) => told(
            "ポリシールート|を削除する",
            "remove policy route",
            name,
            node,
        ),
        // CORRECTNESS: `words` tells every other verb itself.
        _ => Text::default(),
    }
}

fn item_words(ja: &str, en: &str, (kind, name): (Kind, &str)) -> Text {
    let (noun_ja, noun_en) = kind.words();
    Text::new(
        format!("{noun_ja} `{name}` {ja}"),
        format!("{en} {noun_en} `{name}`"),
    )
}

fn one(noun: &str, ja: &str, en: &str, name: &dyn Display) -> Text {
    Text::new(format!("{noun} `{name}` {ja}"), format!("{en} `{name}`"))
}

fn moved(ja: &str, en: &str, name: &dyn Display, to: &dyn Display) -> Text {
    Text::new(
        format!("{ja} `{name}` を `{to}` に移す"),
        format!("move {en} `{name}` to `{to}`"),
    )
}

fn in_list(ja: &str, en: &str, rule: &str, list: &RuleList) -> Text {
    Text::new(
        format!("`{}` のルール `{rule}` {ja}", list.node),
        format!("{en} rule `{rule}` on `{}`", list.node),
    )
}

fn access(client: &Client, table: Option<String>) -> Text {
    let client: &dyn Display = match client {
        Client::Group(group) => group,
        Client::Node(node) => node,
    };
    match table {
        Some(table) => Text::new(
            format!("`{client}` のアクセス表を `{table}` にする"),
            format!("give `{client}` access table `{table}`"),
        ),
        None => Text::new(
            format!("`{client}` のアクセス表を外す"),
            format!("take the access table from `{client}`"),
        ),
    }
}
