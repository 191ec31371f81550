//! The names that a rule can use for addresses: objects, segments, host groups, systems, nodes, zones.
//!
//! Goes in: a network. Comes out: what each name means. What can go wrong: one name in two of these
//! tables, so that nobody could say which is meant.

use super::Found;
use super::say::{Thing, Words, first_here};
use crate::change::Kind;
use crate::finding::Code;
use crate::network::Network;
use crate::place::Place;
use crate::text::Text;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Whether a name means any address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// It does, or its own definition is where to look (an object's terms are checked there).
    Something,
    /// It is a zone without segments.
    EmptyZone,
    /// It is a node that forwards packets and has no address of its own.
    NoEndpoint,
}

impl Holds {
    /// Why it means no address, where it means none.
    pub(super) fn why_not(self) -> Option<Words> {
        match self {
            Self::Something => None,
            Self::EmptyZone => Some(("セグメントのない系である", "is a zone without segments")),
            Self::NoEndpoint => Some((
                "転送装置で、自分のアドレスを持たない",
                "is a forwarding node without an address of its own",
            )),
        }
    }
}

/// What every name means.
pub(super) struct Index<'n> {
    entries: HashMap<&'n str, (Kind, Holds, &'n Place)>,
    network: &'n Network,
}

impl<'n> Index<'n> {
    /// Looks at every name; one that two things bear is a problem, and means the first of them.
    pub(super) fn new(network: &'n Network, found: &mut Vec<Found>) -> Self {
        let most = network.segments.len() + network.nodes.len() + network.groups.len();
        let most = most + network.zones.len() + network.systems.len() + network.objects.len();
        let mut entries: HashMap<&str, (Kind, Holds, &Place)> = HashMap::with_capacity(most);
        for (kind, name, place, holds) in every(network) {
            match entries.entry(name) {
                Entry::Occupied(there) => {
                    let (other, _, first) = there.get();
                    found.push(ambiguous(kind, *other, name, place, first));
                }
                Entry::Vacant(free) => {
                    free.insert((kind, holds, place));
                }
            }
        }
        Self { entries, network }
    }

    /// Which kind of thing bears the name.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.entries.get(name).map(|(kind, _, _)| *kind)
    }

    /// Whether the name means any address; `None` if nothing bears it.
    pub(super) fn holds(&self, name: &str) -> Option<Holds> {
        self.entries.get(name).map(|(_, holds, _)| *holds)
    }

    /// All names in the order of the tables.
    pub(super) fn names(&self) -> impl Iterator<Item = &'n str> + use<'n> {
        every(self.network).map(|(_, name, _, _)| name)
    }
}

type Bearer<'n> = (Kind, &'n str, &'n Place, Holds);

fn every(network: &Network) -> impl Iterator<Item = Bearer<'_>> {
    let inhabited: HashSet<&str> = network.segments.iter().map(|s| s.zone.as_str()).collect();
    macro_rules! table {
        ($table:ident, $kind:ident, $holds:expr) => {
            network
                .$table
                .iter()
                .map(move |i| (Kind::$kind, i.id.as_str(), &i.place, $holds(i)))
        };
    }
    table!(zones, Zone, |z: &crate::network::Zone| {
        if inhabited.contains(z.id.as_str()) {
            Holds::Something
        } else {
            Holds::EmptyZone
        }
    })
    .chain(table!(segments, Segment, |_| Holds::Something))
    .chain(table!(nodes, Node, |n: &crate::network::Node| {
        if n.kind.is_relay() {
            Holds::Something
        } else {
            Holds::NoEndpoint
        }
    }))
    .chain(table!(groups, Group, |_| Holds::Something))
    .chain(table!(systems, System, |_| Holds::Something))
    .chain(table!(objects, Object, |_| Holds::Something))
}

fn ambiguous(kind: Kind, other: Kind, name: &str, place: &Place, there: &Place) -> Found {
    let (ja, en) = other.words();
    Thing::known(kind, name, place)
        .problem(
            Code::Ambiguous,
            format_args!("と同じ名前の{ja}があり、ルールがどちらを指すか決まらない"),
            format_args!("shares its name with another kind of thing ({en}), so a rule naming it is ambiguous"),
        )
        .see(there, first_here())
        .help(Text::new("どちらかの名前を変える", "rename one of them"))
        .into()
}
