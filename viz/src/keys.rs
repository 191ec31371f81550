//! Legend entries that several charts share. In: a language, the levels that occur. Out: keys in print order.

use crate::canvas::decimal;
use crate::chart::Level;
use crate::page::{Key, Sample};
use crate::palette::INK;
use crate::words::{self, Lang, Pick as _};

/// One entry.
pub fn key(sample: Sample, words: impl Into<String>) -> Key {
    Key {
        sample,
        words: words.into(),
    }
}

/// The solid line of capacity and the dashed one of the threshold, with its figure if all share one.
pub fn limits_at(thresholds: impl Iterator<Item = f64>, lang: Lang) -> Vec<Key> {
    let mut found: Vec<f64> = thresholds.filter(|ratio| ratio.is_finite()).collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    let mut keys = Vec::from(limits(lang));
    if let ([one], Some(last)) = (&found[..], keys.last_mut()) {
        let figure = decimal(one * 100.0, 2);
        let (open, close) = lang.pick(("（", "%）"), (" (", "%)"));
        last.words = format!("{}{open}{figure}{close}", last.words);
    }
    keys
}

/// The solid line of capacity and the dashed one of the threshold.
pub fn limits(lang: Lang) -> [Key; 2] {
    let capacity = lang.pick("容量（100%）", "capacity (100%)");
    let threshold = lang.pick("しきい値", "threshold");
    [
        key(Sample::Line(INK, 8, None), capacity),
        key(Sample::Line(INK, 9, Some((18, 12))), threshold),
    ]
}

/// The badges of those levels of breach that occur.
pub fn breaches(found: impl Iterator<Item = Level>, lang: Lang) -> Vec<Key> {
    let found: Vec<Level> = found.collect();
    [Level::OverThreshold, Level::OverCapacity]
        .into_iter()
        .filter(|level| found.contains(level))
        .map(|level| key(Sample::Badge(level), words::level(level, lang)))
        .collect()
}
