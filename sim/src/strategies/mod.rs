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
mod migration;
mod needs;
mod size;
mod terms;
mod topology;

pub use corners::{Corners, Probe, probe};
pub use migration::migration;
pub use needs::{demands, rules};
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
    let mut network = Network::default();
    let segments = std::mem::take(&mut frame.segments);
    frame.zones.drain(..).for_each(|z| network.zones.put(z));
    frame.sites.drain(..).for_each(|s| network.sites.put(s));
    segments.into_iter().for_each(|s| network.segments.put(s));
    hosts::add(blueprint, &mut network);
    let mut terms = Terms::of(&network, size);
    for object in terms.service_objects(&blueprint.services) {
        network.services.put(object);
    }
    for object in terms.address_objects(&blueprint.objects) {
        network.objects.put(object);
    }
    devices::configure(&mut frame, &terms, blueprint, !size.exact);
    let devices = frame.devices.into_iter();
    devices.for_each(|d| network.nodes.put(d.node));
    frame.links.into_iter().for_each(|l| network.links.put(l));
    network
}
