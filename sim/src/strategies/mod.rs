//! Strategies that make random networks, rules, demands and migrations, for property tests.
//!
//! Goes in: a [`Size`]. Comes out: [proptest](https://docs.rs/proptest) strategies whose every value is
//! well formed (a network passes `wellformed::check`, every step of a migration applies) and shrinks
//! element by element towards the smallest one that still fails. Nothing can go wrong.
//!
//! utsushi holds its two engines against each other with them. A body's own CI can hold its tools against
//! them in the same way: an importer that writes networks out and reads them again, a generator of rules,
//! an order of work that shall never open anything. Switch the feature `proptest` on and say what
//! must hold; here, that taking an allow rule out never lets more through:
//!
//! ```
//! use proptest::test_runner::{Config, TestRunner};
//! use std::{collections::BTreeSet, sync::Arc};
//! use utsushi_model::date::Date;
//! use utsushi_model::network::Network;
//! use utsushi_model::policy::Action;
//! use utsushi_sim::plane::trace::{Disposition, trace};
//! use utsushi_sim::plane::{Plane, SegmentIx};
//! use utsushi_sim::strategies::{Corners, Size, network, probe};
//!
//! fn without_first_allow(mut network: Network) -> Network {
//!     for mut node in network.clone().nodes.iter().cloned() {
//!         for filter in &mut node.forwarding.filters {
//!             if let Some(at) = filter.rules.iter().position(|r| r.action == Action::Allow) {
//!                 filter.rules.remove(at);
//!             }
//!         }
//!         network.nodes.put(node);
//!     }
//!     network
//! }
//!
//! let day = Date::new(2026, 6, 1).ok_or("no such day")?;
//! let arrivals = |network: &Network, packet| -> BTreeSet<SegmentIx> {
//!     let plane = Plane::compile(Arc::new(network.clone()), day);
//!     let paths = trace(&plane, SegmentIx(0), packet).into_iter();
//!     let arrived = paths.filter_map(|path| match path.disposition {
//!         Disposition::Delivered(segment) => Some(segment),
//!         _ => None,
//!     });
//!     arrived.collect()
//! };
//! let config = Config { cases: 50, failure_persistence: None, ..Config::default() };
//! TestRunner::new(config).run(&(network(Size::small()), probe()), |(network, probe)| {
//!     let corners = Corners::of(&network);
//!     let first = network.segments.iter().next().cloned();
//!     if let Some(packet) = first.and_then(|segment| corners.packet(&network, &segment, &probe)) {
//!         let before = arrivals(&network, packet);
//!         assert!(arrivals(&without_first_allow(network), packet).is_subset(&before));
//!     }
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Networks hold two to eight nodes by default: trees with extra links, several VLANs and VRFs, equal-cost
//! ways, segments of IPv4 and IPv6, an outside, reused prefixes, static and policy routes, ordered
//! filters with objects, negations and schedules, translators with exemptions, host groups and systems.
//! They hold no relays (proxies, screen transfer) and no access tables.

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
///
/// Most have something that a careful person would not build: a route into nothing, a filter that lets
/// nobody in, a translator in the wrong place. That is what they are for.
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
