//! Traffic replay: what people need, run through one compiled state.
//!
//! Goes in: a [`Plane`] and the demands that exist in its state. Comes out: [`Loads`]: the load on
//! everything that has a capacity, hour by hour and application by application, what is above its limit,
//! and which demands do not come through. Nothing can go wrong: a demand that makes no sense in the state
//! is a finding.
//!
//! ```text
//!  demand ─▶ conversation ─▶ legs ─▶ cells ─▶ passage (shares there and back)
//!    │         access tables           one packet for all that fare alike │
//!    └────▶ spending per hour ──────────────────────────────▶ ledger ◀────┘ ─▶ rows ─▶ findings
//! ```
//!
//! Which way a packet takes and what is allowed is asked of [`crate::plane`] alone. A demand counts as
//! blocked if any packet of it is: of any sender of the group (exactly, see [`cells`]) and any port of the
//! service, to the first address of the target. A blocked demand spends what its legs *before* the one
//! that fails spend, and nothing further. What hangs on conditions that cannot be judged offline counts as
//! allowed.
//!
//! The result is the same on one thread and on many: courses are routed in parallel, each by itself, and
//! spent one after the other in the order of the demands.
//!
//! Modules in reading order: [`conversation`], [`ends`], [`public`], [`tables`], [`chain`], [`cells`],
//! [`passage`], [`amount`], [`ledger`], [`judge`], [`blocked`].

mod amount;
mod blocked;
mod cells;
mod chain;
pub mod conversation;
mod ends;
mod judge;
mod ledger;
mod passage;
mod public;
mod tables;

#[cfg(test)]
mod tests;

use crate::plane::Plane;
use amount::{Hours, Spending};
use blocked::About;
use cells::Borders;
use conversation::{Conversation, Leg};
use ledger::Ledger;
use passage::{Passage, Passages};
use rayon::prelude::*;
use tables::{Relayed, Tables};
use utsushi_model::demand::{Application, Demand, ResourceKind};
use utsushi_model::finding::{Finding, Packet};
use utsushi_model::migration::{Requirements, State};
use utsushi_model::network::{Node, NodeKind};
use utsushi_model::report::LoadRow;

/// What the demands of a state add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loads {
    /// Every resource with a capacity, by kind, then in the order of the network's tables.
    pub rows: Vec<LoadRow>,
    /// Demands that do not come through, in their order; then resources above a limit, in that of `rows`.
    pub findings: Vec<Finding>,
}

/// A demand with everything that the state makes of it.
struct Talk<'a> {
    about: About<'a>,
    /// Position of the application.
    application: usize,
    conversation: Conversation,
    spending: Spending,
}

/// Runs demands through a state. `demands` are those that exist in it
/// ([`utsushi_model::migration::Migration::demanded`]).
#[must_use]
pub fn replay(
    plane: &Plane,
    state: &State,
    requirements: &Requirements,
    demands: &[&Demand],
) -> Loads {
    let tables = Tables::new(plane);
    let borders = Borders::new(plane, &tables);
    let talks: Vec<Talk<'_>> = demands
        .par_iter()
        .filter_map(|demand| talk(plane, &tables, state, requirements, demand))
        .collect();
    let legs = talks.iter().flat_map(|t| &t.conversation.legs);
    let run = Run {
        plane,
        tables: &tables,
        borders: &borders,
        nodes: plane.network.nodes.iter().collect(),
        passages: Passages::route(plane, &borders, legs),
    };
    let mut ledger = Ledger::new(&plane.network);
    let mut findings: Vec<Finding> = talks
        .iter()
        .filter_map(|talk| run.spend(talk, &mut ledger))
        .collect();
    let rows = ledger.rows(
        state.index,
        &requirements.applications,
        &requirements.thresholds,
    );
    findings.extend(judge::findings(&rows, &ledger));
    Loads { rows, findings }
}

/// What a state makes of a demand; `None` where nothing is used: the application is not used this way, the
/// group has no members or is not there (whether it should be is checked with the scenario).
fn talk<'a>(
    plane: &'a Plane,
    tables: &Tables,
    state: &State,
    requirements: &'a Requirements,
    demand: &'a Demand,
) -> Option<Talk<'a>> {
    let application: &Application = requirements.applications.get(&demand.application)?;
    let group = plane.network.groups.get(&demand.group)?;
    let conversation = chain::resolve(plane, tables, demand, application);
    let spending = Spending::of(demand, application, group, conversation.has_screen())?;
    Some(Talk {
        about: About {
            demand,
            application,
            members: group.count,
            state: state.index,
        },
        application: requirements.applications.position(&demand.application)?,
        conversation,
        spending,
    })
}

/// A state while demands are run through it.
struct Run<'a> {
    plane: &'a Plane,
    tables: &'a Tables,
    borders: &'a Borders,
    nodes: Vec<&'a Node>,
    passages: Passages<'a>,
}

impl Run<'_> {
    /// Spends a demand leg by leg; gives the finding where it does not come through.
    fn spend(&self, talk: &Talk<'_>, ledger: &mut Ledger) -> Option<Finding> {
        let Conversation { legs, stop, asks } = &talk.conversation;
        for (i, leg) in legs.iter().enumerate() {
            let passage = self.passages.of(leg)?;
            if let Some(failure) = &passage.failure {
                return Some(talk.about.lost(self.plane, i + 1, leg, failure));
            }
            let goes_on = i + 1 < legs.len() || stop.is_some();
            if let Some(asks) = asks.filter(|_| goes_on)
                && let Some((sent, share, no)) = self.unrelayed(leg, passage, &asks, talk)
            {
                return Some(
                    talk.about
                        .refused(self.plane, i + 1, leg, (sent, share, &no)),
                );
            }
            self.spend_leg(talk, leg, passage, ledger);
        }
        stop.as_ref()
            .map(|stop| talk.about.stopped(legs.len(), stop))
    }

    /// The first packet whose session the relay at the end of a leg does not carry on, with the share of
    /// senders of such packets.
    fn unrelayed(
        &self,
        leg: &Leg,
        passage: &Passage,
        asks: &Packet,
        talk: &Talk<'_>,
    ) -> Option<(Packet, f64, Relayed)> {
        let node = self.nodes[leg.relay?];
        let ports = self.borders.ports(&talk.about.application.service);
        let mut first: Option<(Packet, f64, Relayed)> = None;
        let mut counted = None;
        for arrival in &passage.arrived {
            let no = ports.iter().find_map(|port| {
                let asked = Packet {
                    src: arrival.seen.src,
                    dst_port: *port,
                    ..*asks
                };
                Some(self.tables.relayed(node, &asked)).filter(|r| *r != Relayed::Yes)
            });
            let Some(no) = no else { continue };
            let (_, share, _) = first.get_or_insert((arrival.sent, 0.0, no));
            // Arrivals of one part of the senders follow one another.
            if counted.replace(arrival.senders.0) != Some(arrival.senders.0) {
                *share += arrival.senders.1;
            }
        }
        first
    }

    fn spend_leg(&self, talk: &Talk<'_>, leg: &Leg, passage: &Passage, ledger: &mut Ledger) {
        let traffic = talk.spending.traffic(leg.carries);
        let sides = [
            (&passage.there, &traffic.up),
            (&passage.back, &traffic.down),
        ];
        let mut spend = |kind, position, forward, amount: &Hours, share| {
            ledger.spend((kind, position, forward), talk.application, amount, share);
        };
        for (shares, rate) in sides {
            for (way, share) in &shares.links {
                spend(ResourceKind::Link, way.link, way.forward, rate, *share);
            }
            for (node, share) in &shares.nodes {
                let position = self.plane.nodes[node.0].position;
                spend(ResourceKind::Throughput, position, true, rate, *share);
            }
        }
        for (node, share) in &passage.there.nodes {
            let position = self.plane.nodes[node.0].position;
            spend(
                ResourceKind::Sessions,
                position,
                true,
                &traffic.sessions,
                *share,
            );
        }
        for (node, share) in &passage.there.translated {
            let position = self.plane.nodes[node.0].position;
            spend(
                ResourceKind::NatPorts,
                position,
                true,
                &traffic.sessions,
                *share,
            );
        }
        let Some(relay) = leg.relay else { return };
        spend(ResourceKind::Throughput, relay, true, &traffic.up, 1.0);
        spend(ResourceKind::Throughput, relay, true, &traffic.down, 1.0);
        match self.nodes[relay].kind {
            NodeKind::Proxy(_) => {
                spend(ResourceKind::Sessions, relay, true, &traffic.sessions, 1.0);
            }
            NodeKind::ScreenRelay(_) => {
                spend(ResourceKind::Seats, relay, true, &talk.spending.seats, 1.0);
                spend(ResourceKind::Pixels, relay, true, &traffic.down, 1.0);
            }
            NodeKind::Sanitiser(_) | NodeKind::MailRelay(_) => {
                spend(ResourceKind::Files, relay, true, &talk.spending.files, 1.0);
            }
            _ => {}
        }
    }
}
