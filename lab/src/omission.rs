//! What a state has and its lab cannot show.
//!
//! Goes in: a plane. Comes out: a list, in the order of the scenario; a page of the lab prints it, so that
//! nobody takes the lab for more than it is.

use crate::nft;
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_sim::plane::condition::{Condition, NatStep, Rewrite};
use utsushi_sim::plane::{NodePlane, Plane};

/// Why something is not shown. The list is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A rule that hangs on what cannot be judged offline; it is left out.
    Undetermined,
    /// A source pool of several addresses; the lab uses the first.
    Pool,
    /// A translation of a block that is too large to be written out; it is left out.
    Block,
    /// A relay: its address is there and answers, what it does for its clients is not.
    Relay,
    /// A host group of which one host stands for all.
    Group,
    /// A segment that no interface leads to; nothing in it can reach another.
    Alone,
    /// Services of protocols other than TCP and UDP; filters know them, the lab does not try them.
    Protocols,
}

/// Something that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omission {
    /// Why.
    pub what: What,
    /// What it is about: a node, a group, a segment.
    pub subject: String,
    /// Its rule, if it is about one.
    pub rule: Option<Name>,
    /// Where it is written.
    pub place: Option<Place>,
}

fn about(what: What, subject: &str) -> Omission {
    Omission {
        what,
        subject: subject.to_owned(),
        rule: None,
        place: None,
    }
}

/// What the lab of a plane cannot show.
#[must_use]
pub fn of(plane: &Plane) -> Vec<Omission> {
    let mut out: Vec<Omission> = plane
        .nodes
        .iter()
        .flat_map(|node| of_node(plane, node))
        .collect();
    let network = &plane.network;
    let relays = network.nodes.iter().filter(|n| n.kind.is_relay());
    out.extend(relays.map(|node| Omission {
        place: Some(node.place.clone()),
        ..about(What::Relay, node.id.as_str())
    }));
    let groups = network.groups.iter().filter(|g| g.count > 1);
    out.extend(groups.map(|group| about(What::Group, group.id.as_str())));
    let alone = plane.segments.iter().filter(|s| s.gateways.is_empty());
    out.extend(alone.map(|segment| about(What::Alone, segment.id.as_str())));
    if plane
        .filters
        .iter()
        .any(|f| f.all_rules().any(|r| other_protocols(&r.condition)))
    {
        out.push(about(What::Protocols, ""));
    }
    out
}

fn other_protocols(condition: &Condition) -> bool {
    let items = condition.service.items.iter();
    items
        .filter_map(|s| s.protocol)
        .any(|p| !matches!(p.0, 6 | 17))
}

fn of_node(plane: &Plane, node: &NodePlane) -> Vec<Omission> {
    let mut out = Vec::new();
    let mut rule = |what, name: &Name, place: &Place| {
        out.push(Omission {
            what,
            subject: node.id.to_string(),
            rule: Some(name.clone()),
            place: Some(place.clone()),
        });
    };
    let own = |at: &usize| Some(*at) == node.forward;
    let ports = plane
        .ports
        .iter()
        .filter(|p| plane.nodes[p.node.0].id == node.id);
    let mut filters: Vec<usize> = ports
        .flat_map(|p| [p.ingress, p.egress])
        .flatten()
        .collect();
    filters.extend(node.forward);
    filters.sort_by_key(|at| (!own(at), *at));
    filters.dedup();
    for step in filters.iter().flat_map(|at| plane.filters[*at].all_rules()) {
        if !step.condition.is_certain() {
            rule(What::Undetermined, &step.name, &step.place);
        }
    }
    for step in &node.policies {
        if !step.condition.is_certain() {
            rule(What::Undetermined, &step.name, &step.place);
        }
    }
    for step in node.destination_nat.iter().chain(&node.source_nat) {
        if let Some(what) = of_translation(step) {
            rule(what, &step.name, &step.place);
        }
    }
    out.dedup();
    out
}

fn of_translation(step: &NatStep) -> Option<What> {
    match &step.rewrite {
        _ if !step.condition.is_certain() => Some(What::Undetermined),
        Rewrite::Source(pool) if pool.len() > 1 || pool.iter().any(|r| r.size() > 1) => {
            Some(What::Pool)
        }
        rewrite if !nft::can_show(rewrite) => Some(What::Block),
        _ => None,
    }
}
