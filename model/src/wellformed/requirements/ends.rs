//! Whether the ends of flows, their services and waypoints mean something in a state they cover.
//!
//! Goes in: flows and the states in which they count. What can go wrong: a zone, name, service, waypoint
//! or kind of node that none of these states knows; an end that holds nothing in any of them.

use super::Plan;
use crate::change::Kind;
use crate::finding::Code;
use crate::id::Id;
use crate::migration::State;
use crate::network::{NodeId, ZoneId};
use crate::policy::{AddressTerm, Name, ServiceTerm, Services};
use crate::problem::Problem;
use crate::rule::{End, Flow};
use crate::service::Service;
use crate::text::Text;
use crate::wellformed::index::{Holds, Index};
use crate::wellformed::say::{DESTINATION, SERVICE, SOURCE, Thing, Words, none, unknown};
use crate::wellformed::sets::{all_but_any, holds_nothing, nothing};
use std::ops::Range;
use std::sync::Arc;

const NODE_KIND: Words = ("ノードの種類", "kind of node");

/// The words of all kinds of nodes.
pub(in crate::wellformed) const WORDS: &[&str] = &[
    "Router",
    "L3Switch",
    "Firewall",
    "LgwanEdge",
    "SecurityCloud",
    "Carrier",
    "Gateway",
    "Proxy",
    "ScreenRelay",
    "Sanitiser",
    "MailRelay",
];

/// The words of the kinds of nodes that forward packets.
const FORWARDING_WORDS: &[&str] = WORDS.split_at(7).0;

impl Plan<'_> {
    pub(super) fn flow(&mut self, thing: &Thing<'_>, flow: &Flow, covered: &Range<usize>) {
        for (side, ends) in [(SOURCE, &flow.from), (DESTINATION, &flow.to)] {
            if ends.is_empty() {
                self.found.push(none(thing, side));
            }
            for end in ends {
                self.end(thing, side, end, covered);
            }
        }
        self.services(thing, &flow.services, covered);
    }

    fn end(&mut self, thing: &Thing<'_>, side: Words, end: &End, covered: &Range<usize>) {
        match end {
            // Packs speak of roles that a body need not have.
            End::Role(..) => {}
            End::Zone(zone, _) => self.zone(thing, side, zone, covered),
            End::Addresses(set) => {
                if set.terms.is_empty() {
                    self.found.push(nothing(thing, side));
                }
                if set.negated && set.terms.contains(&AddressTerm::Any) {
                    self.found.push(all_but_any(thing, side));
                }
                for term in &set.terms {
                    if let AddressTerm::Named(name) = term {
                        self.name(thing, side, name, covered);
                    }
                }
            }
        }
    }

    fn zone(&mut self, thing: &Thing<'_>, side: Words, zone: &ZoneId, covered: &Range<usize>) {
        let there = |state: &State| state.network.zones.contains(zone);
        if self.states[covered.clone()].iter().any(there) {
            self.name(thing, side, zone.as_str(), covered);
        } else {
            let all = self.states.iter().flat_map(|s| s.network.zones.ids());
            let known = all.map(Id::as_str);
            let problem = unknown(thing, Kind::Zone.words(), zone.as_str(), known);
            self.absent(problem, there);
        }
    }

    /// A name that means an address in at least one covered state.
    pub(super) fn name(
        &mut self,
        thing: &Thing<'_>,
        side: Words,
        name: &str,
        covered: &Range<usize>,
    ) {
        let meanings = self.names[covered.clone()]
            .iter()
            .filter_map(|n| n.holds(name));
        let reasons: Vec<Option<Words>> = meanings.map(Holds::why_not).collect();
        match reasons.first() {
            _ if reasons.contains(&None) => {}
            Some(why) => {
                let why = why.unwrap_or_default();
                self.found.push(holds_nothing(thing, side, name, why));
            }
            None => {
                let known = self.names.iter().flat_map(Index::names);
                let problem = unknown(thing, side, name, known);
                self.absent(problem, |s| {
                    s.network.named_addresses(&Name::from(name)).is_some()
                });
            }
        }
    }

    fn services(&mut self, thing: &Thing<'_>, set: &Services, covered: &Range<usize>) {
        if set.terms.is_empty() {
            self.found.push(nothing(thing, SERVICE));
        }
        if set.negated && set.terms.contains(&ServiceTerm::Service(Service::ANY)) {
            self.found.push(all_but_any(thing, SERVICE));
        }
        for term in &set.terms {
            let ServiceTerm::Named(name) = term else {
                continue;
            };
            let id = Id::new(Arc::clone(name));
            let there = |s: &State| s.network.services.contains(&id);
            if !self.states[covered.clone()].iter().any(there) {
                let all = self.states.iter().flat_map(|s| s.network.services.ids());
                let problem = unknown(thing, SERVICE, name, all.map(Id::as_str));
                self.absent(problem, there);
            }
        }
    }

    /// The word is one of these kinds of nodes.
    pub(super) fn word(&mut self, thing: &Thing<'_>, word: &str, known: &[&str]) {
        if !known.contains(&word) {
            let problem = unknown(thing, NODE_KIND, word, known.iter().copied());
            let all: Vec<String> = known.iter().map(|w| format!("`{w}`")).collect();
            self.found.push(problem.help(Text::new(
                format!("使えるのは {} である", all.join("、")),
                format!("it can be {}", all.join(", ")),
            )));
        }
    }

    /// A node that packets can pass is there in a covered state.
    pub(super) fn waypoint(&mut self, thing: &Thing<'_>, id: &NodeId, covered: &Range<usize>) {
        let there = |s: &State| s.network.nodes.contains(id);
        let mut nodes = self.states[covered.clone()]
            .iter()
            .filter_map(|s| s.network.nodes.get(id));
        let Some(node) = nodes.next() else {
            let all = self.states.iter().flat_map(|s| s.network.nodes.ids());
            let problem = unknown(thing, Kind::Node.words(), id.as_str(), all.map(Id::as_str));
            self.absent(problem, there);
            return;
        };
        if node.kind.is_relay() {
            self.no_waypoint(thing, id.as_str());
        }
    }

    /// Kinds of nodes that packets can pass.
    pub(super) fn waypoints(&mut self, thing: &Thing<'_>, word: &str) {
        if WORDS.contains(&word) && !FORWARDING_WORDS.contains(&word) {
            self.no_waypoint(thing, word);
        } else {
            self.word(thing, word, FORWARDING_WORDS);
        }
    }

    fn no_waypoint(&mut self, thing: &Thing<'_>, name: &str) {
        let problem = thing.problem(
            Code::Topology,
            format_args!("の通過点 `{name}` はパケットを転送しない"),
            format_args!("has the waypoint `{name}`, which does not forward packets"),
        );
        let help = Text::new(
            "転送装置を書く（中継・代理の装置では通信が終端する）",
            "name a forwarding node; a conversation's legs end at a relay",
        );
        self.found.push(problem.help(help));
    }

    /// Adds a problem about something that no covered state knows; where others do, the help says which.
    pub(super) fn absent(&mut self, problem: Problem, there: impl Fn(&State) -> bool) {
        let others = self.states.iter().filter(|s| there(s));
        let others: Vec<String> = others.map(|s| format!("`{}`", s.step)).collect();
        self.found.push(if others.is_empty() {
            problem
        } else {
            problem.help(Text::new(
                format!("それが存在するのは状態 {} だけである", others.join("、")),
                format!("it exists only in the states {}", others.join(", ")),
            ))
        });
    }
}
