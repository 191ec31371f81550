//! Legs against the trace of single packets, and the search for chains against all chains one by one.

use super::compare::{arrivals, point};
use super::run::{Case, Outcome, day};
use proptest::{prop_assert, prop_assert_eq};
use std::collections::HashMap;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::attestation::Assurance;
use utsushi_model::finding::Packet;
use utsushi_model::id::Id;
use utsushi_model::information::{Carried, Information};
use utsushi_model::network::{
    Clipboard, Endpoint, Forwarding, MailRelay, Network, Node, NodeKind, Proxy, Sanitiser,
    ScreenMethod, ScreenRelay, ZoneRole,
};
use utsushi_model::place::Place;
use utsushi_model::policy::Addresses;
use utsushi_model::rule::{RelayKind, Waypoint};
use utsushi_model::service::{Protocol, Service};
use utsushi_model::text::Text;
use utsushi_model::units::{Latency, Seats, Sessions};
use utsushi_sim::inform::function::Entered;
use utsushi_sim::inform::hops::{Hop, Hops, came_from};
use utsushi_sim::inform::legs::Legs;
use utsushi_sim::inform::parties::{Party, is_waypoint, parties};
use utsushi_sim::inform::search::{FROM, TO, Wanted, search};
use utsushi_sim::inform::ties::Ties;
use utsushi_sim::plane::condition::Bound;
use utsushi_sim::plane::ends::Members;
use utsushi_sim::plane::trace::{MOST_WAYS, exchange};
use utsushi_sim::plane::{Plane, SegmentIx};
use utsushi_sim::space::Set;

/// A leg carries upwards with exactly the packets that are answered, or that need no answer and arrive; and
/// downwards with those that are answered.
pub(crate) fn legs_are_sessions(plane: &Plane, from: SegmentIx, packets: &[Packet]) -> Outcome {
    let all = parties(plane, &[]);
    let mut legs = Legs::new(plane, Bound::May);
    for packet in packets {
        let exchange = exchange(plane, from, *packet);
        let arrived = arrivals(&exchange.forward);
        if exchange.forward.len().max(exchange.answers.len()) >= MOST_WAYS || arrived.len() > 1 {
            continue;
        }
        let sender = |p: &&Party| p.segment == from && holds(p, packet.src);
        let Some(sender) = all.iter().find(sender) else {
            continue;
        };
        for to in &all {
            let leg = legs.leg(sender, to, Set::FULL).expect("room");
            let here = |(segment, header): &(SegmentIx, Packet)| {
                to.segment == *segment && holds(to, header.dst)
            };
            let there = arrived.iter().any(here);
            let answered = there && exchange.answered();
            let loose = there && packet.protocol != Protocol::TCP;
            let space = &legs.sets.space;
            let at = point(packet);
            prop_assert_eq!(space.contains(leg.down, &at), answered, "{:?}", packet);
            prop_assert_eq!(
                space.contains(leg.up, &at),
                answered || loose,
                "{:?}",
                packet
            );
        }
    }
    Ok(())
}

fn holds(party: &Party, address: std::net::IpAddr) -> bool {
    party.addresses.iter().any(|r| r.contains(address))
}

/// The same network with relays: one in each of its first segments, of kinds that `choice` tells.
fn with_relays(network: &Network, choice: usize) -> Network {
    let mut network = network.clone();
    let mut zones: Vec<_> = network.zones.iter().cloned().collect();
    let roles = [ZoneRole::Internet, ZoneRole::Lgwan, ZoneRole::World];
    for (i, zone) in zones.iter_mut().enumerate() {
        zone.role = roles[(i + choice / 7) % roles.len()];
        network.zones.put(zone.clone());
    }
    let segments: Vec<_> = network.segments.iter().cloned().collect();
    let own = segments.iter().filter(|s| !s.external).take(3);
    for (i, segment) in own.enumerate() {
        let Some(prefix) = segment.prefixes.first().map(AddressRange::prefix) else {
            continue;
        };
        let Some(site) = network.sites.iter().next().map(|s| s.id.clone()) else {
            continue;
        };
        let at = prefix.first() + prefix.size() / 2;
        network.nodes.put(Node {
            id: Id::new(format!("relay-{i}")),
            label: Text::same("relay"),
            site,
            kind: kind(choice / (i * 3 + 1)),
            throughput: None,
            sessions: None,
            machines: Default::default(),
            logs: None,
            forwarding: Forwarding::default(),
            endpoint: Some(Endpoint {
                segment: segment.id.clone(),
                addresses: AddressRange::between(at, at).into_iter().collect(),
                listens: vec!["tcp/0-40000".parse().expect("a service")],
                access: None,
                also: Vec::new(),
            }),
            assurance: Assurance::default(),
            place: Place::nowhere(),
        });
    }
    network
}

fn kind(choice: usize) -> NodeKind {
    let pair = (ZoneRole::Internet, ZoneRole::Lgwan);
    match choice % 7 {
        0 => NodeKind::Proxy(Proxy {
            units: 1,
            sessions: Sessions::new(1.0),
            rules: Vec::new(),
        }),
        n @ 1..=3 => NodeKind::ScreenRelay(ScreenRelay {
            method: ScreenMethod::Vdi,
            seats: Seats::new(1.0),
            bandwidth: None,
            clipboard: [Clipboard::Blocked, Clipboard::Inward, Clipboard::Outward][n - 1],
            publishes: Addresses::any(),
        }),
        n @ 4..=5 => NodeKind::Sanitiser(Sanitiser {
            workers: 1,
            per_file: Latency::new(1.0),
            wait: None,
            passes: if n == 4 { vec![pair] } else { Vec::new() },
        }),
        _ => NodeKind::MailRelay(MailRelay {
            sanitises: choice.is_multiple_of(2),
            per_hour: None,
            wait: None,
        }),
    }
}

/// What rules may want: some classes, or some relays in order.
fn wants() -> Vec<(Vec<Information>, Vec<Waypoint>)> {
    use Information::{Keystrokes, Pixels, SanitisedFile};
    let sanitiser = Waypoint::Relay(RelayKind::Sanitiser);
    let screen = Waypoint::Relay(RelayKind::ScreenRelay);
    vec![
        (vec![], vec![]),
        (vec![Pixels, Keystrokes], vec![]),
        (vec![SanitisedFile], vec![]),
        (vec![], vec![sanitiser]),
        (vec![Keystrokes], vec![screen, sanitiser]),
    ]
}

/// The longest chains that are looked at one by one.
const LONGEST: usize = 4;

/// Every chain of at most [`LONGEST`] legs, judged by itself.
struct Each<'h, 'l, 'p> {
    hops: &'h mut Hops<'l, 'p>,
    known: HashMap<(usize, Entered, Option<ZoneRole>, usize), Vec<Hop>>,
    wanted: Wanted<'h>,
    shortest: Option<usize>,
}

impl Each<'_, '_, '_> {
    fn from(&mut self, start: usize, at: (usize, Entered, Option<ZoneRole>), chain: &mut Vec<Hop>) {
        let best = self.shortest.unwrap_or(LONGEST + 1);
        let plane = self.hops.legs.plane();
        let carries = chain.is_empty() || self.hops.parties[at.0].carries_on(plane);
        if chain.len() + 1 >= best || !carries {
            return;
        }
        for to in (0..self.hops.parties.len()).filter(|to| *to != at.0) {
            let key = (at.0, at.1, at.2, to);
            if !self.known.contains_key(&key) {
                let found = self.hops.to(at, to).expect("room");
                self.known.insert(key, found);
            }
            for hop in self.known[&key].clone() {
                let came = came_from(plane, &self.hops.parties[hop.from], &self.hops.parties[to]);
                let next = (to, hop.entered, came);
                chain.push(hop);
                if self.hops.parties[to].is_among(TO) && self.breaks(start, chain) {
                    let best = self.shortest.unwrap_or(LONGEST + 1);
                    self.shortest = Some(best.min(chain.len()));
                }
                self.from(start, next, chain);
                chain.pop();
            }
        }
    }

    /// Whether a chain breaks the rule, from first to last.
    fn breaks(&self, start: usize, chain: &[Hop]) -> bool {
        let all = chain
            .iter()
            .fold(Carried::RAW, |c, hop| c.then(hop.carried()));
        let plane = self.hops.legs.plane();
        let mut left = self.wanted.through.iter().peekable();
        let visits = chain.iter().map(|h| (h.to, h.entered));
        for (party, entered) in std::iter::once((start, Entered::Start)).chain(visits) {
            let node = self.hops.parties[party].node(plane);
            let passes = |w: &&Waypoint| node.is_some_and(|n| is_waypoint(&n.kind, **w));
            if entered != Entered::Machine && left.peek().is_some_and(passes) {
                left.next();
            }
        }
        let through = !self.wanted.through.is_empty() && left.peek().is_none();
        !all.is_within(self.wanted.classes) && !through
    }
}

/// The search finds a chain where there is one, and none is shorter.
pub(crate) fn search_is_all_chains(case: &Case, choice: usize) -> Outcome {
    let network = with_relays(&case.plane.network, choice);
    let plane = Plane::compile(Arc::new(network), day());
    let last = plane.segments.len() - 1;
    let whole = |at: usize| {
        vec![Members {
            segment: SegmentIx(at),
            addresses: plane.segments[at].members.clone(),
        }]
    };
    let (from, to) = (whole(0), whole(last));
    let all = parties(&plane, &[&from, &to]);
    let mut legs = Legs::new(&plane, Bound::May);
    let services = legs.services(&[Service::ANY]).expect("room");
    let ties = legs.ties(&all).expect("room");
    // Every chain is looked for without the short cut.
    let every = Ties::new(vec![vec![true; all.len()]; all.len()]);
    for (classes, through) in wants() {
        let wanted = Wanted {
            classes: &classes,
            through: &through,
        };
        let mut hops = Hops {
            legs: &mut legs,
            parties: &all,
            ties: &ties,
            services,
            excused: &[],
            mailboxes: false,
        };
        let found = search(&mut hops, wanted, &[]).expect("room").chain;
        hops.ties = &every;
        let mut each = Each {
            hops: &mut hops,
            known: HashMap::new(),
            wanted,
            shortest: None,
        };
        for start in (0..all.len()).filter(|p| all[*p].is_among(FROM)) {
            let came = came_from(&plane, &all[start], &all[start]);
            each.from(start, (start, Entered::Start, came), &mut Vec::new());
        }
        let found = found.map(|chain| chain.len());
        match each.shortest {
            Some(legs) => prop_assert_eq!(found, Some(legs), "{:?} {:?}", classes, through),
            None => prop_assert!(
                found.is_none_or(|legs| legs > LONGEST),
                "{found:?} legs where there is no chain of {LONGEST}: {classes:?} {through:?}"
            ),
        }
    }
    Ok(())
}
