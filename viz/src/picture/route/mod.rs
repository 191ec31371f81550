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
//! Wires without a figure that leave one box form a *net* and are drawn as one tree; any other wire is a net by itself.
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

/// How close together things stand, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Distance between tracks.
    pub pitch: f64,
    /// Distance between a box and the first track.
    pub clear: f64,
    /// From a lane's lowest box to its edge, and from its edge to its uppermost title.
    pub pad: f64,
}

/// Least distance between two wires that run upwards in one gap, and between ports of a box.
const APART: f64 = 4.0;
/// Height of a lane's title.
pub const TITLE: f64 = 10.8;

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

/// A wire before its corners are known: its net, its spots, and the channel after each spot but the last.
struct Course {
    link: usize,
    net: usize,
    spots: Vec<Spot>,
    channels: Vec<usize>,
}

impl Course {
    /// Both ports, each with the spot next to it.
    fn ends(&self) -> [(Spot, Spot); 2] {
        let last = self.spots.len() - 1;
        [
            (self.spots[0], self.spots[1]),
            (self.spots[last], self.spots[last - 1]),
        ]
    }

    /// The channels this wire runs through beside one of its spots.
    fn channels_at(&self, spot: Spot) -> Vec<usize> {
        let place = self.spots.iter().position(|other| *other == spot);
        let beside = place.map_or([None, None], |place| [place.checked_sub(1), Some(place)]);
        beside
            .into_iter()
            .flatten()
            .filter_map(|i| self.channels.get(i).copied())
            .collect()
    }
}

/// The x of each net at each of its spots.
type Places = BTreeMap<(usize, Spot), f64>;

/// What has to be known of a picture to route it.
pub struct Problem<'a> {
    /// Rows of node indices.
    pub rows: &'a [Row],
    /// Link index and the node indices of its ends.
    pub ends: &'a [(usize, usize, usize)],
    /// The net of each of these links; links of one net share a box.
    pub nets: &'a [usize],
    /// Left and right edge of the space for boxes and wires.
    pub span: (f64, f64),
    /// A box is never wider.
    pub widest: f64,
    /// Height a box needs to hold its words when it has this width.
    pub height: &'a dyn Fn(usize, f64) -> f64,
    /// How close together things stand.
    pub density: Density,
    /// Height added to each channel to make room for figures.
    pub extra: &'a [f64],
}

/// Routes a picture.
pub fn route(problem: &Problem<'_>) -> Plan {
    let courses = courses(problem);
    let mut places = Places::new();
    let columns = columns(problem, &courses, &mut places);
    place_ports(&columns, &courses, &mut places);
    straighten(&columns, &courses, &mut places);
    let tracks: Vec<Tracks> = (0..=problem.rows.len())
        .map(|channel| Tracks::of(channel, &courses, &places, problem.density))
        .collect();
    let (mut plan, first) = stack(problem, &columns, &tracks);
    plan.wires = courses
        .iter()
        .map(|course| {
            wire(
                course,
                &plan.boxes,
                &places,
                (&tracks, problem.density.pitch),
                &first,
            )
        })
        .collect();
    plan
}

/// Puts rows and channels on top of each other; also tells the y of the first inner and outer track of each channel.
fn stack(problem: &Problem<'_>, columns: &Columns, tracks: &[Tracks]) -> (Plan, Vec<(f64, f64)>) {
    let mut plan = Plan {
        boxes: BTreeMap::new(),
        lanes: Vec::new(),
        wires: Vec::new(),
        height: 0.0,
    };
    let Density { clear, pad, .. } = problem.density;
    let mut first = vec![(0.0, 0.0); tracks.len()];
    let lane = |level: usize| problem.rows.get(level).and_then(|row| row.lane);
    let mut y = 0.0;
    for (level, channel) in tracks.iter().enumerate() {
        let above = if level == 0 { None } else { lane(level - 1) };
        let extra = problem.extra.get(level).copied().unwrap_or(0.0);
        let (more_inside, more_outside) = channel.shares(extra);
        // Height added for figures lengthens the upright ends of the inner runs, which hang from the boxes above.
        first[level].0 = y + clear + more_inside;
        y += channel.inside() + more_inside;
        let (closes, opens) = (
            above.is_some() && above != lane(level),
            lane(level).is_some() && above != lane(level),
        );
        if let (true, Some(open)) = (closes, plan.lanes.last_mut()) {
            y += pad;
            open.2 = y;
        }
        first[level].1 = y + clear + more_outside / 2.0;
        y += if level < problem.rows.len() || channel.count > channel.inner {
            channel.outside() + more_outside
        } else {
            0.0
        };
        if let (true, Some(zone)) = (opens, lane(level)) {
            plan.lanes.push((zone, y, y));
            y += TITLE + pad / 2.0;
        }
        if let Some(row) = problem.rows.get(level) {
            y += shelve(problem, columns, row, y, &mut plan.boxes);
        }
    }
    plan.height = y;
    (plan, first)
}

/// Puts the boxes of a row at `y`, all of one height; returns that height.
fn shelve(
    problem: &Problem<'_>,
    columns: &Columns,
    row: &Row,
    y: f64,
    boxes: &mut BTreeMap<usize, Frame>,
) -> f64 {
    let column = |node: &usize| columns.boxes.get(node).copied().unwrap_or_default();
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

/// The corners of a wire.
#[expect(clippy::cast_precision_loss, reason = "a picture has few wires")]
fn wire(
    course: &Course,
    boxes: &BTreeMap<usize, Frame>,
    places: &Places,
    (tracks, pitch): (&[Tracks], f64),
    first: &[(f64, f64)],
) -> Wire {
    let x = |spot: Spot| places.get(&(course.net, spot)).copied().unwrap_or_default();
    let end = |spot: Spot| match spot {
        Spot::Port { node, lower } => boxes
            .get(&node)
            .map(|(_, y, _, height)| (x(spot), if lower { y + height } else { *y })),
        Spot::Gap { .. } => None,
    };
    let mut points = Vec::new();
    for (place, channel) in course.channels.iter().enumerate() {
        let (from, to) = (course.spots[place], course.spots[place + 1]);
        points.extend(end(from));
        if let Some(track) = tracks[*channel].of.get(&tracks::key(course, place)) {
            let inner = tracks[*channel].inner;
            let y = if *track < inner {
                first[*channel].0 + pitch * *track as f64
            } else {
                first[*channel].1 + pitch * (track - inner) as f64
            };
            points.extend([(x(from), y), (x(to), y)]);
        }
        points.extend(end(to));
    }
    Wire {
        link: course.link,
        points,
        channels: course.channels.clone(),
    }
}
