//! What a rule says about what arrives in one segment.
//!
//! Goes in: a delivery. Comes out: what of it breaks the rule. What can go wrong: the arena is full.

use crate::plane::condition::Bound;
use crate::plane::flow::Delivery;
use crate::plane::sets::{Sets, intervals};
use crate::space::{Field, Set, SpaceFull};
use crate::verify::ends::Members;
use utsushi_model::rule::Flow;

/// What a rule says about deliveries in one segment, of what is sent in one round.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) rule: usize,
    pub(super) round: usize,
    pub(super) waypoint: u32,
    pub(super) source: Set,
    /// Headers on the wire that ask the targets in the segment for the services.
    pub(super) wanted: Set,
    /// What is allowed all the same: senders, and headers on the wire.
    pub(super) allowed: Vec<(Set, Set)>,
    /// All of it for headers that arrive as they were sent.
    pub(super) plain: Set,
}

impl Claim {
    /// What of a delivery in its segment breaks the rule.
    pub(super) fn breaking(
        &self,
        sets: &mut Sets<'_>,
        delivery: &Delivery,
    ) -> Result<Set, SpaceFull> {
        if delivery.view.is_start() {
            return sets.space.intersection(delivery.set, self.plain);
        }
        let asked = sets.before(&delivery.view, self.wanted)?;
        let mine = sets.space.intersection(delivery.set, self.source)?;
        let mut part = sets.space.intersection(mine, asked)?;
        for (from, to) in &self.allowed {
            let to = sets.before(&delivery.view, *to)?;
            let fine = sets.space.intersection(*from, to)?;
            part = sets.space.difference(part, fine)?;
        }
        Ok(part)
    }
}

/// The headers that ask for a flow's services.
pub(super) fn services(sets: &mut Sets<'_>, flow: &Flow) -> Result<Set, SpaceFull> {
    let resolved = sets.plane.network.service_terms(&flow.services);
    sets.service(&resolved, Bound::May)
}

/// The headers on the wire that ask some members for services.
pub(super) fn asked(
    sets: &mut Sets<'_>,
    members: &Members,
    services: Set,
) -> Result<Set, SpaceFull> {
    let there = intervals(&members.addresses);
    let there = sets.space.field(Field::Dst, &there)?;
    sets.space.intersection(there, services)
}
