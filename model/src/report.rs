//! Everything that one run found: what text, JSON, charts and exit code are made from.

use crate::circumstance::{Circumstance, Failure};
use crate::demand::{HOURS, ResourceKind};
use crate::finding::{Finding, LoadPart, Severity};
use crate::migration::{Migration, Model, State, StepId};
use crate::risk::AttackRow;
use crate::rule::{Level, Provenance, RuleId};
use crate::text::Text;
use crate::units::{BitRate, Latency, Utilisation};
use serde::Serialize;
use std::cmp::Ordering;

/// The answer to one rule in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Shown to hold for every packet, from the configuration alone.
    Proved,
    /// Holds if what the scenario attests is true; no packet can show it.
    Attested,
    /// Hangs on something that cannot be judged offline.
    Undetermined,
    /// Does not hold.
    Broken,
}

/// A rule as the report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// Its id.
    pub id: RuleId,
    /// What it says.
    pub label: Text,
    /// How binding.
    pub level: Level,
    /// Where it comes from.
    pub source: String,
    /// How far that can be relied on.
    pub provenance: Provenance,
    /// One verdict for each state; `None` where the rule does not apply.
    pub verdicts: Vec<Option<Verdict>>,
}

/// A state as the report names it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateRow {
    /// Index, 0 is today.
    pub index: usize,
    /// The id of the step it follows.
    pub step: StepId,
    /// What people call it.
    pub label: Text,
    /// The model it is built after.
    pub model: Model,
    /// The day it begins.
    pub date: crate::date::Date,
}

/// How many states a step passes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StepStates {
    /// Index of the state after the step.
    pub state: usize,
    /// States that its order allows, the one before and the one after it among them; `u128::MAX` stands
    /// for that many or more.
    pub states: u128,
    /// Parts in which they were looked at, each as a whole.
    pub parts: usize,
    /// Whether these are the states of going back from the state after the step, where it says what is done
    /// for that.
    pub back: bool,
}

/// The load on one resource in one state, hour by hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadRow {
    /// Index of the state.
    pub state: usize,
    /// Name of the link, node or pool.
    pub resource: String,
    /// What people call it.
    pub label: Text,
    /// Its kind.
    pub kind: ResourceKind,
    /// For links: from which node to which.
    pub direction: Option<(String, String)>,
    /// Capacity in the unit of the kind.
    pub capacity: f64,
    /// Load in that unit, for each hour from 0.
    pub offered: [f64; HOURS],
    /// What it consists of in the busiest hour, largest first.
    pub parts: Vec<LoadPart>,
    /// The planning limit that applies.
    pub warn: Utilisation,
    /// The hard limit that applies.
    pub full: Utilisation,
    /// The circumstances under which it is fuller than above, the worst first, at most [`WORST`].
    pub worst: Vec<Case>,
    /// How long files or messages wait; `None` of what has no queue.
    pub queue: Option<Queue>,
}

/// The share of files or messages that wait no longer than [`Waiting::most`] says.
pub const WAIT_LEVEL: f64 = 0.95;

/// How long files or messages wait before work on them begins, in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Waiting {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// On the mean.
    pub mean: Latency,
    /// What [`WAIT_LEVEL`] of them wait at most.
    pub most: Latency,
    /// How many are left over at the end of the hour because more came than got done.
    pub backlog: f64,
}

/// The queue of a sanitiser or mail relay through a day that begins with nothing left over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queue {
    /// Every hour from 0.
    pub hours: Vec<Waiting>,
    /// The wait that the scenario allows, if it says so.
    pub limit: Option<Latency>,
}

impl Waiting {
    /// The hour with the longest wait (the first of equals).
    #[must_use]
    pub fn longest(hours: &[Self]) -> Option<Self> {
        let hours = hours.iter().copied();
        let longer = |a: &Self, b: &Self| (a.most, a.mean) > (b.most, b.mean);
        hours.reduce(|best, other| if longer(&other, &best) { other } else { best })
    }
}

/// So many circumstances are kept of one resource.
pub const WORST: usize = 10;

/// The load on a resource under a circumstance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The circumstance.
    pub circumstance: Circumstance,
    /// Its busiest hour, 0 to 23.
    pub hour: u8,
    /// Load in that hour, in the unit of the kind.
    pub offered: f64,
    /// What is left of the capacity.
    pub capacity: f64,
    /// Of what has a queue the hour with the longest wait.
    pub waiting: Option<Waiting>,
}

impl Case {
    /// Load by what is left of the capacity; infinite where there is load and nothing is left.
    #[must_use]
    pub fn utilisation(&self) -> Utilisation {
        Utilisation::of(self.offered, self.capacity)
    }
}

/// Share of packets that a Web meeting may lose (requirement WQ-1 of the ministry's guide).
pub const MEETING_LOSS: f64 = 0.01;

/// Jitter that a Web meeting bears, s (as [`MEETING_LOSS`]).
pub const MEETING_JITTER: f64 = 0.030;

/// One-way delay that a Web meeting bears, s (as [`MEETING_LOSS`]).
pub const MEETING_DELAY: f64 = 0.150;

/// How good talk is in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateVerdict {
    /// Within every limit.
    Pass,
    /// Within 1 %, 30 ms and 150 ms, but not within what Microsoft asks for up to its edge.
    Strained,
    /// Beyond 1 % of loss, 30 ms of jitter or 150 ms of delay (requirement WQ-1).
    Fail,
}

/// What talk meets on its way in one hour, in the worse of the two directions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateHour {
    /// Share of packets lost.
    pub loss: f64,
    /// What 99 of 100 packets wait at most beyond the shortest possible.
    pub jitter: Latency,
    /// Mean one-way delay.
    pub delay: Latency,
    /// Against the limits.
    pub verdict: GateVerdict,
    /// Name of the link that spends most of what is furthest spent.
    pub hop: String,
    /// Whether it is lost, jitter or delay that is furthest spent: `loss`, `jitter` or `delay`.
    pub spent: &'static str,
    /// The model that gave the figures of that link: `poisson`, `priority`, `periodic`, `burst` or `saturated`.
    pub model: &'static str,
    /// What is met of it beyond the body's own edge.
    pub beyond: GateBeyond,
    /// Which of the limits of Microsoft's profile is furthest spent.
    pub strict: GateStrict,
}

/// What talk meets beyond the body's own edge: on the lines at the far end of its way that lead to nodes outside, the line
/// from the body's last node included. All of it 0 where the way ends within the body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct GateBeyond {
    /// Share of packets lost.
    pub loss: f64,
    /// What 99 of 100 packets wait there at most.
    pub jitter: Latency,
    /// Mean one-way delay.
    pub delay: Latency,
}

/// The part of a way that limits of Microsoft's profile speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GatePart {
    /// From the client to the edge of Microsoft's network: the whole way.
    ClientToEdge,
    /// From the body's own edge to the edge of Microsoft's network: [`GateBeyond`].
    EdgeToEdge,
}

/// The limit of Microsoft's profile that is furthest spent, of the three for each part (of equals the first).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GateStrict {
    /// For which part.
    pub part: GatePart,
    /// Of what: `loss`, `jitter` or `delay`.
    pub limit: &'static str,
    /// By how many times it is spent; 1 and more is too much.
    pub used: f64,
}

impl GateHour {
    /// What makes one hour worse than another: the verdict, then by how much of the rule for Web meetings
    /// ([`MEETING_LOSS`], [`MEETING_JITTER`], [`MEETING_DELAY`]) is spent what is [`furthest`] spent.
    #[must_use]
    pub fn key(&self) -> (GateVerdict, f64) {
        let met = [self.loss, self.jitter.get(), self.delay.get()];
        let (_, most) = furthest(met, [MEETING_LOSS, MEETING_JITTER, MEETING_DELAY]);
        (self.verdict, most)
    }
}

/// Which of lost packets, jitter and delay (given in this order; times in seconds) uses most of its limit (`loss`, `jitter`
/// or `delay`, the first of equals), and how many times the limit that is.
#[must_use]
pub fn furthest(met: [f64; 3], limits: [f64; 3]) -> (&'static str, f64) {
    let spent = |at: usize| met[at] / limits[at];
    let others = [("jitter", spent(1)), ("delay", spent(2))].into_iter();
    let loss = ("loss", spent(0));
    others.fold(loss, |most, part| if part.1 > most.1 { part } else { most })
}

/// Whether people at a site can talk, hour by hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateRow {
    /// Index of the state.
    pub state: usize,
    /// Name of the site.
    pub site: String,
    /// What people call it.
    pub label: Text,
    /// The application's label.
    pub application: Text,
    /// Terminals at the site from which it is used.
    pub users: u32,
    /// For each hour from 0; `None` where nobody talks.
    pub hours: Vec<Option<GateHour>>,
    /// Where it is worst on another kind of day or when something has failed; `None` where it is nowhere worse than in `hours`, or
    /// no other circumstance was looked at.
    pub worse: Option<GateCase>,
    /// The failures that cut talk off altogether, if any do.
    pub cut: Option<GateCut>,
}

/// What talk meets under another circumstance than an ordinary day with everything up, in its worst hour.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateCase {
    /// The circumstance.
    pub circumstance: Circumstance,
    /// The worst hour, from 0 (the first of equals).
    pub hour: u8,
    /// What is met in it.
    pub met: GateHour,
}

/// Failures after which nobody at a site can talk at all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateCut {
    /// How many failures do that.
    pub failures: usize,
    /// The first of them.
    pub first: Failure,
}

impl GateRow {
    /// The worst hour (the first of equals) and what is met in it.
    #[must_use]
    pub fn worst(&self) -> Option<(u8, &GateHour)> {
        let hours = (0u8..).zip(&self.hours);
        let talked = hours.filter_map(|(h, met)| Some((h, met.as_ref()?)));
        talked.reduce(|best, other| {
            if other.1.key() > best.1.key() {
                other
            } else {
                best
            }
        })
    }
}

/// What stands for a node's name in the logs of hosts under EDR.
pub const EDR: &str = "EDR";

/// What a node writes of logs on an ordinary day with everything up, or all hosts under EDR ([`EDR`]) of themselves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogRow {
    /// Index of the state.
    pub state: usize,
    /// Name of the node.
    pub resource: String,
    /// What people call it.
    pub label: Text,
    /// Bytes in each hour from 0.
    pub by_hour: [f64; HOURS],
    /// For how many days they are kept, where that is said.
    pub days: Option<u32>,
}

impl LogRow {
    /// Bytes a day.
    #[must_use]
    pub fn per_day(&self) -> f64 {
        self.by_hour.iter().sum()
    }

    /// Bytes that are kept when every day is like this one, where it is said how long.
    #[must_use]
    pub fn storage(&self) -> Option<f64> {
        self.days.map(|days| self.per_day() * f64::from(days))
    }
}

/// What is lost when something fails: nobody can use it, and it loads nothing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outage {
    /// Index of the state.
    pub state: usize,
    /// What has failed.
    pub failure: Failure,
    /// People who lose something: of each host group the largest share that any of its demands loses.
    pub users: f64,
    /// What they lose: names of the applications, in the order of the scenario.
    pub applications: Vec<Text>,
    /// Rate that does not come through, both directions, in its busiest hour.
    pub rate: BitRate,
}

impl Outage {
    /// The graver first: what more people lose, then what loses more traffic.
    #[must_use]
    pub fn graver(&self, other: &Self) -> Ordering {
        let by_users = other.users.total_cmp(&self.users);
        by_users.then(other.rate.get().total_cmp(&self.rate.get()))
    }
}

impl LoadRow {
    /// Labels of the applications that load it.
    pub fn applications(&self) -> impl Iterator<Item = &Text> {
        let parts = self.parts.iter().filter(|part| part.offered > 0.0);
        parts.map(|part| &part.application)
    }

    /// The limit that holds under a circumstance: the hard one when something has failed, the planning one on any kind of day
    /// with everything up.
    #[must_use]
    pub const fn limit(&self, under: &Circumstance) -> Utilisation {
        match under.failure {
            Some(_) => self.full,
            None => self.warn,
        }
    }

    /// The busiest hour (the first of equals) and its utilisation.
    #[must_use]
    pub fn busiest(&self) -> (u8, Utilisation) {
        let mut best = (0u8, f64::MIN);
        for (hour, load) in (0u8..).zip(self.offered) {
            if load > best.1 {
                best = (hour, load);
            }
        }
        (best.0, Utilisation::of(best.1.max(0.0), self.capacity))
    }
}

/// What changes the peak of a resource from one state to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseRow {
    /// Index of the later state.
    pub state: usize,
    /// The kind of the resource.
    pub kind: ResourceKind,
    /// Name of the link or node.
    pub resource: String,
    /// For links: from which node to which.
    pub direction: Option<(String, String)>,
    /// In which order the causes were tried.
    pub order: CauseOrder,
    /// Each cause with what it adds, in the unit of the kind, in that order; they add up to the difference.
    pub causes: Vec<(Text, f64)>,
}

/// In which order the lines of a plan are tried to tell what each adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseOrder {
    /// What only adds first, what only takes away last, else that of the plan.
    AddedFirst,
    /// That of the plan.
    Plan,
}

/// Everything that one run found.
#[derive(Debug, Clone)]
pub struct Report {
    /// Title of the scenario.
    pub title: Text,
    /// Today and the state after every step, with their networks.
    pub states: Vec<State>,
    /// Every rule with its verdicts.
    pub rules: Vec<RuleRow>,
    /// Every finding: errors first, then by state, code and place.
    pub findings: Vec<Finding>,
    /// How many states each step passes through.
    pub between: Vec<StepStates>,
    /// Attack paths, for every rule about a risk in every state in which it applies.
    pub attacks: Vec<AttackRow>,
    /// Every load, by state, then kind, then resource in the order of the scenario.
    pub loads: Vec<LoadRow>,
    /// What is lost when something fails, by state, then in the order of the failures; of more than 4,096 in
    /// one state, the gravest.
    pub outages: Vec<Outage>,
    /// Whether people can talk: by state, then site, then application.
    pub gates: Vec<GateRow>,
    /// What nodes log, by state, then in the order of the network.
    pub logs: Vec<LogRow>,
    /// What changes loads from one state to the next, for the resources for which that was asked.
    pub causes: Vec<CauseRow>,
    /// Failures that were looked at, of all states together.
    pub failures: usize,
    /// General business terminals in today's network: what the move is about.
    pub terminals: u64,
}

impl Report {
    /// The states of a migration, with nothing asked of them.
    #[must_use]
    pub fn unasked(migration: &Migration) -> Self {
        Self {
            title: migration.title.clone(),
            states: migration.states.clone(),
            rules: Vec::new(),
            findings: Vec::new(),
            between: Vec::new(),
            attacks: Vec::new(),
            loads: Vec::new(),
            outages: Vec::new(),
            gates: Vec::new(),
            logs: Vec::new(),
            causes: Vec::new(),
            failures: 0,
            terminals: 0,
        }
    }

    /// The states as rows.
    pub fn rows(&self) -> impl Iterator<Item = StateRow> + '_ {
        self.states.iter().map(|s| StateRow {
            index: s.index,
            step: s.step.clone(),
            label: s.label.clone(),
            model: s.model,
            date: s.date,
        })
    }

    /// States strictly between the state before a step and the one after it, of all steps together;
    /// `u128::MAX` stands for that many or more.
    #[must_use]
    pub fn states_between(&self) -> u128 {
        let between = self.between.iter().map(|s| s.states.saturating_sub(2));
        between.fold(0, u128::saturating_add)
    }

    /// How many findings of that severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }
}
