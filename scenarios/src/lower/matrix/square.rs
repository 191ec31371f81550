//! The square form: host groups down, destinations across, one square for each application, quantity and time.
//!
//! ```csv
//! application: web; cells: down; unit: Mbps; hours: 9..=11 13,inet,payroll
//! staff,120,8
//! application: web; cells: sessions; hours: all,inet
//! staff,300
//! ```
//!
//! Goes in: rows; one that begins with `application:` is the head of a square. Comes out: what each cell says of
//! the hours of its square; an empty cell says nothing. What can go wrong: a head that lacks a word or has one
//! too many, hours that are none, a cell without a unit where the head names none, two cells for the same hour.

use super::book::{Book, Quantity, Value};
use super::page::{NUMBER, Page, RATE, matrix, rate, sessions};
use super::table::Row;
use crate::say::{self, Said};
use std::ops::Range;
use utsushi_model::demand::HOURS;
use utsushi_model::units::BitRate;

/// What a head may say.
const WORDS: [&str; 4] = ["application", "cells", "unit", "hours"];
const FORM: &str = "application: web; cells: down; unit: Mbps; hours: 9..=11";

/// What the first cell of a square says.
struct Head {
    application: String,
    quantity: Quantity,
    unit: Option<String>,
    hours: Vec<usize>,
    /// The destination of each column behind the first.
    targets: Vec<Option<String>>,
}

/// A word of a head with its value, each with where it stands.
struct Word<'t> {
    name: &'t str,
    name_at: Range<usize>,
    value: &'t str,
    value_at: Range<usize>,
}

pub(super) fn read(
    page: &Page<'_>,
    header: &Row,
    rows: impl Iterator<Item = Row>,
    book: &mut Book,
) {
    let mut head = begin(page, header);
    for row in rows {
        if is_head(row.cell(0)) {
            head = begin(page, &row);
        } else if let Some(head) = &head {
            cells(page, head, &row, book);
        }
    }
}

/// Whether a row begins another square.
fn is_head(cell: &str) -> bool {
    let rest = cell.strip_prefix("application").map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with([':', '：']))
}

/// The words of a cell, separated by `;`.
fn words<'t>(page: &Page<'t>, cell: Range<usize>) -> Vec<Word<'t>> {
    let text = page.text.get(cell.clone()).unwrap_or_default();
    let quotes = text.len() - text.trim_start_matches('"').len();
    let mut at = cell.start + quotes;
    let mut found = Vec::new();
    let trimmed = |part: &'t str, at: usize| {
        let blank = part.len() - part.trim_start().len();
        (part.trim(), at + blank..at + blank + part.trim().len())
    };
    for part in text.trim_matches('"').split(';') {
        let split = part.find([':', '：']);
        let (name, value) = part.split_at(split.unwrap_or(part.len()));
        let colon = value.chars().next().map_or(0, char::len_utf8);
        let value_from = at + name.len() + colon;
        let (name, name_at) = trimmed(name, at);
        let (value, value_at) = trimmed(&value[colon..], value_from);
        at += part.len() + 1;
        if !(name.is_empty() && value.is_empty()) {
            found.push(Word {
                name,
                name_at,
                value,
                value_at,
            });
        }
    }
    found
}

/// Reads the head of a square.
fn begin(page: &Page<'_>, row: &Row) -> Option<Head> {
    let words = words(page, row.at(0));
    let mut right = row.cells().skip(1).any(|cell| !cell.is_empty());
    if !right {
        let said = matrix("宛先の列がない", "there is no column of a destination");
        let said = said.help(
            "見出しの2列目からに宛先の名前を書く",
            "write names of destinations in the header from its second cell on",
        );
        page.note(row.at(0), said);
    }
    for (at, word) in words.iter().enumerate() {
        let double = words[..at].iter().any(|before| before.name == word.name);
        let said = if !WORDS.contains(&word.name) {
            unknown(word.name)
        } else if double {
            let name = word.name;
            matrix(
                format!("`{name}` が二度書かれている"),
                format!("`{name}` is given twice"),
            )
            .help("どちらか一方を削除する", "remove one of them")
        } else {
            continue;
        };
        page.note(word.name_at.clone(), said);
        right = false;
    }
    let get = |name: &str| words.iter().find(|word| word.name == name);
    let must = |name: &str| {
        let found = get(name);
        if found.is_none() {
            page.note(row.at(0), missing(name));
        }
        found
    };
    let application =
        must("application").and_then(|word| page.application(word.value, word.value_at.clone()));
    let quantity = must("cells").and_then(|word| quantity(page, word));
    let hours = must("hours").and_then(|word| hours(page, word));
    let unit = match get("unit") {
        Some(word) => unit(page, word, quantity).map(Some),
        None => Some(None),
    };
    let targets = (1..row.len()).map(|column| match row.cell(column) {
        "" => None,
        name => page.target(name, row.at(column)),
    });
    let targets: Vec<Option<String>> = targets.collect();
    let head = Head {
        application: application?,
        quantity: quantity?,
        unit: unit?,
        hours: hours?,
        targets,
    };
    right.then_some(head)
}

fn unknown(name: &str) -> Said {
    let said = matrix(
        format!("見出しの `{name}` は読めない"),
        format!("`{name}` is not understood in a header"),
    );
    said.or_help(say::suggestion(name, &WORDS))
}

fn missing(name: &str) -> Said {
    matrix(
        format!("見出しに `{name}` がない"),
        format!("the header has no `{name}`"),
    )
    .help(
        format!("最初のセルを `{FORM}` のように書く"),
        format!("write its first cell like `{FORM}`"),
    )
}

fn quantity(page: &Page<'_>, word: &Word<'_>) -> Option<Quantity> {
    let noun = (
        "`down`（端末群へ）、`up`（端末群から）、`sessions` のいずれか",
        "one of `down` (towards the groups), `up` (from them) and `sessions`",
    );
    page.parsed(
        word.value,
        word.value_at.clone(),
        noun,
        "cells: down",
        |text| match text {
            "down" => Some(Quantity::Down),
            "up" => Some(Quantity::Up),
            "sessions" => Some(Quantity::Sessions),
            _ => None,
        },
    )
}

fn unit(page: &Page<'_>, word: &Word<'_>, quantity: Option<Quantity>) -> Option<String> {
    if quantity == Some(Quantity::Sessions) {
        let said = matrix("セッション数に単位はない", "sessions have no unit");
        let said = said.help("`unit` を削除する", "take `unit` away");
        page.note(word.name_at.clone(), said);
        return None;
    }
    let noun = ("速度の単位", "a unit of rates");
    page.parsed(
        word.value,
        word.value_at.clone(),
        noun,
        "unit: Mbps",
        |unit| {
            let one = format!("1 {unit}").parse::<BitRate>();
            (one.is_ok() && unit.starts_with(char::is_alphabetic)).then(|| unit.to_owned())
        },
    )
}

/// Hours, separated by blanks: `9`, `9..=11` (the hours that begin at 9, 10 and 11), `all`.
fn hours(page: &Page<'_>, word: &Word<'_>) -> Option<Vec<usize>> {
    let noun = (
        "0 から 23 までの時の並び（11 時台までなら `9..=11`、終日なら `all`）",
        "hours from 0 to 23, with `9..=11` for those that begin at 9, 10 and 11, or `all`",
    );
    let hour = |text: &str| text.parse::<usize>().ok().filter(|hour| *hour < HOURS);
    let read = |text: &str| {
        let mut hours = Vec::new();
        for part in text.split_whitespace() {
            let (from, to) = match part.split_once("..=") {
                _ if part == "all" => (0, HOURS - 1),
                Some((from, to)) => (hour(from)?, hour(to)?),
                None => (hour(part)?, hour(part)?),
            };
            hours.extend(from..=to);
            if from > to {
                return None;
            }
        }
        hours.sort_unstable();
        hours.dedup();
        (!hours.is_empty()).then_some(hours)
    };
    page.parsed(
        word.value,
        word.value_at.clone(),
        noun,
        "hours: 9..=11 13",
        read,
    )
}

fn cells(page: &Page<'_>, head: &Head, row: &Row, book: &mut Book) {
    let Some(group) = page.group(row.cell(0), row.at(0)) else {
        return;
    };
    let named = page.place(row.at(0));
    for column in 1..row.len() {
        let cell = row.cell(column);
        if cell.is_empty() {
            continue;
        }
        let at = row.at(column);
        let Some(target) = head.targets.get(column - 1) else {
            let said = matrix(
                "見出しに宛先のない列に値がある",
                "this cell is in a column without a destination in the header",
            );
            let said = said.help(
                "見出しに宛先を書くか、この値を削除する",
                "write its destination in the header, or remove the cell",
            );
            page.note(at, said);
            continue;
        };
        let value = value(page, head, cell, at.clone());
        let (Some(target), Some(value)) = (target, value) else {
            continue;
        };
        let key = (group.clone(), target.clone(), head.application.clone());
        let place = page.place(at);
        let said = (head.quantity, value);
        book.cell(page, key, &head.hours, said, (&named, &place));
    }
}

fn value(page: &Page<'_>, head: &Head, cell: &str, at: Range<usize>) -> Option<Value> {
    if head.quantity == Quantity::Sessions {
        return page
            .parsed(cell, at, NUMBER, "300", sessions)
            .map(Value::Sessions);
    }
    // A cell with a unit of its own means that one.
    let read = |text: &str| match (&head.unit, text.parse::<f64>()) {
        (Some(unit), Ok(_)) => rate(&format!("{text} {unit}")),
        _ => rate(text),
    };
    page.parsed(cell, at, RATE, "12 Mbps", read)
        .map(Value::Rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_known_by_its_first_word() {
        assert!(is_head("application: web; cells: down"));
        assert!(is_head("application ：web"));
        assert!(!is_head("applications: web"));
        assert!(!is_head("vlan:10"));
    }
}
