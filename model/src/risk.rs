//! The seven risks of the Ministry's procedure (手順書 §2.3, risk table) and the measures listed against each.
//!
//! Which measures are mandatory is told there by colour, and the colours are lost in the text that was read. What
//! is mandatory here is *derived*: a measure that the requirement table or a condition of β or β' names is
//! mandatory, one that the table's footnote calls an example or that appears nowhere else is optional.

use crate::attestation::Control;
use crate::finding::LegRecord;
use crate::migration::Model;
use crate::place::Place;
use crate::rule::RuleId;
use crate::text::Text;
use serde::{Serialize, Serializer};
use std::fmt;

/// A risk of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Risk {
    /// A terminal of the Internet zone is taken over; LGWAN is seen and operated through screen transfer.
    Rk1,
    /// Somebody gets remote access to a terminal of the Internet zone.
    Rk2,
    /// The Internet zone is entered because detection missed it.
    Rk3,
    /// Targeted mail, information leaks.
    Rk4,
    /// Targeted mail, ransomware spreads.
    Rk5,
    /// Malicious code runs by a vulnerability of a server.
    Rk6,
    /// Confidential information is uploaded to a cloud service that nobody approved.
    Rk7,
}

/// Where a measure has to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// On a device that forwards the path's packets: one is enough.
    Network,
    /// On the security cloud, where the path passes one.
    SecurityCloud,
    /// On a mail relay of the path: one is enough.
    Mail,
    /// On the terminals that the path begins at or passes: all of them.
    Terminals,
    /// On the system that is reached.
    System,
}

/// How far a measure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// Mandatory in every model.
    Mandatory,
    /// Mandatory in β', optional elsewhere.
    BetaPrime,
    /// Optional.
    Optional,
}

impl Duty {
    /// Whether it is mandatory in a model.
    #[must_use]
    pub fn binds(self, model: Model) -> bool {
        match self {
            Self::Mandatory => true,
            Self::BetaPrime => model == Model::BetaPrime,
            Self::Optional => false,
        }
    }
}

/// A measure against a risk: what, where, how far it is asked for.
pub type Measure = (Control, At, Duty);

impl Risk {
    /// Every risk, in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Rk1,
        Self::Rk2,
        Self::Rk3,
        Self::Rk4,
        Self::Rk5,
        Self::Rk6,
        Self::Rk7,
    ];

    /// Its number, such as `RK-1`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rk1 => "RK-1",
            Self::Rk2 => "RK-2",
            Self::Rk3 => "RK-3",
            Self::Rk4 => "RK-4",
            Self::Rk5 => "RK-5",
            Self::Rk6 => "RK-6",
            Self::Rk7 => "RK-7",
        }
    }

    /// The risk of that number, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|risk| risk.as_str().eq_ignore_ascii_case(text))
    }

    /// What it is, for people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Rk1 => Text::new(
                "INT端末が乗っ取られ、画面転送経由でLGWANの情報を閲覧・操作される",
                "an Internet terminal is taken over; LGWAN is seen and operated by screen transfer",
            ),
            Self::Rk2 => Text::new(
                "INT端末に不正なリモートアクセスを受ける",
                "remote access to an Internet terminal",
            ),
            Self::Rk3 => Text::new(
                "検知漏れによりインターネット接続系に侵入される",
                "the Internet zone is entered because detection missed it",
            ),
            Self::Rk4 => Text::new(
                "標的型メールから情報が漏えいする",
                "targeted mail, information leaks",
            ),
            Self::Rk5 => Text::new(
                "標的型メールからランサムウェアが広がる",
                "targeted mail, ransomware spreads",
            ),
            Self::Rk6 => Text::new(
                "脆弱性を悪用し、サーバで不正コードを実行される",
                "malicious code runs on a server by a vulnerability",
            ),
            Self::Rk7 => Text::new(
                "未許可クラウドへ機密情報をアップロードされる",
                "confidential information is uploaded to an unapproved cloud service",
            ),
        }
    }

    /// The measures listed against it; what is mandatory is derived (see the module).
    #[must_use]
    pub const fn measures(self) -> &'static [Measure] {
        use At::{Mail, Network, SecurityCloud, System, Terminals};
        use Control as C;
        use Duty::{BetaPrime, Mandatory, Optional};
        match self {
            Self::Rk1 => &[
                (C::NetworkMonitoring, Network, Mandatory),
                (C::Patched, Terminals, Mandatory),
                (C::Antivirus, Terminals, Mandatory),
                (C::Logs, Terminals, Mandatory),
                (C::Edr, Terminals, Mandatory),
            ],
            Self::Rk2 => &[
                (C::DeviceAuthentication, Terminals, Optional),
                (C::TakeOut, Terminals, Optional),
            ],
            Self::Rk3 => &[
                (C::NetworkMonitoring, SecurityCloud, Mandatory),
                (C::Soc, SecurityCloud, Optional),
            ],
            Self::Rk4 => &[
                (C::NetworkMonitoring, Network, Mandatory),
                (C::MailSecurity, Mail, Mandatory),
                (C::Patched, Terminals, Mandatory),
                (C::Antivirus, Terminals, Mandatory),
                (C::Edr, Terminals, Mandatory),
                (C::AssetAccess, System, BetaPrime),
                (C::Encryption, System, Optional),
                (C::LossPrevention, Network, Optional),
            ],
            Self::Rk5 => &[
                (C::NetworkMonitoring, Network, Mandatory),
                (C::MailSecurity, Mail, Mandatory),
                (C::Patched, Terminals, Mandatory),
                (C::Antivirus, Terminals, Mandatory),
                (C::Edr, Terminals, Mandatory),
                (C::AssetAccess, System, BetaPrime),
                (C::Backup, System, Optional),
            ],
            Self::Rk6 => &[
                (C::NetworkMonitoring, Network, BetaPrime),
                (C::Patched, System, BetaPrime),
                (C::Antivirus, System, BetaPrime),
                (C::Edr, System, BetaPrime),
                (C::SystemLogs, System, BetaPrime),
            ],
            Self::Rk7 => &[(C::ShadowIt, Network, Optional)],
        }
    }
}

/// What an attacker gets hold of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prey {
    /// Terminals.
    Terminals,
    /// Business systems.
    Systems,
    /// Relays: proxies, screen transfer, sanitisers, mail.
    Relays,
    /// Other servers and devices.
    Others,
}

/// A measure on a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// Which.
    pub control: Control,
    /// Where it has to be in force.
    pub at: At,
    /// Whether it is mandatory in the model of the state (derived).
    pub mandatory: bool,
    /// Names of the components on which it is.
    pub present: Vec<String>,
    /// Names of the components on which it ought to be and is not, with the place of each.
    pub absent: Vec<(String, Place)>,
}

/// What an attacker can get hold of, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// The risk.
    pub risk: Risk,
    /// The zone it is in.
    pub zone: Text,
    /// What it is.
    pub prey: Prey,
    /// One of them, by name.
    pub example: String,
    /// The shortest path to it.
    pub legs: Vec<LegRecord>,
    /// The measures listed against the risk, as far as the path has a place for them.
    pub guards: Vec<Guard>,
}

/// What came of one rule about a risk in one state, in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttackRow {
    /// Index of the state.
    pub state: usize,
    /// The rule that asks.
    pub rule: RuleId,
    /// Its risk.
    pub risk: Risk,
    /// Paths: one for each zone and kind of prey that an attacker gets hold of.
    pub paths: usize,
    /// Legs of the shortest path; `None` where there is no path.
    pub hops: Option<usize>,
    /// Measures absent on some path, in the order in which they are met.
    pub missing: Vec<Missing>,
}

/// A measure that is absent on some path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub control: Control,
    /// Whether it is mandatory in the model of the state (derived).
    pub mandatory: bool,
    /// Names of the components without it.
    pub on: Vec<String>,
}

impl AttackRow {
    /// The figures of some attacks.
    #[must_use]
    pub fn new(state: usize, rule: RuleId, risk: Risk, attacks: &[Attack]) -> Self {
        let mut missing: Vec<Missing> = Vec::new();
        let guards = attacks.iter().flat_map(|attack| &attack.guards);
        for guard in guards.filter(|guard| !guard.absent.is_empty()) {
            let known = missing.iter().position(|m| m.control == guard.control);
            let at = known.unwrap_or_else(|| {
                missing.push(Missing {
                    control: guard.control,
                    mandatory: guard.mandatory,
                    on: Vec::new(),
                });
                missing.len() - 1
            });
            let on = &mut missing[at].on;
            for (name, _) in &guard.absent {
                if !on.contains(name) {
                    on.push(name.clone());
                }
            }
        }
        Self {
            state,
            rule,
            risk,
            paths: attacks.len(),
            hops: attacks.iter().map(|attack| attack.legs.len()).min(),
            missing,
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Risk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_and_print_alike() {
        for risk in Risk::ALL {
            assert_eq!(Risk::parse(&risk.to_string().to_lowercase()), Some(risk));
        }
        assert_eq!(Risk::parse("RK-8"), None);
    }

    #[test]
    fn every_risk_names_measures_and_none_twice() {
        for risk in Risk::ALL {
            let measures = risk.measures();
            assert!(!measures.is_empty());
            for (i, (control, ..)) in measures.iter().enumerate() {
                assert!(measures[..i].iter().all(|(other, ..)| other != control));
            }
        }
    }
}
