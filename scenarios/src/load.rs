//! From a folder to a migration: the whole way on one page.
//!
//! Goes in: the path of a scenario. Comes out: a [`Migration`] and the texts it was read from, or every
//! problem. The way: read files → mend what cannot be parsed → write out series → lower → matrices → apply
//! the plan. Later passes run although earlier ones found problems, on what could be read.

mod tell;

use crate::files::{Disk, Files, Unreadable};
use crate::lower::{Gathered, demand, matrix, plan};
use crate::packs;
use crate::raw::{self, File, Val};
use crate::read::{Log, Reader};
use crate::recover;
use crate::say::{self, Said};
use crate::series;
use crate::source::{Piece, Sources};
use std::path::Path;
use utsushi_model::change::{Item, Verb};
use utsushi_model::migration::{Migration, Start};
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::rule::Period;

/// How deep files may include files.
const DEEPEST: usize = 16;
/// How many files a scenario may have.
const MOST_FILES: usize = 1_000;
/// How many bytes all files of a scenario may have together.
const MOST_BYTES: usize = 64 << 20;

/// A scenario without mistakes.
#[derive(Debug)]
pub struct Loaded {
    /// The migration; every step of it applies.
    pub migration: Migration,
    /// The texts it was read from.
    pub sources: Sources,
}

/// A scenario with mistakes.
#[derive(Debug)]
pub struct Failed {
    /// Every mistake, in the order of files and lines.
    pub problems: Vec<Problem>,
    /// The texts they are in.
    pub sources: Sources,
}

/// Loads a scenario from the disk: a folder with `scenario.ron`, or that file.
///
/// # Errors
/// Every mistake in it; a folder or file that cannot be read is one of them.
pub fn load(path: impl AsRef<Path>) -> Result<Loaded, Failed> {
    let path = path.as_ref();
    let shown = path.to_string_lossy().replace('\\', "/");
    let entry = match path.is_dir() {
        true => join(&format!("{shown}/"), "scenario.ron"),
        false => join("", &shown),
    };
    load_from(&Disk, &entry)
}

/// Loads a scenario whose first file is `entry`.
///
/// # Errors
/// Every mistake in it.
pub fn load_from(files: &dyn Files, entry: &str) -> Result<Loaded, Failed> {
    let mut reading = Reading {
        files,
        sources: Sources::default(),
        log: Log::default(),
        parts: Vec::new(),
        matrices: Vec::new(),
        incomplete: false,
        bytes: 0,
    };
    reading.file(entry, None, &mut Vec::new());
    reading.packs();
    reading.matrices();
    reading.finish()
}

/// A piece and how it takes part.
struct Part {
    piece: Piece,
    role: Role,
}

/// How a piece takes part.
enum Role {
    /// The first file of the scenario.
    Entry,
    /// An included file, or what a series wrote out.
    Section,
    /// A rule pack, with the time in which it applies.
    Pack(Period),
}

/// A scenario while it is read.
struct Reading<'a> {
    files: &'a dyn Files,
    sources: Sources,
    log: Log,
    parts: Vec<Part>,
    /// Files of matrices, as indices of sources.
    matrices: Vec<usize>,
    /// Whether a whole file could not be read, so that any name may be missing.
    incomplete: bool,
    bytes: usize,
}

impl Reading<'_> {
    fn note(&mut self, place: Option<&Place>, said: Said) {
        let nowhere = Place::nowhere();
        self.log.note(said.at(place.unwrap_or(&nowhere)));
    }

    /// Reads the text of a file into the sources; asked for at a place.
    fn text(&mut self, name: &str, asked: Option<&Place>) -> Option<usize> {
        let read = self.files.read(name);
        let said = match read {
            Ok(bytes) if self.bytes + bytes.len() > MOST_BYTES => {
                tell::unreadable(name, &Unreadable::TooLarge)
            }
            Ok(bytes) => match decoded(&bytes) {
                Ok(text) => {
                    self.bytes += bytes.len();
                    return Some(self.sources.push(name, &text));
                }
                Err(lines) => tell::not_utf8(name, lines),
            },
            Err(why) => tell::unreadable(name, &why),
        };
        self.incomplete = true;
        self.note(asked, said);
        None
    }

    /// Reads a file with everything it includes and writes out.
    fn file(&mut self, name: &str, asked: Option<&Place>, stack: &mut Vec<String>) {
        if stack.iter().any(|open| open == name) {
            self.note(asked, tell::include_cycle(stack, name));
            return;
        }
        if self.sources.position(name).is_some() {
            return;
        }
        let deep = stack.len() >= DEEPEST || self.parts.len() >= MOST_FILES;
        if deep {
            self.note(asked, tell::too_many_files(DEEPEST, MOST_FILES));
            return;
        }
        let Some(file) = self.text(name, asked) else {
            return;
        };
        let role = match stack.is_empty() {
            true => Role::Entry,
            false => Role::Section,
        };
        let Some(at) = self.part(Piece::whole(file, self.sources.text(file).to_owned()), role)
        else {
            self.incomplete = true;
            return;
        };
        self.write_out(at);
        stack.push(name.to_owned());
        for (path, place) in self.paths(at, |file| &file.include) {
            self.file(&join(name, &path), Some(&place), stack);
        }
        stack.pop();
    }

    /// Mends a piece and keeps it; the index of its part.
    fn part(&mut self, piece: Piece, role: Role) -> Option<usize> {
        let piece = recover::mend(piece, &self.sources, &self.log)?;
        self.parts.push(Part { piece, role });
        Some(self.parts.len() - 1)
    }

    /// Writes out the series of a part.
    fn write_out(&mut self, at: usize) {
        let written: Vec<Piece> = self
            .view(at, |reader, file| {
                let each = file.series.iter();
                each.flat_map(|value| series::written_out(reader, *value))
                    .collect()
            })
            .unwrap_or_default();
        for piece in written {
            self.part(piece, Role::Section);
        }
    }

    /// Looks at a part, parsed.
    fn view<T>(&self, at: usize, look: impl FnOnce(&Reader<'_>, &File<'_>) -> T) -> Option<T> {
        let piece = &self.parts.get(at)?.piece;
        let reader = Reader {
            sources: &self.sources,
            piece,
            log: &self.log,
        };
        let file = raw::parse(&piece.text).ok()?;
        Some(look(&reader, &file))
    }

    /// The paths in a list of a part, with their places; paths that lead out are told and left out.
    fn paths(
        &self,
        at: usize,
        list: impl for<'f, 'v> FnOnce(&'f File<'v>) -> &'f Vec<Val<'v>>,
    ) -> Vec<(String, Place)> {
        self.view(at, |reader, file| {
            let values = list(file).iter();
            values
                .filter_map(|value| tell::relative_path(reader, *value))
                .collect()
        })
        .unwrap_or_default()
    }

    /// Reads the packs that the scenario asks for.
    fn packs(&mut self) {
        let asked = self
            .view(0, |reader, file| {
                reader.most(&file.packs, |value| tell::pack(reader, value))
            })
            .unwrap_or_default();
        let entry = self.sources.name(0).to_owned();
        for pack in asked {
            let file = match &pack.from {
                tell::From::Shipped(name) => {
                    let Some(text) = packs::pack(name) else {
                        let names: Vec<&str> = packs::names().collect();
                        let noun = ("規則パック", "rule pack");
                        let said = say::unknown_name(name, noun, &names);
                        self.note(Some(&pack.place), said);
                        continue;
                    };
                    Some(self.sources.push(&format!("packs/{name}.ron"), text))
                }
                tell::From::Own(path) => self.text(&join(&entry, path), Some(&pack.place)),
            };
            if let Some(file) = file {
                let piece = Piece::whole(file, self.sources.text(file).to_owned());
                self.part(piece, Role::Pack(pack.period));
            }
        }
    }

    /// Reads the texts of the matrices.
    fn matrices(&mut self) {
        for at in 0..self.parts.len() {
            let base = self.sources.name(self.parts[at].piece.file).to_owned();
            for (path, place) in self.paths(at, |file| &file.matrices) {
                let found = self.text(&join(&base, &path), Some(&place));
                self.matrices.extend(found);
            }
        }
    }

    /// Lowers everything and applies the plan.
    fn finish(self) -> Result<Loaded, Failed> {
        let mut gathered = Gathered::default();
        for at in 0..self.parts.len() {
            self.view(at, |reader, file| gathered.read_curves(reader, file));
        }
        for at in 0..self.parts.len() {
            self.view(at, |reader, file| {
                self.lower(at, reader, file, &mut gathered);
            });
        }
        let known = known(&gathered);
        for file in &self.matrices {
            for demand in matrix::read(&self.sources, *file, &self.log, &known) {
                crate::lower::add(&self.log, &mut gathered.requirements.demands, demand);
            }
        }
        self.judge(gathered)
    }

    fn lower<'a>(&self, at: usize, reader: &Reader<'a>, file: &File<'a>, gathered: &mut Gathered) {
        match &self.parts[at].role {
            Role::Entry => self.head(reader, file, gathered),
            Role::Section => tell::only_sections(reader, file),
            Role::Pack(period) => {
                tell::only_sections(reader, file);
                let mut pack = Gathered::default();
                pack.read(reader, file);
                for rule in pack.requirements.rules.iter() {
                    let mut rule = rule.clone();
                    let own = std::mem::take(&mut rule.period);
                    rule.period = Period {
                        from: own.from.or_else(|| period.from.clone()),
                        until: own.until.or_else(|| period.until.clone()),
                    };
                    crate::lower::add(&self.log, &mut gathered.requirements.rules, rule);
                }
                return;
            }
        }
        gathered.read(reader, file);
    }

    fn head<'a>(&self, reader: &Reader<'a>, file: &File<'a>, gathered: &mut Gathered) {
        gathered.title = file.title.and_then(|value| reader.text(value));
        gathered.start = file.start.and_then(|value| plan::start(reader, value));
        for (field, value) in [("title", file.title), ("start", file.start)] {
            if value.is_none() {
                self.log
                    .note(tell::head_missing(field).at(&self.sources.place(0, 0..1)));
            }
        }
        let thresholds = reader.most(&file.thresholds, |value| demand::threshold(reader, value));
        for (kind, threshold) in thresholds {
            gathered.requirements.thresholds.set(kind, threshold);
        }
    }

    fn judge(self, gathered: Gathered) -> Result<Loaded, Failed> {
        let incomplete = self.incomplete;
        let (mut problems, lost) = self.log.finish();
        let applied = gathered.start.map(|start| {
            Migration::new(
                gathered.title.unwrap_or_default(),
                Start {
                    label: start.label,
                    model: start.model,
                    date: start.date,
                    network: gathered.network,
                    place: start.place,
                },
                gathered.steps,
                gathered.requirements,
            )
        });
        match applied {
            Some(Ok(migration)) if problems.is_empty() => {
                return Ok(Loaded {
                    migration,
                    sources: self.sources,
                });
            }
            Some(Err(found)) => {
                let own = |problem: &Problem| !tell::follows(problem, &lost, incomplete);
                problems.extend(found.into_iter().filter(own));
            }
            _ => {}
        }
        if problems.is_empty() {
            problems.push(tell::nothing_left().at(&Place::nowhere()));
        }
        Err(Failed {
            problems: tell::ordered(problems, &self.sources),
            sources: self.sources,
        })
    }
}

/// The names a matrix may use: today's and those that steps add.
fn known(gathered: &Gathered) -> matrix::Known {
    fn names<'a, T: 'a>(ids: impl Iterator<Item = &'a utsushi_model::id::Id<T>>) -> Vec<String> {
        ids.map(ToString::to_string).collect()
    }
    let net = &gathered.network;
    let mut known = matrix::Known {
        groups: names(net.groups.ids()),
        targets: names(net.systems.ids()),
        applications: names(gathered.requirements.applications.ids()),
    };
    known.targets.extend(names(net.segments.ids()));
    known.targets.extend(names(net.nodes.ids()));
    known.targets.extend(names(net.zones.ids()));
    for change in gathered.steps.iter().flat_map(|step| &step.changes) {
        match &change.verb {
            Verb::Add(Item::Group(group)) => known.groups.push(group.id.to_string()),
            Verb::Add(Item::System(system)) => known.targets.push(system.id.to_string()),
            Verb::Add(Item::Segment(segment)) => known.targets.push(segment.id.to_string()),
            Verb::Add(Item::Node(node)) => known.targets.push(node.id.to_string()),
            Verb::Add(Item::Zone(zone)) => known.targets.push(zone.id.to_string()),
            _ => {}
        }
    }
    known
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
fn join(base: &str, path: &str) -> String {
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
