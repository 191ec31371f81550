//! The forms of traffic matrices against each other.
//!
//! In: the same traffic written in several forms. Out: the same demands. What can go wrong: a direction swapped, an
//! hour off by one, volume lost at the edge of an hour or a day.

#![expect(clippy::panic, reason = "a test tells what failed by panicking")]

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use utsushi_model::demand::{Amount, Measured};
use utsushi_scenarios::{Loaded, Memory, load_from};

const BASE: &str = include_str!("../../tests/mistakes/base.ron");
const HEAD: &str = r#"(
  title: "matrices", start: (model: Alpha, date: "2023-04-01"), include: ["base.ron"], matrices: ["m.csv"],
  groups: [(name: "kiosk", segment: "terms", addresses: ["10.1.9.0-10.1.9.9"], count: 5, class: General)],
  curves: [(name: "noon", hours: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 0, 0, 0, 0, 0, 0])],
  applications: [(name: "mail", service: "tcp/25", curve: "noon", direct: (active: "50 %", sessions: 4, down: "1 kbps", up: "1 kbps"), source: "[A]")],
)"#;

fn load(matrix: &str) -> Loaded {
    let files = [
        ("scenario.ron", HEAD),
        ("base.ron", BASE),
        ("m.csv", matrix),
    ];
    load_from(&Memory::new(files), "scenario.ron").unwrap_or_else(|failed| {
        let told = failed.problems.iter();
        let told: Vec<String> = told
            .map(|p| format!("{} {}", p.place, p.message.en))
            .collect();
        panic!("{told:#?}\n{matrix}")
    })
}

type Hours = Vec<(f64, f64, f64)>;

/// The demands by name: down and up in bit/s, sessions.
fn demands(matrix: &str) -> BTreeMap<String, Hours> {
    let loaded = load(matrix);
    let demands = loaded.migration.requirements.demands.iter();
    let each = demands.map(|demand| {
        let Amount::Measured(hours) = &demand.amount else {
            panic!("{demand:?}")
        };
        let of = |m: &Measured| (m.down.get(), m.up.get(), m.sessions.get());
        assert_eq!(demand.place.file.as_ref(), "m.csv");
        (demand.id.to_string(), hours.iter().map(of).collect())
    });
    each.collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

fn same(a: &BTreeMap<String, Hours>, b: &BTreeMap<String, Hours>) {
    assert!(a.keys().eq(b.keys()), "{a:?}\n{b:?}");
    for (name, (a, b)) in a.iter().map(|(name, hours)| (name, (hours, &b[name]))) {
        for (hour, (a, b)) in a.iter().zip(b).enumerate() {
            let right = near(a.0, b.0) && near(a.1, b.1) && near(a.2, b.2);
            assert!(right, "{name} at {hour}: {a:?} and {b:?}");
        }
    }
}

#[test]
fn a_square_says_the_same_as_rows() {
    let rows = "group,to,application,hour,down,up,sessions\n\
        staff,inet,web,9,12 Mbps,2 Mbps,300\nstaff,inet,web,10,12 Mbps,2 Mbps,300\n\
        staff,payroll,web,9,800 kbps,0 bps,0\nstaff,payroll,web,10,800 kbps,0 bps,0\n\
        kiosk,inet,web,9,1 Mbps,0 bps,0\nkiosk,inet,web,10,1 Mbps,0 bps,0\n";
    let square = "# planned\n\
        application: web; cells: down; unit: Mbps; hours: 9..=10,inet,payroll\n\
        staff,12,800 kbps\nkiosk,1,\n,,\n\
        \"application: web; cells: up; hours: 9 10\",inet,,\nstaff,2 Mbps,,\n\
        application: web; cells: sessions; hours: 10 9..=9,inet\nstaff,300\n";
    same(&demands(rows), &demands(square));
}

#[test]
fn flows_are_spread_over_their_hours() {
    let flows = "start,end,from,to,application,bytes_up,bytes_down\n\
        2023-03-01 09:30:00,2023-03-01T10:30:00,staff,inet,web,900,1800\n\
        2023-03-02T00:10:00Z,2023-03-02 09:10:00,10.1.200.5,10.2.0.10,web,0,450\n\
        2023-03-01 23:30:00,2023-03-02 00:30:00,10.1.9.3,192.0.2.7,web,7200,0\n";
    let found = demands(flows);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "m/kiosk/inet/web",
            "m/staff/inet/web",
            "m/staff/payroll/web"
        ]
    );
    let web = &found["m/staff/inet/web"];
    assert_eq!(web[9], (2.0, 1.0, 0.5));
    assert_eq!(web[10], (2.0, 1.0, 0.5));
    assert_eq!(web[11], (0.0, 0.0, 0.0));
    assert_eq!(found["m/staff/payroll/web"][9], (1.0, 0.0, 0.0));
    let kiosk = &found["m/kiosk/inet/web"];
    assert_eq!((kiosk[23].1, kiosk[0].1, kiosk[12].1), (8.0, 8.0, 0.0));
}

#[test]
fn the_busiest_day_counts_or_the_mean() {
    let flows = "start,end,from,to,application,bytes_up,bytes_down,sessions\n\
        2023-03-01 09:00:00,2023-03-01 10:00:00,staff,inet,web,450,900,10\n\
        2023-03-02 09:00:00,2023-03-02 10:00:00,staff,inet,web,1350,450,30\n";
    assert_eq!(demands(flows)["m/staff/inet/web"][9], (2.0, 3.0, 30.0));
    let mean = format!("# days: mean\n{flows}");
    assert_eq!(demands(&mean)["m/staff/inet/web"][9], (1.5, 2.0, 20.0));
}

#[test]
fn volumes_of_a_day_follow_the_curve() {
    let counts = "group,to,application,per_day_down,per_day_up,users\n\
        staff,inet,mail,12220 KB,1222 KB,100\nkiosk,inet,mail,14.4 GB,0 B,\n";
    let found = demands(counts);
    let staff = &found["m/staff/inet/mail"];
    assert!(near(staff[9].0, 100.0 * 12_220e3 * 8.0 / 14_400.0));
    assert!(near(staff[8].1, 100.0 * 1_222e3 * 8.0 / 14_400.0 / 2.0));
    assert_eq!((staff[9].2, staff[17].2, staff[3].2), (200.0, 100.0, 0.0));
    let kiosk = &found["m/kiosk/inet/mail"];
    assert!(near(kiosk[12].0, 8e6));
    assert_eq!((kiosk[12].1, kiosk[12].2), (0.0, 0.0));
}

const GROUPS: [&str; 2] = ["staff", "kiosk"];
const TARGETS: [&str; 3] = ["inet", "payroll", "servers"];

/// A cell of every hour: rates in kbit/s and sessions; hours without one carry nothing.
type Cells = BTreeMap<(usize, usize, usize), (u32, u32, u32)>;

fn cells() -> impl Strategy<Value = Cells> {
    let key = (0..GROUPS.len(), 0..TARGETS.len(), 0..24_usize);
    let value = (0..9_000_000_u32, 0..9_000_u32, 0..100_000_u32);
    prop::collection::btree_map(key, value, 1..60)
}

fn long(cells: &Cells) -> String {
    let mut out = "group,to,application,hour,down,up,sessions\n".to_owned();
    for ((group, to, hour), (down, up, sessions)) in cells {
        let (group, to) = (GROUPS[*group], TARGETS[*to]);
        let _ = writeln!(
            out,
            "{group},{to},web,{hour},{down} kbps,{up} kbps,{sessions}"
        );
    }
    out
}

/// The same as squares of one hour each.
fn square(cells: &Cells, named: bool) -> String {
    let mut out = String::new();
    for (hour, what) in (0..24).flat_map(|hour| [(hour, "down"), (hour, "up"), (hour, "sessions")])
    {
        let rate = what != "sessions";
        let unit = if named && rate { " unit: kbps;" } else { "" };
        let own = if rate && !named { " kbps" } else { "" };
        let targets = TARGETS.join(",");
        let _ = writeln!(
            out,
            "application: web; cells: {what};{unit} hours: {hour},{targets}"
        );
        for (group, name) in GROUPS.iter().enumerate() {
            let cell = |to: usize| {
                let (down, up, sessions) = cells.get(&(group, to, hour))?;
                let value = match what {
                    "down" => down,
                    "up" => up,
                    _ => sessions,
                };
                Some(format!("{value}{own}"))
            };
            let row: Vec<String> = (0..TARGETS.len())
                .map(|to| cell(to).unwrap_or_default())
                .collect();
            let _ = writeln!(out, "{name},{}", row.join(","));
        }
    }
    out
}

/// A record: day, second of its start, duration, bytes up and down, and where it is cut.
type Record = (u32, u32, u32, u32, u32, Vec<u32>);

fn time(seconds: u32) -> String {
    let (day, rest) = (seconds / 86_400, seconds % 86_400);
    format!(
        "2023-03-{:02} {:02}:{:02}:{:02}",
        day + 1,
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

fn flows(records: &[Record], cut: bool, head: &str) -> String {
    let mut out = format!("{head}start,end,from,to,application,bytes_up,bytes_down,sessions\n");
    for (day, second, seconds, up, down, cuts) in records {
        let start = day * 86_400 + second;
        let mut marks = vec![start, start + seconds];
        if cut {
            marks.extend(cuts.iter().map(|cut| start + cut % seconds));
        }
        marks.sort_unstable();
        for pair in marks.windows(2).filter(|pair| pair[0] < pair[1]) {
            let part = f64::from(pair[1] - pair[0]) / f64::from(*seconds);
            let (up, down) = (f64::from(*up) * part, f64::from(*down) * part);
            let (from, to) = (time(pair[0]), time(pair[1]));
            let _ = writeln!(out, "{from},{to},staff,inet,web,{up},{down},7");
        }
    }
    out
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let cuts = prop::collection::vec(any::<u32>(), 0..5);
    let record = (
        0..20_u32,
        0..86_400_u32,
        1..200_000_u32,
        any::<u32>(),
        any::<u32>(),
        cuts,
    );
    prop::collection::vec(record, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_and_squares_read_as_the_same(cells in cells(), named in any::<bool>()) {
        same(&demands(&long(&cells)), &demands(&square(&cells, named)));
    }

    #[test]
    fn flows_in_pieces_sum_to_the_same(records in records(), mean in any::<bool>()) {
        let head = if mean { "# days: mean\n" } else { "" };
        same(&demands(&flows(&records, false, head)), &demands(&flows(&records, true, head)));
    }

    /// With the mean over days nothing of the volume is lost.
    #[test]
    fn the_mean_keeps_the_volume(records in records()) {
        let found = demands(&flows(&records, false, "# days: mean\n"));
        let days: std::collections::BTreeSet<u32> = records.iter().flat_map(|r| {
            let start = r.0 * 86_400 + r.1;
            start / 86_400..=(start + r.2 - 1) / 86_400
        }).collect();
        let bytes: f64 = records.iter().map(|r| f64::from(r.4)).sum();
        let rate: f64 = found["m/staff/inet/web"].iter().map(|hour| hour.0).sum();
        let days = f64::from(u32::try_from(days.len()).unwrap());
        prop_assert!(near(rate * 3600.0 * days / 8.0, bytes));
    }
}
