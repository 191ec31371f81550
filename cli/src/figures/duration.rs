//! For how long the busiest resources of one state are how full.

use super::alike::{by_resource, figure, folded, fullest, label};
use super::{Drawing, caption, ratio, sources};
use crate::model::report::LoadRow;
use crate::viz::data::{Caption, Duration, DurationLine};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::Context;

/// So many resources are drawn.
const DRAWN: usize = 5;

/// The chart of one state: a planner asks how long a peak lasts in the network as it will be, not how the states mix.
#[must_use]
pub fn duration(context: &Context<'_>, state: usize) -> Duration {
    let of_state = context.report.loads.iter().filter(|row| row.state == state);
    let mut rows: Vec<&LoadRow> = by_resource(of_state)
        .iter()
        .filter_map(|loads| fullest(loads))
        .filter(|row| ratio(row) > 0.0)
        .collect();
    rows.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    let title = context.pick(
        "使用率の超過時間（持続曲線）",
        "How long resources are how full",
    );
    let mut caption = caption(context, title, Some(state));
    caption.notes = vec![sources::remark(context.pick(
        "平日24時間の1時間平均。回線は使用率の高い方向の値",
        "hourly means of an ordinary day; links in their busier direction",
    ))];
    let drawn = &rows[..rows.len().min(DRAWN)];
    caption
        .notes
        .extend(sources::of(context, drawn.iter().copied()));
    let warn = |row: &&LoadRow| row.warn.get();
    let threshold = drawn.iter().map(warn).fold(f64::INFINITY, f64::min);
    let lines = rows.iter().map(|row| line(context, row));
    let look = |line: &DurationLine| line.hours.iter().map(|h| figure(*h)).collect();
    Duration {
        caption,
        threshold: if threshold.is_finite() {
            threshold
        } else {
            1.0
        },
        lines: folded(context, lines, look, |line| &mut line.label),
    }
}

fn line(context: &Context<'_>, row: &LoadRow) -> DurationLine {
    DurationLine {
        label: label(context, row),
        detail: String::new(),
        hours: super::ratios(row).to_vec(),
    }
}

impl Drawing for Duration {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::duration(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let Some(line) = self.lines.first() else {
            return context
                .pick("負荷のある資源はない", "no resource carries any load")
                .to_owned();
        };
        let over = |limit: f64| line.hours.iter().filter(|h| **h > limit + 1e-9).count();
        let (near, full, label) = (over(self.threshold), over(1.0), &line.label);
        context.pick(
            format!("{label}は1日のうち{near}時間しきい値を、{full}時間容量を超える"),
            format!("{label} is above its threshold for {near} and above capacity for {full} hours of a day"),
        )
    }
}
