//! Traffic matrices: what was measured, hour by hour, as a CSV file.
//!
//! Goes in: rows `group,to,application,hour,down,up,sessions` in any order of columns; lines that begin
//! with `#` are comments. Comes out: one measured demand for each group, destination and application; hours
//! without a row carry nothing. What can go wrong: a cell that cannot be read, a name that nothing bears,
//! an hour outside the day, two rows for the same hour; each told with line and column.

use crate::read::Log;
use crate::read::{MOST, MOST_RATE};
use crate::say::{self, Noun, Said};
use crate::source::Sources;
use csv::StringRecord;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use utsushi_model::demand::{Amount, Demand, HOURS, Measured};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::place::Place;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Sessions};

const COLUMNS: [&str; 7] = [
    "group",
    "to",
    "application",
    "hour",
    "down",
    "up",
    "sessions",
];

/// The names a matrix may use.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Host groups.
    pub(crate) groups: Vec<String>,
    /// Systems, segments, nodes and zones.
    pub(crate) targets: Vec<String>,
    /// Applications.
    pub(crate) applications: Vec<String>,
}

/// The demands of a matrix, in the order of their first rows.
pub(crate) fn read(sources: &Sources, file: usize, log: &Log, known: &Known) -> Vec<Demand> {
    let mut matrix = Matrix {
        sources,
        file,
        log,
        known,
        found: Vec::new(),
        index: BTreeMap::new(),
    };
    matrix.read_rows();
    let stem = sources.name(file).rsplit('/').next().unwrap_or_default();
    let stem = stem.strip_suffix(".csv").unwrap_or(stem);
    let demand = |row: Flow| Demand {
        id: Id::new(format!("{stem}/{}/{}/{}", row.key.0, row.key.1, row.key.2)),
        group: Id::new(row.key.0),
        application: Id::new(row.key.2),
        to: Arc::from(row.key.1),
        amount: Amount::Measured(Box::new(row.hours)),
        nearby: None,
        from: None,
        until: None,
        place: row.place,
    };
    matrix.found.into_iter().map(demand).collect()
}

/// Group, destination, application.
type Key = (String, String, String);

struct Flow {
    key: Key,
    hours: [Measured; HOURS],
    seen: [Option<Place>; HOURS],
    place: Place,
}

struct Matrix<'a> {
    sources: &'a Sources,
    file: usize,
    log: &'a Log,
    known: &'a Known,
    found: Vec<Flow>,
    index: BTreeMap<Key, usize>,
}

/// A row with the column of each of [`COLUMNS`].
struct Row<'a> {
    record: &'a StringRecord,
    columns: &'a [usize; COLUMNS.len()],
    /// Offset of its line.
    start: usize,
}

impl Row<'_> {
    fn cell(&self, column: usize) -> Option<&str> {
        self.record.get(*self.columns.get(column)?)
    }
}

impl Matrix<'_> {
    fn read_rows(&mut self) {
        let text = self.sources.text(self.file).to_owned();
        if let Some(quote) = open_quote(&text) {
            let said = matrix(
                "引用符 `\"` が閉じられていない",
                "the quote `\"` is not closed",
            )
            .help(
                "閉じの `\"` を補うか、この `\"` を削除する",
                "close it, or take it away",
            );
            self.note(quote..quote + 1, said);
            return;
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut columns = None;
        for record in reader.records() {
            let Ok(record) = record else {
                self.note(0..0, matrix("CSV として読めない", "this is not CSV"));
                return;
            };
            let start = line_start(&text, record.position().map_or(0, csv::Position::byte));
            match &columns {
                None => match self.header(&text, start, &record) {
                    Some(found) => columns = Some(found),
                    None => return,
                },
                Some(columns) => {
                    let row = Row {
                        record: &record,
                        columns,
                        start,
                    };
                    self.row(&text, &row);
                }
            }
        }
        if columns.is_none() {
            let said = matrix("見出しの行がない", "there is no header row").help(
                format!("最初の行を `{}` とする", COLUMNS.join(",")),
                format!("begin with the row `{}`", COLUMNS.join(",")),
            );
            self.note(0..0, said);
        }
    }

    fn note(&self, range: Range<usize>, said: Said) {
        self.log
            .note(said.at(&self.sources.place(self.file, range)));
    }

    /// The position of each column.
    fn header(
        &self,
        text: &str,
        start: usize,
        record: &StringRecord,
    ) -> Option<[usize; COLUMNS.len()]> {
        let mut right = true;
        for (at, name) in record.iter().enumerate() {
            if !COLUMNS.contains(&name) {
                let said = matrix(
                    format!("列 `{name}` は存在しない"),
                    format!("there is no column `{name}`"),
                )
                .or_help(say::suggestion(name, &COLUMNS));
                self.note(cell(text, start, at), said);
                right = false;
            }
        }
        let mut columns = [0; COLUMNS.len()];
        for (column, name) in columns.iter_mut().zip(COLUMNS) {
            match record.iter().position(|found| found == name) {
                Some(at) => *column = at,
                None => {
                    let said = matrix(
                        format!("列 `{name}` がない"),
                        format!("column `{name}` is missing"),
                    );
                    self.note(line(text, start), said);
                    right = false;
                }
            }
        }
        right.then_some(columns)
    }

    fn row(&mut self, text: &str, row: &Row<'_>) {
        if row.record.len() != COLUMNS.len() {
            let found = row.record.len();
            let said = matrix(
                format!("{} 個の値が必要だが {found} 個ある", COLUMNS.len()),
                format!("the row needs {} cells, found {found}", COLUMNS.len()),
            );
            self.note(line(text, row.start), said);
            return;
        }
        let at = |column: usize| cell(text, row.start, row.columns[column]);
        let group = self.name(row, 0, at(0), ("端末群", "host group"), &self.known.groups);
        let to = self.name(row, 1, at(1), ("宛先", "destination"), &self.known.targets);
        let noun = ("アプリケーション", "application");
        let application = self.name(row, 2, at(2), noun, &self.known.applications);
        let hour = self.parsed(row, 3, at(3), HOUR, |text| {
            text.parse::<usize>().ok().filter(|hour| *hour < HOURS)
        });
        let rate = |text: &str| -> Option<BitRate> {
            let rate: BitRate = text.parse().ok()?;
            (rate.get() <= MOST_RATE).then_some(rate)
        };
        let down = self.parsed(row, 4, at(4), RATE, rate);
        let up = self.parsed(row, 5, at(5), RATE, rate);
        let sessions = self.parsed(row, 6, at(6), NUMBER, |text| {
            let number: f64 = text.parse().ok()?;
            (0.0..=MOST)
                .contains(&number)
                .then(|| Sessions::new(number))
        });
        let (Some(group), Some(to), Some(application)) = (group, to, application) else {
            return;
        };
        let (Some(hour), Some(down), Some(up), Some(sessions)) = (hour, down, up, sessions) else {
            return;
        };
        let measured = Measured { down, up, sessions };
        let place = self.sources.place(self.file, at(0));
        self.enter((group, to, application), hour, measured, &place);
    }

    fn name(
        &self,
        row: &Row<'_>,
        column: usize,
        at: Range<usize>,
        noun: Noun,
        known: &[String],
    ) -> Option<String> {
        let name = row.cell(column).unwrap_or_default();
        if known.iter().any(|there| there == name) {
            return Some(name.to_owned());
        }
        if !self.log.is_lost(name) {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let near = say::closest(name, names).map(|near| {
                Text::new(
                    format!("`{near}` の誤りではないか"),
                    format!("did you mean `{near}`?"),
                )
            });
            let said = matrix(
                format!("{} `{name}` は存在しない", noun.0),
                format!("there is no {} `{name}`", noun.1),
            );
            self.note(at, said.or_help(near));
        }
        None
    }

    fn parsed<T>(
        &self,
        row: &Row<'_>,
        column: usize,
        at: Range<usize>,
        noun: Noun,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = row.cell(column).unwrap_or_default();
        let value = read(text);
        if value.is_none() {
            let said = matrix(
                format!("`{text}` は{}ではない", say::spaced(noun.0)),
                format!("`{text}` is not {}", noun.1),
            );
            self.note(at, said.or_help(say::full_width(text)));
        }
        value
    }

    fn enter(&mut self, key: Key, hour: usize, measured: Measured, place: &Place) {
        let next = self.found.len();
        let at = *self.index.entry(key.clone()).or_insert(next);
        if at == next {
            self.found.push(Flow {
                key,
                hours: [Measured::default(); HOURS],
                seen: [const { None }; HOURS],
                place: place.clone(),
            });
        }
        let flow = &mut self.found[at];
        if let Some(first) = &flow.seen[hour] {
            let said = matrix(
                format!("{hour} 時の行が二つある"),
                format!("there are two rows for {hour}:00"),
            )
            .help("どちらか一方を削除する", "remove one of them");
            let label = Text::new("最初の行", "the first of them");
            self.log.note(said.at(place).see(first, label));
            return;
        }
        flow.seen[hour] = Some(place.clone());
        flow.hours[hour] = measured;
    }
}

const HOUR: Noun = ("0 から 23 までの時", "an hour from 0 to 23");
const RATE: Noun = (
    "単位付きの速度（`12 Mbps` など、1 Pbps まで）",
    "a rate with its unit, such as `12 Mbps`, of at most 1 Pbps",
);
const NUMBER: Noun = (
    "0 以上 10^15 以下の数",
    "a number of 0 or more and at most 10^15",
);

fn matrix(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said::new(Code::Matrix, ja, en)
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
fn open_quote(text: &str) -> Option<usize> {
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

fn line(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    start..start + rest.find('\n').unwrap_or(rest.len())
}

/// The bytes of a cell of the row that begins at `start`, without blanks around it.
fn cell(text: &str, start: usize, column: usize) -> Range<usize> {
    let (mut from, mut found, mut quoted) = (start, 0, false);
    let rest = text.get(start..).unwrap_or_default();
    let mut until = start + rest.len();
    for (at, letter) in rest.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted && found < column => {
                found += 1;
                from = start + at + 1;
            }
            ',' | '\n' if !quoted => {
                until = start + at;
                break;
            }
            _ => {}
        }
    }
    let cell = text.get(from..until).unwrap_or_default();
    let blank = cell.len() - cell.trim_start().len();
    from + blank..from + blank + cell.trim().len()
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
        let at = |start, column| &text[cell(text, start, column)];
        assert_eq!([at(0, 0), at(0, 1), at(0, 2)], ["a", "b", "\"c,d\""]);
        assert_eq!([at(12, 0), at(12, 2)], ["端末", "y"]);
    }

    #[test]
    fn empty_lines_and_comments_are_skipped() {
        let text = "\n# note\n\nx,y";
        assert_eq!(&text[line_start(text, 0)..], "x,y");
        assert_eq!(line_start("", 0), 0);
        assert_eq!(line_start("\n", 0), 1);
    }
}
