//! What people need: applications, who uses them how, and how the use runs through the day.
//!
//! A demand is host group × application × hour. It becomes load only on the conversation that the
//! state gives it: the same application spends pixels on a screen-transfer relay in α and sessions on a
//! proxy in β'. Figures are assumptions of the scenario; each carries its source in words.

use crate::circumstance::DayType;
use crate::date::Date;
use crate::id::{Id, Named};
use crate::migration::StepId;
use crate::network::GroupId;
use crate::place::Place;
use crate::policy::Name;
use crate::service::Service;
use crate::text::Text;
use crate::units::{BitRate, Latency, Share, Utilisation};

/// The name of an application.
pub type ApplicationId = Id<Application>;

/// Hours of a day.
pub const HOURS: usize = 24;

/// How use runs through the day: the share of the busiest hour's use in each hour, 0 to 23.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve(pub [Share; HOURS]);

impl Curve {
    /// The same use at every hour.
    #[must_use]
    pub fn flat() -> Self {
        Self([Share::ALL; HOURS])
    }
}

/// What one active user spends on a way.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// Share of the group that is active at once in the busiest hour.
    pub active: Share,
    /// Concurrent sessions of one active user behind the last relay (or to the destination).
    pub sessions: f64,
    /// Rate towards the user.
    pub down: BitRate,
    /// Rate from the user.
    pub up: BitRate,
    /// Where a screen-transfer relay shows it: rate of pixels towards the user.
    pub pixels_down: BitRate,
    /// Where a screen-transfer relay shows it: rate of keys and mouse from the user.
    pub pixels_up: BitRate,
}

/// Files or messages that cross a sanitiser or mail relay.
#[derive(Debug, Clone, PartialEq)]
pub struct FileUse {
    /// Files a day of the whole demand.
    pub per_day: f64,
    /// Mean size in bytes.
    pub bytes: f64,
}

/// The packets an application sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Packets {
    /// Mean size in bytes, headers included.
    pub bytes: f64,
    /// Squared coefficient of variation of the sizes: 0 for packets of one size.
    pub variation: f64,
}

impl Default for Packets {
    /// A mixture often assumed for web traffic: many packets of 1,500 bytes and many small ones. An assumption, no
    /// source: mean 850 bytes, squared coefficient of variation 0.6.
    fn default() -> Self {
        Self {
            bytes: 850.0,
            variation: 0.6,
        }
    }
}

/// How one active user's traffic comes in bursts: exponential on and off times, as on/off models have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// Rate towards the user while something comes.
    pub peak: BitRate,
    /// Mean time for which something comes without a break.
    pub on: Latency,
}

/// Whether talk goes by it, so that loss, jitter and delay decide whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Realtime {
    /// Whether devices send its packets before others.
    pub priority: bool,
}

/// What another kind of day does to the use of an application.
#[derive(Debug, Clone, PartialEq)]
pub struct DayUse {
    /// The kind of day.
    pub day: DayType,
    /// Use in its busiest hour, as a multiple of that of an ordinary day.
    pub times: f64,
    /// How it runs through that day; `None`: as on an ordinary one.
    pub curve: Option<Curve>,
}

/// How many of the users of an application are taken to be active at once.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Concurrency {
    /// As many as are on the mean.
    #[default]
    Mean,
    /// So many as are exceeded in no more of all moments than the rest of this share: each user of a group is active by
    /// chance, independently of the others (binomial law).
    Binomial(Share),
}

/// What is known of an application beyond its volumes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nature {
    /// Its packets; `None`: [`Packets::default`].
    pub packets: Option<Packets>,
    /// How bursty one user's traffic is; `None`: packets are taken to come independently of one another.
    pub bursts: Option<Bursts>,
    /// Whether talk goes by it.
    pub realtime: Option<Realtime>,
    /// Growth of its use per year: 0.1 is ten per cent more each year.
    pub growth: f64,
    /// Which share of its use has come about by which date, in order; in between in proportion, after the last
    /// date as on it, before the first as on it. Empty: all of it.
    pub adoption: Vec<(Date, Share)>,
    /// Other kinds of days.
    pub days: Vec<DayUse>,
    /// How many are active at once.
    pub concurrency: Concurrency,
    /// Log records that a node which logs writes in an hour for each session, or for each file; `None`: not known.
    pub records: Option<f64>,
}

impl Nature {
    /// Whether use changes as years go by.
    #[must_use]
    pub fn grows(&self) -> bool {
        self.growth != 0.0 || !self.adoption.is_empty()
    }

    /// What a kind of day does to its use; `None` for an ordinary day, or where nothing is said.
    #[must_use]
    pub fn on(&self, day: DayType) -> Option<&DayUse> {
        self.days.iter().find(|u| u.day == day)
    }

    /// The share of its use that has come about by a date.
    #[must_use]
    pub fn adopted(&self, date: Date) -> f64 {
        let after = self.adoption.partition_point(|(d, _)| *d <= date);
        let at = |i: usize| self.adoption.get(i).map(|(d, s)| (*d, s.get()));
        match (after.checked_sub(1).and_then(at), at(after)) {
            (None, None) => 1.0,
            (Some((_, share)), None) | (None, Some((_, share))) => share,
            (Some((from, low)), Some((to, high))) => {
                let (gone, all) = (from.days_until(date), from.days_until(to));
                low + (high - low) * f64::from(gone) / f64::from(all.max(1))
            }
        }
    }
}

/// Something people use.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its name.
    pub id: ApplicationId,
    /// What people call it.
    pub label: Text,
    /// What it asks the destination for.
    pub service: Service,
    /// How its use runs through the day.
    pub curve: Curve,
    /// Use when no screen-transfer relay is on the way; `None`: not used so.
    pub direct: Option<Use>,
    /// Use when a screen-transfer relay is on the way; `None`: not used so.
    pub screen: Option<Use>,
    /// What is known of it beyond its volumes.
    pub nature: Nature,
    /// Where the figures come from, with marks such as `[P-15]` or `[A]`.
    pub source: String,
    /// Where it is written.
    pub place: Place,
}

/// The mark of a source, as written (`P-15`).
pub type SourceId = Id<Source>;

/// What a mark in the text of a source stands for: `P-15` of `sessions [P-15]`.
#[derive(Debug, Clone)]
pub struct Source {
    /// The mark, without brackets.
    pub id: SourceId,
    /// Where the figures come from.
    pub text: Text,
    /// Where it is written.
    pub place: Place,
}

impl Named for Source {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Named for Application {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// How much is needed.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// Members of the group use the application; its [`Use`] and the group's count say how much.
    Users,
    /// Files through a sanitiser or mail relay, spread over the day by the application's curve.
    Files(FileUse),
    /// Measured or planned rates and sessions for each hour, as a traffic matrix gives them.
    Measured(Box<[Measured; HOURS]>),
}

/// One hour of a traffic matrix.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// Rate towards the group.
    pub down: BitRate,
    /// Rate from the group.
    pub up: BitRate,
    /// Concurrent sessions.
    pub sessions: crate::units::Sessions,
}

/// A part of a demand that stays in the house where it can: meetings among colleagues on a relay of one's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearby {
    /// What that part reaches, in states in which it is there.
    pub to: Name,
    /// Which part.
    pub share: Share,
}

/// A need of a host group.
#[derive(Debug, Clone)]
pub struct Demand {
    /// Its name.
    pub id: Id<Demand>,
    /// Who needs it.
    pub group: GroupId,
    /// What they use.
    pub application: ApplicationId,
    /// What they reach with it: a system, segment, node or zone by name; its first address stands for it.
    pub to: Name,
    /// How much.
    pub amount: Amount,
    /// A part that stays in the house where it can.
    pub nearby: Option<Nearby>,
    /// First step after which it exists.
    pub from: Option<StepId>,
    /// First step after which it no longer exists.
    pub until: Option<StepId>,
    /// Where it is written.
    pub place: Place,
}

impl Named for Demand {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

/// Kinds of things that demands spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// Bits a second of a link in one direction.
    Link,
    /// Bits a second through a node.
    Throughput,
    /// Concurrent sessions of a proxy or stateful node.
    Sessions,
    /// Translated ports on a pool of global addresses.
    NatPorts,
    /// Concurrent users of a screen-transfer relay.
    Seats,
    /// Pixel bandwidth of a screen-transfer relay.
    Pixels,
    /// Files or messages an hour.
    Files,
}

impl ResourceKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::Link,
        Self::Throughput,
        Self::Sessions,
        Self::NatPorts,
        Self::Seats,
        Self::Pixels,
        Self::Files,
    ];

    /// The word for it in files and their names, as it is written for other programs too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Throughput => "throughput",
            Self::Sessions => "sessions",
            Self::NatPorts => "nat-ports",
            Self::Seats => "seats",
            Self::Pixels => "pixels",
            Self::Files => "files",
        }
    }

    /// The unit in which its offered load and capacity are given.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Link | Self::Throughput | Self::Pixels => BitRate::UNIT,
            Self::Sessions => crate::units::Sessions::UNIT,
            Self::NatPorts => crate::units::Ports::UNIT,
            Self::Seats => crate::units::Seats::UNIT,
            Self::Files => crate::units::FilesPerHour::UNIT,
        }
    }
}

/// The rule by which a kind of resource is judged: a warning above `warn`, an error above `full`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Planning limit.
    pub warn: Utilisation,
    /// Limit beyond which users notice.
    pub full: Utilisation,
}

/// Thresholds for every kind. The default is 80 % and 100 %.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thresholds(Vec<(ResourceKind, Threshold)>);

impl Thresholds {
    /// The rule for a kind.
    #[must_use]
    pub fn of(&self, kind: ResourceKind) -> Threshold {
        let default = Threshold {
            warn: Utilisation::new(0.8),
            full: Utilisation::new(1.0),
        };
        self.0
            .iter()
            .find(|(k, _)| *k == kind)
            .map_or(default, |(_, t)| *t)
    }

    /// Sets the rule for a kind.
    pub fn set(&mut self, kind: ResourceKind, threshold: Threshold) {
        self.0.retain(|(k, _)| *k != kind);
        self.0.push((kind, threshold));
    }
}
