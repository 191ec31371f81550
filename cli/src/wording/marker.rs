//! What the marked piece of the scenario has to do with a finding: the words under the marker.

use super::headline::is_unfiltered;
use super::is_load;
use crate::model::finding::{Code, Finding, Severity};
use crate::model::text::Lang;

/// The words under the marker.
pub(super) fn marker(finding: &Finding, lang: Lang) -> &'static str {
    let (ja, en) = match finding.severity {
        Severity::Warning if is_load(finding.code) && finding.code != Code::DegradedLoad => {
            ("余裕が足りない", "nearly full")
        }
        _ if is_unfiltered(finding) => (
            "ここからの経路にフィルタのルールがない",
            "no rule stands on the way from here",
        ),
        _ => words(finding.code),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

const fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::Forbidden => ("この設定で通信が通る", "this lets the packet through"),
        Code::Bypass => ("この設定で迂回する", "this lets it pass by"),
        Code::Unreached => ("ここで止まる", "it stops here"),
        Code::DataOut => ("この設定で持ち出せる", "this setting lets data out"),
        Code::Undetermined => (
            "この条件を机上では判定できない",
            "this cannot be judged offline",
        ),
        Code::StaleException => (
            "この例外が通信を通す",
            "this exception lets the packet through",
        ),
        Code::MixedSegment => ("このセグメントに混在する", "members of two zones"),
        Code::TemporaryRule => ("この暫定ルール", "this temporary rule"),
        Code::RetiredReference => ("まだここで参照している", "still referred to here"),
        Code::Changed => ("この変更", "this change"),
        Code::BlockOverlap => ("このアドレス範囲", "this block"),
        Code::WideException => ("この例外", "this exception"),
        Code::Leak => ("これが情報を通す", "this lets it over"),
        Code::Detour => (
            "これが中継を通らずに通す",
            "this lets it go round the relays",
        ),
        Code::NoEvidence => ("証跡 `evidence` がない", "no `evidence` here"),
        Code::ExpiredEvidence => ("この証跡", "this evidence"),
        Code::MeasureAbsent => ("ここに対策がない", "no such measure here"),
        Code::ZonePair => ("このルール", "this rule"),
        Code::MissingMeasure => ("この端末群", "these hosts"),
        Code::ResidentInformation => ("この業務システム", "this system"),
        Code::SeatsTooLate => ("この画面転送", "this screen-transfer relay"),
        Code::WrongProxy => ("この行", "this entry"),
        Code::OtherModel => ("このモデル", "this model"),
        Code::Bridge => ("この装置", "this host"),
        Code::CheckMissing => ("この日付", "this date"),
        Code::Separated => ("この状態", "this state"),
        Code::NotLogged => ("このルール", "this rule"),
        Code::ExpiredException => ("この例外", "this exception"),
        Code::Referrers => ("ここでアドレスが変わる", "its address changes here"),
        Code::ReusedPrefix => (
            "同じアドレスが別の場所にもある",
            "the same addresses are used elsewhere",
        ),
        Code::Between => (
            "途中でこの設定が通信を通す",
            "this lets the packet through in between",
        ),
        Code::Interrupted => ("途中でここで止まる", "it stops here in between"),
        Code::NoWayBack => ("この切戻し", "this way back"),
        Code::NoReturn => ("ここから先", "from here on"),
        Code::BackForbidden => (
            "切戻しの途中でこの設定が通信を通す",
            "this lets the packet through on the way back",
        ),
        Code::BackInterrupted => (
            "切戻しの途中でここで止まる",
            "it stops here on the way back",
        ),
        Code::OtherChange => ("この変更", "this change"),
        Code::ProxyRules => ("この変更", "this change"),
        Code::Shadowed => ("一度も効かない", "never decides"),
        Code::Redundant => ("なくても変わらない", "changes nothing"),
        Code::Dead => ("該当する通信がない", "decides nothing"),
        Code::OverWide => ("ほとんど限定していない", "restricts little"),
        Code::Blocked => ("ここで拒否される", "denied here"),
        Code::NoWay => ("ここから先の経路がない", "no way on from here"),
        Code::NoAnswer => ("戻りがここで止まる", "the answer stops here"),
        Code::LinkLoad
        | Code::NodeLoad
        | Code::SessionLoad
        | Code::NatLoad
        | Code::SeatLoad
        | Code::PixelLoad
        | Code::FileLoad => ("容量が足りない", "too small"),
        Code::DegradedLoad => ("その状況では足りない", "too small then"),
        Code::LongWait => ("待ちが長い", "waits too long"),
        Code::MeetingGate => ("会議の妨げになる", "spoils meetings"),
        // Mistakes in what was written carry the labels of their problem.
        Code::Syntax
        | Code::Shape
        | Code::File
        | Code::UnknownName
        | Code::DuplicateName
        | Code::Address
        | Code::HostBits
        | Code::Overlap
        | Code::Outside
        | Code::Quantity
        | Code::Service
        | Code::Date
        | Code::DateOrder
        | Code::Cycle
        | Code::Change
        | Code::Topology
        | Code::Matrix
        | Code::Series
        | Code::Ambiguous
        | Code::Empty
        | Code::Orders
        | Code::Dump
        | Code::Published => ("", ""),
    }
}
