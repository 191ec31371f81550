//! Whether a step changes nothing but what may change in it.
//!
//! Goes in: a migration and its compiled states. Comes out: for every rule of the form
//! [`Spec::OnlyChange`] a verdict per state, and a finding for all traffic with one cause that the step into
//! the state newly lets through, stops or leads elsewhere although no flow of the rule holds it. What can go
//! wrong: the arena of packet sets is full.
//!
//! What hangs on a condition that cannot be judged offline both before and after the step counts as unchanged.
//! A flow speaks of headers as sent; where an end is a whole segment, of whatever arrives there, translated or not.

use super::{Kind, Part, Traffic, inside, traffic};
use crate::plane::Plane;
use crate::plane::condition::Bound;
use crate::plane::ends::{Members, members};
use crate::plane::sets::{Sets, intervals};
use crate::plane::trace::{Disposition, exchange};
use crate::space::{Field, Set, Space, SpaceFull};
use utsushi_model::finding::{Code, Evidence, Finding, HopRecord, Moment, Severity};
use utsushi_model::migration::{Migration, State};
use utsushi_model::network::SegmentId;
use utsushi_model::report::Verdict;
use utsushi_model::resolve::merged;
use utsushi_model::rule::{End, Flow, Level, Rule, RuleId, Spec};
use utsushi_model::text::Text;

/// What was found out about the rules decided here.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// For every rule, one verdict per state; `None` where it does not apply and today.
    pub verdicts: Vec<(RuleId, Vec<Option<Verdict>>)>,
    /// What changes beyond what may.
    pub findings: Vec<Finding>,
}

/// Judges every rule that says what may change.
///
/// # Errors
/// The packet sets of two states need more memory than an arena may hold; with the later of them.
pub fn only(migration: &Migration, planes: &[Plane]) -> Result<Kept, (usize, SpaceFull)> {
    let rules = migration.requirements.rules.iter();
    let rules = rules.filter_map(|rule| match &rule.spec {
        Spec::OnlyChange { flows } => Some((rule, flows.as_slice())),
        _ => None,
    });
    let rules: Vec<(&Rule, &[Flow])> = rules.collect();
    let unasked = vec![None; migration.states.len()];
    let mut out = Kept {
        verdicts: rules
            .iter()
            .map(|(r, _)| (r.id.clone(), unasked.clone()))
            .collect(),
        findings: Vec::new(),
    };
    for state in migration.states.iter().skip(1) {
        let covers = |(_, (rule, _)): &(usize, &(&Rule, _))| migration.covers(&rule.period, state);
        let asked: Vec<_> = rules.iter().enumerate().filter(covers).collect();
        let told = step(migration, planes, state, &asked).map_err(|full| (state.index, full))?;
        for ((at, _), findings) in asked.into_iter().zip(told) {
            out.verdicts[at].1[state.index] = Some(verdict(&findings));
            out.findings.extend(findings);
        }
    }
    Ok(out)
}

fn verdict(findings: &[Finding]) -> Verdict {
    if findings.iter().any(|f| f.code == Code::OtherChange) {
        return Verdict::Broken;
    }
    match findings.is_empty() {
        true => Verdict::Proved,
        false => Verdict::Undetermined,
    }
}

/// What the step into a state changes beyond the flows of each rule.
fn step(
    migration: &Migration,
    planes: &[Plane],
    state: &State,
    rules: &[(usize, &(&Rule, &[Flow]))],
) -> Result<Vec<Vec<Finding>>, SpaceFull> {
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let (before, after) = (state.index - 1, state.index);
    let around = [&planes[before], &planes[after]];
    let mut space = Space::new();
    let found = inside(&mut space, around)?;
    let mut out = Vec::with_capacity(rules.len());
    for (_, (rule, flows)) in rules {
        let mut rest = found.clone();
        rest.parts = Vec::with_capacity(found.parts.len());
        for part in &found.parts {
            rest.parts
                .extend(unexcused(&mut space, around, flows, part)?);
        }
        let traffic = traffic(&mut space, migration, (before, after), &rest)?;
        let told = |t: &Traffic| finding(planes, state, (rule, t));
        out.push(traffic.iter().map(told).collect());
    }
    Ok(out)
}

/// What of a difference no flow holds: for certain, and perhaps.
///
/// What is newly let through is held by a flow as its ends stand after the step, what is stopped as they
/// stood before, and what is led elsewhere if both say so, as far as the segments are there.
fn unexcused(
    space: &mut Space,
    planes: [&Plane; 2],
    flows: &[Flow],
    part: &Part,
) -> Result<Vec<Part>, SpaceFull> {
    let there = |at: &usize| {
        let plane = planes[*at];
        plane.segment(&part.from).is_some() && plane.segment(&part.to).is_some()
    };
    let asked: Vec<usize> = match part.kind {
        Kind::Allowed => vec![1],
        Kind::Denied => vec![0],
        Kind::Rerouted => [0, 1].into_iter().filter(there).collect(),
    };
    // What is held for certain, and at most.
    let mut held = [Set::FULL; 2];
    for (held, bound) in held.iter_mut().zip([Bound::Must, Bound::May]) {
        for at in &asked {
            let set = fine(space, planes[*at], flows, part, bound)?;
            *held = space.intersection(*held, set)?;
        }
    }
    let never = space.difference(part.set, held[1])?;
    let perhaps = space.difference(part.set, held[0])?;
    let perhaps = space.difference(perhaps, never)?;
    let mut out = Vec::new();
    for (certain, set) in [(part.certain, never), (false, perhaps)] {
        if set != Set::EMPTY {
            out.push(Part {
                certain,
                set,
                ..part.clone()
            });
        }
    }
    Ok(out)
}

/// What flows hold, as sent, of traffic between the segments of a part.
fn fine(
    space: &mut Space,
    plane: &Plane,
    flows: &[Flow],
    part: &Part,
    bound: Bound,
) -> Result<Set, SpaceFull> {
    let mut all = Set::EMPTY;
    for flow in flows {
        let services = plane.network.service_terms(&flow.services);
        let mut sets = Sets::within(plane, bound, std::mem::take(space));
        let services = sets.service(&services, bound);
        *space = sets.space;
        let services = services?;
        let back = flow.both.then_some((&*flow.to, &*flow.from));
        for (from, to) in std::iter::once((&*flow.from, &*flow.to)).chain(back) {
            let (sources, targets) = (of(plane, from), of(plane, to));
            let ends = (sources.of(&part.from), targets.of(&part.to));
            let (Some(source), Some(target)) = ends else {
                continue;
            };
            let sent = space.field(Field::Src, &intervals(&source.addresses))?;
            let mut own = space.intersection(sent, services)?;
            if !is_whole(plane, target) {
                let meant = space.field(Field::Dst, &intervals(&target.addresses))?;
                own = space.intersection(own, meant)?;
            }
            all = space.union(all, own)?;
        }
    }
    Ok(all)
}

/// The members that ends mean in a state, by segment.
struct Meant<'p> {
    plane: &'p Plane,
    members: Vec<Members>,
}

fn of<'p>(plane: &'p Plane, ends: &[End]) -> Meant<'p> {
    let members = members(plane, ends);
    Meant { plane, members }
}

impl Meant<'_> {
    fn of(&self, segment: &SegmentId) -> Option<&Members> {
        let at = self.plane.segment(segment)?;
        self.members.iter().find(|m| m.segment == at)
    }
}

fn is_whole(plane: &Plane, members: &Members) -> bool {
    merged(plane.segments[members.segment.0].members.clone()) == members.addresses
}

fn finding(planes: &[Plane], state: &State, (rule, traffic): (&Rule, &Traffic)) -> Finding {
    // What is stopped now shows the way it took before.
    let seen = match traffic.kind {
        Kind::Denied => state.index - 1,
        Kind::Allowed | Kind::Rerouted => state.index,
    };
    let plane = &planes[seen];
    let first = |ids: &[SegmentId]| ids.first().cloned();
    let (from, to) = (first(&traffic.from), first(&traffic.to));
    let (ja, en) = match traffic.kind {
        Kind::Allowed => ("新たに通る", "newly let through"),
        Kind::Denied => ("通らなくなる", "newly stopped"),
        Kind::Rerouted => ("経路・変換・到達先が変わる", "led elsewhere"),
    };
    let place = traffic.causes.first().map(|c| c.place.clone());
    let name = |id: &Option<SegmentId>| id.as_ref().map(ToString::to_string).unwrap_or_default();
    Finding {
        code: match traffic.certain {
            true => Code::OtherChange,
            false => Code::Undetermined,
        },
        severity: match (rule.level, traffic.certain) {
            (Level::Must, true) => Severity::Error,
            (Level::Advice, _) => Severity::Note,
            _ => Severity::Warning,
        },
        first: state.index,
        last: state.index,
        rule: Some(rule.id.clone()),
        subject: Text::new(ja, en),
        place: place.unwrap_or_else(|| state.place.clone()),
        evidence: Evidence::Packets {
            moment: Moment::Standing,
            violating: traffic.boxes.clone(),
            left_out: traffic.left_out,
            witness: traffic.witness,
            hops: hops(plane, from.as_ref(), traffic),
            from: name(&from),
            to: name(&to),
            causes: traffic.causes.clone(),
            also: Vec::new(),
            undecided: Vec::new(),
        },
    }
}

/// The way of the witness.
fn hops(plane: &Plane, from: Option<&SegmentId>, traffic: &Traffic) -> Vec<HopRecord> {
    let Some(from) = from.and_then(|id| plane.segment(id)) else {
        return Vec::new();
    };
    let exchange = exchange(plane, from, traffic.witness);
    let mut ways = exchange.forward.into_iter();
    let arrives = ways.find(|p| matches!(p.disposition, Disposition::Delivered(_)));
    arrives.map(|p| p.hops).unwrap_or_default()
}
