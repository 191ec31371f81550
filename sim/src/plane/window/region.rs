//! Parts of the states of a step: boxes over the axes, and unions of them.
//!
//! Goes in: bounds on single axes. Comes out: their meets. Nothing can go wrong; a part without states is
//! `None`.

use crate::space::Stretch;

/// A box: the axes it restricts, in rising order, each with the values inside.
pub type Region = Vec<(usize, Stretch)>;

/// A union of boxes; without boxes: never.
pub type When = Vec<Region>;

/// Every state.
#[must_use]
pub fn always() -> When {
    vec![Region::new()]
}

/// Whether it is every state for certain.
#[must_use]
pub fn is_always(when: &When) -> bool {
    when.iter().any(Vec::is_empty)
}

/// What lies in both; `None` if nothing does.
#[must_use]
pub fn both(a: &Region, b: &Region) -> Option<Region> {
    let mut out = Region::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x.0 == y.0 => {
                let (lo, hi) = (x.1.0.max(y.1.0), x.1.1.min(y.1.1));
                if lo > hi {
                    return None;
                }
                out.push((x.0, (lo, hi)));
                a.next();
                b.next();
            }
            (Some(x), Some(y)) => match x.0 < y.0 {
                true => out.extend(a.next().copied()),
                false => out.extend(b.next().copied()),
            },
            (Some(_), None) => out.extend(a.next().copied()),
            (None, Some(_)) => out.extend(b.next().copied()),
            (None, None) => return Some(out),
        }
    }
}

/// What lies in a union and in a box.
#[must_use]
pub fn within(when: &When, region: &Region) -> When {
    when.iter().filter_map(|r| both(r, region)).collect()
}

/// What of a union lies outside a box, as boxes.
#[must_use]
pub fn outside(when: &When, region: &Region) -> When {
    let mut out = When::new();
    for part in when {
        let mut inside = part.clone();
        let mut missed = false;
        for (axis, (lo, hi)) in region {
            // Below and above the bounds on this axis, within those on the axes before.
            if let Some(below) = lo.checked_sub(1) {
                out.extend(both(&inside, &vec![(*axis, (0, below))]));
            }
            if let Some(above) = hi.checked_add(1) {
                out.extend(both(&inside, &vec![(*axis, (above, u16::MAX))]));
            }
            match both(&inside, &vec![(*axis, (*lo, *hi))]) {
                Some(rest) => inside = rest,
                None => missed = true,
            }
            if missed {
                break;
            }
        }
    }
    out
}

/// Where a unit is open, from where it is done.
#[must_use]
pub fn open(done: &Region) -> Option<Region> {
    let (axis, (lo, _)) = done.first()?;
    Some(vec![(*axis, (0, lo.checked_sub(1)?))])
}
