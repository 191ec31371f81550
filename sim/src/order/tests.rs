//! Orders against every permutation of a few units.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// A task small enough to try every order.
#[derive(Debug, Clone)]
struct Small {
    after: Vec<Vec<usize>>,
    must: Vec<Clause>,
    should: Vec<Clause>,
}

fn clause(units: usize) -> impl Strategy<Value = Clause> {
    let some = || vec(0..units, 1..=3);
    (some(), some(), 0..40u8).prop_map(|(done, open, end)| {
        let open: Vec<usize> = open.into_iter().filter(|u| !done.contains(u)).collect();
        match end {
            0 => Clause::new(done, Vec::new()),
            _ if open.is_empty() => Clause::new(vec![done[0]], vec![(done[0] + 1) % 7]),
            _ => Clause::new(done, open),
        }
    })
}

fn small() -> impl Strategy<Value = Small> {
    (2..=7usize).prop_flat_map(|units| {
        let after = vec((0..units, 0..units), 0..=3);
        (after, vec(clause(units), 0..=9), vec(clause(units), 0..=4)).prop_map(
            move |(pairs, must, should)| {
                let mut after = vec![Vec::new(); units];
                for (a, b) in pairs {
                    // Units wait for units of a smaller number only, so that no circle can be.
                    if a < b && !after[b].contains(&a) {
                        after[b].push(a);
                    }
                }
                let inside = |c: &Clause| c.done.iter().chain(&c.open).all(|u| *u < units);
                let keep = |all: Vec<Clause>| all.into_iter().filter(inside).collect();
                Small {
                    after,
                    must: keep(must),
                    should: keep(should),
                }
            },
        )
    })
}

/// Every order of so many units.
fn permutations(units: usize) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new()];
    for unit in 0..units {
        out = out
            .iter()
            .flat_map(|order: &Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut next = order.clone();
                    next.insert(at, unit);
                    next
                })
            })
            .collect();
    }
    out
}

/// The states of an order, from nothing done to everything done.
fn states(order: &[usize]) -> Vec<Vec<bool>> {
    let mut state = vec![false; order.len()];
    let mut out = vec![state.clone()];
    for unit in order {
        state[*unit] = true;
        out.push(state.clone());
    }
    out
}

fn waits(after: &[Vec<usize>], order: &[usize]) -> bool {
    let place = |unit: usize| order.iter().position(|u| *u == unit);
    (0..order.len()).all(|u| after[u].iter().all(|first| place(*first) < place(u)))
}

fn is_safe(after: &[Vec<usize>], clauses: &[Clause], order: &[usize]) -> bool {
    let safe = |state: &Vec<bool>| !clauses.iter().any(|c| c.meets(state));
    waits(after, order) && states(order).iter().all(safe)
}

fn exists(after: &[Vec<usize>], clauses: &[Clause]) -> bool {
    permutations(after.len())
        .iter()
        .any(|order| is_safe(after, clauses, order))
}

/// Knows the clauses and tells them one state at a time.
struct Hidden<'c>(&'c [Clause]);

impl Oracle for Hidden<'_> {
    type Trouble = std::convert::Infallible;

    fn unsafe_because(&mut self, state: &[bool]) -> Result<Option<Clause>, Self::Trouble> {
        Ok(self.0.iter().find(|c| c.meets(state)).cloned())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_is_found_exactly_where_one_of_all_permutations_is_safe(task in small()) {
        match kept(&task.after, &task.must) {
            Outcome::Ordered(order) => {
                prop_assert!(is_safe(&task.after, &task.must, &order), "{order:?}");
            }
            Outcome::Impossible(conflict) => {
                prop_assert!(!exists(&task.after, &task.must));
                prop_assert!(!exists(&task.after, &conflict), "not a proof: {conflict:?}");
                for at in 0..conflict.len() {
                    let mut fewer = conflict.clone();
                    fewer.remove(at);
                    prop_assert!(exists(&task.after, &fewer), "{at} can be left out: {conflict:?}");
                }
            }
        }
    }

    #[test]
    fn learning_one_clause_at_a_time_gives_the_same_answer(task in small()) {
        let Ok((outcome, learned, effort)) = find(&task.after, &mut Hidden(&task.must));
        prop_assert!(learned.len() <= task.must.len() && effort.orders <= learned.len() + 1);
        match outcome {
            Outcome::Ordered(order) => prop_assert!(is_safe(&task.after, &task.must, &order)),
            Outcome::Impossible(_) => prop_assert!(!exists(&task.after, &task.must)),
        }
    }

    #[test]
    fn interruptions_are_the_shortest_of_all_permutations(task in small()) {
        let cost = |order: &Vec<usize>| {
            let broken = |state: &&Vec<bool>| task.should.iter().any(|c| c.meets(state));
            states(order).iter().filter(broken).count()
        };
        let all = permutations(task.after.len());
        let safe = all.iter().filter(|o| is_safe(&task.after, &task.must, o));
        match (interruptions(&task.after, &task.must, &task.should), safe.map(cost).min()) {
            (Ok(found), Some(least)) => {
                prop_assert!(is_safe(&task.after, &task.must, &found.order));
                prop_assert_eq!((found.states, found.proved), (least, true));
                prop_assert_eq!(cost(&found.order), least);
            }
            (Err(conflict), None) => prop_assert!(!exists(&task.after, &conflict)),
            (found, least) => prop_assert!(false, "{found:?} but {least:?}"),
        }
    }
}

/// What is independent stays as it is written, and two that wait for each other are the conflict.
#[test]
fn independent_changes_keep_their_order_and_rings_are_told_alone() {
    let units = 10_000;
    let after = vec![Vec::new(); units];
    let mut clauses: Vec<Clause> = (0..units / 40)
        .map(|i| Clause::new(vec![40 * i], vec![40 * i + 7, 40 * i + 9]))
        .collect();
    let Outcome::Ordered(order) = kept(&after, &clauses) else {
        panic!("no order");
    };
    assert_eq!(&order[..9], [1, 2, 3, 4, 5, 6, 7, 0, 8]);
    clauses.push(Clause::new(vec![40], vec![41]));
    clauses.push(Clause::new(vec![41], vec![5_000]));
    clauses.push(Clause::new(vec![5_000], vec![40]));
    assert_eq!(
        kept(&after, &clauses),
        Outcome::Impossible(clauses[250..].to_vec())
    );
}
