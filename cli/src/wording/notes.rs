//! Evidence as notes, in the order in which a reader asks: which packet, which way, which rule, why now.

use super::amount::{quantity, shows};
use super::way::{any_source, extent, packet, stations};
use super::who::short;
use super::{Context, Label, Note, provenance, remedy};
use crate::model::address::AddressRange;
use crate::model::finding::{
    Cause, Code, Evidence, Finding, HopRecord, LegRecord, LoadPart, Packet, PacketBox, Referrer,
};
use crate::model::place::Place;
use crate::model::rule::{Provenance, RuleId};

/// Boxes printed in a text report; the JSON report holds all of them.
const BOXES: usize = 4;

/// Holders of an old address printed in a text report.
const HOLDERS: usize = 12;

/// Every note of a finding, the way out last.
pub(super) fn notes(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    let mut notes = evidence(finding, context);
    if let Some(id) = &finding.rule {
        let at = notes
            .iter()
            .position(|n| n.label == Label::WhyNow)
            .unwrap_or(notes.len());
        notes.insert(at, rule(id, context));
    }
    notes.extend(
        remedy::remedy(finding, context)
            .into_iter()
            .map(|text| Note {
                label: Label::Try,
                text,
                place: None,
            }),
    );
    notes
}

fn note(label: Label, text: String) -> Note {
    Note {
        label,
        text,
        place: None,
    }
}

fn at(label: Label, text: String, place: &Place) -> Note {
    let place = place.is_somewhere().then(|| place.clone());
    Note { label, text, place }
}

fn evidence(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    match &finding.evidence {
        Evidence::Packets { .. } => packets(finding, context),
        Evidence::Demand {
            ends,
            leg,
            to,
            witness,
            hops,
            ..
        } => {
            let mut notes = Vec::new();
            notes.extend(
                witness
                    .iter()
                    .map(|w| note(Label::Packet, packet(w, w.src_port == 0))),
            );
            if !hops.is_empty() {
                notes.push(note(
                    Label::Way,
                    way(finding, context, witness.as_ref(), hops),
                ));
            }
            let (from, until) = ends;
            notes.push(note(
                Label::Fact,
                context.pick(
                    format!("宛先 `{to}`、区間{leg}は `{from}` → `{until}`"),
                    format!("bound for `{to}`; leg {leg} is `{from}` → `{until}`"),
                ),
            ));
            notes
        }
        Evidence::Load {
            resource_kind,
            offered,
            parts,
            felt,
            ..
        } => {
            let line = |p: &LoadPart| {
                format!(
                    "{} {}",
                    p.application.get(context.lang),
                    quantity(*resource_kind, p.offered, context.lang)
                )
            };
            let list: Vec<_> = parts
                .iter()
                .filter(|p| shows(p, *offered))
                .map(line)
                .collect();
            let mut notes = Vec::new();
            if !list.is_empty() {
                notes.push(note(Label::Parts, list.join(context.pick("、", ", "))));
            }
            notes.extend(super::felt::note(felt, context));
            notes
        }
        Evidence::Wait { .. } => super::wait::notes(finding, context),
        Evidence::Gate { .. } => super::gate::notes(finding, context),
        Evidence::Referrers {
            before,
            after,
            referrers,
            ..
        } => holders(context, before, after, referrers),
        Evidence::Line { .. } => super::line::notes(finding, context),
        Evidence::Chain { legs, also, .. } => chain(legs, also, context),
        Evidence::Facts { facts } => causes(Label::Fact, facts, context),
    }
}

fn chain(legs: &[LegRecord], also: &[RuleId], context: &Context<'_>) -> Vec<Note> {
    let nowhere = Place::nowhere();
    let line = |(i, leg): (usize, &LegRecord)| {
        let text = super::leg(i, leg, context.lang);
        at(Label::Leg, text, leg.place.as_ref().unwrap_or(&nowhere))
    };
    let mut notes: Vec<Note> = legs.iter().enumerate().map(line).collect();
    if !also.is_empty() {
        let ids: Vec<_> = also.iter().map(RuleId::as_str).collect();
        notes.push(note(Label::Also, ids.join(context.pick("、", ", "))));
    }
    notes
}

fn packets(finding: &Finding, context: &Context<'_>) -> Vec<Note> {
    let Evidence::Packets {
        violating,
        left_out,
        witness,
        hops,
        causes: why,
        also,
        undecided,
        ..
    } = &finding.evidence
    else {
        return Vec::new();
    };
    let mut notes = vec![note(
        Label::Packet,
        packet(witness, any_source(witness, violating)),
    )];
    if violating.len() > 1 || violating.iter().any(is_many) {
        notes.push(note(Label::Extent, boxes(violating, *left_out, context)));
    }
    notes.push(note(Label::Way, way(finding, context, Some(witness), hops)));
    if !undecided.is_empty() {
        notes.push(note(Label::Open, undecided.join(context.pick("、", ", "))));
    }
    if !also.is_empty() {
        let ids: Vec<_> = also.iter().map(RuleId::as_str).collect();
        notes.push(note(Label::Also, ids.join(context.pick("、", ", "))));
    }
    notes.extend(causes(Label::WhyNow, why, context));
    notes
}

/// The way of a witness, with the names of the hosts at its ends.
fn way(
    finding: &Finding,
    context: &Context<'_>,
    witness: Option<&Packet>,
    hops: &[HopRecord],
) -> String {
    let network = context.state(finding).map(|state| &state.network);
    let name = |address| network.and_then(|network| short(network, address));
    let (src, dst) = witness.map_or((None, None), |w| (name(w.src), name(w.dst)));
    // The way of an answer leads from the receiver to the sender.
    let ends = if finding.code == Code::NoAnswer {
        (dst, src)
    } else {
        (src, dst)
    };
    stations(context, hops, ends)
}

/// Whether a box says more than the smallest packet does.
fn is_many(b: &PacketBox) -> bool {
    let wide = |r: &AddressRange| r.size() > 1;
    b.src.len() > 1
        || b.dst.len() > 1
        || b.src.iter().any(wide)
        || b.dst.iter().any(wide)
        || b.protocol.len() > 1
        || b.protocol.iter().any(|p| p.first != p.last)
        || b.dst_ports.len() > 1
        || b.dst_ports.iter().any(|p| p.first != p.last)
}

pub(super) fn boxes(violating: &[PacketBox], left_out: usize, context: &Context<'_>) -> String {
    let mut text = violating
        .iter()
        .take(BOXES)
        .map(extent)
        .collect::<Vec<_>>()
        .join("\n");
    let more = violating.len().saturating_sub(BOXES) + left_out;
    if more > 0 {
        let rest = context.pick(
            format!("\n他に{more}件（`--format json` に全件）"),
            format!("\nand {more} more (all of them in `--format json`)"),
        );
        text.push_str(&rest);
    }
    text
}

fn holders(
    context: &Context<'_>,
    before: &[AddressRange],
    after: &[AddressRange],
    referrers: &[Referrer],
) -> Vec<Note> {
    let list = |ranges: &[AddressRange]| {
        ranges
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut notes = vec![note(
        Label::Fact,
        format!("{} → {}", list(before), list(after)),
    )];
    let line = |r: &Referrer| {
        let holder = r.holder.get(context.lang);
        at(
            Label::Holder,
            context.pick(
                format!("{holder}：{}", r.address),
                format!("{holder}: {}", r.address),
            ),
            &r.place,
        )
    };
    notes.extend(referrers.iter().take(HOLDERS).map(line));
    let more = referrers.len().saturating_sub(HOLDERS);
    if more > 0 {
        notes.push(note(
            Label::Holder,
            context.pick(format!("他に{more}件"), format!("and {more} more")),
        ));
    }
    notes
}

fn causes(label: Label, causes: &[Cause], context: &Context<'_>) -> Vec<Note> {
    causes
        .iter()
        .map(|c| at(label, c.what.get(context.lang).to_owned(), &c.place))
        .collect()
}

fn rule(id: &RuleId, context: &Context<'_>) -> Note {
    let Some(rule) = context.requirements.rules.get(id) else {
        return note(Label::Rule, id.to_string());
    };
    let mut text = context.pick(
        format!("{id} {}", rule.label.ja),
        format!("{id}, {}", rule.label.en),
    );
    if rule.provenance != Provenance::Sourced {
        let doubt = provenance(rule.provenance, context.lang);
        text.push_str(&context.pick(format!("［{doubt}］"), format!(" [{doubt}]")));
    }
    at(Label::Rule, text, &rule.place)
}
