//! Forwarding tables against the obvious: of all routes that hold the destination the longest, of all
//! ways the shortest.
//!
//! Shares no code with the tables: prefixes are compared bit by bit, distances come from trying every
//! table as a station between every other two (Floyd and Warshall).

use super::run::{Case, Outcome};
use ipnet::IpNet;
use proptest::prop_assert_eq;
use std::collections::BTreeSet;
use std::net::IpAddr;
use utsushi_model::network::{Network, Node};
use utsushi_model::policy::Hop;
use utsushi_sim::plane::{Peer, Plane, TableIx};

/// A routing table, by the names of its node and VRF.
type Table = (String, String);

/// What a route does: the interfaces it sends by, by name; or the packet ends at the node.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sends {
    By(BTreeSet<String>),
    Nowhere,
    Here,
}

/// One VLAN of a link, seen from one end.
struct Line {
    from: Table,
    interface: String,
    to: Table,
    cost: u64,
}

fn computed(network: &Network) -> impl Iterator<Item = &Node> {
    network.nodes.iter().filter(|n| n.forwarding.computed)
}

fn lines(network: &Network) -> Vec<Line> {
    let mut out = Vec::new();
    for link in network.links.iter() {
        for lane in &link.lanes {
            let a = (link.a.to_string(), lane.a.vrf.to_string());
            let b = (link.b.to_string(), lane.b.vrf.to_string());
            for (from, to, port) in [(&a, &b, &lane.a), (&b, &a, &lane.b)] {
                out.push(Line {
                    from: from.clone(),
                    interface: port.interface.to_string(),
                    to: to.clone(),
                    cost: link.cost.into(),
                });
            }
        }
    }
    out
}

/// Everything a table knows without computing: prefix, rank (smaller wins), what it does.
fn by_hand(network: &Network, table: &Table, lines: &[Line]) -> Vec<(IpNet, u8, Sends)> {
    let mut out = Vec::new();
    let node = network.nodes.iter().find(|n| n.id.as_str() == table.0);
    let Some(node) = node else { return out };
    let gateways = network
        .segments
        .iter()
        .flat_map(|s| s.gateways.iter().map(move |g| (s, g)))
        .filter(|(_, g)| g.node == node.id && *g.vrf == *table.1);
    let own: Vec<(&str, &[IpNet])> = gateways
        .map(|(s, g)| (&*g.interface, s.prefixes.as_slice()))
        .collect();
    for (interface, prefixes) in &own {
        let by = Sends::By(BTreeSet::from([(*interface).to_owned()]));
        out.extend(prefixes.iter().map(|p| (*p, 1, by.clone())));
    }
    let announced = node.forwarding.originates.iter();
    let announced = announced.filter(|(vrf, _)| **vrf == *table.1);
    out.extend(announced.map(|(_, p)| (*p, 2, Sends::Here)));
    for route in node
        .forwarding
        .statics
        .iter()
        .filter(|r| *r.vrf == *table.1)
    {
        let mut by = BTreeSet::new();
        for hop in &route.via {
            match hop {
                Hop::Node(id) => by.extend(
                    lines
                        .iter()
                        .filter(|l| l.from == *table && l.to.0 == id.as_str())
                        .map(|l| l.interface.clone()),
                ),
                Hop::Interface(name) => {
                    by.insert(name.to_string());
                }
                Hop::Discard => {}
            }
        }
        let sends = if by.is_empty() {
            Sends::Nowhere
        } else {
            Sends::By(by)
        };
        out.push((route.prefix, 0, sends));
    }
    out
}

/// Distances between all tables of nodes that compute routes.
struct Distances {
    tables: Vec<Table>,
    lines: Vec<Line>,
    costs: Vec<Vec<Option<u64>>>,
}

impl Distances {
    fn of(network: &Network) -> Self {
        let takes_part = |t: &Table| computed(network).any(|n| n.id.as_str() == t.0);
        let mut lines = lines(network);
        lines.retain(|l| takes_part(&l.from) && takes_part(&l.to));
        let mut tables: Vec<Table> = lines.iter().map(|l| l.from.clone()).collect();
        for segment in network.segments.iter() {
            tables.extend(
                segment
                    .gateways
                    .iter()
                    .map(|g| (g.node.to_string(), g.vrf.to_string())),
            );
        }
        tables.retain(takes_part);
        tables.sort();
        tables.dedup();
        let at = |t: &Table| tables.iter().position(|u| u == t).expect("a table");
        let count = tables.len();
        let mut costs = vec![vec![None; count]; count];
        for (i, row) in costs.iter_mut().enumerate() {
            row[i] = Some(0);
        }
        for line in &lines {
            let cell: &mut Option<u64> = &mut costs[at(&line.from)][at(&line.to)];
            *cell = Some(cell.map_or(line.cost, |c| c.min(line.cost)));
        }
        for middle in 0..count {
            for a in 0..count {
                for b in 0..count {
                    let (Some(one), Some(two)) = (costs[a][middle], costs[middle][b]) else {
                        continue;
                    };
                    if costs[a][b].is_none_or(|c| one + two < c) {
                        costs[a][b] = Some(one + two);
                    }
                }
            }
        }
        Self {
            tables,
            lines,
            costs,
        }
    }

    fn between(&self, a: &Table, b: &Table) -> Option<u64> {
        let at = |t: &Table| self.tables.iter().position(|u| u == t);
        self.costs[at(a)?][at(b)?]
    }

    /// The interfaces of a table on a shortest way to the nearest of some tables.
    fn towards(&self, from: &Table, speakers: &[Table]) -> BTreeSet<String> {
        let Some(best) = speakers.iter().filter_map(|s| self.between(from, s)).min() else {
            return BTreeSet::new();
        };
        let nearest = || {
            speakers
                .iter()
                .filter(|s| self.between(from, s) == Some(best))
        };
        let own = self.lines.iter().filter(|l| l.from == *from);
        own.filter(|l| {
            nearest().any(|s| {
                self.between(&l.to, s)
                    .is_some_and(|rest| rest + l.cost == best)
            })
        })
        .map(|l| l.interface.clone())
        .collect()
    }
}

fn bits(address: IpAddr) -> Vec<bool> {
    let octets = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let bit = |octet: u8| (0..8).rev().map(move |i| octet >> i & 1 == 1);
    octets.into_iter().flat_map(bit).collect()
}

/// Whether the address lies in the prefix, bit by bit.
pub(crate) fn holds(prefix: &IpNet, address: IpAddr) -> bool {
    let length = usize::from(prefix.prefix_len());
    prefix.addr().is_ipv4() == address.is_ipv4()
        && bits(prefix.addr())[..length] == bits(address)[..length]
}

/// Every route of a table: by hand, and what others announce.
fn all_routes(network: &Network, table: &Table, distances: &Distances) -> Vec<(IpNet, u8, Sends)> {
    let all = lines(network);
    let mut routes = by_hand(network, table, &all);
    if !distances.tables.contains(table) {
        return routes;
    }
    let announces = |t: &Table, prefix: &IpNet| {
        let known = by_hand(network, t, &all);
        known.iter().any(|(p, rank, _)| *rank > 0 && p == prefix)
    };
    let known = distances
        .tables
        .iter()
        .flat_map(|t| by_hand(network, t, &all));
    let prefixes: BTreeSet<IpNet> = known
        .filter(|(_, rank, _)| *rank > 0)
        .map(|(p, ..)| p)
        .collect();
    for prefix in prefixes {
        let speakers = distances.tables.iter().filter(|t| announces(t, &prefix));
        let speakers: Vec<Table> = speakers.cloned().collect();
        let by = distances.towards(table, &speakers);
        if !speakers.contains(table) && !by.is_empty() {
            routes.push((prefix, 3, Sends::By(by)));
        }
    }
    routes
}

fn expected(routes: &[(IpNet, u8, Sends)], address: IpAddr) -> Option<&Sends> {
    let fitting = routes.iter().filter(|(prefix, ..)| holds(prefix, address));
    // Of equally long ones the first in rank; of equal rank the first written.
    let best = fitting.min_by_key(|(prefix, rank, _)| (u8::MAX - prefix.prefix_len(), *rank));
    best.map(|(_, _, sends)| sends)
}

/// Looks every interesting address up in every table.
pub(crate) fn routes(case: &Case) -> Outcome {
    let plane = &case.plane;
    let distances = Distances::of(&plane.network);
    let addresses: BTreeSet<IpAddr> = (0..plane.segments.len())
        .flat_map(|s| case.packets(utsushi_sim::plane::SegmentIx(s)))
        .map(|p| p.dst)
        .collect();
    for table in (0..plane.tables.len()).map(TableIx) {
        let Some(name) = table_name(plane, table) else {
            continue;
        };
        let routes = all_routes(&plane.network, &name, &distances);
        for address in &addresses {
            let found = plane.tables[table.0].lookup(*address).map(|route| {
                let by = route.via.iter().map(|p| plane.ports[p.0].name.to_string());
                match (route.via.is_empty(), &route.place) {
                    (false, _) => Sends::By(by.collect()),
                    (true, Some(_)) => Sends::Nowhere,
                    (true, None) => Sends::Here,
                }
            });
            prop_assert_eq!(
                found.as_ref(),
                expected(&routes, *address),
                "table {:?}, destination {}",
                name,
                address
            );
        }
    }
    Ok(())
}

/// The node and VRF of a table, as one of its interfaces tells.
fn table_name(plane: &Plane, table: TableIx) -> Option<Table> {
    let port = plane.ports.iter().find(|p| p.table == table)?;
    let node = plane.nodes[port.node.0].id.to_string();
    let node_of = |id: &str| plane.network.nodes.iter().find(|n| n.id.as_str() == id);
    let vrf = match port.peer {
        Peer::Segment(segment) => {
            let segment = plane.network.segments.iter().nth(segment.0)?;
            let own = segment.gateways.iter();
            let gateway = own
                .clone()
                .find(|g| g.interface == port.name && g.node.as_str() == node)?;
            gateway.vrf.to_string()
        }
        Peer::Port(..) => {
            let id = &node_of(&node)?.id;
            let lanes = plane.network.links.iter().flat_map(|l| {
                l.lanes
                    .iter()
                    .flat_map(|lane| [(&l.a, &lane.a), (&l.b, &lane.b)])
            });
            let own = lanes.filter(|(n, p)| *n == id && p.interface == port.name);
            own.map(|(_, p)| p.vrf.to_string()).next()?
        }
    };
    Some((node, vrf))
}
