//! Which interfaces are treated alike.
//!
//! Goes in: a plane. Comes out: for every interface one that stands for all that nothing on the node tells
//! apart, and for every filter which of its rules' lists of interfaces an interface is in. So a filter on
//! forwarded packets is one set and not one for every pair of interfaces. Nothing can go wrong.

use super::condition::Condition;
use super::{FilterPlane, NodePlane, Plane, PortIx};
use std::collections::HashMap;

/// Lists of interfaces beyond which interfaces are no longer compared but told apart by number.
const MOST_LISTS: usize = 63;

/// How the rules of a filter see an interface; equal sides are seen alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Side(u64);

/// The distinct lists of interfaces of some conditions, incoming or outgoing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lists(Vec<Vec<PortIx>>);

impl Lists {
    fn of<'l>(lists: impl Iterator<Item = Option<&'l [PortIx]>>) -> Self {
        let mut all: Vec<&[PortIx]> = lists.flatten().collect();
        all.sort_unstable();
        all.dedup();
        Self(all.into_iter().map(<[PortIx]>::to_vec).collect())
    }

    fn side(&self, port: Option<PortIx>) -> Side {
        let Some(port) = port else { return Side(0) };
        if self.0.len() > MOST_LISTS {
            return Side(1 << MOST_LISTS | port.0 as u64);
        }
        let bits = self.0.iter().enumerate();
        let inside = bits.filter(|(_, list)| list.contains(&port));
        Side(inside.fold(0, |side, (bit, _)| side | 1 << bit))
    }
}

fn incoming(condition: &Condition) -> Option<&[PortIx]> {
    condition.incoming.as_deref()
}

/// Who is treated alike in a plane.
#[derive(Debug, Default)]
pub(super) struct Faces {
    filters: Vec<(Lists, Lists)>,
    alike: Vec<PortIx>,
}

/// The lists of interfaces, incoming and outgoing, that the rules of a filter name.
fn named(filter: &FilterPlane) -> (Lists, Lists) {
    let conditions = || filter.all_rules().map(|r| &r.condition);
    (
        Lists::of(conditions().map(incoming)),
        Lists::of(conditions().map(|c| c.outgoing.as_deref())),
    )
}

impl Faces {
    /// Compares the interfaces of every node.
    pub(super) fn new(plane: &Plane) -> Self {
        let filters: Vec<_> = plane.filters.iter().map(named).collect();
        let mut told: Vec<Vec<&[PortIx]>> = plane.nodes.iter().map(|n| own(n, &filters)).collect();
        for port in plane.ports.iter() {
            let egress = port.egress.map(|f| &filters[f].0.0);
            let lists = egress.into_iter().flatten().map(Vec::as_slice);
            told[port.node.0].extend(lists);
        }
        let told: Vec<Lists> = told
            .into_iter()
            .map(|lists| Lists::of(lists.into_iter().map(Some)))
            .collect();
        let mut first = HashMap::new();
        let alike = plane.ports.iter().enumerate().map(|(i, port)| {
            let side = told[port.node.0].side(Some(PortIx(i)));
            *first.entry((port.table, side)).or_insert(PortIx(i))
        });
        Self {
            alike: alike.collect(),
            filters,
        }
    }

    /// Whether a filter still names the interfaces it named when they were compared.
    pub(super) fn hold(&self, plane: &Plane, filter: usize) -> bool {
        self.filters[filter] == named(&plane.filters[filter])
    }

    /// The interface that stands for this one and all that are treated alike.
    pub(super) fn alike(&self, port: PortIx) -> PortIx {
        self.alike[port.0]
    }

    /// How a filter sees a pair of interfaces.
    pub(super) fn sides(
        &self,
        filter: usize,
        incoming: PortIx,
        outgoing: Option<PortIx>,
    ) -> (Side, Side) {
        let (ins, outs) = &self.filters[filter];
        (ins.side(Some(incoming)), outs.side(outgoing))
    }
}

/// The lists by which what a node does behind its ingress filters tells incoming interfaces apart.
fn own<'l>(node: &'l NodePlane, filters: &'l [(Lists, Lists)]) -> Vec<&'l [PortIx]> {
    let translations = node.destination_nat.iter().chain(&node.source_nat);
    let policies = node.policies.iter().map(|p| &p.condition);
    let conditions = translations.map(|t| &t.condition).chain(policies);
    let forward = node.forward.map(|f| &filters[f].0.0);
    let forward = forward.into_iter().flatten().map(Vec::as_slice);
    conditions.filter_map(incoming).chain(forward).collect()
}
