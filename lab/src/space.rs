//! Namespaces and the veth pairs between them.
//!
//! Goes in: a plane. Comes out: a [`Layout`]: one namespace for each forwarding node and one for each
//! segment (its hosts are addresses in it), one veth pair for each interface, all with names that Linux can
//! bear. VLANs of a link are veth pairs of their own, since many kernels lack the VLAN module.
//!
//! Interfaces have no addresses. Each knows its peer as 169.254.0.1 and fe80::1 by a permanent neighbour
//! entry, so that nothing is asked and nothing is learnt on the wires.

use std::collections::{BTreeMap, BTreeSet};
use utsushi_sim::plane::{NodeIx, Peer, Plane, PortIx, SegmentIx};

/// The longest name of an interface on Linux (`IFNAMSIZ` less the closing zero).
pub const LONGEST_INTERFACE: usize = 15;
/// The longest name of a namespace here; Linux would allow 255.
const LONGEST_SPACE: usize = 40;

/// What a namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A forwarding node.
    Node(NodeIx),
    /// A segment with its hosts.
    Segment(SegmentIx),
}

/// A namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// What it stands for.
    pub kind: Kind,
    /// Its name in the lab.
    pub name: String,
    /// What the scenario calls it.
    pub known_as: String,
    /// Its interfaces: name, the wire, and which end of it.
    pub interfaces: Vec<Interface>,
}

/// An interface of a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// Its name in the lab.
    pub name: String,
    /// What the scenario calls it; empty for the interface of a segment's hosts.
    pub known_as: String,
    /// The hardware address at this end.
    pub own: String,
    /// The hardware address at the other end.
    pub peer: String,
}

/// An end of a veth pair: the namespace and the position among its interfaces.
pub type End = (usize, usize);

/// Namespaces and wires.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Nodes first, then segments, each in the order of the plane.
    pub spaces: Vec<Space>,
    /// Veth pairs.
    pub wires: Vec<(End, End)>,
    /// The interface of each port.
    ports: BTreeMap<PortIx, End>,
    nodes: usize,
}

/// Names that are taken, and how a new one is made.
#[derive(Debug, Default)]
struct Taken(BTreeSet<String>);

impl Taken {
    /// A name of at most `longest` letters, digits, dots, dashes and underscores that nothing else has.
    fn name(&mut self, wanted: &str, otherwise: &str, longest: usize) -> String {
        let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let mut plain: String = wanted.chars().filter(fits).take(longest).collect();
        let reserved = ["lo", "all", "default"];
        let begins_well = plain.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins_well || reserved.contains(&plain.as_str()) {
            otherwise.clone_into(&mut plain);
        }
        let mut name = plain.clone();
        for number in 2.. {
            if self.0.insert(name.clone()) {
                break;
            }
            let tail = format!("-{number}");
            let head: String = plain.chars().take(longest - tail.len()).collect();
            name = head + &tail;
        }
        name
    }
}

/// A port as namespace, name and the scenario's name.
fn named(plane: &Plane, names: &mut [Taken], port: PortIx) -> (usize, String, String) {
    let port = &plane.ports[port.0];
    let known_as = port.name.to_string();
    let name = names[port.node.0].name(&known_as, "eth", LONGEST_INTERFACE);
    (port.node.0, name, known_as)
}

impl Layout {
    /// The layout of a plane.
    #[must_use]
    pub fn of(plane: &Plane) -> Self {
        let mut layout = Self {
            nodes: plane.nodes.len(),
            ..Self::default()
        };
        let mut taken = Taken::default();
        for (i, node) in plane.nodes.iter().enumerate() {
            let name = taken.name(node.id.as_str(), "node", LONGEST_SPACE);
            layout.space(Kind::Node(NodeIx(i)), name, node.id.to_string());
        }
        for (i, segment) in plane.segments.iter().enumerate() {
            let name = taken.name(segment.id.as_str(), "segment", LONGEST_SPACE);
            layout.space(Kind::Segment(SegmentIx(i)), name, segment.id.to_string());
        }
        let mut names: Vec<Taken> = layout.spaces.iter().map(|_| Taken::default()).collect();
        for (i, port) in plane.ports.iter().enumerate() {
            let far = match port.peer {
                Peer::Port(there, _) if there.0 < i => continue,
                Peer::Port(there, _) => named(plane, &mut names, there),
                Peer::Segment(segment) => {
                    let space = layout.nodes + segment.0;
                    let name = names[space].name("gw", "gw", LONGEST_INTERFACE);
                    (space, name, String::new())
                }
            };
            let near = named(plane, &mut names, PortIx(i));
            let (near, far) = layout.wire(near, far);
            layout.ports.insert(PortIx(i), near);
            if let Peer::Port(there, _) = port.peer {
                layout.ports.insert(there, far);
            }
        }
        layout
    }

    fn space(&mut self, kind: Kind, name: String, known_as: String) {
        self.spaces.push(Space {
            kind,
            name,
            known_as,
            interfaces: Vec::new(),
        });
    }

    /// A pair between two interfaces, each told as namespace, name and the scenario's name.
    fn wire(&mut self, a: (usize, String, String), b: (usize, String, String)) -> (End, End) {
        let number = self.wires.len();
        let mac = |end: usize| {
            let [a, b, c] = [number >> 15, number >> 7, (number << 1) + end].map(|n| n & 0xff);
            format!("02:00:00:{a:02x}:{b:02x}:{c:02x}")
        };
        let ends = (
            self.interface(a, mac(0), mac(1)),
            self.interface(b, mac(1), mac(0)),
        );
        self.wires.push(ends);
        ends
    }

    fn interface(
        &mut self,
        (space, name, known_as): (usize, String, String),
        own: String,
        peer: String,
    ) -> End {
        let interfaces = &mut self.spaces[space].interfaces;
        interfaces.push(Interface {
            name,
            known_as,
            own,
            peer,
        });
        (space, interfaces.len() - 1)
    }

    /// The name of the interface of a port; empty for a port that the layout does not have.
    #[must_use]
    pub fn port(&self, port: PortIx) -> &str {
        self.ports
            .get(&port)
            .map_or("", |(space, at)| &self.spaces[*space].interfaces[*at].name)
    }

    /// The namespace of a segment.
    #[must_use]
    pub fn segment(&self, segment: SegmentIx) -> &Space {
        &self.spaces[self.nodes + segment.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_unique_and_such_as_linux_can_bear() {
        let mut taken = Taken::default();
        let mut name = |wanted| taken.name(wanted, "eth", LONGEST_INTERFACE);
        assert_eq!(name("eth1.96"), "eth1.96");
        assert_eq!(name("eth1.96"), "eth1.96-2");
        assert_eq!(name("office-line-to-the-annex"), "office-line-to-");
        assert_eq!(name("office-line-to-the-school"), "office-line-t-2");
        assert_eq!(name("基幹"), "eth");
        assert_eq!(name("lo"), "eth-2");
        assert_eq!(name("a/b c"), "abc");
        assert_eq!(name("-x"), "eth-3");
    }
}
