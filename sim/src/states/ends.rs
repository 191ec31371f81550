//! Who a rule speaks of, state by state: [`crate::verify::ends`] over a window.
//!
//! Goes in: ends of flows and a segment. Comes out: the addresses of the members meant, each in the states
//! in which it is meant. What can go wrong: the arena is full.

use crate::plane::SegmentIx;
use crate::plane::sets::Sets;
use crate::plane::window::Who;
use crate::space::{Field, Set, SpaceFull};
use std::collections::HashMap;
use utsushi_model::network::{NodeKind, ZoneId, ZoneRole};
use utsushi_model::policy::{AddressTerm, Addresses};
use utsushi_model::rule::{End, Hosts, RelayKind};

/// What was looked up so far.
#[derive(Debug, Default)]
pub(super) struct Ends {
    hosts: HashMap<(SegmentIx, Hosts, Field), Set>,
    roles: HashMap<(SegmentIx, ZoneRole), Set>,
    sources: HashMap<(usize, String), Set>,
}

impl Ends {
    /// The segments with members that some ends mean, with the headers to them that ask for the services.
    pub(super) fn targets(
        &mut self,
        sets: &mut Sets<'_>,
        ends: &[End],
        services: Set,
    ) -> Result<Vec<(SegmentIx, Set)>, SpaceFull> {
        let mut out = Vec::new();
        for segment in (0..sets.plane.segments.len()).map(SegmentIx) {
            let set = self.target(sets, segment, ends)?;
            let set = sets.space.intersection(set, services)?;
            if set != Set::EMPTY {
                out.push((segment, set));
            }
        }
        Ok(out)
    }

    /// The headers to the members of a segment that some ends mean.
    pub(super) fn target(
        &mut self,
        sets: &mut Sets<'_>,
        segment: SegmentIx,
        ends: &[End],
    ) -> Result<Set, SpaceFull> {
        self.members(sets, segment, ends, Field::Dst)
    }

    /// The headers from members of the segments of a round that some ends mean.
    pub(super) fn sources(
        &mut self,
        sets: &mut Sets<'_>,
        (round, segments): (usize, &[SegmentIx]),
        ends: &[End],
    ) -> Result<Set, SpaceFull> {
        let key = (round, format!("{ends:?}"));
        if let Some(known) = self.sources.get(&key) {
            return Ok(*known);
        }
        let mut parts = Vec::with_capacity(segments.len());
        for segment in segments {
            parts.push(self.members(sets, *segment, ends, Field::Src)?);
        }
        let all = sets.space.union_all(&parts)?;
        self.sources.insert(key, all);
        Ok(all)
    }

    fn members(
        &mut self,
        sets: &mut Sets<'_>,
        segment: SegmentIx,
        ends: &[End],
        field: Field,
    ) -> Result<Set, SpaceFull> {
        let mut parts = Vec::with_capacity(ends.len());
        for end in ends {
            parts.push(self.meant(sets, segment, end, field)?);
        }
        sets.space.union_all(&parts)
    }

    fn meant(
        &mut self,
        sets: &mut Sets<'_>,
        segment: SegmentIx,
        end: &End,
        field: Field,
    ) -> Result<Set, SpaceFull> {
        match end {
            End::Role(role, hosts) => {
                let there = self.role(sets, segment, *role)?;
                if there == Set::EMPTY {
                    return Ok(Set::EMPTY);
                }
                let hosts = self.hosts(sets, segment, hosts, field)?;
                sets.space.intersection(hosts, there)
            }
            End::Zone(zone, hosts) => {
                let there = sets.labelled(segment, &|s| s.zone == *zone)?;
                if there == Set::EMPTY {
                    return Ok(Set::EMPTY);
                }
                let hosts = self.hosts(sets, segment, hosts, field)?;
                sets.space.intersection(hosts, there)
            }
            End::Addresses(set) => {
                let all = sets.members(segment, field)?;
                if set.negated {
                    let named = sets.meaning(set, field)?.items;
                    return sets.space.difference(all, named);
                }
                let mut parts = Vec::with_capacity(set.terms.len());
                for term in &set.terms {
                    let there = stands_in(sets, segment, term)?;
                    if there != Set::EMPTY {
                        let one = Addresses {
                            terms: vec![term.clone()],
                            negated: false,
                        };
                        let named = sets.meaning(&one, field)?.items;
                        parts.push(sets.space.intersection(named, there)?);
                    }
                }
                let named = sets.space.union_all(&parts)?;
                sets.space.intersection(all, named)
            }
        }
    }

    /// The states in which a segment is in a zone of a role.
    fn role(
        &mut self,
        sets: &mut Sets<'_>,
        segment: SegmentIx,
        role: ZoneRole,
    ) -> Result<Set, SpaceFull> {
        if let Some(known) = self.roles.get(&(segment, role)) {
            return Ok(*known);
        }
        let mut all = Set::EMPTY;
        for (zone, here) in labels(sets, segment)? {
            let there = sets.zone_is(&zone, role)?;
            let both = sets.space.intersection(here, there)?;
            all = sets.space.union(all, both)?;
        }
        self.roles.insert((segment, role), all);
        Ok(all)
    }

    fn hosts(
        &mut self,
        sets: &mut Sets<'_>,
        segment: SegmentIx,
        hosts: &Hosts,
        field: Field,
    ) -> Result<Set, SpaceFull> {
        let key = (segment, hosts.clone(), field);
        if let Some(known) = self.hosts.get(&key) {
            return Ok(*known);
        }
        let all = sets.members(segment, field)?;
        let chosen = match hosts {
            Hosts::All => all,
            Hosts::Relays => relays(sets, segment, None, field)?,
            Hosts::Relay(kind) => relays(sets, segment, Some(*kind), field)?,
            Hosts::Terminals => terminals(sets, segment, field)?,
            Hosts::Others => {
                let relays = relays(sets, segment, None, field)?;
                let terminals = terminals(sets, segment, field)?;
                let taken = sets.space.union(relays, terminals)?;
                sets.space.difference(all, taken)?
            }
            Hosts::Class(class) => sets.who(segment, field, &|who| match who {
                Who::Group(g) => g.class == *class,
                Who::System(_) | Who::Relay(_) => false,
            })?,
            Hosts::LgwanDependent => sets.who(segment, field, &|who| match who {
                Who::System(s) => s.lgwan_dependent,
                Who::Group(_) | Who::Relay(_) => false,
            })?,
        };
        let set = sets.space.intersection(all, chosen)?;
        self.hosts.insert(key, set);
        Ok(set)
    }
}

/// The zones a segment is in, each with the states.
fn labels(sets: &mut Sets<'_>, segment: SegmentIx) -> Result<Vec<(ZoneId, Set)>, SpaceFull> {
    let mut out = Vec::new();
    for zone in sets.zones_of(segment) {
        let here = sets.labelled(segment, &|s| s.zone == zone)?;
        out.push((zone, here));
    }
    Ok(out)
}

/// The states in which a term can mean members of a segment: what has a segment of its own means members
/// of that one only.
fn stands_in(
    sets: &mut Sets<'_>,
    segment: SegmentIx,
    term: &AddressTerm,
) -> Result<Set, SpaceFull> {
    let AddressTerm::Named(name) = term else {
        return Ok(Set::FULL);
    };
    sets.stands_in(segment, name)
}

fn relays(
    sets: &mut Sets<'_>,
    segment: SegmentIx,
    kind: Option<RelayKind>,
    field: Field,
) -> Result<Set, SpaceFull> {
    sets.who(segment, field, &|who| {
        let Who::Relay(node) = who else {
            return false;
        };
        match (&node.kind, kind) {
            (NodeKind::Proxy(_), Some(RelayKind::Proxy))
            | (NodeKind::ScreenRelay(_), Some(RelayKind::ScreenRelay))
            | (NodeKind::Sanitiser(_), Some(RelayKind::Sanitiser))
            | (NodeKind::MailRelay(_), Some(RelayKind::MailRelay)) => true,
            (_, Some(_)) => false,
            (kind, None) => kind.is_relay(),
        }
    })
}

fn terminals(sets: &mut Sets<'_>, segment: SegmentIx, field: Field) -> Result<Set, SpaceFull> {
    let seats = sets.who(segment, field, &|who| match who {
        Who::Group(g) => g.class.is_terminal(),
        Who::System(_) | Who::Relay(_) => false,
    })?;
    let servers = sets.who(segment, field, &|who| match who {
        Who::Group(_) => false,
        Who::System(_) => true,
        Who::Relay(n) => n.kind.is_relay(),
    })?;
    sets.space.difference(seats, servers)
}
