//! What runs inside a lab: listeners, probes, and the comparison of what happened with what was expected.
//!
//! Goes in: the words after `utsushi lab-agent` (see [`run`]). Comes out: lines on the given output, and an
//! outcome. Everything is tried with real sockets; nothing here knows a plane.

mod judge;
mod listen;
mod probe;

pub use judge::{Difference, Judgement, judge};

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Before a silence counts as one: longer than Linux waits before it repeats the first packet of a TCP
/// connection (RFC 6298: one second).
const PATIENCE: Duration = Duration::from_millis(1300);

/// Before the silence of somebody who is expected to answer counts.
const LONG_PATIENCE: Duration = Duration::from_secs(20);

/// Threads that only wait for a packet need next to nothing.
const STACK: usize = 128 * 1024;

/// How an agent ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it was for.
    Done,
    /// It compared.
    Judged(Judgement),
}

/// Runs an agent.
///
/// - `listen FILE READY`: listens as the file says, makes the file `READY`, and tells each datagram that
///   arrives, until it is ended.
/// - `probe PROBES NAME`: tries the probes that begin in the namespace `NAME`, all at once, and tells what
///   became of each.
/// - `judge DIR`: compares what was told with what `DIR/probes.csv` expects.
///
/// # Errors
/// Other words; a file that cannot be read or written or holds something else; a socket that cannot be opened.
pub fn run(words: &[String], out: &mut (impl Write + Send)) -> io::Result<Outcome> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["listen", file, ready] => listen::listen(Path::new(file), Path::new(ready), out),
        ["probe", probes, name] => probe::probe(Path::new(probes), name, out),
        ["judge", folder] => judge(Path::new(folder)).map(Outcome::Judged),
        _ => Err(wrong(
            "`listen FILE READY`, `probe PROBES NAME` or `judge DIR`",
        )),
    }
}

/// An error about what a file or command line holds.
fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what.into())
}

/// Reads a file; the error names it.
fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// A line of `probes.csv`, as far as the agents care.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    id: usize,
    from: String,
    tcp: bool,
    source: std::net::SocketAddr,
    destination: std::net::SocketAddr,
    arrives: String,
    answered: String,
    at: String,
}

/// The lines of `probes.csv`.
fn rows(path: &Path) -> io::Result<Vec<Row>> {
    let text = read(path)?;
    let lines = text.lines().enumerate().skip(1);
    lines
        .map(|(number, line)| {
            let place = || wrong(format!("{}:{}: not a probe", path.display(), number + 1));
            row(line).ok_or_else(place)
        })
        .collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.split(',').collect();
    let [
        id,
        from,
        protocol,
        source,
        source_port,
        destination,
        destination_port,
        arrives,
        answered,
        at,
        _,
    ] = cells.as_slice()
    else {
        return None;
    };
    let end = |address: &str, port: &str| {
        Some(std::net::SocketAddr::new(
            address.parse().ok()?,
            port.parse().ok()?,
        ))
    };
    Some(Row {
        id: id.parse().ok()?,
        from: (*from).to_owned(),
        tcp: *protocol == "tcp",
        source: end(source, source_port)?,
        destination: end(destination, destination_port)?,
        arrives: (*arrives).to_owned(),
        answered: (*answered).to_owned(),
        at: (*at).to_owned(),
    })
}
