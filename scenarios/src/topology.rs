//! Published topologies and traffic matrices: the text format of sections `NODES`, `EDGES` and `DEMANDS`, and
//! node-link JSON.
//!
//! ```text
//! NODES 2              EDGES 2                               DEMANDS 1
//! label x y            label src dest weight bw delay        label src dest bw
//! Tsu 136.5 34.7       there 0 1 10 1000000 5                d0 0 1 1200
//! Ise 136.7 34.5       back 1 0 10 1000000 5
//! ```
//!
//! Goes in: files, each with any of the sections; together they hold one topology. `bw` is in kbit/s, `src` and
//! `dest` are positions of nodes. Comes out: a [`Topology`]. What can go wrong: a line that is not of its section,
//! a number that is none, an end that is no node, a count that does not fit; all are told, with line and column.
//! Coordinates and delays are read and not used. A file that begins with `{` is JSON: it has nodes and edges, and
//! perhaps demands, in the same order of positions; see `nodelink`, with `json` (values that know their place),
//! `attributes` (weights and capacities) and `write` (the same as text).

mod attributes;
mod json;
mod nodelink;
mod write;

use crate::import::{Refused, refuse};
use std::sync::Arc;
use utsushi_model::finding::Code;
use utsushi_model::limits::MOST_RATE;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;
use utsushi_model::topology::{Edge, Topology, Volume};
use utsushi_model::units::BitRate;

/// No line carries more.
const MOST_KBPS: f64 = MOST_RATE / 1000.0;

/// Weights may have this many digits behind the point; all of a topology are scaled by the same power of ten.
const DIGITS: u32 = 6;

/// What JSON need not say.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// What an edge can carry that does not say it.
    pub capacity: Option<BitRate>,
    /// The attribute of edges that is their weight, instead of `weight`, `cost` or `metric`.
    pub weight: Option<String>,
}

/// A topology with what was taken to be so.
#[derive(Debug, Clone)]
pub struct Published {
    /// The topology.
    pub topology: Topology,
    /// What the files do not say and was taken to be so.
    pub notes: Vec<Text>,
}

impl Published {
    /// The same in the text format; coordinates and delays are 0.
    #[must_use]
    pub fn text(&self) -> String {
        write::text(&self.topology)
    }
}

/// Whether the bytes are JSON rather than sections of text.
#[must_use]
pub fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[")
}

/// Reads a topology; each file is its name and its bytes.
///
/// # Errors
/// Every problem, with the texts of the files.
pub fn topology(files: &[(&str, &[u8])]) -> Result<Topology, Refused> {
    published(files, &Given::default()).map(|published| published.topology)
}

/// Reads a topology with what the files need not say.
///
/// # Errors
/// Every problem, with the texts of the files.
pub fn published(files: &[(&str, &[u8])], given: &Given) -> Result<Published, Refused> {
    let mut reader = Reader::default();
    for (name, bytes) in files {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                match is_json(bytes) {
                    true => reader.json(nodelink::read(name, text, given)),
                    false => reader.file(name, text),
                }
            }
            Err(_) => reader.note(
                &at(&Arc::from(*name), 1, 1, 0),
                ("UTF-8 のテキストではない", "not a text in UTF-8"),
                ("UTF-8 で保存し直す", "save it in UTF-8"),
            ),
        }
    }
    reader.whole(files);
    refuse(files, reader.problems)?;
    Ok(Published {
        topology: reader.topology,
        notes: reader.notes,
    })
}

/// What the lines that follow are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Nodes,
    Edges,
    Demands,
}

impl Section {
    const fn word(self) -> &'static str {
        match self {
            Self::Nodes => "NODES",
            Self::Edges => "EDGES",
            Self::Demands => "DEMANDS",
        }
    }

    /// What a line holds behind the name.
    const fn columns(self) -> usize {
        match self {
            Self::Nodes => 2,
            Self::Edges => 5,
            Self::Demands => 3,
        }
    }

    const fn form(self) -> &'static str {
        match self {
            Self::Nodes => "label x y",
            Self::Edges => "label src dest weight bw delay",
            Self::Demands => "label src dest bw",
        }
    }
}

/// A word of a line, with its place.
#[derive(Debug, Clone)]
struct Word<'t> {
    text: &'t str,
    place: Place,
}

/// An edge or volume whose ends are looked at when all nodes are known.
#[derive(Debug)]
struct Ends {
    section: Section,
    at: usize,
    from: Place,
    to: Place,
}

#[derive(Debug, Default)]
struct Reader {
    topology: Topology,
    problems: Vec<Problem>,
    ends: Vec<Ends>,
    seen: Vec<(Section, Place)>,
    notes: Vec<Text>,
    /// Whether JSON was refused, whose sections are then not missed.
    refused: bool,
}

impl Reader {
    fn note(&mut self, place: &Place, fact: (&str, &str), help: (&str, &str)) {
        self.problems.push(
            Problem::new(Code::Published, place, Text::new(fact.0, fact.1))
                .help(Text::new(help.0, help.1)),
        );
    }

    /// Takes what a file of JSON says; its own ends have been looked at.
    fn json(&mut self, found: nodelink::Found) {
        self.refused |= !found.problems.is_empty();
        self.topology.nodes.extend(found.topology.nodes);
        self.topology.edges.extend(found.topology.edges);
        self.topology.demands.extend(found.topology.demands);
        self.seen.extend(found.seen);
        self.notes.extend(found.notes);
        self.problems.extend(found.problems);
    }

    fn file(&mut self, name: &str, text: &str) {
        let file: Arc<str> = Arc::from(name);
        let mut section: Option<(Section, Place, usize, usize)> = None;
        for (line, text) in (1u32..).zip(text.lines()) {
            let words = words(&file, line, text);
            let Some(first) = words.first() else { continue };
            if let Some(next) = self.head(&words) {
                self.close(section.take());
                section = next.map(|(next, count)| (next, first.place.clone(), count, 0));
                continue;
            }
            let Some((current, _, _, lines)) = &mut section else {
                self.note(
                    &first.place,
                    (
                        "どの節にも属さない行である",
                        "a line outside of any section",
                    ),
                    (
                        "`NODES 数`、`EDGES 数`、`DEMANDS 数` の行から始める",
                        "begin with `NODES n`, `EDGES n` or `DEMANDS n`",
                    ),
                );
                return;
            };
            let current = *current;
            if words.iter().map(|w| w.text).eq(current.form().split(' ')) {
                continue;
            }
            *lines += 1;
            self.line(current, &words);
        }
        self.close(section);
    }

    /// The head of a section; the inner `None` where its count is no number.
    fn head(&mut self, words: &[Word<'_>]) -> Option<Option<(Section, usize)>> {
        let [word, count] = words else { return None };
        let all = [Section::Nodes, Section::Edges, Section::Demands];
        let section = all.into_iter().find(|s| s.word() == word.text)?;
        self.seen.push((section, word.place.clone()));
        Some(self.whole_number(count).map(|count| (section, count)))
    }

    /// Tells a section that has fewer or more lines than it says.
    fn close(&mut self, section: Option<(Section, Place, usize, usize)>) {
        let Some((section, place, said, lines)) = section.filter(|(.., a, b)| a != b) else {
            return;
        };
        let word = section.word();
        self.note(
            &place,
            (
                &format!("`{word}` は {said} 行のはずだが、{lines} 行ある"),
                &format!("`{word}` says {said} lines, but there are {lines}"),
            ),
            (
                "ファイルが途中で切れていないか確かめる",
                "see whether the file is cut short",
            ),
        );
    }

    fn line(&mut self, section: Section, words: &[Word<'_>]) {
        let columns = section.columns();
        let fits = match section {
            // Names of nodes may hold blanks.
            Section::Nodes => words.len() > columns,
            Section::Edges | Section::Demands => words.len() == columns + 1,
        };
        if !fits {
            let (word, form) = (section.word(), section.form());
            self.note(
                &words[0].place,
                (
                    &format!("`{word}` の行の形ではない"),
                    &format!("not a line of `{word}`"),
                ),
                (&format!("`{form}` の順に書く"), &format!("write `{form}`")),
            );
            return;
        }
        match section {
            Section::Nodes => {
                let name: Vec<&str> = words[..words.len() - 2].iter().map(|w| w.text).collect();
                self.topology.nodes.push(name.join(" "));
            }
            Section::Edges => self.edge(words),
            Section::Demands => self.demand(words),
        }
    }

    fn edge(&mut self, words: &[Word<'_>]) {
        let (from, to) = (self.whole_number(&words[1]), self.whole_number(&words[2]));
        let (weight, capacity) = (self.weight(&words[3]), self.rate(&words[4], true));
        let (Some(from), Some(to), Some(weight), Some(capacity)) = (from, to, weight, capacity)
        else {
            return;
        };
        self.ends.push(Ends {
            section: Section::Edges,
            at: self.topology.edges.len(),
            from: words[1].place.clone(),
            to: words[2].place.clone(),
        });
        self.topology.edges.push(Edge {
            name: words[0].text.to_owned(),
            from,
            to,
            weight,
            capacity,
        });
    }

    fn demand(&mut self, words: &[Word<'_>]) {
        let (from, to) = (self.whole_number(&words[1]), self.whole_number(&words[2]));
        let (Some(from), Some(to), Some(rate)) = (from, to, self.rate(&words[3], false)) else {
            return;
        };
        self.ends.push(Ends {
            section: Section::Demands,
            at: self.topology.demands.len(),
            from: words[1].place.clone(),
            to: words[2].place.clone(),
        });
        self.topology.demands.push(Volume {
            name: words[0].text.to_owned(),
            from,
            to,
            rate,
        });
    }

    fn whole_number(&mut self, word: &Word<'_>) -> Option<usize> {
        let number = word.text.parse().ok();
        if number.is_none() {
            self.number(word, ("0 以上の整数", "a whole number, 0 or more"));
        }
        number
    }

    /// A weight in millionths.
    fn weight(&mut self, word: &Word<'_>) -> Option<u64> {
        let weight = millionths(word.text).filter(|w| *w > 0);
        if weight.is_none() {
            let (ja, en) = (
                "0 より大きく 45 億以下の数（小数6桁まで）",
                "a number above 0, at most 4.5 thousand million, with at most six decimals",
            );
            self.number(word, (ja, en));
        }
        weight
    }

    fn rate(&mut self, word: &Word<'_>, positive: bool) -> Option<BitRate> {
        let number: Option<f64> = word.text.parse().ok();
        let fits = |n: &f64| (0.0..=MOST_KBPS).contains(n) && (*n > 0.0 || !positive);
        let number = number.filter(fits);
        if number.is_none() {
            let wanted = match positive {
                true => (
                    "0 より大きく 10^12 以下の数（kbit/s）",
                    "a number above 0 and at most 10^12, in kbit/s",
                ),
                false => (
                    "0 以上 10^12 以下の数（kbit/s）",
                    "a number from 0 to 10^12, in kbit/s",
                ),
            };
            self.number(word, wanted);
        }
        number.map(BitRate::kbps)
    }

    fn number(&mut self, word: &Word<'_>, (ja, en): (&str, &str)) {
        let text = word.text;
        self.note(
            &word.place,
            (
                &format!("`{text}` はここに書ける数ではない"),
                &format!("`{text}` is no number for this place"),
            ),
            (&format!("{ja}を書く"), &format!("write {en}")),
        );
    }

    /// What can be told only when everything is read.
    fn whole(&mut self, files: &[(&str, &[u8])]) {
        let nodes = self.topology.nodes.len();
        // Without nodes it is the section that is missing, and no end says more.
        let known = self.seen.iter().any(|(s, _)| *s == Section::Nodes);
        for ends in std::mem::take(&mut self.ends).into_iter().filter(|_| known) {
            let (from, to) = match ends.section {
                Section::Edges => {
                    let edge = &self.topology.edges[ends.at];
                    (edge.from, edge.to)
                }
                _ => {
                    let demand = &self.topology.demands[ends.at];
                    (demand.from, demand.to)
                }
            };
            for (node, place) in [(from, &ends.from), (to, &ends.to)] {
                if node >= nodes {
                    self.note(
                        place,
                        (
                            &format!(
                                "{node} 番のノードはない（ノードは {nodes} 個、0 番から数える）"
                            ),
                            &format!("there is no node {node}: there are {nodes}, counted from 0"),
                        ),
                        (
                            "`NODES` の行の番号を書く",
                            "write the position of a line of `NODES`",
                        ),
                    );
                }
            }
        }
        for section in [Section::Nodes, Section::Edges, Section::Demands] {
            let mut places = self.seen.iter().filter(|(s, _)| *s == section);
            let (first, second) = (places.next().cloned(), places.next().cloned());
            let word = section.word();
            match (first, second) {
                (None, _) if section != Section::Demands && !self.refused => {
                    let name = files.first().map_or("", |(name, _)| name);
                    self.note(
                        &at(&Arc::from(name), 1, 1, 0),
                        (
                            &format!("`{word}` の節がない"),
                            &format!("there is no section `{word}`"),
                        ),
                        (
                            "トポロジーのファイルも渡す",
                            "give the file with the topology too",
                        ),
                    );
                }
                (_, Some((_, place))) => self.note(
                    &place,
                    (
                        &format!("`{word}` の節が二つある"),
                        &format!("there are two sections `{word}`"),
                    ),
                    ("一つにまとめる", "put them into one"),
                ),
                _ => {}
            }
        }
    }
}

fn at(file: &Arc<str>, line: u32, column: u32, length: u32) -> Place {
    Place {
        file: Arc::clone(file),
        line,
        column,
        length,
    }
}

/// The words of a line.
fn words<'t>(file: &Arc<str>, line: u32, text: &'t str) -> Vec<Word<'t>> {
    let mut column = 1u32;
    let mut out = Vec::new();
    for part in text.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let length = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
        if !word.is_empty() {
            out.push(Word {
                text: word,
                place: at(file, line, column, length),
            });
        }
        let all = u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
        column = column.saturating_add(all);
    }
    out
}

/// A decimal number in millionths; `None` if it is none, too large, or finer.
fn millionths(text: &str) -> Option<u64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let rest = rest.trim_end_matches('0');
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > DIGITS as usize {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let fine: u64 = format!("{rest:0<6}").parse().ok()?;
    // Sums over a way stay far below what 64 bits hold.
    whole
        .checked_mul(10u64.pow(DIGITS))?
        .checked_add(fine)
        .filter(|w| *w < 1 << 52)
}
