//! A backbone proved, one line of it changed and proved again, and many routes compiled to classes.
//!
//! `cargo bench -p utsushi-benches --bench plane`. With `-- once` each figure is taken a few times by itself
//! and the least is printed, as time on the processor where Linux tells it: on a machine that others use at
//! the same time that says more than the time on the wall.

use criterion::{BenchmarkId, Criterion, criterion_group};
use std::hint::black_box;
use std::sync::Arc;
use utsushi_benches::backbone::{Numbers, STANFORD, Scale, migration};
use utsushi_benches::once::{self, least, most_memory, tell};
use utsushi_benches::{Size, provider};
use utsushi_model::migration::Migration;
use utsushi_sim::plane::Plane;
use utsushi_sim::plane::classes::Classes;
use utsushi_sim::plane::condition::{Bound, RuleStep};
use utsushi_sim::plane::sets::{Sets, Way};
use utsushi_sim::verify::live::{Edit, Live};
use utsushi_sim::verify::{Verified, verify};
use utsushi_sim::{plane::TableIx, run, space::SpaceFull};

/// Lines that are put in and taken out again, one after another.
const CHANGES: usize = 2_000;

/// Runs of which the least is told.
const RUNS: usize = 5;

fn compiled(migration: &Migration) -> Plane {
    let state = &migration.states[0];
    Plane::compile(Arc::clone(&state.network), state.date)
}

/// Compiled, every rule asked of every pair of segments.
fn proved(migration: &Migration) -> Result<Verified, SpaceFull> {
    verify(migration, &[compiled(migration)])
}

/// Lines like those of the network, compiled in it: positions of filters and of lines, and the lines.
fn lines(migration: &Migration) -> Vec<(usize, usize, RuleStep)> {
    let numbers = &mut Numbers::new(5);
    let plane = compiled(migration);
    let all: Vec<&RuleStep> = plane.filters.iter().flat_map(|f| &f.rules).collect();
    let pick = |numbers: &mut Numbers, end: usize| {
        let high = usize::from(numbers.below(u16::MAX)) << 8;
        (high + usize::from(numbers.below(256))) % end
    };
    let mut out = Vec::new();
    for _ in 0..CHANGES {
        let filter = pick(numbers, plane.filters.len());
        let at = pick(numbers, plane.filters[filter].rules.len());
        out.push((filter, at, all[pick(numbers, all.len())].clone()));
    }
    out
}

/// Puts every line in and takes it out again.
fn changed(live: &mut Live<'_>, lines: &[(usize, usize, RuleStep)]) -> Result<(), SpaceFull> {
    for (filter, at, line) in lines {
        live.edit(*filter, &Edit::Insert(*at, line.clone()))?;
        black_box(live.broken().count());
        live.edit(*filter, &Edit::Remove(*at))?;
        black_box(live.broken().count());
    }
    Ok(())
}

/// Routes compiled to tables, tables to sets and to classes.
fn classes(routes: usize) -> impl Fn() -> Result<usize, SpaceFull> {
    let (network, day) = provider::network(routes);
    move || {
        let plane = Plane::compile(Arc::clone(&network), day);
        let mut sets = Sets::new(&plane, Bound::May);
        for table in 0..plane.tables.len() {
            sets.routes(TableIx(table), Way::Forward)?;
        }
        Ok(Classes::new(&plane).len())
    }
}

fn backbone(c: &mut Criterion) {
    let mut group = c.benchmark_group("backbone");
    group.sample_size(10);
    for segments in [310, 620, 1_242, 2_484] {
        let migration = migration(Scale {
            segments,
            ..STANFORD
        });
        group.bench_function(BenchmarkId::new("proof", segments), |b| {
            b.iter(|| proved(&migration));
        });
    }
    let migration = migration(STANFORD);
    let lines = lines(&migration);
    if let Ok(mut live) = Live::new(&migration, &migration.states[0], compiled(&migration)) {
        group.bench_function("4000 changed lines", |b| {
            b.iter(|| changed(&mut live, &lines));
        });
    }
    group.finish();
}

fn routes(c: &mut Criterion) {
    let mut group = c.benchmark_group("classes");
    group.sample_size(10);
    for routes in [15_000, 30_000, 60_000, 120_000] {
        let classes = classes(routes);
        group.bench_function(BenchmarkId::new("routes", routes), |b| b.iter(&classes));
    }
    group.finish();
}

criterion_group!(benches, backbone, routes);

/// Every figure once, for a machine that is not quiet.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn figures() {
    for segments in [310, 620, 1_242, 2_484] {
        let migration = migration(Scale {
            segments,
            ..STANFORD
        });
        let (plane, size) = (compiled(&migration), usize::from(segments));
        let lines: usize = plane.filters.iter().map(|f| f.rules.len()).sum();
        let routes: usize = plane.tables.iter().map(|t| t.fib().routes.len()).sum();
        println!("{} ports {lines} lines {routes} routes", plane.ports.len());
        tell(
            "compiled, segments",
            size,
            least(RUNS, || compiled(&migration)),
        );
        tell("proved, segments", size, least(RUNS, || proved(&migration)));
        println!("most memory so far: {:?} KB", most_memory());
    }
    let backbone = migration(STANFORD);
    let lines = lines(&backbone);
    let state = &backbone.states[0];
    if let Ok(mut live) = Live::new(&backbone, state, compiled(&backbone)) {
        let all = least(RUNS, || changed(&mut live, &lines));
        let changes = 2 * u32::try_from(lines.len()).unwrap_or(1);
        tell(
            "one changed line, mean of",
            2 * lines.len(),
            all / changes.max(1),
        );
    }
    for routes in [15_000, 30_000, 60_000, 120_000] {
        let classes = classes(routes);
        println!("{routes} routes: {:?} classes", classes());
        tell("classes, routes", routes, least(RUNS, &classes));
    }
    growth();
}

/// Compiling and proving by offices, by rules and by steps.
fn growth() {
    let base = Size {
        offices: 40,
        rules: 200,
        steps: 1,
        hours: 1,
    };
    let whole = |what: &str, size: usize, of: Size| {
        let migration = utsushi_benches::migration(of);
        let planes = run::planes(&migration);
        tell(
            &format!("compile, {what}"),
            size,
            least(RUNS, || run::planes(&migration)),
        );
        tell(
            &format!("verify, {what}"),
            size,
            least(RUNS, || verify(&migration, &planes)),
        );
    };
    for offices in [10, 40, 160, 640] {
        whole("offices", usize::from(offices), Size { offices, ..base });
    }
    for rules in [100, 1_000, 5_000, 20_000] {
        whole("rules", usize::from(rules), Size { rules, ..base });
    }
    for steps in [1, 4, 16, 64] {
        whole("steps", usize::from(steps), Size { steps, ..base });
    }
}

fn main() {
    if once::asked() {
        return figures();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
