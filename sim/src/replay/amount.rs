//! How much a demand spends, hour by hour.
//!
//! ```text
//!  active users(h) = members × share active in the busiest hour × curve(h)
//!  sessions(h)     = active users(h) × sessions of one          rates likewise
//!  files(h)        = files a day × curve(h) / Σ curve           bit rate = files(h) × bytes × 8 / 3600
//! ```
//!
//! On another kind of day the curve is that day's, times what it says, in full. No more users are active (or hold seats) than
//! there are: what exceeds them makes each of them use more. With 80 % active and `times: 1.5` all are active, each
//! with 1.2 times the rates, sessions and pixels, and the load is 1.5 times that of the busiest hour.
//! Years after the day of which figures are (the start of the plan), what each of them uses (not their number) is
//! (1 + growth)^years of what it was, files and measured rates likewise, and the adopted share is that of
//! the later date. These are means; what [`super::crowd`] makes of users who are active by chance comes on top, resource
//! by resource.
//!
//! Goes in: a demand, its application and group, whether a screen-transfer relay is on the way. Comes
//! out: [`Spending`], or nothing where the application is not used that way. On legs that carry pixels an
//! active user holds one session, the screen's; behind the screen-transfer relay as many as the
//! application says. Users of two applications count twice on a screen-transfer relay: a scenario that wants
//! one seat for both describes them as one application.

use super::conversation::Information;
use utsushi_model::circumstance::DayType;
use utsushi_model::date::Date;
use utsushi_model::demand::{
    Amount, Application, Concurrency, Demand, FileUse, HOURS, Measured, Use,
};
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

    /// The busiest hour (the first of equals) and what it has.
    pub(super) fn busiest(&self) -> (u8, f64) {
        let mut best = (0u8, f64::MIN);
        for (hour, value) in (0u8..).zip(self.0) {
            if value > best.1 {
                best = (hour, value);
            }
        }
        best
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

/// A quantity that a leg spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Bits a second towards the target.
    Up,
    /// Bits a second towards the group.
    Down,
    /// Concurrent sessions.
    Sessions,
    /// Concurrent users of a screen-transfer relay.
    Seats,
    /// Files or messages an hour.
    Files,
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
    /// Users that are active on the mean, of the whole group.
    pub(super) active: Hours,
    /// Of users who are active by chance.
    pub(super) crowd: Option<Crowd>,
    /// Log records for each session or file and hour.
    records: f64,
}

/// Users who are active by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crowd {
    /// The share of them that is active on the mean.
    pub(super) active: Hours,
    /// In which share of all moments no more are active than are taken.
    pub(super) level: f64,
}

/// The day on which a demand is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct On {
    /// What kind of day it is.
    pub(super) day: DayType,
    /// The share of its use that has come about.
    pub(super) adopted: f64,
    /// By how much has grown what is used: of people, what each of them uses.
    pub(super) grown: f64,
}

impl On {
    /// A kind of day so many years after a date: use has grown by a factor each year since the day of which figures are, and
    /// the share of it that has come about by then is there.
    pub(super) fn new(
        application: &Application,
        (since, date): (Date, Date),
        day: DayType,
        years: u32,
    ) -> Self {
        let gone = since.years_until(date) + f64::from(years);
        let grown = (1.0 + application.nature.growth).powf(gone);
        Self {
            day,
            adopted: application.nature.adopted(date.years_on(years)),
            grown,
        }
    }

    /// How use runs through the day, as a multiple of that in the busiest hour of an ordinary day of today, without growth.
    fn curve(self, application: &Application) -> Hours {
        let other = application.nature.on(self.day);
        let curve = other.and_then(|u| u.curve.as_ref());
        let curve = curve.unwrap_or(&application.curve);
        let times = self.adopted * other.map_or(1.0, |u| u.times);
        Hours::from_fn(|h| times * curve.0[h].get())
    }
}

impl Spending {
    /// What a demand spends on a day; `None` if its application is not used this way or by nobody.
    pub(super) fn of(
        demand: &Demand,
        application: &Application,
        group: &HostGroup,
        (screen, on): (bool, On),
    ) -> Option<Self> {
        let way = if screen {
            &application.screen
        } else {
            &application.direct
        };
        let mut out = match &demand.amount {
            Amount::Users if group.count == 0 => return None,
            Amount::Users => {
                let way = way.as_ref()?;
                let curve = on.curve(application);
                let mut out = Self::users(way, curve, (group.count, on));
                if let Concurrency::Binomial(level) = application.nature.concurrency {
                    let wanted = curve.times(way.active.get());
                    out.crowd = Some(Crowd {
                        active: Hours::from_fn(|h| wanted.0[h].min(on.adopted)),
                        level: level.get(),
                    });
                }
                out
            }
            Amount::Files(files) => Self::files(files, application, on),
            Amount::Measured(hours) => {
                let times = application.nature.on(on.day).map_or(1.0, |u| u.times);
                Self::measured(hours, on.grown * on.adopted * times)
            }
        };
        if !matches!(demand.amount, Amount::Users) {
            out.active = out.alike(f64::from(group.count) * on.adopted);
        }
        out.records = application.nature.records.unwrap_or(0.0);
        Some(out)
    }

    /// How many are active where nobody counted them: all who have it in the hour in which most is spent there and back,
    /// in others as many as spend what there is, each as much as in that hour.
    fn alike(&self, all: f64) -> Hours {
        let mut both = self.raw.up;
        both.add(&self.raw.down, 1.0);
        match both.busiest().1 {
            most if most > 0.0 => both.times(all / most),
            _ => Hours::default(),
        }
    }

    /// Log records an hour of a leg, at each node that logs it.
    pub(super) fn logged(&self, carries: Information) -> Hours {
        let mut of = self.traffic(carries).sessions;
        of.add(&self.files, 1.0);
        of.times(self.records)
    }

    /// What a leg with that information spends.
    pub(super) fn traffic(&self, carries: Information) -> &Traffic {
        match carries {
            Information::Raw => &self.raw,
            Information::Pixels => &self.pixels,
        }
    }

    /// One quantity of a leg.
    pub(super) fn amount(&self, carries: Information, what: What) -> &Hours {
        let traffic = self.traffic(carries);
        match what {
            What::Up => &traffic.up,
            What::Down => &traffic.down,
            What::Sessions => &traffic.sessions,
            What::Seats => &self.seats,
            What::Files => &self.files,
        }
    }

    /// Growth, and what would need more active users than there are, is that of what each active user does: there are
    /// no more of them, and no more seats.
    fn users(way: &Use, curve: Hours, (count, on): (u32, On)) -> Self {
        let wanted = curve.times(f64::from(count) * way.active.get());
        let most = f64::from(count) * on.adopted;
        let active = Hours::from_fn(|h| wanted.0[h].min(most));
        let used = wanted.times(on.grown);
        Self {
            raw: Traffic {
                up: used.times(way.up.get()),
                down: used.times(way.down.get()),
                sessions: used.times(way.sessions),
            },
            pixels: Traffic {
                up: used.times(way.pixels_up.get()),
                down: used.times(way.pixels_down.get()),
                sessions: active,
            },
            seats: active,
            active,
            ..Self::default()
        }
    }

    /// Files a day are spread by the curve; a kind of day with more of them has more in every hour.
    fn files(files: &FileUse, application: &Application, on: On) -> Self {
        let ordinary: f64 = application.curve.0.iter().map(|share| share.get()).sum();
        let curve = on.curve(application).times(on.grown);
        let an_hour = |h: usize| {
            if ordinary > 0.0 {
                files.per_day * curve.0[h] / ordinary
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
            files: files_an_hour,
            ..Self::default()
        }
    }

    /// As measured, on every leg; where a screen-transfer relay is on the way, each measured session is a
    /// user's screen.
    fn measured(hours: &[Measured; HOURS], times: f64) -> Self {
        let traffic = Traffic {
            up: Hours::from_fn(|h| hours[h].up.get() * times),
            down: Hours::from_fn(|h| hours[h].down.get() * times),
            sessions: Hours::from_fn(|h| hours[h].sessions.get() * times),
        };
        Self {
            raw: traffic,
            pixels: traffic,
            seats: traffic.sessions,
            ..Self::default()
        }
    }
}
