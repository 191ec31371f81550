//! Whether the offers of a catalogue are meant for something that is there.
//!
//! Goes in: a catalogue and the states of a plan. What can go wrong: an offer names a link or node that no state knows.

use super::say::{Thing, Words, unknown};
use crate::catalogue::Catalogue;
use crate::id::Id;
use crate::migration::State;
use crate::problem::Problem;
use std::collections::BTreeSet;

const OFFER: Words = ("品目", "offer");
const MEANT_FOR: Words = ("回線か機器", "link or node");

/// Every name in `only` that is no link or node in any state.
#[must_use]
pub fn offers(catalogue: &Catalogue, states: &[State]) -> Vec<Problem> {
    let links = states.iter().flat_map(|s| s.network.links.ids());
    let nodes = states.iter().flat_map(|s| s.network.nodes.ids());
    let known = links.map(Id::as_str).chain(nodes.map(Id::as_str));
    let known: BTreeSet<&str> = known.collect();
    let mut found = Vec::new();
    for offer in &catalogue.offers {
        for (name, place) in &offer.only {
            if !known.contains(&**name) {
                let thing = Thing::new(OFFER, offer.label.ja.as_str(), place);
                found.push(unknown(&thing, MEANT_FOR, name, known.iter().copied()));
            }
        }
    }
    found
}
