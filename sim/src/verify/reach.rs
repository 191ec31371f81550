//! What each segment's packets reach in one state, computed once and asked by every rule.

use super::ends::Members;
use crate::plane::condition::Bound;
use crate::plane::flow::{self, Delivery, Question, Reach};
use crate::plane::sets::{Sets, intervals};
use crate::plane::view::View;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, SpaceFull};
use std::collections::BTreeMap;
use std::rc::Rc;
use utsushi_model::policy::Services;

/// Reach of every segment asked for so far.
#[derive(Debug)]
pub struct Reached<'p> {
    /// Tables and arena.
    pub sets: Sets<'p>,
    question: Question,
    by_segment: BTreeMap<SegmentIx, Rc<Reach>>,
    plain: BTreeMap<(SegmentIx, u32), Option<Set>>,
}

impl<'p> Reached<'p> {
    /// Nothing computed yet. `waypoints` are, for every node, the waypoint groups it belongs to.
    #[must_use]
    pub fn new(plane: &'p Plane, bound: Bound, waypoints: Vec<u32>) -> Self {
        Self {
            sets: Sets::new(plane, bound),
            question: Question { waypoints },
            by_segment: BTreeMap::new(),
            plain: BTreeMap::new(),
        }
    }

    /// What everything that members of a segment send reaches.
    ///
    /// # Errors
    /// The arena is full.
    pub fn from(&mut self, segment: SegmentIx) -> Result<Rc<Reach>, SpaceFull> {
        if let Some(reach) = self.by_segment.get(&segment) {
            return Ok(Rc::clone(reach));
        }
        let members = intervals(&self.sets.plane.segments[segment.0].members);
        let headers = self.sets.headers()?;
        let own = self.sets.space.field(Field::Src, &members)?;
        let start = self.sets.space.intersection(headers, own)?;
        let reach = Rc::new(flow::forward(
            &mut self.sets,
            segment,
            start,
            &self.question,
        )?);
        self.by_segment.insert(segment, Rc::clone(&reach));
        Ok(reach)
    }

    /// Everything delivered from a segment without passing a waypoint of the group, as one set; `None`
    /// where a translator has changed any of it, so that one set cannot tell.
    ///
    /// # Errors
    /// The arena is full.
    pub fn plain(&mut self, segment: SegmentIx, waypoint: u32) -> Result<Option<Set>, SpaceFull> {
        if let Some(set) = self.plain.get(&(segment, waypoint)) {
            return Ok(*set);
        }
        let reach = self.from(segment)?;
        let open = || reach.delivered.iter().filter(|d| d.passed & waypoint == 0);
        let set = if open().all(|d| d.view.is_start()) {
            let parts: Vec<Set> = open().map(|d| d.set).collect();
            Some(self.sets.space.union_all(&parts)?)
        } else {
            None
        };
        self.plain.insert((segment, waypoint), set);
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
