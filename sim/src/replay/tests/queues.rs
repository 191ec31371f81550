//! How long files wait for a sanitiser, with everything up and after a failure.
//!
//! ```text
//!  users ── w ── line ── e ── servers: box 10.2.0.10; cdr 10.2.0.20 (2 workers, 40 s: 180 an hour)
//! ```

use super::ask::*;
use super::build::*;
use super::failures::run_all;
use crate::replay::Loads;
use utsushi_model::circumstance::{Machines, Sharing};
use utsushi_model::demand::{Amount, FileUse, ResourceKind};
use utsushi_model::finding::{Code, Evidence, Severity};
use utsushi_model::migration::Requirements;
use utsushi_model::network::*;
use utsushi_model::report::Waiting;
use utsushi_model::units::*;

fn net(wait: Option<f64>, machines: u32) -> Net {
    let cdr = NodeKind::Sanitiser(Sanitiser {
        workers: 2,
        per_file: Latency::new(40.0),
        wait: wait.map(Latency::new),
        passes: Vec::new(),
    });
    let mut cdr = relay("cdr", cdr, "servers", "10.2.0.20");
    cdr.machines = Machines {
        count: machines,
        sharing: Sharing::LoadShared,
    };
    Net::default()
        .routers("w e")
        .segment("users", "10.1.0.0/24", "w")
        .segment("servers", "10.2.0.0/24", "e")
        .link("line", ("w", "e"), 100.0)
        .group(group("staff", "users", 10))
        .system("box", "servers", "10.2.0.10")
        .node(cdr)
        .access("files", &[("any", "cdr")])
        .asks("staff", "files")
}

/// So many files in each hour of the day.
fn sent(an_hour: f64) -> Requirements {
    let mut sending = demand("staff", "send", "box");
    sending.amount = Amount::Files(FileUse {
        per_day: an_hour * 24.0,
        bytes: 1_000.0,
    });
    needs(vec![application("send", "tcp/443")], vec![sending])
}

fn longest(loads: &Loads) -> Waiting {
    let queue = row(loads, ResourceKind::Files, "cdr", "").queue.clone();
    Waiting::longest(&queue.unwrap().hours).unwrap()
}

/// 144 of 180 an hour are 80 %: the mean wait is two services of 20 s, 95 of 100 wait at most 6.6203 of them.
#[test]
fn a_wait_is_that_of_one_machine_as_fast_as_all() {
    let loads = run(&net(None, 1), &sent(144.0));
    let met = longest(&loads);
    near(met.mean.get(), 40.0);
    assert!((met.most.get() - 6.6203 * 20.0).abs() < 0.01, "{met:?}");
    assert_eq!((met.hour, met.backlog), (0, 0.0));
    assert!(row(&loads, ResourceKind::Link, "line", "w").queue.is_none());
}

#[test]
fn what_exceeds_the_capacity_is_carried_over() {
    let loads = run(&net(None, 1), &sent(200.0));
    let met = longest(&loads);
    assert_eq!(met.hour, 23);
    near(met.backlog, 24.0 * 20.0);
    // At the end the backlog is 480 files of 20 s each.
    assert!(met.most.get() > 479.0 * 20.0, "{met:?}");
}

#[test]
fn a_wait_beyond_its_limit_is_told_and_one_within_is_not() {
    assert_eq!(told(&run(&net(Some(133.0), 1), &sent(144.0))), []);
    let loads = run(&net(Some(132.0), 1), &sent(144.0));
    assert_eq!(told(&loads), [(Code::LongWait, "the cdr")]);
    assert_eq!(loads.findings[0].severity, Severity::Error);
}

/// Of two machines one is left, which gets 90 an hour done of 100.
#[test]
fn a_wait_under_a_failure_is_a_warning() {
    let loads = run_all(&net(Some(600.0), 2), &sent(100.0));
    let found = loads.findings.iter().find(|f| f.code == Code::LongWait);
    let found = found.unwrap();
    assert_eq!(found.severity, Severity::Warning);
    let Evidence::Wait {
        met, circumstance, ..
    } = &found.evidence
    else {
        panic!("{found:?}");
    };
    near(met.backlog, 240.0);
    let failure = circumstance.failure.as_ref().map(|f| f.key());
    assert_eq!(failure.as_deref(), Some("machine cdr"));
}
