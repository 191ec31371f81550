//! Every operation and every answer against full enumeration.

use proptest::prelude::*;

use super::expression::{Expr, expr};
use super::scheme::{CELLS, Mask, Scheme, digit};
use crate::space::{Cube, Field, Interval, Set, Space};

fn scheme() -> impl Strategy<Value = Scheme> {
    proptest::sample::select(Scheme::all())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Membership at both corners of every cell, canonicity, and every answer.
    #[test]
    fn an_expression_holds_exactly_its_packets(scheme in scheme(), expr in expr()) {
        let mut space = Space::new();
        let set = expr.set(&scheme, &mut space).unwrap();
        let mask = expr.mask(&scheme);
        for c in 0..CELLS {
            for corner in scheme.corners(c) {
                prop_assert_eq!(space.contains(set, &corner), mask.has(c), "{:?}", corner);
            }
        }
        // The same set made another way has the same id.
        prop_assert_eq!(scheme.set(&mut space, &mask), set);
        answers(&scheme, &space, set, &mask);
        boxes(&scheme, &mut space, set, &mask);
    }

    /// Equal masks, equal ids; and the two relations between sets.
    #[test]
    fn two_expressions_compare_as_their_masks(
        scheme in scheme(), a in expr(), b in expr(), related in 0..3_u8,
    ) {
        // Unrelated random sets are seldom subsets or disjoint.
        let b = match related {
            0 => b,
            1 => Expr::Or(Box::new(b), Box::new(a.clone())),
            _ => Expr::Minus(Box::new(b), Box::new(a.clone())),
        };
        let mut space = Space::new();
        let (set_a, set_b) = (
            a.set(&scheme, &mut space).unwrap(),
            b.set(&scheme, &mut space).unwrap(),
        );
        let (a, b) = (a.mask(&scheme), b.mask(&scheme));
        prop_assert_eq!(set_a == set_b, a == b);
        prop_assert_eq!(space.is_subset(set_a, set_b), a.combinations().all(|c| b.has(c)));
        prop_assert_eq!(space.is_disjoint(set_a, set_b), !a.combinations().any(|c| b.has(c)));
        space.clear_memo();
        prop_assert_eq!(space.is_subset(set_b, set_a), b.combinations().all(|c| a.has(c)));
    }

    /// A small space reports that it is full or gives the right set; never a
    /// wrong one. Sets made before it was full stay right.
    #[test]
    fn a_full_space_never_lies(scheme in scheme(), expr in expr(), limit in 0_usize..400) {
        let mut wide = Space::new();
        let expected = expr.set(&scheme, &mut wide).unwrap();
        let mut small = Space::with_limit(limit.max(30));
        let before = scheme.universe(&mut small);
        let outcome = expr.set(&scheme, &mut small);
        prop_assert!(small.node_count() <= limit.max(30));
        if let Ok(set) = outcome {
            prop_assert_eq!(wide.adopt(&small, set).unwrap(), expected);
        }
        prop_assert_eq!(scheme.universe(&mut small), before);
        prop_assert!(scheme.corners(5).iter().all(|corner| small.contains(before, corner)));
    }

    /// Forgetting results changes no result, and a copy in another space is the
    /// same set.
    #[test]
    fn memory_is_not_meaning(scheme in scheme(), expr in expr(), other in expr()) {
        let mut space = Space::new();
        let set = expr.set(&scheme, &mut space).unwrap();
        space.clear_memo();
        prop_assert_eq!(expr.set(&scheme, &mut space).unwrap(), set);

        let mut second = Space::new();
        other.set(&scheme, &mut second).unwrap();
        let copy = second.adopt(&space, set).unwrap();
        prop_assert_eq!(expr.set(&scheme, &mut second).unwrap(), copy);
    }
}

fn answers(scheme: &Scheme, space: &Space, set: Set, mask: &Mask) {
    assert_eq!(space.is_empty(set), mask.combinations().next().is_none());
    let smallest = mask.combinations().next().map(|c| scheme.corners(c)[0]);
    assert_eq!(space.smallest(set), smallest);
    for field in Field::ALL {
        let occurs = |cell: &usize| mask.combinations().any(|c| digit(c, field) == *cell);
        let cells: Vec<Interval> = (0..4)
            .filter(occurs)
            .map(|i| scheme.cells(field)[i])
            .collect();
        let expected = Interval::normalise(field, &cells);
        assert_eq!(space.project(set, field), expected, "{field:?}");
    }
    let volume: f64 = mask.combinations().map(|c| scheme.volume(c)).sum();
    let error = (space.count(set) - volume).abs();
    assert!(error <= volume * 1e-12, "{error} of {volume}");
}

fn boxes(scheme: &Scheme, space: &mut Space, set: Set, mask: &Mask) {
    let cubes = space.cubes(set);
    for c in 0..CELLS {
        let holding = cubes
            .iter()
            .filter(|cube| cube.contains(&scheme.corners(c)[1]));
        assert_eq!(holding.count(), usize::from(mask.has(c)));
    }
    let sets: Vec<Set> = cubes.iter().map(|cube| space.cube(cube).unwrap()).collect();
    assert_eq!(
        space.union_all(&sets).unwrap(),
        set,
        "the boxes cover the set"
    );
    let counts: f64 = sets.iter().map(|&cube| space.count(cube)).sum();
    let count = space.count(set);
    assert!(
        (counts - count).abs() <= count * 1e-12,
        "the boxes are disjoint"
    );
    assert!(cubes.is_sorted());
    assert!(cubes.iter().all(is_normal));

    let (few, truncated) = space.cubes_limited(set, 2);
    assert_eq!(
        (&few[..], truncated),
        (&cubes[..cubes.len().min(2)], cubes.len() > 2)
    );
}

fn is_normal(cube: &Cube) -> bool {
    Field::ALL.iter().all(|&field| {
        let values = cube.get(field);
        !values.is_empty() && Interval::normalise(field, values) == values
    })
}
