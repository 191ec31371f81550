//! The verbs of a step.
//!
//! Goes in: `Relabel(…)`, `AddNode(…)` and the like. Comes out: changes of the model; a verb that takes a
//! list of names gives one change for each, at the place of the name. What can go wrong: see [`crate::say`].

use crate::lower::{network, node, policy};
use crate::raw::{Val, plan as raw};
use crate::read::Reader;
use crate::say::{Noun, Said};
use crate::scan;
use utsushi_model::change::{
    Capacities, Change, Client, Item, Kind, ListAt, MeasureChange, Position, RuleList, Verb,
};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::limits;
use utsushi_model::network::Gateway;
use utsushi_model::place::Place;
use utsushi_model::policy::Name;

const VERB: Noun = ("変更の種類", "a kind of change");

/// Every verb, in the order of the format.
pub(crate) const VERBS: [&str; 51] = [
    "AddZone",
    "AddSite",
    "AddSegment",
    "AddNode",
    "AddLink",
    "AddGroup",
    "AddSystem",
    "AddObject",
    "AddService",
    "AddAccess",
    "AddReference",
    "ReplaceObject",
    "ReplaceService",
    "ReplaceAccess",
    "ReplaceReference",
    "ReplaceNode",
    "RetireZone",
    "RetireSegment",
    "RemoveSite",
    "RemoveNode",
    "RemoveLink",
    "RemoveGroup",
    "RemoveSystem",
    "RemoveObject",
    "RemoveService",
    "RemoveAccess",
    "RemoveReference",
    "Relabel",
    "Renumber",
    "MoveGroup",
    "SetCount",
    "MoveSystem",
    "MoveNode",
    "AddRule",
    "RemoveRule",
    "MoveRule",
    "ReplaceRule",
    "AddNat",
    "RemoveNat",
    "ResizeLink",
    "SetLanes",
    "Resize",
    "AddRoute",
    "RemoveRoute",
    "AddPolicyRoute",
    "RemovePolicyRoute",
    "AddGateway",
    "RemoveGateway",
    "SetAccess",
    "Publish",
    "SetMeasures",
];

/// The changes that a verb stands for.
pub(crate) fn changes<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<Change>> {
    let (word, body) = reader.variant(value)?;
    if !VERBS.contains(&word) {
        return reader.strange(value, VERB, &VERBS);
    }
    let inside = unwrapped(reader.body(value, body)?);
    if let Some(many) = for_each(reader, word, inside) {
        return many;
    }
    let verb = match word
        .strip_prefix("Add")
        .and_then(|kind| item(reader, kind, inside))
    {
        Some(item) => item.map(Verb::Add),
        None => match word
            .strip_prefix("Replace")
            .and_then(|kind| item(reader, kind, inside))
        {
            Some(item) => item.map(Verb::Replace),
            None => match removed(word) {
                Some(kind) => {
                    let name = reader.name(reader.single(inside)?)?;
                    Some(Verb::Remove(kind, name))
                }
                None => one(reader, word, inside),
            },
        },
    };
    Some(vec![Change {
        verb: verb?,
        place: reader.place(value),
    }])
}

/// `AddZone((name: …))` means the same as `AddZone(name: …)`.
fn unwrapped(body: Val<'_>) -> Val<'_> {
    let inner = Val::new(body.0.strip_prefix('(').unwrap_or(body.0));
    match inner.0.starts_with('(') {
        true => Val::new(scan::outermost(inner.0)),
        false => body,
    }
}

/// A thing that is added or put in the place of another; `None` if there is no such kind.
/// Outside: whether there is such a kind; inside: whether reading worked.
fn item<'a>(reader: &Reader<'a>, kind: &str, body: Val<'a>) -> Option<Option<Item>> {
    Some(match kind {
        "Zone" => network::zone(reader, body).map(Item::Zone),
        "Site" => network::site(reader, body).map(Item::Site),
        "Segment" => network::segment(reader, body).map(Item::Segment),
        "Node" => node::node(reader, body).map(|node| Item::Node(Box::new(node))),
        "Link" => network::link(reader, body).map(Item::Link),
        "Group" => network::group(reader, body).map(Item::Group),
        "System" => network::system(reader, body).map(Item::System),
        "Object" => policy::object(reader, body).map(Item::Object),
        "Service" => policy::service_object(reader, body).map(Item::Service),
        "Access" => policy::access(reader, body).map(Item::Access),
        "Reference" => network::reference(reader, body).map(Item::Reference),
        _ => return None,
    })
}

/// What kind of thing a verb takes out.
fn removed(word: &str) -> Option<Kind> {
    Some(match word {
        "RetireZone" => Kind::Zone,
        "RetireSegment" => Kind::Segment,
        "RemoveSite" => Kind::Site,
        "RemoveNode" => Kind::Node,
        "RemoveLink" => Kind::Link,
        "RemoveGroup" => Kind::Group,
        "RemoveSystem" => Kind::System,
        "RemoveObject" => Kind::Object,
        "RemoveService" => Kind::Service,
        "RemoveAccess" => Kind::Access,
        "RemoveReference" => Kind::Reference,
        _ => return None,
    })
}

/// Verbs that take lists of names: one change for each; `None` if it is none of them.
/// Outside: whether it is such a verb; inside: whether reading worked.
fn for_each<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Option<Vec<Change>>> {
    Some(match word {
        "Relabel" => relabel(reader, body),
        "SetAccess" => set_access(reader, body),
        "SetMeasures" => set_measures(reader, body),
        _ => return None,
    })
}

fn change_each(names: Vec<(Name, Place)>, verb: impl Fn(Name) -> Verb) -> Vec<Change> {
    let one = |(name, place)| Change {
        verb: verb(name),
        place,
    };
    names.into_iter().map(one).collect()
}

fn named_list<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<(Name, Place)>> {
    let items = reader.list(value)?;
    if items.is_empty() {
        let said = Said::new(
            Code::Empty,
            "空のリストなので対象がない",
            "an empty list names nothing",
        );
        return reader.note(value, said);
    }
    reader.names(&items)
}

fn relabel<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Vec<Change>> {
    let raw: raw::Relabel<'_> = reader.fields(body)?;
    let segments = named_list(reader, raw.segments);
    let zone = reader.name(raw.zone);
    let (segments, zone) = (segments?, zone?);
    Some(change_each(segments, |segment| {
        Verb::Relabel(Id::new(segment), Id::new(zone.clone()))
    }))
}

fn set_access<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Vec<Change>> {
    let raw: raw::SetAccess<'_> = reader.fields(body)?;
    let groups = reader.names(&raw.groups);
    let nodes = reader.names(&raw.nodes);
    let table = reader.maybe(raw.table, |value| reader.name(value));
    let (groups, nodes, table) = (groups?, nodes?, table?.map(Id::new));
    if groups.is_empty() && nodes.is_empty() {
        let said = Said::new(
            Code::Empty,
            "`groups` も `nodes` も空で、何も指さない",
            "neither `groups` nor `nodes` names anything",
        );
        return reader.note(body, said);
    }
    let mut changes = change_each(groups, |group| {
        Verb::SetAccess(Client::Group(Id::new(group)), table.clone())
    });
    changes.extend(change_each(nodes, |node| {
        Verb::SetAccess(Client::Node(Id::new(node)), table.clone())
    }));
    Some(changes)
}

fn set_measures<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Vec<Change>> {
    let raw: raw::SetMeasures<'_> = reader.fields(body)?;
    let groups = named_list(reader, raw.groups);
    let flag = |value| reader.maybe(value, |value| reader.flag(value));
    let (edr, patched) = (flag(raw.edr), flag(raw.patched));
    let (two_factors, media_blocked) = (flag(raw.two_factors), flag(raw.media_blocked));
    let measures = MeasureChange {
        edr: edr?,
        patched: patched?,
        two_factors: two_factors?,
        media_blocked: media_blocked?,
    };
    Some(change_each(groups?, |group| {
        Verb::SetMeasures(Id::new(group), measures.clone())
    }))
}

/// Every other verb.
fn one<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Verb> {
    match word {
        "Renumber" => {
            let raw: raw::Renumber<'_> = reader.fields(body)?;
            let segment = reader.name(raw.segment);
            let prefixes = reader.some(raw.prefixes).and_then(|v| reader.prefixes(&v));
            Some(Verb::Renumber(Id::new(segment?), prefixes?))
        }
        "MoveGroup" => {
            let raw: raw::MoveGroup<'_> = reader.fields(body)?;
            let (group, segment) = (reader.name(raw.group), reader.name(raw.segment));
            let addresses = reader.ranges(&raw.addresses);
            Some(Verb::MoveGroup(
                Id::new(group?),
                Id::new(segment?),
                addresses?,
            ))
        }
        "SetCount" => {
            let raw: raw::SetCount<'_> = reader.fields(body)?;
            let group = reader.name(raw.group);
            let count = reader.whole(raw.count, limits::HOSTS);
            Some(Verb::SetCount(Id::new(group?), count?))
        }
        "MoveSystem" => {
            let raw: raw::MoveSystem<'_> = reader.fields(body)?;
            let (system, segment) = (reader.name(raw.system), reader.name(raw.segment));
            let addresses = reader.ranges(&raw.addresses);
            Some(Verb::MoveSystem(
                Id::new(system?),
                Id::new(segment?),
                addresses?,
            ))
        }
        "MoveNode" => {
            let raw: raw::MoveNode<'_> = reader.fields(body)?;
            let name = reader.name(raw.node);
            let to = crate::raw::network::Endpoint {
                segment: raw.segment,
                access: raw.access,
                addresses: raw.addresses,
                listens: raw.listens,
                also: raw.also,
            };
            let to = node::place_of_relay(reader, &to);
            Some(Verb::MoveNode(Id::new(name?), to?))
        }
        "ResizeLink" | "SetLanes" => link(reader, word, body),
        "Resize" => resize(reader, body),
        "AddGateway" | "RemoveGateway" => gateway(reader, word, body),
        "Publish" => {
            let raw: raw::Publish<'_> = reader.fields(body)?;
            let node = reader.name(raw.node);
            let to = policy::published(reader, &raw.to);
            Some(Verb::Publish(Id::new(node?), to?))
        }
        "AddRule" | "RemoveRule" | "MoveRule" | "ReplaceRule" => rules(reader, word, body),
        _ => routes(reader, word, body),
    }
}

fn link<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Verb> {
    if word == "SetLanes" {
        let raw: raw::SetLanes<'_> = reader.fields(body)?;
        let link = reader.name(raw.link);
        let values = reader.list(raw.lanes)?;
        let lanes = network::lanes(reader, &values, link.as_ref());
        return Some(Verb::SetLanes(Id::new(link?), lanes?));
    }
    let raw: raw::ResizeLink<'_> = reader.fields(body)?;
    let link = reader.name(raw.link);
    let rate = reader.maybe(raw.rate, |value| reader.capacity(value));
    let back = reader.maybe(raw.back, |value| reader.capacity(value));
    let members = reader.maybe(raw.members, |value| reader.whole(value, limits::MEMBERS));
    let (rate, back) = (rate?, back?);
    Some(Verb::ResizeLink(
        Id::new(link?),
        rate,
        back.or(rate),
        members?,
    ))
}

fn resize<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Verb> {
    let raw: raw::Resize<'_> = reader.fields(body)?;
    let node = reader.name(raw.node);
    let throughput = reader.maybe(raw.throughput, |value| reader.capacity(value));
    let sessions = reader.maybe(raw.sessions, |value| node::sessions(reader, value));
    let units = reader.maybe(raw.units, |value| node::several(reader, value));
    let seats = reader.maybe(raw.seats, |value| node::seats(reader, value));
    let workers = reader.maybe(raw.workers, |value| node::several(reader, value));
    let per_file = reader.maybe(raw.per_file, |value| reader.duration(value));
    let nat_addresses = reader.maybe(raw.nat_addresses, |value| node::several(reader, value));
    let capacities = Capacities {
        throughput: throughput?,
        sessions: sessions?,
        units: units?,
        seats: seats?,
        workers: workers?,
        per_file: per_file?,
        nat_addresses: nat_addresses?,
    };
    Some(Verb::Resize(Id::new(node?), capacities))
}

fn gateway<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Verb> {
    if word == "RemoveGateway" {
        let raw: raw::RemoveGateway<'_> = reader.fields(body)?;
        let (segment, node) = (reader.name(raw.segment), reader.name(raw.node));
        return Some(Verb::RemoveGateway(Id::new(segment?), Id::new(node?)));
    }
    let raw: raw::AddGateway<'_> = reader.fields(body)?;
    let (segment, node) = (reader.name(raw.segment), reader.name(raw.node));
    let vrf = network::vrf(reader, raw.vrf);
    let default = segment.clone().unwrap_or_default();
    let interface = reader.or(raw.interface, default, |value| reader.name(value));
    let standby = reader.or(raw.standby, false, |value| reader.flag(value));
    let gateway = Gateway {
        node: Id::new(node?),
        vrf: vrf?,
        interface: interface?,
        standby: standby?,
    };
    Some(Verb::AddGateway(Id::new(segment?), gateway))
}

fn rules<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Verb> {
    match word {
        "AddRule" => {
            let raw: raw::AddRule<'_> = reader.fields(body)?;
            let list = rule_list(reader, raw.node, (raw.at, raw.chain));
            let rule = policy::rule(reader, raw.rule);
            let position = position(reader, raw.position);
            Some(Verb::AddRule(list?, Box::new(rule?), position?))
        }
        "ReplaceRule" => {
            let raw: raw::ReplaceRule<'_> = reader.fields(body)?;
            let list = rule_list(reader, raw.node, (raw.at, raw.chain));
            let rule = policy::rule(reader, raw.rule);
            Some(Verb::ReplaceRule(list?, Box::new(rule?)))
        }
        "MoveRule" => {
            let raw: raw::MoveRule<'_> = reader.fields(body)?;
            let list = rule_list(reader, raw.node, (raw.at, raw.chain));
            let name = reader.name(raw.name);
            let position = position(reader, Some(raw.position));
            Some(Verb::MoveRule(list?, name?, position?))
        }
        _ => {
            let raw: raw::RemoveRule<'_> = reader.fields(body)?;
            let list = rule_list(reader, raw.node, (raw.at, raw.chain));
            let name = reader.name(raw.name);
            Some(Verb::RemoveRule(list?, name?))
        }
    }
}

fn rule_list<'a>(
    reader: &Reader<'a>,
    node: Val<'a>,
    (at, chain): (Val<'a>, Option<Val<'a>>),
) -> Option<RuleList> {
    let node = reader.name(node);
    let at = match (at.head(), chain) {
        ("Proxy", None) => Some(ListAt::Proxy),
        ("Proxy", Some(chain)) => reader.note(chain, no_chains()),
        ("Forward" | "In" | "Out", None) => policy::point(reader, at).map(ListAt::Filter),
        ("Forward" | "In" | "Out", Some(chain)) => {
            let (point, chain) = (policy::point(reader, at), reader.name(chain));
            point
                .zip(chain)
                .map(|(point, chain)| ListAt::Chain(point, chain))
        }
        _ => reader.strange(
            at,
            ("ルールの並びの位置", "a place of rules"),
            &["Forward", "In", "Out", "Proxy"],
        ),
    };
    Some(RuleList {
        node: Id::new(node?),
        at: at?,
    })
}

fn no_chains() -> Said {
    Said::new(
        Code::Shape,
        "`Proxy` のルールにチェーンはない",
        "the rules of `Proxy` have no chains",
    )
    .help(
        "`chain` を消すか、`at` を `Forward`、`In`、`Out` のいずれかにする",
        "leave `chain` out, or write `Forward`, `In` or `Out` for `at`",
    )
}

fn position<'a>(reader: &Reader<'a>, value: Option<Val<'a>>) -> Option<Position> {
    let Some(value) = value else {
        return Some(Position::Last);
    };
    let inside = |body| {
        let name = reader.single(reader.body(value, body)?)?;
        reader.name(name)
    };
    match reader.variant(value)? {
        ("First", None) => Some(Position::First),
        ("Last", None) => Some(Position::Last),
        ("Before", body) => inside(body).map(Position::Before),
        ("After", body) => inside(body).map(Position::After),
        _ => reader.strange(
            value,
            ("ルールの位置", "a position of rules"),
            &["First", "Last", "Before", "After"],
        ),
    }
}

fn routes<'a>(reader: &Reader<'a>, word: &str, body: Val<'a>) -> Option<Verb> {
    match word {
        "AddRoute" => {
            let raw: raw::AddRoute<'_> = reader.fields(body)?;
            let node = reader.name(raw.node);
            let route = policy::route(reader, raw.to, raw.vrf, raw.via);
            Some(Verb::AddRoute(Id::new(node?), route?))
        }
        "RemoveRoute" => {
            let raw: raw::RemoveRoute<'_> = reader.fields(body)?;
            let node = reader.name(raw.node);
            let (vrf, prefix) = (network::vrf(reader, raw.vrf), reader.prefix(raw.to));
            Some(Verb::RemoveRoute(Id::new(node?), vrf?, prefix?))
        }
        "AddPolicyRoute" => {
            let raw: raw::AddPolicyRoute<'_> = reader.fields(body)?;
            let node = reader.name(raw.node);
            let route = policy::policy_route(reader, raw.route);
            Some(Verb::AddPolicy(Id::new(node?), Box::new(route?)))
        }
        "AddNat" => {
            let raw: raw::AddNat<'_> = reader.fields(body)?;
            let node = reader.name(raw.node);
            let rule = policy::nat(reader, raw.rule);
            let position = position(reader, raw.position);
            Some(Verb::AddNat(Id::new(node?), Box::new(rule?), position?))
        }
        "RemoveNat" => inside(reader, body).map(|(node, name)| Verb::RemoveNat(node, name)),
        "RemovePolicyRoute" => {
            inside(reader, body).map(|(node, name)| Verb::RemovePolicy(node, name))
        }
        _ => reader.strange(body, VERB, &VERBS),
    }
}

fn inside<'a>(
    reader: &Reader<'a>,
    body: Val<'a>,
) -> Option<(utsushi_model::network::NodeId, Name)> {
    let raw: raw::Inside<'_> = reader.fields(body)?;
    let (node, name) = (reader.name(raw.node), reader.name(raw.name));
    Some((Id::new(node?), name?))
}
