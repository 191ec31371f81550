//! Invented but plausible figures of a prefecture on its way from α to β', for the gallery and the tests.

use utsushi_viz::Lang;
use utsushi_viz::data::{
    Caption, HeatRow, Heatmap, Link, Load, Node, NodeKind, Note, NoteKind, Picture, ResourceRow,
    Utilisation, Zone, ZoneRole,
};
use utsushi_viz::words::Pick as _;

fn notes(lang: Lang) -> Vec<Note> {
    vec![
        Note { kind: NoteKind::Source, text: lang.pick("令和8年度 現状調査表（様式2）、回線契約書", "survey 2026, form 2; line contracts").into() },
        Note {
            kind: NoteKind::Assumption,
            text: lang
                .pick(
                    "利用者1人あたり35セッション（30～40）、平均0.15 Mbit/s、Web会議は参加者1人あたり1.5 Mbit/s、同時参加者320人",
                    "35 sessions per user (30–40), 0.15 Mbit/s on average, 1.5 Mbit/s per meeting participant, 320 at a time",
                )
                .into(),
        },
    ]
}

/// Title, the same subtitle and footnotes for all.
pub fn caption(lang: Lang, ja: &str, en: &str) -> Caption {
    Caption {
        title: lang.pick(ja, en).into(),
        subtitle: lang
            .pick(
                "三重県型（架空） α → β′ ・ 平日・正常時",
                "Mie-like (invented) · α → β′ · working day, no failure",
            )
            .into(),
        notes: notes(lang),
    }
}

/// Twelve resources over four steps, by five applications.
pub fn utilisation(lang: Lang) -> Utilisation {
    let rows: [(&str, &str, &str, [f64; 4]); 12] = [
        (
            "セキュリティクラウド接続回線",
            "security cloud line",
            "1 Gbit/s",
            [0.36, 0.36, 1.44, 0.48],
        ),
        (
            "プロキシ 同時セッション",
            "proxy sessions",
            "80,000",
            [0.6, 0.6, 2.8, 0.7],
        ),
        (
            "旧VDI 画面転送席",
            "old VDI seats",
            "2,600",
            [0.923, 0.923, 0.04, f64::NAN],
        ),
        (
            "NAT グローバルIPv4ポート",
            "NAT ports",
            "60,000",
            [0.8, 0.8, 3.73, 0.62],
        ),
        (
            "本庁―データセンター間",
            "HQ to data centre",
            "10 Gbit/s",
            [0.31, 0.33, 0.22, 0.18],
        ),
        (
            "LGWAN接続回線",
            "LGWAN line",
            "1 Gbit/s",
            [0.12, 0.12, 0.09, 0.09],
        ),
        (
            "地域総合庁舎回線（最大）",
            "regional offices (worst)",
            "1 Gbit/s",
            [0.41, 0.41, 0.55, 0.55],
        ),
        (
            "小規模出先回線（最大・出先17）",
            "small offices (worst: no. 17)",
            "10 Mbit/s",
            [0.3, 0.3, 0.96, 0.83],
        ),
        (
            "無害化サーバ",
            "sanitiser",
            "1,164 files/h",
            [0.88, 0.88, 0.11, 0.11],
        ),
        (
            "LGWAN仮想環境 同時利用",
            "LGWAN virtual seats",
            "240",
            [f64::NAN, 0.0, 0.995, 1.0],
        ),
        (
            "内部ファイアウォール",
            "inner firewall",
            "20 Gbit/s",
            [0.22, 0.22, 0.31, 0.29],
        ),
        (
            "ローカルブレイクアウト回線",
            "local breakout lines",
            "2 Gbit/s",
            [f64::NAN, f64::NAN, f64::NAN, 0.48],
        ),
    ];
    let shares = [0.42, 0.27, 0.16, 0.1, 0.05];
    let load = |total: f64| {
        let parts = shares.iter().map(|share| share * total).collect();
        (!total.is_nan()).then(|| Load {
            utilisation: total,
            amount: None,
            parts,
            when: lang.pick("10時", "10:00").into(),
            projected: false,
        })
    };
    Utilisation {
        caption: caption(
            lang,
            "段階別の資源使用率（最繁時）",
            "Utilisation by step, busiest hour",
        ),
        steps: lang
            .pick(
                [
                    "0 現状（α）",
                    "1 新LGWAN系を構築",
                    "2 旧LGWAN系を読み替え",
                    "3 LBO開通・旧系廃止",
                ],
                [
                    "0 today (α)",
                    "1 build new LGWAN",
                    "2 relabel old LGWAN",
                    "3 LBO, retire old",
                ],
            )
            .map(str::to_owned)
            .to_vec(),
        applications: lang
            .pick(
                [
                    "Web閲覧",
                    "Web会議",
                    "SaaS（M365）",
                    "Windows更新",
                    "メール",
                ],
                ["web", "meetings", "SaaS (M365)", "Windows Update", "mail"],
            )
            .map(str::to_owned)
            .to_vec(),
        resources: rows
            .iter()
            .map(|(ja, en, capacity, totals)| ResourceRow {
                label: lang.pick(*ja, *en).into(),
                capacity: (*capacity).into(),
                threshold: 0.8,
                loads: totals.iter().map(|total| load(*total)).collect(),
            })
            .collect(),
    }
}

/// Percentages of one working day: quiet night, two humps, a dip at noon.
pub const DAY: [u8; 24] = [
    4, 3, 3, 3, 4, 6, 12, 30, 66, 92, 100, 94, 58, 84, 96, 93, 88, 70, 42, 28, 20, 14, 9, 6,
];

/// Twenty-two links over a day, of which twenty are drawn.
pub fn heatmap(lang: Lang) -> Heatmap {
    let mut rows: Vec<HeatRow> = Vec::new();
    let mut push = |ja: String, en: String, peak: f64| {
        let detail = lang.pick("下り", "down").into();
        rows.push(HeatRow {
            label: lang.pick(ja, en),
            detail,
            threshold: 0.8,
            hours: DAY.map(|percent| f64::from(percent) / 100.0 * peak),
        });
    };
    push(
        "セキュリティクラウド接続回線".into(),
        "security cloud line".into(),
        1.44,
    );
    push("小規模出先17".into(), "small office 17".into(), 0.96);
    push(
        "本庁―データセンター間 第1系".into(),
        "HQ to data centre, first".into(),
        0.83,
    );
    for office in 1..=10_u16 {
        push(
            format!("地域総合庁舎{office}"),
            format!("regional office {office}"),
            0.35 + f64::from(office * 37 % 11) / 25.0,
        );
    }
    for office in 18..=26_u16 {
        push(
            format!("小規模出先{office}"),
            format!("small office {office}"),
            0.2 + f64::from(office * 7 % 13) / 22.0,
        );
    }
    Heatmap {
        caption: caption(
            lang,
            "回線の時間帯別使用率（段階2：旧LGWAN系の読み替え後）",
            "Utilisation of lines by hour, step 2",
        ),
        office_hours: 8..18,
        top: 20,
        rows,
    }
}

/// A network of twenty-five boxes in five zones after the old LGWAN zone was relabelled.
pub fn picture(lang: Lang) -> Picture {
    let zone = |id: &str, ja: &str, en: &str, role| Zone {
        id: id.into(),
        label: lang.pick(ja, en).into(),
        role,
    };
    let zones = vec![
        zone(
            "mn",
            "マイナンバー利用事務系",
            "My Number zone",
            ZoneRole::MyNumber,
        ),
        zone(
            "lg",
            "LGWAN接続系（新）",
            "LGWAN zone (new)",
            ZoneRole::Lgwan,
        ),
        zone(
            "int",
            "インターネット接続系",
            "Internet zone",
            ZoneRole::Internet,
        ),
        zone(
            "sc",
            "自治体情報セキュリティクラウド",
            "security cloud",
            ZoneRole::SecurityCloud,
        ),
        zone("out", "外部", "outside", ZoneRole::Outside),
    ];
    let nodes = NODES.iter().map(|(id, ja, en, kind, zone, count)| Node {
        id: (*id).into(),
        label: lang.pick(*ja, *en).into(),
        kind: *kind,
        zone: (!zone.is_empty()).then(|| (*zone).into()),
        count: *count,
    });
    let links = LINKS.iter().map(|(a, b, load)| Link {
        a: (*a).into(),
        b: (*b).into(),
        label: format!("{a}―{b}"),
        utilisation: (!load.is_nan()).then_some(*load),
        threshold: 0.8,
    });
    Picture {
        caption: caption(
            lang,
            "ネットワーク構成と回線負荷（段階2）",
            "Network and load of its lines, step 2",
        ),
        zones,
        nodes: nodes.collect(),
        links: links.collect(),
    }
}

type Sample = (
    &'static str,
    &'static str,
    &'static str,
    NodeKind,
    &'static str,
    u32,
);

const NODES: [Sample; 25] = [
    (
        "internet",
        "インターネット",
        "Internet",
        NodeKind::Cloud,
        "out",
        1,
    ),
    (
        "saas",
        "Microsoft 365",
        "Microsoft 365",
        NodeKind::Cloud,
        "out",
        1,
    ),
    (
        "lgwan",
        "LGWAN（J-LIS）",
        "LGWAN (J-LIS)",
        NodeKind::Cloud,
        "out",
        1,
    ),
    (
        "sc-gw",
        "SC ゲートウェイ",
        "SC gateway",
        NodeKind::Firewall,
        "sc",
        1,
    ),
    (
        "sc-mail",
        "SC メール無害化",
        "SC mail sanitiser",
        NodeKind::Service,
        "sc",
        1,
    ),
    (
        "fw-int",
        "外部FW",
        "outer firewall",
        NodeKind::Firewall,
        "",
        1,
    ),
    ("proxy", "プロキシ", "proxy", NodeKind::Service, "int", 2),
    (
        "dmz",
        "DMZ・公開Web",
        "DMZ, public web",
        NodeKind::Segment,
        "int",
        1,
    ),
    (
        "core",
        "コアスイッチ",
        "core switch",
        NodeKind::Device,
        "int",
        2,
    ),
    (
        "hq",
        "本庁 業務端末",
        "HQ terminals",
        NodeKind::Hosts,
        "int",
        2600,
    ),
    (
        "region",
        "地域総合庁舎",
        "regional office",
        NodeKind::Segment,
        "int",
        10,
    ),
    (
        "branch",
        "小規模出先機関",
        "small office",
        NodeKind::Segment,
        "int",
        80,
    ),
    (
        "srv",
        "業務サーバ（旧LG）",
        "servers (old LG)",
        NodeKind::Hosts,
        "int",
        120,
    ),
    ("vdi-old", "旧VDI", "old VDI", NodeKind::Service, "int", 1),
    (
        "fw-lg",
        "内部FW",
        "inner firewall",
        NodeKind::Firewall,
        "",
        2,
    ),
    (
        "relay",
        "画面転送・無害化",
        "screen relay, sanitiser",
        NodeKind::Service,
        "lg",
        1,
    ),
    (
        "lg-vdi",
        "LGWAN仮想環境",
        "LGWAN virtual desktops",
        NodeKind::Service,
        "lg",
        1,
    ),
    (
        "lg-srv",
        "LGWAN-ASP・LGメール",
        "LGWAN ASP, LG mail",
        NodeKind::Hosts,
        "lg",
        22,
    ),
    (
        "lg-file",
        "住民情報ファイルサーバ",
        "resident file server",
        NodeKind::Hosts,
        "lg",
        1,
    ),
    (
        "lgwan-ss",
        "LGWAN接続ルータ",
        "LGWAN edge",
        NodeKind::Device,
        "lg",
        1,
    ),
    (
        "fw-mn",
        "番号系FW",
        "My Number firewall",
        NodeKind::Firewall,
        "",
        2,
    ),
    (
        "mn-core",
        "番号系スイッチ",
        "MN switch",
        NodeKind::Device,
        "mn",
        1,
    ),
    (
        "mn-term",
        "番号系端末",
        "MN terminals",
        NodeKind::Hosts,
        "mn",
        600,
    ),
    (
        "mn-srv",
        "税・福祉サーバ",
        "tax, welfare servers",
        NodeKind::Hosts,
        "mn",
        24,
    ),
    (
        "mn-link",
        "中間サーバ接続",
        "interim server link",
        NodeKind::Device,
        "mn",
        1,
    ),
];

const LINKS: [(&str, &str, f64); 29] = [
    ("sc-gw", "internet", 0.72),
    ("sc-gw", "saas", 0.41),
    ("sc-gw", "sc-mail", 0.12),
    ("fw-int", "sc-gw", 1.44),
    ("fw-int", "proxy", 0.83),
    ("fw-int", "dmz", 0.09),
    ("proxy", "core", 0.64),
    ("core", "hq", 0.38),
    ("core", "region", 0.55),
    ("core", "branch", 0.96),
    ("core", "srv", 0.31),
    ("core", "vdi-old", 0.02),
    ("core", "fw-lg", 0.29),
    ("region", "branch", 0.11),
    ("fw-lg", "relay", 0.35),
    ("relay", "lg-vdi", 0.22),
    ("fw-lg", "lg-vdi", 0.18),
    ("fw-lg", "lg-srv", 0.07),
    ("fw-lg", "lg-file", 0.05),
    ("lg-srv", "lgwan-ss", 0.09),
    ("lgwan-ss", "lgwan", 0.09),
    ("sc-mail", "lg-srv", 0.03),
    ("core", "fw-mn", 0.01),
    ("fw-lg", "fw-mn", 0.02),
    ("fw-mn", "mn-core", 0.03),
    ("mn-core", "mn-term", 0.14),
    ("mn-core", "mn-srv", 0.21),
    ("mn-core", "mn-link", 0.05),
    ("fw-int", "core", f64::NAN),
];
