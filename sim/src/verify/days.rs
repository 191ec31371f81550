//! The days of a state on which something runs out or begins: exceptions, and rules that devices follow by
//! date. On each of them the state is judged again, up to the day before the next step.
//!
//! Goes in: a migration and one of its states. Comes out: what the state's first day shows, and what a later day
//! shows beside it, with the day as its cause. After the last step nothing is looked at beyond its first
//! day: the plan ends there. What can go wrong: the arena of packet sets is full.

use super::judge::{self, Breach, Judged};
use crate::plane::Plane;
use crate::space::SpaceFull;
use std::collections::BTreeSet;
use std::sync::Arc;
use utsushi_model::date::Date;
use utsushi_model::finding::{Cause, Evidence};
use utsushi_model::migration::{Migration, State};
use utsushi_model::text::Text;

/// Judges a state on its first day and on every later day on which something changes by date alone.
pub(super) fn judged(
    migration: &Migration,
    planes: &[&Plane],
    state: &State,
) -> Result<Judged, SpaceFull> {
    let mut all = judge::state(migration, planes, state)?;
    for day in days(migration, state) {
        let later = State {
            date: day,
            ..state.clone()
        };
        let plane = Plane::compile(Arc::clone(&state.network), day);
        let mut planes: Vec<&Plane> = planes.iter().take(state.index).copied().collect();
        planes.push(&plane);
        let found = judge::state(migration, &planes, &later)?;
        for mut breach in found.breaches {
            breach.packets = all.space.adopt(&found.space, breach.packets)?;
            if all.breaches.iter().any(|known| is_same(known, &breach)) {
                continue;
            }
            if let Evidence::Packets { causes, .. } = &mut breach.finding.evidence {
                let cause = Cause {
                    what: Text::new(format!("{day} から"), format!("from {day} on")),
                    place: state.place.clone(),
                };
                causes.insert(0, cause);
            }
            all.breaches.push(breach);
        }
    }
    Ok(all)
}

/// Whether two days show the same packets breaking the same rules.
fn is_same(a: &Breach, b: &Breach) -> bool {
    (a.verdict, &a.rules, a.packets) == (b.verdict, &b.rules, b.packets)
}

/// The later days of a state on which an exception or a rule of a device begins or has run out.
fn days(migration: &Migration, state: &State) -> BTreeSet<Date> {
    let Some(next) = migration.states.get(state.index + 1) else {
        return BTreeSet::new();
    };
    let exceptions = migration.requirements.exceptions.iter();
    let exceptions = exceptions.map(|e| (e.from, e.until));
    let nodes = state.network.nodes.iter();
    let filters = nodes.flat_map(|n| &n.forwarding.filters);
    let rules = filters.flat_map(|f| f.all_rules());
    let rules = rules.map(|r| (r.schedule.from, r.schedule.until));
    exceptions
        .chain(rules)
        .flat_map(|(from, until)| [from, until.and_then(Date::next)])
        .flatten()
        .filter(|day| state.date < *day && *day < next.date)
        .collect()
}
