//! Civil dates, as written on schedules, exceptions and steps.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// A date from year, month and day; `None` if there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// How many days later `other` is; negative where it is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i32 {
        self.0.until(other.0).map_or(0, |span| span.get_days())
    }

    /// The same day so many years later (28 February for a 29th that is not there); the last year of the calendar at most.
    #[must_use]
    pub fn years_on(self, years: u32) -> Self {
        let span = i64::from(years).min(9_000);
        let later = jiff::Span::new()
            .try_years(span)
            .and_then(|s| self.0.checked_add(s));
        Self(later.unwrap_or(jiff::civil::Date::MAX))
    }

    /// The day after; `None` at the end of the calendar.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }
}

impl FromStr for Date {
    type Err = String;
    /// Understands `2023-07-22`.
    fn from_str(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| format!("`{text}` is not a date such as `2023-07-22`"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
