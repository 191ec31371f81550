//! Exact numbers of packets against counting cells, and against inclusion and
//! exclusion.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::expression::expr;
use super::scheme::{Scheme, digit};
use crate::space::{Cube, Field, Interval, Set, Space};

/// Packets in a combination of cells.
fn volume(scheme: &Scheme, combination: usize) -> BigUint {
    let width = |field: Field| {
        let cell = scheme.cells(field)[digit(combination, field)];
        BigUint::from(cell.hi - cell.lo) + 1_u8
    };
    Field::ALL.map(width).iter().product()
}

/// Packets in the box whose fields are what the boxes of `chosen` share.
fn common(boxes: &[Cube], chosen: usize) -> BigUint {
    let width = |field: Field| {
        let own = boxes.iter().enumerate();
        let own = own
            .filter(|(i, _)| chosen >> i & 1 == 1)
            .map(|(_, cube)| cube.get(field)[0]);
        let (lo, hi) = own.fold((0, field.max()), |(lo, hi), i| (lo.max(i.lo), hi.min(i.hi)));
        match lo <= hi {
            true => BigUint::from(hi - lo) + 1_u8,
            false => BigUint::ZERO,
        }
    };
    Field::ALL.map(width).iter().product()
}

/// The size of a union of boxes with one interval per field.
fn inclusion_exclusion(boxes: &[Cube]) -> BigUint {
    let (mut more, mut less) = (BigUint::ZERO, BigUint::ZERO);
    for chosen in 1..1_usize << boxes.len() {
        match chosen.count_ones() % 2 {
            1 => more += common(boxes, chosen),
            _ => less += common(boxes, chosen),
        }
    }
    more - less
}

fn interval(field: Field) -> impl Strategy<Value = Vec<Interval>> {
    let value = prop_oneof![0..=field.max(), Just(0), Just(field.max())];
    (value.clone(), value).prop_map(|(a, b)| vec![Interval::new(a.min(b), a.max(b))])
}

fn cube() -> impl Strategy<Value = Cube> {
    Field::ALL
        .map(interval)
        .prop_map(|[dst, src, protocol, dst_port, src_port]| Cube {
            dst,
            src,
            protocol,
            dst_port,
            src_port,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_packet_of_an_expression_is_counted_once(
        scheme in proptest::sample::select(Scheme::all()), expr in expr(),
    ) {
        let mut space = Space::new();
        let set = expr.set(&scheme, &mut space).unwrap();
        let cells = expr.mask(&scheme);
        let expected: BigUint = cells.combinations().map(|c| volume(&scheme, c)).sum();
        prop_assert_eq!(space.cardinality(set), expected);
    }

    #[test]
    fn overlapping_boxes_are_counted_as_by_inclusion_and_exclusion(
        boxes in prop::collection::vec(cube(), 0..7),
    ) {
        let mut space = Space::new();
        let sets: Vec<Set> = boxes.iter().map(|c| space.cube(c).unwrap()).collect();
        let all = space.union_all(&sets).unwrap();
        prop_assert_eq!(space.cardinality(all), inclusion_exclusion(&boxes));
    }
}

#[test]
fn the_whole_space_has_two_to_the_296_packets() {
    let mut space = Space::new();
    assert_eq!(space.cardinality(Set::FULL), BigUint::from(1_u8) << 296);
    assert_eq!(space.cardinality(Set::EMPTY), BigUint::ZERO);
    let v4 = Cube::any()
        .with(Field::Dst, vec![Interval::V4])
        .with(Field::Src, vec![Interval::V4]);
    let v4 = space.cube(&v4).unwrap();
    assert_eq!(space.cardinality(v4), BigUint::from(1_u8) << 104);
    let rest = space.complement(v4).unwrap();
    assert_eq!(
        space.cardinality(rest) + space.cardinality(v4),
        space.cardinality(Set::FULL)
    );
}
