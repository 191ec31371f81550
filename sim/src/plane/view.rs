//! How the header on the wire follows from the header at the start, after translations.
//!
//! Sets are carried as sets of *original* headers together with a [`View`]: what each field has become.
//! So a violating set is told in the addresses its sender used, and a filter behind a translator is
//! asked about the header it really sees.

use super::condition::Rewrite;
use super::step::FIRST_TRANSLATED_PORT;
use crate::space::{Field, Interval, Set, Space, SpaceFull};
use utsushi_model::address::AddressRange;

/// What has become of one field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Now {
    /// What it was at the start.
    Same,
    /// Moved from the interval to one of the same size that begins at the number.
    Moved(Interval, u128),
    /// Any value of these intervals, whatever it was.
    Any(Vec<Interval>),
}

impl Now {
    /// Whether it can be one of several values.
    fn chooses(&self) -> bool {
        match self {
            Self::Same | Self::Moved(..) => false,
            Self::Any(values) => values.len() > 1 || values.iter().any(|v| v.lo != v.hi),
        }
    }

    /// The original values that both show as the same value; `None` if all.
    fn agreement(&self, other: &Self) -> Option<Vec<Interval>> {
        match (self, other) {
            (a, b) if a == b => None,
            (Self::Same, Self::Moved(from, to)) | (Self::Moved(from, to), Self::Same) => {
                Some(if from.lo == *to {
                    vec![*from]
                } else {
                    Vec::new()
                })
            }
            (Self::Same, Self::Any(values)) | (Self::Any(values), Self::Same) => {
                Some(values.clone())
            }
            (Self::Moved(a, to), Self::Moved(b, other)) => {
                let alike = to.wrapping_sub(a.lo) == other.wrapping_sub(b.lo);
                Some(common(*a, *b).filter(|_| alike).into_iter().collect())
            }
            (Self::Moved(from, to), Self::Any(values))
            | (Self::Any(values), Self::Moved(from, to)) => {
                let shown = Interval::new(*to, to + (from.hi - from.lo));
                let hits = values.iter().filter_map(|v| common(*v, shown));
                let back = |v: u128| v - to + from.lo;
                Some(
                    hits.map(|v| Interval::new(back(v.lo), back(v.hi)))
                        .collect(),
                )
            }
            (Self::Any(a), Self::Any(b)) => {
                let meet = a.iter().any(|v| b.iter().any(|w| common(*v, *w).is_some()));
                (!meet).then(Vec::new)
            }
            // CORRECTNESS: two views that show a value as it was sent are equal, see the first arm.
            (Self::Same, Self::Same) => None,
        }
    }
}

/// What two intervals share.
fn common(a: Interval, b: Interval) -> Option<Interval> {
    let (lo, hi) = (a.lo.max(b.lo), a.hi.min(b.hi));
    (lo <= hi).then_some(Interval::new(lo, hi))
}

/// What has become of the fields that translations touch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct View {
    /// Source address.
    pub src: Now,
    /// Destination address.
    pub dst: Now,
    /// Source port.
    pub src_port: Now,
    /// Destination port.
    pub dst_port: Now,
}

/// Protocols with ports (TCP, UDP, DCCP, SCTP), as intervals.
#[must_use]
pub fn with_ports() -> Vec<Interval> {
    [6u8, 17, 33, 132]
        .into_iter()
        .map(|p| Interval::point(u128::from(p)))
        .collect()
}

/// The ports that a source translator hands out.
#[must_use]
pub fn translated_ports() -> Interval {
    Interval::new(u128::from(FIRST_TRANSLATED_PORT), u128::from(u16::MAX))
}

impl View {
    /// Nothing has been translated.
    #[must_use]
    pub fn start() -> Self {
        Self {
            src: Now::Same,
            dst: Now::Same,
            src_port: Now::Same,
            dst_port: Now::Same,
        }
    }

    /// The original headers whose present header lies (for a chosen value of what translators choose,
    /// may lie) in `wire`.
    ///
    /// # Errors
    /// The arena is full.
    pub fn before(&self, space: &mut Space, wire: Set) -> Result<Set, SpaceFull> {
        let mut set = wire;
        for (field, now) in [
            (Field::Src, &self.src),
            (Field::Dst, &self.dst),
            (Field::SrcPort, &self.src_port),
            (Field::DstPort, &self.dst_port),
        ] {
            set = match now {
                Now::Same => set,
                Now::Any(values) => {
                    let chosen = space.field(field, values)?;
                    let hit = space.intersection(set, chosen)?;
                    space.forget(hit, field)?
                }
                Now::Moved(from, to) => {
                    let target = Interval::new(*to, to + (from.hi - from.lo));
                    space.shift(set, field, target, from.lo)?
                }
            };
        }
        Ok(set)
    }

    /// The views after a translation, each with the field and the values of it that the translation can
    /// work on as the packet stands before it.
    #[must_use]
    pub fn after(&self, rewrite: &Rewrite) -> Vec<(Self, Option<(Field, Interval)>)> {
        match rewrite {
            Rewrite::Keep => vec![(self.clone(), None)],
            Rewrite::Source(pool) => self.translated_source(pool),
            Rewrite::Address(to, port) => {
                let mut next = self.clone();
                next.dst = Now::Any(vec![Interval::point(to.first())]);
                if let Some(port) = port {
                    next.dst_port = Now::Any(vec![Interval::point(u128::from(*port))]);
                }
                vec![(next, Some((Field::Dst, family(*to))))]
            }
            Rewrite::Block(from, to) => {
                let mut next = self.clone();
                next.dst = moved(&self.dst, *from, *to);
                vec![(
                    next,
                    Some((Field::Dst, Interval::new(from.first(), from.last()))),
                )]
            }
        }
    }

    fn translated_source(&self, pool: &[AddressRange]) -> Vec<(Self, Option<(Field, Interval)>)> {
        let mut out = Vec::new();
        for all in [AddressRange::V4, AddressRange::V6] {
            let usable: Vec<Interval> = pool
                .iter()
                .filter(|r| all.covers(**r))
                .map(|r| Interval::new(r.first(), r.last()))
                .collect();
            if usable.is_empty() {
                continue;
            }
            let mut next = self.clone();
            next.src = Now::Any(usable);
            next.src_port = Now::Any(vec![translated_ports()]);
            out.push((next, Some((Field::Src, family(all)))));
        }
        out
    }

    /// The original headers that both views show as the same header (where a translator chooses: can show).
    ///
    /// # Errors
    /// The arena is full.
    pub fn agreement(&self, other: &Self, space: &mut Space) -> Result<Set, SpaceFull> {
        let mut set = Set::FULL;
        for (field, a, b) in [
            (Field::Src, &self.src, &other.src),
            (Field::Dst, &self.dst, &other.dst),
            (Field::SrcPort, &self.src_port, &other.src_port),
            (Field::DstPort, &self.dst_port, &other.dst_port),
        ] {
            let Some(values) = a.agreement(b) else {
                continue;
            };
            let mut same = space.field(field, &values)?;
            if matches!(field, Field::SrcPort | Field::DstPort) {
                // What has no ports is shown without ports by every view.
                let ported = space.field(Field::Protocol, &with_ports())?;
                let portless = space.complement(ported)?;
                same = space.union(same, portless)?;
            }
            set = space.intersection(set, same)?;
        }
        Ok(set)
    }

    /// The original headers that both views show as the same header, whatever a translator chooses: what
    /// one of them chooses the other chooses from the same values.
    ///
    /// # Errors
    /// The arena is full.
    pub fn alike(&self, other: &Self, space: &mut Space) -> Result<Set, SpaceFull> {
        let fields = [
            (&self.src, &other.src),
            (&self.dst, &other.dst),
            (&self.src_port, &other.src_port),
            (&self.dst_port, &other.dst_port),
        ];
        let differs = |(a, b): &(&Now, &Now)| a != b && (a.chooses() || b.chooses());
        if fields.iter().any(differs) {
            return Ok(Set::EMPTY);
        }
        self.agreement(other, space)
    }

    /// Whether one header can show itself as several, because a translator chooses.
    #[must_use]
    pub fn chooses(&self) -> bool {
        let fields = [&self.src, &self.dst, &self.src_port, &self.dst_port];
        fields.into_iter().any(Now::chooses)
    }

    /// Whether nothing has been translated.
    #[must_use]
    pub fn is_start(&self) -> bool {
        *self == Self::start()
    }
}

/// Every address of the family of a range.
fn family(range: AddressRange) -> Interval {
    let all = if AddressRange::V4.covers(range) {
        AddressRange::V4
    } else {
        AddressRange::V6
    };
    Interval::new(all.first(), all.last())
}

fn moved(now: &Now, from: AddressRange, to: AddressRange) -> Now {
    match now {
        Now::Same => Now::Moved(Interval::new(from.first(), from.last()), to.first()),
        Now::Moved(first, at) => moved_twice(*first, *at, from, to),
        // CORRECTNESS: a destination that was set to chosen values is a single address
        // (Rewrite::Address), so moving the block moves that one address.
        Now::Any(values) => Now::Any(
            values
                .iter()
                .filter(|v| from.first() <= v.lo && v.hi <= from.last())
                .map(|v| {
                    Interval::new(
                        v.lo - from.first() + to.first(),
                        v.hi - from.first() + to.first(),
                    )
                })
                .collect(),
        ),
    }
}

/// A block moved once and then again; only what lies in both blocks can have come here.
fn moved_twice(first: Interval, at: u128, from: AddressRange, to: AddressRange) -> Now {
    let lo = at.max(from.first());
    let hi = (at + (first.hi - first.lo)).min(from.last());
    if lo > hi {
        return Now::Any(Vec::new());
    }
    let original = Interval::new(first.lo + (lo - at), first.lo + (hi - at));
    Now::Moved(original, to.first() + (lo - from.first()))
}
