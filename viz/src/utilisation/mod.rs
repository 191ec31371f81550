//! How full each resource is at each step: rows are resources, columns are steps, each cell a bar with its figure.
//! In: [`Utilisation`]. Out: a chart. Can fail with [`VizError::Ragged`] when a row has not one cell for each step.
//!
//! ```text
//!                 step 0      step 1          a panel for each step, all on one scale
//! proxy           48%         [144%]          figure: plain, framed (threshold), filled (capacity)
//! 80,000 sessions ▇▇▇▇¦ |     ▇▇▇▇¦▇|▇▇▇▇     bar, stacked by application; ¦ threshold, | capacity
//! ```

mod draw;
mod layout;

use crate::chart::{Chart, Level, Options, amounts, ratio, table};
use crate::data::{Amount, Load, Utilisation};
use crate::error::VizError;
use crate::keys::{breaches, key, limits};
use crate::page::{Key, Page, Sample, fitting};
use crate::palette::{OTHERS, PARTS, WHOLE};
use crate::rows::with_remark;
use crate::words::Pick as _;

use draw::{Band, draw_band};
use layout::{Layout, Parts};

/// Draws utilisation per step against capacity and threshold.
///
/// # Errors
/// [`VizError::Ragged`] when a row's cells do not match the steps; otherwise only failures of the libraries below.
pub fn utilisation(figure: &Utilisation, options: &Options) -> Result<Chart, VizError> {
    if let Some(row) = figure
        .resources
        .iter()
        .find(|row| row.loads.len() != figure.steps.len())
    {
        return Err(VizError::Ragged(row.label.clone()));
    }
    let (page, (shown, parts, layout)) = fitting(figure.resources.len(), |rows| {
        let shown = fullest(figure, rows, options);
        let parts = Parts::of(&shown, options);
        let page = Page::new(&shown.caption, legend(&shown, &parts, options), *options);
        let layout = Layout::of(&shown, options);
        (page, layout.height(), (shown, parts, layout))
    });
    let (svg, missing) = page.render(layout.height(), |area, top| {
        let mut y = top;
        for band in &layout.bands {
            draw_band(
                area,
                &Band {
                    figure: &shown,
                    layout: &layout,
                    parts: &parts,
                    steps: band,
                    top: y,
                    none: options.lang.pick("なし", "none"),
                },
            )?;
            y += layout.band_height(band);
        }
        Ok(())
    })?;
    Ok(Chart {
        name: "utilisation",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure)?,
        missing,
    })
}

/// So many rows of the figure, those that get fullest, in the order given; a remark says how many there are.
fn fullest(figure: &Utilisation, rows: usize, options: &Options) -> Utilisation {
    let all = &figure.resources;
    let peak = |place: &usize| {
        let loads = all[*place].loads.iter().flatten();
        loads.map(|load| load.utilisation).fold(0.0, f64::max)
    };
    let mut places: Vec<usize> = (0..all.len()).collect();
    places.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
    places.truncate(rows);
    places.sort_unstable();
    Utilisation {
        caption: with_remark(&figure.caption, rows, all.len(), options.lang),
        resources: places.iter().map(|place| all[*place].clone()).collect(),
        ..figure.clone()
    }
}

fn legend(figure: &Utilisation, parts: &Parts, options: &Options) -> Vec<Key> {
    let lang = options.lang;
    let mut keys: Vec<Key> = parts
        .names
        .iter()
        .zip(PARTS)
        .map(|(name, look)| key(Sample::Patch(look, None), name.clone()))
        .collect();
    if let Some(others) = &parts.others {
        keys.push(key(Sample::Patch(OTHERS, None), others.clone()));
    }
    if loads(figure).any(|(load, _)| load.projected) {
        let words = lang.pick("増加見込み（推計）", "projected growth");
        keys.push(key(Sample::Projected(WHOLE), words));
    }
    keys.extend(limits(lang));
    let levels = loads(figure).map(|(load, threshold)| Level::of(load.utilisation, threshold));
    keys.extend(breaches(levels, lang));
    keys
}

/// All loads with their thresholds.
fn loads(figure: &Utilisation) -> impl Iterator<Item = (&Load, f64)> {
    figure.resources.iter().flat_map(|row| {
        let loads = row.loads.iter().flatten();
        loads.map(|load| (load, row.threshold))
    })
}

/// One row for each cell, then one for each of its parts (with the application named). Only where something is a
/// projection does a last column say what is.
fn twin(figure: &Utilisation) -> Result<String, VizError> {
    let any_projected = loads(figure).any(|(load, _)| load.projected);
    let mut rows = Vec::new();
    for row in &figure.resources {
        for (step, load) in figure.steps.iter().zip(&row.loads) {
            let Some(load) = load else { continue };
            let level = Level::of(load.utilisation, row.threshold).code();
            let basis = if load.projected {
                "projection"
            } else {
                "today"
            };
            let mut push = |application: &str, value: f64, level: &str| {
                let part = load.amount.as_ref().map(|all| Amount {
                    offered: match application {
                        "" => all.offered,
                        _ => value * all.capacity,
                    },
                    ..all.clone()
                });
                let [offered, capacity, unit] = amounts(part.as_ref());
                let fields = [
                    step,
                    &row.label,
                    application,
                    &offered,
                    &capacity,
                    &unit,
                    &ratio(value),
                    &ratio(row.threshold),
                    level,
                    &load.when,
                    basis,
                ];
                let mut fields = fields.map(str::to_owned).to_vec();
                fields.truncate(if any_projected { 11 } else { 10 });
                rows.push(fields);
            };
            push("", load.utilisation, level);
            for (application, part) in figure.applications.iter().zip(&load.parts) {
                push(application, *part, "");
            }
        }
    }
    let mut header = vec![
        "step",
        "resource",
        "application",
        "offered",
        "capacity",
        "unit",
        "utilisation",
        "threshold",
        "level",
        "when",
    ];
    if any_projected {
        header.push("basis");
    }
    table(&header, rows)
}
