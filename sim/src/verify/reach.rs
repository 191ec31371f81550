//! What the packets of all segments reach in one state, computed once and asked by every rule.

use super::ends::Members;
use crate::plane::condition::Bound;
use crate::plane::flow::{self, Delivery, Question, Reach};
use crate::plane::rounds::rounds;
use crate::plane::sets::{Sets, intervals};
use crate::plane::view::View;
use crate::plane::window::Window;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, SpaceFull};
use std::collections::BTreeMap;
use std::rc::Rc;
use utsushi_model::address::AddressRange;
use utsushi_model::policy::Services;

/// What was reached, computed when first asked for.
///
/// Segments whose addresses differ are followed together: a *round*. One round holds all segments unless
/// addresses are used in several places.
#[derive(Debug)]
pub struct Reached<'p> {
    /// Tables and arena.
    pub sets: Sets<'p>,
    question: Question,
    rounds: Vec<Vec<SegmentIx>>,
    reach: BTreeMap<usize, Rc<Reach>>,
    plain: BTreeMap<(usize, u32), Set>,
}

impl<'p> Reached<'p> {
    /// Nothing computed yet.
    #[must_use]
    pub fn new(plane: &'p Plane, bound: Bound, question: Question) -> Self {
        Self {
            sets: Sets::new(plane, bound),
            question,
            rounds: rounds(plane),
            reach: BTreeMap::new(),
            plain: BTreeMap::new(),
        }
    }

    /// The same over all states of a window.
    #[must_use]
    pub fn over(window: &'p Window, bound: Bound, question: Question) -> Self {
        Self {
            sets: Sets::over(window, bound),
            ..Self::new(&window.plane, bound, question)
        }
    }

    /// The segments that are followed together, round by round, each in order.
    #[must_use]
    pub fn rounds(&self) -> &[Vec<SegmentIx>] {
        &self.rounds
    }

    /// What everything that members of the segments of a round send reaches.
    ///
    /// # Errors
    /// The arena is full.
    pub fn reach(&mut self, round: usize) -> Result<Rc<Reach>, SpaceFull> {
        if let Some(reach) = self.reach.get(&round) {
            return Ok(Rc::clone(reach));
        }
        let headers = self.sets.headers()?;
        let mut starts = Vec::new();
        for &segment in self.rounds.get(round).into_iter().flatten() {
            let own = self.sets.members(segment, Field::Src)?;
            starts.push((segment, self.sets.space.intersection(headers, own)?));
        }
        let reach = Rc::new(flow::together(&mut self.sets, &starts, &self.question)?);
        self.reach.insert(round, Rc::clone(&reach));
        Ok(reach)
    }

    /// Everything delivered in a round as it was sent, without passing a waypoint of the group.
    ///
    /// # Errors
    /// The arena is full.
    pub fn plain(&mut self, round: usize, waypoint: u32) -> Result<Set, SpaceFull> {
        if let Some(set) = self.plain.get(&(round, waypoint)) {
            return Ok(*set);
        }
        let reach = self.reach(round)?;
        let open = reach.delivered.iter();
        let open = open.filter(|d| d.passed & waypoint == 0 && d.view.is_start());
        let parts: Vec<Set> = open.map(|d| d.set).collect();
        let set = self.sets.space.union_all(&parts)?;
        self.plain.insert((round, waypoint), set);
        Ok(set)
    }

    /// The headers as sent, of those a delivery holds, that come from `from` and ask `to` for `services`.
    ///
    /// # Errors
    /// The arena is full.
    pub fn part(
        &mut self,
        delivery: &Delivery,
        from: &Members,
        to: &Members,
        services: Set,
    ) -> Result<Set, SpaceFull> {
        let source = self
            .sets
            .space
            .field(Field::Src, &intervals(&from.addresses))?;
        let meant = self.arriving(&delivery.view, to, services)?;
        let part = self.sets.space.intersection(delivery.set, source)?;
        self.sets.space.intersection(part, meant)
    }

    /// The headers as sent whose header at the end asks `to` for `services`.
    ///
    /// # Errors
    /// The arena is full.
    pub fn arriving(&mut self, view: &View, to: &Members, services: Set) -> Result<Set, SpaceFull> {
        let destination = self
            .sets
            .space
            .field(Field::Dst, &intervals(&to.addresses))?;
        let wire = self.sets.space.intersection(destination, services)?;
        self.sets.before(view, wire)
    }

    /// The headers from some addresses to some.
    ///
    /// # Errors
    /// The arena is full.
    pub fn ends(&mut self, from: &[AddressRange], to: &[AddressRange]) -> Result<Set, SpaceFull> {
        let source = self.sets.space.field(Field::Src, &intervals(from))?;
        let target = self.sets.space.field(Field::Dst, &intervals(to))?;
        self.sets.space.intersection(source, target)
    }

    /// Configured services as a set, under the bound that makes a rule speak of the most.
    ///
    /// # Errors
    /// The arena is full.
    pub fn services(&mut self, services: &Services) -> Result<Set, SpaceFull> {
        let plane = self.sets.plane;
        let resolved = plane.network.service_terms(services);
        self.sets.service(&resolved, Bound::May)
    }
}
