//! Users who are active by chance.
//!
//! ```text
//!  a (50) ── ra ── la ─┐
//!                      ├─ e ── servers: box 10.3.0.10
//!  b (450) ─ rb ── lb ─┘
//! ```

use super::ask::*;
use super::build::*;
use super::failures::run_all;
use utsushi_model::circumstance::Sharing;
use utsushi_model::demand::{Application, Concurrency, ResourceKind};
use utsushi_model::network::*;
use utsushi_model::units::*;

fn net() -> Net {
    let mut core = node("e", NodeKind::Router);
    core.sessions = Some(Sessions::new(1e6));
    core.throughput = Some(BitRate::gbps(1.0));
    core.machines.count = 2;
    core.machines.sharing = Sharing::LoadShared;
    Net::default()
        .routers("ra rb")
        .node(core)
        .segment("a", "10.1.0.0/24", "ra")
        .segment("b", "10.2.0.0/23", "rb")
        .segment("servers", "10.3.0.0/24", "e")
        .link("la", ("ra", "e"), 1_000.0)
        .link("lb", ("rb", "e"), 1_000.0)
        .group(group("few", "a", 50))
        .group(group("many", "b", 450))
        .system("box", "servers", "10.3.0.10")
}

/// A tenth is active on the mean, with a session, 2 Mbit/s down and 1 up.
fn read(level: f64) -> Application {
    let mut read = application("read", "tcp/445");
    read.direct = Some(usage(0.1, 1.0, (2.0, 1.0), 0.0));
    if level > 0.0 {
        read.nature.concurrency = Concurrency::Binomial(Share::new(level).unwrap());
    }
    read
}

fn loads(level: f64) -> crate::replay::Loads {
    let demands = vec![demand("few", "read", "box"), demand("many", "read", "box")];
    run_all(&net(), &needs(vec![read(level)], demands))
}

/// capacity.md: of 50 with a tenth active 10 are exceeded in one moment of a hundred, of 500 66, 72 in one of a thousand.
#[test]
fn each_resource_has_its_own_crowd() {
    let found = loads(0.99);
    near(mbps(&found, "la", "ra"), 20.0);
    near(mbps(&found, "la", "e"), 10.0);
    near(
        at_peak(row(&found, ResourceKind::Sessions, "e", "")).0,
        66.0,
    );
    // Up and down are the same people.
    near(
        at_peak(row(&found, ResourceKind::Throughput, "e", "")).0,
        66.0 * 3e6,
    );
    let rarer = loads(0.999);
    near(
        at_peak(row(&rarer, ResourceKind::Sessions, "e", "")).0,
        72.0,
    );
}

#[test]
fn nobody_is_added_unless_asked_for() {
    near(mbps(&loads(0.0), "la", "ra"), 10.0);
    // A level below which the mean lies adds nothing, and takes nothing away.
    near(mbps(&loads(0.01), "la", "ra"), 10.0);
}

/// What is said of a failure is of the same law: with one machine gone the rest has to hold as many.
#[test]
fn a_failure_leaves_the_same_crowd() {
    let found = loads(0.99);
    let case = &row(&found, ResourceKind::Sessions, "e", "").worst[0];
    near(case.offered, 66.0);
    near(case.capacity, 5e5);
}

#[test]
fn parts_of_an_application_add_up_to_its_crowd() {
    let found = loads(0.99);
    let row = row(&found, ResourceKind::Sessions, "e", "");
    near(row.parts.iter().map(|p| p.offered).sum(), 66.0);
}
