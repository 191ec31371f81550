//! What a change does, in a few words, for reports that name changes.

use super::{Client, Item, Kind, Verb};
use crate::text::Text;

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
            Self::MoveGroup(group, ..) => thing(Kind::Group, group.as_str(), "の移動", "moving"),
            Self::MoveSystem(system, ..) => {
                thing(Kind::System, system.as_str(), "の移動", "moving")
            }
            Self::MoveNode(node, _) => thing(Kind::Node, node.as_str(), "の移動", "moving"),
            Self::SetCount(group, _) => thing(
                Kind::Group,
                group.as_str(),
                "の台数変更",
                "changing the size of",
            ),
            Self::SetMeasures(group, _) => thing(
                Kind::Group,
                group.as_str(),
                "の対策変更",
                "changing measures on",
            ),
            Self::AddRule(list, rule, _) => on(
                &rule.name,
                list.node.as_str(),
                "ルール",
                "追加",
                "adding rule",
            ),
            Self::RemoveRule(list, rule) => {
                on(rule, list.node.as_str(), "ルール", "削除", "removing rule")
            }
            Self::MoveRule(list, rule, _) => {
                on(rule, list.node.as_str(), "ルール", "移動", "moving rule")
            }
            Self::ReplaceRule(list, rule) => on(
                &rule.name,
                list.node.as_str(),
                "ルール",
                "置換え",
                "replacing rule",
            ),
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

fn on(name: &str, node: &str, what: &str, ja: &str, en: &str) -> Text {
    Text::new(
        format!("`{node}` の{what} `{name}` の{ja}"),
        format!("{en} `{name}` on `{node}`"),
    )
}

fn named(item: &Item, ja: &str, en: &str) -> Text {
    match item {
        Item::Zone(i) => thing(Kind::Zone, i.id.as_str(), ja, en),
        Item::Site(i) => thing(Kind::Site, i.id.as_str(), ja, en),
        Item::Segment(i) => thing(Kind::Segment, i.id.as_str(), ja, en),
        Item::Node(i) => thing(Kind::Node, i.id.as_str(), ja, en),
        Item::Link(i) => thing(Kind::Link, i.id.as_str(), ja, en),
        Item::Group(i) => thing(Kind::Group, i.id.as_str(), ja, en),
        Item::System(i) => thing(Kind::System, i.id.as_str(), ja, en),
        Item::Object(i) => thing(Kind::Object, i.id.as_str(), ja, en),
        Item::Service(i) => thing(Kind::Service, i.id.as_str(), ja, en),
        Item::Access(i) => thing(Kind::Access, i.id.as_str(), ja, en),
        Item::Reference(i) => thing(Kind::Reference, i.id.as_str(), ja, en),
    }
}
