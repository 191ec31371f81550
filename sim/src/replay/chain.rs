//! From a demand to its conversations: asking access tables until one says direct.
//!
//! Goes in: a demand and the resolved tables of a state. Comes out: every [`Conversation`] that may come about, in the order
//! in which clients prefer them (one, unless a table names several relays; [`super::choice`] says which it is), each ended
//! early where a table refuses, leads in a circle, or an end is not there.

use super::conversation::{
    Conversation, Course, Information, Leg, MOST_LEGS, MOST_WAYS, Stop, StopReason, header,
};
use super::ends::{End, common, group_end, relay_end, target_end};
use super::tables::Tables;
use crate::plane::Plane;
use utsushi_model::access::{AccessId, Way};
use utsushi_model::demand::{Application, Demand};
use utsushi_model::finding::Packet;
use utsushi_model::id::Id;
use utsushi_model::network::{Node, NodeId, NodeKind, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_model::service::Service;

struct Chain<'a> {
    plane: &'a Plane,
    tables: &'a Tables,
    service: Service,
    target: End,
    asks: Packet,
    /// Whether what would leave directly is sent to the relay of a later entry.
    back: bool,
    found: Vec<Conversation>,
}

/// A further leg, and where it leads on to: a relay with its access table.
type Onward = (Leg, Option<(End, Option<AccessId>)>);

/// The conversations of a demand, at least one, as clients prefer them.
pub(super) fn resolve(
    plane: &Plane,
    tables: &Tables,
    asked: (&Demand, &Name),
    application: &Application,
) -> Vec<Conversation> {
    resolved(plane, tables, asked, application, false)
}

/// The conversations of a demand that leaves directly for the Internet or a cloud service, if it took the way of the last
/// matching entry of its access table instead; `None` where it does not leave directly, or no entry would send it to a relay.
pub(super) fn brought_back(
    plane: &Plane,
    tables: &Tables,
    (demand, to): (&Demand, &Name),
    application: &Application,
) -> Option<Vec<Conversation>> {
    let target = target_end(plane, to)?;
    let segment = &plane.segments[target.segment.0].id;
    let zone = &plane.network.segments.get(segment)?.zone;
    let role = plane.network.zones.get(zone)?.role;
    if !matches!(role, ZoneRole::Saas | ZoneRole::World) {
        return None;
    }
    let plain = resolved(plane, tables, (demand, to), application, false);
    let back = resolved(plane, tables, (demand, to), application, true);
    (plain != back).then_some(back)
}

fn resolved(
    plane: &Plane,
    tables: &Tables,
    (demand, to): (&Demand, &Name),
    application: &Application,
    back: bool,
) -> Vec<Conversation> {
    let group = plane.network.groups.get(&demand.group);
    let client = group.and_then(|g| group_end(plane, g));
    let target = target_end(plane, to);
    let (client, target) = match (client, target) {
        (Some(client), Some(target)) => (client, target),
        (client, _) => return vec![nowhere((demand, to), client.is_some())],
    };
    let sides = common(&client, &target);
    let dst = sides.as_ref().map_or(target.addresses[0], |(_, to)| to[0]);
    let mut chain = Chain {
        plane,
        tables,
        service: application.service,
        target,
        asks: header(dst, dst, &application.service),
        back,
        found: Vec::new(),
    };
    let access = group.and_then(|g| g.access.clone());
    chain.follow(&[], &client, access.as_ref());
    chain.found
}

fn nowhere((demand, to): (&Demand, &Name), has_client: bool) -> Conversation {
    let reason = if has_client {
        StopReason::NoTarget
    } else {
        StopReason::NoAddress
    };
    Conversation {
        legs: Vec::new(),
        stop: Some(Stop {
            reason,
            at: demand.group.to_string(),
            next: to.to_string(),
            table: None,
            place: None,
        }),
        asks: None,
    }
}

impl<'a> Chain<'a> {
    /// Finds every way on from a client that legs lead to.
    fn follow(&mut self, legs: &[Leg], at: &End, access: Option<&AccessId>) {
        let (way, place) = self.way(access);
        let stop = |reason, next: &str| Stop {
            reason,
            at: at.name.clone(),
            next: next.to_owned(),
            table: place.and(access).map(ToString::to_string),
            place: place.cloned(),
        };
        let relays = match way {
            Way::Refused => {
                let stop = stop(StopReason::Refused, &self.target.name);
                return self.end(legs.to_vec(), Some(stop));
            }
            Way::Direct => vec![None],
            // A relay that is itself the target is not on the way to it.
            Way::Via(relays) => relays
                .into_iter()
                .map(|relay| (relay.as_str() != self.target.name).then_some(relay))
                .collect(),
        };
        for relay in &relays {
            if self.found.len() >= MOST_WAYS {
                return;
            }
            let next = relay.as_ref().map_or(&*self.target.name, NodeId::as_str);
            match self.onward(legs, at, relay.as_ref()) {
                Err(reason) => {
                    let stop = stop(reason, next);
                    self.end(legs.to_vec(), Some(stop));
                }
                Ok((leg, on)) => {
                    let legs = [legs, &[leg]].concat();
                    match on {
                        None => self.end(legs, None),
                        Some((end, access)) => self.follow(&legs, &end, access.as_ref()),
                    }
                }
            }
        }
    }

    /// The leg to a relay, or to the target.
    fn onward(&self, legs: &[Leg], at: &End, relay: Option<&NodeId>) -> Result<Onward, StopReason> {
        let Some(relay) = relay else {
            let position = self.position(&self.target.name);
            let leg = leg(at, &self.target, self.service, position);
            return Ok((leg.ok_or(StopReason::NoAddress)?, None));
        };
        let position = self.position(relay.as_str());
        let been = legs.iter().any(|leg| leg.relay == position);
        if been || legs.len() + 1 >= MOST_LEGS {
            return Err(StopReason::Circle);
        }
        let node = self.plane.network.nodes.get(relay);
        let next = node.and_then(|n| Some((n, relay_end(self.plane, n)?)));
        let (node, end) = next.ok_or(StopReason::NoAddress)?;
        let leg = leg(at, &end, asked(node, self.service), position);
        let access = node.endpoint.as_ref().and_then(|e| e.access.clone());
        Ok((leg.ok_or(StopReason::NoAddress)?, Some((end, access))))
    }

    /// Keeps a conversation.
    fn end(&mut self, mut legs: Vec<Leg>, stop: Option<Stop>) {
        self.mark_pixels(&mut legs);
        self.found.push(Conversation {
            legs,
            stop,
            asks: Some(self.asks),
        });
    }

    /// The way a client takes, and where that is written.
    fn way(&self, table: Option<&AccessId>) -> (Way, Option<&'a Place>) {
        let first = self.tables.way(table, &self.asks);
        if self.back
            && first.0 == Way::Direct
            && let Some((way @ Way::Via(_), place)) = self.tables.last(table, &self.asks)
        {
            return (way.clone(), Some(place));
        }
        first
    }

    fn position(&self, node: &str) -> Option<usize> {
        self.plane.network.nodes.position(&Id::new(node))
    }

    /// Everything up to the last screen-transfer relay carries pixels.
    fn mark_pixels(&self, legs: &mut [Leg]) {
        let nodes: Vec<&Node> = self.plane.network.nodes.iter().collect();
        let shows = |leg: &Leg| {
            leg.relay
                .is_some_and(|n| matches!(nodes[n].kind, NodeKind::ScreenRelay(_)))
        };
        let last = legs.iter().rposition(shows);
        for leg in legs.iter_mut().take(last.map_or(0, |n| n + 1)) {
            leg.carries = Information::Pixels;
        }
    }
}

/// A leg; `None` if its ends share no address family.
fn leg(from: &End, to: &End, service: Service, relay: Option<usize>) -> Option<Leg> {
    let (sources, targets) = common(from, to)?;
    Some(Leg {
        from: from.name.clone(),
        to: to.name.clone(),
        course: Course {
            from: from.segment,
            sources,
            to: to.segment,
            targets,
            service,
        },
        carries: Information::Raw,
        relay,
    })
}

/// What a leg into a relay asks for: the application's own service where the relay listens for it, else
/// the foremost that it listens for.
fn asked(node: &Node, application: Service) -> Service {
    let listens = node.listens();
    let fits = |own: &&Service| {
        own.protocol == application.protocol
            && own.ports.first <= application.ports.first
            && application.ports.last <= own.ports.last
    };
    if listens.iter().any(|own| fits(&own)) {
        return application;
    }
    listens.first().copied().unwrap_or(application)
}
