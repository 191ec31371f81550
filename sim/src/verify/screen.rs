//! A quick look at a whole rule: which segments send anything that can break it at all.
//!
//! Nearly every pair of segments is innocent in nearly every rule, so the rule is first asked as one set
//! for all sources together. Only what that leaves is taken apart by source and destination.
//!
//! CORRECTNESS: the screen may let an innocent source through, never keep a guilty one back. Addresses
//! used in several places behind translation are the one case where a destination does not tell its
//! segment; allowances that concern such segments excuse nothing here, nor does any what was translated.

use super::ends::Members;
use super::judge::Allowance;
use super::reach::Reached;
use crate::plane::sets::intervals;
use crate::space::{Field, Interval, Set, SpaceFull};
use utsushi_model::address::AddressRange;
use utsushi_model::resolve::merged;

/// One direction of a rule as one set of headers.
pub(super) struct Screen<'t> {
    targets: &'t [Members],
    /// What asks one of the targets for one of the services.
    wanted: Set,
    /// What of it no allowance excuses.
    suspect: Set,
    waypoint: u32,
}

impl<'t> Screen<'t> {
    /// Everything that asks one of the targets for one of the services and that no allowance excuses.
    pub(super) fn new(
        reached: &mut Reached<'_>,
        targets: &'t [Members],
        services: Set,
        allowed: &[Allowance],
        waypoint: u32,
    ) -> Result<Self, SpaceFull> {
        let wanted = ends(targets.iter());
        let wanted = reached.sets.space.field(Field::Dst, &intervals(&wanted))?;
        let wanted = reached.sets.space.intersection(wanted, services)?;
        let mut suspect = wanted;
        for allowance in allowed {
            let unique = |m: &&Members| !reached.sets.plane.is_reused(m.segment);
            let from = ends(allowance.from.iter().filter(unique));
            let to = ends(allowance.to.iter().filter(unique));
            let space = &mut reached.sets.space;
            let source = space.field(Field::Src, &intervals(&from))?;
            let target = space.field(Field::Dst, &intervals(&to))?;
            let both = space.intersection(source, target)?;
            let fine = space.intersection(both, allowance.services)?;
            suspect = space.difference(suspect, fine)?;
        }
        Ok(Self {
            targets,
            wanted,
            suspect,
            waypoint,
        })
    }

    /// The members that send something suspect that is delivered, with the round they are followed in.
    pub(super) fn suspects(
        &self,
        reached: &mut Reached<'_>,
        sources: &[Members],
    ) -> Result<Vec<(usize, Members)>, SpaceFull> {
        let mut out = Vec::new();
        for round in 0..reached.rounds().len() {
            let of_round = |m: &&Members| reached.rounds()[round].binary_search(&m.segment).is_ok();
            let mine: Vec<&Members> = sources.iter().filter(of_round).collect();
            if mine.is_empty() {
                continue;
            }
            let own = ends(mine.iter().copied());
            let own = reached.sets.space.field(Field::Src, &intervals(&own))?;
            let guilty = self.delivered(reached, round, own)?;
            let guilty = reached.sets.space.project(guilty, Field::Src);
            let sends = |m: &&Members| intervals(&m.addresses).iter().any(|i| meets(&guilty, *i));
            let found = mine.into_iter().filter(sends);
            out.extend(found.map(|m| (round, m.clone())));
        }
        out.sort_by_key(|(_, m)| m.segment);
        Ok(out)
    }

    /// What of `own` is both suspect and delivered.
    fn delivered(
        &self,
        reached: &mut Reached<'_>,
        round: usize,
        own: Set,
    ) -> Result<Set, SpaceFull> {
        let asked = reached.sets.space.intersection(own, self.suspect)?;
        let plain = reached.plain(round, self.waypoint)?;
        let mut guilty = reached.sets.space.intersection(plain, asked)?;
        let reach = reached.reach(round)?;
        let arriving = self.targets.iter().flat_map(|t| reach.to(t.segment));
        for delivery in arriving.filter(|d| d.passed & self.waypoint == 0 && !d.view.is_start()) {
            let asked = reached.sets.before(&delivery.view, self.wanted)?;
            let sent = reached.sets.space.intersection(delivery.set, own)?;
            let part = reached.sets.space.intersection(sent, asked)?;
            guilty = reached.sets.space.union(guilty, part)?;
        }
        Ok(guilty)
    }
}

/// Whether any of the sorted, disjoint intervals has a value of another.
fn meets(sorted: &[Interval], other: Interval) -> bool {
    let first = sorted.partition_point(|i| i.hi < other.lo);
    sorted.get(first).is_some_and(|i| i.lo <= other.hi)
}

/// The addresses of several members together.
pub(super) fn ends<'m>(members: impl Iterator<Item = &'m Members>) -> Vec<AddressRange> {
    merged(members.flat_map(|m| m.addresses.iter().copied()).collect())
}
