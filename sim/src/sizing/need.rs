//! What an item must carry: the largest loads of its kinds, with everything up and with something failed.
//!
//! Goes in: the reports of all years. Comes out: a [`Need`] for each item that anything is asked of.

use super::{Item, Rules, is_own};
use crate::quality::queue::by_chance;
use std::collections::BTreeMap;
use utsushi_model::circumstance::{Circumstance, Machines};
use utsushi_model::demand::ResourceKind;
use utsushi_model::id::Id;
use utsushi_model::migration::Migration;
use utsushi_model::network::{Network, NodeKind};
use utsushi_model::report::{Case, LoadRow, Report, WAIT_LEVEL};
use utsushi_model::text::Text;
use utsushi_model::units::{Latency, Utilisation};

/// A load that must be carried.
#[derive(Debug, Clone)]
pub(super) struct Load {
    pub(super) state: usize,
    pub(super) kind: ResourceKind,
    pub(super) direction: Option<(String, String)>,
    pub(super) case: Case,
    /// The part of the capacity that is left in that case, where the choice does not say so itself.
    pub(super) left: f64,
    /// The planning limit.
    pub(super) warn: Utilisation,
    /// How long files may wait, where that is limited.
    pub(super) wait: Option<Latency>,
}

/// Hours in a row that are taken to be as busy as the busiest, where one waits: the others of its day are not known here.
const WHOLE_DAY: u32 = 24;

impl Load {
    /// The limit that holds, with something failed or not: where the wait is limited nothing may be left over from hour to
    /// hour, so none above 100 %.
    pub(super) fn limit(&self, rules: Rules, failed: bool) -> Utilisation {
        let limit = rules.limit(self.warn, failed);
        if self.wait.is_some() && limit.get() > 1.0 {
            Utilisation::new(1.0)
        } else {
            limit
        }
    }

    /// By how much of its limit a capacity is used, and where it is the wait that decides: how long 95 of 100 files wait, and
    /// what is allowed. Within a limit of 100 % nothing is left over from hour to hour, so the busiest hour has the longest
    /// wait.
    pub(super) fn over(
        &self,
        capacity: f64,
        limit: Utilisation,
    ) -> (f64, Option<(Latency, Latency)>) {
        let over = self.case.offered / (capacity * limit.get());
        let over = if over.is_nan() { 0.0 } else { over };
        let wait = self.wait.and_then(|limit| {
            let (_, most) = by_chance(self.case.offered, capacity, WHOLE_DAY, WAIT_LEVEL).ok()?;
            Some((Latency::new(most), limit))
        });
        match wait {
            Some((most, limit)) if most.get() / limit.get() > over => {
                (most.get() / limit.get(), wait)
            }
            _ => (over, None),
        }
    }

    /// Whether the larger of both decides: they are of one kind and direction, and under the same limits.
    fn beside(&self, other: &Self) -> bool {
        let failed = |l: &Self| l.case.circumstance.failure.is_some();
        let limits = |l: &Self| {
            let wait = l.wait.map(|wait| wait.get().to_bits());
            (wait, l.warn.get().to_bits(), l.left.to_bits())
        };
        (self.kind, &self.direction) == (other.kind, &other.direction)
            && failed(self) == failed(other)
            && limits(self) == limits(other)
    }
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
    /// The kind by which it is told, and its capacity in that state, of a line in its narrower direction.
    pub(super) capacity: (ResourceKind, f64),
    /// Whether its two directions are not alike in that state.
    pub(super) uneven: bool,
    /// That state.
    pub(super) last: usize,
    /// Of each kind, direction and limit the largest load with everything up, and the largest with something else failed.
    pub(super) loads: Vec<Load>,
    /// The load that what is there, state by state, carries worst: by how much of its limit.
    pub(super) present: Option<(f64, Load, Utilisation)>,
}

/// The needs of all items.
pub(super) fn needs(migration: &Migration, years: &[Report], rules: Rules) -> Vec<Need> {
    let mut found: BTreeMap<(Item, usize), Need> = BTreeMap::new();
    let mut places: BTreeMap<(Item, String), usize> = BTreeMap::new();
    for (year, report) in (0u32..).zip(years) {
        for row in report
            .loads
            .iter()
            .filter(|r| year <= lasts(migration, r.state))
        {
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
                capacity: (row.kind, row.capacity),
                uneven: false,
                last: row.state,
                loads: Vec::new(),
                present: None,
            });
            if row.state >= need.last {
                need.made = made;
                need.label.clone_from(&row.label);
                need.note_capacity(row);
            }
            for load in cases(row, item, year) {
                need.judge(&load, row, rules);
                need.note(load);
            }
        }
    }
    found
        .into_values()
        .filter(|n| !n.loads.is_empty())
        .collect()
}

/// Whole years for which a state lasts; the last one lasts.
fn lasts(migration: &Migration, state: usize) -> u32 {
    let days = migration.states.get(state + 1).map(|next| {
        let from = migration.states[state].date;
        from.days_until(next.date).max(0)
    });
    days.map_or(u32::MAX, |days| u32::try_from(days / 365).unwrap_or(0))
}

impl Need {
    /// The capacity of the last state.
    fn note_capacity(&mut self, row: &LoadRow) {
        let (kind, there) = self.capacity;
        let other = row.kind == kind && (row.capacity - there).abs() > f64::EPSILON * there;
        self.uneven = (self.uneven || other) && row.state == self.last;
        let wider = row.kind == kind && row.kind == ResourceKind::Link && row.capacity > there;
        if row.state > self.last || (row.kind <= kind && !wider) {
            self.capacity = (row.kind, row.capacity);
        }
        self.last = row.state;
    }

    /// How a state's own capacity carries a load. A case in which nothing of it is left is judged by all of it: what still
    /// asks for what is gone is cut off, which is told as an outage (`outages` of the report) and no size mends; what a
    /// purchase can mend is that the load would be too much for the whole.
    fn judge(&mut self, load: &Load, row: &LoadRow, rules: Rules) {
        let failed = load.case.circumstance.failure.is_some();
        let limit = load.limit(rules, failed);
        let capacity = if load.case.capacity > 0.0 {
            load.case.capacity
        } else {
            row.capacity
        };
        let (over, _) = load.over(capacity, limit);
        if self.present.as_ref().is_none_or(|(most, ..)| over > *most) {
            self.present = Some((over, load.clone(), limit));
        }
    }

    /// Keeps the largest of those beside one another; failures of its own machines only count for what is there.
    fn note(&mut self, new: Load) {
        if is_own(&new.case, &self.resource) && super::choose::may_fail(self.item) {
            return;
        }
        match self.loads.iter_mut().find(|l| l.beside(&new)) {
            Some(there) if new.case.offered > there.case.offered => *there = new,
            Some(_) => {}
            None => self.loads.push(new),
        }
    }
}

/// What is loaded, but for what nobody uses.
fn cases(row: &LoadRow, item: Item, years: u32) -> impl Iterator<Item = Load> + '_ {
    let (hour, _) = row.busiest();
    let plain = Case {
        circumstance: Circumstance {
            years,
            ..Circumstance::default()
        },
        hour,
        offered: row.offered[usize::from(hour)],
        capacity: row.capacity,
        waiting: None,
    };
    let all = std::iter::once(plain).chain(row.worst.iter().cloned());
    all.filter(|c| c.offered > 0.0).map(move |case| {
        // Of licences and the like a part goes with a machine, however many are bought.
        let part = is_own(&case, &row.resource) && !super::choose::may_fail(item);
        Load {
            state: row.state,
            kind: row.kind,
            direction: row.direction.clone(),
            left: if part {
                case.capacity / row.capacity
            } else {
                1.0
            },
            case,
            warn: row.warn,
            wait: row.queue.as_ref().and_then(|q| q.limit),
        }
    })
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
        (ResourceKind::Throughput, _) => Some((Item::Relay, made(one, None))),
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::sizing) fn load(offered: f64, wait: Option<f64>) -> Load {
        Load {
            state: 0,
            kind: ResourceKind::Files,
            direction: None,
            case: Case {
                circumstance: Circumstance::default(),
                hour: 9,
                offered,
                capacity: 1_000.0,
                waiting: None,
            },
            left: 1.0,
            warn: Utilisation::new(0.8),
            wait: wait.map(Latency::new),
        }
    }

    /// A mail relay.
    pub(in crate::sizing) fn mail(loads: Vec<Load>) -> Need {
        Need {
            resource: String::from("mail"),
            label: Text::default(),
            item: Item::Mail,
            made: Made {
                machines: Machines::default(),
                per_file: None,
            },
            capacity: (ResourceKind::Files, 1_000.0),
            uneven: false,
            last: 0,
            loads,
            present: None,
        }
    }

    #[test]
    fn a_larger_load_under_other_limits_displaces_none() {
        let mut need = mail(Vec::new());
        let strict = Load {
            warn: Utilisation::new(0.5),
            ..load(50.0, None)
        };
        for new in [
            load(100.0, Some(60.0)),
            load(200.0, None),
            load(110.0, Some(60.0)),
            load(150.0, None),
            strict,
        ] {
            need.note(new);
        }
        let kept: Vec<f64> = need.loads.iter().map(|l| l.case.offered).collect();
        assert_eq!(kept, [110.0, 200.0, 50.0]);
    }

    #[test]
    fn where_the_wait_is_limited_nothing_is_left_over() {
        let rules = Rules {
            degraded: Some(Utilisation::new(1.2)),
        };
        let limit = |wait, failed| load(1.0, wait).limit(rules, failed).get();
        assert_eq!((limit(None, true), limit(None, false)), (1.2, 0.8));
        assert_eq!(
            (limit(Some(60.0), true), limit(Some(60.0), false)),
            (1.0, 0.8)
        );
    }
}
