//! Where wires meet boxes. In: columns of boxes and the courses of wires. Out: the x of both ends of each wire: spread
//! over the edge of the box, straight on where possible, and never where another wire ends in the same channel.

use std::collections::BTreeMap;

use super::gaps::{Columns, share};
use super::{APART, Course, Spot};

/// The x its wire goes to, the wire, and the place of the port in the wire's course.
type Port = (f64, usize, usize);

/// Spreads the ports of each box edge evenly, in the order of where their wires go.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
pub fn place_ports(columns: &Columns, courses: &mut [Course]) {
    let middle = |node: usize| columns.get(&node).map_or(0.0, |(x, width)| x + width / 2.0);
    let mut edges: BTreeMap<(usize, bool), Vec<Port>> = BTreeMap::new();
    for (wire, course) in courses.iter().enumerate() {
        let last = course.spots.len() - 1;
        for (place, next) in [(0, 1), (last, last - 1)] {
            let Spot::Port { node, lower } = course.spots[place] else {
                continue;
            };
            let toward = match course.spots[next] {
                Spot::Gap { .. } => course.xs[next],
                Spot::Port { node, .. } => middle(node),
            };
            edges
                .entry((node, lower))
                .or_default()
                .push((toward, wire, place));
        }
    }
    for ((node, _), mut ports) in edges {
        let Some((x, width)) = columns.get(&node) else {
            continue;
        };
        ports.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (i, (_, wire, place)) in ports.iter().enumerate() {
            courses[*wire].xs[*place] = x + width * share(i as f64 + 1.0, ports.len() + 1);
        }
    }
}

/// Moves ports sideways: onto the x of their wire's next spot where that saves a bend, and off the x of strangers.
pub fn straighten(columns: &Columns, courses: &mut [Course]) {
    for wire in 0..courses.len() {
        let last = courses[wire].spots.len() - 1;
        for (place, next) in [(0, 1), (last, last - 1)] {
            let wanted = courses[wire].xs[next];
            if (courses[wire].xs[place] - wanted).abs() > 0.01
                && free(columns, courses, (wire, place), wanted, APART + 2.0)
            {
                courses[wire].xs[place] = wanted;
            }
        }
    }
    for wire in 0..courses.len() {
        let last = courses[wire].spots.len() - 1;
        for place in [0, last] {
            let own = courses[wire].xs[place];
            if !free(columns, courses, (wire, place), own, 2.5) {
                let steps = (1..16).flat_map(|step| [f64::from(step), -f64::from(step)]);
                let better = steps
                    .map(|step| own + step)
                    .find(|x| free(columns, courses, (wire, place), *x, 2.5));
                courses[wire].xs[place] = better.unwrap_or(own);
            }
        }
    }
}

/// Whether a port may stand at `x`: on its box, in order with the ports beside it, and away from other wires' ends in its channel.
fn free(
    columns: &Columns,
    courses: &[Course],
    (wire, place): (usize, usize),
    x: f64,
    apart: f64,
) -> bool {
    let course = &courses[wire];
    let spot = course.spots[place];
    let Spot::Port { node, .. } = spot else {
        return false;
    };
    let Some((left, width)) = columns.get(&node) else {
        return false;
    };
    if x < left + 3.0 || x > left + width - 3.0 {
        return false;
    }
    let channel = course.channels[place.min(course.channels.len() - 1)];
    let own = course.xs[place];
    courses
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != wire)
        .all(|(_, other)| {
            other
                .channels
                .iter()
                .enumerate()
                .filter(|(_, c)| **c == channel)
                .all(|(i, _)| {
                    [i, i + 1].into_iter().all(|end| {
                        let (at, beside) = (other.xs[end], other.spots[end] == spot);
                        let overtakes = beside && (at - own) * (at - x) < 0.0;
                        !overtakes && (at - x).abs() >= if beside { apart } else { 2.5 }
                    })
                })
        })
}
