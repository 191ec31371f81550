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
//! **Near saturation** a queue that begins empty does not settle within the day. At ρ = 1 it grows as the greatest value of a
//! random walk, to √(2n/π) services on the mean after n of them (heavy traffic: Whitt, Stochastic-Process Limits, ch. 5 and 9);
//! that is the most that any load with ρ < 1 has come to by then. So in the h-th hour in a row in which it does not settle,
//! N services each, the mean wait is taken as no longer than the mean of that over the hour,
//!
//! ```text
//!  √(2N/π) · ⅔ (h^1.5 − (h−1)^1.5)    services
//! ```
//!
//! and its quantile as that of the M/D/1 with this mean. Waits are finite, and grow with the load through ρ = 1. Against
//! simulated days they are on the long side (tests).

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

/// The utilisation beyond which a queue does not settle within so many hours in a row.
fn settled(capacity: f64, hours: u32) -> f64 {
    let hours = f64::from(hours.max(1));
    let part = 2.0 / 3.0 * (hours.powf(1.5) - (hours - 1.0).powf(1.5));
    let most = (2.0 * capacity / std::f64::consts::PI).sqrt() * part;
    // The mean wait of M/D/1 is ρ/(2(1 − ρ)) services.
    2.0 * most / (1.0 + 2.0 * most)
}

/// The wait by chance, mean and quantile at `level`, in seconds, of an hour in which `arrivals` files come to a station that
/// gets `capacity` done: M/D/1 (see the module). `hours`: the how many-th hour in a row it is in which as many come.
///
/// # Errors
/// Negative arrivals, a capacity that is none, or a level not strictly between 0 and 1.
pub fn by_chance(
    arrivals: f64,
    capacity: f64,
    hours: u32,
    level: f64,
) -> Result<(f64, f64), OutOfDomain> {
    let capacity = measure("capacity", capacity)?;
    let level = chance("level", level)?;
    let settled = settled(capacity, hours);
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

/// What files that come in an hour wait, for each hour of a day that begins with nothing left over; 0 where none comes. The
/// quantile of both waits together is taken as the sum of theirs.
///
/// # Errors
/// As [`by_chance`].
pub fn day(arrivals: &[f64], capacity: f64, level: f64) -> Result<Vec<Waited>, OutOfDomain> {
    let (mut before, mut hours) = (0.0, 0);
    let mut out = Vec::with_capacity(arrivals.len());
    for &come in arrivals {
        hours = if come / capacity < settled(capacity, 1) {
            0
        } else {
            hours + 1
        };
        let (mean, most) = by_chance(come, capacity, hours, level)?;
        let fluid = Fluid {
            before,
            growth: come - capacity,
        };
        before = fluid.at(1.0);
        // Nobody waits where nobody comes, whatever is left to be done.
        if come <= 0.0 {
            out.push(Waited {
                backlog: before,
                ..Waited::default()
            });
            continue;
        }
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
        let (mean, most) = by_chance(2_880.0, 3_600.0, 1, 0.95).unwrap();
        near(mean, 2.0, 1e-12);
        near(most, 6.6203, 1e-4);
        assert_eq!(by_chance(0.0, 90.0, 1, 0.95), Ok((0.0, 0.0)));
    }

    /// 90 an hour: 60 left over after an hour of 150, which half an hour of nothing takes away but for 15.
    #[test]
    fn what_is_not_done_is_done_later() {
        let all = day(&[150.0, 90.0, 0.0, 0.0], 90.0, 0.95).unwrap();
        let left: Vec<f64> = all.iter().map(|w| w.backlog).collect();
        assert_eq!(left, [60.0, 60.0, 0.0, 0.0]);
        let (mean, most) = by_chance(150.0, 90.0, 1, 0.95).unwrap();
        // On the mean 30 are there, a service takes 40 s; at the end of the 95th part 57.
        near(all[0].mean - mean, 30.0 * 40.0, 1e-12);
        near(all[0].most - most, 57.0 * 40.0, 1e-12);
        // In the third hour nobody comes, so nobody waits, although work goes on.
        assert_eq!((all[2].mean, all[2].most), (0.0, 0.0));
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
        let (_, most) = by_chance(995_000.0, 1e6, 1, 0.95).unwrap();
        near(most / 0.0036, md1_wait_quantile(0.995, 0.95).unwrap(), 0.01);
    }

    #[test]
    fn quantities_that_are_none_are_refused() {
        assert!(by_chance(1.0, 0.0, 1, 0.95).is_err());
        assert!(by_chance(-1.0, 9.0, 1, 0.95).is_err());
        assert!(by_chance(1.0, 9.0, 1, 1.0).is_err());
    }

    /// A queue that begins a day empty and does not settle: nobody waits longer, hour by hour, than is said; nor by half less.
    #[test]
    fn a_busy_day_is_on_the_long_side() {
        for (capacity, arrivals, seed) in [
            (4.0, 3.0, 1),
            (12.0, 11.0, 2),
            (90.0, 85.0, 3),
            (180.0, 178.0, 4),
            (360.0, 350.0, 5),
        ] {
            let said = day(&[arrivals; 9], capacity, 0.95).unwrap();
            let seen = busy_days(capacity, arrivals, seed);
            for (said, mut seen) in said.iter().zip(seen) {
                seen.sort_by(f64::total_cmp);
                let mean = seen.iter().sum::<f64>() / seen.len() as f64;
                let most = seen[seen.len() * 95 / 100];
                let words = format!("{arrivals} of {capacity}: {said:?}, seen {mean} {most}");
                assert!(
                    mean < said.mean * 1.02 && most < said.most * 1.02,
                    "{words}"
                );
                assert!(said.mean < mean * 2.0 && said.most < most * 2.0, "{words}");
            }
        }
    }

    /// The waits of nine hours of many days, by hour.
    fn busy_days(capacity: f64, arrivals: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut uniform = dice(seed);
        let mut out = vec![Vec::new(); 9];
        for _ in 0..2_000 {
            let (mut now, mut free) = (0.0f64, 0.0f64);
            loop {
                now -= uniform().ln() / arrivals;
                let Some(hour) = (1..=9).position(|end| now < f64::from(end)) else {
                    break;
                };
                let start = free.max(now);
                out[hour].push((start - now) * HOUR);
                free = start + 1.0 / capacity;
            }
        }
        out
    }

    /// Numbers between 0 and 1.
    fn dice(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }

    /// Smaller stations wait longer, however small.
    #[test]
    fn waits_fall_with_the_capacity() {
        let waits = |capacity: f64| by_chance(0.5, capacity, 24, 0.95).unwrap();
        let mut before = (f64::INFINITY, f64::INFINITY);
        for step in 1..400 {
            let now = waits(f64::from(step) / 20.0);
            assert!(now.0 <= before.0 && now.1 <= before.1, "{step}");
            before = now;
        }
        near(waits(0.5 / 0.7).0, 5_880.0, 0.01);
    }

    /// The waits at a station of so many machines, file by file, in order of their length.
    fn station(machines: usize, rate: f64, service: f64, seed: u64) -> Vec<f64> {
        let mut uniform = dice(seed);
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
            let (bound, bound95) = by_chance(80.0 * 3_600.0, 360_000.0, 1, 0.95).unwrap();
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
