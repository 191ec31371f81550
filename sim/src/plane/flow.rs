//! The ways of exact sets of packets through a plane, and of the answers to them.
//!
//! Goes in: segments and the sets of headers their members send. Comes out: what is delivered where (in
//! terms of the headers as sent), what is dropped, what each node remembers. Sets advance hop by hop;
//! what has not come to rest after [`MOST_HOPS`] hops goes round in a loop and counts as dropped.
//!
//! The sender is a field of the header. So all segments whose addresses differ are followed
//! [`together`], in one walk, and a node asks its tables once for everything that it treats alike.

use super::condition::{Bound, Condition, NatStep, Rewrite};
use super::met::{List, Met};
use super::sets::{Sets, Way};
use super::view::{Now, View};
use super::{NodeIx, Peer, PortIx, SegmentIx};
use crate::space::{Field, Interval, Set, SpaceFull};
use std::collections::BTreeMap;

pub use super::outcome::{Delivery, Gathered, Memory, Reach};
pub use super::question::Question;

/// More hops than any way without a loop has in a network of ordinary size.
pub const MOST_HOPS: usize = 64;

/// Sets that came together; one set when somebody looks.
type Parts = Vec<Set>;
type Layer = BTreeMap<(PortIx, View, u32), Parts>;
/// What entered nodes in one hop: by an interface that stands for all that are treated alike, the view,
/// the waypoints passed, and the position of the session that the node knows it for.
type Entered = BTreeMap<(PortIx, View, u32, Option<usize>), Parts>;

pub(super) struct Walk<'s, 'p, 'q> {
    pub(super) sets: &'s mut Sets<'p>,
    way: Way,
    known: &'q [Memory],
    question: &'q Question,
    delivered: BTreeMap<(SegmentIx, View, u32), Parts>,
    dropped: Parts,
    next: Layer,
    remembered: BTreeMap<(NodeIx, View, View), Parts>,
    met: Met,
    crossed: BTreeMap<(PortIx, View), Parts>,
}

type Done = Result<(), SpaceFull>;

/// Follows what members of a segment send.
///
/// # Errors
/// The arena is full.
pub fn forward(
    sets: &mut Sets<'_>,
    from: SegmentIx,
    start: Set,
    question: &Question,
) -> Result<Reach, SpaceFull> {
    together(sets, &[(from, start)], question)
}

/// Follows what members of several segments send, all at once.
///
/// PRECONDITION: no header is in two of the sets, or the answer does not say whose it was.
///
/// # Errors
/// The arena is full.
pub fn together(
    sets: &mut Sets<'_>,
    starts: &[(SegmentIx, Set)],
    question: &Question,
) -> Result<Reach, SpaceFull> {
    let starts = starts
        .iter()
        .map(|(from, set)| (*from, View::start(), *set));
    run(sets, starts, Way::Forward, &[], question)
}

/// Follows the answers to deliveries back; what is delivered to the sender with the view it started with
/// is a session that comes about.
///
/// # Errors
/// The arena is full.
pub fn answers(
    sets: &mut Sets<'_>,
    deliveries: &[Delivery],
    known: &[Memory],
    question: &Question,
) -> Result<Reach, SpaceFull> {
    let starts = deliveries
        .iter()
        .map(|d| (d.segment, d.view.clone(), d.set));
    run(sets, starts, Way::Answer, known, question)
}

fn run(
    sets: &mut Sets<'_>,
    starts: impl Iterator<Item = (SegmentIx, View, Set)>,
    way: Way,
    known: &[Memory],
    question: &Question,
) -> Result<Reach, SpaceFull> {
    let mut walk = Walk::new(sets, way, known, question);
    for (from, view, set) in starts {
        walk.start(from, &view, set)?;
    }
    walk.hops(MOST_HOPS)?;
    walk.finish()
}

/// A set at a station within a node, with what the node remembers of it if it is an answer.
#[derive(Clone)]
pub(super) struct At<'m> {
    pub(super) view: View,
    pub(super) set: Set,
    pub(super) session: Option<&'m Memory>,
}

/// What a condition does with a set. Where it is certain and nothing chooses, `taken` and `gone` are the
/// same and `left` is all the rest.
struct Matched {
    /// What counts as matching.
    taken: Set,
    /// What does not count as left over.
    gone: Set,
    /// What is left over for what comes behind.
    left: Set,
    /// What neither certainly matches nor certainly does not: nothing is certain of it any more.
    /// Empty where doubt counts as passing.
    doubtful: Set,
}

impl<'s, 'p, 'q> Walk<'s, 'p, 'q> {
    pub(super) fn new(
        sets: &'s mut Sets<'p>,
        way: Way,
        known: &'q [Memory],
        question: &'q Question,
    ) -> Self {
        Self {
            sets,
            way,
            known,
            question,
            delivered: BTreeMap::new(),
            dropped: Parts::new(),
            next: Layer::new(),
            remembered: BTreeMap::new(),
            met: Met::default(),
            crossed: BTreeMap::new(),
        }
    }

    /// Goes on, node by node, until nothing is under way, or for so many hops; what is still under way
    /// then goes round in a loop.
    pub(super) fn hops(&mut self, most: usize) -> Done {
        for _ in 0..most {
            let layer = std::mem::take(&mut self.next);
            if layer.is_empty() {
                break;
            }
            let mut entered = Entered::new();
            for ((port, view, passed), parts) in layer {
                let set = self.sets.space.union_all(&parts)?;
                self.enter(port, &view, passed, set, &mut entered)?;
            }
            for ((port, view, passed, session), parts) in entered {
                let set = self.sets.space.union_all(&parts)?;
                let session = session.map(|s| &self.known[s]);
                self.stations(port, passed, At { view, set, session })?;
            }
        }
        let looping = std::mem::take(&mut self.next).into_values().flatten();
        self.dropped.extend(looping);
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Reach, SpaceFull> {
        let space = &mut self.sets.space;
        let mut reach = Reach::default();
        for ((segment, view, passed), parts) in self.delivered {
            let set = space.union_all(&parts)?;
            reach.delivered.push(Delivery {
                segment,
                view,
                passed,
                set,
            });
        }
        reach.met = self.met.finish(space)?;
        for ((out, view), parts) in self.crossed {
            reach.crossed.push((out, view, space.union_all(&parts)?));
        }
        if self.question.deliveries_only {
            return Ok(reach);
        }
        reach.dropped = Gathered(space.union_all(&self.dropped)?);
        for ((node, before, after), parts) in self.remembered {
            let set = space.union_all(&parts)?;
            reach.memories.push(Memory {
                node,
                before,
                after,
                set,
            });
        }
        Ok(reach)
    }

    fn start(&mut self, from: SegmentIx, view: &View, set: Set) -> Done {
        let rest = self.arrive(from, view, 0, set)?;
        let plane = self.sets.plane;
        let gateways = &plane.segments[from.0].gateways;
        let mut stays = rest;
        for gateway in gateways {
            let there = self.sets.present(*gateway)?;
            let part = self.sets.space.intersection(rest, there)?;
            stays = self.sets.space.difference(stays, there)?;
            self.put(*gateway, view.clone(), 0, part);
        }
        // Where none of them is there in a state.
        self.drop(stays);
        Ok(())
    }

    fn drop(&mut self, set: Set) {
        if set != Set::EMPTY {
            self.dropped.push(set);
        }
    }

    /// Notes what comes to an ordered list, if that is asked for.
    fn meets(&mut self, list: List, pair: (PortIx, Option<PortIx>), at: &At<'q>) {
        if self.question.lists {
            let known = at.session.is_some();
            self.met.note(list, pair, known, (&at.view, at.set));
        }
    }

    fn put(&mut self, port: PortIx, view: View, passed: u32, set: Set) {
        if set != Set::EMPTY {
            self.next.entry((port, view, passed)).or_default().push(set);
        }
    }

    /// Delivers what is meant for members of the segment; gives back the rest.
    fn arrive(
        &mut self,
        segment: SegmentIx,
        view: &View,
        passed: u32,
        set: Set,
    ) -> Result<Set, SpaceFull> {
        let field = if self.way == Way::Forward {
            Field::Dst
        } else {
            Field::Src
        };
        let wire = self.sets.members(segment, field)?;
        let (here, elsewhere) = self.split(view, set, wire)?;
        if here != Set::EMPTY {
            let key = (segment, view.clone(), passed);
            self.delivered.entry(key).or_default().push(here);
        }
        Ok(elsewhere)
    }

    /// What of a set shows itself (may show itself) as a header in `wire`.
    fn inside(&mut self, view: &View, set: Set, wire: Set) -> Result<Set, SpaceFull> {
        let before = self.sets.before(view, wire)?;
        self.sets.space.intersection(set, before)
    }

    /// What of a set shows itself as a header in `wire`, and what as one outside; where a translator
    /// chooses, the same packet may be in both.
    fn split(&mut self, view: &View, set: Set, wire: Set) -> Result<(Set, Set), SpaceFull> {
        let before = self.sets.before(view, wire)?;
        let inside = self.sets.space.intersection(set, before)?;
        if !view.chooses() {
            return Ok((inside, self.sets.space.difference(set, before)?));
        }
        let others = self.sets.space.complement(wire)?;
        let before = self.sets.before(view, others)?;
        Ok((inside, self.sets.space.intersection(set, before)?))
    }

    /// What comes in by an interface, past its filter, told apart by the sessions that the node knows.
    fn enter(
        &mut self,
        port: PortIx,
        view: &View,
        passed: u32,
        set: Set,
        entered: &mut Entered,
    ) -> Done {
        let node = self.sets.plane.ports[port.0].node;
        let passed = passed | self.question.waypoints.get(node.0).copied().unwrap_or(0);
        let mut rest = set;
        let known = self.known;
        // CORRECTNESS: memories are in the order of the nodes (`finish`).
        let first = known.partition_point(|m| m.node < node);
        let own = known[first..].iter().take_while(|m| m.node == node);
        for (i, memory) in own.enumerate() {
            let part = self.sets.space.intersection(set, memory.set)?;
            let same = view.agreement(&memory.after, &mut self.sets.space)?;
            let part = self.sets.space.intersection(part, same)?;
            if part != Set::EMPTY {
                rest = self.sets.space.difference(rest, part)?;
                self.admit((port, view, passed), (part, Some(first + i)), entered)?;
            }
        }
        self.admit((port, view, passed), (rest, None), entered)
    }

    fn admit(
        &mut self,
        (port, view, passed): (PortIx, &View, u32),
        (set, session): (Set, Option<usize>),
        entered: &mut Entered,
    ) -> Done {
        if set == Set::EMPTY {
            return Ok(());
        }
        let at = At {
            view: view.clone(),
            set,
            session: session.map(|s| &self.known[s]),
        };
        let ingress = self.sets.plane.ports[port.0].ingress;
        let at = self.filtered(ingress, (port, None), at)?;
        if at.set != Set::EMPTY {
            let key = (self.sets.alike(port), at.view, passed, session);
            entered.entry(key).or_default().push(at.set);
        }
        Ok(())
    }

    /// The stations of a node behind the filter of the interface by which a set came.
    pub(super) fn stations(&mut self, port: PortIx, passed: u32, at: At<'q>) -> Done {
        let plane = self.sets.plane;
        let node = plane.node(port);
        let came = at.view.clone();
        for at in self.translated(&node.destination_nat, (port, None), at)? {
            for (out, at) in self.routed(port, at)? {
                let at = self.filtered(node.forward, (port, Some(out)), at)?;
                for at in self.translated(&node.source_nat, (port, Some(out)), at)? {
                    let at = self.filtered(plane.ports[out.0].egress, (port, Some(out)), at)?;
                    self.leave(port, out, passed, &came, at)?;
                }
            }
        }
        Ok(())
    }

    fn filtered(
        &mut self,
        filter: Option<usize>,
        (port, out): (PortIx, Option<PortIx>),
        at: At<'q>,
    ) -> Result<At<'q>, SpaceFull> {
        let Some(filter) = filter.filter(|_| at.set != Set::EMPTY) else {
            return Ok(at);
        };
        if at.session.is_some() && self.sets.plane.filters[filter].stateful {
            return Ok(at);
        }
        let known = at.session.is_some();
        self.meets(List::Filter(filter), (port, out), &at);
        let wire = self.sets.filter(filter, port, out, self.way, known)?;
        if self.question.deliveries_only {
            let set = self.inside(&at.view, at.set, wire)?;
            return Ok(At { set, ..at });
        }
        let (set, denied) = self.split(&at.view, at.set, wire)?;
        self.drop(denied);
        Ok(At { set, ..at })
    }

    /// Translation; for answers in a known session, the undoing of the opposite one.
    fn translated(
        &mut self,
        rules: &[NatStep],
        (port, out): (PortIx, Option<PortIx>),
        mut at: At<'q>,
    ) -> Result<Vec<At<'q>>, SpaceFull> {
        if let Some(memory) = at.session {
            if out.is_none() {
                at.view.src = memory.before.src.clone();
                at.view.src_port = memory.before.src_port.clone();
            } else {
                at.view.dst = memory.before.dst.clone();
                at.view.dst_port = memory.before.dst_port.clone();
            }
            return Ok(vec![at]);
        }
        let node = self.sets.plane.ports[port.0].node;
        self.meets(List::translations(node, out), (port, out), &at);
        let mut ways = Vec::new();
        for rule in rules.iter().filter(|r| r.condition.fits(port, out)) {
            if at.set == Set::EMPTY {
                break;
            }
            let matched = self.matched(&rule.condition, &at)?;
            at.set = matched.left;
            let mut unusable = matched.gone;
            for (view, usable) in at.view.after(&rule.rewrite) {
                let gone = self.usable(&at.view, matched.gone, usable)?;
                unusable = self.sets.space.difference(unusable, gone)?;
                let doubtful = self.usable(&at.view, matched.doubtful, usable)?;
                self.drop(doubtful);
                let part = self.usable(&at.view, matched.taken, usable)?;
                if self.way == Way::Answer {
                    ways.push(self.unchanged(&rule.rewrite, &at, part)?);
                    continue;
                }
                ways.push(At {
                    view,
                    set: part,
                    session: None,
                });
            }
            at.set = self.sets.space.union(at.set, unusable)?;
        }
        ways.push(at);
        ways.retain(|w| w.set != Set::EMPTY);
        Ok(ways)
    }

    /// What a translation leaves as it is of an answer whose session the node does not know. The rest is
    /// dropped: the node takes it for a new session, and what it makes of it is no answer any more.
    fn unchanged(
        &mut self,
        rewrite: &Rewrite,
        at: &At<'q>,
        part: Set,
    ) -> Result<At<'q>, SpaceFull> {
        let wire = self.sets.unchanged(rewrite)?;
        let wire = self.sets.turned(wire, self.way)?;
        let same = self.sets.before(&at.view, wire)?;
        let spoilt = self.sets.space.difference(part, same)?;
        self.drop(spoilt);
        Ok(At {
            set: self.sets.space.intersection(part, same)?,
            ..at.clone()
        })
    }

    /// The part of a set whose field has one of the values that a translation can work on.
    fn usable(
        &mut self,
        view: &View,
        taken: Set,
        usable: Option<(Field, Interval)>,
    ) -> Result<Set, SpaceFull> {
        let Some((field, values)) = usable else {
            return Ok(taken);
        };
        let field = match (self.way, field) {
            (Way::Answer, Field::Src) => Field::Dst,
            (Way::Answer, Field::Dst) => Field::Src,
            _ => field,
        };
        let wire = self.sets.space.field(field, &[values])?;
        let fit = self.sets.before(view, wire)?;
        self.sets.space.intersection(taken, fit)
    }

    /// What a condition does with a set, under the bound.
    fn matched(&mut self, condition: &Condition, at: &At<'q>) -> Result<Matched, SpaceFull> {
        let mut wire = |bound| {
            let wire = self.sets.condition(condition, bound)?;
            self.sets.turned(wire, self.way)
        };
        let (may, must) = (wire(Bound::May)?, wire(Bound::Must)?);
        let perhaps = self.sets.space.difference(may, must)?;
        let (doubtful, _) = self.split(&at.view, at.set, perhaps)?;
        let (may, certainly_not) = self.split(&at.view, at.set, may)?;
        let (must, perhaps_not) = self.split(&at.view, at.set, must)?;
        Ok(match self.sets.bound {
            Bound::May => Matched {
                taken: may,
                gone: must,
                left: perhaps_not,
                doubtful: Set::EMPTY,
            },
            Bound::Must => Matched {
                taken: must,
                gone: may,
                left: certainly_not,
                doubtful,
            },
        })
    }

    fn routed(&mut self, port: PortIx, mut at: At<'q>) -> Result<Vec<(PortIx, At<'q>)>, SpaceFull> {
        let plane = self.sets.plane;
        let node = plane.ports[port.0].node;
        self.meets(List::Policies(node), (port, None), &at);
        let mut ways = Vec::new();
        for policy in plane
            .node(port)
            .policies
            .iter()
            .filter(|p| p.condition.fits(port, None))
        {
            let matched = self.matched(&policy.condition, &at)?;
            self.drop(matched.doubtful);
            at.set = matched.left;
            self.sent(&policy.via, matched.taken, &at, &mut ways)?;
        }
        let routes = self.sets.routes(plane.ports[port.0].table, self.way)?;
        let asked = match (&at.view.dst, self.way, self.sets.window) {
            (Now::Same, Way::Forward, None) => self.sets.space.project(at.set, Field::Dst),
            _ => vec![Field::Dst.all()],
        };
        for way in routes.towards(&asked) {
            let (via, wire) = &routes.ways[way];
            let there = self.inside(&at.view, at.set, *wire)?;
            self.sent(via, there, &at, &mut ways)?;
        }
        if !self.question.deliveries_only {
            let lost = self.inside(&at.view, at.set, routes.none)?;
            self.drop(lost);
        }
        Ok(ways)
    }

    /// Sends a part of a set out by some interfaces; by none: drops it on purpose.
    fn sent(
        &mut self,
        via: &[PortIx],
        part: Set,
        at: &At<'q>,
        ways: &mut Vec<(PortIx, At<'q>)>,
    ) -> Done {
        if part == Set::EMPTY {
            return Ok(());
        }
        let mut nowhere = part;
        for out in via {
            let there = self.sets.present(*out)?;
            let set = self.sets.space.intersection(part, there)?;
            nowhere = self.sets.space.difference(nowhere, there)?;
            if set != Set::EMPTY {
                ways.push((*out, At { set, ..at.clone() }));
            }
        }
        self.drop(nowhere);
        Ok(())
    }

    fn leave(&mut self, port: PortIx, out: PortIx, passed: u32, came: &View, at: At<'q>) -> Done {
        if at.set == Set::EMPTY {
            return Ok(());
        }
        if self.way == Way::Forward && !self.question.deliveries_only {
            let node = self.sets.plane.ports[port.0].node;
            let key = (node, came.clone(), at.view.clone());
            self.remembered.entry(key).or_default().push(at.set);
        }
        if self.question.crossings {
            let key = (out, at.view.clone());
            self.crossed.entry(key).or_default().push(at.set);
        }
        match self.sets.plane.ports[out.0].peer {
            Peer::Port(there, _) => self.put(there, at.view, passed, at.set),
            Peer::Segment(segment) => {
                let lost = self.arrive(segment, &at.view, passed, at.set)?;
                self.drop(lost);
            }
        }
        Ok(())
    }
}
