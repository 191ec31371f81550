//! Between which boxes a wire passes each row. In: rows and links. Out: the spots each wire must pass, the boxes' columns,
//! and the x of every net in every gap. No gap is narrower than its nets need.

use std::collections::{BTreeMap, BTreeSet};

use super::{APART, Course, Places, Problem, Spot};
use crate::picture::lanes::Row;

/// A fraction of a whole; nothing of nothing is nothing.
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
    let mut crowd = Crowd::default();
    let mut found = Vec::new();
    for ((link, a, b), net) in problem.ends.iter().zip(problem.nets) {
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
        for (row, gap) in (from.0 + 1..to.0).zip(gaps(&rough, from, to, &crowd, *net)) {
            spots.push(Spot::Gap { row, gap });
            channels.push(row + 1);
            crowd.nets.entry((row, gap)).or_default().insert(*net);
        }
        spots.push(Spot::Port {
            node: b,
            lower: level && lower,
        });
        found.push(Course {
            link: *link,
            net: *net,
            spots,
            channels,
        });
    }
    found
}

/// The nets that pass each gap of each row.
#[derive(Default)]
struct Crowd {
    nets: BTreeMap<(usize, usize), BTreeSet<usize>>,
}

impl Crowd {
    /// Width in points that other nets than this one take in a gap; nothing where this net passes already.
    #[expect(clippy::cast_precision_loss, reason = "a picture has few wires")]
    fn taken(&self, row: usize, gap: usize, net: usize) -> f64 {
        match self.nets.get(&(row, gap)) {
            Some(nets) if !nets.contains(&net) => nets.len() as f64 * APART,
            _ => 0.0,
        }
    }
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

/// The cheapest gap in each row between two rows: sideways distance, plus what nets already there take away.
fn gaps(
    rough: &[Vec<(f64, f64)>],
    from: (usize, f64),
    to: (usize, f64),
    crowd: &Crowd,
    net: usize,
) -> Vec<usize> {
    // For each gap of the current row: cost so far, x there, gaps taken.
    let mut states: Vec<(f64, f64, Vec<usize>)> = vec![(0.0, from.1, Vec::new())];
    for (row, intervals) in rough.iter().enumerate().take(to.0).skip(from.0 + 1) {
        let step = |(gap, (left, right)): (usize, &(f64, f64))| {
            let taken = crowd.taken(row, gap, net);
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

/// Where boxes and gaps lie from left to right.
#[derive(Default)]
pub struct Columns {
    /// Left edge and width of each box.
    pub boxes: BTreeMap<usize, (f64, f64)>,
    /// Where nets may pass: left and right end by row and gap.
    pub gaps: BTreeMap<(usize, usize), (f64, f64)>,
}

impl Columns {
    /// The middle of a box.
    pub fn middle(&self, node: usize) -> f64 {
        self.boxes
            .get(&node)
            .map_or(0.0, |(x, width)| x + width / 2.0)
    }
}

/// Space between a box and the first net beside it, in points.
const BESIDE: f64 = 4.0;

/// Widens gaps for the nets that pass them, shares the rest among the boxes, and gives each passing net its x.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
pub fn columns(problem: &Problem<'_>, courses: &[Course], places: &mut Places) -> Columns {
    let mut columns = Columns::default();
    for (level, row) in problem.rows.iter().enumerate() {
        let count = row.nodes.len();
        let through: Vec<Vec<(f64, usize)>> = (0..=count)
            .map(|gap| {
                passing(
                    problem,
                    courses,
                    places,
                    &columns,
                    Spot::Gap { row: level, gap },
                )
            })
            .collect();
        let least: Vec<f64> = through
            .iter()
            .map(|nets| APART.mul_add(nets.len() as f64, 6.0))
            .collect();
        let room = problem.span.1 - problem.span.0;
        let width = ((room - least.iter().sum::<f64>()) / count as f64).min(problem.widest);
        let spare = (room - width * count as f64 - least.iter().sum::<f64>()) / (count + 1) as f64;
        let mut x = problem.span.0;
        for gap in 0..=count {
            let free = least[gap] + spare;
            let ends = (x + BESIDE, x + free - BESIDE);
            columns.gaps.insert((level, gap), ends);
            let wanted: Vec<f64> = through[gap].iter().map(|(wanted, _)| *wanted).collect();
            for ((_, net), at) in through[gap].iter().zip(spread(&wanted, ends)) {
                places.insert((*net, Spot::Gap { row: level, gap }), at);
            }
            x += free;
            if let Some(node) = row.nodes.get(gap) {
                columns.boxes.insert(*node, (x, width));
                x += width;
            }
        }
    }
    columns
}

/// The nets that pass a gap with the x they come from, in the order in which they need not cross.
fn passing(
    problem: &Problem<'_>,
    courses: &[Course],
    places: &Places,
    columns: &Columns,
    spot: Spot,
) -> Vec<(f64, usize)> {
    // For each net: number of wires, sum of where they come from, sum of where they go to.
    let mut sums: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
    for course in courses {
        let Some(place) = course.spots.iter().position(|other| *other == spot) else {
            continue;
        };
        let before = match course.spots[place - 1] {
            gap @ Spot::Gap { .. } => places.get(&(course.net, gap)).copied().unwrap_or_default(),
            Spot::Port { node, .. } => columns.middle(node),
        };
        let sum = sums.entry(course.net).or_default();
        *sum = (
            sum.0 + 1.0,
            sum.1 + before,
            sum.2 + rough_place(problem, course.spots[place + 1]),
        );
    }
    let mut nets: Vec<(f64, f64, usize)> = sums
        .into_iter()
        .map(|(net, (n, from, to))| (from / n, to / n, net))
        .collect();
    nets.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then(a.1.total_cmp(&b.1))
            .then(a.2.cmp(&b.2))
    });
    nets.into_iter().map(|(from, _, net)| (from, net)).collect()
}

/// Where a spot would be if all boxes of its row were equally far apart, as a share of the width.
#[expect(clippy::cast_precision_loss, reason = "a picture has few boxes")]
fn rough_place(problem: &Problem<'_>, spot: Spot) -> f64 {
    match spot {
        Spot::Gap { row, gap } => share(gap as f64, problem.rows[row].nodes.len()),
        Spot::Port { node, .. } => {
            let within = |row: &Row| {
                row.nodes
                    .iter()
                    .position(|other| *other == node)
                    .map(|i| share(i as f64 + 0.5, row.nodes.len()))
            };
            problem.rows.iter().find_map(within).unwrap_or(0.5)
        }
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
