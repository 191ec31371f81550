//! What a dump of `iptables-save` or `ip6tables-save` holds, typed, with the line of everything.
//!
//! Values only. What cannot be decided without the device is kept as a [`Match::doubts`] text; nothing is
//! dropped.

use utsushi_model::address::AddressRange;
use utsushi_model::place::Place;
use utsushi_model::service::PortRange;

/// A clause that may be turned round by `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause<T> {
    /// What is asked for.
    pub of: T,
    /// Whether everything but that matches.
    pub negated: bool,
}

/// Which family a dump is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// `iptables-save`.
    V4,
    /// `ip6tables-save`.
    V6,
}

impl Family {
    /// Every address of the family.
    #[must_use]
    pub fn addresses(self) -> Vec<AddressRange> {
        match self {
            Self::V4 => vec![AddressRange::V4],
            Self::V6 => vec![AddressRange::V6],
        }
    }
}

/// A dump.
#[derive(Debug, Clone)]
pub struct Dump {
    /// Its family.
    pub family: Family,
    /// Its tables in the order of the file.
    pub tables: Vec<Table>,
}

impl Dump {
    /// A table by name, such as `filter`.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name == name)
    }
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// `filter`, `nat`, `raw`, `mangle` or `security`.
    pub name: String,
    /// Its chains in the order of the file.
    pub chains: Vec<Chain>,
    /// Where it begins.
    pub place: Place,
}

impl Table {
    /// A chain by name.
    #[must_use]
    pub fn chain(&self, name: &str) -> Option<&Chain> {
        self.chains.iter().find(|c| c.name == name)
    }
}

/// A chain.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// What happens at its end, for built-in chains: whether packets pass.
    pub policy: Option<bool>,
    /// Its rules in order.
    pub rules: Vec<Rule>,
    /// Where it is declared.
    pub place: Place,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// What it matches.
    pub of: Match,
    /// What it does.
    pub target: Target,
    /// Comments of `-m comment`.
    pub comment: Option<String>,
    /// Its line.
    pub place: Place,
}

/// A state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `INVALID`.
    Invalid,
    /// `NEW`.
    New,
    /// `ESTABLISHED`.
    Established,
    /// `RELATED`.
    Related,
    /// `UNTRACKED`.
    Untracked,
    /// `SNAT` or `DNAT`.
    Translated,
}

/// Which ports a clause speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Source ports.
    Source,
    /// Destination ports.
    Destination,
    /// One of them at least.
    Either,
}

/// TCP flags: of those in the mask, exactly those in the second set are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// Which flags are looked at (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32).
    pub mask: u8,
    /// Which of them are set.
    pub set: u8,
}

/// The conjunction that a rule matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Match {
    /// `-i`.
    pub incoming: Option<Clause<String>>,
    /// `-o`.
    pub outgoing: Option<Clause<String>>,
    /// `-s` and `--src-range`.
    pub source: Vec<Clause<Vec<AddressRange>>>,
    /// `-d` and `--dst-range`.
    pub destination: Vec<Clause<Vec<AddressRange>>>,
    /// `-p`.
    pub protocol: Option<Clause<u8>>,
    /// `--sport`, `--dport`, `--sports`, `--dports`, `--ports`.
    pub ports: Vec<(Side, Clause<Vec<PortRange>>)>,
    /// `--tcp-flags` and `--syn`.
    pub flags: Vec<Clause<Flags>>,
    /// `--state` and `--ctstate`.
    pub states: Vec<Clause<Vec<State>>>,
    /// Clauses that cannot be decided without the device, as written.
    pub doubts: Vec<String>,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `ACCEPT`.
    Accept,
    /// `DROP`, `REJECT` and the like.
    Drop,
    /// `RETURN`.
    Return,
    /// `-j CHAIN`.
    Jump(String),
    /// `-g CHAIN`.
    Goto(String),
    /// Goes on with the next rule: no target, `LOG`, `MARK` and the like.
    Nothing,
    /// `NOTRACK`, `CT --notrack`: connections are not followed from here.
    Untracked,
    /// A program decides (`QUEUE`, `NFQUEUE`): anything may happen.
    Unknown(String),
    /// `DNAT --to-destination`, by range of addresses and of ports.
    Dnat(Vec<(AddressRange, Option<PortRange>)>),
    /// `SNAT --to-source`.
    Snat(Vec<AddressRange>),
    /// `MASQUERADE`.
    Masquerade,
    /// `REDIRECT --to-ports`: to the device itself.
    Redirect(Option<u16>),
    /// `NETMAP --to`.
    Netmap(AddressRange),
}
