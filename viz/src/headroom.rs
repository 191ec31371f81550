//! How much room is left, in normal operation and after the worst single failure: rows are resources, the fullest first.
//! In: [`Headroom`]. Out: a chart. Nothing about the data can make it fail.
//!
//! ```text
//! line to centre  ▇▇▇▇▇▇¦  |          48%   failure of router 1
//! 1 Gbit/s        ▨▨▨▨▨▨¦▨▨|▨▨▨▨▨▨▨ [144%]  (step 2, 10:00)
//! ```

use crate::chart::{Chart, Level, Options, Width, amounts, ratio, table};
use crate::data::{Amount, Headroom, HeadroomRow};
use crate::error::VizError;
use crate::pairs::{Pair, draw, page};
use crate::rows::worst_first;
use crate::words::{Lang, Pick as _};

/// Draws normal and degraded utilisation of each resource, and names the failure.
///
/// # Errors
/// Only failures of the libraries below.
pub fn headroom(figure: &Headroom, options: &Options) -> Result<Chart, VizError> {
    let rows = worst_first(&figure.rows, worst);
    let head = match options.width {
        // Below the bars, each failure says itself what it is.
        Width::Half => "",
        Width::Full => options
            .lang
            .pick("最も厳しい故障（段階・時刻）", "worst failure (step, hour)"),
    };
    let degraded = match figure.days {
        false => options
            .lang
            .pick("縮退時（1か所故障）", "degraded (one failure)"),
        true => options.lang.pick(
            "縮退時（1か所故障または特別な日）",
            "degraded (one failure or a special day)",
        ),
    };
    let of = |row: &HeadroomRow| pair(row, options);
    let (page, (pairs, layout)) = page(&figure.caption, &rows, of, (head, degraded), options);
    let (svg, missing) = page.render(layout.height(), |area, top| {
        draw(area, &pairs, &layout, top)
    })?;
    Ok(Chart {
        name: "headroom",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(&rows)?,
        missing,
    })
}

fn worst(row: &HeadroomRow) -> f64 {
    row.normal.max(row.degraded.unwrap_or(row.normal))
}

fn pair(row: &HeadroomRow, options: &Options) -> Pair {
    let lang = options.lang;
    Pair {
        label: row.label.clone(),
        detail: row.detail.clone(),
        threshold: row.threshold,
        normal: row.normal,
        degraded: row.degraded,
        unexamined: lang.pick("故障時は未検討", "failure not examined"),
        words: culprit(row, lang, options.width == Width::Half),
        joint: Some(lang.pick("", " ")),
    }
}

/// The failure, then step and hour; where no heading says what it is, a word in front does.
fn culprit(row: &HeadroomRow, lang: Lang, alone: bool) -> Vec<String> {
    if row.culprit.is_empty() {
        return vec![row.when.clone()];
    }
    let front = if alone {
        lang.pick("故障：", "failure: ")
    } else {
        ""
    };
    let when = if row.when.is_empty() {
        String::new()
    } else {
        lang.pick(format!("（{}）", row.when), format!("({})", row.when))
    };
    vec![format!("{front}{}", row.culprit), when]
}

/// Two rows for each resource: normal, then degraded with its failure.
fn twin(rows: &[&HeadroomRow]) -> Result<String, VizError> {
    let mut lines = Vec::new();
    for row in rows {
        let mut push = |case: &str, (load, amount): (f64, &Option<Amount>), culprit, when| {
            let level = Level::of(load, row.threshold).code();
            let (load, threshold) = (ratio(load), ratio(row.threshold));
            let [offered, capacity, unit] = amounts(amount.as_ref());
            let fields = [
                &row.label,
                &row.detail,
                case,
                &offered,
                &capacity,
                &unit,
                &load,
                &threshold,
                level,
                culprit,
                when,
            ];
            lines.push(fields.map(str::to_owned).to_vec());
        };
        push("normal", (row.normal, &row.normal_amount), "", "");
        if let Some(degraded) = row.degraded {
            let degraded = (degraded, &row.degraded_amount);
            push("degraded", degraded, &row.culprit, &row.when);
        }
    }
    table(
        &[
            "resource",
            "detail",
            "case",
            "offered",
            "capacity",
            "unit",
            "utilisation",
            "threshold",
            "level",
            "failure",
            "when",
        ],
        lines,
    )
}
