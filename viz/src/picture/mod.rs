//! The network of one state: boxes in lanes by zone, from the outside (top) to My Number (bottom), lines by load.
//! In: [`Picture`]. Out: a chart. Can fail when ids are used twice or point nowhere.
//!
//! Steps: `lanes` gives each box its row, `route` its place and each link its way, `labels` each figure a spot of its own,
//! `draw` the shapes. When figures find no room the channels they need grow, and the last three steps are repeated.

mod draw;
mod labels;
mod lanes;
mod route;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::chart::{Chart, Level, Options, Width, ratio, table};
use crate::data::{Link, NodeKind, Picture};
use crate::error::VizError;
use crate::mark::Type;
use crate::page::{Key, MARGIN, Page, Sample, badge_width};
use crate::palette::{BREACH, FAINT, HEAT, NEAR};
use crate::words::{self, Lang, Pick as _, percent};

pub use draw::outline;
use labels::{Figure, Placing};
use lanes::{Lane, Row};
use route::{Density, Plan, Problem};

/// Width of the hatched strip at the left edge of a lane, and the gap after it, in points.
const STRIP: f64 = 6.0;
/// How often channels may grow to make room for figures.
const ROUNDS: usize = 60;

/// A way to lay a picture out.
#[derive(Debug, Clone, Copy)]
struct Way {
    density: Density,
    /// So many boxes more in a row of a full page.
    more: usize,
    /// After so many rounds a figure may stand beside its wire or on another.
    tolerant: usize,
    /// By how much a channel grows in a round, in points.
    growth: f64,
}

const fn way(
    (pitch, clear, pad): (f64, f64, f64),
    more: usize,
    (tolerant, growth): (usize, f64),
) -> Way {
    Way {
        density: Density { pitch, clear, pad },
        more,
        tolerant,
        growth,
    }
}

/// From loose to dense: the first is taken that the page holds. Boxes become narrower, and so higher, only where nothing else
/// helps.
const WAYS: [Way; 6] = [
    way((5.5, 4.8, 3.5), 0, (4, 3.0)),
    way((4.5, 4.0, 2.5), 0, (4, 3.0)),
    way((4.0, 3.2, 2.0), 0, (4, 2.0)),
    way((4.0, 3.2, 2.0), 1, (0, 2.0)),
    way((3.4, 2.8, 1.5), 1, (0, 1.5)),
    way((3.0, 2.4, 1.0), 1, (0, 1.5)),
];
/// Links at or above this ratio are drawn thicker.
const BUSY: f64 = 0.5;

/// Draws the network picture of one state.
///
/// # Errors
/// [`VizError::DuplicateId`], [`VizError::UnknownZone`], [`VizError::UnknownNode`]; otherwise only failures of the
/// libraries below.
pub fn picture(figure: &Picture, options: &Options) -> Result<Chart, VizError> {
    check(figure)?;
    let page = Page::new(&figure.caption, legend(figure, options.lang), *options);
    let drawing = lay_out(figure, options.width, &|height| page.holds(height));
    let (svg, missing) = page.render(drawing.plan.height, |area, top| {
        draw::draw(area, top, figure, &drawing, options)
    })?;
    Ok(Chart {
        name: "picture",
        title: figure.caption.title.clone(),
        svg,
        csv: twin(figure)?,
        missing,
    })
}

/// Everything with its place.
pub struct Drawing {
    /// Names and roles of the lanes.
    pub lanes: Vec<Lane>,
    /// Boxes, lanes, wires.
    pub plan: Plan,
    /// Words and level of each figure, in the order of `placing`.
    pub figures: Vec<(String, Level)>,
    /// Where the figures stand.
    pub placing: Placing,
    /// Left end and width of each lane's title.
    pub titles: Vec<(f64, f64)>,
}

/// Places everything as loosely as the page holds; where it holds none of the ways, in the densest.
/// PRECONDITION: ids are unique and point somewhere.
fn lay_out(figure: &Picture, width: Width, holds: &dyn Fn(f64) -> bool) -> Drawing {
    let [first, others @ ..] = WAYS;
    let mut more = first.more;
    // Which box stands where hangs on the length of rows alone.
    let mut arranged = arrange(figure, width, more);
    let mut drawing = lay_out_so(figure, width, &arranged, &first, holds);
    for (place, way) in others.iter().enumerate() {
        if holds(drawing.plan.height) {
            break;
        }
        if way.more != more {
            more = way.more;
            arranged = arrange(figure, width, more);
        }
        let last = place + 1 == others.len();
        let bears = |height: f64| last || holds(height);
        drawing = lay_out_so(figure, width, &arranged, way, &bears);
    }
    drawing
}

/// Lanes and rows, with so many boxes more in a row of a full page than usual.
fn arrange(figure: &Picture, width: Width, more: usize) -> (Vec<Lane>, Vec<Row>) {
    let most = match width {
        Width::Half => 3,
        Width::Full => 7 + more,
    };
    lanes::arrange(figure, most)
}

/// Places everything in one way; left unfinished as soon as it is too high, as channels only grow.
fn lay_out_so(
    figure: &Picture,
    width: Width,
    (lanes, rows): &(Vec<Lane>, Vec<Row>),
    way: &Way,
    holds: &dyn Fn(f64) -> bool,
) -> Drawing {
    let widest = match width {
        Width::Half => 84.0,
        Width::Full => 92.0,
    };
    let ends = lanes::ends(figure);
    let nets = nets(figure, &ends);
    let span = (MARGIN + STRIP + 2.0, width.points() - MARGIN - 2.0);
    let height = |node: usize, width: f64| draw::box_height(&figure.nodes[node], width);
    let mut extra = vec![0.0; rows.len() + 1];
    let mut round = 0;
    loop {
        let plan = route::route(&Problem {
            rows,
            ends: &ends,
            nets: &nets,
            span,
            widest,
            height: &height,
            density: way.density,
            extra: &extra,
        });
        let drawing = with_figures(figure, lanes, plan, span);
        round += 1;
        let homeless = drawing.placing.centres.contains(&None);
        // Standing badly is tolerated after a few rounds; standing nowhere is not, as long as growth may help.
        let stands = drawing.placing.short.is_empty() || (!homeless && round > way.tolerant);
        if stands || round > ROUNDS || !holds(drawing.plan.height) {
            return drawing;
        }
        drawing
            .placing
            .short
            .iter()
            .for_each(|channel| extra[*channel] += way.growth);
    }
}

/// The net of each link: those without a figure belong to the end that has more of them, any other is by itself.
fn nets(figure: &Picture, ends: &[(usize, usize, usize)]) -> Vec<usize> {
    let bare = |link: usize| figure.links[link].utilisation.is_none();
    let degree = |node: usize| {
        ends.iter()
            .filter(|(link, a, b)| bare(*link) && (*a == node || *b == node))
            .count()
    };
    let net = |(i, (link, a, b)): (usize, &(usize, usize, usize))| {
        let hub = if degree(*b) > degree(*a) { *b } else { *a };
        if bare(*link) {
            hub
        } else {
            figure.nodes.len() + i
        }
    };
    ends.iter().enumerate().map(net).collect()
}

/// Adds lane titles and figures to a plan.
fn with_figures(figure: &Picture, lanes: &[Lane], plan: Plan, span: (f64, f64)) -> Drawing {
    let titles = draw::title_places(lanes, &plan, span);
    let mut figures = Vec::new();
    let mut wanted = Vec::new();
    for (wire, link) in plan
        .wires
        .iter()
        .enumerate()
        .map(|(i, wire)| (i, &figure.links[wire.link]))
    {
        if let Some(load) = link.utilisation {
            let (text, level) = (
                percent(load, link.threshold),
                Level::of(load, link.threshold),
            );
            wanted.push(Figure {
                wire,
                width: badge_width(&text, level),
            });
            figures.push((text, level));
        }
    }
    let placing = labels::place(&plan, &wanted, &draw::title_frames(&plan, &titles), span);
    Drawing {
        plan,
        figures,
        placing,
        titles,
        lanes: lanes.to_vec(),
    }
}

fn check(figure: &Picture) -> Result<(), VizError> {
    let mut zones = BTreeSet::new();
    let mut nodes = BTreeSet::new();
    if let Some(zone) = figure
        .zones
        .iter()
        .find(|zone| !zones.insert(zone.id.as_str()))
    {
        return Err(VizError::DuplicateId(zone.id.clone()));
    }
    for node in &figure.nodes {
        if !nodes.insert(node.id.as_str()) {
            return Err(VizError::DuplicateId(node.id.clone()));
        }
        if let Some(zone) = node
            .zone
            .as_ref()
            .filter(|zone| !zones.contains(zone.as_str()))
        {
            return Err(VizError::UnknownZone(node.id.clone(), zone.clone()));
        }
    }
    for link in &figure.links {
        if let Some(end) = [&link.a, &link.b]
            .into_iter()
            .find(|end| !nodes.contains(end.as_str()))
        {
            return Err(VizError::UnknownNode(link.label.clone(), end.clone()));
        }
    }
    Ok(())
}

/// How a link is drawn: colour, thickness and dash in tenths of a point.
pub fn stroke(link: &Link) -> (plotters::style::RGBColor, u32, Option<(i32, i32)>) {
    match link
        .utilisation
        .map(|load| (load, Level::of(load, link.threshold)))
    {
        None => (FAINT, 6, None),
        Some((load, Level::Within)) if load < BUSY => (HEAT[4], 8, None),
        Some((_, Level::Within)) => (HEAT[4], 18, None),
        Some((_, Level::OverThreshold)) => (NEAR, 22, Some((50, 20))),
        Some((_, Level::OverCapacity)) => (BREACH, 32, None),
    }
}

fn legend(figure: &Picture, lang: Lang) -> Vec<Key> {
    let kinds: BTreeSet<NodeKind> = figure.nodes.iter().map(|node| node.kind).collect();
    let mut keys: Vec<Key> = kinds
        .into_iter()
        .map(|kind| Key {
            sample: Sample::Box(kind),
            words: words::kind(kind, lang).to_owned(),
        })
        .collect();
    let mut seen = BTreeSet::new();
    for link in &figure.links {
        let load = link.utilisation.unwrap_or(f64::NAN);
        let (rank, text) = match link.utilisation.map(|load| Level::of(load, link.threshold)) {
            Some(Level::Within) if load < BUSY => (0, lang.pick("50%未満", "below 50%")),
            Some(Level::Within) => (1, lang.pick("50%～しきい値", "50%–threshold")),
            Some(level @ Level::OverThreshold) => (2, words::level(level, lang)),
            Some(level @ Level::OverCapacity) => (3, words::level(level, lang)),
            None => (4, lang.pick("負荷の値なし", "no figure")),
        };
        seen.insert((rank, text, stroke(link).1, stroke(link).2));
    }
    for (rank, text, width, dash) in seen {
        let colour = [HEAT[4], HEAT[4], NEAR, BREACH, FAINT][rank];
        keys.push(Key {
            sample: Sample::Line(colour, width, dash),
            words: text.to_owned(),
        });
    }
    keys
}

/// Nodes first, then links, told apart by the first column.
fn twin(figure: &Picture) -> Result<String, VizError> {
    let zone = |id: &str| {
        figure
            .nodes
            .iter()
            .find(|node| node.id == id)
            .and_then(|node| node.zone.clone())
            .unwrap_or_default()
    };
    let mut rows = Vec::new();
    for node in &figure.nodes {
        let (zone, count) = (zone(&node.id), node.count.to_string());
        rows.push(
            [
                "node",
                &node.id,
                &node.label,
                kind_code(node.kind),
                &zone,
                &count,
                "",
                "",
                "",
                "",
                "",
            ]
            .map(str::to_owned)
            .to_vec(),
        );
    }
    for link in &figure.links {
        let level = link
            .utilisation
            .map_or("", |load| Level::of(load, link.threshold).code());
        let load = link.utilisation.map(ratio).unwrap_or_default();
        let zones = format!("{}|{}", zone(&link.a), zone(&link.b));
        let fields = [
            "link",
            "",
            &link.label,
            "",
            &zones,
            "",
            &link.a,
            &link.b,
            &load,
            &ratio(link.threshold),
            level,
        ];
        rows.push(fields.map(str::to_owned).to_vec());
    }
    table(
        &[
            "record",
            "id",
            "label",
            "kind",
            "zone",
            "count",
            "from",
            "to",
            "utilisation",
            "threshold",
            "level",
        ],
        rows,
    )
}

fn kind_code(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Device => "device",
        NodeKind::Firewall => "firewall",
        NodeKind::Service => "service",
        NodeKind::Segment => "segment",
        NodeKind::Hosts => "hosts",
        NodeKind::Cloud => "cloud",
    }
}

/// Width in points of a lane's title.
fn title_width(title: &str) -> f64 {
    Type::BODY.bold().width(title)
}
