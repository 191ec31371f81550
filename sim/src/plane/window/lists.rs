//! Rules in lists: one list that holds every rule of every state in an order that fits all of them.
//!
//! Goes in: changes to lists in the order of the schedule, each with the region in which it is done. Comes
//! out: nodes whose lists hold all rules, and for each rule the states in which it stands there. Nothing
//! is ever taken out: what goes is marked, what moves is there twice, and what comes is put beside what
//! it names, wherever that stands. So in every state the rules that are there are in the order that the
//! changes done make of them. Nothing can go wrong; what does not apply is not allowed by the schedule.

use super::region::{Region, When, always, both, open, outside, within};
use std::collections::HashMap;
use utsushi_model::change::{Item, ListAt, Position, Verb};
use utsushi_model::date::Date;
use utsushi_model::network::{Network, Node, NodeId};
use utsushi_model::policy::{
    Filter, FilterPoint, FilterRule, Name, NatRule, PolicyRoute, StaticRoute,
};

/// Changes to lists so far.
#[derive(Debug, Default)]
pub(super) struct Lists {
    notes: Vec<(NodeId, Verb, Region)>,
}

/// The same for the rules of one filter.
#[derive(Debug, Default)]
pub(super) struct Ruled {
    pub(super) own: Vec<When>,
    pub(super) chains: Vec<Vec<When>>,
}

/// The states in which the rules of one node stand in their lists.
#[derive(Debug, Default)]
pub(super) struct Here {
    pub(super) filters: Vec<Ruled>,
    pub(super) nat: Vec<When>,
    pub(super) policies: Vec<When>,
    pub(super) statics: Vec<When>,
}

/// The same for every node whose lists change.
#[derive(Debug, Default)]
pub(super) struct Listed(HashMap<NodeId, Here>);

impl Listed {
    pub(super) fn of(&self, node: &NodeId) -> Option<&Here> {
        self.0.get(node)
    }
}

/// The node whose lists a change is about, if it is about lists that packets meet.
pub(super) fn node(verb: &Verb) -> Option<&NodeId> {
    match verb {
        Verb::AddRule(list, ..)
        | Verb::RemoveRule(list, _)
        | Verb::MoveRule(list, ..)
        | Verb::ReplaceRule(list, _) => (list.at != ListAt::Proxy).then_some(&list.node),
        Verb::AddNat(node, ..)
        | Verb::RemoveNat(node, _)
        | Verb::AddRoute(node, _)
        | Verb::RemoveRoute(node, ..)
        | Verb::AddPolicy(node, _)
        | Verb::RemovePolicy(node, _) => Some(node),
        _ => None,
    }
}

/// A list with the states of its entries.
type Entries<T> = Vec<(T, When)>;

/// A node's lists while changes are worked in.
struct Work {
    filters: Vec<Lined>,
    nat: Entries<NatRule>,
    policies: Entries<PolicyRoute>,
    statics: Entries<StaticRoute>,
}

/// A filter while changes are worked in.
struct Lined {
    point: FilterPoint,
    own: Entries<FilterRule>,
    chains: Vec<(Name, Entries<FilterRule>)>,
}

impl Lined {
    fn of(filter: &Filter) -> Self {
        let chains = filter.chains.iter();
        Self {
            point: filter.point.clone(),
            own: entries(&filter.rules),
            chains: chains
                .map(|c| (c.name.clone(), entries(&c.rules)))
                .collect(),
        }
    }

    fn put(self, filter: &mut Filter, day: Date) -> Ruled {
        let known: Vec<Name> = self.chains.iter().map(|(name, _)| name.clone()).collect();
        let kept = |mut rules: Entries<FilterRule>| {
            rules.retain(|(r, _)| r.enabled && r.schedule.active(day));
            rules.retain(|(r, _)| r.action.chain().is_none_or(|c| known.contains(c)));
            parted(rules)
        };
        let mut ruled = Ruled::default();
        (filter.rules, ruled.own) = kept(self.own);
        for (chain, (_, rules)) in filter.chains.iter_mut().zip(self.chains) {
            let (rules, when) = kept(rules);
            chain.rules = rules;
            ruled.chains.push(when);
        }
        ruled
    }
}

impl Lists {
    /// One more change.
    pub(super) fn note(&mut self, verb: &Verb, done: &Region) {
        if let Verb::Add(Item::Node(new)) | Verb::Replace(Item::Node(new)) = verb {
            // The new node brings its own lists.
            self.notes.retain(|(node, ..)| *node != new.id);
        }
        if let Some(node) = node(verb) {
            self.notes.push((node.clone(), verb.clone(), done.clone()));
        }
    }

    /// The network with all rules of all states that are in force on a day.
    pub(super) fn united(self, mut network: Network, day: Date) -> (Network, Listed) {
        let mut work: HashMap<NodeId, Work> = HashMap::new();
        let mut order = Vec::new();
        for (id, verb, done) in self.notes {
            let Some(node) = network.nodes.get(&id) else {
                continue;
            };
            let lists = work.entry(id.clone()).or_insert_with(|| {
                order.push(id);
                Work::of(node)
            });
            lists.apply(&verb, &done);
        }
        let mut listed = Listed::default();
        for id in order {
            let Some(lists) = work.remove(&id) else {
                continue;
            };
            if let Some(here) = network.nodes.edit(&id, |node| lists.put(node, day)) {
                listed.0.insert(id, here);
            }
        }
        (network, listed)
    }
}

fn entries<T: Clone>(items: &[T]) -> Entries<T> {
    items.iter().map(|item| (item.clone(), always())).collect()
}

fn parted<T>(entries: Entries<T>) -> (Vec<T>, Vec<When>) {
    entries
        .into_iter()
        .filter(|(_, when)| !when.is_empty())
        .unzip()
}

impl Work {
    fn of(node: &Node) -> Self {
        let f = &node.forwarding;
        Self {
            filters: f.filters.iter().map(Lined::of).collect(),
            nat: entries(&f.nat),
            policies: entries(&f.policies),
            statics: entries(&f.statics),
        }
    }

    fn put(self, node: &mut Node, day: Date) -> Here {
        let mut here = Here::default();
        let f = &mut node.forwarding;
        let lists = f.filters.iter_mut().zip(self.filters);
        for (filter, lined) in lists {
            here.filters.push(lined.put(filter, day));
        }
        (f.nat, here.nat) = parted(self.nat);
        (f.policies, here.policies) = parted(self.policies);
        (f.statics, here.statics) = parted(self.statics);
        here
    }

    fn rules(&mut self, at: &ListAt) -> Option<&mut Entries<FilterRule>> {
        let (point, chain) = match at {
            ListAt::Filter(point) => (point, None),
            ListAt::Chain(point, chain) => (point, Some(chain)),
            ListAt::Proxy => return None,
        };
        let filter = self.filters.iter_mut().find(|f| f.point == *point)?;
        let Some(chain) = chain else {
            return Some(&mut filter.own);
        };
        let mut chains = filter.chains.iter_mut();
        chains
            .find(|(name, _)| name == chain)
            .map(|(_, rules)| rules)
    }

    fn apply(&mut self, verb: &Verb, done: &Region) {
        match verb {
            Verb::AddRule(list, rule, at) => {
                if let Some(rules) = self.rules(&list.at) {
                    insert(rules, |r| &r.name, (rule, &vec![done.clone()]), at);
                }
            }
            Verb::RemoveRule(list, name) => {
                if let Some(rules) = self.rules(&list.at) {
                    drop_where(rules, |r| r.name == *name, done);
                }
            }
            Verb::MoveRule(list, name, to) => {
                let Some(rules) = self.rules(&list.at) else {
                    return;
                };
                let there: Entries<FilterRule> = rules
                    .iter()
                    .filter(|(r, _)| r.name == *name)
                    .cloned()
                    .collect();
                drop_where(rules, |r| r.name == *name, done);
                for (rule, when) in there {
                    insert(rules, |r| &r.name, (&rule, &within(&when, done)), to);
                }
            }
            Verb::ReplaceRule(list, rule) => {
                let Some(rules) = self.rules(&list.at) else {
                    return;
                };
                let mut at = 0;
                while at < rules.len() {
                    if rules[at].0.name == rule.name {
                        let new = ((**rule).clone(), within(&rules[at].1, done));
                        rules[at].1 = outside(&rules[at].1, done);
                        rules.insert(at + 1, new);
                        at += 1;
                    }
                    at += 1;
                }
            }
            Verb::AddNat(_, rule, at) => {
                insert(&mut self.nat, |r| &r.name, (rule, &vec![done.clone()]), at);
            }
            Verb::RemoveNat(_, name) => drop_where(&mut self.nat, |r| r.name == *name, done),
            Verb::AddPolicy(_, route) => {
                self.policies.push(((**route).clone(), vec![done.clone()]));
            }
            Verb::RemovePolicy(_, name) => {
                drop_where(&mut self.policies, |r| r.name == *name, done);
            }
            Verb::AddRoute(_, route) => self.statics.push((route.clone(), vec![done.clone()])),
            Verb::RemoveRoute(_, vrf, prefix) => {
                drop_where(
                    &mut self.statics,
                    |r| r.vrf == *vrf && r.prefix == *prefix,
                    done,
                );
            }
            _ => {}
        }
    }
}

/// Marks what goes.
fn drop_where<T>(entries: &mut Entries<T>, is: impl Fn(&T) -> bool, done: &Region) {
    for (_, when) in entries.iter_mut().filter(|(item, _)| is(item)) {
        *when = match open(done) {
            _ if done.is_empty() => When::new(),
            Some(open) => within(when, &open),
            None => When::new(),
        };
    }
}

/// Puts an entry where it goes; beside each place where what it names stands in some states.
fn insert<T: Clone>(
    entries: &mut Entries<T>,
    name: impl Fn(&T) -> &Name,
    (item, when): (&T, &When),
    at: &Position,
) {
    match at {
        Position::First => entries.insert(0, (item.clone(), when.clone())),
        Position::Last => entries.push((item.clone(), when.clone())),
        Position::Before(wanted) | Position::After(wanted) => {
            let behind = usize::from(matches!(at, Position::After(_)));
            let mut i = 0;
            while i < entries.len() {
                if name(&entries[i].0) == wanted {
                    let there = meet(when, &entries[i].1);
                    if !there.is_empty() {
                        entries.insert(i + behind, (item.clone(), there));
                        i += 1;
                    }
                }
                i += 1;
            }
        }
    }
}

fn meet(a: &When, b: &When) -> When {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| both(x, y)));
    pairs.flatten().collect()
}
