//! What is shared by the piece: how much of it is wanted, what is left after a failure, and how likely none is free.
//! In: [`Pools`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//! proxy sessions  ▇▇▇▇▇▇¦▇▇|▇▇▇  [280%]  224,000 / 80,000 sessions
//! step 2          ▨▨▨▨▨▨¦▨▨|▨//  [560%]  degraded: 40,000; turned away 64%
//! ```

use crate::canvas::decimal;
use crate::chart::{Chart, Level, Options, ratio, table};
use crate::data::{PoolRow, Pools};
use crate::error::VizError;
use crate::pairs::{Pair, draw, page};
use crate::rows::worst_first;
use crate::words::{Lang, Pick as _, amount, blocked, chance};
use utsushi_model::units::{Latency, Utilisation};

/// Draws how full each pool is, with its figures and the probability that none is free.
///
/// # Errors
/// Only failures of the libraries below.
pub fn pools(figure: &Pools, options: &Options) -> Result<Chart, VizError> {
    let lang = options.lang;
    let rows = worst_first(&figure.rows, |row| pair(row, lang).worst());
    let head = lang.pick(
        "必要数 / 保有数、空きがない確率",
        "wanted / held; chance that none is free",
    );
    let degraded = lang.pick("1台停止時", "one machine lost");
    let of = |row: &PoolRow| pair(row, lang);
    let (page, (pairs, layout)) = page(&figure.caption, &rows, of, (head, degraded), options);
    let (svg, missing) = page.render(layout.height(), |area, top| {
        draw(area, &pairs, &layout, top)
    })?;
    Ok(Chart {
        name: "pools",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(&rows)?,
        missing,
    })
}

/// Demand by capacity: infinite where something is wanted and there is nothing.
fn share(offered: f64, capacity: f64) -> f64 {
    Utilisation::of(offered, capacity).get()
}

fn degraded(row: &PoolRow) -> Option<f64> {
    row.degraded_capacity
        .map(|capacity| share(row.offered, capacity))
}

fn pair(row: &PoolRow, lang: Lang) -> Pair {
    let unit = if row.unit.is_empty() || lang == Lang::Ja {
        row.unit.clone()
    } else {
        format!(" {}", row.unit)
    };
    let held = format!("{} / {}{unit}", amount(row.offered), amount(row.capacity));
    let left = row.degraded_capacity.map(|capacity| {
        let capacity = amount(capacity);
        lang.pick(
            format!("1台停止時は {capacity}{unit}"),
            format!("one machine lost: {capacity}{unit}"),
        )
    });
    let blocking = row
        .blocking
        .map(|share| format!("{} {}", blocked(row.waiting, lang), chance(share)));
    let queue = row.queue.map(|queue| {
        // What rounds to no millisecond is no wait.
        if queue.most < 0.000_5 {
            return lang.pick("待ちなし", "no wait").to_owned();
        }
        let (most, hour) = (Latency::new(queue.most).told(lang), queue.hour);
        lang.pick(
            format!("待ち 95 %が{most}以内（{hour}時台）"),
            format!("95 % wait ≤ {most} ({hour}:00)"),
        )
    });
    let step = if row.step.is_empty() {
        String::new()
    } else {
        lang.pick(format!("（{}）", row.step), format!("({})", row.step))
    };
    Pair {
        label: row.label.clone(),
        detail: step,
        threshold: row.threshold,
        normal: share(row.offered, row.capacity),
        degraded: degraded(row),
        unexamined: "",
        words: [Some(held), blocking, queue, left]
            .into_iter()
            .flatten()
            .collect(),
        joint: None,
    }
}

fn when_none_free(row: &PoolRow) -> &'static str {
    if row.waiting { "wait" } else { "turned_away" }
}

/// One row for each pool; what was not examined stays empty.
fn twin(rows: &[&PoolRow]) -> Result<String, VizError> {
    let lines = rows.iter().map(|row| {
        let normal = share(row.offered, row.capacity);
        let degraded = degraded(row);
        let level = |load: f64| Level::of(load, row.threshold).code().to_owned();
        vec![
            row.label.clone(),
            row.step.clone(),
            row.unit.clone(),
            decimal(row.offered, 4),
            decimal(row.capacity, 4),
            ratio(normal),
            ratio(row.threshold),
            level(normal),
            row.degraded_capacity
                .map_or(String::new(), |capacity| decimal(capacity, 4)),
            degraded.map_or(String::new(), ratio),
            degraded.map_or(String::new(), level),
            row.blocking
                .map_or(String::new(), |share| decimal(share, 10)),
            when_none_free(row).to_owned(),
            row.queue.map_or(String::new(), |q| q.hour.to_string()),
            row.queue.map_or(String::new(), |q| decimal(q.mean, 3)),
            row.queue.map_or(String::new(), |q| decimal(q.most, 3)),
            row.queue.map_or(String::new(), |q| decimal(q.backlog, 3)),
        ]
    });
    table(
        &[
            "pool",
            "step",
            "unit",
            "offered",
            "capacity",
            "utilisation",
            "threshold",
            "level",
            "degraded_capacity",
            "degraded_utilisation",
            "degraded_level",
            "blocking",
            "when_none_free",
            "wait_hour",
            "wait_mean_s",
            "wait_95_s",
            "backlog",
        ],
        lines,
    )
}
