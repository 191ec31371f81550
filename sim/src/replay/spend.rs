//! What a talk spends on which resource: shares, not yet amounts.
//!
//! Goes in: a talk and the passages of its legs, with or without failures. Comes out: for each resource the share of
//! the talk's quantities that it carries, and which part of the talk comes through at all.
//!
//! What is lost loads nothing, on no leg: where a third of a group does not get through to a relay, or the relay's
//! addresses do not get through to the target, only the rest is spent, before and behind. Shares of legs multiply, since who gets
//! through on one leg has nothing to do with which of a relay's addresses carries the session on.

use super::amount::What;
use super::conversation::{Information, Leg};
use super::ledger::{Key, Ledger};
use super::passage::Passage;
use super::prepared::{Prepared, Talk};
use utsushi_model::demand::ResourceKind;
use utsushi_model::network::NodeKind;

/// A part of a talk's quantity that a resource carries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Carried {
    /// Position of the resource.
    pub(super) resource: usize,
    /// What the leg carries.
    pub(super) information: Information,
    /// Which quantity.
    pub(super) what: What,
    /// Which share of it.
    pub(super) share: f64,
}

/// What of a state is gone, for talks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone<'g> {
    /// Relays, by position in the network's table.
    pub(super) relays: &'g [usize],
    /// Segments whose members are gone with their site.
    pub(super) segments: &'g [usize],
}

impl Gone<'_> {
    /// Nothing.
    pub(super) const NONE: Self = Self {
        relays: &[],
        segments: &[],
    };

    /// Whether a leg ends or begins at something that is gone.
    pub(super) fn takes(&self, leg: &Leg) -> bool {
        let ends = [leg.course.from.0, leg.course.to.0];
        leg.relay.is_some_and(|r| self.relays.contains(&r))
            || ends.iter().any(|s| self.segments.contains(s))
    }
}

/// What a talk spends, and the part of it that comes through.
pub(super) fn spent(
    prepared: &Prepared<'_>,
    ledger: &Ledger,
    talk: &Talk<'_>,
    passages: &[&Passage],
    gone: Gone<'_>,
) -> (Vec<Carried>, f64) {
    let kept = talk.used.then(|| kept(prepared, talk, passages, gone));
    let Some((others, whole)) = kept.flatten() else {
        return (Vec::new(), 0.0);
    };
    let mut out = Vec::new();
    let legs = talk.conversation.legs.iter().zip(passages);
    for ((leg, passage), others) in legs.zip(others) {
        let mut own = Own {
            prepared,
            ledger,
            information: leg.carries,
            out: &mut out,
        };
        own.leg(leg, passage, others * talk.part, whole * talk.part);
    }
    (out, whole)
}

/// For each leg the part of the talk that all others let through, and the part that comes through altogether; `None`
/// where nothing does.
pub(super) fn kept(
    prepared: &Prepared<'_>,
    talk: &Talk<'_>,
    passages: &[&Passage],
    gone: Gone<'_>,
) -> Option<(Vec<f64>, f64)> {
    let legs = &talk.conversation.legs;
    if talk.conversation.stop.is_some() || legs.iter().any(|leg| gone.takes(leg)) {
        return None;
    }
    let relayed: Vec<f64> = legs
        .iter()
        .zip(passages)
        .enumerate()
        .map(|(i, (leg, passage))| {
            let goes_on = i + 1 < legs.len();
            let refused = goes_on.then(|| prepared.unrelayed(leg, passage, talk));
            1.0 - refused.flatten().map_or(0.0, |(_, share, _)| share)
        })
        .collect();
    let whole: f64 = passages
        .iter()
        .zip(&relayed)
        .map(|(p, r)| p.delivered * r)
        .product();
    if whole <= 0.0 {
        return None;
    }
    // The leg's own shares hold what of it is delivered.
    let others = (0..legs.len()).map(|i| {
        (0..legs.len())
            .map(|j| {
                if j == i {
                    relayed[j]
                } else {
                    passages[j].delivered * relayed[j]
                }
            })
            .product()
    });
    Some((others.collect(), whole))
}

struct Own<'o, 'a> {
    prepared: &'o Prepared<'a>,
    ledger: &'o Ledger,
    information: Information,
    out: &'o mut Vec<Carried>,
}

impl Own<'_, '_> {
    fn add(&mut self, key: Key, what: What, share: f64) {
        if let Some(resource) = self.ledger.position(key) {
            self.out.push(Carried {
                resource,
                information: self.information,
                what,
                share,
            });
        }
    }

    fn leg(&mut self, leg: &Leg, passage: &Passage, others: f64, whole: f64) {
        let sides = [(&passage.there, What::Up), (&passage.back, What::Down)];
        for (shares, what) in sides {
            for (way, share) in &shares.links {
                let key = (ResourceKind::Link, way.link, way.forward);
                self.add(key, what, share * others);
            }
            for (node, share) in &shares.nodes {
                let key = (ResourceKind::Throughput, self.position(node.0), true);
                self.add(key, what, share * others);
            }
        }
        for (node, share) in &passage.there.nodes {
            let key = (ResourceKind::Sessions, self.position(node.0), true);
            self.add(key, What::Sessions, share * others);
        }
        for (node, share) in &passage.there.translated {
            let key = (ResourceKind::NatPorts, self.position(node.0), true);
            self.add(key, What::Sessions, share * others);
        }
        if let Some(relay) = leg.relay {
            self.relay(relay, whole);
        }
    }

    fn position(&self, node: usize) -> usize {
        self.prepared.plane.nodes[node].position
    }

    fn relay(&mut self, relay: usize, whole: f64) {
        let through = (ResourceKind::Throughput, relay, true);
        self.add(through, What::Up, whole);
        self.add(through, What::Down, whole);
        match self.prepared.nodes[relay].kind {
            NodeKind::Proxy(_) => {
                self.add((ResourceKind::Sessions, relay, true), What::Sessions, whole);
            }
            NodeKind::ScreenRelay(_) => {
                self.add((ResourceKind::Seats, relay, true), What::Seats, whole);
                self.add((ResourceKind::Pixels, relay, true), What::Down, whole);
            }
            NodeKind::Sanitiser(_) | NodeKind::MailRelay(_) => {
                self.add((ResourceKind::Files, relay, true), What::Files, whole);
            }
            _ => {}
        }
    }
}
