//! Bands, panels and bars of the utilisation chart. In: its figures with their sizes. Out: marks on the page.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::Cartesian2d;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};

use crate::chart::Level;
use crate::data::{Load, ResourceRow, Utilisation};
use crate::error::VizError;
use crate::mark::{LEADING, Patch, Trace, Type, at, text};
use crate::page::{Area, MARGIN, badge, badge_width, block};
use crate::palette::{GRID, INK, PAPER, SOFT, pale};
use crate::scale::Scale;
use crate::surface::Surface;
use crate::track::outline_of;
use crate::words::percent;

use super::layout::{AXIS, BAR, Layout, Parts};

/// One band of panels under construction.
pub struct Band<'a> {
    pub figure: &'a Utilisation,
    pub layout: &'a Layout,
    pub parts: &'a Parts,
    pub steps: &'a [usize],
    pub top: f64,
    /// What stands where a resource does not exist.
    pub none: &'static str,
}

type Panel<'a, 'b> = ChartContext<'b, Surface<'a>, Cartesian2d<Scale, RangedCoordf64>>;

pub fn draw_band(area: &Area<'_>, band: &Band<'_>) -> Result<(), VizError> {
    let layout = band.layout;
    let top = band.top + layout.header;
    draw_labels(area, band, top)?;
    let mut x = MARGIN + layout.label;
    for step in band.steps {
        let lines = &layout.steps[*step];
        let mut y = top - 3.0;
        for line in lines.iter().rev() {
            area.draw(&text(
                x,
                y,
                line,
                Type::BODY.bold().anchor(HPos::Left, VPos::Bottom),
            ))?;
            y -= LEADING;
        }
        draw_panel(area, band, *step, (x, top))?;
        x += layout.panel;
    }
    Ok(())
}

fn draw_labels(area: &Area<'_>, band: &Band<'_>, top: f64) -> Result<(), VizError> {
    let layout = band.layout;
    #[expect(clippy::cast_precision_loss, reason = "a page has few columns")]
    let right = MARGIN + layout.label + layout.panel * band.steps.len() as f64;
    for (name, (y, height)) in layout.names.iter().zip(&layout.rows) {
        area.draw(&Trace::new(
            vec![at(MARGIN, top + y), at(right, top + y)],
            GRID,
            4,
        ))?;
        block(area, MARGIN, top + y + height / 2.0, name, Type::BODY)?;
    }
    Ok(())
}

/// One step: axis, bars, figures.
fn draw_panel(
    area: &Area<'_>,
    band: &Band<'_>,
    step: usize,
    (x, top): (f64, f64),
) -> Result<(), VizError> {
    let layout = band.layout;
    let (height, width) = (layout.rows_height(), layout.panel - 5.0);
    let (left, upper) = at(x, top);
    let (right, lower) = at(x + width, top + height + AXIS);
    let frame = area
        .clone()
        .shrink((left, upper), (right - left, lower - upper));
    let scale = Scale {
        end: layout.longest,
        ticks: vec![0.0, 1.0],
        // A panel is too narrow for a nought beside it.
        words: |ratio| String::from(if ratio > 0.0 { "100%" } else { "" }),
    };
    let mut panel = ChartBuilder::on(&frame)
        .x_label_area_size(at(AXIS, 0.0).0)
        .build_cartesian_2d(scale, height..0.0)?;
    panel
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .bold_line_style(GRID.stroke_width(4))
        .light_line_style(GRID.stroke_width(4))
        .axis_style(INK.stroke_width(6))
        .x_label_style(Type::BODY.style())
        .set_all_tick_mark_size(15)
        .draw()?;
    for (row, (y, height)) in band.figure.resources.iter().zip(&layout.rows) {
        let middle = y + height / 2.0;
        let Some(load) = &row.loads[step] else {
            area.draw(&text(
                x + 2.0,
                top + middle,
                band.none,
                Type::BODY.colour(SOFT).anchor(HPos::Left, VPos::Center),
            ))?;
            continue;
        };
        draw_bar(&mut panel, band, row, load, middle)?;
        let level = Level::of(load.utilisation, row.threshold);
        let words = percent(load.utilisation, row.threshold);
        badge(
            area,
            x + 2.0 + badge_width(&words, level) / 2.0,
            top + middle - 5.4,
            &words,
            level,
        )?;
    }
    Ok(())
}

/// A stacked bar below its figure, cut at the end of the scale.
fn draw_bar(
    panel: &mut Panel<'_, '_>,
    band: &Band<'_>,
    row: &ResourceRow,
    load: &Load,
    middle: f64,
) -> Result<(), VizError> {
    let end = band.layout.longest;
    let (top, bottom) = (middle + 1.0, middle + 1.0 + BAR);
    for (from, to, look, name) in band.parts.pieces(load) {
        if from < end {
            let title = format!("{} {name} {}", row.label, percent(to - from, f64::INFINITY));
            let piece = Patch::new((from, top), (to.min(end), bottom))
                .look(if load.projected { pale(look) } else { look })
                .title(title);
            let outline = if load.projected { GRID } else { INK };
            panel.plotting_area().draw(&piece.outline(outline, 3))?;
        }
    }
    let level = Level::of(load.utilisation, row.threshold);
    if let Some((colour, width)) = outline_of(level) {
        let whole = Patch::new((0.0, top), (load.utilisation.min(end), bottom));
        panel.plotting_area().draw(&whole.outline(colour, width))?;
    }
    if load.projected {
        let right = load.utilisation.min(end);
        let round = [
            (0.0, top),
            (right, top),
            (right, bottom),
            (0.0, bottom),
            (0.0, top),
        ];
        panel
            .plotting_area()
            .draw(&Trace::new(round.to_vec(), INK, 7).dashed(16, 10))?;
    }
    if load.utilisation > end {
        for shift in [0.10, 0.05] {
            let cut = vec![
                (end - (shift + 0.03) * end, bottom + 1.5),
                (end - (shift - 0.03) * end, top - 1.5),
            ];
            panel.plotting_area().draw(&Trace::new(cut, PAPER, 16))?;
        }
    }
    let upright = |ratio| vec![(ratio, top - 1.5), (ratio, bottom + 1.5)];
    panel
        .plotting_area()
        .draw(&Trace::new(upright(1.0), INK, 8))?;
    panel
        .plotting_area()
        .draw(&Trace::new(upright(row.threshold), INK, 9).dashed(18, 12))?;
    panel
        .plotting_area()
        .draw(&Trace::new(upright(0.0), INK, 6))?;
    Ok(())
}
