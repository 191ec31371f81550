//! Which lines restrict too little.
//!
//! In: a condition. Out: whether it is open. Nothing can go wrong.
//!
//! An end is *open* if it holds at least half of the addresses of a family, a service if it holds at least half
//! of the ports of TCP or UDP, or every protocol. A condition is open if its service is, or both its ends
//! are: many clients may ask one server (an open source), and few may ask for the web of the whole
//! Internet (an open destination), but not everybody everything. It is the limitation test (限定) of exceptions,
//! "no any, listed ports", with a measure in place of the word; the halves are ours.

use crate::plane::condition::Condition;
use utsushi_model::address::AddressRange;
use utsushi_model::resolve::{Resolved, every_address, merged, without};
use utsushi_model::service::{PortRange, Protocol, Service};

/// Half the ports of a protocol.
const HALF_OF_PORTS: u32 = 1 << 15;

/// Whether a condition is open for services, or for both ends. What hangs on conditions that cannot be judged
/// offline is not open for certain.
pub(super) fn is_open(condition: &Condition) -> bool {
    let ends = open_end(&condition.source) && open_end(&condition.destination);
    condition.is_certain() && (ends || open_service(&condition.service))
}

fn open_end(set: &Resolved<AddressRange>) -> bool {
    let held = match set.negated {
        true => without(every_address().to_vec(), &set.items),
        false => merged(set.items.clone()),
    };
    [AddressRange::V4, AddressRange::V6].iter().any(|family| {
        let outside = without(vec![*family], &held);
        // Widths less one, since 2^128 does not fit.
        let missing: u128 = outside
            .iter()
            .map(|r| r.last() - r.first() + 1)
            .fold(0, u128::saturating_add);
        missing <= (family.last() - family.first()) / 2 + 1
    })
}

fn open_service(set: &Resolved<Service>) -> bool {
    if set.negated {
        return true;
    }
    set.items.iter().any(|service| match service.protocol {
        None => true,
        Some(Protocol::TCP | Protocol::UDP) => wide(service.ports),
        Some(_) => false,
    })
}

fn wide(ports: PortRange) -> bool {
    u32::from(ports.last) - u32::from(ports.first) + 1 >= HALF_OF_PORTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(items: &[&str], negated: bool) -> Resolved<AddressRange> {
        Resolved {
            items: items.iter().map(|text| text.parse().unwrap()).collect(),
            undecided: Vec::new(),
            negated,
        }
    }

    fn service(text: &str, negated: bool) -> Resolved<Service> {
        Resolved {
            items: vec![text.parse().unwrap()],
            undecided: Vec::new(),
            negated,
        }
    }

    #[test]
    fn an_end_is_open_from_half_a_family_on() {
        for (items, negated, open) in [
            (&["0.0.0.0/0"][..], false, true),
            (&["::/0"], false, true),
            (&["0.0.0.0/1"], false, true),
            (&["0.0.0.0/2", "64.0.0.0/2"], false, true),
            (&["0.0.0.0/2"], false, false),
            (&["10.0.0.0/8"], false, false),
            (&["10.0.0.0/8"], true, true),
            (&["2001:db8::/32"], false, false),
            (&[], false, false),
            (&[], true, true),
        ] {
            assert_eq!(open_end(&end(items, negated)), open, "{items:?} {negated}");
        }
    }

    #[test]
    fn a_service_is_open_from_half_the_ports_on() {
        for (text, negated, open) in [
            ("any", false, true),
            ("tcp", false, true),
            ("udp/1024-65535", false, true),
            ("tcp/0-32766", false, false),
            ("tcp/443", false, false),
            ("tcp/443", true, true),
            ("icmp", false, false),
        ] {
            assert_eq!(open_service(&service(text, negated)), open, "{text}");
        }
    }
}
