//! Images of sets: what becomes of the packets when a field is rewritten.
//!
//! In: a set and a rewriting of one field, or the exchange of the two ends of a
//! conversation. Out: exactly the packets that come out. What can go wrong: the
//! space is full.

use rustc_hash::FxHashMap;

use super::{Field, Interval, Set, Space, SpaceFull};

/// Results for the nodes already met in one walk.
type Seen = FxHashMap<Set, Set>;

impl Space {
    /// Packets that are in `a` for some value of `field`: the field becomes
    /// free (existential projection).
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn forget(&mut self, a: Set, field: Field) -> Result<Set, SpaceFull> {
        self.rewrite(a, field, &mut Seen::default(), &mut |space, node| {
            let groups = space.groups(node, field);
            let children: Vec<Set> = groups.into_iter().map(|(_, child)| child).collect();
            space.union_all(&children)
        })
    }

    /// The image of "`field` becomes any value of `intervals`", the other
    /// fields kept.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn assign(
        &mut self,
        a: Set,
        field: Field,
        intervals: &[Interval],
    ) -> Result<Set, SpaceFull> {
        let freed = self.forget(a, field)?;
        let values = self.field(field, intervals)?;
        self.intersection(freed, values)
    }

    /// The image of moving the values `from` of `field` one to one, so that
    /// `from.lo` becomes `to_lo`. Packets with other values have no image and
    /// are dropped, and so are those whose new value would lie beyond the
    /// field's domain.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn shift(
        &mut self,
        a: Set,
        field: Field,
        from: Interval,
        to_lo: u128,
    ) -> Result<Set, SpaceFull> {
        let room = field.max().checked_sub(to_lo);
        let last = room.map(|room| from.hi.min(from.lo.saturating_add(room)).min(field.max()));
        let Some(last) = last.filter(|&last| from.lo <= last) else {
            return Ok(Set::EMPTY);
        };
        self.rewrite(a, field, &mut Seen::default(), &mut |space, node| {
            space.moved(field, node, Interval::new(from.lo, last), to_lo)
        })
    }

    /// One node of [`Space::shift`]: its ranges within `from`, moved to `to`.
    fn moved(
        &mut self,
        field: Field,
        node: Set,
        from: Interval,
        to: u128,
    ) -> Result<Set, SpaceFull> {
        let base = self.scratch.len();
        if let Some(gap) = to.checked_sub(1) {
            self.push(base, gap, Set::EMPTY);
        }
        let mut cursor = self.arena.cursor(node, self.arena.level_of(field));
        self.arena.seek(&mut cursor, from.lo);
        loop {
            let hi = cursor.hi.min(from.hi);
            self.push(base, hi - from.lo + to, cursor.child);
            if hi == from.hi {
                break;
            }
            self.arena.seek(&mut cursor, hi + 1);
        }
        self.end_with(field, base, Set::EMPTY)
    }

    /// Replaces every node that decides `field`, and every place where a path
    /// passes that level without deciding it, by what `change` makes of it.
    /// `change` gets a set that decides only `field` and fields after it.
    fn rewrite(
        &mut self,
        a: Set,
        field: Field,
        seen: &mut Seen,
        change: &mut impl FnMut(&mut Self, Set) -> Result<Set, SpaceFull>,
    ) -> Result<Set, SpaceFull> {
        if a == Set::EMPTY {
            return Ok(a);
        }
        if let Some(&known) = seen.get(&a) {
            return Ok(known);
        }
        let level = self.arena.level(a);
        let result = if level < self.arena.level_of(field) {
            self.rebuild(a, &mut |space, child| {
                space.rewrite(child, field, seen, change)
            })?
        } else {
            change(self, a)?
        };
        seen.insert(a, result);
        Ok(result)
    }

    /// The node of `a` with `change` applied to each child.
    fn rebuild(
        &mut self,
        a: Set,
        change: &mut dyn FnMut(&mut Self, Set) -> Result<Set, SpaceFull>,
    ) -> Result<Set, SpaceFull> {
        let level = self.arena.level(a);
        let base = self.scratch.len();
        let mut cursor = self.arena.cursor(a, level);
        loop {
            let (hi, child) = (cursor.hi, change(self, cursor.child)?);
            self.push(base, hi, child);
            if hi == self.arena.top(level) {
                return self.finish(level, base);
            }
            self.arena.seek(&mut cursor, hi + 1);
        }
    }

    /// The packets of `a` with source and destination exchanged, addresses and
    /// ports: what may come back where `a` may go.
    ///
    /// # Errors
    /// [`SpaceFull`] if the limit is reached.
    pub fn swap_ends(&mut self, a: Set) -> Result<Set, SpaceFull> {
        let mut seen = Seen::default();
        self.transpose(a, Field::Dst, Field::Src, &mut |space, rest| {
            space.swap_ports(rest, &mut seen)
        })
    }

    /// [`Space::swap_ends`] below the addresses.
    fn swap_ports(&mut self, a: Set, seen: &mut Seen) -> Result<Set, SpaceFull> {
        if let Some(&known) = seen.get(&a) {
            return Ok(known);
        }
        let result = if self.arena.level(a) == self.arena.level_of(Field::Protocol) {
            self.rebuild(a, &mut |space, child| space.swap_ports(child, seen))?
        } else {
            self.transpose(a, Field::DstPort, Field::SrcPort, &mut |_, rest| Ok(rest))?
        };
        seen.insert(a, result);
        Ok(result)
    }

    /// Exchanges two neighbouring fields and applies `inner` below them.
    ///
    /// PRECONDITION: `a` decides only `upper` and later fields, and `lower` is
    /// the field after `upper`, with the same domain.
    fn transpose(
        &mut self,
        a: Set,
        upper: Field,
        lower: Field,
        inner: &mut dyn FnMut(&mut Self, Set) -> Result<Set, SpaceFull>,
    ) -> Result<Set, SpaceFull> {
        let mut parts = Vec::new();
        for (uppers, rows) in self.groups(a, upper) {
            // In these rows each value of `lower` leads to a rest of its own;
            // exchanged, that value is decided first and `uppers` second.
            let base = self.scratch.len();
            let mut cursor = self.arena.cursor(rows, self.arena.level_of(lower));
            loop {
                let (hi, rest) = (cursor.hi, inner(self, cursor.child)?);
                let column = self.split(lower, &uppers, rest)?;
                self.push(base, hi, column);
                if hi == lower.max() {
                    break;
                }
                self.arena.seek(&mut cursor, hi + 1);
            }
            parts.push(self.finish(self.arena.level_of(upper), base)?);
        }
        self.union_all(&parts)
    }
}
