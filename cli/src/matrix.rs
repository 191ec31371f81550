//! Who may talk to whom, as text, JSON, CSV and the data of a picture.
//!
//! In: a [`Grid`] of rights. Out: texts. Nothing can go wrong.

use crate::render::width;
use crate::wording::pick;
use serde::Serialize;
use std::fmt::Write as _;
use utsushi_model::address::AddressRange;
use utsushi_model::service::Service;
use utsushi_model::text::{Lang, Text};
use utsushi_sim::matrix::Right;
use utsushi_viz::data::{Caption, Matrix, MatrixCell};

/// The version of the JSON form.
pub const SCHEMA: &str = "utsushi.matrix/1";
/// Ends that a table or picture shows; the rest is in the CSV and JSON.
const SHOWN: usize = 40;
/// Ranges that a table shows of one end.
const RANGES: usize = 6;

/// What the ends are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Groups of addresses with equal rights.
    Groups,
    /// Segments.
    Segments,
    /// Zones.
    Zones,
}

impl Kind {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Segments => "segments",
            Self::Zones => "zones",
        }
    }

    fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Groups => pick(lang, "同じ権利を持つグループ", "groups with equal rights"),
            Self::Segments => pick(lang, "セグメント", "segments"),
            Self::Zones => pick(lang, "系", "zones"),
        }
    }
}

/// One end: a row and a column.
#[derive(Debug, Clone)]
pub struct End {
    /// Its name.
    pub name: String,
    /// What people call it, if that is something else.
    pub label: Option<Text>,
    /// Its addresses, where they say what it is.
    pub ranges: Vec<AddressRange>,
}

impl End {
    /// Its first ranges, and whether there are more.
    fn addresses(&self, most: usize) -> (String, usize) {
        let shown = self.ranges.iter().take(most).map(ToString::to_string);
        let shown: Vec<String> = shown.collect();
        (shown.join(", "), self.ranges.len().saturating_sub(most))
    }
}

/// Rights between ends, row by row: what each may ask of each.
#[derive(Debug, Clone)]
pub struct Grid {
    /// What the ends are.
    pub kind: Kind,
    /// Whose rights these are: a scenario and step, or a file and chain.
    pub of: String,
    /// What is asked for.
    pub service: Service,
    /// The ends.
    pub ends: Vec<End>,
    /// The rights.
    pub rights: Vec<Vec<Right>>,
}

#[derive(Serialize)]
struct JsonEnd<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a Text>,
    addresses: Vec<String>,
}

#[derive(Serialize)]
struct JsonRight<'a> {
    from: &'a str,
    to: &'a str,
    right: &'static str,
}

#[derive(Serialize)]
struct Json<'a> {
    schema: &'static str,
    kind: &'static str,
    of: &'a str,
    service: String,
    ends: Vec<JsonEnd<'a>>,
    rights: Vec<JsonRight<'a>>,
}

/// The word for a right in files.
const fn word(right: Right) -> &'static str {
    match right {
        Right::None => "none",
        Right::Part => "part",
        Right::All => "all",
        Right::Undetermined => "undetermined",
    }
}

fn mark(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::None => "-",
        Right::Part => pick(lang, "一部", "part"),
        Right::All => pick(lang, "全", "all"),
        Right::Undetermined => "?",
    }
}

impl Grid {
    /// Every pair with a right.
    fn pairs(&self) -> impl Iterator<Item = (&End, &End, Right)> {
        self.ends.iter().zip(&self.rights).flat_map(|(from, row)| {
            let cells = self.ends.iter().zip(row);
            let there = cells.filter(|(_, right)| **right != Right::None);
            there.map(move |(to, right)| (from, to, *right))
        })
    }

    fn title(&self, lang: Lang) -> String {
        let (count, kind) = (self.ends.len(), self.kind.words(lang));
        let (of, service) = (&self.of, self.service);
        pick(
            lang,
            format!("{of} · {service} · {kind} {count}"),
            format!("{of} · {service} · {count} {kind}"),
        )
    }

    /// A table for people.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let shown = self.ends.len().min(SHOWN);
        let names = self.ends[..shown].iter().map(|e| width(&e.name));
        let name = names.max().unwrap_or(0);
        let mut out = format!("{}\n\n", self.title(lang));
        self.list(&mut out, (shown, name), lang);
        self.cells(&mut out, (shown, name), lang);
        out.push_str(pick(
            lang,
            "\n  行から列へ。全：すべて通る　一部：一部が通る　-：通らない　?：机上では判定できない\n",
            "\n  from row to column. all: everything passes, part: some does, -: nothing, ?: cannot be judged offline\n",
        ));
        out
    }

    /// The ends, numbered as the columns are.
    fn list(&self, out: &mut String, (shown, name): (usize, usize), lang: Lang) {
        for (i, end) in self.ends[..shown].iter().enumerate() {
            let mut line = format!("  {:>3}  {}", i + 1, end.name);
            line.push_str(&" ".repeat(name - width(&end.name)));
            let label = end.label.as_ref().map(|l| l.get(lang));
            if let Some(part) = label.filter(|l| *l != end.name) {
                line.push_str(&format!("  {part}"));
            }
            let (ranges, more) = end.addresses(RANGES);
            line.push_str(&format!("  {ranges}"));
            if more > 0 {
                line += &pick(
                    lang,
                    format!(" ほか{more}範囲"),
                    format!(" and {more} more"),
                );
            }
            let _ = writeln!(out, "{}", line.trim_end());
        }
        let more = self.ends.len() - shown;
        if more > 0 {
            let rest = pick(
                lang,
                format!("…ほか{more}件（`--format csv` にはすべてある）"),
                format!("… and {more} more; `--format csv` has all"),
            );
            let _ = writeln!(out, "  {rest}");
        }
    }

    fn cells(&self, out: &mut String, (shown, name): (usize, usize), lang: Lang) {
        let cell = |out: &mut String, text: &str| {
            let _ = write!(
                out,
                "  {}{text}",
                " ".repeat(4_usize.saturating_sub(width(text)))
            );
        };
        let _ = write!(out, "\n  {}", " ".repeat(name));
        (1..=shown).for_each(|number| cell(out, &number.to_string()));
        out.push('\n');
        for (end, row) in self.ends.iter().zip(&self.rights).take(shown) {
            let _ = write!(out, "  {}{}", end.name, " ".repeat(name - width(&end.name)));
            row.iter()
                .take(shown)
                .for_each(|right| cell(out, mark(*right, lang)));
            out.push('\n');
        }
    }

    /// One JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let ends = self.ends.iter().map(|end| JsonEnd {
            name: &end.name,
            label: end.label.as_ref(),
            addresses: end.ranges.iter().map(ToString::to_string).collect(),
        });
        let rights = self.pairs().map(|(from, to, right)| JsonRight {
            from: &from.name,
            to: &to.name,
            right: word(right),
        });
        let json = Json {
            schema: SCHEMA,
            kind: self.kind.word(),
            of: &self.of,
            service: self.service.to_string(),
            ends: ends.collect(),
            rights: rights.collect(),
        };
        // Texts and lists of texts cannot fail to become JSON.
        serde_json::to_string_pretty(&json).unwrap_or_default()
    }

    /// One line for each pair with a right.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = String::from("from,from_addresses,to,to_addresses,service,right\n");
        let ranges = |end: &End| end.addresses(usize::MAX).0.replace(", ", " ");
        let service = self.service.to_string();
        for (from, to, right) in self.pairs() {
            for field in [&from.name, &ranges(from), &to.name, &ranges(to), &service] {
                out.push_str(&quoted(field));
                out.push(',');
            }
            let _ = writeln!(out, "{}", word(right));
        }
        out
    }

    /// The data of a picture.
    #[must_use]
    pub fn figure(&self, lang: Lang) -> Matrix {
        let shown = self.ends.len().min(SHOWN);
        let label = |end: &End| match &end.label {
            Some(label) => label.get(lang).to_owned(),
            None => {
                let (ranges, more) = end.addresses(2);
                let more = if more > 0 { " …" } else { "" };
                format!("{}: {ranges}{more}", end.name)
            }
        };
        let cell = |right: &Right| match right {
            Right::None => MatrixCell::None,
            Right::Part => MatrixCell::Part,
            Right::All => MatrixCell::All,
            Right::Undetermined => MatrixCell::Undetermined,
        };
        let row = |row: &Vec<Right>| row.iter().take(shown).map(cell).collect();
        let service = self.service;
        Matrix {
            caption: Caption {
                title: pick(
                    lang,
                    format!("{service} で通信できる組合せ"),
                    format!("who may ask whom for {service}"),
                ),
                subtitle: self.title(lang),
                notes: Vec::new(),
            },
            all: self.ends.len(),
            labels: self.ends[..shown].iter().map(label).collect(),
            cells: self.rights.iter().take(shown).map(row).collect(),
        }
    }
}

/// A field of CSV.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
