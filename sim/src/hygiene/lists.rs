//! Every ordered list of a state, as lines of one kind.
//!
//! In: a plane. Out: its filters, translations, policy routes and proxy rules as [`Ordered`]: the lines in
//! force on the day, and which of them a packet is held against, by the interfaces it uses and whether its
//! session is known. Nothing can go wrong.

use crate::plane::condition::{Act, Condition, NatStep, Rewrite, RuleStep};
use crate::plane::met::List;
use crate::plane::{FilterPlane, NodeIx, Plane, PortIx};
use std::collections::{BTreeMap, HashSet};
use utsushi_model::finding::ListKind;
use utsushi_model::network::{Node, NodeKind};
use utsushi_model::place::Place;
use utsushi_model::policy::{FilterRule, RuleAction, SessionMatch};

/// An ordered list.
pub(super) struct Ordered {
    /// The node that holds it.
    pub(super) node: String,
    /// Which of its lists.
    pub(super) kind: ListKind,
    /// Where its traffic is looked up.
    pub(super) key: Key,
    /// The lines in force: those of the list in order, then those of its chains.
    pub(super) entries: Vec<Entry>,
    /// How many of the lines are the list's own.
    pub(super) own: usize,
    /// The lines of each chain.
    pub(super) chains: Vec<std::ops::Range<usize>>,
    /// What becomes of what no line matches.
    pub(super) default: Does,
    /// Which lines a packet is held against.
    pub(super) groups: Groups,
}

/// Where the traffic of a list is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// At a list that packets pass.
    Passed(List),
    /// At a proxy: position in the network's table of nodes.
    Proxy(usize),
}

/// A line.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) condition: Condition,
    pub(super) session: SessionMatch,
    pub(super) does: Does,
    /// Whether it writes a log that no other line would.
    pub(super) logs: bool,
}

/// What a line does with a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Does {
    /// Lets it pass, or not.
    Pass(bool),
    /// Translates it.
    Translate(Rewrite),
    /// Sends it out by these interfaces.
    Send(Vec<PortIx>),
    /// Leaves it to the ordinary routes.
    Route,
    /// Asks a chain, and then goes on.
    Jump(usize),
    /// Asks a chain instead of what follows.
    Goto(usize),
    /// Leaves the list.
    Return,
}

impl Does {
    /// Whether it lets a match pass, where that is what it decides.
    pub(super) fn allow(&self) -> Option<bool> {
        match self {
            Self::Pass(allow) => Some(*allow),
            _ => None,
        }
    }

    /// Whether it decides anything itself.
    pub(super) fn decides(&self) -> bool {
        !matches!(self, Self::Jump(_) | Self::Goto(_) | Self::Return)
    }
}

/// A packet's interfaces, in and out, and whether its session is known.
pub(super) type Pair = (Option<PortIx>, Option<PortIx>, bool);

/// Packets that are held against the same lines.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// For every group, whether each line is asked.
    pub(super) asked: Vec<Vec<bool>>,
    by_pair: BTreeMap<Pair, usize>,
}

impl Groups {
    /// One group that is held against all lines, for lists that look at no interface.
    fn whole(count: usize) -> Self {
        Self {
            asked: vec![vec![true; count]],
            by_pair: BTreeMap::from([((None, None, false), 0)]),
        }
    }

    /// Groups by pairs of interfaces.
    fn of(entries: &[Entry], incoming: &[PortIx], outgoing: &[Option<PortIx>]) -> Self {
        let fits = |wanted: Option<&Vec<PortIx>>, port: Option<PortIx>| {
            wanted.is_none_or(|list| port.is_some_and(|p| list.contains(&p)))
        };
        let (ins, ways_in) = classes(incoming, |p| {
            let fit = |e: &Entry| fits(e.condition.incoming.as_ref(), Some(*p));
            entries.iter().map(fit).collect()
        });
        let (outs, ways_out) = classes(outgoing, |p| {
            let fit = |e: &Entry| fits(e.condition.outgoing.as_ref(), *p);
            entries.iter().map(fit).collect()
        });
        let (knowing, sessions) = classes(&[false, true], |known| {
            entries.iter().map(|e| e.session.holds(*known)).collect()
        });
        let mut known: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
        let mut groups = Self::default();
        for (port, i) in incoming.iter().zip(&ins) {
            for (out, o) in outgoing.iter().zip(&outs) {
                for (is_known, k) in [false, true].into_iter().zip(&knowing) {
                    let (a, b, c) = (&ways_in[*i], &ways_out[*o], &sessions[*k]);
                    let asked = (0..entries.len()).map(|l| a[l] && b[l] && c[l]).collect();
                    let next = known.len();
                    let group = *known.entry(asked).or_insert(next);
                    groups.by_pair.insert((Some(*port), *out, is_known), group);
                }
            }
        }
        groups.asked = vec![Vec::new(); known.len()];
        for (asked, at) in known {
            groups.asked[at] = asked;
        }
        groups
    }

    /// The group of a packet.
    pub(super) fn seen(&self, pair: Pair) -> Option<usize> {
        self.by_pair.get(&pair).copied()
    }
}

/// Things of the same signature as one class: the class of each, and the signature of each class.
fn classes<T>(things: &[T], signature: impl Fn(&T) -> Vec<bool>) -> (Vec<usize>, Vec<Vec<bool>>) {
    let mut known: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    let mut of = Vec::with_capacity(things.len());
    for thing in things {
        let next = known.len();
        of.push(*known.entry(signature(thing)).or_insert(next));
    }
    let mut signatures = vec![Vec::new(); known.len()];
    for (signature, at) in known {
        signatures[at] = signature;
    }
    (of, signatures)
}

/// Every list of a plane that has lines, node by node.
pub(super) fn lists(plane: &Plane) -> Vec<Ordered> {
    let mut out = Vec::new();
    for ix in (0..plane.nodes.len()).map(NodeIx) {
        filters(plane, ix, &mut out);
        translations(plane, ix, &mut out);
    }
    let nodes = plane.network.nodes.iter().enumerate();
    out.extend(nodes.filter_map(|(at, node)| proxy(plane, at, node)));
    out.retain(|list| !list.entries.is_empty());
    out
}

fn ports(plane: &Plane, ix: NodeIx) -> Vec<PortIx> {
    let own = |p: &PortIx| plane.ports[p.0].node == ix;
    (0..plane.ports.len()).map(PortIx).filter(own).collect()
}

fn outward(ports: &[PortIx]) -> Vec<Option<PortIx>> {
    ports.iter().copied().map(Some).collect()
}

fn filters(plane: &Plane, ix: NodeIx, out: &mut Vec<Ordered>) {
    let all = ports(plane, ix);
    if let Some(filter) = plane.nodes[ix.0].forward {
        let pairs = (all.as_slice(), &*outward(&all));
        out.push(filter_list(
            plane,
            ix,
            filter,
            ListKind::ForwardFilter,
            pairs,
        ));
    }
    // One filter may stand at several interfaces.
    let mut listed: BTreeMap<(ListKind, usize), Vec<PortIx>> = BTreeMap::new();
    for port in &all {
        let there = &plane.ports[port.0];
        let ways = [
            (ListKind::IngressFilter, there.ingress),
            (ListKind::EgressFilter, there.egress),
        ];
        for (kind, filter) in ways {
            if let Some(filter) = filter {
                listed.entry((kind, filter)).or_default().push(*port);
            }
        }
    }
    for ((kind, filter), at) in listed {
        let list = match kind {
            ListKind::EgressFilter => filter_list(plane, ix, filter, kind, (&all, &outward(&at))),
            _ => filter_list(plane, ix, filter, kind, (&at, &[None])),
        };
        out.push(list);
    }
}

fn filter_list(
    plane: &Plane,
    ix: NodeIx,
    position: usize,
    kind: ListKind,
    (incoming, outgoing): (&[PortIx], &[Option<PortIx>]),
) -> Ordered {
    let filter = &plane.filters[position];
    let id = &plane.nodes[ix.0].id;
    let node = plane.network.nodes.get(id).into_iter();
    let written = node.flat_map(|n| &n.forwarding.filters);
    let written = written.filter(|f| f.place == filter.place);
    let logging = written.flat_map(|f| f.all_rules()).filter(|r| r.log);
    let logging: HashSet<(&str, &Place)> = logging.map(|r| (&*r.name, &r.place)).collect();
    let entry = |rule: &RuleStep| Entry {
        name: rule.name.to_string(),
        place: rule.place.clone(),
        condition: rule.condition.clone(),
        session: rule.session,
        does: does(rule.act),
        logs: logging.contains(&(&*rule.name, &rule.place)),
    };
    let entries: Vec<Entry> = filter.all_rules().map(entry).collect();
    Ordered {
        node: id.to_string(),
        kind,
        key: Key::Passed(List::Filter(position)),
        groups: Groups::of(&entries, incoming, outgoing),
        entries,
        own: filter.rules.len(),
        chains: chains(filter),
        default: Does::Pass(filter.default_allow),
    }
}

/// The positions of each chain's rules among all rules of a filter.
fn chains(filter: &FilterPlane) -> Vec<std::ops::Range<usize>> {
    let mut next = filter.rules.len();
    let chain = |rules: &Vec<RuleStep>| {
        let first = next;
        next += rules.len();
        first..next
    };
    filter.chains.iter().map(chain).collect()
}

fn does(act: Act) -> Does {
    match act {
        Act::Allow => Does::Pass(true),
        Act::Deny => Does::Pass(false),
        Act::Jump(chain) => Does::Jump(chain),
        Act::Goto(chain) => Does::Goto(chain),
        Act::Return => Does::Return,
    }
}

fn translations(plane: &Plane, ix: NodeIx, out: &mut Vec<Ordered>) {
    let node = &plane.nodes[ix.0];
    let all = ports(plane, ix);
    let mut push = |kind, list, entries: Vec<Entry>, outgoing: &[Option<PortIx>], default| {
        out.push(Ordered {
            node: node.id.to_string(),
            kind,
            key: Key::Passed(list),
            groups: Groups::of(&entries, &all, outgoing),
            own: entries.len(),
            chains: Vec::new(),
            entries,
            default,
        });
    };
    let entry = |name: &str, place: &Place, condition: &Condition, does| Entry {
        name: name.to_owned(),
        place: place.clone(),
        condition: condition.clone(),
        session: SessionMatch::Any,
        does,
        logs: false,
    };
    let nat = |steps: &[NatStep]| -> Vec<Entry> {
        let translate = |s: &NatStep| Does::Translate(s.rewrite.clone());
        let steps = steps.iter();
        steps
            .map(|s| entry(&s.name, &s.place, &s.condition, translate(s)))
            .collect()
    };
    let keep = Does::Translate(Rewrite::Keep);
    let (destination, source) = (nat(&node.destination_nat), nat(&node.source_nat));
    let list = List::DestinationNat(ix);
    push(
        ListKind::DestinationNat,
        list,
        destination,
        &[None],
        keep.clone(),
    );
    let list = List::SourceNat(ix);
    push(ListKind::SourceNat, list, source, &outward(&all), keep);
    let policies = node.policies.iter();
    let send = |via: &[PortIx]| Does::Send(via.to_vec());
    let policies = policies.map(|p| entry(&p.name, &p.place, &p.condition, send(&p.via)));
    let policies = policies.collect();
    push(
        ListKind::PolicyRoutes,
        List::Policies(ix),
        policies,
        &[None],
        Does::Route,
    );
}

/// The access rules of a proxy: client to final destination.
fn proxy(plane: &Plane, at: usize, node: &Node) -> Option<Ordered> {
    let NodeKind::Proxy(proxy) = &node.kind else {
        return None;
    };
    let network = &*plane.network;
    let active = |r: &&FilterRule| r.enabled && r.schedule.active(plane.day);
    let entry = |rule: &FilterRule| {
        let allow = match rule.action {
            RuleAction::Allow => true,
            RuleAction::Deny => false,
            // A proxy has no chains.
            _ => return None,
        };
        Some(Entry {
            name: rule.name.to_string(),
            place: rule.place.clone(),
            condition: Condition {
                lifted: None,
                incoming: None,
                outgoing: None,
                source: network.addresses(&rule.source),
                destination: network.addresses(&rule.destination),
                service: network.service_terms(&rule.service),
                others: rule.conditions.clone(),
            },
            session: SessionMatch::Any,
            does: Does::Pass(allow),
            logs: rule.log,
        })
    };
    let entries: Vec<Entry> = proxy
        .rules
        .iter()
        .filter(active)
        .filter_map(entry)
        .collect();
    Some(Ordered {
        node: node.id.to_string(),
        kind: ListKind::ProxyRules,
        key: Key::Proxy(at),
        groups: Groups::whole(entries.len()),
        own: entries.len(),
        chains: Vec::new(),
        entries,
        default: Does::Pass(false),
    })
}
