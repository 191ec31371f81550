//! A plain interpreter of iptables rules over single packets, after the manual pages iptables(8) and
//! iptables-extensions(8).
//!
//! In: the typed form of a dump and a packet. Out: every verdict that is possible, where a clause that
//! hangs on the device may match or not each time it is asked. It shares the parser with the importer
//! and nothing else.

use std::collections::BTreeSet;
use std::net::IpAddr;
use utsushi_scenarios::import::dump::{Clause, Match, Rule, Side, State, Table, Target};

/// A packet as the rules see it.
#[derive(Debug, Clone)]
pub struct Packet {
    pub incoming: String,
    pub outgoing: String,
    pub src: IpAddr,
    pub dst: IpAddr,
    pub protocol: u8,
    pub src_port: u16,
    pub dst_port: u16,
    /// Whether it answers in a connection that is known.
    pub known: bool,
}

/// What a chain comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Accept,
    Drop,
    /// The end of the chain, or RETURN.
    Back,
}

/// Whether packets of a built-in chain may pass, and whether they must.
pub fn passes(table: &Table, builtin: &str, packet: &Packet) -> (bool, bool) {
    let chain = table.chain(builtin).expect("the chain");
    let policy = if chain.policy == Some(false) {
        Verdict::Drop
    } else {
        Verdict::Accept
    };
    let all: BTreeSet<Verdict> = verdicts(table, builtin, packet)
        .into_iter()
        .map(|v| if v == Verdict::Back { policy } else { v })
        .collect();
    (
        all.contains(&Verdict::Accept),
        !all.contains(&Verdict::Drop),
    )
}

fn verdicts(table: &Table, chain: &str, packet: &Packet) -> BTreeSet<Verdict> {
    let mut out = BTreeSet::new();
    for rule in &table.chain(chain).expect("the chain").rules {
        let (can, must) = matches(&rule.of, packet);
        if !can {
            continue;
        }
        let (taken, goes_on) = follow(table, rule, packet);
        out.extend(taken);
        if must && !goes_on {
            return out;
        }
    }
    out.insert(Verdict::Back);
    out
}

/// What a rule that matches comes to, and whether the next rule may be asked then.
fn follow(table: &Table, rule: &Rule, packet: &Packet) -> (BTreeSet<Verdict>, bool) {
    let one = |v| (BTreeSet::from([v]), false);
    match &rule.target {
        Target::Accept => one(Verdict::Accept),
        Target::Drop => one(Verdict::Drop),
        Target::Return => one(Verdict::Back),
        Target::Jump(name) => {
            let mut inner = verdicts(table, name, packet);
            let back = inner.remove(&Verdict::Back);
            (inner, back)
        }
        Target::Goto(name) => (verdicts(table, name, packet), false),
        Target::Unknown(_) => (BTreeSet::from([Verdict::Accept, Verdict::Drop]), true),
        _ => (BTreeSet::new(), true),
    }
}

/// Whether a packet can match, and whether it must.
fn matches(of: &Match, p: &Packet) -> (bool, bool) {
    let wire = |clause: &Option<Clause<String>>, name: &str| {
        clause.as_ref().is_none_or(|c| {
            let hit = match c.of.strip_suffix('+') {
                Some(start) => name.starts_with(start),
                None => name == c.of,
            };
            hit != c.negated
        })
    };
    let ends = |clauses: &[Clause<Vec<utsushi_model::address::AddressRange>>], at: IpAddr| {
        clauses
            .iter()
            .all(|c| c.of.iter().any(|r| r.contains(at)) != c.negated)
    };
    let ports = of.ports.iter().all(|(side, c)| {
        let hit = |port: u16| c.of.iter().any(|r| r.first <= port && port <= r.last);
        let hit = match side {
            Side::Source => hit(p.src_port),
            Side::Destination => hit(p.dst_port),
            Side::Either => hit(p.src_port) || hit(p.dst_port),
        };
        hit != c.negated
    });
    // A first packet carries SYN, the answer to it SYN and ACK.
    let set = if p.known { 0x12 } else { 0x02 };
    let flags = of
        .flags
        .iter()
        .all(|c| (set & c.of.mask == c.of.set) != c.negated);
    let state = if p.known {
        State::Established
    } else {
        State::New
    };
    let states = of.states.iter().all(|c| c.of.contains(&state) != c.negated);
    let protocol = of
        .protocol
        .as_ref()
        .is_none_or(|c| (c.of == p.protocol) != c.negated);
    let sure = wire(&of.incoming, &p.incoming)
        && wire(&of.outgoing, &p.outgoing)
        && ends(&of.source, p.src)
        && ends(&of.destination, p.dst)
        && protocol
        && ports
        && flags
        && states;
    (sure, sure && of.doubts.is_empty())
}
