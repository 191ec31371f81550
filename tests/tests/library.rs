//! The shipped scenarios say what their expected outputs say, and the figures of the two cases come out.
//!
//! The figures are those of the domain catalogue (D1.5 and D2.5): computed from the demands of the
//! scenario, compared with numbers written here by hand.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock};
use utsushi_model::demand::ResourceKind;
use utsushi_model::finding::{Code, Evidence, Finding, Severity};
use utsushi_model::report::{CauseOrder, EDR, LoadRow, Report};
use utsushi_model::text::Lang;
use utsushi_scenarios::Loaded;
use utsushi_sim::causes::{Resource, causes};
use utsushi_sim::quality::rule::users_per_address;
use utsushi_tests::golden::assert_expected;
use utsushi_tests::tree::root;

fn folder(name: &str) -> PathBuf {
    Path::new("scenarios/library").join(name)
}

/// Runs in the root of the checkout, so that places read as a person there sees them.
fn made(name: &str) -> (Report, Loaded) {
    std::env::set_current_dir(root()).expect("the checkout is there");
    let loaded = match utsushi_scenarios::load(folder(name)) {
        Ok(loaded) => loaded,
        Err(failed) => panic!("{name}: {:#?}", failed.problems),
    };
    let report = utsushi_sim::run(&loaded.migration).expect("packet sets fit their arena");
    (report, loaded)
}

/// The same, made once for all tests.
fn run(name: &'static str) -> &'static (Report, Loaded) {
    type Made = OnceLock<(Report, Loaded)>;
    static ALL: LazyLock<Mutex<BTreeMap<&'static str, &'static Made>>> =
        LazyLock::new(Mutex::default);
    let cell = {
        let mut all = ALL.lock().expect("no test panics while it looks");
        *all.entry(name).or_insert_with(|| Box::leak(Box::default()))
    };
    cell.get_or_init(|| made(name))
}

fn expected(name: &'static str) {
    let (report, loaded) = run(name);
    for (lang, file) in [(Lang::Ja, "check.ja.txt"), (Lang::En, "check.en.txt")] {
        let text = utsushi::render::report(&loaded.migration, report, &loaded.sources, lang);
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
        peak(load(report, 0, ResourceKind::Sessions, "proxy")),
        48_000.0,
    );
    near(
        peak(load(report, 2, ResourceKind::Sessions, "proxy")),
        224_000.0,
    );
    near(
        peak(load(report, 0, ResourceKind::Seats, "vdi-old")),
        2_400.0,
    );
    near(peak(load(report, 2, ResourceKind::Seats, "vdi-lg")), 240.0);
    // D1.5: 360 Mbit/s before, 1,440 of 1,000 Mbit/s after.
    near(peak(load(report, 0, ResourceKind::Link, "sc-line")), 360e6);
    near(
        peak(load(report, 2, ResourceKind::Link, "sc-line")),
        1_440e6,
    );
    near(
        load(report, 2, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        144.0,
    );
    // The variant breaks out locally in a step of its own, `2b`, the third.
    let (lbo, _) = run("mie-lbo");
    near(
        load(lbo, 3, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        48.0,
    );
    assert_eq!(report.terminals, 8_000);
    // D1.5: no EDR before, 8,000 terminals and about 400 servers after; 40 GB of logs a day before, 180 after.
    for (report, state, under, logged) in [
        (report, 0, None, 40.0),
        (report, 2, Some("EDR of 8,402 hosts"), 180.0),
        // What breaks out passes no proxy: of 35 sessions of a user 15 stay.
        (
            lbo,
            4,
            Some("EDR of 8,402 hosts"),
            126.0 + 53.9 * 15.0 / 35.0,
        ),
    ] {
        let rows: Vec<_> = report.logs.iter().filter(|r| r.state == state).collect();
        let edr = rows.iter().find(|row| row.resource == EDR);
        assert_eq!(edr.map(|row| row.label.en.as_str()), under);
        let day = rows.iter().map(|row| row.per_day()).sum::<f64>() / 1e9;
        assert!((day - logged).abs() < 0.5, "{state}: {day}");
    }
    // D1.5: four addresses by the rule of 2,000 users each, six by Microsoft's formula with 40 ports at the peak and 4 spare.
    let users = users_per_address(4_000.0, 40.0, 4.0).expect("in the domain");
    near(users.floor(), 1_363.0);
    let terminals = f64::from(u32::try_from(report.terminals).expect("not that many"));
    near((terminals / users).ceil(), 6.0);
    near((terminals / 2_000.0).ceil(), 4.0);
}

#[test]
fn the_figures_of_the_municipality_come_out() {
    let (report, _) = run("town-b");
    // D2.5: 245 desktops × 20 sessions before; 595 active users × 35 after.
    near(
        peak(load(report, 0, ResourceKind::Sessions, "proxy")),
        4_900.0,
    );
    near(
        peak(load(report, 2, ResourceKind::Sessions, "proxy")),
        20_825.0,
    );
    near(
        peak(load(report, 0, ResourceKind::Link, "sc-line")),
        36.75e6,
    );
    near(
        load(report, 2, ResourceKind::Link, "sc-line")
            .busiest()
            .1
            .percent(),
        141.75,
    );
    let (lbo, _) = run("town-b-lbo");
    near(peak(load(lbo, 3, ResourceKind::Link, "sc-line")), 44.625e6);
}

/// D3, items 2, 3, 4 and 10: with the hour, and with the failure that makes it worst.
#[test]
fn what_does_not_fit_is_told_with_hour_and_failure() {
    let (report, _) = run("mie");
    let worst = |kind, resource: &str| {
        let row = load(report, 2, kind, resource);
        let first = row.worst.first();
        let failure = first.and_then(|c| c.circumstance.failure.as_ref());
        let degraded = first.map_or(0.0, |c| c.utilisation().percent());
        (row.busiest().0, failure.map(|f| f.key()), degraded)
    };
    // 2: the line is at 144 % at 10:00, and no failure adds to it.
    let (hour, failure, _) = worst(ResourceKind::Link, "sc-line");
    assert_eq!((hour, failure), (10, None));
    // 3: 224,000 sessions on two machines of 40,000, and on one.
    let (hour, failure, degraded) = worst(ResourceKind::Sessions, "proxy");
    assert_eq!((hour, failure.as_deref()), (10, Some("machine proxy")));
    near(degraded, 560.0);
    // 4: one global address, whatever fails.
    let (hour, ..) = worst(ResourceKind::NatPorts, "fw-int");
    assert_eq!(hour, 10);
    // 10: with the breakout everybody can talk but one small office, at its busiest hour.
    let (lbo, _) = run("mie-lbo");
    let gate = |f: &&Finding| f.code == Code::MeetingGate && f.last >= 3;
    let spoiled: Vec<(usize, &str, u8)> = lbo
        .findings
        .iter()
        .filter(gate)
        .map(|f| match &f.evidence {
            Evidence::Gate {
                sites, hop, hour, ..
            } => (sites.len(), hop.as_str(), *hour),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(spoiled, [(1, "wan-o37", 10)]);
}

/// Losing the core switch cuts everybody off, and that is an outage, not an overload.
#[test]
fn what_is_lost_is_told_apart_from_what_is_too_full() {
    let (report, _) = run("mie");
    let of = |key: &str| {
        let found = report
            .outages
            .iter()
            .find(|o| o.state == 2 && o.failure.key() == key);
        found.map_or(0.0, |o| o.users)
    };
    near(of("node sw-core"), 8_000.0);
    near(of("link sc-line"), 8_000.0);
    // Offices have a spare line: losing one of the two cuts nobody off.
    near(of("link wan-o3"), 0.0);
    near(of("node rt-o3"), 32.0);
    near(of("link wan-r1-a"), 0.0);
}

/// By hand: 12,800 active users with 75 kbit/s leave 40 of 1,000 Mbit/s to 320 who meet and want 1.5 Mbit/s each.
#[test]
fn those_who_meet_feel_the_line_of_the_prefecture() {
    let (report, _) = run("mie");
    let found = report.findings.iter().find_map(|f| match &f.evidence {
        Evidence::Load { resource, felt, .. } if resource == "sc-line" => Some(felt),
        _ => None,
    });
    let Some([only]) = found.map(Vec::as_slice) else {
        panic!("{found:?}");
    };
    assert_eq!(only.application.en, "meetings");
    near(only.people, 320.0);
    near(only.gets, 1.0 / 12.0);
    // The head office first, then one of a hundred offices like another.
    assert_eq!(only.sites.len(), 3);
    near(only.sites.iter().map(|s| s.gets).sum(), 0.25);
}

/// A hundred people in a town with one line, by a shipped profile: 80 % active, on a Monday 1.3 times, at a disaster 1.5 times.
#[test]
fn days_of_the_shipped_profile_count_in_full() {
    let text = r#"(
  title: "t", start: (label: "today", model: Alpha, date: "2026-04-01"), include: ["utsushi:profiles/office.ron"],
  days: [MondayMorning, PersonnelChange, Disaster],
  zones: [(name: "INT", role: Internet)], sites: [(name: "hall", kind: Headquarters)],
  segments: [
    (name: "terms", zone: "INT", site: "hall", prefixes: ["10.10.0.0/24"], gateways: [(node: "a")]),
    (name: "servers", zone: "INT", site: "hall", prefixes: ["10.10.8.0/24"], gateways: [(node: "b")]),
  ],
  nodes: [(name: "a", site: "hall", kind: Router), (name: "b", site: "hall", kind: Router)],
  links: [(name: "line", ends: ("a", "b"), rate: "1 Gbps", delay: "1 ms")],
  groups: [(name: "staff", segment: "terms", count: 100, class: General)],
  systems: [(name: "suite", segment: "servers", addresses: ["10.10.8.10"], pattern: Outside, confidentiality: One)],
  demands: [(name: "use", groups: ["staff"], application: "m365", to: "suite", amount: Users)],
)"#;
    let files = utsushi_scenarios::Memory::new([("scenario.ron", text)]);
    let loaded = utsushi_scenarios::load_from(&files, "scenario.ron").unwrap_or_else(|failed| {
        panic!("{:#?}", failed.problems);
    });
    let report = utsushi_sim::run(&loaded.migration).expect("room");
    let row = load(&report, 0, ResourceKind::Link, "line");
    near(row.offered[usize::from(row.busiest().0)] / 1e3, 80.0 * 75.0);
    let days: Vec<(&str, f64)> = row
        .worst
        .iter()
        .map(|case| (case.circumstance.day.word(), case.offered / 1e3))
        .collect();
    let times = [
        ("Disaster", 1.5),
        ("MondayMorning", 1.3),
        ("PersonnelChange", 1.2),
    ];
    assert_eq!(days.len(), times.len(), "{days:?}");
    for ((day, offered), (wanted, factor)) in days.iter().zip(times) {
        assert_eq!(*day, wanted);
        near(*offered, factor * 80.0 * 75.0);
    }
}

#[test]
fn the_traps_of_the_prefecture_are_found_where_they_bite() {
    let (report, _) = run("mie");
    let errors = codes(report, Severity::Error);
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
        codes(report, Severity::Warning)
            .iter()
            .any(|(code, _)| *code == Code::Referrers)
    );
    assert!(codes(report, Severity::Note).contains(&(Code::ProxyRules, 2)));
}

/// 48,000 sessions of browsing from the relay become 224,000 of terminals. Their new access tables bring them; the rule that
/// lets their proxy out brings nobody by itself, though nobody would get through before it.
#[test]
fn who_moves_brings_the_sessions_and_not_the_rule_that_lets_them_through() {
    let (report, loaded) = run("mie");
    let is_nat = |row: &&LoadRow| row.state == 2 && row.kind == ResourceKind::NatPorts;
    let nat = Resource::of(report.loads.iter().find(is_nat).expect("ports"));
    let row = causes(&loaded.migration, 2, &[nat]).remove(0);
    assert_eq!(row.order, CauseOrder::AddedFirst);
    let sum: f64 = row.causes.iter().map(|(_, adds)| adds).sum();
    assert!((sum - 176_000.0).abs() < 1e-3, "{sum}");
    for (words, adds) in &row.causes {
        assert!(words.en.contains("access table"), "{row:?}");
        assert!(*adds > 0.0, "{row:?}");
    }
}
