//! The document holds what the contract promises, and describes every field it holds.

use super::*;
use crate::sample::sample;
use serde_json::Value;
use std::collections::BTreeSet;

fn document(lang: Lang) -> Value {
    let sample = sample();
    let text = Document::new(&sample.context(lang)).text().unwrap();
    assert!(text.ends_with("}\n"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_promised_fields_are_there() {
    let document = document(Lang::En);
    assert_eq!(document["schema"], SCHEMA);
    assert_eq!(document["scenario"], "Mie-like prefecture");
    assert_eq!(document["steps"][2]["id"], "2");
    assert_eq!(document["steps"][2]["name"], "relabel old LGWAN");
    let stale = &document["findings"][0];
    assert_eq!(stale["code"], "ISO-112");
    assert_eq!(stale["severity"], "error");
    assert_eq!((&stale["step"], &stale["state"]), (&"2".into(), &2.into()));
    assert_eq!(stale["place"]["line"], 3);
    let evidence = &stale["evidence"];
    assert_eq!(evidence["kind"], "packets");
    assert_eq!(evidence["violating"][0]["src"][0], "10.72.3.10");
    assert_eq!(evidence["violating"][0]["protocol"][0], "tcp");
    assert_eq!(evidence["violating"][0]["src_ports"][0], "*");
    assert_eq!(evidence["witness"]["protocol"], "tcp");
    assert_eq!(evidence["hops"][2]["stage"], "forward-filter");
    assert_eq!(evidence["hops"][2]["decision"], "allowed");
    assert_eq!(evidence["hops"][2]["place"]["file"], "firewalls/fw-mn.ron");
    let felt = &document["findings"][1]["evidence"]["felt"][0];
    assert_eq!(
        (&felt["people"], &felt["gets"]),
        (&320.0.into(), &0.542.into())
    );
    assert_eq!(felt["sites"][0]["site"], "office 1");
    assert_eq!(felt["sites"][0]["people"], 1.6);
    assert_eq!(felt["more_sites"], 98);
    let attack = &document["attacks"][0];
    assert_eq!(
        (&attack["risk"], &attack["hops"]),
        (&"RK-1".into(), &3.into())
    );
    assert_eq!(attack["missing"][0]["on"][0], "staff");
    let load = &document["loads"][2];
    assert_eq!(
        (&load["hour"], &load["unit"]),
        (&10.into(), &"bit/s".into())
    );
    assert_eq!(load["offered"], 1.44e9);
    assert_eq!(load["utilisation"], 1.44);
    assert_eq!(load["direction"]["from"], "sc");
    assert!(load["failure"].is_null());
    assert_eq!(load["by_hour"].as_array().map(Vec::len), Some(24));
}

#[test]
fn words_follow_the_language_and_keys_do_not() {
    let (ja, en) = (document(Lang::Ja), document(Lang::En));
    assert_eq!(ja["scenario"], "三重型県");
    assert_ne!(ja["findings"][0]["message"], en["findings"][0]["message"]);
    assert_eq!(keys(&ja), keys(&en));
}

#[test]
fn figures_lose_the_noise_of_their_last_bits() {
    assert_eq!(load::number(0.1 + 0.2), Some(0.3));
    assert_eq!(load::number(1_440_000_000.000_001), Some(1.44e9));
    assert_eq!(load::number(f64::INFINITY), None);
}

/// Every key of an object, however deep.
fn keys(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| {
                let mut found = keys(value);
                found.insert(key.clone());
                found
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn every_field_is_described() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/report-schema.md");
    let described = std::fs::read_to_string(path).unwrap();
    for key in keys(&document(Lang::En)) {
        assert!(
            described.contains(&format!("`{key}`")),
            "`{key}` is not in docs/report-schema.md"
        );
    }
}
