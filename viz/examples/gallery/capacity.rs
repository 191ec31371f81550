//! Invented but plausible figures for the charts of the capacity annex, for the gallery and the tests.

use utsushi_viz::Lang;
use utsushi_viz::data::{
    Amount, AnswerLine, AnswerPoint, Answers, Duration, DurationLine, Headroom, HeadroomRow,
    PoolRow, Pools, Utilisation, Waterfall,
};
use utsushi_viz::words::Pick as _;

use crate::samples::{DAY, caption, utilisation};

/// The utilisation of today's steps and two years of growth.
pub fn growth(lang: Lang) -> Utilisation {
    let mut figure = utilisation(lang);
    figure.caption = caption(
        lang,
        "資源使用率の見通し（令和8～10年度）",
        "Utilisation and growth, 2026–2028",
    );
    figure.steps.truncate(1);
    let years = lang.pick(["令和9年度", "令和10年度"], ["2027", "2028"]);
    figure.steps.extend(years.map(str::to_owned));
    for row in &mut figure.resources {
        row.loads.truncate(1);
        for factor in [1.15, 1.32] {
            let mut load = row.loads[0].clone();
            if let Some(load) = &mut load {
                load.utilisation *= factor;
                load.parts.iter_mut().for_each(|part| *part *= factor);
                load.projected = true;
            }
            row.loads.push(load);
        }
    }
    figure.resources.retain(|row| row.loads[0].is_some());
    figure.resources.truncate(8);
    figure
}

type Room = (
    &'static str,
    &'static str,
    &'static str,
    f64,
    Option<f64>,
    [&'static str; 2],
);

const ROOM: [Room; 9] = [
    (
        "セキュリティクラウド回線",
        "security cloud line",
        "1 Gbit/s",
        0.72,
        Some(1.44),
        ["本庁コアスイッチ1の停止", "core switch 1 at HQ down"],
    ),
    (
        "本庁―データセンター間 第2系",
        "HQ to data centre, second",
        "10 Gbit/s",
        0.31,
        Some(0.62),
        ["データセンター第1系回線の断", "first data centre line cut"],
    ),
    (
        "ローカルブレイクアウト回線（本庁）",
        "local breakout (HQ)",
        "1 Gbit/s",
        0.48,
        Some(0.96),
        ["LBOルータ2の停止", "breakout router 2 down"],
    ),
    (
        "LGWAN接続回線",
        "LGWAN line",
        "1 Gbit/s",
        0.12,
        Some(f64::INFINITY),
        ["LGWAN接続ルータの停止", "LGWAN router down"],
    ),
    (
        "内部ファイアウォール（副系）",
        "inner firewall (standby)",
        "20 Gbit/s",
        0.22,
        Some(0.44),
        [
            "内部ファイアウォール（主系）の停止",
            "inner firewall (active) down",
        ],
    ),
    (
        "プロキシ 同時セッション",
        "proxy sessions",
        "80,000",
        0.7,
        Some(2.8),
        ["プロキシ3号機の停止", "third proxy down"],
    ),
    (
        "地域総合庁舎3 アクセス回線",
        "regional office 3",
        "1 Gbit/s",
        0.55,
        Some(0.55),
        ["本庁コアスイッチ1の停止", "core switch 1 at HQ down"],
    ),
    (
        "小規模出先17 アクセス回線",
        "small office 17",
        "10 Mbit/s",
        0.83,
        None,
        ["", ""],
    ),
    (
        "無害化サーバ",
        "sanitiser",
        "1,164 files/h",
        0.88,
        Some(1.004),
        ["無害化サーバ2号機の停止", "second sanitiser down"],
    ),
];

/// What loads a line of 1 Gbit/s.
fn gigabit(capacity: &str, load: f64) -> Option<Amount> {
    (capacity == "1 Gbit/s" && load.is_finite()).then(|| Amount {
        offered: load * 1000.0,
        capacity: 1000.0,
        unit: "Mbit/s".to_owned(),
    })
}

/// Nine resources with and without their worst failure.
pub fn headroom(lang: Lang) -> Headroom {
    let rows = ROOM.iter().map(
        |(ja, en, capacity, normal, degraded, failure)| HeadroomRow {
            label: lang.pick(*ja, *en).into(),
            detail: (*capacity).into(),
            threshold: 0.8,
            normal: *normal,
            normal_amount: gigabit(capacity, *normal),
            degraded: *degraded,
            degraded_amount: degraded.and_then(|degraded| gigabit(capacity, degraded)),
            culprit: lang.pick(failure[0], failure[1]).into(),
            when: degraded
                .map_or("", |_| lang.pick("段階2・10時", "step 2, 10:00"))
                .into(),
        },
    );
    Headroom {
        days: false,
        caption: caption(
            lang,
            "通常時と縮退時の余裕",
            "Room left, normal and degraded",
        ),
        rows: rows.collect(),
    }
}

/// Six lines over the hours of twenty working days, of which five are drawn.
pub fn duration(lang: Lang) -> Duration {
    let lines = [
        (
            "セキュリティクラウド接続回線",
            "security cloud line",
            "下り",
            "down",
            1.44,
        ),
        ("NAT グローバルIPv4ポート", "NAT ports", "", "", 3.73),
        ("小規模出先17", "small office 17", "下り", "down", 0.96),
        (
            "本庁―データセンター間 第1系",
            "HQ to data centre, first",
            "上り",
            "up",
            0.83,
        ),
        ("地域総合庁舎8", "regional office 8", "下り", "down", 0.75),
        ("地域総合庁舎5", "regional office 5", "下り", "down", 0.41),
    ];
    let lines = lines.map(|(ja, en, way, along, peak)| DurationLine {
        label: lang.pick(ja, en).into(),
        detail: lang.pick(way, along).into(),
        hours: (0..20_u8)
            .flat_map(|day| {
                let weight = 1.0 - f64::from(day * 7 % 20) / 60.0;
                DAY.map(|percent| f64::from(percent) / 100.0 * peak * weight)
            })
            .collect(),
    });
    Duration {
        caption: caption(
            lang,
            "使用率の継続時間（20営業日・480時間）",
            "For how long lines are full, 20 working days",
        ),
        threshold: 0.8,
        lines: lines.into(),
    }
}

/// What moves to and from the line to the security cloud at step 2.
pub fn waterfall(lang: Lang) -> Waterfall {
    let causes = [
        (
            "端末8,000台のWeb閲覧が画面転送から直接通信へ",
            "8,000 terminals browse directly instead of by screen transfer",
            620.0,
        ),
        ("Web会議（同時320人）", "meetings, 320 at a time", 480.0),
        ("EDRの常時通信", "EDR telemetry", 36.0),
        ("Windows更新", "Windows Update", 55.5),
        ("画面転送の廃止", "screen transfer retired", -64.0),
        ("利用者の増加（+5%）", "5% more users", 18.5),
        (
            "M365のローカルブレイクアウト",
            "M365 by local breakout",
            -66.0,
        ),
    ];
    Waterfall {
        caption: caption(
            lang,
            "セキュリティクラウド回線の需要の増減（段階1→2）",
            "Demand on the security cloud line, step 1 to 2",
        ),
        unit: "Mbit/s".into(),
        capacity: Some(1000.0),
        before: (
            lang.pick("1 新LGWAN系を構築", "1 build new LGWAN").into(),
            360.0,
        ),
        causes: causes
            .map(|(ja, en, value)| (lang.pick(ja, en).to_owned(), value))
            .into(),
        after: (
            lang.pick("2 旧LGWAN系を読み替え", "2 relabel old LGWAN")
                .into(),
            1440.0,
        ),
    }
}

type Pool = (
    [&'static str; 2],
    [&'static str; 2],
    [f64; 2],
    Option<f64>,
    Option<f64>,
    bool,
);

const POOLS: [Pool; 6] = [
    (
        ["NAT グローバルIPv4ポート", "NAT ports"],
        ["ポート", "ports"],
        [223_800.0, 60_000.0],
        Some(30_000.0),
        Some(0.732),
        false,
    ),
    (
        ["プロキシ 同時セッション", "proxy sessions"],
        ["セッション", "sessions"],
        [78_400.0, 80_000.0],
        Some(40_000.0),
        Some(0.003),
        false,
    ),
    (
        ["LGWAN仮想環境 同時利用", "LGWAN virtual seats"],
        ["席", "seats"],
        [212.0, 240.0],
        Some(160.0),
        Some(0.016_3),
        false,
    ),
    (
        ["無害化サーバ 並列処理", "sanitiser, parallel"],
        ["件", "files"],
        [13.2, 20.0],
        Some(10.0),
        Some(0.12),
        true,
    ),
    (
        ["画面転送 中継ライセンス", "relay licences"],
        ["ライセンス", "licences"],
        [480.0, 800.0],
        None,
        Some(0.000_01),
        false,
    ),
    (
        ["廃止予定の旧VDI席", "old VDI seats, to be retired"],
        ["席", "seats"],
        [12.0, 0.0],
        None,
        Some(1.0),
        false,
    ),
];

/// Six pools, one of them empty.
pub fn pools(lang: Lang) -> Pools {
    let rows = POOLS.iter().map(
        |(name, unit, [offered, capacity], left, blocking, waiting)| PoolRow {
            label: lang.pick(name[0], name[1]).into(),
            unit: lang.pick(unit[0], unit[1]).into(),
            offered: *offered,
            capacity: *capacity,
            threshold: 0.8,
            degraded_capacity: *left,
            blocking: *blocking,
            waiting: *waiting,
            step: lang.pick("段階2", "step 2").into(),
            queue: None,
        },
    );
    Pools {
        caption: caption(
            lang,
            "セッション・席・ポートの余裕",
            "Sessions, seats and ports",
        ),
        rows: rows.collect(),
    }
}

/// What becomes of four resources when more people meet at the same time.
pub fn answers(lang: Lang) -> Answers {
    let values = [160_u16, 240, 320, 400, 480];
    let line = |ja, en, at_320: f64, fixed: f64, projected| AnswerLine {
        label: lang.pick::<&str>(ja, en).into(),
        threshold: 0.8,
        points: values
            .map(|people| {
                let load = fixed + (at_320 - fixed) * f64::from(people) / 320.0;
                AnswerPoint {
                    value: lang.pick(format!("{people}人"), people.to_string()),
                    utilisation: load,
                    projected,
                }
            })
            .into(),
    };
    Answers {
        caption: caption(
            lang,
            "Web会議の同時参加者が増えたら",
            "What if more people meet at the same time?",
        ),
        parameter: lang
            .pick("Web会議の同時参加者数", "participants at the same time")
            .into(),
        joined: true,
        resources: vec![
            line(
                "セキュリティクラウド接続回線",
                "security cloud line",
                1.08,
                0.6,
                false,
            ),
            line(
                "セキュリティクラウド接続回線 令和10年度",
                "security cloud line, 2028",
                1.44,
                0.8,
                true,
            ),
            line(
                "本庁―データセンター間",
                "HQ to data centre",
                0.33,
                0.25,
                false,
            ),
            line(
                "小規模出先回線（最大・出先17）",
                "small offices (worst: no. 17)",
                0.81,
                0.1,
                false,
            ),
        ],
    }
}
