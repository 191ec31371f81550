//! Boxes that look alike: same kind, same zone, and lines of the same kind to boxes that look alike.
//!
//! In: a colour for every box and the lines between them. Out: a class for every box. Two boxes share a class if
//! no walk along lines tells them apart (colour refinement: classes are split by what their neighbours
//! look like until nothing splits any more). Nothing can go wrong.

use std::collections::BTreeMap;

/// A line between two boxes, with what tells it from other lines.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Kind and rate, for example.
    pub(super) look: String,
}

/// The class of each box, numbered in the order of the boxes.
pub(super) fn classes(colours: &[String], lines: &[Line]) -> Vec<usize> {
    let mut neighbours = vec![Vec::new(); colours.len()];
    for line in lines {
        neighbours[line.a].push((line.look.as_str(), line.b));
        neighbours[line.b].push((line.look.as_str(), line.a));
    }
    let mut classes = numbered(colours);
    loop {
        let seen = |(at, own): (usize, &usize)| {
            let mut around: Vec<_> = neighbours[at]
                .iter()
                .map(|(look, other)| (*look, classes[*other]))
                .collect();
            around.sort_unstable();
            // A firewall with two alike neighbours and one with three are alike themselves: numbers of
            // alike neighbours are what folding is about.
            around.dedup();
            (*own, around)
        };
        let views: Vec<_> = classes.iter().enumerate().map(seen).collect();
        let next = numbered(&views);
        if next == classes {
            return classes;
        }
        classes = next;
    }
}

/// Equal things get equal numbers, in the order of their first appearance.
fn numbered<T: Ord>(things: &[T]) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    things
        .iter()
        .map(|thing| {
            let next = numbers.len();
            *numbers.entry(thing).or_insert(next)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(a: usize, b: usize, look: &str) -> Line {
        Line {
            a,
            b,
            look: look.into(),
        }
    }

    /// ```text
    ///            ┌─ office 1 ─ staff 4
    ///   wan 0 ───┼─ office 2 ─ staff 5
    ///            └─ office 3 ─ staff 6   (10 Mbit/s)
    /// ```
    #[test]
    fn branches_fold_unless_a_line_differs() {
        let colours: Vec<String> = ["wan", "r", "r", "r", "s", "s", "s"]
            .map(str::to_owned)
            .to_vec();
        let mut lines = vec![
            line(0, 1, "100"),
            line(0, 2, "100"),
            line(0, 3, "100"),
            line(1, 4, ""),
            line(2, 5, ""),
            line(3, 6, ""),
        ];
        assert_eq!(classes(&colours, &lines), [0, 1, 1, 1, 2, 2, 2]);
        lines[2].look = "10".into();
        assert_eq!(classes(&colours, &lines), [0, 1, 1, 2, 3, 3, 4]);
    }
}
