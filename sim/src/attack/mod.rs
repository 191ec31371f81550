//! Attack paths for the seven risks: what an attacker gets hold of, by which legs, and which measures stand in
//! the way.
//!
//! Goes in: a compiled state and a risk. Comes out: for each zone and kind of prey the shortest path that the network
//! leaves open, with every measure listed against the risk that has a place on it, present or absent. What can go
//! wrong: the arena of packet sets is full.
//!
//! ```text
//!   RK-1   INT terminal ─▶ screen relay ─▶ LG system               whatever the terminal can ask
//!   RK-4   Internet ─ mail ─▶ mail relay ◀─ mail ─ terminal ─▶ C2  mail first, then the terminal
//! ```
//!
//! An attacker who holds a host opens every leg that comes about from it. Screen transfer does not stop him: with
//! keystrokes he operates what is shown. Sanitisers and mail sanitisers do, by their function, which is attested. Hosts
//! outside the body are where attacks begin or end and lead no further. Modules: `measures`.

mod measures;

use crate::inform::evidence::record;
use crate::inform::function::{Entered, Way};
use crate::inform::hops::{Hop, Hops, came_from};
use crate::inform::legs::Legs;
use crate::inform::parties::{Party, parties};
use crate::plane::Plane;
use crate::plane::condition::Bound;
use crate::plane::ends::members;
use crate::space::{Set, SpaceFull};
use measures::Way as Path;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use utsushi_model::finding::{Cause, Code, Evidence, Finding, LegRecord, Severity};
use utsushi_model::information::Information;
use utsushi_model::migration::{Migration, Model, State};
use utsushi_model::network::{NodeKind, ZoneRole};
use utsushi_model::report::Verdict;
use utsushi_model::risk::{Attack, AttackRow, Guard, Prey, Risk};
use utsushi_model::rule::{End, Hosts, Level, Rule, RuleId, Spec};
use utsushi_model::service::Service;
use utsushi_model::text::Text;

/// Services that carry mail: handed over (SMTP) and fetched (POP, IMAP).
const MAIL: [Service; 7] = [
    Service::tcp(25),
    Service::tcp(465),
    Service::tcp(587),
    Service::tcp(110),
    Service::tcp(143),
    Service::tcp(993),
    Service::tcp(995),
];

/// Services by which malware spreads: file sharing, remote administration. A default, not quoted.
const SPREADING: [Service; 6] = [
    Service::tcp(445),
    Service::tcp(139),
    Service::tcp(135),
    Service::tcp(3389),
    Service::tcp(5985),
    Service::tcp(22),
];

/// Numbers of the questions that parties are told apart by.
const START: usize = 0;
const TARGET: usize = 1;
const TERMINAL: usize = 2;

/// How a risk goes about.
struct Plan {
    start: Vec<End>,
    target: Vec<End>,
    /// It comes by mail until it holds a terminal.
    mail: bool,
    /// What it fetches counts too: web pages and files.
    fetches: bool,
    /// By which services it goes on; empty: any.
    services: &'static [Service],
}

fn plan(risk: Risk) -> Plan {
    use ZoneRole::{Internet, Lgwan, LgwanNetwork, MyNumber, World};
    let role = |role, hosts| End::Role(role, hosts);
    let all = |roles: &[ZoneRole]| roles.iter().map(|r| role(*r, Hosts::All)).collect();
    let others = |roles: &[ZoneRole]| roles.iter().map(|r| role(*r, Hosts::Others)).collect();
    let terminals = |roles: &[ZoneRole]| -> Vec<End> {
        roles.iter().map(|r| role(*r, Hosts::Terminals)).collect()
    };
    let plan = |start, target| Plan {
        start,
        target,
        mail: false,
        fetches: false,
        services: &[],
    };
    match risk {
        Risk::Rk1 => plan(
            terminals(&[Internet]),
            all(&[Lgwan, MyNumber, LgwanNetwork]),
        ),
        Risk::Rk2 => plan(all(&[World]), terminals(&[Internet])),
        Risk::Rk3 => Plan {
            fetches: true,
            ..plan(all(&[World]), all(&[Internet]))
        },
        Risk::Rk4 => Plan {
            mail: true,
            ..plan(all(&[World]), all(&[Internet, Lgwan, MyNumber]))
        },
        Risk::Rk5 => Plan {
            mail: true,
            services: &SPREADING,
            ..plan(all(&[World]), all(&[Internet, Lgwan, MyNumber]))
        },
        Risk::Rk6 => plan(all(&[World]), others(&[Internet, Lgwan, MyNumber])),
        Risk::Rk7 => plan(terminals(&[Internet]), all(&[World])),
    }
}

/// What an attacker holds.
struct Visit {
    party: usize,
    entered: Entered,
    came: Option<ZoneRole>,
    by_mail: bool,
    back: Option<(usize, Hop)>,
}

/// Everything an attacker gets hold of by a risk in one state: the shortest path for each zone and kind of prey.
///
/// # Errors
/// The packet sets of the state need more memory than an arena may hold.
pub fn attacks(plane: &Plane, model: Model, risk: Risk) -> Result<Vec<Attack>, SpaceFull> {
    by(&mut Legs::new(plane, Bound::May), model, risk)
}

/// The same by legs that other risks have been asked of.
fn by(legs: &mut Legs<'_>, model: Model, risk: Risk) -> Result<Vec<Attack>, SpaceFull> {
    let plane = legs.plane();
    let plan = plan(risk);
    let roles = [ZoneRole::Internet, ZoneRole::Lgwan, ZoneRole::MyNumber];
    let terminals: Vec<End> = roles.map(|r| End::Role(r, Hosts::Terminals)).into();
    let questions = [&plan.start, &plan.target, &terminals].map(|ends| members(plane, ends));
    let parties = parties(plane, &[&questions[0], &questions[1], &questions[2]]);
    let visits = follow(legs, &parties, &plan)?;
    let mut best: BTreeMap<(ZoneRole, Prey), usize> = BTreeMap::new();
    for (at, visit) in visits.iter().enumerate() {
        let party = &parties[visit.party];
        if visit.back.is_some() && party.is_among(TARGET) && !party.is_among(START) {
            let role = party.role(plane).unwrap_or(ZoneRole::World);
            best.entry((role, prey(plane, party))).or_insert(at);
        }
    }
    let held: Vec<&Party> = visits.iter().map(|v| &parties[v.party]).collect();
    let mut out = Vec::new();
    for ((_, prey), at) in best {
        let mut hops: Vec<&Hop> = Vec::new();
        let mut next = at;
        while let Some((back, hop)) = &visits[next].back {
            hops.push(hop);
            next = *back;
        }
        hops.reverse();
        let mut records: Vec<LegRecord> = Vec::new();
        for hop in &hops {
            records.extend(record(legs, &parties, hop)?);
        }
        let path = Path {
            plane,
            parties: &parties,
            hops: &hops,
            records: &records,
            held: &held,
        };
        let guards: Vec<Guard> = path.guards(risk, model);
        let zone = parties[visits[at].party].zone(plane);
        let zone = zone.and_then(|z| plane.network.zones.get(z));
        out.push(Attack {
            risk,
            zone: zone.map(|z| z.label.clone()).unwrap_or_default(),
            prey,
            example: records.last().map(|r| r.to.clone()).unwrap_or_default(),
            legs: records,
            guards,
        });
    }
    Ok(out)
}

fn prey(plane: &Plane, party: &Party) -> Prey {
    let segment = &plane.segments[party.segment.0].id;
    let system = |s: &utsushi_model::network::System| {
        s.segment == *segment
            && s.addresses
                .iter()
                .any(|a| party.addresses.iter().any(|r| r.overlaps(*a)))
    };
    match party.relay {
        Some(_) => Prey::Relays,
        None if party.is_among(TERMINAL) => Prey::Terminals,
        None if plane.network.systems.iter().any(system) => Prey::Systems,
        None => Prey::Others,
    }
}

/// Breadth first over what an attacker holds.
fn follow(legs: &mut Legs<'_>, parties: &[Party], plan: &Plan) -> Result<Vec<Visit>, SpaceFull> {
    let plane = legs.plane();
    let mail = legs.services(&MAIL)?;
    let on = match plan.services {
        [] => Set::FULL,
        some => legs.services(some)?,
    };
    let starts = (0..parties.len()).filter(|p| parties[*p].is_among(START));
    let mut visits: Vec<Visit> = starts
        .map(|party| Visit {
            party,
            entered: Entered::Start,
            came: came_from(plane, &parties[party], &parties[party]),
            by_mail: plan.mail,
            back: None,
        })
        .collect();
    let mut been: HashSet<(usize, Entered, Option<ZoneRole>, bool)> = HashSet::new();
    let ties = legs.ties(parties)?;
    let mut at = 0;
    while at < visits.len() {
        let Visit {
            party,
            entered,
            came,
            by_mail,
            ..
        } = visits[at];
        let goes_on = entered == Entered::Start || parties[party].carries_on(plane);
        for &to in ties.near(party).iter().filter(|_| goes_on) {
            if parties[to].relay.is_none() && parties[to].is_among(START) {
                continue;
            }
            let mut hops = Hops {
                legs,
                parties,
                ties: &ties,
                services: if by_mail { mail } else { on },
                excused: &[],
                mailboxes: by_mail,
            };
            for hop in hops.to((party, entered, came), to)? {
                if !takes(plane, parties, plan, by_mail, &hop) {
                    continue;
                }
                let next = Visit {
                    party: to,
                    entered: hop.entered,
                    came: came_from(plane, &parties[party], &parties[to]),
                    by_mail: by_mail && !parties[to].is_among(TERMINAL),
                    back: Some((at, hop)),
                };
                if been.insert((to, next.entered, next.came, next.by_mail)) {
                    visits.push(next);
                }
            }
        }
        at += 1;
    }
    Ok(visits)
}

/// Whether an attacker can take a hop.
fn takes(plane: &Plane, parties: &[Party], plan: &Plan, by_mail: bool, hop: &Hop) -> bool {
    let stopped = |(class, _): &(Information, _)| {
        matches!(
            class,
            Information::SanitisedFile | Information::PlainTextMail
        )
    };
    let is_mail = |party: usize| {
        let node = parties[party].node(plane);
        node.is_some_and(|n| matches!(n.kind, NodeKind::MailRelay(_)))
    };
    let mail = is_mail(hop.from) || is_mail(hop.to);
    let way = match by_mail {
        true => mail,
        false => hop.way == Way::Up || plan.fetches,
    };
    way && !hop.made.iter().any(stopped)
}

/// What was found out about the rules decided here.
#[derive(Debug, Clone, Default)]
pub struct Guarded {
    /// For every rule, one verdict per state; `None` where it does not apply.
    pub verdicts: Vec<(RuleId, Vec<Option<Verdict>>)>,
    /// Measures that are absent, state by state.
    pub findings: Vec<Finding>,
    /// The paths in figures, by rule, then state.
    pub rows: Vec<AttackRow>,
}

/// Judges every rule about risks in every state.
///
/// # Errors
/// The packet sets of a state need more memory than an arena may hold.
pub fn guarded(migration: &Migration, planes: &[Plane]) -> Result<Guarded, SpaceFull> {
    let rules = migration.requirements.rules.iter();
    let asked = rules.filter_map(|rule| match rule.spec {
        Spec::Guarded { risk } => Some((rule, risk)),
        _ => None,
    });
    let asked: Vec<(&Rule, Risk)> = asked.collect();
    let states = migration.states.par_iter();
    let judged = states.map(|state| of_state(migration, &planes[state.index], state, &asked));
    let mut judged: Vec<Vec<Option<Judged>>> = judged.collect::<Result<_, _>>()?;
    let mut out = Guarded::default();
    for (at, (rule, _)) in asked.iter().enumerate() {
        let verdicts = judged
            .iter()
            .map(|state| state[at].as_ref().map(|j| j.verdict));
        out.verdicts.push((rule.id.clone(), verdicts.collect()));
        for found in judged.iter_mut().filter_map(|state| state[at].take()) {
            out.findings.extend(found.findings);
            out.rows.push(found.row);
        }
    }
    Ok(out)
}

/// A rule in one state.
struct Judged {
    verdict: Verdict,
    findings: Vec<Finding>,
    row: AttackRow,
}

/// One state by each rule, in order; `None` where a rule does not apply.
fn of_state(
    migration: &Migration,
    plane: &Plane,
    state: &State,
    rules: &[(&Rule, Risk)],
) -> Result<Vec<Option<Judged>>, SpaceFull> {
    let mut legs = Legs::new(plane, Bound::May);
    let mut judged = |(rule, risk): &(&Rule, Risk)| {
        if !migration.covers(&rule.period, state) {
            return Ok(None);
        }
        let found = by(&mut legs, state.model, *risk)?;
        let (verdict, findings) = judge(rule, state, &found);
        let row = AttackRow::new(state.index, rule.id.clone(), *risk, &found);
        Ok(Some(Judged {
            verdict,
            findings,
            row,
        }))
    };
    rules.iter().map(&mut judged).collect()
}

/// A verdict, and one finding for each component without a mandatory measure.
fn judge(rule: &Rule, state: &State, attacks: &[Attack]) -> (Verdict, Vec<Finding>) {
    let mut told = HashSet::new();
    let mut findings = Vec::new();
    for attack in attacks {
        for guard in attack.guards.iter().filter(|g| g.mandatory) {
            for (name, place) in &guard.absent {
                if told.insert((guard.control, name.clone())) {
                    let about = (name.as_str(), place);
                    findings.push(finding(rule, state, attack, guard, about));
                }
            }
        }
    }
    let verdict = match (attacks.is_empty(), findings.is_empty()) {
        (true, _) => Verdict::Proved,
        (false, true) => Verdict::Attested,
        (false, false) => Verdict::Broken,
    };
    (verdict, findings)
}

fn finding(
    rule: &Rule,
    state: &State,
    attack: &Attack,
    guard: &Guard,
    (name, place): (&str, &utsushi_model::place::Place),
) -> Finding {
    let measure = label(guard.control);
    let way: Vec<&str> = std::iter::once(attack.legs.first().map(|l| l.from.as_str()))
        .flatten()
        .chain(attack.legs.iter().map(|l| l.to.as_str()))
        .collect();
    let facts = vec![
        Cause {
            what: Text::new(
                format!("{}：「{}」がない", attack.risk, measure.ja),
                format!("{}: no {}", attack.risk, measure.en),
            ),
            place: place.clone(),
        },
        Cause {
            what: Text::new(
                format!("攻撃経路（{}区間）：{}", attack.legs.len(), way.join(" → ")),
                format!(
                    "attack path ({} legs): {}",
                    attack.legs.len(),
                    way.join(" → ")
                ),
            ),
            place: utsushi_model::place::Place::nowhere(),
        },
    ];
    Finding {
        code: Code::MeasureAbsent,
        severity: match rule.level {
            Level::Must => Severity::Error,
            Level::Should => Severity::Warning,
            Level::Advice => Severity::Note,
        },
        first: state.index,
        last: state.index,
        rule: Some(rule.id.clone()),
        subject: Text::new(
            format!("`{name}` の{}", measure.ja),
            format!("{} on `{name}`", measure.en),
        ),
        place: place.clone(),
        evidence: Evidence::Facts { facts },
    }
}

pub use measures::label;
