//! Loads state by state, busiest first.

use super::{Align, Columns, Paint};
use crate::model::report::LoadRow;
use crate::model::units::grouped;
use crate::wording::{self, Context, quantity};
use std::cmp::Ordering;

/// The `top` busiest resources of one state, and how long one waits for what has a queue.
#[must_use]
pub fn loads(context: &Context<'_>, state: usize, top: usize, paint: Paint) -> String {
    let mut rows: Vec<&LoadRow> = context
        .report
        .loads
        .iter()
        .filter(|row| row.state == state)
        .collect();
    // A stable sort: equals stay in the order of the scenario.
    rows.sort_by(|a, b| {
        fullest(b)
            .partial_cmp(&fullest(a))
            .unwrap_or(Ordering::Equal)
    });
    let waits: Vec<String> = rows
        .iter()
        .filter_map(|row| wording::waits(row, context))
        .collect();
    let left_out = rows.len().saturating_sub(top);
    rows.truncate(top);
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("資源", "resource"), Align::Left),
        (pick("方向", "direction"), Align::Left),
        (pick("時刻", "hour"), Align::Left),
        (pick("負荷", "load"), Align::Right),
        (pick("容量", "capacity"), Align::Right),
        (pick("使用率", "utilisation"), Align::Right),
        (pick("縮退時", "at worst"), Align::Right),
        (pick("最悪の条件", "when"), Align::Left),
        (pick("判定", "state"), Align::Left),
    ]);
    for row in &rows {
        columns.row(cells(context, row));
    }
    let mut out = columns.draw(paint, |index, mark| {
        match rows.get(index).map(|row| level(row)) {
            Some(Level::Over) => paint.bad(mark),
            Some(Level::Near | Level::ThenOver) => paint.doubtful(mark),
            Some(Level::Fits) | None => paint.good(mark),
        }
    });
    if left_out > 0 {
        out.push_str(&context.pick(
            format!("  他に{left_out}件（`--top` で増やせる）\n"),
            format!("  and {left_out} more (see `--top`)\n"),
        ));
    }
    for line in waits {
        out.push_str(&format!("  {line}\n"));
    }
    out
}

fn cells(context: &Context<'_>, row: &LoadRow) -> Vec<String> {
    let (hour, utilisation) = row.busiest();
    let load = row
        .offered
        .get(usize::from(hour))
        .copied()
        .unwrap_or_default();
    vec![
        wording::resource(&row.label, row.kind, context.lang),
        row.direction
            .as_ref()
            .map_or_else(String::new, |(a, b)| format!("{a} → {b}")),
        wording::clock(hour),
        quantity(row.kind, load, context.lang),
        if row.capacity > 0.0 {
            quantity(row.kind, row.capacity, context.lang)
        } else {
            grouped(0.0)
        },
        wording::per_cent(utilisation, &[row.warn, row.full]),
        row.worst.first().map_or_else(String::new, |case| {
            wording::per_cent(case.utilisation(), &[row.full])
        }),
        row.worst.first().map_or_else(String::new, |case| {
            let under = wording::circumstance(&case.circumstance, context.lang);
            let under = wording::on_paper(&under, context.lang);
            format!("{} {under}", wording::clock(case.hour))
        }),
        match level(row) {
            Level::Over => context.pick("NG", "✗"),
            Level::Near => context.pick("要確認", "!"),
            Level::ThenOver => context.pick("縮退時NG", "✗ at worst"),
            Level::Fits => context.pick("OK", "ok"),
        }
        .to_owned(),
    ]
}

/// How full it gets, at worst.
fn fullest(row: &LoadRow) -> f64 {
    let worst = row.worst.first();
    let worst = worst.map_or(0.0, |case| case.utilisation().get());
    row.busiest().1.get().max(worst)
}

/// On which side of its limits a resource is; a limit itself still fits.
enum Level {
    Over,
    Near,
    /// It fits with everything up on an ordinary day, and at worst it does not (CAP-211).
    ThenOver,
    Fits,
}

fn level(row: &LoadRow) -> Level {
    let (_, utilisation) = row.busiest();
    let mut worst = row.worst.iter();
    let then_over = worst.any(|case| case.utilisation() > row.limit(&case.circumstance));
    if utilisation > row.full {
        Level::Over
    } else if then_over {
        Level::ThenOver
    } else if utilisation > row.warn {
        Level::Near
    } else {
        Level::Fits
    }
}
