//! Charts of the hand-made report.

use super::*;
use crate::model::circumstance::{BrokenKind, Circumstance, Failure};
use crate::model::demand::{Application, Concurrency};
use crate::model::finding::LoadPart;
use crate::model::report::{
    Case, CauseOrder, CauseRow, GateBeyond, GateHour, GatePart, GateRow, GateStrict, GateVerdict,
    LoadRow,
};
use crate::model::text::{Lang, Text};
use crate::model::units::{Latency, Share};
use crate::sample::{Sample, proxy, sample};
use crate::viz::data::{Note, NoteKind};
use crate::viz::{self, Options};
use std::sync::Arc;

/// Talk of a site that fails on one line, by how much it loses.
fn talk(site: &str, loss: f64) -> GateRow {
    let met = GateHour {
        verdict: GateVerdict::Fail,
        loss,
        jitter: Latency::new(0.001),
        delay: Latency::new(0.01),
        spent: "loss",
        hop: String::from("sc"),
        model: "burst",
        beyond: GateBeyond::default(),
        strict: GateStrict {
            part: GatePart::ClientToEdge,
            limit: "loss",
            used: loss / 0.01,
        },
    };
    GateRow {
        state: 2,
        site: site.to_owned(),
        label: Text::same(site),
        application: Text::same("meetings"),
        users: 1,
        hours: vec![Some(met)],
        worse: None,
        cut: None,
    }
}

#[test]
fn only_sites_with_the_same_figures_share_a_row() {
    let mut sample = sample();
    let losses = [("a", 0.1), ("b", 0.3), ("c", 0.100_01), ("d", 0.101)];
    sample.report.gates = losses.map(|(site, loss)| talk(site, loss)).to_vec();
    let chart = gate(&sample.context(Lang::En));
    let rows = chart.rows.iter();
    let told: Vec<_> = rows
        .map(|row| {
            (
                row.label.as_str(),
                row.count,
                row.cells[2].as_ref().map(|c| c.loss),
            )
        })
        .collect();
    // What differs in the fourth digit only is told as the worst of both.
    let wanted = [
        ("a and alike", 2, Some(0.100_01)),
        ("b", 1, Some(0.3)),
        ("d", 1, Some(0.101)),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn charts_of_the_plan_show_only_the_states_of_which_the_report_tells() {
    let mut sample = sample();
    sample.report.loads.retain(|row| row.state == 2);
    sample.report.gates = vec![talk("a", 0.1)];
    let context = sample.context(Lang::En);
    let steps = utilisation(&context, None).steps;
    assert_eq!(steps, ["step 2"]);
    assert_eq!(gate(&context).steps, ["step 2"]);
    assert!(
        headroom(&context)
            .rows
            .iter()
            .all(|row| row.when.contains("step 2"))
    );
    let notes = headroom(&context).caption.notes;
    assert!(
        notes.iter().all(|note| !note.text.contains("all states")),
        "{notes:?}"
    );
}

#[test]
fn years_to_come_are_a_column_of_projections() {
    let sample = sample();
    let mut loads: Vec<LoadRow> = sample.report.loads.clone();
    loads.retain(|row| row.state == 2);
    for row in &mut loads {
        row.offered = row.offered.map(|load| load * 1.5);
        row.parts.iter_mut().for_each(|part| part.offered *= 1.5);
    }
    let later = Later {
        years: 5,
        state: 2,
        loads,
    };
    for (lang, label) in [
        (Lang::Ja, "ステップ2（5年後）"),
        (Lang::En, "step 2 (+5 years)"),
    ] {
        let chart = utilisation(&sample.context(lang), Some(&later));
        assert_eq!(chart.steps.last().map(String::as_str), Some(label));
        let line = &chart.resources[0].loads;
        let told: Vec<_> = line
            .iter()
            .flatten()
            .map(|l| (l.utilisation, l.projected))
            .collect();
        assert_eq!(told[2..], [(1.44, false), (2.16, true)]);
        let says = |words: &str| chart.caption.notes.iter().any(|n| n.text.contains(words));
        assert!(
            says(lang_of(lang, "負荷は変わらない", "the same loads")),
            "nothing grows"
        );
        let drawn = chart.draw(&Options::half(lang)).unwrap();
        assert!(drawn.csv.contains(",projection\r\n"), "{}", drawn.csv);
    }
}

fn lang_of<'a>(lang: Lang, ja: &'a str, en: &'a str) -> &'a str {
    wording::pick(lang, ja, en)
}

#[test]
fn a_capacity_that_a_step_changes_is_told_step_by_step() {
    let mut sample = sample();
    let line = sample.report.loads[0].clone();
    let of = |row: &&mut LoadRow| row.kind == line.kind && row.resource == line.resource;
    let last = sample.report.loads.iter_mut().rfind(of).unwrap();
    last.capacity *= 2.0;
    let chart = utilisation(&sample.context(Lang::Ja), None);
    assert_eq!(chart.resources[0].capacity, "1,000 Mbit/s → 2,000 Mbit/s");
}

#[test]
fn every_step_has_its_bar_and_the_parts_add_up() {
    let sample = sample();
    let chart = utilisation(&sample.context(Lang::Ja), None);
    assert_eq!(chart.steps, ["現状", "ステップ1", "ステップ2"]);
    assert_eq!(chart.applications, ["Web会議", "Web閲覧"]);
    let line = &chart.resources[0];
    assert_eq!(
        (line.label.as_str(), line.capacity.as_str()),
        ("セキュリティクラウド回線", "1,000 Mbit/s")
    );
    let worst = line.loads[2].as_ref().unwrap();
    assert_eq!(
        (worst.utilisation, worst.when.as_str()),
        (1.44, "10:00 sc → dc")
    );
    assert_eq!(worst.parts, [0.96, 0.48]);
    // The sample's parts are those of the last state: where they do not add up, the bar stays plain.
    assert!(line.loads[0].as_ref().unwrap().parts.is_empty());
}

#[test]
fn every_figure_can_be_drawn() {
    let sample = sample();
    for lang in [Lang::Ja, Lang::En] {
        let context = sample.context(lang);
        for (figure, state) in all(Figure::ALL, &[0, 1, 2]) {
            for sheet in sheets(&View::of(context), figure, state) {
                let chart = sheet.drawing.draw(&Options::half(lang)).unwrap();
                assert_eq!(chart.missing, [] as [char; 0], "{}", chart.title);
                // The sample has no pools.
                let rows = usize::from(figure != Figure::Pools);
                assert!(chart.csv.lines().count() > rows, "{}", chart.csv);
                assert!(sheet.name(&context, &chart).starts_with(chart.name));
                assert!(!sheet.drawing.sees(&context).is_empty());
            }
        }
    }
}

#[test]
fn files_bear_the_step_and_what_tells_charts_of_one_step_apart() {
    let sample = sample();
    let context = sample.context(Lang::En);
    let matter: Vec<String> = that_matter(&context)
        .into_iter()
        .flat_map(|(figure, state)| sheets(&View::of(context), figure, state))
        .map(|sheet| {
            let chart = sheet.drawing.draw(&Options::half(Lang::En)).unwrap();
            sheet.name(&context, &chart)
        })
        .collect();
    let heatmaps = ["heatmap-step0", "heatmap-step1", "heatmap-step2"];
    let pictures = ["picture-step0", "picture-step1", "picture-step2"];
    let wanted: Vec<&str> = ["utilisation"]
        .into_iter()
        .chain(heatmaps)
        .chain([
            "headroom",
            "duration-step2",
            "waterfall-step2-link",
            "pools",
        ])
        .chain(pictures)
        .collect();
    assert_eq!(matter, wanted);
}

/// One of two members of the line is lost at step 1: 760 of 500 Mbit/s.
fn member_lost() -> Case {
    let label = Text::new("セキュリティクラウド回線", "security-cloud line");
    Case {
        circumstance: Circumstance {
            failure: Some(Failure::of(BrokenKind::Member, "sc-line", label)),
            ..Circumstance::default()
        },
        hour: 10,
        offered: 760e6,
        capacity: 500e6,
        waiting: None,
    }
}

#[test]
fn headroom_takes_the_worst_of_all_states_and_names_the_failure() {
    let mut sample = sample();
    let row = headroom(&sample.context(Lang::Ja)).rows.remove(0);
    assert_eq!((row.normal, row.degraded), (1.44, None));
    sample.report.failures = 1237;
    let row = headroom(&sample.context(Lang::Ja)).rows.remove(0);
    assert_eq!((row.degraded, row.culprit.as_str()), (Some(1.44), ""));
    assert_eq!(row.when, "故障で増加せず（ステップ2 10:00）");
    sample.report.loads[1].worst = vec![member_lost()];
    let chart = headroom(&sample.context(Lang::Ja));
    let row = &chart.rows[0];
    assert_eq!((row.normal, row.degraded), (1.44, Some(1.52)));
    assert_eq!(row.culprit, "「セキュリティクラウド回線」の1本断");
    assert_eq!(row.when, "ステップ1 10:00");
    let notes: Vec<_> = chart.caption.notes.iter().map(|n| &n.text).collect();
    assert!(
        notes.iter().any(|text| text.contains("1,237件")),
        "{notes:?}"
    );
}

#[test]
fn a_duration_holds_every_hour_of_its_state() {
    let sample = sample();
    let context = sample.context(Lang::En);
    let chart = duration(&context, 2);
    let mut hours = [0.0; HOURS];
    (hours[9], hours[10]) = (0.36, 1.44);
    assert_eq!(chart.lines[0].hours, hours);
    assert_eq!(
        chart.sees(&context),
        "security-cloud line is above its threshold for 1 and above capacity for 1 hours of a day"
    );
}

#[test]
fn a_waterfall_tells_what_each_line_of_the_plan_adds_where_that_is_known() {
    let mut sample = sample();
    let [resource] = explained(&sample.context(Lang::Ja), 2)
        .try_into()
        .expect("one resource");
    sample.report.causes = vec![CauseRow {
        state: 2,
        kind: resource.kind,
        resource: resource.name,
        direction: resource.direction,
        order: CauseOrder::AddedFirst,
        causes: vec![
            (Text::new("`srv` の読替え", "relabelling `srv`"), 900e6),
            (Text::new("`lbo` の追加", "adding `lbo`"), 1.0),
            (Text::new("`vdi` の撤去", "removing `vdi`"), -40e6),
        ],
    }];
    let (_, chart) = waterfalls(&sample.context(Lang::Ja), 2).remove(0);
    let causes = [
        ("「srv」の読替え".to_owned(), 900.0),
        ("「vdi」の撤去".to_owned(), -40.0),
    ];
    assert_eq!(
        chart.causes, causes,
        "in the order in which they were tried, without noise"
    );
    let has = |notes: &[Note], what: &str| notes.iter().any(|note| note.text.contains(what));
    assert!(has(&chart.caption.notes, "追加、変更、撤去の順"));
    sample.report.causes[0].order = CauseOrder::Plan;
    let (_, in_plan) = waterfalls(&sample.context(Lang::Ja), 2).remove(0);
    assert!(has(&in_plan.caption.notes, "計画の順"));
    let (_, chart) = waterfalls(&sample.context(Lang::En), 2).remove(0);
    assert_eq!(chart.causes[0].0, "relabelling srv");
}

#[test]
fn a_waterfall_tells_what_each_application_adds_or_takes_away() {
    let mut sample = sample();
    // Step 1: 760 Mbit/s of browsing; step 2: 480 of browsing and 960 of meetings.
    sample.report.loads[1].parts = vec![LoadPart {
        application: Text::new("Web閲覧", "web"),
        offered: 760e6,
    }];
    let context = sample.context(Lang::En);
    assert!(waterfalls(&context, 0).is_empty() && waterfalls(&context, 1).is_empty());
    assert!(!changes_verdict(&context, 1) && changes_verdict(&context, 2));
    let (kind, chart) = waterfalls(&context, 2).remove(0);
    assert_eq!(kind, ResourceKind::Link);
    let amounts = (chart.before.1, chart.after.1, chart.capacity);
    assert_eq!(amounts, (760.0, 1440.0, Some(1000.0)));
    let causes = [("meetings", 960.0), ("web", -280.0)];
    assert_eq!(chart.causes, causes.map(|(name, by)| (name.to_owned(), by)));
}

/// Two erlang for three seats in all states, and for three threads of a proxy of three machines; at the last step nine.
fn with_pools() -> Sample {
    let mut sample = sample();
    let states = sample.report.states.iter_mut();
    states.for_each(|state| Arc::make_mut(&mut state.network).nodes.put(proxy(3, 1.0)));
    let line = sample.report.loads.remove(0);
    sample.report.loads.clear();
    for state in 0..3 {
        for kind in [ResourceKind::Seats, ResourceKind::Sessions] {
            let wanted = if state == 2 { 9.0 } else { 2.0 };
            sample.report.loads.push(LoadRow {
                state,
                kind,
                resource: "proxy".to_owned(),
                label: Text::same("proxy"),
                direction: None,
                capacity: 3.0,
                offered: [wanted; HOURS],
                ..line.clone()
            });
        }
    }
    let lost = Failure::of(BrokenKind::Machine, "proxy", Text::same("proxy"));
    sample.report.loads[1].worst = vec![Case {
        circumstance: Circumstance {
            failure: Some(lost),
            ..Circumstance::default()
        },
        hour: 0,
        offered: 2.0,
        capacity: 2.0,
        waiting: None,
    }];
    sample
}

#[test]
fn seats_turn_away_and_proxies_let_wait() {
    let sample = with_pools();
    let rows = pools(&sample.context(Lang::En)).rows;
    let shown: Vec<_> = rows
        .iter()
        .map(|r| (r.label.as_str(), r.step.as_str(), r.waiting))
        .collect();
    let wanted = [
        ("proxy seats", "until step 1", false),
        ("proxy seats", "step 2", false),
        ("proxy sessions", "until step 1", true),
        ("proxy sessions", "step 2", true),
    ];
    assert_eq!(shown, wanted);
    // B(2, 3) = (8/6) / (1 + 2 + 2 + 8/6) = 4/19, C(2, 3) = 4/9 (Erlang); nine for three threads: everybody waits.
    let near = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 1e-12);
    assert!(near(rows[0].blocking, 4.0 / 19.0), "{:?}", rows[0]);
    assert!(near(rows[2].blocking, 4.0 / 9.0), "{:?}", rows[2]);
    assert!(near(rows[3].blocking, 1.0), "{:?}", rows[3]);
    let left: Vec<_> = rows.iter().map(|row| row.degraded_capacity).collect();
    assert_eq!(left, [None, None, Some(2.0), None]);
}

#[test]
fn a_quantile_is_no_mean_for_erlang() {
    let mut sample = with_pools();
    let told = |sample: &Sample| {
        let chart = pools(&sample.context(Lang::En));
        let notes = chart.caption.notes.iter();
        let noted = notes.filter(|n| n.text.contains("quantile")).count();
        let figures = chart.rows.iter().filter(|r| r.blocking.is_some()).count();
        (figures, noted)
    };
    assert_eq!(told(&sample), (4, 0));
    let level = Share::new(0.99).expect("a share");
    let by_chance = |a: &mut Application| a.nature.concurrency = Concurrency::Binomial(level);
    let meetings = Id::new("meetings");
    sample.requirements.applications.edit(&meetings, by_chance);
    assert_eq!(told(&sample), (0, 1));
    for row in &mut sample.report.loads {
        row.parts.retain(|part| part.application.en != "meetings");
    }
    assert_eq!(told(&sample), (4, 0), "no part of theirs");
}

#[test]
fn marks_are_found_once_and_assumptions_last() {
    let source = "active [A]; 35 sessions [P-15]; pixels [P-17, P-15]; open [";
    assert_eq!(marks(source), ["P-15", "P-17", "A"]);
}

#[test]
fn a_chart_says_which_of_its_applications_are_assumed() {
    let mut sample = sample();
    let text = |sample: &Sample| {
        let notes = headroom(&sample.context(Lang::Ja)).caption.notes;
        let last = notes.last().unwrap();
        (last.kind, last.text.clone())
    };
    assert_eq!(
        text(&sample),
        (NoteKind::Assumption, "Web会議（出典のない値）".to_owned())
    );
    let meetings = Id::new("meetings");
    let told = |a: &mut Application| a.source = "4 % [A]; 1.5 Mbit/s [P-11]".to_owned();
    sample.requirements.applications.edit(&meetings, told);
    assert_eq!(
        text(&sample),
        (
            NoteKind::Source,
            "Web会議 [P-11, A]（[A]は仮定）".to_owned()
        )
    );
}

#[test]
fn branches_with_one_load_share_a_row() {
    let mut sample = sample();
    let branch = |number: u32| LoadRow {
        resource: format!("wan-{number}"),
        label: Text::new(
            format!("出先{number}回線"),
            format!("line of office {number}"),
        ),
        ..sample.report.loads[0].clone()
    };
    let branches: Vec<LoadRow> = (1..=3).map(branch).collect();
    sample.report.loads = branches;
    let rows = headroom(&sample.context(Lang::Ja)).rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].label, "出先1回線ほか2件");
}

#[test]
fn a_picture_has_a_lane_for_each_zone_and_a_box_for_each_segment() {
    let sample = sample();
    let picture = picture(&sample.context(Lang::En), 2);
    let zones: Vec<_> = picture.zones.iter().map(|z| z.label.as_str()).collect();
    assert_eq!(zones, ["My Number", "Internet", "cloud services"]);
    let labels: Vec<_> = picture.nodes.iter().map(|n| n.label.as_str()).collect();
    assert_eq!(labels, ["mn-servers", "old-servers", "meet"]);
    assert_eq!(picture.nodes[1].kind, viz::data::NodeKind::Hosts);
}
