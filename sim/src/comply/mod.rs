//! Rules that the configuration alone decides, without a packet: labels, literals, dates, differences.
//!
//! Goes in: a migration, and what other parts found out ([`Known`]). Comes out: verdicts for the rules of these kinds, and findings state by state;
//! some are always looked for, whatever the rules say (referrers of moved hosts, reused addresses,
//! proxies that change while the security cloud does not). Nothing can go wrong.
//!
//! Modules in reading order: [`literals`] (who holds which literal address), [`labels`], [`temporary`],
//! [`retired`], [`unchanged`], [`pairs`], [`hosts`], [`bridges`],
//! [`fit`], [`checks`], [`logged`], [`exceptions`], [`back`], [`moved`]; [`readdressed`] compares any two states.

mod back;
mod bridges;
mod checks;
mod exceptions;
mod fit;
mod hosts;
mod labels;
mod literals;
mod logged;
mod moved;
mod pairs;
mod readdressed;
mod retired;
mod temporary;
mod unchanged;

#[cfg(test)]
mod tests;

pub use readdressed::{Readdressed, readdressed};

use crate::plane::Plane;
use utsushi_model::finding::{Cause, Code, Evidence, Finding, Severity};
use utsushi_model::migration::{Migration, State};
use utsushi_model::place::Place;
use utsushi_model::report::{LoadRow, Verdict};
use utsushi_model::rule::{Level, Rule, RuleId, Spec};
use utsushi_model::text::Text;

/// What was found out about the rules decided here.
#[derive(Debug, Clone, Default)]
pub struct Complied {
    /// For every rule, one verdict per state; `None` where it does not apply.
    pub verdicts: Vec<(RuleId, Vec<Option<Verdict>>)>,
    /// Findings, state by state.
    pub findings: Vec<Finding>,
}

/// What other parts of a run found out, for the rules that need it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Every state, compiled: for what devices log.
    pub planes: &'a [Plane],
    /// The loads of all states: for seats.
    pub loads: &'a [LoadRow],
    /// For every state what is delivered between the Internet and LGWAN zones, where that was computed.
    pub crossings: &'a [Option<Vec<Cause>>],
}

/// Something seen in one state, before it is tied to a rule.
struct Seen {
    code: Code,
    subject: Text,
    place: Place,
    evidence: Evidence,
}

impl Seen {
    fn facts(code: Code, subject: Text, place: &Place, facts: Vec<Cause>) -> Self {
        Self {
            code,
            subject,
            place: place.clone(),
            evidence: Evidence::Facts { facts },
        }
    }

    fn finding(self, rule: Option<&Rule>, state: &State) -> Finding {
        Finding {
            code: self.code,
            severity: rule.map_or(self.code.severity(), |r| severity(r.level, self.code)),
            first: state.index,
            last: state.index,
            rule: rule.map(|r| r.id.clone()),
            subject: self.subject,
            place: self.place,
            evidence: self.evidence,
        }
    }
}

fn severity(level: Level, code: Code) -> Severity {
    match level {
        Level::Must => code.severity(),
        Level::Should => Severity::Warning,
        Level::Advice => Severity::Note,
    }
}

fn cause(ja: String, en: String, place: &Place) -> Cause {
    Cause {
        what: Text::new(ja, en),
        place: place.clone(),
    }
}

/// Judges every rule that the configuration alone decides, and looks for what no rule needs to ask for.
#[must_use]
pub fn comply(migration: &Migration, known: &Known<'_>) -> Complied {
    let mut out = Complied::default();
    for rule in migration
        .requirements
        .rules
        .iter()
        .filter(|r| !packets_decide(&r.spec))
    {
        let mut verdicts = Vec::with_capacity(migration.states.len());
        for state in &migration.states {
            if !migration.covers(&rule.period, state) {
                verdicts.push(None);
                continue;
            }
            let (verdict, seen) = judge(migration, rule, state, known);
            verdicts.push(Some(verdict));
            out.findings
                .extend(seen.into_iter().map(|s| s.finding(Some(rule), state)));
        }
        out.verdicts.push((rule.id.clone(), verdicts));
    }
    let asked = |state: &State| {
        let mut rules = migration.requirements.rules.iter();
        rules.any(|r| r.spec == Spec::CanGoBack && migration.covers(&r.period, state))
    };
    for state in &migration.states {
        let mut seen = moved::referrers(migration, state);
        seen.extend(labels::reused(state));
        seen.extend(exceptions::expired(migration));
        if !asked(state) {
            seen.extend(back::check(migration, state).1);
        }
        seen.extend(unchanged::proxy_rules(migration, state));
        out.findings
            .extend(seen.into_iter().map(|s| s.finding(None, state)));
    }
    out
}

/// Whether packets or legs decide the rule, so that it is not judged here.
fn packets_decide(spec: &Spec) -> bool {
    matches!(
        spec,
        Spec::Never { .. }
            | Spec::OnlyThrough { .. }
            | Spec::MustReach { .. }
            | Spec::NoStaleException { .. }
            | Spec::InformationOnly { .. }
            | Spec::InformationThrough { .. }
            | Spec::Guarded { .. }
            | Spec::FullySeparated { .. }
            | Spec::DistributionReaches
            | Spec::OnlyChange { .. }
    )
}

fn judge(
    migration: &Migration,
    rule: &Rule,
    state: &State,
    known: &Known<'_>,
) -> (Verdict, Vec<Seen>) {
    let seen = match &rule.spec {
        Spec::NoDataOut { role } => return labels::no_data_out(state, *role),
        Spec::HostMeasures {
            roles,
            hosts,
            needs,
        } => return hosts::measures(state, roles, hosts, needs),
        Spec::CanGoBack => return back::check(migration, state),
        Spec::NoMixedSegment => labels::mixed(state),
        Spec::ZonePairsKept => pairs::check(migration, state),
        Spec::NoResidentInformation { roles } => hosts::residents(migration, state, rule, roles),
        Spec::ProxyOfOwnZone => hosts::proxies(state),
        Spec::SeatsBeforeMove => fit::seats(migration, state, known.loads),
        Spec::ModelFits => fit::model(migration, state),
        Spec::TemporaryRulesEnd => temporary::check(state),
        Spec::NothingRetired => retired::check(migration, state),
        Spec::NewBlockDisjoint { role } => retired::new_blocks(migration, state, *role),
        Spec::Unchanged { what } => unchanged::check(migration, state, what),
        Spec::LimitedExceptions {
            rules,
            most,
            needs,
            services,
        } => {
            let test = exceptions::Test {
                rules,
                most: *most,
                needs,
                services: services.as_ref(),
            };
            exceptions::check(migration, state, &test, &known.planes[state.index])
        }
        Spec::NoBridgingHost => bridges::bridging(migration, state, rule),
        Spec::ManagementApart => bridges::hypervisors(migration, state, rule),
        Spec::CheckedBefore { models } => {
            let crossings = known.crossings.get(state.index);
            checks::check(
                migration,
                state,
                models,
                crossings.and_then(Option::as_deref),
            )
        }
        Spec::Logged { flow, unless } => logged::check(&known.planes[state.index], flow, unless),
        Spec::Never { .. }
        | Spec::OnlyThrough { .. }
        | Spec::MustReach { .. }
        | Spec::NoStaleException { .. }
        | Spec::InformationOnly { .. }
        | Spec::InformationThrough { .. }
        | Spec::Guarded { .. }
        | Spec::FullySeparated { .. }
        | Spec::DistributionReaches
        | Spec::OnlyChange { .. } => Vec::new(),
    };
    (
        if seen.is_empty() {
            Verdict::Proved
        } else {
            Verdict::Broken
        },
        seen,
    )
}
