//! The rows of a CSV file, with the place of every cell.
//!
//! Goes in: a text. Comes out: its [`Row`]s; empty lines and lines that begin with `#` are left out. What can go
//! wrong: a quote that is not closed.

use std::ops::Range;

/// A row with the bytes that its cells stand in, without blanks around them.
#[derive(Debug, Clone)]
pub(super) struct Row {
    cells: Vec<String>,
    ranges: Vec<Range<usize>>,
    /// The bytes of its first line.
    pub(super) line: Range<usize>,
}

impl Row {
    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// What a cell says; nothing where there is none.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Where a cell stands; the row where there is none.
    pub(super) fn at(&self, column: usize) -> Range<usize> {
        let range = self.ranges.get(column);
        range.cloned().unwrap_or_else(|| self.line.clone())
    }

    /// What its cells say.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(String::as_str)
    }

    /// Whether no cell says anything.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// The rows of a text whose quotes are closed, as far as it is CSV.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Row> {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    // A text in UTF-8 whose rows may be of any length is CSV.
    let records = reader.into_records().map_while(Result::ok);
    records.map(move |record| {
        let start = line_start(text, record.position().map_or(0, csv::Position::byte));
        let rest = text.get(start..).unwrap_or_default();
        Row {
            cells: record.iter().map(str::to_owned).collect(),
            ranges: ranges(text, start),
            line: start..start + rest.find('\n').unwrap_or(rest.len()),
        }
    })
}

/// The offset of the first line from `byte` on that is neither empty nor a comment: the reader's own
/// positions may lie before those.
fn line_start(text: &str, byte: u64) -> usize {
    let mut at = usize::try_from(byte).unwrap_or(text.len()).min(text.len());
    while let Some(rest) = text.get(at..) {
        let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let skipped = rest.starts_with('#') || rest[..end].trim().is_empty();
        if !skipped || end == 0 {
            break;
        }
        at += end;
    }
    at
}

/// The quote that opens a cell and is never closed, if there is one: everything behind it would be one cell.
pub(super) fn open_quote(text: &str) -> Option<usize> {
    /// Where the walk is.
    enum At {
        /// At the beginning of a line, or of another cell.
        Line,
        Cell,
        /// Within a cell, a comment, or a cell whose quote stands there.
        Plain,
        Comment,
        Quoted(usize),
        /// Behind a quote that closes, or that is the first of a doubled one.
        Closed(usize),
    }
    let mut here = At::Line;
    for (at, letter) in text.char_indices() {
        here = match (letter, here) {
            ('"', At::Quoted(from)) => At::Closed(from),
            (_, At::Quoted(from)) | ('"', At::Closed(from)) => At::Quoted(from),
            ('\n', _) => At::Line,
            (_, At::Comment) | ('#', At::Line) => At::Comment,
            ('"', At::Line | At::Cell) => At::Quoted(at),
            (',', _) => At::Cell,
            _ => At::Plain,
        };
    }
    match here {
        At::Quoted(from) => Some(from),
        _ => None,
    }
}

/// The bytes of the cells of the row that begins at `start`, without blanks around them.
fn ranges(text: &str, start: usize) -> Vec<Range<usize>> {
    let rest = text.get(start..).unwrap_or_default();
    let (mut from, mut quoted) = (start, false);
    let mut found = Vec::new();
    let trimmed = |from: usize, until: usize| {
        let cell = text.get(from..until).unwrap_or_default();
        let blank = cell.len() - cell.trim_start().len();
        from + blank..from + blank + cell.trim().len()
    };
    for (at, letter) in rest.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                found.push(trimmed(from, start + at));
                from = start + at + 1;
            }
            '\n' if !quoted => {
                found.push(trimmed(from, start + at));
                return found;
            }
            _ => {}
        }
    }
    found.push(trimmed(from, text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_is_not_closed_is_found() {
        for (text, found) in [
            ("", None),
            ("a,\"b\",c\n", None),
            ("a,\"b,c\nd,e\n", Some(2)),
            ("a,\"b\"\"c\"\n", None),
            ("a,\"b\"\"c\n", Some(2)),
            ("a,b\"c\n", None),
            ("ab\"\",c\n", None),
            ("# don't \"\na,b\n", None),
            ("a,\"b\nc\",d\n\"e", Some(10)),
        ] {
            assert_eq!(open_quote(text), found, "{text:?}");
        }
    }

    #[test]
    fn cells_are_found_by_column() {
        let text = "a, b ,\"c,d\"\n端末,x,y\n";
        let rows: Vec<Row> = rows(text).collect();
        let marked = |row: usize, column| &text[rows[row].at(column)];
        assert_eq!(
            [marked(0, 0), marked(0, 1), marked(0, 2)],
            ["a", "b", "\"c,d\""]
        );
        assert_eq!([marked(1, 0), marked(1, 2)], ["端末", "y"]);
        assert_eq!(rows[0].cell(2), "c,d");
        assert_eq!(marked(1, 7), "端末,x,y");
    }

    #[test]
    fn empty_lines_and_comments_are_skipped() {
        let text = "\n# note\n\nx,y";
        assert_eq!(&text[line_start(text, 0)..], "x,y");
        assert_eq!(line_start("", 0), 0);
        assert_eq!(line_start("\n", 0), 1);
    }
}
