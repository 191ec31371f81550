//! One address that stands for the Internet.
//!
//! Goes in: the addresses of an external segment. Comes out: for each family the first of them that is
//! public, leaving out what the IANA special-purpose registries (RFC 6890) keep for other purposes.

use utsushi_model::address::{AddressRange, V4_FIRST, V4_LAST};
use utsushi_model::resolve::without;

/// First position that registries give out of IPv6 global unicast (`2001:200::`, IANA).
const GLOBAL_FIRST: u128 = 0x2001_0200 << 96;
/// Last position of IPv6 global unicast (`2000::/3`, RFC 4291 §2.4).
const GLOBAL_LAST: u128 = (0x4000 << 112) - 1;

/// Special-purpose blocks inside the public families.
const SPECIAL: [&str; 15] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "2001:db8::/32",
    "2002::/16",
];

fn special() -> Vec<AddressRange> {
    let around = [
        AddressRange::between(0, V4_FIRST - 1),
        AddressRange::between(V4_LAST + 1, GLOBAL_FIRST - 1),
        AddressRange::between(GLOBAL_LAST + 1, u128::MAX),
    ];
    let blocks = SPECIAL.iter().filter_map(|text| text.parse().ok());
    around.into_iter().flatten().chain(blocks).collect()
}

/// The first public address of each family (not the very first of its block, which is a subnet's own
/// address); the first address of all where none is public.
pub(super) fn first_public(addresses: &[AddressRange]) -> Vec<AddressRange> {
    let public = without(addresses.to_vec(), &special());
    let found: Vec<AddressRange> = [AddressRange::V4, AddressRange::V6]
        .into_iter()
        .filter_map(|family| {
            let first = public.iter().find(|r| family.covers(**r))?;
            let at = first.first() + u128::from(first.size() > 2);
            AddressRange::between(at, at)
        })
        .collect();
    if found.is_empty() {
        let first = addresses
            .first()
            .map(|r| AddressRange::host(r.first_address()));
        return first.into_iter().collect();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(texts: &[&str]) -> Vec<String> {
        let ranges: Vec<AddressRange> = texts.iter().map(|t| t.parse().unwrap()).collect();
        first_public(&ranges)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn private_space_is_passed_over() {
        assert_eq!(first(&["0.0.0.0/0"]), ["1.0.0.1"]);
        assert_eq!(first(&["10.0.0.0/8", "20.0.0.0/8"]), ["20.0.0.1"]);
        assert_eq!(first(&["8.8.8.8"]), ["8.8.8.8"]);
    }

    #[test]
    fn both_families_have_their_own() {
        assert_eq!(first(&["0.0.0.0/0", "::/0"]), ["1.0.0.1", "2001:200::1"]);
    }

    #[test]
    fn a_segment_without_public_space_still_has_an_address() {
        assert_eq!(first(&["192.0.2.0/24"]), ["192.0.2.0"]);
    }
}
