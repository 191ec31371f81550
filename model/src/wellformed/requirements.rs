//! Whether what a scenario requires can mean anything on its way from today to the last step.
//!
//! Goes in: rules, exceptions, applications, demands, thresholds, and the states of the plan. Comes out:
//! every problem. A name must mean something in at least one state in which the rule or demand applies;
//! roles and kinds of hosts need not be there at all, because rule packs are general.

mod demands;
mod ends;

pub(super) use ends::WORDS;

use super::index::Index;
use super::lists::backwards;
use super::say::{RULE, STEP, Thing, first_here, none, unknown};
use crate::change::Kind;
use crate::condition::Condition;
use crate::demand::{ResourceKind, Thresholds};
use crate::finding::Code;
use crate::id::Id;
use crate::migration::{Confirmed, Requirements, State, Step, StepId};
use crate::network::{NodeKind, SegmentId};
use crate::policy::{Filter, Name};
use crate::problem::Problem;
use crate::rule::{Exception, Protected, Rule, RuleId, Spec, Through};
use crate::text::Text;
use std::ops::Range;

const EXCEPTION: super::say::Words = ("例外", "exception");
/// Waypoints of rules that are told apart.
const MOST_WAYPOINTS: usize = 32;
const RELAY: super::say::Words = ("経由する中継", "relay to pass");

/// Every way in which requirements do not fit the steps and states of a plan.
///
/// PRECONDITION: `states` holds today and the state after each of `steps`, in order.
#[must_use]
pub fn check_requirements(
    requirements: &Requirements,
    steps: &[Step],
    states: &[State],
) -> Vec<Problem> {
    let mut plan = Plan {
        requirements,
        states,
        names: states.iter().map(names).collect(),
        found: Vec::new(),
    };
    plan.steps(steps);
    requirements.rules.iter().for_each(|r| plan.rule(r));
    plan.most_waypoints();
    requirements
        .exceptions
        .iter()
        .for_each(|e| plan.exception(e));
    plan.applications();
    requirements.demands.iter().for_each(|d| plan.demand(d));
    plan.thresholds(&requirements.thresholds);
    plan.found
}

/// The names of a state; what is wrong with them was reported with its network.
fn names(state: &State) -> Index<'_> {
    Index::new(&state.network, &mut Vec::new())
}

/// A rule that a step confirms although the state after it has none of that name on the node.
fn unseen(state: &State, confirmed: &Confirmed, rule: &Name) -> Option<Problem> {
    let node = state.network.nodes.get(&confirmed.node);
    let thing = Thing::new(
        ("確認済みルール", "confirmed rule"),
        &**rule,
        &confirmed.place,
    );
    let Some(node) = node else {
        let known = state.network.nodes.ids().map(Id::as_str);
        return Some(unknown(
            &thing,
            Kind::Node.words(),
            confirmed.node.as_str(),
            known,
        ));
    };
    let own = &node.forwarding;
    let proxy = match &node.kind {
        NodeKind::Proxy(proxy) => proxy.rules.as_slice(),
        _ => &[],
    };
    let rules = own.filters.iter().flat_map(Filter::all_rules).chain(proxy);
    let names = rules.map(|r| &r.name);
    let names = names.chain(own.nat.iter().map(|r| &r.name));
    let names: Vec<&Name> = names.chain(own.policies.iter().map(|r| &r.name)).collect();
    let known = names.iter().map(|name| &***name);
    (!names.contains(&rule)).then(|| unknown(&thing, RULE, rule, known))
}

/// The requirements, the states, and what was found so far.
struct Plan<'p> {
    requirements: &'p Requirements,
    states: &'p [State],
    names: Vec<Index<'p>>,
    found: Vec<Problem>,
}

impl Plan<'_> {
    fn steps(&mut self, steps: &[Step]) {
        for (i, step) in steps.iter().enumerate() {
            let thing = Thing::new(STEP, step.id.as_str(), &step.place);
            let first = self.states[..=i].iter().find(|s| s.step == step.id);
            let Some(first) = first else { continue };
            let problem = if first.index == 0 {
                thing.problem(
                    Code::DuplicateName,
                    "の番号は現状を表すので使えない",
                    "bears the id of today's state",
                )
            } else {
                thing.problem(Code::DuplicateName, "が二つある", "is there twice")
            };
            let help = Text::new("別の番号を与える", "give it another id");
            self.found
                .push(problem.see(&first.place, first_here()).help(help));
        }
        for (step, state) in steps.iter().zip(&self.states[1..]) {
            for confirmed in &step.confirms {
                self.found.extend(
                    confirmed
                        .rules
                        .iter()
                        .filter_map(|r| unseen(state, confirmed, r)),
                );
            }
        }
    }

    /// The states that a period covers, open ends included; `None` if it covers none.
    fn covered(
        &mut self,
        thing: &Thing<'_>,
        from: Option<&StepId>,
        until: Option<&StepId>,
    ) -> Option<Range<usize>> {
        let first = self.position(thing, from).unwrap_or(0);
        let end = self.position(thing, until).unwrap_or(self.states.len());
        if first < end {
            return Some(first..end);
        }
        let problem = thing.problem(
            Code::DateOrder,
            "の期間は、始まる前に終わっている",
            "applies until before it begins",
        );
        let help = Text::new(
            "`from` を `until` より前のステップにする",
            "let `from` name a step before `until`",
        );
        self.found.push(problem.help(help));
        None
    }

    fn position(&mut self, thing: &Thing<'_>, step: Option<&StepId>) -> Option<usize> {
        let step = step?;
        let position = self.states.iter().position(|s| s.step == *step);
        if position.is_none() {
            let known = self.states.iter().map(|s| s.step.as_str());
            self.found.push(unknown(thing, STEP, step.as_str(), known));
        }
        position
    }

    fn rule(&mut self, rule: &Rule) {
        let thing = Thing::new(RULE, rule.id.as_str(), &rule.place);
        let (from, until) = (rule.period.from.as_ref(), rule.period.until.as_ref());
        let Some(covered) = self.covered(&thing, from, until) else {
            return;
        };
        for condition in &rule.period.whenever {
            if let Condition::HalfMoved(segment) = condition {
                self.segment(&thing, segment);
            }
        }
        match &rule.spec {
            Spec::Never { flow, except } => {
                self.flow(&thing, flow, &covered);
                except.iter().for_each(|f| self.flow(&thing, f, &covered));
            }
            Spec::OnlyThrough { flow, through } => {
                self.flow(&thing, flow, &covered);
                self.through(&thing, through, &covered);
            }
            Spec::MustReach { flow } => self.flow(&thing, flow, &covered),
            Spec::InformationOnly { flow, honours, .. } => {
                self.flow(&thing, flow, &covered);
                self.known(&thing, honours);
            }
            Spec::InformationThrough {
                flow,
                through,
                honours,
                ..
            } => {
                self.flow(&thing, flow, &covered);
                self.known(&thing, honours);
                if through.is_empty() {
                    self.found.push(none(&thing, RELAY));
                }
            }
            Spec::Logged { flow, unless } => {
                self.flow(&thing, flow, &covered);
                self.through(&thing, unless, &covered);
            }
            Spec::Unchanged {
                what: Protected::Kind(word),
            } => {
                self.word(&thing, word, WORDS);
            }
            Spec::OnlyChange { flows } => {
                // What a step takes away was there before it.
                let covered = covered.start.saturating_sub(1)..covered.end;
                flows.iter().for_each(|f| self.flow(&thing, f, &covered));
            }
            Spec::LimitedExceptions { rules, .. } => self.rules(&thing, rules),
            Spec::Unchanged { .. }
            | Spec::Guarded { .. }
            | Spec::NoDataOut { .. }
            | Spec::NoStaleException { .. }
            | Spec::NoMixedSegment
            | Spec::TemporaryRulesEnd
            | Spec::NothingRetired
            | Spec::NewBlockDisjoint { .. }
            | Spec::ZonePairsKept
            | Spec::HostMeasures { .. }
            | Spec::NoResidentInformation { .. }
            | Spec::SeatsBeforeMove
            | Spec::ProxyOfOwnZone
            | Spec::ModelFits
            | Spec::NoBridgingHost
            | Spec::ManagementApart
            | Spec::CheckedBefore { .. }
            | Spec::FullySeparated { .. }
            | Spec::DistributionReaches
            | Spec::CanGoBack => {}
        }
    }

    /// The engine tells so many kinds of waypoints apart and no more.
    fn most_waypoints(&mut self) {
        let mut known: Vec<&Through> = Vec::new();
        for rule in self.requirements.rules.iter() {
            let Spec::OnlyThrough { through, .. } = &rule.spec else {
                continue;
            };
            if known.contains(&through) {
                continue;
            }
            known.push(through);
            if known.len() == MOST_WAYPOINTS + 1 {
                let thing = Thing::new(RULE, rule.id.as_str(), &rule.place);
                let problem = thing.problem(
                    Code::Quantity,
                    format_args!(
                        "は {} 種類めの経由点を求めている（上限 {MOST_WAYPOINTS}）",
                        known.len()
                    ),
                    format_args!(
                        "asks for waypoint {} of its kind; {MOST_WAYPOINTS} are possible",
                        known.len()
                    ),
                );
                let help = Text::new(
                    "経由点を機器の種類（`Kind`）でまとめる",
                    "name waypoints by their kind (`Kind`)",
                );
                self.found.push(problem.help(help));
            }
        }
    }

    /// A segment that a condition names is there in some state.
    fn segment(&mut self, thing: &Thing<'_>, segment: &SegmentId) {
        let there = |state: &State| state.network.segments.contains(segment);
        if !self.states.iter().any(there) {
            let all = self.states.iter();
            let known = all.flat_map(|s| s.network.segments.ids()).map(Id::as_str);
            let words = Kind::Segment.words();
            self.found
                .push(unknown(thing, words, segment.as_str(), known));
        }
    }

    fn through(&mut self, thing: &Thing<'_>, through: &Through, covered: &Range<usize>) {
        match through {
            Through::Kind(word) => self.waypoints(thing, word),
            Through::Node(id) => self.waypoint(thing, id, covered),
        }
    }

    /// Rules that are named exist.
    fn rules(&mut self, thing: &Thing<'_>, rules: &[RuleId]) {
        if rules.is_empty() {
            self.found.push(none(thing, RULE));
        }
        self.known(thing, rules);
    }

    fn known(&mut self, thing: &Thing<'_>, rules: &[RuleId]) {
        let table = &self.requirements.rules;
        for id in rules.iter().filter(|id| !table.contains(id)) {
            let known = table.ids().map(Id::as_str);
            self.found.push(unknown(thing, RULE, id.as_str(), known));
        }
    }

    fn exception(&mut self, exception: &Exception) {
        let thing = Thing::new(EXCEPTION, exception.id.as_str(), &exception.place);
        self.rules(&thing, &exception.rules);
        self.found
            .extend(backwards(&thing, exception.from, exception.until));
        self.flow(&thing, &exception.flow, &(0..self.states.len()));
    }

    fn thresholds(&mut self, thresholds: &Thresholds) {
        let Some(today) = self.states.first() else {
            return;
        };
        for kind in ResourceKind::ALL {
            let limit = thresholds.of(*kind);
            let (warn, full) = (limit.warn.get(), limit.full.get());
            if full.is_finite() && 0.0 < warn && warn <= full {
                continue;
            }
            let thing = Thing::new(("しきい値", "threshold"), format!("{kind:?}"), &today.place);
            let problem = thing.problem(
                Code::Quantity,
                format_args!("の {} と {} は順になっていない", limit.warn, limit.full),
                format_args!(
                    "has {} and {}, which are not in order",
                    limit.warn, limit.full
                ),
            );
            let help = Text::new(
                "`warn` を 0 より大きく、`full` 以下にする",
                "let `warn` be above 0 and at most `full`",
            );
            self.found.push(problem.help(help));
        }
    }
}
