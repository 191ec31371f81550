//! Records of flows, as routers export them.
//!
//! Goes in: rows `start,end,from,to,application,bytes_up,bytes_down` and perhaps `sessions`; `from` and `to` are
//! names or addresses. Comes out: for each hour of the day what its busiest day had there, or the mean over the days
//! of the file where a line `# days: mean` stands above the header. A record's bytes are spread evenly from its
//! start to its end. What can go wrong: a time that is none, a record that ends before it starts, lasts longer
//! than 31 days or lies more than a year from the first, a name or address that nothing bears.
//!
//! Times are local. One with an offset or `Z` is brought to Japan's, which is nine hours ahead of UTC.

use super::book::{Book, Key};
use super::page::{NUMBER, Page, bytes, matrix, number};
use super::table::Row;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use utsushi_model::demand::{HOURS, Measured};
use utsushi_model::place::Place;
use utsushi_model::units::{BitRate, Sessions};

/// Columns that must be there.
pub(super) const MUST: [&str; 7] = [
    "start",
    "end",
    "from",
    "to",
    "application",
    "bytes_up",
    "bytes_down",
];
/// Columns that may be there.
pub(super) const MAY: [&str; 1] = ["sessions"];

const HOUR: f64 = 3600.0;
/// How long a record may last, and how far from the first it may begin, in hours.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);
const FARTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How days become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    /// For each hour the day that had most then, for each direction on its own.
    Busiest,
    /// The mean over all days on which the file has a record.
    Mean,
}

/// Bits down, bits up and seconds of sessions in an hour.
type Sum = [f64; 3];

/// What one record says.
struct Record {
    key: Key,
    start: DateTime,
    end: DateTime,
    sum: Sum,
    place: Place,
}

/// Sums of a key by day and hour.
struct Found {
    key: Key,
    place: Place,
    days: BTreeMap<Date, [Sum; HOURS]>,
}

pub(super) fn read(
    page: &Page<'_>,
    header: &Row,
    rows: impl Iterator<Item = Row>,
    book: &mut Book,
) {
    let days = days(page, header.line.start);
    let Some(columns) = page.header(header, &MUST, &MAY) else {
        return;
    };
    let mut found: Vec<Found> = Vec::new();
    let mut index: BTreeMap<Key, usize> = BTreeMap::new();
    let mut all: BTreeSet<Date> = BTreeSet::new();
    let mut first: Option<DateTime> = None;
    for row in rows {
        if !page.is_full(&row, header.len()) {
            continue;
        }
        let Some(record) = record(page, &columns, &row, &mut first) else {
            continue;
        };
        let at = *index.entry(record.key.clone()).or_insert(found.len());
        if at == found.len() {
            found.push(Found {
                key: record.key.clone(),
                place: record.place.clone(),
                days: BTreeMap::new(),
            });
        }
        spread(&record, &mut all, &mut found[at].days);
    }
    for found in found {
        let hours = hours(&found.days, days, all.len());
        book.day(page, found.key, hours, &found.place);
    }
}

/// What a line `# days: …` above the header says; without one it is the busiest.
fn days(page: &Page<'_>, header: usize) -> Days {
    let mut at = 0;
    let mut days = Days::Busiest;
    let above = page.text.get(..header).unwrap_or_default();
    for line in above.split_inclusive('\n') {
        let said = line.strip_prefix('#').map(str::trim);
        if let Some(value) = said.and_then(|said| said.strip_prefix("days:")) {
            let range = at..at + line.trim_end().len();
            let noun = ("`busiest` か `mean`", "`busiest` or `mean`");
            let read = |text: &str| match text {
                "busiest" => Some(Days::Busiest),
                "mean" => Some(Days::Mean),
                _ => None,
            };
            let found = page.parsed(value.trim(), range, noun, "# days: mean", read);
            days = found.unwrap_or(days);
        }
        at += line.len();
    }
    days
}

fn record(
    page: &Page<'_>,
    columns: &[Option<usize>],
    row: &Row,
    first: &mut Option<DateTime>,
) -> Option<Record> {
    let column = |at: usize| columns.get(at).copied().flatten();
    let cell = |at: usize| column(at).map_or(("", row.line.clone()), |c| (row.cell(c), row.at(c)));
    let time = |at: usize| {
        let noun = ("日時", "a time");
        let (text, range) = cell(at);
        page.parsed(text, range, noun, "2023-03-01 09:00:00", moment)
    };
    let volume = |at: usize| {
        let noun = ("バイト数", "a number of bytes");
        let (text, range) = cell(at);
        page.parsed(text, range, noun, "1048576", bytes)
    };
    let (start, end) = (time(0), time(1));
    let ((from, a), (to, b), (application, c)) = (cell(2), cell(3), cell(4));
    let from = page.group_or_address(from, a);
    let to = page.target_or_address(to, b);
    let application = page.application(application, c);
    let (up, down) = (volume(5), volume(6));
    let sessions = match column(7) {
        // A record is one session unless it says otherwise.
        None => Some(1.0),
        Some(at) => page.parsed(row.cell(at), row.at(at), NUMBER, "300", number),
    };
    let (start, end) = (start?, end?);
    timely(page, (start, end), cell(1).1, first)?;
    let seconds = start.duration_until(end).as_secs_f64();
    Some(Record {
        key: (from?, to?, application?),
        start,
        end,
        sum: [down? * 8.0, up? * 8.0, sessions? * seconds],
        place: page.place(cell(2).1),
    })
}

/// A time such as `2023-03-01 09:00:00`, or ISO 8601 with or without an offset.
fn moment(text: &str) -> Option<DateTime> {
    if !text.contains(':') {
        return None;
    }
    let there: Result<Timestamp, _> = text.parse();
    match there {
        Ok(there) => Some(Offset::constant(9).to_datetime(there)),
        Err(_) => text.parse().ok(),
    }
}

/// Tells a record whose times cannot be.
fn timely(
    page: &Page<'_>,
    (start, end): (DateTime, DateTime),
    end_at: std::ops::Range<usize>,
    first: &mut Option<DateTime>,
) -> Option<()> {
    let first = *first.get_or_insert(start);
    let said = if end < start {
        let said = matrix(
            "記録の終わりが始まりより前にある",
            "the record ends before it starts",
        );
        said.help("`start` と `end` を確かめる", "check `start` and `end`")
    } else if start.duration_until(end) > LONGEST {
        let said = matrix(
            "31 日より長い記録である",
            "the record lasts longer than 31 days",
        );
        said.help(
            "日時を確かめるか、短い記録に分ける",
            "check its times, or cut it into shorter records",
        )
    } else if first.duration_until(start).abs() > FARTHEST {
        let said = matrix(
            "最初の記録から一年以上離れている",
            "the record lies more than a year from the first one",
        );
        said.help(
            "日時を確かめるか、年ごとにファイルを分ける",
            "check its times, or put each year into a file of its own",
        )
    } else {
        return Some(());
    };
    page.note(end_at, said);
    None
}

/// Adds a record to the hours it lies in; one without duration to the hour it lies in.
fn spread(record: &Record, all: &mut BTreeSet<Date>, days: &mut BTreeMap<Date, [Sum; HOURS]>) {
    let whole = record.start.duration_until(record.end).as_secs_f64();
    let mut at = record.start;
    loop {
        let hour = at.date().at(at.hour(), 0, 0, 0);
        let next = hour.checked_add(SignedDuration::from_hours(1));
        let stop = next.map_or(record.end, |next| next.min(record.end));
        let part = match whole > 0.0 {
            true => at.duration_until(stop).as_secs_f64() / whole,
            false => 1.0,
        };
        all.insert(at.date());
        let day = days.entry(at.date()).or_default();
        let hour = usize::try_from(at.hour()).unwrap_or_default();
        if let Some(sums) = day.get_mut(hour) {
            for (sum, whole) in sums.iter_mut().zip(record.sum) {
                *sum += whole * part;
            }
        }
        if stop >= record.end || stop <= at {
            return;
        }
        at = stop;
    }
}

/// One day made of all.
fn hours(days: &BTreeMap<Date, [Sum; HOURS]>, how: Days, count: usize) -> [Measured; HOURS] {
    let mut hours = [Measured::default(); HOURS];
    let count = u32::try_from(count.max(1)).map_or(f64::MAX, f64::from);
    for (hour, measured) in hours.iter_mut().enumerate() {
        let of = |what: usize| {
            let each = days.values().filter_map(|day| day.get(hour)?.get(what));
            match how {
                Days::Busiest => each.copied().fold(0.0, f64::max) / HOUR,
                Days::Mean => each.sum::<f64>() / count / HOUR,
            }
        };
        *measured = Measured {
            down: BitRate::new(of(0)),
            up: BitRate::new(of(1)),
            sessions: Sessions::new(of(2)),
        };
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_or_brought_to_japan() {
        let nine = moment("2023-03-01 09:00:00");
        assert!(nine.is_some());
        for text in [
            "2023-03-01T09:00:00",
            "2023-03-01T00:00:00Z",
            "2023-03-01T09:00:00+09:00",
            "2023-02-28T19:00:00-05:00",
        ] {
            assert_eq!(moment(text), nine, "{text}");
        }
        for text in [
            "",
            "2023-03-01",
            "09:00:00",
            "2023/03/01 9:00",
            "2023-02-30 09:00:00",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
