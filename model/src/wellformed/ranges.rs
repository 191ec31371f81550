//! Whether addresses lie where they are said to lie, and belong to one thing.
//!
//! Goes in: a network. What can go wrong: a prefix with host bits; segments that claim the same address;
//! hosts outside their segment; one address given to two systems or relays.

use super::Found;
use super::say::{ROUTE, Thing, first_here, none};
use crate::address::AddressRange;
use crate::change::Kind;
use crate::finding::Code;
use crate::network::{Attachment, Network, Segment, SegmentId};
use crate::problem::Problem;
use crate::text::Text;
use ipnet::IpNet;
use std::collections::HashMap;

pub(super) fn check(network: &Network, found: &mut Vec<Found>) {
    host_bits(network, found);
    segments(network, found);
    hosts(network, found);
}

fn host_bits(network: &Network, found: &mut Vec<Found>) {
    let mut look = |thing: &Thing<'_>, prefix: &IpNet| {
        if prefix.trunc() != *prefix {
            found.push(with_host_bits(thing, prefix).into());
        }
    };
    for segment in network.segments.iter() {
        let thing = Thing::known(Kind::Segment, segment.id.as_str(), &segment.place);
        segment.prefixes.iter().for_each(|p| look(&thing, p));
    }
    for node in network.nodes.iter() {
        for route in &node.forwarding.statics {
            let thing = Thing::new(ROUTE, route.prefix.to_string(), &route.place);
            look(&thing.on(node.id.as_str()), &route.prefix);
        }
        let thing = Thing::known(Kind::Node, node.id.as_str(), &node.place);
        let announced = node.forwarding.originates.iter();
        announced.for_each(|(_, prefix)| look(&thing, prefix));
    }
}

fn with_host_bits(thing: &Thing<'_>, prefix: &IpNet) -> Problem {
    let network = prefix.trunc();
    thing
        .problem(
            Code::HostBits,
            format_args!("の `{prefix}` はホスト部にビットが立っている"),
            format_args!("has `{prefix}`, which has host bits set"),
        )
        .help(Text::new(
            format!("ネットワークは `{network}` である"),
            format!("the network is `{network}`"),
        ))
}

/// A range, and the position of the thing that claims it.
type Claim = (AddressRange, usize);

/// Every pair of claims that share an address, as positions with the later one first.
fn overlapping(mut claims: Vec<Claim>) -> Vec<(usize, usize)> {
    claims.sort();
    let mut pairs = Vec::new();
    for (i, (range, at)) in claims.iter().enumerate() {
        let rest = claims[i + 1..].iter();
        for (_, there) in rest.take_while(|(other, _)| other.first() <= range.last()) {
            pairs.push((*at.max(there), *at.min(there)));
        }
    }
    pairs.sort();
    pairs
}

fn segments(network: &Network, found: &mut Vec<Found>) {
    let all: Vec<&Segment> = network.segments.iter().collect();
    for segment in all.iter().filter(|s| s.prefixes.is_empty()) {
        let thing = Thing::known(Kind::Segment, segment.id.as_str(), &segment.place);
        found.push(none(&thing, ("プレフィックス", "prefix")).into());
    }
    for outside in [false, true] {
        let own = all.iter().filter(|s| s.external == outside);
        let own: Vec<(&Segment, AddressRange)> = own
            .flat_map(|s| s.prefixes.iter().map(|p| (*s, AddressRange::prefix(p))))
            .collect();
        let claims = own.iter().enumerate().map(|(i, (_, range))| (*range, i));
        for (later, first) in overlapping(claims.collect()) {
            let ((later, range), (first, other)) = (own[later], own[first]);
            if !may_share(later, first) {
                found.push(both_claim(later, first, range, other).into());
            }
        }
    }
}

/// Whether two segments may use the same addresses: both say that theirs are reused, and no VRF would
/// have to tell them apart.
fn may_share(a: &Segment, b: &Segment) -> bool {
    let same_context = a.gateways.iter().any(|g| {
        b.gateways
            .iter()
            .any(|h| g.node == h.node && g.vrf == h.vrf)
    });
    a.id != b.id && a.reused && b.reused && !same_context
}

fn both_claim(
    later: &Segment,
    first: &Segment,
    range: AddressRange,
    other: AddressRange,
) -> Problem {
    let thing = Thing::known(Kind::Segment, later.id.as_str(), &later.place);
    let id = &first.id;
    let problem = thing.problem(
        Code::Overlap,
        format_args!("の `{range}` がセグメント `{id}` の `{other}` と重なる"),
        format_args!("claims `{range}`, which overlaps `{other}` of segment `{id}`"),
    );
    let problem = if later.id == first.id {
        problem
    } else {
        problem.see(&first.place, first_here())
    };
    problem.help(Text::new(
        "別のプレフィックスにするか、変換の裏で再利用しているなら両方に `reused: true` と書き、別の VRF に置く",
        "choose another prefix, or, if translation hides them, mark both `reused: true` and keep them in different VRFs",
    ))
}

/// Something that stands in a segment.
struct Host<'n> {
    thing: Thing<'n>,
    segment: &'n SegmentId,
    addresses: &'n [AddressRange],
}

fn relays(network: &Network) -> impl Iterator<Item = Host<'_>> {
    network.nodes.iter().filter_map(|n| {
        n.endpoint.as_ref().map(|e| Host {
            thing: Thing::known(Kind::Node, n.id.as_str(), &n.place),
            segment: &e.segment,
            addresses: &e.addresses,
        })
    })
}

fn groups(network: &Network) -> impl Iterator<Item = Host<'_>> {
    network.groups.iter().map(|g| Host {
        thing: Thing::known(Kind::Group, g.id.as_str(), &g.place),
        segment: &g.segment,
        addresses: &g.addresses,
    })
}

fn systems(network: &Network) -> impl Iterator<Item = Host<'_>> {
    network.systems.iter().map(|s| Host {
        thing: Thing::known(Kind::System, s.id.as_str(), &s.place),
        segment: &s.segment,
        addresses: &s.addresses,
    })
}

/// Hosts once more in every further segment that they are connected to.
fn further(network: &Network) -> impl Iterator<Item = Host<'_>> {
    fn places<'n>(thing: Thing<'n>, also: &'n [Attachment]) -> impl Iterator<Item = Host<'n>> {
        also.iter().map(move |a| Host {
            thing: thing.clone(),
            segment: &a.segment,
            addresses: &a.addresses,
        })
    }
    let nodes = network.nodes.iter().flat_map(|n| {
        let also = n.endpoint.as_ref().map_or(&[][..], |e| &e.also);
        places(Thing::known(Kind::Node, n.id.as_str(), &n.place), also)
    });
    let groups = network
        .groups
        .iter()
        .flat_map(|g| places(Thing::known(Kind::Group, g.id.as_str(), &g.place), &g.also));
    let systems = network
        .systems
        .iter()
        .flat_map(|s| places(Thing::known(Kind::System, s.id.as_str(), &s.place), &s.also));
    nodes.chain(groups).chain(systems)
}

fn hosts(network: &Network, found: &mut Vec<Found>) {
    let mut members: HashMap<&SegmentId, Vec<AddressRange>> = HashMap::new();
    let all = relays(network)
        .chain(groups(network))
        .chain(systems(network))
        .chain(further(network));
    for host in all {
        // A segment that does not exist has been reported with the names.
        let Some(segment) = network.segments.get(host.segment) else {
            continue;
        };
        for range in host.addresses {
            if !segment.external && in_one_prefix(segment, *range) {
                continue;
            }
            let room = members
                .entry(host.segment)
                .or_insert_with(|| network.segment_addresses(segment));
            if !room.iter().any(|r| r.covers(*range)) {
                found.push(outside(&host.thing, *range, segment, room).into());
            }
        }
    }
    let servers: Vec<Host<'_>> = relays(network).chain(systems(network)).collect();
    for server in servers.iter().filter(|s| s.addresses.is_empty()) {
        found.push(none(&server.thing, ("アドレス", "address")).into());
    }
    shared(network, &servers, found);
}

/// The usual case, told without working out what neighbouring prefixes hold together.
fn in_one_prefix(segment: &Segment, range: AddressRange) -> bool {
    let mut prefixes = segment.prefixes.iter().map(AddressRange::prefix);
    prefixes.any(|prefix| prefix.covers(range))
}

fn outside(
    thing: &Thing<'_>,
    range: AddressRange,
    segment: &Segment,
    room: &[AddressRange],
) -> Problem {
    let id = &segment.id;
    let room: Vec<String> = room.iter().take(4).map(|r| format!("`{r}`")).collect();
    thing
        .problem(
            Code::Outside,
            format_args!("のアドレス `{range}` がセグメント `{id}` の外にある"),
            format_args!("has the address `{range}`, which lies outside segment `{id}`"),
        )
        .see(
            &segment.place,
            Text::new("セグメントの定義", "the segment is here"),
        )
        .help(Text::new(
            format!("セグメントの範囲は {} である", room.join("、")),
            format!("the segment holds {}", room.join(", ")),
        ))
}

/// One address for two servers.
fn shared(network: &Network, servers: &[Host<'_>], found: &mut Vec<Found>) {
    let own: Vec<(&Host<'_>, AddressRange)> = servers
        .iter()
        .flat_map(|s| s.addresses.iter().map(move |r| (s, *r)))
        .collect();
    let claims = own.iter().enumerate().map(|(i, (_, range))| (*range, i));
    let segment = |host: &Host<'_>| network.segments.get(host.segment);
    for (later, first) in overlapping(claims.collect()) {
        let ((later, range), (first, _)) = (own[later], own[first]);
        let hidden = match (segment(later), segment(first)) {
            (Some(a), Some(b)) => may_share(a, b),
            _ => false,
        };
        if !hidden {
            let other = &first.thing;
            let text = other.text();
            let problem = later.thing.problem(
                Code::Overlap,
                format_args!("のアドレス `{range}` は{}にも与えられている", text.ja),
                format_args!("has the address `{range}`, which {} has too", text.en),
            );
            let problem = problem.see(other.place, first_here());
            let help = Text::new(
                "どちらかに別のアドレスを与える",
                "give one of them another address",
            );
            found.push(problem.help(help).into());
        }
    }
}
