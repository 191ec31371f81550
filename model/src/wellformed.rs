//! What makes a network well formed, and every way it can fail to be.
//!
//! Goes in: a network (or what a scenario requires of it). Comes out: every problem, check by check,
//! within each in the order of the tables. A network without problems is what compilation takes for
//! granted: every name means one thing, every address lies in its segment, no two segments claim the
//! same address unless they say so, every interface, neighbour and quantity makes sense.
//!
//! Modules in reading order: [`say`] (wording), [`index`] (the names that rules can use), [`holders`]
//! (everything that holds a configured set), then the checks: [`names`], [`sets`], [`circles`],
//! [`structure`], [`ranges`], [`ports`], [`lists`], [`quantities`]; at last [`requirements`].

mod chains;
mod circles;
mod holders;
mod index;
mod lists;
mod names;
mod offers;
mod ports;
mod quantities;
mod ranges;
mod requirements;
mod say;
mod sets;
mod structure;

#[cfg(test)]
mod tests;

pub use offers::offers;
pub use requirements::check_requirements;

use crate::change::Kind;
use crate::network::Network;
use crate::place::Place;
use crate::policy::Name;
use crate::problem::Problem;
use crate::text::Text;
use holders::holds;
use index::Index;
use std::collections::BTreeSet;

/// A problem of a network, and the name that it is about where that name stands in a device's
/// configuration and means nothing.
#[derive(Debug)]
pub(crate) struct Found {
    /// The problem.
    pub(crate) problem: Problem,
    /// The name in a rule, translation, object or table that means nothing.
    pub(crate) reference: Option<Name>,
}

impl From<Problem> for Found {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            reference: None,
        }
    }
}

/// Every way in which the network is not well formed.
#[must_use]
pub fn check(network: &Network) -> Vec<Problem> {
    look(network).into_iter().map(|f| f.problem).collect()
}

/// As [`check`], with the names that mean nothing.
pub(crate) fn look(network: &Network) -> Vec<Found> {
    let mut found = Vec::new();
    let index = Index::new(network, &mut found);
    names::check(network, &index, &mut found);
    sets::check(network, &index, &mut found);
    chains::check(network, &mut found);
    circles::check(network, &mut found);
    structure::check(network, &mut found);
    ranges::check(network, &mut found);
    ports::check(network, &mut found);
    lists::check(network, &mut found);
    quantities::check(network, &mut found);
    found
}

/// A name that a configuration still holds although nothing bears it any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// What holds it, for people.
    pub holder: Text,
    /// The name.
    pub name: Name,
    /// Where it is written.
    pub place: Place,
}

/// Names in rules, objects, tables and translations that mean nothing, interfaces among them. In a state of a
/// [`crate::migration::Migration`] all of them were left behind by changes (rule I-TX-08).
#[must_use]
pub fn leavings(network: &Network) -> Vec<Leaving> {
    let mut lost: BTreeSet<(Place, Name)> = BTreeSet::new();
    for found in look(network) {
        if let Some(name) = found.reference {
            lost.insert((found.problem.place, name));
        }
    }
    let mut out: Vec<Leaving> = Vec::new();
    holders::visit(network, &mut |thing, part| {
        for (place, name) in &lost {
            if thing.place == place && holds(&part, name) {
                let leaving = Leaving {
                    holder: thing.text(),
                    name: Name::clone(name),
                    place: place.clone(),
                };
                if !out.contains(&leaving) {
                    out.push(leaving);
                }
            }
        }
    });
    out
}

/// Whether a problem that is new after a change is about a name that the change left behind: the very
/// same reference stood in the network `before`, where the name meant something other than an object.
///
/// Such leavings are what rule I-TX-08 looks for; they make no plan unusable. Objects are excluded
/// because no device lets go of one that is in use.
pub(crate) fn left_behind(found: &Found, before: &Network) -> bool {
    let Some(name) = &found.reference else {
        return false;
    };
    let mut there = false;
    holders::visit(before, &mut |thing, part| {
        there |= *thing.place == found.problem.place && holds(&part, name);
    });
    there && Index::new(before, &mut Vec::new()).kind(name) != Some(Kind::Object)
}
