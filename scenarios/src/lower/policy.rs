//! Filters, address translation, routes, objects and access tables.
//!
//! Goes in: values of a piece. Comes out: the things of the model. What can go wrong: see [`crate::say`].

use crate::lower::network::vrf;
use crate::raw::{Val, policy as raw};
use crate::read::Reader;
use crate::say::{Noun, Said};
use utsushi_model::access::{AccessEntry, AccessTable, Way};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::policy::{
    Action, AddressObject, Addresses, Chain, Filter, FilterPoint, FilterRule, Hop, Interfaces,
    NatRule, PolicyRoute, RuleAction, Schedule, ServiceObject, SessionMatch, StaticRoute,
    Translation,
};

const ACTIONS: &[(&str, Action)] = &[("Allow", Action::Allow), ("Deny", Action::Deny)];
const ACTION: Noun = ("`Allow` か `Deny`", "`Allow` or `Deny`");

/// What `not` turns round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    From,
    To,
    Service,
    In,
    Out,
}

const SIDES: &[(&str, Side)] = &[
    ("From", Side::From),
    ("To", Side::To),
    ("Service", Side::Service),
    ("In", Side::In),
    ("Out", Side::Out),
];

const SESSIONS: &[(&str, SessionMatch)] = &[
    ("Any", SessionMatch::Any),
    ("New", SessionMatch::New),
    ("Known", SessionMatch::Known),
];
const SESSION: Noun = ("セッションの状態", "a state of sessions");

/// An address object.
pub(crate) fn object<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<AddressObject> {
    let raw: raw::Object<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let negated = reader.or(raw.negated, false, |value| reader.flag(value));
    let addresses = reader.addresses(Some(raw.of), negated.unwrap_or(false));
    negated?;
    Some(AddressObject {
        id: Id::new(name?),
        addresses: addresses?,
        place: reader.place(raw.name),
    })
}

/// A service object.
pub(crate) fn service_object<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<ServiceObject> {
    let raw: raw::Service<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let negated = reader.or(raw.negated, false, |value| reader.flag(value));
    let services = reader.services(Some(raw.of), negated.unwrap_or(false));
    negated?;
    Some(ServiceObject {
        id: Id::new(name?),
        services: services?,
        place: reader.place(raw.name),
    })
}

/// An access table.
pub(crate) fn access<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<AccessTable> {
    let raw: raw::Access<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let entries = reader.all(&raw.entries, |value| entry(reader, value));
    Some(AccessTable {
        id: Id::new(name?),
        entries: entries?,
        place: reader.place(raw.name),
    })
}

fn entry<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<AccessEntry> {
    let raw: raw::Entry<'_> = reader.fields(value)?;
    let to = reader.addresses(raw.to, false);
    let service = reader.services(raw.service, false);
    let way = way(reader, raw.way);
    Some(AccessEntry {
        to: to?,
        service: service?,
        way: way?,
        place: reader.place(raw.way),
    })
}

fn way<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Way> {
    match reader.variant(value)? {
        ("Direct", None) => Some(Way::Direct),
        ("Refused", None) => Some(Way::Refused),
        ("Via", body) => {
            let relays = reader.single(reader.body(value, body)?)?;
            // One relay, or several in order.
            let relays = match relays.0.starts_with('[') {
                true => reader.list(relays)?,
                false => vec![relays],
            };
            let names = reader.names(&relays)?.into_iter();
            Some(Way::Via(names.map(|(name, _)| Id::new(name)).collect()))
        }
        _ => reader.strange(
            value,
            ("経路の種類", "a way"),
            &["Direct", "Via", "Refused"],
        ),
    }
}

/// A filter.
pub(crate) fn filter<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Filter> {
    let raw: raw::Filter<'_> = reader.fields(value)?;
    let point = point(reader, raw.at);
    let default = reader.word(raw.default, ACTION, ACTIONS);
    let stateful = reader.or(raw.stateful, true, |value| reader.flag(value));
    let rules = reader.most(&raw.rules, |value| filter_rule(reader, value));
    let chains = reader.most(&raw.chains, |value| chain(reader, value));
    Some(Filter {
        point: point?,
        rules,
        chains,
        default: default?,
        stateful: stateful?,
        place: reader.place(raw.at),
    })
}

fn chain<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Chain> {
    let raw: raw::Chain<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let rules = reader.most(&raw.rules, |value| filter_rule(reader, value));
    Some(Chain {
        name: name?,
        rules,
        place: reader.place(raw.name),
    })
}

/// Where a filter sits.
pub(crate) fn point<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<FilterPoint> {
    let inside = |body| {
        let name = reader.single(reader.body(value, body)?)?;
        reader.name(name)
    };
    match reader.variant(value)? {
        ("Forward", None) => Some(FilterPoint::Forward),
        ("In", body) => inside(body).map(FilterPoint::In),
        ("Out", body) => inside(body).map(FilterPoint::Out),
        _ => reader.strange(
            value,
            ("フィルタの位置", "a place of filters"),
            &["Forward", "In", "Out"],
        ),
    }
}

/// A rule of a proxy: `Allow(…)` or `Deny(…)`.
pub(crate) fn rule<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<FilterRule> {
    let (word, _) = reader.variant(value)?;
    match ACTIONS.iter().any(|(name, _)| *name == word) {
        true => filter_rule(reader, value),
        false => reader.strange(value, ACTION, &["Allow", "Deny"]),
    }
}

/// What a rule does: its word, and the chain that `Jump` and `Goto` ask.
fn action<'a>(
    reader: &Reader<'a>,
    value: Val<'a>,
    word: &str,
    chain: Option<Val<'a>>,
) -> Option<RuleAction> {
    let asks = matches!(word, "Jump" | "Goto");
    if asks != chain.is_some() {
        let said = Said::new(
            Code::Shape,
            format!(
                "`{word}` は項目 `chain` と{}",
                if asks {
                    "一緒に書く"
                } else {
                    "一緒に書けない"
                }
            ),
            format!(
                "`{word}` {} the field `chain`",
                if asks { "needs" } else { "has no use for" }
            ),
        )
        .help(
            "`chain` は `Jump` と `Goto` だけに書き、フィルタの `chains` にある名前を指す",
            "write `chain` in `Jump` and `Goto` only; it names one of the filter's `chains`",
        );
        return reader.note(chain.unwrap_or(value), said);
    }
    let chain = reader.maybe(chain, |value| reader.name(value))?;
    match (word, chain) {
        ("Allow", _) => Some(RuleAction::Allow),
        ("Deny", _) => Some(RuleAction::Deny),
        ("Jump", Some(chain)) => Some(RuleAction::Jump(chain)),
        ("Goto", Some(chain)) => Some(RuleAction::Goto(chain)),
        _ => Some(RuleAction::Return),
    }
}

/// What the names in `not` turn round.
fn negations<'a>(reader: &Reader<'a>, values: &[Val<'a>]) -> Option<Vec<Side>> {
    reader.all(values, |value| {
        reader.word(value, ("否定の対象", "a side to negate"), SIDES)
    })
}

/// A rule of a filter: `Allow(…)`, `Deny(…)`, `Jump(…)`, `Goto(…)` or `Return(…)`.
fn filter_rule<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<FilterRule> {
    let (word, body) = reader.variant(value)?;
    const WORDS: [&str; 5] = ["Allow", "Deny", "Jump", "Goto", "Return"];
    if !WORDS.contains(&word) {
        return reader.strange(value, ("ルールの動作", "what a rule does"), &WORDS);
    }
    let raw: raw::FilterRule<'_> = reader.fields(reader.body(value, body)?)?;
    let name = reader.name(raw.name);
    let action = action(reader, value, word, raw.chain);
    let session = reader.or(raw.session, SessionMatch::Any, |value| {
        reader.word(value, SESSION, SESSIONS)
    });
    let not = negations(reader, &raw.not);
    let negated = |side| not.as_ref().is_some_and(|sides| sides.contains(&side));
    let incoming = interfaces(reader, &raw.r#in, negated(Side::In));
    let outgoing = interfaces(reader, &raw.out, negated(Side::Out));
    let source = reader.addresses(raw.from, negated(Side::From));
    let destination = reader.addresses(raw.to, negated(Side::To));
    let service = reader.services(raw.service, negated(Side::Service));
    let schedule = reader.or(raw.schedule, Schedule::default(), |v| schedule(reader, v));
    let enabled = reader.or(raw.enabled, true, |value| reader.flag(value));
    let log = reader.or(raw.log, false, |value| reader.flag(value));
    let temporary = reader.or(raw.temporary, false, |value| reader.flag(value));
    let expires = reader.maybe(raw.expires, |value| reader.date(value));
    let conditions = reader.all(&raw.conditions, |value| reader.name(value));
    let note = reader.maybe(raw.note, |value| reader.string(value));
    not.as_ref()?;
    Some(FilterRule {
        name: name?,
        action: action?,
        incoming: incoming?,
        outgoing: outgoing?,
        source: source?,
        destination: destination?,
        service: service?,
        session: session?,
        schedule: schedule?,
        enabled: enabled?,
        log: log?,
        temporary: temporary?,
        expires: expires?,
        conditions: conditions?,
        note: note?,
        place: reader.place(raw.name),
    })
}

fn interfaces<'a>(reader: &Reader<'a>, values: &[Val<'a>], negated: bool) -> Option<Interfaces> {
    let names = reader.all(values, |value| reader.name(value))?;
    Some(Interfaces { names, negated })
}

fn schedule<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Schedule> {
    let raw: raw::Schedule<'_> = reader.fields(value)?;
    let (from, until) = days(reader, raw.from, raw.until)?;
    Some(Schedule { from, until })
}

/// A first and a last day, in this order.
pub(crate) fn days<'a>(
    reader: &Reader<'a>,
    from: Option<Val<'a>>,
    until: Option<Val<'a>>,
) -> Option<(
    Option<utsushi_model::date::Date>,
    Option<utsushi_model::date::Date>,
)> {
    let first = reader.maybe(from, |value| reader.date(value));
    let last = reader.maybe(until, |value| reader.date(value));
    let (first, last) = (first?, last?);
    match (first, last, until) {
        (Some(first), Some(last), Some(value)) if last < first => {
            let said = Said::new(
                Code::DateOrder,
                format!("最後の日 {last} が最初の日 {first} より早い"),
                format!("the last day {last} is before the first, {first}"),
            )
            .help("日付の順を直す", "put the dates in order");
            reader.note(value, said)
        }
        _ => Some((first, last)),
    }
}

/// An address translation rule.
pub(crate) fn nat<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<NatRule> {
    let raw: raw::Nat<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let not = negations(reader, &raw.not);
    let negated = |side| not.as_ref().is_some_and(|sides| sides.contains(&side));
    let incoming = interfaces(reader, &raw.r#in, negated(Side::In));
    let outgoing = interfaces(reader, &raw.out, negated(Side::Out));
    let source = reader.addresses(raw.from, negated(Side::From));
    let destination = reader.addresses(raw.to, negated(Side::To));
    let service = reader.services(raw.service, negated(Side::Service));
    let conditions = reader.all(&raw.conditions, |value| reader.name(value));
    not.as_ref()?;
    let translation = translation(reader, &raw);
    Some(NatRule {
        name: name?,
        incoming: incoming?,
        outgoing: outgoing?,
        source: source?,
        destination: destination?,
        service: service?,
        conditions: conditions?,
        translation: translation?,
        place: reader.place(raw.name),
    })
}

fn translation<'a>(reader: &Reader<'a>, raw: &raw::Nat<'a>) -> Option<Translation> {
    let exempt = reader.or(raw.exempt, false, |value| reader.flag(value))?;
    match (raw.source, raw.destination, exempt) {
        (Some(source), None, false) if raw.port.is_none() => {
            let items = reader.some(source)?;
            reader.ranges(&items).map(Translation::Source)
        }
        (None, Some(destination), false) => {
            let range = reader.range(destination);
            let port = reader.maybe(raw.port, |value| reader.whole(value, 1..=u16::MAX));
            Some(Translation::Destination(range?, port?))
        }
        (None, None, true) if raw.port.is_none() => Some(Translation::None),
        _ => {
            let said = Said::new(
                Code::Shape,
                "変換の内容が一つに決まらない",
                "what is translated is not said in exactly one way",
            )
            .help(
                "`source: […]`、`destination: \"…\"`（必要なら `port` も）、`exempt: true` のうち一つを書く",
                "write one of `source: […]`, `destination: \"…\"` (perhaps with `port`) and `exempt: true`",
            );
            reader.note(raw.name, said)
        }
    }
}

/// A static route.
pub(crate) fn static_route<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<StaticRoute> {
    let raw: raw::Static<'_> = reader.fields(value)?;
    route(reader, raw.to, raw.vrf, raw.via)
}

/// A static route from its parts.
pub(crate) fn route<'a>(
    reader: &Reader<'a>,
    to: Val<'a>,
    vrf_name: Option<Val<'a>>,
    via: Val<'a>,
) -> Option<StaticRoute> {
    let vrf = vrf(reader, vrf_name);
    let prefix = reader.prefix(to);
    let via = hops(reader, via);
    Some(StaticRoute {
        vrf: vrf?,
        prefix: prefix?,
        via: via?,
        place: reader.place(to),
    })
}

fn hops<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<Hop>> {
    let items = reader.list(value)?;
    if items.is_empty() {
        let said = Said::new(Code::Empty, "経路の送り先がない", "the route leads nowhere").help(
            "意図して捨てるなら `[Discard]` と書く",
            "write `[Discard]` if packets are to be dropped",
        );
        return reader.note(value, said);
    }
    reader.all(&items, |value| hop(reader, value))
}

fn hop<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Hop> {
    let inside = |body| {
        let name = reader.single(reader.body(value, body)?)?;
        reader.name(name)
    };
    match reader.variant(value)? {
        ("Node", body) => inside(body).map(|name| Hop::Node(Id::new(name))),
        ("Interface", body) => inside(body).map(Hop::Interface),
        ("Discard", None) => Some(Hop::Discard),
        _ => reader.strange(
            value,
            ("送り先の種類", "a kind of next hop"),
            &["Node", "Interface", "Discard"],
        ),
    }
}

/// A policy route.
pub(crate) fn policy_route<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<PolicyRoute> {
    let raw: raw::PolicyRoute<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let incoming = interfaces(reader, &raw.r#in, false);
    let source = reader.addresses(raw.from, false);
    let destination = reader.addresses(raw.to, false);
    let service = reader.services(raw.service, false);
    let via = hops(reader, raw.via);
    Some(PolicyRoute {
        name: name?,
        incoming: incoming?,
        source: source?,
        destination: destination?,
        service: service?,
        via: via?,
        place: reader.place(raw.name),
    })
}

/// What a relay publishes; an empty list publishes nothing.
pub(crate) fn published<'a>(reader: &Reader<'a>, values: &[Val<'a>]) -> Option<Addresses> {
    Some(Addresses {
        terms: reader.address_terms(values)?,
        negated: false,
    })
}
