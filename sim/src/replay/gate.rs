//! The gate of Web meetings: loss, jitter and delay of talk, site by site and hour by hour.
//!
//! Goes in: what a state spends with everything up. Comes out: a row for each site and application by which people talk,
//! and a finding for each link that spoils it; [`after`] judges the same on other kinds of days and when something has
//! failed. Nothing can go wrong: a formula that means nothing for a line (a
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

mod after;
mod beyond;
mod findings;
mod mix;

use super::amount::{Hours, What};
use super::conversation::Information;
use super::passage;
use super::worst::{Base, Others, Part};
use crate::plane::lines::lines;
use crate::plane::spread::spread;
use crate::plane::step::answer;
use crate::plane::{LinkWay, Plane};
use crate::quality::hop::{Hop, Model, Passage};
use crate::quality::path::{Most, Path, WEB_MEETING, path};
pub(super) use after::{Fate, Worst};
use beyond::{strict, verdict};
use mix::{Mix, bits};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use utsushi_model::demand::{HOURS, ResourceKind};
use utsushi_model::finding::Finding;
use utsushi_model::migration::State;
use utsushi_model::network::{HostGroup, Link, Segment};
use utsushi_model::report::{GateBeyond, GateHour, GateRow};
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

impl Ways {
    /// Every direction of a link on any of them.
    fn lines(&self) -> impl Iterator<Item = LinkWay> + '_ {
        self.up
            .iter()
            .chain(&self.down)
            .flatten()
            .flatten()
            .copied()
    }
}

/// Where talk is judged: position of a site, and of an application.
pub(super) type Seat = (usize, usize);

/// Under which circumstance talk is looked at.
struct When<'g> {
    plane: &'g Plane,
    /// Position of the day.
    day: usize,
    /// Links of which a part is left.
    left: &'g [(usize, f64)],
    /// What becomes of courses otherwise than with everything up.
    again: Option<&'g HashMap<usize, passage::Passage>>,
}

/// Talk under a circumstance, and what it meets.
pub(super) struct Gate<'g> {
    base: &'g Base<'g>,
    when: When<'g>,
    links: Vec<&'g Link>,
    /// What crosses each direction of a line, by application.
    crossing: BTreeMap<LinkWay, BTreeMap<Kind, Hours>>,
    ways: BTreeMap<usize, Ways>,
    /// For each line in each hour, with and without priority, which of `met` a packet meets.
    hops: BTreeMap<(LinkWay, bool), Vec<Option<usize>>>,
    /// What packets meet on lines, each kind once: lines that are alike are many.
    met: Vec<Arc<Met>>,
    memo: Arc<Memo>,
    /// Every talk in real time, also such as come about only when something fails, and where it is judged.
    seats: Vec<(usize, Seat)>,
    /// What is met, by site and application.
    rows: BTreeMap<Seat, GateRow>,
}

/// So many are kept: failures of a large network make more than memory is for.
const KEPT: usize = 1 << 17;

/// What packets meet on lines, as far as it has been worked out; it depends on nothing but the line and what crosses it.
#[derive(Default)]
struct Memo(Mutex<HashMap<Vec<u64>, Option<Arc<Met>>>>);

impl Memo {
    fn met(&self, hop: &Hop) -> Option<Arc<Met>> {
        let key = bits(hop);
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(met) = known().get(&key) {
            return met.clone();
        }
        let find = || {
            let passage = hop.passage().ok()?;
            let wait = passage.wait.percentile(LEVEL).ok()?;
            Some(Arc::new(Met { passage, wait }))
        };
        let met = find();
        let mut known = known();
        if known.len() < KEPT {
            known.insert(key, met.clone());
        }
        met
    }
}

/// What packets meet on a line.
struct Met {
    passage: Passage,
    /// What [`LEVEL`] of them wait at most, s.
    wait: f64,
}

/// A direction of a line, crossed with or without priority.
type Crossing = (LinkWay, bool);

/// Lines with what is met on each.
type Lines = Vec<(LinkWay, usize)>;

/// A way over all legs.
struct Crossed {
    /// Its lines.
    lines: Lines,
    /// What is met on those of them that lie beyond the body's own edge.
    beyond: Vec<usize>,
}

impl Crossed {
    fn met(&self) -> Vec<usize> {
        self.lines.iter().map(|(_, met)| *met).collect()
    }
}

impl<'g> Gate<'g> {
    /// Talk on the first day with everything up; `None` where nobody talks.
    pub(super) fn plain(base: &'g Base<'g>, state: &State) -> Option<Self> {
        Self::on(base, 0, state, Arc::default())
    }

    /// Talk on a day with everything up.
    fn on(base: &'g Base<'g>, day: usize, state: &State, memo: Arc<Memo>) -> Option<Self> {
        let talks = base.prepared.talks.iter().enumerate();
        let all: Vec<usize> = talks
            .filter(|(_, talk)| talk.about.application.nature.realtime.is_some())
            .map(|(at, _)| at)
            .collect();
        let some = |at: &usize| base.talks[*at].1 > 0.0;
        let talking: Vec<usize> = all.iter().copied().filter(some).collect();
        if talking.is_empty() {
            return None;
        }
        let when = When {
            plane: base.prepared.plane,
            day,
            left: &[],
            again: None,
        };
        let none = Others::new();
        let crossing = |line| crossing(base, day, line, (&none, &[]));
        let mut gate = Self::new((base, when), &talking, crossing, memo);
        let met = gate.talks(&talking);
        gate.rows = gate.rows(state, talking.iter().copied().zip(met));
        let seats = all
            .into_iter()
            .filter_map(|at| Some((at, gate.seat(at)?.0)));
        gate.seats = seats.collect();
        Some(gate)
    }

    /// What `talking` meets where `crossing` says what crosses a line.
    fn new(
        (base, when): (&'g Base<'g>, When<'g>),
        talking: &[usize],
        crossing: impl Fn(LinkWay) -> BTreeMap<Kind, Hours>,
        memo: Arc<Memo>,
    ) -> Self {
        let mut gate = Self {
            base,
            when,
            links: base.prepared.plane.network.links.iter().collect(),
            crossing: BTreeMap::new(),
            ways: BTreeMap::new(),
            hops: BTreeMap::new(),
            met: Vec::new(),
            memo,
            seats: Vec::new(),
            rows: BTreeMap::new(),
        };
        let found = talking.par_iter().map(|at| (*at, gate.ways_of(*at)));
        gate.ways = found.collect();
        let mut wanted: BTreeSet<Crossing> = BTreeSet::new();
        for (at, ways) in &gate.ways {
            wanted.extend(ways.lines().map(|line| (line, gate.first(*at))));
        }
        let lines: BTreeSet<LinkWay> = wanted.iter().map(|(line, _)| *line).collect();
        gate.crossing = lines.into_iter().map(|l| (l, crossing(l))).collect();
        gate.meet(wanted);
        gate
    }

    /// The rows, with what is worst under other circumstances, and the findings on them.
    pub(super) fn judged(&self, mut worst: Worst) -> (Vec<GateRow>, Vec<Finding>) {
        let rows = self.rows.iter().map(|(seat, row)| {
            let (worse, cut) = worst.0.remove(seat).unwrap_or_default();
            GateRow {
                worse,
                cut,
                ..row.clone()
            }
        });
        let rows: Vec<GateRow> = rows.collect();
        let findings = self.findings(&rows);
        (rows, findings)
    }

    /// Looks at every line that is crossed, lines and hours that are alike once.
    fn meet(&mut self, wanted: BTreeSet<Crossing>) {
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
        let met: Vec<Option<Arc<Met>>> = kinds.par_iter().map(|hop| self.memo.met(hop)).collect();
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
            let again = self.when.again.and_then(|again| again.get(course));
            let plane = self.when.plane;
            for packet in &again.unwrap_or(&prepared.passages[*course]).examples {
                up.extend(lines(plane, leg.course.from, *packet, &[]));
                let there = spread(plane, leg.course.from, *packet, &[]);
                for (segment, seen, _) in &there.arrived {
                    let back = lines(plane, *segment, answer(seen), &there.sessions);
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
        let left = self.when.left.iter().filter(|(l, _)| *l == line.link);
        let left: f64 = left.map(|(_, part)| part).product();
        let members = f64::from(link.members.max(1)) * left;
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
                let application = self.base.prepared.applications[*application];
                mix.add(application, kind, (priority, load));
            }
        }
        Some(mix.hop(link, rate, priority))
    }

    /// What every talk meets in each hour in which there is any of it; ways that are alike are looked at once.
    fn talks(&self, talking: &[usize]) -> Vec<Vec<Option<GateHour>>> {
        let crossed: Vec<Vec<[Option<Crossed>; 2]>> =
            talking.par_iter().map(|at| self.crossed(*at)).collect();
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut kinds: Vec<Vec<usize>> = Vec::new();
        for way in crossed.iter().flatten().flatten().flatten() {
            for key in [way.met(), way.beyond.clone()] {
                let next = kinds.len();
                if *known.entry(key.clone()).or_insert(next) == next {
                    kinds.push(key);
                }
            }
        }
        let paths: Vec<Option<Path>> = kinds.par_iter().map(|way| self.path(way)).collect();
        let path = |key: &Vec<usize>| paths[*known.get(key)?].as_ref();
        let hour = |way: &Crossed| -> Option<GateHour> {
            Some(self.told(way, path(&way.met())?, path(&way.beyond)?))
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
        let spending = talk.spending[self.when.day].traffic(Information::Raw);
        let hour = |hour: usize| {
            let some = spending.up.0[hour] + spending.down.0[hour] > NOTHING;
            match self.ways.get(&at).filter(|_| some) {
                Some(ways) => {
                    let first = self.first(at);
                    [(&ways.up, true), (&ways.down, false)]
                        .map(|(legs, up)| self.way((legs, up), first, hour))
                }
                None => [None, None],
            }
        };
        (0..HOURS).map(hour).collect()
    }

    /// The way over all legs, each by the slowest of its equal ways.
    fn way(
        &self,
        (legs, up): (&[Vec<Vec<LinkWay>>], bool),
        first: bool,
        hour: usize,
    ) -> Option<Crossed> {
        let mut crossed: Vec<Lines> = Vec::new();
        for ways in legs {
            let met = |way: &Vec<LinkWay>| -> Lines {
                let each = way.iter().filter_map(|line| {
                    let at = self.hops.get(&(*line, first))?[hour]?;
                    Some((*line, at))
                });
                each.collect()
            };
            let time = |way: &Lines| -> f64 {
                let met = way.iter().map(|(_, at)| &self.met[*at]);
                met.map(|m| m.passage.delay() + m.passage.loss + m.wait)
                    .sum()
            };
            let ways = ways.iter().map(met);
            crossed.push(ways.reduce(|a, b| if time(&b) > time(&a) { b } else { a })?);
        }
        Some(Crossed {
            beyond: self.beyond(&crossed, up),
            lines: crossed.concat(),
        })
    }

    /// Delay, jitter and loss of a way. Where even the sum of what packets wait on each line is small, it stands for the
    /// jitter, of which it is an upper value.
    fn path(&self, way: &[usize]) -> Option<Path> {
        let met = || way.iter().map(|at| &*self.met[*at]);
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

    fn told(&self, way: &Crossed, whole: &Path, beyond: &Path) -> GateHour {
        let (spent, hop) = furthest(whole);
        // Those who meet no line at all, such as neighbours of a relay, meet nothing on it.
        let hop = hop.and_then(|i| way.lines.get(i));
        GateHour {
            loss: whole.loss,
            jitter: Latency::new(whole.jitter),
            delay: Latency::new(whole.delay),
            verdict: verdict(whole, beyond),
            hop: hop.map_or_else(String::new, |(line, _)| {
                self.links[line.link].id.to_string()
            }),
            spent,
            model: hop.map_or("poisson", |(_, met)| word(self.met[*met].passage.model)),
            beyond: GateBeyond {
                loss: beyond.loss,
                jitter: Latency::new(beyond.jitter),
                delay: Latency::new(beyond.delay),
            },
            strict: strict(whole, beyond),
        }
    }

    /// Sites in the order of the network, each with every application by which its people talk.
    fn rows(
        &self,
        state: &State,
        met: impl Iterator<Item = (usize, Vec<Option<GateHour>>)>,
    ) -> BTreeMap<Seat, GateRow> {
        let network = &self.when.plane.network;
        let mut rows: BTreeMap<Seat, (GateRow, BTreeSet<String>)> = BTreeMap::new();
        for (at, hours) in met {
            let talk = &self.base.prepared.talks[at];
            let Some((seat, group, segment)) = self.seat(at) else {
                continue;
            };
            let label = network.sites.get(&segment.site).map(|s| s.label.clone());
            let (row, groups) = rows.entry(seat).or_insert_with(|| {
                let row = GateRow {
                    state: state.index,
                    site: segment.site.to_string(),
                    label: label.unwrap_or_default(),
                    application: talk.about.application.label.clone(),
                    users: 0,
                    hours: vec![None; HOURS],
                    worse: None,
                    cut: None,
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
        let rows = rows.into_iter();
        rows.map(|(seat, (row, _))| (seat, row)).collect()
    }

    /// Where a talk is judged, its group and the group's segment.
    fn seat(&self, at: usize) -> Option<(Seat, &'g HostGroup, &'g Segment)> {
        let network = &self.base.prepared.plane.network;
        let talk = &self.base.prepared.talks[at];
        let group = network.groups.get(&talk.about.demand.group)?;
        let segment = network.segments.get(&group.segment)?;
        let site = network.sites.position(&segment.site)?;
        Some(((site, talk.application), group, segment))
    }
}

/// What crosses a line, by kind, on a day on which some talks spend otherwise (`now` on this line).
fn crossing(
    base: &Base<'_>,
    day: usize,
    line: LinkWay,
    (others, now): (&Others, &[Part]),
) -> BTreeMap<Kind, Hours> {
    let mut kinds: BTreeMap<Kind, Hours> = BTreeMap::new();
    let key = (ResourceKind::Link, line.link, line.forward);
    let Some(resource) = base.ledger.position(key) else {
        return kinds;
    };
    let ever = base.parts[resource].iter();
    let ever = ever.filter(|(at, _)| !others.contains_key(at));
    for (at, part) in ever.chain(now) {
        let talk = &base.prepared.talks[*at as usize];
        let amount = talk.spending[day].amount(part.information, part.what);
        let key = (talk.application, part.information, part.what);
        kinds.entry(key).or_default().add(amount, part.share);
    }
    kinds
}

/// What of the rule for Web meetings is furthest spent on a way, and on which of its lines most of that.
fn furthest(path: &Path) -> (&'static str, Option<usize>) {
    let (spent, _) = WEB_MEETING.furthest(path);
    let line = path.most.map(|m| match spent {
        "loss" => m.loss,
        "jitter" => m.jitter,
        _ => m.delay,
    });
    (spent, line)
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
