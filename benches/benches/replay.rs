//! How fast traffic replay is: with growth in firewall rules, and every state of the shipped bodies. (`twin`
//! measures its growth in segments and hours.)

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use utsushi_benches::{Size, migration};
use utsushi_model::demand::Demand;
use utsushi_model::migration::Migration;
use utsushi_scenarios::load;
use utsushi_sim::plane::Plane;
use utsushi_sim::replay::{Loads, Scope, replay};
use utsushi_sim::run::planes;

/// The loads of every state.
fn loads(migration: &Migration, planes: &[Plane]) -> Vec<Loads> {
    let each = migration.states.iter().zip(planes);
    each.map(|(state, plane)| {
        let all = migration.requirements.demands.iter();
        let demands: Vec<&Demand> = all.filter(|d| migration.demanded(d, state)).collect();
        replay(
            plane,
            state,
            &migration.requirements,
            &demands,
            Scope::default(),
        )
    })
    .collect()
}

fn rules(c: &mut Criterion) {
    let mut group = c.benchmark_group("replay");
    group.sample_size(20);
    for rules in [100, 1_000, 5_000] {
        let migration = migration(Size {
            offices: 40,
            rules,
            steps: 0,
            hours: 24,
        });
        let planes = planes(&migration);
        group.bench_function(BenchmarkId::new("rules", rules), |b| {
            b.iter(|| loads(&migration, &planes));
        });
    }
    group.finish();
}

fn bodies(c: &mut Criterion) {
    let mut group = c.benchmark_group("replay");
    group.sample_size(20);
    for name in ["mie", "town-b"] {
        let folder = format!("{}/../scenarios/library/{name}", env!("CARGO_MANIFEST_DIR"));
        let migration = match load(folder) {
            Ok(loaded) => loaded.migration,
            Err(mistakes) => {
                return assert!(mistakes.problems.is_empty(), "{:#?}", mistakes.problems);
            }
        };
        let planes = planes(&migration);
        group.bench_function(BenchmarkId::new(name, migration.states.len()), |b| {
            b.iter(|| loads(&migration, &planes));
        });
    }
    group.finish();
}

criterion_group!(benches, rules, bodies);
criterion_main!(benches);
