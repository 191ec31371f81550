//! Hygiene: lines of ordered lists that could go, or let less pass.
//!
//! In: a state, compiled. Out: findings on its filters, translations, policy routes and proxy rules: lines
//! that others shadow, lines without which nothing changes, lines that nothing arrives for, and lines that
//! let far more pass than is needed. What can go wrong: the arena of packet sets is full.
//!
//! Every claim is exact and certain: it holds for every packet, and whatever the truth of conditions may be
//! that cannot be judged offline. Any of the lines called shadowed or redundant can be taken away, or all of
//! them together, and no packet is decided otherwise.
//!
//! Modules in reading order: [`lines`] (which lines do nothing), `lists` (the lists of a state), `flat` (chains as one list), `meet` (what
//! arrives where), `need` (what of it is needed), `cause` (which lines are the reason), `wide` (which lines restrict too little), `tell`.

mod cause;
mod flat;
pub mod lines;
mod lists;
mod meet;
mod need;
mod tell;
#[cfg(test)]
mod tests;
mod wide;

use crate::plane::condition::{Bound, Rewrite};
use crate::plane::sets::Sets;
use crate::plane::view::View;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Field, Set, Space, SpaceFull};
use flat::{Match, flat};
use lines::{Before, Line, Use, taken, uses};
use lists::{Does, Entry, Ordered, lists};
use meet::{Meetings, meetings};
use std::collections::BTreeMap;
use tell::Teller;
use utsushi_model::finding::{Finding, ListKind};
use utsushi_model::migration::{Migration, State};

/// Packets that are held against the same lines, and those lines.
struct Group {
    /// The flat lines, each with the line of the list that it stands for.
    entries: Vec<usize>,
    lines: Vec<Line>,
    uses: Vec<Use>,
    /// For every line that is not taken, what lines before it take.
    before: Before,
    /// What arrives.
    arriving: Set,
    /// What of that is needed.
    needed: Set,
}

/// A list, judged.
struct Listed<'o> {
    list: &'o Ordered,
    /// What each line matches.
    matches: Vec<Match>,
    groups: Vec<Group>,
    /// Where each line stands.
    stands: Vec<Vec<(usize, usize)>>,
}

impl Listed<'_> {
    /// Where a line stands: the groups, each with the positions among its flat lines.
    fn places(&self, at: usize) -> impl Iterator<Item = (&Group, usize)> {
        let stands = self.stands[at].iter();
        stands.map(|(group, own)| (&self.groups[*group], *own))
    }
}

/// For every line its groups, each with a position among the group's flat lines.
fn stands(count: usize, groups: &[Group]) -> Vec<Vec<(usize, usize)>> {
    let mut stands = vec![Vec::new(); count];
    for (at, group) in groups.iter().enumerate() {
        for (own, entry) in group.entries.iter().enumerate() {
            stands[*entry].push((at, own));
        }
    }
    stands
}

/// Every finding on the lists of a state.
///
/// # Errors
/// The arena of packet sets is full.
pub fn state(
    migration: &Migration,
    plane: &Plane,
    state: &State,
) -> Result<Vec<Finding>, SpaceFull> {
    let mut sets = Sets::new(plane, Bound::May);
    let wanted = need::starts(&mut sets, migration, state)?;
    findings(&mut sets, &wanted, state.index)
}

/// The same of a network of which nobody says what is needed.
///
/// # Errors
/// The arena of packet sets is full.
pub fn network(plane: &Plane) -> Result<Vec<Finding>, SpaceFull> {
    findings(&mut Sets::new(plane, Bound::May), &BTreeMap::new(), 0)
}

fn findings(
    sets: &mut Sets<'_>,
    wanted: &BTreeMap<SegmentIx, Set>,
    state: usize,
) -> Result<Vec<Finding>, SpaceFull> {
    let lists = lists(sets.plane);
    let all = everything(sets)?;
    let arriving = meetings(sets, &all)?;
    let needed = meetings(sets, wanted)?;
    let mut findings = Vec::new();
    for list in &lists {
        let Some(listed) = listed(sets, list, &arriving, &needed)? else {
            continue;
        };
        let mut teller = Teller {
            sets: &mut *sets,
            listed: &listed,
            state,
        };
        for at in 0..list.entries.len() {
            findings.extend(teller.line(at)?);
        }
    }
    Ok(both_ways(&findings, &lists))
}

/// Every header that members of each segment can send.
fn everything(sets: &mut Sets<'_>) -> Result<BTreeMap<SegmentIx, Set>, SpaceFull> {
    let headers = sets.headers()?;
    let mut starts = BTreeMap::new();
    for segment in (0..sets.plane.segments.len()).map(SegmentIx) {
        let own = sets.members(segment, Field::Src)?;
        starts.insert(segment, sets.space.intersection(headers, own)?);
    }
    Ok(starts)
}

/// A list as sets, judged; `None` if its chains lead to too many lines.
fn listed<'o>(
    sets: &mut Sets<'_>,
    list: &'o Ordered,
    arriving: &Meetings,
    needed: &Meetings,
) -> Result<Option<Listed<'o>>, SpaceFull> {
    let mut matches = Vec::with_capacity(list.entries.len());
    for entry in &list.entries {
        let workable = workable(sets, &entry.does)?;
        let may = sets.condition(&entry.condition, Bound::May)?;
        let must = sets.condition(&entry.condition, Bound::Must)?;
        matches.push(Match {
            may: sets.space.intersection(may, workable)?,
            must: sets.space.intersection(must, workable)?,
        });
    }
    let arriving = by_group(sets, list, arriving)?;
    let needed = by_group(sets, list, needed)?;
    let mut groups = Vec::with_capacity(arriving.len());
    for (group, asked) in list.groups.asked.iter().enumerate() {
        let Some(flat) = flat(&mut sets.space, list, &matches, asked)? else {
            return Ok(None);
        };
        let (entries, lines): (Vec<usize>, Vec<Line>) = flat.into_iter().unzip();
        let (uses, before) = match list.default {
            Does::Pass(default) => uses(&mut sets.space, &lines, default)?,
            _ => judged(&mut sets.space, list, &entries, &lines)?,
        };
        groups.push(Group {
            entries,
            lines,
            uses,
            before,
            arriving: arriving[group],
            needed: needed[group],
        });
    }
    Ok(Some(Listed {
        list,
        matches,
        stands: stands(list.entries.len(), &groups),
        groups,
    }))
}

/// What arrives at a list, by groups.
fn by_group(
    sets: &mut Sets<'_>,
    list: &Ordered,
    meetings: &Meetings,
) -> Result<Vec<Set>, SpaceFull> {
    let mut out = vec![Set::EMPTY; list.groups.asked.len()];
    for (pair, set) in meetings.of(list.key) {
        if let Some(group) = list.groups.seen(pair) {
            out[group] = sets.space.union(out[group], set)?;
        }
    }
    Ok(out)
}

/// The headers that a line can work on: a translation into IPv4 passes IPv6 packets by.
fn workable(sets: &mut Sets<'_>, does: &Does) -> Result<Set, SpaceFull> {
    let Does::Translate(rewrite) = does else {
        return Ok(Set::FULL);
    };
    let mut all = Set::EMPTY;
    for (_, usable) in View::start().after(rewrite) {
        let part = match usable {
            Some((field, values)) => sets.space.field(field, &[values])?,
            None => Set::FULL,
        };
        all = sets.space.union(all, part)?;
    }
    Ok(all)
}

/// [`uses`] for lists whose lines do more than let pass or not: a line's equals are the lines that do the
/// same as it.
fn judged(
    space: &mut Space,
    list: &Ordered,
    entries: &[usize],
    lines: &[Line],
) -> Result<(Vec<Use>, Before), SpaceFull> {
    let does = |at: usize| &list.entries[entries[at]].does;
    let (mut uses, before) = taken(space, lines)?;
    for at in (0..lines.len()).rev() {
        if uses[at] == Use::Taken {
            continue;
        }
        // As in `lines`: a useless line behind it counts only where it would do otherwise.
        let mut blocks = Vec::new();
        for later in at + 1..lines.len() {
            let same = does(later) == does(at);
            let set = match (same, uses[later]) {
                (false, _) => lines[later].may,
                (true, Use::Needed) => lines[later].must,
                (true, _) => continue,
            };
            blocks.push(space.block(set, same)?);
        }
        let default = list.default == *does(at);
        if space.is_excused_or_decided(lines[at].may, &before[at], &blocks, (true, default)) {
            uses[at] = Use::Repeated;
        }
    }
    Ok((uses, before))
}

/// A translation that keeps packets as they are stands in two lists: it is told of only if it is useless in
/// both, and once.
fn both_ways(findings: &[Finding], lists: &[Ordered]) -> Vec<Finding> {
    let keeps = |e: &Entry| e.does == Does::Translate(Rewrite::Keep);
    let nat = |l: &&Ordered| matches!(l.kind, ListKind::DestinationNat | ListKind::SourceNat);
    let kept: Vec<_> = lists
        .iter()
        .filter(nat)
        .flat_map(|l| l.entries.iter().filter(|e| keeps(e)).map(|e| &e.place))
        .collect();
    let mut out: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |f: &&Finding| f.place == finding.place;
        let twice = findings.iter().filter(same).count() > 1;
        let told = out.iter().any(|f| f.place == finding.place);
        if !kept.contains(&&finding.place) || (twice && !told) {
            out.push(finding.clone());
        }
    }
    out
}
