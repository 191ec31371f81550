//! Single values of options: addresses, ports, protocols, flags, states.
//!
//! In: a word. Out: its meaning, or `None` if it has none. Names beyond those of a usual `/etc/protocols`
//! and `/etc/services` are not known; `iptables-save` writes numbers.

use super::dump::{Family, State};
use super::options::state;
use std::net::IpAddr;
use utsushi_model::address::AddressRange;
use utsushi_model::service::PortRange;

/// Pieces into which a mask with holes may cut the addresses.
const MOST_PIECES: u32 = 12;

fn host(text: &str, family: Family) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    (address.is_ipv4() == (family == Family::V4)).then_some(address)
}

/// `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1`, or several joined by commas.
pub(super) fn addresses(text: &str, family: Family) -> Option<Vec<AddressRange>> {
    let mut out = Vec::new();
    for term in text.split(',') {
        out.extend(masked(term, family)?);
    }
    (!out.is_empty()).then_some(out)
}

/// One address with its mask; a mask with holes gives several ranges.
fn masked(text: &str, family: Family) -> Option<Vec<AddressRange>> {
    let (address, mask) = text.split_once('/').unwrap_or((text, ""));
    let width: u32 = if family == Family::V4 { 32 } else { 128 };
    let top = u128::MAX >> (128 - width);
    let number = match host(address, family)? {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    };
    let mask = match (mask, mask.parse::<u32>()) {
        ("", _) => top,
        (_, Ok(length)) if length <= width => top & !(top.checked_shr(length).unwrap_or(0)),
        (_, Ok(_)) => return None,
        (text, Err(_)) => match host(text, family)? {
            IpAddr::V4(v4) => u128::from(v4.to_bits()),
            IpAddr::V6(v6) => v6.to_bits(),
        },
    };
    let free = !mask & top;
    let low = free.trailing_ones();
    let run = 1_u128.checked_shl(low).map_or(u128::MAX, |size| size - 1);
    let holes = free & !run;
    if holes.count_ones() > MOST_PIECES {
        return None;
    }
    let mut pieces = Vec::new();
    let mut hole = 0_u128;
    loop {
        let first = (number & mask) | hole;
        pieces.push(range_of(first, first | run, family)?);
        // The next subset of the holes, in rising order.
        hole = hole.wrapping_sub(holes) & holes;
        if hole == 0 {
            return Some(pieces);
        }
    }
}

fn range_of(first: u128, last: u128, family: Family) -> Option<AddressRange> {
    match family {
        Family::V4 => AddressRange::between(
            AddressRange::V4.first() + first,
            AddressRange::V4.first() + last,
        ),
        // A prefix as wide as ::/0 spans the place of IPv4 in the common space, where no IPv6 packet is.
        Family::V6 if first < AddressRange::V6.first() => {
            AddressRange::between(AddressRange::V6.first().min(last), last)
        }
        Family::V6 => AddressRange::between(first, last),
    }
}

/// `10.0.0.1-10.0.0.9`, or one address.
pub(super) fn range(text: &str, family: Family) -> Option<Vec<AddressRange>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    AddressRange::new(host(first, family)?, host(last, family)?).map(|range| vec![range])
}

/// A target of a translation: `10.0.0.1`, `10.0.0.1-10.0.0.9`, either with `:80` or `:80-90`;
/// `[2001:db8::1]:80`.
pub(super) fn target(text: &str, family: Family) -> Option<(AddressRange, Option<PortRange>)> {
    let (addresses, port) = match (family, text.strip_prefix('[')) {
        (Family::V6, Some(rest)) => {
            let (addresses, port) = rest.split_once(']')?;
            (addresses.to_owned(), port.strip_prefix(':'))
        }
        (Family::V6, None) => (text.to_owned(), None),
        (Family::V4, _) => match text.split_once(':') {
            Some((addresses, port)) => (addresses.to_owned(), Some(port)),
            None => (text.to_owned(), None),
        },
    };
    let [range] = *range(&addresses.replace(['[', ']'], ""), family)? else {
        return None;
    };
    let Some(port) = port else {
        return Some((range, None));
    };
    let port = port.split('/').next()?;
    let (first, last) = port.split_once('-').unwrap_or((port, port));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((range, Some(PortRange { first, last })))
}

/// An interface name or pattern. An empty name stands for every interface.
pub(super) fn interface(text: &str) -> Option<String> {
    let visible = !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    visible.then(|| text.to_owned())
}

/// A protocol by number or name; `Some(None)` is every protocol.
pub(super) fn protocol(text: &str) -> Option<Option<u8>> {
    let number = match text.to_ascii_lowercase().as_str() {
        "all" | "0" => return Some(None),
        "icmp" => 1,
        "igmp" => 2,
        "ipencap" | "ipip" => 4,
        "tcp" => 6,
        "udp" => 17,
        "dccp" => 33,
        "ipv6" => 41,
        "gre" => 47,
        "esp" | "ipv6-crypt" => 50,
        "ah" | "ipv6-auth" => 51,
        "icmpv6" | "ipv6-icmp" | "icmp6" => 58,
        "ospf" | "ospfigp" => 89,
        "pim" => 103,
        "ipcomp" => 108,
        "vrrp" | "carp" => 112,
        "l2tp" => 115,
        "sctp" => 132,
        "mh" | "mobility-header" | "ipv6-mh" => 135,
        "udplite" => 136,
        other => other.parse().ok()?,
    };
    Some(Some(number))
}

/// Ports that people write by name.
const PORTS: [(&str, u16); 26] = [
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("http", 80),
    ("www", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("sunrpc", 111),
    ("ntp", 123),
    ("netbios-ns", 137),
    ("netbios-dgm", 138),
    ("netbios-ssn", 139),
    ("imap", 143),
    ("snmp", 161),
    ("ldap", 389),
    ("https", 443),
    ("microsoft-ds", 445),
    ("syslog", 514),
    ("submission", 587),
    ("ldaps", 636),
];

fn port(text: &str) -> Option<u16> {
    let named = PORTS.iter().find(|(name, _)| *name == text);
    named.map(|(_, port)| *port).or_else(|| text.parse().ok())
}

/// `80`, `1024:65535`, `:1023`, or several joined by commas.
pub(super) fn ports(text: &str) -> Option<Vec<PortRange>> {
    let one = |term: &str| {
        let (first, last) = match term.split_once(':') {
            Some(("", "")) => return None,
            Some((first, last)) => (
                if first.is_empty() { 0 } else { port(first)? },
                if last.is_empty() {
                    u16::MAX
                } else {
                    port(last)?
                },
            ),
            None => (port(term)?, port(term)?),
        };
        (first <= last).then_some(PortRange { first, last })
    };
    text.split(',').map(one).collect()
}

/// `SYN,RST`, `ALL` or `NONE`.
pub(super) fn flags(text: &str) -> Option<u8> {
    const NAMES: [(&str, u8); 8] = [
        ("FIN", 1),
        ("SYN", 2),
        ("RST", 4),
        ("PSH", 8),
        ("ACK", 16),
        ("URG", 32),
        ("ALL", 63),
        ("NONE", 0),
    ];
    let one = |name: &str| {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, bits)| *bits)
    };
    text.split(',')
        .try_fold(0, |all, name| one(name).map(|bits| all | bits))
}

/// `NEW,ESTABLISHED`.
pub(super) fn states(text: &str) -> Option<Vec<State>> {
    text.split(',').map(state).collect()
}

/// The addresses that are in none of the ranges, within a family.
pub(super) fn without(ranges: &[AddressRange], family: Family) -> Vec<AddressRange> {
    let mut left = family.addresses();
    for taken in ranges {
        left = left.iter().flat_map(|whole| cut(*whole, *taken)).collect();
    }
    left
}

fn cut(whole: AddressRange, taken: AddressRange) -> Vec<AddressRange> {
    if !whole.overlaps(taken) {
        return vec![whole];
    }
    let below = (taken.first() > whole.first())
        .then(|| AddressRange::between(whole.first(), taken.first() - 1));
    let above = (taken.last() < whole.last())
        .then(|| AddressRange::between(taken.last() + 1, whole.last()));
    below.into_iter().chain(above).flatten().collect()
}

/// The addresses that are in both.
pub(super) fn common(a: &[AddressRange], b: &[AddressRange]) -> Vec<AddressRange> {
    let meet = |x: &AddressRange, y: &AddressRange| {
        let (first, last) = (x.first().max(y.first()), x.last().min(y.last()));
        AddressRange::between(first, last)
    };
    a.iter()
        .flat_map(|x| b.iter().filter_map(move |y| meet(x, y)))
        .collect()
}
