//! Orders that break what should hold for as few states as can be.
//!
//! Goes in: clauses that must be kept, and clauses that should be. Comes out: an order that keeps the former and
//! meets the latter in as few states as possible. Up to [`EXACT`] units it is the shortest there is, by
//! looking at every set of units once; beyond, clauses are given up one by one where they conflict, and what
//! lies within an interruption is moved out of it while that helps.

use super::solve::{Task, solve};
use super::{Clause, Outcome, kept};
use std::collections::HashMap;

/// The most units for which every set is looked at: 2^14 sets.
pub const EXACT: usize = 14;

/// An order with the states in which it breaks what should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// The units in order.
    pub order: Vec<usize>,
    /// How many states (after so many units, 0 to all) meet a clause that should be kept.
    pub states: usize,
    /// Whether no order has fewer.
    pub proved: bool,
}

/// An order that keeps `must` and meets `should` in as few states as can be.
///
/// # Errors
/// No order keeps `must`: the smallest set of clauses that none keeps.
pub fn interruptions(
    after: &[Vec<usize>],
    must: &[Clause],
    should: &[Clause],
) -> Result<Interruption, Vec<Clause>> {
    let all: Vec<Clause> = must.iter().chain(should).cloned().collect();
    if let Ok(order) = solve(Task {
        after,
        clauses: &all,
    }) {
        return Ok(Interruption {
            order,
            states: 0,
            proved: true,
        });
    }
    if let Outcome::Impossible(conflict) = kept(after, must) {
        return Err(conflict);
    }
    if after.len() <= EXACT
        && let Some(order) = exact(after, must, should)
    {
        return Ok(told(order, should, true));
    }
    let order = shortened(after, must, should, given_up(after, must, should));
    // What is met at the end or the beginning is met in every order.
    let least = [false, true].map(|all| met(should, &vec![all; after.len()]));
    let least = least.into_iter().filter(|met| *met).count();
    let mut out = told(order, should, false);
    out.proved = out.states == least;
    Ok(out)
}

fn told(order: Vec<usize>, should: &[Clause], proved: bool) -> Interruption {
    Interruption {
        states: cost(&order, should),
        order,
        proved,
    }
}

fn met(clauses: &[Clause], state: &[bool]) -> bool {
    clauses.iter().any(|c| c.meets(state))
}

/// In how many states of an order a clause is met.
fn cost(order: &[usize], clauses: &[Clause]) -> usize {
    let mut place = vec![0; order.len()];
    for (at, unit) in order.iter().enumerate() {
        place[*unit] = at + 1;
    }
    let mut broken = vec![0isize; order.len() + 2];
    for clause in clauses {
        let from = clause.done.iter().map(|u| place[*u]).max().unwrap_or(0);
        let until = clause.open.iter().map(|u| place[*u]).min();
        let until = until.unwrap_or(order.len() + 1);
        if from < until {
            broken[from] += 1;
            broken[until] -= 1;
        }
    }
    let mut now = 0;
    let states = broken[..=order.len()].iter().filter(|change| {
        now += **change;
        now > 0
    });
    states.count()
}

/// The best order by looking at every set of units that can be done; `None` if none keeps `must`.
fn exact(after: &[Vec<usize>], must: &[Clause], should: &[Clause]) -> Option<Vec<usize>> {
    let units = after.len();
    let full = (1usize << units) - 1;
    let as_state = |set: usize| -> Vec<bool> { (0..units).map(|u| set >> u & 1 == 1).collect() };
    // For every set that can be reached: the least cost up to it, and the unit done last.
    let mut best: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut price = HashMap::new();
    let mut priced = |set: usize| {
        *price.entry(set).or_insert_with(|| {
            let state = as_state(set);
            (!met(must, &state)).then(|| usize::from(met(should, &state)))
        })
    };
    best.insert(0, (priced(0)?, 0));
    for set in 0..=full {
        let Some((paid, _)) = best.get(&set).copied() else {
            continue;
        };
        for unit in (0..units).filter(|u| set >> u & 1 == 0) {
            if !after[unit].iter().all(|first| set >> first & 1 == 1) {
                continue;
            }
            let next = set | 1 << unit;
            let Some(more) = priced(next) else { continue };
            let better = |old: &(usize, usize)| paid + more < old.0;
            if best.get(&next).is_none_or(better) {
                best.insert(next, (paid + more, unit));
            }
        }
    }
    let mut order = Vec::with_capacity(units);
    let mut set = full;
    while set != 0 {
        let (_, unit) = best.get(&set)?;
        order.push(*unit);
        set &= !(1 << unit);
    }
    order.reverse();
    Some(order)
}

/// An order that keeps `must` and of `should` what can be kept with it, conflict by conflict.
fn given_up(after: &[Vec<usize>], must: &[Clause], should: &[Clause]) -> Vec<usize> {
    let mut clauses: Vec<Clause> = must.iter().chain(should).cloned().collect();
    loop {
        let task = Task {
            after,
            clauses: &clauses,
        };
        let core = match solve(task) {
            Ok(order) => return order,
            Err(core) => core,
        };
        match core.iter().next_back().filter(|at| **at >= must.len()) {
            Some(soft) => drop(clauses.remove(*soft)),
            // CORRECTNESS: `must` alone can be kept, so a conflict always holds something to give up.
            None => return (0..after.len()).collect(),
        }
    }
}

/// Moves units out of interruptions while that makes them shorter.
fn shortened(
    after: &[Vec<usize>],
    must: &[Clause],
    should: &[Clause],
    mut order: Vec<usize>,
) -> Vec<usize> {
    let mut least = cost(&order, should);
    let mut improved = true;
    while improved && least > 0 {
        improved = false;
        for (from, to) in moves(&order, should) {
            let mut next = order.clone();
            let unit = next.remove(from);
            next.insert(to, unit);
            let price = cost(&next, should);
            if price < least && keeps(after, &next) && cost(&next, must) == 0 {
                (order, least, improved) = (next, price, true);
                break;
            }
        }
    }
    order
}

/// For every interruption: each unit within it to before its beginning, and to behind its end; its beginning
/// to just before its end.
fn moves(order: &[usize], should: &[Clause]) -> Vec<(usize, usize)> {
    let mut place = vec![0; order.len()];
    for (at, unit) in order.iter().enumerate() {
        place[*unit] = at;
    }
    let mut out = Vec::new();
    for clause in should {
        let from = clause.done.iter().map(|u| place[*u]).max();
        let until = clause.open.iter().map(|u| place[*u]).min();
        if let (Some(from), Some(until)) = (from, until)
            && from < until
        {
            out.push((from, until - 1));
            out.push((until, from));
            out.extend((from + 1..until).flat_map(|at| [(at, from), (at, until)]));
        }
    }
    out
}

/// Whether an order keeps what each unit waits for.
fn keeps(after: &[Vec<usize>], order: &[usize]) -> bool {
    let mut done = vec![false; order.len()];
    order.iter().all(|unit| {
        done[*unit] = true;
        after[*unit].iter().all(|first| done[*first])
    })
}
