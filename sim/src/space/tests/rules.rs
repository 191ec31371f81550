//! Long rule lists of arbitrary ranges against reading them top to bottom.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::space::{Cube, Field, Interval, Point, Space};

/// A value of a field: seldom arbitrary, often near one of a few borders, so
/// that ranges touch, nest and overlap by one.
fn value(field: Field) -> BoxedStrategy<u128> {
    let borders = match field {
        Field::Dst | Field::Src => vec![
            0,
            Interval::V4.lo,
            Interval::V4.lo + 0x0a00_0000,
            Interval::V4.lo + 0x0a01_0100,
            Interval::V4.hi,
            0x2001_0db8 << 96,
            field.max(),
        ],
        Field::Protocol => vec![0, 6, 17, 255],
        Field::DstPort | Field::SrcPort => vec![0, 53, 443, 1_024, field.max()],
    };
    let near = (select(borders), 0_u128..3).prop_map(move |(border, off)| {
        border
            .saturating_sub(1)
            .saturating_add(off)
            .min(field.max())
    });
    prop_oneof![4 => near, 1 => 0..=field.max()].boxed()
}

fn interval(field: Field) -> BoxedStrategy<Interval> {
    (value(field), value(field))
        .prop_map(|(a, b)| Interval::new(a.min(b), a.max(b)))
        .boxed()
}

fn values(field: Field) -> BoxedStrategy<Vec<Interval>> {
    prop_oneof![
        2 => Just(vec![field.all()]),
        5 => prop::collection::vec(interval(field), 1..4),
    ]
    .boxed()
}

fn cube() -> BoxedStrategy<Cube> {
    Field::ALL
        .map(values)
        .prop_map(|[dst, src, protocol, dst_port, src_port]| Cube {
            dst,
            src,
            protocol,
            dst_port,
            src_port,
        })
        .boxed()
}

/// A packet at a border of some rule, or one step beyond it.
fn packet(rules: &[(Cube, bool)], picks: &[(Index, Index, i8); Field::COUNT]) -> Point {
    Point::from_values(Field::ALL.map(|field| {
        let (rule, which, step) = &picks[field as usize];
        let interval = which.get(rule.get(rules).0.get(field));
        match step {
            -2 => interval.lo.saturating_sub(1),
            -1 => interval.lo,
            0 => interval.hi,
            _ => interval.hi.saturating_add(1).min(field.max()),
        }
    }))
}

fn accepted(rules: &[(Cube, bool)], point: &Point) -> bool {
    let deciding = rules.iter().find(|(cube, _)| cube.contains(point));
    deciding.is_some_and(|(_, accept)| *accept)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_rule_list_accepts_what_reading_it_accepts(
        rules in prop::collection::vec((cube(), any::<bool>()), 1..60),
        picks in prop::collection::vec(
            prop::array::uniform5((any::<Index>(), any::<Index>(), -2_i8..2)), 200),
    ) {
        let mut space = Space::new();
        let sets: Vec<_> = rules
            .iter()
            .map(|(cube, accept)| (space.cube(cube).unwrap(), *accept))
            .collect();
        let accept = space.first_match(&sets).unwrap();
        let back = space.swap_ends(accept).unwrap();
        for picks in &picks {
            let point = packet(&rules, picks);
            let expected = accepted(&rules, &point);
            prop_assert_eq!(space.contains(accept, &point), expected, "{:?}", point);
            prop_assert_eq!(space.contains(back, &point.swap_ends()), expected, "{:?}", point);
        }
        prop_assert_eq!(space.swap_ends(back).unwrap(), accept);
        for (cube, _) in &rules {
            let set = space.cube(cube).unwrap();
            let swapped = space.cube(&cube.clone().swap_ends()).unwrap();
            prop_assert_eq!(space.swap_ends(set).unwrap(), swapped);
        }
    }

    /// The accept set is the union of what each accepting rule adds to the
    /// rules before it: the textbook definition, rule by rule.
    #[test]
    fn first_match_is_its_textbook_definition(
        rules in prop::collection::vec((cube(), any::<bool>()), 0..30),
    ) {
        let mut space = Space::new();
        let (mut sets, mut accept, mut matched) = (Vec::new(), Vec::new(), Vec::new());
        for (cube, accepts) in &rules {
            let set = space.cube(cube).unwrap();
            let before = space.union_all(&matched).unwrap();
            if *accepts {
                accept.push(space.difference(set, before).unwrap());
            }
            matched.push(set);
            sets.push((set, *accepts));
        }
        let expected = space.union_all(&accept).unwrap();
        prop_assert_eq!(space.first_match(&sets).unwrap(), expected);
    }
}
