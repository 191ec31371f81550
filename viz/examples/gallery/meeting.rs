//! Invented but plausible figures of Web meetings at the sites of a prefecture, for the gallery and the tests.

use utsushi_viz::Lang;
use utsushi_viz::data::{Gate, GateCell, GateLimits, GateRow, GateVerdict};
use utsushi_viz::words::Pick as _;

use crate::samples::{caption, utilisation};

const LIMITS: GateLimits = GateLimits {
    loss: 0.01,
    jitter_ms: 30.0,
    delay_ms: 150.0,
};
const STRICT: GateLimits = GateLimits {
    loss: 0.001,
    jitter_ms: 20.0,
    delay_ms: 100.0,
};

/// Loss, jitter and delay of one cell.
type Figures = [f64; 3];

const SITES: [(&str, &str, u32, [Option<Figures>; 4]); 6] = [
    (
        "本庁舎",
        "headquarters",
        1,
        [
            Some([0.0001, 4.0, 22.0]),
            Some([0.0001, 4.0, 22.0]),
            Some([0.018, 41.0, 163.0]),
            Some([0.0001, 3.0, 18.0]),
        ],
    ),
    (
        "地域総合庁舎",
        "regional offices",
        10,
        [
            Some([0.0002, 9.0, 35.0]),
            Some([0.0002, 9.0, 35.0]),
            Some([0.019, 44.0, 171.0]),
            Some([0.0003, 8.0, 31.0]),
        ],
    ),
    (
        "小規模出先機関（アクセス回線10 Mbit/s）",
        "small offices (10 Mbit/s)",
        80,
        [
            Some([0.0008, 24.0, 61.0]),
            Some([0.0008, 24.0, 61.0]),
            Some([0.021, 58.0, 188.0]),
            Some([0.004, 26.0, 72.0]),
        ],
    ),
    (
        "山間部出先機関（無線）",
        "mountain offices (radio)",
        6,
        [
            Some([0.0061, 28.0, 121.0]),
            Some([0.0061, 28.0, 121.0]),
            Some([0.0061, 36.0, 203.0]),
            Some([0.0061, 28.0, 118.0]),
        ],
    ),
    (
        "県立学校",
        "schools",
        54,
        [None, None, None, Some([0.0004, 11.0, 40.0])],
    ),
    (
        "データセンター",
        "data centre",
        1,
        [
            Some([0.0, 1.2, 9.0]),
            Some([0.0, 1.2, 9.0]),
            Some([f64::NAN, f64::INFINITY, f64::INFINITY]),
            Some([0.0, 1.1, 8.0]),
        ],
    ),
];

/// Six kinds of sites over four steps.
pub fn gate(lang: Lang) -> Gate {
    let rows = SITES.iter().map(|(ja, en, count, cells)| GateRow {
        label: lang.pick(*ja, *en).into(),
        count: *count,
        cells: cells
            .iter()
            .map(|cell| cell.map(|figures| judged(figures, lang)))
            .collect(),
    });
    Gate {
        caption: caption(
            lang,
            "Web会議の品質判定（拠点×段階）",
            "Web meetings by site and step",
        ),
        limits: LIMITS,
        strict: STRICT,
        edge: GateLimits::default(),
        steps: utilisation(lang).steps,
        rows: rows.collect(),
    }
}

fn judged([loss, jitter_ms, delay_ms]: Figures, lang: Lang) -> GateCell {
    let within = |limits: GateLimits| {
        loss <= limits.loss && jitter_ms <= limits.jitter_ms && delay_ms <= limits.delay_ms
    };
    let verdict = match (within(LIMITS), within(STRICT)) {
        (false, _) => GateVerdict::Fail,
        (true, false) => GateVerdict::Strained,
        (true, true) => GateVerdict::Pass,
    };
    GateCell {
        verdict,
        loss,
        jitter_ms,
        delay_ms,
        beyond: GateLimits::default(),
        when: lang.pick("10時", "10:00").into(),
        worst: lang
            .pick("セキュリティクラウド接続回線", "security cloud line")
            .into(),
    }
}
