//! Why a breach shows in a state and not before; and the exceptions that a relabelling turned into
//! breaches (I-MN-12).
//!
//! A rule of a device that let a packet pass before the step, when that was allowed, lets it pass after
//! it too. If the step gave the segment at one end another zone without changing its addresses, the rule
//! silently became a path between zones that must be apart.

use super::ends::{Members, members, role};
use super::judge::{Breach, Judge, directions};
use crate::plane::trace::{Disposition, trace};
use crate::plane::{Plane, SegmentIx};
use utsushi_model::change::{Change, Verb};
use utsushi_model::finding::{Cause, Code, Evidence, Packet};
use utsushi_model::id::Id;
use utsushi_model::migration::{Migration, State, Step};
use utsushi_model::network::{Network, SegmentId, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::report::Verdict;
use utsushi_model::rule::{Flow, Rule, Spec};
use utsushi_model::service::Service;
use utsushi_model::text::Text;

/// What the steps so far did that bears on a breach: relabelled an end, added a deciding rule.
pub(super) fn causes(
    judge: &Judge<'_>,
    rule: &Rule,
    deciding: &[(String, Place)],
    (from, to): (SegmentIx, SegmentIx),
    witness: &Packet,
) -> Vec<Cause> {
    let plane = judge.may.sets.plane;
    let ends = [&plane.segments[from.0].id, &plane.segments[to.0].id];
    let mut out = Vec::new();
    for step in &judge.migration.steps[..judge.state.index] {
        for change in &step.changes {
            if let Some(what) = bears_on(change, &ends, deciding, step, &judge.state.network) {
                out.push(Cause {
                    what,
                    place: change.place.clone(),
                });
            }
        }
    }
    out.extend(expired(judge, rule, (from, to), witness));
    out
}

fn bears_on(
    change: &Change,
    ends: &[&SegmentId; 2],
    deciding: &[(String, Place)],
    step: &Step,
    network: &Network,
) -> Option<Text> {
    let Text { ja, en } = step.words();
    match &change.verb {
        Verb::Relabel(segment, zone) if ends.contains(&segment) => {
            let zone = network
                .zones
                .get(zone)
                .map(|z| z.label.clone())
                .unwrap_or_default();
            Some(Text::new(
                format!(
                    "{ja}でセグメント `{segment}` は「{}」になったが、アドレスは変わっていない",
                    zone.ja
                ),
                format!(
                    "segment `{segment}` became `{}` in {en}; its addresses did not change",
                    zone.en
                ),
            ))
        }
        Verb::AddRule(_, rule, _) | Verb::ReplaceRule(_, rule)
            if deciding.iter().any(|(_, place)| *place == rule.place) =>
        {
            Some(Text::new(
                format!("{ja}でルール `{}` が置かれた", rule.name),
                format!("{en} put rule `{}` there", rule.name),
            ))
        }
        _ => None,
    }
}

/// Exceptions from the rule that have run out.
fn expired<'j>(
    judge: &'j Judge<'_>,
    rule: &'j Rule,
    ends: (SegmentIx, SegmentIx),
    witness: &'j Packet,
) -> impl Iterator<Item = Cause> + 'j {
    let exceptions = judge.migration.requirements.exceptions.iter();
    let own = exceptions.filter(|e| e.rules.contains(&rule.id));
    own.filter(|e| e.until.is_some_and(|day| day < judge.state.date))
        .filter(move |e| speaks_of(judge.may.sets.plane, &e.flow, ends, witness))
        .map(|e| {
            let until = e.until.map(|d| d.to_string()).unwrap_or_default();
            Cause {
                what: Text::new(
                    format!("例外 `{}` は {until} で期限が切れている", e.id),
                    format!("exception `{}` ran out on {until}", e.id),
                ),
                place: e.place.clone(),
            }
        })
}

/// Whether a flow holds a packet between two segments: its source as it was sent, the rest as it arrived.
fn speaks_of(
    plane: &Plane,
    flow: &Flow,
    (from, to): (SegmentIx, SegmentIx),
    packet: &Packet,
) -> bool {
    let services = plane.network.service_terms(&flow.services);
    let matches = |s: &Service| s.matches(packet.protocol, packet.src_port, packet.dst_port);
    if services.items.iter().any(matches) == services.negated {
        return false;
    }
    directions(flow).any(|(source, target)| {
        let sends =
            |m: &Members| m.segment == from && m.addresses.iter().any(|r| r.contains(packet.src));
        members(plane, source).iter().any(sends)
            && members(plane, target)
                .iter()
                .any(|m| m.segment == to && m.addresses.iter().any(|r| r.contains(packet.dst)))
    })
}

/// Turns breaches that are stale exceptions of a protected role into findings of their own kind.
pub(super) fn explain(judge: &Judge<'_>, rules: &[&Rule], breaches: &mut [Breach]) {
    let guards: Vec<(&Rule, ZoneRole)> = rules
        .iter()
        .filter_map(|r| match r.spec {
            Spec::NoStaleException { role } => Some((*r, role)),
            _ => None,
        })
        .collect();
    for breach in breaches
        .iter_mut()
        .filter(|b| b.finding.code == Code::Forbidden && b.verdict == Verdict::Broken)
    {
        for (guard, role) in &guards {
            if is_stale(judge.migration, judge, judge.state, breach, *role) {
                restate(breach, guard);
                break;
            }
        }
    }
}

fn restate(breach: &mut Breach, guard: &Rule) {
    if let Evidence::Packets { also, .. } = &mut breach.finding.evidence {
        also.extend(breach.finding.rule.take());
    }
    breach.finding.code = Code::StaleException;
    breach.finding.rule = Some(guard.id.clone());
    breach.rules.push(guard.id.clone());
}

/// Whether a step relabelled one end of the breach, and the same packet passed before it.
fn is_stale(
    migration: &Migration,
    judge: &Judge<'_>,
    state: &State,
    breach: &Breach,
    guarded: ZoneRole,
) -> bool {
    let Evidence::Packets {
        from, to, witness, ..
    } = &breach.finding.evidence
    else {
        return false;
    };
    let ends: [SegmentId; 2] = [Id::new(from.as_str()), Id::new(to.as_str())];
    let touches = |network: &Network| {
        let roles = ends
            .iter()
            .filter_map(|id| network.segments.get(id))
            .filter_map(|s| role(network, s));
        roles.into_iter().any(|r| r == guarded)
    };
    if !touches(&state.network) {
        return false;
    }
    (1..=state.index).any(|now| {
        let (before, after) = (&migration.states[now - 1], &migration.states[now]);
        let relabelled = ends.iter().any(|id| {
            let zone = |state: &State| state.network.segments.get(id).map(|s| s.zone.clone());
            matches!((zone(before), zone(after)), (Some(old), Some(new)) if old != new)
        });
        relabelled && passed(judge, now - 1, &ends[0], witness)
    })
}

fn passed(judge: &Judge<'_>, state: usize, from: &SegmentId, witness: &Packet) -> bool {
    let plane = judge.planes[state];
    plane.segment(from).is_some_and(|segment| {
        trace(plane, segment, *witness)
            .iter()
            .any(|p| matches!(p.disposition, Disposition::Delivered(_)))
    })
}
