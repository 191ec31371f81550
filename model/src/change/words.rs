//! What a change does, in a few words, for reports that name changes.

use super::{Change, Client, Item, Kind, ListAt, RuleList, Verb};
use crate::network::SegmentId;
use crate::text::Text;

impl Change {
    /// What it does; see [`Verb::words`].
    #[must_use]
    pub fn words(&self) -> Text {
        self.verb.words()
    }
}

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

impl Verb {
    /// A few words for it: what is done to which thing.
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            Self::Add(item) => named(item, "の追加", "adding"),
            Self::Replace(item) => named(item, "の置換え", "replacing"),
            Self::Remove(kind, name) => thing(*kind, name, "の撤去", "removing"),
            Self::Relabel(segment, zone) => Text::new(
                format!("セグメント `{segment}` の `{zone}` への読替え"),
                format!("relabelling segment `{segment}` as `{zone}`"),
            ),
            Self::Renumber(segment, _) => thing(
                Kind::Segment,
                segment.as_str(),
                "のアドレス変更",
                "renumbering",
            ),
            Self::MoveGroup(group, to, _) => moved(Kind::Group, group.as_str(), to),
            Self::MoveSystem(system, to, _) => moved(Kind::System, system.as_str(), to),
            Self::MoveNode(node, to) => moved(Kind::Node, node.as_str(), &to.segment),
            Self::SetCount(group, count) => Text::new(
                format!("端末群 `{group}` の {count} 台への変更"),
                format!("changing host group `{group}` to {count} hosts"),
            ),
            Self::SetMeasures(group, _) => thing(
                Kind::Group,
                group.as_str(),
                "の対策変更",
                "changing measures on",
            ),
            Self::AddRule(list, rule, _) => within(list, &rule.name, "追加", "adding"),
            Self::RemoveRule(list, rule) => within(list, rule, "削除", "removing"),
            Self::MoveRule(list, rule, _) => within(list, rule, "移動", "moving"),
            Self::ReplaceRule(list, rule) => within(list, &rule.name, "置換え", "replacing"),
            Self::AddNat(node, rule, _) => on(
                &rule.name,
                node.as_str(),
                "アドレス変換",
                "追加",
                "adding translation",
            ),
            Self::RemoveNat(node, rule) => on(
                rule,
                node.as_str(),
                "アドレス変換",
                "削除",
                "removing translation",
            ),
            Self::ResizeLink(link, ..) => {
                thing(Kind::Link, link.as_str(), "の速度変更", "resizing")
            }
            Self::SetLanes(link, _) => thing(
                Kind::Link,
                link.as_str(),
                "のVLAN変更",
                "changing the VLANs of",
            ),
            Self::Resize(node, _) => thing(Kind::Node, node.as_str(), "の能力変更", "resizing"),
            Self::AddRoute(node, route) => on(
                &route.prefix.to_string(),
                node.as_str(),
                "経路",
                "追加",
                "adding route",
            ),
            Self::RemoveRoute(node, _, prefix) => on(
                &prefix.to_string(),
                node.as_str(),
                "経路",
                "削除",
                "removing route",
            ),
            Self::AddPolicy(node, route) => on(
                &route.name,
                node.as_str(),
                "ポリシールート",
                "追加",
                "adding policy route",
            ),
            Self::RemovePolicy(node, route) => on(
                route,
                node.as_str(),
                "ポリシールート",
                "削除",
                "removing policy route",
            ),
            Self::AddGateway(segment, gateway) => Text::new(
                format!("セグメント `{segment}` への `{}` の接続", gateway.node),
                format!("letting `{}` route for segment `{segment}`", gateway.node),
            ),
            Self::RemoveGateway(segment, node) => Text::new(
                format!("セグメント `{segment}` からの `{node}` の切離し"),
                format!("ending that `{node}` routes for segment `{segment}`"),
            ),
            Self::SetAccess(client, _) => match client {
                Client::Group(group) => thing(
                    Kind::Group,
                    group.as_str(),
                    "のアクセス表変更",
                    "changing the access table of",
                ),
                Client::Node(node) => thing(
                    Kind::Node,
                    node.as_str(),
                    "のアクセス表変更",
                    "changing the access table of",
                ),
            },
            Self::Publish(node, _) => thing(
                Kind::Node,
                node.as_str(),
                "の公開先変更",
                "changing what is published by",
            ),
        }
    }
}

fn thing(kind: Kind, name: &str, ja: &str, en: &str) -> Text {
    let words = kind.words();
    Text::new(
        format!("{} `{name}` {ja}", words.0),
        format!("{en} {} `{name}`", words.1),
    )
}

fn moved(kind: Kind, name: &str, to: &SegmentId) -> Text {
    let words = kind.words();
    Text::new(
        format!("{} `{name}` の `{to}` への移動", words.0),
        format!("moving {} `{name}` to `{to}`", words.1),
    )
}

/// A rule within one of the lists of a node.
fn within(list: &RuleList, rule: &str, ja: &str, en: &str) -> Text {
    let node = list.node.as_str();
    match &list.at {
        ListAt::Chain(_, chain) => Text::new(
            format!("`{node}` のチェーン `{chain}` のルール `{rule}` の{ja}"),
            format!("{en} rule `{rule}` on `{node}`, chain `{chain}`"),
        ),
        ListAt::Filter(_) | ListAt::Proxy => on(rule, node, "ルール", ja, &format!("{en} rule")),
    }
}

fn on(name: &str, node: &str, what: &str, ja: &str, en: &str) -> Text {
    Text::new(
        format!("`{node}` の{what} `{name}` の{ja}"),
        format!("{en} `{name}` on `{node}`"),
    )
}

fn named(item: &Item, ja: &str, en: &str) -> Text {
    let (kind, name) = item.named();
    thing(kind, name, ja, en)
}
