//! The least that is enough for one item.
//!
//! Goes in: a need and a catalogue. Comes out: the offer and the number of pieces of least price, or of least capacity
//! where not every offer that is large enough has a price; of equals the one with fewer pieces, then the first in the catalogue.

use super::need::{Load, Need};
use super::{Binding, Choice, Item, Purchase, Rules};
use std::cmp::Ordering;
use utsushi_model::catalogue::{Catalogue, Offer, Piece};
use utsushi_model::circumstance::{Broken, BrokenKind, Failure, Machines, Sharing};
use utsushi_model::demand::ResourceKind;
use utsushi_model::report::Case;
use utsushi_model::units::{Latency, Utilisation};

/// Sums of fractions miss a limit by less than this.
const NOISE: f64 = 1e-9;

const HOUR: f64 = 3600.0;

/// What one piece gives of a kind; infinite where it sets no limit, `None` where it is not of that kind.
fn gives(piece: &Piece, kind: ResourceKind, per_file: Option<f64>) -> Option<f64> {
    match (piece, kind) {
        (Piece::Line(rate), ResourceKind::Link) | (Piece::Pixels(rate), ResourceKind::Pixels) => {
            Some(rate.get())
        }
        (Piece::Proxy(sessions), ResourceKind::Sessions) => Some(sessions.get()),
        (Piece::Appliance { throughput, .. }, ResourceKind::Throughput) => {
            Some(throughput.map_or(f64::INFINITY, |t| t.get()))
        }
        (Piece::Appliance { sessions, .. }, ResourceKind::Sessions) => {
            Some(sessions.map_or(f64::INFINITY, |s| s.get()))
        }
        (Piece::Seats(seats), ResourceKind::Seats) => Some(seats.get()),
        (Piece::Address { ports }, ResourceKind::NatPorts) => Some(f64::from(*ports)),
        (
            Piece::Workers {
                count,
                per_file: own,
            },
            ResourceKind::Files,
        ) => {
            let time = own.map(|t| t.get()).or(per_file)?;
            Some(f64::from(*count) * HOUR / time)
        }
        (Piece::Mail(rate), ResourceKind::Files) => Some(rate.get()),
        _ => None,
    }
}

/// Whether a piece is of the kind that an item is made of.
const fn fits(piece: &Piece, item: Item) -> bool {
    matches!(
        (piece, item),
        (Piece::Line(_), Item::Line)
            | (Piece::Proxy(_), Item::Proxy)
            | (Piece::Appliance { .. }, Item::Appliance)
            | (Piece::Seats(_), Item::Seats)
            | (Piece::Pixels(_), Item::Pixels)
            | (Piece::Address { .. }, Item::Addresses)
            | (Piece::Workers { .. }, Item::Workers)
            | (Piece::Mail(_), Item::Mail)
    )
}

/// Whether pieces are machines or members, one of which may fail.
pub(super) const fn may_fail(item: Item) -> bool {
    matches!(item, Item::Line | Item::Proxy | Item::Appliance)
}

/// Pieces as they would work together.
#[derive(Debug, Clone, Copy)]
struct Set {
    machines: Machines,
    /// What they are pieces of: whether one may fail hangs on it.
    item: Item,
}

impl Set {
    /// Capacity with everything up, of one piece's.
    fn whole(self, one: f64) -> f64 {
        let working = match self.machines.sharing {
            Sharing::LoadShared => self.machines.count,
            Sharing::ActiveStandby => 1,
        };
        one * f64::from(working)
    }

    /// Capacity when one of several has failed; `None` where that is no case of its own.
    fn without_one(self, one: f64) -> Option<f64> {
        let several = may_fail(self.item) && self.machines.count > 1;
        several.then(|| self.whole(one) * self.machines.left_without_one())
    }
}

/// What is needed of an item.
pub(super) fn purchase(need: &Need, catalogue: &Catalogue, rules: Rules) -> Purchase {
    let (kind, capacity) = need.capacity;
    let (over, present) = need.present.as_ref().map_or_else(
        || (0.0, nothing(kind)),
        |(over, load, limit)| {
            let (_, wait) = load.over(load.case.capacity, *limit);
            (*over, told(load, load.case.clone(), *limit, wait))
        },
    );
    let enough = over <= 1.0 + NOISE;
    let choice = if enough {
        None
    } else {
        cheapest(need, catalogue, rules)
    };
    let chosen = choice.as_ref().and_then(|choice| {
        let offer = &catalogue.offers[choice.offer];
        let set = Set {
            machines: counted(need, choice.count),
            item: need.item,
        };
        worst(need, set, &|kind| one(need, offer, kind), rules)
    });
    Purchase {
        resource: need.resource.clone(),
        label: need.label.clone(),
        item: need.item,
        pieces: need.made.machines.count,
        capacity,
        kind,
        enough,
        binding: chosen.map_or(present, |(_, binding)| binding),
        choice,
    }
}

fn told(load: &Load, case: Case, limit: Utilisation, wait: Option<(Latency, Latency)>) -> Binding {
    Binding {
        state: load.state,
        kind: load.kind,
        direction: load.direction.clone(),
        case,
        limit,
        wait,
    }
}

/// PRECONDITION: an item has loads, so this is never shown.
fn nothing(kind: ResourceKind) -> Binding {
    Binding {
        state: 0,
        kind,
        direction: None,
        case: Case {
            circumstance: utsushi_model::circumstance::Circumstance::default(),
            hour: 0,
            offered: 0.0,
            capacity: 0.0,
            waiting: None,
        },
        limit: Utilisation::new(1.0),
        wait: None,
    }
}

fn one(need: &Need, offer: &Offer, kind: ResourceKind) -> f64 {
    let per_file = need.made.per_file.map(|t| t.get());
    gives(&offer.piece, kind, per_file).unwrap_or(f64::INFINITY)
}

fn counted(need: &Need, count: u32) -> Machines {
    Machines {
        count,
        ..need.made.machines
    }
}

/// The load that comes nearest to its limit, or furthest beyond: by how much, and which.
fn worst(
    need: &Need,
    set: Set,
    one: &dyn Fn(ResourceKind) -> f64,
    rules: Rules,
) -> Option<(f64, Binding)> {
    let mut cases: Vec<(f64, Binding)> = Vec::new();
    for load in &need.loads {
        let failed = load.case.circumstance.failure.is_some();
        let limit = rules.limit(load.warn, failed);
        let whole = set.whole(one(load.kind)) * load.left;
        cases.push(judged(load, whole, limit, None));
        if let Some(left) = set.without_one(one(load.kind)).filter(|_| !failed) {
            let limit = rules.limit(load.warn, true);
            cases.push(judged(load, left, limit, Some(own_failure(need))));
        }
    }
    cases
        .into_iter()
        .reduce(|a, b| if b.0 > a.0 { b } else { a })
}

fn own_failure(need: &Need) -> Failure {
    let kind = if need.item == Item::Line {
        BrokenKind::Member
    } else {
        BrokenKind::Machine
    };
    Failure {
        broken: vec![Broken {
            kind,
            name: need.resource.clone(),
            label: need.label.clone(),
        }],
    }
}

fn judged(load: &Load, capacity: f64, limit: Utilisation, own: Option<Failure>) -> (f64, Binding) {
    let mut case = load.case.clone();
    case.capacity = capacity;
    if own.is_some() {
        case.circumstance.failure = own;
    }
    let (over, wait) = load.over(capacity, limit);
    (over, told(load, case, limit, wait))
}

/// The offer of least price or capacity.
fn cheapest(need: &Need, catalogue: &Catalogue, rules: Rules) -> Option<Choice> {
    let meant = |offer: &Offer| {
        fits(&offer.piece, need.item)
            && (offer.only.is_empty() || offer.only.iter().any(|n| **n == *need.resource))
    };
    let offers = catalogue
        .offers
        .iter()
        .enumerate()
        .filter(|(_, o)| meant(o));
    let large: Vec<(Choice, f64)> = offers
        .filter_map(|(at, offer)| {
            let count = least(need, offer, rules)?;
            let choice = Choice {
                offer: at,
                count,
                price: offer.price.map(|p| p * f64::from(count)),
            };
            let kind = need.loads.first()?.kind;
            Some((choice, one(need, offer, kind) * f64::from(count)))
        })
        .collect();
    let priced = large.iter().all(|(c, _)| c.price.is_some());
    let order = |a: &(Choice, f64), b: &(Choice, f64)| -> Ordering {
        let price = |c: &(Choice, f64)| c.0.price.filter(|_| priced).unwrap_or(0.0);
        price(a)
            .total_cmp(&price(b))
            .then(a.1.total_cmp(&b.1))
            .then(a.0.count.cmp(&b.0.count))
            .then(a.0.offer.cmp(&b.0.offer))
    };
    large.into_iter().min_by(order).map(|(choice, _)| choice)
}

/// The least number of pieces of an offer that is enough. More pieces are never worse, so halving finds it.
fn least(need: &Need, offer: &Offer, rules: Rules) -> Option<u32> {
    let enough = |count: u32| {
        let set = Set {
            machines: counted(need, count),
            item: need.item,
        };
        let found = worst(need, set, &|kind| one(need, offer, kind), rules);
        found.is_none_or(|(over, _)| over <= 1.0 + NOISE)
    };
    let today = if may_fail(need.item) {
        need.made.machines.count.max(1)
    } else {
        1
    };
    // Machines that stand by do not add up, so as many as there are can work together.
    let most = match need.made.machines.sharing {
        Sharing::LoadShared => offer.most,
        Sharing::ActiveStandby => offer.most.max(today),
    };
    // One machine alone has no failure of its own to survive: it is a case beside those of several.
    if today == 1 && enough(1) {
        return Some(1);
    }
    let (mut low, mut high) = (today.max(if may_fail(need.item) { 2 } else { 1 }), most);
    if high < low || !enough(high) {
        return None;
    }
    while low < high {
        let middle = low.midpoint(high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}
