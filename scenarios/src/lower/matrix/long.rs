//! The long form: one row for each hour.
//!
//! Goes in: rows `group,to,application,hour,down,up,sessions`, in any order of columns. Comes out: what each says
//! of its hour. What can go wrong: see [`super::page`]; an hour outside the day, two rows for the same hour.

use super::book::Book;
use super::page::{HOUR, NUMBER, Page, RATE, rate, sessions};
use super::table::Row;
use utsushi_model::demand::{HOURS, Measured};

/// Its columns.
pub(super) const COLUMNS: [&str; 7] = [
    "group",
    "to",
    "application",
    "hour",
    "down",
    "up",
    "sessions",
];

pub(super) fn read(
    page: &Page<'_>,
    header: &Row,
    rows: impl Iterator<Item = Row>,
    book: &mut Book,
) {
    let Some(columns) = page.header(header, &COLUMNS, &[]) else {
        return;
    };
    let columns: Vec<usize> = columns.into_iter().flatten().collect();
    for row in rows {
        if page.is_full(&row, columns.len()) {
            enter(page, &columns, &row, book);
        }
    }
}

fn enter(page: &Page<'_>, columns: &[usize], row: &Row, book: &mut Book) {
    let at = |column: usize| columns.get(column).copied().unwrap_or_default();
    let cell = |column: usize| (row.cell(at(column)), row.at(at(column)));
    let ((group, a), (to, b), (application, c)) = (cell(0), cell(1), cell(2));
    let group = page.group(group, a);
    let to = page.target(to, b);
    let application = page.application(application, c);
    let ((hour, a), (down, b), (up, c), (open, d)) = (cell(3), cell(4), cell(5), cell(6));
    let hour = page.parsed(hour, a, HOUR, "9", |text| {
        text.parse::<usize>().ok().filter(|hour| *hour < HOURS)
    });
    let down = page.parsed(down, b, RATE, "12 Mbps", rate);
    let up = page.parsed(up, c, RATE, "12 Mbps", rate);
    let sessions = page.parsed(open, d, NUMBER, "300", sessions);
    let (Some(group), Some(to), Some(application)) = (group, to, application) else {
        return;
    };
    let (Some(hour), Some(down), Some(up), Some(sessions)) = (hour, down, up, sessions) else {
        return;
    };
    let measured = Measured { down, up, sessions };
    let place = page.place(row.at(at(0)));
    book.row(page, (group, to, application), hour, measured, &place);
}
