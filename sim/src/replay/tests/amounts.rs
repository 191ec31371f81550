//! What is spent hour by hour, and when a resource is too small.
//!
//! ```text
//!  users ── w ── line ── e ── servers: box 10.2.0.10; cdr 10.2.0.20, mta 10.2.0.25
//! ```

use super::ask::*;
use super::build::*;
use super::failures::run_all;
use crate::replay::amount::{On, Spending, What};
use crate::replay::conversation::Information;
use utsushi_model::circumstance::DayType;
use utsushi_model::demand::{
    Amount, Concurrency, Curve, DayUse, FileUse, HOURS, Measured, ResourceKind, Threshold,
};
use utsushi_model::finding::{Code, Evidence, Severity};
use utsushi_model::network::*;
use utsushi_model::units::*;

fn line() -> Net {
    let cdr = NodeKind::Sanitiser(Sanitiser {
        workers: 2,
        per_file: Latency::new(40.0),
        wait: None,
        passes: Vec::new(),
    });
    let mta = NodeKind::MailRelay(MailRelay {
        sanitises: true,
        per_hour: Some(FilesPerHour::new(500.0)),
        wait: None,
    });
    Net::default()
        .routers("w e")
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .link("line", ("w", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("box", "servers", "10.2.0.10")
        .node(relay("cdr", cdr, "servers", "10.2.0.20"))
        .node(relay("mta", mta, "servers", "10.2.0.25"))
        .access("files", &[("any", "cdr")])
        .access("mail", &[("any", "mta")])
}

/// Nothing but half at nine and all at ten.
fn morning() -> Curve {
    let share = |h| Share::new([0.5, 1.0].get(h - 9).copied().unwrap_or(0.0)).unwrap();
    Curve(std::array::from_fn(|h| {
        if h < 9 { Share::default() } else { share(h) }
    }))
}

#[test]
fn users_follow_the_curve() {
    let mut read = application("read", "tcp/445");
    read.curve = morning();
    let loads = run(
        &line(),
        &needs(vec![read], vec![demand("staff", "read", "box")]),
    );
    let row = row(&loads, ResourceKind::Link, "line", "w");
    assert_eq!(row.busiest().0, 10);
    assert_eq!(row.offered[8..12], [0.0, 10e6, 20e6, 0.0]);
    assert_eq!(row.state, 3);
}

#[test]
fn use_that_does_not_exist_spends_nothing_and_is_no_finding() {
    let mut read = application("read", "tcp/445");
    read.direct = None;
    let loads = run(
        &line(),
        &needs(vec![read], vec![demand("staff", "read", "nowhere")]),
    );
    assert_eq!(told(&loads), []);
    let empty = line().group(group("staff", "users", 0));
    let read = application("read", "tcp/445");
    let loads = run(
        &empty,
        &needs(vec![read], vec![demand("staff", "read", "nowhere")]),
    );
    assert_eq!(told(&loads), []);
}

fn files(per_day: f64, bytes: f64) -> Amount {
    Amount::Files(FileUse { per_day, bytes })
}

#[test]
fn files_spread_over_the_day() {
    let mut send = application("send", "tcp/443");
    send.curve = morning();
    let mut sending = demand("staff", "send", "box");
    sending.amount = files(450.0, 750_000.0);
    let net = line().asks("staff", "files");
    let loads = run(&net, &needs(vec![send], vec![sending]));
    // Two thirds of 450 files at ten; 2 workers × 3600 s / 40 s.
    let cdr = row(&loads, ResourceKind::Files, "cdr", "");
    assert_eq!(
        (cdr.offered[9], cdr.offered[10], cdr.capacity),
        (150.0, 300.0, 180.0)
    );
    assert_eq!(told(&loads), [(Code::FileLoad, "the cdr")]);
    // 300 × 750,000 × 8 / 3600 = 0.5 Mbit/s, towards the sanitiser only: it is beside the target.
    near(mbps(&loads, "line", "e"), 0.5);
    near(mbps(&loads, "line", "w"), 0.0);
    near(at_peak(row(&loads, ResourceKind::Files, "mta", "")).0, 0.0);
}

#[test]
fn mail_is_counted_on_its_relay() {
    let mut mail = demand("staff", "mail", "box");
    mail.amount = files(2_400.0, 1_000.0);
    let net = line().asks("staff", "mail");
    let loads = run(
        &net,
        &needs(vec![application("mail", "tcp/25")], vec![mail]),
    );
    assert_eq!(
        at_peak(row(&loads, ResourceKind::Files, "mta", "")),
        (100.0, 500.0)
    );
}

#[test]
fn a_relay_can_itself_be_the_target() {
    let mut send = demand("staff", "send", "cdr");
    send.amount = files(2_400.0, 1_000.0);
    // The table sends everything to the sanitiser, which is where it is bound for anyway.
    let net = line().asks("staff", "files");
    let loads = run(
        &net,
        &needs(vec![application("send", "tcp/443")], vec![send]),
    );
    assert_eq!(told(&loads), []);
    near(
        at_peak(row(&loads, ResourceKind::Files, "cdr", "")).0,
        100.0,
    );
}

#[test]
fn measured_demands_are_taken_as_given() {
    let mut hours = [Measured::default(); HOURS];
    hours[14] = Measured {
        down: BitRate::mbps(7.0),
        up: BitRate::mbps(3.0),
        sessions: Sessions::new(42.0),
    };
    let mut flow = demand("staff", "read", "box");
    flow.amount = Amount::Measured(Box::new(hours));
    let net = line().edit("e", |n| {
        n.sessions = Some(Sessions::new(100.0));
        n.throughput = Some(BitRate::mbps(20.0));
    });
    let loads = run(
        &net,
        &needs(vec![application("read", "tcp/445")], vec![flow]),
    );
    assert_eq!(
        row(&loads, ResourceKind::Link, "line", "w").offered[14],
        7e6
    );
    assert_eq!(
        row(&loads, ResourceKind::Link, "line", "e").offered[14],
        3e6
    );
    assert_eq!(
        row(&loads, ResourceKind::Throughput, "e", "").offered[14],
        10e6
    );
    assert_eq!(
        row(&loads, ResourceKind::Sessions, "e", "").offered[14],
        42.0
    );
}

/// Ten people with 2 Mbit/s each, down by a line of so many Mbit/s.
fn judged(rate: f64, warn: f64) -> Vec<(Severity, f64)> {
    let net = line().edit_link("line", |l| l.rate_ba = BitRate::mbps(rate));
    let mut needs = needs(
        vec![application("read", "tcp/445")],
        vec![demand("staff", "read", "box")],
    );
    let threshold = Threshold {
        warn: Utilisation::new(warn),
        full: Utilisation::new(1.0),
    };
    needs.thresholds.set(ResourceKind::Link, threshold);
    let loads = run(&net, &needs);
    let judged = loads.findings.iter().map(|f| {
        let Evidence::Load { threshold, .. } = f.evidence else {
            panic!("{f:?} is not about a load");
        };
        (f.severity, threshold.get())
    });
    judged.collect()
}

#[test]
fn exactly_at_a_limit_is_not_above_it() {
    assert_eq!(judged(25.0, 0.8), []);
    assert_eq!(judged(24.9, 0.8), [(Severity::Warning, 0.8)]);
    assert_eq!(judged(20.0, 0.8), [(Severity::Warning, 0.8)]);
    assert_eq!(judged(19.9, 0.8), [(Severity::Error, 1.0)]);
    assert_eq!(judged(25.0, 0.7), [(Severity::Warning, 0.7)]);
    assert_eq!(judged(0.0, 0.8), [(Severity::Error, 1.0)]);
}

#[test]
fn the_worse_direction_of_a_link_is_told() {
    let net = line().edit_link("line", |l| l.rate_ab = BitRate::mbps(5.0));
    let net = net.edit_link("line", |l| l.rate_ba = BitRate::mbps(16.0));
    let needs = needs(
        vec![application("read", "tcp/445")],
        vec![demand("staff", "read", "box")],
    );
    let loads = run(&net, &needs);
    assert_eq!(told(&loads), [(Code::LinkLoad, "line line")]);
    let Evidence::Load {
        direction,
        utilisation,
        parts,
        ..
    } = &loads.findings[0].evidence
    else {
        panic!("not about a load");
    };
    assert_eq!(
        direction.as_ref().map(|(a, b)| (a.as_str(), b.as_str())),
        Some(("w", "e"))
    );
    near(utilisation.get(), 2.0);
    assert_eq!(parts.len(), 1);
    assert_eq!(loads.findings[0].place, place("line"));
}

/// The state is of 1 April 2024: five years after the plan begins, use has grown five times; without a beginning not at all.
#[test]
fn use_grows_from_the_beginning_of_the_plan() {
    let mut read = application("read", "tcp/445");
    read.nature.growth = 0.2;
    let mut needs = needs(vec![read], vec![demand("staff", "read", "box")]);
    for (since, grown) in [
        (None, 1.0),
        (Some("2024-04-01"), 1.0),
        (Some("2019-04-01"), 1.2_f64.powi(5)),
        (Some("2023-10-02"), 1.2_f64.powf(182.0 / 366.0)),
    ] {
        needs.since = since.map(|date| date.parse().unwrap());
        near(mbps(&run(&line(), &needs), "line", "w"), 20.0 * grown);
    }
}

/// A hundred people, of whom 80 are active in the busiest hour, each with 10 sessions, 2 Mbit/s down, 3 as pixels.
fn on_a_day(factor: f64, hour: f64, adopted: f64) -> Spending {
    let mut read = application("read", "tcp/445");
    let way = usage(0.8, 10.0, (2.0, 1.0), 3.0);
    (read.direct, read.screen) = (Some(way.clone()), Some(way));
    read.curve = Curve([Share::new(hour).unwrap(); HOURS]);
    read.nature.concurrency = Concurrency::Binomial(Share::new(0.99).unwrap());
    read.nature.days = vec![DayUse {
        day: DayType::Disaster,
        times: factor,
        curve: None,
    }];
    let on = On {
        day: DayType::Disaster,
        adopted,
        grown: 1.0,
    };
    let staff = group("staff", "users", 100);
    Spending::of(&demand("staff", "read", "box"), &read, &staff, (true, on)).unwrap()
}

/// With more than all of them nobody is added, and each does more: 1.3 × 80 are 104 times what one of them uses.
#[test]
fn times_count_in_full_and_people_once() {
    let cases = [
        // times, curve, adopted: active, of 2 Mbit/s so many
        ((1.0, 1.0, 1.0), (80.0, 80.0)),
        ((1.25, 1.0, 1.0), (100.0, 100.0)),
        ((1.3, 1.0, 1.0), (100.0, 104.0)),
        ((1.5, 1.0, 1.0), (100.0, 120.0)),
        ((1.5, 0.5, 1.0), (60.0, 60.0)),
        // Half of them have it.
        ((1.5, 1.0, 0.5), (50.0, 60.0)),
    ];
    for ((factor, hour, adopted), (active, used)) in cases {
        let spent = on_a_day(factor, hour, adopted);
        let at = |carries, what| spent.amount(carries, what).0[9];
        let (raw, pixels) = (Information::Raw, Information::Pixels);
        near(at(raw, What::Down), used * 2e6);
        near(at(raw, What::Up), used * 1e6);
        near(at(raw, What::Sessions), used * 10.0);
        near(at(pixels, What::Down), used * 3e6);
        // A seat, and the session of a screen, is a person's.
        near(at(pixels, What::Sessions), active);
        near(at(pixels, What::Seats), active);
        near(spent.active.0[9], active);
        near(spent.crowd.unwrap().active.0[9], active / 100.0);
    }
}

/// `active: "100 %"` and `times: 1.5`: half as much again.
#[test]
fn a_day_on_which_all_do_more_is_a_day_of_more() {
    let mut read = application("read", "tcp/445");
    read.nature.days = vec![DayUse {
        day: DayType::Disaster,
        times: 1.5,
        curve: None,
    }];
    let mut needs = needs(vec![read], vec![demand("staff", "read", "box")]);
    needs.days = vec![DayType::Disaster];
    let loads = run_all(&line(), &needs);
    let case = &row(&loads, ResourceKind::Link, "line", "w").worst[0];
    assert_eq!(case.circumstance.day, DayType::Disaster);
    near(case.offered / 1e6, 30.0);
}

#[test]
fn labels_that_two_resources_share_are_told_apart() {
    let mut net = line().link("spare", ("w", "e"), 1.0);
    for id in ["line", "spare"] {
        net = net.edit_link(id, |l| {
            l.label = utsushi_model::text::Text::same("a line");
            l.rate_ba = BitRate::mbps(1.0);
        });
    }
    let needs = needs(
        vec![application("read", "tcp/445")],
        vec![demand("staff", "read", "box")],
    );
    let loads = run(&net, &needs);
    assert_eq!(
        told(&loads),
        [
            (Code::LinkLoad, "a line (line)"),
            (Code::LinkLoad, "a line (spare)")
        ]
    );
}
