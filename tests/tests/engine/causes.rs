//! What the lines of a plan add to a load, against the loads of its states.

use super::run::{Outcome, on_migrations};
use proptest::test_runner::TestCaseError;
use utsushi_model::migration::Migration;
use utsushi_model::report::LoadRow;
use utsushi_sim::causes::{Resource, causes};
use utsushi_sim::replay::Failures;
use utsushi_sim::run::capacity;
use utsushi_sim::strategies::Size;

fn peak(rows: &[LoadRow], state: usize, resource: &Resource) -> f64 {
    let is = |row: &&LoadRow| row.state == state && Resource::of(row) == *resource;
    let row = rows.iter().find(is);
    row.map_or(0.0, |row| row.offered.iter().copied().fold(0.0, f64::max))
}

/// The causes of every step add up to what the peak after it is more than that before it.
fn add_up(plan: &Migration) -> Outcome {
    let report = capacity(plan, Failures::None, &[], 0);
    for state in 1..plan.states.len() {
        let rows = report.loads.iter().filter(|row| row.state == state);
        let resources: Vec<Resource> = rows.map(Resource::of).collect();
        for (row, resource) in causes(plan, state, &resources).iter().zip(&resources) {
            let sum: f64 = row.causes.iter().map(|(_, adds)| adds).sum();
            let before = peak(&report.loads, state - 1, resource);
            let after = peak(&report.loads, state, resource);
            let scale = before.max(after).max(1.0);
            if (sum - (after - before)).abs() > 1e-9 * scale {
                let what = format!("{resource:?}: {before} to {after}, but {row:?}");
                return Err(TestCaseError::fail(what));
            }
        }
    }
    Ok(())
}

#[test]
fn causes_add_up_to_the_difference() {
    on_migrations(Size::default(), add_up);
}
