//! From the chains of a table to a filter of the model.
//!
//! In: dumps of one device, IPv4 and IPv6. Out: filters, with the chains they ask. What can go wrong:
//! something that the model has no words for, told with its line.
//!
//! IPv6 packets are sorted out first, so that rules without addresses stay with their family. Where the dump
//! of a family is not given, its packets are in doubt.

use super::dump::{Chain as DumpChain, Dump, Family, Rule, Table, Target};
use super::header::{Header, header};
use super::tell;
use std::collections::HashMap;
use std::sync::Arc;
use utsushi_model::place::Place;
use utsushi_model::policy::{
    Action, AddressTerm, Addresses, Chain, Filter, FilterPoint, FilterRule, Interfaces, Name,
    RuleAction, Schedule, Services, SessionMatch,
};
use utsushi_model::problem::Problem;

/// What `ACCEPT` means for the list that is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accept {
    /// The packet passes the filter.
    Passes,
    /// The packet passes this table only; another is asked behind it.
    GoesOn,
}

/// A filter being built from tables.
pub(super) struct Builder<'d> {
    dumps: &'d [Dump],
    chains: Vec<Chain>,
    names: HashMap<Name, usize>,
    pub(super) problems: Vec<Problem>,
}

impl<'d> Builder<'d> {
    pub(super) fn new(dumps: &'d [Dump]) -> Self {
        Self {
            dumps,
            chains: Vec::new(),
            names: HashMap::new(),
            problems: Vec::new(),
        }
    }

    fn dump(&self, family: Family) -> Option<&'d Dump> {
        self.dumps.iter().find(|d| d.family == family)
    }

    /// The filter of a built-in chain of the filter table, with those tables before it that drop packets.
    pub(super) fn filter(&mut self, builtin: &str, point: FilterPoint) -> Filter {
        let mut rules = Vec::new();
        let v6 = vec![AddressTerm::Range(utsushi_model::address::AddressRange::V6)];
        let six = Addresses {
            terms: v6,
            negated: false,
        };
        let main = self.dump(Family::V4).or(self.dump(Family::V6));
        let place = main
            .and_then(|d| d.table("filter")?.chain(builtin))
            .map_or_else(Place::nowhere, |c| c.place.clone());
        match self.dump(Family::V6) {
            Some(dump) => {
                let first = rules.len();
                self.tables(dump, builtin, &mut rules);
                let passes = policy(dump, builtin);
                let list: Vec<FilterRule> = rules.split_off(first);
                let name = Arc::from(format!("{builtin} (IPv6)"));
                self.chain_of(&name, list, &place);
                rules.push(guard(
                    "IPv6",
                    RuleAction::Jump(name),
                    six.clone(),
                    None,
                    &place,
                ));
                rules.push(guard("IPv6 policy", action(passes), six, None, &place));
            }
            None => doubt(&mut rules, "IPv6", "no ip6tables-save", six, &place),
        }
        let passes = match self.dump(Family::V4) {
            Some(dump) => {
                self.tables(dump, builtin, &mut rules);
                policy(dump, builtin)
            }
            None => {
                doubt(
                    &mut rules,
                    "IPv4",
                    "no iptables-save",
                    Addresses::any(),
                    &place,
                );
                false
            }
        };
        Filter {
            point,
            rules,
            chains: std::mem::take(&mut self.chains),
            default: if passes { Action::Allow } else { Action::Deny },
            stateful: false,
            place,
        }
    }

    /// The filter for tables before or behind it all, where one of them drops packets.
    pub(super) fn around(
        &mut self,
        tables: &[&str],
        builtin: &str,
        point: FilterPoint,
    ) -> Option<Filter> {
        let mut rules = Vec::new();
        let mut place = None;
        for dump in self.dumps {
            for table in tables.iter().filter_map(|name| dump.table(name)) {
                if let Some(chain) = table.chain(builtin).filter(|c| stops(table, c)) {
                    let ranges = dump.family.addresses().into_iter().map(AddressTerm::Range);
                    let family = Addresses {
                        terms: ranges.collect(),
                        negated: false,
                    };
                    let name = self.list(dump, table, chain, Accept::GoesOn);
                    let label = format!("{} {builtin}{}", table.name, suffix(dump.family));
                    rules.push(guard(
                        &label,
                        RuleAction::Jump(name),
                        family,
                        None,
                        &chain.place,
                    ));
                    place = place.or(Some(chain.place.clone()));
                }
            }
        }
        Some(Filter {
            point,
            rules,
            chains: std::mem::take(&mut self.chains),
            default: Action::Allow,
            stateful: false,
            place: place?,
        })
    }

    /// The rules of mangle, filter and security, in this order.
    fn tables(&mut self, dump: &'d Dump, builtin: &str, rules: &mut Vec<FilterRule>) {
        let before = dump
            .table("mangle")
            .and_then(|t| Some((t, t.chain(builtin)?)));
        if let Some((table, chain)) = before.filter(|(t, c)| stops(t, c)) {
            let name = self.list(dump, table, chain, Accept::GoesOn);
            let label = format!("mangle {builtin}{}", suffix(dump.family));
            rules.push(guard(
                &label,
                RuleAction::Jump(name),
                Addresses::any(),
                None,
                &chain.place,
            ));
        }
        if let Some((table, chain)) = dump
            .table("security")
            .and_then(|t| Some((t, t.chain(builtin)?)))
            && stops(table, chain)
        {
            self.problems.push(tell::beyond(
                &chain.place,
                "`security` 表がパケットを捨てる",
                "the table `security` drops packets",
                (
                    "そのルールを `filter` 表に移す",
                    "move its rules to the table `filter`",
                ),
            ));
        }
        let Some(table) = dump.table("filter") else {
            return;
        };
        if let Some(chain) = table.chain(builtin) {
            rules.extend(self.rules(dump, table, chain, Accept::Passes));
        }
    }

    fn chain_of(&mut self, name: &Name, rules: Vec<FilterRule>, place: &Place) {
        self.names.insert(Arc::clone(name), self.chains.len());
        self.chains.push(Chain {
            name: Arc::clone(name),
            rules,
            place: place.clone(),
        });
    }

    /// A chain of a dump as a chain of the filter.
    fn list(
        &mut self,
        dump: &'d Dump,
        table: &'d Table,
        chain: &'d DumpChain,
        accept: Accept,
    ) -> Name {
        let prefix = match table.name.as_str() {
            "filter" => String::new(),
            other => format!("{other} "),
        };
        let name: Name = Arc::from(format!("{prefix}{}{}", chain.name, suffix(dump.family)));
        if !self.names.contains_key(&name) {
            // The place is taken before the rules are, so that chains stand in the order of asking.
            self.chain_of(&name, Vec::new(), &chain.place);
            let at = self.chains.len() - 1;
            let rules = self.rules(dump, table, chain, accept);
            self.chains[at].rules = rules;
        }
        name
    }

    fn rules(
        &mut self,
        dump: &'d Dump,
        table: &'d Table,
        chain: &'d DumpChain,
        accept: Accept,
    ) -> Vec<FilterRule> {
        let untracked = tracks_not(dump);
        let mut out = Vec::with_capacity(chain.rules.len());
        for rule in &chain.rules {
            let Some(of) = header(&rule.of, dump.family, untracked) else {
                continue;
            };
            for (action, reason) in self.actions(dump, table, rule, (accept, chain)) {
                let more = u8::try_from(out.len() % 26).unwrap_or(0);
                let twice = out
                    .last()
                    .is_some_and(|r: &FilterRule| r.place == rule.place);
                let letter = if twice {
                    char::from(b'a' + more).to_string()
                } else {
                    String::new()
                };
                let name = format!("L{}{letter}{}", rule.place.line, suffix(dump.family));
                out.push(filter_rule(
                    &name,
                    action,
                    of.clone(),
                    reason.as_deref(),
                    rule,
                ));
            }
        }
        if accept == Accept::GoesOn && chain.policy == Some(false) {
            let label = format!("{} policy{}", table.name, suffix(dump.family));
            out.push(guard(
                &label,
                RuleAction::Deny,
                Addresses::any(),
                None,
                &chain.place,
            ));
        }
        out
    }

    /// What a rule does, with a reason where that is in doubt; nothing for rules without a verdict.
    fn actions(
        &mut self,
        dump: &'d Dump,
        table: &'d Table,
        rule: &Rule,
        (accept, chain): (Accept, &DumpChain),
    ) -> Vec<(RuleAction, Option<String>)> {
        let pass = match accept {
            Accept::Passes => RuleAction::Allow,
            Accept::GoesOn => RuleAction::Return,
        };
        match &rule.target {
            Target::Accept if accept == Accept::GoesOn && chain.policy.is_none() => {
                self.problems.push(tell::beyond(
                    &rule.place,
                    "パケットを捨てる表の、利用者定義チェーンの中の `ACCEPT` は表せない",
                    "an `ACCEPT` within a user-defined chain of a table that drops packets cannot be expressed",
                    ("捨てるルールを `filter` 表に移す", "move the rules that drop to the table `filter`"),
                ));
                Vec::new()
            }
            Target::Accept => vec![(pass, None)],
            Target::Drop => vec![(RuleAction::Deny, None)],
            // At the end of a built-in chain its policy decides.
            Target::Return if accept == Accept::GoesOn && chain.policy == Some(false) => {
                vec![(RuleAction::Deny, None)]
            }
            Target::Return => vec![(RuleAction::Return, None)],
            Target::Jump(name) | Target::Goto(name) => {
                let Some(chain) = table.chain(name) else {
                    return Vec::new();
                };
                let goto = matches!(rule.target, Target::Goto(_));
                let name = self.list(dump, table, chain, accept);
                vec![(
                    if goto {
                        RuleAction::Goto(name)
                    } else {
                        RuleAction::Jump(name)
                    },
                    None,
                )]
            }
            Target::Unknown(who) => {
                let reason = format!("{who} decides");
                vec![
                    (pass, Some(reason.clone())),
                    (RuleAction::Deny, Some(reason)),
                ]
            }
            _ => Vec::new(),
        }
    }
}

fn action(passes: bool) -> RuleAction {
    if passes {
        RuleAction::Allow
    } else {
        RuleAction::Deny
    }
}

fn suffix(family: Family) -> &'static str {
    match family {
        Family::V4 => "",
        Family::V6 => " (IPv6)",
    }
}

/// Whether packets pass at the end of a built-in chain; without the table everything does.
fn policy(dump: &Dump, builtin: &str) -> bool {
    let chain = dump.table("filter").and_then(|t| t.chain(builtin));
    chain.and_then(|c| c.policy).unwrap_or(true)
}

/// Whether the dump exempts forwarded packets from connection tracking.
pub(super) fn tracks_not(dump: &Dump) -> bool {
    let chains = dump.table("raw").into_iter().flat_map(|t| &t.chains);
    chains
        .flat_map(|c| &c.rules)
        .any(|r| r.target == Target::Untracked)
}

/// Whether a chain or one that it asks stops packets.
fn stops(table: &Table, chain: &DumpChain) -> bool {
    if chain.policy == Some(false) {
        return true;
    }
    let mut open = vec![chain];
    let mut been: Vec<&str> = Vec::new();
    while let Some(chain) = open.pop() {
        if been.contains(&chain.name.as_str()) {
            continue;
        }
        been.push(&chain.name);
        for rule in &chain.rules {
            match &rule.target {
                Target::Drop | Target::Unknown(_) => return true,
                Target::Jump(name) | Target::Goto(name) => open.extend(table.chain(name)),
                _ => {}
            }
        }
    }
    false
}

/// A rule that no line of a dump says: it sorts packets by family or table.
fn guard(
    name: &str,
    action: RuleAction,
    source: Addresses,
    reason: Option<&str>,
    place: &Place,
) -> FilterRule {
    FilterRule {
        name: Arc::from(name),
        action,
        incoming: Interfaces::default(),
        outgoing: Interfaces::default(),
        source,
        destination: Addresses::any(),
        service: Services::any(),
        session: SessionMatch::Any,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: reason.map(Arc::from).into_iter().collect(),
        note: None,
        place: place.clone(),
    }
}

/// Packets of a family whose dump was not given: they pass or not.
fn doubt(rules: &mut Vec<FilterRule>, name: &str, reason: &str, family: Addresses, place: &Place) {
    let perhaps = format!("{name} perhaps");
    rules.push(guard(
        &perhaps,
        RuleAction::Allow,
        family.clone(),
        Some(reason),
        place,
    ));
    rules.push(guard(name, RuleAction::Deny, family, None, place));
}

fn filter_rule(
    name: &str,
    action: RuleAction,
    of: Header,
    reason: Option<&str>,
    rule: &Rule,
) -> FilterRule {
    let reasons = reason.into_iter().map(Arc::from);
    FilterRule {
        name: Arc::from(name),
        action,
        incoming: of.incoming,
        outgoing: of.outgoing,
        source: of.source,
        destination: of.destination,
        service: of.service,
        session: of.session,
        schedule: Schedule::default(),
        enabled: true,
        log: false,
        temporary: false,
        expires: None,
        conditions: of.conditions.into_iter().chain(reasons).collect(),
        note: rule.comment.clone(),
        place: rule.place.clone(),
    }
}
