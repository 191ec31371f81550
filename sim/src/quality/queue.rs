//! How long files wait for a station that works on some at once, hour by hour through a day.
//!
//! Goes in: files that arrive in each hour, and how many the station gets done in an hour. Comes out: for each hour the mean
//! wait before work begins, the wait that a share of the files does not exceed, and what is left over at its end. What can go
//! wrong: a quantity that is none ([`OutOfDomain`]).
//!
//! Two waits are added:
//!
//! ```text
//!  by chance    files come at random, each takes as long       M/D/1, one machine of the speed of all
//!  backlog      more come than get done                        backlog(t) = max(0, backlog + (arrivals − done)·t)
//! ```
//!
//! **Several machines.** With c machines of service time D the station is taken as one machine of service time D/c. No file
//! then begins later in truth than here: by induction over files in order of arrival, the n-th begins at
//! max(arrival, start of the (n−c)-th + D), here at max(arrival, start of the (n−1)-th + D/c), and c times D/c is D. So the
//! figure is an upper bound of M/D/c, exact for one machine. The bound is on the wait, not on wait and service.
//!
//! **Near saturation** a queue needs about D/(1−ρ)² to settle; within an hour of N services it does not get closer than
//! ρ = 1 − 1/√N, and a busier hour is taken as that one. So waits are bounded, and grow with the load through ρ = 1.

use super::waiting::{md1_wait_quantile, mg1_wait};
use super::{OutOfDomain, chance, measure, not_negative};

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Above this utilisation the quantile grows as the mean does: there the wait is all but exponential.
const HEAVY: f64 = 0.99;

/// What files of an hour wait.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Waited {
    /// On the mean, s.
    pub mean: f64,
    /// The wait that the share asked for does not exceed, s.
    pub most: f64,
    /// Files left over at the end of the hour because more came than got done.
    pub backlog: f64,
}

/// The wait by chance, mean and quantile at `level`, in seconds, of an hour in which `arrivals` files come to a station that
/// gets `capacity` done: M/D/1 (see the module).
///
/// # Errors
/// Negative arrivals, a capacity that is none, or a level not strictly between 0 and 1.
pub fn by_chance(arrivals: f64, capacity: f64, level: f64) -> Result<(f64, f64), OutOfDomain> {
    let capacity = measure("capacity", capacity)?;
    let level = chance("level", level)?;
    let settled = (1.0 - 1.0 / capacity.sqrt()).max(0.0);
    let rho = (not_negative("arrivals", arrivals)? / capacity).min(settled);
    let service = HOUR / capacity;
    let mean = mg1_wait(rho, 0.0)?;
    let light = rho.min(HEAVY);
    let most = md1_wait_quantile(light, level)?;
    let most = if rho > light {
        most * mean / mg1_wait(light, 0.0)?
    } else {
        most
    };
    Ok((mean * service, most * service))
}

/// What files wait in each hour of a day that begins with nothing left over. The quantile of both waits together is taken as
/// the sum of theirs.
///
/// # Errors
/// As [`by_chance`].
pub fn day(arrivals: &[f64], capacity: f64, level: f64) -> Result<Vec<Waited>, OutOfDomain> {
    let mut before = 0.0;
    let mut out = Vec::with_capacity(arrivals.len());
    for &come in arrivals {
        let (mean, most) = by_chance(come, capacity, level)?;
        let fluid = Fluid {
            before,
            growth: come - capacity,
        };
        before = fluid.at(1.0);
        // Of a backlog that shrinks those wait longest who come first.
        let late = if fluid.growth > 0.0 {
            level
        } else {
            1.0 - level
        };
        out.push(Waited {
            mean: mean + fluid.mean() * HOUR / capacity,
            most: most + fluid.at(late) * HOUR / capacity,
            backlog: before,
        });
    }
    Ok(out)
}

/// A backlog through an hour, in files, growing or shrinking evenly.
struct Fluid {
    before: f64,
    growth: f64,
}

impl Fluid {
    /// At a part of the hour.
    fn at(&self, part: f64) -> f64 {
        (self.before + self.growth * part).max(0.0)
    }

    /// On the mean of the hour.
    fn mean(&self) -> f64 {
        let end = self.before + self.growth;
        if end >= 0.0 {
            f64::midpoint(self.before, end)
        } else {
            // It is gone after this part of the hour.
            self.before / 2.0 * (self.before / -self.growth)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, meant: f64, part: f64) {
        assert!(
            (found - meant).abs() <= meant.abs() * part,
            "{found}, not {meant}"
        );
    }

    /// capacity.md: at ρ = 0.8 the mean wait is 2.0 services, and 95 of 100 wait at most 6.6203.
    #[test]
    fn one_machine_is_md1() {
        // A service of a second, so that an hour of 3,600 settles at 0.8.
        let (mean, most) = by_chance(2_880.0, 3_600.0, 0.95).unwrap();
        near(mean, 2.0, 1e-12);
        near(most, 6.6203, 1e-4);
        assert_eq!(by_chance(0.0, 90.0, 0.95), Ok((0.0, 0.0)));
    }

    /// 90 an hour: 60 left over after an hour of 150, which half an hour of nothing takes away but for 15.
    #[test]
    fn what_is_not_done_is_done_later() {
        let all = day(&[150.0, 90.0, 0.0, 0.0], 90.0, 0.95).unwrap();
        let left: Vec<f64> = all.iter().map(|w| w.backlog).collect();
        assert_eq!(left, [60.0, 60.0, 0.0, 0.0]);
        let (mean, most) = by_chance(150.0, 90.0, 0.95).unwrap();
        // On the mean 30 are there, a service takes 40 s; at the end of the 95th part 57.
        near(all[0].mean - mean, 30.0 * 40.0, 1e-12);
        near(all[0].most - most, 57.0 * 40.0, 1e-12);
        // In the third hour nobody comes; who came would wait for half of 60 during two thirds of it.
        near(all[2].mean, 30.0 * 40.0 * 2.0 / 3.0, 1e-12);
        assert_eq!((all[3].mean, all[3].most), (0.0, 0.0));
    }

    #[test]
    fn waits_grow_with_the_load_through_saturation() {
        let mut before = Waited::default();
        for files in 0..400 {
            let now = day(&[f64::from(files)], 180.0, 0.95).unwrap()[0];
            assert!(
                now.mean >= before.mean && now.most >= before.most,
                "{files}"
            );
            before = now;
        }
    }

    /// Beyond 0.99 the quantile is that at 0.99 in proportion to the mean: within a per cent of M/D/1's own.
    #[test]
    fn heavy_traffic_is_all_but_exponential() {
        let (_, most) = by_chance(995_000.0, 1e6, 0.95).unwrap();
        near(most / 0.0036, md1_wait_quantile(0.995, 0.95).unwrap(), 0.01);
    }

    #[test]
    fn quantities_that_are_none_are_refused() {
        assert!(by_chance(1.0, 0.0, 0.95).is_err());
        assert!(by_chance(-1.0, 9.0, 0.95).is_err());
        assert!(by_chance(1.0, 9.0, 1.0).is_err());
    }

    /// The waits at a station of so many machines, file by file, in order of their length.
    fn station(machines: usize, rate: f64, service: f64, seed: u64) -> Vec<f64> {
        let mut state = seed;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        };
        let mut free = vec![0.0f64; machines];
        let (mut now, mut waits) = (0.0f64, Vec::new());
        for file in 0..200_000 {
            now -= uniform().ln() / rate;
            // Services are of one length, so machines come free in turn.
            let machine = file % machines;
            let start = free[machine].max(now);
            free[machine] = start + service;
            waits.push(start - now);
        }
        waits.sort_by(f64::total_cmp);
        waits
    }

    /// One machine of the speed of all is a bound of several, and what it says of one is so.
    #[test]
    fn several_machines_wait_no_longer() {
        for (machines, seed) in [(1usize, 1u64), (2, 2), (8, 3)] {
            let service = 0.01 * machines as f64;
            let waits = station(machines, 80.0, service, seed);
            let mean = waits.iter().sum::<f64>() / waits.len() as f64;
            let most = waits[waits.len() * 95 / 100];
            let (bound, bound95) = by_chance(80.0 * 3_600.0, 360_000.0, 0.95).unwrap();
            if machines == 1 {
                near(mean, bound, 0.05);
                near(most, bound95, 0.05);
            } else {
                assert!(mean < bound * 1.01 && most < bound95 * 1.01, "{machines}");
                // It is no idle bound either: within the time of one service.
                assert!(bound95 - most < service, "{machines}: {most} {bound95}");
            }
        }
    }
}
