//! Who feels it that links are too full: by hand, and however active users are written down.
//!
//! ```text
//!  hq ─── r0 ── l0 ─┐
//!  east ─ r1 ── l1 ─┼─ e ── core ── c ── servers: box 10.9.0.10
//!  west ─ r2 ── l2 ─┘
//! ```

use super::ask::*;
use super::build::*;
use super::failures::run_all;
use crate::replay::Loads;
use proptest::prelude::*;
use std::collections::BTreeMap;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::{
    Amount, Application, Curve, DayUse, Demand, FileUse, HOURS, Measured, Nearby,
};
use utsushi_model::finding::{Code, Evidence, Felt};
use utsushi_model::id::Id;
use utsushi_model::network::{Site, SiteKind};
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Share};

const SITES: [&str; 5] = ["hq", "east", "west", "north", "south"];

/// So many sites with lines of 1 Gbit/s on one line of that many Mbit/s.
fn star(sites: usize, core: f64) -> Net {
    let mut net = Net::default().routers("e c");
    for (i, site) in SITES.iter().enumerate().take(sites) {
        let (router, link) = (format!("r{i}"), format!("l{i}"));
        net = net
            .routers(&router)
            .segment(site, &format!("10.{i}.0.0/16"), &router)
            .link(&link, (&router, "e"), 1_000.0);
        net.0.sites.put(Site {
            id: Id::new(*site),
            label: Text::same(format!("the {site}")),
            kind: SiteKind::Branch,
            place: place(site),
        });
        net.0
            .segments
            .edit(&Id::new(*site), |s| s.site = Id::new(*site));
    }
    net.segment("servers", "10.9.0.0/24", "c")
        .system("box", "servers", "10.9.0.10")
        .link("core", ("e", "c"), core)
}

/// Used by that share of all, each with so many Mbit/s down.
fn app(id: &str, active: f64, down: f64) -> Application {
    let mut out = application(id, "tcp/443");
    out.direct = Some(usage(active, 1.0, (down, 0.0), 0.0));
    out
}

/// What is felt of a link: by application.
fn felt(loads: &Loads, link: &str) -> Vec<Felt> {
    let told = loads.findings.iter().find_map(|f| match &f.evidence {
        Evidence::Load { resource, felt, .. } if resource == link => Some(felt.clone()),
        _ => None,
    });
    told.unwrap_or_default()
}

#[track_caller]
fn is(felt: &Felt, application: &str, (people, gets): (f64, f64)) {
    assert_eq!(felt.application.en, application);
    near(felt.people, people);
    near(felt.gets, gets);
    near(felt.least, gets);
}

/// The security-cloud line of `scenarios/library/mie`: 12,800 active users with 75 kbit/s are served, and leave
/// 40 of 1,000 Mbit/s to 320 who meet and ask for 480.
#[test]
fn shares_are_among_those_who_are_active() {
    let net = star(1, 1_000.0).group(group("staff", "hq", 8_000));
    let apps = vec![
        app("web", 0.8, 0.075),
        app("saas", 0.8, 0.075),
        app("meetings", 0.04, 1.5),
    ];
    let all = ["web", "saas", "meetings"].map(|a| demand("staff", a, "box"));
    let loads = run(&net, &needs(apps, all.to_vec()));
    let [only] = &felt(&loads, "core")[..] else {
        panic!("{:?}", felt(&loads, "core"));
    };
    is(only, "meetings", (320.0, 40.0 / 480.0));
}

/// At noon half of them are there, and each wants as much as ever.
#[test]
fn it_is_those_of_the_hour() {
    let net = star(1, 1_000.0).group(group("staff", "hq", 1_000));
    let mut web = app("web", 0.8, 5.0);
    let half = |h| Share::new(if h == 12 { 0.5 } else { 0.0 }).unwrap();
    web.curve = Curve(std::array::from_fn(half));
    let loads = run(&net, &needs(vec![web], vec![demand("staff", "web", "box")]));
    is(&felt(&loads, "core")[0], "web", (400.0, 0.5));
}

/// Half of the meetings stay in the house: the other half are half the people, who want what they want.
#[test]
fn a_part_of_the_users_is_a_part_of_the_people() {
    let net = star(2, 100.0)
        .group(group("staff", "hq", 100))
        .group(group("others", "east", 50))
        .system("inside", "hq", "10.0.0.9");
    let mut meet = demand("staff", "meetings", "box");
    meet.nearby = Some(Nearby {
        to: "inside".into(),
        share: Share::new(0.5).unwrap(),
    });
    let all = vec![meet, demand("others", "meetings", "box")];
    let loads = run(&net, &needs(vec![app("meetings", 1.0, 2.0)], all));
    let found = &felt(&loads, "core")[0];
    is(found, "meetings", (100.0, 0.5));
    let sites: Vec<(&str, f64)> = found
        .sites
        .iter()
        .map(|at| (at.site.en.as_str(), at.people))
        .collect();
    assert_eq!(sites, [("the hq", 50.0), ("the east", 50.0)]);
}

/// Of files and measured rates nobody knows who is active: all of the group in the hour in which most is spent there
/// and back, in others as many as spend what there is.
#[test]
fn where_nobody_counted_all_share_alike() {
    let net = star(1, 10.0)
        .edit_link("core", |l| l.rate_ba = BitRate::mbps(100.0))
        .group(group("staff", "hq", 100))
        .group(group("clerks", "hq", 20));
    let (mut hours, mut flow) = ([Measured::default(); HOURS], demand("staff", "web", "box"));
    hours[9].up = BitRate::mbps(5.0);
    hours[10].down = BitRate::mbps(20.0);
    flow.amount = Amount::Measured(Box::new(hours));
    let mut send = demand("clerks", "files", "box");
    // One a second: 6 Mbit/s.
    send.amount = Amount::Files(FileUse {
        per_day: 24.0 * 3_600.0,
        bytes: 750_000.0,
    });
    let apps = vec![app("web", 0.1, 9.0), app("files", 0.1, 9.0)];
    let loads = run(&net, &needs(apps, vec![flow, send]));
    // A quarter of 100 want 0.2 Mbit/s each and get it; 20 clerks want 0.3 each and share the 5 that are left.
    let [only] = &felt(&loads, "core")[..] else {
        panic!("{:?}", felt(&loads, "core"));
    };
    is(only, "files", (20.0, 5.0 / 6.0));
}

/// Five sites, of which one has a small line of its own: it is named first, then those with the most people.
#[test]
fn it_is_said_where() {
    let mut net = star(5, 60.0).edit_link("l3", |l| l.rate_ba = BitRate::mbps(1.0));
    for (site, count) in SITES.iter().zip([10, 30, 20, 10, 20]) {
        net = net.group(group(site, site, count));
    }
    let all = SITES.map(|site| demand(site, "web", "box")).to_vec();
    let loads = run(&net, &needs(vec![app("web", 1.0, 1.0)], all));
    // 59 Mbit/s are left for 80 people.
    let found = felt(&loads, "core").remove(0);
    near(found.people, 90.0);
    near(found.gets, 60.0 / 90.0);
    near(found.least, 0.1);
    let sites: Vec<(&str, f64)> = found
        .sites
        .iter()
        .map(|at| (at.site.en.as_str(), at.people))
        .collect();
    assert_eq!(
        sites,
        [("the north", 10.0), ("the east", 30.0), ("the west", 20.0)]
    );
    near(found.sites[0].gets, 0.1);
    near(found.sites[1].gets, 59.0 / 80.0);
    assert_eq!(found.more, 2);
}

/// Two lines of 70 Mbit/s carry 100 together; one does not.
#[test]
fn what_is_too_small_after_a_failure_is_felt_too() {
    let net = star(2, 70.0)
        .link("spare", ("e", "c"), 70.0)
        .group(group("staff", "hq", 50))
        .group(group("others", "east", 50));
    let all = vec![
        demand("staff", "web", "box"),
        demand("others", "web", "box"),
    ];
    let loads = run_all(&net, &needs(vec![app("web", 0.5, 2.0)], all));
    assert_eq!(told(&loads)[0], (Code::DegradedLoad, "line core"));
    for link in ["core", "spare"] {
        let found = felt(&loads, link);
        is(&found[0], "web", (50.0, 0.7));
        assert_eq!(found[0].sites.len(), 2);
    }
}

/// A link of three members carries 100 Mbit/s; two of them carry 90, and nobody goes another way.
#[test]
fn a_part_of_a_capacity_is_shared_among_all() {
    let net = star(1, 45.0)
        .edit_link("core", |l| l.members = 3)
        .group(group("staff", "hq", 50));
    let all = vec![demand("staff", "web", "box")];
    let loads = run_all(&net, &needs(vec![app("web", 0.5, 4.0)], all));
    is(&felt(&loads, "core")[0], "web", (25.0, 0.9));
}

/// On another day twice as many are there; above the planning limit only, everybody still gets all.
#[test]
fn another_day_is_felt_where_it_is_beyond_capacity() {
    let on_monday = |times| {
        let mut web = app("web", 0.4, 1.0);
        web.nature.days = vec![DayUse {
            day: DayType::MondayMorning,
            times,
            curve: None,
        }];
        let mut needs = needs(vec![web], vec![demand("staff", "web", "box")]);
        needs.days = vec![DayType::MondayMorning];
        let net = star(1, 50.0).group(group("staff", "hq", 100));
        let loads = run_all(&net, &needs);
        assert_eq!(told(&loads)[0], (Code::DegradedLoad, "line core"));
        felt(&loads, "core")
    };
    is(&on_monday(2.0)[0], "web", (80.0, 50.0 / 80.0));
    assert_eq!(on_monday(1.2), []);
    // 400 Mbit/s of all 100: no more than all are there to feel it.
    is(&on_monday(10.0)[0], "web", (100.0, 50.0 / 400.0));
}

/// Users of one application at one site: where, how many are active, of how many times as many, kbit/s of one.
type Crowd = (usize, u32, u32, u32);

/// Everybody as so many active of a group, or as a group of which all are active.
fn written(crowds: &[Crowd], spare: bool) -> Vec<(Application, Demand, u32)> {
    let one = |(i, (_, active, times, rate)): (usize, &Crowd)| {
        let times = if spare { *times } else { 1 };
        let id = format!("a{i}");
        let app = app(&id, 1.0 / f64::from(times), f64::from(*rate) / 1_000.0);
        let group = format!("g{i}");
        (app, demand(&group, &id, "box"), active * times)
    };
    crowds.iter().enumerate().map(one).collect()
}

type Told = BTreeMap<(String, String), (f64, f64, f64)>;

/// Link and application: people, what they get, and at least.
fn shares(crowds: &[Crowd], (lines, core): (&[f64], f64), spare: bool) -> Told {
    let mut net = star(lines.len(), core);
    for (i, rate) in lines.iter().enumerate() {
        net = net.edit_link(&format!("l{i}"), |l| l.rate_ba = BitRate::mbps(*rate));
    }
    let (mut apps, mut demands) = (Vec::new(), Vec::new());
    for ((app, demand, members), (site, ..)) in written(crowds, spare).into_iter().zip(crowds) {
        let site = SITES[site % lines.len()];
        net = net.group(group(demand.group.as_str(), site, members));
        apps.push(app);
        demands.push(demand);
    }
    let loads = run(&net, &needs(apps, demands));
    let mut out = Told::new();
    for finding in &loads.findings {
        if let Evidence::Load { resource, felt, .. } = &finding.evidence {
            for f in felt {
                let key = (resource.clone(), f.application.en.clone());
                out.insert(key, (f.people, f.gets, f.least));
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// 320 members of whom all are active, or 8,000 of whom one in 25 is: the same people share the same links.
    #[test]
    fn it_is_the_same_however_the_active_are_written(
        crowds in prop::collection::vec((0_usize..4, 1_u32..400, 1_u32..30, 10_u32..3_000), 1..8),
        lines in prop::collection::vec(1.0_f64..500.0, 1..4),
        core in 1.0_f64..800.0,
    ) {
        let all = shares(&crowds, (&lines, core), false);
        let some = shares(&crowds, (&lines, core), true);
        prop_assert_eq!(all.keys().collect::<Vec<_>>(), some.keys().collect::<Vec<_>>());
        for (key, a) in &all {
            let b = &some[key];
            for (a, b) in [(a.0, b.0), (a.1, b.1), (a.2, b.2)] {
                prop_assert!((a - b).abs() <= 1e-6 * a.abs(), "{key:?}: {a} and {b}");
            }
        }
    }
}
