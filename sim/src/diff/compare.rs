//! Two manners of one segment compared.
//!
//! For every packet a state knows one of three answers: delivered *never*, *perhaps* (it hangs on what cannot
//! be judged offline) or *certainly*. Newly allowed is what climbs, newly denied what falls; it is certain if
//! it climbs from never to certainly. What keeps its answer, and is delivered, may still be re-routed.

use super::manner::{Manner, Marks};
use crate::space::{Set, Space, SpaceFull};
use std::collections::BTreeMap;
use utsushi_model::network::SegmentId;

/// What is different about traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Not delivered before, delivered after.
    Allowed,
    /// Delivered before, not delivered after.
    Denied,
    /// Delivered before and after, but over other interfaces, translated otherwise, or elsewhere.
    Rerouted,
}

impl Kind {
    /// The same difference seen from the other state.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Allowed => Self::Denied,
            Self::Denied => Self::Allowed,
            Self::Rerouted => Self::Rerouted,
        }
    }
}

/// One difference between one pair of segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What is different.
    pub kind: Kind,
    /// Whether it is so for certain.
    pub certain: bool,
    /// The segment that sends.
    pub from: SegmentId,
    /// The segment of arrival: after, or for what is newly denied, before.
    pub to: SegmentId,
    /// The headers as sent.
    pub set: Set,
}

/// Every difference between two manners of a segment.
///
/// # Errors
/// The arena is full.
pub fn parts(
    space: &mut Space,
    from: &SegmentId,
    old: &Manner,
    new: &Manner,
) -> Result<Vec<Part>, SpaceFull> {
    let mut out = Vec::new();
    let mut changed = Set::EMPTY;
    for (kind, low, high) in [(Kind::Allowed, old, new), (Kind::Denied, new, old)] {
        let (certainly, perhaps) = climbed(space, low, high)?;
        for (certain, set) in [(true, certainly), (false, perhaps)] {
            changed = space.union(changed, set)?;
            split(space, &mut out, (kind, certain, from), &high.to, set)?;
        }
    }
    let both = space.intersection(old.may.0, new.may.0)?;
    let kept = space.difference(both, changed)?;
    let certainly = rerouted(space, old, new, kept)?;
    let at_most = differing(space, &old.may_marks, &new.may_marks)?;
    let at_most = space.intersection(at_most, kept)?;
    let perhaps = space.difference(at_most, certainly)?;
    for (certain, set) in [(true, certainly), (false, perhaps)] {
        split(
            space,
            &mut out,
            (Kind::Rerouted, certain, from),
            &new.to,
            set,
        )?;
    }
    Ok(out)
}

/// What is answered higher in `high` than in `low`: certainly, and perhaps.
fn climbed(space: &mut Space, low: &Manner, high: &Manner) -> Result<(Set, Set), SpaceFull> {
    let certainly = space.difference(high.must.0, low.may.0)?;
    let from_never = space.difference(high.may.0, low.may.0)?;
    let to_certain = space.difference(high.must.0, low.must.0)?;
    let any = space.union(from_never, to_certain)?;
    Ok((certainly, space.difference(any, certainly)?))
}

/// What leaves a mark for certain in one state and certainly not in the other.
fn rerouted(space: &mut Space, old: &Manner, new: &Manner, kept: Set) -> Result<Set, SpaceFull> {
    let gone = only(space, &old.must_marks, &new.may_marks)?;
    let come = only(space, &new.must_marks, &old.may_marks)?;
    let all = space.union(gone, come)?;
    space.intersection(all, kept)
}

/// What leaves a mark in one of two states and not in the other.
fn differing(space: &mut Space, old: &Marks, new: &Marks) -> Result<Set, SpaceFull> {
    let gone = only(space, old, new)?;
    let come = only(space, new, old)?;
    space.union(gone, come)
}

/// What leaves a mark here that it does not leave there with the same header.
fn only(space: &mut Space, here: &Marks, there: &Marks) -> Result<Set, SpaceFull> {
    let mut all = Set::EMPTY;
    let none = BTreeMap::new();
    for (mark, views) in here {
        let others = there.get(mark).unwrap_or(&none);
        for (view, set) in views {
            let mut rest = *set;
            for (other, same) in others {
                let alike = match view == other {
                    true => *same,
                    false => {
                        let alike = view.alike(other, space)?;
                        space.intersection(alike, *same)?
                    }
                };
                rest = space.difference(rest, alike)?;
            }
            all = space.union(all, rest)?;
        }
    }
    Ok(all)
}

/// Everything that a state answers otherwise than another, of one kind of difference.
///
/// # Errors
/// The arena is full.
pub fn disagreement(
    space: &mut Space,
    kind: Kind,
    a: &Manner,
    b: &Manner,
) -> Result<Set, SpaceFull> {
    let mut all = Set::EMPTY;
    for (x, y) in [
        (a.may.0, b.may.0),
        (b.may.0, a.may.0),
        (a.must.0, b.must.0),
        (b.must.0, a.must.0),
    ] {
        let only = space.difference(x, y)?;
        all = space.union(all, only)?;
    }
    if kind == Kind::Rerouted {
        for (x, y) in [(&a.may_marks, &b.may_marks), (&a.must_marks, &b.must_marks)] {
            let other = differing(space, x, y)?;
            all = space.union(all, other)?;
        }
    }
    Ok(all)
}

/// The segments into which something perhaps arrives in both states.
///
/// # Errors
/// The arena is full.
pub fn doubtful(
    space: &mut Space,
    old: &Manner,
    new: &Manner,
) -> Result<Vec<SegmentId>, SpaceFull> {
    let a = space.difference(old.may.0, old.must.0)?;
    let b = space.difference(new.may.0, new.must.0)?;
    let both = space.intersection(a, b)?;
    let mut out = Vec::new();
    for (to, set) in &new.to {
        if space.intersection(both, *set)? != Set::EMPTY {
            out.push(to.clone());
        }
    }
    Ok(out)
}

/// Appends a set by the segments of arrival.
fn split(
    space: &mut Space,
    out: &mut Vec<Part>,
    (kind, certain, from): (Kind, bool, &SegmentId),
    to: &BTreeMap<SegmentId, Set>,
    set: Set,
) -> Result<(), SpaceFull> {
    for (segment, arrived) in to {
        let set = space.intersection(set, *arrived)?;
        if set != Set::EMPTY {
            out.push(Part {
                kind,
                certain,
                from: from.clone(),
                to: segment.clone(),
                set,
            });
        }
    }
    Ok(())
}
