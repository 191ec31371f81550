//! Isolation rules and exceptions.
//!
//! Goes in: values of a piece or of a pack. Comes out: rules of the model. What can go wrong: see
//! [`crate::say`]; a rule whose ends name nothing is refused, for it could never be broken.

use crate::lower::network::{CLASS, CLASSES, FUNCTION, FUNCTIONS, ROLE, ROLES};
use crate::lower::{assurance, node, period, plan, policy};
use crate::raw::{Val, rules as raw};
use crate::read::Reader;
use crate::say::Noun;
use utsushi_model::condition::Condition;
use utsushi_model::id::Id;
use utsushi_model::information::Information;
use utsushi_model::network::ZoneRole;
use utsushi_model::policy::{Addresses, Name};
use utsushi_model::risk::Risk;
use utsushi_model::rule::{
    Check, CheckKind, End, Exception, Flow, Hosts, Level, Limit, Measure, Period, Protected,
    Provenance, RelayKind, Rule, RuleId, Spec, Through, Undecided, Waypoint,
};

const LEVELS: &[(&str, Level)] = &[
    ("Must", Level::Must),
    ("Should", Level::Should),
    ("Advice", Level::Advice),
];
const PROVENANCES: &[(&str, Provenance)] = &[
    ("Sourced", Provenance::Sourced),
    ("Unconfirmed", Provenance::Unconfirmed),
    ("Derived", Provenance::Derived),
    ("Assumed", Provenance::Assumed),
];
const RELAYS: &[(&str, RelayKind)] = &[
    ("Proxy", RelayKind::Proxy),
    ("ScreenRelay", RelayKind::ScreenRelay),
    ("Sanitiser", RelayKind::Sanitiser),
    ("MailRelay", RelayKind::MailRelay),
];
const INFORMATION: &[(&str, Information)] = &[
    ("Raw", Information::Raw),
    ("Pixels", Information::Pixels),
    ("Keystrokes", Information::Keystrokes),
    ("SanitisedFile", Information::SanitisedFile),
    ("PlainTextMail", Information::PlainTextMail),
    ("IdentitySync", Information::IdentitySync),
    ("Log", Information::Log),
];
const WAYPOINTS: &[(&str, Waypoint)] = &[
    ("Proxy", Waypoint::Relay(RelayKind::Proxy)),
    ("ScreenRelay", Waypoint::Relay(RelayKind::ScreenRelay)),
    ("Sanitiser", Waypoint::Relay(RelayKind::Sanitiser)),
    ("MailRelay", Waypoint::Relay(RelayKind::MailRelay)),
    ("MailSanitiser", Waypoint::MailSanitiser),
];
const PLAIN_HOSTS: &[(&str, Hosts)] = &[
    ("All", Hosts::All),
    ("Terminals", Hosts::Terminals),
    ("Relays", Hosts::Relays),
    ("Others", Hosts::Others),
    ("LgwanDependent", Hosts::LgwanDependent),
];
const HOSTS: [&str; 8] = [
    "All",
    "Terminals",
    "Relays",
    "Others",
    "Relay",
    "Class",
    "LgwanDependent",
    "System",
];
/// Every form of a requirement, in the order of the format.
pub(crate) const SPECS: [&str; 29] = [
    "Never",
    "OnlyThrough",
    "MustReach",
    "NoDataOut",
    "NoStaleException",
    "NoMixedSegment",
    "TemporaryRulesEnd",
    "NothingRetired",
    "NewBlockDisjoint",
    "UnchangedRole",
    "UnchangedKind",
    "LimitedExceptions",
    "InformationOnly",
    "InformationThrough",
    "Guarded",
    "ZonePairsKept",
    "HostMeasures",
    "NoResidentInformation",
    "SeatsBeforeMove",
    "ProxyOfOwnZone",
    "ModelFits",
    "NoBridgingHost",
    "ManagementApart",
    "CheckedBefore",
    "FullySeparated",
    "DistributionReaches",
    "Logged",
    "CanGoBack",
    "OnlyChange",
];
const LIMITS: &[(&str, Limit)] = &[
    ("Logged", Limit::Logged),
    ("Bound", Limit::Bound),
    ("Ends", Limit::Ends),
];
const CHECKS: &[(&str, CheckKind)] = &[
    ("External", CheckKind::External),
    ("Internal", CheckKind::Internal),
];
const MEASURES: &[(&str, Measure)] = &[
    ("Edr", Measure::Edr),
    ("Patched", Measure::Patched),
    ("TwoFactors", Measure::TwoFactors),
    ("MediaBlocked", Measure::MediaBlocked),
];
const SPEC: Noun = ("ルールの形", "a form of rules");

/// A rule.
pub(crate) fn rule<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Rule> {
    let raw: raw::Rule<'_> = reader.fields(value)?;
    let id = reader.name(raw.id);
    let label = reader.label(raw.label, id.as_ref());
    let spec = spec(reader, raw.must);
    let level = reader.word(raw.level, ("ルールの強さ", "a level of rules"), LEVELS);
    let edition = reader.maybe(raw.edition, |value| reader.string(value));
    let source = reader.string(raw.source);
    let provenance = reader.word(
        raw.provenance,
        ("出典の確かさ", "a provenance"),
        PROVENANCES,
    );
    let period = period(reader, raw.from, raw.until);
    let whenever = reader.all(&raw.whenever, |value| condition(reader, value));
    Some(Rule {
        id: Id::new(id?),
        label: label?,
        spec: spec?,
        level: level?,
        edition: edition?,
        source: source?,
        provenance: provenance?,
        period: Period {
            whenever: whenever?,
            ..period?
        },
        place: reader.place(raw.id),
    })
}

/// What must be so for a rule to apply.
fn condition<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Condition> {
    let (word, body) = reader.variant(value)?;
    let hosts = || {
        let raw: raw::HostsIn<'_> = reader.fields(reader.body(value, body)?)?;
        let class = reader.word(raw.class, CLASS, CLASSES);
        let role = reader.word(raw.role, ROLE, ROLES);
        Some((class?, role?))
    };
    match word {
        "HostsIn" => hosts().map(|(class, role)| Condition::HostsIn(class, role)),
        "NoHostsIn" => hosts().map(|(class, role)| Condition::NoHostsIn(class, role)),
        "HalfMoved" => {
            let segment = reader.single(reader.body(value, body)?)?;
            let name = reader.name(segment);
            name.map(|name| Condition::HalfMoved(Id::new(name)))
        }
        _ => reader.strange(
            value,
            ("条件", "a condition"),
            &["HostsIn", "NoHostsIn", "HalfMoved"],
        ),
    }
}

fn spec<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Spec> {
    let (word, body) = reader.variant(value)?;
    let inside = || reader.body(value, body);
    let role = || {
        let role = reader.single(inside()?)?;
        reader.word(role, ROLE, ROLES)
    };
    match (word, body) {
        ("Never", _) => never(reader, inside()?),
        ("OnlyThrough", _) => only_through(reader, inside()?),
        ("MustReach", _) => flow(reader, inside()?).map(|flow| Spec::MustReach { flow }),
        ("NoDataOut", _) => role().map(|role| Spec::NoDataOut { role }),
        ("NoStaleException", _) => role().map(|role| Spec::NoStaleException { role }),
        ("NewBlockDisjoint", _) => role().map(|role| Spec::NewBlockDisjoint { role }),
        ("UnchangedRole", _) => role().map(|role| Spec::Unchanged {
            what: Protected::Role(role),
        }),
        ("UnchangedKind", _) => {
            node_kind(reader, reader.single(inside()?)?).map(|kind| Spec::Unchanged {
                what: Protected::Kind(kind),
            })
        }
        ("LimitedExceptions", _) => limited(reader, inside()?),
        ("InformationOnly", _) => information_only(reader, inside()?),
        ("InformationThrough", _) => information_through(reader, inside()?),
        ("Guarded", _) => risk(reader, inside()?),
        ("HostMeasures", _) => measures(reader, inside()?),
        ("NoResidentInformation", _) => {
            let roles = roles(reader, reader.single(inside()?)?);
            roles.map(|roles| Spec::NoResidentInformation { roles })
        }
        ("ZonePairsKept", None) => Some(Spec::ZonePairsKept),
        ("SeatsBeforeMove", None) => Some(Spec::SeatsBeforeMove),
        ("ProxyOfOwnZone", None) => Some(Spec::ProxyOfOwnZone),
        ("ModelFits", None) => Some(Spec::ModelFits),
        ("NoBridgingHost", None) => Some(Spec::NoBridgingHost),
        ("ManagementApart", None) => Some(Spec::ManagementApart),
        ("DistributionReaches", None) => Some(Spec::DistributionReaches),
        ("FullySeparated", _) => {
            let (a, b) = reader.pair(inside()?)?;
            let (a, b) = (reader.word(a, ROLE, ROLES), reader.word(b, ROLE, ROLES));
            Some(Spec::FullySeparated { between: (a?, b?) })
        }
        ("CheckedBefore", _) => {
            let items = reader.some(reader.single(inside()?)?)?;
            let models = reader.all(&items, |value| plan::model(reader, value));
            models.map(|models| Spec::CheckedBefore { models })
        }
        ("Logged", _) => logged(reader, inside()?),
        ("OnlyChange", _) => {
            let items = reader.list(reader.single(inside()?)?)?;
            let flows = reader.all(&items, |value| flow(reader, value));
            flows.map(|flows| Spec::OnlyChange { flows })
        }
        ("CanGoBack", None) => Some(Spec::CanGoBack),
        ("NoMixedSegment", None) => Some(Spec::NoMixedSegment),
        ("TemporaryRulesEnd", None) => Some(Spec::TemporaryRulesEnd),
        ("NothingRetired", None) => Some(Spec::NothingRetired),
        _ => reader.strange(value, SPEC, &SPECS),
    }
}

/// The name of a kind of node, in quotes.
fn node_kind<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Name> {
    let name = reader.name(value)?;
    match node::KINDS.contains(&&*name) {
        true => Some(name),
        false => reader.note(
            value,
            crate::say::unknown_word(&name, node::KIND, &node::KINDS),
        ),
    }
}

fn never<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::Never<'_> = reader.fields(body)?;
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let except = reader.all(&raw.except, |value| self::flow(reader, value));
    Some(Spec::Never {
        flow: flow?,
        except: except?,
    })
}

fn only_through<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::OnlyThrough<'_> = reader.fields(body)?;
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let through = through(reader, raw.through);
    Some(Spec::OnlyThrough {
        flow: flow?,
        through: through?,
    })
}

fn through<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Through> {
    let (word, body) = reader.variant(value)?;
    match word {
        "Kind" => {
            let kind = reader.single(reader.body(value, body)?)?;
            node_kind(reader, kind).map(Through::Kind)
        }
        "Node" => {
            let node = reader.single(reader.body(value, body)?)?;
            reader.name(node).map(|node| Through::Node(Id::new(node)))
        }
        _ => reader.strange(
            value,
            ("経由点の種類", "a kind of waypoint"),
            &["Kind", "Node"],
        ),
    }
}

fn limited<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::Limited<'_> = reader.fields(body)?;
    let rules = rule_ids(reader, raw.rules);
    let most = reader.whole(raw.most, 1..=u32::MAX);
    let needs = reader.or(raw.needs, Vec::new(), |value| {
        let items = reader.some(value)?;
        reader.all(&items, |value| {
            reader.word(value, ("限定の条件", "a condition of limitation"), LIMITS)
        })
    });
    let services = reader.maybe(raw.service, |value| reader.services(Some(value), false));
    Some(Spec::LimitedExceptions {
        rules: rules?,
        most: most?,
        needs: needs?,
        services: services?,
    })
}

fn measures<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::Measures<'_> = reader.fields(body)?;
    let roles = roles(reader, raw.roles);
    let hosts = hosts(reader, raw.hosts);
    let items = reader.some(raw.needs)?;
    let needs = reader.all(&items, |value| {
        reader.word(value, ("端末の対策", "a measure on hosts"), MEASURES)
    });
    Some(Spec::HostMeasures {
        roles: roles?,
        hosts: hosts?,
        needs: needs?,
    })
}

fn roles<'a>(reader: &Reader<'a>, list: Val<'a>) -> Option<Vec<ZoneRole>> {
    let items = reader.some(list)?;
    reader.all(&items, |value| reader.word(value, ROLE, ROLES))
}

fn logged<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::Logged<'_> = reader.fields(body)?;
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let unless = through(reader, raw.unless);
    Some(Spec::Logged {
        flow: flow?,
        unless: unless?,
    })
}

/// A row of the catalogue that nothing decides.
pub(crate) fn undecided<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Undecided> {
    let raw: raw::Undecided<'_> = reader.fields(value)?;
    let id = reader.name(raw.id);
    let label = reader.label(raw.label, id.as_ref());
    let level = reader.word(raw.level, ("ルールの強さ", "a level of rules"), LEVELS);
    let edition = reader.maybe(raw.edition, |value| reader.string(value));
    let source = reader.string(raw.source);
    let noun = ("出典の確かさ", "a provenance");
    let provenance = reader.word(raw.provenance, noun, PROVENANCES);
    let why = reader.text(raw.why);
    Some(Undecided {
        id: Id::new(id?),
        label: label?,
        level: level?,
        edition: edition?,
        source: source?,
        provenance: provenance?,
        why: why?,
        place: reader.place(raw.id),
    })
}

/// A check before operation begins.
pub(crate) fn check<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Check> {
    let raw: raw::Check<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let kind = reader.word(raw.kind, ("確認の種類", "a kind of check"), CHECKS);
    let date = reader.date(raw.date);
    let reported = reader.maybe(raw.reported, |value| reader.date(value));
    Some(Check {
        id: Id::new(name?),
        kind: kind?,
        date: date?,
        reported: reported?,
        place: reader.place(raw.name),
    })
}

fn information_only<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::InformationOnly<'_> = reader.fields(body)?;
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let classes = classes(reader, &raw.classes);
    let honours = reader.all(&raw.honours, |value| reader.name(value).map(Id::new));
    Some(Spec::InformationOnly {
        flow: flow?,
        classes: classes?,
        honours: honours?,
    })
}

fn information_through<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let raw: raw::InformationThrough<'_> = reader.fields(body)?;
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let unless = classes(reader, &raw.unless);
    let through = reader.all(&raw.through, |value| {
        reader.word(value, ("経由する中継", "a relay to pass"), WAYPOINTS)
    });
    let honours = reader.all(&raw.honours, |value| reader.name(value).map(Id::new));
    Some(Spec::InformationThrough {
        flow: flow?,
        unless: unless?,
        through: through?,
        honours: honours?,
    })
}

fn risk<'a>(reader: &Reader<'a>, body: Val<'a>) -> Option<Spec> {
    let value = reader.single(body)?;
    let name = reader.name(value)?;
    match Risk::parse(&name) {
        Some(risk) => Some(Spec::Guarded { risk }),
        None => {
            let known: Vec<&str> = Risk::ALL.into_iter().map(Risk::as_str).collect();
            let noun = ("リスクの番号", "a risk");
            reader.note(value, crate::say::unknown_word(&name, noun, &known))
        }
    }
}

fn classes<'a>(reader: &Reader<'a>, values: &[Val<'a>]) -> Option<Vec<Information>> {
    reader.all(values, |value| class(reader, value))
}

fn class<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Information> {
    reader.word(value, ("情報の種類", "a class of information"), INFORMATION)
}

fn rule_ids<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<RuleId>> {
    let items = reader.some(value)?;
    reader.all(&items, |value| reader.name(value).map(Id::new))
}

fn flow<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Flow> {
    let raw: raw::Flow<'_> = reader.fields(value)?;
    flow_of(reader, raw.from, raw.to, raw.service, raw.both)
}

fn flow_of<'a>(
    reader: &Reader<'a>,
    from: Val<'a>,
    to: Val<'a>,
    service: Option<Val<'a>>,
    both: Option<Val<'a>>,
) -> Option<Flow> {
    let (from, to) = (ends(reader, from), ends(reader, to));
    let services = reader.services(service, false);
    let both = reader.or(both, false, |value| reader.flag(value));
    Some(Flow {
        from: from?,
        to: to?,
        services: services?,
        both: both?,
    })
}

fn ends<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<End>> {
    let items = reader.some(value)?;
    reader.all(&items, |value| end(reader, value))
}

fn end<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<End> {
    let (word, body) = reader.variant(value)?;
    match word {
        "Role" => {
            let (role, hosts) = reader.pair(reader.body(value, body)?)?;
            let role = reader.word(role, ROLE, ROLES);
            let hosts = self::hosts(reader, hosts);
            Some(End::Role(role?, hosts?))
        }
        "Zone" => {
            let (zone, hosts) = reader.pair(reader.body(value, body)?)?;
            let (zone, hosts) = (reader.name(zone), self::hosts(reader, hosts));
            Some(End::Zone(Id::new(zone?), hosts?))
        }
        "Names" => {
            let list = reader.single(reader.body(value, body)?)?;
            let terms = reader.address_terms(&reader.some(list)?)?;
            Some(End::Addresses(Addresses {
                terms,
                negated: false,
            }))
        }
        _ => reader.strange(
            value,
            ("通信の端", "an end of traffic"),
            &["Role", "Zone", "Names"],
        ),
    }
}

fn hosts<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Hosts> {
    let (word, body) = reader.variant(value)?;
    match word {
        "Relay" => {
            let kind = reader.single(reader.body(value, body)?)?;
            let noun = ("中継の種類", "a kind of relay");
            reader.word(kind, noun, RELAYS).map(Hosts::Relay)
        }
        "System" => {
            let function = reader.single(reader.body(value, body)?)?;
            reader
                .word(function, FUNCTION, FUNCTIONS)
                .map(Hosts::System)
        }
        "Class" => {
            let class = reader.single(reader.body(value, body)?)?;
            reader.word(class, CLASS, CLASSES).map(Hosts::Class)
        }
        _ => match PLAIN_HOSTS.iter().find(|(name, _)| *name == word) {
            Some((_, hosts)) if body.is_none() => Some(hosts.clone()),
            _ => reader.strange(value, ("端末・中継の範囲", "a choice of hosts"), &HOSTS),
        },
    }
}

/// An exception.
pub(crate) fn exception<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Exception> {
    let raw: raw::Exception<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let rules = rule_ids(reader, raw.rules);
    let flow = flow_of(reader, raw.from, raw.to, raw.service, raw.both);
    let (owner, reason) = (reader.string(raw.owner), reader.string(raw.reason));
    let days = policy::days(reader, raw.since, raw.until);
    let carries = reader.maybe(raw.carries, |value| class(reader, value));
    let evidence = reader.maybe(raw.evidence, |value| assurance::evidence(reader, value));
    let mac_bound = reader.or(raw.mac_bound, false, |value| reader.flag(value));
    let (from, until) = days?;
    Some(Exception {
        id: Id::new(name?),
        rules: rules?,
        flow: flow?,
        owner: owner?,
        reason: reason?,
        mac_bound: mac_bound?,
        from,
        until,
        carries: carries?,
        evidence: evidence?,
        place: reader.place(raw.name),
    })
}
