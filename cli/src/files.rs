//! Output files that are there as a whole or not at all.
//!
//! In: names and bytes. Out: files in a folder. They are first written into a hidden folder inside, and
//! moved into place when the run is done; Ctrl-C or a fault removes the hidden folder. What can go wrong: the
//! folder cannot be made or written.

use crate::failure::Failure;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};
use tempfile::TempDir;

/// The hidden folders of this run, for whoever interrupts it.
static HIDDEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The exit code of a run that was interrupted: 128 and the number of the signal, as shells count.
const INTERRUPTED: i32 = 130;

/// A folder that is being filled.
#[derive(Debug)]
pub(crate) struct Folder {
    target: PathBuf,
    hidden: TempDir,
    names: Vec<String>,
    /// Whether it was not there before.
    made: bool,
}

impl Folder {
    /// Makes the folder, if it is not there, and room for files in it.
    pub(crate) fn prepare(target: &Path) -> Result<Self, Failure> {
        let made = !target.exists();
        fs::create_dir_all(target).map_err(|error| Failure::file(target, &error))?;
        let hidden = hidden_in(target)?;
        Ok(Self {
            target: target.to_owned(),
            hidden,
            names: Vec::new(),
            made,
        })
    }

    /// Leaves nothing behind: no file, and no folder that was not there before.
    pub(crate) fn discard(self) {
        drop(self.hidden);
        if self.made {
            // Somebody else's file in it is a reason to keep it, and no mistake.
            let _ = fs::remove_dir(&self.target);
        }
    }

    /// Writes a file; it shows only after [`Self::publish`]. A name such as `net/a.txt` lies in a folder inside.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.hidden.path().join(name);
        above(&path)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|error| Failure::file(&self.target.join(name), &error))?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// The same for CSV that people open: with the mark without which Excel takes UTF-8 for Shift_JIS (decision 0017).
    pub(crate) fn add_sheet(&mut self, name: &str, csv: &str) -> Result<(), Failure> {
        self.add(name, sheet(csv).as_bytes())
    }

    /// The same for a script that people run.
    pub(crate) fn add_script(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.add(name, bytes)?;
        runnable(&self.hidden.path().join(name))
            .map_err(|error| Failure::file(&self.target.join(name), &error))
    }

    /// Moves every file into place, over older ones of the same name.
    pub(crate) fn publish(self) -> Result<(), Failure> {
        for name in &self.names {
            let target = self.target.join(name);
            above(&target)
                .and_then(|()| fs::rename(self.hidden.path().join(name), &target))
                .map_err(|error| Failure::file(&target, &error))?;
        }
        Ok(())
    }
}

/// CSV as a file: a byte order mark, then the table.
pub(crate) fn sheet(csv: &str) -> String {
    format!("\u{feff}{csv}")
}

/// Puts a file in the place of an older one, which keeps its permissions.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::file(path, &error);
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(path).map_err(told)?;
    let about = fs::metadata(&target).map_err(told)?;
    let hidden = hidden_in(target.parent().unwrap_or(Path::new(".")))?;
    let new = hidden.path().join("new");
    fs::write(&new, bytes).map_err(told)?;
    fs::set_permissions(&new, about.permissions()).map_err(told)?;
    fs::rename(&new, &target).map_err(told)
}

/// Makes the folder in which a file lies.
fn above(file: &Path) -> std::io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)
}

#[cfg(unix)]
fn runnable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
}

/// Elsewhere nothing marks a script.
#[cfg(not(unix))]
fn runnable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn hidden_in(folder: &Path) -> Result<TempDir, Failure> {
    watch();
    let hidden = tempfile::Builder::new()
        .prefix(".utsushi-")
        .tempdir_in(folder);
    let hidden = hidden.map_err(|error| Failure::file(folder, &error))?;
    HIDDEN
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(hidden.path().to_owned());
    Ok(hidden)
}

/// From now on an interrupted run removes its hidden folders.
fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where no handler can be set, an interrupted run may leave a hidden folder behind, and still no
        // half-written file.
        let _ = ctrlc::set_handler(|| {
            for folder in HIDDEN.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                let _ = fs::remove_dir_all(folder);
            }
            std::process::exit(INTERRUPTED);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_sheet_begins_with_a_byte_order_mark() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = Folder::prepare(root.path()).unwrap_or_else(|_| panic!("prepared"));
        assert!(folder.add_sheet("a.csv", "端末,数\n").is_ok());
        assert!(folder.publish().is_ok());
        let bytes = fs::read(root.path().join("a.csv")).unwrap();
        assert_eq!(bytes, "\u{feff}端末,数\n".as_bytes());
    }

    #[test]
    fn files_show_only_when_published_and_nothing_else_stays() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out/charts");
        let mut folder = Folder::prepare(&target).unwrap_or_else(|_| panic!("prepared"));
        assert!(folder.add("a.svg", b"<svg/>").is_ok());
        assert!(!target.join("a.svg").exists());
        assert!(folder.publish().is_ok());
        assert_eq!(entries(&target), ["a.svg"]);
        let dropped = Folder::prepare(&target).unwrap_or_else(|_| panic!("prepared"));
        drop(dropped);
        assert_eq!(entries(&target), ["a.svg"]);
    }
}
