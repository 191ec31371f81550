//! What each verb does.

use super::trouble::{absent, in_use, other, present};
use super::{Client, Item, Kind, Verb, rules, set_capacities};
use crate::id::{Id, Named, Table};
use crate::network::{
    Attachment, GroupId, HostGroup, Link, Network, Node, NodeId, NodeKind, Segment, System,
};
use crate::place::Place;
use crate::policy::Name;
use crate::problem::Problem;
use crate::text::Text;
use std::sync::Arc;

pub(super) type Done = Result<(), Vec<Problem>>;

impl Kind {
    /// The word for it, Japanese and English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Zone => ("系", "zone"),
            Self::Site => ("拠点", "site"),
            Self::Segment => ("セグメント", "segment"),
            Self::Node => ("ノード", "node"),
            Self::Link => ("回線", "link"),
            Self::Group => ("端末群", "host group"),
            Self::System => ("業務システム", "system"),
            Self::Object => ("アドレスオブジェクト", "address object"),
            Self::Service => ("サービスオブジェクト", "service object"),
            Self::Access => ("アクセス表", "access table"),
            Self::Reference => ("参照", "reference"),
        }
    }
}

/// Finds a thing and lets `edit` change it where it stands.
///
/// PRECONDITION: `edit` changes nothing if it fails.
pub(super) fn edit<T: Named + Clone>(
    table: &mut Table<T>,
    kind: Kind,
    id: &Id<T>,
    place: &Place,
    edit: impl FnOnce(&mut T) -> Done,
) -> Done {
    match table.edit(id, edit) {
        Some(done) => done,
        None => Err(vec![absent(place, kind.words(), id.as_str())]),
    }
}

pub(super) fn edit_node(
    network: &mut Network,
    id: &NodeId,
    place: &Place,
    change: impl FnOnce(&mut Node) -> Done,
) -> Done {
    edit(&mut network.nodes, Kind::Node, id, place, change)
}

fn edit_segment(
    network: &mut Network,
    id: &crate::network::SegmentId,
    place: &Place,
    change: impl FnOnce(&mut Segment) -> Done,
) -> Done {
    edit(&mut network.segments, Kind::Segment, id, place, change)
}

fn edit_group(
    network: &mut Network,
    id: &GroupId,
    place: &Place,
    change: impl FnOnce(&mut HostGroup),
) -> Done {
    edit(&mut network.groups, Kind::Group, id, place, |g| {
        change(g);
        Ok(())
    })
}

fn edit_link(
    network: &mut Network,
    id: &crate::network::LinkId,
    place: &Place,
    change: impl FnOnce(&mut Link),
) -> Done {
    edit(&mut network.links, Kind::Link, id, place, |l| {
        change(l);
        Ok(())
    })
}

pub(super) fn apply(verb: &Verb, network: &mut Network, place: &Place) -> Done {
    match verb {
        Verb::Add(item) => add(item, network, place, false),
        Verb::Replace(item) => add(item, network, place, true),
        Verb::Remove(kind, name) => remove(*kind, name, network, place),
        Verb::Relabel(segment, zone) => {
            if !network.zones.contains(zone) {
                return Err(vec![absent(place, Kind::Zone.words(), zone.as_str())]);
            }
            edit_segment(network, segment, place, |s| {
                s.zone = zone.clone();
                Ok(())
            })
        }
        Verb::Renumber(segment, prefixes) => edit_segment(network, segment, place, |s| {
            s.prefixes.clone_from(prefixes);
            Ok(())
        }),
        Verb::MoveGroup(group, segment, addresses) => edit_group(network, group, place, |g| {
            g.segment = segment.clone();
            g.addresses.clone_from(addresses);
        }),
        Verb::SetCount(group, count) => edit_group(network, group, place, |g| g.count = *count),
        Verb::MoveSystem(system, segment, addresses) => edit(
            &mut network.systems,
            Kind::System,
            system,
            place,
            |s: &mut System| {
                s.segment = segment.clone();
                s.addresses.clone_from(addresses);
                Ok(())
            },
        ),
        Verb::SetMeasures(group, change) => edit_group(network, group, place, |g| {
            g.measures = change.on(g.measures);
        }),
        Verb::SetAccess(client, table) => set_access(client, table.as_ref(), network, place),
        Verb::ResizeLink(link, ab, ba, members) => edit_link(network, link, place, |l| {
            l.rate_ab = ab.unwrap_or(l.rate_ab);
            l.rate_ba = ba.unwrap_or(l.rate_ba);
            l.members = members.unwrap_or(l.members);
        }),
        Verb::SetLanes(link, lanes) => {
            edit_link(network, link, place, |l| l.lanes.clone_from(lanes))
        }
        Verb::AddGateway(segment, gateway) => edit_segment(network, segment, place, |s| {
            s.gateways.push(gateway.clone());
            Ok(())
        }),
        Verb::RemoveGateway(segment, node) => edit_segment(network, segment, place, |s| {
            let before = s.gateways.len();
            s.gateways.retain(|g| g.node != *node);
            if s.gateways.len() == before {
                return Err(vec![absent(
                    place,
                    ("ゲートウェイ", "gateway"),
                    node.as_str(),
                )]);
            }
            Ok(())
        }),
        Verb::MoveNode(node, endpoint) => edit_node(network, node, place, |n| {
            if n.kind.is_relay() {
                n.endpoint = Some(endpoint.clone());
                return Ok(());
            }
            Err(vec![not_a(place, n, "中継・代理の装置", "relay")])
        }),
        Verb::Publish(node, addresses) => edit_node(network, node, place, |n| match &mut n.kind {
            NodeKind::ScreenRelay(relay) => {
                relay.publishes = addresses.clone();
                Ok(())
            }
            _ => Err(vec![not_a(place, n, "画面転送", "screen-transfer relay")]),
        }),
        Verb::Resize(node, new) => {
            edit_node(network, node, place, |n| {
                let mut resized = n.clone();
                let strange = set_capacities(&mut resized, new);
                if strange.is_empty() {
                    *n = resized;
                    return Ok(());
                }
                let word = n.kind.word();
                Err(strange
                .into_iter()
                .map(|field| {
                    other(
                        place,
                        Text::new(
                            format!("変更を適用できない: `{}`（{word}）に `{field}` という容量はない", n.id),
                            format!("change does not apply: `{}` ({word}) has no capacity `{field}`", n.id),
                        ),
                        Text::new("装置の種類に合う項目だけを書く", "give only what this kind of node has"),
                    )
                })
                .collect())
            })
        }
        Verb::AddRule(list, rule, at) => rules::add(network, list, rule, at, place),
        Verb::RemoveRule(list, name) => rules::remove(network, list, name, place),
        Verb::MoveRule(list, name, at) => rules::shift(network, list, name, at, place),
        Verb::ReplaceRule(list, rule) => rules::replace(network, list, rule, place),
        Verb::AddNat(node, rule, at) => rules::add_nat(network, node, rule, at, place),
        Verb::RemoveNat(node, name) => rules::remove_nat(network, node, name, place),
        Verb::AddRoute(node, route) => rules::add_route(network, node, route, place),
        Verb::RemoveRoute(node, vrf, prefix) => {
            rules::remove_route(network, node, vrf, prefix, place)
        }
        Verb::AddPolicy(node, route) => rules::add_policy(network, node, route, place),
        Verb::RemovePolicy(node, name) => rules::remove_policy(network, node, name, place),
    }
}

fn not_a(place: &Place, node: &Node, ja: &str, en: &str) -> Problem {
    let word = node.kind.word();
    other(
        place,
        Text::new(
            format!("変更を適用できない: `{}`（{word}）は{ja}ではない", node.id),
            format!("change does not apply: `{}` ({word}) is no {en}", node.id),
        ),
        Text::new("対象のノード名を確認する", "check which node is meant"),
    )
}

fn set_access(
    client: &Client,
    table: Option<&crate::access::AccessId>,
    network: &mut Network,
    place: &Place,
) -> Done {
    if let Some(table) = table
        && !network.access.contains(table)
    {
        return Err(vec![absent(place, Kind::Access.words(), table.as_str())]);
    }
    match client {
        Client::Group(group) => edit_group(network, group, place, |g| g.access = table.cloned()),
        Client::Node(node) => edit_node(network, node, place, |n| match &mut n.endpoint {
            Some(endpoint) => {
                endpoint.access = table.cloned();
                Ok(())
            }
            None => Err(vec![not_a(place, n, "中継・代理の装置", "relay")]),
        }),
    }
}

fn add(item: &Item, network: &mut Network, place: &Place, replace: bool) -> Done {
    fn put<T: Named + Clone>(
        table: &mut Table<T>,
        kind: Kind,
        item: &T,
        at: impl Fn(&T) -> Place,
        place: &Place,
        replace: bool,
    ) -> Done {
        match (table.get(item.id()), replace) {
            (Some(there), false) => Err(vec![present(
                place,
                kind.words(),
                item.id().as_str(),
                &at(there),
            )]),
            (None, true) => Err(vec![absent(place, kind.words(), item.id().as_str())]),
            _ => {
                table.put(item.clone());
                Ok(())
            }
        }
    }
    macro_rules! put {
        ($table:ident, $kind:ident, $item:expr) => {
            put(
                &mut network.$table,
                Kind::$kind,
                $item,
                |i| i.place.clone(),
                place,
                replace,
            )
        };
    }
    match item {
        Item::Zone(i) => put!(zones, Zone, i),
        Item::Site(i) => put!(sites, Site, i),
        Item::Segment(i) => put!(segments, Segment, i),
        Item::Node(i) => put!(nodes, Node, i.as_ref()),
        Item::Link(i) => put!(links, Link, i),
        Item::Group(i) => put!(groups, Group, i),
        Item::System(i) => put!(systems, System, i),
        Item::Object(i) => put!(objects, Object, i),
        Item::Service(i) => put!(services, Service, i),
        Item::Access(i) => put!(access, Access, i),
        Item::Reference(i) => put!(references, Reference, i),
    }
}

fn remove(kind: Kind, name: &Name, network: &mut Network, place: &Place) -> Done {
    let users = users(kind, name, network);
    if !users.is_empty() {
        return Err(users
            .iter()
            .map(|(user, at)| in_use(place, kind.words(), name, user, at))
            .collect());
    }
    macro_rules! take {
        ($table:ident) => {
            network.$table.remove(&Id::new(Arc::clone(name))).is_some()
        };
    }
    let found = match kind {
        Kind::Zone => take!(zones),
        Kind::Site => take!(sites),
        Kind::Segment => take!(segments),
        Kind::Node => take!(nodes),
        Kind::Link => take!(links),
        Kind::Group => take!(groups),
        Kind::System => take!(systems),
        Kind::Object => take!(objects),
        Kind::Service => take!(services),
        Kind::Access => take!(access),
        Kind::Reference => take!(references),
    };
    if found {
        Ok(())
    } else {
        Err(vec![absent(place, kind.words(), name)])
    }
}

/// Whatever structurally hangs on a thing, so that it cannot go. References in rules and objects do not
/// count here: they are what rule I-TX-08 looks for.
fn users(kind: Kind, name: &Name, network: &Network) -> Vec<(Text, Place)> {
    let is = |other: &str| other == &**name;
    let mut out = Vec::new();
    match kind {
        Kind::Zone => out.extend(
            network
                .segments
                .iter()
                .filter(|s| is(s.zone.as_str()))
                .map(|s| (user(Kind::Segment, s.id.as_str()), s.place.clone())),
        ),
        Kind::Site => {
            out.extend(
                network
                    .segments
                    .iter()
                    .filter(|s| is(s.site.as_str()))
                    .map(|s| (user(Kind::Segment, s.id.as_str()), s.place.clone())),
            );
            out.extend(
                network
                    .nodes
                    .iter()
                    .filter(|n| is(n.site.as_str()))
                    .map(|n| (user(Kind::Node, n.id.as_str()), n.place.clone())),
            );
        }
        Kind::Segment => {
            let attached = |also: &[Attachment]| also.iter().any(|a| is(a.segment.as_str()));
            out.extend(
                network
                    .groups
                    .iter()
                    .filter(|g| is(g.segment.as_str()) || attached(&g.also))
                    .map(|g| (user(Kind::Group, g.id.as_str()), g.place.clone())),
            );
            out.extend(
                network
                    .systems
                    .iter()
                    .filter(|s| is(s.segment.as_str()) || attached(&s.also))
                    .map(|s| (user(Kind::System, s.id.as_str()), s.place.clone())),
            );
            out.extend(
                network
                    .nodes
                    .iter()
                    .filter(|n| {
                        let endpoint = n.endpoint.as_ref();
                        endpoint.is_some_and(|e| is(e.segment.as_str()) || attached(&e.also))
                    })
                    .map(|n| (user(Kind::Node, n.id.as_str()), n.place.clone())),
            );
        }
        Kind::Node => {
            out.extend(
                network
                    .links
                    .iter()
                    .filter(|l| is(l.a.as_str()) || is(l.b.as_str()))
                    .map(|l| (user(Kind::Link, l.id.as_str()), l.place.clone())),
            );
            out.extend(
                network
                    .segments
                    .iter()
                    .filter(|s| s.gateways.iter().any(|g| is(g.node.as_str())))
                    .map(|s| (user(Kind::Segment, s.id.as_str()), s.place.clone())),
            );
        }
        Kind::Access => {
            out.extend(
                network
                    .groups
                    .iter()
                    .filter(|g| g.access.as_ref().is_some_and(|a| is(a.as_str())))
                    .map(|g| (user(Kind::Group, g.id.as_str()), g.place.clone())),
            );
            out.extend(
                network
                    .nodes
                    .iter()
                    .filter(|n| {
                        n.endpoint
                            .as_ref()
                            .and_then(|e| e.access.as_ref())
                            .is_some_and(|a| is(a.as_str()))
                    })
                    .map(|n| (user(Kind::Node, n.id.as_str()), n.place.clone())),
            );
        }
        Kind::Link
        | Kind::Group
        | Kind::System
        | Kind::Object
        | Kind::Service
        | Kind::Reference => {}
    }
    out
}

fn user(kind: Kind, name: &str) -> Text {
    let (ja, en) = kind.words();
    Text::new(format!("{ja} `{name}`"), format!("{en} `{name}`"))
}
