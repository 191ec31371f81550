//! Room left on an ordinary day and at worst, over all states of the plan.

use super::alike::{by_resource, figure, folded, fullest, label};
use super::{Drawing, amount, caption, ratio, sources};
use crate::model::report::{Case, LoadRow};
use crate::viz::data::{Caption, Headroom, HeadroomRow};
use crate::viz::{self, Chart, Options, VizError};
use crate::wording::{self, Context};

/// A resource matters from this utilisation on; so many are shown even if none does.
const MATTERS: f64 = 0.5;
const FEWEST: usize = 6;

/// The chart of the whole plan.
#[must_use]
pub fn headroom(context: &Context<'_>) -> Headroom {
    let title = context.pick(
        "資源の余裕（通常時と縮退時）",
        "Room left, normal and degraded",
    );
    let mut rows: Vec<Found<'_>> = by_resource(&context.report.loads)
        .iter()
        .filter_map(|loads| Found::of(loads))
        .filter(|found| found.worst() > 0.0)
        .collect();
    rows.sort_by(|a, b| b.worst().total_cmp(&a.worst()));
    let matter = rows.iter().filter(|found| found.worst() >= MATTERS).count();
    rows.truncate(matter.max(FEWEST));
    let days = !context.requirements.days.is_empty();
    let mut caption = caption(context, title, None);
    if days {
        caption.notes = sources::limits_of_any_day(context).into_iter().collect();
    }
    caption.notes.extend(sources::failures(context));
    let shown = rows.iter().map(|found| found.normal);
    caption.notes.extend(sources::of(context, shown));
    let rows = rows.iter().map(|found| found.row(context));
    let look = |row: &HeadroomRow| {
        let degraded = row.degraded.map(figure);
        format!("{} {degraded:?} {}", figure(row.normal), row.detail)
    };
    Headroom {
        caption,
        days,
        rows: folded(context, rows, look, |row| &mut row.label),
    }
}

/// One resource with what is worst for it.
struct Found<'a> {
    /// The state in which it is fullest on an ordinary day.
    normal: &'a LoadRow,
    /// The worst circumstance, if any makes it fuller than that.
    case: Option<(&'a LoadRow, &'a Case)>,
}

impl<'a> Found<'a> {
    fn of(loads: &[&'a LoadRow]) -> Option<Self> {
        let normal = fullest(loads)?;
        // The worst case of each state comes first.
        let cases = loads
            .iter()
            .filter_map(|row| Some((*row, row.worst.first()?)));
        let worst = cases.reduce(|best, other| {
            if other.1.utilisation() > best.1.utilisation() {
                other
            } else {
                best
            }
        });
        Some(Self {
            normal,
            case: worst.filter(|(_, case)| case.utilisation().get() > ratio(normal)),
        })
    }

    fn worst(&self) -> f64 {
        self.case
            .map_or_else(|| ratio(self.normal), |(_, case)| case.utilisation().get())
    }

    fn row(&self, context: &Context<'_>) -> HeadroomRow {
        let examined = context.report.failures > 0 || self.case.is_some();
        let (at, hour) = match self.case {
            Some((row, case)) => (row, case.hour),
            None => (self.normal, self.normal.busiest().0),
        };
        let mut when = format!(
            "{} {}",
            wording::step(context, at.state),
            wording::clock(hour)
        );
        if self.case.is_none() && examined {
            let none = context.pick("故障で増加せず", "no failure adds");
            when = context.pick(format!("{none}（{when}）"), format!("{none} ({when})"));
        }
        let of = |row: &LoadRow, offered, capacity| amount(context, row.kind, offered, capacity);
        let normal = self.normal;
        let busiest = normal.offered[usize::from(normal.busiest().0)];
        let normal = of(normal, busiest, normal.capacity);
        let degraded = self.case.map_or_else(
            || normal.clone(),
            |(row, case)| of(row, case.offered, case.capacity),
        );
        HeadroomRow {
            label: label(context, self.normal),
            detail: wording::quantity(at.kind, at.capacity, context.lang),
            threshold: self.normal.warn.get(),
            normal: ratio(self.normal),
            normal_amount: Some(normal),
            degraded: examined.then(|| self.worst()),
            degraded_amount: examined.then_some(degraded),
            culprit: self
                .case
                .map_or_else(String::new, |(_, case)| culprit(context, case)),
            when,
        }
    }
}

/// The circumstance in words, as people would say it on a chart.
fn culprit(context: &Context<'_>, case: &Case) -> String {
    let words = wording::circumstance(&case.circumstance, context.lang);
    match case.circumstance.failure {
        Some(_) => wording::on_paper(&words, context.lang),
        None => context.pick(
            format!("{words}、故障なし"),
            format!("{words}, nothing failed"),
        ),
    }
}

impl Drawing for Headroom {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn draw(&self, options: &Options) -> Result<Chart, VizError> {
        viz::headroom(self, options)
    }

    fn sees(&self, context: &Context<'_>) -> String {
        let worst = |row: &&HeadroomRow| row.degraded.unwrap_or(row.normal);
        let fullest = self.rows.iter().reduce(|best, row| {
            if worst(&row) > worst(&best) {
                row
            } else {
                best
            }
        });
        let Some(row) = fullest else {
            return context
                .pick("負荷のある資源はない", "no resource carries any load")
                .to_owned();
        };
        let label = &row.label;
        let culprit = if row.culprit.is_empty() {
            &row.when
        } else {
            &row.culprit
        };
        let limits = [row.threshold, 1.0];
        let percent = |load| super::per_cent(load, &limits);
        let (normal, degraded) = (percent(row.normal), percent(worst(&row)));
        context.pick(
            format!("最も余裕がないのは{label}：通常時 {normal}、縮退時 {degraded}、{culprit}"),
            format!(
                "least room of all: {label}, {normal} normally, {degraded} at worst: {culprit}"
            ),
        )
    }
}
