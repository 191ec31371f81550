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
//! [`mix::BUFFER`] of the line's rate, an assumption.

mod mix;

use super::amount::{Hours, What};
use super::conversation::Information;
use super::worst::Base;
use crate::plane::lines::lines;
use crate::plane::spread::spread;
use crate::plane::step::answer;
use crate::plane::{LinkWay, Plane};
use crate::quality::hop::{Hop, Model, Passage};
use crate::quality::path::{CLIENT_TO_EDGE, Held, Most, Path, WEB_MEETING, path};
use mix::{Mix, bits};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use utsushi_model::demand::{Application, HOURS, ResourceKind};
use utsushi_model::finding::{Code, Evidence, Finding};
use utsushi_model::migration::State;
use utsushi_model::network::Link;
use utsushi_model::report::{GateHour, GateRow, GateVerdict};
use utsushi_model::text::Text;
use utsushi_model::units::Latency;

/// The share of packets that jitter speaks of.
const LEVEL: f64 = 0.99;

/// Where what packets wait on all lines together is less, s, nobody notices: a third of the rule for Web meetings.
const SMALL: f64 = 0.010;

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
    let met = gate.talks(&talking);
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
    /// For each line in each hour, with and without priority, which of `met` a packet meets.
    hops: BTreeMap<(LinkWay, bool), Vec<Option<usize>>>,
    /// What packets meet on lines, each kind once: lines that are alike are many.
    met: Vec<Met>,
}

/// What packets meet on a line.
struct Met {
    passage: Passage,
    /// What [`LEVEL`] of them wait at most, s.
    wait: f64,
}

/// A direction of a line, crossed with or without priority.
type Crossing = (LinkWay, bool);

/// A way over all legs: its lines with what is met on each.
type Crossed = Vec<(LinkWay, usize)>;

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
            met: Vec::new(),
        };
        let found = talking.par_iter().map(|at| (*at, gate.ways_of(*at)));
        gate.ways = found.collect();
        gate.meet();
        gate
    }

    /// Looks at every line that is crossed, lines and hours that are alike once.
    fn meet(&mut self) {
        let mut wanted: BTreeSet<(LinkWay, bool)> = BTreeSet::new();
        for (at, ways) in &self.ways {
            let lines = ways.up.iter().chain(&ways.down).flatten().flatten();
            wanted.extend(lines.map(|line| (*line, self.first(*at))));
        }
        let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut kinds: Vec<Hop> = Vec::new();
        let mut places: Vec<(Crossing, Vec<Option<usize>>)> = Vec::new();
        for key in wanted {
            let hours = (0..HOURS).map(|hour| {
                let hop = self.hop(key, hour)?;
                let next = kinds.len();
                let at = *known.entry(bits(&hop)).or_insert(next);
                if at == next {
                    kinds.push(hop);
                }
                Some(at)
            });
            let hours = hours.collect();
            places.push((key, hours));
        }
        let met: Vec<Option<Met>> = kinds
            .par_iter()
            .map(|hop| {
                let passage = hop.passage().ok()?;
                let wait = passage.wait.percentile(LEVEL).ok()?;
                Some(Met { passage, wait })
            })
            .collect();
        let mut position = vec![None; met.len()];
        for (at, one) in met.into_iter().enumerate() {
            if let Some(one) = one {
                position[at] = Some(self.met.len());
                self.met.push(one);
            }
        }
        for (key, hours) in places {
            let hours = hours.into_iter().map(|at| position[at?]).collect();
            self.hops.insert(key, hours);
        }
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
            let (mut up, mut down) = (Vec::new(), Vec::new());
            for packet in &prepared.passages[*course].examples {
                up.extend(lines(self.plane, leg.course.from, *packet, &[]));
                let there = spread(self.plane, leg.course.from, *packet, &[]);
                for (segment, seen, _) in &there.arrived {
                    let back = lines(self.plane, *segment, answer(seen), &there.sessions);
                    down.extend(back);
                }
            }
            for (found, all) in [(up, &mut ways.up), (down, &mut ways.down)] {
                let mut each: Vec<Vec<LinkWay>> = Vec::new();
                found.into_iter().for_each(|way| {
                    if !each.contains(&way) {
                        each.push(way);
                    }
                });
                all.push(each);
            }
        }
        ways
    }

    /// A line as it is in an hour; `None` for one that carries nothing at all.
    fn hop(&self, (line, priority): (LinkWay, bool), hour: usize) -> Option<Hop> {
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
                let kind = (*information, *what);
                mix.add(self.application(*application), kind, (priority, load));
            }
        }
        Some(mix.hop(link, rate, priority))
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

    /// What every talk meets in each hour in which there is any of it; ways that are alike are looked at once.
    fn talks(&self, talking: &[usize]) -> Vec<Vec<Option<GateHour>>> {
        let crossed: Vec<Vec<[Option<Crossed>; 2]>> =
            talking.par_iter().map(|at| self.crossed(*at)).collect();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut kinds: Vec<Vec<usize>> = Vec::new();
        for way in crossed.iter().flatten().flatten().flatten() {
            let key: Vec<usize> = way.iter().map(|(_, met)| *met).collect();
            let next = kinds.len();
            if *known.entry(key.clone()).or_insert(next) == next {
                kinds.push(key);
            }
        }
        let paths: Vec<Option<Path>> = kinds.par_iter().map(|way| self.path(way)).collect();
        let hour = |way: &Crossed| -> Option<GateHour> {
            let key: Vec<usize> = way.iter().map(|(_, met)| *met).collect();
            Some(self.told(way, paths[*known.get(&key)?].as_ref()?))
        };
        let worst = |both: &[Option<Crossed>; 2]| {
            let both = both.iter().flatten().filter_map(hour);
            both.reduce(|a, b| if worse(&b, &a) { b } else { a })
        };
        let talks = crossed.iter();
        talks
            .map(|hours| hours.iter().map(worst).collect())
            .collect()
    }

    /// The lines that a talk crosses in each hour, there and back.
    fn crossed(&self, at: usize) -> Vec<[Option<Crossed>; 2]> {
        let talk = &self.base.prepared.talks[at];
        let spending = talk.spending[0].traffic(Information::Raw);
        let hour = |hour: usize| {
            let some = spending.up.0[hour] + spending.down.0[hour] > NOTHING;
            match self.ways.get(&at).filter(|_| some) {
                Some(ways) => {
                    [&ways.up, &ways.down].map(|legs| self.way(legs, self.first(at), hour))
                }
                None => [None, None],
            }
        };
        (0..HOURS).map(hour).collect()
    }

    /// The way over all legs, each by the slowest of its equal ways.
    fn way(&self, legs: &[Vec<Vec<LinkWay>>], first: bool, hour: usize) -> Option<Crossed> {
        let mut crossed = Crossed::new();
        for ways in legs {
            let met = |way: &Vec<LinkWay>| -> Crossed {
                let each = way.iter().filter_map(|line| {
                    let at = self.hops.get(&(*line, first))?[hour]?;
                    Some((*line, at))
                });
                each.collect()
            };
            let time = |way: &Crossed| -> f64 {
                let met = way.iter().map(|(_, at)| &self.met[*at]);
                met.map(|m| m.passage.delay() + m.passage.loss + m.wait)
                    .sum()
            };
            let ways = ways.iter().map(met);
            crossed.extend(ways.reduce(|a, b| if time(&b) > time(&a) { b } else { a })?);
        }
        Some(crossed)
    }

    /// Delay, jitter and loss of a way. Where even the sum of what packets wait on each line is small, it stands for the
    /// jitter, of which it is an upper value.
    fn path(&self, way: &[usize]) -> Option<Path> {
        let met = || way.iter().map(|at| &self.met[*at]);
        let sum: f64 = met().map(|m| m.wait).sum();
        let most = |value: fn(&Met) -> f64| {
            let values = met().map(value).enumerate();
            values
                .reduce(|a, b| if b.1 > a.1 { b } else { a })
                .map(|(i, _)| i)
        };
        if sum > SMALL {
            let hops: Vec<Passage> = met().map(|m| m.passage.clone()).collect();
            return path(&hops, LEVEL).ok();
        }
        let kept: f64 = met().map(|m| 1.0 - m.passage.loss).product();
        Some(Path {
            delay: met().map(|m| m.passage.delay()).sum(),
            jitter: sum,
            jitter_bound: sum,
            loss: 1.0 - kept,
            most: most(|m| m.passage.delay())
                .zip(most(|m| m.wait))
                .zip(most(|m| m.passage.loss))
                .map(|((delay, jitter), loss)| Most {
                    delay,
                    jitter,
                    loss,
                }),
        })
    }

    fn told(&self, way: &Crossed, whole: &Path) -> GateHour {
        let (spent, hop) = furthest(whole);
        // Those who meet no line at all, such as neighbours of a relay, meet nothing on it.
        let hop = hop.and_then(|i| way.get(i));
        GateHour {
            loss: whole.loss,
            jitter: Latency::new(whole.jitter),
            delay: Latency::new(whole.delay),
            verdict: verdict(whole),
            hop: hop.map_or_else(String::new, |(line, _)| {
                self.links[line.link].id.to_string()
            }),
            spent,
            model: hop.map_or("poisson", |(_, met)| word(self.met[*met].passage.model)),
        }
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
        let all = rows.iter().filter_map(|row| row.worst());
        let (hour, met) = all.reduce(|a, b| if worse(b.1, a.1) { b } else { a })?;
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

/// What of the rule for Web meetings is furthest spent on a way, and on which of its lines most of that.
fn furthest(path: &Path) -> (&'static str, Option<usize>) {
    let (jitter, delay) = (Latency::new(path.jitter), Latency::new(path.delay));
    let (spent, _) = GateHour::furthest(path.loss, jitter, delay);
    let line = path.most.map(|m| match spent {
        "loss" => m.loss,
        "jitter" => m.jitter,
        _ => m.delay,
    });
    (spent, line)
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
    one.key() > other.key()
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
