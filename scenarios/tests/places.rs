//! Everything that is read knows where it is written.
//!
//! In: scenarios with Japanese text in front of names. Out: places; columns count characters, and what a
//! place marks in the file is the very name. What can go wrong: bytes or display columns counted instead, a
//! place in what a series wrote out rather than in the file.

use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_scenarios::{Failed, Loaded, Memory, load_from};

const PAGE: &str = include_str!("../../docs/scenario-format.md");

/// The files of the scenario on the page that describes the format.
fn page() -> Memory {
    let blocks = PAGE.split("\n```").filter_map(|block| {
        let (language, text) = block.split_once('\n')?;
        ["ron", "csv"].contains(&language).then_some(text)
    });
    Memory::new(blocks.map(|text| {
        let first = text.lines().next().unwrap_or_default();
        let name = first.trim_start_matches(['/', '#', ' ']);
        (name.split(':').next().unwrap_or_default(), text)
    }))
}

/// What a place marks.
fn marked(loaded: &Loaded, place: &Place) -> String {
    let text = loaded.sources.get(&place.file).unwrap_or_default();
    let line = text
        .lines()
        .nth(place.line as usize - 1)
        .unwrap_or_default();
    let letters = line.chars().skip(place.column as usize - 1);
    letters.take(place.length as usize).collect()
}

/// Whether the marked text is the name, or the pattern or series that stands for it.
fn names(marked: &str, name: &str) -> bool {
    let inside = marked.trim_matches('"');
    match inside.split_once('{') {
        None => inside == name,
        Some((before, _)) => name.starts_with(before),
    }
}

#[test]
fn every_place_marks_the_name_it_is_for() {
    let loaded = load_from(&page(), "scenario.ron").expect("the page is a scenario");
    let net = &loaded.migration.states[0].network;
    let needs = &loaded.migration.requirements;
    let mut seen = 0;
    let mut check = |name: &str, place: &Place| {
        let marked = marked(&loaded, place);
        assert!(names(&marked, name), "{place} marks {marked}, not {name}");
        seen += 1;
    };
    macro_rules! all {
        ($($table:expr),*) => { $( for item in $table.iter() { check(item.id.as_str(), &item.place); } )* };
    }
    all!(
        net.zones,
        net.sites,
        net.segments,
        net.nodes,
        net.links,
        net.groups,
        net.systems
    );
    all!(net.objects, net.services, net.access, net.references);
    all!(
        needs.rules,
        needs.exceptions,
        needs.applications,
        loaded.migration.steps
    );
    for demand in needs.demands.iter() {
        check(demand.group.as_str(), &demand.place);
    }
    for node in net.nodes.iter() {
        for rule in node.forwarding.filters.iter().flat_map(|f| &f.rules) {
            check(&rule.name, &rule.place);
        }
        for nat in &node.forwarding.nat {
            check(&nat.name, &nat.place);
        }
        for route in &node.forwarding.statics {
            check(&route.prefix.to_string(), &route.place);
        }
    }
    assert!(seen > 100, "only {seen} places");
}

#[test]
fn a_change_stands_at_its_verb_or_at_the_name_in_its_list() {
    let loaded = load_from(&page(), "scenario.ron").expect("the page is a scenario");
    let changes = loaded.migration.steps.iter().flat_map(|step| &step.changes);
    let marks: Vec<String> = changes.map(|c| marked(&loaded, &c.place)).collect();
    for wanted in [
        "AddZone",
        "RemoveRule",
        "\"office-{0..=3}\"",
        "\"hq-terms\"",
        "RetireZone",
    ] {
        assert!(
            marks.iter().any(|mark| mark == wanted),
            "{wanted}: {marks:?}"
        );
    }
}

/// The first problem of a scenario in one file.
#[expect(
    clippy::expect_used,
    reason = "a mistake that is not told has to fail the test"
)]
fn problem(text: &str) -> Problem {
    let Failed { problems, .. } =
        load_from(&Memory::new([("町/scenario.ron", text)]), "町/scenario.ron")
            .expect_err("a mistake");
    problems.into_iter().next().expect("a problem")
}

#[test]
fn everybody_at_once_is_no_chance() {
    let with = |level: &str| {
        format!(
            "(title: \"町\", start: (model: Alpha, date: \"2023-04-01\"),\napplications: [(name: \"web\", service: \"tcp/443\", concurrency: {level}, source: \"[A]\")])"
        )
    };
    for (level, said) in [
        ("Binomial(\"100 %\")", "a share above 0 % and below 100 %"),
        ("Binomial(\"0 %\")", "a share above 0 % and below 100 %"),
        ("Poisson", "`Binomial`"),
    ] {
        let problem = problem(&with(level));
        let told = format!("{} {:?}", problem.message.en, problem.help);
        assert_eq!(problem.place.line, 2, "{told}");
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn a_wait_needs_a_rate() {
    let text = r#"(title: "町", start: (model: Alpha, date: "2023-04-01"),
nodes: [(name: "mta", site: "本庁", kind: MailRelay(wait: "1 min"), at: (segment: "x", addresses: ["10.0.0.1"]))])"#;
    let problem = problem(text);
    assert_eq!(problem.place.line, 2);
    assert!(problem.message.en.contains("`per_hour`"), "{problem:?}");
}

#[test]
fn columns_count_characters_behind_japanese_text() {
    let head = r#"(title: "町", start: (model: Alpha, date: "2023-04-01"),"#;
    for (line, column, length) in [
        (
            r#"sites: [(/* 本庁舎 */ name: "本庁", label: "市役所", kind: Hedquarters)])"#,
            52,
            11,
        ),
        (
            r#"nodes: [(name: "中核", site: "本庁", kind: L3Switch, "速度": 1)])"#,
            50,
            4,
        ),
        (
            r#"zones: [(name: "系", role: Lgwan), (name: "系", role: Lgwan)])"#,
            42,
            3,
        ),
    ] {
        let Problem { place, .. } = problem(&format!("{head}\r\n{line}\r\n"));
        assert_eq!(
            place.to_string(),
            format!("町/scenario.ron:2:{column}"),
            "{line}"
        );
        assert_eq!(place.length, length, "{line}");
    }
}

#[test]
fn a_mistake_in_a_series_stands_where_it_was_written() {
    let text = "(title: \"町\", start: (model: Alpha, date: \"2023-04-01\"),
  series: [(var: \"n\", from: 8, to: 11, of: (
    // 出先 {n}
    sites: [(name: \"出先{n}\", label: \"第{n+1}出先\", kind: Branc)],
  ))],
)";
    let Problem { place, related, .. } = problem(text);
    assert_eq!((place.line, place.column, place.length), (4, 54, 5));
    assert_eq!(related.len(), 0, "the same mistake four times is one");
}

#[test]
fn files_are_named_as_the_scenario_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let town = folder.path().join("町 1");
    std::fs::create_dir(&town).expect("a folder");
    std::fs::write(
        town.join("scenario.ron"),
        "\u{feff}(include: [\"./sub/../x.ron\"])",
    )
    .expect("a file");
    for path in [town.clone(), town.join("scenario.ron")] {
        let Failed { problems, sources } = utsushi_scenarios::load(path).expect_err("no head");
        let name = format!("{}/scenario.ron", town.display());
        assert_eq!(
            sources.iter().map(|(file, _)| file).collect::<Vec<_>>(),
            [name.as_str()]
        );
        let missing = problems
            .iter()
            .find(|p| p.message.en.contains("x.ron"))
            .expect("told");
        assert_eq!(missing.place.to_string(), format!("{name}:1:12"));
        assert!(
            missing
                .message
                .en
                .contains(&format!("{}/x.ron", town.display()))
        );
    }
}
