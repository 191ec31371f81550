//! From one party to the next: every way in which information gets over, and what is left of it.
//!
//! Goes in: the parties of a state, how information came to one of them, and another. Comes out: the hops
//! between the two, each a leg in one of its directions. Legs to a relay's service meet its function; legs
//! to anything else of it reach the machine behind, if they come from another zone (within its own zone
//! its keepers are trusted).

use super::function::{self, Entered, SMTP, Way};
use super::legs::{Leg, Legs};
use super::parties::Party;
use super::search::{FROM, TO};
use super::ties::Ties;
use crate::plane::condition::{Bound, Condition};
use crate::plane::ends::Members;
use crate::plane::{Plane, SegmentIx};
use crate::space::{Set, SpaceFull};
use std::collections::BTreeMap;
use utsushi_model::address::AddressRange;
use utsushi_model::information::{Carried, Information};
use utsushi_model::network::{Node, NodeKind, ZoneRole};
use utsushi_model::policy::Services;
use utsushi_model::resolve::common;

/// What a hop relies on, though no packet shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reliance {
    /// The function of the relay at this position of the network's nodes.
    Node(usize),
    /// What the exception at this position is said to carry.
    Exception(usize),
}

/// What is made of information, and by whose function.
pub type Made = (Information, Reliance);

/// One leg in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Position of the party that passes information on.
    pub from: usize,
    /// Position of the one that gets it.
    pub to: usize,
    /// Whether the leg was opened by the first (`Up`) or by the second (`Down`).
    pub way: Way,
    /// The leg: headers as sent by the one that opens it.
    pub headers: Set,
    /// What is made of the information, in order, and by whose function.
    pub made: Vec<Made>,
    /// How it comes to the other.
    pub entered: Entered,
}

impl Hop {
    /// What is left after it of information that was not reduced before.
    #[must_use]
    pub fn carried(&self) -> Carried {
        let each = self.made.iter().map(|(class, _)| Carried::only(*class));
        each.fold(Carried::RAW, Carried::then)
    }
}

/// Traffic that a rule excuses, or that is said to carry something.
#[derive(Debug, Clone)]
pub struct Excused {
    /// Position among the exceptions.
    pub at: usize,
    /// Whether it is an exception from the rule itself. Traffic that is registered as an exception from
    /// other rules is no link of a chain either, but does not excuse the rule's own ends.
    pub own: bool,
    /// Who opens the legs.
    pub from: Meant,
    /// Who is asked.
    pub to: Meant,
    /// For what.
    pub services: Set,
    /// What it is said to carry; `None`: it is excused altogether.
    pub carries: Option<Information>,
}

/// The parties of a state and the legs between them, as one rule sees them.
pub struct Hops<'l, 'p> {
    /// The legs.
    pub legs: &'l mut Legs<'p>,
    /// The parties.
    pub parties: &'l [Party],
    /// Between which of them legs may come about.
    pub ties: &'l Ties,
    /// Only legs that ask for one of these.
    pub services: Set,
    /// What the rule excuses.
    pub excused: &'l [Excused],
    /// Whether mail relays hold mailboxes: what asks them by SMTP is taken to be given mail too.
    pub mailboxes: bool,
}

/// Where information is: a party, how it came there, and the role of the zone it came from.
pub type Here = (usize, Entered, Option<ZoneRole>);

impl<'p> Hops<'_, 'p> {
    fn node(&self, party: usize) -> Option<(usize, &'p Node)> {
        let own = &self.parties[party];
        own.relay.zip(own.node(self.legs.plane()))
    }

    /// Every hop from here to a party.
    ///
    /// # Errors
    /// The arena is full.
    pub fn to(&mut self, here: Here, to: usize) -> Result<Vec<Hop>, SpaceFull> {
        let mut out = Vec::new();
        for way in [Way::Up, Way::Down] {
            let (opener, asked) = match way {
                Way::Up => (here.0, to),
                Way::Down => (to, here.0),
            };
            if !self.ties.opens(opener, asked) {
                continue;
            }
            let sides = match self.node(asked) {
                None => vec![(self.services, true)],
                Some((_, node)) => self.sides(node, opener, asked)?,
            };
            for (services, on_service) in sides {
                if let Some(made) = self.leaves(here, to, way, on_service) {
                    self.by(here.0, to, way, (services, on_service), &made, &mut out)?;
                }
            }
        }
        Ok(out)
    }

    /// What may be asked of a relay: its service, and, from other zones, everything else.
    fn sides(
        &mut self,
        node: &Node,
        opener: usize,
        asked: usize,
    ) -> Result<Vec<(Set, bool)>, SpaceFull> {
        let own = self.legs.services(&function::asked_for(node))?;
        let space = &mut self.legs.sets.space;
        let on = space.intersection(own, self.services)?;
        let off = space.difference(self.services, own)?;
        let plane = self.legs.plane();
        let apart = function::apart(plane, &self.parties[opener], &self.parties[asked]);
        let off = apart.then_some((off, false));
        Ok(std::iter::once((on, true)).chain(off).collect())
    }

    /// What the sender's function makes of it; `None` if it does not let it go that way.
    fn leaves(
        &self,
        (from, entered, came): Here,
        to: usize,
        way: Way,
        on_service: bool,
    ) -> Option<Vec<Made>> {
        let Some((at, node)) = self.node(from) else {
            return Some(Vec::new());
        };
        let free = matches!(entered, Entered::Start | Entered::Machine);
        if way == Way::Down && !on_service {
            return free.then(Vec::new);
        }
        let role = self.parties[to].role(self.legs.plane());
        if !function::passes(&node.kind, entered, way, (came, role)) {
            return None;
        }
        let made = match entered {
            Entered::Machine => None,
            _ => function::going_out(&node.kind, way),
        };
        Some(made.map(|m| (m, Reliance::Node(at))).into_iter().collect())
    }

    /// Adds the hops by one leg in one direction, told apart by what exceptions say of it.
    fn by(
        &mut self,
        from: usize,
        to: usize,
        way: Way,
        (services, on_service): (Set, bool),
        made: &[Made],
        out: &mut Vec<Hop>,
    ) -> Result<(), SpaceFull> {
        let (opener, asked) = match way {
            Way::Up => (from, to),
            Way::Down => (to, from),
        };
        let services = self.giving(way, asked, services)?;
        let leg = self
            .legs
            .leg(&self.parties[opener], &self.parties[asked], services)?;
        let leg = self.published(opener, leg)?;
        if leg.is_none() {
            return Ok(());
        }
        let (entered, comes) = self.comes(to, way, on_service);
        let mut made = made.to_vec();
        made.extend(comes);
        for (headers, said) in self.told_apart(opener, asked, services, leg, way)? {
            let said = said.into_iter();
            out.push(Hop {
                from,
                to,
                way,
                headers,
                made: made.iter().copied().chain(said).collect(),
                entered,
            });
        }
        Ok(())
    }

    /// The services with which the one that is asked gives something back.
    fn giving(&mut self, way: Way, asked: usize, services: Set) -> Result<Set, SpaceFull> {
        let mail = self
            .node(asked)
            .is_some_and(|(_, node)| matches!(node.kind, NodeKind::MailRelay(_)));
        if way == Way::Up || !mail || self.mailboxes {
            return Ok(services);
        }
        let smtp = self.legs.services(&SMTP)?;
        self.legs.sets.space.difference(services, smtp)
    }

    /// A screen-transfer relay opens legs to what it publishes only.
    fn published(&mut self, opener: usize, leg: Leg) -> Result<Leg, SpaceFull> {
        let Some((_, node)) = self.node(opener).filter(|_| !leg.is_none()) else {
            return Ok(leg);
        };
        let NodeKind::ScreenRelay(relay) = &node.kind else {
            return Ok(leg);
        };
        let network = &self.legs.plane().network;
        let condition = Condition {
            lifted: None,
            incoming: None,
            outgoing: None,
            source: network.addresses(&utsushi_model::policy::Addresses::any()),
            destination: network.addresses(&relay.publishes),
            service: network.service_terms(&Services::any()),
            others: Vec::new(),
        };
        let shown = self.legs.sets.condition(&condition, Bound::May)?;
        self.legs.within(leg, shown)
    }

    /// How it comes to a party, and what that makes of it.
    fn comes(&self, to: usize, way: Way, on_service: bool) -> (Entered, Option<Made>) {
        match (self.node(to), way) {
            (Some((at, node)), Way::Up) if on_service => {
                let made = function::coming_in(&node.kind);
                (Entered::Asked, made.map(|m| (m, Reliance::Node(at))))
            }
            (Some(_), Way::Up) => (Entered::Machine, None),
            (Some(_), Way::Down) => (Entered::Fetched, None),
            (None, _) => (Entered::Asked, None),
        }
    }

    /// A leg in one direction, without what is excused, and apart from it what is said to carry something.
    fn told_apart(
        &mut self,
        opener: usize,
        asked: usize,
        services: Set,
        leg: Leg,
        way: Way,
    ) -> Result<Vec<(Set, Option<Made>)>, SpaceFull> {
        let side = |leg: Leg| match way {
            Way::Up => leg.up,
            Way::Down => leg.down,
        };
        let mut rest = side(leg);
        let mut out = Vec::new();
        let excused = self.excused;
        let ends = |from: usize, to: usize| {
            self.parties[from].is_among(FROM) && self.parties[to].is_among(TO)
        };
        let direct = ends(opener, asked) || ends(asked, opener);
        for excuse in excused
            .iter()
            .filter(|e| e.own || !direct || e.carries.is_some())
        {
            let (opener, asked) = (&self.parties[opener], &self.parties[asked]);
            let (Some(from), Some(to)) = (excuse.from.part(opener), excuse.to.part(asked)) else {
                continue;
            };
            let services = self
                .legs
                .sets
                .space
                .intersection(services, excuse.services)?;
            let own = side(self.legs.leg(&from, &to, services)?);
            let own = self.legs.sets.space.intersection(own, rest)?;
            rest = self.legs.sets.space.difference(rest, own)?;
            if let Some(class) = excuse.carries {
                out.push((own, Some((class, Reliance::Exception(excuse.at)))));
            }
        }
        out.insert(0, (rest, None));
        out.retain(|(set, _)| *set != Set::EMPTY);
        Ok(out)
    }
}

/// Some members, by the segment they are in.
#[derive(Debug, Clone, Default)]
pub struct Meant(BTreeMap<SegmentIx, Vec<AddressRange>>);

impl Meant {
    /// Members by segment.
    #[must_use]
    pub fn new(members: Vec<Members>) -> Self {
        let mut meant: BTreeMap<SegmentIx, Vec<AddressRange>> = BTreeMap::new();
        for own in members {
            meant.entry(own.segment).or_default().extend(own.addresses);
        }
        Self(meant)
    }

    /// The part of a party that is meant.
    fn part(&self, party: &Party) -> Option<Party> {
        let named = self.0.get(&party.segment)?;
        let addresses = common(&party.addresses, named);
        (!addresses.is_empty()).then(|| Party {
            addresses,
            ..party.clone()
        })
    }
}

/// The role of the zone that information comes from, where a relay asks for it.
#[must_use]
pub fn came_from(plane: &Plane, from: &Party, to: &Party) -> Option<ZoneRole> {
    let node = to.node(plane)?;
    let asks = matches!(&node.kind, NodeKind::Sanitiser(s) if !s.passes.is_empty());
    asks.then(|| from.role(plane)).flatten()
}
