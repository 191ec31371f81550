//! From judged lines to findings.
//!
//! In: a list whose lines are judged. Out: for each line at most one finding: shadowed before redundant before
//! dead before over-wide. What can go wrong: the arena of packet sets is full.

use super::Listed;
use super::cause::{Cause, cover, left, repeaters, takers};
use super::lines::Use;
use super::wide::is_open;
use crate::plane::boxes::packet_box;
use crate::plane::sets::Sets;
use crate::space::{Set, SpaceFull};
use num_bigint::BigUint;
use utsushi_model::finding::{Code, Evidence, Finding, Idle, LineRecord, PacketCount};
use utsushi_model::text::Text;

/// Boxes that a finding on a line lists; more are counted.
const MOST_BOXES: usize = 64;

/// A line is over-wide only if what is needed is less than one part in so many of what it lets pass.
const FAR_MORE: u32 = 1000;

/// Tells of the lines of one list.
pub(super) struct Teller<'t, 's, 'p, 'o> {
    pub(super) sets: &'s mut Sets<'p>,
    pub(super) listed: &'t Listed<'o>,
    /// Index of the state.
    pub(super) state: usize,
}

/// What of a line's finding its kind decides.
#[derive(Default)]
struct Story {
    cause: Cause,
    idle: Option<Idle>,
    needed: Option<Set>,
}

type Told = Result<Option<Finding>, SpaceFull>;

impl Teller<'_, '_, '_, '_> {
    /// The finding on a line, if there is one; none on lines that only send packets to other lines.
    ///
    /// # Errors
    /// The arena is full.
    pub(super) fn line(&mut self, at: usize) -> Told {
        let listed = self.listed;
        if !listed.list.entries[at].does.decides() {
            return Ok(None);
        }
        let mut uses = listed
            .places(at)
            .map(|(group, own)| group.uses[own])
            .peekable();
        if listed.matches[at].may == Set::EMPTY || uses.peek().is_none() {
            return self.dead(at, Idle::Nothing, Cause::default());
        }
        match worst(uses) {
            Use::Taken => self.taken(at),
            Use::Repeated => {
                let cause = repeaters(&mut self.sets.space, listed, at)?;
                let story = Story {
                    cause,
                    ..Story::default()
                };
                self.tell(at, Code::Redundant, &story)
            }
            Use::Needed => self.needed(at),
        }
    }

    fn taken(&mut self, at: usize) -> Told {
        let (mut cause, against) = takers(&mut self.sets.space, self.listed, at)?;
        let (code, set) = match against {
            Set::EMPTY => (Code::Redundant, self.listed.matches[at].may),
            against => (Code::Shadowed, against),
        };
        cause.set = Some(set);
        let story = Story {
            cause,
            ..Story::default()
        };
        self.tell(at, code, &story)
    }

    fn dead(&mut self, at: usize, idle: Idle, mut cause: Cause) -> Told {
        cause.set = Some(self.listed.matches[at].may);
        let story = Story {
            cause,
            idle: Some(idle),
            needed: None,
        };
        self.tell(at, Code::Dead, &story)
    }

    /// A line that is good for some packets: do they arrive, and are they needed?
    fn needed(&mut self, at: usize) -> Told {
        let listed = self.listed;
        let (mut arriving, mut decided, mut needed) = (Set::EMPTY, Set::EMPTY, Set::EMPTY);
        let mut cause = Cause::default();
        let space = &mut self.sets.space;
        for (group, own) in listed.places(at) {
            let here = space.intersection(group.arriving, group.lines[own].may)?;
            arriving = space.union(arriving, here)?;
            let mine = match group.uses[own] {
                Use::Taken => Set::EMPTY,
                _ => left(space, here, &group.before[own])?,
            };
            if mine == Set::EMPTY && here != Set::EMPTY {
                let earlier: Vec<usize> = (0..own).collect();
                let cover = cover(space, group, here, &earlier)?;
                cause.lines.extend(cover.iter().map(|l| group.entries[*l]));
            }
            let used = space.intersection(mine, group.needed)?;
            decided = space.union(decided, mine)?;
            needed = space.union(needed, used)?;
        }
        match (arriving, decided) {
            (Set::EMPTY, _) => self.dead(at, Idle::NoTraffic, Cause::default()),
            (_, Set::EMPTY) => self.dead(at, Idle::TakenBefore, cause),
            _ => self.wide(at, decided, needed),
        }
    }

    /// A line that lets far more pass than is needed.
    fn wide(&mut self, at: usize, decided: Set, needed: Set) -> Told {
        let entry = &self.listed.list.entries[at];
        if entry.does.allow() != Some(true) || !is_open(&entry.condition) {
            return Ok(None);
        }
        let space = &self.sets.space;
        let (all, part) = (space.cardinality(decided), space.cardinality(needed));
        if part * BigUint::from(FAR_MORE) > all {
            return Ok(None);
        }
        let cause = Cause {
            set: Some(decided),
            ..Cause::default()
        };
        let story = Story {
            cause,
            idle: None,
            needed: Some(needed),
        };
        self.tell(at, Code::OverWide, &story)
    }

    fn tell(&mut self, at: usize, code: Code, story: &Story) -> Told {
        let list = self.listed.list;
        let entry = &list.entries[at];
        let record = |at: &usize| LineRecord {
            name: list.entries[*at].name.clone(),
            allow: list.entries[*at].does.allow(),
            place: list.entries[*at].place.clone(),
        };
        let name = format!("`{}` `{}`", list.node, entry.name);
        Ok(Some(Finding {
            code,
            severity: code.severity(),
            first: self.state,
            last: self.state,
            rule: None,
            subject: Text::new(name.clone(), name),
            place: entry.place.clone(),
            evidence: Evidence::Line {
                node: list.node.clone(),
                list: list.kind,
                line: record(&at),
                traffic: self.count(story.cause.set.unwrap_or(Set::EMPTY))?,
                causes: story.cause.lines.iter().map(record).collect(),
                by_default: story.cause.by_default,
                idle: story.idle,
                needed: story.needed.map(|set| self.count(set)).transpose()?,
            },
        }))
    }

    /// Packets as boxes and number, of headers that exist.
    fn count(&mut self, set: Set) -> Result<PacketCount, SpaceFull> {
        let headers = self.sets.headers()?;
        let real = self.sets.space.intersection(set, headers)?;
        let (cubes, more) = self.sets.space.cubes_limited(real, MOST_BOXES);
        Ok(PacketCount {
            headers: self.sets.space.cardinality(real).to_string(),
            boxes: cubes.iter().map(packet_box).collect(),
            complete: !more,
        })
    }
}

/// What a line that stands in several places is good for: needed if it is in one of them.
fn worst(uses: impl Iterator<Item = Use>) -> Use {
    uses.fold(Use::Taken, |all, one| match (all, one) {
        (Use::Needed, _) | (_, Use::Needed) => Use::Needed,
        (Use::Repeated, _) | (_, Use::Repeated) => Use::Repeated,
        (Use::Taken, Use::Taken) => Use::Taken,
    })
}
