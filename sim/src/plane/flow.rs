//! The ways of exact sets of packets through a plane, and of the answers to them.
//!
//! Goes in: a segment and a set of headers its members send. Comes out: what is delivered where (in
//! terms of the headers as sent), what is dropped, what each node remembers. Sets advance hop by hop;
//! what has not come to rest after [`MOST_HOPS`] hops goes round in a loop and counts as dropped.

use super::condition::{Bound, Condition, NatStep, Rewrite};
use super::sets::{Sets, Way};
use super::view::View;
use super::{NodeIx, Peer, PortIx, SegmentIx};
use crate::space::{Field, Interval, Set, SpaceFull};
use std::collections::BTreeMap;

/// More hops than any way without a loop has in a network of ordinary size.
pub const MOST_HOPS: usize = 64;

/// A part of the set that was delivered.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where.
    pub segment: SegmentIx,
    /// What has become of the header.
    pub view: View,
    /// Which of the waypoint groups it has passed, as bits (see [`Question::waypoints`]).
    pub passed: u32,
    /// The headers as sent.
    pub set: Set,
}

/// What a node remembers of sessions.
#[derive(Debug, Clone)]
pub struct Memory {
    /// The node.
    pub node: NodeIx,
    /// The header's fields when it came in.
    pub before: View,
    /// And when it left.
    pub after: View,
    /// The headers as sent.
    pub set: Set,
}

/// What became of a set.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// What was delivered.
    pub delivered: Vec<Delivery>,
    /// What some way drops: denied, without route, in a loop, lost outside the model.
    pub dropped: Gathered,
    /// What nodes remember.
    pub memories: Vec<Memory>,
}

/// A set that begins empty and only grows.
#[derive(Debug, Clone, Copy)]
pub struct Gathered(pub Set);

impl Default for Gathered {
    fn default() -> Self {
        Self(Set::EMPTY)
    }
}

/// What is asked of a flow.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// For every node, the waypoint groups it belongs to, as bits.
    pub waypoints: Vec<u32>,
}

type Layer = BTreeMap<(PortIx, View, u32), Set>;

struct Walk<'s, 'p, 'q> {
    sets: &'s mut Sets<'p>,
    way: Way,
    known: &'q [Memory],
    question: &'q Question,
    reach: Reach,
    next: Layer,
    remembered: BTreeMap<(NodeIx, View, View), Set>,
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
    run(
        sets,
        from,
        (View::start(), start),
        Way::Forward,
        &[],
        question,
    )
}

/// Follows the answers to one delivery back; what is delivered in `to` with the view it started with is a
/// session that comes about.
///
/// # Errors
/// The arena is full.
pub fn answers(
    sets: &mut Sets<'_>,
    delivery: &Delivery,
    known: &[Memory],
) -> Result<Reach, SpaceFull> {
    let start = (delivery.view.clone(), delivery.set);
    run(
        sets,
        delivery.segment,
        start,
        Way::Answer,
        known,
        &Question::default(),
    )
}

fn run(
    sets: &mut Sets<'_>,
    from: SegmentIx,
    (view, start): (View, Set),
    way: Way,
    known: &[Memory],
    question: &Question,
) -> Result<Reach, SpaceFull> {
    let plane = sets.plane;
    let mut walk = Walk {
        sets,
        way,
        known,
        question,
        reach: Reach::default(),
        next: Layer::new(),
        remembered: BTreeMap::new(),
    };
    let rest = walk.arrive(from, &view, 0, start)?;
    let gateways = &plane.segments[from.0].gateways;
    if gateways.is_empty() {
        walk.drop(rest)?;
    }
    for gateway in gateways {
        walk.put(*gateway, view.clone(), 0, rest)?;
    }
    for _ in 0..MOST_HOPS {
        let layer = std::mem::take(&mut walk.next);
        if layer.is_empty() {
            break;
        }
        for ((port, view, passed), set) in layer {
            walk.node(port, &view, passed, set)?;
        }
    }
    let looping: Vec<Set> = std::mem::take(&mut walk.next).into_values().collect();
    for set in looping {
        walk.drop(set)?;
    }
    let mut reach = walk.reach;
    reach.memories = walk
        .remembered
        .into_iter()
        .map(|((node, before, after), set)| Memory {
            node,
            before,
            after,
            set,
        })
        .collect();
    Ok(reach)
}

/// A set at a station within a node, with what the node remembers of it if it is an answer.
#[derive(Clone)]
struct At<'m> {
    view: View,
    set: Set,
    session: Option<&'m Memory>,
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

impl<'q> Walk<'_, '_, 'q> {
    fn drop(&mut self, set: Set) -> Done {
        self.reach.dropped.0 = self.sets.space.union(self.reach.dropped.0, set)?;
        Ok(())
    }

    fn put(&mut self, port: PortIx, view: View, passed: u32, set: Set) -> Done {
        if set == Set::EMPTY {
            return Ok(());
        }
        let key = (port, view, passed);
        let there = self.next.get(&key).copied().unwrap_or(Set::EMPTY);
        let union = self.sets.space.union(there, set)?;
        self.next.insert(key, union);
        Ok(())
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
        let members = super::sets::intervals(&self.sets.plane.segments[segment.0].members);
        let wire = self.sets.space.field(field, &members)?;
        let (here, elsewhere) = self.split(view, set, wire)?;
        if here != Set::EMPTY {
            let same =
                |d: &&mut Delivery| d.segment == segment && d.view == *view && d.passed == passed;
            match self.reach.delivered.iter_mut().find(same) {
                Some(there) => there.set = self.sets.space.union(there.set, here)?,
                None => self.reach.delivered.push(Delivery {
                    segment,
                    view: view.clone(),
                    passed,
                    set: here,
                }),
            }
        }
        Ok(elsewhere)
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

    fn node(&mut self, port: PortIx, view: &View, passed: u32, set: Set) -> Done {
        let node = self.sets.plane.ports[port.0].node;
        let passed = passed | self.question.waypoints.get(node.0).copied().unwrap_or(0);
        let mut rest = set;
        let known = self.known;
        for memory in known.iter().filter(|m| m.node == node) {
            let part = self.sets.space.intersection(set, memory.set)?;
            let same = view.agreement(&memory.after, &mut self.sets.space)?;
            let part = self.sets.space.intersection(part, same)?;
            if part != Set::EMPTY {
                rest = self.sets.space.difference(rest, part)?;
                self.stations(
                    port,
                    passed,
                    view,
                    At {
                        view: view.clone(),
                        set: part,
                        session: Some(memory),
                    },
                )?;
            }
        }
        if rest == Set::EMPTY {
            return Ok(());
        }
        self.stations(
            port,
            passed,
            view,
            At {
                view: view.clone(),
                set: rest,
                session: None,
            },
        )
    }

    fn stations(&mut self, port: PortIx, passed: u32, came: &View, at: At<'q>) -> Done {
        let plane = self.sets.plane;
        let node = plane.node(port);
        let at = self.filtered(plane.ports[port.0].ingress, (port, None), at)?;
        for at in self.translated(&node.destination_nat, (port, None), at)? {
            for (out, at) in self.routed(port, at)? {
                let at = self.filtered(node.forward, (port, Some(out)), at)?;
                for at in self.translated(&node.source_nat, (port, Some(out)), at)? {
                    let at = self.filtered(plane.ports[out.0].egress, (port, Some(out)), at)?;
                    self.leave(port, out, passed, came, at)?;
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
        let wire = self.sets.filter(filter, port, out, self.way)?;
        let (set, denied) = self.split(&at.view, at.set, wire)?;
        self.drop(denied)?;
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
                self.drop(doubtful)?;
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
        self.drop(spoilt)?;
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
        let mut ways = Vec::new();
        for policy in plane
            .node(port)
            .policies
            .iter()
            .filter(|p| p.condition.fits(port, None))
        {
            let matched = self.matched(&policy.condition, &at)?;
            self.drop(matched.doubtful)?;
            at.set = matched.left;
            self.sent(&policy.via, matched.taken, &at, &mut ways)?;
        }
        let routes = self.sets.routes(plane.ports[port.0].table, self.way)?;
        for (via, wire) in &routes.ways {
            let (there, _) = self.split(&at.view, at.set, *wire)?;
            self.sent(via, there, &at, &mut ways)?;
        }
        let (lost, _) = self.split(&at.view, at.set, routes.none)?;
        self.drop(lost)?;
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
        if via.is_empty() {
            return self.drop(part);
        }
        ways.extend(via.iter().map(|out| {
            let at = At {
                set: part,
                ..at.clone()
            };
            (*out, at)
        }));
        Ok(())
    }

    fn leave(&mut self, port: PortIx, out: PortIx, passed: u32, came: &View, at: At<'q>) -> Done {
        if at.set == Set::EMPTY {
            return Ok(());
        }
        if self.way == Way::Forward {
            let node = self.sets.plane.ports[port.0].node;
            let key = (node, came.clone(), at.view.clone());
            let there = self.remembered.get(&key).copied().unwrap_or(Set::EMPTY);
            let union = self.sets.space.union(there, at.set)?;
            self.remembered.insert(key, union);
        }
        match self.sets.plane.ports[out.0].peer {
            Peer::Port(there, _) => self.put(there, at.view, passed, at.set),
            Peer::Segment(segment) => {
                let lost = self.arrive(segment, &at.view, passed, at.set)?;
                self.drop(lost)
            }
        }
    }
}
