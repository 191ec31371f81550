//! A compiled state when something has failed: the same plane without some links and nodes.
//!
//! Goes in: a plane, and which of its links and forwarding nodes are gone. Comes out: the plane as it forwards then,
//! and what is different: [`Failed`]. Nothing can go wrong.
//!
//! What routers do of themselves is part of it: computed routes go by what is left; a route set by hand over interfaces
//! that are all down is withdrawn, so is a policy route; a segment's packets leave by the gateways that are
//! left, and by one that stands by when none is (VRRP; a gateway all of whose lines are down leaves it to others). Filters, translations and access tables stay as they are.
//!
//! Only tables whose routes set by hand change are made anew. Of the ways towards announced prefixes those are looked for again
//! that used an interface that is down, and of tables those whose ways change: a way changes only where one of its own interfaces
//! goes down or another becomes as short, and the latter only if the former shortest is gone.

use super::compile::TableSeed;
use super::condition::PolicyStep;
use super::paths::{Cut, Paths, Towards};
use super::routes::{Found, Spoken, Up, by_hand};
use super::table::Table;
use super::{NodeIx, Peer, Plane, PortIx, SegmentIx, TableIx};
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::address::{AddressRange, position};

/// What is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Down {
    /// Links, by position in the network's table.
    pub links: Vec<usize>,
    /// Forwarding nodes.
    pub nodes: Vec<NodeIx>,
}

impl Down {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.nodes.is_empty()
    }
}

/// A plane ready to lose parts.
#[derive(Debug)]
pub struct Losing<'p> {
    plane: &'p Plane,
    up: Up,
    paths: Paths<'p>,
    spoken: Spoken,
    /// For every interface the announcers that are reached over it somewhere.
    over: Vec<Vec<usize>>,
}

/// A plane of which something is gone, and what is different.
#[derive(Debug)]
pub struct Failed {
    /// As it forwards now.
    pub plane: Plane,
    /// Tables whose routes are different, with the destinations for which they are.
    pub tables: Vec<(TableIx, Vec<AddressRange>)>,
    /// Segments with other gateways.
    pub segments: Vec<SegmentIx>,
    /// Nodes with other policy routes.
    pub nodes: Vec<NodeIx>,
}

impl Failed {
    /// Whether a table may send a packet for an address otherwise than before.
    #[must_use]
    pub fn changes(&self, table: TableIx, destination: IpAddr) -> bool {
        let at = position(destination);
        let of = self.tables.iter().find(|(t, _)| *t == table);
        of.is_some_and(|(_, ranges)| ranges.iter().any(|r| r.first() <= at && at <= r.last()))
    }
}

impl<'p> Losing<'p> {
    /// Looks up which ways use which interface.
    #[must_use]
    pub fn new(plane: &'p Plane) -> Self {
        let up = Up::all(plane);
        let mut paths = Paths::new(plane, &up.part);
        let spoken = Spoken::new(plane, &up, &mut paths);
        let mut over = vec![Vec::new(); plane.ports.len()];
        for (at, towards) in spoken.towards.iter().enumerate() {
            for port in towards.lists().flat_map(|ways| ways.iter()) {
                let known: &mut Vec<usize> = &mut over[port.0];
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
        Self {
            plane,
            up,
            paths,
            spoken,
            over,
        }
    }

    /// The plane without some of its parts.
    #[must_use]
    pub fn without(&self, down: &Down) -> Failed {
        let up = self.left(down);
        let lost: Vec<usize> = (0..up.down.len()).filter(|p| up.down[*p]).collect();
        let mut plane = self.plane.clone();
        let mut changed: Vec<Vec<AddressRange>> = vec![Vec::new(); plane.tables.len()];
        let spoken = Arc::new(self.announced(&up, down, &lost, &mut changed));
        let mut touched: Vec<usize> = lost.iter().map(|p| self.table_of(*p)).collect();
        touched.sort_unstable();
        touched.dedup();
        let computed: Vec<usize> = changed.iter().map(Vec::len).collect();
        for t in touched {
            let seed = &self.plane.seeds[t];
            self.written(seed, &up, &mut changed[t]);
        }
        for t in (0..changed.len()).filter(|t| !changed[*t].is_empty()) {
            plane.tables[t] = if changed[t].len() == computed[t] {
                plane.tables[t].detoured(t, &spoken)
            } else {
                Table::new(spoken.table(&plane, &up, t))
            };
        }
        let segments = gateways(&mut plane, &up.down);
        let nodes = policies(&mut plane, &up.down);
        let tables = changed.into_iter().enumerate();
        Failed {
            plane,
            tables: tables
                .filter(|(_, ranges)| !ranges.is_empty())
                .map(|(t, ranges)| (TableIx(t), ranges))
                .collect(),
            segments,
            nodes,
        }
    }

    /// What works when something is gone.
    fn left(&self, down: &Down) -> Up {
        let gone = |port: PortIx| down.nodes.contains(&self.plane.ports[port.0].node);
        let mut up = self.up.clone();
        for (p, port) in self.plane.ports.iter().enumerate() {
            let cut = match port.peer {
                Peer::Port(there, way) => gone(there) || down.links.contains(&way.link),
                Peer::Segment(_) => false,
            };
            up.down[p] = cut || gone(PortIx(p));
        }
        for (t, seed) in self.plane.seeds.iter().enumerate() {
            up.part[t] &= !down.nodes.contains(&seed.node);
        }
        up
    }

    fn table_of(&self, port: usize) -> usize {
        self.plane.ports[port].table.0
    }

    /// What is announced now, with the ways towards it; notes the tables for which a prefix is reached otherwise.
    fn announced(
        &self,
        up: &Up,
        down: &Down,
        lost: &[usize],
        changed: &mut [Vec<AddressRange>],
    ) -> Spoken {
        let mut cut = Cut::new(&self.paths, lost, &up.down);
        let mut again = vec![false; self.spoken.speakers.len()];
        lost.iter()
            .flat_map(|p| &self.over[*p])
            .for_each(|at| again[*at] = true);
        let mut towards: Vec<Towards> = self.spoken.towards.clone();
        let mut speakers: Vec<Arc<[usize]>> = self.spoken.speakers.clone();
        let mut unlike: Vec<Vec<usize>> = vec![Vec::new(); again.len()];
        for (at, before) in self.spoken.speakers.iter().enumerate() {
            let is_silent = |t: &usize| down.nodes.contains(&self.plane.seeds[*t].node);
            let (silent, now): (Vec<usize>, Vec<usize>) = before.iter().partition(|t| is_silent(t));
            if !again[at] && silent.is_empty() {
                continue;
            }
            let new = cut.again(&self.spoken.towards[at], before, &silent);
            let mut other = new.unlike(&self.spoken.towards[at]);
            // A table that announces it itself holds no computed route to it, and one that is gone is never asked.
            other.retain(|t| !now.contains(t) && self.up.part[*t]);
            unlike[at] = other;
            towards[at] = new;
            speakers[at] = now.into();
        }
        for (prefix, at) in &*self.spoken.prefixes {
            for t in &unlike[*at] {
                changed[*t].push(*prefix);
            }
        }
        Spoken {
            prefixes: Arc::clone(&self.spoken.prefixes),
            speakers,
            towards,
        }
    }

    /// Notes prefixes of connected routes and routes set by hand that are different.
    fn written(&self, seed: &TableSeed, up: &Up, changed: &mut Vec<AddressRange>) {
        let before: Found = by_hand(self.plane, seed, &self.up.down);
        let now: Found = by_hand(self.plane, seed, &up.down);
        let other = before.iter().filter(|(p, route)| now.get(p) != Some(route));
        changed.extend(other.map(|(prefix, _)| *prefix));
    }
}

/// Tables that had lines and have none left: a gateway there leads nowhere beyond its own segments.
fn cut_off(plane: &Plane, down: &[bool]) -> Vec<bool> {
    let cut = |seed: &TableSeed| {
        let mut lines = seed
            .ports
            .iter()
            .filter(|p| matches!(plane.ports[p.0].peer, Peer::Port(..)))
            .peekable();
        lines.peek().is_some() && lines.all(|p| down[p.0])
    };
    plane.seeds.iter().map(cut).collect()
}

/// Gateways that are down route for no segment, and those that are cut off leave it to others where there are any (as
/// redundancy protocols do that track lines); one that stands by takes over where none is left.
fn gateways(plane: &mut Plane, down: &[bool]) -> Vec<SegmentIx> {
    let cut = cut_off(plane, down);
    let out: Vec<bool> = plane
        .ports
        .iter()
        .zip(down)
        .map(|(port, down)| *down || cut[port.table.0])
        .collect();
    let hit = |ports: &[PortIx]| ports.iter().any(|p| out[p.0]);
    let segments = plane.segments.iter().enumerate();
    let concerned: Vec<usize> = segments
        .filter(|(_, s)| hit(&s.gateways) || hit(&s.spare))
        .map(|(at, _)| at)
        .collect();
    if !concerned.is_empty() {
        let segments = Arc::make_mut(&mut plane.segments);
        for at in &concerned {
            let segment = &mut segments[*at];
            segment.gateways.retain(|p| !down[p.0]);
            segment.spare.retain(|p| !down[p.0]);
            let all = segment.gateways.iter().chain(&segment.spare);
            if all.clone().any(|p| !out[p.0]) {
                segment.gateways.retain(|p| !out[p.0]);
                segment.spare.retain(|p| !out[p.0]);
            }
            segment.take_over();
        }
    }
    concerned.into_iter().map(SegmentIx).collect()
}

/// Policy routes over interfaces that are all down are not there.
fn policies(plane: &mut Plane, down: &[bool]) -> Vec<NodeIx> {
    let hit = |policy: &PolicyStep| policy.via.iter().any(|p| down[p.0]);
    let nodes = plane.nodes.iter().enumerate();
    let concerned: Vec<usize> = nodes
        .filter(|(_, n)| n.policies.iter().any(hit))
        .map(|(at, _)| at)
        .collect();
    if !concerned.is_empty() {
        let nodes = Arc::make_mut(&mut plane.nodes);
        for at in &concerned {
            let policies = &mut nodes[*at].policies;
            policies.retain_mut(|policy| {
                let meant = policy.via.len();
                policy.via.retain(|p| !down[p.0]);
                meant == 0 || !policy.via.is_empty()
            });
        }
    }
    concerned.into_iter().map(NodeIx).collect()
}
