//! Where something was written: file, line, column.

use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A place in a scenario file. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Path of the file as the scenario names it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters of what is meant, at least 1 where it is known, else 0.
    pub length: u32,
}

impl Place {
    /// The place of things that were made by a program and stand in no file.
    #[must_use]
    pub fn nowhere() -> Self {
        Self {
            file: Arc::from(""),
            line: 0,
            column: 0,
            length: 0,
        }
    }

    /// Whether the thing stands in a file at all.
    #[must_use]
    pub fn is_somewhere(&self) -> bool {
        self.line > 0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_somewhere() {
            write!(f, "{}:{}:{}", self.file, self.line, self.column)
        } else {
            f.write_str("-")
        }
    }
}
