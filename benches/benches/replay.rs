//! How fast traffic replay is: demands of a body to loads on every resource, with growth in offices (a
//! segment, a line and six demands each) and in firewall rules, and the shipped prefecture.
//!
//! ```text
//!  office-0 ─┐
//!  office-1 ─┼─ core ── fw ── sc ── world        browsing and five more applications by proxy
//!  …        ─┘           └─ dmz: proxy           or straight to the servers
//! ```

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use utsushi_model::demand::Demand;
use utsushi_model::migration::Migration;
use utsushi_scenarios::{Memory, load, load_from};
use utsushi_sim::plane::Plane;
use utsushi_sim::replay::{Loads, replay};

/// Rules before the ones that matter: each names an office and a port that nobody uses.
fn filler(rules: usize) -> String {
    let mut text = String::new();
    for i in 0..rules {
        let (office, port) = (i % 250, 20_000 + i);
        let _ = writeln!(
            text,
            "Deny(name: \"f{i}\", from: [\"10.1.{office}.0/24\"], to: [\"any\"], service: [\"tcp/{port}\"]),"
        );
    }
    text
}

fn body(offices: usize, rules: usize) -> String {
    let last = offices - 1;
    let filler = filler(rules);
    let applications: String = (0..6)
        .map(|i| {
            format!(
                "(name: \"a{i}\", label: (ja: \"a{i}\", en: \"a{i}\"), service: \"tcp/443\", curve: \"day\", source: \"[A]\",
                  direct: (active: \"80 %\", sessions: 5, down: \"75 kbps\", up: \"15 kbps\")),"
            )
        })
        .collect();
    let demands: String = (0..6)
        .map(|i| {
            let to = if i % 2 == 0 { "www" } else { "files" };
            format!("(name: \"d{i}\", groups: [\"office-{{0..={last}}}\"], application: \"a{i}\", to: \"{to}\", amount: Users),")
        })
        .collect();
    format!(
        r#"(
  title: (ja: "計測", en: "bench"),
  start: (label: (ja: "現状", en: "today"), model: Alpha, date: "2024-04-01"),
  zones: [(name: "lg", label: (ja: "内部", en: "inside"), role: Lgwan), (name: "out", label: (ja: "外部", en: "outside"), role: World)],
  sites: [(name: "hq", label: (ja: "本庁", en: "HQ"), kind: Headquarters)],
  segments: [
    (name: "servers", zone: "lg", site: "hq", prefixes: ["10.2.0.0/24"], gateways: [(node: "fw")]),
    (name: "dmz", zone: "lg", site: "hq", prefixes: ["10.3.0.0/24"], gateways: [(node: "fw")]),
    (name: "world", zone: "out", site: "hq", prefixes: ["0.0.0.0/0"], external: true, gateways: [(node: "sc")]),
  ],
  nodes: [
    (name: "core", site: "hq", kind: Router),
    (name: "fw", site: "hq", kind: Firewall, filters: [(at: Forward, default: Deny, stateful: true, rules: [
      {filler}
      Allow(name: "use", from: ["any"], to: ["any"], service: ["tcp/443", "tcp/8080"]),
    ])]),
    (name: "sc", site: "hq", kind: SecurityCloud),
    (name: "proxy", site: "hq", kind: Proxy(units: 2, sessions: 40000, rules: [Allow(name: "all", from: ["any"], to: ["any"])]),
      at: (segment: "dmz", addresses: ["10.3.0.10-10.3.0.11"])),
  ],
  links: [
    (name: "core-fw", ends: ("core", "fw"), rate: "10 Gbps"),
    (name: "sc-line", ends: ("fw", "sc"), rate: "1 Gbps"),
  ],
  access: [(name: "pac", entries: [(to: ["servers"], way: Direct), (to: ["any"], way: Via("proxy"))])],
  systems: [
    (name: "files", segment: "servers", addresses: ["10.2.0.10"], services: ["tcp/443"], pattern: Convert, confidentiality: Two),
    (name: "www", segment: "world", addresses: ["192.0.2.80"], services: ["tcp/443"], pattern: Outside, confidentiality: One),
  ],
  curves: [(name: "day", hours: [0, 0, 0, 0, 0, 0, 0, 0.1, 0.5, 0.9, 1, 1, 0.6, 0.9, 1, 0.9, 0.8, 0.6, 0.3, 0.1, 0, 0, 0, 0])],
  applications: [{applications}],
  demands: [{demands}],
  series: [(var: "n", from: 0, to: {last}, of: (
    segments: [(name: "office-net-{{n}}", zone: "lg", site: "hq", prefixes: ["10.1.{{n}}.0/24"], gateways: [(node: "r{{n}}")])],
    nodes: [(name: "r{{n}}", site: "hq", kind: Router)],
    links: [(name: "line-{{n}}", ends: ("r{{n}}", "core"), rate: "100 Mbps")],
    groups: [(name: "office-{{n}}", segment: "office-net-{{n}}", count: 32, class: General, access: "pac")],
  ))],
)"#
    )
}

fn scenario(offices: usize, rules: usize) -> Migration {
    let files = Memory::new([("scenario.ron", body(offices, rules))]);
    let loaded = load_from(&files, "scenario.ron");
    loaded
        .unwrap_or_else(|mistakes| panic!("{:#?}", mistakes.problems))
        .migration
}

fn planes(migration: &Migration) -> Vec<Plane> {
    let states = migration.states.iter();
    states
        .map(|s| Plane::compile(Arc::clone(&s.network), s.date))
        .collect()
}

fn loads(migration: &Migration, planes: &[Plane]) -> Vec<Loads> {
    let each = migration.states.iter().zip(planes);
    each.map(|(state, plane)| {
        let all = migration.requirements.demands.iter();
        let demands: Vec<&Demand> = all.filter(|d| migration.demanded(d, state)).collect();
        replay(plane, state, &migration.requirements, &demands)
    })
    .collect()
}

/// Measures one scenario, after seeing to it that its demands do come through.
fn measure(c: &mut Criterion, group: &str, name: BenchmarkId, migration: &Migration) {
    let planes = planes(migration);
    let mut group = c.benchmark_group(group);
    group.sample_size(10);
    group.bench_function(name, |b| b.iter(|| black_box(loads(migration, &planes))));
    group.finish();
}

fn offices(c: &mut Criterion) {
    for offices in [20, 80, 240] {
        let migration = scenario(offices, 100);
        let found = loads(&migration, &planes(&migration));
        assert!(
            found[0].findings.is_empty(),
            "{:?}",
            found[0].findings.first()
        );
        measure(
            c,
            "replay/offices",
            BenchmarkId::from_parameter(offices),
            &migration,
        );
    }
}

fn rules(c: &mut Criterion) {
    for rules in [100, 1_000, 3_000] {
        let migration = scenario(80, rules);
        measure(
            c,
            "replay/rules",
            BenchmarkId::from_parameter(rules),
            &migration,
        );
    }
}

/// Four states of a prefecture with 80 small offices.
fn prefecture(c: &mut Criterion) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
    let migration = load(folder)
        .unwrap_or_else(|m| panic!("{:#?}", m.problems))
        .migration;
    measure(
        c,
        "replay/mie",
        BenchmarkId::from_parameter("four states"),
        &migration,
    );
}

criterion_group!(benches, offices, rules, prefecture);
criterion_main!(benches);
