//! Compile, verify and replay, with growth in rules, segments, steps and hours.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::sync::Arc;
use utsushi_benches::{Size, migration, network};
use utsushi_model::demand::Demand;
use utsushi_sim::plane::Plane;
use utsushi_sim::{replay, run, verify};

const BASE: Size = Size {
    offices: 40,
    rules: 200,
    steps: 1,
    hours: 24,
};

fn compile(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    for offices in [10, 40, 160] {
        let migration = migration(Size { offices, ..BASE });
        let state = &migration.states[0];
        group.bench_with_input(BenchmarkId::new("segments", offices), state, |b, s| {
            b.iter(|| Plane::compile(Arc::clone(&s.network), s.date));
        });
    }
    for rules in [100, 1000, 5000] {
        let network = Arc::new(network(Size { rules, ..BASE }));
        let day = migration(Size {
            offices: 1,
            rules: 1,
            steps: 0,
            hours: 1,
        })
        .states[0]
            .date;
        group.bench_with_input(BenchmarkId::new("rules", rules), &network, |b, n| {
            b.iter(|| Plane::compile(Arc::clone(n), day));
        });
    }
    group.finish();
}

fn verification(c: &mut Criterion) {
    let mut group = c.benchmark_group("verify");
    group.sample_size(10);
    let mut measure = |name: &str, value: u16, size: Size| {
        let migration = migration(size);
        let planes = run::planes(&migration);
        group.bench_function(BenchmarkId::new(name, value), |b| {
            b.iter(|| verify::verify(&migration, &planes));
        });
    };
    for offices in [10, 40, 160] {
        measure("segments", offices, Size { offices, ..BASE });
    }
    for rules in [100, 1000, 5000] {
        measure("rules", rules, Size { rules, ..BASE });
    }
    for steps in [1, 4, 16] {
        measure("steps", steps, Size { steps, ..BASE });
    }
    group.finish();
}

fn traffic(c: &mut Criterion) {
    let mut group = c.benchmark_group("replay");
    group.sample_size(20);
    let mut measure = |name: &str, value: usize, size: Size| {
        let migration = migration(size);
        let planes = run::planes(&migration);
        let demands: Vec<&Demand> = migration.requirements.demands.iter().collect();
        group.bench_function(BenchmarkId::new(name, value), |b| {
            b.iter(|| {
                replay::replay(
                    &planes[0],
                    &migration.states[0],
                    &migration.requirements,
                    &demands,
                    replay::Scope::default(),
                )
            });
        });
    };
    for offices in [10, 40, 160] {
        measure("segments", usize::from(offices), Size { offices, ..BASE });
    }
    for hours in [1, 8, 24] {
        measure("hours", hours, Size { hours, ..BASE });
    }
    group.finish();
}

/// Every single failure of one state, by segments; and of every state of the shipped prefecture.
fn failures(c: &mut Criterion) {
    let mut group = c.benchmark_group("failures");
    group.sample_size(10);
    let scope = replay::Scope {
        failures: replay::Failures::Single,
        ..replay::Scope::default()
    };
    for offices in [10, 40, 160] {
        let migration = migration(Size { offices, ..BASE });
        let planes = run::planes(&migration);
        let demands: Vec<&Demand> = migration.requirements.demands.iter().collect();
        let (state, needs) = (&migration.states[0], &migration.requirements);
        let count = replay::replay(&planes[0], state, needs, &demands, scope).failures;
        let count = u64::try_from(count).unwrap_or(0);
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::new("segments", offices), |b| {
            b.iter(|| replay::replay(&planes[0], state, needs, &demands, scope));
        });
    }
    let mie = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
    match utsushi_scenarios::load(mie) {
        Ok(loaded) => {
            for (name, which) in [
                ("none", replay::Failures::None),
                ("single", replay::Failures::Single),
            ] {
                group.bench_function(BenchmarkId::new("mie", name), |b| {
                    b.iter(|| run::capacity(&loaded.migration, which, &[], 0));
                });
            }
        }
        Err(failed) => unreachable!("mie: {:?}", failed.problems),
    }
    group.finish();
}

criterion_group!(benches, compile, verification, traffic, failures);
criterion_main!(benches);
