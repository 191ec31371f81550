//! All chains of legs at once: breadth first over where information is and how it came there.
//!
//! Goes in: the hops of a rule and what it wants. Comes out: the shortest chain that breaks it, or what
//! the rule relies on. Once information is reduced to a class the rule accepts (or has passed its relays)
//! it stays so: nothing that happens later can break the rule. It is followed further only to learn whether
//! the rule needs the function that reduced it.
//!
//! CORRECTNESS: what comes to a party matters by how it entered, which zone it came from (sanitisers that
//! tell zones apart), how many of the relays it has passed, and whether it is fine. Everything else about
//! the chain so far has no bearing on what can follow, so each such place is looked at once.

use super::function::{Entered, Way};
use super::hops::{Hop, Hops, Reliance, came_from};
use super::parties::is_waypoint;
use crate::space::SpaceFull;
use std::collections::{BTreeSet, HashSet};
use utsushi_model::information::{Carried, Information};
use utsushi_model::network::ZoneRole;
use utsushi_model::rule::Waypoint;

/// Number of the question who has the information at the start.
pub const FROM: usize = 0;
/// Number of the question who must not get it.
pub const TO: usize = 1;

/// What a rule wants of information that gets to the other end.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'r> {
    /// It is nothing but information of these classes …
    pub classes: &'r [Information],
    /// … or has passed these relays in this order; empty: there is no such way.
    pub through: &'r [Waypoint],
}

/// Where information is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Spot {
    party: usize,
    entered: Entered,
    came: Option<ZoneRole>,
    passed: usize,
    fine: Option<Reliance>,
}

struct Visit {
    spot: Spot,
    carried: Carried,
    back: Option<(usize, Hop)>,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The shortest chain that breaks the rule.
    pub chain: Option<Vec<Hop>>,
    /// What information that gets to the other end is reduced by.
    pub relied: BTreeSet<Reliance>,
}

/// A hop that is not to be looked at again: it was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// What leaves this relay in this direction.
    Relay(usize, Way),
    /// What these parties pass on directly.
    Pair(usize, usize),
}

impl Told {
    fn is(self, hop: &Hop, hops: &Hops<'_, '_>) -> bool {
        match self {
            Self::Relay(node, way) => hops.parties[hop.from].relay == Some(node) && hop.way == way,
            Self::Pair(from, to) => hop.from == from && hop.to == to,
        }
    }
}

struct Search<'s, 'l, 'p, 'r> {
    hops: &'s mut Hops<'l, 'p>,
    wanted: Wanted<'r>,
    told: &'s [Told],
    visits: Vec<Visit>,
    been: HashSet<Spot>,
    relied: BTreeSet<Reliance>,
}

/// Searches all chains from the parties of question [`FROM`] to those of question [`TO`].
///
/// # Errors
/// The arena is full.
pub fn search(
    hops: &mut Hops<'_, '_>,
    wanted: Wanted<'_>,
    told: &[Told],
) -> Result<Found, SpaceFull> {
    let mut search = Search {
        hops,
        wanted,
        told,
        visits: Vec::new(),
        been: HashSet::new(),
        relied: BTreeSet::new(),
    };
    search.start();
    let mut next = 0;
    while next < search.visits.len() {
        if let Some(chain) = search.expand(next)? {
            return Ok(Found {
                chain: Some(chain),
                relied: search.relied,
            });
        }
        next += 1;
    }
    Ok(Found {
        chain: None,
        relied: search.relied,
    })
}

impl Search<'_, '_, '_, '_> {
    fn start(&mut self) {
        for party in 0..self.hops.parties.len() {
            let own = &self.hops.parties[party];
            if own.is_among(FROM) {
                let spot = Spot {
                    party,
                    entered: Entered::Start,
                    came: came_from(self.hops.legs.plane(), own, own),
                    passed: self.passed(party, Entered::Start, 0),
                    fine: None,
                };
                self.visit(spot, Carried::RAW, None);
            }
        }
    }

    /// How many of the relays it has passed once it is there.
    fn passed(&self, party: usize, entered: Entered, before: usize) -> usize {
        let next = self.wanted.through.get(before);
        let node = self.hops.parties[party].node(self.hops.legs.plane());
        let is_next = next
            .zip(node)
            .is_some_and(|(w, n)| is_waypoint(&n.kind, *w));
        before + usize::from(is_next && entered != Entered::Machine)
    }

    fn visit(&mut self, spot: Spot, carried: Carried, back: Option<(usize, Hop)>) {
        let open = Spot { fine: None, ..spot };
        if !self.been.contains(&open) && self.been.insert(spot) {
            self.visits.push(Visit {
                spot,
                carried,
                back,
            });
        }
    }

    /// Looks at every hop from a visit; gives the chain that breaks the rule, if one does.
    fn expand(&mut self, at: usize) -> Result<Option<Vec<Hop>>, SpaceFull> {
        let spot = self.visits[at].spot;
        if spot.fine.is_some_and(|by| self.relied.contains(&by)) {
            return Ok(None);
        }
        let plane = self.hops.legs.plane();
        let start = spot.entered == Entered::Start;
        if !start && !self.hops.parties[spot.party].carries_on(plane) {
            return Ok(None);
        }
        let ties = self.hops.ties;
        for &to in ties.near(spot.party) {
            let party = &self.hops.parties[to];
            // Hosts that start with the information need not be given it; for relays it matters who gives it.
            let starts = party.relay.is_none() && party.is_among(FROM);
            if starts && !party.is_among(TO) {
                continue;
            }
            for hop in self.hops.to((spot.party, spot.entered, spot.came), to)? {
                if self.told.iter().any(|t| t.is(&hop, self.hops)) {
                    continue;
                }
                if let Some(chain) = self.follow(at, hop) {
                    return Ok(Some(chain));
                }
            }
        }
        Ok(None)
    }

    fn follow(&mut self, at: usize, hop: Hop) -> Option<Vec<Hop>> {
        let spot = self.visits[at].spot;
        let carried = self.visits[at].carried.then(hop.carried());
        let passed = self.passed(hop.to, hop.entered, spot.passed);
        let fine = spot.fine.or_else(|| self.fine(&hop, passed));
        if self.hops.parties[hop.to].is_among(TO) {
            return match fine {
                Some(by) => {
                    self.relied.insert(by);
                    None
                }
                None => Some(self.chain(at, hop)),
            };
        }
        let plane = self.hops.legs.plane();
        let next = Spot {
            party: hop.to,
            entered: hop.entered,
            came: came_from(
                plane,
                &self.hops.parties[hop.from],
                &self.hops.parties[hop.to],
            ),
            passed,
            fine,
        };
        self.visit(next, carried, Some((at, hop)));
        None
    }

    /// What makes information fine on this hop.
    fn fine(&self, hop: &Hop, passed: usize) -> Option<Reliance> {
        let accepted = |class| Carried::only(class).is_within(self.wanted.classes);
        let reduced = hop.made.iter().find(|(class, _)| accepted(*class));
        let through = !self.wanted.through.is_empty() && passed == self.wanted.through.len();
        let last = || {
            let own = |party: usize| self.hops.parties[party].relay.map(Reliance::Node);
            own(hop.to).or_else(|| own(hop.from))
        };
        reduced
            .map(|(_, by)| *by)
            .or_else(|| through.then(last).flatten())
    }

    fn chain(&self, at: usize, last: Hop) -> Vec<Hop> {
        let mut hops = vec![last];
        let mut at = at;
        while let Some((back, hop)) = &self.visits[at].back {
            hops.push(hop.clone());
            at = *back;
        }
        hops.reverse();
        hops
    }
}
