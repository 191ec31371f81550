//! Strategies that make random networks, rules, demands and migrations, for property tests.
//!
//! Goes in: a [`Size`]. Comes out: [proptest](https://docs.rs/proptest) strategies whose every value is
//! well formed (a network passes `wellformed::check`, every step of a migration applies) and shrinks
//! element by element towards the smallest one that still fails. Nothing can go wrong.

mod blueprint;
mod choices;
mod corners;
mod devices;
mod hosts;
mod size;
mod terms;
mod topology;

pub use corners::{Corners, Probe, probe};
pub use size::Size;

use blueprint::{Blueprint, blueprint};
use proptest::prelude::Strategy;
use terms::Terms;
use topology::Frame;
use utsushi_model::network::Network;

/// Well-formed networks of a size.
pub fn network(size: Size) -> impl Strategy<Value = Network> {
    blueprint(&size).prop_map(move |blueprint| build(&blueprint, &size))
}

fn build(blueprint: &Blueprint, size: &Size) -> Network {
    let mut frame = Frame::build(blueprint);
    let mut terms = Terms::new(&frame, size);
    let mut network = Network::default();
    hosts::add(&frame, &mut terms, blueprint, &mut network);
    for object in terms.service_objects(&blueprint.services) {
        network.services.put(object);
    }
    for object in terms.address_objects(&blueprint.objects) {
        network.objects.put(object);
    }
    devices::configure(&mut frame, &terms, blueprint, !size.exact);
    frame.zones.into_iter().for_each(|z| network.zones.put(z));
    frame.sites.into_iter().for_each(|s| network.sites.put(s));
    frame
        .segments
        .into_iter()
        .for_each(|s| network.segments.put(s));
    frame
        .devices
        .into_iter()
        .for_each(|d| network.nodes.put(d.node));
    frame.links.into_iter().for_each(|l| network.links.put(l));
    network
}
