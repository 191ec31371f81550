//! Steps with many changes in any order, on a shipped scenario.
//!
//! Goes in: the migration `mie` and how many changes. Comes out: the same migration whose first step also makes
//! so many changes to its two firewalls, in any order. What can go wrong: a change does not apply.

use std::sync::Arc;
use utsushi_model::change::{Change, ListAt, Position, RuleList, Verb};
use utsushi_model::id::Id;
use utsushi_model::migration::{Block, Migration, Order, Start};
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, AddressTerm, Addresses, FilterPoint, FilterRule, Interfaces, Name, Schedule, Services,
    SessionMatch,
};
use utsushi_model::problem::Problem;
use utsushi_model::service::Service;

/// The first step does what it did, at once, and `count` changes beside it in any order: new lines on the
/// firewalls that let terminals ask the sanitiser for one more port each, or close one port to everybody.
///
/// # Errors
/// Every reason why a change does not apply.
pub fn with_free(migration: &Migration, count: u16) -> Result<Migration, Vec<Problem>> {
    let mut steps = migration.steps.clone();
    let own = steps[0].changes.len();
    steps[0].order = Order::Any;
    steps[0].blocks = vec![Block {
        name: None,
        after: Vec::new(),
        order: Order::Together,
        changes: 0..own,
        irreversible: None,
        place: Place::nowhere(),
    }];
    steps[0].changes.extend((0..count).map(line));
    let today = &migration.states[0];
    let start = Start {
        label: today.label.clone(),
        model: today.model,
        date: today.date,
        network: (*today.network).clone(),
        place: today.place.clone(),
    };
    Migration::new(
        migration.title.clone(),
        start,
        steps,
        migration.requirements.clone(),
    )
}

/// A line of its own name on one of the firewalls.
fn line(at: u16) -> Change {
    let (node, action, from, to) = match at % 3 {
        0 => ("fw-core", Action::Allow, "terminals", Some("cdr")),
        1 => ("fw-core", Action::Deny, "terminals", None),
        _ => ("fw-int", Action::Deny, "proxy", None),
    };
    let list = RuleList {
        node: Id::new(node),
        at: ListAt::Filter(FilterPoint::Forward),
    };
    let rule = FilterRule {
        name: Name::from(format!("free-{at}")),
        action: action.into(),
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source: addresses(Some(from)),
        destination: addresses(to),
        service: Services::one(Service::tcp(20_000 + at)),
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: Vec::new(),
        note: None,
        place: Place::nowhere(),
    };
    Change {
        verb: Verb::AddRule(list, Box::new(rule), Position::First),
        place: Place::nowhere(),
    }
}

fn addresses(name: Option<&str>) -> Addresses {
    name.map_or_else(Addresses::any, |name| Addresses {
        terms: vec![AddressTerm::Named(Arc::from(name))],
        negated: false,
    })
}
