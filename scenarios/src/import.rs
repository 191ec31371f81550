//! Rule sets of real devices, read into the model: dumps of `iptables-save` and `ip6tables-save`.
//!
//! Goes in: the bytes of one dump or of one of each family. Comes out: what the device forwards, as
//! [`Imported`]: filters with chains, translations, and the piece of a scenario that says the same in RON. What
//! can go wrong: a line that is not understood, or a construct that the model has no words for; all are
//! told with line, column and a way out, and nothing is imported.
//!
//! What cannot be decided without the device (`mac`, `limit`, `set`, `mark`, …) becomes a condition of its
//! rule; the engine computes both bounds and calls what hangs on it undetermined. Decision 0009 says how each
//! construct is taken. In reading order: [`dump`] (what a dump holds), `words`, `parse`, `options`,
//! `values`, `header` (what a rule matches), `lower` (filters), `nat`, `write`, `tell`.

pub mod dump;
mod header;
mod lower;
mod nat;
mod options;
mod parse;
mod tell;
mod values;
mod words;
mod write;

use crate::source::Sources;
use dump::Dump;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::network::Forwarding;
use utsushi_model::place::Place;
use utsushi_model::policy::{Filter, FilterPoint, Hop, Name, StaticRoute};
use utsushi_model::problem::Problem;
use utsushi_model::text::Text;

/// What the dump does not say.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Matches and targets that utsushi does not know, to be taken as undecidable.
    pub doubts: Vec<String>,
    /// Addresses of interfaces, for `MASQUERADE`.
    pub addresses: Vec<(String, IpAddr)>,
}

/// A device read from its dumps.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The dumps.
    pub dumps: Vec<Dump>,
    /// What it does with packets that it forwards.
    pub forwarding: Forwarding,
}

/// Why nothing was imported.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Every problem, by place.
    pub problems: Vec<Problem>,
    /// The dumps as text, for excerpts.
    pub sources: Sources,
}

/// Reads dumps; each file is its name and its bytes.
///
/// # Errors
/// Every problem, with the texts of the dumps.
pub fn read(files: &[(&str, &[u8])], given: &Given) -> Result<Vec<Dump>, Refused> {
    let mut problems = Vec::new();
    let mut dumps: Vec<Dump> = Vec::new();
    for (name, bytes) in files {
        let (dump, found) = parse::parse(name, bytes, &given.doubts);
        problems.extend(found);
        if let Some(first) = dumps.iter().find(|d| d.family == dump.family) {
            let place = |dump: &Dump| {
                dump.tables
                    .first()
                    .map_or_else(Place::nowhere, |t| t.place.clone())
            };
            let twice = tell::beyond(
                &place(&dump),
                "同じアドレス種別のダンプが二つある",
                "two dumps are of the same address family",
                (
                    "`iptables-save` と `ip6tables-save` を一つずつ渡す",
                    "give one of `iptables-save` and one of `ip6tables-save`",
                ),
            );
            problems.push(twice.see(
                &place(first),
                Text::new("先にあるダンプ", "the first is here"),
            ));
        }
        dumps.push(dump);
    }
    dumps.sort_by_key(|d| d.family == dump::Family::V6);
    refuse(files, problems).map(|()| dumps)
}

pub(crate) fn refuse(files: &[(&str, &[u8])], mut problems: Vec<Problem>) -> Result<(), Refused> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    problems.dedup();
    let mut sources = Sources::default();
    for (name, bytes) in files {
        let text = words::decoded(bytes).replace("\r\n", "\n");
        sources.push(name, text.strip_prefix('\u{feff}').unwrap_or(&text));
    }
    Err(Refused { problems, sources })
}

/// Reads dumps of one device and lowers what it forwards.
///
/// # Errors
/// Every problem, with the texts of the dumps.
pub fn iptables(files: &[(&str, &[u8])], given: &Given) -> Result<Imported, Refused> {
    let dumps = read(files, given)?;
    let mut builder = lower::Builder::new(&dumps);
    let every = || Name::from("+");
    let into = builder.around(&["raw", "mangle"], "PREROUTING", FilterPoint::In(every()));
    let forward = builder.filter("FORWARD", FilterPoint::Forward);
    let out = builder.around(&["mangle"], "POSTROUTING", FilterPoint::Out(every()));
    let mut problems = std::mem::take(&mut builder.problems);
    let mut forwarding = Forwarding {
        computed: true,
        filters: into.into_iter().chain([forward]).chain(out).collect(),
        ..Forwarding::default()
    };
    for dump in &dumps {
        let nat = nat::Translations::of(dump, &given.addresses);
        problems.extend(nat.problems);
        forwarding.nat.extend(nat.rules);
        if nat.redirects {
            forwarding.statics.extend(own(dump.family));
        }
    }
    refuse(files, problems)?;
    Ok(Imported { dumps, forwarding })
}

/// A route that keeps what is redirected to the device itself from being forwarded.
fn own(family: dump::Family) -> Option<StaticRoute> {
    let prefix = match family {
        dump::Family::V4 => "127.0.0.0/8",
        dump::Family::V6 => "::1/128",
    };
    Some(StaticRoute {
        vrf: Arc::from(""),
        prefix: prefix.parse().ok()?,
        via: vec![Hop::Discard],
        place: Place::nowhere(),
    })
}

/// The filter of one built-in chain, such as `FORWARD` or `INPUT`, as packets meet it, and the families
/// whose dumps were given.
///
/// # Errors
/// Every problem, with the texts of the dumps.
pub fn chain(
    files: &[(&str, &[u8])],
    given: &Given,
    chain: &str,
) -> Result<(Filter, Vec<dump::Family>), Refused> {
    let dumps = read(files, given)?;
    let mut builder = lower::Builder::new(&dumps);
    let filter = builder.filter(chain, FilterPoint::Forward);
    refuse(files, builder.problems)?;
    Ok((filter, dumps.iter().map(|d| d.family).collect()))
}

impl Imported {
    /// The interfaces that its rules name, sorted.
    #[must_use]
    pub fn interfaces(&self) -> Vec<Name> {
        let rules = self.forwarding.filters.iter().flat_map(Filter::all_rules);
        let sides = rules.map(|r| (&r.incoming, &r.outgoing));
        let nat = self
            .forwarding
            .nat
            .iter()
            .map(|r| (&r.incoming, &r.outgoing));
        let both = sides
            .chain(nat)
            .flat_map(|(a, b)| a.names.iter().chain(&b.names));
        let mut names: Vec<Name> = both.cloned().collect();
        names.retain(|name| &**name != "+");
        names.sort();
        names.dedup();
        names
    }

    /// The same as a file of a scenario; `head` are lines of comment to begin with.
    #[must_use]
    pub fn ron(&self, node: &str, site: &str, head: &[String]) -> String {
        write::node(node, site, &self.forwarding, head)
    }
}
