//! Named cases about plans: what changes by date, what is certain in between where it was in doubt, what may
//! change, and the way back.
//!
//! In: a scenario of one firewall between three segments. Out: the codes that are told. What can go wrong is
//! asserted.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

use utsushi_model::finding::{Code, Evidence, Moment};
use utsushi_model::report::{Report, Verdict};
use utsushi_scenarios::{Memory, load_from};

/// `terms` and `app` in the LGWAN zone, `int` in the Internet zone, all behind one firewall.
fn report(rules: &str, own: &str, exceptions: &str, steps: &str) -> Report {
    let text = format!(
        r#"(
  title: "t", start: (label: "today", model: Alpha, date: "2026-04-01"),
  zones: [(name: "LG", role: Lgwan), (name: "INT", role: Internet)],
  sites: [(name: "hall", kind: Headquarters)],
  segments: [
    (name: "terms", zone: "LG", site: "hall", prefixes: ["10.10.0.0/24"], gateways: [(node: "fw")]),
    (name: "app", zone: "LG", site: "hall", prefixes: ["10.10.8.0/24"], gateways: [(node: "fw")]),
    (name: "int", zone: "INT", site: "hall", prefixes: ["172.18.0.0/24"], gateways: [(node: "fw")]),
  ],
  nodes: [(name: "fw", site: "hall", kind: Firewall, filters: [(at: Forward, default: Deny, rules: [{rules}])])],
  groups: [(name: "staff", segment: "terms", count: 60, class: General)],
  rules: [
    (id: "N", must: Never(from: [Role(Lgwan, All)], to: [Role(Internet, All)], service: ["any"], both: true),
      level: Must, source: "[A]", provenance: Assumed),
    {own}
  ],
  exceptions: [{exceptions}],
  steps: [{steps}],
)"#
    );
    let files = Memory::new([("scenario.ron", text.as_str())]);
    let loaded = load_from(&files, "scenario.ron").unwrap_or_else(|failed| {
        panic!("{:#?}", failed.problems);
    });
    utsushi_sim::run(&loaded.migration).expect("room")
}

fn told(report: &Report) -> Vec<(Code, usize, Moment)> {
    let findings = report.findings.iter();
    findings
        .map(|f| match &f.evidence {
            Evidence::Packets { moment, .. } => (f.code, f.first, *moment),
            _ => (f.code, f.first, Moment::Standing),
        })
        .collect()
}

const SSH: &str = r#"Allow(name: "ssh", from: ["terms"], to: ["int"], service: ["tcp/22"]),"#;
const EXCUSED: &str = r#"(name: "e", rules: ["N"], from: [Names(["terms"])], to: [Names(["int"])],
    service: ["tcp/22"], owner: "a", reason: "b", until: "2026-05-31")"#;

/// Between its end and the step that closes it, the traffic of an exception is forbidden.
#[test]
fn an_exception_that_runs_out_between_steps_leaves_a_breach() {
    let close = r#"(id: "1", model: Alpha, date: "2026-07-01",
        changes: [RemoveRule(node: "fw", at: Forward, name: "ssh")])"#;
    let leaves = report(SSH, "", EXCUSED, close);
    assert_eq!(
        told(&leaves),
        [(Code::Forbidden, 0, Moment::Standing)],
        "{:#?}",
        leaves.findings
    );
    assert_eq!(
        leaves.rules[0].verdicts,
        [Some(Verdict::Broken), Some(Verdict::Proved)]
    );
    let in_time = close.replace("2026-07-01", "2026-06-01");
    assert_eq!(told(&report(SSH, "", EXCUSED, &in_time)), []);
}

/// What hangs on a doubt before and after the step is told when it is certain in between.
#[test]
fn what_was_in_doubt_and_is_certain_in_between_is_told() {
    let maybe = r#"Allow(name: "maybe", from: ["terms"], to: ["int"], service: ["tcp/22"], conditions: ["user:x"]),"#;
    let step = r#"(id: "1", model: Alpha, date: "2026-06-01", changes: [
        AddRule(node: "fw", at: Forward, rule: Allow(name: "open", from: ["terms"], to: ["int"], service: ["tcp/22"])),
        RemoveRule(node: "fw", at: Forward, name: "open")])"#;
    let told = told(&report(maybe, "", "", step));
    assert!(
        told.contains(&(Code::Between, 1, Moment::Between)),
        "{told:?}"
    );
}

/// A doubt in between only is told as such.
#[test]
fn a_doubt_in_between_is_told_as_one_in_between() {
    let step = r#"(id: "1", model: Alpha, date: "2026-06-01", changes: [
        AddRule(node: "fw", at: Forward, rule: Allow(name: "maybe", from: ["terms"], to: ["int"], service: ["tcp/22"], conditions: ["user:x"])),
        RemoveRule(node: "fw", at: Forward, name: "maybe")])"#;
    assert_eq!(
        told(&report("", "", "", step)),
        [(Code::Undetermined, 1, Moment::Between)]
    );
}

/// What a step may open is what its flows hold as they stand after it: not a segment that left the zone.
#[test]
fn what_may_change_is_asked_of_the_state_in_which_it_changes() {
    let only = r#"(id: "O", must: OnlyChange([(from: [Names(["terms"])], to: [Zone("LG", All)], service: ["tcp/443"])]),
        level: Must, source: "[A]", provenance: Assumed),"#;
    let open = |change: &str| {
        format!(
            r#"(id: "1", model: Alpha, date: "2026-06-01", order: Together, changes: [{change}
            AddRule(node: "fw", at: Forward, rule: Allow(name: "web", from: ["terms"], to: ["app"], service: ["tcp/443"]))])"#
        )
    };
    let inside = report("", only, "", &open(""));
    assert_eq!(told(&inside), []);
    let outside = report(
        "",
        only,
        "",
        &open(r#"Relabel(segments: ["app"], zone: "INT"),"#),
    );
    let codes: Vec<Code> = outside.findings.iter().map(|f| f.code).collect();
    assert!(codes.contains(&Code::OtherChange), "{codes:?}");
    // An application that cannot be judged offline excuses nothing for certain.
    let app = only.replace("tcp/443\"", "app:zoom\"");
    let doubtful = report("", &app, "", &open(""));
    assert_eq!(told(&doubtful), [(Code::Undetermined, 1, Moment::Standing)]);
}

/// Going back on a day on which an exception has run out opens what it no longer excuses, although the
/// network is as it was.
#[test]
fn going_back_to_what_is_no_longer_excused_is_told() {
    let step = r#"(id: "1", model: Alpha, date: "2026-06-01",
        changes: [RemoveRule(node: "fw", at: Forward, name: "ssh")],
        rollback: [AddRule(node: "fw", at: Forward, rule: Allow(name: "ssh", from: ["terms"], to: ["int"], service: ["tcp/22"]))])"#;
    assert_eq!(
        told(&report(SSH, "", EXCUSED, step)),
        [(Code::BackForbidden, 1, Moment::Back)]
    );
}

/// A step of many changes that bear on a condition, one after the other, has few states.
#[test]
fn changes_in_order_that_bear_on_a_condition_are_few_states() {
    let rule = r#"(id: "W", must: Never(from: [Names(["terms"])], to: [Names(["int"])]), level: Must, source: "[A]",
        provenance: Assumed, whenever: [HostsIn(class: General, role: Internet)]),"#;
    let groups: Vec<String> = (0..20)
        .map(|i| format!(r#"AddGroup((name: "g{i}", segment: "int", count: 5, class: General))"#))
        .collect();
    let step = format!(
        r#"(id: "1", model: Alpha, date: "2026-06-01", changes: [{}])"#,
        groups.join(", ")
    );
    let report = report(
        SSH,
        rule,
        EXCUSED.replace("2026-05-31", "2026-12-31").as_str(),
        &step,
    );
    let of = |id: &str| {
        report
            .rules
            .iter()
            .find(|r| r.id.as_str() == id)
            .map(|r| r.verdicts.clone())
    };
    assert_eq!(of("W"), Some(vec![None, Some(Verdict::Broken)]));
    let between = report.between.first().map(|b| b.states);
    assert_eq!(between, Some(21));
}

/// Rules of the model that is left hold again once the step is gone back from.
#[test]
fn rules_that_end_with_the_step_are_judged_at_the_end_of_the_way_back() {
    let rule = r#"(id: "W", must: Never(from: [Names(["terms"])], to: [Names(["app"])]), level: Must, source: "[A]",
        provenance: Assumed, until: "1"),"#;
    let inside = SSH.replace("int", "app");
    let excused = EXCUSED.replace("int", "app").replace("\"N\"", "\"W\"");
    let step = r#"(id: "1", model: Alpha, date: "2026-06-01",
        changes: [RemoveRule(node: "fw", at: Forward, name: "ssh")],
        rollback: [AddRule(node: "fw", at: Forward, rule: Allow(name: "ssh", from: ["terms"], to: ["app"], service: ["tcp/22"]))])"#;
    let report = report(&inside, rule, &excused, step);
    assert_eq!(
        told(&report),
        [(Code::BackForbidden, 1, Moment::Back)],
        "{:#?}",
        report.findings
    );
}
