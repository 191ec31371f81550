//! Every rule about packets in one state.

use super::ends::{Members, members};
use super::reach::Reached;
use super::screen::{self, Screen};
use super::{evidence, separation, stale};
use crate::plane::condition::Bound;
use crate::plane::flow::{self, Question};
use crate::plane::sessions::{Sessions, sessions};
use crate::plane::sets::intervals;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, Space, SpaceFull};
use utsushi_model::finding::{Cause, Code, Finding};
use utsushi_model::migration::{Migration, State};
use utsushi_model::report::Verdict;
use utsushi_model::rule::{End, Flow, Rule, RuleId, Spec, Through};

/// One breach, or one doubt.
#[derive(Debug, Clone)]
pub struct Breach {
    /// The rules it concerns.
    pub rules: Vec<RuleId>,
    /// What it makes of them.
    pub verdict: Verdict,
    /// What is told of it.
    pub finding: Finding,
    /// All packets that are told of, as sent, in the space of the state; none where a fact is told.
    pub packets: Set,
}

/// Everything found in one state.
pub(super) struct Judged {
    pub(super) breaches: Vec<Breach>,
    /// What is delivered between zones that a rule asks to know fully separated; `None` where none asks.
    pub(super) crossings: Option<Vec<Cause>>,
    /// The space of the packets.
    pub(super) space: Space,
}

/// What a rule forbids but happens, or requires but does not, from one segment to another.
pub(super) struct Part {
    pub(super) from: Members,
    pub(super) to: Members,
    pub(super) set: Set,
}

/// Judges one state.
pub(super) fn state(
    migration: &Migration,
    planes: &[&Plane],
    state: &State,
) -> Result<Judged, SpaceFull> {
    let plane = planes[state.index];
    let rules: Vec<&Rule> = migration
        .requirements
        .rules
        .iter()
        .filter(|r| migration.covers(&r.period, state))
        .collect();
    let groups = waypoint_groups(&rules);
    let answered = |r: &&Rule| matches!(r.spec, Spec::MustReach { .. });
    let question = Question {
        waypoints: waypoint_bits(plane, &groups),
        deliveries_only: !rules.iter().any(answered),
        ..Question::default()
    };
    let mut judge = Judge {
        migration,
        planes,
        state,
        must: plane
            .has_undecided()
            .then(|| Reached::new(plane, Bound::Must, question.clone())),
        may: Reached::new(plane, Bound::May, question),
        groups,
        breaches: Vec::new(),
        crossings: None,
    };
    for rule in &rules {
        judge.rule(rule)?;
    }
    let mut breaches = std::mem::take(&mut judge.breaches);
    stale::explain(&judge, &rules, &mut breaches);
    Ok(Judged {
        breaches,
        crossings: judge.crossings,
        space: judge.may.sets.space,
    })
}

/// The waypoint groups that rules ask about, in order; a rule's group is its position here.
pub(super) fn waypoint_groups<'r>(rules: &[&'r Rule]) -> Vec<&'r Through> {
    let mut groups: Vec<&Through> = Vec::new();
    for rule in rules {
        if let Spec::OnlyThrough { through, .. } = &rule.spec
            && !groups.contains(&through)
        {
            groups.push(through);
        }
    }
    groups
}

pub(super) fn waypoint_bits(plane: &Plane, groups: &[&Through]) -> Vec<u32> {
    let bit = |node: &crate::plane::NodePlane| {
        let belongs = |group: &&Through| match group {
            Through::Kind(word) => node.kind == &**word,
            Through::Node(id) => node.id == *id,
        };
        groups
            .iter()
            .take(32)
            .enumerate()
            .filter(|(_, g)| belongs(g))
            .fold(0u32, |bits, (i, _)| bits | 1 << i)
    };
    plane.nodes.iter().map(bit).collect()
}

/// One state being judged.
pub(super) struct Judge<'m> {
    pub(super) migration: &'m Migration,
    pub(super) planes: &'m [&'m Plane],
    pub(super) state: &'m State,
    /// Reach with every doubt resolved towards passing.
    pub(super) may: Reached<'m>,
    /// Reach with every doubt resolved towards not passing; only where there are doubts.
    must: Option<Reached<'m>>,
    groups: Vec<&'m Through>,
    pub(super) breaches: Vec<Breach>,
    pub(super) crossings: Option<Vec<Cause>>,
}

/// What may break a rule, and what of it breaks it for certain (`None`: all of it).
pub(super) struct Found {
    pub(super) parts: Vec<Part>,
    pub(super) certain: Option<Vec<Part>>,
}

impl Judge<'_> {
    fn rule(&mut self, rule: &Rule) -> Result<(), SpaceFull> {
        let (code, found) = match &rule.spec {
            Spec::Never { flow, except } => {
                (Code::Forbidden, self.delivered(rule, flow, except, 0)?)
            }
            Spec::OnlyThrough { flow, through } => {
                let group = self.groups.iter().position(|g| *g == through).unwrap_or(0);
                (Code::Bypass, self.delivered(rule, flow, &[], 1 << group)?)
            }
            Spec::MustReach { flow } => (Code::Unreached, self.missing(flow)?),
            Spec::DistributionReaches => {
                for flow in separation::distributions(&self.state.network) {
                    let found = self.missing(&flow)?;
                    evidence::breaches(self, rule, Code::Unreached, found)?;
                }
                return Ok(());
            }
            Spec::FullySeparated { between } => return separation::judge(self, rule, *between),
            _ => return Ok(()),
        };
        evidence::breaches(self, rule, code, found)
    }

    /// What is delivered although forbidden.
    fn delivered(
        &mut self,
        rule: &Rule,
        flow: &Flow,
        except: &[Flow],
        waypoint: u32,
    ) -> Result<Found, SpaceFull> {
        let exceptions = self.migration.requirements.exceptions.iter();
        let held = exceptions
            .filter(|e| e.rules.contains(&rule.id) && e.holds(self.state.date))
            .map(|e| &e.flow);
        let except: Vec<&Flow> = except.iter().chain(held).collect();
        let parts = delivered(&mut self.may, flow, &except, waypoint)?;
        let certain = match &mut self.must {
            Some(must) if !parts.is_empty() => {
                let sure = delivered(must, flow, &except, waypoint)?;
                Some(adopted(must, &mut self.may, sure)?)
            }
            _ => None,
        };
        Ok(Found { parts, certain })
    }

    /// What does not come about although required.
    fn missing(&mut self, flow: &Flow) -> Result<Found, SpaceFull> {
        let certain = missing(&mut self.may, flow)?;
        match &mut self.must {
            None => Ok(Found {
                parts: certain,
                certain: None,
            }),
            Some(must) => {
                let most = missing(must, flow)?;
                let parts = adopted(must, &mut self.may, most)?;
                Ok(Found {
                    parts,
                    certain: Some(certain),
                })
            }
        }
    }
}

/// The same parts with their sets in another arena.
fn adopted(
    from: &Reached<'_>,
    to: &mut Reached<'_>,
    parts: Vec<Part>,
) -> Result<Vec<Part>, SpaceFull> {
    let adopt = |part: Part| {
        let set = to.sets.space.adopt(&from.sets.space, part.set)?;
        Ok(Part { set, ..part })
    };
    parts.into_iter().map(adopt).collect()
}

/// Both directions of a flow, as (from, to).
pub(super) fn directions(flow: &Flow) -> impl Iterator<Item = (&[End], &[End])> {
    let back = flow.both.then_some((&*flow.to, &*flow.from));
    std::iter::once((&*flow.from, &*flow.to)).chain(back)
}

pub(super) fn delivered(
    reached: &mut Reached<'_>,
    flow: &Flow,
    except: &[&Flow],
    waypoint: u32,
) -> Result<Vec<Part>, SpaceFull> {
    let plane = reached.sets.plane;
    let services = reached.services(&flow.services)?;
    let allowed = allowances(reached, except)?;
    let mut parts = Vec::new();
    for (from, to) in directions(flow) {
        let targets = members(plane, to);
        let screen = Screen::new(reached, &targets, services, &allowed, waypoint)?;
        for (round, source) in screen.suspects(reached, &members(plane, from))? {
            let reach = reached.reach(round)?;
            for target in &targets {
                let mut set = Set::EMPTY;
                let arriving = reach.to(target.segment).iter();
                for delivery in arriving.filter(|d| d.passed & waypoint == 0) {
                    let part = reached.part(delivery, &source, target, services)?;
                    let part = excused(reached, delivery, source.segment, part, &allowed)?;
                    set = reached.sets.space.union(set, part)?;
                }
                if set != Set::EMPTY {
                    parts.push(Part {
                        from: source.clone(),
                        to: target.clone(),
                        set,
                    });
                }
            }
        }
    }
    Ok(parts)
}

/// One direction of an allowed flow, resolved.
pub(super) struct Allowance {
    pub(super) from: Vec<Members>,
    pub(super) to: Vec<Members>,
    pub(super) services: Set,
}

fn allowances(reached: &mut Reached<'_>, flows: &[&Flow]) -> Result<Vec<Allowance>, SpaceFull> {
    let plane = reached.sets.plane;
    let mut out = Vec::new();
    for flow in flows {
        let services = reached.services(&flow.services)?;
        for (from, to) in directions(flow) {
            out.push(Allowance {
                from: members(plane, from),
                to: members(plane, to),
                services,
            });
        }
    }
    Ok(out)
}

/// What of `part` no allowed flow covers.
fn excused(
    reached: &mut Reached<'_>,
    delivery: &flow::Delivery,
    source: SegmentIx,
    mut part: Set,
    allowed: &[Allowance],
) -> Result<Set, SpaceFull> {
    for allowance in allowed {
        for to in allowance
            .to
            .iter()
            .filter(|m| m.segment == delivery.segment)
        {
            for from in allowance.from.iter().filter(|m| m.segment == source) {
                if part == Set::EMPTY {
                    return Ok(part);
                }
                let fine = reached.part(delivery, from, to, allowance.services)?;
                part = reached.sets.space.difference(part, fine)?;
            }
        }
    }
    Ok(part)
}

/// What the flow requires but does not come about: not delivered on every way, or not answered.
fn missing(reached: &mut Reached<'_>, flow: &Flow) -> Result<Vec<Part>, SpaceFull> {
    let plane = reached.sets.plane;
    let services = reached.services(&flow.services)?;
    let mut parts = Vec::new();
    for (from, to) in directions(flow) {
        let (sources, targets) = (members(plane, from), members(plane, to));
        let before = parts.len();
        for round in 0..reached.rounds().len() {
            let of_round = |m: &&Members| reached.rounds()[round].binary_search(&m.segment).is_ok();
            let sources: Vec<&Members> = sources.iter().filter(of_round).collect();
            let lost = lost(reached, round, (&sources, &targets), services)?;
            if lost != Set::EMPTY {
                pairs(reached, lost, (&sources, &targets), &mut parts)?;
            }
        }
        parts[before..].sort_by_key(|p| (p.from.segment, p.to.segment));
    }
    Ok(parts)
}

/// What is required of the sources of a round but does not come about, as sent.
fn lost(
    reached: &mut Reached<'_>,
    round: usize,
    (sources, targets): (&[&Members], &[Members]),
    services: Set,
) -> Result<Set, SpaceFull> {
    if sources.is_empty() || targets.is_empty() {
        return Ok(Set::EMPTY);
    }
    let headers = reached.sets.headers()?;
    let ends = reached.ends(
        &screen::ends(sources.iter().copied()),
        &screen::ends(targets.iter()),
    )?;
    let asked = reached.sets.space.intersection(ends, services)?;
    let required = reached.sets.space.intersection(asked, headers)?;
    let reach = reached.reach(round)?;
    let senders = reached.rounds()[round].clone();
    let Sessions {
        answered,
        unanswered,
    } = sessions(&mut reached.sets, &senders, &reach, required)?;
    let space = &mut reached.sets.space;
    let never = space.difference(required, answered)?;
    let rest = space.union(never, unanswered)?;
    let sometimes = space.intersection(required, reach.dropped.0)?;
    space.union(rest, sometimes)
}

/// A set of headers as sent, told apart by source and destination.
fn pairs(
    reached: &mut Reached<'_>,
    lost: Set,
    (sources, targets): (&[&Members], &[Members]),
    parts: &mut Vec<Part>,
) -> Result<(), SpaceFull> {
    for source in sources {
        let own = intervals(&source.addresses);
        let own = reached.sets.space.field(Field::Src, &own)?;
        let own = reached.sets.space.intersection(lost, own)?;
        if own == Set::EMPTY {
            continue;
        }
        for target in targets {
            let there = intervals(&target.addresses);
            let there = reached.sets.space.field(Field::Dst, &there)?;
            let set = reached.sets.space.intersection(own, there)?;
            if set != Set::EMPTY {
                parts.push(Part {
                    from: (*source).clone(),
                    to: target.clone(),
                    set,
                });
            }
        }
    }
    Ok(())
}
