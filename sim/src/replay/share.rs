//! Who gets what of links that are too full, and who feels it.
//!
//! Goes in: what a state spends with everything up. Comes out: for a resource that is too full in an hour, by application, how
//! many people get less than they want of the network in that hour, and which part of it they get. Nothing can go wrong.
//!
//! All links are shared at once, max–min fair by person (Bertsekas and Gallager, Data Networks, §6.5.2): everybody's
//! rate grows alike until it is what is wanted or a link on the way is full. Transfers of one person divide evenly
//! over equal ways, as loads do. Only bits a second of links are shared; seats and sessions are not divisible.

use super::amount::What;
use super::worst::Base;
use crate::quality::fair::{Flow, max_min};
use std::collections::BTreeMap;
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::Felt;

/// What less than this share is missing of is whole.
const NOISE: f64 = 1e-6;

/// Everybody's shares of all links in one hour.
pub(super) struct Shares {
    /// By talk and direction: the talk, and what part of what is wanted is got.
    got: BTreeMap<(u32, What), f64>,
}

impl Shares {
    /// Shares all links in an hour.
    pub(super) fn new(base: &Base<'_>, hour: usize) -> Self {
        let mut flows: BTreeMap<(u32, What), Flow> = BTreeMap::new();
        let mut capacities = Vec::new();
        for (resource, parts) in base.ledger.resources.iter().zip(&base.parts) {
            if resource.key.0 != ResourceKind::Link {
                break;
            }
            let link = capacities.len();
            capacities.push(resource.capacity);
            for (at, part) in parts {
                let talk = &base.prepared.talks[*at as usize];
                let people = people(base, *at);
                let amount = talk.spending[0].amount(part.information, part.what).0[hour];
                if amount <= 0.0 || people <= 0.0 {
                    continue;
                }
                let wanted = talk.spending[0].traffic(super::conversation::Information::Raw);
                let raw = match part.what {
                    What::Up => wanted.up.0[hour],
                    _ => wanted.down.0[hour],
                };
                // Pixels are another rate than what is shown; a person's part of both shrinks alike.
                let each = if raw > 0.0 { raw } else { amount } / people;
                let times = amount / each;
                let flow = flows.entry((*at, part.what)).or_insert_with(|| Flow {
                    demand: each,
                    links: Vec::new(),
                });
                flow.links.push((link, part.share * times));
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
    pub(super) fn felt(&self, base: &Base<'_>, resource: usize) -> Vec<Felt> {
        let mut found: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
        let mut seen: Vec<(u32, What)> = Vec::new();
        for (at, part) in &base.parts[resource] {
            let key = (*at, part.what);
            let Some(got) = self.got.get(&key).filter(|g| **g < 1.0 - NOISE) else {
                continue;
            };
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let people = people(base, *at);
            let application = base.prepared.talks[*at as usize].application;
            let (sum, all, least) = found.entry(application).or_insert((0.0, 0.0, 1.0));
            (*sum, *all, *least) = (*sum + got * people, *all + people, least.min(*got));
        }
        let talks = &base.prepared.talks;
        let label = |application: usize| {
            let of = talks.iter().find(|t| t.application == application);
            of.map(|t| t.about.application.label.clone())
        };
        let mut felt: Vec<Felt> = found
            .into_iter()
            .filter_map(|(application, (sum, all, least))| {
                Some(Felt {
                    application: label(application)?,
                    people: all,
                    gets: sum / all,
                    least,
                })
            })
            .collect();
        felt.sort_by(|a, b| a.gets.total_cmp(&b.gets));
        felt
    }
}

/// The members of a talk's group that come through.
fn people(base: &Base<'_>, at: u32) -> f64 {
    let talk = &base.prepared.talks[at as usize];
    f64::from(talk.about.members.max(1)) * talk.part * base.talks[at as usize].1
}
