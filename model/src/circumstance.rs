//! Under what circumstances something is loaded: what kind of day it is, how many years on, and what has failed.
//!
//! Values only. A state of a plan is looked at on an ordinary day with everything up, and then again under every other
//! circumstance; what is worst is kept with the circumstance that causes it. Planners speak of 通常時 (nothing
//! failed) and 縮退時 (something failed), as the vocabulary of Japanese tenders does (IPA 非機能要求グレード).

use crate::text::Text;
use serde::Serialize;

/// A kind of day, by what people do on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayType {
    /// 平日.
    #[default]
    Ordinary,
    /// 月曜朝: everybody signs in at once.
    MondayMorning,
    /// 更新配信日: monthly updates of operating systems.
    PatchDay,
    /// 月末.
    MonthEnd,
    /// 4月の人事異動.
    PersonnelChange,
    /// 災害時.
    Disaster,
}

impl DayType {
    /// Every kind, the ordinary one first.
    pub const ALL: &'static [Self] = &[
        Self::Ordinary,
        Self::MondayMorning,
        Self::PatchDay,
        Self::MonthEnd,
        Self::PersonnelChange,
        Self::Disaster,
    ];

    /// The word for it in scenario files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "Ordinary",
            Self::MondayMorning => "MondayMorning",
            Self::PatchDay => "PatchDay",
            Self::MonthEnd => "MonthEnd",
            Self::PersonnelChange => "PersonnelChange",
            Self::Disaster => "Disaster",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> Text {
        let (ja, en) = match self {
            Self::Ordinary => ("平日", "an ordinary day"),
            Self::MondayMorning => ("月曜朝", "Monday morning"),
            Self::PatchDay => ("更新配信日", "patch day"),
            Self::MonthEnd => ("月末", "month end"),
            Self::PersonnelChange => ("人事異動期（4月）", "personnel change in April"),
            Self::Disaster => ("災害時", "a disaster"),
        };
        Text::new(ja, en)
    }
}

/// What kind of thing has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrokenKind {
    /// A link with all its members.
    Link,
    /// One of the parallel members of a link; the others carry on.
    Member,
    /// A node with all its machines.
    Node,
    /// One of the machines of a node; the others carry on, or take over.
    Machine,
    /// Links that fail together, by the name of their shared risk.
    RiskGroup,
    /// Every node of a site, with the links that end there.
    Site,
}

/// One thing that has failed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Broken {
    /// What kind of thing.
    pub kind: BrokenKind,
    /// Name of the link, node, risk or site.
    pub name: String,
    /// What people call it.
    #[serde(skip)]
    pub label: Text,
}

/// What has failed at once: one thing, or a pair.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Failure {
    /// The things, in the order of [`BrokenKind`] and of the network's tables.
    pub broken: Vec<Broken>,
}

impl Failure {
    /// One thing.
    #[must_use]
    pub fn of(kind: BrokenKind, name: impl Into<String>, label: Text) -> Self {
        let name = name.into();
        Self {
            broken: vec![Broken { kind, name, label }],
        }
    }

    /// Its name for machines: `link sc-line`, or several joined by `+`.
    #[must_use]
    pub fn key(&self) -> String {
        let one = |b: &Broken| {
            let kind = match b.kind {
                BrokenKind::Link => "link",
                BrokenKind::Member => "member",
                BrokenKind::Node => "node",
                BrokenKind::Machine => "machine",
                BrokenKind::RiskGroup => "risk",
                BrokenKind::Site => "site",
            };
            format!("{kind} {}", b.name)
        };
        self.broken.iter().map(one).collect::<Vec<_>>().join(" + ")
    }
}

/// A circumstance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Circumstance {
    /// What kind of day it is.
    pub day: DayType,
    /// Years of growth after the date of the state.
    pub years: u32,
    /// What has failed, if anything.
    pub failure: Option<Failure>,
}

/// How a node's machines share its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// They share the work: when one fails, its part of the capacity is gone.
    #[default]
    LoadShared,
    /// One works and the others wait (active/standby): when one fails, another takes over with its full capacity.
    ActiveStandby,
}

/// The machines that a node is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Machines {
    /// How many; at least 1.
    pub count: u32,
    /// How they share the work.
    pub sharing: Sharing,
}

impl Default for Machines {
    fn default() -> Self {
        Self {
            count: 1,
            sharing: Sharing::LoadShared,
        }
    }
}

impl Machines {
    /// How many work at once.
    #[must_use]
    pub const fn working(self) -> u32 {
        match self.sharing {
            Sharing::LoadShared => self.count,
            Sharing::ActiveStandby if self.count > 1 => 1,
            Sharing::ActiveStandby => self.count,
        }
    }

    /// The part of the capacity that is left when one machine has failed.
    #[must_use]
    pub fn left_without_one(self) -> f64 {
        match self.sharing {
            _ if self.count < 2 => 0.0,
            Sharing::ActiveStandby => 1.0,
            Sharing::LoadShared => f64::from(self.count - 1) / f64::from(self.count),
        }
    }
}
