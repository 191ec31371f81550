//! Covers and decisions of many sets at once against reading them cell by cell.

use proptest::prelude::*;

use super::expression::{Expr, expr};
use super::scheme::{Mask, Scheme};
use crate::space::{Block, Set, Space};

fn sets(space: &mut Space, scheme: &Scheme, list: &[Expr]) -> (Vec<Set>, Vec<Mask>) {
    list.iter()
        .map(|e| (e.set(scheme, space).unwrap(), e.mask(scheme)))
        .unzip()
}

/// A question about `a`, bent so that the answer is often yes: `a` without the
/// cells that would say no, and some of them again.
fn bent(a: &Mask, fine: impl Fn(usize) -> bool, slip: Option<usize>) -> Mask {
    Mask::of(|c| a.has(c) && (fine(c) || slip == Some(c)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_cover_covers_every_cell(
        scheme in proptest::sample::select(Scheme::all()),
        a in expr(), others in prop::collection::vec(expr(), 0..6),
        bend in any::<bool>(), slip in prop::option::of(0_usize..1024),
    ) {
        let mut space = Space::new();
        let (others, masks) = sets(&mut space, &scheme, &others);
        let covered = |c: usize| masks.iter().any(|m| m.has(c));
        let mask = match bend {
            true => bent(&a.mask(&scheme), covered, slip),
            false => a.mask(&scheme),
        };
        let set = scheme.set(&mut space, &mask);
        let expected = mask.combinations().all(covered);
        prop_assert_eq!(space.is_covered(set, &others), expected);
    }

    #[test]
    fn what_is_not_excused_is_decided_by_the_first_that_matches(
        scheme in proptest::sample::select(Scheme::all()),
        a in expr(), excuses in prop::collection::vec(expr(), 0..3),
        rules in prop::collection::vec((expr(), any::<bool>()), 0..6), cut in 0_usize..6,
        accept in any::<bool>(), default in any::<bool>(),
        bend in any::<bool>(), slip in prop::option::of(0_usize..1024),
    ) {
        let mut space = Space::new();
        let (excuses, excused) = sets(&mut space, &scheme, &excuses);
        let (lines, actions): (Vec<Expr>, Vec<bool>) = rules.into_iter().unzip();
        let (lines, masks) = sets(&mut space, &scheme, &lines);
        let fine = |c: usize| {
            let deciding = masks.iter().zip(&actions).find(|(m, _)| m.has(c));
            excused.iter().any(|m| m.has(c))
                || deciding.map_or(default, |(_, action)| *action) == accept
        };
        let mask = match bend {
            true => bent(&a.mask(&scheme), fine, slip),
            false => a.mask(&scheme),
        };
        let set = scheme.set(&mut space, &mask);
        // The rules in two blocks, cut anywhere.
        let mut blocks = [Block::EMPTY; 2];
        for (i, (line, action)) in lines.iter().zip(&actions).enumerate() {
            let one = space.block(*line, *action).unwrap();
            let block = &mut blocks[usize::from(i >= cut)];
            *block = space.chain(*block, one).unwrap();
        }
        let answer = space.is_excused_or_decided(set, &excuses, &blocks, (accept, default));
        prop_assert_eq!(answer, mask.combinations().all(fine));
    }
}
