//! A quick look at a whole rule: whether anything a segment sends can break it at all.
//!
//! Nearly every pair of segments is innocent in nearly every rule, so the rule is first asked as one
//! set per source. Only what that leaves is taken apart by destination.
//!
//! CORRECTNESS: the screen may let an innocent source through, never keep a guilty one back. Addresses
//! used in several places behind translation are the one case where a destination does not tell its
//! segment; allowances that concern such segments excuse nothing here.

use super::ends::Members;
use super::judge::Allowance;
use super::reach::Reached;
use crate::plane::sets::intervals;
use crate::space::{Field, Set, SpaceFull};
use utsushi_model::address::AddressRange;
use utsushi_model::resolve::merged;

/// One direction of a rule as one set of headers.
pub(super) struct Screen {
    suspect: Set,
    waypoint: u32,
}

impl Screen {
    /// Everything that asks one of the targets for one of the services and that no allowance excuses.
    pub(super) fn new(
        reached: &mut Reached<'_>,
        targets: &[Members],
        services: Set,
        allowed: &[Allowance],
        waypoint: u32,
    ) -> Result<Self, SpaceFull> {
        let wanted = ends(targets.iter());
        let wanted = reached.sets.space.field(Field::Dst, &intervals(&wanted))?;
        let mut suspect = reached.sets.space.intersection(wanted, services)?;
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
        Ok(Self { suspect, waypoint })
    }

    /// Whether nothing that these members send is both delivered and suspect.
    pub(super) fn clears(
        &self,
        reached: &mut Reached<'_>,
        source: &Members,
    ) -> Result<bool, SpaceFull> {
        let Some(plain) = reached.plain(source.segment, self.waypoint)? else {
            return Ok(false);
        };
        let own = reached
            .sets
            .space
            .field(Field::Src, &intervals(&source.addresses))?;
        let mine = reached.sets.space.intersection(plain, own)?;
        Ok(reached.sets.space.intersection(mine, self.suspect)? == Set::EMPTY)
    }
}

fn ends<'m>(members: impl Iterator<Item = &'m Members>) -> Vec<AddressRange> {
    merged(members.flat_map(|m| m.addresses.iter().copied()).collect())
}
