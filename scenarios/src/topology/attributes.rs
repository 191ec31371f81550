//! What edges of node-link JSON say: weights, capacities, and attributes that are nearly these.
//!
//! Goes in: the edges of a file as written. Comes out: for each its weight and what it can carry. What can go
//! wrong: a value that is no number for its place, two attributes that say different things, an edge that says
//! nothing where others do; all are told.

use super::json::{Field, Json};
use super::nodelink::{Graph, Line, published};
use super::{MOST_KBPS, millionths};
use crate::say::Said;
use crate::source::Sources;
use utsushi_model::limits::{MOST_RATE, MOST_RATE_WORDS};
use utsushi_model::problem::Problem;
use utsushi_model::units::BitRate;

/// What a weight may be called.
const WEIGHTS: [&str; 3] = ["weight", "cost", "metric"];
/// What a capacity may be called.
const CAPACITIES: [&str; 3] = ["bw", "capacity", "bandwidth"];

/// What a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What an edge can carry: above 0.
    Capacity,
    /// What is to be carried: 0 or more.
    Demand,
}

impl Line<'_> {
    /// Whether an attribute is nearly one of these, which is told of that attribute.
    fn nearly(&self, names: &[&str]) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| near(&field.name, names).is_some())
    }
}

/// What an edge says of one thing.
enum Told<T> {
    Nothing,
    Wrong,
    Value(T),
}

impl<'a> Graph<'a> {
    /// The weight of each edge; 1 for all where none has one.
    pub(super) fn weights(&mut self, lines: &[Line<'a>]) -> Vec<Option<u64>> {
        let given = self.given.weight.clone();
        let names: Vec<&str> = match &given {
            Some(name) => vec![name],
            None => WEIGHTS.to_vec(),
        };
        let mut rounded = 0_usize;
        let told: Vec<Told<u64>> = lines
            .iter()
            .map(|line| {
                self.told(line, &names, |graph, value| {
                    graph.weight(value, &mut rounded)
                })
            })
            .collect();
        if rounded > 0 {
            self.taken_so(
                format!("重み{rounded}件を小数6桁に丸めた"),
                format!("{rounded} weights were rounded to six decimals"),
            );
        }
        let none = told.iter().all(|told| matches!(told, Told::Nothing));
        if none && given.is_none() {
            if !lines.is_empty() {
                self.taken_so(
                    "重みがないので、どの辺の重みも 1 とした",
                    "no edge has a weight: 1 is taken for each",
                );
            }
            return vec![millionths("1"); lines.len()];
        }
        let each = lines.iter().zip(told);
        each.map(|(line, told)| match told {
            Told::Value(weight) => Some(weight),
            Told::Wrong => None,
            Told::Nothing if line.nearly(&names) => None,
            Told::Nothing => {
                let name = names.first().copied().unwrap_or_default();
                self.note(line.value.head(), no_weight(name, none));
                None
            }
        })
        .collect()
    }

    /// What each edge can carry.
    pub(super) fn capacities(
        &mut self,
        lines: &[Line<'a>],
        edges: Option<Json<'a>>,
    ) -> Vec<Option<BitRate>> {
        let told: Vec<Told<BitRate>> = lines
            .iter()
            .map(|line| {
                self.told(line, &CAPACITIES, |graph, value| {
                    graph.rate(value, Kind::Capacity)
                })
            })
            .collect();
        let without = told.iter().filter(|t| matches!(t, Told::Nothing)).count();
        if let Some(given) = self.given.capacity.filter(|_| without > 0) {
            self.taken_so(
                format!("容量のない辺{without}本の容量を {given} とした"),
                format!("{given} is taken for {without} edges that do not say what they can carry"),
            );
        } else if without == lines.len() {
            if let Some(edges) = edges.filter(|_| without > 0) {
                self.note(edges.head(), no_capacity(true));
            }
            return vec![None; lines.len()];
        }
        let given = self.given.capacity;
        let each = lines.iter().zip(told);
        each.map(|(line, told)| match told {
            Told::Value(capacity) => Some(capacity),
            Told::Wrong => None,
            Told::Nothing if line.nearly(&CAPACITIES) => None,
            Told::Nothing => given.or_else(|| {
                self.note(line.value.head(), no_capacity(false));
                None
            }),
        })
        .collect()
    }

    /// The value that the attributes of these names agree on.
    fn told<T: PartialEq>(
        &mut self,
        line: &Line<'a>,
        names: &[&str],
        mut read: impl FnMut(&mut Self, Json<'a>) -> Option<T>,
    ) -> Told<T> {
        let mut first: Option<(&str, T)> = None;
        let mut wrong = false;
        for name in names {
            let Some(value) = line.get(name) else {
                continue;
            };
            match (read(self, value), &first) {
                (None, _) => wrong = true,
                (Some(found), None) => first = Some((name, found)),
                (Some(found), Some((_, there))) if found == *there => {}
                (Some(_), Some((other, _))) => {
                    let said = published(
                        format!("`{other}` と `{name}` が食い違う"),
                        format!("`{other}` and `{name}` say different things"),
                    );
                    let said = said.help(
                        "意図する方だけを残す",
                        "keep the one that is meant, and remove the other",
                    );
                    self.note(value.head(), said);
                    wrong = true;
                }
            }
        }
        match first {
            _ if wrong => Told::Wrong,
            Some((_, value)) => Told::Value(value),
            None => Told::Nothing,
        }
    }

    /// A weight in millionths; `rounded` counts those that were finer.
    fn weight(&mut self, value: Json<'a>, rounded: &mut usize) -> Option<u64> {
        let exact = value.number().and_then(millionths);
        let weight = exact.or_else(|| {
            let number: f64 = value.number()?.parse().ok()?;
            let near = format!("{number:.6}");
            let weight = millionths(&near)?;
            // What is written with an exponent may still be exact.
            *rounded += usize::from(near.parse() != Ok(number));
            Some(weight)
        });
        let weight = weight.filter(|weight| *weight > 0);
        if weight.is_none() {
            let said = no_number(value.head()).help(
                "0 より大きい数（百万分の一以上、40 億以下）を引用符なしで書く",
                "write a number above 0 without quotes, from a millionth up to 4 billion",
            );
            self.note(value.head(), said);
        }
        weight
    }

    /// A number in kbit/s, or a text with a unit.
    pub(super) fn rate(&mut self, value: Json<'a>, kind: Kind) -> Option<BitRate> {
        let number = value.number().and_then(|text| text.parse::<f64>().ok());
        let rate = match number {
            Some(number) => Some(number).filter(|n| *n <= MOST_KBPS).map(BitRate::kbps),
            None => value.string().and_then(|text| text.parse().ok()),
        };
        let fits = |rate: &BitRate| match kind {
            Kind::Capacity => rate.get() > 0.0 && rate.get() <= MOST_RATE,
            Kind::Demand => rate.get() >= 0.0 && rate.get() <= MOST_RATE,
        };
        let rate = rate.filter(fits);
        if rate.is_none() {
            let (ja, en) = match kind {
                Kind::Capacity => ("0 より大きい", "above 0"),
                Kind::Demand => ("0 以上の", "of 0 or more"),
            };
            let said = no_number(value.head()).help(
                format!("{ja}数（kbit/s）か、単位付きの `\"10 Gbps\"` のような文字列を書く（{MOST_RATE_WORDS} まで）"),
                format!("write a number {en} in kbit/s, or a text with a unit such as `\"10 Gbps\"`, of at most {MOST_RATE_WORDS}"),
            );
            self.note(value.head(), said);
        }
        rate
    }

    /// Tells attributes of an edge that are nearly those that are read.
    pub(super) fn near_misses(&mut self, line: &Line<'a>) {
        let given = self.given.weight.clone();
        let weights = WEIGHTS.iter().filter(|_| given.is_none());
        let names = weights.chain(&CAPACITIES).copied();
        let names: Vec<&str> = names.chain(["source", "target"]).collect();
        for field in &line.fields {
            if given.as_ref() != Some(&field.name) {
                self.near_miss(field, &names);
            }
        }
    }

    /// Tells a field that is nearly one of those that are read.
    pub(super) fn near_miss(&mut self, field: &Field<'a>, names: &[&str]) {
        let name = field.name.as_str();
        let Some(meant) = near(name, names) else {
            return;
        };
        let said = published(
            format!("`{name}` は読まれない"),
            format!("`{name}` is not read"),
        );
        let said = said.help(
            format!("`{meant}` の誤りではないか"),
            format!("did you mean `{meant}`?"),
        );
        self.note(field.key, said);
    }
}

/// What an attribute was probably meant to be called, if it is not what it is called.
fn near<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let close = |known: &&&str| {
        let letter = known.len() > 3 && strsim::damerau_levenshtein(known, name) == 1;
        known.eq_ignore_ascii_case(name) || letter
    };
    match names.contains(&name) {
        true => None,
        false => names.iter().find(close).copied(),
    }
}

fn no_number(found: &str) -> Said {
    published(
        format!("`{found}` はここに書ける数ではない"),
        format!("`{found}` is no number for this place"),
    )
}

fn no_weight(name: &str, none: bool) -> Said {
    let said = published(
        format!("この辺には `{name}` がない"),
        format!("this edge has no `{name}`"),
    );
    match none {
        true => said.help(
            "`--weight` に、辺にある属性の名前を書く",
            "name an attribute that edges have with `--weight`",
        ),
        false => said.help(
            format!("`\"{name}\": 1` のように書くか、すべての辺から重みを削除する"),
            format!("add it like `\"{name}\": 1`, or take the weights away from all edges"),
        ),
    }
}

fn no_capacity(all: bool) -> Said {
    let said = match all {
        true => published("どの辺にも容量がない", "no edge says what it can carry"),
        false => published(
            "この辺には容量がない",
            "this edge does not say what it can carry",
        ),
    };
    said.help(
        "`\"capacity\": \"10 Gbps\"` のように書く（`bw`・`bandwidth` でもよく、数なら kbit/s）か、`--capacity 10Gbps` を付ける",
        "add it like `\"capacity\": \"10 Gbps\"` (or `bw`, `bandwidth`; plain numbers are kbit/s), or give `--capacity 10Gbps`",
    )
}

pub(super) fn loops() -> Said {
    published(
        "始点と終点が同じ辺は何も運ばない",
        "an edge that ends where it begins carries nothing",
    )
    .help(
        "両端を確かめるか、この辺を削除する",
        "check its ends, or remove it",
    )
}

pub(super) fn parallel(directed: bool) -> Said {
    let said = published(
        "同じ両端の辺が二つある",
        "there are two edges between the same nodes",
    );
    match directed {
        true => said.help(
            "並行する回線なら `\"multigraph\": true` と書き、そうでなければ一方を削除する",
            "write `\"multigraph\": true` if there are two lines, else remove one of them",
        ),
        false => said.help(
            "並行する回線なら `\"multigraph\": true`、向きごとの辺なら `\"directed\": true` と書き、そうでなければ一方を削除する",
            "write `\"multigraph\": true` if there are two lines, `\"directed\": true` if each is one direction, else remove one of them",
        ),
    }
}

pub(super) fn no_position(found: &str, nodes: usize) -> Said {
    published(
        format!("{found} 番のノードはない（ノードは {nodes} 個、0 番から数える）"),
        format!("there is no node {found}: there are {nodes}, counted from 0"),
    )
    .help(
        "`nodes` にある `id` か、0 から数えた番号を書く",
        "write the `id` of one of `nodes`, or its position counted from 0",
    )
}

pub(super) fn unknown_member(name: &str) -> Said {
    published(
        format!("`{name}` という項目は読めない"),
        format!("`{name}` is not understood here"),
    )
    .help(
        "networkx の `node_link_data` が書く形にする。関係のない項目は `graph` の中に移すか削除する",
        "write what `node_link_data` of networkx does; move what has no bearing into `graph`, or remove it",
    )
}

/// A text that is no JSON, at the letter where it ceases to be.
pub(super) fn no_json(sources: &Sources, text: &str, error: &serde_json::Error) -> Problem {
    let before = error.line().saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let mut at = (start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let rest = &text[at..];
    let end = rest.chars().next().map_or(0, char::len_utf8);
    let place = sources.place(0, at..at + end);
    let python = ["NaN", "Infinity"]
        .iter()
        .find(|word| rest.starts_with(**word));
    if let Some(word) = python {
        let said = published(
            format!("`{word}` は JSON の数ではない"),
            format!("`{word}` is no number of JSON"),
        );
        let said = said.help(
            "その属性を削除するか、数に直す",
            "take the attribute away, or write a number",
        );
        return said.at(&place);
    }
    let said = match error.is_eof() {
        true => published("JSON が途中で切れている", "the JSON is cut short").help(
            "ファイルを最後まで書き出し直す",
            "write the file again, to its end",
        ),
        false => published(
            "ここから先を JSON として読めない",
            "this is not JSON from here on",
        )
        .help(
            "この位置の前後の括弧、引用符、コンマを確かめる",
            "look at the brackets, quotes and commas around this place",
        ),
    };
    said.at(&place)
}
