//! Nine routers in a ring with chords, like a provider's, and very many routes set by hand on each.

use crate::backbone::Numbers;
use crate::{add, day, link, node, segment, site, zone};
use std::sync::Arc;
use utsushi_model::address::parse_prefix;
use utsushi_model::date::Date;
use utsushi_model::id::Id;
use utsushi_model::network::{Network, NodeKind, Site, SiteKind, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::{Hop, Name, StaticRoute};
use utsushi_model::text::Text;

/// Routers.
const ROUTERS: u16 = 9;

/// The network with so many routes altogether, and the day of the benches. Every router knows the same
/// prefixes, /16 to /24 and nested as they fall, and sends each towards one router drawn for it.
#[must_use]
pub fn network(routes: usize) -> (Arc<Network>, Date) {
    let mut n = Network::default();
    add(
        &mut n.sites,
        Site {
            id: site(),
            label: Text::same("site"),
            kind: SiteKind::Headquarters,
            place: Place::nowhere(),
        },
    );
    add(&mut n.zones, zone("outside", ZoneRole::Internet));
    let prefixes = prefixes(routes / usize::from(ROUTERS));
    for r in 0..ROUTERS {
        let mut router = node(&format!("r{r}"), NodeKind::Router);
        router.forwarding.computed = false;
        let routes = prefixes.iter().map(|(prefix, exit)| StaticRoute {
            vrf: Name::from(""),
            prefix: *prefix,
            via: vec![hop(r, *exit)],
            place: Place::nowhere(),
        });
        router.forwarding.statics = routes.collect();
        add(&mut n.nodes, router);
        let outside = format!("10.255.{r}.0/24");
        let name = format!("out-{r}");
        let segment = segment(&name, "outside", &outside, &format!("r{r}"));
        add(&mut n.segments, segment);
    }
    for r in 0..ROUTERS {
        for step in [1, 3] {
            let (a, b) = (format!("r{r}"), format!("r{}", (r + step) % ROUTERS));
            add(&mut n.links, link(&format!("{a}-{b}"), &a, &b));
        }
    }
    (Arc::new(n), day())
}

/// Distinct prefixes, each with the router where it leaves.
fn prefixes(count: usize) -> Vec<(ipnet::IpNet, u16)> {
    let numbers = &mut Numbers::new(9);
    let mut all = std::collections::BTreeMap::new();
    while all.len() < count {
        let length = 16 + numbers.below(9);
        let (high, low) = (numbers.below(220), numbers.below(u16::MAX));
        let address = u32::from(high + 1) << 24 | u32::from(low) << 8;
        let address = address >> (32 - length) << (32 - length);
        let text = format!("{}/{length}", std::net::Ipv4Addr::from(address));
        if high != 9
            && let Ok(prefix) = parse_prefix(&text)
        {
            all.insert(prefix, numbers.below(ROUTERS));
        }
    }
    all.into_iter().collect()
}

/// Out at the router where a prefix leaves, otherwise by a chord while that is not too far.
fn hop(at: u16, exit: u16) -> Hop {
    match (exit + ROUTERS - at) % ROUTERS {
        0 => Hop::Interface(Arc::from(format!("out-{at}"))),
        1 | 2 => Hop::Node(Id::new(format!("r{}", (at + 1) % ROUTERS))),
        _ => Hop::Node(Id::new(format!("r{}", (at + 3) % ROUTERS))),
    }
}
