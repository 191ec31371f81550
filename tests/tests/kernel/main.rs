//! The Linux kernel as the judge: labs of network namespaces made from random networks, real TCP connections
//! and UDP datagrams inside, every outcome against the exact engine and the trace of single packets.
//!
//! The ordinary run tries 400 packets over 16 networks. The long one is
//! `UTSUSHI_PROBES=10000 cargo test --release -p utsushi-tests --test kernel`; `UTSUSHI_SEED` (a number) looks
//! at other networks. It needs `ip`, `nft`, `nsenter` and `unshare`, and either root or a kernel that
//! lets everybody make user namespaces; without them the test fails and says so.

#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test tells what failed by panicking"
)]

mod engines;
mod lab;
mod networks;
mod regressions;

use lab::{Trial, try_out};
use std::sync::Mutex;

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |text| {
        text.parse().expect("the variable holds a number")
    })
}

/// How many packets are tried in one lab.
const PER_LAB: usize = 25;

/// How many labs are up at once; they mostly wait.
const AT_ONCE: usize = 4;

#[test]
fn the_kernel_does_what_was_proved() {
    let labs = number("UTSUSHI_PROBES", 400).div_ceil(PER_LAB);
    let cases = Mutex::new(networks::Networks::new(number("UTSUSHI_SEED", 0)));
    let left = Mutex::new(labs);
    let total = Mutex::new((Trial::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    {
                        let mut left = left.lock().expect("no thread broke down");
                        if *left == 0 {
                            return;
                        }
                        *left -= 1;
                    }
                    let (network, probes) =
                        cases.lock().expect("no thread broke down").case(PER_LAB);
                    let trial = try_out(network, &probes);
                    let mut total = total.lock().expect("no thread broke down");
                    match trial {
                        Ok(trial) => total.0.add(&trial),
                        Err(difference) => total.1.push(difference),
                    }
                }
            });
        }
    });
    let (trial, differences) = total.into_inner().expect("no thread broke down");
    assert!(
        differences.is_empty(),
        "{} labs differ\n{}",
        differences.len(),
        differences.join("\n\n")
    );
    eprintln!("{labs} labs: {trial:?}");
    assert!(trial.tried >= labs * PER_LAB, "{trial:?}");
    // Both outcomes have to be met often, or the comparison says little.
    assert!(
        trial.answered * 5 >= trial.tried && trial.answered * 5 <= trial.tried * 4,
        "{trial:?}"
    );
    assert!(trial.open * 5 <= trial.tried, "{trial:?}");
}
