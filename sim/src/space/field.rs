//! Fields of a packet, and ranges of their values.
//!
//! In: addresses, prefixes, ports as the caller knows them. Out: plain numbers
//! for the diagrams. Nothing can go wrong; an empty or outlying range is an
//! empty set of values.

use std::net::{IpAddr, Ipv6Addr};

/// One field of a packet, in the order of the levels of a diagram.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub enum Field {
    /// Destination address, as by [`address`].
    Dst,
    /// Source address, as by [`address`].
    Src,
    /// IP protocol number, 0 to 255.
    Protocol,
    /// Destination port, 0 to 65535; by convention of the callers 0 where the
    /// protocol has none.
    DstPort,
    /// Source port, as the destination port.
    SrcPort,
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = 5;

    /// All fields in the order of the levels.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Dst,
        Self::Src,
        Self::Protocol,
        Self::DstPort,
        Self::SrcPort,
    ];

    /// The largest value of the field; the smallest is always 0.
    #[must_use]
    pub const fn max(self) -> u128 {
        match self {
            Self::Dst | Self::Src => u128::MAX,
            Self::Protocol => 255,
            Self::DstPort | Self::SrcPort => 65_535,
        }
    }

    /// Every value of the field.
    #[must_use]
    pub const fn all(self) -> Interval {
        Interval::new(0, self.max())
    }
}

/// The number of an address in the one 128-bit domain of both families: an
/// IPv6 address as it is, an IPv4 address as `::ffff:a.b.c.d`.
#[must_use]
pub const fn address(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// The address with this number; the inverse of [`address`].
#[must_use]
pub const fn ip(number: u128) -> IpAddr {
    Ipv6Addr::from_bits(number).to_canonical()
}

/// The values from `lo` to `hi`, both included; none if `hi < lo`.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Ord, PartialOrd, Debug)]
pub struct Interval {
    /// The smallest value.
    pub lo: u128,
    /// The largest value.
    pub hi: u128,
}

impl Interval {
    /// Every IPv4 address.
    pub const V4: Self = Self::new(0xffff_0000_0000, 0xffff_ffff_ffff);

    /// Every IPv6 address: what lies on both sides of [`Interval::V4`].
    pub const V6: [Self; 2] = [
        Self::new(0, Self::V4.lo - 1),
        Self::new(Self::V4.hi + 1, u128::MAX),
    ];

    /// The values from `lo` to `hi`, both included.
    #[must_use]
    pub const fn new(lo: u128, hi: u128) -> Self {
        Self { lo, hi }
    }

    /// The one value `value`.
    #[must_use]
    pub const fn point(value: u128) -> Self {
        Self::new(value, value)
    }

    /// The one address `ip`.
    #[must_use]
    pub const fn host(ip: IpAddr) -> Self {
        Self::point(address(ip))
    }

    /// The addresses of a prefix; bits of `ip` beyond `length` are ignored, and
    /// a length beyond the width of the family is one host. An IPv6 prefix that
    /// spans the place of IPv4 (such as `::/0`) is returned without it, because
    /// an IPv6 prefix matches no IPv4 packet.
    #[must_use]
    pub fn prefix(ip: IpAddr, length: u8) -> Vec<Self> {
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let free = u32::from(width - length.min(width));
        let mask = 1_u128.checked_shl(free).unwrap_or(0).wrapping_sub(1);
        let number = address(ip);
        let all = Self::new(number & !mask, number | mask);
        if ip.is_ipv6() && all.lo < Self::V4.lo && Self::V4.hi < all.hi {
            return vec![
                Self::new(all.lo, Self::V4.lo - 1),
                Self::new(Self::V4.hi + 1, all.hi),
            ];
        }
        vec![all]
    }

    /// Whether `value` lies in the interval.
    #[must_use]
    pub const fn contains(self, value: u128) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// The same values as sorted, disjoint, non-adjacent, non-empty intervals
    /// within the domain of `field`; values beyond it do not exist and vanish.
    #[must_use]
    pub fn normalise(field: Field, intervals: &[Self]) -> Vec<Self> {
        let clipped = intervals
            .iter()
            .map(|i| Self::new(i.lo, i.hi.min(field.max())));
        let mut sorted: Vec<Self> = clipped.filter(|i| i.lo <= i.hi).collect();
        sorted.sort_unstable();
        sorted.dedup_by(|next, kept| {
            let joined = next.lo <= kept.hi.saturating_add(1);
            if joined {
                kept.hi = kept.hi.max(next.hi);
            }
            joined
        });
        sorted
    }
}
