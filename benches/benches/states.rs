//! Every state of a step of `mie` with changes in any order, and an order for many of them.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use utsushi_benches::free::with_free;
use utsushi_model::migration::Migration;
use utsushi_scenarios::load;
use utsushi_sim::order::step::step;
use utsushi_sim::states::look::look;

fn mie() -> Migration {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/library/mie");
    match load(folder) {
        Ok(loaded) => loaded.migration,
        Err(mistakes) => unreachable!("a shipped scenario is sound: {:#?}", mistakes.problems),
    }
}

fn with(migration: &Migration, count: u16) -> Migration {
    match with_free(migration, count) {
        Ok(migration) => migration,
        Err(problems) => unreachable!("the changes apply: {problems:#?}"),
    }
}

fn states(c: &mut Criterion) {
    let mie = mie();
    let mut group = c.benchmark_group("states");
    group.sample_size(10);
    for count in [15, 30, 60, 120] {
        let migration = with(&mie, count);
        group.bench_with_input(BenchmarkId::new("free", count), &migration, |b, m| {
            b.iter(|| look(m, 0));
        });
    }
    for count in [200, 2_000, 10_000] {
        let migration = with(&mie, count);
        group.bench_with_input(BenchmarkId::new("ordered", count), &migration, |b, m| {
            b.iter(|| step(m, 0));
        });
    }
    group.finish();
}

criterion_group!(benches, states);
criterion_main!(benches);
