//! The gate of Web meetings: loss, jitter and delay of talk, site by site and hour by hour.
//!
//! Goes in: what a state spends with everything up. Comes out: a row for each site and application by which people talk,
//! and a finding for each link that spoils it. Nothing can go wrong: a formula that means nothing for a line (a
//! rate of 0) leaves the line out of the sum, and its overload is a finding of its own.
//!
//! ```text
//!  talk of a site ─▶ its legs ─▶ the lines of each, there and back ─▶ for each line: class, cross traffic ─▶ hop
//!                                                        (worst of equal ways)     │
//!                                  verdict ◀── loss, jitter, delay of the way ◀────┘
//! ```
//!
//! What crosses a line beside talk comes at random, but for applications that say how they come in bursts
//! ([`utsushi_model::demand::Bursts`]): there a queue of on/off sources decides. Which model gave a figure is kept with
//! it. Only lines are looked at: what devices and the network beyond the last line add is not modelled. Queues hold
//! [`BUFFER`] of the line's rate, an assumption.

use super::amount::{Hours, What};
use super::conversation::Information;
use super::worst::Base;
use crate::plane::lines::lines;
use crate::plane::spread::spread;
use crate::plane::step::answer;
use crate::plane::{LinkWay, Plane};
use crate::quality::bursts::Bursts;
use crate::quality::hop::{Class, Cross, Hop, Model, Passage};
use crate::quality::path::{CLIENT_TO_EDGE, Held, Limits, Path, WEB_MEETING, path};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use utsushi_model::demand::{Application, HOURS, Packets, ResourceKind};
use utsushi_model::finding::{Code, Evidence, Finding};
use utsushi_model::migration::State;
use utsushi_model::network::Link;
use utsushi_model::report::{GateHour, GateRow, GateVerdict};
use utsushi_model::text::Text;
use utsushi_model::units::Latency;

/// What a queue holds, as time at the line's rate, s. An assumption: 50 ms, between 50 and 500 packets.
pub const BUFFER: f64 = 0.050;

/// The share of packets that jitter speaks of.
const LEVEL: f64 = 0.99;

/// Rates below are none, bit/s.
const NOTHING: f64 = 1e-3;

/// What of an application crosses a line: position of the application, what it carries, and which way.
type Kind = (usize, Information, What);

/// The lines of a way there and back, for each leg every equal way.
struct Ways {
    up: Vec<Vec<Vec<LinkWay>>>,
    down: Vec<Vec<Vec<LinkWay>>>,
}

/// The rows of a state and the findings on them.
pub(super) fn gates(base: &Base<'_>, state: &State) -> (Vec<GateRow>, Vec<Finding>) {
    let talks = base.prepared.talks.iter().enumerate();
    let talking: Vec<usize> = talks
        .filter(|(at, talk)| {
            talk.about.application.nature.realtime.is_some() && base.talks[*at].1 > 0.0
        })
        .map(|(at, _)| at)
        .collect();
    if talking.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let gate = Gate::new(base, &talking);
    let met: Vec<Vec<Option<GateHour>>> = talking.par_iter().map(|at| gate.talk(*at)).collect();
    let rows = gate.rows(state, talking.iter().copied().zip(met));
    let findings = gate.findings(&rows);
    (rows, findings)
}

struct Gate<'g> {
    base: &'g Base<'g>,
    plane: &'g Plane,
    links: Vec<&'g Link>,
    /// What crosses each direction of a line, by application.
    crossing: BTreeMap<LinkWay, BTreeMap<Kind, Hours>>,
    ways: BTreeMap<usize, Ways>,
    /// What a packet meets on each line in each hour, with and without priority.
    hops: BTreeMap<(LinkWay, bool), Vec<Option<Passage>>>,
}

impl<'g> Gate<'g> {
    fn new(base: &'g Base<'g>, talking: &[usize]) -> Self {
        let plane = base.prepared.plane;
        let mut gate = Self {
            base,
            plane,
            links: plane.network.links.iter().collect(),
            crossing: crossing(base),
            ways: BTreeMap::new(),
            hops: BTreeMap::new(),
        };
        let found = talking.par_iter().map(|at| (*at, gate.ways_of(*at)));
        let found: BTreeMap<usize, Ways> = found.collect();
        let mut wanted: BTreeSet<(LinkWay, bool)> = BTreeSet::new();
        for (at, ways) in &found {
            let lines = ways.up.iter().chain(&ways.down).flatten().flatten();
            wanted.extend(lines.map(|line| (*line, gate.first(*at))));
        }
        let wanted: Vec<(LinkWay, bool)> = wanted.into_iter().collect();
        let hops = wanted.into_par_iter().map(|key| {
            let hours = 0..HOURS;
            (key, hours.map(|h| gate.hop(key, h)).collect())
        });
        gate.hops = hops.collect();
        gate.ways = found;
        gate
    }

    /// Whether devices send a talk's packets first.
    fn first(&self, talk: usize) -> bool {
        let application = self.base.prepared.talks[talk].about.application;
        application.nature.realtime.is_some_and(|r| r.priority)
    }

    fn ways_of(&self, at: usize) -> Ways {
        let prepared = self.base.prepared;
        let talk = &prepared.talks[at];
        let mut ways = Ways {
            up: Vec::new(),
            down: Vec::new(),
        };
        for (leg, course) in talk.conversation.legs.iter().zip(&talk.courses) {
            let Some(packet) = prepared.passages[*course].example else {
                continue;
            };
            ways.up
                .push(lines(self.plane, leg.course.from, packet, &[]));
            let there = spread(self.plane, leg.course.from, packet, &[]);
            let mut back = Vec::new();
            for (segment, seen, _) in &there.arrived {
                back.extend(lines(self.plane, *segment, answer(seen), &there.sessions));
            }
            ways.down.push(back);
        }
        ways
    }

    /// What a packet meets on a line in an hour.
    fn hop(&self, (line, priority): (LinkWay, bool), hour: usize) -> Option<Passage> {
        let link = self.links[line.link];
        let members = f64::from(link.members.max(1));
        let rate = if line.forward {
            link.rate_ab
        } else {
            link.rate_ba
        };
        let rate = rate.get();
        if rate <= 0.0 {
            return None;
        }
        let none = BTreeMap::new();
        let kinds = self.crossing.get(&line).unwrap_or(&none);
        let mut mix = Mix::default();
        for ((application, information, what), hours) in kinds {
            let load = hours.0[hour] / members;
            if load > NOTHING {
                mix.add(self.application(*application), (*information, *what), load);
            }
        }
        mix.hop(link, rate, priority).passage().ok()
    }

    fn application(&self, position: usize) -> &'g Application {
        let talks = self.base.prepared.talks.iter();
        let mut of = talks.filter(|t| t.application == position);
        // CORRECTNESS: what crosses a line is spent by a talk, which knows its application.
        of.next()
            .map_or(self.base.prepared.talks[0].about.application, |t| {
                t.about.application
            })
    }

    /// What a talk meets in each hour in which there is any of it.
    fn talk(&self, at: usize) -> Vec<Option<GateHour>> {
        let talk = &self.base.prepared.talks[at];
        let spending = talk.spending[0].traffic(Information::Raw);
        let hours = 0..HOURS;
        let met = |hour: usize| {
            if spending.up.0[hour] + spending.down.0[hour] <= NOTHING {
                return None;
            }
            let ways = self.ways.get(&at)?;
            let first = self.first(at);
            let both = [&ways.up, &ways.down].map(|legs| self.way(legs, first, hour));
            let both = both.into_iter().flatten();
            both.reduce(|a, b| if worse(&b, &a) { b } else { a })
        };
        hours.map(met).collect()
    }

    /// The way over all legs, each by the slowest of its equal ways.
    fn way(&self, legs: &[Vec<Vec<LinkWay>>], first: bool, hour: usize) -> Option<GateHour> {
        let mut crossed: Vec<(LinkWay, &Passage)> = Vec::new();
        for ways in legs {
            let passages = |way: &Vec<LinkWay>| -> Vec<(LinkWay, &Passage)> {
                let each = way.iter().filter_map(|line| {
                    let hop = self.hops.get(&(*line, first))?[hour].as_ref()?;
                    Some((*line, hop))
                });
                each.collect()
            };
            let slowest = ways.iter().map(passages).reduce(|a, b| {
                let time = |way: &[(LinkWay, &Passage)]| -> f64 {
                    way.iter().map(|(_, p)| p.delay() + p.loss).sum()
                };
                if time(&b) > time(&a) { b } else { a }
            });
            crossed.extend(slowest?);
        }
        let hops: Vec<Passage> = crossed.iter().map(|(_, p)| (*p).clone()).collect();
        let whole = path(&hops, LEVEL).ok()?;
        let (spent, hop) = furthest(&whole);
        let (line, passage) = hop.and_then(|i| crossed.get(i))?;
        Some(GateHour {
            loss: whole.loss,
            jitter: Latency::new(whole.jitter),
            delay: Latency::new(whole.delay),
            verdict: verdict(&whole),
            hop: self.links[line.link].id.to_string(),
            spent,
            model: word(passage.model),
        })
    }

    /// Sites in the order of the network, each with every application by which its people talk.
    fn rows(
        &self,
        state: &State,
        met: impl Iterator<Item = (usize, Vec<Option<GateHour>>)>,
    ) -> Vec<GateRow> {
        let network = &self.plane.network;
        let mut rows: BTreeMap<(usize, usize), (GateRow, BTreeSet<String>)> = BTreeMap::new();
        for (at, hours) in met {
            let talk = &self.base.prepared.talks[at];
            let group = network.groups.get(&talk.about.demand.group);
            let segment = group.and_then(|g| network.segments.get(&g.segment));
            let Some((group, segment)) = group.zip(segment) else {
                continue;
            };
            let Some(position) = network.sites.position(&segment.site) else {
                continue;
            };
            let label = network.sites.get(&segment.site).map(|s| s.label.clone());
            let (row, groups) = rows.entry((position, talk.application)).or_insert_with(|| {
                let row = GateRow {
                    state: state.index,
                    site: segment.site.to_string(),
                    label: label.unwrap_or_default(),
                    application: talk.about.application.label.clone(),
                    users: 0,
                    hours: vec![None; HOURS],
                };
                (row, BTreeSet::new())
            });
            if groups.insert(group.id.to_string()) {
                row.users += group.count;
            }
            for (there, new) in row.hours.iter_mut().zip(hours) {
                let replaces = match (&there, &new) {
                    (Some(old), Some(new)) => worse(new, old),
                    (None, Some(_)) => true,
                    _ => false,
                };
                if replaces {
                    *there = new;
                }
            }
        }
        rows.into_values().map(|(row, _)| row).collect()
    }

    /// One finding for each application and link that spoils the talk of sites.
    fn findings(&self, rows: &[GateRow]) -> Vec<Finding> {
        let mut spoiled: BTreeMap<(String, String), Vec<&GateRow>> = BTreeMap::new();
        for row in rows {
            if let Some((_, met)) = row.worst()
                && met.verdict == GateVerdict::Fail
            {
                let key = (met.hop.clone(), row.application.en.clone());
                spoiled.entry(key).or_default().push(row);
            }
        }
        let found = spoiled.into_iter();
        found
            .filter_map(|((hop, _), rows)| self.finding(&hop, &rows))
            .collect()
    }

    fn finding(&self, hop: &str, rows: &[&GateRow]) -> Option<Finding> {
        let link = self.links.iter().find(|l| l.id.as_str() == hop)?;
        let first = rows.first()?;
        let (hour, met) = first.worst()?;
        Some(Finding {
            code: Code::MeetingGate,
            severity: Code::MeetingGate.severity(),
            first: first.state,
            last: first.state,
            rule: None,
            subject: link.label.clone(),
            place: link.place.clone(),
            evidence: Evidence::Gate {
                application: first.application.clone(),
                sites: rows.iter().map(|r| named(r)).collect(),
                users: rows.iter().map(|r| r.users).sum(),
                hop: hop.to_owned(),
                hour,
                met: met.clone(),
            },
        })
    }
}

/// A site by its label, or its name where it has none.
fn named(row: &GateRow) -> Text {
    match row.label.en.is_empty() {
        true => Text::same(row.site.as_str()),
        false => row.label.clone(),
    }
}

/// What crosses each direction of a line on an ordinary day.
fn crossing(base: &Base<'_>) -> BTreeMap<LinkWay, BTreeMap<Kind, Hours>> {
    let mut out: BTreeMap<LinkWay, BTreeMap<Kind, Hours>> = BTreeMap::new();
    for (resource, parts) in base.ledger.resources.iter().zip(&base.parts) {
        let (ResourceKind::Link, link, forward) = resource.key else {
            continue;
        };
        let kinds = out.entry(LinkWay { link, forward }).or_default();
        for (at, part) in parts {
            let talk = &base.prepared.talks[*at as usize];
            let amount = talk.spending[0].amount(part.information, part.what);
            let key = (talk.application, part.information, part.what);
            kinds.entry(key).or_default().add(amount, part.share);
        }
    }
    out
}

/// Traffic on a line, gathered.
#[derive(Debug, Default)]
struct Mix {
    /// Talk: bit/s, and packets a second.
    talk: (f64, f64),
    /// Everything else that comes at random, bit/s.
    smooth: f64,
    bursts: Vec<Bursts>,
    /// Of everything but talk: bit/s, packets a second, and packets × size².
    cross: (f64, f64, f64),
}

impl Mix {
    fn add(
        &mut self,
        application: &Application,
        (information, what): (Information, What),
        load: f64,
    ) {
        let packets: Packets = application.nature.packets.unwrap_or_default();
        let bits = packets.bytes * 8.0;
        if application.nature.realtime.is_some() && information == Information::Raw {
            self.talk.0 += load;
            self.talk.1 += load / bits;
            return;
        }
        self.cross.0 += load;
        self.cross.1 += load / bits;
        self.cross.2 += load * bits * (1.0 + packets.variation);
        let towards = what == What::Down && information == Information::Raw;
        match bursts(application, load).filter(|_| towards) {
            Some(bursts) => self.bursts.push(bursts),
            None => self.smooth += load,
        }
    }

    fn hop(&self, link: &Link, rate: f64, priority: bool) -> Hop {
        let mean = |(bits, packets): (f64, f64)| {
            if packets > 0.0 {
                bits / packets
            } else {
                Packets::default().bytes * 8.0
            }
        };
        let class = mean(self.talk);
        let cross = mean((self.cross.0, self.cross.1));
        let variation = if self.cross.1 > 0.0 {
            (self.cross.2 / self.cross.1 / (cross * cross) - 1.0).clamp(0.0, 100.0)
        } else {
            0.0
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 50 and 500"
        )]
        let places = (BUFFER * rate / cross.max(class)).clamp(50.0, 500.0) as u32;
        let bursts = match &self.bursts[..] {
            [] => None,
            [one] => Some(*one),
            several => Bursts::blended(several).ok(),
        };
        let all = self.talk.0 + self.cross.0;
        Hop {
            line: rate,
            propagation: link.delay.get(),
            line_loss: link.loss.get(),
            // An endless queue says the same where nothing overflows, and says it faster.
            places: (bursts.is_some() || all > 0.95 * rate).then_some(places),
            class: Class {
                rate: self.talk.0,
                packet: class,
                streams: None,
            },
            cross: Cross {
                smooth: self.smooth,
                bursts,
                packet: cross,
                variation,
            },
            priority,
        }
    }
}

/// The users of a bursty application whose traffic is a load; `None` where it says nothing of bursts, or where they
/// are no bursts.
fn bursts(application: &Application, load: f64) -> Option<Bursts> {
    let said = application.nature.bursts?;
    let used = application
        .direct
        .as_ref()
        .or(application.screen.as_ref())?;
    let (mean, peak) = (used.down.get(), said.peak.get());
    let activity = mean / peak;
    let sources = (load / mean).round().clamp(1.0, 1e6);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 10⁶"
    )]
    let bursts = Bursts {
        sources: sources as u32,
        // A whole number of users carries the same load.
        peak: load / sources / activity,
        on: said.on.get(),
        activity,
    };
    let makes_sense = mean > 0.0 && activity > 0.0 && activity < 1.0 && said.on.get() > 0.0;
    makes_sense.then_some(bursts)
}

/// By how much of the rule for Web meetings each figure is, and which is furthest spent.
fn furthest(path: &Path) -> (&'static str, Option<usize>) {
    let Limits {
        loss,
        jitter,
        delay,
        ..
    } = WEB_MEETING;
    let parts = [
        (path.loss / loss, "loss"),
        (path.jitter / jitter, "jitter"),
        (path.delay / delay, "delay"),
    ];
    let most = parts
        .into_iter()
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    let spent = most.map_or("delay", |(_, word)| word);
    let hop = path.most.map(|m| match spent {
        "loss" => m.loss,
        "jitter" => m.jitter,
        _ => m.delay,
    });
    (spent, hop)
}

fn verdict(path: &Path) -> GateVerdict {
    if WEB_MEETING.judge(path).all() == Held::Broken {
        GateVerdict::Fail
    } else if CLIENT_TO_EDGE.judge(path).all() == Held::Broken {
        GateVerdict::Strained
    } else {
        GateVerdict::Pass
    }
}

/// Whether one is worse than another.
fn worse(one: &GateHour, other: &GateHour) -> bool {
    let spent = |m: &GateHour| {
        let parts = [
            m.loss / WEB_MEETING.loss,
            m.jitter.get() / WEB_MEETING.jitter,
            m.delay.get() / WEB_MEETING.delay,
        ];
        parts.into_iter().fold(0.0, f64::max)
    };
    (one.verdict, spent(one)) > (other.verdict, spent(other))
}

const fn word(model: Model) -> &'static str {
    match model {
        Model::Poisson => "poisson",
        Model::Priority => "priority",
        Model::Periodic => "periodic",
        Model::Burst => "burst",
        Model::Saturated => "saturated",
    }
}
