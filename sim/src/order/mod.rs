//! A safe order of the changes of a step, or the proof that there is none.
//!
//! Goes in: units of changes that happen at once, what each must wait for, and an [`Oracle`] that says whether a
//! state between is safe and, if not, what of it makes it unsafe. Comes out: an order in which every state
//! is safe, or the smallest set of clauses that no order keeps. What can go wrong: the oracle's own trouble.
//!
//! Nothing is permuted. An unsafe state teaches a [`Clause`]: "not all of `done` while none of `open`". The
//! next order keeps every clause learned so far, and states that were found safe are not asked about again.
//! Modules in reading order: [`solve`] (an order that keeps clauses), [`conflict`] (why there is none),
//! [`interruption`] (what is not to be broken for long), [`step`] (the changes of a step of a plan).

mod conflict;
mod interruption;
mod solve;
pub mod step;

#[cfg(all(test, feature = "proptest"))]
mod tests;

use solve::Task;
use std::collections::HashSet;

pub use interruption::{Interruption, interruptions};

/// Every state in which all of `done` are done and none of `open` is, is unsafe. Both are sorted.
///
/// Where `open` is empty the end of the step is unsafe itself, where `done` is empty its beginning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause {
    /// Units that are done.
    pub done: Vec<usize>,
    /// Units that are not.
    pub open: Vec<usize>,
}

impl Clause {
    /// A clause; the lists need not be sorted.
    #[must_use]
    pub fn new(mut done: Vec<usize>, mut open: Vec<usize>) -> Self {
        for list in [&mut done, &mut open] {
            list.sort_unstable();
            list.dedup();
        }
        Self { done, open }
    }

    /// Whether a state (true: done) is one of those it speaks of.
    #[must_use]
    pub fn meets(&self, state: &[bool]) -> bool {
        self.done.iter().all(|u| state[*u]) && !self.open.iter().any(|u| state[*u])
    }
}

/// What knows which states are safe.
pub trait Oracle {
    /// Why it cannot answer.
    type Trouble;

    /// What is known without looking at single states; empty where nothing is.
    ///
    /// # Errors
    /// It cannot answer.
    fn known(&mut self) -> Result<Vec<Clause>, Self::Trouble> {
        Ok(Vec::new())
    }

    /// Whether [`Oracle::known`] is everything, so that no state needs to be asked about.
    fn knows_all(&self) -> bool {
        false
    }

    /// Why a state is unsafe: a clause that meets it, the smaller the better; `None` if it is safe.
    ///
    /// # Errors
    /// It cannot answer.
    fn unsafe_because(&mut self, state: &[bool]) -> Result<Option<Clause>, Self::Trouble>;
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The units in an order in which every state is safe; where that is safe, the order of their numbers.
    Ordered(Vec<usize>),
    /// No order is safe: these clauses cannot be kept together, and none of them can be left out.
    Impossible(Vec<Clause>),
}

/// How an answer was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Clauses that were learned.
    pub clauses: usize,
    /// States that the oracle looked at one by one.
    pub states: usize,
    /// Orders that were tried.
    pub orders: usize,
}

/// A safe order of units, of which each waits for those in `after`, or why there is none.
///
/// # Errors
/// The oracle's trouble.
pub fn find<O: Oracle>(
    after: &[Vec<usize>],
    oracle: &mut O,
) -> Result<(Outcome, Vec<Clause>, Effort), O::Trouble> {
    let mut clauses = oracle.known()?;
    let mut safe: HashSet<Vec<bool>> = HashSet::new();
    let mut effort = Effort::default();
    loop {
        effort.orders += 1;
        effort.clauses = clauses.len();
        let outcome = kept(after, &clauses);
        let Outcome::Ordered(order) = &outcome else {
            return Ok((outcome, clauses, effort));
        };
        if oracle.knows_all() {
            return Ok((outcome, clauses, effort));
        }
        match first_unsafe(order, oracle, &mut safe, &mut effort)? {
            Some(clause) => clauses.push(clause),
            None => return Ok((outcome, clauses, effort)),
        }
    }
}

/// An order that keeps clauses, or the smallest set of them that none keeps.
#[must_use]
pub fn kept(after: &[Vec<usize>], clauses: &[Clause]) -> Outcome {
    let task = Task { after, clauses };
    match solve::solve(task) {
        Ok(order) => Outcome::Ordered(order),
        Err(core) => Outcome::Impossible(conflict::smallest(task, &core)),
    }
}

/// What the first unsafe state of an order teaches.
fn first_unsafe<O: Oracle>(
    order: &[usize],
    oracle: &mut O,
    safe: &mut HashSet<Vec<bool>>,
    effort: &mut Effort,
) -> Result<Option<Clause>, O::Trouble> {
    let mut state = vec![false; order.len()];
    for next in std::iter::once(None).chain(order.iter().map(Some)) {
        if let Some(unit) = next {
            state[*unit] = true;
        }
        if safe.contains(&state) {
            continue;
        }
        effort.states += 1;
        if let Some(clause) = oracle.unsafe_because(&state)? {
            return Ok(Some(clause));
        }
        safe.insert(state.clone());
    }
    Ok(None)
}
