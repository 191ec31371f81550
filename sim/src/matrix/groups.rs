//! The smallest partition of the addresses into groups with equal rights, for one filter and one service.

use super::{Extent, Right};
use crate::plane::condition::{Bound, RuleStep};
use crate::plane::sets::{Sets, intervals};
use crate::plane::{FilterPlane, Plane};
use crate::space::{Cube, Field, Interval, Set, Space, SpaceFull};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use utsushi_model::address::AddressRange;
use utsushi_model::date::Date;
use utsushi_model::network::Network;
use utsushi_model::policy::{Filter, FilterRule, Interfaces, Name, Services, pattern};
use utsushi_model::service::Service;

/// The interfaces between which packets go, where they are known; rules that ask for others are in doubt.
#[derive(Debug, Clone, Default)]
pub struct Wires {
    /// Where packets come in.
    pub incoming: Option<Name>,
    /// Where they go out.
    pub outgoing: Option<Name>,
}

/// A group of addresses with equal rights.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its addresses, in rising order.
    pub ranges: Vec<AddressRange>,
}

/// The partition and the rights between its groups.
#[derive(Debug)]
pub struct Groups {
    /// The service that was asked about.
    pub service: Service,
    /// The groups, in the order of their first addresses.
    pub groups: Vec<Group>,
    space: Space,
    may: Set,
    must: Set,
    all: Set,
    rows: FxHashMap<u128, usize>,
}

/// The rights that a filter of literal addresses gives for a service, between the addresses `within`.
///
/// The two families are never in one group.
///
/// # Errors
/// The arena is full.
pub fn of_filter(
    filter: &Filter,
    service: Service,
    wires: &Wires,
    within: &[AddressRange],
    day: Date,
) -> Result<Groups, SpaceFull> {
    let plane = Plane::compile(Arc::new(Network::default()), day);
    let open = without_interfaces(filter, wires);
    let compiled = FilterPlane::alone(&open, &plane.network, day);
    let mut sets = Sets::new(&plane, Bound::May);
    let asked = |rule: &RuleStep| rule.session.holds(false);
    let about = plane.network.service_terms(&Services::one(service));
    let about = sets.service(&about, Bound::May)?;
    let headers = sets.headers()?;
    let about = sets.space.intersection(about, headers)?;
    let ends = intervals(within);
    let ends = Cube::any()
        .with(Field::Src, ends.clone())
        .with(Field::Dst, ends);
    let ends = sets.space.cube(&ends)?;
    let about = sets.space.intersection(about, ends)?;
    let may = sets.passes(&compiled, Bound::May, &asked, about)?;
    let may = sets.space.intersection(may, about)?;
    let certain = compiled.all_rules().all(|r| r.condition.is_certain());
    let must = match certain {
        true => may,
        false => {
            let must = sets.passes(&compiled, Bound::Must, &asked, about)?;
            sets.space.intersection(must, about)?
        }
    };
    Groups::new(sets.space, service, (may, must, about), within)
}

/// The filter for packets between two interfaces: rules that ask for others are left out, and where it is
/// not known, asking for interfaces is a condition that cannot be judged.
fn without_interfaces(filter: &Filter, wires: &Wires) -> Filter {
    let rule = |rule: &FilterRule| {
        let mut rule = rule.clone();
        let sides = [
            (&mut rule.incoming, &wires.incoming, "in"),
            (&mut rule.outgoing, &wires.outgoing, "out"),
        ];
        for (asked, known, word) in sides {
            let asked = std::mem::take(asked);
            match known {
                _ if asked.is_any() => {}
                Some(name) if fits(&asked, name) => {}
                Some(_) => rule.enabled = false,
                None => {
                    let not = if asked.negated { "! " } else { "" };
                    let text = format!("{not}{word} {}", asked.names.join(", "));
                    rule.conditions.push(Name::from(text));
                }
            }
        }
        rule
    };
    let mut out = filter.clone();
    out.rules = filter.rules.iter().map(rule).collect();
    for chain in &mut out.chains {
        chain.rules = chain.rules.iter().map(rule).collect();
    }
    out
}

fn fits(asked: &Interfaces, name: &Name) -> bool {
    let named = asked.names.iter().any(|wanted| match pattern(wanted) {
        Some(start) => name.starts_with(start),
        None => wanted == name,
    });
    named != asked.negated
}

impl Groups {
    pub(super) fn new(
        mut space: Space,
        service: Service,
        (may, must, all): (Set, Set, Set),
        within: &[AddressRange],
    ) -> Result<Self, SpaceFull> {
        let mut cuts: Vec<Vec<(u128, Set)>> = Vec::new();
        for set in [may, must] {
            cuts.push(space.slices(set, Field::Dst));
            let turned = space.swap_ends(set)?;
            cuts.push(space.slices(turned, Field::Dst));
        }
        // The families are apart even where nothing tells them apart, so that groups can be read.
        let families = [
            (Interval::V4.lo - 1, Set::EMPTY),
            (Interval::V4.hi, Set::FULL),
            (u128::MAX, Set::EMPTY),
        ];
        cuts.push(families.to_vec());
        let mut of: BTreeMap<Vec<Set>, Vec<AddressRange>> = BTreeMap::new();
        refine(&cuts, |first, last, key| {
            let meet =
                |r: &AddressRange| AddressRange::between(r.first().max(first), r.last().min(last));
            of.entry(key)
                .or_default()
                .extend(within.iter().filter_map(meet));
        });
        let ranges = of.into_values().filter(|ranges| !ranges.is_empty());
        let mut groups: Vec<Group> = ranges.map(|ranges| Group { ranges }).collect();
        groups.sort_by_key(first_of);
        let rows = groups
            .iter()
            .enumerate()
            .map(|(i, g)| (first_of(g), i))
            .collect();
        Ok(Self {
            service,
            groups,
            space,
            may,
            must,
            all,
            rows,
        })
    }

    /// Whether nothing hangs on what cannot be judged offline.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.may == self.must
    }

    /// What one group may ask of another, by their positions.
    #[must_use]
    pub fn right(&self, from: usize, to: usize) -> Right {
        let (Some(from), Some(to)) = (self.groups.get(from), self.groups.get(to)) else {
            return Right::None;
        };
        // Any address stands for its group: that is what makes it one.
        let at = [(Field::Dst, first_of(to)), (Field::Src, first_of(from))];
        judge([self.may, self.must, self.all].map(|set| self.space.given(set, &at)))
    }

    /// What each group may ask of the one at a position.
    #[must_use]
    pub fn rights_to(&self, to: usize) -> Vec<Right> {
        let Some(to) = self.groups.get(to) else {
            return Vec::new();
        };
        let row = |set| {
            let there = self.space.given(set, &[(Field::Dst, first_of(to))]);
            self.space.slices(there, Field::Src)
        };
        let rows = [row(self.may), row(self.must), row(self.all)];
        let mut at = [0; 3];
        // Groups stand in the order of the addresses that stand for them, so one pass over each row does.
        let right = |group: &Group| {
            let mut found = [Set::EMPTY; 3];
            for (i, row) in rows.iter().enumerate() {
                while row[at[i]].0 < first_of(group) {
                    at[i] += 1;
                }
                found[i] = row[at[i]].1;
            }
            judge(found)
        };
        self.groups.iter().map(right).collect()
    }

    /// The group of an address.
    #[must_use]
    pub fn group_of(&self, address: std::net::IpAddr) -> Option<usize> {
        let holds = |g: &Group| g.ranges.iter().any(|r| r.contains(address));
        let group = self.groups.iter().find(|g| holds(g))?;
        self.rows.get(&first_of(group)).copied()
    }
}

/// The right where these packets perhaps pass, certainly pass, and are asked about.
fn judge([may, must, all]: [Set; 3]) -> Right {
    let extent = |set| match set {
        _ if set == Set::EMPTY => Extent::None,
        _ if set == all => Extent::All,
        _ => Extent::Part,
    };
    Right::between(extent(may), extent(must), may == must)
}

fn first_of(group: &Group) -> u128 {
    group.ranges.first().map_or(0, |r| r.first())
}

/// The common refinement of several cuts of the same line, each a list of last values and labels.
fn refine(cuts: &[Vec<(u128, Set)>], mut piece: impl FnMut(u128, u128, Vec<Set>)) {
    let mut at = vec![0; cuts.len()];
    let mut first = 0_u128;
    loop {
        let key: Vec<Set> = cuts.iter().zip(&at).map(|(cut, i)| cut[*i].1).collect();
        let last = cuts
            .iter()
            .zip(&at)
            .map(|(cut, i)| cut[*i].0)
            .min()
            .unwrap_or(u128::MAX);
        piece(first, last, key);
        let Some(next) = last.checked_add(1) else {
            return;
        };
        first = next;
        for (cut, i) in cuts.iter().zip(&mut at) {
            *i += usize::from(cut[*i].0 == last);
        }
    }
}
