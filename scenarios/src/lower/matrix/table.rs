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
        // To the reader a carriage return alone ends a line too, but no comment.
        let comment = rest.starts_with('#');
        let end = rest.find(|c| c == '\n' || (c == '\r' && !comment));
        let end = end.map_or(rest.len(), |end| end + 1);
        let skipped = comment || rest[..end].trim().is_empty();
        if !skipped || end == 0 {
            break;
        }
        at += end;
    }
    at
}

/// Where a walk over the letters of a text is.
#[derive(Debug, Clone, Copy)]
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

impl At {
    /// Where it is behind the letter at an offset. A quote opens a cell only as its very first letter; anywhere else in a
    /// cell without quotes, and behind a quote that closes, it is a letter like any other. So the reader has it.
    fn behind(self, at: usize, letter: char) -> Self {
        match (letter, self) {
            ('"', Self::Quoted(from)) => Self::Closed(from),
            (_, Self::Quoted(from)) | ('"', Self::Closed(from)) => Self::Quoted(from),
            ('\n', _) => Self::Line,
            (_, Self::Comment) | ('#', Self::Line) => Self::Comment,
            ('\r', _) => Self::Line,
            ('"', Self::Line | Self::Cell) => Self::Quoted(at),
            (',', _) => Self::Cell,
            _ => Self::Plain,
        }
    }
}

/// The quote that opens a cell and is never closed, if there is one: everything behind it would be one cell.
pub(super) fn open_quote(text: &str) -> Option<usize> {
    let letters = text.char_indices();
    match letters.fold(At::Line, |here, (at, letter)| here.behind(at, letter)) {
        At::Quoted(from) => Some(from),
        _ => None,
    }
}

/// The bytes of the cells of the row that begins at `start`, without blanks around them.
fn ranges(text: &str, start: usize) -> Vec<Range<usize>> {
    let trimmed = |from: usize, until: usize| {
        let cell = text.get(from..until).unwrap_or_default();
        let blank = cell.len() - cell.trim_start().len();
        from + blank..from + blank + cell.trim().len()
    };
    let rest = text.get(start..).unwrap_or_default();
    let (mut from, mut here) = (start, At::Line);
    let mut found = Vec::new();
    for (at, letter) in rest.char_indices() {
        let at = start + at;
        here = here.behind(at, letter);
        if matches!(here, At::Cell | At::Line) {
            found.push(trimmed(from, at));
            from = at + 1;
        }
        if matches!(here, At::Line) {
            return found;
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
    fn a_quote_within_a_cell_moves_no_other() {
        let text = "端末 \"A\",5\" 回線,x\n\"a,\"\"b\"\"\"c, \"d,e\"\r\n\"二\n行\",終\n";
        let text = text.replace("\r\n", "\n");
        let rows: Vec<Row> = rows(&text).collect();
        let marked = |row: usize| -> Vec<&str> {
            let columns = 0..rows[row].len();
            columns.map(|column| &text[rows[row].at(column)]).collect()
        };
        assert_eq!(marked(0), ["端末 \"A\"", "5\" 回線", "x"]);
        assert_eq!(marked(1), ["\"a,\"\"b\"\"\"c", "\"d", "e\""]);
        assert_eq!(rows[1].cell(0), "a,\"b\"c");
        assert_eq!(marked(2), ["\"二\n行\"", "終"]);
    }

    /// The places are those of the cells that the reader finds, in every text of up to five of these letters.
    #[test]
    fn every_cell_of_every_short_text_has_its_place() {
        let letters = ['a', '端', '"', ',', ' ', '\n', '\r', '#'];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts
                .iter()
                .flat_map(|text| letters.map(|l| format!("{text}{l}")));
            texts = longer.collect();
            for text in texts.iter().filter(|text| open_quote(text).is_none()) {
                for row in rows(text).filter(|row| !row.is_blank()) {
                    assert_eq!(row.ranges.len(), row.len(), "{text:?}");
                    for (cell, range) in row.cells.iter().zip(&row.ranges) {
                        let written = &text[range.clone()];
                        let same = written == cell || written.starts_with('"');
                        assert!(same, "{text:?}: {cell:?} at {range:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn empty_lines_and_comments_are_skipped() {
        let text = "\n# note\n\nx,y";
        assert_eq!(&text[line_start(text, 0)..], "x,y");
        assert_eq!(line_start("", 0), 0);
        assert_eq!(line_start("\n", 0), 1);
    }
}
