//! Rates, times, shares and dates.
//!
//! Goes in: texts such as `10 Gbps`, `40 s`, `80 %`, `2023-07-22`. Comes out: quantities with units.
//! What can go wrong: no unit, out of range, no such day.

use super::Reader;
use crate::raw::Val;
use crate::say::{self, Noun, Said};
use crate::scan;
use utsushi_model::date::Date;
use utsushi_model::finding::Code;
use utsushi_model::limits::{self, MOST_RATE, MOST_RATE_WORDS};
use utsushi_model::units::{BitRate, Latency, Share, Utilisation};

/// Nothing here takes longer: a day.
const MOST_TIME: f64 = 86_400.0;
const MOST_TIME_WORDS: &str = "86400 s";

const RATE: Noun = (
    "単位付きの速度（`150 kbps`、`100 Mbps`、`1 Gbps` など）",
    "a rate with its unit, such as `150 kbps`, `100 Mbps` or `1 Gbps`",
);
const TIME: Noun = (
    "単位（us、ms、s、min、h）付きの時間（`2 ms`、`40 s` など）",
    "a time with its unit (us, ms, s, min or h), such as `2 ms` or `40 s`",
);
const SHARE: Noun = (
    "`0 %` から `100 %` までの割合",
    "a share between `0 %` and `100 %`",
);
const PERCENT: Noun = ("`80 %` のような百分率", "a percentage such as `80 %`");

impl<'a> Reader<'a> {
    /// A quantity in quotes. A number without quotes has no unit, and is told so.
    fn quantity<T>(
        &self,
        value: Val<'a>,
        noun: Noun,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = match self.is_text(value) {
            true => self.string(value)?,
            false => value.head().to_owned(),
        };
        match read(&text).filter(|_| self.is_text(value)) {
            Some(quantity) => Some(quantity),
            None => self.note(value, say::quantity(&text, noun)),
        }
    }

    /// A rate, perhaps 0.
    pub(crate) fn rate(&self, value: Val<'a>) -> Option<BitRate> {
        let rate: BitRate = self.quantity(value, RATE, |text| text.parse().ok())?;
        match rate.get() > MOST_RATE {
            true => self.note(
                value,
                say::too_much(scan::inside(value.head()), MOST_RATE_WORDS),
            ),
            false => Some(rate),
        }
    }

    /// A rate that carries something.
    pub(crate) fn capacity(&self, value: Val<'a>) -> Option<BitRate> {
        let rate = self.rate(value)?;
        if rate > BitRate::ZERO {
            return Some(rate);
        }
        self.nothing(value)
    }

    /// A time, perhaps 0.
    pub(crate) fn time(&self, value: Val<'a>) -> Option<Latency> {
        let time: Latency = self.quantity(value, TIME, |text| text.parse().ok())?;
        match time.get() > MOST_TIME {
            true => self.note(
                value,
                say::too_much(scan::inside(value.head()), MOST_TIME_WORDS),
            ),
            false => Some(time),
        }
    }

    /// A time that something takes.
    pub(crate) fn duration(&self, value: Val<'a>) -> Option<Latency> {
        let time = self.time(value)?;
        if time > Latency::ZERO {
            return Some(time);
        }
        self.nothing(value)
    }

    fn nothing<T>(&self, value: Val<'a>) -> Option<T> {
        self.note(value, Said::of(Code::Quantity, limits::nothing()))
    }

    /// A share of a whole.
    pub(crate) fn share(&self, value: Val<'a>) -> Option<Share> {
        self.quantity(value, SHARE, |text| text.parse().ok())
    }

    /// A share written as a plain number between 0 and 1.
    pub(crate) fn part(&self, value: Val<'a>) -> Option<Share> {
        let noun = ("0 から 1 までの数", "a number between 0 and 1");
        match value.head().parse().ok().and_then(Share::new) {
            Some(share) => Some(share),
            None => self.note(value, say::quantity(value.head(), noun)),
        }
    }

    /// A utilisation above nothing; it may be more than full.
    pub(crate) fn utilisation(&self, value: Val<'a>) -> Option<Utilisation> {
        self.quantity(value, PERCENT, |text| {
            let number: f64 = text.trim().strip_suffix('%')?.trim().parse().ok()?;
            (number > 0.0 && number <= 1000.0).then(|| Utilisation::new(number / 100.0))
        })
    }

    /// A day.
    pub(crate) fn date(&self, value: Val<'a>) -> Option<Date> {
        let text = self.string(value)?;
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => {
                let said = Said::new(
                    Code::Date,
                    format!("`{text}` という日付はない"),
                    format!("`{text}` is not a date"),
                )
                .or_help(say::full_width(&text))
                .or_help(Some(utsushi_model::text::Text::new(
                    "西暦で `2023-07-22` のように書く",
                    "write year, month and day like `2023-07-22`",
                )));
                self.note(value, said)
            }
        }
    }
}
