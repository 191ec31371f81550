//! What a random network is built from: lists of raw numbers, element by element.
//!
//! Goes in: a [`Size`]. Comes out: a strategy of blueprints. An element taken out of a list leaves a
//! blueprint that builds as well, so networks shrink element by element.

use super::Size;
use super::choices::{Raw, elements};
use proptest::prelude::Strategy;

/// The elements of a network, before names and references are given to them.
#[derive(Debug, Clone)]
pub(super) struct Blueprint {
    pub(super) nodes: Vec<Raw>,
    pub(super) segments: Vec<Raw>,
    pub(super) links: Vec<Raw>,
    pub(super) objects: Vec<Raw>,
    pub(super) services: Vec<Raw>,
    pub(super) filters: Vec<Raw>,
    pub(super) rules: Vec<Raw>,
    pub(super) translations: Vec<Raw>,
    pub(super) routes: Vec<Raw>,
    pub(super) policies: Vec<Raw>,
    pub(super) groups: Vec<Raw>,
    pub(super) systems: Vec<Raw>,
}

/// Blueprints of networks of a size.
pub(super) fn blueprint(size: &Size) -> impl Strategy<Value = Blueprint> + use<> {
    let frame = (
        elements(size.nodes.clone()),
        elements(size.segments.clone()),
        elements(0..=size.links),
    );
    let sets = (elements(0..=size.objects), elements(0..=size.objects));
    let filters = (elements(0..=size.filters), elements(0..=size.rules));
    let ways = (
        elements(0..=size.translations),
        elements(0..=size.routes),
        elements(0..=size.policies),
    );
    let hosts = (elements(0..=size.hosts), elements(0..=size.hosts));
    (frame, sets, filters, ways, hosts).prop_map(|(frame, sets, filters, ways, hosts)| Blueprint {
        nodes: frame.0,
        segments: frame.1,
        links: frame.2,
        objects: sets.0,
        services: sets.1,
        filters: filters.0,
        rules: filters.1,
        translations: ways.0,
        routes: ways.1,
        policies: ways.2,
        groups: hosts.0,
        systems: hosts.1,
    })
}
