//! From violating sets to findings: one finding for each set of deciding rules, with its smallest packet
//! and that packet's way.

use super::judge::{Breach, Found, Judge, Part};
use crate::plane::boxes::{MOST_BOXES, believable, boxes};
use crate::plane::condition::Bound;
use crate::plane::trace::{Disposition, Path, exchange};
use crate::plane::{Plane, SegmentIx};
use crate::space::{Set, SpaceFull};
use utsushi_model::address::AddressRange;
use utsushi_model::finding::{
    Code, Decision, Evidence, Finding, HopRecord, Moment, Packet, Severity,
};
use utsushi_model::place::Place;
use utsushi_model::report::Verdict;
use utsushi_model::resolve::Resolved;
use utsushi_model::rule::{Level, Rule, Spec, Through};
use utsushi_model::text::Text;

/// No rule in one state is told apart into more findings than this; the last one holds all the rest.
const MOST_FINDINGS: usize = 32;

/// Makes findings of what was found, and appends them to the judge's breaches.
pub(super) fn breaches(
    judge: &mut Judge<'_>,
    rule: &Rule,
    code: Code,
    found: Found,
) -> Result<(), SpaceFull> {
    let mut rest = found.parts;
    for round in 0..MOST_FINDINGS {
        let Some(first) = rest.iter().find(|p| p.set != Set::EMPTY) else {
            break;
        };
        let (from, to) = (first.from.segment, first.to.segment);
        let Some(witness) = witness(judge, first)? else {
            break;
        };
        let (path, deciding) = way(judge, rule, code, from, &witness);
        let last = round + 1 == MOST_FINDINGS;
        let taken = if last {
            None
        } else {
            attributed(judge, path.as_ref())?
        };
        let mut violating = Set::EMPTY;
        for part in &mut rest {
            let mine = match taken {
                Some(taken) => judge.may.sets.space.intersection(part.set, taken)?,
                None => part.set,
            };
            violating = judge.may.sets.space.union(violating, mine)?;
            part.set = judge.may.sets.space.difference(part.set, mine)?;
        }
        let certain = is_certain(judge, found.certain.as_deref(), violating)?;
        let finding = finding(
            judge,
            rule,
            code,
            Story {
                from,
                to,
                witness,
                path,
                deciding,
                violating,
                certain,
            },
        );
        judge.breaches.push(Breach {
            rules: vec![rule.id.clone()],
            verdict: if certain {
                Verdict::Broken
            } else {
                Verdict::Undetermined
            },
            packets: violating,
            finding,
        });
    }
    Ok(())
}

/// Whether any of the set breaks the rule for certain.
fn is_certain(
    judge: &mut Judge<'_>,
    certain: Option<&[Part]>,
    set: Set,
) -> Result<bool, SpaceFull> {
    let Some(parts) = certain else {
        return Ok(true);
    };
    for part in parts {
        if judge.may.sets.space.intersection(part.set, set)? != Set::EMPTY {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The smallest packet of a part that a person would believe.
fn witness(judge: &mut Judge<'_>, part: &Part) -> Result<Option<Packet>, SpaceFull> {
    let plane = judge.may.sets.plane;
    let prefixes: Vec<AddressRange> = [part.from.segment, part.to.segment]
        .iter()
        .flat_map(|s| plane.segments[s.0].prefixes.iter().copied())
        .collect();
    believable(&mut judge.may.sets.space, part.set, &prefixes)
}

/// The way that shows the breach, and the rules that decided on it.
fn way(
    judge: &Judge<'_>,
    rule: &Rule,
    code: Code,
    from: SegmentIx,
    witness: &Packet,
) -> (Option<Path>, Vec<(String, Place)>) {
    let exchange = exchange(judge.may.sets.plane, from, *witness);
    let arrived = |p: &&Path| matches!(p.disposition, Disposition::Delivered(_));
    let path = match code {
        Code::Unreached => {
            let lost = exchange.forward.iter().find(|p| !arrived(p));
            let unanswered = || exchange.answers.iter().find(|p| !exchange.comes_home(p));
            let mut all = exchange.forward.iter().chain(&exchange.answers);
            lost.or_else(unanswered)
                .or_else(|| all.find(|p| !p.certain))
        }
        _ => exchange
            .forward
            .iter()
            .find(|p| arrived(p) && bypasses(judge, rule, p)),
    };
    let deciding = path.map(|p| deciding(&p.hops)).unwrap_or_default();
    (path.cloned(), deciding)
}

/// Whether a way passes none of the waypoints that a rule asks for; true for rules that ask for none.
fn bypasses(judge: &Judge<'_>, rule: &Rule, path: &Path) -> bool {
    let Spec::OnlyThrough { through, .. } = &rule.spec else {
        return true;
    };
    let nodes = &judge.may.sets.plane.nodes;
    !path
        .nodes
        .iter()
        .map(|n| &nodes[n.0])
        .any(|node| match through {
            Through::Kind(word) => node.kind == &**word,
            Through::Node(id) => node.id == *id,
        })
}

/// The named rules that let a packet pass, or stopped it.
fn deciding(hops: &[HopRecord]) -> Vec<(String, Place)> {
    let decided = |h: &&HopRecord| {
        matches!(
            h.decision,
            Decision::Allowed | Decision::Denied | Decision::Undecided
        )
    };
    hops.iter()
        .filter(decided)
        .filter_map(|h| match (&h.rule, &h.place) {
            (Some(rule), Some(place)) if !rule.is_empty() => Some((rule.clone(), place.clone())),
            _ => None,
        })
        .collect()
}

/// The place of the deciding rule that speaks of the fewest addresses, the last of equals: a provider's
/// rule for everybody lets much pass, but it is the rule for these hosts that a body can narrow.
fn narrowest(plane: &Plane, deciding: &[(String, Place)]) -> Option<Place> {
    let size = |set: &Resolved<AddressRange>| match set.negated {
        true => f64::INFINITY,
        #[expect(
            clippy::cast_precision_loss,
            reason = "sizes are only compared, and a bit more or less does not matter"
        )]
        false => set.items.iter().map(|r| r.size() as f64).sum(),
    };
    let breadth = |place: &Place| {
        let mut rules = plane.filters.iter().flat_map(|f| f.all_rules());
        let rule = rules.find(|r| r.place == *place);
        rule.map_or(f64::INFINITY, |r| {
            size(&r.condition.source).max(1.0) * size(&r.condition.destination).max(1.0)
        })
    };
    let places = deciding.iter().rev().map(|(_, place)| place);
    places
        .min_by(|a, b| breadth(a).total_cmp(&breadth(b)))
        .cloned()
}

/// The packets that match every rule that decided before the header was translated; `None` if none did,
/// which stands for all. Rules behind a translation speak of headers that were never sent; the packet
/// that was walked always matches the others, so something is taken each time.
fn attributed(judge: &mut Judge<'_>, path: Option<&Path>) -> Result<Option<Set>, SpaceFull> {
    let hops = path.map(|p| p.hops.as_slice()).unwrap_or_default();
    let plane = judge.may.sets.plane;
    let mut taken: Option<Set> = None;
    for (name, place) in deciding(as_sent(hops)) {
        let rules = plane.filters.iter().flat_map(|f| f.all_rules());
        let Some(rule) = rules
            .into_iter()
            .find(|r| *r.name == *name && r.place == place)
        else {
            continue;
        };
        let set = judge.may.sets.condition(&rule.condition, Bound::May)?;
        taken = Some(match taken {
            Some(there) => judge.may.sets.space.intersection(there, set)?,
            None => set,
        });
    }
    Ok(taken)
}

/// The part of a way on which the header is as it was sent.
fn as_sent(hops: &[HopRecord]) -> &[HopRecord] {
    let rewritten = |h: &HopRecord| matches!(h.decision, Decision::Rewritten(_));
    let until = hops.iter().position(rewritten).unwrap_or(hops.len());
    &hops[..until]
}

struct Story {
    from: SegmentIx,
    to: SegmentIx,
    witness: Packet,
    path: Option<Path>,
    deciding: Vec<(String, Place)>,
    violating: Set,
    certain: bool,
}

fn finding(judge: &Judge<'_>, rule: &Rule, code: Code, story: Story) -> Finding {
    let plane = judge.may.sets.plane;
    let name = |s: SegmentIx| plane.segments[s.0].id.to_string();
    let (violating, left_out) = boxes(&judge.may.sets.space, story.violating, MOST_BOXES);
    let label = |s: SegmentIx| {
        plane
            .network
            .segments
            .get(&plane.segments[s.0].id)
            .map(|s| s.label.clone())
            .unwrap_or_default()
    };
    let (from, to) = (label(story.from), label(story.to));
    let segment_place = || {
        plane
            .network
            .segments
            .get(&plane.segments[story.from.0].id)
            .map(|s| s.place.clone())
    };
    let stop = || {
        let hops = story.path.iter().flat_map(|p| p.hops.iter().rev());
        let mut places = hops.filter_map(|h| h.place.clone());
        (code == Code::Unreached).then(|| places.next()).flatten()
    };
    let rule_place = || narrowest(plane, &story.deciding);
    let place = stop().or_else(rule_place).or_else(segment_place);
    let arrived = Packet {
        src: story.witness.src,
        ..story.path.as_ref().map_or(story.witness, |p| p.packet)
    };
    let ends = (story.from, story.to);
    let causes = super::stale::causes(judge, rule, &story.deciding, ends, &arrived);
    Finding {
        code: if story.certain {
            code
        } else {
            Code::Undetermined
        },
        severity: severity(rule, story.certain),
        first: judge.state.index,
        last: judge.state.index,
        rule: Some(rule.id.clone()),
        subject: Text::new(
            format!("{} → {}", from.ja, to.ja),
            format!("{} → {}", from.en, to.en),
        ),
        place: place.unwrap_or_else(Place::nowhere),
        evidence: Evidence::Packets {
            moment: Moment::Standing,
            violating,
            left_out,
            witness: story.witness,
            undecided: undecided(plane, story.path.as_ref()),
            hops: story.path.map(|p| p.hops).unwrap_or_default(),
            from: name(story.from),
            to: name(story.to),
            causes,
            also: Vec::new(),
        },
    }
}

/// The conditions on the way that cannot be judged offline.
fn undecided(plane: &Plane, path: Option<&Path>) -> Vec<String> {
    let Some(path) = path.filter(|p| !p.certain) else {
        return Vec::new();
    };
    let doubtful = path
        .hops
        .iter()
        .filter(|h| h.decision == Decision::Undecided)
        .filter_map(|h| h.place.as_ref());
    let mut names: Vec<String> = doubtful
        .flat_map(|place| {
            plane
                .filters
                .iter()
                .flat_map(|f| f.all_rules())
                .filter(move |r| r.place == *place)
        })
        .flat_map(|r| r.condition.doubts().map(ToString::to_string))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn severity(rule: &Rule, certain: bool) -> Severity {
    match (rule.level, certain) {
        (Level::Must, true) => Severity::Error,
        (Level::Advice, _) => Severity::Note,
        (Level::Must | Level::Should, _) => Severity::Warning,
    }
}
