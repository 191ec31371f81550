//! Which box stands where in the network picture. In: zones, nodes, links. Out: rows of nodes from the outside (top) to
//! My Number (bottom); a zone is a lane of one or more rows, equipment between zones stands in rows between the lanes.
//!
//! The row of a node depends on its zone and kind alone, so the pictures of two steps can be laid side by side. Inside a
//! row, boxes change places only where that shortens or uncrosses lines; equal input gives equal rows.

use std::collections::BTreeMap;

use crate::data::{Link, Node, NodeKind, Picture, Zone, ZoneRole};

/// Rounds after which equipment between zones has come to rest, whatever hangs on whatever.
const RELAXATIONS: usize = 100;

/// A band of the picture: one zone, or all zones outside, or all closed networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What it is for.
    pub role: ZoneRole,
    /// The names of its zones.
    pub title: String,
    zones: Vec<String>,
}

/// Boxes side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Index of the lane this row belongs to; `None` between lanes.
    pub lane: Option<usize>,
    /// Indices of nodes from left to right.
    pub nodes: Vec<usize>,
}

/// Lanes from top to bottom, and rows of at most `most` boxes.
///
/// PRECONDITION: zones of nodes and ends of links exist (checked by the caller).
pub fn arrange(figure: &Picture, most: usize) -> (Vec<Lane>, Vec<Row>) {
    let lanes = lanes(figure);
    let floors: Vec<usize> = floors(figure, &lanes);
    let mut rows = Vec::new();
    for floor in 0..=2 * lanes.len() {
        let lane = (floor % 2 == 1).then_some(floor / 2);
        let split = split(figure, &on(&floors, floor), most);
        rows.extend(split.into_iter().map(|nodes| Row { lane, nodes }));
    }
    untangle(&mut rows, &ends(figure));
    (lanes, rows)
}

/// Links as pairs of node indices; links from a node to itself are left out.
pub fn ends(figure: &Picture) -> Vec<(usize, usize, usize)> {
    let index: BTreeMap<&str, usize> = figure
        .nodes
        .iter()
        .enumerate()
        .map(|(i, node)| (node.id.as_str(), i))
        .collect();
    let pair = |(link, Link { a, b, .. }): (usize, &Link)| {
        Some((link, *index.get(a.as_str())?, *index.get(b.as_str())?))
    };
    figure
        .links
        .iter()
        .enumerate()
        .filter_map(pair)
        .filter(|(_, a, b)| a != b)
        .collect()
}

/// Zones that hold nodes, in the order of their roles; what lies outside is not told apart by lanes.
fn lanes(figure: &Picture) -> Vec<Lane> {
    let used = |zone: &&Zone| {
        figure
            .nodes
            .iter()
            .any(|node| node.zone.as_ref() == Some(&zone.id))
    };
    let mut zones: Vec<&Zone> = figure.zones.iter().filter(used).collect();
    zones.sort_by_key(|zone| zone.role);
    let mut lanes: Vec<Lane> = Vec::new();
    for zone in zones {
        let shared = matches!(zone.role, ZoneRole::Outside | ZoneRole::Closed);
        match lanes.last_mut() {
            Some(lane) if shared && lane.role == zone.role => {
                lane.title = format!("{} / {}", lane.title, zone.label);
                lane.zones.push(zone.id.clone());
            }
            _ => lanes.push(Lane {
                role: zone.role,
                title: zone.label.clone(),
                zones: vec![zone.id.clone()],
            }),
        }
    }
    lanes
}

/// The floor of each node: odd numbers are lanes, even numbers the space above a lane (the last: below all).
///
/// Equipment between zones stands amid its neighbours: at the mean of their floors, where those outside count little.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "floors are few and never negative"
)]
fn floors(figure: &Picture, lanes: &[Lane]) -> Vec<usize> {
    let lane = |node: &Node| {
        lanes
            .iter()
            .position(|lane| node.zone.as_ref().is_some_and(|id| lane.zones.contains(id)))
    };
    let homes: Vec<Option<usize>> = figure.nodes.iter().map(lane).collect();
    let lowest = 2.0 * lanes.len() as f64;
    let mut heights: Vec<f64> = homes
        .iter()
        .map(|home| home.map_or(lowest, |lane| 2.0 * lane as f64 + 1.0))
        .collect();
    let weight = |node: usize| match homes[node].map(|lane| lanes[lane].role) {
        Some(ZoneRole::Outside | ZoneRole::Closed) => 0.25,
        _ => 1.0,
    };
    let ends = ends(figure);
    for _ in 0..RELAXATIONS {
        for node in (0..heights.len()).filter(|node| homes[*node].is_none()) {
            let near = ends.iter().filter_map(|(_, a, b)| {
                if *a == node {
                    Some(*b)
                } else {
                    (*b == node).then_some(*a)
                }
            });
            let (sum, weights) = near.fold((0.0, 0.0), |(s, w), other| {
                (s + weight(other) * heights[other], w + weight(other))
            });
            if weights > 0.0 {
                heights[node] = sum / weights;
            }
        }
    }
    let settle = |(home, height): (&Option<usize>, &f64)| {
        home.map_or((height / 2.0).round() as usize * 2, |lane| 2 * lane + 1)
    };
    homes.iter().zip(&heights).map(settle).collect()
}

fn on(floors: &[usize], floor: usize) -> Vec<usize> {
    (0..floors.len())
        .filter(|node| floors[*node] == floor)
        .collect()
}

/// Rows of one floor: gateways above services above switches above what they serve; neighbours that fit share a row.
fn split(figure: &Picture, nodes: &[usize], most: usize) -> Vec<Vec<usize>> {
    let tier = |node: &usize| match figure.nodes[*node].kind {
        NodeKind::Cloud | NodeKind::Firewall => 0,
        NodeKind::Service => 1,
        NodeKind::Device => 2,
        NodeKind::Segment | NodeKind::Hosts => 3,
    };
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for wanted in 0..4 {
        let alike: Vec<usize> = nodes
            .iter()
            .copied()
            .filter(|node| tier(node) == wanted)
            .collect();
        match rows.last_mut() {
            Some(row) if row.len() + alike.len() <= most => row.extend(alike),
            _ if alike.is_empty() => {}
            _ => {
                // Rows of equal length look calmer than full ones and a remainder.
                let length = alike.len().div_ceil(alike.len().div_ceil(most));
                rows.extend(alike.chunks(length).map(<[usize]>::to_vec));
            }
        }
    }
    rows
}

/// Swaps boxes within their rows while that makes the drawing better.
fn untangle(rows: &mut [Row], ends: &[(usize, usize, usize)]) {
    let mut best = tangle(rows, ends);
    // Each accepted swap lowers the cost by a fixed least amount, so this ends.
    loop {
        let before = best;
        for row in 0..rows.len() {
            for i in 0..rows[row].nodes.len() {
                for j in i + 1..rows[row].nodes.len() {
                    rows[row].nodes.swap(i, j);
                    let cost = tangle(rows, ends);
                    if cost < best - 1e-6 {
                        best = cost;
                    } else {
                        rows[row].nodes.swap(i, j);
                    }
                }
            }
        }
        if before - best < 1e-6 {
            return;
        }
    }
}

/// How bad an arrangement is: crossings of straight lines count most, then sideways length.
#[expect(
    clippy::cast_precision_loss,
    reason = "a picture has few rows and boxes"
)]
fn tangle(rows: &[Row], ends: &[(usize, usize, usize)]) -> f64 {
    let mut places: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for (level, row) in rows.iter().enumerate() {
        for (i, node) in row.nodes.iter().enumerate() {
            places.insert(
                *node,
                ((i as f64 + 0.5) / row.nodes.len() as f64, level as f64),
            );
        }
    }
    let mut lines: Vec<[(f64, f64); 2]> = Vec::new();
    for (_, a, b) in ends {
        if let (Some(a), Some(b)) = (places.get(a), places.get(b)) {
            lines.push(if a.1 <= b.1 { [*a, *b] } else { [*b, *a] });
        }
    }
    let mut cost = 0.0;
    for (i, line) in lines.iter().enumerate() {
        cost += (line[0].0 - line[1].0).abs();
        cost += lines[..i].iter().filter(|other| cross(line, other)).count() as f64;
    }
    cost
}

/// Whether two lines drawn downwards cross between the rows they share.
fn cross(one: &[(f64, f64); 2], two: &[(f64, f64); 2]) -> bool {
    let (top, bottom) = (one[0].1.max(two[0].1), one[1].1.min(two[1].1));
    let at = |line: &[(f64, f64); 2], y: f64| {
        line[0].0 + (line[1].0 - line[0].0) * (y - line[0].1) / (line[1].1 - line[0].1)
    };
    top < bottom && (at(one, top) - at(two, top)) * (at(one, bottom) - at(two, bottom)) < -1e-9
}
