//! The least that is enough for one item.
//!
//! Goes in: a need and a catalogue. Comes out: the offers and numbers of pieces of least price, or of least capacity where not
//! every candidate has a price; of equals what has less capacity, then fewer pieces, then what stands first in the catalogue.
//! Candidates are, for each offer or mixture, what is just enough in place of what is there, and where an offer
//! adds, beside it.

use super::mix::{self, Pack};
use super::need::{Load, Need};
use super::{Binding, Choice, Item, Pieces, Purchase, Rules};
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
        (Piece::Throughput(rate), ResourceKind::Throughput) => Some(rate.get()),
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
            | (Piece::Throughput(_), Item::Relay)
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
        one * f64::from(self.machines.working())
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
    let chosen = choice
        .as_ref()
        .and_then(|choice| of_choice(need, catalogue, choice, rules));
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
        let limit = load.limit(rules, failed);
        let whole = set.whole(one(load.kind)) * load.left;
        cases.push(judged(load, whole, limit, None));
        if let Some(left) = set.without_one(one(load.kind)).filter(|_| !failed) {
            let limit = load.limit(rules, true);
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

/// The load that a choice carries worst.
fn of_choice(
    need: &Need,
    catalogue: &Catalogue,
    choice: &Choice,
    rules: Rules,
) -> Option<(f64, Binding)> {
    let there = need.made.machines.count;
    if let (true, [pieces]) = (may_fail(need.item), choice.pieces.as_slice()) {
        let offer = &catalogue.offers[pieces.offer];
        let kept = if choice.adds { there } else { 0 };
        let set = Set {
            machines: counted(need, kept + pieces.count),
            item: need.item,
        };
        return worst(need, set, &|kind| one(need, offer, kind), rules);
    }
    let bought = choice.pieces.iter().map(|pieces| {
        let offer = &catalogue.offers[pieces.offer];
        one(need, offer, need.capacity.0) * f64::from(pieces.count)
    });
    let (_, kept) = need.capacity;
    let whole = bought.sum::<f64>() + if choice.adds { kept } else { 0.0 };
    worst(need, single(need), &|_| whole, rules)
}

/// What adds up, as one piece.
fn single(need: &Need) -> Set {
    Set {
        machines: counted(need, 1),
        item: need.item,
    }
}

/// What could be bought: its cost (the price, or the capacity), its capacity, and its pieces.
struct Candidate {
    costs: f64,
    gives: f64,
    choice: Choice,
}

/// The candidate of least price or capacity.
fn cheapest(need: &Need, catalogue: &Catalogue, rules: Rules) -> Option<Choice> {
    let meant = |offer: &Offer| {
        fits(&offer.piece, need.item)
            && (offer.only.is_empty() || offer.only.iter().any(|(n, _)| **n == *need.resource))
    };
    let offers = catalogue.offers.iter().enumerate();
    let offers: Vec<(usize, &Offer)> = offers.filter(|(_, o)| meant(o)).collect();
    let candidates = |priced: bool| -> Vec<Candidate> {
        if may_fail(need.item) {
            let all = offers.iter();
            all.filter_map(|(at, offer)| bundle(need, (*at, offer), priced, rules))
                .collect()
        } else {
            let each = [false, true].into_iter();
            each.filter_map(|adds| mixture(need, &offers, (adds, priced), rules))
                .collect()
        }
    };
    // Prices decide where every candidate has one: offers that are not large enough need none.
    let priced = match may_fail(need.item) {
        true => candidates(false).iter().all(|c| c.choice.price.is_some()),
        false => offers.iter().all(|(_, o)| o.price.is_some()),
    };
    let count = |c: &Candidate| c.choice.pieces.iter().map(|p| p.count).sum::<u32>();
    let order = |a: &Candidate, b: &Candidate| -> Ordering {
        a.costs
            .total_cmp(&b.costs)
            .then(a.gives.total_cmp(&b.gives))
            .then(count(a).cmp(&count(b)))
    };
    let best = candidates(priced).into_iter().min_by(order)?;
    Some(best.choice)
}

/// The least number of pieces of one offer, alone or beside those that are there if they are alike.
fn bundle(
    need: &Need,
    (at, offer): (usize, &Offer),
    priced: bool,
    rules: Rules,
) -> Option<Candidate> {
    let there = need.made.machines.count;
    let (kind, capacity) = need.capacity;
    let piece = one(need, offer, kind);
    let kept = if offer.adds { there } else { 0 };
    let alike = piece * f64::from(need.made.machines.working());
    if offer.adds && (need.uneven || (alike - capacity).abs() > capacity * NOISE) {
        return None;
    }
    let count = least(need, offer, kept, rules)?.checked_sub(kept)?;
    let pieces = f64::from(count);
    let (price, gives) = (offer.price.map(|p| p * pieces), piece * pieces);
    (count > 0).then(|| Candidate {
        costs: price.filter(|_| priced).unwrap_or(gives),
        gives,
        choice: Choice {
            pieces: vec![Pieces { offer: at, count }],
            adds: offer.adds,
            price,
            bound: None,
        },
    })
}

/// The least mixture of offers that add up, in place of what is there or beside it.
fn mixture(
    need: &Need,
    offers: &[(usize, &Offer)],
    (adds, priced): (bool, bool),
    rules: Rules,
) -> Option<Candidate> {
    let (kind, there) = need.capacity;
    let gives = |offer: &Offer| one(need, offer, kind);
    let offers = offers.iter();
    let offers: Vec<_> = offers
        .filter(|(_, o)| o.adds == adds && gives(o) > 0.0)
        .collect();
    let packs: Vec<Pack> = offers
        .iter()
        .map(|(_, offer)| {
            let gives = gives(offer);
            let costs = offer.price.filter(|_| priced).unwrap_or(gives);
            Pack {
                gives,
                costs,
                most: offer.most,
            }
        })
        .collect();
    let wanted = required(need, rules)? - if adds { there } else { 0.0 };
    // What is there may be enough in the last state and not before: nothing to add then helps.
    let mix = (wanted > 0.0).then(|| mix::least(wanted, &packs, mix::MOST))??;
    let chosen = offers.iter().zip(&mix.counts).filter(|(_, n)| **n > 0);
    let prices = chosen
        .clone()
        .map(|((_, o), n)| Some(o.price? * f64::from(*n)));
    Some(Candidate {
        costs: mix.costs,
        gives: mix.gives,
        choice: Choice {
            price: prices.sum(),
            pieces: chosen
                .map(|((at, _), count)| Pieces {
                    offer: *at,
                    count: *count,
                })
                .collect(),
            adds,
            bound: mix.bound,
        },
    })
}

/// The least capacity that carries everything, of what adds up.
fn required(need: &Need, rules: Rules) -> Option<f64> {
    let over = |capacity: f64| {
        let found = worst(need, single(need), &|_| capacity, rules);
        found.map_or(0.0, |(over, _)| over)
    };
    // Utilisation falls in proportion as capacity grows, so this is it at once.
    if need.loads.iter().all(|load| load.wait.is_none()) {
        return Some(over(1.0));
    }
    // Waits fall too, only not in proportion: halving finds the least within a billionth.
    let (mut low, mut high) = (0.0, 1.0);
    while over(high) > 1.0 {
        low = high;
        high *= 2.0;
        if high >= 1e18 {
            return None;
        }
    }
    while high - low > high * NOISE {
        let middle = f64::midpoint(low, high);
        if over(middle) > 1.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The least number of pieces of an offer that is enough, `kept` of which are there. More pieces are never worse, so halving
/// finds it.
fn least(need: &Need, offer: &Offer, kept: u32, rules: Rules) -> Option<u32> {
    let enough = |count: u32| {
        let set = Set {
            machines: counted(need, count),
            item: need.item,
        };
        let found = worst(need, set, &|kind| one(need, offer, kind), rules);
        found.is_none_or(|(over, _)| over <= 1.0 + NOISE)
    };
    let today = need.made.machines.count.max(1);
    let offered = offer.most.saturating_add(kept);
    // Machines that stand by do not add up, so as many as there are can work together.
    let most = match need.made.machines.sharing {
        Sharing::LoadShared => offered,
        Sharing::ActiveStandby => offered.max(today),
    };
    // One machine alone has no failure of its own to survive: it is a case beside those of several.
    if today == 1 && enough(1) {
        return Some(1);
    }
    // Those that stay are there in any case; where others take their place, several stay several.
    let fewest = if kept > 0 { today.max(2) } else { 2 };
    let all = most.saturating_sub(fewest - 1);
    let more = mix::first(all, |more| enough(fewest + more));
    (more < all).then(|| fewest + more)
}

#[cfg(test)]
mod tests {
    use super::super::need::tests::{load, mail};
    use super::*;

    /// What is needed is enough, and a thousandth less is not: whether the limit of the wait decides or the planning limit.
    #[test]
    fn what_is_required_is_the_least() {
        let rules = Rules { degraded: None };
        for wait in [None, Some(1.0), Some(60.0), Some(300.0), Some(1e6)] {
            let need = mail(vec![load(100.0, wait)]);
            let least = required(&need, rules).unwrap();
            let over = |capacity: f64| worst(&need, single(&need), &|_| capacity, rules).unwrap().0;
            assert!(over(least) <= 1.0 + 1e-6, "{wait:?}: {least}");
            assert!(over(least * 0.999) > 1.0, "{wait:?}: {least}");
        }
    }
}
