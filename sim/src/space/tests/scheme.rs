//! Tiny headers: each field cut into four cells, a set as one bit per
//! combination.
//!
//! In: the borders of the cells. Out: masks, and the exact set a mask stands
//! for. The cells lie where mistakes are likely: at the ends of the domains, at
//! the ends of the IPv4 range, single values, and halves of the domain.

use crate::space::{Cube, Field, Interval, Point, Set, Space};

/// Combinations of cells of the five fields.
pub(super) const CELLS: usize = 1 << 10;

/// Where the four cells of each kind of field lie.
#[derive(Clone, Debug)]
pub(super) struct Scheme {
    pub(super) address: [Interval; 4],
    pub(super) protocol: [Interval; 4],
    pub(super) port: [Interval; 4],
    /// Whether all cells of a field are equally wide and adjacent, so that
    /// moving one onto another is a shift.
    pub(super) even: bool,
}

fn units(from: u128) -> [Interval; 4] {
    [0, 1, 2, 3].map(|i| Interval::point(from + i))
}

fn quarters(field: Field) -> [Interval; 4] {
    let width = field.max() / 4 + 1;
    [0, 1, 2, 3].map(|i| Interval::new(i * width, (i * width) + (width - 1)))
}

/// `{0}`, up to `cut`, up to the last but one, `{max}`.
fn ends(field: Field, cut: u128) -> [Interval; 4] {
    [
        Interval::point(0),
        Interval::new(1, cut),
        Interval::new(cut + 1, field.max() - 1),
        Interval::point(field.max()),
    ]
}

impl Scheme {
    pub(super) fn all() -> Vec<Self> {
        let even = |address, protocol, port| Self {
            address,
            protocol,
            port,
            even: true,
        };
        vec![
            even(
                quarters(Field::Dst),
                quarters(Field::Protocol),
                quarters(Field::DstPort),
            ),
            even(units(0), units(0), units(0)),
            even(units(u128::MAX - 3), units(252), units(65_532)),
            even(units(Interval::V4.lo - 2), units(5), units(1_022)),
            even(units(Interval::V4.hi - 1), units(126), units(32_766)),
            Self {
                address: ends(Field::Dst, Interval::V4.hi),
                protocol: ends(Field::Protocol, 6),
                port: ends(Field::DstPort, 1_023),
                even: false,
            },
        ]
    }

    pub(super) fn cells(&self, field: Field) -> [Interval; 4] {
        match field {
            Field::Dst | Field::Src => self.address,
            Field::Protocol => self.protocol,
            Field::DstPort | Field::SrcPort => self.port,
        }
    }

    /// The cells whose bit is set in `chosen`.
    pub(super) fn choose(&self, field: Field, chosen: u8) -> Vec<Interval> {
        let cells = self.cells(field).into_iter().enumerate();
        cells
            .filter(|(i, _)| chosen >> i & 1 == 1)
            .map(|(_, c)| c)
            .collect()
    }

    pub(super) fn cube(&self, chosen: &[u8; Field::COUNT]) -> Cube {
        Field::ALL.iter().fold(Cube::any(), |cube, &field| {
            cube.with(field, self.choose(field, chosen[field as usize]))
        })
    }

    /// Everything within the cells; all else is outside the experiment.
    pub(super) fn universe(&self, space: &mut Space) -> Set {
        space.cube(&self.cube(&[0b1111; Field::COUNT])).unwrap()
    }

    /// The smallest and the largest packet of a combination of cells.
    pub(super) fn corners(&self, combination: usize) -> [Point; 2] {
        let cell = |field: Field| self.cells(field)[digit(combination, field)];
        [
            Point::from_values(Field::ALL.map(|field| cell(field).lo)),
            Point::from_values(Field::ALL.map(|field| cell(field).hi)),
        ]
    }

    /// Packets in a combination of cells.
    pub(super) fn volume(&self, combination: usize) -> f64 {
        let width = |field: Field| {
            let cell = self.cells(field)[digit(combination, field)];
            (cell.hi - cell.lo) as f64 + 1.0
        };
        Field::ALL.map(width).iter().product()
    }

    /// The set of a mask, made cell by cell.
    pub(super) fn set(&self, space: &mut Space, mask: &Mask) -> Set {
        let cells: Vec<Set> = mask
            .combinations()
            .map(|c| {
                let chosen = Field::ALL.map(|field| 1 << digit(c, field));
                space.cube(&self.cube(&chosen)).unwrap()
            })
            .collect();
        space.union_all(&cells).unwrap()
    }
}

fn weight(field: Field) -> usize {
    // The first field weighs most, so that combinations are ordered as points.
    1 << (2 * (Field::COUNT - 1 - field as usize))
}

/// The cell of `field` in a combination.
pub(super) fn digit(combination: usize, field: Field) -> usize {
    combination / weight(field) % 4
}

/// The combination with the cell of `field` replaced.
pub(super) fn replace(combination: usize, field: Field, cell: usize) -> usize {
    combination - digit(combination, field) * weight(field) + cell * weight(field)
}

/// A set of combinations.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(super) struct Mask(Vec<bool>);

impl Mask {
    pub(super) fn of(has: impl FnMut(usize) -> bool) -> Self {
        Self((0..CELLS).map(has).collect())
    }

    pub(super) fn has(&self, combination: usize) -> bool {
        self.0[combination]
    }

    pub(super) fn combinations(&self) -> impl Iterator<Item = usize> + '_ {
        (0..CELLS).filter(|&c| self.0[c])
    }
}
