//! Which lines are the reason that another does nothing.
//!
//! In: a line of a list. Out: the lines that take, or repeat, what it matches, none of which can be left out;
//! and the packets concerned. What can go wrong: the arena of packet sets is full.

use super::lines::Use;
use super::{Group, Listed};
use crate::space::{Set, Space, SpaceFull};
use std::collections::BTreeSet;

/// Why a line does nothing.
#[derive(Debug, Default)]
pub(super) struct Cause {
    /// The lines that are the reason.
    pub(super) lines: BTreeSet<usize>,
    /// Whether the default is a reason too.
    pub(super) by_default: bool,
    /// The packets concerned.
    pub(super) set: Option<Set>,
}

/// The lines before `at` in its groups that take everything it matches, and, if some of them do otherwise
/// than it, the packets that they decide so.
pub(super) fn takers(
    space: &mut Space,
    listed: &Listed<'_>,
    at: usize,
) -> Result<(Cause, Set), SpaceFull> {
    let (mut cause, mut against) = (Cause::default(), Set::EMPTY);
    for (group, own) in listed.places(at) {
        let earlier: Vec<usize> = (0..own).filter(|l| group.uses[*l] != Use::Taken).collect();
        let cover = cover(space, group, group.lines[own].may, &earlier)?;
        let (otherwise, first) = otherwise(space, listed, group, own, &earlier)?;
        against = space.union(against, otherwise)?;
        let told = cover.iter().any(|l| differs(listed, group, own, *l));
        let all = first.filter(|_| !told).into_iter().chain(cover);
        cause.lines.extend(all.map(|l| group.entries[l]));
    }
    Ok((cause, against))
}

fn differs(listed: &Listed<'_>, group: &Group, one: usize, other: usize) -> bool {
    let does = |l: usize| &listed.list.entries[group.entries[l]].does;
    does(one) != does(other)
}

/// Lines of a group that together certainly match all of `set`, none of which can be left out: one if one
/// will do.
pub(super) fn cover(
    space: &mut Space,
    group: &Group,
    set: Set,
    candidates: &[usize],
) -> Result<Vec<usize>, SpaceFull> {
    let must = |l: &usize| group.lines[*l].must;
    if let Some(one) = candidates.iter().find(|l| space.is_subset(set, must(l))) {
        return Ok(vec![*one]);
    }
    let (mut chosen, mut rest) = (Vec::new(), set);
    for line in candidates {
        if rest == Set::EMPTY {
            break;
        }
        if !space.is_disjoint(rest, must(line)) {
            rest = space.difference(rest, must(line))?;
            chosen.push(*line);
        }
    }
    for i in (0..chosen.len()).rev() {
        let others = chosen.iter().enumerate().filter(|(j, _)| *j != i);
        let others: Vec<Set> = others.map(|(_, l)| must(l)).collect();
        if rest == Set::EMPTY && space.is_covered(set, &others) {
            chosen.remove(i);
        }
    }
    Ok(chosen)
}

/// The packets of a line that lines before it certainly decide, and otherwise than it; with the first of those.
fn otherwise(
    space: &mut Space,
    listed: &Listed<'_>,
    group: &Group,
    own: usize,
    earlier: &[usize],
) -> Result<(Set, Option<usize>), SpaceFull> {
    let (mut rest, mut against, mut first) = (group.lines[own].may, Set::EMPTY, None);
    for line in earlier {
        let must = group.lines[*line].must;
        if rest == Set::EMPTY {
            break;
        }
        if space.is_disjoint(rest, must) {
            continue;
        }
        if differs(listed, group, own, *line) {
            let part = space.intersection(rest, must)?;
            against = space.union(against, part)?;
            first = first.or(Some(*line));
        }
        rest = space.difference(rest, must)?;
    }
    Ok((against, first))
}

/// The lines that do the same with what a line decides, or take the rest of what it matches; and what it
/// decides.
pub(super) fn repeaters(
    space: &mut Space,
    listed: &Listed<'_>,
    at: usize,
) -> Result<Cause, SpaceFull> {
    let (mut cause, mut all) = (Cause::default(), Set::EMPTY);
    for (group, own) in listed.places(at) {
        if group.uses[own] == Use::Taken {
            continue;
        }
        let mut rest = left(space, group.lines[own].may, &group.before[own])?;
        all = space.union(all, rest)?;
        for line in own + 1..group.lines.len() {
            let must = group.lines[line].must;
            let same = !differs(listed, group, own, line) && group.uses[line] == Use::Needed;
            if same && !space.is_disjoint(rest, must) {
                cause.lines.insert(group.entries[line]);
                rest = space.difference(rest, must)?;
            }
        }
        cause.by_default |= rest != Set::EMPTY;
    }
    cause.set = Some(all);
    Ok(cause)
}

/// What of a set none of the others takes.
pub(super) fn left(space: &mut Space, set: Set, others: &[Set]) -> Result<Set, SpaceFull> {
    others
        .iter()
        .try_fold(set, |rest, other| space.difference(rest, *other))
}
