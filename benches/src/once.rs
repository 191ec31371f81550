//! Figures taken a few times each by themselves, as time on the processor where Linux tells it: on a
//! machine that others use at the same time that says more than the time on the wall.
//!
//! Goes in: work. Comes out: the least time it took. Nothing can go wrong.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Whether every figure is asked for once, instead of criterion's samples.
#[must_use]
pub fn asked() -> bool {
    std::env::args().any(|a| a == "once")
}

/// Time that all threads of this process have been on a processor, if the system tells.
fn spent() -> Option<Duration> {
    let mut all = 0;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        all += text.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(Duration::from_nanos(all))
}

/// The time that work takes, on the processor if the system tells, on the wall otherwise.
fn taken<T>(work: impl FnOnce() -> T) -> Duration {
    let (before, begun) = (spent(), Instant::now());
    black_box(work());
    let wall = begun.elapsed();
    before
        .zip(spent())
        .map_or(wall, |(before, after)| after.saturating_sub(before))
}

/// The least of a number of runs.
pub fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let times = (0..runs).map(|_| taken(&mut work));
    times.min().unwrap_or_default()
}

/// Prints one figure.
#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
pub fn tell(what: &str, size: usize, time: Duration) {
    println!("{what} {size}: {time:?}");
}

/// The most memory that this process has held so far, in kilobytes, if the system tells.
#[must_use]
pub fn most_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
