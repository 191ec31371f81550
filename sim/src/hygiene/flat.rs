//! A list with its chains as one flat list of lines.
//!
//! In: a list, and the sets that its lines match. Out: the lines that decide, each with what of its matches
//! comes to it: a line of a chain once for each way that leads to the chain. The first flat line that matches
//! decides as the list with its chains would. What can go wrong: the arena of packet sets is full, or there
//! are too many ways.

use super::lines::Line;
use super::lists::{Does, Ordered};
use crate::space::{Set, Space, SpaceFull};

/// No list has more flat lines.
const MOST_LINES: usize = 1 << 17;

/// What a line matches, perhaps and certainly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) may: Set,
    pub(super) must: Set,
}

/// Flattens one list.
struct Flat<'f> {
    list: &'f Ordered,
    matches: &'f [Match],
    asked: &'f [bool],
    lines: Vec<(usize, Line)>,
}

/// The flat lines of those that are asked, each with the line it stands for; `None` if there are too many.
///
/// # Errors
/// The arena is full.
pub(super) fn flat(
    space: &mut Space,
    list: &Ordered,
    matches: &[Match],
    asked: &[bool],
) -> Result<Option<Vec<(usize, Line)>>, SpaceFull> {
    let mut flat = Flat {
        list,
        matches,
        asked,
        lines: Vec::new(),
    };
    let all = Match {
        may: Set::FULL,
        must: Set::FULL,
    };
    flat.add(space, 0..list.own, all)?;
    Ok((flat.lines.len() <= MOST_LINES).then_some(flat.lines))
}

impl Flat<'_> {
    /// Adds the lines of a list for the packets that come to it.
    fn add(
        &mut self,
        space: &mut Space,
        lines: std::ops::Range<usize>,
        mut come: Match,
    ) -> Result<(), SpaceFull> {
        for at in lines.filter(|at| self.asked[*at]) {
            if self.lines.len() > MOST_LINES || come.may == Set::EMPTY {
                return Ok(());
            }
            let own = Match {
                may: space.intersection(come.may, self.matches[at].may)?,
                must: space.intersection(come.must, self.matches[at].must)?,
            };
            let entry = &self.list.entries[at];
            match entry.does {
                Does::Jump(chain) => self.add(space, self.list.chains[chain].clone(), own)?,
                Does::Goto(chain) => {
                    self.add(space, self.list.chains[chain].clone(), own)?;
                    come = left(space, come, self.matches[at])?;
                }
                Does::Return => come = left(space, come, self.matches[at])?,
                _ => self.lines.push((
                    at,
                    Line {
                        may: own.may,
                        must: own.must,
                        accept: entry.does == Does::Pass(true),
                        keeps: entry.logs,
                    },
                )),
            }
        }
        Ok(())
    }
}

/// What goes on behind a line that sends its matches elsewhere.
fn left(space: &mut Space, come: Match, gone: Match) -> Result<Match, SpaceFull> {
    Ok(Match {
        may: space.difference(come.may, gone.must)?,
        must: space.difference(come.must, gone.may)?,
    })
}
