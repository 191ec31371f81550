//! Which lines of an ordered list do nothing.
//!
//! In: lines as sets of headers, in order. Out: for every line whether it is needed. What can go wrong: the arena of packet sets is full.
//!
//! Where a line cannot be judged offline it has two bounds. A line is called useless only if it is whatever
//! the truth may be: everything it *perhaps* matches is held against what others *certainly* match.

use crate::space::{Block, Set, Space, SpaceFull};

/// A line of an ordered list.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// The headers it perhaps matches.
    pub may: Set,
    /// The headers it certainly matches.
    pub must: Set,
    /// Whether it lets a match pass.
    pub accept: bool,
    /// Whether it does something beside deciding, such as logging, that no line behind it would do.
    pub keeps: bool,
}

/// What a line is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Some packet is decided by it, and would be decided otherwise without it.
    Needed,
    /// Lines before it take everything it matches.
    Taken,
    /// What it decides would be decided alike without it, by lines behind it or by the default.
    Repeated,
}

/// Sets that are united when their number doubles, so that n of them are never more than log n.
#[derive(Debug, Clone)]
struct Counter<T> {
    parts: Vec<(u32, T)>,
}

impl<T: Copy> Counter<T> {
    /// Nothing yet.
    fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Adds one; `join` makes one of an older and a newer part.
    fn push(
        &mut self,
        one: T,
        mut join: impl FnMut(T, T) -> Result<T, SpaceFull>,
    ) -> Result<(), SpaceFull> {
        let (mut rank, mut whole) = (0, one);
        while let Some((_, older)) = self.parts.pop_if(|(r, _)| *r == rank) {
            whole = join(older, whole)?;
            rank += 1;
        }
        self.parts.push((rank, whole));
        Ok(())
    }

    /// The parts, oldest first.
    fn parts(&self) -> Vec<T> {
        self.parts.iter().map(|(_, part)| *part).collect()
    }
}

/// What every line is good for, where `default` is what becomes of a packet that no line matches; and what lines
/// before each needed line take, as a few sets. Any choice of lines that are not needed can be left out.
///
/// # Errors
/// The arena is full.
pub fn uses(
    space: &mut Space,
    lines: &[Line],
    default: bool,
) -> Result<(Vec<Use>, Before), SpaceFull> {
    let (mut uses, before) = taken(space, lines)?;
    repeated(space, lines, &before, default, &mut uses)?;
    Ok((uses, before))
}

/// For every line what lines before it take, as a few sets; nothing for lines that are taken.
pub type Before = Vec<Vec<Set>>;

/// Lines that are taken by those before them, and for the others what is.
pub(super) fn taken(space: &mut Space, lines: &[Line]) -> Result<(Vec<Use>, Before), SpaceFull> {
    let mut counter = Counter::new();
    let mut uses = Vec::with_capacity(lines.len());
    let mut before = Before::with_capacity(lines.len());
    for line in lines {
        let parts = counter.parts();
        if space.is_covered(line.may, &parts) {
            uses.push(Use::Taken);
            before.push(Vec::new());
            continue;
        }
        // CORRECTNESS: a line that is taken adds nothing to what is taken.
        counter.push(line.must, |a, b| space.union(a, b))?;
        uses.push(Use::Needed);
        before.push(parts);
    }
    Ok((uses, before))
}

/// Marks lines without which the rest decides alike, from the last to the first.
///
/// CORRECTNESS: each is held against the lines behind it that stay. A useless line behind it may stay as well as
/// go, so it counts where it would do otherwise and does not where it would do the same. Hence any choice
/// of useless lines can go: a packet that loses its line comes to one, or to the default, that does the same.
fn repeated(
    space: &mut Space,
    lines: &[Line],
    before: &Before,
    default: bool,
    uses: &mut [Use],
) -> Result<(), SpaceFull> {
    // Newest first, so a later push is an earlier line.
    let mut behind = Counter::<[Block; 2]>::new();
    for (at, line) in lines.iter().enumerate().rev() {
        if uses[at] == Use::Needed && !line.keeps {
            let parts = behind.parts();
            let blocks = parts.iter().rev().map(|b| b[usize::from(line.accept)]);
            let blocks: Vec<Block> = blocks.collect();
            let same = (line.accept, default);
            if space.is_excused_or_decided(line.may, &before[at], &blocks, same) {
                uses[at] = Use::Repeated;
            }
        }
        let block = seen_from_before(space, line, uses[at])?;
        behind.push(block, |later, earlier| {
            Ok([
                space.chain(earlier[0], later[0])?,
                space.chain(earlier[1], later[1])?,
            ])
        })?;
    }
    Ok(())
}

/// What denying lines before it count on from a line, and what accepting ones do: where it does the same as
/// they, no more than it certainly matches; where it does otherwise, all that it perhaps matches.
fn seen_from_before(space: &mut Space, line: &Line, own: Use) -> Result<[Block; 2], SpaceFull> {
    let mut blocks = [Block::EMPTY; 2];
    for (asks, block) in [false, true].into_iter().zip(&mut blocks) {
        let set = match (asks == line.accept, own) {
            (false, _) => line.may,
            (true, Use::Needed) => line.must,
            (true, _) => continue,
        };
        *block = space.block(set, line.accept)?;
    }
    Ok(blocks)
}
