//! Between which boxes a wire passes each row. In: rows and links. Out: the spots each wire must pass, the boxes' columns,
//! and the x of every wire in every gap. No gap is narrower than its wires need.

use std::collections::BTreeMap;

use super::{APART, Course, Problem, Spot};
use crate::picture::lanes::Row;

#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
pub fn share(index: f64, count: usize) -> f64 {
    index / count.max(1) as f64
}

/// Chooses the gaps of each wire so that it runs sideways as little as possible, and no gap fills up.
pub fn courses(problem: &Problem<'_>) -> Vec<Course> {
    let rough: Vec<Vec<(f64, f64)>> = problem
        .rows
        .iter()
        .map(|row| even(problem, row.nodes.len()))
        .collect();
    let mut places: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
    for (level, row) in problem.rows.iter().enumerate() {
        for (i, node) in row.nodes.iter().enumerate() {
            places.insert(
                *node,
                (
                    level,
                    f64::midpoint(rough[level][i].1, rough[level][i + 1].0),
                ),
            );
        }
    }
    let mut crowd: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut found = Vec::new();
    for (link, a, b) in problem.ends {
        let (Some(&from), Some(&to)) = (places.get(a), places.get(b)) else {
            continue;
        };
        let ((a, from), (b, to)) = if (from.0, *a) <= (to.0, *b) {
            ((*a, from), (*b, to))
        } else {
            ((*b, to), (*a, from))
        };
        let level = from.0 == to.0;
        let lower = !level || !hugs_floor(problem.rows, from.0);
        let mut spots = vec![Spot::Port { node: a, lower }];
        let mut channels = vec![if lower { from.0 + 1 } else { from.0 }];
        for (row, gap) in (from.0 + 1..to.0).zip(gaps(&rough, from, to, &crowd)) {
            spots.push(Spot::Gap { row, gap });
            channels.push(row + 1);
            *crowd.entry((row, gap)).or_default() += APART;
        }
        spots.push(Spot::Port {
            node: b,
            lower: level && lower,
        });
        found.push(Course {
            link: *link,
            xs: vec![0.0; spots.len()],
            spots,
            channels,
        });
    }
    found
}

/// Left and right end of each gap of a row whose boxes are equally far apart.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
fn even(problem: &Problem<'_>, count: usize) -> Vec<(f64, f64)> {
    let room = problem.span.1 - problem.span.0;
    let width = (room / count as f64 - 10.0).min(problem.widest);
    let gap = (room - width * count as f64) / (count as f64 + 1.0);
    (0..=count)
        .map(|i| problem.span.0 + (gap + width) * i as f64)
        .map(|left| (left, left + gap))
        .collect()
}

/// The cheapest gap in each row between two rows: sideways distance, plus what wires already there take away.
fn gaps(
    rough: &[Vec<(f64, f64)>],
    from: (usize, f64),
    to: (usize, f64),
    crowd: &BTreeMap<(usize, usize), f64>,
) -> Vec<usize> {
    // For each gap of the current row: cost so far, x there, gaps taken.
    let mut states: Vec<(f64, f64, Vec<usize>)> = vec![(0.0, from.1, Vec::new())];
    for (row, intervals) in rough.iter().enumerate().take(to.0).skip(from.0 + 1) {
        let step = |(gap, (left, right)): (usize, &(f64, f64))| {
            let taken = crowd.get(&(row, gap)).copied().unwrap_or(0.0);
            let enter = |(cost, x, way): &(f64, f64, Vec<usize>)| {
                let there = x.clamp(left + 3.0, (right - 3.0).max(left + 3.0));
                let full = (taken + 6.0 - (right - left)).max(0.0) * 3.0;
                (
                    cost + (there - x).abs() + taken + full,
                    there,
                    [&way[..], &[gap]].concat(),
                )
            };
            states.iter().map(enter).min_by(|a, b| a.0.total_cmp(&b.0))
        };
        states = intervals.iter().enumerate().filter_map(step).collect();
    }
    let total = |(cost, x, _): &(f64, f64, Vec<usize>)| cost + (x - to.1).abs();
    states
        .into_iter()
        .min_by(|a, b| total(a).total_cmp(&total(b)))
        .map(|(_, _, way)| way)
        .unwrap_or_default()
}

/// Whether a row is the lowest but not the first of its lane: its own links then run above it, inside the lane.
fn hugs_floor(rows: &[Row], row: usize) -> bool {
    let lane = |index: usize| rows.get(index).map(|row| row.lane);
    row > 0 && lane(row) == lane(row - 1) && lane(row) != lane(row + 1)
}

/// Left edge and width of each box.
pub type Columns = BTreeMap<usize, (f64, f64)>;

/// Widens gaps for the wires that pass them, shares the rest among the boxes, and gives each passing wire its x.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
pub fn columns(problem: &Problem<'_>, courses: &mut [Course]) -> Columns {
    let mut columns = Columns::new();
    for (level, row) in problem.rows.iter().enumerate() {
        let count = row.nodes.len();
        let mut through: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count + 1];
        for (wire, course) in courses.iter().enumerate() {
            for (place, spot) in course.spots.iter().enumerate() {
                if let Spot::Gap { row, gap } = spot
                    && *row == level
                {
                    through[*gap].push((wire, place));
                }
            }
        }
        let least: Vec<f64> = through
            .iter()
            .map(|wires| APART.mul_add(wires.len() as f64, 6.0))
            .collect();
        let room = problem.span.1 - problem.span.0;
        let width = ((room - least.iter().sum::<f64>()) / count as f64).min(problem.widest);
        let spare = (room - width * count as f64 - least.iter().sum::<f64>()) / (count + 1) as f64;
        let mut x = problem.span.0;
        for gap in 0..=count {
            let free = least[gap] + spare;
            order_by_bend(&mut through[gap], courses, problem);
            let wanted: Vec<f64> = through[gap]
                .iter()
                .map(|(wire, place)| before(courses, &columns, *wire, *place))
                .collect();
            for ((wire, place), at) in through[gap]
                .iter()
                .zip(spread(&wanted, (x + 3.0, x + free - 3.0)))
            {
                courses[*wire].xs[*place] = at;
            }
            x += free;
            if let Some(node) = row.nodes.get(gap) {
                columns.insert(*node, (x, width));
                x += width;
            }
        }
    }
    columns
}

/// The x a wire comes from: that of its last gap, or the middle of its box.
fn before(courses: &[Course], columns: &Columns, wire: usize, place: usize) -> f64 {
    match courses[wire].spots[place - 1] {
        Spot::Gap { .. } => courses[wire].xs[place - 1],
        Spot::Port { node, .. } => columns.get(&node).map_or(0.0, |(x, width)| x + width / 2.0),
    }
}

/// Places in the given order, as near to the wanted ones as the ends and the least distance allow.
fn spread(wanted: &[f64], (left, right): (f64, f64)) -> Vec<f64> {
    let mut places: Vec<f64> = wanted.to_vec();
    let mut least = left;
    for place in &mut places {
        *place = place.max(least);
        least = *place + APART;
    }
    let mut most = right;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - APART;
    }
    places
}

/// Sorts the wires of a gap by where they come from and go to, so that they need not cross in it.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
fn order_by_bend(wires: &mut [(usize, usize)], courses: &[Course], problem: &Problem<'_>) {
    let near = |spot: Spot| match spot {
        Spot::Gap { row, gap } => share(gap as f64, problem.rows[row].nodes.len()),
        Spot::Port { node, .. } => problem
            .rows
            .iter()
            .find_map(|row| {
                row.nodes
                    .iter()
                    .position(|other| *other == node)
                    .map(|i| share(i as f64 + 0.5, row.nodes.len()))
            })
            .unwrap_or(0.5),
    };
    let pull = |(wire, place): (usize, usize)| {
        near(courses[wire].spots[place - 1]) + near(courses[wire].spots[place + 1])
    };
    wires.sort_by(|a, b| pull(*a).total_cmp(&pull(*b)).then(a.cmp(b)));
}
