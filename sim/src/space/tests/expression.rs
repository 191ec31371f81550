//! Random expressions over packet sets, evaluated twice.
//!
//! In: an expression and a scheme. Out: the set the space computes, and the
//! mask that the definition of each operation gives bit by bit.

use proptest::prelude::*;

use super::scheme::{Mask, Scheme, digit, replace};
use crate::space::{Field, Interval, Set, Space, SpaceFull};

#[derive(Clone, Debug)]
pub(super) enum Expr {
    /// Chosen cells of each field.
    Cube([u8; Field::COUNT]),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Minus(Box<Self>, Box<Self>),
    All(Vec<Self>),
    First(Vec<(Self, bool)>),
    Forget(Box<Self>, Field),
    Assign(Box<Self>, Field, u8),
    /// Cells from the first to the second number move so that the first lands
    /// on the third.
    Shift(Box<Self>, Field, [usize; 3]),
    Swap(Box<Self>),
}

fn field() -> BoxedStrategy<Field> {
    proptest::sample::select(Field::ALL.to_vec()).boxed()
}

/// Choices of cells, with "all" as frequent as in real rules.
fn chosen() -> BoxedStrategy<u8> {
    prop_oneof![2 => Just(0b1111_u8), 5 => 1_u8..16, 1 => Just(0)].boxed()
}

pub(super) fn expr() -> BoxedStrategy<Expr> {
    let cube = proptest::array::uniform5(chosen())
        .prop_map(Expr::Cube)
        .boxed();
    cube.prop_recursive(5, 40, 5, |inner| {
        let one = inner.clone().prop_map(Box::new).boxed();
        let two = (one.clone(), one.clone()).boxed();
        let some = prop::collection::vec(inner.clone(), 0..5);
        let rules = prop::collection::vec((inner, any::<bool>()), 0..6);
        prop_oneof![
            one.clone().prop_map(Expr::Not),
            two.clone().prop_map(|(a, b)| Expr::And(a, b)),
            two.clone().prop_map(|(a, b)| Expr::Or(a, b)),
            two.prop_map(|(a, b)| Expr::Minus(a, b)),
            some.prop_map(Expr::All),
            rules.prop_map(Expr::First),
            (one.clone(), field()).prop_map(|(a, f)| Expr::Forget(a, f)),
            (one.clone(), field(), chosen()).prop_map(|(a, f, c)| Expr::Assign(a, f, c)),
            (one.clone(), field(), [0_usize..4, 0..4, 0..4])
                .prop_map(|(a, f, cells)| Expr::Shift(a, f, cells)),
            one.prop_map(Expr::Swap),
        ]
    })
    .boxed()
}

impl Expr {
    /// The set within the universe of the scheme, by the engine.
    pub(super) fn set(&self, scheme: &Scheme, space: &mut Space) -> Result<Set, SpaceFull> {
        let set = match self {
            Self::Cube(chosen) => space.cube(&scheme.cube(chosen))?,
            Self::Not(a) => {
                let a = a.set(scheme, space)?;
                space.complement(a)?
            }
            Self::And(a, b) => {
                let (a, b) = (a.set(scheme, space)?, b.set(scheme, space)?);
                space.intersection(a, b)?
            }
            Self::Or(a, b) => {
                let (a, b) = (a.set(scheme, space)?, b.set(scheme, space)?);
                space.union(a, b)?
            }
            Self::Minus(a, b) => {
                let (a, b) = (a.set(scheme, space)?, b.set(scheme, space)?);
                space.difference(a, b)?
            }
            Self::All(all) => {
                let all: Result<Vec<_>, _> = all.iter().map(|a| a.set(scheme, space)).collect();
                space.union_all(&all?)?
            }
            Self::First(rules) => {
                let rule = |(a, accept): &(Self, bool)| Ok((a.set(scheme, space)?, *accept));
                let rules: Result<Vec<_>, _> = rules.iter().map(rule).collect();
                space.first_match(&rules?)?
            }
            Self::Forget(a, field) => {
                let a = a.set(scheme, space)?;
                space.forget(a, *field)?
            }
            Self::Assign(a, field, chosen) => {
                let a = a.set(scheme, space)?;
                space.assign(a, *field, &scheme.choose(*field, *chosen))?
            }
            Self::Shift(a, field, cells) if scheme.even => {
                let a = a.set(scheme, space)?;
                let [lo, hi, to] = cells.map(|cell| scheme.cells(*field)[cell]);
                space.shift(a, *field, Interval::new(lo.lo, hi.hi), to.lo)?
            }
            Self::Shift(a, ..) => a.set(scheme, space)?,
            Self::Swap(a) => {
                let a = a.set(scheme, space)?;
                space.swap_ends(a)?
            }
        };
        let universe = scheme.universe(space);
        space.intersection(set, universe)
    }

    /// The same, by the definition of each operation on single combinations.
    pub(super) fn mask(&self, scheme: &Scheme) -> Mask {
        match self {
            Self::Cube(chosen) => Mask::of(|c| {
                let inside = |&f: &Field| chosen[f as usize] >> digit(c, f) & 1 == 1;
                Field::ALL.iter().all(inside)
            }),
            Self::Not(a) => {
                let a = a.mask(scheme);
                Mask::of(|c| !a.has(c))
            }
            Self::And(a, b) => {
                let (a, b) = (a.mask(scheme), b.mask(scheme));
                Mask::of(|c| a.has(c) && b.has(c))
            }
            Self::Or(a, b) => {
                let (a, b) = (a.mask(scheme), b.mask(scheme));
                Mask::of(|c| a.has(c) || b.has(c))
            }
            Self::Minus(a, b) => {
                let (a, b) = (a.mask(scheme), b.mask(scheme));
                Mask::of(|c| a.has(c) && !b.has(c))
            }
            Self::All(all) => {
                let all: Vec<Mask> = all.iter().map(|a| a.mask(scheme)).collect();
                Mask::of(|c| all.iter().any(|a| a.has(c)))
            }
            Self::First(rules) => {
                let rules: Vec<_> = rules.iter().map(|(a, ok)| (a.mask(scheme), *ok)).collect();
                Mask::of(|c| {
                    rules
                        .iter()
                        .find(|(a, _)| a.has(c))
                        .is_some_and(|(_, ok)| *ok)
                })
            }
            Self::Forget(a, f) => {
                let a = a.mask(scheme);
                Mask::of(|c| (0..4).any(|cell| a.has(replace(c, *f, cell))))
            }
            Self::Assign(a, f, chosen) => {
                let a = a.mask(scheme);
                let any = |c| (0..4).any(|cell| a.has(replace(c, *f, cell)));
                Mask::of(|c| chosen >> digit(c, *f) & 1 == 1 && any(c))
            }
            Self::Shift(a, f, [lo, hi, to]) if scheme.even => {
                let a = a.mask(scheme);
                let moved = |cell, c| cell + to == digit(c, *f) + lo && a.has(replace(c, *f, cell));
                Mask::of(|c| (*lo..=*hi).any(|cell| moved(cell, c)))
            }
            Self::Shift(a, ..) => a.mask(scheme),
            Self::Swap(a) => {
                let a = a.mask(scheme);
                Mask::of(|c| a.has(swap(c)))
            }
        }
    }
}

/// The combination with both ends exchanged.
fn swap(combination: usize) -> usize {
    let pairs = [
        (Field::Dst, Field::Src),
        (Field::Src, Field::Dst),
        (Field::DstPort, Field::SrcPort),
        (Field::SrcPort, Field::DstPort),
    ];
    pairs.iter().fold(combination, |swapped, &(to, from)| {
        replace(swapped, to, digit(combination, from))
    })
}
