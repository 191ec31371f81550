//! From the nat table to address translations of the model.
//!
//! In: dumps, and addresses of interfaces where they are known. Out: translations in order. What can go
//! wrong: a translation that the model has no words for, told with its line.
//!
//! The model has no chains of translations: what a rule jumps to is written out with the condition of the
//! jump. Addresses that the dump does not hold (`MASQUERADE`) and orders that hang on an earlier `RETURN`
//! become conditions, so that both bounds stay right.

use super::dump::{Chain, Clause, Dump, Match, Rule, Table, Target};
use super::header::{Header, header};
use super::tell;
use std::net::IpAddr;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::policy::{AddressTerm, Addresses, Interfaces, Name, NatRule, Translation};
use utsushi_model::problem::Problem;

/// The most translations that one dump may be written out to.
const MOST: usize = 20_000;
/// The most addresses of a `DNAT` range that are tried one by one.
const MOST_TARGETS: u128 = 64;

/// Translations being written out.
pub(super) struct Translations<'d> {
    dump: &'d Dump,
    addresses: &'d [(String, IpAddr)],
    untracked: bool,
    pub(super) rules: Vec<NatRule>,
    /// Whether packets are sent to the device itself.
    pub(super) redirects: bool,
    pub(super) problems: Vec<Problem>,
}

/// What a rule further in must match as well, and what may have left its chain before.
#[derive(Clone, Default)]
struct Context {
    of: Match,
    /// Interfaces that have left the chain before, exactly.
    gone: Vec<Interfaces>,
    /// Lines whose `RETURN` may have left the chain before.
    perhaps: Vec<u32>,
}

impl<'d> Translations<'d> {
    pub(super) fn of(dump: &'d Dump, addresses: &'d [(String, IpAddr)]) -> Self {
        let mut out = Self {
            dump,
            addresses,
            untracked: super::lower::tracks_not(dump),
            rules: Vec::new(),
            redirects: false,
            problems: Vec::new(),
        };
        if let Some(table) = dump.table("nat") {
            for builtin in ["PREROUTING", "POSTROUTING"] {
                if let Some(chain) = table.chain(builtin) {
                    out.chain(table, chain, &Context::default(), builtin == "PREROUTING");
                }
            }
        }
        out
    }

    fn chain(&mut self, table: &'d Table, chain: &'d Chain, context: &Context, before: bool) {
        let mut context = context.clone();
        let nested = chain.policy.is_none();
        for rule in &chain.rules {
            let Some(of) = joined(&context.of, &rule.of) else {
                continue;
            };
            if self.rules.len() > MOST {
                return;
            }
            match &rule.target {
                Target::Jump(name) | Target::Goto(name) => {
                    let inner = Context {
                        of,
                        ..context.clone()
                    };
                    if let Some(chain) = table.chain(name) {
                        self.chain(table, chain, &inner, before);
                    }
                    if matches!(rule.target, Target::Goto(_)) {
                        leave(&mut context, rule);
                    }
                }
                Target::Return if nested => leave(&mut context, rule),
                _ => self.rule(&of, rule, &context, before),
            }
        }
        if self.rules.len() > MOST && self.problems.is_empty() {
            self.problems.push(tell::beyond(
                &chain.place,
                &format!("アドレス変換を書き下すと {MOST} 件を超える"),
                &format!("the translations come to more than {MOST} when written out"),
                (
                    "nat 表のチェーンの入れ子を減らす",
                    "nest the chains of the table nat less",
                ),
            ));
        }
    }

    fn rule(&mut self, of: &Match, rule: &Rule, context: &Context, before: bool) {
        let Some(mut header) = header(of, self.dump.family, self.untracked) else {
            return;
        };
        // Only first packets come to this table.
        if header.session == utsushi_model::policy::SessionMatch::Known {
            return;
        }
        let reasons = context
            .perhaps
            .iter()
            .map(|line| format!("not returned at line {line}"));
        header
            .conditions
            .extend(reasons.map(|r| Arc::from(r.as_str())));
        for gone in &context.gone {
            if header.incoming.is_any() {
                header.incoming = gone.clone();
            } else if header.incoming != *gone {
                let reason = format!("not by {}", gone.names.join(", "));
                header.conditions.push(Arc::from(reason.as_str()));
            }
        }
        let family = self.dump.family.addresses()[0];
        if header.source.is_any() && header.destination.is_any() {
            header.source = Addresses::range(family);
        }
        match &rule.target {
            Target::Accept | Target::Return => self.keep(header, rule, before),
            Target::Dnat(targets) => self.dnat(&header, rule, targets),
            Target::Snat(pool) => self.push(header, rule, Translation::Source(pool.clone())),
            Target::Masquerade => self.masquerade(header, rule),
            Target::Redirect(port) => {
                self.redirects = true;
                let own = if family == AddressRange::V4 {
                    IpAddr::from([127, 0, 0, 1])
                } else {
                    IpAddr::from(1_u128.to_be_bytes())
                };
                self.push(
                    header,
                    rule,
                    Translation::Destination(AddressRange::host(own), *port),
                );
            }
            Target::Netmap(to) => self.netmap(header, rule, *to, before),
            Target::Unknown(who) => {
                header
                    .conditions
                    .push(Arc::from(format!("{who} decides").as_str()));
                self.keep(header, rule, before);
            }
            _ => {}
        }
    }

    fn push(&mut self, header: Header, rule: &Rule, translation: Translation) {
        let twice = self
            .rules
            .iter()
            .rev()
            .take_while(|r| r.place == rule.place)
            .count();
        let name = match twice {
            0 => format!("L{}", rule.place.line),
            more => format!("L{}.{more}", rule.place.line),
        };
        let name = match self.dump.family {
            super::dump::Family::V4 => name,
            super::dump::Family::V6 => format!("{name} (IPv6)"),
        };
        let name = match self.rules.iter().any(|r| *r.name == *name) {
            true => format!("{name} #{}", self.rules.len()),
            false => name,
        };
        let outgoing = match translation {
            Translation::Destination(..) => Interfaces::default(),
            _ => header.outgoing,
        };
        self.rules.push(NatRule {
            name: Arc::from(name),
            incoming: header.incoming,
            outgoing,
            source: header.source,
            destination: header.destination,
            service: header.service,
            conditions: header.conditions,
            translation,
            place: rule.place.clone(),
        });
    }

    /// Leaves packets as they are: for one of the two tables only.
    fn keep(&mut self, mut header: Header, rule: &Rule, before: bool) {
        if !before {
            // Asking for any outgoing interface keeps the rule away from destination translation.
            if header.outgoing.is_any() {
                header.outgoing = Interfaces::of(vec![Name::from("+")]);
            }
            return self.push(header, rule, Translation::None);
        }
        for range in ranges(&header.destination, self.dump) {
            let header = Header {
                destination: Addresses::range(range),
                ..header.clone()
            };
            self.push(header, rule, Translation::Destination(range, None));
        }
    }

    fn dnat(
        &mut self,
        header: &Header,
        rule: &Rule,
        targets: &[(AddressRange, Option<utsushi_model::service::PortRange>)],
    ) {
        let single = targets.len() == 1;
        for (range, ports) in targets {
            let port = ports.map(|p| p.first);
            let choice = !single || range.size() > 1 || ports.is_some_and(|p| p.first != p.last);
            if range.size() > MOST_TARGETS {
                self.problems.push(tell::beyond(
                    &rule.place,
                    "`DNAT` の宛先が多すぎる",
                    "`DNAT` chooses among too many addresses",
                    (
                        "`--to-destination` の範囲を 64 個以内にする",
                        "give `--to-destination` at most 64 addresses",
                    ),
                ));
                return;
            }
            for at in range.first()..=range.last() {
                let mut header = header.clone();
                if choice {
                    header
                        .conditions
                        .push(Arc::from("the device chooses this destination"));
                }
                if let Some(to) = AddressRange::between(at, at) {
                    self.push(header, rule, Translation::Destination(to, port));
                }
            }
        }
    }

    fn masquerade(&mut self, header: Header, rule: &Rule) {
        let mut unknown = true;
        for (interface, address) in self.addresses {
            let of = &header.outgoing;
            let named = of
                .names
                .iter()
                .any(|n| match utsushi_model::policy::pattern(n) {
                    Some(start) => interface.starts_with(start),
                    None => **n == **interface,
                });
            let fits = of.is_any() || named != of.negated;
            let same = address.is_ipv4() == (self.dump.family == super::dump::Family::V4);
            if fits && same {
                unknown &= *of != Interfaces::of(vec![Name::from(interface.as_str())]);
                let header = Header {
                    outgoing: Interfaces::of(vec![Name::from(interface.as_str())]),
                    ..header.clone()
                };
                self.push(
                    header,
                    rule,
                    Translation::Source(vec![AddressRange::host(*address)]),
                );
            }
        }
        if unknown {
            let mut header = header;
            header
                .conditions
                .push(Arc::from("the address of the interface"));
            self.push(
                header,
                rule,
                Translation::Source(self.dump.family.addresses()),
            );
        }
    }

    fn netmap(&mut self, mut header: Header, rule: &Rule, to: AddressRange, before: bool) {
        if !before {
            header
                .conditions
                .push(Arc::from("which address of the block"));
            return self.push(header, rule, Translation::Source(vec![to]));
        }
        match ranges(&header.destination, self.dump).as_slice() {
            [one] if one.size() == to.size() => {
                header.destination = Addresses::range(*one);
                self.push(header, rule, Translation::Destination(to, None));
            }
            _ => self.problems.push(tell::beyond(
                &rule.place,
                "`NETMAP` の変換前と変換後の大きさが違う",
                "`NETMAP` maps to a block of another size",
                (
                    "`-d` と `--to` を同じ長さにする",
                    "give `-d` and `--to` the same length",
                ),
            )),
        }
    }
}

/// The ranges that a set of literal addresses means.
fn ranges(of: &Addresses, dump: &Dump) -> Vec<AddressRange> {
    let literal = of.terms.iter().filter_map(|t| match t {
        AddressTerm::Range(range) => Some(*range),
        _ => None,
    });
    let literal: Vec<AddressRange> = literal.collect();
    match (of.is_any(), of.negated) {
        (true, _) => dump.family.addresses(),
        (_, true) => super::values::without(&literal, dump.family),
        _ => literal,
    }
}

/// What a `RETURN` or `goto` leaves behind: exactly known where it asks for an incoming interface only.
fn leave(context: &mut Context, rule: &Rule) {
    let only = Match {
        incoming: rule.of.incoming.clone(),
        ..Match::default()
    };
    match &rule.of.incoming {
        Some(clause) if rule.of == only && context.of.incoming.is_none() => {
            context.gone.push(Interfaces {
                names: vec![Name::from(clause.of.as_str())],
                negated: !clause.negated,
            });
        }
        _ => context.perhaps.push(rule.place.line),
    }
}

/// The conjunction of two matches; `None` if they ask for different interfaces or protocols, so that no
/// packet has both.
fn joined(a: &Match, b: &Match) -> Option<Match> {
    let interface = |a: &Option<Clause<String>>,
                     b: &Option<Clause<String>>,
                     doubts: &mut Vec<String>| match (a, b) {
        (None, other) | (other, None) => Some(other.clone()),
        (Some(a), Some(b)) if a == b => Some(Some(a.clone())),
        (Some(a), Some(b))
            if !a.negated && !b.negated && !a.of.ends_with('+') && !b.of.ends_with('+') =>
        {
            None
        }
        (Some(a), Some(b)) => {
            let (kept, other) = if a.negated { (b, a) } else { (a, b) };
            doubts.push(format!(
                "interface {}{}",
                if other.negated { "! " } else { "" },
                other.of
            ));
            Some(Some(kept.clone()))
        }
    };
    let mut doubts: Vec<String> = a.doubts.iter().chain(&b.doubts).cloned().collect();
    let protocol = match (&a.protocol, &b.protocol) {
        (None, other) | (other, None) => other.clone(),
        (Some(a), Some(b)) if a == b => Some(a.clone()),
        (Some(a), Some(b)) if !a.negated && !b.negated => return None,
        (Some(a), Some(b)) if a.of == b.of => return None,
        (Some(a), Some(b)) if a.negated && b.negated => {
            doubts.push(format!("! protocol {}", b.of));
            Some(a.clone())
        }
        (Some(a), Some(b)) => Some(if a.negated { b.clone() } else { a.clone() }),
    };
    let both = |a: &[_], b: &[_]| [a, b].concat();
    Some(Match {
        incoming: interface(&a.incoming, &b.incoming, &mut doubts)?,
        outgoing: interface(&a.outgoing, &b.outgoing, &mut doubts)?,
        source: both(&a.source, &b.source),
        destination: both(&a.destination, &b.destination),
        protocol,
        ports: [a.ports.as_slice(), &b.ports].concat(),
        flags: [a.flags.as_slice(), &b.flags].concat(),
        states: [a.states.as_slice(), &b.states].concat(),
        doubts,
    })
}
