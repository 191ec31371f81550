//! From a demand to its conversation: asking access tables until one says direct.
//!
//! Goes in: a demand and the resolved tables of a state. Comes out: a [`Conversation`], ended early where
//! a table refuses, leads in a circle, or an end is not there.

use super::conversation::{
    Conversation, Course, Information, Leg, MOST_LEGS, Stop, StopReason, header,
};
use super::ends::{End, common, group_end, relay_end, target_end};
use super::tables::Tables;
use crate::plane::Plane;
use utsushi_model::access::{AccessId, Way};
use utsushi_model::demand::{Application, Demand};
use utsushi_model::finding::Packet;
use utsushi_model::id::Id;
use utsushi_model::network::{Node, NodeKind, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_model::service::Service;

struct Chain<'a> {
    plane: &'a Plane,
    tables: &'a Tables,
    legs: Vec<Leg>,
    /// Whether what would leave directly is sent to the relay of a later entry.
    back: bool,
}

/// The conversation of a demand.
pub(super) fn resolve(
    plane: &Plane,
    tables: &Tables,
    asked: (&Demand, &Name),
    application: &Application,
) -> Conversation {
    resolved(plane, tables, asked, application, false)
}

/// The conversation of a demand that leaves directly for the Internet or a cloud service, if it took the way of the last
/// matching entry of its access table instead; `None` where it does not leave directly, or no entry would send it to a relay.
pub(super) fn brought_back(
    plane: &Plane,
    tables: &Tables,
    (demand, to): (&Demand, &Name),
    application: &Application,
) -> Option<Conversation> {
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
) -> Conversation {
    let group = plane.network.groups.get(&demand.group);
    let client = group.and_then(|g| group_end(plane, g));
    let target = target_end(plane, to);
    let (client, target) = match (client, target) {
        (Some(client), Some(target)) => (client, target),
        (client, _) => return nowhere((demand, to), client.is_some()),
    };
    let sides = common(&client, &target);
    let dst = sides.as_ref().map_or(target.addresses[0], |(_, to)| to[0]);
    let asks = header(dst, dst, &application.service);
    let mut chain = Chain {
        plane,
        tables,
        legs: Vec::new(),
        back,
    };
    let access = group.and_then(|g| g.access.clone());
    let stop = chain.follow((client, access), &target, &asks, application);
    chain.mark_pixels();
    Conversation {
        legs: chain.legs,
        stop,
        asks: Some(asks),
    }
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
    /// Adds legs up to the target, or says why it is not reached.
    fn follow(
        &mut self,
        (client, access): (End, Option<AccessId>),
        target: &End,
        asks: &Packet,
        application: &Application,
    ) -> Option<Stop> {
        let (mut at, mut access) = (client, access);
        loop {
            let (way, place) = self.way(access.as_ref(), asks);
            let stop = |reason, at: &End, next: &str| {
                Some(Stop {
                    reason,
                    at: at.name.clone(),
                    next: next.to_owned(),
                    table: place.and(access.as_ref()).map(ToString::to_string),
                    place: place.cloned(),
                })
            };
            let relay = match way {
                Way::Refused => return stop(StopReason::Refused, &at, &target.name),
                // A relay that is itself the target is not on the way to it.
                Way::Via(relay) if relay.as_str() != target.name => relay,
                Way::Via(_) | Way::Direct => {
                    let relay = self.position(&target.name);
                    return match self.leg(&at, target, application.service, relay) {
                        Some(()) => None,
                        None => stop(StopReason::NoAddress, &at, &target.name),
                    };
                }
            };
            let position = self.position(relay.as_str());
            let been = self.legs.iter().any(|leg| leg.relay == position);
            if been || self.legs.len() + 1 >= MOST_LEGS {
                return stop(StopReason::Circle, &at, relay.as_str());
            }
            let node = self.plane.network.nodes.get(&relay);
            let next = node.and_then(|n| Some((n, relay_end(self.plane, n)?)));
            let Some((node, end)) = next else {
                return stop(StopReason::NoAddress, &at, relay.as_str());
            };
            let service = asked(node, application.service);
            if self.leg(&at, &end, service, position).is_none() {
                return stop(StopReason::NoAddress, &at, relay.as_str());
            }
            access = node.endpoint.as_ref().and_then(|e| e.access.clone());
            at = end;
        }
    }

    /// The way a client takes, and where that is written.
    fn way(&self, table: Option<&AccessId>, asks: &Packet) -> (Way, Option<&'a Place>) {
        let first = self.tables.way(table, asks);
        if self.back
            && first.0 == Way::Direct
            && let Some((way @ Way::Via(_), place)) = self.tables.last(table, asks)
        {
            return (way.clone(), Some(place));
        }
        first
    }

    /// Adds a leg; `None` if its ends share no address family.
    fn leg(&mut self, from: &End, to: &End, service: Service, relay: Option<usize>) -> Option<()> {
        let (sources, targets) = common(from, to)?;
        self.legs.push(Leg {
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
        });
        Some(())
    }

    fn position(&self, node: &str) -> Option<usize> {
        self.plane.network.nodes.position(&Id::new(node))
    }

    /// Everything up to the last screen-transfer relay carries pixels.
    fn mark_pixels(&mut self) {
        let nodes: Vec<&Node> = self.plane.network.nodes.iter().collect();
        let shows = |leg: &Leg| {
            leg.relay
                .is_some_and(|n| matches!(nodes[n].kind, NodeKind::ScreenRelay(_)))
        };
        let last = self.legs.iter().rposition(shows);
        for leg in self.legs.iter_mut().take(last.map_or(0, |n| n + 1)) {
            leg.carries = Information::Pixels;
        }
    }
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
