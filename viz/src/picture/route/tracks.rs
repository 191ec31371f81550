//! The sideways runs of one channel. In: the courses of all wires. Out: a track for each run such that runs on one track
//! do not touch and wires cross seldom. Runs between boxes of the row above come first and stay in that row's lane.

use std::collections::BTreeMap;

use super::{Course, Density, Places, Spot};

/// Sideways runs of one channel and the track of each.
pub struct Tracks {
    /// The track of each run.
    pub of: BTreeMap<Key, usize>,
    /// The first so many tracks belong to wires between boxes of the row above, and stay in its lane.
    pub inner: usize,
    pub count: usize,
    /// Whether any wire is in this channel at all.
    used: bool,
    density: Density,
}

/// One net's stay in a channel: its extent and the x of its ends that go up and down.
struct Stay {
    key: Key,
    from: f64,
    to: f64,
    ups: Vec<f64>,
    downs: Vec<f64>,
}

impl Tracks {
    pub fn of(channel: usize, courses: &[Course], places: &Places, density: Density) -> Self {
        let stays = stays(channel, courses, places);
        let used = !stays.is_empty();
        let mut order: Vec<&Stay> = stays
            .iter()
            .filter(|stay| stay.to - stay.from > 0.01)
            .collect();
        order.sort_by(|a, b| {
            (a.to - a.from)
                .total_cmp(&(b.to - b.from))
                .then(a.key.cmp(&b.key))
        });
        let (mut inner, mut outer): (Vec<&Stay>, Vec<&Stay>) =
            order.into_iter().partition(|stay| stay.downs.is_empty());
        uncross(&mut inner);
        uncross(&mut outer);
        let mut of: BTreeMap<Key, usize> = BTreeMap::new();
        let inside = assign(&inner, 0, &mut of);
        let count = assign(&outer, inside, &mut of);
        Self {
            of,
            inner: inside,
            count,
            used,
            density,
        }
    }

    /// Height of the tracks that stay in the lane above, with the space around them.
    #[expect(clippy::cast_precision_loss, reason = "a picture has few wires")]
    pub fn inside(&self) -> f64 {
        if self.inner == 0 {
            0.0
        } else {
            self.density.clear + self.density.pitch * (self.inner as f64 - 1.0)
        }
    }

    /// How added height is shared between the inner and the other tracks.
    pub fn shares(&self, extra: f64) -> (f64, f64) {
        match (self.inner > 0, self.count > self.inner) {
            (true, true) => (extra / 2.0, extra / 2.0),
            (true, false) => (extra, 0.0),
            (false, _) => (0.0, extra),
        }
    }

    /// Height of the other tracks with the space around them; wires that run straight through need some too.
    #[expect(clippy::cast_precision_loss, reason = "a picture has few wires")]
    pub fn outside(&self) -> f64 {
        if self.used {
            2.0 * self.density.clear
                + self.density.pitch * ((self.count - self.inner) as f64 - 1.0).max(0.0)
        } else {
            self.density.pad
        }
    }
}

/// Orders tracks from top to bottom so that wires cross seldom.
fn uncross(order: &mut [&Stay]) {
    // Crossings are counted pair by pair, so swapping neighbours never makes a third wire worse.
    for _ in 0..order.len() {
        for i in 1..order.len() {
            if crossings(order[i], order[i - 1]) < crossings(order[i - 1], order[i]) {
                order.swap(i - 1, i);
            }
        }
    }
}

/// Gives each stay the first track at or below `first` that is below those above it; returns the number of tracks.
fn assign(order: &[&Stay], first: usize, of: &mut BTreeMap<Key, usize>) -> usize {
    let mut count = first;
    for (i, stay) in order.iter().enumerate() {
        let above = order[..i]
            .iter()
            .filter(|other| other.from - 5.0 < stay.to && stay.from - 5.0 < other.to);
        let track = above
            .filter_map(|other| of.get(&other.key))
            .max()
            .map_or(first, |track| track + 1);
        of.insert(stay.key, track);
        count = count.max(track + 1);
    }
    count
}

/// A net's run in a channel: the net, and whether it hangs between boxes of the row above.
pub type Key = (usize, bool);

/// The run that one piece of a wire belongs to.
pub fn key(course: &Course, place: usize) -> Key {
    (
        course.net,
        rises(course.spots[place], true) && rises(course.spots[place + 1], false),
    )
}

/// Whether a wire leaves a channel upwards at a spot; gaps are entered from above at the first spot of a piece.
fn rises(spot: Spot, first: bool) -> bool {
    match spot {
        Spot::Port { lower, .. } => lower,
        Spot::Gap { .. } => first,
    }
}

fn stays(channel: usize, courses: &[Course], places: &Places) -> Vec<Stay> {
    let mut found: BTreeMap<Key, Stay> = BTreeMap::new();
    for course in courses {
        for (place, _) in course
            .channels
            .iter()
            .enumerate()
            .filter(|(_, c)| **c == channel)
        {
            let key = key(course, place);
            let empty = Stay {
                key,
                from: f64::INFINITY,
                to: f64::NEG_INFINITY,
                ups: Vec::new(),
                downs: Vec::new(),
            };
            let stay = found.entry(key).or_insert(empty);
            for (spot, first) in [
                (course.spots[place], true),
                (course.spots[place + 1], false),
            ] {
                let x = places.get(&(course.net, spot)).copied().unwrap_or_default();
                (stay.from, stay.to) = (stay.from.min(x), stay.to.max(x));
                let side = if rises(spot, first) {
                    &mut stay.ups
                } else {
                    &mut stay.downs
                };
                if !side.iter().any(|other| (other - x).abs() < 0.01) {
                    side.push(x);
                }
            }
        }
    }
    found.into_values().collect()
}

/// Crossings if `upper` runs above `lower`; two ends at one x would merge, which is worse than crossing.
fn crossings(upper: &Stay, lower: &Stay) -> usize {
    let within = |x: &f64, stay: &Stay| *x > stay.from && *x < stay.to;
    let merged = upper
        .downs
        .iter()
        .flat_map(|x| lower.ups.iter().map(move |y| (x - y).abs()))
        .filter(|gap| *gap < 2.5)
        .count();
    upper.downs.iter().filter(|x| within(x, lower)).count()
        + lower.ups.iter().filter(|x| within(x, upper)).count()
        + 5 * merged
}
