//! Addresses, routes and routing rules, as batches for `ip -4` and `ip -6`.
//!
//! Goes in: a lab. Comes out: for each namespace two texts. A VRF is a routing table that `ip rule`
//! chooses by the interface a packet came in by; a policy route is a table that it chooses by the mark
//! which the rules of [`crate::nft`] have given the packet.

use crate::Lab;
use crate::space::{Kind, Space};
use std::fmt::Write;
use std::net::IpAddr;
use utsushi_model::address::{AddressRange, V4_LAST};
use utsushi_sim::plane::routes::{Origin, Route};
use utsushi_sim::plane::{NodeIx, PortIx, SegmentIx};

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V4, Self::V6];

    /// Of an address.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// Every address of it.
    #[must_use]
    pub const fn whole(self) -> AddressRange {
        match self {
            Self::V4 => AddressRange::V4,
            Self::V6 => AddressRange::V6,
        }
    }

    /// By which address every interface knows its peer.
    const fn peer(self) -> &'static str {
        match self {
            Self::V4 => "169.254.0.1",
            Self::V6 => "fe80::1",
        }
    }
}

/// The table of a node's routing table: its position on the node above this.
const FIRST_TABLE: usize = 100;
/// The table of a policy route: its mark above this.
const FIRST_POLICY: usize = 10_000;

/// The batch of one namespace for one family.
#[must_use]
pub fn batch(lab: &Lab<'_>, space: &Space, family: Family) -> String {
    let mut text = String::new();
    if family == Family::V4 {
        text += "link set lo up\n";
        for interface in &space.interfaces {
            let _ = writeln!(text, "link set {} addrgenmode none", interface.name);
            let _ = writeln!(text, "link set {} up", interface.name);
        }
    }
    for interface in &space.interfaces {
        let (name, peer) = (&interface.name, &interface.peer);
        let _ = writeln!(text, "neigh add {} lladdr {peer} dev {name}", family.peer());
    }
    match space.kind {
        Kind::Segment(segment) => hosts(lab, space, segment, family, &mut text),
        Kind::Node(node) => tables(lab, node, family, &mut text),
    }
    text
}

/// The addresses of a segment's hosts, and their ways out.
fn hosts(lab: &Lab<'_>, space: &Space, segment: SegmentIx, family: Family, text: &mut String) {
    let none = std::collections::BTreeSet::new();
    let addresses = lab.hosts.get(&segment.0).unwrap_or(&none);
    for address in addresses.iter().filter(|a| Family::of(**a) == family) {
        let _ = match family {
            Family::V4 => writeln!(text, "address add {address}/32 dev lo"),
            Family::V6 => writeln!(text, "address add {address}/128 dev lo nodad"),
        };
    }
    let ways: Vec<&str> = space.interfaces.iter().map(|i| i.name.as_str()).collect();
    if !ways.is_empty() {
        let _ = writeln!(text, "route add default{}", by(&ways, family));
    }
}

/// Where a route leads: one interface, or several that share.
fn by(ways: &[&str], family: Family) -> String {
    let peer = family.peer();
    match ways {
        [one] => format!(" via {peer} dev {one} onlink"),
        many => many
            .iter()
            .map(|way| format!(" nexthop via {peer} dev {way} onlink"))
            .collect(),
    }
}

/// The routing tables of a node with the rules that choose them.
fn tables(lab: &Lab<'_>, node: NodeIx, family: Family, text: &mut String) {
    let plane = lab.plane;
    let own = |port: &PortIx| plane.ports[port.0].node == node;
    let ports: Vec<PortIx> = (0..plane.ports.len()).map(PortIx).filter(own).collect();
    let mut known: Vec<usize> = ports.iter().map(|p| plane.ports[p.0].table.0).collect();
    known.sort_unstable();
    known.dedup();
    for (number, table) in known.iter().enumerate() {
        let id = FIRST_TABLE + number;
        for route in &plane.tables[*table].fib().routes {
            if let Some(prefix) = prefix(route.prefix, family) {
                let _ = writeln!(text, "route add {}", way(lab, id, &prefix, route, family));
            }
        }
        for port in ports.iter().filter(|p| plane.ports[p.0].table.0 == *table) {
            let name = lab.layout.port(*port);
            let _ = writeln!(text, "rule add pref 1000 iif {name} lookup {id}");
        }
    }
    for (number, policy) in (1..).zip(&plane.nodes[node.0].policies) {
        if !policy.condition.is_certain() {
            continue;
        }
        let (id, number): (usize, usize) = (FIRST_POLICY + number, number);
        let ways = names(lab, &policy.via);
        let route = match ways.as_slice() {
            [] => format!("blackhole default table {id}"),
            ways => format!("table {id} default{}", by(ways, family)),
        };
        let _ = writeln!(text, "route add {route}");
        let _ = writeln!(text, "rule add pref 500 fwmark {number} lookup {id}");
    }
}

/// A route of a table as `ip route` wants it.
fn way(lab: &Lab<'_>, id: usize, prefix: &str, route: &Route, family: Family) -> String {
    match (route.origin, names(lab, &route.via).as_slice()) {
        (Origin::Own, _) => format!("unreachable {prefix} table {id}"),
        (_, []) => format!("blackhole {prefix} table {id}"),
        (_, ways) => format!("table {id} {prefix}{}", by(ways, family)),
    }
}

/// The names of some ports, each once.
fn names<'l>(lab: &'l Lab<'_>, ports: &[PortIx]) -> Vec<&'l str> {
    let mut names: Vec<&str> = Vec::new();
    for port in ports {
        let name = lab.layout.port(*port);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A range as a prefix of the family; `None` if it is of the other one.
fn prefix(range: AddressRange, family: Family) -> Option<String> {
    if !family.whole().covers(range) {
        return None;
    }
    if range.first() == V4_LAST + 1 && range.last() != range.first() {
        // A short IPv6 prefix whose beginning is cut off: IPv4 stands there in the common space.
        let length = (range.last().wrapping_add(1)).leading_zeros();
        let length = if range.last() == u128::MAX {
            0
        } else {
            length + 1
        };
        return Some(format!("::/{length}"));
    }
    Some(range.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use utsushi_model::address::parse_prefix;

    #[test]
    fn prefixes_are_told_as_ip_wants_them() {
        for (text, family) in [
            ("10.0.0.0/8", Family::V4),
            ("0.0.0.0/0", Family::V4),
            ("::/0", Family::V6),
            ("::/1", Family::V6),
            ("::/3", Family::V6),
            ("2001:db8::/32", Family::V6),
        ] {
            let range = AddressRange::prefix(&parse_prefix(text).expect("a prefix"));
            assert_eq!(prefix(range, family).as_deref(), Some(text));
        }
        let host = AddressRange::prefix(&parse_prefix("10.0.0.1/32").expect("a prefix"));
        assert_eq!(prefix(host, Family::V4).as_deref(), Some("10.0.0.1"));
        assert_eq!(prefix(host, Family::V6), None);
    }
}
