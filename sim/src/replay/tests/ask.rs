//! What is needed of a network, running it, and questions about the loads.

use super::build::{Net, place, service};
use crate::replay::{Loads, Scope, replay};
use std::sync::Arc;
use utsushi_model::demand::{Amount, Application, Curve, Demand, ResourceKind, Use};
use utsushi_model::finding::{Code, Evidence, Finding, HopRecord};
use utsushi_model::id::Id;
use utsushi_model::migration::{Model, Requirements, State, StepId};
use utsushi_model::report::LoadRow;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Share};

/// One active user on a way: sessions, Mbit/s down and up; pixels down where a screen shows it.
pub(super) fn usage(active: f64, sessions: f64, rates: (f64, f64), pixels: f64) -> Use {
    Use {
        active: Share::new(active).unwrap(),
        sessions,
        down: BitRate::mbps(rates.0),
        up: BitRate::mbps(rates.1),
        pixels_down: BitRate::mbps(pixels),
        pixels_up: BitRate::mbps(pixels / 10.0),
    }
}

/// An application of everybody at every hour: 10 sessions, 2 Mbit/s down, 1 up.
pub(super) fn application(id: &str, asks: &str) -> Application {
    Application {
        id: Id::new(id),
        label: Text::same(id),
        service: service(asks),
        curve: Curve::flat(),
        direct: Some(usage(1.0, 10.0, (2.0, 1.0), 0.0)),
        screen: None,
        nature: Default::default(),
        source: "[A]".to_owned(),
        place: place(id),
    }
}

pub(super) fn demand(group: &str, application: &str, to: &str) -> Demand {
    Demand {
        id: Id::new(format!("{application}/{group}")),
        group: Id::new(group),
        application: Id::new(application),
        to: to.into(),
        amount: Amount::Users,
        nearby: None,
        from: None,
        until: None,
        place: place("demand"),
    }
}

pub(super) fn needs(applications: Vec<Application>, demands: Vec<Demand>) -> Requirements {
    let mut out = Requirements::default();
    applications
        .into_iter()
        .for_each(|a| out.applications.put(a));
    demands.into_iter().for_each(|d| out.demands.put(d));
    out
}

pub(super) fn state(net: &Net) -> State {
    State {
        index: 3,
        step: StepId::new("3"),
        label: Text::same("a state"),
        model: Model::BetaPrime,
        date: "2024-04-01".parse().unwrap(),
        network: Arc::new(net.0.clone()),
        place: place("state"),
    }
}

pub(super) fn run(net: &Net, needs: &Requirements) -> Loads {
    let demands: Vec<&Demand> = needs.demands.iter().collect();
    replay(&net.plane(), &state(net), needs, &demands, Scope::default())
}

/// The row of a resource; of a link the direction towards that node.
pub(super) fn row<'l>(loads: &'l Loads, kind: ResourceKind, name: &str, to: &str) -> &'l LoadRow {
    let wanted = |r: &&LoadRow| {
        let way = r.direction.as_ref().is_none_or(|(_, there)| there == to);
        r.kind == kind && r.resource == name && way
    };
    loads
        .rows
        .iter()
        .find(wanted)
        .unwrap_or_else(|| panic!("no {kind:?} row of {name} to {to}"))
}

/// The load at the busiest hour, and the capacity.
pub(super) fn at_peak(row: &LoadRow) -> (f64, f64) {
    (row.offered[usize::from(row.busiest().0)], row.capacity)
}

/// Mbit/s at the busiest hour on the direction of a link towards a node.
pub(super) fn mbps(loads: &Loads, link: &str, to: &str) -> f64 {
    at_peak(row(loads, ResourceKind::Link, link, to)).0 / 1e6
}

#[track_caller]
pub(super) fn near(got: f64, wanted: f64) {
    assert!(
        (got - wanted).abs() <= 1e-6 * wanted.abs().max(1.0),
        "{got} instead of {wanted}"
    );
}

/// Code and subject of every finding.
pub(super) fn told(loads: &Loads) -> Vec<(Code, &str)> {
    loads
        .findings
        .iter()
        .map(|f| (f.code, f.subject.en.as_str()))
        .collect()
}

/// What a demand's finding shows: leg, ends, members concerned, and the last station.
pub(super) fn shown(finding: &Finding) -> (usize, (&str, &str), u32, &HopRecord) {
    let Evidence::Demand {
        leg,
        ends: (from, to),
        users,
        hops,
        ..
    } = &finding.evidence
    else {
        panic!("{finding:?} is not about a demand");
    };
    (*leg, (from, to), *users, hops.last().unwrap())
}

/// Everybody in `staff` reads `files`.
pub(super) fn reading() -> Requirements {
    needs(
        vec![application("read", "tcp/445")],
        vec![demand("staff", "read", "files")],
    )
}
