//! Settings put on a plan: its figures, otherwise.
//!
//! Goes in: a migration and settings. Comes out: [`Figures`]: what is needed, the networks where a count or capacity is
//! another, and the circumstance. Nothing can go wrong: a setting of something that is not in a state leaves the state
//! as it is.

use super::question::terminals;
use super::setting::Setting;
use std::sync::Arc;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::{Amount, Application, ApplicationId, Use};
use utsushi_model::id::{Id, Table};
use utsushi_model::migration::{Migration, Requirements};
use utsushi_model::network::{GroupId, HostClass, Link, Network, Node, NodeKind};
use utsushi_model::units::Share;

/// The figures of a plan with some of them otherwise.
#[derive(Debug)]
pub(super) struct Figures {
    /// What is needed.
    pub(super) requirements: Requirements,
    /// The network of each state; `None`: as they are.
    pub(super) networks: Option<Vec<Arc<Network>>>,
    pub(super) day: DayType,
    pub(super) years: u32,
    pub(super) breakout: Option<Share>,
}

impl Figures {
    /// The figures of a plan with these settings.
    pub(super) fn with<'s>(
        migration: &Migration,
        settings: impl Iterator<Item = &'s Setting>,
    ) -> Self {
        let mut out = Self {
            requirements: migration.requirements.clone(),
            networks: None,
            day: DayType::Ordinary,
            years: 0,
            breakout: None,
        };
        // What multiplies comes after what sets, in whatever order they were given.
        let (times, sets): (Vec<_>, Vec<_>) =
            settings.partition(|s| matches!(s, Setting::Times(..)));
        for setting in sets.into_iter().chain(times) {
            out.put(migration, setting);
        }
        out
    }

    fn put(&mut self, migration: &Migration, setting: &Setting) {
        match setting {
            Setting::Years(years) => self.years = *years,
            Setting::Day(day) => self.day = *day,
            Setting::Breakout(share) => self.breakout = Some(*share),
            Setting::Growth(growth) => {
                each(&mut self.requirements.applications, |a| {
                    a.nature.growth = *growth;
                });
            }
            Setting::Nearby(None) => {}
            Setting::Nearby(Some(share)) => each(&mut self.requirements.demands, |d| {
                if let Some(nearby) = &mut d.nearby {
                    nearby.share = *share;
                }
            }),
            Setting::Active(id, share) => self.uses(id, |u| u.active = *share),
            Setting::Down(id, rate) => self.uses(id, |u| u.down = *rate),
            Setting::Times(id, times) => self.volumes(id, *times),
            other => self.networks(migration, other),
        }
    }

    /// Changes how an application is used, on every way.
    fn uses(&mut self, id: &ApplicationId, change: impl Fn(&mut Use)) {
        let ways = |a: &mut Application| {
            a.direct.iter_mut().for_each(&change);
            a.screen.iter_mut().for_each(&change);
        };
        self.requirements.applications.edit(id, ways);
    }

    /// Multiplies all volumes of an application; users and their sessions stay.
    fn volumes(&mut self, id: &ApplicationId, times: f64) {
        self.uses(id, |u| {
            for rate in [&mut u.down, &mut u.up, &mut u.pixels_down, &mut u.pixels_up] {
                *rate = *rate * times;
            }
        });
        each(&mut self.requirements.demands, |demand| {
            if demand.application != *id {
                return;
            }
            match &mut demand.amount {
                Amount::Users => {}
                Amount::Files(files) => files.per_day *= times,
                Amount::Measured(hours) => hours.iter_mut().for_each(|hour| {
                    hour.down = hour.down * times;
                    hour.up = hour.up * times;
                }),
            }
        });
    }

    fn networks(&mut self, migration: &Migration, setting: &Setting) {
        let written = || {
            let states = migration.states.iter();
            states.map(|s| Arc::clone(&s.network)).collect()
        };
        let networks = self.networks.get_or_insert_with(written);
        if let Setting::Terminals(wanted) = setting {
            let today = networks.first().map_or(0, |n| terminals(n));
            for network in networks {
                scale(Arc::make_mut(network), today, u64::from(*wanted));
            }
            return;
        }
        for network in networks {
            resize(Arc::make_mut(network), setting);
        }
    }
}

/// Lets `change` change everything in a table.
fn each<T: Clone>(table: &mut Table<T>, change: impl Fn(&mut T)) {
    let ids: Vec<Id<T>> = table.ids().cloned().collect();
    for id in ids {
        table.edit(&id, &change);
    }
}

/// Scales the general business terminals of a state by `wanted / today`: every group in proportion, the rest by largest
/// remainder, so that the whole is the nearest whole number, and today's the one that is wanted.
fn scale(network: &mut Network, today: u64, wanted: u64) {
    if today == 0 {
        return;
    }
    let groups = network.groups.iter();
    let general: Vec<(GroupId, u64)> = groups
        .filter(|g| g.class == HostClass::General)
        .map(|g| (g.id.clone(), u64::from(g.count)))
        .collect();
    let all: u64 = general.iter().map(|(_, count)| count).sum();
    let whole = (all * wanted + today / 2) / today;
    let mut shares: Vec<(usize, u64, u64)> = general
        .iter()
        .enumerate()
        .map(|(at, (_, count))| (at, count * wanted / today, count * wanted % today))
        .collect();
    let given: u64 = shares.iter().map(|(_, share, _)| share).sum();
    // The sort keeps the order of the plan among equals.
    shares.sort_by_key(|(_, _, remainder)| std::cmp::Reverse(*remainder));
    let rest = usize::try_from(whole.saturating_sub(given)).unwrap_or(usize::MAX);
    for (_, share, _) in shares.iter_mut().take(rest) {
        *share += 1;
    }
    for (at, share, _) in shares {
        let count = u32::try_from(share).unwrap_or(u32::MAX);
        network.groups.edit(&general[at].0, |g| g.count = count);
    }
}

/// Gives a link or node another capacity, if it is there.
fn resize(network: &mut Network, setting: &Setting) {
    match setting {
        Setting::Rate(id, rate) => {
            network.links.edit(id, |link: &mut Link| {
                let (there, back) = (link.rate_ab.get(), link.rate_ba.get());
                link.rate_ab = *rate;
                link.rate_ba = *rate * if there > 0.0 { back / there } else { 1.0 };
            });
        }
        Setting::Members(id, members) => {
            network.links.edit(id, |link| link.members = *members);
        }
        Setting::Throughput(id, rate) => {
            network.nodes.edit(id, |n| n.throughput = Some(*rate));
        }
        Setting::Sessions(id, _)
        | Setting::Units(id, _)
        | Setting::Seats(id, _)
        | Setting::Addresses(id, _)
        | Setting::Workers(id, _) => {
            network.nodes.edit(id, |node| hold(node, setting));
        }
        _ => {}
    }
}

/// Gives a node another number of what it holds.
fn hold(node: &mut Node, setting: &Setting) {
    match (&mut node.kind, setting) {
        (NodeKind::Proxy(proxy), Setting::Sessions(_, sessions)) => proxy.sessions = *sessions,
        (kind, Setting::Sessions(_, sessions)) if !kind.is_relay() => {
            node.sessions = Some(*sessions);
        }
        (NodeKind::Proxy(proxy), Setting::Units(_, units)) => {
            proxy.units = *units;
            if node.machines.count > 1 {
                node.machines.count = *units;
            }
        }
        (NodeKind::ScreenRelay(relay), Setting::Seats(_, seats)) => relay.seats = *seats,
        (NodeKind::Sanitiser(sanitiser), Setting::Workers(_, workers)) => {
            sanitiser.workers = *workers;
        }
        (_, Setting::Addresses(_, addresses)) => {
            if let Some(pool) = &mut node.forwarding.nat_ports {
                pool.addresses = *addresses;
            }
        }
        _ => {}
    }
}
