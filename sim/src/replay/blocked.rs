//! Which demands do not come through, where, and because of what.
//!
//! Goes in: a conversation that ends early, or a leg with a packet that does not get through. Comes out:
//! one finding: DEM-301 where a rule denies (a filter's, or the relay's own), DEM-302 where there is no
//! way, DEM-303 where the answers do not come back. The hops are those of one concrete packet, walked by
//! [`crate::plane::trace`].

use super::conversation::{Leg, Stop, StopReason};
use super::passage::{Failure, Lost};
use super::tables::Relayed;
use crate::plane::Plane;
use crate::plane::step::answer;
use crate::plane::trace::{Disposition, Path, exchange};
use utsushi_model::demand::{Application, Demand};
use utsushi_model::finding::{Code, Decision, Evidence, Finding, HopRecord, Packet, Stage};
use utsushi_model::place::Place;
use utsushi_model::policy::Name;
use utsushi_model::text::Text;

/// The demand that a finding is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) demand: &'a Demand,
    pub(super) application: &'a Application,
    /// What this part of it reaches.
    pub(super) to: &'a Name,
    /// Members of the group.
    pub(super) members: u32,
    /// Index of the state.
    pub(super) state: usize,
}

/// What is shown of a leg that fails.
struct Shown {
    leg: usize,
    ends: (String, String),
    witness: Option<Packet>,
    hops: Vec<HopRecord>,
    /// Share of the members concerned.
    share: f64,
}

impl About<'_> {
    fn finding(&self, code: Code, shown: Shown) -> Finding {
        let end = shown.hops.last().and_then(|hop| hop.place.clone());
        let place = end.filter(Place::is_somewhere);
        Finding {
            code,
            severity: code.severity(),
            first: self.state,
            last: self.state,
            rule: None,
            subject: Text::same(self.demand.id.as_str()),
            place: place.unwrap_or_else(|| self.demand.place.clone()),
            evidence: Evidence::Demand {
                group: self.demand.group.to_string(),
                application: self.application.label.clone(),
                to: self.to.to_string(),
                leg: shown.leg,
                ends: shown.ends,
                witness: shown.witness,
                hops: shown.hops,
                users: concerned(self.members, shown.share),
            },
        }
    }

    /// The finding on a leg (counted from 1) with a packet that does not get through.
    pub(super) fn lost(
        &self,
        plane: &Plane,
        number: usize,
        leg: &Leg,
        failure: &Failure,
    ) -> Finding {
        let walked = exchange(plane, leg.course.from, failure.packet);
        let (path, code) = match failure.lost {
            Lost::There => {
                let path = worst(&walked.forward, |p| arrives(p, leg, &failure.packet));
                let denied = path.is_some_and(|p| matches!(p.disposition, Disposition::Denied(_)));
                (path, if denied { Code::Blocked } else { Code::NoWay })
            }
            Lost::Back => {
                let wanted = answer(&failure.packet);
                let home = Disposition::Delivered(leg.course.from);
                let back = |p: &Path| p.disposition == home && p.packet == wanted;
                (worst(&walked.answers, back), Code::NoAnswer)
            }
        };
        self.finding(
            code,
            Shown {
                leg: number,
                ends: (leg.from.clone(), leg.to.clone()),
                witness: Some(failure.packet),
                hops: path.map(|p| p.hops.clone()).unwrap_or_default(),
                share: failure.senders,
            },
        )
    }

    /// The finding on a leg whose relay does not carry on what it gets.
    pub(super) fn refused(
        &self,
        plane: &Plane,
        number: usize,
        leg: &Leg,
        (sent, share, no): (Packet, f64, &Relayed),
    ) -> Finding {
        let walked = exchange(plane, leg.course.from, sent);
        let mut hops = walked
            .forward
            .first()
            .map(|p| p.hops.clone())
            .unwrap_or_default();
        if let Relayed::No { rule, place } = no {
            hops.push(HopRecord {
                node: leg.to.clone(),
                stage: Stage::ForwardFilter,
                decision: Decision::Denied,
                rule: (!rule.is_empty()).then(|| rule.clone()),
                place: Some(place.clone()),
            });
        }
        self.finding(
            Code::Blocked,
            Shown {
                leg: number,
                ends: (leg.from.clone(), leg.to.clone()),
                witness: Some(sent),
                hops,
                share,
            },
        )
    }

    /// The finding on a conversation that ends before its target, after `legs` legs.
    pub(super) fn stopped(&self, legs: usize, stop: &Stop) -> Finding {
        let decision = match stop.reason {
            StopReason::Refused => Decision::Denied,
            StopReason::Circle => Decision::Loop,
            StopReason::NoTarget | StopReason::NoAddress => Decision::NoRoute,
        };
        let hop = HopRecord {
            node: stop.at.clone(),
            stage: Stage::Start,
            decision,
            rule: stop.table.clone(),
            place: stop.place.clone(),
        };
        self.finding(
            Code::NoWay,
            Shown {
                leg: legs + 1,
                ends: (stop.at.clone(), stop.next.clone()),
                witness: None,
                hops: vec![hop],
                share: 1.0,
            },
        )
    }
}

/// Members concerned: at least one, however small the share.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a u32 between 0 and 1 is a u32"
)]
fn concerned(members: u32, share: f64) -> u32 {
    let part = (f64::from(members) * share.clamp(0.0, 1.0)).round() as u32;
    part.max(members.min(1))
}

/// Whether a way ends where the leg is meant to end.
fn arrives(path: &Path, leg: &Leg, sent: &Packet) -> bool {
    match path.disposition {
        Disposition::Delivered(to) => path.packet.dst != sent.dst || to == leg.course.to,
        _ => false,
    }
}

/// The first way that does not end well, one without doubts before others.
fn worst(paths: &[Path], well: impl Fn(&Path) -> bool) -> Option<&Path> {
    let bad = || paths.iter().filter(|p| !well(p));
    bad().find(|p| p.certain).or_else(|| bad().next())
}
