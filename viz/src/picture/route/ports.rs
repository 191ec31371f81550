//! Where wires meet boxes. In: columns of boxes and the courses of wires. Out: the x of both ends of each net: spread
//! over the edge of the box, straight on where possible, and never where another net ends in the same channel.

use std::collections::{BTreeMap, BTreeSet};

use super::gaps::{Columns, share};
use super::{APART, Course, Places, Spot};

/// How near the ends of two nets may come in one channel, in points.
const NEAR: f64 = 2.5;

/// Spreads the ports of each box edge evenly, in the order of where their nets go.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
pub fn place_ports(columns: &Columns, courses: &[Course], places: &mut Places) {
    // For each edge of a box and each net there: number of wires, sum of the x they go to.
    let mut edges: BTreeMap<Spot, BTreeMap<usize, (f64, f64)>> = BTreeMap::new();
    for course in courses {
        for (port, next) in course.ends() {
            let toward = match next {
                Spot::Gap { .. } => places.get(&(course.net, next)).copied().unwrap_or_default(),
                Spot::Port { node, .. } => columns.middle(node),
            };
            let sum = edges
                .entry(port)
                .or_default()
                .entry(course.net)
                .or_default();
            *sum = (sum.0 + 1.0, sum.1 + toward);
        }
    }
    for (port, nets) in edges {
        let Spot::Port { node, .. } = port else {
            continue;
        };
        let Some((x, width)) = columns.boxes.get(&node) else {
            continue;
        };
        let mut order: Vec<(f64, usize)> = nets
            .into_iter()
            .map(|(net, (n, sum))| (sum / n, net))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (i, (_, net)) in order.iter().enumerate() {
            places.insert(
                (*net, port),
                x + width * share(i as f64 + 1.0, order.len() + 1),
            );
        }
    }
}

/// Rounds of moving; more change nothing to speak of.
const ROUNDS: usize = 3;

/// Moves spots sideways: onto the x of a spot before or after where that saves a bend, and ports off the x of strangers.
pub fn straighten(columns: &Columns, courses: &[Course], places: &mut Places) {
    let mut spots: Vec<(usize, Spot)> = courses
        .iter()
        .flat_map(|course| course.spots.iter().map(|spot| (course.net, *spot)))
        .collect();
    spots.sort_unstable();
    spots.dedup();
    for _ in 0..ROUNDS {
        for key in &spots {
            let (Some(&own), beside) = (places.get(key), neighbours(courses, places, *key)) else {
                continue;
            };
            let cost = |x: f64| bends(&beside, x);
            let straight = beside
                .iter()
                .copied()
                .filter(|x| cost(*x) + 0.01 < cost(own));
            let best = straight
                .filter(|x| free(columns, courses, places, *key, *x, APART))
                .min_by(|a, b| cost(*a).total_cmp(&cost(*b)));
            if let Some(best) = best {
                places.insert(*key, best);
            }
        }
    }
    for key in spots
        .iter()
        .filter(|(_, spot)| matches!(spot, Spot::Port { .. }))
    {
        let Some(&own) = places.get(key) else {
            continue;
        };
        if !free(columns, courses, places, *key, own, NEAR) {
            let steps = (1..16).flat_map(|step| [f64::from(step), -f64::from(step)]);
            let mut shifted = steps.map(|step| own + step);
            if let Some(better) = shifted.find(|x| free(columns, courses, places, *key, *x, NEAR)) {
                places.insert(*key, better);
            }
        }
    }
}

/// The x of all spots next to one spot of a net.
fn neighbours(courses: &[Course], places: &Places, (net, spot): (usize, Spot)) -> Vec<f64> {
    let mut found = Vec::new();
    for course in courses.iter().filter(|course| course.net == net) {
        if let Some(place) = course.spots.iter().position(|other| *other == spot) {
            let beside = [place.checked_sub(1), Some(place + 1)];
            let spots = beside
                .into_iter()
                .flatten()
                .filter_map(|i| course.spots.get(i));
            found.extend(spots.filter_map(|other| places.get(&(net, *other))));
        }
    }
    found
}

/// How many bends a spot at `x` makes with the spots next to it, and a little for their distance.
fn bends(beside: &[f64], x: f64) -> f64 {
    let bend = |other: &f64| {
        if (other - x).abs() > 0.01 {
            1.0 + (other - x).abs() / 1000.0
        } else {
            0.0
        }
    };
    beside.iter().map(bend).sum()
}

/// Whether a spot may move to `x`: inside its box edge or gap, in order with the nets beside it, and away from the ends of
/// other nets in the channels above and below.
fn free(
    columns: &Columns,
    courses: &[Course],
    places: &Places,
    (net, spot): (usize, Spot),
    x: f64,
    apart: f64,
) -> bool {
    let range = match spot {
        Spot::Port { node, .. } => columns
            .boxes
            .get(&node)
            .map(|(left, width)| (left + 3.0, left + width - 3.0)),
        Spot::Gap { row, gap } => columns.gaps.get(&(row, gap)).copied(),
    };
    let (Some((left, right)), Some(own)) = (range, places.get(&(net, spot))) else {
        return false;
    };
    if x < left || x > right {
        return false;
    }
    let mine = |course: &&Course| course.net == net;
    let channels: BTreeSet<usize> = courses
        .iter()
        .filter(mine)
        .flat_map(|course| course.channels_at(spot))
        .collect();
    let clear = |other: (usize, Spot)| {
        let Some(at) = places.get(&other) else {
            return true;
        };
        let beside = other.1 == spot;
        let overtakes = beside && (at - own) * (at - x) < 0.0;
        !overtakes && (at - x).abs() >= if beside { apart } else { NEAR }
    };
    courses
        .iter()
        .filter(|other| other.net != net)
        .all(|other| {
            let stays = other
                .channels
                .iter()
                .enumerate()
                .filter(|(_, channel)| channels.contains(channel));
            stays.map(|(i, _)| i).all(|i| {
                clear((other.net, other.spots[i])) && clear((other.net, other.spots[i + 1]))
            })
        })
}
