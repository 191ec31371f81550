//! What nodes log.
//!
//! ```text
//!  users ── w ── line ── e ── servers: box 10.2.0.10; vdi 10.2.0.20; cdr 10.2.0.30
//! ```

use super::ask::*;
use super::build::*;
use utsushi_model::demand::{Amount, FileUse};
use utsushi_model::migration::Requirements;
use utsushi_model::network::*;
use utsushi_model::report::EDR;
use utsushi_model::units::*;

fn logging(mut node: Node, bytes: f64, days: Option<u32>) -> Node {
    node.logs = Some(Logging { bytes, days });
    node
}

fn net() -> Net {
    let vdi = NodeKind::ScreenRelay(ScreenRelay {
        method: ScreenMethod::Vdi,
        seats: Seats::new(100.0),
        bandwidth: None,
        clipboard: Clipboard::Blocked,
        publishes: utsushi_model::policy::Addresses::any(),
    });
    let cdr = NodeKind::Sanitiser(Sanitiser {
        workers: 100,
        per_file: Latency::new(1.0),
        wait: None,
        passes: Vec::new(),
    });
    Net::default()
        .routers("e")
        .node(logging(node("w", NodeKind::Router), 500.0, Some(10)))
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .link("line", ("w", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("box", "servers", "10.2.0.10")
        .node(logging(
            relay("vdi", vdi, "servers", "10.2.0.20"),
            200.0,
            None,
        ))
        .node(logging(
            relay("cdr", cdr, "servers", "10.2.0.30"),
            100.0,
            None,
        ))
        .access("screens", &[("any", "vdi")])
        .access("files", &[("any", "cdr")])
}

fn day(loads: &crate::replay::Loads, node: &str) -> f64 {
    let row = loads.logs.iter().find(|row| row.resource == node);
    row.unwrap().per_day()
}

/// 10 users with 10 sessions each, 3 records an hour and session of 500 bytes, on a way that one logging node is on.
#[test]
fn records_are_sessions_times_bytes() {
    let mut read = application("read", "tcp/445");
    read.nature.records = Some(3.0);
    let loads = run(
        &net(),
        &needs(vec![read], vec![demand("staff", "read", "box")]),
    );
    let row = &loads.logs[0];
    assert_eq!(
        (row.resource.as_str(), row.by_hour[7]),
        ("w", 100.0 * 3.0 * 500.0)
    );
    near(row.per_day(), 24.0 * 150_000.0);
    assert_eq!(row.storage(), Some(10.0 * row.per_day()));
    // Nothing goes by the relay.
    assert_eq!((day(&loads, "vdi"), loads.logs[1].storage()), (0.0, None));
}

/// Ten screens are ten sessions before the relay.
#[test]
fn a_screen_is_one_session() {
    let mut read = application("read", "tcp/445");
    read.nature.records = Some(3.0);
    read.screen = Some(usage(1.0, 20.0, (2.0, 1.0), 1.0));
    let needs = needs(vec![read], vec![demand("staff", "read", "box")]);
    let loads = run(&net().asks("staff", "screens"), &needs);
    near(day(&loads, "w"), 24.0 * 10.0 * 3.0 * 500.0);
    near(day(&loads, "vdi"), 24.0 * 10.0 * 3.0 * 200.0);
}

/// Ten hosts under EDR report 24 MB each, evenly over the day; without EDR there is no row.
#[test]
fn hosts_under_edr_report_themselves() {
    let mut needs = needs(Vec::new(), Vec::new());
    needs.edr_logs = Some(Logging {
        bytes: 24e6,
        days: Some(30),
    });
    let rows = |net: &Net, needs: &Requirements| {
        let logs = run(net, needs).logs.into_iter();
        logs.filter(|row| row.resource == EDR).collect::<Vec<_>>()
    };
    assert_eq!(rows(&net(), &needs), []);
    let watched = net().edit_group("staff", |group| group.measures.edr = true);
    let found = rows(&watched, &needs);
    assert_eq!((found[0].by_hour[3], found[0].days), (10e6, Some(30)));
    near(found[0].per_day(), 240e6);
    assert_eq!(found[0].label.ja, "EDR（10台）");
    needs.edr_logs = None;
    assert_eq!(rows(&watched, &needs), []);
}

#[test]
fn a_file_counts_as_a_session_does_and_nothing_is_made_up() {
    let mut send = application("send", "tcp/443");
    let mut sending = demand("staff", "send", "box");
    sending.amount = Amount::Files(FileUse {
        per_day: 2_400.0,
        bytes: 1_000.0,
    });
    let net = net().asks("staff", "files");
    let silent = run(&net, &needs(vec![send.clone()], vec![sending.clone()]));
    assert_eq!(day(&silent, "cdr"), 0.0);
    send.nature.records = Some(2.0);
    let loads = run(&net, &needs(vec![send], vec![sending]));
    near(day(&loads, "cdr"), 2_400.0 * 2.0 * 100.0);
    near(day(&loads, "w"), 2_400.0 * 2.0 * 500.0);
}
