//! Node-link JSON, as networkx writes it.
//!
//! ```json
//! {"directed": false, "multigraph": false, "graph": {"demands": {"Tsu": {"Ise": 1200}}},
//!  "nodes": [{"id": "Tsu"}, {"id": "Ise"}],
//!  "edges": [{"source": "Tsu", "target": "Ise", "weight": 10, "capacity": "1 Gbps"}]}
//! ```
//!
//! Goes in: the text of a file, and what the caller adds to it. Comes out: the topology, where its sections stand,
//! and notes of what was taken to be so. What can go wrong: a member that is unknown or there twice, a node
//! without a name of its own, an edge or demand to nowhere, a number that is none for its place, an edge that does
//! not say what it can carry; all are told. Other attributes of nodes and edges, and members of `graph` other
//! than `demands`, are no part of the question and are not read.

use super::attributes::{self, Kind};
use super::json::{Field, Json};
use super::{Given, Section};
use crate::say::{self, Said};
use crate::source::{Piece, Sources};
use std::collections::{BTreeMap, BTreeSet};
use utsushi_model::finding::Code;
use utsushi_model::place::Place;
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;
use utsushi_model::topology::{Edge, Topology, Volume};

/// What the object of a file holds.
const MEMBERS: [&str; 6] = ["directed", "multigraph", "graph", "nodes", "edges", "links"];

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// As far as it could be read; every node has its position even where its name could not be read.
    pub(super) topology: Topology,
    /// Where the sections of the text format would begin.
    pub(super) seen: Vec<(Section, Place)>,
    /// What was taken to be so, because the file does not say it.
    pub(super) notes: Vec<Text>,
    /// Every mistake.
    pub(super) problems: Vec<Problem>,
}

/// Reads a file.
pub(super) fn read(name: &str, text: &str, given: &Given) -> Found {
    let piece = Piece::whole(0, text.to_owned());
    let mut sources = Sources::default();
    sources.push(name, text);
    let mut graph = Graph {
        sources: &sources,
        piece: &piece,
        given,
        found: Found::default(),
        names: BTreeMap::new(),
        lost: false,
        taken: BTreeSet::new(),
    };
    graph.whole(name);
    graph.found
}

pub(super) fn published(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said::new(Code::Published, ja, en)
}

/// A name as a line of the text format can hold it: blanks, line ends among them, are one blank each.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How ends of edges name nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// By their ids.
    Ids,
    /// By their positions, as networkx 1 wrote them.
    Positions,
}

/// An edge as written, with the ends that were found.
pub(super) struct Line<'t> {
    /// Its object.
    pub(super) value: Json<'t>,
    /// What stands in it.
    pub(super) fields: Vec<Field<'t>>,
}

impl<'t> Line<'t> {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<Json<'t>> {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map(|field| field.value)
    }
}

pub(super) struct Graph<'a> {
    sources: &'a Sources,
    piece: &'a Piece,
    pub(super) given: &'a Given,
    pub(super) found: Found,
    names: BTreeMap<String, usize>,
    /// Whether some node has no name, so that any that is missing may be its.
    lost: bool,
    /// Names of edges; then those of demands.
    taken: BTreeSet<String>,
}

impl<'a> Graph<'a> {
    pub(super) fn place(&self, slice: &str) -> Place {
        self.sources
            .place(self.piece.file, self.piece.origin(slice))
    }

    pub(super) fn note(&mut self, slice: &str, said: Said) {
        let place = self.place(slice);
        self.found.problems.push(said.at(&place));
    }

    pub(super) fn taken_so(&mut self, ja: impl Into<String>, en: impl Into<String>) {
        self.found.notes.push(Text::new(ja, en));
    }

    fn whole(&mut self, name: &str) {
        let piece = self.piece;
        let root = match Json::of(&piece.text) {
            Ok(root) => root,
            Err(error) => {
                let problem = attributes::no_json(self.sources, &piece.text, &error);
                self.found.problems.push(problem);
                return;
            }
        };
        let Some(fields) = self.object(root, "{\"nodes\": [ … ], \"edges\": [ … ]}") else {
            return;
        };
        for field in &fields {
            if !MEMBERS.contains(&field.name.as_str()) {
                self.note(field.key, attributes::unknown_member(&field.name));
            }
        }
        let get = |name: &str| fields.iter().find(|field| field.name == name);
        self.nodes(root, get("nodes"));
        let multigraph = self.truth(get("multigraph"), true);
        let directed = self.truth(get("directed"), false);
        let edges = self.edges_field(root, get("edges"), get("links"));
        let lines = edges.map(|edges| self.lines(edges)).unwrap_or_default();
        self.edges(&lines, edges, directed, multigraph);
        if let Some(graph) = get("graph") {
            self.demands(graph.value);
        }
        if !directed && !lines.is_empty() {
            self.taken_so(
                format!("{name} は無向グラフなので、各辺を両方向の辺にした"),
                format!("{name} is undirected: each edge stands for both directions"),
            );
        }
    }

    /// The fields of an object, each name once.
    fn object(&mut self, value: Json<'a>, form: &str) -> Option<Vec<Field<'a>>> {
        let Some(fields) = value.fields() else {
            let said = published("ここにはオブジェクトが必要", "an object is needed here").help(
                format!("`{form}` の形で書く"),
                format!("write it like `{form}`"),
            );
            self.note(value.head(), said);
            return None;
        };
        let mut once: BTreeSet<&str> = BTreeSet::new();
        let doubles = fields.iter().filter(|f| !once.insert(&f.name));
        let doubles: Vec<(&str, &str)> = doubles.map(|f| (f.key, f.name.as_str())).collect();
        for (key, name) in doubles {
            let said = published(
                format!("`{name}` が二度書かれている"),
                format!("`{name}` is given twice"),
            );
            self.note(
                key,
                said.help("どちらか一方を削除する", "remove one of them"),
            );
        }
        Some(fields)
    }

    fn truth(&mut self, field: Option<&Field<'a>>, default: bool) -> bool {
        let Some(field) = field else { return default };
        field.value.truth().unwrap_or_else(|| {
            let said = published(
                format!("`{}` は true か false のどちらか", field.name),
                format!("`{}` is either true or false", field.name),
            );
            let said = said.help(
                "引用符なしの `true` か `false` にする",
                "write `true` or `false` without quotes",
            );
            self.note(field.value.head(), said);
            default
        })
    }

    fn list(&mut self, value: Json<'a>, form: &str) -> Option<Vec<Json<'a>>> {
        let items = value.items();
        if items.is_none() {
            let said = published("ここには並びが必要", "a list is needed here").help(
                format!("`[{form}]` の形で書く"),
                format!("write it like `[{form}]`"),
            );
            self.note(value.head(), said);
        }
        items
    }

    fn nodes(&mut self, root: Json<'a>, field: Option<&Field<'a>>) {
        let Some(field) = field else {
            let said = published("`nodes` がない", "there are no `nodes`").help(
                "`\"nodes\": [{\"id\": …}, …]` を書く（networkx なら `node_link_data` の出力を使う）",
                "add `\"nodes\": [{\"id\": …}, …]`; networkx writes it with `node_link_data`",
            );
            self.note(root.head(), said);
            return;
        };
        let place = self.place(field.key);
        self.found.seen.push((Section::Nodes, place));
        for node in self.list(field.value, "{\"id\": …}").unwrap_or_default() {
            let name = self.node(node);
            self.lost |= name.is_none();
            let name = name.unwrap_or_default();
            self.found.topology.nodes.push(name);
        }
    }

    /// The name of a node, which is its own.
    fn node(&mut self, node: Json<'a>) -> Option<String> {
        let fields = self.object(node, "{\"id\": \"Tsu\"}")?;
        let Some(id) = fields.iter().find(|field| field.name == "id") else {
            let said = published("ノードに `id` がない", "a node has no `id`")
                .help("`\"id\": …` を書き加える", "add `\"id\": …`");
            self.note(node.head(), said);
            return None;
        };
        let Some(name) = name(id.value) else {
            self.note(id.value.head(), no_name(id.value));
            return None;
        };
        if self.names.contains_key(&name) {
            let said = published(
                format!("ノード `{name}` が二つある"),
                format!("there are two nodes `{name}`"),
            );
            let said = said.help(
                "一方の `id` を変えるか、そのノードを削除する",
                "give one of them another `id`, or remove it",
            );
            self.note(id.value.text(), said);
            return None;
        }
        let at = self.found.topology.nodes.len();
        self.names.insert(name.clone(), at);
        Some(name)
    }

    fn edges_field(
        &mut self,
        root: Json<'a>,
        edges: Option<&Field<'a>>,
        links: Option<&Field<'a>>,
    ) -> Option<Json<'a>> {
        if let (Some(_), Some(links)) = (edges, links) {
            let said = published(
                "`edges` と `links` の両方がある",
                "there are both `edges` and `links`",
            );
            self.note(links.key, said.help("一つにまとめる", "put them into one"));
        }
        let Some(field) = edges.or(links) else {
            let said = published(
                "`edges` も `links` もない",
                "there are no `edges` or `links`",
            )
            .help(
                "`\"edges\": [{\"source\": …, \"target\": …}, …]` を書く",
                "add `\"edges\": [{\"source\": …, \"target\": …}, …]`",
            );
            self.note(root.head(), said);
            return None;
        };
        let place = self.place(field.key);
        self.found.seen.push((Section::Edges, place));
        Some(field.value)
    }

    fn lines(&mut self, edges: Json<'a>) -> Vec<Line<'a>> {
        let form = "{\"source\": …, \"target\": …}";
        let items = self.list(edges, form).unwrap_or_default().into_iter();
        let line = |value| {
            let fields = self.object(value, form)?;
            Some(Line { value, fields })
        };
        items.filter_map(line).collect()
    }

    fn edges(
        &mut self,
        lines: &[Line<'a>],
        edges: Option<Json<'a>>,
        directed: bool,
        multigraph: bool,
    ) {
        let ends = self.ends(lines);
        let weights = self.weights(lines);
        let capacities = self.capacities(lines, edges);
        let mut first: BTreeMap<(usize, usize), Place> = BTreeMap::new();
        for (line, (weight, capacity)) in lines.iter().zip(weights.into_iter().zip(capacities)) {
            self.near_misses(line);
            let from = self.end(line, "source", ends);
            let to = self.end(line, "target", ends);
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            if !self.may_stand(line, (from, to), directed, multigraph, &mut first) {
                continue;
            }
            if let (Some(weight), Some(capacity)) = (weight, capacity) {
                let name = self.edge_name(line, from, to, false);
                let edge = Edge {
                    name,
                    from,
                    to,
                    weight,
                    capacity,
                };
                self.enter(line, edge, directed);
            }
        }
    }

    /// Whether an edge is neither a loop nor, where that is not said to be meant, beside another one.
    fn may_stand(
        &mut self,
        line: &Line<'a>,
        (from, to): (usize, usize),
        directed: bool,
        multigraph: bool,
        first: &mut BTreeMap<(usize, usize), Place>,
    ) -> bool {
        if from == to {
            self.note(line.value.head(), attributes::loops());
            return false;
        }
        let pair = match directed {
            true => (from, to),
            false => (from.min(to), from.max(to)),
        };
        let place = self.place(line.value.head());
        if let (Some(first), false) = (first.get(&pair), multigraph) {
            let problem = attributes::parallel(directed).at(&place);
            let label = Text::new("最初の辺", "the first of them");
            self.found.problems.push(problem.see(first, label));
            return false;
        }
        first.entry(pair).or_insert(place);
        true
    }

    /// Keeps an edge, and the way back where the graph is undirected.
    fn enter(&mut self, line: &Line<'a>, edge: Edge, directed: bool) {
        let (from, to) = (edge.to, edge.from);
        let back = (!directed).then(|| Edge {
            name: self.edge_name(line, from, to, true),
            from,
            to,
            ..edge
        });
        self.found.topology.edges.push(edge);
        self.found.topology.edges.extend(back);
    }

    /// Positions only where nothing can be an id: every end is a whole number, and no node is called by one.
    fn ends(&mut self, lines: &[Line<'a>]) -> Ends {
        let whole = |text: &str| text.parse::<usize>().is_ok();
        let mut ends = lines
            .iter()
            .flat_map(|line| [line.get("source"), line.get("target")]);
        let numbers = ends.all(|end| end.and_then(Json::number).is_some_and(whole));
        let nodes = self.names.keys();
        if lines.is_empty() || !numbers || nodes.into_iter().any(|name| whole(name)) {
            return Ends::Ids;
        }
        self.taken_so(
            "辺の両端は id ではなく、0 から数えたノードの番号と解釈した",
            "the ends of edges are taken as positions of nodes, counted from 0",
        );
        Ends::Positions
    }

    fn end(&mut self, line: &Line<'a>, field: &str, ends: Ends) -> Option<usize> {
        let Some(value) = line.get(field) else {
            let said = published(
                format!("辺に `{field}` がない"),
                format!("an edge has no `{field}`"),
            );
            let said = said.help(
                format!("`\"{field}\": …` を書き加える"),
                format!("add `\"{field}\": …`"),
            );
            self.note(line.value.head(), said);
            return None;
        };
        let nodes = self.found.topology.nodes.len();
        if ends == Ends::Positions {
            let at = value.text().parse().ok().filter(|at| *at < nodes);
            if at.is_none() {
                self.note(value.text(), attributes::no_position(value.text(), nodes));
            }
            return at;
        }
        let Some(name) = name(value) else {
            self.note(value.head(), no_name(value));
            return None;
        };
        self.known(value.text(), &name)
    }

    /// The node of a name.
    fn known(&mut self, slice: &str, name: &str) -> Option<usize> {
        let at = self.names.get(name).copied();
        if at.is_some() {
            return at;
        }
        let near = say::closest(name, self.names.keys().map(String::as_str));
        if near.is_some() || !self.lost {
            let said = published(
                format!("ノード `{name}` は存在しない"),
                format!("there is no node `{name}`"),
            );
            let said = match near {
                Some(near) => said.help(
                    format!("`{near}` の誤りではないか"),
                    format!("did you mean `{near}`?"),
                ),
                None => said.help(
                    "`nodes` にある `id` を書くか、ノードを加える",
                    "write the `id` of one of `nodes`, or add the node",
                ),
            };
            self.note(slice, said);
        }
        at
    }

    /// What an edge is called: by its own name, else by its ends; always one word that nothing else bears.
    fn edge_name(&mut self, line: &Line<'a>, from: usize, to: usize, back: bool) -> String {
        let own = ["name", "id", "label"].iter().find_map(|n| line.get(n));
        let own = own.and_then(name);
        let base = match own {
            Some(own) if back => format!("{own}/back"),
            Some(own) => own,
            None => {
                let key = line.get("key").and_then(name).filter(|key| key != "0");
                let key = key.map_or(String::new(), |key| format!("#{key}"));
                self.between(from, to) + &key
            }
        };
        self.unique(&base)
    }

    fn between(&self, from: usize, to: usize) -> String {
        let node = |at: usize| self.found.topology.nodes.get(at).map_or("", String::as_str);
        format!("{}>{}", node(from), node(to))
    }

    fn unique(&mut self, base: &str) -> String {
        let base = base.replace(char::is_whitespace, "_");
        let mut name = base.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}~{count}");
        }
        name
    }

    /// The volumes of `graph`, which networkx 1 wrote as a list of pairs.
    fn demands(&mut self, graph: Json<'a>) {
        let pairs = graph.items().filter(|_| graph.fields().is_none());
        let found = match pairs {
            Some(pairs) => pairs.into_iter().find_map(|pair| {
                let items = pair.items()?;
                let [key, value] = items.as_slice() else {
                    return None;
                };
                (key.string()? == "demands").then_some((key.text(), *value))
            }),
            None => {
                let Some(fields) = self.object(graph, "{\"demands\": …}") else {
                    return;
                };
                for field in &fields {
                    self.near_miss(field, &["demands"]);
                }
                let field = fields.into_iter().find(|field| field.name == "demands");
                field.map(|field| (field.key, field.value))
            }
        };
        let Some((key, demands)) = found else { return };
        let place = self.place(key);
        self.found.seen.push((Section::Demands, place));
        self.taken.clear();
        let form = "{\"Tsu\": {\"Ise\": 1200}}";
        for from in self.object(demands, form).unwrap_or_default() {
            let source = self.known(from.key, &plain(&from.name));
            for to in self.object(from.value, form).unwrap_or_default() {
                let target = self.known(to.key, &plain(&to.name));
                let rate = self.rate(to.value, Kind::Demand);
                let (Some(source), Some(target), Some(rate)) = (source, target, rate) else {
                    continue;
                };
                let name = self.unique(&self.between(source, target));
                self.found.topology.demands.push(Volume {
                    name,
                    from: source,
                    to: target,
                    rate,
                });
            }
        }
    }
}

/// The name that an id gives: a text, a number as written, or a list of these.
fn name(id: Json<'_>) -> Option<String> {
    let one = |id: Json<'_>| match id.number() {
        Some(number) => Some(number.to_owned()),
        None => id.string(),
    };
    let name = match id.text().starts_with('[') {
        true => id
            .items()?
            .into_iter()
            .map(one)
            .collect::<Option<Vec<_>>>()?
            .join(","),
        false => one(id)?,
    };
    Some(plain(&name)).filter(|name| !name.is_empty())
}

fn no_name(id: Json<'_>) -> Said {
    let head = id.head();
    let (ja, en) = (
        format!("`{head}` はノードの id にならない"),
        format!("`{head}` is no id of a node"),
    );
    published(ja, en).help(
        "空でない文字列か数を書く",
        "write a text that is not empty, or a number",
    )
}
