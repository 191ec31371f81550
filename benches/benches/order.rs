//! Putting changes into order from clauses: mostly independent changes, 4 % of which wait for others; and the
//! proof that a ring among them allows no order.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use utsushi_sim::order::{Clause, Outcome, kept};

/// One change in 25 waits for one of two later ones, one in 100 with another for a third.
fn clauses(units: usize) -> Vec<Clause> {
    let waiting = (0..units - 50)
        .step_by(25)
        .map(|u| Clause::new(vec![u], vec![u + 7, u + 30]));
    let pairs = (0..units - 50)
        .step_by(100)
        .map(|u| Clause::new(vec![u + 1, u + 2], vec![u + 40]));
    waiting.chain(pairs).collect()
}

fn ordered(c: &mut Criterion) {
    let mut group = c.benchmark_group("order");
    for units in [2_000, 10_000] {
        let after = vec![Vec::new(); units];
        let free = clauses(units);
        assert!(matches!(kept(&after, &free), Outcome::Ordered(_)));
        group.bench_with_input(BenchmarkId::new("found", units), &free, |b, clauses| {
            b.iter(|| kept(&after, clauses));
        });
        let mut ring = free.clone();
        ring.push(Clause::new(vec![3], vec![units - 1]));
        ring.push(Clause::new(vec![units - 1], vec![3]));
        assert!(matches!(kept(&after, &ring), Outcome::Impossible(few) if few.len() == 2));
        group.bench_with_input(BenchmarkId::new("refuted", units), &ring, |b, clauses| {
            b.iter(|| kept(&after, clauses));
        });
    }
    group.finish();
}

criterion_group!(benches, ordered);
criterion_main!(benches);
