//! What people need: applications, who uses them how, and how the use runs through the day.
//!
//! A demand is host group × application × hour. It becomes load only on the conversation that the
//! state gives it: the same application spends pixels on a screen-transfer relay in α and sessions on a
//! proxy in β'. Figures are assumptions of the scenario; each carries its source in words.

use crate::id::{Id, Named};
use crate::migration::StepId;
use crate::network::GroupId;
use crate::place::Place;
use crate::policy::Name;
use crate::service::Service;
use crate::text::Text;
use crate::units::{BitRate, Share, Utilisation};

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
    /// Where the figures come from, with marks such as `[P-15]` or `[A]`.
    pub source: String,
    /// Where it is written.
    pub place: Place,
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
