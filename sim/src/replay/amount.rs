//! How much a demand spends, hour by hour.
//!
//! ```text
//!  active users(h) = members × share active in the busiest hour × curve(h)
//!  sessions(h)     = active users(h) × sessions of one          rates likewise
//!  files(h)        = files a day × curve(h) / Σ curve           bit rate = files(h) × bytes × 8 / 3600
//! ```
//!
//! Goes in: a demand, its application and group, whether a screen-transfer relay is on the way. Comes
//! out: [`Spending`], or nothing where the application is not used that way. On legs that carry pixels an
//! active user holds one session, the screen's; behind the screen-transfer relay as many as the
//! application says. Users of two applications count twice on a screen-transfer relay: a scenario that wants
//! one seat for both describes them as one application.

use super::conversation::Information;
use utsushi_model::demand::{Amount, Application, Demand, FileUse, HOURS, Measured, Use};
use utsushi_model::network::HostGroup;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// A quantity at each hour from 0, in the unit of the resource that it is spent on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Hours(pub(super) [f64; HOURS]);

impl Hours {
    /// What `f` gives for each hour.
    pub(super) fn from_fn(f: impl FnMut(usize) -> f64) -> Self {
        Self(std::array::from_fn(f))
    }

    /// Adds another quantity, `times` over.
    pub(super) fn add(&mut self, other: &Self, times: f64) {
        for (sum, part) in self.0.iter_mut().zip(other.0) {
            *sum += part * times;
        }
    }

    fn times(&self, factor: f64) -> Self {
        Self(self.0.map(|v| v * factor))
    }
}

/// What a leg spends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Traffic {
    /// Bits a second towards the target.
    pub(super) up: Hours,
    /// Bits a second towards the group.
    pub(super) down: Hours,
    /// Concurrent sessions.
    pub(super) sessions: Hours,
}

/// What a demand spends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Spending {
    raw: Traffic,
    pixels: Traffic,
    /// Concurrent users of a screen-transfer relay.
    pub(super) seats: Hours,
    /// Files or messages an hour.
    pub(super) files: Hours,
}

impl Spending {
    /// What a demand spends; `None` if its application is not used this way or by nobody.
    pub(super) fn of(
        demand: &Demand,
        application: &Application,
        group: &HostGroup,
        screen: bool,
    ) -> Option<Self> {
        let way = if screen {
            &application.screen
        } else {
            &application.direct
        };
        match &demand.amount {
            Amount::Users if group.count == 0 => None,
            Amount::Users => Some(Self::users(way.as_ref()?, application, group.count)),
            Amount::Files(files) => Some(Self::files(files, application)),
            Amount::Measured(hours) => Some(Self::measured(hours)),
        }
    }

    /// What a leg with that information spends.
    pub(super) fn traffic(&self, carries: Information) -> &Traffic {
        match carries {
            Information::Raw => &self.raw,
            Information::Pixels => &self.pixels,
        }
    }

    fn users(way: &Use, application: &Application, count: u32) -> Self {
        let peak = f64::from(count) * way.active.get();
        let active = Hours::from_fn(|h| peak * application.curve.0[h].get());
        Self {
            raw: Traffic {
                up: active.times(way.up.get()),
                down: active.times(way.down.get()),
                sessions: active.times(way.sessions),
            },
            pixels: Traffic {
                up: active.times(way.pixels_up.get()),
                down: active.times(way.pixels_down.get()),
                sessions: active,
            },
            seats: active,
            files: Hours::default(),
        }
    }

    fn files(files: &FileUse, application: &Application) -> Self {
        let curve = &application.curve.0;
        let day: f64 = curve.iter().map(|share| share.get()).sum();
        let an_hour = |h: usize| {
            if day > 0.0 {
                files.per_day * curve[h].get() / day
            } else {
                0.0
            }
        };
        let files_an_hour = Hours::from_fn(an_hour);
        let traffic = Traffic {
            up: files_an_hour.times(files.bytes * 8.0 / HOUR),
            ..Traffic::default()
        };
        Self {
            raw: traffic,
            pixels: traffic,
            seats: Hours::default(),
            files: files_an_hour,
        }
    }

    /// As measured, on every leg; where a screen-transfer relay is on the way, each measured session is a
    /// user's screen.
    fn measured(hours: &[Measured; HOURS]) -> Self {
        let traffic = Traffic {
            up: Hours::from_fn(|h| hours[h].up.get()),
            down: Hours::from_fn(|h| hours[h].down.get()),
            sessions: Hours::from_fn(|h| hours[h].sessions.get()),
        };
        Self {
            raw: traffic,
            pixels: traffic,
            seats: traffic.sessions,
            files: Hours::default(),
        }
    }
}
