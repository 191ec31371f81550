//! The shipped scenarios say what their expected outputs say, and the figures of the two cases come out.
//!
//! The figures are those of the domain catalogue (D1.5 and D2.5): computed from the demands of the
//! scenario, compared with numbers written here by hand.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use std::path::{Path, PathBuf};
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Severity};
use utsushi_model::report::{LoadRow, Report};
use utsushi_model::text::Lang;
use utsushi_scenarios::Loaded;
use utsushi_tests::golden::assert_expected;
use utsushi_tests::tree::root;

fn folder(name: &str) -> PathBuf {
    Path::new("scenarios/library").join(name)
}

/// Runs in the root of the checkout, so that places read as a person there sees them.
fn run(name: &str) -> (Report, Loaded) {
    std::env::set_current_dir(root()).expect("the checkout is there");
    let loaded = match utsushi_scenarios::load(folder(name)) {
        Ok(loaded) => loaded,
        Err(failed) => panic!("{name}: {:#?}", failed.problems),
    };
    let report = utsushi_sim::run(&loaded.migration).expect("packet sets fit their arena");
    (report, loaded)
}

fn expected(name: &str) {
    let (report, loaded) = run(name);
    for (lang, file) in [(Lang::Ja, "check.ja.txt"), (Lang::En, "check.en.txt")] {
        let text = utsushi::render::report(&loaded.migration, &report, &loaded.sources, lang);
        assert_expected(&folder(name).join("expected").join(file), &text);
    }
}

/// The row of a resource in a state; links by their busier direction.
fn load<'r>(report: &'r Report, state: usize, kind: ResourceKind, resource: &str) -> &'r LoadRow {
    let rows = report
        .loads
        .iter()
        .filter(|r| r.state == state && r.kind == kind && r.resource == resource);
    rows.max_by(|a, b| a.busiest().1.get().total_cmp(&b.busiest().1.get()))
        .expect("the resource is reported")
}

fn peak(row: &LoadRow) -> f64 {
    row.offered.iter().copied().fold(0.0, f64::max)
}

#[track_caller]
fn near(actual: f64, wanted: f64) {
    assert!(
        (actual - wanted).abs() <= wanted.abs() * 1e-9 + 1e-9,
        "{actual} is not {wanted}"
    );
}

fn codes(report: &Report, severity: Severity) -> Vec<(Code, usize)> {
    report
        .findings
        .iter()
        .filter(|f| f.severity == severity)
        .map(|f| (f.code, f.first))
        .collect()
}

#[test]
fn alpha_beta_and_beta_prime_raise_nothing() {
    for name in ["alpha", "alpha-prime", "beta", "beta-prime"] {
        let (report, _) = run(name);
        assert!(report.findings.is_empty(), "{name}: {:#?}", report.findings);
        expected(name);
    }
}

#[test]
fn mie_prints_what_is_expected() {
    expected("mie");
    expected("mie-lbo");
}

#[test]
fn town_b_prints_what_is_expected() {
    expected("town-b");
    expected("town-b-lbo");
}

#[test]
fn the_figures_of_the_prefecture_come_out() {
    let (report, _) = run("mie");
    // D1.5: 2,400 concurrent browsing desktops × 20 sessions before; 6,400 active users × 35 after.
    near(
        peak(load(&report, 0, ResourceKind::Sessions, "proxy")),
        48_000.0,
    );
    near(
        peak(load(&report, 2, ResourceKind::Sessions, "proxy")),
        224_000.0,
    );
    near(
        peak(load(&report, 0, ResourceKind::Seats, "vdi-old")),
        2_400.0,
    );
    near(peak(load(&report, 2, ResourceKind::Seats, "vdi-lg")), 240.0);
    // D1.5: 360 Mbit/s before, 1,440 of 1,000 Mbit/s after.
    near(peak(load(&report, 0, ResourceKind::Link, "sc-line")), 360e6);
    near(
        peak(load(&report, 2, ResourceKind::Link, "sc-line")),
        1_440e6,
    );
    near(
        load(&report, 2, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        144.0,
    );
    // The variant breaks out locally in a step of its own, `2b`, the third.
    let (lbo, _) = run("mie-lbo");
    near(
        load(&lbo, 3, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        48.0,
    );
    assert_eq!(report.terminals, 8_000);
}

#[test]
fn the_figures_of_the_municipality_come_out() {
    let (report, _) = run("town-b");
    // D2.5: 245 desktops × 20 sessions before; 595 active users × 35 after.
    near(
        peak(load(&report, 0, ResourceKind::Sessions, "proxy")),
        4_900.0,
    );
    near(
        peak(load(&report, 2, ResourceKind::Sessions, "proxy")),
        20_825.0,
    );
    near(
        peak(load(&report, 0, ResourceKind::Link, "sc-line")),
        36.75e6,
    );
    near(
        load(&report, 2, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        141.75,
    );
    let (lbo, _) = run("town-b-lbo");
    near(peak(load(&lbo, 3, ResourceKind::Link, "sc-line")), 44.625e6);
}

#[test]
fn the_traps_of_the_prefecture_are_found_where_they_bite() {
    let (report, _) = run("mie");
    let errors = codes(&report, Severity::Error);
    for wanted in [
        (Code::StaleException, 2),
        (Code::MixedSegment, 2),
        (Code::TemporaryRule, 3),
        (Code::LinkLoad, 2),
        (Code::SessionLoad, 2),
        (Code::NatLoad, 2),
    ] {
        assert!(
            errors.contains(&wanted),
            "{wanted:?} is not among {errors:?}"
        );
    }
    assert!(
        codes(&report, Severity::Warning)
            .iter()
            .any(|(code, _)| *code == Code::Referrers)
    );
    assert!(codes(&report, Severity::Note).contains(&(Code::ProxyRules, 2)));
}
