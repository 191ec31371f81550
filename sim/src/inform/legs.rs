//! Which legs come about between two parties: exact, and computed when first asked for.
//!
//! Goes in: a compiled state. Comes out: for two parties, the headers as sent with which the first can
//! put something to the second ([`Leg::up`]) and have something from it ([`Leg::down`]). TCP carries
//! nothing before it is answered; what has no connections carries upwards as soon as it is delivered.
//! What can go wrong: the arena is full.

use super::parties::Party;
use super::ties::Ties;
use crate::plane::condition::Bound;
use crate::plane::flow::{self, Delivery, Question, Reach};
use crate::plane::rounds::rounds;
use crate::plane::sessions::sessions;
use crate::plane::sets::{Sets, intervals};
use crate::plane::{Plane, SegmentIx};
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull, ip};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use utsushi_model::address::AddressRange;
use utsushi_model::finding::Packet;
use utsushi_model::resolve::Resolved;
use utsushi_model::service::{Protocol, Service};

/// A leg from one party to another: headers as sent by the one that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// With these the opener puts information to the other.
    pub up: Set,
    /// With these it gets information from the other: the answer comes home.
    pub down: Set,
}

impl Leg {
    /// None.
    pub const NONE: Self = Self {
        up: Set::EMPTY,
        down: Set::EMPTY,
    };

    /// Whether none comes about.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.up == Set::EMPTY && self.down == Set::EMPTY
    }
}

/// Legs of one state under one bound.
pub struct Legs<'p> {
    /// Tables and arena.
    pub sets: Sets<'p>,
    rounds: Vec<Vec<SegmentIx>>,
    reach: BTreeMap<usize, Rc<Reach>>,
    answered: BTreeMap<usize, Rc<Answered>>,
    alone: BTreeMap<(usize, SegmentIx), Set>,
    /// For every segment the ends met in it, by their addresses.
    ends: Vec<FxHashMap<Vec<AddressRange>, End>>,
    met: usize,
    sources: FxHashMap<(usize, End), Rc<Vec<Interval>>>,
    known: FxHashMap<(End, End, Set), Leg>,
    services: FxHashMap<Vec<Service>, Set>,
}

/// An end of a leg, a segment and addresses in it, by number.
type End = usize;

/// What is answered of what arrives in a round.
#[derive(Debug)]
struct Answered {
    /// Segments to which headers are delivered that are delivered to others too. An answer from another
    /// segment is none from here, so these are asked one by one.
    shared: BTreeSet<SegmentIx>,
    /// Of the deliveries to all others.
    set: Set,
}

impl<'p> Legs<'p> {
    /// Nothing computed yet.
    #[must_use]
    pub fn new(plane: &'p Plane, bound: Bound) -> Self {
        Self {
            sets: Sets::new(plane, bound),
            rounds: rounds(plane),
            reach: BTreeMap::new(),
            answered: BTreeMap::new(),
            alone: BTreeMap::new(),
            ends: vec![FxHashMap::default(); plane.segments.len()],
            met: 0,
            sources: FxHashMap::default(),
            known: FxHashMap::default(),
            services: FxHashMap::default(),
        }
    }

    /// The state.
    #[must_use]
    pub fn plane(&self) -> &'p Plane {
        self.sets.plane
    }

    /// What the segments of a round reach.
    fn reach(&mut self, round: usize) -> Result<Rc<Reach>, SpaceFull> {
        if let Some(reach) = self.reach.get(&round) {
            return Ok(Rc::clone(reach));
        }
        let headers = self.sets.headers()?;
        let mut starts = Vec::new();
        for &segment in &self.rounds[round] {
            let own = self.sets.members(segment, Field::Src)?;
            starts.push((segment, self.sets.space.intersection(headers, own)?));
        }
        let reach = Rc::new(flow::together(
            &mut self.sets,
            &starts,
            &Question::default(),
        )?);
        self.reach.insert(round, Rc::clone(&reach));
        Ok(reach)
    }

    /// The number of an end.
    fn end(&mut self, party: &Party) -> End {
        let here = &mut self.ends[party.segment.0];
        if let Some(end) = here.get(&*party.addresses) {
            return *end;
        }
        let end = self.met;
        here.insert(party.addresses.clone(), end);
        self.met += 1;
        end
    }

    /// What of the deliveries to a segment is answered.
    fn answered(&mut self, round: usize, to: SegmentIx, reach: &Reach) -> Result<Set, SpaceFull> {
        let all = self.all_answered(round, reach)?;
        if !all.shared.contains(&to) {
            return Ok(all.set);
        }
        if let Some(set) = self.alone.get(&(round, to)) {
            return Ok(*set);
        }
        let set = self.answers(round, reach.to(to).to_vec(), reach)?;
        self.alone.insert((round, to), set);
        Ok(set)
    }

    /// What of the deliveries of a round is answered, in one walk as far as that is told apart by headers.
    fn all_answered(&mut self, round: usize, reach: &Reach) -> Result<Rc<Answered>, SpaceFull> {
        if let Some(known) = self.answered.get(&round) {
            return Ok(Rc::clone(known));
        }
        let arrivals: Vec<(SegmentIx, Set)> =
            reach.delivered.iter().map(|d| (d.segment, d.set)).collect();
        let mut shared = BTreeSet::new();
        several(&mut self.sets.space, &arrivals, &mut shared)?;
        let delivered = reach.delivered.iter();
        let others = delivered.filter(|d| !shared.contains(&d.segment));
        let set = self.answers(round, others.cloned().collect(), reach)?;
        let answered = Rc::new(Answered { shared, set });
        self.answered.insert(round, Rc::clone(&answered));
        Ok(answered)
    }

    fn answers(
        &mut self,
        round: usize,
        delivered: Vec<Delivery>,
        reach: &Reach,
    ) -> Result<Set, SpaceFull> {
        let here = Reach {
            delivered,
            memories: reach.memories.clone(),
            ..Reach::default()
        };
        Ok(sessions(&mut self.sets, &self.rounds[round], &here, Set::FULL)?.answered)
    }

    /// Where those come from whose packets arrive at a party, as intervals in order.
    ///
    /// Most pairs of parties have nothing to do with each other; this tells it without a set operation.
    fn sources(&mut self, round: usize, to: &Party) -> Result<Rc<Vec<Interval>>, SpaceFull> {
        let key = (round, self.end(to));
        if let Some(known) = self.sources.get(&key) {
            return Ok(Rc::clone(known));
        }
        let reach = self.reach(round)?;
        let target = self
            .sets
            .space
            .field(Field::Dst, &intervals(&to.addresses))?;
        let mut parts = Vec::new();
        for delivery in reach.to(to.segment) {
            let meant = self.sets.before(&delivery.view, target)?;
            parts.push(self.sets.space.intersection(delivery.set, meant)?);
        }
        let all = self.sets.space.union_all(&parts)?;
        let sources = Rc::new(match all == Set::EMPTY {
            true => Vec::new(),
            false => self.sets.space.project(all, Field::Src),
        });
        self.sources.insert(key, Rc::clone(&sources));
        Ok(sources)
    }

    /// Between which parties a leg may come about, for any services.
    ///
    /// # Errors
    /// The arena is full.
    pub fn ties(&mut self, parties: &[Party]) -> Result<Ties, SpaceFull> {
        let mut opens = vec![vec![false; parties.len()]; parties.len()];
        for round in 0..self.rounds.len() {
            let sent = |p: &Party| self.rounds[round].binary_search(&p.segment).is_ok();
            let own: Vec<usize> = (0..parties.len()).filter(|p| sent(&parties[*p])).collect();
            for (at, to) in parties.iter().enumerate() {
                let sources = self.sources(round, to)?;
                for &from in &own {
                    opens[from][at] = meets(&sources, &parties[from]);
                }
            }
        }
        Ok(Ties::new(opens))
    }

    /// The leg by which one party asks another for `services` (headers as they arrive).
    ///
    /// # Errors
    /// The arena is full.
    pub fn leg(&mut self, from: &Party, to: &Party, services: Set) -> Result<Leg, SpaceFull> {
        let mut rounds = self.rounds.iter();
        let Some(round) = rounds.position(|r| r.binary_search(&from.segment).is_ok()) else {
            return Ok(Leg::NONE);
        };
        let sources = self.sources(round, to)?;
        if !meets(&sources, from) {
            return Ok(Leg::NONE);
        }
        let key = (self.end(from), self.end(to), services);
        if let Some(leg) = self.known.get(&key) {
            return Ok(*leg);
        }
        let leg = self.computed(round, from, to, services)?;
        self.known.insert(key, leg);
        Ok(leg)
    }

    fn computed(
        &mut self,
        round: usize,
        from: &Party,
        to: &Party,
        services: Set,
    ) -> Result<Leg, SpaceFull> {
        let reach = self.reach(round)?;
        let mut leg = Leg::NONE;
        for delivery in reach.to(to.segment) {
            let space = &mut self.sets.space;
            let source = space.field(Field::Src, &intervals(&from.addresses))?;
            let part = space.intersection(delivery.set, source)?;
            if part == Set::EMPTY {
                continue;
            }
            let target = space.field(Field::Dst, &intervals(&to.addresses))?;
            let wire = space.intersection(target, services)?;
            let meant = self.sets.before(&delivery.view, wire)?;
            let part = self.sets.space.intersection(part, meant)?;
            if part == Set::EMPTY {
                continue;
            }
            let answered = self.answered(round, to.segment, &reach)?;
            let space = &mut self.sets.space;
            let down = space.intersection(part, answered)?;
            let tcp = vec![Interval::point(u128::from(Protocol::TCP.0))];
            let tcp = space.field(Field::Protocol, &tcp)?;
            let loose = space.difference(part, tcp)?;
            let up = space.union(down, loose)?;
            leg = Leg {
                up: space.union(leg.up, up)?,
                down: space.union(leg.down, down)?,
            };
        }
        Ok(leg)
    }

    /// A leg restricted to headers of a set, as sent.
    ///
    /// # Errors
    /// The arena is full.
    pub fn within(&mut self, leg: Leg, set: Set) -> Result<Leg, SpaceFull> {
        Ok(Leg {
            up: self.sets.space.intersection(leg.up, set)?,
            down: self.sets.space.intersection(leg.down, set)?,
        })
    }

    /// A leg without the headers of a set, as sent.
    ///
    /// # Errors
    /// The arena is full.
    pub fn outside(&mut self, leg: Leg, set: Set) -> Result<Leg, SpaceFull> {
        Ok(Leg {
            up: self.sets.space.difference(leg.up, set)?,
            down: self.sets.space.difference(leg.down, set)?,
        })
    }

    /// Services as headers that ask for them.
    ///
    /// # Errors
    /// The arena is full.
    pub fn services(&mut self, services: &[Service]) -> Result<Set, SpaceFull> {
        if let Some(set) = self.services.get(services) {
            return Ok(*set);
        }
        let resolved = Resolved {
            items: services.to_vec(),
            undecided: Vec::new(),
            negated: false,
        };
        let set = self.sets.service(&resolved, Bound::May)?;
        self.services.insert(resolved.items, set);
        Ok(set)
    }

    /// One header of a set; those that a person would believe come first: TCP or UDP, from an ephemeral
    /// port, between addresses that hosts can have.
    ///
    /// # Errors
    /// The arena is full.
    pub fn typical(&mut self, set: Set, ends: [&Party; 2]) -> Result<Option<Packet>, SpaceFull> {
        let plane = self.sets.plane;
        let prefixes = ends
            .iter()
            .flat_map(|p| &plane.segments[p.segment.0].prefixes);
        let wide = prefixes.filter(|p| p.size() > 2);
        let edges: Vec<Interval> = wide
            .flat_map(|p| [p.first(), p.last()])
            .map(Interval::point)
            .collect();
        let space = &mut self.sets.space;
        let mut hosts = Set::FULL;
        for field in [Field::Src, Field::Dst] {
            let edge = space.field(field, &edges)?;
            hosts = space.difference(hosts, edge)?;
        }
        let protocols = |list: &[u8]| {
            let list = list.iter().map(|p| Interval::point(u128::from(*p)));
            Cube::any().with(Field::Protocol, list.collect())
        };
        let mut best = set;
        for wish in [
            hosts,
            space.cube(&protocols(&[6]))?,
            space.cube(&protocols(&[6, 17]))?,
            space.field(Field::SrcPort, &[Interval::new(49_152, 65_535)])?,
            space.field(Field::DstPort, &[Interval::new(1, 65_535)])?,
        ] {
            let wished = space.intersection(best, wish)?;
            if wished != Set::EMPTY {
                best = wished;
            }
        }
        Ok(space.smallest(best).map(|point| Packet {
            src: ip(point.src),
            dst: ip(point.dst),
            protocol: Protocol(point.protocol),
            src_port: point.src_port,
            dst_port: point.dst_port,
        }))
    }
}

/// Adds the segments whose headers arrive in another segment too; gives back all headers.
fn several(
    space: &mut Space,
    arrivals: &[(SegmentIx, Set)],
    shared: &mut BTreeSet<SegmentIx>,
) -> Result<Set, SpaceFull> {
    let (Some((first, set)), Some((last, _))) = (arrivals.first(), arrivals.last()) else {
        return Ok(Set::EMPTY);
    };
    if arrivals.len() == 1 {
        return Ok(*set);
    }
    let (some, others) = arrivals.split_at(arrivals.len() / 2);
    let (some, others) = (
        several(space, some, shared)?,
        several(space, others, shared)?,
    );
    let both = space.intersection(some, others)?;
    if both != Set::EMPTY && first != last {
        for (segment, set) in arrivals {
            if space.intersection(*set, both)? != Set::EMPTY {
                shared.insert(*segment);
            }
        }
    }
    space.union(some, others)
}

/// Whether any address of a party is among some sources, which are in order.
fn meets(sources: &[Interval], party: &Party) -> bool {
    party.addresses.iter().any(|own| {
        let next = sources.partition_point(|s| s.hi < own.first());
        sources.get(next).is_some_and(|s| s.lo <= own.last())
    })
}
