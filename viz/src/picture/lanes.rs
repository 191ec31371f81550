//! Which box stands where in the network picture. In: zones, nodes, links. Out: rows of nodes from the outside (top) to
//! My Number (bottom); a zone is a lane of one or more rows, equipment between zones stands in rows between the lanes.
//!
//! The row of a node depends on its zone and kind alone, so the pictures of two steps can be laid side by side. Inside a
//! row, boxes change places only where that shortens or uncrosses lines; equal input gives equal rows.

use std::collections::BTreeMap;

use crate::data::{Link, Node, NodeKind, Picture};

/// Boxes side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Index of the zone whose lane this row belongs to; `None` between lanes.
    pub lane: Option<usize>,
    /// Indices of nodes from left to right.
    pub nodes: Vec<usize>,
}

/// Rows of at most `most` boxes.
///
/// PRECONDITION: zones of nodes and ends of links exist (checked by the caller).
pub fn arrange(figure: &Picture, most: usize) -> Vec<Row> {
    let lanes = lane_order(figure);
    let floors: Vec<usize> = floors(figure, &lanes);
    let mut rows = Vec::new();
    for (place, zone) in lanes.iter().enumerate() {
        rows.extend(
            split(figure, &on(&floors, 2 * place), most)
                .into_iter()
                .map(|nodes| Row { lane: None, nodes }),
        );
        rows.extend(
            split(figure, &on(&floors, 2 * place + 1), most)
                .into_iter()
                .map(|nodes| Row {
                    lane: Some(*zone),
                    nodes,
                }),
        );
    }
    rows.extend(
        split(figure, &on(&floors, 2 * lanes.len()), most)
            .into_iter()
            .map(|nodes| Row { lane: None, nodes }),
    );
    untangle(&mut rows, &ends(figure));
    rows
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

/// Zones that hold nodes, from the outside inwards.
fn lane_order(figure: &Picture) -> Vec<usize> {
    let used = |zone: &usize| {
        figure
            .nodes
            .iter()
            .any(|node| node.zone.as_deref() == Some(figure.zones[*zone].id.as_str()))
    };
    let mut lanes: Vec<usize> = (0..figure.zones.len()).filter(used).collect();
    lanes.sort_by_key(|zone| figure.zones[*zone].role);
    lanes
}

/// The floor of each node: odd numbers are lanes, even numbers the space above a lane (the last: below all).
fn floors(figure: &Picture, lanes: &[usize]) -> Vec<usize> {
    let lane = |node: &Node| {
        lanes
            .iter()
            .position(|zone| node.zone.as_deref() == Some(figure.zones[*zone].id.as_str()))
    };
    let mut floors: Vec<Option<usize>> = figure
        .nodes
        .iter()
        .map(|node| lane(node).map(|place| 2 * place + 1))
        .collect();
    let ends = ends(figure);
    // Equipment between zones stands amid its neighbours; what hangs on other such equipment follows in the next round.
    while floors.contains(&None) {
        let before = floors.clone();
        for node in (0..floors.len()).filter(|node| before[*node].is_none()) {
            let near = ends.iter().filter(|(_, a, b)| *a == node || *b == node);
            let near: Vec<usize> = near
                .filter_map(|(_, a, b)| before[if *a == node { *b } else { *a }])
                .collect();
            if !near.is_empty() {
                let middle = near.iter().sum::<usize>() / near.len();
                floors[node] = Some(middle.div_ceil(2) * 2);
            }
        }
        if floors == before {
            floors
                .iter_mut()
                .for_each(|floor| *floor = floor.or(Some(2 * lanes.len())));
        }
    }
    floors.into_iter().flatten().collect()
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
