//! Reading cells: names, rates, sizes, numbers, with every problem noted at its cell.
//!
//! Goes in: rows of a file. Comes out: what their cells mean, or `None` after the problem was noted. What can
//! go wrong: a column that is unknown, missing or there twice; a name that nothing bears; a cell that cannot be
//! read.

use super::known::{Holder, Known};
use super::table::Row;
use crate::read::{Log, MOST};
use crate::say::{self, Noun, Said};
use crate::source::Sources;
use std::net::IpAddr;
use std::ops::Range;
use utsushi_model::finding::Code;
use utsushi_model::limits::MOST_RATE;
use utsushi_model::place::Place;
use utsushi_model::text::Text;
use utsushi_model::units::{BitRate, Sessions};

/// Nobody moves more in a day: an exabyte.
const MOST_BYTES: f64 = 1e18;

pub(super) const HOUR: Noun = ("0 から 23 までの時", "an hour from 0 to 23");
pub(super) const RATE: Noun = (
    "単位付きの速度（`12 Mbps` など、1000000 Gbps まで）",
    "a rate with its unit, such as `12 Mbps`, of at most 1000000 Gbps",
);
pub(super) const NUMBER: Noun = (
    "0 以上 10^15 以下の数",
    "a number of 0 or more and at most 10^15",
);

pub(super) fn matrix(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said::new(Code::Matrix, ja, en)
}

/// A file while it is read.
pub(super) struct Page<'a> {
    pub(super) sources: &'a Sources,
    pub(super) file: usize,
    pub(super) log: &'a Log,
    pub(super) known: &'a Known,
    pub(super) text: &'a str,
}

impl Page<'_> {
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        self.sources.place(self.file, range)
    }

    pub(super) fn note(&self, range: Range<usize>, said: Said) {
        self.log.note(said.at(&self.place(range)));
    }

    /// The position of each column; those that may be missing come last.
    pub(super) fn header(
        &self,
        row: &Row,
        must: &[&str],
        may: &[&str],
    ) -> Option<Vec<Option<usize>>> {
        let all: Vec<&str> = must.iter().chain(may).copied().collect();
        let mut right = true;
        for (at, name) in row.cells().enumerate() {
            let said = if !all.contains(&name) {
                matrix(
                    format!("列 `{name}` は存在しない"),
                    format!("there is no column `{name}`"),
                )
                .or_help(say::suggestion(name, &all))
            } else if row.cells().take(at).any(|before| before == name) {
                matrix(
                    format!("列 `{name}` が二つある"),
                    format!("there are two columns `{name}`"),
                )
                .help("どちらか一方を削除する", "remove one of them")
            } else {
                continue;
            };
            self.note(row.at(at), said);
            right = false;
        }
        let position = |name: &&str| row.cells().position(|found| found == *name);
        let columns: Vec<Option<usize>> = all.iter().map(position).collect();
        for (name, column) in must.iter().zip(&columns) {
            if column.is_none() {
                let said = matrix(
                    format!("列 `{name}` がない"),
                    format!("column `{name}` is missing"),
                )
                .help(
                    format!("見出しに `{name}` を加え、各行にその値を書く"),
                    format!("add `{name}` to the header, and its value to each row"),
                );
                self.note(row.line.clone(), said);
                right = false;
            }
        }
        right.then_some(columns)
    }

    /// Whether a row has as many cells as there are columns.
    pub(super) fn is_full(&self, row: &Row, columns: usize) -> bool {
        let found = row.len();
        if found != columns {
            let said = matrix(
                format!("{columns} 個の値が必要だが {found} 個ある"),
                format!("the row needs {columns} cells, found {found}"),
            )
            .help(
                "見出しと同じ数の値をコンマで区切って書く",
                "write as many cells as the header has, between commas",
            );
            self.note(row.line.clone(), said);
        }
        found == columns
    }

    pub(super) fn group(&self, text: &str, at: Range<usize>) -> Option<String> {
        let names = self.known.groups.iter().map(String::as_str);
        self.name(text, at, ("端末群", "host group"), names)
    }

    pub(super) fn target(&self, text: &str, at: Range<usize>) -> Option<String> {
        let names = self.known.targets.iter().map(String::as_str);
        self.name(text, at, ("宛先", "destination"), names)
    }

    pub(super) fn application(&self, text: &str, at: Range<usize>) -> Option<String> {
        let names = self.known.applications.keys().map(String::as_str);
        let noun = ("アプリケーション", "application");
        self.name(text, at, noun, names)
    }

    fn name<'k>(
        &self,
        name: &str,
        at: Range<usize>,
        noun: Noun,
        names: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<String> {
        if names.clone().any(|there| there == name) {
            return Some(name.to_owned());
        }
        if !self.log.is_lost(name) {
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
            let defined = Text::new(
                "シナリオで定義した名前を書くか、シナリオに定義を加える",
                "write a name that the scenario defines, or define it there",
            );
            self.note(at, said.or_help(near).or_help(Some(defined)));
        }
        None
    }

    /// A group by name or by an address that it holds.
    pub(super) fn group_or_address(&self, text: &str, at: Range<usize>) -> Option<String> {
        match text.parse::<IpAddr>() {
            Ok(address) => self.held(
                text,
                at,
                self.known.group_at(address),
                "端末群",
                "host group",
            ),
            Err(_) => self.group(text, at),
        }
    }

    /// A destination by name or by an address that it holds.
    pub(super) fn target_or_address(&self, text: &str, at: Range<usize>) -> Option<String> {
        match text.parse::<IpAddr>() {
            Ok(address) => self.held(
                text,
                at,
                self.known.target_at(address),
                "宛先",
                "destination",
            ),
            Err(_) => self.target(text, at),
        }
    }

    fn held(
        &self,
        text: &str,
        at: Range<usize>,
        holder: Holder<'_>,
        ja: &str,
        en: &str,
    ) -> Option<String> {
        let said = match holder {
            Holder::One(name) => return Some(name.to_owned()),
            Holder::Nobody => matrix(
                format!("`{text}` を持つ{ja}は存在しない"),
                format!("no {en} holds `{text}`"),
            )
            .help(
                "名前で書くか、このアドレスをシナリオのセグメントや端末群に加える",
                "write a name, or add the address to a segment or host group of the scenario",
            ),
            Holder::Several(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                matrix(
                    format!("`{text}` を持つ{ja}が複数ある：{}", names.join("、")),
                    format!("`{text}` belongs to several: {}", names.join(", ")),
                )
                .help(
                    "意図する方の名前を書く",
                    "write the name of the one that is meant",
                )
            }
        };
        self.note(at, said);
        None
    }

    /// What a cell says, or the problem that it is not what is wanted.
    pub(super) fn parsed<T>(
        &self,
        text: &str,
        at: Range<usize>,
        noun: Noun,
        example: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(text);
        if value.is_none() {
            let said = matrix(
                format!("`{text}` は{}ではない", say::spaced(noun.0)),
                format!("`{text}` is not {}", noun.1),
            );
            let write = Text::new(
                format!("`{example}` のように書く"),
                format!("write it like `{example}`"),
            );
            self.note(at, said.or_help(say::full_width(text)).or_help(Some(write)));
        }
        value
    }
}

/// A rate with its unit.
pub(super) fn rate(text: &str) -> Option<BitRate> {
    let rate: BitRate = text.parse().ok()?;
    (rate.get() <= MOST_RATE).then_some(rate)
}

/// A number of sessions or users.
pub(super) fn number(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    (0.0..=MOST).contains(&number).then_some(number)
}

pub(super) fn sessions(text: &str) -> Option<Sessions> {
    number(text).map(Sessions::new)
}

/// Bytes with a unit: `KB`, `MB` and so on are decimal, `KiB`, `MiB` and so on are powers of 1,024.
pub(super) fn size(text: &str) -> Option<f64> {
    let digits = |c: char| !c.is_ascii_digit() && c != '.';
    let (number, unit) = text.split_at(text.find(digits)?);
    let number: f64 = number.parse().ok()?;
    let scale = match unit.trim() {
        "B" => 1.0,
        "KB" | "kB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        "PB" => 1e15,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        "TiB" => 1_099_511_627_776.0,
        _ => return None,
    };
    Some(number * scale).filter(|bytes| *bytes <= MOST_BYTES)
}

/// Bytes as a plain number, or a size with a unit.
pub(super) fn bytes(text: &str) -> Option<f64> {
    match text.parse::<f64>() {
        Ok(bytes) => Some(bytes).filter(|b| (0.0..=MOST_BYTES).contains(b)),
        Err(_) => size(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_need_a_unit_of_bytes() {
        for (text, bytes) in [
            ("12 GB", Some(12e9)),
            ("1.5TB", Some(1.5e12)),
            ("800 kB", Some(8e5)),
            ("2 KiB", Some(2048.0)),
            ("1 GiB", Some(1_073_741_824.0)),
            ("0 B", Some(0.0)),
            ("12", None),
            ("12 Gb", None),
            ("12 gb", None),
            ("-1 GB", None),
            ("GB", None),
            ("1.2.3 GB", None),
            ("9999999999999 PB", None),
            ("", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
        assert_eq!(bytes("120"), Some(120.0));
        assert_eq!(bytes("NaN"), None);
        assert_eq!(bytes("-1"), None);
    }
}
