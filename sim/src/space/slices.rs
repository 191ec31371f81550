//! Sets looked at along their fields: what is left of a set where the first fields have given values.
//!
//! In: a set. Out: ranges of values, each with the rest of the set. Nothing can go wrong.

use super::{Field, Set, Space};

impl Space {
    /// The ranges of `field` with what is left of the set on each, as the last value of each range and the
    /// rest; two values have the same rest exactly if the rests are equal.
    ///
    /// PRECONDITION: `a` decides only `field` and fields behind it.
    #[must_use]
    pub fn slices(&self, a: Set, field: Field) -> Vec<(u128, Set)> {
        match !a.is_end() && self.arena.level(a) == self.arena.level_of(field) {
            true => self.arena.ranges(a).collect(),
            false => vec![(field.max(), a)],
        }
    }

    /// What is left of the set where fields have these values.
    ///
    /// PRECONDITION: the fields stand in the order of [`Field::ALL`], beginning with the first.
    #[must_use]
    pub fn given(&self, a: Set, values: &[(Field, u128)]) -> Set {
        values.iter().fold(a, |a, (field, value)| {
            if a.is_end() || self.arena.level(a) != self.arena.level_of(*field) {
                return a;
            }
            let mut cursor = self.arena.cursor(a, self.arena.level(a));
            self.arena.seek(&mut cursor, *value);
            cursor.child
        })
    }
}
