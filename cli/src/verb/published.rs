//! `utsushi replay` of an imported topology: the load on every edge, and the worst that any single failure makes
//! of it.
//!
//! In: the folder that `utsushi import graph` wrote. Out: text or JSON (`utsushi.loads/1`). Exit code 1 where
//! an edge carries more than it can, with nothing failed. What can go wrong: the file is no topology.

use super::import;
use crate::args::{Failures, Plain, Replay};
use crate::engine::TOPOLOGY;
use crate::failure::Failure;
use crate::session::{Exit, Session, print};
use serde::Serialize;
use std::path::{Path, PathBuf};
use utsushi::model::topology::Topology;
use utsushi::model::units::grouped;
use utsushi::render::{Align, Columns};
use utsushi::scenarios::topology::topology;
use utsushi::sim::graph::{Engine, Graph, Loads, NoGraph, Worst};
use utsushi::wording::things;

/// The file of an imported topology, if the folder holds one.
pub(super) fn file(folder: &Path) -> Option<PathBuf> {
    let file = folder.join(TOPOLOGY);
    file.is_file().then_some(file)
}

/// An option that asks for something a graph has not: steps, growth, warnings.
fn meaningless(args: &Replay) -> Option<&'static str> {
    let asked = [
        (args.only.step.is_some(), "--step"),
        (args.years > 0, "--years"),
        (args.strict, "--strict"),
    ];
    asked
        .into_iter()
        .find_map(|(asked, name)| asked.then_some(name))
}

/// Reads, spreads, fails, prints.
pub(super) fn run(args: &Replay, file: PathBuf, session: &Session) -> Result<Exit, Failure> {
    if let Some(option) = meaningless(args) {
        return Err(Failure::asked(
            format!("取り込んだトポロジーに `{option}` は使えない"),
            format!("`{option}` means nothing for an imported topology"),
        )
        .help(
            format!("`{option}` を外す（ステップ・増加・警告はシナリオにだけある）"),
            format!("leave `{option}` out: only scenarios have steps, growth and warnings"),
        ));
    }
    let files = import::files(&[file])?;
    let read = topology(&import::named(&files)).map_err(import::refused)?;
    let fault = |why: NoGraph| Failure::Fault(why.to_string());
    let (graph, volumes) = Graph::of(&read).map_err(fault)?;
    let progress = session.progress("負荷を計算している", "computing loads");
    let engine = Engine::new(&graph, &volumes).map_err(fault)?;
    let edges: Vec<Vec<usize>> = (0..read.edges.len()).map(|edge| vec![edge]).collect();
    let mut links = graph.links();
    let (single, double) = match args.failing.failures {
        Failures::None => (Vec::new(), Vec::new()),
        Failures::Single => (engine.failures(&edges), engine.failures(&links)),
        Failures::Pairs => {
            links = pairs(&links);
            (Vec::new(), engine.failures(&links))
        }
    };
    drop(progress);
    let told = Told {
        topology: &read,
        loads: engine.base(),
        worst: engine.worst(),
        edges: edges.iter().zip(&single).collect(),
        links: links.iter().zip(&double).collect(),
        session,
    };
    print(&match args.form.format {
        Plain::Json => told.json()?,
        Plain::Text => told.text(args.top),
    });
    let full = told.worst.utilisation > 1.0;
    Ok(if full { Exit::Found } else { Exit::Clean })
}

/// Every two links that fail at once.
fn pairs(links: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let each = links.iter().enumerate();
    each.flat_map(|(at, one)| {
        links[at + 1..]
            .iter()
            .map(|other| [&one[..], other].concat())
    })
    .collect()
}

/// A failure with what it makes of the loads.
type Failed<'a> = (&'a Vec<usize>, &'a Worst);

struct Told<'a> {
    topology: &'a Topology,
    loads: &'a Loads,
    worst: Worst,
    edges: Vec<Failed<'a>>,
    links: Vec<Failed<'a>>,
    session: &'a Session,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    unit: &'static str,
    nodes: usize,
    demands: usize,
    edges: Vec<EdgeRow<'a>>,
    lost: f64,
    highest: Option<Highest<'a>>,
    single_edge_failures: Vec<FailureRow<'a>>,
    single_link_failures: Vec<FailureRow<'a>>,
}

#[derive(Serialize)]
struct EdgeRow<'a> {
    name: &'a str,
    from: &'a str,
    to: &'a str,
    load: f64,
    capacity: f64,
}

#[derive(Serialize)]
struct Highest<'a> {
    edge: &'a str,
    utilisation: f64,
}

#[derive(Serialize)]
struct FailureRow<'a> {
    fail: Vec<&'a str>,
    utilisation: f64,
    edge: Option<&'a str>,
    lost: f64,
}

impl<'a> Told<'a> {
    fn name(&self, edge: usize) -> &'a str {
        self.topology
            .edges
            .get(edge)
            .map_or("", |e| e.name.as_str())
    }

    fn row(&self, (fail, worst): &Failed<'_>) -> FailureRow<'a> {
        FailureRow {
            fail: fail.iter().map(|e| self.name(*e)).collect(),
            utilisation: worst.utilisation,
            edge: worst.edge.map(|e| self.name(e)),
            lost: worst.lost,
        }
    }

    fn json(&self) -> Result<String, Failure> {
        let node = |at: usize| self.topology.nodes.get(at).map_or("", String::as_str);
        let edges = self.topology.edges.iter().zip(&self.loads.edges);
        let document = Document {
            schema: "utsushi.loads/1",
            unit: "kbit/s",
            nodes: self.topology.nodes.len(),
            demands: self.topology.demands.len(),
            edges: edges
                .map(|(edge, load)| EdgeRow {
                    name: &edge.name,
                    from: node(edge.from),
                    to: node(edge.to),
                    load: *load,
                    capacity: edge.capacity.as_kbps(),
                })
                .collect(),
            lost: self.loads.lost,
            highest: self.worst.edge.map(|edge| Highest {
                edge: self.name(edge),
                utilisation: self.worst.utilisation,
            }),
            single_edge_failures: self.edges.iter().map(|f| self.row(f)).collect(),
            single_link_failures: self.links.iter().map(|f| self.row(f)).collect(),
        };
        let text = serde_json::to_string_pretty(&document);
        text.map(|t| t + "\n")
            .map_err(|error| Failure::Fault(error.to_string()))
    }

    fn text(&self, top: usize) -> String {
        let session = self.session;
        let (nodes, edges) = (self.topology.nodes.len(), self.topology.edges.len());
        let demands = self.topology.demands.len();
        let title = session.pick(
            format!("ノード{nodes}・辺{edges}・需要{demands}"),
            [
                things(nodes, "node"),
                things(edges, "edge"),
                things(demands, "demand"),
            ]
            .join(", "),
        );
        let mut out = format!("{}\n\n", session.paint.strong(&title));
        out += &self.busiest(top);
        out += &session.pick(
            format!(
                "\n到達できず失われる通信 {} kbit/s\n",
                grouped(self.loads.lost)
            ),
            format!(
                "\nlost for want of a way: {} kbit/s\n",
                grouped(self.loads.lost)
            ),
        );
        let parts = [
            (
                session.pick("辺の単一故障", "single edges failed"),
                &self.edges,
            ),
            (
                session.pick("リンクの単一故障", "single links failed"),
                &self.links,
            ),
        ];
        for (title, failed) in parts.into_iter().filter(|(_, f)| !f.is_empty()) {
            out += &format!("\n{}\n\n", session.paint.strong(title));
            out += &self.failures(failed, top);
        }
        out
    }

    fn busiest(&self, top: usize) -> String {
        let session = self.session;
        let mut rows: Vec<(f64, usize)> = self
            .topology
            .edges
            .iter()
            .zip(&self.loads.edges)
            .map(|(edge, load)| load / edge.capacity.as_kbps())
            .enumerate()
            .map(|(at, share)| (share, at))
            .collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut columns = Columns::new(&[
            (session.pick("辺", "edge"), Align::Left),
            (session.pick("区間", "between"), Align::Left),
            (session.pick("負荷 kbit/s", "load kbit/s"), Align::Right),
            (session.pick("容量 kbit/s", "capacity kbit/s"), Align::Right),
            ("%", Align::Right),
        ]);
        for (share, at) in rows.into_iter().take(top) {
            let edge = &self.topology.edges[at];
            let node = |n: usize| self.topology.nodes.get(n).map_or("", String::as_str);
            columns.row(vec![
                edge.name.clone(),
                format!("{} → {}", node(edge.from), node(edge.to)),
                grouped(self.loads.edges[at]),
                grouped(edge.capacity.as_kbps()),
                format!("{:.1}", share * 100.0),
            ]);
        }
        columns.draw(session.paint, |_, cell| cell.to_owned())
    }

    fn failures(&self, failed: &[Failed<'_>], top: usize) -> String {
        let session = self.session;
        let mut rows: Vec<&Failed<'_>> = failed.iter().collect();
        rows.sort_by(|a, b| b.1.utilisation.total_cmp(&a.1.utilisation));
        let mut columns = Columns::new(&[
            (session.pick("故障", "failed"), Align::Left),
            (session.pick("最も混む辺", "busiest edge"), Align::Left),
            (
                session.pick("途絶する通信量 kbit/s", "lost kbit/s"),
                Align::Right,
            ),
            ("%", Align::Right),
        ]);
        for (fail, worst) in rows.into_iter().take(top) {
            let names: Vec<&str> = fail.iter().map(|e| self.name(*e)).collect();
            columns.row(vec![
                names.join(", "),
                worst.edge.map_or("–", |e| self.name(e)).to_owned(),
                grouped(worst.lost),
                format!("{:.1}", worst.utilisation * 100.0),
            ]);
        }
        columns.draw(session.paint, |_, cell| cell.to_owned())
    }
}
