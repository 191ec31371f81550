//! The least mixture of packs that gives at least so much.
//!
//! Goes in: what is needed, and packs with what one gives, what it costs and how many there may be. Comes out: how many of each,
//! of least cost; of equals what gives least, then the fewest packs, then the packs that stand first. What can go wrong: all of
//! them together do not give enough; that is no mixture.
//!
//! This is a knapsack problem (Kellerer, Pferschy and Pisinger, Knapsack Problems, 2004, chapter 7), solved exactly by going
//! through the packs one after the other and keeping every partial mixture that another may not replace: one that gives as much
//! for less, or the same for as much. A partial mixture is left out when even at the best cost per unit still to come it
//! becomes dearer than the best that is known; the first that is known takes all of the cheapest pack, then of the next, so
//! what can be had is always found. Where more than [`MOST`] would have to be kept, those of best cost per unit are, and the
//! mixture is told with the bound below which no mixture can lie.

use std::cmp::Ordering;

/// So many partial mixtures are kept from one pack to the next.
pub(super) const MOST: usize = 20_000;

/// While one pack is gone through, up to so many times as many.
const ROOM: usize = 4;

/// For one pack so many times as many are looked at.
const WORK: usize = 100;

/// Sums of fractions miss what is needed by less than this part.
const NOISE: f64 = 1e-9;

/// A pack that is sold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pack {
    /// What one gives, above 0 and finite.
    pub(super) gives: f64,
    /// What one costs, at least 0.
    pub(super) costs: f64,
    /// At most so many.
    pub(super) most: u32,
}

/// A mixture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mix {
    /// How many of each pack.
    pub(super) counts: Vec<u32>,
    /// What they give.
    pub(super) gives: f64,
    /// What they cost.
    pub(super) costs: f64,
    /// `None`: nothing costs less. Else no mixture costs less than this.
    pub(super) bound: Option<f64>,
}

impl Mix {
    fn of(packs: &[Pack], counts: Vec<u32>) -> Self {
        let sum = |of: fn(&Pack) -> f64| {
            let parts = packs.iter().zip(&counts);
            parts.map(|(pack, n)| of(pack) * f64::from(*n)).sum()
        };
        Self {
            gives: sum(|p| p.gives),
            costs: sum(|p| p.costs),
            counts,
            bound: None,
        }
    }

    /// The same with so many of one pack.
    fn with(&self, packs: &[Pack], at: usize, count: u32) -> Self {
        let mut counts = self.counts.clone();
        counts[at] = count;
        Self::of(packs, counts)
    }

    fn pieces(&self) -> u64 {
        self.counts.iter().map(|n| u64::from(*n)).sum()
    }

    /// What is better comes first.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.costs
            .total_cmp(&other.costs)
            .then(self.gives.total_cmp(&other.gives))
            .then(self.pieces().cmp(&other.pieces()))
            .then_with(|| other.counts.cmp(&self.counts))
    }
}

/// The least mixture that gives `need`, keeping about so many partial ones.
pub(super) fn least(need: f64, packs: &[Pack], most: usize) -> Option<Mix> {
    searched(need, packs, most).map(|(mix, _)| mix)
}

/// The least mixture, and how many partial ones were kept at a time.
fn searched(need: f64, packs: &[Pack], most: usize) -> Option<(Mix, usize)> {
    let enough = need * (1.0 - NOISE);
    let per_unit = |at: usize| packs[at].costs / packs[at].gives;
    // The best cost per unit first, so that a good mixture is known early; of equals the largest, of which there are fewest.
    let mut order: Vec<usize> = (0..packs.len()).collect();
    order.sort_by(|a, b| {
        let larger = packs[*b].gives.total_cmp(&packs[*a].gives);
        per_unit(*a).total_cmp(&per_unit(*b)).then(larger)
    });
    let mut best = greedy(enough, packs, &order)?;
    let (mut cut, mut peak) = (false, 0);
    let mut partial = vec![Mix::of(packs, vec![0; packs.len()])];
    for (place, &at) in order.iter().enumerate() {
        let next = order.get(place + 1).map(|n| per_unit(*n));
        let mut kept: Vec<Mix> = Vec::new();
        let mut work = 0;
        for mix in &partial {
            if work > most.saturating_mul(WORK) {
                cut = true;
                break;
            }
            let with = |count| mix.with(packs, at, count);
            let until = packs[at].most.saturating_add(1);
            let reach = first(until, |count| with(count).gives >= enough);
            if reach < until && with(reach).order(&best).is_lt() {
                best = with(reach);
            }
            let Some(next) = next else { continue };
            // Each further piece is worth what it costs, so hope does not fall as the count grows.
            let from = first(reach, |count| {
                let more = with(count);
                more.costs + (enough - more.gives) * next <= best.costs * (1.0 + NOISE)
            });
            for count in from..reach {
                kept.push(with(count));
                work += 1;
                peak = peak.max(kept.len());
                if kept.len() >= most.saturating_mul(ROOM) {
                    cut |= thin(&mut kept, most);
                }
            }
        }
        cut |= thin(&mut kept, most);
        partial = kept;
    }
    let cheapest = order.first().map_or(0.0, |at| per_unit(*at));
    best.bound = cut.then_some(enough * cheapest);
    Some((best, peak))
}

/// All of each pack in that order until it is enough, without what is then too much, the last first. `None`: all are too few.
fn greedy(enough: f64, packs: &[Pack], order: &[usize]) -> Option<Mix> {
    let mut mix = Mix::of(packs, vec![0; packs.len()]);
    for &at in order {
        let count = first(packs[at].most, |n| mix.with(packs, at, n).gives >= enough);
        mix = mix.with(packs, at, count);
    }
    for &at in order.iter().rev() {
        let there = mix.counts[at];
        let count = first(there, |n| mix.with(packs, at, n).gives >= enough);
        mix = mix.with(packs, at, count);
    }
    (mix.gives >= enough).then_some(mix)
}

/// The first number of which something is so, that is so of all that follow; `until` if of none before it.
pub(super) fn first(until: u32, is_so: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, until);
    while low < high {
        let middle = low.midpoint(high);
        if is_so(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Keeps what may not be replaced, and of that the best and the one that gives most; whether anything else was left out.
fn thin(mixes: &mut Vec<Mix>, most: usize) -> bool {
    *mixes = undominated(std::mem::take(mixes));
    let cut = mixes.len() > most;
    if cut {
        let worth = |m: &Mix| m.costs / m.gives.max(f64::MIN_POSITIVE);
        // The one that gives most stands first.
        mixes[1..].sort_by(|a, b| {
            let larger = b.gives.total_cmp(&a.gives);
            worth(a).total_cmp(&worth(b)).then(larger)
        });
        mixes.truncate(most.max(1));
    }
    cut
}

/// Without those that another replaces.
fn undominated(mut mixes: Vec<Mix>) -> Vec<Mix> {
    mixes.sort_by(|a, b| b.gives.total_cmp(&a.gives).then_with(|| a.order(b)));
    let mut out: Vec<Mix> = Vec::with_capacity(mixes.len());
    // What gives as much or more stands before; `cheapest` is the least cost among it.
    let mut cheapest = f64::INFINITY;
    for mix in mixes {
        let same = out.last().is_some_and(|b: &Mix| b.gives == mix.gives);
        if mix.costs > cheapest || (same && mix.costs >= cheapest) {
            continue;
        }
        cheapest = mix.costs;
        out.push(mix);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pack(gives: f64, costs: f64) -> Pack {
        Pack {
            gives,
            costs,
            most: 1_000,
        }
    }

    #[test]
    fn packs_are_mixed() {
        // 130 seats: one of 100 and three of 10 rather than two of 100 or thirteen of 10.
        let mix = least(130.0, &[pack(10.0, 15.0), pack(100.0, 100.0)], MOST).unwrap();
        assert_eq!(
            (mix.counts, mix.costs, mix.bound),
            (vec![3, 1], 145.0, None)
        );
    }

    #[test]
    fn of_equal_cost_the_least_then_the_fewest() {
        // 7 and 8 for the same money: the 7 is enough.
        let mix = least(7.0, &[pack(8.0, 5.0), pack(7.0, 5.0)], MOST).unwrap();
        assert_eq!(mix.counts, [0, 1]);
        // Twice five for ten, or ten at once.
        let mix = least(10.0, &[pack(5.0, 5.0), pack(10.0, 10.0)], MOST).unwrap();
        assert_eq!(mix.counts, [0, 1]);
        // A partial mixture that gives more for the same is no better one: 3 + 4 are 7, 4 + 4 are 8.
        let mix = least(7.0, &[pack(4.0, 2.0), pack(3.0, 2.0)], MOST).unwrap();
        assert_eq!(mix.counts, [1, 1]);
    }

    #[test]
    fn too_few_of_all_is_no_mixture() {
        let few = Pack {
            most: 2,
            ..pack(10.0, 1.0)
        };
        assert_eq!(least(21.0, &[few], MOST), None);
        assert_eq!(least(20.0, &[few], MOST).unwrap().counts, [2]);
        assert_eq!(least(1.0, &[], MOST), None);
    }

    /// With room for a single partial mixture the bound says how far off it may be.
    #[test]
    fn what_is_not_searched_through_is_told_with_its_bound() {
        let packs = [pack(7.0, 7.1), pack(5.0, 5.2), pack(3.0, 3.2)];
        let found = least(32.0, &packs, 1).unwrap();
        let best = least(32.0, &packs, MOST).unwrap();
        let bound = found.bound.unwrap();
        assert!(
            bound <= best.costs && best.costs <= found.costs,
            "{found:?}"
        );
        assert_eq!(best.bound, None);
    }

    fn sold(gives: f64, costs: f64, most: u32) -> Pack {
        Pack { gives, costs, most }
    }

    /// Without prices nothing is too dear: only thinning holds the number down.
    #[test]
    fn few_are_kept_at_a_time() {
        let packs = [1.0, 10.0, 100.0].map(|gives| sold(gives, gives, 100_000));
        let (mix, peak) = searched(25_000.0, &packs, MOST).unwrap();
        assert_eq!((mix.counts, mix.bound), (vec![0, 0, 250], None));
        assert!(peak <= ROOM * MOST, "{peak}");
        // None of these sums are alike.
        let packs = [1.01, 10.07, 100.3].map(|gives| sold(gives, gives, 100_000));
        let (mix, peak) = searched(25_000.0, &packs, 100).unwrap();
        assert!(mix.gives >= 24_999.9 && mix.bound.is_some(), "{mix:?}");
        assert!(peak <= ROOM * 100, "{peak}");
    }

    /// Nearly everything that is sold is needed: what is left out must not make it too few.
    #[test]
    fn what_can_be_had_is_found() {
        for [one, ten, hundred] in [[1.0, 10.0, 100.0], [1.0, 11.0, 120.0], [2.0, 15.0, 100.0]] {
            let packs = [
                sold(1.0, one, 30_000),
                sold(10.0, ten, 2_000),
                sold(100.0, hundred, 200),
            ];
            for most in [1, 50, MOST] {
                let mix = least(60_000.0, &packs, most).unwrap();
                assert_eq!(mix.gives, 60_000.0, "{mix:?}");
                assert!(mix.bound.is_none_or(|bound| bound <= mix.costs), "{mix:?}");
            }
            assert!(least(70_001.0, &packs, 50).is_none());
        }
    }

    /// Every mixture there is.
    fn brute(need: f64, packs: &[Pack]) -> Option<Mix> {
        let mut all = vec![Vec::new()];
        for pack in packs {
            all = all
                .into_iter()
                .flat_map(|counts: Vec<u32>| {
                    (0..=pack.most).map(move |n| [counts.clone(), vec![n]].concat())
                })
                .collect();
        }
        let all = all.into_iter().map(|counts| Mix::of(packs, counts));
        all.filter(|mix| mix.gives >= need * (1.0 - NOISE))
            .min_by(Mix::order)
    }

    proptest! {
        #[test]
        fn it_is_the_best_of_all(
            packs in prop::collection::vec((1u32..20, 0u32..12, 0u32..6), 1..5),
            need in 1u32..90,
        ) {
            let packs: Vec<Pack> = packs
                .into_iter()
                .map(|(gives, costs, most)| Pack { gives: gives.into(), costs: costs.into(), most })
                .collect();
            prop_assert_eq!(least(need.into(), &packs, MOST), brute(need.into(), &packs));
        }

        /// However few are kept: what can be had is found, and what is told of it holds.
        #[test]
        fn with_few_kept_it_is_enough_and_the_bound_holds(
            packs in prop::collection::vec((1u32..20, 0u32..12, 0u32..6), 1..5),
            need in 1u32..90,
            most in 1usize..8,
        ) {
            let packs: Vec<Pack> = packs
                .into_iter()
                .map(|(gives, costs, most)| sold(gives.into(), costs.into(), most))
                .collect();
            let (found, best) = (least(need.into(), &packs, most), brute(need.into(), &packs));
            prop_assert_eq!(found.is_some(), best.is_some());
            if let (Some(found), Some(best)) = (found, best) {
                prop_assert!(found.gives >= f64::from(need) * (1.0 - NOISE));
                match found.bound {
                    None => prop_assert_eq!(found, best),
                    Some(bound) => prop_assert!(bound <= best.costs && best.costs <= found.costs),
                }
            }
        }

        /// Without prices the cost of a pack is what it gives.
        #[test]
        fn without_prices_it_gives_least(
            packs in prop::collection::vec((1u32..30, 0u32..6), 1..5),
            need in 1u32..120,
        ) {
            let packs: Vec<Pack> = packs
                .into_iter()
                .map(|(gives, most)| Pack { gives: gives.into(), costs: gives.into(), most })
                .collect();
            prop_assert_eq!(least(need.into(), &packs, MOST), brute(need.into(), &packs));
        }
    }
}
