//! A proof that is kept up to date while filters change, line by line.
//!
//! Goes in: a state with its compiled plane, then edits of filter lines. Comes out, after every edit: which
//! rules are broken and by exactly which packets, the same as a whole new proof would say. Decided here are
//! rules of the kinds *never* and *only through*, with doubts resolved towards passing, so that what is not
//! broken here is proved. What can go wrong: the arena of packet sets is full.
//!
//! How: what becomes of a header hangs on that header alone. A line that changes decides otherwise on
//! few headers; only those of them that a rule speaks of and that enter the network are followed again,
//! and only what is known of them is replaced (decision 0012).

mod claim;
mod edit;

pub use edit::Edit;

use super::ends::{Members, members};
use super::judge::{directions, waypoint_bits, waypoint_groups};
use crate::plane::condition::{Bound, RuleStep};
use crate::plane::entry::{entries, onward};
use crate::plane::flow::{Delivery, Gathered, Question};
use crate::plane::rounds::rounds;
use crate::plane::sets::{Aside, Sets, Way, intervals};
use crate::plane::view::View;
use crate::plane::{Plane, PortIx, SegmentIx};
use crate::space::{Cube, Field, Set, SpaceFull};
use claim::{Claim, asked, services};
use edit::{Effect, Line, as_sent, decide, is_plain, line, lines_of};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use utsushi_model::migration::{Migration, State};
use utsushi_model::rule::{Flow, Rule, RuleId, Spec};

/// A rule, and what breaks it, by round.
#[derive(Debug)]
struct Watched {
    id: RuleId,
    violating: Vec<Set>,
}

#[derive(Debug, Default)]
struct Watch {
    question: Question,
    rounds: Vec<Vec<SegmentIx>>,
    rules: Vec<Watched>,
    claims: BTreeMap<SegmentIx, Vec<Claim>>,
    /// Headers as sent that a rule speaks of.
    relevant: Gathered,
    /// For every round and interface, what of the relevant headers enters by it.
    entered: BTreeMap<(usize, PortIx), Set>,
    /// The lines of filters that were changed before.
    lines: HashMap<usize, Vec<Line>>,
    /// The segments behind the interfaces whose ingress filter this is.
    behind: HashMap<usize, Vec<SegmentIx>>,
    /// Nodes and ranges in the arena when everything was new.
    fresh: usize,
}

/// Nodes and ranges by which an arena may grow until it is made anew.
const MOST_GROWTH: usize = 1 << 21;

/// A proof of one state, kept up to date.
#[derive(Debug)]
pub struct Live<'m> {
    migration: &'m Migration,
    state: &'m State,
    plane: Plane,
    aside: Aside,
    watch: Watch,
}

impl<'m> Live<'m> {
    /// Proves the rules of a state that speak of deliveries.
    ///
    /// # Errors
    /// The arena is full.
    pub fn new(
        migration: &'m Migration,
        state: &'m State,
        plane: Plane,
    ) -> Result<Self, SpaceFull> {
        let mut live = Self {
            migration,
            state,
            plane,
            aside: Aside::default(),
            watch: Watch::default(),
        };
        live.renew()?;
        Ok(live)
    }

    /// The plane as it is now.
    #[must_use]
    pub fn plane(&self) -> &Plane {
        &self.plane
    }

    /// The rules that are broken, or may be where the plane holds doubts, in order.
    pub fn broken(&self) -> impl Iterator<Item = &RuleId> {
        let rules = self.watch.rules.iter();
        rules
            .filter(|r| r.violating.iter().any(|set| *set != Set::EMPTY))
            .map(|r| &r.id)
    }

    /// All packets that break a rule, as disjoint boxes; of every round of segments that share addresses
    /// its own. `None` if the rule is not decided here.
    #[must_use]
    pub fn violating(&self, rule: &RuleId) -> Option<Vec<Vec<Cube>>> {
        let watched = self.watch.rules.iter().find(|r| r.id == *rule)?;
        let space = self.aside.space();
        let rounds = watched.violating.iter();
        Some(rounds.map(|set| space.cubes(*set)).collect())
    }

    /// Changes a line of a filter ([`Plane::filters`]) and brings the proof up to date. Gives back the line
    /// that went.
    ///
    /// # Errors
    /// The arena is full; make another proof then, this one is no longer right.
    pub fn edit(&mut self, filter: usize, edit: &Edit) -> Result<Option<RuleStep>, SpaceFull> {
        let Some(changed) = self.plane.filters.get(filter) else {
            return Ok(None);
        };
        let plain = changed.all_rules().chain(edit.line()).all(is_plain);
        let effect = self.on_plane(|sets, watch| watch.effect(sets, filter, edit, plain))?;
        let list = &mut Arc::make_mut(&mut self.plane.filters)[filter].rules;
        let gone = edit.apply(list, edit.line().cloned());
        let alike = self.on_plane(|sets, watch| watch.take(sets, filter, &effect, plain))?;
        if !alike || self.aside.space().node_count() > self.watch.fresh + MOST_GROWTH {
            self.renew()?;
        }
        Ok(gone)
    }

    fn on_plane<T>(
        &mut self,
        work: impl FnOnce(&mut Sets<'_>, &mut Watch) -> Result<T, SpaceFull>,
    ) -> Result<T, SpaceFull> {
        let mut sets = std::mem::take(&mut self.aside).resume(&self.plane);
        let done = work(&mut sets, &mut self.watch);
        self.aside = sets.aside();
        done
    }

    /// Proves everything anew, in a fresh arena.
    fn renew(&mut self) -> Result<(), SpaceFull> {
        let covered = |r: &&Rule| {
            let ours = matches!(r.spec, Spec::Never { .. } | Spec::OnlyThrough { .. });
            ours && self.migration.covers(&r.period, self.state)
        };
        let rules = self.migration.requirements.rules.iter();
        let rules: Vec<&Rule> = rules.filter(covered).collect();
        let mut sets = Sets::new(&self.plane, Bound::May);
        let (migration, state) = (self.migration, self.state);
        self.watch = Watch::new(&mut sets, &rules, |rule| {
            let exceptions = migration.requirements.exceptions.iter();
            let held = exceptions.filter(|e| e.rules.contains(&rule.id) && e.holds(state.date));
            held.map(|e| &e.flow).collect()
        })?;
        self.aside = sets.aside();
        Ok(())
    }
}

impl Watch {
    fn new<'m>(
        sets: &mut Sets<'_>,
        rules: &[&'m Rule],
        held: impl Fn(&Rule) -> Vec<&'m Flow>,
    ) -> Result<Self, SpaceFull> {
        let plane = sets.plane;
        let groups = waypoint_groups(rules);
        let mut watch = Self {
            question: Question {
                waypoints: waypoint_bits(plane, &groups),
                deliveries_only: true,
                ..Question::default()
            },
            rounds: rounds(plane),
            ..Self::default()
        };
        for (i, rule) in rules.iter().enumerate() {
            let (flow, own, waypoint) = match &rule.spec {
                Spec::Never { flow, except } => (flow, except.as_slice(), 0),
                Spec::OnlyThrough { flow, through } => {
                    let group = groups.iter().position(|g| *g == through).unwrap_or(0);
                    (flow, [].as_slice(), 1 << group)
                }
                _ => continue,
            };
            let except: Vec<&Flow> = own.iter().chain(held(rule)).collect();
            watch.claim(sets, (i, waypoint), flow, &except)?;
        }
        let nothing = vec![Set::EMPTY; watch.rounds.len()];
        let watched = rules.iter().map(|rule| Watched {
            id: rule.id.clone(),
            violating: nothing.clone(),
        });
        watch.rules = watched.collect();
        watch.begin(sets)?;
        watch.fresh = sets.space.node_count();
        Ok(watch)
    }

    /// Takes up what a rule says.
    fn claim(
        &mut self,
        sets: &mut Sets<'_>,
        (rule, waypoint): (usize, u32),
        flow: &Flow,
        except: &[&Flow],
    ) -> Result<(), SpaceFull> {
        let plane = sets.plane;
        let services = services(sets, flow)?;
        for (from, to) in directions(flow) {
            let sources = members(plane, from);
            for round in 0..self.rounds.len() {
                let source = self.senders(sets, round, &sources)?;
                if source == Set::EMPTY {
                    continue;
                }
                let allowed = self.allowed(sets, round, except)?;
                for target in members(plane, to) {
                    let allowed = allowed.get(&target.segment).cloned().unwrap_or_default();
                    let wanted = asked(sets, &target, services)?;
                    let mut plain = sets.space.intersection(source, wanted)?;
                    for (from, to) in &allowed {
                        let fine = sets.space.intersection(*from, *to)?;
                        plain = sets.space.difference(plain, fine)?;
                    }
                    self.claims.entry(target.segment).or_default().push(Claim {
                        rule,
                        round,
                        waypoint,
                        source,
                        wanted,
                        allowed,
                        plain,
                    });
                }
            }
        }
        Ok(())
    }

    /// The headers that those of some members send who are followed in a round.
    fn senders(
        &self,
        sets: &mut Sets<'_>,
        round: usize,
        all: &[Members],
    ) -> Result<Set, SpaceFull> {
        let of_round = |m: &&Members| self.rounds[round].binary_search(&m.segment).is_ok();
        let mine = all.iter().filter(of_round).flat_map(|m| &m.addresses);
        let mine: Vec<_> = mine.copied().collect();
        sets.space.field(Field::Src, &intervals(&mine))
    }

    /// What is allowed all the same, by the segment where it arrives.
    fn allowed(
        &self,
        sets: &mut Sets<'_>,
        round: usize,
        except: &[&Flow],
    ) -> Result<BTreeMap<SegmentIx, Vec<(Set, Set)>>, SpaceFull> {
        let plane = sets.plane;
        let mut out: BTreeMap<SegmentIx, Vec<(Set, Set)>> = BTreeMap::new();
        for flow in except {
            let services = services(sets, flow)?;
            for (from, to) in directions(flow) {
                let from = self.senders(sets, round, &members(plane, from))?;
                for target in members(plane, to) {
                    let to = asked(sets, &target, services)?;
                    out.entry(target.segment).or_default().push((from, to));
                }
            }
        }
        Ok(out)
    }

    /// Follows everything for the first time.
    fn begin(&mut self, sets: &mut Sets<'_>) -> Result<(), SpaceFull> {
        let plane = sets.plane;
        let translated = plane
            .nodes
            .iter()
            .any(|n| !n.source_nat.is_empty() || !n.destination_nat.is_empty());
        let plain: Vec<Set> = self.claims.values().flatten().map(|c| c.plain).collect();
        self.relevant = Gathered(match translated {
            true => Set::FULL,
            false => sets.space.union_all(&plain)?,
        });
        for (i, segment) in plane.segments.iter().enumerate() {
            let filters = segment.gateways.iter();
            for filter in filters.filter_map(|g| plane.ports[g.0].ingress) {
                self.behind.entry(filter).or_default().push(SegmentIx(i));
            }
        }
        for round in 0..self.rounds.len() {
            let mut local = Vec::new();
            let mut entered: BTreeMap<PortIx, Vec<Set>> = BTreeMap::new();
            for &from in &self.rounds[round] {
                let start = self.start(sets, from, Set::FULL)?;
                let own = sets.members(from, Field::Dst)?;
                local.push((from, sets.space.intersection(start, own)?));
                for (port, set) in entries(sets, from, start)? {
                    entered.entry(port).or_default().push(set);
                }
            }
            for (port, parts) in entered {
                let set = sets.space.union_all(&parts)?;
                self.entered.insert((round, port), set);
            }
            for (segment, set) in local {
                self.arrived(sets, round, &home(segment, set))?;
            }
            let all = self.entering(sets, round, Set::FULL)?;
            self.follow(sets, round, &all)?;
        }
        Ok(())
    }

    /// What of some headers members of a segment send, as far as a rule speaks of it.
    fn start(&self, sets: &mut Sets<'_>, from: SegmentIx, part: Set) -> Result<Set, SpaceFull> {
        let own = sets.members(from, Field::Src)?;
        let part = sets.space.intersection(part, self.relevant.0)?;
        let own = sets.space.intersection(own, part)?;
        let headers = sets.headers()?;
        sets.space.intersection(own, headers)
    }

    /// What of some headers enters in a round, interface by interface.
    fn entering(
        &self,
        sets: &mut Sets<'_>,
        round: usize,
        part: Set,
    ) -> Result<Vec<(PortIx, Set)>, SpaceFull> {
        let range = (round, PortIx(0))..(round + 1, PortIx(0));
        let mut out = Vec::new();
        for ((_, port), set) in self.entered.range(range) {
            let set = sets.space.intersection(*set, part)?;
            if set != Set::EMPTY {
                out.push((*port, set));
            }
        }
        Ok(out)
    }

    /// Follows what has entered, and adds what of it breaks rules.
    fn follow(
        &mut self,
        sets: &mut Sets<'_>,
        round: usize,
        entering: &[(PortIx, Set)],
    ) -> Result<(), SpaceFull> {
        let reach = onward(sets, entering, &self.question)?;
        for delivery in &reach.delivered {
            self.arrived(sets, round, delivery)?;
        }
        Ok(())
    }

    /// Adds what of a delivery breaks rules.
    fn arrived(
        &mut self,
        sets: &mut Sets<'_>,
        round: usize,
        delivery: &Delivery,
    ) -> Result<(), SpaceFull> {
        let claims = self.claims.get(&delivery.segment).into_iter().flatten();
        for claim in claims.filter(|c| c.round == round && delivery.passed & c.waypoint == 0) {
            let part = claim.breaking(sets, delivery)?;
            let there = &mut self.rules[claim.rule].violating[round];
            *there = sets.space.union(*there, part)?;
        }
        Ok(())
    }

    /// What an edit will do to a filter. Where rules name interfaces or ask chains, what it does hangs on
    /// them, and every header that the old or the new line speaks of is taken to differ.
    fn effect(
        &mut self,
        sets: &mut Sets<'_>,
        filter: usize,
        edit: &Edit,
        plain: bool,
    ) -> Result<Effect, SpaceFull> {
        let mut lines = match self.lines.remove(&filter) {
            Some(lines) => lines,
            None => lines_of(sets, filter)?,
        };
        let new = edit.line().map(|rule| line(sets, rule)).transpose()?;
        let at = edit.at().min(lines.len());
        let gone = edit.apply(&mut lines, new);
        let spoken = [gone, new].into_iter().flatten().map(|(set, _)| set);
        let spoken: Vec<Set> = spoken.collect();
        let mut decided = sets.space.union_all(&spoken)?;
        let mut passing = Set::EMPTY;
        let mut differs = decided;
        if plain {
            for (before, _) in &lines[..at] {
                decided = sets.space.difference(decided, *before)?;
            }
            let before = sets.filter(filter, PortIx(0), None, Way::Forward, false)?;
            let before = sets.space.intersection(before, decided)?;
            let default = sets.plane.filters[filter].default_allow;
            passing = decide(&mut sets.space, decided, &lines[at..], default)?;
            let opened = sets.space.difference(passing, before)?;
            let closed = sets.space.difference(before, passing)?;
            differs = sets.space.union(opened, closed)?;
        }
        self.lines.insert(filter, lines);
        Ok(Effect {
            differs,
            decided,
            passing,
        })
    }

    /// Brings everything up to date after an edit. False if interfaces that were treated alike no longer
    /// are, so that everything must be made anew.
    fn take(
        &mut self,
        sets: &mut Sets<'_>,
        filter: usize,
        effect: &Effect,
        plain: bool,
    ) -> Result<bool, SpaceFull> {
        let decided = plain.then_some((effect.decided, effect.passing));
        let alike = sets.filter_changed(filter, decided)?;
        let sent = as_sent(sets, effect.differs)?;
        let sent = sets.space.intersection(sent, self.relevant.0)?;
        if !alike || sent == Set::EMPTY {
            return Ok(alike);
        }
        for round in 0..self.rounds.len() {
            let before = self.entering(sets, round, sent)?;
            self.enter(sets, round, filter, sent)?;
            let now = self.entering(sets, round, sent)?;
            let touched: Vec<Set> = before.iter().chain(&now).map(|(_, set)| *set).collect();
            let touched = sets.space.union_all(&touched)?;
            for rule in &mut self.rules {
                let there = &mut rule.violating[round];
                *there = sets.space.difference(*there, touched)?;
            }
            self.follow(sets, round, &now)?;
        }
        Ok(true)
    }

    /// What of some headers enters in a round, now that a filter has changed.
    fn enter(
        &mut self,
        sets: &mut Sets<'_>,
        round: usize,
        filter: usize,
        sent: Set,
    ) -> Result<(), SpaceFull> {
        for &from in self.behind.get(&filter).into_iter().flatten() {
            if self.rounds[round].binary_search(&from).is_err() {
                continue;
            }
            let own = self.start(sets, from, sent)?;
            let entering = entries(sets, from, own)?;
            for (port, _) in &entering {
                if let Some(there) = self.entered.get_mut(&(round, *port)) {
                    *there = sets.space.difference(*there, own)?;
                }
            }
            for (port, set) in entering {
                if let Some(there) = self.entered.get_mut(&(round, port)) {
                    *there = sets.space.union(*there, set)?;
                }
            }
        }
        Ok(())
    }
}

/// What members of a segment send to one another.
fn home(segment: SegmentIx, set: Set) -> Delivery {
    Delivery {
        segment,
        view: View::start(),
        passed: 0,
        set,
    }
}
