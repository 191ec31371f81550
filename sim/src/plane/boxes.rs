//! Sets of packets as people read them: disjoint boxes, and concrete packets.
//!
//! Goes in: a set or point of an arena. Comes out: addresses, protocols and ports by name. Nothing can go
//! wrong.

use crate::space::{Cube, Field, Interval, Point, Set, Space, SpaceFull, ip};
use utsushi_model::address::{AddressRange, V4_FIRST, V4_LAST};
use utsushi_model::finding::{Packet, PacketBox, ProtocolRange};
use utsushi_model::service::{PortRange, Protocol};

/// Boxes that a finding lists; more are counted.
pub const MOST_BOXES: usize = 256;

/// Positions that no host on any network has: what lies before and behind IPv4, up to the first global
/// address of IPv6 (RFC 4291 §2.4), and `0.0.0.0/8` (RFC 6890).
const NO_HOSTS: [(u128, u128); 3] = [
    (0, V4_FIRST - 1),
    (V4_FIRST, V4_FIRST + 0x00ff_ffff),
    (V4_LAST + 1, (0x2000 << 112) - 1),
];

/// The packet at a point.
#[must_use]
pub fn packet(point: Point) -> Packet {
    Packet {
        src: ip(point.src),
        dst: ip(point.dst),
        protocol: Protocol(point.protocol),
        src_port: point.src_port,
        dst_port: point.dst_port,
    }
}

/// The smallest packet of a set; packets that a person would believe come first: TCP or UDP, from an
/// ephemeral port, between addresses that hosts can have. `prefixes` are networks whose first and last
/// address belong to no host.
///
/// # Errors
/// The arena is full.
pub fn believable(
    space: &mut Space,
    set: Set,
    prefixes: &[AddressRange],
) -> Result<Option<Packet>, SpaceFull> {
    let edges: Vec<Interval> = prefixes
        .iter()
        .filter(|p| p.size() > 2)
        .flat_map(|p| [p.first(), p.last()])
        .map(Interval::point)
        .chain(NO_HOSTS.map(|(lo, hi)| Interval::new(lo, hi)))
        .collect();
    let mut hosts = Set::FULL;
    for field in [Field::Src, Field::Dst] {
        let edge = space.field(field, &edges)?;
        hosts = space.difference(hosts, edge)?;
    }
    let ephemeral = vec![Interval::new(49_152, 65_535)];
    let used = vec![Interval::new(1, 65_535)];
    let mut best = set;
    for wish in [
        hosts,
        space.cube(&Cube::any().with(Field::Protocol, vec![Interval::point(6)]))?,
        space.cube(&Cube::any().with(
            Field::Protocol,
            vec![Interval::point(6), Interval::point(17)],
        ))?,
        space.field(Field::SrcPort, &ephemeral)?,
        space.field(Field::DstPort, &used)?,
    ] {
        let wished = space.intersection(best, wish)?;
        if wished != Set::EMPTY {
            best = wished;
        }
    }
    Ok(space.smallest(best).map(packet))
}

/// A set as disjoint boxes, at most so many, and how many were left out.
#[must_use]
pub fn boxes(space: &Space, set: Set, most: usize) -> (Vec<PacketBox>, usize) {
    let mut cubes = space.cubes(set);
    let left_out = cubes.len().saturating_sub(most);
    cubes.truncate(most);
    (cubes.iter().map(packet_box).collect(), left_out)
}

/// A box by names.
#[must_use]
pub fn packet_box(cube: &Cube) -> PacketBox {
    let addresses = |field| {
        cube.get(field)
            .iter()
            .filter_map(|i| AddressRange::between(i.lo, i.hi))
            .collect()
    };
    let ports = |field| {
        let narrow = |v: u128| u16::try_from(v).unwrap_or(u16::MAX);
        cube.get(field)
            .iter()
            .map(|i| PortRange {
                first: narrow(i.lo),
                last: narrow(i.hi),
            })
            .collect()
    };
    let byte = |v: u128| u8::try_from(v).unwrap_or(u8::MAX);
    PacketBox {
        src: addresses(Field::Src),
        dst: addresses(Field::Dst),
        protocol: cube
            .get(Field::Protocol)
            .iter()
            .map(|i| ProtocolRange {
                first: byte(i.lo),
                last: byte(i.hi),
            })
            .collect(),
        src_ports: ports(Field::SrcPort),
        dst_ports: ports(Field::DstPort),
    }
}
