//! The scenarios that come with utsushi, to start from.
//!
//! Goes in: the name of a scenario and a folder. Comes out: the folder, filled. What can go wrong: there is
//! no such scenario, the folder is not empty, or it cannot be written; then nothing is left behind.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The scenarios one can start from, and their folders in the library. Others lean on one of these.
const TEMPLATES: &[(&str, &str)] = &[
    ("alpha", "alpha"),
    ("alpha-prime", "alpha-prime"),
    ("beta", "beta"),
    ("beta-prime", "beta-prime"),
    ("mie", "mie"),
    ("town", "town-b"),
];

/// A file of a scenario: its path below the folder, with `/`, and its text.
pub type TemplateFile = (&'static str, &'static str);

/// The names of the scenarios one can start from.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(name, _)| *name)
}

/// The files of a scenario; nothing if there is none of that name.
#[must_use]
pub fn template(name: &str) -> Vec<TemplateFile> {
    let known = TEMPLATES.iter().find(|(known, _)| *known == name);
    let files = LIBRARY
        .iter()
        .filter(|(folder, _, _)| known.is_some_and(|(_, wanted)| folder == wanted));
    files.map(|(_, path, text)| (*path, *text)).collect()
}

/// Why a scenario cannot be written to a folder.
#[derive(Debug)]
pub enum NotWritten {
    /// There is no scenario of that name.
    Unknown,
    /// The folder holds something already.
    NotEmpty,
    /// The disk says no.
    Disk(std::io::Error),
}

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "there is no such scenario"),
            Self::NotEmpty => write!(f, "the folder is not empty"),
            Self::Disk(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotWritten {}

impl From<std::io::Error> for NotWritten {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

/// Writes a scenario into a folder that is empty or does not exist.
///
/// The files are first written to a folder of our own, which then takes the place of the one that is
/// wanted, so that a full disk or an interruption leaves no half of a scenario under that name.
///
/// # Errors
/// See [`NotWritten`]; nothing is left behind.
pub fn write_template(name: &str, folder: &Path) -> Result<(), NotWritten> {
    let files = template(name);
    if files.is_empty() {
        return Err(NotWritten::Unknown);
    }
    if folder.exists() {
        if fs::read_dir(folder)?.next().is_some() {
            return Err(NotWritten::NotEmpty);
        }
        // The folder itself stays: somebody may be standing in it.
        let aside = folder.join(format!(".utsushi.{}", std::process::id()));
        return settled(
            fill(&aside, &files).and_then(|()| empty_into(&aside, folder)),
            &aside,
        );
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let aside = beside(folder);
    settled(
        fill(&aside, &files).and_then(|()| fs::rename(&aside, folder)),
        &aside,
    )
}

/// The outcome, after our own folder has been taken away if something went wrong.
fn settled(written: std::io::Result<()>, aside: &Path) -> Result<(), NotWritten> {
    written.map_err(|error| {
        // If even this fails, the first error says more.
        drop(fs::remove_dir_all(aside));
        NotWritten::Disk(error)
    })
}

/// A folder of ours beside the one that is wanted.
fn beside(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{}", std::process::id()))
}

fn fill(folder: &Path, files: &[TemplateFile]) -> std::io::Result<()> {
    fs::create_dir(folder)?;
    for (path, text) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

/// Moves everything in `from` to `to`, all or nothing, and removes `from`.
fn empty_into(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut moved = Vec::new();
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if let Err(error) = fs::rename(&path, &target) {
            for (old, new) in moved {
                drop(fs::rename(new, old));
            }
            return Err(error);
        }
        moved.push((path, target));
    }
    fs::remove_dir(from)
}
