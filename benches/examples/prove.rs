//! Proves the backbone once and prints what it took.
#![allow(clippy::print_stdout, missing_docs)]
use std::sync::Arc;
use std::time::Instant;
use utsushi_benches::backbone::{STANFORD, Scale, migration};
use utsushi_sim::plane::Plane;
use utsushi_sim::verify::verify;

fn main() {
    let factor: u16 = std::env::args()
        .nth(1)
        .and_then(|a| a.parse().ok())
        .unwrap_or(1242);
    let runs: usize = std::env::args()
        .nth(2)
        .and_then(|a| a.parse().ok())
        .unwrap_or(1);
    let migration = migration(Scale {
        segments: factor,
        ..STANFORD
    });
    let state = &migration.states[0];
    for _ in 0..runs {
        let t = Instant::now();
        let plane = Plane::compile(Arc::clone(&state.network), state.date);
        let compiled = t.elapsed();
        let lines: usize = plane.filters.iter().map(|f| f.rules.len()).sum();
        let routes: usize = plane.tables.iter().map(|f| f.routes.len()).sum();
        println!(
            "{} nodes {} ports {lines} lines {routes} routes",
            plane.nodes.len(),
            plane.ports.len()
        );
        let planes = [plane];
        let t = Instant::now();
        let verified = verify(&migration, &planes);
        let (v, f) = verified.map_or((0, 0), |v| (v.verdicts.len(), v.findings.len()));
        println!(
            "compile {compiled:?} verify {:?}: {v} rules {f} findings",
            t.elapsed()
        );
    }
}
