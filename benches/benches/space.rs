//! How fast packet sets are: rule lists to accept sets, and the algebra on the
//! results, with growth in rules.
//!
//! Most rule lists have the shape of a town's firewall: about 300 prefixes and
//! 97 services drawn again and again, and 8 % "any". The heavy ones are made to hurt:
//! prefixes of any length from /8 to /32, port ranges, wildcards, hardly two alike.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group};
use utsushi_benches::once::{self, least};
use utsushi_sim::hygiene::lines::{Line, uses};
use utsushi_sim::space::{Cube, Field, Interval, Set, Space, SpaceFull};

/// A small generator of repeatable numbers (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u128) -> u128 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        u128::from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(of.len() as u128)).unwrap_or(0);
        &of[at]
    }
}

/// Protocol and destination ports.
type Service = (Interval, Interval);

/// What a town's rules name: sites (/16), segments (/24) and hosts (/32) of
/// 10.0.0.0/8; single tcp and udp ports, ranges, and ping.
fn pool(numbers: &mut Numbers) -> (Vec<Interval>, Vec<Service>) {
    let mut prefixes = Vec::new();
    for (count, free) in [(13, 16), (140, 8), (150, 0)] {
        for _ in 0..count {
            let start = numbers.below(1 << 24) >> free << free;
            let lo = Interval::V4.lo + 0x0a00_0000 + start;
            prefixes.push(Interval::new(lo, lo + (1 << free) - 1));
        }
    }
    let mut services = vec![(Interval::point(1), Interval::point(0))];
    for i in 0..96 {
        let port = 1 + numbers.below(10_000);
        let last = if i % 6 == 0 { port + 100 } else { port };
        let protocol = if i % 4 == 0 { 17 } else { 6 };
        services.push((Interval::point(protocol), Interval::new(port, last)));
    }
    (prefixes, services)
}

fn rules(count: usize, seed: u64) -> Vec<(Cube, bool)> {
    let numbers = &mut Numbers(0x9e37_79b9);
    let (prefixes, services) = pool(numbers);
    numbers.0 ^= seed << 20;
    let rule = |_| {
        let mut cube = Cube::any();
        for field in [Field::Dst, Field::Src] {
            if numbers.below(100) >= 8 {
                cube = cube.with(field, vec![*numbers.one(&prefixes)]);
            }
        }
        if numbers.below(100) >= 8 {
            let (protocol, port) = *numbers.one(&services);
            cube = cube
                .with(Field::Protocol, vec![protocol])
                .with(Field::DstPort, vec![port]);
        }
        (cube, numbers.below(100) < 70)
    };
    (0..count).map(rule).collect()
}

fn accept(space: &mut Space, rules: &[(Cube, bool)]) -> Result<Set, SpaceFull> {
    let sets: Result<Vec<_>, _> = rules
        .iter()
        .map(|(cube, accept)| Ok((space.cube(cube)?, *accept)))
        .collect();
    space.first_match(&sets?)
}

fn first_match(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("space/first_match");
    group.sample_size(10);
    for count in [100, 1_000, 10_000] {
        let rules = rules(count, 1);
        group.bench_with_input(
            BenchmarkId::from_parameter(count),
            &rules,
            |bench, rules| {
                bench.iter(|| accept(&mut Space::new(), black_box(rules)));
            },
        );
    }
}

/// The two accept sets the algebra is measured on, in a fresh arena.
fn pair(count: usize) -> Result<(Space, Set, Set), SpaceFull> {
    let mut built = Space::new();
    let (a, b) = (
        accept(&mut built, &rules(count, 1))?,
        accept(&mut built, &rules(count, 2))?,
    );
    let mut space = Space::new();
    let (a, b) = (space.adopt(&built, a)?, space.adopt(&built, b)?);
    Ok((space, a, b))
}

type Operation = fn(&mut Space, Set, Set) -> Result<Set, SpaceFull>;

fn algebra(criterion: &mut Criterion) {
    let operations: [(&str, Operation); 4] = [
        ("intersection", Space::intersection),
        ("difference", Space::difference),
        ("complement", |space, a, _| space.complement(a)),
        ("swap_ends", |space, a, _| space.swap_ends(a)),
    ];
    for (name, operation) in operations {
        let mut group = criterion.benchmark_group(format!("space/{name}"));
        group.sample_size(10);
        for count in [100, 1_000, 10_000] {
            let Ok((space, a, b)) = pair(count) else {
                continue;
            };
            group.bench_function(BenchmarkId::from_parameter(count), |bench| {
                bench.iter_batched_ref(
                    || space.clone(),
                    |space| operation(space, a, b),
                    BatchSize::LargeInput,
                );
            });
        }
    }
}

/// What a check asks most: does this region meet the accept set, and how.
fn regions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("space/2000 regions");
    group.sample_size(10);
    for count in [100, 1_000, 10_000] {
        let Ok((space, a, _)) = pair(count) else {
            continue;
        };
        let regions = rules(2_000, 3);
        group.bench_function(BenchmarkId::from_parameter(count), |bench| {
            bench.iter_batched_ref(
                || space.clone(),
                |space| -> Result<usize, SpaceFull> {
                    let mut met = 0;
                    for (cube, _) in &regions {
                        let region = space.cube(cube)?;
                        let common = space.intersection(a, region)?;
                        met += usize::from(space.smallest(common).is_some());
                    }
                    Ok(met)
                },
                BatchSize::LargeInput,
            );
        });
    }
}

/// Where the prefixes of a heavy list lie, and whether its lines may be wide at both ends.
#[derive(Clone, Copy)]
enum Heavy {
    /// All over IPv4; some lines take nearly everything.
    Spread,
    /// Within 10.0.0.0/8; lines that are wide at both ends ask for one port.
    Site,
    /// All over IPv4; lines that are wide at both ends ask for one port.
    Ragged,
}

impl Heavy {
    const ALL: [(Self, &str); 3] = [
        (Self::Spread, "spread"),
        (Self::Site, "site"),
        (Self::Ragged, "ragged"),
    ];

    fn prefix(self, numbers: &mut Numbers) -> Interval {
        if numbers.below(20) == 0 {
            return Interval::V4;
        }
        let free = numbers.below(25);
        let base = match self {
            Self::Site => 0x0a00_0000 + numbers.below(1 << 24),
            Self::Spread | Self::Ragged => numbers.below(1 << 32),
        };
        let lo = Interval::V4.lo + (base >> free << free);
        Interval::new(lo, lo + (1 << free) - 1)
    }

    fn rule(self, numbers: &mut Numbers) -> (Cube, bool) {
        let ends = [self.prefix(numbers), self.prefix(numbers)];
        let wide = ends.iter().all(|i| i.hi - i.lo >= 0x00ff_ffff);
        let narrow = wide && !matches!(self, Self::Spread);
        let any = !narrow && numbers.below(4) == 0;
        let protocol = if numbers.below(3) == 0 { 17 } else { 6 };
        let first = numbers.below(60_000);
        let ports = match numbers.below(3) {
            _ if narrow => Interval::point(1 + first),
            0 => Field::DstPort.all(),
            1 => Interval::point(1 + first),
            _ => Interval::new(first, (first + (1 << numbers.below(14))).min(65_535)),
        };
        let mut cube = Cube::any()
            .with(Field::Dst, vec![ends[0]])
            .with(Field::Src, vec![ends[1]]);
        if !any {
            cube = cube
                .with(Field::Protocol, vec![Interval::point(protocol)])
                .with(Field::DstPort, vec![ports]);
        }
        (cube, numbers.below(100) < 70)
    }

    fn rules(self, count: usize) -> Vec<(Cube, bool)> {
        let numbers = &mut Numbers(0x9e37_79b9);
        (0..count).map(|_| self.rule(numbers)).collect()
    }
}

/// Every useless line of a list.
fn useless(rules: &[(Cube, bool)]) -> Result<usize, SpaceFull> {
    let mut space = Space::new();
    let lines: Result<Vec<Line>, SpaceFull> = rules
        .iter()
        .map(|(cube, accept)| {
            let set = space.cube(cube)?;
            Ok(Line {
                may: set,
                must: set,
                accept: *accept,
                keeps: false,
            })
        })
        .collect();
    Ok(uses(&mut space, &lines?, false)?.0.len())
}

/// Exact sets, their sizes, and the useless lines of heavy lists.
fn heavy(criterion: &mut Criterion) {
    for (kind, name) in Heavy::ALL {
        let mut group = criterion.benchmark_group(format!("space/heavy {name}"));
        group.sample_size(10);
        // Ragged lists have no small result: ten thousand lines take seconds (see the README).
        let counts: &[usize] = match kind {
            Heavy::Ragged => &[1_000, 3_000],
            Heavy::Spread | Heavy::Site => &[1_000, 10_000],
        };
        for &count in counts {
            let rules = kind.rules(count);
            let mut space = Space::new();
            let Ok(set) = accept(&mut space, &rules) else {
                continue;
            };
            group.bench_function(BenchmarkId::new("first match", count), |bench| {
                bench.iter(|| accept(&mut Space::new(), black_box(&rules)));
            });
            group.bench_function(BenchmarkId::new("exact number", count), |bench| {
                bench.iter(|| space.cardinality(black_box(set)));
            });
            group.bench_function(BenchmarkId::new("useless lines", count), |bench| {
                bench.iter(|| useless(black_box(&rules)));
            });
        }
    }
}

criterion_group!(benches, first_match, algebra, regions, heavy);

/// Heavy lists of every size, each figure once, with the most memory held so far.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn figures() {
    for (kind, name) in Heavy::ALL {
        let counts: &[usize] = match kind {
            Heavy::Site => &[1_000, 3_000, 10_000, 30_000, 100_000],
            Heavy::Spread | Heavy::Ragged => &[1_000, 3_000, 10_000],
        };
        for &count in counts {
            let rules = kind.rules(count);
            let tell = |what: &str, time| once::tell(&format!("{name}, {what}"), count, time);
            let runs = if count > 3_000 { 2 } else { 4 };
            let found = accept(&mut Space::new(), &rules);
            if let Err(full) = found {
                println!("{name} {count}: {full}");
                continue;
            }
            tell(
                "accepted set",
                least(runs, || accept(&mut Space::new(), &rules)),
            );
            let mut space = Space::new();
            if let Ok(set) = accept(&mut space, &rules) {
                tell("exact number", least(runs, || space.cardinality(set)));
            }
            drop(space);
            tell("useless lines", least(runs, || useless(&rules)));
            println!("most memory so far: {:?} KB", once::most_memory());
        }
    }
}

fn main() {
    if once::asked() {
        return figures();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
