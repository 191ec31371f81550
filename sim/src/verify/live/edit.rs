//! Edits of filter lines, and what they do to what a filter lets pass.
//!
//! Goes in: a list of lines as sets, and one that changes. Comes out: the few headers that it decides. What
//! can go wrong: the arena is full.

use crate::plane::condition::{Act, Bound, RuleStep};
use crate::plane::sets::Sets;
use crate::space::{Field, Set, Space, SpaceFull};

/// A change to one line of a filter.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Puts a line at a position, or at the end if there are fewer.
    Insert(usize, RuleStep),
    /// Takes the line at a position away.
    Remove(usize),
    /// Puts a line in the place of another.
    Replace(usize, RuleStep),
}

impl Edit {
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Insert(at, _) | Self::Remove(at) | Self::Replace(at, _) => *at,
        }
    }

    pub(super) fn line(&self) -> Option<&RuleStep> {
        match self {
            Self::Insert(_, line) | Self::Replace(_, line) => Some(line),
            Self::Remove(_) => None,
        }
    }

    /// Applies the change to a list; gives back what stood there and went. A position that is not there
    /// changes nothing.
    pub(super) fn apply<T>(&self, list: &mut Vec<T>, line: Option<T>) -> Option<T> {
        match (self, line) {
            (Self::Insert(at, _), Some(line)) => {
                list.insert((*at).min(list.len()), line);
                None
            }
            (Self::Replace(at, _), Some(line)) if *at < list.len() => {
                Some(std::mem::replace(&mut list[*at], line))
            }
            (Self::Remove(at), _) if *at < list.len() => Some(list.remove(*at)),
            _ => None,
        }
    }
}

/// A line of a filter, as a set of headers and whether it lets them pass.
pub(super) type Line = (Set, bool);

/// Whether what a line decides hangs on the header alone.
pub(super) fn is_plain(rule: &RuleStep) -> bool {
    let decides = matches!(rule.act, Act::Allow | Act::Deny);
    decides && rule.condition.incoming.is_none() && rule.condition.outgoing.is_none()
}

/// A line as the first packet of a session sees it, with doubts resolved towards passing: at most what it
/// matches, or for a line that stops packets at least.
pub(super) fn line(sets: &mut Sets<'_>, rule: &RuleStep) -> Result<Line, SpaceFull> {
    let set = match (rule.session.holds(false), rule.act) {
        (false, _) => Set::EMPTY,
        (true, Act::Deny) => sets.condition(&rule.condition, Bound::Must)?,
        (true, _) => sets.condition(&rule.condition, Bound::May)?,
    };
    Ok((set, rule.act == Act::Allow))
}

pub(super) fn lines_of(sets: &mut Sets<'_>, filter: usize) -> Result<Vec<Line>, SpaceFull> {
    let plane = sets.plane;
    let rules = plane.filters[filter].rules.iter();
    rules.map(|rule| line(sets, rule)).collect()
}

/// What of some headers a list lets pass.
pub(super) fn decide(
    space: &mut Space,
    mut rest: Set,
    lines: &[Line],
    default: bool,
) -> Result<Set, SpaceFull> {
    let mut passing = Vec::new();
    for (set, allow) in lines {
        if rest == Set::EMPTY {
            break;
        }
        if *allow {
            passing.push(space.intersection(rest, *set)?);
        }
        rest = space.difference(rest, *set)?;
    }
    if default {
        passing.push(rest);
    }
    space.union_all(&passing)
}

/// The headers as sent that may show themselves as one of these on the wire: those that differ from it only
/// in fields that some node of the plane rewrites.
pub(super) fn as_sent(sets: &mut Sets<'_>, wire: Set) -> Result<Set, SpaceFull> {
    let nodes = &sets.plane.nodes;
    let mut rewritten = Vec::new();
    if nodes.iter().any(|n| !n.source_nat.is_empty()) {
        rewritten.extend([Field::Src, Field::SrcPort]);
    }
    if nodes.iter().any(|n| !n.destination_nat.is_empty()) {
        rewritten.extend([Field::Dst, Field::DstPort]);
    }
    let mut sent = wire;
    for field in rewritten {
        sent = sets.space.forget(sent, field)?;
    }
    Ok(sent)
}
/// What an edit does to a filter.
pub(super) struct Effect {
    /// Headers on the wire on which the filter may decide otherwise now.
    pub(super) differs: Set,
    /// Headers on the wire that were decided anew, and those of them that pass now.
    pub(super) decided: Set,
    pub(super) passing: Set,
}
