//! The resources of a state, and what is spent on each by which application.
//!
//! Goes in: a network, and what is spent. Comes out: a row for everything that has a
//! capacity, by kind, then in the order of the network's tables. What has no capacity is not counted.
//!
//! | kind | resource | capacity |
//! |---|---|---|
//! | link | each direction of a link | rate of that direction × members |
//! | throughput | nodes with a throughput | both directions together |
//! | sessions | proxies; forwarding nodes that say how many they hold | units × sessions; sessions |
//! | NAT ports | nodes with a pool | addresses × ports of one |
//! | seats, pixels | screen-transfer relays | seats; bandwidth, where there is such a limit |
//! | files | sanitisers; mail relays that say how many they handle | workers × 3600 s / time for one; per hour |

use super::amount::Hours;
use super::queue;
use std::collections::{BTreeMap, HashMap};
use utsushi_model::circumstance::Machines;
use utsushi_model::demand::{Application, HOURS, ResourceKind, Thresholds};
use utsushi_model::finding::LoadPart;
use utsushi_model::id::Table;
use utsushi_model::network::{Link, Network, Node, NodeKind};
use utsushi_model::place::Place;
use utsushi_model::report::{LoadRow, Queue};
use utsushi_model::text::Text;
use utsushi_model::units::Latency;

/// Position in the network's table (links or nodes), and for links whether from first end to second.
pub(super) type Key = (ResourceKind, usize, bool);

/// Something with a capacity.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) key: Key,
    name: String,
    label: Text,
    direction: Option<(String, String)>,
    pub(super) capacity: f64,
    /// How long one may wait for it, where that is limited.
    wait: Option<Latency>,
    /// Where it is written.
    pub(super) place: Place,
}

/// What is spent on what.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) resources: Vec<Resource>,
    positions: HashMap<Key, usize>,
}

impl Ledger {
    /// The resources of a network.
    pub(super) fn new(network: &Network) -> Self {
        let mut resources: Vec<Resource> = Vec::new();
        for (position, link) in network.links.iter().enumerate() {
            resources.extend(both_ways(position, link));
        }
        for &kind in ResourceKind::ALL {
            for (position, node) in network.nodes.iter().enumerate() {
                resources.extend(of_node(kind, position, node));
            }
        }
        Self {
            positions: resources
                .iter()
                .enumerate()
                .map(|(i, r)| (r.key, i))
                .collect(),
            resources,
        }
    }

    /// The position of a resource, if it has a capacity.
    pub(super) fn position(&self, key: Key) -> Option<usize> {
        self.positions.get(&key).copied()
    }

    /// What a finding on a resource is about: its label, with its name where the label is not its alone.
    pub(super) fn subject(&self, position: usize) -> Text {
        let it = &self.resources[position];
        let twin = |r: &Resource| r.key.0 == it.key.0 && r.name != it.name && r.label == it.label;
        if self.resources.iter().any(twin) {
            let named = |label: &str| format!("{label} ({})", it.name);
            Text::new(named(&it.label.ja), named(&it.label.en))
        } else {
            it.label.clone()
        }
    }

    /// The rows, in the order of [`Self::resources`], of what is spent on each, by position of the application.
    pub(super) fn rows(
        &self,
        state: usize,
        spent: &[BTreeMap<usize, Hours>],
        applications: &Table<Application>,
        thresholds: &Thresholds,
    ) -> Vec<LoadRow> {
        let labels: Vec<&Text> = applications.iter().map(|a| &a.label).collect();
        let each = self.resources.iter().zip(spent);
        each.map(|(resource, spent)| row(resource, spent, state, &labels, thresholds))
            .collect()
    }
}

fn row(
    resource: &Resource,
    spent: &BTreeMap<usize, Hours>,
    state: usize,
    labels: &[&Text],
    thresholds: &Thresholds,
) -> LoadRow {
    let mut offered = Hours([0.0; HOURS]);
    spent.values().for_each(|part| offered.add(part, 1.0));
    let limits = thresholds.of(resource.key.0);
    let mut row = LoadRow {
        state,
        resource: resource.name.clone(),
        label: resource.label.clone(),
        kind: resource.key.0,
        direction: resource.direction.clone(),
        capacity: resource.capacity,
        offered: offered.0,
        parts: Vec::new(),
        warn: limits.warn,
        full: limits.full,
        worst: Vec::new(),
        queue: queue::waits(resource.key.0, &offered, resource.capacity).map(|hours| Queue {
            hours,
            limit: resource.wait,
        }),
    };
    let hour = usize::from(row.busiest().0);
    let parts = spent.iter().filter(|(_, hours)| hours.0[hour] > 0.0);
    row.parts = parts
        .map(|(application, hours)| LoadPart {
            application: labels
                .get(*application)
                .map_or_else(Text::default, |l| (*l).clone()),
            offered: hours.0[hour],
        })
        .collect();
    // The sort keeps the order of applications among equals.
    row.parts.sort_by(|a, b| b.offered.total_cmp(&a.offered));
    row
}

fn both_ways(position: usize, link: &Link) -> [Resource; 2] {
    let one = |forward: bool| {
        let (rate, from, to) = if forward {
            (link.rate_ab, &link.a, &link.b)
        } else {
            (link.rate_ba, &link.b, &link.a)
        };
        Resource {
            key: (ResourceKind::Link, position, forward),
            name: link.id.to_string(),
            label: link.label.clone(),
            direction: Some((from.to_string(), to.to_string())),
            capacity: rate.get() * f64::from(link.members),
            wait: None,
            place: link.place.clone(),
        }
    };
    [one(true), one(false)]
}

fn of_node(kind: ResourceKind, position: usize, node: &Node) -> Option<Resource> {
    Some(Resource {
        key: (kind, position, true),
        name: node.id.to_string(),
        label: node.label.clone(),
        direction: None,
        capacity: capacity(kind, node)?,
        wait: queue::limit(kind, node),
        place: node.place.clone(),
    })
}

fn capacity(kind: ResourceKind, node: &Node) -> Option<f64> {
    match (kind, &node.kind) {
        (ResourceKind::Throughput, _) => Some(node.throughput?.get()),
        (ResourceKind::Sessions, NodeKind::Proxy(proxy)) => {
            let machines = Machines {
                count: proxy.units,
                ..node.made_of()
            };
            Some(f64::from(machines.working()) * proxy.sessions.get())
        }
        (ResourceKind::Sessions, _) => Some(node.sessions?.get()),
        (ResourceKind::NatPorts, _) => {
            let pool = node.forwarding.nat_ports.as_ref()?;
            Some(f64::from(pool.addresses) * f64::from(pool.ports_per_address))
        }
        (ResourceKind::Seats, NodeKind::ScreenRelay(relay)) => Some(relay.seats.get()),
        (ResourceKind::Pixels, NodeKind::ScreenRelay(relay)) => Some(relay.bandwidth?.get()),
        (ResourceKind::Files, NodeKind::Sanitiser(cdr)) => {
            Some(f64::from(cdr.workers) * 3600.0 / cdr.per_file.get())
        }
        (ResourceKind::Files, NodeKind::MailRelay(relay)) => Some(relay.per_hour?.get()),
        _ => None,
    }
}
