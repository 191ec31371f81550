//! What a matrix says, gathered by host group, destination and application.
//!
//! Goes in: rows, cells and whole days. Comes out: one measured demand for each key, in the order of their first
//! rows; hours of which nothing is said carry nothing. What can go wrong: two rows or cells for the same hour, two
//! rows for the same day, a sum beyond what any line carries.

use super::page::{Page, matrix};
use crate::say::Said;
use std::collections::BTreeMap;
use std::sync::Arc;
use utsushi_model::demand::{Amount, Demand, HOURS, Measured};
use utsushi_model::id::Id;
use utsushi_model::limits::{MOST_RATE, MOST_RATE_WORDS};
use utsushi_model::place::Place;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Sessions};

/// Group, destination, application.
pub(super) type Key = (String, String, String);

/// What a cell of the square form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quantity {
    /// Rates towards the groups.
    Down,
    /// Rates from the groups.
    Up,
    /// Concurrent sessions.
    Sessions,
}

/// A cell's value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Rate(BitRate),
    Sessions(Sessions),
}

struct Flow {
    key: Key,
    hours: [Measured; HOURS],
    seen: BTreeMap<(usize, Quantity), Place>,
    place: Place,
}

/// Everything said so far.
#[derive(Default)]
pub(super) struct Book {
    found: Vec<Flow>,
    index: BTreeMap<Key, usize>,
}

impl Book {
    /// The demands, named after the file.
    pub(super) fn demands(self, stem: &str) -> Vec<Demand> {
        let demand = |row: Flow| Demand {
            id: Id::new(format!("{stem}/{}/{}/{}", row.key.0, row.key.1, row.key.2)),
            group: Id::new(row.key.0),
            application: Id::new(row.key.2),
            to: Arc::from(row.key.1),
            amount: Amount::Measured(Box::new(row.hours)),
            nearby: None,
            from: None,
            until: None,
            place: row.place,
        };
        self.found.into_iter().map(demand).collect()
    }

    /// All that is said of an hour at once.
    pub(super) fn row(
        &mut self,
        page: &Page<'_>,
        key: Key,
        hour: usize,
        measured: Measured,
        place: &Place,
    ) {
        let flow = self.flow(key, place);
        if let Some(first) = flow.seen.get(&(hour, Quantity::Down)) {
            let said = matrix(
                format!("端末群・宛先・アプリケーションが同じ {hour} 時の行が重複している"),
                format!("there are two rows for {hour}:00"),
            );
            twice(page, said, place, first, ("最初の行", "the first of them"));
            return;
        }
        flow.seen.insert((hour, Quantity::Down), place.clone());
        flow.hours[hour] = measured;
    }

    /// One thing that is said of some hours; `group` is where the group is named.
    pub(super) fn cell(
        &mut self,
        page: &Page<'_>,
        key: Key,
        hours: &[usize],
        (quantity, value): (Quantity, Value),
        (group, place): (&Place, &Place),
    ) {
        let flow = self.flow(key, group);
        for hour in hours.iter().copied().filter(|hour| *hour < HOURS) {
            if let Some(first) = flow.seen.get(&(hour, quantity)) {
                let said = matrix(
                    format!("{hour} 時の値が二つある"),
                    format!("there are two cells for {hour}:00"),
                );
                twice(page, said, place, first, ("最初の値", "the first of them"));
                return;
            }
            flow.seen.insert((hour, quantity), place.clone());
            let measured = &mut flow.hours[hour];
            match (quantity, value) {
                (Quantity::Up, Value::Rate(rate)) => measured.up = rate,
                (_, Value::Rate(rate)) => measured.down = rate,
                (_, Value::Sessions(sessions)) => measured.sessions = sessions,
            }
        }
    }

    /// A whole day.
    pub(super) fn day(
        &mut self,
        page: &Page<'_>,
        key: Key,
        hours: [Measured; HOURS],
        place: &Place,
    ) {
        if let Some(first) = self.index.get(&key).and_then(|at| self.found.get(*at)) {
            let (group, to, application) = &key;
            let said = matrix(
                format!("`{group}`・`{to}`・`{application}` の行が二つある"),
                format!("there are two rows for `{group}`, `{to}` and `{application}`"),
            );
            twice(
                page,
                said,
                place,
                &first.place,
                ("最初の行", "the first of them"),
            );
            return;
        }
        let over = |m: &Measured| m.down.get().max(m.up.get()) > MOST_RATE;
        if hours.iter().any(over) {
            let said = matrix(
                format!("合わせて {MOST_RATE_WORDS} を超える"),
                format!("together this is more than {MOST_RATE_WORDS}"),
            );
            let said = said.help("桁と単位を確かめる", "check the digits and the unit");
            page.log.note(said.at(place));
            return;
        }
        self.flow(key, place).hours = hours;
    }

    fn flow(&mut self, key: Key, place: &Place) -> &mut Flow {
        let next = self.found.len();
        let at = *self.index.entry(key.clone()).or_insert(next);
        if at == next {
            self.found.push(Flow {
                key,
                hours: [Measured::default(); HOURS],
                seen: BTreeMap::new(),
                place: place.clone(),
            });
        }
        &mut self.found[at]
    }
}

fn twice(page: &Page<'_>, said: Said, place: &Place, first: &Place, label: (&str, &str)) {
    let said = said.help("どちらか一方を削除する", "remove one of them");
    let label = Text::new(label.0, label.1);
    page.log.note(said.at(place).see(first, label));
}
