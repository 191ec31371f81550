//! The figures of the two cases by hand, what is told of mistakes, and that threads do not matter.
//!
//! Figures are those of the domain catalogue (D1.5): α 30 % of the terminals browse with 20 sessions and 150 kbit/s each;
//! β' 80 % with 35 sessions and 150 kbit/s, and 4 % in meetings of 1.5 Mbit/s.

use super::Told;
use crate::model::demand::ResourceKind::{self, Link, NatPorts, Seats, Sessions};
use crate::model::migration::Migration;
use crate::model::text::Lang;
use crate::render::Paint;
use crate::sim::replay::Failures;
use crate::sim::whatif::{Answer, Base, Extent, Mistake, Question};
use std::sync::LazyLock;

fn plan(name: &str) -> Migration {
    let folder = format!("{}/../scenarios/library/{name}", env!("CARGO_MANIFEST_DIR"));
    match crate::scenarios::load(folder) {
        Ok(loaded) => loaded.migration,
        Err(failed) => panic!("{name}: {:#?}", failed.problems),
    }
}

static MIE: LazyLock<Migration> = LazyLock::new(|| plan("mie"));
static MIE_BASE: LazyLock<Base<'static>> = LazyLock::new(|| Base::new(&MIE));
static LBO: LazyLock<Migration> = LazyLock::new(|| plan("mie-lbo"));
static LBO_BASE: LazyLock<Base<'static>> = LazyLock::new(|| Base::new(&LBO));

/// Asks about one state.
fn ask(base: &Base<'_>, state: usize, failures: Failures, texts: &[&str]) -> (Question, Answer) {
    let question = base.read(texts).expect("a question");
    let extent = Extent {
        failures,
        states: &[state],
    };
    let answer = base.answer(&question, extent, &|| {});
    (question, answer)
}

/// Load and capacity of a resource in every outcome with everything up.
fn loads(answer: &Answer, kind: ResourceKind, resource: &str) -> Vec<(f64, f64)> {
    let outcomes = answer.outcomes.iter();
    outcomes
        .map(|o| o.peak(kind, resource).expect("a resource"))
        .map(|p| (p.normal.offered.round(), p.normal.capacity))
        .collect()
}

/// Utilisation in per cent, rounded: with everything up, and after the worst failure.
fn shares(answer: &Answer, kind: ResourceKind, resource: &str) -> Vec<(f64, Option<f64>)> {
    let outcomes = answer.outcomes.iter();
    outcomes
        .map(|o| o.peak(kind, resource).expect("a resource"))
        .map(|p| {
            let worst = p.degraded.as_ref();
            let round = |b: &crate::sim::whatif::Busiest| b.utilisation().percent().round();
            (round(&p.normal), worst.map(round))
        })
        .collect()
}

fn mistakes(base: &Base<'_>, texts: &[&str]) -> Vec<Mistake> {
    base.read(texts).expect_err("mistakes")
}

#[test]
fn the_stress_variant_today_is_that_worked_out_by_hand() {
    let terminals = "terminals=8000,23000";
    let (_, answer) = ask(&MIE_BASE, 0, Failures::None, &[terminals]);
    // 30 % of 8,000 and of 23,000; 20 sessions and 150 kbit/s each.
    let seats = loads(&answer, Seats, "vdi-old");
    assert_eq!(seats, [(2_400.0, 3_200.0), (6_900.0, 3_200.0)]);
    let sessions = loads(&answer, Sessions, "proxy");
    assert_eq!(sessions, [(48_000.0, 80_000.0), (138_000.0, 80_000.0)]);
    let line = loads(&answer, Link, "sc-line");
    assert_eq!(line, [(360e6, 1e9), (1_035e6, 1e9)]);
    let first = &answer.outcomes[0].peaks;
    let busiest = first
        .iter()
        .find(|p| p.kind == Seats && p.resource == "vdi-old");
    assert_eq!(busiest.map(|p| p.normal.hour), Some(10));
}

#[test]
fn the_stress_variant_after_the_move_is_that_worked_out_by_hand() {
    for state in [2, 3] {
        let (_, answer) = ask(&MIE_BASE, state, Failures::None, &["terminals=8000,23000"]);
        // 80 % of 23,000 with 35 sessions; 0.15 Mbit/s each, and 4 % in meetings of 1.5 Mbit/s.
        let sessions = loads(&answer, Sessions, "proxy");
        assert_eq!(sessions, [(224_000.0, 80_000.0), (644_000.0, 80_000.0)]);
        let line = loads(&answer, Link, "sc-line");
        assert_eq!(line, [(1_440e6, 1e9), (4_140e6, 1e9)]);
        let ports = loads(&answer, NatPorts, "fw-int");
        assert_eq!(ports, [(224_000.0, 60_000.0), (644_000.0, 60_000.0)]);
    }
}

/// 12 addresses by the rule of 2,000 users each, 17 by the formula; by ports of 60,000 it is in between.
#[test]
fn the_stress_variant_needs_twelve_to_seventeen_addresses() {
    let addresses: Vec<String> = (8..=18).map(|n: u32| n.to_string()).collect();
    let sweep = format!("nat.fw-int.addresses={}", addresses.join(","));
    let (question, answer) = ask(&MIE_BASE, 2, Failures::None, &["terminals=23000", &sweep]);
    let enough = answer.outcomes.iter().find(|o| {
        let peak = o.peak(NatPorts, "fw-int").expect("a pool");
        peak.normal.utilisation() <= peak.warn
    });
    let values: Vec<&str> = question
        .values(&enough.expect("enough").choice)
        .map(|v| v.text.as_str())
        .collect();
    // 644,000 of 14 × 60,000 ports are 77 %; of 13 they are 83 %.
    assert_eq!(values, ["23000", "14"]);
}

#[test]
fn breakout_takes_the_line_from_144_to_48_per_cent() {
    let at = LBO.states.iter().position(|s| s.step.as_str() == "2b");
    let at = at.expect("the step of the breakout");
    let sweep = "breakout=0 %,50 %,100 %";
    let (_, answer) = ask(&LBO_BASE, at, Failures::None, &[sweep]);
    let line: Vec<f64> = shares(&answer, Link, "sc-line")
        .into_iter()
        .map(|(share, _)| share)
        .collect();
    assert_eq!(line, [144.0, 96.0, 48.0]);
    // What does not come back by the proxy leaves by 2 × 1 Gbit/s.
    let out = loads(&answer, Link, "lbo-line");
    assert_eq!(out, [(0.0, 2e9), (480e6, 2e9), (960e6, 2e9)]);
    // 6,400 × 20 sessions of SaaS come back to the proxy; 6,400 × 15 of browsing were always there.
    let proxy = loads(&answer, Sessions, "proxy");
    assert_eq!(
        proxy.iter().map(|(load, _)| *load).collect::<Vec<_>>(),
        [224_000.0, 160_000.0, 96_000.0]
    );
    assert!(answer.outcomes.iter().all(|o| o.blocked.is_empty()));
}

/// Over all steps the line is fullest before anything breaks out; the answer then says in which step the question tells.
#[test]
fn the_step_in_which_a_question_tells_is_named() {
    let question = LBO_BASE.read(&["breakout=0 %,100 %"]).expect("a question");
    let extent = Extent {
        failures: Failures::None,
        states: &[0, 1, 2, 3, 4],
    };
    let answer = LBO_BASE.answer(&question, extent, &|| {});
    let elsewhere = |kind, resource| {
        let peak = answer.outcomes[0].peak(kind, resource).expect("a resource");
        let (state, least, most) = answer.elsewhere(peak)?;
        let step = LBO.states[state].step.as_str();
        Some((step, least.percent().round(), most.percent().round()))
    };
    assert_eq!(shares(&answer, Link, "sc-line")[1].0, 144.0);
    assert_eq!(elsewhere(Link, "sc-line"), Some(("3", 48.0, 144.0)));
    assert_eq!(elsewhere(Link, "lbo-line"), None);
    assert_eq!(elsewhere(Link, "fw-lgwan"), None);
}

#[test]
fn eight_machines_hold_what_one_of_them_less_carries() {
    let (_, answer) = ask(
        &MIE_BASE,
        2,
        Failures::Single,
        &["proxy.proxy.units=2,7,8,10"],
    );
    let capacities: Vec<f64> = loads(&answer, Sessions, "proxy")
        .into_iter()
        .map(|(_, capacity)| capacity)
        .collect();
    // 256,000 / 0.8 = 320,000 is what eight machines of 40,000 hold.
    assert_eq!(capacities, [80e3, 280e3, 320e3, 400e3]);
    let shares = shares(&answer, Sessions, "proxy");
    let wanted = [(280.0, 560.0), (80.0, 93.0), (70.0, 80.0), (56.0, 62.0)];
    assert_eq!(shares, wanted.map(|(up, down)| (up, Some(down))));
    let first = &answer.outcomes[0];
    let worst = first
        .peak(Sessions, "proxy")
        .and_then(|p| p.degraded.as_ref());
    let failure = worst.and_then(|b| b.failure.as_ref());
    assert_eq!(
        failure.map(crate::model::circumstance::Failure::key),
        Some("machine proxy".to_owned())
    );
    assert_eq!(answer.foremost(1)[0].resource, "proxy");
}

#[test]
fn terminals_that_do_not_divide_are_still_exact() {
    let (_, answer) = ask(&MIE_BASE, 2, Failures::None, &["terminals=7999,1,12345"]);
    // 28 sessions of every terminal on the mean: 80 % × 35.
    let sessions: Vec<f64> = loads(&answer, Sessions, "proxy")
        .into_iter()
        .map(|(load, _)| load)
        .collect();
    assert_eq!(sessions, [223_972.0, 28.0, 345_660.0]);
}

#[test]
fn use_grows_by_the_year_and_shares_change() {
    let texts = ["growth=10 %", "years=0,2"];
    let (_, answer) = ask(&MIE_BASE, 2, Failures::None, &texts);
    // Use has grown since the start of the plan, a part of a year before, and then two more: 1,440 × 1.1² = 1,742.4 Mbit/s.
    let gone = MIE.states[0].date.years_until(MIE.states[2].date);
    assert!(gone > 0.1 && gone < 1.0, "{gone}");
    let line = loads(&answer, Link, "sc-line").into_iter();
    for ((load, capacity), wanted) in line.zip([1_440e6, 1_742_400e3]) {
        let wanted = wanted * 1.1_f64.powf(gone);
        assert!(
            (load / wanted - 1.0).abs() < 1e-9 && capacity == 1e9,
            "{load}"
        );
    }
    let texts = [
        "application.meeting.active=4 %,10 %",
        "link.sc-line.rate=1 Gbps,2 Gbps",
    ];
    let (question, answer) = ask(&MIE_BASE, 2, Failures::None, &texts);
    // 960 + 8,000 × 10 % × 1.5 = 2,160 Mbit/s
    let line = loads(&answer, Link, "sc-line");
    let wanted = [
        (1_440e6, 1e9),
        (1_440e6, 2e9),
        (2_160e6, 1e9),
        (2_160e6, 2e9),
    ];
    assert_eq!(line, wanted);
    assert_eq!(question.choices(), [[0, 0], [0, 1], [1, 0], [1, 1]]);
    let texts = [
        "application.meeting.times=0.5,1",
        "application.web.down=75 kbps",
    ];
    let (_, answer) = ask(&MIE_BASE, 2, Failures::None, &texts);
    assert_eq!(
        loads(&answer, Link, "sc-line"),
        [(1_200e6, 1e9), (1_440e6, 1e9)]
    );
}

#[test]
fn one_thread_and_many_give_the_same() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().expect("a pool");
        let texts = ["terminals=8000,23000", "proxy.proxy.units=2,8"];
        pool.install(|| ask(&MIE_BASE, 2, Failures::None, &texts).1)
    };
    assert!(on(1) == on(3));
}

#[test]
fn every_mistake_is_told_at_once_with_a_near_name() {
    let texts = [
        "terminal=8000",
        "link.sc-lin.rate=1 Gbps",
        "proxy.fw-int.units=2",
        "day=Patchday,PatchDya",
        "years=1,many",
        "terminals=8,000",
        "application.web.activ=4 %",
        "breakout=50 %",
        "nearby=on",
        "growth",
    ];
    let told: Vec<(String, String)> = mistakes(&MIE_BASE, &texts)
        .into_iter()
        .map(|m| (m.fact.en, m.help.map(|h| h.en).unwrap_or_default()))
        .collect();
    let wanted = [
        ("there is no key `terminal`", "did you mean `terminals`?"),
        (
            "no state of the plan has a link `sc-lin`",
            "did you mean `sc-line`?",
        ),
        (
            "no state of the plan has a proxy `fw-int`",
            "possible are `proxy`, `proxy-lg`",
        ),
        (
            "`PatchDya` is no value of `day`",
            "did you mean `PatchDay`?",
        ),
        (
            "`many` is no value of `years`",
            "write a number of years from 0 to 50",
        ),
        ("`000` is no value of `terminals`", "write a whole number"),
        (
            "there is no key `application.web.activ`",
            "did you mean `application.web.active`?",
        ),
        ("`nearby` means nothing here", "write `nearby: "),
        ("`growth` has no value", "write `--set terminals="),
        (
            "`breakout` means nothing here",
            "write an entry with `Direct`",
        ),
    ];
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for ((fact, help), (wanted, way_out)) in told.iter().zip(wanted) {
        assert!(fact.starts_with(wanted), "{fact}");
        assert!(help.starts_with(way_out), "{fact}: {help}");
    }
    let many: Vec<String> = (1..=15).map(|n: u32| n.to_string()).collect();
    let (a, b) = (
        format!("terminals={}", many.join(",")),
        format!("proxy.proxy.units={}", many.join(",")),
    );
    let told = mistakes(&MIE_BASE, &[&a, &b, "years=1,1", "years=2"]);
    assert!(
        told.iter().any(|m| m.fact.ja.contains("225 通り")),
        "{told:#?}"
    );
    assert!(told.iter().any(|m| m.fact.en == "`years` is given twice"));
    assert!(told.iter().any(|m| {
        m.fact
            .en
            .contains("the value `1` of `years` is given twice")
    }));
}

#[test]
fn a_key_on_which_nothing_hangs_is_told() {
    let idle = |base: &Base<'_>, state, texts: &[&str]| -> Vec<(usize, Vec<usize>, String)> {
        let (_, answer) = ask(base, state, Failures::None, texts);
        let idle = answer.idle.into_iter();
        idle.map(|i| (i.key, i.values, i.why.en)).collect()
    };
    let mie = |texts: &[&str]| idle(&MIE_BASE, 2, texts);
    // Growth counts by the year, so that on the first day it means nothing alone, and years alone mean nothing anywhere.
    let told = idle(&MIE_BASE, 0, &["growth=10 %,20 %"]);
    assert_eq!((told.len(), &told[0].1), (1, &vec![0, 1]), "{told:?}");
    assert!(
        told[0].2.starts_with("growth counts by the year"),
        "{told:?}"
    );
    let told = mie(&["terminals=8000,23000", "years=5"]);
    assert_eq!((told.len(), told[0].0), (1, 1), "{told:?}");
    assert!(told[0].2.starts_with("no application says"), "{told:?}");
    assert!(mie(&["growth=10 %", "years=0,2"]).is_empty());
    // No application of this plan says anything of month ends.
    let told = mie(&["day=Ordinary,MonthEnd"]);
    assert_eq!((told.len(), &told[0].1), (1, &vec![1]), "{told:?}");
    // What the plan says already, and what is not there in the state looked at.
    let told = mie(&["proxy.proxy.units=2", "terminals=8000,9000"]);
    assert_eq!((told.len(), told[0].0), (1, 0), "{told:?}");
    let told = idle(&LBO_BASE, 0, &["breakout=0 %,50 %"]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].2.contains("nothing leaves directly"), "{told:?}");
    assert!(mie(&["proxy.proxy.units=2,8"]).is_empty());
}

/// A value that a scenario would refuse is refused with the same words.
#[test]
fn values_have_the_ranges_of_the_scenario_format() {
    for (text, words) in [
        (
            "link.sc-line.members=1025",
            "1025 is out of range (1 to 1024)",
        ),
        ("link.sc-line.members=0", "0 is out of range (1 to 1024)"),
        (
            "proxy.proxy.units=99999999999",
            "99999999999 is out of range (1 to 1000000000)",
        ),
        (
            "terminals=10000001",
            "10000001 is out of range (1 to 10000000)",
        ),
        ("link.sc-line.rate=0 Gbps", "a value above 0 is needed here"),
        (
            "link.sc-line.rate=1000001 Gbps",
            "`1000001 Gbps` is too large (at most 1000000 Gbps)",
        ),
        (
            "growth=-95 %",
            "write growth per year such as `10 %`, between -90 % and 1000 %",
        ),
        ("years=51", "51 is out of range (0 to 50)"),
    ] {
        let told = mistakes(&MIE_BASE, &[text]);
        let help = told[0].help.as_ref().map(|h| h.en.as_str());
        assert_eq!(help, Some(words), "{text}");
    }
    assert!(MIE_BASE.read(&["relay.vdi-old.seats=0"]).is_ok());
    assert!(MIE_BASE.read(&["link.sc-line.members=1,1024"]).is_ok());
}

#[test]
fn a_label_stands_for_a_name_where_only_one_thing_bears_it() {
    for label in ["セキュリティクラウド回線", "security-cloud line", "sc-line"] {
        let key = format!("link.{label}.rate=1 Gbps,2 Gbps");
        let question = MIE_BASE.read(&[&key]).expect("a question");
        assert_eq!(
            question.sweeps[0].key,
            crate::sim::whatif::Key::Link(
                crate::model::id::Id::new("sc-line"),
                crate::sim::whatif::OfLink::Rate
            )
        );
    }
    let both = [
        "link.sc-line.rate=1 Gbps",
        "link.security-cloud line.rate=2 Gbps",
    ];
    assert!(
        mistakes(&MIE_BASE, &both)[0]
            .fact
            .en
            .ends_with("is given twice")
    );
    let told = mistakes(&MIE_BASE, &["link.nowhere at all.rate=1 Gbps"]);
    let help = told[0].help.clone().expect("a list");
    assert!(
        help.ja.contains("`sc-line`（セキュリティクラウド回線）"),
        "{help:?}"
    );
    assert!(
        help.en.contains("`sc-line` (security-cloud line)"),
        "{help:?}"
    );
}

#[test]
fn every_form_holds_every_case() {
    let texts = ["terminals=8000,23000", "proxy.proxy.units=2,8"];
    let (question, answer) = ask(&MIE_BASE, 2, Failures::Single, &texts);
    for lang in [Lang::Ja, Lang::En] {
        let told = Told {
            migration: &MIE,
            question: &question,
            answer: &answer,
            failures: Failures::Single,
            state: Some(2),
            top: 3,
            lang,
        };
        let csv = told.csv().expect("CSV");
        // 4 cases, 3 resources, with everything up and after a failure; and the heads.
        assert_eq!(csv.lines().count(), 1 + 4 * 3 * 2, "{csv}");
        let json: serde_json::Value =
            serde_json::from_str(&told.json().expect("JSON")).expect("JSON");
        assert_eq!(json["schema"], "utsushi.what-if/1");
        assert_eq!(json["cases"].as_array().map(Vec::len), Some(4));
        assert_eq!(json["cases"][3]["values"]["terminals"], "23000");
        let markdown = told.markdown();
        assert_eq!(markdown.matches("23000").count(), 2, "{markdown}");
        let text = told.text(Paint::Plain);
        assert!(text.contains("805 % ✗ 2·10:00"), "{text}");
        let chart = told.chart();
        assert_eq!(chart.resources.len(), 3);
        assert!(chart.resources.iter().all(|line| line.points.len() == 4));
        let drawn = crate::viz::answers(&chart, &crate::viz::Options::full(lang));
        assert!(drawn.is_ok_and(|chart| chart.missing.is_empty()));
    }
}

/// The chart of a question put to the plan with the breakout.
fn chart(texts: &[&str]) -> crate::viz::data::Answers {
    let (question, answer) = ask(&LBO_BASE, 3, Failures::None, texts);
    let told = Told {
        migration: &LBO,
        question: &question,
        answer: &answer,
        failures: Failures::None,
        state: Some(3),
        top: 3,
        lang: Lang::En,
    };
    told.chart()
}

#[test]
fn only_years_to_come_are_projections() {
    let chart = chart(&["years=0,1,3"]);
    let points = &chart.resources[0].points;
    let told: Vec<_> = points
        .iter()
        .map(|p| (p.value.as_str(), p.projected))
        .collect();
    assert_eq!(told, [("0", false), ("1", true), ("3", true)]);
}

#[test]
fn points_are_joined_only_along_one_axis() {
    for (texts, joined) in [
        (&["terminals=8000,23000"][..], true),
        (&["terminals=8000,23000", "years=3"], true),
        (&["years=3,1,5"], false),
        (&["day=Ordinary,MonthEnd"], false),
        (&["terminals=8000,23000", "years=0,3"], false),
    ] {
        assert_eq!(chart(texts).joined, joined, "{texts:?}");
    }
}

#[test]
fn the_chart_names_sources_and_limits() {
    let notes = chart(&["terminals=8000,23000"]).caption.notes;
    let has = |words: &str| notes.iter().any(|note| note.text.contains(words));
    assert!(has("planning limit 80 %") && has("[P-15"), "{notes:?}");
}
