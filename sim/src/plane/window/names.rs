//! What names, members and conditions mean over a window, as sets of points.
//!
//! Goes in: configured sets of addresses and services, segments, regions. Comes out: sets whose points are
//! headers in states; [`utsushi_model::resolve`] says the same of one state. What can go wrong: the
//! arena is full.

use super::super::condition::{Bound, Condition};
use super::super::sets::{Sets, intervals};
use super::super::{PortIx, SegmentIx};
use super::region::{Region, When};
use super::{Lifted, Window};
use crate::space::{Field, Set, SpaceFull};
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::id::Id;
use utsushi_model::network::{Segment, ZoneId, ZoneRole};
use utsushi_model::policy::{AddressTerm, Addresses, Name, ServiceTerm, Services};
use utsushi_model::resolve::merged;

/// Objects nested deeper mean nothing, as in [`utsushi_model::resolve`].
const NESTING: u32 = 32;

/// What a set holds for certain, and the points at which it perhaps holds anything.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    /// Decided members.
    pub items: Set,
    /// Where members cannot be judged offline.
    pub doubt: Set,
}

impl Meaning {
    /// What hangs on no doubt.
    const fn certain(items: Set) -> Self {
        Self {
            items,
            doubt: Set::EMPTY,
        }
    }
}

const NOTHING: Meaning = Meaning {
    items: Set::EMPTY,
    doubt: Set::EMPTY,
};

impl<'p> Sets<'p> {
    /// The states of a union of regions.
    ///
    /// # Errors
    /// The arena is full.
    pub fn when(&mut self, when: &When) -> Result<Set, SpaceFull> {
        let mut parts = Vec::with_capacity(when.len());
        for region in when {
            parts.push(self.region(region)?);
        }
        self.space.union_all(&parts)
    }

    /// The states of a region.
    ///
    /// # Errors
    /// The arena is full.
    pub fn region(&mut self, region: &Region) -> Result<Set, SpaceFull> {
        let mut all = Set::FULL;
        for (axis, stretch) in region {
            let one = self.space.axis(*axis, &[*stretch])?;
            all = self.space.intersection(all, one)?;
        }
        Ok(all)
    }

    /// The states in which an interface is there.
    pub(in super::super) fn present(&mut self, port: PortIx) -> Result<Set, SpaceFull> {
        match self.window.and_then(|w| w.present.get(&port)) {
            Some(when) => self.when(when),
            None => Ok(Set::FULL),
        }
    }

    pub(super) fn ranges(
        &mut self,
        field: Field,
        ranges: &[AddressRange],
    ) -> Result<Set, SpaceFull> {
        self.space.field(field, &intervals(ranges))
    }

    /// The addresses of the members of a segment, where they differ between states.
    pub(in super::super) fn members_over(
        &mut self,
        segment: SegmentIx,
        field: Field,
    ) -> Result<Option<Set>, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(None);
        };
        let plane = self.plane;
        let id = &plane.segments[segment.0].id;
        let network = &plane.network;
        let external = network.segments.get(id).is_some_and(|s| s.external);
        let differs = window.versions.segments.contains_key(id) || external && window.moving;
        if !differs {
            return Ok(None);
        }
        let mut all = Set::EMPTY;
        for (version, region) in window.versions.segment(network, id) {
            let Some(version) = version else { continue };
            let own = self.own(window, &version, field)?;
            let here = self.region(&region)?;
            let here = self.space.intersection(own, here)?;
            all = self.space.union(all, here)?;
        }
        Ok(Some(all))
    }

    /// The addresses of one version of a segment.
    fn own(&mut self, window: &Window, segment: &Segment, field: Field) -> Result<Set, SpaceFull> {
        let prefixes: Vec<AddressRange> =
            segment.prefixes.iter().map(AddressRange::prefix).collect();
        let mut own = self.ranges(field, &prefixes)?;
        if !segment.external {
            return Ok(own);
        }
        let network = &self.plane.network;
        let mut announced = Vec::new();
        for node in network.nodes.iter() {
            let of = node
                .forwarding
                .originates
                .iter()
                .map(|(_, p)| AddressRange::prefix(p));
            announced.extend(of.filter(|p| !prefixes.contains(p)));
        }
        let announced = self.ranges(field, &merged(announced))?;
        own = self.space.difference(own, announced)?;
        for other in network.segments.iter().filter(|s| s.id != segment.id) {
            for (version, region) in window.versions.segment(network, &other.id) {
                let Some(version) = version.filter(|v| !v.external) else {
                    continue;
                };
                let ranges: Vec<AddressRange> =
                    version.prefixes.iter().map(AddressRange::prefix).collect();
                let claimed = self.ranges(field, &ranges)?;
                let here = self.region(&region)?;
                let claimed = self.space.intersection(claimed, here)?;
                own = self.space.difference(own, claimed)?;
            }
        }
        Ok(own)
    }

    /// What a configured set of addresses means, not yet negated.
    ///
    /// # Errors
    /// The arena is full.
    pub fn meaning(&mut self, set: &Addresses, field: Field) -> Result<Meaning, SpaceFull> {
        self.terms(set, field, 0)
    }

    fn terms(&mut self, set: &Addresses, field: Field, depth: u32) -> Result<Meaning, SpaceFull> {
        let mut all = NOTHING;
        let mut ranges = Vec::new();
        for term in &set.terms {
            match term {
                AddressTerm::Any => all.items = Set::FULL,
                AddressTerm::Range(range) => ranges.push(*range),
                AddressTerm::HostName(_) => all.doubt = Set::FULL,
                AddressTerm::Named(name) => {
                    let named = self.named(name, field, depth)?;
                    all = self.joined(all, named)?;
                }
            }
        }
        let ranges = self.ranges(field, &merged(ranges))?;
        all.items = self.space.union(all.items, ranges)?;
        Ok(all)
    }

    fn joined(&mut self, a: Meaning, b: Meaning) -> Result<Meaning, SpaceFull> {
        Ok(Meaning {
            items: self.space.union(a.items, b.items)?,
            doubt: self.space.union(a.doubt, b.doubt)?,
        })
    }

    fn there(&mut self, a: Meaning, states: Set) -> Result<Meaning, SpaceFull> {
        Ok(Meaning {
            items: self.space.intersection(a.items, states)?,
            doubt: self.space.intersection(a.doubt, states)?,
        })
    }

    /// What a name means: in each state the one thing that bears it there.
    ///
    /// # Errors
    /// The arena is full.
    pub fn named(&mut self, name: &Name, field: Field, depth: u32) -> Result<Meaning, SpaceFull> {
        if let Some(known) = self.meanings.get(&(Arc::clone(name), field)) {
            return Ok(*known);
        }
        let Some(window) = self.window else {
            return Ok(NOTHING);
        };
        let network = Arc::clone(&self.plane.network);
        let mut all = NOTHING;
        let mut left = Set::FULL;
        for (object, region) in window.versions.object(&network, &Id::new(Arc::clone(name))) {
            let Some(object) = object.filter(|_| depth < NESTING) else {
                continue;
            };
            let mut found = self.terms(&object.addresses, field, depth + 1)?;
            if object.addresses.negated {
                // Of a negated object with an undecided member nothing is certain.
                let rest = self.space.complement(found.items)?;
                found.items = self.space.difference(rest, found.doubt)?;
            }
            self.take(&mut all, &mut left, found, &region)?;
        }
        let segments = window
            .versions
            .segment(&network, &Id::new(Arc::clone(name)));
        if let Some(at) = self.plane.segment(&Id::new(Arc::clone(name))) {
            let items = self.members(at, field)?;
            for (segment, region) in segments {
                if segment.is_some() {
                    let found = Meaning {
                        items,
                        doubt: Set::EMPTY,
                    };
                    self.take(&mut all, &mut left, found, &region)?;
                }
            }
        }
        for (group, region) in window.versions.group(&network, &Id::new(Arc::clone(name))) {
            let Some(group) = group else { continue };
            let items = match (
                group.addresses.is_empty(),
                self.plane.segment(&group.segment),
            ) {
                (false, _) => self.ranges(field, &merged(group.addresses.clone()))?,
                (true, Some(at)) => self.members(at, field)?,
                (true, None) => Set::EMPTY,
            };
            self.take(&mut all, &mut left, Meaning::certain(items), &region)?;
        }
        for (system, region) in window.versions.system(&network, &Id::new(Arc::clone(name))) {
            let Some(system) = system else { continue };
            let items = self.ranges(field, &merged(system.addresses.clone()))?;
            self.take(&mut all, &mut left, Meaning::certain(items), &region)?;
        }
        for (node, region) in window.versions.node(&network, &Id::new(Arc::clone(name))) {
            let Some(node) = node else { continue };
            let own = node
                .endpoint
                .iter()
                .flat_map(|e| e.addresses.clone())
                .collect();
            let items = self.ranges(field, &merged(own))?;
            self.take(&mut all, &mut left, Meaning::certain(items), &region)?;
        }
        let zone = Id::new(Arc::clone(name));
        if window
            .versions
            .zone(&network, &zone)
            .iter()
            .any(|(z, _)| z.is_some())
        {
            let mut items = Set::EMPTY;
            for i in 0..self.plane.segments.len() {
                let here = self.labelled(SegmentIx(i), &|s| s.zone == zone)?;
                let own = self.members(SegmentIx(i), field)?;
                let own = self.space.intersection(own, here)?;
                items = self.space.union(items, own)?;
            }
            for (there, region) in window.versions.zone(&network, &zone) {
                if there.is_some() {
                    let found = Meaning {
                        items,
                        doubt: Set::EMPTY,
                    };
                    self.take(&mut all, &mut left, found, &region)?;
                }
            }
        }
        if depth == 0 {
            self.meanings.insert((Arc::clone(name), field), all);
        }
        Ok(all)
    }

    /// Adds what a thing means where it is there and nothing before it bears the name.
    fn take(
        &mut self,
        all: &mut Meaning,
        left: &mut Set,
        found: Meaning,
        region: &Region,
    ) -> Result<(), SpaceFull> {
        let here = self.region(region)?;
        let here = self.space.intersection(here, *left)?;
        let found = self.there(found, here)?;
        *all = self.joined(*all, found)?;
        *left = self.space.difference(*left, here)?;
        Ok(())
    }

    /// The states in which a segment is there and is so.
    ///
    /// # Errors
    /// The arena is full.
    pub fn labelled(
        &mut self,
        segment: SegmentIx,
        so: &dyn Fn(&Segment) -> bool,
    ) -> Result<Set, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(Set::FULL);
        };
        let id = &self.plane.segments[segment.0].id;
        let mut all = Set::EMPTY;
        for (version, region) in window.versions.segment(&self.plane.network, id) {
            if version.is_some_and(|v| so(&v)) {
                let here = self.region(&region)?;
                all = self.space.union(all, here)?;
            }
        }
        Ok(all)
    }

    /// What a condition matches over a window.
    pub(in super::super) fn condition_over(
        &mut self,
        condition: &Condition,
        lifted: &Lifted,
        bound: Bound,
    ) -> Result<Set, SpaceFull> {
        if bound == Bound::Must && !condition.others.is_empty() {
            return Ok(Set::EMPTY);
        }
        let service = match &lifted.service {
            Some(set) => {
                let meaning = self.service_terms(set, 0)?;
                self.settled(meaning, set.negated, bound)?
            }
            None => self.service(&condition.service, bound)?,
        };
        let mut all = self.when(&lifted.when)?;
        all = self.space.intersection(all, service)?;
        for (field, set, fixed) in [
            (Field::Src, &lifted.source, &condition.source),
            (Field::Dst, &lifted.destination, &condition.destination),
        ] {
            let part = match set {
                Some(set) => {
                    let meaning = self.meaning(set, field)?;
                    self.settled(meaning, set.negated, bound)?
                }
                None => self.addresses(field, fixed, bound)?,
            };
            all = self.space.intersection(all, part)?;
        }
        Ok(all)
    }

    /// A meaning under a bound.
    fn settled(&mut self, of: Meaning, negated: bool, bound: Bound) -> Result<Set, SpaceFull> {
        let most = self.space.union(of.items, of.doubt)?;
        match (bound, negated) {
            (Bound::May, false) => Ok(most),
            (Bound::Must, false) => Ok(of.items),
            (Bound::May, true) => self.space.complement(of.items),
            (Bound::Must, true) => self.space.complement(most),
        }
    }

    fn service_terms(&mut self, set: &Services, depth: u32) -> Result<Meaning, SpaceFull> {
        let mut all = NOTHING;
        for term in &set.terms {
            let found = match term {
                ServiceTerm::Service(service) => Meaning {
                    items: self.one_service(service)?,
                    doubt: Set::EMPTY,
                },
                ServiceTerm::Application(_) => Meaning {
                    items: Set::EMPTY,
                    doubt: Set::FULL,
                },
                ServiceTerm::Named(name) if depth < NESTING => self.service_name(name, depth)?,
                ServiceTerm::Named(_) => NOTHING,
            };
            all = self.joined(all, found)?;
        }
        Ok(all)
    }

    fn service_name(&mut self, name: &Name, depth: u32) -> Result<Meaning, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(NOTHING);
        };
        let mut all = NOTHING;
        let network = Arc::clone(&self.plane.network);
        for (object, region) in window
            .versions
            .service(&network, &Id::new(Arc::clone(name)))
        {
            let Some(object) = object else { continue };
            let found = self.service_terms(&object.services, depth + 1)?;
            let here = self.region(&region)?;
            let found = self.there(found, here)?;
            all = self.joined(all, found)?;
        }
        Ok(all)
    }

    /// What a flow asks for, where service objects may differ between states; under the bound that makes
    /// a rule speak of the most.
    ///
    /// # Errors
    /// The arena is full.
    pub fn asked(&mut self, set: &Services) -> Result<Set, SpaceFull> {
        let meaning = self.service_terms(set, 0)?;
        self.settled(meaning, set.negated, Bound::May)
    }

    /// The zones a segment is in, in some state.
    #[must_use]
    pub fn zones_of(&self, segment: SegmentIx) -> Vec<ZoneId> {
        let Some(window) = self.window else {
            return Vec::new();
        };
        let id = &self.plane.segments[segment.0].id;
        let mut out: Vec<ZoneId> = Vec::new();
        for (version, _) in window.versions.segment(&self.plane.network, id) {
            if let Some(version) = version.filter(|v| !out.contains(&v.zone)) {
                out.push(version.zone.clone());
            }
        }
        out
    }

    /// The states in which a zone is there and has a role.
    ///
    /// # Errors
    /// The arena is full.
    pub fn zone_is(&mut self, zone: &ZoneId, role: ZoneRole) -> Result<Set, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(Set::EMPTY);
        };
        let mut all = Set::EMPTY;
        for (version, region) in window.versions.zone(&self.plane.network, zone) {
            if version.is_some_and(|z| z.role == role) {
                let here = self.region(&region)?;
                all = self.space.union(all, here)?;
            }
        }
        Ok(all)
    }

    /// The states in which a name can mean members of a segment: what has a segment of its own means
    /// members of that one only.
    ///
    /// # Errors
    /// The arena is full.
    pub fn stands_in(&mut self, segment: SegmentIx, name: &Name) -> Result<Set, SpaceFull> {
        let Some(window) = self.window else {
            return Ok(Set::FULL);
        };
        let plane = self.plane;
        let (network, own) = (&plane.network, &plane.segments[segment.0].id);
        let mut parts: Vec<(bool, Region)> = Vec::new();
        let v = &window.versions;
        let mut note =
            |there: Option<bool>, region: Region| parts.extend(there.map(|t| (t, region)));
        for (o, region) in v.object(network, &Id::new(Arc::clone(name))) {
            note(o.map(|_| true), region);
        }
        for (s, region) in v.segment(network, &Id::new(Arc::clone(name))) {
            note(s.map(|s| s.id == *own), region);
        }
        for (g, region) in v.group(network, &Id::new(Arc::clone(name))) {
            note(g.map(|g| g.segment == *own), region);
        }
        for (s, region) in v.system(network, &Id::new(Arc::clone(name))) {
            note(s.map(|s| s.segment == *own), region);
        }
        for (n, region) in v.node(network, &Id::new(Arc::clone(name))) {
            note(
                n.map(|n| n.endpoint.as_ref().is_some_and(|e| e.segment == *own)),
                region,
            );
        }
        // The first kind that bears the name in a state decides; otherwise it is a zone's.
        let mut all = Set::EMPTY;
        let mut left = Set::FULL;
        for (there, region) in parts {
            let here = self.region(&region)?;
            let here = self.space.intersection(here, left)?;
            left = self.space.difference(left, here)?;
            if there {
                all = self.space.union(all, here)?;
            }
        }
        let zone = self.labelled(segment, &|s| s.zone.as_str() == &**name)?;
        let zone = self.space.intersection(zone, left)?;
        self.space.union(all, zone)
    }
}
