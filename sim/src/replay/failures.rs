//! Everything that can fail in a state, one thing at a time or two.
//!
//! Goes in: a compiled state. Comes out: each failure with what it takes away: links and nodes of the plane, relays, the
//! segments of a site, or a part of a capacity only. In the order: links, members, nodes, machines, risk groups,
//! sites; each in the order of the network's tables. What would be the same failure as one before is left out.

use crate::plane::failed::Down;
use crate::plane::{NodeIx, Plane, PortIx};
use std::collections::{BTreeMap, HashMap, HashSet};
use utsushi_model::circumstance::{Broken, BrokenKind, Failure, Sharing};
use utsushi_model::network::{NodeId, SiteId, SiteKind};
use utsushi_model::text::Text;

/// Which failures are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Failures {
    /// None.
    #[default]
    None,
    /// One at a time.
    Single,
    /// One at a time, and every two of links and nodes at once.
    Pairs,
}

/// A failure and what it takes away.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Struck {
    pub(super) failure: Failure,
    /// What the plane loses.
    pub(super) down: Down,
    /// Relays that are gone, by position in the network's table.
    pub(super) relays: Vec<usize>,
    /// Segments that are gone with their site.
    pub(super) segments: Vec<usize>,
    /// Links of which a part of the capacity is left.
    pub(super) links_left: Vec<(usize, f64)>,
    /// Nodes of which a part of the capacity is left.
    pub(super) nodes_left: Vec<(usize, f64)>,
}

impl Struck {
    fn new(kind: BrokenKind, name: &str, label: Text) -> Self {
        Self {
            failure: Failure::of(kind, name, label),
            down: Down::default(),
            relays: Vec::new(),
            segments: Vec::new(),
            links_left: Vec::new(),
            nodes_left: Vec::new(),
        }
    }

    /// Whether ways, relays or hosts go with it, not just a part of a capacity.
    pub(super) fn changes_ways(&self) -> bool {
        !self.down.is_empty() || !self.relays.is_empty() || !self.segments.is_empty()
    }

    /// Both at once.
    fn with(&self, other: &Self) -> Self {
        fn both<T: Clone>(a: &[T], b: &[T]) -> Vec<T> {
            [a, b].concat()
        }
        Self {
            failure: Failure {
                broken: both::<Broken>(&self.failure.broken, &other.failure.broken),
            },
            down: Down {
                links: both(&self.down.links, &other.down.links),
                nodes: both(&self.down.nodes, &other.down.nodes),
            },
            relays: both(&self.relays, &other.relays),
            segments: both(&self.segments, &other.segments),
            links_left: both(&self.links_left, &other.links_left),
            nodes_left: both(&self.nodes_left, &other.nodes_left),
        }
    }
}

/// Every failure of a state; pairs come about one by one.
pub(super) fn all(plane: &Plane, which: Failures) -> impl Iterator<Item = Struck> {
    let single = single(plane, which);
    let simple = |s: &&Struck| {
        let kind = s.failure.broken.first().map(|b| b.kind);
        matches!(kind, Some(BrokenKind::Link | BrokenKind::Node))
    };
    let simple: Vec<Struck> = match which {
        Failures::Pairs => single.iter().filter(simple).cloned().collect(),
        Failures::None | Failures::Single => Vec::new(),
    };
    let many = simple.len();
    let pairs = (0..many).flat_map(move |a| (a + 1..many).map(move |b| (a, b)));
    let pairs = pairs.map(move |(a, b)| simple[a].with(&simple[b]));
    single.into_iter().chain(pairs)
}

/// A failure of [`all`] once more, by what is broken; `None` where there is no such failure.
pub(super) fn again(plane: &Plane, failure: &Failure) -> Option<Struck> {
    let single = single(plane, Failures::Single);
    let one = |broken: &[Broken]| single.iter().find(|s| s.failure.broken == broken).cloned();
    one(&failure.broken).or_else(|| {
        let [a, b] = &failure.broken[..] else {
            return None;
        };
        Some(one(std::slice::from_ref(a))?.with(&one(std::slice::from_ref(b))?))
    })
}

/// Every failure of one thing.
fn single(plane: &Plane, which: Failures) -> Vec<Struck> {
    if which == Failures::None {
        return Vec::new();
    }
    let list = List::new(plane);
    let mut out: Vec<Struck> = Vec::new();
    out.extend(list.links());
    out.extend(list.members());
    out.extend(list.nodes());
    out.extend(list.risks());
    out.extend(list.sites());
    let mut kept: Vec<Struck> = Vec::with_capacity(out.len());
    let mut known: HashSet<String> = HashSet::new();
    for struck in out {
        let takes = format!(
            "{:?}{:?}{:?}{:?}{:?}",
            struck.down, struck.relays, struck.segments, struck.links_left, struck.nodes_left
        );
        if known.insert(takes) {
            kept.push(struck);
        }
    }
    kept
}

struct List<'p> {
    plane: &'p Plane,
    /// Forwarding nodes by name.
    forwarding: HashMap<&'p NodeId, NodeIx>,
}

impl<'p> List<'p> {
    fn new(plane: &'p Plane) -> Self {
        let nodes = plane.nodes.iter().enumerate();
        Self {
            plane,
            forwarding: nodes.map(|(i, n)| (&n.id, NodeIx(i))).collect(),
        }
    }

    fn links(&self) -> impl Iterator<Item = Struck> + '_ {
        let links = self.plane.network.links.iter().enumerate();
        links.map(|(at, link)| {
            let mut struck = Struck::new(BrokenKind::Link, link.id.as_str(), link.label.clone());
            struck.down.links.push(at);
            struck
        })
    }

    fn members(&self) -> impl Iterator<Item = Struck> + '_ {
        let links = self.plane.network.links.iter().enumerate();
        links
            .filter(|(_, link)| link.members > 1)
            .map(|(at, link)| {
                let mut struck =
                    Struck::new(BrokenKind::Member, link.id.as_str(), link.label.clone());
                let left = f64::from(link.members - 1) / f64::from(link.members);
                struck.links_left.push((at, left));
                struck
            })
    }

    fn nodes(&self) -> impl Iterator<Item = Struck> + '_ {
        let nodes = self.plane.network.nodes.iter().enumerate();
        nodes.filter_map(|(at, node)| {
            let machines = node.made_of();
            if machines.count > 1 {
                if machines.sharing == Sharing::ActiveStandby {
                    // Another takes over: nothing that is counted changes.
                    return None;
                }
                let mut struck =
                    Struck::new(BrokenKind::Machine, node.id.as_str(), node.label.clone());
                struck.nodes_left.push((at, machines.left_without_one()));
                return Some(struck);
            }
            let mut struck = Struck::new(BrokenKind::Node, node.id.as_str(), node.label.clone());
            self.take(&mut struck, at, &node.id);
            Some(struck)
        })
    }

    /// Takes a whole node away.
    fn take(&self, struck: &mut Struck, at: usize, id: &NodeId) {
        match self.forwarding.get(id) {
            Some(node) => struck.down.nodes.push(*node),
            None => struck.relays.push(at),
        }
    }

    fn risks(&self) -> impl Iterator<Item = Struck> + '_ {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, link) in self.plane.network.links.iter().enumerate() {
            for risk in &link.risks {
                let group = groups.entry(risk).or_default();
                if group.last() != Some(&at) {
                    group.push(at);
                }
            }
        }
        groups.into_iter().map(|(risk, links)| {
            let mut struck = Struck::new(BrokenKind::RiskGroup, risk, Text::same(risk));
            struck.down.links = links;
            struck
        })
    }

    /// Sites of the body: everything that stands there.
    fn sites(&self) -> impl Iterator<Item = Struck> + '_ {
        let network = &self.plane.network;
        let own = network.sites.iter().filter(|site| {
            use SiteKind::{Branch, DataCentre, Headquarters};
            matches!(site.kind, Headquarters | Branch | DataCentre)
        });
        own.filter_map(|site| {
            let mut struck = Struck::new(BrokenKind::Site, site.id.as_str(), site.label.clone());
            let nodes = network.nodes.iter().enumerate();
            for (at, node) in nodes.filter(|(_, n)| n.site == site.id) {
                self.take(&mut struck, at, &node.id);
            }
            struck.segments = self.segments(&site.id);
            (struck.changes_ways() && !self.is_one_node(&struck)).then_some(struck)
        })
    }

    /// Whether losing a site is losing its only node: without it none of its segments gets anywhere.
    fn is_one_node(&self, struck: &Struck) -> bool {
        let ([only], []) = (&struck.down.nodes[..], &struck.relays[..]) else {
            return false;
        };
        // One that is made of several machines does not fail as a whole.
        let node = self.plane.network.nodes.get(&self.plane.nodes[only.0].id);
        if node.is_none_or(|n| n.made_of().count > 1) {
            return false;
        }
        let hangs = |port: &PortIx| self.plane.ports[port.0].node == *only;
        struck.segments.iter().all(|s| {
            let segment = &self.plane.segments[*s];
            segment.gateways.iter().chain(&segment.spare).all(hangs)
        })
    }

    fn segments(&self, site: &SiteId) -> Vec<usize> {
        let segments = self.plane.network.segments.iter().enumerate();
        let there = segments.filter(|(_, s)| s.site == *site);
        there.map(|(at, _)| at).collect()
    }
}
