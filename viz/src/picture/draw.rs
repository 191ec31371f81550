//! The shapes of the network picture. In: a picture whose every part has its place. Out: marks on the page.

use plotters::element::Polygon;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, RGBColor};

use crate::chart::Options;
use crate::data::{Node, NodeKind, Picture};
use crate::error::VizError;
use crate::font::Weight;
use crate::mark::{BODY, LEADING, Trace, Type, at, patch, text};
use crate::page::{Area, BADGE, MARGIN, badge, badge_width, block};
use crate::palette::{GRID, INK, PAPER, zone};
use crate::text::wrap_to;
use crate::words::percent;

use super::lanes::Lane;
use super::route::{Frame, Plan, TITLE};
use super::{Drawing, STRIP, stroke, title_width};

/// Width of the bricks at the left edge of a firewall.
const BRICKS: f64 = 5.0;
/// How far the shadow of a box that stands for several lies behind it.
const SHADOW: f64 = 1.8;

/// Lines of words in a box of this width: at most three for the name, one more for the count.
fn words(node: &Node, width: f64) -> Vec<String> {
    let inset = if node.kind == NodeKind::Firewall {
        BRICKS + 4.0
    } else {
        4.0
    };
    let mut lines = wrap_to(&node.label, Weight::Regular, BODY, width - inset, 3);
    if node.count > 1 {
        let count = format!("×{}", thousands(node.count));
        match lines.last_mut() {
            Some(last) if Type::BODY.width(&format!("{last} {count}")) <= width - inset => {
                *last = format!("{last} {count}");
            }
            _ => lines.push(count),
        }
    }
    lines
}

fn thousands(count: u32) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}

/// Height in points of a box of this width.
#[expect(clippy::cast_precision_loss, reason = "a box has few lines")]
pub fn box_height(node: &Node, width: f64) -> f64 {
    words(node, width).len() as f64 * LEADING + 4.0
}

/// Left end and width of each lane's title: the leftmost place where no wire runs through it, else the left edge.
pub fn title_places(lanes: &[Lane], plan: &Plan, span: (f64, f64)) -> Vec<(f64, f64)> {
    let place = |(zone, top, _): &(usize, f64, f64)| {
        let width = title_width(&lanes[*zone].title);
        let crossed = |x: f64| {
            let pieces = plan.wires.iter().flat_map(|wire| wire.points.windows(2));
            let upright = pieces.filter(|p| {
                (p[0].0 - p[1].0).abs() < 0.01
                    && p[0].1.min(p[1].1) < top + TITLE
                    && p[0].1.max(p[1].1) > *top
            });
            upright
                .filter(|p| p[0].0 > x - 2.0 && p[0].0 < x + width + 2.0)
                .count()
        };
        let mut best = (span.0, crossed(span.0));
        let mut x = span.0;
        while best.1 > 0 && x + width <= span.1 {
            if crossed(x) < best.1 {
                best = (x, crossed(x));
            }
            x += 2.0;
        }
        (best.0, width)
    };
    plan.lanes.iter().map(place).collect()
}

/// What the lanes' titles cover.
pub fn title_frames(plan: &Plan, titles: &[(f64, f64)]) -> Vec<Frame> {
    plan.lanes
        .iter()
        .zip(titles)
        .map(|((_, top, _), (x, width))| (*x, top + 1.0, *width, TITLE - 1.5))
        .collect()
}

/// Draws lanes, wires, boxes and figures, in this order.
pub fn draw(
    area: &Area<'_>,
    top: f64,
    figure: &Picture,
    drawing: &Drawing,
    options: &Options,
) -> Result<(), VizError> {
    draw_lanes(area, top, drawing, options)?;
    draw_wires(area, top, figure, drawing)?;
    for ((lane, upper, _), (x, width)) in drawing.plan.lanes.iter().zip(&drawing.titles) {
        let zone_look = zone(drawing.lanes[*lane].role);
        area.draw(&patch(x - 1.0, top + upper + 1.0, width + 2.0, TITLE - 1.5).fill(zone_look.1))?;
        let title = Type::BODY.bold().anchor(HPos::Left, VPos::Center);
        area.draw(&text(
            *x,
            top + upper + TITLE / 2.0 + 0.4,
            &drawing.lanes[*lane].title,
            title,
        ))?;
    }
    for (node, (x, y, width, height)) in &drawing.plan.boxes {
        draw_box(area, &figure.nodes[*node], (*x, top + y, *width, *height))?;
    }
    for ((words, level), centre) in drawing.figures.iter().zip(&drawing.placing.centres) {
        let Some((x, y)) = centre else { continue };
        let half = badge_width(words, *level) / 2.0;
        area.draw(
            &patch(
                x - half - 0.8,
                top + y - BADGE + 0.4,
                2.0 * half + 1.6,
                2.0 * BADGE - 0.8,
            )
            .fill(PAPER)
            .radius(10),
        )?;
        badge(area, *x, top + y, words, *level)?;
    }
    Ok(())
}

fn draw_lanes(
    area: &Area<'_>,
    top: f64,
    drawing: &Drawing,
    options: &Options,
) -> Result<(), VizError> {
    let width = options.width.points() - 2.0 * MARGIN;
    for (lane, upper, lower) in &drawing.plan.lanes {
        let (strip, tint) = zone(drawing.lanes[*lane].role);
        area.draw(
            &patch(MARGIN, top + upper, width, lower - upper)
                .fill(tint)
                .outline(GRID, 5),
        )?;
        area.draw(
            &patch(MARGIN, top + upper, STRIP, lower - upper)
                .look(strip)
                .outline(INK, 4),
        )?;
    }
    Ok(())
}

/// Thin wires first, so that the loaded ones lie on top.
fn draw_wires(
    area: &Area<'_>,
    top: f64,
    figure: &Picture,
    drawing: &Drawing,
) -> Result<(), VizError> {
    let mut order: Vec<usize> = (0..drawing.plan.wires.len()).collect();
    order.sort_by_key(|wire| {
        (
            stroke(&figure.links[drawing.plan.wires[*wire].link]).1,
            *wire,
        )
    });
    for wire in order {
        let wire = &drawing.plan.wires[wire];
        let link = &figure.links[wire.link];
        let (colour, width, dash) = stroke(link);
        let points = wire.points.iter().map(|(x, y)| at(*x, top + y)).collect();
        let load = link
            .utilisation
            .map(|load| percent(load, link.threshold))
            .unwrap_or_default();
        let line = Trace::new(points, colour, width).title(format!("{} {load}", link.label));
        area.draw(&match dash {
            Some((on, off)) => line.dashed(on, off),
            None => line,
        })?;
    }
    Ok(())
}

fn draw_box(area: &Area<'_>, node: &Node, frame: Frame) -> Result<(), VizError> {
    let (x, y, width, height) = frame;
    outline(area, frame, node.kind, (PAPER, INK), node.count > 1)?;
    let indent = if node.kind == NodeKind::Firewall {
        BRICKS
    } else {
        0.0
    };
    let look = Type::BODY.anchor(HPos::Center, VPos::Center);
    block(
        area,
        x + indent + (width - indent) / 2.0,
        y + height / 2.0,
        &words(node, width),
        look,
    )
}

/// The empty shape of a kind of box; `several` puts a second one behind it.
pub fn outline(
    area: &Area<'_>,
    frame: Frame,
    kind: NodeKind,
    colours: (RGBColor, RGBColor),
    several: bool,
) -> Result<(), VizError> {
    if several {
        shape(
            area,
            (frame.0 + SHADOW, frame.1 + SHADOW, frame.2, frame.3),
            kind,
            colours,
        )?;
    }
    shape(area, frame, kind, colours)
}

fn shape(
    area: &Area<'_>,
    (x, y, width, height): Frame,
    kind: NodeKind,
    (fill, line): (RGBColor, RGBColor),
) -> Result<(), VizError> {
    let body = patch(x, y, width, height).fill(fill);
    match kind {
        NodeKind::Device => area.draw(&body.outline(line, 11))?,
        NodeKind::Service => area.draw(&body.outline(line, 7).radius(35))?,
        NodeKind::Cloud => area.draw(&body.outline(line, 7).radius(half_tenths(height)))?,
        NodeKind::Hosts => {
            area.draw(&body.outline(line, 5))?;
            let fold = 4.0;
            let corner = [
                at(x + width - fold, y),
                at(x + width, y),
                at(x + width, y + fold),
            ];
            area.draw(&Polygon::new(corner, line.filled()))?;
        }
        NodeKind::Segment => {
            area.draw(&body)?;
            for edge in [y, y + height] {
                area.draw(&Trace::new(
                    vec![at(x, edge), at(x + width, edge)],
                    line,
                    13,
                ))?;
            }
        }
        NodeKind::Firewall => {
            area.draw(&body.outline(line, 7))?;
            bricks(area, (x, y, BRICKS, height), line)?;
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a box is a few dozen points high"
)]
fn half_tenths(points: f64) -> i32 {
    (points * 5.0).round() as i32
}

/// Courses of bricks, joints set off by half.
fn bricks(area: &Area<'_>, (x, y, width, height): Frame, line: RGBColor) -> Result<(), VizError> {
    area.draw(&Trace::new(
        vec![at(x + width, y), at(x + width, y + height)],
        line,
        5,
    ))?;
    let course = 3.2;
    let mut top = y;
    let mut odd = false;
    while top < y + height - 0.1 {
        let bottom = (top + course).min(y + height);
        area.draw(&Trace::new(
            vec![at(x, bottom), at(x + width, bottom)],
            line,
            5,
        ))?;
        let joint = x + width * if odd { 0.33 } else { 0.67 };
        area.draw(&Trace::new(
            vec![at(joint, top), at(joint, bottom)],
            line,
            5,
        ))?;
        odd = !odd;
        top = bottom;
    }
    Ok(())
}
