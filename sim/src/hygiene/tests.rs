//! Useless lines of random lists against reading the lists packet by packet.
//!
//! Fields have six values each, in three of the five fields, so that every packet can be looked at.

use super::lines::{Line, Use, uses};
use crate::space::{Cube, Field, Interval, Point, Set, Space};
use proptest::prelude::*;

/// Values of a field.
const VALUES: u128 = 6;

/// A box of packets: a range of values in each of three fields.
type Region = [(u128, u128); 3];

/// A line as drawn: what it certainly and what it perhaps matches besides, action and log.
#[derive(Debug, Clone)]
struct Drawn {
    must: Region,
    perhaps: Option<Region>,
    accept: bool,
    keeps: bool,
}

fn region() -> impl Strategy<Value = Region> {
    let range = || {
        prop_oneof![
            2 => Just((0, VALUES - 1)),
            5 => (0..VALUES, 0..VALUES).prop_map(|(a, b)| (a.min(b), a.max(b))),
        ]
    };
    [range(), range(), range()]
}

fn drawn(doubt: bool) -> impl Strategy<Value = Drawn> {
    let perhaps = match doubt {
        true => prop::option::of(region()).boxed(),
        false => Just(None).boxed(),
    };
    let keeps = prop::bool::weighted(0.2);
    (region(), perhaps, any::<bool>(), keeps).prop_map(|(must, perhaps, accept, keeps)| Drawn {
        must,
        perhaps,
        accept,
        keeps,
    })
}

fn packets() -> impl Iterator<Item = [u128; 3]> {
    (0..VALUES.pow(3)).map(|n| [n / 36, n / 6 % 6, n % 6])
}

fn within(region: &Region, packet: &[u128; 3]) -> bool {
    region
        .iter()
        .zip(packet)
        .all(|((lo, hi), v)| lo <= v && v <= hi)
}

/// Whether a line matches, where `truth` settles what cannot be judged.
fn matches(line: &Drawn, packet: &[u128; 3], truth: bool) -> bool {
    within(&line.must, packet) || truth && line.perhaps.is_some_and(|r| within(&r, packet))
}

/// The first line that matches, of those that `stay`.
fn deciding(
    lines: &[Drawn],
    packet: &[u128; 3],
    truth: impl Fn(usize) -> bool,
    stay: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut staying = (0..lines.len()).filter(|i| stay(*i));
    staying.find(|i| matches(&lines[*i], packet, truth(*i)))
}

fn set(space: &mut Space, region: &Region) -> Set {
    let fields = [Field::Dst, Field::Src, Field::DstPort];
    let cube = fields
        .iter()
        .zip(region)
        .fold(Cube::any(), |cube, (f, (lo, hi))| {
            cube.with(*f, vec![Interval::new(*lo, *hi)])
        });
    space.cube(&cube).unwrap()
}

fn judged(lines: &[Drawn], default: bool) -> Vec<Use> {
    let mut space = Space::new();
    let sets: Vec<Line> = lines
        .iter()
        .map(|line| {
            let must = set(&mut space, &line.must);
            let perhaps = line.perhaps.map_or(Set::EMPTY, |r| set(&mut space, &r));
            Line {
                may: space.union(must, perhaps).unwrap(),
                must,
                accept: line.accept,
                keeps: line.keeps,
            }
        })
        .collect();
    let (uses, _) = uses(&mut space, &sets, default).unwrap();
    uses
}

fn verdict(lines: &[Drawn], decided: Option<usize>, default: bool) -> bool {
    decided.map_or(default, |i| lines[i].accept)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any choice of lines that are not needed can go, whatever the truth about doubtful lines; and a line
    /// that is taken never decides.
    #[test]
    fn without_useless_lines_every_packet_is_decided_alike(
        lines in prop::collection::vec(drawn(true), 1..14), default in any::<bool>(),
        truths in prop::collection::vec(any::<(u16, u16)>(), 3),
    ) {
        let uses = judged(&lines, default);
        for (truth, stay) in truths.iter().chain(&[(0, 0), (u16::MAX, 0)]) {
            let truth = |i: usize| truth >> i & 1 == 1;
            let stays = |i: usize| uses[i] == Use::Needed || stay >> i & 1 == 1;
            for packet in packets() {
                let all = deciding(&lines, &packet, truth, |_| true);
                let rest = deciding(&lines, &packet, truth, stays);
                prop_assert_eq!(
                    verdict(&lines, all, default), verdict(&lines, rest, default),
                    "{:?}", packet
                );
                prop_assert!(all.is_none_or(|i| uses[i] != Use::Taken));
            }
        }
    }

    /// Where nothing is in doubt, a needed line decides some packet that would else be decided otherwise, or
    /// keeps a log of some that it decides.
    #[test]
    fn every_needed_line_has_a_packet_that_needs_it(
        lines in prop::collection::vec(drawn(false), 1..14), default in any::<bool>(),
    ) {
        let uses = judged(&lines, default);
        for (at, line) in lines.iter().enumerate().filter(|(i, _)| uses[*i] == Use::Needed) {
            let needs = |packet: &[u128; 3]| {
                let first = deciding(&lines, packet, |_| true, |_| true);
                // Useless lines behind it count only where they would do otherwise.
                let other = deciding(&lines, packet, |_| true,
                    |i| i > at && (uses[i] == Use::Needed || lines[i].accept != line.accept));
                first == Some(at) && (line.keeps || verdict(&lines, other, default) != line.accept)
            };
            prop_assert!(
                packets().any(|p| needs(&p)),
                "line {} of {:?}", at, uses
            );
        }
    }
}

#[test]
fn packets_are_read_as_they_are_made_into_sets() {
    let mut space = Space::new();
    let region = [(1, 3), (0, 5), (2, 2)];
    let made = set(&mut space, &region);
    for packet in packets() {
        let point = Point {
            dst: packet[0],
            src: packet[1],
            dst_port: u16::try_from(packet[2]).unwrap(),
            ..Point::default()
        };
        assert_eq!(space.contains(made, &point), within(&region, &packet));
    }
}
