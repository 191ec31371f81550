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
        let later = jiff::Span::new()
            .try_years(i64::from(years))
            .and_then(|s| self.0.checked_add(s));
        Self(later.unwrap_or(jiff::civil::Date::MAX))
    }

    /// How many years later `other` is: whole ones between the same days of two years, and of the last the part that has
    /// gone by; 0 where it is earlier.
    #[must_use]
    pub fn years_until(self, other: Self) -> f64 {
        if other <= self {
            return 0.0;
        }
        let apart = i32::from(other.0.year()) - i32::from(self.0.year());
        let apart = u32::try_from(apart).unwrap_or(0);
        let gone = self.years_on(apart) <= other;
        let whole = if gone { apart } else { apart.saturating_sub(1) };
        let (from, to) = (self.years_on(whole), self.years_on(whole + 1));
        let part = f64::from(from.days_until(other)) / f64::from(from.days_until(to).max(1));
        f64::from(whole) + part
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

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn years_are_whole_between_the_same_days_and_partly_gone_in_between() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let start = date("2023-04-01");
        for (other, years) in [
            ("2020-01-01", 0.0),
            ("2023-04-01", 0.0),
            ("2024-04-01", 1.0),
            ("2028-04-01", 5.0),
            ("2023-10-01", 183.0 / 366.0),
            ("2033-03-31", 9.0 + 364.0 / 365.0),
        ] {
            assert_eq!(start.years_until(date(other)), years, "{other}");
        }
        assert_eq!(date("2024-02-29").years_until(date("2025-02-28")), 1.0);
        let (first, last) = (date("-009999-01-02"), date("9999-12-30"));
        let years = first.years_until(last);
        assert!((years - 19_998.99).abs() < 0.01, "{years}");
    }
}
