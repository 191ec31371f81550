//! Where the figures of the links stand. In: wires, boxes and lane titles. Out: a place for each figure on its own wire,
//! overlapping no box, no title and no other figure; or the links for which there was no room.

use super::route::{Frame, Plan, Wire};

/// Half the height kept free around a figure.
const HALF: f64 = 5.0;
/// Cost of standing on a stranger's wire.
const STRANGER: f64 = 60.0;
/// From this cost on, more room is wanted: the figure stands beside its wire or on a stranger's.
const CRAMPED: f64 = 20.0;
/// How much of a wire must show on either side of its figure, in points.
const SHOWN: f64 = 2.5;

/// A figure to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Index into the plan's wires.
    pub wire: usize,
    /// Width of its words.
    pub width: f64,
}

/// Where the figures stand, and where room is short.
#[derive(Debug, Clone, Default)]
pub struct Placing {
    /// Centre of each figure in the order given; `None` where nothing was free.
    pub centres: Vec<Option<(f64, f64)>>,
    /// Channels that need more height: those of wires whose figure found no place, or only on another wire.
    pub short: Vec<usize>,
}

/// Places figures one after the other, each where it disturbs least.
pub fn place(plan: &Plan, figures: &[Figure], obstacles: &[Frame], span: (f64, f64)) -> Placing {
    let mut taken: Vec<Frame> = plan.boxes.values().chain(obstacles).copied().collect();
    let mut placing = Placing::default();
    for figure in figures {
        let own = &plan.wires[figure.wire];
        let fits = |frame: &Frame| {
            frame.0 >= span.0
                && frame.0 + frame.2 <= span.1
                && !taken.iter().any(|other| overlap(frame, other))
        };
        let mut best: Option<(f64, (f64, f64))> = None;
        for (centre, dislike) in candidates(own, figure.width) {
            let frame = around(centre, figure.width);
            if best.is_some_and(|(cost, _)| dislike >= cost) || !fits(&frame) {
                continue;
            }
            let strangers = plan
                .wires
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != figure.wire)
                .map(|(_, wire)| hits(wire, &frame))
                .sum::<f64>();
            let cost = dislike + STRANGER * strangers;
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, centre));
            }
        }
        if best.is_none_or(|(cost, _)| cost >= CRAMPED) {
            placing.short.extend(&own.channels);
        }
        taken.extend(best.map(|(_, centre)| around(centre, figure.width)));
        placing.centres.push(best.map(|(_, centre)| centre));
    }
    placing.short.sort_unstable();
    placing.short.dedup();
    placing
}

fn around((x, y): (f64, f64), width: f64) -> Frame {
    (x - width / 2.0 - 1.0, y - HALF, width + 2.0, 2.0 * HALF)
}

/// Places along a wire with how much they are disliked: near the ends less liked than amid, level runs liked best,
/// and beside an upright run (which then meets the figure at its edge) only for want of room.
fn candidates(wire: &Wire, width: f64) -> Vec<((f64, f64), f64)> {
    let mut found = Vec::new();
    for pair in wire.points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let level = (y0 - y1).abs() < 0.01;
        let (length, room) = if level {
            ((x1 - x0).abs(), width / 2.0 + SHOWN)
        } else {
            ((y1 - y0).abs(), HALF + SHOWN)
        };
        let mut along = room;
        while along <= length - room + 1e-9 {
            let part = along / length;
            let off = (part - 0.5).abs() * 4.0;
            let centre = (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part);
            if level {
                found.push((centre, off));
            } else {
                found.push((centre, 3.0 + off));
                let beside = |shift: f64| {
                    let dislike = CRAMPED + off + 20.0 * shift.abs();
                    ((centre.0 + shift * width, centre.1), dislike)
                };
                found.extend([-0.25, 0.25, -0.45, 0.45].map(beside));
            }
            along += 1.5;
        }
    }
    found
}

fn overlap(a: &Frame, b: &Frame) -> bool {
    a.0 < b.0 + b.2 && b.0 < a.0 + a.2 && a.1 < b.1 + b.3 && b.1 < a.1 + a.3
}

/// How many straight pieces of a wire run through a frame.
fn hits(wire: &Wire, frame: &Frame) -> f64 {
    let piece = |pair: &[(f64, f64)]| {
        (
            pair[0].0.min(pair[1].0),
            pair[0].1.min(pair[1].1),
            (pair[0].0 - pair[1].0).abs(),
            (pair[0].1 - pair[1].1).abs(),
        )
    };
    wire.points
        .windows(2)
        .filter(|pair| overlap(frame, &piece(pair)))
        .map(|_| 1.0)
        .sum()
}
