//! Classes of destinations that every routing table of a plane treats alike.
//!
//! Goes in: the tables. Comes out: the address space in disjoint pieces, each with its class, and for every
//! class the interfaces by which each table sends it. Two addresses are in one class exactly if every table
//! sends both alike. Nothing can go wrong.
//!
//! No verdict needs them: they tell an operator, and the benches, how much a network's routes really distinguish.

use super::routes::{Fib, Origin};
use super::{Plane, PortIx, TableIx};
use rustc_hash::FxHashMap;
use std::net::IpAddr;
use utsushi_model::address::{AddressRange, position};

/// Where one table sends a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sent<'c> {
    /// No route, or one that ends at the node.
    Nowhere,
    /// Out by these interfaces, evenly; by none: dropped on purpose.
    By(&'c [PortIx]),
}

/// The classes of a plane.
#[derive(Debug, Clone)]
pub struct Classes {
    /// Disjoint pieces in order, together every address, each with its class; neighbours differ.
    pub pieces: Vec<(AddressRange, usize)>,
    /// The distinct lists of interfaces; [`NOWHERE`] is none.
    sent: Vec<Vec<PortIx>>,
    /// For every class and table, a position in `sent`.
    rows: Vec<Vec<u32>>,
}

/// Stands for no route where a position is expected.
const NOWHERE: u32 = u32::MAX;

impl Classes {
    /// The classes of all tables of a plane.
    ///
    /// One sweep over the starts of all pieces of all tables: of `n` routes in `t` tables that is
    /// `n log n + n t`.
    #[must_use]
    pub fn new(plane: &Plane) -> Self {
        let mut numbers = Numbers::default();
        let mut events = Vec::new();
        for (t, table) in plane.tables.iter().enumerate() {
            changes(t, &table.fib(), &mut numbers, &mut events);
        }
        // CORRECTNESS: of two events at one address in one table the later decides; the sort is stable
        // and a table's events are made in order.
        events.sort_by_key(|event| event.at);
        let mut classes = Self {
            pieces: Vec::new(),
            sent: numbers.lists,
            rows: Vec::new(),
        };
        classes.sweep(plane.tables.len(), &events);
        classes
    }

    fn sweep(&mut self, tables: usize, events: &[Event]) {
        let mut row = vec![NOWHERE; tables];
        let mut known: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut from = 0u128;
        for (i, event) in events.iter().enumerate() {
            if event.at > from {
                self.piece(from, event.at - 1, &row, &mut known);
                from = event.at;
            }
            row[event.table] = event.sent;
            debug_assert!(i == 0 || events[i - 1].at <= event.at, "events are sorted");
        }
        self.piece(from, u128::MAX, &row, &mut known);
    }

    fn piece(
        &mut self,
        first: u128,
        last: u128,
        row: &[u32],
        known: &mut FxHashMap<Vec<u32>, usize>,
    ) {
        let class = known.get(row).copied().unwrap_or_else(|| {
            self.rows.push(row.to_vec());
            known.insert(row.to_vec(), self.rows.len() - 1);
            self.rows.len() - 1
        });
        let joined = match self.pieces.last() {
            Some((before, same)) if *same == class => before.first(),
            _ => first,
        };
        if joined != first {
            self.pieces.pop();
        }
        let range = AddressRange::between(joined, last);
        self.pieces.extend(range.map(|range| (range, class)));
    }

    /// How many classes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none, which is never so: every address is in one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The class of an address.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> Option<usize> {
        let at = position(address);
        let piece = self.pieces.partition_point(|(range, _)| range.last() < at);
        self.pieces.get(piece).map(|(_, class)| *class)
    }

    /// Where a table sends a class.
    #[must_use]
    pub fn sent(&self, class: usize, table: TableIx) -> Sent<'_> {
        match self.rows.get(class).and_then(|row| row.get(table.0)) {
            Some(&list) if list != NOWHERE => Sent::By(&self.sent[list as usize]),
            _ => Sent::Nowhere,
        }
    }
}

/// From an address on, a table sends destinations otherwise.
struct Event {
    at: u128,
    table: usize,
    sent: u32,
}

/// The number of every list of interfaces met.
#[derive(Default)]
struct Numbers {
    lists: Vec<Vec<PortIx>>,
    known: FxHashMap<Vec<PortIx>, u32>,
}

impl Numbers {
    fn of(&mut self, list: &[PortIx]) -> u32 {
        if let Some(number) = self.known.get(list) {
            return *number;
        }
        // CORRECTNESS: lists are far fewer than 2^32, since every one holds a place in memory.
        let number = u32::try_from(self.lists.len()).unwrap_or(NOWHERE);
        self.lists.push(list.to_vec());
        self.known.insert(list.to_vec(), number);
        number
    }
}

/// The addresses at which a table changes its mind, in order.
fn changes(table: usize, fib: &Fib, numbers: &mut Numbers, events: &mut Vec<Event>) {
    let mut next = Some(0u128);
    for (piece, route) in &fib.pieces {
        if let Some(at) = next.filter(|at| *at < piece.first()) {
            let sent = NOWHERE;
            events.push(Event { at, table, sent });
        }
        let route = &fib.routes[*route];
        let sent = match route.origin {
            Origin::Own => NOWHERE,
            _ => numbers.of(&route.via),
        };
        let at = piece.first();
        events.push(Event { at, table, sent });
        next = piece.last().checked_add(1);
    }
    if let (Some(at), false) = (next, fib.pieces.is_empty()) {
        let sent = NOWHERE;
        events.push(Event { at, table, sent });
    }
}
