//! Quantities with units: the type says what is measured, the constructor says in which unit.
//!
//! Goes in: plain numbers, at the edge. Comes out: values that only combine with their own kind.
//! Values are finite; a parse of anything else is an error that says what was expected.

use crate::text::Lang;
use serde::Serialize;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            /// The unit in which [`Self::get`] counts.
            pub const UNIT: &'static str = $unit;

            #[doc = concat!("A quantity from its number of ", $unit, ".")]
            #[must_use]
            pub const fn new(value: f64) -> Self {
                Self(value)
            }

            #[doc = concat!("The number of ", $unit, ".")]
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// How much of `capacity` this spends; infinite where there is load but no capacity.
            #[must_use]
            pub fn of(self, capacity: Self) -> Utilisation {
                match (self.0 > 0.0, capacity.0 > 0.0) {
                    (_, true) => Utilisation(self.0 / capacity.0),
                    (true, false) => Utilisation(f64::INFINITY),
                    (false, false) => Utilisation(0.0),
                }
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, times: f64) -> Self {
                Self(self.0 * times)
            }
        }
        impl Mul<Share> for $name {
            type Output = Self;
            fn mul(self, share: Share) -> Self {
                Self(self.0 * share.0)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
    };
}

quantity!(
    /// A rate of bits.
    BitRate,
    "bit/s"
);
quantity!(
    /// Concurrent sessions (of a proxy, a firewall, an address translator).
    Sessions,
    "sessions"
);
quantity!(
    /// Concurrent users of a screen-transfer relay.
    Seats,
    "seats"
);
quantity!(
    /// Translated ports in use on the global addresses of an address translator.
    Ports,
    "ports"
);
quantity!(
    /// Files or messages handled in an hour.
    FilesPerHour,
    "files/h"
);
quantity!(
    /// A time that something takes.
    Latency,
    "s"
);

impl BitRate {
    /// A rate in kilobits (1,000 bits) a second.
    #[must_use]
    pub const fn kbps(value: f64) -> Self {
        Self(value * 1e3)
    }
    /// A rate in megabits (1,000,000 bits) a second.
    #[must_use]
    pub const fn mbps(value: f64) -> Self {
        Self(value * 1e6)
    }
    /// A rate in gigabits a second.
    #[must_use]
    pub const fn gbps(value: f64) -> Self {
        Self(value * 1e9)
    }
    /// The number of kilobits a second.
    #[must_use]
    pub const fn as_kbps(self) -> f64 {
        self.0 / 1e3
    }
    /// The number of megabits a second.
    #[must_use]
    pub const fn as_mbps(self) -> f64 {
        self.0 / 1e6
    }
}

/// A part of a whole, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct Share(f64);

impl Share {
    /// The whole.
    pub const ALL: Self = Self(1.0);

    /// A share from a number between 0 and 1; `None` outside that range.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// The number between 0 and 1.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// Load divided by capacity: 1 is full, above 1 is overload.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize)]
#[serde(transparent)]
pub struct Utilisation(f64);

impl Utilisation {
    /// A utilisation from a ratio (1 is full).
    #[must_use]
    pub const fn new(ratio: f64) -> Self {
        Self(ratio)
    }
    /// A load by a capacity of the same unit: infinite where there is load and no capacity, 0 where there is neither.
    #[must_use]
    pub fn of(load: f64, capacity: f64) -> Self {
        Self(match (load > 0.0, capacity > 0.0) {
            (_, true) => load / capacity,
            (true, false) => f64::INFINITY,
            (false, false) => 0.0,
        })
    }
    /// The ratio (1 is full).
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
    /// The percentage (100 is full).
    #[must_use]
    pub const fn percent(self) -> f64 {
        self.0 * 100.0
    }
}

impl fmt::Display for Utilisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} %", self.percent())
    }
}

/// A text that is not a quantity of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitError {
    /// The text as written.
    pub found: String,
    /// Examples of what would be understood.
    pub expected: &'static str,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.found, self.expected)
    }
}

fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',' || c == '_'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.replace([',', '_'], "").parse().ok()?;
    number.is_finite().then_some((number, unit.trim()))
}

impl FromStr for BitRate {
    type Err = UnitError;
    /// Understands `150 kbps`, `100 Mbps`, `1Gbps`, `10 Gbit/s`; the unit is compulsory.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let rate = split(text).and_then(|(n, unit)| match unit {
            "bps" | "bit/s" => Some(Self(n)),
            "kbps" | "kbit/s" => Some(Self::kbps(n)),
            "Mbps" | "Mbit/s" => Some(Self::mbps(n)),
            "Gbps" | "Gbit/s" => Some(Self::gbps(n)),
            _ => None,
        });
        rate.ok_or_else(|| UnitError {
            found: text.to_owned(),
            expected: "a rate with its unit, such as `150 kbps`, `100 Mbps` or `1 Gbps`",
        })
    }
}

impl Latency {
    /// For people, with the unit that suits its size: `40 s`, `5.2 min`, `40秒`, `5.2分`; at most a million hours.
    #[must_use]
    pub fn told(self, lang: Lang) -> String {
        let seconds = if self.0.is_nan() { 0.0 } else { self.0 };
        let (value, places, ja, en) = match seconds.clamp(0.0, 3.6e9) {
            s if s < 0.9995 => (s * 1e3, 0, "ミリ秒", " ms"),
            s if s < 9.95 => (s, 1, "秒", " s"),
            s if s < 119.5 => (s, 0, "秒", " s"),
            s if s < 7_197.0 => (s / 60.0, 1, "分", " min"),
            s => (s / 3_600.0, 1, "時間", " h"),
        };
        let unit = match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        let number = format!("{value:.places$}");
        // `5 min`, not `5.0 min`.
        let number = number.strip_suffix(".0").unwrap_or(&number);
        format!("{number}{unit}")
    }
}

impl FromStr for Latency {
    type Err = UnitError;
    /// Understands `500 us`, `2 ms`, `40 s`, `5 min`, `2 h`; the unit is compulsory.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let time = split(text).and_then(|(n, unit)| match unit {
            "us" | "µs" => Some(Self(n / 1e6)),
            "ms" => Some(Self(n / 1e3)),
            "s" => Some(Self(n)),
            "min" => Some(Self(n * 60.0)),
            "h" => Some(Self(n * 3_600.0)),
            _ => None,
        });
        time.ok_or_else(|| UnitError {
            found: text.to_owned(),
            expected: "a time with its unit (us, ms, s, min or h), such as `2 ms` or `40 s`",
        })
    }
}

impl FromStr for Share {
    type Err = UnitError;
    /// Understands `30 %`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        split(text)
            .filter(|(_, unit)| *unit == "%")
            .and_then(|(n, _)| Self::new(n / 100.0))
            .ok_or_else(|| UnitError {
                found: text.to_owned(),
                expected: "a share between `0 %` and `100 %`",
            })
    }
}

impl fmt::Display for BitRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Mbit/s", grouped(self.as_mbps()))
    }
}

/// A number with thousands separators; one decimal below 100 unless it is whole.
#[must_use]
pub fn grouped(value: f64) -> String {
    if !value.is_finite() {
        return "∞".to_owned();
    }
    let decimals = usize::from(value.abs() < 99.95 && (value - value.round()).abs() > 0.049);
    let plain = format!("{:.*}", decimals, value.abs());
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let sign = if value < 0.0 && plain.chars().any(|c| ('1'..='9').contains(&c)) {
        "-"
    } else {
        ""
    };
    format!("{sign}{out}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_need_their_unit() {
        assert_eq!("100 Mbps".parse(), Ok(BitRate::mbps(100.0)));
        assert_eq!("1Gbps".parse(), Ok(BitRate::gbps(1.0)));
        assert!("100".parse::<BitRate>().is_err());
        assert!("100 MB/s".parse::<BitRate>().is_err());
        assert!("fast".parse::<BitRate>().is_err());
    }

    #[test]
    fn shares_stay_between_nothing_and_all() {
        assert_eq!("30 %".parse::<Share>().map(Share::get), Ok(0.3));
        assert!("130 %".parse::<Share>().is_err());
        assert!("0.3".parse::<Share>().is_err());
    }

    #[test]
    fn utilisation_of_no_capacity_is_infinite_only_under_load() {
        assert_eq!(BitRate::ZERO.of(BitRate::ZERO).get(), 0.0);
        assert!(BitRate::mbps(1.0).of(BitRate::ZERO).get().is_infinite());
        assert_eq!(
            BitRate::mbps(1440.0).of(BitRate::gbps(1.0)).percent(),
            144.0
        );
    }

    #[test]
    fn times_bear_the_unit_of_their_size() {
        assert_eq!("5 min".parse(), Ok(Latency::new(300.0)));
        assert_eq!("2 h".parse(), Ok(Latency::new(7_200.0)));
        let told = |seconds: f64| Latency::new(seconds).told(Lang::En);
        let all = [0.0, 0.07, 8.6, 40.0, 300.0, 312.0, 7_200.0, f64::INFINITY].map(told);
        let wanted = [
            "0 ms",
            "70 ms",
            "8.6 s",
            "40 s",
            "5 min",
            "5.2 min",
            "2 h",
            "1000000 h",
        ];
        assert_eq!(all, wanted);
        assert_eq!(Latency::new(312.0).told(Lang::Ja), "5.2分");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(224_000.0), "224,000");
        assert_eq!(grouped(141.75), "142");
        assert_eq!(grouped(36.75), "36.8");
        assert_eq!(grouped(0.0), "0");
        assert_eq!(grouped(-1500.0), "-1,500");
    }
}
