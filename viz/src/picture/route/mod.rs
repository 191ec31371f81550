//! Where the lines of the network picture run. In: rows of boxes and links. Out: box frames and right-angled wires.
//!
//! Rows are separated by *channels* (channel `k` is above row `k`); a wire leaves a box at a port on its upper or lower
//! edge, runs sideways on a track of a channel, and passes a row through a gap between boxes. So no wire crosses a box.
//!
//! ```text
//! row k    ┌──┐  gap  ┌──┐
//!          └┬─┘   │   └┬─┘   ports
//! channel   └─────┼────┘     tracks
//! row k+1  ┌──┐   │   ┌──┐
//! ```

//!
//! `gaps` chooses the gap of each wire in each row and places the boxes, `ports` spreads the ends of wires over the edges
//! of boxes, `tracks` orders the sideways runs of a channel, and this file puts rows and channels on top of each other.

mod gaps;
mod ports;
mod tracks;

use std::collections::BTreeMap;

use super::lanes::Row;
use gaps::{Columns, columns, courses};
use ports::{place_ports, straighten};
use tracks::Tracks;

/// Distance between tracks in points.
const PITCH: f64 = 6.0;
/// Distance between a box and the first track.
const CLEAR: f64 = 5.5;
/// Least distance between two wires that run upwards in one gap, and between ports of a box.
const APART: f64 = 4.0;
/// Height of a lane's title.
pub const TITLE: f64 = 11.5;
/// From a lane's lowest box to its edge, and from its edge to its uppermost title.
pub const PAD: f64 = 4.0;

/// A rectangle: left, top, width, height.
pub type Frame = (f64, f64, f64, f64);

/// Where everything stands, in points from the upper left corner of the picture.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Frames of boxes by node index.
    pub boxes: BTreeMap<usize, Frame>,
    /// For each lane: zone index, top, bottom.
    pub lanes: Vec<(usize, f64, f64)>,
    /// Wires in the order of the links.
    pub wires: Vec<Wire>,
    /// Height of everything.
    pub height: f64,
}

/// A link's way.
#[derive(Debug, Clone)]
pub struct Wire {
    /// Index of the link.
    pub link: usize,
    /// Corners from one box to the other.
    pub points: Vec<(f64, f64)>,
    /// Channels it runs through.
    pub channels: Vec<usize>,
}

/// A point a wire must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// The upper (false) or lower (true) edge of a box.
    Port { node: usize, lower: bool },
    /// Between boxes `gap - 1` and `gap` of a row.
    Gap { row: usize, gap: usize },
}

/// A wire before its corners are known: its spots, their x, and the channel after each spot but the last.
struct Course {
    link: usize,
    spots: Vec<Spot>,
    xs: Vec<f64>,
    channels: Vec<usize>,
}

/// What has to be known of a picture to route it.
pub struct Problem<'a> {
    /// Rows of node indices.
    pub rows: &'a [Row],
    /// Link index and the node indices of its ends.
    pub ends: &'a [(usize, usize, usize)],
    /// Left and right edge of the space for boxes and wires.
    pub span: (f64, f64),
    /// A box is never wider.
    pub widest: f64,
    /// Height a box needs to hold its words when it has this width.
    pub height: &'a dyn Fn(usize, f64) -> f64,
    /// Height added to each channel to make room for figures.
    pub extra: &'a [f64],
}

/// Routes a picture.
pub fn route(problem: &Problem<'_>) -> Plan {
    let mut courses = courses(problem);
    let columns = columns(problem, &mut courses);
    place_ports(&columns, &mut courses);
    straighten(&columns, &mut courses);
    let tracks: Vec<Tracks> = (0..=problem.rows.len())
        .map(|channel| Tracks::of(channel, &courses))
        .collect();
    stack(problem, &columns, &courses, &tracks)
}

/// Puts rows and channels on top of each other and draws the corners.
fn stack(problem: &Problem<'_>, columns: &Columns, courses: &[Course], tracks: &[Tracks]) -> Plan {
    let mut plan = Plan {
        boxes: BTreeMap::new(),
        lanes: Vec::new(),
        wires: Vec::new(),
        height: 0.0,
    };
    // First inner and first outer track of each channel.
    let mut first = vec![(0.0, 0.0); tracks.len()];
    let lane = |level: usize| problem.rows.get(level).and_then(|row| row.lane);
    let mut y = 0.0;
    for (level, channel) in tracks.iter().enumerate() {
        let above = if level == 0 { None } else { lane(level - 1) };
        let extra = problem.extra.get(level).copied().unwrap_or(0.0);
        let (more_inside, more_outside) = channel.shares(extra);
        // Height added for figures lengthens the upright ends of the inner runs, which hang from the boxes above.
        first[level].0 = y + CLEAR + more_inside;
        y += channel.inside() + more_inside;
        let (closes, opens) = (
            above.is_some() && above != lane(level),
            lane(level).is_some() && above != lane(level),
        );
        if let (true, Some(open)) = (closes, plan.lanes.last_mut()) {
            y += PAD;
            open.2 = y;
        }
        first[level].1 = y + CLEAR + more_outside / 2.0;
        y += if level < problem.rows.len() || channel.count > channel.inner {
            channel.outside() + more_outside
        } else {
            0.0
        };
        if let (true, Some(zone)) = (opens, lane(level)) {
            plan.lanes.push((zone, y, y));
            y += TITLE + PAD / 2.0;
        }
        if let Some(row) = problem.rows.get(level) {
            y += shelve(problem, columns, row, y, &mut plan.boxes);
        }
    }
    plan.height = y;
    plan.wires = courses
        .iter()
        .enumerate()
        .map(|(index, course)| wire(index, course, &plan.boxes, tracks, &first))
        .collect();
    plan
}

/// Puts the boxes of a row at `y`, all of one height; returns that height.
fn shelve(
    problem: &Problem<'_>,
    columns: &Columns,
    row: &Row,
    y: f64,
    boxes: &mut BTreeMap<usize, Frame>,
) -> f64 {
    let column = |node: &usize| columns.get(node).copied().unwrap_or_default();
    let height = row
        .nodes
        .iter()
        .map(|node| (problem.height)(*node, column(node).1))
        .fold(0.0, f64::max);
    for node in &row.nodes {
        boxes.insert(*node, (column(node).0, y, column(node).1, height));
    }
    height
}

#[expect(clippy::cast_precision_loss, reason = "a picture has few wires")]
fn wire(
    index: usize,
    course: &Course,
    boxes: &BTreeMap<usize, Frame>,
    tracks: &[Tracks],
    first: &[(f64, f64)],
) -> Wire {
    let end = |spot: Spot, x: f64| match spot {
        Spot::Port { node, lower } => boxes
            .get(&node)
            .map(|(_, y, _, height)| (x, if lower { y + height } else { *y })),
        Spot::Gap { .. } => None,
    };
    let mut points = Vec::new();
    for (place, channel) in course.channels.iter().enumerate() {
        let (a, b) = (course.xs[place], course.xs[place + 1]);
        points.extend(end(course.spots[place], a));
        if let Some(track) = tracks[*channel].of.get(&(index, place)) {
            let inner = tracks[*channel].inner;
            let y = if *track < inner {
                first[*channel].0 + PITCH * *track as f64
            } else {
                first[*channel].1 + PITCH * (track - inner) as f64
            };
            points.extend([(a, y), (b, y)]);
        }
        points.extend(end(course.spots[place + 1], b));
    }
    Wire {
        link: course.link,
        points,
        channels: course.channels.clone(),
    }
}
