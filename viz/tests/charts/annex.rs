//! The charts of the capacity annex, from outside: their CSV twins hold every figure, and whatever they are given (nothing,
//! one row, a hundred, no capacity, endless names, figures without bound) they are drawn with their text on the page.

use utsushi_viz::data::{
    AnswerLine, AnswerPoint, Answers, Duration, DurationLine, Gate, GateCell, GateLimits, GateRow,
    GateVerdict, Headroom, HeadroomRow, Load, PoolQueue, PoolRow, Pools, Waterfall,
};
use utsushi_viz::{
    Chart, Lang, Options, VizError, answers, duration, gate, headroom, heatmap, picture, png,
    pools, utilisation, waterfall,
};

use crate::lines::assert_legible;
use crate::{capacity, meeting, samples};

/// A name that no column holds in one line.
const LONG: &str = "南伊勢・志摩広域連合立地域振興総合センター別館サーバ室アグリゲーションスイッチ間ダークファイバ専用線第2系統";

/// Ratios and amounts that break careless arithmetic.
const STRANGE: [f64; 9] = [
    0.0,
    -0.5,
    1e-9,
    0.800_000_1,
    1.0,
    12.3,
    1e12,
    f64::INFINITY,
    f64::NAN,
];

fn figure(place: usize) -> f64 {
    STRANGE[place % STRANGE.len()]
}

fn drawn(name: &str, draw: impl Fn(&Options) -> Result<Chart, VizError>) -> Chart {
    for lang in [Lang::Ja, Lang::En] {
        for options in [Options::half(lang), Options::full(lang)] {
            let chart = draw(&options).unwrap();
            assert_legible(name, &chart, options.width);
            assert!(
                !chart.svg.contains("NaN") && !chart.svg.contains("inf"),
                "{name}"
            );
        }
    }
    draw(&Options::half(Lang::Ja)).unwrap()
}

#[test]
fn nothing_at_all_is_drawn_as_an_empty_chart() {
    drawn("headroom", |o| headroom(&Headroom::default(), o));
    drawn("duration", |o| duration(&Duration::default(), o));
    drawn("waterfall", |o| waterfall(&Waterfall::default(), o));
    drawn("pools", |o| pools(&Pools::default(), o));
    drawn("gate", |o| gate(&Gate::default(), o));
    drawn("answers", |o| answers(&Answers::default(), o));
}

/// As many rows as asked for, with strange figures and endless names.
fn headrooms(count: usize) -> Headroom {
    let row = |place: usize| HeadroomRow {
        label: format!("{LONG}{place}"),
        detail: LONG.into(),
        threshold: 0.8,
        normal: figure(place),
        degraded: place.is_multiple_of(2).then(|| figure(place + 1)),
        culprit: LONG.repeat(2),
        when: LONG.into(),
        ..HeadroomRow::default()
    };
    Headroom {
        rows: (0..count).map(row).collect(),
        ..Headroom::default()
    }
}

fn durations(count: usize) -> Duration {
    let line = |place: usize| DurationLine {
        label: format!("{LONG}{place}"),
        detail: LONG.into(),
        hours: (0..place * 3).map(figure).collect(),
    };
    Duration {
        threshold: 0.8,
        lines: (0..count).map(line).collect(),
        ..Duration::default()
    }
}

fn waterfalls(count: usize) -> Waterfall {
    let cause = |place: usize| (format!("{LONG}{place}"), figure(place) - 3.0);
    Waterfall {
        unit: LONG.into(),
        capacity: Some(figure(count)),
        before: (LONG.into(), 1.0),
        causes: (0..count).map(cause).collect(),
        after: (LONG.into(), figure(count + 3)),
        ..Waterfall::default()
    }
}

fn pool_rows(count: usize) -> Pools {
    let row = |place: usize| PoolRow {
        label: format!("{LONG}{place}"),
        unit: LONG.into(),
        offered: figure(place),
        capacity: figure(place / 2),
        threshold: 0.8,
        degraded_capacity: place.is_multiple_of(3).then(|| figure(place / 3)),
        blocking: place.is_multiple_of(2).then(|| figure(place + 2)),
        waiting: place.is_multiple_of(4),
        step: LONG.into(),
        queue: place.is_multiple_of(5).then(|| PoolQueue {
            hour: 10,
            mean: figure(place),
            most: figure(place + 1),
            backlog: figure(place + 2),
        }),
    };
    Pools {
        rows: (0..count).map(row).collect(),
        ..Pools::default()
    }
}

fn gates(count: usize, steps: usize) -> Gate {
    let cell = |place: usize| GateCell {
        verdict: [GateVerdict::Pass, GateVerdict::Strained, GateVerdict::Fail][place % 3],
        loss: figure(place),
        jitter_ms: figure(place + 1),
        delay_ms: figure(place + 2),
        beyond: GateLimits::default(),
        when: LONG.into(),
        worst: LONG.into(),
    };
    let row = |place: usize| GateRow {
        label: format!("{LONG}{place}"),
        count: u32::MAX,
        cells: (0..steps)
            .map(|step| (step % 5 != 1).then(|| cell(place + step)))
            .collect(),
    };
    Gate {
        steps: vec![LONG.into(); steps],
        rows: (0..count).map(row).collect(),
        ..meeting::gate(Lang::Ja)
    }
}

fn answer_lines(count: usize, values: usize) -> Answers {
    let line = |place: usize| AnswerLine {
        label: format!("{LONG}{place}"),
        threshold: figure(place + 3),
        points: (0..values)
            .map(|value| AnswerPoint {
                value: format!("{LONG}{value}"),
                utilisation: figure(place + value),
                projected: (place + value) % 2 == 1,
            })
            .collect(),
    };
    Answers {
        parameter: LONG.into(),
        joined: count % 2 == 1,
        resources: (0..count).map(line).collect(),
        ..Answers::default()
    }
}

#[test]
fn one_row_or_many_with_strange_figures_and_endless_names_stay_on_the_page() {
    for count in [1, 25] {
        drawn("headroom", |o| headroom(&headrooms(count), o));
        drawn("duration", |o| duration(&durations(count), o));
        drawn("waterfall", |o| waterfall(&waterfalls(count), o));
        drawn("pools", |o| pools(&pool_rows(count), o));
        for columns in [1, 23] {
            drawn("gate", |o| gate(&gates(count, columns), o));
            drawn("answers", |o| answers(&answer_lines(count, columns), o));
        }
    }
}

#[test]
fn rows_not_drawn_are_told_of_and_are_in_the_csv() {
    let remark = |chart: &Chart, words: &str| {
        assert!(chart.svg.contains(words), "{}: {words}", chart.name);
    };
    let chart = drawn("headroom", |o| headroom(&headrooms(60), o));
    assert_eq!(chart.csv.lines().count(), 1 + 60 + 30);
    remark(&chart, "全60件");
    let chart = drawn("pools", |o| pools(&pool_rows(60), o));
    assert_eq!(chart.csv.lines().count(), 1 + 60);
    remark(&chart, "全60件");
    let chart = drawn("gate", |o| gate(&gates(60, 5), o));
    assert_eq!(chart.csv.lines().count(), 1 + 60 * 4);
    remark(&chart, "全60行");
    let chart = drawn("answers", |o| answers(&answer_lines(60, 5), o));
    assert_eq!(chart.csv.lines().count(), 1 + 60 * 5);
    remark(&chart, "全60件");
    let chart = drawn("waterfall", |o| waterfall(&waterfalls(60), o));
    assert!(chart.csv.lines().count() >= 1 + 60 + 2, "{}", chart.csv);
    // Endless names leave room for seven causes.
    remark(&chart, "ほか53件");
}

#[test]
fn a_failing_site_is_drawn_before_any_that_passes() {
    let mut figure = gates(60, 1);
    for row in &mut figure.rows {
        row.label = "良".into();
        row.cells[0].as_mut().unwrap().verdict = GateVerdict::Pass;
    }
    figure.rows[59].label = "不可の拠点".into();
    figure.rows[59].cells[0].as_mut().unwrap().verdict = GateVerdict::Fail;
    let chart = gate(&figure, &Options::half(Lang::Ja)).unwrap();
    assert!(chart.svg.contains("aria-label=\"不可の拠点"));
}

#[test]
fn what_is_tightest_beyond_the_own_edge_is_told_as_such() {
    let mut figure = gates(1, 1);
    figure.strict.loss = 0.01;
    figure.edge.loss = 0.001;
    let cell = figure.rows[0].cells[0].as_mut().unwrap();
    cell.verdict = GateVerdict::Strained;
    (cell.loss, cell.beyond.loss) = (0.006, 0.005);
    let chart = gate(&figure, &Options::half(Lang::Ja)).unwrap();
    assert!(
        chart.csv.contains(",loss,beyond-edge,0.005,"),
        "{}",
        chart.csv
    );
    assert!(chart.svg.contains("庁外 損失"));
}

#[test]
fn the_csv_twins_hold_every_figure() {
    let full = Options::full(Lang::Ja);
    let holds = |chart: Chart, wanted: &[&str]| {
        for line in wanted {
            assert!(chart.csv.contains(line), "{}: {line}", chart.name);
        }
    };
    holds(
        headroom(&capacity::headroom(Lang::Ja), &full).unwrap(),
        &[
            "セキュリティクラウド回線,1 Gbit/s,normal,720,1000,Mbit/s,0.7200,0.8000,within,,\r\n",
            "セキュリティクラウド回線,1 Gbit/s,degraded,1440,1000,Mbit/s,1.4400,0.8000,over_capacity,本庁コアスイッチ1の停止,段階2・10時\r\n",
            "LGWAN接続回線,1 Gbit/s,degraded,,,,inf,0.8000,over_capacity,LGWAN接続ルータの停止,",
        ],
    );
    let chart = duration(&capacity::duration(Lang::Ja), &full).unwrap();
    assert_eq!(
        chart.csv.lines().count(),
        1 + 6 * 480,
        "all hours of all lines"
    );
    holds(
        chart,
        &["小規模出先17,下り,0.0021,0.9600,0.8000,over_threshold,0.0896,0.0000\r\n"],
    );
    holds(
        waterfall(&capacity::waterfall(Lang::Ja), &full).unwrap(),
        &[
            "before,1 新LGWAN系を構築,360,360,Mbit/s,1000,within\r\n",
            "cause,EDRの常時通信,36,1496,Mbit/s,1000,\r\n",
            "after,2 旧LGWAN系を読み替え,1440,1440,Mbit/s,1000,over_capacity\r\n",
        ],
    );
    holds(
        pools(&capacity::pools(Lang::Ja), &full).unwrap(),
        &[
            "無害化サーバ 並列処理,段階2,件,13.2,20,0.6600,0.8000,within,10,1.3200,over_capacity,0.12,wait,,,,\r\n",
            "画面転送 中継ライセンス,段階2,ライセンス,480,800,0.6000,0.8000,within,,,,0.00001,turned_away,,,,\r\n",
        ],
    );
    holds(
        gate(&meeting::gate(Lang::Ja), &full).unwrap(),
        &[
            "地域総合庁舎,10,2 旧LGWAN系を読み替え,fail,0.019,44,171,loss,whole,0,0,0,セキュリティクラウド接続回線,10時\r\n",
            "データセンター,1,2 旧LGWAN系を読み替え,fail,NaN,inf,inf,jitter,",
        ],
    );
    holds(
        answers(&capacity::answers(Lang::Ja), &full).unwrap(),
        &[
            "Web会議の同時参加者数,480人,小規模出先回線（最大・出先17）,1.1650,0.8000,over_capacity,today\r\n",
            "160人,セキュリティクラウド接続回線 令和10年度,1.1200,0.8000,over_capacity,projection\r\n",
        ],
    );
    holds(
        utilisation(&capacity::growth(Lang::Ja), &full).unwrap(),
        &["令和9年度,セキュリティクラウド接続回線,,,,,0.4140,0.8000,within,10時,projection\r\n"],
    );
}

#[test]
fn a_projection_is_told_of_only_where_there_is_one() {
    let draw = |figure: &_| utilisation(figure, &Options::half(Lang::En)).unwrap();
    let today = draw(&samples::utilisation(Lang::En));
    assert!(!today.svg.contains("projected") && !today.csv.contains("basis"));
    let growth = draw(&capacity::growth(Lang::En));
    assert!(growth.svg.contains("aria-label=\"projected growth\"") && growth.csv.contains("basis"));
    assert!(!Load::default().projected);
}

#[test]
fn what_exceeds_the_threshold_and_fits_is_framed_in_navy_and_never_red() {
    let mut room = capacity::headroom(Lang::En);
    for row in &mut room.rows {
        (row.normal, row.degraded) = (0.9, Some(0.96));
    }
    let mut steps = samples::utilisation(Lang::En);
    for load in steps
        .resources
        .iter_mut()
        .flat_map(|row| row.loads.iter_mut().flatten())
    {
        (load.utilisation, load.parts) = (0.96, Vec::new());
    }
    let mut lines = capacity::answers(Lang::En);
    for point in lines.resources.iter_mut().flat_map(|line| &mut line.points) {
        point.utilisation = 0.96;
    }
    let mut net = samples::picture(Lang::En);
    for link in &mut net.links {
        link.utilisation = Some(0.96);
    }
    let options = Options::full(Lang::En);
    for chart in [
        headroom(&room, &options),
        utilisation(&steps, &options),
        answers(&lines, &options),
        picture(&net, &options),
    ] {
        let chart = chart.unwrap();
        assert!(!chart.svg.contains("#b83a00"), "{}", chart.name);
        assert!(chart.svg.contains("stroke=\"#08306b\""), "{}", chart.name);
        assert!(
            chart.svg.contains("above threshold, within capacity"),
            "{}",
            chart.name
        );
    }
}

#[test]
fn lines_far_beyond_capacity_are_told_apart() {
    let mut figure = capacity::answers(Lang::En);
    let text = |figure: &Answers| answers(figure, &Options::half(Lang::En)).unwrap().svg;
    assert!(!text(&figure).contains("aria-label=\"400%\""));
    for (line, factor) in figure.resources.iter_mut().zip([3.0, 4.0, 1.0, 1.0]) {
        line.points
            .iter_mut()
            .for_each(|point| point.utilisation *= factor);
    }
    let far = text(&figure);
    for tick in ["100%", "400%", "600%"] {
        assert!(far.contains(&format!("aria-label=\"{tick}\"")), "{tick}");
    }
    assert!(!far.contains("upper edge"), "nothing is cut");
}

#[test]
fn points_that_are_not_of_one_axis_are_not_joined() {
    let mut figure = capacity::answers(Lang::En);
    let lines = |figure: &Answers| {
        let svg = answers(figure, &Options::half(Lang::En)).unwrap().svg;
        svg.matches("><title>").count()
    };
    assert_eq!(lines(&figure), 4);
    figure.joined = false;
    assert_eq!(lines(&figure), 0);
}

#[test]
fn who_need_not_wait_is_told_so() {
    let mut figure = capacity::pools(Lang::Ja);
    figure.rows[0].queue = Some(PoolQueue {
        most: 0.000_4,
        ..PoolQueue::default()
    });
    let svg = pools(&figure, &Options::half(Lang::Ja)).unwrap().svg;
    assert!(svg.contains("待ちなし") && !svg.contains("0ミリ秒"));
}

#[test]
fn a_cause_is_told_to_its_end() {
    let mut figure = capacity::waterfall(Lang::En);
    figure.causes[0].0 =
        "10 changes (changing the access table of host group region-staff-1 and others)".into();
    let svg = waterfall(&figure, &Options::half(Lang::En)).unwrap().svg;
    assert!(svg.contains("region-staff-1") && svg.contains("others)"));
}

#[test]
fn cells_of_meetings_show_what_binds_where_there_is_room() {
    let figure = meeting::gate(Lang::En);
    let half = |figure: &Gate| gate(figure, &Options::half(Lang::En)).unwrap().svg;
    assert!(half(&figure).contains("aria-label=\"1.9%\""));
    let mut many = figure.clone();
    many.rows = figure.rows.iter().cycle().take(30).cloned().collect();
    assert!(!half(&many).contains("aria-label=\"1.9%\""));
}

/// 240 mm in print; names and figures are those of the gallery, twenty times over.
#[test]
fn no_chart_is_higher_than_a_page() {
    fn often<T: Clone>(rows: &mut Vec<T>) {
        *rows = rows.iter().cycle().take(20 * rows.len()).cloned().collect();
    }
    for lang in [Lang::Ja, Lang::En] {
        let (mut room, mut seats) = (capacity::headroom(lang), capacity::pools(lang));
        let (mut steps, mut calls) = (samples::utilisation(lang), meeting::gate(lang));
        let (mut heat, mut fall) = (samples::heatmap(lang), capacity::waterfall(lang));
        often(&mut room.rows);
        often(&mut seats.rows);
        often(&mut steps.resources);
        often(&mut calls.rows);
        often(&mut heat.rows);
        often(&mut fall.causes);
        heat.top = 500;
        for options in [Options::half(lang), Options::full(lang)] {
            for chart in [
                headroom(&room, &options),
                pools(&seats, &options),
                utilisation(&steps, &options),
                gate(&calls, &options),
                heatmap(&heat, &options),
                waterfall(&fall, &options),
            ] {
                let chart = chart.unwrap();
                let height = chart.svg.split_once("height=\"").unwrap().1;
                let height: f64 = height.split_once("mm").unwrap().0.parse().unwrap();
                assert!((150.0..=240.0).contains(&height), "{} {height}", chart.name);
            }
        }
    }
}

#[test]
fn red_is_for_breaches_alone() {
    let mut room = capacity::headroom(Lang::En);
    for row in &mut room.rows {
        (row.normal, row.degraded) = (0.3, Some(0.5));
    }
    let mut fall = capacity::waterfall(Lang::En);
    fall.capacity = Some(2000.0);
    let mut calls = meeting::gate(Lang::En);
    for cell in calls
        .rows
        .iter_mut()
        .flat_map(|row| row.cells.iter_mut().flatten())
    {
        cell.verdict = cell.verdict.min(GateVerdict::Strained);
    }
    let options = Options::full(Lang::En);
    for chart in [
        headroom(&room, &options),
        waterfall(&fall, &options),
        gate(&calls, &options),
    ] {
        let chart = chart.unwrap();
        assert!(!chart.svg.contains("#b83a00"), "{}", chart.name);
    }
}

#[test]
fn a_row_of_the_wrong_length_is_named() {
    let mut figure = meeting::gate(Lang::En);
    figure.rows[1].cells.pop();
    let ragged = VizError::Ragged("regional offices".into());
    assert_eq!(gate(&figure, &Options::half(Lang::En)), Err(ragged));
}

#[test]
fn the_raster_of_each_shows_ink_and_breaches() {
    let options = Options::half(Lang::Ja);
    for chart in [
        headroom(&capacity::headroom(Lang::Ja), &options),
        waterfall(&capacity::waterfall(Lang::Ja), &options),
        gate(&meeting::gate(Lang::Ja), &options),
    ] {
        let chart = chart.unwrap();
        let bytes = png(&chart).unwrap();
        let pixels = super::pixels(&mut super::opened(&bytes));
        for wanted in [[0, 0, 0], [255, 255, 255], [184, 58, 0]] {
            let count = pixels.chunks_exact(3).filter(|p| *p == wanted).count();
            assert!(count > 300, "{} {wanted:?} {count}", chart.name);
        }
    }
}
