//! What clients and relays decide for themselves: access tables, a proxy's rules, what a relay publishes.
//!
//! Goes in: a compiled state. Comes out: [`Tables`], every name in them resolved once. Doubt is resolved
//! in favour of the need: what a rule perhaps allows counts as allowed, what it perhaps denies does not
//! count as denied, so that a demand is only called blocked where it certainly is. An access entry decides
//! only where it certainly matches.

use crate::plane::condition::{Act, Condition, Match, RuleStep};
use crate::plane::{Plane, PortIx};
use std::collections::BTreeMap;
use utsushi_model::access::{AccessId, Way};
use utsushi_model::finding::Packet;
use utsushi_model::network::{Network, Node, NodeId, NodeKind};
use utsushi_model::place::Place;
use utsushi_model::policy::{Action, Addresses, Services, SessionMatch};

/// One entry of an access table.
#[derive(Debug)]
struct Entry {
    condition: Condition,
    way: Way,
    place: Place,
}

/// What clients and relays decide for themselves.
#[derive(Debug, Default)]
pub(super) struct Tables {
    access: BTreeMap<AccessId, Vec<Entry>>,
    relays: BTreeMap<NodeId, Vec<RuleStep>>,
}

/// A relay's answer to a session it is asked to carry on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Relayed {
    /// It carries on.
    Yes,
    /// It does not, because of this rule; its default where the name is empty.
    No {
        /// The rule.
        rule: String,
        /// Where that is written.
        place: Place,
    },
}

fn condition(
    network: &Network,
    source: &Addresses,
    destination: &Addresses,
    service: &Services,
) -> Condition {
    Condition {
        incoming: None,
        outgoing: None,
        source: network.addresses(source),
        destination: network.addresses(destination),
        service: network.service_terms(service),
        lifted: None,
        others: Vec::new(),
    }
}

/// Judged without interfaces, which these conditions do not look at.
fn judge(condition: &Condition, packet: &Packet) -> Match {
    condition.judge(packet, PortIx(0), None)
}

impl Tables {
    /// Resolves every table of a state.
    pub(super) fn new(plane: &Plane) -> Self {
        let network = &*plane.network;
        let entries = |table: &utsushi_model::access::AccessTable| {
            let lower = |entry: &utsushi_model::access::AccessEntry| Entry {
                condition: condition(network, &Addresses::any(), &entry.to, &entry.service),
                way: entry.way.clone(),
                place: entry.place.clone(),
            };
            table.entries.iter().map(lower).collect()
        };
        let own = |node: &Node| Some((node.id.clone(), rules(plane, node)?));
        Self {
            access: network
                .access
                .iter()
                .map(|t| (t.id.clone(), entries(t)))
                .collect(),
            relays: network.nodes.iter().filter_map(own).collect(),
        }
    }

    /// The way a client takes, and where that is written; direct where no entry matches.
    pub(super) fn way(&self, table: Option<&AccessId>, packet: &Packet) -> (Way, Option<&Place>) {
        self.matching(table, packet)
            .next()
            .map_or((Way::Direct, None), |e| (e.way.clone(), Some(&e.place)))
    }

    /// The way that the last matching entry of a table names.
    pub(super) fn last(&self, table: Option<&AccessId>, packet: &Packet) -> Option<(&Way, &Place)> {
        let entry = self.matching(table, packet).last()?;
        Some((&entry.way, &entry.place))
    }

    fn matching<'t>(
        &'t self,
        table: Option<&AccessId>,
        packet: &Packet,
    ) -> impl Iterator<Item = &'t Entry> {
        let entries = table
            .and_then(|id| self.access.get(id))
            .into_iter()
            .flatten();
        entries.filter(|e| judge(&e.condition, packet) == Match::Yes)
    }

    /// Whether a relay carries a session on: a proxy by its rules, a screen-transfer relay by what it
    /// publishes. The packet's source is the previous hop as the relay sees it, its destination the
    /// final target. A proxy without a matching rule denies.
    pub(super) fn relayed(&self, node: &Node, packet: &Packet) -> Relayed {
        let Some(rules) = self.relays.get(&node.id) else {
            return Relayed::Yes;
        };
        let deciding = rules
            .iter()
            .find(|rule| match judge(&rule.condition, packet) {
                Match::Yes => true,
                Match::Perhaps => rule.act == Act::Allow,
                Match::No => false,
            });
        match deciding {
            Some(rule) if rule.act == Act::Allow => Relayed::Yes,
            Some(rule) => Relayed::No {
                rule: rule.name.to_string(),
                place: rule.place.clone(),
            },
            None => Relayed::No {
                rule: String::new(),
                place: node.place.clone(),
            },
        }
    }

    /// Every condition, for finding out where in the address space anything changes.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let entries = self.access.values().flatten().map(|e| &e.condition);
        entries.chain(self.relays.values().flatten().map(|r| &r.condition))
    }
}

/// What a relay asks before it carries on; `None` for nodes that do not ask.
fn rules(plane: &Plane, node: &Node) -> Option<Vec<RuleStep>> {
    let network = &*plane.network;
    match &node.kind {
        NodeKind::Proxy(proxy) => {
            let active = proxy
                .rules
                .iter()
                .filter(|r| r.enabled && r.schedule.active(plane.day));
            let lower = |rule: &utsushi_model::policy::FilterRule| RuleStep {
                name: rule.name.clone(),
                act: if rule.action == Action::Allow {
                    Act::Allow
                } else {
                    Act::Deny
                },
                session: SessionMatch::Any,
                condition: Condition {
                    others: rule.conditions.clone(),
                    ..condition(network, &rule.source, &rule.destination, &rule.service)
                },
                place: rule.place.clone(),
            };
            Some(active.map(lower).collect())
        }
        NodeKind::ScreenRelay(relay) => Some(vec![RuleStep {
            name: "publishes".into(),
            act: Act::Allow,
            session: SessionMatch::Any,
            condition: condition(
                network,
                &Addresses::any(),
                &relay.publishes,
                &Services::any(),
            ),
            place: node.place.clone(),
        }]),
        _ => None,
    }
}
