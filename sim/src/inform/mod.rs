//! Isolation rules about information, proved or broken over every chain of legs that a state lets come
//! about.
//!
//! Goes in: a migration and its compiled planes. Comes out: for every rule about information a verdict per
//! state, and for every breach the shortest chain that shows it. A rule that holds only by what relays do
//! with information is *attested*; evidence that is missing or has run out is told. What can go wrong: the
//! arena of packet sets is full, which is an error and never a verdict.
//!
//! ```text
//!   INT terminal ══ keys ══▶ VDI ─ raw ─▶ LG server        one leg per arrow; what is left at the end
//!   INT terminal ─ raw ─▶ sanitiser ══ file ══▶ LG server  is the meet of what the legs carry
//! ```
//!
//! Which legs come about is asked of the plane alone, for every pair of parties, whatever access tables
//! say: what the network lets through counts, not what clients are told to do.
//!
//! Modules in reading order: [`parties`](mod@parties), [`legs`] (which come about), [`ties`] (between whom at all), [`function`] (what relays make of
//! information), [`hops`] (both together), [`search`](mod@search), `evidence`, `attest`.

mod attest;
pub mod evidence;
pub mod function;
pub mod hops;
pub mod legs;
pub mod parties;
pub mod search;
pub mod ties;

#[cfg(test)]
mod tests;

use crate::plane::Plane;
use crate::plane::condition::Bound;
use crate::plane::ends::members;
use crate::space::SpaceFull;
use attest::Relied;
use evidence::Guilt;
use hops::{Excused, Hop, Hops, Meant};
use legs::Legs;
use parties::{Party, parties};
use rayon::prelude::*;
use search::{Found, Told, Wanted, search};
use std::collections::BTreeMap;
use ties::Ties;
use utsushi_model::finding::{Evidence, Finding};
use utsushi_model::information::Information;
use utsushi_model::migration::{Migration, State};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{End, Flow, Rule, RuleId, Spec};

/// No rule in one state is told apart into more findings than this.
const MOST_FINDINGS: usize = 16;

/// No rule in one state is searched more often than this for further chains.
const MOST_SEARCHES: usize = 128;

/// What was found out about the rules decided here.
#[derive(Debug, Clone, Default)]
pub struct Informed {
    /// For every rule, one verdict per state; `None` where it does not apply.
    pub verdicts: Vec<(RuleId, Vec<Option<Verdict>>)>,
    /// Breaches, and what is wrong with evidence, state by state.
    pub findings: Vec<Finding>,
}

/// What was found out in one state.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// The verdict on every rule that applies.
    pub verdicts: BTreeMap<RuleId, Verdict>,
    /// Breaches, and what is wrong with evidence.
    pub findings: Vec<Finding>,
}

/// Whether a rule is decided here.
#[must_use]
pub fn decides(spec: &Spec) -> bool {
    asked(spec).is_some()
}

/// What a rule about information asks for.
fn asked(spec: &Spec) -> Option<(&Flow, Wanted<'_>)> {
    match spec {
        Spec::InformationOnly { flow, classes, .. } => Some((
            flow,
            Wanted {
                classes,
                through: &[],
            },
        )),
        Spec::InformationThrough {
            flow,
            unless,
            through,
            ..
        } => Some((
            flow,
            Wanted {
                classes: unless,
                through,
            },
        )),
        _ => None,
    }
}

/// Judges every rule about information in every state.
///
/// # Errors
/// The packet sets of a state need more memory than an arena may hold.
pub fn inform(migration: &Migration, planes: &[Plane]) -> Result<Informed, SpaceFull> {
    let states = migration.states.par_iter();
    let mut judged: Vec<Judged> = states
        .map(|state| self::state(migration, &planes[state.index], state))
        .collect::<Result<_, _>>()?;
    let rules = migration.requirements.rules.iter();
    let verdicts = rules
        .filter(|r| decides(&r.spec))
        .map(|rule| {
            let of = |j: &Judged| j.verdicts.get(&rule.id).copied();
            (rule.id.clone(), judged.iter().map(of).collect())
        })
        .collect();
    let findings = judged.iter_mut();
    Ok(Informed {
        verdicts,
        findings: findings
            .flat_map(|j| std::mem::take(&mut j.findings))
            .collect(),
    })
}

/// Judges one state.
///
/// # Errors
/// The packet sets of the state need more memory than an arena may hold.
pub fn state(migration: &Migration, plane: &Plane, state: &State) -> Result<Judged, SpaceFull> {
    let mut judge = Judge {
        migration,
        state,
        may: Legs::new(plane, Bound::May),
        must: plane.has_undecided().then(|| Legs::new(plane, Bound::Must)),
        relied: Relied::default(),
        judged: Judged::default(),
    };
    let rules = migration.requirements.rules.iter();
    for rule in rules.filter(|r| migration.covers(&r.period, state)) {
        if let Some((flow, wanted)) = asked(&rule.spec) {
            judge.rule(rule, flow, wanted)?;
        }
    }
    let mut judged = judge.judged;
    judged
        .findings
        .extend(judge.relied.findings(migration, plane, state));
    Ok(judged)
}

/// One state being judged.
struct Judge<'m> {
    migration: &'m Migration,
    state: &'m State,
    may: Legs<'m>,
    must: Option<Legs<'m>>,
    relied: Relied,
    judged: Judged,
}

impl Judge<'_> {
    fn rule(&mut self, rule: &Rule, flow: &Flow, wanted: Wanted<'_>) -> Result<(), SpaceFull> {
        let back = flow.both.then_some((&*flow.to, &*flow.from));
        let mut verdict = Verdict::Proved;
        for ends in std::iter::once((&*flow.from, &*flow.to)).chain(back) {
            verdict = verdict.max(self.direction(rule, flow, ends, wanted)?);
        }
        self.judged.verdicts.insert(rule.id.clone(), verdict);
        Ok(())
    }

    fn direction(
        &mut self,
        rule: &Rule,
        flow: &Flow,
        (from, to): (&[End], &[End]),
        wanted: Wanted<'_>,
    ) -> Result<Verdict, SpaceFull> {
        if wanted.classes.contains(&Information::Raw) {
            return Ok(Verdict::Proved);
        }
        let plane = self.may.plane();
        let (from, to) = (members(plane, from), members(plane, to));
        let parties = parties(plane, &[&from, &to]);
        let excused = excused(self.migration, self.state, rule, &mut self.may)?;
        let services = plane.network.service_terms(&flow.services);
        let services = self.may.sets.service(&services, Bound::May)?;
        let ties = self.may.ties(&parties)?;
        let mut hops = Hops {
            legs: &mut self.may,
            parties: &parties,
            ties: &ties,
            services,
            excused: &excused,
            mailboxes: false,
        };
        let found = search(&mut hops, wanted, &[])?;
        let Some(chain) = found.chain else {
            return Ok(self.relied.add(rule, &found.relied, plane));
        };
        let certain = self.certain(rule, flow, &parties, wanted)?;
        self.tell(
            rule,
            services,
            (&parties, &ties, &excused),
            wanted,
            chain,
            certain,
        )?;
        Ok(match certain {
            true => Verdict::Broken,
            false => Verdict::Undetermined,
        })
    }

    /// Whether a chain breaks the rule that hangs on nothing beyond offline judgement.
    fn certain(
        &mut self,
        rule: &Rule,
        flow: &Flow,
        parties: &[Party],
        wanted: Wanted<'_>,
    ) -> Result<bool, SpaceFull> {
        let Some(must) = &mut self.must else {
            return Ok(true);
        };
        let excused = excused(self.migration, self.state, rule, must)?;
        let services = must.plane().network.service_terms(&flow.services);
        let services = must.sets.service(&services, Bound::Must)?;
        let ties = must.ties(parties)?;
        let mut hops = Hops {
            legs: must,
            parties,
            ties: &ties,
            services,
            excused: &excused,
            mailboxes: false,
        };
        Ok(search(&mut hops, wanted, &[])?.chain.is_some())
    }

    /// One finding for each relay or filter rule that lets information get over.
    fn tell(
        &mut self,
        rule: &Rule,
        services: crate::space::Set,
        (parties, ties, excused): (&[Party], &Ties, &[Excused]),
        wanted: Wanted<'_>,
        first: Vec<Hop>,
        certain: bool,
    ) -> Result<(), SpaceFull> {
        let mut told: Vec<Told> = Vec::new();
        let mut guilts: Vec<Guilt> = Vec::new();
        let mut next = Some(first);
        for _ in 0..MOST_SEARCHES {
            let Some(chain) = next.take() else { break };
            let (guilt, skip) = evidence::guilt(&mut self.may, parties, &chain)?;
            if !guilts.contains(&guilt) {
                let finding = evidence::finding(
                    &mut self.may,
                    parties,
                    (rule, wanted, certain),
                    &chain,
                    &guilt,
                    self.state,
                )?;
                self.judged.findings.push(finding);
                guilts.push(guilt);
            }
            if guilts.len() >= MOST_FINDINGS {
                break;
            }
            told.push(skip);
            let mut hops = Hops {
                legs: &mut self.may,
                parties,
                ties,
                services,
                excused,
                mailboxes: false,
            };
            let Found { chain, .. } = search(&mut hops, wanted, &told)?;
            next = chain;
        }
        Ok(())
    }
}

/// What exceptions say of legs for a rule.
fn excused(
    migration: &Migration,
    state: &State,
    rule: &Rule,
    legs: &mut Legs<'_>,
) -> Result<Vec<Excused>, SpaceFull> {
    let plane = legs.plane();
    let honours = match &rule.spec {
        Spec::InformationOnly { honours, .. } | Spec::InformationThrough { honours, .. } => honours,
        _ => return Ok(Vec::new()),
    };
    let mut out = Vec::new();
    let exceptions = migration.requirements.exceptions.iter().enumerate();
    for (at, exception) in exceptions.filter(|(_, e)| e.holds(state.date)) {
        let mut rules = exception.rules.iter();
        let own = rules.any(|id| *id == rule.id || honours.contains(id));
        let services = plane.network.service_terms(&exception.flow.services);
        let services = legs.sets.service(&services, Bound::Must)?;
        let flow = &exception.flow;
        let back = flow.both.then_some((&flow.to, &flow.from));
        for (from, to) in std::iter::once((&flow.from, &flow.to)).chain(back) {
            out.push(Excused {
                at,
                own,
                from: Meant::new(members(plane, from)),
                to: Meant::new(members(plane, to)),
                services,
                carries: exception.carries,
            });
        }
    }
    Ok(out)
}

/// Adds findings about information to those about packets: a chain that is told already, because one of its
/// legs consists of packets that are forbidden or one of its relays is known to let data out, is not told
/// twice; its rule is added to the finding where there is room for it.
pub fn join(findings: &mut Vec<Finding>, informed: Vec<Finding>) {
    for finding in informed {
        let Evidence::Chain { legs, .. } = &finding.evidence else {
            findings.push(finding);
            continue;
        };
        let same = findings
            .iter_mut()
            .filter(|f| f.first <= finding.first && finding.first <= f.last)
            .find(|f| evidence::tells(f, &finding, legs));
        match same.map(|f| &mut f.evidence) {
            Some(Evidence::Packets { also, .. } | Evidence::Chain { also, .. }) => {
                let rule = finding.rule.filter(|id| !also.contains(id));
                also.extend(rule);
            }
            Some(_) => {}
            None => findings.push(finding),
        }
    }
}
