//! Talk under other circumstances: on other kinds of days, and when something has failed.
//!
//! Goes in: the gate of the first day with everything up, and what a failure does to loads. Comes out: for each site and
//! application the worst that is met ([`Worst`]), and how many failures cut talk off. Nothing can go wrong.
//!
//! Failures are those of one thing, on the first day. Only talk whose way is another then, or crosses a line that
//! carries more of anything or has lost a member, is judged again: less of everything makes nothing worse.

use super::{Gate, Kind, NOTHING, Seat, When, crossing, worse};
use crate::plane::LinkWay;
use crate::replay::amount::Hours;
use crate::replay::failures::Struck;
use crate::replay::worst::{After, Others, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utsushi_model::circumstance::{Circumstance, DayType, Failure};
use utsushi_model::demand::ResourceKind;
use utsushi_model::migration::State;
use utsushi_model::report::{GateCase, GateCut, GateHour};

/// Figures that differ by a smaller part are the same.
const NOISE: f64 = 1e-6;

/// What becomes of the talk of a site by an application after a failure.
#[derive(Debug)]
pub(in crate::replay) enum Fate {
    /// Nobody can talk.
    Cut,
    /// It is worse than with everything up: the worst hour, and what is met in it.
    Met(u8, GateHour),
}

/// The worst circumstances of each site and application.
#[derive(Debug, Default)]
pub(in crate::replay) struct Worst(pub(super) BTreeMap<Seat, (Option<GateCase>, Option<GateCut>)>);

impl Worst {
    /// Notes what a failure does; of equals the first stays.
    pub(in crate::replay) fn failed(
        &mut self,
        (day, years): (DayType, u32),
        failure: &Failure,
        fates: Vec<(Seat, Fate)>,
    ) {
        for (seat, fate) in fates {
            match fate {
                Fate::Cut => {
                    let (_, cut) = self.0.entry(seat).or_default();
                    let cut = cut.get_or_insert_with(|| GateCut {
                        failures: 0,
                        first: failure.clone(),
                    });
                    cut.failures += 1;
                }
                Fate::Met(hour, met) => {
                    let failure = Some(failure.clone());
                    let circumstance = Circumstance {
                        day,
                        years,
                        failure,
                    };
                    self.note(seat, circumstance, (hour, met));
                }
            }
        }
    }

    fn note(&mut self, seat: Seat, circumstance: Circumstance, (hour, met): (u8, GateHour)) {
        let (case, _) = self.0.entry(seat).or_default();
        if case.as_ref().is_none_or(|known| worse(&met, &known.met)) {
            *case = Some(GateCase {
                circumstance,
                hour,
                met,
            });
        }
    }
}

impl Gate<'_> {
    /// What is met on other days with everything up.
    pub(in crate::replay) fn other_days(&self, state: &State, years: u32) -> Worst {
        let mut worst = Worst::default();
        for (at, day) in self.base.prepared.days.iter().enumerate().skip(1) {
            let Some(gate) = Self::on(self.base, at, state, Arc::clone(&self.memo)) else {
                continue;
            };
            for (seat, row) in &gate.rows {
                let Some((hour, met)) = row.worst().filter(|(_, met)| self.beats(*seat, met))
                else {
                    continue;
                };
                let circumstance = Circumstance {
                    day: *day,
                    years,
                    failure: None,
                };
                worst.note(*seat, circumstance, (hour, met.clone()));
            }
        }
        worst
    }

    /// What becomes of talk after a failure, by site and application, where it is worse or cut off.
    pub(in crate::replay) fn after(
        &self,
        struck: &Struck,
        after: &After,
        touched: &BTreeMap<usize, Vec<Part>>,
    ) -> Vec<(Seat, Fate)> {
        if struck.failure.broken.len() != 1 {
            return Vec::new();
        }
        let talks = self.seats.iter().map(|(at, _)| *at);
        let moved =
            talks.filter(|at| u32::try_from(*at).is_ok_and(|at| after.others.contains_key(&at)));
        let (mut concerned, stopped): (BTreeSet<usize>, BTreeSet<usize>) =
            moved.partition(|at| self.share(*at, after) > 0.0);
        let mut out = self.cut(&stopped, after);
        let changed = self.changed(struck, after, touched);
        if !changed.is_empty() {
            let over = |at: &usize| self.ways[at].lines().any(|line| changed.contains(&line));
            let there = |at: &usize| self.share(*at, after) > 0.0;
            let there = self.ways.keys().copied().filter(there);
            concerned.extend(there.filter(over));
        }
        if concerned.is_empty() {
            return out;
        }
        let concerned: Vec<usize> = concerned.into_iter().collect();
        let none = Others::new();
        let crossing = |line: LinkWay| {
            let key = (ResourceKind::Link, line.link, line.forward);
            let position = self.base.ledger.position(key);
            let others = position.and_then(|resource| touched.get(&resource));
            match (others, self.crossing.get(&line)) {
                (Some(now), _) => crossing(self.base, 0, line, (&after.others, now)),
                (None, Some(known)) => known.clone(),
                (None, None) => crossing(self.base, 0, line, (&none, &[])),
            }
        };
        let when = When {
            plane: after.failed.as_ref().map_or(self.when.plane, |f| &f.plane),
            day: 0,
            left: &struck.links_left,
            again: Some(&after.again),
        };
        let gate = Gate::new(
            (self.base, when),
            &concerned,
            crossing,
            Arc::clone(&self.memo),
        );
        let mut found: BTreeMap<Seat, (u8, GateHour)> = BTreeMap::new();
        for (at, hours) in concerned.iter().zip(gate.talks(&concerned)) {
            let Some((seat, ..)) = self.seat(*at) else {
                continue;
            };
            for (hour, met) in (0_u8..).zip(hours) {
                let Some(met) = met.filter(|met| self.beats(seat, met)) else {
                    continue;
                };
                if found.get(&seat).is_none_or(|(_, known)| worse(&met, known)) {
                    found.insert(seat, (hour, met));
                }
            }
        }
        let found = found.into_iter();
        out.extend(found.map(|(seat, (hour, met))| (seat, Fate::Met(hour, met))));
        out
    }

    /// The part of a talk that comes through after a failure.
    fn share(&self, at: usize, after: &After) -> f64 {
        let other = u32::try_from(at).ok();
        let other = other.and_then(|at| after.others.get(&at));
        other.map_or(self.base.talks[at].1, |(_, part)| *part)
    }

    /// Sites whose talk by an application is cut off altogether, of those of which some is.
    fn cut(&self, stopped: &BTreeSet<usize>, after: &After) -> Vec<(Seat, Fate)> {
        if stopped.is_empty() {
            return Vec::new();
        }
        let of = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<Seat> {
            let seats = self.seats.iter().filter(|(at, _)| wanted(*at));
            seats.map(|(_, seat)| *seat).collect()
        };
        let hit = of(&|at| stopped.contains(&at) && self.base.talks[at].1 > 0.0);
        let left = of(&|at| self.share(at, after) > 0.0);
        let cut = hit.into_iter().filter(|seat| !left.contains(seat));
        cut.map(|seat| (seat, Fate::Cut)).collect()
    }

    /// Lines on the ways of talk that carry more of anything, or of which a part is gone.
    fn changed(
        &self,
        struck: &Struck,
        after: &After,
        touched: &BTreeMap<usize, Vec<Part>>,
    ) -> BTreeSet<LinkWay> {
        let ways = struck.links_left.iter();
        let mut out: BTreeSet<LinkWay> = ways
            .flat_map(|(link, _)| {
                [true, false].map(|forward| LinkWay {
                    link: *link,
                    forward,
                })
            })
            .filter(|line| self.crossing.contains_key(line))
            .collect();
        for (resource, now) in touched {
            let (ResourceKind::Link, link, forward) = self.base.ledger.resources[*resource].key
            else {
                continue;
            };
            let line = LinkWay { link, forward };
            if let Some(before) = self.crossing.get(&line)
                && fuller(&crossing(self.base, 0, line, (&after.others, now)), before)
            {
                out.insert(line);
            }
        }
        out
    }

    /// Whether something is worse than anything that is met on the first day with everything up.
    fn beats(&self, seat: Seat, met: &GateHour) -> bool {
        let plain = self.rows.get(&seat).and_then(|row| row.worst());
        plain.is_none_or(|(_, plain)| {
            let ((verdict, spent), (known, before)) = (met.key(), plain.key());
            verdict > known || (verdict == known && spent > before * (1.0 + NOISE))
        })
    }
}

/// Whether there is more of anything at any hour.
fn fuller(now: &BTreeMap<Kind, Hours>, before: &BTreeMap<Kind, Hours>) -> bool {
    let none = Hours::default();
    now.iter().any(|(kind, now)| {
        let before = before.get(kind).unwrap_or(&none);
        let mut hours = now.0.iter().zip(before.0);
        hours.any(|(now, before)| *now > before * (1.0 + NOISE) + NOTHING)
    })
}
