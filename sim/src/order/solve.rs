//! An order that keeps every clause, or the clauses that cannot be kept together.
//!
//! A clause with one change in `done` makes that change wait for any of `open`: with such clauses alone,
//! doing whatever is not waiting finds an order or gets stuck for good (AND/OR precedence; Möhring, Skutella,
//! Stork 2004). A clause with several changes in `done` lets one of them, any, wait; which one is tried
//! out only where the walk gets stuck on it, and a failure that does not rest on the choice ends all
//! its alternatives. Work per walk is linear in the size of the clauses.

use super::Clause;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// What is to be ordered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'t> {
    /// For every unit the units it waits for.
    pub(super) after: &'t [Vec<usize>],
    /// What must not be passed through.
    pub(super) clauses: &'t [Clause],
}

/// Positions of clauses that cannot be kept together with `after`.
pub(super) type Core = BTreeSet<usize>;

/// An order of all units in which no prefix meets a clause; as near as can be to that of the numbers.
///
/// # Errors
/// Clauses that no order keeps.
pub(super) fn solve(task: Task<'_>) -> Result<Vec<usize>, Core> {
    // A clause without changes to wait for, or without changes to hold back, is met in any order.
    let hopeless = |c: &Clause| c.done.is_empty() || c.open.is_empty();
    if let Some(at) = task.clauses.iter().position(hopeless) {
        return Err(Core::from([at]));
    }
    Search {
        task,
        guards: Vec::new(),
    }
    .run()
}

/// A choice: of the clause at a position, this unit waits.
type Guard = (usize, usize);

struct Search<'t> {
    task: Task<'t>,
    guards: Vec<Guard>,
}

impl Search<'_> {
    fn run(&mut self) -> Result<Vec<usize>, Core> {
        let stuck = match Walk::new(self.task, &self.guards).run() {
            Ok(order) => return Ok(order),
            Err(stuck) => stuck,
        };
        let Some(clause) = self.open_choice(&stuck) else {
            return Err(stuck.core());
        };
        let mut core = Core::from([clause]);
        for unit in self.task.clauses[clause].done.clone() {
            self.guards.push((clause, unit));
            let result = self.run();
            self.guards.pop();
            match result {
                Ok(order) => return Ok(order),
                // CORRECTNESS: what fails without this clause fails whichever of its units waits.
                Err(part) if !part.contains(&clause) => return Err(part),
                Err(part) => core.extend(part),
            }
        }
        Err(core)
    }

    /// A clause that holds a unit back and whose waiting unit was not chosen.
    fn open_choice(&self, stuck: &Stuck<'_>) -> Option<usize> {
        let chosen = |c: &usize| self.guards.iter().any(|(clause, _)| clause == c);
        let mut blocking: Vec<usize> = stuck.blocking.iter().map(|(_, c)| *c).collect();
        blocking.sort_unstable();
        blocking
            .into_iter()
            .find(|c| self.task.clauses[*c].done.len() > 1 && !chosen(c))
    }
}

/// One way from nothing done to everything done.
struct Walk<'t> {
    task: Task<'t>,
    /// For every unit: clauses with it in `done`, and in `open`; choices included.
    in_done: Vec<Vec<usize>>,
    in_open: Vec<Vec<usize>>,
    /// For every clause, then every choice: units of `done` that are left, and whether `open` was touched.
    left: Vec<usize>,
    freed: Vec<bool>,
    /// Units held back by a clause.
    parked: Vec<Vec<usize>>,
    /// How many units each unit still waits for, and who waits for it.
    waits: Vec<usize>,
    next: Vec<Vec<usize>>,
    ready: BinaryHeap<Reverse<usize>>,
    done: Vec<bool>,
    guards: Vec<Guard>,
}

/// A walk that cannot go on.
struct Stuck<'t> {
    task: Task<'t>,
    done: Vec<bool>,
    /// Units that nothing but a clause holds back, with the clause (choices as their clause).
    blocking: Vec<(usize, usize)>,
}

impl<'t> Walk<'t> {
    fn new(task: Task<'t>, guards: &[Guard]) -> Self {
        let units = task.after.len();
        let all = task.clauses.len() + guards.len();
        let mut walk = Self {
            task,
            in_done: vec![Vec::new(); units],
            in_open: vec![Vec::new(); units],
            left: Vec::with_capacity(all),
            freed: vec![false; all],
            parked: vec![Vec::new(); all],
            waits: task.after.iter().map(Vec::len).collect(),
            next: vec![Vec::new(); units],
            ready: BinaryHeap::new(),
            done: vec![false; units],
            guards: guards.to_vec(),
        };
        for (at, clause) in task.clauses.iter().enumerate() {
            walk.note(at, &clause.done, &clause.open);
        }
        for (at, (clause, unit)) in guards.iter().enumerate() {
            let open = &task.clauses[*clause].open;
            walk.note(task.clauses.len() + at, &[*unit], open);
        }
        for (unit, after) in task.after.iter().enumerate() {
            for first in after {
                walk.next[*first].push(unit);
            }
        }
        walk.ready.extend(
            (0..units)
                .filter(|u| task.after[*u].is_empty())
                .map(Reverse),
        );
        walk
    }

    fn note(&mut self, clause: usize, done: &[usize], open: &[usize]) {
        self.left.push(done.len());
        for unit in done {
            self.in_done[*unit].push(clause);
        }
        for unit in open {
            self.in_open[*unit].push(clause);
        }
    }

    fn run(mut self) -> Result<Vec<usize>, Stuck<'t>> {
        let mut order = Vec::with_capacity(self.done.len());
        while let Some(Reverse(unit)) = self.ready.pop() {
            match self.holds_back(unit) {
                Some(clause) => self.parked[clause].push(unit),
                None => {
                    order.push(unit);
                    self.finish(unit);
                }
            }
        }
        if order.len() == self.done.len() {
            return Ok(order);
        }
        Err(self.stuck())
    }

    /// The clause that doing a unit now would meet.
    fn holds_back(&self, unit: usize) -> Option<usize> {
        let met = |c: &&usize| self.left[**c] == 1 && !self.freed[**c] && !self.opens(**c, unit);
        self.in_done[unit].iter().find(met).copied()
    }

    /// Whether a unit is itself in the `open` of a clause.
    fn opens(&self, clause: usize, unit: usize) -> bool {
        self.in_open[unit].contains(&clause)
    }

    fn finish(&mut self, unit: usize) {
        self.done[unit] = true;
        for clause in &self.in_done[unit] {
            self.left[*clause] -= 1;
        }
        for clause in &self.in_open[unit] {
            self.freed[*clause] = true;
            let free = self.parked[*clause].drain(..);
            self.ready.extend(free.map(Reverse));
        }
        for then in &self.next[unit] {
            self.waits[*then] -= 1;
            if self.waits[*then] == 0 {
                self.ready.push(Reverse(*then));
            }
        }
    }

    fn stuck(self) -> Stuck<'t> {
        let clauses = self.task.clauses.len();
        let own = |at: usize| match at.checked_sub(clauses) {
            Some(guard) => self.guards[guard].0,
            None => at,
        };
        let parked = self.parked.iter().enumerate();
        let blocking = parked.flat_map(|(at, units)| units.iter().map(move |u| (*u, own(at))));
        Stuck {
            task: self.task,
            blocking: blocking.collect(),
            done: self.done,
        }
    }
}

impl Stuck<'_> {
    /// The clauses that hold each other up: from one unit that is held back by a clause on to those that
    /// could free it, and to those that these wait for.
    fn core(&self) -> Core {
        let mut core = Core::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = self.blocking.iter().map(|(u, _)| *u).take(1).collect();
        while let Some(unit) = open.pop() {
            if !seen.insert(unit) {
                continue;
            }
            let blocked = self.blocking.iter().find(|(u, _)| *u == unit);
            if let Some((_, clause)) = blocked {
                core.insert(*clause);
                open.extend(&self.task.clauses[*clause].open);
                continue;
            }
            let waits = self.task.after[unit].iter().find(|u| !self.done[**u]);
            open.extend(waits);
        }
        core
    }
}
