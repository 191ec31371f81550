//! Routes over a window: which destinations a table sends where, state by state.
//!
//! Goes in: a window whose frame of lines and forwarding nodes is the same in every state; routes set by
//! hand, addresses of segments and their gateways differ. Comes out: routing tables as sets of points.
//! What can go wrong: the arena is full.
//!
//! A prefix of which every candidate is there in every state is looked up as in one state. The others
//! override them, shorter ones first: for a destination in one of them and in no longer certain one, the
//! best candidate that is there decides, as [`super::super::routes`] has it: set by hand, then connected,
//! then announced here, then towards the nearest speakers.

use super::super::compile::hops;
use super::super::routes::Origin;
use super::super::sets::{RouteSets, Sets, Way, intervals};
use super::super::{NodeIx, Peer, Plane, PortIx, TableIx};
use super::lists::Listed;
use super::region::{When, always, is_always};
use super::versions::{Versions, states};
use crate::space::{Field, Interval, Set, SpaceFull};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::network::SegmentId;
use utsushi_model::policy::Name;
use utsushi_model::resolve::without;

/// What routes are made from.
#[derive(Debug, Default)]
pub(in super::super) struct Ways {
    tables: Vec<Table>,
    /// Which tables announce a prefix, in which states.
    announced: BTreeMap<AddressRange, Vec<(usize, When)>>,
    /// For every announcing table the distance of every table to it.
    distances: HashMap<usize, Vec<Option<u64>>>,
    /// Whether any route differs between states.
    differ: bool,
}

#[derive(Debug)]
struct Table {
    takes_part: bool,
    ports: Vec<PortIx>,
    statics: Vec<(AddressRange, Vec<PortIx>, When)>,
    connected: Vec<(AddressRange, PortIx, When)>,
    own: Vec<AddressRange>,
}

/// A candidate for a prefix in a table, the better first.
struct Candidate<'w> {
    rank: (Origin, u64, usize),
    via: Vec<PortIx>,
    when: &'w When,
}

impl Ways {
    pub(super) fn of(
        plane: &Plane,
        versions: &Versions,
        gateways: &HashMap<(SegmentId, usize), When>,
        listed: &Listed,
    ) -> Self {
        let mut ways = Self::default();
        let vrfs = vrfs(plane);
        let prefixes = prefixes(plane, versions, gateways);
        for (t, (node, vrf)) in vrfs.iter().enumerate() {
            let table = ways.table(plane, (TableIx(t), *node, vrf), &prefixes, listed);
            ways.tables.push(table);
        }
        ways.announce(plane, &vrfs);
        ways.differ = ways.tables.iter().any(|t| {
            t.statics.iter().any(|(_, _, when)| !is_always(when))
                || t.connected.iter().any(|(_, _, when)| !is_always(when))
        });
        if ways.differ {
            ways.measure(plane);
        }
        ways
    }

    fn table(
        &mut self,
        plane: &Plane,
        (t, node, vrf): (TableIx, NodeIx, &Name),
        prefixes: &HashMap<PortIx, Vec<(AddressRange, When)>>,
        listed: &Listed,
    ) -> Table {
        let written = plane.network.nodes.get(&plane.nodes[node.0].id);
        let all = (0..plane.ports.len()).map(PortIx);
        let ports: Vec<PortIx> = all.filter(|p| plane.ports[p.0].table == t).collect();
        let mut connected = Vec::new();
        for port in &ports {
            let here = prefixes.get(port).into_iter().flatten();
            connected.extend(here.map(|(prefix, when)| (*prefix, *port, when.clone())));
        }
        let mut table = Table {
            takes_part: written.is_some_and(|n| n.forwarding.computed),
            ports,
            statics: Vec::new(),
            connected,
            own: Vec::new(),
        };
        let Some(written) = written else {
            return table;
        };
        let when = listed.of(&plane.nodes[node.0].id);
        for (i, route) in written.forwarding.statics.iter().enumerate() {
            if route.vrf == *vrf {
                let when = when
                    .and_then(|h| h.statics.get(i))
                    .cloned()
                    .unwrap_or_else(always);
                let via = hops(&plane.ports, &plane.nodes, &table.ports, &route.via);
                table
                    .statics
                    .push((AddressRange::prefix(&route.prefix), via, when));
            }
        }
        let own = written
            .forwarding
            .originates
            .iter()
            .filter(|(v, _)| v == vrf);
        table.own = own.map(|(_, p)| AddressRange::prefix(p)).collect();
        table
    }

    fn announce(&mut self, plane: &Plane, vrfs: &[(NodeIx, Name)]) {
        for (t, table) in self.tables.iter().enumerate().filter(|(_, t)| t.takes_part) {
            let connected = table
                .connected
                .iter()
                .map(|(p, _, when)| (*p, when.clone()));
            let own = table.own.iter().map(|p| (*p, always()));
            for (prefix, when) in connected.chain(own) {
                self.announced.entry(prefix).or_default().push((t, when));
            }
        }
        debug_assert_eq!(
            self.tables.len(),
            vrfs.len(),
            "{} tables",
            plane.tables.len()
        );
    }

    fn measure(&mut self, plane: &Plane) {
        let mut graph: DiGraph<(), u64> = DiGraph::new();
        for _ in &self.tables {
            graph.add_node(());
        }
        for port in plane.ports.iter() {
            if let Peer::Port(there, way) = port.peer {
                let (a, b) = (port.table.0, plane.ports[there.0].table.0);
                if self.tables[a].takes_part && self.tables[b].takes_part {
                    let cost = plane.link_costs[way.link];
                    graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), cost);
                }
            }
        }
        let speakers: BTreeSet<usize> =
            self.announced.values().flatten().map(|(t, _)| *t).collect();
        for speaker in speakers {
            // CORRECTNESS: a link's cost is the same both ways.
            let mut row = vec![None; self.tables.len()];
            for (table, cost) in dijkstra(&graph, NodeIndex::new(speaker), None, |e| *e.weight()) {
                row[table.index()] = Some(cost);
            }
            self.distances.insert(speaker, row);
        }
    }

    /// The candidates of a table by prefix, the better first.
    fn candidates(&self, plane: &Plane, t: usize) -> BTreeMap<AddressRange, Vec<Candidate<'_>>> {
        let table = &self.tables[t];
        let mut out: BTreeMap<AddressRange, Vec<Candidate<'_>>> = BTreeMap::new();
        let mut add =
            |prefix: AddressRange, candidate| out.entry(prefix).or_default().push(candidate);
        for (i, (prefix, via, when)) in table.statics.iter().enumerate() {
            let rank = (Origin::Static, 0, i);
            add(
                *prefix,
                Candidate {
                    rank,
                    via: via.clone(),
                    when,
                },
            );
        }
        for (i, (prefix, port, when)) in table.connected.iter().enumerate() {
            let rank = (Origin::Connected, 0, i);
            add(
                *prefix,
                Candidate {
                    rank,
                    via: vec![*port],
                    when,
                },
            );
        }
        for prefix in &table.own {
            let rank = (Origin::Own, 0, 0);
            add(
                *prefix,
                Candidate {
                    rank,
                    via: Vec::new(),
                    when: &EVER,
                },
            );
        }
        if table.takes_part {
            for (prefix, speakers) in &self.announced {
                for (speaker, when) in speakers.iter().filter(|(s, _)| *s != t) {
                    let Some((distance, via)) = self.towards(plane, t, *speaker) else {
                        continue;
                    };
                    let rank = (Origin::Computed, distance, 0);
                    add(*prefix, Candidate { rank, via, when });
                }
            }
        }
        out.values_mut()
            .for_each(|list| list.sort_by_key(|c| c.rank));
        out
    }

    /// How far a speaker is from a table, and the interfaces on a shortest way to it.
    fn towards(&self, plane: &Plane, t: usize, speaker: usize) -> Option<(u64, Vec<PortIx>)> {
        let row = self.distances.get(&speaker)?;
        let best = row[t]?;
        let on_the_way = |port: &&PortIx| match plane.ports[port.0].peer {
            Peer::Port(there, way) => {
                let next = plane.ports[there.0].table.0;
                row[next].is_some_and(|rest| rest + plane.link_costs[way.link] == best)
            }
            Peer::Segment(_) => false,
        };
        let via: Vec<PortIx> = self.tables[t]
            .ports
            .iter()
            .filter(on_the_way)
            .copied()
            .collect();
        (!via.is_empty()).then_some((best, via))
    }
}

static EVER: std::sync::LazyLock<When> = std::sync::LazyLock::new(always);

/// The node and the VRF of every table, as the plane numbers them.
fn vrfs(plane: &Plane) -> Vec<(NodeIx, Name)> {
    let mut out: Vec<Option<(NodeIx, Name)>> = vec![None; plane.tables.len()];
    let mut at = 0;
    let mut place = |vrf: &Name| {
        let port = &plane.ports[at];
        out[port.table.0] = Some((port.node, Arc::clone(vrf)));
        at += 1;
    };
    // CORRECTNESS: interfaces are made in this order, see `compile`.
    let network = &plane.network;
    let forwards = |id| network.nodes.get(id).is_some_and(|n| !n.kind.is_relay());
    for segment in network.segments.iter() {
        segment
            .gateways
            .iter()
            .filter(|g| forwards(&g.node))
            .for_each(|g| place(&g.vrf));
    }
    for link in network
        .links
        .iter()
        .filter(|l| forwards(&l.a) && forwards(&l.b))
    {
        for lane in &link.lanes {
            place(&lane.a.vrf);
            place(&lane.b.vrf);
        }
    }
    out.into_iter()
        .map(|t| t.unwrap_or((NodeIx(0), Arc::from(""))))
        .collect()
}

/// The prefixes behind every interface of a segment, with the states in which they are there.
fn prefixes(
    plane: &Plane,
    versions: &Versions,
    gateways: &HashMap<(SegmentId, usize), When>,
) -> HashMap<PortIx, Vec<(AddressRange, When)>> {
    let network = &plane.network;
    let forwards = |id| network.nodes.get(id).is_some_and(|n| !n.kind.is_relay());
    let mut out: HashMap<PortIx, Vec<(AddressRange, When)>> = HashMap::new();
    let mut port = 0;
    for segment in network.segments.iter() {
        let of = versions.segment(network, &segment.id);
        for (at, gateway) in segment
            .gateways
            .iter()
            .enumerate()
            .filter(|(_, g)| forwards(&g.node))
        {
            let list = out.entry(PortIx(port)).or_default();
            port += 1;
            let fixed = !gateways.contains_key(&(segment.id.clone(), at));
            for (version, region) in &of {
                let Some(version) = version.as_ref().filter(|v| v.gateways.contains(gateway))
                else {
                    continue;
                };
                for prefix in version.prefixes.iter().map(AddressRange::prefix) {
                    let here = states(region);
                    match list.iter_mut().find(|(p, _)| *p == prefix) {
                        Some((_, when)) => when.extend(here),
                        None => list.push((prefix, here)),
                    }
                }
            }
            for (_, when) in list.iter_mut() {
                if fixed && when.len() == of.len() {
                    *when = always();
                }
            }
        }
    }
    out
}

impl Sets<'_> {
    /// A routing table over a window; `None` if it is the same in every state.
    pub(in super::super) fn routes_over(
        &mut self,
        table: TableIx,
        way: Way,
    ) -> Result<Option<RouteSets>, SpaceFull> {
        let Some(window) = self.window.filter(|w| w.ways.differ) else {
            return Ok(None);
        };
        let candidates = window.ways.candidates(&window.plane, table.0);
        let certain = |list: &Vec<Candidate<'_>>| list.iter().all(|c| is_always(c.when));
        let field = if way == Way::Forward {
            Field::Dst
        } else {
            Field::Src
        };
        let mut ways: BTreeMap<Vec<PortIx>, Set> = BTreeMap::new();
        for (via, pieces) in self.certain(&candidates, certain) {
            ways.insert(via, self.space.field(field, &pieces)?);
        }
        let fixed: Vec<AddressRange> = candidates
            .iter()
            .filter(|(_, list)| certain(list))
            .map(|(prefix, _)| *prefix)
            .collect();
        let mut open: Vec<_> = candidates
            .iter()
            .filter(|(_, list)| !certain(list))
            .collect();
        open.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.size()));
        for (prefix, list) in open {
            let longer = fixed
                .iter()
                .filter(|f| prefix.covers(**f) && f.size() < prefix.size());
            let longer: Vec<AddressRange> = longer.copied().collect();
            let mine = intervals(&without(vec![*prefix], &longer));
            let mut left = self.space.field(field, &mine)?;
            let mut new: Vec<(Vec<PortIx>, Set)> = Vec::new();
            let mut covered = Set::EMPTY;
            for level in list.chunk_by(|a, b| a.rank == b.rank) {
                let mut here = Set::EMPTY;
                for candidate in level {
                    let when = self.when(candidate.when)?;
                    let part = self.space.intersection(left, when)?;
                    here = self.space.union(here, part)?;
                    if candidate.rank.0 != Origin::Own {
                        new.push((candidate.via.clone(), part));
                    }
                }
                covered = self.space.union(covered, here)?;
                left = self.space.difference(left, here)?;
            }
            for set in ways.values_mut() {
                *set = self.space.difference(*set, covered)?;
            }
            for (via, part) in new {
                let there = ways.get(&via).copied().unwrap_or(Set::EMPTY);
                ways.insert(via, self.space.union(there, part)?);
            }
        }
        let ways: Vec<(Vec<PortIx>, Set)> = ways.into_iter().collect();
        let routed: Vec<Set> = ways.iter().map(|(_, set)| *set).collect();
        let routed = self.space.union_all(&routed)?;
        let none = self.space.complement(routed)?;
        Ok(Some(RouteSets {
            ways,
            none,
            spans: Vec::new(),
        }))
    }

    /// The pieces of the address space by interface, for prefixes that are there in every state.
    fn certain(
        &self,
        candidates: &BTreeMap<AddressRange, Vec<Candidate<'_>>>,
        certain: impl Fn(&Vec<Candidate<'_>>) -> bool,
    ) -> BTreeMap<Vec<PortIx>, Vec<Interval>> {
        let mut found = Vec::new();
        for (prefix, list) in candidates.iter().filter(|(_, list)| certain(list)) {
            let Some(best) = list.first() else { continue };
            let mut via: Vec<PortIx> = Vec::new();
            // Of equals set by hand or connected the first wins; of speakers all of the nearest.
            let most = if best.rank.0 == Origin::Computed {
                usize::MAX
            } else {
                1
            };
            for candidate in list.iter().filter(|c| c.rank == best.rank).take(most) {
                via.extend(
                    candidate
                        .via
                        .iter()
                        .filter(|p| !via.contains(p))
                        .collect::<Vec<_>>(),
                );
            }
            via.sort();
            found.push((*prefix, best.rank.0, via));
        }
        let fib = super::super::routes::pieces(
            &found.iter().map(|(prefix, ..)| *prefix).collect::<Vec<_>>(),
        );
        let mut out: BTreeMap<Vec<PortIx>, Vec<Interval>> = BTreeMap::new();
        for (range, of) in fib {
            let (_, origin, via) = &found[of];
            if *origin != Origin::Own {
                out.entry(via.clone())
                    .or_default()
                    .push(Interval::new(range.first(), range.last()));
            }
        }
        out
    }
}
