//! The evidence of a finding as JSON: one shape for each kind, told apart by the field `kind`.

use super::gate::Met;
use super::load::{Direction, Feels, Part, Under, Waits, direction, number, parts};
use super::{Header, Hop, somewhere};
use crate::model::demand::ResourceKind;
use crate::model::finding::{
    self, Cause, Idle, LegRecord, LineRecord, ListKind, PacketBox, PacketCount,
};
use crate::model::information::{Carried, Information};
use crate::model::place::Place;
use crate::model::rule::Waypoint;
use crate::wording::Context;
use serde::Serialize;

/// What a finding rests on. The fields are described in `docs/report-schema.md`.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Evidence<'a> {
    Packets {
        violating: &'a [PacketBox],
        left_out: usize,
        witness: Header,
        hops: Vec<Hop<'a>>,
        from: &'a str,
        to: &'a str,
        moment: finding::Moment,
        causes: Vec<Fact<'a>>,
        also: Vec<&'a str>,
        undecided: &'a [String],
    },
    Demand {
        group: &'a str,
        application: &'a str,
        to: &'a str,
        leg: usize,
        ends: [&'a str; 2],
        witness: Option<Header>,
        hops: Vec<Hop<'a>>,
        users: u32,
    },
    Load {
        resource: &'a str,
        resource_kind: ResourceKind,
        direction: Option<Direction<'a>>,
        hour: u8,
        offered: Option<f64>,
        capacity: Option<f64>,
        unit: &'static str,
        utilisation: Option<f64>,
        threshold: Option<f64>,
        by_application: Vec<Part<'a>>,
        circumstance: Under,
        felt: Vec<Feels<'a>>,
    },
    Wait {
        resource: &'a str,
        limit_s: Option<f64>,
        circumstance: Under,
        #[serde(flatten)]
        met: Waits,
    },
    Gate {
        application: &'a str,
        sites: Vec<&'a str>,
        users: u32,
        hop: &'a str,
        hour: u8,
        #[serde(flatten)]
        met: Met<'a>,
    },
    Referrers {
        subject: &'a str,
        before: Vec<String>,
        after: Vec<String>,
        referrers: Vec<Referrer<'a>>,
    },
    Line {
        node: &'a str,
        list: ListKind,
        line: Line<'a>,
        traffic: &'a PacketCount,
        causes: Vec<Line<'a>>,
        by_default: bool,
        idle: Option<Idle>,
        needed: Option<&'a PacketCount>,
    },
    Chain {
        legs: Vec<Leg<'a>>,
        carried: Carried,
        classes: &'a [Information],
        through: &'a [Waypoint],
        also: Vec<&'a str>,
    },
    Facts {
        facts: Vec<Fact<'a>>,
    },
}

/// A line of an ordered list.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    name: &'a str,
    allow: Option<bool>,
    place: Option<&'a Place>,
}

impl<'a> From<&'a LineRecord> for Line<'a> {
    fn from(line: &'a LineRecord) -> Self {
        Self {
            name: &line.name,
            allow: line.allow,
            place: somewhere(Some(&line.place)),
        }
    }
}

/// One leg of a chain.
#[derive(Debug, Serialize)]
pub(super) struct Leg<'a> {
    from: &'a str,
    to: &'a str,
    pushed: bool,
    witness: Header,
    relay: Option<&'a str>,
    carries: Carried,
    rule: Option<&'a str>,
    place: Option<&'a Place>,
}

impl<'a> From<&'a LegRecord> for Leg<'a> {
    fn from(leg: &'a LegRecord) -> Self {
        Self {
            from: &leg.from,
            to: &leg.to,
            pushed: leg.pushed,
            witness: (&leg.witness).into(),
            relay: leg.relay.as_deref(),
            carries: leg.carries,
            rule: leg.rule.as_deref(),
            place: somewhere(leg.place.as_ref()),
        }
    }
}

/// A fact in words and where it is written.
#[derive(Debug, Serialize)]
pub(super) struct Fact<'a> {
    text: &'a str,
    place: Option<&'a Place>,
}

/// Who holds a literal address.
#[derive(Debug, Serialize)]
pub(super) struct Referrer<'a> {
    holder: &'a str,
    address: String,
    place: Option<&'a Place>,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(evidence: &'a finding::Evidence, context: &Context<'a>) -> Self {
        match evidence {
            finding::Evidence::Packets {
                violating,
                left_out,
                witness,
                hops,
                from,
                to,
                moment,
                causes,
                also,
                undecided,
            } => Self::Packets {
                moment: *moment,
                violating,
                left_out: *left_out,
                witness: witness.into(),
                hops: hops.iter().map(Hop::from).collect(),
                from,
                to,
                causes: facts(causes, context),
                also: also.iter().map(|id| id.as_str()).collect(),
                undecided,
            },
            finding::Evidence::Demand {
                group,
                application,
                to,
                leg,
                ends,
                witness,
                hops,
                users,
            } => Self::Demand {
                group,
                application: application.get(context.lang),
                to,
                leg: *leg,
                ends: [&ends.0, &ends.1],
                witness: witness.as_ref().map(Header::from),
                hops: hops.iter().map(Hop::from).collect(),
                users: *users,
            },
            finding::Evidence::Load {
                resource,
                resource_kind,
                direction: ends,
                hour,
                offered,
                capacity,
                utilisation,
                threshold,
                parts: applications,
                circumstance,
                felt,
            } => Self::Load {
                resource,
                resource_kind: *resource_kind,
                direction: direction(ends.as_ref()),
                hour: *hour,
                offered: number(*offered),
                capacity: number(*capacity),
                unit: resource_kind.unit(),
                utilisation: number(utilisation.get()),
                threshold: number(threshold.get()),
                by_application: parts(applications, context),
                circumstance: circumstance.into(),
                felt: felt.iter().map(|f| Feels::new(f, context)).collect(),
            },
            finding::Evidence::Wait {
                resource,
                met,
                limit,
                circumstance,
            } => Self::Wait {
                resource,
                limit_s: number(limit.get()),
                circumstance: circumstance.into(),
                met: met.into(),
            },
            finding::Evidence::Gate {
                application,
                sites,
                users,
                hop,
                hour,
                met,
            } => Self::Gate {
                application: application.get(context.lang),
                sites: sites.iter().map(|s| s.get(context.lang)).collect(),
                users: *users,
                hop,
                hour: *hour,
                met: met.into(),
            },
            finding::Evidence::Referrers {
                subject,
                before,
                after,
                referrers,
            } => Self::Referrers {
                subject,
                before: before.iter().map(ToString::to_string).collect(),
                after: after.iter().map(ToString::to_string).collect(),
                referrers: referrers.iter().map(|r| referrer(r, context)).collect(),
            },
            finding::Evidence::Line {
                node,
                list,
                line,
                traffic,
                causes,
                by_default,
                idle,
                needed,
            } => Self::Line {
                node,
                list: *list,
                line: line.into(),
                traffic,
                causes: causes.iter().map(Line::from).collect(),
                by_default: *by_default,
                idle: *idle,
                needed: needed.as_ref(),
            },
            finding::Evidence::Chain {
                legs,
                carried,
                classes,
                through,
                also,
            } => Self::Chain {
                legs: legs.iter().map(Leg::from).collect(),
                carried: *carried,
                classes,
                through,
                also: also.iter().map(|id| id.as_str()).collect(),
            },
            finding::Evidence::Facts { facts: list } => Self::Facts {
                facts: facts(list, context),
            },
        }
    }
}

fn facts<'a>(causes: &'a [Cause], context: &Context<'a>) -> Vec<Fact<'a>> {
    let fact = |c: &'a Cause| Fact {
        text: c.what.get(context.lang),
        place: somewhere(Some(&c.place)),
    };
    causes.iter().map(fact).collect()
}

fn referrer<'a>(r: &'a finding::Referrer, context: &Context<'a>) -> Referrer<'a> {
    Referrer {
        holder: r.holder.get(context.lang),
        address: r.address.to_string(),
        place: somewhere(Some(&r.place)),
    }
}
