//! Packets and boxes of packets, as callers and readers see them.
//!
//! In: values per field. Out: the same, by name. Nothing can go wrong.

use super::{Field, Interval};

/// A box: every packet whose fields all lie in the box's values for that field.
///
/// A field without intervals has no value, so the box is empty; "anything" is
/// [`Field::all`], as in [`Cube::any`].
#[derive(Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct Cube {
    /// Destination addresses, as by [`address`](super::address).
    pub dst: Vec<Interval>,
    /// Source addresses, as by [`address`](super::address).
    pub src: Vec<Interval>,
    /// IP protocol numbers.
    pub protocol: Vec<Interval>,
    /// Destination ports.
    pub dst_port: Vec<Interval>,
    /// Source ports.
    pub src_port: Vec<Interval>,
}

impl Cube {
    /// The box of all packets.
    #[must_use]
    pub fn any() -> Self {
        Self {
            dst: vec![Field::Dst.all()],
            src: vec![Field::Src.all()],
            protocol: vec![Field::Protocol.all()],
            dst_port: vec![Field::DstPort.all()],
            src_port: vec![Field::SrcPort.all()],
        }
    }

    /// The box with the values of one field replaced.
    #[must_use]
    pub fn with(mut self, field: Field, intervals: Vec<Interval>) -> Self {
        *self.get_mut(field) = intervals;
        self
    }

    /// The values of one field.
    #[must_use]
    pub fn get(&self, field: Field) -> &[Interval] {
        match field {
            Field::Dst => &self.dst,
            Field::Src => &self.src,
            Field::Protocol => &self.protocol,
            Field::DstPort => &self.dst_port,
            Field::SrcPort => &self.src_port,
        }
    }

    pub(super) fn get_mut(&mut self, field: Field) -> &mut Vec<Interval> {
        match field {
            Field::Dst => &mut self.dst,
            Field::Src => &mut self.src,
            Field::Protocol => &mut self.protocol,
            Field::DstPort => &mut self.dst_port,
            Field::SrcPort => &mut self.src_port,
        }
    }

    /// The box with source and destination exchanged, addresses and ports.
    #[must_use]
    pub fn swap_ends(self) -> Self {
        Self {
            dst: self.src,
            src: self.dst,
            protocol: self.protocol,
            dst_port: self.src_port,
            src_port: self.dst_port,
        }
    }

    /// Whether the packet lies in the box.
    #[must_use]
    pub fn contains(&self, point: &Point) -> bool {
        Field::ALL.iter().all(|&field| {
            let value = point.get(field);
            self.get(field).iter().any(|i| i.contains(value))
        })
    }
}

/// One packet. Points are ordered by destination, source, protocol,
/// destination port, source port, in this order of weight.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug, Default)]
pub struct Point {
    /// Destination address, as by [`address`](super::address).
    pub dst: u128,
    /// Source address, as by [`address`](super::address).
    pub src: u128,
    /// IP protocol number.
    pub protocol: u8,
    /// Destination port; 0 where the protocol has none.
    pub dst_port: u16,
    /// Source port; 0 where the protocol has none.
    pub src_port: u16,
}

impl Point {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the values lie within the domains of their fields"
    )]
    pub(super) fn from_values(values: [u128; Field::COUNT]) -> Self {
        let [dst, src, protocol, dst_port, src_port] = values;
        Self {
            dst,
            src,
            protocol: protocol as u8,
            dst_port: dst_port as u16,
            src_port: src_port as u16,
        }
    }

    /// The packet with source and destination exchanged, addresses and ports.
    #[must_use]
    pub fn swap_ends(self) -> Self {
        Self {
            dst: self.src,
            src: self.dst,
            protocol: self.protocol,
            dst_port: self.src_port,
            src_port: self.dst_port,
        }
    }

    /// The value of one field.
    #[must_use]
    pub fn get(&self, field: Field) -> u128 {
        match field {
            Field::Dst => self.dst,
            Field::Src => self.src,
            Field::Protocol => self.protocol.into(),
            Field::DstPort => self.dst_port.into(),
            Field::SrcPort => self.src_port.into(),
        }
    }
}
