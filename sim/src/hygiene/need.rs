//! What demands and requirements need: the headers by which they begin.
//!
//! In: a migration and one of its states. Out: for every segment the headers that its members must be able to
//! send. What can go wrong: the arena of packet sets is full.

use crate::plane::SegmentIx;
use crate::plane::condition::Bound;
use crate::plane::sets::{Sets, intervals};
use crate::replay::conversation::{Conversation, Course};
use crate::space::{Field, Set, SpaceFull};
use crate::verify::ends::members;
use std::collections::{BTreeMap, HashSet};
use utsushi_model::address::AddressRange;
use utsushi_model::migration::{Migration, State};
use utsushi_model::resolve::Resolved;
use utsushi_model::rule::{Flow, Spec};

type Starts = BTreeMap<SegmentIx, Set>;

/// Every leg of every demand, and every flow that must come about.
///
/// # Errors
/// The arena is full.
pub(super) fn starts(
    sets: &mut Sets<'_>,
    migration: &Migration,
    state: &State,
) -> Result<Starts, SpaceFull> {
    let mut starts = Starts::new();
    for course in courses(sets, migration, state) {
        let service = Resolved {
            items: vec![course.service],
            undecided: Vec::new(),
            negated: false,
        };
        let service = sets.service(&service, Bound::May)?;
        let ends = (course.sources.as_slice(), course.targets.as_slice());
        add(sets, &mut starts, course.from, ends, service)?;
    }
    for rule in migration.requirements.rules.iter() {
        if let Spec::MustReach { flow } = &rule.spec
            && migration.covers(&rule.period, state)
        {
            required(sets, &mut starts, flow)?;
        }
    }
    Ok(starts)
}

/// The legs of all demands that exist in the state, each kind once, in their order.
fn courses(sets: &Sets<'_>, migration: &Migration, state: &State) -> Vec<Course> {
    let needs = &migration.requirements;
    let demands = needs
        .demands
        .iter()
        .filter(|d| migration.demanded(d, state));
    let mut seen = HashSet::new();
    let mut asked = HashSet::new();
    let mut out = Vec::new();
    for demand in demands {
        let Some(application) = needs.applications.get(&demand.application) else {
            continue;
        };
        // Demands of a group on one target and service differ in their amounts only.
        if !asked.insert((&demand.group, &demand.to, application.service)) {
            continue;
        }
        // Relays that stand by are needed too.
        let ways = Conversation::all(sets.plane, demand, application);
        for leg in ways.into_iter().flat_map(|way| way.legs) {
            if seen.insert(leg.course.clone()) {
                out.push(leg.course);
            }
        }
    }
    out
}

fn required(sets: &mut Sets<'_>, starts: &mut Starts, flow: &Flow) -> Result<(), SpaceFull> {
    let plane = sets.plane;
    let service = plane.network.service_terms(&flow.services);
    let service = sets.service(&service, Bound::May)?;
    let back = flow.both.then_some((&flow.to, &flow.from));
    for (from, to) in std::iter::once((&flow.from, &flow.to)).chain(back) {
        let targets: Vec<AddressRange> = members(plane, to)
            .into_iter()
            .flat_map(|m| m.addresses)
            .collect();
        for source in members(plane, from) {
            let ends = (source.addresses.as_slice(), targets.as_slice());
            add(sets, starts, source.segment, ends, service)?;
        }
    }
    Ok(())
}

fn add(
    sets: &mut Sets<'_>,
    starts: &mut Starts,
    from: SegmentIx,
    (sources, targets): (&[AddressRange], &[AddressRange]),
    service: Set,
) -> Result<(), SpaceFull> {
    let headers = sets.headers()?;
    let space = &mut sets.space;
    let source = space.field(Field::Src, &intervals(sources))?;
    let target = space.field(Field::Dst, &intervals(targets))?;
    let ends = space.intersection(source, target)?;
    let asked = space.intersection(ends, service)?;
    let set = space.intersection(asked, headers)?;
    let there = starts.entry(from).or_insert(Set::EMPTY);
    *there = space.union(*there, set)?;
    Ok(())
}
