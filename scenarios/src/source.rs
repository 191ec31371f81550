//! The texts a scenario was read from, and where in them something stands.
//!
//! Goes in: file names and texts. Comes out: [`Sources`] for excerpts, and [`Place`]s for slices of a
//! [`Piece`]: a file, or a text that a series wrote out of a part of a file. Slices are located by their
//! address, so a place costs nothing until it is asked for. Nothing can go wrong.

use std::ops::Range;
use std::sync::Arc;
use utsushi_model::place::Place;

/// How many bytes lie between two counts of characters.
const STRIDE: usize = 512;

/// The text of every file that was read, in the order of reading.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<File>,
}

#[derive(Debug, Clone)]
struct File {
    name: Arc<str>,
    text: Arc<str>,
    /// Offsets at which lines begin.
    lines: Vec<usize>,
    /// Characters before every `STRIDE`-th byte, so that a long line costs no more than a short one.
    counts: Vec<usize>,
}

impl Sources {
    /// The text of a file by the name that places carry; line ends are `\n`, without byte order mark.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.position(name).map(|at| self.text(at))
    }

    /// The same with the files of others behind them, as far as their names are new.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        let new = |file: &File| self.position(&file.name).is_none();
        let others: Vec<File> = others.files.into_iter().filter(new).collect();
        self.files.extend(others);
        self
    }

    /// Names and texts in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|file| (&*file.name, &*file.text))
    }

    /// The position of a file in the order of reading.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|file| &*file.name == name)
    }

    pub(crate) fn push(&mut self, name: &str, text: &str) -> usize {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let mut counts = Vec::new();
        for (count, (at, _)) in text.char_indices().enumerate() {
            while counts.len() * STRIDE <= at {
                counts.push(count);
            }
        }
        self.files.push(File {
            name: Arc::from(name),
            text: Arc::from(text),
            lines: lines.collect(),
            counts,
        });
        self.files.len() - 1
    }

    pub(crate) fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    pub(crate) fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.name)
    }

    /// The offset at which a place begins.
    pub(crate) fn offset(&self, file: usize, place: &Place) -> Option<usize> {
        let file = self.files.get(file)?;
        let line = usize::try_from(place.line.checked_sub(1)?).ok()?;
        let start = *file.lines.get(line)?;
        let column = usize::try_from(place.column.checked_sub(1)?).ok()?;
        let rest = &file.text[start..];
        let behind = rest.char_indices().nth(column).map(|(at, _)| at);
        Some(start + behind.unwrap_or(rest.len()))
    }

    /// The place of a range of bytes; only its first line counts for the length.
    pub(crate) fn place(&self, file: usize, range: Range<usize>) -> Place {
        let Some(file) = self.files.get(file) else {
            return Place::nowhere();
        };
        let start = range.start.min(file.text.len());
        let line = file.lines.partition_point(|at| *at <= start).max(1);
        let behind = file
            .lines
            .get(line)
            .map_or(file.text.len(), |next| next - 1);
        let end = range.end.clamp(start, behind.max(start));
        let before = file.characters(start);
        let column = before - file.characters(file.lines[line - 1]);
        Place {
            file: Arc::clone(&file.name),
            line: small(line),
            column: small(column + 1),
            length: small(file.characters(end) - before).max(1),
        }
    }
}

impl File {
    /// How many characters begin before this offset.
    fn characters(&self, offset: usize) -> usize {
        // The last count taken at or before the offset; it counts characters that begin before its byte.
        let mark = (offset / STRIDE).min(self.counts.len().saturating_sub(1));
        let known = self.counts.get(mark).copied().unwrap_or(0);
        let from = mark * STRIDE;
        let text = self.text.as_bytes().get(from..offset).unwrap_or_default();
        known + text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A text to be parsed: a whole file, or a part of one written out with a variable put in.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Index of the file in [`Sources`].
    pub(crate) file: usize,
    /// The text to be parsed.
    pub(crate) text: String,
    /// Where each stretch of the text comes from, in order.
    pub(crate) stretches: Vec<Stretch>,
}

/// A stretch of a piece: from `at` on, the text was copied from, or stands for, bytes of the file.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    /// Offset in the piece.
    pub(crate) at: usize,
    /// The bytes of the file it comes from.
    pub(crate) from: Range<usize>,
    /// Whether the bytes are the same (else something was put in for them).
    pub(crate) copied: bool,
}

impl Piece {
    /// A whole file.
    pub(crate) fn whole(file: usize, text: String) -> Self {
        let all = Stretch {
            at: 0,
            from: 0..text.len(),
            copied: true,
        };
        Self {
            file,
            text,
            stretches: vec![all],
        }
    }

    /// Whether a series wrote it.
    pub(crate) fn is_written_out(&self) -> bool {
        self.stretches.len() > 1 || self.stretches.iter().any(|s| s.from.start > 0)
    }

    /// The bytes of the file that a slice of this piece's text comes from.
    pub(crate) fn origin(&self, slice: &str) -> Range<usize> {
        let start = (slice.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        // A slice of another text has no place here; the start of the file is then as good as any.
        if start > self.text.len() {
            return 0..0;
        }
        let end = (start + slice.len()).min(self.text.len());
        let first = self.stretch(start);
        let last = self.stretch(end.saturating_sub(1).max(start));
        let from = match first.copied {
            true => first.from.start + (start - first.at),
            false => first.from.start,
        };
        let until = match last.copied {
            true => last.from.start + (end - last.at),
            false => last.from.end,
        };
        from..until.max(from)
    }

    fn stretch(&self, offset: usize) -> &Stretch {
        let behind = self.stretches.partition_point(|s| s.at <= offset);
        &self.stretches[behind.max(1) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let mut sources = Sources::default();
        let text = format!("あ{}x\nいy", "漢".repeat(1000));
        let file = sources.push("a.ron", &text);
        let x = text.find('x').unwrap();
        let place = sources.place(file, x..x + 1);
        assert_eq!((place.line, place.column, place.length), (1, 1002, 1));
        let y = text.find('y').unwrap();
        let place = sources.place(file, y..y + 1);
        assert_eq!((place.line, place.column, place.length), (2, 2, 1));
        let all = sources.place(file, 0..text.len());
        assert_eq!((all.line, all.column, all.length), (1, 1, 1002));
    }

    #[test]
    fn every_offset_has_the_place_counted_by_hand() {
        let mut sources = Sources::default();
        let text = "aあ\n\n漢字x\r\n".repeat(120);
        let file = sources.push("a.ron", &text);
        let (mut line, mut column) = (1, 1);
        for (at, letter) in text.char_indices() {
            let place = sources.place(file, at..at + letter.len_utf8());
            assert_eq!((place.line, place.column), (line, column), "at {at}");
            (line, column) = if letter == '\n' {
                (line + 1, 1)
            } else {
                (line, column + 1)
            };
        }
    }
}
