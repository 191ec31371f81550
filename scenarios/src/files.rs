//! Where files come from: the disk, or memory.
//!
//! Goes in: a path with `/`. Comes out: bytes. What can go wrong: there is no such file, it is too large,
//! or it cannot be read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 16 << 20;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// There is no such file.
    Missing,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// Anything else, in the words of the operating system.
    Other(String),
}

/// Something that holds files.
pub trait Files {
    /// The bytes of the file at a path whose parts are separated by `/`.
    ///
    /// # Errors
    /// Why there are none.
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable>;
}

/// The disk; relative paths start at the working folder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let told = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => Unreadable::Missing,
            _ => Unreadable::Other(error.to_string()),
        };
        let path = Path::new(path);
        let about = fs::metadata(path).map_err(told)?;
        if !about.is_file() {
            return Err(Unreadable::Other("not a file".to_owned()));
        }
        if about.len() > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(told)?;
        // The file may have grown since it was asked for its size.
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(told)?;
        Ok(bytes)
    }
}

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    /// Files from pairs of path and content.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let files = files.into_iter();
        Self(
            files
                .map(|(path, bytes)| (path.into(), bytes.into()))
                .collect(),
        )
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.0.get(path).cloned().ok_or(Unreadable::Missing)
    }
}
