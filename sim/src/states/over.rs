//! Rules about packets over all states of a window at once.
//!
//! Goes in: a window and rules. Comes out: for each rule the points, packets in states, that break it. This
//! is what `verify` says of one state, with sets of points for sets of packets: who a rule speaks of,
//! what is delivered and what is excused may differ from state to state. What can go wrong: the arena is
//! full.

use super::ends::Ends;
use crate::plane::condition::Bound;
use crate::plane::flow::Question;
use crate::plane::sessions::{Sessions, sessions};
use crate::plane::window::Window;
use crate::plane::{NodePlane, SegmentIx};
use crate::space::{Set, SpaceFull};
use crate::verify::Reached;
use utsushi_model::date::Date;
use utsushi_model::rule::{End, Exception, Flow, Rule, Spec, Through};

/// What breaks a rule, as sets in the space of [`Over::space`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Broken {
    /// Where it perhaps does not hold.
    pub(super) perhaps: Set,
    /// Where it does not hold for certain.
    pub(super) certain: Set,
}

/// A window being judged.
pub(super) struct Over<'w> {
    may: Bounded<'w>,
    /// With every doubt resolved towards not passing; only where there are doubts.
    must: Option<Bounded<'w>>,
    groups: Vec<&'w Through>,
}

/// One bound with what was looked up under it.
struct Bounded<'w> {
    reached: Reached<'w>,
    ends: Ends,
}

impl<'w> Over<'w> {
    /// Nothing judged yet; `rules` are those that will be asked.
    pub(super) fn new(window: &'w Window, rules: &[&'w Rule]) -> Self {
        let mut groups: Vec<&Through> = Vec::new();
        for rule in rules {
            if let Spec::OnlyThrough { through, .. } = &rule.spec
                && !groups.contains(&through)
            {
                groups.push(through);
            }
        }
        let answered = |r: &&Rule| matches!(r.spec, Spec::MustReach { .. });
        let question = Question {
            waypoints: window
                .plane
                .nodes
                .iter()
                .map(|n| bits(n, &groups))
                .collect(),
            deliveries_only: !rules.iter().any(answered),
            ..Question::default()
        };
        let bounded = |bound| Bounded {
            reached: Reached::over(window, bound, question.clone()),
            ends: Ends::default(),
        };
        Self {
            may: bounded(Bound::May),
            must: window.has_undecided().then(|| bounded(Bound::Must)),
            groups,
        }
    }

    /// The arena of the answers.
    pub(super) fn space(&mut self) -> &mut crate::space::Space {
        &mut self.may.reached.sets.space
    }

    /// The points of a window: what its bounds and the schedule allow.
    pub(super) fn points(&mut self, window: &Window) -> Result<Set, SpaceFull> {
        let sets = &mut self.may.reached.sets;
        let inside = sets.region(&window.bounds)?;
        let allowed = window.axes.allowed(&mut sets.space)?;
        sets.space.intersection(inside, allowed)
    }

    /// What breaks a rule; `None` if it is not decided here.
    pub(super) fn rule(
        &mut self,
        rule: &Rule,
        exceptions: &[&Exception],
        day: Date,
    ) -> Result<Option<Broken>, SpaceFull> {
        let held = exceptions
            .iter()
            .filter(|e| e.rules.contains(&rule.id) && e.holds(day));
        match &rule.spec {
            Spec::Never { flow, except } => {
                let except: Vec<&Flow> = except.iter().chain(held.map(|e| &e.flow)).collect();
                self.delivered(flow, &except, 0).map(Some)
            }
            Spec::OnlyThrough { flow, through } => {
                let group = self.groups.iter().position(|g| *g == through).unwrap_or(0);
                let except: Vec<&Flow> = held.map(|e| &e.flow).collect();
                self.delivered(flow, &except, 1 << group).map(Some)
            }
            Spec::MustReach { flow } => self.missing(flow).map(Some),
            _ => Ok(None),
        }
    }

    fn delivered(&mut self, flow: &Flow, except: &[&Flow], way: u32) -> Result<Broken, SpaceFull> {
        let perhaps = self.may.delivered(flow, except, way)?;
        let certain = match &mut self.must {
            Some(must) if perhaps != Set::EMPTY => {
                let sure = must.delivered(flow, except, way)?;
                self.may
                    .reached
                    .sets
                    .space
                    .adopt(&must.reached.sets.space, sure)?
            }
            _ => perhaps,
        };
        Ok(Broken { perhaps, certain })
    }

    fn missing(&mut self, flow: &Flow) -> Result<Broken, SpaceFull> {
        let certain = self.may.missing(flow)?;
        let perhaps = match &mut self.must {
            Some(must) => {
                let most = must.missing(flow)?;
                self.may
                    .reached
                    .sets
                    .space
                    .adopt(&must.reached.sets.space, most)?
            }
            None => certain,
        };
        Ok(Broken { perhaps, certain })
    }
}

fn bits(node: &NodePlane, groups: &[&Through]) -> u32 {
    let belongs = |group: &&Through| match group {
        Through::Kind(word) => node.kind == &**word,
        Through::Node(id) => node.id == *id,
    };
    let groups = groups
        .iter()
        .take(32)
        .enumerate()
        .filter(|(_, g)| belongs(g));
    groups.fold(0u32, |bits, (i, _)| bits | 1 << i)
}

/// Both directions of a flow, as (from, to).
fn directions(flow: &Flow) -> impl Iterator<Item = (&[End], &[End])> {
    let back = flow.both.then_some((&*flow.to, &*flow.from));
    std::iter::once((&*flow.from, &*flow.to)).chain(back)
}

/// One direction of an allowed flow.
struct Allowance<'f> {
    from: &'f [End],
    to: &'f [End],
    services: Set,
}

impl Bounded<'_> {
    /// What is delivered although forbidden.
    fn delivered(&mut self, flow: &Flow, except: &[&Flow], way: u32) -> Result<Set, SpaceFull> {
        let services = self.reached.sets.asked(&flow.services)?;
        let mut allowed = Vec::new();
        for flow in except {
            let services = self.reached.sets.asked(&flow.services)?;
            let ways = directions(flow);
            allowed.extend(ways.map(|(from, to)| Allowance { from, to, services }));
        }
        let mut all = Set::EMPTY;
        for (from, to) in directions(flow) {
            let targets = self.ends.targets(&mut self.reached.sets, to, services)?;
            if targets.is_empty() {
                continue;
            }
            for round in 0..self.reached.rounds().len() {
                let sources = self.sources(round, from)?;
                if sources == Set::EMPTY {
                    continue;
                }
                let found = self.arriving(round, sources, &targets, &allowed, way)?;
                all = self.reached.sets.space.union(all, found)?;
            }
        }
        Ok(all)
    }

    /// The headers, in states, that some ends among the segments of a round send.
    fn sources(&mut self, round: usize, ends: &[End]) -> Result<Set, SpaceFull> {
        let segments = self.reached.rounds()[round].clone();
        self.ends
            .sources(&mut self.reached.sets, (round, &segments), ends)
    }

    fn arriving(
        &mut self,
        round: usize,
        sources: Set,
        targets: &[(SegmentIx, Set)],
        allowed: &[Allowance<'_>],
        way: u32,
    ) -> Result<Set, SpaceFull> {
        let reach = self.reached.reach(round)?;
        let mut all = Vec::new();
        for (segment, wanted) in targets {
            for delivery in reach.to(*segment).iter().filter(|d| d.passed & way == 0) {
                let sets = &mut self.reached.sets;
                let meant = sets.before(&delivery.view, *wanted)?;
                let asked = sets.space.intersection(sources, meant)?;
                let mut part = sets.space.intersection(delivery.set, asked)?;
                for allowance in allowed {
                    if part == Set::EMPTY {
                        break;
                    }
                    let to = self
                        .ends
                        .target(&mut self.reached.sets, *segment, allowance.to)?;
                    let from = self.sources(round, allowance.from)?;
                    let sets = &mut self.reached.sets;
                    let to = sets.space.intersection(to, allowance.services)?;
                    let to = sets.before(&delivery.view, to)?;
                    let fine = sets.space.intersection(from, to)?;
                    part = sets.space.difference(part, fine)?;
                }
                all.push(part);
            }
        }
        self.reached.sets.space.union_all(&all)
    }

    /// What the flow requires but does not come about: not delivered on every way, or not answered.
    fn missing(&mut self, flow: &Flow) -> Result<Set, SpaceFull> {
        let services = self.reached.sets.asked(&flow.services)?;
        let headers = self.reached.sets.headers()?;
        let mut all = Set::EMPTY;
        for (from, to) in directions(flow) {
            let targets = self.ends.targets(&mut self.reached.sets, to, services)?;
            let wanted: Vec<Set> = targets.iter().map(|(_, set)| *set).collect();
            let wanted = self.reached.sets.space.union_all(&wanted)?;
            for round in 0..self.reached.rounds().len() {
                let sources = self.sources(round, from)?;
                let ends = self.reached.sets.space.intersection(sources, wanted)?;
                let required = self.reached.sets.space.intersection(ends, headers)?;
                if required == Set::EMPTY {
                    continue;
                }
                let reach = self.reached.reach(round)?;
                let senders = self.reached.rounds()[round].clone();
                let Sessions {
                    answered,
                    unanswered,
                } = sessions(&mut self.reached.sets, &senders, &reach, required)?;
                let space = &mut self.reached.sets.space;
                let never = space.difference(required, answered)?;
                let rest = space.union(never, unanswered)?;
                let sometimes = space.intersection(required, reach.dropped.0)?;
                let lost = space.union(rest, sometimes)?;
                all = space.union(all, lost)?;
            }
        }
        Ok(all)
    }
}
