//! The table of a specification, held against what it is made from.

use super::*;
use crate::model::units::Latency;
use crate::sim::replay::Failures;
use crate::sim::sizing::{Rules, size};

/// Every file names a kind of resource with the one word of docs/report-schema.md.
#[test]
fn a_kind_is_written_as_in_every_other_file() {
    for kind in ResourceKind::ALL {
        let written = serde_json::to_value(kind).expect("JSON");
        assert_eq!(written, kind.word());
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
    let Ok(plan) = crate::scenarios::load(folder) else {
        panic!("the plan is sound");
    };
    let migration = plan.migration;
    let report = crate::sim::run::capacity(&migration, Failures::Single, &[], 0);
    let catalogue = crate::scenarios::catalogue::standard()
        .expect("a catalogue")
        .catalogue;
    let mut purchases = size(&migration, &[report], &catalogue, Rules { degraded: None });
    purchases[0].binding.wait = Some((Latency::new(10.04), Latency::new(10.0)));
    let told = Purchases {
        migration: &migration,
        catalogue: &catalogue,
        purchases: &purchases,
        years: 0,
        degraded: None,
        lang: Lang::Ja,
    };
    let pieces = [(12, 2), (13, 1)].map(|(offer, count)| Pieces { offer, count });
    let mixed = Choice {
        pieces: pieces.to_vec(),
        adds: true,
        price: None,
        bound: None,
    };
    let words = "画面転送 10同時利用 × 2 + 画面転送帯域 100 Mbps";
    assert_eq!(told.chosen(&mixed), words);
    let json: serde_json::Value = serde_json::from_str(&told.json().expect("JSON")).expect("JSON");
    let csv = told.csv().expect("CSV");
    assert_eq!(
        json["purchases"].as_array().map(Vec::len),
        Some(purchases.len())
    );
    let ports = |row: &serde_json::Value| row["resource"] == "fw-int" && row["kind"] == "nat-ports";
    assert!(
        json["purchases"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(ports)),
        "{json:#}"
    );
    assert!(csv.contains(",nat-ports,"), "{csv}");
    let waits: Vec<_> = (0..2)
        .map(|row| &json["purchases"][row])
        .map(|row| (row["wait_s"].as_f64(), row["wait_limit_s"].as_f64()))
        .collect();
    assert_eq!(waits, [(Some(10.04), Some(10.0)), (None, None)]);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].ends_with(",failure,wait_s,wait_limit_s"), "{csv}");
    assert!(lines[1].ends_with(",10.04,10"), "{csv}");
    assert!(lines[2].ends_with(",,"), "{csv}");
    let text = told.markdown();
    assert!(text.contains("95 %が 10.04秒 以内（上限 10秒）"), "{text}");
    assert!(json["total"].is_null() && !text.contains("合計"), "{text}");
    let mut priced = purchases.clone();
    let choices = priced.iter_mut().filter(|p| !p.enough);
    let mut choices: Vec<_> = choices.filter_map(|p| p.choice.as_mut()).collect();
    choices[0].price = Some(1000.5);
    choices[1].price = Some(3.0);
    let without = choices.len() - 2;
    let told = Purchases {
        purchases: &priced,
        ..told
    };
    let wanted = format!("価格の合計: 1,003.5（価格のない{without}件を除く）");
    assert!(told.markdown().contains(&wanted), "{}", told.markdown());
    let written = [0.0, 7.0, 12.5, 1234.05, 1_999.999].map(money);
    assert_eq!(written, ["0", "7", "12.5", "1,234.05", "2,000"]);
}
