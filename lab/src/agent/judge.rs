//! What happened against what was expected.

use super::{LONG_PATIENCE, Row, read, rows, wrong};
use crate::script::RUN;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// A probe that went otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: usize,
    /// What it is: protocol and both ends.
    pub packet: String,
    /// What was expected: `arrives`, `answered` and where.
    pub expected: [String; 3],
    /// What happened, alike; `-` for what cannot be seen.
    pub happened: [String; 3],
}

/// What came of all probes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// How many were tried.
    pub tried: usize,
    /// How many were answered.
    pub answered: usize,
    /// For how many either outcome was right.
    pub open: usize,
    /// Those that went otherwise than expected.
    pub differences: Vec<Difference>,
}

/// What a probe told.
#[derive(Debug, Default)]
struct Told {
    answered: bool,
    at: String,
    line: String,
}

/// Compares the results in a lab's folder with its `probes.csv`, and writes `results.csv`.
///
/// # Errors
/// A file that cannot be read, or holds something else; a probe of which nothing was told.
pub fn judge(folder: &Path) -> io::Result<Judgement> {
    let rows = rows(&folder.join("probes.csv"))?;
    let Gathered { told, arrived } = Gathered::patiently(&folder.join(RUN), &rows)?;
    let mut judgement = Judgement::default();
    let mut results = "id,answered,arrived,at,source_seen,destination_seen\n".to_owned();
    for row in &rows {
        let told = told
            .get(&row.id)
            .ok_or_else(|| wrong(format!("nothing was told of probe {}", row.id)))?;
        let places = arrived.get(&row.id);
        let arrives = told.answered || places.is_some();
        judgement.tried += 1;
        judgement.answered += usize::from(told.answered);
        judgement.open += usize::from(row.arrives == "either" || row.answered == "either");
        let seen = if row.tcp && !told.answered {
            "-"
        } else {
            word(arrives)
        };
        results += &format!("{},{},{seen},{}\n", row.id, word(told.answered), told.line);
        judgement
            .differences
            .extend(difference(row, told, seen, places));
    }
    std::fs::write(folder.join("results.csv"), results)?;
    Ok(judgement)
}

const fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn difference(
    row: &Row,
    told: &Told,
    arrived: &str,
    places: Option<&BTreeSet<String>>,
) -> Option<Difference> {
    let unlike = |wanted: &str, found: &str| wanted != "either" && found != "-" && wanted != found;
    let answered = word(told.answered);
    let expected_at: Vec<&str> = row.at.split('+').collect();
    let own = (!told.at.is_empty()).then_some(&told.at);
    let elsewhere = own
        .into_iter()
        .chain(places.into_iter().flatten())
        .any(|at| !expected_at.contains(&at.as_str()));
    let differs = unlike(&row.answered, answered) || unlike(&row.arrives, arrived) || elsewhere;
    differs.then(|| Difference {
        id: row.id,
        packet: format!(
            "{} {} → {} ({})",
            if row.tcp { "tcp" } else { "udp" },
            row.source,
            row.destination,
            row.from
        ),
        expected: [row.arrives.clone(), row.answered.clone(), row.at.clone()],
        happened: [arrived.to_owned(), answered.to_owned(), told.line.clone()],
    })
}

/// What was told while the lab was up.
#[derive(Debug, Default)]
struct Gathered {
    /// By every probe.
    told: BTreeMap<usize, Told>,
    /// By listeners: the namespaces where a probe's datagrams arrived.
    arrived: BTreeMap<usize, BTreeSet<String>>,
}

impl Gathered {
    /// What was told, once every datagram that is expected to arrive has: a listener may not have come to it.
    fn patiently(run: &Path, rows: &[Row]) -> io::Result<Self> {
        let begun = Instant::now();
        loop {
            let all = Self::from(run)?;
            let here = |row: &Row| {
                let answered = all.told.get(&row.id).is_some_and(|told| told.answered);
                row.tcp || row.arrives != "yes" || answered || all.arrived.contains_key(&row.id)
            };
            if rows.iter().all(here) || begun.elapsed() >= LONG_PATIENCE {
                return Ok(all);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn from(run: &Path) -> io::Result<Self> {
        let mut all = Self::default();
        for entry in std::fs::read_dir(run)? {
            let path = entry?.path();
            match path.extension().and_then(|e| e.to_str()) {
                Some("results") => {
                    for line in read(&path)?.lines() {
                        let bad = || wrong(format!("{}: `{line}`", path.display()));
                        all.result(line).ok_or_else(bad)?;
                    }
                }
                Some("arrivals") => read(&path)?.lines().for_each(|line| all.arrival(line)),
                _ => {}
            }
        }
        Ok(all)
    }

    fn result(&mut self, line: &str) -> Option<()> {
        let mut cells = line.splitn(3, ',');
        let id = cells.next()?.parse().ok()?;
        let answered = cells.next()? == "yes";
        let line = cells.next()?.to_owned();
        let place = line.split(',').next().filter(|_| answered);
        let at = place.unwrap_or_default().to_owned();
        self.told.insert(id, Told { answered, at, line });
        Some(())
    }

    /// Other things may send datagrams too; what does not begin with a number is none of ours.
    fn arrival(&mut self, line: &str) {
        let mut cells = line.split(',');
        let id = cells.next().and_then(|id| id.parse().ok());
        if let (Some(id), Some(at)) = (id, cells.next()) {
            self.arrived.entry(id).or_default().insert(at.to_owned());
        }
    }
}
