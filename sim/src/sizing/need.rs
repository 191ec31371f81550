//! What an item must carry: the largest loads of its kinds, with everything up and with something failed.
//!
//! Goes in: the reports of all years. Comes out: a [`Need`] for each item that anything is asked of.

use super::{Item, is_own};
use std::collections::BTreeMap;
use utsushi_model::circumstance::{Circumstance, Machines};
use utsushi_model::demand::ResourceKind;
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::network::{Network, NodeKind};
use utsushi_model::report::{Case, LoadRow, Report};
use utsushi_model::text::Text;
use utsushi_model::units::{Latency, Utilisation};

/// A load that must be carried.
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub(super) state: usize,
    pub(super) kind: ResourceKind,
    pub(super) direction: Option<(String, String)>,
    pub(super) case: Case,
    /// The planning limit.
    pub(super) warn: Utilisation,
}

/// What an item is made of in the last state in which it is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    /// Pieces, and how they share the work.
    pub(super) machines: Machines,
    /// Time of a sanitiser for one file.
    pub(super) per_file: Option<Latency>,
}

/// Everything that one item must carry.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) resource: String,
    pub(super) label: Text,
    pub(super) item: Item,
    pub(super) made: Made,
    /// Capacity of each of its kinds in that state.
    pub(super) capacity: BTreeMap<ResourceKind, f64>,
    /// Of each kind (and direction) the largest load with everything up, and the largest with something else failed.
    pub(super) loads: Vec<Load>,
}

/// The needs of all items.
pub(super) fn needs(migration: &Migration, years: &[Report]) -> Vec<Need> {
    let mut found: BTreeMap<(Item, usize), Need> = BTreeMap::new();
    let mut places: BTreeMap<(Item, String), usize> = BTreeMap::new();
    for (year, report) in (0u32..).zip(years) {
        for row in &report.loads {
            let network = &migration.states[row.state].network;
            let Some((item, made)) = item(network, row) else {
                continue;
            };
            let next = places.len();
            let at = *places.entry((item, row.resource.clone())).or_insert(next);
            let need = found.entry((item, at)).or_insert_with(|| Need {
                resource: row.resource.clone(),
                label: row.label.clone(),
                item,
                made,
                capacity: BTreeMap::new(),
                loads: Vec::new(),
            });
            (need.made, need.label) = (made, row.label.clone());
            need.capacity.insert(row.kind, row.capacity);
            cases(row, year).for_each(|load| note(&mut need.loads, load));
        }
    }
    found
        .into_values()
        .filter(|n| !n.loads.is_empty())
        .collect()
}

/// What is loaded, but for what nobody uses and for failures of its own pieces.
fn cases(row: &LoadRow, years: u32) -> impl Iterator<Item = Load> + '_ {
    let (hour, _) = row.busiest();
    let plain = Case {
        circumstance: Circumstance {
            years,
            ..Circumstance::default()
        },
        hour,
        offered: row.offered[usize::from(hour)],
        capacity: row.capacity,
    };
    let worse = row.worst.iter().filter(|c| !is_own(c, &row.resource));
    let all = std::iter::once(plain).chain(worse.cloned());
    all.filter(|c| c.offered > 0.0).map(|case| Load {
        state: row.state,
        kind: row.kind,
        direction: row.direction.clone(),
        case,
        warn: row.warn,
    })
}

/// Keeps the largest of each kind: with everything up, and with something failed.
fn note(loads: &mut Vec<Load>, new: Load) {
    let failed = |l: &Load| l.case.circumstance.failure.is_some();
    let twin = loads
        .iter_mut()
        .find(|l| l.kind == new.kind && failed(l) == failed(&new));
    match twin {
        Some(there) if new.case.offered > there.case.offered => *there = new,
        Some(_) => {}
        None => loads.push(new),
    }
}

/// What a row is sized as, and what it is made of.
fn item(network: &Network, row: &LoadRow) -> Option<(Item, Made)> {
    let made = |machines, per_file| Made { machines, per_file };
    if row.kind == ResourceKind::Link {
        let link = network.links.get(&Id::new(row.resource.as_str()))?;
        let members = Machines {
            count: link.members.max(1),
            ..Machines::default()
        };
        return Some((Item::Line, made(members, None)));
    }
    let node = network.nodes.get(&Id::new(row.resource.as_str()))?;
    let machines = node.made_of();
    let one = Machines::default();
    match (row.kind, &node.kind) {
        (ResourceKind::Sessions, NodeKind::Proxy(_)) => Some((Item::Proxy, made(machines, None))),
        (ResourceKind::Throughput | ResourceKind::Sessions, kind) if !kind.is_relay() => {
            Some((Item::Appliance, made(machines, None)))
        }
        (ResourceKind::NatPorts, _) => {
            let pool = node.forwarding.nat_ports.as_ref()?;
            let count = pool.addresses.max(1);
            Some((Item::Addresses, made(Machines { count, ..one }, None)))
        }
        (ResourceKind::Seats, _) => Some((Item::Seats, made(one, None))),
        (ResourceKind::Pixels, _) => Some((Item::Pixels, made(one, None))),
        (ResourceKind::Files, NodeKind::Sanitiser(cdr)) => {
            let count = cdr.workers.max(1);
            Some((
                Item::Workers,
                made(Machines { count, ..one }, Some(cdr.per_file)),
            ))
        }
        (ResourceKind::Files, _) => Some((Item::Mail, made(one, None))),
        _ => None,
    }
}
