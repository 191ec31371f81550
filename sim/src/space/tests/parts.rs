//! The parts whose mistakes the whole would hide: a memo that remembers wrongly
//! is seldom asked, and a second way to join boxes covers for the first.

use crate::space::apply::Op;
use crate::space::memo::Memo;
use crate::space::{Cube, Field, Interval, Set, Space, compact};

const OPS: [Op; 5] = [
    Op::Union,
    Op::Intersection,
    Op::Difference,
    Op::Override,
    Op::Settle,
];

/// Every operation on 40 by 40 sets, with a result of its own.
fn results() -> impl Iterator<Item = (Op, Set, Set, Set)> {
    let pairs = (0..1_600).map(|i| (Set(i / 40), Set(i % 40)));
    let all = OPS
        .into_iter()
        .flat_map(move |op| pairs.clone().map(move |(a, b)| (op, a, b)));
    all.zip(3..)
        .map(|((op, a, b), result)| (op, a, b, Set(result)))
}

#[test]
fn a_memo_forgets_but_never_confuses() {
    let mut memo = Memo::default();
    assert_eq!(memo.get(Op::Union, Set(3), Set(4)), None);
    for (done, (op, a, b, result)) in results().enumerate() {
        // The table grows on the way, and what it holds moves.
        memo.put(op, a, b, result, done / 4);
        assert_eq!(memo.get(op, a, b), Some(result));
    }
    let mut kept = 0;
    for (op, a, b, result) in results() {
        if let Some(remembered) = memo.get(op, a, b) {
            assert_eq!(remembered, result, "{op:?} {a:?} {b:?}");
            kept += 1;
        }
    }
    assert!(
        (1_000..8_000).contains(&kept),
        "{kept} of 8000 in 4096 slots"
    );
}

#[test]
fn a_growing_memo_keeps_what_it_holds() {
    let mut memo = Memo::default();
    memo.put(Op::Union, Set(3), Set(4), Set(5), 0);
    for nodes in [1_000, 10_000, 100_000] {
        memo.put(Op::Override, Set(7), Set(8), Set(9), nodes);
        assert_eq!(memo.get(Op::Union, Set(3), Set(4)), Some(Set(5)));
    }
}

/// More boxes than are worth looking at in other orders, half of them in two
/// pieces that differ in one field. Only when the pieces are joined can they be
/// joined with the other half.
#[test]
fn pieces_are_joined_in_every_field() {
    for field in Field::ALL {
        let number = match field {
            Field::Dst => Field::Src,
            _ => Field::Dst,
        };
        // Another field keeps neighbours from being joined.
        let other = match field {
            Field::DstPort => Field::SrcPort,
            _ => Field::DstPort,
        };
        let both = [Interval::point(0), Interval::point(3)];
        let pieces = (0..4_000_u128).flat_map(|i| {
            let whole = Cube::any()
                .with(number, vec![Interval::point(2 * i)])
                .with(other, vec![Interval::point(i % 100)]);
            let cuts = if i < 2_000 {
                vec![&both[..]]
            } else {
                vec![&both[..1], &both[1..]]
            };
            cuts.into_iter()
                .map(move |values| whole.clone().with(field, values.to_vec()))
        });
        let pieces: Vec<Cube> = pieces.collect();
        let joined = compact::compact(pieces);
        let both = [Interval::point(0), Interval::point(3)];
        assert!(
            joined.iter().all(|cube| cube.get(field) == both),
            "{field:?}"
        );
        // Each of the hundred values unites its forty numbers.
        assert_eq!(joined.len(), 100, "{field:?}");
    }
}

/// Twenty thousand hosts, each asking only itself: more boxes than anybody
/// reads, so the first ones are enough.
#[test]
fn a_few_of_very_many_boxes_come_quickly() {
    let mut space = Space::new();
    let alone = |i: u128| vec![Interval::point(2 * i)];
    let pairs = (0..20_000).map(|i| {
        Cube::any()
            .with(Field::Dst, alone(i))
            .with(Field::Src, alone(i))
    });
    let sets: Vec<Set> = pairs.map(|pair| space.cube(&pair).unwrap()).collect();
    let all = space.union_all(&sets).unwrap();
    assert_eq!(space.paths(all, 7).len(), 7);
    let (cubes, truncated) = space.cubes_limited(all, 10);
    assert!(truncated);
    assert_eq!(cubes.len(), 10);
    for cube in cubes {
        let cube = space.cube(&cube).unwrap();
        assert!(cube != Set::EMPTY && space.is_subset(cube, all));
    }
}
