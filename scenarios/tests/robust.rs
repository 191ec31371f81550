//! The loader survives whatever it is given.
//!
//! In: random bytes, and a sound scenario after random edits. Out: a migration or problems, never a panic;
//! and every problem points into the files that were read. What can go wrong: an index out of bounds, a
//! slice through a character, an endless loop, text without end. `PROPTEST_CASES=100000` looks longer.

use proptest::prelude::*;
use utsushi_scenarios::{Failed, Memory, load_from};

const SCENARIO: &str = r#"// 町 ─ 出先
(
  title: (ja: "町", en: "town"),
  start: (model: Alpha, date: "2023-04-01"),
  packs: [(name: "alpha", until: "1")],
  include: ["more.ron"],
  thresholds: [(kind: Link, warn: "70 %", full: "100 %")],
  zones: [(name: "lg", label: (ja: "LGWAN接続系", en: "LGWAN"), role: Lgwan), (name: "world", role: World)],
  sites: [(name: "hq", kind: Headquarters), (name: "out", kind: Outside)],
  segments: [
    (name: "terms", zone: "lg", site: "hq", vlan: 10, prefixes: ["10.1.0.0/16", "2001:db8::/64"], gateways: [(node: "fw")]),
    (name: "inet", zone: "world", site: "out", prefixes: ["0.0.0.0/0"], gateways: [(node: "isp")], external: true),
  ],
  nodes: [
    (name: "fw", site: "hq", kind: Firewall, throughput: "1 Gbps",
      filters: [(at: Forward, default: Deny, rules: [Allow(name: "web", from: ["terms"], to: ["any"], service: ["tcp/443"])])],
      nat: [(name: "hide", out: ["up"], source: ["203.0.113.1"])]),
    (name: "isp", site: "out", kind: Carrier),
    (name: "vdi", site: "hq", kind: ScreenRelay(method: Vdi, seats: 10, publishes: ["any"]), at: (segment: "terms", addresses: ["10.1.0.5"])),
  ],
  links: [(name: "up", ends: ("fw", "isp"), rate: "1 Gbps", delay: "2 ms", lanes: [(vlan: 10)])],
)
"#;
const MORE: &str = r#"(
  groups: [(name: "staff", segment: "terms", addresses: ["10.1.1.0-10.1.1.99"], count: 100, class: General, access: "pac")],
  objects: [(name: "offices", of: ["office-{0..=2}", "fqdn:example.jp"])],
  access: [(name: "pac", entries: [(to: ["10.0.0.0/8"], way: Direct), (way: Via("vdi"))])],
  series: [(var: "n", from: 0, to: 2, of: (
    sites: [(name: "office-{n}-site", label: (ja: "出先{n+1}", en: "office {n+1}"), kind: Branch)],
    segments: [(name: "office-{n}", zone: "lg", site: "office-{n}-site", vlan: "{1100+2*n}", prefixes: ["10.66.{n}.0/24"], gateways: [(node: "fw")])],
  ))],
  curves: [(name: "flat", hours: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5])],
  applications: [(name: "web", service: "tcp/443", curve: "flat", direct: (active: "80 %", sessions: 15, down: "75 kbps", up: "15 kbps"), source: "[A]")],
  demands: [(name: "browse", groups: ["staff"], application: "web", to: "inet")],
  matrices: ["traffic.csv"],
  rules: [(id: "X", must: Never(from: [Role(World, All)], to: [Names(["offices"])]), level: Must, source: "[A]", provenance: Assumed)],
  steps: [(id: "1", model: Beta, date: "2023-07-22", changes: [
    AddZone((name: "int", role: Internet)),
    Relabel(segments: ["office-{0..=2}"], zone: "int"),
    AddRule(node: "fw", at: Forward, rule: Deny(name: "last"), position: After("web")),
    RemoveNat(node: "fw", name: "hide"),
  ])],
)
"#;
const TRAFFIC: &str =
    "# 実測\ngroup,to,application,hour,down,up,sessions\nstaff,inet,web,9,12 Mbps,2 Mbps,300\n";

/// The other forms of a matrix.
const FORMS: [&str; 3] = [
    "application: web; cells: down; unit: Mbps; hours: 9..=11 13,inet,terms\nstaff,12,3 kbps\n\"application: web; cells: sessions; hours: all\",inet\nstaff,3\n",
    "# days: mean\nstart,end,from,to,application,bytes_up,bytes_down,sessions\n2023-03-01 09:00:00,2023-03-02T09:30:00Z,10.1.1.5,10.1.0.5,web,1200,34 MB,7\n",
    "group,to,application,per_day_down,per_day_up,users\nstaff,inet,web,12 GB,900 KiB,30\n",
];

/// What an edit puts in: what means something to the format, and what does not belong there.
const SNIPPETS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    ",",
    ":",
    "//",
    "/*",
    "*/",
    "\\",
    "\n",
    "#",
    "r#\"",
    "{n}",
    "{0..=9999}",
    "{9..=1}",
    "{n*n*n}",
    "..=",
    "，",
    "「",
    "４",
    "\u{3000}",
    "\u{feff}",
    "\u{0}",
    "é",
    "𠮷",
    "None",
    "Some(",
    "true",
    "-1",
    "1e400",
    "99999999999999999999",
    "0x1F",
    "\"any\"",
    "\"scenario.ron\"",
    "include: [\"more.ron\"],",
    "series: [",
    "Allow(",
    "name: \"fw\"",
    "#![enable(implicit_some)]",
    "\\u{110000}",
];

/// An edit of a text: at a share of its length, take out so many characters, put in a snippet.
#[derive(Debug, Clone)]
struct Edit {
    at: f64,
    out: usize,
    snippet: &'static str,
}

fn edit() -> impl Strategy<Value = Edit> {
    let out = prop_oneof![4 => 0..4_usize, 1 => 0..400_usize];
    (0.0..1.0_f64, out, prop::sample::select(SNIPPETS)).prop_map(|(at, out, snippet)| Edit {
        at,
        out,
        snippet,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of the length of a short text"
)]
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for edit in edits {
        let from = ((letters.len() as f64) * edit.at) as usize;
        let until = (from + edit.out).min(letters.len());
        letters.splice(from..until, edit.snippet.chars());
    }
    letters.into_iter().collect()
}

/// Loads, and checks that every problem points into a file that was read.
#[expect(
    clippy::expect_used,
    reason = "a place outside the files has to fail the test"
)]
fn told(scenario: &[u8], more: &[u8], traffic: &[u8]) -> Option<Failed> {
    let files = [
        ("scenario.ron", scenario),
        ("more.ron", more),
        ("traffic.csv", traffic),
    ];
    let files = files.map(|(name, bytes)| (name, bytes.to_vec()));
    let failed = load_from(&Memory::new(files), "scenario.ron").err()?;
    assert!(!failed.problems.is_empty(), "refused without a word");
    for problem in &failed.problems {
        let places = problem.related.iter().map(|(place, _)| place);
        for place in places.chain([&problem.place]).filter(|p| p.is_somewhere()) {
            let text = failed
                .sources
                .get(&place.file)
                .expect("a file that was read");
            let line = text.split('\n').nth(place.line as usize - 1);
            let letters = line.expect("a line of the file").chars().count();
            assert!(place.column as usize <= letters + 1, "{place}: {problem:?}");
        }
        assert!(!problem.message.ja.is_empty() && !problem.message.en.is_empty());
    }
    Some(failed)
}

#[test]
fn the_sample_is_sound() {
    for traffic in FORMS.into_iter().chain([TRAFFIC]) {
        let failed = told(SCENARIO.as_bytes(), MORE.as_bytes(), traffic.as_bytes());
        assert!(failed.is_none(), "{:#?}", failed.map(|f| f.problems));
    }
}

/// Few cases by default: the loader is not optimised in tests.
fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    let cases = if asked { default.cases } else { 64 };
    ProptestConfig { cases, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(told(&bytes, MORE.as_bytes(), TRAFFIC.as_bytes()).is_some());
    }

    #[test]
    fn any_text_is_survived(text in "(\\PC|[\\n(){}\\[\\]\",:/]){0,120}") {
        told(text.as_bytes(), text.as_bytes(), text.as_bytes());
        told(SCENARIO.as_bytes(), text.as_bytes(), text.as_bytes());
    }

    #[test]
    fn any_edit_of_the_first_file_is_survived(edits in prop::collection::vec(edit(), 1..4)) {
        told(edited(SCENARIO, &edits).as_bytes(), MORE.as_bytes(), TRAFFIC.as_bytes());
    }

    #[test]
    fn any_edit_of_another_file_is_survived(edits in prop::collection::vec(edit(), 1..4)) {
        told(SCENARIO.as_bytes(), edited(MORE, &edits).as_bytes(), TRAFFIC.as_bytes());
    }

    #[test]
    fn any_edit_of_a_matrix_is_survived(edits in prop::collection::vec(edit(), 1..4)) {
        told(SCENARIO.as_bytes(), MORE.as_bytes(), edited(TRAFFIC, &edits).as_bytes());
        for form in FORMS {
            told(SCENARIO.as_bytes(), MORE.as_bytes(), edited(form, &edits).as_bytes());
        }
    }
}

#[test]
fn deep_nesting_is_told_not_followed() {
    let deep = format!("(zones: {}", "[(a: ".repeat(20_000));
    assert!(told(deep.as_bytes(), b"()", b"").is_some());
    let closed = format!("(zones: {}{})", "[".repeat(5_000), "]".repeat(5_000));
    assert!(told(closed.as_bytes(), b"()", b"").is_some());
    let comment = format!("(zones: [], {}", "/*".repeat(50_000));
    assert!(told(comment.as_bytes(), b"()", b"").is_some());
}

#[test]
fn what_would_grow_without_end_is_refused() {
    let names = "\"x-{0..=9999}\",".repeat(200);
    let more = format!("(objects: [(name: \"o\", of: [{names}])])");
    let failed = told(SCENARIO.as_bytes(), more.as_bytes(), b"").expect("too many names");
    assert!(
        failed
            .problems
            .iter()
            .any(|p| p.message.en.contains("too many names"))
    );
    let filler = "あ".repeat(30_000);
    let more = format!(
        "(series: [(var: \"n\", from: 0, to: 9999, of: (zones: [(name: \"{{n}}{filler}\", role: Lgwan)]))])"
    );
    let failed = told(SCENARIO.as_bytes(), more.as_bytes(), b"").expect("too long");
    assert!(
        failed
            .problems
            .iter()
            .any(|p| p.message.en.contains("too long"))
    );
}

/// The English facts told about files.
fn facts(first: &str, more: &str, traffic: &str) -> Vec<String> {
    let files = [
        ("scenario.ron", first),
        ("more.ron", more),
        ("traffic.csv", traffic),
    ];
    match load_from(&Memory::new(files), "scenario.ron") {
        Ok(_) => Vec::new(),
        Err(Failed { problems, .. }) => problems
            .into_iter()
            .map(|p| format!("{} {}", p.place, p.message.en))
            .collect(),
    }
}

#[test]
fn absurd_magnitudes_are_told_as_such() {
    assert_eq!(facts(SCENARIO, MORE, TRAFFIC), [""; 0]);
    for (from, to, told) in [
        (
            r#"rate: "1 Gbps""#,
            r#"rate: "99999999 Gbps""#,
            "`99999999 Gbps` is too large (at most 1000000 Gbps)",
        ),
        (
            r#"delay: "2 ms""#,
            r#"delay: "86401 s""#,
            "`86401 s` is too large (at most 86400 s)",
        ),
        (
            "seats: 10",
            "seats: 99999999999999999999",
            "99999999999999999999 is out of range",
        ),
    ] {
        let first = SCENARIO.replacen(from, to, 1);
        let facts = facts(&first, MORE, TRAFFIC);
        assert!(facts.iter().any(|f| f.contains(told)), "{to}: {facts:?}");
    }
    let more = MORE.replacen("sessions: 15", "sessions: 1e300", 1);
    let facts = facts(SCENARIO, &more, TRAFFIC);
    assert!(
        facts
            .iter()
            .any(|f| f.contains("`1e300` is too large (at most 10^15)")),
        "{facts:?}"
    );
}

#[test]
fn a_quote_that_is_not_closed_is_told_where_it_opens() {
    let traffic = TRAFFIC.replacen("staff,", "\"staff,", 1);
    let facts = facts(SCENARIO, MORE, &traffic);
    assert_eq!(facts, ["traffic.csv:3:1 the quote `\"` is not closed"]);
}
