//! The smallest set of clauses that no order keeps.
//!
//! Goes in: a task without a solution and the clauses it failed on. Comes out: a subset of the clauses of which
//! none can be left out. Where two or more clauses simply wait for each other in a ring, the shortest ring.

use super::Clause;
use super::solve::{Core, Task, solve};
use std::collections::VecDeque;

/// The most units in which the shortest ring is looked for from every start.
const MOST_STARTS: usize = 20_000;

/// An irreducible part of a core, the smallest that is found.
pub(super) fn smallest(task: Task<'_>, core: &Core) -> Vec<Clause> {
    let all: Vec<Clause> = core.iter().map(|at| task.clauses[*at].clone()).collect();
    let reduced = irreducible(task.after, all);
    match shortest_ring(task) {
        Some(ring) if ring.len() < reduced.len() => irreducible(task.after, ring),
        _ => reduced,
    }
}

/// Leaves out whatever can be left out, the last first.
fn irreducible(after: &[Vec<usize>], mut clauses: Vec<Clause>) -> Vec<Clause> {
    for at in (0..clauses.len()).rev() {
        let mut fewer = clauses.clone();
        fewer.remove(at);
        let task = Task {
            after,
            clauses: &fewer,
        };
        if let Err(core) = solve(task) {
            // What is left may fail on even less.
            clauses = match core.len() < fewer.len() {
                true => {
                    return irreducible(after, core.iter().map(|c| fewer[*c].clone()).collect());
                }
                false => fewer,
            };
        }
    }
    clauses
}

/// The fewest clauses of one change against one that lead from a change back to itself, with `after`
/// costing nothing.
fn shortest_ring(task: Task<'_>) -> Option<Vec<Clause>> {
    let units = task.after.len();
    // An edge from what must come later to what must come first.
    let mut edges: Vec<Vec<(usize, Option<usize>)>> = task
        .after
        .iter()
        .map(|after| after.iter().map(|first| (*first, None)).collect())
        .collect();
    let mut starts = Vec::new();
    for (at, clause) in task.clauses.iter().enumerate() {
        if let ([done], [open]) = (clause.done.as_slice(), clause.open.as_slice()) {
            edges[*done].push((*open, Some(at)));
            starts.push(*done);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let mut best: Option<Vec<usize>> = None;
    for start in starts.into_iter().take(MOST_STARTS / units.max(1) + 64) {
        let most = best.as_ref().map_or(usize::MAX, Vec::len);
        if let Some(ring) = ring_from(&edges, start, most) {
            best = Some(ring);
        }
    }
    best.map(|ring| ring.iter().map(|at| task.clauses[*at].clone()).collect())
}

/// The clauses on a shortest way from a unit back to itself, if they are fewer than `most`.
fn ring_from(
    edges: &[Vec<(usize, Option<usize>)>],
    start: usize,
    most: usize,
) -> Option<Vec<usize>> {
    let mut came: Vec<Option<(usize, Option<usize>)>> = vec![None; edges.len()];
    let mut cost = vec![usize::MAX; edges.len()];
    cost[start] = 0;
    let mut open = VecDeque::from([(start, 0)]);
    let mut end: Option<(usize, Option<usize>, usize)> = None;
    while let Some((unit, paid)) = open.pop_front() {
        if paid > cost[unit] {
            continue;
        }
        for (next, clause) in &edges[unit] {
            let price = paid + usize::from(clause.is_some());
            if *next == start {
                if price < most && end.is_none_or(|(_, _, old)| price < old) {
                    end = Some((unit, *clause, price));
                }
            } else if price < cost[*next] {
                cost[*next] = price;
                came[*next] = Some((unit, *clause));
                match clause {
                    None => open.push_front((*next, price)),
                    Some(_) => open.push_back((*next, price)),
                }
            }
        }
    }
    let (mut unit, last, _) = end?;
    let mut ring: Vec<usize> = last.into_iter().collect();
    while unit != start {
        let (before, clause) = came[unit]?;
        ring.extend(clause);
        unit = before;
    }
    Some(ring)
}
