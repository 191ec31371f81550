//! Volumes of a day, spread by the curve of their application.
//!
//! Goes in: rows `group,to,application,per_day_down,per_day_up` and perhaps `users`: volumes of the whole group,
//! or with `users` of one of so many users. Comes out: the rate of each hour. What can go wrong: a volume without a
//! unit of bytes, two rows for the same demand, an application whose curve is 0 all day.
//!
//! The busiest hour has twice the mean over eight hours: `volume × 8 ÷ (8 × 3600) × 2` bits a second for a
//! volume in bytes, Microsoft's rule for daily volumes; every other hour has its share of that by the curve. Where
//! the curve is so steep that the hours together would carry less than the volume, it is the volume that is spread.
//! Sessions are `users × active × sessions` of the application's `direct` use by the curve; 0 without `users`.

use super::book::Book;
use super::page::{NUMBER, Page, matrix, number, size};
use super::table::Row;
use crate::say::Said;
use utsushi_model::demand::{Curve, HOURS, Measured};
use utsushi_model::units::BitRate;

/// Columns that must be there.
pub(super) const MUST: [&str; 5] = ["group", "to", "application", "per_day_down", "per_day_up"];
/// Columns that may be there.
pub(super) const MAY: [&str; 1] = ["users"];

/// The hours in which the volume of a day moves, and how far the busiest is above their mean.
const WORKING_HOURS: f64 = 8.0;
const PEAK: f64 = 2.0;

pub(super) fn read(
    page: &Page<'_>,
    header: &Row,
    rows: impl Iterator<Item = Row>,
    book: &mut Book,
) {
    let Some(columns) = page.header(header, &MUST, &MAY) else {
        return;
    };
    for row in rows {
        if page.is_full(&row, header.len()) {
            enter(page, &columns, &row, book);
        }
    }
}

fn enter(page: &Page<'_>, columns: &[Option<usize>], row: &Row, book: &mut Book) {
    let column = |at: usize| columns.get(at).copied().flatten();
    let cell = |at: usize| column(at).map_or(("", row.line.clone()), |c| (row.cell(c), row.at(c)));
    let volume = |at: usize| {
        let noun = (
            "単位付きの量（`12 GB` など）",
            "a volume with its unit, such as `12 GB`",
        );
        let (text, range) = cell(at);
        page.parsed(text, range, noun, "12 GB", size)
    };
    let ((group, a), (to, b), (application, c)) = (cell(0), cell(1), cell(2));
    let group = page.group(group, a);
    let to = page.target(to, b);
    let application = page.application(application, c);
    let (down, up) = (volume(3), volume(4));
    let users = match column(5) {
        // An empty cell says that the volumes are those of the whole group.
        Some(at) if !row.cell(at).is_empty() => page
            .parsed(row.cell(at), row.at(at), NUMBER, "300", number)
            .map(Some),
        _ => Some(None),
    };
    let (Some(group), Some(to), Some(application)) = (group, to, application) else {
        return;
    };
    let (Some(down), Some(up), Some(users)) = (down, up, users) else {
        return;
    };
    let Some(spent) = page.known.applications.get(&application) else {
        return;
    };
    let Some(busiest) = busiest(&spent.curve) else {
        page.note(cell(2).1, unused(&application));
        return;
    };
    let times = users.unwrap_or(1.0);
    let mut hours = [Measured::default(); HOURS];
    for (measured, share) in hours.iter_mut().zip(spent.curve.0) {
        *measured = Measured {
            down: busiest * (down * times) * share,
            up: busiest * (up * times) * share,
            sessions: spent.sessions * users.unwrap_or(0.0) * share,
        };
    }
    let place = page.place(cell(0).1);
    book.day(page, (group, to, application), hours, &place);
}

fn unused(application: &str) -> Said {
    matrix(
        format!("アプリケーション `{application}` の曲線が終日 0 である"),
        format!("the curve of application `{application}` is 0 all day"),
    )
    .help(
        "使われる時間に 0 より大きい値を持つ曲線にする",
        "give it a curve that is above 0 when it is used",
    )
}

/// The rate that each byte of a day means where the curve is 1; `None` if it is 0 all day.
fn busiest(curve: &Curve) -> Option<BitRate> {
    let whole: f64 = curve.0.iter().map(|share| share.get()).sum();
    let share = (PEAK / WORKING_HOURS).max(1.0 / whole);
    (whole > 0.0).then(|| BitRate::new(8.0 * share / 3600.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use utsushi_model::units::Share;

    /// Microsoft's own examples: 100 users with 12,220 KB and with 5,200 KB a day.
    #[test]
    fn the_busiest_hour_follows_the_rule() {
        let byte = busiest(&Curve::flat()).unwrap();
        let kilobytes = |a_day: f64| (byte * (100.0 * a_day)).get() / 8.0;
        assert!((kilobytes(12_220.0) - 84.9).abs() < 0.05);
        assert!((kilobytes(5_200.0) - 36.1).abs() < 0.05);
    }

    #[test]
    fn a_steep_curve_still_carries_the_volume() {
        let mut curve = Curve([Share::new(0.0).unwrap(); HOURS]);
        assert_eq!(busiest(&curve), None);
        curve.0[2] = Share::ALL;
        let byte = busiest(&curve).unwrap();
        assert!((byte.get() * 3600.0 - 8.0).abs() < 1e-9);
    }
}
