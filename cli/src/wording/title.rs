//! The short name of every code, as in lists, JUnit and SARIF.

use crate::model::finding::Code;
use crate::model::text::Lang;

/// What a code is called, as a noun phrase.
#[must_use]
pub const fn title(code: Code, lang: Lang) -> &'static str {
    let (ja, en) = names(code);
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

const fn names(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::Syntax => ("文法の誤り", "not valid RON"),
        Code::Shape => ("項目名・列挙名の誤り", "unknown or missing field"),
        Code::File => ("ファイルを読めない", "file cannot be read"),
        Code::UnknownName => ("存在しない名前", "unknown name"),
        Code::DuplicateName => ("名前の重複", "duplicate name"),
        Code::Address => ("アドレスの誤り", "not an address"),
        Code::HostBits => ("ホスト部が0でない", "host bits set"),
        Code::Overlap => ("アドレス範囲の重複", "overlapping segments"),
        Code::Outside => ("セグメント外のアドレス", "address outside its segment"),
        Code::Quantity => ("数量・単位の誤り", "bad quantity"),
        Code::Service => ("サービス表記の誤り", "not a service"),
        Code::Date => ("日付の誤り", "not a date"),
        Code::DateOrder => ("日付の前後関係の誤り", "dates out of order"),
        Code::Cycle => ("参照の循環", "cycle"),
        Code::Change => ("適用できない変更", "change does not apply"),
        Code::Topology => (
            "存在しないインタフェース・隣接",
            "no such interface or neighbour",
        ),
        Code::Matrix => ("トラフィック表の誤り", "bad traffic matrix"),
        Code::Series => ("連番定義の誤り", "bad series"),
        Code::Ambiguous => ("あいまいな名前", "ambiguous name"),
        Code::Empty => ("空の集合", "empty set"),
        Code::Orders => ("順序で結果が変わる変更", "order left to chance"),
        Code::Dump => (
            "読み取れないルールセット",
            "rule set that is not understood",
        ),
        Code::Published => ("読み取れないトポロジー", "topology that cannot be used"),
        Code::Forbidden => ("禁止された通信の到達", "forbidden traffic is delivered"),
        Code::Bypass => ("経由必須機器の迂回", "waypoint is bypassed"),
        Code::Unreached => ("必要な通信の不達", "required traffic does not arrive"),
        Code::DataOut => ("画面転送からのデータ持ち出し", "screen relay lets data out"),
        Code::Undetermined => ("机上では判定できない条件", "verdict undetermined"),
        Code::StaleException => ("読替えで有害になった例外", "stale exception"),
        Code::MixedSegment => ("系の混在するセグメント", "prefix with two zones"),
        Code::TemporaryRule => (
            "期限のない・期限切れの暫定ルール",
            "temporary rule outlives its time",
        ),
        Code::RetiredReference => ("廃止済みへの参照", "reference to what was retired"),
        Code::Changed => ("変更対象外の変更", "protected object changed"),
        Code::BlockOverlap => ("新設アドレス範囲の重複", "new block overlaps"),
        Code::WideException => ("限定されていない例外", "exception too wide"),
        Code::Leak => ("許されない形での情報の受渡し", "information leaks"),
        Code::Detour => (
            "経由必須の中継を通らない情報",
            "information bypasses its relays",
        ),
        Code::NoEvidence => ("証跡のない申告", "no evidence"),
        Code::ExpiredEvidence => ("期限外の証跡", "evidence is out of date"),
        Code::MeasureAbsent => ("攻撃経路上の対策の欠如", "measure absent on an attack path"),
        Code::ZonePair => ("系の組が変わったルール", "rule joins other zones"),
        Code::MissingMeasure => ("端末の対策の不足", "measure missing on hosts"),
        Code::ResidentInformation => (
            "住民に関する情報の配置",
            "resident information in the wrong zone",
        ),
        Code::SeatsTooLate => ("移行前に足りない画面転送の席", "seats come too late"),
        Code::WrongProxy => ("別の系のプロキシ", "proxy of another zone"),
        Code::OtherModel => ("配置と異なるモデル", "another model than stated"),
        Code::Bridge => ("系をまたぐ装置", "host in two zones"),
        Code::CheckMissing => ("運用開始前の外部確認", "external check comes too late"),
        Code::Separated => ("完全な分離", "fully separated"),
        Code::NotLogged => ("記録されない通信", "traffic is not logged"),
        Code::ExpiredException => ("期限の切れた例外", "exception has run out"),
        Code::Referrers => ("旧アドレスの参照元", "old address still referred to"),
        Code::ReusedPrefix => ("重複使用アドレス", "addresses used twice"),
        Code::Between => ("切替途中の禁止通信", "forbidden traffic in between"),
        Code::Interrupted => ("切替途中の通信断", "interrupted in between"),
        Code::NoWayBack => ("切戻しができない手順", "no way back"),
        Code::NoReturn => ("戻れない変更", "point of no return"),
        Code::BackForbidden => ("切戻し中の禁止通信", "forbidden traffic on the way back"),
        Code::BackInterrupted => ("切戻し中の通信断", "interrupted on the way back"),
        Code::OtherChange => ("予定外の通信の変化", "changed beyond what may change"),
        Code::ProxyRules => ("プロキシ許可設定の変更", "proxy rules change"),
        Code::Shadowed => ("効かないルール（逆の判定が先）", "shadowed line"),
        Code::Redundant => ("不要なルール", "redundant line"),
        Code::Dead => ("該当通信のないルール", "dead line"),
        Code::OverWide => ("広すぎる許可", "over-wide line"),
        Code::Blocked => ("業務通信の遮断", "demand denied"),
        Code::NoWay => ("業務通信の経路なし", "demand has no way"),
        Code::NoAnswer => ("業務通信の戻り不達", "answers do not return"),
        Code::LinkLoad => ("回線の容量不足", "link too small"),
        Code::NodeLoad => ("機器の処理能力不足", "throughput too small"),
        Code::SessionLoad => ("同時セッション数の不足", "too many sessions"),
        Code::NatLoad => ("NATポートの不足", "too few NAT addresses"),
        Code::SeatLoad => ("画面転送の同時利用数の不足", "too few seats"),
        Code::PixelLoad => ("画面転送の帯域不足", "too little pixel bandwidth"),
        Code::FileLoad => ("無害化処理能力の不足", "too many files"),
        Code::LongWait => ("無害化・メール中継の待ち超過", "wait too long"),
        Code::MeetingGate => ("Web会議の品質不足", "meetings not good enough"),
        Code::DegradedLoad => (
            "縮退時・特別な日の容量不足",
            "too small when something fails",
        ),
    }
}
