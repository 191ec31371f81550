//! Nodes: what forwards packets and what relays conversations.
//!
//! Goes in: a value of a piece. Comes out: a node of the model. What can go wrong, beside the values
//! themselves: a relay that is told to forward, or a forwarding node that is told where it stands.

use crate::lower::assurance::assurance;
use crate::lower::network::{ROLE, ROLES, vrf};
use crate::lower::policy;
use crate::raw::{Val, network as raw};
use crate::read::Reader;
use crate::say::{Noun, Said};
use utsushi_model::circumstance::{Machines, Sharing};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::limits;
use utsushi_model::network::{
    Clipboard, Endpoint, Forwarding, Logging, MailRelay, NatPool, Node, NodeKind, Proxy, Sanitiser,
    ScreenMethod, ScreenRelay,
};
use utsushi_model::policy::Name;
use utsushi_model::units::{FilesPerHour, Seats, Sessions};

/// Kinds that hold nothing.
const PLAIN: &[(&str, NodeKind)] = &[
    ("Router", NodeKind::Router),
    ("L3Switch", NodeKind::L3Switch),
    ("Firewall", NodeKind::Firewall),
    ("LgwanEdge", NodeKind::LgwanEdge),
    ("SecurityCloud", NodeKind::SecurityCloud),
    ("Carrier", NodeKind::Carrier),
    ("Gateway", NodeKind::Gateway),
];
/// Every kind, in the order of the format.
pub(crate) const KINDS: [&str; 11] = [
    "Router",
    "L3Switch",
    "Firewall",
    "LgwanEdge",
    "SecurityCloud",
    "Carrier",
    "Gateway",
    "Proxy",
    "ScreenRelay",
    "Sanitiser",
    "MailRelay",
];
/// What a kind of node is called.
pub(crate) const KIND: Noun = ("ノードの種類", "a kind of node");

const METHODS: &[(&str, ScreenMethod)] = &[
    ("Vdi", ScreenMethod::Vdi),
    ("Sbc", ScreenMethod::Sbc),
    ("VirtualBrowser", ScreenMethod::VirtualBrowser),
    ("AppWrap", ScreenMethod::AppWrap),
];
const CLIPBOARDS: &[(&str, Clipboard)] = &[
    ("Blocked", Clipboard::Blocked),
    ("Inward", Clipboard::Inward),
    ("Outward", Clipboard::Outward),
    ("Open", Clipboard::Open),
];

/// What is logged: bytes, and for how many days it is kept.
pub(crate) fn logging<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Logging> {
    let raw: raw::Logging<'_> = reader.fields(value)?;
    let bytes = reader.number(raw.bytes);
    let days = reader.maybe(raw.days, |value| several(reader, value));
    Some(Logging {
        bytes: bytes?,
        days: days?,
    })
}

/// A node.
pub(crate) fn node<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Node> {
    let raw: raw::Node<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let site = reader.name(raw.site);
    let kind = kind(reader, raw.kind);
    let throughput = reader.maybe(raw.throughput, |value| reader.capacity(value));
    let sessions = reader.maybe(raw.sessions, |value| sessions(reader, value));
    let machines = reader.or(raw.machines, Machines::default(), |value| {
        machines(reader, value)
    });
    if let (Some(NodeKind::Proxy(proxy)), Some(own), Some(value)) = (&kind, &machines, raw.machines)
        && own.count != proxy.units
    {
        let said = Said::new(
            Code::Quantity,
            format!(
                "`machines` は {} 台、`units` は {} 台で一致しない",
                own.count, proxy.units
            ),
            format!(
                "`machines` has {} machines and `units` {}",
                own.count, proxy.units
            ),
        );
        reader.note::<()>(
            value,
            said.help("同じ数にする", "give both the same number"),
        );
    }
    let logs = reader.maybe(raw.logs, |value| logging(reader, value));
    let relay = kind.as_ref().is_some_and(NodeKind::is_relay);
    let forwarding = forwarding(reader, &raw, relay);
    let endpoint = reader.maybe(raw.at, |value| endpoint(reader, value));
    let assurance = assurance(reader, &raw.controls, raw.evidence);
    if kind.is_some() {
        suits(reader, &raw, relay)?;
    }
    Some(Node {
        id: Id::new(name?),
        label: label?,
        site: Id::new(site?),
        kind: kind?,
        throughput: throughput?,
        sessions: sessions?,
        machines: machines?,
        logs: logs?,
        forwarding: forwarding?,
        endpoint: endpoint?,
        assurance: assurance?,
        place: reader.place(raw.name),
    })
}

/// Notes fields that do not suit what the node does.
fn suits<'a>(reader: &Reader<'a>, raw: &raw::Node<'a>, relay: bool) -> Option<()> {
    let first = |list: &[Val<'a>]| list.first().copied();
    let strange = match relay {
        true => [
            ("routing", raw.routing),
            ("nat_pool", raw.nat_pool),
            ("zones", first(&raw.zones)),
            ("filters", first(&raw.filters)),
            ("nat", first(&raw.nat)),
        ]
        .into_iter()
        .find_map(|(field, value)| Some((field, value?))),
        false => raw.at.map(|value| ("at", value)),
    };
    if let Some((field, value)) = strange {
        let (ja, en) = match relay {
            true => ("中継ノード", "a relay"),
            false => ("パケットを転送するノード", "a node that forwards packets"),
        };
        let said = Said::new(
            Code::Shape,
            format!("{ja}に項目 `{field}` は書けない"),
            format!("{en} has no field `{field}`"),
        );
        return reader.note(value, said);
    }
    if relay && raw.at.is_none() {
        let said = Said::new(
            Code::Shape,
            "中継ノードに項目 `at` がない",
            "a relay needs the field `at`",
        )
        .help(
            "`at: (segment: …, addresses: […])` を書き加える",
            "add `at: (segment: …, addresses: […])`",
        );
        return reader.note(raw.name, said);
    }
    Some(())
}

/// `LoadShared(2)` or `ActiveStandby(2)`.
fn machines<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Machines> {
    let sharing = match reader.variant(value)? {
        ("LoadShared", _) => Sharing::LoadShared,
        ("ActiveStandby", _) => Sharing::ActiveStandby,
        _ => {
            let noun = ("機器の構成", "a way in which machines share work");
            return reader.strange(value, noun, &["LoadShared", "ActiveStandby"]);
        }
    };
    let (_, body) = reader.variant(value)?;
    let count = reader.whole(reader.single(reader.body(value, body)?)?, limits::SEVERAL)?;
    Some(Machines { count, sharing })
}

/// Concurrent sessions.
pub(crate) fn sessions<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Sessions> {
    reader
        .whole(value, limits::SEVERAL)
        .map(|number: u32| Sessions::new(f64::from(number)))
}

/// Seats of a screen-transfer relay.
pub(crate) fn seats<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Seats> {
    reader
        .whole(value, limits::SEATS)
        .map(|number: u32| Seats::new(f64::from(number)))
}

/// How many of something, at least one.
pub(crate) fn several<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<u32> {
    reader.whole(value, limits::SEVERAL)
}

fn kind<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<NodeKind> {
    let (word, body) = reader.variant(value)?;
    let inside = || reader.body(value, body);
    match word {
        "Proxy" => proxy(reader, inside()?).map(NodeKind::Proxy),
        "ScreenRelay" => screen_relay(reader, inside()?).map(NodeKind::ScreenRelay),
        "Sanitiser" => sanitiser(reader, inside()?).map(NodeKind::Sanitiser),
        "MailRelay" => mail_relay(reader, inside()?).map(NodeKind::MailRelay),
        _ => match PLAIN.iter().find(|(name, _)| *name == word) {
            Some((_, kind)) if body.is_none() => Some(kind.clone()),
            _ => reader.strange(value, KIND, &KINDS),
        },
    }
}

fn proxy<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Proxy> {
    let raw: raw::Proxy<'_> = reader.fields(value)?;
    let units = several(reader, raw.units);
    let sessions = sessions(reader, raw.sessions);
    let rules = reader.most(&raw.rules, |value| policy::rule(reader, value));
    Some(Proxy {
        units: units?,
        sessions: sessions?,
        rules,
    })
}

fn screen_relay<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<ScreenRelay> {
    let raw: raw::ScreenRelay<'_> = reader.fields(value)?;
    let method = reader.word(
        raw.method,
        ("画面転送の方式", "a way of screen transfer"),
        METHODS,
    );
    let seats = seats(reader, raw.seats);
    let bandwidth = reader.maybe(raw.bandwidth, |value| reader.capacity(value));
    let clipboard = reader.or(raw.clipboard, Clipboard::Blocked, |value| {
        reader.word(
            value,
            ("クリップボードの設定", "a setting of the clipboard"),
            CLIPBOARDS,
        )
    });
    let publishes = policy::published(reader, &raw.publishes);
    Some(ScreenRelay {
        method: method?,
        seats: seats?,
        bandwidth: bandwidth?,
        clipboard: clipboard?,
        publishes: publishes?,
    })
}

fn sanitiser<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Sanitiser> {
    let raw: raw::Sanitiser<'_> = reader.fields(value)?;
    let workers = several(reader, raw.workers);
    let per_file = reader.duration(raw.per_file);
    let wait = reader.maybe(raw.wait, |value| reader.duration(value));
    let passes = reader.all(&raw.passes, |value| {
        let (from, to) = reader.pair(value)?;
        let role = |value| reader.word(value, ROLE, ROLES);
        let (from, to) = (role(from), role(to));
        Some((from?, to?))
    });
    Some(Sanitiser {
        workers: workers?,
        per_file: per_file?,
        wait: wait?,
        passes: passes?,
    })
}

fn mail_relay<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<MailRelay> {
    let raw: raw::MailRelay<'_> = reader.fields(value)?;
    let sanitises = reader.or(raw.sanitises, false, |value| reader.flag(value));
    let per_hour = reader.maybe(raw.per_hour, |value| several(reader, value));
    let wait = reader.maybe(raw.wait, |value| reader.duration(value));
    if let (Some(value), None) = (raw.wait, raw.per_hour) {
        let said = Said::new(
            Code::Shape,
            "`per_hour` がないと `wait` を判定できない",
            "`wait` cannot be judged without `per_hour`",
        );
        return reader.note(value, said);
    }
    Some(MailRelay {
        sanitises: sanitises?,
        per_hour: per_hour?.map(|number| FilesPerHour::new(f64::from(number))),
        wait: wait?,
    })
}

fn endpoint<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Endpoint> {
    let raw: raw::Endpoint<'_> = reader.fields(value)?;
    place_of_relay(reader, &raw)
}

/// Where a relay stands, from its parts.
pub(crate) fn place_of_relay<'a>(reader: &Reader<'a>, raw: &raw::Endpoint<'a>) -> Option<Endpoint> {
    let segment = reader.name(raw.segment);
    let addresses = reader.ranges(&raw.addresses);
    let listens = reader.all(&raw.listens, |value| reader.service(value));
    let access = reader.maybe(raw.access, |value| reader.name(value));
    let also = reader.all(&raw.also, |value| super::network::attachment(reader, value));
    Some(Endpoint {
        also: also?,
        segment: Id::new(segment?),
        addresses: addresses?,
        listens: listens?,
        access: access?.map(Id::new),
    })
}

fn forwarding<'a>(reader: &Reader<'a>, raw: &raw::Node<'a>, relay: bool) -> Option<Forwarding> {
    let zones = reader.all(&raw.zones, |value| device_zone(reader, value));
    let filters = reader.all(&raw.filters, |value| policy::filter(reader, value));
    let nat = reader.all(&raw.nat, |value| policy::nat(reader, value));
    let pool = reader.maybe(raw.nat_pool, |value| pool(reader, value));
    let start = Forwarding {
        computed: !relay,
        ..Forwarding::default()
    };
    let routed = reader.or(raw.routing, start, |value| routing(reader, value));
    Some(Forwarding {
        zones: zones?,
        filters: filters?,
        nat: nat?,
        nat_ports: pool?,
        ..routed?
    })
}

fn device_zone<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<(Name, Vec<Name>)> {
    let raw: raw::DeviceZone<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let interfaces = reader.all(&raw.interfaces, |value| reader.name(value));
    Some((name?, interfaces?))
}

/// The part of [`Forwarding`] that is about routes.
fn routing<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Forwarding> {
    let raw: raw::Routing<'_> = reader.fields(value)?;
    let computed = reader.or(raw.computed, true, |value| reader.flag(value));
    let statics = reader.all(&raw.statics, |value| policy::static_route(reader, value));
    let policies = reader.all(&raw.policies, |value| policy::policy_route(reader, value));
    let originates = reader.all(&raw.originates, |value| {
        let raw: raw::Origin<'_> = reader.fields(value)?;
        let (vrf, prefix) = (vrf(reader, raw.vrf), reader.prefix(raw.prefix));
        Some((vrf?, prefix?))
    });
    Some(Forwarding {
        computed: computed?,
        statics: statics?,
        policies: policies?,
        originates: originates?,
        ..Forwarding::default()
    })
}

fn pool<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<NatPool> {
    let raw: raw::Pool<'_> = reader.fields(value)?;
    let addresses = several(reader, raw.addresses);
    let ports = reader.or(raw.ports, 60_000, |value| reader.whole(value, 1..=65_536));
    Some(NatPool {
        addresses: addresses?,
        ports_per_address: ports?,
    })
}
