//! Traffic matrices: what was measured or planned, hour by hour, as a CSV file.
//!
//! Goes in: a file in one of four forms, known by its first row; lines that begin with `#` are comments. Comes
//! out: one measured demand for each group, destination and application; hours of which nothing is said carry
//! nothing. What can go wrong: a cell that cannot be read, a name that nothing bears, two values for one hour; each
//! told with line and column.
//!
//! | form | first row |
//! |---|---|
//! | `long`: one row for each hour | `group,to,application,hour,down,up,sessions` |
//! | `square`: groups down, destinations across | `application: web; cells: down; unit: Mbps; hours: 9..=11,…` |
//! | `flows`: records as routers export them | `start,end,from,to,application,bytes_up,bytes_down` |
//! | `counts`: volumes of a day | `group,to,application,per_day_down,per_day_up` |
//!
//! In reading order: `table` (rows and cells), `known` (what may be named), `page` (what cells mean), `book` (what
//! demands are made of), then the forms.

mod book;
mod counts;
mod flows;
mod known;
mod long;
mod page;
mod square;
mod table;

use crate::read::Log;
use crate::source::Sources;
use book::Book;
pub(crate) use known::Known;
use page::{Page, matrix};
use table::Row;
use utsushi_model::demand::Demand;

/// How a file says what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One row for each hour.
    Long,
    /// Groups down, destinations across.
    Square,
    /// Records of flows.
    Flows,
    /// Volumes of a day.
    Counts,
}

impl Form {
    /// The form that begins with this row: the one that most of its cells belong to.
    fn of(header: &Row) -> Self {
        if header.cell(0).contains([':', '：']) {
            return Self::Square;
        }
        let own = |columns: &[&str]| header.cells().filter(|c| columns.contains(c)).count();
        let flows = own(&flows::MUST) + own(&flows::MAY);
        let counts = own(&counts::MUST) + own(&counts::MAY);
        match own(&long::COLUMNS) {
            long if long >= flows.max(counts) => Self::Long,
            _ if flows >= counts => Self::Flows,
            _ => Self::Counts,
        }
    }
}

/// The demands of a matrix, in the order of their first rows.
pub(crate) fn read(sources: &Sources, file: usize, log: &Log, known: &Known) -> Vec<Demand> {
    let text = sources.text(file);
    let page = Page {
        sources,
        file,
        log,
        known,
        text,
    };
    let mut book = Book::default();
    if let Some(quote) = table::open_quote(text) {
        let said = matrix(
            "引用符 `\"` が閉じられていない",
            "the quote `\"` is not closed",
        )
        .help(
            "閉じの `\"` を補うか、この `\"` を削除する",
            "close it, or take it away",
        );
        page.note(quote..quote + 1, said);
        return Vec::new();
    }
    let mut rows = table::rows(text).filter(|row| !row.is_blank());
    match rows.next() {
        None => page.note(0..0, no_header()),
        Some(header) => match Form::of(&header) {
            Form::Long => long::read(&page, &header, rows, &mut book),
            Form::Square => square::read(&page, &header, rows, &mut book),
            Form::Flows => flows::read(&page, &header, rows, &mut book),
            Form::Counts => counts::read(&page, &header, rows, &mut book),
        },
    }
    let stem = sources.name(file).rsplit('/').next().unwrap_or_default();
    book.demands(stem.strip_suffix(".csv").unwrap_or(stem))
}

fn no_header() -> crate::say::Said {
    let row = long::COLUMNS.join(",");
    matrix("見出しの行がない", "there is no header row").help(
        format!("最初の行を `{row}` とする（ほかの形は docs/scenario-format.md にある）"),
        format!("begin with the row `{row}`; docs/scenario-format.md has other forms"),
    )
}
