//! What makes a network well formed, and every way it can fail to be.
//!
//! Goes in: a network (or what a scenario requires of it). Comes out: every problem, in the order of
//! the tables. A network without problems is what compilation takes for granted: every name means one
//! thing, every address lies in its segment, no two segments of one VRF claim the same address.

mod names;
mod requirements;
mod structure;

pub use requirements::check_requirements;

use crate::network::Network;
use crate::problem::Problem;

/// Every way in which the network is not well formed.
#[must_use]
pub fn check(network: &Network) -> Vec<Problem> {
    let mut problems = Vec::new();
    names::check(network, &mut problems);
    structure::check(network, &mut problems);
    problems
}
