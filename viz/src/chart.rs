//! A finished chart, and what all charts share: options, widths, levels of load, the CSV writer.

use crate::canvas::decimal;
use crate::data::Amount;
use crate::error::VizError;
use crate::words::Lang;

/// A finished chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Base name for files: that of the function which drew it; the caller adds the step.
    pub name: &'static str,
    /// Title as drawn.
    pub title: String,
    /// The drawing: text as outlines, so it needs no font.
    pub svg: String,
    /// The same figures as a table: RFC 4180, header row, UTF-8 without byte order mark, English column names.
    pub csv: String,
    /// Characters the embedded font lacks; each was drawn as a crossed box.
    pub missing: Vec<char>,
}

/// Native width of a chart on paper. Text is 8 pt or larger in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Width {
    /// 85 mm: one of two columns on A4.
    Half,
    /// 170 mm: the full text width of A4.
    Full,
}

impl Width {
    /// Width in points.
    #[must_use]
    pub fn points(self) -> f64 {
        match self {
            Self::Half => 241.0,
            Self::Full => 482.0,
        }
    }
}

/// Language and width of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Options {
    /// Language of the chart's own words.
    pub lang: Lang,
    /// Native width.
    pub width: Width,
}

impl Options {
    /// A chart for half the width of A4.
    #[must_use]
    pub fn half(lang: Lang) -> Self {
        Self {
            lang,
            width: Width::Half,
        }
    }

    /// A chart for the full width of A4.
    #[must_use]
    pub fn full(lang: Lang) -> Self {
        Self {
            lang,
            width: Width::Full,
        }
    }
}

/// How full something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below its threshold.
    Within,
    /// At or above its threshold, and not above capacity.
    OverThreshold,
    /// Above capacity (ratio above 1).
    OverCapacity,
}

/// What rounding may add to a ratio; a load of exactly its limit is within it, as findings judge it too.
const SLACK: f64 = 1e-9;

impl Level {
    /// The level of a load: above its threshold, above capacity, or within both. A ratio that is not a number counts as within: there is nothing to report.
    #[must_use]
    pub fn of(utilisation: f64, threshold: f64) -> Self {
        if utilisation > 1.0 + SLACK {
            Self::OverCapacity
        } else if utilisation > threshold + SLACK {
            Self::OverThreshold
        } else {
            Self::Within
        }
    }

    /// The word used in the CSV twin.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::OverThreshold => "over_threshold",
            Self::OverCapacity => "over_capacity",
        }
    }
}

/// A ratio for a CSV cell: four decimals, so that the same input gives the same bytes.
pub(crate) fn ratio(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4}")
    } else {
        value.to_string()
    }
}

/// Demand, capacity and their unit for three CSV cells; nothing where they are not known.
pub(crate) fn amounts(amount: Option<&Amount>) -> [String; 3] {
    amount.map_or_else(Default::default, |amount| {
        let (offered, capacity) = (decimal(amount.offered, 4), decimal(amount.capacity, 4));
        [offered, capacity, amount.unit.clone()]
    })
}

/// Writes rows as CSV.
pub(crate) fn table<R, F>(header: &[&str], rows: R) -> Result<String, VizError>
where
    R: IntoIterator<Item = Vec<F>>,
    F: AsRef<[u8]>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| VizError::Table(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| VizError::Table(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_meet_at_threshold_and_capacity() {
        for (load, level) in [
            (0.79, Level::Within),
            (0.8, Level::Within),
            (0.801, Level::OverThreshold),
            (1.0, Level::OverThreshold),
            (1.001, Level::OverCapacity),
            (f64::NAN, Level::Within),
            (f64::INFINITY, Level::OverCapacity),
        ] {
            assert_eq!(Level::of(load, 0.8), level, "{load}");
        }
    }

    #[test]
    fn csv_quotes_by_rfc_4180() {
        let csv = table(&["a", "b"], [vec!["x, y", "1"], vec!["\"q\"", "改\n行"]]).unwrap();
        assert_eq!(csv, "a,b\r\n\"x, y\",1\r\n\"\"\"q\"\"\",\"改\n行\"\r\n");
    }
}
