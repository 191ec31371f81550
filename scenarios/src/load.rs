//! From a folder to a migration: the whole way on one page.
//!
//! Goes in: the path of a scenario. Comes out: a [`Migration`] and the texts it was read from, or every
//! problem. The way: read files, mend what cannot be parsed, write out series → lower → matrices → apply the
//! plan. Later passes run although earlier ones found problems, on what could be read.

mod order;
pub(crate) mod reading;
mod sharpen;
pub(crate) mod tell;

use crate::files::{Disk, Files};
use crate::lower::{self, Gathered, demand, matrix, node, plan};
use crate::raw::{File, Val};
use crate::read::Reader;
use crate::source::Sources;
use reading::{Reading, Role, join};
use std::path::Path;
use utsushi_model::circumstance::DayType;
use utsushi_model::migration::{Migration, Start};
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::rule::Period;

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
    /// Every mistake, in the order of files and lines; never empty.
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
    let reading = Reading::all(files, entry);
    let gathered = lowered(&reading);
    judged(reading, gathered)
}

/// Everything the parts say, as far as it can be read.
fn lowered(reading: &Reading<'_>) -> Gathered {
    let mut gathered = Gathered::default();
    for part in reading.parts() {
        reading.view(part, |reader, file| gathered.read_curves(reader, file));
    }
    for part in reading.parts() {
        reading.view(part, |reader, file| match &part.role {
            Role::Entry => {
                head(reader, file, &mut gathered);
                gathered.read(reader, file);
            }
            Role::Section => {
                tell::only_sections(reader, file);
                gathered.read(reader, file);
            }
            Role::Pack(period) => pack(reader, file, period, &mut gathered),
        });
    }
    let known = matrix::Known::of(&gathered);
    for file in reading.matrices() {
        for demand in matrix::read(&reading.sources, *file, &reading.log, &known) {
            lower::add(&reading.log, &mut gathered.requirements.demands, demand);
        }
    }
    gathered
}

/// Reads what only the first file says.
fn head<'a>(reader: &Reader<'a>, file: &File<'a>, gathered: &mut Gathered) {
    tell::no_offers(reader, file);
    gathered.title = file.title.and_then(|value| reader.text(value));
    gathered.start = file.start.and_then(|value| plan::start(reader, value));
    for (field, value) in [("title", file.title), ("start", file.start)] {
        if value.is_none() {
            let place = reader.place(Val::new(&reader.piece.text));
            reader.log.note(tell::head_missing(field).at(&place));
        }
    }
    if let Some(Some(logs)) = reader.maybe(file.edr_logs, |value| node::logging(reader, value)) {
        gathered.requirements.edr_logs = Some(logs);
    }
    let thresholds = reader.most(&file.thresholds, |value| demand::threshold(reader, value));
    for (kind, threshold) in thresholds {
        gathered.requirements.thresholds.set(kind, threshold);
    }
    let days = reader.most(&file.days, |value| demand::day(reader, value));
    for day in days {
        if day != DayType::Ordinary && !gathered.requirements.days.contains(&day) {
            gathered.requirements.days.push(day);
        }
    }
}

/// Reads the rules of a pack; the pack's period holds where a rule has none of its own.
fn pack(reader: &Reader<'_>, file: &File<'_>, period: &Period, gathered: &mut Gathered) {
    tell::only_rules(reader, file);
    let mut pack = Gathered::default();
    pack.read(reader, file);
    for row in pack.requirements.undecided.iter() {
        lower::add(
            reader.log,
            &mut gathered.requirements.undecided,
            row.clone(),
        );
    }
    for rule in pack.requirements.rules.iter() {
        let mut rule = rule.clone();
        rule.period.from = rule.period.from.or_else(|| period.from.clone());
        rule.period.until = rule.period.until.or_else(|| period.until.clone());
        lower::add(reader.log, &mut gathered.requirements.rules, rule);
    }
}

/// Applies the plan, unless something was told before; then only looks for more to tell.
fn judged(reading: Reading<'_>, gathered: Gathered) -> Result<Loaded, Failed> {
    let incomplete = reading.incomplete;
    let (sources, log) = (reading.sources, reading.log);
    let (mut problems, lost) = log.finish();
    let applied = gathered.start.map(|start| {
        let start = Start {
            label: start.label,
            model: start.model,
            date: start.date,
            network: gathered.network,
            place: start.place,
        };
        let title = gathered.title.unwrap_or_default();
        Migration::new(title, start, gathered.steps, gathered.requirements)
    });
    match applied {
        Some(Ok(migration)) if problems.is_empty() => {
            return Ok(Loaded { migration, sources });
        }
        Some(Err(found)) => {
            let own = |problem: &Problem| !order::follows(problem, &lost, incomplete);
            // In order and counted first, so that only what is told is looked at closely.
            let found = order::ordered(found.into_iter().filter(own).collect(), &sources);
            let found = found.into_iter();
            problems.extend(found.map(|problem| sharpen::sharpened(problem, &sources)));
        }
        _ => {}
    }
    if problems.is_empty() {
        problems.push(tell::nothing_left().at(&Place::nowhere()));
    }
    Err(Failed {
        problems: order::ordered(problems, &sources),
        sources,
    })
}
