//! The smallest purchase that keeps every resource within its limit: at every step, hour, kind of day, single failure
//! and year of growth.
//!
//! Goes in: what each year's loads are, what can be bought, and the limit that holds when something has failed. Comes
//! out: for each link and node a [`Purchase`]: the offer and how many pieces of it, with the case that decides. What can
//! go wrong: no offer is large enough; that is a purchase without a choice.
//!
//! What a link or node must carry does not hang on the capacity of any other (routes go by cost, not by load), so
//! each is chosen by itself, and the choice of all is the best of all purchases. Lines, proxies and appliances are bundles of
//! pieces that are alike: one offer for each. What simply adds up (seats, pixels, addresses, workers, messages, throughput of
//! relays) may be a mixture of offers ([`mix`]). An offer that adds is bought beside what is there in the last state: a
//! member or machine only where it is like those, licences whatever they are; what does not add takes its place. Failures of its
//! own members or machines hang on the choice and are judged with it. Where there are several members
//! or machines today there are at least two afterwards: a purchase does not take redundancy away.
//!
//! Whether what is there is enough is judged state by state, with the capacity that the plan has there; a state grows for as
//! many whole years as it lasts, the last one for all of them. Throughput of a relay is sized with as many machines as it has.
//!
//! Modules in reading order: [`need`] (what an item must carry), [`mix`] (the least mixture), [`choose`] (the least that does).

mod choose;
mod mix;
mod need;

use crate::quality::queue::day;
use utsushi_model::catalogue::Catalogue;
use utsushi_model::circumstance::BrokenKind;
use utsushi_model::demand::ResourceKind;
use utsushi_model::migration::Migration;
use utsushi_model::report::{Case, Report, WAIT_LEVEL};
use utsushi_model::text::Text;
use utsushi_model::units::{Latency, Utilisation};

/// Waits that differ by less than this part are alike.
const NOISE: f64 = 1e-9;

/// What is sized: a link, or one of the capacities that are sold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A line with its members, both directions.
    Line,
    /// Machines of a proxy.
    Proxy,
    /// Throughput and sessions of a forwarding node.
    Appliance,
    /// Seats of a screen-transfer relay.
    Seats,
    /// Bandwidth of a screen-transfer relay.
    Pixels,
    /// Global addresses to translate to.
    Addresses,
    /// Workers of a sanitiser.
    Workers,
    /// Messages an hour of a mail relay.
    Mail,
    /// Throughput of a relay.
    Relay,
}

/// The case that decides how large something must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Index of the state.
    pub state: usize,
    /// The kind of resource, of those that are sold together.
    pub kind: ResourceKind,
    /// For links: from which node to which.
    pub direction: Option<(String, String)>,
    /// Circumstance, hour and load; the capacity is what the choice leaves then.
    pub case: Case,
    /// The limit that applies.
    pub limit: Utilisation,
    /// Where a wait decides: what 95 of 100 files wait, and what is allowed.
    pub wait: Option<(Latency, Latency)>,
}

/// Pieces of one offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// Position in the catalogue.
    pub offer: usize,
    /// How many.
    pub count: u32,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The pieces to buy, in the order of the catalogue: of several offers only where they add up.
    pub pieces: Vec<Pieces>,
    /// Whether they are added to what is there; otherwise they take its place.
    pub adds: bool,
    /// Price of all of them, if every offer that could be chosen has one.
    pub price: Option<f64>,
    /// `None`: nothing is less. Else not all mixtures were looked at, and none has a price (without prices: a
    /// capacity) below this.
    pub bound: Option<f64>,
}

/// What is needed of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchase {
    /// Name of the link or node.
    pub resource: String,
    /// What people call it.
    pub label: Text,
    /// What is sized.
    pub item: Item,
    /// How many pieces there are in the last state in which it is there.
    pub pieces: u32,
    /// Capacity of all of them, of the first kind in the order of [`ResourceKind`].
    pub capacity: f64,
    /// The kind that `capacity` is of.
    pub kind: ResourceKind,
    /// Whether what is there is enough.
    pub enough: bool,
    /// The case that decides.
    pub binding: Binding,
    /// The least that is enough; `None` where what is there is, where no offer is, or where only offers that add are and what
    /// they are added to, that of the last state, is enough already.
    pub choice: Option<Choice>,
}

/// By which rules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// The limit when something has failed; `None`: the planning limit, as with everything up.
    pub degraded: Option<Utilisation>,
}

impl Rules {
    /// The limit that holds, of a resource with that planning limit.
    fn limit(self, warn: Utilisation, failed: bool) -> Utilisation {
        self.degraded.filter(|_| failed).unwrap_or(warn)
    }
}

/// What every link and node needs, in the order of the kinds of items and of the report. `years` are reports of the same
/// migration (with single failures and all kinds of days), one for each year from now on.
#[must_use]
pub fn size(
    migration: &Migration,
    years: &[Report],
    catalogue: &Catalogue,
    rules: Rules,
) -> Vec<Purchase> {
    let needs = need::needs(migration, years, rules);
    needs
        .into_iter()
        .map(|need| choose::purchase(&need, catalogue, rules))
        .collect()
}

/// The fewest pieces, each of which gets `piece` files an hour done, with which 95 of 100 of the files that come in each hour
/// of a day wait at most `limit`; `None` where a million are too few. `arrivals`: files an hour, from 0:00.
#[must_use]
pub fn fewest(arrivals: &[f64], piece: f64, limit: Latency) -> Option<u32> {
    const MOST: u32 = 1_000_000;
    let in_time = |most: f64| most <= limit.get() * (1.0 + NOISE);
    let enough = |pieces: u32| {
        let waits = day(arrivals, f64::from(pieces) * piece, WAIT_LEVEL);
        waits.is_ok_and(|hours| hours.iter().all(|hour| in_time(hour.most)))
    };
    let more = mix::first(MOST, |more| enough(1 + more));
    (more < MOST).then(|| 1 + more)
}

/// Whether a failure is that of the item's own members or machines.
fn is_own(case: &Case, resource: &str) -> bool {
    case.circumstance.failure.as_ref().is_some_and(|failure| {
        failure.broken.iter().any(|b| {
            matches!(b.kind, BrokenKind::Member | BrokenKind::Machine) && b.name == resource
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 144 files an hour in two hours: the number found is in time, and one less is not.
    #[test]
    fn the_fewest_are_in_time_and_one_less_is_not() {
        let mut arrivals = [0.0; 24];
        arrivals[9..11].fill(144.0);
        let longest = |pieces: u32, piece: f64| {
            let hours = day(&arrivals, f64::from(pieces) * piece, WAIT_LEVEL).unwrap();
            hours.iter().map(|hour| hour.most).fold(0.0, f64::max)
        };
        for piece in [1.0, 60.0, 90.0] {
            for limit in [1.0, 10.0, 132.5, 4_000.0] {
                let found = fewest(&arrivals, piece, Latency::new(limit)).unwrap();
                assert!(
                    longest(found, piece) <= limit * (1.0 + NOISE),
                    "{piece} {limit}"
                );
                assert!(
                    found == 1 || longest(found - 1, piece) > limit,
                    "{piece} {limit}"
                );
            }
        }
        // 95 of 100 wait at most 6.6203 services of 20 s at 80 %, that is with two of 90.
        assert_eq!(fewest(&arrivals, 90.0, Latency::new(132.5)), Some(2));
        // Nobody waits where all are idle 95 % of the time: 144 of 32 · 90.
        assert_eq!(fewest(&arrivals, 90.0, Latency::new(0.0)), Some(32));
        assert_eq!(fewest(&[1e9; 24], 90.0, Latency::new(10.0)), None);
    }
}
