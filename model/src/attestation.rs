//! What no packet can show and somebody vouches for: that a clipboard is blocked, that a sanitiser
//! sanitises, that logs are kept.
//!
//! Evidence stands on the component whose function it is about. A verdict that rests on such a function is
//! *attested*, never *proved*; evidence that is missing or has run out is a finding.

use crate::date::Date;
use crate::place::Place;

/// Evidence for what a component is said to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Who vouches for it.
    pub by: String,
    /// Since when.
    pub date: Date,
    /// Where it is recorded.
    pub document: String,
    /// The last day on which it is good; none: no end.
    pub expires: Option<Date>,
    /// Where it is written.
    pub place: Place,
}

/// How far evidence goes on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// It is good on that day.
    Good,
    /// It is dated after that day.
    NotYet,
    /// Its last day is before that day.
    Expired,
    /// There is none.
    Missing,
}

/// Measures against attacks as functions, whatever product performs them (手順書 §2.3, risk table; see
/// `docs/attack-paths.md`). What the measures of a host group already say ([`crate::network::Measures`]) counts as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    /// Network monitoring and prevention (NW監視・防御).
    NetworkMonitoring,
    /// A security operation centre watches it (SOC).
    Soc,
    /// Mail security with a sandbox (メールセキュリティ/サンドボックス).
    MailSecurity,
    /// Vulnerability management: inventory and patches (脆弱性対策).
    Patched,
    /// Malware patterns (ウイルス対策).
    Antivirus,
    /// Detection of unknown malware on the host, managed (未知の不正プログラム対策, EDR).
    Edr,
    /// Logs are kept (ログ管理).
    Logs,
    /// Logs of business systems are collected and watched (業務システムログ管理).
    SystemLogs,
    /// Access by information asset (情報資産単位でのアクセス制御).
    AssetAccess,
    /// Files are encrypted (ファイル暗号化).
    Encryption,
    /// Data loss prevention (DLP).
    LossPrevention,
    /// Backups (バックアップ).
    Backup,
    /// Terminals are authenticated (端末認証).
    DeviceAuthentication,
    /// Terminals that leave the office are managed (端末の持ち出し管理).
    TakeOut,
    /// Cloud services that nobody approved are watched (シャドーIT管理).
    ShadowIt,
}

/// What is said of a component that no packet can show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assurance {
    /// Measures in force on it.
    pub controls: Vec<Control>,
    /// Evidence for its function and its measures.
    pub evidence: Option<Attestation>,
}

impl Attestation {
    /// How far it goes on a day.
    #[must_use]
    pub fn standing(&self, day: Date) -> Standing {
        match self.expires {
            Some(last) if last < day => Standing::Expired,
            _ if day < self.date => Standing::NotYet,
            _ => Standing::Good,
        }
    }
}

/// How far the evidence of a component goes on a day.
#[must_use]
pub fn standing(evidence: Option<&Attestation>, day: Date) -> Standing {
    evidence.map_or(Standing::Missing, |e| e.standing(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn evidence_is_good_from_its_date_to_its_last_day() {
        let evidence = Attestation {
            by: "x".into(),
            date: day("2026-04-01"),
            document: "y".into(),
            expires: Some(day("2027-03-31")),
            place: Place::nowhere(),
        };
        let on = |text: &str| standing(Some(&evidence), day(text));
        assert_eq!(on("2026-03-31"), Standing::NotYet);
        assert_eq!(on("2026-04-01"), Standing::Good);
        assert_eq!(on("2027-03-31"), Standing::Good);
        assert_eq!(on("2027-04-01"), Standing::Expired);
        assert_eq!(standing(None, day("2027-04-01")), Standing::Missing);
    }
}
