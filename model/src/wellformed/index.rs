//! The names that a rule can use for addresses: objects, segments, host groups, systems, nodes, zones.
//!
//! Goes in: a network. Comes out: what each name means. What can go wrong: one name in two of these
//! tables, so that nobody could say which is meant.

use super::Found;
use super::say::{Thing, first_here};
use crate::change::Kind;
use crate::finding::Code;
use crate::network::Network;
use crate::place::Place;
use crate::text::Text;
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

/// What every name means. The table keeps the order of the network.
pub(super) struct Index<'n> {
    entries: HashMap<&'n str, (Kind, Holds)>,
    network: &'n Network,
}

impl<'n> Index<'n> {
    pub(super) fn new(network: &'n Network, found: &mut Vec<Found>) -> Self {
        let mut entries: HashMap<&'n str, (Kind, Holds, &'n Place)> = HashMap::new();
        for (kind, name, place, holds) in every(network) {
            if let Some((other, _, there)) = entries.get(name) {
                found.push(ambiguous(kind, *other, name, place, there));
            } else {
                entries.insert(name, (kind, holds, place));
            }
        }
        let entries = entries
            .into_iter()
            .map(|(n, (kind, holds, _))| (n, (kind, holds)));
        Self {
            entries: entries.collect(),
            network,
        }
    }

    /// Which kind of thing bears the name.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.entries.get(name).map(|(kind, _)| *kind)
    }

    /// Whether the name means any address; `None` if nothing bears it.
    pub(super) fn holds(&self, name: &str) -> Option<Holds> {
        self.entries.get(name).map(|(_, holds)| *holds)
    }

    /// All names in the order of the tables.
    pub(super) fn names(&self) -> impl Iterator<Item = &'n str> + use<'n> {
        every(self.network).map(|(_, name, _, _)| name)
    }
}

type Entry<'n> = (Kind, &'n str, &'n Place, Holds);

fn every(network: &Network) -> impl Iterator<Item = Entry<'_>> {
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
            format_args!("と同じ名前の{ja}があり、規則がどちらを指すか決まらない"),
            format_args!("shares its name with another kind of thing ({en}), so a rule naming it is ambiguous"),
        )
        .see(there, first_here())
        .help(Text::new("どちらかの名前を変える", "rename one of them"))
        .into()
}
