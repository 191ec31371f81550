//! Who gets what of links that are too full, and who feels it.
//!
//! Goes in: what a state spends, with everything up or after a failure, and an hour. Comes out: for a resource that is too
//! full in it, by application, how many users get less than they want of the network in that hour, which part of
//! it they get, and at which sites. Nothing can go wrong.
//!
//! All links are shared at once, max–min fair by active user (Bertsekas and Gallager, Data Networks, §6.5.2): everybody's
//! rate grows alike until it is what is wanted or a link on the way is full.
//!
//! ```text
//!  active users of a talk = those of its group in that hour × the part that comes through
//!  what each wants        = what the group spends in that hour ÷ those of the group that are active in it
//! ```
//!
//! So 320 members of whom all are active and 8,000 of whom one in 25 is are the same. Who is active says
//! [`super::amount`], on the mean. Transfers of one user divide evenly over equal ways, as loads do. Only bits a second of
//! links are shared; seats and sessions are not divisible.

use super::amount::What;
use super::conversation::Information;
use super::failures::Struck;
use super::worst::{Base, Others, Part};
use crate::quality::fair::{Flow, max_min};
use std::collections::BTreeMap;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Felt, FeltAt};
use utsushi_model::network::SiteId;
use utsushi_model::text::Text;

/// What less than this share is missing of is whole.
const NOISE: f64 = 1e-6;

/// A state on a day, with everything up or after a failure.
#[derive(Debug)]
pub(super) struct Moment<'m, 'a> {
    base: &'m Base<'a>,
    /// Position of the day.
    day: usize,
    /// What has failed, and what some talks spend since.
    failed: Option<(&'m Struck, &'m Others)>,
    /// What these spend on each resource that they touch.
    now: BTreeMap<usize, Vec<Part>>,
}

impl<'m, 'a> Moment<'m, 'a> {
    /// The state on a day after a failure, or with everything up.
    pub(super) fn new(
        base: &'m Base<'a>,
        day: usize,
        failed: Option<(&'m Struck, &'m Others)>,
    ) -> Self {
        let now = failed.map_or_else(BTreeMap::new, |(_, others)| base.touched(others));
        Self {
            base,
            day,
            failed,
            now,
        }
    }

    /// What is spent on a resource.
    fn parts(&self, resource: usize) -> impl Iterator<Item = &Part> {
        let others = self.failed.map(|(_, others)| others);
        let as_ever = self.base.parts[resource].iter();
        let as_ever = as_ever.filter(move |p| others.is_none_or(|o| !o.contains_key(&p.0)));
        as_ever.chain(self.now.get(&resource).into_iter().flatten())
    }

    /// What a resource holds.
    fn capacity(&self, resource: usize) -> f64 {
        match self.failed {
            Some((struck, _)) => self.base.left_of(resource, struck),
            None => self.base.ledger.resources[resource].capacity,
        }
    }

    /// The active users of a talk's group in an hour, and what each of them wants, in bit/s; `None` where nobody wants
    /// anything. Pixels are another rate than what is shown; a user's part of both shrinks alike.
    fn each(&self, (at, part): &Part, hour: usize) -> Option<(f64, f64)> {
        let spending = &self.base.prepared.talks[*at as usize].spending[self.day];
        let users = spending.active.0[hour];
        let raw = spending.amount(Information::Raw, part.what).0[hour];
        let amount = spending.amount(part.information, part.what).0[hour];
        let wanted = if raw > 0.0 { raw } else { amount };
        (users > 0.0 && amount > 0.0).then(|| (users, wanted / users))
    }

    /// The active users of a talk in an hour: those of its group, of whom only a part takes this way or comes through.
    fn people(&self, at: u32, hour: usize) -> f64 {
        let talk = &self.base.prepared.talks[at as usize];
        let now = self.failed.and_then(|(_, others)| others.get(&at));
        let (_, through) = now.unwrap_or(&self.base.talks[at as usize]);
        talk.spending[self.day].active.0[hour] * talk.part * through
    }

    /// Where the people of a talk are.
    fn site(&self, at: u32) -> Option<&'m SiteId> {
        let network = &self.base.prepared.plane.network;
        let demand = self.base.prepared.talks[at as usize].about.demand;
        let group = network.groups.get(&demand.group)?;
        Some(&network.segments.get(&group.segment)?.site)
    }
}

/// Everybody's shares of all links in one hour.
#[derive(Debug)]
pub(super) struct Shares {
    /// By talk and direction: what part of what is wanted is got.
    got: BTreeMap<(u32, What), f64>,
}

impl Shares {
    /// Shares all links in an hour.
    pub(super) fn new(moment: &Moment<'_, '_>, hour: usize) -> Self {
        let mut flows: BTreeMap<(u32, What), Flow> = BTreeMap::new();
        let mut capacities = Vec::new();
        let resources = moment.base.ledger.resources.iter().enumerate();
        for (link, _) in resources.take_while(|(_, r)| r.key.0 == ResourceKind::Link) {
            capacities.push(moment.capacity(link));
            for (at, part) in moment.parts(link) {
                let Some((_, each)) = moment.each(&(*at, *part), hour) else {
                    continue;
                };
                let spending = &moment.base.prepared.talks[*at as usize].spending[moment.day];
                let amount = spending.amount(part.information, part.what).0[hour];
                let flow = flows.entry((*at, part.what)).or_insert_with(|| Flow {
                    demand: each,
                    links: Vec::new(),
                });
                // As many users' rates as the link carries.
                flow.links.push((link, part.share * amount / each));
            }
        }
        let keys: Vec<(u32, What)> = flows.keys().copied().collect();
        let flows: Vec<Flow> = flows.into_values().collect();
        let rates = max_min(&capacities, &flows);
        let got = keys.into_iter().zip(rates.iter().zip(&flows));
        Self {
            got: got
                .map(|(key, (rate, flow))| (key, (rate / flow.demand).min(1.0)))
                .collect(),
        }
    }

    /// Who of those on a resource feels it: by application, the one that loses most first.
    pub(super) fn felt(&self, moment: &Moment<'_, '_>, hour: usize, resource: usize) -> Vec<Felt> {
        // Up and down, or two legs, of one talk are the same people.
        let mut losing: BTreeMap<u32, f64> = BTreeMap::new();
        for (at, part) in moment.parts(resource) {
            if let Some(got) = self
                .got
                .get(&(*at, part.what))
                .filter(|g| **g < 1.0 - NOISE)
            {
                let least = losing.entry(*at).or_insert(1.0);
                *least = least.min(*got);
            }
        }
        let mut found: BTreeMap<usize, Lost<'_>> = BTreeMap::new();
        for (at, got) in losing {
            let talk = &moment.base.prepared.talks[at as usize];
            let lost = found.entry(talk.application).or_insert_with(|| Lost {
                application: &talk.about.application.label,
                all: Mean::default(),
                least: 1.0,
                sites: BTreeMap::new(),
            });
            let people = moment.people(at, hour);
            lost.all.add(people, got);
            lost.least = lost.least.min(got);
            if let Some(site) = moment.site(at) {
                lost.sites.entry(site).or_default().add(people, got);
            }
        }
        let mut felt: Vec<Felt> = found.values().map(|lost| lost.told(moment)).collect();
        felt.sort_by(|a, b| a.gets.total_cmp(&b.gets));
        felt
    }
}

/// A mean over people.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    people: f64,
    sum: f64,
}

impl Mean {
    fn add(&mut self, people: f64, got: f64) {
        self.people += people;
        self.sum += people * got;
    }

    fn gets(&self) -> f64 {
        self.sum / self.people
    }
}

/// Those of an application who get less than they want.
struct Lost<'l> {
    application: &'l Text,
    all: Mean,
    least: f64,
    sites: BTreeMap<&'l SiteId, Mean>,
}

impl Lost<'_> {
    fn told(&self, moment: &Moment<'_, '_>) -> Felt {
        // In the order of the network among equals.
        let all = moment.base.prepared.plane.network.sites.iter();
        let mut sites: Vec<FeltAt> = all
            .filter_map(|site| {
                let there = self.sites.get(&site.id)?;
                Some(FeltAt {
                    site: site.label.clone(),
                    people: there.people,
                    gets: there.gets(),
                })
            })
            .collect();
        let whole = |value: f64| (value / NOISE).round();
        sites.sort_by(|a, b| {
            let gets = whole(a.gets).total_cmp(&whole(b.gets));
            gets.then(whole(b.people).total_cmp(&whole(a.people)))
        });
        let more = sites.len().saturating_sub(Felt::SITES);
        sites.truncate(Felt::SITES);
        Felt {
            application: self.application.clone(),
            people: self.all.people,
            gets: self.all.gets(),
            least: self.least,
            sites,
            more,
        }
    }
}
