//! How long a large rule set takes to read, and its service matrix to compute.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use utsushi_benches::dump::dump;
use utsushi_model::date::Date;
use utsushi_model::service::Service;
use utsushi_scenarios::import::{Given, chain};
use utsushi_sim::matrix::{Wires, of_filter};

/// Reads, lowers, computes the partition and every right between its groups; how many groups there are.
fn matrix(text: &str, service: Service) -> Option<usize> {
    let files = [("fw.rules", text.as_bytes())];
    let (filter, families) = chain(&files, &Given::default(), "FORWARD").ok()?;
    let within: Vec<_> = families.iter().flat_map(|f| f.addresses()).collect();
    let day = Date::new(2024, 4, 1)?;
    let groups = of_filter(&filter, service, &Wires::default(), &within, day).ok()?;
    let count = groups.groups.len();
    for to in 0..count {
        black_box(groups.rights_to(to));
    }
    Some(count)
}

fn import(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("import");
    group.sample_size(10);
    for (rules, chains) in [(1_000, 10), (5_000, 40), (20_000, 40)] {
        let text = dump(rules, chains);
        let files = [("fw.rules", text.as_bytes())];
        group.bench_function(BenchmarkId::new("read", rules), |bench| {
            bench.iter(|| chain(&files, &Given::default(), "FORWARD").is_ok());
        });
        let all = [("tcp-443", Service::tcp(443)), ("tcp-22", Service::tcp(22))];
        for (name, service) in all {
            let id = BenchmarkId::new(format!("read and matrix of {name}"), rules);
            group.bench_function(id, |bench| bench.iter(|| matrix(&text, service)));
        }
    }
}

criterion_group!(benches, import);
criterion_main!(benches);
