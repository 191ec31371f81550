//! The checkout as a list of files.
//!
//! In: the repository's root, or pairs of path and text made up in a test. Out: a
//! [`Tree`] sorted by path. What can go wrong: a file cannot be read, which ends
//! the test. Git is not asked: a source archive without history is checked alike.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that are never part of the tree, wherever they are.
const SKIPPED: [&str; 2] = [".git", "target"];

/// Every file of the checkout, sorted by path.
#[derive(Debug, Default)]
pub struct Tree {
    /// The files in the order of their paths.
    pub files: Vec<File>,
}

/// One file.
#[derive(Debug)]
pub struct File {
    /// Path below the root, with `/` on every platform: `sim/src/lib.rs`.
    pub path: String,
    /// What the file holds.
    pub bytes: Vec<u8>,
}

impl File {
    /// The file as text; `None` when it is not UTF-8 (a font, a PNG).
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The ending of the name after the last dot, `""` when there is none.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// Whether one of the folders on the way to the file has this name.
    pub fn lies_under(&self, folder: &str) -> bool {
        let mut parts = self.path.split('/').rev();
        parts.next();
        parts.any(|part| part == folder)
    }

    /// The lines of a text file with their numbers, counted from one; nothing for a binary file.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let text = self.text().unwrap_or_default();
        text.lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

impl Tree {
    /// Reads the checkout this package belongs to.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn read() -> io::Result<Tree> {
        let root = root();
        let ignored = ignored_at_root(&root)?;
        let mut files = Vec::new();
        collect(&root, "", &ignored, &mut files)?;
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(Tree { files })
    }

    /// A tree made up in a test from pairs of path and text.
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| File {
            path: (*path).to_owned(),
            bytes: text.as_bytes().to_vec(),
        });
        Tree {
            files: files.collect(),
        }
    }

    /// The files whose name ends in `.extension`.
    pub fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a File> {
        let wanted = move |file: &&File| file.extension() == extension;
        self.files.iter().filter(wanted)
    }

    /// The file at exactly this path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// The entries `/name` of `.gitignore`: folders of the root that hold output.
fn ignored_at_root(root: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(root.join(".gitignore"))?;
    let names = text.lines().filter_map(|line| line.strip_prefix('/'));
    Ok(names.map(str::to_owned).collect())
}

fn collect(
    folder: &Path,
    prefix: &str,
    ignored: &[String],
    files: &mut Vec<File>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if SKIPPED.contains(&name.as_str()) || ignored.contains(&path) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), ignored, files)?;
        } else if kind.is_file() {
            let bytes = fs::read(entry.path())?;
            files.push(File { path, bytes });
        }
    }
    Ok(())
}
