//! Addresses and ranges of them, IPv4 and IPv6 in one ordered space.
//!
//! Goes in: texts such as `10.1.0.0/16`, `10.1.2.3`, `10.1.2.3-10.1.2.9`. Comes out: ranges.
//! A prefix with host bits, a range that runs backwards or mixes families is an error with its reason.

use ipnet::IpNet;
use serde::Serialize;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// First position of IPv4 in the common 128-bit space (`::ffff:0:0`, RFC 4291 §2.5.5.2).
pub const V4_FIRST: u128 = 0xffff_0000_0000;
/// Last position of IPv4 in the common space.
pub const V4_LAST: u128 = 0xffff_ffff_ffff;

/// The position of an address in the common space.
#[must_use]
pub fn position(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => V4_FIRST + u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The address at a position of the common space.
#[must_use]
pub fn address_at(position: u128) -> IpAddr {
    match position.checked_sub(V4_FIRST).map(u32::try_from) {
        Some(Ok(v4)) => IpAddr::V4(Ipv4Addr::from(v4)),
        _ => IpAddr::V6(Ipv6Addr::from(position)),
    }
}

/// An inclusive range of addresses of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressRange {
    first: u128,
    last: u128,
}

impl AddressRange {
    /// Every IPv4 address.
    pub const V4: Self = Self {
        first: V4_FIRST,
        last: V4_LAST,
    };

    /// The range between two addresses, both included; `None` if it runs backwards or mixes families.
    #[must_use]
    pub fn new(first: IpAddr, last: IpAddr) -> Option<Self> {
        (first.is_ipv4() == last.is_ipv4() && first <= last).then(|| Self {
            first: position(first),
            last: position(last),
        })
    }

    /// The range between two positions of the common space; `None` if it runs backwards.
    #[must_use]
    pub fn between(first: u128, last: u128) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// One address.
    #[must_use]
    pub fn host(address: IpAddr) -> Self {
        let at = position(address);
        Self {
            first: at,
            last: at,
        }
    }

    /// Every IPv6 address that can be on a wire.
    ///
    /// IPv4 sits inside the common space at `::ffff:0:0/96`; of the IPv6 addresses below it only the
    /// unspecified and loopback address and formats that are no longer in use remain (RFC 4291 §2.5),
    /// so IPv6 counts from just above.
    pub const V6: Self = Self {
        first: V4_LAST + 1,
        last: u128::MAX,
    };

    /// All addresses of a prefix. A short IPv6 prefix that would span IPv4 begins with [`Self::V6`].
    #[must_use]
    pub fn prefix(prefix: &IpNet) -> Self {
        if prefix.addr().is_ipv6()
            && position(prefix.network()) < V4_FIRST
            && position(prefix.broadcast()) > V4_LAST
        {
            return Self {
                first: Self::V6.first,
                last: position(prefix.broadcast()),
            };
        }
        Self {
            first: position(prefix.network()),
            last: position(prefix.broadcast()),
        }
    }

    /// Position of the first address in the common space.
    #[must_use]
    pub const fn first(self) -> u128 {
        self.first
    }
    /// Position of the last address in the common space.
    #[must_use]
    pub const fn last(self) -> u128 {
        self.last
    }
    /// The first address.
    #[must_use]
    pub fn first_address(self) -> IpAddr {
        address_at(self.first)
    }
    /// The last address.
    #[must_use]
    pub fn last_address(self) -> IpAddr {
        address_at(self.last)
    }
    /// Whether `other` lies inside.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }
    /// Whether the two share an address.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
    /// Whether the address lies inside.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let at = position(address);
        self.first <= at && at <= self.last
    }
    /// How many addresses it holds (saturating for the whole of IPv6).
    #[must_use]
    pub fn size(self) -> u128 {
        (self.last - self.first).saturating_add(1)
    }
}

/// Why a text is no address range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressError {
    /// Not an address, prefix or range at all.
    Syntax(String),
    /// A prefix with bits set behind its length; holds the prefix that was probably meant.
    HostBits(String, IpNet),
    /// The range runs backwards or mixes families.
    Backwards(String),
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) => write!(f, "`{text}` is not an address, a prefix or a range"),
            Self::HostBits(text, meant) => {
                write!(f, "`{text}` has host bits set; the network is `{meant}`")
            }
            Self::Backwards(text) => write!(
                f,
                "the range `{text}` runs backwards or mixes IPv4 and IPv6"
            ),
        }
    }
}

/// Reads a prefix that is a network: no host bits.
///
/// # Errors
/// Not a prefix, or one with host bits.
pub fn parse_prefix(text: &str) -> Result<IpNet, AddressError> {
    let net = IpNet::from_str(text.trim()).map_err(|_| AddressError::Syntax(text.to_owned()))?;
    if net.trunc() == net {
        Ok(net)
    } else {
        Err(AddressError::HostBits(text.to_owned(), net.trunc()))
    }
}

impl FromStr for AddressRange {
    type Err = AddressError;
    /// Understands `10.1.2.3`, `10.1.0.0/16`, `10.1.2.3-10.1.2.9` and the same of IPv6.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.contains('/') {
            return parse_prefix(text).map(|p| Self::prefix(&p));
        }
        let host = |part: &str| {
            IpAddr::from_str(part.trim()).map_err(|_| AddressError::Syntax(text.to_owned()))
        };
        match text.split_once('-') {
            Some((first, last)) => Self::new(host(first)?, host(last)?)
                .ok_or_else(|| AddressError::Backwards(text.to_owned())),
            None => host(text).map(Self::host),
        }
    }
}

impl fmt::Display for AddressRange {
    /// One address, a prefix where the range is one, or `first-last`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return write!(f, "{}", self.first_address());
        }
        if *self == Self::V6 {
            return f.write_str("::/0");
        }
        let size = self.last - self.first;
        if size & size.wrapping_add(1) == 0 && self.first & size == 0 {
            let family_bits = if self.first_address().is_ipv4() {
                32
            } else {
                128
            };
            let length = family_bits - (128 - size.leading_zeros());
            return write!(f, "{}/{length}", self.first_address());
        }
        write!(f, "{}-{}", self.first_address(), self.last_address())
    }
}

impl Serialize for AddressRange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_and_print_alike() {
        for text in [
            "10.1.2.3",
            "10.0.0.0/8",
            "10.1.2.3-10.1.2.9",
            "2001:db8::/32",
            "0.0.0.0/0",
            "::1",
            "::/0",
        ] {
            assert_eq!(
                text.parse::<AddressRange>().map(|r| r.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn mistakes_say_what_is_wrong() {
        assert!(
            matches!("10.1.2.3/16".parse::<AddressRange>(), Err(AddressError::HostBits(_, n)) if n.to_string() == "10.1.0.0/16")
        );
        assert!(matches!(
            "10.1.2.9-10.1.2.3".parse::<AddressRange>(),
            Err(AddressError::Backwards(_))
        ));
        assert!(matches!(
            "10.1.2".parse::<AddressRange>(),
            Err(AddressError::Syntax(_))
        ));
    }
}
