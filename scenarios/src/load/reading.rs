//! Reading: every file, pack and matrix of a scenario, and the pieces its series become.
//!
//! Goes in: something that holds files, and the name of the first. Comes out: [`Part`]s in the order in
//! which they count: a file, what its series write out, the files it includes; then the packs. What can go
//! wrong: a file that is missing, too large, not UTF-8, includes itself, or holds nothing that can be mended.

use super::tell;
use crate::files::{Files, Unreadable};
use crate::packs;
use crate::profiles;
use crate::raw::{self, File, Val};
use crate::read::{Log, Reader};
use crate::recover;
use crate::say::{self, Said};
use crate::series;
use crate::source::{Piece, Sources};
use utsushi_model::place::Place;
use utsushi_model::rule::Period;

/// How deep files may include files.
const DEEPEST: usize = 16;
/// How many files a scenario may have.
const MOST_FILES: usize = 1_000;
/// How many bytes all files of a scenario may have together, and all pieces that series write.
const MOST_BYTES: usize = 64 << 20;

/// A piece and how it takes part.
pub(crate) struct Part {
    /// The text.
    pub(crate) piece: Piece,
    /// How it takes part.
    pub(crate) role: Role,
}

/// How a piece takes part.
#[derive(Debug)]
pub(crate) enum Role {
    /// The first file of the scenario.
    Entry,
    /// An included file, or what a series wrote out.
    Section,
    /// A rule pack, with the time in which it applies.
    Pack(Period),
}

/// What a part asks for beside itself.
#[derive(Default)]
struct Asked {
    include: Vec<(String, Place)>,
    matrices: Vec<(String, Place)>,
    packs: Vec<tell::Pack>,
    series: Vec<Piece>,
}

/// A scenario while it is read.
pub(crate) struct Reading<'a> {
    files: &'a dyn Files,
    /// Every text.
    pub(crate) sources: Sources,
    /// Every problem.
    pub(crate) log: Log,
    /// Whether a whole file could not be read, so that any name may be missing.
    pub(crate) incomplete: bool,
    parts: Vec<Part>,
    matrices: Vec<usize>,
    bytes: usize,
    written: usize,
}

impl<'a> Reading<'a> {
    /// Reads everything that belongs to the scenario whose first file is `entry`.
    pub(crate) fn all(files: &'a dyn Files, entry: &str) -> Self {
        let mut reading = Self {
            files,
            sources: Sources::default(),
            log: Log::default(),
            incomplete: false,
            parts: Vec::new(),
            matrices: Vec::new(),
            bytes: 0,
            written: 0,
        };
        let mut packs = Vec::new();
        reading.file(entry, None, &mut Vec::new(), &mut packs);
        for pack in packs {
            reading.pack(entry, pack);
        }
        reading
    }

    /// The parts in the order in which they count.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter()
    }

    /// The matrices, as indices of sources.
    pub(crate) fn matrices(&self) -> impl Iterator<Item = &usize> {
        self.matrices.iter()
    }

    /// Looks at a part, parsed.
    pub(crate) fn view<T>(
        &self,
        part: &Part,
        look: impl FnOnce(&Reader<'_>, &File<'_>) -> T,
    ) -> Option<T> {
        let reader = Reader {
            sources: &self.sources,
            piece: &part.piece,
            log: &self.log,
        };
        let file = raw::parse(&part.piece.text).ok()?;
        Some(look(&reader, &file))
    }

    fn note(&mut self, place: Option<&Place>, said: Said) {
        let nowhere = Place::nowhere();
        self.log.note(said.at(place.unwrap_or(&nowhere)));
    }

    /// Reads the text of a file into the sources; asked for at a place.
    fn text(&mut self, name: &str, asked: Option<&Place>) -> Option<usize> {
        if let Some(there) = self.sources.position(name) {
            return Some(there);
        }
        if name.starts_with(profiles::SCHEME) {
            if let Some(text) = profiles::shipped(name) {
                return Some(self.sources.push(name, text));
            }
            let known: Vec<String> = profiles::paths().collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.incomplete = true;
            self.note(
                asked,
                say::unknown_name(name, ("プロファイル", "profile"), &known),
            );
            return None;
        }
        let said = match self.files.read(name) {
            Ok(bytes) if self.bytes.saturating_add(bytes.len()) > MOST_BYTES => {
                tell::unreadable(name, &Unreadable::TooLarge)
            }
            Ok(bytes) => match decoded(&bytes) {
                Ok(text) => {
                    self.bytes += bytes.len();
                    return Some(self.sources.push(name, &text));
                }
                Err(line) => tell::not_utf8(name, line),
            },
            Err(why) if asked.is_none() => tell::no_scenario(name, &why),
            Err(why) => tell::unreadable(name, &why),
        };
        self.incomplete = true;
        self.note(asked, said);
        None
    }

    /// Reads a file with everything it writes out and includes.
    fn file(
        &mut self,
        name: &str,
        asked: Option<&Place>,
        stack: &mut Vec<String>,
        packs: &mut Vec<tell::Pack>,
    ) {
        if stack.iter().any(|open| open == name) {
            self.note(asked, tell::include_cycle(stack, name));
            return;
        }
        if self.sources.position(name).is_some() {
            return;
        }
        if stack.len() >= DEEPEST || self.parts.len() >= MOST_FILES {
            self.note(asked, tell::too_many_files(DEEPEST, MOST_FILES));
            return;
        }
        let Some(file) = self.text(name, asked) else {
            return;
        };
        let first = stack.is_empty();
        let role = if first { Role::Entry } else { Role::Section };
        let Some(asked) = self.whole(file, role) else {
            return;
        };
        for (path, place) in asked.matrices {
            let found = self.text(&join(name, &path), Some(&place));
            self.matrices.extend(found);
        }
        stack.push(name.to_owned());
        for (path, place) in asked.include {
            self.file(&join(name, &path), Some(&place), stack, packs);
        }
        stack.pop();
        if first {
            packs.extend(asked.packs);
        }
    }

    /// Takes a whole file as a part.
    fn whole(&mut self, file: usize, role: Role) -> Option<Asked> {
        let piece = Piece::whole(file, self.sources.text(file).to_owned());
        let asked = self.part(piece, role);
        self.incomplete |= asked.is_none();
        asked
    }

    /// Mends a piece and keeps it, with the pieces its series become; what it asks for.
    fn part(&mut self, piece: Piece, role: Role) -> Option<Asked> {
        let piece = recover::mend(piece, &self.sources, &self.log)?;
        let part = Part { piece, role };
        let mut asked = self.view(&part, asked).unwrap_or_default();
        self.parts.push(part);
        for piece in std::mem::take(&mut asked.series) {
            self.written = self.written.saturating_add(piece.text.len());
            if self.written > MOST_BYTES {
                let place = self.sources.place(piece.file, piece.origin(&piece.text));
                self.note(Some(&place), series::too_long());
                break;
            }
            self.part(piece, Role::Section);
        }
        Some(asked)
    }

    /// Reads a pack.
    fn pack(&mut self, entry: &str, pack: tell::Pack) {
        let file = match &pack.from {
            tell::From::Shipped(name) => match packs::pack(name) {
                Some(text) => {
                    let shown = format!("packs/{name}.ron");
                    let there = self.sources.position(&shown);
                    Some(there.unwrap_or_else(|| self.sources.push(&shown, text)))
                }
                None => {
                    let names: Vec<&str> = packs::names().collect();
                    let noun = ("ルールパック", "rule pack");
                    self.note(Some(&pack.place), say::unknown_name(name, noun, &names));
                    None
                }
            },
            tell::From::Own(path) => self.text(&join(entry, path), Some(&pack.place)),
        };
        if let Some(file) = file {
            self.whole(file, Role::Pack(pack.period));
        }
    }
}

/// What a parsed part asks for.
fn asked(reader: &Reader<'_>, file: &File<'_>) -> Asked {
    // What a series writes out asks for nothing; that it tries to is told later.
    if reader.piece.is_written_out() {
        return Asked::default();
    }
    let paths = |list: &[Val<'_>]| {
        let path = |value: &Val<'_>| tell::relative_path(reader, *value);
        list.iter().filter_map(path).collect()
    };
    let series = file.series.iter();
    Asked {
        include: paths(&file.include),
        matrices: paths(&file.matrices),
        packs: reader.most(&file.packs, |value| tell::pack(reader, value)),
        series: series
            .flat_map(|value| series::written_out(reader, *value))
            .collect(),
    }
}

/// The text of a file: UTF-8 without byte order mark, lines ended by `\n`; else the line of the first
/// byte that is no UTF-8.
fn decoded(bytes: &[u8]) -> Result<String, usize> {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            Ok(text.replace("\r\n", "\n"))
        }
        Err(error) => {
            let valid = &bytes[..error.valid_up_to()];
            Err(valid.split(|byte| *byte == b'\n').count())
        }
    }
}

/// The path of a file that the file `base` names `path`, without `.` and `..` where possible.
pub(crate) fn join(base: &str, path: &str) -> String {
    if path.starts_with(profiles::SCHEME) {
        return path.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rooted = base.starts_with('/') || (base.is_empty() && path.starts_with('/'));
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_shortened() {
        assert_eq!(join("a/b/scenario.ron", "x.ron"), "a/b/x.ron");
        assert_eq!(join("a/b/scenario.ron", "../c/x.ron"), "a/c/x.ron");
        assert_eq!(join("scenario.ron", "../x.ron"), "../x.ron");
        assert_eq!(join("../a/scenario.ron", "../../x.ron"), "../../x.ron");
        assert_eq!(join("/a/scenario.ron", "x.ron"), "/a/x.ron");
        assert_eq!(join("", "./a//scenario.ron"), "a/scenario.ron");
    }

    #[test]
    fn marks_and_line_ends_are_made_alike() {
        assert_eq!(decoded("\u{feff}(\r\n)".as_bytes()).as_deref(), Ok("(\n)"));
        assert_eq!(decoded(b"a\nb\n\x82\xa0"), Err(3));
    }
}
